"""The folder of a sweep: what it is to do, its scenario, and its table, which comes in parts as the runs are over.

While runs are missing it is NAME.partial, with the parts in it. When all are there, the parts are put in the order of the
design, and the folder gets its name. The same sweep leaves the same bytes, whoever was done first and however often it was stopped.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from pyarrow.parquet import ParquetWriter

from ..errors import BadInput
from . import parquet
from .failures import as_bad_input
from .folder import SCENARIO, WRITING, Holds, check_place, lock, partial_of, read_json, says_format, target, whole_in
from .write import as_json, put_in_place, sync, write_file, write_whole

FORMAT = "glasshouse sweep"
PLAN, TABLE, AUDITS, PARTS, RUNS = "sweep.json", "sweep.parquet", "audits.parquet", "parts", "runs"
MANY, SECONDS = 256, 10.0
"""A part is written when it has so many runs, or so many seconds after the one before it."""
WINDOW = 4096  # runs that are put in order at a time: fixed, since it shows in the bytes
AUDIT_COLUMNS = {"run": pl.Int64, "regime": pl.String, "audit": pl.String, "of": pl.String, "value": pl.Float64, "people": pl.Int64}
Row = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """What is kept of one run: rows of the table, and rows of what audits found."""

    table: list[Row]
    audits: list[Row]


def is_sweep(folder: Path) -> bool:
    """Whether a finished sweep lies here."""
    return says_format(folder / PLAN, FORMAT)


SWEEP = Holds("sweep", frozenset({PLAN, TABLE, AUDITS, RUNS, SCENARIO}), is_sweep)


def begun(folder: str | Path) -> tuple[Path, Row] | None:
    """The sweep that lies in a folder, or was begun for it: the place where it lies, and what it is to do; None where there is none."""
    folder = target(folder)
    folder = folder.with_suffix("") if folder.suffix == ".partial" else folder
    for place in (folder, partial_of(folder)):
        if is_sweep(place):
            return place, {key: part for key, part in read_json(place / PLAN).items() if key != "format"}
    return None


def schema(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of the table of a sweep, with their kinds. plan: what its file says."""
    design = plan["design"]
    kinds = dict(zip(design["keys"], map(_kind, zip(*design["settings"], strict=True)), strict=True)) if design["keys"] else {}
    plain = {"run": pl.Int64, **kinds, "seed": pl.Int64, "regime": pl.String, **dict.fromkeys(plan["measures"], pl.Float64)}
    return plain | {"stage": pl.String, "message": pl.String}


def _kind(numbers: tuple[Any, ...]) -> Any:
    had = {type(number) for number in numbers if number is not None}
    return pl.String if str in had else pl.Float64 if float in had else pl.Int64


@dataclass
class Filling:
    """A sweep that is being filled, in its NAME.partial.

    Fields:
        place: NAME.partial.
        kinds: the columns of the table.
        had: how many parts there are.
    """

    place: Path
    kinds: dict[str, Any]
    had: int = 0
    waiting: list[Rows] = field(default_factory=list)
    due: float = field(default_factory=lambda: time.monotonic() + SECONDS)

    def add(self, rows: Rows) -> None:
        """Takes what is kept of one run; a part is written from time to time."""
        self.waiting.append(rows)
        if len(self.waiting) >= MANY or time.monotonic() >= self.due:
            self.flush()

    def flush(self) -> None:
        """Writes what waits as a part. That of the table comes last: without it, that of the audits does not count."""
        if not self.waiting:
            return
        audits = [row for rows in self.waiting for row in rows.audits]
        if audits:
            self._write(AUDITS, audits, AUDIT_COLUMNS)
        self._write(TABLE, [row for rows in self.waiting for row in rows.table], self.kinds)
        self.waiting, self.had, self.due = [], self.had + 1, time.monotonic() + SECONDS

    def _write(self, table: str, rows: list[Row], kinds: dict[str, Any]) -> None:
        name = _part(self.had, table)
        fresh = self.place / PARTS / f"{name}.fresh"
        parquet.write(pl.DataFrame(rows, schema=kinds, orient="row"), fresh)
        sync(fresh)
        os.replace(fresh, self.place / PARTS / name)

    def runs(self, columns: Iterable[str]) -> Iterator[Row]:
        """The rows that are there, in the order in which they came. columns: which of them."""
        for path in parts(self.place, TABLE):
            yield from parquet.read(path, {*columns}.__contains__).iter_rows(named=True)


def _part(number: int, table: str) -> str:
    return f"{number:06d}-{table}"


def parts(place: Path, table: str) -> list[Path]:
    """The parts of a table of an unfinished sweep, those of which both halves are there."""
    found = sorted((place / PARTS).glob(f"*-{TABLE}"))
    return [path for path in (path.with_name(path.name.replace(TABLE, table)) for path in found) if table == TABLE or path.exists()]


@contextmanager
def filling(folder: Path, plan: Row, scenario_toml: str) -> Iterator[Filling]:
    """The NAME.partial of a sweep, locked while it is filled; it stays until `finish`, unless nothing is in it.

    Args:
        folder: the folder that is to come of it.
        plan: what the sweep is to do; a sweep of the same plan goes on.
        scenario_toml: its scenario in full.

    Raises:
        BadInput: another process fills it, another sweep or something else lies there, or the disk refuses.
    """
    place = partial_of(folder)
    check_place(folder, SWEEP)
    if place.exists() and not is_sweep(place) and (not place.is_dir() or any(path.name != WRITING for path in place.iterdir())):
        raise BadInput("something else stands where the sweep is to be written", file=place)
    try:
        place.mkdir(parents=True, exist_ok=True)
        with lock(place / WRITING, place):
            if (found := begun(folder)) is not None and found[1] != plan:
                raise BadInput("another sweep was begun here; name a new folder", file=found[0])
            if not is_sweep(place):
                write_whole(place / SCENARIO, scenario_toml)
                write_whole(place / PLAN, as_json({"format": FORMAT, **plan}))
            (place / PARTS).mkdir(exist_ok=True)
            made = Filling(place, schema(plan), len(parts(place, TABLE)))
            try:
                yield made
            finally:
                if place.exists() and not parts(place, TABLE):
                    shutil.rmtree(place, ignore_errors=True)
    except OSError as error:
        raise as_bad_input(error, folder, what="sweep") from error


def finish(filled: Filling, folder: Path, plan: Row, counts: Callable[[int], bool]) -> None:
    """Puts the parts in order and gives the folder its name.

    Args:
        filled: a sweep of which all runs are over.
        folder: the folder that comes of it.
        plan: what it was to do.
        counts: says of the number of a run whether it is part of the result.
    """
    filled.flush()
    place, whole = filled.place, whole_in(filled.place)
    total = len(plan["design"]["settings"]) * len(plan["design"]["seeds"])
    _in_order(parts(place, TABLE), whole / TABLE, filled.kinds, total, counts)
    if plan["audits"]:
        _in_order(parts(place, AUDITS), whole / AUDITS, AUDIT_COLUMNS, total, counts)
    if (place / RUNS).is_dir():
        for run in (place / RUNS).iterdir():
            if not (run.name.isdigit() and counts(int(run.name))):
                shutil.rmtree(run)
        os.rename(place / RUNS, whole / RUNS)
    write_file(whole / SCENARIO, (place / SCENARIO).read_text(encoding="utf-8"))
    write_file(whole / PLAN, as_json({"format": FORMAT, **plan}))
    sync(whole)
    put_in_place(whole, folder)
    shutil.rmtree(place, ignore_errors=True)


def _in_order(paths: list[Path], to: Path, kinds: dict[str, Any], total: int, counts: Callable[[int], bool]) -> None:
    """Joins parts in the order of the runs, some runs at a time, so that memory does not grow with the sweep."""
    spans = [parquet.scan(path).select(low=pl.col("run").min(), high=pl.col("run").max()).collect().row(0) for path in paths]
    empty = pl.DataFrame(schema=kinds).to_arrow()
    with ParquetWriter(to, empty.schema, compression="zstd", compression_level=parquet.LEVEL) as writer:
        for first in range(0, total, WINDOW):
            wanted = [number for number in range(first, min(total, first + WINDOW)) if counts(number)]
            near = [path for path, (low, high) in zip(paths, spans, strict=True) if high >= first and low < first + WINDOW]
            found = [parquet.scan(path).filter(pl.col("run").is_in(wanted)).collect() for path in near]
            if found:
                writer.write_table(pl.concat(found).sort("run", maintain_order=True).rechunk().to_arrow().cast(empty.schema))
    sync(to)


def frame(place: Path, table: str = TABLE) -> pl.LazyFrame:
    """The rows that are there: of a finished sweep in the order of the design, of an unfinished one as they came.

    Args:
        place: what `begun` says.
        table: TABLE, or AUDITS.

    Raises:
        BadInput: no sweep lies there, or it is damaged.
    """
    if (place / table).exists():
        return parquet.scan(place / table)
    plan = read_json(place / PLAN)
    kinds = schema(plan) if table == TABLE else AUDIT_COLUMNS
    found = parts(place, table)
    rows = [parquet.read(path) for path in found]  # now: the parts are gone when all runs are over
    return pl.concat(rows).lazy() if rows else pl.LazyFrame(schema=kinds)
