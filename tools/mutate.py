#!/usr/bin/env python3
"""Plants small faults in the rules, one at a time, and asks whether the tests of that stage notice. See docs/mutation.md.

    tools/mutate.py                      everything, two at a time; exit code 1 if fewer than 95 % are noticed
    tools/mutate.py live.pays score      one rule, one stage
    tools/mutate.py --write              everything, and the figures go into docs/mutation.md
"""

import argparse
import importlib.util
import os
import re
import signal
import sys
import time
import tomllib
from collections import Counter
from pathlib import Path

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
LIMIT = 20  # seconds; a mutant that runs for ever is noticed, too
TESTED_BY = {"live": ["test_live_cases.py", "test_live.py"], "word": ["test_word_publish.py"], "publish": ["test_word_publish.py"]}
KILLED, SURVIVED, STUCK = "killed", "survived", "stuck"


class FirstThoseThatNameIt:
    """Runs first the tests that name the mutated rule, and the quick ones before those that try many examples."""

    def __init__(self, function: str):
        self.function = re.compile(rf"\b{re.escape(function)}\b")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        def order(item: pytest.Item) -> tuple[bool, bool]:
            names = " ".join(item.function.__code__.co_names) if not hasattr(item.function, "hypothesis") else ""
            inner = getattr(getattr(item.function, "hypothesis", None), "inner_test", None)
            names += " ".join(inner.__code__.co_names) if inner else ""
            return not self.function.search(names), inner is not None

        items.sort(key=order)


def plant(mutant: Mutant) -> None:
    """Loads the package's rules with the mutated file in the place of the true one."""
    name = f"glasshouse.rules.{mutant.module}"
    spec = importlib.util.find_spec(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    exec(compile(mutant.source, spec.origin, "exec"), module.__dict__)
    setattr(sys.modules["glasshouse.rules"], mutant.module, module)


def judge(mutant: Mutant | None, files: list[str]) -> int:
    """Runs the tests in this process, which is a child: 0 if all pass."""
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    try:
        if mutant is not None:
            plant(mutant)
    except Exception:  # noqa: BLE001  a mutant may break in any way while it loads: noticed
        return 1
    options = ["-x", "-q", "--tb=no", "--no-header", "-p", "no:cacheprovider", "-o", "addopts=", "--import-mode=importlib", "--hypothesis-profile=mutation"]
    return int(pytest.main([*options, *(str(TESTS / f) for f in files)], plugins=[FirstThoseThatNameIt(mutant.function if mutant else "")]))


def start(mutant: Mutant | None, module: str) -> int:
    """Starts a child on one mutant; returns its number."""
    files = TESTED_BY.get(module, [f"test_{module}.py"])
    child = os.fork()
    if child:
        return child
    signal.alarm(LIMIT)
    os._exit(min(judge(mutant, files), 100))


def verdict(status: int) -> str:
    """What a child's end means."""
    if os.WIFSIGNALED(status):
        return STUCK if os.WTERMSIG(status) == signal.SIGALRM else KILLED
    return SURVIVED if os.WEXITSTATUS(status) == 0 else KILLED


def run(planted: list[Mutant], jobs: int) -> list[str]:
    """Judges every mutant, some at a time, each in a process of its own."""
    verdicts: list[str] = [""] * len(planted)
    running: dict[int, int] = {}
    waiting = iter(range(len(planted)))
    done = 0
    while True:
        while len(running) < jobs and (n := next(waiting, None)) is not None:
            running[start(planted[n], planted[n].module)] = n
        if not running:
            return verdicts
        child, status = os.wait()
        n = running.pop(child)
        verdicts[n] = verdict(status)
        done += 1
        if verdicts[n] == SURVIVED:
            print(f"\r\033[K{planted[n].name}", flush=True)
        if sys.stderr.isatty():
            print(f"\r\033[K{done} of {len(planted)}", end="", file=sys.stderr, flush=True)


def equivalents() -> dict[str, str]:
    """The mutants that no test can notice, with the reason."""
    rows = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("equivalent", []) if EQUIVALENT.exists() else []
    return {f"{row['rule']}: {row['before']}  ->  {row['after']}": row["reason"] for row in rows}


def table(planted: list[Mutant], verdicts: list[str], same: dict[str, str]) -> str:
    """The figures by stage, as a page shows them."""
    counts: Counter[tuple[str, str]] = Counter()
    for mutant, found in zip(planted, verdicts, strict=True):
        counts[mutant.module, "equivalent" if mutant.name in same and found == SURVIVED else found] += 1
    rows = ["| stage | mutants | killed | of them stuck | equivalent | survived | killed of the others |", "|---|---:|---:|---:|---:|---:|---:|"]
    modules = sorted({m.module for m in planted})
    for name, group in [*((m, [m]) for m in modules), ("**all**", modules)]:
        killed, stuck, alike, left = (sum(counts[m, v] for m in group) for v in (KILLED, STUCK, "equivalent", SURVIVED))
        total = killed + stuck + alike + left
        rows.append(f"| {name} | {total} | {killed + stuck} | {stuck} | {alike} | {left} | {(killed + stuck) / max(1, total - alike):.1%} |")
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
    hypothesis.settings.register_profile("mutation", deadline=None, derandomize=True, database=None, max_examples=60, phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate])
    for module in sorted({m.module for m in planted}):
        if verdict(os.waitpid(start(None, module), 0)[1]) != SURVIVED:
            print(f"the tests of {module} fail, or take more than {LIMIT} s, without any fault planted", file=sys.stderr)
            return 1
    began = time.perf_counter()
    verdicts = run(planted, asked.jobs)
    same = equivalents()
    alive = [m.name for m, v in zip(planted, verdicts, strict=True) if v == SURVIVED]
    noticed = {m.name for m in planted} - set(alive)
    wrong = [n for n in same if n in noticed] + [n for n in same if n not in {m.name for m in everything}]
    left = [n for n in alive if n not in same]
    figures = table(planted, verdicts, same)
    print(f"{figures}\n\n{time.perf_counter() - began:.0f} s, {sum(os.times()[:4]):.0f} s of CPU")
    for name in wrong:
        print(f"listed as equivalent, but killed or no longer there: {name}")
    LEFT.mkdir(exist_ok=True)
    (LEFT / "survived.txt").write_text("".join(n + "\n" for n in left), encoding="utf-8")
    if asked.write and not asked.only:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(re.sub(r"(<!-- figures -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{figures}\n{m[2]}", text, flags=re.DOTALL), encoding="utf-8")
    share = 1 - len(left) / max(1, len(planted) - (len(alive) - len(left)))
    return 0 if share >= GOAL and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
