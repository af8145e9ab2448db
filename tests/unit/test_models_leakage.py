"""Leakage: beside the normal distribution's conditional variances, and the same bits uncompiled."""

import numpy as np
import pytest

from glasshouse.model import simulate
from glasshouse.models.leakage import CITIZENS, FIGURES, MODEL, ROWS, learnt

GIVEN = ((1, 0), (0, 1), (1, 1))


def moments(like: float) -> np.ndarray:
    """Covariances of what one is, one's data and the other's."""
    return np.array([[1, 1, like], [1, 2, like], [like, like, 2.0]])


def weights(like: float, given: tuple[int, int]) -> np.ndarray:
    """The best linear guess of what one is from the data that are given, by the normal equations, as the guess less what one is."""
    known = [1 + i for i in (0, 1) if given[i]]
    all_of = moments(like)
    found = np.zeros(3)
    found[known] = np.linalg.solve(all_of[np.ix_(known, known)], all_of[known, 0])
    return found


def closed(like: float, given: tuple[int, int]) -> float:
    """The share of what one is, as variance, that is learnt."""
    off = weights(like, given) - np.array([1, 0, 0])
    return 1 - off @ moments(like) @ off


def error(like: float, parts: list) -> float:
    """Four standard errors of a sum of shares learnt, by the delta method; the two of a pair are no two samples.

    Of normal a and b, cov(a^2, b^2) = 2 cov(a, b)^2. Per pair: six numbers, being and data of both; what is learnt is 1 - missed / without.
    """
    both = np.zeros((4, 4))  # being, being of the other, data, data of the other
    both[:2, :2] = both[2:, 2:] = both[:2, 2:] = both[2:, :2] = [[1, like], [like, 1]]
    both[2, 2] = both[3, 3] = 2
    squares = []  # (weight, direction) of squares whose sum over a pair, halved, moves the figure
    for sign, given in parts:
        _, own, others = weights(like, given)
        gone = 1 - closed(like, given)
        for me, mate in ((0, 1), (1, 0)):
            off = np.zeros(4)
            off[me], off[2 + me], off[2 + mate] = 1, -own, -others
            being = np.zeros(4)
            being[me] = 1
            squares += [(-sign / 2, off), (sign * gone / 2, being)]
    variance = sum(2 * a * b * (x @ both @ y) ** 2 for a, x in squares for b, y in squares)
    return 4 * float(np.sqrt(variance / (CITIZENS / 2)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_agrees(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance)


@pytest.mark.parametrize("like", FIGURES)
@pytest.mark.parametrize("given", GIVEN)
def test_rows_are_expected_from_conditional_variances_within_four_standard_errors(like, given):
    expected, tolerance = FIGURES[like][given]
    assert expected == pytest.approx(closed(like, given), abs=6e-5)
    assert tolerance == pytest.approx(error(like, [(1, given)]), abs=6e-5)


def test_data_of_one_are_worth_less_where_those_of_the_other_are_known():
    for like in (0.3, 0.5, 0.8, 1.0):
        assert learnt(like, 1, 1) - learnt(like, 0, 1) < learnt(like, 1, 0)
    last = ROWS[-1]
    assert last.expected == pytest.approx(closed(0.5, (1, 1)) - closed(0.5, (0, 1)), abs=6e-5)
    assert last.tolerance == pytest.approx(error(0.5, [(1, (1, 1)), (-1, (0, 1))]), abs=6e-5)


def test_nothing_is_learnt_of_strangers_or_without_data():
    assert learnt(0.0, 0, 1) == pytest.approx(0, abs=1e-4)
    assert learnt(0.0, 1, 1) == pytest.approx(learnt(0.0, 1, 0), abs=1e-4)
    assert learnt(0.7, 0, 0) == 0


def test_compiled_and_uncompiled_give_the_same_bits():
    arms = {f"{own}{others}": {"own": own, "others": others, "like": 0.3 + own / 2} for own, others in (*GIVEN, (0, 0))}
    asked = {"citizens": 1201, "days": 2, "arms": arms}
    fast = simulate(MODEL, **asked)
    assert fast.digest == simulate(MODEL, **asked, reference=True).digest == simulate(MODEL, **asked, threads=2).digest
