"""Cases of law: what a regime's file must do to one citizen's record, read from cases/*.toml and put to the compiled engine.

A case names a citizen of no name, the records that reach the regime's file, and what must then be so on which day. Nothing else
happens in its society: no act, no attempt, no false record, nobody who answers the rule. It stands here and not in the package,
because the package scores nobody whom it did not draw itself.

    regime = "suining-2010"                               # or several that go alike; `start` is the first day of the run
    [[case]]
    name = "fourteen missed instalments of 30 points: 1,000 - 420 = 580, grade D"
    citizen = { age = 40 }                                # or born = "2005-06-10"; is = ["drives"]; joins = false; objects = "upheld";
                                                          # overlooked = true: so are her deletions; looked_up = true: each month
    records = [{ on = "2019-01-05", act = "repays_late" }]                # what reaches the file, at most one a day
    often = [{ on = "2019-03-14", act = "crosses_on_red", times = 3 }]    # what is counted by the month
    expect = [{ on = "2019-03-01", score = 970, grade = "A", in_force = [], not_in_force = "any other" }]   # at the end of that day
"""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from tests.law.means import KEYS as MEANS
from tests.law.means import Means, hold, read_means
from tests.science.helpers import people, question

from glasshouse.catalogue import catalogue
from glasshouse.day import CHANNELS, LISTS
from glasshouse.experiments.days import Society
from glasshouse.regimes.compile import YEAR, bit_of, chance, consequences, flags
from glasshouse.regimes.loader import load_regime
from glasshouse.regimes.schema import at
from glasshouse.rules.listing import on_list
from glasshouse.rules.maths import mixed, two_counts
from glasshouse.scenarios import Scenario

CASES = Path(__file__).parent / "cases"
CITIZENS = 64
"""Slots of the society in which the cases of a regime stand side by side."""
UNBORN = 100_000
"""Day of birth of everybody whom no case is about."""
START = date(2019, 1, 1)
KEYS = {
    "file": {"regime", "start", "case"}, "case": {"name", "citizen", "records", "often", "expect"},
    "citizen": {"age", "born", "is", "joins", "objects", "overlooked", "looked_up"} | MEANS, "record": {"on", "act"}, "often": {"on", "act", "times"},
    "expect": {"on", "score", "least", "most", "grade", "in_force", "not_in_force", "listed", "not_listed", "covered"},
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One case.

    born: day of birth; is_: the populations she belongs to; joins: whether she joins where joining is free; objects: "", or
    what becomes of her objections: "upheld" or "refused"; office: whether her deletions are overlooked, and whether somebody looks
    for such on the first of each month. records: act by day; often: day, act, times. given: as it stands in
    the file. means: her purse.
    """

    regime: str
    start: date
    name: str
    born: date
    is_: tuple[str, ...]
    joins: bool
    objects: str
    office: tuple[bool, bool]
    records: dict[date, str]
    often: tuple[tuple[date, str, int], ...]
    expect: tuple[dict[str, Any], ...]
    given: dict[str, Any] = field(repr=False)
    means: Means

    @property
    def last(self) -> date:
        """The last day that it asks about."""
        return max(e["on"] for e in self.expect)


@dataclass(frozen=True)
class Seen:
    """How somebody stands at the end of a day; score and grade are None where there is none."""

    covered: bool
    score: int | None
    grade: str | None
    in_force: frozenset[str]
    listed: frozenset[str] = field(default=frozenset())

    def faults(self, expect: dict[str, Any]) -> list[str]:
        """Where this is not what a case expects, a sentence each."""
        found = [f"{expect['on']}: {key} is {getattr(self, key)}, not {expect[key]}" for key in ("covered", "score", "grade")
                 if key in expect and getattr(self, key) != expect[key]]
        found += [f"{expect['on']}: score is {self.score}, not at {key} {expect[key]}" for key, sign in (("least", 1), ("most", -1))
                  if key in expect and (self.score is None or sign * self.score < sign * expect[key])]
        for key, mine in (("in_force", self.in_force), ("listed", self.listed)):
            wanted, barred = set(expect.get(key, ())), expect.get(f"not_{key}", ())
            barred = mine - wanted if barred == "any other" else mine & set(barred)
            found += [f"{expect['on']}: {name} is not {key}" for name in sorted(wanted - mine)]
            found += [f"{expect['on']}: {name} is {key}" for name in sorted(barred)]
        return found


def day_of(given: Any) -> date:
    """A day of a case file."""
    return given if isinstance(given, date) else date.fromisoformat(given)


def keyed(part: dict[str, Any], what: str) -> dict[str, Any]:
    """A part of a case file, if it holds nothing that is not known."""
    assert not set(part) - KEYS[what], f"{sorted(set(part) - KEYS[what])} is not known in a {what}"
    return part


def read_cases(path: Path) -> list[Case]:
    """The cases of a file, about one regime or each of several that go alike."""
    data = keyed(tomllib.loads(path.read_text()), "file")
    start = day_of(data.get("start", START))
    regimes = [data["regime"]] if isinstance(data["regime"], str) else data["regime"]
    return [read_case(keyed(given, "case"), regime, start) for regime in regimes for given in data["case"]]


def read_case(given: dict[str, Any], regime: str, start: date) -> Case:
    """One case, checked: no more than one record a day, none before the run, names that exist."""
    who = keyed(given.get("citizen", {"age": 40}), "citizen")
    born = day_of(who["born"]) if "born" in who else start - timedelta(days=round((who.get("age", 40) + 0.5) * YEAR))
    records = [(day_of(r["on"]), r["act"]) for r in (keyed(r, "record") for r in given.get("records", ()))]
    often = tuple((day_of(o["on"]), o["act"], o["times"]) for o in (keyed(o, "often") for o in given.get("often", ())))
    expect = tuple({**keyed(e, "expect"), "on": day_of(e["on"])} for e in given["expect"])
    assert len({day for day, _ in records}) == len(records), f"{given['name']}: at most one record a day"
    assert all(day >= start for day in (*(d for d, _ in records), *(e["on"] for e in expect))), f"{given['name']}: before {start}"
    known = catalogue()
    assert not {act for _, act in records} - set(known.acts), given["name"]
    assert not {act for _, act, _ in often} - set(known.frequent), given["name"]
    named = {c for e in expect for key in ("in_force", "not_in_force") if e.get(key) != "any other" for c in e.get(key, ())}
    assert not named - set(known.consequences), f"{given['name']}: {sorted(named - set(known.consequences))}"
    kept = {"is_": tuple(who.get("is", ())), "joins": who.get("joins", True), "objects": who.get("objects", ""), "office": (who.get("overlooked", False), who.get("looked_up", False)), "means": read_means(who)}
    return Case(regime, start, given["name"], born, records=dict(records), often=often, expect=expect, given=given, **kept)


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case of every file."""
    return tuple(case for path in sorted(CASES.glob("*.toml")) for case in read_cases(path))


def still(regime: str, start: date, days: int, upheld: bool, objects: bool, office: tuple[bool, bool]) -> Scenario:
    """A scenario about one regime in which nothing happens by itself. objects: whether those who know object to all they can; office:
    whether every deletion is overlooked, and whether somebody looks for such each month."""
    both = ("essay", regime) if regime == "lottery" else (regime,)
    asked = question(*both, citizens=CITIZENS, days=days, start=start.isoformat())
    ending = ("score.stale", "contest.find_stale", ".false", "awareness.start", ".overlooked")
    off = {key: 0 for key in asked.values if key.endswith(".rate") or (key.startswith("regime.") and key.endswith(ending))}
    off |= {key: float(there) for ending, there in zip((".overlooked", "contest.find_stale"), office, strict=True) for key in off if key.endswith(ending)}
    off |= {f"responses.awareness.{name}": 0 for name in ("spread", "taught")}
    for name in both:
        if f"regime.{name}.contest.file" in asked.values:
            off |= {f"regime.{name}.contest.file": float(objects), f"regime.{name}.contest.upheld_wrong": float(upheld)}
    return asked.with_(set=off)


def tested(uptake: int, joins: bool) -> int:
    """A word of lasting luck with which one joins, or does not."""
    with np.errstate(over="ignore"):
        return next(n for n in range(100_000) if (int(mixed(np.uint32(n))) <= uptake) == joins)


class Court(Society):
    """A society that stands still but for the records that its cases bring: case i is the citizen in slot i."""

    def __init__(self, scenario: Scenario, cases: list[Case]):
        super().__init__(scenario, 1)
        self.cases, self.handed, self.found = cases, [], [{} for _ in cases]
        c, self.r = self.state.columns, self.names.index(cases[0].regime)
        self.file = self.names.index(self.regimes[cases[0].regime].beside or cases[0].regime)
        c["birth"][:], c["death"][:], c["fixed"][:] = UNBORN, UNBORN + 36_525, 0
        for slot, case in enumerate(cases):
            uptake = self.regimes[self.names[self.file]].coverage and self.regimes[self.names[self.file]].coverage.uptake
            c["birth"][slot], c["fixed"][slot] = (case.born - self.start).days, flags(case.is_)
            c["tested"][slot] = 0 if uptake is None else tested(chance(float(at(uptake, self.start, 1))), case.joins)
            self.state.row("aware", self.file)[slot] = int(bool(case.objects))

    def turn(self, day: int):
        """Nobody is born, dies, or grows into other habits."""
        self.month_began = day
        self.band = np.zeros(self.state.citizens, np.int64)

    def draw(self):
        """The people in whose places the cases stand."""
        return people(self.scenario.citizens, self.scenario.seed)

    def begin(self, day: int, month: int):
        """Brings today's records to the file."""
        super().begin(day, month)
        hold(self)
        received, today = self.state.row("received", self.file), self.start + timedelta(days=day)
        for slot in self.handed:
            received[slot] = 0
        self.handed = [slot for slot, case in enumerate(self.cases) if received is not None and today in case.records]
        for slot in self.handed:
            received[slot] = self.kinds.number(self.cases[slot].records[today]) + 1

    def _note(self, kept, day: int):
        super()._note(kept, day)
        today = self.start + timedelta(days=day)
        for slot, case in enumerate(self.cases):
            for on, act, times in case.often:
                if on == today and self.covered(self.file)[slot]:
                    channel = CHANNELS.index(self.scenario.catalogue.frequent[act].channel)
                    self.state.row("month_file", self.file)[channel][slot] += two_counts(np.int32(times), np.int32(times))
            if any(e["on"] == today for e in case.expect):
                self.found[slot][today] = self.stands(slot, day)

    def stands(self, slot: int, day: int) -> Seen:
        """How a citizen stands at the end of a day."""
        regime = self.regimes[self.names[self.r]]
        column = {f.name: self.state.row(f.name, self.r) for f in self.engine.model.fields if f.kind}
        scored = regime.kind == "points"
        mask = 0 if column["mask"] is None else int(column["mask"][slot])
        return Seen(
            bool(self.covered(self.file)[slot]),
            int(self.scores(self.r, column, day)[slot]) if scored else None,
            regime.grades[int(column["grade"][slot])].id if scored else None,
            frozenset(name for name in consequences(regime, self.regimes) if mask >> bit_of(name, self.scenario.catalogue) & 1),
            frozenset(name for number, name in zip(range(1, LISTS + 1), regime.lists, strict=False)
                      if on_list(np.int32(day), column["listed_from"][number][slot], column["listed_until"][number][slot])))


def batches(cases: list[Case]) -> list[list[Case]]:
    """The cases that can stand side by side: one by one where scores pass between citizens, or lots are drawn among them."""
    laws = {case.regime: load_regime(case.regime) for case in cases}
    apart = {name for name, law in laws.items() if law.kind == "lot" or law.kin.ties or "ties" in law.dimensions}
    out: dict[Any, list[Case]] = {}
    for number, case in enumerate(cases):
        out.setdefault((case.regime, case.start, case.objects == "refused", case.office, number if case.regime in apart else 0), []).append(case)
    return list(out.values())


def scenario_of(batch: list[Case]) -> Scenario:
    """The scenario in which a batch of cases stands."""
    days = (max(case.last for case in batch) - batch[0].start).days + 1
    return still(batch[0].regime, batch[0].start, days, batch[0].objects != "refused", any(case.objects for case in batch), batch[0].office)


def engine_says(cases: list[Case]) -> dict[str, dict[date, Seen]]:
    """What the compiled engine finds in each case, by its name and the days asked about."""
    found = {}
    for batch in batches(cases):
        court = Court(scenario_of(batch), batch)
        court.run()
        court.stepper.close()
        found |= {case.name: said for case, said in zip(batch, court.found, strict=True)}
    return found
