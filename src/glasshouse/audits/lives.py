"""A citizen's years as one row: what several audits count."""

from __future__ import annotations

import polars as pl

from glasshouse.audits.asking import Lazy

DAYS = ("days", "false_days", "missed_days")


def known(run: Lazy, regime: str, kind: str) -> list[str]:
    """The penalties or rewards of a regime, as far as the table has their days.

    Args:
        kind: `penalties` or `rewards`.
    """
    columns = set(run.frames["citizens"].collect_schema())
    return [name for name in run.regimes[regime][kind] if {f"{what}.{name}" for what in DAYS} <= columns]


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
