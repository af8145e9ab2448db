"""watch: the channels turn acts into records, with gaps, inventions and mix-ups."""

from .maths import NO, TWO, f32, i32, u32, unit

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


def recorded(luck_seen: u32, times: i32, covered: i32, daily_seen: f32) -> tuple[i32, i32]:
    """How many of today's frequent acts are recorded: the expected number, rounded by luck to a whole one; and how many
    there were to record."""
    if covered == NO:
        return NO, NO
    return i32(f32(times) * daily_seen + unit(luck_seen)), times


def fined(luck_seen: u32, ordinary_seen: u32, fine: i32) -> i32:
    """The fine of the ordinary law, in fen, when an ordinary officer sees the act. The same under every regime."""
    return fine if luck_seen < ordinary_seen else NO
