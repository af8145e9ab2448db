"""The core day: people are scored by what they do on five channels, graded, punished and rewarded, and hear eight others.

It is what DECLARATION.md beside it states, written as anybody would write a model. core_day.c must leave the same bits.
"""

import math

import numpy as np

from glasshouse.model import At, Field, Luck, Model, Number, Step, f32, i32, i64, normal, places, u32, u64, unit

ZERO, HALF, ONE, THIRD = f32(0), f32(0.5), f32(1), f32(1 / 3)
# parts of exp(-x / 8), and of the chances of so many acts
E2, E3, E4, E5, EIGHTH, SIXTH = f32(1 / 2), f32(-1 / 6), f32(1 / 24), f32(-1 / 120), f32(1 / 8), f32(1 / 6)
BY_4, BY_5, BY_7, BY_9 = f32(1 / 4), f32(1 / 5), f32(1 / 7), f32(1 / 9)
LOW, HIGH, PER_WORD = u32(0xFFFF), u32(16), f32(1 / 65536)
# ties: places in a block of 4,096 that three shuffles join, and two people far off
BLOCK, LAST, TURN, TURN_BITS = u64(4096), u64(4095), u64(0x9E3779B97F4A7C15), u64(40)
BY_A, BY_B, BY_C = u64(1229), u64(2741), u64(3581)
BACK_A, BACK_B, BACK_C = (u64(pow(by, -1, 4096)) for by in (1229, 2741, 3581))
SHIFT_B, SHIFT_C = u64(977), u64(1954)
FAR, OF = u64(381_966), u64(1_000_000)
EIGHT_SCORES, EIGHT_OPINIONS = f32(1 / 256), f32(1 / 524288)
# the score
GAIN, PULL, BASE, HEED, MOST = f32(1.2), f32(0.01), f32(650), f32(0.02), f32(1300)
IN_32, IN_65535 = f32(32), f32(65535)
BANNED, BIT_2, BIT_3, BIT_4, BIT_5, BIT_6, BIT_7, PENALTIES = (i32(n) for n in (2, 2, 3, 4, 5, 6, 7, 31))
# money and mind
LUCKY, LOSS, BONUS, DRIFT, USUAL = f32(0.01), f32(0.002), f32(0.0005), f32(0.001), f32(50)
KEPT, SAVED, SPENT, FINED = f32(0.9995), f32(0.02), f32(0.4), f32(0.1)
HELD, STEP, STRAIN, STRAINED = f32(0.2), f32(0.1), f32(0.05), f32(0.25)
NOISE, MIDDLE, CONVERTED, PER_MOST = f32(0.05), f32(32767.5), f32(0.05), f32(1 / 1300)
GROUP_1, GROUP_2, GROUP_3 = f32(0.5), f32(0.8), f32(0.95)
FROM, SPAN, RICHEST, POOREST, WAGES, FIRST_STRAIN = f32(400), f32(500), f32(100), f32(20), f32(60), f32(0.2)
CELLS, WORSE, LAST_BIN = i32(16), i32(8), i32(255)


def born(a: u32, b: u32, c: u32, d: u32, e: u32, f: u32, g: u32) -> tuple[f32, f32, f32, f32, f32, f32, f32, i32]:
    """The first score, wealth, income, disposition, opinion, mobility, stress and group, by luck."""
    lot, share = unit(b), unit(g)
    group = i32(share > GROUP_1) + i32(share > GROUP_2) + i32(share > GROUP_3)
    strain = FIRST_STRAIN * unit(f)
    return FROM + SPAN * unit(a), RICHEST * lot * lot, POOREST + WAGES * unit(c), unit(d), unit(e), ONE, strain, i32(group)


def inclined(factor: f32, disp: f32) -> tuple[f32, f32]:
    """How much one does, by grade and disposition; and no evidence yet."""
    return factor * (HALF + disp), ZERO


def none_of(rate: f32) -> f32:
    """exp(-rate), by a polynomial of an eighth of it."""
    x = rate * EIGHTH
    once = ONE + x * (-ONE + x * (E2 + x * (E3 + x * (E4 + x * E5))))
    twice = once * once
    four = twice * twice
    return four * four


def more(drawn: f32, chance: f32) -> f32:
    """1 if the draw is above."""
    return ONE if drawn > chance else ZERO


def acts(drawn: f32, rate: f32) -> f32:
    """How many acts at a rate, at most ten: chances are added up until they pass the draw."""
    p = none_of(rate)
    s = p
    n = more(drawn, s)
    p = p * rate
    s = s + p
    n = n + more(drawn, s)
    p = p * rate * HALF
    s = s + p
    n = n + more(drawn, s)
    p = p * rate * THIRD
    s = s + p
    n = n + more(drawn, s)
    p = p * rate * BY_4
    s = s + p
    n = n + more(drawn, s)
    p = p * rate * BY_5
    s = s + p
    n = n + more(drawn, s)
    p = p * rate * SIXTH
    s = s + p
    n = n + more(drawn, s)
    p = p * rate * BY_7
    s = s + p
    n = n + more(drawn, s)
    p = p * rate * EIGHTH
    s = s + p
    n = n + more(drawn, s)
    p = p * rate * BY_9
    s = s + p
    return n + more(drawn, s)


def mistakes(drawn: f32, rate: f32) -> f32:
    """How many of a few, at most two."""
    none = ONE + rate * (-ONE + rate * (HALF - rate * SIXTH))
    return more(drawn, none) + more(drawn, none * (ONE + rate))


def leaning(bias: f32) -> f32:
    """By how much a channel favours one's group: looked up apart, since a loop that looks up in a table is no vector code."""
    return bias


def channel(
    evidence: f32, rate: f32, disp: f32, how_many: u32, how_good: u32, often: f32, bias: f32, spread: f32, weight: f32, mistaken: f32
) -> f32:
    """Evidence of one kind: so many acts, some of them recorded as their contrary, and how good they are."""
    mean = often * rate
    wrong = mean * mistaken
    kept = acts((f32(i32(how_many & LOW)) + HALF) * PER_WORD, mean - wrong)
    turned = mistakes((f32(i32(how_many >> HIGH)) + HALF) * PER_WORD, wrong)
    quality = disp - HALF + bias
    return evidence + weight * ((kept - turned) * quality + f32(math.sqrt(kept + turned)) * spread * normal(how_good))


def hears(slot: u64, citizens: u64, their_word: np.ndarray) -> tuple[f32, f32]:
    """The mean score and opinion of eight others, as they published them yesterday: six of one's block, two far off."""
    start, place = slot & ~LAST, slot & LAST
    turn = (start * TURN) >> TURN_BITS
    back = place + BLOCK
    far = citizens * FAR // OF
    ahead, behind = slot + far, slot + citizens - far
    a = their_word[start + ((BY_A * place + turn) & LAST)]
    b = their_word[start + ((BY_B * place + turn + SHIFT_B) & LAST)]
    c = their_word[start + ((BY_C * place + turn + SHIFT_C) & LAST)]
    d = their_word[start + ((BACK_A * (back - (turn & LAST))) & LAST)]
    e = their_word[start + ((BACK_B * (back - ((turn + SHIFT_B) & LAST))) & LAST)]
    f = their_word[start + ((BACK_C * (back - ((turn + SHIFT_C) & LAST))) & LAST)]
    g = their_word[ahead if ahead < citizens else ahead - citizens]
    h = their_word[behind if behind < citizens else behind - citizens]
    scores = i32(a & LOW) + i32(b & LOW) + i32(c & LOW) + i32(d & LOW) + i32(e & LOW) + i32(f & LOW) + i32(g & LOW) + i32(h & LOW)
    views = i32(a >> HIGH) + i32(b >> HIGH) + i32(c >> HIGH) + i32(d >> HIGH)
    views = views + i32(e >> HIGH) + i32(f >> HIGH) + i32(g >> HIGH) + i32(h >> HIGH)
    return f32(scores) * EIGHT_SCORES, f32(views) * EIGHT_OPINIONS


def scored(score: f32, evidence: f32, heard: f32) -> f32:
    """Evidence moves the score, and it goes back to the base and toward those whom one hears; between 0 and 1,300."""
    s = score + GAIN * evidence + PULL * (BASE - score) + HEED * (heard - score)
    s = ZERO if s < ZERO else s
    return MOST if s > MOST else s


def graded(score: f32, cut_1: f32, cut_2: f32, cut_3: f32, cut_4: f32, cut_5: f32, cut_6: f32) -> i32:
    """The grade, 0 to 6: how many cuts the score has reached."""
    low = i32(score >= cut_1) + i32(score >= cut_2) + i32(score >= cut_3)
    return i32(low + i32(score >= cut_4) + i32(score >= cut_5) + i32(score >= cut_6))


def entitled(due: i32, term: i32) -> tuple[i32, i32]:
    """Penalties and rewards of the grade, and for how long."""
    return due, term


def treated(flags: i32, days: i32, due: i32, term: i32) -> tuple[i32, i32, f32, f32]:
    """Penalties and rewards as bits, their days left, and how many there are: new ones begin a term, after which the grade's are left."""
    fresh = (due & ~flags) != 0
    left = i32(days - i32(1)) if days > 0 else i32(0)
    left = term if fresh else left
    after = flags if left != 0 else due
    bits = (flags | due) if fresh else after
    penalties = (bits & i32(1)) + ((bits >> i32(1)) & i32(1)) + ((bits >> BIT_2) & i32(1)) + ((bits >> BIT_3) & i32(1))
    penalties = penalties + ((bits >> BIT_4) & i32(1))
    rewards = ((bits >> BIT_5) & i32(1)) + ((bits >> BIT_6) & i32(1)) + ((bits >> BIT_7) & i32(1))
    return i32(bits), i32(left), f32(i32(penalties)), f32(i32(rewards))


def earns(income: f32, wealth: f32, penalties: f32, rewards: f32, luck_income: u32) -> tuple[f32, f32]:
    """Income by luck, penalties and rewards; and wealth from it."""
    made = income * (ONE + LUCKY * normal(luck_income) - LOSS * penalties + BONUS * rewards) + DRIFT * (USUAL - income)
    made = ZERO if made < ZERO else made
    held = wealth * KEPT + SAVED * made - SPENT - FINED * penalties
    return made, ZERO if held < ZERO else held


def lives(mobility: f32, stress: f32, flags: i32, penalties: f32) -> tuple[f32, f32]:
    """Who is banned moves less; penalties strain."""
    reach = HELD if (flags & BANNED) != 0 else ONE
    return mobility + STEP * (reach - mobility), stress + STRAIN * (STRAINED * penalties - stress)


def thinks(opinion: f32, disp: f32, views: f32, grade: i32, score: f32, luck_view: u32) -> tuple[f32, f32]:
    """The opinion moves toward those whom one hears, and up in the lowest grades; the disposition toward what the score rewards."""
    o = opinion + STEP * (views - opinion) + NOISE * ((f32(i32(luck_view & LOW)) - MIDDLE) * PER_WORD)
    o = o + (CONVERTED * (ONE - o) if grade <= 1 else ZERO)
    o = ZERO if o < ZERO else o
    return (ONE if o > ONE else o), disp + DRIFT * (score * PER_MOST - disp)


def publishes(score: f32, opinion: f32) -> u32:
    """Score and opinion in one word, as others hear them tomorrow."""
    return u32(i32(score * IN_32)) | (u32(i32(opinion * IN_65535)) << HIGH)


def measured(score: f32) -> tuple[i64, i64]:
    """The score in 32nds, and its square."""
    fine = i64(i32(score * IN_32))
    return fine, fine * fine


def sorted_into(group: i32, flags: i32, grade: i32, wealth: f32) -> tuple[i32, i32]:
    """In which cell of group, penalised and grade one is, and in which bin of wealth."""
    cell = group * CELLS + (WORSE if (flags & PENALTIES) != 0 else i32(0)) + grade
    held = i32(wealth)
    return i32(cell), LAST_BIN if held > LAST_BIN else held


def one() -> i32:
    """One person."""
    return i32(1)


WORDS = tuple(f"luck_{n}" for n in range(12))
OFTEN, WEIGHT = (1.2, 1.5, 0.6, 0.9, 0.4), (1.5, 0.8, 2.0, 0.5, 1.0)
SPREAD = (1.0, 0.7, 1.2, 0.5, 0.9)
BIAS = ((0.02, -0.03, 0.01, 0), (0.05, 0, -0.05, 0.01), (-0.1, 0.02, 0.03, 0.02), (0, 0, 0.04, -0.06), (0.01, -0.02, 0, 0.03))
CUTS = {f"cut_{n + 1}": At("cuts", (n,)) for n in range(6)}


def on_channel(n: int) -> tuple[Step, Step]:
    """The steps of a channel."""
    table = {name: At(name, (n,)) for name in ("often", "spread", "weight")}
    favoured = Step(leaning, "tile", ("lean",), bind={"bias": At("bias", (n, "group"))})
    return favoured, Step(
        channel, "tile", ("evidence",), bind={"how_many": WORDS[2 * n], "how_good": WORDS[2 * n + 1], "bias": "lean", **table}
    )


MODEL = Model(
    name="core day",
    about="How fast is a day of scores, grades, penalties, money and opinion?",
    source="Made for benchmarks; DECLARATION.md.",
    fields=(
        Field("score", "f4", "points", "The score.", high=1300),
        Field("wealth", "f4", "", "Wealth."),
        Field("income", "f4", "a day", "Income."),
        Field("disp", "f4", "", "Disposition to do what the score rewards."),
        Field("opinion", "f4", "", "Opinion of the score.", high=1),
        Field("mobility", "f4", "", "How far one gets about.", high=1),
        Field("stress", "f4", "", "Strain."),
        Field("tier", "u1", "", "Grade.", high=6),
        Field("group", "u1", "", "One of four groups.", high=3),
        Field("flags", "u1", "", "Penalties (five bits) and rewards (three).", high=255),
        Field("days", "i2", "days", "Days left of their term.", high=90),
        Field("word", "u4", "", "What others hear: score in 32nds, opinion in 65,535ths.", seen=True),
    ),
    numbers=(
        Number("often", OFTEN, "a day", "made", "Acts of each channel.", same=True),
        Number("weight", WEIGHT, "points", "made", "What an act counts.", same=True),
        Number("spread", SPREAD, "", "made", "Spread of the quality of acts.", same=True),
        Number("bias", BIAS, "", "made", "By channel and group.", same=True),
        Number("mistaken", 0.03, "share", "made", "Acts that are recorded as their contrary.", same=True),
        Number("factor", (0.6, 0.7, 0.85, 1.0, 1.1, 1.2, 1.3), "", "made", "How much one does, by grade.", same=True),
        Number("cuts", (350, 500, 600, 750, 900, 1050), "points", "made", "Where grades begin.", same=True),
        Number("due", (31, 7, 3, 0, 32, 96, 224), "", "made", "Penalties and rewards of a grade, as bits.", dtype="i4", same=True),
        Number("term", (90, 60, 30, 0, 30, 60, 90), "days", "made", "How long they last at least.", dtype="i4", same=True),
    ),
    luck=(
        Luck("core day.born", ("a", "b", "c", "d")),
        Luck("core day.born too", ("e", "f", "g", "h")),
        *(Luck(f"core day.{name}", WORDS[4 * n : 4 * n + 4]) for n, name in enumerate(("first", "second", "third"))),
    ),
    start=(
        Step(born, "tile", ("score", "wealth", "income", "disp", "opinion", "mobility", "stress", "group")),
        Step(graded, "tile", ("tier",), bind=CUTS),
        Step(publishes, "tile", ("word",)),
    ),
    chain=(
        Step(inclined, "tile", ("rate", "evidence"), bind={"factor": At("factor", ("tier",))}),
        *(step for n in range(5) for step in on_channel(n)),
        Step(hears, "tile", ("heard", "views")),
        Step(scored, "tile", ("score",)),
        Step(graded, "tile", ("tier|grade",), bind=CUTS),
        Step(entitled, "tile", ("new", "long"), bind={"due": At("due", ("grade",)), "term": At("term", ("grade",))}),
        Step(treated, "tile", ("flags|bits", "days", "penalties", "rewards"), bind={"due": "new", "term": "long"}),
        Step(earns, "tile", ("income", "wealth"), bind={"luck_income": WORDS[10]}),
        Step(lives, "tile", ("mobility", "stress"), bind={"flags": "bits"}),
        Step(thinks, "tile", ("opinion", "disp"), bind={"luck_view": WORDS[11]}),
        Step(publishes, "tile", ("word",)),
        Step(measured, "tile", ("=score", "=squares")),
        Step(sorted_into, "tile", ("cell", "bin"), bind={"flags": "bits"}),
        Step(one, "tile", ("=cells@cell",)),
        Step(one, "tile", ("=bins@bin",)),
    ),
    totals=("score", "squares", *places("cells", 64), *places("bins", 256)),
)
