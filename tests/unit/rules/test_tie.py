"""tie: shuffles and seats against plain references, and that every tie is mutual, whoever is at its ends and however many citizens there are."""

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, WORDS, call, given, lucks

from glasshouse.rules import tie
from glasshouse.rules.maths import mixed

ODD, MORE, TURN, BY = 0x85EBCA6D, 0xC2B2AE3D, 0x12345679, 0x9E3779B9
BACK = (pow(ODD, -1, WORDS), pow(MORE, -1, WORDS))
THERE = (ODD, MORE, TURN, BY)
BACK_AGAIN = (*BACK, TURN, BY)


def parts(left: int) -> list[tuple[int, int]]:
    """The reference: into which parts so many places fall, first and bits of each: the largest power of two, then of the rest."""
    found, first = [], 0
    while left:
        bits = left.bit_length() - 1
        found.append((first, bits))
        first, left = first + 2**bits, left - 2**bits
    return found


def shuffle(place: int, left: int, fold: int, odd: int = ODD, more: int = MORE, turn: int = TURN) -> int:
    """The reference, in whole numbers without end."""
    first, bits = next((f, b) for f, b in parts(left) if f <= place < f + 2**b)
    a = ((place - first) * odd + turn) % 2**bits
    return first + (a ^ (a >> fold)) * more % 2**bits


@st.composite
def spans(draw) -> tuple[int, int, int]:
    """citizens, bits of the span, bits of the run: the last span may be incomplete, even a single citizen."""
    span = draw(st.integers(0, 7))
    run = draw(st.integers(0, span))
    return draw(st.integers(1, 3 * 2**span)), span, run


def seat(slot: int, citizens: int, span: int, run: int) -> int:
    return int(call(tie.seat, slot, citizens, span, run, *THERE))


def seated(place: int, slot: int, citizens: int, span: int, run: int) -> int:
    return int(call(tie.seated, place, slot, citizens, span, run, *BACK_AGAIN))


# ---- the shuffle


@given(st.integers(1, 600), st.integers(0, LAST // 2), st.integers(0, LAST // 2), st.integers(0, LAST), st.integers(0, 3))
def test_a_shuffle_gives_each_place_once_and_is_undone(left, odd, more, turn, wider):
    odd, more = 2 * odd + 1, 2 * more + 1
    back = (pow(odd, -1, WORDS), pow(more, -1, WORDS), turn)
    fold = (left.bit_length() + 1) // 2 + wider
    there = [int(call(tie.shuffled, place, left, fold, odd, more, turn)) for place in range(left)]
    assert there == [shuffle(place, left, fold, odd, more, turn) for place in range(left)]
    assert sorted(there) == list(range(left))
    assert [int(call(tie.unshuffled, place, left, fold, *back)) for place in there] == list(range(left))


@pytest.mark.parametrize("place", [0, 1, 2**30, 2**31 - 1])
@pytest.mark.parametrize("left", [2**31, 2**31 + 1])
def test_a_shuffle_of_two_thousand_million_places_does_not_overflow(place, left):
    there = call(tie.shuffled, place, left, 16, LAST, LAST, LAST)
    assert there == shuffle(place, left, 16, LAST, LAST, LAST)
    assert call(tie.unshuffled, there, left, 16, pow(LAST, -1, WORDS), pow(LAST, -1, WORDS), LAST) == place


@given(st.integers(1, 600), st.integers(0, LAST))
def test_all_move_on_by_the_same_and_back(left, by):
    there = [int(call(tie.moved_on, place, left, by)) for place in range(left)]
    step = by * left // WORDS
    assert there == [(place + step) % left for place in range(left)]
    assert [int(call(tie.moved_back, place, left, by)) for place in there] == list(range(left))


@pytest.mark.parametrize("by", [0, 1, 2**30 - 1, LAST])
def test_moving_on_in_the_largest_society_does_not_overflow(by):
    for place in (0, 5, 2**31 - 1):
        there = call(tie.moved_on, place, 2**31, by)
        assert there == (place + (by >> 1)) % 2**31
        assert call(tie.moved_back, int(there), 2**31, by) == place


@pytest.mark.parametrize(("span", "run", "fold"), [(0, 0, 0), (1, 0, 1), (8, 2, 3), (7, 2, 3), (7, 7, 0), (31, 0, 16)])
def test_a_fold_is_half_the_bits(span, run, fold):
    assert call(tie.fold_of, span, run) == fold


# ---- seats


@given(spans())
def test_everybody_has_a_seat_of_her_own_and_is_found_there(community):
    citizens, span, run = community
    places = [seat(slot, citizens, span, run) for slot in range(citizens)]
    for first in range(0, citizens, 2**span):
        here = range(first, min(first + 2**span, citizens))
        taken = [places[slot] for slot in here]
        assert len(set(taken)) == len(taken)
        runs = -(-len(taken) // 2**run)
        assert max(taken) < runs * 2**run  # no further than whole runs reach
        assert [call(tie.runs_left, slot, citizens, span, run) for slot in here] == [runs] * len(here)
        assert [call(tie.begins, slot, span) for slot in here] == [first] * len(here)
        assert [seated(place, first, citizens, span, run) for place in taken] == list(here)
        for empty in set(range(2 ** (span + 1))) - set(taken):
            assert seated(empty, here[-1], citizens, span, run) == here[-1]


@given(spans())
def test_neighbours_of_a_run_sit_together(community):
    citizens, span, run = community
    for slot in range(citizens):
        assert seat(slot, citizens, span, run) % 2**run == slot % 2**run
        first = slot >> run << run
        assert seat(slot, citizens, span, run) >> run == seat(first, citizens, span, run) >> run


def test_a_seat_is_the_place_after_all_have_moved_on_and_were_shuffled_twice():
    for first, left, fold in ((64, 64, 3), (192, 5, 3)):  # a full span; the last one, where five are left: four and one
        for i in range(left):
            place = i
            for _ in range(2):
                place = shuffle((place + BY * left // WORDS) % left, left, fold)
            assert seat(first + i, 192 + 5, 6, 0) == place


@pytest.mark.parametrize("left", [700, 768, 1000, 1023])
def test_who_was_in_the_largest_part_comes_among_the_others(left):
    """The way in which groups of the whole society reach all of it: of a stretch of places some come from each part."""
    by = WORDS // 4 + WORDS // 16
    seats = [int(call(tie.seat, slot, left, 10, 0, ODD, MORE, TURN, by)) for slot in range(left)]
    from_rest = [[slot >= 512 for slot, place in enumerate(seats) if place // 64 == stretch] for stretch in range(left // 64)]
    mixed_stretches = [stretch for stretch in from_rest if any(stretch) and not all(stretch)]
    assert len(mixed_stretches) > len(from_rest) // 2


# ---- who is at the other end, and whether there is a tie


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [(0, 0, 0), (3 * 32 + 7, 3 * 32 + 7, 0), (3 * 32 + 7, 1 * 32 + 7, 64), (1 * 32 + 7, 3 * 32 + 9, 66), (2 * 32 + 31, 2 * 32, 31), (4 * 32, 31, 4 * 32 + 31)],
)
def test_how_unlike_two_are(one, other, apart):
    assert call(tie.unlike, one, other) == apart
    assert call(tie.unlike, other, one) == apart


@given(lucks, lucks, lucks)
def test_a_tie_is_by_the_chance_of_both(luck, chance, alike):
    assert call(tie.tied, luck, chance, alike) == int(luck < chance * alike // WORDS)


@pytest.mark.parametrize(("luck", "yes"), [(0, 1), (2**30 - 1, 1), (2**30, 0), (LAST, 0)])
def test_half_the_chance_of_half(luck, yes):
    assert call(tie.tied, luck, 2**31, 2**31) == yes


@pytest.mark.parametrize(("slot", "place", "size", "home"), [(10, 0, 3, (10, 11, 12)), (10, 2, 3, (8, 9, 10)), (10, 1, 2, (9, 10)), (0, 0, 1, (0,))])
def test_who_is_at_home(slot, place, size, home):
    assert [other for other in range(20) if not call(tie.away, slot, other, place, size)] == list(home)


def test_luck_is_the_same_at_both_ends_and_another_for_another_tie():
    ends = [call(tie.luck_of_tie, place, 5, 700, 6, 99) for place in (3, 3 ^ 5)]
    assert ends[0] == ends[1] == mixed(np.uint32((640 + 3) ^ 99))
    assert call(tie.luck_of_tie, 6, 5, 700, 6, 99) == mixed(np.uint32((640 + 3) ^ 99))
    assert call(tie.luck_of_tie, 12, 5, 700, 6, 98) == mixed(np.uint32((640 + 9) ^ 98))


def test_sociability_is_spread_evenly():
    bytes_ = np.arange(256, dtype=np.int32)
    assert [int(call(tie.sociability, slot, bytes_)) for slot in (0, 1, 2, 1000, 2**31)] == [0, 158, 60, 0x9E3779B1 * 1000 % WORDS >> 24, 128]
    counts = np.bincount([int(tie.sociability(np.uint64(slot), bytes_)) for slot in range(1024)], minlength=256)
    assert counts.min() >= 3 and counts.max() <= 6


def arrays(spans_: tuple, runs: tuple, steps: tuple, chance: int, alike: int = LAST) -> dict:
    """Numbers and tables of as many ties as there are spans, all with one chance."""
    n = len(spans_)
    return {
        "ends": [(spans_[i], runs[i], steps[i], 7 + i, *THERE, *BACK) for i in range(n)], "tie_chance": np.full((n, 49), chance, np.uint32),
        "tie_alike": np.full((n, 160), alike, np.uint32), "tie_levels": np.arange(256, dtype=np.int32) % 25,
    }  # fmt: skip


def partner(slot: int, citizens: int, which: int, tables: dict, station, size: int = 1) -> int:
    other, luck = call(tie.end, slot, citizens, *tables["ends"][which])
    own = (slot, slot % size, size, int(station[slot]), station, int(other), int(luck))
    return int(call(tie.partner, *own, tables["tie_chance"].ravel(), tables["tie_alike"].ravel(), tables["tie_levels"], which))


def partners(citizens: int, which: int, tables: dict, station=None, size: int = 1) -> list[int]:
    station = np.zeros(citizens, np.uint8) if station is None else station
    return [partner(slot, citizens, which, tables, station, size) for slot in range(citizens)]


@given(st.integers(1, 300), st.integers(0, 2), lucks, st.integers(0, LAST))
def test_every_tie_is_mutual(citizens, which, chance, seed):
    tables = arrays((8, 5, 31), (0, 2, 1), (1, 12, 66), chance)
    luck = np.random.default_rng(seed)
    tables["tie_chance"] = luck.integers(0, WORDS, (3, 49)).astype(np.uint32)
    tables["tie_alike"] = luck.integers(0, WORDS, (3, 160)).astype(np.uint32)
    there = partners(citizens, which, tables, luck.integers(0, 160, citizens).astype(np.uint8))
    assert [there[other] for other in there] == list(range(citizens))


def test_a_tie_leads_by_its_step():
    """Of the three ties each has its own span, run and step."""
    spans_, runs, steps = (6, 6, 7), (0, 1, 2), (1, 6, 9)
    tables = arrays(spans_, runs, steps, LAST)
    for which in range(3):
        there = partners(256, which, tables)
        for slot, other in enumerate(there):
            assert seat(other, 256, spans_[which], runs[which]) == seat(slot, 256, spans_[which], runs[which]) ^ steps[which]


def test_without_a_chance_there_is_no_tie():
    assert partners(64, 0, arrays((6,), (0,), (1,), 0)) == list(range(64))
    assert partners(64, 0, arrays((6,), (0,), (1,), LAST, alike=0)) == list(range(64))
    assert partners(64, 0, arrays((6,), (0,), (0,), LAST)) == list(range(64))  # no step, nobody there


def test_the_chance_is_that_of_both_levels_and_of_how_unlike_they_are():
    levels = np.arange(256, dtype=np.int32) % 25
    station = np.array([(slot * 7) % 5 * 32 + slot * 3 % 32 for slot in range(64)], np.uint8)
    full = partners(64, 0, arrays((6,), (0,), (5,), LAST))
    for chosen in ("tie_chance", "tie_alike"):
        tables = arrays((6,), (0,), (5,), LAST)
        rows = tables[chosen].shape[1]
        tables[chosen] = np.where(np.arange(rows) % 2 == 0, LAST, 0).astype(np.uint32)
        there = partners(64, 0, tables, station)
        for slot, other in enumerate(full):
            both = sum(int(tie.sociability(np.uint64(s), levels)) for s in (slot, other))
            unlike = int(tie.unlike(np.uint32(station[slot]), np.uint32(station[other])))
            even = (both if chosen == "tie_chance" else unlike) % 2 == 0
            assert there[slot] == (other if even else slot)


@pytest.mark.parametrize("chosen", ["tie_chance", "tie_alike"])
def test_each_of_the_ties_of_a_week_has_its_own_chances(chosen):
    tables = arrays((6, 6, 6), (0, 0, 0), (5, 5, 5), LAST)
    tables[chosen][[0, 2]] = 0
    assert [partners(64, which, tables) != list(range(64)) for which in range(3)] == [False, True, False]


def test_the_same_places_of_two_spans_have_their_own_luck():
    tables = arrays((6,), (0,), (5,), 2**31)
    there = partners(128, 0, tables)
    tied = [other != slot for slot, other in enumerate(there)]
    assert tied[:64] != tied[64:]


def test_luck_decides_tie_by_tie():
    tables = arrays((6, 6), (0, 0), (5, 5), 2**31)
    for which in (0, 1):
        there = partners(64, which, tables)
        for slot, other in enumerate(partners(64, which, arrays((6, 6), (0, 0), (5, 5), LAST))):
            luck = int(call(tie.luck_of_tie, seat(slot, 64, 6, 0), 5, slot, 6, 7 + which))
            assert there[slot] == (other if luck < 2**31 * LAST // WORDS else slot)
    assert partners(64, 0, tables) != partners(64, 1, tables)


def test_nobody_is_tied_to_the_household():
    """Homes of four: a step of 1 inside a run of four leads to somebody at home, a step of 4 to another run."""
    near, far = (partners(64, 0, arrays((6,), (2,), (step,), LAST), size=4) for step in (1, 4))
    assert near == list(range(64))
    assert all(other // 4 != slot // 4 for slot, other in enumerate(far))


def test_ties_of_a_large_society():
    citizens = 10**9
    station = np.broadcast_to(np.zeros(1, np.uint8), citizens)  # nobody is stored
    tables = arrays((8, 14, 31), (2, 0, 0), (4, 5, 77), LAST)
    for slot in (0, 123_456_789, citizens - 1):
        for which in range(3):
            there = partner(slot, citizens, which, tables, station)
            assert there != slot
            assert partner(there, citizens, which, tables, station) == slot
