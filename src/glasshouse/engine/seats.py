"""Where the tallies of a citizen stand: only some citizens have a place for them, the others share the first, which nobody reads."""

import numpy as np

i64 = np.int64
u64 = np.uint64
_ONE = u64(1)
_PAIRS = u64(0x5555555555555555)
_FOURS = u64(0x3333333333333333)
_BYTES = u64(0x0F0F0F0F0F0F0F0F)


def seats_of(kept: np.ndarray, citizens: int) -> np.ndarray:
    """Who has a place, as `seat` looks it up: for each 64 citizens a word with a bit for each, and how many before them: (words, 2) uint64.

    Args:
        kept: (those,) int64, the slots of those who have one, in order.
        citizens: of how many.
    """
    words = -(-citizens // 64)
    has = np.zeros(64 * words, bool)
    has[kept] = True
    bits = np.packbits(has, bitorder="little").view("<u8")
    count = has.reshape(words, 64).sum(1)
    return np.column_stack([bits, (np.cumsum(count) - count).astype(np.uint64)])


def seat(seats: np.ndarray, slot: i64) -> i64:
    """The place of a citizen in the columns of tallies: 0 for all who have none of their own, the others from 1 on, in order of slot.

    Args:
        seats: what `seats_of` returns, one word after another.
        slot: whose.

    Example:
        >>> kept = seats_of(np.array([2, 70]), 100).ravel()
        >>> [int(seat(kept, np.int64(slot))) for slot in (0, 2, 3, 70, 71)]
        [0, 1, 0, 2, 0]
    """
    at = (slot >> i64(6)) * i64(2)
    bit = _ONE << u64(slot & i64(63))
    word = seats[at]
    if word & bit == u64(0):
        return i64(0)
    ones = word & (bit - _ONE)  # those before in this word, then how many there are: by pairs, fours, bytes
    ones = ones - (ones >> _ONE & _PAIRS)
    ones = (ones & _FOURS) + (ones >> u64(2) & _FOURS)
    ones = ones + (ones >> u64(4)) & _BYTES
    ones = ones + (ones >> u64(8))
    ones = ones + (ones >> u64(16))
    ones = ones + (ones >> u64(32))
    return i64(seats[at + i64(1)]) + i64(ones & u64(127)) + i64(1)
