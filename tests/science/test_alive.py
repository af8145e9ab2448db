"""Every value is live: each number, moved by half its range in a society built to reach it, changes the regime that it belongs to, and nothing too early.

The short form: every number of the essay's regime, and some of the catalogue. `make alive` takes all of them.
"""

import pytest
from tools import alive

pytestmark = pytest.mark.slow
SAMPLE = ["acts.speeds.rate", "acts.posts_criticism.seen", "acts.volunteers.gravity", "acts.parks_badly.fine", "families.credit.skew", "frequent.posts.removed",
          "attempts.flies.elasticity", "life.air.to_rail", "life.loan.favoured_rate", "life.trace.full", "responses.compliance.near", "responses.opinion.hurt",
          "rhythms.shopping.july", "rhythms.free_time.saturday", "acts.volunteers.none", "frequent.crosses_on_red.occasions", "responses.caught.holds", "responses.opinion.bound",
          "consequences.flight_ban.weight", "consequences.trip_discount.weight"]  # fmt: skip


def told(found: alive.Found) -> str:
    return f"{found.key} ({found.old:g} -> {found.new:g}): {found.what}" + ("" if found.first is None else f", from day {found.first}")


@pytest.fixture(scope="module")
def essay() -> list[alive.Found]:
    return list(alive.of_regime("essay"))


def test_every_number_of_the_regime_is_live(essay):
    """Each number of the essay's regime changes its digest; those that do not are named."""
    assert len(essay) > 80
    assert [told(f) for f in essay if f.what != "live"] == []


def test_no_number_of_the_regime_acts_before_anybody_is_scored(essay):
    """No measure of a day before the regime begins depends on any of them; those that act too early are named."""
    assert [told(f) for f in essay if f.wrong and f.what == "live"] == []


def test_numbers_of_the_catalogue_are_live():
    """Of the catalogue a sample: each changes the digest, or if it is a mere weight of the summary, the summary."""
    found = list(alive.of_catalogue(keys=SAMPLE))
    assert sorted(f.key for f in found) == sorted(SAMPLE)
    assert [told(f) for f in found if f.wrong] == []


def test_a_dead_number_is_found():
    """The search can fail: a number that no rule reads is named dead."""
    found = next(alive.of_regime("essay", "regime.essay.score.low"))
    assert found.what == "live"
    raw = alive.base(("none",) if "none" in alive.REGIMES else ("essay",))
    raw["acts"]["speeds"]["rate"]["value"] = 0.0
    both = [alive.run(alive.scenario({**raw, "acts": {**raw["acts"], "speeds": {**raw["acts"]["speeds"], "fine": {**raw["acts"]["speeds"]["fine"], "value": fine}}}})) for fine in (200, 300)]
    assert alive.compare(both[0], 0, both[1], 0) == ("dead", None)
