"""standing: whether one helps who asks, and what is thought of one for it, by a norm of two tables (Ohtsuki & Iwasa 2004).

The names of the one who is asked and of the one who asks are 1 where the norm thinks ill of them. `approves` has the name that
follows (1 good) by asked, asking and what was done; `helps` whether one helps by asked and asking, the ill before the good.
"""

import numpy as np

from .maths import FIVE, LAST_TIE, NO, ONESELF, TWO, YES, i32, u32

_ONE = u32(1)


def helps(mine: i32, theirs: i32, norm_helps: np.ndarray) -> i32:
    """Does one help, by one's own name and that of the one who asks?"""
    return i32(norm_helps[(YES - mine) * TWO + YES - theirs])


def blamed(mine: i32, theirs: i32, gave: i32, norm_approves: np.ndarray) -> i32:
    """Is one thought ill of, after helping or refusing one of such a name?"""
    return YES - i32(norm_approves[((YES - mine) * TWO + YES - theirs) * TWO + gave])


def counted(gave: i32, due: i32) -> tuple[i32, i32, i32, i32, i32]:
    """A request: one; whether help was due, by names without any error; whether it was granted; refused though due; granted though not."""
    return YES, due, gave, due * (YES - gave), (YES - due) * gave


def issued(day: i32, lag: i32, page: i32, booked: i32) -> i32:
    """What the public record shows: what is in the book, as of the last day on which it was issued, once in `lag` days."""
    return booked if day % lag == NO else page


def told(day: i32, tie: i32, gave: i32) -> i32:
    """An answer as those see it who talk with one: the day and one, the place of the tie over which one was asked, whether one helped."""
    return i32(((day + YES) << FIVE) | (tie << YES) | gave)


def thinks_ill(doubts: u32, whom: i32) -> i32:
    """What one thinks of a tie, by its place, or of oneself: 1 ill."""
    return i32((doubts >> u32(whom)) & _ONE)


def changed(doubts: u32, whom: i32, ill: i32) -> u32:
    """One's opinions with that of one tie, or of oneself, anew."""
    return u32((doubts & ~(_ONE << u32(whom))) | (u32(ill) << u32(whom)))


def knows(met: i32, first_tie: i32, spoken: i32, alive: i32) -> i32:
    """The ties over which one talks: a bit for each of the sixteen, set anew when its turn to talk comes."""
    tie = first_tie + spoken
    return i32((met & ~(YES << tie)) | (alive << tie))


def like(met: i32, tie: i32, luck_like: u32) -> i32:
    """Of somebody whom one does not know, one thinks as of another tie of one's own: by lot one place, or the next with whom one talks.

    Where one has no other tie, as of oneself.
    """
    others = i32(met & ~(YES << tie))
    place = i32(luck_like & u32(LAST_TIE))
    while others != NO and (others >> place) & YES == NO:
        place = i32((place + YES) & LAST_TIE)
    return place if others != NO else ONESELF


def witnessed(doubts: u32, met: i32, answer: i32, first_tie: i32, spoken: i32, day: i32, week_days: i32, luck_eye: u32, luck_like: u32,
              mistaken: u32, norm_approves: np.ndarray) -> u32:
    """One's opinions after talking over a tie with one who was asked for help in the last seven days: that of the other is made anew.

    One judges by one's own opinions of both, and may take the answer for the contrary (chance in 2**-32). Asked over the same tie, it
    was oneself who asked.
    """
    tie = first_tie + spoken
    if (met >> tie) & YES == NO or answer == NO or day - (answer >> FIVE) + YES > week_days:
        return doubts
    asking = i32((answer >> YES) & LAST_TIE)
    whom = ONESELF if asking == tie else like(met, tie, luck_like)
    gave = i32((answer & YES) ^ i32(luck_eye < mistaken))
    return changed(doubts, tie, blamed(thinks_ill(doubts, tie), thinks_ill(doubts, whom), gave, norm_approves))


def alike(first_tie: i32, alive_0: i32, alive_1: i32, alive_2: i32, alive_3: i32, theirs_0: u32, theirs_1: u32, theirs_2: u32,
          theirs_3: u32) -> tuple[i32, i32]:
    """Of the pairs of those with whom one talks this week, how many think the same of one; and the pairs (each counted twice)."""
    n = alive_0 + alive_1 + alive_2 + alive_3
    ill = NO
    tie = first_tie
    for alive, theirs in ((alive_0, theirs_0), (alive_1, theirs_1), (alive_2, theirs_2), (alive_3, theirs_3)):
        ill = ill + alive * thinks_ill(theirs, tie)
        tie = tie + YES
    well = n - ill
    return ill * (ill - YES) + well * (well - YES), n * (n - YES)
