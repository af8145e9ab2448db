"""Three models in Glasshouse and in Mesa: do they agree in distribution, how many lines are they, how fast do they run?

    python benchmarks/mesa/compare.py [agreement] [speed]        measures both, or one anew, and writes docs/compare-mesa.md

It needs what benchmarks/requirements.txt lists.
"""

import ast
import importlib
import io
import json
import resource
import statistics
import sys
import time
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

import numpy as np

from glasshouse.model import simulate

ROOT = Path(__file__).resolve().parents[2]
PAGE, KEPT = ROOT / "docs" / "compare-mesa.md", Path(__file__).parent / "measured.json"
SEEDS = range(1, 501)
LEVEL = 0.01  # chance that any of all measures is found to differ if none does
FOUND = 0.9  # chance with which the shift that the page names would be found
TURNS = 5
NORM = "L2"
Measures = dict[str, float]


@dataclass(frozen=True)
class Pair:
    """A model in both, with what is measured of a run; ours, theirs: of citizens, days and seed."""

    name: str
    ours: Callable[[int, int, int], Measures]
    theirs: Callable[[int, int, int], Measures]
    small: tuple[int, int]  # citizens and days of the runs that are compared
    large: tuple[int, int]  # and of those that are timed


# ---- what is measured, of a run of either


def gini(held: np.ndarray) -> float:
    """Half the mean difference between two, as a share of the mean."""
    held, count = np.sort(held), len(held)
    return float((2 * np.arange(1, count + 1) - count - 1) @ held / (count * held.sum()))


def of_wealth(log_wealth: np.ndarray, coins: np.ndarray, pooled: np.ndarray) -> Measures:
    """How unequal people are in each kind of wealth, and whether who has coins has also pooled much."""
    return {
        "Gini of gains in proportion": gini(np.exp(log_wealth)),
        "Gini of coins": gini(coins),
        "share without a coin": float((coins == 0).mean()),
        "Gini of pooled": gini(pooled),
        "correlation of coins and pooled": float(np.corrcoef(coins, pooled)[0, 1]),
    }


def of_schelling(borders: np.ndarray, restless: np.ndarray, moves: int, citizens: int) -> Measures:
    """How mixed people live at first, half-way and at the end, who would move, and how many did. borders, restless: by day."""
    return {
        "borders a place, first day": borders[0] / citizens,
        "borders a place, half-way": borders[len(borders) // 2] / citizens,
        "borders a place, last day": borders[-1] / citizens,
        "discontent, last day": restless[-1] / citizens,
        "moves a place": moves / citizens,
    }


def of_images(helped: np.ndarray, good: np.ndarray) -> Measures:
    """How often one helped in the last half, and who is thought good by whom in the end. good: of each (row), of whom (column)."""
    return {
        "helped, second half": float(helped[len(helped) // 2 :].mean()),
        "thought good": float(good.mean()),
        "spread of good names": float(good.mean(0).std()),
    }


# ---- runs of both


def our_model(name: str):
    """The shipped model of a name."""
    return importlib.import_module(f"glasshouse.models.{name}").MODEL


def their_model(name: str):
    """The module of a name beside this file."""
    sys.path.insert(0, str(ROOT))
    return importlib.import_module(f"benchmarks.mesa.{name}")


def our_wealth(citizens: int, days: int, seed: int) -> Measures:
    """Wealth by chance, here."""
    state = simulate(our_model("wealth"), citizens, days, seed).state
    return of_wealth(state["log_wealth"][0], state["coins"][0], state["pooled"][0])


def their_wealth(citizens: int, days: int, seed: int) -> Measures:
    """Wealth by chance, in Mesa."""
    model = their_model("wealth").Wealth(citizens, rng=seed)
    for _ in range(days):
        model.step()
    return of_wealth(*np.array(model.agents.get(["log_wealth", "coins", "pooled"])).T)


def our_schelling(citizens: int, days: int, seed: int) -> Measures:
    """Schelling on a ring, here."""
    totals = simulate(our_model("schelling"), citizens, days, seed).totals
    return of_schelling(totals["borders"][:, 0], totals["restless"][:, 0], totals["moves"].sum(), citizens)


def their_schelling(citizens: int, days: int, seed: int) -> Measures:
    """Schelling on a ring, in Mesa."""
    model = their_model("schelling").Schelling(citizens, rng=seed)
    for _ in range(days):
        model.step()
    found = model.datacollector.model_vars
    return of_schelling(np.array(found["borders"]), np.array(found["restless"]), model.moves, citizens)


def our_images(citizens: int, days: int, seed: int) -> Measures:
    """The leading eight in private, one community, here."""
    approves, helps = importlib.import_module("glasshouse.models.norms").NORMS[NORM]
    run = simulate(our_model("private_images"), citizens, days, seed, many=citizens, approves=approves, helps=helps)
    good = (run.state["images"][0][:, None] >> np.arange(citizens, dtype=np.uint64)) & np.uint64(1)
    return of_images(run.totals["helped"][:, 0], good)


def their_images(citizens: int, days: int, seed: int, **others: object) -> Measures:
    """The leading eight in private, in Mesa."""
    model = their_model("private_images").PrivateImages(citizens, norm=NORM, rng=seed, **others)
    for _ in range(days):
        model.step()
    good = np.array([[one.good[other] for other in model.agents] for one in model.agents])
    return of_images(np.array(model.datacollector.model_vars["helped"]), good)


PAIRS = (
    Pair("wealth", our_wealth, their_wealth, (1000, 50), (5000, 40)),
    Pair("schelling", our_schelling, their_schelling, (400, 150), (1000, 100)),
    Pair("private_images", our_images, their_images, (50, 4000), (50, 5000)),
)


# ---- agreement


def drawn(of: Callable[[int, int, int], Measures], citizens: int, days: int, seeds=SEEDS) -> dict[str, np.ndarray]:
    """Each measure, over the seeds."""
    found = [of(citizens, days, seed) for seed in seeds]
    return {name: np.array([one[name] for one in found]) for name in found[0]}


def differ(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """The Kolmogorov-Smirnov distance of two samples, and the chance of one as large if both come from the same distribution."""
    from scipy.stats import ks_2samp

    found = ks_2samp(one, other, method="asymp")
    return float(found.statistic), float(found.pvalue)


@cache
def smallest_shift(seeds: int, level: float, rounds: int = 300) -> float:
    """By how many standard deviations a normal measure must move to be found with the chance FOUND: in steps of 0.05, by simulation."""
    luck = np.random.default_rng(1)
    one, other = luck.standard_normal((2, rounds, seeds))
    for shift in np.arange(0.05, 5, 0.05):
        if np.mean([differ(a, b + shift)[1] < level for a, b in zip(one, other, strict=True)]) >= FOUND:
            return float(shift)
    raise AssertionError("no shift is found")


def agreement() -> dict:
    """The rows of the first table, how large a shift would be found, and whether all agree."""
    sides = [(drawn(pair.ours, *pair.small), drawn(pair.theirs, *pair.small)) for pair in PAIRS]
    level = LEVEL / sum(len(ours) for ours, _ in sides)
    shift = smallest_shift(len(SEEDS), level)
    rows, agree = [], True
    for pair, (ours, theirs) in zip(PAIRS, sides, strict=True):
        for name, one in ours.items():
            distance, chance = differ(one, theirs[name])
            agree = agree and chance >= level
            seen = " | ".join(f"{side.mean():.5f} ({side.std(ddof=1):.5f})" for side in (one, theirs[name]))
            rows.append(f"| {pair.name} | {name} | {seen} | {distance:.3f} | {chance:.2g} | {shift * one.std(ddof=1):.5f} |")
    if not agree:
        sys.exit("the two do not agree:\n" + "\n".join(rows))
    return {"rows": rows, "shift": shift, "versions": f"Mesa {version('mesa')}, Numba {version('numba')}, NumPy {version('numpy')}"}


# ---- lines


def statements(text: str) -> Iterator[ast.AST]:
    """The statements of a module up to the one that makes MODEL, if there is one."""
    for node in ast.parse(text).body:
        yield node
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "MODEL":
            return


def code_lines(path: Path) -> int:
    """Lines of a model that hold code: no blank lines, comments and docstrings; in ours what follows the model, its figures, left out."""
    text = path.read_text()
    parts = list(statements(text))
    documented = (n for part in parts for n in (part, *ast.walk(part)) if isinstance(n, ast.ClassDef | ast.FunctionDef))
    said = [part for part in parts[:1] if isinstance(part, ast.Expr)] + [n.body[0] for n in documented if ast.get_docstring(n)]
    left_out = {line for node in said for line in range(node.lineno, node.end_lineno + 1)} | {0}
    nothing = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}
    used = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in nothing
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len({line for line in used - left_out if line <= parts[-1].end_lineno})


def lines(name: str) -> tuple[int, int]:
    """Lines of code of a model: here, in Mesa."""
    return code_lines(ROOT / "src" / "glasshouse" / "models" / f"{name}.py"), code_lines(Path(__file__).parent / f"{name}.py")


# ---- speed


def processor() -> float:
    """Seconds of processor so far, of this process and of those that it waited for: what others do on the machine does not count."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


def seconds(run: Callable[[], object]) -> float:
    """Seconds of processor that something takes."""
    began = processor()
    run()
    return processor() - began


def in_turns(*runs: Callable[[], object], turns: int) -> list[float]:
    """Median seconds of each of some runs that take turns."""
    found = [[seconds(run) for run in runs] for _ in range(turns)]
    return [statistics.median(side) for side in zip(*found, strict=True)]


def speed() -> list[str]:
    """The rows of the last table."""
    rows = []
    for pair in PAIRS:
        citizens, days = pair.large
        ours, theirs = partial(pair.ours, *pair.large, 1), partial(pair.theirs, *pair.large, 1)
        ours()
        theirs()
        here, there = in_turns(ours, theirs, turns=TURNS)
        rates = [citizens * days / spent / 1e6 for spent in (here, there)]
        few = " | ".join(f"{number:.3g}" for number in (here, there, *rates, there / here))
        rows.append(f"| {pair.name} | {citizens:,} | {days:,} | {few} |")
    return rows


def page(kept: dict) -> str:
    """The whole page, of what is kept."""
    agreed = kept["agreement"]
    return TEXT.format(
        machine=agreed["versions"],
        sizes="; ".join(f"{pair.name} {pair.small[0]:,} citizens, {pair.small[1]:,} days" for pair in PAIRS),
        norm=NORM,
        seeds=len(SEEDS),
        level=LEVEL,
        each=f"{LEVEL / len(agreed['rows']):.2g}",
        measures=len(agreed["rows"]),
        shift=f"{agreed['shift']:.2f}",
        turns=TURNS,
        agreeing="\n".join(agreed["rows"]),
        lines="\n".join(line_rows()),
        speed="\n".join(kept["speed"]),
    )


def main(wanted: list[str]) -> None:
    """Measures what is asked for, keeps it, and writes the page of all that is kept."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for what in wanted:
        kept[what] = {"agreement": agreement, "speed": speed}[what]()
        KEPT.write_text(json.dumps(kept, indent=1) + "\n")
    PAGE.write_text(page(kept))


def line_rows() -> list[str]:
    """The rows of the second table."""
    return [f"| {pair.name} | {' | '.join(map(str, lines(pair.name)))} |" for pair in PAIRS]


TEXT = """# Beside Mesa

Three of the models on the shelf, written a second time in [Mesa](https://mesa.readthedocs.io), the best known framework of its kind in
Python: `benchmarks/mesa/` beside `src/glasshouse/models/`. This page is written by `python benchmarks/mesa/compare.py`
({machine}).

## Do they agree?

Both run {seeds} seeds of a small size ({sizes}; `private_images` with the norm {norm}).
What is drawn differs, so each measure of a run is compared as a distribution over the seeds, by the Kolmogorov-Smirnov distance of two
samples. It was laid down beforehand that with a chance of {level} any of the {measures} measures may be found to differ if none does: one
differs if its p is below {each}. A shift of {shift} standard deviations is then found nine times in ten (last column, in units of the
measure).

| model | measure | Glasshouse: mean (sd) | Mesa: mean (sd) | distance | p | shift that would be found |
|---|---|---|---|---|---|---|
{agreeing}

All agree.

## How long are they?

Lines with code: blank lines, comments and docstrings are not counted. In Glasshouse a model's file up to the end of the model; what
follows there are figures and what was published. Both are formatted alike.

| model | Glasshouse | Mesa |
|---|---|---|
{lines}

Mesa's are shorter. What a Glasshouse model says beside is the type of every argument, the unit, source and range of every number, and
what each step reads and writes; for that it has arms with the same luck and runs uncompiled with the same bits.

## How fast are they?

Seconds of processor of one run with its setting up, on one core; both take turns, and the median of {turns} is given. Glasshouse compiles a
model once a machine, before its first run: that is not counted.

| model | citizens | days | Glasshouse s | Mesa s | Glasshouse, million citizen-days/s | Mesa | times as fast |
|---|---|---|---|---|---|---|---|
{speed}

`private_images` is one community: 50 people do not fill a tile, and a compiled engine has least to gain.
"""

if __name__ == "__main__":
    main(sys.argv[1:] or ["agreement", "speed"])
