"""What was published, a row a figure: read from the folder `targets` beside a society's tables, and checked.

A row says what the figure is, where it was read and how well it is known, which measure of which run it is held against, and how
far apart the two may be, with the reason. Tolerances are written before the first comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from glasshouse import society as _society
from glasshouse.catalogue.faults import among, in_order, refuse, validated
from glasshouse.catalogue.files import Text, read
from glasshouse.catalogue.schema import Block
from glasshouse.errors import BadInput, nearest
from glasshouse.store.folder import TABLES
from glasshouse.values import Number, Words

FOLDER = "targets"
ASKED = ("ties", "traits", "trial")
"""What a run can be asked beside its own tables: whom some of its citizens know; who is on the internet and who drives; the effect of an
experiment (validate/sampled.py)."""
RowId = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Known = Literal["seen", "seen-2nd", "seen-mirror", "derived", "memory"]
"""How a figure is known: read in a copy, read where somebody else quotes it, read on an unrelated host, worked out, or remembered."""
REMEMBERED = "memory"


class RunSpec(Block):
    """A run that several rows share: regimes, first day, length, and the tables that their measures read.

    Fields:
        trial: a published experiment, which says regimes, time and length itself; else each of these is given here.
        citizens: 1,000,000 if left out; of an experiment never more. panel: how many are followed.
        years: at the ends of how many years the citizens are looked at.
    """

    trial: Words | None = None
    regimes: tuple[Words, ...] = ()
    start: Date = Date.min
    days: int = Field(1, ge=1, le=3653)
    tables: tuple[Words, ...] = Field(min_length=1)
    citizens: int | None = Field(None, ge=1)
    panel: int = Field(300, ge=1)
    years: int = Field(1, ge=1)


class Fit(Block):
    """What is fitted before a run: each number, by its path, with the rows that it is fitted to, none later than `until`."""

    until: Date
    numbers: dict[Words, tuple[RowId, ...]] = Field(min_length=1)

    @property
    def rows(self) -> tuple[str, ...]:
        """Every row that something is fitted to."""
        return tuple(row for rows in self.numbers.values() for row in rows)


class Naive(Block):
    """A series of rows (their ids begin with its name) for which naive predictions stand beside the model's."""

    start: Date
    unit: Words


class Fails(Block):
    """Why some rows differ, where that is known.

    Fields:
        rows: their ids, or the beginnings of ids with a star.
        why: in one or two plain sentences.
    """

    rows: tuple[Words, ...] = Field(min_length=1)
    why: Words


class Row(Block):
    """One published figure, and what it is held against.

    Fields:
        id: such as "entries-2018-12".
        about: what it is, in plain words.
        published: the figure, in `unit`; left out where nobody has published one.
        source, status: where it was read, and how well it is known.
        country: of whom it was published.
        date: the day that it is about, for a row of a series.
        run, measure, with_: which measure of which run it is held against; left out where `missing` says what there is not.
        tolerance, reason: how far the two may be apart beyond chance, in `unit`, and why.
        shares: words by which the ledger of a run names the same source.
        fitted: paths of numbers that were chosen to meet it.
        missing: what a run would have to have, or what was not published.
    """

    id: RowId
    about: Words
    published: Number | None = None
    unit: Words
    source: Words
    status: Known
    country: Words
    date: Date | None = None
    run: Words | None = None
    measure: Words | None = None
    with_: dict[str, Number | str | list[str]] = Field(default_factory=dict, alias="with")
    tolerance: float | None = Field(None, ge=0)
    reason: Words | None = None
    shares: tuple[Words, ...] = ()
    fitted: tuple[Words, ...] = ()
    missing: Words | None = None


class File(Block):
    """One file of targets: a title, what its rows have in common, the runs that they share, and the rows."""

    title: Words
    country: Words
    about: Words
    runs: dict[str, RunSpec] = Field(default_factory=dict)
    fit: dict[str, Fit] = Field(default_factory=dict)
    naive: dict[str, Naive] = Field(default_factory=dict)
    fails: tuple[Fails, ...] = ()
    rows: tuple[Row, ...] = Field(min_length=1)


@dataclass(frozen=True)
class Targets:
    """All targets of a society.

    Attributes:
        society: its name. country: of whom it is drawn.
        groups: file name -> the file.
        runs, fit, naive: those of all files.
    """

    society: str
    country: str
    groups: Mapping[str, File] = field(repr=False)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row, in order of files and of rows."""
        return tuple(row for file in self.groups.values() for row in file.rows)

    @property
    def runs(self) -> dict[str, RunSpec]:
        """The runs by name."""
        return {name: spec for file in self.groups.values() for name, spec in file.runs.items()}

    @property
    def fit(self) -> dict[str, Fit]:
        """What is fitted, by run."""
        return {name: spec for file in self.groups.values() for name, spec in file.fit.items()}

    @property
    def naive(self) -> dict[str, Naive]:
        """The series with naive predictions, by name."""
        return {name: spec for file in self.groups.values() for name, spec in file.naive.items()}

    def why(self, row_id: str) -> str:
        """Why a row differs, if it does; empty where that is not known."""
        said = (each for file in self.groups.values() for each in file.fails)
        return next((each.why for each in said if any(fnmatch(row_id, name) for name in each.rows)), "")

    def group_of(self, row_id: str) -> str:
        """The name of the file that a row stands in."""
        return next(name for name, file in self.groups.items() if any(row.id == row_id for row in file.rows))

    def row(self, row_id: str) -> Row:
        """A row by its id.

        Raises:
            BadInput: there is none; the nearest is named.
        """
        found = {row.id: row for row in self.rows}
        if row_id not in found:
            raise BadInput(f"there is no row `{row_id}`", hint=nearest(row_id, found))
        return found[row_id]


def load_targets(society: str | Path = "china-2019") -> Targets:
    """Read the targets of a society.

    Args:
        society: one that ships, or the path of a folder laid out like it.

    Raises:
        BadInput: there are none, or a file has a fault; the message names file, line, key and the nearest right thing.

    Example:
        >>> targets = load_targets()
        >>> targets.row("urban").published, targets.country
        (63.89, 'China')
    """
    name = Path(str(society)).name
    folder = Path(society) if Path(str(society)).is_dir() else Path(_society.__file__).parent / "data" / str(society)
    files = sorted((folder / FOLDER).glob("*.toml")) if (folder / FOLDER).is_dir() else []
    if not files:
        raise BadInput(f"the society `{name}` has no targets (a folder `{FOLDER}` with TOML files)", file=folder)
    texts = {path.stem: read(path, f"{path.stem}.toml" if folder != Path(society) else str(path)) for path in files}
    groups: dict[str, File] = {}
    found: list[BadInput] = []
    for stem, text in texts.items():
        file, wrong = validated(File, text.data, text)
        found += wrong
        if file is not None:
            groups[stem] = file
    refuse(found)
    targets = Targets(name, next(iter(groups.values())).country, groups)
    refuse([fault for stem, text in texts.items() for fault in in_order(list(_faults(targets, stem, text)))])
    return targets


def _faults(targets: Targets, stem: str, text: Text) -> Iterator[BadInput]:
    """What is wrong with a file beyond its single values: names that lead nowhere, rows that say too little or too much."""
    from glasshouse.experiments.trials import TRIALS
    from glasshouse.validate.measures import MEASURES

    file = targets.groups[stem]

    def fault(what: str, *place: str | int, hint: str | None = None) -> BadInput:
        return BadInput(what, *text.where(place), ".".join(map(str, place)), hint)

    if file.country != targets.country:
        yield fault(f"is of another country than the files before it (`{targets.country}`)", "country")
    for name, spec in file.runs.items():
        for table in spec.tables:
            if table not in (*TABLES, *ASKED):
                yield fault(f"there is no table `{table}`", "runs", name, "tables", hint=nearest(table, (*TABLES, *ASKED)))
        if spec.trial is None and (not spec.regimes or spec.start == Date.min):
            yield fault("needs `regimes`, `start` and `days`, or the name of a `trial`", "runs", name)
        if spec.trial is not None and spec.trial not in TRIALS:
            yield fault(f"there is no experiment `{spec.trial}`", "runs", name, "trial", hint=nearest(spec.trial, TRIALS))
    ids = [row.id for row in targets.rows]
    for name, fit in file.fit.items():
        if name not in targets.runs:
            yield fault("there is no such run", "fit", name, hint=nearest(name, targets.runs))
        for row_id in fit.rows:
            if row_id not in ids:
                yield fault(f"there is no row `{row_id}`", "fit", name, "numbers", hint=nearest(row_id, ids))
            elif (day := targets.row(row_id).date) is None or day > fit.until:
                yield fault(f"`{row_id}` is not about a day up to {fit.until}", "fit", name, "numbers")
    for at, said in enumerate(file.fails):
        for name in said.rows:
            if not any(fnmatch(row.id, name) and row.measure for row in file.rows):
                yield fault(f"no row of this file with a measure is called `{name}`", "fails", at, "rows", hint=nearest(name, ids))
    for at, row in enumerate(file.rows):
        place = ("rows", at)
        if ids.count(row.id) > 1:
            yield fault(f"`{row.id}` is there twice", *place, "id")
        if (row.run is None) != (row.measure is None):
            yield fault("needs both `run` and `measure`, or neither and `missing`", *place)
        if row.run is None and row.missing is None:
            yield fault("has no measure, and `missing` does not say why", *place)
        if row.run is not None and row.run not in targets.runs:
            yield fault(f"there is no run `{row.run}`", *place, "run", hint=nearest(row.run, targets.runs))
        if row.measure is not None and row.measure not in MEASURES:
            yield fault(
                f"there is no measure `{row.measure}`; there are {among(sorted(MEASURES))}",
                *place,
                "measure",
                hint=nearest(row.measure, MEASURES),
            )
        if row.published is None and row.missing is None:
            yield fault("has no figure, and `missing` does not say why", *place)
        if row.published is not None and (row.tolerance is None or row.reason is None):
            yield fault("needs a tolerance and its reason", *place)
