"""score: records move the score by the regime's rule, and the clean account by the citizen's own acts."""

import math

import numpy as np

from .maths import NO, ONE, YES, ZERO, byte_of, clip, clip_int, f32, high_count, i32, low_count, normal, u32, u64


def covered(day: i32, birth: i32, scored_from_days: i32, start_day: i32, end_day: i32) -> i32:
    """Is this citizen scored today? From an age on, between the first and the last day of the regime."""
    if day < start_day or day >= end_day:
        return NO
    return YES if day - birth >= scored_from_days else NO


def entry(points: i32, lawful: i32) -> tuple[i32, i32, i32]:
    """What one record adds to the file: points, and the loss in it for lawful and for unlawful conduct."""
    loss = -points if points < NO else NO
    if lawful != NO:
        return points, loss, NO
    return points, NO, loss


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


def total(score_base: i32, on_file: i32, stale: i32, kin: i32, profile: i32, score_low: i32, score_high: i32) -> i32:
    """The score: base, file, stale points, kin and profile, held between the lowest and the highest score."""
    return clip_int(score_base + on_file + stale + kin + profile, score_low, score_high)
