"""The pages of the models are what their files and their runs say."""

import re
import sys

import pytest
from tests.contracts.test_docs import AMERICAN, DOCS, blocks, commands, prose, run_in_order
from tools.models import PAGES, page

from glasshouse import model
from glasshouse.cli import app
from glasshouse.commands.entry import run_command
from glasshouse.model import pairs

TUTORIAL = DOCS / "how-to-write-a-model.md"
NAMES = sorted(file.stem for file in PAGES.glob("*.md"))


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_a_model_is_the_one_made_from_its_file_and_its_runs(name):
    text = (PAGES / f"{name}.md").read_text()
    speed = re.search(r"^Speed: [\d.e+]+ million citizen-days a second with [\d,]+ citizens on one core\.$", text, re.MULTILINE)
    assert speed, "run: .venv/bin/python tools/models.py NAME --citizens .. --days .."
    assert text == page(name, speed[0]), "run: .venv/bin/python tools/models.py NAME --citizens .. --days .."
    assert AMERICAN.findall(prose(text)) == []


def test_the_tutorial_runs_and_prints_what_it_says(tmp_path, monkeypatch):
    """The first piece is the file; what the others print stands beside them, line by line."""
    file, *pieces = blocks(TUTORIAL, "python")
    (tmp_path / "rumour.py").write_text(file)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "rumour", raising=False)
    names, printed = run_in_order(pieces)
    assert printed.splitlines() == [line for piece in pieces for line in re.findall(r"^ *# prints: (.*)$", piece, re.MULTILINE)]
    monkeypatch.delitem(sys.modules, "rumour")
    assert names["share"][-1] == 1


def test_the_command_of_the_tutorial_prints_what_it_says(tmp_path, monkeypatch, capsys):
    """All but how long it took."""
    file, *_ = blocks(TUTORIAL, "python")
    (tmp_path / "rumour.py").write_text(file)
    monkeypatch.chdir(tmp_path)
    ((program, *words),) = commands(TUTORIAL)
    assert (program, run_command(app, words)) == ("glasshouse", 0)
    printed = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("time ")]
    assert [*blocks(TUTORIAL, "text")[0].splitlines()] == printed


def test_the_tutorial_names_all_words_in_which_models_are_written():
    named = set(re.findall(r"\w+", " ".join([*re.findall(r"`[^`\n]+`", TUTORIAL.read_text()), *blocks(TUTORIAL, "python")])))
    functions = {name for name, thing in vars(pairs).items() if getattr(thing, "__module__", "") == pairs.__name__ and name[0] != "_"}
    assert {"anyone", "sent"} < functions
    assert {*model.__all__, *functions} - named == {"Run", "i64", "inverse"}, "no words of a model's own"
