"""sanction: the class switches penalties and rewards on and off, some of them for a least number of days."""

import numpy as np

from .grade import grade as grade_of_score
from .maths import EIGHT, FIVE, FOUR, NO, SIX, THREE, TWO, YES, i32, u32
from .score import total


def fall(grade: i32, grade_before: i32, day: i32, fell_on: i32, fell: i32, most_grades: i32) -> tuple[i32, i32]:
    """The day of the last fall, and from which grade to which, in one number: what began or ended then may outlast the grade."""
    if grade < grade_before:
        return day, grade_before * most_grades + grade
    return fell_on, fell


def held(covered: i32, grade: i32, holds_0: u32, holds_1: u32, holds_2: u32, holds_3: u32, holds_4: u32, holds_5: u32, holds_6: u32,
         holds_7: u32) -> u32:
    """The consequences of a grade, a bit each (holds_0 those of the lowest); none for those who are not scored."""
    low = (holds_0 if grade == NO else holds_1) if grade < TWO else (holds_2 if grade == TWO else holds_3)
    high = (holds_4 if grade == FOUR else holds_5) if grade < SIX else (holds_6 if grade == SIX else holds_7)
    bits = low if grade < FOUR else high
    return bits if covered != NO else u32(0)


def lately(covered: i32, day: i32, fell_on: i32, fall_runs: i32) -> i32:
    """May a fall still matter: a least term, or the days of notice, that are not over?"""
    return YES if covered != NO and day - fell_on < fall_runs else NO


def in_force(bits: u32, day: i32, fell_on: i32, fell: i32, mask: u32, penalties: u32, notice_days: i32, outlasts: np.ndarray, lasts: np.ndarray) -> u32:
    """Which consequences are in force soon after a fall: those of the grade (`bits`), and those whose least term still runs.
    A penalty that is new waits until the days of notice after the fall are over.

    outlasts: (grades x grades,) uint32, for a fall from one grade to another the penalties of the lower and the rewards of
    the higher; lasts: (days since a fall,) uint32, the bits that still run.
    """
    age = day - fell_on
    last = len(lasts) - 1
    still = bits | (outlasts[fell] & lasts[last if age > last else age])
    return still & ~(penalties & ~mask) if age < notice_days else still


def erring(erred: i32, on_file: i32, clean_points: i32, models: i32, dims: i32, clean_dims: i32, stale: i32, kin: i32, profile: i32, fell_on: i32,
           clean_fell_on: i32) -> i32:
    """Which kinds of error have moved this account since it was last the clean one: a bit each for record, stale, kin, inference."""
    filed = i32(models == NO and (on_file != clean_points or dims != clean_dims))
    guessed = i32(profile != NO or (models != NO and dims != clean_dims))
    now = filed + TWO * i32(stale != NO) + FOUR * i32(kin != NO) + EIGHT * guessed
    if now == NO and fell_on == clean_fell_on:
        return NO
    return erred | now


def cause(penalties: u32, mask: u32, clean_mask: u32, held: u32, if_record: u32, if_stale: u32, if_kin: u32,
          if_profile: u32, cause_before: i32, erred: i32) -> i32:
    """Which single correction would lift the penalties that are in force without cause.

    if_x: what the grade would hold if x alone were right. 0 none is false, 1 record, 2 stale, 3 kin, 4 inference, 5 several.
    While only the least term of a past fall keeps a penalty, the cause stays what it was; if there was none, because both
    accounts fell but not on one day, it is the one kind of error that has moved the account, or several.
    """
    false = mask & ~clean_mask & penalties
    if false == u32(0):
        return NO
    standing = false & held
    if standing == u32(0):
        return cause_before if cause_before != NO else only(erred)
    record = i32((standing & if_record) == u32(0))
    old = i32((standing & if_stale) == u32(0))
    near = i32((standing & if_kin) == u32(0))
    inferred = i32((standing & if_profile) == u32(0))
    return only(record + TWO * old + FOUR * near + EIGHT * inferred)


def only(kinds: i32) -> i32:
    """The one kind of error whose bit is set, 1 to 4; 5 if there is not exactly one."""
    if kinds == YES:
        return YES
    if kinds == TWO:
        return TWO
    if kinds == FOUR:
        return THREE
    return FOUR if kinds == EIGHT else FIVE


def would_hold(score_base: i32, file_counts: i32, on_file: i32, stale: i32, kin: i32, profile: i32, dims: i32, waits: i32, score_low: i32,
               score_high: i32, cut_1: i32, cut_2: i32, cut_3: i32, cut_4: i32, cut_5: i32, cut_6: i32, cut_7: i32, holds: np.ndarray) -> u32:
    """What the grade would hold if the score were made of these parts: for asking which correction alone lifts a penalty."""
    score = total(score_base, file_counts, on_file, stale, kin, profile, dims, waits, score_low, score_high)
    return holds[grade_of_score(score, cut_1, cut_2, cut_3, cut_4, cut_5, cut_6, cut_7)]


def renew(bits: u32, clean_bits: u32, cause: i32) -> tuple[u32, u32, i32]:
    """The consequences in force, those of the clean account, and the cause of what is false, for tomorrow."""
    return bits, clean_bits, cause
