"""Household sizes that fill a number of places exactly, one after the other, with the published share of each size.

Sizes are a renewal sequence that is made to end at the last place: with `m` places left, a size is drawn with the chance that a
sequence of independent sizes which ends exactly at the edge would have had. The weights of that sequence are tilted a little, so that the
expected
shares over the whole are the published ones and not those of a sequence cut short.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import BadInput

TILE = 1024
LARGEST = 8


def fills(weights: NDArray[np.float64], slots: int = TILE) -> NDArray[np.float64]:
    """Chance that a sequence of independent sizes ends exactly at each slot count.

    Args:
        weights: float64, (8,), share of sizes 1..8, sum 1.
        slots: the largest count.

    Returns:
        float64, (slots + 1,).
    """
    # Plain floats: a recurrence of a thousand steps is faster in Python than in arrays.
    weight, ends = weights.tolist(), [1.0]
    for count in range(1, slots + 1):
        total = 0.0
        for size in range(1, min(LARGEST, count) + 1):
            total += weight[size - 1] * ends[count - size]
        ends.append(total)
    return np.array(ends)


def expected(weights: NDArray[np.float64], slots: int = TILE) -> NDArray[np.float64]:
    """Expected number of households of each size in a tile that is filled exactly, float64, (8,)."""
    ends = fills(weights, slots)
    counts = np.zeros(LARGEST)
    for size in range(1, LARGEST + 1):
        both = ends[: slots - size + 1] * ends[: slots - size + 1][::-1]
        counts[size - 1] = weights[size - 1] * np.cumsum(both)[-1] / ends[slots]
    return counts


def tilted(shares: NDArray[np.float64], slots: int = TILE) -> NDArray[np.float64]:
    """Weights under which the expected shares of sizes over a tile are the wanted ones.

    Args:
        shares: float64, (8,), wanted share of households of sizes 1..8, sum 1, the first above 0.
        slots: places that a run of households fills.

    Returns:
        float64, (8,), sum 1.

    Example:
        >>> wanted = np.array([0.25, 0.3, 0.2, 0.13, 0.06, 0.04, 0.01, 0.01])
        >>> have = expected(tilted(wanted))
        >>> bool(np.abs(have / have.sum() - wanted).max() < 1e-12)
        True
    """
    weights = shares.copy()
    for _ in range(6):
        counts = expected(weights, slots)
        have = counts / np.cumsum(counts)[-1]
        weights = np.divide(weights * shares, have, out=np.zeros(LARGEST), where=have > 0)
        weights = weights / np.cumsum(weights)[-1]
    return weights


def size_cuts(shares: NDArray[np.float64], slots: int = TILE) -> NDArray[np.int64]:
    """For each number of places left, thresholds for a 32-bit draw: the size is 1 + how many thresholds it reaches.

    Args:
        shares: float64, (8,), wanted share of households of sizes 1..8.
        slots: places that a run of households fills.

    Returns:
        int64, (slots + 1, 8), in 1/2^32: cumulative chances, the last 2^32; row 0 is not used.

    Raises:
        BadInput: the share of households of one is 0.
    """
    if shares[0] <= 0.0:
        raise BadInput("household sizes: somebody must live alone, or the households could not fill every number of slots")
    weights = tilted(shares, slots)
    ends = fills(weights, slots)
    chances = np.zeros((slots + 1, LARGEST))
    for size in range(1, LARGEST + 1):
        chances[size:, size - 1] = weights[size - 1] * ends[: slots + 1 - size]
    cuts = np.rint(np.minimum(np.cumsum(chances, axis=1) / ends[:, None], 1.0) * 2.0**32).astype(np.int64)
    for left in range(slots + 1):
        # The last size that fits catches every draw, whatever the rounding.
        cuts[left, max(min(LARGEST, left), 1) - 1 :] = 1 << 32
    return cuts
