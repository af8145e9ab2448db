"""aims: counts, shares and gains are what a hand counts, of a society that is written down here."""

import polars as pl
import pytest

from glasshouse.audits.aims import AIMS

ACTS = """
[acts.speeds]
lawful = false
gravity.value = 3.0
[acts.cancels]
lawful = true
gravity.value = 0.5
[acts.ends]
lawful = true
gravity.value = 0.0
[acts.gives]
lawful = true
good = true
gravity.value = 6.0
[acts.pays]
lawful = true
good = true
judgment = "fulfils"
gravity.value = 5.0
[acts.buys]
lawful = true
good = true
bought = true
[frequent.red]
channel = "civic"
lawful = false
gravity.value = 0.1
[frequent.posts]
channel = "social"
lawful = true
"""
NONE = {"people": 200 * 365, "acts:speeds": 100, "acts:cancels": 40, "acts:ends": 7, "acts:gives": 20, "acts:pays": 4, "frequent_acts:civic": 1000,
        "frequent_acts:social": 9000, "loans": 50, "defaults": 10, "pay:households:banks:repaid": 4_000_000}  # fmt: skip
RULE = NONE | {"acts:speeds": 90, "acts:cancels": 44, "acts:gives": 25, "acts:pays": 5, "acts:buys": 30, "frequent_acts:civic": 800, "loans": 32,
               "defaults": 8, "entered": 8, "complied": 2, "in_force:ban": 500, "fen:ban": 1_000_000, "in_force:lift": 300, "fen:lift": 50_000,
               "pay:households:outside:deeds": 600_000}  # fmt: skip
HAS = {"none": {"penalties": {}}, "rule": {"penalties": {"ban": {}}, "rewards": {"lift": {}}}, "again": {"penalties": {"ban": {}}, "rewards": {"lift": {}}}}


def daily(**sums) -> pl.DataFrame:
    """Each measure on two days, of which the second has all but one."""
    rows = [(regime, name, value) for regime, all_of in sums.items() for name, total in all_of.items() for value in (1, total - 1)]
    return pl.DataFrame(rows, schema={"regime": pl.String, "measure": pl.String, "value": pl.Int64}, orient="row")


@pytest.fixture
def society(by_hand):
    """200 citizens over a year: without a rule, under one, and under the same once more."""
    return lambda **sums: by_hand({"daily": daily(**({"none": NONE, "rule": RULE, "again": RULE} | sums))}, HAS, ACTS)


def test_counts_are_a_citizen_and_year(society, asked):
    found = asked(society(), AIMS, "rule")
    assert {name: value for name, value in found.items() if not name.startswith("gain")} == pytest.approx({
        "aim: unlawful acts": 90 / 200, "aim: acts against no law that count as bad": 44 / 200, "aim: unlawful things done nearly every day": 4,
        "aim: gravity of bad acts": (90 * 3 + 44 * 0.5 + 800 * 0.1) / 200, "aim: good acts": 30 / 200, "aim: bought deeds": 30 / 200,
        "aim: judgments fulfilled": 5 / 200, "aim: yuan repaid": 200, "aim: defaults": 8 / 200,
        "share: defaults of loans given": 0.25, "share: stays ended by payment of entries on lists": 0.25,
        "cost: penalty days": 2.5, "cost: yuan lost under penalties": 50, "cost: reward days": 1.5, "cost: yuan brought by rewards": 2.5,
        "cost: yuan paid for bought deeds": 30,
    })  # fmt: skip


def test_a_gain_is_the_change_for_a_thousand_of_what_it_cost_more(society, asked):
    """500 penalty days and 10,000 yuan more than without the rule."""
    found = asked(society(), AIMS, "rule")
    changes = {"fewer unlawful acts": 10, "less gravity of bad acts": 30 - 2 + 20, "fewer defaults": 2, "more judgments fulfilled": 1, "more good acts": 6}
    for gain, change in changes.items():
        assert found[f"gain a thousand penalty days: {gain}"] == pytest.approx(2 * change), gain
        assert found[f"gain a thousand yuan: {gain}"] == pytest.approx(change / 10), gain


def test_a_rule_that_does_the_reverse_has_the_other_sign(society, asked):
    found = asked(society(rule=RULE | {"acts:speeds": 130, "acts:gives": 11}), AIMS, "rule")
    assert found["gain a thousand penalty days: fewer unlawful acts"] == pytest.approx(-60)
    assert found["gain a thousand penalty days: more good acts"] == pytest.approx(2 * (16 - 24))


def test_nobody_under_a_penalty_is_no_case_and_not_nothing(society, asked):
    free = {name: value for name, value in RULE.items() if not name.endswith(":ban")}
    found = asked(society(rule=free), AIMS, "rule")
    assert found["cost: penalty days"] == 0
    assert {value for name, value in found.items() if name.startswith("gain")} == {None}
    assert asked(society(rule=RULE | {"loans": 1, "entered": 1}), AIMS, "none")["share: stays ended by payment of entries on lists"] is None
    assert not any(name.startswith("gain") for name in asked(society(), AIMS, "none"))


def test_a_rule_that_costs_less_than_the_first_has_no_gain(by_hand, asked):
    has = {"none": {"penalties": {"ban": {}}}, "rule": {"penalties": {"ban": {}}}}
    run = by_hand({"daily": daily(none=NONE | {"in_force:ban": 900, "fen:ban": 2_000_000}, rule=RULE)}, has, ACTS)
    assert {value for name, value in asked(run, AIMS, "rule").items() if name.startswith("gain")} == {None}
    assert asked(run, AIMS, "rule", "difference")["cost: penalty days"] == pytest.approx(-2)


def test_a_society_in_which_nobody_lives_has_no_counts(society, asked):
    assert asked(society(rule={"people": 2}), AIMS, "rule")["aim: good acts"] == 0
    assert set(asked(society(rule={}), AIMS, "rule").values()) == {None}


def test_the_same_rule_twice_differs_by_nothing(society, asked):
    run = society()
    assert asked(run, AIMS, "rule") == asked(run, AIMS, "again")
    assert asked(run, AIMS, "rule", "difference") == asked(run, AIMS, "again", "difference")


def test_of_a_run_the_counts_are_those_of_its_summary(essay, asked):
    """The good acts' worth of the citizens' table stands apart: here defaults, loans, days and yuan."""
    found, summary = asked(essay, AIMS, "essay"), essay.summary["regimes"]["essay"]
    years = essay.daily.filter(regime="essay", measure="people")["value"].sum() / 365
    assert found["aim: defaults"] * years == pytest.approx(summary["life"]["defaults"])
    assert found["share: defaults of loans given"] == pytest.approx(summary["life"]["defaults"] / summary["life"]["loans"])
    assert found["cost: penalty days"] * years == pytest.approx(sum(each["citizen_days"] for each in summary["penalties"].values()))
    assert found["cost: yuan lost under penalties"] * years == pytest.approx(sum(each["fen"] for each in summary["penalties"].values()) / 100)
    assert found["aim: gravity of bad acts"] == pytest.approx(summary["life"]["conduct_bad_mean"], rel=0.05)
    assert found["aim: bought deeds"] > 0
