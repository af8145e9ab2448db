"""DeGroot: three people average what they hear, with fixed weights, until they agree. On what?"""

from functools import cache

import numpy as np

from glasshouse.model import Field, Model, Number, Run, Step, simulate, u64
from glasshouse.models.rows import Row

f64 = np.float64


def first(slot: u64, said_first: np.ndarray) -> f64:
    """What each thinks at the start."""
    return said_first[slot]


def hears(slot: u64, citizens: u64, weights: np.ndarray, their_opinion: np.ndarray) -> f64:
    """The mean of what everybody thought yesterday, by one's own weights."""
    mean = f64(0)
    for other in range(citizens):
        mean = mean + weights[slot, other] * their_opinion[other]
    return mean


MODEL = Model(
    name="DeGroot",
    about="On what do people agree who average one another's opinions, and how fast?",
    source="DeGroot 1974, Reaching a consensus, JASA 69:118.",
    fields=(Field("opinion", "f8", "", "What one thinks.", seen=True),),
    numbers=(
        Number("said_first", (0.0, 0.5, 1.0), "", "made", "Three people from one end to the other.", dtype="f8"),
        Number(
            "weights",
            ((0.5, 0.5, 0), (0.25, 0.5, 0.25), (0, 0.5, 0.5)),
            "",
            "made",
            "Each hears the neighbours as much as oneself.",
            dtype="f8",
        ),
    ),
    luck=(),
    start=(Step(first, "tile", ("opinion",)),),
    chain=(Step(hears, "tile", ("opinion",)),),
    size=(3, 60),
)
ARMS = {"as published": {}, "first alone": {"said_first": (1, 0, 0)}, "second alone": {"said_first": (0, 1, 0)}}


@cache
def after(days: int) -> Run:
    """Three people after some days; those who speak alone say 1, the others 0."""
    return simulate(MODEL, citizens=3, days=days, arms=ARMS)


def agreed(arm: int) -> float:
    """On what all agree in the end: the mean of the three after 60 days."""
    return float(after(60).state["opinion"][arm].mean())


def shrinks() -> float:
    """By what the way left to agreement is multiplied in a day."""
    ten, eleven = (after(days).state["opinion"][0] for days in (10, 11))
    return float(np.ptp(eleven) / np.ptp(ten))


ROWS = (
    Row("agreed on", 0.5, 1e-12, "exact", "computed", "the weights that the matrix leaves as they are", lambda: agreed(0)),
    Row("weight of the first", 0.25, 1e-12, "exact", "computed", "the weights that the matrix leaves as they are", lambda: agreed(1)),
    Row("weight of the second", 0.5, 1e-12, "exact", "computed", "the weights that the matrix leaves as they are", lambda: agreed(2)),
    Row("way left after a day", 0.5, 1e-12, "exact", "computed", "the second eigenvalue of the matrix", shrinks),
)
