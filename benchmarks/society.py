"""How fast a society is drawn, streamed community by community or kept as a whole, on one thread and on all processors.

    python benchmarks/society.py [citizens ...]        one table on standard output; 1,000,000 and 10,000,000 if not said

built = all columns kept; streamed = each stretch handed on and let go, as a country that does not fit in memory is drawn. Where other work
shares the machine, look at the seconds of processor, and at their ratio to a yardstick: a fixed loop of as many draws of luck, each of which
needs the one before. Reading the tables and compiling are not counted. Of three rounds, taken in turn, the median is given, the least and the most.
"""

import os
import resource
import statistics
import sys
import time

import numpy as np
from numba import njit

from glasshouse.society import build, load_tables, stream
from glasshouse.society.luck import four

ROUNDS, MOST_BUILT, MOST_DRAWN = 3, 20_000_000, 20_000_000


@njit(nogil=True)
def yardstick(times: int) -> int:
    """So many draws of luck, each made with the one before."""
    word = 0
    for at in range(times):
        word = four(np.uint64(word), np.uint64(2), at, 0)[0]
    return word


def streamed(tables, citizens: int, threads: int) -> None:
    """Draws everybody and keeps nobody."""
    for _ in stream(tables, citizens, 1, threads=threads):
        pass


def once(what, *given) -> tuple[float, float]:
    """Seconds of one call, and seconds of processor."""
    began, busy = time.perf_counter(), time.process_time()
    what(*given)
    return time.perf_counter() - began, time.process_time() - busy


def told(values: list[float]) -> str:
    """The median of some seconds, with the least and the most."""
    return f"{statistics.median(values):.2f} ({min(values):.2f}, {max(values):.2f})"


def main(sizes: list[int]) -> None:
    """Prints the table."""
    tables = load_tables()
    build(tables, 70_000, 1)
    yardstick(1)
    print("| citizens | how | threads | seconds | of processor | times the yardstick |\n|---|---|---|---|---|---|")
    for citizens in sizes:
        whole = [("built", lambda t, n, threads: build(t, n, 1, threads))] if citizens <= MOST_BUILT else []
        cases = [(*case, threads) for case in [("streamed", streamed), *whole] for threads in (1, os.cpu_count() or 1)]
        found = {case: [] for case in range(len(cases))}
        yards = []
        for _ in range(ROUNDS):
            drawn = min(citizens, MOST_DRAWN)
            yards.append(once(yardstick, drawn)[1] * citizens / drawn)
            for case, (_, what, threads) in enumerate(cases):
                found[case].append(once(what, tables, citizens, threads))
        for case, (how, _, threads) in enumerate(cases):
            wall, busy = zip(*found[case], strict=True)
            ratio = statistics.median(b / y for b, y in zip(busy, yards, strict=True))
            print(f"| {citizens:,} | {how} | {threads} | {told(wall)} | {told(busy)} | {ratio:.1f} |")
    print(f"\nmost memory held: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [1_000_000, 10_000_000])
