"""Holds a society in columns and steps it day by day. Knows no model: only what a declaration names."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit

from .build import Engine
from .luck import key_of
from .model import BLOCK, TILE, Model
from .native import ADDRESS, BEGIN, CITIZENS, CLOCK, FAULT, FAULT_AT, FIRST, HEADER, HELD, SECOND, SLOTS, STRIDE, run_days, run_tiles
from .seats import seats_of


class Stopped(IndexError):
    """A checked rule looked at a place that is not there: past the end of a table, or beyond the last citizen.

    rule: which. slot, day: at whom, and when.
    """

    def __init__(self, rule, slot: int, day: int, why: str = "there is no such place"):
        super().__init__(f"{rule.__name__} at citizen {slot} on day {day}: {why}")
        self.rule, self.slot, self.day = rule, slot, day


@njit(cache=True, nogil=True)
def sum_cells(acc, rows):
    """Sums measures over the cells: (regimes, rows, cells) into (regimes, rows)."""
    for r in range(acc.shape[0]):
        for k in range(acc.shape[1]):
            total = np.int64(0)
            for c in range(acc.shape[2]):
                total += acc[r, k, c]
            rows[r, k] = total


def rows_of(model: Model, kinds: list[set[str]]) -> np.ndarray:
    """The row of each regime in the columns of each kind, -1 if it is not of it: (kinds, regimes) int64. kinds: those of each regime."""
    rows = np.full((len(model.kinds), len(kinds)), -1, np.int64)
    for k, kind in enumerate(model.kinds):
        members = [r for r, of in enumerate(kinds) if kind in of]
        rows[k, members] = np.arange(len(members))
    return rows


class State:
    """The columns of a run: the citizens' own, and for each kind of regime one row a regime of that kind.

    citizens: how many these columns hold, everybody or one stretch. first: the slot of the first of them, the beginning of a tile.
    everybody: how many there are in all. kept: (those,) int64, the places here, in order, of those whose tallies are kept; all if left out.
    many: of fields of which this run needs fewer than the declaration allows, how many; a step that names a place beyond them finds the first.
    rows: (kinds, regimes) int64, the row of a regime in the columns of a kind, -1 if it is not of it.
    yesterday: (regimes, totals) int64, what the daily totals came to on the last day that was stepped; 0 before the first.
    """

    def __init__(
        self, model: Model, citizens: int, kinds: list[set[str]], first: int = 0, everybody: int | None = None, kept: np.ndarray | None = None,
        many: dict[str, int] | None = None,
    ):  # fmt: skip
        self.model, self.citizens, self.regimes = model, citizens, len(kinds)
        self.first, self.everybody = first, citizens if everybody is None else everybody
        self.rows = rows_of(model, kinds)
        counted = citizens if any(f.tally for f in model.fields) else 0
        self.kept = np.arange(counted) if kept is None else kept
        self.seats = seats_of(self.kept, counted)
        self.many = {f.name: f.many for f in model.fields} | (many or {})
        self.yesterday = np.zeros((len(kinds), len(model.sums)), np.int64)
        self.columns: dict[str, np.ndarray] = {}
        for f in model.fields:
            many = (self.many[f.name],) if f.many else ()
            wide = 1 + len(self.kept) if f.tally else citizens
            if not f.kind:
                shape = (*many, wide)
            else:
                count = int((self.rows[model.kinds.index(f.kind)] >= 0).sum())
                shape = (max(1, count), *many, wide if count else 0)
            self.columns[f.name] = np.zeros(shape, f.stored)

    @property
    def held(self) -> slice:
        """The slots whose citizens these columns hold."""
        return slice(self.first, self.first + self.citizens)

    def row(self, name: str, regime: int):
        """One regime's column of a field: (citizens,) or (many, citizens), of a tally only of those kept; None if it has none."""
        f = next(f for f in self.model.fields if f.name == name)
        r = self.rows[self.model.kinds.index(f.kind), regime]
        return None if r < 0 else self.columns[name][r, ..., 1:] if f.tally else self.columns[name][r]

    def tally(self, name: str, regime: int, slots: np.ndarray, times) -> None:
        """Adds to a tally of some citizens from outside the day. slots: (n,); times: (n,) or one number."""
        kind = next(f.kind for f in self.model.fields if f.name == name)
        np.add.at(self.columns[name][self.rows[self.model.kinds.index(kind), regime]], self.seat(slots), times)

    def seat(self, slots: np.ndarray) -> np.ndarray:
        """The places of citizens in the columns of tallies, as `seats.seat` says them: int64, 0 for those of whom none are kept."""
        if not len(self.kept):
            return np.zeros(len(slots), np.int64)
        found = np.minimum(np.searchsorted(self.kept, slots), len(self.kept) - 1)
        return np.where(self.kept[found] == slots, found + 1, 0)


class Stepper:
    """Runs days. Threads share out the tiles; every kept sum is an integer, so the sharing changes no bit.

    published, seen, whole: what citizens read of others, by slot among everybody. A state that holds a stretch only fills in its own
    part; whoever steps it hands in what others hold, before each day.
    """

    zeros, copy = staticmethod(np.zeros), staticmethod(np.copyto)  # where its arrays lie, and how one becomes another
    room = staticmethod(np.zeros)  # the same, of what is written before it is read
    slot_in_log = 0  # columns that a log has before its own

    def __init__(self, engine: Engine, state: State, seed: int, world: dict, rule: dict, beside: list[int], threads: int | None = None):
        m = engine.model
        vars(self).setdefault("span", TILE)  # citizens for whom there is scratch
        self.engine, self.state, self.model, self.program = engine, state, m, engine.program(state.rows)
        self.world, self.rule = world, rule
        self.beside = np.array(beside, np.int64)
        self.keys = self.zeros(len(m.luck), np.uint64)
        self.keys[:] = [key_of(seed, block.name) for block in m.luck]
        self.apart = state.citizens < state.everybody
        speaks = bool({"published", "publishing"} & set(engine.things))
        self.published = self.zeros((state.regimes, state.everybody * speaks), np.uint64)
        self.publishing = self.zeros((state.regimes, state.citizens * speaks), np.uint64)
        self.seen = {"their_" + f.name: self._of_everybody(state.columns[f.name]) for f in m.fields if f.seen}
        self.whole = {n: self._of_everybody(state.columns[n[6:]]) for n in engine.things if n.startswith("whole_") and self.apart}
        tiles = -(-state.citizens // TILE)
        self.threads = max(1, min(threads or os.cpu_count() or 1, tiles))
        edges = np.linspace(0, tiles, self.threads + 1).astype(int)
        self.parts = list(zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True))
        shape = (self.threads, state.regimes)
        self.acc = self.zeros((*shape, m.width(), m.cells), np.int64)
        self.rows = np.zeros((*shape, m.width()), np.int64)
        self.rows_before = np.zeros(self.rows.shape[1:], np.int64)
        self.sums = self.zeros((*shape, len(m.sums)), np.int64)
        widest = max((b - a for a, b in self.parts)) * TILE
        wide = self.slot_in_log + max((len(log.columns) for log in engine.logs), default=1)
        self.logs = self.room((self.threads, len(engine.logs), state.regimes, widest, wide), np.int32)
        self.logged = self.zeros((self.threads, len(engine.logs), state.regimes), np.int64)
        self.work = [self._workspace() for _ in range(self.threads)]
        self.desks = [np.zeros(HEADER + SLOTS * len(engine.things), np.int64) for _ in range(self.threads)]
        self.at = [desk.ctypes.data for desk in self.desks]
        self.pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None
        self.lay()

    def _of_everybody(self, column: np.ndarray) -> np.ndarray:
        """Room for what all publish of a column, with what the citizens held here have in it."""
        made = self.zeros((*column.shape[:-1], self.state.everybody if column.shape[-1] else 0), column.dtype)
        if column.shape[-1]:
            made[..., self.state.held] = column
        return made

    def _workspace(self) -> dict[str, np.ndarray]:
        """Scratch for one worker: the values of a day for one tile, lists and their lengths."""
        return {name: self.zeros(self.span + 1, dtype) for name, dtype in self.engine.scratch.items()}

    def lay(self):
        """Lays out every worker's desk: where everything is."""
        m = self.model
        kinds = {p.name: p for p in m.params}
        outside = (self.world, self.rule, self.state.columns)
        self._laid = [(table, name, table[name]) for table in outside for name in table if {name, "whole_" + name} & {*self.engine.things}]
        for t, desk in enumerate(self.desks):
            desk[CITIZENS], desk[HELD], desk[BEGIN] = self.state.everybody, self.state.citizens, self.state.first
            places = {
                **self.state.columns,
                **{"whole_" + name: column for name, column in self.state.columns.items()},
                **self.whole,
                **self.seen,
                **self.work[t],
                "seats": self.state.seats,
                "keys": self.keys,
                "published": self.published,
                "publishing": self.publishing,
                "acc": self.acc[t],
                "sums": self.sums[t],
                "yesterday": self.state.yesterday,
                "logs": self.logs[t],
                "logged": self.logged[t],
            }
            for name, number in self.engine.things.items():
                at = HEADER + SLOTS * number
                if name in kinds:
                    world = kinds[name].scope == "world"
                    table = (self.world if world else self.rule)[name]
                    desk[at + STRIDE] = 0 if world else table.strides[0]
                    for k, size in enumerate(table.shape if world else table.shape[1:]):
                        desk[at + (FIRST, SECOND)[k]] = size
                else:
                    table = places[name]
                    if name in self.state.many:
                        desk[at + FIRST], desk[at + SECOND] = max(1, self.state.many[name]), table.shape[-1]
                    if name == "logs":
                        desk[at + FIRST], desk[at + SECOND] = table.shape[2], table.shape[1]
                desk[at + ADDRESS] = table.ctypes.data

    def _turn(self, clock: dict[str, int]):
        """Brings the desks to a new day: its numbers, and yesterday's words in the place of those of the day before.

        An array that was replaced by another since is found here, and the desks are laid anew.
        """
        if any(table[name] is not array for table, name, array in self._laid):
            self.lay()
        words = [self._slot(name) for name in ("published", "publishing")]
        for desk in self.desks:
            for i, name in enumerate(self.model.clock):
                desk[CLOCK + i] = clock[name]
            for at, table in zip(words, (self.published, self.publishing), strict=True):
                if at >= 0:
                    desk[at] = table.ctypes.data

    def _slot(self, name: str) -> int:
        """Where on a desk the address of a thing stands; -1 if the model has no use for it."""
        number = self.engine.things.get(name)
        return -1 if number is None else HEADER + SLOTS * number + ADDRESS

    def day(self, clock: dict[str, int], monthly: bool) -> tuple[np.ndarray, np.ndarray]:
        """Steps everybody one day. Returns the day's measures (regimes, rows) and sums (regimes, sums), int64."""
        self.sums[:] = 0
        self.logged[:] = 0
        self._turn(clock)
        for name, kept in self.seen.items():
            if kept.size:
                self.copy(kept[..., self.state.held], self.state.columns[name[6:]])
        self.pass_over(clock["day"], monthly)
        self._ask(clock["day"])
        if self.apart:
            self.published[:, self.state.held] = self.publishing
        else:
            self.published, self.publishing = self.publishing, self.published
        rows = self.rows.sum(0)  # since the cells were last taken
        today = rows - self.rows_before
        self.rows_before = rows
        self.state.yesterday[:] = self.sums.sum(0)
        return today, self.state.yesterday.copy()

    def pass_over(self, day: int, monthly: bool):
        """Takes all tiles through the parts of a day, and sums the measures."""

        def part(t: int):
            lo, hi = self.parts[t]
            run_tiles(
                lo,
                hi,
                self.state.regimes,
                day,
                int(monthly),
                TILE,
                BLOCK,
                self.program,
                self.state.rows,
                self.beside,
                self.desks[t],
                self.at[t],
            )
            sum_cells(self.acc[t], self.rows[t])

        if self.pool is None:
            part(0)
        else:
            list(self.pool.map(part, range(self.threads)))

    def _ask(self, day: int):
        """Whether a checked rule stopped; the first that did, in the order of citizens, whatever the number of threads."""
        for desk in self.desks:
            if desk[FAULT]:
                number, slot = int(desk[FAULT]), int(desk[FAULT_AT])
                desk[FAULT] = 0
                raise Stopped(self.engine.guarded[number - 1], slot, day)

    def days(self, first: int, count: int) -> np.ndarray:
        """Steps everybody, and nobody apart, several days of a model whose only clock is the day, without measures by cell. Returns the sums: (days, regimes, sums).

        On one core the days pass without leaving compiled code; several cores meet at the end of each day.
        """
        if self.pool is not None:
            return np.array([self.day({"day": first + d}, False)[1] for d in range(count)])
        self.sums[:] = 0
        self._turn({"day": first})
        seen = [(self.state.columns[name[6:]], kept) for name, kept in self.seen.items()]
        copies = np.array([(a.ctypes.data, b.ctypes.data, b.nbytes) for a, b in seen], np.int64).reshape(-1, 3)
        words = np.array([self._slot(name) for name in ("published", "publishing")], np.int64)
        out = np.zeros((count, *self.sums.shape[1:]), np.int64)
        run_days(first, self.parts[0][1], self.state.regimes, TILE, BLOCK, self.program, self.state.rows, self.beside, self.desks[0],
                 self.at[0], copies, words, self.sums[0], self.state.yesterday, out)  # fmt: skip
        self._ask(int(self.desks[0][CLOCK]))
        if count % 2:
            self.published, self.publishing = self.publishing, self.published
        return out

    def cells(self) -> np.ndarray:
        """The measures by cell since this was last asked: (regimes, rows, cells) int64."""
        found = self.acc.sum(0)
        self.acc[:] = 0
        self.rows_before[:] = 0
        return found

    def counted(self) -> np.ndarray:
        """The same, and they go on being counted."""
        return self.acc.sum(0)

    def go_on(self, published: np.ndarray, counted: np.ndarray) -> None:
        """Takes up a run at the end of a day: what everybody published on it, (regimes, citizens) uint64, and the measures `counted` by then."""
        self.published[:] = published
        self.acc[:] = 0
        self.acc[0] = counted
        self.rows_before = counted.sum(-1)

    def count(self, row: int, regime: int, cells: np.ndarray, amounts) -> None:
        """Adds to a measure from outside the day: before a day is stepped, and counted with it. cells: (n,); amounts: (n,) or one number."""
        np.add.at(self.acc[0, regime, row], cells, amounts)

    def log(self, name: str, regime: int) -> np.ndarray:
        """The rows that a log wrote today, in order of slot: (rows, columns) int32."""
        i = next(k for k, log in enumerate(self.engine.logs) if log.name == name)
        wide = len(self.engine.logs[i].columns)
        return np.concatenate([self.logs[t, i, regime, : self.logged[t, i, regime], :wide] for t in range(self.threads)])

    def close(self):
        """Lets the threads go."""
        if self.pool is not None:
            self.pool.shutdown()
