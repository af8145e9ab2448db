"""A bank that lends to the same share of those who would repay in two groups, and to no more than pays: rules for lending.py."""

import numpy as np

from glasshouse.model import i32, u64

f64 = np.float64
TOP, TWO = i32(6), f64(2)


def sound(scores: np.ndarray, first: u64, half: u64, least: i32, chances: np.ndarray) -> f64:
    """How many of a group with at least this score would repay, on average."""
    many = f64(0)
    for score in range(least, TOP + i32(1)):
        there = 0
        for one in range(half):
            there = there + (scores[first + u64(one)] == score)
        many = many + f64(there) * chances[score]
    return many


def falls_on(slot: u64, many: u64, score: i32, scores: np.ndarray, chances: np.ndarray, lot: f64) -> bool:
    """Does one have a loan? Whoever has a better score comes first, and those with the same draw lots for what is left."""
    half = many >> u64(1)
    group = slot - slot % half
    better, all_sound = sound(scores, group, half, score + i32(1), chances), sound(scores, group, half, i32(0), chances)
    alike = sound(scores, group, half, score, chances) - better
    return lot * alike < reached(scores, slot - slot % many, half, chances) * all_sound - better


def reached(scores: np.ndarray, first: u64, half: u64, chances: np.ndarray) -> f64:
    """To which share of those who would repay the bank lends, the same in both groups: as long as still lower scores bring it something."""
    all_a, all_b = sound(scores, first, half, i32(0), chances), sound(scores, first + half, half, i32(0), chances)
    a, b, share = TOP, TOP, f64(0)
    while min(a, b) >= 0 and all_a * (TWO - f64(1) / chances[a]) + all_b * (TWO - f64(1) / chances[b]) > 0:
        with_a, with_b = sound(scores, first, half, a, chances) / all_a, sound(scores, first + half, half, b, chances) / all_b
        share = min(with_a, with_b)
        a, b = a - i32(with_a <= share), b - i32(with_b <= share)
    return share
