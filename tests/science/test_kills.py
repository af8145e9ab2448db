"""A run that is killed, wherever that hits it, goes on to the same digest and the same bytes in every table.

The runs are children of one process of their own, which compiles nothing and starts no threads before it forks.
"""

import functools
import hashlib
import json
import math
import os
import random
import resource
import signal
import subprocess
import sys
import time
import traceback
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SMALL = {"citizens": 800, "days": 65, "checkpoint": 20, "report": False}
LARGE = {"citizens": 20_000, "days": 400, "checkpoint": 45, "report": True}
AIMED = {
    "in the middle of a day": ("stepper.day", "before", 50),
    "inside a checkpoint": ("zip.writestr", "before", 150),
    "before a checkpoint is on the disk": ("os.fsync", "before", 5),
    "between the renaming of a checkpoint and that of its folder reaching the disk": ("os.replace", "after", 2),
    "at the closing of a table": ("parquet.write", "after", 3),
    "before the finished run gets its name": ("os.rename", "before", 1),
    "after it has got its name": ("os.rename", "after", 1),
}
"""What is called where the kill falls: before or after which call."""
MORE = {
    "in the first checkpoint": ("zip.writestr", "before", 20),
    "in the second fsync": ("os.fsync", "after", 2),
    "inside the third checkpoint": ("zip.writestr", "before", 420),
    "before the renaming of a checkpoint": ("os.replace", "before", 3),
    "before the first table": ("parquet.write", "before", 1),
    "while the ranges of the headlines are worked out": ("ranges", "before", 1),
    "in the report": ("report", "before", 1),
}


@pytest.mark.parametrize("size", [SMALL, pytest.param(LARGE, marks=pytest.mark.long)], ids=["small", "25 at size"])
def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path, size):
    """Aimed kills; at size these and more, to 25 with those at moments drawn over the whole run."""
    aims = AIMED if size is SMALL else AIMED | MORE | {f"in part {n} of eleven of the run": ("time", "", n) for n in range(11)}
    told = subprocess.run(
        [sys.executable, __file__, str(tmp_path), json.dumps(size), json.dumps(aims)], capture_output=True, text=True, timeout=3000, check=False
    )
    assert told.returncode == 0, told.stderr[-5000:]
    ended = json.loads(told.stdout.splitlines()[-1])
    print("\n".join(f"{name}: {found['how']}" for name, found in ended.items()))
    assert ended.keys() == aims.keys() | {"Ctrl-C"}
    assert {name: found["differ"] for name, found in ended.items() if found["differ"]} == {}
    assert [name for name, found in ended.items() if not found["killed"] and aims.get(name, "c")[0] != "time"] == []
    assert sum(found["how"] == "resumed" for found in ended.values()) >= len(aims) - 6


# ---- the process that forks


def drive(place: Path, size: dict, aims: dict) -> dict:
    """One run that nobody kills, and one for each aim, killed and gone on with."""
    from glasshouse.experiments.engines import engine

    engine()
    for name in ("first", "whole"):  # the first of all runs reads from the disk what the others find in memory
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert child(lambda name=name: whole(place / name, size)) == 0
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    lasts = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime  # of the processor: what else goes on moves no kill
    wanted, out = left(place / "whole"), {}
    for name, (what, when, count) in aims.items():
        folder = place / str(len(out))
        if what == "time":
            moment = (count + random.Random(count).random()) / 11 * lasts
            code = child(lambda folder=folder: whole(folder, size), after=moment)
        else:
            code = child(lambda folder=folder, aim=(what, when, count): (aim_at(*aim), whole(folder, size)))
        out[name] = ended(folder, size, wanted) | {"killed": code == -signal.SIGKILL}
    code = child(lambda: (aim_at("stepper.day", "before", 33, signal.SIGINT), pressed(place / "pressed", size)))
    held = [path.stem for path in (place / "pressed.partial" / "checkpoints").iterdir()]
    out["Ctrl-C"] = ended(place / "pressed", size, wanted) | {"killed": code == 130 and "000033" in held}
    return out


def whole(folder: Path, size: dict) -> None:
    import glasshouse as gh

    gh.simulate("essay", out=folder, threads=2, **size)


def pressed(folder: Path, size: dict) -> None:
    from glasshouse.cli import main

    words = [word for key in ("citizens", "days", "checkpoint") for word in (f"--{key}", str(size[key]))]
    sys.argv = ["glasshouse", "run", "essay", "--out", str(folder), "--report" if size["report"] else "--no-report", *words]
    os._exit(main())


def ended(folder: Path, size: dict, wanted: dict) -> dict:
    """How a run that was killed came to its end, and which of its files are not those of the run that nobody killed."""
    partial = folder.with_name(folder.name + ".partial")
    if (partial / "checkpoints").is_dir() and any(path.suffix == ".checkpoint" for path in (partial / "checkpoints").iterdir()):
        how, code = "resumed", child(lambda: go_on(folder))
    elif folder.is_dir():
        how, code = "was complete", 0
    else:
        how, code = "began anew", child(lambda: whole(folder, size))
    found = left(folder) if code == 0 else {}
    gone = [f"it ended with {code}"] if code else [str(partial)] if partial.exists() else []
    return {"how": how, "differ": gone + [name for name in wanted if found.get(name) != wanted[name]]}


def go_on(folder: Path) -> None:
    import glasshouse as gh

    gh.resume(folder, threads=1)


def left(folder: Path) -> dict[str, str]:
    """A hash of every table, of the scenario, and of what the manifest says the run is, its digest among it."""
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.suffix in (".parquet", ".toml")}
    return found | {"what": json.dumps(json.loads((folder / "manifest.json").read_text())["what"])}


def child(work, after: float | None = None) -> int:
    """Does some work in a process of its own; returns its exit code, or less the signal that ended it.

    after: seconds of processor time after which it is killed.
    """
    number = os.fork()
    if number == 0:
        sys.stdout = sys.stderr
        try:
            work()
        except BaseException:  # noqa: BLE001 - the parent is told by the exit code
            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    if after is not None:
        while spent(number) < after:
            time.sleep(0.002)
        os.kill(number, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def spent(number: int) -> float:
    """Seconds of processor time of a process and its children that ended; endless if it is over."""
    told = Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()
    return math.inf if told[0] == "Z" else sum(map(int, told[11:15])) / os.sysconf("SC_CLK_TCK")


def aim_at(what: str, when: str, count: int, how: int = signal.SIGKILL) -> None:
    """Has this process killed before or after a certain call."""
    from glasshouse.commands import reporting
    from glasshouse.engine.state import Stepper
    from glasshouse.experiments import simulate
    from glasshouse.store import parquet

    of = {"stepper.day": (Stepper, "day"), "zip.writestr": (zipfile.ZipFile, "writestr"), "os.fsync": (os, "fsync"), "os.replace": (os, "replace"),
          "os.rename": (os, "rename"), "parquet.write": (parquet, "write"), "report": (reporting, "draw"), "ranges": (simulate, "ranges")}  # fmt: skip
    where, name = of[what]
    real, calls = getattr(where, name), [0]

    @functools.wraps(real)
    def counted(*given, **more):
        calls[0] += 1
        if calls[0] == count and when == "before":
            os.kill(os.getpid(), how)
        found = real(*given, **more)
        if calls[0] == count and when == "after":
            os.kill(os.getpid(), how)
        return found

    setattr(where, name, counted)


if __name__ == "__main__":
    print(json.dumps(drive(Path(sys.argv[1]), json.loads(sys.argv[2]), json.loads(sys.argv[3]))))
