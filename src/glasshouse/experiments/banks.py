"""A bank that learns: from what became of the loans that it granted, and of those alone, it sets its cut anew.

It counts by band of score how many loans went well for a whole term and on how many payments stopped, and sets its cut where these loans
would have brought the most: at the margin a loan brings nothing. Of a band of which it knows too little it thinks as before.
"""

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from glasshouse.regimes.schema import Bank as Rule
from glasshouse.regimes.schema import at

PARTS = 10_000  # gains and losses are compared in ten-thousandths of a loan, whole numbers


@dataclass
class Bank:
    """What a bank has learnt so far.

    sound, failed: (places,) int64, loans of each band whose term is over, and on which payments stopped; the last place is of those
    whom the cut refused, which the bank does not see. cut: the score from which it lends, once it has learnt; cuts: days on which it
    was moved, and to which score.
    """

    places: int
    cut: int | None = None
    cuts: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self):
        self.sound, self.failed = (np.zeros(self.places, np.int64) for _ in range(2))

    def learn(self, rule: Rule, today: date, day: int, cut: int, low: int, bands: int) -> None:
        """Sets the cut anew. cut: the score from which it lends today; low: the lowest score; bands: how many there are."""
        points = int(at(rule.band, today))
        now = min(bands, -(-(cut - low) // points))  # the lowest band that lies above the cut as a whole
        gain, loss = (round(float(at(value, today)) * PARTS) for value in (rule.gain, rule.loss))
        new = best_cut(self.sound[:bands], self.failed[:bands], now, gain, loss, int(at(rule.least, today)))
        if new != now:
            self.cut = low + new * points
            self.cuts.append((day, self.cut))


def learns_on(rule: Rule, today: date) -> bool:
    """Whether the bank sets its cut anew on a day.

    Example:
        >>> from types import SimpleNamespace
        >>> [learns_on(SimpleNamespace(learns="each year"), date(2020, month, 1)) for month in (1, 2)]
        [True, False]
    """
    return rule.learns != "never" and today.day == 1 and (rule.learns == "each month" or today.month == 1)


def best_cut(sound: np.ndarray, failed: np.ndarray, now: int, gain: int, loss: int, least: int) -> int:
    """The band from which on to lend so that the loans seen would have brought the most; as many as there are to lend to nobody.

    A band in which too few loans have ended counts for nothing, and one below the cut of today bars the way to those below it.

    Args:
        sound, failed: (bands,) int64, loans that went well and that did not.
        now: the band from which on it lends today, which it keeps where no other is better.
        gain, loss: what a loan that goes well brings, and what one that does not costs, in the same whole unit.
        least: loans that must have ended in a band before it counts as known.

    Example:
        >>> best_cut(np.array([9, 9, 99]), np.array([9, 1, 1]), now=2, gain=1, loss=5, least=10)
        1
        >>> best_cut(np.array([0, 0, 99]), np.array([0, 0, 1]), now=2, gain=1, loss=5, least=10)  # nothing is known below
        2
    """
    known = sound + failed >= least
    brings = np.where(known, gain * sound - loss * failed, 0)
    above = np.append(np.cumsum(brings[::-1])[::-1], 0)  # what all from a band on would have brought
    barred = np.flatnonzero(~known[:now])
    lowest = int(barred[-1]) + 1 if len(barred) else 0
    best = lowest + int(np.argmax(above[lowest:]))
    return now if above[now] == above[best] else best
