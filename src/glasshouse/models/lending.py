"""Lending that is not static: what do loans do to the scores of two groups, and does equal opportunity still help when scores answer?

How a bank with equal opportunity finds whom to lend to is in equal_opportunity.py.
"""

from functools import cache, partial

import numpy as np

from glasshouse.model import Field, Luck, Model, Number, Pick, Step, i32, simulate, u32, u64, unit
from glasshouse.model.pairs import is_the_one
from glasshouse.models.equal_opportunity import TOP, f64, falls_on
from glasshouse.models.rows import Row

CHANCES = (0.1, 0.2, 0.45, 0.6, 0.65, 0.7, 0.7)
UP_TO = ((0, 10, 20, 40, 70, 100, 100), (10, 20, 40, 70, 100, 100, 100))


def begins(slot: u64, many: u64, up_to: np.ndarray) -> i32:
    """The score of one's place in one's group; the first half of a town is the first group."""
    half = many >> u64(1)
    group, rank = slot % many // half, slot % half
    score = i32(0)
    while rank >= up_to[group, score]:
        score = score + i32(1)
    return score


def lends(slot: u64, many: u64, score: i32, their_score: np.ndarray, chances: np.ndarray, least: f64, equal: i32, luck_lot: u32) -> i32:
    """Whether the bank lends: above a chance of being repaid, or to the same share of those in both groups who would repay."""
    return i32(falls_on(slot, many, score, their_score, chances, f64(unit(luck_lot))) if equal != 0 else chances[score] > least)


def answers(score: i32, lent: i32, chances: np.ndarray, move: i32, luck_pay: u32) -> tuple[i32, i32, i32]:
    """Whether one would repay, whether a loan was repaid, and the score, which rises with a loan repaid and falls with one that is not."""
    good = i32(f64(unit(luck_pay)) < chances[score])
    after = score + move if good != 0 else score - move
    return good, lent * good, min(TOP, max(i32(0), after)) if lent != 0 else score


MODEL = Model(
    name="lending",
    about="What do loans do to the scores of two groups?",
    source="D'Amour, Srinivasan, Atwood, Baljekar, Sculley & Halpern 2020, Fairness is not static, FAT* 2020.",
    fields=(
        Field("score", "u1", "", "0 to 6.", high=6, seen=True),
        Field("loans", "i4", "", "Loans that one had."),
        Field("repaid", "i4", "", "Loans that one repaid."),
        Field("sound", "i4", "", "Loans that one asked for, and would repay."),
    ),
    numbers=(
        Number("many", 200, "people", "made", "In a town, half of them of each group; one asks a day.", dtype="u8", same=True),
        Number("up_to", UP_TO, "people", "seen", "With at most this score at first.", dtype="i4"),
        Number("chances", CHANCES, "chance", "seen", "Of repaying, by score.", dtype="f8"),
        Number("least", 0.5, "chance", "seen", "The bank lends above it: interest is as much as the loan.", dtype="f8"),
        Number("equal", 0, "", "seen", "1: the bank lends with equal opportunity.", dtype="i4"),
        Number("move", 1, "scores", "seen", "By which a loan moves a score.", dtype="i4"),
    ),
    luck=(Luck("lending", ("luck_who", "luck_lot", "luck_pay", "luck_4"), of="many"),),
    start=(Step(begins, "tile", ("score",)),),
    chain=(
        Step(is_the_one, "tile", ("asks",)),
        Pick("applicants", "asks", "tile"),
        Step(lends, "applicants", ("lent|&loans",)),
        Step(answers, "applicants", ("&sound", "&repaid", "score")),
    ),
    size=(6_000, 20_000),
)
STAY = {"move": 0}
ARMS = {"profit": {}, "profit, scores stay": STAY, "equal": {"equal": 1}, "equal, scores stay": {"equal": 1} | STAY, "all": {"least": 0}}
TOWNS = 30


@cache
def run_of(arm: str) -> dict[str, np.ndarray]:
    """What the banks left, by town and group."""
    days = 100_000 if arm == "all" else 20_000
    state = simulate(MODEL, citizens=200 * TOWNS, days=days, arms={arm: ARMS[arm]}).state
    score, loans, repaid, asked = (state[name][0].reshape(TOWNS, 2, 100) for name in ("score", "loans", "repaid", "sound"))
    return {
        "chance of repaying": np.array(CHANCES)[score].mean(2),
        "with the lowest score": (score == 0).mean(2),
        "loans": loans.sum(2),
        "of the sound, with a loan": repaid.sum(2) / asked.sum(2),
        "profit a day": (2 * repaid - loans).sum((1, 2))[:, None] / days,
    }


def measure(arm: str, what: str, group: int | slice = slice(0, 2)) -> float:
    """A mean over towns."""
    return float(run_of(arm)[what][:, group].mean())


SPEC, EXACT = ("computed", "the published rules, written apart, 30 seeds"), ("computed", "worked out from the tables")
# arm, what: of the first group, how far off, of the second, how far off
FIGURES = {
    ("profit", "chance of repaying"): (0.465, 0.0103, 0.417, 0.0083, *SPEC),
    ("profit", "loans"): (3556, 400, 2326, 283, *SPEC),
    ("profit", "of the sound, with a loan"): (0.479, 0.04, 0.359, 0.054, *SPEC),
    ("equal", "chance of repaying"): (0.415, 0.028, 0.323, 0.025, *SPEC),
    ("equal", "loans"): (3988, 362, 3146, 249, *SPEC),
    ("equal", "of the sound, with a loan"): (0.56, 0.035, 0.563, 0.034, *SPEC),
    ("equal, scores stay", "loans"): (8000, 51, 7454.8, 51, *EXACT),
    ("equal, scores stay", "of the sound, with a loan"): (0.88983, 0.0034, 0.88983, 0.0036, *EXACT),
    ("profit, scores stay", "of the sound, with a loan"): (0.88983, 0.0034, 0.75758, 0.005, *EXACT),
}
OF_BOTH = {
    ("profit", "profit a day"): (0.111, 0.0124, *SPEC),
    ("equal", "profit a day"): (0.131, 0.0134, *SPEC),
    ("equal, scores stay", "profit a day"): (0.19273, 0.0045, *EXACT),
    ("all", "chance of repaying"): (0.34818, 0.0145, *EXACT),
    ("all", "with the lowest score"): (0.51483, 0.026, *EXACT),
}
ROWS = (
    *(Row(f"{arm}: {what}, group {n + 1}", of[2 * n], of[2 * n + 1], "sampled", of[4], of[5], partial(measure, arm, what, n))
      for (arm, what), of in FIGURES.items() for n in (0, 1)),
    *(Row(f"{arm}: {what}", of[0], of[1], "sampled", of[2], of[3], partial(measure, arm, what)) for (arm, what), of in OF_BOTH.items()),
)  # fmt: skip
