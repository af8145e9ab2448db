"""The commands for whoever writes a rule: `regimes diff` and `regimes new`."""

import json
import shlex
from pathlib import Path

import pytest

from glasshouse.regimes import list_regimes, load_regime
from glasshouse.regimes.loader import HERE
from glasshouse.scenarios import load

LAND = (HERE / "exampleland.toml").read_text()


# ---- diff

def test_a_diff_says_in_words_what_changes(call):
    Path("mine.toml").write_text(LAND.replace('id = "exampleland"', 'id = "mine"', 1).replace("value = -10", "value = -20", 1))
    code, out, err = call("regimes", "diff", "exampleland", "mine.toml")
    assert (code, err) == (0, "")
    assert out == ("exampleland -> mine.toml: 2 changes\n\nWhat it is\n    id: exampleland -> mine\n\n"
                   "Points for a record\n    speeds: -10 -> -20 points\n")  # fmt: skip
    assert call("regimes", "diff", "mine.toml", "mine.toml")[:2] == (0, "mine.toml and mine.toml say the same\n")


def test_a_diff_as_json_is_a_list_of_objects(call):
    code, out, _ = call("regimes", "diff", "exampleland", "platform", "--json")
    rows = json.loads(out)
    assert code == 0
    assert {tuple(row) for row in rows} == {("part", "key", "change", "old", "new", "unit", "says")}
    base = next(row for row in rows if row["key"] == "score.base")
    assert (base["old"]["value"], base["new"]["value"], base["unit"]) == (100, 3, "strikes")
    assert json.loads(call("regimes", "diff", "essay", "essay", "--json")[1]) == []


def test_a_diff_fits_on_the_screen(call, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    out = call("regimes", "diff", "none", "essay")[1]
    assert max(map(len, out.splitlines())) <= 80


def test_a_regime_that_extends_another_is_shown_whole_and_says_so(call):
    Path("mine.toml").write_text('id = "mine"\ntitle = "Mine"\nsummary = "M."\nextends = "exampleland"\nremove = ["points.speeds"]\n')
    found = json.loads(call("regimes", "show", "mine.toml", "--json")[1])
    assert (found["extends"], found["kind"]) == ("exampleland", "points")
    assert set(found["points"]) == {"drives_drunk", "gives_blood", "parks_badly"}
    assert "extends   exampleland" in call("regimes", "show", "mine.toml")[1]
    assert json.loads(call("regimes", "show", "essay", "--json")[1])["extends"] is None


# ---- new

def test_a_new_regime_is_the_old_one_under_another_name_with_its_comments(call):
    code, out, err = call("regimes", "new", "my-land")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "my-land.toml"
    old, new = LAND.splitlines(), Path("my-land.toml").read_text().splitlines()
    changed = [(was, now) for was, now in zip(old, new, strict=True) if was != now]
    assert changed == [('id = "exampleland"', 'id = "my-land"'), ('title = "The score of Exampleland"', 'title = "The rule of my land"')]
    assert new[0].startswith("# ")


@pytest.mark.parametrize("name", ["exampleland", "lottery", "essay"])
def test_the_next_two_commands_can_be_given(call, name):
    _, out, _ = call("regimes", "new", "mine", "--from", name)
    check, run = (shlex.split(line)[2:] for line in out.splitlines()[1:])
    assert check == ["glasshouse", "check", "mine.toml"]
    assert call(*check[1:])[:2] == (0, "mine.toml: no fault found\n")
    assert run[:3] == ["glasshouse", "run", "essay"]
    asked = load("essay").with_(regimes=[word for word in run[3:] if word != "--regime"])
    first, *_, last = asked.regimes
    assert (first, last) == ("none", "mine")


@pytest.mark.parametrize("name", list_regimes())
def test_every_shipped_regime_can_be_copied(call, name):
    assert call("regimes", "new", "mine", "--from", name)[0] == 0
    own = {"id": "mine", "title": "The rule of mine"}
    assert load_regime("mine.toml").model_dump() == load_regime(name).model_dump() | own


def test_where_it_goes(call):
    Path("here").mkdir()
    assert call("regimes", "new", "mine", "--out", "here")[1].splitlines()[0] == "here/mine.toml"
    assert call("regimes", "new", "mine", "--out", "here/other.toml")[1].splitlines()[0] == "here/other.toml"
    assert call("regimes", "new", "third", "--from", "here/mine.toml")[0] == 0


def test_a_file_that_extends_one_beside_it_is_copied_beside_it_too(call):
    call("regimes", "new", "base")
    Path("there").mkdir()
    Path("mine.toml").write_text('id = "mine"\ntitle = "Mine"\nsummary = "M."\nextends = "base.toml"\n')
    assert call("regimes", "new", "other", "--from", "mine.toml")[0] == 0
    assert load_regime("other.toml").points == load_regime("base.toml").points
    code, _, err = call("regimes", "new", "far", "--from", "mine.toml", "--out", "there")
    assert code == 2
    assert "mine.toml: extends `base.toml`, which a copy in another folder would not find" in err
    assert list(Path("there").iterdir()) == []


def test_nothing_is_overwritten(call):
    Path("mine.toml").write_text("mine")
    code, out, err = call("regimes", "new", "mine")
    assert (code, out) == (2, "")
    assert err == "error: mine.toml: is there already, and is not overwritten; name another file with --out\n"
    assert Path("mine.toml").read_text() == "mine"


# ---- bad input

BAD = {
    ("regimes", "diff", "essay"): "needs B",
    ("regimes", "diff", "esay", "none"): "did you mean `essay`",
    ("regimes", "diff", "essay", "nope.toml"): "nope.toml: there is no such file",
    ("regimes", "new"): "needs ID",
    ("regimes", "new", "My Land"): "did you mean `my_land`",
    ("regimes", "new", "7"): "`7` is no id",
    ("regimes", "new", "essay"): "there is a regime `essay` already; did you mean `my-essay`",
    ("regimes", "new", "mine", "--from", "exampelland"): "did you mean `exampleland`",
    ("regimes", "new", "mine", "--out", "mine"): "did you mean `mine.toml`",
    ("regimes", "new", "mine", "--out", "no/mine.toml"): "no: there is no such folder",
    ("regimes", "new", "mine", "--form", "essay"): "did you mean `--from`",
    ("regimes", "neww", "mine"): "did you mean `new`",
}


@pytest.mark.parametrize("words", BAD, ids=" ".join)
def test_bad_input_gets_one_message_and_leaves_nothing(call, words):
    code, out, err = call(*words)
    assert (code, out) == (2, "")
    assert BAD[words] in err
    assert len(err.splitlines()) == 1
    assert list(Path().iterdir()) == []
