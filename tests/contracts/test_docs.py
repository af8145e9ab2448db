"""What the pages say is true: their commands and Python run, their names exist, their links lead somewhere.

Sizes are replaced by smaller ones, by the tables below and nothing else, so that what runs here is what stands there.
"""

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from tools import state_table, wrong_records

import glasshouse
from glasshouse.cli import app
from glasshouse.commands.entry import run_command
from glasshouse.day import model
from glasshouse.errors import BadInput
from glasshouse.scenarios import load
from glasshouse.society.refusal import FEWEST_PEOPLE, MOST_CELLS
from glasshouse.society.shapes import SHAPES

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
REGIMES = DOCS / "regimes"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md")), *sorted(REGIMES.glob("*.md"))]
OURS = [page for page in PAGES if page.name not in ("CHANGELOG.md", "schema.md")]
HOW_TO = DOCS / "how-to-add-a-consequence.md"
COUNTRY = DOCS / "how-to-make-a-country.md"
SHIPPED = ROOT / "src/glasshouse/regimes/data"
WRITTEN = {HOW_TO: "capped.toml", DOCS / "compare.md": "my-reform.toml", COUNTRY: "abroad.toml"}  # the file that a page's TOML is
SMALLER = {"citizens=20_000": "citizens=1_500", "days=1096": "days=500"}  # in the README's Python
SHORTER = {"responses.chilling.size=0:0.5:11": "responses.chilling.size=0:0.5:2", "seed=1..20": "seed=1..2", "seed=1..200": "seed=1..11"}  # in sweeps
SMALL = ["--citizens", "400", "--days", "430", "--quiet"]  # behind every `glasshouse run` and `compare`; the last of an option counts


def name_of(page: Path) -> str:
    return page.name


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE)


FILE = re.compile(r"# ([\w-]+\.(?:toml|py))\n")


def files_of(page: Path) -> dict[str, str]:
    """The files that a page shows, by name: those that WRITTEN names, else each put together from the blocks that begin with its name."""
    if page in WRITTEN:
        return {WRITTEN[page]: "\n".join(blocks(page, "toml"))}
    parts: dict[str, list[str]] = {}
    for block in [*blocks(page, "toml"), *blocks(page, "python")]:
        if named := FILE.match(block):
            parts.setdefault(named[1], []).append(block)
    return {name: "\n".join(texts) for name, texts in parts.items()}


def prose(text: str) -> str:
    """A page without its code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))


# ---- what can be run

def smaller(page: Path, sizes: dict[str, str]) -> list[str]:
    """The Python of a page with smaller sizes in place of its own, each of which stands there."""
    texts = blocks(page, "python")
    assert all(any(long in text for text in texts) for long in sizes), "a size that is replaced here no longer stands there"
    for long, short in sizes.items():
        texts = [text.replace(long, short) for text in texts]
    return texts


def run_in_order(texts: list[str]) -> tuple[dict, str]:
    """Runs pieces of Python one after another with one set of names; gives the names and what was printed."""
    names: dict = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for text in texts:
            exec(compile(text, "README.md", "exec"), names)
    return names, printed.getvalue()


@pytest.mark.slow
def test_the_tour_in_the_readme_runs():
    names, printed = run_in_order(smaller(ROOT / "README.md", SMALLER))
    assert printed.count("\n") > 20
    assert names["run"].summary["run"]["citizens"] == 1500
    assert names["days"].height == 5
    assert names["days"]["per_100"].min() >= 0
    quiet, silent = (r.summary["regimes"]["essay"]["life"]["expression_mean"] for r in (names["run"], names["silent"]))
    assert silent < quiet < 1, "what the tour shows is there to be seen"


@pytest.mark.slow
def test_the_page_about_comparing_runs():
    small = {"seeds=12, citizens=20_000": "seeds=2, citizens=400, days=430"}
    names, printed = run_in_order(smaller(DOCS / "compare.md", small))
    assert "the model's effect, not a country's" in printed
    assert names["speech"]["regime"].to_list() == ["essay", "platform"]
    assert names["by_seed"].height == 2


@pytest.mark.slow
def test_the_page_about_sweeps_runs_and_names_every_column(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    small = {'"1..12"}, citizens=20_000, days=1096': '"1..2"}, citizens=400, days=430'}
    names, printed = run_in_order(smaller(DOCS / "sweeps.md", small))
    assert "essay beside none: 400 citizens, 430 days; 3 settings with 2 seeds" in printed
    assert names["speech"].rows()[0][1] > names["speech"].rows()[-1][1]
    told = re.findall(r"^\| (`[^|]*|one a \w+) \| (?:number of the run|the number that|its seed|name of the regime|the headline|what a run)", (DOCS / "sweeps.md").read_text(), re.MULTILINE)
    columns = names["sweep"].frame.collect_schema().names()
    plain = [name for each in told for name in re.findall(r"`(\w+)`", each)]
    assert plain == [name for name in columns if "." not in name]


def test_the_page_about_a_country_runs_and_names_every_table(tmp_path, monkeypatch):
    """A copy of Exampleland with other towns is drawn with them; the file shown is the one that ships; a cell for a few people is refused."""
    monkeypatch.chdir(tmp_path)
    names, printed = run_in_order(blocks(COUNTRY, "python"))
    assert "urban 60.0 " in printed
    assert "`adults` stands for 14 of the adults of Exampleland; cells for fewer than 20 people are refused" in printed
    assert printed.count("mycountry/licence.toml:") == 1
    assert abs(names["people"].on(0).urban.mean() - 0.6) < 0.02
    text = COUNTRY.read_text()
    assert blocks(COUNTRY, "text") == [(names["folder_of"]("exampleland") / "residence.toml").read_text()]
    assert re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) == list(SHAPES)
    (tmp_path / "mine.toml").write_text("\n".join(blocks(COUNTRY, "toml")).replace('"exampleland"\nstart', '"./mycountry"\nstart'))
    with pytest.raises(BadInput, match=r"licence\.toml:\d+: .*fewer than 20"):
        load(tmp_path / "mine.toml")


@pytest.mark.slow
@pytest.mark.parametrize("page", sorted(REGIMES.glob("*.md")), ids=name_of)
def test_the_page_of_a_regime_runs_and_prints_what_it_says(page):
    """What is printed stands behind the code, line by line; a file that is shown is the one that ships."""
    pieces = blocks(page, "python")
    _, printed = run_in_order(pieces)
    assert printed.splitlines() == [line for piece in pieces for line in re.findall(r"^# prints: (.*)$", piece, re.MULTILINE)]
    shown = [text for text in blocks(page, "text") if text.startswith("#")]
    assert shown
    assert all(text in [file.read_text() for file in SHIPPED.glob("*.toml")] for text in shown)


def test_a_tour_that_does_not_run_is_seen():
    with pytest.raises(AttributeError):
        run_in_order(["import glasshouse as gh", "gh.score_person(17)"])


def commands(page: Path) -> list[list[str]]:
    """Each line of the page's shell blocks as words, comments left out."""
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def shell_pages() -> list[Path]:
    return [page for page in PAGES if commands(page)]


def test_the_readme_and_the_how_to_have_commands():
    adding = [f"how-to-add-{what}.md" for what in ("a-channel", "a-consequence", "a-response", "an-act")]
    others = ["how-to-make-a-country.md", "how-to-write-a-model.md"]
    assert [page.name for page in shell_pages()] == ["README.md", "audits.md", "compare.md", *adding, *others, "registry.md", "sensitivity.md", "sweeps.md"]


@pytest.mark.slow
@pytest.mark.parametrize("page", shell_pages(), ids=name_of)
def test_every_command_of_a_page_runs(page, tmp_path, monkeypatch, capsys):
    if page == DOCS / "how-to-write-a-model.md":
        (tmp_path / "rumour.py").write_text(blocks(page, "python")[0])
    for name, text in files_of(page).items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    for number, (program, *words) in enumerate(commands(page)):
        if program == "make":
            subprocess.run(["make", "--dry-run", *words], cwd=ROOT, check=True, capture_output=True)
            continue
        assert program == "glasshouse", f"this test cannot run {program}"
        own = {"run": "--no-report", "compare": "--seeds=2"} | ({"sweep": "--jobs=2"} if "--resume" not in words else {})
        words = [SHORTER.get(word, word) for word in words] if words[0] == "sweep" else words
        kept = ["--out", str(tmp_path / f"run-{number}")] if words[0] == "run" and "--out" not in words else []
        more = [*SMALL, own[words[0]], *kept] if words[0] in own else []
        assert run_command(app, [*words, *more]) == 0, (words, capsys.readouterr().err)


def test_the_help_that_pages_quote_is_current(monkeypatch):
    quoted = [(page, block) for page in PAGES for block in blocks(page, "console")]
    assert quoted
    for page, block in quoted:
        command, _, said = block.partition("\n")
        program, *words = shlex.split(command.removeprefix("$ "))
        assert program == "glasshouse"
        told = subprocess.run([Path(sys.executable).with_name("glasshouse"), *words], capture_output=True, text=True, check=True,
                              env={**os.environ, "COLUMNS": "80"}).stdout  # fmt: skip
        assert said.rstrip() == told.rstrip(), f"{page.name}: `{command}` prints something else now"


# ---- links, paths, spelling

def anchors(page: Path) -> set[str]:
    """The anchors that the page's headings make."""
    heads = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads}


def broken_links(page: Path) -> list[str]:
    """Links of a page that lead nowhere in this repository; addresses of the web are not asked."""
    found = []
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists() or (anchor and anchor not in anchors(there)):
            found.append(target)
    return found


def missing_paths(page: Path) -> list[str]:
    """Files named in backticks that are not in the repository."""
    named = re.findall(r"`((?:src|tests|tools|docs)/[\w./-]+)`", page.read_text())
    return [path for path in named if not (ROOT / path).exists()]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_and_paths_lead_somewhere(page):
    assert broken_links(page) == []
    assert missing_paths(page) == []


def test_a_link_that_leads_nowhere_is_seen(tmp_path):
    page = tmp_path / "page.md"
    links = "[a](nowhere.md) [b](#one-head) [c](#two) [d](page.md) [e](https://example.org) ![f](img/x.png)"
    page.write_text(f"# One head\n{links}\n`src/none.py`")
    assert broken_links(page) == ["nowhere.md", "#two", "img/x.png"]
    assert missing_paths(page) == ["src/none.py"]


def test_the_picture_is_a_picture_and_not_too_large():
    for picture in (DOCS / "img").iterdir():
        assert picture.read_bytes().startswith({".png": b"\x89PNG", ".svg": b"<svg"}[picture.suffix]), picture.name
        assert picture.stat().st_size < 600_000, picture.name
        assert any(f"img/{picture.name}" in page.read_text() for page in PAGES), f"{picture.name} is on no page"


AMERICAN = re.compile(
    r"\b(?:\w*(?:penaliz|organiz|recogniz|summariz|randomiz|analyz|minimiz|maximiz|initializ|normaliz)\w*|colors?|behaviors?|centers?|labor"
    r"|favor(?:ed|s)?|neighbors?|license[sd]?|catalogs?|gray|modeling|canceled)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("page", OURS, ids=name_of)
def test_the_spelling_is_british(page):
    text = re.sub(r"\]\([^)]*\)|Apache License", "", prose(page.read_text()))
    assert AMERICAN.findall(text) == []


def test_american_spelling_is_seen():
    assert len(AMERICAN.findall("They penalize neighbors for their behavior; a licence and a centre are let be.")) == 3


# ---- docs/state.md

def test_the_page_of_the_state_is_the_one_made_from_the_code():
    assert (DOCS / "state.md").read_text() == state_table.page(), "run: .venv/bin/python tools/state_table.py > docs/state.md"


def test_the_page_of_wrong_records_is_the_one_made_from_the_regimes():
    assert (DOCS / "records.md").read_text() == wrong_records.page(), "run: .venv/bin/python tools/wrong_records.py > docs/records.md"


def test_the_page_of_the_state_adds_up():
    for field in model().fields:
        assert f"| `{field.name}` | {state_table.stored(field)} | {state_table.size(field)} |" in (DOCS / "state.md").read_text(), field.name
    assert [state_table.size(f) for f in model().fields if f.name in ("wealth", "expression")] == [8, 2]


# ---- small things

def test_the_line_has_the_numbers_of_the_code():
    assert f"up to {MOST_CELLS:,} cells, {FEWEST_PEOPLE} people a cell" in (DOCS / "scope.md").read_text()


def test_the_glossary_is_in_order_and_says_each_word_once():
    words = re.findall(r"^\| (\w[^|]*?) \|", (DOCS / "glossary.md").read_text(), re.MULTILINE)[1:]
    assert len(words) > 30
    assert words == sorted(set(words))


def test_the_citation_can_be_read():
    lines = (ROOT / "CITATION.cff").read_text().splitlines()
    keys = {line.split(":")[0]: line.split(":", 1)[1].strip() for line in lines if re.match(r"[a-z-]+:", line)}
    assert {"cff-version", "message", "title", "abstract", "type", "version", "license", "authors", "keywords"} <= keys.keys()
    assert keys["cff-version"] == "1.2.0"
    assert keys["type"] == "software"
    authors = lines[lines.index("authors:") + 1 : lines.index("keywords:")]
    assert authors
    assert all(re.match(r'  (?:- | {2})(?:name|family-names|given-names|orcid|affiliation): "[^"]+"$', line) for line in authors)
    assert keys["abstract"].startswith('"Glasshouse ')
    assert len(re.findall(r"^  - [a-z ]+$", "\n".join(lines), re.MULTILINE)) >= 3


def test_the_version_can_be_had():
    program = Path(sys.executable).with_name("glasshouse")
    assert glasshouse.__version__ in subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
