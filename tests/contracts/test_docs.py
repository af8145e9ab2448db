"""What the pages say is true: their commands and Python run, their names exist, their links lead somewhere.

Sizes are replaced by smaller ones, by the tables below and nothing else, so that what runs here is what stands there.
"""

import ast
import contextlib
import importlib.util
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import glasshouse
from glasshouse import rules
from glasshouse.catalogue import catalogue
from glasshouse.cli import app
from glasshouse.commands.entry import run_command
from glasshouse.day import CONSEQUENCES, MECHANISMS, model
from glasshouse.engine.model import Step
from glasshouse.scenarios import load
from glasshouse.society.refusal import FEWEST_PEOPLE, MOST_CELLS
from glasshouse.store import open_run

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.glob("*.md"))]
OURS = [page for page in PAGES if page.name not in ("CHANGELOG.md", "schema.md")]
HOW_TO = DOCS / "how-to-add-a-penalty.md"
SMALLER = {"citizens=20_000": "citizens=1_500", "days=1096": "days=500"}  # in the README's Python
SMALL = ["--citizens", "400", "--days", "430", "--no-report", "--quiet"]  # behind every `glasshouse run`; the last of an option counts


def name_of(page: Path) -> str:
    return page.name


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text(), re.DOTALL | re.MULTILINE)


def prose(text: str) -> str:
    """A page without its code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE))


# ---- what can be run

def smaller(text: str) -> tuple[str, set[str]]:
    """The same code with smaller numbers, and which of them stood in it."""
    found = {long for long in SMALLER if long in text}
    for long in found:
        text = text.replace(long, SMALLER[long])
    return text, found


def run_in_order(texts: list[str]) -> tuple[dict, str]:
    """Runs pieces of Python one after another with one set of names; gives the names and what was printed."""
    names: dict = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for text in texts:
            exec(compile(text, "README.md", "exec"), names)
    return names, printed.getvalue()


def test_the_tour_in_the_readme_runs():
    cut = [smaller(text) for text in blocks(ROOT / "README.md", "python")]
    assert set().union(*(found for _, found in cut)) == set(SMALLER), "a size that is replaced here no longer stands there"
    names, printed = run_in_order([text for text, _ in cut])
    assert printed.count("\n") > 20
    assert names["run"].summary["run"]["citizens"] == 1500
    assert names["days"].height == 5
    assert names["days"]["per_100"].min() >= 0
    quiet, silent = (r.summary["regimes"]["essay"]["life"]["expression_mean"] for r in (names["run"], names["silent"]))
    assert silent < quiet < 1, "what the tour shows is there to be seen"


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
    assert [page.name for page in shell_pages()] == ["README.md", "how-to-add-a-penalty.md"]


@pytest.mark.parametrize("page", shell_pages(), ids=name_of)
def test_every_command_of_a_page_runs(page, tmp_path, monkeypatch, capsys):
    if page == HOW_TO:
        (tmp_path / "capped.toml").write_text("\n".join(blocks(page, "toml")))
    monkeypatch.chdir(tmp_path)
    for number, (program, *words) in enumerate(commands(page)):
        if program == "make":
            subprocess.run(["make", "--dry-run", *words], cwd=ROOT, check=True, capture_output=True)
            continue
        assert program == "glasshouse", f"this test cannot run {program}"
        more = [*SMALL, "--out", str(tmp_path / f"run-{number}")] if words[0] == "run" else []
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
    return {re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)}


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
    page.write_text("# One head\n[a](nowhere.md) [b](#one-head) [c](#two) [d](page.md) [e](https://example.org) ![f](img/x.png)\n`src/none.py`")
    assert broken_links(page) == ["nowhere.md", "#two", "img/x.png"]
    assert missing_paths(page) == ["src/none.py"]


def test_the_picture_is_a_picture_and_not_too_large():
    for picture in (DOCS / "img").iterdir():
        assert picture.read_bytes().startswith(b"\x89PNG"), picture.name
        assert picture.stat().st_size < 600_000, picture.name
        assert any(f"img/{picture.name}" in page.read_text() for page in PAGES), f"{picture.name} is on no page"


AMERICAN = re.compile(r"\b(?:\w*(?:penaliz|organiz|recogniz|summariz|randomiz|analyz|minimiz|maximiz|initializ|normaliz)\w*|colors?|behaviors?|centers?|labor|fav"
                      r"or(?:ed|s)?|neighbors?|license[sd]?|catalogs?|judgments? call|gray|modeling|canceled|program(?:s)? of study)\b", re.IGNORECASE)  # fmt: skip


@pytest.mark.parametrize("page", OURS, ids=name_of)
def test_the_spelling_is_british(page):
    text = re.sub(r"\]\([^)]*\)|Apache License", "", prose(page.read_text()))
    assert AMERICAN.findall(text) == []


def test_american_spelling_is_seen():
    assert len(AMERICAN.findall("They penalize neighbors for their behavior; a licence and a centre are let be.")) == 3


# ---- docs/state.md

def state_table():
    """tools/state_table.py as a module."""
    spec = importlib.util.spec_from_file_location("state_table", ROOT / "tools" / "state_table.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_the_state_is_the_one_made_from_the_code():
    assert (DOCS / "state.md").read_text() == state_table().page(), "run: .venv/bin/python tools/state_table.py > docs/state.md"


def test_the_page_of_the_state_adds_up():
    tool = state_table()
    for field in model().fields:
        assert f"| `{field.name}` | {tool.stored(field)} | {tool.size(field)} |" in (DOCS / "state.md").read_text(), field.name
    assert [tool.size(f) for f in model().fields if f.name in ("wealth", "expression")] == [8, 2]


# ---- docs/odd.md

@cache
def all_rules() -> dict[str, set[str]]:
    """Every function of each file of rules."""
    files = sorted(Path(rules.__file__).parent.glob("[!_]*.py"))
    return {file.stem: {node.name for node in ast.parse(file.read_text()).body if isinstance(node, ast.FunctionDef)} for file in files}


@cache
def model_rules() -> set[str]:
    """The rules of the day's chain, as `file.function`."""
    return {f"{step.rule.__module__.split('.')[-1]}.{step.rule.__name__}" for step in model().chain if isinstance(step, Step)}


def rules_named(text: str) -> set[str]:
    """What a page names in backticks as `file.function` of the rules."""
    return {f"{file}.{name}" for file, name in re.findall(r"`(\w+)\.(\w+)(?:\(\))?`", text) if file in all_rules() and name not in ("py", "toml")}


def unknown_rules(text: str) -> list[str]:
    return sorted(name for name in rules_named(text) if name.split(".")[1] not in all_rules()[name.split(".")[0]])


@pytest.mark.parametrize("page", OURS, ids=name_of)
def test_every_rule_that_a_page_names_exists(page):
    assert unknown_rules(page.read_text()) == []


def test_the_odd_page_names_every_rule_of_the_model():
    assert len(model_rules()) > 60
    assert model_rules() - rules_named((DOCS / "odd.md").read_text()) == set()


def test_the_odd_page_names_a_rule_under_its_own_stage():
    """A rule stands in the paragraph of its file; others may be mentioned there too."""
    text = (DOCS / "odd.md").read_text().partition("## 7.")[2]
    parts = {head: body for head, body in re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", text, re.DOTALL | re.MULTILINE)}
    chain = re.search(r"^    (gather -> .*?)  ", (DOCS / "odd.md").read_text(), re.MULTILINE)[1].split(" -> ")
    assert [*parts] == [*chain, "measure"]
    for rule in model_rules():
        assert rule in rules_named(parts[rule.split(".")[0]]), rule


def test_a_rule_that_does_not_exist_is_seen():
    assert unknown_rules("`score.total` and `score.doom` and `gone.total` and `act.times`") == ["score.doom"]


def test_the_odd_page_has_the_parts_of_the_protocol():
    text = (DOCS / "odd.md").read_text().lower()
    for part in ("purpose and patterns", "entities, state variables, scales", "process overview and scheduling", "design concepts", "initialisation", "input data",
                 "submodels", "basic principles", "emergence", "adaptation", "objectives", "learning", "prediction", "sensing", "interaction", "stochasticity",
                 "collectives", "observation"):  # fmt: skip
        assert re.search(rf"(?:^## \d\. |\*\*){part}", text, re.MULTILINE), part


# ---- docs/how-to-add-a-penalty.md

def test_the_mechanisms_of_the_how_to_are_those_of_the_day():
    rows = re.findall(r"^\| `(\w+)` \| (?:a reward: )?\w", HOW_TO.read_text(), re.MULTILINE)
    assert rows == list(MECHANISMS)
    kinds = {c.mechanism: c.kind for c in catalogue().consequences.values()}
    for mechanism in MECHANISMS:
        told = re.search(rf"^\| `{mechanism}` \| (a reward: )?", HOW_TO.read_text(), re.MULTILINE)[1]
        assert ("reward" if told else "penalty") == kinds[mechanism], mechanism


def test_the_numbers_of_the_how_to_are_those_of_the_code():
    text = HOW_TO.read_text()
    assert f"room for {CONSEQUENCES} consequences; the shipped catalogue uses {len(catalogue().consequences)}" in text
    assert "the first eight" in text
    assert sum(c.kind == "penalty" for c in catalogue().consequences.values()) == 8


def test_a_penalty_from_data_alone_bites(tmp_path):
    """The how-to's file as it stands, run small: people are under the new penalty, and it shows where the file says."""
    (tmp_path / "capped.toml").write_text("\n".join(blocks(HOW_TO, "toml")))
    question = load(tmp_path / "capped.toml")
    run = glasshouse.simulate(question, citizens=3000, days=700)
    found = run.summary["regimes"]["exampleland"]["penalties"]["line_cap"]
    assert found["citizens_ever"] > 0
    assert 0 < found["refused"] < found["attempts"], "enforced at some and not at others"
    assert found["fen"] > 0
    assert {"regime.exampleland.consequences.line_cap.enforcement", "consequences.line_cap.weight"} <= set(run.ledger["key"])
    everybody = glasshouse.simulate(question, citizens=3000, days=700, set={"regime.exampleland.consequences.line_cap.enforcement": 1.0})
    searches = [r.daily.filter(regime="exampleland", measure="frequent_acts:browsing")["value"].sum() for r in (run, everybody)]
    assert searches[1] < searches[0]


def apply(block: str, root: Path) -> None:
    """Makes one change of the how-to in a copy of the sources; the text it starts from must stand there exactly once."""
    head, *lines = block.splitlines()
    file = root / head.removeprefix("--- ").strip()
    old = "".join(line[1:] + "\n" for line in lines if line[:1] in " -")
    new = "".join(line[1:] + "\n" for line in lines if line[:1] in " +")
    text = file.read_text()
    assert text.count(old) == 1, f"{file.name} no longer holds, once:\n{old}"
    file.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def changed(tmp_path_factory):
    """A copy of the sources with the how-to's new mechanism in it, and a scenario that uses it."""
    root = tmp_path_factory.mktemp("copy")
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    found = blocks(HOW_TO, "diff")
    assert len(found) > 5
    for block in found:
        apply(block, root)
    (root / "fines.toml").write_text("\n".join(blocks(HOW_TO, "toml")).replace('mechanism = "line_speed"', 'mechanism = "fine"'))
    return root


def in_copy(root: Path, code: str) -> str:
    """What a piece of Python prints when the copy is the package."""
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(root / "src"), "GLASSHOUSE_CACHE": str(root / "cache")})  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_new_mechanism_is_what_the_how_to_says(changed):
    """The changed day is written out as loops, every parameter has a value, and the rule does what its sentence says."""
    in_copy(changed, """
from types import SimpleNamespace
import numpy as np
from glasshouse.day import model
from glasshouse.engine.build import Writer
from glasshouse.experiments.world import world_arrays
from glasshouse.regimes.compile import compile_regime
from glasshouse.regimes.kinds import kinds_of_catalogue
from glasshouse.rules import live
from glasshouse.rules.maths import f32, i32, u32
from glasshouse.scenarios import load
assert "/src/glasshouse/" in live.__file__ and live.__file__.startswith(__import__("os").getcwd())
text = Writer(model()).source_text()
assert "surcharge" in text and "bits_fine" in text
asked = load("fines.toml")
kinds = kinds_of_catalogue(asked.catalogue, str(asked.start))
world = world_arrays(asked.catalogue, kinds, SimpleNamespace(quintile=np.arange(5), income=np.full(5, 100)), str(asked.start))
rule = compile_regime(asked.regimes["exampleland"], asked.regimes, asked.catalogue, kinds, asked.start)
assert {p.name for p in model().params} <= world.keys() | rule.keys()
assert world["fine_surcharge"] == 0.5 and rule["bits_fine"] > 0
pays = lambda mask, tested, checks, fine: live.surcharge(u32(mask), u32(4), u32(tested), u32(checks), i32(fine), f32(0.5))
assert [pays(4, 0, 9, 2000), pays(3, 0, 9, 2000), pays(4, 9, 9, 2000), pays(4, 0, 9, 0)] == [1000, 0, 0, 0]
""")  # fmt: skip


@pytest.mark.long
def test_a_new_mechanism_runs(changed):
    """The changed day compiled and run: those whose fines are raised pay more than in the twin."""
    in_copy(changed, "import sys; from glasshouse.cli import main; sys.argv = 'glasshouse run fines.toml --no-report --quiet --out run'.split(); sys.exit(main())")
    run = open_run(changed / "run")
    found = run.summary["regimes"]["exampleland"]["penalties"]["line_cap"]
    assert 0 < found["attempts"] == found["refused"]
    assert found["fen"] > 0


# ---- small things

def test_the_line_has_the_numbers_of_the_code():
    assert f"up to {MOST_CELLS:,} cells, {FEWEST_PEOPLE} people a cell" in (DOCS / "scope.md").read_text()


def test_the_glossary_is_in_order_and_says_each_word_once():
    words = re.findall(r"^\| (\w[^|]*?) \|", (DOCS / "glossary.md").read_text(), re.MULTILINE)[1:]
    assert len(words) > 40
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
    assert glasshouse.__version__ in subprocess.run([Path(sys.executable).with_name("glasshouse"), "--version"], capture_output=True, text=True, check=True).stdout
