"""article-5: the facts that speak to each limb are those of a matrix and of spells that are written down here."""

import polars as pl
import pytest

from glasshouse.audits import leakage, proportionality
from glasshouse.audits.article_5 import ARTICLE_5

NUMBER = 'about = "By hand.", unit = "as such", status = "assumed", source = "By hand."'
ACTS = "".join(
    f'[acts.{name}]\nchannel = "{channel}"\nlawful = {lawful}\n[acts.{name}.gravity]\n{NUMBER.replace(", ", chr(10))}\nrange = [{gravity}, {gravity}]\nvalue = {gravity}\n'
    for name, channel, lawful, gravity in (("late", "payments", "true", 1.0), ("posts", "social", "false", 0.5), ("drunk", "civic", "false", 7.0))
)
TOML = ACTS + (f'[consequences.ban]\nkind = "penalty"\nmechanism = "rail_seat"\n[consequences.ban.weight]\n{NUMBER.replace(", ", chr(10))}\nrange = [1, 4]\nvalue = 2\n')
HAS = {"none": {"penalties": {}}, "rule": {"penalties": {"ban": {}}}, "again": {"penalties": {"ban": {}}}}
SUMS = {"people": 1000, "covered": 730, "in_force:ban": 100, "false:ban": 15, "own:late": 10, "own:posts": 20, "own:drunk": 2, "received:late": 0,
        "points:late": -10, "points:posts": -20, "points:drunk": -60}  # fmt: skip
DAYS = {"late": 40, "posts": 36, "drunk": 4}
"""Penalty days by the act behind them; twenty more have none."""


def society(by_hand, toml=TOML, **sums):
    """One rule, twice; each act's days fall in a domain: payments in credit, posts in connection, driving in travel."""
    domains = {"late": ("payments", "credit"), "posts": ("social", "connection"), "drunk": ("civic", "travel")}
    rows = {name: [] for name in ("daily", "flows", "spells")}
    for regime in ("none", "rule", "again"):
        rows["daily"] += [{"regime": regime, "measure": name, "value": value} for name, value in (SUMS | sums).items() if regime != "none" or name == "people"]
        if regime == "none":
            continue
        for act, days in DAYS.items():
            channel, domain = domains[act]
            rows["flows"] += [{"regime": regime, "channel": channel, "act": act, "domain": domain, "points_lost": 0, "days": days, "spells": 1}]
            rows["flows"] += [{"regime": regime, "channel": channel, "act": act, "domain": None, "points_lost": 30, "days": 0, "spells": 0}]
            rows["spells"] += [{"regime": regime, "citizen": 1, "consequence": "ban", "start": 0, "end": days, "act": act}]
        rows["flows"] += [{"regime": regime, "channel": None, "act": None, "domain": "travel", "points_lost": 0, "days": 20, "spells": 1}]
        rows["spells"] += [{"regime": regime, "citizen": 2, "consequence": "ban", "start": 100, "end": 120, "act": None}]
    return by_hand({name: pl.DataFrame(each, infer_schema_length=None) for name, each in rows.items()}, HAS, toml)


def test_the_scope_is_whom_the_rule_covers(by_hand, asked):
    found = asked(society(by_hand), ARTICLE_5, "rule")
    assert found["scope: share of people covered"] == 0.73
    assert found["scope: penalty days for each person covered and year"] == pytest.approx(100 * 365 / 730)


def test_limb_i_is_what_leaves_its_context(by_hand, asked):
    """Payments are about credit; posts are not about the line that they go over, but near it; civic records are not about travel."""
    found, contexts = asked(society(by_hand), ARTICLE_5, "rule"), leakage.contexts()
    assert "credit" in contexts["payments"]["own"]
    assert "connection" in contexts["social"]["near"]
    drunk = {kind: 0 if any("travel" in contexts["civic"][part] for part in parts) else DAYS["drunk"] for kind, parts in (("own", ("own",)), ("near", ("own", "near")))}
    assert found["limb i: days felt in another context"] == pytest.approx((DAYS["posts"] + drunk["own"]) / 80)
    assert found["limb i: days felt in another context, near ones apart"] == pytest.approx(drunk["near"] / 80)
    assert found["limb i: days of which the context is not known"] == pytest.approx(0.2)


def test_limb_ii_is_what_has_no_ground_and_what_is_out_of_proportion(by_hand, asked):
    found = asked(society(by_hand), ARTICLE_5, "rule")
    assert found["limb ii, unjustified: days that the rule itself would not bring"] == 0.15
    assert found["limb ii, unjustified: days for acts that no law forbids"] == pytest.approx(40 / 80)
    assert found["limb ii, disproportionate: days for light acts"] == pytest.approx(76 / 80)
    assert found["limb ii, disproportionate: records of light acts"] == pytest.approx(30 / 32)
    # days a record: 4, 1.8 and 2; of posts (0.5), late (1) and drunk (7) the pairs: posts-late no, posts-drunk no, late-drunk yes
    assert found["limb ii, disproportionate: pairs of acts of which the lighter brings more days"] == pytest.approx(1 / 3)
    assert found["limb ii, disproportionate: weight a point of gravity"] == pytest.approx(100 * 2 / (10 + 10 + 14))
    assert found["limb ii, disproportionate: weight a point of gravity, at most"] == pytest.approx(100 * 4 / 34)


def test_more_false_days_and_more_away_move_their_limb_alone(by_hand, asked):
    before, after = asked(society(by_hand), ARTICLE_5, "rule"), asked(society(by_hand, **{"false:ban": 60}), ARTICLE_5, "rule")
    assert {name for name in before if before[name] != after[name]} == {"limb ii, unjustified: days that the rule itself would not bring"}
    assert after["limb ii, unjustified: days that the rule itself would not bring"] == 0.6


def test_a_rule_without_penalties_has_a_scope_alone_and_nobody_penalised_no_case(by_hand, asked):
    assert asked(society(by_hand), ARTICLE_5, "none") == {"scope: share of people covered": 0}
    run = society(by_hand, **{"in_force:ban": 0, "false:ban": 0})
    for name in ("flows", "spells"):
        run.tables[name] = run.tables[name].clear()
    found = asked(run, ARTICLE_5, "rule")
    assert found["limb i: days felt in another context"] is None
    assert found["limb ii, unjustified: days that the rule itself would not bring"] is None
    assert found["limb ii, unjustified: days for acts that no law forbids"] is None


def test_the_same_rule_twice_differs_by_nothing(by_hand, asked):
    assert asked(society(by_hand), ARTICLE_5, "rule") == asked(society(by_hand), ARTICLE_5, "again")


def test_it_says_that_it_is_no_legal_advice():
    assert ARTICLE_5.definition.startswith("A screen, not legal advice")


def test_of_a_run_the_evidence_is_that_of_the_other_audits(essay, asked):
    found, matrix, harm = (asked(essay, audit, "essay") for audit in (ARTICLE_5, leakage.LEAKAGE, proportionality.PROPORTIONALITY))
    wrong = essay.summary["regimes"]["essay"]["wrong"]
    assert found["limb i: days felt in another context"] == matrix["another context: all channels"]
    assert found["limb ii, unjustified: days for acts that no law forbids"] == harm["lawful acts: share of days"]
    assert found["limb ii, unjustified: days that the rule itself would not bring"] == wrong["false_penalty_share"]
