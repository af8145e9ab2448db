"""Friedkin-Johnsen: three people hear the others, and hold to what they said first. How far apart do they stay?

They begin and hear as in the model of DeGroot, which has no more than that.
"""

from functools import cache

from glasshouse.model import At, Field, Model, Number, Run, Step, simulate
from glasshouse.models.degroot import f64, first, hears
from glasshouse.models.rows import Row


def holds(heard: f64, said_first: f64, openness: f64) -> f64:
    """Part of what was heard, the rest of what one said first."""
    return openness * heard + (f64(1) - openness) * said_first


MODEL = Model(
    name="Friedkin-Johnsen",
    about="How far apart do people stay who hear one another, and hold to what they said first?",
    source="Friedkin & Johnsen 1990, Social influence and opinions, J. Math. Sociol. 15:193.",
    fields=(Field("opinion", "f8", "", "What one thinks.", seen=True),),
    numbers=(
        Number("said_first", (0.0, 0.5, 1.0), "", "made", "Three people from one end to the other.", dtype="f8"),
        Number("openness", (0.5, 0.8, 0.9), "share", "made", "How much of an opinion is what was heard.", dtype="f8"),
        Number("weights", ((0, 0.5, 0.5), (0.5, 0, 0.5), (0.5, 0.5, 0)), "", "made", "Each hears the two others alike.", dtype="f8"),
    ),
    luck=(),
    start=(Step(first, "tile", ("opinion",)),),
    chain=(
        Step(hears, "tile", ("heard",)),
        Step(holds, "tile", ("opinion",), bind={"said_first": At("said_first", ("slot",)), "openness": At("openness", ("slot",))}),
    ),
    size=(3, 300),
)
ARMS = {"as published": {}, "all open": {"openness": (1, 1, 1)}, "all closed": {"openness": (0, 0, 0)}}


@cache
def settled() -> Run:
    """Three people after 300 days, by when what is left of the way is less than a float64 can tell."""
    return simulate(MODEL, citizens=3, days=300, arms=ARMS)


def _row(who: int, share: float, name: str) -> Row:
    source = "(I - LW)^-1 (I - L) s"
    return Row(f"opinion of the {name}", share, 1e-12, "exact", "computed", source, lambda: float(settled().state["opinion"][0, who]))


ROWS = (_row(0, 19 / 138, "first"), _row(1, 37 / 138, "second"), _row(2, 39 / 138, "third"))
