"""The table of models: what is on the shelf, verdicts, and the command."""

import json
import math
from pathlib import Path

import pytest
from tests.unit.fake_validation import fake_validation
from typer.testing import CliRunner

import glasshouse.models
import glasshouse.validate.kept
import glasshouse.validate.table
from glasshouse import validate
from glasshouse.cli import app
from glasshouse.errors import BadInput
from glasshouse.models import shelf
from glasshouse.models.rows import Row


def row(name: str, got: float) -> Row:
    return Row(name, 2.0, 0.5, "exact", "computed", "a test", lambda: got)


@pytest.fixture
def small(monkeypatch):
    rows = (row("right", 2.0), row("at the edge", 2.5), row("beyond", 2.500001), row("below", 1.4), row("unknown", math.nan))
    monkeypatch.setattr(shelf, "shelf", lambda: {"one": ("What is one?", rows), "two": ("What is two?", rows[:1])})


def test_a_figure_agrees_up_to_its_tolerance(small):
    found = shelf.measure(["one"])
    assert [r.verdict for r in found.rows] == ["agrees", "agrees", "differs", "differs", "no data"]
    assert found.rows[-1].simulated is None
    assert found.failed and not shelf.measure(["two"]).failed
    assert shelf.counted(found.rows) == "5 figures: 2 agree, 2 differ, 1 no data"


def test_every_model_on_the_shelf_asks_something_and_every_figure_says_where_it_is_from():
    there = shelf.shelf()
    assert len(there) >= 15
    for asks, rows in there.values():
        assert asks.rstrip().endswith("?")
        assert len({r.name for r in rows}) == len(rows) > 0
        assert all(r.kind in ("exact", "sampled") and r.source and r.tolerance >= 0 for r in rows)
        assert {r.status for r in rows} <= {"seen", "memory", "computed", "derived"}


def test_each_file_of_a_model_can_be_read_at_a_sitting():
    """Under 120 lines, its figures too."""
    files = sorted(Path(glasshouse.models.__file__).parent.glob("*.py"))
    assert len(files) > 20
    assert {file.name: lines for file in files if (lines := len(file.read_text().splitlines())) >= 120} == {}


def test_the_exact_figures_come_out():
    """Finite and deterministic: no luck can excuse them."""
    exact = {name: [r for r in rows if r.kind == "exact"] for name, (_, rows) in shelf.shelf().items()}
    assert sum(map(len, exact.values())) > 30
    off = [(name, r.name, got) for name, rows in exact.items() for r in rows if not abs((got := r.measure()) - r.expected) <= r.tolerance]
    assert off == []


def test_the_command_prints_a_table_and_ends_by_what_it_found(small):
    shown = CliRunner().invoke(app, ["validate", "--models"])
    assert "beyond" in shown.stdout and "What is two?" in shown.stdout
    assert "6 figures: 3 agree, 2 differ, 1 no data" in shown.stdout
    found = json.loads(CliRunner().invoke(app, ["validate", "--models", "--row", "two", "--json"]).stdout)
    keys = {"target", "published", "source", "status", "simulated", "interval", "fitted", "verdict", "basis"}
    assert [keys - set(r) for r in found["rows"]] == [set()]
    assert found["rows"][0]["verdict"] == "agrees"


def test_the_models_stand_under_the_societys_rows_as_they_were_last_made(small, monkeypatch, tmp_path):
    def said(*words: str) -> str:
        return CliRunner().invoke(app, ["validate", *words]).stdout

    monkeypatch.setenv("GLASSHOUSE_CACHE", str(tmp_path))
    assert said("--models").startswith("The society's rows are not at hand: `glasshouse validate` makes them")
    made = {seeds: fake_validation(seeds) for seeds in (2, 3)}
    monkeypatch.setattr(validate.table, "validate", lambda targets, rows, size, *_: made[size.seeds])
    asked = ("--citizens", "5000", "--seeds", "3")
    for more in (("--row", "urban"), ("--days", "20")):
        said(*asked, *more)
    assert "not at hand" in said("--models"), "a table of some rows or days is not the society's"
    said(*asked)
    said("--citizens", "5000", "--seeds", "2")  # which is less, and is not kept in its place
    shown = said("--models")
    assert shown.startswith("The society, as `glasshouse validate` last left it, with 3 seeds\n")
    assert shown.index("\nThe models\n") > shown.index(made[3].rows[0].row.id)
    assert shown.endswith(said("--models").partition("\nThe models\n")[2])
    assert json.loads(said("--models", "--json"))["society"] == json.loads(json.dumps(made[3].as_dict()))
    assert said("--models", "--row", "two").startswith("two\n")
    monkeypatch.setattr(validate.kept, "digest", lambda files: "of another version")
    assert "not at hand" in said("--models")
    assert json.loads(said("--models", "--json"))["society"] is None


@pytest.mark.parametrize(
    ("asked", "message"),
    [(["--row", "onne"], "there is no model `onne`; did you mean `one`?"), (["--seeds", "3"], "--seeds does not go with --models"), (["--drop", "x"], "--drop does not go with")],
)  # fmt: skip
def test_what_does_not_go_with_models_is_told(small, asked, message):
    found = CliRunner().invoke(app, ["validate", "--models", *asked])
    assert isinstance(found.exception, BadInput)
    assert message in str(found.exception)
