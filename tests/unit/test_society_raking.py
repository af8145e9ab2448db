"""Raking and its neighbours: closed forms, margins met, zeros kept, and what happens when nothing can fit."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.errors import BadInput
from glasshouse.society.powers import bounded_pareto, log_logistic, mean, midpoints, power
from glasshouse.society.raking import binary, margin_of, rake
from glasshouse.society.sizes import TILE, expected, fills, size_cuts, tilted


def closed_form_2x2(odds: float, row: float, column: float) -> float:
    """The first cell of a 2x2 table of shares with a given odds ratio and margins: a root of a quadratic."""
    if odds == 1:
        return row * column
    b = 1 + (odds - 1) * (row + column)
    return (b - math.sqrt(b * b - 4 * odds * (odds - 1) * row * column)) / (2 * (odds - 1))


@given(st.floats(0.05, 20), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
@settings(max_examples=50)
def test_2x2_has_its_closed_form(odds, row, column):
    raked = rake(np.array([[odds, 1.0], [1.0, 1.0]]), [((0,), np.array([row, 1 - row])), ((1,), np.array([column, 1 - column]))])
    assert raked[0, 0] == pytest.approx(closed_form_2x2(odds, row, column), abs=1e-10)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_margins_are_met_to_1e_9_and_odds_ratios_kept(number):
    rng = np.random.default_rng(number)
    seed = rng.random((4, 3, 2)) + 0.05
    wanted = rng.random((4, 3, 2)) + 0.05
    wanted /= wanted.sum()
    margins = [((0, 1), wanted.sum(2)), ((2,), wanted.sum((0, 1)))]
    raked = rake(seed, margins)
    for kept, sums in margins:
        assert np.abs(margin_of(raked, kept) - sums).max() < 1e-9
    before = seed[0, 0, 0] * seed[1, 1, 1] / seed[0, 0, 1] / seed[1, 1, 0]
    after = raked[0, 0, 0] * raked[1, 1, 1] / raked[0, 0, 1] / raked[1, 1, 0]
    assert after == pytest.approx(before, rel=1e-9)


def test_zeros_stay_zero_and_the_rest_makes_up_for_them():
    seed = np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
    raked = rake(seed, [((0,), np.array([0.6, 0.4])), ((1,), np.array([0.5, 0.3, 0.2]))])
    assert raked[0, 1] == 0
    assert raked[1, 2] == 0
    assert raked == pytest.approx(np.array([[0.4, 0, 0.2], [0.1, 0.3, 0]]), abs=1e-9)


def test_a_uniform_first_guess_gives_independence():
    a, b, c = np.array([0.2, 0.8]), np.array([0.1, 0.4, 0.5]), np.array([0.7, 0.3])
    raked = rake(np.ones((2, 3, 2)), [((0,), a), ((1,), b), ((2,), c)])
    assert raked == pytest.approx(a[:, None, None] * b[:, None] * c, abs=1e-15)


def test_a_first_guess_that_fits_is_left_alone():
    seed = np.array([[0.1, 0.2], [0.3, 0.4]])
    assert rake(seed, [((0,), np.array([0.3, 0.7])), ((1,), np.array([0.4, 0.6]))]) == pytest.approx(seed, abs=1e-15)


def test_the_first_guess_is_not_written_to():
    seed = np.ones((2, 2))
    rake(seed, [((0,), np.array([0.3, 0.7]))])
    assert (seed == 1).all()


def test_margins_with_different_totals_are_refused():
    with pytest.raises(BadInput, match=r"disagree about the total: `men` sums to 0\.9, `age` to 1"):
        rake(np.ones((2, 2)), [((0,), np.array([0.5, 0.5])), ((1,), np.array([0.4, 0.5]))], names=["age", "men"])


def test_a_margin_over_empty_cells_is_refused():
    with pytest.raises(BadInput, match=r"`age` cannot be met.*all zero"):
        rake(np.array([[0.0, 0.0], [1.0, 1.0]]), [((0,), np.array([0.5, 0.5]))], names=["age"])


def test_margins_that_the_zeros_forbid_are_refused_with_the_name_of_one():
    # Column 0 can only come from row 0, which has 0.3 in all; it asks for 0.5.
    seed = np.array([[1.0, 1.0], [0.0, 1.0]])
    with pytest.raises(BadInput, match=r"cannot all be met.*zeros in the first guess"):
        rake(seed, [((0,), np.array([0.3, 0.7])), ((1,), np.array([0.5, 0.5]))], rounds=200)


@pytest.mark.parametrize("seed", [np.array([[-1.0, 1.0]]), np.array([[np.nan, 1.0]]), np.array([[np.inf, 1.0]])])
def test_a_first_guess_must_be_a_table_of_numbers(seed):
    with pytest.raises(BadInput, match="first guess"):
        rake(seed, [((1,), np.array([0.5, 0.5]))])


def test_a_margin_of_the_wrong_shape_or_below_zero_is_refused():
    with pytest.raises(BadInput, match="shape"):
        rake(np.ones((2, 3)), [((0,), np.ones(3))])
    with pytest.raises(BadInput, match="negative"):
        rake(np.ones((2, 2)), [((0,), np.array([1.5, -0.5]))])


def test_binary_moves_odds_by_one_factor_to_the_wanted_total():
    guess, weights = np.array([0.1, 0.5, 0.9]), np.array([0.5, 0.3, 0.2])
    chance = binary(guess, weights, [((), np.array(0.6))])
    assert chance @ weights == pytest.approx(0.6, abs=1e-11)
    factors = (chance / (1 - chance)) / (guess / (1 - guess))
    assert factors == pytest.approx(np.full(3, factors[0]), rel=1e-9)
    assert factors[0] > 1, "the first guess lies below the total, so every chance rises"


def test_binary_keeps_never_and_always_and_empty_cells():
    chance = binary(np.array([0.0, 1.0, 0.3, 0.7]), np.array([0.2, 0.2, 0.6, 0.0]), [((), np.array(0.5))])
    assert chance.tolist()[:2] == [0.0, 1.0]
    assert chance[2] == pytest.approx(0.5)
    assert chance[3] == 0.7


@given(st.floats(0.001, 1.0), st.floats(0, 12))
@settings(max_examples=100)
def test_powers_agree_with_the_library_to_1e_10(base, exponent):
    assert float(power(np.array(base), exponent)) == pytest.approx(base**exponent, rel=1e-10)


def test_powers_of_nothing_and_to_nothing():
    assert power(np.array([0.0, 3.0]), 0.0).tolist() == [1.0, 1.0]
    assert power(np.array([0.0]), 0.5).tolist() == [0.0]


def test_the_pareto_tail_has_its_mean_its_bounds_and_its_shape():
    tail = bounded_pareto(50.0, 1000.0, 80.0, 4096)
    assert mean(tail) == pytest.approx(80.0, rel=1e-12)
    assert 49.9 < tail[0] < 50.2
    assert tail[-1] < 1000.1
    assert (np.diff(tail) > 0).all()
    # Closed form of an unbounded tail: alpha = mean / (mean - low) = 8/3, median = low * 2^(1/alpha).
    assert bounded_pareto(50.0, 1e9, 80.0, 65536)[32768] == pytest.approx(50 * 2 ** (3 / 8), rel=5e-3)


def test_a_mean_outside_the_bounds_has_no_tail():
    for wanted in (49.0, 900.0):
        with pytest.raises(ValueError, match="no Pareto tail"):
            bounded_pareto(50.0, 1000.0, wanted, 256)


def test_the_log_logistic_spread():
    assert log_logistic(0.0, 64) == pytest.approx(np.ones(64))
    for shape in (0.2, 0.42):
        spread = log_logistic(shape, 1024)
        assert mean(spread) == pytest.approx(1.0, abs=1e-12)
        # Mean over median of the unbounded one is pi b / sin(pi b); the cut at the ends costs a little.
        closed = math.pi * shape / math.sin(math.pi * shape)
        assert 1 / spread[512] == pytest.approx(closed, rel=0.04)
    assert log_logistic(0.42, 1024)[-1] > log_logistic(0.2, 1024)[-1], "a larger exponent has a longer tail"


def test_midpoints_mirror_each_other():
    assert (midpoints(8) + midpoints(8)[::-1]).tolist() == [1.0] * 8


# Household sizes -------------------------------------------------------------------------------------------------------------------------

SHARES = np.array([0.2539, 0.2968, 0.2099, 0.1317, 0.0617, 0.0306, 0.01155, 0.00385])


def test_sizes_end_exactly_where_brute_force_says():
    weights = np.array([0.5, 0.3, 0.2, 0, 0, 0, 0, 0])
    # 1+1+1, 1+2, 2+1, 3
    assert fills(weights, 3)[3] == pytest.approx(0.5**3 + 2 * 0.5 * 0.3 + 0.2)
    assert fills(SHARES)[TILE] == pytest.approx(1 / (SHARES @ np.arange(1, 9) / SHARES.sum()), rel=1e-6), "renewal theorem"


def test_expected_sizes_fill_the_tile_and_have_the_published_shares():
    shares = SHARES / SHARES.sum()
    counts = expected(tilted(shares))
    assert counts @ np.arange(1, 9) == pytest.approx(TILE, rel=1e-12)
    assert counts / counts.sum() == pytest.approx(shares, abs=1e-14)


def test_without_the_tilt_large_households_would_be_too_few():
    shares = SHARES / SHARES.sum()
    counts = expected(shares)
    assert (counts / counts.sum())[7] < shares[7]


def test_cuts_rise_and_never_allow_a_size_beyond_the_edge():
    cuts = size_cuts(SHARES / SHARES.sum())
    assert (np.diff(cuts, axis=1) >= 0).all()
    for left in range(1, 9):
        assert (cuts[left, left - 1 :] == 1 << 32).all(), "with few slots left, no larger household is drawn"
    assert cuts[1, 0] == 1 << 32


def test_societies_without_people_who_live_alone_are_refused():
    with pytest.raises(BadInput, match="live alone"):
        size_cuts(np.array([0.0, 0.5, 0.5, 0, 0, 0, 0, 0]))
