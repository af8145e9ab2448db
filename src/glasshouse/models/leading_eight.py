"""The leading eight in public: who helps whom when all see the same good or bad name of everybody, and does another rule pay?"""

from functools import cache, partial
from itertools import product

import numpy as np

from glasshouse.model import At, Field, Luck, Model, Number, Run, Step, f32, i32, simulate, u32, u64, unit
from glasshouse.model.pairs import anyone
from glasshouse.models.norms import NORMS
from glasshouse.models.rows import Row

GOOD, TWO = i32(1), i32(2)


def begins(luck_kind: u32, rare: f32) -> tuple[i32, i32]:
    """Everybody begins with a good name; a few will help by a rule of their own."""
    return GOOD, i32(unit(luck_kind) < rare)


def meets(slot: u64, citizens: u64, luck_who: u32) -> u32:
    """Each gives once a day, to somebody at random."""
    return anyone(slot, citizens, luck_who)


def gives(good: i32, their: i32, odd: i32, helps: np.ndarray, odd_helps: np.ndarray, luck_slip: u32, slip: f32) -> i32:
    """Whether one helps, by both names; who means to help may fail to."""
    names = good + good + their
    meant = odd_helps[names] if odd != 0 else helps[names]
    return i32(meant != 0 and unit(luck_slip) >= slip)


def counted(gave: i32, odd: i32, theirs: i32) -> tuple[i32, i32, i32]:
    """Who is odd, what they give and what they get."""
    return odd, gave * odd, gave * theirs


def judged(good: i32, their: i32, gave: i32, approves: np.ndarray, luck_error: u32, error: f32) -> i32:
    """The new name, by both names and what was done; it may be written down wrongly, for all to see."""
    right = approves[(good + good + their) * TWO + gave]
    return i32(right == 0) if unit(luck_error) < error else i32(right)


MODEL = Model(
    name="leading eight in public",
    about="Who helps whom when all see the same good or bad name of everybody?",
    source="Ohtsuki & Iwasa 2004, J. Theor. Biol. 231:107; 2006, 239:435.",
    fields=(
        Field("good", "u1", "", "1 with a good name.", high=1, seen=True),
        Field("odd", "u1", "", "1 for those who help by a rule of their own.", high=1, seen=True),
    ),
    numbers=(
        Number("approves", NORMS["L1"][0], "", "seen", "Which name follows, by donor, recipient and act.", dtype="i4"),
        Number("helps", NORMS["L1"][1], "", "seen", "Whether one helps, by donor and recipient.", dtype="i4"),
        Number("error", 0.01, "chance", "made", "A name is written down wrongly.", 0, 0.5),
        Number("slip", 0.0, "chance", "made", "Who means to help fails to.", 0, 0.5),
        Number("rare", 0.0, "share", "made", "So many help by a rule of their own.", 0, 1),
        Number("odd_helps", NORMS["L1"][1], "", "made", "Whether these few help, by donor and recipient.", dtype="i4"),
    ),
    luck=(Luck("leading eight", ("luck_who", "luck_slip", "luck_error", "luck_kind")),),
    start=(Step(begins, "tile", ("good", "odd")),),
    chain=(
        Step(meets, "tile", ("who",), shared=True),
        Step(gives, "tile", ("gave|=helped",), bind={"their": At("their_good", ("who",))}),
        Step(counted, "tile", ("=odd_ones", "=odd_gave", "=odd_got"), bind={"theirs": At("their_odd", ("who",))}),
        Step(judged, "tile", ("good",), bind={"their": At("their_good", ("who",))}),
    ),
    totals=("helped", "odd_ones", "odd_gave", "odd_got"),
)
ARMS = {name: {"approves": approves, "helps": helps} for name, (approves, helps) in NORMS.items()}
SIZE, DAYS, BEFORE = 20_000, 1_000, 500


@cache
def in_public() -> tuple[list, Run]:
    """Each norm with three settings of the errors, and everybody of one mind."""
    arms = {(norm, error, slip): ARMS[norm] | {"error": error, "slip": slip} for norm in NORMS for error, slip in HELPED}
    return list(arms), simulate(MODEL, citizens=SIZE, days=DAYS, arms=arms)


def helped(norm: str, error: float, slip: float) -> float:
    """Share of meetings in which one helped."""
    arms, run = in_public()
    return float(run.totals["helped"][BEFORE:, arms.index((norm, error, slip))].mean() / SIZE)


@cache
def gains(norm: str, citizens: int = 10_000, days: int = 1_500) -> tuple[np.ndarray, np.ndarray]:
    """What one in a hundred get and give more a day, by each of the fifteen other rules, than they do when they help as all do."""
    own = NORMS[norm][1]
    arms = {rule: ARMS[norm] | {"odd_helps": rule} for rule in (own, *product((0, 1), repeat=4))}  # one's own comes first, and only once
    totals = simulate(MODEL, citizens=citizens, days=days, arms=arms, rare=0.01, error=0.05).totals
    got, gave = (totals[name].sum(0) / totals["odd_ones"].sum(0) for name in ("odd_got", "odd_gave"))
    return got[1:] - got[0], gave[1:] - gave[0]


def invaders(norm: str, cost: float) -> float:
    """How many of the rules do better than the norm's own, where help costs so much of what it brings."""
    got, gave = gains(norm)
    return float((got - cost * gave > 0).sum())


# error, slip: expected of L1 and L2, of L3 to L6, of L7 and L8, of the other two; tolerance of the eight, of the other two
HELPED = {
    (0.01, 0.0): ((0.9901, 0.99, 0.9899, 0.5), (1.8e-4, 0.0316)),
    (0.05, 0.0): ((0.9525, 0.95, 0.9475, 0.5), (4e-4, 0.0064)),
    (0.01, 0.01): ((0.97097, 0.97059, 0.9702, 0.3322), (2.8e-4, 0.02)),
}
FAMILY = {"L1": 0, "L2": 0, "L7": 2, "L8": 2, "image scoring": 3, "shunning": 3}
LIMIT, CODE = ("sampled", "computed", "the limit of many people"), ("sampled", "seen", "assertions of the published code")
ROWS = (
    *(
        Row(f"{norm}, error {e}, slip {slip}: helped", means[kind], off[kind == 3], *LIMIT, partial(helped, norm, e, slip))
        for (e, slip), (means, off) in HELPED.items()
        for norm, kind in ((norm, FAMILY.get(norm, 1)) for norm in NORMS)
    ),
    *(Row(f"L{n}, cost 0.6: rules that do better", 0, 0, *CODE, partial(invaders, f"L{n}", 0.6)) for n in range(1, 9)),
    *(Row(f"{n}, cost 1.05: rules that do better", many, 0, *LIMIT, partial(invaders, n, 1.05)) for n, many in (("L6", 10), ("L8", 9))),
)
