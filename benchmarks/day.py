"""How fast the full day is: citizen-days a second per regime, at several sizes, in interleaved rounds (median of them).

    python benchmarks/day.py [citizens ...]        one table on standard output

rate = citizens x days x regimes / seconds, all daily measures on; setting up and compiling are not counted.
"""

import statistics
import sys
import time

from glasshouse.experiments.days import Society
from glasshouse.scenarios import load

DAYS, ROUNDS = 120, 3
CASES = [(["essay"], 1), (["essay"], 2), (["none", "essay"], 1), (["none", "essay"], 2), (["none", "essay", "lottery", "platform"], 2)]


def once(citizens: int, regimes: list[str], threads: int) -> float:
    """One timed stretch, under the running regime."""
    society = Society(load("essay").with_(citizens=citizens, days=DAYS, start="2020-01-02", regimes=regimes), threads)
    began = time.perf_counter()
    society.run()
    seconds = time.perf_counter() - began
    society.stepper.close()
    return citizens * DAYS * len(regimes) / seconds / 1e6


def main(sizes: list[int]) -> None:
    """Prints the table."""
    print("| citizens | regimes | threads | million citizen-days/s, median of", ROUNDS, "(least, most) |\n|---|---|---|---|")
    for citizens in sizes:
        found = {case: [] for case in range(len(CASES))}
        for _ in range(ROUNDS):
            for case, (regimes, threads) in enumerate(CASES):
                found[case].append(once(citizens, regimes, threads))
        for case, (regimes, threads) in enumerate(CASES):
            rates = found[case]
            print(f"| {citizens:,} | {', '.join(regimes)} | {threads} | {statistics.median(rates):.1f} ({min(rates):.1f}, {max(rates):.1f}) |")


if __name__ == "__main__":
    main([int(a) for a in sys.argv[1:]] or [100_000])
