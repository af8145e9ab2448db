"""What runs are said to take before they begin, and what they take: the most that each held at any time.

    python benchmarks/memory.py            the table of docs/scale.md

Each run is a process of its own, `glasshouse run` with its report and all its tables. A run that takes more than was said would not have
been refused where it should: the last column must stay below 1.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = (
    ("none", 2_000, 30), ("none", 500_000, 30), ("essay", 200_000, 365), ("essay", 200_000, 1_096), ("essay", 1_000_000, 60),
    ("judgment-defaulters", 500_000, 365), ("none,essay,rongcheng", 200_000, 731), ("essay,lottery", 200_000, 365),
    ("opinions,registry", 200_000, 365), ("essay", 4_000_000, 20), ("none", 8_000_000, 20),
)  # fmt: skip


def took(regimes: str, citizens: int, days: int) -> int:
    """Bytes that a run held at most."""
    with tempfile.TemporaryDirectory() as folder:
        asked = ["essay", *(word for name in regimes.split(",") for word in ("--regime", name)), "--citizens", str(citizens), "--days", str(days), "--out", str(Path(folder) / "run"), "--quiet"]
        code = "import sys; from glasshouse.cli import main; sys.argv[0] = 'glasshouse'; sys.exit(main())"
        run = subprocess.Popen([sys.executable, "-c", code, "run", *asked])
        _, status, used = os.wait4(run.pid, 0)
        if status:
            raise SystemExit(f"{regimes}: ended with {status}")
        return used.ru_maxrss * 1024


def main() -> None:
    from glasshouse.experiments.room import needed
    from glasshouse.scenarios import load

    print("| regimes | citizens | days | said, MB | took, MB | took of said |\n|---|---:|---:|---:|---:|---:|")
    for regimes, citizens, days in RUNS:
        said = needed(load("essay").with_(regimes=regimes.split(","), citizens=citizens, days=days))
        used = took(regimes, citizens, days)
        print(f"| `{regimes}` | {citizens:,} | {days:,} | {said / 1e6:,.0f} | {used / 1e6:,.0f} | {used / said:.2f} |", flush=True)


if __name__ == "__main__":
    main()
