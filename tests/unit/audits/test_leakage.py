"""leakage on flows made by hand: a matrix of four numbers, what is about the same context and what is not, and the penalty days of a run."""

import polars as pl
import pytest

from glasshouse.audits.leakage import LEAKAGE, contexts
from glasshouse.catalogue.schema import Channel, Domain

SCHEMA = {"regime": pl.String, "channel": pl.String, "act": pl.String, "domain": pl.String, "group": pl.String, "points_lost": pl.Int64, "days": pl.Int64}


def flows(*rows, regimes=("first", "second")) -> pl.DataFrame:
    """Rows of channel, act, domain, fifth, points and days, the same under every regime."""
    return pl.DataFrame([(regime, *row) for regime in regimes for row in rows], schema=SCHEMA, orient="row")


SPEECH_TO_TRAVEL = (
    ("social", "rumour", None, "lowest fifth", 60, 0), ("social", "rumour", None, "highest fifth", 40, 0), ("social", "insult", None, "lowest fifth", 7, 0),
    ("social", "rumour", "travel", "lowest fifth", 0, 30), ("social", "rumour", "speech", "highest fifth", 0, 10),
    ("browsing", "page", "speech", "lowest fifth", 0, 40), (None, None, "work", "lowest fifth", 0, 20), ("gym", "skips", "work", "lowest fifth", 0, 25),
)  # fmt: skip


def test_the_matrix_is_what_a_hand_counts(by_hand, asked):
    """100 points of rumour go three to one to travel and speech; the insult is felt nowhere. Speech about a page is near, not its own."""
    found = asked(by_hand({"flows": flows(*SPEECH_TO_TRAVEL)}), LEAKAGE, "second")
    assert {of: number for of, number in found.items() if not of.startswith(("another", "context", "no act"))} == {
        "days: no act to work": 20, "days: browsing to speech": 40, "days: gym to work": 25, "days: social to speech": 10, "days: social to travel": 30,
        "points: social to travel": pytest.approx(75), "points: social to speech": pytest.approx(25), "points: social to nowhere": 7}  # fmt: skip
    assert found["another context: all channels"] == pytest.approx(70 / 80)
    assert found["another context: social"] == pytest.approx(0.75)
    assert found["another context, near ones apart: all channels"] == pytest.approx(30 / 80)
    assert found["another context, near ones apart: browsing"] == 0
    assert found["no act behind it"] == pytest.approx(20 / 125)
    assert found["context not known: no act or a channel of one's own"] == pytest.approx(45 / 125)


def test_points_without_a_penalty_are_felt_nowhere_and_shares_have_no_case(by_hand, asked):
    found = asked(by_hand({"flows": flows(("social", "rumour", None, "lowest fifth", 5, 0))}), LEAKAGE, "first")
    assert found["points: social to nowhere"] == 5
    assert (found["another context: all channels"], found["no act behind it"]) == (None, None)


def test_a_regime_without_flows_has_no_rows(by_hand, asked):
    assert asked(by_hand({"flows": flows(*SPEECH_TO_TRAVEL, regimes=("second",))}), LEAKAGE, "first") == {}


def test_a_ban_moved_to_its_own_context_lowers_the_share_and_the_same_rule_does_not(by_hand, asked):
    before = flows(*SPEECH_TO_TRAVEL, regimes=("first", "again"))
    moved = flows(*SPEECH_TO_TRAVEL, regimes=("second",)).with_columns(domain=pl.col("domain").replace("travel", "speech"))
    run = by_hand({"flows": pl.concat([before, moved])}, {name: {"penalties": {}} for name in ("first", "second", "again")})
    assert asked(run, LEAKAGE, "second", "difference")["another context: all channels"] == pytest.approx(-30 / 80)
    assert {number for number in asked(run, LEAKAGE, "again", "difference").values() if number is not None} == {0}


def test_every_channel_says_what_it_is_about_and_why():
    assert set(contexts()) == set(Channel.__args__)
    for each in contexts().values():
        assert {*each["own"], *each["near"]} <= set(Domain.__args__)
        assert not {*each["own"]} & {*each["near"]}
        assert (each["status"], bool(each["source"])) == ("assumed", True)


def test_of_a_run_the_days_are_those_of_the_summary(erring, asked):
    found = asked(erring, LEAKAGE, "essay")
    assert sum(number for of, number in found.items() if of.startswith("days")) == erring.summary["regimes"]["essay"]["wrong"]["penalty_days"]
    lost = erring.flows.filter(regime="essay")["points_lost"].sum()
    assert sum(number for of, number in found.items() if of.startswith("points")) == pytest.approx(lost)
    assert asked(erring, LEAKAGE, "none") == {}
