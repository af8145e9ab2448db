"""One population in several shards, stepped side by side: what a shard is, how they meet inside one process, and how the whole is read."""

import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import deepcopy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import polars as pl

from glasshouse.errors import BadInput
from glasshouse.experiments import frames, snapshots
from glasshouse.experiments.days import Kept, Society
from glasshouse.experiments.meeting import Meeting
from glasshouse.society.households import COMMUNITY
from glasshouse.society.people import joined
from glasshouse.store import checkpoint, parquet

ROWS = ("citizens", "spells", "panel")  # tables with rows of single citizens: each shard makes its own part


def quiet(done: int, days: int, rate: float, note: str | None) -> None:
    """Says nothing of how far a run is."""


class Shard:
    """Whole communities of a society: it steps them, and answers for them when the days are over.

    place: a folder for its checkpoints; None keeps none. wishes: asked each day for the days that are over, whether all shards shall keep one.
    """

    def __init__(self, scenario, meet: Meeting, threads: int | None = None, place: Path | None = None, wishes=lambda done: False):
        self.society, self.kept = Society(scenario, threads, meet=meet), None
        self.place, self.wishes = place, wishes

    def run(self, progress=quiet) -> None:
        """Lets all days pass that are left."""
        self.kept = self.society.run(progress, kept=self.kept, after=self._keep)
        self.society.stepper.close()
        self.forces = [frames.InForce(self.society, self.kept, r) for r in range(len(self.society.names))]

    def _keep(self, kept: Kept) -> None:
        """Keeps a checkpoint of a day of which all do. Where the disk refuses, there is none: the shards go back to one that all have."""
        if self.society.agreed and self.place is not None:
            with suppress(OSError):
                self.place.mkdir(parents=True, exist_ok=True)
                checkpoint.keep(self.place, kept.done, {}, snapshots.take(self.society, kept))
        self.society.wishes = self.wishes(kept.done)

    def days(self) -> list[int]:
        """Of which days a whole checkpoint is kept here."""
        found = checkpoint.files(self.place) if self.place is not None else []
        return [checkpoint.day_of(path) for path in found if checkpoint.read(path)]

    def go_back(self, day: int) -> None:
        """Brings a shard that was just set up to where it stood at the end of a day."""
        path = next(path for path in checkpoint.files(self.place) if checkpoint.day_of(path) == day)
        self.kept = snapshots.give(self.society, checkpoint.read(path).arrays)

    def about(self) -> dict:
        """What is the same in all shards: rules, numbers and banks as they stand at the end, months and years."""
        s, kept = self.society, self.kept
        same = {name: getattr(s, name) for name in ("rule", "world", "banks", "month_began")}
        return same | {"months": kept.months, "years": [year for year, _ in kept.years], "threads": s.stepper.threads}

    def counted(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Measures and sums by day, measures by month and cell, and what became of requests, of the citizens held here."""
        return self.kept.daily, self.kept.sums, self.kept.monthly, self.society.asked

    def people(self):
        """The people held here, as they were drawn."""
        return self.society.people

    def covered(self, r: int) -> np.ndarray:
        """Who of those held here is covered by a regime."""
        return self.society.covered(r)

    def column(self, name: str, r: int | None, place: int | None) -> np.ndarray | None:
        """A column of the state, or one place of a field that has many; None if the regime has none."""
        column = self.society.state.columns[name] if r is None else self.society.state.row(name, r)
        return column if place is None or column is None else np.atleast_2d(column)[place]

    def year(self, number: int, r: int, name: str) -> np.ndarray:
        """A column as it stood at the end of a year."""
        return self.kept.years[number][1][r][name]

    def changes(self, r: int) -> np.ndarray:
        """Everything that came into force or ended under a regime: rows as in Kept."""
        return np.concatenate(self.kept.changes[r] or [np.zeros((0, 6), np.int32)])

    def part(self, table: str) -> bytes:
        """This shard's rows of a table, as a Parquet file."""
        made = getattr(frames, table)(self.society, self.kept, self.forces)
        with tempfile.TemporaryDirectory() as folder:
            parquet.write(parquet.plain(made), Path(folder) / table)
            return (Path(folder) / table).read_bytes()


class Table:
    """Where the shards of one process meet. crossed: bytes handed in, by name."""

    def __init__(self, parts: int):
        self.parts, self.crossed = parts, Counter()
        self.barrier, self.laid = threading.Barrier(parts), [{}] * parts

    def place(self, part: int) -> "Place":
        """The place of one shard."""
        made = Place()
        made.table, made.part, made.parts = self, part, self.parts
        return made


class Place(Meeting):
    """A shard's place at a table."""

    table: Table

    def exchange(self, mine: dict) -> dict[str, list]:
        self.table.laid[self.part] = deepcopy(mine)  # a copy: what is one's own goes on changing
        self.table.barrier.wait()
        found = {name: [each[name] for each in self.table.laid] for name in mine}
        if self.part == 0:
            self.table.crossed.update({name: sum(map(size_of, each)) for name, each in found.items()})
        self.table.barrier.wait()
        return found


def size_of(what) -> int:
    """Bytes of arrays, wherever they stand.

    Example:
        >>> size_of({"a": np.zeros(3, np.int64), "b": (np.zeros(2, np.uint8), 1)})
        26
    """
    if isinstance(what, Mapping):
        return sum(map(size_of, what.values()))
    return what.nbytes if isinstance(what, np.ndarray) else sum(map(size_of, what)) if isinstance(what, list | tuple) else 0


class Threads:
    """Shards side by side in this process."""

    def __init__(self, scenario, parts: int, threads: int = 1):
        self.table = Table(checked(scenario.citizens, parts))
        self.pool = ThreadPoolExecutor(parts)
        self.shards = self._each([lambda part=part: Shard(scenario, self.table.place(part), threads) for part in range(parts)])

    def _each(self, calls: list) -> list:
        """Calls all at once; where one fails nobody waits for it, and its error is the one that is raised."""
        def call(one):
            try:
                return one()
            except BaseException:
                self.table.barrier.abort()
                raise

        waiting = [self.pool.submit(call, one) for one in calls]
        errors = [error for each in waiting if (error := each.exception())]
        for error in sorted(errors, key=lambda error: isinstance(error, threading.BrokenBarrierError)):
            raise error
        return [each.result() for each in waiting]

    def run(self, progress=quiet) -> None:
        """Lets all days pass."""
        self._each([lambda shard=shard, tell=quiet if part else progress: shard.run(tell) for part, shard in enumerate(self.shards)])

    def ask(self, what: str, *about) -> list:
        """What each shard says to a question, in order of slots."""
        return self._each([lambda shard=shard: getattr(shard, what)(*about) for shard in self.shards])


def checked(citizens: int, parts: int) -> int:
    """A number of shards that each have a community.

    Raises:
        BadInput: there are fewer communities.
    """
    communities = -(-citizens // COMMUNITY)
    if not 1 <= parts <= communities:
        told = f"{citizens:,} citizens are {communities:,} communities of {COMMUNITY:,}: they make 1 to {communities:,} shards, not {parts:,}"
        raise BadInput(told, key="shards", hint=str(min(max(parts, 1), communities)))
    return parts


class Fetched(Mapping):
    """Columns of everybody, fetched from the shards when they are read. get: from a name to the shards' parts; names: all there are."""

    def __init__(self, get, names):
        self.get_parts, self.names = get, names

    def __getitem__(self, name: str) -> np.ndarray:
        return np.concatenate(self.get_parts(name), -1)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


class Everybody:
    """The state of all shards, read as if it were in one piece."""

    first = 0

    def __init__(self, crew, model, citizens: int):
        self.crew, self.citizens, self.everybody = crew, citizens, citizens
        self.columns = Fetched(lambda name: crew.ask("column", name, None, None), [f.name for f in model.fields])

    def row(self, name: str, regime: int) -> np.ndarray | None:
        """One regime's column of a field: (citizens,) or (many, citizens); None if it has none."""
        parts = self.crew.ask("column", name, regime, None)
        return None if parts[0] is None else np.concatenate(parts, -1)


class Whole(Society):
    """A society that is with shards: stepped there, and then read as one that is here, column by column. crew: who asks the shards."""

    def __init__(self, scenario, crew, say=lambda note: None):
        self.take_up(scenario, say)
        self.crew, self.homes_before = crew, 0
        self.state = Everybody(crew, self.engine.model, scenario.citizens)

    def run(self, progress=quiet) -> Kept:
        """Every day of the scenario, and what the shards kept of it; what has a row for each citizen and year stays with them until it is read."""
        crew = self.crew
        crew.run(progress)
        about = crew.ask("about")
        for name in ("rule", "world", "banks", "month_began"):
            setattr(self, name, about[0][name])
        self.stepper = SimpleNamespace(threads=sum(each["threads"] for each in about), close=lambda: None)
        self.people = joined(crew.ask("people"))
        regimes, names = range(len(self.names)), [f.name for f in self.engine.model.fields]
        *counted, self.asked = (sum(parts) for parts in zip(*crew.ask("counted"), strict=True))
        changes = [[np.concatenate(crew.ask("changes", r))] for r in regimes]
        years = [(year, [Fetched(lambda name, i=i, r=r: crew.ask("year", i, r, name), names) for r in regimes]) for i, year in enumerate(about[0]["years"])]
        return Kept(*counted, about[0]["months"], changes, [[] for _ in regimes], years)

    def covered(self, r: int) -> np.ndarray:
        """Who was scored or could be listed under one regime on the last day: (citizens,) bool."""
        return np.concatenate(self.crew.ask("covered", r))

    def rows(self, table: str) -> pl.DataFrame:
        """A table of single citizens, joined from the parts that the shards made."""
        with tempfile.TemporaryDirectory() as folder:
            parts = []
            for number, part in enumerate(self.crew.ask("part", table)):
                path = Path(folder) / f"{number}.parquet"
                path.write_bytes(part)
                parts.append(parquet.read(path))
        regime = pl.col("regime").replace_strict(self.names, range(len(self.names)))
        return pl.concat(parts).sort(*frames.ORDER.get(table, ("year", regime)), nulls_last=True, maintain_order=True)
