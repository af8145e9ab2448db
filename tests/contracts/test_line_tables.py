"""The line: a table that comes near to records of people is refused, with a message that says why and where."""

import tomllib
from pathlib import Path

import pytest

import glasshouse.society
from glasshouse.errors import BadInput
from glasshouse.society import load_tables
from glasshouse.society.parameters import read_toml
from glasshouse.society.refusal import FEWEST_PEOPLE, MOST_CELLS, people_behind
from glasshouse.society.tables import read_table

SHIPPED = sorted((Path(glasshouse.society.__file__).parent / "data").glob("*/*.toml"))

HEAD = """
[table]
about = "A table."
kind = "{kind}"
unit = "{unit}"
population = {population}
of = "residents"
year = 2020
status = "measured"
source = "A test."
columns = {columns}
rows = {rows}
"""


def write(folder: Path, columns: list[str], rows: list, kind="share", unit="% of residents", population=1_000_000, name="t") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(HEAD.format(kind=kind, unit=unit, population=population, columns=str(columns).replace("'", '"'),
                                rows=str(rows).replace("'", '"')))  # fmt: skip
    return path


def refusal(path: Path) -> str:
    with pytest.raises(BadInput) as caught:
        read_table(path)
    assert str(path) in str(caught.value), "the message names the file"
    return str(caught.value)


def test_a_table_of_20000_cells_is_read_and_one_more_is_refused(tmp_path):
    at_the_limit = [[f"r{i}", 50.0, 50.0] for i in range(MOST_CELLS // 2)]
    assert read_table(write(tmp_path, ["row", "a", "b"], at_the_limit)).cells.size == MOST_CELLS
    beyond = [*at_the_limit, ["one more", 50.0, 50.0]]
    message = refusal(write(tmp_path, ["row", "a", "b"], beyond))
    assert "20,002 cells" in message
    assert "20,000" in message


@pytest.mark.parametrize("kind", ["share", "rate"])
def test_a_cell_for_20_people_is_read_and_one_for_fewer_is_refused(tmp_path, kind):
    share = 100.0 * FEWEST_PEOPLE / 1_000_000
    assert read_table(write(tmp_path, ["row", "a"], [["few", share]], kind=kind)).labels == ("few",)
    message = refusal(write(tmp_path, ["row", "a"], [["other", 40.0], ["few", share * 0.99]], kind=kind))
    assert "`few`" in message
    assert "fewer than 20 people" in message


def test_a_rate_close_to_all_is_refused_too_because_the_others_are_few(tmp_path):
    message = refusal(write(tmp_path, ["row", "a"], [["nearly all", 100.0 - 0.0019]], kind="rate"))
    assert "fewer than 20 people" in message


def test_counts_are_people_in_their_unit(tmp_path):
    good = write(tmp_path, ["row", "a"], [["few", 0.02]], kind="count", unit="thousand people")
    assert people_behind(read_table(good)).tolist() == [[20.0]]
    assert "fewer than 20" in refusal(write(tmp_path, ["row", "a"], [["few", 0.019]], kind="count", unit="thousand people"))


def test_a_mean_stands_for_its_class(tmp_path):
    rows = [["low", 8333], ["high", 85836]]
    assert read_table(write(tmp_path, ["row", "yuan"], rows, kind="mean", unit="yuan", population=40)).labels == ("low", "high")
    assert "fewer than 20" in refusal(write(tmp_path, ["row", "yuan"], rows, kind="mean", unit="yuan", population=38))


def test_a_population_cannot_be_hidden_behind_an_unknown_unit(tmp_path):
    assert "must begin with one of" in refusal(write(tmp_path, ["row", "a"], [["few", 1.0]], unit="heads"))


@pytest.mark.parametrize(
    "column",
    ["id", "ID", "person_id", "userId", "name", "Name", "full_name", "phone", "mobile phone", "passport", "passport-no", "email", "e_mail",
     "address", "ssn", "date of birth: dob", "wechat", "alipay.account", "card", "citizen_no", "imei", "gps", "token"],
)  # fmt: skip
def test_a_column_that_looks_like_a_key_is_refused(tmp_path, column):
    message = refusal(write(tmp_path, ["row", column], [["a", 50.0]]))
    assert "key to a person" in message
    assert "never records" in message


def test_a_key_in_the_first_column_is_refused_too(tmp_path):
    assert "key to a person" in refusal(write(tmp_path, ["id", "percent"], [["17", 50.0]]))


@pytest.mark.parametrize("column", ["percent", "married_men", "residence", "widowed", "idle", "household_size", "per_100000", "mailed"])
def test_a_plain_column_is_not_taken_for_a_key(tmp_path, column):
    assert read_table(write(tmp_path, ["row", column], [["a", 50.0]])).columns == (column,)


def test_rows_hold_numbers_only(tmp_path):
    for cell in ('"text"', "true", "nan", "inf", "-1.0"):
        path = write(tmp_path, ["row", "a"], [["x", 50.0]])
        path.write_text(path.read_text().replace("50.0", cell))
        refusal(path)


def test_the_shipped_tables_pass_with_room_to_spare():
    assert len(SHIPPED) == 2 * 19
    for path in SHIPPED:
        if path.stem == "parameters":
            continue
        table = read_table(path)
        people = people_behind(table)
        assert people is None or people.min() > (1000 if "china" in str(path) else 50) * FEWEST_PEOPLE, path.name
        assert table.cells.size < MOST_CELLS / 100, path.name


def test_there_is_no_reader_but_that_for_tables_and_values():
    """Every file under the society's data is one of the two shapes; nothing else would be read."""
    for path in SHIPPED:
        _, data = read_toml(path)
        assert path.stem == "parameters" or set(data) <= {"table", "row"}, path


def test_a_folder_of_the_users_own_passes_the_same_gate(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    for path in SHIPPED[: len(SHIPPED) // 2]:
        (folder / path.name).write_text(path.read_text())
    assert load_tables(folder)["residence"].at("urban") == load_tables()["residence"].at("urban")
    group = folder / "group.toml"
    group.write_text(group.read_text().replace("1_411_780_000", "200"))
    with pytest.raises(BadInput, match="fewer than 20 people"):
        load_tables(folder)


def test_an_unknown_table_is_refused_with_the_nearest_name(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    for path in SHIPPED:
        (folder / path.name).write_text(path.read_text())
    (folder / "incomes.toml").write_text((folder / "income.toml").read_text())
    with pytest.raises(BadInput, match="did you mean `income`"):
        load_tables(folder)


def test_every_shipped_number_has_a_source_a_status_and_a_year():
    for path in SHIPPED:
        data = tomllib.loads(path.read_text())
        if path.stem != "parameters":
            table = data["table"]
            assert table["source"].strip()
            assert table["year"] >= 2010
            # What is only remembered or assumed says so and has a spread.
            assert table["status"] != "assumed" or table["spread"] > 0
