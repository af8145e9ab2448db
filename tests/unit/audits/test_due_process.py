"""due-process on a society made by hand whose wrongs and objections are all known, and beside the summary of a run."""

import polars as pl
import pytest

from glasshouse.audits.due_process import DUE_PROCESS

SPELL = {"regime": pl.String, "citizen": pl.Int64, "consequence": pl.String, "end": pl.Int32, "cause": pl.String, "false_days": pl.Int32}
SPELLS = [(0, "ban", 10, "record", 4), (0, "ban", 90, "record", 8), (1, "ban", None, "stale", 12), (2, "slow", 30, "none", 0), (2, "praise", 9, "none", 9)]
DAILY = {"appeals_filed": 7, "appeals_upheld": 3, "points:rumour": -40, "received:rumour": 5, "false_record:rumour": 1, "received:judgment": 4, "received:deed": 9, "points:deed": 9}
TOML = "".join(f"[regime.{name}.lists.debtors.entry]\njudgment = 1\n" for name in ("first", "second", "again"))


def society(by_hand, people, regimes=("first", "second"), spells=SPELLS, daily=DAILY, penalties=("ban", "slow")):
    """The regimes named, all alike: the second year of the first person, who knew by then, has no days without cause."""
    days = {"days.ban": 0, "days.slow": 0, "days.praise": 9, "false_days.ban": 0, "false_days.slow": 0, "false_days.praise": 9}
    rows = [{"aware": False} | days | {"days.ban": 12, "false_days.ban": 12}, {"aware": True, "weight": 3.0} | days | {"days.ban": 20, "false_days.ban": 12},
            {"aware": False} | days | {"days.slow": 30}]  # fmt: skip
    citizens = people(dict.fromkeys(regimes, rows))
    later = citizens.filter(pl.col("citizen") == 0).with_columns(pl.lit(True).alias("aware"), pl.lit(0, pl.Int64).alias("false_days.ban"), year=pl.lit(2021, pl.Int64))
    table = lambda rows, schema: pl.DataFrame([(regime, *row) for regime in regimes for row in rows], schema=schema, orient="row")  # noqa: E731
    sums = pl.DataFrame([(r, m, v) for r in regimes for m, v in daily.items()], schema={"regime": pl.String, "measure": pl.String, "value": pl.Int64}, orient="row")
    tables = {"citizens": pl.concat([citizens, later]), "spells": table(spells, SPELL), "daily": sums}
    return by_hand(tables, {regime: {"penalties": dict.fromkeys(penalties)} for regime in regimes}, TOML)


def test_what_is_borne_without_cause_is_what_a_hand_counts(by_hand, people, asked):
    run = society(by_hand, people)
    found, counted = asked(run, DUE_PROCESS, "second"), asked(run, DUE_PROCESS, "second", "people")
    assert found["person-years without cause: all penalties"] == pytest.approx((12 + 3 * 12) / 365.2425)
    assert (found["person-years without cause: slow"], counted["person-years without cause: ban"]) == (0, 2)
    assert found["without knowing of the score: penalties"] == pytest.approx((12 + 30) / (12 + 12 + 60 + 30))
    assert found["without knowing of the score: penalties without cause"] == pytest.approx(12 / 48)
    assert found["ever without cause, of those penalised"] == pytest.approx(2 / 3)
    assert [found[f"cause: {cause}"] for cause in ("record", "stale", "kin", "inference", "several")] == [0.5, 0.5, 0, 0, 0]


def test_half_of_what_stands_without_cause_is_over_when_the_lengths_say(by_hand, people, asked):
    """Of 4, 8 and more than 12 days: a third is over after 4, two thirds after 8. Of stale points nobody knows an end."""
    found = asked(society(by_hand, people), DUE_PROCESS, "second")
    assert found["days without cause until it ends: all causes"] == 8
    assert (found["days without cause until it ends: record"], found["days without cause until it ends: stale"], found["days without cause until it ends: kin"]) == (4, None, None)


def test_wrong_records_are_those_that_tell_against_people(by_hand, people, asked):
    """Ten: six of rumour, that costs points, and four of the judgment, that puts on a list; the deed that is worth points is none. Three are struck at most."""
    found = asked(society(by_hand, people), DUE_PROCESS, "second")
    assert (found["objections"], found["objections upheld"], found["wrong records"]) == (7, 3, 10)
    assert found["upheld of all objections"] == pytest.approx(3 / 7)
    assert found["wrong records never struck, at least"] == pytest.approx(0.7)


def test_more_objections_upheld_than_wrong_records_say_nothing(by_hand, people, asked):
    found = asked(society(by_hand, people, daily=DAILY | {"appeals_upheld": 30}), DUE_PROCESS, "second")
    assert found["wrong records never struck, at least"] == 0


def test_nobody_penalised_and_nobody_recorded_are_no_case(by_hand, people, asked):
    assert asked(society(by_hand, people, penalties=()), DUE_PROCESS, "second") == {}
    found = asked(society(by_hand, people, spells=[], daily={}), DUE_PROCESS, "second")
    none = ("upheld of all objections", "wrong records never struck, at least", "cause: record", "ever without cause, of those penalised")
    assert [found[of] for of in none] == [None] * 4
    assert asked(society(by_hand, people, penalties=("unknown",)), DUE_PROCESS, "second")["without knowing of the score: penalties"] is None


def test_a_planted_wrong_is_found_and_the_same_rule_differs_by_nothing(by_hand, people, asked):
    run = society(by_hand, people, ("first", "second", "again"))
    more = pl.when((pl.col("regime") == "second") & (pl.col("citizen") == 1)).then(pl.col("false_days.ban") + 8).otherwise(pl.col("false_days.ban"))
    run.tables["citizens"] = run.citizens.with_columns(more.alias("false_days.ban"))
    assert asked(run, DUE_PROCESS, "second", "difference")["person-years without cause: ban"] == pytest.approx(24 / 365.2425)
    assert {number for number in asked(run, DUE_PROCESS, "again", "difference").values() if number is not None} == {0}


def test_of_a_run_it_says_what_the_summary_says(erring, asked):
    found, said = asked(erring, DUE_PROCESS, "essay"), erring.summary["regimes"]["essay"]
    assert found["person-years without cause: all penalties"] == pytest.approx(said["wrong"]["false_days"] / 365.2425)
    assert (found["objections"], found["objections upheld"]) == (said["life"]["appeals_filed"], said["life"]["appeals_upheld"])
    assert sum(found[f"cause: {cause}"] for cause in ("record", "stale", "kin", "inference", "several")) == pytest.approx(1)
    assert asked(erring, DUE_PROCESS, "none") == {}
