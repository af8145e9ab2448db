"""sanction: the class switches penalties and rewards on and off, some of them for a least number of days."""

import numpy as np

from .grade import grade as grade_of_score
from .maths import FIVE, FOUR, NO, THREE, TWO, YES, i32, u32
from .score import total


def fall(grade: i32, grade_before: i32, day: i32, fell_on: i32, fell_to: i32) -> tuple[i32, i32]:
    """The day and the grade of the last fall: what began on that day may outlast the grade."""
    if grade < grade_before:
        return day, grade
    return fell_on, fell_to


def in_force(covered: i32, grade: i32, day: i32, fell_on: i32, fell_to: i32, holds: np.ndarray, lasts: np.ndarray) -> u32:
    """Which consequences are in force: those of the grade, and those of the last fall whose least term still runs.

    holds: (grades,) uint32, a bit a consequence; lasts: (days since a fall,) uint32, the bits that still run.
    """
    if covered == NO:
        return u32(0)
    age = day - fell_on
    last = len(lasts) - 1
    return holds[grade] | (holds[fell_to] & lasts[last if age > last else age])


def cause(penalties: u32, mask: u32, clean_mask: u32, held: u32, if_record: u32, if_stale: u32, if_kin: u32,
          if_profile: u32, cause_before: i32) -> i32:
    """Which single correction would lift the penalties that are in force without cause.

    if_x: what the grade would hold if x alone were right. 0 none is false, 1 record, 2 stale, 3 kin, 4 inference, 5 several.
    While only the least term of a past fall keeps a penalty, the cause stays what it was.
    """
    false = mask & ~clean_mask & penalties
    if false == u32(0):
        return NO
    standing = false & held
    if standing == u32(0) and cause_before != NO:
        return cause_before
    record = i32((standing & if_record) == u32(0))
    old = i32((standing & if_stale) == u32(0))
    near = i32((standing & if_kin) == u32(0))
    inferred = i32((standing & if_profile) == u32(0))
    if record + old + near + inferred != YES:
        return FIVE
    return record + TWO * old + THREE * near + FOUR * inferred


def would_hold(score_base: i32, on_file: i32, stale: i32, kin: i32, profile: i32, score_low: i32, score_high: i32, cut_1: i32, cut_2: i32,
               cut_3: i32, cut_4: i32, cut_5: i32, cut_6: i32, cut_7: i32, holds: np.ndarray) -> u32:
    """What the grade would hold if the score were made of these parts: for asking which correction alone lifts a penalty."""
    score = total(score_base, on_file, stale, kin, profile, score_low, score_high)
    return holds[grade_of_score(score, cut_1, cut_2, cut_3, cut_4, cut_5, cut_6, cut_7)]


def renew(bits: u32, clean_bits: u32, cause: i32) -> tuple[u32, u32, i32]:
    """The consequences in force, those of the clean account, and the cause of what is false, for tomorrow."""
    return bits, clean_bits, cause
