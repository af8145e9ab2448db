"""A bank that reaches as much of two groups, or of those in them who would repay, and earns most so: rules for delayed_impact.py."""

import numpy as np

from glasshouse.model import i32

f64 = np.float64
RATE, SOUND = i32(1), i32(2)


def weight(up_to: np.ndarray, chances: np.ndarray, group: i32, place: i32, policy: i32) -> f64:
    """What a score counts in what the bank makes equal: the share of the group that has it, or of the sound of the group."""
    share = up_to[group, place] - (up_to[group, place - i32(1)] if place > 0 else f64(0))
    return share * chances[group, place] if policy == SOUND else share


def above(up_to: np.ndarray, chances: np.ndarray, group: i32, place: i32, policy: i32) -> f64:
    """What all higher scores count."""
    total = f64(0)
    for higher in range(place + i32(1), up_to.shape[1]):
        total = total + weight(up_to, chances, group, i32(higher), policy)
    return total


def lent(up_to: np.ndarray, chances: np.ndarray, group: i32, place: i32, policy: i32, reach: f64) -> f64:
    """Which part of those with a score have a loan when the bank reaches so much of the group, the best first."""
    here, higher = weight(up_to, chances, group, place, policy), above(up_to, chances, group, place, policy)
    left = reach * above(up_to, chances, group, i32(-1), policy) - higher
    return min(max(left / here, f64(0)), f64(1)) if here > 0 else f64(0)


def worth(up_to: np.ndarray, chances: np.ndarray, group: i32, policy: i32, reach: f64, loss: f64) -> f64:
    """What the loans of a group bring when the bank reaches so much of it."""
    total = f64(0)
    for place in range(up_to.shape[1]):
        chance, share = chances[group, place], weight(up_to, chances, group, i32(place), RATE)
        total = total + lent(up_to, chances, group, i32(place), policy, reach) * share * (chance - (f64(1) - chance) * loss)
    return total


def plans(up_to: np.ndarray, chances: np.ndarray, first: f64, policy: i32, loss: f64) -> f64:
    """How much of each group the bank reaches, the same of both, so that it earns most: it need only try where a score is used up."""
    best, most = f64(0), f64(0)
    for group in range(1 + 1):
        for place in range(up_to.shape[1]):
            whole = above(up_to, chances, i32(group), i32(-1), policy)
            reach = above(up_to, chances, i32(group), i32(place) - i32(1), policy) / whole
            earns = first * worth(up_to, chances, i32(0), policy, reach, loss)
            earns = earns + (f64(1) - first) * worth(up_to, chances, i32(1), policy, reach, loss)
            if earns > most:
                best, most = reach, earns
    return best
