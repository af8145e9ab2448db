"""What the published experiments fix: each number is moved, and the published outcomes are seen to answer or not.

    python -m glasshouse.experiments.jacobian              the tables of docs/experiments.md: a quarter of an hour
    python -m glasshouse.experiments.jacobian --write      and keeps what was found for the ledger (data/fixed.toml)
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Sequence

import numpy as np

from glasshouse.audits.paired import mean_of
from glasshouse.experiments.fixed import FILE, Answers, product, told
from glasshouse.experiments.simulate import simulate
from glasshouse.experiments.trials import HERE, TRIALS, trial
from glasshouse.scenarios import load

NUMBERS = (
    "responses.chilling.size", "families.curiosity.expression", "families.curiosity.habit", "responses.compliance.base", "responses.compliance.speed",
    "responses.compliance.fade", "responses.compliance.near", "families.credit.habit", "life.naming.settle", "life.loan.cure", "life.loan.settled",
    "responses.caught.size", "responses.caught.holds",
)  # fmt: skip
"""The numbers that an experiment may speak of."""
BY = 0.8
"""By how much each is multiplied: down, as some are shares at their most already."""
LEAST = 1e-6
"""The least that is left of an effect, for its logarithm."""
SMALL = 1000
"""Citizens of the small run by which it is seen whether what was found is still of this model."""


def answers(
    experiments: Iterable[str] = tuple(TRIALS), numbers: Sequence[str] = NUMBERS, seeds: Iterable[int] = (1, 2, 3), citizens: int | None = None
) -> Answers:
    """Carries the experiments out with each number moved, one at a time.

    Args:
        experiments: which.
        numbers: paths of the numbers.
        seeds: one pair of runs each, and a number.
        citizens: people of each run; as the scenarios say by default.

    Returns:
        The elasticities, each with the range over seeds.
    """
    names, seeds = tuple(experiments), tuple(seeds)
    plain = load("essay")
    found = {}
    for name in names:
        before = trial(name, citizens, seeds).effects
        for number in numbers:
            now = plain.at(number)
            moved = round(BY * now) if isinstance(now, int) else BY * now
            after = trial(name, citizens, seeds, {number: moved}).effects
            slopes = [math.log(max(b / a, LEAST)) / math.log(moved / now) for a, b in zip(before, after, strict=True)]
            found[name, number] = (mean_of(slopes).mean, min(slopes), max(slopes))
    return Answers(names, tuple(numbers), found)


def tables(found: Answers) -> str:
    """The tables of docs/experiments.md."""
    cell = lambda m: "{:.2f} ({:.2f} to {:.2f})".format(*m).replace("-", "−") if told(m) else "0"  # noqa: E731
    lines = [f"| number | {' | '.join(found.experiments)} |", "|---|" + "---|" * len(found.experiments)]
    lines += [f"| `{n}` | {' | '.join(cell(found.elasticity[e, n]) for e in found.experiments)} |" for n in found.numbers]
    lines += ["", "| experiment | the product that it fixes |", "|---|---|", *(f"| {e} | {product(found, e, '`')} |" for e in found.experiments)]
    sizes = ", ".join(f"{s:.2f}" for s in np.linalg.svd(found.matrix(), compute_uv=False))
    lines += ["", f"Rank {found.rank} of {len(found.numbers)} numbers (singular values {sizes})."]
    lines += [f"Not told apart by any: {', '.join(f'`{n}`' for n in group)}." for group in found.alike()]
    return "\n".join(lines)


def digest(experiment: str) -> str:
    """The digest of a small run of an experiment's treated arm, which is another as soon as the model gives other results."""
    small = load(HERE / f"{experiment}.toml").with_(citizens=SMALL, panel=0, seed=1, set=TRIALS[experiment].treated)
    return simulate(small).summary["run"]["digest"]


def text(found: Answers, citizens: int | None, seeds: int) -> str:
    """What was found, as the file that the ledger reads (experiments/fixed.py)."""
    lines = [
        "# What the published experiments fix of the numbers of a run, written by: python -m glasshouse.experiments.jacobian --write",
        "# `answers`: by how many per cent the effect grows where the number grows by one; mean over seeds, lowest, highest.",
        "# `digest`: of a small run; where today's is another (tests/science/test_trials.py), the file is to be written anew.",
    ]
    for name in found.experiments:
        size = citizens or load(HERE / f"{name}.toml").citizens
        lines += ["", f"[experiments.{name}]", f"citizens = {size}", f"seeds = {seeds}", f'digest = "{digest(name)}"', "", f"[experiments.{name}.answers]"]
        lines += [f'"{n}" = [{", ".join(f"{part:.4f}" for part in found.elasticity[name, n])}]' for n in found.numbers]
    return "\n".join(lines) + "\n"


def main(argv: list[str] | None = None) -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m glasshouse.experiments.jacobian", description="Which products of numbers the published experiments fix.")
    parser.add_argument("--citizens", type=int, help="people of each run; as the scenarios say by default")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="keep what was found for the ledger")
    asked = parser.parse_args(argv)
    found = answers(seeds=range(1, asked.seeds + 1), citizens=asked.citizens)
    print(tables(found))
    if asked.write:
        FILE.write_text(text(found, asked.citizens, asked.seeds), encoding="utf-8")


if __name__ == "__main__":
    main()
