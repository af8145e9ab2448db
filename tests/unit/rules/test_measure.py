"""measure: counts and sums."""

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import call, given, lucks, masks

from glasshouse.rules import measure

numbers = st.integers(-1000, 1000)
BANDS = {"adult_days": 6575, "middle_days": 12783, "old_days": 21915, "fifths": 5}


def test_each_kind_of_citizen_has_a_cell_of_its_own():
    """Conservation: four age bands, residence, fifth, sex and label fill 160 cells, none twice."""
    ages = (0, 6575, 12783, 21915)
    cells = [
        int(call(measure.cell, 100, 100 - age, urban, fifth, sex, group, **BANDS))
        for age in ages
        for urban in (0, 1)
        for fifth in range(5)
        for sex in (0, 1)
        for group in (0, 1)
    ]
    assert cells == list(range(160))


@pytest.mark.parametrize(
    ("age", "band"), [(0, 0), (6574, 0), (6575, 1), (12782, 1), (12783, 2), (21914, 2), (21915, 3), (40000, 3), (-50, 0)]
)
def test_a_birthday_moves_one_to_the_next_band(age, band):
    assert call(measure.cell, 3000, 3000 - age, 0, 0, 0, 0, **BANDS) == 40 * band


@given(a=st.integers(-2, 2), b=st.integers(-2, 2))
def test_small_questions(a, b):
    assert call(measure.both, a, b) == (a != 0 and b != 0)
    assert call(measure.below, a, b) == (a < b)
    assert call(measure.same_number, a, b) == (a == b)
    assert call(measure.trips, a, b) == a + b
    assert call(measure.same, a) == call(measure.as_is, a) == a
    assert call(measure.positive, a) == (a > 0)


@given(amount=st.integers(-(2**31) + 1, 2**31 - 1))
def test_the_other_sign_taken_twice_is_the_number_itself(amount):
    assert call(measure.minus, amount) == -amount
    assert call(measure.minus, call(measure.minus, amount)) == amount


def test_one_and_nothing():
    assert (call(measure.one), call(measure.nothing)) == (1, 0)


@given(amount=st.integers(-(2**31) + 1, 2**31 - 1), covered=st.integers(0, 1))
def test_a_number_and_its_square_are_of_those_who_are_covered(amount, covered):
    """The square has room: it does not overflow."""
    assert call(measure.of_covered, amount, covered) == (covered * amount, covered * amount * amount)


def test_the_mean_and_spread_of_those_who_are_covered_come_out_of_the_sums():
    people = [(900, 1), (1000, 1), (1150, 1), (0, 0), (1300, 0)]
    numbers, squares = (sum(int(part) for part in parts) for parts in zip(*(call(measure.of_covered, *p) for p in people), strict=True))
    scores = [score for score, covered in people if covered]
    assert numbers / 3 == np.mean(scores)
    assert squares / 3 - (numbers / 3) ** 2 == pytest.approx(np.var(scores))


@given(times=st.integers(0, 3000), gravity=st.integers(0, 100))
def test_what_is_done_often_weighs_as_often(times, gravity):
    assert call(measure.weighed, times, gravity) == times * gravity == sum(gravity for _ in range(times))


@given(steps=st.integers(0, 65535))
def test_a_share_is_a_whole_number_of_its_steps(steps):
    assert call(measure.in_steps, steps / 65535, 65535.0, 0b11, 0b10) == steps
    assert call(measure.in_steps, steps / 65535, 65535.0, 0b01, 0b10) == 0


@pytest.mark.parametrize(("share", "steps"), [(0.0, 0), (0.124, 0), (0.125, 1), (0.374, 1), (0.375, 2), (1.0, 4)])
def test_a_share_is_rounded_to_the_nearest_step(share, steps):
    assert call(measure.in_steps, share, 4.0, 1, 1) == steps


@given(amount=st.integers(-(2**31), 2**31 - 1), others=st.integers(0, 15))
def test_only_the_living_are_counted(amount, others):
    assert call(measure.of_living, amount, others | 0b0100, 0b0100) == amount
    assert call(measure.of_living, amount, others & ~0b0100, 0b0100) == 0


SAME = {"bits": 0b0110, "mask": 0b0110, "clean_bits": 0b0110, "clean_mask": 0b0110, "penalties": 0b0011, "cause": 0}


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({}, 0),
        ({"mask": 0b0100}, 1),
        ({"clean_mask": 0b0100}, 1),
        ({"cause": 3}, 1),
        ({"clean_bits": 0b0100, "clean_mask": 0b0100}, 1),  # a penalty in force without cause
        ({"clean_bits": 0b0010, "clean_mask": 0b0010}, 0),  # only a reward differs
        ({"bits": 0b0100, "mask": 0b0100}, 0),  # missed, not false
        ({"bits": 0, "mask": 0, "clean_bits": 0, "clean_mask": 0}, 0),
    ],
)
def test_a_citizen_is_looked_at_when_something_changed_or_a_penalty_has_no_cause(changes, check):
    assert call(measure.to_check, **SAME | changes) == check


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({}, 0),
        ({"mask": 1}, 1),
        ({"clean_mask": 1}, 1),
        ({"cause_before": 2}, 1),
        ({"cause": 4, "cause_before": 4}, 0),
        ({"cause": 4, "cause_before": 5}, 1),
    ],
)
def test_what_the_tables_must_know_is_any_change(changes, differs):
    given = {"bits": 6, "mask": 6, "clean_bits": 2, "clean_mask": 2, "cause": 0, "cause_before": 0}
    assert call(measure.differs, **given | changes) == differs


@given(bits=lucks, wanted=lucks)
def test_any_of_the_wanted_consequences_is_enough(bits, wanted):
    assert call(measure.any_of, bits, wanted) == (bits & wanted != 0)
    assert call(measure.any_of, bits, ~bits & 0xFFFFFFFF) == 0


# ---- what penalties are blamed on

PENALTIES = 0b1011


@given(bits=masks, lawful=st.integers(0, 3000), unlawful=st.integers(0, 3000))
def test_penalties_are_blamed_on_the_conduct_that_cost_the_points(bits, lawful, unlawful):
    """Slow reference: each penalty in force counts a thousand, by the share of the loss that was for lawful conduct."""
    each = [1000 for bit in range(24) if bits & PENALTIES & 1 << bit]
    lost = lawful + unlawful
    by_law, all_ = call(measure.blamed, bits, PENALTIES, lawful, unlawful, 1000)
    assert all_ == (sum(each) if lost else 0)
    assert by_law == (sum(each) * lawful // lost if lost else 0)
    assert 0 <= by_law <= all_
    against, _ = call(measure.blamed, bits, PENALTIES, unlawful, lawful, 1000)
    assert all_ - 1 <= by_law + against <= all_  # the other share is the rest, but for the thousandth that was cut off


@pytest.mark.parametrize(
    ("bits", "lawful", "unlawful", "blamed"),
    [
        (0b0001, 50, 0, (1000, 1000)),
        (0b0001, 0, 50, (0, 1000)),
        (0b0001, 1, 2, (333, 1000)),
        (0b0011, 1, 2, (666, 2000)),
        (0b1011, 1, 2, (1000, 3000)),
        (0b0100, 50, 0, (0, 0)),  # a reward is nobody's fault
        (0b0101, 50, 0, (1000, 1000)),
        (0b0000, 50, 50, (0, 0)),
        (0b1011, 0, 0, (0, 0)),  # a penalty of one who has lost no points: by kin or by a guess
        (0b0001, 0, 1, (0, 1000)),
        (0b0001, 1, 0, (1000, 1000)),
        (0b0001, -3, 2, (0, 0)),
        (0b0001, 2_000_000, 0, (1000, 1000)),  # counts times points go beyond 32 bits
        (0b1011, 1_000_000, 1_000_000, (1500, 3000)),
    ],
)
def test_who_is_under_what_for_what(bits, lawful, unlawful, blamed):
    assert call(measure.blamed, bits, PENALTIES, lawful, unlawful, 1000) == blamed


def test_more_points_for_lawful_conduct_mean_a_larger_lawful_share():
    shares = [int(call(measure.blamed, 0b0011, PENALTIES, lawful, 100, 1000)[0]) for lawful in range(0, 400, 20)]
    assert shares == sorted(set(shares))


# ---- an attempt under a consequence


@given(mask=masks, bits=masks, tried=st.integers(0, 1), stopped=st.integers(0, 1), fen=st.integers(-100_000, 100_000))
def test_an_attempt_counts_under_the_first_consequence_that_bears_on_it_or_not_at_all(mask, bits, tried, stopped, fen):
    met = mask & bits
    first = (met & -met).bit_length() - 1
    assert call(measure.attempt, mask, bits, tried, stopped, fen) == ((first, tried, stopped, fen) if met else (0, 0, 0, 0))


def test_an_attempt_under_one_of_two_consequences_is_put_down_to_that_one():
    assert call(measure.attempt, 0b0110, 0b1100, 1, 1, -5) == (2, 1, 1, -5)
    assert call(measure.attempt, 0b0110, 0b1001, 1, 1, -5) == (0, 0, 0, 0)
