"""The published tables of credit scores by group, which are not shipped: from a folder that GLASSHOUSE_CREDIT names, if there is one.

The data of the package whynot 0.12 (MIT), simulators/delayed_impact/data, is such a folder.
"""

import os
from pathlib import Path

import numpy as np

GROUPS = ("Black", "Non- Hispanic white")
STEPS = (0, 2.1, 4.2, 5.4, 6.5, 7.9, 9.6, 12, 13.8, 17, 15.8, 5.7)
"""Of everybody, in each 50 points from 300 up, in %: places in the order of scores become scores."""


def published() -> dict[str, np.ndarray] | None:
    """Scores and, of two groups, the share with at most each score and the chance of repaying; None without a folder."""
    folder = os.environ.get("GLASSHOUSE_CREDIT")
    if not folder:
        return None
    at_most, failed = (columns(Path(folder) / f"transrisk_{what}_by_race_ssa.csv") for what in ("cdf", "performance"))
    scores = np.interp(at_most["Score"], np.cumsum(STEPS), range(300, 851, 50))
    shares, failures = (np.array([table[group] for group in GROUPS]) / 100 for table in (at_most, failed))
    return {"scores": scores, "up_to": shares, "chances": 1 - failures}


def columns(file: Path) -> dict[str, np.ndarray]:
    """The columns of a table of numbers, by name."""
    head, *lines = file.read_text().splitlines()
    numbers = np.array([line.split(",") for line in lines if line], float)
    return dict(zip((name.strip('"') for name in head.split(",")), numbers.T, strict=True))
