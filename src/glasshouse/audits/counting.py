"""What several audits count with: who lives at a year's end, ratios by group, and the numbers of the scenario with their ranges."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl

from glasshouse.audits.asking import Counted
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


def at_the_end(citizens: pl.DataFrame, regime: str) -> pl.DataFrame:
    """The rows of a regime at the last year's end, of those who live.

    Example:
        >>> rows = pl.DataFrame({"regime": ["a", "a", "b"], "year": [2020, 2021, 2021], "living": True})
        >>> at_the_end(rows, "a")["year"].to_list()
        [2021]
    """
    return citizens.filter((pl.col("regime") == regime) & (pl.col("year") == citizens["year"].max()) & pl.col("living"))


def by_group(people: pl.DataFrame, part: pl.Expr, whole: pl.Expr | None = None) -> dict[str, Counted]:
    """A sum over a sum, of everybody and of each group, weighted; without `whole` the mean of each.

    Args:
        people: rows with `weight` and the columns of GROUPS.
        part, whole: a number a row. Rows without one of them are left out, and so are from the count of people those where the whole is 0.

    Example:
        >>> people = pl.DataFrame({"weight": [1.0, 3.0], "fifth": "lowest fifth", "residence": ["town", "country"], "sex": "male", "age": 40,
        ...                        "label": "0", "x": [4.0, 0.0]})
        >>> found = by_group(people, pl.col("x"))
        >>> found["everybody"].number, found["town"].number, found["female"].number
        (1.0, 4.0, None)
    """
    rows = people.select("weight", *(name for name in GROUPS if name != "age"), age=AGE, part=part.cast(pl.Float64),
                         whole=(pl.lit(1.0) if whole is None else whole.cast(pl.Float64))).drop_nulls(("part", "whole"))  # fmt: skip
    found = {EVERYBODY: ratio(rows)}
    for column, groups in GROUPS.items():
        parts = {key[0]: ratio(group) for key, group in rows.partition_by(column, as_dict=True).items()}
        found |= {group if group[0].isalpha() else f"{column} {group}": parts.get(group, Counted(None, 0)) for group in groups}
    return found


def ratio(rows: pl.DataFrame) -> Counted:
    """The weighted sum of `part` over that of `whole`, and how many have some of the whole."""
    part, whole, people = rows.select(
        (pl.col("part") * pl.col("weight")).sum(), (pl.col("whole") * pl.col("weight")).sum().alias("whole"), (pl.col("whole") != 0).sum().alias("people")
    ).row(0)
    return Counted(part / whole if whole else None, people)


def told(what: str, numbers: dict[str, Counted]) -> dict[str, Counted]:
    """The same numbers, each named after what it is of."""
    return {f"{what}: {name}": number for name, number in numbers.items()}


@lru_cache(maxsize=4)
def _read(scenario_toml: str) -> dict[str, Any]:
    return tomllib.loads(scenario_toml)


def scenario_of(run: Run) -> dict[str, Any]:
    """The scenario of a run in full, as nested plain values; not to be changed."""
    return _read(run.scenario_toml)


def grades_of(run: Run, regime: str) -> list[str]:
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


def half_life(lengths: pl.Series, ended: pl.Series) -> float | None:
    """After how many days half of some spells have ended, by Kaplan and Meier's estimate; None where less than half are known to end.

    Args:
        lengths: of each, days until its end or until it was last seen.
        ended: whether it ended then.

    Example:
        >>> half_life(pl.Series([5, 7, 9]), pl.Series([True, True, False])), half_life(pl.Series([5, 7, 9]), pl.Series([True, False, False]))
        (7.0, None)
    """
    if not len(lengths):
        return None
    days, done = lengths.to_numpy(), ended.to_numpy()
    seen, ends = np.bincount(days), np.bincount(days[done], minlength=int(days.max()) + 1)
    at_risk = np.cumsum(seen[::-1])[::-1]
    left = np.cumprod(1 - ends / at_risk)
    over = np.flatnonzero(left <= HALF)
    return float(over[0]) if len(over) else None
