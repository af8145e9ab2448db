"""`glasshouse sensitivity`: on which assumed numbers a finding hangs, by two sweeps one after the other."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from ..errors import CHECK_SAYS_NO, DONE, BadInput
from .progress import progress
from .request import day, whole
from .sweeping import begun_or_done, crew_of
from .sweeping import told as progress_of_runs
from .terminal import Column, show, show_json, table

if TYPE_CHECKING:
    from ..experiments.sensitivity import Points
    from ..experiments.sweeps.sweep import Sweep
    from ..scenarios import Scenario

Row = dict[str, Any]
TRAJECTORIES, NUMBERS, POINTS = 10, 3, 64
"""By default: trajectories of the screen, and for how many of the weightiest numbers of an outcome there are indices from how many points."""
SAYS = "It hangs on these in this model, within these ranges. All of them are assumed: none of them was measured."


def question(name: str, citizens: str | None, days: str | None, start: str | None, regimes: Sequence[str]) -> Scenario:
    """What is asked at each point: the scenario of a run or by name, made small unless its size is said."""
    from ..experiments.ranges import small
    from ..scenarios import load
    from ..store.folder import SCENARIO, is_run

    said = {"citizens": whole("--citizens", citizens, least=1), "days": whole("--days", days, least=1), "start": day("--start", start)}
    found = load(Path(name) / SCENARIO if is_run(Path(name)) else name).with_(regimes=list(regimes) or None)
    return small(found) if all(each is None for each in said.values()) else found.with_(**said)


def swept(scenario: Scenario, points: Points, seeds: Sequence[int], measures: Sequence[str], audits: Sequence[str], out: Path, jobs: int | None, tell: Any) -> Sweep:
    """The runs at some points, carried out or as they lie there."""
    from ..experiments.sweeps.plan import Plan

    plan = Plan(scenario.with_(seed=seeds[0]), points.design(scenario, seeds), tuple(measures), tuple(audits))
    return begun_or_done(plan, out, crew_of(plan, jobs, None), tell).wait()


def outcomes(found: Sweep) -> dict[str, list[float | None]]:
    """By outcome a number a point: of each regime but the first the difference from it (where that has a case), the mean over the seeds.

    A point of which one run failed, or has no case, has none.
    """
    seeds = len(found.plan["design"]["seeds"])
    names, many = found.regimes, len(found.plan["design"]["settings"])
    whole: dict[str, dict[str, dict[int, float]]] = {}
    rows = found.frame.filter(pl.col("regime").is_not_null()).collect()
    for of in found.plan["measures"]:
        for run, regime, number in rows.select("run", "regime", of).drop_nulls().iter_rows():
            whole.setdefault(of, {}).setdefault(regime, {})[run] = number
    for run, regime, audit, of, number in found.audits.collect().select("run", "regime", "audit", "of", "value").drop_nulls().iter_rows():
        whole.setdefault(f"{audit}: {of}", {}).setdefault(regime, {})[run] = number
    told: dict[str, list[float | None]] = {}
    for of, by in whole.items():
        for name in names[1:] or names:
            first = by.get(names[0], {}) if len(names) > 1 else {}
            numbers = {run: number - first.get(run, 0.0) for run, number in by.get(name, {}).items() if not first or run in first}
            points = [[numbers.get(point * seeds + place) for place in range(seeds)] for point in range(many)]
            told[f"{name}: {of}"] = [None if None in each else sum(each) / seeds for each in points]  # type: ignore[arg-type]
    return told


def run(
    name: str, measures: Sequence[str], audits: Sequence[str], regimes: Sequence[str], keys: Sequence[str], sizes: Sequence[str | None], seeds: str | None,
    trajectories: str | None, numbers: str | None, points: str | None, jobs: str | None, out: str | None, as_json: bool, quiet: bool,
) -> int:  # fmt: skip
    """Carry out both sweeps and print what they say; returns the exit code: whether every run came to its end."""
    from ..audits import AUDITS
    from ..audits.asking import chosen
    from ..experiments import sensitivity as by
    from ..experiments.sweeps.until import measure_named

    many = whole("--trajectories", trajectories, least=2) or TRAJECTORIES
    some, power = whole("--numbers", numbers, least=0), whole("--points", points, least=2) or POINTS
    asked = [each.name for each in chosen(audits or None, AUDITS)] if audits else []
    kept = [measure_named(each) for each in measures]
    if not kept and not asked:
        raise BadInput("needs a finding: --measure NAME or --audit NAME", key="measure", hint="--measure gini")
    scenario = question(name, *sizes, regimes)
    luck = range(scenario.seed, scenario.seed + (whole("--seeds", seeds, least=1) or 1))
    bounds, place = by.assumed(scenario, keys), Path(out or f"runs/{scenario.id}-sensitivity")
    given = (luck, kept, asked)
    with progress(quiet) as moved:
        tell = progress_of_runs(moved, quiet)
        walks = by.morris(bounds, many)
        screen = swept(scenario, walks, *given, place / "morris", whole("--jobs", jobs, least=1), tell)
        found = {of: {"morris": by.effects(walks, each)} for of, each in outcomes(screen).items()}
        failed = screen.failed
        most = heaviest(found, NUMBERS if some is None else some)
        if most:
            fine = by.sobol({key: bounds[key] for key in most}, power)
            deep = swept(scenario, fine, *given, place / "sobol", whole("--jobs", jobs, least=1), tell)
            failed += deep.failed
            for of, each in outcomes(deep).items():
                found.setdefault(of, {})["sobol"] = by.shares(fine, each)
    told = {"schema": 1, "scenario": scenario.id, "citizens": scenario.citizens, "days": scenario.days, "seeds": list(luck), "numbers": len(bounds),
            "failed": failed, "says": SAYS, "findings": found, "folder": str(place)}  # fmt: skip
    show_json(told) if as_json else show(*parts(told))
    return CHECK_SAYS_NO if failed else DONE


def heaviest(found: dict[str, dict[str, list[Row]]], many: int) -> list[str]:
    """The numbers that move an outcome most, of each outcome so many; without those that move none."""
    keys = [row["key"] for of in found.values() for row in of["morris"][:many] if row["mean"]]
    return sorted(dict.fromkeys(keys))


def parts(told: Row) -> list[RenderableType]:
    """What was found, for reading."""
    many = len(told["seeds"])
    head = f"{told['scenario']}: {told['citizens']:,} citizens, {told['days']:,} days, {many} seed{'s' if many > 1 else ''}; {told['numbers']:,} assumed numbers"
    shown: list[RenderableType] = [Text(head, style="bold")]
    for of, ways in told["findings"].items():
        deep = {row["key"]: row for row in ways.get("sobol", [])}
        rows = [{"key": row["key"], "moves": _with(row, "mean", "interval"), "spread": _told(row["spread"]),
                 "first": _with(deep.get(row["key"], {}), "first", "first_interval"), "whole": _with(deep.get(row["key"], {}), "whole", "whole_interval")}
                for row in ways.get("morris", [])[: max(5, len(deep))] if row["mean"]]  # fmt: skip
        columns = [Column("key", of), Column("moves", "moves it by"), Column("spread", "spread"), Column("first", "share alone"), Column("whole", "share in all")]
        shown += ["", table(columns, rows) if rows else f"{of}: no number moves it, or too few runs came to their end"]
        if rows:
            shown.append(f"This finding hangs most on {', '.join(row['key'] for row in rows[:3])}.")
    failed = [f"{told['failed']:,} runs failed; what needed them was left out"] if told["failed"] else []
    return [*shown, "", SAYS, *failed, f"kept    {shlex.quote(told['folder'])}"]


def _with(row: Row, key: str, interval: str) -> str:
    return "" if row.get(key) is None else f"{_told(row[key])} ± {_told(row[interval])}"


def _told(number: float | None) -> str:
    return "" if number is None else f"{number:.3g}"
