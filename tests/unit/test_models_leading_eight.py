"""The leading eight in public, against the limit of infinitely many people worked out here, and the compiled run against the uncompiled."""

from itertools import product

import numpy as np
import pytest

from glasshouse.model import simulate
from glasshouse.models.leading_eight import ARMS, BEFORE, DAYS, HELPED, MODEL, ROWS, SIZE, gains
from glasshouse.models.norms import NORMS

PAIRS = list(product((0, 1), repeat=2))


def named_good(approves, helps, names: int, error: float, slip: float) -> float:
    """Chance of a good name after a meeting with these names."""
    helped = (1 - slip) * helps[names]
    right = helped * approves[2 * names + 1] + (1 - helped) * approves[2 * names]
    return (1 - error) * right + error * (1 - right)


def limit(norm: str, error: float, slip: float) -> tuple[float, float, float]:
    """Share with a good name, share of meetings in which one helps, and by how much a share too high stays so from day to day."""
    approves, helps = NORMS[norm]
    named = {(x, y): named_good(approves, helps, 2 * x + y, error, slip) for x, y in PAIRS}

    def after(good: float) -> float:
        return sum((good if x else 1 - good) * (good if y else 1 - good) * named[x, y] for x, y in PAIRS)

    good = 0.9
    for _ in range(5000):
        good = after(good)
    helped = sum((good if x else 1 - good) * (good if y else 1 - good) * (1 - slip) * helps[2 * x + y] for x, y in PAIRS)
    return good, helped, (after(good + 1e-6) - after(good - 1e-6)) / 2e-6


def pay_of(norm: str, rule: tuple, error: float) -> tuple[float, float]:
    """What one of a few who help by a rule gets and gives a day, among many who follow the norm."""
    approves, helps = NORMS[norm]
    good = limit(norm, error, 0)[0]
    bad_to_good, stays = (
        sum((good if y else 1 - good) * named_good(approves, rule, 2 * x + y, error, 0) for y in (0, 1)) for x in (0, 1)
    )
    own = bad_to_good / (1 - stays + bad_to_good)
    gave = sum((own if x else 1 - own) * (good if y else 1 - good) * rule[2 * x + y] for x, y in PAIRS)
    got = sum((good if x else 1 - good) * (own if y else 1 - own) * helps[2 * x + y] for x, y in PAIRS)
    return got, gave


def gain_of(norm: str, rule: tuple, cost: float) -> float:
    (got, gave), (got_own, gave_own) = pay_of(norm, rule, 0.05), pay_of(norm, NORMS[norm][1], 0.05)
    return got - got_own - cost * (gave - gave_own)


def others(norm: str) -> list[tuple]:
    return [rule for rule in product((0, 1), repeat=4) if rule != NORMS[norm][1]]


def test_the_rows_expect_the_limit_and_allow_four_standard_errors():
    rows = {row.name: row for row in ROWS}
    for norm, (error, slip) in product(NORMS, HELPED):
        row = rows.pop(f"{norm}, error {error}, slip {slip}: helped")
        good, helped, stays = limit(norm, error, slip)
        assert row.expected == pytest.approx(helped, abs=5e-5)
        of_names = good * (1 - good) / (SIZE * (DAYS - BEFORE) * (1 - stays) ** 2)  # of a sum of shares that return slowly
        of_acts = helped * (1 - helped) / (SIZE * (DAYS - BEFORE))
        assert row.tolerance == pytest.approx(4 * (of_names + of_acts) ** 0.5, rel=0.06)
    for row in rows.values():
        norm, cost = row.measure.args
        assert row.expected == sum(gain_of(norm, rule, cost) > 0 for rule in others(norm))


@pytest.mark.parametrize("row", [row for row in ROWS if "helped" in row.name and "0.05" in row.name], ids=lambda row: row.name)
def test_people_help_as_often_as_in_the_limit_of_many(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance)


@pytest.mark.parametrize("norm", ["L3", "L6", "shunning"])
def test_no_rule_of_ones_own_does_better_where_help_brings_more_than_it_costs(norm):
    got, gave = gains(norm, citizens=5000, days=600)
    assert len(got) == 15
    assert (got - 0.6 * gave < 0).all()
    assert got - 0.6 * gave == pytest.approx([gain_of(norm, rule, 0.6) for rule in others(norm)], abs=0.03)


def test_who_helps_everybody_does_better_than_image_scorers():
    got, gave = gains("image scoring", citizens=5000, days=600)
    always = others("image scoring").index((1, 1, 1, 1))
    assert got[always] - 0.6 * gave[always] == pytest.approx(gain_of("image scoring", (1, 1, 1, 1), 0.6), abs=0.03)
    assert gain_of("image scoring", (1, 1, 1, 1), 0.6) > 0.1


def test_compiled_and_uncompiled_give_the_same_bits():
    arms = {norm: ARMS[norm] | {"odd_helps": (0, 0, 0, 0)} for norm in ("L1", "L8")}
    asked = {"citizens": 150, "days": 6, "arms": arms, "rare": 0.2, "slip": 0.1, "error": 0.1}
    assert simulate(MODEL, **asked).digest == simulate(MODEL, **asked, reference=True).digest


def test_without_errors_all_help_all_the_time_and_nobody_is_odd():
    run = simulate(MODEL, citizens=500, days=20, arms=ARMS, error=0.0)
    assert (run.totals["helped"] == 500).all()
    assert not run.totals["odd_ones"].any()


def test_what_the_odd_get_and_give_is_part_of_what_all_do():
    run = simulate(MODEL, citizens=2000, days=30, arms=ARMS, rare=1.0, odd_helps=(1, 1, 1, 1), slip=0.25)
    for name in ("odd_gave", "odd_got"):
        assert np.array_equal(run.totals[name], run.totals["helped"])
    assert run.totals["helped"].mean() / 2000 == pytest.approx(0.75, abs=4 * (0.75 * 0.25 / 2000 / 30) ** 0.5)
