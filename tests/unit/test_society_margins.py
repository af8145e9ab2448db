"""The margins table: everything published is there, the draw agrees with it, and a shift would be seen."""

import dataclasses

import numpy as np
import pytest

from glasshouse.errors import BadInput
from glasshouse.society import Tables, build, load_tables, margins, world
from glasshouse.society.parameters import read_values
from glasshouse.society.shapes import SHAPES, VALUES

TABLES = load_tables()
SEEDS = (1, 2, 3)
CITIZENS = 100_000


@pytest.fixture(scope="module")
def rows() -> dict[int, list[dict]]:
    return {seed: margins(build(TABLES, CITIZENS, seed), TABLES) for seed in SEEDS}


@pytest.fixture(scope="module")
def people():
    return build(TABLES, CITIZENS, seed=1)


def with_(people, **columns):
    return dataclasses.replace(people, **columns)


def z_of(people, margin: str, category: str, tables: Tables = TABLES) -> float:
    return next(row["z"] for row in margins(people, tables) if (row["margin"], row["category"]) == (margin, category))


def test_every_row_agrees_with_what_was_published(rows):
    for seed in SEEDS:
        for row in rows[seed]:
            assert abs(row["z"]) < 4.5, row


def test_errors_are_neither_too_large_nor_too_small(rows):
    z = np.array([[row["z"] for row in rows[seed]] for seed in SEEDS])
    assert 0.6 < np.abs(z).mean() < 1.0, "0.80 if the standard errors are right"
    assert 0.85 < z.std() < 1.15


def test_every_published_number_has_a_row():
    """Each cell of a table that is not a first guess is a row, with its own source, status and year."""
    rows = margins(build(TABLES, 4096, 1), TABLES)
    published = [(table, label) for table in TABLES.tables.values() if table.kind not in ("seed", "weight") for label in table.labels]
    sources = [(row["source"], row["status"], row["year"], row["recalled"]) for row in rows]
    for table, label in published:
        said = table.cite(label)
        assert (said["source"], said["status"], said["year"], said["recalled"]) in sources, (table.name, label)
    # 40 ages by sex, 2 residences, 6 levels, 7 sizes, 5 + 5 + 1 incomes, 6 platforms, 4 rates, 4 of homes
    assert len(rows) == 40 + 2 + 6 + 7 + 11 + 6 + 4 + 4
    keys = {(row["margin"], row["category"]) for row in rows}
    assert len(keys) == len(rows)


def test_rows_have_the_promised_fields(rows):
    fields = {"margin", "category", "unit", "published", "drawn", "error", "z", "source", "status", "year", "recalled"}
    for row in rows[1]:
        assert set(row) == fields
        assert all(type(row[name]) is float for name in ("published", "drawn", "error", "z"))
        assert row["z"] == pytest.approx((row["drawn"] - row["published"]) / row["error"])


# A planted shift of one point is seen, in the right direction ----------------------------------------------------------------------------

PLANTS = {
    "sex": ("age and sex", "30-34, female", 1),
    "education": ("education", "college", 5),
    "internet": ("internet use", "all", 1),
    "drives": ("driving licence", "adults", 1),
    "works": ("in work", "aged 15 and over", 1),
    "group": ("group", "minority", 1),
    "renter": ("urban households", "rents", 1),
}


@pytest.mark.parametrize("trait", PLANTS)
def test_a_planted_shift_is_caught(people, trait):
    margin, category, value = PLANTS[trait]
    before = z_of(people, margin, category)
    column = getattr(people, trait).copy()
    column[people.household % 12 == 0] = value
    assert z_of(with_(people, **{trait: column}), margin, category) > before + 4


def test_a_planted_shift_of_income_is_caught(people):
    for fifth, label in enumerate(TABLES["income"].labels):
        raised = np.where(people.quintile == fifth, people.income * 1.04, people.income).astype(np.int32)
        assert z_of(with_(people, income=raised), "mean income in each fifth", label) > 4.5


def test_a_planted_shift_of_residence_is_caught(people):
    urban = people.urban.copy()
    urban[people.household % 30 == 0] = 1
    assert z_of(with_(people, urban=urban), "residence", "urban") > 2.5
    assert z_of(with_(people, urban=urban), "residence", "rural") < -2.5


def test_a_wrong_table_is_caught(people):
    """A society against tables it was not drawn from: the row of the wrong cell stands out."""
    table = TABLES["residence"]
    wrong = dataclasses.replace(table, cells=np.array([[60.0], [40.0]]))
    assert z_of(people, "residence", "urban", Tables("wrong", {**TABLES.tables, "residence": wrong}, TABLES.values)) > 10


# Standard errors -------------------------------------------------------------------------------------------------------------------------


def test_the_error_of_what_households_share_is_larger_than_if_people_were_alone(people):
    row = next(row for row in margins(people, TABLES) if row["margin"] == "group")
    share = row["drawn"] / 100
    alone = 100 * (share * (1 - share) / len(people)) ** 0.5
    # Mean squared size over mean size: about 3.5 people share one draw.
    assert 1.7 < row["error"] / alone < 2.1


def test_errors_fall_with_the_root_of_the_number(people):
    few = {(row["margin"], row["category"]): row["error"] for row in margins(build(TABLES, 25_000, 9), TABLES)}
    many = {(row["margin"], row["category"]): row["error"] for row in margins(people, TABLES)}
    ratio = np.array([few[key] / many[key] for key in many])
    assert np.median(ratio) == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize("citizens", [1, 2, 7, 60])
def test_a_society_of_a_few_has_a_table_too(citizens):
    for seed in range(5):
        rows = margins(build(TABLES, citizens, seed), TABLES)
        assert len(rows) == 80
        for row in rows:
            assert row["z"] is None or np.isfinite(row["z"])
            assert row["drawn"] is None or np.isfinite(row["drawn"])


# The ledger and the files ----------------------------------------------------------------------------------------------------------------


def test_the_ledger_holds_every_cell_and_every_value():
    ledger = world("china-2019")
    cells = sum(table.cells.size for table in TABLES.tables.values())
    assert len(ledger) == cells + len(VALUES) == len({path for path, _ in ledger})
    for path, value in ledger:
        assert path.startswith("society.")
        assert value.status != "assumed" or value.range is not None
    remembered = {path for path, value in ledger if value.recalled}
    assert "society.household_size.3" in remembered
    assert "society.residence.urban" not in remembered


def test_the_ledger_of_changed_tables_shows_the_change():
    assert dict(world(TABLES.changed({"order.noise": 0.25})))["society.order.noise"].value == 0.25


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("residence", "percent", "per_cent", "columns after the first must be percent"),
        ("residence", '"rural"', '"country"', "missing: rural"),
        ("residence", "year = 2020", "yeer = 2020", r"residence\.toml:\d+: key `table.yeer`: unknown key; did you mean `year`"),
        ("residence", 'status = "measured"', 'status = "measurd"', "did you mean `measured`"),
        ("residence", 'kind = "share"', 'kind = "shares"', "did you mean `share`"),
        ("residence", "year = 2020\n", "", "key `table.year`: is missing"),
        ("residence", '["rural", 36.11]', '["urban", 36.11]', "label occurs twice"),
        ("residence", "rows = [", "rows = ", "is not TOML"),
        ("household_size", "spread = 0.05\n", "", "needs a `spread`"),
        ("household_size", '[row."7+"]', '[row."8+"]', "no row has this label"),
        ("parameters", "[order.noise]", "[order.noize]", "did you mean `order.noise`"),
        ("parameters", "value = 0.1\n", 'value = "a"\n', "must be a number"),
        ("parameters", "range = [0.0, 0.5]\n", "", "key `household.eight_of_seven_up.range`"),
    ],
)
def test_a_wrong_file_is_told_with_its_name_and_key(tmp_path, file, old, new, message):
    import glasshouse.society

    shipped = type(tmp_path)(glasshouse.society.__file__).parent / "data" / "china-2019"
    folder = tmp_path / "mine"
    folder.mkdir()
    for path in shipped.glob("*.toml"):
        text = path.read_text()
        (folder / path.name).write_text(text.replace(old, new, 1) if path.stem == file else text)
        assert path.stem != file or old in text
    with pytest.raises(BadInput, match=message) as caught:
        load_tables(folder)
    assert f"{file}.toml" in str(caught.value)


def test_an_unknown_society_and_a_missing_file(tmp_path):
    with pytest.raises(BadInput, match="did you mean `china-2019`"):
        load_tables("china-2020")
    (tmp_path / "mine").mkdir()
    with pytest.raises(BadInput, match="lacks the file"):
        load_tables(tmp_path / "mine")
    with pytest.raises(BadInput, match="no such file"):
        read_values(tmp_path / "nothing.toml")


def test_each_table_that_the_society_needs_is_shipped():
    assert set(TABLES.tables) == set(SHAPES)
