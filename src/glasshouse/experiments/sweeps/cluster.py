"""The runs of a sweep on the machines of a Ray cluster: the same design, the same results, workers elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from glasshouse.experiments.apart import Done, done_of
from glasshouse.experiments.cluster import started
from glasshouse.experiments.sweeps.crew import ONE_THREAD, TRIES, Crew, Work
from glasshouse.experiments.sweeps.plan import Plan, one


class Worker:
    """An actor: one run after another."""

    def __init__(self, work: Work, shared: Any):
        self.work, self.shared = work, shared

    def do(self, job: Any) -> Done:
        """How one run ends."""
        return done_of(lambda given, at: self.work(self.shared, given, at), job)


class Actors:
    """A crew of actors on a cluster. One that is lost costs the run that it was about, which another does again.

    Args:
        address: HOST:PORT of a cluster of which this machine is one, or "local" for one that is started here and ends with the crew.
        work, shared: as of `Processes`.
        workers: how many; by default one a core of the cluster.

    Raises:
        BadInput: Ray is not installed, or the cluster cannot be reached.
    """

    def __init__(self, address: str, work: Work, shared: Any, workers: int | None):
        self.ray = started(address)
        self.many = workers or max(1, int(self.ray.cluster_resources().get("CPU", 1)))
        self.work, self.shared = work, self.ray.put(shared)
        self.idle: list[Any] = []
        self.about: dict[Any, tuple[Any, int, Any]] = {}
        self.tries: dict[int, int] = {}

    def free(self) -> bool:
        return len(self.about) < self.many

    def begin(self, number: int, job: Any) -> None:
        worker = self.idle.pop() if self.idle else self._start()
        self.about[worker.do.remote(job)] = (worker, number, job)

    def wait(self, seconds: float) -> list[tuple[int, Done]]:
        over = []
        done, _ = self.ray.wait(list(self.about), timeout=seconds) if self.about else ([], [])
        for each in done:
            worker, number, job = self.about.pop(each)
            try:
                over.append((number, self.ray.get(each)))
                self.idle.append(worker)
            except self.ray.exceptions.RayActorError as error:
                self.tries[number] = self.tries.get(number, 1) + 1
                if self.tries[number] > TRIES:
                    over.append((number, Done(stage="in its process", why=f"the worker was lost {TRIES} times ({type(error).__name__})")))
                else:
                    self.begin(number, job)
        return over

    def close(self) -> None:
        for worker in [*self.idle, *(worker for worker, _, _ in self.about.values())]:
            self.ray.kill(worker)
        self.ray.shutdown()

    def _start(self) -> Any:
        return self.ray.remote(Worker).options(num_cpus=1, runtime_env={"env_vars": ONE_THREAD}).remote(self.work, self.shared)


def on_cluster(address: str, workers: int | None) -> Callable[[Plan], Crew]:
    """A crew on a cluster, for `Sweep.begin`."""
    return lambda plan: Actors(address, one, plan, workers)
