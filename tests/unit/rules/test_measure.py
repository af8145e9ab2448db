"""measure: counts and sums."""

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import call, given, lucks

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


@given(gravity=st.integers(0, 100), good=st.integers(0, 1))
def test_what_is_done_weighs_once_as_bad_or_as_good(gravity, good):
    bad, well = call(measure.weight, gravity, good)
    assert bad + well == gravity
    assert (bad if good else well) == 0


@given(a=st.integers(-2, 2), b=st.integers(-2, 2))
def test_small_questions(a, b):
    assert call(measure.both, a, b) == (a != 0 and b != 0)
    assert call(measure.below, a, b) == (a < b)
    assert call(measure.same_number, a, b) == (a == b)
    assert call(measure.trips, a, b) == a + b
    assert call(measure.tally, a, b, 7) == (a, b, 7)
    assert call(measure.same, a) == call(measure.as_is, a) == a


def test_one_and_nothing():
    assert (call(measure.one), call(measure.nothing)) == (1, 0)


@given(amount=st.integers(-(2**31) + 1, 2**31 - 1))
def test_a_square_has_room(amount):
    assert call(measure.squared, amount) == amount * amount


@given(steps=st.integers(0, 65535))
def test_a_share_is_a_whole_number_of_its_steps(steps):
    assert call(measure.in_steps, steps / 65535, 65535.0) == steps


@pytest.mark.parametrize(("share", "steps"), [(0.0, 0), (0.124, 0), (0.125, 1), (0.374, 1), (0.375, 2), (1.0, 4)])
def test_a_share_is_rounded_to_the_nearest_step(share, steps):
    assert call(measure.in_steps, share, 4.0) == steps


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


@given(bits=lucks, wanted=lucks, applied=st.integers(0, 1))
def test_an_effect_is_felt_under_a_wanted_consequence_that_reaches_one(bits, wanted, applied):
    assert call(measure.any_of, bits, wanted) == (bits & wanted != 0)
    assert call(measure.effect, bits, wanted, applied) == (bits & wanted != 0 and applied == 1)
    assert call(measure.any_of, bits, ~bits & 0xFFFFFFFF) == 0
