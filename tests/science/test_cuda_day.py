"""The social credit day by the kernels of a GPU, on Numba's simulator: the bits of the slow reference, and so of the CPU."""

from collections import Counter
from pathlib import Path

import pytest
from tests.science.test_reference import LIVELY, Both, lively
from tests.unit.on_simulator import simulator

from glasshouse.engine import cuda
from glasshouse.engine.model import Step
from glasshouse.errors import BadInput
from glasshouse.experiments import engines
from glasshouse.experiments.days import Society
from glasshouse.scenarios import load


@pytest.fixture(autouse=True)
def simulated(monkeypatch):
    with simulator(monkeypatch, wave=48):
        yield


def side_by_side(calls: Counter, regimes: list[str] | None = None, **changed) -> Both:
    """A run by the kernels and by the reference, which stops at the first bit that differs. regimes: of eleven of all kinds; all where none are named."""
    asked = lively(**changed)
    society = Society(asked.with_(regimes=regimes or list(asked.regimes)), device="cuda")
    assert isinstance(society.stepper, cuda.CudaStepper)
    both = society.stepper = Both(society, calls)
    society.run()
    return both


@pytest.mark.slow
def test_whole_days_are_equal_bit_for_bit():
    """A month's first day among them, and a score, a list of courts and nothing at all side by side."""
    calls = Counter()
    both = side_by_side(calls, ["none", "essay", "registry"], citizens=80, days=3, start="2020-01-30", seed=6, set=LIVELY)
    assert both.days == 3
    assert len(both.fast.firsts) == 2
    assert len(calls) > sum(isinstance(item, Step) for item in both.fast.model.chain) / 2, "too little happened"


@pytest.mark.long
def test_two_months_are_equal_bit_for_bit():
    february = {f"regime.{name}.coverage.start": "2020-02-01" for name in ("essay", "platform", "registry", "opinions")}
    assert side_by_side(Counter(), citizens=140, days=63, start="2020-01-30", seed=6, set={**LIVELY, **february}).days == 63
    assert side_by_side(Counter(), citizens=262, days=9, start="2019-12-27", seed=4, set=LIVELY).days == 9


def test_rules_of_ones_own_are_refused_on_a_gpu():
    own = load(Path(__file__).resolve().parents[2] / "examples" / "own-rule" / "scenario.toml")
    with pytest.raises(BadInput, match="rules of your own are run on the CPU, where every place that they look up is looked at first"):
        engines.engine(whole=own.whole, device="cuda")
