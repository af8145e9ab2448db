"""The page of a comparison: every number of its audits, which one stands for an audit, what is not known, and nothing that is not escaped."""

import json
import re

import pytest

from glasshouse.audits.asking import TABLE
from glasshouse.present import comparison, words
from glasshouse.present.headlines import HEADLINES

LINE = "glasshouse compare essay charter --seeds 10 --fork 2020-02-01"
TITLES = {"essay": "The essay's system", "charter": "A charter"}
LEDGER = [{"key": f"a.b{n}", "about": f"Number {n}", "unit": "", "status": ("assumed", "law", "measured")[n % 3]} for n in range(30)]
RANGES = {
    "essay.wrong.false_penalty_share": [{"key": "a.b0", "low_value": 0.1, "high_value": 0.4, "base": 0.02, "at_low": 0.01, "at_high": 0.05}],
    "essay.life.income_mean": [{"key": "a.b3", "low_value": 0.1, "high_value": 0.4, "base": 5.0, "at_low": 5.0, "at_high": 5.0}],
}


def row(audit: str, regime: str, of: str, value: float | None, **more) -> dict:
    """A row of an audit with an interval a tenth either way."""
    known = {"audit": audit, "regime": regime, "of": of, "value": value, "kind": "95 % interval", "runs": 10, "unit": "share of days", "people": 900,
             "small": False, "direction": "higher: more of it", "definition": f"How {audit} is worked out."}  # fmt: skip
    span = {} if value is None else {"low": 0.9 * value, "high": 1.1 * value}
    return dict.fromkeys(TABLE) | known | span | more


def found(audits: list[dict], regimes=("none", "essay", "charter"), failed=()) -> dict:
    """A comparison as plain data."""
    gaps = [
        {"regime": name, "measure": line.id, "name": line.name, "first_mean": 0.1, "mean": 0.2, "mean_low": 0.1, "mean_high": 0.3,
         "difference": 0.1, "low": 0.05, "high": 0.15, "kind": "95 % interval", "seeds": 10, "unpaired": 12.0}
        for name in regimes[1:] for line in HEADLINES
    ]  # fmt: skip
    return {"regimes": list(regimes), "first": regimes[0], "citizens": 20000, "days": 1096, "start": "2020-01-01", "seed": 1, "seeds": list(range(1, 11)),
            "set": {}, "notes": [], "differences": gaps, "audits": audits, "failed": list(failed), "version": "0.1.0"}  # fmt: skip


AUDITS = [
    row("accuracy", "none", "false: all", None), row("accuracy", "essay", "false: all", 0.134, difference=0.01, difference_low=0.005, difference_high=0.015),
    row("accuracy", "charter", "false: all", 0.0613), row("accuracy", "essay", "false: ban", 0.777, people=12, small=True),
    row("inequality", "none", "income", 0.41, unit="Gini"), row("inequality", "essay", "income", 0.415, unit="Gini", difference=0.005),
]  # fmt: skip


def shown(html: str) -> str:
    """The words of a page, without its scripts and marks."""
    text = re.sub(r"<(script|style).*?</\1>", "", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).replace(words.SPACE, " ")


def line_of(html: str, audit: str) -> str:
    """The line of an audit in the table of what was found."""
    return shown(next(part for part in html.split("<tr")[1:] if f'href="#audit-{audit}"' in part and "<td" in part))


def test_a_line_an_audit_of_the_first_number_that_it_gives():
    html = comparison.page(found(AUDITS), TITLES, LEDGER, RANGES, LINE)
    line = line_of(html, "accuracy")
    assert "false: all" in line
    assert "ban" not in line
    assert [line.index(said) for said in ("no case", "13.4 %", "6.1 %")] == sorted(line.index(said) for said in ("no case", "13.4 %", "6.1 %"))
    assert "12.1 % to 14.7 %" in line
    assert "+1.00 points" in line
    assert "0.415" in line_of(html, "inequality")


def test_an_empty_cell_is_no_case_and_no_nought():
    line = line_of(comparison.page(found(AUDITS), TITLES, LEDGER, RANGES, LINE), "inequality")
    assert line.count("no case") == 1, "the charter has no such number"


def test_every_number_stands_in_a_table_and_few_people_are_flagged():
    text = shown(comparison.page(found(AUDITS), TITLES, LEDGER, RANGES, LINE))
    for value in ("13.4 %", "6.1 %", "77.7 %", "0.410", "0.415"):
        assert value in text
    assert "12 (few)" in text
    assert "How accuracy is worked out." in text


def test_of_very_many_numbers_those_in_front_are_drawn_and_the_others_folded():
    """The gap says between whom it lies; a number that stands behind is in no figure, and in a table that is folded."""
    rows = [row("fairness", "essay", "gap: age", 0.31, front=True, between="old above young"), row("fairness", "essay", "rate: old", 0.77, front=False)]
    html = comparison.page(found(rows), TITLES, LEDGER, RANGES, LINE)
    assert "old above young" in shown(html)
    charts = [json.loads(each) for each in re.findall(r'class="chart-data"[^>]*>(.*?)</script>', html, flags=re.S)]
    assert [point["label"] for chart in charts for point in chart["rows"]] == ["gap: age"]
    folded = html[html.index("1 more number") :]
    assert "77.0" in shown(folded[: folded.index("</details>")])


def test_each_number_says_what_it_would_have_cost_without_twins():
    text = shown(comparison.page(found([row("accuracy", "essay", "false: all", 0.1, unpaired=31.0)]), TITLES, LEDGER, RANGES, LINE))
    assert "31 times the runs" in text
    assert "12 times the runs" in text, "a headline"


def test_what_is_not_known_stands_beside_what_was_found():
    html = comparison.page(found(AUDITS), TITLES, LEDGER, RANGES, LINE)
    order = re.findall(r"<h2[^>]*>([^<]+)</h2>", html)
    assert order[:3] == ["What is compared", "What was found", "What is not known"]
    text = shown(html)
    assert "10 nobody has measured it" in text
    assert "a.b0" in text
    assert "1.0 % to 5.0 %" in text
    assert "a.b3" not in text, "a number that moves nothing is none that anything hangs on"
    assert "was not worked out" in shown(comparison.page(found(AUDITS), TITLES, LEDGER, {}, LINE))


def test_the_sentence_stands_on_the_page_and_a_failed_run_is_told():
    bad = [{"seed": 4, "stage": "living the days", "message": "MemoryError: no more"}]
    text = shown(comparison.page(found(AUDITS, failed=bad), TITLES, LEDGER, RANGES, LINE))
    assert "the model’s effect, not a country’s" in text
    assert "seed 4 failed, living the days: MemoryError: no more" in text
    assert "12 times the runs" in text
    assert LINE in text, "the line that repeats it, with all that was asked"


def test_bars_stand_on_one_scale_from_nought():
    bars = comparison._bars([row("a", "none", "x", 1.0, low=None, high=None), row("a", "essay", "x", None), row("a", "charter", "x", 4.0, low=3.0, high=5.0)])
    assert [bar and (bar.left, bar.right, bar.at) for bar in bars] == [(20, 20, 20), None, (60, 100, 80)]


def test_nothing_of_a_name_becomes_markup():
    evil = "<img src=x onerror=alert(1)>"
    html = comparison.page(found([row("accuracy", "essay", evil, 0.5)]), {"essay": evil}, [{"key": evil, "about": evil, "status": "assumed"}], {}, LINE)
    assert evil not in html
    assert "<img" not in re.sub(r"<script type=\"module\">.*?</script>", "", html, flags=re.S)


def test_the_same_numbers_give_the_same_bytes_and_charts_hold_what_the_table_holds():
    first, second = (comparison.page(found(AUDITS), TITLES, LEDGER, RANGES, LINE) for _ in range(2))
    assert first == second
    charts = [json.loads(each) for each in re.findall(r'class="chart-data"[^>]*>(.*?)</script>', first, flags=re.S)]
    assert [{(point["label"], point["value"]) for point in chart["rows"]} for chart in charts] == [
        {("false: all", 0.134), ("false: all", 0.0613), ("false: ban", 0.777)}, {("income", 0.41), ("income", 0.415)}]  # fmt: skip


def test_without_audits_the_page_says_so():
    assert "No audit was asked" in shown(comparison.page(found([]), TITLES, LEDGER, RANGES, LINE))


@pytest.mark.parametrize("number", range(1, 3))
def test_how_many_societies_in_the_right_number(number):
    audits = [{**each, "runs": number} for each in AUDITS]
    few = found(audits)
    few["differences"] = [{**each, "seeds": number} for each in few["differences"]]
    assert f"with {number} {'society' if number == 1 else 'societies'} drawn anew" in shown(comparison.page(few, TITLES, LEDGER, RANGES, LINE))
