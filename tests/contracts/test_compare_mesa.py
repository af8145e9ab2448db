"""The page beside Mesa is what its script writes; where Mesa is at hand, small runs agree in distribution, and wrong ones do not."""

import re

import numpy as np
import pytest
from benchmarks.mesa.compare import LEVEL, PAGE, PAIRS, SEEDS, TEXT, code_lines, differ, drawn, line_rows, smallest_shift, their_images

PLACE = re.compile(r"\\{(\w+)\\}")
MEASURES = {"wealth": 5, "schelling": 5, "private_images": 3}


def written() -> dict[str, str]:
    """What stands in each place of the page."""
    form = PLACE.sub(lambda name: f"(?P<{name[1]}>.+?)", re.escape(TEXT))
    found = re.fullmatch(form, PAGE.read_text(), re.DOTALL)
    assert found, "run: python benchmarks/mesa/compare.py"
    return found.groupdict()


def cells(rows: str) -> list[list[str]]:
    """The cells of a table's rows."""
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows.splitlines()]


def test_the_page_counts_the_lines_that_there_are():
    assert written()["lines"].splitlines() == line_rows()


def test_the_page_says_that_all_measures_agree():
    rows, each = cells(written()["agreeing"]), float(written()["each"])
    assert each == pytest.approx(LEVEL / len(rows), rel=0.05)
    assert {name: sum(row[0] == name for row in rows) for name in MEASURES} == MEASURES
    assert all(float(row[5]) >= each for row in rows)


def test_the_page_has_a_row_of_speed_for_each_model():
    for row, pair in zip(cells(written()["speed"]), PAIRS, strict=True):
        assert (row[0], *(int(n.replace(",", "")) for n in row[1:3])) == (pair.name, *pair.large)
        assert float(row[7]) == pytest.approx(float(row[4]) / float(row[3]), rel=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_the_figures_of_glasshouse_are_those_of_its_runs(pair):
    ours = drawn(pair.ours, *pair.small)
    assert f"{len(SEEDS)}" == written()["seeds"]
    for row in (row for row in cells(written()["agreeing"]) if row[0] == pair.name):
        assert row[2] == f"{ours[row[1]].mean():.5f} ({ours[row[1]].std(ddof=1):.5f})"


def test_lines_without_code_are_not_counted(tmp_path):
    file = tmp_path / "model.py"
    above = '"""Two\nlines."""\n\nimport x  # why\n\n\ndef f(a,\n      b):\n    """Said."""\n    # why\n    return a\n\n\n'
    file.write_text(above + "MODEL = f(\n    1,\n)\nROWS = 1\n")
    assert code_lines(file) == 7


def test_a_shift_is_found_and_none_is_not():
    one, other = np.random.default_rng(3).standard_normal((2, 200))
    level = LEVEL / sum(MEASURES.values())
    assert differ(one, other)[1] > level > differ(one, other + 0.7)[1]
    assert 0.3 < smallest_shift(200, level, 200) < 0.7


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_small_runs_agree_with_mesa(pair):
    pytest.importorskip("mesa")
    size, seeds = (pair.small[0], pair.small[1] // 4), range(1, 61)
    ours, theirs = drawn(pair.ours, *size, seeds), drawn(pair.theirs, *size, seeds)
    for name, one in ours.items():
        assert differ(one, theirs[name])[1] >= LEVEL / sum(MEASURES.values()), name


def test_a_model_with_more_mistakes_is_found_out():
    pytest.importorskip("mesa")
    size, seeds = (50, 1000), range(1, 61)
    ours = drawn(PAIRS[2].ours, *size, seeds)
    theirs = drawn(lambda *asked: their_images(*asked, error=0.1), *size, seeds)
    assert differ(ours["thought good"], theirs["thought good"])[1] < LEVEL / sum(MEASURES.values())
