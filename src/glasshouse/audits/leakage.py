"""leakage: from the channel whose records cost the points to the domain of life where the penalty falls."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import polars as pl

from glasshouse.audits.asking import Audit, Found
from glasshouse.audits.counting import share
from glasshouse.store import Run

CONTEXTS = Path(__file__).with_name("contexts.toml")
NO_ACT, NOWHERE = "no act", "nowhere"


@cache
def contexts() -> dict[str, dict[str, list[str]]]:
    """Of each channel the domains of life that it is plainly about (`own`) and those that may be argued (`near`); not to be changed.

    Example:
        >>> contexts()["payments"]["own"]
        ['credit']
    """
    return tomllib.loads(CONTEXTS.read_text(encoding="utf-8"))


def of(run: Run, regime: str) -> Found:
    """The matrix in days and in points, and how much of it leaves the context of the record."""
    flows = run.flows.filter(pl.col("regime") == regime)
    felt, lost = flows.filter(pl.col("domain").is_not_null()), flows.filter(pl.col("domain").is_null())
    if not felt.height and not lost.height:
        return {}
    days = dict(_sums(felt.group_by("channel", "domain", maintain_order=True).agg(pl.col("days").sum())))
    points = _points(felt, lost)
    found: Found = {f"days: {channel or NO_ACT} to {domain}": float(number) for (channel, domain), number in sorted(days.items(), key=lambda one: str(one[0]))}
    found |= {f"points: {channel} to {domain}": number for (channel, domain), number in sorted(points.items())}
    return _contexts(days) | found


def _contexts(days: dict[tuple[str | None, str], int]) -> Found:
    """How many of the days leave the context of the record, of all channels and of each, and of how many it is not known."""
    found: Found = {}
    known = {(channel, domain): number for (channel, domain), number in days.items() if channel in contexts()}
    channels = sorted({channel for channel, _ in known})
    for what, kinds in (("another context", ("own",)), ("another context, near ones apart", ("own", "near"))):
        for label, of_these in (("all channels", channels), *((channel, [channel]) for channel in channels)):
            mine = {at: number for at, number in known.items() if at[0] in of_these}
            away = sum(number for (channel, domain), number in mine.items() if not any(domain in contexts()[channel][kind] for kind in kinds))
            found[f"{what}: {label}"] = share(away, sum(mine.values()))
    whole = sum(days.values())
    behind = sum(number for (channel, _), number in days.items() if channel is not None)
    found["context not known: no act or a channel of one's own"] = 1 - sum(known.values()) / whole if whole else None
    found["no act behind it"] = 1 - behind / whole if whole else None
    return found


def _points(felt: pl.DataFrame, lost: pl.DataFrame) -> dict[tuple[str, str], float]:
    """The points lost by the records of each channel, shared out over the domains by the penalty days that its acts stand behind, act by act."""
    cost = dict(_sums(lost.group_by("channel", "act", maintain_order=True).agg(pl.col("points_lost").sum())))
    days: dict[tuple[str, str], dict[str, int]] = {}
    for channel, act, domain, number in felt.group_by("channel", "act", "domain", maintain_order=True).agg(pl.col("days").sum()).rows():
        days.setdefault((channel, act), {})[domain] = number
    found: dict[tuple[str, str], float] = {}
    for (channel, act), number in sorted(cost.items()):
        mine = {domain: n for domain, n in sorted(days.get((channel, act), {}).items()) if n} or {NOWHERE: 1}
        for domain, part in mine.items():
            found[channel, domain] = found.get((channel, domain), 0.0) + number * part / sum(mine.values())
    return found


def _sums(table: pl.DataFrame) -> Iterator[tuple[tuple[str, str], int]]:
    """Rows of two keys and a sum as pairs."""
    return (((a, b), number) for a, b, number in table.rows())


LEAKAGE = Audit(
    name="leakage",
    question="In which domains of life are records of each channel felt, and how often is it another one than the record is about?",
    definition="days: days under penalties that fall in a domain, by the channel of the last record that cost points, or put somebody on a list, before. points: points "
    "lost by records of a channel, shared out over domains as the penalty days behind each of its acts are; to nowhere where an act stands behind none. another "
    "context: of the penalty days behind which a record of one of the six channels stands, the share in a domain that the channel is not plainly about; near ones "
    "apart: those left out in which one may argue that it is. Which channel is about what is a judgement (contexts.toml).",
    unit={"days": "penalty days", "points": "points", "": "share of penalty days"},
    direction={
        "days": "higher: more days there for records of that channel",
        "points": "higher: more points lost there are felt here",
        "another": "higher: more penalties fall outside what the record is about",
        "context": "higher: of more penalties it is not known what they are about",
        "no act": "higher: more penalties have no record behind them",
    },
    reads={"flows": ("channel", "act", "domain", "points_lost", "days")},
    of=of,
)
