"""Compiles what a regime's file says into the arrays that the rules read. A regime becomes numbers, never code."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import numpy as np

from glasshouse.catalogue.schema import Catalogue
from glasshouse.day import CHANNELS, DIMENSIONS, FEATURE_VALUES, FEATURES, FLAGS, GRADES, LISTS, MECHANISMS, MONTHS, TRAITS
from glasshouse.regimes.kinds import Kinds
from glasshouse.regimes.schema import FALSE_MOST, Regime, Remedies, at
from glasshouse.values import Value

WORD = 1 << 32
NEVER = 1 << 28  # a day or a number of points that no run reaches
YEAR = 365.2425
FEN = 100


def chance(share: float) -> int:
    """A chance as a threshold against 32 bits of luck."""
    return max(0, min(WORD - 1, round(share * WORD)))


def kinds_of(regime: Regime) -> set[str]:
    """The kinds of columns that a regime needs."""
    if regime.kind == "lot":
        return {"life", "lot", "sanction"}
    if regime.help is not None:
        return {"life", "help", regime.kind}
    if not regime.watches:
        return {"life"}
    more = {"points": regime.kind == "points", "list": bool(regime.lists), "bank": regime.bank is not None, "game": regime.game is not None}
    return {"life", "watch", "sanction"} | {kind for kind, has in more.items() if has}


def consequences(regime: Regime, regimes: Mapping[str, Regime]) -> Mapping:
    """The consequences a regime uses: its own, or for a lot those of the regime beside it."""
    return regimes[regime.beside].consequences if regime.kind == "lot" else regime.consequences


def bit_of(name: str, catalogue: Catalogue) -> int:
    """The bit of a consequence in every mask: the place of its mechanism, of which a regime uses one consequence at most."""
    return MECHANISMS.index(catalogue.consequences[name].mechanism)


def change_days(values: Mapping[str, Value], start: date, days: int) -> set[int]:
    """The days of a run on which a dated value changes."""
    found = set()
    for value in values.values():
        for day in value.value if value.dated else ():
            n = (date.fromisoformat(str(day)) - start).days
            if 0 < n < days:
                found.add(n)
    return found


def compile_regime(regime: Regime, regimes: Mapping[str, Regime], catalogue: Catalogue, kinds: Kinds, start: date, day: int = 0) -> dict[str, np.ndarray]:
    """The arrays of one regime on one day of a run, without the leading axis of regimes."""
    today = start + timedelta(days=day)
    v = lambda value, absent=0.0: float(at(value, today, absent))  # noqa: E731
    out: dict[str, object] = {}
    points = regime.kind == "points"
    out |= _coverage(regime, start, v)
    out |= _score(regime if points else None, v)
    out |= _watch(regime if regime.watches else None, catalogue, kinds, v)
    out |= _lists(regime, catalogue, kinds, v)
    out |= _help(regime, v)
    out |= _consequences(consequences(regime, regimes), regimes[regime.beside] if regime.kind == "lot" else regime, catalogue, v)
    out |= _bank(regime, out, v) | _game(regime, v)
    contest = regime.contest
    for name in ("file", "upheld_wrong", "upheld_right"):
        out["file_chance" if name == "file" else name] = chance(v(getattr(contest, name))) if contest else 0
    out["find_chance"] = chance(v(contest.find_stale)) if contest else 0
    out["appeal_suspends"] = int(contest.suspends) if contest else 0
    remedies = regime.remedies or Remedies()
    out |= {"warnings": round(v(remedies.warnings)), "notice_days": round(v(remedies.notice))}
    out["fall_runs"] = max(len(out["lasts"]) - 1, out["notice_days"])  # days for which a fall may still matter
    out["appeal_delay"] = max(1, round(v(contest.delay))) if contest else 1
    out["kin_household"] = v(regime.kin.household) if points and regime.kin else 0.0
    out["kin_ties"] = v(regime.kin.ties) if points and regime.kin else 0.0
    return {name: np.asarray(value) for name, value in out.items()}


def remembered(regime: Regime, days: Iterable[date]) -> int:
    """How many months of points are told apart on some days, between which no number changes: those of the memory and the one that runs;
    one where none expires."""
    if regime.kind != "points":
        return 1
    memories = {round(float(at(regime.score.expiry, day, MONTHS))) for day in days}
    if len(memories) > 1 or (min(memories) >= MONTHS and regime.remedies and regime.remedies.amnesty):  # a pardon asks month by month
        return MONTHS
    memory = memories.pop()
    return memory + 1 if memory < MONTHS else 1


def _coverage(regime: Regime, start: date, v) -> dict:
    """Who is scored, and from when to when."""
    coverage = regime.coverage
    first = (coverage.start - start).days if coverage and coverage.start else (NEVER if regime.kind != "lot" else 0)
    last = (coverage.end - start).days if coverage and coverage.end else NEVER
    aware = v(regime.awareness.start) if regime.awareness else 0.0
    return {"scored_from_days": round(v(coverage.from_age) * YEAR) if coverage and coverage.from_age else 0, "start_day": first, "known_from": max(first, 0), "end_day": last,
            "running": 0, "awareness_start": aware, "felt": v(regime.awareness.felt, 1.0) if regime.awareness else 0.0, "expiring": MONTHS, "bucket": 0, "months": MONTHS,
            "coverage_need": flags((*coverage.who, "living")) if coverage else 0, "coverage_bar": flags(coverage.but_not) if coverage else 0,
            "uptake": chance(v(coverage.uptake, 1.0)) if coverage else 0,
            "watched": int(any(v(regime.watch[c].coverage) > 0 for c in ("social", "browsing") if c in regime.watch))}


def flags(names) -> int:
    """The bits of some populations."""
    return sum(1 << FLAGS.index(name) for name in names)


def _lists(regime: Regime, catalogue: Catalogue, kinds: Kinds, v) -> dict:
    """Which acts put on a list or take off it, for how long, and what each list holds. Days are set by the host."""
    n = len(kinds.names)
    out = {name: np.zeros(n, np.int64) for name in ("kind_enters", "kind_exits", "kind_term")}
    out |= {name: np.zeros(LISTS + 1, np.int64) for name in ("list_holds", "list_starts", "exits_on", "overlooked")}
    for number, (name, rule) in enumerate(regime.lists.items(), 1):
        for act, days in rule.entry.items():
            out["kind_enters"][kinds.number(act)], out["kind_term"][kinds.number(act)] = number, round(v(days))
        for act in rule.exit:
            out["kind_exits"][kinds.number(act)] = number
        out["overlooked"][number] = chance(v(rule.overlooked))
        for consequence, measure in regime.consequences.items():
            if name in measure.lists:
                out["list_holds"][number] |= 1 << bit_of(consequence, catalogue)
    return out | {"list_alone": int(regime.kind != "points")}


def _help(regime: Regime, v) -> dict:
    """How often people ask for help, the norm of whom to help, and the errors of the registry or of the eyes."""
    asking, book, eyes = regime.help, regime.registry, regime.opinions
    out = {"asks": 0, "norm_approves": np.zeros(8), "norm_helps": np.zeros(4), "missed": 0, "false_0": 0, "false_1": 0, "lag": 1}
    out |= {"mistaken": chance(v(eyes.mistaken)) if eyes else 0}
    if asking:
        out |= {"asks": chance(v(asking.asks)), "norm_approves": np.array(asking.norm.approves), "norm_helps": np.array(asking.norm.helps)}
    if book:
        false, ratio = v(book.false), v(book.group_ratio)
        out |= {"missed": chance(v(book.missed)), "false_0": chance(false), "false_1": chance(min(1.0, false * ratio))}
        out |= {"lag": round(v(book.lag))}
    return out


def _score(regime: Regime | None, v) -> dict:
    """Base, range, memory, cuts, monthly activity and profile."""
    out = {f"cut_{i}": NEVER for i in range(1, GRADES)}
    out |= {"score_base": 0, "score_low": 0, "score_high": 0, "memory": NEVER, "stale_chance": 0, "decay_share": 0.0, "gain_cap": NEVER, "file_counts": 1, "models": 0}
    out |= {"risk_table": np.zeros((len(FEATURES), FEATURE_VALUES), np.int64)}
    out |= {f"{d}_weight": 0.0 for d in DIMENSIONS} | {f"{d}_full": 1.0 for d in DIMENSIONS} | {"settled_flags": 0}
    arrays = {n: np.zeros(len(CHANNELS), np.int64) for n in ("activity_per", "activity_points", "activity_cap")}
    traits = {n: np.zeros(len(TRAITS)) for n in ("trait_weight", "trait_accuracy")}
    if regime is not None:
        for name, absent in (("base", 0), ("low", -NEVER), ("high", NEVER)):
            out[f"score_{name}"] = round(v(getattr(regime.score, name), absent))
        out["memory"] = round(v(regime.score.expiry, NEVER))
        out["stale_chance"] = chance(v(regime.score.stale))
        out["decay_share"], out["gain_cap"] = v(regime.score.decay), round(v(regime.score.gains, NEVER))
        span = v(regime.score.high) - v(regime.score.base)
        for name, dimension in regime.dimensions.items():
            out[f"{name}_weight"], out[f"{name}_full"] = v(dimension.weight) * span, v(dimension.full)
            out["settled_flags"] |= flags(dimension.of)
        out["file_counts"] = int(not regime.dimensions and regime.model is None)
        out["models"] = int(regime.model is not None)
        for i, grade in enumerate(regime.grades[1:], 1):
            out[f"cut_{i}"] = round(v(grade.cut)) if grade.cut else -NEVER  # a model's cut is set by the run, once it is fitted
        for channel, activity in regime.activity.items():
            for n in ("per", "points", "cap"):
                arrays[f"activity_{n}"][CHANNELS.index(channel)] = round(v(getattr(activity, n))) if out["memory"] else 0
        for trait, profile in regime.profile.items():
            traits["trait_weight"][TRAITS.index(trait)] = v(profile.weight)
            traits["trait_accuracy"][TRAITS.index(trait)] = v(profile.accuracy)
    return out | arrays | traits


def _bank(regime: Regime, out: dict, v) -> dict:
    """How a bank counts its loans, and that it refuses those below its cut, all but a share. out: what the other parts compiled to."""
    bank = regime.bank
    if bank is None:
        return {"loan_term": 0, "band_points": 1, "last_band": 0}
    refuses = (1 - v(bank.explore)) * out["checks_loan_refusal"] / WORD
    last = bands_of(regime, v) - 1
    return {"loan_term": round(v(bank.term)), "band_points": round(v(bank.band)), "last_band": last, "checks_loan_refusal": chance(refuses)}


def _game(regime: Regime, v) -> dict:
    """Which cut is gamed, at what price and for how long, and who is helped to."""
    game = regime.game
    if game is None:
        return dict.fromkeys(("game_cut", "point_price", "most_bought", "game_days", "aided_below", "visible"), 0) | {"game_worth": 0.0, "aided": 0.0}
    cut = next(grade.cut for grade in regime.grades if grade.id == game.grade)
    return {"game_cut": round(v(cut)), "point_price": round(v(game.price) * FEN), "most_bought": round(v(game.most)), "game_days": round(v(game.lasts)),
            "aided_below": round(v(game.aid_below) * FEN), "visible": chance(v(game.visible)), "game_worth": v(game.worth), "aided": v(game.aid)}


def bands_of(regime: Regime, v) -> int:
    """How many bands of score a bank counts its loans in: the last may be narrower."""
    return max(1, -(-round(v(regime.score.high) - v(regime.score.low)) // round(v(regime.bank.band))))


def _watch(regime: Regime | None, catalogue: Catalogue, kinds: Kinds, v) -> dict:
    """What reaches the regime of each kind of act, rightly, wrongly or pinned on somebody else; and what it costs."""
    n = len(kinds.names)
    out = {"kind_share": np.array([0.0 if c == kinds.FALSE else 1.0 for c in kinds.classes]), "kind_most_score": np.full(n, NEVER), "kind_seen": np.zeros((n, 2), np.int64),
           "kind_strays": np.zeros(n, np.int64), "kind_points": np.zeros(n, np.int64), "kind_clean": np.zeros(n, np.int64),
           "daily_seen": np.zeros((len(CHANNELS), 2)), "kind_false_as": np.zeros(n, np.int64)}
    if regime is None:
        return out
    costly = {act for act, value in regime.points.items() if v(value) < 0} | {act for rule in regime.lists.values() for act in rule.entry}
    if regime.model is not None:
        out["kind_points"][kinds.number(regime.model.target)] = out["kind_clean"][kinds.number(regime.model.target)] = -1
    forgets = regime.score is not None and v(regime.score.expiry, 1) == 0  # no memory: nothing is filed
    for channel, watch in regime.watch.items():
        out["kind_false_as"][kinds.number("false_" + channel)] = kinds.said_falsely(channel, costly)
        ratio = (1.0, v(watch.group_ratio, 1.0))
        out["kind_share"][kinds.number("false_" + channel)] = v(watch.false) / FALSE_MOST
        for k in kinds.of_channel(channel):
            seen = kinds.seen[k] * v(watch.coverage)
            out["kind_seen"][k] = [chance(min(1.0, seen * r)) for r in ratio]
            out["kind_strays"][k] = chance(v(watch.misdirected))
        for everyday in (f for f in catalogue.frequent.values() if f.channel == channel):
            out["daily_seen"][CHANNELS.index(channel)] = [min(1.0, v(everyday.seen) * v(watch.coverage) * r) for r in ratio]
    for act, value in regime.points.items():
        k = kinds.number(act)
        out["kind_points"][k] = 0 if forgets else round(v(value))
        out["kind_clean"][k] = 0 if catalogue.acts[act].bought else out["kind_points"][k]
    ids = [g.id for g in regime.grades]
    for act, rule in regime.straight.items() if not forgets else ():  # straight to a grade: below the cut of the next
        out["kind_most_score"][kinds.number(act)] = round(v(regime.grades[ids.index(rule.grade) + 1].cut)) - 1
    return out


def _consequences(used: Mapping, holder: Regime, catalogue: Catalogue, v) -> dict:
    """Which grade holds which consequence, for how long at least, and how often somebody checks."""
    place = {name: bit_of(name, catalogue) for name in used}
    grades = [g.id for g in holder.grades]
    holds = np.zeros(GRADES, np.int64)
    reaches = sum(1 << place[c] for c, rule in used.items() if (catalogue.consequences[c].reaches_household if rule.household is None else rule.household))
    tails = {place[c]: round(v(rule.tail)) for c, rule in used.items()}
    lasts = np.zeros(max([0, *tails.values()]) + 2, np.int64)
    bits = dict.fromkeys(MECHANISMS, 0)
    checks = dict.fromkeys(MECHANISMS, 0)
    sides = {"penalty": 0, "reward": 0}
    for name, rule in used.items():
        bit = 1 << place[name]
        what = catalogue.consequences[name]
        for grade in rule.grades:
            holds[grades.index(grade)] |= bit
        lasts[: tails[place[name]]] |= bit
        bits[what.mechanism] |= bit
        checks[what.mechanism] = max(checks[what.mechanism], chance(v(rule.enforcement, 1.0)))
        sides[what.kind] |= bit
    outlasts = (holds[None, :] & sides["penalty"]) | (holds[:, None] & sides["reward"])  # from a grade (rows) to another
    out = {"holds": holds, "outlasts": outlasts.ravel(), "lasts": lasts, "reaches": reaches, "penalties": sides["penalty"], "rewards": sides["reward"]}
    return out | {f"bits_{m}": b for m, b in bits.items()} | {f"checks_{m}": c for m, c in checks.items()}
