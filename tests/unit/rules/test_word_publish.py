"""word and publish: what others may read of a citizen tomorrow, in 64 bits."""

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import call, given

from glasshouse.rules import word
from glasshouse.rules.publish import publish

WIDEST = 32767
# name -> (reader, first bit, bits, lowest value, highest value), as the table in word.py states them
PARTS = {
    "grade": (word.grade_of, 18, 4, 0, 15),
    "ties": (word.ties_of, 22, 8, 0, 255),
    "covered": (word.covered_of, 30, 1, 0, 1),
    "gap": (word.gap_of, 32, 16, -32768, 32767),
    "mask": (word.mask_of, 48, 16, 0, 0xFFFF),
}
QUIET = {"opinion": 0.0, "voice": 0.0, "grade": 0, "ties": 0, "covered": 0, "gap": -32768, "mask": 0}
whole = {name: st.integers(low, high) for name, (_, _, _, low, high) in PARTS.items()}


@given(st.integers(0, 4095), st.integers(0, 63), st.fixed_dictionaries(whole))
def test_what_is_packed_is_what_is_read(opinion, voice, parts):
    packed = call(word.pack, opinion=opinion / 4095, voice=voice / 63, **parts)
    assert {name: call(PARTS[name][0], packed) for name in PARTS} == parts
    assert call(word.opinion_of, packed) == pytest.approx(opinion / 4095, abs=1e-6)
    assert call(word.voice_of, packed) == pytest.approx(voice / 63, abs=1e-6)


@given(opinion=st.floats(0, 1), voice=st.floats(0, 1))
def test_shares_are_rounded_to_the_nearest_step(opinion, voice):
    packed = call(word.pack, **QUIET | {"opinion": opinion, "voice": voice})
    assert abs(call(word.opinion_of, packed) - opinion) <= 0.5 / 4095 + 1e-6
    assert abs(call(word.voice_of, packed) - voice) <= 0.5 / 63 + 1e-6


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("end", ["lowest", "highest"])
def test_each_part_stands_in_its_own_bits(name, end):
    _, first, size, low, high = PARTS[name]
    packed = int(call(word.pack, **QUIET | {name: low if end == "lowest" else high}))
    assert packed == (0 if end == "lowest" else (1 << size) - 1) << first


def test_opinion_and_voice_stand_in_the_lowest_bits():
    assert call(word.pack, **QUIET | {"opinion": 1.0}) == 0xFFF
    assert call(word.pack, **QUIET | {"voice": 1.0}) == 0x3F << 12
    assert call(word.opinion_of, 0xFFF) == 1
    assert call(word.voice_of, 0x3F << 12) == 1


@given(bits=st.integers(0, 2**64 - 1))
def test_every_word_can_be_read_and_packed_again(bits):
    bits &= ~(1 << 31)  # the one bit without a meaning
    parts = {name: int(call(PARTS[name][0], bits)) for name in PARTS}
    shares = {"opinion": call(word.opinion_of, bits), "voice": call(word.voice_of, bits)}
    assert call(word.pack, **parts, **shares) == bits


def published(**changes) -> int:
    given = {
        "public_view": 0.5,
        "voice": 1.0,
        "grade": 3,
        "kept": 0b10110101,
        "covered": 1,
        "gap": -42,
        "mask": 0x8001,
        "widest_gap": WIDEST,
    }
    return call(publish, **given | changes)


def test_a_citizen_who_is_scored_publishes_grade_and_gap():
    seen = published()
    assert [call(PARTS[n][0], seen) for n in PARTS] == [3, 0b10110101, 1, -42, 0x8001]
    assert call(word.opinion_of, seen) == pytest.approx(0.5, abs=1.3e-4)
    assert call(word.voice_of, seen) == 1


@pytest.mark.parametrize("grade", range(8))
def test_one_who_is_not_scored_has_no_grade(grade):
    assert call(word.grade_of, published(grade=grade, covered=0)) == word.UNGRADED == 15
    assert call(word.covered_of, published(grade=grade, covered=0)) == 0
    assert call(word.grade_of, published(grade=grade)) == grade


@given(gap=st.integers(-100_000, 100_000), widest=st.sampled_from([1000, WIDEST]))
def test_a_gap_too_wide_for_the_word_is_cut_and_spills_into_nothing(gap, widest):
    seen = published(gap=gap, widest_gap=widest)
    assert call(word.gap_of, seen) == max(-widest, min(widest, gap))
    assert [call(PARTS[n][0], seen) for n in ("grade", "ties", "covered", "mask")] == [3, 0b10110101, 1, 0x8001]
