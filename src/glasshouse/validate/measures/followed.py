"""What the followed citizens do, one by one."""

from __future__ import annotations

from datetime import date

import polars as pl

from glasshouse.store import Run
from glasshouse.validate.measures.counts import YEAR, Day, Measure, at_end, begin, last, people, regime_of, share_of, users


def _panel(run: Run) -> pl.DataFrame:
    """What happened to them under the run's first regime."""
    return run.panel.filter(pl.col("regime") == regime_of(run, None))


def _followed(run: Run, from_age: int) -> list[int]:
    """The followed citizens of an age; whoever had no event at all in the whole run is not among them."""
    old = at_end(run).filter(pl.col("age") >= from_age).select("citizen")
    return _panel(run).select("citizen").unique().join(old, on="citizen", how="semi")["citizen"].sort().to_list()


def _counts(run: Run, act: str, days: int, from_age: int) -> list[int]:
    """How often each followed citizen did an act in the last days: whoever did it most first."""
    who = _followed(run, from_age)
    ends = (last(run) - begin(run)).days
    did = _panel(run).filter(pl.col("event") == "act", pl.col("act") == act, pl.col("day") > ends - days, pl.col("citizen").is_in(who))
    counts = did.group_by("citizen").len()["len"].to_list()
    return sorted(counts, reverse=True) + [0] * (len(who) - len(counts))


def panel_share(run: Run, day: Day, act: str, days: int, from_age: int, of: str = "all") -> float | None:
    """Share of the followed who did an act in the last days, of those of an age, or of the users among them."""
    counts = _counts(run, act, days, from_age)
    return share_of(sum(count > 0 for count in counts), len(counts) * users(run, of) / people(run))


def panel_top(run: Run, day: Day, act: str, share: float) -> float | None:
    """Share of the year's acts by those who do it most, of the followed who do it at all."""
    counts = [count for count in _counts(run, act, YEAR, 18) if count]
    return share_of(sum(counts[: round(share * len(counts))]), sum(counts))


def panel_top_of_all(run: Run, day: Day, act: str, share: float) -> float | None:
    """The same of all the followed who are grown up."""
    counts = _counts(run, act, YEAR, 18)
    return share_of(sum(counts[: round(share * len(counts))]), sum(counts))


def did_later(run: Run, day: Day, regime: str, act: str, low: int, high: int) -> float | None:
    """Share of the followed borrowers with a score between two at the end of the run's first year who do an act in what follows."""
    table = run.citizens.filter(pl.col("regime") == regime)
    year = table["year"].min()
    then = table.filter(pl.col("year") == year, pl.col("living"), pl.col("debt") > 0, pl.col("score").is_between(low, high))
    events = run.panel.filter(pl.col("regime") == regime)
    who = events.select("citizen").unique().join(then, on="citizen", how="semi")
    since = (date(year, 12, 31) - begin(run)).days
    did = events.filter(pl.col("event") == "act", pl.col("act") == act, pl.col("day") > since).select("citizen").unique()
    return share_of(who.join(did, on="citizen", how="semi").height, who.height)


MEASURES: tuple[Measure, ...] = (panel_share, panel_top, panel_top_of_all, did_later)
