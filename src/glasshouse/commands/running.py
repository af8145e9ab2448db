"""`glasshouse run`, `warm` and `report`: carrying out, and telling of it."""

from __future__ import annotations

import shlex
import time
from typing import TYPE_CHECKING

from .progress import progress
from .request import Request, whole
from .terminal import note, show, show_json

if TYPE_CHECKING:
    from ..store import Run

SCENARIO = "scenario.toml"
WHERE = "runs/{id}"  # the store puts in the run's id: SCENARIO-SEED-DIGEST


def run(asked: Request, *, out: str | None, report: bool, as_json: bool, quiet: bool) -> None:
    """Carry out what was asked, keep it, and print what happened."""
    from .simulate import simulate

    scenario = asked.resolved()
    folder = out or WHERE
    given = {"threads": whole("--threads", asked.threads, least=1), "checkpoint": whole("--checkpoint", asked.checkpoint, least=1)}
    given |= {"cluster": asked.cluster, "shards": whole("--shards", asked.shards, least=1)}
    with progress(quiet) as moved:
        done = simulate(scenario, device=asked.device, out=folder, progress=moved, report=report, **given)
    _end(done, as_json, quiet, asked.repeat(scenario))


def resume(folder: str, *, threads: str | None, as_json: bool, quiet: bool) -> None:
    """Go on with a run that was broken off, and print what happened."""
    from .simulate import resume as go_on

    with progress(quiet) as moved:
        done = go_on(folder, threads=whole("--threads", threads, least=1), progress=moved)
    _end(done, as_json, quiet, shlex.join(["glasshouse", "run", str(done.folder / SCENARIO)]))


def _end(done: Run, as_json: bool, quiet: bool, repeat: str) -> None:
    if as_json:
        show_json(done.summary)
    elif quiet:
        print(done.folder)
    else:
        tell(done, repeat)


def tell(done: Run, repeat: str) -> None:
    """The screen after a run; the line that repeats it stands last, in one piece however narrow the screen is."""
    from .doctor import after
    from .summary import foot, summary

    show(*summary(done.summary))
    for line in after(done):
        print(line)
    for line in foot(done.summary, done.folder, repeat):
        print(line)


def warm(quiet: bool) -> None:
    """Compile everything ahead of the first run."""
    from ..experiments.simulate import warm as compile_all

    start = time.perf_counter()
    compile_all(lambda word: note(word, quiet))
    note(f"done in {time.perf_counter() - start:.0f} s", quiet)
