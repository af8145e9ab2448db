"""Acts as the record has them: behaviour apart from detection, rhythms, and how much is done by few, measured from a run's tables."""

import numpy as np
import polars as pl
import pytest
from tests.science.helpers import CALM, NO_ERRORS, everywhere, question, ran, regime, seen

from glasshouse.catalogue import catalogue
from glasshouse.day import FLAGS
from glasshouse.experiments.frames import InForce, citizens

pytestmark = pytest.mark.slow
ERRORS = 4
CROSSINGS = 4.0
"""Crossings a day of an adult, as the catalogue assumes."""


def only(*keep: str) -> dict[str, float]:
    """Settings in which nothing else is done."""
    known = catalogue()
    rates = [f"acts.{a}.rate" for a in known.acts if a not in keep] + [f"frequent.{f}.rate" for f in known.frequent if f not in keep]
    return dict.fromkeys(rates, 0.0)


def table(run) -> pl.DataFrame:
    """The run's citizens.parquet."""
    return citizens(run.society, run.kept, [InForce(run.society, run.kept, r) for r in range(len(run.society.names))])


def always(run, flag: str) -> np.ndarray:
    """Who lives through the run, is grown at its beginning and belongs to a population at both ends: (citizens,) bool."""
    first, last = min(run.society.fixed), max(run.society.fixed)
    has = lambda day: run.society.fixed[day] >> np.uint32(FLAGS.index(flag)) & np.uint32(1) > 0  # noqa: E731
    return has(first) & has(last) & grown(run)


def grown(run) -> np.ndarray:
    """Who is grown at the beginning of the run and lives through it: (citizens,) bool."""
    return run.living(min(run.society.fixed)) & run.living(max(run.society.fixed)) & (-run.state("birth") >= 6574)


def top(counts: np.ndarray, share: float) -> float:
    """What share of everything the first `share` of people have."""
    ordered = np.sort(counts.astype(float))[::-1]
    return float(ordered[: round(share * len(ordered))].sum() / ordered.sum())


def months(run) -> list[tuple[int, int]]:
    """First day and the day after the last of each month."""
    firsts = sorted(run.society.fixed)
    return list(zip(firsts, [*firsts[1:], run.kept.daily.shape[0]], strict=True))


EXACT = regime("essay", "exact", awareness__start=0, consequences=None, **{**NO_ERRORS, **everywhere("watch", coverage=1)})
"""A regime that sees what the ordinary world sees, no more, and nobody knows of it."""


@pytest.fixture(scope="module")
def crossing():
    """A year of crossings, under a regime that gets every record there is."""
    return ran(question(EXACT, citizens=40_000, days=365, start="2020-01-01", set={**CALM, **only("crosses_on_red")}))


def test_a_fifth_of_crossings_is_on_red_and_hardly_any_is_recorded(crossing):
    """18.5 % of adults' crossings are on red (Changsha), 0.004 a resident and year are recorded (Shanghai): both figures of one run."""
    run = crossing
    adult_days = sum(int((run.living(a) & (a - run.state("birth") >= 6574)).sum()) * (b - a) for a, b in months(run))
    done, recorded = int(run.sums("exact", "times_civic").sum()), int(run.sums("exact", "seen_civic").sum())
    error = 0.1854 * np.sqrt(1 / 0.9 / 31_000)  # people differ by a spread of 1 / 0.9
    assert done / (adult_days * CROSSINGS) == pytest.approx(0.1854, abs=ERRORS * error)
    published = 0.004 * 40_000
    assert recorded == pytest.approx(published, abs=ERRORS * np.sqrt(published) + 0.05 * published)  # 0.79 adults a resident, to 5 %
    assert done > 10_000 * recorded


def test_nobody_crosses_on_red_more_often_than_she_crosses(crossing):
    """A share of occasions is at most 1: no citizen has more than four a day, give or take the season."""
    most = table(crossing)["acts.civic"].max() / 365
    assert CROSSINGS * 0.7 < most <= CROSSINGS * 1.02


def test_a_week_of_posts_has_the_published_silence_and_concentration():
    """57.4 % never post; of the others 86.9 % post nothing in a week, and 4.8 % of them write over 80 % (Weibo). The last is no input.

    A week's posts are spread over three months here, because the tables count whole months.
    """
    settings = {**CALM, **only("posts"), "frequent.posts.rate": catalogue().frequent["posts"].rate.value * 7 / 91}
    run = ran(question("none", citizens=40_000, days=92, start="2020-01-01", set=settings))
    risk = always(run, "talks")
    posts = table(run).filter(pl.col("citizen").is_in(np.flatnonzero(risk).tolist())).sort("citizen")["acts.social"].to_numpy()
    place = (run.state("activity") >> np.uint64(16) & np.uint64(255))[risk]
    silent = place < round(0.574 * 256)
    assert silent.mean() == pytest.approx(0.574, abs=ERRORS * np.sqrt(0.25 / len(posts)) + 1 / 256)
    assert not posts[silent].any()
    some = posts[~silent]
    assert (some == 0).mean() == pytest.approx(0.869, abs=0.02)
    assert 0.75 < top(some, 0.048) < 0.9


def test_debts_are_paid_late_by_few():
    """A tenth of people have half of it, a fifth four fifths (US credit panel): by count over ten years, within 5 points."""
    settings = {**CALM, **only("misses_utility_bill"), "acts.misses_utility_bill.rate": 2.0, "families.credit.hardship": 0}
    run = ran(question("none", citizens=4000, days=1461, start="2016-01-01", set=settings))
    late = table(run).filter(pl.col("citizen").is_in(np.flatnonzero(grown(run)).tolist())).group_by("citizen").agg(pl.col("acts.payments").sum())["acts.payments"].to_numpy()
    assert top(late, 0.1) == pytest.approx(0.5, abs=0.06)
    assert top(late, 0.2) == pytest.approx(0.8, abs=0.05)


def test_tickets_are_as_persistent_as_published():
    """After three years without a ticket 22.1 % get one in the next three, after five or more 84.3 % (Japan, 0.16 a year); the first
    tenth by count hold 55 % of three years' tickets; within 4 standard errors, or 3 points of the last."""
    settings = {**CALM, **only("speeds"), "acts.speeds.rate": 0.16, "responses.caught.size": 0, "families.traffic.hardship": 0}
    run = ran(question("none", citizens=40_000, days=2192, start="2014-01-01", set=settings))
    rows = table(run)
    rows = rows.filter(pl.col("citizen").is_in(np.flatnonzero(always(run, "drives")).tolist()))
    by = lambda years: rows.filter(pl.col("year").is_in(years)).group_by("citizen").agg(pl.col("acts.civic").sum()).sort("citizen")["acts.civic"].to_numpy()  # noqa: E731
    before, after = by([2014, 2015, 2016]), by([2017, 2018, 2019])
    clean, many = before == 0, before >= 5
    for group, published in ((clean, 0.221), (many, 0.843)):
        assert (after[group] > 0).mean() == pytest.approx(published, abs=ERRORS * np.sqrt(published * (1 - published) / group.sum()))
    assert many.sum() > 50
    assert top(before, 0.1) == pytest.approx(0.55, abs=0.03)


def test_volunteering_is_done_by_half_and_most_of_it_by_a_tenth_of_them():
    """Of those who volunteer at all the first tenth give 53 % (Canada), and 53 % never do."""
    settings = {**CALM, **only("volunteers"), "acts.volunteers.rate": 8}
    run = ran(question("none", citizens=8000, days=1461, start="2016-01-01", set=settings))
    rows = table(run).filter(pl.col("citizen").is_in(np.flatnonzero(grown(run)).tolist())).group_by("citizen").agg(pl.col("acts.civic").sum())
    hours = rows["acts.civic"].to_numpy()
    assert (hours == 0).mean() == pytest.approx(0.53, abs=0.1)  # some who would do it did not come to it
    place = run.state("propensity")[rows["citizen"].to_numpy()] >> np.uint64(8) & np.uint64(255)
    never = place < round(0.53 * 256)
    assert not hours[never].any()
    assert top(hours[~never], 0.1) == pytest.approx(0.53, abs=0.06)


def test_who_drove_drunk_once_does_it_again_seven_times_as_often():
    """Arrested before or not, 24.3 and 3.4 per 1,000 drivers are arrested in a year (Maryland), 7.1 times as many, within 4 standard
    errors; counted at the rate at which it is done, the spread gives 7.6."""
    settings = {**CALM, **only("drives_drunk"), "acts.drives_drunk.rate": 0.02, "families.traffic.hardship": 0}
    run = ran(question("none", citizens=60_000, days=730, start="2018-01-01", set=settings))
    rows = table(run)
    risk = np.flatnonzero(always(run, "drives"))
    first, second = (rows.filter(pl.col("year") == y).filter(pl.col("citizen").is_in(risk.tolist())).sort("citizen")["acts.civic"].to_numpy() for y in (2018, 2019))
    again = second[first > 0].sum()
    ratio = second[first > 0].mean() / second[first == 0].mean()
    assert again > 40
    assert ratio == pytest.approx(7.1, abs=ERRORS * ratio * np.sqrt(1 / again + 1 / second[first == 0].sum()))
    assert ratio > 4


def test_who_posts_much_criticises_much():
    """Posting and criticism go by one lasting inclination: whoever never posts never criticises."""
    run = ran(question("none", citizens=6000, days=200, set={**CALM, **seen(0), "acts.posts_criticism.rate": 10, **only("posts", "posts_criticism")}))
    rows = run.tallied("year_acts", "none")[2], run.tallied("year_times", "none")[2]
    assert not rows[0][(run.state("propensity") >> np.uint64(32) & np.uint64(255)) < 146].any()
    assert np.corrcoef(rows[0], rows[1])[0, 1] > 0.4
