"""Limits: what a run gives where a closed form says what it must give, within 5 standard errors."""

from datetime import timedelta

import numpy as np
import pytest
from scipy import special
from tests.science.helpers import BEGINS, CALM, NO_ERRORS, everywhere, grades, measures, number, question, ran, regime, seen

from glasshouse.day import CHANNELS, FAMILIES, FLAGS, GROWN
from glasshouse.engine.luck import key_of, words

ERRORS = 5
YEAR = 365
PLACES = 256
EVEN = {f"families.{f}.{x}": 0 for f in FAMILIES for x in ("hardship",)}
"""Nobody does more of anything for want of money."""


def inclination(run, family: str) -> np.ndarray:
    """How inclined each citizen is to a family of acts, mean 1: the part of a gamma distribution that its place stands for."""
    shape = run.society.scenario.at(f"families.{family}.skew")
    edges = np.concatenate([[0], special.gammaincinv(shape, np.arange(1, PLACES) / PLACES), [np.inf]])
    parts = np.diff(special.gammainc(shape + 1, edges)) * PLACES
    places = (run.state("propensity") >> np.uint64(8 * FAMILIES.index(family))) & np.uint64(PLACES - 1)
    return parts[places.astype(int)]


def at_risk(run, flags, day: int) -> np.ndarray:
    """Who lives and belongs to all of these populations on the first day of a month; adults and pupils come and go with age."""
    fixed, age = run.society.fixed[day], (day - run.state("birth")) / 365.2425
    has = {f: fixed >> np.uint32(i) & 1 for i, f in enumerate(FLAGS)} | {"adult": age >= 18, "pupil": (age >= 6) & (age < 18)}
    has |= {f: has[f] * (age >= 18) for f in GROWN if f != "adult"}
    return np.all([run.living(day), *(has[f] > 0 for f in flags)], axis=0)


def months(run) -> list[tuple[int, int]]:
    """First day and the day after the last of each month."""
    days = run.kept.daily.shape[0]
    edges = [0, *(d for d in range(1, days) if (run.society.start + timedelta(days=d)).day == 1), days]
    return list(zip(edges[:-1], edges[1:], strict=True))


def expected(run, act: str, first: int = 0, last: int | None = None) -> np.ndarray:
    """The expected number of an act for each citizen between two days: the rate a day x inclination x days at risk: (citizens,)."""
    what = run.society.scenario.catalogue.acts[act]
    days = np.zeros(run.society.state.citizens)
    for a, b in months(run):
        days += at_risk(run, what.at_risk, a) * max(0, min(b, last if last is not None else b) - max(a, first))
    return float(what.rate.at(run.society.first)) / YEAR * inclination(run, what.family) * days


# ---- how often people act


@pytest.fixture(scope="module")
def living():
    """A year without any score."""
    return ran(question("none", citizens=10_000, days=YEAR, set=EVEN))


def test_every_act_is_done_as_often_as_its_file_says(living):
    """The number of each act is its yearly rate over those at risk, within 5 standard errors; weekends even out over whole weeks."""
    for act, what in living.society.scenario.catalogue.acts.items():
        done = living.daily("none", "acts", act).sum()
        mean = expected(living, act).sum()
        if what.owes or what.judged or what.bought:
            assert done <= mean
        else:
            assert abs(done - mean) < ERRORS * np.sqrt(mean) + 0.01 * mean * (what.weekend is not None), act


def test_weekends_have_their_stated_share(living):
    """An act that is commoner at weekends is so by its stated factor, within 5 standard errors."""
    weekday = np.array([(living.society.start + timedelta(days=d)).weekday() for d in range(YEAR)])
    for act, what in living.society.scenario.catalogue.acts.items():
        if what.weekend is not None and not what.bought:
            done, factor = living.daily("none", "acts", act), float(what.weekend.at(living.society.first))
            end, rest = done[weekday >= 5].sum() / (weekday >= 5).sum(), done[weekday < 5].sum() / (weekday < 5).sum()
            error = factor * np.sqrt(1 / done[weekday >= 5].sum() + 1 / done[weekday < 5].sum())
            assert abs(end / rest - factor) < ERRORS * error, act


def test_frequent_acts_are_done_as_often_as_their_files_say(living):
    """Times a day: the rate x the inclinations of those at risk, rounded by luck; within 5 standard errors."""
    for f in living.society.scenario.catalogue.frequent.values():
        shape = float(f.skew.at(living.society.first))
        edges = np.concatenate([[0], special.gammaincinv(shape, np.arange(1, PLACES) / PLACES), [np.inf]])
        parts = np.diff(special.gammainc(shape + 1, edges)) * PLACES
        c = CHANNELS.index(f.channel)
        mine = parts[((living.state("activity") >> np.uint64(8 * c)) & np.uint64(PLACES - 1)).astype(int)]
        mean = sum((at_risk(living, f.at_risk, a) * mine).sum() * (b - a) for a, b in months(living)) * float(f.rate.at(living.society.first))
        done = living.sums("none", f"times_{f.channel}").sum()
        assert abs(done - mean) < ERRORS * np.sqrt(len(mine) * YEAR / 4) + 1e-4 * mean, f.title


def test_attempts_are_as_many_as_their_files_say(living):
    """Trips, rooms, loans: the number of each attempt is its rate over those at risk, by fifth of income as the elasticity says."""
    whole, cat = living.society.people, living.society.scenario.catalogue
    people = whole.on(0)
    income = np.bincount(people.quintile, people.income, 5) / np.bincount(people.quintile, minlength=5)
    for name in ("flies", "takes_train", "books_hotel", "applies_for_loan", "rents_with_deposit"):
        what = cat.attempts[name]
        factor = (income / people.income.mean()) ** float(what.elasticity.at(living.society.first))
        factor = factor[whole.quintile] / factor[people.quintile].mean()
        days = sum(at_risk(living, what.at_risk, a) * (b - a) for a, b in months(living))
        mean = (float(what.rate.at(living.society.first)) / YEAR * factor * inclination(living, "daily") * days).sum()
        done = living.daily("none", "acts", name).sum()
        assert abs(done - mean) < ERRORS * np.sqrt(mean), name


@pytest.mark.long
def test_the_rarest_act_over_two_thousand_million_citizen_days():
    """Attending a protest, one or two in a million citizen-days, happens as often as its file says, within 5 standard errors."""
    run = ran(question("none", citizens=547_500, days=3653, start="2019-01-01", set=EVEN), threads=2)
    rates = {a: float(w.rate.at("2019-01-01")) for a, w in run.society.scenario.catalogue.acts.items()}
    for act in sorted(rates, key=rates.get)[:4]:
        mean = expected(run, act).sum()
        assert abs(run.daily("none", "acts", act).sum() - mean) < ERRORS * np.sqrt(mean), act


# ---- a score of points that expire

ACT, POINTS, TERM, SHARE = "buys_games", -7, 3, 0.6


@pytest.fixture(scope="module")
def expiring():
    """A rule of one act, seen with a known chance, whose points stay for three months beyond their own."""
    rule = {**NO_ERRORS, "points": {ACT: number(POINTS)}, "activity": None, "consequences": None, "score__expiry": TERM, "awareness__start": 0,
            "score__low": -100_000, "grades": grades(900), **everywhere("watch", coverage=SHARE)}  # fmt: skip
    return ran(question(regime("essay", **rule), citizens=10_000, days=320, set={**EVEN, **CALM, **seen()}))


def test_the_mean_of_a_score_with_expiry(expiring):
    """Mean points on file = points x share seen x rate x the days of the months that the file remembers, within 5 standard errors."""
    edges = months(expiring)
    first, last = edges[-1 - TERM][0], edges[-1][1]
    assert first > BEGINS
    covered = np.all([expiring.covered("essay", first)], axis=0)
    mean = expected(expiring, ACT, first, last)[covered] * SHARE
    file = expiring.state("on_file", "essay")[covered]
    assert abs(file.sum() - POINTS * mean.sum()) < ERRORS * abs(POINTS) * np.sqrt(mean.sum())
    clean = expiring.state("clean_points", "essay")[covered]
    assert abs(clean.sum() - POINTS * mean.sum() / SHARE) < ERRORS * abs(POINTS) * np.sqrt(mean.sum() / SHARE)


def test_the_variance_of_a_score_with_expiry(expiring):
    """Each citizen's records are spread as rare events are: squared deviations over the expected number average 1, within 5 standard errors."""
    edges = months(expiring)
    first, last = edges[-1 - TERM][0], edges[-1][1]
    mean = expected(expiring, ACT, first, last) * SHARE
    mine = expiring.covered("essay", first) & (mean > 0.02)
    records = expiring.state("on_file", "essay")[mine] / POINTS
    spread = (records - mean[mine]) ** 2 / mean[mine]
    assert abs(spread.mean() - 1) < ERRORS * np.sqrt((2 + 1 / mean[mine]).mean() / mine.sum()) + 0.01


# ---- false listing, and the way back

FALSE, KEEP, LONG = 0.4, 4, 200
COMMERCE = [a for a, what in question("none").catalogue.acts.items() if what.channel == "commerce"]
NEVER_DONE = {f"acts.{a}.rate": 0 for a in COMMERCE}
"""Nobody does what the list is about, so whoever is on it is there by mistake."""


def blacklist(expiry: int, tail: int) -> dict:
    """A list on which false records of one channel, and nothing else, put people: for the rest of the month and `expiry` more, at least `tail` days."""
    rule = {**NO_ERRORS, **everywhere("watch", coverage=0), "watch__commerce__false": FALSE, "points": {a: number(-10) for a in COMMERCE}, "activity": None,
            "awareness__start": 0, "score__expiry": expiry, "grades": grades(1000), "consequences": measures("hotel_ban", tail=tail)}  # fmt: skip
    return regime("essay", "short" if not tail else "long", **rule)


@pytest.fixture(scope="module")
def listed():
    """Two such lists: one from which the record's end frees, one with a least term longer than that."""
    return ran(question(blacklist(KEEP, 0), blacklist(1, LONG), citizens=10_000, days=400, set=CALM | NEVER_DONE))


def once(run, name: str):
    """Start and end of the listings of those with a single record: (rows,), (rows,)."""
    force, records = run.force(name), run.tallied("year_records", name).sum(0)
    rows = force.on("hotel_ban", "in_force") & (records[force.slot] == 1) & run.living(399)[force.slot]
    assert len(np.unique(force.slot[rows])) == rows.sum() > 500
    return force.start[rows], force.end[rows]


@pytest.mark.parametrize("name", ["short", "long"])
def test_the_share_ever_falsely_listed(listed, name):
    """1 - (1 - chance a day) to the power of the days covered, within 5 standard errors; all of it false, and for the record."""
    force = listed.force(name)
    always = listed.covered(name, BEGINS) & listed.living(399)
    ever = np.zeros(10_000, bool)
    ever[np.unique(force.slot[force.on("hotel_ban", "in_force")])] = True
    share = 1 - (1 - FALSE / YEAR) ** (400 - BEGINS)
    assert abs(ever[always].mean() - share) < ERRORS * np.sqrt(share * (1 - share) / always.sum())
    span = force.end - force.start
    assert span[force.on("hotel_ban", "false")].sum() == span[force.on("hotel_ban", "in_force")].sum() > 0


def test_the_time_to_regain_a_grade(listed):
    """Who falls for one record stays listed until the first day of the month in which it leaves the file: exactly, for everybody."""
    edges = np.array([*(a for a, _ in months(listed)), *[400] * (KEEP + 2)])
    start, end = once(listed, "short")
    month = np.searchsorted(edges[: -KEEP - 2], start, side="right") - 1
    assert np.array_equal(end, edges[month + KEEP + 1])


def test_a_least_term_outlasts_the_record(listed):
    """With a least term longer than the record stays on file, the penalty ends exactly that many days after the fall."""
    start, end = once(listed, "long")
    assert np.array_equal(end, np.minimum(400, start + LONG))


# ---- luck


def test_luck_is_even():
    """Words of luck are spread evenly: each of 256 bins of each word is met as often as the others, within 5 standard errors of chi-squared."""
    n = 200_000
    with np.errstate(over="ignore"):
        drawn = words(np.arange(n, dtype=np.uint64), np.uint32(7), np.uint32(0), np.uint64(key_of(1, "a test")))
    for word in drawn:
        for shift in (0, 24):
            count = np.bincount((word >> np.uint32(shift)) & np.uint32(255), minlength=256)
            assert abs(((count - n / 256) ** 2 / (n / 256)).sum() - 255) < ERRORS * np.sqrt(2 * 255)
