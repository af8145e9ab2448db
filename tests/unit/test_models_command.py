"""`glasshouse models`: a run of a model from the command line, the folder that it leaves, its ledger, and what is refused."""

import errno
import json
import shlex
import shutil

import numpy as np
import polars as pl
import pytest

from glasshouse.cli import app
from glasshouse.commands.entry import run_command
from glasshouse.errors import BadInput
from glasshouse.model import Field, Luck, Model, Number, Step, f32, simulate, u32, unit
from glasshouse.model.files import load
from glasshouse.model.saved import code_of, ledger, state, told
from glasshouse.models.leading_eight import MODEL as LEADING
from glasshouse.models.private_images import MODEL as PRIVATE
from glasshouse.models.shelf import modules
from glasshouse.store import open_run, parquet
from glasshouse.store.model import read_model_run

RUMOUR = '''
from glasshouse.model import At, Field, Luck, Model, Number, Step, f32, i32, u32, u64, unit
from glasshouse.model.pairs import anyone


def knows_at_first(luck_first: u32, first: f32) -> i32:
    """Whether one knows the rumour from the beginning."""
    return i32(unit(luck_first) < first)


def hears(knows: i32, luck_told: u32, told: f32) -> i32:
    """Who does not know it may hear it."""
    return i32(knows != 0 or unit(luck_told) < told)


MODEL = Model(
    name="A rumour!",
    about="Who hears it?",
    source="Made for the tests.",
    fields=(Field("knows", "u1", "", "1: has heard it.", high=1),),
    numbers=(
        Number("first", 0.25, "share", "made", "Who knows it at first.", 0, 1),
        Number("told", 0.5, "chance", "assumed", "Of being told.", 0, 1),
    ),
    luck=(
        Luck("rumour.start", ("luck_first", "luck_b", "luck_c", "luck_d")),
        Luck("rumour.day", ("luck_e", "luck_told", "luck_f", "luck_g")),
    ),
    start=(Step(knows_at_first, "tile", ("knows",)),),
    chain=(Step(hears, "tile", ("knows|=know",)),),
    totals=("know",),
    size=(500, 7),
)
ARMS = {"hushed": {"told": 0.125}}
'''


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder to stand in, with a model in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rumour.py").write_text(RUMOUR)
    return tmp_path


def say(capsys, *words) -> tuple[int, str, str]:
    code = run_command(app, list(words))
    said = capsys.readouterr()
    return code, said.out, said.err


# ---- the shelf

def test_the_shelf_is_listed_with_what_each_asks_and_whose_it_is(capsys):
    code, said, _ = say(capsys, "models", "list")
    assert code == 0
    for name, module in modules().items():
        assert f"{name}: {module.MODEL.about}" in said
        assert module.MODEL.source in said
    rows = json.loads(say(capsys, "models", "list", "--json")[1])
    assert [row["id"] for row in rows] == list(modules())


@pytest.mark.parametrize("name", modules())
def test_every_model_of_the_shelf_runs_at_the_size_that_it_says(name):
    """For two days: a size that its tables do not fit would show on the first."""
    model = modules()[name].MODEL
    run = simulate(model, model.size[0], min(2, model.size[1]))
    assert [f["field"] for f in told(run)["state"]] == [f.name for f in model.fields]
    assert state(run).shape == (model.size[0], 2 + len(model.fields))


def test_a_model_is_shown_with_its_fields_numbers_and_arms(here, capsys):
    code, said, _ = say(capsys, "models", "show", "rumour.py")
    assert code == 0
    for part in ("Who hears it?", "500 citizens, 7 days", "hushed", "first, told", "1: has heard it."):
        assert part in said
    assert json.loads(say(capsys, "models", "show", "leading_eight", "--json")[1])["arms"][:2] == ["L1", "L2"]


# ---- the folder

def test_a_run_of_a_users_file_leaves_a_folder_with_what_python_gives(here, capsys):
    asked = shlex.split("--citizens 300 --days 4 --seed 9 --set first=0.5 --arm 'as it is:' --arm hushed --arm 'loud: told=1' --json")
    code, said, _ = say(capsys, "models", "run", "rumour.py", *asked)
    found = json.loads(said)
    assert code == 0
    arms = {"as it is": {}, "hushed": {"told": 0.125}, "loud": {"told": 1}}
    run = simulate(load("rumour.py").MODEL, 300, 4, seed=9, arms=arms, first=0.5)
    folder = here / found["folder"]
    assert found["folder"] == f"runs/a-rumour-9-{run.digest[:8]}"
    assert {path.name for path in folder.iterdir()} == {"model.json", "state.parquet", "totals.parquet"}
    assert {**found, "folder": None} == {**read_model_run(folder), "folder": None}
    assert (found["digest"], found["code"], found["arms"]["loud"]) == (run.digest, code_of(run.model), {"first": 0.5, "told": 1})
    daily, last = pl.read_parquet(folder / "totals.parquet"), pl.read_parquet(folder / "state.parquet")
    assert daily.columns == ["day", "arm", "know"]
    assert daily["know"].to_numpy().reshape(4, 3).tolist() == run.totals["know"].tolist()
    assert daily["arm"].to_list() == list(arms) * 4
    for at, arm in enumerate(arms):
        mine = last.filter(pl.col("arm") == arm)
        assert mine["slot"].to_list() == list(range(300))
        assert mine["knows"].to_list() == run.state["knows"][at].tolist()
    loud = next(row for row in found["totals"] if row["arm"] == "loud")
    assert loud == {"name": "know", "arm": "loud", "first": 300, "last": 300, "mean": 300.0}


def test_a_run_is_told_and_can_be_repeated_by_its_last_line(here, capsys):
    code, said, err = say(capsys, "models", "run", "rumour.py", "--arm", "hushed", "--arm", "loud: told=1")
    assert code == 0
    assert "running A rumour!: 500 citizens, 7 days, seed 1" in err
    for part in ("Who hears it?", "know   hushed", "knows  loud", "kept    runs/a-rumour-1-"):
        assert part in said
    repeat = said.splitlines()[-1].removeprefix("repeat  ")
    assert repeat == "glasshouse models run rumour.py --citizens 500 --days 7 --seed 1 --arm hushed --arm 'loud: told=1'"
    digest = next(line for line in said.splitlines() if line.startswith("digest"))
    assert digest in say(capsys, "models", "run", "rumour.py", "--arm", "hushed", "--arm", "loud: told=1", "--out", "again")[1]
    assert say(capsys, "models", "run", "rumour.py", "--quiet", "--out", "x")[1:] == ("x\n", "")


def test_the_same_run_leaves_the_same_bytes_compiled_or_not_on_any_number_of_cores(here, capsys):
    asked = ["models", "run", "leading_eight", "--citizens", "1500", "--days", "3", "--arm", "L1", "--arm", "L6", "--quiet"]
    for name, more in (("one", []), ("two", ["--threads", "2"]), ("three", ["--reference"]), ("one", [])):
        assert say(capsys, *asked, *more, "--out", name) == (0, f"{name}\n", "")
    for file in ("model.json", "state.parquet", "totals.parquet"):
        assert len({(here / name / file).read_bytes() for name in ("one", "two", "three")}) == 1
    assert {path.name for path in here.iterdir()} == {"one", "two", "three", "rumour.py"}


def test_a_run_that_cannot_be_written_leaves_what_was_there(here, monkeypatch):
    run = simulate(load("rumour.py").MODEL, 100, 2)
    kept = {path.name: path.read_bytes() for path in run.save("mine").iterdir()}

    def full(frame, path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parquet, "write", full)
    for folder in ("mine", "other"):
        with pytest.raises(BadInput, match="the disk is full, so the run was not kept"):
            run.save(folder)
    assert {path.name: path.read_bytes() for path in (here / "mine").iterdir()} == kept
    assert {path.name for path in here.iterdir()} == {"mine", "rumour.py"}


def test_a_folder_of_something_else_is_let_be(here, capsys):
    (here / "mine").mkdir()
    (here / "mine" / "thesis.txt").write_text("years of work")
    code, _, err = say(capsys, "models", "run", "rumour.py", "--out", "mine")
    assert code == 2
    assert "mine: the folder holds something else than an earlier run of a model (thesis.txt)" in err
    assert "running" not in err, "it is said before anything is run"


def shares(luck_a: u32) -> tuple[f32, f32, f32]:
    """A share of luck, in two places too."""
    return unit(luck_a), unit(luck_a), f32(1) / f32(0)


WIDE = Model(
    name="wide", about="What is kept?", source="made for the tests",
    fields=(Field("part", "share", "share", "A share."), Field("two", "f4", "", "Two.", many=2), Field("gone", "f4", "", "No number.")),
    numbers=(Number("unused", 1),), luck=(Luck("wide", ("luck_a", "luck_b", "luck_c", "luck_d")),),
    start=(), chain=(Step(shares, "tile", ("part", "two@1", "gone")),),
)  # fmt: skip


def test_shares_are_kept_as_shares_many_as_lists_and_what_is_no_number_as_none(tmp_path):
    run = simulate(WIDE, 40, 1, arms={"a": {}, "b": {}})
    folder = run.save(tmp_path / "run-{id}")
    assert folder.name == f"run-wide-1-{run.digest[:8]}"
    kept = pl.read_parquet(folder / "state.parquet")
    two = np.array(kept["two"].to_list())
    assert two.shape == (80, 2)
    assert (two[:, 0] == 0).all()
    assert np.allclose(kept["part"], two[:, 1], atol=1 / 65535)
    assert two[:, 1].tolist() == run.state["two"][:, 1].ravel().tolist()
    gone = [row for row in read_model_run(folder)["state"] if row["field"] == "gone"]
    assert gone == [{"field": "gone", "arm": arm, "mean": None, "least": None, "most": None} for arm in "ab"]


def test_the_digest_of_the_code_is_of_what_is_done_and_not_of_numbers(here):
    first = code_of(load("rumour.py").MODEL)
    changes = ('0.5, "ch', '0.75, "ch'), ("knows != 0", "knows == 1"), ('"rumour.day"', '"rumour.night"'), ('"u1"', '"u2"'), ('!"', '?"')
    other = []
    for number, (was, now) in enumerate(changes):
        assert RUMOUR.count(was) == 1
        (here / f"other_{number}.py").write_text(RUMOUR.replace(was, now))
        other.append(code_of(load(f"other_{number}.py").MODEL) == first)
    assert other == [True, False, False, False, True]


def test_a_long_run_comes_back_to_python_in_between_and_leaves_the_same(monkeypatch):
    asked = {"citizens": 1100, "days": 7, "seed": 3, "arms": {"a": {}, "b": {"error": 0.25}}}
    whole = simulate(LEADING, **asked)
    for days in (1, 2, 3):
        monkeypatch.setattr("glasshouse.model.run.AT_ONCE", days * 2 * 1100)
        parts = simulate(LEADING, **asked)
        assert parts.digest == whole.digest
        assert parts.totals["helped"].tolist() == whole.totals["helped"].tolist()


# ---- the ledger

def test_the_ledger_of_a_model_says_which_functions_use_each_number(here, capsys):
    rows = {row["key"]: row for row in json.loads(say(capsys, "ledger", "rumour.py", "--json")[1])}
    told_of = {"key": "told", "value": 0.5, "unit": "chance", "range": [0, 1], "status": "assumed", "used_by": "hears"}
    assert rows["told"] == {**told_of, "source": "Of being told."}
    assert json.loads(say(capsys, "ledger", "leading_eight", "--json")[1]) == ledger(LEADING)
    code, said, _ = say(capsys, "ledger", "leading_eight")
    assert (code, "[0, 1, 0, 1, 1, 1, 0, 1]" in said) == (0, True)
    used = {row["key"]: row["used_by"] for row in ledger(PRIVATE)}
    assert used.pop("many") == "the luck private images.pair, meet, is_there"
    assert used == {"seen": "is_there", "error": "judges", "approves": "judges", "helps": "gives"}
    assert ledger(WIDE)[0]["used_by"] is None


def test_the_ledger_of_a_run_says_what_was_chosen_for_it(here, capsys):
    asked = ["--set", "first=0.5", "--arm", "as it is:", "--arm", "loud: told=1"]
    say(capsys, "models", "run", "rumour.py", *asked, "--out", "mine", "--quiet")
    (here / "rumour.py").unlink()
    rows = json.loads(say(capsys, "ledger", "mine", "--json")[1])
    assert [(row["key"], row["value"], row["status"]) for row in rows] == [
        ("first", 0.5, "chosen"), ("as it is: told", 0.5, "assumed"), ("loud: told", 1, "chosen")]  # fmt: skip
    assert rows[0]["source"] == "Chosen for the run; in the model 0.25 (made): Who knows it at first."
    assert rows[2]["used_by"] == "hears"
    assert "loud: told" in say(capsys, "ledger", "mine")[1]


def test_every_number_of_the_shelf_is_used_and_every_assumed_one_has_a_range():
    for name, module in modules().items():
        for row in ledger(module.MODEL):
            assert row["used_by"], (name, row["key"])
            assert row["range"] or row["status"] != "assumed", (name, row["key"])


# ---- what is refused

@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("run leding", "there is no model `leding` (`glasshouse models list` has them); did you mean `lending`?"),
        ("run rumour", "there is no model `rumour` (`glasshouse models list` has them); did you mean `rumour.py`?"),
        ("run rumor.py", "rumor.py: cannot be read (no such file or directory); did you mean `rumour.py`?"),
        ("run rumour.py --set tould=1", "the model 'A rumour!' has no number `tould`; did you mean `told`?"),
        ("run rumour.py --set told=often", "--set `told` must be a number, or a table such as [[0.5, 0.5], [0, 1]], not `often`"),
        ("run rumour.py --set told", "--set must be KEY=VALUE, not `told` (`glasshouse ledger MODEL` lists the keys)"),
        ("run rumour.py --arm hushd", "names no arm `hushd`; one of your own is NAME: KEY=VALUE; did you mean `hushed`?"),
        ("run rumour.py --arm a:told", "--arm a: must be KEY=VALUE, not `told`"),
        ("run rumour.py --arm a:tould=1", "arm `a`: the model 'A rumour!' has no number `tould`; did you mean `told`?"),
        ("run rumour.py --arm a: --arm a:", "--arm gives two arms of the same name"),
        ("run rumour.py --citizens 1e3", "--citizens must be a whole number, not `1e3`; did you mean `1000`?"),
        ("run rumour.py --days 0", "--days must be at least 1, not 0"),
        ("show leding", "there is no model `leding`"),
    ],
)
def test_what_is_asked_wrongly_gets_the_nearest_right_thing(here, capsys, words, message):
    code, _, err = say(capsys, "models", *words.split())
    assert code == 2
    assert message in err
    assert not (here / "runs").exists()


@pytest.mark.parametrize(
    ("was", "now", "place", "message"),
    [
        ("MODEL = Model(", "RUMOUR = Model(", "rumour.py: ", "has no `MODEL`, such as `MODEL = Model(...)`; did you mean `MODEL = RUMOUR`"),
        ("ARMS =", "MODEL =", "rumour.py: ", "`MODEL` is no `Model`"),
        ("import anyone", "import anyoone", "rumour.py:3: ", "ImportError: cannot import name 'anyoone'"),
        ("size=(500, 7),", "size=(500, sevn),", "rumour.py:32: ", "NameError: name 'sevn' is not defined"),
        ("told: f32) -> i32:", "told: f32) -> i32", "rumour.py:11: ", "is not Python: expected ':'"),
        ("unit(luck_told) < told", "unit(luck_told) < toold", "rumour.py:13: ", "which its file does not define; did you mean `told`?"),
        ("knows != 0 or", "knows != 7 or", "rumour.py:13: ", "the number 7 has no type"),
    ],
)  # fmt: skip
def test_a_fault_of_the_users_file_is_told_with_its_line(here, capsys, was, now, place, message):
    assert RUMOUR.count(was) == 1
    (here / "rumour.py").write_text(RUMOUR.replace(was, now))
    code, _, err = say(capsys, "models", "run", "rumour.py", "--citizens", "10", "--days", "1")
    assert code == 2
    assert place in err
    assert message in err
    assert "Traceback" not in err


def test_reference_runs_what_is_written_uncompiled(here, capsys):
    odd = RUMOUR.replace("return i32(knows != 0", "assert [*map(str, [told])] == ['0.5']\n    return i32(knows != 0")
    (here / "rumour.py").write_text(odd)
    asked = ["models", "run", "rumour.py", "--citizens", "10", "--days", "2", "--out", "x"]
    assert say(capsys, *asked)[0] == 2
    assert say(capsys, *asked, "--reference")[0] == 0


def test_what_a_function_raises_uncompiled_is_told_with_its_line(here, capsys):
    (here / "rumour.py").write_text(RUMOUR.replace("return i32(knows != 0", "assert told < 0, 'more'\n    return i32(knows != 0"))
    code, _, err = say(capsys, "models", "run", "rumour.py", "--citizens", "10", "--days", "2", "--reference")
    assert (code, err.splitlines()[1:]) == (2, [f"error: {here / 'rumour.py'}:13: AssertionError: more"])


def test_a_file_may_import_what_lies_beside_it_wherever_one_stands(here, tmp_path_factory, monkeypatch, capsys):
    (here / "chances_of_rumours.py").write_text("TOLD = 0.5\n")
    (here / "rumour.py").write_text("from chances_of_rumours import TOLD\n" + RUMOUR.replace('"told", 0.5', '"told", TOLD'))
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert say(capsys, "models", "run", str(here / "rumour.py"), "--quiet", "--out", "x")[0] == 0


def test_a_folder_of_a_model_is_told_from_other_folders(here):
    folder = simulate(load("rumour.py").MODEL, 100, 2).save("mine")
    with pytest.raises(BadInput, match="this is a run of a model: its tables are Parquet, and `glasshouse ledger` lists its numbers"):
        open_run(folder)
    with pytest.raises(BadInput, match="there is no such folder; did you mean `mine`"):
        read_model_run("minne")
    shutil.copytree(folder, "later")
    (here / "later" / "model.json").write_text((folder / "model.json").read_text().replace('"schema": 1', '"schema": 99'))
    with pytest.raises(BadInput, match="written by a newer version"):
        read_model_run("later")
    (here / "later" / "model.json").write_text("{}")
    with pytest.raises(BadInput, match="this is no run of a model"):
        read_model_run("later")
