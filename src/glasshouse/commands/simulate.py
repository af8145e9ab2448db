"""One run from Python: `gh.simulate(gh.load("essay"), citizens=20_000)`. The command line goes the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BadInput, must_name, nearest
from . import reporting
from .memory import check_memory

LOCAL = "local"  # the cluster that is this machine

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from ..store import Run
    from .progress import Progress

DEVICES = ("cpu", "cuda")


def simulate(
    scenario: Scenario | str | Path,
    *,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    start: date | str | None = None,
    regimes: Iterable[str] | None = None,
    set: Mapping[str, Any] | None = None,
    threads: int | None = None,
    device: str = "cpu",
    cluster: str | None = None,
    shards: int | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
    report: bool | None = None,
    checkpoint: int | None = None,
) -> Run:
    """Carry out a scenario: draw its society, let the days pass under each regime, and measure what happened.

    Args:
        scenario: what `load` returned, or the name or file of a scenario.
        citizens: how many people, 1 or more; by default the scenario's number, as with the next five.
        days: how many days, 1 to 3653.
        seed: the seed of all luck.
        start: the first day, a date or text such as "2019-01-01".
        regimes: names of regimes or paths of their files, side by side over the same people with the same luck.
        set: numbers to change, by key; `scenario.keys()` lists the keys.
        threads: how many processor cores to use; by default all. The results do not depend on it.
        device: "cpu", or "cuda" for one NVIDIA GPU (with the packages of `glasshouse[cuda]`). Nor on this.
        cluster: HOST:PORT of a Ray cluster of which this machine is one, over which the people are dealt out, or "local" for one that is
            started here and ends with the run. The results do not depend on it.
        shards: into how many shards; by default one a machine of the cluster.
        out: a folder to keep the run in; by default it is kept in memory.
        progress: called with days done, days in all, citizen-days a second, and a word on what is done now.
        report: whether to write report.html into the folder; by default where there is one.
        checkpoint: days between checkpoints in the folder, from which `resume` goes on should the run be broken off; by default one is
            kept every ten minutes.

    Returns:
        The run: `.summary`, `.daily`, `.citizens` and the other tables, `.folder`.

    Raises:
        BadInput: an unknown name or key, a number that makes no sense, too little memory, no such device, or a folder that holds something else.
    """
    from ..scenarios import Scenario, load
    from ..scenarios.society import contradictions
    from ..store import check_target

    if not isinstance(scenario, Scenario):
        scenario = load(scenario)
    scenario = scenario.with_(citizens=citizens, days=days, seed=seed, start=start, regimes=regimes, set=set)
    for key, number in (("threads", threads), ("checkpoint", checkpoint)):
        if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 1):
            raise BadInput(f"must be a whole number of at least 1, not {number!r}", key=key)
    if device not in DEVICES:
        raise BadInput(f"there is no device `{device}`: it is {' or '.join(DEVICES)}", key="device", hint=nearest(str(device), DEVICES))
    if shards is not None and cluster is None:
        raise BadInput("people are dealt out into shards on a cluster only: --cluster local starts one here", key="shards")
    if cluster is not None and device != "cpu":
        raise BadInput("shards of a cluster are stepped by processor cores: leave out --device or --cluster", key="cluster")
    for fault in contradictions(scenario.whole.society, scenario.values):
        raise fault
    if cluster in (None, LOCAL):
        check_memory(scenario)
    if out is not None:
        out = check_target(out)
    report = out is not None if report is None else report
    crew = dealt_out(scenario, cluster, shards, threads, checkpoint)
    return _carry_out(scenario, threads, progress, report, crew, device=device, out=out, checkpoint=checkpoint)


def resume(folder: str | Path, *, threads: int | None = None, progress: Progress | None = None) -> Run:
    """Go on with a run that was broken off, from its newest checkpoint; the run is the one that it would have been.

    Args:
        folder: the folder that the run was to fill, or NAME.partial beside it.
        threads: how many processor cores to use; by default all.
        progress: as in `simulate`.

    Returns:
        The finished run.

    Raises:
        BadInput: nothing to go on from lies there, it was begun by other code, or it is damaged.
    """
    from ..experiments.keeping import find

    must_name(folder, "resume takes the folder of a run")
    found = find(folder)
    check_memory(found.scenario)
    return _carry_out(found.scenario, threads, progress, bool(found.note["report"]), resumed=found)


def _carry_out(scenario: Scenario, threads: int | None, progress: Progress | None, report: bool, crew: Any = None, **where: Any) -> Run:
    from ..experiments.simulate import simulate as carry_out

    headlines = reporting.headlines() if report else None
    with crew or nullcontext() as shards:
        run = carry_out(scenario, threads=threads, progress=progress, report=report, headlines=headlines, crew=shards, **where)
    if report and run.folder is not None and reporting.NAME not in run.files:
        if progress is not None:
            progress(scenario.days, scenario.days, 0.0, "drawing the report")
        reporting.draw(run)
    return run


def dealt_out(
    scenario: Scenario, cluster: str | None, shards: int | None, threads: int | None, checkpoint: int | None
) -> AbstractContextManager | None:
    """The shards of a run on a cluster, for as long as it takes; None where there is no cluster."""
    if cluster is None:
        return None
    from ..experiments.cluster import Cluster

    return Cluster(scenario, cluster, shards, threads, checkpoint)
