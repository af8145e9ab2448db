"""Headlines as cards: the number, what stands beside it, and how far the assumed numbers move it."""

from __future__ import annotations

from typing import Any

from . import words
from .blocks import Card, Cards, Move
from .data import DAYS_A_YEAR, Data
from .headlines import HEADLINES, Headline, Number, value_of


def cards(data: Data, regime: str) -> list[Cards]:
    """The headlines of one regime as cards, each with its range where one was worked out."""
    groups: dict[str, list[Card]] = {}
    for line in HEADLINES:
        card = _card(data, regime, line)
        if card is not None:
            groups.setdefault(line.group, []).append(card)
    return [Cards(title, tuple(found)) for title, found in groups.items()]


def _card(data: Data, regime: str, line: Headline) -> Card | None:
    mine = line.of(data.regimes[regime])
    if mine is None and not line.id.startswith("wrong."):
        return None  # the summary has no such number: a regime without rewards gave none
    twin = data.regimes[data.twin] if data.twin else None
    value = value_of(line, data.regimes[regime], twin)
    moves, reach = _moves(data, regime, line, value)
    if line.against is None:
        return Card(f"{regime}.{line.id}", line.write(mine), line.label, _per_head(data, line, mine), reach, moves, gap=mine is None)
    other = line.of(twin) if twin else None
    beside = (
        f"{line.write(mine)}; without a score {line.write(other)}"
        if other is not None
        else "this run has nobody without a score to set it beside"
    )
    shown = line.against(value) if other is not None else line.write(mine)
    return Card(f"{regime}.{line.id}", shown, line.label, beside, reach, moves)


def _per_head(data: Data, line: Headline, number: Number) -> str:
    """A sum over everybody, for one person and year, or for a thousand where that is less than one."""
    if number is None or not line.relative:
        return ""
    years = data.what["days"] / DAYS_A_YEAR
    each = number / data.people / years
    if line.write is words.yuan:
        return f"{words.yuan(each)} a person and year"
    return f"{words.decimal(each)} a person and year" if each >= 1 or each == 0 else f"{words.decimal(1000 * each)} a year in 1,000 people"


def _moves(data: Data, regime: str, line: Headline, number: Number) -> tuple[tuple[Move, ...], str]:
    """How the assumed numbers that matter most move a headline, and the reach of them all in words.

    The small runs say how far it moves; the range is told around the number of the run itself.
    """
    rows = next((data.ranges[key] for key in (f"{regime}.{line.id}", f"regimes.{regime}.{line.id}") if key in data.ranges), [])
    rows = [row for row in rows if None not in (row["at_low"], row["at_high"], row["base"])]
    if line.relative:
        rows = [row for row in rows if row["base"]]
    if not rows:
        return (), ""
    about = {row["key"]: row for row in data.ledger}
    scaled = [[_around(line, number, row[end], row["base"]) for end in ("at_low", "at_high", "base")] for row in rows]
    ends = [value for row in scaled for value in row]
    low, high = min(ends), max(ends)
    width = (high - low) or 1.0
    write = _relative if line.relative else line.against or line.write
    moves = [
        Move(
            key=row["key"],
            about=str(about.get(row["key"], {}).get("about") or words.plain(row["key"])),
            swing=_swing(row, about.get(row["key"], {}).get("unit") or ""),
            result=f"{write(at_low)} to {write(at_high)}",
            left=100 * (min(at_low, at_high) - low) / width,
            right=100 * (max(at_low, at_high) - low) / width,
            base=100 * (base - low) / width,
        )
        for row, (at_low, at_high, base) in zip(rows, scaled, strict=True)
    ]
    return tuple(moves), f"{write(low)} to {write(high)}"


def _around(line: Headline, number: Number, end: float, base: float) -> float:
    """A headline at one end, around the number of the run: a sum as a change; a difference or a share shifted; else in proportion."""
    if line.relative:
        return end / base - 1.0
    if number is None:
        return end
    if line.against is not None:
        return number + end - base
    if line.write is words.share:
        return min(1.0, max(0.0, number + end - base))
    return number * end / base if base else end


def _swing(row: dict[str, Any], unit: str) -> str:
    return f"from {words.number_in(row['low_value'])} to {words.number_in(row['high_value'])} {unit}".strip()


def _relative(change: float) -> str:
    if abs(change) < 0.0005:
        return "as it is"
    return f"{'+' if change > 0 else words.MINUS}{words.decimal(100 * abs(change), 0 if abs(change) >= 0.1 else 1)}{words.SPACE}%"
