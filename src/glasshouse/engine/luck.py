"""Luck is named, not threaded: Philox4x32-10 of (seed, name) at (slot, day), four words a call.

A name's key is a hash of the name, never a position: adding a purpose moves nobody else's luck.
"""

import hashlib

import numpy as np

u32 = np.uint32
u64 = np.uint64
_M0 = u64(0xD2511F53)
_M1 = u64(0xCD9E8D57)
_W0 = u32(0x9E3779B9)
_W1 = u32(0xBB67AE85)
_LOW = u64(0xFFFFFFFF)
_32 = u64(32)
ROUNDS = 10


def key_of(seed: int, name: str) -> int:
    """The 64-bit key of a purpose under a seed.

    >>> key_of(1, "a") != key_of(1, "b") != key_of(2, "b")
    True
    """
    return int.from_bytes(hashlib.blake2b(f"{seed}\x00{name}".encode(), digest_size=8).digest(), "little")


def words(slot: u64, day: u32, lasting: u32, key: u64) -> tuple[u32, u32, u32, u32]:
    """Four words of luck for one citizen on one day (Salmon et al. 2011, Philox4x32 with ten rounds)."""
    c0 = u32(slot & _LOW)
    c1 = u32(slot >> _32)
    c2 = u32(day)
    c3 = u32(lasting)
    k0 = u32(key & _LOW)
    k1 = u32(key >> _32)
    for _ in range(ROUNDS):
        p = _M0 * u64(c0)
        q = _M1 * u64(c2)
        n0 = u32(u32(q >> _32) ^ c1 ^ k0)
        n2 = u32(u32(p >> _32) ^ c3 ^ k1)
        c1 = u32(q & _LOW)
        c3 = u32(p & _LOW)
        c0 = n0
        c2 = n2
        k0 = u32(u64(k0) + u64(_W0) & _LOW)
        k1 = u32(u64(k1) + u64(_W1) & _LOW)
    return c0, c1, c2, c3
