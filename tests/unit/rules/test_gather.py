"""gather: ties, households and lots, against plain references over small communities."""

from collections import Counter
from functools import reduce
from operator import or_

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import call, given, masks, shares

from glasshouse.rules import tie
from glasshouse.rules.gather import drawn, friends, friends_gap, household, lives, partner, words
from glasshouse.rules.word import pack


@st.composite
def permutations(draw, largest: int = 7) -> tuple[int, int, int, int]:
    """citizens, block, odd multiplier, turn: the last block may be partial, even a single citizen."""
    block = 1 << draw(st.integers(0, largest))
    odd = draw(st.integers(0, block // 2)) * 2 + 1
    return draw(st.integers(1, 3 * block)), block, odd % max(2, block), draw(st.integers(0, block - 1))


def back(block: int, odd: int, turn: int) -> tuple[int, int]:
    """The multiplier and turn of the way back."""
    inverse = pow(odd, -1, block) if block > 1 else 1
    return inverse, -turn * inverse % block


@given(permutations())
def test_each_citizen_of_a_block_leads_to_one_other(community):
    citizens, block, odd, turn = community
    to = [int(call(partner, slot, citizens, block, odd, turn)) for slot in range(citizens)]
    assert sorted(to) == list(range(citizens))
    assert all(there // block == slot // block for slot, there in enumerate(to))


@given(permutations())
def test_there_is_a_way_back(community):
    citizens, block, odd, turn = community
    for slot in range(citizens):
        there = call(partner, slot, citizens, block, odd, turn)
        assert call(partner, there, citizens, block, *back(block, odd, turn)) == slot


@pytest.mark.parametrize(("slot", "there"), [(0, 3), (1, 0), (2, 5), (3, 2), (7, 6), (8, 8 + 3), (9, 8), (11, 8 + 2), (10, 8 + 1)])
def test_somebody_else_by_hand(slot, there):
    """place -> 5 x place + 3 in blocks of 8; of 12 citizens the last block holds four, 10 -> 5 -> 4 -> 7 -> 6 -> 1 walks on."""
    assert call(partner, slot, 12, 8, 5, 3) == there


def test_somebody_else_of_a_large_society():
    assert call(partner, 10**9 + 1, 2 * 10**9, 4096, 1597, 1021) == (10**9 + 1) // 4096 * 4096 + (1597 * ((10**9 + 1) % 4096) + 1021) % 4096


# ---- what friends let one see

CITIZENS = 13
STEPS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]


@st.composite
def societies(draw) -> list[dict]:
    """Thirteen citizens, all from one number: drawing each part by itself would take most of the time."""
    luck = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ranges = {"opinion": (0, 1024), "voice": (-14, 32), "grade": (0, 8), "ties": (0, 256), "gap": (-300, 301)}
    return [
        {name: max(0 if name == "voice" else low, int(luck.integers(low, high))) for name, (low, high) in ranges.items()}
        for _ in range(CITIZENS)
    ]


def word_of(p: dict) -> np.uint64:
    """A citizen's public word."""
    plain = {"opinion": 0, "voice": 0, "grade": 0, "ties": 0, "covered": 1, "gap": 0, "mask": 0} | p
    return call(pack, **plain | {"opinion": plain["opinion"] / 1023, "voice": plain["voice"] / 31})


def published(people: list[dict]) -> np.ndarray:
    return np.array([word_of(p) for p in people], np.uint64)


def end_of(slot: int, tie: int) -> int:
    """The reference: where a tie leads; to oneself where nobody is there."""
    other = slot ^ STEPS[tie]
    return other if other < CITIZENS else slot


def heard_by(slot: int, people: list[dict], kept: int, first: int, count: int) -> list[tuple[int, dict]]:
    """The reference: who talks with whom, with the place of the tie."""
    ends = [(spoken, (first + spoken) % 16) for spoken in range(count)]
    there = [(tie, spoken, end_of(slot, tie)) for spoken, tie in ends]
    return [(tie, people[p]) for tie, spoken, p in there if kept >> tie & 1 and people[p]["ties"] >> spoken & 1 and p != slot]


@given(societies(), st.integers(0, CITIZENS - 1), st.integers(0, 65535), st.integers(0, 8), st.sampled_from([0, 4, 8, 12]), shares, st.sampled_from([0.2, 0.5, 2.0]))
def test_friends_are_seen_as_a_plain_reference_sees_them(people, slot, kept, low_grades, first, own, bound):
    ends = [end_of(slot, first + i) for i in range(4)]
    said = call(words, published(people), *ends)
    view, heard, low = call(friends, slot, kept, low_grades, own, bound, first, *ends, *said)
    expected = heard_by(slot, people, kept, first, 4)
    near = [p for _, p in expected if abs(np.float32(p["opinion"]) * np.float32(1 / 1023) - np.float32(own)) <= np.float32(bound)]
    voices = sum(p["voice"] for p in near)
    assert view == pytest.approx(sum(p["voice"] * p["opinion"] / 1023 for p in near) / max(voices, 1), abs=1e-5)
    assert heard == (len(expected) if voices else 0)
    assert low == sum(1 << tie for tie, p in expected if p["grade"] < low_grades)


@given(societies(), st.integers(0, CITIZENS - 1), st.integers(0, 65535), st.sampled_from([0, 4, 8, 12]))
def test_the_gap_of_friends_is_the_mean_of_two_weeks_rounded_down(people, slot, kept, first):
    gap = call(friends_gap, slot, published(people), kept, first, *(end_of(slot, (first + i) % 16) for i in range(8)))
    expected = heard_by(slot, people, kept, first, 8)
    assert gap == (sum(p["gap"] for _, p in expected) // len(expected) if expected else 0)


def sees(other: dict, kept: int = 0b1, low_grades: int = 2, first: int = 0, own: float = 0.5, bound: float = 2.0) -> tuple:
    """What citizen 0 of two sees of the other along the first tie; the three others lead back to itself."""
    words_ = published([{"voice": 31, "opinion": 1023, "ties": 255}, {"ties": 0b11, "voice": 31, "opinion": 1023, "grade": 5} | other])
    return call(friends, 0, kept, low_grades, own, bound, first, 1, 0, 0, 0, words_[1], *[words_[0]] * 3)


@pytest.mark.parametrize(
    ("other", "answer"),
    [
        ({}, (1, 1, 0)),
        ({"opinion": 0}, (0, 1, 0)),
        ({"grade": 2}, (1, 1, 0)),
        ({"grade": 1}, (1, 1, 1)),  # among the two lowest grades
        ({"voice": 0, "grade": 0}, (0, 0, 1)),  # silent, yet known
        ({"ties": 0b10}, (0, 0, 0)),  # the other end has dropped the tie
        ({"ties": 0b01}, (1, 1, 0)),
    ],
)
def test_one_friend_by_hand(other, answer):
    assert sees(other) == answer


@pytest.mark.parametrize(
    ("own", "bound", "answer"),
    [
        (0.5, 0.5, (1, 1, 1)),  # exactly so far: heard
        (0.5, 0.4999, (0, 0, 1)),  # further: not heard, yet known
        (1.0, 0.0, (1, 1, 1)),
        (0.0, 1.0, (1, 1, 1)),
        (0.0, 0.9999, (0, 0, 1)),
        (0.0, 2.0, (1, 1, 1)),
    ],
)
def test_whose_view_is_too_far_is_not_heard(own, bound, answer):
    assert sees({"grade": 0}, own=own, bound=bound) == answer


def test_a_tie_dropped_at_this_end_is_dead():
    assert sees({}, kept=0b10) == (0, 0, 0)
    assert sees({}, kept=0b01) == (1, 1, 0)


def test_the_ties_of_another_week_have_bits_of_their_own():
    """The word holds those of the week that is read, so its first bit is the first tie of that week."""
    assert sees({"ties": 1, "grade": 0}, kept=1 << 4, first=4) == (1, 1, 1 << 4)
    assert sees({"ties": 1}, kept=1, first=4) == (0, 0, 0)
    assert sees({"ties": 1 << 4}, kept=1 << 4, first=4) == (0, 0, 0)


@pytest.mark.parametrize(("slot", "other", "kept", "ties", "tie", "spoken", "living"), [
    (0, 1, 0b0001, 0b0001, 0, 0, 1), (0, 1, 0b0010, 0b0010, 1, 1, 1), (0, 1, 0b0010, 0b0001, 1, 1, 0), (0, 1, 0b0000, 0b0001, 0, 0, 0),
    (0, 0, 0b0001, 0b0001, 0, 0, 0), (7, 3, 1 << 13, 0b0010, 13, 1, 1), (7, 3, 1 << 13, 0b0001, 13, 1, 0), (7, 3, 1 << 12, 0b0010, 13, 1, 0)])  # fmt: skip
def test_a_tie_lives_while_both_ends_keep_it_and_joins_two(slot, other, kept, ties, tie, spoken, living):
    assert call(lives, slot, other, word_of({"ties": ties}), kept, tie, spoken) == living


@pytest.mark.parametrize(("gap", "mean"), [(-7, -4), (7, 3), (8, 4), (0, 0)])
def test_a_mean_of_gaps_is_rounded_down(gap, mean):
    """Two of eight ties lead to somebody else."""
    three = published([{}, {"ties": 0b01, "gap": gap}, {"ties": 0b10}])
    assert call(friends_gap, 0, three, 0b11, 0, 1, 2, 0, 0, 0, 0, 0, 0) == mean


def test_silent_friends_are_known_by_the_mean_of_their_scores():
    both = published([{}, {"ties": 0b11, "gap": 30}])
    assert call(friends_gap, 0, both, 0b11, 0, 1, 1, *[0] * 6) == 30


# ---- the household

member = st.fixed_dictionaries({"mask": masks, "covered": st.integers(0, 1), "gap": st.integers(-300, 300)})


@given(st.lists(member, min_size=1, max_size=7), st.integers(0, 6), st.integers(0, 3))
def test_a_household_is_seen_as_a_plain_reference_sees_it(members, place, before):
    place %= len(members)
    neighbour = {"mask": 0xFFFFFF, "gap": 2000}
    words = published([neighbour] * before + members + [neighbour])
    bans, gap = call(household, before + place, place, len(members), words)
    others = [m["gap"] for i, m in enumerate(members) if i != place and m["covered"]]
    assert bans == reduce(or_, (m["mask"] for i, m in enumerate(members) if i != place), 0)
    assert gap == (sum(others) // len(others) if others else 0)


@pytest.mark.parametrize(
    ("members", "place", "answer"),
    [
        ([{"mask": 4, "gap": 50}], 0, (0, 0)),  # alone at home: one's own are not those of others
        ([{"mask": 4, "gap": 50}, {"mask": 1, "gap": -30}], 0, (1, -30)),
        ([{"mask": 4, "gap": 50}, {"mask": 1, "gap": -30}], 1, (4, 50)),
        ([{"mask": 5}, {"mask": 4}, {"mask": 2}], 1, (7, 0)),  # what others bear, also where one bears it too
        ([{"mask": 4, "covered": 0}, {}], 1, (4, 0)),
        ([{"mask": 1 << 23}, {}], 1, (1 << 23, 0)),
        ([{"gap": 50}, {"gap": -30, "covered": 0}], 0, (0, 0)),
        ([{"gap": 50}, {"gap": 10}, {"gap": 21}], 0, (0, 15)),
        ([{"gap": 50}, {"gap": -10}, {"gap": -21}], 0, (0, -16)),
    ],
)
def test_a_household_by_hand(members, place, answer):
    assert call(household, place, place, len(members), published(members)) == answer


# ---- the lot


@given(permutations(5), st.integers(0, 2**96 - 1), st.integers(1, 40))
def test_a_lot_deals_out_exactly_what_the_covered_bear_in_the_other_regime(community, covered, kinds):
    citizens, block, odd, turn = community
    people = [(covered >> slot & 1, 1 + slot % kinds) for slot in range(citizens)]
    beside = published([{"covered": c, "mask": m} for c, m in people])
    dealt = [int(call(drawn, slot, citizens, beside, block, odd, turn, 0b11, 0b10)) for slot in range(citizens)]
    for start in range(0, citizens, block):
        part = slice(start, start + block)
        assert Counter(d for d, (c, _) in zip(dealt[part], people[part], strict=True) if c) == Counter(m for c, m in people[part] if c)
    assert all(d == 0 for d, (c, _) in zip(dealt, people, strict=True) if not c)


def test_a_lot_falls_on_somebody_else():
    beside = published([{"mask": 1}, {"mask": 2}, {"mask": 4}, {"mask": 8, "covered": 0}])
    dealt = [int(call(drawn, slot, 4, beside, 4, 1, 1, 1, 1)) for slot in range(4)]
    assert dealt == [2, 4, 1, 0]
    assert [int(call(drawn, slot, 4, beside, 4, 1, 1, 0b01, 0b10)) for slot in range(4)] == [0, 0, 0, 0], "nobody who has died bears any"
