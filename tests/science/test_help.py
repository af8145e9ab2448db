"""Asking for help, under a registry and under opinions: the directions of B1 and B2, what happens without errors, the closed form, and what is conserved."""

import numpy as np
import pytest
from tests.science.helpers import ran, regime, same

from glasshouse.models.norms import NORMS

YEARS, LAST = 1096, 366
"""Three years; what is said is said of the last."""


def norm(name: str) -> dict:
    """A norm as a regime's file has it."""
    approves, helps = NORMS[name]
    return {"title": name, "approves": list(approves), "helps": list(helps), "status": "reported", "source": "a test"}


def registry(name: str, of: str = "L6", **changes: float) -> dict:
    """A registry without errors but those that are named, issued each day."""
    exact = {"missed": 0, "false": 0, "group_ratio": 1, "lag": 1} | changes
    return regime("registry", name, help__norm=norm(of), help__asks=1, **{f"registry__{key}": value for key, value in exact.items()})


def opinions(name: str, of: str = "L6", mistaken: float = 0) -> dict:
    """Opinions by eyes that err so often."""
    return regime("opinions", name, help__norm=norm(of), help__asks=1, opinions__mistaken=mistaken)


@pytest.fixture(scope="module")
def run():
    from tests.science.helpers import question

    made = [
        registry("exact"), opinions("eyes"),
        *(registry(f"book-{of.lower()}", of, false=0.05) for of in ("L1", "L3", "L6", "L8")),
        *(opinions(f"eyes-{of.lower()}", of, 0.05) for of in ("L3", "L6", "L8")),
        registry("late", false=0.05, lag=90), registry("missing", false=0.05, missed=0.5), registry("coin", false=0.5), registry("apart", false=0.05, group_ratio=4),
    ]  # fmt: skip
    return ran(question("none", *made, citizens=4000, days=YEARS, start="2020-01-01"), threads=2)


def granted(run, name: str) -> float:
    """Share of the requests of the last year that were granted."""
    return run.sums(name, "help_granted")[-LAST:].sum() / run.sums(name, "help_asked")[-LAST:].sum()


def error_of(run, name: str) -> float:
    """The standard error of a share near 0.95 of as many requests, four times over."""
    return 4 * np.sqrt(0.95 * 0.05 / run.sums(name, "help_asked")[-LAST:].sum())


# ---- direction: B1 against B2


def test_stern_judging_is_ruined_by_private_opinion_and_repaired_by_a_registry(run):
    assert granted(run, "book-l6") > 0.93
    assert abs(granted(run, "eyes-l6") - 0.5) < 0.06
    assert granted(run, "eyes-l8") < 0.4, "and judging altogether"


def test_simple_standing_bears_private_opinion(run):
    assert granted(run, "eyes-l6") + 0.2 < granted(run, "eyes-l3") < granted(run, "book-l3")


def test_a_late_record_takes_help_and_a_false_one_refuses_the_group_it_is_false_about(run):
    assert granted(run, "late") < granted(run, "book-l6") - 0.1
    due, wronged = (np.bincount(run.state("group"), run.tallied(f"year_{name}", "apart"), 2) for name in ("due", "wronged"))
    assert wronged[1] / due[1] > 1.5 * wronged[0] / due[0]


def test_those_who_talk_with_one_agree_the_less_the_sterner_the_norm(run):
    agree = {name: run.sums(name, "opinions_alike")[-LAST:].sum() / run.sums(name, "opinions_pairs")[-LAST:].sum() for name in ("eyes", "eyes-l3", "eyes-l6")}
    assert agree["eyes"] == 1 > agree["eyes-l3"] > agree["eyes-l6"] + 0.1
    assert abs(agree["eyes-l6"] - 0.5) < 0.1


# ---- boundary: no errors


@pytest.mark.parametrize("name", ["exact", "eyes"])
def test_without_errors_everybody_is_helped(run, name):
    assert run.sums(name, "help_asked").sum() > 10_000
    for measure in ("help_due", "help_granted"):
        assert np.array_equal(run.sums(name, measure), run.sums(name, "help_asked"))
    assert not run.state("unworthy", name).any()
    assert not run.state("booked" if name == "exact" else "doubts", name).any()


def test_where_every_other_entry_is_false_a_name_is_a_toss_of_a_coin(run):
    assert abs(granted(run, "coin") - 0.5) < 4 * np.sqrt(0.25 / run.sums("coin", "help_asked")[-LAST:].sum()) + 0.02


def test_nobody_asks_before_the_regime_begins_or_under_another(run):
    assert not run.sums("none", "help_asked").any()
    short = ran(late_question())
    asked = short.sums("registry", "help_asked")
    assert not asked[:31].any() and asked[31:].any()


def late_question():
    """A month without the regime, and a month with it."""
    from tests.science.helpers import START, question

    return question("registry", citizens=1000, days=62, start=START)


def test_help_moves_nobody_s_life_but_that_the_rule_is_known(run):
    for name in ("exact", "book-l6", "eyes-l6"):
        assert same(run, run, "none", name, kinds=("", "life"), but=("aware",)) == []


# ---- closed form: Ohtsuki and Iwasa


@pytest.mark.parametrize(("norm_", "share"), [("l1", 0.9525), ("l3", 0.95), ("l6", 0.95), ("l8", 0.9475)])
def test_a_registry_grants_what_the_limit_of_many_people_says(run, norm_, share):
    """Error 0.05; of those who ask, a few have not yet been asked and are in the good standing with which everybody begins."""
    assert abs(granted(run, f"book-{norm_}") - share) < error_of(run, f"book-{norm_}") + 0.002


def test_a_missed_answer_changes_no_share(run):
    assert abs(granted(run, "missing") - 0.95) < error_of(run, "missing") + 0.005


# ---- conservation


def test_what_is_asked_is_granted_or_refused_and_counted_for_who_asked(run):
    for name in ("book-l3", "eyes-l6", "late", "apart"):
        asked, due, given, wronged, spared = (run.sums(name, f"help_{what}") for what in ("asked", "due", "granted", "wronged", "spared"))
        assert np.array_equal(given, due - wronged + spared)
        assert (wronged <= due).all() and (spared <= asked - due).all()
        tallied = [int(run.tallied(f"year_{what}", name).sum()) for what in ("requests", "due", "helped", "wronged")]
        assert tallied == [asked.sum(), due.sum(), given.sum(), wronged.sum()]


def test_the_same_people_ask_under_every_regime(run):
    asked = run.sums("exact", "help_asked")
    for name in ("eyes", "book-l6", "eyes-l8", "late"):
        assert np.array_equal(run.sums(name, "help_asked"), asked)
        assert np.array_equal(run.ended("year_requests", name), run.ended("year_requests", "exact"))


def test_every_answer_is_entered_or_missed(run):
    asked, missed, false = (run.sums("missing", name).sum() for name in ("help_asked", "registry_missed", "registry_false"))
    assert abs(missed / asked - 0.5) < 4 * np.sqrt(0.25 / asked)
    assert abs(false / (asked - missed) - 0.05) < 4 * np.sqrt(0.05 * 0.95 / (asked - missed))
    assert not run.sums("eyes", "registry_missed").any() and not run.sums("exact", "opinions_pairs").any()
