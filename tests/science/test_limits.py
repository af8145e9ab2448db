"""Limits: what a run gives where a closed form says what it must give, within 5 standard errors."""

from datetime import timedelta

import numpy as np
import pytest
from scipy import special, stats
from tests.science.helpers import BEGINS, CALM, NO_ERRORS, everywhere, grades, measures, number, question, ran, regime, seen

from glasshouse.catalogue.schema import DAYS, MONTHS
from glasshouse.day import CHANNELS, FAMILIES, FLAGS, GROWN
from glasshouse.engine.luck import key_of, words

ERRORS = 5
YEAR = 365
PLACES = 256
EVEN = {f"families.{f}.{x}": 0 for f in FAMILIES for x in ("hardship",)}
"""Nobody does more of anything for want of money."""


def gamma_parts(shape: float, parts: int) -> np.ndarray:
    """Means of equally many people of a gamma of mean 1."""
    edges = np.concatenate([[0], special.gammaincinv(shape, np.arange(1, parts) / parts), [np.inf]])
    return np.diff(special.gammainc(shape + 1, edges)) * parts


def parts_of(run, what, family=None) -> np.ndarray:
    """How much people do of something, by place: nothing, then a gamma, then the few, in the order of how much; mean 1."""
    say = lambda name: next((float(v.at(run.society.first)) for v in (getattr(what, name, None), getattr(family, name, None)) if v is not None), 0.0)  # noqa: E731
    idle, few = round(say("none") * PLACES), round(say("few") * PLACES)
    rest = gamma_parts(say("skew"), PLACES - idle - few)
    rest = rest / rest.sum() * (1 - say("few_acts")) * PLACES
    return np.array(sorted([0.0] * idle + list(rest) + [say("few_acts") * PLACES / max(1, few)] * few))


def inclination(run, family: str, act=None) -> np.ndarray:
    """How inclined each citizen is to a family of acts, or to an act that is spread in its own way, mean 1."""
    whole = run.society.scenario.catalogue.families[family]
    own = act is not None and (act.skew is not None or act.none is not None)
    parts = parts_of(run, act, whole) if own else parts_of(run, whole)
    places = (run.state("propensity") >> np.uint64(8 * FAMILIES.index(family))) & np.uint64(PLACES - 1)
    return parts[places.astype(int)]


def season(run, what) -> np.ndarray:
    """How often something is done on each day of the run beside an even year: (days,)."""
    days = [run.society.start + timedelta(days=d) for d in range(run.kept.daily.shape[0])]
    if what.rhythm is None:
        return np.ones(len(days))
    rhythm = run.society.scenario.catalogue.rhythms[what.rhythm]
    week, year = (np.array([float(getattr(rhythm, n).at(run.society.first)) for n in names]) for names in (DAYS, MONTHS))
    long = np.array([31, 28.2425, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    return np.array([week[d.weekday()] / week.mean() * year[d.month - 1] / ((year * long).sum() / long.sum()) for d in days])


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
    days, often = np.zeros(run.society.state.citizens), season(run, what)
    for a, b in months(run):
        days += at_risk(run, what.at_risk, a) * often[max(a, first) : min(b, last if last is not None else b)].sum()
    return float(what.rate.at(run.society.first)) / YEAR * inclination(run, what.family, what) * days


def depends(what) -> bool:
    """Whether something makes it likelier, so that its rate is not that of everybody at risk."""
    return any(value is not None for _, value in what.likelier)


# ---- how often people act


@pytest.fixture(scope="module")
def living():
    """A year without any score."""
    return ran(question("none", citizens=10_000, days=YEAR, set=EVEN))


def test_every_act_is_done_as_often_as_its_file_says(living):
    """The number of each act is its yearly rate over those at risk, within 5 standard errors."""
    for act, what in living.society.scenario.catalogue.acts.items():
        done = living.daily("none", "acts", act).sum()
        mean = expected(living, act).sum()
        if depends(what):
            assert done > 0, act  # the rate is that of those of whom nothing that makes it likelier is true: see tests/law
        elif what.owes or what.judged or what.bought:
            assert done <= mean
        else:
            assert abs(done - mean) < ERRORS * np.sqrt(mean) + 0.001 * mean, act


def test_days_and_months_have_their_stated_shares(living):
    """What has a rhythm is done by the day of the week and by the month as its file says, within 5 standard errors of each count."""
    days = [living.society.start + timedelta(days=d) for d in range(YEAR)]
    cat = living.society.scenario.catalogue
    for name, what in {**cat.acts, **cat.attempts}.items():
        if what.rhythm is None or getattr(what, "judged", False):
            continue
        done, often = living.daily("none", "acts", name), season(living, what)
        for group in ([d.weekday() for d in days], [d.month for d in days]):
            for one in set(group):
                on = np.array(group) == one
                mean = done.sum() * often[on].sum() / often.sum()
                assert abs(done[on].sum() - mean) < ERRORS * np.sqrt(mean + 1) + 0.01 * mean, (name, one)


def test_frequent_acts_follow_their_days_and_months(living):
    """So do frequent acts: each day's number over the year's is what the rhythm says, within 3 % (children and pupils grow up meanwhile)."""
    for f in living.society.scenario.catalogue.frequent.values():
        done, often = living.sums("none", f"times_{f.channel}"), season(living, f)
        share = (done / done.sum()) / (often / often.sum())
        assert abs(share - 1).max() < 0.03 + ERRORS / np.sqrt(done.mean()), f.title


def test_frequent_acts_are_done_as_often_as_their_files_say(living):
    """Times a day: the rate x the inclinations of those at risk, rounded by luck; within 5 standard errors."""
    for f in living.society.scenario.catalogue.frequent.values():
        parts = parts_of(living, f)
        if f.occasions is not None:  # a share of occasions is at most 1
            parts = beta_parts(float(f.rate.at(living.society.first)), float(f.skew.at(living.society.first)))
        c, often = CHANNELS.index(f.channel), season(living, f)
        mine = parts[((living.state("activity") >> np.uint64(8 * c)) & np.uint64(PLACES - 1)).astype(int)]
        rate = float(f.rate.at(living.society.first)) * (float(f.occasions.at(living.society.first)) if f.occasions else 1.0)
        mean = sum((at_risk(living, f.at_risk, a) * mine).sum() * often[a:b].sum() for a, b in months(living)) * rate
        done = living.sums("none", f"times_{f.channel}").sum()
        assert abs(done - mean) < ERRORS * np.sqrt(len(mine) * YEAR / 4) + 1e-4 * mean, f.title


def beta_parts(mean: float, skew: float) -> np.ndarray:
    """Means of equally many people of a beta whose variance is mean**2 / skew, over its mean, by numerical integration."""
    both = skew * (1 - mean) / mean - 1
    curve = stats.beta(mean * both, (1 - mean) * both)
    places = (np.arange(PLACES * 200) + 0.5) / (PLACES * 200)
    return curve.ppf(places).reshape(PLACES, 200).mean(1) / mean


def test_attempts_are_as_many_as_their_files_say(living):
    """Trips, rooms, loans: the number of each attempt is its rate over those at risk, by fifth of income as the elasticity says."""
    whole, cat = living.society.people, living.society.scenario.catalogue
    people = whole.on(0)
    income = np.bincount(people.quintile, people.income, 5) / np.bincount(people.quintile, minlength=5)
    for name in ("flies", "takes_train", "books_hotel", "applies_for_loan", "rents_with_deposit"):
        what = cat.attempts[name]
        if depends(what):
            continue
        factor = (income / people.income.mean()) ** float(what.elasticity.at(living.society.first))
        factor = factor[whole.quintile] / factor[people.quintile].mean()
        often = season(living, what)
        days = sum(at_risk(living, what.at_risk, a) * often[a:b].sum() for a, b in months(living))
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
