"""Sweeps with real runs: the same bytes whatever happened on the way, and what goes wrong is a row."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

import glasshouse as gh
from glasshouse.audits.paired import mean_of
from glasshouse.commands import sweeping
from glasshouse.errors import BadInput
from glasshouse.experiments.compare import level
from glasshouse.experiments.sweeps import crew as crews
from glasshouse.experiments.sweeps.plan import one
from glasshouse.present.headlines import HEADLINES

pytestmark = pytest.mark.slow
SMALL = {"citizens": 300, "days": 70, "start": "2019-12-15"}
VARY = {"responses.chilling.size": "0.05:0.25:3", "seed": "1..3"}
WORDS = ["--citizens", "300", "--days", "70", "--start", "2019-12-15", "--vary", "responses.chilling.size=0.05:0.25:3", "--vary", "seed=1..3"]
FILES = ("sweep.parquet", "sweep.json", "scenario.toml")


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Nine runs, carried out by one worker without a stop."""
    return gh.sweep("essay", vary=VARY, out=tmp_path_factory.mktemp("sweep") / "plain", jobs=1, **SMALL).wait()


def same(one, other):
    return all((Path(one) / name).read_bytes() == (Path(other) / name).read_bytes() for name in FILES)


def until(true, seconds=60.0):
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds
        time.sleep(0.02)


# ---- what is in it

def test_a_row_is_what_a_run_of_its_own_says(plain):
    rows = plain.frame.collect()
    assert rows["run"].to_list() == [n for n in range(9) for _ in range(2)]
    assert rows["seed"].to_list()[::2] == [1, 2, 3] * 3 and rows["regime"].to_list()[:2] == ["none", "essay"]
    alone = gh.simulate("essay", seed=2, set={"responses.chilling.size": 0.15}, **SMALL)
    found = rows.filter((pl.col("run") == 4) & (pl.col("regime") == "essay")).to_dicts()[0]
    assert found["responses.chilling.size"] == 0.15
    assert {line.id: found[line.id] for line in HEADLINES} == {line.id: level(line, alone.summary["regimes"]["essay"]) for line in HEADLINES}


def test_one_seed_is_one_luck_in_every_setting(plain):
    none = plain.frame.filter(pl.col("regime") == "none").select("seed", *(line.id for line in HEADLINES)).collect()
    assert none.unique().height == 3, "without the rule, the number that only the rule has a use for changes nothing"
    speech = plain.frame.filter(pl.col("regime") == "essay").sort("responses.chilling.size").collect()["life.expression_mean"].to_list()
    assert min(speech[:3]) > max(speech[6:]), "who is chilled more says less"


# ---- the same bytes

def test_two_workers_give_the_same_bytes_and_a_frame_that_fills(plain, tmp_path, monkeypatch):
    monkeypatch.setattr("glasshouse.store.sweep.MANY", 1)
    seen = []
    found = gh.sweep("essay", vary=VARY, out=tmp_path / "a", jobs=2, **SMALL)
    while not found.finished:
        seen.append(found.frame.select(pl.col("run").n_unique()).collect().item())
        time.sleep(0.02)
    found.wait()
    assert same(plain.folder, found.folder) and found.done == found.total == 9
    assert seen == sorted(seen) and any(0 < many < 9 for many in seen)
    assert not (tmp_path / "a.partial").exists()


def test_stopped_and_gone_on_with_it_gives_the_same_bytes(plain, tmp_path):
    found = gh.sweep("essay", vary=VARY, out=tmp_path / "a", jobs=2, **SMALL)
    until(lambda: found.done >= 2)
    found.stop()
    assert not found.finished and not (tmp_path / "a").exists()
    had = found.frame.select(pl.col("run").n_unique()).collect().item()
    assert had == found.done < 9, "what was over is kept"
    again = gh.sweep("essay", vary=VARY, out=tmp_path / "a", jobs=1, **SMALL)
    assert again.wait().done == 9 and same(plain.folder, tmp_path / "a")
    once_more = gh.sweep("essay", vary=VARY, out=tmp_path / "a", **SMALL)
    assert once_more.finished and once_more.done == 9, "what is there is not carried out again"


def test_a_worker_that_is_killed_costs_its_run_alone_and_is_replaced(plain, tmp_path, monkeypatch):
    made = []

    class Watched(crews.Processes):
        def __init__(self, *given):
            super().__init__(*given)
            made.append(self)

    monkeypatch.setattr("glasshouse.experiments.sweeps.sweep.Processes", Watched)
    found = gh.sweep("essay", vary=VARY, out=tmp_path / "a", jobs=2, **SMALL)
    until(lambda: found.done >= 1)
    killed = made[0].workers[0].process
    killed.kill()
    found.wait()
    assert sum(made[0].tries.values()) == 2 * len(made[0].tries) == 2, "one run was begun twice, all others once"
    assert found.failed == 0 and same(plain.folder, tmp_path / "a")


def test_a_run_whose_workers_are_killed_each_time_is_a_row(tmp_path, monkeypatch):
    monkeypatch.setattr("glasshouse.experiments.sweeps.sweep.one", kills_itself_under_seed_2)
    found = gh.sweep("essay", vary={"seed": "1..3"}, out=tmp_path / "a", jobs=1, **SMALL).wait()
    assert (found.done, found.failed) == (3, 1)
    row = found.frame.filter(pl.col("regime").is_null()).collect().to_dicts()[0]
    assert (row["seed"], row["stage"]) == (2, "in its process") and "SIGKILL" in row["message"]


def kills_itself_under_seed_2(plan, job, at):
    if job[1] == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return one(plan, job, at)


def test_on_a_cluster_the_bytes_are_the_same_also_when_a_worker_is_killed(plain, tmp_path, monkeypatch):
    ray = pytest.importorskip("ray")
    monkeypatch.setattr("glasshouse.experiments.sweeps.cluster.one", is_killed_once)
    monkeypatch.setenv("DIES_IN", str(tmp_path))
    found = gh.sweep("essay", vary=VARY, out=tmp_path / "a", cluster="local", jobs=2, **SMALL).wait()
    assert (tmp_path / "died").exists() and found.failed == 0 and same(plain.folder, tmp_path / "a")
    assert not ray.is_initialized()


def is_killed_once(plan, job, at):
    mark = Path(os.environ["DIES_IN"]) / "died"
    if job[1] == 2 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return one(plan, job, at)


# ---- what goes wrong

def test_a_point_that_fails_is_a_row_and_stops_no_other(tmp_path):
    found = gh.sweep("essay", vary={"acts.speeds.rate": [1.0, -1.0, 2.0]}, out=tmp_path / "a", jobs=2, **SMALL).wait()
    rows = found.frame.collect()
    assert rows["run"].to_list() == [0, 0, 1, 2, 2] and found.failed == 1
    failed = rows.row(2, named=True)
    assert (failed["regime"], failed["seed"], failed["stage"]) == (None, 1, "reading the scenario") and "acts.speeds.rate" in failed["message"]
    assert "run 1, seed 1 failed, reading the scenario" in str(found)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"vary": {"responses.chiling.size": "0:1:3"}}, "did you mean `responses.chilling.size`"),
        ({"vary": {}}, "nothing is varied"),
        ({"vary": {"seed": "1..20"}, "measures": ["ginni"]}, "did you mean"),
        ({"vary": {"seed": "1..20"}, "audits": ["efects"]}, "did you mean `effects`"),
        ({"vary": {"seed": "1..20"}, "until": "gini.difference"}, "must be written as"),
        ({"vary": {"seed": "1..9"}, "until": "gini.difference ci<1"}, "10 seeds or more"),
        ({"vary": {"seed": "1..20"}, "jobs": 0}, "at least 1"),
        ({"vary": {"seed": "1..20"}, "design": "nowhere.toml"}, "there is no such file"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_runs(tmp_path, given, said):
    with pytest.raises(BadInput, match=said):
        gh.sweep("essay", out=tmp_path / "a", **given, **SMALL)
    assert not list(tmp_path.iterdir())


def test_another_sweep_into_the_same_folder_is_refused(plain):
    with pytest.raises(BadInput, match="holds another sweep"):
        gh.sweep("essay", vary={"seed": "1..3"}, out=plain.folder, **SMALL)


# ---- seeds, audits, folders

def test_seeds_until_the_interval_is_narrow_are_the_same_for_any_number_of_workers(tmp_path):
    given = {"vary": {"seed": "1..40"}, "until": "expression_mean.difference ci<0.0065", "measures": ["expression_mean"], **SMALL}
    found = [gh.sweep("essay", out=tmp_path / f"{jobs}", jobs=jobs, **given).wait() for jobs in (1, 2)]
    assert same(*(each.folder for each in found))
    rows = found[0].frame.collect()
    wide = rows.pivot("regime", index="seed", values="life.expression_mean").select(pl.col("essay") - pl.col("none")).to_series().to_list()
    enough = [mean.high - mean.low < 0.0065 for n in range(10, len(wide) + 1) for mean in [mean_of(wide[:n])]]
    assert 10 < len(wide) < 40 and enough == [False] * (len(wide) - 10) + [True]


def test_audits_and_the_folders_of_runs_are_kept_where_they_are_asked_for(tmp_path):
    given = {"vary": {"seed": "1..2"}, "audits": ["accuracy"], "jobs": 2, **SMALL}
    found = gh.sweep("essay", out=tmp_path / "a", keep=True, **given).wait()
    rows = found.audits.collect()
    run = gh.open_run(tmp_path / "a" / "runs" / "000001")
    assert run.summary["run"]["seed"] == 2 and set(rows["run"]) == {0, 1}
    told = gh.audit(run, ["accuracy"]).select("regime", "of", "value").rows()
    assert rows.filter(run=1).select("regime", "of", "value").rows() == told
    without = gh.sweep("essay", out=tmp_path / "b", **given).wait()
    assert without.audits.collect().equals(rows) and without.frame.collect().equals(found.frame.collect())


# ---- the command

def command(*words, **given):
    code = "import sys; from glasshouse.cli import main; sys.exit(main())"
    return subprocess.Popen([sys.executable, "-c", code, "sweep", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **given)


def test_ctrl_c_stops_it_says_how_to_go_on_and_that_ends_in_the_same_bytes(plain, tmp_path):
    begun = command("essay", *WORDS, "--out", str(tmp_path / "a"), "--jobs", "2", start_new_session=True)
    until(lambda: "1 of 9" in begun.stderr.readline())
    os.killpg(begun.pid, signal.SIGINT)  # as a terminal does: to all processes of the command
    out, err = begun.communicate(timeout=60)
    assert (begun.returncode, out) == (130, "") and f"glasshouse sweep --resume {tmp_path / 'a'}" in err and "Traceback" not in err
    again = command("--resume", str(tmp_path / "a"), "--jobs", "1")
    out, err = again.communicate(timeout=60)
    assert again.returncode == 0 and "essay beside none: 300 citizens, 70 days; 3 settings with 3 seeds" in out
    assert same(plain.folder, tmp_path / "a")


def test_two_processes_do_not_fill_one_folder(tmp_path):
    busy = gh.sweep("essay", vary={"seed": "1..5000"}, out=tmp_path / "a", jobs=1, **SMALL)
    until(lambda: busy.done >= 1)
    other = command("--resume", str(tmp_path / "a"))
    assert other.wait(60) == 2 and "written here at this moment" in other.stderr.read()
    busy.stop()
    assert not busy.finished and busy.done >= 1


def test_a_killed_command_loses_no_more_than_a_part(plain, tmp_path):
    begun = command("essay", *WORDS, "--out", str(tmp_path / "a"), "--jobs", "2")
    until(lambda: "3 of 9" in begun.stderr.readline())
    begun.kill()
    begun.wait()
    assert command("essay", *WORDS, "--out", str(tmp_path / "a"), "--jobs", "2").wait(60) == 0
    assert same(plain.folder, tmp_path / "a")


def test_the_command_prints_rows_as_json(plain, call):
    code, out, _ = call("sweep", "--resume", str(plain.folder), "--json")
    told = json.loads(out)
    assert code == 0 and told["runs"] == 9 and told["failed"] == [] and told["folder"] == str(plain.folder)
    speech = [row for row in told["effects"] if row["measure"] == "life.expression_mean"]
    assert [row["value"] for row in speech] == ["0.05", "0.15", "0.25"]
    rows = plain.frame.filter(pl.col("responses.chilling.size") == 0.15).collect().pivot("regime", index="seed", values="life.expression_mean")
    assert speech[1]["difference"] == pytest.approx((rows["essay"] - rows["none"]).mean(), abs=1e-15)


def test_a_finished_sweep_is_opened_by_later_code_but_an_unfinished_one_is_not_gone_on_with(plain, tmp_path, monkeypatch):
    begun = gh.sweep("essay", vary=VARY, out=tmp_path / "a", jobs=1, **SMALL)
    until(lambda: begun.done >= 1)
    begun.stop()
    monkeypatch.setattr("glasshouse.experiments.code.of_model", lambda: "later")
    again = gh.sweep(resume=plain.folder)
    assert again.finished and again.frame.collect().equals(plain.frame.collect())
    for given in ({"resume": tmp_path / "a"}, {"scenario": "essay", "vary": VARY, "out": tmp_path / "a", **SMALL}):
        with pytest.raises(BadInput, match="begun by"):
            gh.sweep(**given)


def test_a_sweep_is_gone_on_with_alone(call):
    code, _, err = call("sweep", "essay", "--resume", "nowhere")
    assert code == 2 and "leave out the scenario" in err
    code, _, err = call("sweep", "--resume", "nowhere")
    assert code == 2 and "no sweep lies here" in err
    assert call("sweep")[0] == 2


def test_a_folder_is_found_for_a_sweep_without_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    plan = sweeping.plan_of("essay", {"seed": "1..2"}, None, 300, 70, None, None, None, None, None, None, False)
    assert sweeping._name(plan).startswith("essay-sweep-") and sweeping._name(plan) == sweeping._name(plan)
