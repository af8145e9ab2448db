"""Citizens before they are read: a citizen's years as one row, those who live at the end, and sums of people who are alike."""

from __future__ import annotations

import polars as pl

from glasshouse.audits.asking import Lazy
from glasshouse.audits.counting import AGE, GROUPS

DAYS = ("days", "false_days", "missed_days")
STEPS = 1 << 40
"""Numbers from 0 to 1 are added up in so many steps: sums of whole numbers are the same in any order, and exact to twelve decimals."""


def steps(number: pl.Expr) -> pl.Expr:
    """A number of about 0 to 1 as whole steps."""
    return (number * STEPS).round().cast(pl.Int64)


def at_the_end(run: Lazy, regime: str) -> pl.LazyFrame:
    """The rows of a regime at the last year's end of the run, of those who live.

    Example:
        >>> rows = pl.LazyFrame({"regime": ["a", "a", "b"], "year": [2020, 2021, 2021], "living": True})
        >>> at_the_end(Lazy({"citizens": rows}, {}), "a").collect()["year"].to_list()
        [2021]
    """
    rows = run.frames["citizens"]
    last = rows.select(pl.col("year").max()).collect().item()
    return rows.filter((pl.col("regime") == regime) & (pl.col("year") == last) & pl.col("living"))


def cells(rows: pl.LazyFrame, /, *also: str, **sums: pl.Expr) -> pl.DataFrame:
    """Sums over those who are alike: in part, weight, the groups of GROUPS, age by bands, and the columns named besides.

    Args:
        rows: as of `at_the_end`.
        also: columns of words.
        sums: whole numbers to be added up, by name.
    """
    keys = ("part", "weight", *GROUPS, *also)
    rows = rows.with_columns(age=AGE, **{name: number.cast(pl.Int64) for name, number in sums.items()})
    return rows.group_by(keys).agg(pl.col(*sums).sum()).sort(keys, nulls_last=True).collect(engine="streaming")


def known(run: Lazy, regime: str, kind: str, counted: tuple[str, ...] = DAYS) -> list[str]:
    """The penalties or rewards of a regime, as far as the table has their days.

    Args:
        kind: `penalties` or `rewards`.
        counted: which days.
    """
    columns = set(run.frames["citizens"].collect_schema())
    return [name for name in run.regimes[regime][kind] if {f"{what}.{name}" for what in counted} <= columns]


def by_citizen(run: Lazy, regime: str, names: list[str], keep: tuple[str, ...] = (), **also: pl.Expr) -> pl.DataFrame:
    """The days of each citizen under some penalties or rewards of a regime, over all years.

    Args:
        names: the penalties or rewards.
        keep: columns of words that stay the same over a life.
        also: what else is wanted of a citizen's rows, by name.

    Returns:
        A row a citizen: `part`, `citizen`, `weight`, those of `keep` and `also`; and by name `days.NAME`, `false_days.NAME`,
        `missed_days.NAME`, and `due.NAME`, the days on which the clean account would have it.
    """
    rows = run.frames["citizens"].filter(pl.col("regime") == regime)
    days = {f"{what}.{name}": pl.col(f"{what}.{name}").sum() for name in names for what in DAYS}
    words = (pl.col(column).fill_null("unknown").cast(pl.Categorical) for column in keep)  # grouped by fast
    people = rows.with_columns(*words).group_by("part", "citizen", "weight", *keep, maintain_order=True).agg(**days, **also).collect(engine="streaming")
    due = {f"due.{name}": pl.col(f"days.{name}") - pl.col(f"false_days.{name}") + pl.col(f"missed_days.{name}") for name in names}
    return people.with_columns(**due)
