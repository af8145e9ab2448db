"""The command line: what is asked, what is printed where, and how every command ends. The engine is a stand-in here."""

import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
import types
from pathlib import Path

import polars as pl
import pytest
import typer

import glasshouse.experiments.fixed  # noqa: F401 - before the stand-in takes the place of the folder
from glasshouse import _version, store
from glasshouse.cli import app, main
from glasshouse.commands import entry, memory, reporting, summary, terminal
from glasshouse.commands.entry import run_command
from glasshouse.commands.progress import progress
from glasshouse.commands.request import Request, settings, whole
from glasshouse.commands.simulate import simulate
from glasshouse.errors import BadInput, GlasshouseError
from glasshouse.scenarios import load
from glasshouse.society.shapes import SHAPES

REGIMES = ["essay", "none"]
COUNTS = {"citizens_ever": 1234, "citizen_days": 912_345, "attempts": 4321, "refused": 2100, "fen": 912_345_678}
CHANNEL = {"acts": 1_234_567, "records": 12_345, "missed": 1_222_222, "false": 12, "misattributed": 3}
WRONG = {"false_penalty_share": 0.31, "missed_share": None, "by_cause": {"record": 3.0, "kin": 1.0}, "lawful_share": 0.0,
         "disproportion": 2.5}  # fmt: skip


def regime(scored):
    """A regime's part of a made-up summary."""
    return {
        "digest": "ab" * 32, "covered": 821 if scored else 0,
        "score": {"mean": 1003.2, "sd": 41.0, "quantiles": {"p05": 912.0, "p95": 1066.0}} if scored else None,
        "grades": {"D": 0.0004, "AAA": 0.0858} if scored else {},
        "penalties": {"flight_ban": COUNTS} if scored else {},
        "rewards": {"loan_access": {"citizens_ever": 1, "citizen_days": 2, "granted": 0, "fen": 0}} if scored else {},
        "channels": {"social": CHANNEL}, "life": {"income_mean": 30733.4, "wealth_gini": 0.62, "aware": 0.6 if scored else 0.0},
        "wrong": WRONG if scored else {},
    }  # fmt: skip


class Engine:
    """Stands in for the engine: notes what it was called with and leaves a small run."""

    def __init__(self):
        self.calls = []
        self.before = lambda: None
        self.draws = True

    def simulate(self, scenario, *, threads=None, device="cpu", out=None, progress=None, report=True, headlines=None, checkpoint=None,
                 crew=None):  # fmt: skip
        """As the engine's."""
        self.calls.append({"scenario": scenario, "threads": threads, "device": device, "out": out, "report": report})
        if progress:
            progress(0, scenario.days, 0.0, "compiling the rules")
            progress(1, scenario.days, 64.3e6, None)
        self.before()
        asked = {"id": f"{scenario.id}-{scenario.seed}-cdcdcdcd", "scenario": scenario.id, "citizens": scenario.citizens,
                 "days": scenario.days, "seed": scenario.seed, "start": scenario.start.isoformat(),
                 "version": _version.__version__, "digest": "cd" * 32}  # fmt: skip
        found = {"run": asked, "regimes": {name: regime(each.kind == "points") for name, each in scenario.regimes.items()},
                 "timing": {"simulate_s": 3.4, "citizen_days_per_s": 64.3e6}}  # fmt: skip
        ledger = pl.DataFrame({"key": ["life.air.fare"], "unit": ["yuan"], "value": ["850"], "range_low": [None], "range_high": [None],
                               "status": ["measured"], "source": ["A count."], "recalled": [False], "about": ["Fare."]})  # fmt: skip
        finish = (lambda run: {"report.html": "<p>"}) if report and self.draws else None
        return store.write(out, scenario.resolved_toml(), {}, {}, found, {"ledger": ledger}, finish=finish)

    def warm(self, say):
        """As the engine's."""
        say("compiling the rules")
        self.calls.append("warm")


@pytest.fixture
def engine(monkeypatch, tmp_path):
    """The stand-in, in a fresh working folder."""
    stand_in = Engine()
    module = types.ModuleType("glasshouse.experiments.simulate")
    module.simulate, module.warm = stand_in.simulate, stand_in.warm
    monkeypatch.setitem(sys.modules, "glasshouse.experiments", types.ModuleType("glasshouse.experiments"))
    monkeypatch.setitem(sys.modules, "glasshouse.experiments.simulate", module)
    monkeypatch.setattr(memory, "available", lambda: 1 << 40)
    monkeypatch.setattr(reporting, "headlines", lambda: None)
    monkeypatch.chdir(tmp_path)
    return stand_in


@pytest.fixture
def call(capsys, engine):
    """Run a command line here; gives exit code, standard output and standard error."""

    def called(*words):
        code = run_command(app, list(words))
        told = capsys.readouterr()
        return code, told.out, told.err

    return called


# ---- run

def test_run_keeps_the_run_and_shows_it_on_one_screen(call, engine):
    code, out, err = call("run", "essay", "--citizens", "1000", "--days", "30", "--seed", "4")
    scenario = engine.calls[0]["scenario"]
    assert code == 0
    assert (scenario.citizens, scenario.days, scenario.seed, list(scenario.regimes)) == (1000, 30, 4, ["none", "essay"])
    folder = Path("runs/essay-4-cdcdcdcd")
    assert store.open_run(folder).summary["run"]["citizens"] == 1000
    for told in ("1,000 citizens", "30 days", "none", "essay", "30,733", "60.0 %", "flight_ban", "912,345", "9.12 M", "loan_access",
                 "social", "1.23 M", "31.0 %", "record 75.0 %", "8.6 %", "<0.1 %", "64.3 million citizen-days/s",
                 f"report  {folder}/report.html", "repeat  glasshouse run essay --citizens 1000 --days 30 --seed 4"):  # fmt: skip
        assert told in out, told
    assert err == "compiling the rules\n"  # a message, so not among the results; no bar where nobody looks
    assert len(out.splitlines()) < 50


def test_everything_that_is_asked_reaches_the_engine(call, engine):
    code, out, _ = call("run", "essay", "--citizens", "1_000", "--days", "40", "--seed", "9", "--start", "2020-03-01", "--regime", "essay",
                     "--regime", "platform", "--set", "life.air.fare=900", "--set", "responses.chilling.size = 0.2",
                     "--threads", "2", "--out", "kept/here", "--no-report")  # fmt: skip
    assert code == 0
    given = engine.calls[0]
    scenario = given["scenario"]
    assert (scenario.citizens, scenario.days, scenario.seed, str(scenario.start)) == (1000, 40, 9, "2020-03-01")
    assert list(scenario.regimes) == ["essay", "platform"]
    assert (scenario.at("life.air.fare"), scenario.at("responses.chilling.size")) == (900, 0.2)
    assert (given["threads"], given["out"], given["report"]) == (2, Path("kept/here"), False)
    repeat = out.splitlines()[-1].removeprefix("repeat  ")
    assert repeat == ("glasshouse run essay --citizens 1000 --days 40 --seed 9 --start 2020-03-01 --regime essay --regime platform "
                      "--set life.air.fare=900 --set 'responses.chilling.size = 0.2'")  # fmt: skip


def test_the_line_that_repeats_a_run_repeats_it(call, engine):
    import shlex

    _, out, _ = call("run", "essay", "--citizens", "1000", "--start", "2020-03-01", "--set", "life.air.fare = 900", "--regime", "essay")
    call(*shlex.split(out.splitlines()[-1].removeprefix("repeat  glasshouse ")))
    assert engine.calls[0]["scenario"] == engine.calls[1]["scenario"]


def test_a_run_is_repeated_from_its_own_folder(call, engine):
    call("run", "essay", "--citizens", "1000", "--set", "life.air.fare=900", "--out", "a")
    call("run", "a/scenario.toml", "--out", "b")
    assert engine.calls[0]["scenario"] == engine.calls[1]["scenario"]


def test_json_is_one_object_and_nothing_else_on_standard_output(call):
    code, out, err = call("run", "essay", "--citizens", "1000", "--json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == ["schema", "run", "regimes", "timing", "folder"]
    assert found["folder"].startswith("runs/")
    assert "compiling" in err


def test_quiet_prints_only_where_the_run_is(call):
    code, out, err = call("run", "essay", "--citizens", "1000", "--quiet")
    assert (code, err) == (0, "")
    assert store.open_run(out.strip())
    assert call("run", "essay", "--citizens", "1000", "--quiet", "--json")[2] == ""


def test_warm_compiles_ahead(call, engine):
    code, out, err = call("warm")
    assert (code, out, engine.calls) == (0, "", ["warm"])
    assert "compiling" in err
    assert call("warm", "--quiet") == (0, "", "")


# ---- from Python

def test_python_asks_the_same_way(engine, tmp_path):
    import glasshouse as gh

    run = gh.simulate(gh.load("essay"), citizens=500, days=20, seed=2, regimes=["essay"], set={"life.air.fare": 900})
    assert run.folder is None
    assert run.summary["run"]["citizens"] == 500
    assert engine.calls[0]["report"] is False
    assert gh.simulate("essay", citizens=500, out=tmp_path / "a").folder == tmp_path / "a"
    assert engine.calls[1]["report"] is True
    assert gh.open_run(tmp_path / "a").ledger.height == 1


def test_python_gets_the_same_refusals(engine, tmp_path):
    for wrong in ({"citizens": 0}, {"days": 0}, {"regimes": ["esay"]}, {"set": {"nonsense": 1}}, {"threads": 0}, {"threads": "2"}):
        with pytest.raises(BadInput):
            simulate("essay", **wrong)
    for nothing in (None, 3, {"id": "essay"}):
        with pytest.raises(BadInput, match="the id of a shipped scenario"):
            simulate(nothing)
        with pytest.raises(BadInput, match="open_run takes the folder of a run"):
            store.open_run(nothing)
    (tmp_path / "notes.md").write_text("mine")
    with pytest.raises(BadInput, match=r"notes\.md"):
        simulate("essay", out=tmp_path)
    assert engine.calls == []


def test_the_public_names_are_there_and_no_others():
    import glasshouse as gh

    assert set(gh.__all__) == {"__version__", "audit", "check", "compare", "load", "open_run", "regimes", "resume", "scenarios", "simulate", "sweep"}
    for name in gh.__all__:
        assert getattr(gh, name) is not None
        assert name in dir(gh)
    assert gh.regimes.list_regimes()
    with pytest.raises(AttributeError, match="nonsense"):
        gh.nonsense  # noqa: B018


# ---- bad input: one message, no traceback, exit 2

BAD = {
    ("run", "esay"): "`esay`; did you mean `essay`",
    ("run", "essay", "--citizens", "0"): "at least 1",
    ("run", "essay", "--citizens", "-5"): "at least 1, not -5",
    ("run", "essay", "--citizens", "many"): "whole number, not `many`",
    ("run", "essay", "--citizens", "1e5"): "did you mean `100000`",
    ("run", "essay", "--citizens", "20k"): "did you mean `20000`",
    ("run", "essay", "--citizens", "2.5"): "whole number",
    ("run", "essay", "--citizens"): "`--citizens` needs a value",
    ("run", "essay", "--days", "0"): "at least 1",
    ("run", "essay", "--days", "99999"): "ten years",
    ("run", "essay", "--seed", "-1"): "at least 0",
    ("run", "essay", "--threads", "0"): "at least 1",
    ("run", "essay", "--device", "cudda"): "there is no device `cudda`: it is cpu or cuda; did you mean `cuda`?",
    ("run", "essay", "--start", "2019-13-01"): "a day such as 2019-01-01",
    ("run", "essay", "--start", "20190101"): "did you mean `2019-01-01`",
    ("run", "essay", "--start", "9999-12-30"): "outside the years 1900 to 2100",
    ("run", "essay", "--start", "0001-01-01"): "outside the years 1900 to 2100",
    ("run", "essay", "--set", "life.job.benefit=0"): "0.01 to 1 is possible",
    ("run", "essay", "--set", "acts.speeds.rate=400"): "0 to 100 is possible",
    ("run", "essay", "--set", "society.income.lowest=9000"): "key `society.income.lowest`: the fifths of income overlap",
    ("run", "/"): "/: is a folder, not a file",
    ("run", "."): ".: is a folder; a scenario is a shipped id or a TOML file",
    ("run", "essay", "--regime", "rongchen"): "rongchen",
    ("run", "essay", "--regime", "platfrom"): "did you mean `platform`",
    ("run", "essay", "--regime", "lottery"): "essay",
    ("run", "essay", "--set", "nonsense=1"): "nonsense",
    ("run", "essay", "--set", "responses.chiling.size=1"): "did you mean `responses.chilling.size`",
    ("run", "essay", "--set", "responses.chilling.size=big"): "number",
    ("run", "essay", "--set", "responses.chilling.size=7"): "responses.chilling.size",
    ("run", "essay", "--set", "life.air.fare"): "KEY=VALUE",
    ("run", "essay", "--set", "life.air.fare=1", "--set", "life.air.fare=2"): "two values",
    ("run", "essay", "--citizn", "3"): "did you mean `--citizens`",
    ("run", "essay", "--json=3"): "takes no value",
    ("run", "essay", "more"): "more",
    ("run",): "needs SCENARIO",
    ("run", "absent.toml"): "absent.toml",
    ("rnu", "essay"): "did you mean `run`",
    ("simulate",): "there are run, ",
    ("regimes", "lst"): "did you mean `list`",
    ("regimes", "show", "nope"): "nope",
    ("regimes", "show", "esay"): "did you mean `essay`",
    ("scenarios", "show", "nope"): "nope",
    ("scenarios", "keys", "essay", "chiling"): "did you mean `chilling`",
    ("check", "absent.toml"): "absent.toml",
    ("check", "."): ".",
    ("report", "runs/nope"): "runs/nope",
    ("ledger", "nope"): "neither a scenario nor a model nor a run folder",
    ("ledger", "esay"): "did you mean `essay`",
    ("ledger", "a.partial"): "broken off",
    ("cite", "nope"): "neither a regime nor a scenario nor a run folder",
    ("cite", "exampelland"): "did you mean `exampleland`",
    ("--nonsense",): "no option `--nonsense`",
}  # fmt: skip


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_bad_input_gets_one_message(call, engine, words):
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert BAD[words] in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1
    assert engine.calls == []
    assert list(Path().iterdir()) == []


def test_with_json_an_error_is_an_object_on_standard_error(call):
    code, out, err = call("run", "essay", "--set", "responses.chiling.size=1", "--json")
    told = json.loads(err)
    assert (code, out) == (2, "")
    assert (told["key"], told["hint"], told["exit_code"]) == ("responses.chiling.size", "responses.chilling.size", 2)


def test_an_output_folder_that_holds_something_else_is_refused_before_the_run(call, engine):
    Path("mine").mkdir()
    Path("mine/thesis.tex").write_text("x")
    code, _, err = call("run", "essay", "--out", "mine")
    assert code == 2
    assert "thesis.tex" in err
    assert engine.calls == []


@pytest.mark.parametrize(
    ("fault", "code", "told"),
    [
        (BadInput("the disk is full", file="runs/a"), 2, "runs/a: the disk is full"),
        (GlasshouseError("odd"), 2, "odd"),
        (KeyboardInterrupt(), 130, "nothing half-written remains"),
        (BrokenPipeError(), 141, ""),
        (MemoryError(), 2, "not enough memory"),
        (PermissionError(13, "Permission denied", "/secret"), 2, "/secret: permission denied"),
        (ZeroDivisionError(), 70, "a fault in Glasshouse"),
        (RuntimeError("can't start new thread"), 2, "no more threads"),
        (RuntimeError("odd"), 70, "a fault in Glasshouse"),
    ],
)
def test_every_way_to_end_has_its_code_and_message(call, engine, monkeypatch, fault, code, told):
    def end():
        raise fault

    monkeypatch.setattr(entry, "_let_go", lambda: None)  # it would close this test's own output
    engine.before = end
    ended, out, err = call("run", "essay", "--citizens", "1000", "--quiet")
    assert (ended, out) == (code, "")
    assert told in err
    assert ("Traceback" in err) == (code == 70)
    assert not Path("runs").exists()


# ---- memory

def test_a_run_that_will_not_fit_is_refused_with_what_fits(call, engine, monkeypatch):
    monkeypatch.setattr(memory, "available", lambda: 8_000_000_000)
    code, _, err = call("run", "essay", "--citizens", "1000000000000")
    assert code == 2
    most = re.search(r"did you mean `(\d+)`", err)[1]
    assert call("run", "essay", "--citizens", most)[0] == 0
    assert call("run", "essay", "--citizens", str(int(int(most) * 1.2)))[0] == 2


def test_what_is_free_is_the_smallest_of_machine_container_and_limit(tmp_path, monkeypatch):
    (tmp_path / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable:    4000 kB\n")
    assert memory.available(tmp_path / "meminfo", tmp_path) == 4_096_000
    (tmp_path / "memory.max").write_text("3000000\n")
    (tmp_path / "memory.current").write_text("1000000\n")
    assert memory.available(tmp_path / "meminfo", tmp_path) == 2_000_000
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available(tmp_path / "meminfo", tmp_path) == 4_096_000
    assert memory.available(tmp_path / "absent", tmp_path) is None
    limits = iter([4 << 30, 1 << 30])
    monkeypatch.setattr(memory.resource, "getrlimit", lambda which: (next(limits), -1))
    (tmp_path / "meminfo").write_text("MemAvailable: 90000000 kB\n")
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "statm").write_text("1000 500 3\n")
    page = memory.resource.getpagesize()
    assert memory.available(tmp_path / "meminfo", tmp_path) == (4 << 30) - memory.SET_ASIDE - 1000 * page
    assert memory.available(tmp_path / "meminfo", tmp_path) == 0, "less is allowed than what libraries set aside"


# ---- looking things up

LOOKS = [("regimes", "list"), ("regimes", "show", "essay"), ("regimes", "show", "none"),
         ("scenarios", "list"), ("scenarios", "show", "essay"), ("scenarios", "keys", "essay"),
         ("ledger", "essay"), ("cite", "essay"), ("cite", "platform"), ("cite", "lottery")]  # fmt: skip


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_every_table_comes_as_text_and_as_json(call, words):
    code, out, _ = call(*words)
    assert code == 0
    assert out.strip()
    assert "\x1b" not in out  # plain where nobody looks
    assert all(line == line.rstrip() for line in out.splitlines())
    code, out, _ = call(*words, "--json")
    assert code == 0
    assert json.loads(out)


def test_a_regime_as_json_has_the_keys_that_others_rely_on(call):
    found = json.loads(call("regimes", "show", "essay", "--json")[1])
    assert set(found) >= {"id", "title", "summary", "channels", "penalties", "rewards", "grades", "coverage", "claims"}
    assert "flight_ban" in found["penalties"]
    assert "loan_access" in found["rewards"]
    assert found["grades"][0] == {"id": "D", "title": found["grades"][0]["title"], "from": None}
    assert found["coverage"]["from_age"] == 18
    assert {"text", "verdict", "source"} == set(found["claims"][0])
    assert json.loads(call("regimes", "show", "none", "--json")[1])["coverage"] is None


def test_keys_are_listed_with_unit_and_range_and_can_be_narrowed(call):
    rows = json.loads(call("scenarios", "keys", "essay", "chilling", "--json")[1])
    assert rows[0]["key"] == "responses.chilling.size"
    assert {"unit", "range", "value", "status"} <= set(rows[0])
    with_platform = json.loads(call("scenarios", "keys", "essay", "--regime", "platform", "--json")[1])
    assert any(row["key"].startswith("regime.platform.") for row in with_platform)


def test_every_listed_key_can_be_set(call):
    rows = json.loads(call("scenarios", "keys", "essay", "--json")[1])
    changes = {row["key"]: row["value"] for row in rows if row["status"]}
    assert len(load("essay").with_(set=changes).overrides) == len(changes) > 300


def test_the_ledger_of_a_run_and_of_a_scenario_have_the_same_form(call):
    call("run", "essay", "--citizens", "1000", "--out", "a")
    ours, theirs = (json.loads(call("ledger", name, "--json")[1]) for name in ("a", "essay"))
    assert set(ours[0]) == set(theirs[0])
    assert ours[0]["value"] == 850


def test_citations_name_each_source_once_with_its_keys(call):
    rows = json.loads(call("cite", "essay", "--json")[1])
    assert len({(row["status"], row["source"]) for row in rows}) == len(rows)
    tables = {f"society.{name}" for name in SHAPES}
    assert {key for row in rows for key in row["keys"]} == {row["key"] for row in load("essay").ledger()} | tables
    call("run", "essay", "--citizens", "1000", "--out", "a")
    of_the_run = {key for row in json.loads(call("cite", "a", "--json")[1]) for key in row["keys"]}
    assert of_the_run == {"life.air.fare"} | tables  # the stand-in's ledger has one number
    code, _, err = call("cite", "essay")
    assert code == 0
    assert "--regime" in err  # a regime has this name too, so it is said which is meant
    alone = json.loads(call("cite", "essay", "--regime", "--json")[1])
    assert {row["status"] for row in alone} >= {"not", "partly", "documented"}
    assert all(key.startswith("regime.essay.") for row in alone for key in row["keys"])


def test_check_is_content_with_a_good_file(call):
    Path("mine.toml").write_text(load("essay").resolved_toml())
    code, out, err = call("check", "mine.toml")
    assert (code, out) == (0, "mine.toml: no fault found\n")
    assert err.startswith("doctor  "), "what the question hangs on"
    assert err.count("\n") == 1
    assert call("check", "mine.toml", "--json")[:2] == (0, "[]\n")


def test_check_tells_every_fault_with_its_line(call):
    text = load("essay").resolved_toml().replace("days = 1096", "dys = 1096").replace('"none", "essay"', '"none", "esay"')
    Path("mine.toml").write_text(text)
    code, out, err = call("check", "mine.toml")
    assert (code, out) == (2, "")
    assert re.search(r"mine\.toml:\d+: key `dys`: unknown key; did you mean `days`\?", err)
    code, out, _ = call("check", "mine.toml", "--json")
    rows = json.loads(out)
    assert code == 2
    assert {"file", "line", "key", "message", "hint"} == set(rows[0])
    assert any(row["key"] == "dys" and row["hint"] == "days" and row["line"] for row in rows)


# ---- the screen

def test_a_terminal_of_80_columns_is_never_overrun(call, engine, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for words in [("run", "essay", "--citizens", "1000"), *LOOKS[:5]]:
        out = call(*words)[1]
        wide = [line for line in out.splitlines() if len(line) > 80 and not line.startswith(("repeat", "report"))]
        assert wide == [], words


def test_a_wide_terminal_has_the_tables_side_by_side(call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    lines = call("run", "essay", "--citizens", "1000")[1].splitlines()
    assert any("Life under" in line and "Penalties" in line for line in lines)
    assert all(len(line) <= 120 for line in lines if not line.startswith(("repeat", "report")))


def test_a_run_without_any_regime_that_scores_shows_life_alone(call):
    out = call("run", "essay", "--citizens", "1000", "--regime", "none")[1]
    assert "income, yuan a year" in out
    assert "Penalties" not in out


class Terminal:
    """Standard error as if a person looked at it."""

    encoding = "utf-8"

    def __init__(self):
        self.text = ""

    def write(self, text):
        """Keep it."""
        self.text += text
        return len(text)

    def flush(self):
        """Nothing to do."""

    def isatty(self):
        """Somebody looks."""
        return True


def test_on_a_terminal_a_bar_shows_the_day_and_the_rate(monkeypatch):
    looks = Terminal()
    monkeypatch.setattr(sys, "stderr", looks)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with progress(quiet=False) as moved:
        moved(0, 1096, 0.0, "compiling the rules")
        time.sleep(0.15)
        moved(512, 1096, 64.3e6, None)
        time.sleep(0.15)
    assert "compiling the rules" in looks.text
    assert "day 512 of 1,096" in looks.text
    assert "64.3 million citizen-days/s" in looks.text


def test_colour_only_where_it_is_wanted(monkeypatch):
    looks = Terminal()
    monkeypatch.setattr(sys, "stderr", looks)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    run_command(app, ["run", "esay"])
    assert "\x1b[" in looks.text
    looks.text = ""
    monkeypatch.setenv("NO_COLOR", "1")
    run_command(app, ["run", "esay"])
    assert looks.text.startswith("error: there is no scenario")


def test_cells_and_numbers_read_well():
    assert [summary.short(number) for number in (0, 999, 99_999, 999_999, 1_000_000, 123_456_789, 2_500_000_000)] == [
        "0", "999", "99,999", "999,999", "1.00 M", "123 M", "2.50 bn"]  # fmt: skip
    assert terminal.cell(True) == "yes"
    assert terminal.cell(0.00001) == "1e-05"


# ---- help

def commands():
    """Every command with its full name."""
    def walk(command, name):
        yield name, command
        for part, inner in getattr(command, "commands", {}).items():
            yield from walk(inner, f"{name} {part}")

    return list(walk(typer.main.get_command(app), "glasshouse"))


@pytest.mark.parametrize(("name", "command"), commands(), ids=lambda part: part if isinstance(part, str) else "")
def test_every_command_and_each_of_its_options_says_what_it_does(name, command):
    assert command.help
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{name}: {parameter.name}"


def test_every_command_that_prints_a_table_takes_json():
    without = {name for name, command in commands() if not any("--json" in parameter.opts for parameter in command.params)}
    groups = {"glasshouse", "glasshouse scenarios", "glasshouse regimes", "glasshouse models"}
    assert without == groups | {"glasshouse warm", "glasshouse report", "glasshouse regimes new"}


def test_the_version_is_told(call):
    assert call("--version") == (0, f"glasshouse {_version.__version__}\n", "")


def test_without_a_command_the_help_is_shown_and_the_code_says_so(call):
    code, out, err = call()
    assert (code, out) == (2, "")
    assert "Usage" in err
    assert call("--help")[0] == 0
    assert call("run", "--help")[0] == 0


def test_each_command_is_short():
    import ast

    tree = ast.parse(Path(sys.modules["glasshouse.cli"].__file__).read_text())
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            assert function.end_lineno - function.lineno < 20, function.name


# ---- as a program of its own

GLASSHOUSE = Path(sys.executable).with_name("glasshouse")


def test_the_help_and_the_lists_come_at_once():
    for words in (["--help"], ["regimes", "list"]):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([GLASSHOUSE, *words], capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert after.ru_utime - before.ru_utime < 1.0, words  # of the processor, whatever else goes on: 0.2 and 0.4 s


def test_the_engine_and_the_tables_are_not_loaded_for_a_look():
    code = "import sys; from glasshouse.cli import app, run_command; run_command(app, ['regimes', 'list']); print({'numba', 'polars', 'scipy', 'altair'} & set(sys.modules))"  # noqa: E501
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_a_reader_that_goes_away_ends_the_command_with_141_and_no_trace():
    reading, writing = os.pipe()
    command = subprocess.Popen([GLASSHOUSE, "scenarios", "keys", "essay"], stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    os.close(reading)
    assert command.communicate()[1] == ""
    assert command.returncode == 141


def test_a_full_disk_behind_standard_output_is_one_message():
    with open("/dev/full", "w") as full:
        done = subprocess.run([GLASSHOUSE, "scenarios", "keys", "essay"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "space" in done.stderr


def test_a_full_disk_behind_standard_error_changes_no_exit_code():
    with open("/dev/full", "w") as full:
        done = subprocess.run([GLASSHOUSE, "run", "esay"], stdout=subprocess.PIPE, stderr=full, text=True)
    assert (done.returncode, done.stdout) == (2, "")


def test_ctrl_c_ends_with_130_and_one_line():
    code = ("import time; from glasshouse.cli import app, run_command; from glasshouse.commands import shown\n"
            "def slow(): print('started', flush=True); time.sleep(30)\n"
            "shown.regime_rows = slow; raise SystemExit(run_command(app, ['regimes', 'list']))")  # fmt: skip
    command = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert command.stdout.readline() == "started\n"
    command.send_signal(signal.SIGINT)
    _, err = command.communicate(timeout=20)
    assert command.returncode == 130
    assert err == "glasshouse: stopped; nothing half-written remains\n"


def test_signs_that_an_old_terminal_lacks_do_not_stop_it():
    done = subprocess.run([GLASSHOUSE, "regimes", "show", "essay"], capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert done.stdout.isascii()


def test_main_is_what_the_program_calls(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["glasshouse", "--version"])
    assert main() == 0
    assert capsys.readouterr().out.startswith("glasshouse ")


# ---- small parts

def test_numbers_and_settings_are_read_as_people_write_them():
    assert whole("--citizens", " 100,000 ", least=1) == 100_000
    assert settings(["a.b=1", "a.b=1"]) == {"a.b": "1"}
    for odd in ("=1", "a=", "a", ""):
        with pytest.raises(BadInput):
            settings([odd])
    with pytest.raises(BadInput):
        whole("--citizens", "٣", least=1)


def test_a_request_of_nothing_but_a_name_is_the_scenario_itself():
    assert Request("essay").resolved() == load("essay")


def test_the_report_of_a_stored_run_is_drawn_again(call, monkeypatch):
    call("run", "essay", "--citizens", "1000", "--out", "a")
    monkeypatch.setattr(reporting, "page_of", lambda run: f"<p>{run.summary['run']['seed']}")
    assert call("report", "a") == (0, "a/report.html\n", "")
    assert Path("a/report.html").read_text() == "<p>1"
    assert store.open_run("a").summary["timing"]["report_s"] >= 0
    assert store.changed_files(store.open_run("a")) == []


def test_a_report_that_the_engine_did_not_draw_is_drawn_from_the_tables(call, engine, monkeypatch):
    engine.draws = False
    monkeypatch.setattr(reporting, "page_of", lambda run: f"<p>{run.summary['run']['seed']}")
    code, out, _ = call("run", "essay", "--citizens", "1000", "--out", "a")
    assert code == 0
    assert "report  a/report.html" in out
    call("run", "essay", "--citizens", "1000", "--out", "b", "--no-report")
    assert not Path("b/report.html").exists()
