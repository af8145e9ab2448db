"""records: shares of acts without a record and of records that are not so, from sums set by hand."""

from __future__ import annotations

import polars as pl
import pytest

import glasshouse as gh
from glasshouse.audits.records import RECORDS

TOML = """
[acts.speeds]
channel = "location"
[acts.donates]
channel = "civic"
"""
SUMS = {
    "acts:speeds": 100, "own:speeds": 20, "sent:speeds": 5, "received:speeds": 4, "false_record:speeds": 1, "frequent_acts:location": 1000,
    "frequent_records:location": 400, "acts:donates": 50, "own:donates": 50, "people": 7, "acts:of_nowhere": 9,
}  # fmt: skip


def watched(by_hand, sums: dict[str, int] = SUMS, under: tuple[str, ...] = ("first", "second")):
    """Each sum on two days, under two regimes."""
    rows = [(day, regime, measure, value - value // 2 if day else value // 2) for day in (0, 1) for regime in under for measure, value in sums.items()]
    return by_hand({"daily": pl.DataFrame(rows, schema=("day", "regime", "measure", "value"), orient="row")}, toml=TOML)


def test_it_is_what_a_hand_counts(by_hand, asked):
    assert asked(watched(by_hand), RECORDS, "second") == {
        "missed: all channels": (150 - 70 - 5) / 150,
        "missed of what is frequent: all channels": 600 / 1000,
        "false: all channels": 1 / 75,
        "of somebody else: all channels": 4 / 75,
        "missed: civic": 0.0,
        "missed of what is frequent: civic": None,
        "false: civic": 0.0,
        "of somebody else: civic": 0.0,
        "missed: location": 75 / 100,
        "missed of what is frequent: location": 600 / 1000,
        "false: location": 1 / 25,
        "of somebody else: location": 4 / 25,
    }


def test_where_nobody_watches_there_are_no_rows(by_hand, asked):
    assert asked(watched(by_hand, {"acts:speeds": 100, "own:speeds": 0}), RECORDS, "first") == {}
    assert asked(watched(by_hand, under=("second",)), RECORDS, "first") == {}


def test_the_same_rule_twice_differs_by_nothing_and_blindness_is_found(by_hand):
    run = watched(by_hand)
    table = gh.audit(run, [RECORDS]).filter(regime="second").drop_nulls("value")
    assert set(table["difference"]) == {0.0}
    assert set(table["unit"]) == {"share of acts", "share of records"}
    blind = pl.when((pl.col("regime") == "second") & (pl.col("measure") == "own:speeds")).then(pl.col("value") // 2).otherwise("value")
    run.tables["daily"] = run.daily.with_columns(value=blind)
    row = gh.audit(run, [RECORDS]).filter(regime="second", of="missed: location").row(0, named=True)
    assert (row["value"], row["difference"]) == (pytest.approx(0.85), pytest.approx(0.1))


def test_of_a_run_it_is_what_its_summary_says(essay, asked):
    found = asked(essay, RECORDS, "essay")
    assert asked(essay, RECORDS, "none") == {}
    daily = dict(essay.daily.filter(regime="essay").group_by("measure").agg(pl.col("value").sum()).iter_rows())
    for channel, said in essay.summary["regimes"]["essay"]["channels"].items():
        often, seen = (daily.get(f"frequent_{what}:{channel}", 0) for what in ("acts", "records"))
        missed = found[f"missed: {channel}"] * (said["acts"] - often) + (often - seen)
        assert missed == pytest.approx(said["missed"])
        records = said["records"] - seen
        assert found[f"false: {channel}"] * records == pytest.approx(said["false"])
        assert found[f"of somebody else: {channel}"] * records == pytest.approx(said["misattributed"])
