"""Households: their size, what they own and owe."""

from __future__ import annotations

import polars as pl

from glasshouse.store import Run
from glasshouse.validate.measures.counts import Day, Measure, at_end, share_of


def _homes(run: Run, town_only: bool = True) -> pl.DataFrame:
    """A row a household: members, worth, debt, assets."""
    table = at_end(run)
    table = table.filter(pl.col("residence") == "town") if town_only else table
    made = table.group_by("household", maintain_order=True).agg(
        pl.len().alias("members"), pl.col("wealth").sum().alias("worth"), pl.col("debt").sum()
    )
    return made.with_columns(assets=pl.col("worth") + pl.col("debt"))


def household_mean(run: Run, day: Day) -> float | None:
    """Members of a household."""
    return float(_homes(run, town_only=False)["members"].mean())


def worth_mean_over_median(run: Run, day: Day) -> float | None:
    """Mean over median net worth of urban households."""
    worth = _homes(run)["worth"]
    return float(worth.mean() / worth.median()) if worth.median() else None


def assets_top(run: Run, day: Day, share: float) -> float | None:
    """Share of assets owned by the richest households of towns."""
    assets = _homes(run)["assets"].sort(descending=True)
    return share_of(assets.head(round(share * len(assets))).sum(), assets.sum())


def debt_of_top(run: Run, day: Day, share: float) -> float | None:
    """Share of debt owed by the households of towns with the most assets."""
    homes = _homes(run).sort("assets", descending=True)
    return share_of(homes["debt"].head(round(share * homes.height)).sum(), homes["debt"].sum())


def indebted_households(run: Run, day: Day) -> float | None:
    """Share of households with debt."""
    homes = _homes(run, town_only=False)
    return share_of(homes.filter(pl.col("debt") > 0).height, homes.height)


MEASURES: tuple[Measure, ...] = (household_mean, worth_mean_over_median, assets_top, debt_of_top, indebted_households)
