"""The slow reference: steps a model by reading its declaration aloud, step by step and citizen by citizen.

It calls the rules as they are written, uncompiled, and shares no line with the generator of build.py: where both give
the same bits, the fast engine does what the declaration says. It is strict where the fast engine must trust: a value
that nobody has written today, a field that a regime does not have, a place before the first of a table are errors here.
"""

import numpy as np

from .luck import key_of, words
from .model import BLOCK, FIXED, At, Log, Luck, Model, Pick, Step, arguments
from .state import State

EVERYBODY = ("tile", "week", "month")  # domains that are no lists
SMALL = ("u1", "u2", "i1", "i2")  # rules see these as int32
PER_FIXED = np.float32(1 / FIXED)
WHOLE, HALF_STEP = np.float32(FIXED), np.float32(0.5)


class ReferenceStepper:
    """Runs days as `engine.state.Stepper` does, some ten thousand times slower.

    A value of the day is kept by slot: a citizen stands at most once in a list, so no positions are needed. Each item
    of the chain becomes one function without arguments, made once; what it reads it looks up when it runs.
    """

    def __init__(self, model: Model, state: State, seed: int, world: dict, rule: dict, beside: list[int]):
        self.model, self.state, self.world, self.rule, self.beside = model, state, world, rule, list(beside)
        self.fields = {f.name: f for f in model.fields}
        self.params = {p.name: p for p in model.params}
        for p in model.params:
            table = (world if p.scope == "world" else rule)[p.name]
            if table.dtype != p.dtype:
                raise TypeError(f"{p.name} is {table.dtype}, but the model declares {p.dtype}")
        self.keys = {block.name: np.uint64(key_of(seed, block.name)) for block in model.luck}
        self.published = np.zeros((state.regimes, state.citizens), np.uint64)
        self.publishing = np.zeros_like(self.published)
        self.acc = np.zeros((state.regimes, model.width(), model.cells), np.int64)
        self.sums = np.zeros((state.regimes, len(model.sums)), np.int64)
        self.first_row = model.measure_rows()
        self.lists = {i.name: i.over for i in model.chain if isinstance(i, Pick)}
        self.home = self._homes()
        self.dtype = {n: np.dtype(model.values[n]).type if n in model.values else np.uint32 for n in self.home}
        self.members: dict[str, list[int]] = {}  # list -> slots, in order
        self.values: dict[str, dict[int, object]] = {}  # value of the day -> slot -> number
        self.books: dict[tuple[str, int], list[list]] = {}
        self.regime: int | None = None  # None while the shared steps run
        self.column: dict[str, np.ndarray] = {}  # of the current regime
        self.given: dict[str, object] = {}
        self.clock: dict[str, int] = {}
        self.monthly = False
        self.shared, self.own = self._plan()

    def _homes(self) -> dict[str, str]:
        """Each value of the day and word of luck, and the list without a parent to which it belongs ("" for none)."""
        home = {}
        for item in self.model.chain:
            for name in (n for target in getattr(item, "writes", ()) for n in target.split("|")):
                if name in self.model.values and home.setdefault(name, self.root(item.over)) != self.root(item.over):
                    raise ValueError(f"{name!r} is written over {item.over!r}, but it belongs to {home[name]!r}")
        return home | {word: self.root(block.over) for block in self.model.luck for word in block.words}

    def root(self, over: str) -> str:
        """The list that a list was taken from in the first place; "" for everybody."""
        while over in self.lists and self.lists[over] not in EVERYBODY:
            over = self.lists[over]
        return "" if over in EVERYBODY else over

    def _plan(self) -> tuple[list, list]:
        """What is done once a day, and what for each regime: (kind of regime, function). Luck comes first, or with its list."""
        shared = [("life", self.draw(block)) for block in self.model.luck if block.over in EVERYBODY]
        own: list[tuple] = []
        for item in self.model.chain:
            make = {Step: self.step, Pick: self.pick, Log: self.log_rows}[type(item)]
            plan = shared if getattr(item, "shared", False) else own
            plan.append((item.kind, make(item)))
            if isinstance(item, Pick):
                plan += [(item.kind, self.draw(block)) for block in self.model.luck if block.over == item.name]
        return shared, own

    # ---- one day

    def day(self, clock: dict[str, int], monthly: bool) -> tuple[np.ndarray, np.ndarray]:
        """Steps everybody one day. Returns measures (regimes, rows, cells) and sums (regimes, sums), int64."""
        self.clock, self.monthly = clock, monthly
        self.acc[:], self.sums[:] = 0, 0
        self.books.clear()
        with np.errstate(over="ignore", under="ignore", divide="raise", invalid="raise"):  # whole numbers wrap, as compiled
            self._enter(None)
            for _, run in self.shared:
                run()
            values, members = self.values, self.members
            for r in range(self.state.regimes):
                self.values, self.members = dict(values), dict(members)
                self._enter(r)
                for kind, run in self.own:
                    if kind == "life" or self.state.rows[self.model.kinds.index(kind), r] >= 0:
                        run()
        self.published, self.publishing = self.publishing, self.published
        return self.acc.copy(), self.sums.copy()

    def _enter(self, regime: int | None):
        """Lays out what the steps of one regime (None: the shared ones) may see: its columns and its parameters."""
        self.regime = regime
        rows = {"": ...} | {kind: -1 if regime is None else self.state.rows[k, regime] for k, kind in enumerate(self.model.kinds)}
        self.column = {f.name: self.state.columns[f.name][rows[f.kind]] for f in self.model.fields if f.kind == "" or rows[f.kind] >= 0}
        self.given = {n: self.world[n][()] if p.scope == "world" else self.rule[n][regime] for n, p in self.params.items()
                      if p.scope == "world" or regime is not None}
        if regime is None:
            self.values, self.members = {}, {}
            return
        self.members |= {i.name: [] for i in self.model.chain if isinstance(i, Pick) and not i.shared}
        for name, over in self._from_nothing().items():
            self.values[name] = dict.fromkeys(self.domain(over), self.dtype[name](0))

    def _from_nothing(self) -> dict[str, str]:
        """Values that a regime may leave unwritten, and over whom: they are 0 until a step writes them."""
        found: dict[str, str] = {}
        firm: set[str] = set()
        for item in self.model.chain:
            if isinstance(item, Step) and not item.shared and item.over in EVERYBODY:
                for name in (n for target in item.writes for n in target.split("|") if n in self.home):
                    if name not in firm and (item.kind != "life" or item.only is not None):
                        found.setdefault(name, item.over)
                    firm.add(name)
        return found

    def domain(self, over: str):
        """The slots that a step over this concerns today, in order."""
        everybody = range(self.state.citizens)
        if over == "tile":
            return everybody
        if over == "month":
            return everybody if self.monthly else ()
        if over == "week":
            return [slot for slot in everybody if (slot // BLOCK + self.clock["day"]) % 7 == 0]
        return self.members[over]

    def log(self, name: str, regime: int) -> np.ndarray:
        """The rows that a log wrote today, in order of slot: (rows, columns) int32."""
        wide = next(len(i.columns) for i in self.model.chain if isinstance(i, Log) and i.name == name)
        return np.array(self.books.get((name, regime), []), np.int32).reshape(-1, wide)

    def lay(self):
        """Nothing to lay out: every array is looked up when it is used."""

    def close(self):
        """Nothing to let go."""

    # ---- the items of a chain, each as a function without arguments

    def step(self, item: Step):
        """One rule, for each citizen whom it concerns."""
        reads = [self.reader(item.bind.get(a, a), item.over) for a in arguments(item.rule)]
        writes = [self.writer(target, item.over) for target in item.writes]
        concerned = self.condition(item.only, item.over)

        def run():
            for slot in self.domain(item.over):
                if concerned(slot):
                    out = item.rule(*[read(slot) for read in reads])
                    for write, value in zip(writes, out if isinstance(out, tuple) else (out,), strict=True):
                        write(slot, value)

        return run

    def pick(self, item: Pick):
        """One list."""
        read = self.reader(item.where, item.over)

        def run():
            self.members[item.name] = [slot for slot in self.domain(item.over) if read(slot) != 0]

        return run

    def log_rows(self, item: Log):
        """One log."""
        reads = [self.reader(name, item.over) for name in item.columns]
        concerned = self.condition(item.only, item.over)

        def run():
            rows = [[np.int32(read(slot)) for read in reads] for slot in self.domain(item.over) if concerned(slot)]
            self.books[item.name, self.regime] = rows

        return run

    def draw(self, block: Luck):
        """Four words of luck for each."""
        key, lasting = self.keys[block.name], np.uint32(block.lasting)

        def run():
            day = np.uint32(0 if block.lasting else self.clock["day"])
            drawn = {slot: words(np.uint64(slot), day, lasting, key) for slot in self.domain(block.over)}
            for i, name in enumerate(block.words):
                self.values[name] = {slot: four[i] for slot, four in drawn.items()}

        return run

    def condition(self, only, over: str):
        """Whether a step concerns a citizen: all of the conditions hold, asked in order."""
        if only is None:
            return lambda slot: True
        if isinstance(only, list):
            tests = [self.condition(one, over) for one in only]
            return lambda slot: all(test(slot) for test in tests)
        name, wanted = only if isinstance(only, tuple) else (only, None)
        read = self.reader(name, over)
        return (lambda slot: read(slot) != 0) if wanted is None else (lambda slot: read(slot) == wanted)

    # ---- where an argument comes from, as a function of the slot

    def reader(self, name, over: str, index: tuple = ()):
        """How an argument is looked up: a field, a value of the day, luck, a parameter, a time."""
        if isinstance(name, At):
            return self.reader(name.name, over, name.index)
        if isinstance(name, (int, np.integer)):
            number = np.int32(name)
            return lambda slot: number
        if name == "slot":
            return np.uint64
        if name == "citizens":
            return lambda slot: np.uint64(self.state.citizens)
        if name == "published":
            return lambda slot: self.published[self.regime]
        if name == "beside":
            return lambda slot: self.published[self.beside[self.regime]]
        if name in self.model.clock:
            return lambda slot: np.int32(self.clock[name])
        if name.startswith("beside_"):
            own, see = name.removeprefix("beside_"), self.loaded(name.removeprefix("beside_"))
            return lambda slot: see(self.state.row(own, self.beside[self.regime])[slot])
        if name in self.fields:
            see, place = self.loaded(name), self.place(index, over) if self.fields[name].many else None
            if place is None:
                return lambda slot: see(self.column[name][slot])
            return lambda slot: see(self.column[name][place(slot)][slot])
        if name in self.home:
            if self.home[name] not in ("", self.root(over)):
                raise ValueError(f"{name!r} belongs to the list {self.home[name]!r}, and is read over {over!r}")
            return lambda slot: self.written(name, slot)
        if name in self.params:
            index = index or self.params[name].by
            if not index:
                return lambda slot: self.given[name]
            place = self.place(index, over)
            return lambda slot: self.given[name][place(slot)]
        raise KeyError(f"{name!r} is no field, value, luck, parameter or time that the model {self.model.name!r} declares")

    def written(self, name: str, slot: int):
        """A value of the day, which some step must have written."""
        try:
            return self.values[name][slot]
        except KeyError:
            raise KeyError(f"no step has written {name!r} for citizen {slot} of regime {self.regime} today") from None

    def place(self, index: tuple, over: str):
        """A place in a table. Places before the first are refused, which Python would count from the end."""
        if all(str(i).isdigit() for i in index):
            fixed = tuple(int(i) for i in index)
            return lambda slot: fixed
        reads = [self.reader(i, over) for i in index]

        def at(slot):
            found = tuple(int(read(slot)) for read in reads)
            if min(found) < 0:
                raise IndexError(f"place {found} of {index}, over {over!r}")
            return found

        return at

    def loaded(self, name: str):
        """How rules see a stored value: a share as float32, small whole numbers as int32."""
        dtype = self.fields[name].dtype
        if dtype == "share":
            return lambda stored: np.float32(np.int32(stored)) * PER_FIXED
        return np.int32 if dtype in SMALL else lambda stored: stored

    # ---- where a result goes, as a function of the slot and the result

    def writer(self, target: str, over: str):
        """How one result is put where it belongs; "a|b" puts it in both places."""
        if "|" in target:
            several = [self.writer(part, over) for part in target.split("|")]
            return lambda slot, value: [write(slot, value) for write in several]
        name, _, at = target.lstrip("+&=").partition("@")
        place = self.place((at,) if at else (0,), over)
        if target == "":
            return lambda slot, value: None
        if target[0] == "=":
            return self.adder(lambda slot: self.sums, lambda slot: (self.regime, self.model.sums.index(name)), np.int64)
        if target[0] == "+":
            first, cell = self.first_row[name], self.reader(self.model.cell, over)
            return self.adder(lambda slot: self.acc, lambda slot: (self.regime, first + place(slot)[0], cell(slot)), np.int64)
        if name in self.fields:
            f = self.fields[name]
            dtype = np.uint16 if f.dtype == "share" else np.dtype(f.dtype).type
            spot = (lambda slot: (*place(slot), slot)) if f.many else (lambda slot: slot)
            if target[0] == "&":
                return self.adder(lambda slot: self.column[name], spot, dtype)
            stored = (lambda value: np.uint16(np.int32(value * WHOLE + HALF_STEP))) if f.dtype == "share" else dtype
            return lambda slot, value: self.column[name].__setitem__(spot(slot), stored(value))
        if name == self.model.publishes:
            return lambda slot, value: self.publishing[self.regime].__setitem__(slot, value)
        dtype = self.dtype[name]
        return lambda slot, value: self.values.setdefault(name, {}).__setitem__(slot, dtype(value))

    @staticmethod
    def adder(table, spot, dtype):
        """Adds a result to what stands in a table."""

        def add(slot, value):
            table(slot)[spot(slot)] += dtype(value)

        return add
