"""The line, seen from outside: no function, command, file, parameter or field through which a real person could come in.

Each check is first shown something that crosses the line. What the sources may not contain is tested in test_line.py.
"""

import dataclasses
import inspect
import re
import shlex
import socket
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

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
from glasshouse.experiments.world import incomes_of, world_arrays
from glasshouse.regimes.compile import compile_regime
from glasshouse.regimes.kinds import kinds_of_catalogue
from glasshouse.regimes.schema import Regime
from glasshouse.scenarios.schema import Resolved
from glasshouse.scenarios.society import plain
from glasshouse.society import People, build, load_tables
from glasshouse.society.ties import make_ties, recipe_of, talking_arrays
from glasshouse.store import Run
from glasshouse.store.columns import COLUMNS

QUESTIONS = Path(gh.__file__).parent / "scenarios" / "data"
PLAIN = set(
    "str int float bool None date Path Iterable Mapping Sequence Any Callable Literal Number Progress Scenario Run Audit Value Catalogue Regime"
    " dict list tuple set frozenset Self".split()
)
MAY_TAKE_ANY = {"set", "own", "then"}  # numbers by key, tested below with what they refuse
OPTIONS = set(
    "scenario citizens days seed seeds regime regimes start set_ threads out report json quiet part name file run version a b base"
    " bibtex row drop models model arm reference checkpoint audit audits fork then direct_only redraw citizen beside device runs run_cuts all_ cluster shards"
    " question key trajectories numbers points"  # of sensitivity: which assumed numbers, and at how many points they are tried
    " folders where clean yes"  # of `runs`: which folders of Glasshouse, and whether they go
    " vary measure until keep jobs resume design".split()  # of sweeps: numbers by key, headlines, how many seeds, and a file of numbers by key
)
COMMANDS = set("run resume compare sweep runs sensitivity audit validate check warm report life ledger cite scenarios regimes models".split())
A_PERSON = frozenset(
    "name names surname firstname lastname fullname nickname alias phone telephone mobile email mail address street postcode zip ssn"
    " passport birthday birthdate dob plate iban card account accounts wechat weixin alipay weibo qq openid handle username uid uuid guid"
    " pin imei imsi mac ip latitude longitude lat lon gps face fingerprint photo token biometric".split()
)


def words_of(name: str) -> set[str]:
    """The words that a name is made of.

    >>> sorted(words_of("phoneNumber_2"))
    ['number', 'phone']
    """
    return set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).casefold()))


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
    assert {"load", "simulate", "resume", "open_run", "check", "scenarios.Scenario.with_", "regimes.load_regime", "Run.table"} <= set(functions)
    assert [fault for name, function in functions.items() for fault in signature_faults(function, name)] == []


def test_a_public_function_for_people_is_seen():
    def score(person: dict): ...
    def grade(table: "pl.DataFrame"): ...
    def judge(data): ...
    def look(values: "np.ndarray"): ...
    def ask(question: "list[Any]"): ...
    def fine(name: "str | Path", days: int | None = None, set: "Mapping[str, Any] | None" = None): ...

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
        lambda: gh.resume(ROWS),
        lambda: gh.simulate("essay", checkpoint=ROWS),
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


@pytest.mark.parametrize(
    "rows", ["[[people]]\nsex = 1", "[[citizens]]\nincome = 40000", "[person]\nincome = 40000", "[society]\npeople = [[1, 40000]]"]
)
def test_a_scenario_that_brings_people_is_refused(tmp_path, rows):
    question = tmp_path / "mine.toml"
    question.write_text((QUESTIONS / "essay.toml").read_text().replace('society = "china-2019"\n', "") + rows + "\n")
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
        "audit {rows}",
        "resume {rows}",
        "run essay --checkpoint {rows}",
        "ledger {rows}",
        "cite {rows}",
        "scenarios show {rows}",
        "models run {rows}",
        "models show {rows}",
        "models run degroot --people {rows}",
        "models run degroot --set said_first={rows}",
        "models run degroot --arm {rows}",
        "models run degroot --arm 'a: said_first={rows}'",
        "models run degroot --citizens 20 --set said_first=[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]",
        "models run schelling --set kind=[[1,40000]]",
    ],
)
def test_the_command_refuses_rows_of_people(tmp_path, capsys, line):
    rows = tmp_path / "people.csv"
    ROWS.write_csv(rows)
    assert run_command(app, shlex.split(line.format(rows=rows))) == 2
    assert "Traceback" not in capsys.readouterr().err


# ---- parameters, fields, columns

def arrays_for(citizens: int) -> dict[str, np.ndarray]:
    """Everything that a run hands the rules besides state: the world's arrays and each regime's, for a society of this size."""
    asked = gh.load("essay").with_(regimes=["none", "essay", "platform", "exampleland", "lottery"])
    kinds = kinds_of_catalogue(asked.catalogue, str(asked.start))
    people = build(load_tables(asked.society), citizens, seed=1)
    found = dict(world_arrays(asked.catalogue, kinds, incomes_of(people), str(asked.start)))
    found |= talking_arrays(make_ties(recipe_of("measured", plain(asked.whole.society.ties)), asked.seed, asked.citizens))
    for name, regime in asked.regimes.items():
        got = compile_regime(regime, asked.regimes, asked.catalogue, kinds, asked.start)
        found |= {f"{name}.{key}": value for key, value in got.items()}
    return found


def growing(small: dict[str, np.ndarray], large: dict[str, np.ndarray]) -> list[str]:
    """The arrays whose shape depends on the size of the society, or that only one of the sizes has."""
    shapes = [{name: np.shape(value) for name, value in arrays.items()} for arrays in (small, large)]
    return sorted({name for name, _ in shapes[0].items() ^ shapes[1].items()})


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

@pytest.mark.slow
def test_a_run_opens_no_connection(tmp_path):
    """The whole of a small run, its report included, under a watch on every socket."""
    heard: list[str] = []
    watching = [True]
    events = ("socket.connect", "socket.bind", "socket.listen", "socket.getaddrinfo", "socket.gethostby", "urllib.")

    def watch(event: str, args: tuple) -> None:
        if watching[0] and event.startswith(events):
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
