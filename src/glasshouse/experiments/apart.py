"""Runs that do not know of each other: each in a process of its own, some at a time. One that fails is a row, and the rest go on.

Beside cores.py, where jobs are parts of one run and one that fails ends it: here a job may even be killed, and only it is lost.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from glasshouse.errors import GlasshouseError
from glasshouse.experiments.cores import FORK, share_threads

At = Callable[[str], None]
"""What a run calls when it comes to another stage, with the stage in words."""
Work = Callable[[Any, At], Any]


@dataclass(frozen=True)
class Done:
    """How one run ended. Final.

    result: what it gave, None where it failed. stage: what it was about when it failed, and why: the error itself where it
    is one of ours, else its words.
    """

    result: Any = None
    stage: str | None = None
    why: GlasshouseError | str | None = None

    @property
    def failed(self) -> bool:
        """Whether it came to no result."""
        return self.why is not None


def apart(work: Work, jobs: Sequence[Any], workers: int, tell: Callable[[int, int], None] = lambda done, total: None) -> list[Done]:
    """Each job in a process of its own, at most `workers` at a time.

    Args:
        work: called with a job and with `At`; what it returns is carried back.
        jobs: whatever the work is done on; handed over by forking, so nothing is copied.
        workers: how many at a time; the results do not depend on it.
        tell: called with how many are done, and how many there are.

    Returns:
        How each ended, in the order of the jobs.
    """
    found: dict[int, Done] = {}
    running: dict[Connection, tuple[int, Any]] = {}
    try:
        while len(found) < len(jobs):
            while len(running) < max(1, workers) and len(found) + len(running) < len(jobs):
                number = len(found) + len(running)
                pipe, process = _start(work, jobs[number])
                running[pipe] = (number, process)
            for pipe in wait(list(running)):
                number, process = running.pop(pipe)  # type: ignore[index]
                found[number] = _end(pipe, process)  # type: ignore[arg-type]
                tell(len(found), len(jobs))
    finally:
        for pipe, (_, process) in running.items():
            process.kill()
            process.join()
            pipe.close()
    return [found[number] for number in range(len(jobs))]


def _start(work: Work, job: Any) -> tuple[Connection, Any]:
    context = multiprocessing.get_context(FORK)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, work, job), daemon=True)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # the child never hears Ctrl-C: we do, and end it
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads: the child uses none of them
            process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    theirs.close()  # so that the end of the process is the end of the pipe
    return ours, process


def _end(pipe: Connection, process: Any) -> Done:
    try:
        done = pipe.recv()
    except EOFError:
        process.join()
        code = process.exitcode or 0
        name = signal.Signals(-code).name if code < 0 else f"code {code}"
        done = Done(stage="in its process", why=f"the process ended before the run did ({name})")
    process.join()
    pipe.close()
    return done


def _child(pipe: Connection, work: Work, job: Any) -> None:
    pipe.send(done_of(work, job))
    pipe.close()


def done_of(work: Work, job: Any, hear: At = lambda now: None) -> Done:
    """How a job ends, done here and now; whatever goes wrong in it is what is told of it."""
    stage = ["starting"]

    def at(now: str) -> None:
        stage.append(now)
        hear(now)

    try:
        return Done(work(job, at))
    except GlasshouseError as error:
        return Done(stage=stage[-1], why=error)
    except Exception as error:  # noqa: BLE001 - whatever went wrong is told in the run's row
        return Done(stage=stage[-1], why=f"{type(error).__name__}: {error}".rstrip(": "))


class _Over(BaseException):
    """Everything is to end."""


def together(work: Work, jobs: Sequence[Any], workers: int, tell: Callable[[int, int], None] = lambda done, total: None) -> list[Done]:
    """As `apart`, but in threads of this process, for jobs that make tables: a process that is forked after its parent made some
    waits for ever for threads that it does not have. The engine works outside Python's lock. A job that calls `At` often ends soon
    when everything is to end.
    """

    def one(job: Any, over: threading.Event) -> Done:
        def hear(now: str) -> None:
            if over.is_set():
                raise _Over

        return done_of(work, job, hear)

    return share_threads(one, jobs, tell, workers)
