"""What became of the talking ties of those who will be in the table of citizens, looked at on the last day of a year."""

from __future__ import annotations

import numpy as np

from glasshouse.society.ties import talking_ends

COUNTS = ("ties", "ties_kept", "ties_graded", "ties_own_grade")
"""Ties; those that both ends keep; those of them with a grade at both ends; those with one grade. The last two only where there are grades."""
NO_GRADE = np.int8(-1)


def ties_at(society, day: int) -> list[dict[str, np.ndarray]]:
    """Counts of the talking ties of those whom the table shows, for each regime.

    Args:
        society: a `Society` at the end of a day.
        day: that day.

    Returns:
        For each regime, COUNTS by name, uint8 (shown,).
    """
    c, shown = society.state.columns, society.state.kept
    everybody = _of_everybody(society)
    ends = talking_ends(society.ties, day, society.state.first + shown, c["place"][shown], c["size"][shown], everybody["station"])
    return [_counts(ends, society.state.first + shown, everybody, r, counts_of(society, r)) for r in range(len(society.names))]


def counts_of(society, r: int) -> tuple[str, ...]:
    """Which of COUNTS there are under a regime."""
    return COUNTS if _graded(society, r) else COUNTS[:2]


def _graded(society, r: int) -> bool:
    return society.regimes[society.names[r]].kind == "points"


def _of_everybody(society) -> dict[str, np.ndarray]:
    """What ties hang on, of all citizens wherever they are held: by name and regime, (citizens,)."""
    row = society.state.row
    mine = {"station": society.state.columns["station"], "alive": society.living()}
    for r in range(len(society.names)):
        mine[f"kept_{r}"] = row("kept", r)
        if _graded(society, r):
            mine[f"grade_{r}"] = np.where(society.covered(r), row("grade", r).astype(np.int8), NO_GRADE)
    held = society.meet(ends=mine)["ends"]
    return {name: np.concatenate([part[name] for part in held]) for name in mine}


def _counts(ends: np.ndarray, slots: np.ndarray, everybody: dict[str, np.ndarray], r: int, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    alive, kept, grade = (everybody.get(name) for name in ("alive", f"kept_{r}", f"grade_{r}"))
    out = {name: np.zeros(len(slots), np.uint8) for name in names}
    for place, other in enumerate(ends.T):
        there = (other != slots) & alive[slots] & alive[other]
        lives = there & ((kept[slots] & kept[other]) >> place & 1 > 0)
        counted = [there, lives]
        if len(names) > len(counted):
            both = lives & (grade[other] != NO_GRADE) & (grade[slots] != NO_GRADE)
            counted += [both, both & (grade[other] == grade[slots])]
        for count, ones in zip(out.values(), counted, strict=True):
            count += ones
    return out
