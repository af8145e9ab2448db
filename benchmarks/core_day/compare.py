"""The core day in Glasshouse, in C and in others: checks that they agree, times them in turns, writes docs/core-day.md with a figure.

    python benchmarks/core_day/compare.py [bits] [agreement] [speed] [others] [profile]        all, if none is named

It needs what benchmarks/requirements.txt lists; engines that are not at hand are left out. DECLARATION.md says what is computed, and
how it is timed.
"""

import hashlib
import importlib
import json
import os
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
KEPT = Path(__file__).parent / "measured.json"  # of which the page is made
PAGE, FIGURE = ROOT / "docs" / "core-day.md", ROOT / "docs" / "img" / "core-day.svg"
# engine -> module, class, packages it needs
ENGINES = {
    "Glasshouse": ("glasshouse_day", "Run", ()),
    "C, clang": ("c_day", "Clang", ()),
    "C, gcc": ("c_day", "Run", ()),
    "JAX": ("jax_day", "Run", ("jax",)),
    "Warp": ("warp_day", "Run", ("warp",)),
    "Taichi": ("taichi_day", "Run", ("taichi",)),
    "NumPy": ("numpy_day", "Run", ()),
    "Mesa": ("mesa_day", "Run", ("mesa",)),
}
BITS = ("Glasshouse", "C, clang", "C, gcc")  # those that must leave the same bits
PACKAGES = {"Warp": "warp-lang", "NumPy": "numpy", "Taichi": "taichi", "JAX": "jax", "Mesa": "Mesa"}
SIZES = (98_304, 999_424, 9_998_336)
CHECKED, CHECK_DAYS, MESA_CHECKED = 98_304, 30, 8192
ERRORS = 5
PARTS = ("bits", "agreement", "speed", "others", "profile")
TURNS, STRETCH = 5, 4_000_000  # stretches of each, and citizen-days of a stretch of the fast ones


def at_hand(engine: str) -> bool:
    """Whether an engine can be run here."""
    from benchmarks.core_day.engines.c_day import compilers

    return all(map(find_spec, ENGINES[engine][2])) and (not engine.startswith("C, ") or engine[3:] in compilers())


def work(engine: str, citizens: int, threads: int) -> None:
    """A process that steps one engine: for each number of days that it reads it says what that took, and the last day's totals."""
    module, name, _ = ENGINES[engine]
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-threads:] if engine == "JAX" else os.sched_getaffinity(0))
    run = getattr(importlib.import_module(f"benchmarks.core_day.engines.{module}"), name)(citizens, threads)
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        began, spent = time.perf_counter(), time.process_time()
        totals = run.days(int(line))
        told = {"wall": time.perf_counter() - began, "cpu": time.process_time() - spent, "totals": totals.tolist()}
        print(json.dumps(told), flush=True)


class Worker:
    """A process with one engine, at rest while others run."""

    def __init__(self, engine: str, citizens: int, threads: int):
        known = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}"}
        self.engine, self.citizens, self.threads = engine, citizens, threads
        asked = [sys.executable, str(Path(__file__).resolve()), "--worker", engine, str(citizens), str(threads)]
        self.process = subprocess.Popen(
            asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=known, cwd=ROOT
        )
        self.hear()

    def hear(self):
        """What the process says next; other lines, that libraries print, are passed over."""
        for line in self.process.stdout:
            if line.startswith(('"ready"', '{"wall"')):
                return json.loads(line)
        raise SystemExit(f"{self.engine} with {self.citizens} citizens has ended")

    def days(self, count: int) -> dict:
        """Steps some days."""
        print(count, file=self.process.stdin, flush=True)
        return self.hear()

    def close(self) -> None:
        """Lets the process end."""
        self.process.stdin.close()
        self.process.wait()


class Here:
    """The same, in this process: for engines that need nothing of their own."""

    def __init__(self, engine: str, citizens: int, threads: int):
        module, name, _ = ENGINES[engine]
        self.engine, self.citizens, self.threads = engine, citizens, threads
        self.run = getattr(importlib.import_module(f"benchmarks.core_day.engines.{module}"), name)(citizens, threads)

    def days(self, count: int) -> dict:
        """Steps some days."""
        began, spent = time.perf_counter(), time.process_time()
        totals = self.run.days(count)
        return {"wall": time.perf_counter() - began, "cpu": time.process_time() - spent, "totals": totals.tolist()}

    def close(self) -> None:
        """Nothing to end."""


def started(engine: str, citizens: int, threads: int) -> "Here | Worker":
    """An engine, in this process if it can be."""
    return (Here if engine in BITS else Worker)(engine, citizens, threads)


# ---- agreement


def same_bits() -> str:
    """The digest that Glasshouse and C leave, with one thread and with two."""
    digests = {}
    for engine in filter(at_hand, BITS):
        for threads in (1, 2):
            one = Here(engine, CHECKED, threads)
            totals, columns = one.days(CHECK_DAYS)["totals"], one.run.columns()
            state = b"".join(columns[name].tobytes() for name in sorted(columns))
            digests[engine, threads] = hashlib.sha256(state + repr(totals).encode()).hexdigest()[:10]
    if len(set(digests.values())) != 1:
        raise SystemExit(f"not the same bits: {digests}")
    return next(iter(digests.values()))


def moments(totals: list[int], citizens: int) -> dict[str, tuple[float, float]]:
    """What is compared of a day's totals: each with its standard error."""
    score, squares, cells, bins = totals[0] / citizens, totals[1] / citizens, np.array(totals[2:66]), np.array(totals[66:]) / citizens
    whole = np.arange(len(bins))
    wealth = bins @ whole
    shares = {f"grade {k}": cells[k::8].sum() / citizens for k in range(7)}
    shares["penalised"] = cells.reshape(4, 2, 8)[:, 1].sum() / citizens
    found = {
        "score": (score, np.sqrt((squares - score**2) / citizens)),
        "wealth": (wealth, np.sqrt(bins @ (whole - wealth) ** 2 / citizens)),
    }
    return found | {name: (share, np.sqrt(max(share * (1 - share), 1 / citizens) / citizens)) for name, share in shares.items()}


def furthest(engine: str) -> float:
    """By how many standard errors an engine with luck of its own is off at most."""
    size = MESA_CHECKED if engine == "Mesa" else CHECKED
    days = {}
    for who in ("Glasshouse", engine):
        worker = started(who, size, 1)
        days[who] = moments(worker.days(CHECK_DAYS)["totals"], size)
        worker.close()
    off = {
        name: abs(one - days[engine][name][0]) / np.hypot(error, days[engine][name][1]) for name, (one, error) in days["Glasshouse"].items()
    }
    if max(off.values()) > ERRORS:
        raise SystemExit(f"{engine} does not agree: {off}")
    return float(max(off.values()))


# ---- speed


def timed(engines: list[str], citizens: int) -> list[list]:
    """Citizens, engine, threads, million citizen-days a second, nanoseconds of processor a citizen-day: medians of stretches in turns."""
    asked = [(engine, threads) for engine in filter(at_hand, engines) for threads in ((1, 2) if engine in BITS else (1,))]
    runs = [started(engine, citizens, threads) for engine, threads in asked]
    days = [max(1, STRETCH // citizens) if one.engine in BITS else max(1, STRETCH // citizens // 8) for one in runs]
    days = [1 if one.engine == "Mesa" else count for one, count in zip(runs, days, strict=True)]
    told = [[one.days(count) for one, count in zip(runs, days, strict=True)] for _ in range(TURNS + 1)][1:]
    for one in runs:
        one.close()
    rows = []
    for (engine, threads), count, found in zip(asked, days, zip(*told, strict=True), strict=True):
        wall, cpu = (statistics.median(one[kind] for one in found) / count / citizens for kind in ("wall", "cpu"))
        rows.append([citizens, engine, threads, 1e-6 / wall, 1e9 * cpu])
    return rows


def speed_rows(found: list[list]) -> list[str]:
    """The rows of the table of speeds."""
    rows = []
    for citizens, engine, threads, rate, cpu in sorted(found, key=lambda row: (row[0], row[4], row[2])):
        c = [row for row in found if row[0] == citizens and row[1].startswith("C, ") and row[2] == threads]
        shares = rate / max(row[3] for row in c), min(row[4] for row in c) / cpu
        rows.append(f"| {citizens:,} | {engine} | {threads} | {rate:.3g} | {cpu:.3g} | {shares[0]:.2g} | {shares[1]:.2g} |")
    return rows


# ---- where the time goes


def profile(citizens: int = CHECKED) -> list[tuple[str, float]]:
    """Nanoseconds of processor a citizen-day of each loop that is generated from the model, each compiled by itself and run alone."""
    from numba import njit

    from glasshouse.engine import build, native

    @njit(nogil=True)
    def alone(part, desk, address, tiles, total, times):
        for _ in range(times):
            for tile in range(tiles):
                start = tile * 1024
                desk[0], desk[1], desk[2] = min(total, start + 1024) - start, start, 0
                native._call(part, address)

    build.LOOPS_TOGETHER = 1
    from benchmarks.core_day.engines.glasshouse_day import MODEL, Run

    run = Run(citizens, 1)
    run.days(3)
    writer = build.Writer(MODEL.part(MODEL.chain), checked=True)
    writer.source_text()
    found = []
    for text, (part, *_) in zip(writer.texts, run.stepper.program, strict=True):
        given = part, run.stepper.desks[0], run.stepper.at[0], -(-citizens // 1024), citizens
        alone(*given, 1)
        spent = []
        for _ in range(7):
            began = time.process_time()
            alone(*given, 10)
            spent.append((time.process_time() - began) / citizens / 10 * 1e9)
        name = next((word.split("(")[0] for word in text.split() if word.startswith("r_model_")), "r_model_luck")
        if "for j in" in text:
            found.append((name.removeprefix("r_model_"), statistics.median(spent)))
    return found


def gigahertz() -> float:
    """The clock, from a chain of additions of which each waits for the one before."""
    from numba import njit

    @njit
    def chain(count, by):
        n = count
        for k in range(count):
            n = (n ^ k) + by
        return n

    chain(10, 3)
    began = time.process_time()
    chain(500_000_000, 3)
    return 500_000_000 * 2 / (time.process_time() - began) / 1e9


def profile_rows(loops: list[tuple[str, float]], clock: float) -> list[str]:
    """The rows of the profile: loops of one name together."""
    names = list(dict.fromkeys(name for name, _ in loops))
    spent = {name: [ns for other, ns in loops if other == name] for name in names}
    rows = [f"| `{name}` | {len(ns)} | {sum(ns):.2f} | {sum(ns) * clock:.1f} |" for name, ns in spent.items()]
    return [*rows, f"| all | {len(loops)} | {sum(ns for _, ns in loops):.2f} | {sum(ns for _, ns in loops) * clock:.1f} |"]


# ---- the page


def figure(found: list[list]) -> None:
    """Bars: nanoseconds of processor a citizen-day, each engine on one core at the smallest size."""
    import altair as alt
    import polars as pl

    rows = [row for row in found if row[0] == min(SIZES) and row[2] == 1]
    table = pl.DataFrame({"engine": [row[1] for row in rows], "ns": [row[4] for row in rows]})
    spent = alt.X("ns:Q").scale(type="log", domainMin=1).title("nanoseconds of processor a citizen-day")
    bars = alt.Chart(table).encode(x=spent, y=alt.Y("engine:N").sort("x").title(None))
    labels = bars.mark_text(align="left", dx=4).encode(text=alt.Text("ns:Q", format=".3~s"))
    FIGURE.parent.mkdir(exist_ok=True)
    (bars.mark_bar() + labels).properties(width=560).save(str(FIGURE))


def measure(what: str, kept: dict) -> None:
    """One of the things that the page is made of, into what is kept."""
    others = [engine for engine in ENGINES if engine not in BITS and at_hand(engine)]
    if what == "bits":
        kept["digest"] = same_bits()
    if what == "agreement":
        kept["off"] = {engine: furthest(engine) for engine in others}
        kept["versions"] = {engine: version(PACKAGES[engine]) for engine in others}
    if what in ("speed", "others"):
        together = [(list(BITS), size) for size in SIZES] if what == "speed" else [([engine], SIZES[0]) for engine in others]
        found = [row for engines, size in together for row in timed(engines, size)]
        new = {tuple(row[:3]) for row in found}
        kept["speed"] = [row for row in kept.get("speed", []) if tuple(row[:3]) not in new] + found
        kept["load"] = os.getloadavg()[1]
    if what == "profile":
        kept["profile"], kept["clock"] = profile(), gigahertz()


def main(wanted: list[str]) -> None:
    """Measures what is asked for, keeps it, and writes the page and the figure of all that is kept."""
    kept = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    for what in wanted:
        measure(what, kept)
        KEPT.write_text(json.dumps(kept, indent=1) + "\n")
    PAGE.write_text(page(kept))
    figure(kept["speed"])


def page(kept: dict) -> str:
    """The whole page, of what is kept."""
    used = ", ".join(f"{engine} {number}" for engine, number in kept["versions"].items())
    return TEXT.format(
        digest=kept["digest"],
        machine=f"Numba {version('numba')}; {used}",
        days=CHECK_DAYS,
        checked=f"{CHECKED:,}",
        mesa=f"{MESA_CHECKED:,}",
        off="; ".join(f"{engine} {errors:.1f}" for engine, errors in kept["off"].items()),
        turns=TURNS,
        load=f"{kept['load']:.0f}",
        speed="\n".join(speed_rows(kept["speed"])),
        profile="\n".join(profile_rows(kept["profile"], kept["clock"])),
        clock=f"{kept['clock']:.1f}",
    )


TEXT = """# The core day, beside C and others

How fast is a day that is written in the public words of Glasshouse (`benchmarks/core_day/model.py`), beside the same day written by hand
in C and in other engines? [The declaration](../benchmarks/core_day/DECLARATION.md) says what is computed, and how each may be written.
This page is written by `python benchmarks/core_day/compare.py` ({machine}).

**Same bits.** Glasshouse and C leave the same state and the same measures after {days} days of {checked} citizens, with one thread and
with two: digest {digest}. The others have luck of their own; their mean score and wealth and their shares of grades and of the penalised
are off by at most so many standard errors (Mesa with {mesa} citizens): {off}.

![Nanoseconds of processor a citizen-day, each engine on one core](img/core-day.svg)

Medians of {turns} stretches of days; Glasshouse and C take turns, the others run each alone. Nanoseconds of processor do not count the time
in which a process waited for a core; the clock does, and while this was measured some {load} processes wanted the two cores. "Of C" is of
the faster C with as many threads.

| citizens | engine | threads | million citizen-days/s | ns of processor a citizen-day | of C by the clock | of C by the processor |
|---|---|---|---|---|---|---|
{speed}

## Where the time goes

Loops that Glasshouse generates from the model, each compiled by itself and run alone over {checked} citizens, one core; cycles at
{clock} GHz. `luck` is Philox, four words a loop; `hears` gathers the words of eight others.

| loop | how many | ns a citizen-day | cycles |
|---|---|---|---|
{profile}
"""

if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        work(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        main(sys.argv[1:] or list(PARTS))
