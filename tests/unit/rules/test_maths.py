"""maths: the few functions beyond + - * /, each against its closed form or a library."""

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import stats
from tests.unit.rules.called import LAST, call, given, lucks, unstirred

from glasshouse.rules import maths
from glasshouse.rules.maths import (
    apart,
    below,
    bits_set,
    by_256ths,
    byte_of,
    clip,
    clip_int,
    first_bit,
    has,
    high_count,
    high_unit,
    low_count,
    minus,
    mixed,
    normal,
    plus,
    product,
    share_of,
    turned,
    two_counts,
    unit,
)

UNITS = [
    pytest.param(unit, lambda w: ((w >> 9) + 0.5) / 2**23, 512, id="unit"),
    pytest.param(high_unit, lambda w: ((w >> 16) + 0.5) / 2**16, 65536, id="high_unit"),
]
SMALL = st.integers(-1000, 1000)


def test_the_named_numbers_are_what_they_are_called():
    named = {"NO": 0, "YES": 1, "TWO": 2, "THREE": 3, "FOUR": 4, "FIVE": 5, "SIX": 6, "SEVEN": 7, "EIGHT": 8, "NINE": 9}
    assert {n: getattr(maths, n) for n in named} == named
    assert all(type(getattr(maths, n)) is np.int32 for n in named)
    assert (maths.ZERO, maths.HALF, maths.ONE) == (0, 0.5, 1)
    assert all(type(x) is np.float32 for x in (maths.ZERO, maths.HALF, maths.ONE))


@pytest.mark.parametrize(("rule", "exact", "step"), UNITS)
def test_a_uniform_number_is_never_0_and_never_1(rule, exact, step):
    for word in (0, 1, step - 1, LAST - step, LAST - 1, LAST, 0xFFFF, 0xFFFF0000, 0xFFFFFE00):
        assert 0 < call(rule, word) < 1
    assert call(rule, LAST) == max(exact(w) for w in (LAST, 0xFFFF))


@pytest.mark.parametrize(("rule", "exact", "step"), UNITS)
@given(word=lucks)
def test_a_uniform_number_is_the_middle_of_its_cell(rule, exact, step, word):
    assert float(call(rule, word)) == exact(word)  # to the last bit: nothing is rounded


@pytest.mark.parametrize(("rule", "exact", "step"), UNITS)
def test_a_uniform_number_rises_with_its_bits_and_averages_one_half(rule, exact, step):
    words = np.linspace(0, LAST, 4097).astype(np.int64) if step > 1 else np.arange(0, 65536, 16)
    numbers = [float(call(rule, w)) for w in words]
    assert numbers == sorted(numbers)
    assert np.mean(numbers) == pytest.approx(0.5, abs=2e-4)


@given(x=SMALL, ends=st.tuples(SMALL, SMALL))
def test_clipping_keeps_a_number_between_its_ends(x, ends):
    low, high = sorted(ends)
    middle = sorted([low, x, high])[1]
    assert call(clip_int, x, low, high) == middle
    assert call(clip, x / 8, low / 8, high / 8) == middle / 8


@pytest.mark.parametrize(("x", "held"), [(-3, -2), (-2, -2), (-1, -1), (0, 0), (4, 4), (5, 5), (6, 5)])
def test_the_ends_themselves_belong_to_what_is_kept(x, held):
    assert call(clip_int, x, -2, 5) == held
    assert call(clip, x, -2, 5) == held


def tail(word: int) -> float:
    """The upper tail probability that a word of luck stands for."""
    return ((word >> 9) + 0.5) / 2**24


def test_the_normal_quantile_is_right_as_stated_up_to_5_standard_deviations():
    """6.6e-4 is what its docstring says. The grid is dense in the tail and, where the error is greatest, at the middle."""
    cells = np.unique(
        np.concatenate(
            [
                np.arange(300),
                np.geomspace(1, 2**23 - 1, 2500).astype(int),
                np.linspace(0, 2**23 - 1, 1500).astype(int),
                2**23 - 1 - np.arange(800),
            ]
        )
    )
    words = [int(c) << 9 for c in cells]
    exact = stats.norm.isf([tail(w) for w in words])
    found = np.array([call(normal, w) for w in words], float)
    within = exact < 5
    assert within.sum() > 3000
    assert np.abs(found - exact)[within].max() < 6.6e-4
    assert np.abs(found - exact).max() < 0.01  # the outermost of 8 million cells


@given(word=lucks)
def test_one_bit_of_the_word_is_the_sign(word):
    assert call(normal, word | 256) == -call(normal, word & ~256)


def test_normal_numbers_have_mean_0_sd_1_and_the_right_tails():
    words = [(int(c) << 9) | sign for c in np.linspace(0, 2**23 - 1, 4001) for sign in (0, 256)]
    drawn = np.array([call(normal, w) for w in words], float)
    assert drawn.mean() == pytest.approx(0, abs=1e-6)
    assert drawn.std() == pytest.approx(1, abs=3e-3)
    for sd in (0.5, 1, 2, 3):
        assert (drawn > sd).mean() == pytest.approx(stats.norm.sf(sd), abs=3e-4)


def test_a_normal_number_falls_as_the_upper_bits_rise():
    drawn = [float(call(normal, int(c) << 9)) for c in np.geomspace(1, 2**23 - 2000, 400)]
    assert drawn == sorted(drawn, reverse=True)


@given(word=st.integers(0, 2**64 - 1), index=st.integers(0, 7))
def test_a_byte_of_a_word_is_that_byte(word, index):
    assert call(byte_of, word, index) == word.to_bytes(8, "little")[index]
    assert call(byte_of, word, index + 8) == word.to_bytes(8, "little")[index]


@given(amount=lucks, parts=st.integers(0, 2**24))
def test_parts_of_256_are_rounded_down_and_do_not_overflow(amount, parts):
    assert call(by_256ths, amount, parts) == amount * parts // 256


def test_256_parts_of_256_are_the_whole_and_255_are_less():
    assert call(by_256ths, LAST, 256) == LAST
    assert call(by_256ths, LAST, 255) < LAST
    assert call(by_256ths, LAST, 0) == 0
    assert call(by_256ths, 255, 1) == 0
    assert call(by_256ths, 256, 1) == 1


@given(low=st.integers(0, 65535), high=st.integers(0, 65535))
def test_two_counts_go_into_one_word_and_come_back(low, high):
    word = call(two_counts, low, high)
    assert (call(low_count, word), call(high_count, word)) == (low, high)


def test_counts_add_up_inside_a_word_without_touching_each_other():
    days = [(3, 5), (0, 0), (65000, 2), (1, 65000)]
    word = sum((call(two_counts, *d) for d in days), np.uint32(0))
    assert (call(low_count, word), call(high_count, word)) == (65004, 65007)


def left(word: int, by: int) -> int:
    """The reference: the word as text, its first bits put behind the others."""
    bits = f"{word:032b}"
    return int(bits[by:] + bits[:by], 2)


@given(word=lucks, by=st.integers(0, 31))
def test_turning_a_word_puts_its_first_bits_behind_the_others(word, by):
    assert call(turned, word, by) == left(word, by)
    assert call(turned, call(turned, word, by), (32 - by) % 32) == word  # nothing is lost: turned on, it comes back


@pytest.mark.parametrize(
    ("word", "by", "after"),
    [(0x80000001, 0, 0x80000001), (0x80000001, 1, 0x00000003), (0x80000001, 31, 0xC0000000), (0xABCDEF12, 8, 0xCDEF12AB), (LAST, 17, LAST)],
)
def test_a_word_is_turned_to_the_left_and_not_at_all_by_0(word, by, after):
    assert call(turned, word, by) == after


@pytest.mark.parametrize("by", range(32))
def test_each_single_bit_goes_to_a_place_of_its_own(by):
    assert [call(turned, 1 << bit, by) for bit in range(32)] == [1 << (bit + by) % 32 for bit in range(32)]


# ---- another word for a second purpose


def stirred(word: int) -> int:
    """The reference: the last steps of MurmurHash3 in whole numbers of any size."""
    word ^= word >> 16
    word = word * 0x85EBCA6B % 2**32
    word ^= word >> 13
    word = word * 0xC2B2AE35 % 2**32
    return word ^ word >> 16


@given(word=lucks)
def test_a_word_is_stirred_as_published_and_no_two_words_give_the_same(word):
    """Conservation: the way back finds every word again, so that a share of all words stays that share."""
    assert call(mixed, word) == stirred(word)
    assert unstirred(int(call(mixed, word))) == word


@pytest.mark.parametrize(("word", "after"), [(0, 0), (1, 0x514E28B7), (LAST, 0x81F16F39)])
def test_known_words_are_stirred_into_known_words(word, after):
    """MurmurHash3 of nothing, with these seeds, as its test vectors have it."""
    assert call(mixed, word) == after


@pytest.mark.parametrize("bit", range(32))
def test_a_single_bit_changes_about_half_of_all_bits(bit):
    words = np.random.default_rng(3).integers(0, 1 << 32, 200)
    changed = [bin(int(call(mixed, w)) ^ int(call(mixed, w ^ (1 << bit)))).count("1") for w in words]
    assert np.mean(changed) == pytest.approx(16, abs=1)


@pytest.mark.parametrize("by", range(0, 32, 4))
def test_whom_the_stirred_word_reaches_says_little_of_whom_a_turned_one_does(by):
    """Who joins a scheme is not who is spared by a measure: the same lasting luck serves both."""
    words = np.random.default_rng(11).integers(0, 1 << 32, 4000)
    joins, reached = (np.array([call(rule, w, *more) < 1.2e9 for w in words]) for rule, more in ((mixed, ()), (turned, (by,))))
    share = 1.2e9 / 2**32
    assert joins.mean() == pytest.approx(share, abs=0.03)
    assert (joins & reached).mean() == pytest.approx(share**2, abs=0.02)


@pytest.mark.parametrize("bit", range(32))
def test_the_first_bit_is_the_lowest_that_is_set(bit):
    assert call(first_bit, 1 << bit) == bit
    assert call(first_bit, (LAST << bit) & LAST) == bit
    assert call(first_bit, 1 << bit | 1 << 31) == bit


def test_no_bit_at_all_gives_0():
    assert call(first_bit, 0) == 0


@given(bits=lucks, wanted=lucks)
def test_has_is_true_if_a_single_wanted_bit_is_set(bits, wanted):
    assert bool(call(has, bits, wanted)) == any(bits >> i & wanted >> i & 1 for i in range(32))
    assert not call(has, bits, ~bits & LAST)


@given(word=lucks)
def test_bits_are_counted_one_by_one(word):
    assert call(bits_set, word) == bin(word).count("1")


@pytest.mark.parametrize(("word", "bits"), [(0, 0), (1, 1), (1 << 31, 1), (LAST, 32), (LAST - 1, 31), (0b1010_0001, 3)])
def test_the_first_and_the_last_bit_count(word, bits):
    assert call(bits_set, word) == bits


@given(a=lucks, b=lucks)
def test_words_are_added_taken_away_and_multiplied_modulo_a_word(a, b):
    assert call(product, a, b) == a * b % 2**32
    assert call(plus, a, b) == (a + b) % 2**32
    assert call(minus, a, b) == (a - b) % 2**32
    assert call(share_of, a, b) == a * b // 2**32
    assert call(apart, a, b) == abs(a - b)


@given(number=lucks, fewer=st.integers(0, 31))
def test_what_is_below_the_highest_bit(number, fewer):
    for word in (number, number >> fewer):
        assert call(below, word) == (2 ** (word.bit_length() - 1) - 1 if word else 0)


def test_places_and_widths_of_words_are_what_they_are_called():
    named = {"GOLDEN": 0x9E3779B1, "TOP_BYTE": 24, "ONCE": 2**30, "ONCE_BITS": 30, "QUARTER_BITS": 2, "WORD_SIZE": 32, "FIFTH_AT": 5, "LAST_STEP": 31, "LEVEL_SUMS": 49,
             "UNLIKE": 160, "LAST_TIE": 15, "SIXTEEN": 16, "LOW_BYTE": 255, "COUNT_BITS": 10, "COUNT_MASK": 1023}  # fmt: skip
    assert {name: int(getattr(maths, name)) for name in named} == named
