"""What it costs to read something lasting of a citizen from its column, to compute it anew from the slot, and to draw the citizen.

    python benchmarks/stored.py        a table on standard output: nanoseconds of processor a citizen, on one thread

Read: eight bytes of a column. Computed: four words of luck, from which inclinations come, in vector code
or each alone. Drawn: a whole community at a time, as age, sex, home, income and all else must be. All citizens are asked, or one in fifty. Compiling is not counted; of three rounds the median is given.
"""

import statistics
import time

import numpy as np
from numba import njit

from glasshouse.society import build, load_tables
from glasshouse.society.luck import four

CITIZENS, DRAWN, ROUNDS, APART = 20_000_000, 1_000_000, 5, 50


@njit(nogil=True)
def read(column, apart):
    """Every so many a value of a column, joined so that none is left out."""
    word = np.uint64(0)
    for slot in range(0, len(column), apart):
        word ^= column[slot]
    return word


@njit(nogil=True)
def computed(column, apart):
    """Lasting luck of the same slots, joined likewise."""
    word = np.uint64(0)
    for slot in range(0, len(column), apart):
        found = four(np.uint64(3), np.uint64(1), slot, 0)
        word ^= np.uint64(found[0]) | (np.uint64(found[1]) << np.uint64(32))
    return word


@njit(nogil=True)
def alone(column, apart):
    """The same luck where each waits for the one before, so that the loop is no vector code."""
    word = 0
    for slot in range(0, len(column), apart):
        word = four(np.uint64(word), np.uint64(1), slot, 0)[0]
    return word


def nanoseconds(what, times: int, *given) -> float:
    """Nanoseconds of processor for each of so many citizens; median of the rounds."""
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        what(*given)
        found.append((time.process_time() - began) / times * 1e9)
    return statistics.median(found)


def main() -> None:
    """Prints the table."""
    tables, column = load_tables(), np.arange(CITIZENS, dtype=np.uint64)
    build(tables, 70_000, 1)
    for what in (read, computed, alone):
        what(column[:APART], 1)
    print("| | all | one in fifty |\n|---|---|---|")
    for what in (read, computed, alone):
        print(f"| {what.__name__} | {nanoseconds(what, CITIZENS, column, 1):.2f} | {nanoseconds(what, CITIZENS // APART, column, APART):.2f} |")
    print(f"| drawn | {nanoseconds(lambda: build(tables, DRAWN, 1, threads=1), DRAWN):.0f} | |")


if __name__ == "__main__":
    main()
