"""The whole of it: what was published, what runs say, the verdicts, what is evidence, and what was fitted and predicted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from glasshouse._version import __version__
from glasshouse.experiments import switches as switched
from glasshouse.experiments.cores import share_threads
from glasshouse.validate import basis as bases
from glasshouse.validate.fit import Fitted, fitted
from glasshouse.validate.naive import Course, predict
from glasshouse.validate.runs import Size, carry_out_all, jobs_of
from glasshouse.validate.targets import Row, Targets
from glasshouse.validate.verdict import BASES, DIFFERS, FITTED, VERDICTS, Judged, judge

SCHEMA = 1
SAYS = (
    "Only a row that is free, judged, and read rather than remembered is evidence. "
    "A row that was put in shows that the program does what it was told."
)
LEAST_FREE = 15
SWITCHED = 10_000
"""Citizens of the runs that show the switches, at most."""
Tell = Callable[[int, int, str | None], None]


@dataclass(frozen=True)
class Validation:
    """A society held against the record.

    Attributes:
        targets: what was published. size: how much was run.
        rows: every row asked for, judged.
        fits: what was fitted, by run. series: predictions beside naive ones.
        follows: row -> the entries that move it, and how far it follows each.
        dropped: rows that fits did without.
        switches: what studies disagree on, each setting for itself; empty where only some rows were asked for.
    """

    targets: Targets
    size: Size
    rows: tuple[Judged, ...]
    fits: dict[str, Fitted]
    series: tuple[Course, ...]
    follows: dict[str, dict[str, float]]
    dropped: tuple[str, ...] = ()
    switches: tuple[switched.Row, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether a row differs."""
        return any(each.verdict == DIFFERS for each in self.rows)

    @property
    def verdicts(self) -> dict[str, int]:
        """How many rows have each verdict."""
        counts = Counter(each.verdict for each in self.rows)
        return {verdict: counts[verdict] for verdict in VERDICTS}

    @property
    def basis(self) -> dict[str, int]:
        """How many rows with a measure rest on each basis, those only remembered left out and counted apart."""
        counts = Counter(each.basis for each in self.rows if each.basis and not each.remembered)
        return {each: counts[each] for each in BASES} | {"remembered": sum(each.remembered for each in self.rows)}

    @property
    def evidence(self) -> tuple[Judged, ...]:
        """The rows that say something about the model."""
        return tuple(each for each in self.rows if each.counts)

    def as_dict(self) -> dict[str, Any]:
        """Everything as plain data: what `--json` prints."""
        return {
            "schema": SCHEMA,
            "version": __version__,
            "society": self.targets.society,
            "country": self.targets.country,
            "citizens": {name: self.size.of(spec) for name, spec in self.targets.runs.items()},
            "asked": self.size.citizens,
            "seeds": self.size.seeds,
            "days": self.size.days,
            "says": SAYS,
            "groups": [{"id": name, "title": file.title, "about": file.about} for name, file in self.targets.groups.items()],
            "rows": [self._row(each) for each in self.rows],
            "verdicts": self.verdicts,
            "basis": self.basis,
            "least_free": LEAST_FREE,
            "evidence": dict(Counter(each.verdict for each in self.evidence)),
            "dropped": list(self.dropped),
            "fits": [_fit(fit) for fit in self.fits.values()],
            "series": [_series(each) for each in self.series],
            "switches": [{**_switch(each), "citizens": switched_over(self.size)} for each in self.switches],
        }

    def _row(self, each: Judged) -> dict[str, Any]:
        row = each.row
        return {
            "target": row.id,
            "about": row.about,
            "group": self.targets.group_of(row.id),
            "unit": row.unit,
            "published": row.published,
            "source": row.source,
            "status": row.status,
            "country": row.country,
            "date": None if row.date is None else row.date.isoformat(),
            "tolerance": row.tolerance,
            "reason": row.reason,
            "simulated": each.simulated,
            "interval": None if each.interval is None else list(each.interval),
            "error": each.error,
            "seeds": each.seeds,
            "fitted": each.basis == FITTED,
            "basis": each.basis,
            "follows": self.follows.get(row.id, {}),
            "verdict": each.verdict,
            "why": each.why or (self.targets.why(row.id) if each.verdict == DIFFERS else ""),
        }


def validate(
    targets: Targets,
    rows: Iterable[Row] | None = None,
    size: Size | None = None,
    drop: Iterable[str] = (),
    tell: Tell = lambda done, total, word: None,
    workers: int | None = None,
    basis: bool = True,
) -> Validation:
    """Hold a society against what was published.

    Args:
        targets: what was published.
        rows: which of them; by default all.
        size: how much to run.
        drop: rows that fits do without.
        tell: called with runs done, runs in all, and a word on what is done now.
        workers: how many runs at a time; the results do not depend on it.
        basis: whether to find out what each row rests on.

    Raises:
        BadInput: a run that cannot be made, or a number that is not there.
    """
    size, dropped = size or Size(), frozenset(drop)
    asked = tuple(targets.rows if rows is None else rows)
    runs = {row.run for row in asked if row.measure is not None}
    fits = {name: fitted(targets, name, size, dropped, tell=lambda word: tell(0, 0, word)) for name in targets.fit if name in runs}
    jobs = jobs_of(targets, asked, size, {name: fit.values for name, fit in fits.items()})
    numbers = carry_out_all(jobs, tell, workers)
    judged = [judge(row, numbers.get(row.id, []), targets.country) for row in asked]
    rests = (
        bases.found(
            targets, asked, fits, lambda done, total: tell(done, total, f"what the rows rest on, {done} of {total} small runs"), workers
        )
        if basis
        else {}
    )
    judged = [replace(each, basis=rests[each.row.id].basis) if each.row.id in rests else each for each in judged]
    simulated = {each.row.id: each.simulated for each in judged}
    series = (
        []
        if not fits
        else [
            predict(targets, name, fit.until, simulated, targets.fit[run].rows, len(fit.numbers))
            for run, fit in targets.fit.items()
            if run in fits
            for name in targets.naive
        ]
    )
    return Validation(
        targets,
        size,
        tuple(judged),
        fits,
        tuple(each for each in series if _any_simulated(each)),
        {name: each.follows for name, each in rests.items()},
        tuple(sorted(dropped)),
        both_ways(size, tell, workers) if asked == targets.rows else (),
    )


def both_ways(size: Size, tell: Tell, workers: int | None = None) -> tuple[switched.Row, ...]:
    """The settings of each switch beside each other, over small runs; none of runs that are to be shorter than the year that is measured."""
    days = min(switched.DAYS, size.days or switched.DAYS)
    if days < switched.YEAR:
        return ()
    say = lambda done, total: tell(done, total, f"switches, both ways: {done} of {total} small runs")  # noqa: E731
    share = lambda work, jobs: share_threads(lambda job, stop: work(job), jobs, say, workers)  # noqa: E731
    return tuple(switched.switches(switched_over(size), size.numbers, days, share))


def switched_over(size: Size) -> int:
    """Citizens of the runs that show the switches."""
    return min(size.citizens or SWITCHED, SWITCHED)


def _any_simulated(each: Course) -> bool:
    return any(value is not None for value in each.predictions[0].at.values())


def _fit(fit: Fitted) -> dict[str, Any]:
    return {
        "run": fit.run,
        "until": fit.until,
        "numbers": len(fit.values),
        "points": {row: list(pair) for row, pair in fit.points.items()},
        "shipped": fit.shipped,
        "values": fit.values,
        "misfit": fit.misfit,
        "profile": {key: [list(pair) for pair in pairs] for key, pairs in fit.profile.items()},
        "together": fit.together,
    }


def _switch(each: switched.Row) -> dict[str, Any]:
    found = each.simulated
    return {
        "switch": each.switch,
        "setting": each.setting,
        "stands_for": each.stands_for,
        "outcome": each.outcome,
        "simulated": found.mean,
        "interval": [found.low, found.high],
        "seeds": found.seeds,
    }


def _series(each: Course) -> dict[str, Any]:
    ways = [
        {
            "name": way.name,
            "numbers": way.numbers,
            "points": way.points,
            "predicted": way.at,
            "off": way.off,
            "profile": [list(pair) for pair in way.profile],
        }
        for way in each.predictions
    ]
    return {
        "series": each.name,
        "unit": each.unit,
        "fitted": list(each.fitted_rows),
        "later": list(each.later_rows),
        "nearest": each.nearest,
        "ways": ways,
    }
