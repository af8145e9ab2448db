"""Two futures of one rule: a regime beside itself as it will be from a day on. Until then the two are the same to the last bit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from glasshouse.errors import BadInput
from glasshouse.scenarios import paths
from glasshouse.scenarios.loader import Scenario, made_from
from glasshouse.values import Value


def forked(scenario: Scenario, on: date, then: Mapping[str, Any]) -> Scenario:
    """The scenario with, for each regime that is reformed, another beside it whose numbers change on a day.

    Args:
        scenario: the question; its regimes stay as they are.
        on: the first day of the reform, after the first of the run and not after its last.
        then: the numbers from that day on, by path: `regime.NAME. ...`.

    Returns:
        A scenario with one regime more for each that is reformed: its name, `-from-` and the day.

    Raises:
        BadInput: the day is not one of the run, a path is none of a regime's numbers, or a number makes no sense there.

    Example:
        >>> from glasshouse.scenarios import load
        >>> two = forked(load("essay"), date(2020, 7, 1), {"regime.essay.score.expiry": 3})
        >>> [*two.regimes]
        ['none', 'essay', 'essay-from-2020-07-01']
    """
    last = date.fromordinal(scenario.start.toordinal() + scenario.days - 1)
    if not scenario.start < on <= last:
        raise BadInput(f"must be a day of the run after its first, {scenario.start} to {last}, not {on}", key="fork")
    if not then:
        raise BadInput("needs the numbers that change on that day", key="then")
    known = {key: value for key, value in scenario.values.items() if key.startswith("regime.")}
    for key in then:
        if key in scenario.values and key not in known:
            raise BadInput("is no number of a regime: only rules can be reformed, people and prices stay", key=key)
    changed = scenario.with_(set=then)  # which refuses what cannot be set
    raw = scenario.raw
    for name in dict.fromkeys(key.split(".")[1] for key in then):
        raw = _copied(raw, name, f"{name}-from-{on}", f"reformed on {on}")
    for key in then:
        if key not in known:
            raise BadInput("is a day of coverage, which a reform cannot move", key=key)
        _, name, rest = key.split(".", 2)
        raw = paths.dated(raw, f"regime.{name}-from-{on}.{rest}", _until(known[key], scenario.start, on) | {on.isoformat(): changed.at(key, on)})
    return made_from(raw)


def copied(scenario: Scenario, name: str, other: str, how: str) -> Scenario:
    """The scenario with a copy of one of its regimes beside it.

    Args:
        scenario: the question.
        name: a regime of it.
        other: the name of the copy.
        how: what sets it apart, in words that follow its title.
    """
    return made_from(_copied(scenario.raw, name, other, how))


def _copied(raw: dict[str, Any], name: str, other: str, how: str) -> dict[str, Any]:
    regime = raw["regime"][name]
    copy = {**regime, "id": other, "title": f"{regime['title']}, {how}"}
    return {**raw, "regimes": [*raw["regimes"], other], "regime": {**raw["regime"], other: copy}}


def _until(value: Value, start: date, on: date) -> dict[str, Any]:
    """What a number is until a day, by the day from which it holds."""
    past = value.value if value.dated else {start.isoformat(): value.value}
    return {since: number for since, number in past.items() if since < on.isoformat()}
