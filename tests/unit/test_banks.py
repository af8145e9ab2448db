"""What a bank makes of its loans: cases worked by hand, what it does not know, and what moves its cut which way."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.experiments.banks import PARTS, Bank, best_cut, learns_on
from glasshouse.regimes import load_regime

RULE = load_regime("bank-retrains").bank
START = date(2020, 1, 1)


def learnt(sound, failed, cut: int, bands: int = 14) -> Bank:
    """A bank of the shipped rule after it learnt from loans by band: {band: loans}."""
    bank = Bank(17)
    for kept, loans in ((bank.sound, sound), (bank.failed, failed)):
        for band, count in loans.items():
            kept[band] = count
    bank.learn(RULE, START, 0, cut, 300, bands)
    return bank


def test_a_band_pays_up_to_the_share_at_which_gain_and_loss_are_equal():
    """Worked by hand: with 4.6 % gained and 45 % lost, 46 of 496 may fail: 450 x 4.6 = 46 x 45. There it is all one, and the cut stays."""
    asked = lambda failed, now: best_cut(np.array([450, 9_999]), np.array([failed, 1]), now, 460, 4500, 30)  # noqa: E731
    assert [asked(failed, 0) for failed in (45, 46, 47)] == [0, 0, 1]
    assert [asked(failed, 1) for failed in (45, 46, 47)] == [0, 1, 1]
    assert (round(RULE.gain.value * PARTS), round(RULE.loss.value * PARTS)) == (460, 4500)


def test_the_cut_falls_to_where_its_loans_would_have_brought_the_most():
    """620 to 659 brings 40 x 4.6 - 45 = 139 hundredths of a loan; 580 to 619 costs 808, more than the 410 of 540 to 579; with 300 there, it pays."""
    loans = {10: 100, 9: 95, 8: 40, 7: 20, 6: 99}
    bank = learnt(loans, {9: 5, 8: 1, 7: 20, 6: 1}, 660)
    assert (bank.cut, bank.cuts) == (620, [(0, 620)])
    assert learnt(loans | {6: 300}, {9: 5, 8: 1, 7: 20, 6: 1}, 660).cut == 540


def test_a_few_failures_at_the_top_do_not_end_all_lending():
    assert learnt({9: 500, 13: 30}, {9: 5, 13: 5}, 660).cut is None


def test_the_cut_rises_above_a_band_that_does_not_pay():
    assert learnt({9: 60, 10: 99}, {9: 20, 10: 1}, 660).cut == 700


def test_a_bank_that_knows_nothing_keeps_its_cut():
    assert learnt({}, {}, 660).cut is None
    assert learnt({8: 29, 5: 29}, {}, 660).cut is None, "29 loans are not enough to believe"
    assert learnt({8: 30}, {}, 660).cut == 620
    assert learnt({}, {}, 670).cut is None, "also where its cut lies inside a band"


def test_a_bank_does_not_see_those_whom_it_refused():
    assert learnt({16: 5000}, {16: 1}, 660).cut is None
    assert learnt({16: 1}, {16: 5000}, 660).cut is None


def test_a_bank_that_no_band_pays_lends_to_nobody():
    bank = learnt({13: 10}, {13: 90}, 660)
    assert bank.cut == 300 + 14 * 40 > 850


bands = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=16)


@given(bands, st.integers(0, 16), *(st.integers(1, most) for most in (1000, 1000, 100)))
def test_more_gain_or_less_loss_never_raises_the_cut(loans, now, gain, loss, least):
    sound, failed, now = *np.array(loans).T, min(now, len(loans))
    asked = lambda gain, loss: best_cut(sound, failed, now, gain, loss, least)  # noqa: E731
    assert asked(gain + 10, loss) <= asked(gain, loss) <= asked(gain, loss + 10)
    assert 0 <= asked(gain, loss) <= len(loans)


@given(bands, st.integers(0, 16), *(st.integers(1, most) for most in (1000, 1000, 100)))
def test_from_loans_above_its_cut_alone_a_bank_never_lowers_it(loans, now, gain, loss, least):
    """B7: what it refuses it never learns of. So it comes to rest (B9): a cut that only rises ends somewhere."""
    sound, failed, now = *np.array(loans).T, min(now, len(loans))
    sound[:now], failed[:now] = 0, 0
    new = best_cut(sound, failed, now, gain, loss, least)
    assert new >= now
    assert best_cut(sound, failed, new, gain, loss, least) == new, "asked again, it stays"


@pytest.mark.parametrize(("learns", "days"), [("never", []), ("each year", [(1, 1)]), ("each month", [(month, 1) for month in range(1, 13)])])
def test_the_days_on_which_a_bank_learns(learns, days):
    rule = RULE.model_copy(update={"learns": learns})
    year = [date(2021, month, day) for month in range(1, 13) for day in (1, 2, 28)]
    assert [(day.month, day.day) for day in year if learns_on(rule, day)] == days
