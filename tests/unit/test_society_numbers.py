"""The numbers that a society is drawn with are the scenario's: listed, set, refused, written down, and drawn with."""

import numpy as np
import pytest
from pydantic import BaseModel

from glasshouse.commands.simulate import simulate
from glasshouse.errors import BadInput
from glasshouse.scenarios import check, load
from glasshouse.scenarios.schema import Resolved
from glasshouse.scenarios.society import Society, contradictions, list_societies, named
from glasshouse.society import build, load_tables, margins
from glasshouse.society.shapes import VALUES

pytestmark = pytest.mark.slow

ESSAY = load("essay")
TABLES = load_tables()
KEYS = [f"society.{path}" for path in VALUES]
MINE = """
id = "mine"
title = "Mine"
summary = "A scenario made for a test."
question = "Does it work?"
start = 2020-01-01
days = 30
citizens = 10
regimes = ["none"]
"""
NOISE = """
[society.order.noise]
about = "Mine."
unit = "share"
status = "measured"
source = "A count."
value = 0.75
"""


def tables_of(scenario):
    """The tables that a run of the scenario draws its people from."""
    return load_tables(scenario.society).with_values(scenario.values)


def bounds(key):
    """Between which numbers the schema lets one be set."""
    edges = []
    for far in (-1e12, 1e12):
        with pytest.raises(BadInput, match="is possible") as caught:
            ESSAY.with_(set={key: far})
        edges = [float(edge) for edge in str(caught.value).split(": ")[-1].removesuffix(" is possible").split(" to ")]
    return edges


def written(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(MINE + text)
    return path


# ---- one list of numbers


def test_the_schema_names_the_numbers_that_the_society_needs():
    def leaves(block, above):
        for name, field in block.model_fields.items():
            inner = field.annotation
            if isinstance(inner, type) and issubclass(inner, BaseModel) and inner.__module__.endswith("scenarios.society") and name != "ties":
                yield from leaves(inner, f"{above}{name}.")
            elif name not in ("id", "ties"):
                yield f"{above}{name}"

    assert sorted(leaves(Society, "")) == sorted(VALUES)
    assert [key for key in ESSAY.values if key.startswith("society.") and not key.startswith("society.ties.")] == KEYS
    assert Resolved.model_fields["society"].annotation is Society


def test_they_are_those_of_the_file_and_draw_the_same_people():
    ours = tables_of(ESSAY)
    assert ours.values == TABLES.values
    assert build(ours, 5_000, seed=2019).digest() == build(TABLES, 5_000, seed=2019).digest()


def test_keys_and_ledger_have_them_with_unit_range_and_source():
    keys, ledger = ({row["key"]: row for row in rows} for rows in (ESSAY.keys(), ESSAY.ledger()))
    for key in KEYS:
        row = ledger[key]
        assert {**keys[key], "recalled": row["recalled"]} == row
        assert row["unit"]
        assert row["source"]
        assert row["status"] != "assumed" or row["range"][0] <= row["value"] <= row["range"][1]
    assert ledger["society.income.urban_over_rural"]["recalled"] is True


# ---- set, and drawn with


@pytest.mark.parametrize("path", VALUES)
def test_a_number_that_is_set_is_the_one_that_people_are_drawn_with(path):
    end = TABLES.values[path].range[1] if TABLES.values[path].value != TABLES.values[path].range[1] else TABLES.values[path].range[0]
    moved = tables_of(ESSAY.with_(set={f"society.{path}": end}))
    people = build(moved, 4096, seed=4)
    assert people.digest() == build(TABLES.changed({path: end}), 4096, seed=4).digest() != build(TABLES, 4096, seed=4).digest()


@pytest.mark.parametrize("key", KEYS)
def test_whatever_the_schema_lets_through_draws_a_society_or_is_one_message(key):
    """At both bounds of each number: whole people, no overflow, or a refusal that names the number."""
    for edge in bounds(key):
        moved = ESSAY.with_(set={key: edge})
        faults = contradictions(moved.whole.society, moved.values)
        assert [fault.key for fault in faults] in ([], [key])
        if faults:
            assert key.startswith("society.income.")
            continue
        people = build(tables_of(moved), 4097, seed=1)
        assert (people.income > 0).all()
        assert (people.wealth >= 0).all()
        assert (people.debt >= 0).all()
        adults, living = (np.bincount(people.household, weights=has) for has in (people.age() >= 18, people.living()))
        assert (adults >= (living > 0)).all()
        assert len(margins(people, tables_of(moved))) == 80


def test_towns_as_rich_as_the_country_can_be_drawn():
    """Boundary: a ratio of 1 once missed the lowest that the fifths allow by a rounding error."""
    moved = ESSAY.with_(set={"society.income.urban_over_rural": 1})
    assert contradictions(moved.whole.society, moved.values) == []
    people = build(tables_of(moved), 40_000, seed=1)
    heads = people.place == 0
    town, country = (people.income[heads & (people.urban == where)].mean() for where in (1, 0))
    assert town / country == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("key", "new", "message"),
    [
        ("society.order.noize", 0.5, "there is no such key; did you mean `society.order.noise`?"),
        ("order.noise", 0.5, "there is no such key; did you mean `society.order.noise`?"),
        ("society.houshold.lone_parent", 0.5, "there is no such key; did you mean `society.household.lone_parent`?"),
        ("society", "china-2020", "there is no such key"),
        ("society.order.noise", 1.5, "1.5 makes no sense here: 0 to 1 is possible"),
        ("society.order.noise", "much", "must be a number, not `much`"),
        ("society.debt.shape", 1, "1 makes no sense here: 0 to 0.9 is possible"),
        ("society.income.lowest", 0, "0 makes no sense here: 10 to 10000000 is possible"),
        ("society.housing.rural_renters", 101, "101 makes no sense here: 0 to 100 is possible"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_key_and_the_nearest(key, new, message):
    with pytest.raises(BadInput) as caught:
        ESSAY.with_(set={key: new})
    assert str(caught.value) == f"key `{key}`: {message}"


CONTRADICTIONS = [
    ("society.income.lowest", 9000, "the fifths of income overlap: an upper edge of 7666 yuan lies below 9000"),
    (
        "society.income.highest",
        60_000,
        "the highest fifth begins at 55016 yuan and has a mean of 85836; no tail up to 60000 has that",
    ),
    ("society.income.urban_over_rural", 5, "with these fifths the urban mean can be 1 to 3.55 times the rural one, not 5"),
]


@pytest.mark.parametrize(("key", "new", "message"), CONTRADICTIONS)
def test_a_number_that_the_published_totals_rule_out_is_refused_before_anything_is_run(tmp_path, key, new, message):
    with pytest.raises(BadInput) as caught:
        simulate("essay", citizens=100, days=1, set={key: new}, out=tmp_path / "run")
    assert str(caught.value) == f"key `{key}`: {message}"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("key", "new", "message"), CONTRADICTIONS)
def test_check_finds_it_in_a_file_with_its_line(tmp_path, key, new, message):
    path = tmp_path / "scenario.toml"
    path.write_text(ESSAY.with_(set={key: new}).resolved_toml())
    line = path.read_text().splitlines().index(f"[{key}]") + 1
    assert [str(fault) for fault in check(path)] == [f"{path}:{line}: key `{key}`: {message}"]


# ---- in files


def test_a_resolved_scenario_holds_them_and_is_read_back_with_them(tmp_path):
    one = ESSAY.with_(set={"society.order.noise": 0.25, "society.debt.rural": 20})
    path = tmp_path / "scenario.toml"
    path.write_text(one.resolved_toml())
    two = load(path)
    assert two == one
    assert two.resolved_toml() == one.resolved_toml()
    assert tables_of(two).values == tables_of(one).values
    assert (two.society, two.at("society.order.noise"), two.overrides["society.debt.rural"]) == ("china-2019", 0.25, 20)
    assert check(path) == []


def test_a_resolved_scenario_must_hold_all_of_them(tmp_path):
    text = ESSAY.resolved_toml()
    begin, end = text.index("[society.order.noise]"), text.index("[society.income.lowest]")
    path = tmp_path / "scenario.toml"
    path.write_text(text[:begin] + text[end:])
    assert [(fault.key, fault.message) for fault in check(path)] == [("society.order", "is missing")]


def test_a_name_is_short_for_the_society_with_its_numbers(tmp_path):
    short, long, none = (load(written(tmp_path, text)) for text in ('society = "china-2019"\n', '[society]\nid = "china-2019"\n', ""))
    assert short == long == none
    assert short.resolved_toml() == none.resolved_toml()
    assert named("x") == {"id": "x"}


def test_a_scenario_of_ones_own_changes_a_single_number(tmp_path):
    mine = load(written(tmp_path, NOISE))
    changed = {key for key in KEYS if mine.values[key] != ESSAY.values[key]}
    assert changed == {"society.order.noise"}
    assert (mine.at("society.order.noise"), mine.values["society.order.noise"].status, mine.society) == (0.75, "measured", "china-2019")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('society = "china-2091"\n', "key `society`: there is no society `china-2091`; did you mean `china-2019`?"),
        ('[society]\nid = "china-2091"\n', "key `society.id`: there is no society `china-2091`; did you mean `china-2019`?"),
        ("society = 3\n", "key `society.id`: must be text, not the number 3"),
        ("[society.order]\nnoise = 0.5\n", "key `society.order.noise`: must be a block with about, unit, status, source and value, not the "
                                           "number 0.5"),
        (NOISE.replace("noise", "noize"), "key `society.order.noize`: unknown key; did you mean `noise`?"),
        (NOISE.replace("order", "ordre"), "key `society.ordre`: unknown key; did you mean `order`?"),
        (NOISE.replace("0.75", "7.5"), "key `society.order.noise.value`: 7.5 makes no sense here: 0 to 1 is possible"),
        ("[society]\nresidence = 60\n", "key `society.residence`: unknown key"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_told_with_its_key(tmp_path, text, message):
    path = written(tmp_path, text)
    (fault,) = check(path)
    assert str(fault).removeprefix(f"{path}:{fault.place}: ") == message
    with pytest.raises(BadInput):
        load(path)


def test_a_scenario_without_one_of_them_draws_nobody():
    values = {key: value for key, value in ESSAY.values.items() if key != "society.order.noise"}
    with pytest.raises(BadInput, match=r"key `society\.order\.noise`: is missing"):
        TABLES.with_values(values)


def test_every_shipped_society_can_be_drawn_with_its_own_numbers():
    """`contradictions` takes this for granted."""
    for name in list_societies():
        assert len(build(load_tables(name), 100, seed=1)) == 100
