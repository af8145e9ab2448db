"""Small runs for the science tests: a question put together, carried out in memory, and asked about."""

import copy
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from glasshouse.catalogue.files import parse
from glasshouse.day import ACT, CHANNELS, SUMS
from glasshouse.experiments.days import Kept, Society
from glasshouse.experiments.frames import SHAPE, InForce, month_of
from glasshouse.regimes.compile import bit_of
from glasshouse.regimes.loader import regime_text
from glasshouse.scenarios import Scenario, load
from glasshouse.scenarios.resolve import checked, ordered
from glasshouse.society import People, build, load_tables

START = "2019-12-01"
"""A month before the shipped regimes begin."""
BEGINS = 31
"""The first day, counted from START, on which anybody is scored."""
LABEL_AXIS = 5 - 1
CALM = {"responses.awareness.spread": 0, "responses.awareness.taught": 0}
"""With nobody aware at the start either, nobody responds to anything."""
APART = {"responses.opinion.pull": 0, "responses.ties.drop": 0}
"""Friends pass nothing on; the rest of what passes between citizens is in the regime."""


def number(value: float, unit: str = "set by a test") -> dict[str, Any]:
    """A Value block for a number that a test sets."""
    return {"about": "Set by a test.", "unit": unit, "status": "assumed", "source": "a test", "range": [value, value], "value": value}


def regime(base: str = "essay", name: str | None = None, **changes: Any) -> dict[str, Any]:
    """A shipped regime's data with some of it changed.

    Args:
        base: the shipped regime.
        name: the new id; by default the old one.
        changes: path with "__" for dots -> a number, a block or list, or None to leave the part out.
    """
    data = copy.deepcopy(regime_text(base).data)
    data["id"] = name or data["id"]
    for path, new in changes.items():
        *way, last = path.split("__")
        part = data
        for step in way:
            part = part.setdefault(step, {})
        if new is None:
            part.pop(last, None)
        else:
            part[last] = number(new) if isinstance(new, int | float) and not isinstance(new, bool) else new
    return data


def everywhere(part: str, channels=CHANNELS, **values: float) -> dict[str, float]:
    """Changes for every channel: everywhere("watch", false=0) sets watch.CHANNEL.false."""
    return {f"{part}__{c}__{name}": value for c in channels for name, value in values.items()}


def grades(*cuts: float) -> list[dict[str, Any]]:
    """Grades g0, g1, ... that begin at these scores (g0 below the first)."""
    rest = [{"id": f"g{i}", "title": f"from {cut}", "from": number(cut)} for i, cut in enumerate(cuts, 1)]
    return [{"id": "g0", "title": "lowest"}, *rest]


def measures(*names: str, of=("g0",), tail: float = 0, enforcement: float = 1) -> dict[str, Any]:
    """Consequences, all of the same grades, term and strictness."""
    return {name: {"grades": list(of), "tail": number(tail), "enforcement": number(enforcement)} for name in names}


FOR_EVER = {"score__expiry": None, "score__stale": None}
"""Points stay on file for ever."""
NO_ERRORS = {**everywhere("watch", coverage=1, false=0, misdirected=0, group_ratio=1), "score__stale": 0, "profile": None, "kin": None, "contest": None,
             "points__buys_good_deed": None}  # fmt: skip
"""What makes a regime's watch exact, together with SEEN. A bought deed is recorded but is none, so it is left out."""


@cache
def seen(share: float = 1.0) -> dict[str, float]:
    """Settings under which the ordinary world records this share of every act."""
    known = load("essay").catalogue
    return {f"acts.{a}.seen": share for a in known.acts} | {f"frequent.{f}.seen": share for f in known.frequent}


def question(*regimes: str | dict, citizens: int = 2000, days: int = 120, start: str = START, seed: int = 1, panel: int = 0, **more: Any) -> Scenario:
    """A scenario about these regimes (shipped names, or data from `regime`). more: `set`, new numbers by path."""
    raw = {**load("essay").raw, "citizens": citizens, "days": days, "start": start, "seed": seed, "panel": panel}
    data = [regime(r) if isinstance(r, str) else r for r in regimes]
    raw |= {"regimes": [d["id"] for d in data], "regime": {d["id"]: d for d in data}}
    raw = ordered(raw)
    whole, found = checked(raw, parse("", ""))
    assert not found, [str(f) for f in found]
    return Scenario(raw, whole).with_(set=more["set"]) if more.get("set") else Scenario(raw, whole)


@cache
def people(citizens: int, seed: int = 1) -> People:
    """The citizens of the small runs, drawn once."""
    return build(load_tables("china-2019"), citizens, seed)


class Watched(Society):
    """A society that tells a test of each day as soon as it is over."""

    each = staticmethod(lambda society, day: None)
    fixed: dict[int, np.ndarray]
    """The populations at risk that do not come and go inside a month, by the first day of each month."""

    def turn(self, day: int):
        super().turn(day)
        self.fixed = getattr(self, "fixed", {}) | {day: self.state.columns["fixed"].copy()}

    def _note(self, kept: Kept, day: int):
        super()._note(kept, day)
        self.each(self, day)


@dataclass
class Ran:
    """A run in memory. Regimes are named; arrays are int64 unless said otherwise."""

    society: Society
    kept: Kept

    def number(self, regime: str) -> int:
        """The row of a regime."""
        return self.society.names.index(regime)

    def state(self, name: str, regime: str = "") -> np.ndarray:
        """A column at the end of the run: (citizens,) or (many, citizens), as stored."""
        return self.society.state.columns[name] if not regime else self.society.state.row(name, self.number(regime))

    def ended(self, name: str, regime: str) -> np.ndarray:
        """A column as it stood at the ends of the years: (years, ...). The year's tallies are kept only there."""
        return np.array([columns[self.number(regime)][name] for _, columns in self.kept.years])

    def tallied(self, name: str, regime: str) -> np.ndarray:
        """A tally of the year, summed over the years of the run: (citizens,) or (many, citizens)."""
        return self.ended(name, regime).astype(np.int64).sum(0)

    def row(self, measure: str, index: str | int = 0) -> int:
        """The row of a measure; index: an act, attempt, consequence, channel, or number."""
        first = self.society.engine.model.measure_rows()[measure]
        if isinstance(index, int):
            return first + index
        if index in self.society.scenario.catalogue.consequences:
            return first + bit_of(index, self.society.scenario.catalogue)
        lists = (self.society.kinds.names, CHANNELS)
        return first + next(list(x).index(index) for x in lists if index in x)

    def daily(self, regime: str, measure: str, index: str | int = 0) -> np.ndarray:
        """A measure by day: (days,)."""
        return self.kept.daily[:, self.number(regime), self.row(measure, index)]

    def by_label(self, regime: str, measure: str, index: str | int = 0) -> np.ndarray:
        """A measure over the whole run for label 0 and label 1: (2,)."""
        cells = self.kept.monthly[:, self.number(regime), self.row(measure, index)].sum(0).reshape(SHAPE)
        return cells.sum(axis=tuple(a for a in range(len(SHAPE)) if a != LABEL_AXIS))

    def sums(self, regime: str, name: str) -> np.ndarray:
        """A daily total over everybody: (days,)."""
        return self.kept.sums[:, self.number(regime), SUMS.index(name)]

    def digest(self, regime: str) -> str:
        """The regime's digest."""
        return self.society.digest(self.number(regime), self.kept)

    def force(self, regime: str) -> InForce:
        """What was in force for whom, from the log of changes."""
        return InForce(self.society, self.kept, self.number(regime))

    def covered(self, regime: str, day: int | None = None) -> np.ndarray:
        """Who is scored on a day, by default the last: (citizens,) bool."""
        rule, r = self.society.rule, self.number(regime)
        day = self.kept.daily.shape[0] - 1 if day is None else day
        running = rule["start_day"][r] <= day < rule["end_day"][r]
        return (day - self.state("birth") >= rule["scored_from_days"][r]) & running & self.living(day)

    def living(self, day: int) -> np.ndarray:
        """Who lives in the month that holds a day: (citizens,) bool."""
        return self.society.people.living(month_of(self.society, day))

    @property
    def acts(self) -> list[int]:
        """The numbers of the acts among the kinds of event."""
        return [k for k, c in enumerate(self.society.kinds.classes) if c == ACT]


def ran(scenario: Scenario, threads: int = 1, each=None, folk: People | None = None) -> Ran:
    """Carries out a scenario in memory. each: called with (society, day) at the end of each day."""
    drawn = people(scenario.citizens, scenario.seed) if folk is None else folk
    society = type("Drawn", (Watched,), {"draw": lambda self: drawn})(scenario, threads)
    society.each = each or Watched.each
    kept = society.run()
    society.stepper.close()
    return Ran(society, kept)


def same(a: Ran, b: Ran, regime_a: str, regime_b: str, kinds=("", "life", "points", "sanction", "lot"), but=()) -> list[str]:
    """The names of the columns of these kinds that differ between two regimes (of one run or of two)."""
    found = []
    for f in a.society.engine.model.fields:
        if f.kind in kinds and f.name not in but:
            x, y = (r.state(f.name, regime if f.kind else "") for r, regime in ((a, regime_a), (b, regime_b)))
            if (x is None) != (y is None) or (x is not None and not np.array_equal(x, y)):
                found.append(f.name)
    return found


def z_of(a: np.ndarray, b: np.ndarray) -> float:
    """The mean of paired differences b - a over its standard error."""
    gap = np.asarray(b, float) - np.asarray(a, float)
    error = gap.std(ddof=1) / np.sqrt(len(gap))
    return float(gap.mean() / error) if error > 0 else (0.0 if gap.mean() == 0 else float("inf") * np.sign(gap.mean()))
