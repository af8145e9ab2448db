"""validity: shares of the score's variance and its order beside conduct, in societies where both are known exactly."""

from __future__ import annotations

from itertools import product

import numpy as np
import polars as pl
import pytest
from scipy import stats

import glasshouse as gh
from glasshouse.audits.validity import PREDICTORS, VALIDITY, rank_correlation

FIFTHS = ("lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth")
PLAIN = {"year": 2020, "weight": 1.0, "living": True, "age": 40, "residence": "town", "registered": "here", "fifth": FIFTHS[0], "grade": "A", "clean_grade": "A",
         "conduct_bad": 0.0, "conduct_good": 0.0, "acts.social": 0, "acts.commerce": 0}  # fmt: skip


def society(by_hand, rows: list[dict], first: list[dict] | None = None, **how):
    """The rule in question beside the first regime, which scores nobody and under which people do the same, if nothing else is said."""
    scored = pl.DataFrame([PLAIN | row for row in rows]).with_columns(citizen=pl.int_range(pl.len()), regime=pl.lit("rule"))
    twins = pl.DataFrame([PLAIN | row for row in first or rows]).with_columns(citizen=pl.int_range(pl.len()), regime=pl.lit("none"))
    twins = twins.with_columns(score=pl.lit(None, scored.schema["score"]), grade=pl.lit(None, pl.String), clean_grade=pl.lit(None, pl.String))
    again = scored.with_columns(regime=pl.lit("again"))
    regimes = {name: {"penalties": {}} for name in ("none", "rule", "again")}
    return by_hand({"citizens": pl.concat([twins, scored, again], how="diagonal_relaxed")}, regimes, **how)


def shares(found: dict) -> dict[str, float]:
    return {name: found[f"explained by {name}"] for name in (*PREDICTORS, "all of these")}


def test_a_score_that_is_conduct_is_explained_by_conduct_alone(by_hand, asked):
    """All combinations of conduct and class once, so that nothing goes with anything else."""
    rows = [{"conduct_good": float(good), "fifth": fifth, "residence": home, "score": 1000 + 10 * good} for good, fifth, home in product(range(4), FIFTHS, ("town", "country"))]
    found = asked(society(by_hand, rows), VALIDITY, "rule")
    assert shares(found) == pytest.approx({"conduct": 1, "income": 0, "residence": 0, "age": 0, "platform use": 0, "all of these": 1}, abs=1e-12)
    assert found["rank correlation with conduct"] == pytest.approx(1)


def test_shares_are_those_of_the_variance_where_causes_are_apart(by_hand, asked):
    """Score = 10 x bad acts less, and points by fifth and by age: each share is the variance of its part over the whole."""
    of_fifth, of_age = dict(zip(FIFTHS, (0, 5, 5, 20, 45), strict=True)), {20: 0, 70: 30}
    rows = [{"conduct_bad": float(bad), "fifth": fifth, "age": age, "score": 900 - 10 * bad + of_fifth[fifth] + of_age[age]}
            for bad, fifth, age in product((0, 1, 3, 4), FIFTHS, of_age)]  # fmt: skip
    parts = {"conduct": np.var([0, 10, 30, 40]), "income": np.var([*of_fifth.values()]), "residence": 0.0, "age": np.var([0, 30]), "platform use": 0.0}
    whole = sum(parts.values())
    found = shares(asked(society(by_hand, rows), VALIDITY, "rule"))
    assert found == pytest.approx({name: part / whole for name, part in parts.items()} | {"all of these": 1}, abs=1e-12)


def test_what_noise_adds_is_explained_by_nothing(by_hand, asked):
    """Each combination twice, once 20 points above and once below: the noise is apart from all."""
    rows = [{"conduct_good": float(good), "score": 1000 + 30 * good + noise, "fifth": fifth} for good, fifth, noise in product((0, 1, 2), FIFTHS, (-20, 20))]
    found = shares(asked(society(by_hand, rows), VALIDITY, "rule"))
    share = np.var([0, 30, 60]) / (np.var([0, 30, 60]) + 400)
    assert (found["conduct"], found["all of these"]) == pytest.approx((share, share))


def test_what_goes_together_shares_evenly(by_hand, asked):
    """Shapley's symmetry: whoever is old does good, so that nobody could say which of both the score follows; a third who goes with nothing has nothing."""
    rows = [{"conduct_good": float(good), "age": 20 + 20 * good, "acts.social": use, "score": 50 * good} for good, use in product((0, 1, 2), (0, 300))]
    found = shares(asked(society(by_hand, rows), VALIDITY, "rule"))
    assert found == pytest.approx({"conduct": 0.5, "income": 0, "residence": 0, "age": 0.5, "platform use": 0, "all of these": 1}, abs=1e-12)


def test_shares_of_partly_related_causes_are_shapleys_by_hand(by_hand, asked):
    """Two causes c and d, each 0 or 1, correlated by r: R squared of each alone and of both by the textbook, and the mean over both orders."""
    many = {(0, 0): 30, (0, 1): 10, (1, 0): 10, (1, 1): 30}  # r = 0.5
    rows = [{"conduct_good": float(c), "residence": ("country", "town")[d], "score": 100 * c + 50 * d} for (c, d), n in many.items() for _ in range(n)]
    variance = 0.25 * (100**2 + 50**2 + 2 * 0.5 * 100 * 50)
    alone = {"conduct": (100 * 0.25 + 50 * 0.125) ** 2 / 0.25 / variance, "residence": (100 * 0.125 + 50 * 0.25) ** 2 / 0.25 / variance}
    found = shares(asked(society(by_hand, rows), VALIDITY, "rule"))
    for one, other in (("conduct", "residence"), ("residence", "conduct")):
        assert found[one] == pytest.approx((alone[one] + 1 - alone[other]) / 2)


def test_the_order_is_held_against_conduct_of_all_years_here_and_under_the_first_regime(by_hand, asked):
    rows = [{"conduct_good": 1.0, "score": 30}, {"conduct_bad": 2.0, "score": 20}, {"conduct_bad": 5.0, "score": 10}]
    run = society(by_hand, rows, first=[{"conduct_bad": float(n), "score": 0} for n in (3, 2, 1)])
    found = asked(run, VALIDITY, "rule")
    assert found["rank correlation with conduct"] == pytest.approx(1)
    assert found["rank correlation with conduct of the twin"] == pytest.approx(-1)
    before = run.citizens.filter(regime="rule").with_columns(year=pl.lit(2019, pl.Int64), conduct_bad=pl.Series([9.0, 0.0, 0.0]), score=pl.lit(5, pl.Int64))
    run.tables["citizens"] = pl.concat([run.citizens, before], how="diagonal_relaxed")
    assert asked(run, VALIDITY, "rule")["rank correlation with conduct"] == pytest.approx(-0.5)  # the best of the last year was the worst before


def test_ranks_are_those_of_a_table_and_weights_count_as_people():
    rng = np.random.default_rng(4)
    first, other, weight = rng.integers(0, 9, 200), rng.integers(0, 5, 200), rng.integers(1, 4, 200)
    written_out = [np.repeat(places, weight) for places in (first, other)]
    assert rank_correlation(first, other, weight.astype(float)) == pytest.approx(stats.spearmanr(*written_out).statistic)
    assert rank_correlation(first, np.zeros(200, int), np.ones(200)) is None


def test_grades_are_told_by_what_people_in_them_did_from_the_lowest_on(by_hand, asked):
    rows = [{"grade": "low", "clean_grade": "high", "conduct_bad": 4.0, "score": 10}, {"grade": "low", "clean_grade": "low", "conduct_bad": 8.0, "score": 20, "weight": 3.0},
            {"grade": "high", "clean_grade": "high", "conduct_good": 2.0, "score": 30}]  # fmt: skip
    found = asked(society(by_hand, rows), VALIDITY, "rule")
    a_year = 365 / 400
    assert {of: number for of, number in found.items() if "grade" in of} == {
        "bad acts a year: grade low": pytest.approx(7 * a_year), "good deeds a year: grade low": 0.0, "same by the clean account: grade low": 0.75,
        "bad acts a year: grade high": 0.0, "good deeds a year: grade high": pytest.approx(2 * a_year), "same by the clean account: grade high": 1.0,
    }  # fmt: skip


def test_without_a_score_there_are_no_rows_and_where_all_have_one_score_no_number(by_hand, asked):
    run = society(by_hand, [{"conduct_good": 1.0, "score": 7}, {"conduct_good": 2.0, "score": 7}])
    assert asked(run, VALIDITY, "none") == {}
    assert set(shares(asked(run, VALIDITY, "rule")).values()) == {None}
    assert asked(run, VALIDITY, "rule")["rank correlation with conduct"] is None
    bare = by_hand({"citizens": run.citizens.drop("score", "grade", "clean_grade")}, {"none": {"penalties": {}}})
    assert asked(bare, VALIDITY, "none") == {}


def test_only_who_lives_and_has_a_score_at_the_end_counts(by_hand, asked):
    rows = [{"conduct_good": float(n), "score": 10 * n} for n in range(40)]
    others = [{"conduct_good": 99.0, "score": 0, "living": False}, {"conduct_good": 99.0, "score": None}, {"conduct_good": 99.0, "score": 0, "year": 2019}]
    run = society(by_hand, rows + others)
    assert asked(run, VALIDITY, "rule", "people")["rank correlation with conduct"] == 40
    assert asked(run, VALIDITY, "rule")["rank correlation with conduct"] == pytest.approx(1)


def test_the_same_rule_twice_differs_by_nothing(by_hand):
    rng = np.random.default_rng(7)
    rows = [{"conduct_good": float(g), "conduct_bad": float(b), "age": int(a), "score": int(s)} for g, b, a, s in rng.integers(0, 90, (300, 4))]
    table = gh.audit(society(by_hand, rows), [VALIDITY])
    first, again = (table.filter(regime=name).select("of", "value") for name in ("rule", "again"))
    assert first.height > 8
    assert first.equals(again)


def test_of_a_run_its_grades_are_those_of_the_summary(essay, asked):
    found, people = (asked(essay, VALIDITY, "essay", column) for column in ("value", "people"))
    summary = essay.summary["regimes"]["essay"]
    covered = people["explained by conduct"]
    assert covered == summary["covered"]
    assert {of.removeprefix("bad acts a year: grade "): n / covered for of, n in people.items() if of.startswith("bad")} == pytest.approx(
        {grade: share for grade, share in summary["grades"].items() if share})  # fmt: skip
    assert 0 < found["explained by conduct"] < found["explained by all of these"] < 1
    assert sum(shares(found).values()) == pytest.approx(2 * found["explained by all of these"])
    assert 0 < found["rank correlation with conduct"] < 1
