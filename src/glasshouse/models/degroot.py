"""DeGroot: three people average what they hear, with fixed weights, until they agree. On what?"""

import numpy as np

from glasshouse.model import Field, Model, Number, Step, u64

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
)
