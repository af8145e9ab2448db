"""How long it takes to begin: importing, from the import to the first day, and the compilation before the very first run.

    python benchmarks/start.py [TURNS]        a table on standard output

Each case is a process of its own: seconds from its start to its end, and seconds of processor of it and its helpers. "Warm"
finds everything compiled; "cold" finds nothing, neither of the day nor of what draws a society. Citizens: 1,000.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DAY = """
from glasshouse.experiments.days import Society
from glasshouse.scenarios import load
society = Society(load("essay").with_(citizens=1000, days=1))
society.begin(0, 0)
society.stepper.day(society.clock(0, 0), True)
society.stepper.close()
"""
CASES = {
    "Python alone": "pass",
    "`import glasshouse`": "import glasshouse",
    "`glasshouse --help`": "from glasshouse.cli import app; app(['--help'])",
    "warm: import to first day, essay beside none": DAY,
}
COLD = {
    "cold: the same": DAY,
    "cold: `glasshouse warm`, every kind of regime": "from glasshouse.cli import app; app(['warm', '--quiet'])",
}


def taken(code: str, cache: Path) -> tuple[float, float]:
    """Seconds, and seconds of processor, of one process. cache: where compiled code is kept."""
    places = {"GLASSHOUSE_CACHE": str(cache / "day"), "NUMBA_CACHE_DIR": str(cache / "functions")}
    before, began = _processor(), time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env={**os.environ, **places}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began, _processor() - before


def _processor() -> float:
    """Seconds of processor of all processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main(turns: int) -> None:
    print(f"{os.cpu_count()} cores, medians of {turns}; cold once\n\n| | seconds | of processor |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        cold = {}
        for number, (name, code) in enumerate(COLD.items()):
            cold[name] = taken(code, Path(folder) / str(number))
        found = {name: [] for name in CASES}
        for _ in range(turns):  # the cases take turns, so that all meet the same machine
            for name, code in CASES.items():
                found[name].append(taken(code, Path(folder) / "0"))
        for name, rows in found.items():
            print(f"| {name} | " + " | ".join(f"{statistics.median(column):.2f}" for column in zip(*rows, strict=True)) + " |")
        for name, row in cold.items():
            print(f"| {name} | " + " | ".join(f"{number:.1f}" for number in row) + " |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
