"""contest: objections, answers, and the points they bring back."""

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, WORDS, call, cases, given, lucks, scheme, shares, yes_words

from glasshouse.rules import contest
from glasshouse.rules.score import decay, entry, forget, worth

MONTHS = 25
NO_CAP = 1 << 28


def kept(points: int, lawful) -> tuple[int, int, int]:
    """What is at stake when a record is contested: its points, and the loss in them for lawful and for unlawful conduct."""
    return tuple(int(part) for part in call(entry, points, lawful))


def faded(stake: int, file: int, months: int, share: float) -> int:
    """What is left of it after some months, of a file that fades."""
    for _ in range(months):
        stake, file = int(call(contest.fades, stake, file, share)), file + int(call(decay, file, share))
    return stake


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
    until, _, true, month, counted = call(contest.opens, told["points"], right, told["day"], told["month"], office["answer_after_days"])
    assert until == expect["answered_on"]
    assert [call(contest.due, until, until + d) for d in (-1, 0, 1)] == [0, 1, 0]
    assert counted == 1
    granted, upheld, closed = call(contest.upheld, word(told["luck"]), true, word(office["upheld_if_wrong"]), word(office["upheld_if_right"]))
    assert (granted, upheld, closed) == (expect["upheld"], expect["upheld"], 0)
    stakes = [faded(stake, stake, told["answer_month"] - month, told.get("fades", 0.0)) for stake in kept(told["points"], lawful)]
    place, *struck = call(contest.correct, *stakes, month, told["answer_month"], office["memory_months"], MONTHS)
    assert place == told["month"] % MONTHS
    back, off_lawful, off_unlawful = (int(granted) * int(points) for points in struck)
    assert back == expect["points_back"]
    assert (-off_lawful, -off_unlawful) == (expect.get("off_lawful_loss", 0), expect.get("off_unlawful_loss", 0))


@pytest.mark.parametrize("case", cases("contest", "waiting"))
def test_a_lawyers_objection_that_waits(case):
    office, told, expect = scheme("contest")["office"], case["given"], case["expect"]
    until, stake = 0, 0
    if "filed_on" in told:
        until, stake, true, month, _ = call(contest.opens, told["points"], 0, told["filed_on"], 3, office["answer_after_days"])
    if "upheld" in told:
        assert call(contest.due, until, told["on"]) == 1
        luck = 0 if told["upheld"] else LAST
        granted, _, until = call(contest.upheld, luck, true, word(office["upheld_if_wrong"]), word(office["upheld_if_right"]))
        struck = granted * call(contest.correct, stake, 0, -stake, month, 5, office["memory_months"], MONTHS)[1]
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
    assert lent == call(contest.correct, stake, 0, -stake, 20, 20 + later, memory, MONTHS)[1]


@pytest.mark.parametrize("suspends", [0, 1])
@pytest.mark.parametrize("delay", [1, 2, 60])
def test_points_are_lent_for_exactly_the_days_until_the_answer(delay, suspends):
    """Closed form; on the day of the answer, and without a case, nothing is lent."""
    until, stake, *_ = call(contest.opens, -7, 0, 100, 3, delay)
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
def test_wrong_and_right_records_each_have_their_own_chance(wrong, right):
    about = [int(call(contest.opens, -1, true, 1, 1, 1)[2]) for true in (0, 1)]
    assert yes_words(lambda luck: call(contest.upheld, luck, about[0], wrong, right)[0]) == wrong
    assert yes_words(lambda luck: call(contest.upheld, luck, about[1], wrong, right)[0]) == right


@given(luck=lucks, true=st.integers(0, 1), wrong=lucks, right=lucks)
def test_an_answer_is_counted_as_it_falls_and_closes_the_case(luck, true, wrong, right):
    granted, counted, open_until = call(contest.upheld, luck, true, wrong, right)
    assert granted == counted == (luck < (right if true else wrong))
    assert open_until == 0


@given(appeal_day=st.integers(-5, 5), day=st.integers(-5, 5))
def test_the_answer_comes_on_its_day_and_day_0_means_no_case(appeal_day, day):
    assert call(contest.due, appeal_day, day) == (appeal_day == day > 0)


@given(
    points=st.integers(-100, -1),
    truth=st.integers(0, 1),
    day=st.integers(0, 3650),
    month=st.integers(0, 120),
    delay=st.integers(1, 400),
)
def test_a_case_keeps_what_is_at_stake_and_whether_the_record_is_true(points, truth, day, month, delay):
    assert call(contest.opens, points, truth, day, month, delay) == (day + delay, points, truth, month, 1)


@given(
    stakes=st.tuples(st.integers(-100, -1), st.integers(0, 100), st.integers(0, 100)),
    month=st.integers(0, 100),
    later=st.integers(0, 40),
    memory=st.sampled_from([1, 12, 24, 1 << 28]),
)
def test_what_is_at_stake_comes_back_while_the_record_is_remembered(stakes, month, later, memory):
    place, *back = call(contest.correct, *stakes, month, month + later, memory, MONTHS)
    assert place == month % MONTHS
    assert back == ([-stake for stake in stakes] if later <= memory else [0, 0, 0])


# ---- what is at stake: the account less what it would be without the record


@given(
    others=st.lists(st.integers(-200, 60), min_size=1, max_size=12),
    mine=st.integers(-300, -1),
    share=shares,
)
def test_a_correction_leaves_a_fading_file_as_if_the_record_had_never_come_in(others, mine, share):
    """Slow reference: two files, one with the record and one without, each fading as a whole with its own rounding."""
    file, without, stake = others[0] + mine, others[0], mine
    for points in others[1:]:
        stake = int(call(contest.fades, stake, file, share))
        file, without = (x + int(call(decay, x, share)) + points for x in (file, without))
        assert file - stake == without


@pytest.mark.parametrize(
    ("file", "stake", "share", "left"),
    [
        (-100, -100, 0.5, -50),  # a file with this record alone
        (-3, -3, 0.2, -3),  # too little to fade: so is the file
        (-13, -3, 0.2, -3),  # 13 fade to 11, the other 10 to 8
        (-12, -3, 0.2, -2),  # 12 fade to 10, the other 9 to 8: of these 3 points one is gone
        (10, -10, 0.5, -5),  # 10 to 5, without it 20 to 10
        (-7, -7, 0.0, -7),
        (-7, -7, 1.0, 0),
        (-4, 0, 0.5, 0),
    ],
)
def test_what_a_month_leaves_at_stake_by_hand(file, stake, share, left):
    assert call(contest.fades, stake, file, share) == left


@pytest.mark.parametrize(("share", "later", "back"), [(0.5, 0, 100), (0.5, 1, 50), (0.5, 2, 25), (0.5, 3, 13), (0.5, 4, 7), (1.0, 0, 100), (1.0, 1, 0), (0.1, 3, 73)])
def test_a_record_that_fades_by_hand(share, later, back):
    """A share of what is left is taken off each month, less what falls below a whole point: 100, 50, 25, 13, 7."""
    assert -faded(-100, -100, later, share) == back


@given(
    points=st.integers(-300, 60),
    standing=st.integers(600, 1000),
    stake=st.integers(-300, 0),
    most=st.sampled_from([849, 1 << 28]),
    warned=st.integers(0, 2),
    warnings=st.integers(0, 2),
    gained=st.integers(0, 40),
    cap=st.sampled_from([0, 30, NO_CAP]),
    lawful=st.integers(0, 1),
    counts=st.integers(0, 1),
)
def test_a_later_record_moves_what_is_at_stake_by_as_much_as_the_contested_one_changed_its_worth(
    points, standing, stake, most, warned, warnings, gained, cap, lawful, counts
):
    """Slow reference: what it is worth in the file as it is, and in the file without the contested record."""
    rest = (most, warned, warnings, gained, cap)
    moved = call(contest.later, points, standing, *rest, lawful, counts, stake)
    here, there = (kept(int(call(worth, points, at, *rest)[0]), lawful) for at in (standing, standing - counts * stake))
    assert tuple(int(part) for part in moved) == tuple(a - b for a, b in zip(here, there, strict=True))


@pytest.mark.parametrize(
    ("points", "standing", "stake", "most", "moved"),
    [
        (-150, 849, -151, 849, (1, 0, -1)),  # the second of two that pull down to 849: here it costs its 150, without the first 151
        (-10, 849, -151, 849, (141, 0, -141)),  # and where it costs 10 alone, 141 less
        (-10, 849, -151, 1 << 28, (0, 0, 0)),  # no ceiling, nothing to share
        (10, 849, -151, 1 << 28, (0, 0, 0)),
        (-10, 800, -40, 849, (0, 0, 0)),  # without the first she would stand at 840, below the ceiling
        (-10, 800, -70, 849, (11, 0, -11)),  # at 870: down to 849, 21 points
    ],
)
def test_a_later_record_by_hand(points, standing, stake, most, moved):
    assert call(contest.later, points, standing, most, 0, 0, 0, NO_CAP, 0, 1, stake) == moved
    assert call(contest.later, points, standing, most, 0, 0, 0, NO_CAP, 1, 1, stake) == (moved[0], moved[2], 0)
    assert call(contest.later, points, standing, most, 0, 0, 0, NO_CAP, 0, 0, stake) == (0, 0, 0)  # where the file does not count by itself


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
            filed = call(contest.opens, points, 0, month, month, months_to_answer)[3]
            cases_open.setdefault(month + months_to_answer, []).append((kept(points, lawful), filed))
        for stakes, filed in cases_open.pop(month, []):
            place, *parts = call(contest.correct, *stakes, filed, month, memory, MONTHS)
            add(place, parts)
            struck += parts[0]
            left.pop(filed, None)
        assert sums == [sum(ring) for ring in rings]
        assert all(-60 <= bucket <= 20 for bucket in rings[0])
        assert sums[0] == sum(p for p, _ in left.values())
        assert sums[1:] == [sum(max(0, -p) for p, law in left.values() if law == kind) for kind in (1, 0)]
    assert sums[0] + forgotten == sum(p for p, _, _ in entries) + struck
