"""`glasshouse run`, `warm` and `report`: carrying out, and telling of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .progress import progress
from .request import Request, whole
from .terminal import note, show, show_json

if TYPE_CHECKING:
    from ..store import Run

WHERE = "runs/{id}"  # the store puts in the run's id: SCENARIO-SEED-DIGEST


def run(asked: Request, *, out: str | None, report: bool, as_json: bool, quiet: bool) -> None:
    """Carry out what was asked, keep it, and print what happened."""
    from .simulate import simulate

    scenario = asked.resolved()
    folder = out or WHERE
    with progress(quiet) as moved:
        threads = whole("--threads", asked.threads, least=1)
        done = simulate(scenario, threads=threads, device=asked.device, out=folder, progress=moved, report=report)
    if as_json:
        show_json(done.summary)
    elif quiet:
        print(done.folder)
    else:
        tell(done, asked.repeat(scenario))


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
    note("compiling the rules for this machine, once", quiet)
    compile_all()
    note(f"done in {time.perf_counter() - start:.0f} s", quiet)
