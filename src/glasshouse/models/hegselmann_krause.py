"""Hegselmann-Krause: all move to the mean of those who think nearly as they do. Into how many camps do they fall?"""

from collections.abc import Callable
from functools import cache

import numpy as np

from glasshouse.model import Field, Luck, Model, Number, Run, Step, i32, simulate, u32, u64, unit
from glasshouse.models.rows import Row

f64 = np.float64
HALF = f64(0.5)


def first(slot: u64, citizens: u64, luck_opinion: u32, drawn: i32) -> f64:
    """What each thinks at the start: evenly spaced from 0 to 1, or drawn."""
    return f64(unit(luck_opinion)) if drawn != 0 else (f64(slot) + HALF) / f64(citizens)


def moves(opinion: f64, citizens: u64, their_opinion: np.ndarray, confidence: f64, slack: f64) -> tuple[f64, i32]:
    """The mean of all opinions of yesterday that are no further away than one's confidence reaches, and whether one moved."""
    reach = confidence + slack
    heard, count = f64(0), f64(0)
    for other in range(citizens):
        near = f64(abs(their_opinion[other] - opinion) <= reach)
        heard = heard + near * their_opinion[other]
        count = count + near
    mean = heard / count
    return mean, i32(abs(mean - opinion) > slack)


MODEL = Model(
    name="Hegselmann-Krause",
    about="Into how many camps do people fall who hear only those that think nearly as they do?",
    source="Hegselmann & Krause 2002, Opinion dynamics and bounded confidence, JASSS 5(3):2.",
    fields=(Field("opinion", "f8", "", "What one thinks.", seen=True),),
    numbers=(
        Number("confidence", 0.2, "", "made", "How far off an opinion may be and still be heard.", 0, 1, dtype="f8"),
        Number("slack", 1e-12, "", "made", "Those so nearly that far apart still hear each other.", dtype="f8"),
        Number("drawn", 0, "", "made", "1: opinions are drawn at the start; 0: evenly spaced.", dtype="i4"),
    ),
    luck=(Luck("Hegselmann-Krause.start", ("luck_opinion", "luck_2", "luck_3", "luck_4"), lasting=True),),
    start=(Step(first, "tile", ("opinion",)),),
    chain=(Step(moves, "tile", ("opinion", "=moved")),),
    totals=("moved",),
    size=(1_000, 100),
)
CAMPS = {
    0.05: (119, 114, 113, 112, 84, 112, 113, 114, 119),
    0.10: (238, 262, 262, 238),
    0.15: (356, 288, 356),
    0.18: (491, 18, 491),
    0.19: (500, 500),
    0.20: (500, 500),
    0.21: (1000,),
    0.22: (1000,),
    0.25: (1000,),
    0.30: (1000,),
}
ARMS = {f"confidence {width:.2f}": {"confidence": width} for width in CAMPS}
GAP = 1e-3


@cache
def grid() -> Run:
    """1,000 people, evenly spaced, for 100 days; the slowest agree after 77."""
    return simulate(MODEL, citizens=1000, days=100, arms=ARMS)


def camps(opinion: np.ndarray) -> tuple[int, ...]:
    """How many are in each camp, from 0 upwards: camps are parted by a gap."""
    order = np.sort(opinion)
    return tuple(np.diff([0, *(np.flatnonzero(np.diff(order) > GAP) + 1), len(order)]).tolist())


@cache
def drawn() -> np.ndarray:
    """How many camps 1,000 people fall into within 60 days whose opinions are drawn: (20 seeds, three confidences)."""
    arms = {name: ARMS[name] for name in ("confidence 0.05", "confidence 0.10", "confidence 0.25")}
    runs = [simulate(MODEL, citizens=1000, days=60, seed=seed, arms=arms, drawn=1) for seed in range(1, 21)]
    return np.array([[len(camps(opinion)) for opinion in run.state["opinion"]] for run in runs])


def sizes(arm: int, place: int) -> int:
    """People in a camp of the evenly spaced, by its place from below; -1: how many camps there are."""
    found = camps(grid().state["opinion"][arm])
    return found[place] if place >= 0 else len(found)


def moving(arm: int) -> int:
    """Days on which anybody of the evenly spaced moved."""
    return int((grid().totals["moved"][:, arm] > 0).sum())


def _exact(what: str, width: float, expected: int, read: Callable[..., int], *place: int) -> Row:
    """A row of the evenly spaced."""
    name, arm = f"{what}, confidence {width:.2f}", list(CAMPS).index(width)
    return Row(name, expected, 0, "exact", "computed", "the rule, in numpy", lambda: float(read(arm, *place)))


def _sampled(width: float, expected: float, tolerance: float) -> Row:
    """A row of those whose opinions are drawn: camps on average; what is expected is the mean of 50 other draws."""
    name, arm = f"camps when drawn, confidence {width:.2f}", (0.05, 0.10, 0.25).index(width)
    return Row(name, expected, tolerance, "sampled", "computed", "the rule, in numpy, 50 draws", lambda: float(drawn()[:, arm].mean()))


ROWS = (
    *(_exact("camps", w, len(found), sizes, -1) for w, found in CAMPS.items()),
    *(_exact("in the lowest camp", w, found[0], sizes, 0) for w, found in CAMPS.items()),
    *(_exact("in the middle camp", w, found[len(found) // 2], sizes, len(found) // 2) for w, found in CAMPS.items()),
    *(_exact("days until agreed", w, days, moving) for w, days in {0.21: 77, 0.22: 68, 0.25: 8, 0.30: 4}.items()),
    _sampled(0.05, 7.84, 0.95),  # 4 x 0.9 x sqrt(1/20 + 1/50)
    _sampled(0.10, 3.80, 0.73),  # 4 x 0.69 x the same
    _sampled(0.25, 1.02, 0.15),  # 4 x 0.14 x the same
)
