"""Schelling: people of two kinds on a ring, content where half of those around are like them. How far apart do they move?

Two who are unlike and both discontent change places when they are paired. Of discontent neighbours the one moves first whose word of
luck is lower, for a hundred days the same, so that no two move at once who are around each other. Nothing is kept but who lives where.
"""

from functools import cache

import numpy as np

from glasshouse.model import Field, Luck, Model, Number, Run, Step, f32, i32, simulate, u32, u64, unit
from glasshouse.model.pairs import matched, word_of
from glasshouse.models.rows import Row

TURN = i32(100)


def lives(luck_kind: u32, ones: f32) -> i32:
    """Which kind lives here at first."""
    return i32(unit(luck_kind) < ones)


def discontent(slot: u64, citizens: u64, near: u64, wanted: f32, their_kind: np.ndarray) -> bool:
    """Are fewer than the share wanted like oneself, of so many on either side and oneself?"""
    alike = i32(0)
    for step in range(near + near + u64(1)):
        alike = alike + i32(their_kind[(slot + citizens + u64(step) - near) % citizens] == their_kind[slot])
    return f32(alike) < wanted * f32(i32(near) + i32(near) + i32(1))


def ready(slot: u64, citizens: u64, near: u64, wanted: f32, their_kind: np.ndarray, luck_turn: u32, day: i32) -> bool:
    """Is one discontent, and of those around nobody whose turn comes before?"""
    found = discontent(slot, citizens, near, wanted, their_kind)
    turns = u32(day // TURN)
    for step in range(near + near + u64(1)):
        other = (slot + citizens + u64(step) - near) % citizens
        before = word_of(other, luck_turn, turns) < word_of(slot, luck_turn, turns)
        found = found and not (before and discontent(other, citizens, near, wanted, their_kind))
    return found


def meets(slot: u64, citizens: u64, luck_a: u32, luck_b: u32, luck_c: u32, luck_d: u32) -> u32:
    """All are paired anew every day."""
    return matched(slot, citizens, luck_a, luck_b, luck_c, luck_d)


def changes(
    slot: u64, who: u32, citizens: u64, near: u64, wanted: f32, their_kind: np.ndarray, luck_turn: u32, day: i32
) -> tuple[i32, i32]:
    """Who lives here next, and whether that is somebody else: two unlike, both ready, change places."""
    mine, theirs, other = i32(their_kind[slot]), i32(their_kind[who]), u64(who)
    moves = mine != theirs and ready(slot, citizens, near, wanted, their_kind, luck_turn, day)
    moves = moves and ready(other, citizens, near, wanted, their_kind, luck_turn, day)
    return (theirs if moves else mine), i32(moves)


def looks(slot: u64, citizens: u64, near: u64, wanted: f32, their_kind: np.ndarray) -> tuple[i32, i32]:
    """As the day began: whether the next one was of the other kind, and whether one was discontent."""
    border = their_kind[slot] != their_kind[(slot + u64(1)) % citizens]
    return i32(border), i32(discontent(slot, citizens, near, wanted, their_kind))


MODEL = Model(
    name="Schelling",
    about="How far apart do two kinds of people move who want half of those around to be like them?",
    source="Schelling 1971, J. Math. Sociol. 1:143; on a ring, with places changed, Brandt, Immorlica, Kamath & Kleinberg 2012, STOC.",
    fields=(Field("kind", "u1", "", "0 or 1: which kind lives here.", high=1, seen=True),),
    numbers=(
        Number("near", 1, "places", "made", "How far around one looks, on either side.", dtype="u8"),
        Number("wanted", 0.5, "share", "remembered", "Of those around and oneself, who should be like oneself.", 0, 1),
        Number("ones", 0.5, "share", "made", "Of the second kind.", 0, 1),
    ),
    luck=(
        Luck("Schelling.start", ("luck_kind", "luck_2", "luck_3", "luck_4")),
        Luck("Schelling.turn", ("luck_turn", "luck_5", "luck_6", "luck_7"), lasting=True, of="citizens"),
        Luck("Schelling.pairs", ("luck_a", "luck_b", "luck_c", "luck_d"), of="citizens"),
    ),
    start=(Step(lives, "tile", ("kind",)),),
    chain=(
        Step(meets, "tile", ("who",), shared=True),
        Step(looks, "tile", ("=borders", "=restless")),
        Step(changes, "tile", ("kind|=ones_there", "=moves")),
    ),
    totals=("borders", "restless", "ones_there", "moves"),
    size=(20_000, 2_000),
)
CITIZENS = 20_000


@cache
def settled() -> Run:
    """20,000 people after 2,000 days: a few of the kind that has more discontent ones find nobody left to change with."""
    return simulate(MODEL, citizens=CITIZENS, days=2000)


def total(name: str, day: int) -> float:
    """A total of a day, a place."""
    return float(settled().totals[name][day, 0] / CITIZENS)


def lost() -> float:
    """Borders that went, for each who moved."""
    return float((total("borders", 0) - total("borders", -1)) * CITIZENS / settled().totals["moves"][:-1].sum())


def made() -> float:
    """By how much the number of the second kind changed."""
    return float(np.ptp(settled().totals["ones_there"]))


END = "1 / 2e: lone ones move in any order until none is left"
ROWS = (
    Row("borders at first", 0.5, 0.0142, "sampled", "derived", "a coin for each", lambda: total("borders", 0)),
    Row("borders in the end", 0.18394, 0.011, "sampled", "derived", END, lambda: total("borders", -1)),
    Row("discontent at first", 0.25, 0.016, "sampled", "derived", "both neighbours unlike", lambda: total("restless", 0)),
    Row("borders lost by a move", 2, 1e-9, "exact", "derived", "a lone one joins both neighbours", lost),
    Row("people made or lost", 0, 0, "exact", "derived", "places are changed, in pairs", made),
)
