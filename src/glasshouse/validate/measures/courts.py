"""The courts' list: entries, refusals, stays, in millions of the country."""

from __future__ import annotations

from datetime import date

import polars as pl

from glasshouse.store import Run
from glasshouse.validate.measures.counts import Day, Measure, adults, begin, last, on, regime_of, share_of, total

BAN = "flight_ticket_ban"
"""The consequence that stands for being on the courts' list: it is in force as long as the entry is."""


def _entered(run: Run, since: Day, until: Day) -> int:
    """Entries on the list, each a case of its own: who resists on account of a judgment that is listed already is entered once."""
    return total(run, ["entered"], None, since, until)


def entries(run: Run, day: Day, millions: float, persons: float, since: str | None = None) -> float | None:
    """Entries on the list so far, or since a day: in millions of the country, firms put in by the share of natural persons."""
    first = date.fromisoformat(since) if since else begin(run)
    return share_of(_entered(run, first, day), adults(run, day) * persons, millions)


def blocked(run: Run, day: Day, ban: str, millions: float) -> float | None:
    """Attempts refused by a ban so far, in millions of the country."""
    return share_of(total(run, [f"refused:{ban}"], None, begin(run), day), adults(run, day), millions)


def blocked_an_entry(run: Run, day: Day, ban: str, persons: float) -> float | None:
    """Attempts refused by a ban for each entry so far, entries of firms among them."""
    return share_of(total(run, [f"refused:{ban}"], None, begin(run), day), _entered(run, begin(run), day) / persons, 1)


def blocked_share(run: Run, day: Day, ban: str, of: str, since: str) -> float | None:
    """Attempts refused by a ban since a day, of all such attempts."""
    first = date.fromisoformat(since)
    return share_of(total(run, [f"refused:{ban}"], None, first, day), total(run, [of], None, first, day))


def _stays(run: Run) -> pl.DataFrame:
    """A row a stay on the list: citizen, first day, day on which it ended."""
    return run.spells.filter(pl.col("consequence") == BAN)


def _number(run: Run, day: Day) -> int:
    return ((day or last(run)) - begin(run)).days


def complied(run: Run, day: Day) -> float | None:
    """Stays that ended because the judgment was fulfilled, of all entries so far."""
    return share_of(total(run, ["complied"], None, begin(run), day), _entered(run, begin(run), day))


def churn(run: Run, day: Day, since: str) -> float | None:
    """Stays that ended since a day, for each that began."""
    first, last = _number(run, date.fromisoformat(since)), _number(run, day)
    stays = _stays(run)
    return share_of(
        stays.filter(pl.col("end").is_between(first, last)).height, stays.filter(pl.col("start").is_between(first, last)).height, 1
    )


def left(run: Run, day: Day, millions: float, since: str) -> float | None:
    """Stays on the list that ended since a day, in millions of the country."""
    first, last = _number(run, date.fromisoformat(since)), _number(run, day)
    return share_of(_stays(run).filter(pl.col("end").is_between(first, last)).height, adults(run, day), millions)


def stock(run: Run, day: Day, millions: float) -> float | None:
    """Natural persons on the list on a day, in millions of the country."""
    return share_of(on(run, f"in_force:{BAN}", day), adults(run, day), millions)


def persons_ever(run: Run, day: Day, millions: float) -> float | None:
    """Natural persons who were ever on the list, in millions of the country."""
    return share_of(_stays(run).filter(pl.col("start") <= _number(run, day))["citizen"].n_unique(), adults(run, day), millions)


def ratio_of_sexes(run: Run, day: Day, of: str) -> float | None:
    """Men for each woman in a measure of the table of groups, so far."""
    rows = run.groups.filter(pl.col("regime") == regime_of(run, None), pl.col("grouping") == "sex", pl.col("measure") == of)
    rows = rows.filter(pl.col("month") <= f"{day or last(run):%Y-%m}")
    by = dict(rows.group_by("group").agg(pl.col("value").sum()).iter_rows())
    return share_of(by.get("male", 0), by.get("female", 0), 1)


MEASURES: tuple[Measure, ...] = (
    entries,
    blocked,
    blocked_an_entry,
    blocked_share,
    complied,
    churn,
    left,
    stock,
    persons_ever,
    ratio_of_sexes,
)
