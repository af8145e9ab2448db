"""The how-tos do what they say: the files they show are written, their Python is run in order, and what it prints stands beside it.

A block whose first line is a comment with the name of a file is that file, or a further part of it. The number of
citizens is replaced by a smaller one.
"""

import re
import sys
from pathlib import Path

import pytest
from tests.contracts.test_docs import DOCS, FILE, HOW_TO, ROOT, blocks, files_of, run_in_order

from glasshouse.catalogue import catalogue
from glasshouse.day import ATTEMPTS, CHANNELS, MOST_KINDS

ACT = DOCS / "how-to-add-an-act.md"
AUDIT = DOCS / "how-to-add-an-audit.md"
RESPONSE = DOCS / "how-to-add-a-response.md"
CHANNEL = DOCS / "how-to-add-a-channel.md"
PAGES = {CHANNEL: "citizens=3_000", HOW_TO: "citizens=3_000", ACT: "citizens=3_000", AUDIT: "citizens=2_000", RESPONSE: "citizens=2_000"}
LARGE = "citizens=20_000"
FRAME = re.compile("[┌│╞└]|shape: ")


def pieces_of(page: Path) -> list[str]:
    """The Python of a page that is no file."""
    return [block for block in blocks(page, "python") if not FILE.match(block)]


def told(pieces: list[str]) -> list[str]:
    """What a page says that its Python prints, line by line."""
    return [line for piece in pieces for line in re.findall(r"^.*?# prints: (.*)$", piece, re.MULTILINE)]


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_how_to_runs_and_prints_what_it_says(page, tmp_path, monkeypatch):
    for name, text in files_of(page).items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    pieces = pieces_of(page)
    assert any(LARGE in piece for piece in pieces), "the size that is replaced here no longer stands there"
    pieces = [piece.replace(LARGE, PAGES[page]) for piece in pieces]
    _, printed = run_in_order(pieces)
    assert [line for line in printed.splitlines() if not FRAME.match(line)] == told(pieces)
    assert len(told(pieces)) > 3
    for name in files_of(page):
        sys.modules.pop(Path(name).stem, None)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_how_to_is_one_page_and_is_linked(page):
    assert len(page.read_text().splitlines()) < (270 if page == HOW_TO else 200)  # one has the table of all mechanisms, and how to write a new one
    assert f"docs/{page.name}" in (ROOT / "README.md").read_text()
    assert files_of(page)


def test_a_page_that_prints_something_else_is_seen():
    piece = "print(1 + 1)  # prints: 3\nfor x in 'ab':\n    print(x)\n# prints: a\n# prints: b\n"
    assert told([piece]) == ["3", "a", "b"]
    assert run_in_order([piece])[1].splitlines() == ["2", "a", "b"]


def test_the_numbers_of_the_page_of_acts_are_those_of_the_code():
    room = MOST_KINDS - len(ATTEMPTS) - len(CHANNELS)
    assert f"A run has room for {room} acts, and {len(catalogue().acts)} ship." in ACT.read_text()
