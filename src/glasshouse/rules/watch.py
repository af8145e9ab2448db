"""watch: the channels turn acts into records, with gaps, inventions and mix-ups."""

from .maths import NO, TWO, YES, f32, i32, low_unit, two_counts, u32, unit

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


def recorded(luck_times: u32, times: i32, covered: i32, group: i32, daily_seen_0: f32, daily_seen_1: f32) -> tuple[i32, u32]:
    """How many of today's frequent acts are recorded: the expected number, rounded by luck to a whole one.

    daily_seen_0, daily_seen_1: the share that is seen of either group. Returns the number, and beside it in one word how
    many there were to record.
    """
    seen = daily_seen_1 if group != NO else daily_seen_0
    return entered(f32(times) * seen + low_unit(luck_times), times, covered)


def recorded_seldom(luck_often: u32, times: i32, covered: i32, group: i32, daily_seen_0: f32, daily_seen_1: f32) -> tuple[i32, u32]:
    """The same for what is hardly ever recorded, with all the bits of a word."""
    seen = daily_seen_1 if group != NO else daily_seen_0
    return entered(f32(times) * seen + unit(luck_often), times, covered)


def entered(expected: f32, times: i32, covered: i32) -> tuple[i32, u32]:
    """An expected number as a whole one, and beside it in one word how many there were; nothing of those not covered."""
    seen = i32(expected) if covered != NO else NO
    due = times if covered != NO else NO
    return seen, two_counts(seen, due)


def fined(luck_seen: u32, ordinary_seen: u32, fine: i32) -> i32:
    """The fine of the ordinary law, in fen, when an ordinary officer sees the act. The same under every regime."""
    return fine if luck_seen < ordinary_seen else NO
