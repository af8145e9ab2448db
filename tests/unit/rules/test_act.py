"""act: what a citizen does today."""

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, WORDS, call, chance, given, ints, lucks, shares, uints, yes_words

from glasshouse.day import PLIGHTS
from glasshouse.rules.act import apt, busy, circumstances, count_of, envelope, happens, judgment, might, plight, share_left, six_counts, something, times, which

ADULT, PUPIL, LIVING, DRIVES, OTHERS = 0b0010, 0b0100, 0b100000, 0b010000, 0b1001
AGES = {"adult_days": 6575, "school_days": 2191, "adult": ADULT, "pupil": PUPIL, "grown": ADULT | DRIVES, "living": LIVING}
LATER = 100_000
"""A day of death that is far away."""


# ---- circumstances


@pytest.mark.parametrize(
    ("age", "comes"),
    [(0, 0), (2190, 0), (2191, PUPIL), (6574, PUPIL), (6575, ADULT), (30000, ADULT)],
    ids=["newborn", "day before school", "six today", "last day before 18", "18 today", "old"],
)
@pytest.mark.parametrize("before", [0, ADULT, PUPIL, ADULT | PUPIL, DRIVES, DRIVES | LIVING])
def test_age_decides_who_is_a_pupil_and_who_an_adult_and_touches_nothing_else(age, comes, before):
    """What only adults do waits for the day on which one is grown."""
    kept = before & DRIVES if comes == ADULT else 0
    assert call(circumstances, OTHERS | before, 40 - age, LATER, 40, **AGES) == OTHERS | comes | LIVING | kept


@pytest.mark.parametrize(
    ("born", "dies", "lives"),
    [(40, 41, True), (41, 90, False), (39, 40, False), (-9000, 40, False), (-9000, 41, True), (-9000, -1, False), (40, 40, False)],
    ids=["born today", "born tomorrow", "lived a day", "dies today", "dies tomorrow", "long dead", "never lived"],
)
def test_nobody_is_at_risk_of_anything_before_birth_or_after_death(born, dies, lives):
    found = call(circumstances, OTHERS | ADULT | PUPIL | DRIVES | LIVING, born, dies, 40, **AGES)
    assert bool(found & LIVING) == lives
    assert lives or found == 0


# ---- might, envelope, which: chances laid end to end


@given(risk=st.integers(0, 15), need=st.integers(0, 15), rate=lucks, inclination=st.integers(0, 4096))
def test_only_who_has_every_flag_that_an_act_needs_might_do_it(risk, need, rate, inclination):
    expected = rate * inclination // 256 if all(risk >> i & 1 for i in range(4) if need >> i & 1) else 0
    assert call(might, risk, need, rate, inclination) == expected


# Seven kinds in three families, on the line as 3, 1, 4, 0, 6, 5, 2, small chances (in 2**-32), five fifths of income.
CATALOGUE = {
    "line_need": uints(0, 1, 2, 0, 3, 0, 0),
    "line_rate": uints(*([10 * (k + 1) + fifth for fifth in range(5)] for k in range(7))),
    "line_family": uints(1, 1, 0, 0, 2, 2, 2),
    "line_table": uints(1, 3, 0, 0, 2, 4, 2),
    "inclination": np.array([[256 * f + 2 * b for b in range(256)] for f in range(5)], np.uint32),
}
LINE = ints(3, 1, 4, 0, 6, 5, 2)
PERSON = {"risk": 1, "quintile": 3, "propensity": 0x00_00_00_00_00_80_07_FF}


def mights(risk: int, quintile: int, propensity: int) -> list[int]:
    """The reference: one citizen's chance of each kind."""
    found = []
    for need, rates, family, table in zip(*(CATALOGUE[n].tolist() for n in ("line_need", "line_rate", "line_family", "line_table")), strict=True):
        place = propensity >> 8 * family & 255
        found.append(rates[quintile] * int(CATALOGUE["inclination"][table, place]) // 256 if risk & need == need else 0)
    return found


@given(risk=st.integers(0, 3), quintile=st.integers(0, 4), propensity=st.integers(0, 2**64 - 1))
def test_the_envelope_is_the_sum_of_all_chances(risk, quintile, propensity):
    assert call(envelope, risk, quintile, propensity, **CATALOGUE) == sum(mights(risk, quintile, propensity)) // 4


@pytest.mark.parametrize("risk", [0, 1, 3])
def test_each_kind_is_met_by_exactly_its_share_of_all_luck(risk):
    """Conservation: every word of luck below the envelope belongs to one kind, as many words as the kind's chance."""
    person = PERSON | {"risk": risk}
    expected = mights(**person)
    met = [0] * 7
    for luck in range(sum(expected)):
        met[call(which, luck, sum(expected) // 4, **person, line_kind=LINE, **CATALOGUE)] += 1
    assert [met[kind] for kind in LINE] == expected
    assert min(expected) == 0 or risk == 3


def test_the_first_family_of_the_catalogue_counts_whatever_its_number():
    """Also family 0, and a single kind."""
    one = {"line_need": uints(0), "line_rate": uints([40] * 5), "line_family": uints(0), "line_table": uints(0), "inclination": CATALOGUE["inclination"]}
    assert call(envelope, 1, 3, 0x80, **one) == 10
    assert call(which, 39, 10, 1, 3, 0x80, line_kind=ints(0), **one) == 0
    two = {n: t if n == "inclination" else t[2:4] for n, t in CATALOGUE.items()}  # family 0, then family 1
    assert [call(which, luck, 40, 3, 3, 0x8080, line_kind=ints(0, 1), **two) for luck in range(33 + 129)].count(0) == 33


def test_an_act_that_is_spread_otherwise_is_read_from_its_own_table_at_the_place_of_its_family():
    """The second kind is of family 1, so its place is byte 1 (here 5), and of table 3."""
    one = {n: t if n == "inclination" else t[1:2] for n, t in CATALOGUE.items()}
    assert call(envelope, 3, 0, 0x09_05_FF, **one) == 20 * (3 * 256 + 2 * 5) // 256 // 4
    assert call(which, 0, 15, 3, 0, 0x09_05_FF, line_kind=ints(0), **one) == 0


def test_luck_beyond_the_envelope_falls_to_the_last_kind():
    assert call(which, sum(mights(**PERSON)), 9, **PERSON, line_kind=LINE, **CATALOGUE) == 2
    assert call(which, LAST, 9, **PERSON, line_kind=LINE, **CATALOGUE) == 2


def test_more_inclination_means_a_wider_envelope():
    widths = [call(envelope, 3, 2, byte * 0x010101, **CATALOGUE) for byte in range(0, 256, 5)]
    assert widths == sorted(widths)
    assert widths[0] < widths[-1]


@pytest.mark.parametrize(("rates", "wide"), [((LAST, 0), 2**30 - 1), ((LAST, 1), 2**30), ((LAST, LAST), 2**31 - 1), ((LAST,) * 4, 2**32 - 1), ((LAST,) * 5, LAST)])
def test_chances_that_add_up_to_more_than_once_a_day_go_on_counting_up_to_four_times(rates, wide):
    """Kinds of one family, each with the plain inclination of 256 parts."""
    n = len(rates)
    many = {"line_need": uints(*[0] * n), "line_rate": uints(*([r] * 5 for r in rates)), "line_family": uints(*[0] * n), "line_table": uints(*[0] * n)}
    assert call(envelope, 0, 0, 0, **many, inclination=np.full((1, 256), 256, np.uint32)) == wide


@pytest.mark.parametrize("rates", [(1.0, 1.0), (0.5, 1.0), (0.75, 0.75, 0.5), (0.9, 0.05, 0.05), (1.0, 1.0, 0.5, 0.5, 0.25)])
def test_to_whom_more_than_once_a_day_something_might_happen_each_kind_happens_in_proportion(rates):
    """Conservation: all luck is shared out among the kinds, each by its part of the sum; up to certainty by its own chance."""
    n = len(rates)
    line = {"line_need": uints(*[0] * n), "line_rate": uints(*([min(LAST, int(r * 2**32))] * 5 for r in rates)), "line_family": uints(*[0] * n),
            "line_table": uints(*[0] * n), "inclination": np.full((1, 256), 256, np.uint32)}  # fmt: skip
    wide = call(envelope, 0, 0, 0, **line)
    got = np.zeros(n)
    for luck in range(0, 2**32, 2**22):
        if call(something, luck, wide):
            got[call(which, luck, wide, 0, 0, 0, line_kind=ints(*range(n)), **line)] += 1
    assert got / 1024 == pytest.approx(np.array(rates) / max(1, sum(rates)), abs=2 / 1024)


@pytest.mark.parametrize("wide", [0, 1, 2147, 2**30 - 1])
def test_something_happens_to_exactly_the_envelope_of_all_luck(wide):
    """Drunk driving is 2e-6 a day, 2,147 in 2**30; a chance of 0 never happens."""
    assert yes_words(lambda luck: call(something, luck, wide)) == 4 * wide


@pytest.mark.parametrize("wide", [2**30, 2**30 + 1, LAST])
def test_something_surely_happens_once_where_it_might_happen_oftener(wide):
    assert call(something, 0, wide) == call(something, LAST, wide) == 1


# ---- happens

PLAIN = {
    "habit": 0.0,
    "expression": 1.0,
    "withdrawal": 0.0,
    "gaming": 0.0,
    "wealth": 10**6,
    "income": 10**4,
    "debt": 0,
    "judged": 0,
    "trust": 0.5,
    "day": 800,
    "caught_on": -30_000,
    "kind_season": 1.0,
    "kind_habit": 0.5,
    "kind_expression": 0.5,
    "kind_withdrawal": 0.5,
    "kind_hardship": 0.5,
    "kind_bought": 0,
    "kind_owes": 0,
    "kind_taught": 0,
    "kind_trusting": 0,
    "kind_share": 0.5,
    "short_days": 28,
    "kind_most": 1.0,
    "caught_size": 0.25,
    "caught_holds": 730,
    "trust_start": 0.5,
}


def happening(**changes) -> float:
    """The chance that what might happen happens."""
    given = PLAIN | changes
    return chance(lambda luck: call(happens, luck, **given))


def expected(
    habit,
    expression,
    withdrawal,
    gaming,
    short,
    kind_season,
    kind_habit,
    kind_expression,
    kind_withdrawal,
    kind_hardship,
    kind_bought,
    kind_share,
    kind_most,
    **_,
) -> float:
    """The same, as the docs say it, in float64."""
    if kind_bought:
        return min(1.0, gaming)
    factor = (1 - kind_habit * habit) * (1 - kind_expression * (1 - expression)) * (1 - kind_withdrawal * withdrawal)
    return min(1.0, max(0.0, kind_season * kind_share * factor * (1 + kind_hardship * short) / kind_most))


@given(
    st.fixed_dictionaries(
        dict.fromkeys(("habit", "expression", "withdrawal", "gaming", "kind_expression", "kind_withdrawal", "kind_share"), shares)
    ),
    st.floats(0.5, 1.5),
    st.floats(-1, 1),
    st.floats(0, 2),
    st.floats(1, 4),
    st.booleans(),
    st.booleans(),
)
def test_the_chance_of_an_act_is_the_product_that_the_docs_state(parts, kind_season, kind_habit, kind_hardship, kind_most, bought, short):
    numbers = parts | {
        "kind_season": kind_season,
        "kind_habit": kind_habit,
        "kind_hardship": kind_hardship,
        "kind_most": kind_most,
        "kind_bought": bought,
    }
    wealth = 279_999 if short else 280_000
    assert happening(**numbers, wealth=wealth) == pytest.approx(expected(**numbers, short=short), abs=1e-6)


@pytest.mark.parametrize(
    ("changes", "share"),
    [
        ({}, 0.5),
        ({"habit": 0.5}, 0.375),
        ({"habit": 0.5, "kind_habit": -0.5}, 0.625),  # good deeds grow with the habit
        ({"expression": 0.5}, 0.375),
        ({"withdrawal": 0.5}, 0.375),
        ({"wealth": 279_999}, 0.75),  # less than 28 days' income of 10,000 fen
        ({"wealth": 280_000}, 0.5),
        ({"wealth": -1}, 0.75),
        ({"kind_season": 0.5}, 0.25),
        ({"kind_share": 0.25}, 0.25),
        ({"kind_share": 0.0}, 0.0),
        ({"kind_most": 2.0}, 0.25),
        ({"kind_share": 2.0, "kind_most": 2.0}, 1.0),
        ({"gaming": 0.9}, 0.5),
        ({"kind_bought": 1}, 0.0),
        ({"kind_bought": 1, "gaming": 0.25}, 0.25),
        ({"kind_bought": 1, "gaming": 0.25, "kind_most": 2.0, "kind_season": 0.5}, 0.25),
        ({"kind_bought": 1, "gaming": 1.0}, 1.0),
        ({"kind_owes": 1}, 0.0),  # who owes nothing cannot be late
        ({"kind_owes": 1, "debt": 1}, 0.5),
        ({"kind_owes": 1, "debt": -1}, 0.0),
        ({"debt": 1}, 0.5),
        ({"judged": 1}, 0.5),
        ({"kind_owes": 1, "judged": 1}, 0.0),  # a judgment is no debt
        ({"kind_owes": 2}, 0.0),  # against whom no judgment stands there is none to fulfil
        ({"kind_owes": 2, "debt": 1}, 0.0),  # and a debt is no judgment
        ({"kind_owes": 2, "judged": 1}, 0.5),
        ({"kind_owes": 2, "judged": 1, "debt": 1}, 0.5),
        ({"kind_owes": 2, "judged": 1, "habit": 0.5}, 0.375),
        ({"kind_owes": 2, "kind_bought": 1, "gaming": 1.0}, 0.0),
        ({"kind_taught": 1}, 0.5),  # never caught
        ({"kind_taught": 1, "caught_on": 71}, 0.375),  # 729 days ago
        ({"kind_taught": 1, "caught_on": 70}, 0.5),  # 730: it no longer holds
        ({"kind_taught": 1, "caught_on": 800}, 0.375),
        ({"kind_taught": 1, "caught_on": 800, "caught_size": 1.0}, 0.0),
        ({"kind_taught": 1, "caught_on": 800, "habit": 0.5}, 0.28125),
        ({"caught_on": 800}, 0.5),  # what a fine does not teach goes on
        ({"trust": 0.25}, 0.5),
        ({"kind_trusting": 1}, 0.5),
        ({"kind_trusting": 1, "trust": 0.25}, 0.25),
        ({"kind_trusting": 1, "trust": 1.0, "kind_most": 2.0}, 0.5),
        ({"kind_trusting": 1, "trust": 0.25, "trust_start": 0.25}, 0.5),
        ({"kind_trusting": 1, "trust": 0.0}, 0.0),
        ({"kind_trusting": 1, "kind_taught": 1, "trust": 0.25, "caught_on": 800}, 0.1875),
        ({"kind_trusting": 1, "kind_taught": 1, "trust": 0.25, "caught_on": 800, "kind_bought": 1, "gaming": 0.25}, 0.25),
    ],
)
def test_what_thins_and_what_thickens_an_act(changes, share):
    assert happening(**changes) == pytest.approx(share, abs=2e-7)


def test_luck_exactly_at_the_chance_does_not_make_it_happen():
    """Luck comes in cells of 512 words; a chance on the middle of cell 100 leaves that cell out."""
    assert happening(kind_share=100.5 / 2**23) * WORDS == 100 * 512


def test_a_citizen_with_a_great_income_is_short_of_money_by_the_same_rule():
    """Income times days goes beyond 32 bits."""
    rich = {"income": 2 * 10**8, "short_days": 28}
    assert happening(**rich, wealth=28 * 2 * 10**8) == pytest.approx(0.5, abs=2e-7)
    assert happening(**rich, wealth=28 * 2 * 10**8 - 1) == pytest.approx(0.75, abs=2e-7)


# ---- what makes things likelier

FACTS = {"day": 9000, "birth": 9000 - 40 * 365, "sex": 0, "risk": 4, "job": 2, "job_on": 8990, "wealth": 27_999, "income": 1000, "debt": 500_001, "arrears": 3}  # fmt: skip
SCALES = {"middle_days": 35 * 365, "old_days": 60 * 365, "trades": 4, "new_days": 11, "short_days": 28, "heavy_days": 500}  # fmt: skip


def facts(**changes) -> set[str]:
    """What is true of a citizen, by name."""
    bits = int(call(plight, **SCALES | FACTS | changes))
    assert bits < 1 << len(PLIGHTS)
    return {name for i, name in enumerate(PLIGHTS) if bits >> i & 1}


@pytest.mark.parametrize(
    ("changes", "lost", "gained"),
    [
        ({}, (), ()),
        ({"sex": 1}, ("man",), ()),
        ({"birth": 9000 - 35 * 365}, (), ()),
        ({"birth": 9000 - 35 * 365 + 1}, ("middle_aged",), ("young",)),
        ({"birth": 9000 - 60 * 365 + 1}, (), ()),
        ({"birth": 9000 - 60 * 365}, ("middle_aged",), ()),
        ({"job": 3}, (), ()),
        ({"job": 1}, ("in_work", "trades"), ("jobless",)),
        ({"job": 0}, ("in_work", "trades"), ()),
        ({"risk": 3}, ("trades",), ()),
        ({"risk": 7}, (), ()),
        ({"job_on": 8989}, ("new_job",), ()),
        ({"wealth": 28_000}, ("short",), ()),
        ({"debt": 500_000}, ("indebted",), ()),
        ({"debt": 0}, ("indebted",), ()),
        ({"arrears": 0}, ("arrears",), ()),
        ({"arrears": 1}, (), ()),
        ({"income": 2 * 10**8, "wealth": 28 * 2 * 10**8, "debt": 2**31 - 1}, ("short", "indebted"), ()),
        ({"income": 2 * 10**8, "wealth": 28 * 2 * 10**8 - 1}, ("indebted",), ()),
    ],
)
def test_what_is_true_of_a_citizen_begins_and_ends_on_its_day_and_fen(changes, lost, gained):
    assert facts(**changes) == set(PLIGHTS) - {"jobless", "young"} - set(lost) | set(gained)


LIKELIER = np.ones((3, len(PLIGHTS)), np.float32)
LIKELIER[1] = [2, 3, 5, 7, 11, 13, 0.5, 0.25, 17, 1.5]


@given(bits=st.integers(0, 2**10 - 1), kind=st.integers(0, 2), share=st.sampled_from([0.0, 0.5, 1.0]))
def test_a_kind_is_likelier_by_the_product_of_what_is_true(bits, kind, share):
    """Slow reference: fact by fact; a kind that nothing sways has the share that is left."""
    factor = np.prod([LIKELIER[kind, i] for i in range(10) if bits >> i & 1])
    assert call(apt, kind, share, LIKELIER, bits) == pytest.approx(share * factor)
    assert call(share_left, share) == share


# ---- judgments


@pytest.mark.parametrize(
    ("judged", "act", "after"),
    [(0, 0, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1), (0, 2, 0), (1, 2, 0), (1, 3, 0)],
    ids=["none, and another act", "one stands", "brought", "another on top", "fulfilled though none stood", "fulfilled", "given up"],
)
def test_a_judgment_stands_from_the_act_that_brings_it_until_the_one_that_fulfils_it(judged, act, after):
    assert call(judgment, judged, act) == after


@given(acts=st.lists(st.integers(0, 3), max_size=30), judged=st.integers(0, 1))
def test_a_judgment_stands_if_the_last_act_that_bears_on_one_brought_it(acts, judged):
    """Slow reference: looks back over the acts."""
    after = judged
    for act in acts:
        after = call(judgment, after, act)
    assert after == ([judged, *(int(act == 1) for act in acts if act)][-1])


# ---- the frequent things

SPREAD = (0.25 + np.arange(256) / 64).astype(np.float32)


@given(activity=st.integers(0, 2**64 - 1), channel=st.integers(0, 5), flags=st.integers(0, 7), need=st.integers(0, 7))
def test_a_habit_is_the_rate_times_the_place_in_the_spread_for_those_who_can(activity, channel, flags, need):
    able = all(flags >> i & 1 for i in range(3) if need >> i & 1)
    place = activity >> 8 * channel & 255
    assert call(busy, activity, flags, channel, need, 0.5, SPREAD) == (0.5 * (0.25 + place / 64) if able else 0)


FREELY = {
    "plain": 2.0,
    "expression": 1.0,
    "withdrawal": 0.0,
    "slowed": 0,
    "eased": 0,
    "removed": 0,
    "daily_expression": 0.5,
    "daily_withdrawal": 0.25,
    "daily_line": 0.125,
    "daily_ease": 0.5,
    "daily_removed": 0.75,
    "most_times": 146,
}
CELLS = [int(c) << 16 for c in np.arange(8, 65536, 16)]


def mean_times(**changes) -> float:
    """How often a day over evenly spaced luck."""
    given = FREELY | changes
    return float(np.mean([call(times, luck, **given) for luck in CELLS[::8]]))


@pytest.mark.parametrize(
    ("changes", "often"),
    [
        ({}, 2.0),
        ({"expression": 0.5}, 1.5),
        ({"expression": 0.0}, 1.0),
        ({"withdrawal": 1.0}, 1.5),
        ({"withdrawal": 0.5}, 1.75),
        ({"slowed": 1}, 1.75),
        ({"eased": 1}, 3.0),
        ({"removed": 1}, 0.5),
        ({"removed": 1, "daily_removed": 1.0}, 0.0),
        ({"plain": 0.0, "eased": 1}, 0.0),
        ({"plain": 0.72}, 0.72),
        ({"expression": 0.5, "withdrawal": 0.5, "slowed": 1, "eased": 1, "removed": 1}, 2 * 0.75 * 0.875 * 0.875 * 1.5 * 0.25),
    ],
)
def test_how_often_is_the_habit_after_each_response_on_average(changes, often):
    assert mean_times(**changes) == pytest.approx(often, abs=2e-3)


@given(
    st.floats(0, 20),
    st.fixed_dictionaries(
        dict.fromkeys(("expression", "withdrawal"), shares) | dict.fromkeys(("slowed", "eased", "removed"), st.integers(0, 1))
    ),
    lucks,
)
def test_luck_only_rounds_up_or_down(plain, levels, luck):
    rate = plain * (1 - 0.5 * (1 - levels["expression"])) * (1 - 0.25 * levels["withdrawal"]) * (1 - 0.125 * levels["slowed"])
    rate *= (1 + 0.5 * levels["eased"]) * (1 - 0.75 * levels["removed"])
    often = call(times, luck, **FREELY | levels | {"plain": plain})
    assert often >= 0
    assert rate - 1 - 1e-5 < often < rate + 1 + 1e-5


@pytest.mark.parametrize(("plain", "often"), [(9.0, 9), (10.0, 10), (11.0, 10), (400.0, 10)])
def test_no_more_is_done_than_a_weeks_counts_can_hold(plain, often):
    assert call(times, 0, **FREELY | {"plain": plain, "most_times": 10}) == often


def test_a_whole_number_is_never_rounded_away():
    for luck in (0, LAST):
        assert call(times, luck, **FREELY | {"plain": 3.0}) == 3
        assert call(times, luck, **FREELY | {"plain": 0.0}) == 0


@given(st.lists(st.integers(0, 1023), min_size=6, max_size=6))
def test_six_counts_go_into_one_word_and_come_back(counts):
    word = call(six_counts, *counts)
    assert [call(count_of, word, i) for i in range(6)] == counts
    assert int(word) == sum(n << (10 * i) for i, n in enumerate(counts))


def test_six_counts_add_up_inside_a_word():
    week = [(1, 0, 3, 146, 2, 0), (0, 7, 146, 146, 1, 5)]
    word = sum((call(six_counts, *d) for d in week), np.uint64(0))
    assert [call(count_of, word, i) for i in range(6)] == [1, 7, 149, 292, 3, 5]
