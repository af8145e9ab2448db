"""How many citizens fit into memory, and how fast their days pass at that size.

    python benchmarks/scale.py REGIME CITIZENS [DAYS]        a row of the table of docs/scale.md; REGIME may be `core-day`

Everybody is drawn and stepped in this one process, on all its cores. Bytes a citizen are the most memory that the process held at any
time, less what it held before the first citizen was drawn, over the citizens: what the host works out on the way is in it, and the
tallies of those who will be in the table of citizens, of whom there are a million at most. Compiling is not counted.
"""

import hashlib
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))  # for the core day
START = "2020-12-02"
BLOCK = 4096  # citizens of a block of the core day, which are all there
HEAD = "| regime | citizens | days | threads | set up, s | million citizen-days/s | bytes a citizen | most memory, GiB | digest |\n" + "|---|" * 1 + "---:|" * 7 + "---|"


def held(what: str) -> int:
    """Bytes that this process holds (VmRSS), or has held at most (VmHWM)."""
    return 1024 * int(re.search(rf"{what}:\s+(\d+)", Path("/proc/self/status").read_text()).group(1))


def core_day(citizens: int, days: int) -> tuple[Callable[[], None], Callable[[], str]]:
    """The core day of benchmarks/core_day, set up: what steps its days, and what says its digest."""
    from benchmarks.core_day.engines.glasshouse_day import Run

    run = Run(citizens, os.cpu_count())

    def digest() -> str:
        made = hashlib.sha256()
        for name, column in sorted(run.columns().items()):
            made.update(name.encode())
            made.update(np.ascontiguousarray(column))
        return made.hexdigest()

    return lambda: run.days(days), digest


def full_day(regime: str, citizens: int, days: int) -> tuple[Callable[[], None], Callable[[], str]]:
    """The full day under a regime, set up, likewise."""
    from glasshouse.experiments.days import Society
    from glasshouse.scenarios import load

    society = Society(load("essay").with_(citizens=citizens, days=days, start=START, regimes=[regime], panel=0))
    society.people = None  # as `simulate` does when the margins are worked out
    kept = []
    return lambda: kept.append(society.run(cells=False, years=1)), lambda: society.digest(0, kept[0])


def compiled(regime: str) -> None:
    """Compiles what is needed, or finds it compiled, so that it counts for nothing."""
    core_day(BLOCK, 1)[0]() if regime == "core-day" else full_day(regime, 200, 2)[0]()


def row(regime: str, citizens: int, days: int) -> str:
    """One run, as a row of the table."""
    compiled(regime)
    before, began = held("VmRSS"), time.perf_counter()
    step, digest = core_day(citizens, days) if regime == "core-day" else full_day(regime, citizens, days)
    ready = time.perf_counter()
    step()
    spent, most = time.perf_counter() - ready, held("VmHWM")
    cells = (f"`{regime}`", f"{citizens:,}", days, os.cpu_count(), f"{ready - began:.0f}", f"{citizens * days / spent / 1e6:.1f}",
             f"{(most - before) / citizens:.0f}", f"{most / 2**30:.1f}", f"`{digest()[:12]}`")  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


if __name__ == "__main__":
    name, size, *rest = sys.argv[1:]
    print(HEAD)
    whole = -(-int(size) // BLOCK) * BLOCK if name == "core-day" else int(size)
    print(row(name, whole, int(rest[0]) if rest else 30))
