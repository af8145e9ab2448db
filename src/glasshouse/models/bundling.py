"""Bundling: one grade for good deeds and politics, and a price on friends who dissent. What becomes of deeds, dissent and friendship?"""

from dataclasses import replace
from functools import cache

import numpy as np

from glasshouse.model import At, Field, Luck, Number, Step, f32, i32, simulate, u32, unit
from glasshouse.model.pairs import matched
from glasshouse.models import image_game
from glasshouse.models.image_game import FINE, NOTHING, ONE, SEES
from glasshouse.models.rows import Row

f64 = np.float64
FRIENDS = ("luck_e", "luck_f", "luck_g", "luck_h")  # lasting: one's friend is one's friend for good


def feels(luck_b: u32, luck_c: u32, luck_d: u32, share: f32, most_zeal: f32) -> tuple[f32, f32]:
    """What dissent is worth to one, nothing to the loyal; and what one's friend is, nothing to one, each alike."""
    return most_zeal * unit(luck_c) if unit(luck_b) < share else f32(0), unit(luck_d)


def chooses(will: f64, zeal: f32, worth: f32, known: f64, graded: f64, cost: f64, publicity: f64, bundling: f64,
            strong: f64, guilt: f64) -> tuple[i32, i32]:  # fmt: skip
    """Whether one does good, and whether one dissents. Friends and some strangers see the deed, others a grade that dissent forfeits."""
    by_grade = (ONE - strong) * bundling
    deed = will - cost + publicity * (ONE - by_grade) * known
    dissent = max(NOTHING, f64(zeal) - guilt * f64(worth))
    loyal, rebel = deed + publicity * by_grade * graded, deed + dissent
    if loyal >= rebel and loyal >= dissent:
        return i32(1), i32(0)
    return i32(rebel >= dissent), i32(dissent > NOTHING)


def well_graded(done: i32, dissents: i32) -> i32:
    """Whether one has the good grade."""
    return i32(done != 0 and dissents == 0)


def keeps(zeal: f32, friend_zeal: f32, worth: f32, friend_dissents: i32, guilt: f64) -> tuple[i32, i32]:
    """Whether one is loyal with a dissident for a friend, and whether one stays a friend then: to know somebody who dissents costs."""
    across = zeal == f32(0) and friend_zeal > f32(0)
    return i32(across), i32(across and (friend_dissents == 0 or f64(worth) >= guilt))


MODEL = replace(
    image_game.MODEL,
    name="bundling",
    about="What becomes of good deeds, dissent and friendship when one grade bundles them?",
    source="After Tirole 2021, Digital Dystopia, American Economic Review 111:2007: its abstract's claims, in a game of this project.",
    fields=(
        *image_game.MODEL.fields,
        Field("zeal", "f4", "", "What dissent is worth to one.", high=1, seen=True),
        Field("worth", "f4", "", "What the friend is worth to one.", high=1),
        Field("dissents", "u1", "", "1 who dissents.", high=1, seen=True),
    ),
    numbers=(
        *image_game.MODEL.numbers,
        Number("share", 0.2, "", "made", "Share of dissidents.", 0, 1),
        Number("most_zeal", 0.4, "", "made", "What dissent is worth to the keenest: a docile people.", 0, 1),
        Number("bundling", 0.0, "", "made", "Share of strangers who see only the grade.", 0, 1, dtype="f8"),
        Number("strong", 0.0, "", "made", "Share of encounters that are with people who know one.", 0, 1, dtype="f8"),
        Number("guilt", 0.0, "", "made", "What it costs to have a friend who dissents.", 0, 1, dtype="f8"),
    ),
    luck=(*image_game.MODEL.luck, Luck("bundling.friends", FRIENDS, lasting=True, of="citizens")),
    start=(Step(image_game.alike, "tile", ("will",)), image_game.MODEL.start[1], Step(feels, "tile", ("zeal", "worth"))),
    chain=(
        Step(matched, "tile", ("friend",), shared=True, bind=dict(zip(("luck_a", "luck_b", "luck_c", "luck_d"), FRIENDS, strict=True))),
        Step(image_game.image, "tile", ("known",), bind=SEES),
        Step(image_game.image, "tile", ("graded",), bind={**SEES, "yes": "yesterday_graded_good", "will_of_yes": "yesterday_graded_will"}),
        Step(chooses, "tile", ("done", "dissents|=dissent")),
        Step(image_game.counted, "tile", image_game.TELLS),
        Step(well_graded, "tile", ("good_grade",)),
        Step(image_game.counted, "tile", ("", "=graded_good", "=graded_will"), bind={"done": "good_grade"}),
        Step(keeps, "tile", ("=across", "=kept_across"),
             bind={"friend_zeal": At("their_zeal", ("friend",)), "friend_dissents": At("their_dissents", ("friend",))}),
    ),
    totals=(*image_game.MODEL.totals, "graded_good", "graded_will", "dissent", "across", "kept_across"),
)  # fmt: skip
CITIZENS, DAYS, SILENCE, WEIGHTS = 100_000, 20, 0.2, (0.0, 0.25, 0.5, 0.75, 1.0)


@cache
def after(what: str, **numbers: float) -> float:
    """What a run came to: the share who do good, of dissidents who dissent, of friendships across that last, or the image of doing good."""
    run = simulate(MODEL, CITIZENS, DAYS, **numbers)
    total = {name: float(days[-1, 0]) for name, days in run.totals.items()}
    acting, will, dissidents = total["acting"], total["acting_will"] / FINE, float((run.state["zeal"] > 0).sum())
    image = will / acting - (total["all_will"] / FINE - will) / (CITIZENS - acting)
    kept = total["kept_across"] / total["across"]
    return {"good": acting / CITIZENS, "dissent": total["dissent"] / dissidents, "kept": kept, "image": image}[what]


def best_weight(share: float) -> float:
    """How much a state bundles that wants good deeds, and the share of dissidents who are silent, by SILENCE."""
    return max(WEIGHTS, key=lambda b: after("good", share=share, bundling=b) - SILENCE * after("dissent", share=share, bundling=b))


_SEEN = "The claim is seen in the abstract; the figure is where this game comes to rest, its error that of 24 seeds."
_BEST = _SEEN + " If all dissent counted, and not the share of dissidents, their number would not matter."
FIGURES = (
    ("dissent under a bundled grade, of 1 without it", 0.53605, 0.0196, "dissent", {"bundling": 1.0}),
    ("doing good under a bundled grade, of 0.7", 0.63926, 0.009, "good", {"bundling": 1.0}),
    ("image of doing good under a bundled grade, of 0.5", 0.48051, 0.0043, "image", {"bundling": 1.0}),
    ("dissent, bundled, half of encounters with friends", 0.76415, 0.0141, "dissent", {"bundling": 1.0, "strong": 0.5}),
    ("dissent, bundled, nine tenths with friends", 0.95281, 0.0049, "dissent", {"bundling": 1.0, "strong": 0.9}),
    ("dissent, bundled, zeal up to twice as much", 0.80657, 0.0129, "dissent", {"bundling": 1.0, "most_zeal": 0.8}),
    ("friendships across that last, guilt 0.2", 0.85, 0.0097, "kept", {"guilt": 0.2}),
    ("friendships across that last, guilt 0.4", 0.8, 0.0137, "kept", {"guilt": 0.4}),
    ("dissent, guilt 0.4", 0.5, 0.0186, "dissent", {"guilt": 0.4}),
)
ROWS = (
    *(Row(name, expected, error, "sampled", "computed", _SEEN, lambda what=what, numbers=numbers: after(what, **numbers))
      for name, expected, error, what, numbers in FIGURES),
    *(Row(f"best weight of politics in the grade, {share:.0%} dissidents", best, 0.125, "sampled", "computed", _BEST,
          lambda share=share: best_weight(share))
      for share, best in ((0.05, 1.0), (0.2, 1.0), (0.4, 0.0), (0.6, 0.0))),
)  # fmt: skip
