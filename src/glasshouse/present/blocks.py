"""What a page is made of: sections that hold words, tables, cards and figures. They carry values; the template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Column:
    """One column of a table. number: whether its cells stand to the right."""

    title: str
    number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of text under titles; the first cell of a row names it, and may have a second line for its key. kind chooses the template."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    fold: str = ""  # the words on a folded table; "" for one that stands open
    kind: str = "table"


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a name, its colour, and its mark (box, line, dash, dot)."""

    name: str
    colour: str
    mark: str = "box"
    dash: str = ""


@dataclass(frozen=True)
class Figure:
    """A chart with what stands around it.

    title: a sentence. unit: what is counted. spec: a Vega-Lite chart without its data; rows: the data. summary: what the chart shows, in a
    sentence that can be read aloud. table: the numbers behind it.
    """

    title: str
    unit: str
    spec: dict[str, Any]
    rows: list[dict[str, Any]]
    summary: str
    table: Table
    legend: tuple[Key, ...] = ()
    note: str = ""
    kind: str = "figure"


@dataclass(frozen=True)
class Row:
    """Figures side by side where there is room, with one legend for all."""

    figures: tuple[Figure, ...]
    legend: tuple[Key, ...] = ()
    title: str = ""
    kind: str = "row"


@dataclass(frozen=True)
class Words:
    """A paragraph, or a list of them. kind: words, or heading for a heading inside a section."""

    text: str
    items: tuple[str, ...] = ()
    quiet: bool = False
    kind: str = "words"


@dataclass(frozen=True)
class Move:
    """How one assumed number moves a headline: values as text, and where they stand on a line of 0..100."""

    key: str
    about: str
    swing: str
    result: str
    left: float
    right: float
    base: float


@dataclass(frozen=True)
class Card:
    """One headline: a number, what it counts, what it is beside the same people without the score, and how far assumed numbers move it."""

    id: str
    value: str
    label: str
    beside: str = ""
    range: str = ""
    moves: tuple[Move, ...] = ()
    gap: bool = False


@dataclass(frozen=True)
class Bar:
    """Where an interval and its middle stand on a line of 0..100."""

    left: float
    right: float
    at: float


@dataclass(frozen=True)
class Cell:
    """A number as text, its interval, the same drawn, what it differs by, and whether few people stand behind it."""

    value: str
    interval: str = ""
    bar: Bar | None = None
    beside: str = ""
    few: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a matrix: what it is called, what is counted, what a larger number means, where more of it stands, a cell a column."""

    title: str
    of: str
    direction: str
    more: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """Lines under columns, each cell a number with its interval and a small figure."""

    caption: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str = ""
    kind: str = "matrix"


@dataclass(frozen=True)
class Cards:
    """Cards under one title."""

    title: str
    cards: tuple[Card, ...]
    kind: str = "cards"


@dataclass(frozen=True)
class Fold:
    """Blocks that stand folded under a line of words."""

    title: str
    blocks: Sequence[Any]
    kind: str = "fold"


@dataclass(frozen=True)
class Section:
    """A part of the page under a heading that the list of contents names."""

    id: str
    title: str
    blocks: Sequence[Any] = field(default_factory=tuple)


def heading(text: str) -> Words:
    """A heading inside a section."""
    return Words(text, kind="heading")
