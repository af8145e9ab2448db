"""The runs that the rows share, and what each row's measure says of them: one number a row and seed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from glasshouse.errors import BadInput
from glasshouse.experiments.cores import share_threads
from glasshouse.experiments.days import Society
from glasshouse.experiments.engines import engine
from glasshouse.experiments.frames import InForce
from glasshouse.experiments.room import MOST_ROWS
from glasshouse.experiments.simulate import tables_of
from glasshouse.experiments.trials import HERE as TRIALS_AT
from glasshouse.scenarios import Scenario, load
from glasshouse.society import People, Tables
from glasshouse.store import Run
from glasshouse.validate import sampled
from glasshouse.validate.kept import Numbers, numbers_of
from glasshouse.validate.measures import MEASURES
from glasshouse.validate.targets import Row, RunSpec, Targets

BASE = "essay"  # whose society, catalogue, prices and responses the runs have
Change = Callable[[Tables], Tables]


@dataclass(frozen=True)
class Size:
    """How much is run: citizens (None: as the run's own entry says, else 1,000,000), seeds, and at most so many days.

    A row about a day that a shortened run does not reach has no data.
    """

    citizens: int | None = None
    seeds: int = 10
    days: int | None = None
    first: int = 1

    def of(self, spec: RunSpec) -> int:
        """Citizens of a run."""
        asked = self.citizens or spec.citizens or CITIZENS
        return asked if spec.trial is None else min(asked, spec.citizens or CITIZENS)

    @property
    def numbers(self) -> range:
        """The seeds."""
        return range(self.first, self.first + self.seeds)


CITIZENS = 1_000_000
MILLION = 1e6
CITIZEN = (
    "year regime citizen household weight living age sex residence education work income wealth debt score grade clean_grade aware "
    "acts.social received.payments"
).split()
"""What the measures read of the table of citizens; the rest is let go."""
Gone = Callable[[int], None]
Tell = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Job:
    """One run to be measured: its entry, the scenario, the rows, and what is done to the tables before the draw."""

    spec: RunSpec
    scenario: Scenario
    rows: tuple[Row, ...]
    change: Change | None = None

    @property
    def cost(self) -> int:
        """Citizens that each day passes for, once a regime."""
        return self.scenario.citizens * len(self.scenario.regimes)


class Moved(Society):
    """A society whose tables may be changed before its people are drawn."""

    change: Change | None = None

    def draw(self) -> People:
        """The people of this run, from its tables as changed, and its seed."""
        self.tables = self.change(self.tables) if self.change else self.tables
        return super().draw()


def scenario_of(
    targets: Targets, spec: RunSpec, citizens: int, seed: int, days: int | None = None, changes: Mapping[str, float] | None = None
) -> Scenario:
    """The scenario of a run: the shipped one with the regimes, the time and the size asked for, and numbers changed by path."""
    if spec.trial is not None:
        asked = load(TRIALS_AT / f"{spec.trial}.toml")
        asked = asked.with_(citizens=citizens, panel=min(citizens, asked.panel), seed=seed, days=min(asked.days, days or asked.days))
        return asked.with_(set=changes) if changes else asked
    asked = load(BASE)
    if asked.society != targets.society:
        raise BadInput(f"the targets are of the society `{targets.society}`, the scenario `{BASE}` has `{asked.society}`")
    length = min(spec.days, days or spec.days)
    asked = asked.with_(
        regimes=list(spec.regimes), start=spec.start, days=length, citizens=citizens, seed=seed, panel=min(spec.panel, citizens)
    )
    return asked.with_(set=changes) if changes else asked


class Stopped(Exception):
    """A run was told to end before its last day."""


def finished(job: Job, stop: threading.Event, gone: Gone = lambda days: None) -> Run:
    """Carry out one run and keep, in memory, the tables that its rows read: of the citizens the last year's end, and what is measured.

    Args:
        job: the run.
        stop: ends it when set.
        gone: called with how many days are done, from time to time.
    """

    if job.spec.trial is not None:
        return Run(None, {}, "", {}, {}, {"trial": sampled.trial(job.spec.trial, job.scenario)})

    def going_on(done: int, total: int, rate: float, note: str | None) -> None:
        gone(done)
        if stop.is_set():
            raise Stopped

    society = type("Asked", (Moved,), {"change": staticmethod(job.change) if job.change else None})(job.scenario, threads=1, most=MOST_ROWS if "citizens" in job.spec.tables else 0)
    tables = job.spec.tables
    kept = society.run(going_on, cells="groups" in tables, years=job.spec.years if "citizens" in tables else 0)
    society.stepper.close()
    forces = [InForce(society, kept, r) for r in range(len(society.names))]
    made = tables_of(society, kept, forces, tables)
    made |= {name: ask(society) for name, ask in (("ties", sampled.ties), ("traits", sampled.traits)) if name in tables}
    if "citizens" in made:
        made["citizens"] = made["citizens"].select(name for name in CITIZEN if name in made["citizens"].columns)
    return Run(None, {"run": {}, "regimes": {}}, job.scenario.resolved_toml(), {}, {}, made)


def measured(row: Row, run: Run) -> float | None:
    """What a row's measure says of a run; None where there is no case, or the run ends before the row's day."""
    if row.measure is None or row.run is None:
        return None
    if row.date is not None and "daily" in run.table_names and row.date > run.daily["date"].max():
        return None
    found = MEASURES[row.measure](run, row.date, **row.with_)
    return None if found is None else float(found)


def carry_out(job: Job, stop: threading.Event, gone: Gone = lambda days: None) -> Numbers:
    """The numbers of one run, row -> what its measure says: kept from before, or else measured now."""

    def measure() -> Numbers:
        run = finished(job, stop, gone)
        return {row.id: measured(row, run) for row in job.rows}

    return numbers_of(job, measure)


def jobs_of(targets: Targets, rows: Iterable[Row], size: Size, changes: Mapping[str, Mapping[str, float]]) -> list[Job]:
    """A job for each run that some rows share, and seed; `changes` are numbers by path for each run."""
    wanted = [row for row in rows if row.measure is not None]
    jobs = []
    for name, spec in targets.runs.items():
        mine = tuple(row for row in wanted if row.run == name)
        for seed in size.numbers if mine else ():
            asked = scenario_of(targets, spec, size.of(spec), seed, size.days, changes.get(name))
            jobs.append(Job(spec, asked, mine))
    return jobs


def carry_out_all(
    jobs: list[Job], tell: Tell = lambda done, total, word: None, workers: int | None = None
) -> dict[str, list[float | None]]:
    """Every job, shared out over the cores, the longest first: for each row its numbers, one a seed, in the order of the jobs.

    Args:
        jobs: the runs.
        tell: called with the million citizen-days done and in all, and how many runs are finished, in words.
        workers: how many at a time.
    """
    if not jobs:
        return {}
    engine()  # compiled once, before the threads share out the runs
    days, finished_runs = [0] * len(jobs), [0]
    whole = sum(job.cost * job.scenario.days for job in jobs)

    def say() -> None:
        done = sum(job.cost * day for job, day in zip(jobs, days, strict=True))
        tell(round(done / MILLION), round(whole / MILLION), f"{finished_runs[0]} of {len(jobs)} runs")

    def work(at: int, stop: threading.Event) -> Numbers:
        def gone(done: int) -> None:
            days[at] = done
            say()

        found = carry_out(jobs[at], stop, gone)
        finished_runs[0] += 1
        gone(jobs[at].scenario.days)
        return found

    order = sorted(range(len(jobs)), key=lambda at: -jobs[at].cost * jobs[at].scenario.days)
    numbers = dict(zip(order, share_threads(work, order, workers=workers), strict=True))
    found: dict[str, list[float | None]] = {}
    for at in range(len(jobs)):
        for row, number in numbers[at].items():
            found.setdefault(row, []).append(number)
    return found
