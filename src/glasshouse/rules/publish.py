"""publish: one packed word a citizen, for others to read tomorrow."""

from .maths import NO, ZERO, clip_int, f32, i32, u32, u64
from .word import UNGRADED, pack


def publish(public_view: f32, voice: f32, grade: i32, kept: i32, covered: i32, gap: i32, mask: u32, widest_gap: i32, flags: u32, living: u32) -> u64:
    """What others may know tomorrow: approval said aloud, voice, grade if there is one, ties kept, score less base,
    consequences in force. One who does not live keeps no tie, and says and bears nothing."""
    if (flags & living) == u32(0):
        return pack(ZERO, ZERO, UNGRADED, NO, NO, NO, u32(0))
    shown = grade if covered != NO else UNGRADED
    return pack(public_view, voice, shown, kept, covered, clip_int(gap, -widest_gap, widest_gap), mask)
