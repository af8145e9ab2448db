"""The core day of the benchmarks: Glasshouse, its slow reference and C leave the same bits, and the page is what the script writes."""

import re
import shutil

import numpy as np
import pytest
from benchmarks.core_day.compare import BITS, ENGINES, PAGE, SIZES, TEXT, moments
from benchmarks.core_day.engines.c_day import Run
from benchmarks.core_day.model import MODEL

from glasshouse.engine.build import Writer
from glasshouse.model import simulate

PLACE = re.compile(r"\\{(\w+)\\}")


def written() -> dict[str, str]:
    """What stands in each place of the page."""
    form, seen = re.escape(TEXT), set()
    for name in PLACE.findall(form):
        form = form.replace(rf"\{{{name}\}}", f"(?P={name})" if name in seen else f"(?P<{name}>.+?)", 1)
        seen.add(name)
    found = re.fullmatch(form, PAGE.read_text(), re.DOTALL)
    assert found, "run: python benchmarks/core_day/compare.py"
    return found.groupdict()


def test_only_steps_that_look_something_up_at_a_place_worked_out_can_be_stopped():
    writer = Writer(MODEL.part(MODEL.chain), checked=True)
    writer.source_text()
    assert {rule.__name__ for rule in writer.guarded} == {"inclined", "leaning", "hears", "entitled", "one"}


def test_compiled_and_uncompiled_give_the_same_bits():
    assert simulate(MODEL, 4096, 1).digest == simulate(MODEL, 4096, 1, reference=True).digest


@pytest.mark.skipif(not shutil.which("gcc"), reason="needs gcc")
@pytest.mark.parametrize("threads", [1, 2])
def test_c_leaves_the_same_bits(threads):
    run, c = simulate(MODEL, 8192, 40, threads=threads), Run(8192, threads)
    totals = c.days(40)
    for name, column in c.columns().items():
        assert column.tobytes() == run.state[name].tobytes(), name
    assert totals.tolist() == [run.totals[name][-1, 0] for name in MODEL.totals]


def test_a_day_moves_everything_and_its_totals_count_everybody():
    run = simulate(MODEL, 8192, 40)
    places = {kind: sum(run.totals[name] for name in MODEL.totals if name.startswith(kind)) for kind in ("cells@", "bins@")}
    assert all((counted == 8192).all() for counted in places.values())
    assert all(len(np.unique(column)) > 2 for column in run.state.values())
    found = moments([run.totals[name][-1, 0] for name in MODEL.totals], 8192)
    assert found["score"][0] / 32 == pytest.approx(run.state["score"].mean(), abs=0.04)
    assert found["penalised"][0] == pytest.approx(((run.state["flags"] & 31) != 0).mean())
    assert found["grade 3"][0] == pytest.approx((run.state["tier"] == 3).mean())


def test_the_page_has_every_engine_and_glasshouse_beside_c():
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in written()["speed"].splitlines()]
    asked = {(int(row[0].replace(",", "")), row[1], int(row[2])) for row in rows}
    assert {(size, engine, threads) for size in SIZES for engine in BITS for threads in (1, 2)} <= asked
    assert {engine for _, engine, _ in asked} <= set(ENGINES)
    for size in SIZES:
        fastest = max(float(row[6]) for row in rows if row[0] == f"{size:,}" and row[1].startswith("C, ") and row[2] == "1")
        assert fastest == 1
