"""A rule's signature says what it may use: what it names it reads, and every rule has a sentence that says what it does."""

import ast
from pathlib import Path

import pytest

RULES = Path(__file__).resolve().parents[3] / "src/glasshouse/rules"
FUNCTIONS = [
    pytest.param(item, id=f"{file.stem}.{item.name}")
    for file in sorted(RULES.glob("*.py"))
    for item in ast.parse(file.read_text(encoding="utf-8")).body
    if isinstance(item, ast.FunctionDef)
]
GROUPS = {"group", "sex", "urban", "quintile", "birth", "age", "station", "whole_station"}  # what a citizen is, and not what she did
MAY_SEE = {
    "tie.unlike": {"station"},  # like chooses like
    "tie.partner": {"station", "whole_station"},
    "act.circumstances": {"birth"},
    "act.envelope": {"quintile"},
    "act.which": {"quintile"},
    "act.plight": {"birth", "sex"},  # men of middle age are likelier than others to leave a judgment unfulfilled
    "watch.recorded": {"group"},
    "watch.entered": {"group"},
    "score.covered": {"birth"},
    "score.grown": {"birth"},  # the age that a score of dimensions may count
    "score.risk": {"birth", "sex", "urban", "quintile"},  # a fitted model scores traits: that is what is asked of it
    "measure.cell": {"birth", "urban", "quintile", "sex", "group"},
}


@pytest.mark.parametrize("rule", FUNCTIONS)
def test_a_rule_reads_everything_that_it_is_handed(rule):
    handed = {a.arg for a in rule.args.args}
    read = {n.id for statement in rule.body for n in ast.walk(statement) if isinstance(n, ast.Name)}
    assert handed - read == set()


@pytest.mark.parametrize("rule", FUNCTIONS)
def test_a_rule_says_in_words_what_it_does_and_names_every_type(rule):
    assert (ast.get_docstring(rule) or "").split("\n\n")[0].rstrip().endswith((".", "?"))
    assert rule.returns is not None
    assert all(a.annotation is not None for a in rule.args.args)


def test_what_a_citizen_is_enters_by_these_doors_alone():
    """Grading, sanctions and contests cannot read a group, because nobody hands them one."""
    found = {p.id: GROUPS & {a.arg for a in p.values[0].args.args} for p in FUNCTIONS}
    assert {rule: names for rule, names in found.items() if names} == MAY_SEE


CIRCUMSTANCES = {"risk", "flags", "fixed", "age_days", "job", "income", "wealth", "debt", "arrears", "private"}  # how a citizen lives
REGIME = ("watch", "score", "grade", "listing", "contest", "sanction")  # the stages that a rule-maker writes
MAY_WEIGH = {
    "score.covered": {"risk"},  # whom the rule is for, by population
    "score.settled": {"risk"},
    "score.dimensions": {"age_days", "income", "wealth", "debt", "arrears"},
    "score.risk": {"risk", "job", "income", "wealth", "arrears"},
}


def test_how_a_citizen_lives_enters_a_regime_by_these_doors_alone():
    """Who is covered, a score of dimensions and a fitted model look at circumstances; records, lists, grades and sanctions do not."""
    found = {p.id: CIRCUMSTANCES & {a.arg for a in p.values[0].args.args} for p in FUNCTIONS if p.id.split(".")[0] in REGIME}
    assert {rule: names for rule, names in found.items() if names} == MAY_WEIGH
