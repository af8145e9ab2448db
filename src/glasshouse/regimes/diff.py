"""What changes from one regime to another, as data: it can be applied to the one, and reverted from the other.

    made = changes(essay, mine)
    apply(essay, made) == mine
    apply(mine, reverted(made)) == essay

Both give the very same file again: the order of the keys belongs to it. For reading, see told.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from glasshouse.catalogue.faults import dotted
from glasshouse.errors import BadInput
from glasshouse.regimes.extend import merges

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """One part of a regime that is not what it was.

    Fields:
        place: where it stands; () for the whole.
        old: what stood there, None where nothing did. A number with its source and a list are one thing.
        new: what stands there now, None where nothing does.
        order: whether old and new are the keys of the table in their order, and nothing else of it.
    """

    place: tuple[str, ...]
    old: Any
    new: Any
    order: bool = False


def changes(a: Data, b: Data) -> tuple[Change, ...]:
    """What makes one regime of another.

    Args:
        a: the data of a regime, as `regime_text` gives them.
        b: those of the other.

    Example:
        >>> changes({"id": "a", "score": {"base": {"value": 5}}}, {"id": "b", "score": {}})[1]
        Change(place=('score', 'base'), old={'value': 5}, new=None, order=False)
    """
    return tuple(_changes(a, b, ()))


def _changes(a: Data, b: Data, place: tuple[str, ...]) -> Iterable[Change]:
    for key in [*a, *(key for key in b if key not in a)]:
        old, new = a.get(key), b.get(key)
        if merges(old, new):
            yield from _changes(old, new, (*place, key))
        elif repr(old) != repr(new):  # as written: 1 is not 1.0
            yield Change((*place, key), old, new)
    if list(a) != list(b):
        yield Change(place, list(a), list(b), order=True)


def apply(data: Data, made: Iterable[Change]) -> dict[str, Any]:
    """The regime that some changes make of another; what they are applied to stays as it is.

    Raises:
        BadInput: a change was made for something else than stands there.
    """
    made = list(made)
    result: Any = data
    for change in [each for each in made if not each.order]:
        result = _set(result, change.place, change)
    for change in [each for each in made if each.order]:
        result = _set(result, change.place, change)
    return dict(result)


def reverted(made: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that undo others."""
    return tuple(replace(change, old=change.new, new=change.old) for change in made)


def _set(data: Any, place: tuple[str, ...], change: Change) -> Any:
    if not place and change.order:
        if not isinstance(data, Mapping) or set(data) != set(change.new):
            raise _unfit(change)
        return {key: data[key] for key in change.new}
    key, *rest = place
    if rest or change.order:
        if not isinstance(data, Mapping) or key not in data:
            raise _unfit(change)
        return {**data, key: _set(data[key], tuple(rest), change)}
    if not isinstance(data, Mapping) or repr(data.get(key)) != repr(change.old):
        raise _unfit(change)
    if change.new is None:
        return {other: part for other, part in data.items() if other != key}
    return {**data, key: change.new}


def _unfit(change: Change) -> BadInput:
    return BadInput("the change was made for something else than stands here", key=dotted(change.place) or None)
