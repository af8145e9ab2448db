"""Gaming: a score decides, and some can raise theirs at a price that differs by group. Who pays when the bar goes up?"""

from functools import cache
from itertools import pairwise

import numpy as np

from glasshouse.model import Field, Luck, Model, Number, Step, f32, i32, normal, simulate, u32, unit
from glasshouse.models.rows import Row

ZERO, ONE = f32(0), f32(1)


def belongs(luck_a: u32, share_dear: f32) -> i32:
    """Whether one is of the group for whom a better score costs more."""
    return i32(unit(luck_a) < share_dear)


def qualified_by_luck(luck_b: u32, share_good: f32) -> i32:
    """Whether one is qualified, whatever the score says."""
    return i32(unit(luck_b) < share_good)


def able(luck_c: u32, dear: i32, good: i32, mean: np.ndarray, gap: f32, spread: f32) -> f32:
    """What one's score would be by itself; that of the unqualified is lower by the gap."""
    return mean[dear] + spread * normal(luck_c) - gap * f32(i32(1) - good)


def shows(score: f32, bar: f32, dear: i32, cost: np.ndarray, subsidy: np.ndarray) -> tuple[f32, f32, i32]:
    """The score that is shown, its price, and who is in: nobody goes beyond the bar or pays more than 1, which being in is worth."""
    price = cost[dear] * (ONE - subsidy[dear]) * (bar - score)
    games = score < bar and price <= ONE
    return bar if games else score, price if games else ZERO, i32(score >= bar or games)


def bears(score: f32, bar: f32, dear: i32, cost: np.ndarray, good: i32) -> f32:
    """What the bar costs the qualified: the price of reaching it, worth it or not."""
    return cost[dear] * (bar - score) if good != 0 and score < bar else ZERO


MODEL = Model(
    name="gaming",
    about="Who pays when a bar is raised against those who raise their scores?",
    source="Hardt et al. 2016; Milli et al. 2019, arXiv:1808.08460; Hu, Immorlica & Vaughan 2019, arXiv:1808.08646.",
    fields=(
        Field("dear", "u1", "", "1 for whom a better score costs more.", high=1),
        Field("good", "u1", "", "1 who is qualified.", high=1),
        Field("score", "f4", "", "The score by itself."),
        Field("shown", "f4", "", "The score that is shown."),
        Field("paid", "f4", "", "What one paid to show it."),
        Field("accepted", "u1", "", "1 who is in.", high=1),
        Field("burden", "f4", "", "What the bar costs one who is qualified."),
    ),
    numbers=(
        Number("share_dear", 0.5, "", "made", "Share of those for whom a better score costs more.", 0, 1),
        Number("share_good", 0.5, "", "made", "Share of the qualified.", 0, 1),
        Number("mean", (0.7, 0.6), "", "made", "Mean score of the qualified, by group."),
        Number("gap", 0.2, "", "made", "By how much the unqualified score less.", 0, 1),
        Number("spread", 0.1, "", "made", "Standard deviation of scores.", 0, 1),
        Number("cost", (1.0, 2.0), "", "made", "Price of a score that is better by one, by group, where being in is worth 1."),
        Number("subsidy", (0.0, 0.0), "", "made", "Share of the price that the office pays, by group."),
        Number("bar", 0.7, "", "made", "Score from which one is in.", 0, 2),
    ),
    luck=(Luck("gaming.start", ("luck_a", "luck_b", "luck_c", "luck_d")),),
    start=(Step(belongs, "tile", ("dear",)), Step(qualified_by_luck, "tile", ("good",)), Step(able, "tile", ("score",))),
    chain=(Step(shows, "tile", ("shown", "paid", "accepted")), Step(bears, "tile", ("burden",))),
    size=(10_000, 1),
)
BARS = tuple(x / 1000 for x in range(600, 951, 25))
"""Bars that an office chooses from."""
CITIZENS = 200_000
TIGHT = {"cost": (5.0, 10.0)}
"""Prices at which only those near the bar raise their scores."""


@cache
def people(bar: float, tight: bool = False) -> dict[str, np.ndarray]:
    """Everybody under a bar."""
    run = simulate(MODEL, CITIZENS, 1, bar=bar, **(TIGHT if tight else {}))
    return {name: column[0] for name, column in run.state.items()}


def mean(state: dict[str, np.ndarray], column: str, dear: int, good: int | None = None) -> float:
    """The mean of a column over a group, or over its qualified or unqualified."""
    whom = (state["dear"] == dear) & (True if good is None else state["good"] == good)
    return float(state[column][whom].mean(dtype=float))


def right(state: dict[str, np.ndarray]) -> float:
    """The share of decisions that are right, which the office wants high."""
    return float((state["accepted"] == state["good"]).mean())


def lighter() -> float:
    """How many steps up of the bar make more decisions right and the burden of a group no heavier."""
    under = [people(bar, tight=True) for bar in BARS]
    steps = [(a, b) for a, b in pairwise(under) if right(b) > right(a)]
    return float(sum(mean(b, "burden", dear, 1) <= mean(a, "burden", dear, 1) for a, b in steps for dear in (0, 1)))


BURDENS = {(0.5, 0): (0.0008, 0.00018), (0.5, 1): (0.0167, 0.00094), (0.6, 0): (0.0083, 0.0005), (0.6, 1): (0.0798, 0.0021),
           (0.7, 0): (0.0399, 0.00105), (0.7, 1): (0.2167, 0.0031), (0.8, 0): (0.1083, 0.0016), (0.8, 1): (0.4017, 0.0035)}  # fmt: skip
_BURDEN = "cost x ((bar - mean) Phi(z) + spread phi(z)), z = (bar - mean) / spread."
ROWS = (
    *(Row(f"burden of the {('cheap', 'dear')[dear]} group, bar {bar}", *figure, "sampled", "computed", _BURDEN,
          lambda bar=bar, dear=dear: mean(people(bar), "burden", dear, 1)) for (bar, dear), figure in BURDENS.items()),
    Row("more right decisions, and no heavier burden", 0, 0, "exact", "seen", "Milli et al. 2019: never.", lighter),
    Row("share at the bar, 0.75, where prices are 5 and 10", 0.29367, 0.0041, "sampled", "derived", "Those within 1 / cost below it.",
        lambda: float((people(0.75, tight=True)["shown"] == np.float32(0.75)).mean())),
)  # fmt: skip
