"""Many runs by a design, from Python (`gh.sweep("essay", vary={...}, out="FOLDER")`) and from the command line."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import CHECK_SAYS_NO, DONE, BadInput
from . import memory
from .request import day, settings, whole
from .simulate import LOCAL
from .terminal import is_terminal, note, show, show_json

if TYPE_CHECKING:
    from ..experiments.sweeps.plan import Plan
    from ..experiments.sweeps.sweep import Sweep
    from ..scenarios import Scenario
    from .progress import Progress

WHERE = "runs/{id}"
SCHEMA = 1  # of the object that --json prints


def sweep(
    scenario: Scenario | str | Path | None = None,
    *,
    vary: Mapping[str, str | Sequence[float]] | None = None,
    design: str | Path | None = None,
    out: str | Path | None = None,
    citizens: int | None = None,
    days: int | None = None,
    start: date | str | None = None,
    regimes: Iterable[str] | None = None,
    set: Mapping[str, Any] | None = None,
    measures: Iterable[str] | None = None,
    audits: Iterable[str] | None = None,
    until: str | None = None,
    keep: bool = False,
    jobs: int | None = None,
    cluster: str | None = None,
    resume: str | Path | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Begin many runs of a question that differ in some numbers and in their luck; they go on while the caller does other things.

    The same sweep into the same folder goes on where it was stopped, and gives the same table whatever happened on the way.

    Args:
        scenario: what `load` returned, or the name or file of a scenario. Its regimes run side by side in each run.
        vary: by key what its number takes: numbers, or text such as "0:0.5:11", "1..20" or "1,2,5". Of several keys all combinations are
            run. The key `seed` says the seeds of each.
        design: a TOML file with a design: a grid, a list of differences, a Latin hypercube or a Sobol sequence.
        out: the folder; by default runs/SCENARIO-sweep-DIGEST.
        citizens: how many people, 1 or more; by default the scenario's number, as with the next three.
        days: how many days, 1 to 3653.
        start: the first day.
        regimes: names of regimes or paths of their files; the others are set beside the first.
        set: numbers to change in all runs, by key.
        measures: which headlines are kept of each run; by default all.
        audits: names of audits that are asked of each run besides.
        until: when the seeds of a setting are enough, such as "gini.difference ci<0.002"; at least 10, at most those that `vary` says.
        keep: whether the folder of each run is kept too.
        jobs: how many runs at a time; by default a processor core each. The results do not depend on it.
        cluster: HOST:PORT of a Ray cluster on which the runs are carried out, or "local" for one that is started here. Nor on this.
        resume: the folder of a sweep to go on with, instead of all of the above but `jobs` and `cluster`.
        progress: called with runs done, runs in all, 0.0, and a word on what is done now.

    Returns:
        The sweep: `.frame` (a lazy frame of what is there so far), `.wait()`, `.stop()`, `.done` of `.total` runs.

    Raises:
        BadInput: an unknown name or key, a number that makes no sense, too little memory, or a folder that holds something else.
    """
    from ..store.folder import target

    if jobs is not None and (not isinstance(jobs, int) or isinstance(jobs, bool) or jobs < 1):
        raise BadInput(f"must be a whole number of at least 1, not {jobs!r}", key="jobs")
    if resume is not None:
        given = (scenario, vary, design, out, citizens, days, start, regimes, set, measures, audits, until, keep or None)
        if any(each is not None for each in given):
            raise BadInput("a sweep that is gone on with is what it was: leave out the scenario and all that says what is run", key="resume")
        if (finished := _finished(resume)) is not None:
            return finished
        plan, folder = _resumed(resume)
    else:
        plan = plan_of(scenario, vary or {}, design, citizens, days, start, regimes, set, measures, audits, until, keep)
        folder = target(WHERE if out is None else out, _name(plan))
    return begun_or_done(plan, folder, crew_of(plan, jobs, cluster), progress or (lambda done, total, rate, word=None: None))


def begun_or_done(plan: Plan, folder: Path, crew: Any, tell: Any) -> Sweep:
    """The sweep of a plan: as it lies in its folder if all runs are over, else begun, or gone on with.

    Raises:
        BadInput: another sweep lies there, or the folder is not at hand.
    """
    from ..experiments.sweeps.sweep import Sweep, opened
    from ..store.sweep import begun, is_sweep

    said, found = plan.as_dict(), begun(folder)
    if found is not None and found[1] != said:
        same = {key: found[1].get(key) for key in said if key not in ("code", "version")}
        other = same != {key: part for key, part in said.items() if key not in ("code", "version")}
        raise BadInput("holds another sweep; name a new folder" if other else "was begun by other code; name a new folder", file=found[0])
    if found is not None and found[0] == folder and is_sweep(folder):
        return opened(folder, said, _text)
    return Sweep(folder, said, _text).begin(plan, crew, tell)


def plan_of(
    scenario: Any, vary: Any, design: Any, citizens: Any, days: Any, start: Any, regimes: Any, set: Any, measures: Any, audits: Any, until: Any, keep: bool
) -> Plan:
    """What is to be done, all of it checked before anything runs."""
    from ..audits import AUDITS
    from ..audits.asking import chosen
    from ..experiments.sweeps.design import designed
    from ..experiments.sweeps.plan import Plan
    from ..experiments.sweeps.sweep import check_enough
    from ..experiments.sweeps.until import IDS, measure_named
    from ..experiments.sweeps.until import until as enough
    from ..scenarios import Scenario, load
    from ..scenarios.society import contradictions

    if scenario is None:
        raise BadInput("a sweep needs a scenario, or the folder of one to go on with", key="scenario")
    question = scenario if isinstance(scenario, Scenario) else load(scenario)
    question = question.with_(citizens=citizens, days=days, start=start, regimes=regimes, set=set)
    if not isinstance(vary, Mapping):
        raise BadInput('must be numbers by key, such as {"life.air.fare": [700, 900]}', key="vary")
    runs = designed(question, vary, design)
    question = question.with_(seed=runs.seeds[0])
    for fault in contradictions(question.whole.society, question.values):
        raise fault
    kept = dict.fromkeys(IDS if measures is None else (measure_named(each) for each in measures))
    wanted = None if until is None else enough(until, list(question.regimes))
    if wanted is not None:
        kept[wanted.measure] = None
    asked = [] if audits is None else [each.name for each in chosen(audits, AUDITS)]
    clash = next((key for key in runs.keys if key in kept), None)
    if clash:
        raise BadInput("is the name of a measure too: leave it out of --measure", key=clash)
    plan = Plan(question, runs, tuple(kept), tuple(asked), wanted, keep)
    check_enough(plan)
    return plan


def _finished(folder: str | Path) -> Sweep | None:
    """The sweep that lies finished in a folder, whatever code it was carried out by; None where none does."""
    from ..experiments.sweeps.sweep import opened
    from ..store.sweep import begun

    found = begun(folder)
    return None if found is None or found[0].suffix == ".partial" else opened(*found, _text)


def _resumed(folder: str | Path) -> tuple[Plan, Path]:
    from ..experiments.sweeps.plan import taken_up
    from ..scenarios import load
    from ..store.folder import SCENARIO, target
    from ..store.sweep import begun

    found = begun(folder)
    if found is None:
        raise BadInput("no sweep lies here", file=folder)
    place, said = found
    plan = taken_up(said, lambda: load(place / SCENARIO), place)
    whole = Path(folder)
    return plan, target(whole.with_suffix("") if whole.suffix == ".partial" else whole)


def _name(plan: Plan) -> str:
    digest = hashlib.sha256(json.dumps(plan.as_dict(), sort_keys=True).encode()).hexdigest()
    return f"{plan.scenario.id}-sweep-{digest[:8]}"


def crew_of(plan: Plan, jobs: int | None, cluster: str | None) -> Any:
    """Who carries the runs out: processes here, as many as there are cores and as fit into memory, or a cluster."""
    if cluster is not None:
        if plan.keep and cluster != LOCAL:
            raise BadInput("folders of runs are kept on this machine, so not by the machines of a cluster; leave out --keep", key="keep")
        from ..experiments.sweeps.cluster import on_cluster

        return on_cluster(cluster, jobs)
    from ..experiments.cores import workers_for
    from ..experiments.sweeps.sweep import processes

    total, fit = plan.design.total, memory.check_memory(_largest(plan))
    return processes(max(1, min(jobs or workers_for(total), total, fit)))


def _largest(plan: Plan) -> Scenario:
    """The scenario as large as it gets, where its sizes are varied."""
    sizes = {}
    for place, key in enumerate(plan.design.keys):
        if key in ("citizens", "days"):
            sizes[key] = max(setting[place] or 0 for setting in plan.design.settings)
    return plan.scenario.with_(**sizes)


def _text(found: Sweep) -> str:
    from .swept import text

    return text(found)


def run(asked: dict[str, Any], as_json: bool, quiet: bool) -> int:
    """Carry out what was asked on the command line and print what was found; returns the exit code: whether every run came to its end."""
    from .progress import progress
    from .swept import as_dict, parts

    given = {
        "citizens": whole("--citizens", asked.pop("citizens"), least=1), "days": whole("--days", asked.pop("days"), least=1),
        "start": day("--start", asked.pop("start")), "set": settings(asked.pop("set") or ()) or None,
        "jobs": whole("--jobs", asked.pop("jobs"), least=1), "vary": settings(asked.pop("vary") or (), "--vary") or None,
    }  # fmt: skip
    given |= {key: list(asked.pop(key) or ()) or None for key in ("regimes", "measures", "audits")}
    with progress(quiet) as moved:
        found = sweep(**asked, **given, progress=told(moved, quiet))
        found.wait()
    if as_json:
        show_json(as_dict(found))
    elif quiet:
        print(found.folder)
    else:
        show(*parts(found))
        print(f"kept    {found.folder}")
    return CHECK_SAYS_NO if found.failed else DONE


def told(moved: Any, quiet: bool) -> Progress:
    """Progress of runs: a bar on a terminal; else a line at every tenth of them."""
    said = [-1]
    bar = is_terminal(error=True) and not quiet

    def tell(done: int, total: int, rate: float, word: str | None = None) -> None:
        if bar:
            moved(done, total, 0.0, word or f"run {done:,} of {total:,}, {rate:.1f} a second")
        elif word is not None:
            moved(done, total, 0.0, word)
        elif done * 10 // total > said[0]:
            said[0] = done * 10 // total
            note(f"{done:,} of {total:,} runs, {rate:.1f} a second", quiet)

    return tell
