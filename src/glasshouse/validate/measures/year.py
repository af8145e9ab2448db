"""What people do in a year: the last 365 days of a run."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from glasshouse.store import Run
from glasshouse.validate.measures.counts import (
    PERCENT,
    YEAR,
    Day,
    Measure,
    adults,
    at_end,
    drawn,
    on,
    people,
    share_of,
    total,
    users,
    where,
)


def frequent(run: Run, day: Day, channel: str, of: str, every: int) -> float | None:
    """A frequent act, a user and so many days."""
    return share_of(total(run, [f"frequent_acts:{channel}"]), users(run, of) * YEAR, every)


def daily_a_year(run: Run, day: Day, of: list[str], less: Sequence[str] = (), times: float = 1) -> float | None:
    """Some measures, a head and year."""
    return share_of(total(run, of) - total(run, less), people(run), times)


def red_light(run: Run, day: Day, crossings: float) -> float | None:
    """Share of crossings made on red, at so many crossings a day."""
    return share_of(total(run, ["frequent_acts:civic"]), adults(run) * YEAR * crossings)


def turnover(run: Run, day: Day) -> float | None:
    """Those who leave a job or lose it in a year, of those in work."""
    grown = float(at_end(run).filter(pl.col("age") >= 15)["weight"].sum())
    working = grown * (drawn(run, None, "in work", "aged 15 and over") or 0) / PERCENT
    return share_of(total(run, ["attempt:moves_job", "attempt:loses_job"]), working)


def unemployed(run: Run, day: Day, low: int, high: int, residence: str) -> float | None:
    """Share of the labour force without work, of an age and residence."""
    among = pl.col("age").is_between(low, high) & (pl.col("residence") == residence) & (pl.col("work") != "none")
    return where(run, pl.col("work") == "jobless", among)


def saving(run: Run, day: Day) -> float | None:
    """What households do not spend of their wages: on shops, transport, schools and what is bought outside."""
    spent = [
        name
        for name in run.daily["measure"].unique()
        if name.startswith("pay:households:") and name.split(":")[2] not in ("banks", "state")
    ]
    income = total(run, ["pay:employers:households:wages"])
    return share_of(income - total(run, sorted(spent)), income)


def private_pupils(run: Run, day: Day) -> float | None:
    """Share of those of 6 to 17 who are in a private school."""
    return share_of(on(run, "private_pupils"), float(at_end(run).filter(pl.col("age").is_between(6, 17))["weight"].sum()))


def silent(run: Run, day: Day, of: str) -> float | None:
    """Share of users who say nothing on the network in a year."""
    table, whole = at_end(run), users(run, of)
    nothing = float(table.filter(pl.col("acts.social") == 0)["weight"].sum())
    return share_of(nothing - (people(run) - whole), whole)


def quiet(run: Run, day: Day, of: str, ever: float) -> float | None:
    """Share of users who say nothing on the network in a run, of those (a share `ever` of the users) who ever do."""
    spoke = float(at_end(run).filter(pl.col("acts.social") > 0)["weight"].sum())
    said = share_of(spoke, users(run, of) * ever)
    return None if said is None else PERCENT - said


def top_share(run: Run, day: Day, of: str, share: float) -> float | None:
    """Share of what is said on the network by the users who say most."""
    said = at_end(run)["acts.social"].sort(descending=True)
    most = round(share * users(run, of) * len(said) / people(run))
    return share_of(said.head(most).sum(), said.sum())


MEASURES: tuple[Measure, ...] = (frequent, daily_a_year, red_light, turnover, unemployed, saving, private_pupils, silent, quiet, top_share)
