"""The public word: all that others may read of a citizen tomorrow, packed into 64 bits.

| bits | what |
|---|---|
| 0-11 | public opinion, in 1/4095 |
| 12-17 | voice: how loudly it is heard, in 1/63 |
| 18-21 | grade; 15 when ungraded |
| 22-29 | talking ties that this end keeps |
| 30 | covered by the regime today |
| 32-47 | score less base, plus 32768 |
| 48-63 | consequences in force |
"""

from .maths import HALF, ZERO, f32, i32, u32, u64

_OPINION = f32(4095)
_VOICE = f32(63)
_AT_12 = u64(12)
_AT_18 = u64(18)
_AT_22 = u64(22)
_AT_30 = u64(30)
_AT_32 = u64(32)
_AT_48 = u64(48)
_OPINION_BITS = u64(0xFFF)
_VOICE_BITS = u64(0x3F)
_GRADE_BITS = u64(0xF)
_TIE_BITS = u64(0xFF)
_GAP_BITS = u64(0xFFFF)
_MIDDLE = i32(32768)
_PER_OPINION = f32(1 / 4095)
_PER_VOICE = f32(1 / 63)
UNGRADED = i32(15)


def pack(opinion: f32, voice: f32, grade: i32, ties: i32, covered: i32, gap: i32, mask: u32) -> u64:
    """The public word of one citizen: opinion and voice are shares, gap is the score less the base."""
    low = u64(i32(opinion * _OPINION + HALF)) | (u64(i32(voice * _VOICE + HALF)) << _AT_12)
    middle = (u64(grade) << _AT_18) | (u64(ties) << _AT_22) | (u64(covered) << _AT_30)
    return low | middle | (u64(gap + _MIDDLE) << _AT_32) | (u64(mask) << _AT_48)


def opinion_of(word: u64) -> f32:
    """The public opinion in a word, 0..1."""
    return f32(i32(word & _OPINION_BITS)) * _PER_OPINION


def voice_of(word: u64) -> f32:
    """How loudly the citizen is heard, 0..1."""
    return f32(i32((word >> _AT_12) & _VOICE_BITS)) * _PER_VOICE


def grade_of(word: u64) -> i32:
    """The grade in a word; UNGRADED for one who has none."""
    return i32((word >> _AT_18) & _GRADE_BITS)


def ties_of(word: u64) -> i32:
    """The tie bits that this end keeps."""
    return i32((word >> _AT_22) & _TIE_BITS)


def covered_of(word: u64) -> i32:
    """1 for a citizen whom the regime covers."""
    return i32((word >> _AT_30) & u64(1))


def gap_of(word: u64) -> i32:
    """The score less the base."""
    return i32((word >> _AT_32) & _GAP_BITS) - _MIDDLE


def mask_of(word: u64) -> u32:
    """The consequences in force, a bit each."""
    return u32(word >> _AT_48)
