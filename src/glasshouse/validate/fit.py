"""Fitting a few numbers of a run to the rows that were published up to a day; what comes later is then predicted.

Each number has rows of its own, and is scaled until they fit in least squares: exact in one step where the rows are proportional
to the number, near in a few where they are not. The runs of a fit are small, end on the last day that is fitted, and share their luck.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from glasshouse.experiments.cores import share_threads
from glasshouse.experiments.engines import engine
from glasshouse.validate.runs import Job, Size, carry_out, scenario_of
from glasshouse.validate.targets import Row, Targets

MOST_CITIZENS, MOST_SEEDS = 100_000, 3
ROUNDS, NEAR, LEAP = 5, 0.02, 4.0
"""How often the numbers are scaled at most; by how little, as a share, so that it is over; by how much at once at most."""
PROFILE = (0.5, 1.0, 2.0)
TOGETHER = 1.25
"""By how much two numbers are moved against each other, to see whether the rows can tell them apart."""
Tell = Callable[[str], None]
Means = dict[str, float | None]


@dataclass(frozen=True)
class Fitted:
    """What a fit found.

    Attributes:
        run: of which run. until: the last day that was used, as text.
        shipped, values: the numbers by path, before and after.
        points: row -> (published, simulated at the fitted values).
        misfit: sum of squares at the fitted values.
        profile: path -> pairs of (its value, misfit with the others where they are).
        together: path -> other numbers that the fitted rows cannot tell from it: only their product is known.
    """

    run: str
    until: str
    shipped: dict[str, float]
    values: dict[str, float]
    points: dict[str, tuple[float, float | None]]
    misfit: float
    profile: dict[str, list[tuple[float, float]]]
    together: dict[str, list[str]]


class _Trial:
    """Runs of one fit by the numbers that are set: the mean over seeds of each fitted row."""

    def __init__(self, targets: Targets, name: str, size: Size, base: Mapping[str, float], dropped: frozenset[str]) -> None:
        fit, self.spec = targets.fit[name], targets.runs[name]
        self.rows = {key: [targets.row(row) for row in rows if row not in dropped] for key, rows in fit.numbers.items()}
        self.all: tuple[Row, ...] = tuple(row for rows in self.rows.values() for row in rows)
        days = max((row.date - self.spec.start).days + 1 for row in self.all if row.date) if self.all else 1
        citizens, seeds = min(size.of(self.spec), MOST_CITIZENS), list(size.numbers)[:MOST_SEEDS]
        self.asked = [scenario_of(targets, self.spec, citizens, seed, days, dict(base)) for seed in seeds]
        self.known: dict[tuple, Means] = {}

    def means(self, values: Mapping[str, float]) -> Means:
        """Row -> mean over seeds, with some numbers set."""
        key = tuple(sorted(values.items()))
        if key not in self.known:
            found = share_threads(carry_out, [Job(self.spec, asked.with_(set=dict(values)), self.all) for asked in self.asked])
            columns = {row.id: [numbers[row.id] for numbers in found if numbers[row.id] is not None] for row in self.all}
            self.known[key] = {row: math.fsum(numbers) / len(numbers) if numbers else None for row, numbers in columns.items()}  # type: ignore[arg-type]
        return self.known[key]

    def misfit(self, values: Mapping[str, float]) -> float:
        """Sum of squares, each row in shares of the largest figure among those of its number."""
        means = self.means(values)
        return math.fsum(
            ((means[row.id] or 0.0) / _top(rows) - float(row.published or 0) / _top(rows)) ** 2
            for rows in self.rows.values()
            for row in rows
        )


def _top(rows: Sequence[Row]) -> float:
    return max(abs(float(row.published or 0)) for row in rows) or 1.0


def scaled(simulated: Sequence[float], published: Sequence[float]) -> float:
    """By what a number must be scaled so that rows proportional to it fit in least squares, held within a leap.

    Example:
        >>> scaled([2.0, 4.0], [1.0, 2.0]), scaled([0.0], [1.0])
        (0.5, 4.0)
    """
    square = math.fsum(mine * mine for mine in simulated)
    factor = math.fsum(mine * theirs for mine, theirs in zip(simulated, published, strict=True)) / square if square else LEAP
    return min(max(factor, 1 / LEAP), LEAP)


def fitted(
    targets: Targets,
    name: str,
    size: Size,
    dropped: frozenset[str] = frozenset(),
    base: Mapping[str, float] | None = None,
    tell: Tell = lambda word: None,
    profile: bool = True,
) -> Fitted:
    """Fit the numbers of one run.

    Args:
        targets: what was published.
        name: the run.
        size: how much is run; a fit never takes more than 100,000 citizens and three seeds.
        dropped: rows that are left out; a number without rows stays as it is.
        base: other numbers to set by path.
        tell: called with a word on what is done now.
        profile: whether to work out profiles, and which numbers cannot be told apart.

    Raises:
        BadInput: a path that the run does not have.
    """
    engine()
    trial = _Trial(targets, name, size, base or {}, dropped)
    shipped = {key: float(trial.asked[0].at(key) or 0.0) for key in trial.rows}
    values = best = dict(shipped)
    for turn in range(ROUNDS if trial.all else 0):
        tell(f"fitting {len(values)} numbers of the run `{name}` to {len(trial.all)} rows: round {turn + 1}")
        means = trial.means(values)
        best = min(best, values, key=trial.misfit)
        factors = {
            key: scaled([means[row.id] or 0.0 for row in rows], [float(row.published or 0) for row in rows]) if rows else 1.0
            for key, rows in trial.rows.items()
        }
        if all(abs(math.log(factor)) < NEAR for factor in factors.values() if factor > 0):
            break
        values = {key: float(f"{values[key] * factors[key]:.4g}") for key in values}
    values = best
    means = trial.means(values) if trial.all else {}
    points = {row.id: (float(row.published or 0), means[row.id]) for row in trial.all}
    profiles, together = {}, {}
    if profile and trial.all:
        tell(f"how well the rows fix what was fitted of the run `{name}`")
        profiles = {key: [(values[key] * times, trial.misfit({**values, key: values[key] * times})) for times in PROFILE] for key in values}
        together = {key: _together(trial, values, key) for key in values}
    return Fitted(
        name, targets.fit[name].until.isoformat(), shipped, values, points, trial.misfit(values) if trial.all else 0.0, profiles, together
    )


def _together(trial: _Trial, values: dict[str, float], key: str) -> list[str]:
    """The numbers beside a fitted one that do the same to its rows: how often the act is seen, and how much of it is watched."""
    scenario, found = trial.asked[0], []
    stem = key.rsplit(".", 1)[0]
    own = [row.id for row in trial.rows[key]]
    # As the fit weighs them: a row of a few early cases, which chance moves by much, counts by its size.
    apart = lambda asked: math.fsum(((asked[row] or 0.0) - (before[row] or 0.0)) ** 2 for row in own)  # noqa: E731
    before = trial.means(values)
    alone = apart(trial.means({**values, key: values[key] * TOGETHER}))
    for path in (f"{stem}.seen", *(path for path in scenario.values if path.endswith(".watch.civic.coverage"))):
        now = scenario.at(path) if path in scenario.values else None
        if (
            now
            and path not in values
            and apart(trial.means({**values, key: values[key] * TOGETHER, path: float(now) / TOGETHER})) < alone / 4
        ):
            found.append(path)
    return found
