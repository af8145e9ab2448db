"""What a row rests on, found by moving numbers: `input`, `fitted` or `free`. Only what is free is evidence.

Every entry of the ledger whose source a row shares (the row says by which words it is known there) is moved, one at a time, in
small runs with the same luck. If the row follows, it was put in; or fitted, where the entry says that it was chosen to meet
something. For rows of the drawn society every published table is moved too, whatever its source, because such a row can follow
from one by arithmetic.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from glasshouse.errors import BadInput
from glasshouse.experiments.days import engine
from glasshouse.scenarios import Scenario
from glasshouse.society import Tables, load_tables
from glasshouse.validate.fit import fitted
from glasshouse.validate.runs import Job, Numbers, Size, carry_out, scenario_of, share_threads
from glasshouse.validate.targets import Row, Targets
from glasshouse.validate.verdict import FITTED, FREE, INPUT

TIMES = 2.0
"""By how much an entry is moved: up, or down where it may not go up."""
FOLLOWS = 0.25
"""A row follows when it moves by at least a quarter of what the entry was moved by, both as logarithms."""
CHOSEN = re.compile(
    r"\b(chosen|set|fitted|taken) so that\b|\bso that about\b|gives? the published|it gives about|which gives? about", re.IGNORECASE
)
"""How an entry's source says that the number was chosen to meet something."""
CITIZENS, OF_LISTS, DAYS = 4_000, 40_000, 730
SEEDS = "seed"  # tables of first guesses, which raking moves to the published totals
FEW = 8
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """What a row rests on: its basis, and how far it follows each entry that moves it (1: as far as the entry itself)."""

    basis: str
    follows: dict[str, float]


@dataclass(frozen=True)
class Move:
    """One entry moved: its name, to how many times itself, and the run with it.

    For a run that is fitted: the targets, its name, what is set before, and where the fit begins.
    """

    entry: str
    by: float
    job: Job
    refit: tuple[Targets, str, dict[str, float], dict[str, float]] | None = None


def sharing(scenario: Scenario, row: Row) -> list[str]:
    """The paths of a scenario's numbers whose source a row shares."""
    words = [word.casefold() for word in row.shares]
    return [path for path, value in scenario.values.items() if any(word in value.source.casefold() for word in words)]


def moved(number: float, up: bool) -> float:
    """A number moved up or down."""
    return number * TIMES if up else number / TIMES


def found(targets: Targets, rows: Iterable[Row], tell: Tell = lambda done, total: None, workers: int | None = None) -> dict[str, Found]:
    """What each row rests on.

    Args:
        targets: what was published.
        rows: those that are looked at; whoever has no measure is left out.
        tell: called with how many small runs are done, of how many.
        workers: how many at a time.
    """
    rows = [row for row in rows if row.measure is not None and row.published is not None]
    moves: list[Move] = []
    for name in targets.runs:
        moves += _moves(targets, name, tuple(row for row in rows if row.run == name))
    engine()
    numbers = share_threads(_carry_out, moves, tell, workers)
    bases = {
        (move.job.spec, row.id): value
        for move, got in zip(moves, numbers, strict=True)
        if not move.entry and got
        for row, value in _items(move, got)
    }
    follows: dict[str, dict[str, float]] = {row.id: {} for row in rows}
    for move, got in zip(moves, numbers, strict=True):
        for row, value in _items(move, got) if move.entry and got else ():
            before = bases.get((move.job.spec, row.id))
            if before is not None and value is not None and (far := _far(before, value, move.by)) >= FOLLOWS:
                follows[row.id][move.entry] = max(far, follows[row.id].get(move.entry, 0.0))
    return {row.id: Found(_basis(targets, row, follows[row.id]), follows[row.id]) for row in rows}


def _items(move: Move, got: Numbers) -> list[tuple[Row, float | None]]:
    return [(row, got[row.id]) for row in move.job.rows]


def _far(before: float, after: float, by: float) -> float:
    """How far a row moved, of how far the entry was moved; a row that was 0 and is not is taken to follow."""
    if before == 0:
        return float(after != 0)
    return abs(math.log(after / before) / math.log(by)) if after / before > 0 else 1.0


def _basis(targets: Targets, row: Row, follows: Mapping[str, float]) -> str:
    if any(row.id in fit.rows for fit in targets.fit.values()) or set(row.fitted) & set(follows):
        return FITTED
    if not follows:
        return FREE
    scenario = scenario_of(targets, targets.runs[str(row.run)], 1, 1)
    said = [scenario.values[entry].source if entry in scenario.values else "" for entry in follows]
    return FITTED if all(CHOSEN.search(source) for source in said) else INPUT


def _moves(targets: Targets, name: str, rows: tuple[Row, ...]) -> list[Move]:
    """The small runs for one run's rows: one as it is, and one for each entry moved."""
    if not rows:
        return []
    spec = targets.runs[name]
    lists = name in targets.fit
    citizens = OF_LISTS if lists else CITIZENS
    last = max((row.date for row in rows if row.date), default=None)
    days = (last - spec.start).days + 1 if last else min(spec.days, DAYS) if spec.days > DAYS else spec.days
    asked = scenario_of(targets, spec, citizens, 1, days)
    fit = fitted(targets, name, Size(citizens, 1), profile=False).values if lists else {}
    moves = [Move("", 1.0, Job(spec, asked, rows), (targets, name, {}, fit) if lists else None)]
    by_entry: dict[str, list[Row]] = {}
    for row in rows:
        for path in sharing(asked, row):
            by_entry.setdefault(path, []).append(row)
    for path, mine in by_entry.items():
        now = asked.at(path)
        if path in fit or not isinstance(now, int | float) or now == 0:
            continue
        for up in (True, False):
            change = {path: _whole(now, moved(float(now), up))}
            try:
                other = asked.with_(set=change)
            except BadInput:
                continue
            by = change[path] / now
            begin = {key: value / by if key.rsplit(".", 1)[0] == path.rsplit(".", 1)[0] else value for key, value in fit.items()}
            moves.append(Move(path, by, Job(spec, other, tuple(mine)), (targets, name, change, begin) if lists else None))
            break
    if all(table in ("margins", "citizens") for table in spec.tables) and spec.days == 1:
        moves += _tables(asked, Job(spec, asked, rows))
    return moves


def _whole(before: float, after: float) -> float:
    return round(after) if isinstance(before, int) and abs(before) > 2 else after


def _carry_out(move: Move, stop: threading.Event) -> Numbers | None:
    """The numbers of one small run, refitted first where its run is fitted; None where the entry cannot be moved so far."""
    try:
        if move.refit is None:
            return carry_out(move.job, stop)
        targets, name, base, begin = move.refit
        values = fitted(targets, name, Size(OF_LISTS, 1), base=base, start=begin, profile=False).values
        return carry_out(replace(move.job, scenario=move.job.scenario.with_(set=values)), stop)
    except BadInput:
        return None


# ---- tables of the society


def _tables(asked: Scenario, job: Job) -> list[Move]:
    """Each published table of a society: a column tilted, a column scaled, and each cell of a small table moved."""
    moves = []
    for name, table in load_tables(asked.society).tables.items():
        if table.kind == SEEDS:
            continue
        height, width = table.cells.shape
        for column in range(width):
            where = f"table {name}, {table.columns[column]}"
            tilt = np.linspace(1 / TIMES, TIMES, height)
            ways = [(f"{where}, tilted", tilt)] if height > 1 else []
            ways += [(f"{where}, all of it", np.full(height, 1 / TIMES))]
            ways += [
                (f"{where}, {table.labels[at]}", np.where(np.arange(height) == at, 1 / TIMES, 1.0))
                for at in range(height)
                if 1 < height <= FEW
            ]
            moves += [Move(said, 1 / TIMES, replace(job, change=_Change(name, column, tuple(by)))) for said, by in ways]
    return moves


@dataclass(frozen=True)
class _Change:
    """One column of one table, times a factor a row."""

    table: str
    column: int
    times: tuple[float, ...]

    def __call__(self, tables: Tables) -> Tables:
        before = tables.tables[self.table]
        cells = before.cells.copy()
        cells[:, self.column] *= self.times
        return replace(tables, tables={**tables.tables, self.table: replace(before, cells=cells)})
