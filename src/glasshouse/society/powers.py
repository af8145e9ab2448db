"""Powers, and the two tails built from them, from + - * / and sqrt alone, so that every machine gets the same bits.

The C library's `pow` may differ in the last bit from machine to machine; IEEE 754 fixes sqrt.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_DIGITS = 40


def power(base: NDArray[np.float64], exponent: float) -> NDArray[np.float64]:
    """Base to an exponent of at least 0, by repeated squaring and repeated square roots.

    Args:
        base: float64, at least 0, any shape.
        exponent: 0 or more; its fraction is read to 40 binary digits.

    Returns:
        float64, the shape of the base, right to about 1e-11 of its value for exponents up to 20.

    Example:
        >>> power(np.array([2.0, 9.0]), 1.5).round(9).tolist()
        [2.828427125, 27.0]
    """
    base = np.asarray(base, dtype=np.float64)
    whole = int(exponent)
    fraction = exponent - whole
    result = np.ones_like(base)
    for _ in range(whole):
        result = result * base
    root = base
    for _ in range(_DIGITS):
        root = np.sqrt(root)
        fraction = fraction * 2.0
        if fraction >= 1.0:
            result = result * root
            fraction -= 1.0
    return result


def mean(values: NDArray[np.float64]) -> float:
    """The plain mean, added from left to right."""
    return float(np.cumsum(values)[-1] / len(values))


def midpoints(cells: int) -> NDArray[np.float64]:
    """The middles of equal cells of 0..1, float64, (cells,)."""
    return (np.arange(cells, dtype=np.float64) + 0.5) / cells


def bounded_pareto(low: float, high: float, wanted: float, cells: int) -> NDArray[np.float64]:
    """Quantiles of a Pareto tail between two bounds that has a wanted mean.

    Args:
        low, high: the bounds, above 0.
        wanted: the mean; it must lie between `low` and about the middle of the bounds.
        cells: how many equal shares of people.

    Returns:
        float64, (cells,), ascending, with that mean.

    Raises:
        ValueError: no exponent between 0.05 and 40 gives the mean.

    Example:
        >>> tail = bounded_pareto(55.0, 1000.0, 86.0, 256)
        >>> round(mean(tail), 6), bool((tail[1:] > tail[:-1]).all())
        (86.0, True)
    """
    at = midpoints(cells)

    def quantiles(alpha: float) -> NDArray[np.float64]:
        kept = float(power(np.array(low / high), alpha))
        return low / power(1.0 - at * (1.0 - kept), 1.0 / alpha)

    thick, thin = 0.05, 40.0
    if not mean(quantiles(thin)) < wanted < mean(quantiles(thick)):
        raise ValueError(f"no Pareto tail between {low:.6g} and {high:.6g} has the mean {wanted:.6g}")
    for _ in range(60):
        middle = (thick + thin) / 2.0
        thick, thin = (middle, thin) if mean(quantiles(middle)) > wanted else (thick, middle)
    tail = quantiles(thin)
    return tail * (wanted / mean(tail))


def log_logistic(shape: float, cells: int) -> NDArray[np.float64]:
    """Quantiles of a log-logistic spread with mean 1: the odds of the rank, to a power.

    Args:
        shape: exponent of the odds, 0 or more, below 1; 0 gives everybody the mean.
        cells: how many equal shares.

    Returns:
        float64, (cells,), ascending, mean 1; the ends are cut at the outermost cells' middles.

    Example:
        >>> spread = log_logistic(0.5, 1024)
        >>> round(mean(spread), 9), round(float(spread[512]), 2)
        (1.0, 0.65)
    """
    at = midpoints(cells)
    spread = power(at / (1.0 - at), shape)
    return spread / mean(spread)
