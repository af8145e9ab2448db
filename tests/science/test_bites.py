"""Every mechanism bites: against its twin with the effect off, each moves what it should, in the direction it should; with nobody under it not one bit differs."""

import numpy as np
import pytest
from scipy import special
from tests.science.helpers import CALM, everywhere, grades, measures, number, question, ran, regime, same, seen, z_of

from glasshouse.catalogue import catalogue
from glasshouse.day import CHANNELS, FAMILIES, SPENDING
from glasshouse.experiments.world import CELLS
from glasshouse.rules.word import voice_of

pytestmark = pytest.mark.slow


SIZE = dict(citizens=4000, days=200)
SURE = 4.0
"""Paired standard errors by which an effect must show."""
OFTEN = {"attempts.flies.rate": 2, "attempts.books_hotel.rate": 2, "attempts.moves_job.rate": 2, "life.job.prestige": 0.4, "life.school.fee": 5000,
         "attempts.seeks_school_place.rate": 1, "life.deposit.goods": 20_000, "attempts.rents_with_deposit.rate": 5, "attempts.applies_for_loan.rate": 4, "life.loan.approval": 0.2,
         **{f"attempts.{a}.rate": 4 for a in ("buys_home", "buys_car", "takes_holiday", "buys_insurance", "rents_office")}, **{f"life.spending.{s}": 500 for s in SPENDING},
         "life.naming.small": 10_000_000, "life.naming.settle": 1,
         "life.money.short": 60, "acts.stops_paying.rate": 0.05}  # fmt: skip
"""A society in which every consequence is met often enough to show within months."""
CONSEQUENCES = catalogue().consequences


def voices(run, name: str) -> np.ndarray:
    """How loudly each citizen is heard, by the words of the last day."""
    words = run.society.stepper.published[run.number(name)]
    return np.array([float(voice_of(w)) for w in words])


def times(channel: str):
    """Frequent acts of a channel by citizen, in full months."""
    return lambda run, name: run.tallied("year_times", name)[CHANNELS.index(channel)]


def by_day(measure: str, index: str | int = 0):
    """A measure by day; each day's attempts have their own luck."""
    return lambda run, name: run.daily(name, measure, index)


OUTCOMES = {
    "flights": by_day("flown"), "private_school": lambda run, name: run.state("private", name), "searches": times("browsing"),
    "prestige_jobs": lambda run, name: run.state("job", name) == 3, "hotel_nights": by_day("nights"), "voice": voices, "posts": times("social"),
    "loans": by_day("loans"), "rentals": by_day("rentals"), "fares": by_day("pay_transport"), "outings": times("location"),
    "hours_saved": by_day("refused", "travel_priority"), "trips": by_day("trips"), "homes_bought": by_day("bought_home"), "cars_bought": by_day("bought_car"),
    "holidays": by_day("bought_holiday"), "insurances": by_day("bought_insurance"), "offices_rented": by_day("bought_office"), "income": by_day("pay_wages"),
    "wealth": lambda run, name: run.state("wealth", name), "arrears": lambda run, name: run.state("arrears", name),
}  # fmt: skip
"""Where each outcome that a consequence's file names is measured: by citizen or by day, under two regimes of one run."""
ALSO = {
    "flight_ban": [("trips", by_day("trips"), "down")], "flight_ticket_ban": [("trips", by_day("trips"), "down")],
    "slow_internet": [("wages", by_day("pay_wages"), "down"), ("orders", times("commerce"), "down"), ("wealth", lambda run, name: run.state("wealth", name), "down")],
    "prestige_job_bar": [("wages", by_day("pay_wages"), "down")], "hotel_ban": [("money for rooms", by_day("pay_hotels"), "down")],
    "private_school_ban": [("school fees", by_day("pay_schools"), "down")], "loan_access": [("debt", lambda run, name: run.state("debt", name), "up")],
    "trip_discount": [("wealth", lambda run, name: run.state("wealth", name), "up")],
    "movement_ease": [("paid by phone", times("payments"), "up")], "account_removal": [("voice", voices, "down")],
}  # fmt: skip
"""What else must follow from it."""


@pytest.fixture(scope="module")
def under():
    """Everybody covered under each consequence in turn, beside nobody under anything; nobody knows, so nothing else differs."""
    everybody = [g["id"] for g in regime("essay")["grades"]]
    twins = [regime("essay", "off", consequences=None, awareness__start=0)]
    twins += [regime("essay", name, consequences=measures(name, of=everybody), awareness__start=0) for name in CONSEQUENCES]
    return ran(question(*twins, set={**CALM, **OFTEN}, **SIZE))


@pytest.mark.parametrize("name", CONSEQUENCES)
def test_each_consequence_moves_the_outcome_that_its_file_names(under, name):
    """Those under it differ from themselves without it, in the direction its file names, by more than 4 paired standard errors."""
    assert np.array_equal(under.state("mask", name) > 0, under.covered(name))
    outcome = OUTCOMES[CONSEQUENCES[name].outcome]
    z = z_of(outcome(under, "off"), outcome(under, name))
    assert z > SURE if CONSEQUENCES[name].direction == "up" else z < -SURE, z


@pytest.mark.parametrize("name", ALSO)
def test_what_else_follows_from_a_consequence(under, name):
    """Its further effects show too, by more than 4 paired standard errors."""
    for what, outcome, direction in ALSO[name]:
        z = z_of(outcome(under, "off"), outcome(under, name))
        assert z > SURE if direction == "up" else z < -SURE, (what, z)


@pytest.mark.parametrize("name", CONSEQUENCES)
def test_children_and_others_not_covered_are_not_under_it(under, name):
    """Attempts under a consequence are made by those covered (a ban on schools meets their children), and by nobody when it is off."""
    assert under.daily(name, "attempts", name).sum() > 0
    assert under.daily("off", "attempts", name).sum() == 0
    refused, attempts = under.daily(name, "refused", name).sum(), under.daily(name, "attempts", name).sum()
    assert 0 < refused <= attempts


@pytest.fixture(scope="module")
def far_off():
    """Each consequence in turn attached to a grade that nobody reaches, beside none attached at all."""
    few = dict(grades=grades(-90_000, 900, 1020), score__low=-100_000)
    twins = [regime("essay", "off", consequences=None, **few)]
    return ran(question(*twins, *(regime("essay", name, consequences=measures(name, tail=100), **few) for name in CONSEQUENCES), citizens=1000, days=120, set=OFTEN))


@pytest.mark.parametrize("name", CONSEQUENCES)
def test_a_consequence_that_nobody_is_under_changes_not_one_bit(far_off, name):
    """Attached to a grade that nobody reaches, it leaves the digest of the regime without it."""
    assert far_off.daily(name, "graded", 0).sum() == 0 < far_off.daily(name, "graded", 1).sum()
    assert far_off.digest(name) == far_off.digest("off")


@pytest.fixture(scope="module")
def lax():
    """Everybody covered under each consequence in turn, none of which is ever enforced, beside nobody under anything."""
    everybody = [g["id"] for g in regime("essay")["grades"]]
    twins = [regime("essay", "off", consequences=None, awareness__start=0)]
    twins += [regime("essay", name, consequences=measures(name, of=everybody, enforcement=0), awareness__start=0) for name in CONSEQUENCES]
    return ran(question(*twins, citizens=1500, days=120, set={**CALM, **OFTEN}))


@pytest.mark.parametrize("name", CONSEQUENCES)
def test_a_consequence_that_nobody_enforces_refuses_and_grants_nothing(lax, name):
    """With a chance of 0 that it is enforced, its outcome is that of the regime without it, to the last bit."""
    outcome = OUTCOMES[CONSEQUENCES[name].outcome]
    differing = np.flatnonzero(outcome(lax, name) != outcome(lax, "off"))
    assert differing.size == 0
    if CONSEQUENCES[name].kind == "penalty":
        assert lax.daily(name, "refused", name).sum() == 0


@pytest.fixture(scope="module")
def paid():
    """Some consequences and both flight bans at once, checked seven times in ten, beside nobody under anything; nobody knows."""
    everybody = [g["id"] for g in regime("essay")["grades"]]
    sets = {"off": (), "flight_ban": ("flight_ban",), "flight_ticket_ban": ("flight_ticket_ban",), "both": ("flight_ban", "flight_ticket_ban"),
            "trip_discount": ("trip_discount",), "slow_internet": ("slow_internet",), "hotel_ban": ("hotel_ban",)}  # fmt: skip
    twins = [regime("essay", n, consequences=measures(*c, of=everybody, enforcement=0.7), awareness__start=0) for n, c in sets.items()]
    return ran(question(*twins, citizens=1500, days=120, set={**CALM, **OFTEN})), sets


@pytest.mark.parametrize("name", ["flight_ban", "flight_ticket_ban", "both"])
def test_the_money_counted_under_a_flight_ban_is_what_it_cost(paid, name):
    """Every day, to the fen: what is counted is what was paid beyond the twin without it, leaving out the fares of journeys given up."""
    run, sets = paid
    counted = sum(run.daily(name, "fen", c) for c in sets[name])
    given_up = run.daily("off", "trips") - run.daily(name, "trips")
    more = run.daily(name, "pay_transport") - run.daily("off", "pay_transport")
    assert counted.any()
    assert np.array_equal(counted, more + given_up * int(run.society.world["air_fare"]))


def test_the_money_counted_under_a_discount_is_what_it_saved(paid):
    """Every day, to the fen: air and rail together, what is counted is what was paid less than in the twin without it, always of one sign."""
    run, _ = paid
    saved = run.daily("off", "pay_transport") - run.daily("trip_discount", "pay_transport")
    assert (saved >= 0).all()
    assert np.array_equal(np.abs(run.daily("trip_discount", "fen", "trip_discount")), saved)


def test_the_money_counted_under_a_slow_line_is_what_it_cost(paid):
    """Every day, to a fen for each who was paid: what is counted is what was earned less than in the twin without it."""
    run, _ = paid
    lost = run.daily("off", "pay_wages") - run.daily("slow_internet", "pay_wages")
    assert lost.sum() > 0
    assert (np.abs(run.daily("slow_internet", "fen", "slow_internet") - lost) <= 1500).all()


def test_the_money_counted_under_a_hotel_ban_is_what_it_changed(paid):
    """Every day, to the fen: what is counted is what was paid beyond the twin without it, leaving out the price of nights given up."""
    run, _ = paid
    given_up = run.daily("off", "nights") - run.daily("hotel_ban", "nights")
    more = run.daily("hotel_ban", "pay_hotels") - run.daily("off", "pay_hotels")
    assert np.array_equal(run.daily("hotel_ban", "fen", "hotel_ban"), more + given_up * int(run.society.world["hotel_night"]))


def test_easier_loans_cost_less():
    """Interest paid on the same debt is less on favoured terms."""
    everybody = [g["id"] for g in regime("essay")["grades"]]
    pair = [regime("essay", "off", consequences=None, awareness__start=0), regime("essay", "on", consequences=measures("loan_access", of=everybody), awareness__start=0)]
    run = ran(question(*pair, set={**CALM, **OFTEN, "life.loan.favoured_approval": 0.8, "life.loan.approval": 0.8, "life.loan.favoured_rate": 0.03}, **SIZE))
    assert run.daily("on", "loans").sum() == run.daily("off", "loans").sum()
    z = z_of(run.daily("off", "pay_interest"), run.daily("on", "pay_interest"))
    assert z < -SURE


# ---- responses: what those who know do about it

ALL_KNOW = {"regime.essay.awareness.start": 1}
SILENT = {"responses.chilling.size": 0, "responses.chilling.exposed": 0, "responses.withdrawal.size": 0, "responses.withdrawal.exposed": 0,
          "responses.compliance.speed": 0, "responses.gaming.size": 0, "responses.ties.drop": 0}  # fmt: skip
"""No response at all."""


def test_the_threat_of_a_name_in_public_moves_those_who_know_of_it():
    """Where one name in four is published, whoever knows of the rule begins to pay again more often than whoever does not; where none is, nobody does."""
    everybody = [g["id"] for g in regime("essay")["grades"]]
    twins = [regime("essay", f"{publishes}-{who}", consequences=measures("name_publication", of=everybody, enforcement=share), awareness__start=knows)
             for publishes, share in (("some", 0.25), ("none", 0)) for who, knows in (("unaware", 0), ("aware", 1))]  # fmt: skip
    run = ran(question(*twins, set={**CALM, **OFTEN, **SILENT}, **SIZE))
    arrears = {name: OUTCOMES["arrears"](run, name) for name in run.society.names}
    assert z_of(arrears["some-unaware"], arrears["some-aware"]) < -SURE
    assert np.array_equal(arrears["none-unaware"], arrears["none-aware"])


def kept_ties(run, name: str) -> np.ndarray:
    """How many of its sixteen places for talking ties each citizen keeps."""
    return np.bitwise_count(run.state("kept", name)).astype(int)


def column(name: str):
    return lambda run, regime_name: run.state(name, regime_name)


def tally(name: str):
    return lambda run, regime_name: run.tallied(name, regime_name)


RESPONSES = {
    "compliance": ({"responses.compliance.speed": 0.5, "responses.compliance.base": 0.6}, [(tally("conduct_bad"), "down"), (tally("conduct_good"), "up"), (column("habit"), "up")]),
    "nearness": ({"responses.compliance.speed": 0.5, "responses.compliance.base": 0.0, "responses.compliance.near": 150}, [(column("habit"), "up"), (tally("conduct_bad"), "down")]),
    "chilling": ({"responses.chilling.size": 0.25}, [(column("expression"), "down"), (times("social"), "down"), (column("public_view"), "up")]),
    "chilling under a penalty": ({"responses.chilling.exposed": 0.4}, [(column("expression"), "down")]),
    "withdrawal": ({"responses.withdrawal.size": 0.15}, [(column("withdrawal"), "up"), (times("payments"), "down"), (times("browsing"), "down")]),
    "withdrawal under a penalty": ({"responses.withdrawal.exposed": 0.4}, [(column("withdrawal"), "up"), (times("payments"), "down")]),
    "gaming": ({"responses.gaming.size": 0.6, "responses.compliance.near": 150}, [(by_day("own", "buys_good_deed"), "up"), (by_day("pay_deeds"), "up"), (column("on_file"), "up")]),
    "ties": ({"responses.ties.drop": 0.05}, [(kept_ties, "down")]),
}  # fmt: skip


@pytest.fixture(scope="module")
def unmoved():
    """Everybody knows of the essay's regime, with cuts that divide people, and nobody responds; opinions pass nothing on."""
    return ran(question(regime("essay", grades=grades(960, 985, 1005), consequences=measures("hotel_ban", "flight_ban", of=("g0", "g1"))),
                        set={**SILENT, **ALL_KNOW, "responses.ties.low": 2}, **SIZE))  # fmt: skip


def moved(**more):
    return ran(question(regime("essay", grades=grades(960, 985, 1005), consequences=measures("hotel_ban", "flight_ban", of=("g0", "g1"))),
                        set={**SILENT, **ALL_KNOW, "responses.ties.low": 2, **more}, **SIZE))  # fmt: skip


@pytest.mark.parametrize("name", RESPONSES)
def test_each_response_moves_what_it_should(unmoved, name):
    """Against the twin in which nobody responds, one response alone moves its outcomes by more than 4 paired standard errors."""
    changed, outcomes = RESPONSES[name]
    run = moved(**changed)
    for outcome, direction in outcomes:
        z = z_of(outcome(unmoved, "essay"), outcome(run, "essay"))
        assert z > SURE if direction == "up" else z < -SURE, z


@pytest.mark.parametrize("name", RESPONSES)
def test_only_those_who_know_respond(name):
    """With nobody aware a response changes not one bit."""
    ignorant = {**CALM, "regime.essay.awareness.start": 0}
    runs = [ran(question("essay", citizens=1000, days=100, set={**SILENT, **ignorant, **more})) for more in ({}, RESPONSES[name][0])]
    assert same(*runs, "essay", "essay") == []
    assert np.array_equal(runs[0].kept.daily, runs[1].kept.daily)


def test_what_is_said_aloud_moves_towards_approval_when_people_fall_silent(unmoved):
    """Falsification raises approval as said aloud above the private one, and leaves the private one where friends pass nothing on."""
    quiet = {"responses.chilling.size": 0.25, "responses.opinion.pull": 0}
    honest, false = moved(**quiet, **{"responses.falsify.size": 0}), moved(**quiet, **{"responses.falsify.size": 1})
    assert z_of(honest.state("public_view", "essay"), false.state("public_view", "essay")) > SURE
    assert np.array_equal(honest.state("opinion", "essay"), false.state("opinion", "essay"))


@pytest.mark.parametrize(("key", "names", "direction"), [("hurt", ("hotel_ban",), "down"), ("gain", ("trip_discount",), "up")])
def test_what_happens_to_oneself_moves_ones_view(key, names, direction):
    """Under a penalty approval falls, with a reward it rises; those not covered keep theirs when friends pass nothing on."""
    everybody = [g["id"] for g in regime("essay")["grades"]]
    question_ = regime("essay", consequences=measures(*names, of=everybody), awareness__start=0)
    off, on = (ran(question(question_, set={**CALM, "responses.opinion.pull": 0, f"responses.opinion.{key}": size}, **SIZE)) for size in (0, 0.02))
    covered = on.covered("essay")
    z = z_of(off.state("opinion", "essay")[covered], on.state("opinion", "essay")[covered])
    assert z > SURE if direction == "up" else z < -SURE
    never = ~covered & on.living(SIZE["days"] - 1)
    assert np.array_equal(off.state("opinion", "essay")[never], on.state("opinion", "essay")[never])


def test_friends_draw_views_together():
    """What friends say pulls views towards each other: they spread less than without."""
    still = {"responses.opinion.noise": 0, "responses.opinion.anchor": 0.005}
    apart, near = (ran(question("none", set={**still, "responses.opinion.pull": pull}, **SIZE)) for pull in (0, 0.1))
    assert near.state("opinion", "none").std() < 0.9 * apart.state("opinion", "none").std()


def test_word_of_the_score_spreads_and_a_consequence_teaches():
    """Hearing raises the number of those who know; so does being under a consequence, and only for those under it."""
    cut = regime("essay", grades=grades(985), consequences=measures("hotel_ban"), awareness__start=0)
    quiet, spread, taught = (ran(question(cut, set={"responses.awareness.spread": a, "responses.awareness.taught": b}, **SIZE)) for a, b in ((0, 0), (0.02, 0), (0, 0.5)))
    assert quiet.state("aware", "essay").sum() == 0
    assert 0.2 < spread.state("aware", "essay").mean() < 0.6
    knows = taught.state("aware", "essay") > 0
    ever = np.zeros(SIZE["citizens"], bool)
    ever[np.unique(taught.force("essay").slot)] = True
    assert knows.sum() > 100
    assert not (knows & ~ever).any()


@pytest.mark.parametrize("base", ["essay", "judgment-defaulters"])
def test_friends_drop_the_named_and_under_a_list_nobody_else(base):
    """Ties are kept less where names are published; a list has no grades, so that without names nobody who knows of it drops anybody."""
    often = {"acts.ignores_judgment.rate": 0.5, "acts.ignores_judgment.seen": 1, "responses.ties.drop": 0.1, "responses.opinion.hurt": 0}
    known = {"awareness__start": 1, "coverage__start": "2019-12-01"}
    if base == "essay":
        held = {"grades": grades(-90_000), "score__low": -100_000}  # nobody in the lowest, so that ties are about names alone
        ban = measures("name_publication", of=("g1",))
    else:
        held, ban = {}, {"name_publication": {"lists": ["defaulters"], "enforcement": number(1)}}
    plain = regime(base, "plain", consequences=None, **held, **known)
    named = regime(base, "named", consequences=ban, **held, **known)
    hidden = regime(base, "hidden", consequences={"name_publication": {**ban["name_publication"], "enforcement": number(0)}}, **held, **known)
    run = ran(question("none", plain, named, hidden, set=often | {"responses.ties.low": 1}, **SIZE))
    assert run.force("named").on("name_publication", "in_force").any()
    assert z_of(kept_ties(run, "plain"), kept_ties(run, "named")) < -SURE
    assert np.array_equal(kept_ties(run, "plain"), kept_ties(run, "hidden"))
    if base != "essay":
        assert np.array_equal(kept_ties(run, "plain"), kept_ties(run, "none"))


@pytest.mark.parametrize("truth", ["wrong", "right"])
def test_objections_give_points_back(truth):
    """Those who contest get points back: of wrong records when only those are upheld, of right ones when only those are."""
    upheld = {"contest__upheld_wrong": 1.0 * (truth == "wrong"), "contest__upheld_right": 1.0 * (truth == "right")}
    base = everywhere("watch", false=0.5)
    off = regime("essay", "off", contest=None, awareness__start=1, **base)
    on = regime("essay", "on", contest__file=1, contest__delay=7, awareness__start=1, **upheld, **base)
    run = ran(question(off, on, set={k: v for k, v in SILENT.items()}, **SIZE))
    assert z_of(run.state("on_file", "off"), run.state("on_file", "on")) > SURE
    assert 0 < run.daily("on", "appeals_upheld").sum() <= run.daily("on", "appeals_filed").sum()
    filed = run.daily("on", "appeals_filed")
    assert run.daily("on", "appeals_upheld")[: 31 + 7].sum() == 0 < filed[31 : 31 + 7].sum()
    assert run.daily("off", "appeals_filed").sum() == 0


def test_stale_points_are_found_in_time():
    """Points that should have left the file stay as stale ones, fewer of them when somebody looks."""
    names = {"never": dict(contest__find_stale=0), "often": dict(contest__find_stale=0.5)}
    run = ran(question(*(regime("essay", n, score__expiry=1, score__stale=0.5, **c) for n, c in names.items()), set={**CALM, **SILENT}, **SIZE))
    never, often = (np.abs(run.state("stale", n).astype(int)) for n in names)
    assert z_of(never, often) < -SURE


# ---- channels, profile, kin


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_channel_gives_points_and_none_when_it_sees_nothing(channel):
    """With coverage and false records at 0 no point comes from a channel; with them some do, and grades differ."""
    blind = regime("essay", "blind", **everywhere("watch", (channel,), coverage=0, false=0))
    sees = regime("essay", "sees")
    run = ran(question(blind, sees, citizens=3000, days=200, set=seen(0.3)))
    c = CHANNELS.index(channel)
    for tally_ in ("year_points", "year_records", "year_received"):
        assert not run.tallied(tally_, "blind")[c].any(), tally_
    assert run.tallied("year_points", "sees")[c].any()
    assert (run.state("grade", "blind") != run.state("grade", "sees")).any()
    others = np.delete(run.tallied("year_points", "blind"), c, 0)
    assert others.any()


@pytest.mark.parametrize("trait", ["reliability", "order", "loyalty"])
def test_the_guessed_person_has_the_published_likeness(trait):
    """Where a trace is full, the guessed points correlate with the truth as the accuracy says (within 4 standard errors), and spread as weight x accuracy says."""
    accuracy, weight = 0.35, 60
    family = {"reliability": "credit", "order": "order", "loyalty": "speech"}[trait]
    guess = {trait: {"weight": number(weight), "accuracy": number(accuracy)}}
    run = ran(question(regime("essay", profile=guess, awareness__start=0), set={**CALM, "life.trace.full": 1}, citizens=5000, days=100))
    full = run.covered("essay") & (run.state("profile", "essay") != 0)
    byte = (run.state("propensity") >> np.uint64(8 * FAMILIES.index(family))) & np.uint64(255)
    truth = -special.ndtri((byte.astype(float) + 0.5) / CELLS)
    profile = run.state("profile", "essay").astype(float)
    n = full.sum()
    assert n > 2000
    assert abs(np.corrcoef(truth[full], profile[full])[0, 1] - accuracy) < 4 * (1 - accuracy**2) / np.sqrt(n)
    assert abs(profile[full].std() / (weight * accuracy) - 1) < 0.08
    assert (run.state("profile", "essay")[~run.covered("essay")] == 0).all()


def test_the_guess_moves_scores_and_is_nothing_without_weight_or_trace():
    """The profile spreads scores; with weight 0, or for those of whom no trace is left, it is 0."""
    off = {f"profile__{t}__weight": 0 for t in ("reliability", "order", "loyalty")}
    run = ran(question(regime("essay", "on"), regime("essay", "off", **off), citizens=4000, days=100))
    assert not run.state("profile", "off").any()
    assert run.state("profile", "on").std() > 5
    offline = (run.society.people.internet == 0) & (run.tallied("year_times", "on")[:5].sum(0) == 0)
    assert not run.state("profile", "on")[offline].any()


@pytest.mark.parametrize("part", ["household", "ties"])
def test_kin_pass_points_on(part):
    """A share of how far one's household or friends stand from the base is added: none without, and of their sign with it."""
    alone = {"household": None, "ties": None} | {part: number(0.3)}
    kin = {k: v for k, v in alone.items() if v}
    run = ran(question(regime("essay", "on", kin=kin), regime("essay", "off", kin=None), citizens=4000, days=100, set={**CALM, **SILENT}))
    assert not run.state("kin", "off").any()
    assert run.state("kin", "on").std() > 1
    homes = run.society.people.household
    file = run.state("on_file", "on").astype(float) + run.state("profile", "on")
    covered = run.covered("on")
    rest = np.bincount(homes, file * covered)[homes] - file * covered
    others = np.bincount(homes, covered)[homes] - covered
    mine = covered & (others > 0)
    likeness = np.corrcoef(run.state("kin", "on")[mine], (rest / np.maximum(1, others))[mine])[0, 1]
    assert likeness > 0.5 if part == "household" else abs(likeness) < 0.3
