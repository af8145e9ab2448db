"""The dotted paths of a scenario: what can be set, where it stands, and how it is changed without touching the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from glasshouse.catalogue.files import Place
from glasshouse.errors import BadInput
from glasshouse.scenarios.schema import SECTIONS, SETTINGS, Resolved
from glasshouse.values import Value, numbers_of

SET = "set on the command line"
"""The source of a value that a user put in place of the shipped one."""


def values(whole: Resolved) -> dict[str, Value]:
    """Every Value of a scenario by its dotted path, in the order of the files.

    Args:
        whole: a resolved scenario.

    Returns:
        Paths such as "society.order.noise", "acts.speeds.rate" and "regime.essay.grades.C.from".
    """
    found: dict[str, Value] = {}
    for section in ("society", *SECTIONS, "numbers", "regime"):
        found.update(_walk(getattr(whole, section), section))
    return found


def _walk(part: Any, path: str) -> Iterator[tuple[str, Value]]:
    if isinstance(part, Value):
        yield path, part
    elif isinstance(part, BaseModel):
        for name, field in type(part).model_fields.items():
            yield from _walk(getattr(part, name), f"{path}.{field.alias or name}")
    elif isinstance(part, dict):
        for key, inner in part.items():
            yield from _walk(inner, f"{path}.{key}")
    elif isinstance(part, tuple):
        for entry in part:
            if getattr(entry, "id", None):
                yield from _walk(entry, f"{path}.{entry.id}")


def dates(whole: Resolved) -> dict[str, tuple[str, str, str]]:
    """The days of coverage of each regime by their path, as (day, status, source)."""
    found = {}
    for name, regime in whole.regime.items():
        cover = regime.coverage
        for key in ("start", "end"):
            day = getattr(cover, key, None)
            if cover is not None and day is not None:
                found[f"regime.{name}.coverage.{key}"] = (day.isoformat(), cover.start_status, cover.start_source)
    return found


def changed(raw: dict[str, Any], key: str, given: Any) -> dict[str, Any]:
    """A copy of a resolved scenario's data with one path set; what is not on the path is shared, not copied.

    Args:
        raw: the data, as nested dicts.
        key: a path that `values`, `dates` or SETTINGS knows.
        given: the new number or date; text from a command line is read as one.

    Raises:
        BadInput: what is given is not a number (or not a whole one, where that is needed).
    """
    parts = key.split(".")
    if key in SETTINGS or parts[-2:] in (["coverage", "start"], ["coverage", "end"]):
        new = given if parts[-1] in ("start", "end") else _number(key, given)
    else:
        new = _block(_get(raw, parts), _number(key, given))
    return _put(raw, parts, new)


def dated(raw: dict[str, Any], key: str, numbers: dict[str, int | float]) -> dict[str, Any]:
    """A copy of a resolved scenario's data in which one number holds from day to day, as `changed` copies it. numbers: by first day."""
    parts = key.split(".")
    return _put(raw, parts, _block(_get(raw, parts), numbers))


def _get(raw: Any, parts: list[str]) -> Any:
    for part in parts:
        raw = next(entry for entry in raw if entry["id"] == part) if isinstance(raw, list) else raw[part]
    return raw


def _put(raw: Any, parts: list[str], new: Any) -> Any:
    if not parts:
        return new
    if isinstance(raw, list):
        return [_put(entry, parts[1:], new) if entry["id"] == parts[0] else entry for entry in raw]
    return {**raw, parts[0]: _put(raw[parts[0]], parts[1:], new)}


def _number(key: str, given: Any) -> int | float:
    if isinstance(given, str):
        text = given.strip().replace("_", "")
        for kind in (int, float):
            try:
                given = kind(text)
                break
            except ValueError:
                continue
    if isinstance(given, bool) or not isinstance(given, int | float) or given != given or abs(given) == float("inf"):
        raise BadInput(f"must be a number, not `{given}`", key=key)
    return given


def _block(old: dict[str, Any], new: int | float | dict[str, int | float]) -> dict[str, Any]:
    """A Value with its number replaced, or its numbers by day: its range is widened where one stands outside."""
    ends = [*(old.get("range") or numbers_of(old["value"])), *numbers_of(new)]
    kept = {key: part for key, part in old.items() if key in ("about", "unit")}
    return {**kept, "status": "assumed", "source": SET, "range": [min(ends), max(ends)], "value": new}


def path_of(key: str, raw: dict[str, Any]) -> Place:
    """A dotted path as a place in the data, with the numbers of entries in place of their ids."""
    place: Place = ()
    for part in key.split("."):
        if isinstance(raw, list):
            number = next(i for i, entry in enumerate(raw) if entry.get("id") == part)
            place, raw = (*place, number), raw[number]
        else:
            place, raw = (*place, part), raw[part]
    return place


def told(raw: dict[str, Any], key: str) -> Any:
    """What stands at a path after it was set: a number or a date."""
    new = _get(raw, key.split("."))
    return new["value"] if isinstance(new, dict) else new
