"""Lists: how many are listed and comply, attempts that are not people, bans that begin a month late, a lot drawn beside a list."""

from datetime import date

import numpy as np
import pytest
from tests.science.helpers import CALM, number, question, ran, regime

from glasshouse.catalogue import catalogue
from glasshouse.regimes import at, load_regime
from glasshouse.regimes.dates import takes_effect
from glasshouse.regimes.kinds import kinds_of_catalogue

pytestmark = pytest.mark.slow

COURT, BANS = "judgment-defaulters", "travel-bans-2018"
START = "2019-01-01"
LISTED, COMPLIED = 0.0027, (0.10, 0.28)
"""Entries of natural persons per adult and year (national platform, 2018); complied over entries, from March 2016 to the end of 2018."""
BARRED = {"rail": 1747 / 1114 / 7.4 * 12, "air": 5028 / 1114 / 7.4 * 12}
"""People barred a year per million adults, from 5,028 and 1,747 in June 2018 to 11 January 2019 (Global Times)."""
PERSONS = 0.826
"""Share of natural persons among those entered in December 2018 (national monthly report): firms buy no tickets and are not in the model."""
BLOCKED = {"flight_ticket_ban": 17.46 / 12.77 / PERSONS, "rail_ban": 5.47 / 12.77 / PERSONS}
"""Tickets refused for each entry of a natural person, from October 2013 to the end of 2018 (national annual report)."""
MEN, FORTIES = 0.75, 0.35
"""Of over 3 million listed (Zhima on the courts' list, 29 Sep 2016)."""
OFTEN = {"acts.ignores_judgment.rate": 0.03, "acts.ignores_judgment.seen": 1.0, "acts.enforcement_ends.rate": 0, "life.rail.again": 0.8}
"""More judgments, and people who ask for what is barred again, so that a small run has people enough on the list."""


def acts(run, name: str, what: str, *names: str) -> int:
    """Acts or records of some kinds in a run."""
    return sum(int(run.daily(name, what, act).sum()) for act in names)


@pytest.fixture(scope="module")
def court():
    """The courts' list at its shipped rates over 50,000 people, from its first day to the end of 2018, with who was entered."""
    entered = []

    def each(society, day):
        today = np.flatnonzero((society.state.row("listed_from", 0)[1] == day) & (day > 0))
        entered.extend(zip(society.state.columns["sex"][today], (day - society.state.columns["birth"][today]) / 365.2425, strict=True))

    run = ran(question(COURT, citizens=50_000, days=1918, start="2013-10-01"), each=each)
    run.entered = np.array(entered)
    return run


@pytest.fixture(scope="module")
def busy():
    """The same with many judgments, beside nothing and beside a lot."""
    lot = regime("lottery", "lot", beside=COURT, coverage={"start": "2013-10-01", "start_status": "assumed", "start_source": "a test"})
    return ran(question("none", COURT, lot, citizens=6000, days=500, start=START, set=OFTEN))


def test_as_many_are_listed_as_in_2018(court):
    """Entries for each adult and year are the published 2.7 per 1,000, within 4 standard errors."""
    years = court.sums(COURT, "covered_sum").sum() / 365
    entries = acts(court, COURT, "own", "ignores_judgment")
    assert abs(entries / years - LISTED) < 4 * np.sqrt(LISTED / years)


def test_as_many_of_them_comply_as_did(court):
    """Who fulfilled the judgment while listed, over those listed, lies between the published 10 and 28 %, two standard errors aside."""
    entries, fulfilled = (int(court.daily(COURT, name).sum()) for name in ("entered", "complied"))
    share, error = fulfilled / entries, np.sqrt(0.2 * 0.8 / entries)
    assert COMPLIED[0] - 2 * error < share < COMPLIED[1] + 2 * error


def test_those_listed_are_mostly_men_and_a_third_in_their_forties(court):
    """As in the portrait of over 3 million: three in four men, within 4 standard errors; 40 to 49 a fifth below the published 35 % at most."""
    men, age = court.entered[:, 0] == 0, court.entered[:, 1]
    assert abs(men.mean() - MEN) < 4 * np.sqrt(MEN * (1 - MEN) / len(men))
    assert ((age >= 40) & (age < 50)).mean() == pytest.approx(FORTIES, rel=0.25)


def refused_an_entry(run) -> dict[str, float]:
    """Tickets refused for each entry, counted as `glasshouse validate` does."""
    entries = int(run.daily(COURT, "entered").sum())
    refused = {name: int(run.daily(COURT, "refused", name).sum()) / entries for name in BLOCKED}
    print(f"refused for each of {entries} entries: {refused}; published {BLOCKED}")
    return refused


@pytest.mark.xfail(strict=True, reason="1.0 and not 1.66: since the court's end of enforcement takes people off the list they stay on it for a shorter time; "
                   "how often courts end it was not found, and no number is chosen to meet this one")  # fmt: skip
def test_as_many_flights_are_refused_for_each_entry_as_were(court):
    """Within a quarter of the published 1.66 for each entry of a natural person since 2013."""
    assert refused_an_entry(court)["flight_ticket_ban"] == pytest.approx(BLOCKED["flight_ticket_ban"], rel=0.25)


def test_fast_trains_are_refused_less_often_than_flights_but_more_than_was_published(court):
    """Fewer than flights, as published, but not as few as 0.52 for each entry: G trains were barred only from July 2015 on, and how many
    trips are on seats that stay allowed was not found."""
    refused = refused_an_entry(court)
    assert BLOCKED["rail_ban"] < refused["rail_ban"] < min(2 * BLOCKED["rail_ban"], refused["flight_ticket_ban"])


def test_entries_do_not_pile_up(court):
    """As many are entered in the last year as in the second, within 4 standard errors."""
    years = court.daily(COURT, "own", "ignores_judgment")[93 : 93 + 5 * 365].reshape(5, 365).sum(1)
    assert abs(years[4] - years[1]) < 4 * np.sqrt(years[4] + years[1])


def test_as_many_fly_as_did():
    """0.47 flights a head and year under no score (660 million over 1,400 million people), within 6 %."""
    free = ran(question("none", citizens=20_000, days=365, start=START))
    assert free.daily("none", "flown").sum() / free.sums("none", "living_sum").sum() * 365 == pytest.approx(0.47, rel=0.06)


def test_blocked_tickets_are_attempts_and_more_than_there_can_be_people(busy):
    """Refused tickets, added up as the published counts are, are more than all who were ever on the list, each counted once; so
    nobody may read them as people. Of one kind of ticket, too, more are refused than people meet a refusal."""
    force = busy.force(COURT)
    people = len(np.unique(force.slot[force.on("rail_ban", "in_force")]))
    bans = {name: force.bits[name] for name in ("flight_ticket_ban", "rail_ban")}
    refused = {name: int(busy.daily(COURT, "refused", name).sum()) for name in bans}
    met = {name: int((busy.tallied("my_refused", COURT)[bit] > 0).sum()) for name, bit in bans.items()}
    assert people > 500
    assert sum(refused.values()) > people
    for name in bans:
        assert refused[name] > met[name] > 0
        assert met[name] <= people
        assert int(busy.daily(COURT, "attempts", name).sum()) >= refused[name]


def test_only_the_listed_are_refused_and_children_at_home(busy):
    """Nobody who was never on the list meets a refusal of it, but for pupils of a household with somebody on it."""
    force, everybody = busy.force(COURT), np.arange(busy.society.state.citizens)
    listed = np.isin(everybody, np.unique(force.slot[force.on("rail_ban", "in_force")]))
    home = everybody - busy.state("place")
    with_listed = np.isin(home, home[listed])
    school = force.bits["private_school_ban"]
    refused = busy.tallied("my_refused", COURT) > 0
    assert not refused[np.arange(len(refused)) != school][:, ~listed].any()
    assert not refused[school][~with_listed].any()
    grown = (499 - busy.state("birth")) / 365.2425 > 19.5
    assert not (refused[school] & grown).any()


def test_children_leave_private_schools_when_a_parent_is_listed():
    """Pupils in private schools: fewer where the courts list many and every school looks than without the list."""
    strict = regime(COURT, consequences__private_school_ban__enforcement=1)
    cheap = {"life.school.fee": 10_000, "attempts.seeks_school_place.rate": 0.2}
    run = ran(question("none", strict, citizens=8000, days=400, start=START, set=OFTEN | cheap))
    assert int(run.daily("none", "expelled").sum()) == 0 < int(run.daily(COURT, "expelled").sum())
    assert run.sums(COURT, "private_sum")[-1] < run.sums("none", "private_sum")[-1]


def test_each_ban_shows_in_what_it_forbids(busy):
    """Flights, trips, nights in hotels, holidays and insurances: fewer under the list than without it, over the same people."""
    for measure in ("flown", "trips", "nights", "bought_holiday", "bought_insurance"):
        assert busy.daily(COURT, measure).sum() < busy.daily("none", measure).sum(), measure


def test_an_overlooked_deletion_is_a_stale_entry():
    """If no deletion is carried out, those who fulfilled stay on, falsely, as a stale entry; if all are, nobody does."""
    forms = {
        name: regime(COURT, name, lists__defaulters__overlooked=share, watch__civic__misdirected=0, watch__civic__false=0, contest=None)
        for name, share in (("never", 1.0), ("always", 0.0))
    }
    run = ran(
        question(
            *forms.values(),
            citizens=4000,
            days=400,
            start=START,
            set=OFTEN | {"acts.fulfils_judgment.rate": 2, "acts.fulfils_judgment.seen": 1},
        )
    )
    false = {name: run.force(name).on("rail_ban", "false") for name in forms}
    force = run.force("never")
    assert (force.end - force.start)[false["never"]].sum() > 1000
    assert set(force.cause[false["never"]]) == {2}
    assert not false["always"].any()


def test_a_lot_can_stand_beside_a_list(busy):
    """As many are under each ban by lot on a day as were by the list the day before, whatever they did, among those who may be listed,
    but for the lots of the dead of the night."""
    mine, lot = busy.force(COURT), busy.force("lot")
    assert set(mine.bits) == set(lot.bits)
    for name in mine.bits:
        lost = mine.by_day(name, "in_force")[:-1] - lot.by_day(name, "in_force")[1:]
        assert ((lost >= 0) & (lost <= busy.daily("lot", "deaths")[1:])).all(), name
        assert (lost > 0).sum() < 0.02 * len(lost), name
    assert mine.by_day("rail_ban", "in_force")[-1] > 200
    covered = busy.society.covered(busy.number(COURT))
    bit = np.uint32(1 << mine.bits["rail_ban"])
    under = {name: (busy.state("mask", name) & bit) > 0 for name in (COURT, "lot")}
    assert not (under["lot"] & ~covered).any()
    judged = busy.state("judged", COURT)[covered].astype(float)
    shares = {name: judged[of[covered]].mean() for name, of in under.items()}
    assert shares[COURT] > 0.95
    assert abs(shares["lot"] - judged.mean()) < 4 * np.sqrt(judged.var() / under["lot"].sum())


def test_as_many_are_barred_from_trains_and_planes_as_were():
    """All three kinds of conduct together, with a thousand times the coverage and a thousandth of the count: within a quarter of the
    9.8 people a year and million adults of the first seven months. The mix is another one, as the file says."""
    data = load_regime(BANS)
    coverage = at(data.watch["location"].coverage, START)
    run = ran(question(regime(BANS, watch__location__coverage=coverage * 1000), citizens=20_000, days=366, start=START))
    years = run.sums(BANS, "covered_sum").sum() / 365
    entries = acts(run, BANS, "own", "smokes_on_train", "dodges_fare", "disturbs_flight")
    assert 1e6 * entries / years / 1000 == pytest.approx(sum(BARRED.values()), rel=0.25)


@pytest.mark.parametrize(
    ("record", "begins"),
    [("2019-03-12", "2019-04-10"), ("2019-05-20", "2019-06-12"), ("2019-12-31", "2020-01-10"), ("2019-04-01", "2019-05-10")],
)
def test_a_ban_begins_seven_working_days_after_the_first_of_the_next_month(record, begins):
    """Saturdays and Sundays do not count, public holidays do."""
    assert takes_effect(load_regime(BANS).lists["rail_conduct"], date.fromisoformat(record)) == date.fromisoformat(begins)


def test_an_entry_of_the_courts_takes_effect_at_once():
    today = date(2019, 3, 4)
    assert takes_effect(load_regime(COURT).lists["defaulters"], today) == today


def test_who_knows_of_a_rule_older_than_the_run_is_drawn_in_its_first_week():
    """The list of 2013 is known to its share of the living a week after a run of 2019 begins, within 4 standard errors."""
    asked = question(COURT, citizens=4000, days=7, start=START, set={"responses.awareness.spread": 0, "responses.awareness.taught": 0})
    run = ran(asked)
    share = asked.values[f"regime.{COURT}.awareness.start"].value
    aware, living = (run.sums(COURT, f"{name}_sum")[-1] for name in ("aware", "living"))
    assert abs(aware / living - share) < 4 * np.sqrt(share * (1 - share) / living)


def test_what_only_judged_people_do_is_not_said_falsely_of_anybody():
    """A false record of the courts says that a judgment was not fulfilled, not that officers were resisted."""
    kinds = kinds_of_catalogue(catalogue())
    entered = set(load_regime(COURT).lists["defaulters"].entry)
    assert kinds.names[kinds.said_falsely("civic", entered)] == "ignores_judgment"


# ---- remedies of a list: objections that suspend, notice, deletions that are found

SILENT = {**CALM, **OFTEN, "acts.fulfils_judgment.rate": 2, "acts.fulfils_judgment.seen": 1, "responses.ties.drop": 0, "responses.compliance.base": 0, "responses.gaming.size": 0,
          **{f"responses.{name}": 0 for name in ("chilling.size", "chilling.exposed", "withdrawal.size", "withdrawal.exposed", "opinion.hurt", "opinion.gain")}}
"""Everybody acts alike under every list: nothing that a list brings is carried out, and nobody answers it."""
BAN = {"rail_ban": {"lists": ["defaulters"], "enforcement": number(0)}}


def quiet(name: str, **changes):
    """A form of the courts' list of which everybody knows and that changes nobody's life."""
    return regime(COURT, name, awareness__start=1, consequences=BAN, watch__civic__false=0.2, watch__civic__misdirected=0.1, **changes)


def daily(*forms, days: int, **wanted) -> dict[str, np.ndarray]:
    """Columns of some forms of the list as they stood at the end of each day: by form and column, (days, citizens)."""
    kept = {(form["id"], name): [] for form in forms for name in wanted["columns"]}

    def each(society, day):
        for (form, name), rows in kept.items():
            rows.append(society.state.row(name, society.names.index(form)).copy())

    ran(question(*forms, citizens=2500, days=days, start=START, set=SILENT), each=each)
    return {key: np.array(rows) for key, rows in kept.items()}


def test_an_objection_that_suspends_takes_days_of_the_open_case_and_no_others():
    """Of two lists that differ in `suspends` alone: nobody is on the suspending one who is not on the other; whoever has no case open is on both or on neither."""
    answers = {"contest__file": 0.7, "contest__upheld_wrong": 0.8, "contest__upheld_right": 0.3, "contest__delay": 40}
    found = daily(quiet("stands", **answers), quiet("waits", **answers, contest__suspends=True), days=300, columns=("mask", "appeal_day"))
    mask, cases_open = ({form: found[form, name] for form in ("stands", "waits")} for name in ("mask", "appeal_day"))
    assert np.array_equal(cases_open["stands"], cases_open["waits"])
    assert not (mask["waits"] & ~mask["stands"]).any()
    idle = cases_open["waits"] == 0
    assert np.array_equal(mask["waits"][idle], mask["stands"][idle])
    assert (mask["waits"] != mask["stands"])[~idle].sum() > 3000
    both = ~idle & (mask["waits"] != 0)
    assert both.any()  # another entry holds those on the list whose newest one is suspended


def test_notice_puts_every_day_of_a_list_off_by_itself_and_by_nothing_else():
    """Where an entry ends by its term alone, whoever is on the list on a day is on it under the notice of 12 days just so much later. (Between
    two stays that the notice brings together nobody is taken off: a list keeps one stay of each.)"""
    plain = {"contest": None, "lists__defaulters__exit": None, "lists__defaulters__delay": None, "lists__defaulters__overlooked": None, "coverage__from_age": 0}
    terms = {"lists__defaulters__entry__ignores_judgment": 40, "lists__defaulters__entry__resists_enforcement": 90}
    found = daily(quiet("at_once", **plain, **terms), quiet("told", **plain, **terms, remedies__notice=12), days=200, columns=("mask",))
    at_once, told = (found[form, "mask"] != 0 for form in ("at_once", "told"))
    assert (told[12:] >= at_once[:-12]).all()
    once = (np.diff(at_once, axis=0, prepend=False) & at_once).sum(0) <= 1
    assert once.sum() > 2000
    assert np.array_equal(told[12:][:, once], at_once[:-12][:, once])
    assert not told[:12].any()
    assert at_once.sum() > 10_000


@pytest.mark.parametrize("overlooked", [0.0, 1.0])
def test_who_looks_each_month_ends_what_was_overlooked_and_nothing_else(overlooked):
    """With a chance of 1 nobody is on the list on the first of a month by an oversight; with none overlooked the look changes nothing."""
    forms = [quiet(name, lists__defaulters__overlooked=overlooked, contest__find_stale=chance) for name, chance in (("never", 0), ("seldom", 0.2), ("always", 1))]
    found = daily(*forms, days=400, columns=("mask", "due_until"))
    on = {form["id"]: (found[form["id"], "mask"] != 0).sum() for form in forms}
    day = np.arange(400)[:, None]
    stale = {form["id"]: (found[form["id"], "mask"] != 0) & (found[form["id"], "due_until"][:, 1] <= day) for form in forms}
    if not overlooked:
        assert on["never"] == on["seldom"] == on["always"] > 0
        assert not any(rows.any() for rows in stale.values())
        return
    assert on["never"] > on["seldom"] > on["always"] > 0
    first = [n for n in range(400) if (np.datetime64(START) + n).astype(object).day == 1]
    assert not stale["always"][first].any()
    assert stale["always"].any()


def test_a_pardon_clears_every_list_and_every_open_case():
    """From its day on nobody is on a list but by what comes later; a case that was open gives nobody anything."""
    pardon = [{"on": "2019-07-10", "status": "law", "source": "a test"}]
    forms = [quiet(name, contest__file=0.8, contest__delay=60, contest__suspends=suspends, lists__defaulters__overlooked=0.5, remedies={"amnesty": pardon})
             for name, suspends in (("stands", False), ("waits", True))]  # fmt: skip
    found = daily(*forms, days=300, columns=("mask", "appeal_day", "listed_until", "due_until"))
    day = int((np.datetime64("2019-07-10") - np.datetime64(START)).astype(int))
    for form in ("stands", "waits"):
        mask, cases_open = found[form, "mask"] != 0, found[form, "appeal_day"]
        before, after = mask[day - 1], mask[day]
        assert before.sum() > 50
        new = found[form, "listed_until"][day, 1] > day
        assert not (after & ~new).any()
        assert new.sum() < 20
        assert (cases_open[day - 1] > 0).any()
        assert (cases_open[day][cases_open[day] > 0] == day + 60).all()  # opened today
        later = mask[day + 1 :] & ~(found[form, "listed_until"][day + 1 :, 1] > day)
        assert not later.any()
