"""Retraining: beside the geometric series, its variance, and the same bits uncompiled."""

import math

import pytest

from glasshouse.model import simulate
from glasshouse.models.retraining import MODEL, ROWS, learnt


def series(answer: float, times: int, regularity: float = 0.0) -> float:
    """What a bank has learnt after so many retrainings, from nothing."""
    rate = answer / (1 + regularity)
    return (1 - rate**times) / (1 - rate) / (1 + regularity)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_agrees(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance)


CASES = [(0.5, 1, 0), (0.5, 7, 0), (0.9, 30, 0), (1.1, 30, 0), (1.1, 300, 0.2), (-0.5, 9, 0.1)]


@pytest.mark.parametrize(("answer", "times", "regularity"), CASES)
def test_without_luck_it_is_the_geometric_series(answer, times, regularity):
    assert learnt(answer, times, regularity) == pytest.approx(series(answer, times, regularity), rel=1e-7)


def test_it_rests_below_one_and_with_regularity_below_one_and_that():
    for answer, regularity, rests in ((0.99, 0, True), (1.01, 0, False), (1.19, 0.2, True), (1.21, 0.2, False)):
        early, late = (learnt(answer, t, regularity) - learnt(answer, t - 1, regularity) for t in (100, 200))
        assert (abs(late) < abs(early)) is rests


def test_the_sampled_tolerances_are_four_standard_errors():
    """Each retraining adds the error of a mean of 10,000, of which the next keeps the share `answer`."""
    for row, answer in zip([r for r in ROWS if r.kind == "sampled"], (0.5, 0.9), strict=True):
        error = math.sqrt(sum(answer ** (2 * k) for k in range(30))) / 100
        assert row.tolerance == pytest.approx(4 * error, rel=2e-3)


def test_compiled_and_uncompiled_give_the_same_bits():
    asked = {"citizens": 1500, "days": 3, "spread": 1.0, "arms": {"a": {}, "b": {"answer": 1.3, "regularity": 0.5}}}
    fast = simulate(MODEL, **asked)
    assert fast.digest == simulate(MODEL, **asked, reference=True).digest == simulate(MODEL, **asked, threads=2).digest
