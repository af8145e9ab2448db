"""Shards on the machines of a Ray cluster, or of one that is started on this machine for one run.

Each shard is a process of its own. What a shard hands in goes into the store of its machine, from where the others fetch it: arrays are
not copied on one machine, and go once to each other. A shard that is lost is set up anew, and all go back to the last day of which all have
kept a checkpoint: each on the disk of its machine, in the folder of compiled code.
"""

import os
import shutil
import threading
import time
from uuid import uuid4

from glasshouse.errors import BadInput, GlasshouseError
from glasshouse.experiments.engines import in_cache
from glasshouse.experiments.keeping import EVERY, SHARE
from glasshouse.experiments.meeting import Meeting
from glasshouse.experiments.shards import Shard, checked, quiet

LOCAL = "local"  # the address of a cluster that is started here
MOST_LOSSES = 20  # shards that a run may lose before it is given up
LAST_WORDS = 5.0  # seconds in which shards throw their checkpoints away
PATIENCE = 0.2  # seconds between two looks at how far the shards are


class Left(Exception):  # noqa: N818 - no error: this shard goes back with the others
    """A meeting that will not take place, since a shard was lost."""


class Hall:
    """An actor: keeps what shards hand in until all have, and how far they are."""

    def __init__(self, parts: int):
        self.parts, self.turn, self.moved = parts, 0, (0, 0.0)
        self.laid: dict[int, list] = {}
        self.all_there = threading.Condition()

    def meet(self, turn: int, number: int, part: int, box: list) -> list:
        """Takes a box of one shard at its meeting of a number, and gives out those of all."""
        with self.all_there:
            boxes = self.laid.setdefault(number, [None] * self.parts) if turn == self.turn else []
            if boxes:
                boxes[part] = box
                self.all_there.notify_all()
            self.all_there.wait_for(lambda: turn != self.turn or None not in boxes)
            if turn != self.turn:
                raise Left
            self.laid.pop(number - 1, None)  # whoever is here was there
            return boxes

    def leave(self) -> int:
        """Sends all away who wait; returns the number of the new turn."""
        with self.all_there:
            self.turn += 1
            self.laid.clear()
            self.all_there.notify_all()
            return self.turn

    def tell(self, done: int, rate: float) -> None:
        """Notes how many days are over, and citizen-days a second."""
        self.moved = done, rate

    def told(self) -> tuple[int, float]:
        """What was noted last."""
        return self.moved


class Seat(Meeting):
    """A shard's place in a hall."""

    def __init__(self, hall, turn: int, part: int, parts: int):
        self.hall, self.turn, self.part, self.parts, self.number = hall, turn, part, parts, 0

    def exchange(self, mine: dict) -> dict[str, list]:
        import ray

        self.number += 1
        try:
            boxes = ray.get(self.hall.meet.remote(self.turn, self.number, self.part, [ray.put(mine)]))
            all_ = [mine if part == self.part else ray.get(box[0]) for part, box in enumerate(boxes)]
        except (Left, ray.exceptions.ObjectLostError):
            raise Left from None
        return {name: [each[name] for each in all_] for name in mine}


class Clock:
    """Says on which days checkpoints are kept: of every so many, or else of some minutes each, at most one part in SHARE of the time."""

    def __init__(self, every: int | None):
        self.every, self.began, self.asked = every, time.monotonic(), False

    def __call__(self, done: int) -> bool:
        """Whether one is wished for of the day after so many."""
        if self.every:
            return (done + 1) % self.every == 0
        now = time.monotonic()
        if self.asked:  # it was kept since
            self.began = now + max(0.0, SHARE * (now - self.last) - EVERY)
        self.asked, self.last = now >= self.began + EVERY, now
        return self.asked


class Worker:
    """An actor: one shard. run: a name that no other run has, under which its checkpoints lie."""

    def __init__(self, scenario, hall, part: int, parts: int, threads: int, run: str, every: int | None):
        self.scenario, self.hall, self.part, self.parts, self.threads = scenario, hall, part, parts, threads
        self.place, self.every = in_cache("shards") / f"{run}-{part}", every

    def begin(self, turn: int) -> None:
        """Sets the shard up."""
        wishes = (lambda done: False) if self.part else Clock(self.every)
        self.shard = Shard(self.scenario, Seat(self.hall, turn, self.part, self.parts), self.threads, self.place, wishes)

    def end(self) -> None:
        """Throws its checkpoints away."""
        shutil.rmtree(self.place, ignore_errors=True)

    def run(self) -> None:
        """Lets all days pass."""
        tell = lambda done, days, rate, note: self.hall.tell.remote(done, rate)  # noqa: E731
        self.shard.run(quiet if self.part else tell)

    def ask(self, what: str, *about):
        """What the shard says to a question."""
        return getattr(self.shard, what)(*about)

    def process(self) -> int:
        """The number of the process that it is."""
        return os.getpid()


class Cluster:
    """Shards on a cluster, for one run: `with Cluster(scenario, "local") as crew`.

    Args:
        scenario: what is to be run.
        address: HOST:PORT of a cluster of which this machine is one, or "local" for one that is started here and ends with the run.
        parts: how many shards; by default one a machine.
        threads: of each shard; by default the cores of a machine are shared out among its shards.
        every: days between checkpoints; by default some minutes.

    Raises:
        BadInput: Ray is not installed, the cluster cannot be reached, or there are fewer communities than shards.
    """

    def __init__(self, scenario, address: str, parts: int | None = None, threads: int | None = None, every: int | None = None):
        self.ray = started(address)
        self.losses, self.workers, self.name, self.every = 0, [], uuid4().hex, every
        self.gone_back: list[int] = []
        try:
            machines = [node for node in self.ray.nodes() if node["Alive"]]
            self.parts = checked(scenario.citizens, len(machines) if parts is None else parts)
            self.machines = [machines[part * len(machines) // self.parts]["NodeID"] for part in range(self.parts)]
            self.scenario, self.threads = scenario, threads
            options = {"num_cpus": 0, "max_concurrency": 2 * self.parts + 4}
            self.hall = self.ray.remote(Hall).options(**options).remote(self.parts)
            self.workers = [self._worker(part) for part in range(self.parts)]
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> "Cluster":
        return self

    def __exit__(self, *error) -> None:
        self.close()

    def close(self) -> None:
        """Ends all shards, and the cluster if it was started here."""
        if self.workers:
            self.ray.wait([worker.end.remote() for worker in self.workers], num_returns=len(self.workers), timeout=LAST_WORDS)
        for worker in self.workers:
            self.ray.kill(worker)
        self.ray.shutdown()

    def _worker(self, part: int):
        """The process of a shard, on its machine or, if that is gone, on another."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        machine = self.machines[part]
        cores = next((int(node["Resources"].get("CPU", 1)) for node in self.ray.nodes() if node["NodeID"] == machine), 1)
        threads = self.threads or max(1, cores // self.machines.count(machine))
        strategy = NodeAffinitySchedulingStrategy(machine, soft=True)
        actor = self.ray.remote(Worker).options(num_cpus=0, scheduling_strategy=strategy)
        return actor.remote(self.scenario, self.hall, part, self.parts, threads, self.name, self.every)

    def run(self, progress=quiet) -> None:
        """Lets all days pass; where a shard is lost, all go back."""
        while True:
            turn = self.ray.get(self.hall.leave.remote())
            if self._all("begin", (turn,), progress) and self._back(progress) and self._all("run", (), progress):
                return

    def _back(self, progress) -> bool:
        """Takes all to the last day of which all have a checkpoint, if there is one; says whether none was lost on the way."""
        days = self._all("ask", ("days",), progress)
        common = set.intersection(*map(set, days)) if days else set()
        if not common:
            return bool(days)
        self.gone_back.append(max(common))
        return bool(self._all("ask", ("go_back", max(common)), progress))

    def ask(self, what: str, *about) -> list:
        """What each shard says to a question, in order of slots."""
        while not (said := self._all("ask", (what, *about), quiet)):
            self.run()
        return said

    def processes(self) -> list[int]:
        """The numbers of the processes of the shards."""
        return self.ray.get([worker.process.remote() for worker in self.workers])

    def _all(self, what: str, about: tuple, progress) -> list:
        """What all shards return; an empty list if one was lost, in whose place there is a new one then."""
        waiting = {getattr(worker, what).remote(*about): part for part, worker in enumerate(self.workers)}
        found, lost, errors = [None] * self.parts, [], []
        while waiting:
            done, _ = self.ray.wait(list(waiting), num_returns=1, timeout=PATIENCE)
            over, rate = self.ray.get(self.hall.told.remote())
            progress(over, self.scenario.days, rate, None)
            for each in done:
                part = waiting.pop(each)
                try:
                    found[part] = self.ray.get(each)
                except self.ray.exceptions.RayActorError:
                    lost.append(part)
                except self.ray.exceptions.RayTaskError as error:
                    errors.append(error.cause)
                if lost or errors:
                    self.ray.get(self.hall.leave.remote())
        for error in errors:
            if not isinstance(error, Left):
                raise error
        for part in lost:
            self.losses += 1
            self.workers[part] = self._worker(part)
        if self.losses > MOST_LOSSES:
            raise GlasshouseError(f"shards were lost {self.losses} times: the cluster has too little memory, or its machines go away")
        return [] if lost or errors else found


def started(address: str):
    """Ray, joined to a cluster or started here: it listens on this machine alone then, and speaks to nobody else.

    Raises:
        BadInput: it is not installed, or nobody answers at the address.
    """
    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = str(int(address != LOCAL))  # without it, Ray listens on the loopback address alone
    try:
        import ray
    except ImportError:
        raise BadInput("a cluster needs Ray: pip install 'glasshouse[cluster]'") from None
    try:
        if address == LOCAL:
            ray.init(address="local", include_dashboard=False, log_to_driver=False, logging_level="error")
        else:
            ray.init(address=address, log_to_driver=False, logging_level="error")
    except (ConnectionError, ValueError, RuntimeError, OSError) as error:
        ray.shutdown()
        if address == LOCAL:
            raise BadInput(f"no cluster could be started here ({str(error).splitlines()[0]})") from None
        raise BadInput(f"there is no Ray cluster at {address} that this machine belongs to (start one with `ray start`)") from None
    return ray
