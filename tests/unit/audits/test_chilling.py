"""chilling on people made by hand, on a planted fall of speech, and beside the summary of a run."""

import polars as pl
import pytest

from glasshouse.audits.chilling import CHILLING

SAID = {"expression": 1.0, "opinion": 0.5, "public_opinion": 0.5}


def test_it_is_what_a_hand_counts(by_hand, people, asked):
    """Two of four fall, by 0.11 and by 0.3; approval shown lies in two bins, three to one; the fourth has weight 3."""
    before = [SAID | {"expression": 0.9}] * 4
    after = [SAID | {"expression": 0.9, "opinion": 0.02, "public_opinion": 0.01}, SAID | {"expression": 0.79, "residence": "country"},
             SAID | {"expression": 0.6, "public_opinion": 0.7}, SAID | {"expression": 0.9, "weight": 3.0}]  # fmt: skip
    before[1], before[3] = before[1] | {"residence": "country"}, before[3] | {"weight": 3.0}
    found = asked(by_hand({"citizens": people({"first": before, "second": after})}), CHILLING, "second")
    assert found["expression: everybody"] == pytest.approx((0.9 + 0.79 + 0.6 + 3 * 0.9) / 6)
    assert found["expression: country"] == pytest.approx(0.79)
    assert found["silent by 5 points: everybody"] == pytest.approx(2 / 6)
    assert found["silent by 10 points: town"] == pytest.approx(1 / 5)
    assert (found["silent by 10 points: country"], found["silent by 25 points: country"]) == (1, 0)
    assert found["silent by 25 points: female"] is None
    assert found["said above held: everybody"] == pytest.approx((-0.01 + 0.2) / 6)
    assert found["said apart from held: everybody"] == pytest.approx((0.01 + 0.2) / 6)
    assert found["opinions said"] == pytest.approx(36 / (1 + 1 + 16))  # bins of 0.01, 0.5 (weight 4) and 0.7
    assert found["opinions held"] == pytest.approx(36 / (1 + 25))


@pytest.mark.parametrize(("spread", "many"), [([0.5] * 40, 1), ([i / 40 + 0.01 for i in range(40)], 20), ([0.0, 1.0] * 20, 2)])
def test_the_effective_number_of_opinions_is_that_of_equal_shares(by_hand, people, asked, spread, many):
    rows = [SAID | {"public_opinion": said} for said in spread]
    assert asked(by_hand({"citizens": people({"first": rows})}, {"first": {"penalties": {}}}), CHILLING, "first")["opinions said"] == pytest.approx(many)


def test_only_the_last_year_and_those_who_live_count(by_hand, people, asked):
    now = people({"first": [SAID] * 2, "second": [SAID | {"expression": 0.5}, SAID]})
    earlier = now.with_columns(year=pl.lit(2019, pl.Int64), expression=pl.lit(0.0))
    dead = people({"first": [SAID] * 3, "second": [SAID | {"expression": 0.0}] * 3}, living=False).filter(pl.col("citizen") == 2)
    found = asked(by_hand({"citizens": pl.concat([earlier, now, dead])}), CHILLING, "second")
    assert found["silent by 25 points: everybody"] == 0.5
    assert found["expression: everybody"] == 0.75


def test_the_same_rule_twice_silences_nobody(by_hand, people, asked):
    rows = [SAID | {"expression": 0.3}, SAID]
    run = by_hand({"citizens": people({"first": rows, "second": rows})})
    assert {number for number in asked(run, CHILLING, "second", "difference").values() if number is not None} == {0}


def test_of_a_run_it_says_what_the_summary_says(essay, asked):
    found, life = asked(essay, CHILLING, "essay"), essay.summary["regimes"]["essay"]["life"]
    assert found["opinions said"] == pytest.approx(life["opinion_effective_number"])
    assert found["expression: everybody"] == pytest.approx(life["expression_mean"])
    assert found["said above held: everybody"] == pytest.approx(life["public_opinion_mean"] - life["opinion_mean"])
    assert 0 < found["silent by 10 points: everybody"] < 1
