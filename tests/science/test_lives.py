"""Lives: who does not live does nothing; no regime moves a birth or a death; estates go where they should; ages keep what is theirs."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.science.helpers import BEGINS, question, ran, regime

from glasshouse.day import CHANNELS, FLAGS, GROWN
from glasshouse.experiments import lots, world
from glasshouse.experiments.days import Society
from glasshouse.experiments.lives import OLD, estates, grown_up, homes
from glasshouse.experiments.world import LONG_AGO
from glasshouse.regimes.compile import YEAR
from glasshouse.rules.word import covered_of, mask_of, ties_of
from glasshouse.society import build, load_tables
from glasshouse.society.plan import make_plan

SIZE = dict(citizens=6000, days=500)
HARD = {"lives.mortality": 6.0}
TABLES = load_tables()
PLAN = make_plan(TABLES)
ADULT_DAYS = round(18 * YEAR)


def bit(name: str) -> np.uint32:
    return np.uint32(1 << FLAGS.index(name))


# ---- who does not live does nothing


@pytest.fixture(scope="module")
def many_die():
    """Six times the mortality, under a regime that reaches households, is often wrong and watches everybody from birth on; and what was seen of the rest."""
    essay = regime("essay", coverage__from_age=0, **{f"watch__{c}__{what}": 0.3 for c in CHANNELS for what in ("misdirected", "false")})
    before: dict = {}
    found = {"pairs": 0, "deaths": 0, "births": 0, "odd": []}

    def each(society, day):
        alive = society.living()
        c = society.state.columns
        if (c["risk"][~alive] != 0).any() or (c["envelope"][~alive] != 0).any() or not ((c["risk"][alive] & bit("living")) > 0).all():
            found["odd"].append((day, "risk"))
        found["pairs"] += int((~alive).sum())
        for r, name in enumerate(society.names):
            words = society.stepper.published[r][~alive]
            if any(int(covered_of(w)) or int(ties_of(w)) or int(mask_of(w)) for w in np.unique(words)):
                found["odd"].append((day, name, "word"))
            columns = {f: society.state.row(f, r) for f in ("wealth", "debt", "job", "private", "arrears")}
            for field, column in columns.items():
                if (column[~alive] != 0).any():
                    found["odd"].append((day, name, field))
            kept = {f: society.state.row(f, r) for f in ("year_acts", "year_records", "year_points", "on_file", "mask", "my_attempts")}
            for field in (f for f, column in kept.items() if column is not None):
                now = kept[field].reshape(-1, len(alive))[:, ~alive].copy()
                was = before.get((r, field))
                if was is not None and was[1].shape == now.shape and (was[0] == alive).all() and (now != was[1]).any() and field != "on_file":
                    found["odd"].append((day, name, field))
                before[r, field] = (alive.copy(), now)

    asked = question("none", essay, set={f"society.{k}": v for k, v in HARD.items()}, **SIZE)
    folk = build(TABLES.with_values(asked.values), SIZE["citizens"], 1)
    return ran(asked, each=each, folk=folk), found


def test_a_slot_that_does_not_live_does_nothing(many_die):
    """On no day is one who is not born or has died at risk, covered, tied, paid, in debt, in work, seen, barred, or the author of any act."""
    run, found = many_die
    assert found["odd"] == []
    assert found["pairs"] > 100_000
    assert run.daily("none", "deaths").sum() > 150
    assert run.daily("none", "births").sum() > 40


def test_sums_and_tables_count_the_living(many_die):
    """The number of the living day by day, from the lives that were drawn; births and deaths are its steps."""
    run, _ = many_die
    living = run.sums("essay", "living_sum")
    assert np.array_equal(living, [run.living(d).sum() for d in range(SIZE["days"])])
    assert np.array_equal(np.diff(living), (run.daily("essay", "births") - run.daily("essay", "deaths"))[1:])
    covered = run.sums("essay", "covered_sum")
    assert (covered[BEGINS:] == living[BEGINS:]).all(), "here everybody is covered from birth to death"
    aware = run.sums("essay", "aware_sum")
    assert 0 < aware[-1] <= living[-1]


def test_no_regime_changes_a_birth_or_a_death(many_die):
    run, _ = many_die
    for measure in ("births", "deaths"):
        assert np.array_equal(run.daily("none", measure), run.daily("essay", measure))


def test_the_newborn_begin_with_nothing_but_their_own_view(many_die):
    """One born in the run has saved nothing to speak of, owes nothing, keeps all ties or has dropped some since, and was never barred before birth."""
    run, _ = many_die
    people, last = run.society.people, SIZE["days"] - 1
    fresh = (people.birth > 0) & run.living(last)
    assert fresh.sum() > 30
    assert (run.state("debt", "none")[fresh] == 0).all()
    assert (run.state("wealth", "none")[fresh] < people.income[fresh].astype(np.int64) * 60).all()
    assert (run.state("job", "none")[fresh] == 0).all()
    force = run.force("essay")
    born_in = people.birth[force.slot] > 0
    assert (force.start[born_in] >= people.birth[force.slot][born_in]).all()


def test_what_ends_with_a_life_ends_and_has_not_begun_before_it():
    """At the turn of the month all that is a life's own is as at the start for those born and gone for the dead; the others keep theirs."""
    society = Society(question("none", "essay", citizens=4000, days=100), threads=1)
    society.turn(0)
    c = society.state.columns
    own = ("job", "private", "arrears", "judged", "favoured", "aware", "habit", "gaming", "withdrawal", "home_mask", "appeal_day", "expression", "opinion",
           "public_view", "kept", "trust", "caught_on")  # fmt: skip
    for r, name in itertools.product(range(2), own):
        if society.state.row(name, r) is not None:
            society.state.row(name, r)[:] = 1
    was = society.living()
    society.turn(90)
    dead, fresh, others = was & ~society.living(), society.living() & ~was, was == society.living()
    assert dead.sum() > 3 < fresh.sum()
    view = c["own_view"][fresh]
    begins = {"expression": 65535, "opinion": view, "public_view": view, "kept": 65535, "caught_on": LONG_AGO}
    begins["trust"] = round(society.scenario.at("responses.trust.start") * 65535)
    for r, name in itertools.product(range(2), own):
        column = society.state.row(name, r)
        if column is not None:
            assert (column[fresh] == begins.get(name, 0)).all(), name
            assert name in begins or (column[dead] == 0).all(), name
            assert (column[others] == 1).all(), name
    society.stepper.close()


# ---- estates


def settled(members, wealth, debt, dead, adult):
    """One household of these members: who lives (1) or not, what they had; returns wealth, debt and what was paid to whom."""
    now = np.array(members, bool)
    w, d = np.array(wealth, np.int64), np.array(debt, np.int32)
    n = len(members)
    out = estates(np.array(dead, np.int64), now, np.array(adult, bool), np.arange(n, dtype=np.uint8), np.full(n, n, np.uint8), w, d)
    return w.tolist(), d.tolist(), out.tolist()


def test_savings_go_to_the_adults_of_the_household_in_equal_parts():
    wealth, debt, out = settled([0, 1, 1, 1], [1000, 10, 20, 5], [0, 7, 0, 0], [0], [1, 1, 1, 0])
    assert wealth == [0, 510, 520, 5], "the child gets nothing where there are adults"
    assert debt == [0, 7, 0, 0]
    assert out == [[0, 0, 0, 1000, 0]]


def test_what_does_not_divide_goes_to_the_first():
    assert settled([1, 1, 1, 0], [0, 0, 0, 11], [0] * 4, [3], [1] * 4)[0] == [4, 4, 3, 0]


def test_debts_are_paid_first_and_the_rest_written_off():
    assert settled([0, 1], [1000, 0], [400, 0], [0], [1, 1]) == ([0, 600], [0, 0], [[400, 0, 0, 600, 0]])
    assert settled([0, 1], [300, 0], [400, 0], [0], [1, 1]) == ([0, 0], [0, 0], [[300, 0, 0, 0, 100]])
    assert settled([0, 1], [-50, 0], [400, 0], [0], [1, 1]) == ([0, 0], [0, 0], [[0, 0, 50, 0, 400]])


def test_without_an_adult_the_children_inherit_and_without_anybody_the_state():
    assert settled([0, 1, 1], [1000, 0, 0], [0] * 3, [0], [1, 0, 0])[0] == [0, 500, 500]
    assert settled([0, 0], [1000, 70], [0, 0], [0, 1], [1, 1]) == ([0, 0], [0, 0], [[0, 1000, 0, 0, 0], [0, 70, 0, 0, 0]])
    assert settled([0], [1000], [100], [0], [1]) == ([0], [0], [[100, 900, 0, 0, 0]])


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(-1000, 10**6), st.integers(0, 10**6)), min_size=1, max_size=8))
def test_every_fen_of_an_estate_is_somewhere(home):
    """Conservation: what the dead had and owed is with heirs, banks or the state, or written off."""
    lives, adult, wealth, debt = (list(x) for x in zip(*home, strict=True))
    dead = [i for i, alive in enumerate(lives) if not alive]
    after, owed, out = settled(lives, wealth, debt, dead, adult)
    banks, state, shortfall, inherited, written = np.array(out).reshape(-1, 5).sum(0)
    assert sum(after) == sum(wealth) - banks - state + shortfall
    assert sum(owed) == sum(debt) - banks - written
    assert inherited == sum(after[i] - wealth[i] for i in range(len(home)) if lives[i])
    assert all(after[i] == 0 and owed[i] == 0 for i in dead)
    assert min(banks, state, shortfall, inherited, written) >= 0


# ---- what the tables say of an age, for whoever reaches it


@pytest.fixture(scope="module")
def aged():
    """What goes with age after six years, month by month, of 60,000 slots."""
    people = build(TABLES, 60_000, seed=1)
    columns = {n: getattr(people, n) for n in ("birth", "death", "sex", "urban", "place", "size")}
    columns |= {"fixed": np.zeros(60_000, np.uint32), "members": np.zeros(60_000, np.uint8)}
    months = [round(m * 30.4375) for m in range(73)]
    for before, day in zip(months, months[1:], strict=False):
        grown_up(PLAN, 1, columns, ADULT_DAYS, day, before)
    return people, columns, months[-1]


@pytest.mark.parametrize("band", [3, 4, 6, 9, 11])
def test_who_has_reached_an_age_uses_drives_and_works_as_the_table_says_of_it(aged, band):
    """Of those who entered a band in the six years: the shares online, with a licence and in work are the table's, within 4 standard errors."""
    people, columns, day = aged
    age = people.age(day)
    here = people.living(day) & (age // 5 == band) & (age - 5 * band >= (3 if band == 3 else 0))
    town, sex = people.urban[here], people.sex[here]
    for name, chance in (("internet", PLAN.internet[town, band]), ("drives", PLAN.drives[sex, band]), ("works", PLAN.works[sex, band])):
        has = (columns["fixed"][here] & bit(name)) > 0
        mean = chance / 2.0**32
        assert abs(has.sum() - mean.sum()) < 4 * np.sqrt((mean * (1 - mean)).sum()) + 1, name


def test_children_neither_drive_nor_work_and_nobody_works_from_sixty_on(aged):
    people, columns, day = aged
    age = people.age(day)
    for name in ("drives", "works", "jobless"):
        assert not (columns["fixed"][age < 18] & bit(name)).any(), name
    assert not (columns["fixed"][age >= OLD + 1] & (bit("works") | bit("jobless"))).any()
    assert ((columns["fixed"] & bit("works")) > 0)[(age >= 20) & (age < 55)].mean() > 0.6


def test_a_month_in_which_nobody_reaches_an_age_changes_nothing(aged):
    people, columns, day = aged
    same = {**columns, "fixed": columns["fixed"].copy()}
    grown_up(PLAN, 1, same, ADULT_DAYS, day, day)
    assert (same["fixed"] == columns["fixed"]).all()


def test_the_luck_of_an_age_is_the_citizens_own_from_the_start():
    """Whoever is looked at anew on the first day has what was drawn."""
    people = build(TABLES, 20_000, seed=4)
    columns = {n: getattr(people, n) for n in ("birth", "sex", "urban")} | {"fixed": np.zeros(20_000, np.uint32)}
    grown_up(PLAN, 4, columns, ADULT_DAYS, 0, -200 * 365)
    clear = people.birth != -ADULT_DAYS  # a day on which years and days of life disagree about coming of age
    for name in ("internet", "pays", "shops", "talks", "searches", "drives"):
        assert (((columns["fixed"] & bit(name)) > 0) == (getattr(people, name) > 0))[clear].all(), name
    young = people.age() < OLD
    assert (((columns["fixed"] & bit("works")) > 0) == ((people.works > 0) & young))[clear].all()


def test_homes_by_hand():
    """A couple with a child of ten, one not born yet, and an empty place; beside them one who dies today."""
    year = 366
    birth = np.array([-40 * year, -38 * year, -10 * year, 500, 36_525, -70 * year], np.int32)
    death = np.array([36_525] * 5 + [100], np.int32)
    place, size = np.array([0, 1, 2, 3, 4, 0], np.uint8), np.array([5, 5, 5, 5, 5, 1], np.uint8)
    members, fixed = np.zeros(6, np.uint8), np.full(6, 3, np.uint32)
    for day, alive, alone in ((0, 3, 1), (99, 3, 1), (100, 3, 0), (500, 4, 0)):
        homes(day, birth, death, place, size, 6574, 2191, np.uint32(8), members, fixed)
        assert members.tolist() == [alive] * 5 + [alone]
        assert fixed.tolist() == [11] * 5 + [3], "with a pupil at home, and whatever else there was"
    homes(8 * year + 100, birth, death, place, size, 6574, 2191, np.uint32(8), members, fixed)
    assert fixed.tolist() == [11] * 5 + [3], "the younger one is of school age now"
    homes(8 * year + 100, birth, np.where(birth == 500, 600, death).astype(np.int32), place, size, 6574, 2191, np.uint32(8), members, fixed)
    assert fixed.tolist() == [3] * 6


def test_populations_that_begin_with_adulthood_are_those_that_only_adults_have():
    assert set(GROWN) <= set(FLAGS)
    assert "adult" in GROWN


# ---- a stretch of people at a time

def test_people_settled_in_stretches_are_those_settled_at_once(monkeypatch):
    """Who lives where, owes what and is followed does not depend on how many the host looks at together."""
    asked = question("none", "essay", citizens=10_000, days=1, panel=30)
    whole = Society(asked, threads=1).state.columns
    monkeypatch.setattr(world, "AT_A_TIME", 4096)
    parts = Society(asked, threads=1).state.columns
    assert [name for name in whole if not np.array_equal(whole[name], parts[name])] == []
    assert whole["followed"].sum() == 30


def test_who_will_be_in_a_table_is_drawn_by_household_wherever_it_is_held(monkeypatch):
    """Whole households, about as many as asked for; the same where others hold those before, and whatever is looked at together."""
    household = np.repeat(np.arange(4000), 3)
    assert lots.drawn(household, 0, 1.0).tolist() == list(range(12_000))
    found = lots.drawn(household, 0, 0.25)
    assert (np.bincount(household[found], minlength=4000) % 3 == 0).all()
    assert abs(len(found) / 12_000 - 0.25) < 0.04
    monkeypatch.setattr(lots, "AT_A_TIME", 1000)
    assert np.array_equal(lots.drawn(household, 0, 0.25), found)
    assert np.array_equal(lots.drawn(household[6000:] - 2000, 2000, 0.25) + 6000, found[found >= 6000])
