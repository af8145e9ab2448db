"""bank: which loans a bank that learns has under watch, and what became of them. It sees nothing of those whom it refused; the run does."""

from .maths import NO, TWO, YES, clip_int, i32


def band(score: i32, score_low: i32, band_points: i32, last_band: i32) -> i32:
    """The band of a score, counted from the lowest score, 0 the lowest band."""
    return clip_int(i32((score - score_low) // band_points), NO, last_band)


def watches(covered: i32, granted_loan: i32, no_loan: i32, lent_band: i32, lent_on: i32, day: i32, loan_band: i32,
            refused: i32) -> tuple[i32, i32]:
    """What is under watch after an application, as its place plus 1, and since when: a loan that is granted, unless one is already; a
    refusal by the cut, unless anything is."""
    if covered != NO and granted_loan != NO and (lent_band == NO or lent_band > refused):
        return loan_band + YES, day
    if covered != NO and no_loan != NO and lent_band == NO:
        return refused + YES, day
    return lent_band, lent_on


def ends(lent_band: i32, lent_on: i32, day: i32, arrears: i32, loan_term: i32) -> i32:
    """What became of what is under watch, asked when a month turns: 0 it runs on, 1 its term is over, 2 payments have stopped."""
    if lent_band == NO:
        return NO
    if arrears != NO:
        return TWO
    return YES if day - lent_on >= loan_term else NO


def place(lent_band: i32) -> i32:
    """The place at which what is under watch is counted: the band of its score, or the one behind the last for a refusal."""
    return lent_band - YES
