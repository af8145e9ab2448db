"""A rule of one's own: people object only to records that cost them much."""

from glasshouse.rules.maths import NO, YES, i32, u32

MUCH = i32(10)  # points


def files(luck_file: u32, aware: i32, points: i32, open_until: i32, file_chance: u32) -> i32:
    """Does the citizen contest a record? As the shipped rule has it, but only from ten points on."""
    if aware == NO or points > -MUCH or open_until > NO:
        return NO
    return YES if luck_file < file_chance else NO
