"""A regime that extends another says only what differs; the rest is the other's, and a fault is told where it stands."""

from pathlib import Path

import pytest

from glasshouse.errors import BadInput
from glasshouse.regimes import list_regimes, load_regime
from glasshouse.regimes.extend import complete, merged
from glasshouse.regimes.loader import regime_text
from glasshouse.scenarios import check, load

BASES = Path(__file__).resolve().parents[1] / "data" / "bad" / "bases"
HEAD = 'id = "mine"\ntitle = "Mine"\nsummary = "Mine."\nextends = "{}"\n'
FIVE = '[points.speeds]\nabout = "A."\nunit = "points"\nstatus = "law"\nsource = "S."\nvalue = -5\n'
SCENARIO = ('id = "ask"\ntitle = "Ask"\nsummary = "S."\nquestion = "Q?"\nstart = 2020-01-01\ndays = 30\ncitizens = 10\n'
            "regimes = [{}]\n")  # fmt: skip


def mine(folder, rest="", extends="exampleland", name="mine.toml"):
    (folder / name).write_text(HEAD.format(extends) + rest)
    return folder / name


@pytest.mark.parametrize("name", list_regimes())
def test_a_regime_that_changes_nothing_is_the_other_by_another_name(tmp_path, name):
    same = load_regime(str(mine(tmp_path, extends=name)))
    own = {"id": "mine", "title": "Mine", "summary": "Mine."}
    assert same.model_dump() == load_regime(name).model_dump() | own
    assert (same.extends, same.remove) == (None, ()), "what was read is whole"


def test_tables_are_merged_and_a_number_is_replaced_whole(tmp_path):
    base, new = load_regime("exampleland"), load_regime(str(mine(tmp_path, FIVE.replace("speeds", "parks_badly"))))
    assert new.kind == base.kind
    assert set(new.points) == set(base.points)
    assert (new.points["parks_badly"].value, new.points["parks_badly"].source) == (-5, "S.")
    assert new.points["speeds"] == base.points["speeds"]
    assert new.coverage == base.coverage


def test_lists_are_replaced_whole(tmp_path):
    rest = 'remove = ["consequences"]\n[[grades]]\nid = "all"\ntitle = "All"\n[[claims]]\ntext = "T."\nverdict = "not"\nsource = "S."\n'
    new = load_regime(str(mine(tmp_path, rest)))
    assert [grade.id for grade in new.grades] == ["all"]
    assert [claim.text for claim in new.claims] == ["T."]
    assert new.consequences == {}


def test_what_is_removed_is_gone_and_what_was_around_it_too(tmp_path):
    gone = 'remove = ["points.speeds", "score.expiry", "score.stale", "consequences.flight_ticket_ban.tail"]\n'
    base, new = load_regime("exampleland"), load_regime(str(mine(tmp_path, gone)))
    assert set(base.points) - set(new.points) == {"speeds"}
    assert (new.score.expiry, new.score.stale, new.consequences["flight_ticket_ban"].tail) == (None, None, None)
    alone = load_regime(str(mine(tmp_path, 'remove = ["consequences.flight_ticket_ban"]\n')))
    assert alone.consequences == {}
    assert "consequences" not in alone.model_fields_set, "an empty table does not stay behind"


def test_what_is_removed_can_be_given_anew(tmp_path):
    anew = 'remove = ["consequences.flight_ticket_ban"]\n[consequences.flight_ticket_ban]\ngrades = ["red", "amber"]\n'
    measure = load_regime(str(mine(tmp_path, anew))).consequences["flight_ticket_ban"]
    assert (measure.grades, measure.tail, measure.enforcement) == (("red", "amber"), None, None)


def test_a_chain_of_files_and_folders(tmp_path):
    (tmp_path / "deep").mkdir()
    mine(tmp_path, FIVE, name="first.toml")
    mine(tmp_path / "deep", 'remove = ["points.gives_blood"]\n', extends="../first.toml", name="second.toml")
    third = load_regime(str(mine(tmp_path, extends="deep/second.toml", name="third.toml")))
    assert third.points["speeds"].value == -5
    assert "gives_blood" not in third.points
    assert load_regime("third.toml", tmp_path) == third, "paths start from the file, wherever one stands"


def test_a_fault_is_told_where_it_stands(tmp_path):
    path = mine(tmp_path, 'remove = ["points.parks_badly"]\n' + FIVE.replace("-5", "-5000"), extends="base.toml")
    base = (BASES / "faulty.toml").read_text()
    (tmp_path / "base.toml").write_text(base)
    told = [str(fault) for fault in check(path)]
    assert told[0].startswith(f"{path}:5: key `remove`: `base.toml` has no `points.parks_badly`")
    assert told[1].startswith(f"{path}:11: key `points.speeds.value`: -5000 makes no sense here")
    fixed = mine(tmp_path, extends="base.toml")
    (only,) = check(fixed)
    (line,) = (number for number, said in enumerate(base.splitlines(), 1) if said.startswith("stale"))
    assert (Path(only.file).name, only.place) == ("base.toml", line)
    assert str(fixed) in only.message, "it says which file extends it"


def test_a_circle_is_one_message_however_long(tmp_path):
    for name, other in (("a", "b"), ("b", "c"), ("c", "b")):
        mine(tmp_path, extends=f"{other}.toml", name=f"{name}.toml")
    (only,) = check(tmp_path / "a.toml")
    assert "goes in a circle" in only.message
    assert only.message.count("extends") == 3
    with pytest.raises(BadInput, match="goes in a circle"):
        load_regime(str(tmp_path / "a.toml"))


def test_a_file_meant_beside_it_is_the_nearest_right_thing(tmp_path):
    mine(tmp_path, name="base.toml")
    (only,) = check(mine(tmp_path, extends="base"))
    assert str(only).endswith("there is no regime `base`; did you mean `base.toml`?")
    with pytest.raises(BadInput, match="there is no file `/`"):
        load_regime(str(mine(tmp_path, extends="/")))


def test_a_resolved_scenario_holds_the_whole_regime(tmp_path):
    path = mine(tmp_path, FIVE)
    asked = load("essay").with_(regimes=["none", str(path)])
    (tmp_path / "scenario.toml").write_text(asked.resolved_toml())
    path.unlink()
    again = load(tmp_path / "scenario.toml")
    assert again == asked
    assert again.at("regime.mine.points.drives_drunk") == -60
    assert "extends" not in again.raw["regime"]["mine"]
    assert "remove" not in again.raw["regime"]["mine"]


def test_a_regime_written_in_a_scenario_can_extend_too(tmp_path):
    head = HEAD.format("exampleland") + 'remove = ["points.gives_blood"]\n'
    inline = "[regime.mine]\n" + head + FIVE.replace("[points", "[regime.mine.points")
    path = tmp_path / "ask.toml"
    path.write_text(SCENARIO.format('"none", "mine"') + inline)
    points = load(path).regimes["mine"].points
    assert (points["speeds"].value, points["drives_drunk"].value, "gives_blood" in points) == (-5, -60, False)
    path.write_text(path.read_text().replace('"exampleland"', '"exampelland"'))
    (only,) = check(path)
    line = 1 + path.read_text().splitlines().index('extends = "exampelland"')
    told = f"{path}:{line}: key `regime.mine.extends`: there is no regime `exampelland`; did you mean `exampleland`?"
    assert str(only) == told


def test_a_scenario_that_names_a_faulty_extension_says_so(tmp_path):
    mine(tmp_path, 'remove = ["points.speed"]\n')
    path = tmp_path / "ask.toml"
    path.write_text(SCENARIO.format('"none", "mine.toml"'))
    (only,) = check(path)
    assert str(only).startswith(f"{tmp_path / 'mine.toml'}:5: key `remove`")
    assert only.hint == "points.speeds"


def test_a_resolved_scenario_may_not_extend(tmp_path):
    asked = load("essay").with_(regimes=["exampleland"])
    text = asked.resolved_toml().replace("[regime.exampleland]\n", '[regime.exampleland]\nextends = "essay"\n')
    (tmp_path / "scenario.toml").write_text(text)
    with pytest.raises(BadInput, match="only a regime's own file or table can extend another"):
        load(tmp_path / "scenario.toml")


def test_putting_together_changes_neither():
    base = regime_text("exampleland")
    before = repr(base.data)
    both = merged(base.data, {"points": {"speeds": {"value": 1}}})
    assert both["points"]["speeds"] == {"value": 1}
    assert repr(base.data) == before
    assert complete(base)[0] is base, "what extends nothing is taken as it stands"
