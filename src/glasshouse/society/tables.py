"""Published aggregate tables: read, checked, and refused when they come near to records of people.

What is refused, and how, stands in refusal.py: half of the line that the project does not cross.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from glasshouse.errors import BadInput, nearest
from glasshouse.society.parameters import line_of, read_toml, read_values
from glasshouse.society.refusal import (
    ROW_KEYS,
    TABLE_KEYS,
    check_head,
    check_keys,
    check_people,
    check_shape,
    checked_columns,
    checked_rows,
)
from glasshouse.society.shapes import SHAPES
from glasshouse.values import Value


@dataclass(frozen=True)
class Table:
    """One published table: a label a row, numbers in the other columns, and where they come from.

    Attributes:
        name: the file's name without its ending.
        kind: count (people in `unit`), share (the rows add up to all), rate (each cell stands by itself), mean (of equal classes),
            weight, or seed (a first guess, no publication).
        population: people (or households) that the table as a whole stands for; `of` says who.
        labels: the first column, one a row.
        columns: the other columns' names.
        cells: float64, (rows, columns), in `unit`.
        rows: per label what differs from the table: source, status, year, recalled, spread.
    """

    name: str
    about: str
    kind: str
    unit: str
    population: int
    of: str
    year: int
    status: str
    source: str
    labels: tuple[str, ...]
    columns: tuple[str, ...]
    cells: NDArray[np.float64]
    recalled: bool = False
    spread: float | None = None
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def column(self, name: str) -> NDArray[np.float64]:
        """One column, float64, (rows,), in the table's unit."""
        return self.cells[:, self.columns.index(name)].copy()

    def at(self, label: str, column: str | None = None) -> float:
        """One cell, in the table's unit; the column may be left out where there is only one."""
        return float(self.cells[self.labels.index(label), 0 if column is None else self.columns.index(column)])

    def cite(self, label: str) -> dict[str, Any]:
        """Source, status, year, recalled and spread of one row."""
        said = {"source": self.source, "status": self.status, "year": self.year, "recalled": self.recalled, "spread": self.spread}
        return {**said, **self.rows.get(label, {})}


@dataclass(frozen=True, eq=False)
class Tables:
    """All that a society is drawn from: the tables of one folder and the values beside them. Two are equal when every number in them is.

    Attributes:
        name: such as "china-2019".
        tables: by name.
        values: by path, such as "order.noise".
    """

    name: str
    tables: Mapping[str, Table]
    values: Mapping[str, Value]

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]

    @cached_property
    def _numbers(self) -> tuple[Any, ...]:
        tables = ((table.name, table.kind, table.unit, table.labels, table.columns, table.cells.tobytes()) for table in self.tables.values())
        return self.name, *tables, *((path, value.value) for path, value in self.values.items())

    def __eq__(self, other: object) -> bool:
        return self._numbers == other._numbers if isinstance(other, Tables) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._numbers)

    def number(self, path: str) -> float:
        """The value at a path, as a float, in its own unit."""
        return float(self.values[path].value)

    def with_values(self, values: Mapping[str, Value]) -> Tables:
        """The same tables with the values that a scenario has for them.

        Args:
            values: by the scenario's paths, such as "society.order.noise"; what else is there is let be.

        Raises:
            BadInput: one of the society's values is not among them.
        """
        missing = [path for path in self.values if f"society.{path}" not in values]
        if missing:
            raise BadInput("is missing", key=f"society.{missing[0]}")
        return replace(self, values={path: values[f"society.{path}"] for path in self.values})

    def changed(self, changes: Mapping[str, float]) -> Tables:
        """The same tables with some values replaced by others inside their ranges.

        Args:
            changes: new numbers by path.

        Raises:
            BadInput: no value has that path, or the new one is not a number inside the value's range.

        Example:
            >>> from glasshouse.society import load_tables
            >>> load_tables().changed({"order.noise": 0.25}).number("order.noise")
            0.25
        """
        values = dict(self.values)
        for path, number in changes.items():
            if path not in values:
                raise BadInput(f"society `{self.name}` has no such value", key=path, hint=nearest(path, values))
            try:
                values[path] = Value(**{**values[path].model_dump(), "value": number})
            except ValidationError as error:
                raise BadInput(error.errors()[0]["msg"], key=path) from None
        return replace(self, values=values)


def load_tables(name: str | Path = "china-2019") -> Tables:
    """Read a society's tables and values.

    Args:
        name: one that ships with the package, or the path of a folder laid out like it.

    Returns:
        Every table, checked against the line above and against the shape that the society needs.

    Raises:
        BadInput: the folder or a table is missing, a table is refused, or a file is wrong; the message names file, line and key.

    Example:
        >>> tables = load_tables()
        >>> tables["residence"].at("urban")
        63.89
    """
    folder = folder_of(name)
    tables = {}
    for path in sorted(folder.glob("*.toml")):
        if path.stem == "parameters":
            continue
        if path.stem not in SHAPES:
            raise BadInput("the society has no use for a table of this name", file=path, hint=nearest(path.stem, SHAPES))
        tables[path.stem] = read_table(path)
    for needed in (*SHAPES, "parameters"):
        if not (folder / f"{needed}.toml").is_file():
            raise BadInput(f"the society `{folder.name}` lacks the file {needed}.toml", file=folder)
    return Tables(folder.name, tables, read_values(folder / "parameters.toml"))


def folder_of(name: str | Path) -> Path:
    """The folder of a society's tables: that of a shipped one by its name, or a path.

    Raises:
        BadInput: there is no such folder.

    Example:
        >>> folder_of("exampleland").name
        'exampleland'
    """
    shipped = Path(__file__).parent / "data"
    folder = Path(name) if "/" in str(name) or "\\" in str(name) or Path(name).is_dir() else shipped / str(name)
    if not folder.is_dir():
        there = sorted(path.name for path in shipped.iterdir() if path.is_dir())
        raise BadInput(f"there is no society `{name}`; there are: {', '.join(there)}", hint=nearest(str(name), there))
    return folder


def read_table(path: Path) -> Table:
    """Read one table, and refuse it where it comes near to records of people.

    Args:
        path: a TOML file with a block `[table]` and perhaps blocks `[row."LABEL"]`.

    Raises:
        BadInput: with file, line and key.
    """
    text, data = read_toml(path)
    for key in data:
        if key not in ("table", "row"):
            raise BadInput("unknown block", file=path, place=line_of(text, key), key=key, hint=nearest(key, ("table", "row")))
    head = data.get("table")
    if not isinstance(head, dict):
        raise BadInput("the block [table] is missing", file=path)
    check_keys(head, TABLE_KEYS, path, text, "table")
    for key in sorted(TABLE_KEYS - {"recalled", "spread"} - set(head)):
        raise BadInput("is missing", file=path, key=f"table.{key}")
    columns = checked_columns(head["columns"], path, text)
    labels, cells = checked_rows(head["rows"], columns, path, text)
    rows = data.get("row", {})
    if not isinstance(rows, Mapping):
        raise BadInput("must be a block", file=path, place=line_of(text, "row"), key="row")
    for label, said in rows.items():
        if label not in labels:
            raise BadInput(
                "no row has this label", file=path, place=line_of(text, label), key=f'row."{label}"', hint=nearest(label, labels)
            )
        check_keys(said, ROW_KEYS, path, text, f'row."{label}"')
    table = Table(
        name=path.stem,
        labels=labels,
        columns=columns[1:],
        cells=cells,
        rows=rows,
        **{key: value for key, value in head.items() if key not in ("columns", "rows")},
    )
    check_head(table, path, text)
    check_people(table, path, text)
    check_shape(table, path)
    return table
