"""contest: objections, answers, and the points they bring back."""

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, WORDS, call, cases, given, lucks, scheme, shares, yes_words

from glasshouse.rules import contest
from glasshouse.rules.score import decay, entry, forget

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
    right, lawful = told["record"] == "right", told.get("conduct", "unlawful") == "lawful"
    until, stake, about, month, counted = call(
        contest.opens, told["points"], right, lawful, told["day"], told["month"], office["answer_after_days"]
    )
    assert until == expect["answered_on"]
    assert [call(contest.due, until, until + d) for d in (-1, 0, 1)] == [0, 1, 0]
    assert counted == 1
    granted, upheld, closed = call(
        contest.upheld, word(told["luck"]), about, word(office["upheld_if_wrong"]), word(office["upheld_if_right"])
    )
    assert (granted, upheld, closed) == (expect["upheld"], expect["upheld"], 0)
    place, *struck = call(
        contest.correct, stake, about, month, told["answer_month"], office["memory_months"], told.get("fades", 0.0), MONTHS
    )
    assert place == told["month"] % MONTHS
    back, off_lawful, off_unlawful = (int(granted) * int(points) for points in struck)
    assert back == expect["points_back"]
    assert (-off_lawful, -off_unlawful) == (expect.get("off_lawful_loss", 0), expect.get("off_unlawful_loss", 0))


@pytest.mark.parametrize("case", cases("contest", "waiting"))
def test_a_lawyers_objection_that_waits(case):
    office, told, expect = scheme("contest")["office"], case["given"], case["expect"]
    until, stake = 0, 0
    if "filed_on" in told:
        until, stake, about, month, _ = call(contest.opens, told["points"], 0, 0, told["filed_on"], 3, office["answer_after_days"])
    if "upheld" in told:
        assert call(contest.due, until, told["on"]) == 1
        luck = 0 if told["upheld"] else LAST
        granted, _, until = call(contest.upheld, luck, about, word(office["upheld_if_wrong"]), word(office["upheld_if_right"]))
        struck = granted * call(contest.correct, stake, about, month, 5, office["memory_months"], 0.0, MONTHS)[1]
        assert struck == expect["struck"]
    now, memory = told.get("in_month", 3), office["memory_months"]
    assert call(contest.waits, until, told["on"], stake, told["suspends"], 3, now, memory) == expect["given_back"]


@given(
    appeal_day=st.integers(0, 12),
    day=st.integers(0, 12),
    stake=st.integers(-100, 0),
    suspends=st.integers(0, 2),
    month=st.integers(0, 100),
    later=st.integers(0, 4),
    memory=st.integers(0, 4),
)
def test_what_waits_is_what_is_at_stake_while_a_case_is_open_and_the_record_on_file(appeal_day, day, stake, suspends, month, later, memory):
    lent = call(contest.waits, appeal_day, day, stake, suspends, month, month + later, memory)
    assert lent == (-stake if suspends and day < appeal_day and later <= memory else 0)
    assert lent >= 0


@pytest.mark.parametrize(("later", "lent"), [(0, 7), (11, 7), (12, 7), (13, 0), (14, 0), (40, 0)])
def test_points_that_have_expired_are_not_lent_although_the_case_is_open(later, lent):
    """They have left the score already; once more would be a gift."""
    assert call(contest.waits, 900, 500, -7, 1, 3, 3 + later, 12) == lent


@given(stake=st.integers(-100, -1), later=st.integers(0, 40), memory=st.sampled_from([1, 12, 24, 1 << 28]))
def test_what_is_lent_without_fading_is_what_an_upheld_objection_gives_back(stake, later, memory):
    lent = call(contest.waits, 900, 500, stake, 1, 20, 20 + later, memory)
    assert lent == call(contest.correct, stake, 0, 20, 20 + later, memory, 0.0, MONTHS)[1]


@pytest.mark.parametrize("suspends", [0, 1])
@pytest.mark.parametrize("delay", [1, 2, 60])
def test_points_are_lent_for_exactly_the_days_until_the_answer(delay, suspends):
    """Closed form; on the day of the answer, and without a case, nothing is lent."""
    until, stake, *_ = call(contest.opens, -7, 0, 0, 100, 3, delay)
    lent = [int(call(contest.waits, until, day, stake, suspends, 3, 3, 12)) for day in range(100, 200)]
    assert lent == [7 * suspends] * delay + [0] * (100 - delay)
    assert call(contest.due, until, 100 + delay) == 1
    assert call(contest.waits, 0, 0, stake, suspends, 3, 3, 12) == 0


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
@pytest.mark.parametrize("lawful", [0, 1])
def test_wrong_and_right_records_each_have_their_own_chance_whatever_the_conduct(wrong, right, lawful):
    about = [int(call(contest.opens, -1, true, lawful, 1, 1, 1)[2]) for true in (0, 1)]
    assert yes_words(lambda luck: call(contest.upheld, luck, about[0], wrong, right)[0]) == wrong
    assert yes_words(lambda luck: call(contest.upheld, luck, about[1], wrong, right)[0]) == right


@given(luck=lucks, about=st.integers(0, 3), wrong=lucks, right=lucks)
def test_an_answer_is_counted_as_it_falls_and_closes_the_case(luck, about, wrong, right):
    granted, counted, open_until = call(contest.upheld, luck, about, wrong, right)
    assert granted == counted == (luck < (right if about in (1, 3) else wrong))
    assert open_until == 0


@given(appeal_day=st.integers(-5, 5), day=st.integers(-5, 5))
def test_the_answer_comes_on_its_day_and_day_0_means_no_case(appeal_day, day):
    assert call(contest.due, appeal_day, day) == (appeal_day == day > 0)


@given(
    points=st.integers(-100, -1),
    truth=st.integers(0, 1),
    lawful=st.integers(0, 2),
    day=st.integers(0, 3650),
    month=st.integers(0, 120),
    delay=st.integers(1, 400),
)
def test_a_case_keeps_what_is_at_stake_and_what_it_is_about(points, truth, lawful, day, month, delay):
    about = truth + 2 * (lawful > 0)
    assert call(contest.opens, points, truth, lawful, day, month, delay) == (day + delay, points, about, month, 1)


def test_what_a_case_is_about_is_told_apart_by_one_number():
    assert [call(contest.opens, -1, true, lawful, 1, 1, 1)[2] for lawful in (0, 1) for true in (0, 1)] == [0, 1, 2, 3]


@given(
    points=st.integers(-100, -1),
    about=st.integers(0, 3),
    month=st.integers(0, 100),
    later=st.integers(0, 40),
    memory=st.sampled_from([1, 12, 24, 1 << 28]),
)
def test_points_come_back_while_they_are_remembered_and_the_loss_goes_from_where_it_was(points, about, month, later, memory):
    place, back, lawful, unlawful = call(contest.correct, points, about, month, month + later, memory, 0.0, MONTHS)
    assert place == month % MONTHS
    assert back == (-points if later <= memory else 0)
    assert lawful + unlawful == -back  # conservation: what comes back is what was lost
    assert (unlawful if about in (2, 3) else lawful) == 0


@given(
    points=st.integers(-1000, -1),
    about=st.integers(0, 3),
    month=st.integers(0, 100),
    later=st.integers(0, 40),
    memory=st.sampled_from([1, 24, 1 << 28]),
    share=shares,
)
def test_only_what_a_file_with_this_record_alone_still_holds_comes_back(points, about, month, later, memory, share):
    """Slow reference: the file itself, which fades on the first of each month after that of the record. It ends with nothing."""
    file = points
    for _ in range(later):
        file += int(call(decay, file, share))
    place, back, lawful, unlawful = call(contest.correct, points, about, month, month + later, memory, share, MONTHS)
    assert place == month % MONTHS
    assert back == (-file if later <= memory else 0)
    assert 0 <= back <= -points
    assert (lawful, unlawful) == ((-back, 0) if about in (2, 3) else (0, -back))


@pytest.mark.parametrize(
    ("share", "later", "back"),
    [(0.5, 0, 100), (0.5, 1, 50), (0.5, 2, 25), (0.5, 3, 13), (0.5, 4, 7), (1.0, 0, 100), (1.0, 1, 0), (0.1, 3, 73)],
)
def test_a_record_that_fades_by_hand(share, later, back):
    """A share of what is left is taken off each month, less what falls below a whole point: 100, 50, 25, 13, 7."""
    assert call(contest.correct, -100, 2, 7, 7 + later, 1 << 28, share, MONTHS) == (7, back, -back, 0)
    assert call(contest.correct, -100, 0, 7, 7 + later, 1 << 28, share, MONTHS) == (7, back, 0, -back)


@given(
    st.lists(st.tuples(st.integers(-60, 20), st.booleans(), st.integers(0, 1)), min_size=1, max_size=40),
    st.integers(1, 24),
    st.integers(1, 5),
)
def test_appeals_and_the_ring_lose_no_point(entries, memory, months_to_answer):
    """Conservation: whatever is struck or expires leaves file and ring together, and each entry leaves at most once. So does
    the loss for lawful and for unlawful conduct, which together are the loss of all that is still on file."""
    rings = [[0] * MONTHS for _ in range(3)]  # points, loss for lawful conduct, loss for unlawful conduct
    sums, struck, forgotten, left, cases_open = [0, 0, 0], 0, 0, {}, {}

    def add(place: int, parts) -> None:
        for kind, part in enumerate(parts):
            sums[kind] += int(part)
            rings[kind][place] += int(part)

    for month, (points, contested, lawful) in enumerate(entries):
        if month > memory:
            gone = (month - memory - 1) % MONTHS
            forgotten += rings[0][gone]
            left.pop(month - memory - 1, None)
            for kind in range(3):
                sums[kind], rings[kind][gone] = (int(x) for x in call(forget, sums[kind], rings[kind][gone]))
        add(month % MONTHS, call(entry, points, lawful))
        left[month] = (points, lawful)
        if contested and points < 0:
            _, stake, about, filed, _ = call(contest.opens, points, 0, lawful, month, month, months_to_answer)
            cases_open.setdefault(month + months_to_answer, []).append((stake, about, filed))
        for stake, about, filed in cases_open.pop(month, []):
            place, *parts = call(contest.correct, stake, about, filed, month, memory, 0.0, MONTHS)
            add(place, parts)
            struck += parts[0]
            left.pop(filed, None)
        assert sums == [sum(ring) for ring in rings]
        assert all(-60 <= bucket <= 20 for bucket in rings[0])
        assert sums[0] == sum(p for p, _ in left.values())
        assert sums[1:] == [sum(max(0, -p) for p, law in left.values() if law == kind) for kind in (1, 0)]
    assert sums[0] + forgotten == sum(p for p, _, _ in entries) + struck
