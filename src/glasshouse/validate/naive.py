"""Two predictions that need no model, from the same points as the model's: a line through the last year, and a logistic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy import optimize

from glasshouse.validate.targets import Row, Targets

MODEL, LINE, LOGISTIC = "model", "line", "logistic"
YEAR = 365.25
CEILINGS = (1.05, 1.25, 1.5, 2.0, 3.0, 5.0, 10.0, 30.0)
"""Of the last figure that is fitted: the ceilings of the logistic's profile."""


@dataclass(frozen=True)
class Predicted:
    """One way of predicting a series.

    Attributes:
        name: MODEL, LINE or LOGISTIC. numbers, points: how many numbers were fitted to how many points.
        at: row -> prediction. off: mean distance from what was published later, as a share of it.
        profile: pairs of (ceiling, misfit) for the logistic; empty for a line, which its points fix.
    """

    name: str
    numbers: int
    points: int
    at: dict[str, float | None]
    off: float | None
    profile: list[tuple[float, float]]


@dataclass(frozen=True)
class Course:
    """A series with every prediction of it, and which was nearest.

    Attributes:
        name, unit: as in the targets file. fitted_rows, later_rows: ids in order of days.
    """

    name: str
    unit: str
    fitted_rows: tuple[str, ...]
    later_rows: tuple[str, ...]
    predictions: tuple[Predicted, ...]

    @property
    def nearest(self) -> str | None:
        """The way that came nearest to what was published later."""
        known = [way for way in self.predictions if way.off is not None]
        return min(known, key=lambda way: way.off).name if known else None  # type: ignore[arg-type, return-value]


def rows_of(targets: Targets, name: str) -> list[Row]:
    """The rows of a series in order of days: their ids begin with its name, and they are in its unit."""
    unit = targets.naive[name].unit
    found = [row for row in targets.rows if row.id.startswith(f"{name}-") and row.unit == unit and row.date and row.published is not None]
    return sorted(found, key=lambda row: row.date)  # type: ignore[arg-type, return-value]


def predict(targets: Targets, name: str, until: date, simulated: dict[str, float | None], fitted: Sequence[str], numbers: int) -> Course:
    """Every prediction of one series.

    Args:
        targets: what was published.
        name: the series.
        until: the last day that may be used.
        simulated: row -> what the model says.
        fitted: rows that the model was fitted to, of whatever series.
        numbers: how many of its numbers were fitted.
    """
    rows, start = rows_of(targets, name), targets.naive[name].start
    before = [row for row in rows if row.date <= until]  # type: ignore[operator]
    later = [row for row in rows if row.date > until]  # type: ignore[operator]
    x = np.array([0.0] + [(row.date - start).days / YEAR for row in before])  # type: ignore[operator]
    y = np.array([0.0] + [float(row.published or 0) for row in before])
    ahead = np.array([(row.date - start).days / YEAR for row in later])  # type: ignore[operator]
    mine = sum(row.id in fitted for row in rows)
    model = Predicted(MODEL, numbers if mine else 0, mine, {row.id: simulated.get(row.id) for row in later}, None, [])
    return Course(
        name,
        targets.naive[name].unit,
        tuple(row.id for row in before),
        tuple(row.id for row in later),
        tuple(_off(way, later) for way in (model, _line(x, y, ahead, later), _logistic(x, y, ahead, later))),
    )


def _off(way: Predicted, later: Sequence[Row]) -> Predicted:
    gaps = [abs(way.at[row.id] - row.published) / row.published for row in later if way.at[row.id] is not None and row.published]  # type: ignore[operator]
    return Predicted(way.name, way.numbers, way.points, way.at, float(np.mean(gaps)) if gaps else None, way.profile)


def _line(x: np.ndarray, y: np.ndarray, ahead: np.ndarray, later: Sequence[Row]) -> Predicted:
    """A line through the points of the last year, or through the last two where there are fewer."""
    last = max(2, int((x >= x[-1] - 1.0).sum()))
    slope, level = np.polyfit(x[-last:], y[-last:], 1) if len(x) > 1 else (0.0, y[-1])
    return Predicted(LINE, 2, min(last, len(x)), {row.id: float(level + slope * t) for row, t in zip(later, ahead, strict=True)}, None, [])


def _curve(t: np.ndarray, ceiling: float, speed: float, middle: float) -> np.ndarray:
    return ceiling / (1 + np.exp(-np.clip(speed * (t - middle), -60, 60)))


def _logistic(x: np.ndarray, y: np.ndarray, ahead: np.ndarray, later: Sequence[Row]) -> Predicted:
    """A logistic by least squares, its ceiling held below 30 times the last figure, with the profile of the ceiling."""
    top = max(float(y[-1]), 1e-12)

    def at(ceiling: float) -> tuple[float, np.ndarray]:
        best = (np.inf, np.zeros(2))
        for speed in (0.5, 1.5, 4.0):
            for middle in (x[-1] * 0.5, x[-1], x[-1] * 2):
                fit = optimize.least_squares(
                    lambda p: (_curve(x, ceiling, *p) - y) / top, (speed, middle), bounds=([0.01, -5.0], [20.0, 40.0])
                )
                best = min(best, (float(2 * fit.cost), fit.x), key=lambda pair: pair[0])
        return best

    found = [(ceiling * top, *at(ceiling * top)) for ceiling in CEILINGS]
    best = min(found, key=lambda each: each[1])
    low, high = CEILINGS[0] * top, CEILINGS[-1] * top
    fit = optimize.least_squares(
        lambda p: (_curve(x, *p) - y) / top, (best[0], *best[2]), bounds=([low * 0.99, 0.01, -5.0], [high * 1.01, 20.0, 40.0])
    )
    values = _curve(ahead, *fit.x)
    return Predicted(
        LOGISTIC, 3, len(x), {row.id: float(v) for row, v in zip(later, values, strict=True)}, None, [(c, s) for c, s, _ in found]
    )
