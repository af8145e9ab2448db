"""Lives drawn before the first day: births and deaths against the tables they come from, against a slow reader, and to the edges."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.scenarios.schema import LONGEST
from glasshouse.society import People, build, load_tables, stream
from glasshouse.society.households import COMMUNITY, EMPTY, MOST_BORN, TILE, living_places
from glasshouse.society.lives import HORIZON, NEVER, births_wanted, death_day, draw_births, lay, reached, year_begins
from glasshouse.society.plan import make_plan
from glasshouse.society.tables import Tables

TABLES = load_tables()
PLAN = make_plan(TABLES)
YEAR = 365.25


@pytest.fixture(scope="module")
def slots() -> People:
    return build(TABLES, 600_000, seed=3)


def with_cells(name: str, column: int, factor: float) -> Tables:
    """The tables with one column of one table multiplied."""
    cells = TABLES[name].cells.copy()
    cells[:, column] *= factor
    return Tables("other", {**TABLES.tables, name: dataclasses.replace(TABLES[name], cells=cells)}, TABLES.values)


# ---- deaths


def test_lives_are_drawn_for_as_long_as_a_run_may_last():
    assert HORIZON == LONGEST
    assert NEVER > 2 * HORIZON


def test_survival_is_that_of_the_table_at_the_ends_of_its_bands():
    """At factor 1 the survivors of each band are those of the table; the factor is on the force, so it is a power of survival."""
    table = TABLES["mortality"]
    plain = make_plan(TABLES.changed({"lives.mortality": 1.0})).survival / 2.0**31
    ends = np.array([1, 5, *range(10, 105, 5)])
    for sex, column in enumerate(("men", "women")):
        expected = np.cumprod(1 - table.column(column) / 100_000)
        assert plain[sex, ends] == pytest.approx(expected, rel=1e-6)
        assert PLAN.survival[sex, ends] / 2.0**31 == pytest.approx(expected**0.86, rel=1e-6)
        assert (np.diff(plain[sex]) < 0).all()


def expectancy(plan, sex: int) -> float:
    curve = plan.survival[sex] / 2.0**31
    return float((curve[1:] + curve[:-1]).sum() / 2)


def test_life_expectancy_is_the_published_one():
    """74.89 and 80.49 years at factor 1 (World Population Prospects 2024, 2015 to 2020); with the factor that meets the number of deaths, longer."""
    plain = make_plan(TABLES.changed({"lives.mortality": 1.0}))
    assert [expectancy(plain, sex) for sex in (0, 1)] == pytest.approx([74.89, 80.49], abs=0.15)
    assert [expectancy(PLAN, sex) - expectancy(plain, sex) for sex in (0, 1)] == pytest.approx([1.7, 1.7], abs=0.2)


def test_the_table_is_the_published_rates():
    """A rate m over n years leaves exp(-n m) of those who reach a band: rates per person and year of the source, by hand."""
    rates = -np.log(1 - TABLES["mortality"].cells / 100_000) / np.array([1, 4] + [5] * 19)[:, None]
    for at, men, women in ((0, 0.0077542, 0.00664609), (5, 0.00078269, 0.00049713), (13, 0.01486046, 0.0069745), (20, 0.50104147, 0.35481431)):
        assert rates[at] == pytest.approx([men, women], rel=0.005)


@given(st.integers(0, 1), st.integers(-38_000, HORIZON), st.integers(0, 2**32 - 1))
def test_a_day_of_death_is_where_survival_has_fallen_to_the_draw(sex, born, word):
    """A slow reader: the first day whose survival, as a share of that on the first day (or at birth), is at most the draw."""
    day = int(death_day(PLAN.survival[sex], born, word))
    begins = max(born, 0)
    assert day > begins
    alive = lambda d: float(reached(PLAN.survival[sex], d - born)) / float(reached(PLAN.survival[sex], begins - born))  # noqa: E731
    share = word / 2.0**32
    if day == NEVER:
        assert alive(begins + HORIZON) >= share - 1e-6
    else:
        assert alive(day) <= share + 1e-4
        assert day == begins + 1 or alive(day - 2) >= share - 1e-4


def test_as_many_die_at_each_age_as_the_table_says(slots):
    """Deaths in the first year by age and sex, within 4 standard errors of the table times the factor; no age is spared."""
    people = slots.on(0)
    age, far = people.age(), 0.0
    for sex in (0, 1):
        for low, high in ((1, 20), (20, 40), (40, 50), (50, 60), (60, 65), (65, 70), (70, 75), (75, 80), (80, 90), (90, 105)):
            here = (people.sex == sex) & (age >= low) & (age < high)
            days = -people.birth[here].astype(np.int64)
            stays = np.array([reached(PLAN.survival[sex], d + 365) / reached(PLAN.survival[sex], d) for d in days[:: max(1, len(days) // 4000)]])
            mean = (1 - stays).mean() * len(days)
            died = int((people.death[here] <= 365).sum())
            assert abs(died - mean) < 4 * np.sqrt(mean) + 0.01 * mean, (sex, low)
            far += abs(died - mean) / np.sqrt(mean)
    assert 0.4 < far / 20 < 1.3, "0.8 if deaths are drawn independently"


def test_a_higher_force_of_mortality_kills_earlier_and_nobody_later():
    few, many = (build(TABLES.changed({"lives.mortality": f}), 40_960, seed=2).on(0) for f in (0.75, 1.15))
    assert (few.birth == many.birth).all(), "the same people"
    assert (many.death <= few.death).all()
    assert (many.death < few.death).sum() > 500


def test_men_die_by_the_mens_column():
    same = make_plan(with_cells("mortality", 0, 0.9))
    assert (same.survival[1] == PLAN.survival[1]).all()
    assert (same.survival[0, 1:] > PLAN.survival[0, 1:]).all()


def test_the_official_number_of_deaths_is_met(slots):
    """7.1 deaths a year per 1,000 residents, as in 2019 and 2020: what `lives.mortality` was set by; here in the first year."""
    people = slots.on(0)
    assert 1000 * (people.death <= 365).sum() / len(people) == pytest.approx(7.1, abs=0.4)


# ---- births


def test_as_many_are_born_as_the_rates_give(slots):
    """A year's births per 1,000 residents at the start: 8.5, as 12.0 million of 1,412 (2020); over ten years what the women would have."""
    people = slots.on(0)
    first = ((slots.birth > 0) & (slots.birth <= 730)).sum() / 2
    assert 1000 * first / len(people) == pytest.approx(8.5, abs=0.35)
    ten = ((slots.birth > 0) & (slots.birth < NEVER)).sum() / len(people)
    assert ten == pytest.approx(PLAN.newcomers / 2.0**32, rel=0.02)


def mothers_rates(people: People) -> np.ndarray:
    """Births in the ten years per woman and year at the ages 15-19 .. 45-49, in households where one woman alone can be the mother."""
    women = (people.sex == 1) & people.living()
    fertile = women & (people.age() >= 6) & (people.age() < 49)
    alone = np.bincount(people.household, fertile)[people.household] == 1
    mother = np.zeros(people.households, np.int64)
    mother[people.household[fertile & alone]] = people.birth[fertile & alone]
    fresh = (people.birth > 0) & (people.birth < NEVER) & (mother[people.household] != 0)
    born = np.histogram((people.birth[fresh] - mother[people.household[fresh]]) / YEAR, np.arange(15, 55, 5))[0].astype(float)
    ages = [(year * 365.3 + 182 - people.birth[fertile & alone]) / YEAR for year in range(10)]
    return born / sum(np.histogram(age, np.arange(15, 55, 5))[0] for age in ages)


def test_births_come_at_the_ages_of_the_table(slots):
    """Where one woman of a household can be the mother, births per woman and year by her age are the published rates within a tenth."""
    published = TABLES["fertility"].column("births") / 1000
    rates = mothers_rates(slots)
    assert rates[1:5] == pytest.approx(published[1:5], rel=0.1)
    assert rates[[0, 5, 6]] == pytest.approx(published[[0, 5, 6]], abs=0.004)


def test_boys_are_born_as_often_as_among_the_youngest(slots):
    fresh = (slots.birth > 0) & (slots.birth < NEVER)
    boys = (slots.sex[fresh] == 0).mean()
    assert boys == pytest.approx(111 / 211, abs=4 * np.sqrt(0.25 / fresh.sum()))


def test_higher_rates_bring_more_births_and_fewer_living():
    more = build(with_cells("fertility", 0, 2.0), 40_960, seed=2)
    usual = build(TABLES, 40_960, seed=2)
    born = [((p.birth > 0) & (p.birth < NEVER)).sum() for p in (usual, more)]
    assert 1.7 < born[1] / born[0] < 2.0
    assert more.living().sum() < usual.living().sum()


def test_without_births_the_slots_are_the_living_but_a_few():
    """Boundary: no fertility at all; what a tile cannot hold stays empty."""
    none = with_cells("fertility", 0, 0.0)
    cells = none["fertility"].cells.copy()
    cells[3] = 1e-6  # somebody must be a mother of those who live
    none = Tables("none", {**none.tables, "fertility": dataclasses.replace(none["fertility"], cells=cells)}, none.values)
    people = build(none, 3 * COMMUNITY, seed=1)
    assert ((people.birth > 0) & (people.birth < NEVER)).sum() <= 3
    assert people.living().sum() == 3 * (COMMUNITY - 3 * EMPTY)


CURVE = np.concatenate([np.zeros(21), np.arange(1, 31) * (1 << 20), np.full(80, 30 * (1 << 20))]).astype(np.int64)
"""A sixteenth of a birth a year from 20 to 50."""


def given_births(days, sex, size, wanted, word=0, deaths=None):
    days, sex, size = (np.array(x, dtype=np.int64) for x in (days, sex, size))
    born, births = np.zeros((len(size), MOST_BORN), np.int64), np.zeros(len(size), np.int64)
    dies = np.full(len(days), NEVER) if deaths is None else np.array(deaths, dtype=np.int64)
    draw_births(word, CURVE, wanted, size, len(size), days, sex, dies, born, births)
    return born, births


def test_births_by_hand():
    """Two women of 25 share two births evenly: the draw 0 gives each hers at the first day of her share, and half of the word halfway on."""
    days = [int(year_begins(25))] * 3
    born, births = given_births(days, [1, 0, 1], [2, 1], 2)
    assert births.tolist() == [1, 1]
    assert born[:, 0].tolist() == [1, 1]
    born, births = given_births(days, [1, 0, 1], [2, 1], 2, word=1 << 31)
    assert births.tolist() == [1, 1]
    assert born[:, 0] == pytest.approx([HORIZON / 2] * 2, abs=3)


def test_a_woman_bears_no_child_after_her_death_and_a_man_none():
    days = [int(year_begins(25))] * 2
    assert given_births(days, [1, 0], [1, 1], 1, word=1 << 31, deaths=[1000, NEVER])[1].tolist() == [0, 0]
    assert given_births(days, [1, 0], [1, 1], 1, word=1 << 31, deaths=[1900, NEVER])[1].tolist() == [1, 0]
    assert given_births(days, [0, 0], [1, 1], 1)[1].tolist() == [0, 0]
    assert given_births([int(year_begins(51))], [1], [1], 1)[1].tolist() == [0]
    assert given_births([int(year_begins(5))], [1], [1], 1)[1].tolist() == [0]


def test_a_household_has_places_for_three_births():
    born, births = given_births([int(year_begins(25))], [1], [1], 5)
    assert births.tolist() == [MOST_BORN] == [3]
    assert (np.diff(born[0]) > 600).all(), "spread over the ten years"


# ---- laying out


@given(st.lists(st.tuples(st.integers(1, 8), st.integers(0, MOST_BORN)), min_size=1, max_size=900))
def test_any_households_are_laid_out_without_one_crossing_a_tile(homes):
    """Conservation: everybody who lives has a slot; nobody has two; births are dropped only where the slots do not suffice."""
    size, births = np.array([s for s, _ in homes], np.int64), np.array([b for _, b in homes], np.int64)
    living = int(size.sum())
    slots = living + max(int(births.sum()), EMPTY * ((living + int(births.sum())) // TILE + 1))
    start, places = np.zeros((2, len(size) + 1), np.int64)
    before = births.copy()
    extra = int(lay(slots, living, size, len(size), births, start, places))
    count = len(size) + extra
    assert start[0] == 0
    assert (start[1:count] == (start + places)[: count - 1]).all()
    assert (start + places)[count - 1] == slots
    assert (start[:count] // TILE == (start + places - 1)[:count] // TILE).all()
    assert (places[: len(size)] >= size + births).all()
    assert (births <= before).all()


@given(st.integers(1, COMMUNITY), st.integers(0, 2**31))
def test_the_living_and_the_births_fill_a_community_but_for_a_few_slots(slots, newcomers):
    living = int(living_places(slots, newcomers))
    wanted = int(births_wanted(slots, living))
    edges = (slots - 1) // TILE
    assert 1 <= living <= slots
    assert 0 <= wanted
    assert 4 * edges <= slots - living - wanted <= EMPTY * edges


def test_about_six_slots_in_a_thousand_stay_empty(slots):
    assert 0.001 < (slots.birth == NEVER).mean() < 0.01
    assert (slots.death[slots.birth == NEVER] == NEVER).all(), "who never lives never dies"


# ---- any size


FAR = 1_400_000_000


def test_a_stream_is_what_is_built_at_once():
    whole = build(TABLES, 150_000, seed=5)
    parts = list(stream(TABLES, 150_000, seed=5, threads=2))
    assert [first for first, _ in parts] == list(range(0, 150_000, 16 * COMMUNITY))
    for name, column in whole.columns():
        assert (np.concatenate([getattr(people, name) for _, people in parts]) == column).all(), name


def test_the_last_communities_of_a_country_can_be_drawn_alone_and_are_the_same_whatever_the_total():
    """A full community at the far end of 1.4 thousand million, drawn alone, in a stretch, and in a larger society: the same to the last bit."""
    number = FAR // COMMUNITY - 1
    alone = next(iter(stream(TABLES, FAR, seed=9, begin=number, end=number + 1)))
    beside = next(iter(stream(TABLES, FAR, seed=9, begin=number - 2, end=number + 1)))
    larger = next(iter(stream(TABLES, 2_000_000_000, seed=9, begin=number, end=number + 1)))
    assert alone[0] == larger[0] == number * COMMUNITY == beside[0] + 2 * COMMUNITY
    for name, column in alone[1].columns():
        assert (column == getattr(larger[1], name)).all(), name
        if name != "household":
            assert (column == getattr(beside[1], name)[2 * COMMUNITY :]).all(), name
    first = next(iter(stream(TABLES, FAR, seed=9, begin=0, end=1)))[1]
    assert (first.birth != alone[1].birth).mean() > 0.9, "it does not repeat the first"
    near = build(TABLES, 3 * COMMUNITY, seed=9)
    assert (near.birth[:COMMUNITY] == first.birth).all()


def test_the_last_slots_of_a_country_are_drawn():
    last = -(-FAR // COMMUNITY) - 1
    first, people = next(iter(stream(TABLES, FAR, seed=9, begin=last)))
    assert first + len(people) == FAR
    assert people.living().any()
    assert np.iinfo(np.int32).max > FAR, "slots and household numbers fit in 32 bits"
