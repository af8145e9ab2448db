"""score: records move the score by the regime's rule, the clean account by the acts."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import stats
from tests.unit.rules.called import LAST, call, given, lucks, shares, yes_words

from glasshouse.rules import score

points = st.integers(-1000, 1000)
AGE = {"scored_from_days": 6575, "start_day": 100, "end_day": 200}


# ---- who is scored


@pytest.mark.parametrize(
    ("day", "age", "covered"),
    [
        (99, 9000, 0),
        (100, 9000, 1),
        (199, 9000, 1),
        (200, 9000, 0),
        (150, 6574, 0),
        (150, 6575, 1),
        (150, 6576, 1),
        (100, 6574, 0),
        (199, 6575, 1),
    ],
    ids=[
        "the day before",
        "the first day",
        "the last day",
        "the day after",
        "17",
        "18 today",
        "18 yesterday",
        "17 on the first day",
        "18 on the last",
    ],
)
def test_a_citizen_is_scored_from_an_age_on_between_the_first_and_the_last_day(day, age, covered):
    assert call(score.covered, day, day - age, **AGE) == covered


def test_where_everybody_is_scored_a_newborn_is_and_the_unborn_is_not():
    assert call(score.covered, 150, 150, **AGE | {"scored_from_days": 0}) == 1
    assert call(score.covered, 150, 151, **AGE | {"scored_from_days": 0}) == 0


# ---- entries


@given(points=points, lawful=st.booleans())
def test_a_loss_is_entered_once_as_lawful_or_as_unlawful_conduct(points, lawful):
    entered, lawful_loss, unlawful_loss = call(score.entry, points, lawful)
    assert entered == points
    assert lawful_loss + unlawful_loss == max(0, -points)
    assert (unlawful_loss if lawful else lawful_loss) == 0


@given(times=st.integers(0, 5000), per=st.integers(1, 50), each=st.integers(-20, 20), cap=st.integers(0, 200))
def test_activity_gives_points_for_each_full_number_up_to_a_cap(times, per, each, cap):
    assert call(score.activity, times, per, each, cap) == max(-cap, min(cap, times // per * each))


@pytest.mark.parametrize(("times", "gives"), [(0, 0), (9, 0), (10, 2), (19, 2), (20, 4), (25, 4), (30, 5), (1000, 5)])
def test_activity_by_hand(times, gives):
    """2 points for each 10, at most 5; a rule that costs points mirrors it."""
    assert call(score.activity, times, 10, 2, 5) == gives
    assert call(score.activity, times, 10, -2, 5) == -gives
    assert call(score.activity, times, 0, 2, 5) == 0  # no rule for this channel


# ---- the memory


@given(luck=lucks, expiring=points, on_file=points, stale=points, stale_chance=lucks)
def test_what_expires_leaves_the_file_or_goes_stale_and_no_point_is_lost(luck, expiring, on_file, stale, stale_chance):
    kept, now_stale, bucket = call(score.expire, luck, expiring, on_file, stale, stale_chance)
    assert kept == on_file - expiring
    assert now_stale - stale == (expiring if luck < stale_chance else 0)
    assert bucket == 0


@pytest.mark.parametrize("stale_chance", [0, 1, 12345678, LAST])
def test_an_expired_entry_goes_stale_with_exactly_its_chance(stale_chance):
    assert yes_words(lambda luck: call(score.expire, luck, 5, 9, 0, stale_chance)[1] == 5) == stale_chance


@pytest.mark.parametrize("find_chance", [0, 1, 12345678, LAST])
def test_a_stale_entry_is_found_with_exactly_its_chance(find_chance):
    assert yes_words(lambda luck: call(score.found, luck, -7, find_chance) == 0) == find_chance
    assert call(score.found, find_chance, -7, find_chance) == -7


@given(total=points, expiring=points)
def test_a_sum_forgets_exactly_what_the_month_had_added(total, expiring):
    assert call(score.forget, total + expiring, expiring) == (total, 0)


@given(st.lists(st.tuples(st.integers(0, 3), points), max_size=30), st.integers(1, 5))
def test_the_file_is_always_the_sum_of_the_months_it_remembers(history, memory):
    """Slow reference: entries with their months in a list, against a ring of months that is emptied as it turns."""
    months = memory + 1
    ring, on_file, forgotten, month = [0] * months, 0, 0, 0
    entries: Counter[int] = Counter()
    for later, given_points in history:
        for _ in range(later):
            month += 1
            place = (month - memory - 1) % months
            forgotten += ring[place]
            kept, _, _ = call(score.expire, LAST, ring[place], on_file, 0, 0)
            on_file, ring[place] = call(score.forget, on_file, ring[place])
            assert on_file == kept
        entry, _, _ = call(score.entry, given_points, 0)
        on_file += entry
        ring[month % months] += entry
        entries[month] += given_points
        assert on_file == sum(ring) == sum(p for m, p in entries.items() if month - m <= memory)
    assert on_file + forgotten == sum(entries.values())


# ---- counts of frequent acts


@given(st.lists(st.integers(0, 1000), min_size=5, max_size=5), st.integers(1, 2000))
def test_a_trace_is_the_share_of_a_full_one_and_at_most_whole(records, full):
    words = [n | 60000 << 16 for n in records]
    assert call(score.known, *words, full) == pytest.approx(min(1, sum(records) / full), rel=1e-6)


def test_a_trace_is_whole_exactly_from_the_full_number_on():
    assert call(score.known, 10, 20, 30, 40, 50, 150) == 1
    assert call(score.known, 10, 20, 30, 40, 49, 150) < 1
    assert call(score.known, 0, 0, 0, 0, 0, 150) == 0


@pytest.mark.parametrize("place", range(5))
def test_every_channel_leaves_a_trace(place):
    assert call(score.known, *(75 * (i == place) for i in range(5)), 150) == 0.5


@given(seen=st.integers(0, 65535), due=st.integers(0, 65535))
def test_what_was_recorded_and_what_was_due_are_kept_apart(seen, due):
    assert call(score.recorded_times, seen | due << 16) == seen
    assert call(score.due_times, seen | due << 16) == due


# ---- the inferred person

Z = stats.norm.ppf((np.arange(256) + 0.5) / 256).astype(np.float32)
BYTES = [(place << 8) for place in range(256)]


@pytest.mark.parametrize(("accuracy", "known"), [(0.4, 1.0), (0.8, 0.5), (0.3, 0.2), (1.0, 1.0)])
def test_the_guess_correlates_with_the_truth_as_published(accuracy, known):
    """Closed form: over people the guess has mean 0, sd `weight x r`, and correlation r = accuracy x known with the truth."""
    rng = np.random.default_rng(5)
    words = rng.permutation(np.arange(1024) * (1 << 22) + (1 << 21))
    words = words ^ (rng.integers(0, 2, 1024) << 8)  # the sign
    places = np.tile(np.arange(256), 4)
    guesses = np.array([call(score.guess, w, int(p) << 8, 1, Z, accuracy, known, 50.0) for w, p in zip(words, places, strict=True)], float)
    truth = -Z[places].astype(float)
    r = accuracy * known
    assert guesses.mean() == pytest.approx(0, abs=50 * r * 0.06)
    assert guesses.std() == pytest.approx(50 * r, rel=0.05)
    assert np.corrcoef(guesses, truth)[0, 1] == pytest.approx(r, abs=0.06)


def test_a_perfect_guess_is_the_truth_and_no_trace_gives_none():
    assert call(score.guess, 12345, 200 << 8, 1, Z, 1.0, 1.0, 50.0) == pytest.approx(-50 * Z[200], rel=1e-6)
    assert call(score.guess, 12345, 200 << 8, 1, Z, 0.4, 0.0, 50.0) == 0


@given(luck=lucks, place=st.integers(0, 255), accuracy=shares, known=shares, weight=st.floats(-100, 100))
def test_the_guess_is_the_truth_and_the_citizens_own_noise(luck, place, accuracy, known, weight):
    """The same luck always misleads the same way: with accuracy tending to 0, what is left is the noise."""
    r = accuracy * known
    noise = stats.norm.isf(((luck >> 9) + 0.5) / 2**24) * (-1 if luck & 256 else 1)
    wanted = weight * r * (-r * float(Z[place]) + math.sqrt(1 - r * r) * noise)
    assert call(score.guess, luck, place << 8, 1, Z, accuracy, known, weight) == pytest.approx(
        wanted, abs=0.1 + abs(weight) * 1e-2 * (abs(noise) > 5)
    )


def test_who_is_inclined_to_the_acts_is_guessed_lower():
    guesses = [call(score.guess, 4 << 9, b, 1, Z, 0.5, 1.0, 50.0) for b in BYTES]
    assert guesses == sorted(guesses, reverse=True)


@pytest.mark.parametrize(
    ("guesses", "gives"), [((1.5, 2.25, 4.75), 8), ((1.5, 2.25, -1.0), 2), ((-1.5, -2.25, -0.75), -4), ((0.9, 0, 0), 0), ((-0.9, 0, 0), 0)]
)
def test_the_profile_is_the_sum_of_the_guesses_in_whole_points_of_those_covered(guesses, gives):
    assert call(score.profile, *guesses, 1) == gives
    assert call(score.profile, *guesses, 0) == 0


# ---- small things


@pytest.mark.parametrize(("given_points", "remembered"), [(-1, 8), (0, 3), (1, 3)])
def test_only_a_record_that_cost_points_is_remembered(given_points, remembered):
    assert call(score.note, given_points, 7, 3) == remembered


@given(act=st.integers(0, 63))
def test_a_pinned_record_names_its_act(act):
    assert call(score.received_kind, act + 1) == act
    assert call(score.note, -5, act, 0) == act + 1
    assert call(score.channel, act) == act


@given(score_=points, base=points)
def test_the_gap_is_the_way_from_the_base(score_, base):
    assert call(score.gap, score_, base, 1) == score_ - base
    assert call(score.gap, score_, base, 0) == 0


@pytest.mark.parametrize(
    ("household", "friends", "share_home", "share_ties", "gives"),
    [
        (100, 0, 0.25, 0.5, 25),
        (0, 100, 0.25, 0.5, 50),
        (-100, 40, 0.25, 0.5, -5),
        (3, 0, 0.25, 0.5, 0),
        (-3, 0, 0.25, 0.5, 0),
        (8, 12, 0.25, 0.5, 8),
        (100, 100, 0, 0, 0),
    ],
)
def test_kin_lend_or_cost_a_share_of_their_distance_from_the_base(household, friends, share_home, share_ties, gives):
    assert call(score.kin, household, friends, share_home, share_ties) == gives


@given(st.lists(points, min_size=5, max_size=5))
def test_the_score_is_the_sum_of_its_parts_between_the_lowest_and_the_highest(parts):
    assert call(score.total, *parts, -500, 1300) == max(-500, min(1300, sum(parts)))


@given(st.lists(points, min_size=5, max_size=5), st.integers(0, 4), st.integers(0, 300))
def test_more_of_any_part_never_lowers_the_score(parts, which, more):
    raised = [p + more * (i == which) for i, p in enumerate(parts)]
    assert call(score.total, *raised, 0, 1300) >= call(score.total, *parts, 0, 1300)


def test_a_score_exactly_at_an_end_is_kept():
    assert call(score.total, 1000, 250, 50, 0, 0, 0, 1300) == 1300
    assert call(score.total, 1000, 251, 50, 0, 0, 0, 1300) == 1300
    assert call(score.total, 1000, -900, -50, -30, -20, 0, 1300) == 0
    assert call(score.total, 1000, -900, -50, -30, -19, 0, 1300) == 1
