"""Workers that carry out one run after another: processes that stay, so that what is loaded and compiled is so once.

Each is a fresh process (not forked: it makes tables) with a thread, and hears no Ctrl-C: whoever began it ends it. One that is
killed costs the run that it was about, which another does again.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Protocol

from glasshouse.errors import GlasshouseError
from glasshouse.experiments.apart import At, Done, done_of

TRIES = 3
"""Times that a run is begun whose workers are killed, before it is a failed one."""
ONE_THREAD = dict.fromkeys(("POLARS_MAX_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
BEGIN = "import sys; from glasshouse.experiments.sweeps.crew import main; main(int(sys.argv[1]))"
READY = "ready"
Work = Callable[[Any, Any, At], Any]
"""Called with what all jobs share, a job, and what is told of each stage."""


class Crew(Protocol):
    """Workers, here or elsewhere. many: how many there are."""

    many: int

    def free(self) -> bool:
        """Whether one has nothing to do."""

    def begin(self, number: int, job: Any) -> None:
        """Hands a job to one that is free."""

    def wait(self, seconds: float) -> list[tuple[int, Done]]:
        """The jobs that are over, at the latest after so many seconds."""

    def close(self) -> None:
        """Ends all, whatever they are about."""


@dataclass
class _Worker:
    process: subprocess.Popen
    pipe: Connection
    said: Any
    ready: bool = False
    about: tuple[int, Any] | None = None


class Processes:
    """A crew of processes on this machine.

    Args:
        work: a function of a module, so that another process finds it.
        shared: what all jobs share; it travels once a worker.
        workers: how many.
    """

    def __init__(self, work: Work, shared: Any, workers: int):
        self.work, self.shared, self.many = work, shared, workers
        self.workers: list[_Worker] = []
        self.tries: dict[int, int] = {}

    def free(self) -> bool:
        return len(self.workers) < self.many or any(worker.about is None for worker in self.workers)

    def begin(self, number: int, job: Any) -> None:
        worker = next((each for each in self.workers if each.about is None), None)
        if worker is None:
            worker = self._start()
            self.workers.append(worker)
        worker.about = (number, job)
        self._send(worker, worker.about)

    def wait(self, seconds: float) -> list[tuple[int, Done]]:
        over = []
        by_pipe = {worker.pipe: worker for worker in self.workers if worker.about is not None}
        for pipe in wait(list(by_pipe), seconds) if by_pipe else ():
            worker = by_pipe[pipe]  # type: ignore[index]
            try:
                heard = worker.pipe.recv()
            except (EOFError, OSError):
                over += self._lost(worker)
                continue
            if heard == READY:
                worker.ready = True
            else:
                over.append(heard)
                worker.about = None
        return over

    def close(self) -> None:
        for worker in self.workers:
            worker.process.kill()
            _let_go(worker)
        self.workers = []

    def _send(self, worker: _Worker, what: Any) -> None:
        try:
            worker.pipe.send(what)
        except OSError:
            pass  # it is gone: `wait` hears of it

    def _start(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the worker
        environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-c", BEGIN, str(theirs.fileno())], pass_fds=[theirs.fileno()], env=environment, stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL, stderr=said, process_group=0,
            )  # fmt: skip
        worker = _Worker(process, ours, said)
        self._send(worker, (self.work, self.shared))
        return worker

    def _lost(self, worker: _Worker) -> list[tuple[int, Done]]:
        """A worker that is gone: its run is begun again by another, unless that has been tried often enough."""
        self.workers.remove(worker)
        code = worker.process.wait()
        worker.said.seek(0)
        words = worker.said.read().decode(errors="replace").strip().splitlines()
        _let_go(worker)
        name = signal.Signals(-code).name if code < 0 else f"code {code}"
        if not worker.ready and code > 0:
            raise GlasshouseError(f"no process can be begun for the runs ({words[-1] if words else name})")
        assert worker.about is not None
        number, job = worker.about
        self.tries[number] = self.tries.get(number, 1) + 1
        if self.tries[number] > TRIES:
            return [(number, Done(stage="in its process", why=f"the process ended before the run did ({name}), {TRIES} times"))]
        self.begin(number, job)
        return []


def _let_go(worker: _Worker) -> None:
    worker.process.wait()
    worker.pipe.close()
    worker.said.close()


def main(end: int) -> None:
    """What a worker does: one job after another, until nobody hands it any. end: its end of the pipe."""
    pipe = Connection(end)
    try:
        work, shared = pipe.recv()
        pipe.send(READY)
        while True:
            number, job = pipe.recv()
            pipe.send((number, done_of(lambda given, at: work(shared, given, at), job)))  # noqa: B023
    except (EOFError, OSError):
        return
