"""score: records move the score by the regime's rule, and the clean account by the citizen's own acts."""

import math

import numpy as np

from .maths import (
    FOUR,
    HALF,
    NO,
    ONE,
    THREE,
    TWO,
    YES,
    ZERO,
    bits_set,
    byte_of,
    clip,
    clip_int,
    f32,
    high_count,
    i32,
    i64,
    low_count,
    mixed,
    normal,
    u32,
    u64,
)


def covered(day: i32, birth: i32, scored_from_days: i32, start_day: i32, end_day: i32, risk: u32, coverage_need: u32, coverage_bar: u32,
            tested: u32, uptake: u32) -> i32:
    """Is this citizen scored today? From an age on, between the first and the last day of the regime, of the people it is for,
    and where joining is free only if she joins (chance in 2**-32, by lasting luck)."""
    if day < start_day or day >= end_day or day - birth < scored_from_days:
        return NO
    if (risk & coverage_need) != coverage_need or (risk & coverage_bar) != u32(0):
        return NO
    return YES if mixed(tested) <= uptake else NO


def worth(points: i32, score: i32, most: i32, warned: i32, warnings: i32, gained: i32, gain_cap: i32) -> tuple[i32, i32, i32]:
    """What a record is worth: its points; but the first costly ones of a year may bring a warning only, good deeds no more
    in a year than a cap, and some acts pull the score down to a ceiling of their own (`most`).

    Returns the points, the year's warnings and the year's points gained.
    """
    if points > NO:
        taken = min(points, max(gain_cap - gained, NO))
        return taken, warned, gained + taken
    if (points < NO or score > most) and warned < warnings:
        return NO, warned + YES, gained
    return (most - score if score + points > most else points), warned, gained


def entry(points: i32, lawful: i32) -> tuple[i32, i32, i32]:
    """What one record adds to the file: points, and the loss in it for lawful and for unlawful conduct."""
    loss = -points if points < NO else NO
    if lawful != NO:
        return points, loss, NO
    return points, NO, loss


def decay(sum_: i32, decay_share: f32) -> i32:
    """What a month takes off a sum that fades: a share of it, as a whole number with the opposite sign."""
    return -i32(f32(sum_) * decay_share)


def activity(times: i32, activity_per: i32, activity_points: i32, activity_cap: i32) -> i32:
    """Points for a month of frequent records: `activity_points` for each `activity_per`, at most `activity_cap` in size."""
    if activity_per == NO:
        return NO
    return clip_int(times // activity_per * activity_points, -activity_cap, activity_cap)


def expire(luck_stale: u32, expiring: i32, on_file: i32, stale: i32, stale_chance: u32) -> tuple[i32, i32, i32]:
    """A month's points leave the memory; by mistake they may stay, outside it, as stale points. The bucket is empty."""
    if luck_stale < stale_chance:
        return on_file - expiring, stale + expiring, NO
    return on_file - expiring, stale, NO


def found(luck_found: u32, stale: i32, find_chance: u32) -> i32:
    """Once a month a stale entry may be noticed and struck."""
    return NO if luck_found < find_chance else stale


def forget(sum_: i32, expiring: i32) -> tuple[i32, i32]:
    """A month's entries leave a sum as the rule says, and their bucket is empty."""
    return sum_ - expiring, NO


def known(file_0: u32, file_1: u32, file_2: u32, file_3: u32, file_4: u32, full_trace: i32) -> f32:
    """How much of a trace a citizen left last month: 1 from `full_trace` records on."""
    records = low_count(file_0) + low_count(file_1) + low_count(file_2) + low_count(file_3) + low_count(file_4)
    return clip(f32(records) / f32(full_trace), ZERO, ONE)


def known_due(file_0: u32, file_1: u32, file_2: u32, file_3: u32, file_4: u32, full_trace: i32) -> f32:
    """The same of what there was to record."""
    records = high_count(file_0) + high_count(file_1) + high_count(file_2) + high_count(file_3) + high_count(file_4)
    return clip(f32(records) / f32(full_trace), ZERO, ONE)


def recorded_times(month_file: u32) -> i32:
    """Frequent acts recorded last month."""
    return low_count(month_file)


def due_times(month_file: u32) -> i32:
    """Frequent acts of last month that the rule covers, recorded or not."""
    return high_count(month_file)


def guess(luck_guess: u32, propensity: u64, family: i32, trait_z: np.ndarray, accuracy: f32, known: f32, weight: f32) -> f32:
    """Points for an inferred trait: the best guess from a trace that correlates with the truth as published.

    The truth is how little inclined one is to a family of acts, in standard deviations. With no trace the guess is the
    mean. The noise is the citizen's own and stays: the same trace misleads again and again.
    """
    r = accuracy * known
    truth = -trait_z[byte_of(propensity, family)]
    return weight * r * (r * truth + f32(math.sqrt(ONE - r * r)) * normal(luck_guess))


def profile(guess_0: f32, guess_1: f32, guess_2: f32, covered: i32) -> i32:
    """The inferred person, in points."""
    return i32(guess_0 + guess_1 + guess_2) if covered != NO else NO


def note(points: i32, act: i32, last_act: i32) -> i32:
    """Remembers the act of the last record that cost points (its number plus 1)."""
    return act + YES if points < NO else last_act


def channel(channel: i32) -> i32:
    """The channel (or act) that a record is filed under."""
    return channel


def received_kind(received: i32) -> i32:
    """The act of a record that was pinned on the citizen."""
    return received - YES


def gap(score: i32, score_base: i32, covered: i32) -> i32:
    """How far the score stands from the base; 0 for those who are not scored."""
    return score - score_base if covered != NO else NO


def kin(household_gap: i32, friends_gap: i32, kin_household: f32, kin_ties: f32) -> i32:
    """Points that household and talking partners lend or cost: a share of how far they stand from the base."""
    return i32(kin_household * f32(household_gap) + kin_ties * f32(friends_gap))


def parts(score_base: i32, file_counts: i32, on_file: i32, stale: i32, kin: i32, profile: i32, dims: i32, waits: i32) -> i32:
    """All that a score is made of, added up: base, file where it counts by itself, stale points, kin, profile, dimensions, and
    what is given back while an objection waits for its answer."""
    return score_base + file_counts * (on_file + stale) + kin + profile + dims + waits


def total(score_base: i32, file_counts: i32, on_file: i32, stale: i32, kin: i32, profile: i32, dims: i32, waits: i32, score_low: i32,
          score_high: i32) -> i32:
    """The score: its parts, held between the lowest and the highest score."""
    return clip_int(parts(score_base, file_counts, on_file, stale, kin, profile, dims, waits), score_low, score_high)


def dimensions(covered: i32, filed: i32, trace: f32, wealth: i64, debt: i32, income: i32, arrears: i32, age_days: i32, since_loan: i32,
               settled: i32, friends_gap: i32, year_days: i32, file_weight: f32, file_full: f32, trace_weight: f32, trace_full: f32,
               means_weight: f32, means_full: f32, owed_weight: f32, owed_full: f32, age_weight: f32, age_full: f32, new_weight: f32,
               new_full: f32, settled_weight: f32, settled_full: f32, ties_weight: f32, ties_full: f32) -> i32:
    """A score of dimensions: each is a share between 0 and 1, its weight is its most points, its `full` what fills its scale.

    file: points lost, from none to all; trace: records of daily life; means: savings in years of income, none in arrears;
    owed: debt in years of income, from none to all; age: years of grown-up life; new: days since the last loan;
    settled: marks of a settled life; ties: mean score of friends less the base, in points, half in the middle.
    """
    if covered == NO:
        return NO
    year = f32(income) * f32(year_days) + ONE
    means = f32(wealth) / (year * means_full) if arrears == NO else ZERO
    points = file_weight * clip(ONE + f32(filed) / file_full, ZERO, ONE) + trace_weight * clip(trace / trace_full, ZERO, ONE)
    points = points + means_weight * clip(means, ZERO, ONE) + owed_weight * clip(ONE - f32(debt) / (year * owed_full), ZERO, ONE)
    points = points + age_weight * clip(f32(age_days) / (f32(year_days) * age_full), ZERO, ONE) + new_weight * clip(f32(since_loan) / new_full, ZERO, ONE)
    points = points + settled_weight * clip(f32(settled) / settled_full, ZERO, ONE)
    return i32(points + ties_weight * clip(HALF + f32(friends_gap) / ties_full, ZERO, ONE))


def risk(covered: i32, day: i32, birth: i32, sex: i32, urban: i32, quintile: i32, risk: u32, renter: u32, parent: u32, graduate: u32, online: u32,
         drives: u32, job: i32, arrears: i32, job_on: i32, size: i32, wealth: i64, income: i32, adult_days: i32, middle_days: i32, old_days: i32,
         new_days: i32, short_days: i32, most_household: i32, risk_table: np.ndarray) -> i32:
    """What a fitted model makes of a citizen, in points below nothing: the riskier, the lower. It sees traits, not acts.

    risk_table: (14, 5) int32, points of risk by feature and value: age band, sex, residence, fifth of income, renter, parent,
    graduate, online, drives, job, arrears, new job, short of money, others in the household.
    """
    if covered == NO:
        return NO
    age = day - birth
    band = i32(age >= adult_days) + i32(age >= middle_days) + i32(age >= old_days)
    row = NO
    total = risk_table[row, band] + risk_table[row + YES, sex] + risk_table[row + TWO, urban] + risk_table[row + THREE, quintile]
    row = row + FOUR
    total = total + risk_table[row, i32((risk & renter) != u32(0))] + risk_table[row + YES, i32((risk & parent) != u32(0))]
    total = total + risk_table[row + TWO, i32((risk & graduate) != u32(0))] + risk_table[row + THREE, i32((risk & online) != u32(0))]
    row = row + FOUR
    total = total + risk_table[row, i32((risk & drives) != u32(0))] + risk_table[row + YES, job] + risk_table[row + TWO, i32(arrears != NO)]
    total = total + risk_table[row + THREE, i32(day - job_on < new_days)]
    row = row + FOUR
    total = total + risk_table[row, i32(wealth < i64(income) * i64(short_days))]
    return -(total + risk_table[row + YES, min(size, most_household) - YES])


def deserved(clean_points: i32, worst: i32) -> i32:
    """What a model would say that knew: the worst of one who did what it looks for, the best of the others."""
    return worst if clean_points < NO else -worst


def of_two(first: i32, second: i32, which: i32) -> i32:
    """One of two numbers: the first, or where a model scores the second."""
    return second if which != NO else first


def grown(day: i32, birth: i32, adult_days: i32) -> i32:
    """Days of grown-up life."""
    return max(day - birth - adult_days, NO)


def since(day: i32, borrowed_on: i32) -> i32:
    """Days since the last loan."""
    return day - borrowed_on


def settled(risk: u32, settled_flags: u32) -> i32:
    """Marks of a settled life: how many of some populations one belongs to."""
    return bits_set(risk & settled_flags)
