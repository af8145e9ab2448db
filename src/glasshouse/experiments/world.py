"""Turns the catalogue, the responses and the drawn people into the arrays that the rules read, the same under every regime."""

import copy
from dataclasses import replace
from datetime import date

import numpy as np
from scipy import special

from glasshouse.catalogue.schema import DAYS, MONTHS, SPREAD, Catalogue, Rhythm
from glasshouse.day import ATTEMPTS, CHANNELS, FAMILIES, FEATURE_VALUES, FIFTHS, FLAGS, GRADES, GROWN, PLIGHTS, SPENDING, TIES
from glasshouse.engine.luck import key_of, words
from glasshouse.engine.state import State
from glasshouse.errors import BadInput
from glasshouse.experiments.debts import held
from glasshouse.experiments.lives import OLD, will_graduate
from glasshouse.experiments.meeting import Meeting
from glasshouse.regimes.compile import WORD, YEAR, chance
from glasshouse.regimes.kinds import Kinds
from glasshouse.regimes.schema import FALSE_MOST
from glasshouse.society.people import People
from glasshouse.society.plan import Plan

CELLS = 256  # places in a distribution of inclinations
ADULT, SCHOOL, MIDDLE = 18, 6, 35
MOST_TIMES = 1023 // 7  # frequent acts of one channel a day: a week's count has ten bits
LOT = (4096, 2741, 977)  # block, odd multiplier, turn
FEN = 100
MONTH_DAYS = np.array([31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
BY_DAY = ("kind_by_day", "daily_rate_by_day", "kind_most_by_month", "line_rate_by_month")
"""Tables by month, and by day of the week, from which `set_day` takes what the rules read."""
HEARS_ALL = 2.0  # no view is further away than this
AT_A_TIME = 1 << 20  # citizens, whole communities, whom the host looks at together: what it works out on the way takes little room
LONG_AGO = -30_000  # the day of the last fall of one who never fell: before any least term


def spread(shape: float, none: float = 0.0, few: float = 0.0, few_acts: float = 0.0, cells: int = CELLS) -> np.ndarray:
    """How much of something equally many people do, from those who do least to those who do most: (cells,) float64, mean 1.

    Args:
        shape: of the gamma that spreads personal rates; the smaller, the more is done by few.
        none: share of people who never do it.
        few: share of people of a group apart, all alike, which the gamma leaves out.
        few_acts: share of everything that this group does.

    Example:
        >>> spread(1.0, none=0.5, cells=4).round(3)
        array([0.   , 0.   , 0.614, 3.386])
        >>> spread(1.0, few=0.25, few_acts=0.5, cells=4).round(3)
        array([0.126, 0.475, 1.399, 2.   ])
    """
    idle, apart = round(none * cells), round(few * cells)
    rest = cells - idle - apart
    if rest < 1:
        raise BadInput(f"nobody is left between those who never do it ({none:g}) and the few ({few:g})")
    edges = special.gammaincinv(shape, np.linspace(0, 1, rest + 1)[1:-1])
    share = np.diff(np.concatenate([[0.0], special.gammainc(shape + 1, edges), [1.0]]))
    few_acts = few_acts if apart else 0.0
    made = np.concatenate([np.zeros(idle), (1 - few_acts) * share, np.full(apart, few_acts / max(1, apart))])
    return np.sort(made) * cells


def rates_of(rhythm: Rhythm | None, day: str) -> tuple[np.ndarray, np.ndarray]:
    """How often something is done by the day of the week, (7,), and by the month, (12,), with a mean of 1 over each."""
    if rhythm is None:
        return np.ones(7), np.ones(12)
    week, year = (np.array([float(getattr(rhythm, d).at(day) or 0) for d in days]) for days in (DAYS, MONTHS))
    return week / week.mean(), year / (year @ MONTH_DAYS / MONTH_DAYS.sum())


def flag(*names: str) -> int:
    """The bits of some populations at risk."""
    return sum(1 << FLAGS.index(n) for n in names)


def world_arrays(catalogue: Catalogue, kinds: Kinds, incomes: np.ndarray, day: str) -> dict[str, np.ndarray]:
    """Every world parameter of the model by name, as it is on a day, and the tables of BY_DAY. incomes: as `incomes_of` counts them."""
    v = lambda value, absent=0.0: float(absent if value is None or value.at(day) is None else value.at(day))  # noqa: E731
    life, responses = catalogue.life, catalogue.responses
    out: dict[str, object] = {
        "adult_days": round(ADULT * YEAR),
        "school_days": round(SCHOOL * YEAR),
        "middle_days": round(MIDDLE * YEAR),
        "old_days": round(OLD * YEAR),
        "fifths": FIFTHS,
        "week_days": 7,
        "adult": flag("adult"),
        "pupil": flag("pupil"),
        "graduate": flag("graduate"),
        "borrows": flag("borrows"),
        "most_times": MOST_TIMES,
        "widest_gap": 2047,
        "year_days": 365,
        "worst": -32000,
        "grown": flag(*GROWN),
        "living": flag("living"),
        "working": flag("works"),
        "renter": flag("renter"),
        "parent": flag("parent"),
        "online": flag("internet"),
        "drives": flag("drives"),
        "trades": flag("trades"),
        "most_household": FEATURE_VALUES,
        "most_grades": GRADES,
        "thousand": 1000,
        "share_steps": 65535.0,
        "short_days": round(v(life.money.short) * 7 / v(life.money.liquid)),
        "new_days": round(v(life.job.new) * 7),
        "air_fare": v(life.air.fare) * FEN,
        "rail_fare": v(life.rail.fare) * FEN,
        "hotel_night": v(life.hotel.night) * FEN,
        "hotel_plain": v(life.hotel.plain) * FEN,
        "loan_drawn": v(life.loan.drawn),
        "loan_cure": v(life.loan.cure),
        "loan_settled": round(v(life.loan.settled)),
        "loan_loss": v(life.loan.loss),
        "heavy_days": round(v(life.loan.heavy) * 365),
        "court_claim": round(v(life.court.claim)),
        "deposit_goods": v(life.deposit.goods) * FEN,
        "deposit_fee": v(life.deposit.fee) * FEN,
        "school_fee": v(life.school.fee) * FEN / 365,
        "school_fee_week": v(life.school.fee) * FEN / 52,
        "low_grades": round(v(responses.ties.low)),
        "full_trace": round(v(life.trace.full)),
        "drop_chance": chance(v(responses.ties.drop)),
        "renew_chance": chance(v(responses.ties.renew)),
        "fare_discount": v(life.fare.discount),
        "air_refund": v(life.air.refund),
        "air_to_rail": v(life.air.to_rail),
        "hotel_plain_share": v(life.hotel.plain_share),
        "loan_approval": v(life.loan.approval),
        "loan_favoured_approval": v(life.loan.favoured_approval),
        "loan_arrears_approval": v(life.loan.arrears_approval),
        "job_prestige": v(life.job.prestige),
        "school_afford": v(life.school.afford),
        "job_premium": v(life.job.premium),
        "job_benefit": v(life.job.benefit),
        "line_online": v(life.line.online),
        "line_loss": v(life.line.loss),
        "saving_speed": v(life.saving.speed),
        "least": v(life.saving.least),
        "loan_weekly": 1 / v(life.loan.weeks),
        "loan_rate_week": v(life.loan.rate) * 7 / 365,
        "loan_favoured_week": v(life.loan.favoured_rate) * 7 / 365,
        "naming_small": round(v(life.naming.small) * FEN),
        "naming_settle": v(life.naming.settle),
        "reach_loss": v(life.reach.loss),
        "falsify_size": v(responses.falsify.size),
        "caught_size": v(responses.caught.size),
        "caught_holds": round(v(responses.caught.holds) * 365),
        "trust_sign": v(responses.trust.sign),
        "trust_start": v(responses.trust.start),
        "trust_size": v(responses.trust.size),
        "trust_low": v(responses.trust.low),
        "trust_speed": v(responses.trust.speed),
        "survey_hidden": v(responses.survey.hidden),
        "survey_items": (1 << round(v(responses.survey.items))) - 1,
        "awareness_spread": v(responses.awareness.spread),
        "awareness_taught": v(responses.awareness.taught),
    }
    out |= {f"{s}_price": round(v(getattr(life.spending, s)) * FEN) for s in SPENDING}
    out |= {"rebate_week": round(v(life.rebate.year) * FEN / 52), "rail_share": v(life.rail.fast), "rail_slow": v(life.rail.slow), "rail_again": v(life.rail.again)}
    for group, names in {
        "compliance": "base near speed fade",
        "chilling": "size exposed speed",
        "withdrawal": "size exposed speed",
        "gaming": "size",
        "opinion": "pull noise hurt gain",
    }.items():
        out |= {f"{group}_{n}": v(getattr(getattr(responses, group), n)) for n in names.split()}
    updating = round(v(responses.opinion.updating))
    out |= {"opinion_anchor": v(responses.opinion.anchor) if updating else 0.0, "opinion_bound": v(responses.opinion.bound) if updating == 2 else HEARS_ALL}
    out |= _kinds(catalogue, kinds, incomes, v, day)
    out |= _frequent(catalogue, v, day)
    out["trait_z"] = special.ndtri((np.arange(CELLS) + 0.5) / CELLS)
    out |= dict(zip(("lot_block", "lot_odd", "lot_turn"), LOT, strict=True))
    made = {name: np.asarray(value) for name, value in out.items()}
    first = date.fromisoformat(day)
    set_day(made, made, first.month - 1, first.weekday(), True)
    return made


def _kinds(catalogue: Catalogue, kinds: Kinds, incomes: np.ndarray, v, day: str) -> dict:
    """What the catalogue says of each kind of event."""
    n = len(kinds.names)
    week, year = np.ones((n, 7)), np.ones((n, 12))
    spreads = [_spread(catalogue.families[f], v) for f in FAMILIES] + [np.ones(CELLS)]
    out = {
        f"kind_{x}": np.zeros(n)
        for x in (
            "habit",
            "expression",
            "withdrawal",
            "hardship",
            "bought",
            "owes",
            "gravity",
            "good",
            "fine",
            "ordinary",
            "lawful",
            "cost",
            "need",
            "judgment",
            "taught",
            "trusting",
            "stops",
            "varies",
        )
    }
    out["kind_need"][:] = flag("living")
    yearly = np.zeros((n, FIFTHS))
    table = np.array(kinds.families)
    likelier = np.ones((n, len(PLIGHTS)))
    for k, name in enumerate(kinds.names):
        if k < len(ATTEMPTS):
            what = catalogue.attempts[name]
            family = catalogue.families["daily"]
            yearly[k] = v(what.rate) * _by_fifth(incomes, v(what.elasticity))
        elif name in catalogue.acts:
            what = catalogue.acts[name]
            family = catalogue.families[what.family]
            yearly[k] = v(what.rate)
            if what.skew is not None or what.none is not None:
                table[k] = len(spreads)
                spreads.append(_spread(what, v, family))
            out["kind_bought"][k], out["kind_owes"][k], out["kind_good"][k], out["kind_lawful"][k] = (
                what.bought,
                2 if what.judged else what.owes,
                what.good,
                what.lawful,
            )
            out["kind_taught"][k], out["kind_trusting"][k] = what.taught, what.trusting
            out["kind_stops"][k] = what.stops
            out["kind_judgment"][k] = {None: 0, "brings": 1, "fulfils": 2, "ends": 3}[what.judgment]
            out["kind_gravity"][k] = 0 if what.bought else round(v(what.gravity) * 10)
            out["kind_fine"][k], out["kind_ordinary"][k] = v(what.fine) * FEN, chance(v(what.seen))
            out["kind_cost"][k] = v(catalogue.responses.gaming.price) * FEN if what.bought else 0
        else:
            yearly[k] = FALSE_MOST
            continue
        if what.rhythm is not None:
            week[k], year[k] = rates_of(catalogue.rhythms[what.rhythm], day)
        out["kind_need"][k] = flag("living", *what.at_risk)
        likelier[k] = [v(getattr(what.likelier, fact), 1.0) for fact in PLIGHTS]
        for x in ("habit", "expression", "withdrawal", "hardship"):
            out[f"kind_{x}"][k] = v(getattr(family, x))
    most = (1 + np.maximum(0, -out["kind_habit"])) * (1 + np.maximum(0, out["kind_hardship"]))
    most = most * np.where(out["kind_trusting"] > 0, 1 / v(catalogue.responses.trust.start), 1.0)
    most = most * np.maximum(1, likelier).prod(1)
    out |= {"kind_likelier": likelier, "kind_varies": (likelier != 1).any(1)}
    out["kind_by_day"] = week.T[None] * year.T[:, None]  # (12, 7, kinds)
    out["kind_most_by_month"] = out["kind_by_day"].max(1) * most
    rate = np.minimum(np.round(yearly / 365 * out["kind_most_by_month"][..., None] * WORD), WORD - 1)  # (12, kinds, fifths)
    line = np.argsort(-rate.mean((0, 2)), kind="stable")  # the commonest first: found sooner
    out |= {"line_kind": line, "line_need": out.pop("kind_need")[line], "line_family": np.array(kinds.families)[line], "line_table": table[line]}
    out["line_rate_by_month"] = rate[:, line]
    out["inclination"] = np.round(np.vstack(spreads) * CELLS)
    out |= {"kind_class": kinds.classes, "kind_channel": kinds.channels}
    return out


def _spread(what, v, family=None) -> np.ndarray:
    """How unequally an act, or a family of acts, is done; an act has of its family what it does not say itself."""
    first = lambda name: next((x for x in (getattr(what, name, None), getattr(family, name, None)) if x is not None), None)  # noqa: E731
    return spread(*(v(first(name)) for name in SPREAD))


def set_day(world: dict[str, np.ndarray], by: dict[str, np.ndarray], month: int, weekday: int, whole_month: bool) -> None:
    """Sets what the calendar changes: how often each kind of act is done today, and with a new month its largest chance.

    by: the tables that `world_arrays` made, by month (0 to 11) and day of the week (0 Monday).
    """
    today = {"kind_season": by["kind_by_day"][month, weekday], "daily_rate": by["daily_rate_by_day"][month, weekday]}
    if whole_month:
        today |= {"kind_most": by["kind_most_by_month"][month], "line_rate": by["line_rate_by_month"][month]}
    for name, now in today.items():
        world.setdefault(name, now.copy())[...] = now


def incomes_of(people: People) -> np.ndarray:
    """How many people are in each fifth of income, and the sum of their incomes in fen a day: (2, 5) int64."""
    return np.array([np.bincount(people.quintile, what, FIFTHS) for what in (None, people.income)], np.int64)


def _by_fifth(incomes: np.ndarray, elasticity: float) -> np.ndarray:
    """How a rate varies over the fifths of income, with the mean over people kept at 1. incomes: as `incomes_of` counts them."""
    count, fen = incomes.astype(float)
    income = fen / np.maximum(1, count)
    raw = np.where(count > 0, np.maximum(income, 1.0) / max(1.0, fen.sum() / max(1.0, count.sum())), 1.0) ** elasticity
    return raw / max(1e-9, float((raw * count).sum() / count.sum()))


def _frequent(catalogue: Catalogue, v, day: str) -> dict:
    """What the catalogue says of the frequent act of each channel."""
    acts = {f.channel: f for f in catalogue.frequent.values()}
    out = {
        f"daily_{x}": np.array([v(getattr(acts[c], x)) for c in CHANNELS])
        for x in ("expression", "withdrawal", "line", "ease", "removed")
    }
    rate = np.array([v(acts[c].rate) * v(acts[c].occasions, 1.0) for c in CHANNELS])
    rhythms = [rates_of(catalogue.rhythms[acts[c].rhythm] if acts[c].rhythm else None, day) for c in CHANNELS]
    out["daily_rate_by_day"] = rate * np.array([[[week[d] * year[m] for week, year in rhythms] for d in range(7)] for m in range(12)])
    out["daily_gravity"] = np.array([round(v(acts[c].gravity) * 10) for c in CHANNELS])
    out["daily_lawful"] = np.array([int(acts[c].lawful) for c in CHANNELS])
    out["daily_need"] = np.array([flag("living", *acts[c].at_risk) for c in CHANNELS])
    out["daily_spread"] = np.vstack([_habits(acts[c], v) for c in CHANNELS])
    return out


def _habits(act, v) -> np.ndarray:
    """How unequally a frequent act is done. On occasions it is done at most each time: then a beta in place of a gamma of the same spread."""
    mean = v(act.rate)
    if act.occasions is None or act.none is not None or not 0 < mean < 1:
        return spread(v(act.skew), v(act.none))
    both = max(1e-3, v(act.skew) * (1 - mean) / mean - 1)  # the sum of its two numbers, for a variance of mean**2 / skew
    a, b = mean * both, (1 - mean) * both
    edges = special.betaincinv(a, b, np.linspace(0, 1, CELLS + 1)[1:-1])
    return np.diff(np.concatenate([[0.0], special.betainc(a + 1, b, edges), [1.0]])) * CELLS


def settle(
    state: State, people: People, plan: Plan, catalogue: Catalogue, seed: int, panel: int, day: str, meet: Meeting
) -> dict[str, np.ndarray | int]:
    """Puts the drawn people into the columns of the state, and draws what they begin with: now, or when they are born or grow up.

    Returns what each life begins with, by field: one number, or one a citizen.
    """
    chosen, lots = [], []
    for first in range(0, state.citizens, AT_A_TIME):
        some, folk = _stretch(state, people, first)
        lot = _settle(some, folk, plan, catalogue, seed, day)
        if 0 < len(state.kept) < state.citizens:  # whom the table of citizens does not show nobody follows
            lot[state.seat(np.arange(first, first + some.citizens)) == 0] = WORD
        best = np.argsort(lot, kind="stable")[:panel]
        best = best[lot[best] < WORD]
        chosen.append(first + best)
        lots.append(lot[best])
    state.columns["followed"][first_of(np.concatenate(lots), np.concatenate(chosen), panel, meet)] = 1
    return _begins(state, catalogue, day)


def _stretch(state: State, people: People, first: int) -> tuple[State, People]:
    """The next citizens' columns of the state, which are views, and the people drawn for them; their households count from 0."""
    part = slice(first, first + AT_A_TIME)
    some, here = copy.copy(state), {name: column[part] for name, column in people.columns()}
    some.columns = {name: column[..., part] for name, column in state.columns.items()}
    some.first, some.citizens = state.first + first, len(here["household"])
    return some, replace(people, **here | {"household": here["household"] - here["household"][0]})


def _begins(state: State, catalogue: Catalogue, day: str) -> dict[str, np.ndarray | int]:
    """What each life begins with, by field: one number, or one a citizen."""
    view = state.columns["own_view"]
    trust = round(float(catalogue.responses.trust.start.at(day) or 0) * 65535)
    return {"kept": (1 << TIES) - 1, "opinion": view, "public_view": view, "expression": 65535, "trust": trust, "caught_on": LONG_AGO}


def _settle(state: State, people: People, plan: Plan, catalogue: Catalogue, seed: int, day: str) -> np.ndarray:
    """Settles a stretch of citizens. Returns the lots by which it is drawn who is followed: (citizens,) int64, WORD of who does not live."""
    c, n = state.columns, state.citizens
    v = lambda value, absent=0.0: float(absent if value is None else value.at(day) or 0)  # noqa: E731
    for name in ("birth", "death", "sex", "urban", "quintile", "group", "income", "place", "size"):
        c[name][:] = getattr(people, name)
    slots = np.arange(state.first, state.first + n, dtype=np.uint64)
    with np.errstate(over="ignore"):
        draws = {
            name: words(slots, np.uint32(0), np.uint32(1), np.uint64(key_of(seed, f"start.{name}")))
            for name in ("inclination", "activity", "life", "trade", "debt")
        }
    join = lambda w: w[0].astype(np.uint64) | (w[1].astype(np.uint64) << np.uint64(32))  # noqa: E731
    c["propensity"][:] = join(draws["inclination"])
    c["activity"][:] = _alike(c["propensity"], FAMILIES.index("speech"), join(draws["activity"]), CHANNELS.index("social"))  # who posts is who speaks
    c["tested"][:] = draws["inclination"][2]
    age = -people.birth / YEAR
    adult, alive = age >= ADULT, people.living()
    graduate = np.where(adult, people.education == 5, will_graduate(plan, seed, c, state.first))
    force = adult & (age < OLD) & (people.works > 0)
    place = lambda family: (c["propensity"] >> np.uint64(8 * FAMILIES.index(family)) & np.uint64(CELLS - 1)).astype(np.int64)  # noqa: E731
    loans = granted(catalogue, v, place("daily"))
    drawn, repaid, luck = v(catalogue.life.loan.drawn), YEAR / 7 / v(catalogue.life.loan.weeks), draws["debt"][0] / 2**32
    owes = held(people.debt, people.household, adult & alive, age - ADULT, loans, drawn, repaid, luck)
    lives_with = most_at_home(people, people.debt)  # an even part of what the household owes, and the same for who is not grown
    flags = {
        **{name: getattr(people, name) for name in ("drives", "internet", "pays", "shops", "talks", "searches")},
        "works": force,
        "jobless": force,
        "borrows": lives_with > 0,
        "urban": people.urban,
        "renter": people.renter,
        "graduate": graduate,
        "trades": draws["trade"][0] < chance(v(catalogue.life.business.share)),
        "assisted": (people.quintile == 0) & (draws["life"][3] < chance(v(catalogue.life.assistance.share))),
    }
    fixed = np.zeros(n, np.uint32)
    for name, has in flags.items():
        fixed |= np.where(np.asarray(has).astype(bool), np.uint32(flag(name)), np.uint32(0))
    c["fixed"][:] = fixed
    jobless = draws["life"][0] < chance(jobless_share(catalogue, v))
    prestige = graduate & (draws["life"][1] < chance(v(catalogue.life.job.prestige)))
    c["first_job"][:] = np.where(jobless, 1, np.where(prestige, 3, 2))
    c["aim"][:] = most_at_home(people, people.wealth)
    deep = lives_with > people.income * 365 * v(catalogue.life.loan.heavy)
    more = room(catalogue, v, loans, place("credit"), deep, age < MIDDLE)
    c["credit"][:] = np.minimum(np.round(lives_with * (1 + more)), 2**31 - 1)
    mean, sd = v(catalogue.responses.opinion.start_mean), v(catalogue.responses.opinion.start_sd)
    view = np.clip(mean + sd * special.ndtri((draws["activity"][3] + 0.5) / 2**32), 0, 1)
    c["own_view"][:] = np.round(view * 65535)
    seeks, leaves = (v(catalogue.attempts[a].rate) for a in ("seeks_school_place", "leaves_school"))
    members = np.bincount(people.household, alive)[people.household]
    afford = v(catalogue.life.school.fee) * FEN / 365 <= v(catalogue.life.school.afford) * people.income * members
    settled = 1 - np.exp(-(seeks + leaves) * np.maximum(0.0, age - SCHOOL))  # places fill up over the school years
    private = (age >= SCHOOL) & ~adult & afford & (draws["life"][2] < settled * seeks / max(1e-9, seeks + leaves) * 2.0**32)
    has = {"wealth": people.wealth, "debt": np.minimum(np.rint(owes), 2**31 - 1), "job": np.where(force, c["first_job"], 0), "private": private}
    for r in range(state.regimes):
        for name, value in {**_begins(state, catalogue, day), **has}.items():
            state.row(name, r)[:] = value
        for name in ("fell_on", "clean_fell_on", "borrowed_on", "job_on", "bought_on"):
            if state.row(name, r) is not None:
                state.row(name, r)[:] = LONG_AGO
    return np.where(alive, draws["activity"][2].astype(np.int64), WORD)


def first_of(lots: np.ndarray, places: np.ndarray, many: int, meet: Meeting) -> np.ndarray:
    """Those held here whose lots are the lowest, of all anywhere: (at most `many`,) int64. lots, places: of some of those here, in order of place."""
    mine = np.argsort(lots, kind="stable")[:many]
    each = meet(followed=lots[mine])["followed"]
    first = np.argsort(np.concatenate(each), kind="stable")[:many] - sum(map(len, each[: meet.part]))
    return places[mine[first[(first >= 0) & (first < len(mine))]]]


def _alike(source: np.ndarray, byte: int, target: np.ndarray, place: int) -> np.ndarray:
    """Words with one byte of others put into a place of theirs: (citizens,) uint64."""
    eight, whole = np.uint64(8), np.uint64(255)
    return (target & ~(whole << np.uint64(place) * eight)) | ((source >> np.uint64(byte) * eight & whole) << np.uint64(place) * eight)


def jobless_share(catalogue: Catalogue, v) -> float:
    """The share without work at which as many find a job as lose one."""
    loses, finds = v(catalogue.attempts["loses_job"].rate), v(catalogue.attempts["finds_job"].rate)
    return loses / max(1e-9, loses + finds)


def most_at_home(people: People, what: np.ndarray) -> np.ndarray:
    """The most that anybody of the household has at the start: (citizens,) int64."""
    home = np.zeros(int(people.household[-1]) + 1, np.int64)
    np.maximum.at(home, people.household, what)
    return home[people.household]


def granted(catalogue: Catalogue, v, asks: np.ndarray) -> np.ndarray:
    """Loans granted a year to who borrows: (n,) float64. asks: (n,) int64, the place among 256 by inclination to daily life, in which one asks."""
    daily = catalogue.families["daily"]
    return v(catalogue.attempts["applies_for_loan"].rate) * v(catalogue.life.loan.approval) * np.maximum(_spread(daily, v)[asks], 1e-3)


def room(catalogue: Catalogue, v, loans: np.ndarray, owes: np.ndarray, deep: np.ndarray, young: np.ndarray) -> np.ndarray:
    """The room between the debt that each lives with and what is owed, over the latter, at which as much is lent as is paid back
    and given up: (n,) float64.

    Args:
        loans: (n,), granted a year. owes: (n,) int64, the place among 256 by inclination to debts and dues.
        deep, young: (n,) bool, who is deep in debt, and who is below middle age.
    """
    loan, credit = catalogue.life.loan, catalogue.families["credit"]
    lent = loans * v(loan.drawn)
    years, left = YEAR / 7, (1 - v(loan.cure)) ** v(loan.settled)
    spell = (1 - left) / max(v(loan.cure), 1e-9) / years
    stops = sum(
        v(act.rate) * _spread(act, v, credit)[owes] * np.where(deep, v(act.likelier.indebted, 1.0), 1.0) * np.where(young, v(act.likelier.young, 1.0), 1.0)
        for act in catalogue.acts.values()
        if act.stops
    )
    spells = stops / (1 + stops * spell)
    return (years / v(loan.weeks) * (1 - spells * spell) + spells * left * v(loan.loss)) / np.maximum(lent, 1e-9)
