"""The few functions that the rules need beyond + - * / and comparison, each with its error.

Every number here is typed, because float32 with a bare literal gives other bits compiled than interpreted.
"""

import math

import numpy as np

f32 = np.float32
i32 = np.int32
i64 = np.int64
u32 = np.uint32
u64 = np.uint64

ONE = f32(1)
ZERO = f32(0)
HALF = f32(0.5)
NO = i32(0)
YES = i32(1)
TWO = i32(2)
THREE = i32(3)
FOUR = i32(4)
FIVE = i32(5)
SIX = i32(6)
SEVEN = i32(7)
EIGHT = i32(8)
NINE = i32(9)
HUNDRED = i64(100)

_U23 = f32(1 / 8388608)  # 2**-23: with the half step added, 24 bits are no longer exact in float32, and the last would be 1
_U16 = f32(1 / 65536)
_SHIFT9 = u32(9)
_SHIFT16 = u32(16)
_LOW16 = u32(65535)
_WORD_BITS = u32(32)
_BITS_16 = u32(16)
_BIT_1 = u32(1)
_BITS_2 = u32(2)
_BITS_4 = u32(4)
_BITS_8 = u32(8)
_ONE_64 = u64(1)
_BITS_13 = u32(13)
_STIR_1 = u64(0x85EBCA6B)
_STIR_2 = u64(0xC2B2AE35)
ALL_BITS = u64(0xFFFFFFFF)
GOLDEN = u64(0x9E3779B1)  # 2**32 over the golden ratio: its multiples are spread evenly
TOP_BYTE = u64(24)
ONCE = u32(1 << 30)  # a chance of 1 in 2**-30
ONCE_BITS = u64(30)
QUARTER_BITS = u64(2)  # from 2**-32 to 2**-30
WORD_SIZE = u64(32)
FIFTH_AT = u32(5)  # of a station: the fifth of income above, the step of age below
LAST_STEP = u32(31)  # of age
LEVEL_SUMS = u32(49)  # sums of two levels of sociability, of 25
UNLIKE = u32(160)  # ways to be unlike, by fifths and steps of age apart
LAST_TIE = i32(15)
ONESELF = i32(16)  # among one's opinions, the place after the last tie
SIXTEEN = u32(16)
LOW_BYTE = u32(255)
_BITS_31 = u32(31)
TOP_TWO = u32(30)  # the two highest bits of a word
_SEVEN = u64(7)
_EIGHT = u64(8)
_BYTE = u64(255)
COUNT_BITS = u64(10)  # of one of six counts in a word
COUNT_MASK = u64(1023)


# The normal quantile of p is close to a polynomial in p**(1/8): least-squares fit, largest error to 5 sd 6.4e-4, with float32's rounding 6.6e-4.
_Q0, _Q1, _Q2, _Q3, _Q4, _Q5, _Q6, _Q7, _Q8 = (f32(c) for c in (7.416016, -24.595615, 82.202835, -201.38222, 266.48132, -99.11315, -193.12937, 254.67375, -93.77703))
_TAIL_STEP = f32(0.5 / 8388608)  # 23 bits of tail probability in (0, 1/2)
_SIGN_BIT = u32(256)


def unit(word: u32) -> f32:
    """A uniform number in (0, 1) from a word of luck: 23 bits, never 0 and never 1."""
    return (f32(i32(word >> _SHIFT9)) + HALF) * _U23


def high_unit(word: u32) -> f32:
    """A uniform number in (0, 1) from the upper half of a word: 16 bits, for rounding."""
    return (f32(i32(word >> _SHIFT16)) + HALF) * _U16


def clip(x: f32, low: f32, high: f32) -> f32:
    """x, held between low and high."""
    x = low if x < low else x
    return high if x > high else x


def clip_int(x: i32, low: i32, high: i32) -> i32:
    """A whole number, held between low and high."""
    x = low if x < low else x
    return high if x > high else x


def normal(word: u32) -> f32:
    """A standard normal number from a word of luck, by its quantile (error below 6.6e-4, tails right to 5 sd)."""
    v = (f32(i32(word >> _SHIFT9)) + HALF) * _TAIL_STEP
    v = f32(math.sqrt(f32(math.sqrt(f32(math.sqrt(v))))))
    z = _Q0 + v * (_Q1 + v * (_Q2 + v * (_Q3 + v * (_Q4 + v * (_Q5 + v * (_Q6 + v * (_Q7 + v * _Q8)))))))
    return -z if (word & _SIGN_BIT) != u32(0) else z


def byte_of(word: u64, index: i32) -> i32:
    """One of the eight bytes of a word, 0..255; a ninth is the first again."""
    return i32((word >> ((u64(index) & _SEVEN) * _EIGHT)) & _BYTE)


def by_256ths(amount: u32, parts: u32) -> u64:
    """amount x parts / 256, rounded down: a chance times an inclination, both whole numbers."""
    return (u64(amount) * u64(parts)) >> _EIGHT


def turned(word: u32, by: u32) -> u32:
    """A word turned left by some bits, 1 to 31, those that leave coming in again; 0 leaves it as it is."""
    return u32((word << by) | (word >> ((_WORD_BITS - by) & _BITS_31)))


def mixed(word: u32) -> u32:
    """Another word that a word stands for, with all bits stirred (the finaliser of MurmurHash3): lasting luck for a second purpose."""
    a = u32(word ^ (word >> _BITS_16))
    b = u32(u64(a) * _STIR_1 & ALL_BITS)
    c = u32(b ^ (b >> _BITS_13))
    d = u32(u64(c) * _STIR_2 & ALL_BITS)
    return u32(d ^ (d >> _BITS_16))


def product(a: u32, b: u32) -> u32:
    """The low word of a product."""
    return u32(u64(a) * u64(b) & ALL_BITS)


def plus(a: u32, b: u32) -> u32:
    """The low word of a sum."""
    return u32(u64(a) + u64(b) & ALL_BITS)


def minus(a: u32, b: u32) -> u32:
    """The low word of a difference: below nothing it goes on from the top."""
    return u32(u64(a) + (ALL_BITS - u64(b)) + _ONE_64 & ALL_BITS)


def share_of(number: u32, share: u32) -> u32:
    """A share, in 2**-32, of a number, rounded down."""
    return u32(u64(number) * u64(share) >> WORD_SIZE)


def below(number: u32) -> u32:
    """All bits below the highest one that is set; none for 0."""
    a = number | (number >> _BIT_1)
    b = a | (a >> _BITS_2)
    c = b | (b >> _BITS_4)
    d = c | (c >> _BITS_8)
    return u32((d | (d >> _SHIFT16)) >> _BIT_1)


def apart(a: u32, b: u32) -> u32:
    """How far two numbers are apart."""
    return max(a, b) - min(a, b)


def two_counts(low: i32, high: i32) -> u32:
    """Two counts below 65,536 in one word."""
    return u32(low) | (u32(high) << _SHIFT16)


def low_count(word: u32) -> i32:
    """The first of two counts."""
    return i32(word & _LOW16)


def high_count(word: u32) -> i32:
    """The second of two counts."""
    return i32(word >> _SHIFT16)


def bits_set(bits: u32) -> i32:
    """How many bits are set."""
    n = NO
    rest = bits
    while rest != u32(0):
        rest = rest & (rest - u32(1))
        n = n + YES
    return n


def first_bit(bits: u32) -> i32:
    """The number of the lowest bit that is set; 0 when none is."""
    n = NO
    rest = bits
    while rest != u32(0) and (rest & u32(1)) == u32(0):
        rest = rest >> u32(1)
        n = n + YES
    return n


def has(bits: u32, wanted: u32) -> bool:
    """Is any of the wanted bits set?"""
    return (bits & wanted) != u32(0)
