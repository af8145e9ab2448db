"""Designs of sweeps, when seeds are enough, and the table that is put together from parts: without a run."""

import itertools
import random
import time
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glasshouse.audits.paired import mean_of
from glasshouse.commands.swept import _cell
from glasshouse.errors import BadInput
from glasshouse.experiments.apart import Done
from glasshouse.experiments.sweeps.design import Design, designed, points
from glasshouse.experiments.sweeps.plan import Plan, Queue
from glasshouse.experiments.sweeps.until import IDS, measure_named, until
from glasshouse.present.swept import effects
from glasshouse.scenarios import load
from glasshouse.store import sweep as store

FARE, SIZE, AGE = "life.air.fare", "responses.chilling.size", "regime.essay.coverage.from_age"


@pytest.fixture(scope="module")
def essay():
    return load("essay").with_(citizens=300, days=70)


# ---- what is varied

@given(st.integers(-50, 50), st.integers(1, 400), st.integers(2, 40))
def test_a_line_is_as_exact_as_decimals(first, width, count):
    low, high = f"{first / 10:.1f}", f"{(first + width) / 10:.1f}"
    found = points("x", f"{low}:{high}:{count}")
    exact = [Fraction(low) + (Fraction(high) - Fraction(low)) * step / (count - 1) for step in range(count)]
    assert found == [float(each) for each in exact]
    assert len(found) == count and all(a < b for a, b in itertools.pairwise(found))


def test_values_are_read_as_written():
    assert points("x", "0:0.5:11") == [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5]
    assert points("x", "0:10:3") == [0, 5, 10] and all(isinstance(each, int) for each in points("x", "0:10:3"))
    assert points("x", " 1 .. 3 ") == [1, 2, 3]
    assert points("x", "3,0.5,1e2") == [3, 0.5, 100.0]
    assert points("x", 4) == [4]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [("0:1", "must be written as"), ("1...3", "must be written as"), ("0:1:1", "two numbers or more"), ("a:b:3", "from a number to a number"), ("1,1", "takes 1 twice"),
     ("", "takes no value"), ([], "takes no value"), ([True], "must be numbers"), ([float("nan")], "must be numbers"), ("3..1", "takes no value"),
     ([[1]], "must be numbers"), ("1..9000000", "at most 1,000,000"), ("0:1:9000000", "at most 1,000,000")],
)  # fmt: skip
def test_values_that_are_none_are_refused(wrong, said):
    with pytest.raises(BadInput, match=said):
        points("x", wrong)


def test_a_grid_is_every_combination_and_the_last_varies_fastest(essay):
    found = designed(essay, {FARE: "700,900", "seed": "5..7", SIZE: [0.1, 0.2, 0.3]})
    assert found.keys == (FARE, SIZE)
    assert found.settings == ((700, 0.1), (700, 0.2), (700, 0.3), (900, 0.1), (900, 0.2), (900, 0.3))
    assert found.total == 18
    assert [(found.changes(n), found.seed(n)) for n in (0, 2, 3, 17)] == [
        ({FARE: 700, SIZE: 0.1}, 5), ({FARE: 700, SIZE: 0.1}, 7), ({FARE: 700, SIZE: 0.2}, 5), ({FARE: 900, SIZE: 0.3}, 7)]  # fmt: skip
    assert Design.from_dict(found.as_dict()) == found


def test_a_file_holds_a_grid_a_list_and_seeds(essay, tmp_path):
    file = tmp_path / "design.toml"
    file.write_text(f'seeds = "3..4"\n[[list]]\n"{AGE}" = 14\n[[list]]\n{FARE} = 900\n[grid]\n"{SIZE}" = "0.1:0.2:2"\n')
    found = designed(essay, {}, file)
    assert (found.keys, found.seeds) == ((AGE, FARE, SIZE), (3, 4))
    assert found.settings == ((14, None, 0.1), (14, None, 0.2), (None, 900, 0.1), (None, 900, 0.2))
    assert found.changes(0) == {AGE: 14, SIZE: 0.1}, "what an entry does not say is as the scenario says"
    assert designed(essay, {"seed": "9,8"}, file).seeds == (9, 8), "the command line says more"


@pytest.mark.parametrize("name", ["latin_hypercube", "sobol"])
def test_a_sample_fills_its_ranges_evenly_and_is_the_same_again(essay, tmp_path, name):
    file = tmp_path / "design.toml"
    file.write_text(f'[{name}]\npoints = 64\nseed = 5\n[{name}.between]\n"{FARE}" = [400.5, 1200.5]\n"{SIZE}" = "range"\ndays = [14, 21]\n')
    found = designed(essay, {}, file)
    low, high = essay.values[SIZE].range
    columns = [np.array(column) for column in zip(*found.settings, strict=True)]
    for column, (a, b) in zip(columns[:2], [(400.5, 1200.5), (low, high)], strict=True):
        strata = np.floor((column - a) / (b - a) * 64).astype(int)
        assert sorted(strata) == list(range(64)), "one point in each of 64 equal parts of every range"
    assert all(isinstance(days, int) for days in columns[2].tolist()) and np.bincount(columns[2])[14:].tolist() == [8] * 8, "days are whole, each as often"
    assert designed(essay, {}, file) == found
    file.write_text(file.read_text().replace("seed = 5", "seed = 6"))
    assert designed(essay, {}, file).settings != found.settings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[grid]\n"life.air.far" = [1]', "key `life.air.far`: there is no such key; did you mean `life.air.fare`"),
        (f'[grid]\n"{FARE}" = [1]\n[[list]]\n"{FARE}" = 2', "is varied twice"),
        ("[grd]\nx = 1", "did you mean `grid`"),
        ('[grid]\nseed = "1..3"', "the seeds are one list"),
        ("list = 3", r"each headed \[\[list\]\]"),
        (f'[sobol]\npoints = 60\n[sobol.between]\n"{FARE}" = [1, 2]', "must be a power of two.*did you mean `64`"),
        (f'[sobol]\npoints = 0\n[sobol.between]\n"{FARE}" = [1, 2]', "at least 1"),
        (f'[sobol]\npoint = 8\n[sobol.between]\n"{FARE}" = [1, 2]', "must have points, seed and the table"),
        (f'[latin_hypercube.between]\n"{FARE}" = [2, 1]', "low and high"),
        ('[latin_hypercube.between]\n"life.air.far" = [1, 2]', "did you mean `life.air.fare`"),
        ("seeds = [1.5]", "must be whole numbers"),
        ("seeds = 1", "nothing is varied"),
    ],
)
def test_a_design_with_a_fault_is_refused_in_one_message(essay, tmp_path, text, said):
    file = tmp_path / "design.toml"
    file.write_text(text + "\n")
    with pytest.raises(BadInput, match=said):
        designed(essay, {}, file)


def test_too_many_runs_are_refused_before_they_are_written_down(essay):
    with pytest.raises(BadInput, match="at most 1,000,000"):
        designed(essay, {FARE: "1..1000000", SIZE: "0:1:100000"})


# ---- when seeds are enough

def test_what_is_asked_for_is_read():
    found = until("gini.difference  ci < 0.002", ["none", "essay", "lottery"])
    assert (found.measure, found.regimes, found.first, found.width) == ("life.income_gini", ("essay", "lottery"), "none", 0.002)
    found = until("essay.expression_mean ci<1e-3", ["none", "essay"])
    assert (found.measure, found.regimes, found.first) == ("life.expression_mean", ("essay",), None)
    levels = {"none": {"life.income_gini": 0.5}, "essay": {"life.income_gini": 0.75}, "lottery": {"life.income_gini": None}}
    assert until("gini.difference ci<1", [*levels]).of(levels) == (0.25, None)
    assert until("gini ci<1", [*levels]).of(levels) == (0.5, 0.75, None)


@pytest.mark.parametrize(
    ("said", "told"),
    [("gini", "must be written as"), ("gini ci<0", "must be written as"), ("gini ci<x", "must be written as"), ("ginni ci<1", "did you mean `life.income_gini`"),
     ("fen ci<1", "may be `rewards.fen` or `penalties.fen`"), ("none.gini.difference ci<1", "needs a regime beside `none`")],
)  # fmt: skip
def test_what_cannot_be_asked_for_is_refused(said, told):
    with pytest.raises(BadInput, match=told):
        until(said, ["none", "essay"])
    assert measure_named("penalties.fen") == "penalties.fen"


def plan_of(settings, seeds, width=None):
    enough = None if width is None else until(f"gini.difference ci<{width}", ["none", "essay"])
    return Plan(SimpleNamespace(regimes={"none": 0, "essay": 0}), Design((FARE,), tuple((n,) for n in range(settings)), tuple(range(seeds))), IDS, (), enough)


def levels(gap):
    return {"none": {"life.income_gini": 0.0}, "essay": {"life.income_gini": gap}}


@given(st.integers(0, 2**20), st.integers(1, 5), st.sampled_from([0.6, 0.9, 2.0]))
def test_seeds_are_enough_by_the_order_of_the_design_whoever_is_done_first(luck, jobs, width):
    draw = random.Random(luck)
    gaps = {number: None if draw.random() < 0.1 else draw.gauss(0, 1) / (1 + number // 40) for number in range(80)}
    needed = {}
    for setting in (0, 1):
        for n in range(1, 41):
            had = [gap for number in range(n) if (gap := gaps[40 * setting + number]) is not None]
            mean = mean_of(had)
            needed[setting] = n
            if len(had) >= 10 and mean.high - mean.low < width:
                break
    queue, running, begun = Queue(plan_of(2, 40, width), jobs), [], []
    while True:
        while len(running) < jobs and (number := queue.next()) is not None:
            running.append(number)
            begun.append(number)
        if not running:
            break
        over = running.pop(draw.randrange(len(running)))
        queue.heard(over, None if gaps[over] is None else levels(gaps[over]))
    assert [n for n in range(80) if queue.counts(n)] == [40 * s + n for s in (0, 1) for n in range(needed[s])]
    assert len(begun) == len(set(begun)) <= sum(needed.values()) + 2 * jobs, "hardly more runs than are needed"


def test_without_it_every_run_comes_once_and_those_that_are_over_do_not_come_again():
    queue = Queue(plan_of(2, 3))
    for number in (1, 4):
        queue.heard(number, levels(0.0))
    assert [queue.next() for _ in range(5)] == [0, 2, 3, 5, None]
    assert all(queue.counts(number) for number in range(6))


# ---- the table

def filled(folder, plan, order, cut):
    """A sweep whose runs came in some order, in parts of some size."""
    said = {**SAID, "design": plan.design.as_dict()}
    with store.filling(folder, said, "id = 'x'\n") as made:
        for number in order:
            done = Done(stage="living the days", why="no luck") if number % 7 == 3 else Done(({r: dict.fromkeys(IDS, number / 3) for r in plan.regimes}, {}))
            made.add(plan.rows(number, done))
            if draw_cut(number, cut):
                made.flush()
        store.finish(made, folder, said, lambda number: True)
    return folder


def draw_cut(number, cut):
    return number * 2654435761 % cut == 0


SAID = {"measures": list(IDS), "audits": [], "regimes": ["none", "essay"]}


@settings(max_examples=10)
@given(st.randoms(use_true_random=False), st.integers(1, 9))
def test_the_same_runs_give_the_same_bytes_in_whatever_order_and_parts(tmp_path_factory, luck, cut):
    plan, place = plan_of(4, 5), tmp_path_factory.mktemp("sweep")
    order = list(range(20))
    plain = filled(place / "plain", plan, order, 10**9)
    luck.shuffle(order)
    other = filled(place / "other", plan, order, cut)
    for name in (store.TABLE, store.PLAN):
        assert (plain / name).read_bytes() == (other / name).read_bytes()
    assert not list(place.glob("*.partial"))


def test_rows_stand_in_the_order_of_the_design_over_every_window(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "WINDOW", 6)
    plan = plan_of(4, 5)
    folder = filled(tmp_path / "a", plan, random.Random(1).sample(range(20), 20), 3)
    rows = store.frame(folder).collect()
    assert rows["run"].to_list() == [n for n in range(20) for _ in range(1 if n % 7 == 3 else 2)]
    assert rows.filter(pl.col("run") == 4)["regime"].to_list() == ["none", "essay"]
    failed = rows.filter(pl.col("regime").is_null())
    assert failed.select("run", "seed", "stage", "message").rows() == [(n, n % 5, "living the days", "no luck") for n in (3, 10, 17)]
    assert rows[FARE].to_list() == [row["run"] // 5 for row in rows.to_dicts()]


def test_runs_that_turned_out_to_be_too_many_are_left_out(tmp_path):
    plan = plan_of(2, 5)
    said = {**SAID, "design": plan.design.as_dict()}
    with store.filling(tmp_path / "a", said, "") as made:
        for number in range(10):
            made.add(plan.rows(number, Done(({r: dict.fromkeys(IDS, 0.5) for r in plan.regimes}, {}))))
        store.finish(made, tmp_path / "a", said, lambda number: number % 5 < 3)
    assert store.frame(tmp_path / "a").collect()["run"].unique().sort().to_list() == [0, 1, 2, 5, 6, 7]


def test_a_part_in_which_no_audit_found_anything_has_no_other_half(tmp_path):
    plan = plan_of(1, 2)
    said = {**SAID, "design": plan.design.as_dict(), "audits": ["effects"]}
    found = [{"run": 1, "regime": "none", "audit": "effects", "of": "x", "value": 1.0, "people": 3}]
    with store.filling(tmp_path / "a", said, "") as made:
        for number in (0, 1):
            made.add(store.Rows([{"run": number, "seed": number, "regime": "none"}], found[: number]))
            made.flush()
        assert store.frame(tmp_path / "a.partial", store.AUDITS).collect().height == 1
        store.finish(made, tmp_path / "a", said, lambda number: True)
    assert store.frame(tmp_path / "a", store.AUDITS).collect()["run"].to_list() == [1]


def test_a_part_of_which_one_half_is_missing_does_not_count(tmp_path):
    plan = plan_of(1, 20)
    said = {**SAID, "design": plan.design.as_dict(), "audits": ["effects"]}
    with store.filling(tmp_path / "a", said, "") as made:
        made.add(store.Rows([{"run": 0, "seed": 0, "regime": "none"}], [{"run": 0, "regime": "none", "audit": "effects", "of": "x", "value": 1.0, "people": 3}]))
        made.flush()
        made.add(store.Rows([{"run": 1, "seed": 1, "regime": "none"}], [{"run": 1, "regime": "none", "audit": "effects", "of": "x", "value": 2.0, "people": 3}]))
        made.flush()
    (tmp_path / "a.partial" / store.PARTS / f"000001-{store.TABLE}").unlink()
    assert store.frame(tmp_path / "a.partial", store.AUDITS).collect()["run"].to_list() == [0]
    with store.filling(tmp_path / "a", said, "") as again:
        assert [row["run"] for row in again.runs(["run"])] == [0]
        with pytest.raises(BadInput, match="written here at this moment"), store.filling(tmp_path / "a", said, ""):
            pass


def test_another_sweep_and_something_else_are_not_written_over(tmp_path):
    plan = plan_of(1, 3)
    said = {**SAID, "design": plan.design.as_dict()}
    folder = filled(tmp_path / "a", plan, range(3), 10**9)
    before = (folder / store.TABLE).read_bytes()
    with pytest.raises(BadInput, match="another sweep"), store.filling(folder, {**said, "measures": ["x"]}, ""):
        pass
    assert (folder / store.TABLE).read_bytes() == before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear")
    with pytest.raises(BadInput, match="holds something else"), store.filling(tmp_path / "mine", said, ""):
        pass
    (tmp_path / "b.partial").mkdir()
    (tmp_path / "b.partial" / "diary.txt").write_text("dear")
    with pytest.raises(BadInput, match="something else stands"), store.filling(tmp_path / "b", said, ""):
        pass
    assert (tmp_path / "b.partial" / "diary.txt").read_text() == "dear"


def test_ten_thousand_runs_are_read_in_less_than_a_second(tmp_path):
    plan = plan_of(500, 20)
    said = {**SAID, "design": plan.design.as_dict()}
    draw = np.random.default_rng(1).random((10_000, 2, len(IDS))).tolist()
    with store.filling(tmp_path / "a", said, "") as made:
        for number in range(10_000):
            found = {r: dict(zip(IDS, draw[number][k], strict=True)) for k, r in enumerate(plan.regimes)}
            made.add(plan.rows(number, Done((found, {}))))
        store.finish(made, tmp_path / "a", said, lambda number: True)
    took = []
    for _ in range(3):  # of which one is not held up by what else the machine does
        began = time.perf_counter()
        rows = store.frame(tmp_path / "a").collect()
        took.append(time.perf_counter() - began)
    assert min(took) < 1
    assert rows.shape == (20_000, 6 + len(IDS))


# ---- what it says

def test_effects_are_paired_means_over_seeds_worked_out_by_hand():
    rows = [
        {"run": n, FARE: n // 4, "seed": n % 4, "regime": r, "a": {"none": 1.0, "essay": 2.0 + n}[r], "b": None if r == "none" else 3.0}
        for n in range(8) for r in ("none", "essay")
    ] + [{"run": 8, FARE: 1, "seed": 4, "regime": None, "a": None, "b": None}]  # fmt: skip
    design = {"keys": [FARE], "settings": [[0], [1]], "seeds": list(range(5))}
    found = effects(pl.LazyFrame(rows, schema_overrides={"b": pl.Float64}), design, ["none", "essay"], ["a", "b"])
    assert [(row["value"], row["measure"]) for row in found] == [("0", "a"), ("0", "b"), ("1", "a"), ("1", "b")]
    low, none, high, _ = found
    assert (low["difference"], low["low"], low["high"], low["kind"], low["runs"], low["seeds"]) == (2.5, 1.0, 4.0, "range", 4, 4)
    assert (high["difference"], high["first_mean"], high["mean"]) == (6.5, 1.0, 7.5)
    assert (none["difference"], none["mean"], none["mean_low"]) == (None, 3.0, 3.0), "where the first has no case, the number itself"


def test_runs_of_one_seed_count_as_one():
    rows = [{"run": 10 * n + s, FARE: n % 3, SIZE: n // 3, "seed": s, "regime": "essay", "a": float(s + 10 * (n // 3))} for n in range(9) for s in range(10)]
    design = {"keys": [FARE, SIZE], "settings": [[n % 3, n // 3] for n in range(9)], "seeds": list(range(10))}
    found = [row for row in effects(pl.LazyFrame(rows), design, ["essay"], ["a"]) if row["key"] == FARE]
    by_seed = mean_of([s + 10.0 for s in range(10)])
    assert [(row["mean"], row["mean_low"], row["kind"], row["seeds"], row["runs"]) for row in found] == [(by_seed.mean, by_seed.low, "95 % interval", 10, 30)] * 3


def test_many_values_are_told_in_quarters_and_every_run_is_in_one():
    numbers = [n / 7 for n in range(57)]
    rows = [{"run": n, FARE: x, "seed": 1, "regime": "essay", "a": x} for n, x in enumerate(numbers)]
    found = effects(pl.LazyFrame(rows), {"keys": [FARE], "settings": [[x] for x in numbers], "seeds": [1]}, ["essay"], ["a"])
    assert [row["value"] for row in found] == ["0 to 2", "2 to 4", "4 to 6", "6 to 8"]
    assert sum(row["runs"] for row in found) == 57
    assert (found[0]["mean_low"], found[3]["mean_high"]) == (0.0, 8.0)


def test_a_cell_says_what_its_brackets_are():
    row = {"measure": "penalties.citizen_days", "difference": 5.0, "low": 0.0, "high": 9.0, "mean": 5.0, "kind": "range", "seeds": 3}
    assert _cell(row, some=True) == "+5 [0; +9] (range of 3)"
    assert _cell(row, some=False) == _cell(row | {"kind": "95 % interval"}, some=True) == "+5 [0; +9]"
    assert _cell(row | {"difference": 0.0, "high": 0.0}, some=True) == "no difference"
    own = row | {"measure": "wrong.false_penalty_share", "difference": None, "mean": 0.25, "mean_low": 0.1, "mean_high": 0.5}
    assert _cell(own, some=False) == "25.0 % [10.0 %; 50.0 %]"
    assert _cell(own | {"mean": None}, some=False) == "no case"
