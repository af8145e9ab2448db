"""What a table must not be. Half of the line that the project does not cross (the other half: nothing else is read).

A table may have at most 20,000 cells, no cell may stand for fewer than 20 people of the population that it names, and no column may look
like
a key to a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import BadInput, nearest
from glasshouse.society.parameters import line_of
from glasshouse.society.shapes import SHAPES

if TYPE_CHECKING:
    from glasshouse.society.tables import Table

MOST_CELLS = 20_000
FEWEST_PEOPLE = 20
MOST = 1e15  # more of anything than a country has
KINDS = ("count", "share", "rate", "mean", "weight", "seed")
STATUSES = ("law", "measured", "derived", "reported", "assumed")
SCALES = {"million": 1e6, "thousand": 1e3, "people": 1.0, "%": 0.01, "per 100,000": 1e-5}

_KEY_WORDS = frozenset(
    "id ids identifier identity key uid uuid guid name names surname forename firstname lastname fullname nickname alias"
    " phone telephone mobile tel passport passports email mail address addresses street postcode zip ssn cnp nin"
    " birthday birthdate dob licence_number plate account accounts iban card wechat weixin alipay weibo qq openid handle username"
    " user_id hukou_no imei imsi mac ip latitude longitude lat lon gps face fingerprint photo hash token person_no citizen_no".split()
)
TABLE_KEYS = {"about", "kind", "unit", "population", "of", "year", "status", "recalled", "spread", "source", "columns", "rows"}
ROW_KEYS = {"year", "status", "recalled", "spread", "source"}


def check_keys(block: Any, known: set[str], path: Path, text: str, where: str) -> None:
    if not isinstance(block, Mapping):
        raise BadInput("must be a block", file=path, place=line_of(text, where), key=where)
    for key in block:
        if key not in known:
            raise BadInput("unknown key", file=path, place=line_of(text, key), key=f"{where}.{key}", hint=nearest(key, known))


def checked_columns(columns: Any, path: Path, text: str) -> tuple[str, ...]:
    if not isinstance(columns, list) or len(columns) < 2 or not all(isinstance(column, str) for column in columns):
        raise BadInput("must list at least two column names", file=path, place=line_of(text, "columns"), key="table.columns")
    for column in columns:
        folded = column.casefold().strip()
        tokens = {folded, *re.split(r"[^a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", column).casefold())}
        if tokens & _KEY_WORDS:
            raise BadInput(
                f"the column `{column}` looks like a key to a person; Glasshouse reads aggregates, never records",
                file=path,
                place=line_of(text, column),
                key="table.columns",
            )
    if len(set(columns)) < len(columns):
        raise BadInput("a column name occurs twice", file=path, place=line_of(text, "columns"), key="table.columns")
    return tuple(columns)


def checked_rows(rows: Any, columns: tuple[str, ...], path: Path, text: str) -> tuple[tuple[str, ...], NDArray[np.float64]]:
    place = line_of(text, "rows")
    if not isinstance(rows, list) or not rows:
        raise BadInput("must list the rows", file=path, place=place, key="table.rows")
    if len(rows) * (len(columns) - 1) > MOST_CELLS:
        raise BadInput(
            f"has {len(rows) * (len(columns) - 1):,} cells; a table of more than {MOST_CELLS:,} is refused:"
            " it comes near to records of people",
            file=path,
            place=place,
            key="table.rows",
        )
    for row in rows:
        good = isinstance(row, list) and len(row) == len(columns) and isinstance(row[0], str)
        if not good or not all(isinstance(cell, (int, float)) and not isinstance(cell, bool) for cell in row[1:]):
            raise BadInput(
                f"each row must be a label and {len(columns) - 1} numbers, not {row!r}"[:200], file=path, place=place, key="table.rows"
            )
        if not all(0 <= cell <= MOST for cell in row[1:]):
            raise BadInput("a cell is negative, not finite or beyond all measure", file=path, place=line_of(text, row[0]), key=f'table.rows."{row[0]}"')
    labels = tuple(row[0] for row in rows)
    if len(set(labels)) < len(labels):
        twice = next(label for label in labels if labels.count(label) > 1)
        raise BadInput("the label occurs twice", file=path, place=line_of(text, twice), key=f'table.rows."{twice}"')
    return labels, np.array([row[1:] for row in rows], dtype=np.float64)


def check_head(table: Table, path: Path, text: str) -> None:
    if table.kind not in KINDS:
        raise BadInput(
            "unknown kind of table", file=path, place=line_of(text, "kind"), key="table.kind", hint=nearest(str(table.kind), KINDS)
        )
    for key in ("about", "kind", "unit", "of"):
        if not isinstance(getattr(table, key), str):
            raise BadInput("must be text", file=path, place=line_of(text, key), key=f"table.{key}")
    if not isinstance(table.population, int) or not 1 <= table.population <= MOST:
        raise BadInput("must be a whole number of people", file=path, place=line_of(text, "population"), key="table.population")
    for label in ("", *table.rows):
        said, where = table.cite(label), f'row."{label}"' if label else "table"
        if said["status"] not in STATUSES:
            raise BadInput(
                "unknown status",
                file=path,
                place=line_of(text, "status"),
                key=f"{where}.status",
                hint=nearest(str(said["status"]), STATUSES),
            )
        if not isinstance(said["year"], int) or not 1 <= said["year"] <= 9999:
            raise BadInput("must be a year", file=path, place=line_of(text, "year"), key=f"{where}.year")
        if not isinstance(said["source"], str) or not said["source"].strip():
            raise BadInput("must say where the number comes from", file=path, place=line_of(text, "source"), key=f"{where}.source")
        if not isinstance(said["recalled"], bool):
            raise BadInput("must be true or false", file=path, place=line_of(text, "recalled"), key=f"{where}.recalled")
        if said["spread"] is not None and not (isinstance(said["spread"], (int, float)) and 0 <= said["spread"] <= MOST):
            raise BadInput("must be a number", file=path, place=line_of(text, "spread"), key=f"{where}.spread")
        if said["status"] == "assumed" and said["spread"] is None:
            raise BadInput("an assumed number needs a `spread` either way, in the table's unit", file=path, key=f"{where}.spread")


def people_behind(table: Table) -> NDArray[np.float64] | None:
    """People of the named population behind each cell, (rows, columns); None for a first guess, which stands for nobody.

    Counts and shares stand for themselves, a rate for the smaller of those with and those without, a mean for its class.
    """
    if table.kind in ("seed", "weight"):
        return None
    if table.kind == "mean":
        return np.full(table.cells.shape, table.population / len(table.labels))
    scale = next((size for word, size in SCALES.items() if table.unit.startswith(word)), None)
    if scale is None:
        raise BadInput(f"the unit `{table.unit}` of a table of this kind must begin with one of: {', '.join(SCALES)}", key="table.unit")
    if table.kind == "count":
        return table.cells[:, :1] * scale
    part = table.cells * scale
    return np.minimum(part, 1.0 - part) * table.population if table.kind == "rate" else part * table.population


def check_people(table: Table, path: Path, text: str) -> None:
    try:
        people = people_behind(table)
    except BadInput as error:
        raise BadInput(error.message, file=path, place=line_of(text, "unit"), key="table.unit") from None
    if people is None:
        return
    for label, row in zip(table.labels, people, strict=True):
        if row.min() < FEWEST_PEOPLE:
            raise BadInput(
                f"a cell of the row `{label}` stands for {max(row.min(), 0):.3g} of the {table.of};"
                f" cells for fewer than {FEWEST_PEOPLE} people are refused",
                file=path,
                place=line_of(text, label),
                key=f'table.rows."{label}"',
            )


def check_shape(table: Table, path: Path) -> None:
    columns, labels = SHAPES.get(table.name, (None, None))
    if columns is not None and table.columns != columns:
        raise BadInput(f"the columns after the first must be {', '.join(columns)}", file=path, key="table.columns")
    if labels is not None and table.labels != labels:
        wrong = next((label for label in table.labels if label not in labels), None)
        missing = [label for label in labels if label not in table.labels]
        told = f"the rows must be {', '.join(labels)}" + (f"; missing: {', '.join(missing)}" if missing else "")
        raise BadInput(told, file=path, key="table.rows", hint=nearest(wrong, labels) if wrong else None)
