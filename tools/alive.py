"""Is every value live? Moves each number of a scenario by half its range and names those that move nothing.

    .venv/bin/python tools/alive.py                  every value of the catalogue and of the regimes below: some minutes
    .venv/bin/python tools/alive.py regime.essay     only those whose path begins so

A value is live when the regime's digest or its tallies change (its final state or a daily measure), "told" when only the summary does,
or where the citizens' households are registered, which the table of citizens tells and no rule reads; dead when neither does. A value that acts before the day on which it can matter is named too. Exit code 1 if any is dead
or early. The society is built to reach every value: rare acts are made common, terms short, the dear affordable.
"""

import copy
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from glasshouse.catalogue.files import parse
from glasshouse.errors import BadInput
from glasshouse.experiments.days import Society
from glasshouse.experiments.frames import InForce
from glasshouse.experiments.summary import regime_summary
from glasshouse.regimes.loader import regime_text
from glasshouse.scenarios import Scenario, load
from glasshouse.scenarios.paths import changed
from glasshouse.scenarios.resolve import checked, ordered

CITIZENS, DAYS, START, BEGINS = 1200, 170, "2019-12-01", 31
TOGETHER = 32  # variants of a regime that are stepped side by side
REGIMES = ("essay", "platform", "exampleland", "lottery", "judgment-defaulters", "charter-list", "travel-bans-2018", "zhima", "zhima-b", "fico",
           "platform-youtube-2019q4", "platform-youtube-2020q2", "platform-reddit-2019", "platform-facebook-2019", "suining-2010", "rongcheng", "city-points",
           "charter", "welfare-risk", "welfare-dwp", "welfare-midas", "welfare-robodebt", "bank", "bank-retrains", "bank-explores", "registry", "opinions",
           "threshold", "threshold-gamed", "threshold-aided")
ALL_SIDES = ("essay", "platform", "judgment-defaulters", "fico", "suining-2010", "rongcheng", "city-points")  # they use what the catalogue has
BEGIN = "2020-01-01"  # the day on which every regime is made to begin
STAGE = 60  # days that each stage of a dated value is made to last
COMMON = 1.0  # times a year that a rare act is made to happen
NOTICED = 0.3  # share of acts that the world is made to record
REACH = {
    "life.school.fee": 5000, "attempts.seeks_school_place.rate": 1, "attempts.moves_job.rate": 8, "attempts.takes_train.rate": 20, "life.naming.small": 120_000, "life.naming.settle": 0.6, "life.job.prestige": 0.4, "life.deposit.goods": 20_000,
    "acts.stops_paying.rate": 0.03, "acts.ignores_judgment.rate": 0.01, "acts.fulfils_judgment.rate": 6, "attempts.rents_with_deposit.rate": 3, "attempts.books_hotel.rate": 2, "attempts.flies.rate": 2, "life.money.short": 60, "life.loan.settled": 6, "life.loan.cure": 0.15, "acts.enforcement_ends.rate": 1.5, "life.business.share": 0.4, "life.rail.again": 0.5, "attempts.applies_for_loan.rate": 4,
    "responses.ties.drop": 0.05, "responses.ties.renew": 0.05, "frequent.posts.rate": 3, "frequent.crosses_on_red.seen": 0.05, "life.loan.arrears_approval": 0.3, "life.loan.favoured_approval": 0.9,
    "society.ties.replaced": 1, "society.ties.groups.town.span": 9, "society.ties.groups.town.members": 8, "society.ties.groups.town.met": 100,
    "society.ties.groups.anywhere.members": 8, "responses.trust.sign": -1, "responses.opinion.updating": 2, "responses.caught.holds": 0.2,
    "attempts.buys_home.rate": 2, "attempts.buys_car.rate": 2, "attempts.takes_holiday.rate": 2, "attempts.buys_insurance.rate": 2, "attempts.rents_office.rate": 2,
}  # fmt: skip
APPEALS = {"points.insults_online": -3, "score.stale": 0.3, "contest.file": 0.3, "watch.social.false": 0.3, "watch.social.misdirected": 0.1, "score.expiry": 2, "contest.upheld_right": 0.3}
SESAME = {"score.expiry": 2, "contest.file": 0.3, "watch.payments.false": 0.3, "watch.payments.misdirected": 0.1, "watch.commerce.false": 0.3,
          "watch.commerce.misdirected": 0.1, "contest.upheld_right": 0.3, "contest.delay": 5, "dimensions.means.full": 4}


def watched(*channels: str) -> dict[str, float]:
    """A watch that sees much and errs often."""
    return {f"watch.{c}.{part}": new for c in channels for part, new in (("coverage", 0.8), ("false", 0.3), ("misdirected", 0.1))}


FITTED = {"model.training": 1, "score.expiry": 2, "model.share": 0.45, "model.balance": 0.4, "consequences.assistance_refusal.enforcement": 0.6, "contest.file": 0.9,
          "contest.delay": 5, "contest.upheld_right": 0.3, "awareness.start": 0.95, **watched("civic"), "watch.civic.false": 0.5, "watch.civic.misdirected": 0.2}
COURT = {"lists.defaulters.entry.ignores_judgment": 50, "lists.defaulters.entry.resists_enforcement": 60, "lists.defaulters.overlooked": 0.6,
         "watch.civic.false": 0.3, "watch.civic.misdirected": 0.1, "contest.file": 0.3, "contest.upheld_right": 0.3, "contest.delay": 5, "contest.find_stale": 0.3}
GAMED = {"coverage.uptake": 0.8, "awareness.start": 0.8, "score.low": 97, "score.high": 106, "grades.favoured.from": 102, "score.decay": 0.2}
BOUGHT = {**GAMED, "score.low": 99, "game.most": 2, "game.lasts": 30}
BANK = {"score.expiry": 2, "contest.file": 0.3, "watch.payments.false": 0.3, "watch.payments.misdirected": 0.1, "contest.upheld_right": 0.3, "contest.delay": 5,
        "bank.term": 30, "grades.lent.from": 660}
SHORT = {
    "essay": {"score.expiry": 2, "score.stale": 0.3, "contest.file": 0.3, "contest.find_stale": 0.1, "grades.C.from": 850, "grades.B.from": 940, "grades.A.from": 980,
              "score.high": 1100, "score.low": 700, "kin.household": 0.2, "kin.ties": 0.2, "activity.location.per": 20, "activity.social.per": 5},
    "platform": APPEALS,
    **{f"platform-{name}": APPEALS for name in ("youtube-2019q4", "youtube-2020q2", "reddit-2019", "facebook-2019")},
    "exampleland": {"score.high": 105, "score.expiry": 2, "score.stale": 0.3, "contest.file": 0.9, "contest.delay": 5, "points.speeds": -45, "watch.civic.false": 0.45, "watch.civic.misdirected": 0.1,
                    "watch.location.misdirected": 0.1, "watch.location.false": 0.1,
                    "consequences.flight_ticket_ban.tail@2020-01-01": 20, "consequences.flight_ticket_ban.tail@2022-01-01": 10},
    "lottery": {},
    **{f"welfare-{name}": FITTED for name in ("risk", "dwp", "midas")},
    "welfare-robodebt": {**FITTED, "model.share": 0.6},
    "suining-2010": {"grades.C.from": 985, "grades.B.from": 990, "grades.A.from": 995, "score.low": 900, "score.expiry": 2, "score.stale": 0.3,
                     "contest.file": 0.3, "contest.upheld_right": 0.3, "contest.delay": 5, **watched("payments", "civic", "location", "social")},
    "rongcheng": {"grades.C.from": 994, "grades.B.from": 996, "grades.A.from": 998, "grades.AA.from": 1002, "grades.AAA.from": 1004, "score.low": 960,
                  "score.high": 1006, "score.expiry": 2, "score.stale": 0.3, "score.gains": 8, "points.acts_heroically": 3, "remedies.notice": 3, "activity.civic.cap": 10, "contest.file": 0.3,
                  "contest.upheld_right": 0.3, "contest.delay": 5, **watched("civic", "location")},
    "city-points": {"coverage.uptake": 0.8, "score.low": 97, "score.high": 106, "grades.favoured.from": 102, "score.decay": 0.2,
                    **watched("civic", "location", "payments")},
    "threshold": GAMED, **dict.fromkeys(("threshold-gamed", "threshold-aided"), BOUGHT),
    "charter": {"score.base": 6, "points.speeds": -4, "score.expiry": 2, "score.stale": 0.3, "remedies.notice": 10, "remedies.warnings": 0, "contest.find_stale": 0.3, "contest.delay": 5,
                "contest.upheld_right": 0.3, "contest.file": 0.9, **watched("civic"), "watch.civic.false": 0.5},
    "judgment-defaulters": COURT,
    "charter-list": {**COURT, "remedies.notice": 5},
    "travel-bans-2018": {**{f"lists.{of}": 40 for of in ("rail_conduct.entry.smokes_on_train", "rail_conduct.entry.dodges_fare", "air_conduct.entry.disturbs_flight",
                                                        "dishonesty.entry.evades_tax")},
                         **{f"watch.{c}.{part}": new for c in ("location", "civic") for part, new in (("coverage", 0.8), ("false", 0.3), ("misdirected", 0.1))},
                         "contest.file": 0.3, "contest.upheld_right": 0.3},
    "zhima": SESAME, "zhima-b": SESAME,
    "bank": BANK, "bank-retrains": {**BANK, "bank.least": 20, "bank.gain": 0.006}, "bank-explores": {**BANK, "bank.least": 20, "bank.gain": 0.02, "bank.explore": 0.4},
    "registry": {}, "opinions": {},
    "fico": {"score.expiry": 2, "contest.file": 0.3, "watch.payments.false": 0.3, "watch.payments.misdirected": 0.1, "contest.upheld_right": 0.3, "contest.delay": 5},
}  # fmt: skip
"""What the base of each regime has instead of its shipped numbers, so that months are enough to reach the rest."""
AID = {"life.assistance.share": 0.8, "acts.draws_aid_wrongly.rate": 6, "acts.draws_aid_wrongly.seen": 0.6}
"""And where a model is fitted to what is drawn wrongly: more who draw, and more cases."""
LENDING = {"attempts.applies_for_loan.rate": 30, "acts.stops_paying.rate": 0.1}
"""And where a bank learns: more loans to learn from."""
NEW_WORK = {"life.job.new": 4}
"""Elsewhere work is new for weeks only, fewer than the run has; a model that is fitted keeps the shipped number."""
TAIL = 20
NOT_BEFORE_THE_SCORE = ("regime.", "responses.awareness", "responses.compliance", "responses.chilling", "responses.withdrawal", "responses.gaming",
                        "responses.falsify", "responses.ties", "responses.trust.size", "responses.trust.low", "responses.trust.speed", "responses.opinion.hurt", "responses.opinion.gain", "life.air.refund", "life.air.to_rail",
                        "life.fare", "life.queue", "life.hotel.plain", "life.loan.favoured", "life.line", "life.reach", "life.trace", "consequences.")  # fmt: skip
"""Values that can matter only from the day on which somebody is scored."""


@dataclass(frozen=True)
class Found:
    """What became of one value. first: the first day whose measures differ, None if none does; begins: the day from which it can matter."""

    key: str
    old: float
    new: float
    what: str
    first: int | None
    begins: int = BEGINS

    @property
    def wrong(self) -> bool:
        """Dead, or at work too early."""
        return self.what == "dead" or (self.what == "live" and self.first is not None and self.first < self.begins and self.key.startswith(NOT_BEFORE_THE_SCORE))


def base(regimes: tuple[str, ...] = REGIMES) -> dict[str, Any]:
    """The data of a scenario that reaches every value."""
    raw = copy.deepcopy(load("essay").raw) | {"citizens": CITIZENS, "days": DAYS, "start": START, "panel": 0}
    raw |= {"regimes": list(regimes), "regime": {r: copy.deepcopy(regime_text(r).data) for r in regimes}}
    for act in raw["acts"].values():
        if not act.get("bought"):
            act["rate"]["value"] = max(act["rate"]["value"], COMMON)
        act["seen"]["value"] = max(act["seen"]["value"], NOTICED)
    new = REACH | (AID if any("model" in raw["regime"][r] for r in regimes) else NEW_WORK) | (LENDING if any("bank" in raw["regime"][r] for r in regimes) else {})
    for name in regimes:
        new |= {f"regime.{name}.{k}": v for k, v in SHORT[name].items()}
        data = raw["regime"][name]
        new |= {f"regime.{name}.consequences.{c}.tail": TAIL for c, rule in data.get("consequences", {}).items() if "tail" in rule and not dated(rule["tail"])}
        if data.get("bank", {}).get("learns", "never") != "never":
            data["bank"]["learns"] = "each month"  # the run ends before a year does
        if "coverage" in data:
            data["coverage"] = {**data["coverage"], "start": max(str(data["coverage"]["start"]), BEGIN)}
    for key, value in new.items():
        raw = put(raw, key, value)
    return widened(staged(raw))


def dated(part: Any) -> bool:
    """Whether it is a number that changes with the date."""
    return isinstance(part, dict) and "unit" in part and isinstance(part["value"], dict)


def staged(part: Any) -> Any:
    """The same data with the dates of every dated number moved into the run: one stage after another from the beginning."""
    if isinstance(part, list):
        return [staged(p) for p in part]
    if not isinstance(part, dict):
        return part
    if dated(part):
        return {**part, "value": {str(date.fromisoformat(BEGIN) + timedelta(STAGE * i)): part["value"][day] for i, day in enumerate(sorted(part["value"]))}}
    return {k: staged(v) for k, v in part.items()}


def widened(part: Any) -> Any:
    """The same data with every range as wide as its numbers need: moved numbers may lie outside what is plausible."""
    if isinstance(part, list):
        return [widened(p) for p in part]
    if not isinstance(part, dict):
        return part
    if "value" in part and "unit" in part:
        return {k: v for k, v in part.items() if k != "range"} | {"status": "derived"}
    return {k: widened(v) for k, v in part.items()}


def scenario(raw: dict[str, Any]) -> Scenario:
    """A scenario from its data; BadInput if a moved number does not fit the others."""
    whole, faults = checked(ordered(raw), parse("", ""))
    for fault in faults[:1]:
        raise fault
    return Scenario(ordered(raw), whole)


def moves(old: float, low: float | None, high: float | None, whole: bool) -> Iterator[float]:
    """Where a number may be moved: half its range up or down; else to an end of the range; else one step."""
    half = (high - low) / 2 if low is not None and high is not None and high > low else abs(old) / 2 or 0.5
    for new in (old + half, old - half, high, low, old + 1, old - 1):
        if new is not None:
            new = round(new) if whole else new
            if new != old:
                yield new


def numbers(raw: dict[str, Any]) -> dict[str, tuple[float, float | None, float | None, bool]]:
    """Every number of the scenario by path: the number of the base, the ends of its shipped range, whether it is whole."""
    names = [r for r in raw["regimes"]]
    shipped = load("essay").with_(regimes=names).values
    here = scenario(raw).values
    out = {}
    for key, value in here.items():
        ends = shipped[key].range or (None, None)
        whole = all(isinstance(n, int) for n in (*shipped[key].numbers, *(e for e in ends if e is not None))) and "share" not in value.unit and "chance" not in value.unit
        if value.dated:
            out |= {f"{key}@{day}": (number, *ends, whole) for day, number in value.value.items()}
        else:
            scale = value.value / shipped[key].value if shipped[key].value else 1.0  # where the base has another number, its range goes with it
            ends = tuple(e * scale if e is not None else None for e in ends)
            out[key] = (value.value, *ends, whole)
    return out


def run(what: Scenario) -> tuple[Society, Any]:
    """A run in memory."""
    society = Society(what, threads=1)
    kept = society.run()
    society.stepper.close()
    return society, kept


def told(society: Society, kept, r: int) -> str:
    """What is told of a regime beside its digest, as text: the summary, and where citizens are registered."""
    return json.dumps(regime_summary(society, kept, r, InForce(society, kept, r), ""), sort_keys=True, default=float) + society.people.elsewhere.tobytes().hex()


def tallies(society: Society, r: int) -> list[bytes]:
    """What the state keeps of a regime that no rule reads."""
    kept = (society.state.row(f.name, r) for f in society.engine.model.fields if f.tally)
    return [row.tobytes() for row in kept if row is not None]


def compare(a: tuple[Society, Any], ra: int, b: tuple[Society, Any], rb: int) -> tuple[str, int | None]:
    """Whether one regime of a run is another of a second run: "live" and the first day that differs, "told", or "dead"."""
    (sa, ka), (sb, kb) = a, b
    days = (ka.daily[:, ra] != kb.daily[:, rb]).any(1) | (ka.sums[:, ra] != kb.sums[:, rb]).any(1)
    first = int(np.argmax(days)) if days.any() else None
    if days.any() or sa.digest(ra, ka) != sb.digest(rb, kb) or tallies(sa, ra) != tallies(sb, rb):
        return "live", first
    return ("told" if told(sa, ka, ra) != told(sb, kb, rb) else "dead"), None


def put(raw: dict[str, Any], key: str, new: float) -> dict[str, Any]:
    """The data with one number changed; of a dated one, that of the day behind the @."""
    path, _, day = key.partition("@")
    data = changed(raw, path, new)
    if day:
        old, part = raw, data
        for step in path.split("."):
            old, part = ((next(e for e in x if e["id"] == step) if isinstance(x, list) else x[step]) for x in (old, part))
        part["value"] = {**old["value"], day: new}
    return data


def variant(raw: dict[str, Any], key: str, span: tuple) -> tuple[dict[str, Any], float]:
    """The data with one number moved as far as the others allow, and where to."""
    old, low, high, whole = span
    for new in moves(old, low, high, whole):
        try:
            moved = widened(balanced(put(raw, key, new), key, new - old))
            scenario(moved)
        except BadInput:
            continue
        return moved, new
    raise BadInput("cannot be moved: every other number is refused", key=key)


def balanced(raw: dict[str, Any], key: str, by: float) -> dict[str, Any]:
    """The data with what a weight of a dimension gained taken from the heaviest other one, since the weights add up to 1."""
    *way, name, last = key.split(".")
    if way[2:] != ["dimensions"] or last != "weight":
        return raw
    weights = {other: part["weight"]["value"] for other, part in raw["regime"][way[1]]["dimensions"].items() if other != name}
    most = max(weights, key=lambda other: weights[other])
    return changed(raw, ".".join([*way, most, last]), weights[most] - by)


def of_regime(name: str, only: str = "") -> Iterator[Found]:
    """Moves each number of one regime: many variants of it side by side on the same citizens."""
    names = (name,) if name != "lottery" else ("essay", "lottery")
    raw = base(names)
    spans = {k: s for k, s in numbers(raw).items() if k.startswith(f"regime.{name}.") and k.startswith(only)}
    keys = list(spans)
    for at in range(0, len(keys), TOGETHER):
        part, moved = keys[at : at + TOGETHER], {}
        together = dict(raw["regime"])
        for i, key in enumerate(part):
            data, moved[key] = variant(raw, key, spans[key])
            together[f"moved_{i}"] = {**data["regime"][name], "id": f"moved_{i}"}
        both = run(scenario({**raw, "regimes": list(together), "regime": together}))
        r = both[0].names.index(name)
        for i, key in enumerate(part):
            what, first = compare(both, r, both, both[0].names.index(f"moved_{i}"))
            day = key.partition("@")[2]
            yield Found(key, spans[key][0], moved[key], what, first, (date.fromisoformat(day) - date.fromisoformat(START)).days if day else BEGINS)


def of_catalogue(only: str = "", keys: list[str] | None = None) -> Iterator[Found]:
    """Moves each number of the catalogue, one run each, under regimes that use what it is about."""
    names = ALL_SIDES
    raw = base(names)
    spans = {k: s for k, s in numbers(raw).items() if not k.startswith("regime.") and k.startswith(only) and (keys is None or k in keys)}
    if not spans:
        return
    plain = run(scenario(raw))
    for key, span in spans.items():
        data, new = variant(raw, key, span)
        other = run(scenario(data))
        results = [compare(plain, r, other, r) for r in range(len(names))]
        what = min((w for w, _ in results), key=("live", "told", "dead").index)
        firsts = [f for _, f in results if f is not None]
        yield Found(key, span[0], new, what, min(firsts) if firsts else None)


def everything(only: str = "") -> Iterator[Found]:
    """All values whose path begins so."""
    for name in REGIMES:
        if f"regime.{name}.".startswith(only) or only.startswith(f"regime.{name}"):
            yield from of_regime(name, only)
    if not only.startswith("regime."):
        yield from of_catalogue(only)


def main(only: str = "") -> int:
    """Prints a line a value; returns 1 if any is dead or early."""
    began, wrong, count = time.perf_counter(), [], 0
    for found in everything(only):
        count += 1
        first = "" if found.first is None else f"from day {found.first}"
        print(f"{found.what:5s} {found.key:60s} {found.old:>12g} -> {found.new:<12g} {first}", flush=True)
        wrong += [found] if found.wrong else []
    print(f"\n{count} values in {time.perf_counter() - began:.0f} s: {len(wrong)} dead or early")
    for found in wrong:
        print(f"  {found.key}: {found.what}" + ("" if found.what == "dead" else f", from day {found.first}"))
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
