"""Gaming and subsidies: an office cannot tell a bought score from an earned one. Whom does it help to pay for those for whom it is dear?"""

from dataclasses import replace
from functools import cache

import numpy as np

from glasshouse.model import Number, Step, f32, i32, simulate
from glasshouse.models import gaming
from glasshouse.models.gaming import BARS, CITIZENS, TIGHT, mean, right
from glasshouse.models.rows import Row


def qualified(score: f32, right_bar: f32) -> i32:
    """Whether one is qualified: here the score says it without error, before it is raised."""
    return i32(score >= right_bar)


MODEL = replace(
    gaming.MODEL,
    name="gaming and subsidies",
    about="Whom does it help when an office pays for the better scores of those for whom they are dear?",
    source="Hu, Immorlica & Vaughan 2019, arXiv:1808.08646.",
    numbers=(
        *(number for number in gaming.MODEL.numbers if number.name != "share_good"),
        Number("right_bar", 0.6, "", "made", "Score by itself from which one is qualified.", 0, 1),
    ),
    start=(
        Step(gaming.belongs, "tile", ("dear",)),
        Step(gaming.able, "tile", ("score",), bind={"good": 1}),
        Step(qualified, "tile", ("good",)),
    ),
)
CASES = {"none": TIGHT, "half": {**TIGHT, "subsidy": (0.0, 0.5)}, "crossed": {**TIGHT, "mean": (0.5, 0.7)}}
"""No subsidy; half of the price for the dear group; and no subsidy, where the dear group has the higher scores."""


@cache
def people(bar: float, case: str) -> dict[str, np.ndarray]:
    """Everybody under a bar, in one of the cases."""
    return {name: column[0] for name, column in simulate(MODEL, CITIZENS, 1, bar=bar, **CASES[case]).state.items()}


def best(case: str) -> float:
    """The bar at which most decisions are right."""
    return max(BARS, key=lambda bar: right(people(bar, case)))


def welfare(case: str, dear: int) -> float:
    """What being in, worth 1, less what it cost comes to for a group under the best bar."""
    state = people(best(case), case)
    return mean(state, "accepted", dear) - mean(state, "paid", dear)


_SEEN = "Hu et al. 2019 prove that there are such cases; the figure is of this one."
ROWS = (
    Row("best bar, crossed means", 0.75, 0.0125, "sampled", "derived", _SEEN, lambda: best("crossed")),
    Row("cheap unqualified who are in there", 0.17815, 0.0053, "sampled", "derived", _SEEN,
        lambda: mean(people(0.75, "crossed"), "accepted", 0, 0)),
    Row("dear qualified who are in there", 0.82185, 0.0053, "sampled", "derived", _SEEN,
        lambda: mean(people(0.75, "crossed"), "accepted", 1, 1)),
    Row("best bar", 0.7, 0.0125, "sampled", "derived", _SEEN, lambda: best("none")),
    Row("best bar, half of the dear price subsidised", 0.8, 0.0125, "sampled", "derived", _SEEN, lambda: best("half")),
    Row("more right decisions with the subsidy", 0.06795, 0.0023, "sampled", "derived", _SEEN,
        lambda: right(people(best("half"), "half")) - right(people(best("none"), "none"))),
    Row("welfare of the cheap group by the subsidy", -0.30477, 0.0025, "sampled", "derived", _SEEN,
        lambda: welfare("half", 0) - welfare("none", 0)),
    Row("welfare of the dear group by the subsidy", -0.1204, 0.002, "sampled", "derived", _SEEN,
        lambda: welfare("half", 1) - welfare("none", 1)),
)  # fmt: skip
