"""The ledger says who uses a number, and the doctor warns where a headline hangs on one that is only assumed."""

import importlib
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from tools import users as users_tool

from glasshouse.commands.doctor import after, before
from glasshouse.catalogue.users import HOST, kept, pattern, users
from glasshouse.experiments import fixed
from glasshouse.experiments.jacobian import NUMBERS
from glasshouse.regimes import list_regimes
from glasshouse.scenarios import load

ROOT = Path(__file__).resolve().parents[2]


def moves(headline: str, *rows: tuple) -> dict:
    keys = ("key", "low_value", "high_value", "at_low", "at_high", "base")
    return {headline: [dict(zip(keys, row, strict=True)) for row in rows]}


# ---- after a run


def test_the_headline_that_swings_most_comes_first_with_both_ends():
    ranges = moves("essay.a", ("life.x", 1, 3, 90.0, 110.0, 100.0)) | moves(
        "essay.b", ("life.y", 0, 1, 0.1, 0.4, 0.2), ("life.z", 0, 1, 0.2, 0.21, 0.2)
    )
    told = after(SimpleNamespace(ranges=ranges))
    assert told[0].startswith("doctor  2 of 2 headlines hang on numbers that are only assumed")
    assert told[1].strip() == "essay.b: 0.1 to 0.4 as life.y goes from 0 to 1"
    assert told[2].strip() == "essay.a: 90 to 110 as life.x goes from 1 to 3"
    assert len(told) == 3, "one line a headline: the number that moves it most"


@pytest.mark.parametrize(("low", "high", "warns"), [(99.5, 100.0, False), (98.99, 100.0, True), (99.0, 100.0, True)])
def test_a_swing_below_a_hundredth_is_not_worth_a_word(low, high, warns):
    assert bool(after(SimpleNamespace(ranges=moves("essay.a", ("life.x", 1, 2, low, high, 100.0))))) == warns


def test_ends_that_could_not_be_run_are_left_out():
    assert after(SimpleNamespace(ranges=moves("essay.a", ("life.x", 1, 2, None, None, 5.0)))) == []
    assert len(after(SimpleNamespace(ranges=moves("essay.a", ("life.x", 1, 2, None, 10.0, 5.0))))) == 2
    assert after(SimpleNamespace(ranges={})) == []


# ---- before it


def test_a_screened_scenario_names_what_most_headlines_hang_on():
    told = before(load("essay"))
    assert len(told) == 1
    assert "headlines hang on numbers that are only assumed: " in told[0]
    named = told[0].split(": ", 1)[1].split(" and ")[0].split(", ")
    assert all(load("essay").values[key].status == "assumed" for key in named)


def test_one_that_was_not_screened_says_so(call, tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text((ROOT / "src/glasshouse/scenarios/data/essay.toml").read_text().replace('id = "essay"', 'id = "mine"'))
    code, out, err = call("check", str(mine))
    assert code == 0
    assert "no fault found" in out
    assert "was not screened" in err
    assert "doctor" not in call("check", str(ROOT / "src/glasshouse/regimes/data/essay.toml"))[2], "a regime asks no question"


# ---- who uses a number


def test_a_pattern_stars_what_a_catalogue_or_a_rule_maker_named():
    assert pattern("acts.speeds.rate") == "acts.*.rate"
    assert pattern("regime.essay.grades.C.from") == "regime.*.grades.*.from"
    assert pattern("regime.judgment-defaulters.lists.defaulters.entry.ignores_judgment") == "regime.*.lists.*.entry.*"
    assert pattern("regime.essay.watch.social.coverage") == "regime.*.watch.*.coverage"
    assert pattern("society.order.noise") == "society.order.noise"


def test_nearly_every_number_of_the_shipped_regimes_has_users():
    asked = load("essay").with_(regimes=["none", *(name for name in list_regimes() if name not in ("none", "lottery"))][:6])
    keys = [row["key"] for row in asked.ledger()]
    assert sum(bool(users(key)) for key in keys) > 0.75 * len(keys), "run tools/users.py"
    rules = {rule for each in kept().values() for rule in each} - {HOST}
    for rule in rules:
        module, name = rule.split(".")
        assert hasattr(importlib.import_module(f"glasshouse.rules.{module}"), name), f"{rule} is gone: run tools/users.py"


@pytest.mark.slow
def test_who_uses_a_number_is_what_moving_it_shows():
    wanted = {"life.air.fare", "responses.chilling.size", "acts.*.fine", "society.order.noise"}
    found = users_tool.look([load("essay")], wanted)
    assert set(found) == wanted
    assert {kind: rules for kind, rules in kept().items() if kind in wanted} == found
    assert found["society.order.noise"] == [HOST]


def test_the_ledger_shows_them(call):
    rows = {row["key"]: row for row in json.loads(call("ledger", "essay", "--json")[1])}
    assert rows["life.air.fare"]["used_by"] == "live.flies"
    assert rows["society.order.noise"]["used_by"] == HOST
    head, *told = call("ledger", "essay")[1].splitlines()
    assert head.split()[-4:] == ["used_by", "fixed_by", "not_apart", "source"]
    line = next(line for line in told if line.startswith("responses.caught.size "))
    assert "dusek_traxler: responses.caught.size^" in line
    assert "fixed_by" not in line


def test_the_ledger_shows_what_experiments_fix_and_cannot_tell_apart(call):
    """Of the numbers that were moved, the products that experiments fix; of the others nothing."""
    rows = {row["key"]: row for row in json.loads(call("ledger", "essay", "--json")[1])}
    assert {key for key, row in rows.items() if row["fixed_by"]} == set(NUMBERS)
    for group in fixed.kept().alike():
        assert all(set(rows[key]["not_apart"].split(", ")) == set(group) - {key} for key in group)
    assert {key for key, row in rows.items() if row["not_apart"]} == {key for group in fixed.kept().alike() for key in group}
    assert rows["life.naming.settle"]["fixed_by"].startswith("bu_liao: ")
