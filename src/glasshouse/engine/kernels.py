"""The same parts as kernels of a GPU: each citizen has a thread, which takes it through all steps of a part.

No loop over a tile is left, and no list: to be in a list is a mark on the citizen, since nobody stands in a list twice. So no
thread waits for another, and what is read and written is what build.py's loops read and write. Sums are whole numbers, added
atomically: their order changes no bit.
"""

import re
from collections import Counter
from functools import cached_property

from .build import Loop, Part, Writer
from .model import BLOCK, Log, Luck, Model, Pick

TOTALS_IN_BLOCK = 4096  # daily totals that are first added up within a block of threads: 32 KiB
HERE = ""  # where a value of the day is, until it is known whether one part alone uses it


class Kernels(Writer):
    """Writes the source of one model's kernels. A value that a single part uses stays with the thread; others lie in scratch.

    run_by: the module of engine/ that knows arrays at an address, and compiles rules: "ptx" or "simulator".
    """

    TOGETHER = 64  # what passes between two parts goes through memory

    def __init__(self, model: Model, run_by: str):
        super().__init__(model)
        seen_by = f"from glasshouse.engine.{run_by} import column, compiled, table"
        self.IMPORTS = (*Writer.IMPORTS[1:], "from numba import cuda", seen_by)
        self.marks = {f"in_{name}": "u1" for name in self.lists} | {f"t_{name}": self.dtype(name) for name in self.home}
        self.draws: dict[str, Loop] = {}  # word of luck -> the loop that draws it
        self.block = 0 < len(self.sums) <= TOTALS_IN_BLOCK

    def checks(self, rule) -> bool:
        """A kernel cannot be stopped: no place is looked at first."""
        return False

    def gate(self, over: str) -> str:
        """The driver asks for the month alone: whose day of the week it is, each thread sees."""
        return "month" if over == "month" else ""

    def head(self, over: str, used: dict) -> list[str]:
        """What is asked of a citizen before a step over these concerns it."""
        if over == "week":
            self.source("slot", over, used)
            used["today"] = "desk[CLOCK]"
            return [f"((start + j) // {BLOCK} + today) % 7 == 0"]
        return [self.mark(f"in_{over}", used) + " != 0"] if over in self.lists else []

    def mark(self, name: str, used: dict) -> str:
        """One citizen's place among marks and values of the day."""
        used[name] = HERE
        return f"{name}[j]"

    def value(self, name: str, over: str, used: dict) -> str:
        """A value of the day."""
        return self.mark("t_" + name, used)

    def add(self, array: str, place: str, value: str) -> str:
        """The line that adds to a sum which many citizens share."""
        return f"cuda.atomic.add({'block' if self.block and array == 'sums' else array}, {place}, {value})"

    def pick(self, item: Pick) -> Loop:
        """One list: a mark on those who are in it."""
        used: dict = {}
        asks = [*self.head(item.over, used), self.flag(item.where, item.over, used)]
        return Loop(used, [], [f"{self.mark(f'in_{item.name}', used)} = u1(1) if {' and '.join(asks)} else u1(0)"])

    def clear(self) -> Loop:
        """Empties the lists that some regimes do not make."""
        used: dict = {}
        kinds = {i.name: i.kind for i in self.model.chain if isinstance(i, Pick)}
        return Loop(used, [], [f"{self.mark(f'in_{name}', used)} = u1(0)" for name in self.own_lists() if kinds[name] != "life"])

    def log(self, item: Log, number: int) -> Loop:
        """One log: each entry takes the next row, and leaves its slot before the rest, by which the host puts the rows in order."""
        loop = super().log(item, number)
        wide = max(len(i.columns) for i in self.model.chain if isinstance(i, Log)) + 1
        columns = [self.source(name, item.over, loop.used) for name in ("slot", *item.columns)]
        body = [f"at = cuda.atomic.add(logged, {number} * log_regimes, 1)"]
        body += [f"books[(book_{number} + at) * {wide} + {i}] = i4({column})" for i, column in enumerate(columns)]
        return Loop(loop.used, loop.head, body, loop.asks)

    def draw(self, item: Luck) -> Loop:
        """One call of luck. Each part draws for itself what it needs: that takes less time than to write it down and read it again."""
        loop = super().draw(item)
        self.draws |= {"t_" + word: loop for word in item.words}
        return loop

    def together(self, blocks: list[tuple], scope: int) -> list[Part]:
        """Neighbouring loops under the same condition as one part each, with the luck that each part needs."""
        drawn = {id(loop) for loop in self.draws.values()}
        parts = super().together([block for block in blocks if id(block[2]) not in drawn], scope)
        for part in parts:
            loops, had = [], set()
            for loop in part.loops:
                needed = {id(self.draws[name]): self.draws[name] for name in loop.used if name in self.draws}
                loops += [*(draw for number, draw in needed.items() if number not in had), loop]
                had |= set(needed)
            part.loops[:] = loops
        return parts

    @cached_property
    def times(self) -> Counter:
        """In how many parts each name is used."""
        return Counter(name for part in self.parts for name in part.used())

    def scratch(self) -> dict[str, str]:
        """What the parts leave for each other, with dtype."""
        return {name: dtype for name, dtype in self.marks.items() if self.times[name] > 1 and name not in self.draws}

    def part(self, name: str, part: Part) -> list[str]:
        """The lines of one kernel."""
        used, scratch = part.used(), self.scratch()
        handed = {what: self.thing(what, scratch[what]) if what in scratch else where for what, where in used.items()}
        before, after = (list(dict.fromkeys(line for loop in part.loops for line in getattr(loop, at))) for at in ("before", "after"))
        each = [line for loop in part.loops for line in nested([*loop.head, *loop.asks], [*loop.body, *loop.apart])]
        lines = [*before, "for j in range(cuda.grid(1), n, cuda.gridsize(1)):", *indented(each or ["pass"]), *after]
        if self.block and "sums" in used:
            lines = self.added_up(lines)
        whole = "\n".join(indented([f"{what} = {where}" for what, where in handed.items() if where != HERE] + lines))
        whole = re.sub(r"\b((?:t|in)_\w+)\[j\]", lambda found: found[0] if found[1] in scratch else found[1], whole)
        return [f"def {name}(pointer):", "    desk = column(pointer, HUGE, i8)", whole]

    def added_up(self, lines: list[str]) -> list[str]:
        """Lines that add to daily totals, which a block of threads first adds up for itself."""
        every = f"for c in range(cuda.threadIdx.x, {len(self.sums)}, cuda.blockDim.x):"
        first = [f"block = cuda.shared.array({len(self.sums)}, i8)", every, "    block[c] = 0", "cuda.syncthreads()"]
        last = ["cuda.syncthreads()", every, *indented(nested(["block[c] != 0"], ["cuda.atomic.add(sums, c, block[c])"]))]
        return [*first, *lines, *last]


def nested(asks: list[str], body: list[str]) -> list[str]:
    """Lines under conditions, asked in order."""
    for ask in reversed(asks):
        body = [f"if {ask}:", *indented(body)]
    return body


def indented(lines: list[str]) -> list[str]:
    """Lines a step further in."""
    return ["    " + line for line in lines]
