"""One run of a scenario: the society drawn, the days passed, the tables written."""

import hashlib
import json
import os
import platform
import time
from datetime import timedelta
from functools import partial

import polars as pl

from glasshouse import store
from glasshouse._version import __version__
from glasshouse.experiments import frames
from glasshouse.experiments.days import Society
from glasshouse.experiments.engines import engine
from glasshouse.experiments.fixed import about
from glasshouse.experiments.keeping import BrokenOff, Keeper, folder_of, keeping
from glasshouse.experiments.ranges import ranges
from glasshouse.experiments.shards import ROWS, Whole
from glasshouse.experiments.summary import regime_summary
from glasshouse.scenarios import Scenario, load
from glasshouse.society import margins


def warm(say=lambda note: None) -> None:
    """Compiles the day for this machine, under every kind of regime, and all that sets a society up. say: told before a wait begins."""
    engine(say)
    Society(load("essay").with_(citizens=1000, days=1), threads=1).run()


def needed(scenario: Scenario) -> Scenario:
    """The scenario with every regime that another of its regimes stands beside."""
    names = list(scenario.regimes)
    missing = [r.beside for r in scenario.regimes.values() if r.kind == "lot" and r.beside not in names]
    return scenario.with_(regimes=[*names, *missing]) if missing else scenario


def simulate(
    scenario: Scenario | str,
    *,
    threads: int | None = None,
    device: str = "cpu",
    out=None,
    progress=None,
    report: bool = False,
    headlines=None,
    crew=None,
    checkpoint: int | None = None,
    resumed: BrokenOff | None = None,
) -> store.Run:
    """Carries out a scenario and keeps the run.

    Args:
        scenario: what `load` returns, or a name or path.
        threads: workers; the results do not depend on it.
        device: "cpu", or "cuda" for one NVIDIA GPU; nor on this.
        out: folder for the run; None keeps it in memory.
        progress: called with (done days, all days, citizen-days a second, note or None).
        report: whether a report will be drawn; then the ranges of the headlines are worked out too, by small runs.
        headlines: from a summary to its headline numbers (present.headlines), for the ranges.
        crew: shards to which the society is dealt out (experiments.shards); by default it is here, in one piece.
        checkpoint: days between checkpoints; by default one is kept every ten minutes. In shards and on a GPU there are none.
        resumed: a run of this scenario that was broken off, to go on with in its folder.

    Returns:
        The run.

    Raises:
        BadInput: a folder that holds something else, a scenario that cannot be run.
        KeyboardInterrupt: with the command that goes on, where there is something to go on from.
    """
    scenario = load(scenario) if isinstance(scenario, str) else scenario
    tell = progress or (lambda done, total, rate, note: None)
    with keeping(scenario, out, checkpoint, report, resumed, tell) as keeper:
        return _carry_out(scenario, keeper, threads, tell, headlines if report else None, crew, device)


def _carry_out(scenario: Scenario, keeper: Keeper, threads: int | None, tell, headlines, crew, device: str) -> store.Run:
    clock = [time.perf_counter()]
    engine(lambda note: tell(0, scenario.days, 0.0, note), scenario.whole, scenario.regimes.values(), device)
    clock.append(time.perf_counter())
    say = lambda note: tell(0, scenario.days, 0.0, note)  # noqa: E731
    society = Society(scenario, threads, say, device=device) if crew is None else Whole(scenario, crew, say)
    made = {}
    if crew is None:
        made["margins"], society.people = margin_table(society), None  # whom the tables and the rules need stands in the state
    here = crew is None and device == "cpu"  # and not in shards or on a card, where no checkpoints are kept
    if here:
        keeper.begin(society)
    clock.append(time.perf_counter())
    lived = scenario.days - keeper.last
    kept = keeper.days() if here else society.run(tell)
    clock.append(time.perf_counter())
    society.stepper.close()
    digests = {name: society.digest(r, kept) for r, name in enumerate(society.names)}
    whole = hashlib.sha256(json.dumps({n: digests[n] for n in sorted(digests)}).encode()).hexdigest()
    forces = [frames.InForce(society, kept, r) for r in range(len(society.names))]
    made |= tables_of(society, kept, forces, [name for name in store.folder.TABLES if name not in made])
    tables = {name: made[name] for name in store.folder.TABLES}
    regimes = {
        name: regime_summary(society, kept, society.names.index(name), forces[society.names.index(name)], digests[name])
        for name in scenario.regimes
    }
    clock.append(time.perf_counter())
    spans = {}
    if headlines is not None:
        tell(scenario.days, scenario.days, 0.0, "working out how far the headlines hang on assumed numbers")
        spans = ranges(scenario, headlines)
    clock.append(time.perf_counter())
    steps = scenario.citizens * lived * len(society.names)
    head = {
        "id": f"{scenario.id}-{scenario.seed}-{whole[:8]}",
        "scenario": scenario.id,
        "citizens": scenario.citizens,
        "living": int(society.living().sum()),
        "days": scenario.days,
        "seed": scenario.seed,
        "start": str(scenario.start),
        "end": str(scenario.start + timedelta(days=scenario.days - 1)),
        "version": __version__,
        "digest": whole,
    }
    timing = {
        "compile_s": clock[1] - clock[0],
        "build_s": clock[2] - clock[1],
        "simulate_s": clock[3] - clock[2],
        "tables_s": clock[4] - clock[3],
        "ranges_s": clock[5] - clock[4],
        "report_s": 0.0,
        "citizen_days_per_s": steps / (clock[3] - clock[2]),
    }
    text = scenario.resolved_toml()
    what = {"run": head, "scenario_sha256": hashlib.sha256(text.encode()).hexdigest(), "texts": texts(scenario), "set": changed(scenario)}
    how = {
        "machine": platform.machine(),
        "python": platform.python_version(),
        "threads": society.stepper.threads,
        "device": device,
        "cores": os.cpu_count(),
        **timing,
    }
    summary = {"run": head, "regimes": regimes, "timing": timing}
    finish = (lambda run: {"ranges.json": json.dumps(spans, indent=1, sort_keys=True)}) if spans else None
    return store.write(folder_of(keeper, head["id"]), text, what, how, summary, tables, finish, keeper.partial)


def changed(scenario: Scenario) -> dict[str, object]:
    """What was set for this run, by key."""
    return {str(k): v for k, v in dict(scenario.overrides or {}).items()}


def texts(scenario: Scenario) -> dict:
    """The words of a scenario and its regimes, for the report."""
    return {
        "scenario": {"title": scenario.title, "summary": scenario.summary, "question": scenario.question},
        "regimes": {
            n: {
                "title": r.title,
                "summary": r.summary,
                "claims": [{"text": c.text, "verdict": c.verdict, "source": c.source} for c in r.claims],
            }
            for n, r in scenario.regimes.items()
        },
    }


def tables_of(society: Society, kept, forces, names=store.folder.TABLES) -> dict[str, pl.DataFrame]:
    """The tables of a run, all of them unless some are named."""
    makers = {
        "daily": lambda: frames.daily(society, kept, _by_day(forces)),
        "groups": lambda: frames.groups(society, kept, frames.force_by_cell(society, kept, forces)),
        "flows": lambda: frames.flows(society, kept, forces),
        "citizens": lambda: frames.citizens(society, kept, forces),
        "spells": lambda: frames.spells(society, kept, forces),
        "panel": lambda: frames.panel(society, kept, forces),
        "margins": lambda: margin_table(society),
        "ledger": lambda: ledger_table(society.scenario),
    }
    if isinstance(society, Whole):
        makers |= {name: partial(society.rows, name) for name in ROWS}
    return {name: make() for name, make in makers.items() if name in names}


def _by_day(forces) -> dict[int, dict]:
    """For each regime the day counts of its consequences."""
    return {r: {f"{w}:{n}": f.by_day(n, w) for n in f.bits for w in ("in_force", "clean", "false", "missed")} for r, f in enumerate(forces)}


def margin_table(society: Society) -> pl.DataFrame:
    """Every published margin beside what was drawn."""
    rows = margins(society.people, society.tables)
    order = ("margin", "category", "published", "drawn", "z", "unit", "source", "status", "year", "recalled")
    schema = {"published": pl.Float64, "drawn": pl.Float64, "z": pl.Float64}
    return pl.DataFrame([{k: row.get(k) for k in order} for row in rows], schema_overrides=schema, infer_schema_length=None)


def ledger_table(scenario: Scenario) -> pl.DataFrame:
    """Every parameter of the run."""
    rows = []
    for row in scenario.ledger():
        low, high = row["range"] if row.get("range") else (None, None)
        rows.append(
            {
                "key": row["key"],
                "unit": row["unit"],
                "value": str(row["value"]),
                "range_low": low,
                "range_high": high,
                "status": row["status"],
                "source": row["source"],
                "recalled": bool(row.get("recalled")),
                "about": row["about"],
                **about(row["key"]),
                "used_by": ", ".join(scenario.users(row["key"])) or None,
            }
        )
    texts = dict.fromkeys(about(""), pl.String)
    return pl.DataFrame(rows, schema_overrides={"range_low": pl.Float64, "range_high": pl.Float64, **texts}, infer_schema_length=None)
