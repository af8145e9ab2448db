"""fairness: rates by group in societies whose tables of two by two are set by hand."""

from __future__ import annotations

import builtins
from itertools import product

import numpy as np
import polars as pl
import pytest

import glasshouse as gh
from glasshouse.audits.fairness import ABSENT, FAIRNESS, RATES, identity, tally

BOTH = {name: {"penalties": {"ban": {}}, "rewards": {"bonus": {}}} for name in ("first", "second")}
PLAIN = {"year": 2020, "weight": 1.0, "age": 40, "sex": "male", "residence": "town", "fifth": "lowest fifth", "education": "college", "label": "0", "registered": "here"}
FALSE, RIGHT, MISSED, NOTHING = (10, 10, 0), (10, 0, 0), (0, 0, 10), (0, 0, 0)


def person(ban=NOTHING, bonus=NOTHING, **who) -> dict:
    days = {f"{what}.{name}": n for name, numbers in (("ban", ban), ("bonus", bonus)) for what, n in zip(("days", "false_days", "missed_days"), numbers, strict=True)}
    return PLAIN | days | who


def group(right: int, false: int, missed: int, nothing: int, **who) -> list[dict]:
    """As many people of a group as are penalised rightly, falsely, not though it is due, and not."""
    return [person(ban, **who) for ban, many in ((RIGHT, right), (FALSE, false), (MISSED, missed), (NOTHING, nothing)) for _ in range(many)]


def society(by_hand, rows: list[dict], regimes=BOTH, **how):
    people = pl.DataFrame(rows).with_columns(citizen=pl.int_range(pl.len()))
    return by_hand({"citizens": pl.concat([people.with_columns(regime=pl.lit(name)) for name in regimes])}, regimes, **how)


TOWN, COUNTRY = (30, 10, 20, 140), (40, 40, 40, 80)  # right, false, missed, nothing


@pytest.fixture
def two(by_hand):
    return society(by_hand, [*group(*TOWN), *group(*COUNTRY, residence="country")])


def test_rates_gaps_and_ratios_are_what_a_hand_counts(two, asked):
    found, people = (asked(two, FAIRNESS, "second", column) for column in ("value", "people"))
    by_hand = {
        "penalty": (40 / 200, 80 / 200, 120 / 400),
        "false penalty": (10 / 150, 40 / 120, 50 / 270),
        "missed penalty": (20 / 50, 40 / 80, 60 / 130),
        "due of those penalised": (30 / 40, 40 / 80, 70 / 120),
        "due of those spared": (20 / 160, 40 / 120, 60 / 280),
    }
    for rate, (town, country, every) in by_hand.items():
        assert [found[f"{rate}: {of}"] for of in ("town", "country", "everybody")] == pytest.approx([town, country, every])
    for rate in ("penalty", "false penalty"):
        town, country, _ = by_hand[rate]
        assert found[f"gap in {rate}: residence"] == pytest.approx(country - town)
        assert found[f"ratio of {rate}: residence"] == pytest.approx(town / country)
        assert found[f"excess of {rate}: country"] == pytest.approx(country - town)
        assert found[f"excess of {rate}: town"] == pytest.approx(town - country)
    assert found["equalised odds, gap: residence"] == pytest.approx(max(40 / 120 - 10 / 150, 40 / 80 - 20 / 50))
    assert found["calibration, gap: residence"] == pytest.approx(max(30 / 40 - 40 / 80, 40 / 120 - 20 / 160))
    assert abs(found["identity, off by at most"]) < 1e-12
    assert people["penalty: town"] == 200
    assert people["false penalty: country"] == 120
    assert found["gap in penalty: sex"] is None  # there is only one


def test_a_gap_says_between_whom_and_the_worst_of_each_kind_stands_in_front(two):
    """Of all rows a few are told first: everybody, the check, and the largest gap and excess of each rate, here the country's."""
    rows = gh.audit(two, [FAIRNESS]).filter(regime="second")
    told = {row["of"]: row for row in rows.rows(named=True)}
    assert told["gap in penalty: residence"]["between"] == told["ratio of penalty: residence"]["between"] == "country above town"
    assert told["equalised odds, gap: residence"]["between"] == "country above town"
    assert told["gap in penalty: sex"]["between"] is None
    assert told["penalty: town"]["between"] is None
    front = rows.filter("front")["of"].to_list()
    assert {of for of in front if of.startswith(("gap in false penalty", "excess of false penalty"))} == {
        "gap in false penalty: residence", "excess of false penalty: country"}  # fmt: skip
    assert {"penalty: everybody", "identity, off by at most"} <= set(front)
    assert len(front) < 20 < rows.height / 5


def test_two_groupings_crossed_show_what_neither_shows(by_hand, asked):
    """Women of the country and men of the town are penalised falsely; by sex alone, and by residence alone, nothing is to be seen."""
    rows = [row for sex, home in product(("female", "male"), ("town", "country"))
            for row in group(0, 50 if (sex == "female") == (home == "country") else 0, 0, 100 if (sex == "female") != (home == "country") else 50, sex=sex, residence=home)]  # fmt: skip
    found = asked(society(by_hand, rows), FAIRNESS, "first")
    assert found["gap in false penalty: sex"] == 0
    assert found["gap in false penalty: residence"] == 0
    assert found["gap in false penalty: residence × sex"] == 0.5
    assert found["false penalty: country × female"] == 0.5
    assert found["false penalty: country × male"] == 0.0
    assert found["excess of false penalty: country × female"] == pytest.approx(0.5 - 50 / 300)


def test_a_reward_that_was_due_and_never_came_is_missed(by_hand, asked):
    rows = [person(bonus=RIGHT), person(bonus=MISSED), person(bonus=MISSED, sex="female"), person(bonus=FALSE, sex="female"), person()]
    found = asked(society(by_hand, rows), FAIRNESS, "first")
    assert [found[f"missed reward: {of}"] for of in ("everybody", "male", "female")] == [2 / 3, 1 / 2, 1.0]


def test_years_of_one_citizen_count_once(by_hand, asked):
    """Penalised falsely in one year and rightly in the next is penalised, and due; she is as old as at the end."""
    years = [person(FALSE) | {"citizen": 0, "age": 34}, person(RIGHT) | {"citizen": 0, "age": 35, "year": 2021}]
    citizens = pl.DataFrame(years).with_columns(regime=pl.lit("first"))
    run = by_hand({"citizens": citizens}, {"first": BOTH["first"]})
    found, people = (asked(run, FAIRNESS, "first", column) for column in ("value", "people"))
    assert found["due of those penalised: everybody"] == 1.0
    assert people["penalty: everybody"] == 1
    assert "penalty: age 35-59" in found
    assert "penalty: age 18-34" not in found


def test_groups_of_few_are_told_and_flagged_and_make_no_gap(by_hand, asked):
    run = society(by_hand, [*group(0, 0, 0, 60), *group(0, 30, 0, 30, residence="country"), *group(0, 5, 0, 0, residence="country", label="1")])
    found, small = (asked(run, FAIRNESS, "first", column) for column in ("value", "small"))
    assert (found["penalty: label 1"], small["penalty: label 1"]) == (1.0, True)
    assert found["gap in penalty: label"] is None
    assert found["gap in penalty: residence"] == pytest.approx(35 / 65)


def test_weights_count(by_hand, asked):
    found = asked(society(by_hand, [person(FALSE, weight=1.0), person(weight=3.0)]), FAIRNESS, "first")
    assert found["false penalty: everybody"] == 1 / 4


@pytest.mark.parametrize(("kind", "rate"), [((0, 0, 0, 50), 0.0), ((50, 0, 0, 0), 1.0)])
def test_where_nobody_or_everybody_is_penalised(by_hand, asked, kind, rate):
    found = asked(society(by_hand, [*group(*kind), *group(*kind, sex="female")]), FAIRNESS, "first")
    assert found["penalty: everybody"] == rate
    assert found["gap in penalty: sex"] == 0
    assert found["false penalty: everybody"] == (0.0 if rate == 0 else None)
    assert found["ratio of penalty: sex"] == (None if rate == 0 else 1.0)
    assert found["missed reward: everybody"] is None
    assert found["identity, off by at most"] is None


def test_a_regime_of_nothing_has_no_rows_and_one_without_rewards_no_rates_of_them(by_hand, asked):
    run = society(by_hand, group(*TOWN), {"none": {"penalties": {}}, "bans": {"penalties": {"ban": {}}}})
    assert asked(run, FAIRNESS, "none") == {}
    assert not any("reward" in of for of in asked(run, FAIRNESS, "bans"))


def test_the_same_rule_twice_differs_by_nothing_and_a_planted_bias_is_found(by_hand):
    rows = [*group(10, 10, 10, 70), *group(10, 10, 10, 70, residence="country")]
    run = society(by_hand, rows)
    table = gh.audit(run, [FAIRNESS]).filter(regime="second").drop_nulls("value")
    assert set(table["difference"]) == {0.0}
    spared = (pl.col("regime") == "second") & (pl.col("residence") == "country") & (pl.col("days.ban") == 0) & (pl.col("citizen") % 2 == 0)
    biased = [pl.when(spared).then(10).otherwise(what).alias(what) for what in ("days.ban", "false_days.ban")]
    run.tables["citizens"] = run.citizens.with_columns(biased)
    found = {row["of"]: row for row in gh.audit(run, [FAIRNESS]).filter(regime="second").rows(named=True)}
    assert found["excess of penalty: country"]["difference"] == pytest.approx(40 / 100)
    assert found["gap in penalty: residence"]["value"] == pytest.approx(40 / 100)
    assert found["penalty: town"]["difference"] == 0


def test_the_worst_is_chosen_on_odd_seeds_and_told_of_even_ones(by_hand):
    """In odd seeds the country is worse off; in even ones nobody is."""
    even = [*group(10, 10, 10, 70), *group(10, 10, 10, 70, residence="country")]
    odd = [*group(10, 10, 10, 70), *group(10, 30, 10, 50, residence="country"), *group(0, 3, 0, 0, label="1")]
    table = gh.audit([society(by_hand, odd if seed % 2 else even, seed=seed) for seed in (1, 2)], [FAIRNESS]).filter(regime="first")
    row = table.filter(of="worst excess of false penalty: country").row(0, named=True)
    assert row["value"] == pytest.approx(0)
    assert [of for of in table["of"] if of.startswith("worst excess")] == [
        "worst excess of penalty: country", "worst excess of false penalty: country"]  # fmt: skip


def test_the_identity_holds_in_every_table_and_shows_one_that_is_none():
    rng = np.random.default_rng(1)
    due, penalised = rng.random((2, 50_000)) < [[0.3], [0.2]]
    group, no, one = rng.integers(0, 40, 50_000), np.zeros(50_000, bool), np.ones((50_000, 1), int)
    counts = [tally(due[at], penalised[at], no[at], no[at], one[at])[..., 0] for g in range(40) for at in [group == g]]
    tables = np.array([[hits, whole, whole] for hits, whole in counts], float)
    assert identity(tables) < 1e-12
    tables[0, 0, RATES.index("false penalty")] += 1
    assert identity(tables) > 1e-3


def test_fairlearn_says_the_same_of_people_one_by_one(two, asked):
    """Its own rates and gaps, from a row a person and not from counts."""
    from fairlearn.metrics import MetricFrame, equalized_odds_difference, false_positive_rate, selection_rate

    people = two.citizens.filter(regime="first")
    due = (people["days.ban"] - people["false_days.ban"] + people["missed_days.ban"] > 0).to_numpy()
    penalised, home = (people["days.ban"] > 0).to_numpy(), people["residence"].to_numpy()
    found = asked(two, FAIRNESS, "first")
    frame = MetricFrame(metrics={"p": selection_rate, "f": false_positive_rate}, y_true=due, y_pred=penalised, sensitive_features=home)
    for of in ("town", "country"):
        assert [found[f"{rate}: {of}"] for rate in ("penalty", "false penalty")] == pytest.approx([*frame.by_group.loc[of]])
    assert [found[f"gap in {rate}: residence"] for rate in ("penalty", "false penalty")] == pytest.approx([*frame.difference()])
    assert [found[f"ratio of {rate}: residence"] for rate in ("penalty", "false penalty")] == pytest.approx([*frame.ratio()])
    assert found["equalised odds, gap: residence"] == pytest.approx(equalized_odds_difference(due, penalised, sensitive_features=home))


def test_without_fairlearn_one_line_says_what_to_install(two, monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **kwargs):
        if name.startswith("fairlearn"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    table = gh.audit(two, [FAIRNESS])
    assert table.select("of", "value").rows() == [(ABSENT, None)] * 2
    assert "pip install 'glasshouse[audits]'" in ABSENT


def test_of_a_run_the_groups_add_up_to_what_its_summary_counts(essay, asked):
    found, people = (asked(essay, FAIRNESS, "essay", column) for column in ("value", "people"))
    assert asked(essay, FAIRNESS, "none") == {}
    ever = max(block["citizens_ever"] for block in essay.summary["regimes"]["essay"]["penalties"].values())
    everybody = essay.citizens["citizen"].n_unique()
    assert people["penalty: everybody"] == everybody
    assert found["penalty: everybody"] * everybody >= ever > 0
    for groups in (("male", "female"), ("town", "country"), ("label 0", "label 1"), ("registered here", "registered elsewhere")):
        assert sum(found[f"penalty: {of}"] * people[f"penalty: {of}"] for of in groups) == pytest.approx(found["penalty: everybody"] * everybody)
    assert found["identity, off by at most"] < 1e-12
