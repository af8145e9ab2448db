"""watch: the channels turn acts into records, with gaps, inventions and mix-ups."""

from .maths import NO, TWO, YES, f32, i32, two_counts, u32, unit

MISSED = i32(0)
OWN = i32(1)
SENT = TWO


def outcome(luck_seen: u32, luck_sent: u32, covered: i32, seen: u32, strays: u32) -> i32:
    """What becomes of an act: missed, recorded on the citizen who did it, or pinned on somebody else.

    `seen` and `strays` are chances in 2**-32: that the regime gets a record, and that it lands on the wrong person.
    """
    if covered == NO or luck_seen >= seen:
        return MISSED
    return SENT if luck_sent < strays else OWN


def invented(kind_class: i32, covered: i32, false_class: i32) -> i32:
    """Is this a record that no act stands behind, of somebody who is scored?"""
    return YES if kind_class == false_class and covered != NO else NO


def recorded(luck_filed: u32, times: i32, covered: i32, was_covered: i32, group: i32, daily_seen_0: f32, daily_seen_1: f32) -> tuple[i32, u32]:
    """How many of a week's frequent acts enter the file: the expected number, rounded by luck to a whole one; none of those
    whom the rule did not cover when the week began, or does not when it ends.

    daily_seen_0, daily_seen_1: the share that is seen of either group. Returns the number, and beside it in one word how
    many there were to record.
    """
    if covered == NO or was_covered == NO:
        return NO, u32(0)
    share = daily_seen_1 if group != NO else daily_seen_0
    seen = i32(f32(times) * share + unit(luck_filed))
    return seen, two_counts(seen, times)


def fined(luck_seen: u32, ordinary_seen: u32, fine: i32) -> i32:
    """The fine of the ordinary law, in fen, when an ordinary officer sees the act. The same under every regime."""
    return fine if luck_seen < ordinary_seen else NO


def entered(booked: i32, blamed: i32, group: i32, luck_missed: u32, luck_false: u32, missed: u32, false_0: u32,
            false_1: u32) -> tuple[i32, i32, i32]:
    """What becomes of an answer in a register of who deserves help: 1 in bad standing. It may be missed, or the contrary entered.

    missed, false_0, false_1: chances in 2**-32, the last two by the group of the one who answered. Returns the entry, whether it was
    missed, and whether it is false.
    """
    if luck_missed < missed:
        return booked, YES, NO
    false = i32(luck_false < (false_1 if group != NO else false_0))
    return blamed ^ false, NO, false
