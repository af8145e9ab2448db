"""Every fault of a file at once: a scenario, a regime, or a file of the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from glasshouse import catalogue
from glasshouse.catalogue import AT_TOP, FILES, Catalogue
from glasshouse.catalogue.faults import in_order, keys_of, validated
from glasshouse.catalogue.files import Text, read
from glasshouse.errors import BadInput, must_name
from glasshouse.regimes.extend import complete
from glasshouse.regimes.loader import checked as regime_checked
from glasshouse.scenarios.paths import values
from glasshouse.scenarios.resolve import checked, resolve
from glasshouse.scenarios.society import contradictions

SCENARIO = {"question", "society", "regimes", "citizens", "days", "seed", "panel"}
REGIME = {"kind", "extends", "remove", "coverage", "grades", "points", "lists", "watch", "claims"}


def check(path: str | Path) -> list[BadInput]:
    """What is wrong with a file, all of it, in order of lines; nothing where it can be used.

    Args:
        path: a TOML file: a scenario, a regime, or one written like a file of the catalogue (acts.toml, life.toml, ...).

    Returns:
        One BadInput a fault, each with file, place (line), key, message and hint.

    Raises:
        BadInput: what was given is no path.
    """
    must_name(path, "check takes the path of a TOML file")
    try:
        source = read(path)
    except BadInput as fault:
        return [fault]
    kind = kind_of_file(source.data)
    if kind == "scenario":
        return _scenario(source, Path(path).parent)
    if kind == "regime":
        return _regime(source, Path(path))
    if kind is None:
        return [BadInput("is neither a scenario, nor a regime, nor a file of the catalogue", file=source.name)]
    return _catalogue_file(source, kind)


def _regime(source: Text, path: Path) -> list[BadInput]:
    try:
        whole, odd = complete(source, path)
    except BadInput as fault:
        return [fault]
    return odd + regime_checked(whole.data, whole, catalogue.catalogue())[1]


def _scenario(source: Text, folder: Path) -> list[BadInput]:
    raw, unread = resolve(source, folder)
    whole, found = checked(raw, source)
    found = in_order(unread + found)
    if whole is None or found:
        return found
    return [
        BadInput(fault.message, source.name, source.line(tuple(str(fault.key).split("."))), fault.key)
        for fault in contradictions(whole.society, values(whole))
    ]


def kind_of_file(data: dict[str, Any]) -> str | None:
    """What a file is meant to be, from its keys: "scenario", "regime", a file of the catalogue by name, or None.

    Example:
        >>> kind_of_file({"kind": "none", "id": "mine"}), kind_of_file({"acts": {}}), kind_of_file({"x": 1})
        ('regime', 'acts', None)
    """
    keys = set(data)
    scenario, regime = len(keys & SCENARIO), len(keys & REGIME)
    if scenario or regime:
        return "scenario" if scenario >= regime else "regime"
    for name in FILES:
        if name not in AT_TOP and name in keys:
            return name
    best = max(AT_TOP, key=lambda name: len(keys & set(keys_of(FILES[name]))))
    return best if keys & set(keys_of(FILES[best])) else None


def _catalogue_file(source: Text, name: str) -> list[BadInput]:
    if name in AT_TOP:
        return validated(FILES[name], source.data, source)[1]
    found = [BadInput("unknown key", source.name, source.line((key,)), key, name) for key in source.data if key != name]
    built, more = validated(FILES[name], source.data[name], source, (name,))
    if built is None:
        return in_order(found + more)
    known = Catalogue.model_construct(**{**dict(catalogue.catalogue()), name: built})
    return in_order(found + [fault for fault in catalogue.faults(known, source) if (fault.key or "").startswith(f"{name}.")])
