"""Whom to help, and what follows for one's name: the norm of each regime that has one, as its file has it, case by case of norms.toml."""

import tomllib
from pathlib import Path

import numpy as np
import pytest

from glasshouse.regimes import list_regimes, load_regime
from glasshouse.rules.standing import blamed, helps, issued

FILE = tomllib.loads((Path(__file__).parent / "norms.toml").read_text())
ILL = {"good": np.int32(0), "bad": np.int32(1)}
WITH_NORM = [name for name in list_regimes() if load_regime(name).help]
"""Shipped regimes with a norm of helping."""


def test_each_regime_with_a_norm_has_its_cases():
    assert FILE["regime"] == sorted(WITH_NORM, reverse=True)
    assert {(case["asked"], case["asking"]) for case in FILE["case"]} == {(a, b) for a in ILL for b in ILL}


@pytest.mark.parametrize("case", FILE["case"], ids=lambda case: case["name"])
@pytest.mark.parametrize("regime", WITH_NORM)
def test_a_case_goes_as_the_norm_has_it(regime, case):
    norm = load_regime(regime).help.norm
    mine, theirs = ILL[case["asked"]], ILL[case["asking"]]
    assert helps(mine, theirs, np.array(norm.helps, np.int32)) == case["helps"]
    for gave, then in ((1, case["after_help"]), (0, case["after_refusal"])):
        assert blamed(mine, theirs, np.int32(gave), np.array(norm.approves, np.int32)) == ILL[then]


@pytest.mark.parametrize("case", FILE["page"], ids=lambda case: case["name"])
def test_the_register_shows_what_was_last_issued(case):
    lag = np.int32(load_regime("registry").registry.lag.value)
    assert issued(np.int32(case["day"]), lag, ILL[case["page"]], ILL[case["booked"]]) == ILL[case["shows"]]
