"""What the published experiments fix: each number is moved, and the published outcomes are seen to answer or not.

    python -m glasshouse.experiments.jacobian          the tables of docs/experiments.md: a quarter of an hour
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from glasshouse.audits.paired import Mean, mean_of
from glasshouse.experiments.trials import TRIALS, trial
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
ANSWERS = 0.05
"""An elasticity below this is taken for none, as one whose seeds differ in sign is."""
ALIKE = 0.99
"""Numbers whose columns make an angle of this cosine or more move the experiments alike."""


@dataclass(frozen=True)
class Answers:
    """How the effects answer to the numbers.

    Fields:
        experiments, numbers: the names of rows and columns.
        elasticity: by experiment and number: by how many per cent the effect grows where the number grows by one.
    """

    experiments: tuple[str, ...]
    numbers: tuple[str, ...]
    elasticity: dict[tuple[str, str], Mean]

    def matrix(self) -> np.ndarray:
        """The elasticities that are told from nothing, 0 elsewhere: (experiments, numbers)."""
        return np.array([[told(self.elasticity[e, n]) for n in self.numbers] for e in self.experiments])

    @property
    def rank(self) -> int:
        """In how many directions the experiments together fix the numbers."""
        return int(np.linalg.matrix_rank(self.matrix(), tol=ANSWERS))

    def alike(self) -> list[tuple[str, ...]]:
        """Groups of numbers that no experiment tells apart: their columns are parallel, so that only a product is known."""
        columns = {n: c for n, c in zip(self.numbers, self.matrix().T, strict=True) if c.any()}
        groups: list[list[str]] = []
        for name, column in columns.items():
            home = next((g for g in groups if abs(cosine(columns[g[0]], column)) >= ALIKE), None)
            groups.append([name]) if home is None else home.append(name)
        return [tuple(g) for g in groups if len(g) > 1]


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    """The cosine of the angle between two vectors.

    >>> cosine(np.array([1.0, 0.0]), np.array([-2.0, 0.0]))
    -1.0
    """
    return float(a @ b / math.sqrt((a @ a) * (b @ b)))


def told(found: Mean) -> float:
    """An elasticity, or 0 where it is small or the seeds do not agree on its sign."""
    mean, low, high = (float(x or 0.0) for x in (found.mean, found.low, found.high))
    return mean if abs(mean) >= ANSWERS and low * high > 0 else 0.0


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
            found[name, number] = mean_of(slopes)
    return Answers(names, tuple(numbers), found)


def product(found: Answers, experiment: str) -> str:
    """What one experiment fixes: the numbers that it answers to, each with its power, the strongest first."""
    powers = {n: told(found.elasticity[experiment, n]) for n in found.numbers}
    strongest = sorted((n for n in powers if powers[n]), key=lambda n: -abs(powers[n]))
    return " x ".join(f"`{n}`^{powers[n]:.2f}" for n in strongest).replace("^-", "^−")


def tables(found: Answers) -> str:
    """The tables of docs/experiments.md."""
    cell = lambda m: f"{m.mean:.2f} ({m.low:.2f} to {m.high:.2f})".replace("-", "−") if told(m) else "0"  # noqa: E731
    lines = [f"| number | {' | '.join(found.experiments)} |", "|---|" + "---|" * len(found.experiments)]
    lines += [f"| `{n}` | {' | '.join(cell(found.elasticity[e, n]) for e in found.experiments)} |" for n in found.numbers]
    lines += ["", "| experiment | the product that it fixes |", "|---|---|", *(f"| {e} | {product(found, e)} |" for e in found.experiments)]
    sizes = ", ".join(f"{s:.2f}" for s in np.linalg.svd(found.matrix(), compute_uv=False))
    lines += ["", f"Rank {found.rank} of {len(found.numbers)} numbers (singular values {sizes})."]
    lines += [f"Not told apart by any: {', '.join(f'`{n}`' for n in group)}." for group in found.alike()]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(prog="python -m glasshouse.experiments.jacobian", description="Which products of numbers the published experiments fix.")
    parser.add_argument("names", nargs="*", default=[*TRIALS], help="which experiments; all of them by default")
    parser.add_argument("--citizens", type=int, help="people of each run; as the scenarios say by default")
    parser.add_argument("--seeds", type=int, default=3)
    asked = parser.parse_args(argv)
    print(tables(answers(asked.names, NUMBERS, range(1, asked.seeds + 1), asked.citizens)))


if __name__ == "__main__":
    main()
