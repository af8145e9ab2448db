"""Scenarios from their files, resolved: every number that a run will use, in one place, with its source."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from glasshouse.catalogue import Catalogue
from glasshouse.catalogue.faults import refuse
from glasshouse.catalogue.files import parse, read, write
from glasshouse.catalogue.users import users
from glasshouse.errors import BadInput, must_name, nearest
from glasshouse.regimes import Regime
from glasshouse.regimes.loader import is_path
from glasshouse.scenarios import paths
from glasshouse.scenarios.resolve import checked, gathered, ordered, read_by, resolve
from glasshouse.scenarios.schema import SETTINGS, Resolved
from glasshouse.values import Number, Value

HERE = Path(__file__).parent / "data"
TAKES = "load takes the id of a shipped scenario, such as `essay`, or the path of a TOML file"
Row = dict[str, Any]


def list_scenarios() -> list[str]:
    """The names of the shipped scenarios, in order of the alphabet.

    Example:
        >>> "essay" in list_scenarios()
        True
    """
    return sorted(path.stem for path in HERE.glob("*.toml"))


def load(name: str | Path) -> Scenario:
    """One scenario, ready to run.

    Args:
        name: a shipped name, or the path of a TOML file.

    Raises:
        BadInput: neither a name nor a path was given, there is no such scenario, or its file has a fault (the first is named, and how
            many there are).

    Example:
        >>> load("essay").days
        1096
    """
    source, folder = scenario_text(name)
    raw, found = resolve(source, folder)
    refuse(found)
    whole, found = checked(raw, source)
    refuse(found)
    assert whole is not None
    return Scenario(raw, whole)


def scenario_text(name: str | Path) -> tuple[Any, Path | None]:
    """The text of a scenario's file and the folder it lies in (None for a shipped one)."""
    must_name(name, TAKES)
    if not isinstance(name, str) or is_path(name):
        return read(name, str(name)), Path(name).parent
    if name not in list_scenarios():
        raise _no_scenario(name)
    return read(HERE / f"{name}.toml", f"{name}.toml"), None


def _no_scenario(name: str) -> BadInput:
    """What was meant by a name that no shipped scenario has: a run's own scenario, a file of this name, or a shipped one misspelt."""
    inside = Path(name) / "scenario.toml"
    if name and os.path.isdir(name):
        return BadInput("is a folder; a scenario is a shipped id or a TOML file", file=name, hint=str(inside) if inside.is_file() else None)
    hint = f"./{name}" if name and os.path.isfile(name) else nearest(name, list_scenarios())
    return BadInput(f"there is no scenario `{name}`", hint=hint)


@dataclass(frozen=True, eq=False, repr=False)
class Scenario:
    """A question ready to be run: a society, regimes, a horizon and a seed, with every number that is used.

    Two scenarios are equal when every number, word and source in them is. Made by `load` and `with_`.

    Example:
        >>> essay = load("essay").with_(citizens=1000, set={"responses.chilling.size": 0.2})
        >>> essay.citizens, essay.at("responses.chilling.size")
        (1000, 0.2)
    """

    raw: dict[str, Any] = field()
    whole: Resolved = field()

    @property
    def id(self) -> str:
        """Its name."""
        return self.whole.id

    @property
    def title(self) -> str:
        """Its title, in plain words."""
        return self.whole.title

    @property
    def summary(self) -> str:
        """What is run, in plain words."""
        return self.whole.summary

    @property
    def question(self) -> str:
        """What is asked."""
        return self.whole.question

    @property
    def society(self) -> str:
        """The name of the society's tables."""
        return self.whole.society.id

    @property
    def start(self) -> date:
        """The first day of the run."""
        return self.whole.start

    @property
    def days(self) -> int:
        """How many days the run lasts."""
        return self.whole.days

    @property
    def citizens(self) -> int:
        """How many citizens there are."""
        return self.whole.citizens

    @property
    def seed(self) -> int:
        """The seed of all luck."""
        return self.whole.seed

    @property
    def panel(self) -> int:
        """How many citizens are followed one by one."""
        return self.whole.panel

    @cached_property
    def regimes(self) -> dict[str, Regime]:
        """The regimes by name, in the order in which they were asked for."""
        return {name: self.whole.regime[name] for name in self.whole.regimes}

    @cached_property
    def catalogue(self) -> Catalogue:
        """Acts, attempts, consequences, prices and responses."""
        return self.whole.catalogue

    @property
    def overrides(self) -> dict[str, Any]:
        """What was set in place of the shipped numbers, by path."""
        return dict(self.whole.overrides)

    @cached_property
    def values(self) -> dict[str, Value]:
        """Every number of the scenario that has a source, by its path."""
        return paths.values(self.whole)

    def with_(
        self,
        *,
        citizens: int | None = None,
        days: int | None = None,
        seed: int | None = None,
        start: date | str | None = None,
        panel: int | None = None,
        regimes: Iterable[str] | None = None,
        set: Mapping[str, Any] | None = None,
    ) -> Scenario:
        """A new scenario with some of it changed.

        Args:
            citizens: how many citizens, 1 or more.
            days: how many days, 1 to 3653.
            seed: the seed of all luck, 0 or more.
            start: the first day.
            panel: how many citizens are followed one by one.
            regimes: names of shipped regimes, of regimes already in the scenario, or paths of files.
            set: new numbers by path, as in `keys()`.

        Raises:
            BadInput: an unknown regime or key (with the nearest right one), or a number that makes no sense.
        """
        raw = self.raw
        if regimes is not None:
            raw = self._with_regimes(_names(regimes))
        given = {"citizens": citizens, "days": days, "seed": seed, "start": start, "panel": panel}
        for key, new in given.items():
            if new is not None:
                raw = {**raw, key: new.isoformat() if isinstance(new, date) else new}
        if set is not None and (changes := _by_key(set)):
            raw = _with_set(raw, self.whole if regimes is None else made_from(raw).whole, changes)
        return self if raw is self.raw else made_from(raw)

    def _with_regimes(self, names: list[str]) -> dict[str, Any]:
        chosen, found = gathered(names, None, self.raw["regime"], whole=True)
        _told(found)
        raw = {**self.raw, "regimes": list(chosen), "regime": chosen}
        gone = {f"regime.{name}." for name in self.raw["regime"] if name not in chosen}
        kept = {key: new for key, new in self.overrides.items() if not key.startswith(tuple(gone))}
        return {**raw, "overrides": kept} if kept else {key: part for key, part in raw.items() if key != "overrides"}

    def keys(self) -> list[Row]:
        """Everything that can be set, as rows of key, unit, value, range, status, about and source.

        The settings of the run itself come first and have no status: they are chosen, not claimed.
        """
        rows: list[Row] = [
            _row(key, unit, self.raw[key], None, None, about, "chosen for the run") for key, (unit, about) in SETTINGS.items()
        ]
        return rows + self._dates() + self._values()

    def ledger(self) -> list[Row]:
        """Every number that a run uses and that claims something about the world, with where it comes from.

        Rows of key, unit, value, range, status, source, recalled and about; a dated value is a dict by date.
        """
        return [{**row, "recalled": row["key"] in self._recalled} for row in self._dates() + self._values()]

    def users(self, key: str) -> list[str]:
        """The rules that read a number, or "setting up the run"; empty where that was not looked at.

        Example:
            >>> load("essay").users("life.air.fare")
            ['live.flies']
        """
        return read_by(self.whole).get(key) or users(key)

    @cached_property
    def _recalled(self) -> frozenset[str]:
        return frozenset(key for key, value in self.values.items() if value.recalled)

    def _dates(self) -> list[Row]:
        about = {"start": "First day on which people are scored.", "end": "Day from which they are scored no more."}
        return [
            _row(key, "date", day, None, status, about[key.rsplit(".", 1)[1]], source)
            for key, (day, status, source) in paths.dates(self.whole).items()
        ]

    def _values(self) -> list[Row]:
        return [_row(key, v.unit, v.value, v.range, v.status, v.about, v.source) for key, v in self.values.items()]

    def at(self, key: str, day: date | str | None = None) -> Number | None:
        """The number at a path, on a day (by default the first of the run); None where none is in force yet.

        Raises:
            BadInput: there is no such key; the nearest is named.
        """
        if key in SETTINGS and key != "start":
            return self.raw[key]
        if key not in self.values:
            raise BadInput("there is no such key", key=key, hint=nearest(key, self.values))
        return self.values[key].at(self.start if day is None else day)

    def resolved_toml(self) -> str:
        """The whole scenario as one file, the same text for the same scenario; `load` reads it back as an equal one."""
        return write(self.raw)

    def __eq__(self, other: object) -> bool:
        return self.raw == other.raw if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.id, self.citizens, self.days, self.seed, str(self.start), self.whole.regimes))

    def __repr__(self) -> str:
        who = f"{self.citizens} citizens, {self.days} days from {self.start.isoformat()}, seed {self.seed}"
        return f"Scenario({self.id}: {who}; regimes {', '.join(self.whole.regimes)})"


def made_from(raw: dict[str, Any]) -> Scenario:
    """A scenario from another one's data that was changed, checked.

    Raises:
        BadInput: the first fault of it.
    """
    raw = ordered(raw)
    whole, found = checked(raw, parse("", ""))
    _told(found)
    assert whole is not None
    return Scenario(raw, whole)


def _names(regimes: Any) -> list[str]:
    """The names of regimes as a list; one name alone, or what is no text, is refused with what was meant."""
    if isinstance(regimes, str):
        raise BadInput("must be a list of names, not one text", key="regimes", hint=f'["{regimes}"]')
    if not isinstance(regimes, Iterable):
        raise BadInput(f"must be a list of names, not a value of type {type(regimes).__name__}", key="regimes")
    names = [str(name) if isinstance(name, Path) else name for name in regimes]
    for name in names:
        if not isinstance(name, str):
            raise BadInput(f"must hold names or paths as text, not a value of type {type(name).__name__}", key="regimes")
    return names


def _by_key(given: Any) -> dict[str, Any]:
    """New numbers by path; whatever is no dict with text for keys is refused."""
    if not isinstance(given, Mapping):
        raise BadInput(
            f"must be new numbers by key, such as {{'life.air.fare': 900}}, not a value of type {type(given).__name__}", key="set"
        )
    for key in given:
        if not isinstance(key, str):
            raise BadInput(f"must have keys such as life.air.fare, not {key!r}", key="set")
    return dict(given)


def _told(found: list[BadInput]) -> None:
    """Raise the first fault of something that no file says, with the key as a person would set it."""
    for fault in found[:1]:
        if fault.file:
            raise fault
        raise BadInput(fault.message, key=(fault.key or "").removesuffix(".value") or None, hint=fault.hint)


def _with_set(raw: dict[str, Any], whole: Resolved, given: dict[str, Any]) -> dict[str, Any]:
    """The data with numbers set. whole: says which there are."""
    known = [*SETTINGS, *paths.dates(whole), *paths.values(whole)]
    at_hand = set(known)
    for key, new in given.items():
        if key not in at_hand:
            raise BadInput("there is no such key", key=key, hint=nearest(key, known))
        raw = paths.changed(raw, key, new)
    told = {key: paths.told(raw, key) for key in given if key not in SETTINGS}
    told = dict(sorted({**raw.get("overrides", {}), **told}.items()))
    return {**raw, "overrides": told} if told else raw


def _row(key: str, unit: str, value: Any, range_: Any, status: str | None, about: str, source: str) -> Row:
    span = None if range_ is None else list(range_)
    return {"key": key, "unit": unit, "value": value, "range": span, "status": status, "about": about, "source": source}
