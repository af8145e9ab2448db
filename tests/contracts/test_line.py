"""The line: Glasshouse knows no real people, and nothing in it can be handed one.

Read from the sources' syntax trees, from signatures and from what the command does. Each check is first shown a small
module that crosses the line, so that a check which sees nothing fails. That tables which come near to records of
people are refused is tested in test_line_tables.py.
"""

import ast
import dataclasses
import inspect
import re
import socket
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import typer
from pydantic import BaseModel

import glasshouse as gh
from glasshouse.catalogue.schema import Catalogue
from glasshouse.cli import app
from glasshouse.commands.entry import run_command
from glasshouse.day import model
from glasshouse.errors import BadInput
from glasshouse.experiments.world import world_arrays
from glasshouse.regimes.compile import compile_regime
from glasshouse.regimes.kinds import kinds_of_catalogue
from glasshouse.regimes.schema import Regime
from glasshouse.scenarios.schema import Resolved
from glasshouse.society import People, build, load_tables
from glasshouse.store import Run
from glasshouse.store.columns import COLUMNS

SOURCE = Path(gh.__file__).parent

# ---- what the package may not import, and who may read what

NETWORK = frozenset(
    "socket socketserver ssl http urllib ftplib smtplib poplib imaplib telnetlib xmlrpc asyncore wsgiref webbrowser asyncio requests httpx aiohttp"
    " urllib3 websockets websocket flask fastapi starlette uvicorn hypercorn gunicorn django tornado bottle sanic aiofiles grpc zmq paramiko fabric"
    " boto3 botocore google azure s3fs gcsfs fsspec pika kafka redis celery ray dask streamlit dash shiny panel gradio".split()
)
ROW_STORES = frozenset("csv sqlite3 dbm shelve sqlalchemy psycopg psycopg2 pymysql pymongo duckdb openpyxl xlrd pyreadstat pandas geopandas h5py yaml".split())
CARRIES_MODELS_OUT = frozenset("pickle joblib dill cloudpickle marshal onnx skl2onnx treelite pmml".split())
READS_ROWS = re.compile(r"(?:.*\.)?(?:read|scan|load|from|open)_?(?:csv|parquet|ipc|arrow|excel|ods|json|ndjson|database|avro|delta|iceberg|table|sql|feather|"
                        r"pickle|records|dicts|pandas|orc|dataset|txt|file|buffer)(?:_\w+)?")  # fmt: skip
NUMPY_READS = frozenset(f"numpy.{name}" for name in "load loadtxt genfromtxt fromfile memmap fromregex".split())
MAY_READ = {("glasshouse.store.parquet", "polars.read_parquet")}  # the tables of a finished run

# ---- who may be handed the people of a run, and frames of numbers

MAY_TAKE_PEOPLE = {"glasshouse.society.margins", "glasshouse.experiments.world"}  # straight from the draw, inside one run
MAKES_PEOPLE = {"glasshouse.society.people"}
MAY_TAKE_FRAMES = ("glasshouse.store.", "glasshouse.present.", "glasshouse.audits.")  # tables of a finished run: these parts reach no engine
FRAME = {"DataFrame", "LazyFrame", "Series", "RecordBatch"}
MAY_CALL_RULES = {"glasshouse.experiments.days": {"partner"}}  # a permutation of slots, no judgement

# ---- what a caller may hand to the public functions

PLAIN = set("str int float bool None date Path Iterable Mapping Sequence Any Callable Literal Number Progress Scenario Run Value Catalogue Regime"
            " dict list tuple set frozenset Self".split())  # fmt: skip
MAY_TAKE_ANY = {"set", "own"}  # numbers by key, tested below with what they refuse
OPTIONS = set("scenario citizens days seed regime start set_ threads out report json quiet part name file run version".split())
COMMANDS = set("run check warm report ledger cite scenarios regimes".split())
A_PERSON = frozenset(
    "name names surname firstname lastname fullname nickname alias phone telephone mobile email mail address street postcode zip ssn passport"
    " birthday birthdate dob plate iban card account accounts wechat weixin alipay weibo qq openid handle username uid uuid guid pin imei imsi mac ip"
    " latitude longitude lat lon gps face fingerprint photo token biometric".split()
)


def words_of(name: str) -> set[str]:
    """The words that a name is made of.

    >>> sorted(words_of("phoneNumber_2"))
    ['number', 'phone']
    """
    return set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold()))


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


def mentions(annotation: str, wanted: set[str]) -> bool:
    return bool(set(re.findall(r"\w+", annotation)) & wanted)


# ---- the checks: each takes a source text and gives what crosses the line

def import_faults(text: str, module: str) -> list[str]:
    """Imports of network, of stores of rows, and of ways to carry a fitted model out."""
    banned = NETWORK | ROW_STORES | CARRIES_MODELS_OUT
    return [f"{module}:{line}: imports {name}" for line, name in imports(ast.parse(text)) if name in banned]


def reader_faults(text: str, module: str) -> list[str]:
    """Calls that read rows from somewhere, other than the known one."""
    tree = ast.parse(text)
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
    tree = ast.parse(text)
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
    """Calls of the rules outside rules/ and day.py: with them a function could judge one case that a caller supplies."""
    if module.startswith("glasshouse.rules"):
        return []
    tree = ast.parse(text)
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
        (judging_faults, "from glasshouse.rules.grade import grade\ndef grade_of(person):\n    return grade(person.score, 1, 2, 3, 4, 5, 6, 7)"),
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


# ---- what a caller can hand over

def signature_faults(function, where: str) -> list[str]:
    """Parameters whose annotation is missing or names anything but plain values, files and the package's own questions."""
    faults = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name in ("self", "cls"):
            continue
        said = parameter.annotation if isinstance(parameter.annotation, str) else inspect.formatannotation(parameter.annotation)
        known = {word.split(".")[-1] for word in re.findall(r"[\w.]+", re.sub(r"'[^']*'|\"[^\"]*\"", "", said))}
        if parameter.annotation is inspect.Parameter.empty or known - PLAIN or ("Any" in known and name not in MAY_TAKE_ANY):
            faults.append(f"{where}({name}: {said})")
        if words_of(name) & (A_PERSON | {"person", "persons", "people", "individual", "individuals", "records", "rows"}) - {"name"}:
            faults.append(f"{where} has a parameter called {name}")
    return faults


def public_functions() -> Iterator[tuple[str, object]]:
    """Every function that `import glasshouse` offers, by its name: those of `__all__`, of its modules, and their objects' methods."""
    for name in gh.__all__:
        thing = getattr(gh, name)
        inside = {f"{name}.{n}": getattr(thing, n) for n in thing.__all__} if inspect.ismodule(thing) else {name: thing}
        for label, each in inside.items():
            if inspect.isclass(each) and not issubclass(each, BaseModel):
                methods = inspect.getmembers(each, inspect.isfunction)
                yield from ((f"{label}.{n}", method) for n, method in methods if not n.startswith("_"))
            elif inspect.isfunction(each):
                yield label, each
    yield from ((f"Run.{n}", method) for n, method in inspect.getmembers(Run, inspect.isfunction) if not n.startswith("_"))


def test_no_public_function_accepts_rows_of_people():
    functions = dict(public_functions())
    assert {"load", "simulate", "open_run", "check", "scenarios.Scenario.with_", "regimes.load_regime", "Run.table"} <= set(functions)
    assert [fault for name, function in functions.items() for fault in signature_faults(function, name)] == []


def test_a_public_function_for_people_is_seen():
    def score(person: dict): ...
    def grade(table: "pl.DataFrame"): ...
    def judge(data): ...
    def look(values: "np.ndarray"): ...
    def ask(question: "list[Any]"): ...
    def fine(name: "str | Path", days: int | None = None, set: "Mapping[str, Any] | None" = None): ...  # noqa: A002

    assert [len(signature_faults(f, f.__name__)) for f in (score, grade, judge, look, ask, fine)] == [1, 1, 1, 1, 1, 0]


PERSON = {"sex": 1, "birth": "1990-01-01", "income": 40_000}
ROWS = pl.DataFrame([PERSON, PERSON])


@pytest.mark.parametrize(
    "hand_over",
    [
        lambda: gh.load(ROWS),
        lambda: gh.load(PERSON),
        lambda: gh.simulate(ROWS),
        lambda: gh.simulate("essay", citizens=ROWS),
        lambda: gh.simulate("essay", citizens=[PERSON]),
        lambda: gh.simulate("essay", regimes=[PERSON]),
        lambda: gh.simulate("essay", set={"citizens": [PERSON]}),
        lambda: gh.simulate("essay", set={"citizens.0.income": 40_000}),
        lambda: gh.simulate("essay", set={"people": [PERSON]}),
        lambda: gh.simulate("essay", set={"life.air.fare": [850.0, 900.0]}),
        lambda: gh.simulate("essay", set={"life.air.fare": np.array([850.0, 900.0])}),
        lambda: gh.simulate("essay", set={"life.air.fare": ROWS}),
        lambda: gh.load("essay").with_(citizens=np.arange(3)),
    ],
)
def test_people_handed_over_are_refused(hand_over):
    with pytest.raises((BadInput, TypeError, AttributeError)):
        hand_over()


@pytest.mark.parametrize("rows", ["[[people]]\nsex = 1", "[[citizens]]\nincome = 40000", "[person]\nincome = 40000", "[society]\npeople = [[1, 40000]]"])
def test_a_scenario_that_brings_people_is_refused(tmp_path, rows):
    question = tmp_path / "mine.toml"
    question.write_text((SOURCE / "scenarios" / "data" / "essay.toml").read_text().replace('society = "china-2019"\n', "") + rows + "\n")
    with pytest.raises(BadInput):
        gh.load(question)


# ---- the command

def command_faults(commands: dict[str, object], options: set[str]) -> list[str]:
    """Commands and options that are not among the known ones, or whose help speaks of handing over a person."""
    faults = []
    for path, command in commands.items():
        if (top := path.split()[0]) not in COMMANDS:
            faults.append(f"{path}: the command {top} is not known to this test")
        for option in command.params:
            if option.name not in options | {"help"}:
                faults.append(f"{path}: the option {option.name} is not known to this test")
            if re.search(r"\b(?:a|one|each) (?:person|citizen)'s\b|\bpeople'?s? (?:file|data|records)\b", option.help or "", re.IGNORECASE):
                faults.append(f"{path}: {option.name} takes a person")
    return faults


def command_tree(group, path: str = "") -> dict[str, object]:
    found = {}
    for name, command in group.commands.items():
        whole = f"{path} {name}".strip()
        found |= command_tree(command, whole) if hasattr(command, "commands") else {whole: command}
    return found


def test_no_command_takes_a_person():
    commands = command_tree(typer.main.get_command(app))
    assert {"run", "check", "regimes list"} <= set(commands)
    assert command_faults(commands, OPTIONS) == []


def test_a_command_that_takes_a_person_is_seen():
    lookup = typer.Typer()

    @lookup.command()
    def run(scenario: str, person: str = typer.Option("", help="A person's number.")): ...

    @lookup.command()
    def score(scenario: str): ...

    faults = command_faults(command_tree(typer.main.get_command(lookup)), OPTIONS)
    assert len(faults) == 3, faults


@pytest.mark.parametrize(
    "line",
    [
        "run {rows}",
        "run essay --citizens {rows}",
        "run essay --regime {rows}",
        "run essay --set citizens={rows}",
        "run essay --set people.0.income=40000",
        "run essay --people {rows}",
        "score {rows}",
        "check {rows}",
        "report {rows}",
        "ledger {rows}",
        "cite {rows}",
        "scenarios show {rows}",
    ],
)
def test_the_command_refuses_rows_of_people(tmp_path, capsys, line):
    rows = tmp_path / "people.csv"
    ROWS.write_csv(rows)
    assert run_command(app, line.format(rows=rows).split()) == 2
    assert "Traceback" not in capsys.readouterr().err


# ---- parameters, fields, columns

def arrays_for(citizens: int) -> dict[str, np.ndarray]:
    """Everything that a run hands the rules besides state: the world's arrays and each regime's, for a society of this size."""
    asked = gh.load("essay").with_(regimes=["none", "essay", "platform", "exampleland", "lottery"])
    kinds = kinds_of_catalogue(asked.catalogue, str(asked.start))
    people = build(load_tables(asked.society), citizens, seed=1)
    found = dict(world_arrays(asked.catalogue, kinds, people, str(asked.start)))
    for name, regime in asked.regimes.items():
        got = compile_regime(regime, asked.regimes, asked.catalogue, kinds, asked.start)
        found |= {f"{name}.{key}": value for key, value in got.items()}
    return found


def growing(small: dict[str, np.ndarray], large: dict[str, np.ndarray]) -> list[str]:
    """The arrays whose shape depends on the size of the society, or that only one of the sizes has."""
    return sorted(name for name in small.keys() | large.keys() if name not in small or name not in large or np.shape(small[name]) != np.shape(large[name]))


@pytest.fixture(scope="module")
def small() -> dict[str, np.ndarray]:
    return arrays_for(700)


def test_no_parameter_grows_with_the_number_of_citizens(small):
    assert growing(small, arrays_for(5000)) == []
    assert max(np.size(value) for value in small.values()) < 20_000


def test_a_parameter_for_each_citizen_is_seen(small):
    planted = {**small, "essay.kind_points": np.zeros(5000), "scores": np.zeros(5000)}
    assert growing(small, planted) == ["essay.kind_points", "scores"]


def test_every_parameter_of_the_model_was_looked_at(small):
    seen = {name.split(".")[-1] for name in small}
    assert {param.name for param in model().params} - seen == set()


def test_a_question_is_as_long_for_many_as_for_few():
    few, many = (gh.load("essay").with_(citizens=n).resolved_toml() for n in (1000, 1_000_000))
    assert len(many) - len(few) == len("1000000") - len("1000")


def identities(names) -> list[str]:
    """Names that sound like an identity."""
    return sorted(name for name in names if words_of(name) & (A_PERSON | {"id", "identity"}))


def written_keys(block: type[BaseModel]) -> set[str]:
    """Every key that a file of this shape may hold, all the way down."""
    found: set[str] = set()
    waiting, seen = [block], set()
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        found |= set(each.model_fields)
        for field in each.model_fields.values():
            waiting += [c for c in types_in(field.annotation) if inspect.isclass(c) and issubclass(c, BaseModel)]
    return found


def types_in(annotation) -> list[object]:
    inner = getattr(annotation, "__args__", ())
    return [annotation, *(found for each in inner for found in types_in(each))]


def test_no_field_is_an_identity():
    fields = [field.name for field in model().fields]
    columns = [column.name for name, table in COLUMNS.items() if name not in ("margins", "ledger") for column in table]
    assert len(fields) > 50
    assert len(columns) > 40
    assert identities([*fields, *columns, *(f.name for f in dataclasses.fields(People))]) == []


def test_no_file_has_a_key_for_an_identity():
    keys = written_keys(Resolved) | written_keys(Regime) | written_keys(Catalogue)
    assert {"citizens", "society", "rate", "enforcement", "upheld_wrong"} <= keys
    assert identities(keys - {"id"}) == [], "`id` is what a scenario, regime or grade is called"


def test_an_identity_is_seen():
    named = ["score", "passport_no", "fullName", "citizen_id", "month_seen", "face", "surface", "ip", "tested"]
    assert identities(named) == ["citizen_id", "face", "fullName", "ip", "passport_no"]


# ---- nothing listens, nothing calls out

def test_a_run_opens_no_connection(tmp_path):
    """The whole of a small run, its report included, under a watch on every socket."""
    heard: list[str] = []
    watching = [True]

    def watch(event: str, args: tuple) -> None:
        if watching[0] and event.startswith(("socket.connect", "socket.bind", "socket.listen", "socket.getaddrinfo", "socket.gethostby", "urllib.")):
            heard.append(f"{event} {args[1:]}")

    sys.addaudithook(watch)
    try:
        run = gh.simulate("essay", citizens=600, days=40, start=date(2020, 1, 1), out=tmp_path / "run", report=True)
        assert (run.folder / "report.html").stat().st_size > 100_000
        assert heard == []
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
        assert heard, "the watch hears what it should"
    finally:
        watching[0] = False
