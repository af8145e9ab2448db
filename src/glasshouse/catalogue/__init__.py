"""The catalogue: acts, families, attempts, consequences, life and responses, read from the TOML files of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from glasshouse.catalogue.faults import among, in_order, refuse, validated
from glasshouse.catalogue.files import Place, Text, read
from glasshouse.catalogue.schema import (
    ATTEMPTS,
    DAYS,
    FAMILIES,
    FREQUENT,
    MECHANISMS,
    MONTHS,
    Act,
    Attempt,
    Catalogue,
    Consequence,
    Family,
    Frequent,
    Id,
    Life,
    Response,
    Responses,
    Rhythm,
)
from glasshouse.errors import BadInput, nearest

HERE = Path(__file__).parent
FILES: dict[str, Any] = {
    "families": dict[Id, Family],
    "rhythms": dict[Id, Rhythm],
    "acts": dict[Id, Act],
    "frequent": dict[Id, Frequent],
    "attempts": dict[Id, Attempt],
    "consequences": dict[Id, Consequence],
    "life": Life,
    "responses": Responses,
}
"""The files of the catalogue and what stands in each. `acts.toml` has its tables under `acts`, `life.toml` at the top."""
AT_TOP = ("life", "responses")

__all__ = ["Act", "Attempt", "Catalogue", "Consequence", "Family", "Frequent", "Life", "Responses", "Rhythm", "catalogue", "faults", "shipped"]


@cache
def shipped() -> dict[str, Any]:
    """The catalogue of the package as nested dicts, file by file. Not to be changed: copy what you change."""
    whole: dict[str, Any] = {}
    for name in FILES:
        data = read(HERE / f"{name}.toml", f"{name}.toml").data
        whole[name] = data if name in AT_TOP else data[name]
    return whole


@cache
def catalogue() -> Catalogue:
    """The catalogue of the package, read and checked once.

    Example:
        >>> catalogue().acts["speeds"].channel
        'civic'
    """
    source = Text("catalogue", "", shipped())
    built, found = validated(Catalogue, shipped(), source)
    refuse(found or faults(built, source))
    return built


def faults(built: Catalogue, source: Text, under: Place = ()) -> list[BadInput]:
    """What is wrong with a catalogue beyond its single values: names that lead nowhere, and marks that contradict each other."""
    found: list[BadInput] = []

    def fault(message: str, *place: str | int, hint: str | None = None) -> None:
        found.append(BadInput(message, source.name, source.line((*under, *place)), ".".join(map(str, (*under, *place))), hint))

    for part in ("acts", "frequent", "attempts"):
        for name, entry in getattr(built, part).items():
            if entry.rhythm is not None and entry.rhythm not in built.rhythms:
                fault(f"there is no rhythm `{entry.rhythm}`", part, name, "rhythm", hint=nearest(entry.rhythm, built.rhythms))
    for name, family in built.families.items():
        if (family.few is None) != (family.few_acts is None):
            fault("is missing: the few of a family and the share that they do go together", "families", name, "few" if family.few is None else "few_acts")
    for name in Responses.model_fields:
        response = getattr(built.responses, name)
        if response.off not in type(response).model_fields or response.off in Response.model_fields:
            fault(f"there is no number `{response.off}` here", "responses", name, "off", hint=nearest(response.off, type(response).model_fields))
    for name, rhythm in built.rhythms.items():
        for days in (DAYS, MONTHS):
            if not any(number for day in days for number in getattr(rhythm, day).numbers):
                fault("is never: some factor must be above 0", "rhythms", name, days[0])
    for name, habit in built.frequent.items():
        if (habit.gravity is None) != habit.lawful:
            fault("is missing" if not habit.lawful else "has no place in what is lawful and done every day", "frequent", name, "gravity")
    for name in built.channels:
        if name in FREQUENT:
            fault("is one of the channels that every run has: give yours another name", "channels", name)
        elif not any(act.channel == name for act in built.acts.values()):
            fault("no act comes from this channel: nothing would be seen there", "channels", name)
    for name, act in built.acts.items():
        if act.channel not in built.channel_names:
            fault(f"there is no channel `{act.channel}`", "acts", name, "channel", hint=nearest(act.channel, built.channel_names))
        if act.family not in built.families:
            fault(f"there is no family `{act.family}`", "acts", name, "family", hint=nearest(act.family, built.families))
        if (act.gravity is None) != act.bought:
            fault("is missing" if not act.bought else "has no place in a deed that is bought: it is none", "acts", name, "gravity")
        if act.bought and not act.good:
            fault("only a good deed can be bought", "acts", name, "bought")
        if act.good and not act.lawful:
            fault("a good deed cannot be unlawful", "acts", name, "good")
    for part, names in (("families", FAMILIES), ("frequent", tuple(FREQUENT.values())), ("attempts", ATTEMPTS)):
        there = getattr(built, part)
        for name in names:
            if name not in there:
                fault("is missing", part, name)
        for name in there:
            if name not in names:
                fault("unknown key: the day has no place for it", part, name, hint=nearest(name, names))
    for channel, name in FREQUENT.items():
        if name in built.frequent and built.frequent[name].channel != channel:
            fault(f"must be `{channel}`", "frequent", name, "channel")
    for name, consequence in built.consequences.items():
        if consequence.mechanism not in MECHANISMS[consequence.kind]:
            other = next(kind for kind in MECHANISMS if kind != consequence.kind)
            own = among(MECHANISMS[consequence.kind])
            fault(f"`{consequence.mechanism}` is for a {other}: a {consequence.kind} acts through {own}", "consequences", name, "mechanism")
    return in_order(found)
