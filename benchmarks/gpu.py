"""How fast can a day be on a GPU, and how fast is it? The bound that memory sets, from the declaration; and, where there is a card, the measure.

    python benchmarks/gpu.py                  the bytes that a citizen and day touch, and what that allows at 4.8 TB/s (an H200)
    python benchmarks/gpu.py --measure        the same days on the card of this machine, beside its own bandwidth

A step over everybody reads and writes columns once a day, a weekly one on a seventh of the days, a monthly one on a thirtieth. Steps over lists are left
out, since lists are short; so are the numbers, which stay in the cache. So this is the least that a day can touch, and no kernel is faster.
"""

import argparse
import time

import numpy as np
from benchmarks.core_day.model import MODEL as CORE_DAY

from glasshouse import day
from glasshouse.engine.build import reads
from glasshouse.engine.kernels import Kernels
from glasshouse.engine.model import Model, Step
from glasshouse.regimes.compile import kinds_of
from glasshouse.scenarios import load

OFTEN = {"tile": 1.0, "week": 1 / 7, "month": 1 / 30}
H200 = 4.8e12  # bytes a second, by its data sheet
COUNTRY, YEAR = 1_410_000_000, 365
SIZES = (10_000_000, 100_000_000, 1_000_000_000)


def least(model: Model, kinds: set[str]) -> float:
    """Bytes that one citizen and day touch at least, under one regime of these kinds.

    Example:
        >>> least(CORE_DAY.part(CORE_DAY.chain), {"life"})
        81.0
    """
    size = {"published": 8, model.publishes: 8} | {f.name: np.dtype(f.stored).itemsize for f in model.fields}
    size |= {"their_" + f.name: 3 * np.dtype(f.stored).itemsize for f in model.fields if f.seen}  # copied at night, and read
    touched: dict[tuple[str, str], float] = {}
    for step in (item for item in model.chain if isinstance(item, Step) and item.over in OFTEN):
        if step.shared or step.kind in kinds:
            added = {t[1:].partition("@")[0] for whole in step.writes for t in whole.split("|") if t[:1] == "&"}
            stored = {t for whole in step.writes for t in whole.split("|")} | added
            for way, names in (("read", reads(step) | added), ("written", stored)):
                for name in names & size.keys():
                    touched[way, name] = max(touched.get((way, name), 0.0), OFTEN[step.over])
    return sum(size[name] * often for (_, name), often in touched.items())


def between(model: Model) -> int:
    """Bytes that the kernels of a day leave for each other, a citizen."""
    writer = Kernels(model, "ptx")
    writer.source_text()
    return sum(np.dtype(dtype).itemsize for dtype in writer.scratch().values())


def bound(name: str, model: Model, kinds: set[str], bandwidth: float) -> float:
    """Prints what memory allows, and returns it: citizen-days a second."""
    bytes_ = least(model, kinds)
    year = COUNTRY * YEAR * bytes_ / bandwidth
    print(f"{name}: {bytes_:.0f} bytes a citizen and day, and at most {between(model)} between kernels; {bandwidth / bytes_ / 1e9:.1f} billion citizen-days a second; "
          f"a year of {COUNTRY / 1e9:.2f} billion citizens in {year:.1f} s")  # fmt: skip
    return bandwidth / bytes_


def bandwidth_of(card) -> float:
    """Bytes a second that a card reads and writes when it copies a gigabyte to itself."""
    here, there = (card.zeros(1 << 30, np.uint8) for _ in range(2))
    card.copy(here, there)
    card.wait()
    started = time.perf_counter()
    for _ in range(20):
        card.copy(here, there)
    card.wait()
    return 40 * here.nbytes / (time.perf_counter() - started)


def measured(citizens: int, days: int = 20) -> float:
    """Core days on the card: citizen-days a second, after a first day."""
    from glasshouse.engine.cuda import CudaEngine, CudaStepper, device
    from glasshouse.engine.state import State

    state = State(CORE_DAY.part(CORE_DAY.chain), citizens, [{"life"}])
    world, own = CORE_DAY.given({"": {}})
    steppers = [CudaStepper(CudaEngine(CORE_DAY.part(part), device()), state, 1, world, own, [0]) for part in (CORE_DAY.start, CORE_DAY.chain)]
    steppers[0].days(0, 1)
    steppers[1].days(0, 1)
    started = time.perf_counter()
    steppers[1].days(1, days)
    return citizens * days / (time.perf_counter() - started)


def main():
    """Prints the bounds, and measures where it is asked for."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--measure", action="store_true", help="on the card of this machine")
    bandwidth = H200
    if asked.parse_args().measure:
        from glasshouse.engine.cuda import device

        bandwidth = bandwidth_of(device())
        print(f"the card copies {bandwidth / 1e12:.2f} TB a second")
    most = bound("core day", CORE_DAY.part(CORE_DAY.chain), {"life"}, bandwidth)
    bound("full day, regime essay", day.model(), kinds_of(load("essay").regimes["essay"]), bandwidth)
    if bandwidth != H200:
        for citizens in SIZES:
            found = measured(citizens - citizens % 4096)
            print(f"core day of {citizens:,} citizens: {found / 1e9:.2f} billion citizen-days a second, {found / most:.0%} of what memory allows")


if __name__ == "__main__":
    main()
