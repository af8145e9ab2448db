"""The slow reference: steps a model by reading its declaration aloud, step by step and citizen by citizen.

It calls the rules as they are written, uncompiled, and shares no line with the generator of build.py: where both give
the same bits, the fast engine does what the declaration says. It is strict where the fast engine must trust: a value
that nobody has written today, a field that a regime does not have, a place before the first of a table are errors here.
"""

import numpy as np

from .luck import key_of, words
from .model import BLOCK, FIXED, At, Log, Luck, Model, Pick, Step, arguments
from .state import State, Stopped

EVERYBODY = ("tile", "week", "month")  # domains that are no lists
SMALL = ("u1", "u2", "i1", "i2")  # rules see these as int32
PER_FIXED, WHOLE, HALF_STEP = np.float32(1 / FIXED), np.float32(FIXED), np.float32(0.5)


class ReferenceStepper:
    """Runs days as `engine.state.Stepper` does, some ten thousand times slower.

    A value of the day is kept by slot: a citizen stands at most once in a list, so no positions are needed. Each item
    of the chain becomes one function without arguments, made once; what it reads it looks up when it runs.
    """

    def __init__(self, model: Model, state: State, seed: int, world: dict, rule: dict, beside: list[int]):
        self.model, self.state, self.world, self.rule, self.beside = model, state, world, rule, list(beside)
        self.fields, self.params = {f.name: f for f in model.fields}, {p.name: p for p in model.params}
        for p in model.params:
            found = (world if p.scope == "world" else rule)[p.name].dtype
            if found != p.dtype:
                raise TypeError(f"{p.name} is {found}, but the model declares {p.dtype}")
        self.published = np.zeros((state.regimes, state.citizens), np.uint64)
        self.publishing = np.zeros_like(self.published)
        self.acc = np.zeros((state.regimes, model.width(), model.cells), np.int64)
        self.sums = np.zeros((state.regimes, len(model.sums)), np.int64)
        self.keys = {block.name: np.uint64(key_of(seed, block.name)) for block in model.luck}
        self.seen = {"their_" + f.name: state.columns[f.name].copy() for f in model.fields if f.seen}
        self.seats = {slot: place for place, slot in enumerate(state.kept.tolist(), 1)}  # of whom tallies are kept
        self.picks = {i.name: i for i in model.chain if isinstance(i, Pick)}
        self.home: dict[str, str] = {}  # value of the day or word of luck -> the list of lists it belongs to, "" for everybody
        self.maybe: dict[str, str] = {}  # values that some regime may leave unwritten -> over whom they begin at 0
        self._place_values()
        self.dtype = {n: np.dtype(model.values.get(n, "u4")).type for n in self.home}
        self.members: dict[str, list[int]] = {}  # list -> its slots, in order
        self.values: dict[str, dict[int, object]] = {}  # value of the day -> slot -> number
        self.books: dict[tuple[str, int], list[list]] = {}  # log, regime -> today's rows
        self.regime: int | None = None  # None while the shared steps run
        self.column: dict[str, np.ndarray] = {}  # the columns and the parameters that the current regime has
        self.given: dict[str, object] = {}
        self.shared, self.own = self._plan()

    def count(self, row: int, regime: int, cells, amounts) -> None:
        """Adds to a measure from outside the day, as `engine.state.Stepper.count` does."""
        np.add.at(self.acc[regime, row], cells, amounts)

    def _place_values(self):
        """Finds to which list each value belongs, and which values begin at 0 for each regime."""
        for item in (i for i in self.model.chain if isinstance(i, Step)):
            for name in (n for target in item.writes for n in target.split("|") if n in self.model.values):
                first = name not in self.home
                if self.home.setdefault(name, self.root(item.over)) not in ("", self.root(item.over)):
                    raise ValueError(f"{name!r} is written over {item.over!r}, but it belongs to {self.home[name]!r}")
                if first and item.over in EVERYBODY and not item.shared and (item.kind != "life" or item.only is not None):
                    self.maybe[name] = item.over
        self.home |= {word: self.root(block.over) for block in self.model.luck for word in block.words}

    def root(self, over: str) -> str:
        """The list from which a list was taken in the first place; "" for everybody."""
        while over in self.picks and self.picks[over].over not in EVERYBODY:
            over = self.picks[over].over
        return "" if over in EVERYBODY else over

    def _plan(self) -> tuple[list, list]:
        """What is done once a day, and what for each regime: (kind of regime, function). Luck comes first, or with its list."""
        shared = [("life", self.draw(block)) for block in self.model.luck if block.over in EVERYBODY]
        own: list[tuple] = []
        for item in self.model.chain:
            plan = shared if getattr(item, "shared", False) else own
            plan.append((item.kind, {Step: self.step, Pick: self.pick, Log: self.log_rows}[type(item)](item)))
            plan += [(item.kind, self.draw(block)) for block in self.model.luck if isinstance(item, Pick) and block.over == item.name]
        return shared, own

    # ---- one day

    def day(self, clock: dict[str, int], monthly: bool) -> tuple[np.ndarray, np.ndarray]:
        """Steps everybody one day. Returns the day's measures (regimes, rows) and sums (regimes, sums), int64."""
        self.clock, self.monthly = clock, monthly
        for name, kept in self.seen.items():
            kept[...] = self.state.columns[name[6:]]
        self.sums[:] = 0
        before = self.acc.sum(-1)
        self.books, self.values, self.members = {}, {}, {}
        with np.errstate(over="ignore", under="ignore", divide="raise", invalid="raise"):  # whole numbers wrap, as compiled
            self._enter(None)
            for _, run in self.shared:
                run()
            values, members = self.values, self.members
            for r in range(self.state.regimes):
                self._enter(r)
                self.values = values | {n: dict.fromkeys(self.domain(over), self.dtype[n](0)) for n, over in self.maybe.items()}
                self.members = {name: [] for name, item in self.picks.items() if not item.shared} | members
                for kind, run in self.own:
                    if kind == "life" or self._row(kind, r) >= 0:
                        run()
        self.published, self.publishing = self.publishing, self.published
        self.state.yesterday[:] = self.sums
        return self.acc.sum(-1) - before, self.sums.copy()

    def cells(self) -> np.ndarray:
        """The measures by cell since this was last asked: (regimes, rows, cells) int64."""
        found = self.acc.copy()
        self.acc[:] = 0
        return found

    def _one(self, name: str) -> int:
        """The current regime, which a shared step has not."""
        if self.regime is None:
            raise KeyError(f"a step that all regimes share reads {name!r}, which each has of its own")
        return self.regime

    def _row(self, kind: str, regime: int | None) -> int:
        return -1 if regime is None else self.state.rows[self.model.kinds.index(kind), regime]

    def _enter(self, regime: int | None):
        """Lays out what the steps of one regime (None: the shared ones) may see: its columns and its parameters."""
        self.regime, columns = regime, self.state.columns
        rows = {kind: self._row(kind, regime) for kind in self.model.kinds}
        self.column = {f.name: columns[f.name] for f in self.model.fields if not f.kind}
        self.column |= {f.name: columns[f.name][rows[f.kind]] for f in self.model.fields if f.kind and rows[f.kind] >= 0}
        self.given = {n: self.world[n][()] for n, p in self.params.items() if p.scope == "world"}
        self.given |= {n: self.rule[n][regime] for n, p in self.params.items() if p.scope != "world" and regime is not None}

    def domain(self, over: str):
        """The slots that a step over this concerns today, in order."""
        everybody = range(self.state.citizens)
        if over == "week":
            return [slot for slot in everybody if (slot // BLOCK + self.clock["day"]) % 7 == 0]
        if over == "month" and not self.monthly:
            return ()
        return everybody if over in EVERYBODY else self.members[over]

    def log(self, name: str, regime: int) -> np.ndarray:
        """The rows that a log wrote today, in order of slot: (rows, columns) int32."""
        wide = next(len(i.columns) for i in self.model.chain if isinstance(i, Log) and i.name == name)
        return np.array(self.books.get((name, regime), []), np.int32).reshape(-1, wide)

    def lay(self):
        """Nothing to lay out, as nothing to let go: every array is looked up when it is used."""

    close = lay

    def days(self, first: int, count: int) -> np.ndarray:
        """Steps everybody several days. Returns the sums: (days, regimes, sums)."""
        return np.array([self.day({"day": first + d}, False)[1] for d in range(count)])

    # ---- the items of a chain, each as a function without arguments

    def step(self, item: Step):
        """One rule, for each citizen whom it concerns."""
        reads = [self.reader(item.bind.get(a, a), item.over) for a in arguments(item.rule)]
        writes = [self.writer(target, item.over) for target in item.writes]
        concerned = self.condition(item.only, item.over)

        def run():
            for slot in self.domain(item.over):
                if concerned(slot):
                    try:
                        out = item.rule(*[read(slot) for read in reads])
                        for write, value in zip(writes, out if isinstance(out, tuple) else (out,), strict=True):
                            write(slot, value)
                    except IndexError as error:
                        raise Stopped(item.rule, slot, self.clock["day"], str(error)) from error

        return run

    def pick(self, item: Pick):
        """One list."""
        wanted = self.condition(item.where, item.over)
        return lambda: self.members.__setitem__(item.name, [slot for slot in self.domain(item.over) if wanted(slot)])

    def log_rows(self, item: Log):
        """One log."""
        reads, concerned = [self.reader(name, item.over) for name in item.columns], self.condition(item.only, item.over)

        def run():
            rows = [[np.int32(read(slot)) for read in reads] for slot in self.domain(item.over) if concerned(slot)]
            self.books[item.name, self.regime] = rows

        return run

    def draw(self, block: Luck):
        """Four words of luck for each."""

        def run():
            day = np.uint32(0 if block.lasting else self.clock["day"])
            of = block.of if isinstance(block.of, int) else self.state.citizens if block.of == "citizens" else int(self.world[block.of])
            drawn = {slot: words(np.uint64(slot // of), day, np.uint32(block.lasting), self.keys[block.name]) for slot in self.domain(block.over)}
            for i, name in enumerate(block.words):
                self.values[name] = {slot: four[i] for slot, four in drawn.items()}

        return run

    def condition(self, only, over: str):
        """Whether a step concerns a citizen: all of the conditions hold, asked in order."""
        if isinstance(only, list) or only is None:
            tests = [self.condition(one, over) for one in only or ()]
            return lambda slot: all(test(slot) for test in tests)
        if isinstance(only, tuple):
            read, wanted = self.reader(only[0], over), int(only[1])
            return lambda slot: read(slot) == wanted
        read = self.reader(only, over)
        return lambda slot: read(slot) != 0

    # ---- where an argument comes from, as a function of the slot

    def reader(self, name, over: str, index: tuple = ()):
        """How an argument is looked up: a field, a value of the day, luck, a parameter, a time."""
        if isinstance(name, At):
            return self.reader(name.name, over, name.index)
        if isinstance(name, (int, np.integer)):
            number = name if isinstance(name, np.uint32) else np.int32(name)
            return lambda slot: number
        if name == "slot":
            return np.uint64
        if name == "citizens":
            return lambda slot: np.uint64(self.state.citizens)
        if name in ("published", "beside"):
            return lambda slot: self.published[self.regime if name == "published" else self.beside[self.regime]]
        if name in self.model.clock:
            return lambda slot: np.int32(self.clock[name])
        if name.startswith("whole_"):
            return lambda slot: self.column[name.removeprefix("whole_")]
        if name in self.seen:
            f = self.fields[name[6:]]
            mine = lambda: self.seen[name] if not f.kind else self.seen[name][self._row(f.kind, self.regime)]  # noqa: E731
            if not index:
                return lambda slot: mine()
            view, at = self.loaded(f.name), self.place(index, over)
            return lambda slot: view(mine()[at(slot)])
        if name.startswith("yesterday_"):
            total = self.model.sums.index(name.removeprefix("yesterday_"))
            return lambda slot: self.state.yesterday[self._one(name), total]
        if name.startswith("beside_"):
            own, seen = name.removeprefix("beside_"), self.loaded(name.removeprefix("beside_"))
            return lambda slot: seen(self.state.row(own, self.beside[self.regime])[slot])
        if name in self.fields:
            if self.fields[name].tally:
                raise KeyError(f"{name!r} is a tally, and read over {over!r}")
            seen, place = self.loaded(name), self.place(index, over, name) if self.fields[name].many else lambda slot: ()
            return lambda slot: seen(self.column[name][*place(slot), slot])
        if name in self.home:
            if self.home[name] not in ("", self.root(over)):
                raise ValueError(f"{name!r} belongs to the list {self.home[name]!r}, and is read over {over!r}")
            return lambda slot: self.written(name, slot)
        if name in self.params:
            place = self.place(index or self.params[name].by, over)
            return lambda slot: self.given[name][place(slot)] if self.params[name].dims else self.given[name]
        raise KeyError(f"{name!r} is no field, value, luck, parameter or time that the model {self.model.name!r} declares")

    def written(self, name: str, slot: int):
        """A value of the day, which some step must have written."""
        try:
            return self.values[name][slot]
        except KeyError:
            raise KeyError(f"no step has written {name!r} for citizen {slot} of regime {self.regime} today") from None

    def place(self, index: tuple, over: str, field: str = ""):
        """A place in a table. Places before the first are refused, which Python would count from the end. field: the first stands for
        those, written as numbers, that this run has no need of."""
        if all(str(i).isdigit() for i in index):
            fixed = tuple(int(i) if not field or int(i) < self.state.many[field] else 0 for i in index)
            return lambda slot: fixed
        reads = [self.reader(i, over) for i in index]

        def at(slot):
            found = tuple(int(read(slot)) for read in reads)
            if min(found) < 0:
                raise IndexError(f"place {found} of {index}, over {over!r}")
            return found

        return at

    def total(self, name: str) -> int:
        """Which total it is."""
        if name not in self.model.sums:
            raise IndexError(f"there is no total {name!r}")
        return self.model.sums.index(name)

    def loaded(self, name: str):
        """How rules see a stored value: a share as float32, small whole numbers as int32."""
        dtype = self.fields[name].dtype
        if dtype == "share":
            return lambda stored: np.float32(np.int32(stored)) * PER_FIXED
        return np.int32 if dtype in SMALL else lambda stored: stored

    # ---- where a result goes, as a function of the slot and the result

    def writer(self, target: str, over: str):
        """How one result is put where it belongs; "a|b" puts it in both places."""
        if "|" in target or not target:
            several = [self.writer(part, over) for part in target.split("|") if part]
            return lambda slot, value: [write(slot, value) for write in several]
        name, _, at = target.lstrip("+&=").partition("@")
        place = self.place((at,) if at else (), over, name if name in self.fields and target[0] not in "+=" else "")
        if target[0] == "=":
            spot = lambda slot: (self.regime, self.total("@".join([name, *map(str, place(slot))])))  # noqa: E731
            return self.adder(lambda: self.sums, spot, np.int64)
        if target[0] == "+":
            first, cell = self.model.measure_rows()[name], self.reader(self.model.cell, over)
            return self.adder(lambda: self.acc, lambda slot: (self.regime, first + sum(place(slot)), cell(slot)), np.int64)
        if name in self.fields:
            dtype = np.dtype(self.fields[name].stored).type
            if target[0] == "&":
                seat = self.seats.get if self.fields[name].tally else lambda slot, _: slot
                return self.adder(lambda: self.column[name], lambda slot: (*place(slot), seat(slot, 0)), dtype)
            share = self.fields[name].dtype == "share"
            return lambda slot, value: self.column[name].__setitem__(
                (*place(slot), slot), dtype(np.int32(value * WHOLE + HALF_STEP) if share else value))
        if name == self.model.publishes:
            return lambda slot, value: self.publishing[self.regime].__setitem__(slot, value)
        return lambda slot, value: self.values.setdefault(name, {}).__setitem__(slot, self.dtype[name](value))

    @staticmethod
    def adder(table, spot, dtype):
        """Adds a result to what stands in a table."""

        def add(slot, value):
            table()[spot(slot)] += dtype(value)

        return add
