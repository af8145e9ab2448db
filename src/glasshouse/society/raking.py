"""Raking: move a first guess to published totals, and nothing else about it (iterative proportional fitting).

Deming and Stephan 1940. The result is the table nearest to the first guess, in relative entropy, among those that have the wanted
margins; ratios of odds in the first guess stay as they were, and a cell that is 0 stays 0.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import BadInput

Margin = tuple[tuple[int, ...], NDArray[np.float64]]
"""Which axes a margin keeps, and the wanted sums over the others."""


def margin_of(table: NDArray[np.float64], kept: tuple[int, ...]) -> NDArray[np.float64]:
    """Sums of a table over all axes but those kept, added up in one fixed order on every machine.

    Args:
        table: any shape, any unit.
        kept: axes to keep, ascending.

    Returns:
        float64, the shape of the kept axes.

    Example:
        >>> margin_of(np.array([[1.0, 2.0], [3.0, 4.0]]), (0,))
        array([3., 7.])
    """
    summed = tuple(axis for axis in range(table.ndim) if axis not in kept)
    shape = tuple(table.shape[axis] for axis in kept)
    flat = np.ascontiguousarray(np.transpose(table, kept + summed)).reshape(shape + (-1,))
    # cumsum adds from left to right; np.sum may add in an order that depends on the processor.
    return np.cumsum(flat, axis=-1)[..., -1]


def rake(
    seed: NDArray[np.float64],
    margins: Sequence[Margin],
    tolerance: float = 1e-12,
    rounds: int = 2000,
    names: Sequence[str] | None = None,
) -> NDArray[np.float64]:
    """Scale a first guess until it has the wanted margins.

    Args:
        seed: float64, at least 0, any shape: the first guess; zeros are structural.
        margins: pairs (kept axes, wanted sums); every margin must have the same total.
        tolerance: largest deviation from a wanted sum, as a share of the total.
        rounds: rounds after which to give up.
        names: names of the margins, for messages.

    Returns:
        float64, the shape of the seed.

    Raises:
        BadInput: a margin has the wrong shape, a negative sum or another total, asks something of cells that are all zero,
            or cannot be met together with the others.

    Example:
        >>> rake(np.ones((2, 2)), [((0,), np.array([0.3, 0.7])), ((1,), np.array([0.5, 0.5]))])
        array([[0.15, 0.15],
               [0.35, 0.35]])
    """
    table = np.array(seed, dtype=np.float64)
    names = list(names) if names is not None else [f"margin {i + 1}" for i in range(len(margins))]
    if (table < 0).any() or not np.isfinite(table).all():
        raise BadInput("the first guess has a negative or an infinite cell")
    wanted = [(tuple(kept), np.asarray(sums, dtype=np.float64)) for kept, sums in margins]
    total = _checked_total(table, wanted, names)
    for _ in range(rounds):
        for kept, sums in wanted:
            table = table * _factor(margin_of(table, kept), sums, kept, table.ndim)
        worst, at = max((_deviation(table, kept, sums), i) for i, (kept, sums) in enumerate(wanted))
        if worst <= tolerance * total:
            return table
    raise BadInput(
        f"the margins cannot all be met: after {rounds} rounds `{names[at]}` is still off by {worst / total:.2g} of the total;"
        " zeros in the first guess may forbid what the margins ask for"
    )


def binary(
    guess: NDArray[np.float64], weights: NDArray[np.float64], wanted: Sequence[Margin], name: str = "the rate"
) -> NDArray[np.float64]:
    """Move a first guess at chances, cell by cell, until their weighted means are the published rates.

    Args:
        guess: share in 0..1 in each cell; 0 and 1 are kept.
        weights: share of the population in each cell, the same shape.
        wanted: pairs (kept axes, wanted share of the population with yes); the axes are those of the guess.
        name: for messages.

    Returns:
        float64 share in 0..1 in each cell; cells without people keep the guess.

    Example:
        >>> chance = binary(np.array([0.2, 0.8]), np.array([0.5, 0.5]), [((), np.array(0.5))])
        >>> chance.round(12).tolist()
        [0.2, 0.8]
    """
    weights = np.asarray(weights, dtype=np.float64)
    seed = np.stack([weights * (1.0 - guess), weights * guess], axis=-1)
    last = seed.ndim - 1
    margins: list[Margin] = [(tuple(range(last)), weights)]
    for kept, yes in wanted:
        everybody = margin_of(weights, tuple(kept))
        margins.append((tuple(kept) + (last,), np.stack([everybody - yes, np.asarray(yes, dtype=np.float64)], axis=-1)))
    raked = rake(seed, margins, names=[f"{name}: people"] + [f"{name}: total"] * len(wanted))
    # Over both parts, not over the weight: a share can then not leave 0..1 by a rounding error.
    both = raked[..., 0] + raked[..., 1]
    return np.where(both > 0, raked[..., 1] / np.where(both > 0, both, 1.0), guess)


def _checked_total(table: NDArray[np.float64], wanted: Sequence[Margin], names: Sequence[str]) -> float:
    totals = []
    for (kept, sums), name in zip(wanted, names, strict=True):
        shape = tuple(table.shape[axis] for axis in kept)
        if sums.shape != shape:
            raise BadInput(f"`{name}` has the shape {sums.shape}, the table has {shape} there")
        if (sums < 0).any() or not np.isfinite(sums).all():
            raise BadInput(f"`{name}` has a negative or an infinite sum")
        if ((margin_of(table, kept) == 0) & (sums > 0)).any():
            raise BadInput(f"`{name}` cannot be met: it asks for people in cells that are all zero in the first guess")
        totals.append(float(margin_of(sums, ())))
    if max(totals) - min(totals) > 1e-9 * max(totals):
        low, high = names[totals.index(min(totals))], names[totals.index(max(totals))]
        raise BadInput(f"the margins disagree about the total: `{low}` sums to {min(totals):.9g}, `{high}` to {max(totals):.9g}")
    return totals[0]


def _factor(have: NDArray[np.float64], sums: NDArray[np.float64], kept: tuple[int, ...], ndim: int) -> NDArray[np.float64]:
    factor = np.divide(sums, have, out=np.zeros_like(have), where=have > 0)
    return factor.reshape([factor.shape[kept.index(axis)] if axis in kept else 1 for axis in range(ndim)])


def _deviation(table: NDArray[np.float64], kept: tuple[int, ...], sums: NDArray[np.float64]) -> float:
    return float(np.max(np.abs(margin_of(table, kept) - sums)))
