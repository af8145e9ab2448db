"""What becomes of those who are followed, looked at each evening: their grade, and what they were refused or granted."""

from __future__ import annotations

import numpy as np

NEWS = {"graded": 3, "handled": 3}
"""Kinds of news, and how many numbers each has: slot, grade, the grade before (-1: none); slot, bit of the consequence, times."""
NONE = -1


class Followed:
    """The followed of a society, with what was last seen of them under each regime."""

    def __init__(self, society):
        state = society.state
        self.who = np.flatnonzero(state.columns["followed"])
        seats = state.seat(self.who)
        self.tallied, self.seats = self.who[seats > 0], seats[seats > 0] - 1
        self.look(society)

    def look(self, society) -> None:
        """Takes note of how all stand, as if nothing of it were new."""
        every = range(society.state.regimes)
        self.grades, self.refused = [self._grades(society, r) for r in every], [self._refused(society, r) for r in every]

    def news(self, society, r: int) -> dict[str, np.ndarray]:
        """What is new under a regime since the last look: rows of int32, by kind; only kinds of which there is any."""
        first, found = society.state.first, {}
        grades, refused = self._grades(society, r), self._refused(society, r)
        new = np.flatnonzero(grades != self.grades[r])
        if len(new):
            found["graded"] = np.column_stack([first + self.who[new], grades[new], self.grades[r][new]]).astype(np.int32)
        times = refused - self.refused[r]
        at, bits = np.nonzero(times.T)
        if len(at):
            found["handled"] = np.column_stack([first + self.tallied[at], bits, times[bits, at]]).astype(np.int32)
        self.grades[r], self.refused[r] = grades, refused
        return found

    def _grades(self, society, r: int) -> np.ndarray:
        """The grade of each, NONE of whom the regime does not cover: (followed,) int64."""
        grade = society.state.row("grade", r)
        if grade is None:
            return np.full(len(self.who), NONE, np.int64)
        return np.where(society.covered(r, self.who), grade[self.who].astype(np.int64), NONE)

    def _refused(self, society, r: int) -> np.ndarray:
        """How often each was refused, or granted, under each consequence this year: (consequences, tallied) int64."""
        column = society.state.row("my_refused", r)
        return np.zeros((0, len(self.seats)), np.int64) if column is None else column[:, self.seats].astype(np.int64)
