"""How far each headline hangs on assumed numbers: small runs with one number at both ends of its range.

Which numbers move a headline most is found by a screen over every assumed number of a scenario (`screen`), kept in
data/movers.toml; a run then works out the ranges for those alone, with small societies and the run's own seed.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import ClassVar

from glasshouse.errors import BadInput
from glasshouse.experiments.cores import share_out
from glasshouse.experiments.days import Society
from glasshouse.experiments.frames import InForce
from glasshouse.experiments.summary import regime_summary
from glasshouse.scenarios import Scenario
from glasshouse.scenarios.screened import movers
from glasshouse.society import People

CITIZENS, MONTH, HALF_YEAR = 1500, 31, 182
EACH = 3  # assumed numbers a headline

Headlines = Callable[[dict], dict[str, float | None]]


def small(scenario: Scenario) -> Scenario:
    """The same question for few people: from a month before the first regime starts, for at most half a year after."""
    starts = [r.coverage.start for r in scenario.regimes.values() if r.coverage and r.coverage.start]
    first = min(starts, default=scenario.start)
    begin = max(scenario.start, date.fromordinal(max(1, first.toordinal() - MONTH)))
    last = date.fromordinal(scenario.start.toordinal() + scenario.days)
    days = min((last - begin).days, MONTH + HALF_YEAR)
    if days < 1:
        begin, days = scenario.start, scenario.days
    return scenario.with_(citizens=min(scenario.citizens, CITIZENS), start=begin, days=days)


class Alike(Society):
    """A small society of the same people as the one before it, unless a number that they are drawn with is varied."""

    _drawn: ClassVar[dict[tuple, People]] = {}

    def draw(self) -> People:
        """The people, drawn once for a society and its numbers, how many they are, and a seed."""
        numbers = (value.value for value in self.tables.values.values())
        key = (self.scenario.society, self.scenario.citizens, self.scenario.seed, *numbers)
        if key not in self._drawn:
            self._drawn.clear()
            self._drawn[key] = super().draw()
        return self._drawn[key]


def outcome(scenario: Scenario, headlines: Headlines) -> dict[str, float | None]:
    """The headlines of one small run."""
    society = Alike(scenario, threads=1, most=0)
    kept = society.run(years=0)
    regimes = {name: regime_summary(society, kept, r, InForce(society, kept, r), "") for r, name in enumerate(society.names)}
    return headlines({"regimes": regimes})


def ends(scenario: Scenario, keys: Iterable[str]) -> dict[str, tuple[float, float]]:
    """The ends of the ranges of those keys that the scenario has, assumed and not yet at a single value."""
    rows = {row["key"]: row for row in scenario.keys()}
    return {
        k: tuple(rows[k]["range"])
        for k in keys
        if k in rows and rows[k]["status"] == "assumed" and rows[k]["range"] and rows[k]["range"][0] < rows[k]["range"][1]
    }


def one_end(job: tuple[Scenario, str, float, Headlines]) -> dict[str, float | None] | None:
    """One small run with one number at one end; None for an end that the other values do not allow."""
    scenario, key, end, headlines = job
    try:
        return outcome(scenario.with_(set={key: end}), headlines)
    except BadInput:
        return None


def at_ends(scenario: Scenario, keys: Iterable[str], headlines: Headlines, tell=lambda done, total: None) -> dict[str, list[dict | None]]:
    """For each key the headlines with the number at its low and at its high end; None where that cannot be run.

    The small runs share out over the cores, where the system can fork: each is alone in its process, so nothing depends on it.
    """
    jobs = [(scenario, key, end, headlines) for key, span in ends(scenario, keys).items() for end in span]
    found = share_out(one_end, jobs, tell)
    return {key: found[2 * i : 2 * i + 2] for i, key in enumerate(dict.fromkeys(job[1] for job in jobs))}


def swing(base: float | None, ends_: list[dict | None], name: str) -> float:
    """How far a headline moves over the range of one number."""
    values = [base, *(e[name] for e in ends_ if e is not None)]
    numbers = [v for v in values if v is not None]
    return max(numbers) - min(numbers) if len(numbers) > 1 else 0.0


def screen(scenario: Scenario, headlines: Headlines, tell=lambda done, total: None) -> dict[str, list[tuple[str, float]]]:
    """Every assumed number of a scenario, one at a time: for each headline the numbers that move it, most first."""
    question = small(scenario)
    base = outcome(question, headlines)
    keys = [row["key"] for row in question.keys() if row["status"] == "assumed"]
    found = at_ends(question, keys, headlines, tell)
    return {
        name: sorted(((k, swing(base[name], e, name)) for k, e in found.items()), key=lambda x: (-x[1], x[0]))[: 2 * EACH] for name in base
    }


def ranges(scenario: Scenario, headlines: Headlines) -> dict[str, list[dict]]:
    """For each headline the three assumed numbers that move it most, with the headline at both ends of each.

    Returns:
        headline -> [{key, low_value, high_value, at_low, at_high, base}], most moving first; empty for a scenario that
        has not been screened.
    """
    question, most = small(scenario), movers(scenario)
    if not most:
        return {}
    base = outcome(question, headlines)
    spans = ends(question, sorted({k for keys in most.values() for k in keys}))
    found = at_ends(question, spans, headlines)
    out: dict[str, list[dict]] = {}
    for name, keys in most.items():
        if name not in base:
            continue
        rows = [
            {
                "key": k,
                "low_value": spans[k][0],
                "high_value": spans[k][1],
                "base": base[name],
                "swing": swing(base[name], found[k], name),
                **{at: None if e is None else e[name] for at, e in zip(("at_low", "at_high"), found[k], strict=True)},
            }
            for k in keys
            if k in found
        ]
        rows.sort(key=lambda row: (-row["swing"], row["key"]))
        out[name] = [{k: v for k, v in row.items() if k != "swing"} for row in rows[:EACH]]
    return out
