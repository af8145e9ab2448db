"""grade: the score becomes a class. Nothing but the score and the cuts is handed in."""

from .maths import i32


def grade(score: i32, cut_1: i32, cut_2: i32, cut_3: i32, cut_4: i32, cut_5: i32, cut_6: i32, cut_7: i32) -> i32:
    """The number of cuts reached: 0 is the lowest grade. A score equal to a cut is in the grade that begins there."""
    return (i32(score >= cut_1) + i32(score >= cut_2) + i32(score >= cut_3) + i32(score >= cut_4)
            + i32(score >= cut_5) + i32(score >= cut_6) + i32(score >= cut_7))
