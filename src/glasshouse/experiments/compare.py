"""Regimes side by side over the same people, seed after seed: what each does beside the first, and how sure that is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from glasshouse._version import __version__
from glasshouse.audits.asking import TABLE as AUDIT_TABLE
from glasshouse.audits.asking import Audit, Numbers, numbers_of, over_seeds
from glasshouse.audits.paired import LEAST, mean_of, unpaired
from glasshouse.errors import BadInput
from glasshouse.experiments.apart import At, Done, apart, together
from glasshouse.experiments.days import Society
from glasshouse.experiments.engines import engine
from glasshouse.experiments.frames import InForce
from glasshouse.experiments.simulate import tables_of
from glasshouse.experiments.summary import regime_summary
from glasshouse.present.headlines import GAVE, HEADLINES, TOOK, Headline
from glasshouse.present.words import SAYS
from glasshouse.scenarios import Scenario
from glasshouse.store import Run

SCHEMA = 1  # of the object that --json prints
Row = dict[str, Any]
Levels = dict[str, dict[str, float | None]]
"""Regime -> measure -> its value in one run."""
Audited = dict[str, dict[str, Numbers]]
"""Audit -> regime -> what it found in one run."""
Told = Callable[["Comparison"], str]
ROWS = {"seed": pl.Int64, "regime": pl.String, "measure": pl.String, "value": pl.Float64, "failed": pl.String}
RESPONSES = ("week.respond", "week.naming")
"""The luck of how people respond: who hears, who drops a tie, whose mind moves, who pays when named."""
TABLE = {
    "regime": pl.String, "measure": pl.String, "name": pl.String, "first_mean": pl.Float64, "mean": pl.Float64, "mean_low": pl.Float64,
    "mean_high": pl.Float64, "difference": pl.Float64, "low": pl.Float64, "high": pl.Float64, "kind": pl.String, "seeds": pl.Int64,
    "unpaired": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What is asked of each run besides its headlines.

    Fields:
        audits: the audits.
        direct: regimes under which everybody hears of others what these say and bear under the first: what a rule does to each alone.
        redraw: whether audits of single twins are asked again with the luck of responses drawn anew under all regimes but the first.
    """

    audits: Sequence[Audit] = ()
    direct: Sequence[str] = ()
    redraw: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Several regimes over the same people with the same luck, for several seeds. Made by `glasshouse.compare`.

    Fields:
        scenario: the society and the regimes; its seed is the first.
        seeds: the seeds asked for.
        levels: seed -> regime -> measure -> value, of the runs that were carried out.
        failed: rows of seed, stage and message, of those that failed.
        notes: what a reader should know before the numbers.
        told: writes a comparison as text, for its repr.
        asked: what was asked besides.
        audited: seed -> what the audits found.
    """

    scenario: Scenario
    seeds: tuple[int, ...]
    levels: dict[int, Levels]
    failed: list[Row]
    notes: list[str]
    told: Told
    asked: Asked = Asked()
    audited: dict[int, Audited] = field(default_factory=dict)

    @property
    def regimes(self) -> list[str]:
        """The regimes; the others are set beside the first."""
        return list(self.scenario.regimes)

    @property
    def differences(self) -> list[Row]:
        """A row a regime and headline measure: its mean, and the mean of its difference from the first, over seeds."""
        return [_row(self, name, line.id, line.name) for name in self.regimes[1:] for line in HEADLINES]

    @property
    def table(self) -> pl.DataFrame:
        """`differences` as a Polars frame."""
        return pl.DataFrame(self.differences, schema=TABLE, orient="row")

    @property
    def audits(self) -> pl.DataFrame:
        """What the audits found over the seeds: the columns of `glasshouse.audit`; no rows where none was asked."""
        rows = []
        for audit in self.asked.audits if self.audited else ():
            rows += over_seeds(audit, [found[audit.name] for found in self.audited.values()], [*self.audited])
        return pl.DataFrame(rows, schema=AUDIT_TABLE, orient="row")

    @property
    def runs(self) -> pl.DataFrame:
        """A row a seed, regime and measure; a seed whose run failed has one row, with the message and no value."""
        rows = [{"seed": seed, "regime": name, "measure": measure, "value": value, "failed": None}
                for seed, found in self.levels.items() for name, values in found.items() for measure, value in values.items()]  # fmt: skip
        rows += [{"seed": row["seed"], "failed": f"{row['stage']}: {row['message']}"} for row in self.failed]
        return pl.DataFrame(rows, schema=ROWS, orient="row").sort("seed", maintain_order=True)

    def as_dict(self) -> Row:
        """Everything as plain data, the same for the same question: what `--json` prints."""
        asked, text = self.scenario, self.scenario.resolved_toml()
        return {
            "schema": SCHEMA, "version": __version__, "scenario": asked.id, "society": asked.society, "regimes": self.regimes,
            "first": self.regimes[0], "citizens": asked.citizens, "days": asked.days, "start": asked.start.isoformat(),
            "seed": asked.seed, "seeds": list(self.seeds), "set": asked.overrides,
            "scenario_hash": hashlib.sha256(text.encode()).hexdigest(), "says": SAYS, "notes": self.notes,
            "differences": self.differences, "audits": self.audits.to_dicts(), "failed": self.failed,
        }  # fmt: skip

    def __repr__(self) -> str:
        return self.told(self)


def carry_out(
    scenario: Scenario, seeds: int, workers: int, progress: Callable[[int, int, str | None], None], told: Told, more: Asked = Asked()
) -> Comparison:
    """Run a scenario's regimes side by side for several seeds.

    Args:
        scenario: the question; its regimes are compared with the first of them, its seed is the first.
        seeds: how many seeds.
        workers: how many runs at a time; the results do not depend on it.
        progress: called with runs done, runs in all, and a word on what is done now.
        told: writes a comparison as text.
        more: what is asked of each run besides.

    Raises:
        BadInput: no seed can be run, for a reason of the question's own.
    """
    numbers = tuple(range(scenario.seed, scenario.seed + seeds))
    asked = [scenario.with_(seed=seed) for seed in numbers]
    engine(lambda note: progress(0, seeds, note), scenario.whole, scenario.regimes.values())  # compiled before the first fork
    side_by_side = together if more.audits else apart
    done = side_by_side(partial(one_run, more=more), asked, workers, lambda now, total: progress(now, total, None))
    if all(isinstance(each.why, BadInput) for each in done):
        raise done[0].why  # type: ignore[misc]
    found = {seed: each.result for seed, each in zip(numbers, done, strict=True) if not each.failed}
    levels, audited = ({seed: result[at] for seed, result in found.items()} for at in (0, 1))
    failed = [_failed(seed, each) for seed, each in zip(numbers, done, strict=True) if each.failed]
    return Comparison(scenario, numbers, levels, failed, notes(scenario, len(levels), more), told, more, audited)


def one_run(scenario: Scenario, at: At, more: Asked = Asked()) -> tuple[Levels, Audited]:
    """Every headline of every regime in one run, and what the audits find in it."""
    at("drawing the people")
    society = _society(scenario, more)
    kept = society.run(lambda *_: at("living the days"))
    at("measuring")
    forces = [InForce(society, kept, r) for r in range(len(society.names))]
    order = {name: r for r, name in enumerate(society.names)}
    summaries = {name: regime_summary(society, kept, order[name], forces[order[name]], "") for name in scenario.regimes}
    levels = {name: {line.id: level(line, found) for line in HEADLINES} for name, found in summaries.items()}
    if not more.audits:
        return levels, {}
    at("auditing")
    names = list(scenario.regimes)
    tables = tables_of(society, kept, forces, {name for audit in more.audits for name in audit.columns})
    run = Run(None, {"run": _head(scenario), "regimes": summaries}, scenario.resolved_toml(), {}, {}, tables)
    audited = {audit.name: numbers_of(audit, run, names) for audit in more.audits}
    again = [audit for audit in more.audits if audit.twins] if more.redraw else []
    if again:
        other = _other_luck(scenario, at, more, run, {name for audit in again for name in audit.columns})
        for audit in again:
            for name, found in numbers_of(audit, other, names).items():
                audited[audit.name][name] |= {f"other luck: {of}": number for of, number in found.items()}
    return levels, audited


def _society(scenario: Scenario, more: Asked) -> Society:
    society = Society(scenario, threads=1)
    for name in more.direct:
        society.hear(name, next(iter(scenario.regimes)))
    return society


def _head(scenario: Scenario) -> Row:
    return {"scenario": scenario.id, "citizens": scenario.citizens, "days": scenario.days, "seed": scenario.seed, "start": str(scenario.start)}


def _other_luck(scenario: Scenario, at: At, more: Asked, run: Run, tables: set[str]) -> Run:
    """The same run, where under all regimes but the first the luck of responses is drawn anew."""
    society = _society(scenario, more)
    society.draw_anew(RESPONSES)
    kept = society.run(lambda *_: at("living the days with other luck"))
    forces = [InForce(society, kept, r) for r in range(len(society.names))]
    first = next(iter(scenario.regimes))
    made = tables_of(society, kept, forces, tables)
    mixed = {n: pl.concat([run.tables[n].filter(pl.col("regime") == first), made[n].filter(pl.col("regime") != first)], how="diagonal") for n in tables}
    return Run(None, run.summary, run.scenario_toml, {}, {}, mixed)


def notes(scenario: Scenario, runs: int, more: Asked = Asked()) -> list[str]:
    """What a reader should know before the numbers."""
    last = scenario.start.toordinal() + scenario.days - 1
    late = {name: regime.coverage.start for name, regime in scenario.regimes.items() if regime.coverage is not None}
    told = [f"`{name}` begins on {day.isoformat()}, after the last day: nothing of it is seen here"
            for name, day in late.items() if day.toordinal() > last]  # fmt: skip
    first = next(iter(scenario.regimes))
    told += [f"`{name}`: the same rule where everybody hears and sees of others what these say and bear under `{first}`; the rest of its effect comes through others"
             for name in more.direct]  # fmt: skip
    if 0 < runs < LEAST:
        told.append(f"fewer than {LEAST} seeds: the range of what was seen stands in the place of an interval")
    return told


def _failed(seed: int, done: Done) -> Row:
    return {"seed": seed, "stage": done.stage, "message": str(done.why)}


def level(line: Headline, found: Row) -> float | None:
    """A headline of one regime; what it gave or took is a sum, so where there is nothing to add up it is 0, unlike a share."""
    number = line.of(found)
    if number is None:
        return 0.0 if line.group in (GAVE, TOOK) else None
    return float(number)


def _row(comparison: Comparison, name: str, measure: str, title: str) -> Row:
    first = comparison.regimes[0]
    of = {regime: {s: found[regime][measure] for s, found in comparison.levels.items()} for regime in (first, name)}
    own = mean_of([value for value in of[name].values() if value is not None])
    beside = mean_of([value for value in of[first].values() if value is not None])
    pairs = [(of[first][s], of[name][s]) for s in comparison.levels]
    pairs = [(a, b) for a, b in pairs if a is not None and b is not None]
    gap = mean_of([b - a for a, b in pairs])  # type: ignore[operator]
    return {
        "regime": name, "measure": measure, "name": title, "first_mean": beside.mean, "mean": own.mean, "mean_low": own.low,
        "mean_high": own.high, "difference": gap.mean, "low": gap.low, "high": gap.high, "kind": gap.kind or own.kind,
        "seeds": gap.seeds or own.seeds, "unpaired": unpaired([a for a, _ in pairs], [b for _, b in pairs]),  # type: ignore[misc]
    }  # fmt: skip
