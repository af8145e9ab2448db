"""The clean account: what was done, nothing missed or invented. Each way to be wrong, alone, is found to be the one at work."""

from datetime import timedelta

import numpy as np
import pytest
from tests.science.helpers import BEGINS, FOR_EVER, NO_ERRORS, everywhere, grades, measures, question, ran, regime, seen

from glasshouse.day import CAUSES

pytestmark = pytest.mark.slow

SIZE = dict(citizens=5000, days=400)
BANS = ("flight_ban", "hotel_ban", "slow_internet")
CUTS = (940, 970, 1020)
EXACT = {**NO_ERRORS, "score__expiry": 6, "grades": grades(*CUTS)}
CALM = {"awareness__start": 0}


def wrong(run, name: str) -> dict[str, int]:
    """Penalty days by what they are: in force, clean, false, missed; and false ones by cause."""
    force = run.force(name)
    span = force.end - force.start
    out = {w: sum(int(span[force.on(n, w)].sum()) for n in force.penalty) for w in ("in_force", "clean", "false", "missed")}
    by = np.zeros(len(CAUSES), np.int64)
    for n in force.penalty:
        on = force.on(n, "false")
        by += np.bincount(force.cause[on], span[on], len(CAUSES)).astype(np.int64)
    return out | dict(zip(CAUSES, by.tolist(), strict=True))


@pytest.fixture(scope="module")
def exact():
    """A regime that sees all and errs in nothing, with all responses on; terms of 0 and of 90 days."""
    now = regime("essay", "now", consequences=measures(*BANS), **EXACT)
    term = regime("essay", "term", consequences=measures(*BANS, tail=90) | measures("loan_access", of=("g3",), tail=30), **EXACT)
    return ran(question(now, term, set=seen(), **SIZE))


@pytest.mark.parametrize("name", ["now", "term"])
def test_exact_watch_is_never_wrong(exact, name):
    """With nothing missed, invented, mixed up, stale, guessed or inherited, no penalty day is false and none is missed."""
    found = wrong(exact, name)
    assert found["false"] == found["missed"] == 0
    assert found["in_force"] == found["clean"] > 10_000
    assert np.array_equal(exact.state("on_file", name), exact.state("clean_points", name))
    assert np.array_equal(exact.state("ring", name), exact.state("clean_ring", name))
    assert np.array_equal(exact.state("grade", name), exact.state("clean_grade", name))
    assert np.array_equal(exact.state("mask", name), exact.state("clean_mask", name))


def test_all_grades_are_lived_in(exact):
    """The test above can fail: people rise and fall between all grades."""
    covered = exact.covered("now")
    assert (np.bincount(exact.state("grade", "now")[covered], minlength=4) > 50).all()


# ---- one way to be wrong at a time

ONE_WAY = {
    "record": {**everywhere("watch", false=0.4)},
    "stale": {"score__stale": 0.5, "score__expiry": 2},
    "kin": {"kin": {"household": {**regime("essay")["kin"]["household"], "value": 0.3}}},
    "inference": {"profile": regime("essay")["profile"]},
}
ALSO = {
    "record, missed only": {**everywhere("watch", coverage=0.6)},
    "record, pinned on others": {**everywhere("watch", misdirected=0.3)},
    "kin, ties only": {"kin": {"ties": {**regime("essay")["kin"]["ties"], "value": 0.2}}},
}


def one_way(what: str, tail: float) -> dict:
    changes = {**EXACT, **(ONE_WAY | ALSO)[what], "consequences": measures(*BANS, tail=tail), "awareness__start": 0}
    return regime("essay", "wrong_way", **changes)


@pytest.fixture(scope="module", params=[*ONE_WAY, *ALSO])
def erring(request):
    """An otherwise exact regime that errs in one way, without least terms and with terms of 60 days."""
    runs = [ran(question(one_way(request.param, tail), set=seen(), **SIZE)) for tail in (0, 60)]
    return request.param.split(",")[0], runs


def test_the_only_way_to_be_wrong_is_found_to_be_the_cause(erring):
    """Without least terms every false penalty day is put down to the one error there is."""
    cause, (now, _) = erring
    found = wrong(now, "wrong_way")
    assert found["false"] > 500
    assert {c: found[c] for c in CAUSES if found[c]} == {cause: found["false"]}


def test_the_cause_is_found_under_least_terms_too(erring):
    """A penalty that only its least term keeps going has the cause of the fall that began it: still the one error there is."""
    cause, (_, term) = erring
    found = wrong(term, "wrong_way")
    assert found["false"] > 500
    assert {c: found[c] for c in CAUSES if found[c]} == {cause: found["false"]}


def test_two_ways_to_be_wrong_give_more_than_one_cause():
    """With false records and guesses both at work, some days are put down to each, and some to several."""
    both = regime("essay", "both", **{**EXACT, **ONE_WAY["record"], **ONE_WAY["inference"], "consequences": measures(*BANS), "awareness__start": 0})
    found = wrong(ran(question(both, set=seen(), **SIZE)), "both")
    assert found["none"] == found["stale"] == found["kin"] == 0
    assert min(found[c] for c in ("record", "inference", "several")) > 100
    assert sum(found[c] for c in CAUSES) == found["false"]


# ---- a rule of one act, seen with a known chance


@pytest.mark.parametrize("miss", [0.1, 0.4, 0.8])
def test_watch_that_misses_a_share_misses_that_share_of_the_days(miss):
    """A rule of one act whose first record bars for good: given the acts, the expected missed days are the sum over acts of miss^k x days to the next; within 5 standard errors."""
    changes = {**EXACT, **FOR_EVER, "grades": grades(1000), "points": {"buys_games": regime("essay")["points"]["buys_games"]}, "activity": None,
               "consequences": measures("flight_ban"), "awareness__start": 0, **everywhere("watch", coverage=1 - miss)}
    notes = []

    def each(society, day):
        rows = society.stepper.log("happened", 0)
        notes.extend((day, slot) for slot in rows[rows[:, 1] == society.kinds.number("buys_games"), 0].tolist())

    run = ran(question(regime("essay", "one_act", **changes), panel=5000, set=seen() | {"acts.buys_games.rate": 0.6}, **SIZE), each=each)
    birth, adult = run.state("birth"), int(run.society.rule["scored_from_days"][0])
    firsts = [d for d in range(SIZE["days"]) if (run.society.start + timedelta(days=d)).day == 1]
    acts: dict[int, list[int]] = {}
    for day, slot in notes:
        if day >= max(BEGINS, birth[slot] + adult):
            acts.setdefault(slot, []).append(day)
    due = missed = variance = 0.0
    for slot, days in acts.items():
        gaps = np.diff([*days, next((d for d in firsts if d >= run.state("death")[slot]), SIZE["days"])])
        chance = miss ** np.arange(1, len(gaps) + 1)  # that the first k acts were all missed
        mean = float(chance @ gaps)
        reached = np.cumsum(gaps)  # missed days, if the first k acts and no more were missed
        only = np.append(chance[:-1] - chance[1:], chance[-1])
        due, missed, variance = due + gaps.sum(), missed + mean, variance + float(only @ reached**2) - mean**2
    found = wrong(run, "one_act")
    assert found["clean"] == due
    assert found["false"] == 0
    assert abs(found["missed"] - missed) < 5 * np.sqrt(variance)
    assert found["missed"] / due < miss


def test_missed_days_when_each_acts_at_most_once_are_the_share_missed():
    """Counted over those who did the one act only once, the missed share of penalty days is the share of acts missed, within 5 standard errors."""
    miss = 0.3
    changes = {**EXACT, **FOR_EVER, "grades": grades(1000), "points": {"buys_games": regime("essay")["points"]["buys_games"]}, "activity": None,
               "consequences": measures("flight_ban"), "awareness__start": 0, **everywhere("watch", coverage=1 - miss)}
    run = ran(question(regime("essay", "one_act", **changes), citizens=10_000, days=150, set=seen() | {"acts.buys_games.rate": 0.4}))
    once = run.state("clean_points", "one_act") == run.society.rule["kind_points"][0][run.society.kinds.number("buys_games")]
    missed = (run.state("on_file", "one_act") == 0)[once]
    assert once.sum() > 300
    assert abs(missed.mean() - miss) < 5 * np.sqrt(miss * (1 - miss) / once.sum())


def test_bought_deeds_are_worth_nothing_in_the_clean_account():
    """A deed that was bought to please the score is recorded, and is no deed in the clean account."""
    changes = {**EXACT, "consequences": measures(*BANS)}
    changes.pop("points__buys_good_deed")
    gamed = regime("essay", "gamed", **changes)
    run = ran(question(gamed, set=seen() | {"responses.gaming.size": 0.6}, **SIZE))
    bought = run.daily("gamed", "own", "buys_good_deed").sum()
    gap = run.state("on_file", "gamed").astype(np.int64) - run.state("clean_points", "gamed")
    assert bought > 100
    assert (gap >= 0).all()
    assert gap.sum() > 0
