"""contest: objections, answers, and the points they bring back."""

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, WORDS, call, cases, given, lucks, scheme, yes_words

from glasshouse.rules import contest
from glasshouse.rules.score import forget

MONTHS = 25


def word(share: float) -> int:
    """The word of luck, or the chance, that is a share of all."""
    return min(LAST, round(share * WORDS))


@pytest.mark.parametrize("case", cases("contest"))
def test_a_lawyers_case(case):
    office, told, expect = scheme("contest")["office"], case["given"], case["expect"]
    files = call(contest.files, 0, told.get("aware", True), told["points"], told.get("open_until", 0), LAST)
    assert files == expect.get("contested", True)
    if not files:
        return
    right = told["record"] == "right"
    until, stake, true, month, counted = call(contest.opens, told["points"], right, told["day"], told["month"], office["answer_after_days"])
    assert until == expect["answered_on"]
    assert [call(contest.due, until, until + d) for d in (-1, 0, 1)] == [0, 1, 0]
    assert counted == 1
    granted, upheld, closed = call(
        contest.upheld, word(told["luck"]), true, word(office["upheld_if_wrong"]), word(office["upheld_if_right"])
    )
    assert (granted, upheld, closed) == (expect["upheld"], expect["upheld"], 0)
    place, back = call(contest.correct, stake, month, told["answer_month"], office["memory_months"], MONTHS)
    assert place == told["month"] % MONTHS
    assert (back if granted else 0) == expect["points_back"]


@pytest.mark.parametrize("file_chance", [0, 1, 987654321, LAST])
def test_an_objection_is_filed_with_exactly_its_chance(file_chance):
    assert yes_words(lambda luck: call(contest.files, luck, 1, -1, 0, file_chance)) == file_chance


@given(luck=lucks, aware=st.integers(0, 1), points=st.integers(-3, 3), open_until=st.integers(0, 2), chance=lucks)
def test_who_contests(luck, aware, points, open_until, chance):
    expected = bool(aware) and points < 0 and open_until == 0 and luck < chance
    assert call(contest.files, luck, aware, points, open_until, chance) == expected


@pytest.mark.parametrize("open_until", [1, 2, 3650])
def test_an_open_case_bars_another_to_its_last_day(open_until):
    assert call(contest.files, 0, 1, -1, 0, LAST) == 1
    assert call(contest.files, 0, 1, -1, open_until, LAST) == 0


@pytest.mark.parametrize(("wrong", "right"), [(0, LAST), (LAST, 0), (1000, 1), (3 << 30, 1 << 30)])
def test_wrong_and_right_records_each_have_their_own_chance(wrong, right):
    assert yes_words(lambda luck: call(contest.upheld, luck, 0, wrong, right)[0]) == wrong
    assert yes_words(lambda luck: call(contest.upheld, luck, 1, wrong, right)[0]) == right


@given(luck=lucks, true=st.integers(0, 1), wrong=lucks, right=lucks)
def test_an_answer_is_counted_as_it_falls_and_closes_the_case(luck, true, wrong, right):
    granted, counted, open_until = call(contest.upheld, luck, true, wrong, right)
    assert granted == counted == (luck < (right if true else wrong))
    assert open_until == 0


@given(appeal_day=st.integers(-5, 5), day=st.integers(-5, 5))
def test_the_answer_comes_on_its_day_and_day_0_means_no_case(appeal_day, day):
    assert call(contest.due, appeal_day, day) == (appeal_day == day > 0)


@given(
    points=st.integers(-100, -1), truth=st.integers(0, 1), day=st.integers(0, 3650), month=st.integers(0, 120), delay=st.integers(1, 400)
)
def test_a_case_keeps_what_is_at_stake(points, truth, day, month, delay):
    assert call(contest.opens, points, truth, day, month, delay) == (day + delay, points, truth, month, 1)


@given(points=st.integers(-100, -1), month=st.integers(0, 100), later=st.integers(0, 40), memory=st.sampled_from([1, 12, 24, 1 << 28]))
def test_points_come_back_while_they_are_remembered(points, month, later, memory):
    place, back = call(contest.correct, points, month, month + later, memory, MONTHS)
    assert place == month % MONTHS
    assert back == (-points if later <= memory else 0)


@given(st.lists(st.tuples(st.integers(-60, 20), st.booleans()), min_size=1, max_size=40), st.integers(1, 24), st.integers(1, 5))
def test_appeals_and_the_ring_lose_no_point(entries, memory, months_to_answer):
    """Conservation: whatever is struck or expires leaves file and ring together, and each entry leaves at most once."""
    ring, on_file, struck, forgotten, cases_open = [0] * MONTHS, 0, 0, 0, {}
    for month, (points, contested) in enumerate(entries):
        if month > memory:
            gone = (month - memory - 1) % MONTHS
            forgotten += ring[gone]
            on_file, ring[gone] = call(forget, on_file, ring[gone])
        on_file += points
        ring[month % MONTHS] += points
        if contested and points < 0:
            cases_open.setdefault(month + months_to_answer, []).append((points, month))
        for stake, filed in cases_open.pop(month, []):
            place, back = call(contest.correct, stake, filed, month, memory, MONTHS)
            on_file += back
            ring[place] += back
            struck += back
        assert on_file == sum(ring)
        assert all(-60 <= bucket <= 20 for bucket in ring)
    assert on_file + forgotten == sum(p for p, _ in entries) + struck
