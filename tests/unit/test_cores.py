"""Jobs shared out over processes: the same results in the same order, and nothing that goes on once the call has ended."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from glasshouse.errors import BadInput, GlasshouseError
from glasshouse.experiments.cores import share_out, workers_for


def late(job):
    """The first jobs take longest."""
    time.sleep(max(0, 0.05 - 0.01 * job))
    return job * job


@pytest.mark.parametrize("workers", [None, 1, 2, 3, 7, 20])
def test_results_stand_in_the_order_of_the_jobs(workers):
    seen = []
    assert share_out(late, range(7), lambda done, total: seen.append((done, total)), workers) == [n * n for n in range(7)]
    assert seen == [(n, 7) for n in range(1, 8)]


def test_no_job_is_no_work():
    assert share_out(late, []) == []
    assert workers_for(1) == 1
    assert workers_for(0) == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_job_raises_is_raised(workers):
    def work(job):
        if job == 3:
            raise BadInput("no", key="life.air.fare")
        return job

    with pytest.raises(BadInput) as caught:
        share_out(work, range(6), workers=workers)
    assert str(caught.value) == "key `life.air.fare`: no"


def test_a_result_that_cannot_travel_is_a_fault_in_one_message():
    with pytest.raises(GlasshouseError, match="pickle"):
        share_out(lambda job: lambda: job, range(4), workers=2)


def test_a_process_that_is_killed_is_told():
    def work(job):
        if job == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return job

    with pytest.raises(GlasshouseError, match="was killed"):
        share_out(work, range(6), workers=2)


def test_whatever_ends_the_call_ends_the_processes():
    before, mine = set(children()), []

    def stop(done, total):
        mine.extend(int(line) for line in set(children()) - before)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        share_out(lambda job: time.sleep(0.01 if job < 2 else 60), range(4), stop, workers=2)
    assert len(mine) == 2
    assert [pid for pid in mine if str(pid) in children()] == []


def children():
    """The processes that this one began and that have not ended."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[1] == str(os.getpid()):
                    found.append(pid)
        except OSError:
            continue
    return found


CTRL_C = textwrap.dedent("""
    import time
    from glasshouse.commands import shown
    from glasshouse.commands.entry import run_command
    from glasshouse.cli import app
    from glasshouse.experiments.cores import share_out

    def slow():
        share_out(lambda job: time.sleep(0.02), range(100_000), lambda done, total: done == 4 and print("started", flush=True), workers=3)

    shown.regime_rows = slow
    raise SystemExit(run_command(app, ["regimes", "list"]))
""")


@pytest.mark.parametrize("to_all", [True, False])
def test_ctrl_c_ends_them_all_with_one_line(to_all):
    """A terminal sends it to every process; once each child told of it with a traceback, and the command hung."""
    command = subprocess.Popen([sys.executable, "-c", CTRL_C], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               start_new_session=True)  # fmt: skip
    assert command.stdout.readline() == "started\n"
    (os.killpg if to_all else os.kill)(command.pid, signal.SIGINT)
    _, err = command.communicate(timeout=20)
    assert command.returncode == 130
    assert err == "glasshouse: stopped; nothing half-written remains\n"
    with pytest.raises(ProcessLookupError):
        os.killpg(command.pid, 0)


def test_processes_end_when_whoever_began_them_is_killed():
    code = CTRL_C.replace("time.sleep(0.02)", "time.sleep(0.2)").replace("done == 4", "done == 1")
    command = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert command.stdout.readline() == "started\n"
    os.kill(command.pid, signal.SIGKILL)
    command.wait()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.killpg(command.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(command.pid, signal.SIGKILL)
    pytest.fail("they went on without it")
