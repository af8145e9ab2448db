"""Leakage: two people are alike, and one of them gives data away. How much is learnt of the other?"""

import math
from functools import cache

import numpy as np

from glasshouse.model import At, Field, Luck, Model, Number, Step, i32, i64, normal, simulate, u32, u64
from glasshouse.models.rows import Row

f64 = np.float64
FINE = f64(1_000_000)  # totals are whole numbers: in millionths
ONE, TWO = f64(1), f64(2)
PAIR, EVEN = u64(1), u64(2)


def is_like(slot: u64, common_a: u32, common_b: u32, like: f64) -> f64:
    """What one is: of a pair, the first by luck alone, the second as much like the first as the number says."""
    first = f64(normal(common_a))
    return first if slot % EVEN == u64(0) else like * first + f64(math.sqrt(ONE - like * like)) * f64(normal(common_b))


def shows(being: f64, luck_a: u32) -> f64:
    """The data that one makes: what one is, with as much noise."""
    return being + f64(normal(luck_a))


def other(slot: u64, citizens: u64) -> u64:
    """The other one of the pair; oneself for the last of an odd number."""
    return min(slot ^ PAIR, citizens - PAIR)


def compared(data: f64, their_data: f64) -> i64:
    """How the data of a pair go together, of which a platform learns how alike pairs are."""
    return i64(data * their_data * FINE)


def guessed(data: f64, their_data: f64, together: i64, citizens: u64, own: i32, others: i32) -> f64:
    """What the platform thinks that one is: the best guess from one's own data, the other's, or both, by how alike pairs were yesterday."""
    like = f64(together) / FINE / f64(citizens)
    if own != 0 and others != 0:
        return ((TWO - like * like) * data + like * their_data) / (TWO * TWO - like * like)
    if own != 0:
        return data / TWO
    return like * their_data / TWO if others != 0 else f64(0)


def missed(being: f64, guess: f64) -> tuple[i64, i64]:
    """How far off the platform is, squared, and how far off it would be without data."""
    return i64((being - guess) * (being - guess) * FINE), i64(being * being * FINE)


MODEL = Model(
    name="leakage",
    about="How much do other people's data tell of one?",
    source="After Acemoglu, Makhdoumi, Malekian & Ozdaglar 2022, Too Much Data; NBER w26296.",
    fields=(
        Field("being", "f8", "", "What one is."),
        Field("data", "f8", "", "The data that one makes.", seen=True),
        Field("guess", "f8", "", "What the platform thinks that one is."),
    ),
    numbers=(
        Number("like", 0.5, "", "made", "Correlation within a pair.", 0, 1, dtype="f8"),
        Number("own", 1, "", "made", "1 where one gives one's own data away.", 0, 1, dtype="i4"),
        Number("others", 1, "", "made", "1 where the other does.", 0, 1, dtype="i4"),
    ),
    luck=(
        Luck("leakage.pair", ("common_a", "common_b", "common_c", "common_d"), of=2),
        Luck("leakage.own", ("luck_a", "luck_b", "luck_c", "luck_d")),
    ),
    start=(Step(is_like, "tile", ("being",)), Step(shows, "tile", ("data",))),
    chain=(
        Step(other, "tile", ("mate",), shared=True),
        Step(guessed, "tile", ("guess",), bind={"their_data": At("their_data", ("mate",)), "together": "yesterday_together"}),
        Step(compared, "tile", ("=together",), bind={"their_data": At("their_data", ("mate",))}),
        Step(missed, "tile", ("=missed", "=without")),
    ),
    totals=("together", "missed", "without"),
    size=(10_000, 2),
)
CITIZENS = 200_000


@cache
def learnt(like: float, own: int, others: int) -> float:
    """How much less far off the platform is by the data, squared: on the second day, when it knows how alike pairs are."""
    run = simulate(MODEL, CITIZENS, 2, like=like, own=own, others=others)
    return 1 - float(run.totals["missed"][-1, 0] / run.totals["without"][-1, 0])


_FORMULA = {(1, 0): "1 / 2.", (0, 1): "like^2 / 2.", (1, 1): "2 / (4 - like^2)."}
_WHOSE = {(1, 0): "one's own data", (0, 1): "only the other's", (1, 1): "both"}
FIGURES = {
    0.5: {(1, 0): (0.5, 0.0065), (0, 1): (0.125, 0.0066), (1, 1): (0.5333, 0.0068)},
    0.8: {(1, 0): (0.5, 0.0068), (0, 1): (0.32, 0.0079), (1, 1): (0.5952, 0.0071)},
    1.0: {(1, 0): (0.5, 0.0071), (0, 1): (0.5, 0.0071), (1, 1): (0.6667, 0.0069)},
}
ROWS = (
    *(Row(f"learnt from {_WHOSE[given]}, likeness {like}", *figure, "sampled", "derived", _FORMULA[given],
          lambda like=like, given=given: learnt(like, *given))
      for like, figures in FIGURES.items() for given, figure in figures.items()),
    Row("what one's own data add where the other's are known, likeness 0.5", 0.4083, 0.0064, "sampled", "derived",
        "2 / (4 - like^2) - like^2 / 2.", lambda: learnt(0.5, 1, 1) - learnt(0.5, 0, 1)),
)  # fmt: skip
