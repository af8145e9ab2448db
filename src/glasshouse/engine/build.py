"""Generates the tile loops of a model from its declaration, as readable source, and compiles them.

For each step one short loop over a tile's arrays, which the compiler turns into vector instructions; one function that
runs the chain for a stretch of tiles. docs/engine.md explains the shape of what comes out.
"""

import ast
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType

import numpy as np
from numba import njit

from . import shelf
from .model import FIXED, At, Field, Log, Luck, Model, Pick, Step, arguments
from .native import ALWAYS, FIRST, HEADER, MONTHLY, OWN, SECOND, SHARED, SLOTS, STRIDE, WEEKLY
from .shelf import fingerprint, keep
from .translate import translate

OPTIONS = {"error_model": "numpy", "nogil": True, "_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
LOOPS_TOGETHER = 16  # loops in one function: fewer functions compile faster, very long ones slower
FLAT = ("tile", "week", "month")
OWN_RULES = "glasshouse_own_"  # how the modules of a user's own rules are named
MOST_WORKERS, FEW_PARTS = 8, 4  # processes that compile side by side; for fewer parts each, another does not pay
_compiled: dict = {}
_one_at_a_time = threading.Lock()


def linked(rule, make, made: dict):
    """The rule, compiled by `make`; the rules that it calls likewise. made: those that were compiled before."""
    if rule not in made:
        names = dict(rule.__globals__)
        for name in rule.__code__.co_names:
            if isinstance(names.get(name), FunctionType):
                names[name] = linked(names[name], make, made)
        made[rule] = make(FunctionType(rule.__code__, names, rule.__name__, rule.__defaults__))
    return made[rule]


def compiled(rule, checked: bool = False):
    """The rule, compiled to be laid into a loop. checked: it stops where it reads past an array's end."""
    return linked(rule, njit(forceinline=True, boundscheck=checked, **OPTIONS), _compiled.setdefault(checked, {}))


@dataclass(frozen=True)
class Loop:
    """One loop: its heading, whom it passes over, and what it does for each.

    used: the names it must be handed, with where the driver finds them. before, after: lines around it. apart: what is done in
    a second loop over the same. guarded: its number, if it can be stopped.
    """

    used: dict[str, str]
    head: list[str]
    body: list[str]
    asks: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    guarded: int = 0


@dataclass
class Part:
    """Neighbouring loops under the same condition, which are compiled together: when, and for which kind of regime, they run."""

    scope: int
    gate: str
    kind: str
    loops: list[Loop]

    def used(self) -> dict[str, str]:
        """All names that its loops must be handed."""
        used: dict = {"n": "desk[COUNT]"}
        for each in self.loops:
            clash = [what for what in each.used if used.get(what, each.used[what]) != each.used[what]]
            if clash:
                raise ValueError(f"one part would need two meanings of {clash}")
            used |= each.used
        return used


class Writer:
    """Writes the source of one model's engine. The only state is the model and the lines written so far."""

    IMPORTS = (
        "from glasshouse.engine.build import compiled, module_at",
        "from glasshouse.engine.luck import words as _words",
        "from glasshouse.engine.native import BEGIN, BESIDE, BESIDE_ROWS, CITIZENS, CLOCK, COUNT, FAULT, FAULT_AT, HELD, HUGE, IN_TILE, "
        "OFFSET, REACHED, REGIME, ROWS, column, table",
        "from glasshouse.engine.seats import seat as _seat",
    )
    TOGETHER = LOOPS_TOGETHER

    def __init__(self, model: Model, checked: bool = False):
        self.model, self.checked = model, checked
        self.checking = False  # whether the step that is being written is a checked one, and whether it can go wrong at all
        self.can_fail = False
        self.guarded: list = []  # rules that a loop stops for, by the number it leaves
        self.fields = {f.name: f for f in model.fields}
        self.params = {p.name: p for p in model.params}
        self.luck = {w: block for block in model.luck for w in block.words}
        self.rows = model.measure_rows()
        self.sums = {name: i for i, name in enumerate(model.sums)}
        self.lists: dict[str, str] = {}  # list -> root list ("" for a root)
        self.home: dict[str, str] = {}  # value -> root list whose entries it belongs to ("" for the tile)
        self.texts: list[str] = []
        self.program: list[tuple] = []
        self.things: dict[str, int] = {}
        self.rules: dict = {}
        self._find_homes()

    def _find_homes(self):
        for item in self.model.chain:
            if isinstance(item, Pick):
                self.lists[item.name] = "" if item.over in FLAT else self.root(item.over)
            elif isinstance(item, Step):
                for target in item.writes:
                    for name in target.split("|"):
                        if name in self.model.values:
                            self.home.setdefault(name, "" if item.over in FLAT else self.root(item.over))
        for block in self.model.luck:
            for word in block.words:
                self.home[word] = "" if block.over in FLAT else self.root(block.over)

    def root(self, name: str) -> str:
        """The list in whose order a list's values are kept."""
        return self.lists[name] or name

    def dtype(self, name: str) -> str:
        """The dtype of a value of the day or of a word of luck."""
        return "u4" if name in self.luck else self.model.values[name]

    # ---- where a name comes from

    def source(self, name, over: str, used: dict, index=None) -> str:
        """The expression that reads `name` inside a loop over `over`; notes in `used` what the part must look up first."""
        if isinstance(name, At):
            place = ", ".join(self.source(i, over, used) if isinstance(i, str) else str(i) for i in name.index)
            return self.source(name.name, over, used, index=place)
        if isinstance(name, np.uint32):
            return f"u4({int(name)})"
        if isinstance(name, (int, np.integer)):
            return f"i4({int(name)})"
        if name == "slot":
            used["start"] = "desk[BEGIN] + desk[OFFSET]"
            return "u8(start + j)"
        if name == "citizens":
            used["total"] = "desk[CITIZENS]"
            return "u8(total)"
        if name in ("published", "beside"):
            row = "REGIME" if name == "published" else "BESIDE"
            return self.whole(name, self.thing("published", "u8", "desk[CITIZENS]", f" + 8 * desk[{row}] * desk[CITIZENS]"), used)
        if name in self.model.clock:
            used[name] = f"i4(desk[CLOCK + {self.model.clock.index(name)}])"
            return name
        if name.startswith("whole_"):  # everybody's, as it is stored: the rule looks up whom it wants
            return self.whole(name, self.thing(name, self.fields[name[6:]].dtype, "desk[CITIZENS]"), used)
        if name.startswith("their_"):  # as it stood when the day began: anybody's, or the one's at a place
            f = self.fields[name[6:]]
            everybody = self.thing(name, f.stored, "desk[CITIZENS]", f" + {np.dtype(f.stored).itemsize} * ({self.row(f, 'CITIZENS')}0)")
            array = self.whole(name, everybody, used)
            return array if index is None else load(f.dtype, f"{name}[{self.within(index, 'desk[CITIZENS]')}]")
        if name.startswith("yesterday_"):  # a daily total of the same regime, as it stood when the day began
            used[name] = self.thing("yesterday", "i8", "HUGE", f" + 8 * desk[REGIME] * {len(self.sums)}") + f"[{self.sums[name[10:]]}]"
            return name
        if name.startswith("beside_"):
            f = self.fields[name[7:]]
            size = np.dtype(f.dtype).itemsize
            row = f"desk[BESIDE_ROWS + {self.model.kinds.index(f.kind)}] * desk[HELD]"
            used[name] = self.thing(f.name, f.dtype, "HUGE", f" + {size} * ({row} + desk[OFFSET])")
            return load(f.dtype, f"{name}[j]")
        if name in self.fields:
            if self.fields[name].tally:
                raise KeyError(f"{name!r} is a tally, which no step may read")
            return load(self.fields[name].dtype, self.column(name, used, index))
        if name in self.home:
            return self.value(name, over, used)
        if name in self.params:
            return self.param(name, over, used, index)
        raise KeyError(f"{name!r} is no field, value, luck, parameter or time that the model {self.model.name!r} declares")

    def checks(self, rule) -> bool:
        """Whether every place that a rule looks up is looked at first: of a checked model, and of a user's own rules always."""
        return self.checked or rule.__module__.startswith(OWN_RULES)

    def whole(self, name: str, where: str, used: dict) -> str:
        """An array of everybody, in which the rule itself looks up whom it wants."""
        used[name] = where
        self.can_fail = True
        return name

    def within(self, place: str, size: str) -> str:
        """A place that a step worked out: where steps are checked, the loop stops if there is no such place."""
        if not self.checking:
            return place
        self.can_fail = True
        return f"within(i8({place}), {size})"

    def thing(self, name: str, dtype: str, count: str = "HUGE", address: str = "") -> str:
        """The array of a named thing of the desk."""
        return f"column(desk[{self.at(name)}]{address}, {count}, {dtype})"

    def at(self, name: str) -> int:
        """Where on the desk a named thing stands."""
        return HEADER + SLOTS * self.things.setdefault(name, len(self.things))

    def row(self, f: Field, of: str = "HELD") -> str:
        """How many values before the current regime's row of a field, as the beginning of a sum."""
        many, wide = f"desk[{self.at(f.name) + FIRST}]", f"desk[{self.at(f.name) + SECOND}]" if f.tally else f"desk[{of}]"
        return "" if not f.kind else f"desk[ROWS + {self.model.kinds.index(f.kind)}] * {many} * {wide} + "

    def column(self, name: str, used: dict, index=None) -> str:
        """One citizen's place in a column of the state."""
        f = self.fields[name]
        dtype, size, row, many = f.stored, np.dtype(f.stored).itemsize, self.row(f), f"desk[{self.at(name) + FIRST}]"
        if f.tally:
            used["offset"], used["seats"] = "desk[OFFSET]", self.thing("seats", "u8")
            used["f_" + name], used["w_" + name] = self.thing(name, dtype, "HUGE", f" + {size} * ({row}0)"), f"desk[{self.at(name) + SECOND}]"
            place = f"{self.within(f'i8({index})', many)} * w_{name} + " if f.many else ""
            return f"f_{name}[{place}seat(seats, offset + j)]"
        if index is not None and index.isdigit():  # a fixed place is a column of its own, so that the loop walks straight along it
            place = f"({index} if {index} < {many} else 0)"
            used[f"f_{name}_{index}"] = self.thing(name, dtype, "HUGE", f" + {size} * ({row}{place} * desk[HELD] + desk[OFFSET])")
            return f"f_{name}_{index}[j]"
        used["f_" + name] = self.thing(name, dtype, "HUGE", f" + {size} * ({row}desk[OFFSET])")
        if not f.many:
            return f"f_{name}[j]"
        used["held"] = "desk[HELD]"
        return f"f_{name}[{self.within(f'i8({index})', many)} * held + j]"

    def value(self, name: str, over: str, used: dict) -> str:
        """A value of the day: by citizen of the tile, or by entry of the list it belongs to."""
        dtype = self.dtype(name)
        at_root = bool(self.home[name])
        used["t_" + name] = self.thing("t_" + name, dtype, "HUGE", "" if at_root else f" + {np.dtype(dtype).itemsize} * desk[IN_TILE]")
        return f"t_{name}[{'q' if at_root and over not in FLAT else 'j'}]"

    def param(self, name: str, over: str, used: dict, index=None) -> str:
        """A parameter: a number, a table, or a place in a table."""
        p, at = self.params[name], self.at(name)
        shift = "" if p.scope == "world" else f" + desk[{at + STRIDE}] * desk[REGIME]"
        if index is None and p.by:
            index = ", ".join(self.source(i, over, used) for i in p.by)
        if not p.dims:
            used["p_" + name] = self.thing(name, p.dtype, "1", shift) + "[0]"
            return "p_" + name
        if index is None and p.dims == 2:
            return self.whole("p2_" + name, f"table(desk[{at}]{shift}, desk[{at + FIRST}], desk[{at + SECOND}], {p.dtype})", used)
        flat = f"desk[{at + FIRST}]" + (f" * desk[{at + SECOND}]" if p.dims == 2 else "")
        used["p_" + name] = self.thing(name, p.dtype, flat, shift)
        places = index.split(", ") if index else []
        self.can_fail |= not places or not all(at.isdigit() for at in places)  # places written as numbers were looked at before
        if index is None:
            return "p_" + name
        alike = all(at.isdigit() or at in self.model.clock for at in places)  # for everybody: looked up before the loop
        if p.dims == 1:
            if alike:
                used[f"p_{name}_{places[0]}"] = f"p_{name}[{places[0]}]"
                return f"p_{name}_{places[0]}"
            return f"p_{name}[{self.within(places[0], f'desk[{at + FIRST}]')}]"
        wide = f"desk[{at + SECOND}]"
        if len(places) == 1:  # a row of a table
            self.can_fail = True
            used[f"p_{name}_{places[0]}"] = f"p_{name}[{places[0]} * {wide} : ({places[0]} + 1) * {wide}]"
            return f"p_{name}_{places[0]}"
        if alike:
            used[f"p_{name}_{places[0]}_{places[1]}"] = f"p_{name}[{places[0]} * {wide} + {places[1]}]"
            return f"p_{name}_{places[0]}_{places[1]}"
        used["wide_" + name] = wide
        first, second = self.within(f"i8({places[0]})", f"desk[{at + FIRST}]"), self.within(f"i8({places[1]})", f"wide_{name}")
        return f"p_{name}[{first} * wide_{name} + {second}]"

    def place(self, at: str, over: str, used: dict) -> str:
        """An index written after "@": a number or a name."""
        return at if at.isdigit() else self.source(at, over, used)

    def store(self, target: str, value: str, over: str, used: dict) -> list[str]:
        """The lines that put one result where it belongs; "a|b" puts it in both places."""
        if target == "":
            return []
        if "|" in target:
            return [line for part in target.split("|") for line in self.store(part, value, over, used)]
        name, _, at = target.lstrip("=+&").partition("@")
        place = self.place(at, over, used) if at else None
        if target[0] == "=" and at:  # one of the places of a total
            used["sums"] = self.totals()
            many = sum(total.startswith(name + "@") for total in self.sums)
            return [self.add("sums", f"{self.sums[name + '@0']} + {self.within(f'i8({place})', str(many))}", f"i8({value})")]
        if target[0] == "=":
            return [f"s_{name} += i8({value})"]
        if target[0] == "+":
            row = f"i8({self.rows[name]})" + (f" + i8({place})" if at else "")
            used["acc"] = self.thing("acc", "i8", "HUGE", f" + 8 * desk[REGIME] * {self.model.width() * self.model.cells}")
            return [self.add("acc", f"({row}) * {self.model.cells} + i8({self.source(self.model.cell, over, used)})", f"i8({value})")]
        if target[0] == "&":
            return [f"{self.column(name, used, place)} += {self.fields[name].stored}({value})"]
        if name in self.fields:
            return [f"{self.column(name, used, place)} = {stored(self.fields[name].dtype, value)}"]
        if target == self.model.publishes:
            used["out"] = self.thing("publishing", "u8", "HUGE", " + 8 * (desk[REGIME] * desk[HELD] + desk[OFFSET])")
            return [f"out[j] = {value}"]
        return [f"{self.value(target, over, used)} = {self.dtype(target)}({value})"]

    def add(self, array: str, place: str, value: str) -> str:
        """The line that adds to a sum which many citizens share."""
        return f"{array}[{place}] += {value}"

    def totals(self) -> str:
        """Where the current regime's daily totals stand."""
        return self.thing("sums", "i8", "HUGE", f" + 8 * desk[REGIME] * {len(self.sums)}")

    def head(self, over: str, used: dict) -> list[str]:
        """A loop's heading: over everybody of the tile, or over the entries of a list."""
        if over in FLAT:
            return ["for j in range(n):"]
        number = list(self.lists).index(over)
        root = self.root(over)
        used["counts"] = self.thing("counts", "i8")
        used[f"l_{root}"] = self.thing(f"l_{root}", "i4")
        if self.lists[over]:
            used[f"l_{over}"] = self.thing(f"l_{over}", "i4")
            return [f"for x in range(counts[{number}]):", f"    q = l_{over}[x]", f"    j = l_{root}[q]"]
        return [f"for q in range(counts[{number}]):", f"    j = l_{root}[q]"]

    def condition(self, only, over: str, used: dict) -> list[str]:
        """What is asked, in order, of those whom a step may concern."""
        if only is None:
            return []
        if isinstance(only, list):
            return [ask for one in only for ask in self.condition(one, over, used)]
        return [self.flag(only, over, used)]

    def flag(self, wanted, over: str, used: dict) -> str:
        """The expression that asks whether a value is set, or is a number: (value, number)."""
        if isinstance(wanted, tuple):
            return f"{self.source(wanted[0], over, used)} == {int(wanted[1])}"
        return f"{self.source(wanted, over, used)} != 0"

    # ---- loops

    def step(self, item: Step) -> "Loop":
        """One step: a loop that calls its rule."""
        used: dict = {}
        self.checking, self.can_fail = self.checks(item.rule), False
        head = self.head(item.over, used)
        asks = self.condition(item.only, item.over, used)
        label = f"r_{item.rule.__module__.rsplit('.', 1)[-1]}_{item.rule.__name__}"
        self.rules[label] = item.rule
        call = ", ".join(self.source(item.bind.get(a, a), item.over, used) for a in arguments(item.rule))
        outs = [f"o{i}" for i in range(len(item.writes))]
        body = [f"{', '.join(outs)} = {label}({call})"]
        before, after, counted = [], [], []
        for target, out in zip(item.writes, outs, strict=True):
            now, _, measured = target.partition("|+")
            if measured and item.over in FLAT and not asks and now in self.model.values:  # counted apart, so that the rule's own loop vectorises
                counted += self.store("+" + measured, self.value(now, item.over, used), item.over, used)
                target = now
            body += self.store(target, out, item.over, used)
            for total in (t[1:] for t in target.split("|") if t[:1] == "=" and "@" not in t):
                before.append(f"s_{total} = i8(0)")
                used["sums"] = self.totals()
                after.append(self.add("sums", str(self.sums[total]), f"s_{total}"))
        guarded = self.checking and self.can_fail
        if guarded:
            self.guarded.append(item.rule)
            head = [*head, "    desk[REACHED] = j"]
        self.checking = False
        return Loop(used, head, body, asks, before, after, counted, len(self.guarded) if guarded else 0)

    def pick(self, item: Pick) -> "Loop":
        """One list: those for whom a value is set."""
        used: dict = {}
        head = self.head(item.over, used)
        entry = "j" if item.over in FLAT else "q"
        flag = self.flag(item.where, item.over, used)
        used["counts"] = self.thing("counts", "i8")
        used[f"l_{item.name}"] = self.thing(f"l_{item.name}", "i4")
        number = list(self.lists).index(item.name)
        body = [f"l_{item.name}[k] = {entry}", f"k += i8(1) if {flag} else i8(0)"]
        return Loop(used, head, body, before=["k = i8(0)"], after=[f"counts[{number}] = k"])

    def draw(self, item: Luck) -> "Loop":
        """One call of luck: four words for each."""
        number = self.model.luck.index(item)
        used: dict = {"today": "desk[CLOCK]", f"key_{number}": f"{self.thing('keys', 'u8')}[{number}]"}
        head = self.head(item.over, used)
        slot = self.source("slot", item.over, used)
        if item.of != 1:
            slot = f"{slot} // u8({self.source(item.of, item.over, used)})"
        lasting = "u4(1)" if item.lasting else "u4(0)"
        outs = ", ".join(self.value(w, item.over, used) for w in item.words)
        when = "u4(0)" if item.lasting else "u4(today)"
        return Loop(used, head, [f"{outs} = words({slot}, {when}, {lasting}, key_{number})"])

    def log(self, item: Log, number: int) -> "Loop":
        """One log: a row of whole numbers for each entry."""
        wide = max(len(i.columns) for i in self.model.chain if isinstance(i, Log))
        used: dict = {"books": self.thing("logs", "i4"), "logged": self.thing("logged", "i8", "HUGE", " + 8 * desk[REGIME]")}
        at = HEADER + SLOTS * self.things["logs"]
        used["log_rows"], used["log_regimes"] = f"desk[{at + FIRST}]", f"desk[{at + SECOND}]"
        used[f"book_{number}"] = f"({number} * log_regimes + desk[REGIME]) * log_rows"
        head, asks = self.head(item.over, used), self.condition(item.only, item.over, used)
        body = [f"books[(book_{number} + at) * {wide} + {i}] = i4({self.source(c, item.over, used)})" for i, c in enumerate(item.columns)]
        place = f"logged[{number} * log_regimes]"
        return Loop(used, head, [*body, "at += 1"], asks, [f"at = {place}"], [f"{place} = at"])

    def zero(self, name: str, over: str) -> "Loop":
        """Clears a value that some regimes do not write."""
        used: dict = {}
        return Loop(used, self.head(over, used), [f"{self.value(name, over, used)} = {self.dtype(name)}(0)"])

    def clear(self) -> "Loop":
        """Empties the lists that each regime makes anew."""
        used = {"counts": self.thing("counts", "i8")}
        return Loop(used, [], [], before=[f"counts[{list(self.lists).index(n)}] = 0" for n in self.own_lists()])

    # ---- the driver

    def source_text(self) -> str:
        """The whole module."""
        m = self.model
        shared: list[tuple] = []
        own: list[tuple] = [(self.gate(over), "not " + kind if kind else "life", self.zero(name, over)) for name, over, kind in self.zeroed()]
        late: dict[str, list[Loop]] = {}
        for block in m.luck:
            if block.over in FLAT:
                shared.append((self.gate(block.over), "", self.draw(block)))
            else:
                late.setdefault(block.over, []).append(self.draw(block))
        logs = [i for i in m.chain if isinstance(i, Log)]
        for item in m.chain:
            common = getattr(item, "shared", False)
            block = (
                self.step(item)
                if isinstance(item, Step)
                else self.pick(item)
                if isinstance(item, Pick)
                else self.log(item, logs.index(item))
            )
            for each in (block, *(late.pop(item.name, []) if isinstance(item, Pick) else [])):
                (shared if common else own).append((self.gate(item.over), "" if common else item.kind, each))
        own.insert(0, ("", "life", self.clear()))
        self.parts = [*self.together(shared, SHARED), *self.together(own, OWN)]
        for number, part in enumerate(self.parts):
            self.texts.append("\n".join(self.part(f"part_{number}", part)))
            wanted = part.kind.removeprefix("not ")
            kind_number = self.model.kinds.index(wanted) if wanted and wanted != "life" else -1
            kind_number = -2 - kind_number if wanted != part.kind else kind_number
            self.program.append((f"part_{number}", part.scope, {"": ALWAYS, "week": WEEKLY, "month": MONTHLY}[part.gate], kind_number))
        return "\n\n\n".join([self.preamble(), *self.texts]) + "\n"

    def gate(self, over: str) -> str:
        """What the driver asks before it runs a loop: "week" and "month", else nothing."""
        return over if over in ("week", "month") else ""

    def together(self, blocks: list[tuple], scope: int) -> list[Part]:
        """Neighbouring loops under the same condition as one part each; one that can be stopped is a part of its own."""
        parts: list[Part] = []
        for gate, kind, block in blocks:
            last = parts[-1] if parts else None
            apart = last is None or (last.gate, last.kind) != (gate, kind) or len(last.loops) >= self.TOGETHER
            if apart or block.guarded or last.loops[-1].guarded:
                parts.append(Part(scope, gate, kind, [block]))
            else:
                last.loops.append(block)
        return parts

    def part(self, name: str, part: Part) -> list[str]:
        """The lines of one part."""
        text = [f"def {name}(pointer):", "    desk = column(pointer, HUGE, i8)"]
        text += [f"    {what} = {where}" for what, where in part.used().items()]
        text += ["    " + line for loop in part.loops for line in self.lines(loop)]
        return text

    def lines(self, loop: Loop) -> list[str]:
        """The lines of one loop."""
        skip = [f"    if not ({ask}): continue" for ask in loop.asks]
        apart = [*loop.head, *("    " + line for line in loop.apart)] if loop.apart else []
        return [*loop.before, *loop.head, *skip, *("    " + line for line in loop.body), *loop.after, *apart]

    def preamble(self) -> str:
        """Imports, types and the compiled rules."""
        lines = [
            f'"""Generated from the model {self.model.name!r}. Do not edit."""',
            "",
            "import importlib",
            "from pathlib import Path",
            "",
            "import numpy as np",
            *self.IMPORTS,
            "",
        ]
        lines += [
            f"{a} = np.{b}"
            for a, b in {
                "f4": "float32",
                "f8": "float64",
                "i1": "int8",
                "i2": "int16",
                "i4": "int32",
                "i8": "int64",
                "u1": "uint8",
                "u2": "uint16",
                "u4": "uint32",
                "u8": "uint64",
            }.items()
        ]
        lines += [f"FIX = f4({FIXED})", f"PER_FIX = f4(1 / {FIXED})", "HALF_STEP = f4(0.5)", "words = compiled(_words)", "seat = compiled(_seat)"]
        return "\n".join([*lines, *map(self.named, sorted(self.rules))])

    def named(self, label: str) -> str:
        """The line that names a rule."""
        rule = self.rules[label]
        own = f"module_at({rule.__module__!r}, Path(__file__).parent / {rule.__module__ + '.py'!r})"
        found = own if rule.__module__.startswith(OWN_RULES) else f"importlib.import_module({rule.__module__!r})"
        return f"{label} = compiled({found}.{rule.__name__}{', checked=True' if self.checks(rule) else ''})"

    def key(self, text: str) -> str:
        """A hash of all that the machine code of one part depends on."""
        used = sorted({word for word in re.findall(r"\br_\w+", text) if word in self.rules})
        unnumbered = re.sub(r"\bpart_\d+\b", "part", text)  # where it stands among the others is no matter
        return fingerprint("\n".join([*map(self.named, used), unnumbered]), [self.rules[label] for label in used])

    def scratch(self) -> dict[str, str]:
        """What a worker needs for one tile, with dtype: values of the day, lists and their lengths."""
        lists = {"l_" + name: "i4" for name in self.lists}
        return {"t_" + name: self.dtype(name) for name in self.home} | lists | {"counts": "i8"}

    def own_lists(self) -> list[str]:
        """Lists made for each regime."""
        return [i.name for i in self.model.chain if isinstance(i, Pick) and not i.shared]

    def zeroed(self) -> list[tuple[str, str, str]]:
        """Values that must begin at 0, so that no other regime's are read: (name, over, kind of the regimes that do not need it).

        A value that is written only on a condition always begins at 0. One that regimes of a kind always write begins
        at 0 for the others, if any step of theirs reads it.
        """
        first: dict[str, Step] = {}
        readers: dict[str, set[str]] = {}
        for item in self.model.chain:
            if getattr(item, "shared", False):
                continue
            if isinstance(item, Step):
                for name in (n for target in item.writes for n in target.split("|")):
                    if name in self.home and not self.home[name]:
                        first.setdefault(name, item)
            for name in reads(item):
                readers.setdefault(name, set()).add(item.kind)
        found = []
        for name, item in first.items():
            if item.only is not None:
                found.append((name, item.over, ""))
            elif item.kind != "life" and readers.get(name, set()) - {item.kind}:
                found.append((name, item.over, item.kind))
        return sorted(found, key=lambda x: (x[1], x[2]))


def reads(item) -> set[str]:
    """The names that an item of a chain looks up."""
    if isinstance(item, Pick):
        return {item.where[0] if isinstance(item.where, tuple) else item.where}
    only = item.only if isinstance(item.only, list) else [item.only]
    names = [one[0] if isinstance(one, tuple) else one for one in only if one is not None]
    if isinstance(item, Log):
        return {*names, *item.columns}
    names += [target.partition("@")[2] for whole in item.writes for target in whole.split("|")]
    for argument in arguments(item.rule):
        source = item.bind.get(argument, argument)
        names += [source.name, *source.index] if isinstance(source, At) else [source]
    return {name for name in names if isinstance(name, str) and name and not name.isdigit()}  # a place may be a number


def load(dtype: str, at: str) -> str:
    """A stored value as rules see it: shares as float32, small whole numbers widened to int32."""
    if dtype == "share":
        return f"(f4(i4({at})) * PER_FIX)"
    return f"i4({at})" if dtype in ("u1", "u2", "i1", "i2") else at


def stored(dtype: str, value: str) -> str:
    """A value as it is stored."""
    return f"u2(i4({value} * FIX + HALF_STEP))" if dtype == "share" else f"{dtype}({value})"


def load_module(path: Path, name: str = ""):
    """The module at a path, read anew."""
    spec = importlib.util.spec_from_file_location(name or f"glasshouse_generated.{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[spec.name]
        raise
    return module


def own_name(text: bytes) -> str:
    """How the module of a user's file is named, by what stands in it."""
    return f"{OWN_RULES}{hashlib.sha256(text).hexdigest()[:16]}"


def own_copy(text: bytes) -> Path:
    """A copy of a user's file beside the compiled code, where the other processes that compile find it."""
    return keep(f"{own_name(text)}.py", text)


def module_at(name: str, path: Path):
    """The module of a user's own rule, read once a process."""
    return sys.modules[name] if name in sys.modules else load_module(path, name)


@dataclass(frozen=True)
class Code:
    """A part as it is compiled. scope, gate, kind: as the driver reads them; guarded: what it leaves where it stops, 0 if it cannot;
    key: of its machine code."""

    name: str
    text: str
    scope: int
    gate: int
    kind: int
    guarded: int
    key: str


def concerns(kind: int, rows: np.ndarray) -> bool:
    """Whether a part concerns any of some regimes.

    Args:
        kind: as the driver reads it: -1 all regimes; -2 - k those not of kind k.
        rows: (kinds, regimes), or (kinds,) of one regime; -1 where it is not of a kind.
    """
    return kind == -1 or bool(np.any(rows[kind] >= 0 if kind >= 0 else rows[-2 - kind] < 0))


def compile_parts(path: Path, wanted: list[tuple[str, str, str]]):
    """Compiles parts of a generated file and puts their machine code on disk. wanted: name, key, and what each leaves where it stops."""
    names = vars(load_module(path))
    written = {node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}
    for name, key, guard in wanted:
        if not shelf.kept(key):
            shelf.store(key, *translate(written[name], shelf.symbol(key), names, int(guard)))


class Engine:
    """A compiled model: a program of parts, run in order over each tile. Final.

    checked: every place that a step looks up is looked at first, and `guarded` says whose step it was that had none.
    A user's own rules always are.
    """

    def __init__(self, model: Model, checked: bool = False):
        writer = Writer(model, checked)
        text = writer.source_text()
        self.path = keep(f"day_{fingerprint(text, writer.rules.values())}.py", text.encode())
        self.parts = [Code(name, text, *when, part.loops[0].guarded, writer.key(text))
                      for text, (name, *when), part in zip(writer.texts, writer.program, writer.parts, strict=True)]  # fmt: skip
        self.model, self.things = model, writer.things
        self.scratch = writer.scratch()
        self.logs = [i for i in model.chain if isinstance(i, Log)]
        self.guarded = writer.guarded

    def program(self, rows: np.ndarray | None = None, say=lambda note: None) -> np.ndarray:
        """The parts that the regimes of a run need, compiled, as the driver reads them: (parts, 4) int64.

        Args:
            rows: (kinds, regimes), -1 where a regime is not of a kind; None for every part.
            say: told before a wait begins.
        """
        needed = [part for part in self.parts if rows is None or concerns(part.kind, rows)]
        with _one_at_a_time:
            self._compile([part for part in needed if not shelf.kept(part.key)], say)
            return np.array([(shelf.address(part.key), part.scope, part.gate, part.kind) for part in needed], np.int64).reshape(-1, 4)

    def _compile(self, missing: list[Code], say):
        """Compiles parts on all cores, the longest first, each core in a process of its own."""
        if not missing:
            return
        say(f"compiling {len(missing)} parts of the day for this machine, once")
        wanted = [(part.name, part.key, str(part.guarded)) for part in sorted(missing, key=lambda part: -len(part.text))]
        workers = max(1, min(os.cpu_count() or 1, MOST_WORKERS, len(wanted) // FEW_PARTS))
        command = [sys.executable, "-m", "glasshouse.engine.build", str(self.path)]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        helpers = [subprocess.Popen([*command, *map("=".join, wanted[k::workers])], **quiet) for k in range(1, workers)]
        try:
            compile_parts(self.path, wanted[::workers])
            for helper in helpers:
                helper.wait()
        finally:
            for helper in helpers:
                helper.kill()
                helper.wait()
        compile_parts(self.path, wanted)  # what a helper left


if __name__ == "__main__":  # one of the workers that compile parts side by side
    compile_parts(Path(sys.argv[1]), [tuple(each.split("=")) for each in sys.argv[2:]])
