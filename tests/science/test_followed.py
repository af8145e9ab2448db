"""What the panel tells of those who are followed adds up to what the table of citizens says of them."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.science.helpers import question

from glasshouse.experiments import world
from glasshouse.experiments.days import Society
from glasshouse.experiments.simulate import simulate


@pytest.fixture(scope="module")
def run():
    return simulate(question("none", "essay", citizens=3000, days=600, panel=80, start="2019-10-01"), threads=1)


def counted(run, event: str, year: int) -> pl.DataFrame:
    """How often each followed citizen was refused or granted something in a year, by consequence."""
    first = (date(year, 1, 1) - date(2019, 10, 1)).days
    rows = run.panel.filter(pl.col("event") == event, pl.col("day") >= first, pl.col("day") < first + 366)
    return rows.group_by("citizen", "outcome").len()


@pytest.mark.parametrize("event", ["refused", "granted"])
def test_refusals_add_up_to_those_of_the_table(run, event):
    end = run.citizens.filter(pl.col("regime") == "essay", pl.col("year") == 2020)
    found = counted(run, event, 2020)
    assert found.height > 3
    for name in found["outcome"].unique():
        told = dict(found.filter(pl.col("outcome") == name).select("citizen", "len").iter_rows())
        stands = end.filter(pl.col("citizen").is_in(run.panel["citizen"].unique().implode()))
        assert {c: n for c, n in stands.select("citizen", f"refused.{name}").iter_rows() if n} == told


def test_the_last_news_of_a_grade_is_the_grade(run):
    news = run.panel.filter(pl.col("event") == "grade").sort("day").group_by("citizen", maintain_order=True)
    last = dict(news.agg(pl.col("outcome").last()).iter_rows())
    assert len(last) > 30
    end = run.citizens.filter(pl.col("regime") == "essay", pl.col("year") == run.citizens["year"].max())
    for citizen, grade in end.select("citizen", "grade").iter_rows():
        assert citizen not in last or last[citizen] == grade
    moved = run.panel.filter(pl.col("event") == "grade").sort("citizen", "day")
    again = moved.with_columns(before=pl.col("outcome").shift(1).over("citizen")).filter(pl.col("before").is_not_null())
    assert again.height > 0
    assert (again["before"] == again["note"]).all(), "what it was is what it became before"


def test_nobody_is_graded_or_refused_where_there_is_no_score(run):
    assert run.panel.filter(pl.col("regime") == "none")["event"].is_in(["grade", "refused", "granted"]).sum() == 0


def test_only_those_are_followed_whom_the_table_of_citizens_shows(monkeypatch):
    asked = question("none", citizens=20_000, days=1, panel=60, start="2020-01-01")
    whole, some = (Society(asked, threads=1, most=most) for most in (20_000, 5_000))
    assert len(some.state.kept) < 8_000 < len(whole.state.kept)
    assert np.isin(some.followed.who, some.state.kept).all()
    assert len(some.followed.who) == len(whole.followed.who) == 60
    assert not np.isin(whole.followed.who, some.state.kept).all()
    monkeypatch.setattr(world, "AT_A_TIME", 8192)
    parted = Society(asked, threads=1, most=5_000)
    assert np.array_equal(parted.followed.who, some.followed.who), "however many are settled at a time"
