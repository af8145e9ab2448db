"""Oversharing: beside the pairs of three kinds of people worked out, at the edges, and the same bits uncompiled."""

import numpy as np
import pytest

from glasshouse.model import simulate
from glasshouse.models.oversharing import CITIZENS, FIGURES, MODEL, ROWS, figures

PRICE = 0.3


def worked_out(like: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Who sells, and what all are better off, of all pairs on a fine grid of what both mind, each with four standard errors.

    Some always sell, some never, and some beside a seller: where both are such nobody begins.
    """
    beside = 2 / (4 - like**2) - like**2 / 2
    first, second = ((np.arange(many) + 0.5) / many for many in (2000, 2001))
    one, two = first[:, None], second[None, :]
    sold = [(a * 0.5 <= PRICE) | (a * beside <= PRICE) & (b * 0.5 <= PRICE) for a, b in ((one, two), (two, one))]
    lost = [
        a * np.where(mine, np.where(theirs, 2 / (4 - like**2), 0.5), np.where(theirs, like**2 / 2, 0))
        for a, mine, theirs in ((one, *sold), (two, *sold[::-1]))
    ]
    pairs = [(sold[0] + 1.0 * sold[1]) / 2, (PRICE * sold[0] - lost[0] + PRICE * sold[1] - lost[1]) / 2]
    return tuple((float(pair.mean()), 4 * float(pair.std() / np.sqrt(CITIZENS / 2))) for pair in pairs)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_agrees(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance)


@pytest.mark.parametrize("like", FIGURES)
def test_rows_are_expected_from_all_pairs_within_four_standard_errors(like):
    for (expected, tolerance), (closed, error) in zip(FIGURES[like], worked_out(like), strict=True):
        assert expected == pytest.approx(closed, abs=3e-4)
        assert tolerance == pytest.approx(error, abs=6e-5)


def test_the_more_data_tell_of_others_the_more_is_sold_and_the_less_all_are_better_off():
    shares, better = zip(*(figures(like) for like in (0.0, 0.3, 0.5, 0.7)), strict=True)
    assert (np.diff(shares) > 0).all()
    assert (np.diff(better) < 0).all()


def test_nobody_sells_for_nothing_and_everybody_for_what_all_would_lose():
    assert figures(0.5, 0.0)[0] == 0
    assert figures(0.5, 0.5)[0] == 1


def test_compiled_and_uncompiled_give_the_same_bits():
    asked = {"citizens": 1501, "days": 3, "arms": {"a": {}, "b": {"price": 0.1, "like": 0.9}}}
    fast = simulate(MODEL, **asked)
    assert fast.digest == simulate(MODEL, **asked, reference=True).digest == simulate(MODEL, **asked, threads=2).digest
