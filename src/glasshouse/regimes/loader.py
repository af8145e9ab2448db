"""Regimes from their files: the shipped ones by name, others by path, checked against the catalogue."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path
from typing import Any

from glasshouse.catalogue import Catalogue, catalogue
from glasshouse.catalogue.faults import dotted, in_order, refuse, validated
from glasshouse.catalogue.files import Place, Text
from glasshouse.errors import BadInput, nearest
from glasshouse.regimes.extend import complete
from glasshouse.regimes.files import HERE, is_path, list_regimes, path_of, written
from glasshouse.regimes.schema import Regime
from glasshouse.values import shown

__all__ = ["HERE", "checked", "faults", "is_path", "list_regimes", "load_regime", "regime_text"]
NOT_FOR: dict[str, tuple[str, ...]] = {
    "none": ("beside", "coverage", "awareness", "score", "points", "straight", "dimensions", "lists", "activity", "profile", "kin", "grades",
             "consequences", "watch", "contest", "remedies"),
    "lot": ("score", "points", "straight", "dimensions", "lists", "activity", "profile", "kin", "grades", "consequences", "watch", "contest",
            "remedies"),
    "points": ("beside",),
    "list": ("beside", "score", "points", "straight", "dimensions", "activity", "profile", "kin", "grades"),
}  # fmt: skip
NEEDED: dict[str, tuple[str, ...]] = {
    "none": (),
    "lot": ("beside", "coverage", "awareness"),
    "points": ("coverage", "awareness", "score", "grades", "watch"),
    "list": ("coverage", "awareness", "lists", "watch"),
}


def load_regime(name: str, beside: Path | None = None) -> Regime:
    """One regime, checked against the shipped catalogue.

    Args:
        name: a shipped name, or the path of a TOML file (with a slash or ending in .toml).
        beside: the folder that a relative path starts from; by default the current one.

    Raises:
        BadInput: no such regime, or a fault in its file.

    Example:
        >>> load_regime("essay").score.base.at("2020-01-01")
        1000
    """
    return _loaded(name, beside) if beside is not None or is_path(name) else _shipped(name)


@cache
def _shipped(name: str) -> Regime:
    return _loaded(name, None)


def _loaded(name: str, beside: Path | None) -> Regime:
    source, odd = complete(written(name, beside), path_of(name, beside))
    built, found = checked(source.data, source, catalogue())
    refuse(odd + found)
    assert built is not None
    return built


def regime_text(name: str, beside: Path | None = None) -> Text:
    """The text of a regime's file, unchecked; its data hold what it takes over from the regime that it extends.

    Raises:
        BadInput: there is no such regime, its file is not TOML, or what it extends or takes out is not there.
    """
    source, odd = complete(written(name, beside), path_of(name, beside))
    refuse(odd)
    return source


def checked(data: Any, source: Text, known: Catalogue, under: Place = ()) -> tuple[Regime | None, list[BadInput]]:
    """A regime's data held against the schema and the catalogue.

    Args:
        data: the content of the file as nested dicts.
        source: the file it stands in, for messages.
        known: the catalogue whose acts and consequences it may name.
        under: where in the file it stands.

    Returns:
        The regime, or None where it breaks the schema; and every fault found.
    """
    built, found = validated(Regime, data, source, under)
    found = found if built is None else faults(built, known, source, under)
    return built, sorted((_of_file(fault, source) for fault in found), key=lambda fault: fault.file != source.name)


def _of_file(fault: BadInput, source: Text) -> BadInput:
    """A fault in what a regime takes over from another says which file takes it over."""
    if fault.file == source.name:
        return fault
    return BadInput(f"{fault.message} (in {source.name}, which extends it)", fault.file, fault.place, fault.key, fault.hint)


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
    _coverage(regime, fault)
    _scale(regime, fault)
    _names(regime, known, fault)
    return in_order(found)


def _coverage(regime: Regime, fault: Any) -> None:
    cover = regime.coverage
    if cover is not None and cover.from_age is not None and regime.kind == "lot":
        fault("has no place in a lot, which falls on those whom the regime beside it covers", "coverage", "from_age")
    if cover is not None and cover.end is not None and cover.end <= cover.start:
        fault(f"is not after the start, {cover.start.isoformat()}", "coverage", "end")


def _scale(regime: Regime, fault: Any) -> None:
    score, grades = regime.score, regime.grades
    if score is None:
        return
    if score.expiry is not None and score.decay is not None:
        fault("a score has an expiry or a decay, not both", "score", "decay")
    if score.stale is not None and not (score.expiry and min(score.expiry.numbers) > 0):
        fault("has no place where points do not expire", "score", "stale")
    if regime.dimensions and score.high is None:
        fault("is missing: dimensions share out the points from the base to the highest score", "score", "high")
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


def _names(regime: Regime, known: Catalogue, fault: Any) -> None:
    for name in regime.points:
        _act(name, regime, known, fault, "points", name)
    ids = [grade.id for grade in regime.grades]
    for name, rule in regime.straight.items():
        _act(name, regime, known, fault, "straight", name)
        if rule.grade not in ids:
            fault(f"there is no grade `{rule.grade}`", "straight", name, "grade", hint=nearest(rule.grade, ids))
        elif rule.grade == ids[-1]:
            fault("is the highest grade: nothing falls to it", "straight", name, "grade")
    for name, listing in regime.lists.items():
        for act in listing.entry:
            _act(act, regime, known, fault, "lists", name, "entry", act)
        for act in listing.exit:
            _act(act, regime, known, fault, "lists", name, "exit")
        for part in ("delay", "overlooked"):
            if getattr(listing, part) is not None and not listing.exit:
                fault("has no place in a list that no act ends", "lists", name, part)
    for channel in regime.activity:
        if channel not in regime.watch:
            fault("this regime does not watch this channel", "activity", channel)
    _measures(regime, known, ids, fault)


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
        if measure.tail is not None and not measure.grades:
            fault("has no place where no grade brings it: a list has its own term", "consequences", name, "tail")
        other = met.setdefault(known.consequences[name].mechanism, name)
        if other != name:
            fault(f"acts through the same mechanism as `{other}`: a regime can use one of them", "consequences", name)
