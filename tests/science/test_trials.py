"""The responses that were set by a published experiment give its effect back, and without the parameter that it fixes there is none."""

import tomllib
from functools import cache

import pytest

from glasshouse.experiments import fixed, jacobian
from glasshouse.experiments.trials import TRIALS, trial

pytestmark = pytest.mark.slow
SMALL = dict(citizens=4000, seeds=(1, 2))
LARGE = dict(citizens=200_000, seeds=(1, 2, 3))
"""Few of those with small debts are in arrears, so it takes more people: with these the mean is known within 0.03 (one standard error, by ten seeds)."""
OFF = {"penney": {"responses.chilling.size": 0}, "homonoff": {"families.credit.habit": 0}, "bu_liao": {"life.naming.settle": 0}, "dusek_traxler": {"responses.caught.size": 0}}
NEAR = {"penney": 0.05, "homonoff": 0.04, "bu_liao": 0.1, "dusek_traxler": 0.06}
"""How far a small run may lie from the published effect."""


@cache
def carried_out(name):
    """An experiment as it ships, at the size that it takes."""
    return trial(name, **(LARGE if name == "bu_liao" else SMALL))


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.long) if name == "bu_liao" else name for name in TRIALS])
def test_the_published_effect_comes_back(name):
    """The largest, at the size that it takes, is a row of the table of validation too (`glasshouse validate --row shaming`)."""
    assert carried_out(name).mean.mean == pytest.approx(TRIALS[name].published, abs=NEAR[name])


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.long) if name != "penney" else name for name in TRIALS])
def test_without_what_the_experiment_fixes_hardly_any_effect_is_left(name):
    """What is left is what other responses do to the same outcome: a third of the effect at most."""
    size = SMALL | ({"citizens": 20_000} if name == "bu_liao" else {})  # some must be in arrears
    found = trial(name, **size, numbers=OFF[name])
    assert abs(found.mean.mean) < max(0.02, abs(TRIALS[name].published) / 3)


def test_a_product_is_all_that_an_experiment_fixes():
    """Half the chilling with twice what silence does to reading is the same to the experiment; neither alone is."""
    both = trial("penney", **SMALL, numbers={"responses.chilling.size": 0.3, "families.curiosity.expression": 0.6}).mean.mean
    one = trial("penney", **SMALL, numbers={"responses.chilling.size": 0.3}).mean.mean
    plain = carried_out("penney").mean.mean
    assert both == pytest.approx(plain, abs=0.02)
    assert one < plain - 0.07


@pytest.mark.parametrize("name", TRIALS)
def test_what_the_ledger_says_of_an_experiment_is_of_this_model(name):
    """The digest of a small run is that of the model which the answers were found with."""
    kept = tomllib.loads(fixed.FILE.read_text())["experiments"][name]
    assert jacobian.digest(name) == kept["digest"], "results changed: python -m glasshouse.experiments.jacobian --write, and docs/experiments.md"


def test_shame_moves_small_debts_and_hardly_any_large_one():
    """Above the line nobody is ashamed; what is left there is what a settled or repaid debt has become."""
    found = carried_out("bu_liao")
    assert found.mean.mean < -0.2
    assert abs(found.beside.mean) < 0.01
