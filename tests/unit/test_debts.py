"""Debts at the start: what a household owes is kept, who has just come of age owes nothing, and the mean is that of a slow reference."""

import numpy as np
import pytest

from glasshouse.experiments.debts import held

LOANS, DRAWN, REPAID = 0.8, 0.5, 0.1


def owed(ages, debt=100.0, seed=1, size=2):
    """Fen that each owes, of households whose adults came of age so many years ago."""
    n = len(ages)
    luck = np.random.default_rng(seed).random(n)
    return held(np.full(n, debt), np.arange(n) // size, np.ones(n, bool), np.asarray(ages, float), np.full(n, LOANS), DRAWN, REPAID, luck)


def test_a_household_owes_what_it_did():
    """Whoever of it has borrowed, the sum is that of the even parts; children have none."""
    ages = np.random.default_rng(2).uniform(0, 40, 3000)
    assert owed(ages, size=3).reshape(-1, 3).sum(1) == pytest.approx(300.0)
    adult = np.array([True, False])
    one = np.array([50.0, 0.0]), np.zeros(2, int), adult, np.array([3.0, -5.0]), np.full(2, LOANS), DRAWN, REPAID
    assert list(held(*one, np.zeros(2))) == [50.0, 0.0]
    assert list(held(*one, np.ones(2))) == [50.0, 0.0]


def test_who_has_just_come_of_age_owes_nothing_beside_others():
    """The one a day grown, the other for thirty years: the other owes it all; two who are a day grown owe alike."""
    assert list(owed([30, 1 / 365])) == pytest.approx([200.0, 0.0])
    assert list(owed([1 / 365, 1 / 365])) == pytest.approx([100.0, 100.0])


@pytest.mark.parametrize("years", [0.5, 2.0, 6.0])
def test_young_borrowers_owe_what_a_slow_reference_does(years):
    """A share of what the long grown owe, and as many with debt, as when loans are taken and paid back day by day from coming of age."""
    n = 40_000
    pairs = owed(np.tile([200.0, years], n)).reshape(-1, 2)
    level = 1 + REPAID / (LOANS * DRAWN)  # the debt up to which one borrows, over the mean that results
    debt, rng = np.zeros(n), np.random.default_rng(3)
    for _ in range(round(years * 365)):
        debt += (rng.random(n) < LOANS / 365) * DRAWN * np.maximum(level - debt, 0) - debt * REPAID / 365
    share = pairs[:, 1] / pairs[:, 0]
    assert (share > 0).mean() == pytest.approx((debt > 0).mean(), abs=4 * np.sqrt(0.5 / n))
    assert share.mean() == pytest.approx(debt.mean(), rel=0.02)
