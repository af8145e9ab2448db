"""A finished run as one object: what was asked, the summary, and the tables, read when they are first asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import polars as pl

from ..errors import BadInput, GlasshouseError, must_name, nearest
from ..outside import text_of
from . import parquet
from .folder import FORMAT, KNOWN, LAYOUT, MANIFEST, MODEL, RANGES, SCENARIO, SUMMARY, TABLES, inside, is_run, read_json
from .show import as_html, as_text


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """What a run left, in a folder or in memory.

    Fields:
        folder: where it lies, or None where it is kept in memory.
        summary: the numbers of the run, as `glasshouse run --json` prints them (docs/schema.md).
        scenario_toml: the scenario in full, from which the run can be repeated.
        what: what the run is: versions, seed, hashes; the same for the same run.
        how: how it was carried out: times, machine.
        tables: the tables kept in memory, by name; those of a folder are read when asked for.
        files: size and hash of each file of the folder.

    The tables (docs/schema.md describes each column) are Polars frames: daily, groups, citizens, spells, panel, flows, margins, ledger.
    """

    folder: Path | None
    summary: dict[str, Any]
    scenario_toml: str
    what: dict[str, Any]
    how: dict[str, Any]
    tables: dict[str, pl.DataFrame] = field(default_factory=dict)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def table(self, name: str) -> pl.DataFrame:
        """One table of the run.

        Args:
            name: one of `daily`, `groups`, `citizens`, `spells`, `panel`, `flows`, `margins`, `ledger`.

        Raises:
            BadInput: the run has no such table, or its file is missing or damaged.
        """
        if name not in self.tables:
            self.tables[name] = parquet.read(self._file(name))
        return self.tables[name]

    def part(self, name: str, columns: Iterable[str]) -> pl.DataFrame:
        """Some columns of one table, of which no others are read.

        Args:
            name: as of `table`.
            columns: names of columns; a star stands for any end, as in `days.*`. Names that the table has not are passed over.

        Raises:
            BadInput: the run has no such table, or its file is missing or damaged.
        """
        chosen = [*columns]
        if name not in self.tables:
            return parquet.read(self._file(name), lambda column: _is_among(column, chosen))
        return self.tables[name].select(column for column in self.tables[name].columns if _is_among(column, chosen))

    def lazy(self, name: str, columns: Iterable[str]) -> pl.LazyFrame:
        """The same, read only when something is asked of it, and then what that needs.

        Args:
            name, columns: as of `part`.

        Raises:
            BadInput: the run has no such table, or its file is missing or damaged.
        """
        chosen = [*columns]
        if name not in self.tables:
            return parquet.scan(self._file(name), lambda column: _is_among(column, chosen))
        return self.part(name, chosen).lazy()

    def _file(self, name: str) -> Path:
        if self.folder is None or f"{name}.parquet" not in self.files:
            hint = nearest(name, self.table_names)
            raise BadInput(f"the run has no table `{name}`", file=self.folder, hint=None if hint == name else hint)
        return self.folder / f"{name}.parquet"

    @property
    def table_names(self) -> tuple[str, ...]:
        """The tables that the run has."""
        return tuple(name for name in TABLES if name in self.tables or f"{name}.parquet" in self.files)

    @property
    def daily(self) -> pl.DataFrame:
        """One row a day, regime and measure: whole-number sums over everybody."""
        return self.table("daily")

    @property
    def groups(self) -> pl.DataFrame:
        """One row a month, regime, grouping, group and measure."""
        return self.table("groups")

    @property
    def citizens(self) -> pl.DataFrame:
        """One row a citizen, regime and year's end."""
        return self.table("citizens")

    @property
    def spells(self) -> pl.DataFrame:
        """One row a spell under a consequence."""
        return self.table("spells")

    @property
    def panel(self) -> pl.DataFrame:
        """Every event in the lives of a few hundred followed citizens."""
        return self.table("panel")

    @property
    def flows(self) -> pl.DataFrame:
        """From channel and act to the domain of life where they were felt, in sums over everybody."""
        return self.table("flows")

    @property
    def margins(self) -> pl.DataFrame:
        """The society of the run beside each published figure that it was drawn from."""
        return self.table("margins")

    @property
    def ledger(self) -> pl.DataFrame:
        """Every parameter of the run with its unit, value, range, status and source."""
        return self.table("ledger")

    @property
    def ranges(self) -> dict[str, Any]:
        """How the assumed numbers that matter most move each headline; empty where nobody worked it out."""
        return read_json(self.folder / RANGES) if self.folder is not None and RANGES in self.files else {}

    def save(self, folder: str | Path) -> Run:
        """Write the run into a folder (new, empty, or of an earlier run) and return it from there."""
        from .write import write

        tables = {name: self.table(name) for name in self.table_names}
        return write(folder, scenario_toml=self.scenario_toml, what=self.what, how=self.how, summary=self.summary, tables=tables)

    def __repr__(self) -> str:
        return as_text(self.summary, self.folder)

    def _repr_html_(self) -> str:
        return as_html(self.summary, self.folder)


def _is_among(column: str, chosen: Iterable[str]) -> bool:
    """Whether a column is one of those chosen, by its name or by how it begins."""
    return any(fnmatchcase(column, one) for one in chosen)


def open_run(folder: str | Path) -> Run:
    """Open a run that an earlier command left.

    Args:
        folder: the run's folder.

    Returns:
        The run; its tables are read when they are first asked for.

    Raises:
        BadInput: what was given is no path, there is no such folder, it holds something else, was broken off, or is damaged.
    """
    must_name(folder, "open_run takes the folder of a run")
    folder = Path(folder)
    _check_source(folder)
    manifest = read_json(folder / MANIFEST)
    layout = manifest.get("layout", 0)
    if not isinstance(layout, int) or not all(isinstance(manifest.get(part), dict) for part in ("what", "how", "files")):
        raise BadInput(f"the {MANIFEST} is damaged (a part is missing)", file=folder)
    if layout > LAYOUT:
        raise BadInput("this run was written by a newer version of Glasshouse", file=folder)
    odd = [name for name, noted in manifest["files"].items() if name not in KNOWN or not isinstance(noted, dict)]
    if odd:
        raise BadInput(f"the {MANIFEST} is damaged (`{odd[0]:.60}` is no file of a run)", file=folder)
    summary = read_json(folder / SUMMARY)
    if not isinstance(summary, dict) or not all(isinstance(summary.get(part), dict) for part in ("run", "regimes")):
        raise BadInput(f"the {SUMMARY} is damaged (a part is missing)", file=folder)
    try:
        toml = text_of(inside(folder / SCENARIO))
    except (OSError, ValueError) as error:
        raise BadInput(f"the run lacks its {SCENARIO} ({error})", file=folder) from None
    return Run(folder, summary | {"folder": str(folder)}, toml, manifest["what"], manifest["how"], {}, manifest["files"])


@contextmanager
def as_left(folder: str | Path) -> Iterator[None]:
    """Around whatever is made of a stored run: files that are not as Glasshouse leaves them are bad input, whatever they break.

    Example:
        >>> with as_left("runs/mine"):
        ...     {}["citizens"]
        Traceback (most recent call last):
        glasshouse.errors.BadInput: runs/mine: the files of the run are not as Glasshouse leaves them (KeyError: 'citizens')
    """
    try:
        yield
    except (GlasshouseError, OSError, MemoryError):
        raise
    except (Exception, pl.exceptions.PanicException) as error:
        told = f"{type(error).__name__}: {error}".split("\n")[0][:200]
        raise BadInput(f"the files of the run are not as Glasshouse leaves them ({told})", file=folder) from error


def _check_source(folder: Path) -> None:
    if folder.name.endswith(".partial"):
        raise BadInput("this run was broken off before it was complete", file=folder)
    if folder.is_file():
        raise BadInput("a run is a folder, and this is a file", file=folder)
    if not folder.is_dir():
        beside = [str(path) for path in folder.parent.iterdir() if is_run(path)] if folder.parent.is_dir() else []
        raise BadInput("there is no such run folder", file=folder, hint=nearest(str(folder), beside))
    if not (folder / MANIFEST).exists() and (folder / MODEL).exists():
        raise BadInput("this is a run of a model: its tables are Parquet, and `glasshouse ledger` lists its numbers", file=folder)
    if not (folder / MANIFEST).exists():
        raise BadInput(f"this is no run of Glasshouse (there is no {MANIFEST})", file=folder)
    manifest = read_json(folder / MANIFEST)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BadInput(f"this is no run of Glasshouse (the {MANIFEST} is of another kind)", file=folder)


def changed_files(run: Run) -> list[str]:
    """The files of a stored run that are missing or no longer what the run wrote.

    Args:
        run: a run in a folder; one in memory has no files.

    Returns:
        Names of files, sorted.
    """
    if run.folder is None:
        return []
    return sorted(name for name, noted in run.files.items() if _hash(run.folder / name) != noted.get("sha256"))


def _hash(path: Path) -> str | None:
    try:
        with open(inside(path), "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, BadInput):
        return None
