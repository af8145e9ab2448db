"""The page on when a registry helps shows what its tool writes, and what it says is so."""

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from glasshouse.models.norms import NORMS
from glasshouse.regimes import load_regime
from tools import registry as tool

TEXT = tool.PAGE.read_text(encoding="utf-8")
FOUND = tool.read_back(TEXT)


def test_the_page_is_what_the_tool_writes_of_its_figures():
    assert tool.page(FOUND) == TEXT, "run: .venv/bin/python tools/registry.py > docs/registry.md"


def test_every_regime_that_the_tool_runs_stands_on_the_page():
    assert {key[:3] for key in FOUND} == set(tool.arms())


@pytest.mark.parametrize("norm", tool.SHOWN)
def test_the_page_holds_a_registry_against_the_limit_of_many_people(norm):
    for error in tool.ERRORS:
        assert abs(FOUND["registry", norm, error, "granted"] - tool.in_public(norm, error)) < 0.005


@pytest.mark.parametrize(("norm", "error", "share"), [("L1", 0.05, 0.9525), ("L3", 0.01, 0.99), ("L8", 0.05, 0.9475), ("shunning", 0.05, 0.5)])
def test_the_limit_is_that_of_the_literature(norm, error, share):
    assert abs(tool.in_public(norm, error) - share) < 2e-4


def test_the_page_says_that_a_registry_repairs_stern_judging_and_not_always_simple_standing():
    for error in tool.ERRORS[1:]:
        assert FOUND["registry", "L6", tool.ERRORS[-1], "granted"] > FOUND["opinions", "L6", error, "granted"]
        assert 0 < float(tool.even(FOUND, "L3", error)) < tool.ERRORS[-1]
    for part, values in (("registry", tool.ERRORS), ("opinions", tool.ERRORS), ("lag", tool.LAGS)):
        for norm in tool.SHOWN:
            granted = [FOUND[part, norm, value, "granted"] for value in values]
            assert all(more >= less - 0.003 for more, less in pairwise(granted)), (part, norm)


def test_the_shipped_norm_is_stern_judging_in_both_files():
    for name in ("registry", "opinions"):
        norm = load_regime(name).help.norm
        assert (norm.approves, norm.helps) == NORMS["L6"]
    data = tomllib.loads((Path(load_regime.__code__.co_filename).parent / "data/opinions.toml").read_text())
    assert "help" not in data, "what both share stands in one file"
