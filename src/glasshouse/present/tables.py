"""Tables made short: titles and rows of text in, a block out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .blocks import Column, Table

BEHIND = "Show the numbers as a table"


def table(caption: str, titles: Sequence[str], rows: Iterable[Sequence[str]], note: str = "", fold: str = "") -> Table:
    """A table; a title that begins with # heads a column of numbers.

    Example:
        >>> table("Grades", ["Grade", "#Share"], [["A", "3 %"]]).columns[1]
        Column(title='Share', number=True)
    """
    columns = tuple(Column(title.removeprefix("#"), title.startswith("#")) for title in titles)
    return Table(caption, columns, tuple(tuple(row) for row in rows), note, fold)


def behind(caption: str, titles: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> Table:
    """The folded table of numbers behind a chart."""
    return table(caption, titles, rows, note, fold=BEHIND)
