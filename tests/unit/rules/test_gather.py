"""gather: ties, households and lots, against plain references over small communities."""

from collections import Counter
from functools import reduce
from operator import or_

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import call, given, masks

from glasshouse.rules.gather import drawn, friends, household, partner
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
def test_a_tie_joins_each_citizen_to_one_other_of_the_block(community):
    citizens, block, odd, turn = community
    to = [int(call(partner, slot, citizens, block, odd, turn)) for slot in range(citizens)]
    assert sorted(to) == list(range(citizens))
    assert all(there // block == slot // block for slot, there in enumerate(to))


@given(permutations())
def test_every_tie_is_mutual(community):
    citizens, block, odd, turn = community
    for slot in range(citizens):
        there = call(partner, slot, citizens, block, odd, turn)
        assert call(partner, there, citizens, block, *back(block, odd, turn)) == slot


@pytest.mark.parametrize(("slot", "there"), [(0, 3), (1, 0), (2, 5), (3, 2), (7, 6), (8, 8 + 3), (9, 8), (11, 8 + 2), (10, 8 + 1)])
def test_a_tie_by_hand(slot, there):
    """place -> 5 x place + 3 in blocks of 8; of 12 citizens the last block holds four, 10 -> 5 -> 4 -> 7 -> 6 -> 1 walks on."""
    assert call(partner, slot, 12, 8, 5, 3) == there


def test_a_tie_of_a_large_society():
    assert call(partner, 10**9 + 1, 2 * 10**9, 4096, 1597, 1021) == (10**9 + 1) // 4096 * 4096 + (1597 * ((10**9 + 1) % 4096) + 1021) % 4096


# ---- what friends let one see

TIES = ((4, 3, 1), (8, 5, 3))  # two permutations: four ties, forward and back
BLOCKS, ODDS, TURNS = (
    np.array([x[i] for block, odd, turn in TIES for x in ((block, odd, turn), (block, *back(block, odd, turn)))], np.uint64)
    for i in range(3)
)
CITIZENS = 13


@st.composite
def societies(draw) -> list[dict]:
    """Thirteen citizens, all from one number: drawing each part by itself would take most of the time."""
    luck = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    ranges = {"opinion": (0, 1024), "voice": (-14, 32), "grade": (0, 8), "ties": (0, 16), "gap": (-300, 301)}
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


def seen_friends(slot: int, people: list[dict], kept: int, low_grades: int, first: int, last: int) -> tuple[float, int, int, int]:
    """The reference: who talks with whom, then plain means."""
    heard = []
    for tie in range(first, last):
        block, odd, turn = int(BLOCKS[tie]), int(ODDS[tie]), int(TURNS[tie])
        start = slot // block * block
        place = slot - start
        while True:
            place = (odd * place + turn) % block
            if start + place < CITIZENS:
                break
        other = people[start + place]
        if kept >> tie & 1 and other["ties"] >> (tie ^ 1) & 1 and start + place != slot:
            heard.append((tie, other))
    voices = sum(p["voice"] for _, p in heard) / 31
    views = sum(p["voice"] / 31 * p["opinion"] / 1023 for _, p in heard)
    low = sum(1 << tie for tie, p in heard if p["grade"] < low_grades)
    gap = sum(p["gap"] for _, p in heard) // len(heard) if heard else 0
    return (views / voices, len(heard), low, gap) if voices > 0 else (0.0, 0, low, gap)


@given(societies(), st.integers(0, CITIZENS - 1), st.integers(0, 15), st.integers(0, 8), st.sampled_from([(0, 4), (0, 2), (2, 4)]))
def test_friends_are_seen_as_a_plain_reference_sees_them(people, slot, kept, low_grades, ties):
    view, heard, low, gap = call(friends, slot, CITIZENS, published(people), kept, low_grades, *ties, BLOCKS, ODDS, TURNS)
    expected = seen_friends(slot, people, kept, low_grades, *ties)
    assert view == pytest.approx(expected[0], abs=1e-5)
    assert (heard, low, gap) == expected[1:]


PAIR = (
    np.array([2, 2], np.uint64),
    np.array([1, 1], np.uint64),
    np.array([1, 1], np.uint64),
)  # two citizens, one permutation: each other twice


def sees(other: dict, kept: int = 0b11, low_grades: int = 2, first: int = 0, last: int = 1) -> tuple:
    """What citizen 0 of two sees of the other along tie 0."""
    return call(
        friends,
        0,
        2,
        published([{}, {"ties": 0b11, "voice": 31, "opinion": 1023, "grade": 5} | other]),
        kept,
        low_grades,
        first,
        last,
        *PAIR,
    )


@pytest.mark.parametrize(
    ("other", "answer"),
    [
        ({}, (1, 1, 0, 0)),
        ({"opinion": 0}, (0, 1, 0, 0)),
        ({"gap": -7}, (1, 1, 0, -7)),
        ({"grade": 2}, (1, 1, 0, 0)),
        ({"grade": 1}, (1, 1, 1, 0)),  # among the two lowest grades
        ({"voice": 0, "grade": 0, "gap": 9}, (0, 0, 1, 9)),  # silent, yet known
        ({"ties": 0b01}, (0, 0, 0, 0)),  # the other end has dropped the tie
        ({"ties": 0b10}, (1, 1, 0, 0)),
    ],
)
def test_one_friend_by_hand(other, answer):
    assert sees(other) == answer


def test_a_tie_dropped_at_this_end_is_dead():
    assert sees({"gap": 5}, kept=0b10) == (0, 0, 0, 0)
    assert sees({"gap": 5}, kept=0b01) == (1, 1, 0, 5)


def test_ties_that_do_not_talk_this_week_are_not_read():
    assert sees({"gap": 5, "grade": 0}, first=1, last=2) == (1, 1, 2, 5)
    assert sees({"gap": 5, "grade": 0}, first=0, last=2) == (1, 2, 3, 5)
    assert sees({"gap": 5}, first=1, last=1) == (0, 0, 0, 0)


def test_a_citizen_alone_in_the_block_has_no_friend():
    alone = call(friends, 2, 3, published([{"ties": 3, "voice": 31}] * 3), 0b11, 8, 0, 2, *PAIR)
    assert alone == (0, 0, 0, 0)


@pytest.mark.parametrize(("gap", "mean"), [(-7, -4), (7, 3), (8, 4), (0, 0)])
def test_a_mean_of_gaps_is_rounded_down(gap, mean):
    """Four in a ring: tie 0 leads to the next, tie 1 back to the one before."""
    ring = (np.array([4, 4], np.uint64), np.array([1, 1], np.uint64), np.array([1, 3], np.uint64))
    four = published([{}, {"ties": 0b10, "voice": 31, "gap": gap}, {}, {"ties": 0b01, "voice": 31}])
    assert call(friends, 0, 4, four, 0b11, 0, 0, 2, *ring)[3] == mean


def test_silent_friends_are_known_by_the_mean_of_their_scores():
    both = published([{}, {"ties": 0b11, "gap": 30, "grade": 0}])
    assert call(friends, 0, 2, both, 0b11, 2, 0, 2, *PAIR) == (0, 0, 0b11, 30)


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
    dealt = [int(call(drawn, slot, citizens, beside, block, odd, turn)) for slot in range(citizens)]
    for start in range(0, citizens, block):
        part = slice(start, start + block)
        assert Counter(d for d, (c, _) in zip(dealt[part], people[part], strict=True) if c) == Counter(m for c, m in people[part] if c)
    assert all(d == 0 for d, (c, _) in zip(dealt, people, strict=True) if not c)


def test_a_lot_falls_on_somebody_else():
    beside = published([{"mask": 1}, {"mask": 2}, {"mask": 4}, {"mask": 8, "covered": 0}])
    dealt = [int(call(drawn, slot, 4, beside, 4, 1, 1)) for slot in range(4)]
    assert dealt == [2, 4, 1, 0]
