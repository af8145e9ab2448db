"""Every number that a society uses, as Values for the ledger."""

from __future__ import annotations

from pathlib import Path

from glasshouse.society.tables import Table, Tables, load_tables
from glasshouse.values import Value


def world(name: str | Path | Tables = "china-2019") -> list[tuple[str, Value]]:
    """Every cell of every table, and every value, that a society is drawn from.

    Args:
        name: a shipped society, a folder, or tables already loaded (perhaps with values changed).

    Returns:
        Pairs (path, Value), such as ("society.residence.urban", ...), in a fixed order.

    Example:
        >>> ledger = dict(world())
        >>> ledger["society.residence.urban"].value, ledger["society.residence.urban"].status
        (63.89, 'measured')
    """
    tables = name if isinstance(name, Tables) else load_tables(name)
    cells = [pair for table in tables.tables.values() for pair in _cells(table)]
    return cells + [(f"society.{path}", value) for path, value in tables.values.items()]


def _cells(table: Table) -> list[tuple[str, Value]]:
    found = []
    for label in table.labels:
        said = table.cite(label)
        for column in table.columns:
            number = table.at(label, column)
            alone = len(table.columns) == 1
            spread = said["spread"]
            value = Value(
                about=f"{table.about} Row {label}" + ("." if alone else f", column {column}."),
                unit=table.unit,
                status=said["status"],
                source=f"{said['source']} Year {said['year']}.",
                range=(max(number - spread, 0.0), number + spread) if spread is not None else None,
                recalled=bool(said["recalled"]),
                value=number,
            )
            found.append((f"society.{table.name}.{label}" + ("" if alone else f".{column}"), value))
    return found
