"""outsider: each way of finding out gives what its formula gives, and the truth beside it is that of the twins."""

import polars as pl
import pytest

from glasshouse.audits.outsider import OUTSIDER

TOML = """
[acts.speeds]
gravity.value = 3.0
[acts.gives]
good = true
gravity.value = 6.0
[consequences.ban]
kind = "penalty"
[consequences.lift]
kind = "reward"
[regime.rule.consequences.ban]
grades = ["low", "poor"]
[regime.rule.consequences.lift]
grades = ["high"]
[[regime.rule.grades]]
id = "low"
[[regime.rule.grades]]
id = "poor"
from = {about = "Cut.", unit = "points", status = "assumed", source = "By hand.", range = [0, 1000], value = 300}
[[regime.rule.grades]]
id = "fair"
from = {about = "Cut.", unit = "points", status = "assumed", source = "By hand.", range = [0, 1000], value = 500}
[[regime.rule.grades]]
id = "high"
from = {about = "Cut.", unit = "points", status = "assumed", source = "By hand.", range = [0, 1000], value = 650}
"""
TOML += TOML[TOML.index("[regime.rule.consequences.ban]") :].replace("regime.rule", "regime.again")
HAS = {"none": {"penalties": {}}, "rule": {"penalties": {"ban": {}}, "rewards": {"lift": {}}}, "again": {"penalties": {"ban": {}}, "rewards": {"lift": {}}}}
STEP, LOSS, SLOPE, GAIN, GROWTH = -700.0, -1000.0, 40.0, 25.0, 300.0
"""Of income: the step below the cut that is not the rule's, what the rule takes from the penalised, what a point goes with, what it gives the others, a year."""
SCORES = [*range(300, 500, 5), *range(500, 700, 5)]


def citizens() -> pl.DataFrame:
    """80 citizens with a score each and half of them below the cut; the twins earn more with each point, and those below it a step less."""
    rows = []
    for regime in HAS:
        for year in (2020, 2021):
            for number, score in enumerate(SCORES):
                low = score < 500
                plain = 20_000 + SLOPE * score + STEP * low + GROWTH * (year - 2020)
                rule = 0 if regime == "none" or year == 2020 else LOSS if low else GAIN
                rows.append({
                    "regime": regime, "year": year, "citizen": number, "weight": 1.0 + number % 2, "living": True, "age": 20 + number % 4 * 15, "fifth": "lowest fifth",
                    "residence": "town", "sex": "male", "score": None if regime == "none" else score, "income": plain + rule,
                    "days.ban": None if regime == "none" else 9 * low * (year - 2020), "days.lift": None if regime == "none" else 300,
                })  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"score": pl.Float64, "days.ban": pl.Int64, "days.lift": pl.Int64})


def daily(truly=60, speeds=80) -> pl.DataFrame:
    """Twenty days: the rule starts on the tenth; from then on there are records."""
    rows = []
    for regime in HAS:
        for day in range(20):
            ruled = regime != "none" and day >= 10
            late = ruled and day >= 15
            sums = {
                "people": 100, "acts:speeds": speeds if late else 100, "acts:gives": 7, "covered": 80 * ruled, "appeals_upheld": 3 * ruled,
                "own:speeds": (8 if late else 16) * ruled, "received:speeds": 2 * ruled, "false_record:speeds": 2 * ruled, "own:gives": 50 * ruled,
                "survey:asked": 100, "survey:approve_truly": truly if ruled else 50, "survey:approve_directly": 90 if ruled else 70,
                "survey:list_control": 40, "survey:list_control_items": 60, "survey:list_treated_items": 126,
            }  # fmt: skip
            rows += [{"regime": regime, "day": day, "measure": name, "value": value} for name, value in sums.items()]
    return pl.DataFrame(rows)


@pytest.fixture
def society(by_hand):
    flows = pl.DataFrame({"regime": ["rule", "rule", "again"], "spells": [100, 50, 150]})
    spells = pl.DataFrame({"regime": [*["rule"] * 5, *["again"] * 4], "citizen": range(9), "consequence": ["ban", "ban", "ban", "ban", "lift", *["ban"] * 4], "false_days": [0, 3, 0, 0, 9, 0, 3, 0, 0]})
    return lambda **tables: by_hand({"citizens": citizens(), "daily": daily(), "flows": flows, "spells": spells} | tables, HAS, TOML)


def three(found: dict, way: str) -> list:
    return [found[f"{way}: {what}"] for what in ("estimate", "truth", "bias")]


def test_approval_is_what_is_said_and_what_is_held(society, asked):
    found = asked(society(), OUTSIDER, "rule")
    assert three(found, "approval, asked directly") == pytest.approx([0.8, 0.55, 0.25])
    assert three(found, "approval, list experiment") == pytest.approx([126 / 60 - 60 / 40, 0.55, 0.6 - 0.55])
    assert three(found, "approval gained, asked directly before and after") == pytest.approx([0.2, 0.1, 0.1])


def test_error_is_objections_upheld_and_penalties_that_were_false(society, asked):
    assert three(asked(society(), OUTSIDER, "rule"), "error of penalties, objections upheld a penalty") == pytest.approx([30 / 150, 0.25, -0.05])


def test_acts_are_those_on_record_and_those_done(society, asked):
    """20 records a day, then 12; 80 acts where the twins do 100."""
    assert three(asked(society(), OUTSIDER, "rule"), "acts, before and after in the records") == pytest.approx([-0.4, -0.2, -0.2])


def test_a_rule_that_brings_acts_on_has_the_other_sign(society, asked):
    assert three(asked(society(daily=daily(speeds=130)), OUTSIDER, "rule"), "acts, before and after in the records")[1:] == pytest.approx([0.3, -0.7])


def test_income_by_each_way(society, asked):
    """Of two straight lines with a step the step is found exactly: what the rule takes and gives, and what was there before it."""
    found = asked(society(), OUTSIDER, "rule")
    weights = [1.0 + number % 2 for number in range(80)]
    means = [sum(w * s for w, s in pairs) / sum(w for w, _ in pairs) for pairs in (list(zip(weights, SCORES, strict=True))[:40], list(zip(weights, SCORES, strict=True))[40:])]
    gap = LOSS - GAIN + STEP + SLOPE * (means[0] - means[1])
    everybody = (LOSS + GAIN) / 2
    assert three(found, "income, before and after") == pytest.approx([GROWTH + everybody, everybody, GROWTH])
    assert three(found, "income, penalised against others") == pytest.approx([gap, LOSS, gap - LOSS])
    assert three(found, "income, either side of the cut") == pytest.approx([LOSS - GAIN + STEP, LOSS, STEP - GAIN])
    matched = three(found, "income, penalised against others matched")
    assert matched[1] == LOSS
    assert matched[2] == pytest.approx(matched[0] - LOSS)


def test_the_truth_at_the_cut_is_of_those_near_it_each_for_as_many_as_the_row_stands_for(society, asked):
    """Of those below, the ones that stand for two lose twice as much."""
    double = pl.when((pl.col("regime") != "none") & (pl.col("days.ban") > 0) & (pl.col("weight") == 2)).then(LOSS).otherwise(0.0)
    width = pl.Series(SCORES, dtype=pl.Float64).std()
    near = [((1 + n % 2) * (1 - abs(score - 500) / width), LOSS * (1 + n % 2)) for n, score in enumerate(SCORES) if score < 500 and 500 - score < width]
    wanted = sum(w * loss for w, loss in near) / sum(w for w, _ in near)
    found = asked(society(citizens=citizens().with_columns(pl.col("income") + double)), OUTSIDER, "rule")
    assert found["income, either side of the cut: truth"] == pytest.approx(wanted)


def test_the_dead_are_not_asked(society, asked):
    """One who died in the last year, and whom the rule would have cost a fortune, is left out."""
    died = citizens().with_columns(living=pl.col("citizen") != 7, income=pl.when((pl.col("citizen") == 7) & (pl.col("regime") != "none")).then(-1e9).otherwise(pl.col("income")))
    found = asked(society(citizens=died), OUTSIDER, "rule")
    assert found["income, penalised against others: truth"] == LOSS


def test_others_who_are_alike_count_each_for_as_many_as_the_row_stands_for(society, asked):
    """All in one cell: those that stand for two earn 3,000 more."""
    alike = citizens().with_columns(age=40, income=pl.when((pl.col("days.ban").fill_null(0) == 0) & (pl.col("weight") == 2)).then(3000.0).otherwise(0.0))
    assert asked(society(citizens=alike), OUTSIDER, "rule")["income, penalised against others matched: estimate"] == pytest.approx(-2000)


def test_matching_compares_with_those_who_are_alike(society, asked):
    """Where income hangs on age alone, matching by age finds what the rule takes, and the plain comparison does not."""
    band = pl.when(pl.col("age") < 35).then(0.0).when(pl.col("age") < 60).then(5000.0).otherwise(9000.0)
    rule = pl.when((pl.col("regime") != "none") & (pl.col("days.ban") > 0)).then(LOSS).otherwise(0.0)
    aged = citizens().filter((pl.col("days.ban").fill_null(0) == 0) | (pl.col("age") > 40)).with_columns(income=band + rule)
    found = asked(society(citizens=aged), OUTSIDER, "rule")
    assert found["income, penalised against others matched: estimate"] == pytest.approx(LOSS)
    assert found["income, penalised against others: estimate"] > 0
    assert found["income, penalised against others: truth"] == LOSS


def test_nobody_penalised_and_everybody_penalised_leave_nobody_to_compare(society, asked):
    for days in (0, 9):
        found = asked(society(citizens=citizens().with_columns(pl.lit(days).alias("days.ban"))), OUTSIDER, "rule")
        assert found["income, penalised against others: estimate"] is None
        assert found["income, penalised against others matched: bias"] is None
    assert found["income, either side of the cut: estimate"] == pytest.approx(LOSS - GAIN + STEP)


def test_without_penalties_there_is_approval_alone(society, asked):
    assert {name.partition(",")[0] for name in asked(society(), OUTSIDER, "none")} == {"approval"}


def test_without_scores_there_is_no_cut_and_the_grown_up_are_compared(society, asked):
    young = citizens().with_columns(score=pl.lit(None, pl.Float64), age=pl.when(pl.col("citizen") == 0).then(17).otherwise(pl.col("age")))
    run = society(citizens=young)
    assert asked(run, OUTSIDER, "rule")["income, either side of the cut: estimate"] is None
    assert asked(run, OUTSIDER, "rule", "people")["income, penalised against others: estimate"] == 39


def test_a_year_that_is_the_only_one_has_no_before(society, asked):
    assert asked(society(citizens=citizens().filter(year=2021)), OUTSIDER, "rule")["income, before and after: estimate"] is None


def test_the_same_rule_twice_differs_by_nothing(society, asked):
    run = society()
    assert asked(run, OUTSIDER, "rule") == asked(run, OUTSIDER, "again")


def test_estimates_never_look_at_the_twins_at_true_acts_or_at_what_people_hold(society, asked):
    """With all of these changed, the truths move and no estimate does."""
    hidden = pl.col("measure").is_in(["acts:speeds", "survey:approve_truly"])
    moved = daily().with_columns(value=pl.when(hidden).then(pl.col("value") // 2).when(pl.col("regime") == "none").then(pl.col("value") // 3 + 1).otherwise(pl.col("value")))
    twins = citizens().with_columns(income=pl.when(pl.col("regime") == "none").then(1.0).otherwise(pl.col("income")))
    false = pl.DataFrame({"regime": ["rule"], "citizen": 0, "consequence": ["ban"], "false_days": [1]})
    before, after = (asked(run, OUTSIDER, "rule") for run in (society(), society(daily=moved, citizens=twins, spells=false)))
    estimates = [name for name in before if name.endswith(": estimate")]
    assert len(estimates) == 9
    assert {name: before[name] for name in estimates} == {name: after[name] for name in estimates}
    assert all(before[name] != after[name] for name in before if name.endswith(": truth"))


def test_of_a_run_the_answers_are_those_of_its_survey(essay, asked):
    found = asked(essay, OUTSIDER, "essay")
    sums = dict(essay.daily.filter(regime="essay").group_by("measure").agg(pl.col("value").sum()).iter_rows())
    assert found["approval, asked directly: estimate"] == sums["survey:approve_directly"] / sums["survey:asked"]
    penalties = [*essay.summary["regimes"]["essay"]["penalties"]]
    assert essay.flows["spells"].sum() == essay.spells.filter(pl.col("consequence").is_in(penalties)).height
    assert found["acts, before and after in the records: truth"] < 0
