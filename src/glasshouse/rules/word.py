"""The public word: all that others may read of a citizen tomorrow, packed into 64 bits.

| bits | what |
|---|---|
| 0-9 | public opinion, in 1/1023 |
| 10-14 | voice: how loudly it is heard, in 1/31 |
| 15-18 | grade; 15 when ungraded; 0 for one whose name is published |
| 19-26 | of the eight ties that talk this week and the next, those that this end keeps |
| 27 | covered by the regime today |
| 28-39 | score less base, plus 2048 |
| 40-63 | consequences in force |
"""

from .maths import HALF, f32, i32, u32, u64

_OPINION = f32(1023)
_VOICE = f32(31)
_VOICE_AT = u64(10)
_GRADE_AT = u64(15)
_TIES_AT = u64(19)
COVERED_AT = u64(27)
_GAP_AT = u64(28)
_MASK_AT = u64(40)
_OPINION_BITS = u64(0x3FF)
_VOICE_BITS = u64(0x1F)
_GRADE_BITS = u64(0xF)
_TIE_BITS = u64(0xFF)
_GAP_BITS = u64(0xFFF)
_MIDDLE = i32(2048)
_PER_OPINION = f32(1 / 1023)
_PER_VOICE = f32(1 / 31)
UNGRADED = i32(15)


def pack(opinion: f32, voice: f32, grade: i32, ties: i32, covered: i32, gap: i32, mask: u32) -> u64:
    """The public word of one citizen: opinion and voice are shares, gap is the score less the base."""
    low = u64(i32(opinion * _OPINION + HALF)) | (u64(i32(voice * _VOICE + HALF)) << _VOICE_AT)
    middle = (u64(grade) << _GRADE_AT) | (u64(ties) << _TIES_AT) | (u64(covered) << COVERED_AT)
    return low | middle | (u64(gap + _MIDDLE) << _GAP_AT) | (u64(mask) << _MASK_AT)


def opinion_of(word: u64) -> f32:
    """The public opinion in a word, 0..1."""
    return f32(i32(word & _OPINION_BITS)) * _PER_OPINION


def voice_of(word: u64) -> f32:
    """How loudly the citizen is heard, 0..1."""
    return f32(i32((word >> _VOICE_AT) & _VOICE_BITS)) * _PER_VOICE


def grade_of(word: u64) -> i32:
    """The grade in a word; UNGRADED for one who has none."""
    return i32((word >> _GRADE_AT) & _GRADE_BITS)


def ties_of(word: u64) -> i32:
    """The bits of the eight ties of a week and the next, set where this end keeps the tie."""
    return i32((word >> _TIES_AT) & _TIE_BITS)


def covered_of(word: u64) -> i32:
    """1 for a citizen whom the regime covers."""
    return i32((word >> COVERED_AT) & u64(1))


def gap_of(word: u64) -> i32:
    """The score less the base."""
    return i32((word >> _GAP_AT) & _GAP_BITS) - _MIDDLE


def mask_of(word: u64) -> u32:
    """The consequences in force, a bit each."""
    return u32(word >> _MASK_AT)
