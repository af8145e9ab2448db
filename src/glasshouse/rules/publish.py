"""publish: one packed word a citizen, for others to read tomorrow."""

from .maths import LOW_BYTE, NO, SIXTEEN, ZERO, clip_int, f32, i32, u32, u64
from .word import UNGRADED, pack


def spoken(kept: i32, next_tie: i32) -> i32:
    """Of sixteen bits, eight: those of the ties that talk in tomorrow's week, from `next_tie` on, and in the week after."""
    return i32(((u32(kept) | (u32(kept) << SIXTEEN)) >> u32(next_tie)) & LOW_BYTE)


def publish(public_view: f32, voice: f32, grade: i32, kept: i32, next_tie: i32, covered: i32, gap: i32, mask: u32, widest_gap: i32, list_alone: i32,
            named: i32, flags: u32, living: u32) -> u64:
    """What others may know tomorrow: approval said aloud, voice, grade if there is one, the ties kept of those who may ask, score less base,
    consequences in force. A list alone gives no grade; one whose name is published as a bad example counts as of the lowest. One who does
    not live keeps no tie, and says and bears nothing."""
    if (flags & living) == u32(0):
        return pack(ZERO, ZERO, UNGRADED, NO, NO, NO, u32(0))
    shown = grade if covered != NO and list_alone == NO else UNGRADED
    shown = NO if named != NO else shown
    return pack(public_view, voice, shown, spoken(kept, next_tie), covered, clip_int(gap, -widest_gap, widest_gap), mask)
