"""accuracy: days and people under penalties against what the clean account says, counted by hand."""

from __future__ import annotations

import polars as pl
import pytest

import glasshouse as gh
from glasshouse.audits.accuracy import ACCURACY

TWO = {name: {"penalties": {"ban": {}, "slow": {}}} for name in ("first", "second")}


def year(citizen: int, at: int, ban=(0, 0, 0), slow=(0, 0, 0), weight: float = 1.0) -> dict:
    """A row: days under each penalty, how many of them false, and how many missed."""
    days = {f"{what}.{name}": n for name, numbers in (("ban", ban), ("slow", slow)) for what, n in zip(("days", "false_days", "missed_days"), numbers, strict=True)}
    return {"citizen": citizen, "year": at, "weight": weight} | days


def society(by_hand, rows: list[dict], regimes=TWO, **how):
    return by_hand({"citizens": pl.concat([pl.DataFrame(rows).with_columns(regime=pl.lit(name)) for name in regimes])}, regimes, **how)


def test_it_is_what_a_hand_counts(by_hand, asked):
    """One rightly penalised in one year and falsely in the other; one falsely; one missed by one penalty and penalised by the other; one of nothing; two missed."""
    rows = [
        year(0, 2020, ban=(10, 0, 0)),
        year(0, 2021, ban=(5, 5, 0)),
        year(1, 2020, ban=(4, 4, 0)),
        year(2, 2020, ban=(0, 0, 6), slow=(3, 0, 0)),
        year(3, 2020),
        year(4, 2020, ban=(0, 0, 2)),
        year(5, 2020, ban=(0, 0, 2)),
    ]
    assert asked(society(by_hand, rows), ACCURACY, "second") == {
        "false: all penalties": 9 / 22,
        "missed: all penalties": 10 / (22 - 9 + 10),
        "had done it: all penalties": 2 / 3,
        "never penalised: all penalties": 2 / 4,
        "false: ban": 9 / 19,
        "missed: ban": 10 / 20,
        "had done it: ban": 1 / 2,
        "never penalised: ban": 3 / 4,
        "false: slow": 0.0,
        "missed: slow": 0.0,
        "had done it: slow": 1.0,
        "never penalised: slow": 0.0,
    }


def test_people_count_by_their_weight_and_the_flag_by_their_number(by_hand, asked):
    rows = [year(0, 2020, ban=(1, 0, 0), weight=3.0), year(1, 2020, ban=(1, 1, 0), weight=1.0)]
    run = society(by_hand, rows)
    assert asked(run, ACCURACY, "first")["had done it: ban"] == 3 / 4
    assert asked(run, ACCURACY, "first", "people")["had done it: ban"] == 2
    assert asked(run, ACCURACY, "first", "small")["had done it: ban"]


def test_where_nobody_is_penalised_there_is_no_share_and_where_all_are_it_is_whole(by_hand, asked):
    none = asked(society(by_hand, [year(0, 2020)]), ACCURACY, "first")
    assert set(none.values()) == {None}
    every = asked(society(by_hand, [year(0, 2020, ban=(9, 0, 0), slow=(9, 0, 0))]), ACCURACY, "first")
    assert {of: number for of, number in every.items() if of.startswith("had")} == dict.fromkeys(
        ("had done it: all penalties", "had done it: ban", "had done it: slow"), 1.0)  # fmt: skip


def test_a_regime_without_penalties_has_no_rows_and_a_penalty_without_columns_has_no_share(by_hand, asked):
    run = society(by_hand, [year(0, 2020, ban=(1, 0, 0))], regimes={"none": {"penalties": {}}, "other": {"penalties": {"ban": {}, "fees": {}}}})
    assert asked(run, ACCURACY, "none") == {}
    found = asked(run, ACCURACY, "other")
    assert found["had done it: ban"] == 1.0
    assert found["had done it: fees"] is None


def test_the_same_rule_twice_differs_by_nothing_and_a_planted_error_is_found(by_hand):
    rows = [year(n, 2020, ban=(10, 10 * (n % 4 == 0), 0)) for n in range(40)]
    run = society(by_hand, rows)
    same = gh.audit(run, [ACCURACY]).filter(regime="second")["difference"].drop_nulls()
    assert len(same)
    assert set(same) == {0.0}
    worse = run.citizens.with_columns(pl.when((pl.col("regime") == "second") & (pl.col("citizen") < 20)).then(10).otherwise("false_days.ban").alias("false_days.ban"))
    run.tables["citizens"] = worse
    found = gh.audit(run, [ACCURACY]).filter(regime="second", of="had done it: ban").row(0, named=True)
    assert (found["value"], found["difference"]) == (pytest.approx(15 / 40), pytest.approx(15 / 40 - 30 / 40))


def test_of_a_run_it_is_what_its_summary_says(essay, asked):
    found, wrong = asked(essay, ACCURACY, "essay"), essay.summary["regimes"]["essay"]["wrong"]
    assert wrong["missed_share"] > 0
    assert found["false: all penalties"] == pytest.approx(wrong["false_penalty_share"])
    assert found["missed: all penalties"] == pytest.approx(wrong["missed_share"])
    penalties = essay.summary["regimes"]["essay"]["penalties"]
    people = asked(essay, ACCURACY, "essay", "people")
    assert {name: people[f"had done it: {name}"] for name in penalties} == {name: block["citizens_ever"] for name, block in penalties.items()}
