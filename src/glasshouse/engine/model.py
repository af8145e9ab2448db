"""What a model declares: its fields, parameters, luck and the chain of steps that is one day.

A step names a rule (a pure scalar function); the engine looks each of the rule's arguments up by name: a field, a value
of the day computed before, a word of luck, a parameter. So a rule receives what its signature says and nothing else.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import get_args, get_type_hints

import numpy as np

TILE = 1024  # citizens that pass through all steps of a day together: their values fit in the cache
BLOCK = 256  # citizens that share a day of the week for weekly steps
WIDTHS = {np.float32: "f4", np.float64: "f8", np.int32: "i4", np.uint32: "u4", np.int64: "i8", np.uint64: "u8", bool: "i4"}
FIXED = 65535  # a fixed-point field holds a share of 0..1 in 1/65535


@dataclass(frozen=True)
class Field:
    """One column of the state: a value a citizen, or `many` of them.

    dtype: "u1" .. "i8", or "share" for 0..1 kept as uint16. kind: which regimes have it ("" for the citizen's own,
    the same under every regime). high: the largest value, for the documentation and the tests. seen: others may read
    it, as it stood when the day began, under the name `their_` and its own. tally: steps add to it and none reads it, so
    it is kept only of those who will be in a table.
    """

    name: str
    dtype: str
    unit: str
    about: str
    kind: str = "life"
    many: int = 0
    low: float = 0
    high: float = 0
    seen: bool = False
    tally: bool = False

    @property
    def stored(self) -> str:
        """The dtype in which it is kept."""
        return "u2" if self.dtype == "share" else self.dtype


@dataclass(frozen=True)
class Param:
    """A number or table that rules may name: one for the world, or one a regime. by: what indexes it in a rule's argument."""

    name: str
    dtype: str
    scope: str = "world"
    by: tuple[str, ...] = ()
    dims: int = 0


@dataclass(frozen=True)
class Luck:
    """Four words of luck under one name. over: where they are drawn; lasting: the same all days; of: how many neighbours
    share them, a number or the name of a parameter of the world."""

    name: str
    words: tuple[str, ...]
    over: str = "tile"
    lasting: bool = False
    of: int | str = 1


@dataclass(frozen=True)
class At:
    """An argument taken from a table at a fixed or named place."""

    name: str
    index: tuple


@dataclass(frozen=True)
class Step:
    """One rule applied over a domain.

    over: "tile", "week", "month" or the name of a list. writes: where the results go, in order: a field or a value of
    the day; "+measure" adds to a measure by cell, "+measure@index" to one of a row of measures, "&field@index" adds
    to one of many; "=measure" sums over the tile; "" drops it. only: a value that must not be 0, or (value, number).
    """

    rule: Callable
    over: str
    writes: tuple[str, ...]
    kind: str = "life"
    bind: dict = field(default_factory=dict)
    only: object = None
    shared: bool = False


@dataclass(frozen=True)
class Pick:
    """Makes a list of those citizens (or of those entries of another list) for whom a value is not 0, or is a number: (value, number)."""

    name: str
    where: object
    over: str
    kind: str = "life"
    shared: bool = False


@dataclass(frozen=True)
class Log:
    """Writes one row of whole numbers for each entry of a list."""

    name: str
    columns: tuple[str, ...]
    over: str
    kind: str = "life"
    only: object = None


@dataclass(frozen=True)
class Model:
    """A whole model: what is kept, what is given, and the chain of a day. Final.

    kinds: kinds of regime; a regime has a row in the columns of the kinds it is of. values: what a day computes and
    forgets, with dtype. clock: whole numbers that the host sets for each day. measures: name -> rows, each by cell.
    sums: names of daily totals. publishes: the value that becomes a citizen's public word.
    """

    name: str
    fields: tuple[Field, ...]
    params: tuple[Param, ...]
    luck: tuple[Luck, ...]
    values: dict[str, str]
    clock: tuple[str, ...]
    chain: tuple
    measures: dict[str, int]
    sums: tuple[str, ...]
    kinds: tuple[str, ...]
    cells: int
    cell: str = "cell"
    publishes: str = "word"

    def measure_rows(self) -> dict[str, int]:
        """The first row of each measure."""
        rows, n = {}, 0
        for name, size in self.measures.items():
            rows[name] = n
            n += size
        return rows

    def width(self) -> int:
        """Rows of measures in all."""
        return sum(self.measures.values())


def returns(rule: Callable) -> tuple[str, ...]:
    """The widths of a rule's results, in order, by its annotations."""
    returned = get_type_hints(rule).get("return")
    kinds = get_args(returned) or (returned,)
    if not all(kind in WIDTHS for kind in kinds):
        raise TypeError(f"the rule {rule.__name__!r} does not say the type of each result")
    return tuple(WIDTHS[kind] for kind in kinds)


def values_of(chain: Iterable, kept: Iterable[str]) -> dict[str, str]:
    """What a day computes and forgets, each of the width that the rules which write it return; kept: what is no such value."""
    found: dict[str, str] = {}
    for step in (item for item in chain if isinstance(item, Step)):
        for target, width in zip(step.writes, returns(step.rule), strict=True):
            for name in target.split("|"):
                if name and name[0] not in "+&=" and "@" not in name and name not in kept:
                    if found.setdefault(name, width) != width:
                        raise TypeError(f"{step.rule.__name__!r} writes {name!r} as {width}, another rule as {found[name]}")
    return found


def arguments(rule: Callable) -> list[str]:
    """The names of a rule's arguments, in order."""
    return list(inspect.signature(rule).parameters)
