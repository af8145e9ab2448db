#!/usr/bin/env python3
"""Plants small faults in the rules, one at a time, and asks whether the tests of that stage notice. See docs/mutation.md.

tools/mutate.py                      everything, two at a time; exit code 1 if fewer than 95 % are noticed
tools/mutate.py live.pays score      one rule, one stage
tools/mutate.py --write              everything, and the figures go into docs/mutation.md
"""

import argparse
import gc
import importlib
import json
import os
import re
import signal
import sys
import time
import tomllib
from collections import Counter
from itertools import groupby
from pathlib import Path
from types import FunctionType

import hypothesis
import numpy  # noqa: F401  (loaded once, for every mutant)
import pytest
import scipy.stats  # noqa: F401
from mutations import Mutant, mutants

ROOT = Path(__file__).resolve().parents[1]
RULES, TESTS = ROOT / "src/glasshouse/rules", ROOT / "tests/unit/rules"
EQUIVALENT = ROOT / "tools/equivalent_mutants.toml"
PAGE = ROOT / "docs/mutation.md"
LEFT = ROOT / "mutants"  # the names of those that survived
GOAL = 0.95
LONGEST = 60  # seconds of CPU for a stage's tests without a fault
PATIENCE = 3  # a mutant may take so many times as long, and at least
LEAST = 5  # seconds; one that runs for ever is noticed, too
TESTED_BY = {"live": ["test_live_cases.py", "test_live.py"], "word": ["test_word_publish.py"], "publish": ["test_word_publish.py"]}
KILLED, SURVIVED, STUCK = "killed", "survived", "stuck"


def plant(mutant: Mutant) -> None:
    """Puts a fault into the rules where they stand: every file that has imported a faulty rule calls it."""
    module = importlib.import_module(f"glasshouse.rules.{mutant.module}")
    names = dict(vars(module))
    exec(compile(mutant.source, module.__file__, "exec"), names)
    for name, value in names.items():
        if isinstance(value, FunctionType) and value is not getattr(module, name):
            getattr(module, name).__code__ = value.__code__
        elif name != "__builtins__" and value is not getattr(module, name):
            setattr(module, name, value)


def naming(function: str, item: pytest.Item) -> tuple[bool, bool]:
    """The order of tests: first those that name the faulty rule, and the quick ones before those that try many examples."""
    examples = getattr(item.function, "hypothesis", None)
    test = examples.inner_test if examples else item.function
    return function not in test.__code__.co_names, examples is not None


class Judge:
    """Lets pytest collect a stage's tests once, then runs them against each mutant in a process of its own."""

    def __init__(self, planted: list[Mutant], jobs: int):
        self.planted, self.jobs = planted, jobs
        self.verdicts: list[str] = [""] * len(planted)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """In a child: the first failure says enough."""
        if report.failed:
            os._exit(1)

    def against(self, mutant: Mutant, items: list[pytest.Item], limit: float) -> int:
        """Starts a child on one mutant, with so many seconds of CPU; returns its number."""
        child = os.fork()
        if child:
            return child
        signal.setitimer(signal.ITIMER_PROF, limit)
        try:
            plant(mutant)
            items = sorted(items, key=lambda item: naming(mutant.function, item))
        except Exception:  # noqa: BLE001  a fault may break in any way while it loads: noticed
            os._exit(1)
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        os._exit(0)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In the place of pytest's own loop."""
        gc.freeze()
        module = self.planted[0].module
        sound = Mutant(module, "", "", "", "")
        _, status, used = os.wait4(self.against(sound, session.items, LONGEST), 0)
        if verdict(status) != SURVIVED:
            return True  # without a fault the tests fail or take too long: no verdicts
        limit = max(LEAST, PATIENCE * (used.ru_utime + used.ru_stime))
        running: dict[int, int] = {}
        waiting = iter(range(len(self.planted)))
        while True:
            while len(running) < self.jobs and (n := next(waiting, None)) is not None:
                running[self.against(self.planted[n], session.items, limit)] = n
            if not running:
                return True
            child, status = os.wait()
            self.verdicts[running.pop(child)] = verdict(status)


def verdict(status: int) -> str:
    """What a child's end means."""
    if os.WIFSIGNALED(status):
        return STUCK if os.WTERMSIG(status) == signal.SIGPROF else KILLED
    return SURVIVED if os.WEXITSTATUS(status) == 0 else KILLED


def stage(module: str, planted: list[Mutant], jobs: int) -> list[str]:
    """The verdicts on a stage's mutants, in order; found in a child, so that stages do not share a pytest."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        judge = Judge(planted, jobs)
        options = ["-q", "--tb=no", "-p", "no:cacheprovider", "-o", "addopts=", "--import-mode=importlib", "--hypothesis-profile=mutation"]
        pytest.main([*options, *(str(TESTS / f) for f in TESTED_BY.get(module, [f"test_{module}.py"]))], plugins=[judge])
        os.write(writing, json.dumps(judge.verdicts).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        verdicts = json.loads(pipe.read() or "[]")
    os.waitpid(child, 0)
    if not all(verdicts) or len(verdicts) != len(planted):
        sys.exit(f"the tests of {module} fail, or take more than {LONGEST} s of CPU, without any fault planted")
    return verdicts


def run(planted: list[Mutant], jobs: int) -> list[str]:
    """Judges every mutant, a stage after the other."""
    verdicts: list[str] = []
    for module, group in groupby(planted, key=lambda m: m.module):
        began = time.perf_counter()
        members = list(group)
        found = stage(module, members, jobs)
        print(
            f"{module}: {len(members)} mutants, {found.count(SURVIVED)} survived, {time.perf_counter() - began:.0f} s",
            file=sys.stderr,
            flush=True,
        )
        verdicts += found
    return verdicts


def equivalents() -> dict[str, str]:
    """The mutants that no test can notice, with the reason."""
    rows = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("equivalent", []) if EQUIVALENT.exists() else []
    return {f"{row['rule']}: {row['before']}  ->  {row['after']}": row["reason"] for row in rows}


def table(planted: list[Mutant], verdicts: list[str], same: dict[str, str]) -> str:
    """The figures by stage, as a page shows them."""
    counts: Counter[tuple[str, str]] = Counter()
    for mutant, found in zip(planted, verdicts, strict=True):
        counts[mutant.module, "equivalent" if mutant.name in same and found == SURVIVED else found] += 1
    rows = [
        "| stage | mutants | killed | of them stuck | equivalent | survived | killed of the others |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    modules = sorted({m.module for m in planted})
    for name, group in [*((m, [m]) for m in modules), ("**all**", modules)]:
        killed, stuck, alike, left = (sum(counts[m, v] for m in group) for v in (KILLED, STUCK, "equivalent", SURVIVED))
        total = killed + stuck + alike + left
        rows.append(
            f"| {name} | {total} | {killed + stuck} | {stuck} | {alike} | {left} | {(killed + stuck) / max(1, total - alike):.1%} |"
        )
    return "\n".join(rows)


def main() -> int:
    """Runs what is asked for; 0 if the goal is met and the list of equivalents is true."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("only", nargs="*", help="stages (live) or rules (live.pays); all without")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="how many at a time")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/mutation.md")
    parser.add_argument("--list", action="store_true", help="only name the mutants")
    asked = parser.parse_args()
    everything = [m for file in sorted(RULES.glob("*.py")) for m in mutants(file.stem, file.read_text(encoding="utf-8"))]
    planted = [m for m in everything if not asked.only or {m.module, f"{m.module}.{m.function}"} & set(asked.only)]
    if asked.list:
        print("\n".join(m.name for m in planted))
        return 0
    os.chdir(ROOT)
    hypothesis.settings.register_profile(
        "mutation",
        deadline=None,
        derandomize=True,
        database=None,
        max_examples=120,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
    )
    began = time.perf_counter()
    verdicts = run(planted, asked.jobs)
    same = equivalents()
    alive = [m.name for m, v in zip(planted, verdicts, strict=True) if v == SURVIVED]
    noticed = {m.name for m in planted} - set(alive)
    wrong = [n for n in same if n in noticed] + [n for n in same if n not in {m.name for m in everything}]
    left = [n for n in alive if n not in same]
    figures = table(planted, verdicts, same)
    print(f"{figures}\n\n{time.perf_counter() - began:.0f} s, {sum(os.times()[:4]):.0f} s of CPU")
    for name in left:
        print(f"survived: {name}")
    for name in wrong:
        print(f"listed as equivalent, but killed or no longer there: {name}")
    LEFT.mkdir(exist_ok=True)
    (LEFT / "survived.txt").write_text("".join(n + "\n" for n in left), encoding="utf-8")
    if asked.write and not asked.only:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(
            re.sub(r"(<!-- figures -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{figures}\n{m[2]}", text, flags=re.DOTALL), encoding="utf-8"
        )
    share = 1 - len(left) / max(1, len(planted) - (len(alive) - len(left)))
    return 0 if share >= GOAL and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
