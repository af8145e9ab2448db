"""A warning where what one asks hangs on numbers that are only assumed: before a run by name, after it with how far they move it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from ..store import Run

WORTH = 0.01
"""A swing of less than this share of a headline is not worth a word."""
MOST = 3


def before(scenario: Scenario) -> list[str]:
    """What to know before a scenario is run: which assumed numbers were found to move most of its headlines.

    Args:
        scenario: one that was screened (tools/movers.py), or not.
    """
    from ..scenarios.screened import movers

    found = movers(scenario)
    status = {row["key"]: row["status"] for row in scenario.ledger()}
    moves = Counter(key for keys in found.values() for key in keys if status.get(key) == "assumed")
    assumed = sorted(moves, key=lambda key: (-moves[key], key))
    if not found:
        return ["doctor  which assumed numbers move the headlines of this scenario was not screened (tools/movers.py)"]
    if not assumed:
        return []
    hanging = sum(any(status.get(key) == "assumed" for key in keys) for keys in found.values())
    named = ", ".join(assumed[:MOST]) + (f" and {len(assumed) - MOST} more" if len(assumed) > MOST else "")
    return [f"doctor  {hanging} headlines hang on numbers that are only assumed: {named}"]


def after(run: Run) -> list[str]:
    """What to know after a run: the headlines that an assumed number moves most, one number at a time over its range.

    Args:
        run: one whose ranges were worked out, or not.
    """
    swings = sorted(_swings(run.ranges), key=lambda row: (-row["share"], row["headline"], row["key"]))
    worst: dict[str, dict[str, Any]] = {}
    for row in swings:
        worst.setdefault(row["headline"], row)
    rows = [row for row in worst.values() if row["share"] >= WORTH]
    if not rows:
        return []
    told = [f"doctor  {len(rows)} of {len(run.ranges)} headlines hang on numbers that are only assumed; those that move most:"]
    return told + [
        f"        {row['headline']}: {row['low']:.4g} to {row['high']:.4g} as {row['key']} goes from {row['from']:.4g} to {row['to']:.4g}"
        for row in rows[:MOST]
    ]


def _swings(ranges: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """For each headline and number the ends of the headline, and how far apart they are, as a share; an end that was not run is left out."""
    rows = []
    for headline, moves in ranges.items():
        for move in moves:
            ends = [value for value in (move["at_low"], move["at_high"], move["base"]) if value is not None]
            if len(ends) < 2:
                continue
            size = max(abs(value) for value in ends)
            share = (max(ends) - min(ends)) / size if size else 0.0
            rows.append(
                {
                    "headline": headline,
                    "key": move["key"],
                    "from": move["low_value"],
                    "to": move["high_value"],
                    "low": min(ends),
                    "high": max(ends),
                    "share": share,
                }
            )
    return rows
