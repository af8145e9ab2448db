"""Luck with names: the same seed, purpose and place give the same draw on any machine, whatever else is drawn.

A purpose is a sentence-like name; its key is fixed by SHA-256 of the name, never by a position in a list. The generator is
Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), counter based: nothing is threaded through.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from glasshouse.society.compiled import compiled

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)

PURPOSES = (
    "size", "household", "person", "person.again", "match", "child", "place", "person.flags", "home", "home.multiple",
    "birth", "death", "grown",
)  # fmt: skip
"""What the society draws for; a key is made from the name "society.PURPOSE", so the order here means nothing."""
SIZE, HOUSEHOLD, PERSON, AGAIN, MATCH, CHILD, PLACE, FLAGS, HOME, MULTIPLE, BIRTH, DEATH, GROWN = range(len(PURPOSES))


def keys() -> NDArray[np.uint64]:
    """The key of each purpose of the society, uint64, (13,)."""
    return np.array([key(f"society.{purpose}") for purpose in PURPOSES], dtype=np.uint64)


def key(purpose: str) -> np.uint64:
    """The fixed 64-bit key of a purpose.

    Args:
        purpose: its name, such as "society.household.size".

    Returns:
        The first eight bytes of SHA-256 of the name, as a number.

    Example:
        >>> int(key("society.person")) == int(key("society.person")), int(key("a")) == int(key("b"))
        (True, False)
    """
    return np.uint64(int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little"))


@compiled
def philox(k0, k1, c0, c1, c2, c3):
    """One block of Philox4x32-10: four 32-bit words from a key of two and a counter of four (all uint64 below 2^32)."""
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _32) ^ c1 ^ k0
        c1 = p1 & _LOW
        c2 = (p0 >> _32) ^ c3 ^ k1
        c3 = p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@compiled
def four(purpose_key, seed, slot, index):
    """Four independent whole numbers in 0 .. 2^32 - 1 (int64) for a purpose, a seed, a slot and an index.

    Args:
        purpose_key: uint64, from `key`.
        seed: uint64, the run's seed.
        slot: int64, 0 .. 2^32 - 1: the slot, or the first slot of a household.
        index: int64, 0 .. 2^32 - 1: which draw, where one purpose needs several.
    """
    a, b, c, d = philox(purpose_key & _LOW, purpose_key >> _32, np.uint64(slot) & _LOW, np.uint64(index) & _LOW, seed & _LOW, seed >> _32)
    return np.int64(a), np.int64(b), np.int64(c), np.int64(d)
