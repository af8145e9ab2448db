"""What a sweep is to do, as a file that can be taken up again; which run comes next; and what one run gives."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from glasshouse._version import __version__
from glasshouse.audits import AUDITS
from glasshouse.audits.asking import numbers_of
from glasshouse.audits.paired import LEAST
from glasshouse.errors import BadInput
from glasshouse.experiments import code
from glasshouse.experiments.apart import At, Done
from glasshouse.experiments.compare import Asked, Audited, Levels, level, one_run
from glasshouse.experiments.simulate import simulate
from glasshouse.experiments.sweeps.design import Design, Point
from glasshouse.experiments.sweeps.until import Until, until
from glasshouse.present.headlines import HEADLINES
from glasshouse.scenarios import Scenario
from glasshouse.store.folder import partial_of
from glasshouse.store.sweep import Rows

LAYOUT = 1  # raised when an older reader would misread the folder of a sweep
Job = tuple[dict[str, Point], int, Path | None]
"""What a run sets, its seed, and the folder that it is kept in."""


@dataclass(frozen=True)
class Plan:
    """A sweep, all of it decided. Final.

    Fields:
        scenario: what is varied; its regimes run side by side in each run.
        design: in what, and with which seeds.
        measures: which headlines are kept of each run.
        audits: names of audits that are asked of each run.
        until: when the seeds of a setting are enough; by default all are run.
        keep: whether the folder of each run is kept.
    """

    scenario: Scenario
    design: Design
    measures: tuple[str, ...]
    audits: tuple[str, ...] = ()
    until: Until | None = None
    keep: bool = False

    @property
    def regimes(self) -> list[str]:
        """The regimes; the others are set beside the first."""
        return list(self.scenario.regimes)

    @cached_property
    def toml(self) -> str:
        """The scenario in full."""
        return self.scenario.resolved_toml()

    def job(self, number: int, runs: Path) -> Job:
        """What a worker is handed for one run. runs: where the folders of runs are kept."""
        return self.design.changes(number), self.design.seed(number), runs / f"{number:06d}" if self.keep else None

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data: the same for the same sweep by the same code."""
        return {
            "layout": LAYOUT, "version": __version__, "code": code.of_model(), "scenario": self.scenario.id,
            "scenario_sha256": hashlib.sha256(self.toml.encode()).hexdigest(), "citizens": self.scenario.citizens, "days": self.scenario.days,
            "regimes": self.regimes, "design": self.design.as_dict(), "measures": list(self.measures), "audits": list(self.audits),
            "until": None if self.until is None else self.until.said, "keep": self.keep,
        }  # fmt: skip

    @classmethod
    def from_dict(cls, found: Mapping[str, Any], scenario: Scenario) -> Plan:
        """The plan that `as_dict` wrote."""
        enough = None if found["until"] is None else until(found["until"], list(scenario.regimes))
        return cls(scenario, Design.from_dict(found["design"]), tuple(found["measures"]), tuple(found["audits"]), enough, found["keep"])

    def rows(self, number: int, done: Done) -> Rows:
        """What is kept of a run that is over: a row a regime, or one row that says why there is none."""
        setting = dict(zip(self.design.keys, self.design.settings[number // len(self.design.seeds)], strict=True))
        head = {"run": number, **setting, "seed": self.design.seed(number)}
        if done.failed:
            return Rows([head | {"stage": done.stage, "message": str(done.why)}], [])
        levels, audited = done.result
        found = [{"run": number, "regime": regime, "audit": audit, "of": of, "value": each.number, "people": None if each.people < 0 else each.people}
                 for audit, by in audited.items() for regime, numbers in by.items() for of, each in numbers.items()]  # fmt: skip
        return Rows([head | {"regime": name} | {of: levels[name][of] for of in self.measures} for name in self.regimes], found)


@dataclass
class Queue:
    """Which run comes next, in the order of the design; with `until`, the seeds of a setting end when they are enough.

    Fields:
        plan: the sweep.
        ahead: so many seeds at most are begun that may turn out to be too many.
        over: for each setting what its runs that are over say, by the place of their seed; empty where one failed.
    """

    plan: Plan
    ahead: int = 1
    over: list[dict[int, tuple[float | None, ...]]] = field(init=False)

    def __post_init__(self) -> None:
        settings = len(self.plan.design.settings)
        self.over, self.begun = [{} for _ in range(settings)], [set() for _ in range(settings)]
        self.looked, self.closed = [0] * settings, [False] * settings
        self.all = self._all()

    def heard(self, number: int, levels: Levels | None) -> None:
        """Takes note of a run that is over. levels: what it gave, None where it failed."""
        setting, place = divmod(number, len(self.plan.design.seeds))
        self.begun[setting].add(place)
        self.over[setting][place] = () if levels is None or self.plan.until is None else self.plan.until.of(levels)
        self._look(setting)

    def _look(self, setting: int) -> None:
        """Whether the seeds of a setting are enough, one more at a time, so that it does not matter which is over first."""
        enough, seeds, over = self.plan.until, len(self.plan.design.seeds), self.over[setting]
        while enough is not None and not self.closed[setting] and self.looked[setting] in over:
            self.looked[setting] += 1
            self.closed[setting] = enough.enough([over[place] for place in range(self.looked[setting])])
        self.closed[setting] |= self.looked[setting] >= seeds

    def next(self) -> int | None:
        """The number of a run to be carried out now; None where no more are needed."""
        if self.plan.until is None:
            return next(self.all, None)
        seeds = len(self.plan.design.seeds)
        for ahead in (0, self.ahead):  # first those that are needed whatever comes; then seeds that may turn out to be too many
            for setting, begun in enumerate(self.begun):
                most = max(LEAST, self.looked[setting] + ahead) if ahead else LEAST
                if not self.closed[setting] and len(begun) < min(most, seeds):
                    place = next(place for place in range(seeds) if place not in begun)
                    begun.add(place)
                    return setting * seeds + place
        return None

    def _all(self) -> Iterator[int]:
        seeds = len(self.plan.design.seeds)
        yield from (number for number in range(self.plan.design.total) if number % seeds not in self.begun[number // seeds])

    def counts(self, number: int) -> bool:
        """Whether a run is part of the result, when all are over: not one whose seed was too many."""
        setting, place = divmod(number, len(self.plan.design.seeds))
        return self.plan.until is None or place < self.looked[setting]


def one(plan: Plan, job: Job, at: At) -> tuple[Levels, Audited]:
    """One run of a sweep: every headline of every regime, and what the audits find.

    Args:
        plan: the sweep.
        job: what it sets.
        at: called with each stage.
    """
    changes, seed, folder = job
    at("reading the scenario")
    scenario = plan.scenario.with_(seed=seed, set=changes)
    audits = [AUDITS[name] for name in plan.audits]
    if folder is None:
        return one_run(scenario, at, Asked(audits))
    at("carrying out the run")
    shutil.rmtree(partial_of(folder), ignore_errors=True)  # of a worker that was killed
    run = simulate(scenario, threads=1, out=folder)
    at("auditing")
    levels = {name: {line.id: level(line, run.summary["regimes"][name]) for line in HEADLINES} for name in scenario.regimes}
    return levels, {audit.name: numbers_of(audit, run, list(scenario.regimes)) for audit in audits}


def taken_up(found: Mapping[str, Any], scenario: Callable[[], Scenario], folder: Path) -> Plan:
    """The plan of a sweep that was begun.

    Args:
        found: what its file says.
        scenario: reads its scenario.
        folder: for messages.

    Raises:
        BadInput: it was begun by other code, or is damaged.
    """
    if found.get("layout") != LAYOUT or found.get("code") != code.of_model():
        by = f"Glasshouse {found.get('version')}" + (" as it was then" if found.get("version") == __version__ else "")
        raise BadInput(f"this sweep was begun by {by}, and goes on under the same code alone: finish it with that, or begin anew", file=folder)
    try:
        plan = Plan.from_dict(found, scenario())
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"what says what this sweep is to do is damaged ({error})", file=folder) from None
    if plan.as_dict()["scenario_sha256"] != found.get("scenario_sha256"):
        raise BadInput("the scenario is another than the sweep was begun with", file=folder)
    return plan
