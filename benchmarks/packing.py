"""How little room a citizen could take: what the columns of a run hold after a while, counted three ways.

    python benchmarks/packing.py REGIME [CITIZENS [DAYS]]

`stored`: as the state holds it. `by width`: each column in as many bits as the values that occur span, or, where that takes less, only the
values of those who differ from most, with their places. `information`: the entropy of each column by itself, in the sample, which no packing of
columns one by one can undercut; of luck (every citizen has another value) it says little, so luck is counted apart.
"""

import sys

import numpy as np

from glasshouse.experiments.days import Society
from glasshouse.scenarios import load

LUCK = ("propensity", "activity", "tested")
FOLLOWS = ("fixed", "risk", "cell", "envelope", "station", "members", "first_job")
PLACE = 20  # bits by which the place of a value is told among a million
START = "2020-12-02"


def bits(column: np.ndarray) -> tuple[float, float, float]:
    """Bits a citizen: stored, by width, information. column: (citizens,)."""
    values, times = np.unique(column, return_counts=True)
    width = (int(values[-1]) - int(values[0])).bit_length()
    share = times / len(column)
    return column.itemsize * 8, min(width, (1 - share.max()) * (width + PLACE)), float(-(share * np.log2(share)).sum())


def counted(regime: str, citizens: int, days: int) -> dict[str, np.ndarray]:
    """Bits a citizen, three ways, by what the columns are."""
    society = Society(load("essay").with_(citizens=citizens, days=days, start=START, regimes=[regime], panel=0), most=0)
    society.run(cells=False, years=0)
    state, found = society.state, {"luck": np.zeros(3), "follows from others": np.zeros(3), "all else": np.zeros(3)}
    for field in state.model.fields:
        column = state.columns[field.name]
        sort = "luck" if field.name in LUCK else "follows from others" if field.name in FOLLOWS else "all else"
        if column.size and not field.tally:
            found[sort] += np.sum([bits(place) for place in column.reshape(-1, citizens)], 0)
    society.stepper.close()
    return found


if __name__ == "__main__":
    name, *size = sys.argv[1:]
    print("| bytes a citizen | stored | by width | information |\n|---|---:|---:|---:|")
    rows = counted(name, *map(int, size or (400_000,)), *([60] if len(size) < 2 else []))
    for what, sums in (rows | {"together": sum(rows.values())}).items():
        print(f"| {what} | {sums[0] / 8:.1f} | {sums[1] / 8:.1f} | {sums[2] / 8:.1f} |")
