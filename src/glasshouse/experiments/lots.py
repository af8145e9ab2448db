"""Who is drawn from outside the day: on whom records are pinned, and who will be in the table of citizens."""

import numpy as np
from numba import njit

from glasshouse.experiments.world import AT_A_TIME
from glasshouse.rules.gather import partner

_partner = njit(cache=True)(partner)


@njit(cache=True)
def receivers(slots, citizens, band, block, odd, turn, first=0):
    """On whom records are pinned: for each sender the next citizen along a permutation of the community who is like it.

    first: the slot of the first citizen of `band`, the beginning of a community.
    """
    out = np.empty_like(slots)
    for i in range(len(slots)):
        p = _partner(np.uint64(slots[i]), citizens, block, odd, turn)
        while band[np.int64(p) - first] != band[slots[i] - first]:
            p = _partner(p, citizens, block, odd, turn)
        out[i] = p
    return out


def drawn(household: np.ndarray, before: int, share: float) -> np.ndarray:
    """Who will be in the table of citizens: everybody, or a share of all households, drawn by a hash of their number.

    Args:
        household: (citizens,) int, numbers. before: how many households others hold before these.
        share: 0 to 1.

    Returns:
        Their places among these citizens, in order, int64.
    """
    if share == 1:
        return np.arange(len(household))
    found = []
    for first in range(0, len(household), AT_A_TIME):
        number = household[first : first + AT_A_TIME].astype(np.uint64) + np.uint64(before)
        found.append(first + np.flatnonzero((number * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(32) < np.uint64(round(share * 2**32))))
    return np.concatenate(found)
