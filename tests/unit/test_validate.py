"""Held against the record: the arithmetic of a verdict, the targets file, what rests on what, and what is shown and kept."""

import dataclasses
import html
import json
import math
import re
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.unit.fake_validation import fake_validation

from glasshouse.commands.terminal import written
from glasshouse.commands.validating import parts
from glasshouse.errors import BadInput
from glasshouse.experiments import switches as switched
from glasshouse.experiments.days import Society
from glasshouse.present.validation import number, page
from glasshouse.store import Run
from glasshouse.store.columns import COLUMNS
from glasshouse.validate import basis, kept, load_targets, runs
from glasshouse.validate.fit import LEAP, scaled
from glasshouse.validate.measures import MEASURES
from glasshouse.validate.naive import LINE, LOGISTIC, MODEL, predict
from glasshouse.validate.page import markdown
from glasshouse.validate.runs import CITIZEN, Job, Size, carry_out_all, measured, scenario_of
from glasshouse.validate.table import LEAST_FREE, both_ways, validate
from glasshouse.validate.targets import ASKED, FOLDER, Row
from glasshouse.validate.verdict import FREE, INPUT, judge, verdict

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ROOT / "src" / "glasshouse" / "society" / "data" / "china-2019" / FOLDER


@pytest.fixture(scope="module")
def targets():
    return load_targets()


def row(**more) -> Row:
    """A row of a made-up figure."""
    given = {
        "id": "mine",
        "about": "A figure.",
        "published": 10.0,
        "unit": "%",
        "source": "A paper.",
        "status": "seen",
        "country": "China",
        "run": "society",
        "measure": "men",
        "tolerance": 0.5,
        "reason": "Half a point.",
    }
    return Row.model_validate({key: part for key, part in {**given, **more}.items() if part is not None})


# ---- the arithmetic of a verdict


@pytest.mark.parametrize("side", [-1, 1])
def test_a_row_agrees_up_to_its_tolerance_and_two_standard_errors_and_no_further(side):
    room = 0.5 + 2 * 0.25
    assert verdict(10 + side * room, 10, 0.5, 0.25) == "agrees"
    assert verdict(10 + side * (room + 1e-6), 10, 0.5, 0.25) == "differs"
    assert verdict(10 + side * 0.5, 10, 0.5, 0.0) == "agrees"
    assert verdict(10 + side * (0.5 + 1e-6), 10, 0.5, 0.0) == "differs"


def test_the_standard_error_is_that_of_the_mean_over_seeds():
    numbers = [9.0, 10.0, 11.0, 14.0]
    found = judge(row(tolerance=0.0), numbers, "China")
    assert found.simulated == 11.0
    assert found.error == pytest.approx(np.std(numbers, ddof=1) / math.sqrt(4))
    assert found.verdict == "agrees"
    assert judge(row(tolerance=0.0), [11.0], "China").verdict == "differs", "one seed has no standard error"
    assert judge(row(tolerance=0.0), [11.0, 11.0], "China").verdict == "differs"


@pytest.mark.parametrize(
    ("asked", "numbers", "wanted"),
    [
        (row(), [10.1, 10.2], "agrees"),
        (row(), [20.0, 20.1], "differs"),
        (row(country="Japan"), [10.0, 10.0], "not comparable"),
        (row(), [None, None], "no data"),
        (row(), [], "no data"),
        (row(published=None, tolerance=None, reason=None, missing="Nobody knows."), [10.0], "no data"),
        (row(run=None, measure=None, missing="Not modelled."), [], "no data"),
    ],
)
def test_each_verdict(asked, numbers, wanted):
    found = judge(asked, numbers, "China")
    assert found.verdict == wanted
    assert (wanted in ("agrees", "differs")) or found.why


def test_only_what_is_free_judged_and_read_is_evidence():
    found = judge(row(), [10.0, 10.0], "China")
    assert not found.counts
    assert dataclasses.replace(found, basis=FREE).counts
    assert not dataclasses.replace(found, basis=INPUT).counts
    assert not dataclasses.replace(judge(row(status="memory"), [10.0], "China"), basis=FREE).counts
    assert not dataclasses.replace(judge(row(country="Japan"), [10.0], "China"), basis=FREE).counts


# ---- the targets file


def test_every_target_says_what_it_is_and_how_far_off_it_may_be(targets):
    assert len(targets.rows) >= 150
    for each in targets.rows:
        assert each.missing or (each.run and each.measure), each.id
        assert each.published is None or (each.tolerance is not None and len(each.reason) > 5), each.id
    assert len({each.id for each in targets.rows}) == len(targets.rows)
    assert {each.measure for each in targets.rows if each.measure} == set(MEASURES), "a measure that no row reads is dead"


def test_what_is_judged_is_of_a_million_people_or_of_an_experiment(targets):
    assert Size().of(targets.runs["courts"]) == 2_000_000
    for each in targets.rows:
        spec = targets.runs[each.run] if each.run else None
        if spec is not None and spec.trial is None and each.country == targets.country:
            assert Size().of(spec) >= 1_000_000, each.id


def test_what_is_published_later_is_never_fitted(targets):
    for name, fit in targets.fit.items():
        assert fit.rows
        assert all(targets.row(each).date <= fit.until and targets.row(each).run == name for each in fit.rows)
    later = [each for each in targets.rows if each.date and each.date > fit.until and each.published is not None]
    assert len(later) > 30


BAD = [
    ("unknown key", 'id = "urban"', 'id = "urban"\nsurname = "x"', "unknown key"),
    ("measure misspelt", 'measure = "mean_age"', 'measure = "mean_agee"', "did you mean `mean_age`"),
    ("run misspelt", 'run = "society"\nmeasure = "mean_age"', 'run = "socety"\nmeasure = "mean_age"', "did you mean `society`"),
    (
        "no reason",
        'reason = "Whether the census adds half a year to completed years is not known."\n',
        "",
        "needs a tolerance and its reason",
    ),
    (
        "little confidence",
        'status = "seen-mirror"',
        'status = "memory-low"',
        "must be `seen`, `seen-2nd`, `seen-mirror`, `derived` or `memory`",
    ),
    ("twice", 'id = "urban"', 'id = "men"', "`men` is there twice"),
    ("negative tolerance", "tolerance = 0.5\n", "tolerance = -0.5\n", "or more"),
    ("no measure", 'run = "society"\nmeasure = "mean_age"\n', "", "`missing` does not say why"),
    ("half a measure", 'measure = "mean_age"\n', "", "needs both `run` and `measure`"),
    ("no failure", 'rows = ["saving"]', 'rows = ["savings"]', "did you mean `saving`"),
    ("no table", 'tables = ["margins", "citizens", "ties", "traits"]', 'tables = ["margin", "citizens", "ties", "traits"]', "did you mean `margins`"),
    ("no experiment", 'trial = "bu_liao"', 'trial = "bu_liaoo"', "did you mean `bu_liao`"),
    ("no regimes", 'trial = "bu_liao"\n', "", "needs `regimes`, `start` and `days`, or the name of a `trial`"),
    ("fitted to the future", 'until = "2016-12-31"', 'until = "2015-12-31"', "is not about a day up to 2015-12-31"),
    ("fitted to nothing", '["complied-2016-03"]', '["complied-2016-04"]', "did you mean `complied-2016-03`"),
]


@pytest.mark.parametrize(("what", "before", "after", "told"), BAD, ids=[each[0] for each in BAD])
def test_a_bad_targets_file_is_told_with_its_place(tmp_path, what, before, after, told):
    folder = tmp_path / "mine" / FOLDER
    folder.mkdir(parents=True)
    hit = 0
    for path in TARGETS.glob("*.toml"):
        text = path.read_text()
        if before in text and not hit:
            text, hit = text.replace(before, after, 1), 1
        (folder / path.name).write_text(text)
    assert hit, "the file has changed: this test plants nothing"
    with pytest.raises(BadInput) as caught:
        load_targets(folder.parent)
    assert told in str(caught.value)
    assert re.search(r"\.toml:\d+: key `", str(caught.value)), str(caught.value)


def test_a_society_without_targets_says_so(tmp_path):
    with pytest.raises(BadInput, match="has no targets"):
        load_targets(tmp_path)


# ---- measures, on tables of a hand

FIRST = date(2018, 1, 1)
DAYS = 400


def tables(more: float = 1.0) -> Run:
    """A made-up run of 400 days over ten people, whose counts `more` scales and whose people it alters."""
    high = more > 1
    counted = {
        "people": 10,
        "frequent_acts:payments": 12,
        "frequent_acts:civic": 8,
        "flown": 4,
        "trips": 6,
        "jobless": 1,
        "private_pupils": 1 + high,
        "attempt:moves_job": 1,
        "attempt:loses_job": 1,
        "attempt:flies": 9,
        "pay:employers:households:wages": 1000,
        "pay:households:shops:living": 600,
        "pay:households:banks:interest": 50,
        "entered": 4,
        "complied": 1,
        "refused:flight_ticket_ban": 2,
        "in_force:flight_ticket_ban": 3,
        "false:flight_ticket_ban": 1,
        "covered": 5,
        "appeals_filed": 2,
        "appeals_upheld": 1,
        "survey:asked": 10,
        "survey:approve_directly": 8,
        "survey:list_control": 5,
        "survey:list_control_items": 9,
        "survey:list_treated_items": 12,
        "points:speeds": -5,
        "points:volunteers": 3,
        "own:speeds": 4,
        "received:speeds": 0,
        "false_record:speeds": 1,
        "own:volunteers": 7,
        "acts:searches_sensitive": 10,
    }
    fixed = {"people", "private_pupils"}
    uneven = {
        "trips",
        "covered",
        "attempt:loses_job",
        "pay:households:shops:living",
        "complied",
        "refused:flight_ticket_ban",
        "false:flight_ticket_ban",
        "appeals_filed",
        "own:speeds",
        "frequent_acts:payments",
        "survey:list_treated_items",
        "survey:approve_directly",
    }
    daily = []
    for regime, times in (("none", 1.0), ("mine", 0.6 / more)):
        for name, count in counted.items():
            scale = 1.0 if name in fixed else times * (more if name not in uneven else more**2)
            daily += [
                (day, FIRST + timedelta(days=day), regime, name, round(1000 * count * scale) if name not in fixed else count)
                for day in range(DAYS)
            ]
    frame = pl.DataFrame(daily, schema=["day", "date", "regime", "measure", "value"], orient="row")
    old = [3, 8, 16, 20, 28, 35, 45, 55, 66, 80]
    work = ["none", "none", "none", "jobless", "ordinary", "ordinary", "ordinary", "prestige", "none", "none"]
    people = pl.DataFrame(
        {
            "year": [2019] * 20,
            "regime": ["none"] * 10 + ["mine"] * 10,
            "citizen": [*range(10), *range(10)],
            "household": [0, 0, 1, 1, 2, 3, 3, 4, 4, 4 + high] * 2,
            "weight": [1.0] * 20,
            "living": [True] * 20,
            "age": [age + 11 * high for age in old] * 2,
            "sex": (["male"] * (4 + high) + ["female"] * (6 - high)) * 2,
            "residence": ["town"] * 20,
            "work": (["jobless" if high and w == "ordinary" else w for w in work]) * 2,
            "education": [
                "none or other",
                "primary",
                "junior secondary",
                "illiterate",
                "college",
                "college" if high else "senior secondary",
                "junior secondary",
                "primary",
                "illiterate" if high else "primary",
                "none or other",
            ]
            * 2,
            "income": [10_000.0 * (i + 1) ** more for i in range(10)] * 2,
            "wealth": [100.0 * (i + 1) ** (2 * more) for i in range(10)] * 2,
            "debt": [0.0, 50.0 * high, 0, 0, 30, 0, 10, 0, 0, 20] * 2,
            "acts.social": [0, 0, 0, 0, 0, 0, 3, 4, 10, 83 + 100 * high] * 2,
            "received.payments": ([0] * 8 + [1, 1] if not high else [0] * 9 + [1]) * 2,
            "score": [None] * 5
            + [500, 600, 700 + 200 * high, 800, 810 - 300 * high]
            + [None] * 5
            + [500, 600, 700 + 200 * high, 800, 810 - 300 * high],
            "grade": (["low", "low", "high", "high", "low"] * 4),
            "clean_grade": (["low", "high"] + ["high"] * 3) * 4 if not high else ["low"] * 20,
            "aware": [True, False] * 5 + [high, False] * 5,
        }
    )
    people = pl.concat([people.with_columns(year=pl.lit(2018, people["year"].dtype)), people])
    who = [
        ("internet use", "all", 70.0 / more),
        ("services", "pays", 80.0),
        ("services", "talks", 80.0),
        ("in work", "aged 15 and over", 60.0),
        ("residence", "urban", 60 * more),
    ]
    margins = pl.DataFrame(who, schema=["margin", "category", "drawn"], orient="row")
    event = [(c, d, "act", "donates") for c, d in ((4, 399), (4, 398), (5, 390), (6, 10), (6, 366), (7, 395))] + [
        (c, 5, "attempt", "flies") for c in range(10)
    ]
    event += [(9, 397, "act", "donates")] * (3 * high)
    event += [(c, d, "act", "speeds") for c, d in ((4, 100), (4, 300), (5, 300), (5, 301), (7, 20), (7, 100), (8, 300))]
    panel = pl.DataFrame(event, schema=["citizen", "day", "event", "act"], orient="row").with_columns(regime=pl.lit("none"))
    panel = pl.concat([panel, panel.with_columns(regime=pl.lit("mine"), citizen=pl.lit(4, pl.Int64))])  # of another regime: not counted
    stays = [(0, 10, 60 if high else 100), (1, 20, 300), (1, 320, None), (2, 30, None)] + [(5, 1, None)] * high
    spells = pl.DataFrame(
        [(c, s, e, "flight_ticket_ban") for c, s, e in stays], schema=["citizen", "start", "end", "consequence"], orient="row"
    )
    cells = [
        ("age", "0-17", 3 + high, "people"),
        ("age", "18-34", 7 - high, "people"),
        ("sex", "male", 6 + 3 * high, "defaults"),
        ("sex", "female", 2, "defaults"),
    ]
    groups = pl.DataFrame(
        [("2019-02", "none", grouping, group, measure, value) for grouping, group, value, measure in cells],
        schema=["month", "regime", "grouping", "group", "measure", "value"],
        orient="row",
    )
    met = [(0, 8, 2, 14, 4, 100, 1.0 / more), (1, 30, 3, 7, 3, 200 + 50 * high, 0.4), (2, 70, 1 + high, 0, 0, 60, 0.0)]
    ties = pl.DataFrame(met, schema=["citizen", "age", "home", "talking", "core", "book", "passing"], orient="row")
    traits = pl.DataFrame({"citizen": range(10), "internet": [c > 3 for c in range(10)], "drives": [3 < c < 8 for c in range(10)]})
    trial = pl.DataFrame({"effect": [-0.4 / more]})
    toml = '[[regime.mine.grades]]\nid = "low"\n[[regime.mine.grades]]\nid = "high"\n'
    for act, family, seen in (("speeds", "traffic", 0.5 / more), ("donates", "civic", 1.0)):
        toml += f'[acts.{act}]\nfamily = "{family}"\nseen.value = {seen}\n'
    return Run(
        None,
        {},
        toml,
        {},
        {},
        {
            "daily": frame,
            "citizens": people,
            "margins": margins,
            "panel": panel,
            "spells": spells,
            "groups": groups,
            "ties": ties,
            "traits": traits,
            "trial": trial,
        },
    )


END = date(2019, 2, 4)
CASES = {  # measure -> what it is given, and what it must say of the tables above
    "drawn": ({"margin": "residence", "category": "urban"}, 60),
    "ages": ({"low": 16, "high": 20}, 20),
    "mean_age": ({}, 35.6),
    "men": ({}, 40),
    "illiterate": ({}, 100 / 8),
    "schooling_years": ({}, 58 / 8),
    "schooling_return": ({}, 100 * (np.exp(np.polyfit([16, 12, 9, 6], np.log([5, 6, 7, 8]), 1)[0]) - 1)),
    "online_graduates": ({}, 100 / 6),
    "income_gini": ({}, 0.3),
    "income_median": ({}, 55_000),
    "household_mean": ({}, 2),
    "worth_mean_over_median": ({}, 7_700 / 2_500),
    "assets_top": ({"share": 0.2}, 100 * 24_520 / 38_560),
    "debt_of_top": ({"share": 0.2}, 100 * 20 / 60),
    "indebted_households": ({}, 60),
    "frequent": ({"channel": "payments", "of": "pays", "every": 1}, 12_000 / 5.6),
    "daily_a_year": ({"of": ["trips"], "less": ["flown"]}, 2_000 * 365 / 10),
    "red_light": ({"crossings": 4}, 100 * 8_000 / 28),
    "turnover": ({}, 100 * 2_000 * 365 / 4.8),
    "unemployed": ({"low": 18, "high": 59, "residence": "town"}, 20),
    "saving": ({}, 40),
    "private_pupils": ({}, 50),
    "silent": ({"of": "talks"}, 100 * 1.6 / 5.6),
    "quiet": ({"of": "talks", "ever": 0.8}, 100 * (1 - 4 / (5.6 * 0.8))),
    "top_share": ({"of": "talks", "share": 0.2}, 83),
    "panel_share": ({"act": "donates", "days": 30, "from_age": 18}, 300 / 7),
    "panel_top": ({"act": "donates", "share": 0.3}, 40),
    "panel_top_of_all": ({"act": "donates", "share": 0.15}, 40),
    "did_later": ({"regime": "none", "act": "donates", "low": 300, "high": 850}, 50),
    "ticketed": ({"family": "traffic", "years": 0.5, "before": 0.5, "from_age": 18}, 100 * (0.25 + 0.75) / 3),
    "entries": ({"millions": 1114.0, "persons": 0.8}, 1114 * 4_000 * 400 / 7 / 0.8),
    "blocked": ({"ban": "flight_ticket_ban", "millions": 7.0}, 2_000 * 400),
    "blocked_an_entry": ({"ban": "flight_ticket_ban", "persons": 0.8}, 0.4),
    "blocked_share": ({"ban": "flight_ticket_ban", "of": "attempt:flies", "since": "2019-01-01"}, 200 / 9),
    "complied": ({}, 25),
    "churn": ({"since": "2018-01-01"}, 2 / 4),
    "left": ({"millions": 7.0, "since": "2018-01-01"}, 2),
    "stock": ({"millions": 7.0}, 3_000),
    "persons_ever": ({"millions": 7.0}, 3),
    "ratio_of_sexes": ({"of": "defaults"}, 3),
    "covered": ({"regime": "mine", "of": "all"}, 30_000),
    "scores": ({"regime": "mine", "low": 600, "high": 800}, 60),
    "mean_score": ({"regime": "mine"}, 682),
    "aware": ({"regime": "none"}, 300 / 7),
    "approval": ({"regime": "none", "how": "by_list"}, 60),
    "approval_gap": ({"regime": "mine"}, 20),
    "contacts": ({"low": 0, "high": 120}, (2 + 14 / 28 + 3 + 7 / 28 + 1) / 3),
    "known": ({}, 366 / 3),
    "ties_lost": ({}, 100 * 1.4 / 21),
    "effect": ({"times": -15.2}, 0.4 * 15.2),
    "fall": ({"regime": "mine", "act": "acts:searches_sensitive"}, 40),
    "worse_than_due": ({"regime": "mine"}, 40),
    "wrongly_recorded": ({"regime": "mine", "channel": "payments"}, 40),
    "flags_right": ({"regime": "mine", "penalty": "flight_ticket_ban"}, 200 / 3),
    "appealed": ({"regime": "mine"}, 40),
    "upheld": ({"regime": "mine"}, 50),
    "restored": ({"regime": "mine"}, 20),
}
DATED = {"entries", "blocked", "blocked_an_entry", "blocked_share", "complied", "churn", "left", "stock", "persons_ever", "ratio_of_sexes"}


def said_of(name: str, run: Run, measures=MEASURES) -> float | None:
    run = Run(
        None, {}, run.scenario_toml, {}, {}, {key: part for key, part in run.tables.items() if key != "citizens" or name not in DATED}
    )
    return measures[name](run, END if name in DATED else None, **CASES[name][0])


def dead(measures) -> list[str]:
    """Measures that say the same of two runs that are nowhere the same."""
    return [name for name in measures if said_of(name, tables(), measures) == said_of(name, tables(1.3), measures)]


@pytest.mark.parametrize("name", MEASURES)
def test_each_measure_says_what_a_hand_works_out(name):
    assert said_of(name, tables()) == pytest.approx(CASES[name][1], rel=1e-4, abs=1e-9)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"years": 0.5, "from_age": 18}, 100 * (0.5 + 0.75) / 4),
        ({"years": 0.5, "before": 0.5, "times": 1, "from_age": 18}, 100 * 0.25 / 1.0),
        ({"years": 0.5, "before": 0.5, "times": 2, "from_age": 18}, None),
        ({"years": 0.5, "before": 0.5, "from_age": 40}, 0),
        ({"years": 0.6, "before": 0.6, "from_age": 18}, None),
    ],
)
def test_fines_after_so_many_before(given, wanted):
    """Of the drivers 4 to 7: an offence of 4 and one of 7 before, one of 4 and two of 5 after, each fined with a chance of a half."""
    found = MEASURES["ticketed"](tables(), None, family="traffic", **given)
    assert found is None if wanted is None else found == pytest.approx(wanted)


def test_no_measure_is_dead_and_a_dead_one_is_seen():
    assert dead(MEASURES) == [], "two runs that are nowhere the same"
    assert dead({**MEASURES, "men": lambda run, day: 51.24}) == ["men"], "a constant that even agrees is found"


def test_a_row_about_a_later_day_has_no_number():
    later = row(measure="stock", date="2019-02-05", **{"with": {"millions": 7.0}})
    assert measured(later, tables()) is None
    assert measured(row(measure="stock", date="2019-02-04", **{"with": {"millions": 7.0}}), tables()) is not None


def test_of_the_citizens_what_measures_read_is_kept_and_nothing_else():
    assert set(tables().citizens.columns) == set(CITIZEN)


def test_the_tables_of_a_hand_have_the_columns_of_a_run():
    for name, frame in tables().tables.items():
        if name in ASKED:
            continue
        known = {column.name for column in COLUMNS[name]}
        odd = [column for column in frame.columns if column not in known and not column.startswith(("acts.", "received."))]
        assert odd == [], name


# ---- runs that were finished are kept


def small_jobs(targets) -> list[Job]:
    spec = targets.runs["counties"]
    rows = (targets.row("covered-suining"),)
    return [Job(spec, scenario_of(targets, spec, 2000, seed, 3), rows) for seed in (1, 2, 3)]


def test_a_broken_off_validation_goes_on_where_it_was_with_the_same_numbers(targets, monkeypatch, tmp_path):
    jobs = small_jobs(targets)
    names = [kept.name_of(job) for job in jobs]
    assert len(set(names)) == 3
    first, second = tmp_path / "whole", tmp_path / "again"
    first.mkdir()
    second.mkdir()
    monkeypatch.setattr(kept, "in_cache", lambda name: first)
    whole = carry_out_all(jobs, workers=2)
    begun = []
    monkeypatch.setattr(kept, "in_cache", lambda name: second)
    before = (first / f"{names[1]}.json").read_text()
    (second / f"{names[1]}.json").write_text(before)
    (second / f"{names[2]}.json").write_text(before[:5])  # half a file counts as none
    real = runs.finished
    monkeypatch.setattr(runs, "finished", lambda job, *more: begun.append(job.scenario.seed) or real(job, *more))
    assert carry_out_all(jobs, workers=1) == whole
    assert sorted(begun) == [1, 3]
    assert len({tuple(numbers) for numbers in whole.values()}) == 1
    assert len(set(whole["covered-suining"])) == 3


def test_what_is_kept_is_of_one_scenario_seed_and_set_of_rows(targets):
    job = small_jobs(targets)[0]
    other = [
        dataclasses.replace(job, scenario=job.scenario.with_(seed=9)),
        dataclasses.replace(job, scenario=job.scenario.with_(set={"acts.speeds.seen": 0.01})),
        dataclasses.replace(job, rows=(job.rows[0].model_copy(update={"with_": {"regime": "suining-2010", "of": "adults"}}),)),
        dataclasses.replace(job, spec=job.spec.model_copy(update={"panel": 7})),
        dataclasses.replace(job, change=basis._Change("age_sex", 0, (1.1,))),
    ]
    assert len({kept.name_of(each) for each in (job, *other)}) == 6
    told_anew = dataclasses.replace(job, rows=(job.rows[0].model_copy(update={"tolerance": 9.0}),))
    assert kept.name_of(told_anew) == kept.name_of(job), "a tolerance changes no number"


def test_what_is_not_kept_of_a_run_changes_none_of_its_numbers(targets):
    asked = scenario_of(targets, targets.runs["cities"], 500, 1, 400)  # into a second year
    whole, less = Society(asked, 1), Society(asked, 1)
    all_kept, some = whole.run(), less.run(cells=False, years=1)
    assert [year for year, _ in all_kept.years] == [2017, 2018]
    assert [year for year, _ in some.years] == [2018]
    assert len(all_kept.monthly) > len(some.monthly) == 0
    for r in range(len(whole.names)):
        assert whole.digest(r, all_kept) == less.digest(r, some)
        assert all(np.array_equal(column, some.years[0][1][r][name]) for name, column in all_kept.years[1][1][r].items())


def test_how_far_it_is_is_told_in_citizen_days_and_runs(targets, monkeypatch, tmp_path):
    monkeypatch.setattr(kept, "in_cache", lambda name: tmp_path)
    told = []
    carry_out_all(small_jobs(targets), lambda done, total, word: told.append((done, total, word)), workers=2)
    assert told[-1] == (0, 0, "3 of 3 runs"), "2,000 citizens and three days are no million"
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


# ---- predictions without a model, and the fit


def test_a_number_is_scaled_in_least_squares_and_never_by_more_than_a_leap():
    assert scaled([1.0, 2.0], [3.0, 6.0]) == 3.0
    assert scaled([1.0, 3.0], [2.0, 3.0]) == pytest.approx((2 + 9) / 10)
    assert scaled([1.0], [100.0]) == LEAP
    assert scaled([100.0], [1.0]) == 1 / LEAP
    assert scaled([0.0], [1.0]) == LEAP


def test_the_line_goes_through_the_last_year_and_the_model_is_what_was_simulated(targets):
    rows = {each.id: each for each in targets.rows}
    simulated = {name: 2.0 * each.published for name, each in rows.items() if each.published is not None}
    found = predict(targets, "flights", date(2016, 12, 31), simulated, ["flights-2016-03"], 1)
    model, line, logistic = found.predictions
    assert (model.name, line.name, logistic.name) == (MODEL, LINE, LOGISTIC)
    assert model.off == pytest.approx(1.0)
    assert (model.numbers, model.points) == (1, 1)
    first, last = rows["flights-2016-03"], rows["flights-2016-11"]
    slope = (last.published - first.published) / (last.date - first.date).days
    later = rows["flights-2018-12"]
    assert line.at["flights-2018-12"] == pytest.approx(last.published + slope * (later.date - last.date).days)
    assert (line.numbers, line.points, logistic.numbers, logistic.points) == (2, 2, 3, 3)
    assert len(logistic.profile) > 4
    assert found.nearest == min(found.predictions, key=lambda way: way.off).name
    assert set(found.later_rows) == {
        each.id for each in targets.rows if each.id.startswith("flights-20") and each.date and each.date > date(2016, 12, 31)
    }


# ---- what rests on what


def test_a_source_is_known_in_the_ledger_by_its_words(targets):
    blood = targets.row("blood")
    asked = scenario_of(targets, targets.runs["year"], 100, 1)
    assert basis.sharing(asked, blood) == ["acts.gives_blood.rate"]


NOT_IN_THE_LEDGER = set("unemployment-16-24 unemployment-25-29 unemployment-30-59 churn-2018-12 men-women flags-midas zhima-650".split())


def test_no_row_is_free_because_its_source_is_spelt_otherwise_in_the_ledger(targets):
    seen = {}
    for each in targets.rows:
        if each.measure and each.shares and each.run != "society":
            asked = seen.setdefault(each.run, scenario_of(targets, targets.runs[each.run], 100, 1))
            if not basis.sharing(asked, each):
                assert each.id in NOT_IN_THE_LEDGER, f"no number of the run `{each.run}` has one of {each.shares} in its source"


@pytest.mark.slow
def test_a_row_that_was_put_in_is_found_and_one_that_nothing_moves_is_free(targets, monkeypatch):
    monkeypatch.setattr(basis, "CITIZENS", 1500)
    monkeypatch.setattr(basis, "DAYS", 400)
    blood = targets.row("blood")
    other = blood.model_copy(update={"id": "other", "shares": ("Huantai",)})  # a rebate's source: it moves nobody's blood
    found = basis.found(targets, [blood, other], {})
    assert found["blood"].basis == INPUT
    assert found["blood"].follows["acts.gives_blood.rate"] > 0.5
    assert (found["other"].basis, found["other"].follows) == (FREE, {})


@pytest.mark.slow
def test_a_row_of_the_drawn_society_follows_its_table(targets, monkeypatch):
    monkeypatch.setattr(basis, "CITIZENS", 1500)
    found = basis.found(targets, [targets.row(name) for name in ("mean-age", "men", "age-15-59")], {})
    assert {each.basis for each in found.values()} == {INPUT}
    assert any(entry.startswith("table age_sex") for entry in found["mean-age"].follows)


# ---- the command

SMALL = ["--citizens", "400", "--seeds", "2", "--row", "urban", "--row", "illiterate", "--row", "points-first-month"]
KEYS = {"target", "published", "source", "status", "simulated", "interval", "fitted", "verdict", "basis"}


@pytest.fixture
def quick(monkeypatch):
    """No small runs for what rests on what: the test before asks for them."""
    monkeypatch.setattr(
        basis, "found", lambda targets, rows, fits, tell, workers: {each.id: basis.Found(INPUT, {}) for each in rows if each.measure}
    )


def test_the_json_has_what_it_promises(call, quick):
    code, out, err = call("validate", *SMALL, "--json")
    found = json.loads(out)
    assert [each["target"] for each in found["rows"]] == ["urban", "illiterate", "points-first-month"]
    assert all(set(each) >= KEYS for each in found["rows"])
    assert found["rows"][2]["verdict"] == "not comparable"
    assert set(found["basis"]) == {"input", "fitted", "free", "remembered"}
    assert found["basis"]["input"] == 2
    assert code == int(any(each["verdict"] == "differs" for each in found["rows"]))
    assert "Traceback" not in err


def test_a_planted_wrong_figure_fails_with_its_exit_code(call, quick, monkeypatch):
    found = load_targets()
    wrong = found.row("urban").model_copy(update={"published": 12.0})
    groups = {
        name: file.model_copy(update={"rows": tuple(wrong if each.id == "urban" else each for each in file.rows)})
        for name, file in found.groups.items()
    }
    monkeypatch.setattr("glasshouse.validate.targets.load_targets", lambda: dataclasses.replace(found, groups=groups))
    code, out, _ = call("validate", "--citizens", "400", "--seeds", "2", "--row", "urban")
    assert code == 1
    assert "differs" in out
    right = found.row("urban").model_copy(update={"tolerance": 30.0})
    groups = {
        name: file.model_copy(update={"rows": tuple(right if each.id == "urban" else each for each in file.rows)})
        for name, file in found.groups.items()
    }
    monkeypatch.setattr("glasshouse.validate.targets.load_targets", lambda: dataclasses.replace(found, groups=groups))
    assert call("validate", "--citizens", "400", "--seeds", "2", "--row", "urban")[0] == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--row", "urbn"], "did you mean `urban`"),
        (["--drop", "entries-2016-3"], "did you mean `entries-2016-03`"),
        (["--drop", "urban"], "nothing is fitted to the row `urban`: --drop takes"),
        (["--citizens", "many"], "--citizens must be a whole number"),
        (["--seeds", "0"], "--seeds must be at least 1"),
        (["--row", "urban", "--out", "held"], "holds something else"),
    ],
)
def test_bad_input_is_told(call, tmp_path, words, told):
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "letter.txt").write_text("x")
    code, out, err = call("validate", *words)
    assert code == 2
    assert told in err
    assert out == ""


def test_what_is_kept_is_numbers_a_page_and_a_text(call, quick, tmp_path):
    for _ in range(2):  # an earlier one is replaced
        call("validate", *SMALL, "--out", "kept", "--quiet")
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {"validation.json", "validation.html", "validation.md"}
    numbers = json.loads((tmp_path / "kept" / "validation.json").read_text())
    assert (tmp_path / "kept" / "validation.md").read_text() == markdown(numbers)
    assert (tmp_path / "kept" / "validation.html").read_text() == page(numbers)


# ---- what is shown


def test_the_page_has_every_row_and_a_chart_a_group():
    found = fake_validation().as_dict()
    html = page(found)
    assert html == page(found)
    assert all(f">{each['target']}<" in html for each in found["rows"])
    assert html.count('class="chart"') == len(found["groups"]) + 3
    assert "http://" not in html.split("<script")[0]


def test_the_document_is_of_the_form_that_a_run_gives():
    stored = (ROOT / "docs" / "validation.md").read_text()
    made = markdown(fake_validation().as_dict())
    shape = lambda text: [line for line in text.splitlines() if line.startswith(("#", "|---", "| Row", "| Series", "| Number", "| basis"))]  # noqa: E731
    assert shape(stored) == shape(made), "glasshouse validate --out FOLDER writes it anew"
    said = lambda text: re.findall(r"^\| `([a-z0-9-]+)` \| (.*?) \| ([^|]*) \| ([^|]*) \|", text, re.MULTILINE)  # noqa: E731
    assert said(stored) == said(made), "rows, figures and sources are those of the targets"


def test_switches_are_shown_both_ways_and_never_averaged():
    """A column a setting, a row an outcome, the same in the table, the text and the page; no verdict and no mean of the settings."""
    found = fake_validation().as_dict()
    assert {row["switch"]: sorted({r["setting"] for r in found["switches"] if r["switch"] == row["switch"]}) for row in found["switches"]} == {
        "responses.trust.sign": [-1, 0, 1],
        "responses.opinion.updating": [0, 1, 2],
    }
    assert len(found["switches"]) == 3 * sum(len(switch.settings) for switch in switched.SWITCHES)
    shown = [written(*parts(fake_validation())), markdown(found), html.unescape(page(found))]
    for row in found["switches"]:
        cell = f"{number(row['simulated'])} ({number(row['interval'][0])} to {number(row['interval'][1])})"
        assert all(cell in text and row["stands_for"] in text and row["outcome"] in text for text in shown)
    head = next(line for line in shown[1].splitlines() if line.startswith("| `responses.trust.sign`"))
    assert re.findall(r"\| (−?\d): ", head) == ["−1", "0", "1"]
    assert head.count("|") == 5
    assert not {"verdict", "published"} & set(found["switches"][0])
    earlier = {key: part for key, part in found.items() if key != "switches"}
    assert "both ways" not in markdown(earlier) + page(earlier), "a table that was kept by an earlier version has none"


def test_failures_say_why_where_it_is_known():
    """A reason stands beside a row only if it differs, and once for all rows that it is of."""
    found = fake_validation().as_dict()
    text, why = markdown(found), load_targets().why("entries-2018-12")
    assert why == load_targets().why("entries-2017-03") != load_targets().why("flights-2018-12") != ""
    assert load_targets().why("men") == ""
    with_reason = [row for row in found["rows"] if load_targets().why(row["target"])]
    assert {row["verdict"] for row in with_reason} >= {"agrees", "differs"}, "made-up numbers of both kinds"
    for row in with_reason:
        assert (row["why"] == load_targets().why(row["target"])) == (row["verdict"] == "differs"), row["target"]
    assert text.count(why) == 1
    line = next(line for line in text.splitlines() if why in line)
    assert re.findall(r"`(entries[a-z0-9-]*)`", line) == [row["target"] for row in with_reason if row["verdict"] == "differs" and row["why"] == why]


def test_switches_are_run_small_and_with_all_rows_alone(monkeypatch):
    asked = []
    monkeypatch.setattr(switched, "switches", lambda citizens, seeds, days, share: asked.append((citizens, list(seeds), days)) or ["a row"])
    quiet = lambda done, total, word: None  # noqa: E731
    assert both_ways(Size(None, 2), quiet) == ("a row",)
    assert both_ways(Size(400, 3, 400), quiet) == ("a row",)
    assert both_ways(Size(400, 3, 364), quiet) == ()
    assert asked == [(10_000, [1, 2], 730), (400, [1, 2, 3], 400)]
    targets = load_targets()
    few = dataclasses.replace(targets, groups={"margins": targets.groups["margins"].model_copy(update={"rows": (targets.row("urban"), targets.row("men"))})})
    assert validate(few, [few.row("men")], Size(400, 1), basis=False).switches == ()
    assert validate(few, None, Size(400, 1), basis=False).switches == ("a row",)


def test_enough_rows_are_free_or_the_page_says_that_they_are_not():
    stored = (ROOT / "docs" / "validation.md").read_text()
    free = re.search(r"(\d+) are free", stored)
    assert free
    assert int(free[1]) >= LEAST_FREE


@pytest.mark.slow
@pytest.mark.long
def test_fits_do_without_a_dropped_row():
    targets = load_targets()
    rows = [targets.row("entries-2016-03")]
    size = Size(3000, 1, 900)
    kept, dropped = (validate(targets, rows, size, drop, basis=False).fits["courts"] for drop in ((), ("entries-2014-03",)))
    assert "entries-2014-03" in kept.points
    assert "entries-2014-03" not in dropped.points
    assert dropped.values["acts.ignores_judgment.rate"] != kept.shipped["acts.ignores_judgment.rate"]
    published, simulated = dropped.points["entries-2016-03"]
    assert simulated == pytest.approx(published, rel=0.35), "one number, one row: the fit meets it but for chance"
