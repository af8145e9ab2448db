"""What twins say over several seeds: the mean of their differences, how sure it is, and what pairing saved."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import special

LEAST = 10
"""From so many seeds on an interval is given; with fewer, the range of what was seen."""
ALIKE = 0.5
"""Where more than this part of the seeds say one and the same number there is a range too: of what few others say too little is known."""
INTERVAL, RANGE = "95 % interval", "range"
_TAIL = 0.975


@dataclass(frozen=True)
class Mean:
    """The mean of some numbers, one a seed, with an interval or a range. Final. All None where there is no number."""

    mean: float | None
    low: float | None
    high: float | None
    kind: str | None
    seeds: int


def mean_of(numbers: Sequence[float]) -> Mean:
    """The mean of one number a seed: with 95 % confidence (Student's t) from 10 seeds on, else with the range; so too where most are alike.

    Example:
        >>> mean_of([1.0, 2.0, 6.0])
        Mean(mean=3.0, low=1.0, high=6.0, kind='range', seeds=3)
        >>> found = mean_of([0.0, 1.0] * 8)
        >>> found.kind, round(found.high - found.mean, 4)
        ('95 % interval', 0.2752)
        >>> mean_of([0.0] * 9 + [1.0]).kind
        'range'
    """
    n = len(numbers)
    if n == 0:
        return Mean(None, None, None, None, 0)
    mean = math.fsum(numbers) / n
    if n < LEAST or max(Counter(numbers).values()) > ALIKE * n:
        return Mean(mean, min(numbers), max(numbers), RANGE, n)
    half = float(special.stdtrit(n - 1, _TAIL)) * math.sqrt(variance(numbers) / n)
    return Mean(mean, mean - half, mean + half, INTERVAL, n)


def variance(numbers: Sequence[float]) -> float:
    """The variance of what the numbers are a sample of; 0 for one number.

    Example:
        >>> variance([1.0, 3.0])
        2.0
    """
    n = len(numbers)
    mean = math.fsum(numbers) / n
    return math.fsum((number - mean) ** 2 for number in numbers) / (n - 1) if n > 1 else 0.0


def unpaired(first: Sequence[float], other: Sequence[float]) -> float | None:
    """How many times the runs it would have taken without twins to know the difference as well.

    Without twins the variances of both add up; with twins only the variance of the differences counts.

    Args:
        first, other: one number a seed under each, in the order of the seeds.

    Returns:
        The factor; None with fewer than three seeds, where one of them does not vary (there is nothing to pair), or where the
        difference does not vary at all (then no number of runs would be enough).

    Example:
        >>> round(unpaired([1.0, 2.0, 3.0], [2.0, 3.0, 4.5]), 1)
        31.0
    """
    apart = [variance(first), variance(other)] if len(first) > 2 else [0.0]
    together = variance([b - a for a, b in zip(first, other, strict=True)]) if all(apart) else 0.0
    return sum(apart) / together if together > 0 else None
