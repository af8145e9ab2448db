"""Wealth by chance alone: gains in proportion, coins handed over, purses pooled and split. How unequal do people become?"""

from functools import cache

import numpy as np

from glasshouse.model import At, Field, Luck, Model, Number, Step, f32, normal, simulate, u32, u64, unit
from glasshouse.model.pairs import matched
from glasshouse.models.rows import Row

f64 = np.float64
ONE, HALF = f64(1), f32(0.5)


def one_coin() -> f64:
    """Everybody begins with one."""
    return ONE


def grows(log_wealth: f64, luck_a: u32, step: f64) -> f64:
    """Each day everybody gains or loses in proportion: the logarithm moves by a step of luck."""
    return log_wealth + step * f64(normal(luck_a))


def meets(slot: u64, citizens: u64, luck_e: u32, luck_f: u32, luck_g: u32, luck_h: u32) -> u32:
    """Whom one meets: all are paired anew every day."""
    return matched(slot, citizens, luck_e, luck_f, luck_g, luck_h)


def first_of(slot: u64, who: u32) -> u64:
    """The first of the two, whose luck of yesterday decides."""
    return min(slot, u64(who))


def draws(luck_b: u32) -> f32:
    """Luck for tomorrow, for both of whatever pair one will be in."""
    return unit(luck_b)


def hands_over(slot: u64, who: u32, wealth: f64, theirs: f64, decides: f32) -> f64:
    """Heads, the first hands the other a coin, tails, the other way; who has none hands none; alone one keeps all."""
    if u64(who) == slot:
        return wealth
    gives = (decides < HALF) == (slot < u64(who))
    if gives:
        return wealth - ONE if wealth >= ONE else wealth
    return wealth + ONE if theirs >= ONE else wealth


def splits(slot: u64, who: u32, wealth: f64, theirs: f64, decides: f32) -> f64:
    """Both put all they have together, and the first takes a share of it by luck, the other the rest; alone one keeps all."""
    if u64(who) == slot:
        return wealth
    share = f64(decides)
    return (share if slot < u64(who) else ONE - share) * (wealth + theirs)


PAIR = {"decides": At("their_luck", ("first",))}
MODEL = Model(
    name="wealth by chance",
    about="How unequal do people become by chance alone, in three ways?",
    source="Gibrat 1931, Les inégalités économiques; Drăgulescu & Yakovenko 2000, Eur. Phys. J. B 17:723.",
    fields=(
        Field("log_wealth", "f8", "", "Logarithm of a wealth that gains and loses in proportion."),
        Field("coins", "f8", "coins", "Wealth that is handed over coin by coin.", seen=True),
        Field("pooled", "f8", "coins", "Wealth that is pooled and split.", seen=True),
        Field("luck", "f4", "", "Luck for tomorrow's pair.", high=1, seen=True),
    ),
    numbers=(Number("step", 0.1, "", "made", "Standard deviation of a day's gain, in proportion.", 0, 1, dtype="f8"),),
    luck=(
        Luck("wealth.own", ("luck_a", "luck_b", "luck_c", "luck_d")),
        Luck("wealth.pairs", ("luck_e", "luck_f", "luck_g", "luck_h"), of="citizens"),
    ),
    start=(Step(one_coin, "tile", ("coins|pooled",)), Step(draws, "tile", ("luck",), bind={"luck_b": "luck_c"})),
    chain=(
        Step(grows, "tile", ("log_wealth",)),
        Step(meets, "tile", ("who",), shared=True),
        Step(first_of, "tile", ("first",), shared=True),
        Step(hands_over, "tile", ("coins",), bind={**PAIR, "wealth": "coins", "theirs": At("their_coins", ("who",))}),
        Step(splits, "tile", ("pooled",), bind={**PAIR, "wealth": "pooled", "theirs": At("their_pooled", ("who",))}),
        Step(draws, "tile", ("luck",)),
    ),
)
CITIZENS = 100_000


@cache
def wealth(kind: str, days: int, seed: int = 1) -> np.ndarray:
    """What everybody has of a kind after so many days, from least to most."""
    found = simulate(MODEL, CITIZENS, days, seed).state[kind][0]
    return np.sort(np.exp(found) if kind == "log_wealth" else found)


def gini(kind: str, days: int, seed: int = 1) -> float:
    """The Gini coefficient: half the mean difference between two, as a share of the mean."""
    held = wealth(kind, days, seed)
    return float((2 * np.arange(1, CITIZENS + 1) - CITIZENS - 1) @ held / (CITIZENS * held.sum()))


def theil(kind: str, days: int, seed: int = 1) -> float:
    """Theil's measure: the mean of shares of the mean times their logarithm."""
    share = wealth(kind, days, seed) / wealth(kind, days, seed).mean()
    return float((share * np.log(share)).mean())


_NORMAL = "Lognormal with s = 0.1 sqrt(days): Gini 2 Phi(s / sqrt 2) - 1, Theil s^2 / 2."
ROWS = (
    *(Row(f"Gini after {days} days of gains in proportion", expected, error, "sampled", "computed", _NORMAL,
          lambda days=days: gini("log_wealth", days))
      for days, expected, error in ((25, 0.27633, 0.0026), (49, 0.37938, 0.0037), (100, 0.5205, 0.0054))),
    *(Row(f"Theil after {days} days of gains in proportion", expected, error, "sampled", "computed", _NORMAL,
          lambda days=days: theil("log_wealth", days))
      for days, expected, error in ((25, 0.125, 0.0026), (49, 0.245, 0.006), (100, 0.5, 0.0163))),
    Row("Gini of coins", 0.66667, 0.0042, "sampled", "computed", "Geometric with mean 1: 2 / 3.", lambda: gini("coins", 100)),
    Row("share without a coin", 0.5, 0.0045, "sampled", "derived", "Geometric with mean 1: 1 / 2.",
        lambda: float((wealth("coins", 100) == 0).mean())),
    Row("Gini of pooled and split", 0.5, 0.0037, "sampled", "computed", "Exponential: 1 / 2.", lambda: gini("pooled", 100)),
)  # fmt: skip
