"""What a row rests on, found by moving numbers: `input`, `fitted` or `free`. Only what is free is evidence.

Every entry of the ledger whose source a row shares (the row says by which words it is known there) is moved, one at a time, in
small runs with the same luck. If the row follows, it was put in; or fitted, where the entry says that it was chosen to meet
something. For rows of the drawn society every published table is moved too, whatever its source, because such a row can follow
from one by arithmetic. Where nothing is there to be seen moving, the entry counts as followed.

A run that is fitted has its fitted numbers, and an entry that the fitted rows cannot tell from one of them is passed over: were it
moved and the fit made anew, the fitted number would take back what the entry gave.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from glasshouse.errors import BadInput
from glasshouse.experiments.cores import share_threads
from glasshouse.experiments.engines import engine
from glasshouse.scenarios import Scenario
from glasshouse.society import Tables, load_tables
from glasshouse.validate.fit import Fitted
from glasshouse.validate.runs import Job, Numbers, carry_out, scenario_of
from glasshouse.validate.targets import Row, RunSpec, Targets
from glasshouse.validate.verdict import FITTED, FREE, INPUT

STEPS = ((4.0, 1.5, 1.1), (0.25, 0.7, 0.9))
"""To how many times itself an entry is moved, up and down: the first of each that the other numbers allow."""
FOLLOWS, DRAWN = 0.25, 0.1
"""A row follows when it moves by at least this share of what the entry was moved by, both as logarithms; a row of the drawn society,
where nothing but the draw stands between, sooner."""
CHOSEN = re.compile(
    r"\b(chosen|set|fitted|taken) so that\b|\bso that about\b|gives? the published|it gives about|which gives? about", re.IGNORECASE
)
"""How an entry's source says that the number was chosen to meet something."""
CITIZENS, OF_LISTS, DAYS = 4_000, 50_000, 730
"""How large the small runs are, those of lists, which few are on, and how long."""
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
    """One entry moved one way: its name, and to how many times itself, each with the run; the first that works is taken."""

    entry: str
    ways: tuple[tuple[float, Job], ...]


def sharing(scenario: Scenario, row: Row) -> list[str]:
    """The paths of a scenario's numbers whose source a row shares."""
    words = [word.casefold() for word in row.shares]
    return [path for path, value in scenario.values.items() if any(word in value.source.casefold() for word in words)]


def found(
    targets: Targets,
    rows: Iterable[Row],
    fits: Mapping[str, Fitted],
    tell: Tell = lambda done, total: None,
    workers: int | None = None,
) -> dict[str, Found]:
    """What each row rests on.

    Args:
        targets: what was published.
        rows: those that are looked at; whoever has no measure is left out.
        fits: what was fitted, by run.
        tell: called with how many small runs are done, of how many.
        workers: how many at a time.
    """
    rows = [row for row in rows if row.measure is not None and row.published is not None]
    moves = [move for name in targets.runs for move in _moves(targets, name, [row for row in rows if row.run == name], fits.get(name))]
    engine()
    done = list(zip(moves, share_threads(_carry_out, moves, tell, workers), strict=True))
    before = {row: number for move, got in done if not move.entry and got for row, number in got[1].items()}
    limits = {row.id: DRAWN if _drawn(targets.runs[str(row.run)]) else FOLLOWS for row in rows}
    follows: dict[str, dict[str, float]] = {row.id: {} for row in rows}
    for move, got in done:
        for row, after in got[1].items() if move.entry and got else ():
            if (far := far_of(before.get(row), after, got[0])) >= limits[row]:
                follows[row][move.entry] = max(far, follows[row].get(move.entry, 0.0))
    return {row.id: Found(_basis(targets, row, follows[row.id]), follows[row.id]) for row in rows}


def far_of(before: float | None, after: float | None, by: float) -> float:
    """How far a row moved, of how far an entry was moved, as logarithms; 1 where there is nothing to be seen moving.

    Example:
        >>> far_of(2.0, 4.0, 2.0), far_of(2.0, 2.0, 2.0), far_of(0.0, 0.0, 2.0), far_of(4.0, 2.0, 2.0)
        (1.0, 0.0, 1.0, 1.0)
    """
    if not before or not after or after / before <= 0:
        return 1.0
    return abs(math.log(after / before) / math.log(by))


def _drawn(spec: RunSpec) -> bool:
    """Whether a run asks only who its people are."""
    return spec.days == 1 and spec.trial is None


def _basis(targets: Targets, row: Row, follows: Mapping[str, float]) -> str:
    if any(row.id in fit.rows for fit in targets.fit.values()) or row.fitted:
        return FITTED
    if not follows:
        return FREE
    scenario = scenario_of(targets, targets.runs[str(row.run)], 1, 1)
    said = [scenario.values[entry].source if entry in scenario.values else "" for entry in follows]
    return FITTED if all(CHOSEN.search(source) for source in said) else INPUT


def _moves(targets: Targets, name: str, rows: list[Row], fit: Fitted | None) -> list[Move]:
    """The small runs for one run's rows: one as it is, and one for each entry moved."""
    if not rows:
        return []
    spec, values = targets.runs[name], fit.values if fit else {}
    taken = {*values, *(path for beside in (fit.together if fit else {}).values() for path in beside)}
    last = max((row.date for row in rows if row.date), default=None)
    days = None if spec.trial else (last - spec.start).days + 1 if last else min(spec.days, DAYS)
    asked = scenario_of(targets, spec, OF_LISTS if fit else CITIZENS, 1, days, values)
    moves = [Move("", ((1.0, Job(spec, asked, tuple(rows))),))]
    by_entry: dict[str, list[Row]] = {}
    for row in rows:
        for path in sharing(asked, row):
            by_entry.setdefault(path, []).append(row)
    for path, mine in by_entry.items():
        now, under = asked.at(path), _looked_at(spec, mine)
        if path in taken or not now or (path.startswith("regime.") and path.split(".")[1] not in under):
            continue
        alone = asked.with_(regimes=under) if spec.trial is None else asked
        for steps in STEPS:
            ways = []
            for times in steps:
                new = round(now * times) if isinstance(now, int) and abs(now) > 2 else now * times
                try:
                    ways.append((new / now, Job(spec, alone.with_(set={path: new}), tuple(mine))))
                except BadInput:
                    continue
            moves.append(Move(path, tuple(way for way in ways if way[0] != 1)))
    return moves + (_tables(asked, Job(spec, asked, tuple(rows))) if _drawn(spec) else [])


def _looked_at(spec: RunSpec, rows: Iterable[Row]) -> list[str]:
    """The regimes of a run that some rows look at: those they name, and the first; none has a bearing on another."""
    named = {spec.regimes[0] if spec.regimes else None, *(row.with_.get("regime") for row in rows)}
    return [regime for regime in spec.regimes if regime in named]


def _carry_out(move: Move, stop: threading.Event) -> tuple[float, Numbers] | None:
    """To how many times itself the entry was moved, and what the rows then say; None where it cannot be moved."""
    for by, job in move.ways:
        try:
            return by, carry_out(job, stop)
        except BadInput:
            continue
    return None


# ---- tables of the society


def _tables(asked: Scenario, job: Job) -> list[Move]:
    """Each published table of a society: a column tilted, bent and scaled, and each cell of a small table moved."""
    moves = []
    for name, table in load_tables(asked.society).tables.items():
        if table.kind == SEEDS:
            continue
        height, width = table.cells.shape
        line = np.linspace(-1, 1, height) if height > 1 else np.zeros(1)
        shapes = {"tilted": line, "bent": 1 - 2 * line**2} if height > 2 else {}
        shapes["all of it"] = np.full(height, -1.0)
        shapes |= {str(table.labels[at]): -1.0 * (np.arange(height) == at) for at in range(height) if 1 < height <= FEW}
        for column in range(width):
            for said, shape in shapes.items():
                ways = tuple((1 / by, replace(job, change=_Change(name, column, tuple(by**shape)))) for by in (2.0, 1.2))
                moves.append(Move(f"table {name}, {table.columns[column]}, {said}", ways))
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
