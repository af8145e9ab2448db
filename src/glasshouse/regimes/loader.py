"""Regimes from their files: the shipped ones by name, others by path, checked against the catalogue."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from glasshouse.catalogue import Catalogue, catalogue
from glasshouse.catalogue.faults import refuse, validated
from glasshouse.catalogue.files import Place, Text
from glasshouse.errors import BadInput
from glasshouse.regimes.extend import complete
from glasshouse.regimes.faults import faults
from glasshouse.regimes.files import HERE, is_path, list_regimes, path_of, written
from glasshouse.regimes.schema import Regime

__all__ = ["HERE", "checked", "faults", "is_path", "list_regimes", "load_regime", "regime_text"]


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
