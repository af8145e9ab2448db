"""sanction: the class switches consequences on and off."""

from itertools import product

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import call, cases, given, masks, scheme, uints

from glasshouse.rules import sanction

NEVER_FELL = -(1 << 14)
NONE, RECORD, STALE, KIN, INFERENCE, SEVERAL = range(6)


def tables(of: dict) -> tuple[list[str], np.ndarray, np.ndarray]:
    """A scheme as the engine has it: names by bit, what each grade holds, what still runs so many days after a fall."""
    names = list(of["consequences"])
    holds, lasts = np.zeros(8, np.uint32), np.zeros(max(c["least_days"] for c in of["consequences"].values()) + 2, np.uint32)
    for bit, name in enumerate(names):
        rule = of["consequences"][name]
        for grade in rule["grades"]:
            holds[of["grades"].index(grade)] |= np.uint32(1 << bit)
        lasts[: rule["least_days"]] |= np.uint32(1 << bit)
    return names, holds, lasts


@pytest.mark.parametrize("case", cases("sanction"))
def test_a_lawyers_case(case):
    of, told = scheme("sanction")["scheme"], case["given"]
    names, holds, lasts = tables(of)
    changes = {day: of["grades"].index(grade) for day, grade in told["grades"]}
    day, before = told["grades"][0][0], changes[told["grades"][0][0]]
    fell_on, fell_to, bits = NEVER_FELL, 0, 0
    while day <= told["on"]:
        grade = changes.get(day, before)
        fell_on, fell_to = call(sanction.fall, grade, before, day, fell_on, fell_to)
        bits = call(sanction.in_force, told.get("covered", True), grade, day, fell_on, fell_to, holds, lasts)
        before, day = grade, day + 1
    assert {names[i] for i in range(len(names)) if bits >> i & 1} == set(case["expect"])


@given(grade=st.integers(0, 7), before=st.integers(0, 7), day=st.integers(0, 3650), fell_on=st.integers(0, 3650), fell_to=st.integers(0, 7))
def test_a_fall_is_noted_only_when_the_grade_is_lower_than_it_was(grade, before, day, fell_on, fell_to):
    assert call(sanction.fall, grade, before, day, fell_on, fell_to) == ((day, grade) if grade < before else (fell_on, fell_to))


HOLDS = uints(7, 6, 4, 0, 8, 24, 16, 0)
LASTS = uints(15, 13, 9, 8, 0)


@given(covered=st.integers(0, 1), grade=st.integers(0, 7), day=st.integers(0, 20), fell_on=st.integers(-30, 20), fell_to=st.integers(0, 7))
def test_in_force_is_what_the_grade_holds_and_what_still_runs_of_the_last_fall(covered, grade, day, fell_on, fell_to):
    age = day - fell_on
    if age < 0:
        return
    runs = int(LASTS[age]) if age < len(LASTS) else 0
    expected = int(HOLDS[grade]) | (int(HOLDS[fell_to]) & runs) if covered else 0
    assert call(sanction.in_force, covered, grade, day, fell_on, fell_to, HOLDS, LASTS) == expected


@pytest.mark.parametrize("least", [0, 1, 2, 7])
def test_a_term_of_so_many_days_covers_exactly_so_many_days(least):
    """Closed form: a fall of one day leaves max(1, term) days under the penalty."""
    lasts = uints(*([1] * least), 0, 0)
    days = sum(int(call(sanction.in_force, 1, 0 if day == 100 else 1, day, 100, 0, uints(1, 0), lasts)) for day in range(100, 130))
    assert days == max(1, least)


# ---- why a penalty is false

PENALTIES = 0b0111


@pytest.mark.parametrize("alone", list(product((0, 1), repeat=4)))
@pytest.mark.parametrize("cause_before", range(6))
def test_the_cause_is_the_one_correction_that_would_lift_all_that_stands(alone, cause_before):
    """The whole truth table: which of record, stale, kin and profile would alone lift the penalty if it were right."""
    parts = [0 if lifts else 0b0010 for lifts in alone]
    expected = [RECORD, STALE, KIN, INFERENCE][alone.index(1)] if sum(alone) == 1 else SEVERAL
    assert call(sanction.cause, PENALTIES, 0b0010, 0, 0b0010, *parts, cause_before) == expected


@pytest.mark.parametrize("place", range(4))
def test_a_correction_that_lifts_one_of_two_false_penalties_does_not_count(place):
    parts = [0b0001 if i == place else 0b0011 for i in range(4)]
    assert call(sanction.cause, PENALTIES, 0b0011, 0, 0b0011, *parts, NONE) == SEVERAL
    parts[place] = 0
    assert call(sanction.cause, PENALTIES, 0b0011, 0, 0b0011, *parts, NONE) == place + 1


@pytest.mark.parametrize(
    ("mask", "clean", "cause_before", "cause"),
    [
        (0b0000, 0b0000, KIN, NONE),
        (0b0010, 0b0010, KIN, NONE),  # right: it stands in both accounts
        (0b0000, 0b0010, KIN, NONE),  # missed, which is not false
        (0b1000, 0b0000, KIN, NONE),  # a reward without cause is no false penalty
        (0b1010, 0b0010, KIN, NONE),
    ],
)
def test_nothing_false_has_no_cause(mask, clean, cause_before, cause):
    assert call(sanction.cause, PENALTIES, mask, clean, mask, 0, 0, 0, 0, cause_before) == cause


@pytest.mark.parametrize("cause_before", range(6))
def test_while_only_a_least_term_keeps_a_penalty_the_cause_stays(cause_before):
    """The grade no longer holds it (`held`), so every correction seems to lift it: that tells nothing."""
    found = call(sanction.cause, PENALTIES, 0b0010, 0, 0b0100, 0, 0, 0, 0, cause_before)
    assert found == (cause_before if cause_before else SEVERAL)


def test_only_the_penalties_that_stand_are_asked_about():
    """One penalty stands by the grade, another only by its least term: corrections are weighed on the first."""
    parts = {"if_record": 0b0010, "if_stale": 0b0001, "if_kin": 0b0001, "if_profile": 0b0001}
    assert call(sanction.cause, PENALTIES, 0b0011, 0, 0b0001, **parts, cause_before=KIN) == RECORD


@given(st.lists(masks, min_size=8, max_size=8), st.integers(0, 5))
def test_a_cause_is_one_of_six(words, before):
    assert 0 <= call(sanction.cause, *words, before) <= 5


# ---- what a grade would hold

CUTS = {f"cut_{i}": 100 * i for i in range(1, 8)}


@given(st.lists(st.integers(-400, 400), min_size=5, max_size=5))
def test_what_would_be_held_is_what_the_grade_of_the_sum_holds(parts):
    total = max(-50, min(950, sum(parts)))
    grade = sum(total >= cut for cut in CUTS.values())
    assert call(sanction.would_hold, *parts, score_low=-50, score_high=950, **CUTS, holds=HOLDS) == HOLDS[grade]


@pytest.mark.parametrize("cut", range(1, 8))
def test_a_sum_exactly_on_a_cut_reaches_it(cut):
    ladder = uints(*range(8))
    assert call(sanction.would_hold, 100 * cut, 0, 0, 0, 0, score_low=0, score_high=1000, **CUTS, holds=ladder) == cut
    assert call(sanction.would_hold, 100 * cut, 0, 0, 0, -1, score_low=0, score_high=1000, **CUTS, holds=ladder) == cut - 1


@pytest.mark.parametrize(("on_file", "grade"), [(-5000, 2), (249, 2), (330, 3), (450, 4), (5000, 4)])
def test_the_lowest_and_the_highest_score_bound_what_would_be_held(on_file, grade):
    assert call(sanction.would_hold, 0, on_file, 0, 0, 0, score_low=250, score_high=450, **CUTS, holds=uints(*range(8))) == grade


@given(bits=masks, clean=masks, cause=st.integers(0, 5))
def test_what_is_found_today_is_kept_for_tomorrow(bits, clean, cause):
    assert call(sanction.renew, bits, clean, cause) == (bits, clean, cause)
