"""watch: acts become records, with gaps and mix-ups."""

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, WORDS, call, chance, given, lucks, shares, yes_words

from glasshouse.rules.maths import high_count, low_count
from glasshouse.rules.watch import fined, invented, outcome, recorded

MISSED, OWN, SENT = 0, 1, 2


@given(luck_seen=lucks, luck_sent=lucks, covered=st.integers(0, 1), seen=lucks, strays=lucks)
def test_an_act_is_missed_or_recorded_on_one_person_and_nothing_else(luck_seen, luck_sent, covered, seen, strays):
    expected = MISSED if not covered or luck_seen >= seen else SENT if luck_sent < strays else OWN
    assert call(outcome, luck_seen, luck_sent, covered, seen, strays) == expected


@pytest.mark.parametrize("seen", [0, 1, WORDS // 3, LAST])
def test_an_act_is_seen_with_exactly_its_chance(seen):
    assert yes_words(lambda luck: call(outcome, luck, LAST, 1, seen, 0) == OWN) == seen
    assert yes_words(lambda luck: call(outcome, luck, LAST, 0, seen, 0) != MISSED) == 0


@pytest.mark.parametrize("strays", [0, 1, WORDS // 3, LAST])
def test_a_record_strays_with_exactly_its_chance(strays):
    assert yes_words(lambda luck: call(outcome, 0, luck, 1, 1, strays) == SENT) == strays


def test_nothing_strays_that_was_not_seen():
    assert call(outcome, 5, 0, 1, 5, LAST) == MISSED
    assert call(outcome, 4, 0, 1, 5, LAST) == SENT


@given(luck=lucks, times=st.integers(0, 1023), covered=st.integers(0, 1), was=st.integers(0, 1), group=st.integers(0, 1), both=st.tuples(shares, shares))
def test_no_more_is_recorded_than_was_done(luck, times, covered, was, group, both):
    """And nothing of those whom the rule does not cover when the week ends, or did not when it began."""
    seen, word = call(recorded, luck, times, covered, was, group, *both)
    due = covered * was * times
    assert 0 <= seen <= due + (both[group] > 0.999)  # float32 may round the last bits of luck up to one record more
    assert abs(seen - due * both[group]) < 1 + 1e-3
    assert call(low_count, word) == seen
    assert call(high_count, word) == due


@given(luck=lucks, times=st.integers(0, 127), both=st.tuples(shares, shares))
def test_each_group_is_watched_with_its_own_share_and_as_the_other_would_be_with_the_same(luck, times, both):
    assert call(recorded, luck, times, 1, 1, 0, *both) == call(recorded, luck, times, 1, 1, 1, *reversed(both))
    assert call(recorded, luck, times, 1, 1, 0, both[0], both[0]) == call(recorded, luck, times, 1, 1, 1, both[0], both[0])


@pytest.mark.parametrize("group", [0, 1])
@pytest.mark.parametrize(("times", "share"), [(3, 0.25), (1, 0.9), (7, 1.0), (4, 0.0), (0, 1.0)])
def test_the_mean_number_recorded_is_the_share_of_what_was_done(times, share, group):
    words = [(n << 16) | 0xABCD for n in range(8, 65536, 16)]
    both = [0.5, 0.5]
    both[group] = share
    mean = np.mean([call(recorded, w, times, 1, 1, group, *both)[0] for w in words])
    assert mean == pytest.approx(times * share, abs=3e-4)


@pytest.mark.parametrize("group", [0, 1])
@pytest.mark.parametrize(("times", "share"), [(1, 1.9e-5), (3, 1e-3), (2, 0.0), (0, 1e-3)])
def test_what_is_hardly_ever_recorded_is_recorded_with_its_chance_to_the_last_bits(times, share, group):
    """Luck runs the other way here: the highest words are those that record."""
    both = [2e-4, 2e-4]
    both[group] = share
    assert chance(lambda luck: call(recorded, luck, times, 1, 1, group, *both)[0] == 0) == pytest.approx(1 - times * share, abs=3e-7)


def test_nobody_is_recorded_for_what_nobody_did():
    for luck in (0, LAST - 255, LAST):
        assert call(recorded, luck, 0, 1, 1, 0, 1e-3, 1e-3) == (0, 0)


# ---- what no act stands behind


@given(kind_class=st.integers(0, 3), covered=st.integers(0, 2), false_class=st.integers(0, 3))
def test_an_invented_record_is_one_of_its_class_about_somebody_who_is_scored(kind_class, covered, false_class):
    assert call(invented, kind_class, covered, false_class) == (kind_class == false_class and covered != 0)


def test_each_thing_that_happens_is_an_attempt_an_act_or_an_invention_and_only_one_of_them_is_invented():
    """Conservation: whatever the class of inventions is called, one class in three is invented, and nobody's who is not scored."""
    for false_class in range(3):
        assert [call(invented, kind_class, 1, false_class) for kind_class in range(3)] == [int(c == false_class) for c in range(3)]
        assert [call(invented, kind_class, 0, false_class) for kind_class in range(3)] == [0, 0, 0]


@pytest.mark.parametrize("ordinary_seen", [0, 1, WORDS // 2, LAST])
def test_the_ordinary_officer_fines_with_exactly_the_chance_of_seeing(ordinary_seen):
    assert yes_words(lambda luck: call(fined, luck, ordinary_seen, 20_000) == 20_000) == ordinary_seen
    assert call(fined, ordinary_seen, ordinary_seen, 20_000) == 0
