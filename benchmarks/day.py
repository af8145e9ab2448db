"""How fast the full day is, and what a second regime beside the first costs.

    python benchmarks/day.py [citizens ...]        two tables on standard output

rate = citizens x days x regimes / seconds, all daily measures on; setting up and compiling are not counted. Cases take
turns, so that all meet the same machine, and the median of their turns is given.
"""

import statistics
import sys
import time
from datetime import timedelta

from glasshouse.experiments.days import Society
from glasshouse.scenarios import load

START, TURNS, STRETCH = "2020-12-02", 30, 4
CASES = [(["essay"], 1), (["essay"], 2), (["none", "essay"], 1), (["none", "essay"], 2), (["none", "essay", "lottery", "platform"], 2)]
BESIDE = [["essay"], ["essay", "rongcheng"], ["essay", "charter"], ["essay", "judgment-defaulters"], ["none", "essay"],
          ["essay", "rongcheng", "suining-2010", "zhima"]]  # fmt: skip


class Running:
    """A society that is stepped in stretches of days, each timed."""

    def __init__(self, citizens: int, regimes: list[str], threads: int):
        self.society = Society(load("essay").with_(citizens=citizens, days=TURNS * STRETCH, start=START, regimes=regimes), threads)
        self.day, self.month, self.seconds = 0, 0, []

    def stretch(self) -> None:
        """Steps some days more."""
        society, spent = self.society, 0.0
        for _ in range(STRETCH):
            first = (society.start + timedelta(self.day)).day == 1
            self.month += self.day > 0 and first
            society.begin(self.day, self.month)
            began = time.perf_counter()
            society.stepper.day(society.clock(self.day, self.month), first or self.day == 0)
            spent += time.perf_counter() - began
            society.pin(self.day)
            self.day += 1
        self.seconds.append(spent)


def in_turns(citizens: int, cases: list[tuple[list[str], int]]) -> list[list[float]]:
    """Seconds of each stretch of each case; the first stretches warm up and are left out."""
    runs = [Running(citizens, regimes, threads) for regimes, threads in cases]
    for _ in range(TURNS):
        for run in runs:
            run.stretch()
    for run in runs:
        run.society.stepper.close()
    return [run.seconds[2:] for run in runs]


def rates(citizens: int) -> None:
    """A table of citizen-days a second."""
    print("| citizens | regimes | threads | million citizen-days/s, median (a tenth below, a tenth above) |\n|---|---|---|---|")
    for (regimes, threads), seconds in zip(CASES, in_turns(citizens, CASES), strict=True):
        tenths = statistics.quantiles([citizens * STRETCH * len(regimes) / s / 1e6 for s in seconds], n=10)
        print(f"| {citizens:,} | {', '.join(regimes)} | {threads} | {tenths[4]:.1f} ({tenths[0]:.1f}, {tenths[8]:.1f}) |")


def beside(citizens: int) -> None:
    """A table of what each further regime costs, as a share of a run of the first alone."""
    print("\n| citizens | regimes | each further regime, of the first, median (a tenth below, a tenth above) |\n|---|---|---|")
    alone, *others = in_turns(citizens, [(regimes, 1) for regimes in BESIDE])
    for regimes, seconds in zip(BESIDE[1:], others, strict=True):
        more = [(s - a) / a / (len(regimes) - 1) for s, a in zip(seconds, alone, strict=True)]
        tenths = statistics.quantiles(more, n=10)
        print(f"| {citizens:,} | {', '.join(regimes)} | {tenths[4]:.2f} ({tenths[0]:.2f}, {tenths[8]:.2f}) |")


if __name__ == "__main__":
    for size in [int(a) for a in sys.argv[1:]] or [100_000]:
        rates(size)
        beside(size)
