"""Small worlds: everybody knows the neighbours on a ring; now and then a tie leads far away. How soon is everybody near everybody?

No tie is kept: who is tied to whom is worked out from the slots, by a shuffle of all for each of a citizen's ties that may lead away.
In the published recipe the far end of such a tie is drawn alone, and one may receive many; here it is one of the shuffled, and one
receives at most as many as one gives. That matters where all ties lead away: 3.30 steps from one to another, not 3.27. Distance is seen
by 64 rumours that spread along the ties, a step a day; the model needs as many citizens.
"""

from functools import cache

import numpy as np

from glasshouse.model import Field, Luck, Model, Number, Step, f32, i32, simulate, u32, u64, unit
from glasshouse.model.pairs import sender, sent, word_of
from glasshouse.models.rows import Row

f64 = np.float64
RUMOURS, KINDS = u64(64), u64(3)


def starts(slot: u64, citizens: u64) -> u64:
    """Whether one is among the 64, evenly spaced, who each start a rumour."""
    apart = citizens // RUMOURS
    return u64(1) << (slot // apart) if slot % apart == u64(0) and slot // apart < RUMOURS else u64(0)


def leads_away(slot: u64, tie: u64, luck_far: u32, away: f32) -> bool:
    """Does one's tie to the neighbour so many places on lead away instead?"""
    return unit(word_of(slot, luck_far, u32(tie))) < away


def end(slot: u64, citizens: u64, which: u64, half: u64, luck_far: u32, luck_ways: u32, away: f32) -> u64:
    """Who is at the end of one of a citizen's ties, first those given, then those received; oneself where that tie is not there."""
    tie, kind = which % half, which // half
    if kind == u64(0):
        ahead = (slot + tie + u64(1)) % citizens
        return u64(sent(slot, citizens, luck_ways, u32(tie))) if leads_away(slot, tie, luck_far, away) else ahead
    far = kind > u64(1)
    giver = u64(sender(slot, citizens, luck_ways, u32(tie))) if far else (slot + citizens - tie - u64(1)) % citizens
    return giver if leads_away(giver, tie, luck_far, away) == far else slot


def tied(one: u64, other: u64, citizens: u64, half: u64, luck_far: u32, luck_ways: u32, away: f32) -> bool:
    """Are two tied, whichever of them gave the tie?"""
    found = False
    for tie in range(half):
        mine = end(one, citizens, u64(tie), half, luck_far, luck_ways, away)
        found = found or mine == other or end(other, citizens, u64(tie), half, luck_far, luck_ways, away) == one
    return found


def clusters(slot: u64, citizens: u64, half: u64, luck_far: u32, luck_ways: u32, away: f32) -> f64:
    """Of all pairs of those whom one is tied to, the share that are tied to each other; who is tied twice counts twice."""
    asked, close = f64(0), f64(0)
    for which in range(KINDS * half):
        one = end(slot, citizens, u64(which), half, luck_far, luck_ways, away)
        for before in range(which):
            other = end(slot, citizens, u64(before), half, luck_far, luck_ways, away)
            if one != slot and other != slot and one != other:
                asked = asked + f64(1)
                close = close + f64(tied(one, other, citizens, half, luck_far, luck_ways, away))
    return close / max(asked, f64(1))


def hears(slot: u64, citizens: u64, half: u64, their_heard: np.ndarray, luck_far: u32, luck_ways: u32, away: f32) -> tuple[u64, i32]:
    """The rumours that had reached one by yesterday, or anybody to whom one is tied; and how many have not."""
    heard = their_heard[slot]
    for which in range(KINDS * half):
        heard = heard | their_heard[end(slot, citizens, u64(which), half, luck_far, luck_ways, away)]
    missing = i32(0)
    for rumour in range(RUMOURS):
        missing = missing + i32((heard >> u64(rumour)) & u64(1) == u64(0))
    return heard, missing


MODEL = Model(
    name="small worlds",
    about="How soon is everybody near everybody, when now and then a tie leads far away?",
    source="Watts & Strogatz 1998, Collective dynamics of small-world networks, Nature 393:440.",
    fields=(
        Field("heard", "u8", "", "The rumours that one has heard, a bit each.", seen=True),
        Field("clustering", "f8", "share", "Pairs of one's ties that are tied to each other.", high=1),
    ),
    numbers=(
        Number("half", 5, "ties", "seen", "Given by each: with those received ten, as in the paper.", dtype="u8"),
        Number("away", 0.01, "chance", "seen", "A tie leads away.", 0, 1),
    ),
    luck=(Luck("small worlds.ties", ("luck_far", "luck_ways", "luck_3", "luck_4"), lasting=True, of="citizens"),),
    start=(Step(starts, "tile", ("heard",)), Step(clusters, "tile", ("clustering",))),
    chain=(Step(hears, "tile", ("heard", "=missing")),),
    totals=("missing",),
    size=(1_000, 110),
)
ARMS = {f"away {share}": {"away": share} for share in (0, 0.001, 0.01, 0.1, 1)}


@cache
def rings() -> tuple[np.ndarray, np.ndarray]:
    """Clustering and distance of 1,000 citizens: (20 seeds, five arms) each. A day on which a rumour is missing is a step."""
    runs = [simulate(MODEL, 1000, 110, seed, ARMS) for seed in range(1, 21)]
    steps = [1 + run.totals["missing"].sum(0) / (64 * 999) for run in runs]
    return np.array([run.state["clustering"].mean(1) for run in runs]), np.array(steps)


def _row(what: int, arm: int, expected: float, tolerance: float, source: str = "networkx, mean of five graphs") -> Row:
    """A row of one arm; that in which no tie leads away is the same for all seeds."""
    name, kind = f"{('clustering', 'distance')[what]}, {list(ARMS)[arm]}", "sampled" if arm else "exact"
    return Row(name, expected, tolerance, kind, "computed", source, lambda: float(rings()[what][:, arm].mean()))


CLUSTERING = ((1, 0.6648, 0.0016), (2, 0.6457, 0.0046), (3, 0.4902, 0.0147), (4, 0.0088, 0.0018))
DISTANCE = ((1, 26.15, 13), (2, 8.67, 1.0), (3, 4.43, 0.11))
ROWS = (  # four standard errors of 20 graphs and of five, by how single ones of 60 others deviate
    _row(0, 0, 2 / 3, 1e-12, "3 (k - 2) / (4 (k - 1))"),
    *(_row(0, *published) for published in CLUSTERING),
    _row(1, 0, 50_400 / 999, 1e-12, "counted on the ring"),
    *(_row(1, *published) for published in DISTANCE),
    _row(1, 4, 3.298, 0.0038, "the same recipe in numpy, mean of 30 graphs"),
)
