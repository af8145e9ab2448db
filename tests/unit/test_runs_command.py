"""`glasshouse runs`: lists what Glasshouse wrote, and removes that and nothing else."""

import fcntl
import json
import shutil
from pathlib import Path

import pytest

import glasshouse as gh
from glasshouse.commands.runs import KEYS, condition
from glasshouse.errors import BadInput
from glasshouse.store import checkpoint, sweep
from glasshouse.store.folder import WRITING
from glasshouse.store.shelf import kept, told

pytestmark = pytest.mark.slow
SMALL = {"citizens": 300, "days": 20}
PLAN = {"scenario": "essay", "regimes": ["none", "essay"], "citizens": 300, "days": 20, "measures": [], "audits": [],
        "design": {"keys": [], "settings": [[]], "seeds": [4, 5]}}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A run, one that was broken off early, one with a checkpoint, a sweep with a part, and a diary."""
    place = tmp_path_factory.mktemp("made") / "runs"
    run = gh.simulate("essay", seed=3, out=place / "one", **SMALL)
    for name in ("early", "late"):
        (place / f"{name}.partial").mkdir()
        (place / f"{name}.partial" / WRITING).touch()
        (place / f"{name}.partial" / "scenario.toml").write_text(run.scenario_toml)
    checkpoint.keep(place / "late.partial", 7, {"x": 1}, {})
    with sweep.filling(place / "deep" / "swept", PLAN, run.scenario_toml) as filled:
        filled.add(sweep.Rows([{"run": 0, "seed": 4, "regime": "none"}], []))
        filled.flush()
    (place / "diary").mkdir()
    (place / "diary" / "monday.txt").write_text("dear")
    (place / "mine.partial").mkdir()
    return place


@pytest.fixture
def place(made, tmp_path):
    """A copy, to be cleaned."""
    return Path(shutil.copytree(made, tmp_path / "runs"))


def test_what_is_there_is_listed_with_its_state(place, call):
    code, out, _ = call("runs", str(place), "--json")
    rows = {Path(row["folder"]).name: row for row in json.loads(out)}
    assert code == 0 and list(rows) == ["swept.partial", "early.partial", "late.partial", "one"]
    assert {name: (row["kind"], row["state"]) for name, row in rows.items()} == {
        "swept.partial": ("sweep", "resumable"), "early.partial": ("run", "unfinished"), "late.partial": ("run", "resumable"), "one": ("run", "finished")}  # fmt: skip
    for row in rows.values():
        assert tuple(row) == KEYS and (row["scenario"], row["citizens"], row["days"], row["regimes"]) == ("essay", 300, 20, ["none", "essay"])
    assert (rows["one"]["seed"], rows["swept.partial"]["seed"]) == (3, 4)
    assert rows["one"]["bytes"] == sum(path.stat().st_size for path in (place / "one").iterdir())
    out = call("runs", str(place))[1]
    assert f"to go on: glasshouse resume {place / 'late'}" in out and f"to go on: glasshouse sweep --resume {place / 'deep' / 'swept'}" in out


def test_where_chooses(place, call):
    for said, wanted in [("state=finished", 1), ("seed>=4", 1), ("kind!=run", 1), ("citizens<300", 0), ("regimes=essay", 4), ("regimes=lottery", 0), ("when>2020", 4)]:
        assert len(json.loads(call("runs", str(place), "--where", said, "--json")[1])) == wanted, said
    assert len(json.loads(call("runs", str(place), "--where", "kind=run", "--where", "state=resumable", "--json")[1])) == 1


@pytest.mark.parametrize(("said", "why"), [("citizens", "must be written as"), ("citizen=3", "did you mean `citizens`"), ("regimes<a", "= or != alone"), ("=3", "written as")])
def test_what_cannot_be_asked_is_refused(said, why):
    with pytest.raises(BadInput, match=why):
        condition(said)
    with pytest.raises(BadInput, match="must be a whole number"):
        condition("seed=one")({"seed": 1})


def test_cleaning_takes_the_unfinished_and_nothing_else(place, call):
    code, out, _ = call("runs", str(place), "--clean", "--yes")
    assert code == 0 and "3 removed" in out
    assert sorted(path.name for path in place.iterdir()) == ["deep", "diary", "mine.partial", "one"]
    assert (place / "diary" / "monday.txt").read_text() == "dear" and told(place / "one") is not None
    assert call("runs", str(place), "--clean", "--yes")[1] == "nothing is to be removed\n"


def test_it_says_what_and_asks(place, call, monkeypatch):
    asked = []
    monkeypatch.setattr("typer.confirm", lambda text, err: asked.append(text) or False)
    code, out, _ = call("runs", str(place), "--clean")
    assert (code, asked) == (0, ["remove these 3?"]) and "early.partial" in out and "nothing was removed" in out
    assert len(kept([place])) == 4
    monkeypatch.setattr("typer.confirm", lambda text, err: True)
    assert "3 removed" in call("runs", str(place), "--clean")[1]


def test_a_folder_that_is_named_and_one_that_is_asked_for_go(place, call):
    assert "1 removed" in call("runs", str(place / "one"), "--clean", "--yes")[1]
    assert len(kept([place])) == 3
    assert "1 removed" in call("runs", str(place), "--where", "kind=sweep", "--clean", "--yes")[1]
    assert [one.kind for one in kept([place])] == ["run", "run"]


def test_one_that_is_being_written_is_let_be(place, call):
    with open(place / "early.partial" / WRITING) as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert told(place / "early.partial").state == "being written"
        assert "nothing is to be removed" in call("runs", str(place / "early.partial"), "--clean", "--yes")[1]
    assert (place / "early.partial").is_dir()


def test_what_somebody_added_is_never_removed(place, call):
    (place / "one" / "notes.txt").write_text("mine")
    (place / "early.partial" / "notes.txt").write_text("mine")
    code, out, err = call("runs", str(place / "one"), str(place / "early.partial"), "--clean", "--yes")
    assert code == 1 and "0 removed" in out and err.count("holds something of your own too (notes.txt)") == 2
    assert (place / "one" / "notes.txt").exists() and (place / "early.partial" / "notes.txt").exists()


def test_links_are_neither_followed_nor_removed(place, call, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    shutil.move(place / "one", elsewhere)
    (place / "link").symlink_to(elsewhere)
    assert len(kept([place])) == 3 and told(place / "link") is None
    assert "nothing is to be removed" in call("runs", str(place / "link"), "--clean", "--yes")[1]
    assert (elsewhere / "manifest.json").exists()


def test_a_damaged_run_is_listed_without_its_sizes(place):
    (place / "one" / "summary.json").write_text("{")
    one = told(place / "one")
    assert (one.state, one.scenario, one.citizens) == ("finished", None, None)


def test_nothing_there_is_said(call, tmp_path):
    assert call("runs") == (0, "nothing of Glasshouse lies in runs\n", "")
    code, _, err = call("runs", str(tmp_path / "nowhere"))
    assert code == 2 and "there is no such folder" in err
