"""Sensitivity: functions whose indices are known, pushed through the same sweeps, workers and files as a run."""

import json
import math

import numpy as np
import pytest

from glasshouse.cli import app
from glasshouse.commands import sensing
from glasshouse.commands.entry import run_command
from glasshouse.errors import BadInput
from glasshouse.experiments import sensitivity as by
from glasshouse.scenarios import load

pytest.importorskip("SALib")
pytestmark = pytest.mark.slow
GINI = "life.income_gini"
KEYS = ("responses.chilling.size", "responses.compliance.base", "responses.compliance.speed", "responses.compliance.fade", "responses.compliance.near")
A, B, WEIGHTS = 7.0, 0.1, (0.0, 1.0, 4.5, 9.0, 99.0)


def ishigami(x):
    return math.sin(x[0]) + A * math.sin(x[1]) ** 2 + B * x[2] ** 4 * math.sin(x[0])


def sobol_g(x):
    return math.prod((abs(4 * each - 2) + weight) / (1 + weight) for each, weight in zip(x, WEIGHTS, strict=True))


def as_run(function):
    """A run in which the difference of a headline is a function of what was set."""

    def gives(plan, job, at):
        changes, _, _ = job
        at("working out")
        return {"none": dict.fromkeys(plan.measures, 1.0), "essay": dict.fromkeys(plan.measures, 1.0 + function([changes[key] for key in plan.design.keys]))}, {}

    return gives


run_ishigami, run_sobol_g = as_run(ishigami), as_run(sobol_g)


def work_ishigami(plan, job, at):
    return run_ishigami(plan, job, at)


def work_sobol_g(plan, job, at):
    return run_sobol_g(plan, job, at)


def work_with_failures(plan, job, at):
    if job[0][KEYS[0]] > 0.99:
        raise BadInput("too much of it")
    return run_sobol_g(plan, job, at)


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """The outcome of some points, through a sweep of processes."""

    def outcome(work, points, name):
        monkeypatch.setattr("glasshouse.experiments.sweeps.sweep.one", work)
        found = sensing.swept(load("essay").with_(citizens=300, days=70), points, [1], [GINI], [], tmp_path / name, 2, lambda *_: None)
        return sensing.outcomes(found)[f"essay: {GINI}"]

    return outcome


def test_ishigamis_indices_are_found(asked):
    points = by.sobol(dict.fromkeys(KEYS[:3], (-math.pi, math.pi)), 1024)
    rows = {row["key"]: row for row in by.shares(points, asked(work_ishigami, points, "a"))}
    whole = A**2 / 8 + B * math.pi**4 / 5 + B**2 * math.pi**8 / 18 + 0.5
    alone = (0.5 * (1 + B * math.pi**4 / 5) ** 2 / whole, A**2 / 8 / whole, 0.0)
    both = 8 * B**2 * math.pi**8 / 225 / whole
    for key, first, total in zip(KEYS, alone, (alone[0] + both, alone[1], both), strict=False):
        row = rows[key]
        assert row["first"] == pytest.approx(first, abs=0.05) and row["whole"] == pytest.approx(total, abs=0.05)
        assert abs(row["first"] - first) < 2 * row["first_interval"] and abs(row["whole"] - total) < 2 * row["whole_interval"]
        assert row["points"] == 1024


def test_sobols_g_is_ranked_and_its_indices_are_found(asked):
    bounds = dict.fromkeys(KEYS, (0.0, 1.0))
    variances = [1 / 3 / (1 + weight) ** 2 for weight in WEIGHTS]
    whole = math.prod(1 + each for each in variances) - 1
    points = by.sobol(bounds, 1024)
    rows = {row["key"]: row for row in by.shares(points, asked(work_sobol_g, points, "a"))}
    for key, each in zip(KEYS, variances, strict=True):
        assert rows[key]["first"] == pytest.approx(each / whole, abs=0.05)
        assert rows[key]["whole"] == pytest.approx(each * math.prod(1 + other for other in variances) / (1 + each) / whole, abs=0.05)
    walks = by.morris(bounds, 40)
    screened = by.effects(walks, asked(work_sobol_g, walks, "b"))
    assert [row["key"] for row in screened] == list(KEYS), "the weightiest first"
    assert screened[0]["mean"] > 20 * screened[-1]["mean"]


def test_an_effect_that_is_a_straight_line_is_its_slope_over_the_range():
    points = by.morris({"a": (2.0, 4.0), "b": (0.0, 10.0)}, 6)
    rows = by.effects(points, [3 * (2 + 2 * x) - 0.5 * 10 * y for x, y in points.shares])
    assert [(row["key"], row["mean"]) for row in rows] == [("a", pytest.approx(6)), ("b", pytest.approx(5))]
    assert rows[0]["spread"] == pytest.approx(0, abs=1e-9)


def test_points_that_fail_take_their_block_with_them_and_no_other(asked):
    points = by.morris(dict.fromkeys(KEYS, (0.0, 1.0)), 30)
    told = asked(work_with_failures, points, "a")
    failed = [number is None for number in told]
    assert failed == [row[0] > 0.99 for row in points.shares.tolist()] and any(failed)
    whole = ~np.array(failed).reshape(-1, 6).any(1)
    rows = by.effects(points, told)
    assert {row["trajectories"] for row in rows} == {int(whole.sum())} and 2 <= whole.sum() < 30
    assert by.effects(points, [None] * len(told))[0]["mean"] is None and by.shares(by.sobol({"a": (0, 1)}, 4), [1.0] * 12)[0]["whole"] is None


def test_ranges_are_those_of_the_ledger_and_whole_numbers_stay_whole():
    scenario = load("essay").with_(citizens=300, days=70)
    bounds = by.assumed(scenario, ["responses.chilling", "memory"])
    assert bounds and all(scenario.values[key].status == "assumed" and scenario.values[key].range == span for key, span in bounds.items())
    with pytest.raises(BadInput, match="no assumed number"):
        by.assumed(scenario, ["nonsense"])
    design = by.morris({"days": (10, 20)}, 4).design(scenario, [1, 2])
    assert all(isinstance(setting[0], int) and 10 <= setting[0] <= 20 for setting in design.settings) and design.seeds == (1, 2)
    with pytest.raises(BadInput, match="power of two"):
        by.sobol(bounds, 12)


def test_the_command_finds_what_a_finding_hangs_on(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    words = ["sensitivity", "essay", "--measure", "expression_mean", "--key", "responses.chilling", "--key", "life.hotel.plain", "--citizens", "300", "--days", "70", "--start", "2019-12-15"]
    words += ["--trajectories", "4", "--numbers", "1", "--points", "4", "--jobs", "2", "--out", "s", "--json"]
    assert run_command(app, words) == 0
    told = json.loads(capsys.readouterr().out)
    finding = told["findings"]["essay: life.expression_mean"]
    assert finding["morris"][0]["key"].startswith("responses.chilling") and finding["morris"][0]["mean"] > 0
    assert {row["key"]: row["mean"] for row in finding["morris"]}["life.hotel.plain"] == 0, "the fare is no part of what people say"
    assert len(finding["sobol"]) == 1 and told["failed"] == 0
    assert run_command(app, words[:-1]) == 0, "what is there is not carried out again"
    assert "This finding hangs most on responses.chilling" in capsys.readouterr().out


def test_without_a_finding_it_asks_for_one(capsys):
    assert run_command(app, ["sensitivity", "essay"]) == 2
    assert "--measure" in capsys.readouterr().err
