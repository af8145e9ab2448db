"""The names that others rely on: the command's JSON, the tables' columns, digests and exit codes, held against the real engine."""

import json
import os
import re
import subprocess
import sys
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import jsonschema
import polars as pl
import pytest

import glasshouse as gh
from glasshouse import store
from glasshouse.store import columns, page

ROOT = Path(__file__).resolve().parents[2]
GLASSHOUSE = Path(sys.executable).with_name("glasshouse")
PENALTIES = ["flight_ban", "flight_ticket_ban", "private_school_ban", "slow_internet", "prestige_job_bar", "hotel_ban"]
REWARDS = ["loan_access", "rental_access", "trip_discount", "travel_priority", "movement_ease"]
CHANNELS = ["commerce", "payments", "social", "browsing", "location", "civic"]

needs_engine = pytest.mark.skipif(
    find_spec("glasshouse.experiments") is None or find_spec("glasshouse.experiments.simulate") is None, reason="there is no engine yet"
)


def call(*words, cwd=None):
    """The command as others call it."""
    return subprocess.run([GLASSHOUSE, *map(str, words)], capture_output=True, text=True, cwd=cwd, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder for the runs of this file."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="module")
def ran(folder):
    """Three small runs by name, each made once; gives the summary. `one` comes from the command, the others ask the same from Python."""

    @cache
    def made(name):
        if name == "one":
            asked = ["--citizens", 1000, "--days", 400, "--seed", 4]
            done = call("run", "essay", *asked, "--out", folder / "one", "--no-report", "--json")
            assert done.returncode == 0, done.stderr
            return json.loads(done.stdout)
        if name == "again":
            made("one")
            return gh.simulate(folder / "one" / "scenario.toml", threads=1, out=folder / "again", report=False).summary
        return gh.simulate("essay", citizens=1000, days=400, seed=4, regimes=["essay"]).summary

    return made


# ---- the page and the schema

def test_the_page_is_the_one_made_from_the_code():
    assert (ROOT / "docs" / "schema.md").read_text() == page.page(), "run: python -m glasshouse.store.page > docs/schema.md"


def test_the_schema_is_one_and_describes_every_key():
    schema = page.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for path, part in page.fields(schema):
        assert part.get("description"), path


def test_the_schema_names_every_key_of_the_contract():
    known = {path for path, _ in page.fields(page.schema())}
    run = "id scenario citizens days seed version digest"
    regime = ("digest covered score.mean score.sd score.quantiles grades.GRADE life.income_mean life.wealth_gini life.trips "
              "life.expression_mean life.opinion_effective_number wrong.false_penalty_share wrong.missed_share wrong.by_cause "
              "wrong.lawful_share")  # fmt: skip
    wanted = {f"run.{key}" for key in run.split()} | {f"regimes.REGIME.{key}" for key in regime.split()}
    for kind, keys in (("penalties", "citizens_ever citizen_days attempts refused"), ("rewards", "citizens_ever citizen_days granted")):
        wanted |= {f"regimes.REGIME.{kind}.CONSEQUENCE.{key}" for key in keys.split()}
    wanted |= {f"regimes.REGIME.channels.CHANNEL.{key}" for key in "acts records missed false misattributed".split()}
    wanted |= {f"timing.{key}" for key in "compile_s simulate_s citizen_days_per_s".split()}
    assert wanted - known == set()


def test_no_two_columns_or_measures_are_described_alike():
    for name, described in columns.COLUMNS.items():
        assert len({column.name for column in described}) == len(described), name
    assert len({measure.name for measure in columns.MEASURES}) == len(columns.MEASURES)
    assert set(columns.COLUMNS) == set(columns.ABOUT) == set(store.folder.TABLES)


# ---- the summary

@needs_engine
def test_the_summary_is_as_its_schema_says(ran):
    jsonschema.validate(ran("one"), page.schema(), format_checker=jsonschema.FormatChecker())


@needs_engine
def test_every_name_of_the_contract_is_there(ran):
    essay, none = ran("one")["regimes"]["essay"], ran("one")["regimes"]["none"]
    assert (set(essay["penalties"]), set(essay["rewards"]), set(essay["channels"])) == (set(PENALTIES), set(REWARDS), set(CHANNELS))
    for found in (*none["penalties"].values(), *none["rewards"].values()):
        assert found["citizen_days"] == 0


@needs_engine
def test_shares_add_up(ran):
    essay = ran("one")["regimes"]["essay"]
    assert sum(essay["grades"].values()) == pytest.approx(1)
    assert ran("one")["run"]["id"] == f"essay-4-{ran('one')['run']['digest'][:8]}"
    assert list(essay["grades"]) == ["D", "C", "B", "A", "AA", "AAA"]


@needs_engine
def test_the_digest_is_that_of_the_question_alone(ran):
    one = ran("one")
    assert ran("again")["run"] == one["run"]
    assert ran("alone")["regimes"]["essay"]["digest"] == one["regimes"]["essay"]["digest"]


@needs_engine
def test_a_number_of_the_society_moves_the_run_and_is_repeated_with_it(folder):
    asked = ["--citizens", 1000, "--days", 20, "--seed", 4, "--set", "society.household.lone_parent=0.3", "--no-report", "--json"]
    moved = json.loads(call("run", "essay", *asked, "--out", folder / "moved").stdout)
    repeated = gh.simulate(folder / "moved" / "scenario.toml", out=folder / "repeated", report=False)
    usual = gh.simulate("essay", citizens=1000, days=20, seed=4)
    assert repeated.summary["run"] == moved["run"]
    assert repeated.files == store.open_run(folder / "moved").files
    assert usual.summary["run"]["digest"] != moved["run"]["digest"]
    row = repeated.ledger.row(by_predicate=pl.col("key") == "society.household.lone_parent", named=True)
    assert (row["value"], row["status"], row["unit"], row["range_low"], row["range_high"]) == ("0.3", "assumed", "share", 0.0, 0.3)
    assert not repeated.citizens["age"].equals(usual.citizens["age"]), "others share a household, so others stand in a slot"
    assert {row["key"] for row in gh.load("essay").ledger()} == set(usual.ledger["key"])
    cited = {key for row in json.loads(call("cite", folder / "moved", "--json").stdout) for key in row["keys"]}
    assert {"society.household.lone_parent", "society.age_sex"} <= cited


@needs_engine
def test_a_bought_deed_may_cost_points_though_it_has_no_gravity():
    points = {"regime.essay.points.buys_good_deed": -1000, "acts.buys_good_deed.rate": 26, "responses.gaming.size": 1}
    run = gh.simulate("essay", citizens=2000, days=120, start="2019-12-20", regimes=["essay"], set=points)
    assert run.daily.filter(measure="points:buys_good_deed")["value"].sum() < 0
    assert run.summary["regimes"]["essay"]["wrong"]["disproportion"] is not None


@needs_engine
def test_the_same_run_leaves_the_same_bytes(ran, folder):
    ran("one")
    ran("again")
    one, again = (store.open_run(folder / name) for name in ("one", "again"))
    assert one.files == again.files
    assert one.what == again.what
    assert store.changed_files(one) == store.changed_files(again) == []
    for run in (one, again):
        assert {path.name for path in run.folder.iterdir()} == {*run.files, "manifest.json", "summary.json"}
    left, right = (dict(run.summary) for run in (one, again))
    for summary in (left, right):
        del summary["timing"], summary["folder"]
    assert left == right


# ---- the tables

KINDS = {
    "text": (pl.String,), "date": (pl.Date,), "flag": (pl.Boolean,), "whole": pl.datatypes.group.INTEGER_DTYPES,
    "number": (*pl.datatypes.group.INTEGER_DTYPES, *pl.datatypes.group.FLOAT_DTYPES),
}  # fmt: skip


@pytest.fixture(scope="module")
def helped(folder):
    """A run of the regimes that say whom to help, which have columns and measures of their own."""
    return gh.simulate("essay", citizens=300, days=5, regimes=["registry", "opinions"], out=folder / "helped", report=False).folder


@needs_engine
@pytest.mark.parametrize("name", columns.COLUMNS)
def test_each_column_of_each_table_is_the_one_described(ran, folder, helped, name):
    ran("one")
    frame = store.open_run(folder / "one").table(name)
    if name == "citizens":
        frame = pl.concat([frame, store.open_run(helped).table(name)], how="diagonal")
    described = columns.COLUMNS[name]
    for column in frame.columns:
        found = [each for each in described if columns.matches(each.name, column)]
        assert len(found) == 1, f"{name}.{column} is not described"
        assert frame.schema[column] in KINDS[found[0].kind], f"{name}.{column} is {frame.schema[column]}, not {found[0].kind}"
        assert found[0].may_be_empty or frame[column].null_count() == 0, f"{name}.{column} has gaps"
    for each in described:
        assert any(columns.matches(each.name, column) for column in frame.columns), f"{name} has no {each.name}"


@needs_engine
def test_each_measure_is_described_and_each_described_one_is_there(ran, folder, helped):
    ran("one")
    run = store.open_run(folder / "one")
    listed = gh.simulate("essay", citizens=300, days=5, regimes=["judgment-defaulters"], out=folder / "listed", report=False)  # lists have two of their own
    lent = gh.simulate("essay", citizens=300, days=5, regimes=["bank", "threshold-gamed"], out=folder / "lent", report=False)  # and so have a bank and a game
    runs = (run, *(store.open_run(made.folder) for made in (listed, lent)), store.open_run(helped))
    found = set().union(*(set(table["measure"]) for made in runs for table in (made.daily, made.groups)))
    for name in found:
        assert sum(columns.matches(each.name, name) for each in columns.MEASURES) == 1, f"{name} is not described"
    for each in columns.MEASURES:
        assert any(columns.matches(each.name, name) for name in found), f"there is no {each.name}"


@needs_engine
def test_the_days_are_all_there_once(ran, folder):
    ran("one")
    daily = store.open_run(folder / "one").daily
    people = daily.filter(pl.col("measure") == "people", pl.col("regime") == "essay")
    assert people["day"].to_list() == list(range(400))
    assert str(people["date"][0]) == str(date(2019, 1, 1))
    assert daily.select("day", "regime", "measure").is_duplicated().sum() == 0


# ---- how it ends

BAD = [["run", "esay"], ["run", "essay", "--citizens", "0"], ["run", "essay", "--regime", "rongchen"],
       ["run", "essay", "--set", "nonsense=1"], ["regimes", "show", "nope"], ["check", "absent.toml"]]  # fmt: skip


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_bad_input_ends_with_two_and_one_message_and_leaves_nothing(words, tmp_path):
    done = call(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@needs_engine
def test_ctrl_c_in_the_middle_of_a_run_keeps_it_and_says_how_to_go_on(tmp_path):
    import signal
    import time

    words = ["run", "essay", "--citizens", "20000", "--days", "3000", "--checkpoint", "3", "--no-report"]
    command = subprocess.Popen([GLASSHOUSE, *words], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (begun := list(tmp_path.glob("runs/*.partial/checkpoints/*.checkpoint"))) and command.poll() is None:
        time.sleep(0.05)
    os.kill(command.pid, signal.SIGINT)
    out, err = command.communicate(timeout=60)
    folder = begun[0].parents[1].relative_to(tmp_path).with_suffix("")
    assert (command.returncode, out) == (130, "")
    assert re.fullmatch(rf"glasshouse: stopped, \d+ of 3,000 days are done; to go on: glasshouse resume {folder}", err.splitlines()[-1])
    assert "Traceback" not in err
    again = call(*words, cwd=tmp_path)
    assert again.returncode == 2
    assert f"`glasshouse resume {folder}` goes on with it" in again.stderr
