"""Every case of law, three times: against the compiled engine, against the rules as written, and against a second reader."""

from functools import cache

import pytest

from glasshouse.regimes import list_regimes, load_regime
from tests.law.plain import rules_say
from tests.law.runner import Case, all_cases, engine_says

CASES = all_cases()


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


@pytest.mark.parametrize("regime", list_regimes())
def test_each_regime_has_its_cases(regime):
    mine = [case for case in CASES if case.regime == regime]
    assert len(mine) >= (2 if load_regime(regime).kind in ("none", "lot") else 6)
    assert len({case.name for case in mine}) == len(mine)
