"""A cut that people know and game, in the day itself: who passes, who pays, and whom a subsidy helps (B10)."""

import numpy as np
import pytest
from tests.science.helpers import number, question, ran, regime, same

from glasshouse.experiments.frames import SHAPE

CUT, PRICE = 105, 20
SIZE = {"citizens": 6000, "days": 240, "start": "2019-12-01", "set": {"acts.buys_good_deed.rate": 0, "acts.gives_blood.rate": 0.5}}
FIFTH_AXES = (0, 1, 3, 4)
"""All ways of grouping but by fifth of income."""


def gamed(base: str, name: str, **changes) -> dict:
    """A shipped threshold that begins with 2020."""
    return regime(base, name, coverage__start="2020-01-01", **changes)


@pytest.fixture(scope="module")
def run():
    higher = gamed("threshold-gamed", "higher")
    higher["grades"][1]["from"] = number(CUT + 2)
    others = gamed("threshold", "plain"), gamed("threshold-gamed", "gamed"), gamed("threshold-aided", "aided"), gamed("threshold-gamed", "unseen", game__visible=0)
    return ran(question(*others, higher, **SIZE))


def passes(run, name: str) -> tuple[float, float]:
    """Of those who do not truly qualify and of those who do, the share above the cut on the last day."""
    covered = run.covered(name)
    above, clean = (run.state(column, name)[covered] > 0 for column in ("grade", "clean_grade"))
    return above[~clean].mean(), above[clean].mean()


def by_fifth(run, name: str, measure: str) -> np.ndarray:
    """A measure over the whole run by fifth of income: (5,)."""
    return run.kept.monthly[:, run.number(name), run.row(measure)].sum(0).reshape(SHAPE).sum(axis=FIFTH_AXES)


def burden(run, name: str, measure: str = "burden_days") -> np.ndarray:
    """What the cut costs those who qualify, in the mean over them and over weeks, by fifth of income: (5,)."""
    return by_fifth(run, name, measure) / by_fifth(run, name, "qualified")


def test_a_cut_that_is_gamed_lets_in_who_does_not_qualify(run):
    (plain, missed), (bought, passed) = (passes(run, name) for name in ("plain", "gamed"))
    assert bought > plain + 0.1
    assert passed >= missed, "and who qualifies can pay too"


def test_nobody_buys_more_than_is_needed(run):
    """Scores pile up exactly at the cut."""
    at = lambda name: np.mean(run.society.scores(run.number(name), columns(run, name), SIZE["days"] - 1)[run.covered(name)] == CUT)  # noqa: E731
    assert at("gamed") > at("plain") + 0.1


def columns(run, name: str) -> dict:
    return {f.name: run.society.state.row(f.name, run.number(name)) for f in run.society.engine.model.fields if f.kind}


def test_the_burden_falls_on_those_for_whom_the_price_is_dear(run):
    days = burden(run, "gamed")
    assert (by_fifth(run, "gamed", "qualified") > 100).all()
    assert days[0] > 2 * days[4] > 0


def test_a_higher_cut_is_a_heavier_burden(run):
    assert (burden(run, "higher", "burden") > burden(run, "gamed", "burden")).all()


def test_a_subsidy_lets_more_of_both_in_and_is_paid_to_both(run):
    assert run.daily("aided", "aid_paid").sum() > 0 == run.daily("gamed", "aid_paid").sum()
    assert passes(run, "aided")[0] > passes(run, "gamed")[0]
    assert burden(run, "aided")[0] < burden(run, "gamed")[0]


def test_what_people_and_office_pay_is_the_price_of_what_was_bought(run):
    """Conservation, to the fen."""
    for name in ("gamed", "aided", "higher"):
        paid = run.daily(name, "pay_deeds").sum() + run.daily(name, "aid_paid").sum()
        assert paid == run.daily(name, "points_bought").sum() * PRICE * 100 > 0


def test_a_cut_that_nobody_sees_is_gamed_by_nobody(run):
    """Boundary: the same lives as under the same threshold without a game, to the last bit."""
    assert same(run, run, "plain", "unseen") == []
    assert run.daily("unseen", "points_bought").sum() == 0
