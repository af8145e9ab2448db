"""Impossibility: a flag that means the same in two groups and misses as many in both. Whom does it accuse wrongly?"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from glasshouse.model import Field, Luck, Model, Number, Step, f32, i32, simulate, u32, unit
from glasshouse.models.gaming import BARS, people
from glasshouse.models.rows import Row

ONE, HALF = f32(1), f32(0.5)


def belongs(luck_a: u32) -> i32:
    """One of two groups of the same size."""
    return i32(unit(luck_a) < HALF)


def is_flagged(luck_b: u32, group: i32, frequent: np.ndarray, missed: f32, means: f32) -> i32:
    """Whether one is flagged: as many of a group as it must be, if a flag means the same and as many are missed in both."""
    return i32(unit(luck_b) < frequent[group] * (ONE - missed) / means)


def does(luck_c: u32, group: i32, flagged: i32, frequent: np.ndarray, missed: f32, means: f32) -> i32:
    """Whether one does what the flag warns of: with the chance that a flag means, or as many as are missed."""
    flags = frequent[group] * (ONE - missed) / means
    return i32(unit(luck_c) < (means if flagged != 0 else frequent[group] * missed / (ONE - flags)))


MODEL = Model(
    name="impossibility",
    about="Can a flag mean the same, miss as many and accuse as many wrongly in two groups?",
    source="Chouldechova 2017, arXiv:1703.00056; Kleinberg, Mullainathan & Raghavan 2016, arXiv:1609.05807.",
    fields=(
        Field("group", "u1", "", "Of two.", high=1),
        Field("flagged", "u1", "", "1 who is flagged.", high=1),
        Field("did", "u1", "", "1 who does what the flag warns of.", high=1),
    ),
    numbers=(
        Number("frequent", (0.51, 0.39), "", "made", "Share of a group who do it."),
        Number("means", 0.6, "", "made", "Share of the flagged who do it, in both groups.", 0, 1),
        Number("missed", 0.35, "", "made", "Share of those who do it who are not flagged, in both groups.", 0, 1),
    ),
    luck=(Luck("impossibility.start", ("luck_a", "luck_b", "luck_c", "luck_d")),),
    start=(Step(belongs, "tile", ("group",)),),
    chain=(Step(is_flagged, "tile", ("flagged",)), Step(does, "tile", ("did",))),
    size=(10_000, 1),
)
CITIZENS = 1_000_000


@cache
def tables(**numbers: float) -> tuple[np.ndarray, np.ndarray]:
    """How many of each group are (not flagged, flagged) and (did not, did) it: two tables of two by two."""
    state = {name: column[0].astype(int) for name, column in simulate(MODEL, CITIZENS, 1, **numbers).state.items()}
    return tuple(np.bincount((2 * state["flagged"] + state["did"])[state["group"] == g], minlength=4).reshape(2, 2) for g in (0, 1))


def accused(table: np.ndarray) -> float:
    """The share of those who did not who are flagged."""
    return float(table[1, 0] / table[:, 0].sum())


def implied(table: np.ndarray) -> float:
    """The same from how many do it, what a flag means and how many are missed: the identity."""
    did, means, missed = table[:, 1].sum() / table.sum(), table[1, 1] / table[1].sum(), table[0, 1] / table[:, 1].sum()
    return float(did / (1 - did) * (1 - means) / means * (1 - missed))


def gaming_tables() -> list[np.ndarray]:
    """The same tables of who is let in and who is qualified, of both groups of the model of gaming under every bar."""
    return [np.array([[int(((s["accepted"] == a) & (s["good"] == y) & (s["dear"] == g)).sum()) for y in (0, 1)] for a in (0, 1)])
            for s in (people(bar, tight=True) for bar in BARS) for g in (0, 1)]  # fmt: skip


def off(found: Sequence[np.ndarray]) -> float:
    """By how much the identity fails, at most."""
    return max(abs(accused(table) - implied(table)) for table in found)


_CHOULDECHOVA = "Wrongly accused = p / (1 - p) x (1 - means) / means x (1 - missed)."
ROWS = (
    Row("wrongly accused of the group of whom 51% do it", 0.451, 0.004, "sampled", "computed", _CHOULDECHOVA, lambda: accused(tables()[0])),
    Row(
        "wrongly accused of the group of whom 39% do it", 0.277, 0.0032, "sampled", "computed", _CHOULDECHOVA, lambda: accused(tables()[1])
    ),
    Row("the identity fails here at most by", 0, 1e-12, "exact", "derived", _CHOULDECHOVA, lambda: off(tables())),
    Row("the identity fails in gaming at most by", 0, 1e-12, "exact", "derived", _CHOULDECHOVA, lambda: off(gaming_tables())),
)
