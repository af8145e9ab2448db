"""The responses that were set by a published experiment give its effect back, and without the parameter that it fixes there is none."""

import pytest

from glasshouse.experiments.trials import TRIALS, trial

pytestmark = pytest.mark.slow
SMALL = dict(citizens=4000, seeds=(1, 2))
OFF = {"penney": {"responses.chilling.size": 0}, "homonoff": {"families.credit.habit": 0}, "bu_liao": {"families.credit.habit": 0}, "dusek_traxler": {"responses.caught.size": 0}}
NEAR = {"penney": 0.05, "homonoff": 0.04, "bu_liao": 0.1, "dusek_traxler": 0.06}
"""How far a small run may lie from the published effect."""


@pytest.mark.parametrize("name", TRIALS)
def test_the_published_effect_comes_back(name):
    assert trial(name, **SMALL).mean.mean == pytest.approx(TRIALS[name].published, abs=NEAR[name])


@pytest.mark.parametrize("name", TRIALS)
def test_without_what_the_experiment_fixes_hardly_any_effect_is_left(name):
    """What is left is what other responses do to the same outcome: a third of the effect at most."""
    found = trial(name, **SMALL, numbers=OFF[name])
    assert abs(found.mean.mean) < max(0.02, abs(TRIALS[name].published) / 3)


def test_a_product_is_all_that_an_experiment_fixes():
    """Half the chilling with twice what silence does to reading is the same to the experiment; neither alone is."""
    both = trial("penney", **SMALL, numbers={"responses.chilling.size": 0.3, "families.curiosity.expression": 0.6}).mean.mean
    one = trial("penney", **SMALL, numbers={"responses.chilling.size": 0.3}).mean.mean
    plain = trial("penney", **SMALL).mean.mean
    assert both == pytest.approx(plain, abs=0.02)
    assert one < plain - 0.07
