"""respond: what people who know or fear the score do about it."""

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import stats
from tests.unit.rules.called import LAST, call, chance, given, lucks, shares, unstirred, yes_words

from glasshouse.rules import respond
from glasshouse.rules.maths import mixed

NEVER = 1 << 28
CUTS = {f"cut_{i}": cut for i, cut in enumerate((600, 850, 960, 1030, 1050, NEVER, NEVER), 1)}
scores = st.integers(0, 1300)
bits = st.integers(0, 1)


# ---- who knows

HEARS = {
    "knows": 0,
    "running": 1,
    "day": 200,
    "start_day": 100,
    "mask": 0,
    "week_days": 7,
    "awareness_start": 0.5,
    "awareness_spread": 0.0625,
    "awareness_taught": 0.25,
}


@pytest.mark.parametrize(
    ("changes", "share"),
    [
        ({}, 0.0625),
        ({"day": 100}, 0.5),
        ({"day": 106}, 0.5),
        ({"day": 107}, 0.0625),
        ({"mask": 8}, 0.3125),
        ({"day": 100, "mask": 1}, 0.75),
        ({"awareness_spread": 0.0}, 0.0),
        ({"day": 100, "awareness_start": 1.0}, 1.0),
        ({"awareness_spread": 0.9, "mask": 1}, 1.0),
        ({"running": 0}, 0.0),
        ({"running": 0, "day": 100, "mask": 1}, 0.0),
        ({"knows": 1, "awareness_spread": 0.0}, 1.0),
        ({"knows": 1, "running": 0}, 1.0),  # what is known stays known
    ],
)
def test_some_hear_at_once_then_word_spreads_and_a_consequence_teaches(changes, share):
    given = HEARS | changes
    assert chance(lambda luck: call(respond.aware, luck_hear=luck, **given)) == pytest.approx(share, abs=1e-7)


def test_luck_exactly_at_the_chance_does_not_hear():
    assert yes_words(lambda luck: call(respond.aware, luck_hear=luck, **HEARS | {"awareness_spread": 1000.5 / 2**23})) == 1000 * 512


# ---- cuts


@given(score=scores, cuts=st.lists(scores, min_size=7, max_size=7))
def test_distances_to_the_nearest_cut_and_to_the_next_above(score, cuts):
    """In any order: the distance is to the nearest of all; the way up needs the cuts in order."""
    assert call(respond.distance, score, *cuts) == min(abs(score - cut) for cut in cuts)
    above = [cut - score for cut in sorted(cuts) if cut > score]
    assert call(respond.up_to_cut, score, *sorted(cuts)) == (above[0] if above else 0)


@pytest.mark.parametrize(
    ("score", "distance", "up"),
    [
        (1000, 30, 30),
        (960, 0, 70),
        (959, 1, 1),
        (961, 1, 69),
        (1049, 1, 1),
        (1050, 0, NEVER - 1050),
        (1200, 150, NEVER - 1200),
        (0, 600, 600),
    ],
)
def test_a_score_exactly_on_a_cut_is_on_it_and_looks_to_the_next(score, distance, up):
    assert call(respond.distance, score, **CUTS) == distance
    assert call(respond.up_to_cut, score, **CUTS) == up


@pytest.mark.parametrize("cut", range(7))
def test_on_each_cut_the_next_is_what_counts(cut):
    ladder = [10, 30, 60, 100, 150, 210, 280]
    assert call(respond.up_to_cut, ladder[cut], *ladder) == ([*ladder, ladder[cut]][cut + 1] - ladder[cut])
    assert call(respond.up_to_cut, ladder[cut] - 1, *ladder) == 1
    assert call(respond.distance, ladder[cut], *ladder) == 0


def test_above_every_cut_there_is_nothing_to_reach():
    assert call(respond.up_to_cut, 70, *range(10, 80, 10)) == 0
    assert call(respond.up_to_cut, 69, *range(10, 80, 10)) == 1


@pytest.mark.parametrize(("distance", "near"), [(0, 1.0), (10, 0.75), (20, 0.5), (40, 0.0), (41, 0.0), (NEVER, 0.0)])
def test_a_cut_is_felt_fully_on_it_and_not_at_all_from_so_far(distance, near):
    assert call(respond.nearness, distance, 40.0) == near


# ---- levels that drift


@pytest.mark.parametrize(("day", "lately"), [(10, 1), (16, 1), (17, 0), (500, 0)])
def test_a_fall_is_late_news_after_a_week(day, lately):
    assert call(respond.fell_lately, day, 10, 7) == lately


@pytest.mark.parametrize(
    ("running", "day", "fell", "fresh"),
    [
        (1, 100, 0, 1.0),
        (1, 106, 0, 1.0),
        (1, 107, 0, 0.375),
        (1, 300, 1, 1.0),
        (1, 100, 1, 1.0),
        (0, 100, 0, 0.375),
        (0, 300, 1, 0.375),
        (0, 100, 1, 0.375),
    ],
)
def test_a_rule_is_fresh_in_its_first_week_and_after_a_fall_and_fades_otherwise(running, day, fell, fresh):
    assert call(respond.novelty, 0.5, running, day, 100, 7, fell, 0.25) == fresh


def test_fading_follows_its_closed_form():
    level = np.float32(1)
    for _ in range(52):
        level = call(respond.novelty, level, 1, 500, 100, 7, 0, 0.03)
    assert level == pytest.approx(0.97**52, rel=1e-5)


@given(level=shares, knows=bits, felt=shares, near=shares, fresh=shares, base=shares, speed=shares)
def test_habit_moves_a_step_towards_what_certainty_and_nearness_call_for(level, knows, felt, near, fresh, base, speed):
    aim = knows * felt * fresh * (base + (1 - base) * near)
    after = call(respond.habit, level, knows, felt, near, fresh, base, speed)
    assert after == pytest.approx(level + speed * (aim - level), abs=1e-6)
    assert min(level, aim) - 1e-6 <= after <= max(level, aim) + 1e-6


@given(level=shares, knows=bits, felt=shares, watched=bits, exposed=bits, size=shares, more=shares, speed=shares)
def test_speech_moves_a_step_towards_what_is_not_chilled(level, knows, felt, watched, exposed, size, more, speed):
    aim = 1 - knows * watched * felt * (size / 2 + exposed * more / 2)
    after = call(respond.expression, level, knows, felt, watched, exposed, size / 2, more / 2, speed)
    assert after == pytest.approx(level + speed * (aim - level), abs=1e-6)
    assert -1e-6 <= after <= 1 + 1e-6


@given(level=shares, knows=bits, felt=shares, exposed=bits, size=shares, more=shares, speed=shares)
def test_withdrawal_moves_a_step_towards_what_is_feared(level, knows, felt, exposed, size, more, speed):
    aim = knows * felt * (size / 2 + exposed * more / 2)
    after = call(respond.withdrawal, level, knows, felt, exposed, size / 2, more / 2, speed)
    assert after == pytest.approx(level + speed * (aim - level), abs=1e-6)
    assert -1e-6 <= after <= 1 + 1e-6


def settled(rule, start: float, **given) -> float:
    """Where a level comes to rest."""
    level = np.float32(start)
    for _ in range(400):
        level = call(rule, level, **given)
    return float(level)


CHILL = {"chilling_size": 0.1, "chilling_exposed": 0.22, "chilling_speed": 0.1}
HIDE = {"withdrawal_size": 0.03, "withdrawal_exposed": 0.15, "withdrawal_speed": 0.05}
HEED = {"compliance_base": 0.2, "compliance_speed": 0.2}


@pytest.mark.parametrize("start", [0.0, 1.0])
def test_levels_come_to_rest_at_their_closed_forms(start):
    known = {"knows": 1, "felt": 1.0}
    assert settled(respond.expression, start, **known, watched=1, exposed=1, **CHILL) == pytest.approx(0.68, abs=1e-5)
    assert settled(respond.expression, start, **known, watched=1, exposed=0, **CHILL) == pytest.approx(0.9, abs=1e-5)
    for unmoved in ({"knows": 0, "watched": 1}, {"knows": 1, "watched": 0}):
        assert settled(respond.expression, start, felt=1.0, exposed=1, **unmoved, **CHILL) == pytest.approx(1, abs=1e-5)
    assert settled(respond.withdrawal, start, **known, exposed=1, **HIDE) == pytest.approx(0.18, abs=1e-5)
    assert settled(respond.withdrawal, start, knows=0, felt=1.0, exposed=1, **HIDE) == pytest.approx(0, abs=1e-5)
    assert settled(respond.habit, start, **known, near=0.5, fresh=0.5, **HEED) == pytest.approx(0.3, abs=1e-5)
    assert settled(respond.habit, start, knows=0, felt=1.0, near=1.0, fresh=1.0, **HEED) == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize(
    ("felt", "speech", "withdrawn", "complies"), [(0.0, 1.0, 0.0, 0.0), (0.5, 0.84, 0.09, 0.3), (1.0, 0.68, 0.18, 0.6)]
)
def test_a_threat_moves_people_as_far_as_it_is_believed(felt, speech, withdrawn, complies):
    """By hand: half of the belief is half of the way; a threat that nobody believes moves nobody who knows of it."""
    assert settled(respond.expression, 0.5, knows=1, felt=felt, watched=1, exposed=1, **CHILL) == pytest.approx(speech, abs=1e-5)
    assert settled(respond.withdrawal, 0.5, knows=1, felt=felt, exposed=1, **HIDE) == pytest.approx(withdrawn, abs=1e-5)
    assert settled(respond.habit, 0.5, knows=1, felt=felt, near=0.5, fresh=1.0, **HEED) == pytest.approx(complies, abs=1e-5)


@pytest.mark.parametrize(
    ("knows", "up", "chance_of_it"),
    [(1, 1, 0.25), (1, 39, 0.25), (1, 40, 0.0), (1, 41, 0.0), (1, 0, 0.0), (1, -1, 0.0), (0, 1, 0.0), (0, 0, 0.0)],
)
def test_good_deeds_are_bought_just_below_a_cut_by_those_who_know(knows, up, chance_of_it):
    assert call(respond.gaming, knows, up, 40.0, 0.25) == chance_of_it


# ---- ties


@given(kept=st.integers(0, 65535), slots=st.integers(0, 65535), knows=bits, low=st.integers(0, 65535), drop=bits, renew=bits)
def test_at_most_one_tie_goes_and_one_comes_back(kept, slots, knows, low, drop, renew):
    after = call(respond.ties, kept, slots, knows, low, 5, 5, 5 + drop, 5 + renew)
    gone, bad = slots & ~kept, kept & low & slots
    if knows and bad and drop:  # who drops a tie renews none that week
        expected = kept & ~(bad & -bad)
    else:
        expected = kept | (gone & -gone if renew else 0)
    assert after == expected
    assert after & ~slots == kept & ~slots  # those of the core are let be
    assert bin(after ^ kept).count("1") <= 1


@pytest.mark.parametrize(
    ("kept", "low", "after"), [(0b1111, 0b1010, 0b1101), (0b1111, 0b1000, 0b0111), (0b1101, 0b1010, 0b0101), (0b1111, 0, 0b1111)]
)
def test_the_lowest_low_friend_goes_first(kept, low, after):
    assert call(respond.ties, kept, 0b1111, 1, low, 0, 0, 1, 0) == after


def test_a_tie_of_the_core_is_not_dropped():
    assert call(respond.ties, 0b1111, 0b1001, 1, 0b0110, 0, 0, 1, 0) == 0b1111
    assert call(respond.ties, 0b1111, 0b1001, 1, 0b1110, 0, 0, 1, 0) == 0b0111


@pytest.mark.parametrize(("kept", "after"), [(0b1001, 0b1011), (0b0111, 0b1111), (0b1111, 0b1111), (0, 1)])
def test_the_lowest_dropped_tie_comes_back_first(kept, after):
    assert call(respond.ties, kept, 0b1111, 0, 0, 0, 0, 1, 1) == after


@pytest.mark.parametrize("odds", [0, 1, 1 << 30, LAST])
def test_ties_are_dropped_and_renewed_with_exactly_their_chances(odds):
    assert yes_words(lambda luck: call(respond.ties, 0b11, 0b11, 1, 0b01, luck, 0, odds, 0) == 0b10) == odds
    assert yes_words(lambda luck: call(respond.ties, 0b10, 0b11, 1, 0, 0, luck, 0, odds) == 0b11) == odds


def test_who_does_not_know_drops_nobody():
    assert call(respond.ties, 0b11, 0b11, 0, 0b11, 0, 0, LAST, 0) == 0b11


# ---- opinion and speech

CALM = {
    "level": 0.5,
    "own_view": 0.5,
    "friends_view": 0.5,
    "friends_heard": 0,
    "penalised": 0,
    "rewarded": 0,
    "opinion_pull": 0.25,
    "opinion_anchor": 0.125,
    "opinion_noise": 0.0,
    "opinion_hurt": 0.0625,
    "opinion_gain": 0.03125,
}


@pytest.mark.parametrize(
    ("changes", "after"),
    [
        ({}, 0.5),
        ({"friends_view": 1.0, "friends_heard": 1}, 0.625),
        ({"friends_view": 0.0, "friends_heard": 3}, 0.375),
        ({"friends_view": 1.0, "friends_heard": 0}, 0.5),
        ({"own_view": 1.0}, 0.5625),
        ({"own_view": 0.0}, 0.4375),
        ({"penalised": 1}, 0.4375),
        ({"rewarded": 1}, 0.53125),
        ({"penalised": 1, "rewarded": 1}, 0.46875),
        ({"level": 0.0, "own_view": 0.0, "penalised": 1}, 0.0),
        ({"level": 1.0, "own_view": 1.0, "rewarded": 1}, 1.0),
        ({"level": 1.0, "own_view": 0.0, "friends_view": 0.0, "friends_heard": 8}, 0.625),
    ],
)
def test_opinion_is_pulled_by_friends_and_by_ones_own_view_and_moved_by_what_happens(changes, after):
    assert call(respond.opinion, luck_mood=12345, **CALM | changes) == after


@given(
    st.fixed_dictionaries(
        dict.fromkeys(
            ("level", "own_view", "friends_view", "opinion_pull", "opinion_anchor", "opinion_noise", "opinion_hurt", "opinion_gain"), shares
        )
    ),
    st.integers(0, 4),
    bits,
    bits,
    lucks,
)
def test_opinion_stays_between_0_and_1(numbers, heard, hurt, gained, luck):
    after = call(respond.opinion, **numbers, friends_heard=heard, penalised=hurt, rewarded=gained, luck_mood=luck)
    n = numbers
    moved = n["level"] + n["opinion_anchor"] * (n["own_view"] - n["level"]) + n["opinion_gain"] * gained - n["opinion_hurt"] * hurt
    moved += n["opinion_pull"] * (n["friends_view"] - n["level"]) * (heard != 0)
    noise = stats.norm.isf(((luck >> 9) + 0.5) / 2**24) * (-1 if luck & 256 else 1)
    assert after == pytest.approx(min(1, max(0, moved + n["opinion_noise"] * noise)), abs=2e-3 + 0.01 * (abs(noise) > 5))


def test_moods_are_normal():
    words = [(n << 23) + (1 << 22) + sign for n in range(512) for sign in (0, 256)]  # the middles of 512 cells, with both signs
    moved = np.array([call(respond.opinion, luck_mood=w, **CALM | {"opinion_noise": 0.03125}) for w in words], float) - 0.5
    assert moved.mean() == pytest.approx(0, abs=2e-3)
    assert moved.std() == pytest.approx(0.03125, rel=0.02)


@given(opinion=shares, expression=shares, size=shares)
def test_the_silenced_say_more_approval_than_they_feel(opinion, expression, size):
    said = call(respond.said, opinion, expression, size)
    assert said == pytest.approx(opinion + (1 - expression) * size * (1 - opinion), abs=1e-6)
    assert opinion - 1e-6 <= said <= 1 + 1e-6


def test_who_speaks_freely_says_what_she_thinks():
    assert call(respond.said, 0.25, 1.0, 0.7) == 0.25
    assert call(respond.said, 0.25, 0.0, 1.0) == 1.0
    assert call(respond.said, 0.25, 0.5, 0.5) == 0.4375


@given(expression=shares, turned_down=bits, removed=bits, loss=shares)
def test_a_voice_falls_with_speech_and_reach_and_ends_with_the_account(expression, turned_down, removed, loss):
    voice = call(respond.voice, expression, turned_down, removed, loss)
    expected = expression * (1 - loss) if turned_down else expression
    assert voice == pytest.approx(0 if removed else expected, abs=1e-6)
    assert 0 <= voice <= call(respond.voice, expression, 0, 0, loss) + 1e-7
    assert call(respond.voice, expression, 0, 0, loss) == np.float32(expression)  # to the last bit: nobody is under anything


@pytest.mark.parametrize(
    ("turned_down", "removed", "voice"),
    [(0, 0, 0.75), (1, 0, 0.5625), (0, 1, 0.0), (1, 1, 0.0)],
)
def test_a_quarter_less_reach_is_a_quarter_less_voice(turned_down, removed, voice):
    assert call(respond.voice, 0.75, turned_down, removed, 0.25) == voice


# ---- trust, and what people answer

TRUST = {
    "level": 0.5,
    "knows": 1,
    "running": 1,
    "grade": 3,
    "covered": 1,
    "low_grades": 2,
    "trust_sign": -1,
    "trust_start": 0.5,
    "trust_size": 0.25,
    "trust_low": 2.0,
    "trust_speed": 1.0,
}


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, 0.375),
        ({"trust_sign": 0}, 0.5),
        ({"trust_sign": 1}, 0.625),
        ({"grade": 1}, 0.25),  # those in the lowest grades lose twice as much
        ({"grade": 2}, 0.375),
        ({"grade": 0, "covered": 0}, 0.375),  # who has no grade has no low one
        ({"grade": 1, "trust_sign": 1}, 0.5625),  # and gain half as much
        ({"grade": 1, "trust_low": 1.0}, 0.375),
        ({"grade": 1, "trust_low": 8.0}, 0.0),
        ({"knows": 0}, 0.5),
        ({"running": 0}, 0.5),
        ({"knows": 0, "trust_sign": 1}, 0.5),
        ({"running": 0, "trust_sign": 1}, 0.5),
        ({"trust_sign": 0, "level": 0.25}, 0.5),  # what moved it is gone: it comes back
        ({"trust_speed": 0.5}, 0.4375),
        ({"trust_speed": 0.0, "level": 0.25}, 0.25),
        ({"level": 0.25, "trust_speed": 0.5}, 0.3125),
    ],
)
def test_trust_moves_as_the_switch_says_and_low_grades_fare_worse(changes, level):
    assert call(respond.trust, **TRUST | changes) == level


ASKED = {"risk": 0b10, "adult": 0b10, "opinion": 0.5, "expression": 1.0, "trust": 0.25, "survey_hidden": 0.5, "survey_items": 0b111}


def asked(own: int, **changes) -> tuple[int, ...]:
    """The answers of one whose lasting luck, stirred for the survey, is this word."""
    given = ASKED | changes
    return call(respond.answers, tested=unstirred(own) ^ given["adult"], **given)


def word_at(unit: float) -> int:
    """A word of luck whose unit is in the middle of the cell at this place."""
    return int(unit * 2**23) << 9


@pytest.mark.parametrize("luck", [0, 1, 12345, LAST])
def test_children_are_not_asked(luck):
    assert call(respond.answers, tested=luck, **ASKED | {"risk": 0b101}) == (0, 0, 0, 0, 0, 0, 0)
    assert call(respond.answers, tested=luck, **ASKED)[0] == 1


@pytest.mark.parametrize(
    ("line", "changes", "truth", "direct"),
    [
        (0.499, {}, 1, 1),
        (0.501, {}, 0, 1),  # hides it
        (0.749, {}, 0, 1),
        (0.751, {}, 0, 0),  # half of those who do not approve say so
        (0.501, {"survey_hidden": 0.0}, 0, 0),
        (0.999, {"survey_hidden": 1.0}, 0, 1),
        (0.501, {"survey_hidden": 0.0, "expression": 0.5}, 0, 1),  # less speech, more hidden
        (0.751, {"survey_hidden": 0.0, "expression": 0.5}, 0, 0),
        (0.874, {"expression": 0.5}, 0, 1),
        (0.876, {"expression": 0.5}, 0, 0),
        (0.999, {"opinion": 1.0}, 1, 1),
        (0.001, {"opinion": 0.0, "survey_hidden": 0.0}, 0, 0),
    ],
)
def test_asked_directly_some_who_do_not_approve_say_that_they_do(line, changes, truth, direct):
    assert asked(word_at(line), **changes)[1:3] == (truth, direct)


@pytest.mark.parametrize("items", [0b1, 0b111, 0b11111111])
@given(own=st.integers(1, LAST))
def test_a_list_tells_a_number_of_which_the_truth_is_one_in_one_half(items, own):
    things = int(mixed(np.uint32(own)))
    harmless = bin(things >> 1 & items).count("1")
    _, truth, _, control, among_control, among_treated, _ = asked(own, survey_items=items)
    assert control == things & 1
    assert (among_control, among_treated) == ((harmless, 0) if control else (0, harmless + truth))


@given(own=st.integers(1, LAST), trust=shares)
def test_who_trusts_says_so(own, trust):
    word = int(mixed(mixed(np.uint32(own))))
    assert asked(own, trust=trust)[6] == (((word >> 9) + 0.5) / 2**23 < np.float32(trust))


def test_halves_and_lines_and_things_are_independent():
    """Over many citizens: half in either half; the line does not depend on the half, nor the harmless things on it."""
    luck = np.random.default_rng(1).integers(0, LAST, 4000)
    rows = np.array([call(respond.answers, tested=int(x), **ASKED) for x in luck])
    control = rows[:, 3] == 1
    n = len(luck)
    assert abs(control.mean() - 0.5) < 4 * 0.5 / np.sqrt(n)
    assert abs(rows[:, 1].mean() - 0.5) < 4 * 0.5 / np.sqrt(n)
    assert abs(rows[control, 1].mean() - rows[~control, 1].mean()) < 4 / np.sqrt(n)
    difference = rows[~control, 5].mean() - rows[control, 4].mean()
    assert abs(difference - 0.5) < 4 * np.sqrt((0.75 + 0.25) / (n / 2) + 0.75 / (n / 2))
    assert abs(rows[:, 6].mean() - 0.25) < 4 * np.sqrt(0.1875 / n)
