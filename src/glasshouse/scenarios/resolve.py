"""A scenario's file put together with the shipped catalogue and its regimes, and held against everything that must be true."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from glasshouse import catalogue as acts
from glasshouse import regimes
from glasshouse.catalogue.faults import dotted, in_order, refuse, validated
from glasshouse.catalogue.files import Place, Text
from glasshouse.errors import BadInput, nearest
from glasshouse.regimes.extend import complete, merged
from glasshouse.regimes.loader import faults as regime_faults
from glasshouse.regimes.loader import is_path, list_regimes, regime_text
from glasshouse.scenarios.schema import LONGEST, SECTIONS, YEARS, Resolved
from glasshouse.scenarios.society import USUAL, fault_of, list_recipes, named, shipped

DEFAULTS: dict[str, Any] = {"society": USUAL, "seed": 1, "panel": 300}
ORDER = ("id", "title", "summary", "question", "society", "start", "days", "citizens", "seed", "panel", "regimes", "rules", "numbers", "channels", "resolved",
         "overrides", *SECTIONS, "regime")  # fmt: skip
"""The order of the parts of a resolved scenario."""


def resolve(source: Text, folder: Path | None) -> tuple[dict[str, Any], list[BadInput]]:
    """Everything that a scenario's file stands for, as nested dicts, unchecked.

    What the file says of the society, of the catalogue or of a regime replaces the shipped blocks of the same path, block by
    block. A file with `resolved = true` is taken as it stands.

    Args:
        source: the file.
        folder: the folder from which the paths of regimes start; None for a shipped scenario.

    Returns:
        The data in the order of ORDER, and the faults found on the way (regimes that cannot be read).
    """
    given = dict(source.data)
    if given.get("resolved") is True:
        return ordered(given), []
    whole: dict[str, Any] = {**DEFAULTS, **given, "resolved": True}
    whole["society"] = _society(whole["society"], folder)
    catalogue = acts.shipped()
    found: list[BadInput] = []
    if "rules" in given:
        whole["rules"], found = own_rules(given["rules"], folder, source)
    for section in SECTIONS:
        own, fresh = _known(section, given.get(section, {}), catalogue[section], source)
        whole[section] = merged(catalogue[section], own)
        found += fresh
    own = given.get("regime", {})
    names = given.get("regimes")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names) or not isinstance(own, Mapping):
        return ordered({**whole, "regime": own}), found
    chosen, unread = gathered(names, folder, own)
    for fault in unread:
        key = fault.key or "regimes"
        line = source.line(tuple(key.split(".")))
        found.append(fault if fault.file else BadInput(fault.message, source.name, line, key, fault.hint))
    for name in own:
        if name not in chosen and name not in names:
            what = "is not among the regimes of this scenario"
            found.append(BadInput(what, source.name, source.line(("regime", name)), f"regime.{name}", nearest(name, chosen)))
    return ordered({**whole, "regimes": list(chosen), "regime": chosen}), found


def own_rules(given: Any, folder: Path | None, source: Text) -> tuple[Any, list[BadInput]]:
    """Rules of one's own with the texts of the files that they are in, so that a run can be repeated from its scenario alone."""
    if not isinstance(given, Mapping):
        return given, []
    found: list[BadInput] = []
    whole: dict[str, Any] = {}
    for name, file in given.items():
        whole[name] = file
        if isinstance(file, str):
            path = Path(file) if folder is None else folder / file
            try:
                whole[name] = {"file": file, "text": path.read_text(encoding="utf-8")}
            except (OSError, UnicodeDecodeError):
                found.append(BadInput(f"`{file}` cannot be read", source.name, source.line(("rules", name)), dotted(("rules", name))))
                del whole[name]
    return whole, found


def read_by(whole: Resolved) -> dict[str, list[str]]:
    """Which of a scenario's own rules read each of its own numbers, by path; a file that is not Python reads none."""
    found: dict[str, list[str]] = {}
    for rule, own in whole.rules.items():
        try:
            functions = [node for node in ast.parse(own.text).body if isinstance(node, ast.FunctionDef)]
        except SyntaxError:
            continue
        named = {argument.arg for node in functions if node.name == rule.rpartition(".")[2] for argument in node.args.args}
        for name in whole.numbers:
            if name in named:
                found.setdefault(f"numbers.{name}", []).append(rule)
    return found


def _society(given: Any, folder: Path | None) -> Any:
    own = named(given)
    whole = shipped(own, folder)
    return merged(whole, {**own, "id": whole["id"]})


def _known(section: str, own: Any, shipped: Mapping[str, Any], source: Text) -> tuple[Any, list[BadInput]]:
    """What a file changes in a section, without what neither is in the catalogue nor brings a title of its own: misspelt."""
    if section in acts.AT_TOP or not isinstance(own, Mapping):
        return own, []
    odd = [name for name, part in own.items() if name not in shipped and not (isinstance(part, Mapping) and "title" in part)]
    what = "is not in the catalogue, and a new entry needs a title"
    found = [BadInput(what, source.name, source.line((section, name)), dotted((section, name)), nearest(name, shipped)) for name in odd]
    return {name: part for name, part in own.items() if name not in odd}, found


def gathered(names: list[str], folder: Path | None, own: Mapping[str, Any], whole: bool = False) -> tuple[dict[str, Any], list[BadInput]]:
    """The data of several regimes by id, in order, and the faults of those that cannot be had.

    Args:
        names: shipped names, names in `own`, or paths.
        folder: the folder that paths start from; None for the current one.
        own: regimes at hand by id: what they change in a shipped one, or all of it.
        whole: whether those at hand are complete, so that nothing is looked up for them.
    """
    chosen: dict[str, Any] = {}
    found: list[BadInput] = []
    for name in names:
        try:
            data = own[name] if whole and name in own else regime_data(name, folder, {} if whole else own)
        except BadInput as fault:
            found.append(fault)
            continue
        known = str(data.get("id", name)) if isinstance(data, Mapping) else name
        if known in chosen:
            found.append(BadInput(f"names `{known}` twice", key="regimes"))
        chosen[known] = data
    return chosen, found


def regime_data(name: str, folder: Path | None, own: Mapping[str, Any]) -> Any:
    """A regime's data by name: shipped, from a file, or written in the scenario itself (whole, or what it changes)."""
    if is_path(name):
        source = regime_text(name, folder)
        for fault in regimes.loader.checked(source.data, source, acts.catalogue())[1][:1]:
            raise fault
    elif name in list_regimes():
        source = regime_text(name)
    elif name in own:
        return _inline(name, folder, own[name])
    else:
        raise BadInput(f"there is no regime `{name}`", hint=nearest(name, [*list_regimes(), *own]))
    known = source.data.get("id")
    return merged(source.data, own[known]) if known in own else source.data


def _inline(name: str, folder: Path | None, own: Any) -> Any:
    """A regime that is written in a scenario, with what it takes over from the one that it extends."""
    if not isinstance(own, Mapping):
        return own
    try:
        source, odd = complete(Text("", "", dict(own)), folder=folder)
        refuse(odd)
    except BadInput as fault:
        if fault.file:
            raise
        raise BadInput(fault.message, key=f"regime.{name}.{fault.key}", hint=fault.hint) from None
    return source.data


def ordered(whole: dict[str, Any]) -> dict[str, Any]:
    """The parts of a scenario in the order in which they are written down, whatever order they came in."""
    return {key: whole[key] for key in ORDER if key in whole} | {key: part for key, part in whole.items() if key not in ORDER}


def checked(raw: dict[str, Any], source: Text) -> tuple[Resolved | None, list[BadInput]]:
    """A resolved scenario's data held against the schema and against itself.

    Args:
        raw: the data, as `resolve` gives it.
        source: the file that a person wrote, for the lines of the messages.

    Returns:
        The scenario, or None where it breaks the schema; and every fault found.
    """
    whole, found = validated(Resolved, raw, Text(source.name, source.text, raw))
    if whole is None:
        return None, found
    found = _names(whole, source)
    known = whole.catalogue
    text = Text(source.name, source.text, raw)
    found += acts.faults(known, text)
    for name, regime in whole.regime.items():
        found += regime_faults(regime, known, text, ("regime", name))
    return whole, in_order(found)


def _names(whole: Resolved, source: Text) -> list[BadInput]:
    found: list[BadInput] = []

    def fault(message: str, *place: str, hint: str | None = None) -> None:
        found.append(BadInput(message, source.name, source.line(place), dotted(place), hint))

    odd = fault_of(whole.society.id)
    if odd is not None and odd.file:
        found.append(odd)
    elif odd is not None:
        place = ("society", "id") if isinstance(source.data.get("society"), Mapping) else ("society",)
        fault(odd.message, *place, hint=odd.hint)
    recipe, recipes = whole.society.ties.id, list_recipes(whole.society.id)
    if recipe not in recipes:
        own = source.data.get("society")
        ties = own.get("ties") if isinstance(own, Mapping) else None
        place = ("society", "ties", "id") if isinstance(ties, Mapping) else ("society", "ties")
        fault(f"there is no recipe of ties `{recipe}`", *place, hint=nearest(recipe, recipes))
    if whole.days > LONGEST:
        why = "horizons end at ten years, because lives are drawn for ten years and households do not split or merge within a run"
        fault(f"{whole.days} is too long: {why} (at most {LONGEST})", "days")
    first, last = YEARS
    if not first <= whole.start.year <= last:
        why = "the society is drawn from tables of one year, which say nothing of other centuries"
        fault(f"{whole.start.isoformat()} is outside the years {first} to {last}: {why}", "start")
    wanted = read_by(whole)
    for name in whole.numbers:
        if f"numbers.{name}" not in wanted:
            fault("is an argument of no rule of your own: nothing would read it", "numbers", name)
    for name in whole.regimes:
        if name not in whole.regime:
            fault(f"there is no regime `{name}`", "regimes", hint=nearest(name, whole.regime))
    for name, regime in whole.regime.items():
        place: Place = ("regime", name)
        if name not in whole.regimes:
            fault("is not among the regimes of this scenario", *place, hint=nearest(name, whole.regimes))
        if regime.id != name:
            fault(f"is not `{name}`", *place, "id")
        other = regime.beside
        if regime.kind == "lot" and other is not None:
            if other not in whole.regimes:
                fault(f"`{name}` draws lots for what `{other}` hands out, which is not among them", "regimes", hint=other)
            elif not whole.regime[other].watches:
                fault(f"`{other}` keeps no score and no list, so there is nothing to draw lots for", *place, "beside")
    return found
