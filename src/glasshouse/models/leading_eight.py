"""The leading eight in public: who helps whom when all see the same good or bad name of everybody, and how it is given?"""

import numpy as np

from glasshouse.model import At, Field, Luck, Model, Number, Step, f32, i32, u32, u64, unit
from glasshouse.model.pairs import anyone

GOOD = i32(1)
TWO = i32(2)
#      BB,D BB,C BG,D BG,C GB,D GB,C GG,D GG,C (donor, recipient, what the donor did) and what is done: BB BG GB GG
NORMS = {
    "L1": ((0, 1, 0, 1, 1, 1, 0, 1), (1, 1, 0, 1)),
    "L2": ((0, 1, 0, 1, 1, 0, 0, 1), (1, 1, 0, 1)),
    "L3": ((1, 1, 0, 1, 1, 1, 0, 1), (0, 1, 0, 1)),
    "L4": ((1, 0, 0, 1, 1, 1, 0, 1), (0, 1, 0, 1)),
    "L5": ((1, 1, 0, 1, 1, 0, 0, 1), (0, 1, 0, 1)),
    "L6": ((1, 0, 0, 1, 1, 0, 0, 1), (0, 1, 0, 1)),
    "L7": ((0, 0, 0, 1, 1, 1, 0, 1), (0, 1, 0, 1)),
    "L8": ((0, 0, 0, 1, 1, 0, 0, 1), (0, 1, 0, 1)),
    "image scoring": ((0, 1, 0, 1, 0, 1, 0, 1), (0, 1, 0, 1)),
    "shunning": ((0, 0, 0, 1, 0, 0, 0, 1), (0, 1, 0, 1)),
}


def begins_good() -> i32:
    """Everybody begins with a good name."""
    return GOOD


def meets(slot: u64, citizens: u64, luck_who: u32) -> u32:
    """Each gives once a day, to somebody at random."""
    return anyone(slot, citizens, luck_who)


def gives(good: i32, their: i32, helps: np.ndarray, luck_slip: u32, slip: f32) -> i32:
    """Whether one helps, by both names; who means to help may fail to."""
    meant = helps[good + good + their]
    return i32(meant != 0 and unit(luck_slip) >= slip)


def judged(good: i32, their: i32, gave: i32, approves: np.ndarray, luck_error: u32, error: f32) -> i32:
    """The new name, by both names and what was done; it may be written down wrongly, for all to see."""
    right = approves[(good + good + their) * TWO + gave]
    return i32(right == 0) if unit(luck_error) < error else i32(right)


MODEL = Model(
    name="leading eight in public",
    about="Who helps whom when all see the same good or bad name of everybody?",
    source="Ohtsuki & Iwasa 2004, J. Theor. Biol. 231:107; 2006, 239:435.",
    fields=(Field("good", "u1", "", "1 with a good name.", high=1, seen=True),),
    numbers=(
        Number("approves", NORMS["L1"][0], "", "seen", "Which name follows, by donor, recipient and act.", dtype="i4"),
        Number("helps", NORMS["L1"][1], "", "seen", "Whether one helps, by donor and recipient.", dtype="i4"),
        Number("error", 0.01, "chance", "made", "A name is written down wrongly.", 0, 0.5),
        Number("slip", 0.0, "chance", "made", "Who means to help fails to.", 0, 0.5),
    ),
    luck=(Luck("leading eight.day", ("luck_who", "luck_slip", "luck_error", "luck_spare")),),
    start=(Step(begins_good, "tile", ("good",)),),
    chain=(
        Step(meets, "tile", ("who",), shared=True),
        Step(gives, "tile", ("gave|=helped",), bind={"their": At("their_good", ("who",))}),
        Step(judged, "tile", ("good|=with_good_name",), bind={"their": At("their_good", ("who",))}),
    ),
    totals=("helped", "with_good_name"),
)
ARMS = {name: {"approves": approves, "helps": helps} for name, (approves, helps) in NORMS.items()}
