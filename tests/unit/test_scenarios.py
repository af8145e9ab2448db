"""Scenarios: what can be set, what is refused, and that a resolved scenario is the whole of what was run."""

import json
import pickle
import re
import subprocess
import sys
from datetime import date

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from glasshouse.errors import BadInput
from glasshouse.regimes import list_regimes
from glasshouse.regimes.loader import HERE as REGIMES
from glasshouse.scenarios import check, list_scenarios, load
from glasshouse.values import Value

ESSAY = load("essay")
WIDE = ESSAY.with_(regimes=list_regimes())
KEYS = {row["key"]: row for row in WIDE.keys()}
MINE = """
id = "mine"
title = "Mine"
summary = "A scenario made for a test."
question = "Does it work?"
start = 2020-01-01
days = 30
citizens = 10
regimes = [{regimes}]
"""


def refused(**changed):
    with pytest.raises(BadInput) as caught:
        ESSAY.with_(**changed)
    return str(caught.value)


def again(scenario, folder):
    """A scenario written and read back."""
    path = folder / "scenario.toml"
    path.write_text(scenario.resolved_toml())
    return load(path)


def test_the_essay_is_the_main_job():
    assert list_scenarios() == ["essay"]
    assert (ESSAY.id, ESSAY.society, ESSAY.start, ESSAY.days) == ("essay", "china-2019", date(2019, 1, 1), 1096)
    assert (ESSAY.citizens, ESSAY.seed, ESSAY.panel, list(ESSAY.regimes)) == (100_000, 1, 300, ["none", "essay"])
    assert ESSAY.title
    assert ESSAY.summary
    assert ESSAY.question
    assert len(ESSAY.catalogue.acts) == 53
    assert "100000 citizens" in repr(ESSAY)


def test_with_makes_a_new_one_and_leaves_the_old():
    new = ESSAY.with_(citizens=10, days=5, seed=7, start="2020-02-01", panel=3, regimes=["essay"], set={"life.air.fare": "900"})
    assert (new.citizens, new.days, new.seed, new.start, new.panel) == (10, 5, 7, date(2020, 2, 1), 3)
    assert (list(new.regimes), new.at("life.air.fare"), new.overrides) == (["essay"], 900, {"life.air.fare": 900})
    assert (ESSAY.citizens, ESSAY.at("life.air.fare"), ESSAY.overrides, ESSAY) == (100_000, 850, {}, load("essay"))
    assert new != ESSAY
    assert ESSAY.with_() is ESSAY
    assert len({ESSAY, load("essay"), new}) == 2


def test_what_is_set_says_so():
    new = ESSAY.with_(set={"acts.speeds.rate": 100, "life.air.fare": 900})
    row = next(row for row in new.ledger() if row["key"] == "acts.speeds.rate")
    old = next(row for row in ESSAY.ledger() if row["key"] == "acts.speeds.rate")
    assert (row["value"], row["status"], row["source"], row["range"]) == (100, "assumed", "set on the command line", [0.5, 100])
    assert (row["about"], row["unit"], old["range"]) == (old["about"], old["unit"], [0.5, 20.0])
    assert new.values["life.air.fare"].range == (576, 900)


def test_setting_twice_keeps_the_last_and_the_order_of_setting_does_not_show():
    one = ESSAY.with_(set={"life.air.fare": 700}).with_(set={"life.rail.fare": 100, "life.air.fare": 800})
    other = ESSAY.with_(set={"life.air.fare": 800}).with_(set={"life.rail.fare": 100})
    assert one.overrides == other.overrides == {"life.air.fare": 800, "life.rail.fare": 100}
    assert one.resolved_toml() == other.resolved_toml()


def test_a_regime_that_leaves_takes_its_settings_along():
    new = ESSAY.with_(set={"regime.essay.points.speeds": -6, "life.air.fare": 700})
    assert new.with_(regimes=["essay"]).at("regime.essay.points.speeds") == -6
    assert new.with_(regimes=["none"]).overrides == {"life.air.fare": 700}


def test_a_dated_value_can_be_set_and_asked_for_by_date():
    land = ESSAY.with_(regimes=["exampleland"])
    key = "regime.exampleland.points.parks_badly"
    assert [land.at(key, day) for day in (None, "2020-06-01", date(2021, 6, 1))] == [None, -10, -5]
    assert land.with_(set={key: -8}).at(key) == -8


def test_dates_of_coverage_can_be_set():
    key = "regime.essay.coverage.start"
    assert KEYS[key]["value"] == "2020-01-01"
    assert KEYS[key]["status"] == "reported"
    assert ESSAY.with_(set={key: "2020-07-01"}).regimes["essay"].coverage.start == date(2020, 7, 1)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"citizens": 0}, "key `citizens`: must be 1 or more, not 0"),
        ({"citizens": -5}, "key `citizens`: must be 1 or more, not -5"),
        ({"citizens": 1.5}, "key `citizens`: must be a whole number, not the number 1.5"),
        ({"citizens": True}, "key `citizens`: must be a whole number, not true"),
        ({"citizens": "ten"}, 'key `citizens`: must be a whole number, not the text "ten"'),
        ({"days": 0}, "key `days`: must be 1 or more, not 0"),
        (
            {"days": 3654},
            "key `days`: 3654 is too long: horizons end at ten years, because lives are drawn for ten years and households do not split or merge within a run (at most 3653)",
        ),
        ({"seed": -1}, "key `seed`: must be 0 or more, not -1"),
        ({"seed": 2**63}, "key `seed`: must be 9223372036854775807 or less, not 9223372036854775808"),
        ({"panel": 10_001}, "key `panel`: must be 10000 or less, not 10001"),
        ({"start": "2019-02-29"}, 'key `start`: must be a day such as "2020-01-01", not the text "2019-02-29"'),
        ({"start": "9999-12-30"}, "key `start`: 9999-12-30 is outside the years 1900 to 2100: the society is drawn from tables of one "
                                  "year, which say nothing of other centuries"),
        ({"regimes": []}, "key `regimes`: needs at least 1 of them, not 0"),
        ({"regimes": ["esay"]}, "there is no regime `esay`; did you mean `essay`?"),
        ({"regimes": ["essay", "none", "essay"]}, "key `regimes`: names `essay` twice"),
        (
            {"regimes": ["lottery"]},
            "key `regimes`: `lottery` draws lots for what `essay` hands out, which is not among them; did you mean `essay`?",
        ),
        ({"regimes": ["no/such.toml"]}, "no/such.toml: there is no such file"),
        ({"regimes": "none"}, 'key `regimes`: must be a list of names, not one text; did you mean `["none"]`?'),
        ({"regimes": 3}, "key `regimes`: must be a list of names, not a value of type int"),
        ({"regimes": [{"id": "mine"}]}, "key `regimes`: must hold names or paths as text, not a value of type dict"),
        ({"set": "life.air.fare=5"}, "key `set`: must be new numbers by key, such as {'life.air.fare': 900}, not a value of type str"),
        ({"set": {3: 5}}, "key `set`: must have keys such as life.air.fare, not 3"),
        ({"set": {"citizens": "0"}}, "key `citizens`: must be 1 or more, not 0"),
        ({"set": {"lif.air.fare": 5}}, "key `lif.air.fare`: there is no such key; did you mean `life.air.fare`?"),
        (
            {"set": {"regime.platform.score.base": 5}},
            "key `regime.platform.score.base`: there is no such key; did you mean `regime.essay.score.base`?",
        ),
        ({"set": {"life.air.fare": "dear"}}, "key `life.air.fare`: must be a number, not `dear`"),
        ({"set": {"life.air.fare": "nan"}}, "key `life.air.fare`: must be a number, not `nan`"),
        ({"set": {"life.air.fare": None}}, "key `life.air.fare`: must be a number, not `None`"),
        ({"set": {"life.air.refund": 1.2}}, "key `life.air.refund`: 1.2 makes no sense here: 0 to 1 is possible"),
        ({"set": {"regime.essay.points.speeds": -0.5}}, "key `regime.essay.points.speeds`: must be a whole number, not -0.5"),
        ({"set": {"regime.essay.grades.C.from": 900}}, "key `regime.essay.grades.B.from`: 850 is not above the grade before, 900"),
        (
            {"set": {"regime.essay.coverage.start": "soon"}},
            'key `regime.essay.coverage.start`: must be a day such as "2020-01-01", not the text "soon"',
        ),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_the_key_and_the_nearest(changed, message):
    assert refused(**changed) == message


NO_NAMES = [{}, {"id": "mine"}, None, 7, 1.5, True, b"essay", ["essay"], ESSAY]


@pytest.mark.parametrize("given", NO_NAMES, ids=lambda given: type(given).__name__)
def test_what_is_no_name_is_refused_with_what_would_be(given):
    takes = "load takes the id of a shipped scenario, such as `essay`, or the path of a TOML file"
    with pytest.raises(BadInput) as caught:
        load(given)
    assert str(caught.value) == f"{takes}, not a value of type {type(given).__name__}"
    with pytest.raises(BadInput, match=r"^check takes the path of a TOML file, not a value of type "):
        check(given)


def test_a_scenario_is_loaded_by_name_by_text_and_by_path(tmp_path):
    class Named:
        def __fspath__(self):
            return str(tmp_path / "mine.toml")

    (tmp_path / "mine.toml").write_text(MINE.format(regimes='"none"'))
    assert load(Named()) == load(tmp_path / "mine.toml") == load(str(tmp_path / "mine.toml"))
    for odd in ("", "a\0.toml", "x" * 5000 + ".toml"):
        with pytest.raises(BadInput):
            load(odd)


def test_a_run_may_begin_in_any_year_from_1900_to_2100():
    for day in ("1900-01-01", "2100-12-31"):
        assert ESSAY.with_(start=day, days=3653).start.isoformat() == day
    for day in ("1899-12-31", "2101-01-01"):
        assert "outside the years 1900 to 2100" in refused(start=day)


def test_an_unknown_scenario_gets_the_nearest():
    with pytest.raises(BadInput) as caught:
        load("esay")
    assert str(caught.value) == "there is no scenario `esay`; did you mean `essay`?"


def test_a_folder_or_a_file_taken_for_a_name_is_told_how_it_is_meant(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("empty", "kept"):
        (tmp_path / folder).mkdir()
    (tmp_path / "kept" / "scenario.toml").write_text(ESSAY.resolved_toml())
    (tmp_path / "mine").write_text(MINE.format(regimes='"none"'))
    told = {}
    for name in ("empty", "kept", "mine"):
        with pytest.raises(BadInput) as caught:
            load(name)
        told[name] = str(caught.value)
    assert told["empty"] == "empty: is a folder; a scenario is a shipped id or a TOML file"
    assert told["kept"] == f"{told['empty'].replace('empty', 'kept')}; did you mean `kept/scenario.toml`?"
    assert told["mine"] == "there is no scenario `mine`; did you mean `./mine`?"
    assert load("./mine").id == "mine"


def test_an_unknown_key_cannot_be_asked_for():
    with pytest.raises(BadInput) as caught:
        ESSAY.at("life.air.fares")
    assert str(caught.value) == "key `life.air.fares`: there is no such key; did you mean `life.air.fare`?"
    assert (ESSAY.at("citizens"), ESSAY.at("days")) == (100_000, 1096)


def test_keys_and_ledger_tell_the_same_numbers():
    assert [row["key"] for row in WIDE.keys()][:5] == ["start", "days", "citizens", "seed", "panel"]
    ledger = {row["key"]: row for row in WIDE.ledger()}
    assert set(KEYS) - set(ledger) == {"start", "days", "citizens", "seed", "panel"}
    for key, row in ledger.items():
        assert {**KEYS[key], "recalled": row["recalled"]} == row
        assert row["status"] in ("law", "measured", "derived", "reported", "assumed")
    assert len(KEYS) == len(WIDE.keys()), "no key twice"
    assert json.loads(json.dumps(WIDE.keys())) == WIDE.keys()
    assert ledger["regime.essay.grades.C.from"]["recalled"] is True
    for key in ("acts.speeds.rate", "families.credit.skew", "frequent.orders.line", "attempts.flies.elasticity", "responses.chilling.size",
                "consequences.hotel_ban.weight", "regime.essay.points.speeds", "regime.essay.watch.civic.group_ratio"):  # fmt: skip
        assert key in KEYS


@pytest.mark.parametrize("end", [0, 1])
def test_every_value_can_be_set_to_either_end_of_its_range(end):
    ends = {key: row["range"][end] for key, row in KEYS.items() if row["range"]}
    # Strikes left, base and highest, move together; so do the grades at their ends, and the weights of dimensions, which add up to 1.
    # No memory at all leaves nothing that could be stale.
    together = re.compile(r"regime\.platform.*\.(score|grades)\.|\.dimensions\.\w+\.weight$|\.score\.expiry$")
    ends = {key: new for key, new in ends.items() if not together.search(key)}
    new = WIDE.with_(set=ends)
    assert {key: new.at(key) for key in ends} == ends
    assert all(new.values[key].range == tuple(KEYS[key]["range"]) for key in ends)


TOGETHER = re.compile(r"\.(grades|score)\.|\.dimensions\.\w+\.weight$")  # what makes sense only with others beside it
SETTABLE = sorted(key for key, row in KEYS.items() if row["range"] and not TOGETHER.search(key))


@settings(max_examples=20, phases=(Phase.explicit, Phase.generate))  # a whole scenario is too large to be made smaller
@given(st.data())
def test_a_resolved_scenario_is_read_back_equal_and_written_the_same(tmp_path_factory, data):
    chosen = data.draw(st.lists(st.sampled_from(SETTABLE), unique=True, max_size=6))
    given_ = {}
    for key in chosen:
        low, high = KEYS[key]["range"]
        whole = all(isinstance(number, int) for number in (low, high))
        given_[key] = data.draw(st.integers(low, high) if whole else st.floats(low, high))
    citizens, seed = data.draw(st.integers(1, 10**9)), data.draw(st.integers(0, 2**63 - 1))
    regimes = data.draw(st.permutations(list_regimes()))
    start = data.draw(st.dates(date(2000, 1, 1), date(2050, 1, 1)))
    one = ESSAY.with_(regimes=regimes, citizens=citizens, seed=seed, start=start, set=given_)
    two = again(one, tmp_path_factory.getbasetemp())
    assert two == one
    assert two.resolved_toml() == one.resolved_toml()
    assert (two.overrides, list(two.regimes), two.keys()) == (given_, list(regimes), one.keys())
    assert two.regimes == one.regimes
    assert two.catalogue == one.catalogue


def test_the_resolved_file_has_no_fault_and_can_be_set_again(tmp_path):
    new = again(ESSAY.with_(set={"regime.essay.points.speeds": -6}), tmp_path)
    assert check(tmp_path / "scenario.toml") == []
    assert new.with_(set={"regime.essay.points.speeds": -5, "life.air.fare": 1}).overrides == {
        "life.air.fare": 1,
        "regime.essay.points.speeds": -5,
    }
    assert "set on the command line" in new.resolved_toml()


def test_a_resolved_scenario_does_not_look_at_what_ships(tmp_path):
    path = tmp_path / "scenario.toml"
    text = ESSAY.resolved_toml()
    begin = text.index("[acts.litters]")
    path.write_text(text[:begin] + text[text.index("[acts.lets_dog_foul]") :])
    assert [fault.key for fault in check(path)] == ["regime.essay.points.litters"]


def test_a_scenario_of_ones_own_changes_single_blocks(tmp_path):
    path = tmp_path / "mine.toml"
    block = '[{}]\nabout = "Mine."\nunit = "points"\nstatus = "law"\nsource = "Mine."\nvalue = {}\n'
    path.write_text(MINE.format(regimes='"essay"') + block.format("regime.essay.points.speeds", -9) + block.format("acts.speeds.rate", 4))
    mine = load(path)
    assert (mine.at("regime.essay.points.speeds"), mine.at("acts.speeds.rate")) == (-9, 4)
    assert (mine.society, mine.seed, mine.panel, mine.start) == ("china-2019", 1, 300, date(2020, 1, 1))
    shipped = {key: value for key, value in ESSAY.values.items() if not key.startswith("regime.none")}
    assert {key for key in shipped if mine.values[key] != shipped[key]} == {"regime.essay.points.speeds", "acts.speeds.rate"}
    assert again(mine, tmp_path) == mine


def test_a_regime_of_ones_own_comes_by_path_from_beside_the_scenario(tmp_path):
    text = (REGIMES / "essay.toml").read_text()
    begin, end = text.index("[points.litters]"), text.index("[points.lets_dog_foul]")
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine.toml").write_text(text[:begin] + text[end:])
    (tmp_path / "mine.toml").write_text(MINE.format(regimes='"none", "r/mine.toml"'))
    mine = load(tmp_path / "mine.toml")
    assert list(mine.regimes) == ["none", "essay"]
    assert "litters" not in mine.regimes["essay"].points
    # One's own stays one's own when the regimes are chosen anew.
    assert "litters" not in mine.with_(regimes=["essay", "lottery"]).regimes["essay"].points
    for path in (tmp_path / "r" / "mine.toml", str(tmp_path / "r" / "mine.toml")):
        assert "litters" not in ESSAY.with_(regimes=[path]).regimes["essay"].points
    assert "litters" in ESSAY.regimes["essay"].points
    (tmp_path / "r" / "mine.toml").write_text(text.replace("[points.litters]", "[points.liters]"))
    (fault,) = check(tmp_path / "mine.toml")
    assert (fault.key, fault.hint, fault.file) == ("points.liters", "litters", f"{tmp_path}/r/mine.toml")


def test_a_regime_may_stand_in_the_scenario_itself(tmp_path):
    text = (REGIMES / "none.toml").read_text().replace('id = "none"', 'id = "quiet"')
    (tmp_path / "mine.toml").write_text(MINE.format(regimes='"quiet"') + "[regime.quiet]\n" + text)
    assert list(load(tmp_path / "mine.toml").regimes) == ["quiet"]


def test_scenarios_travel_between_processes():
    new = ESSAY.with_(set={"life.air.fare": 700})
    assert pickle.loads(pickle.dumps(new)) == new


def test_loading_needs_nothing_heavy():
    code = "import sys, glasshouse.scenarios as s; s.load('essay'); print({'numpy', 'numba', 'polars', 'scipy'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "set()"


def test_values_are_values():
    assert all(isinstance(value, Value) for value in WIDE.values.values())
