"""The image game: people do good also to be thought well of by those who see it. How many do, and how few when nobody looks?"""

from dataclasses import replace
from functools import cache

import numpy as np

from glasshouse.model import Field, Luck, Model, Number, Step, i32, i64, normal, simulate, u32, u64, unit
from glasshouse.models.rows import Row

f64 = np.float64
FINE = f64(1_000_000_000)  # totals are whole numbers: in billionths
NOTHING, ONE, HALF = f64(0), f64(1), f64(0.5)


def evenly(slot: u64, citizens: u64) -> f64:
    """How much good doing good does oneself: spread evenly from nothing to one, without luck."""
    return (f64(slot) + HALF) / f64(citizens)


def alike(luck_a: u32) -> f64:
    """The same by luck: nothing to one, each alike."""
    return f64(unit(luck_a))


def normally(luck_a: u32) -> f64:
    """The same by luck, normally; it can be less than nothing."""
    return f64(normal(luck_a))


def image(yes: i64, will_of_yes: i64, all_will: i64, citizens: u64) -> f64:
    """By how much better those are thought of who did it: if nobody did, as the best there are, against the worst if nobody did not."""
    no = i64(citizens) - yes
    best = ONE if yes == 0 else f64(will_of_yes) / FINE / f64(yes)
    worst = NOTHING if no == 0 else f64(all_will - will_of_yes) / FINE / f64(no)
    return best - worst


def acts(will: f64, known: f64, cost: f64, publicity: f64) -> i32:
    """Whether one does good: if it is worth its cost, by itself and by what others think."""
    return i32(will - cost + publicity * known >= NOTHING)


def counted(will: f64, done: i32) -> tuple[i64, i64, i64]:
    """What tomorrow's image is made of: the will of all, how many did good, and the will of those."""
    fine = i64(will * FINE)
    return fine, i64(done), i64(done) * fine


TELLS = ("=all_will", "=acting", "=acting_will")
SEES = {"yes": "yesterday_acting", "will_of_yes": "yesterday_acting_will", "all_will": "yesterday_all_will"}
MODEL = Model(
    name="image game",
    about="How many do good when others see it?",
    source="Tirole 2021, Digital Dystopia, American Economic Review 111:2007; Bénabou & Tirole 2006.",
    fields=(Field("will", "f8", "", "How much good doing good does oneself."), Field("done", "u1", "", "1 who does good.", high=1)),
    numbers=(
        Number("cost", 0.7, "", "made", "What a good deed costs.", 0, 2, dtype="f8"),
        Number("publicity", 0.8, "", "made", "How much being thought well of counts.", 0, 2, dtype="f8"),
    ),
    luck=(Luck("image game.start", ("luck_a", "luck_b", "luck_c", "luck_d")),),
    start=(Step(evenly, "tile", ("will",)), Step(counted, "tile", TELLS, bind={"done": 0})),
    chain=(
        Step(image, "tile", ("known",), bind=SEES),
        Step(acts, "tile", ("done",)),
        Step(counted, "tile", TELLS),
    ),
    totals=("all_will", "acting", "acting_will"),
)
NORMAL = replace(MODEL, name="image game, normal", start=(Step(normally, "tile", ("will",)), MODEL.start[1]))
CITIZENS, DAYS = 100_000, 40


@cache
def acting(publicity: float, cost: float, normally_drawn: bool = False) -> float:
    """The share who do good when images are those of yesterday's deeds, after days enough."""
    run = simulate(NORMAL if normally_drawn else MODEL, CITIZENS, DAYS, publicity=publicity, cost=cost)
    return float(run.totals["acting"][-1, 0]) / CITIZENS


_EVEN, _NORMAL = "1 - cost + publicity / 2.", "1 - Phi(v), v = cost - publicity x (phi / (1 - Phi) + phi / Phi)(v)."
ROWS = (
    *(Row(f"doing good, publicity {publicity}, cost 0.7", share, 1.1e-5, "exact", "derived", _EVEN, lambda p=publicity: acting(p, 0.7))
      for publicity, share in ((0.0, 0.3), (0.4, 0.5), (0.8, 0.7), (1.4, 1.0))),
    *(Row(f"doing good, publicity {publicity}, cost {cost}, normal", share, error, "sampled", "computed", _NORMAL,
          lambda p=publicity, c=cost: acting(p, c, True))
      for publicity, cost, share, error in (
          (0.0, 0.5, 0.3085, 0.0058), (0.2, 0.5, 0.4288, 0.0064), (0.4, 0.5, 0.5557, 0.0068), (0.4, 1.0, 0.3628, 0.0065))),
)  # fmt: skip
