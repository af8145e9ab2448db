"""Who the people are: ages, schooling, incomes, read off the table of citizens."""

from __future__ import annotations

import numpy as np
import polars as pl

from glasshouse.experiments.summary import gini
from glasshouse.store import Run
from glasshouse.validate.measures.counts import PERCENT, Day, Measure, at_end, where

LEVELS = {"none or other": 0, "illiterate": 0, "primary": 6, "junior secondary": 9, "senior secondary": 12, "college": 16}
"""Years of schooling for a level: a convention."""


def ages(run: Run, day: Day, low: int, high: int) -> float | None:
    """Share of residents of an age, both ends counted."""
    return where(run, pl.col("age").is_between(low, high))


def mean_age(run: Run, day: Day) -> float | None:
    """Mean age, in completed years."""
    return float(at_end(run)["age"].mean())


def men(run: Run, day: Day) -> float | None:
    """Share of residents who are men."""
    return where(run, pl.col("sex") == "male")


def illiterate(run: Run, day: Day) -> float | None:
    """Share of those of 15 and over who cannot read."""
    return where(run, pl.col("education") == "illiterate", pl.col("age") >= 15)


def _schooling() -> pl.Expr:
    return pl.col("education").replace_strict(LEVELS, return_dtype=pl.Float64)


def schooling_years(run: Run, day: Day) -> float | None:
    """Mean years of schooling of those of 15 and over."""
    return float(at_end(run).filter(pl.col("age") >= 15).select(_schooling().mean()).item())


def schooling_return(run: Run, day: Day) -> float | None:
    """By how many per cent income a head rises with a year of schooling, at 25 to 59: the slope of its logarithm."""
    table = at_end(run).filter(pl.col("age").is_between(25, 59)).select(x=_schooling(), y=pl.col("income").log())
    slope = table.select(pl.cov("x", "y") / pl.col("x").var()).item()
    return PERCENT * (float(np.exp(slope)) - 1)


def online_graduates(run: Run, day: Day) -> float | None:
    """Share of those who use the internet who have been to college, or are there."""
    online = run.table("traits").filter("internet")["citizen"]
    return where(run, pl.col("education") == "college", pl.col("citizen").is_in(online.implode()))


def income_gini(run: Run, day: Day) -> float | None:
    """Gini coefficient of income a head."""
    return gini(at_end(run)["income"].to_numpy())


def income_median(run: Run, day: Day) -> float | None:
    """Median income a head, yuan a year."""
    return float(at_end(run)["income"].median())


MEASURES: tuple[Measure, ...] = (ages, mean_age, men, illiterate, schooling_years, schooling_return, online_graduates, income_gini, income_median)
