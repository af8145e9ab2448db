"""A life is told from the rows of a run: every sentence has its row, what was not true is said, and who is told of is chosen by the stated rule."""

import re
from types import SimpleNamespace

import polars as pl
import pytest

from glasshouse.commands.life import _citizen
from glasshouse.errors import BadInput
from glasshouse.present import lives, words
from glasshouse.present.data import Data
from glasshouse.present.report import figures_of

TOML = """
id = "made"
[acts.posts_criticism]
title = "posts criticism"
[acts.speeds]
title = "drives too fast"
[consequences.flight_ban]
title = "boarding is refused"
[consequences.loan_access]
title = "loans are easier"
"""
PANEL = {"regime": pl.String, "citizen": pl.Int64, "day": pl.Int32, "event": pl.String, "act": pl.String, "outcome": pl.String, "points": pl.Int32,
         "rule_points": pl.Int32, "note": pl.String}  # fmt: skip
EVENTS = [
    ("rule", 7, 10, "act", "posts_criticism", "recorded", -50, -50, None),
    ("rule", 7, 11, "act", "speeds", "missed", 0, -5, None),
    ("rule", 7, 12, "act", "speeds", "pinned on somebody else", 0, -5, None),
    ("rule", 7, 13, "false_record", "speeds", None, -5, -5, None),
    ("rule", 7, 14, "received_record", "posts_criticism", "another's", -1, -50, None),
    ("rule", 7, 15, "begins", None, "flight_ban", 0, 0, "record"),
    ("rule", 7, 20, "ends", None, "flight_ban", 0, 0, "none"),
    ("rule", 7, 21, "act", "speeds", "missed", 0, 0, None),
    ("rule", 7, 22, "attempt", None, None, 0, 0, None),
    ("rule", 8, 5, "begins", None, "flight_ban", 0, 0, "none"),
    ("rule", 9, 5, "attempt", None, None, 0, 0, None),
]


def citizens(debts=(0.0, 100.0, 300.0, 200.0)) -> pl.DataFrame:
    """Four people, of whom three are followed; under the rule 7 is wronged and 9 has more than her twin."""
    rows = []
    for regime in ("none", "rule"):
        for at, citizen in enumerate((7, 8, 9, 10)):
            days, false = {7: (5, 5), 8: (9, 0), 9: (0, 0), 10: (20, 20)}[citizen] if regime == "rule" else (0, 0)
            rows.append({
                "year": 2020, "regime": regime, "citizen": citizen, "living": True, "weight": 1.0, "age": 34, "sex": "female" if citizen != 8 else "male",
                "residence": "town", "fifth": "middle fifth", "work": "ordinary", "grade": "B" if regime == "rule" else None,
                "clean_grade": "A" if citizen == 7 and regime == "rule" else "B" if regime == "rule" else None, "income": 50000.0,
                "wealth": 900.0 + (100.0 if citizen == 9 and regime == "rule" else 0.0), "debt": debts[at], "days.flight_ban": days,
                "false_days.flight_ban": false, "refused.flight_ban": 2 if days else 0, "refused.loan_access": 3 if citizen == 9 and regime == "rule" else 0,
            })  # fmt: skip
    return pl.DataFrame(rows)


def run(**more) -> SimpleNamespace:
    """A run of a rule beside no score."""
    regimes = {"none": {"penalties": {}, "rewards": {}}, "rule": {"penalties": {"flight_ban": {}}, "rewards": {"loan_access": {}}}}
    spells = pl.DataFrame(
        [("rule", 7, "flight_ban", 15, 20, "record", 5), ("rule", 8, "flight_ban", 5, None, "none", 0)],
        schema=["regime", "citizen", "consequence", "start", "end", "cause", "false_days"], orient="row",
    )  # fmt: skip
    known = {
        "summary": {"run": {"citizens": 4, "days": 366, "start": "2020-01-01", "end": "2020-12-31"}, "regimes": regimes}, "scenario_toml": TOML,
        "what": {}, "panel": pl.DataFrame(EVENTS, schema=PANEL, orient="row"), "citizens": citizens(), "spells": spells,
    }  # fmt: skip
    return SimpleNamespace(**known | more)


def texts(citizen: int, regime: str = "rule") -> list[str]:
    return [each.text.replace(words.SPACE, " ") for each in lives.told(Data(run()), citizen, regime).sentences]


def test_what_was_done_recorded_and_not_true_is_told_in_order():
    assert texts(7)[:7] == [
        "11 January 2020: she posts criticism; it is recorded, −50 points.",
        "12 January 2020: she drives too fast; nobody records it.",
        "13 January 2020: she drives too fast; the record of it goes to somebody else.",
        "14 January 2020: a record says that she drives too fast, and she does not, −5 points.",
        "15 January 2020: the record of somebody else, who posts criticism, is put down to her, −1 point.",
        "16 January 2020: it begins: boarding is refused; the rule itself would not have brought it (wrong or misdirected records).",
        "21 January 2020: it ends: boarding is refused.",
    ]


def test_a_year_ends_with_grade_money_and_what_was_refused():
    last = texts(7)[-1]
    assert last == ("31 December 2020: grade B (by what she did it would be A); income 50,000 yuan a year, savings 900 yuan, debt 0 yuan; "
                    "in this year refused 2 times: boarding is refused.")  # fmt: skip
    assert "granted 3 times: loans are easier" in texts(9)[-1]
    assert len(texts(7)) == 8, "an act that no rule counts, and an attempt, are no sentence"


def test_men_are_he():
    assert lives.told(Data(run()), 8, "rule").who.startswith("Citizen 8, a man of 34 in a town")
    one = run(panel=pl.DataFrame([("rule", 8, 3, "received_record", "speeds", "another's", -5, -5, None)], schema=PANEL, orient="row"))
    assert "is put down to him" in lives.told(Data(one), 8, "rule").sentences[0].text


def test_every_sentence_rests_on_one_row_of_a_stored_table():
    whole = run()
    for citizen in (7, 8, 9):
        for each in lives.told(Data(whole), citizen, "rule").sentences:
            rows = getattr(whole, each.table).filter(*(pl.col(key).eq_missing(value) for key, value in each.row.items()))
            assert rows.height == 1, each


def test_whom_the_rules_choose():
    """By hand: days under penalties 5, 9 and 0, so 7 stands in the middle; false days 5, 0, 0; savings; debts 0, 100, 300."""
    data = Data(run())
    assert {name: each.pick(data, "rule") for name, each in lives.PICKS.items()} == {"median": 7, "wronged": 7, "gainer": 9, "debtor": 8}


def test_nobody_is_chosen_where_there_is_no_case():
    fair = run(citizens=citizens(debts=(0.0,) * 4).with_columns(pl.lit(0).alias("false_days.flight_ban"), wealth=pl.lit(5.0)))
    assert [lives.PICKS[name].pick(Data(fair), "rule") for name in ("wronged", "gainer", "debtor")] == [None, None, None]


def test_where_nobody_was_wronged_the_command_says_so_in_one_message():
    fair = run(citizens=citizens().with_columns(pl.lit(0).alias("false_days.flight_ban")))
    with pytest.raises(BadInput) as caught:
        _citizen(Data(fair), "wronged", "rule")
    assert str(caught.value) == "under `rule` nobody who is followed was wronged: no penalty stood that the rule itself would not have brought"
    assert any("nobody who is followed was wronged" in getattr(block, "text", "") for block in lives.lives(Data(fair)).blocks)


def test_who_is_not_followed_is_told_with_the_nearest():
    with pytest.raises(BadInput, match=r"citizen 10 is not one of the 3 who are followed; did you mean `9`"):
        lives.told(Data(run()), 10, "rule")
    with pytest.raises(BadInput, match="no regime `rul`; did you mean `rule`"):
        lives.told(Data(run()), 7, "rul")


def test_the_section_tells_of_each_rule_and_draws_what_was_in_force():
    section = lives.lives(Data(run()))
    folds = [block for block in section.blocks if getattr(block, "kind", "") == "fold"]
    assert [fold.title.partition(":")[0] for fold in folds] == ["The one in the middle of all followed, by days under penalties", "The most wronged",
                                                               "The greatest gainer", "An ordinary debtor"]  # fmt: skip
    figure = next(block for block in folds[0].blocks if block.kind == "figure")
    assert [(row["label"], row["start"], row["end"]) for row in figure.rows] == [("Boarding is refused", "2020-01-16", "2020-01-21")]
    assert figure.rows[0]["say"].endswith("false")
    still = next(block for block in folds[3].blocks if block.kind == "figure")
    assert still.rows[0]["end"] == "2021-01-01", "a spell that still runs is drawn to the last day"
    assert len(figures_of([section])) == len(re.findall("figure", " ".join(block.kind for fold in folds for block in fold.blocks)))


def test_a_run_that_follows_nobody_says_so():
    empty = lives.lives(Data(run(panel=pl.DataFrame(schema=PANEL))))
    assert "Nobody is followed" in empty.blocks[-1].text
