"""tie: who may be tied to whom, from the slot alone, and whether they are.

A group is made of the slots of a span (a power of two), shuffled; groups are stretches of the shuffled places, so the members of one's
group are the places that differ in the low bits only. A step, one number, leads from either end to the other: every tie is mutual.
Neighbouring slots may be shuffled together, run by run, so that a household shares its kin.
"""

import numpy as np

from .maths import AGE_STEPS, ALL_BITS, FIFTH_AT, FIVE, FOUR, GOLDEN, THREE, TOP_BYTE, TWO, WORD_SIZE, YES, i32, mixed, u32, u64

_ONE = u64(1)
_NONE = u64(0)
_LAST_STEP = AGE_STEPS - YES


def shuffled(place: u64, bits: u64, odd: u64, more: u64, turn: u64) -> u64:
    """Another place of a span of 2**bits, each place exactly once: multiplied and turned, folded, multiplied again."""
    last = (_ONE << bits) - _ONE
    a = (place * odd + turn) & last
    return ((a ^ (a >> ((bits + _ONE) >> _ONE))) * more) & last


def unshuffled(place: u64, bits: u64, odd_back: u64, more_back: u64, turn_back: u64) -> u64:
    """The place that `shuffled` brought here, given the inverses of its two factors and of its turn (modulo 2**32)."""
    last = (_ONE << bits) - _ONE
    a = (place * more_back) & last
    b = ((a ^ (a >> ((bits + _ONE) >> _ONE))) + turn_back) & last
    return (b * odd_back) & last


def bits_for(count: u64, most: u64) -> u64:
    """The bits of the smallest power of two that is not below a count, at most `most`; no loop where the span is more than half full."""
    bits = most
    while bits > _NONE and (_ONE << (bits - _ONE)) >= count:
        bits = bits - _ONE
    return bits


def seat(slot: u64, citizens: u64, span: u64, run: u64, odd: u64, more: u64, turn: u64) -> u64:
    """A citizen's place among the shuffled ones of the span of 2**span slots, runs of 2**run slots kept together.

    In the last span, which may be incomplete, the shuffle walks on past places that nobody has.
    """
    first = (slot >> span) << span
    runs = (min(citizens - first, _ONE << span) + (_ONE << run) - _ONE) >> run
    bits = bits_for(runs, span - run)
    place = shuffled((slot - first) >> run, bits, odd, more, turn)
    while place >= runs:
        place = shuffled(place, bits, odd, more, turn)
    return (place << run) | (slot & ((_ONE << run) - _ONE))


def seated(place: u64, slot: u64, citizens: u64, span: u64, run: u64, odd_back: u64, more_back: u64, turn_back: u64) -> u64:
    """The slot of whoever has a shuffled place of the span that a slot lies in; that slot itself where nobody has."""
    first = (slot >> span) << span
    left = min(citizens - first, _ONE << span)
    runs = (left + (_ONE << run) - _ONE) >> run
    if (place >> run) >= runs:
        return slot
    bits = bits_for(runs, span - run)
    there = unshuffled(place >> run, bits, odd_back, more_back, turn_back)
    while there >= runs:
        there = unshuffled(there, bits, odd_back, more_back, turn_back)
    there = (there << run) | (place & ((_ONE << run) - _ONE))
    return first + there if there < left else slot


def sociability(slot: u64, levels: np.ndarray) -> i32:
    """How sociable a citizen is: a level of the table, by a byte that the slot stands for."""
    return levels[((slot * GOLDEN) & ALL_BITS) >> TOP_BYTE]


def luck_of_tie(place: u64, step: u64, slot: u64, span: u64, salt: u32) -> u32:
    """A word of luck that the two ends of a possible tie share: of the lower of their places, the span, and the tie's own salt."""
    return mixed(u32(((slot >> span) << span) + min(place, place ^ step)) ^ salt)


def unlike(station: i32, other: i32) -> i32:
    """How unlike two citizens are, as a place in a table: by fifths of income apart, then by steps of age apart.

    station: the fifth times 32, plus the step of age.
    """
    fifths = abs((station >> FIFTH_AT) - (other >> FIFTH_AT))
    return fifths * AGE_STEPS + abs((station & _LAST_STEP) - (other & _LAST_STEP))


def tied(luck: u32, chance: u32, alike: u32) -> bool:
    """Do two who might be tied know each other? By the chance of those so close and so sociable, times that of those so unlike."""
    return u64(luck) < ((u64(chance) * u64(alike)) >> WORD_SIZE)


def at_home(slot: u64, other: u64, place: i32, size: i32) -> bool:
    """Is the other one of the household, or nobody else at all?"""
    first = slot - u64(place)
    return other >= first and other < first + u64(size)


def partner(slot: u64, citizens: u64, place: i32, size: i32, station: i32, whole_station: np.ndarray, tie: i32, tie_span: np.ndarray,
            tie_run: np.ndarray, tie_step: np.ndarray, tie_salt: np.ndarray, tie_keys: np.ndarray, tie_chance: np.ndarray,
            tie_alike: np.ndarray, tie_levels: np.ndarray) -> u32:
    """The slot at the other end of a tie; one's own slot where there is no such tie.

    tie_keys: six numbers a tie, as `shuffled` and `unshuffled` take them. tie_chance, by tie and the sum of two levels, and tie_alike,
    by tie and how unlike two are: in 2**-32.
    """
    span, run, step = tie_span[tie], tie_run[tie], tie_step[tie]
    mine = seat(slot, citizens, span, run, tie_keys[tie, 0], tie_keys[tie, 1], tie_keys[tie, TWO])
    other = seated(mine ^ step, slot, citizens, span, run, tie_keys[tie, THREE], tie_keys[tie, FOUR], tie_keys[tie, FIVE])
    chance = tie_chance[tie, sociability(slot, tie_levels) + sociability(other, tie_levels)]
    alike = tie_alike[tie, unlike(station, i32(whole_station[other]))]
    if at_home(slot, other, place, size) or not tied(luck_of_tie(mine, step, slot, span, tie_salt[tie]), chance, alike):
        return u32(slot)
    return u32(other)
