"""How long a sweep takes, start-up and storage included, and what a run costs beside its own days.

    python benchmarks/sweep.py [PAIRS] [CITIZENS] [JOBS]        a table on standard output; by default 500 pairs of 20,000 and two jobs

A pair is a run with a rule and one without, side by side over the same people for a year: ten settings of one number, each with a
tenth of the seeds. The last rows are of one process and a core: the median of five pairs after the first, half of it for each run.
"""

import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

import glasshouse as gh
from glasshouse.commands.sweeping import plan_of
from glasshouse.experiments.sweeps.plan import one

KEY = "responses.chilling.size"


def main(pairs: int, citizens: int, jobs: int) -> None:
    """Prints the table."""
    vary = {KEY: f"0.05:0.25:{min(10, pairs)}", "seed": f"1..{max(1, pairs // 10)}"}
    given = {"citizens": citizens, "days": 365}
    with tempfile.TemporaryDirectory() as folder:
        began, before = time.perf_counter(), processor()
        found = gh.sweep("essay", vary=vary, out=Path(folder) / "sweep", jobs=jobs, **given).wait()
        whole, used = time.perf_counter() - began, processor() - before
        began = time.perf_counter()
        rows = found.frame.collect()
        read = time.perf_counter() - began
        size = sum(path.stat().st_size for path in (Path(folder) / "sweep").iterdir())
    assert found.failed == 0 and rows.filter(pl.col("regime").is_null()).is_empty()
    runs = rows.height
    times = stages(vary, given)
    print(f"| | |\n|---|---|\n| runs ({found.total} pairs, {citizens:,} citizens, 365 days, {jobs} jobs) | {runs} |\n| seconds, all in all | {whole:.1f} |\n| seconds of processor | {used:.1f} |")
    print(f"| for 1,000 runs at this rate, minutes | {whole / runs * 1000 / 60:.1f} |\n| reading the table, s | {read:.3f} |\n| kept, kB | {size / 1e3:.0f} |")
    for stage, seconds in times.items():
        print(f"| a run: {stage}, ms | {500 * seconds:.0f} |")


def processor() -> float:
    """Seconds of processor of this process and of those that it began and that ended."""
    return sum(used.ru_utime + used.ru_stime for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def stages(vary: dict, given: dict) -> dict[str, float]:
    """Seconds of a pair by what it is about, in this process: the median of five, after one that is not counted."""
    plan = plan_of("essay", vary, None, given["citizens"], given["days"], None, None, None, None, None, None, False)
    found: dict[str, list[float]] = {}
    for turn in range(6):
        told: dict[str, float] = {}
        marks: list[tuple[str, float]] = []
        one(plan, ({KEY: 0.1 + turn / 100}, turn, None), lambda stage: marks.append((stage, time.perf_counter())))  # noqa: B023
        marks.append(("", time.perf_counter()))
        for (stage, at), (_, after) in zip(marks, marks[1:], strict=False):
            told[stage] = told.get(stage, 0.0) + after - at
        for stage in told if turn else ():
            found.setdefault(stage, []).append(told[stage])
    return {stage: statistics.median(seconds) for stage, seconds in found.items()}


if __name__ == "__main__":
    main(*(int(sys.argv[at]) if len(sys.argv) > at else usual for at, usual in ((1, 500), (2, 20_000), (3, 2))))
