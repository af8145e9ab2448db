"""Regimes that say only what differs from another: the two put together, and in which of the files each part stands.

    extends = "rongcheng"                                   # a shipped regime, or the path of a file from this one
    remove = ["consequences.hotel_ban", "points.litters"]   # what of it does not hold here

Tables are merged; a number is replaced whole, with its source, and so is a list (grades, claims). `id`, `title` and
`summary` are each regime's own.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from glasshouse.catalogue.faults import dotted
from glasshouse.catalogue.files import Place, Text
from glasshouse.errors import BadInput, nearest
from glasshouse.regimes.files import is_path, list_regimes, path_of, written
from glasshouse.values import kind_of

NEVER_TAKEN = ("id", "title", "summary", "extends", "remove")
"""Keys that no regime takes over from another."""
STAYS = (*NEVER_TAKEN, "kind")
"""Keys that cannot be taken out."""


@dataclass(frozen=True)
class Extended(Text):
    """A regime put together from its own file and the one that it extends.

    Fields:
        name, text: of its own file.
        data: both together.
        own: its own file.
        base: the other.
        kept: what it takes over from the other.
        gone: the places that it takes out.
    """

    own: Text = field(repr=False)
    base: Text = field(repr=False)
    kept: dict[str, Any] = field(repr=False)
    gone: tuple[Place, ...] = ()

    def where(self, place: Place) -> tuple[str, int | None]:
        """The file in which a place stands, its own or the other, and the line there."""
        for taken_out in self.gone:
            if place[: len(taken_out)] == taken_out and not _has(self.own.data, taken_out):
                return self.own.where(("remove",))
        return self.own.where(place) if self._of_own(place) else self.base.where(place)

    def _of_own(self, place: Place) -> bool:
        own, kept = self.own.data, self.kept
        for part in place:
            if not merges(kept, own):
                return True
            if part not in own or part not in kept:
                return part in own or part not in kept
            own, kept = own[part], kept[part]
        return True


def merges(base: Any, own: Any) -> bool:
    """Whether two parts are put together key by key; a number with its source, a list and anything single are replaced whole."""
    return isinstance(base, Mapping) and isinstance(own, Mapping) and "value" not in own and "value" not in base


def merged(base: Any, own: Any) -> Any:
    """Two nested dicts as one: what the second says holds.

    Example:
        >>> merged({"a": {"value": 1, "unit": "days"}, "b": {"c": 1, "d": 2}}, {"a": {"value": 3}, "b": {"d": 4}})
        {'a': {'value': 3}, 'b': {'c': 1, 'd': 4}}
    """
    if not merges(base, own):
        return own
    return {**base, **{key: merged(base[key], part) if key in base else part for key, part in own.items()}}


def complete(source: Text, path: Path | None = None, folder: Path | None = None) -> tuple[Text, list[BadInput]]:
    """A regime's file with what it takes over from the regime that it extends; the file itself where it extends none.

    Args:
        source: what the file itself says.
        path: where it lies; None for a regime that is written in a scenario.
        folder: the folder from which paths start; by default its own.

    Returns:
        The whole, and what is wrong with the keys that it takes out.

    Raises:
        BadInput: what it extends is not there, is no regime, or extends it in turn.
    """
    chain = [] if path is None else [(path.resolve(), source.name)]
    return _complete(source, path.parent if path is not None else folder, chain)


def _complete(source: Text, folder: Path | None, chain: list[tuple[Path, str]]) -> tuple[Text, list[BadInput]]:
    if "extends" not in source.data:
        return source, []
    path = _base_path(source, folder)
    told = _told(source, path)
    if path.resolve() in [met for met, _ in chain]:
        names = [*(name for _, name in chain), told]
        raise _fault(source, "extends", f"goes in a circle: {' extends '.join(names)}")
    raw = written(str(source.data["extends"]), folder)
    if not {"kind", "extends"} & set(raw.data):
        raise _fault(source, "extends", f"`{source.data['extends']}` is no regime: it has neither kind nor extends")
    base, found = _complete(raw, path.parent, [*chain, (path.resolve(), told)])
    kept = {key: part for key, part in base.data.items() if key not in NEVER_TAKEN}
    gone, odd = _taken_out(source, base.data)
    for place in gone:
        kept = _without(kept, place)
    own = {key: part for key, part in source.data.items() if key not in ("extends", "remove")}
    both = merged(kept, own)
    data = {key: both[key] for key in ("id", "title", "summary", "kind") if key in both} | both
    return Extended(source.name, source.text, data, source, base, kept, tuple(gone)), found + odd


def _base_path(source: Text, folder: Path | None) -> Path:
    """The file of the regime that another extends."""
    name = source.data["extends"]
    if not isinstance(name, str) or not name:
        raise _fault(source, "extends", f"must be the name of a regime or the path of its file, not {kind_of(name)}")
    if not is_path(name):
        if name in list_regimes():
            return path_of(name)
        own = folder is not None and (folder / f"{name}.toml").is_file()
        raise _fault(source, "extends", f"there is no regime `{name}`", f"{name}.toml" if own else nearest(name, list_regimes()))
    path = path_of(name, folder)
    if not path.is_file():
        beside = [name[: name.rfind("/") + 1] + each.name for each in path.parent.glob("*.toml")]
        raise _fault(source, "extends", f"there is no file `{name}`", nearest(name, [*beside, *list_regimes()]))
    return path


def _told(source: Text, path: Path) -> str:
    """How a message calls the regime that a file extends."""
    return os.path.normpath(path) if is_path(str(source.data["extends"])) else str(source.data["extends"])


def _fault(source: Text, key: str, message: str, hint: str | None = None) -> BadInput:
    return BadInput(message, source.name, source.line((key,)), key, hint)


def _taken_out(source: Text, base: dict[str, Any]) -> tuple[list[Place], list[BadInput]]:
    """The places that a file takes out of what it extends, and those that are not there to be taken out."""
    given = source.data.get("remove", [])
    if not isinstance(given, list) or not all(isinstance(key, str) for key in given):
        return [], [_fault(source, "remove", 'must be a list of keys as text, such as ["points.litters"]')]
    there = {dotted(place): place for place in _places(base) if place[0] not in STAYS}
    what = f"`{source.data['extends']}` has no `{{}}` that could be taken out"
    found = [_fault(source, "remove", what.format(key), nearest(key, there)) for key in given if key not in there]
    return [there[key] for key in given if key in there], found


def _places(data: Mapping[str, Any], under: Place = ()) -> list[Place]:
    """Every table and key of nested dicts, but nothing inside a number or a list."""
    found: list[Place] = []
    for key, part in data.items():
        found.append((*under, key))
        if isinstance(part, Mapping) and "value" not in part:
            found += _places(part, (*under, key))
    return found


def _has(data: Any, place: Place) -> bool:
    for part in place:
        if not isinstance(data, Mapping) or part not in data:
            return False
        data = data[part]
    return True


def _without(data: dict[str, Any], place: Place) -> dict[str, Any]:
    """Nested dicts less one place, and less the tables that are empty without it; what is not there is no matter."""
    key, *rest = place
    if key not in data:
        return data
    inner = _without(data[key], tuple(rest)) if rest else {}
    return {**data, key: inner} if inner else {other: part for other, part in data.items() if other != key}
