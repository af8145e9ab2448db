"""inequality: formulas of known distributions, grades moved by hand, spells of known length, children by hand, and the summary of a run."""

import math

import numpy as np
import polars as pl
import pytest

from glasshouse.audits.counting import half_life
from glasshouse.audits.inequality import INEQUALITY

TOML = '[regime.first]\ngrades = [{id = "low"}, {id = "mid"}, {id = "high"}]\n[regime.second]\ngrades = [{id = "low"}, {id = "mid"}, {id = "high"}]'
NO_SPELLS = pl.DataFrame(schema={"regime": pl.String, "citizen": pl.Int64, "consequence": pl.String, "start": pl.Int32, "end": pl.Int32})
PLAIN = {"household": 1, "income": 1.0, "wealth": 1.0, "grade": "mid", "private_school": False}


def years(people, **grades):
    """A table of the grades of some people at each year's end: `y2020=["low", None]`."""
    return pl.concat([people({"first": [PLAIN | {"grade": g, "household": n} for n, g in enumerate(of)]}, year=int(year[1:])) for year, of in grades.items()], how="vertical_relaxed")


def test_money_is_what_the_formulas_say(by_hand, people, asked):
    """Pareto with shape 3: Gini 1/5, Theil ln(2/3) + 1/2, the highest tenth holds 0.1 ** (2/3), the highest hundredth 0.01 ** (2/3)."""
    many, shape = 200_000, 3.0
    income = (1 - (np.arange(many) + 0.5) / many) ** (-1 / shape)
    table = people({"first": [PLAIN]}).join(pl.DataFrame({"income_": income, "number": range(many)}), how="cross")
    table = table.with_columns(citizen=pl.col("number"), income=pl.col("income_"), wealth=-pl.col("income_"))
    found = asked(by_hand({"citizens": table, "spells": NO_SPELLS}, {"first": {"penalties": {}}}), INEQUALITY, "first")
    assert found["income: Gini"] == pytest.approx(1 / (2 * shape - 1), abs=5e-4)
    assert found["income: Theil"] == pytest.approx(math.log(1 - 1 / shape) + 1 / (shape - 1), abs=2e-3)
    assert found["income: highest tenth"] == pytest.approx(0.1 ** (1 - 1 / shape), abs=1e-3)
    assert found["income: highest hundredth"] == pytest.approx(0.01 ** (1 - 1 / shape), abs=1e-3)
    assert found["income: between circumstances"] == pytest.approx(0)
    assert found["savings: Gini"] is None  # debts alone are nothing to share


def test_weights_stand_for_people(by_hand, people, asked):
    """One of weight 3 with nothing and one of weight 1 with all: the same as four people. All of it lies between town and country."""
    table = people({"first": [PLAIN | {"income": 0.0, "wealth": 0.0, "weight": 3.0}, PLAIN | {"income": 8.0, "wealth": 8.0, "residence": "country"}]})
    found = asked(by_hand({"citizens": table, "spells": NO_SPELLS}, {"first": {"penalties": {}}}), INEQUALITY, "first")
    assert [found[f"income: {name}"] for name in ("Gini", "Theil", "between circumstances")] == pytest.approx([0.75, math.log(4), 1])
    assert found["income: highest tenth"] == pytest.approx(0.4)  # a tenth of four is 0.4 of the one who has all


def test_grades_move_as_they_were_moved(by_hand, people, asked):
    """Of two low one rises; of two mid one falls and is back; one high falls and stays down. The one not graded at first is no case."""
    table = years(people, y2020=["low", "low", "mid", "mid", "high", None], y2021=["low", "mid", "low", "mid", "mid", "low"], y2022=["low", "mid", "mid", "mid", "mid", "high"])
    found = asked(by_hand({"citizens": table, "spells": NO_SPELLS}, {"first": {"penalties": {}}}, TOML), INEQUALITY, "first")
    assert found["grade from low to mid"] == pytest.approx(2 / 5)  # one of two in 2020, one of three in 2021
    assert found["grade from mid to low"] == pytest.approx(1 / 5)
    assert found["grade from high to mid"] == 1
    assert found["grade from low to high"] == pytest.approx(1 / 5)
    assert found["grade kept"] == pytest.approx((2 + 4) / 11)
    assert found["grade regained a year after a fall"] == pytest.approx(1 / 2)


def test_a_grade_that_nobody_has_is_left_by_no_share(by_hand, people, asked):
    table = years(people, y2020=["low", "low"], y2021=["low", "low"])
    found = asked(by_hand({"citizens": table, "spells": NO_SPELLS}, {"first": {"penalties": {}}}, TOML), INEQUALITY, "first")
    assert (found["grade from low to low"], found["grade from high to low"], found["grade kept"]) == (1, None, 1)
    assert "grade regained a year after a fall" not in found


def test_half_of_spells_are_over_when_kaplan_and_meier_say(by_hand, people, asked):
    """Ten end after 10, 20, ... 100 days. Of those under `slow` half are cut off early: one of three ends after 10 days, and one of one after 30."""
    ban = [("first", n, "ban", 5, 5 + 10 * (n + 1)) for n in range(10)]
    slow = [("first", 20, "slow", 0, 10), ("first", 21, "slow", 388, None), ("first", 22, "slow", 50, 80)]
    spells = pl.DataFrame([*ban, *slow, ("first", 1, "praise", 0, 1)], schema=NO_SPELLS.schema, orient="row")
    found = asked(by_hand({"citizens": people({"first": [PLAIN]}), "spells": spells}, {"first": {"penalties": {"ban": None, "slow": None}}}), INEQUALITY, "first")
    days = {of: number for of, number in found.items() if of.startswith("days")}
    # of all thirteen: ends at 10 (2 of 13), 20 (1 of 10: one cut off at 12), 30 (2 of 9), 40 (1 of 7), 50 (1 of 6)
    assert 11 / 13 * 9 / 10 * 7 / 9 * 6 / 7 > 0.5 > 11 / 13 * 9 / 10 * 7 / 9 * 6 / 7 * 5 / 6
    assert days == {"days until free: all penalties": 50, "days until free: ban": 50, "days until free: slow": 30}
    assert half_life(pl.Series([1, 2]), pl.Series([True, True])) == 1


def test_children_by_the_lowest_grade_at_home(by_hand, people, asked):
    """Homes 1 (high and low) and 2 (mid): of 1's two pupils one goes, of 2's one; those of five or eighteen, and of a home without a grade, are no pupils here."""
    rows = [PLAIN | {"household": 1, "grade": "high"}, PLAIN | {"household": 1, "grade": "low"}, PLAIN | {"household": 2}]
    rows += [PLAIN | {"household": 1, "grade": None, "age": 10, "private_school": True}, PLAIN | {"household": 1, "grade": None, "age": 17}]
    rows += [PLAIN | {"household": 2, "grade": None, "age": 6, "private_school": True}, PLAIN | {"household": 2, "age": 5, "grade": None}]
    rows += [PLAIN | {"household": 3, "grade": None, "age": 9, "private_school": True}]
    run = by_hand({"citizens": people({"first": rows}), "spells": NO_SPELLS}, {"first": {"penalties": {}}}, TOML)
    found, counted = asked(run, INEQUALITY, "first"), asked(run, INEQUALITY, "first", "people")
    assert [found[f"children in private schools: parents in {g}"] for g in ("low", "mid", "high")] == [0.5, 1, None]
    assert counted["children in private schools: parents in low"] == 2


def test_those_who_grow_up_follow_their_parents_by_the_planted_slope(by_hand, people, asked):
    """Parents in low and in high; their children come of age in mid and in high: half a grade for each."""
    def at(year, ages, grades):
        rows = [PLAIN | {"household": n // 2, "age": age, "grade": g} for n, (age, g) in enumerate(zip(ages, grades, strict=True))]
        return people({"first": rows}, year=year)

    table = pl.concat([at(2020, [45, 17, 45, 16], ["low", None, "high", None]), at(2022, [47, 19, 47, 18], ["mid", "mid", "low", "high"])])
    found = asked(by_hand({"citizens": table, "spells": NO_SPELLS}, {"first": {"penalties": {}}}, TOML), INEQUALITY, "first")
    assert found["grown up: slope of their grade on their parents'"] == pytest.approx(0.5)


def test_a_tax_on_the_poor_widens_and_the_same_rule_does_not(by_hand, people, asked):
    before = [PLAIN | {"income": float(n), "wealth": 1.0} for n in range(1, 11)]
    after = [row | {"income": row["income"] - (0.5 if row["income"] < 6 else 0)} for row in before]
    regimes = {name: {"penalties": {}} for name in ("first", "second", "third")}
    run = by_hand({"citizens": people({"first": before, "second": after, "third": before}), "spells": NO_SPELLS}, regimes)
    assert asked(run, INEQUALITY, "second", "difference")["income: Gini"] > 0.01
    assert {number for number in asked(run, INEQUALITY, "third", "difference").values() if number is not None} == {0}


def test_of_a_run_it_says_what_the_summary_says(essay, asked):
    for regime in ("none", "essay"):
        found, life = asked(essay, INEQUALITY, regime), essay.summary["regimes"][regime]["life"]
        assert found["income: Gini"] == pytest.approx(life["income_gini"])
        assert found["savings: Gini"] == pytest.approx(life["wealth_gini"])
    pupils = essay.citizens.filter(pl.col("regime") == "essay", pl.col("year") == 2020, pl.col("living"), pl.col("private_school"))
    assert pupils.height == essay.summary["regimes"]["essay"]["life"]["private_pupils"] > 0
    shares, people = (asked(essay, INEQUALITY, "essay", column) for column in ("value", "people"))
    counted = [shares[of] * people[of] for of in shares if of.startswith("children") and people[of]]
    graded = essay.citizens.filter(pl.col("regime") == "essay", pl.col("year") == 2020, pl.col("living"), pl.col("grade").is_not_null(), pl.col("age") >= 18)
    assert sum(counted) == pytest.approx(pupils.filter(pl.col("age").is_between(6, 17), pl.col("household").is_in(graded["household"].unique().to_list())).height)


def test_the_first_year_end_with_grades_counts_and_a_run_without_any_is_no_case(by_hand, people, asked):
    table = years(people, y2020=[None, None], y2021=["low", "low"], y2022=["low", "mid"])
    found = asked(by_hand({"citizens": table, "spells": NO_SPELLS}, {"first": {"penalties": {}}}, TOML), INEQUALITY, "first")
    assert (found["grade kept"], found["grade from low to mid"]) == (0.5, 0.5)
    table = years(people, y2020=[None], y2021=[None]).with_columns(pl.col("grade").cast(pl.String))
    found = asked(by_hand({"citizens": table, "spells": NO_SPELLS}, {"first": {"penalties": {}}}, TOML), INEQUALITY, "first")
    assert "grade kept" not in found
    assert found["children in private schools: parents in low"] is None
