"""word and publish: what others may read of a citizen tomorrow, in 64 bits."""

import re

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import call, given

from glasshouse.day import CONSEQUENCES
from glasshouse.rules import word
from glasshouse.rules.publish import publish, spoken

WIDEST = 2047
# name -> (reader, first bit, bits, lowest value, highest value), as the table in word.py states them
PARTS = {
    "grade": (word.grade_of, 15, 4, 0, 15),
    "ties": (word.ties_of, 19, 8, 0, 255),
    "covered": (word.covered_of, 27, 1, 0, 1),
    "gap": (word.gap_of, 28, 12, -2048, 2047),
    "mask": (word.mask_of, 40, 24, 0, 0xFFFFFF),
}
QUIET = {"opinion": 0.0, "voice": 0.0, "grade": 0, "ties": 0, "covered": 0, "gap": -2048, "mask": 0}
whole = {name: st.integers(low, high) for name, (_, _, _, low, high) in PARTS.items()}


@given(st.integers(0, 1023), st.integers(0, 31), st.fixed_dictionaries(whole))
def test_what_is_packed_is_what_is_read(opinion, voice, parts):
    packed = call(word.pack, opinion=opinion / 1023, voice=voice / 31, **parts)
    assert {name: call(PARTS[name][0], packed) for name in PARTS} == parts
    assert call(word.opinion_of, packed) == pytest.approx(opinion / 1023, abs=1e-6)
    assert call(word.voice_of, packed) == pytest.approx(voice / 31, abs=1e-6)


@given(opinion=st.floats(0, 1), voice=st.floats(0, 1))
def test_shares_are_rounded_to_the_nearest_step(opinion, voice):
    packed = call(word.pack, **QUIET | {"opinion": opinion, "voice": voice})
    assert abs(call(word.opinion_of, packed) - opinion) <= 0.5 / 1023 + 1e-6
    assert abs(call(word.voice_of, packed) - voice) <= 0.5 / 31 + 1e-6


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("end", ["lowest", "highest"])
def test_each_part_stands_in_its_own_bits(name, end):
    _, first, size, low, high = PARTS[name]
    packed = int(call(word.pack, **QUIET | {name: low if end == "lowest" else high}))
    assert packed == (0 if end == "lowest" else (1 << size) - 1) << first


def test_opinion_and_voice_stand_in_the_lowest_bits():
    assert call(word.pack, **QUIET | {"opinion": 1.0}) == 0x3FF
    assert call(word.pack, **QUIET | {"voice": 1.0}) == 0x1F << 10
    assert call(word.opinion_of, 0x3FF) == 1
    assert call(word.voice_of, 0x1F << 10) == 1


def test_the_parts_fill_the_word_and_none_stands_in_another():
    """Conservation: opinion and voice, then the others, 64 bits in all."""
    places = [*range(10), *range(10, 15), *(first + i for _, first, size, *_ in PARTS.values() for i in range(size))]
    assert sorted(places) == list(range(64))


def test_there_is_a_bit_for_every_consequence_of_a_run():
    assert PARTS["mask"][2] == CONSEQUENCES


def test_the_table_of_the_file_is_the_one_tested_here():
    rows = re.findall(r"^\| (\d+)(?:-(\d+))? \|", word.__doc__, re.MULTILINE)
    told = [(int(first), int(last or first) - int(first) + 1) for first, last in rows]
    assert told == [(0, 10), (10, 5), *((first, size) for _, first, size, *_ in PARTS.values())]


@given(bits=st.integers(0, 2**64 - 1))
def test_every_word_can_be_read_and_packed_again(bits):
    parts = {name: int(call(PARTS[name][0], bits)) for name in PARTS}
    shares = {"opinion": call(word.opinion_of, bits), "voice": call(word.voice_of, bits)}
    assert call(word.pack, **parts, **shares) == bits


def published(**changes) -> int:
    given = {
        "public_view": 0.5,
        "voice": 1.0,
        "grade": 3,
        "kept": 0b10110101,
        "next_tie": 0,
        "covered": 1,
        "gap": -42,
        "mask": 0x800001,
        "widest_gap": WIDEST,
        "list_alone": 0,
        "named": 0,
        "flags": 0b0110,
        "living": 0b0010,
    }
    return call(publish, **given | changes)


def test_a_citizen_who_is_scored_publishes_grade_and_gap():
    seen = published()
    assert [call(PARTS[n][0], seen) for n in PARTS] == [3, 0b10110101, 1, -42, 0x800001]
    assert call(word.opinion_of, seen) == pytest.approx(0.5, abs=5e-4)
    assert call(word.voice_of, seen) == 1


@pytest.mark.parametrize("flags", [0, 0b0101])
def test_one_who_does_not_live_keeps_no_tie_and_says_and_bears_nothing(flags):
    seen = published(flags=flags)
    assert [call(PARTS[n][0], seen) for n in PARTS] == [word.UNGRADED, 0, 0, 0, 0]
    assert (call(word.opinion_of, seen), call(word.voice_of, seen)) == (0, 0)


@pytest.mark.parametrize(("first", "ties"), [(0, 0b00110101), (4, 0b11100011), (8, 0b10011110), (12, 0b01011001)])
def test_the_ties_of_two_weeks_are_published_this_week_first(first, ties):
    """1001 1110 0011 0101: a bit a tie, and after the last comes the first again."""
    kept = 0b1001_1110_0011_0101
    assert call(spoken, kept, first) == sum(1 << i for i in range(8) if kept >> (first + i) % 16 & 1) == ties
    assert call(word.ties_of, published(kept=kept, next_tie=first)) == ties
    assert call(spoken, 0xFFFF, first) == 0xFF


@pytest.mark.parametrize("grade", range(8))
def test_one_who_is_not_scored_has_no_grade(grade):
    assert call(word.grade_of, published(grade=grade, covered=0)) == word.UNGRADED == 15
    assert call(word.covered_of, published(grade=grade, covered=0)) == 0
    assert call(word.grade_of, published(grade=grade)) == grade


@given(gap=st.integers(-100_000, 100_000), widest=st.sampled_from([500, WIDEST]))
def test_a_gap_too_wide_for_the_word_is_cut_and_spills_into_nothing(gap, widest):
    seen = published(gap=gap, widest_gap=widest)
    assert call(word.gap_of, seen) == max(-widest, min(widest, gap))
    assert [call(PARTS[n][0], seen) for n in ("grade", "ties", "covered", "mask")] == [3, 0b10110101, 1, 0x800001]


@pytest.mark.parametrize("covered", [0, 1])
@pytest.mark.parametrize("grade", range(8))
def test_a_list_alone_shows_no_grade(grade, covered):
    assert call(word.grade_of, published(grade=grade, covered=covered, list_alone=1)) == word.UNGRADED


@pytest.mark.parametrize(("covered", "list_alone"), [(0, 0), (1, 0), (0, 1), (1, 1)])
@pytest.mark.parametrize("grade", range(8))
def test_whose_name_is_published_counts_as_of_the_lowest_grade(grade, covered, list_alone):
    seen = published(grade=grade, covered=covered, list_alone=list_alone, named=1)
    assert [call(PARTS[n][0], seen) for n in PARTS] == [0, 0b10110101, covered, -42, 0x800001]
    assert call(word.grade_of, published(named=1, flags=0b0101)) == word.UNGRADED  # the dead have no name to lose
