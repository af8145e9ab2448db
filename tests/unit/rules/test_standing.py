"""standing: a norm of two tables, names that are kept, and what one hears of others."""

from itertools import product

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, WORDS, call, given, lucks, yes_words

from glasshouse.models.norms import NORMS
from glasshouse.rules.gather import asker, tied_now
from glasshouse.rules.standing import alike, blamed, changed, counted, helps, issued, knows, like, thinks_ill, told, witnessed
from glasshouse.rules.watch import entered
from glasshouse.rules.word import pack

STERN, SIMPLE = NORMS["L6"], NORMS["L3"]
BITS = list(product((0, 1), repeat=2))
doubts = st.integers(0, (1 << 17) - 1)
ties = st.integers(0, 15)


def table(values) -> np.ndarray:
    """A table of a norm as the engine hands it."""
    return np.array(values, np.int32)


@pytest.mark.parametrize("norm", NORMS)
@pytest.mark.parametrize(("mine", "theirs"), BITS)
def test_the_tables_are_read_as_the_literature_writes_them(norm, mine, theirs):
    """The ill before the good, the one who is asked before the one who asks; after a refusal before after help."""
    approves, helping = NORMS[norm]
    place = "BB BG GB GG".split().index("GB"[mine] + "GB"[theirs])
    assert call(helps, mine, theirs, table(helping)) == helping[place]
    for gave in (0, 1):
        assert call(blamed, mine, theirs, gave, table(approves)) == 1 - approves[2 * place + gave]


@pytest.mark.parametrize(("gave", "due"), BITS)
def test_each_request_is_granted_or_refused_and_due_or_not(gave, due):
    asked, was_due, granted, wronged, spared = call(counted, gave, due)
    assert (asked, was_due, granted) == (1, due, gave)
    assert (wronged, spared) == (int(due and not gave), int(gave and not due))
    assert granted == due - wronged + spared


@pytest.mark.parametrize("lag", [1, 7, 30])
def test_the_record_changes_on_the_day_of_issue_only(lag):
    for day in range(65):
        assert call(issued, day, lag, 0, 1) == (day % lag == 0)
        assert call(issued, day, lag, 1, 0) == (day % lag != 0)


@given(doubts=doubts, whom=st.integers(0, 16), ill=st.integers(0, 1))
def test_one_opinion_is_changed_and_no_other(doubts, whom, ill):
    after = call(changed, doubts, whom, ill)
    assert [call(thinks_ill, after, each) for each in range(17)] == [ill if each == whom else doubts >> each & 1 for each in range(17)]


@given(met=st.integers(0, 65535), first=st.sampled_from((0, 4, 8, 12)), spoken=st.integers(0, 3), alive=st.integers(0, 1))
def test_one_tie_is_known_or_not_and_no_other_changes(met, first, spoken, alive):
    after = call(knows, met, first, spoken, alive)
    assert [after >> tie & 1 for tie in range(16)] == [alive if tie == first + spoken else met >> tie & 1 for tie in range(16)]


@given(met=st.integers(0, 65535), tie=ties, luck=lucks)
def test_a_stranger_is_like_another_tie_that_there_is(met, tie, luck):
    found = call(like, met, tie, luck)
    others = [each for each in range(16) if met >> each & 1 and each != tie]
    start = luck & 15
    assert found == (min(others, key=lambda each: (each - start) % 16) if others else 16)


def heard(doubts: int, met: int, answer: int, *, tie: int, day: int = 100, eye: int = LAST, stranger: int = 0, mistaken: int = 0, norm=STERN) -> int:
    """One's opinions after talking over a tie."""
    return call(witnessed, doubts, met, answer, tie & ~3, tie & 3, day, 7, eye, stranger, mistaken, table(norm[0]))


@given(doubts=doubts, tie=ties, other=ties, gave=st.integers(0, 1), norm=st.sampled_from((STERN, SIMPLE)))
def test_one_judges_by_ones_own_opinions_of_both(doubts, tie, other, gave, norm):
    """Asked over the tie over which one hears of it, it was oneself who asked; else it is a stranger, like the only other tie."""
    met = 1 << tie | 1 << other
    whom = 16 if other == tie else other
    after = heard(doubts, met, call(told, 95, other, gave), tie=tie, norm=norm)
    right = call(blamed, doubts >> tie & 1, doubts >> whom & 1, gave, table(norm[0]))
    assert after == call(changed, doubts, tie, right)
    wrong = heard(doubts, met, call(told, 95, other, gave), tie=tie, norm=norm, eye=0, mistaken=1)
    assert wrong == call(changed, doubts, tie, call(blamed, doubts >> tie & 1, doubts >> whom & 1, 1 - gave, table(norm[0])))


@pytest.mark.parametrize(("day", "hears"), [(100, True), (106, True), (107, True), (108, False), (200, False)])
def test_an_answer_is_told_for_seven_days(day, hears):
    assert (heard(0, 1 << 5, call(told, 100, 5, 0), tie=5, day=day) != 0) == hears


def test_nothing_is_heard_of_who_was_not_asked_or_is_not_there():
    assert heard(0, 1 << 5, 0, tie=5) == 0
    assert heard(0, 1 << 6, call(told, 100, 5, 0), tie=5) == 0
    assert call(told, 0, 0, 0) != 0, "an answer on the first day is one"


@pytest.mark.parametrize("mistaken", [0, 1, WORDS // 3, LAST])
def test_eyes_err_with_exactly_their_chance(mistaken):
    answer = call(told, 100, 0, 1)
    assert yes_words(lambda luck: heard(0, 1, answer, tie=0, eye=luck, mistaken=mistaken) != 0) == mistaken


@given(first=st.sampled_from((0, 4, 8, 12)), alive=st.tuples(*[st.integers(0, 1)] * 4), theirs=st.tuples(*[doubts] * 4))
def test_pairs_who_agree_are_counted_one_by_one(first, alive, theirs):
    said = [other >> (first + i) & 1 for i, other in enumerate(theirs) if alive[i]]
    pairs = [(a, b) for i, a in enumerate(said) for j, b in enumerate(said) if i != j]
    assert call(alike, first, *alive, *theirs) == (sum(a == b for a, b in pairs), len(pairs))


# ---- who asks, and what is entered


@pytest.mark.parametrize("spoken", range(4))
def test_whoever_is_at_the_place_that_was_drawn_asks(spoken):
    words = [pack(np.float32(0), np.float32(0), np.int32(15), np.int32(255), np.int32(1), np.int32(0), np.uint32(0))] * 4
    ask = lambda luck, asks=LAST, words=words, kept=65535, slot=9: call(  # noqa: E731
        asker, slot, kept, 8, spoken << 30, luck, asks, 20, 21, 22, 23, *words
    )
    assert ask(5) == (20 + spoken, 8 + spoken, 1)
    assert ask(5, asks=5)[2] == 0 and ask(4, asks=5)[2] == 1
    assert ask(5, kept=65535 ^ 1 << (8 + spoken))[2] == 0, "a tie that was dropped"
    assert ask(5, slot=20 + spoken)[2] == 0, "nobody stands there"
    nobody = [pack(np.float32(0), np.float32(0), np.int32(15), np.int32(255), np.int32(0), np.int32(0), np.uint32(0))] * 4
    assert ask(5, words=nobody)[2] == 0, "one whom the regime does not cover"
    assert call(tied_now, 9, 20 + spoken, words[0], 65535, 8, spoken) == 1
    assert call(tied_now, 9, 20 + spoken, nobody[0], 65535, 8, spoken) == 0


@given(booked=st.integers(0, 1), blame=st.integers(0, 1), group=st.integers(0, 1), lucks_=st.tuples(lucks, lucks), chances=st.tuples(lucks, lucks, lucks))
def test_an_answer_is_missed_entered_or_entered_falsely(booked, blame, group, lucks_, chances):
    after, missed, false = call(entered, booked, blame, group, *lucks_, *chances)
    assert missed == (lucks_[0] < chances[0])
    assert false == (not missed and lucks_[1] < chances[1 + group])
    assert after == (booked if missed else blame ^ false)
