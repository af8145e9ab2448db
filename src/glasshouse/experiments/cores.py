"""Shares out independent jobs over the cores: forked processes, none of which outlives the call, however it ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent import futures
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from glasshouse.errors import GlasshouseError

FORK = "fork"
TICK = 0.2  # seconds
Work = Callable[[Any], Any]


def workers_for(jobs: int) -> int:
    """How many processes some jobs are worth: one a core at most, and one alone where the system cannot fork."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    return min(cores, jobs) if FORK in multiprocessing.get_all_start_methods() else 1


def share_out(work: Work, jobs: Sequence[Any], tell=lambda done, total: None, workers: int | None = None) -> list[Any]:
    """What a function gives for each job, in the order of the jobs, whoever is done first.

    Args:
        work: a function of one job; what it returns, or raises, must be able to travel between processes.
        jobs: what it is called with.
        tell: called with how many jobs are done, of how many.
        workers: how many processes; by default one a core.

    Raises:
        Exception: what the function raised.
        GlasshouseError: a process was killed from outside.

    Example:
        >>> share_out(abs, [-1, 2, -3], workers=2)
        [1, 2, 3]
    """
    workers = workers_for(len(jobs)) if workers is None else workers
    found: list[Any] = [None] * len(jobs)
    with _processes(work, jobs, workers) as processes:
        results = _results(processes, len(jobs)) if processes else enumerate(map(work, jobs))
        for done, (number, result) in enumerate(results, 1):
            found[number] = result
            tell(done, len(jobs))
    return found


@contextmanager
def _processes(work: Work, jobs: Sequence[Any], workers: int) -> Iterator[list[tuple[BaseProcess, Connection]]]:
    """Processes that do every n-th job each, with the ends of their pipes; none for one worker. All are gone afterwards."""
    begun: list[tuple[BaseProcess, Connection]] = []
    try:
        with _ctrl_c_held_back():
            for turn in range(workers if workers > 1 else 0):
                begun.append(_begin(work, jobs[turn::workers], [end for _, end in begun]))
        yield begun
    finally:
        for process, _ in begun:
            process.kill()  # they share no lock, so nobody waits for one that a killed process held
        for process, end in begun:
            process.join()
            end.close()


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Ctrl-C waits meanwhile; a process begun meanwhile never sees it, so that its end is told once, by whoever began it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(work: Work, jobs: Sequence[Any], others: list[Connection]) -> tuple[BaseProcess, Connection]:
    context = multiprocessing.get_context(FORK)
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_do, args=(work, jobs, theirs, [*others, ours]), daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that there are threads: none of them holds a lock that a child needs
        process.start()
    theirs.close()
    return process, ours


def _do(work: Work, jobs: Sequence[Any], to: Connection, not_mine: list[Connection]) -> None:
    """In the child: one job after another, each result sent as it comes; a failure is sent as it is, and is the last."""
    for end in not_mine:
        end.close()  # so that a pipe breaks when whoever began us is gone
    for job in jobs:
        try:
            sent = (work(job), None)
        except Exception as error:  # noqa: BLE001 - it is raised again where it can be told
            sent = (None, error)
        try:
            to.send(sent)
        except OSError:
            return
        except Exception as error:  # noqa: BLE001 - what cannot travel
            to.send((None, GlasshouseError(f"{type(error).__name__}: {error}")))
            return
        if sent[1] is not None:
            return


def _results(processes: list[tuple[BaseProcess, Connection]], total: int) -> Iterator[tuple[int, Any]]:
    """Pairs of the number of a job and its result, as they come."""
    ends = [end for _, end in processes]
    had = dict.fromkeys(ends, 0)
    for _ in range(total):
        end = wait([each for at, each in enumerate(ends) if at + had[each] * len(ends) < total])[0]
        assert isinstance(end, Connection)
        try:
            result, error = end.recv()
        except EOFError:
            raise GlasshouseError("a process that worked on a part of the run was killed") from None
        if error is not None:
            raise error
        yield ends.index(end) + had[end] * len(ends), result
        had[end] += 1


def share_threads(
    work: Callable[[Any, threading.Event], Any], jobs: Sequence[Any], tell=lambda done, total: None, workers: int | None = None
) -> list[Any]:
    """What a function gives for each job, in the order of the jobs, some at a time; the engine works outside Python's lock.

    Threads, not processes: for jobs that make tables, and a process that is forked after its parent has
    made some waits for ever for threads that it does not have.

    Args:
        work: a function of a job, and of an event that is set when everything is to end.
        jobs: what it is called with.
        tell: called with how many jobs are done, of how many.
        workers: how many at a time; by default one a core.

    Raises:
        Exception: what the function raised; the other jobs end first.

    Example:
        >>> share_threads(lambda job, stop: job * job, [1, 2, 3], workers=2)
        [1, 4, 9]
    """
    stop = threading.Event()
    pool = futures.ThreadPoolExecutor(max(1, workers or workers_for(len(jobs)) if jobs else 1))
    try:
        begun = [pool.submit(work, job, stop) for job in jobs]
        left = set(begun)
        while left:
            ended, left = futures.wait(left, timeout=TICK, return_when=futures.FIRST_COMPLETED)  # awake now and then, to hear of Ctrl-C
            for done, each in enumerate(ended, len(begun) - len(left) - len(ended) + 1):
                each.result()
                tell(done, len(jobs))
        return [each.result() for each in begun]
    finally:
        stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
