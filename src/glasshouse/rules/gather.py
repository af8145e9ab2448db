"""gather: the only code that reads what others published yesterday. It hands the other stages plain values."""

import numpy as np

from .maths import LAST_TIE, NO, ONE, TOP_TWO, YES, ZERO, f32, i32, u32, u64
from .word import covered_of, gap_of, grade_of, mask_of, opinion_of, ties_of, voice_of


def partner(slot: u64, citizens: u64, block: u64, odd: u64, turn: u64) -> u64:
    """Somebody else of a block, each for one: place -> odd * place + turn, walking on past the last citizen."""
    first = slot & ~(block - u64(1))
    place = slot - first
    size = citizens - first
    place = (odd * place + turn) & (block - u64(1))
    while place >= size:
        place = (odd * place + turn) & (block - u64(1))
    return first + place


def lives(slot: u64, other: u32, word: u64, kept: i32, tie: i32, spoken: i32) -> i32:
    """Does a tie live? It does while both ends keep their bit; one that leads back to oneself is none.

    tie: its place among all, in the own bits. spoken: its place among those whose bits the word holds, this week's first.
    """
    return i32((kept >> tie) & (ties_of(word) >> spoken) & i32(u64(other) != slot))


def words(published: np.ndarray, partner_0: u32, partner_1: u32, partner_2: u32, partner_3: u32) -> tuple[u64, u64, u64, u64]:
    """What four others published yesterday."""
    return published[partner_0], published[partner_1], published[partner_2], published[partner_3]


def tied_now(slot: u64, other: u32, word: u64, kept: i32, first_tie: i32, spoken: i32) -> i32:
    """Does one of the four ties of this week live, and lead to somebody whom the regime covers?"""
    return lives(slot, other, word, kept, first_tie + spoken, spoken) & covered_of(word)


def asker(slot: u64, kept: i32, first_tie: i32, luck_who: u32, luck_asks: u32, asks: u32, partner_0: u32, partner_1: u32,
          partner_2: u32, partner_3: u32, word_0: u64, word_1: u64, word_2: u64, word_3: u64) -> tuple[u32, i32, i32]:
    """Who asks one for help this week: by lot one of the four places that talk. Returns the slot, the place of the tie, and whether
    anybody asks (chance in 2**-32): only over a tie that lives, and only one whom the regime covers."""
    spoken = i32(luck_who >> TOP_TWO)
    other, word = partner_0, word_0
    if spoken == YES:
        other, word = partner_1, word_1
    if spoken == YES + YES:
        other, word = partner_2, word_2
    if spoken > YES + YES:
        other, word = partner_3, word_3
    tie = first_tie + spoken
    return other, tie, tied_now(slot, other, word, kept, first_tie, spoken) if luck_asks < asks else NO


def friends(slot: u64, kept: i32, low_grades: i32, opinion: f32, opinion_bound: f32, first_tie: i32, partner_0: u32, partner_1: u32, partner_2: u32, partner_3: u32, word_0: u64,
            word_1: u64, word_2: u64, word_3: u64) -> tuple[f32, i32, i32]:
    """What the talking partners of a week let one see: mean approval said aloud (weighted by voice; of those whose
    approval is no further than `opinion_bound` from one's own), how many are heard, and a bit for each in the lowest grades."""
    views = ZERO
    voices = ZERO
    heard = NO
    low = NO
    spoken = NO
    for other, word in ((partner_0, word_0), (partner_1, word_1), (partner_2, word_2), (partner_3, word_3)):
        tie = first_tie + spoken
        alive = lives(slot, other, word, kept, tie, spoken)
        view = opinion_of(word)
        voice = voice_of(word) * f32(alive) * f32(i32(abs(view - opinion) <= opinion_bound))
        views = views + voice * view
        voices = voices + voice
        heard = heard + alive
        low = low | ((alive & i32(grade_of(word) < low_grades)) << tie)
        spoken = spoken + YES
    heard = heard if voices > ZERO else NO
    return views / (voices if voices > ZERO else ONE), heard, low


def friends_gap(slot: u64, published: np.ndarray, kept: i32, first_tie: i32, partner_0: u32, partner_1: u32, partner_2: u32, partner_3: u32, partner_4: u32,
                partner_5: u32, partner_6: u32, partner_7: u32) -> i32:
    """The mean of the scores of the talking partners of this week and the next, less the base."""
    gaps = NO
    heard = NO
    spoken = NO
    for other in (partner_0, partner_1, partner_2, partner_3, partner_4, partner_5, partner_6, partner_7):
        word = published[other]
        alive = lives(slot, other, word, kept, (first_tie + spoken) & LAST_TIE, spoken)
        gaps = gaps + alive * gap_of(word)
        heard = heard + alive
        spoken = spoken + YES
    return gaps // heard if heard > NO else NO


def household(slot: u64, place: i32, size: i32, published: np.ndarray) -> tuple[u32, i32]:
    """What the household lets one see: the consequences in force on any of its other members, and the mean of their
    scores less the base."""
    first = slot - u64(place)
    masks = u32(0)
    gaps = NO
    scored = NO
    for k in range(size):
        word = published[first + u64(k)]
        masks = masks | (mask_of(word) if k != place else u32(0))
        if k != place and covered_of(word) != NO:
            gaps = gaps + gap_of(word)
            scored = scored + YES
    return masks, (gaps // scored if scored > NO else NO)


def drawn(slot: u64, citizens: u64, beside: np.ndarray, lot_block: u64, lot_odd: u64, lot_turn: u64, flags: u32, living: u32) -> u32:
    """The consequences that fall on a citizen by lot: those that somebody else of the community bore yesterday.

    A permutation among the citizens whom the other regime covered, so exactly as many are borne as there, but for the lots of
    those who have died since.
    """
    if covered_of(beside[slot]) == NO or (flags & living) == u32(0):
        return u32(0)
    p = partner(slot, citizens, lot_block, lot_odd, lot_turn)
    while covered_of(beside[p]) == NO:
        p = partner(p, citizens, lot_block, lot_odd, lot_turn)
    return mask_of(beside[p])
