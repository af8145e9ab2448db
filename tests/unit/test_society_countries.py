"""Another country is another folder of tables: the imaginary one that ships, one of one's own, and what is said of a bad one."""

import shutil

import numpy as np
import pytest

from glasshouse.errors import BadInput
from glasshouse.experiments.days import Society
from glasshouse.scenarios import check, load
from glasshouse.scenarios.society import list_societies
from glasshouse.society import build, folder_of, load_tables, margins
from glasshouse.society.refusal import FEWEST_PEOPLE, people_behind

HEAD = """
id = "abroad"
title = "Abroad"
summary = "A scenario made for a test."
question = "Does it work?"
start = 2020-01-01
days = 40
citizens = 1500
regimes = ["none"]
"""


@pytest.fixture
def mine(tmp_path):
    """A country of one's own: a copy of Exampleland beside a scenario that is drawn from it."""
    shutil.copytree(folder_of("exampleland"), tmp_path / "mine")
    (tmp_path / "abroad.toml").write_text(HEAD + 'society = "./mine"\n')
    return tmp_path


def edited(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_both_countries_ship():
    assert list_societies() == ["china-2019", "exampleland"]


@pytest.mark.parametrize("name", ["china-2019", "exampleland"])
def test_a_shipped_country_keeps_to_the_line(name):
    """Every table stands for at least 20 people a cell; what agrees with its own totals is drawn."""
    tables = load_tables(name)
    for table in tables.tables.values():
        people = people_behind(table)
        assert people is None or people.min() >= FEWEST_PEOPLE, table.name
    rows = margins(build(tables, 100_000, seed=2), tables)
    assert len(rows) == 80
    assert max(abs(row["z"]) for row in rows) < 4.5
    assert 0.6 < np.mean([abs(row["z"]) for row in rows]) < 1.05


def test_exampleland_is_obviously_imaginary_and_says_so_everywhere():
    tables = load_tables("exampleland")
    for table in tables.tables.values():
        assert table.status == "assumed"
        assert table.source.startswith("Imaginary")
    assert all(value.status == "assumed" and value.source.startswith("Imaginary") and not value.recalled for value in tables.values.values())


def test_its_people_are_younger_poorer_and_more_rural_and_have_more_children():
    near, far = (build(load_tables(name), 60_000, seed=1) for name in ("china-2019", "exampleland"))
    china, example = near.on(0), far.on(0)
    assert example.age().mean() < china.age().mean() - 5
    assert example.urban.mean() < china.urban.mean() - 0.1
    assert example.income.mean() < china.income.mean()
    assert example.size[example.place == 0].mean() > china.size[china.place == 0].mean() + 0.5
    assert far.living().mean() < near.living().mean() - 0.05, "more of its slots are for who is born later"


def test_a_scenario_is_drawn_from_the_country_that_it_names(tmp_path):
    path = tmp_path / "abroad.toml"
    path.write_text(HEAD + 'society = "exampleland"\n')
    scenario = load(path)
    assert scenario.society == "exampleland"
    assert scenario.values["society.income.urban_over_rural"].value == 1.8
    people = Society(scenario, 1).people
    assert people.digest() == build(load_tables("exampleland"), 1500, seed=1).digest() != build(load_tables(), 1500, seed=1).digest()


def test_a_country_of_ones_own_is_named_by_its_folder(mine):
    edited(mine / "mine" / "residence.toml", '["urban", 45.0]', '["urban", 65.0]')
    edited(mine / "mine" / "residence.toml", '["rural", 55.0]', '["rural", 35.0]')
    edited(mine / "mine" / "parameters.toml", "value = 1.8", "value = 1.7")
    scenario = load(mine / "abroad.toml")
    assert check(mine / "abroad.toml") == []
    assert scenario.society == str(mine / "mine")
    assert scenario.values["society.income.urban_over_rural"].value == 1.7
    society = Society(scenario, 1)
    assert society.people.digest() == build(load_tables(mine / "mine"), 1500, seed=1).digest()
    assert society.run().daily.any()
    again = mine / "scenario.toml"
    again.write_text(scenario.resolved_toml())
    assert Society(load(again), 1).people.digest() == society.people.digest()


FAULTS = [
    ("work", '["aged_15_plus", 58.0]', '["aged_15_plus", 0.0001]', r"work\.toml:\d+: key `table.rows.*stands for 1.5 of the residents"),
    ("mortality", '["0", 2500.0, 2100.0]', '["0", -1.0, 2100.0]', r"mortality\.toml:\d+: .*negative"),
    ("mortality", '"1-4"', '"1-5"', r"mortality\.toml: key `table.rows`: the rows must be 0, 1-4, .*; missing: 1-4"),
    ("registration", "[table]", "[tabel]", r"registration\.toml:\d+: .*did you mean `table`"),
    ("registration", "columns = [", "colums = [", r"registration\.toml:\d+: key `table.colums`: unknown key; did you mean `columns`"),
    ("age_sex", 'source = "Imaginary', 'sauce = "Imaginary', r"age_sex\.toml:\d+: key `table.sauce`: unknown key"),
    ("parameters", "[lives.mortality]", "[lives.mortalty]", r"parameters\.toml:\d+: key `lives.mortalty`: unknown value; did you mean `lives.mortality`"),
    ("group", 'columns = ["who", "percent"]', 'columns = ["name", "percent"]', r"group\.toml:\d+: .*looks like a key to a person"),
]


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS, ids=[f"{f[0]}-{i}" for i, f in enumerate(FAULTS)])
def test_a_bad_table_is_one_message_with_its_file_and_place(mine, file, old, new, message):
    """From the tables, and from the scenario that names them, before anything is drawn."""
    edited(mine / "mine" / f"{file}.toml", old, new)
    with pytest.raises(BadInput, match=message):
        load_tables(mine / "mine")
    with pytest.raises(BadInput, match=rf"{file}\.toml"):
        load(mine / "abroad.toml")
    assert len(check(mine / "abroad.toml")) == 1


def test_a_missing_table_and_a_missing_country(mine):
    (mine / "mine" / "fertility.toml").unlink()
    with pytest.raises(BadInput, match="lacks the file fertility.toml"):
        load(mine / "abroad.toml")
    (mine / "abroad.toml").write_text(HEAD + 'society = "./yours"\n')
    with pytest.raises(BadInput, match="there is no society"):
        load(mine / "abroad.toml")
    (mine / "abroad.toml").write_text(HEAD + 'society = "exampelland"\n')
    with pytest.raises(BadInput, match=r"abroad\.toml:\d+: key `society`: there is no society `exampelland`; did you mean `exampleland`"):
        load(mine / "abroad.toml")


def test_nobody_can_survive_chances_beyond_certainty(mine):
    edited(mine / "mine" / "mortality.toml", '["95+", 86000.0, 84000.0]', '["95+", 100000.0, 84000.0]')
    with pytest.raises(BadInput, match="chances of dying"):
        build(load_tables(mine / "mine"), 100, seed=1)
