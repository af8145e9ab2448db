"""score: records move the score by the regime's rule, the clean account by the acts."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import stats
from tests.unit.rules.called import LAST, WORDS, call, cases, given, lucks, scheme, shares, unstirred, yes_words

from glasshouse.day import FEATURE_VALUES, FEATURES
from glasshouse.rules import maths, score
from glasshouse.rules.grade import grade

points = st.integers(-1000, 1000)
AGE = {"scored_from_days": 6575, "start_day": 100, "end_day": 200}
ALL = {"risk": 0b0101, "coverage_need": 0, "coverage_bar": 0, "tested": 12345, "uptake": LAST}  # of whatever kind, and all who may join do
NEVER = 1 << 28  # a ceiling, or a cap, that nobody meets


# ---- the lawyers' cases


@pytest.mark.parametrize("case", cases("score", "year"))
def test_a_year_of_records(case):
    rule, told = scheme("score")["rule"], case["given"]
    cuts = [rule["begins_at"][g] for g in rule["grades"][1:]]
    now, warned, gained, found = told.get("score", rule["base"]), told.get("warnings", 0), told.get("gained", 0), []
    for record in told["records"]:
        act = rule["acts"][record]
        most = cuts[rule["grades"].index(act["straight_to"])] - 1 if "straight_to" in act else NEVER
        worth, warned, gained = (
            int(x) for x in call(score.worth, act["points"], now, most, warned, rule["warnings_a_year"], gained, rule["most_gained_a_year"])
        )
        now += worth
        found.append(worth)
    reached = rule["grades"][call(grade, now, *cuts, *[NEVER] * 4)]
    assert {"worth": found, "score": now, "grade": reached, "warnings": warned, "gained": gained} == case["expect"]


@pytest.mark.parametrize("case", cases("score", "covered"))
def test_whom_a_score_is_for(case):
    rule, told = scheme("score")["coverage"], case["given"]
    names = ["town", "pays by phone", "pupil", "renter", "parent"]
    flags = {
        n: sum(1 << names.index(x) for x in given) for n, given in (("risk", told["is"]), ("need", rule["who"]), ("bar", rule["but_not"]))
    }
    covered = call(
        score.covered,
        told["on"],
        told["on"] - told["age_days"],
        rule["from_age_days"],
        rule["begins"],
        rule["ends"],
        flags["risk"],
        flags["need"],
        flags["bar"],
        unstirred(round(told["luck"] * WORDS)),
        round(rule["join"] * WORDS),
    )
    assert covered == case["expect"]


@pytest.mark.parametrize("case", cases("score", "made"))
def test_a_citizen_in_dimensions(case):
    told = case["given"]
    scales = {
        f"{d}_{to}": scale[of] for d, scale in scheme("score")["dimensions"].items() for to, of in (("weight", "most"), ("full", "full"))
    }
    made = call(
        score.dimensions,
        covered=told.get("covered", True),
        filed=-told["lost"],
        trace=told["trace"],
        wealth=told["savings"] * 100,
        debt=told["debt"] * 100,
        income=told["income"] * 100,
        arrears=told.get("arrears", False),
        age_days=told["grown_up_days"],
        since_loan=told["since_loan"],
        settled=told["marks"],
        friends_gap=told["friends"],
        year_days=365,
        **scales,
    )
    assert made == case["expect"]


MARKS = ("renter", "parent", "graduate", "online", "drives")
SEEN = {mark: 1 << 2 * i for i, mark in enumerate(MARKS)}  # the bits of risk that a model asks for; those between are others'
LATELY = {"new_days": 5, "short_days": 28, "income": 1000, "most_household": 5}
BIRTHDAYS = {"adult_days": 18 * 365, "middle_days": 35 * 365, "old_days": 60 * 365}


def model_of(told: dict) -> np.ndarray:
    """A model as the engine has it: (14, 5) int32, a row a feature in the order of the rule."""
    rows = [told["age"], *(list(told[n].values()) for n in ("sex", "residence")), told["fifth"], *(told[n] for n in MARKS)]
    rows += [list(told["job"].values()), told["arrears"], told["new_work"], told["short"], told["household"]]
    return np.array([row + [0] * (FEATURE_VALUES - len(row)) for row in rows], np.int32)


@pytest.mark.parametrize("case", cases("score", "judged"))
def test_a_citizen_before_a_model(case):
    model, told = scheme("score")["model"], case["given"]
    assert [18, 35, 60] == model["ages"]
    assert len(model_of(model)) == len(FEATURES)
    seen = call(
        score.risk,
        covered=told.get("covered", True),
        day=100,
        birth=100 - told["age"] * 365,
        sex=list(model["sex"]).index(told["sex"]),
        urban=list(model["residence"]).index(told["residence"]),
        quintile=told["fifth"] - 1,
        risk=sum(bit for mark, bit in SEEN.items() if mark in told["is"]),
        **SEEN,
        job=list(model["job"]).index(told["job"]),
        arrears=9 * ("arrears" in told["is"]),
        **LATELY | {"job_on": 100 - 5 * ("new_work" not in told["is"])},
        size=told.get("of", 1),
        wealth=0 if "short" in told["is"] else 28_000,
        **BIRTHDAYS,
        risk_table=model_of(model),
    )
    assert seen == case["expect"]


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
    assert call(score.covered, day, day - age, **AGE, **ALL) == covered


def test_where_everybody_is_scored_a_newborn_is_and_the_unborn_is_not():
    assert call(score.covered, 150, 150, **AGE | ALL | {"scored_from_days": 0}) == 1
    assert call(score.covered, 150, 151, **AGE | ALL | {"scored_from_days": 0}) == 0


@given(risk=st.integers(0, 15), need=st.integers(0, 15), bar=st.integers(0, 15))
def test_a_score_is_for_those_with_every_mark_it_names_and_none_it_leaves_out(risk, need, bar):
    """Slow reference: mark by mark."""
    marks = [(risk >> i & 1, need >> i & 1, bar >> i & 1) for i in range(4)]
    meant = all(has or not needed for has, needed, _ in marks) and not any(has and barred for has, _, barred in marks)
    assert call(score.covered, 150, -9000, **AGE | ALL | {"risk": risk, "coverage_need": need, "coverage_bar": bar}) == meant


@pytest.mark.parametrize("uptake", [0, 1, 987654321, LAST - 1, LAST])
def test_of_those_who_may_join_exactly_a_share_does(uptake):
    """Closed form: the word that is the chance itself joins, too, so that the highest chance is all."""
    assert (
        yes_words(lambda luck: call(score.covered, 150, -9000, **AGE | ALL | {"tested": unstirred(luck), "uptake": uptake})) == uptake + 1
    )


@given(tested=lucks, uptake=lucks, more=lucks, day=st.integers(100, 199))
def test_who_joins_stays_in_on_every_day_and_where_more_join(tested, uptake, more, day):
    joined = call(score.covered, 100, -9000, **AGE | ALL | {"tested": tested, "uptake": uptake})
    assert call(score.covered, day, -9000, **AGE | ALL | {"tested": tested, "uptake": uptake}) == joined
    assert call(score.covered, day, -9000, **AGE | ALL | {"tested": tested, "uptake": max(uptake, more)}) >= joined


# ---- what a record is worth

GENEROUS = {"warned": 0, "warnings": 0, "gained": 0, "gain_cap": NEVER}


@given(points=points, now=st.integers(-500, 1500))
def test_without_warnings_cap_or_ceiling_a_record_is_worth_its_points(points, now):
    worth, warned, gained = call(score.worth, points, now, NEVER, **GENEROUS)
    assert (worth, warned, gained) == (points, 0, max(0, points))


@given(st.lists(points, max_size=12), st.integers(0, 5), st.integers(0, 1500))
def test_a_years_gains_are_capped_and_its_first_losses_are_warnings(records, warnings, cap):
    """Closed form: the gains of a year add up to the smaller of cap and deeds, the losses are those after the first so many."""
    warned, gained, worths = 0, 0, []
    for record in records:
        worth, warned, gained = call(score.worth, record, 1000, NEVER, warned, warnings, gained, cap)
        worths.append(int(worth))
    losses = [p for p in records if p < 0]
    assert sum(w for w in worths if w > 0) == gained == min(cap, sum(p for p in records if p > 0))
    assert [w for w in worths if w < 0] == losses[warnings:]
    assert warned == min(warnings, len(losses))
    assert all(abs(w) <= abs(p) and w * p >= 0 for w, p in zip(worths, records, strict=True))


@given(points=st.integers(-1000, 0), now=st.integers(-500, 1500), most=st.integers(-100, 1300))
def test_a_ceiling_is_where_the_score_is_at_most_after_the_record(points, now, most):
    """Conservation: no more is taken than its points or what stands above the ceiling, and it gives nobody anything."""
    worth, warned, gained = call(score.worth, points, now, most, **GENEROUS)
    assert worth == min(points, most - now)
    assert now + worth <= most or now + points <= most
    assert (warned, gained) == (0, 0)


@pytest.mark.parametrize(
    ("record", "answer"),
    [
        ({"points": -1, "warned": 0}, (0, 1, 5)),
        ({"points": -1, "warned": 2}, (0, 3, 5)),
        ({"points": -1, "warned": 3}, (-1, 3, 5)),
        ({"points": -1, "warned": 4}, (-1, 4, 5)),
        ({"points": 0, "warned": 0}, (0, 0, 5)),
        ({"points": 1, "warned": 0}, (1, 0, 6)),
        ({"points": 0, "warned": 0, "most": 999}, (0, 1, 5)),  # it would take a point, so it is worth a warning
        ({"points": 0, "warned": 3, "most": 999}, (-1, 3, 5)),
        ({"points": 0, "warned": 0, "most": 1000}, (0, 0, 5)),
        ({"points": -1, "warned": 0, "most": 1000}, (0, 1, 5)),
        ({"points": -1, "warned": 3, "most": 1000}, (-1, 3, 5)),
        ({"points": 4, "warned": 3, "most": 600}, (4, 3, 9)),  # a good deed pulls nobody down
        ({"points": 15, "gained": 5}, (15, 0, 20)),
        ({"points": 16, "gained": 5}, (15, 0, 20)),
        ({"points": 16, "gained": 20}, (0, 0, 20)),
        ({"points": 16, "gained": 25}, (0, 0, 25)),  # beyond a cap that was lowered within the year: nothing is taken back
        ({"points": 1, "gained": 19}, (1, 0, 20)),
    ],
)
def test_a_record_by_hand(record, answer):
    """Three warnings and 20 points a year, at a score of 1,000."""
    plain = {"score": 1000, "most": NEVER, "warned": 0, "warnings": 3, "gained": 5, "gain_cap": 20}
    assert call(score.worth, **plain | record) == answer


# ---- entries


@given(points=points, lawful=st.booleans())
def test_a_loss_is_entered_once_as_lawful_or_as_unlawful_conduct(points, lawful):
    entered, lawful_loss, unlawful_loss = call(score.entry, points, lawful)
    assert entered == points
    assert lawful_loss + unlawful_loss == max(0, -points)
    assert (unlawful_loss if lawful else lawful_loss) == 0


@given(total=st.integers(-5000, 5000), share=shares)
def test_a_fading_sum_loses_a_share_towards_nothing_and_never_turns(total, share):
    off = int(call(score.decay, total, share))
    assert off == -int(np.float32(total) * np.float32(share))
    assert 0 <= -off * np.sign(total) <= abs(total)
    assert off == -int(call(score.decay, -total, share))  # what counts against one fades as what counts for one


@pytest.mark.parametrize(
    ("total", "share", "off"),
    [
        (-100, 0.25, 25),
        (100, 0.25, -25),
        (-7, 0.5, 3),
        (7, 0.5, -3),
        (-3, 0.25, 0),
        (-4, 0.25, 1),
        (0, 0.5, 0),
        (-80, 0.0, 0),
        (-80, 1.0, 80),
    ],
)
def test_a_months_fading_by_hand(total, share, off):
    """Only whole points fade: what is left of less than a point's fading stays."""
    assert call(score.decay, total, share) == off


@pytest.mark.parametrize(("share", "months"), [(0.1, 12), (0.05, 36), (0.5, 5)])
def test_a_sum_fades_as_its_closed_form_says(share, months):
    left = -100_000
    for _ in range(months):
        left += int(call(score.decay, left, share))
    assert left == pytest.approx(-100_000 * (1 - share) ** months, abs=1 / share)


@given(st.lists(st.tuples(points, st.integers(0, 3)), max_size=20), shares)
def test_what_fades_leaves_the_sum_and_the_months_together(history, share):
    """Conservation: the month that is running takes what faded off, so that the months still add up to the sum."""
    total, months = 0, [0]
    for added, later in history:
        for _ in range(later):
            months.append(0)
            off = int(call(score.decay, total, share))
            total, months[-1] = total + off, months[-1] + off
        total, months[-1] = total + added, months[-1] + added
        assert total == sum(months)


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


TRACES = [pytest.param(score.known, 0, id="recorded"), pytest.param(score.known_due, 16, id="to record")]


@pytest.mark.parametrize(("rule", "at"), TRACES)
@given(records=st.lists(st.integers(0, 1000), min_size=5, max_size=5), full=st.integers(1, 2000))
def test_a_trace_is_the_share_of_a_full_one_and_at_most_whole(rule, at, records, full):
    """The other count of the word is as large as it can be, and does not matter."""
    words = [n << at | 60000 << 16 - at for n in records]
    assert call(rule, *words, full) == pytest.approx(min(1, sum(records) / full), rel=1e-6)


@pytest.mark.parametrize(("rule", "at"), TRACES)
def test_a_trace_is_whole_exactly_from_the_full_number_on(rule, at):
    def trace(*records):
        return call(rule, *(n << at for n in records), 150)

    assert trace(10, 20, 30, 40, 50) == 1
    assert trace(10, 20, 30, 40, 49) < 1
    assert trace(0, 0, 0, 0, 0) == 0


@pytest.mark.parametrize(("rule", "at"), TRACES)
@pytest.mark.parametrize("place", range(5))
def test_every_channel_leaves_a_trace(rule, at, place):
    assert call(rule, *((75 << at) * (i == place) for i in range(5)), 150) == 0.5


@given(counts=st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=5, max_size=5))
def test_where_everything_is_recorded_both_traces_are_one(counts):
    """And where less is recorded than there was, the trace is no larger."""
    words = [min(pair) | max(pair) << 16 for pair in counts]
    assert call(score.known, *words, 300) <= call(score.known_due, *words, 300)
    whole = [max(pair) | max(pair) << 16 for pair in counts]
    assert call(score.known, *whole, 300) == call(score.known_due, *whole, 300)


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


@given(st.lists(points, min_size=7, max_size=7), st.integers(0, 1))
def test_the_score_is_the_sum_of_its_parts_between_the_lowest_and_the_highest(parts, counts):
    """Base, file, stale, kin, profile, dimensions, and what waits; file and stale points only where the file counts by itself."""
    base, on_file, stale, *others = parts
    whole = base + counts * (on_file + stale) + sum(others)
    assert call(score.parts, base, counts, *parts[1:]) == whole
    assert call(score.total, base, counts, *parts[1:], -500, 1300) == max(-500, min(1300, whole))


@given(st.lists(points, min_size=7, max_size=7), st.integers(0, 6), st.integers(0, 300), st.integers(0, 1))
def test_more_of_any_part_never_lowers_the_score(parts, which, more, counts):
    raised = [p + more * (i == which) for i, p in enumerate(parts)]
    before, after = (call(score.total, p[0], counts, *p[1:], 0, 1300) for p in (parts, raised))
    assert after >= before
    assert counts or which not in (1, 2) or after == before


def test_a_score_exactly_at_an_end_is_kept():
    assert call(score.total, 1000, 1, 250, 50, 0, 0, 0, 0, 0, 1300) == 1300
    assert call(score.total, 1000, 1, 251, 50, 0, 0, 0, 0, 0, 1300) == 1300
    assert call(score.total, 1000, 1, -900, -50, -20, -20, -5, -5, 0, 1300) == 0
    assert call(score.total, 1000, 1, -900, -50, -20, -20, -5, -4, 0, 1300) == 1


@pytest.mark.parametrize("place", range(7))
def test_every_part_moves_the_score_and_by_as_much(place):
    parts = [100 * (i == place) for i in range(7)]
    assert call(score.parts, parts[0], 1, *parts[1:]) == 100
    assert call(score.parts, parts[0], 0, *parts[1:]) == (0 if place in (1, 2) else 100)


# ---- a score of dimensions

SCALES = {
    "file": (350, 100),
    "trace": (100, 0.8),
    "means": (150, 2),
    "owed": (120, 4),
    "age": (50, 10),
    "new": (60, 400),
    "settled": (110, 4),
    "ties": (90, 200),
}
WEIGHING = {f"{d}_weight": w for d, (w, _) in SCALES.items()} | {f"{d}_full": f for d, (_, f) in SCALES.items()} | {"year_days": 365}
POOR = {
    "covered": 1,
    "filed": -100,
    "trace": 0.0,
    "wealth": 0,
    "debt": 10**8,
    "income": 10_000,
    "arrears": 0,
    "age_days": 0,
    "since_loan": 0,
    "settled": 0,
    "friends_gap": -100,
}
FULL = {"filed": 0, "trace": 0.8, "wealth": 2 * 3_650_001, "debt": 0, "age_days": 3650, "since_loan": 400, "settled": 4, "friends_gap": 100}
OF = dict(zip(SCALES, FULL, strict=True))  # what each dimension looks at


def made(**given) -> int:
    return int(call(score.dimensions, **POOR | WEIGHING | given))


@pytest.mark.parametrize("dimension", SCALES)
def test_each_dimension_gives_its_weight_when_it_is_full_and_nothing_when_it_is_empty(dimension):
    assert made() == 0
    assert made(**{OF[dimension]: FULL[OF[dimension]]}) == SCALES[dimension][0]
    assert made(**FULL) == sum(weight for weight, _ in SCALES.values())
    assert made(**FULL | {OF[dimension]: POOR[OF[dimension]]}) == made(**FULL) - SCALES[dimension][0]


@pytest.mark.parametrize(
    ("dimension", "half", "beyond", "below"),
    [
        ("file", -50, 30, -300),
        ("trace", 0.4, 1.0, 0.0),
        ("means", 3_650_001, 10**10, -(10**9)),
        ("owed", 2 * 3_650_001, -(10**6), 2 * 10**9),
        ("age", 1825, 30_000, 0),
        ("new", 200, 17_000, -5),
        ("settled", 2, 14, 0),
        ("ties", 0, 2000, -2000),
    ],
)
def test_half_of_a_scale_is_half_of_its_points_and_there_is_no_more_or_less_than_all_and_nothing(dimension, half, beyond, below):
    name, weight = OF[dimension], SCALES[dimension][0]
    assert [made(**{name: x}) for x in (half, beyond, below)] == [weight // 2, weight, 0]


@pytest.mark.parametrize("dimension", SCALES)
@pytest.mark.parametrize("weight", [0, 40])
def test_a_dimension_counts_by_its_own_weight(dimension, weight):
    assert made(**FULL, **{f"{dimension}_weight": weight}) == made(**FULL) - SCALES[dimension][0] + weight


@pytest.mark.parametrize("dimension", SCALES)
def test_a_scale_twice_as_long_is_half_as_full(dimension):
    """But for the file and what is owed, which are full when empty: there it takes twice as much to lose all."""
    lost = {"file": {"filed": -100}, "owed": {"debt": 4 * 3_650_001}}.get(dimension, {})
    given = FULL | lost
    long = {f"{dimension}_full": 2 * SCALES[dimension][1]}
    plain = made(**FULL) - SCALES[dimension][0]
    share = 0.75 if dimension == "ties" else 0.5  # of ties the middle is half, so half of the way above it is left
    assert made(**given, **long) == plain + int(SCALES[dimension][0] * share)


def test_in_arrears_savings_count_for_nothing_and_the_rest_for_what_it_is():
    assert made(**FULL, arrears=1) == made(**FULL) - SCALES["means"][0]
    assert made(arrears=1) == 0


def test_who_is_not_covered_has_no_dimensions():
    assert made(**FULL, covered=0) == 0


def test_without_any_income_savings_are_years_upon_years_and_nothing_is_divided_by_nothing():
    """A year without income counts as one of a single fen."""
    assert [made(income=0, wealth=fen) for fen in (0, 1, 2, 800)] == [0, 75, 150, 150]
    assert [made(income=0, debt=fen) for fen in (0, 2, 4, 800)] == [120, 60, 0, 0]


@given(
    st.fixed_dictionaries(
        {
            "filed": st.integers(-150, 50),
            "trace": shares,
            "wealth": st.integers(-(10**6), 10**7),
            "debt": st.integers(0, 2 * 10**7),
            "income": st.integers(100, 50_000),
            "arrears": st.integers(0, 1),
            "age_days": st.integers(0, 20_000),
            "since_loan": st.integers(0, 800),
            "settled": st.integers(0, 6),
            "friends_gap": st.integers(-300, 300),
        }
    )
)
def test_a_score_of_dimensions_is_what_its_sentence_says(of):
    """Slow reference: shares in float64, added up and cut to a whole number."""
    year = of["income"] * 365 + 1
    filled = {
        "file": 1 + of["filed"] / 100,
        "trace": of["trace"] / 0.8,
        "means": 0 if of["arrears"] else of["wealth"] / year / 2,
        "owed": 1 - of["debt"] / year / 4,
        "age": of["age_days"] / 3650,
        "new": of["since_loan"] / 400,
        "settled": of["settled"] / 4,
        "ties": 0.5 + of["friends_gap"] / 200,
    }
    whole = sum(SCALES[d][0] * min(1, max(0, share)) for d, share in filled.items())
    assert made(**of) in {int(whole - 1e-3), int(whole + 1e-3)}


# ---- a fitted model

TABLE = np.array([[100 * row + value for value in range(FEATURE_VALUES)] for row in range(len(FEATURES))], np.int32) ** 2  # no two alike
PLAIN = {"covered": 1, "day": 3000, "birth": 3000 - 40 * 365, "sex": 0, "urban": 0, "quintile": 0, "risk": 0, "job": 0, "arrears": 0, "job_on": 0, "size": 1, "wealth": 28_000}
TRAITS = st.fixed_dictionaries(
    {
        "birth": st.integers(3000 - 90 * 365, 3000),
        "sex": st.integers(0, 1),
        "urban": st.integers(0, 1),
        "quintile": st.integers(0, 4),
        "risk": st.integers(0, 1023),
        "job": st.integers(0, 3),
        "arrears": st.integers(0, 30),
        "job_on": st.integers(2990, 3000),
        "size": st.integers(1, 8),
        "wealth": st.integers(27_990, 28_010),
    }
)


def judged(**given) -> int:
    return int(call(score.risk, **PLAIN | SEEN | BIRTHDAYS | LATELY | given, risk_table=TABLE))


@given(TRAITS)
def test_a_model_adds_up_what_it_holds_against_each_trait(traits):
    """Slow reference: feature by feature, in the order of day.FEATURES."""
    age = 3000 - traits["birth"]
    values = {
        "age": sum(age >= days for days in BIRTHDAYS.values()),
        "sex": traits["sex"],
        "residence": traits["urban"],
        "income": traits["quintile"],
        **{mark: int(traits["risk"] & bit > 0) for mark, bit in SEEN.items()},
        "job": traits["job"],
        "arrears": int(traits["arrears"] > 0),
        "new_job": int(3000 - traits["job_on"] < 5),
        "short": int(traits["wealth"] < 28_000),
        "household": min(traits["size"], 5) - 1,
    }
    assert judged(**traits) == -sum(int(TABLE[row, values[feature]]) for row, feature in enumerate(FEATURES))
    assert judged(**traits, covered=0) == 0


@pytest.mark.parametrize(
    ("age", "band"), [(0, 0), (18 * 365 - 1, 0), (18 * 365, 1), (35 * 365 - 1, 1), (35 * 365, 2), (60 * 365 - 1, 2), (60 * 365, 3)]
)
def test_a_model_sees_a_birthday_on_its_day(age, band):
    assert judged(birth=3000 - age) - judged() == int(TABLE[0, 2]) - int(TABLE[0, band])


@given(TRAITS, st.sampled_from(["sex", "urban", "quintile", "job", "arrears", "size", *MARKS]), st.integers(0, 4))
def test_one_trait_changed_moves_the_judgement_by_that_trait_alone(traits, changed, to):
    """Conservation: whatever the other traits are, it moves by the same."""
    if changed in MARKS:
        other = {"risk": traits["risk"] ^ SEEN[changed]}
        plain = {"risk": PLAIN["risk"] | (traits["risk"] & SEEN[changed])}
        moved = {"risk": plain["risk"] ^ SEEN[changed]}
    else:
        other = moved = {changed: 1 + to if changed == "size" else to % (1 + {"quintile": 4, "job": 3}.get(changed, 1))}
        plain = {changed: traits[changed]}
    assert judged(**traits | other) - judged(**traits) == judged(**moved) - judged(**plain)


def test_a_model_weighs_a_great_income_beyond_32_bits():
    rich = {"income": 2 * 10**8}
    assert judged(wealth=28 * 2 * 10**8, **rich) == judged()
    assert judged(wealth=28 * 2 * 10**8 - 1, **rich) - judged() == int(TABLE[12, 0]) - int(TABLE[12, 1])


@given(points=points, worst=st.integers(-10_000, 0))
def test_a_model_that_knew_would_hold_against_one_only_what_one_did(points, worst):
    """The innocent get the best there is, as far above nothing as the worst lies below."""
    assert call(score.deserved, points, worst) == (worst if points < 0 else -worst)


@pytest.mark.parametrize(("points", "deserves"), [(-1, -9999), (0, 9999), (1, 9999)])
def test_a_clean_file_deserves_the_best_and_a_single_point_the_worst(points, deserves):
    assert call(score.deserved, points, -9999) == deserves


@given(first=points, second=points, which=st.integers(-1, 2))
def test_one_of_two_numbers_is_taken(first, second, which):
    assert call(score.of_two, first, second, which) == (second if which else first)


@pytest.mark.parametrize(
    ("day", "birth", "days"), [(0, -6575, 0), (1, -6575, 1), (0, -6574, 0), (100, 50, 0), (3650, -6575, 3650), (10, -20000, 13435)]
)
def test_grown_up_life_begins_on_a_birthday_and_is_never_less_than_none(day, birth, days):
    assert call(score.grown, day, birth, 6575) == days


@given(day=st.integers(0, 3650), borrowed=st.integers(-(1 << 14), 3650))
def test_days_since_a_loan_grow_by_one_a_day(day, borrowed):
    assert call(score.since, day, borrowed) == day - borrowed
    assert call(score.since, borrowed, borrowed) == 0


@given(risk=lucks, flags=lucks)
def test_marks_of_a_settled_life_are_counted_among_those_that_the_rule_names(risk, flags):
    """Conservation: those it names and those it does not are all."""
    assert call(maths.bits_set, risk) == bin(risk).count("1")
    assert call(score.settled, risk, flags) == sum(risk >> i & flags >> i & 1 for i in range(32))
    assert call(score.settled, risk, flags) + call(score.settled, risk, ~flags & LAST) == call(maths.bits_set, risk)


@pytest.mark.parametrize(("bits", "marks"), [(0, 0), (1, 1), (2, 1), (3, 2), (1 << 31, 1), (LAST, 32)])
def test_marks_by_hand(bits, marks):
    assert call(maths.bits_set, bits) == call(score.settled, bits, LAST) == call(score.settled, LAST, bits) == marks
    assert call(score.settled, bits, 0) == 0
