"""Every case of law, three times: against the compiled engine, against the rules as written, and against a second reader."""

import ast
from functools import cache
from pathlib import Path

import pytest
from tests.law import second_reader
from tests.law.plain import rules_say
from tests.law.runner import Case, Seen, all_cases, engine_says

from glasshouse.regimes import list_regimes, load_regime

CASES = all_cases()
READ = [case for case in CASES if load_regime(case.regime).kind in ("points", "list") and not load_regime(case.regime).dimensions]
"""The cases of scores that are made of points, and of lists."""


@cache
def engine(regime: str):
    return engine_says([case for case in CASES if case.regime == regime])


@cache
def rules(regime: str):
    return rules_say([case for case in CASES if case.regime == regime])


def of(case: Case) -> str:
    return f"{case.regime}: {case.name}"


@pytest.mark.parametrize("says", [engine, rules], ids=["engine", "rules"])
@pytest.mark.parametrize("case", CASES, ids=of)
def test_a_case_goes_as_the_law_has_it(case, says):
    found = says(case.regime)[case.name]
    faults = [fault for expect in case.expect for fault in found[expect["on"]].faults(expect)]
    assert not faults, faults


@pytest.mark.parametrize("case", CASES, ids=of)
def test_the_engine_and_the_rules_agree_on_all_there_is_to_say(case):
    assert engine(case.regime)[case.name] == rules(case.regime)[case.name]


@pytest.mark.parametrize("case", READ, ids=of)
def test_a_second_reader_of_the_file_says_what_the_engine_says(case):
    found = engine(case.regime)[case.name]
    said = second_reader.read(case.regime, case.given, case.start, list(found))
    parts = {day: [frozenset(part) if isinstance(part, set) else part for part in one.values()] for day, one in said.items()}
    assert {day: Seen(*those) for day, those in parts.items()} == found


def test_the_second_reader_is_short_and_owes_the_package_nothing():
    text = Path(second_reader.__file__).read_text()
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = {node.module if isinstance(node, ast.ImportFrom) else name.name for node in nodes for name in node.names}
    assert imported <= {"copy", "tomllib", "collections", "datetime", "fractions", "itertools", "pathlib"}
    assert len(text.splitlines()) <= 200


@pytest.mark.parametrize("regime", list_regimes())
def test_each_regime_has_its_cases(regime):
    if load_regime(regime).model:
        pytest.skip("a fitted model has no table of points: see test_welfare.py")
    if load_regime(regime).help:
        pytest.skip("a norm of helping has no table of points: see test_norms.py")
    mine = [case for case in CASES if case.regime == regime]
    assert len(mine) >= (2 if load_regime(regime).kind in ("none", "lot") else 6)
    assert len({case.name for case in mine}) == len(mine)
