"""effects: shares of people with less and more than their twins, and how much falls on few, on tables counted by hand."""

import polars as pl
import pytest

from glasshouse.audits import audit
from glasshouse.store import Run


def made(gaps: list[float], days: list[int] | None = None, weight: list[float] | None = None, living: list[bool] | None = None) -> Run:
    """A run of two regimes: under the second each has a gap of income from her twin, and so many days under a ban."""
    n = len(gaps)
    base = pl.DataFrame({
        "year": [2020] * n, "citizen": list(range(n)), "living": living or [True] * n, "weight": weight or [1.0] * n,
        "income": [1000.0] * n, "wealth": [0.0] * n, "expression": [0.5] * n, "days.ban": [0] * n,
    })  # fmt: skip
    other = base.with_columns(income=pl.col("income") + pl.Series(gaps), **{"days.ban": pl.Series(days or [0] * n)})
    rows = pl.concat([base.with_columns(regime=pl.lit("none")), other.with_columns(regime=pl.lit("rule"))])
    head = {"scenario": "made", "citizens": n, "days": 366, "start": "2020-01-01", "seed": 1}
    regimes = {"none": {"penalties": {}, "rewards": {}}, "rule": {"penalties": {"ban": {}}, "rewards": {}}}
    return Run(None, {"run": head, "regimes": regimes}, "", {}, {}, {"citizens": rows})


def told(run: Run) -> dict:
    return {row["of"]: row["value"] for row in audit(run, ["effects"]).filter(regime="rule").rows(named=True)}


def test_shares_are_what_a_hand_counts():
    found = told(made([-10.0, -10.0, 0.4, 0.0, 5.0]))
    assert found["less income"] == pytest.approx(2 / 5)
    assert found["more income"] == pytest.approx(1 / 5), "less than half a yuan counts for none"
    assert found["less wealth"] == found["more expression"] == 0.0


def test_a_row_stands_for_as_many_as_its_weight_and_the_dead_for_nobody():
    found = told(made([-10.0, 5.0, -10.0], weight=[1.0, 3.0, 9.0], living=[True, True, False]))
    assert found["less income"] == pytest.approx(1 / 4)
    assert found["more income"] == pytest.approx(3 / 4)


def test_what_falls_on_the_most_affected_hundredth():
    """Of 200 people two are a hundredth: they lose 60 of 100 in all."""
    gaps = [-30.0, -30.0, -20.0, -20.0] + [0.0] * 196
    found = told(made(gaps))
    assert found["the most affected hundredth’s lost income, of all that is lost"] == pytest.approx(0.6)
    assert found["the most favoured hundredth’s gained income, of all that is gained"] is None, "nothing was gained"


def test_a_part_of_a_person_counts_for_that_part():
    """Of 50 people a hundredth is half of one: she lost 10 of 20, of which half."""
    found = told(made([-10.0, -5.0, -5.0] + [0.0] * 47))
    assert found["the most affected hundredth’s lost income, of all that is lost"] == pytest.approx(0.25)


def test_who_bears_half_of_all_penalty_days():
    found = told(made([0.0] * 10, days=[50, 20, 20, 10, 0, 0, 0, 0, 0, 0]))
    assert found["ever under a penalty"] == pytest.approx(0.4)
    assert found["bear half of all penalty days"] == pytest.approx(0.1)
    assert told(made([0.0] * 10))["bear half of all penalty days"] is None


def test_the_same_rule_twice_has_no_effect_and_the_first_has_no_rows():
    run = made([0.0] * 5)
    assert {value for of, value in told(run).items() if of.startswith(("less", "more"))} == {0.0}
    assert audit(run, ["effects"]).filter(regime="none").height == 0
