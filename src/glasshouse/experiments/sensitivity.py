"""On which assumed numbers a finding hangs: Morris' screening of all of them, and Sobol's indices of those that matter most.

The points are drawn, and the indices worked out, by SALib; the runs between are those of a sweep (experiments/sweeps).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from glasshouse.errors import BadInput
from glasshouse.experiments.ranges import ends
from glasshouse.experiments.sweeps.design import Design, Point, check_many
from glasshouse.scenarios import Scenario

LEVELS = 4  # of Morris' grid over each range
RESAMPLES = 200  # of the bootstrap behind each interval
CONFIDENCE = 0.95
Row = dict[str, Any]
Bounds = Mapping[str, tuple[float, float]]


def assumed(scenario: Scenario, parts: Sequence[str] = ()) -> dict[str, tuple[float, float]]:
    """The ranges of the numbers that are assumed, by path.

    Args:
        scenario: whose.
        parts: only keys that hold one of these; all if there is none.

    Raises:
        BadInput: no assumed number is left.
    """
    keys = [row["key"] for row in scenario.keys() if row["status"] == "assumed" and (not parts or any(part in row["key"] for part in parts))]
    found = ends(scenario, keys)
    if not found:
        raise BadInput("no assumed number with a range has a key that holds this", key=", ".join(parts))
    return found


@dataclass(frozen=True)
class Points:
    """Points at which a question is asked, as a method wants them. Final.

    Fields:
        bounds: the range of each number.
        shares: (points, numbers), each between 0 and 1 of its range.
        block: points that are of use together alone: where one of them fails, all are left out.
        seed: of the points, and of the bootstrap.
    """

    bounds: Bounds
    shares: np.ndarray
    block: int
    seed: int

    def design(self, scenario: Scenario, seeds: Sequence[int]) -> Design:
        """The sweep that asks them."""
        check_many(len(self.shares) * len(seeds))
        whole = [_is_whole(scenario, key, span) for key, span in self.bounds.items()]
        low, high = (np.array(each) for each in zip(*self.bounds.values(), strict=True))
        rows = (low + self.shares * (high - low)).tolist()
        settings = tuple(tuple(_point(number, w) for number, w in zip(row, whole, strict=True)) for row in rows)
        return Design(tuple(self.bounds), settings, tuple(seeds))

    def kept(self, outcomes: Sequence[float | None]) -> tuple[np.ndarray, np.ndarray]:
        """Outcomes of whole blocks alone, and which points they are of. outcomes: one a point, None where there is none."""
        found = np.array([np.nan if each is None else each for each in outcomes]).reshape(-1, self.block)
        whole = ~np.isnan(found).any(1)
        return found[whole].ravel(), np.repeat(whole, self.block)


def _point(number: float, whole: bool) -> Point:
    return round(number) if whole else number


def _is_whole(scenario: Scenario, key: str, span: tuple[float, float]) -> bool:
    """Whether a number takes whole values alone."""
    if not isinstance(scenario.at(key), int):
        return False
    try:
        scenario.with_(set={key: int(span[0]) + 0.5})
    except BadInput:
        return True
    return False


def _problem(names: Sequence[str]) -> Row:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def morris(bounds: Bounds, trajectories: int, seed: int = 1) -> Points:
    """Morris' trajectories: from a point on a grid, each number is moved once. trajectories: how many, two or more.

    Raises:
        BadInput: SALib is not installed.
    """
    _check_salib()
    from SALib.sample.morris import sample

    return Points(bounds, sample(_problem([*bounds]), trajectories, num_levels=LEVELS, seed=seed), len(bounds) + 1, seed)


def sobol(bounds: Bounds, points: int, seed: int = 1) -> Points:
    """Saltelli's points for Sobol's indices of the first order and in all. points: a power of two."""
    _check_salib()
    from SALib.sample.sobol import sample

    if points < 2 or points & (points - 1):
        raise BadInput("must be a power of two", key="points", hint=str(2 ** max(1, points.bit_length() - 1)))
    return Points(bounds, sample(_problem([*bounds]), points, calc_second_order=False, seed=seed), len(bounds) + 2, seed)


def effects(points: Points, outcomes: Sequence[float | None]) -> list[Row]:
    """What Morris' trajectories say of each number, the weightiest first.

    Returns:
        Rows of `key`; `mean`, the mean absolute change of the outcome over the whole of the number's range, in the outcome's unit, and
        `interval`, half of its 95 % bootstrap interval; `spread`, the standard deviation of the changes: large where it is curved or
        hangs on other numbers; `trajectories`, from how many. None where fewer than two trajectories were whole.
    """
    from SALib.analyze.morris import analyze

    found, which = points.kept(outcomes)
    many = len(found) // points.block
    if many < 2:
        return [{"key": key, "mean": None, "interval": None, "spread": None, "trajectories": many} for key in points.bounds]
    told = analyze(_problem([*points.bounds]), points.shares[which], found, num_resamples=RESAMPLES, conf_level=CONFIDENCE, num_levels=LEVELS, seed=points.seed)
    rows = zip(points.bounds, told["mu_star"], told["mu_star_conf"], told["sigma"], strict=True)
    made = [{"key": key, "mean": float(mean), "interval": float(conf), "spread": float(spread), "trajectories": many} for key, mean, conf, spread in rows]
    return sorted(made, key=lambda row: (-row["mean"], row["key"]))


def shares(points: Points, outcomes: Sequence[float | None]) -> list[Row]:
    """Sobol's indices of each number, the weightiest first.

    Returns:
        Rows of `key`; `first`, the share of the outcome's variance that goes with this number alone; `whole`, that in which it has any part;
        each with half of its 95 % bootstrap interval; `points`, from how many. None where the outcome does not vary.
    """
    from SALib.analyze.sobol import analyze

    found, _ = points.kept(outcomes)
    many = len(found) // points.block
    nothing = dict.fromkeys(("first", "first_interval", "whole", "whole_interval"))
    if many < 2 or np.ptp(found) == 0:
        return [{"key": key, **nothing, "points": many} for key in points.bounds]
    told = analyze(_problem([*points.bounds]), found, calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=points.seed)
    columns = (told[name].tolist() for name in ("S1", "S1_conf", "ST", "ST_conf"))
    made = [{"key": key, **dict(zip(nothing, row, strict=True)), "points": many} for key, *row in zip(points.bounds, *columns, strict=True)]
    return sorted(made, key=lambda row: (-row["whole"], row["key"]))


def _check_salib() -> None:
    try:
        import SALib  # noqa: F401
    except ImportError:
        raise BadInput("sensitivity needs SALib: pip install 'glasshouse[knowledge]'") from None
