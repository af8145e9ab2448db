"""What measures share: sums of the daily table, the people at the end of a run, and shares of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import polars as pl

from glasshouse.store import Run

Day = date | None
Measure = Callable[..., float | None]
YEAR = 365
PERCENT = 100.0


def regime_of(run: Run, regime: str | None) -> str:
    """The regime asked for, or the run's first."""
    return regime or run.daily["regime"][0]


def last(run: Run) -> date:
    """The last day of a run."""
    return run.daily["date"].max()


def begin(run: Run) -> date:
    """The first day of a run."""
    return run.daily["date"].min()


def total(run: Run, of: Sequence[str], regime: str | None = None, since: Day = None, until: Day = None) -> int:
    """Some measures of the daily table added up, over the year before the end unless days are given."""
    until = until or last(run)
    since = since or until - timedelta(days=YEAR - 1)
    rows = run.daily.filter(
        pl.col("regime") == regime_of(run, regime), pl.col("measure").is_in(list(of)), pl.col("date").is_between(since, until)
    )
    return int(rows["value"].sum())


def on(run: Run, of: str, day: Day = None, regime: str | None = None) -> int:
    """One measure on one day."""
    return total(run, [of], regime, day or last(run), day or last(run))


def people(run: Run) -> int:
    """How many citizens there are."""
    return on(run, "people")


def adults(run: Run, day: Day = None) -> float:
    """How many citizens are 18 and over, from the table of citizens, or by month from the table of groups."""
    if "citizens" in run.table_names:
        return float(at_end(run).filter(pl.col("age") >= 18)["weight"].sum())
    rows = run.groups.filter(pl.col("regime") == regime_of(run, None), pl.col("grouping") == "age", pl.col("measure") == "people")
    month = f"{day or last(run):%Y-%m}"
    rows = rows.filter(pl.col("month") == month)
    whole = rows["value"].sum()
    return people(run) * rows.filter(pl.col("group") != "0-17")["value"].sum() / whole


def share_of(part: float, whole: float, times: float = PERCENT) -> float | None:
    """A part of a whole, in per cent unless told otherwise; None of nothing."""
    return times * part / whole if whole else None


def at_end(run: Run, regime: str | None = None) -> pl.DataFrame:
    """The table of citizens at the last year's end, under one regime: those who live."""
    table = run.citizens.filter(pl.col("living")) if "living" in run.citizens.columns else run.citizens
    return table.filter(pl.col("year") == table["year"].max(), pl.col("regime") == (regime or table["regime"][0]))


def where(run: Run, of: pl.Expr, among: pl.Expr | None = None, regime: str | None = None) -> float | None:
    """Share of the people at the end, or of some of them, in per cent."""
    table = at_end(run, regime)
    table = table if among is None else table.filter(among)
    return share_of(table.filter(of)["weight"].sum(), table["weight"].sum())


def users(run: Run, of: str) -> float:
    """How many use the internet, or a service on it; or all, or those of 18 and over."""
    if of == "adults":
        return adults(run)
    share = 1.0 if of == "all" else (drawn(run, None, "internet use", "all") or 0) / PERCENT
    share *= 1.0 if of in ("all", "internet") else (drawn(run, None, "services", of) or 0) / PERCENT
    return people(run) * share


def drawn(run: Run, day: Day, margin: str, category: str) -> float | None:
    """What was drawn of a published total."""
    rows = run.margins.filter(pl.col("margin") == margin, pl.col("category") == category)
    return float(rows["drawn"][0]) if rows.height else None


def recorded(run: Run, acts: Sequence[str], since: Day, until: Day, regime: str | None = None) -> int:
    """Records of some acts under a regime: own, another's, invented."""
    return total(run, [f"{what}:{act}" for act in acts for what in ("own", "received", "false_record")], regime, since, until)


MEASURES: tuple[Measure, ...] = (drawn,)
