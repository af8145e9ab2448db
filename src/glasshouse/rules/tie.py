"""tie: who may be tied to whom, from the slot alone, and whether they are.

A group is made of the slots of a span (a power of two), shuffled; groups are stretches of the shuffled places, so the members of one's
group are the places that differ in the low bits only. A step, one number, leads from either end to the other: every tie is mutual.
Neighbouring slots may be shuffled together, run by run, so that a household shares its kin.
"""

import numpy as np

from .maths import (
    ALL_BITS,
    FIFTH_AT,
    GOLDEN,
    LAST_STEP,
    LEVEL_SUMS,
    NO,
    TOP_BYTE,
    UNLIKE,
    WORD_SIZE,
    YES,
    apart,
    below,
    i32,
    minus,
    mixed,
    plus,
    product,
    share_of,
    u32,
    u64,
)

_ONE = u32(1)


def shuffled(place: u32, left: u32, fold: u32, odd: u32, more: u32, turn: u32) -> u32:
    """Another of `left` places, each exactly once.

    They are parted into the largest power of two that fits, then the largest that fits into the rest, and so on: each part is
    multiplied and turned, folded, and multiplied again within itself. fold: at least half the bits of the largest part.
    """
    last = below(place ^ left)  # the place lies in the part whose bit is set in `left` alone
    a = plus(product(place, odd), turn) & last
    return (place & ~last) | (product(a ^ (a >> fold), more) & last)


def unshuffled(place: u32, left: u32, fold: u32, odd_back: u32, more_back: u32, turn: u32) -> u32:
    """The place that `shuffled` brought here, given the inverses of its two factors modulo 2**32, and its turn."""
    last = below(place ^ left)
    a = product(place, more_back) & last
    return (place & ~last) | (product(minus(a ^ (a >> fold), turn), odd_back) & last)


def moved_on(place: u32, left: u32, by: u32) -> u32:
    """A place of `left` further on, counted round, by a share of them in 2**-32."""
    there = place + share_of(left, by)
    return u32(there - left if there >= left else there)


def moved_back(place: u32, left: u32, by: u32) -> u32:
    """The place that `moved_on` brought here."""
    there = place + (left - share_of(left, by))
    return u32(there - left if there >= left else there)


def begins(slot: u64, span: u32) -> u32:
    """The first slot of the span of 2**span slots that a slot lies in."""
    return u32((u32(slot) >> span) << span)


def runs_left(slot: u64, citizens: u64, span: u32, run: u32) -> u32:
    """Runs of 2**run slots in the span that a slot lies in: fewer in the last one; the last run may be incomplete."""
    return u32((min(u32(citizens) - begins(slot, span), _ONE << span) + (_ONE << run) - _ONE) >> run)


def fold_of(span: u32, run: u32) -> u32:
    """Half the bits of the number of runs in a span, rounded up."""
    return u32((span - run + _ONE) >> _ONE)


def seat(slot: u64, citizens: u64, span: u32, run: u32, odd: u32, more: u32, turn: u32, by: u32) -> u32:
    """A citizen's place among the shuffled ones of the span of 2**span slots, runs of 2**run slots kept together.

    All move on and are shuffled twice, so that who was in another part of a span that is not full may come into one's own.
    """
    left, fold = runs_left(slot, citizens, span, run), fold_of(span, run)
    once = shuffled(moved_on(u32((u32(slot) - begins(slot, span)) >> run), left, by), left, fold, odd, more, turn)
    twice = shuffled(moved_on(once, left, by), left, fold, odd, more, turn)
    return (twice << run) | (u32(slot) & ((_ONE << run) - _ONE))


def seated(place: u32, slot: u64, citizens: u64, span: u32, run: u32, odd_back: u32, more_back: u32, turn: u32, by: u32) -> u32:
    """The slot of whoever has a shuffled place of the span that a slot lies in; that slot itself where nobody has."""
    left, fold = runs_left(slot, citizens, span, run), fold_of(span, run)
    among = u32(place >> run)
    once = moved_back(unshuffled(among, left, fold, odd_back, more_back, turn), left, by)
    there = moved_back(unshuffled(once, left, fold, odd_back, more_back, turn), left, by)
    other = begins(slot, span) + ((there << run) | (place & ((_ONE << run) - _ONE)))
    return u32(other if among < left and other < u32(citizens) else u32(slot))


def sociability(slot: u64, levels: np.ndarray) -> u32:
    """How sociable a citizen is: a level of the table, by a byte that the slot stands for."""
    return u32(levels[((slot * GOLDEN) & ALL_BITS) >> TOP_BYTE])


def luck_of_tie(place: u32, step: u32, slot: u64, span: u32, salt: u32) -> u32:
    """A word of luck that the two ends of a possible tie share: of the lower of their places, the span, and the tie's own salt."""
    return mixed(plus(begins(slot, span), min(place, place ^ step)) ^ salt)


def end(slot: u64, citizens: u64, span: u32, run: u32, step: u32, salt: u32, odd: u32, more: u32, turn: u32, by: u32, odd_back: u32,
        more_back: u32) -> tuple[u32, u32]:
    """Who might stand at the other end of a tie, one's own slot where nobody does, and the luck that the two share."""
    mine = seat(slot, citizens, span, run, odd, more, turn, by)
    other = seated(mine ^ step, slot, citizens, span, run, odd_back, more_back, turn, by)
    return other, luck_of_tie(mine, step, slot, span, salt)


def unlike(station: u32, other: u32) -> u32:
    """How unlike two citizens are, as a place in a table: by fifths of income apart, then by steps of age apart.

    station: the fifth times 32, plus the step of age.
    """
    fifths = apart(station >> FIFTH_AT, other >> FIFTH_AT)
    return (fifths << FIFTH_AT) | apart(station & LAST_STEP, other & LAST_STEP)


def tied(luck: u32, chance: u32, alike: u32) -> i32:
    """Do two who might be tied know each other? By the chance of those so close and so sociable, times that of those so unlike."""
    return YES if u64(luck) < ((u64(chance) * u64(alike)) >> WORD_SIZE) else NO


def away(slot: u64, other: u32, place: i32, size: i32) -> i32:
    """Is the other one somebody else, and not of the household?"""
    first = slot - u64(place)
    return i32(u64(other) < first) | i32(u64(other) >= first + u64(size))


def partner(slot: u64, place: i32, size: i32, station: i32, whole_station: np.ndarray, other: u32, luck: u32, tie_chance: np.ndarray,
            tie_alike: np.ndarray, tie_levels: np.ndarray, spoken: u32) -> u32:
    """The slot at the other end of a tie; one's own slot where the two do not know each other.

    spoken: which of the four ties of a week it is. tie_chance, by these and the sum of two levels, and tie_alike, by these and how
    unlike two are: in 2**-32.
    """
    chance = tie_chance[u64(spoken * LEVEL_SUMS) + sociability(slot, tie_levels) + sociability(u64(other), tie_levels)]
    alike = tie_alike[u64(spoken * UNLIKE) + unlike(u32(station), u32(whole_station[other]))]
    return other if (tied(luck, chance, alike) & away(slot, other, place, size)) != NO else u32(slot)
