"""Delayed impact: what do the loans of a fair bank do to the scores of those whom it means well by?

How the bank plans is in equal_reach.py. The table here is made up; the published one is read where it is
(credit_tables.py), and with it each of its fourteen figures below is met within 0.03 points.
"""

from functools import cache, partial

import numpy as np

from glasshouse.model import Field, Luck, Model, Number, Pick, Step, i32, simulate, u32, u64, unit
from glasshouse.models.credit_tables import published
from glasshouse.models.equal_reach import f64, lent, plans
from glasshouse.models.rows import Row

LEAST, MOST, MIDDLE = f64(300), f64(850), f64(0.5)
PROFIT = i32(0)
SCORES, CHANCES = (400, 500, 600, 700, 800), ((0.2, 0.5, 0.75, 0.9, 0.97),) * 2
UP_TO = ((0.3, 0.6, 0.8, 0.95, 1), (0.02, 0.06, 0.15, 0.5, 1))


def begins(slot: u64, citizens: u64, up_to: np.ndarray, scores: np.ndarray) -> tuple[i32, i32, f64]:
    """The first half are the first group; the score is that of one's place in the group."""
    half = citizens >> u64(1)
    group, place = i32(slot >= half), i32(0)
    rank = (f64(slot - u64(group) * half) + MIDDLE) / f64(half)
    while rank > up_to[group, place] and place + i32(1) < up_to.shape[1]:
        place = place + i32(1)
    return group, place, scores[place]


def is_bank(slot: u64) -> i32:
    """The first citizen's place is where the bank keeps its plan."""
    return i32(slot == u64(0))


def lends(
    group: i32, place: i32, their_plan: np.ndarray, up_to: np.ndarray, chances: np.ndarray, policy: i32, loss: f64, luck_lot: u32
) -> i32:
    """Whether one has a loan: at best profit whoever brings one, else as far as the bank's plan reaches, by lot at the last score."""
    if policy == PROFIT:
        return i32(chances[group, place] >= loss / (f64(1) + loss))
    return i32(f64(unit(luck_lot)) < lent(up_to, chances, group, place, policy, their_plan[0]))


def moves(score: f64, group: i32, place: i32, loan: i32, chances: np.ndarray, up: f64, down: f64) -> f64:
    """The score after a loan, by what is to be expected of it."""
    chance = chances[group, place]
    return min(max(score + chance * up - (f64(1) - chance) * down, LEAST), MOST) if loan != 0 else score


MODEL = Model(
    name="delayed impact",
    about="What do the loans of a fair bank do to the scores of those whom it means well by?",
    source="Liu, Dean, Rolf, Simchowitz & Hardt 2018, Delayed impact of fair machine learning, ICML 2018.",
    fields=(
        Field("group", "u1", "", "1 for the second group.", high=1),
        Field("place", "i4", "", "Which of the scores one had first."),
        Field("score", "f8", "", "300 to 850.", high=850),
        Field("plan", "f8", "share", "How much of each group the bank reaches.", high=1, seen=True),
    ),
    numbers=(
        Number("scores", SCORES, "", "made", "Scores that there are.", dtype="f8"),
        Number("up_to", UP_TO, "share", "made", "Of a group, with at most this score.", dtype="f8"),
        Number("chances", CHANCES, "chance", "made", "Of repaying, by group and score.", dtype="f8"),
        Number("first", 0.12066905, "share", "seen", "Of all, in the first group.", dtype="f8"),
        Number("policy", 0, "", "seen", "0 most profit, 1 the same share of both groups, 2 of those who would repay.", dtype="i4"),
        Number("loss", 4, "gains", "seen", "What a loan that is not repaid costs, by what one that is repaid brings.", dtype="f8"),
        Number("up", 75, "points", "seen", "A score rises by it with a loan repaid.", dtype="f8"),
        Number("down", 150, "points", "seen", "A score falls by it with a loan not repaid.", dtype="f8"),
    ),
    luck=(Luck("delayed impact", ("luck_lot", "luck_2", "luck_3", "luck_4")),),
    start=(
        Step(begins, "tile", ("group", "place", "score")),
        Step(is_bank, "tile", ("bank",)),
        Pick("banks", "bank", "tile"),
        Step(plans, "banks", ("plan",)),
    ),
    chain=(Step(lends, "tile", ("loan|=loans",)), Step(moves, "tile", ("score",))),
    totals=("loans",),
    size=(200_000, 1),
)
POLICIES = ("most profit", "same share", "same share of the sound")
ARMS = {f"{policy}, loss {loss}": {"policy": n, "loss": loss} for loss in (4, 10) for n, policy in enumerate(POLICIES)} | {
    "to all": {"loss": 0}
}
HALF = 100_000


@cache
def moved(table: str) -> np.ndarray:
    """By how much the mean score of each group moved: arms x groups; no number where the table is not there."""
    numbers = {"scores": np.array(SCORES)} if table == "made up" else published()
    if numbers is None:
        return np.full((len(ARMS), 2), np.nan)
    state = simulate(MODEL, citizens=2 * HALF, days=1, arms=ARMS, **numbers).state
    return (state["score"] - numbers["scores"][state["place"]]).reshape(len(ARMS), 2, HALF).mean(2)


# of the first group on the table that is made up; of the first and the second on the published one
FIGURES = {
    "most profit, loss 4": (10.375, 8.4, 38.67),
    "same share, loss 4": (-12.125, -17.14, 35.04),
    "same share of the sound, loss 4": (2.875, 6.01, 37.24),
    "most profit, loss 10": (2.5, 4.4, 34.0),
    "same share, loss 10": (10.375, 6.83, 20.28),
    "same share of the sound, loss 10": (13.1799, 9.37, 30.57),
    "to all": (-27.125, -55.0, 20.9),
}
OFF = {"made up": 0.35, "published": 0.5}
ROWS = tuple(
    Row(f"{arm}, {table} table: group {n + 1}", figure, OFF[table], "sampled", "computed", "the same rules, written apart", partial(
        lambda arm, table, n: float(moved(table)[list(ARMS).index(arm), n]), arm, table, n))
    for arm, figures in FIGURES.items()
    for figure, table, n in zip(figures, ("made up", "published", "published"), (0, 0, 1), strict=True)
)  # fmt: skip
