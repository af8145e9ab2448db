"""What the followed citizens do, one by one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import date

import numpy as np
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


def times_caught(chances: Iterable[float], most: int) -> np.ndarray:
    """The chances of being caught 0, 1, 2 ... times, and last `most` times or more: (most + 1,).

    Args:
        chances: that of being caught at each thing done, each by itself.

    Example:
        >>> times_caught([0.5, 0.5], 1)
        array([0.25, 0.75])
    """
    found = np.eye(1, most + 1)[0]
    for chance in chances:
        more = np.append(0.0, found[:-1] * chance)
        more[-1] += found[-1] * chance
        found = found * (1 - chance) + more
    return found


def ticketed(run: Run, day: Day, family: str, years: float, from_age: int, before: float = 0, times: int = 0) -> float | None:
    """Share of the followed drivers of an age with a fine in the last years, of those with none (or so many `times` and more) in the years
    `before`: what is expected of their offences, each of which is fined with the chance that its kind is seen."""
    seen = {act: said["seen"]["value"] for act, said in tomllib.loads(run.scenario_toml)["acts"].items() if said["family"] == family}
    since = (last(run) - begin(run)).days - round(years * YEAR)
    first = since - round(before * YEAR)
    if first < -1:
        return None
    drivers = run.table("traits").filter("drives")["citizen"].implode()
    who = pl.Series("citizen", _followed(run, from_age), pl.Int64)
    offences = {citizen: ([], []) for citizen in who.filter(who.is_in(drivers))}
    did = _panel(run).filter(pl.col("event") == "act", pl.col("act").is_in(list(seen)), pl.col("day") > first)
    for citizen, at, act in did.select("citizen", "day", "act").iter_rows():
        if citizen in offences:
            offences[citizen][at > since].append(seen[act])
    had = {citizen: times_caught(earlier, max(times, 1))[times] for citizen, (earlier, _) in offences.items()}
    again = sum(had[citizen] * (1 - times_caught(later, 1)[0]) for citizen, (_, later) in offences.items())
    return share_of(again, sum(had.values()))


MEASURES: tuple[Measure, ...] = (panel_share, panel_top, panel_top_of_all, did_later, ticketed)
