"""The line, in the sources: nothing in the package reads rows of people, takes them, judges one case, or speaks to a network.

Read from the syntax trees; nothing is run. Each check is first shown a small module that crosses the line, so that a check
which sees nothing fails. What callers can hand over is tested in test_line_callers.py, tables that come near to records in
test_line_tables.py.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import glasshouse

SOURCE = Path(glasshouse.__file__).parent

# ---- what the package may not import, and who may read what
# A page that shows runs on one's own machine would be a decision to be made here, not an accident.

NETWORK = frozenset(
    "socket socketserver ssl http urllib ftplib smtplib poplib imaplib telnetlib xmlrpc asyncore wsgiref webbrowser asyncio requests"
    " httpx aiohttp urllib3 websockets websocket flask fastapi starlette uvicorn hypercorn gunicorn django tornado bottle sanic aiofiles"
    " grpc zmq paramiko fabric boto3 botocore google azure s3fs gcsfs fsspec pika kafka redis celery ray dask streamlit dash shiny panel"
    " gradio".split()
)
MAY_SPEAK = {("glasshouse.experiments.cluster", "ray")}  # the shards of one run, to each other
ROW_STORES = frozenset(
    "csv sqlite3 dbm shelve sqlalchemy psycopg psycopg2 pymysql pymongo duckdb openpyxl xlrd pyreadstat pandas geopandas h5py yaml".split()
)
CARRIES_MODELS_OUT = frozenset("pickle joblib dill cloudpickle marshal onnx skl2onnx treelite pmml".split())
READS_ROWS = re.compile(
    r"(?:.*\.)?(?:read|scan|load|from|open)_?(?:csv|parquet|ipc|arrow|excel|ods|json|ndjson|database|avro|delta|iceberg|table|sql|feather"
    r"|pickle|records|dicts|pandas|orc|dataset|txt|file|buffer)(?:_\w+)?"
)
NUMPY_READS = frozenset(f"numpy.{name}" for name in "load loadtxt genfromtxt fromfile memmap fromregex".split())
MAY_READ = {
    *(("glasshouse.store.parquet", f"polars.{name}") for name in ("read_parquet", "read_parquet_schema", "scan_parquet")),  # the tables of a finished run
    ("glasshouse.store.checkpoint", "polars.read_ipc"),  # numbers of a run that was broken off, bound to its scenario and code
}

# ---- who may be handed the people of a run, and frames of numbers

MAY_TAKE_PEOPLE = {"glasshouse.society.margins", "glasshouse.experiments.world"}  # straight from the draw, inside one run
MAKES_PEOPLE = {"glasshouse.society.people"}
MAY_TAKE_FRAMES = ("glasshouse.store.", "glasshouse.present.", "glasshouse.audits.")  # tables of a finished run; they reach no engine
FRAME = {"DataFrame", "LazyFrame", "Series", "RecordBatch"}
MAY_CALL_RULES = {"glasshouse.experiments.days": {"partner"}, "glasshouse.model.pairs": {"seat", "seated", "minus", "mixed", "plus", "product", "share_of", "i32", "u32", "u64"}}  # a permutation of slots, no judgement

def module_name(file: Path) -> str:
    pieces = file.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(pieces[:-1] if pieces[-1] == "__init__" else pieces)


def aliases(tree: ast.AST, module: str, is_package: bool = False) -> dict[str, str]:
    """Name in the file -> what it was imported as, wherever in the file."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            base = base + ([node.module] if node.module else [])
            found |= {a.asname or a.name: ".".join([*base, a.name]) for a in node.names}
    return found


def calls(tree: ast.AST, names: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Every call, as (line, what is called, spelt out)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            said = ast.unparse(node.func)
            root = re.split(r"[.(\[]", said)[0]
            yield node.lineno, names.get(root, root) + said[len(root) :]


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every module imported, also by a name in quotes, as (line, its first part)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, a.name.split(".")[0]) for a in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.lineno, node.module.split(".")[0]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in ("__import__", "import_module"):
            yield from ((node.lineno, a.value.split(".")[0]) for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str))


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[str, str, bool]]:
    """Each parameter of a function: its name, its annotation as text, whether it may be left out."""
    a = node.args
    plain = [*a.posonlyargs, *a.args]
    optional = [False] * (len(plain) - len(a.defaults)) + [True] * len(a.defaults)
    optional += [default is not None for default in a.kw_defaults]
    for each, may in zip([*plain, *a.kwonlyargs], optional, strict=True):
        yield each.arg, ast.unparse(each.annotation) if each.annotation else "", may


@cache
def tree_of(text: str) -> ast.Module:
    return ast.parse(text)


def mentions(annotation: str, wanted: set[str]) -> bool:
    return bool(set(re.findall(r"\w+", annotation)) & wanted)


# ---- the checks: each takes a source text and gives what crosses the line

def import_faults(text: str, module: str) -> list[str]:
    """Imports of network, of stores of rows, and of ways to carry a fitted model out."""
    banned = NETWORK | ROW_STORES | CARRIES_MODELS_OUT
    return [f"{module}:{line}: imports {name}" for line, name in imports(tree_of(text)) if name in banned and (module, name) not in MAY_SPEAK]


def reader_faults(text: str, module: str) -> list[str]:
    """Calls that read rows from somewhere, other than the known one."""
    tree = tree_of(text)
    return [
        f"{module}:{line}: {called}"
        for line, called in calls(tree, aliases(tree, module))
        if (READS_ROWS.fullmatch(called) or called in NUMPY_READS)
        and not called.startswith("glasshouse.")
        and "." in called
        and (module, called) not in MAY_READ
    ]


def people_faults(text: str, module: str) -> list[str]:
    """Functions that take people or frames of rows where they should not, and people made elsewhere than by the draw."""
    tree = tree_of(text)
    faults = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for name, annotation, optional in parameters(node):
            if mentions(annotation, {"People"}) and (optional or module not in MAY_TAKE_PEOPLE | MAKES_PEOPLE):
                faults.append(f"{module}:{node.lineno}: {node.name} takes people ({name})")
            if mentions(annotation, FRAME) and not module.startswith(MAY_TAKE_FRAMES):
                faults.append(f"{module}:{node.lineno}: {node.name} takes a frame ({name})")
    for line, called in calls(tree, aliases(tree, module)):
        if called.split(".")[-1] == "People" and module not in MAKES_PEOPLE:
            faults.append(f"{module}:{line}: makes people")
    return faults


def judging_faults(text: str, module: str) -> list[str]:
    """Calls of the rules outside rules/ and day/: with them a function could judge one case that a caller supplies."""
    if module.startswith("glasshouse.rules"):
        return []
    tree = tree_of(text)
    found = [(line, called) for line, called in calls(tree, aliases(tree, module)) if called.startswith("glasshouse.rules.")]
    return [f"{module}:{line}: calls {called}" for line, called in found if called.split(".")[-1] not in MAY_CALL_RULES.get(module, set())]


CHECKS = (import_faults, reader_faults, people_faults, judging_faults)


def sources() -> list[Path]:
    return sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("check", CHECKS)
def test_no_source_crosses_the_line(check):
    assert len(sources()) > 50
    assert [fault for file in sources() for fault in check(file.read_text(), module_name(file))] == []


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (import_faults, "import socket"),
        (import_faults, "from urllib.request import urlopen"),
        (import_faults, "def f():\n    import http.server"),
        (import_faults, "import importlib\nimportlib.import_module('requests.sessions')"),
        (import_faults, "import csv"),
        (import_faults, "import sqlite3 as s"),
        (import_faults, "from joblib import dump"),
        (reader_faults, "import polars as pl\npl.read_csv('people.csv')"),
        (reader_faults, "import polars\ndef f(path):\n    return polars.scan_parquet(path)"),
        (reader_faults, "from polars import read_excel\nread_excel('x')"),
        (reader_faults, "import polars as pl\npl.read_database_uri('x', 'y')"),
        (reader_faults, "import polars as pl\npl.from_dicts([])"),
        (reader_faults, "import numpy as np\nnp.loadtxt('people.txt')"),
        (reader_faults, "import numpy as np\nnp.load('people.npy')"),
        (reader_faults, "import pyarrow.parquet as pq\npq.read_table('x')"),
        (people_faults, "def score(people: People) -> float: ..."),
        (people_faults, "class S:\n    def __init__(self, scenario, people: 'People | None' = None): ..."),
        (people_faults, "def score(rows: pl.DataFrame): ..."),
        (people_faults, "def score(*, table: 'pl.LazyFrame'): ..."),
        (people_faults, "from glasshouse.society import People\nP = People(sex=[0])"),
        (people_faults, "import glasshouse.society as s\nP = s.People(sex=[0])"),
        (judging_faults, "from glasshouse.rules.grade import grade\ndef of(person):\n    return grade(person.score, 1, 2, 3, 4, 5, 6, 7)"),
        (judging_faults, "from ..rules import score\ndef f(x):\n    return score.total(x, 0, 0, 0, 0, 0, 1)"),
        (judging_faults, "import glasshouse.rules.score as s\ns.total(1, 0, 0, 0, 0, 0, 1)"),
    ],
)
def test_what_crosses_the_line_is_seen(check, text):
    assert len(check(text, "glasshouse.experiments.lookup")) == 1


def test_people_may_not_be_optional_even_where_they_are_passed_on():
    handed = "def world_arrays(catalogue, people: People): ..."
    assert people_faults(handed, "glasshouse.experiments.world") == []
    assert len(people_faults(handed.replace("People)", "People = None)"), "glasshouse.experiments.world")) == 1


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (import_faults, "import json\nfrom . import http"),
        (reader_faults, "from .folder import read_json\nread_json(x)"),
        (reader_faults, "import tomllib\ntomllib.loads(text)\nint.from_bytes(b'', 'little')"),
        (people_faults, "def build(tables: Tables, citizens: int) -> People: ..."),
        (judging_faults, "from glasshouse.rules import score\nSTEP = (score.total, 'tile')"),
    ],
)
def test_what_stays_on_this_side_is_let_be(check, text):
    assert check(text, "glasshouse.society.thing") == []
