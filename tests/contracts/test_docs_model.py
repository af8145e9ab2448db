"""What the pages say of the model is true: every rule is named and every name is a rule, and what the how-to adds works as it says."""

import ast
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from tests.contracts.test_docs import DOCS, HOW_TO, OURS, ROOT, blocks, name_of

from glasshouse import rules
from glasshouse.catalogue import catalogue
from glasshouse.catalogue.schema import Hindrance
from glasshouse.day import CONSEQUENCES, MECHANISMS, model
from glasshouse.engine.model import Step
from glasshouse.store import open_run

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
    pairs = re.findall(r"`(\w+)\.(\w+)(?:\(\))?`", text)
    return {f"{file}.{name}" for file, name in pairs if file in all_rules() and name not in ("py", "toml")}


def unknown_rules(text: str) -> list[str]:
    return sorted(name for name in rules_named(text) if name.split(".")[1] not in all_rules()[name.split(".")[0]])


@pytest.mark.parametrize("page", OURS, ids=name_of)
def test_every_rule_that_a_page_names_exists(page):
    assert unknown_rules(page.read_text()) == []


def test_the_odd_page_names_every_rule_of_the_model():
    assert len(model_rules()) > 60
    assert model_rules() - rules_named((DOCS / "odd.md").read_text()) == set()


def test_the_odd_page_names_a_rule_under_its_own_stage():
    """A rule stands in the paragraph of its file; others may be mentioned there too. Lists stand beside the score, banks and help in life."""
    text = (DOCS / "odd.md").read_text().partition("## 7.")[2]
    parts = dict(re.findall(r"^### (\w+)\n(.*?)(?=^### |\Z)", text, re.DOTALL | re.MULTILINE))
    chain = re.search(r"^    (gather -> .*?)  ", (DOCS / "odd.md").read_text(), re.MULTILINE)[1].split(" -> ")
    chain.insert(chain.index("score") + 1, "listing")
    assert [*parts] == [*chain, "measure"]
    for rule in model_rules():
        stage = rule.split(".")[0]
        under = {"tie": "gather", "bank": "live", "game": "respond", "standing": "live"}  # ties are what is gathered along
        assert rule in rules_named(parts[under.get(stage, stage)]), rule


def test_a_rule_that_does_not_exist_is_seen():
    assert unknown_rules("`score.total` and `score.doom` and `gone.total` and `act.times`") == ["score.doom"]


def test_the_odd_page_has_the_parts_of_the_protocol():
    text = (DOCS / "odd.md").read_text().lower()
    parts = ("purpose and patterns", "entities, state variables, scales", "process overview and scheduling", "design concepts",
             "initialisation", "input data", "submodels", "basic principles", "emergence", "adaptation", "objectives", "learning",
             "prediction", "sensing", "interaction", "stochasticity", "collectives", "observation")  # fmt: skip
    for part in parts:
        assert re.search(rf"(?:^## \d\. |\*\*){part}", text, re.MULTILINE), part


# ---- docs/how-to-add-a-consequence.md

def test_the_mechanisms_of_the_how_to_are_those_of_the_day():
    rows = re.findall(r"^\| `(\w+)` \| (?:a reward: )?\w", HOW_TO.read_text(), re.MULTILINE)
    assert rows == list(MECHANISMS)
    kinds = {c.mechanism: c.kind for c in catalogue().consequences.values()}
    for mechanism in MECHANISMS:
        told = re.search(rf"^\| `{mechanism}` \| (a reward: )?", HOW_TO.read_text(), re.MULTILINE)[1]
        assert ("reward" if told else "penalty") == kinds[mechanism], mechanism


def test_the_numbers_of_the_how_to_are_those_of_the_code():
    text = HOW_TO.read_text()
    assert f"A regime has room for {CONSEQUENCES} consequences, and can use one of each mechanism" in text
    assert len(MECHANISMS) <= CONSEQUENCES
    assert f"The shipped\n  catalogue has {len(catalogue().consequences)} to choose from" in text
    rewards = set(re.findall(r"^\| `(\w+)` \| a reward: ", text, re.MULTILINE))
    assert "one of those that are no reward needs" in text
    assert set(MECHANISMS) - rewards == set(get_args(Hindrance))


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
import numpy as np
from glasshouse.day import model
from glasshouse.engine.build import Writer
from glasshouse.experiments.world import world_arrays
from glasshouse.regimes.compile import compile_regime
from glasshouse.regimes.kinds import kinds_of_catalogue
from glasshouse.rules import live
from glasshouse.rules.maths import f32, i32, u32
from glasshouse.scenarios import load
from glasshouse.scenarios.society import plain
from glasshouse.society.ties import make_ties, recipe_of, talking_arrays
assert "/src/glasshouse/" in live.__file__ and live.__file__.startswith(__import__("os").getcwd())
text = Writer(model()).source_text()
assert "surcharge" in text and "bits_fine" in text
asked = load("fines.toml")
kinds = kinds_of_catalogue(asked.catalogue, str(asked.start))
world = world_arrays(asked.catalogue, kinds, np.full((2, 5), (100,)), str(asked.start))
world |= talking_arrays(make_ties(recipe_of("measured", plain(asked.whole.society.ties)), asked.seed, asked.citizens))
rule = compile_regime(asked.regimes["exampleland"], asked.regimes, asked.catalogue, kinds, asked.start)
assert {p.name for p in model().params} <= world.keys() | rule.keys()
assert world["fine_surcharge"] == 0.5 and rule["bits_fine"] > 0
pays = lambda mask, tested, checks, fine: live.surcharge(u32(mask), u32(4), u32(tested), u32(checks), i32(fine), f32(0.5))
assert [pays(4, 0, 9, 2000), pays(3, 0, 9, 2000), pays(4, 9, 9, 2000), pays(4, 0, 9, 0)] == [1000, 0, 0, 0]
""")  # fmt: skip


@pytest.mark.long
def test_a_new_mechanism_runs(changed):
    """The changed day compiled and run: those whose fines are raised pay more than in the twin."""
    line = "glasshouse run fines.toml --no-report --quiet --out run"
    in_copy(changed, f"import sys; from glasshouse.cli import main; sys.argv = {line.split()}; sys.exit(main())")
    run = open_run(changed / "run")
    found = run.summary["regimes"]["exampleland"]["penalties"]["line_cap"]
    assert 0 < found["attempts"] == found["refused"]
    assert found["fen"] > 0
