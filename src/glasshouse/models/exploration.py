"""Exploration and return: how many places does somebody see who finds new ones ever more seldom, and else goes where she was most?

The published formula, ((1 + gamma) rho n) ** (1 / (1 + gamma)), gives 34.5 places after 100 moves and 231.4 after 1,000; it takes moves
and places to be continuous, and what is expected here does not. Going back to a place in proportion to one's visits is going where one
was on a move drawn evenly from all so far. So what is kept is where each move led, of the last thousand; places are numbered as they are
found. Distances between places are no part of it.
"""

from functools import cache

import numpy as np

from glasshouse.model import At, Field, Luck, Model, Number, Run, Step, i32, simulate, u32, unit
from glasshouse.model.pairs import one_of
from glasshouse.models.rows import Row

f64 = np.float64
MOST = i32(1001)


def begins() -> tuple[i32, i32, i32]:
    """All begin at the one place that they know, and have been there once."""
    return i32(1), i32(1), i32(1)


def remembers(day: i32, luck_which: u32) -> u32:
    """A move drawn evenly from those that are kept, where one began among them."""
    return one_of(luck_which, u32(min(day + i32(1), MOST)))


def keeps(day: i32) -> i32:
    """Where today's move is kept: when all room is taken, in the place of the oldest."""
    return (day + i32(1)) % MOST


def goes(been: i32, places: i32, luck_new: u32, explores: f64, slows: f64) -> tuple[i32, i32]:
    """Where one goes, a new place or the one remembered, and how many places one then knows."""
    new = unit(luck_new) < explores * f64(places) ** -slows and places < MOST
    return (places if new else been), places + i32(new)


def visits_once() -> i32:
    """One visit more."""
    return i32(1)


def prefers(most: i32, there: i32) -> i32:
    """How often one was at the place where one was most."""
    return max(most, there)


MODEL = Model(
    name="exploration and return",
    about="How many places does somebody see who finds new ones ever more seldom, and else goes where she was most?",
    source="Song, Koren, Wang & Barabási 2010, Modelling the scaling properties of human mobility, Nature Physics 6:818.",
    fields=(
        Field("places", "u2", "places", "Places that one knows.", high=1001),
        Field("most", "u4", "visits", "Visits to the place where one was most."),
        Field("history", "u2", "", "The place of each move that is kept.", many=1001, high=1000),
        Field("visits", "u4", "visits", "How often one was at each place.", many=1001),
    ),
    numbers=(
        Number("explores", 0.6, "chance", "seen", "scikit-mobility, skmob/models/epr.py: rho.", dtype="f8"),
        Number("slows", 0.21, "", "seen", "scikit-mobility, skmob/models/epr.py: gamma.", dtype="f8"),
    ),
    luck=(Luck("exploration.day", ("luck_which", "luck_new", "luck_3", "luck_4")),),
    start=(Step(begins, "tile", ("places", "most", "visits@0")),),
    chain=(
        Step(remembers, "tile", ("which",)),
        Step(keeps, "tile", ("turn",)),
        Step(goes, "tile", ("place|history@turn", "places"), bind={"been": At("history", ("which",))}),
        Step(visits_once, "tile", ("&visits@place",)),
        Step(prefers, "tile", ("most",), bind={"there": At("visits", ("place",))}),
    ),
    size=(4_000, 100),
)
CITIZENS = 4000


@cache
def after(moves: int) -> Run:
    """What 4,000 people know after some moves."""
    return simulate(MODEL, citizens=CITIZENS, days=moves)


def places(moves: int) -> float:
    """Places that one knows, on average."""
    return float(after(moves).state["places"].mean())


def top(moves: int) -> float:
    """The share of the place where one was most, on average, among all visits with the first."""
    return float(after(moves).state["most"].mean() / (moves + 1))


CHAIN, OTHER = "the chain of places known, summed exactly", "another simulation, in numpy"
ROWS = (
    Row("places after 100 moves", 35.13, 0.26, "sampled", "computed", CHAIN, lambda: places(100)),
    Row("places after 1,000 moves", 231.98, 0.71, "sampled", "computed", CHAIN, lambda: places(1000)),
    Row("share of the top place, 100 moves", 0.2077, 0.0049, "sampled", "computed", OTHER, lambda: top(100)),
    Row("share of the top place, 1,000 moves", 0.1246, 0.0034, "sampled", "computed", OTHER, lambda: top(1000)),
)
