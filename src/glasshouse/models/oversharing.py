"""Oversharing: data of people who are alike are sold at one price. Does each sell more because the other's data tell of one anyway?"""

from functools import cache

import numpy as np

from glasshouse.model import At, Field, Luck, Model, Number, Step, i32, simulate, u32, unit
from glasshouse.models.leakage import other
from glasshouse.models.rows import Row

f64 = np.float64
ONE, TWO, HALF = f64(1), f64(2), f64(0.5)


def minds(luck_a: u32) -> f64:
    """What it costs one if all that one is were known: nothing to one, each alike."""
    return f64(unit(luck_a))


def sells(minded: f64, their_sells: i32, like: f64, price: f64) -> i32:
    """Whether one sells: if the price makes up for what one's own data tell beyond what the other's told yesterday."""
    told = like * like / TWO
    more = TWO / (TWO * TWO - like * like) - told if their_sells != 0 else HALF
    return i32(price >= minded * more)


def loses(minded: f64, sold: i32, their_sells: i32, like: f64) -> f64:
    """What one loses by what is known of one, by whether one sells and whether the other did yesterday."""
    both = TWO / (TWO * TWO - like * like)
    if sold != 0:
        return minded * (both if their_sells != 0 else HALF)
    return minded * like * like / TWO if their_sells != 0 else f64(0)


MATE = {"their_sells": At("their_sold", ("mate",))}
MODEL = Model(
    name="oversharing",
    about="Do people sell more of their data the more it tells of others?",
    source="After Acemoglu, Makhdoumi, Malekian & Ozdaglar 2022, Too Much Data; NBER w26296.",
    fields=(
        Field("minded", "f8", "", "What it costs one if all that one is were known."),
        Field("sold", "u1", "", "1 who sells.", high=1, seen=True),
        Field("lost", "f8", "", "What one loses by what is known."),
    ),
    numbers=(
        Number("like", 0.5, "", "made", "Correlation within a pair.", 0, 1, dtype="f8"),
        Number("price", 0.3, "", "made", "What is paid for anybody's data.", 0, 1, dtype="f8"),
    ),
    luck=(Luck("oversharing.start", ("luck_a", "luck_b", "luck_c", "luck_d")),),
    start=(Step(minds, "tile", ("minded",)),),
    chain=(
        Step(other, "tile", ("mate",), shared=True),
        Step(sells, "tile", ("sold|=sold",), bind=MATE),
        Step(loses, "tile", ("lost",), bind=MATE),
    ),
    totals=("sold",),
)
CITIZENS, DAYS = 100_000, 5


@cache
def figures(like: float, price: float = 0.3) -> tuple[float, float]:
    """The share who sell when nothing changes any more, and what all are better off by the market, a head: paid less lost."""
    run = simulate(MODEL, CITIZENS, DAYS, like=like, price=price)
    share = float(run.totals["sold"][-1, 0]) / CITIZENS
    return share, price * share - float(run.state["lost"].mean())


_SHARE = "2 price, and as many of those who sell only beside a seller as have one."
_BETTER = "By the same three kinds of people."
FIGURES = {
    0.0: ((0.6, 0.0062), (0.09, 0.00126)),
    0.5: ((0.68082, 0.00664), (0.06381, 0.00138)),
    0.8: ((0.84, 0.00656), (0.03056, 0.00165)),
}
ROWS = (
    *(Row(f"sell at 0.3, likeness {like}", *of[0], "sampled", "derived", _SHARE, lambda like=like: figures(like)[0])
      for like, of in FIGURES.items()),
    *(Row(f"better off by the market, a head, likeness {like}", *of[1], "sampled", "derived", _BETTER,
          lambda like=like: figures(like)[1]) for like, of in FIGURES.items()),
)  # fmt: skip
