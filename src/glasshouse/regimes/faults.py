"""What is wrong with a regime beyond its single values: names that lead nowhere, parts that do not fit together."""

from __future__ import annotations

import math
from typing import Any

from glasshouse.catalogue import Catalogue
from glasshouse.catalogue.faults import dotted, in_order
from glasshouse.catalogue.files import Place, Text
from glasshouse.errors import BadInput, nearest
from glasshouse.regimes.schema import FALSE_MOST, Regime, at
from glasshouse.values import shown

SETTLED = "settled"  # the one dimension that is made of marks
SLACK = 1e-9  # how far weights may be from adding up to 1
FIRST = "0001-01-01"  # for values that are the same on every day
SCORED = ("score", "points", "straight", "dimensions", "bank", "game", "activity", "profile", "kin", "grades")
WATCHING = ("lists", "consequences", "watch", "contest", "remedies")
HELPING = ("help", "registry", "opinions")
NOT_FOR: dict[str, tuple[str, ...]] = {
    "none": ("beside", "coverage", "awareness", *SCORED, *WATCHING, *HELPING),
    "lot": (*SCORED, *WATCHING, *HELPING),
    "points": ("beside", *HELPING),
    "list": ("beside", *SCORED, *HELPING),
    "registry": ("beside", "awareness", *SCORED, *WATCHING, "opinions"),
    "opinions": ("beside", "awareness", *SCORED, *WATCHING, "registry"),
}
NEEDED: dict[str, tuple[str, ...]] = {
    "none": (),
    "lot": ("beside", "coverage", "awareness"),
    "points": ("coverage", "awareness", "score", "grades", "watch"),
    "list": ("coverage", "awareness", "lists", "watch"),
    "registry": ("coverage", "help", "registry"),
    "opinions": ("coverage", "help", "opinions"),
}


def faults(regime: Regime, known: Catalogue, source: Text, under: Place = ()) -> list[BadInput]:
    """What is wrong with a regime beyond its single values: names that lead nowhere, parts that do not fit together."""
    found: list[BadInput] = []

    def fault(message: str, *place: str | int, hint: str | None = None) -> None:
        whole = (*under, *place)
        found.append(BadInput(message, *source.where(whole), dotted(whole, source.data), hint))

    if regime.extends is not None:
        fault("has no place here: only a regime's own file or table can extend another", "extends")
    if regime.remove:
        fault("has no place in a regime that extends no other", "remove")
    given = set(regime.model_fields_set)
    for part in NOT_FOR[regime.kind]:
        if part in given:
            fault(f"has no place in a regime of kind `{regime.kind}`", part)
    for part in NEEDED[regime.kind]:
        if part not in given or not getattr(regime, part):
            fault(f"is missing: a regime of kind `{regime.kind}` needs it", part)
    if found:
        return in_order(found)
    for channel in regime.watch:
        if channel not in known.channel_names:
            fault(f"there is no channel `{channel}`", "watch", channel, hint=nearest(channel, known.channel_names))
    if found:  # else every act of the channel that was meant would be told as well
        return in_order(found)
    _coverage(regime, fault)
    _watch(regime, fault)
    _scale(regime, fault)
    _names(regime, known, fault)
    if regime.bank is not None:
        _bank(regime, known, fault)
    if regime.game is not None:
        _game(regime, fault)
    return in_order(found)


def _coverage(regime: Regime, fault: Any) -> None:
    cover = regime.coverage
    for flag in cover.but_not if cover is not None else ():
        if cover is not None and flag in cover.who:
            fault(f"leaves out `{flag}`, whom `who` asks for: nobody is covered", "coverage", "but_not")
    if cover is not None and cover.from_age is not None and regime.kind == "lot":
        fault("has no place in a lot, which falls on those whom the regime beside it covers", "coverage", "from_age")
    if cover is not None and cover.end is not None and cover.end <= cover.start:
        fault(f"is not after the start, {cover.start.isoformat()}", "coverage", "end")


def _watch(regime: Regime, fault: Any) -> None:
    for channel, watch in regime.watch.items():
        for number in watch.false.numbers:
            if number > FALSE_MOST:
                place = ("watch", channel, "false", "value")
                fault(f"{shown(number)} is more false records a covered person-year than can be drawn", *place, hint=shown(FALSE_MOST))


def _scale(regime: Regime, fault: Any) -> None:
    score, grades = regime.score, regime.grades
    if score is None:
        return
    if score.expiry is not None and score.decay is not None:
        fault("a score has an expiry or a decay, not both", "score", "decay")
    if score.stale is not None and not (score.expiry and min(score.expiry.numbers) > 0):
        fault("has no place where points do not expire", "score", "stale")
    _dimensions(regime, fault)
    low = max(score.low.numbers) if score.low else -math.inf
    base, high = min(score.base.numbers), min(score.high.numbers) if score.high else math.inf
    if not low < high:
        fault(f"is not below the highest score, {shown(high)}", "score", "low", "value")
    elif not low <= base <= high:
        fault(f"{shown(base)} is outside the scores, {shown(low)} to {shown(high)}", "score", "base", "value")
    seen: set[str] = set()
    before: float | None = None
    for number, grade in enumerate(grades):
        if grade.id in seen:
            fault(f"there are two grades `{grade.id}`", "grades", number, "id")
        seen.add(grade.id)
        if regime.model is not None:
            if grade.cut is not None or len(grades) != 2:
                fault("a fitted model has two grades, the flagged first, and finds the cut between them by itself", "grades", number)
            continue
        if (grade.cut is None) != (number == 0):
            none = "the lowest grade, which comes first, has none"
            fault(f"is missing: only {none}" if number else none, "grades", number, "from")
            continue
        if grade.cut is None:
            continue
        cut = min(grade.cut.numbers)
        if before is not None and cut <= before:
            fault(f"{shown(cut)} is not above the grade before, {shown(before)}", "grades", number, "from", "value")
        elif not low < cut <= high:
            fault(f"{shown(cut)} is outside the scores, {shown(low)} to {shown(high)}", "grades", number, "from", "value")
        before = cut


def _dimensions(regime: Regime, fault: Any) -> None:
    if not regime.dimensions:
        return
    if regime.score is not None and regime.score.high is None:
        fault("is missing: dimensions share out the points from the base to the highest score", "score", "high")
    weights = {name: dimension.weight for name, dimension in regime.dimensions.items()}
    days = sorted({day for weight in weights.values() if weight.dated for day in weight.value})
    for day in days or [FIRST]:
        told = {name: at(weight, day) for name, weight in weights.items()}
        if abs(math.fsum(told.values()) - 1) > SLACK:
            parts = " + ".join(shown(weight) for weight in told.values())
            since = f" from {day} on" if days else ""
            fault(f"has weights that must add up to 1{since}: {parts} = {math.fsum(told.values()):.10g}", "dimensions")
    for name, dimension in regime.dimensions.items():
        if bool(dimension.of) != (name == SETTLED):
            fault("has a place in `settled` alone" if dimension.of else "is missing: what marks a settled life?", "dimensions", name, "of")


def _game(regime: Regime, fault: Any) -> None:
    game = regime.game
    assert game is not None  # for its caller
    for part in ("model", "bank"):
        if getattr(regime, part) is not None:
            fault(f"has no place beside a {part}, whose cut moves", "game")
    ids = [grade.id for grade in regime.grades]
    if game.grade not in ids:
        fault(f"there is no grade `{game.grade}`", "game", "grade", hint=nearest(game.grade, ids))
    elif game.grade == ids[0]:
        fault("is the lowest grade: there is no cut to pass", "game", "grade")
    if (game.aid is None) != (game.aid_below is None):
        missing = "aid" if game.aid is None else "aid_below"
        fault("is missing: the office pays a share of the price for those below an income", "game", missing)


def _bank(regime: Regime, known: Catalogue, fault: Any) -> None:
    score, bank = regime.score, regime.bank
    assert score is not None  # for its callers
    assert bank is not None
    if regime.model is not None:
        fault("has no place beside a fitted model, which finds its cut by itself", "bank")
    elif len(regime.grades) != 2:
        fault("needs two grades, those whom the bank refuses and those to whom it lends", "bank")
    for part in ("gain", "loss", "least"):
        if (getattr(bank, part) is None) != (bank.learns == "never"):
            fault("has no place in a bank that never learns" if bank.learns == "never" else "is missing: the bank learns by it", "bank", part)
    for end in ("low", "high"):
        if getattr(score, end) is None:
            fault("is missing: a bank counts its loans by bands from the lowest score to the highest", "score", end)
    if score.low is not None and score.high is not None:
        from glasshouse.day import LOAN_BANDS  # here, since the day brings numpy with it, and few regimes have a bank

        bands = -(-(max(score.high.numbers) - min(score.low.numbers)) // min(bank.band.numbers))
        if bands > LOAN_BANDS:
            least = -(-(max(score.high.numbers) - min(score.low.numbers)) // LOAN_BANDS)
            fault(f"makes {bands:g} bands, and {LOAN_BANDS} can be counted", "bank", "band", hint=shown(least))
    refused = [n for n in regime.consequences if n in known.consequences and known.consequences[n].mechanism == "loan_refusal"]
    if not any(regime.grades[0].id in regime.consequences[name].grades for name in refused):
        lowest = regime.grades[0].id
        fault(f"refuses nobody: no consequence of the grade `{lowest}` refuses loans", "bank", hint="consequences.loan_refusal")


def _names(regime: Regime, known: Catalogue, fault: Any) -> None:
    for name in regime.points:
        _act(name, regime, known, fault, "points", name)
    if regime.model is not None:
        _act(regime.model.target, regime, known, fault, "model", "target")
        for part in ("points", "dimensions", "activity", "profile", "straight"):
            if getattr(regime, part):
                fault("has no place beside a fitted model, which is the whole score", part)
    ids = [grade.id for grade in regime.grades]
    for name, rule in regime.straight.items():
        _act(name, regime, known, fault, "straight", name)
        if rule.grade not in ids:
            fault(f"there is no grade `{rule.grade}`", "straight", name, "grade", hint=nearest(rule.grade, ids))
        elif rule.grade == ids[-1]:
            fault("is the highest grade: nothing falls to it", "straight", name, "grade")
    _lists(regime, known, fault)
    if regime.kind == "list" and regime.remedies is not None and regime.remedies.warnings is not None:
        fault("has no place in a list: an entry costs no points that a warning could stand for", "remedies", "warnings")
    if regime.kind == "list" and regime.contest is not None and regime.contest.find_stale is not None and not any(x.overlooked for x in regime.lists.values()):
        fault("has no place where no list has deletions that are `overlooked`", "contest", "find_stale")
    for channel in regime.activity:
        if channel not in regime.watch:
            fault("this regime does not watch this channel", "activity", channel)
    _measures(regime, known, ids, fault)


def _lists(regime: Regime, known: Catalogue, fault: Any) -> None:
    enters: dict[str, str] = {}
    ends: dict[str, str] = {}
    for name, listing in regime.lists.items():
        for act in listing.entry:
            _act(act, regime, known, fault, "lists", name, "entry", act)
            if enters.setdefault(act, name) != name:
                fault(f"puts on the list `{enters[act]}` already: an act puts on one list", "lists", name, "entry", act)
        for act in listing.exit:
            _act(act, regime, known, fault, "lists", name, "exit")
            if act in listing.entry:
                fault(f"`{act}` puts on this list, so it cannot end it", "lists", name, "exit")
            if ends.setdefault(act, name) != name:
                fault(f"`{act}` ends the list `{ends[act]}` already: an act ends one list", "lists", name, "exit")
        for part in ("delay", "overlooked"):
            if getattr(listing, part) is not None and not listing.exit:
                fault("has no place in a list that no act ends", "lists", name, part)


def _act(name: str, regime: Regime, known: Catalogue, fault: Any, *place: str) -> None:
    act = known.acts.get(name)
    if act is None:
        fault(f"there is no act `{name}`", *place, hint=nearest(name, known.acts))
    elif act.channel not in regime.watch:
        fault(f"comes from the channel `{act.channel}`, which this regime does not watch", *place)


def _measures(regime: Regime, known: Catalogue, ids: list[str], fault: Any) -> None:
    met: dict[str, str] = {}
    for name, measure in regime.consequences.items():
        if name not in known.consequences:
            fault(f"there is no consequence `{name}`", "consequences", name, hint=nearest(name, known.consequences))
            continue
        if not measure.grades and not measure.lists:
            fault("needs grades or lists that bring it", "consequences", name)
        for grade in measure.grades:
            if grade not in ids:
                fault(f"there is no grade `{grade}`", "consequences", name, "grades", hint=nearest(grade, ids))
        for listing in measure.lists:
            if listing not in regime.lists:
                fault(f"there is no list `{listing}`", "consequences", name, "lists", hint=nearest(listing, regime.lists))
        if measure.tail is not None and measure.lists and not measure.grades:
            fault("has no place where no grade brings it: a list has its own term", "consequences", name, "tail")
        other = met.setdefault(known.consequences[name].mechanism, name)
        if other != name:
            fault(f"acts through the same mechanism as `{other}`: a regime can use one of them", "consequences", name)
