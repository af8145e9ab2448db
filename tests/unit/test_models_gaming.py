"""Gaming: burdens, spike and best bars beside the normal distribution, and the same bits uncompiled."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from glasshouse.model import simulate
from glasshouse.models import gaming, gaming_subsidy
from glasshouse.models.gaming import BARS, BURDENS, mean, people, right

S = 0.1
"""Spread of scores."""


@pytest.mark.parametrize("row", [*gaming.ROWS, *gaming_subsidy.ROWS], ids=lambda row: row.name)
def test_each_row_agrees(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance)


@pytest.mark.parametrize(("at", "figure"), BURDENS.items())
def test_burdens_are_expected_from_the_closed_form_and_within_four_standard_errors_of_fifty_thousand(at, figure):
    bar, dear = at
    mu, cost = (0.7, 0.6)[dear], (1, 2)[dear]
    z = (bar - mu) / S
    closed = cost * ((bar - mu) * norm.cdf(z) + S * norm.pdf(z))
    square = quad(lambda x: (cost * (bar - x)) ** 2 * norm.pdf(x, mu, S), mu - 1, bar)[0]
    assert figure[0] == pytest.approx(closed, abs=6e-5)
    assert figure[1] == pytest.approx(4 * np.sqrt((square - closed**2) / 50_000), abs=6e-5)
    assert mean(people(bar), "burden", dear, 1) == pytest.approx(closed, abs=figure[1])


def test_the_gap_in_burden_grows_and_the_ratio_falls_as_the_bar_rises():
    cheap, dear = ([mean(people(bar), "burden", group, 1) for bar in (0.5, 0.6, 0.7, 0.8)] for group in (0, 1))
    gaps, ratios = np.subtract(dear, cheap), np.divide(dear, cheap)
    assert (np.diff(gaps) > 0).all()
    assert (np.diff(ratios) < 0).all()


def test_scores_pile_up_at_the_bar_and_nowhere_else():
    state = people(0.75, tight=True)
    bar, raised = np.float32(0.75), state["shown"] != state["score"]
    assert (state["shown"][raised] == bar).all()
    for dear, cost in enumerate((5, 10)):
        near = (state["dear"] == dear) & (state["score"] < bar)
        assert np.array_equal(raised[near], cost * (bar - state["score"][near]) <= 1)
    cells = np.histogram(state["shown"], np.arange(0.5, 1.0, 0.01))[0]
    assert cells.max() == cells[24 + (cells[24] < cells[25])] > 10 * np.sort(cells)[-2]
    share = sum(0.25 * (norm.cdf(0.75, mu, S) - norm.cdf(0.75 - 1 / cost, mu, S))
                for top, cost in ((0.7, 5), (0.6, 10)) for mu in (top, top - 0.2))  # fmt: skip
    row = gaming.ROWS[-1]
    assert row.expected == pytest.approx(share, abs=5e-6)
    assert row.tolerance == pytest.approx(4 * np.sqrt(share * (1 - share) / 200_000), abs=5e-5)


def test_the_office_gains_by_a_higher_bar_at_first_so_that_the_theorem_says_something():
    shares = [right(people(bar, tight=True)) for bar in BARS]
    assert 0 < int(np.argmax(shares)) < len(BARS) - 1
    assert shares[0] < max(shares) > shares[-1]


def cut(bar: float, cost: float) -> float:
    """The score by itself from which one is in."""
    return bar - 1 / cost


@pytest.mark.parametrize("case", gaming_subsidy.CASES)
def test_right_decisions_are_those_of_the_normal_distribution_under_every_bar(case):
    given = gaming_subsidy.CASES[case]
    costs = [cost * (1 - paid) for cost, paid in zip(given["cost"], given.get("subsidy", (0, 0)), strict=True)]
    for bar in BARS:
        expected = 1 - sum(abs(norm.cdf(cut(bar, cost), mu, S) - norm.cdf(0.6, mu, S)) / 2
                           for cost, mu in zip(costs, given.get("mean", (0.7, 0.6)), strict=True))  # fmt: skip
        assert right(gaming_subsidy.people(bar, case)) == pytest.approx(expected, abs=4 * 0.5 / np.sqrt(200_000))


@pytest.mark.parametrize(("dear", "mu", "before", "after"), [(0, 0.7, (0.5, 5), (0.6, 5)), (1, 0.6, (0.6, 10), (0.6, 5))])
def test_both_groups_lose_by_the_subsidy_as_much_as_the_normal_distribution_says(dear, mu, before, after):
    def lost(x: float, power: int) -> float:
        own, then = (np.clip(cost * (x - least), 0, 1) for least, cost in (before, after))
        return (then - own) ** power * norm.pdf(x, mu, S)

    first, second = (quad(lost, 0, 1.5, (power,), points=[0.5, 0.6, 0.7, 0.8])[0] for power in (1, 2))
    row = gaming_subsidy.ROWS[-2 + dear]
    assert row.expected == pytest.approx(first, abs=5e-6)
    assert row.tolerance == pytest.approx(4 * np.sqrt((second - first**2) / 100_000), abs=5e-5)
    assert row.measure() < 0


@pytest.mark.parametrize("model", [gaming.MODEL, gaming_subsidy.MODEL], ids=lambda model: model.name)
def test_compiled_and_uncompiled_give_the_same_bits(model):
    asked = {"citizens": 1500, "days": 1, "arms": {"a": {}, "b": {"bar": 0.8, "subsidy": (0.1, 0.5)}}}
    fast = simulate(model, **asked)
    assert fast.digest == simulate(model, **asked, reference=True).digest == simulate(model, **asked, threads=2).digest
