"""Imports run one way, and the rules are plain arithmetic: read from the sources' syntax trees, nothing is run."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "glasshouse"

# Part of the package -> the parts it may import (itself always). A part is a folder or a module of the package.
# A new part needs a row here: its place in the order is a decision, not an accident.
BASE = {"errors", "values", "outside", "_version"}
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "_version": set(),
    "outside": set(),
    "values": {"errors"},
    "rules": set(),
    "engine": BASE | {"rules"},
    "society": BASE | {"rules"},
    "catalogue": BASE,
    "day": BASE | {"rules", "engine"},
    "model": BASE | {"rules", "engine", "store"},
    "models": BASE | {"model"},
    "regimes": BASE | {"rules", "society", "catalogue", "day"},
    "scenarios": BASE | {"society", "catalogue", "regimes"},
    "store": BASE,
    "audits": BASE | {"society", "store"},
    "present": BASE | {"store", "audits", "society", "catalogue", "regimes", "scenarios"},
    "experiments": BASE | {"rules", "engine", "model", "society", "catalogue", "regimes", "day", "scenarios", "store", "audits", "present"},
    "validate": BASE | {"society", "catalogue", "scenarios", "store", "audits", "present", "experiments"},
    "commands": BASE | {"model", "models", "society", "catalogue", "regimes", "day", "scenarios", "store", "audits", "present", "experiments", "validate"},
    "cli": BASE | {"society", "catalogue", "regimes", "scenarios", "store", "audits", "present", "experiments", "validate", "commands"},
    "__main__": {"cli"},
}
WITHOUT_ENGINE = ("audits", "present")
RULES_MAY_IMPORT = {"math", "numpy"}
HOLDS_CONSTANTS = {"glasshouse.rules.maths", "glasshouse.rules.word"}  # the files whose named constants may spell other numbers, each typed
HIDDEN = "a name known only when it runs"
TYPE_CALL = re.compile(r"(?:f|i|u|float|int|uint)(?:8|16|32|64)")


def part_of(module: str) -> str:
    """The part that a dotted module name belongs to; the package itself is `__init__`."""
    pieces = module.split(".")
    return pieces[1] if len(pieces) > 1 else "__init__"


def module_name(file: Path, source: Path = SOURCE) -> str:
    pieces = file.relative_to(source.parent).with_suffix("").parts
    return ".".join(pieces[:-1] if pieces[-1] == "__init__" else pieces)


def imported(tree: ast.AST, module: str, is_package: bool) -> Iterator[tuple[int, str]]:
    """Everything that the source imports, wherever in the file, as (line, absolute dotted name)."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = base + ([node.module] if node.module else [])
            # With the name, because `from glasshouse import engine` imports a part and not the package alone.
            yield from ((node.lineno, ".".join([*base, alias.name])) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("__import__", "import_module"):
            yield node.lineno, HIDDEN


def import_faults(text: str, module: str, is_package: bool = False) -> list[str]:
    """What a source imports against the table, as "module:line: what"."""
    part = part_of(module)
    if part == "__init__":
        return []  # the package's front door shows what the parts offer
    if part not in MAY_IMPORT:
        return [f"{module}:1: `{part}` has no row in MAY_IMPORT"]
    faults = []
    for line, name in imported(ast.parse(text), module, is_package):
        top = name.split(".")[0]
        if top == "glasshouse":
            allowed = part_of(name) in MAY_IMPORT[part] | {part}
        elif part == "rules":
            allowed = top in RULES_MAY_IMPORT
        else:
            allowed = name != HIDDEN or part not in WITHOUT_ENGINE
        if not allowed:
            faults.append(f"{module}:{line}: {part} imports {name}")
    return faults


def typed_constants(tree: ast.Module) -> set[ast.AST]:
    """The nodes inside a typed call that makes a named constant of the module.

    `HALF = f32(0.5)`, `CUTS = np.array([2, 3], np.int32)`, `A, B = (f32(c) for c in (0.5, 2.5))`.
    """
    exempt: set[ast.AST] = set()
    for statement in tree.body:
        if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = [node for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)]
        if all(name.id.isupper() for name in names):
            for node in ast.walk(statement.value):
                maker = node.elt if isinstance(node, ast.GeneratorExp | ast.ListComp) else node
                if isinstance(maker, ast.Call) and is_typed(maker):
                    exempt.update(ast.walk(node))
    return exempt


def is_typed(call: ast.Call) -> bool:
    name = ast.unparse(call.func).split(".")[-1]
    has_type = len(call.args) > 1 or any(keyword.arg == "dtype" for keyword in call.keywords)
    return bool(TYPE_CALL.fullmatch(name)) or (name == "array" and has_type)


def literal_faults(text: str, module: str) -> list[str]:
    """The numeric literals of a rule file other than the whole numbers 0 and 1, as "module:line: literal"."""
    tree = ast.parse(text)
    exempt = typed_constants(tree) if module in HOLDS_CONSTANTS else set()
    return [
        f"{module}:{node.lineno}: literal {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and type(node.value) in (int, float, complex)
        and not (type(node.value) is int and node.value in (0, 1))
        and node not in exempt
    ]


def sources(part: str = "") -> list[Path]:
    return sorted((SOURCE / part).rglob("*.py"))


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        part = waiting.pop()
        if part not in seen:
            seen.add(part)
            waiting += graph.get(part, ())
    return seen


def import_graph(texts: dict[str, str]) -> dict[str, set[str]]:
    """Module -> what it imports of the package, the folders on the way included, the front door left out."""
    graph: dict[str, set[str]] = {}
    for module, text in texts.items():
        is_package = any(other.startswith(f"{module}.") for other in texts)
        names = [name.split(".") for _, name in imported(ast.parse(text), module, is_package)]
        graph[module] = {
            ".".join(name[:length])
            for name in names
            if name[0] == "glasshouse"
            for length in range(2, len(name) + 1)
        }
    return graph


def reaches_engine(texts: dict[str, str], part: str) -> list[str]:
    """The modules of a part that come to the engine through what they import, however many steps on."""
    graph = import_graph(texts)
    return [
        module
        for module in graph
        if part_of(module) == part and any(part_of(name) == "engine" for name in reachable(graph, module))
    ]


def test_the_table_has_no_circle():
    for part, allowed in MAY_IMPORT.items():
        for other in allowed:
            assert part not in reachable(MAY_IMPORT, other), f"{part} and {other} may import each other"


def test_there_is_something_to_read():
    assert SOURCE / "errors.py" in sources()


@pytest.mark.parametrize("file", sources(), ids=module_name)
def test_imports_run_one_way(file):
    assert import_faults(file.read_text(), module_name(file), file.name == "__init__.py") == []


@pytest.mark.parametrize("part", WITHOUT_ENGINE)
def test_audits_and_present_never_reach_the_engine(part):
    assert reaches_engine({module_name(file): file.read_text() for file in sources()}, part) == []


def test_a_way_round_to_the_engine_is_found():
    texts = {
        "glasshouse.present.page": "from ..scenarios import load",
        "glasshouse.present.text": "import jinja2",
        "glasshouse.scenarios": "from .schema import load",
        "glasshouse.scenarios.schema": "from glasshouse.engine.state import Field",
    }
    assert reaches_engine(texts, "present") == ["glasshouse.present.page"]


@pytest.mark.parametrize("file", sources("rules"), ids=module_name)
def test_rules_hold_no_bare_number(file):
    assert literal_faults(file.read_text(), module_name(file)) == []


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("glasshouse.rules.act", "import os"),
        ("glasshouse.rules.act", "from random import random"),
        ("glasshouse.rules.act", "from numba import njit"),
        ("glasshouse.rules.act", "from ..engine import luck"),
        ("glasshouse.rules.act", "from .. import engine"),
        ("glasshouse.rules.act", "def f():\n    import glasshouse.society.people"),
        ("glasshouse.rules.act", "np = __import__('numpy')"),
        ("glasshouse.engine.tiles", "from glasshouse.society import people"),
        ("glasshouse.engine.tiles", "from glasshouse import load"),
        ("glasshouse.society.people", "from glasshouse.regimes.schema import Regime"),
        ("glasshouse.audits.wrong", "from glasshouse.engine.state import Field"),
        ("glasshouse.audits.wrong", "import importlib\nimportlib.import_module('x')"),
        ("glasshouse.present.page", "import glasshouse.engine"),
        ("glasshouse.present.page", "from glasshouse.experiments import compare"),
        ("glasshouse.errors", "from glasshouse import values"),
        ("glasshouse.store.tables", "from ..cli import main"),
        ("glasshouse.newcomer", "import math"),
    ],
)
def test_an_import_against_the_order_is_found(module, text):
    assert len(import_faults(text, module)) == 1


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("glasshouse.rules.act", "import math\nimport numpy as np\nfrom numpy import float32\nfrom .maths import f32"),
        ("glasshouse.engine.tiles", "import numba\nfrom glasshouse.rules.act import act\nfrom . import luck"),
        ("glasshouse.regimes.compile", "from ..society.acts import ACTS\nfrom glasshouse.errors import BadInput"),
        ("glasshouse.cli", "from glasshouse import errors, experiments, present"),
        ("glasshouse.audits.wrong", "import polars\nfrom ..store import tables"),
    ],
)
def test_an_import_down_the_order_is_let_be(module, text):
    assert import_faults(text, module) == []


def test_a_relative_import_in_a_folders_front_door_is_read_from_that_folder():
    assert import_faults("from . import luck", "glasshouse.engine", is_package=True) == []
    assert len(import_faults("from .. import society", "glasshouse.engine", is_package=True)) == 1


@pytest.mark.parametrize(
    ("module", "text", "literals"),
    [
        ("glasshouse.rules.act", "x = 0 + 1 - 1\ny = True\nz = 'two'", 0),
        ("glasshouse.rules.act", "x = y + 2", 1),
        ("glasshouse.rules.act", "x = 1.0", 1),
        ("glasshouse.rules.act", "def f(a, b=3):\n    return a << 7 if a > -4 else 2j", 4),
        ("glasshouse.rules.act", "HALF = f32(0.5)", 1),
        ("glasshouse.rules.maths", "HALF = f32(0.5)\nCUTS: object = np.array([2, 3], np.int32)", 0),
        ("glasshouse.rules.maths", "BIG = u64(1) << u64(32)\nA, B = (f32(c) for c in (0.5, 2.5))", 0),
        ("glasshouse.rules.maths", "A, b = (f32(c) for c in (0.5, 2.5))", 2),
        ("glasshouse.rules.maths", "HALF = 0.5", 1),
        ("glasshouse.rules.maths", "CUTS = np.array([2, 3])", 2),
        ("glasshouse.rules.maths", "half = f32(0.5)", 1),
        ("glasshouse.rules.maths", "def f():\n    HALF = f32(0.5)\n    return HALF", 1),
    ],
)
def test_bare_numbers_are_counted(module, text, literals):
    assert len(literal_faults(text, module)) == literals
