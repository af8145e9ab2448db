"""What changes from one regime to another: as data that can be applied and reverted, and in words."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.catalogue.files import parse, write
from glasshouse.errors import BadInput
from glasshouse.regimes import list_regimes
from glasshouse.regimes.diff import Change, apply, changes, reverted
from glasshouse.regimes.loader import regime_text
from glasshouse.regimes.schema import Regime
from glasshouse.regimes.told import ENTRIES, HEADINGS, PARTS, told

LAND = parse('''
id = "land"
coverage = { start = "2020-01-01", end = "2022-07-01" }
grades = [ { id = "red", title = "Red" }, { id = "amber", title = "Amber", from = { value = 60, unit = "points" } } ]
score.stale = { value = 0.01, unit = "chance" }
consequences.flight_ticket_ban.grades = ["red"]
[points]
speeds = { value = -10, unit = "points" }
drives_drunk = { value = -60, unit = "points" }
gives_blood = { value = 5, unit = "points", status = "law", source = "S." }
parks_badly = { value = { "2020-01-01" = -10, "2021-01-01" = -5 }, unit = "points" }
''', "land.toml").data
KEYS = st.sampled_from(["a", "b", "c", "value", "unit"])
SINGLE = st.one_of(st.integers(-3, 3), st.sampled_from([0.5, 1.0, True, False, "x", "y"]))
LEAVES = st.one_of(SINGLE, st.lists(SINGLE, max_size=2))
DATA = st.dictionaries(KEYS, st.recursive(LEAVES, lambda inner: st.dictionaries(KEYS, inner, max_size=3), max_leaves=8), max_size=4)
def data(name):
    return regime_text(name).data


def same(a, b):
    """The same file, letter by letter: the order of the keys too."""
    return write(a) == write(b) and repr(a) == repr(b)


# ---- as data

@pytest.mark.parametrize("a", list_regimes())
def test_a_diff_applied_and_reverted_is_the_same_file(a):
    old = data(a)
    for b in list_regimes():
        new = data(b)
        made = changes(old, new)
        assert bool(made) == (a != b)
        assert same(apply(old, made), new), b
        assert same(apply(new, reverted(made)), old), b


@given(DATA, DATA)
def test_so_it_is_for_any_two_files(old, new):
    before = copy.deepcopy((old, new))
    made = changes(old, new)
    assert repr(apply(old, made)) == repr(new)
    assert repr(apply(new, reverted(made))) == repr(old)
    assert (old, new) == before, "neither is touched"
    assert (made == ()) == (repr(old) == repr(new))


def test_what_is_the_same_has_no_changes():
    for name in list_regimes():
        assert changes(data(name), copy.deepcopy(data(name))) == ()


def test_a_number_with_its_source_is_one_change():
    new = copy.deepcopy(data("exampleland"))
    new["points"]["speeds"] |= {"value": -20, "source": "A reform."}
    (only,) = changes(data("exampleland"), new)
    assert only == Change(("points", "speeds"), data("exampleland")["points"]["speeds"], new["points"]["speeds"])


def test_the_order_of_keys_is_a_change_of_its_own():
    old = {"a": 1, "b": {"c": 1, "d": 2}}
    new = {"b": {"d": 2, "c": 1}, "a": 1}
    made = changes(old, new)
    assert [(change.place, change.order) for change in made] == [(("b",), True), ((), True)]
    assert list(apply(old, made)["b"]) == ["d", "c"]


@pytest.mark.parametrize(
    ("onto", "made"),
    [
        ({"a": 2}, Change(("a",), 1, 3)),
        ({"a": 1}, Change(("b",), 1, None)),
        ({"a": 1}, Change(("a",), None, 2)),
        ({"a": 1}, Change(("a", "b"), 1, 2)),
        ({"a": 1}, Change(("b", "c"), 1, 2)),
        ({"a": 1}, Change((), ["a", "b"], ["b", "a"], order=True)),
        ({"a": 1}, Change(("a",), ["x"], ["x"], order=True)),
    ],
)
def test_changes_made_for_something_else_are_refused(onto, made):
    with pytest.raises(BadInput, match="made for something else"):
        apply(onto, [made])


# ---- in words

def sentences(old, new):
    return {row["key"]: row["says"] for row in told(old, new)}


def test_every_part_of_a_regime_has_a_heading():
    assert set(HEADINGS) == set(PARTS) == set(Regime.model_fields) - {"extends", "remove"}
    assert set(ENTRIES) <= set(HEADINGS)


def test_numbers_dates_and_entries_are_told():
    new = copy.deepcopy(LAND)
    new["points"]["speeds"]["value"] = -20
    new["points"]["parks_badly"]["value"] = {"2020-01-01": -10, "2021-01-01": -5, "2022-01-01": 0}
    new["points"]["gives_blood"] |= {"status": "assumed", "range": [0, 9], "source": "A guess."}
    new["points"]["litters"] = {"value": -3, "unit": "points"}
    del new["points"]["drives_drunk"], new["coverage"]["end"], new["score"]["stale"]
    new["coverage"] |= {"start": "2019-07-01", "but_not": ["pupil"]}
    new["grades"][1]["from"]["value"] = 70
    new["grades"] += [{"id": "gold", "title": "Gold", "from": {"value": 110, "unit": "points"}}]
    new["consequences"]["flight_ticket_ban"]["grades"] = ["red", "amber"]
    new["consequences"]["hotel_ban"] = {"grades": ["red"], "tail": {"value": 30, "unit": "days"}, "household": False}
    new["remedies"] = {"amnesty": [{"on": "2021-01-01", "status": "law", "source": "S."}]}
    new["lists"] = {"debtors": {"title": "Debtors", "entry": {"evades_tax": {"value": 730, "unit": "days"}}, "exit": []}}
    assert sentences(LAND, new) == {
        "coverage.start": "start: 2020-01-01 -> 2019-07-01",
        "coverage.end": "end: taken out (was 2022-07-01)",
        "coverage.but_not": "but_not: added, pupil",
        "score.stale": "stale: taken out (was 0.01 chance)",
        "points.speeds": "speeds: -10 -> -20 points",
        "points.drives_drunk": "drives_drunk: taken out (was -60 points)",
        "points.gives_blood": "gives_blood: still 5 points; now assumed, was law; another source, range",
        "points.parks_badly": "parks_badly: -10 from 2020-01-01, -5 from 2021-01-01 "
                              "-> -10 from 2020-01-01, -5 from 2021-01-01, 0 from 2022-01-01 points",
        "points.litters": "litters: added, -3 points",
        "lists.debtors": "debtors: added, title Debtors; entry evades_tax 730 days; exit none",
        "grades.amber.from": "amber, from: 60 -> 70 points",
        "grades.gold": "gold: added, title Gold; from 110 points",
        "consequences.flight_ticket_ban.grades": "flight_ticket_ban, grades: red -> red, amber",
        "consequences.hotel_ban": "hotel_ban: added, grades red; tail 30 days; household no",
        "remedies.amnesty.2021-01-01": "amnesty, 2021-01-01: added, status law; source S.",
    }  # fmt: skip


def test_another_unit_is_told_on_both_sides():
    assert sentences(data("exampleland"), data("platform"))["score.base"] == "base: 100 points -> 3 strikes; now assumed, was law"


@pytest.mark.parametrize("a", list_regimes())
def test_the_words_are_complete_stable_and_in_order(a):
    for b in list_regimes():
        rows = told(data(a), data(b))
        assert json.loads(json.dumps(rows)) == rows
        assert rows == told(copy.deepcopy(data(a)), copy.deepcopy(data(b)))
        numbers = [PARTS.index(row["part"]) for row in rows]
        assert numbers == sorted(numbers)
        assert len({row["key"] for row in rows}) == len(rows)
        there = {change.place[0] for change in changes(data(a), data(b)) if not change.order}
        assert {row["part"] for row in rows} == there
        for row in rows:
            assert (row["old"] is None, row["new"] is None) == (row["change"] == "added", row["change"] == "removed")


def test_nothing_different_is_nothing_told():
    for name in list_regimes():
        assert told(data(name), data(name)) == []


def test_a_file_written_otherwise_says_the_same():
    land = data("exampleland")
    assert told(land, parse(write(land), "x.toml").data) == []
