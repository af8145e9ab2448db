"""What several audits count with: who lives at a year's end, ratios by group, and the numbers of the scenario with their ranges."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from glasshouse.audits.asking import Counted, Lazy
from glasshouse.store import Run
from glasshouse.values import Value

EVERYBODY = "everybody"
RECORDS = ("own", "received", "false_record")
"""Beginnings of measures of `daily` that count records of an act: one's own, another's pinned on somebody, and of acts that nobody did."""
FIFTHS = ("lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth")
GROUPS = {"fifth": FIFTHS, "residence": ("country", "town"), "sex": ("female", "male"), "age": ("0-17", "18-34", "35-59", "60+"), "label": ("0", "1")}
"""By what people are told apart, and the groups in order. Where it is no word of its own, the name of a group begins with what it is of."""
HALF = 0.5 + 1e-12  # so that no rounding of the product moves the day
GROUP_COLUMNS = ("year", "living", "weight", *GROUPS)
AGE = pl.when(pl.col("age") < 18).then(pl.lit("0-17")).when(pl.col("age") < 35).then(pl.lit("18-34")).when(pl.col("age") < 60).then(pl.lit("35-59")).otherwise(pl.lit("60+"))


def share(part: float, whole: float) -> float | None:
    """A share; None where there is nothing to be a share of."""
    return part / whole if whole else None


def sums_of(daily: pl.DataFrame, regime: str) -> dict[str, int]:
    """Each measure of a regime, summed over the days."""
    return dict(daily.filter(pl.col("regime") == regime).group_by("measure", maintain_order=True).agg(pl.col("value").sum()).iter_rows())


def mean(people: pl.DataFrame, number: pl.Expr) -> float | None:
    """The mean of a number a row, weighted; None where there is nobody."""
    weight = people["weight"].sum()
    return float(people.select((number * pl.col("weight")).sum()).item() / weight) if weight else None


Sums = dict[str, tuple[float, int]]
"""By name a sum over people: weighted, and as so many are seen."""


def by_group(cells: pl.DataFrame) -> dict[str, Sums]:
    """The sums of everybody, and of each group of GROUPS; of a group of which nobody is seen there are none.

    Args:
        cells: sums by name, whole numbers, with `weight` and the groups that they are of: what `lives.cells` gives.

    Example:
        >>> cells = pl.DataFrame({"weight": [1.0, 3.0], "fifth": "lowest fifth", "residence": ["town", "country"], "sex": "male", "age": "35-59",
        ...                       "label": "0", "x": [4, 0]})
        >>> found = by_group(cells)
        >>> found["everybody"]["x"], found["town"]["x"], found["female"]
        ((4.0, 4), (4.0, 4), {})
    """
    found = {EVERYBODY: sums_by(cells, None).get(None, {})}
    for column, groups in GROUPS.items():
        sums = sums_by(cells, column)
        found |= {group if group[0].isalpha() else f"{column} {group}": sums.get(group, {}) for group in groups}
    return found


def sums_by(cells: pl.DataFrame, column: str | None) -> dict[str | None, Sums]:
    """The sums of those who are alike in a column, by what they are in it; without a column of all."""
    names = [name for name in cells.columns if name not in (*GROUPS, "weight", "part", "regime", "grade")]
    sums = [pl.col(names).sum().name.suffix(" seen"), *((pl.col(name) * pl.col("weight")).sum().alias(name) for name in names)]
    rows = cells.group_by(pl.lit(None, pl.String).alias("all") if column is None else column, maintain_order=True).agg(sums)
    return {row[column or "all"]: {name: (row[name], row[f"{name} seen"]) for name in names} for row in rows.iter_rows(named=True)}


def ratio(sums: Sums, part: str, whole: str, people: str | None = None, steps: int = 1) -> Counted:
    """One sum over another, and how many people it rests on.

    Args:
        people: the sum that counts them; by default the whole. steps: of how many the part counts one.
    """
    if not sums:
        return Counted(None, 0)
    return Counted(share(sums[part][0] / steps, sums[whole][0]), sums[people or whole][1])


def told(what: str, numbers: dict[str, Counted]) -> dict[str, Counted]:
    """The same numbers, each named after what it is of."""
    return {f"{what}: {name}": number for name, number in numbers.items()}


@lru_cache(maxsize=4)
def _read(scenario_toml: str) -> dict[str, Any]:
    return tomllib.loads(scenario_toml)


def scenario_of(run: Run | Lazy) -> dict[str, Any]:
    """The scenario of a run in full, as nested plain values; not to be changed."""
    return _read(run.scenario_toml)


def grades_of(run: Run | Lazy, regime: str) -> list[str]:
    """The grades of a regime, the lowest first; none where it has none, and where the run does not say."""
    return [grade["id"] for grade in scenario_of(run).get("regime", {}).get(regime, {}).get("grades", ())]


def listed(run: Run, regime: str) -> set[str]:
    """The acts that put people on a list of a regime."""
    lists = scenario_of(run).get("regime", {}).get(regime, {}).get("lists", {})
    return {act for rule in lists.values() for act in rule.get("entry", ())}


def number_of(run: Run, path: str) -> tuple[float, float, float]:
    """A number of the scenario on the first day of the run: the value, the lowest and the highest plausible one.

    Args:
        path: where it stands, as the ledger has it (`consequences.flight_ban.weight`).

    Raises:
        KeyError: the scenario has none there.
    """
    block: Any = scenario_of(run)
    for name in path.split("."):
        block = block[name]
    value = Value(**block)
    number = on_first_day(value, run)
    low, high = value.range or (number, number)
    return number, float(low), float(high)


def on_first_day(value: Value, run: Run) -> float:
    """A number on the first day of a run; where it is not in force yet, the first that it has."""
    number = value.at(str(run.summary["run"]["start"]))
    return float(value.numbers[0] if number is None else number)


def half_life(lengths: pl.Series, ended: pl.Series, many: pl.Series | None = None) -> float | None:
    """After how many days half of some spells have ended, by Kaplan and Meier's estimate; None where less than half are known to end.

    Args:
        lengths: of each, days until its end or until it was last seen.
        ended: whether it ended then.
        many: how many such spells there are, by default one of each.

    Example:
        >>> half_life(pl.Series([5, 7, 9]), pl.Series([True, True, False])), half_life(pl.Series([5, 7, 9]), pl.Series([True, False, False]))
        (7.0, None)
    """
    if not len(lengths):
        return None
    days, done, number = lengths.to_numpy(), ended.to_numpy(), np.ones(len(lengths)) if many is None else many.to_numpy()
    seen, ends = np.bincount(days, number), np.bincount(days[done], number[done], int(days.max()) + 1)
    at_risk = np.cumsum(seen[::-1])[::-1]
    left = np.cumprod(1 - ends / at_risk)
    over = np.flatnonzero(left <= HALF)
    return float(over[0]) if len(over) else None
