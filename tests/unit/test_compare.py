"""Regimes over the same people, seed after seed: the arithmetic of pairs, runs that fail, and what is shown and kept."""

import json
import math
import os
import random
import shlex
import signal
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from scipy import stats

import glasshouse as gh
from glasshouse.audits import AUDITS
from glasshouse.commands import comparing, memory
from glasshouse.commands.compared import difference, pairing
from glasshouse.errors import BadInput
from glasshouse.experiments import compare as engine
from glasshouse.experiments.apart import apart
from glasshouse.experiments.room import needed
from glasshouse.audits.paired import mean_of, unpaired, variance
from glasshouse.present.headlines import HEADLINES
from glasshouse.scenarios import load
from glasshouse.store.comparison import COLUMNS, write_comparison

pytestmark = pytest.mark.slow

SMALL = {"citizens": 300, "days": 70, "start": "2019-12-15"}
WORDS = ["--citizens", "300", "--days", "70", "--start", "2019-12-15"]
LINES = {line.id: line for line in HEADLINES}


@pytest.fixture(scope="module")
def three():
    """Three seeds of two regimes beside none."""
    return gh.compare(["essay", "exampleland"], seeds=3, **SMALL)


# ---- the arithmetic

def test_from_ten_seeds_on_the_interval_is_that_of_student():
    draw = random.Random(3)
    for n in (10, 11, 40):
        numbers = [draw.gauss(5, 2) for _ in range(n)]
        found = mean_of(numbers)
        low, high = stats.t.interval(0.95, n - 1, loc=statistics.mean(numbers), scale=statistics.stdev(numbers) / math.sqrt(n))
        assert (found.mean, found.low, found.high) == pytest.approx((statistics.mean(numbers), low, high))
        assert (found.kind, found.seeds) == ("95 % interval", n)


def test_with_fewer_it_is_the_range_and_says_so():
    found = mean_of([3.0, 1.0, 2.0, 9.0] * 2 + [0.0])
    assert (found.low, found.high, found.kind, found.seeds) == (0.0, 9.0, "range", 9)
    assert mean_of([]) == mean_of([]).__class__(None, None, None, None, 0)
    assert (mean_of([4.0]).low, mean_of([4.0]).high) == (4.0, 4.0)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    draw = random.Random(5)
    held = [found.low < 1 < found.high for _ in range(2000) if (found := mean_of([draw.gauss(1, 3) for _ in range(10)]))]
    assert sum(held) / len(held) == pytest.approx(0.95, abs=0.015)  # three standard errors


def test_what_pairing_saves_is_the_variances_over_that_of_the_difference():
    draw = random.Random(7)
    shared = [draw.gauss(0, 1) for _ in range(4000)]
    first = [each + draw.gauss(0, 0.1) for each in shared]
    other = [each + 1 + draw.gauss(0, 0.1) for each in shared]
    assert unpaired(first, other) == pytest.approx(101, rel=0.1)  # (1 + 0.01) * 2 over 0.02
    alone = [draw.gauss(0, 1) for _ in range(4000)]
    assert unpaired(first, alone) == pytest.approx(1, rel=0.1), "runs that share nothing gain nothing"
    assert unpaired(first, [0.0] * 4000) is None, "there is nothing to pair"
    assert unpaired([1.0, 2.0, 4.0], [2.0, 3.0, 5.0]) is None, "no number of unpaired runs would do"
    assert unpaired([1.0, 2.0], [2.0, 4.0]) is None, "too few to say"
    assert variance([5.0]) == 0


# ---- runs apart

def square(job, at):
    """Work for a test: some of it goes wrong."""
    at("squaring")
    if job == 3:
        raise ZeroDivisionError("three")
    if job == 4:
        raise BadInput("four is too many", key="job")
    if job == 5:
        os.kill(os.getpid(), signal.SIGKILL)
    return job * job


@pytest.mark.parametrize("workers", [1, 2, 9])
def test_a_failed_run_is_a_row_and_never_stops_the_rest(workers):
    told = []
    done = apart(square, list(range(8)), workers, lambda now, total: told.append((now, total)))
    assert [each.result for each in done] == [0, 1, 4, None, None, None, 36, 49]
    assert [each.failed for each in done] == [False] * 3 + [True] * 3 + [False] * 2
    assert (done[3].stage, done[3].why) == ("squaring", "ZeroDivisionError: three")
    assert isinstance(done[4].why, BadInput)
    assert str(done[4].why) == "key `job`: four is too many"
    assert done[5].why == "the process ended before the run did (SIGKILL)"
    assert told == [(now, 8) for now in range(1, 9)]


def test_what_is_running_ends_when_the_rest_is_broken_off():
    def stop(now, total):
        raise KeyboardInterrupt

    def nap(job, at):
        time.sleep(60 * job)

    began = time.perf_counter()
    with pytest.raises(KeyboardInterrupt):
        apart(nap, [0, 1, 1], 3, stop)
    assert time.perf_counter() - began < 20


# ---- from Python

def test_none_is_put_first_unless_it_is_among_them(three):
    assert three.regimes == ["none", "essay", "exampleland"]
    asked = comparing._question(["essay", "none"], None, None, None, None, None)
    assert list(asked.regimes) == ["essay", "none"]
    assert (asked.citizens, asked.days) == (20_000, load("essay").days)


def test_each_run_is_the_run_that_simulate_makes(three):
    summary = gh.simulate("essay", seed=2, regimes=three.regimes, **SMALL).summary["regimes"]
    for name in three.regimes:
        for line in HEADLINES:
            was = three.levels[2][name][line.id]
            now = line.of(summary[name])
            assert was == (now if now is not None or was is None else 0), (name, line.id)
    assert three.levels[2]["none"]["penalties.refused"] == 0, "what is a sum is 0 where there is nothing to add up"
    assert three.levels[2]["none"]["wrong.missed_share"] is None, "a share of nothing is none"


def test_differences_are_the_means_over_twins(three):
    assert len(three.differences) == 2 * len(HEADLINES)
    for row in three.differences:
        pairs = [(found["none"][row["measure"]], found[row["regime"]][row["measure"]]) for found in three.levels.values()]
        if any(None in pair for pair in pairs):
            continue
        gaps = [b - a for a, b in pairs]
        assert row["difference"] == pytest.approx(statistics.mean(gaps))
        assert (row["low"], row["high"], row["kind"], row["seeds"]) == (min(gaps), max(gaps), "range", 3)
        assert row["difference"] == pytest.approx(row["mean"] - row["first_mean"], abs=1e-9)
    missed = next(row for row in three.differences if row["measure"] == "wrong.missed_share")
    assert (missed["first_mean"], missed["difference"], missed["seeds"]) == (None, None, 3)
    assert missed["mean_low"] <= missed["mean"] <= missed["mean_high"]


def test_it_does_not_depend_on_how_many_run_at_a_time(three):
    again = gh.compare(["essay", "exampleland"], seeds=3, threads=1, **SMALL)
    assert again.as_dict() == three.as_dict()
    assert again.runs.equals(three.runs)


def test_the_tables_are_frames(three):
    assert isinstance(three.table, pl.DataFrame)
    assert three.table.height == 2 * len(HEADLINES)
    assert three.runs.columns == [column.name for column in COLUMNS]
    assert three.runs.height == 3 * 3 * len(HEADLINES)
    assert set(three.runs["seed"]) == {1, 2, 3}
    assert three.runs.select("seed", "regime", "measure").is_duplicated().sum() == 0


def test_it_reads_as_text(three):
    told = repr(three)
    for part in ("essay and exampleland beside none: 300 citizens, 70 days from 2019-12-15; 3 seeds, 1 to 3",
                 "Speech: the share that is said", "the model's effect, not a country's",
                 "Without twins the same precision would have cost about",
                 "Fewer than 10 seeds: the range"):  # fmt: skip
        assert part in told, part
    assert "\N{NO-BREAK SPACE}" not in told


def test_ten_seeds_have_intervals():
    ten = gh.compare(["essay"], seeds=10, citizens=100, days=30, start=date(2020, 1, 1))
    assert ten.notes == []
    kinds = {row["measure"]: row["kind"] for row in ten.differences if row["measure"].startswith("life.")}
    gaps = {name: [found["essay"][name] - found["none"][name] for found in ten.levels.values()] for name in kinds}
    assert kinds == {name: "range" if max(map(of.count, of)) > 5 else "95 % interval" for name, of in gaps.items()}, "most seeds alike: a range"
    assert kinds["life.expression_mean"] == "95 % interval"
    assert "95 % interval" in repr(ten)
    some = [row for row in ten.differences if row["kind"] == "range"]
    assert all(f"(range of {row['seeds']})" in repr(ten) for row in some), "of a share, where few seeds have a case, or most say the same"
    assert " about " not in pairing(ten.differences, 10)
    speech = next(row for row in ten.differences if row["measure"] == "life.expression_mean")
    assert speech["low"] < speech["difference"] < speech["high"] < 0


def test_a_regime_that_begins_too_late_is_noted():
    late = gh.compare(["exampleland"], seeds=1, citizens=100, days=10)
    assert late.notes[0] == "`exampleland` begins on 2020-01-01, after the last day: nothing of it is seen here"
    assert {row["difference"] for row in late.differences if row["measure"].startswith("life.")} == {0.0}


def test_a_seed_that_fails_is_a_row(monkeypatch, tmp_path):
    real = engine.one_run

    def odd(scenario, at, more):
        if scenario.seed == 1:
            at("living the days")
            raise MemoryError("no more")
        return real(scenario, at, more)

    monkeypatch.setattr(engine, "one_run", odd)
    found = gh.compare(["essay"], seeds=3, out=tmp_path / "kept", **SMALL)
    assert found.failed == [{"seed": 1, "stage": "living the days", "message": "MemoryError: no more"}]
    assert set(found.levels) == {2, 3}
    rows = pl.read_parquet(tmp_path / "kept" / "comparison.parquet")
    assert rows.row(0) == (1, None, None, None, "living the days: MemoryError: no more")
    assert rows.height == 1 + 2 * 2 * len(HEADLINES)
    assert "seed 1 failed, living the days" in repr(found)
    assert "--seed 2" in (tmp_path / "kept" / "report.html").read_text(), "the report is of the first that could be run"


def test_where_every_seed_fails_the_rows_say_so(monkeypatch, call):
    def odd(scenario, at, more):
        raise RuntimeError("never")

    monkeypatch.setattr(engine, "one_run", odd)
    code, out, err = call("compare", "essay", "--seeds", "2", "--out", "kept", *WORDS)
    assert code == 1
    assert out.count("RuntimeError: never") == 2
    assert "Traceback" not in err
    assert {path.name for path in Path("kept").iterdir()} == {"comparison.json", "comparison.parquet", "scenario.toml"}


def test_a_fault_of_the_question_is_told_once(monkeypatch, call):
    def odd(scenario, at, more):
        raise BadInput("cannot be run", key="regime.essay.watch")

    monkeypatch.setattr(engine, "one_run", odd)
    assert call("compare", "essay", "--seeds", "2", *WORDS) == (2, "", "error: key `regime.essay.watch`: cannot be run\n")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"regimes": "essay"}, "must be a list of names, not one text"),
        ({"regimes": 3}, "must be a list of names"),
        ({"regimes": []}, "needs a regime to set beside `none`"),
        ({"regimes": [{"score": 3}]}, "must hold names or paths as text"),
        ({"regimes": ["essay", "essay"]}, "names `essay` twice"),
        ({"seeds": 0}, "key `seeds`: must be a whole number of at least 1, not 0"),
        ({"seeds": "3"}, "key `seeds`"),
        ({"threads": 0.5}, "key `threads`"),
        ({"citizens": 0}, "key `citizens`: must be 1 or more"),
        ({"set": {"nonsense": 1}}, "there is no such key"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong, told):
    with pytest.raises(BadInput, match=told.replace("(", r"\(")):
        gh.compare(**{"regimes": ["essay"], **wrong})


def test_no_more_runs_at_a_time_than_fit_into_memory(monkeypatch):
    asked = comparing._question(["essay"], 10_000, None, None, None, None)
    size = needed(asked)
    monkeypatch.setattr(memory, "available", lambda: int(size * 2.5 / memory.KEEP))
    assert comparing._workers(asked, 10, 8) == 2
    assert comparing._workers(asked, 1, 8) == 1
    monkeypatch.setattr(memory, "available", lambda: size // 2)
    with pytest.raises(BadInput, match="of memory"):
        comparing._workers(asked, 10, 8)


def test_audits_of_a_comparison_are_those_of_its_runs():
    """What each run finds in its own process is put together as from runs that were kept."""
    found = gh.compare(["essay"], seeds=3, audits=["accuracy"], **SMALL)
    asked = found.scenario
    runs = [gh.simulate(asked.with_(seed=seed)) for seed in found.seeds]
    assert found.audits.equals(gh.audit(runs, ["accuracy"]))
    assert found.audits.height > 0


def test_no_audit_is_asked_where_none_is_named(three):
    assert three.audits.height == 0
    with pytest.raises(BadInput, match="did you mean `accuracy`"):
        gh.compare(["essay"], seeds=1, audits=["acuracy"], **SMALL)


def test_what_a_rule_does_to_each_alone_stands_beside_what_it_does():
    """Where nobody hears of others what the rule brought, what differs is less, and both are told."""
    found = gh.compare(["essay"], seeds=2, direct_only=True, audits=["effects"], citizens=1500, days=400, start="2019-12-15")
    assert found.regimes == ["none", "essay", "essay-direct"]
    assert any("`essay-direct`: the same rule where everybody hears" in note for note in found.notes)
    levels = found.levels[1]
    assert levels["essay"] != levels["essay-direct"]
    assert abs(levels["essay-direct"]["life.expression_mean"] - levels["none"]["life.expression_mean"]) > 0, "who knows of the rule answers it herself"


def test_with_other_luck_of_responses_single_twins_differ_more():
    """Under the same rule twice nobody differs; with other luck somebody does, and the figure says so."""
    found = gh.compare(["none", "essay"], seeds=1, redraw=True, audits=["effects", "accuracy"], citizens=1500, days=400, start="2019-12-15")
    told = {row["of"]: row["value"] for row in found.audits.filter(regime="essay", audit="effects").rows(named=True)}
    assert told["other luck: less expression"] != told["less expression"]
    assert {of for of in told if of.startswith("other luck: ")} == {f"other luck: {of}" for of in told if not of.startswith("other luck: ")}
    assert not any(of.startswith("other luck") for of in found.audits.filter(audit="accuracy")["of"]), "no figure of single twins"


def test_other_luck_asks_of_single_twins_where_no_audit_is_named_and_needs_such_an_audit():
    found = gh.compare(["none", "essay"], seeds=1, redraw=True, **SMALL)
    assert set(found.audits["audit"]) == {"effects"}
    assert any(of.startswith("other luck: ") for of in found.audits["of"])
    with pytest.raises(BadInput) as caught:
        gh.compare(["none", "essay"], seeds=1, redraw=True, audits=["accuracy"], **SMALL)
    assert str(caught.value) == "key `redraw`: asks audits of single twins again, and none of those named is one: name `effects` too, or none"


def test_the_command_prints_what_audits_found_where_no_folder_keeps_it(call):
    code, out, _ = call("compare", "essay", "--seeds", "1", "--redraw", *WORDS)
    assert code == 0
    assert "effects" in out.splitlines()
    assert "other luck: less income" in out


# ---- words

@pytest.mark.parametrize(
    ("measure", "gap", "told"),
    [("life.income_mean", -0.4, "−0.400 yuan"), ("life.expression_mean", -0.1, "−10.0 points"),
     ("wrong.missed_share", 0.02, "+2.00 points"),
     ("penalties.refused", -1234.5, "−1,234"), ("penalties.fen", 12345.0, "+123 yuan"), ("rewards.granted", 0.0, "no difference"),
     ("wrong.disproportion", -1.5, "−1.50"), ("life.income_gini", 0.00123, "+0.0012")],
)  # fmt: skip
def test_a_difference_has_its_sign_and_unit(measure, gap, told):
    assert difference(LINES[measure], gap).replace("\N{NO-BREAK SPACE}", " ") == told


# ---- the command

def test_the_command_shows_the_table_and_the_line_that_repeats_it(call):
    code, out, err = call("compare", "exampleland", "--seeds", "2", "--set", "life.air.fare=900", *WORDS)
    assert (code, err) == (0, "")
    assert "the model's effect, not a country's" in out
    repeat = out.splitlines()[-1].removeprefix("repeat  ")
    assert repeat == ("glasshouse compare exampleland --seeds 2 --citizens 300 --days 70 --seed 1 --start 2019-12-15 "
                      "--set life.air.fare=900")  # fmt: skip
    assert call(*shlex.split(repeat)[1:])[1] == out
    assert list(Path().iterdir()) == [], "nothing is kept unless that is asked for"


def test_json_is_one_object_and_nothing_else(call, three):
    code, out, err = call("compare", "essay", "exampleland", "--seeds", "3", "--json", *WORDS)
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found.pop("folder") is None
    assert found == json.loads(json.dumps(three.as_dict()))
    assert {"schema", "seed", "version", "scenario_hash"} <= set(found)


def test_a_folder_holds_the_numbers_the_table_and_the_report(call):
    code, out, _ = call("compare", "exampleland", "--seeds", "2", "--out", "kept", "--quiet", *WORDS)
    assert (code, out) == (0, "kept\n")
    assert {path.name for path in Path("kept").iterdir()} == {"comparison.html", "comparison.json", "comparison.parquet", "report.html", "scenario.toml"}
    found = json.loads(Path("kept/comparison.json").read_text())
    assert (found["format"], found["regimes"], found["seeds"]) == ("glasshouse comparison", ["none", "exampleland"], [1, 2])
    rows = pl.read_parquet("kept/comparison.parquet")
    assert rows.columns == [column.name for column in COLUMNS]
    page = Path("kept/report.html").read_text()
    assert "Exampleland" in page
    beside = Path("kept/comparison.html").read_text()
    assert {row["audit"] for row in found["audits"]} == set(AUDITS)
    assert all(f'id="audit-{name}"' in beside for name in AUDITS), "the page that compares has every audit"
    repeated = gh.simulate(Path("kept/scenario.toml"))
    assert repeated.summary["run"]["digest"] in page, "as the report says, the scenario beside it gives its run again"
    before = {path.name: path.read_bytes() for path in Path("kept").iterdir()}
    call("compare", "exampleland", "--seeds", "2", "--out", "kept", "--quiet", *WORDS)
    assert {path.name: path.read_bytes() for path in Path("kept").iterdir()} == before, "the same question leaves the same bytes"


def test_quiet_without_a_folder_prints_the_table_alone(call):
    code, out, err = call("compare", "exampleland", "--seeds", "1", "--quiet", *WORDS)
    assert (code, err) == (0, "")
    assert "repeat" not in out
    assert "Speech" in out


def test_it_fits_on_the_screen(call, monkeypatch):
    for columns in ("80", "120"):
        monkeypatch.setenv("COLUMNS", columns)
        out = call("compare", "essay", "--seeds", "1", *WORDS)[1]
        assert max(len(line) for line in out.splitlines() if not line.startswith("repeat")) <= int(columns)


BAD = {
    ("compare",): "needs REGIME",
    ("compare", "none"): "needs a regime to set beside `none`",
    ("compare", "esay"): "there is no regime `esay`; did you mean `essay`?",
    ("compare", "lottery"): "did you mean `essay`",
    ("compare", "no.toml"): "no.toml: there is no such file",
    ("compare", "essay", "--seeds", "0"): "--seeds must be at least 1",
    ("compare", "essay", "--seeds", "ten"): "--seeds must be a whole number",
    ("compare", "essay", "--seed", "9223372036854775807"): "9223372036854775807 or less",
    ("compare", "essay", "--days", "4000"): "ten years",
    ("compare", "essay", "--set", "life.air.fair=9"): "did you mean `life.air.fare`",
    ("compare", "essay", "--sed", "4"): "did you mean `--seed",
    ("compare", "essay", "--out", "a.partial"): "kept for runs that are being written",
}


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_bad_input_gets_one_message_and_leaves_nothing(call, words):
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert BAD[words] in err
    assert len(err.splitlines()) == 1
    assert list(Path().iterdir()) == []


def test_a_folder_of_something_else_is_refused_before_anything_is_run(call, monkeypatch):
    monkeypatch.setattr(engine, "carry_out", None)
    Path("mine").mkdir()
    Path("mine/thesis.tex").write_text("x")
    code, _, err = call("compare", "essay", "--out", "mine")
    assert code == 2
    assert err == "error: mine: the folder holds something else than an earlier comparison (thesis.tex); name a new folder\n"


def test_a_disk_that_is_full_is_one_message(tmp_path, three, monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("glasshouse.store.comparison.write_file", full)
    with pytest.raises(BadInput, match="the disk is full, so the comparison was not kept"):
        write_comparison(tmp_path / "kept", three.as_dict(), three.runs, "", {"report.html": "<p>"})
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_ends_every_run_and_leaves_nothing(tmp_path):
    words = ["compare", "essay", "--citizens", "30000", "--days", "3000", "--out", "kept"]
    command = subprocess.Popen([Path(sys.executable).with_name("glasshouse"), *words], cwd=tmp_path, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)  # fmt: skip
    time.sleep(5)
    command.send_signal(signal.SIGINT)
    out, err = command.communicate(timeout=30)  # which waits for the children too: they hold the pipes
    assert (command.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "glasshouse: stopped; nothing half-written remains"
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_ends_it_with_141(tmp_path):
    reading, writing = os.pipe()
    command = subprocess.Popen([Path(sys.executable).with_name("glasshouse"), "compare", "essay", "--seeds", "1", *WORDS],
                               stdout=writing, stderr=subprocess.PIPE, text=True, cwd=tmp_path)  # fmt: skip
    os.close(writing)
    os.close(reading)
    assert command.communicate()[1] == ""
    assert command.returncode == 141
