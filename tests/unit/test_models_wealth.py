"""Wealth by chance: beside the lognormal, the geometric and the exponential distribution, coins conserved, and the same bits uncompiled."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import norm

from glasshouse.model import simulate
from glasshouse.models.wealth import CITIZENS, MODEL, ROWS, gini, wealth

PLACES = (np.arange(200_000) + 0.5) / 200_000
"""Quantiles at which a distribution is laid out, evenly likely."""


def laid_out(kind: str, days: int) -> np.ndarray:
    """The distribution of a kind of wealth, as many values that are evenly likely, with mean 1 or as it comes."""
    if kind == "log_wealth":
        return np.exp(0.1 * np.sqrt(days) * norm.ppf(PLACES))
    return -np.log1p(-PLACES) if kind == "pooled" else np.floor(-np.log2(1 - PLACES))


def moves(values: np.ndarray, of: str) -> np.ndarray:
    """By how much a figure of a sample is moved by each value in it (the influence function)."""
    mean = values.mean()
    if of == "theil":
        with_log = values * np.log(values)
        return (with_log - with_log.mean()) / mean - (values - mean) * (with_log.mean() / mean**2 + 1 / mean)
    if of == "none":
        return (values == 0) - (values == 0).mean()
    many, sums = len(values), np.cumsum(values)
    apart = (values * (2 * np.arange(1, many + 1) - many) + sums[-1] - 2 * sums) / many  # mean difference of each from all, values in order
    half = apart.mean() / 2 / mean
    return (apart - apart.mean()) / mean - half * (values - mean) / mean


def four_errors(kind: str, days: int, of: str) -> float:
    """Four standard errors; where the sum is the same in every sample, without what moves with the mean."""
    values = laid_out(kind, days)
    moved = moves(values, of)
    if kind != "log_wealth":
        away = values - values.mean()
        moved = moved - away * (moved @ away) / (away @ away)
    return 4 * float(np.sqrt((moved**2).mean() / CITIZENS))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_agrees(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance)


CLOSED = [
    *((ROWS[i], 2 * norm.cdf(np.sqrt(days) / 10 / np.sqrt(2)) - 1, ("log_wealth", days, "gini")) for i, days in enumerate((25, 49, 100))),
    *((ROWS[3 + i], days / 200, ("log_wealth", days, "theil")) for i, days in enumerate((25, 49, 100))),
    (ROWS[6], 2 / 3, ("coins", 100, "gini")),
    (ROWS[7], 1 / 2, ("coins", 100, "none")),
    (ROWS[8], 1 / 2, ("pooled", 100, "gini")),
]


@pytest.mark.parametrize(("row", "closed", "figure"), CLOSED, ids=lambda x: getattr(x, "name", None))
def test_rows_are_expected_from_the_closed_form_within_four_standard_errors(row, closed, figure):
    assert row.expected == pytest.approx(closed, abs=6e-6)
    assert row.tolerance == pytest.approx(four_errors(*figure), rel=0.02)


def test_coins_are_neither_made_nor_lost_nor_halved_and_pools_lose_nothing():
    coins, pooled = wealth("coins", 100), wealth("pooled", 100)
    assert coins.sum() == CITIZENS
    assert coins.min() == 0
    assert (coins == np.floor(coins)).all()
    assert pooled.sum() == pytest.approx(CITIZENS, rel=1e-12)
    assert pooled.min() > 0


def test_whom_an_odd_number_leaves_alone_keeps_all():
    run = simulate(MODEL, 3, 1)
    changed = (run.state["pooled"][0] != 1).sum()
    assert changed == 2
    assert run.state["pooled"].sum() == pytest.approx(3, rel=1e-12)
    assert simulate(MODEL, 1, 9).state["coins"].tolist() == [[1.0]]


def test_all_begin_alike_and_grow_apart():
    ginis = [gini("log_wealth", days) for days in (4, 9, 25, 49, 100)]
    assert 0.05 < ginis[0]
    assert all(a < b for a, b in pairwise(ginis))
    assert gini("coins", 1) < gini("coins", 4) < gini("coins", 25)


def test_compiled_and_uncompiled_give_the_same_bits():
    asked = {"citizens": 1501, "days": 4, "arms": {"a": {}, "b": {"step": 0.4}}}
    fast = simulate(MODEL, **asked)
    assert fast.digest == simulate(MODEL, **asked, reference=True).digest == simulate(MODEL, **asked, threads=2).digest
