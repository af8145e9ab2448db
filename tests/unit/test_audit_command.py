"""`glasshouse audit`: what it prints and keeps of stored runs, and how it ends where there is nothing to ask."""

import json
from dataclasses import replace

import polars as pl
import pytest

import glasshouse as gh
from glasshouse.store import Run, changed_files, open_run

DAYS = {"days.ban": [10, 0, 6], "false_days.ban": [4, 0, 0], "missed_days.ban": [0, 6, 0]}


@pytest.fixture
def stored(tmp_path):
    """Puts a made-up run into a folder: one penalty under each of two regimes, in the second a false day more with each seed."""

    def kept(name: str, seed: int, citizens: int = 3):
        first = pl.DataFrame({"citizen": [0, 1, 2], "weight": [1.0, 1.0, 1.0], **DAYS}).with_columns(regime=pl.lit("first"))
        second = first.with_columns(pl.col("false_days.ban") + pl.Series([0, 0, seed]), regime=pl.lit("second"))
        has = {"penalties": {"ban": {"fen": 1}}, "rewards": {}}
        head = {"id": f"made-{seed}-0", "scenario": "made", "citizens": citizens, "days": 10, "start": "2020-01-01", "seed": seed}
        run = Run(None, {"run": head, "regimes": {"first": has, "second": has}}, "", {}, {}, {"citizens": pl.concat([first, second])})
        return str(run.save(tmp_path / name).folder)

    return kept


def test_one_run_is_told_and_kept_in_its_folder(call, stored):
    folder = stored("one", 1)
    code, out, err = call("audit", folder, "--audit", "accuracy")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "made-1-0"
    assert ["second", "false:", "all", "penalties", "0.312", "+0.062", "few", "people:", "2"] in [line.split() for line in out.splitlines()]
    assert out.splitlines()[-1].startswith("Every number here is the model's effect, not a country's: ")
    run = open_run(folder)
    kept = json.loads((run.folder / "audit.json").read_text())
    assert kept["format"] == "glasshouse audit"
    assert kept["runs"] == ["made-1-0"]
    assert kept["rows"] == gh.audit(run, ["accuracy"]).to_dicts()
    assert changed_files(run) == []


def test_json_is_what_is_kept_and_several_runs_are_several_seeds(call, stored, tmp_path):
    folders = [stored(f"r{seed}", seed) for seed in (1, 3)]
    code, out, err = call("audit", *folders, "--audit", "accuracy", "--out", "found.json", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out) == json.loads((tmp_path / "found.json").read_text())
    row = next(row for row in json.loads(out)["rows"] if (row["regime"], row["of"]) == ("second", "false: ban"))
    assert (row["difference"], row["difference_low"], row["difference_high"], row["kind"], row["runs"]) == (2 / 16, 1 / 16, 3 / 16, "range", 2)
    assert call("audit", *folders, "--audit", "accuracy")[0] == 0
    assert not any((open_run(folder).folder / "audit.json").exists() for folder in folders), "a run says nothing of others"
    assert call("audit", *folders, "--out", "found.json", "--audit", "accuracy")[0] == 0, "an earlier answer is replaced"


def test_a_narrow_screen_gets_lines_instead_of_a_table(call, stored, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    code, out, _ = call("audit", stored("one", 1), "--audit", "accuracy")
    assert code == 0
    assert "second, false: ban\n    0.312; difference +0.062" in out
    assert max(map(len, out.splitlines())) <= 40


def test_what_stands_behind_is_printed_with_all_alone(call, stored, monkeypatch):
    """Of two numbers one is told first."""
    from glasshouse.audits import AUDITS

    monkeypatch.setitem(AUDITS, "accuracy", replace(AUDITS["accuracy"], front=lambda of: of.startswith("false: ban")))
    folder = stored("one", 1)
    few, every = (call("audit", folder, "--audit", "accuracy", *more)[1] for more in ([], ["--all"]))
    assert "14 more numbers: --all prints them, --json has them." in few
    assert "missed: ban" not in few
    assert "missed: ban" in every
    assert "more numbers" not in every


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["one", "--audit", "acuracy"], "error: there is no audit `acuracy`; did you mean `accuracy`?"),
        (["nowhere"], "error: nowhere: there is no such run folder"),
        (["other"], "error: other: this is no run of Glasshouse (there is no manifest.json)"),
        (["one", "larger"], "error: key `runs`: must be of one question: citizens is 3 in the first and 9 in another"),
        (["one", "one"], "error: key `runs`: has the seed 1 twice: a run counted twice makes the interval too narrow"),
        (["one", "--out", "other"], "error: other: --out names a file, and this is a folder"),
        (["one", "--out", "nowhere/found.json"], "error: nowhere: there is no such folder"),
        (["one", "--out", "mine.json"], "error: mine.json: this file is no answer of an audit, and --out would replace it; name a new one"),
        ([], "error: `glasshouse audit` needs RUN: see `glasshouse audit --help`"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_message_and_leaves_nothing(call, stored, tmp_path, words, said):
    stored("one", 1)
    stored("larger", 2, citizens=9)
    (tmp_path / "other").mkdir()
    (tmp_path / "mine.json").write_text("{}")
    before = {path: path.stat().st_size for path in tmp_path.rglob("*")}
    assert call("audit", *words) == (2, "", said + "\n")
    assert {path: path.stat().st_size for path in tmp_path.rglob("*")} == before
