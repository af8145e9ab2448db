"""Carries a sweep out: in the background, watched while it fills, stopped at will and gone on with."""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

import polars as pl

from glasshouse.audits.paired import LEAST
from glasshouse.errors import BadInput
from glasshouse.experiments.engines import engine
from glasshouse.experiments.sweeps.crew import Crew, Processes
from glasshouse.experiments.sweeps.plan import Plan, Queue, one
from glasshouse.store import sweep as store
from glasshouse.store.folder import partial_of

TICK = 0.2  # seconds
Tell = Callable[[int, int, float, str | None], None]
"""Called with runs done, runs in all, runs a second, and a word on what is done now."""


class Sweep:
    """Many runs of one question, that are carried out or were. Made by `glasshouse.sweep`.

    `frame` may be looked at while it fills; `wait` waits for the last run.
    """

    def __init__(self, folder: Path, plan: dict[str, Any], told: Callable[[Sweep], str], done: int = 0, failed: int = 0, over: bool = False):
        self.folder, self.plan, self.done, self.failed = folder, plan, done, failed
        self._told, self._stop, self._error = told, threading.Event(), None
        self._thread: threading.Thread | None = None
        self._over = over

    @property
    def total(self) -> int:
        """How many runs there are; with `until`, at most."""
        return len(self.plan["design"]["settings"]) * len(self.plan["design"]["seeds"])

    @property
    def finished(self) -> bool:
        """Whether all are over and the table is in its place."""
        return self._over

    @property
    def regimes(self) -> list[str]:
        """The regimes; the others are set beside the first."""
        return list(self.plan["regimes"])

    @property
    def frame(self) -> pl.LazyFrame:
        """A row a run and regime: the numbers that were varied, the seed, and each measure; of a run that failed, one row with the reason.

        While runs are missing, those are there that were over some seconds ago, in the order in which they came.
        """
        return self._frame(store.TABLE)

    @property
    def audits(self) -> pl.LazyFrame:
        """A row a run, regime, audit and number: what the audits found; no rows where none was asked."""
        return self._frame(store.AUDITS)

    def _frame(self, table: str) -> pl.LazyFrame:
        while (place := next((place for place in (self.folder, partial_of(self.folder)) if store.is_sweep(place)), None)) is not None:
            try:
                return store.frame(place, table)
            except BadInput:
                if place == self.folder or not store.is_sweep(self.folder):
                    raise  # and not because it got its name between two looks
        return pl.LazyFrame(schema=store.schema(self.plan) if table == store.TABLE else store.AUDIT_COLUMNS)

    def wait(self) -> Sweep:
        """Waits until all runs are over.

        Returns:
            The same, finished.

        Raises:
            BadInput: the disk refuses, or no worker can be begun.
            KeyboardInterrupt: somebody pressed Ctrl-C; what was over is kept, and the message says how to go on.
        """
        try:
            while self._thread is not None and self._thread.is_alive():
                self._thread.join(TICK)
        except KeyboardInterrupt:
            self.stop()
            if self._over:
                return self
            raise KeyboardInterrupt(self.how_to_go_on()) from None
        if self._error is not None:
            raise self._error
        return self

    def stop(self) -> None:
        """Stops; runs that are not over are lost, those that are over are kept. The same sweep into the same folder goes on."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def how_to_go_on(self) -> str:
        """What to say when it was stopped."""
        kept = f"stopped, {self.done:,} of {self.total:,} runs are done; to go on: " if self.done else "stopped before the first run was over: "
        return f"{kept}glasshouse sweep --resume {shlex.quote(str(self.folder))}" if self.done else f"{kept}nothing is kept"

    def __repr__(self) -> str:
        return self._told(self)

    # ---- the work

    def begin(self, plan: Plan, crew: Callable[[Plan], Crew], tell: Tell) -> Sweep:
        """Begins, or goes on, in a thread of its own; returns when the folder is at hand.

        Raises:
            BadInput: the folder is not at hand.
        """
        at_hand = threading.Event()

        def work() -> None:
            try:
                with store.filling(self.folder, self.plan, plan.toml) as filled:
                    at_hand.set()
                    if self._fill(plan, filled, crew, tell):
                        store.finish(filled, self.folder, self.plan, self._queue.counts)
                        self._over = True
            except BaseException as error:  # noqa: BLE001 - it is raised again where it can be told
                self._error = error
            finally:
                at_hand.set()

        self._thread = threading.Thread(target=work, daemon=True, name="sweep")
        self._thread.start()
        while not at_hand.wait(TICK):
            pass
        if self._error is not None:
            raise self._error
        return self

    def _fill(self, plan: Plan, filled: store.Filling, make: Callable[[Plan], Crew], tell: Tell) -> bool:
        """Carries out what is missing; whether all runs are over."""
        self._queue = queue = Queue(plan)
        self._had(plan, filled, queue)
        left = queue.next()
        if left is None:
            return True
        tell(self.done, self.total, 0.0, "getting ready")
        engine(lambda note: tell(self.done, self.total, 0.0, note), plan.scenario.whole, plan.scenario.regimes.values())  # once, not by each worker
        crew, began, before = make(plan), time.monotonic(), self.done
        queue.ahead = crew.many
        try:
            busy = 0
            while left is not None or busy:
                while left is not None and crew.free():
                    crew.begin(left, plan.job(left, filled.place / store.RUNS))
                    left, busy = queue.next(), busy + 1
                for number, done in crew.wait(TICK):
                    queue.heard(number, None if done.failed else done.result[0])
                    filled.add(plan.rows(number, done))
                    self.done, self.failed, busy = self.done + 1, self.failed + done.failed, busy - 1
                    tell(self.done, self.total, (self.done - before) / (time.monotonic() - began), None)
                if self._stop.is_set():
                    return False
                left = queue.next() if left is None else left
            return True
        finally:
            crew.close()
            filled.flush()

    def _had(self, plan: Plan, filled: store.Filling, queue: Queue) -> None:
        """Takes note of the runs that are there already."""
        measure = [] if plan.until is None else [plan.until.measure]
        run, levels = None, {}
        for row in chain(filled.runs(["run", "regime", *measure]), [None]):
            if run is not None and (row is None or row["run"] != run):
                queue.heard(run, None if None in levels else levels)
                self.done, self.failed, levels = self.done + 1, self.failed + (None in levels), {}
            if row is not None:
                run, levels[row["regime"]] = row["run"], {of: row[of] for of in measure}


def processes(workers: int) -> Callable[[Plan], Crew]:
    """A crew of processes on this machine, for `begin`."""
    return lambda plan: Processes(one, plan, workers)


def opened(folder: Path, plan: dict[str, Any], told: Callable[[Sweep], str]) -> Sweep:
    """A finished sweep as it lies in its folder."""
    found = Sweep(folder, plan, told, over=True)
    counted = found.frame.select(runs=pl.col("run").n_unique(), failed=pl.col("regime").is_null().sum()).collect()
    found.done, found.failed = counted.row(0)
    return found


def check_enough(plan: Plan) -> None:
    """Refuses an `until` that could never be decided."""
    if plan.until is not None and len(plan.design.seeds) < LEAST:
        raise BadInput(f"needs {LEAST} seeds or more to choose from, as in --vary seed=1..200", key="until")
