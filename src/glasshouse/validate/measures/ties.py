"""Who knows whom, of some citizens of a run's first day; and what published experiments give on invented people."""

from __future__ import annotations

import polars as pl

from glasshouse.store import Run
from glasshouse.validate.measures.counts import PERCENT, Day, Measure

DAYS = 28
"""Every talking tie is talked to on one day of so many: a quarter of them a week."""


def _met(run: Run, low: int, high: int) -> pl.DataFrame:
    return run.table("ties").filter(pl.col("age").is_between(low, high))


def contacts(run: Run, day: Day, low: int, high: int) -> float | None:
    """How many one talks to on a day, of those of an age: the household, and those talking ties whose turn it is."""
    some = _met(run, low, high)
    return float((some["home"] + some["talking"] / DAYS).mean()) if some.height else None


def known(run: Run, day: Day) -> float | None:
    """How many one knows: the household and the address book."""
    some = run.table("ties")
    return float((some["home"] + some["book"]).mean())


def ties_lost(run: Run, day: Day) -> float | None:
    """Share of talking ties outside the household that pass to somebody else in a year."""
    some = run.table("ties")
    return PERCENT * float(some["passing"].sum() / some["talking"].sum())


def effect(run: Run, day: Day, times: float) -> float | None:
    """The relative change between the arms of an experiment, so many times."""
    return times * float(run.table("trial")["effect"][0])


MEASURES: tuple[Measure, ...] = (contacts, known, ties_lost, effect)
