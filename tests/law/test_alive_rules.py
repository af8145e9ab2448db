"""Every number of each rule is live: moved by half its range, it changes what the regime does."""

import pytest
from tools import alive

from glasshouse.regimes import list_regimes

pytestmark = pytest.mark.slow
REGIMES = {
    "judgment-defaulters": 20, "charter-list": 20, "travel-bans-2018": 20, "zhima": 35, "zhima-b": 35, "fico": 25,
    "platform": 20, "platform-youtube-2019q4": 20, "platform-youtube-2020q2": 20, "platform-reddit-2019": 20, "platform-facebook-2019": 20,
    "suining-2010": 40, "rongcheng": 40, "city-points": 25, "charter": 20, "exampleland": 30,
    "bank": 25, "bank-retrains": 25, "bank-explores": 25,
    "registry": 6, "opinions": 3,
    "threshold": 25, "threshold-gamed": 30, "threshold-aided": 30,
    "welfare-risk": 15, "welfare-dwp": 15, "welfare-midas": 15, "welfare-robodebt": 15,
}  # fmt: skip
"""And how many numbers each has at least."""


def test_the_search_knows_every_regime():
    assert set(alive.REGIMES) == set(list_regimes()) - {"none"}


@pytest.mark.parametrize("name", REGIMES)
def test_every_number_is_live(name):
    found = list(alive.of_regime(name))
    assert len(found) >= REGIMES[name]
    assert [(f.key, f.old, f.new, f.what, f.first) for f in found if f.wrong or f.what != "live"] == []
