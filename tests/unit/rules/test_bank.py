"""bank: which loan is under watch, for how long, and where it is counted."""

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import call, given

from glasshouse.rules import bank

LOAN, REFUSAL = 3, 17  # a loan of the third band, and a refusal where there are sixteen
RUNS, SOUND, FAILED = 0, 1, 2


@pytest.mark.parametrize(("score", "is_"), [(300, 0), (339, 0), (340, 1), (659, 8), (660, 9), (819, 12), (820, 13), (850, 13)])
def test_a_band_has_its_lowest_score_and_the_last_has_the_rest(score, is_):
    assert call(bank.band, score, 300, 40, 13) == is_


@given(st.integers(-1000, 1000), st.integers(1, 100), st.integers(0, 15))
def test_a_higher_score_is_in_no_lower_band(low, points, last):
    bands = [call(bank.band, low + above, low, points, last) for above in range(0, 1200, 7)]
    assert bands == sorted(bands)
    assert bands[0] == 0
    assert bands[-1] <= last


@pytest.mark.parametrize(("granted", "refused", "before", "after"), [
    (1, 0, 0, (5, 90)), (1, 0, LOAN, (LOAN, 10)), (1, 0, REFUSAL, (5, 90)),  # a loan, unless one runs; it takes the place of a refusal
    (0, 1, 0, (REFUSAL, 90)), (0, 1, LOAN, (LOAN, 10)), (0, 1, REFUSAL, (REFUSAL, 10)),  # a refusal, unless anything is under watch
    (0, 0, 0, (0, 10)), (0, 0, LOAN, (LOAN, 10)),  # refused for another reason than the cut
])  # fmt: skip
def test_what_an_application_puts_under_watch(granted, refused, before, after):
    assert call(bank.watches, True, granted, refused, before, 10, 90, 4, 16) == after
    assert call(bank.watches, False, granted, refused, before, 10, 90, 4, 16) == (before, 10)


@pytest.mark.parametrize(("band", "since", "day", "arrears", "end"), [
    (0, 0, 900, 5, RUNS), (LOAN, 100, 464, 0, RUNS), (LOAN, 100, 465, 0, SOUND), (LOAN, 100, 464, 1, FAILED), (LOAN, 100, 465, 1, FAILED), (REFUSAL, 0, 400, 0, SOUND),
])  # fmt: skip
def test_how_a_loan_ends(band, since, day, arrears, end):
    """Sound on the day on which its term is over, failed whenever payments have stopped; where nothing is under watch nothing ends."""
    assert call(bank.ends, band, since, day, arrears, 365) == end


def test_a_loan_is_counted_at_its_band_and_a_refusal_behind_the_last():
    assert [call(bank.place, n) for n in (1, LOAN, REFUSAL)] == [0, 2, 16]
