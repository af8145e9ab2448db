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

_U24 = f32(1 / 16777216)  # 2**-24: the step of a uniform number in [0, 1)
_SHIFT8 = u32(8)
_SEVEN = u64(7)
_EIGHT = u64(8)
_BYTE = u64(255)
_SIXTEENTH = f32(1 / 16)
_E2 = f32(1 / 2)
_E3 = f32(1 / 6)
_E4 = f32(1 / 24)
_E5 = f32(1 / 120)
_E6 = f32(1 / 720)
_E7 = f32(1 / 5040)

_FEW = i32(8)  # the largest count of a seldom act in a day: P(more | rate 2) = 2e-4
_MANY = i32(16)  # and of a frequent one: P(more | rate 6) = 2e-4

# The normal quantile of p is close to a polynomial in p**(1/8): least-squares fit, largest error 6.4e-4 to 5 sd.
_Q0, _Q1, _Q2, _Q3, _Q4, _Q5, _Q6, _Q7, _Q8 = (f32(c) for c in (7.416016, -24.595615, 82.202835, -201.38222, 266.48132, -99.11315, -193.12937, 254.67375, -93.77703))
_TAIL_STEP = f32(0.5 / 8388608)  # 23 bits of tail probability in (0, 1/2)
_SHIFT9 = u32(9)
_SIGN_BIT = u32(256)


def unit(word: u32) -> f32:
    """A uniform number in (0, 1) from a word of luck: 24 bits, never 0 and never 1."""
    return (f32(i32(word >> _SHIFT8)) + HALF) * _U24


def clip(x: f32, low: f32, high: f32) -> f32:
    """x, held between low and high."""
    x = low if x < low else x
    return high if x > high else x


def clip_int(x: i32, low: i32, high: i32) -> i32:
    """A whole number, held between low and high."""
    x = low if x < low else x
    return high if x > high else x


def exp_minus(x: f32) -> f32:
    """exp(-x) for x in 0..16: a Taylor polynomial at x/16, raised to the 16th (relative error below 2e-6)."""
    y = x * _SIXTEENTH
    e = ONE - y * (ONE - y * (_E2 - y * (_E3 - y * (_E4 - y * (_E5 - y * (_E6 - y * _E7))))))
    e = e * e
    e = e * e
    e = e * e
    return e * e


def normal(word: u32) -> f32:
    """A standard normal number from a word of luck, by its quantile (error below 6.4e-4, tails right to 5 sd)."""
    v = (f32(i32(word >> _SHIFT9)) + HALF) * _TAIL_STEP
    v = f32(math.sqrt(f32(math.sqrt(f32(math.sqrt(v))))))
    z = _Q0 + v * (_Q1 + v * (_Q2 + v * (_Q3 + v * (_Q4 + v * (_Q5 + v * (_Q6 + v * (_Q7 + v * _Q8)))))))
    return -z if (word & _SIGN_BIT) != u32(0) else z


def count_few(luck: f32, rate: f32) -> i32:
    """How many times something happens in a day: the Poisson quantile of `luck` for rates of 0..2, at most 8."""
    p = exp_minus(rate)
    below = p
    n = ZERO
    for k in range(1, _FEW + 1):
        n = n + (ONE if luck > below else ZERO)
        p = p * rate * (ONE / f32(k))
        below = below + p
    return i32(n)


def count_many(luck: f32, rate: f32) -> i32:
    """How many times something happens in a day: the Poisson quantile of `luck` for rates of 0..6, at most 16."""
    p = exp_minus(rate)
    below = p
    n = ZERO
    for k in range(1, _MANY + 1):
        n = n + (ONE if luck > below else ZERO)
        p = p * rate * (ONE / f32(k))
        below = below + p
    return i32(n)


def byte_of(word: u64, index: i32) -> i32:
    """One of the eight bytes of a word, 0..255; a ninth is the first again."""
    return i32((word >> ((u64(index) & _SEVEN) * _EIGHT)) & _BYTE)


def by_256ths(amount: u32, parts: u32) -> u64:
    """amount x parts / 256, rounded down: a chance times an inclination, both whole numbers."""
    return (u64(amount) * u64(parts)) >> _EIGHT


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
