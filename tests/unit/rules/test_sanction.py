"""sanction: the class switches consequences on and off."""

from itertools import product

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import call, cases, given, masks, scheme, uints

from glasshouse.rules import sanction

NEVER_FELL = -(1 << 14)
NONE, RECORD, STALE, KIN, INFERENCE, SEVERAL = range(6)


GRADES = 8
NOT_YET = 0  # what is kept of a fall before there was one


def outlasting(holds, penalties: int) -> np.ndarray:
    """What may outlast a fall, grade by grade: the penalties of the one it ended in, the rewards of the one it began from."""
    return uints(*(int(holds[low]) & penalties | int(holds[high]) & ~penalties for high in range(GRADES) for low in range(GRADES)))


def tables(of: dict) -> tuple[list[str], int, np.ndarray, np.ndarray, np.ndarray]:
    """A scheme as the engine has it: names by bit, which are penalties, what each grade holds, what may outlast each fall, and
    what still runs so many days after it."""
    names = list(of["consequences"])
    holds, lasts = np.zeros(GRADES, np.uint32), np.zeros(max(c["least_days"] for c in of["consequences"].values()) + 2, np.uint32)
    penalties = 0
    for bit, name in enumerate(names):
        rule = of["consequences"][name]
        for grade in rule["grades"]:
            holds[of["grades"].index(grade)] |= np.uint32(1 << bit)
        lasts[: rule["least_days"]] |= np.uint32(1 << bit)
        penalties |= (rule["kind"] == "penalty") << bit
    return names, penalties, holds, outlasting(holds, penalties), lasts


def now_in_force(covered, grade, day, fell_on, fell, mask, penalties, notice_days, holds, outlasts, lasts) -> int:
    """What is in force, asked as the day asks it: what the grade holds, and more only where a fall may still matter."""
    eight = [*holds, *[0] * (GRADES - len(holds))]
    bits = call(sanction.held, covered, grade, *eight)
    runs = max(len(lasts) - 1, notice_days)
    if not call(sanction.lately, covered, day, fell_on, runs):
        return bits
    return call(sanction.in_force, bits, day, fell_on, fell, mask, penalties, notice_days, outlasts, lasts)


@pytest.mark.parametrize("grade", range(GRADES))
def test_a_grade_holds_its_own_and_no_other(grade):
    """Each grade by itself; those who are not scored hold nothing."""
    holds = [1 << g for g in range(GRADES)]
    assert call(sanction.held, 1, grade, *holds) == 1 << grade
    assert call(sanction.held, 0, grade, *holds) == 0


@given(covered=st.integers(0, 1), day=st.integers(0, 3650), fell_on=st.integers(NEVER_FELL, 3650), runs=st.integers(0, 400))
def test_a_fall_may_matter_for_so_many_days_from_its_own(covered, day, fell_on, runs):
    assert call(sanction.lately, covered, day, fell_on, runs) == bool(covered and day < fell_on + runs)


@given(grade=st.integers(0, 7), age=st.integers(0, 60), fell=st.integers(0, 63), mask=masks, notice=st.integers(0, 30))
def test_where_a_fall_no_longer_matters_asking_would_change_nothing(grade, age, fell, mask, notice):
    """The short cut of the day against asking everybody."""
    if call(sanction.lately, 1, 100 + age, 100, max(len(LASTS) - 1, notice)):
        return
    bits = call(sanction.held, 1, grade, *HOLDS)
    assert call(sanction.in_force, bits, 100 + age, 100, fell, mask, PENALTIES, notice, OUTLASTS, LASTS) == bits


@pytest.mark.parametrize("case", cases("sanction"))
def test_a_lawyers_case(case):
    of, told = scheme("sanction")["scheme"], case["given"]
    names, penalties, holds, outlasts, lasts = tables(of)
    notice = told.get("notice_days", 0)
    changes = {day: of["grades"].index(grade) for day, grade in told["grades"]}
    day, before = told["grades"][0][0], changes[told["grades"][0][0]]
    fell_on, fell, bits = NEVER_FELL, NOT_YET, sum(1 << names.index(name) for name in told.get("already_under", []))
    while day <= told["on"]:
        grade = changes.get(day, before)
        fell_on, fell = call(sanction.fall, grade, before, day, fell_on, fell, GRADES)
        bits = now_in_force(
            told.get("covered", True), grade, day, fell_on, fell, bits, penalties, notice, holds, outlasts, lasts
        )
        before, day = grade, day + 1
    assert {names[i] for i in range(len(names)) if bits >> i & 1} == set(case["expect"])


def test_a_scheme_of_cases_has_penalties_and_rewards_with_and_without_a_least_term():
    kinds = {(c["kind"], c["least_days"] > 0) for c in scheme("sanction")["scheme"]["consequences"].values()}
    assert kinds == set(product(("penalty", "reward"), (False, True)))


@given(grade=st.integers(0, 7), before=st.integers(0, 7), day=st.integers(0, 3650), fell_on=st.integers(0, 3650), fell=st.integers(0, 63))
def test_a_fall_is_noted_only_when_the_grade_is_lower_than_it_was(grade, before, day, fell_on, fell):
    noted = call(sanction.fall, grade, before, day, fell_on, fell, GRADES)
    assert noted == ((day, 8 * before + grade) if grade < before else (fell_on, fell))


def test_each_fall_has_a_number_of_its_own_that_fits_a_byte():
    """Conservation: from which grade and to which can be had back from it."""
    falls = [(high, low) for high in range(8) for low in range(high)]
    numbers = [int(call(sanction.fall, low, high, 5, 1, 0, GRADES)[1]) for high, low in falls]
    assert [divmod(n, 8) for n in numbers] == falls
    assert max(numbers) < 64


HOLDS = uints(7, 6, 4, 0, 8, 24, 48, 32)  # the grades hold penalties up to 4, and rewards from 8
PENALTIES = 0b0000_0111
OUTLASTS = outlasting(HOLDS, PENALTIES)
LASTS = uints(63, 61, 45, 40, 8, 0)


@given(
    covered=st.integers(0, 1),
    grade=st.integers(0, 7),
    day=st.integers(0, 20),
    fell_on=st.integers(-30, 20),
    high=st.integers(0, 7),
    low=st.integers(0, 7),
)
def test_in_force_is_what_the_grade_holds_and_what_still_runs_of_the_last_fall(covered, grade, day, fell_on, high, low):
    """Slow reference: bit by bit."""
    age = day - fell_on
    if age < 0:
        return
    bits = now_in_force(covered, grade, day, fell_on, 8 * high + low, 0, PENALTIES, 0, HOLDS, OUTLASTS, LASTS)
    for bit in (1 << i for i in range(6)):
        held = int(HOLDS[grade]) & bit
        outlasts = int(HOLDS[low if bit & PENALTIES else high]) & bit
        runs = age < len(LASTS) and int(LASTS[age]) & bit
        assert bool(int(bits) & bit) == bool(covered and (held or (outlasts and runs)))


@pytest.mark.parametrize("least", [0, 1, 2, 7])
def test_a_term_of_so_many_days_covers_exactly_so_many_days(least):
    """Closed form: a fall of one day leaves max(1, term) days under the penalty."""
    lasts, outlasts = uints(*([1] * least), 0, 0), outlasting(uints(1, 0, 0, 0, 0, 0, 0, 0), 1)
    days = sum(
        int(now_in_force(1, 0 if day == 100 else 1, day, 100, 8, 0, 1, 0, uints(1, 0), outlasts, lasts))
        for day in range(100, 130)
    )
    assert days == max(1, least)


@pytest.mark.parametrize("least", [0, 1, 2, 7])
def test_a_reward_is_kept_for_exactly_so_many_days_from_the_fall_that_would_end_it(least):
    """Closed form: the days in the higher grade, and the term."""
    lasts, holds = uints(*([1] * least), 0, 0), uints(0, 1, 0, 0, 0, 0, 0, 0)
    outlasts = outlasting(holds, 0)
    fell_on, fell, before, days = NEVER_FELL, NOT_YET, 1, 0
    for day in range(80, 130):
        grade = 1 if day < 100 else 0
        fell_on, fell = call(sanction.fall, grade, before, day, fell_on, fell, GRADES)
        days += int(now_in_force(1, grade, day, fell_on, fell, 0, 0, 0, holds, outlasts, lasts))
        before = grade
    assert days == 20 + least


# ---- notice


@given(
    day=st.integers(0, 40),
    fell_on=st.integers(-10, 40),
    grade=st.integers(0, 7),
    high=st.integers(0, 7),
    low=st.integers(0, 7),
    mask=masks,
    penalties=masks,
    notice=st.integers(0, 30),
)
def test_within_the_days_of_notice_no_penalty_begins_and_nothing_else_is_touched(day, fell_on, grade, high, low, mask, penalties, notice):
    """Slow reference: bit by bit, beside what would be in force without notice."""
    if day < fell_on:
        return
    fell = 8 * high + low
    at_once = int(now_in_force(1, grade, day, fell_on, fell, 0, PENALTIES, 0, HOLDS, OUTLASTS, LASTS))
    bits = int(now_in_force(1, grade, day, fell_on, fell, mask, penalties, notice, HOLDS, OUTLASTS, LASTS))
    for bit in (1 << i for i in range(6)):
        waits = day - fell_on < notice and penalties & bit and not mask & bit
        assert bool(bits & bit) == bool(at_once & bit and not waits)
    assert now_in_force(0, grade, day, fell_on, fell, mask, penalties, notice, HOLDS, OUTLASTS, LASTS) == 0


@pytest.mark.parametrize("notice", [0, 1, 2, 10])
@pytest.mark.parametrize("stays", [1, 2, 5, 30])
def test_a_penalty_is_in_force_for_the_days_of_the_grade_beyond_the_notice(stays, notice):
    """Closed form: of so many days in a grade without a least term, those of the notice are free; at once the rise ends it."""
    holds = uints(1, 0, 0, 0, 0, 0, 0, 0)
    fell_on, fell, before, bits, days = NEVER_FELL, NOT_YET, 1, 0, 0
    for day in range(90, 150):
        grade = 0 if 100 <= day < 100 + stays else 1
        fell_on, fell = call(sanction.fall, grade, before, day, fell_on, fell, GRADES)
        bits = int(now_in_force(1, grade, day, fell_on, fell, bits, 1, notice, holds, outlasting(holds, 1), uints(0, 0)))
        days += bits
        before = grade
    assert days == max(0, stays - notice)


@pytest.mark.parametrize(("age", "bits"), [(0, 0b1000), (9, 0b1000), (10, 0b1011), (11, 0b1011)])
def test_notice_is_over_on_its_day_and_holds_back_penalties_only(age, bits):
    """Ten days: a reward of the grade is there at once."""
    holds = uints(0b1011, 0, 0, 0, 0, 0, 0, 0)
    assert now_in_force(1, 0, 100 + age, 100, 8, 0, 0b0111, 10, holds, outlasting(holds, 0b0111), uints(0, 0)) == bits


# ---- which kinds of error move an account

RIGHT = {
    "on_file": 40,
    "clean_points": 40,
    "models": 0,
    "dims": 300,
    "clean_dims": 300,
    "stale": 0,
    "kin": 0,
    "profile": 0,
    "fell_on": 7,
    "clean_fell_on": 7,
}


@pytest.mark.parametrize("erred", range(16))
@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({"on_file": 39}, 1),
        ({"on_file": 41}, 1),
        ({"clean_points": 0}, 1),
        ({"dims": 299}, 1),  # a score of dimensions that is not what the acts make of it
        ({"dims": 301}, 1),
        ({"clean_dims": 0}, 1),
        ({"dims": 301, "on_file": 39}, 1),
        ({"dims": 301, "kin": 2}, 5),
        ({"models": 1, "dims": -301}, 8),  # a model's judgement that is not what it would be if it knew
        ({"models": 1, "dims": -301, "on_file": 0}, 8),
        ({"models": 1, "dims": -301, "profile": 4}, 8),
        ({"models": 1, "dims": -301, "stale": 4}, 10),
        ({"models": 1, "profile": 4}, 8),
        ({"stale": -1}, 2),
        ({"stale": 1}, 2),
        ({"kin": -30}, 4),
        ({"profile": 5}, 8),
        ({"on_file": 0, "stale": -40}, 3),
        ({"kin": 3, "profile": -3}, 12),
        ({"on_file": 0, "stale": 1, "kin": 1, "profile": 1}, 15),
        ({"fell_on": 8, "stale": 9}, 2),
    ],
)
def test_an_error_that_moves_the_account_is_noted_beside_those_before(changes, kinds, erred):
    assert call(sanction.erring, erred, **RIGHT | changes) == erred | kinds


@pytest.mark.parametrize("erred", range(16))
@pytest.mark.parametrize(
    ("changes", "forgotten"),
    [
        ({}, True),
        ({"on_file": -70, "clean_points": -70}, True),
        ({"dims": 5, "clean_dims": 5}, True),
        ({"models": 1, "dims": -5, "clean_dims": -5}, True),
        ({"models": 1, "on_file": -70}, True),  # a model does not look at the file: what is wrong there moves nothing
        ({"fell_on": NEVER_FELL, "clean_fell_on": NEVER_FELL}, True),
        ({"fell_on": 8}, False),  # the score is right again, but the last fall was another
        ({"clean_fell_on": 8}, False),
        ({"fell_on": NEVER_FELL}, False),
    ],
)
def test_errors_are_forgotten_when_the_account_is_again_the_clean_one_and_fell_when_it_did(changes, forgotten, erred):
    assert call(sanction.erring, erred, **RIGHT | changes) == (0 if forgotten else erred)


@given(st.lists(st.tuples(*[st.integers(-1, 1)] * 5, st.integers(0, 3)), max_size=12), st.integers(0, 1))
def test_what_has_erred_is_all_that_erred_since_the_account_was_last_right(days, models):
    """Slow reference: looks back over the days. Each: the error in the file, in the dimensions, in stale points, kin and profile,
    and the day of the fall."""
    erred, since = 0, set()
    for wrong, off, stale, kin, profile, fell_on in days:
        erred = call(sanction.erring, erred, 10 + wrong, 10, models, 20 + off, 20, stale, kin, profile, fell_on, 3)
        moved = (0, stale, kin, profile or off) if models else (wrong or off, stale, kin, profile)
        now = {1 << i for i, part in enumerate(moved) if part}
        since = set() if not now and fell_on == 3 else since | now
        assert erred == sum(since)


# ---- why a penalty is false


@pytest.mark.parametrize("kinds", range(16))
def test_the_only_kind_of_error_is_named_and_several_or_none_are_not(kinds):
    assert call(sanction.only, kinds) == {1: RECORD, 2: STALE, 4: KIN, 8: INFERENCE}.get(kinds, SEVERAL)


@pytest.mark.parametrize("alone", list(product((0, 1), repeat=4)))
@pytest.mark.parametrize("cause_before", range(6))
def test_the_cause_is_the_one_correction_that_would_lift_all_that_stands(alone, cause_before):
    """The whole truth table: which of record, stale, kin and profile would alone lift the penalty if it were right."""
    parts = [0 if lifts else 0b0010 for lifts in alone]
    expected = [RECORD, STALE, KIN, INFERENCE][alone.index(1)] if sum(alone) == 1 else SEVERAL
    for erred in range(16):  # what has erred is no answer where a correction is
        assert call(sanction.cause, PENALTIES, 0b0010, 0, 0b0010, *parts, cause_before, erred) == expected


@pytest.mark.parametrize("place", range(4))
def test_a_correction_that_lifts_one_of_two_false_penalties_does_not_count(place):
    parts = [0b0001 if i == place else 0b0011 for i in range(4)]
    assert call(sanction.cause, PENALTIES, 0b0011, 0, 0b0011, *parts, NONE, 0) == SEVERAL
    parts[place] = 0
    assert call(sanction.cause, PENALTIES, 0b0011, 0, 0b0011, *parts, NONE, 0) == place + 1


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
    assert call(sanction.cause, PENALTIES, mask, clean, mask, 0, 0, 0, 0, cause_before, 1) == cause


@pytest.mark.parametrize("erred", range(16))
@pytest.mark.parametrize("cause_before", range(6))
def test_while_only_a_least_term_keeps_a_penalty_the_cause_stays(cause_before, erred):
    """The grade no longer holds it (`held`), so every correction seems to lift it: that tells nothing. If there was no cause
    before, both accounts fell, but not on one day: then it is the one kind of error that has moved the account."""
    found = call(sanction.cause, PENALTIES, 0b0010, 0, 0b0100, 0, 0, 0, 0, cause_before, erred)
    assert found == (cause_before if cause_before else {1: RECORD, 2: STALE, 4: KIN, 8: INFERENCE}.get(erred, SEVERAL))


def test_a_penalty_that_outlasts_the_clean_one_is_blamed_on_what_brought_the_fall_late():
    """A stale entry in its favour holds the account up for a day longer than it should: both fall, the clean one earlier."""
    holds, lasts, of = uints(1, 0, 0, 0, 0, 0, 0, 0), uints(1, 1, 1, 0, 0), {"covered": 1, "holds": uints(1, 0, 0, 0, 0, 0, 0, 0)}
    of |= {"outlasts": outlasting(holds, 1), "lasts": lasts, "mask": 0, "penalties": 1, "notice_days": 0}
    here, clean = [NEVER_FELL, NOT_YET, 1], [NEVER_FELL, NOT_YET, 1]
    erred, before, causes = 0, NONE, []
    for day, (grade, clean_grade, stale) in enumerate([(1, 1, 0), (1, 0, 9), (0, 0, 0), (1, 1, 0), (1, 1, 0), (1, 1, 0)], 1):
        for account, now in ((here, grade), (clean, clean_grade)):
            account[:] = [*call(sanction.fall, now, account[2], day, account[0], account[1], GRADES), now]
        bits, right = (now_in_force(grade=a[2], day=day, fell_on=a[0], fell=a[1], **of) for a in (here, clean))
        erred = call(sanction.erring, erred, 0, 0, 0, 0, 0, stale, 0, 0, here[0], clean[0])
        before = call(sanction.cause, 1, bits, right, holds[grade], 0, 0, 0, 0, before, erred)
        causes.append(int(before))
    assert causes == [NONE, NONE, NONE, NONE, STALE, NONE]  # the term runs from day 3 to 5, the clean one from day 2 to 4


def test_only_the_penalties_that_stand_are_asked_about():
    """One penalty stands by the grade, another only by its least term: corrections are weighed on the first."""
    parts = {"if_record": 0b0010, "if_stale": 0b0001, "if_kin": 0b0001, "if_profile": 0b0001}
    assert call(sanction.cause, PENALTIES, 0b0011, 0, 0b0001, **parts, cause_before=KIN, erred=0b0010) == RECORD


@given(st.lists(masks, min_size=8, max_size=8), st.integers(0, 5), st.integers(0, 15))
def test_a_cause_is_one_of_six_and_there_is_one_if_a_penalty_is_false(words, before, erred):
    cause = call(sanction.cause, *words, before, erred)
    assert 0 <= cause <= 5
    assert (cause != NONE) == (words[1] & ~words[2] & words[0] != 0)


# ---- what a grade would hold

CUTS = {f"cut_{i}": 100 * i for i in range(1, 8)}


@given(st.lists(st.integers(-400, 400), min_size=7, max_size=7), st.integers(0, 1))
def test_what_would_be_held_is_what_the_grade_of_the_sum_holds(parts, counts):
    """Base, file, stale points, kin, profile, dimensions and what waits; the file counts by itself or not."""
    base, on_file, stale, *others = parts
    total = max(-50, min(950, base + counts * (on_file + stale) + sum(others)))
    grade = sum(total >= cut for cut in CUTS.values())
    assert call(sanction.would_hold, base, counts, *parts[1:], score_low=-50, score_high=950, **CUTS, holds=HOLDS) == HOLDS[grade]


@pytest.mark.parametrize("cut", range(1, 8))
@pytest.mark.parametrize("part", ["on_file", "stale", "kin", "profile", "dims", "waits"])
def test_a_sum_exactly_on_a_cut_reaches_it(cut, part):
    made = {"score_base": 100 * cut, "file_counts": 1, "on_file": 0, "stale": 0, "kin": 0, "profile": 0, "dims": 0, "waits": 0}
    of = {"score_low": 0, "score_high": 1000, "holds": uints(*range(8))} | CUTS
    assert call(sanction.would_hold, **made, **of) == cut
    assert call(sanction.would_hold, **made | {part: -1}, **of) == cut - 1


@pytest.mark.parametrize(("on_file", "grade"), [(-5000, 2), (249, 2), (330, 3), (450, 4), (5000, 4)])
def test_the_lowest_and_the_highest_score_bound_what_would_be_held(on_file, grade):
    of = {"score_low": 250, "score_high": 450, "holds": uints(*range(8))} | CUTS
    assert call(sanction.would_hold, 0, 1, on_file, 0, 0, 0, 0, 0, **of) == grade


@given(bits=masks, clean=masks, cause=st.integers(0, 5))
def test_what_is_found_today_is_kept_for_tomorrow(bits, clean, cause):
    assert call(sanction.renew, bits, clean, cause) == (bits, clean, cause)
