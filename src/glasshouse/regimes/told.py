"""What changes from one regime to another, in words: a row for each number, date, text or entry that is not the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glasshouse.regimes.schema import Regime
from glasshouse.values import shown

Row = dict[str, Any]
Place = tuple[str, ...]
ABSENT = object()
HEADINGS = {
    "id": "What it is", "title": "What it is", "summary": "What it is", "kind": "What it is", "beside": "What it is",
    "claims": "What is claimed of it", "coverage": "Whom it covers, and when", "awareness": "Who knows of it", "score": "The score",
    "points": "Points for a record", "activity": "Points for a month's activity", "straight": "Straight to a grade",
    "dimensions": "Dimensions", "model": "The fitted model", "bank": "The bank", "game": "The game", "lists": "Lists", "profile": "What is guessed",
    "kin": "What others lend or cost", "grades": "Grades",
    "consequences": "Consequences", "watch": "What it watches", "contest": "Objections", "remedies": "Remedies",
    "help": "Whom to help", "registry": "The registry", "opinions": "Opinions of each other",
}  # fmt: skip
"""What each part of a regime is about; one that is not here goes by its own name."""
PARTS = [name for name in Regime.model_fields if name not in ("extends", "remove")]
ENTRIES = {"claims": 2, "points": 2, "activity": 2, "straight": 2, "dimensions": 2, "lists": 2, "profile": 2, "grades": 2,
           "consequences": 2, "watch": 2, "remedies": 3}  # fmt: skip
"""Parts that are made of entries, which come and go as a whole: how long the place of an entry is."""
NAMED_BY = {("claims",): "text", ("grades",): "id", ("remedies", "amnesty"): "on"}
"""Lists of entries, and the key that names an entry in them."""
WORDY = ("about", "source", "recalled", "range")


def told(a: Mapping[str, Any], b: Mapping[str, Any]) -> list[Row]:
    """What changes from one regime to another, for reading, in the order of the schema.

    Args:
        a: the data of a regime, as `regime_text` gives them.
        b: those of the other.

    Returns:
        Rows of part, key, change ("added", "removed", "changed"), old, new, unit (None where there is none) and says.

    Example:
        >>> old = {"score": {"base": {"value": 100, "unit": "points"}}}
        >>> new = {"score": {"base": {"value": 90, "unit": "points"}}}
        >>> told(old, new)[0]["says"]
        'base: 100 -> 90 points'
    """
    old, new = _entries(a), _entries(b)
    places = sorted([*old, *(place for place in new if place not in old)], key=lambda place: PARTS.index(place[0]))  # which is stable
    rows: list[Row] = []
    for place in places:
        rows += _rows(place, old.get(place, ABSENT), new.get(place, ABSENT))
    return rows


def heading(part: str) -> str:
    """What a part of a regime is about.

    Example:
        >>> heading("contest"), heading("something_new")
        ('Objections', 'Something new')
    """
    return HEADINGS.get(part, part.replace("_", " ").capitalize())


def _entries(data: Mapping[str, Any]) -> dict[Place, Any]:
    """What can come, go or change by itself, by place: entries of the parts that are made of them, else single values."""
    found: dict[Place, Any] = {}
    for part in PARTS:
        if part in data:
            _collect(data[part], (part,), found)
    return found


def _collect(data: Any, place: Place, found: dict[Place, Any]) -> None:
    if isinstance(data, list) and place in NAMED_BY:
        data = {str(entry[NAMED_BY[place]]): {key: part for key, part in entry.items() if key != NAMED_BY[place]} for entry in data}
    if isinstance(data, Mapping) and "value" not in data and len(place) != ENTRIES.get(place[0]):
        for key, part in data.items():
            _collect(part, (*place, key), found)
    else:
        found[place] = data


def _rows(place: Place, old: Any, new: Any) -> list[Row]:
    if old is ABSENT or new is ABSENT:
        change = "added" if old is ABSENT else "removed"
        given = new if old is ABSENT else old
        says = f"added, {_in_words(given)}" if old is ABSENT else f"taken out (was {_in_words(given)})"
        return [_row(place, change, None if old is ABSENT else old, None if new is ABSENT else new, f"{_name(place)}: {says}")]
    if isinstance(old, Mapping) and isinstance(new, Mapping) and "value" not in old and "value" not in new:
        rows = []
        for key in [*old, *(key for key in new if key not in old)]:
            rows += _rows((*place, key), old.get(key, ABSENT), new.get(key, ABSENT))
        return rows
    says = _change(old, new)
    return [_row(place, "changed", old, new, f"{_name(place)}: {says}")] if says else []


def _row(place: Place, change: str, old: Any, new: Any, says: str) -> Row:
    unit = next((part["unit"] for part in (new, old) if isinstance(part, Mapping) and "unit" in part), None)
    return {"part": place[0], "key": ".".join(place), "change": change, "old": old, "new": new, "unit": unit, "says": says}


def _name(place: Place) -> str:
    return ", ".join(place[1:]) or place[0]


def _change(old: Any, new: Any) -> str | None:
    """One value that is not the same, or not known the same way; None where it is."""
    if repr(old) == repr(new):
        return None
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return f"{_in_words(old)} -> {_in_words(new)}"
    known = "" if old.get("status") == new.get("status") else f"now {new.get('status')}, was {old.get('status')}"
    if repr(old.get("value")) != repr(new.get("value")) or old.get("unit") != new.get("unit"):
        before = _number(old["value"]) if old.get("unit") == new.get("unit") else _in_words(old)
        return "; ".join(part for part in (f"{before} -> {_in_words(new)}", known) if part)
    others = [key for key in WORDY if repr(old.get(key)) != repr(new.get(key))]
    also = f"another {', '.join(others)}" if others else ""
    parts = [part for part in (known, also) if part]
    return f"still {_in_words(new)}; {'; '.join(parts)}" if parts else None


def _in_words(part: Any) -> str:
    """A value, an entry, a list or a text, on one line."""
    if isinstance(part, Mapping):
        if "value" in part:
            return f"{_number(part['value'])} {part.get('unit', '')}".rstrip()
        return "; ".join(f"{key} {_in_words(inner)}" for key, inner in part.items()) or "nothing"
    if isinstance(part, bool):
        return "yes" if part else "no"
    if isinstance(part, list):
        return ", ".join(map(_in_words, part)) or "none"
    return str(part)


def _number(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_number(number)} from {day}" for day, number in value.items())
    return shown(value) if isinstance(value, int | float) else str(value)
