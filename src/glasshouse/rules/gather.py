"""gather: the only code that reads what others published yesterday. It hands the other stages plain values.

Ties are not stored: a tie is a permutation of the slots inside a block, so each has an inverse and every tie is mutual.
"""

import numpy as np

from .maths import NO, ONE, THREE, TWO, YES, ZERO, f32, i32, u32, u64
from .word import covered_of, gap_of, grade_of, mask_of, opinion_of, ties_of, voice_of


def partner(slot: u64, citizens: u64, block: u64, odd: u64, turn: u64) -> u64:
    """The slot at the other end of a tie: place -> odd * place + turn inside the block, walking on past the last citizen.

    With the inverse of `odd` (modulo the block) and the matching turn it is the way back.
    """
    first = slot & ~(block - u64(1))
    place = slot - first
    size = citizens - first
    place = (odd * place + turn) & (block - u64(1))
    while place >= size:
        place = (odd * place + turn) & (block - u64(1))
    return first + place


def partners(slot: u64, citizens: u64, first_tie: i32, tie_block: np.ndarray, tie_odd: np.ndarray, tie_turn: np.ndarray) -> tuple[u32, u32, u32, u32]:
    """The slots at the other ends of four ties, from `first_tie` on: the same under every regime.

    Tie 2k leads forward along permutation k, tie 2k + 1 back.
    """
    a, b, c, d = first_tie, first_tie + YES, first_tie + TWO, first_tie + THREE
    return (u32(partner(slot, citizens, tie_block[a], tie_odd[a], tie_turn[a])), u32(partner(slot, citizens, tie_block[b], tie_odd[b], tie_turn[b])),
            u32(partner(slot, citizens, tie_block[c], tie_odd[c], tie_turn[c])), u32(partner(slot, citizens, tie_block[d], tie_odd[d], tie_turn[d])))


def lives(slot: u64, other: u32, word: u64, kept: i32, tie: i32) -> i32:
    """Does a tie live? It does while both ends keep their bit; one that leads back to oneself is none."""
    return i32((kept >> tie) & (ties_of(word) >> (tie ^ YES)) & i32(u64(other) != slot))


def words(published: np.ndarray, partner_0: u32, partner_1: u32, partner_2: u32, partner_3: u32) -> tuple[u64, u64, u64, u64]:
    """What four others published yesterday."""
    return published[partner_0], published[partner_1], published[partner_2], published[partner_3]


def friends(slot: u64, kept: i32, low_grades: i32, opinion: f32, opinion_bound: f32, first_tie: i32, partner_0: u32, partner_1: u32, partner_2: u32, partner_3: u32, word_0: u64,
            word_1: u64, word_2: u64, word_3: u64) -> tuple[f32, i32, i32]:
    """What the talking partners of a week let one see: mean approval said aloud (weighted by voice; of those whose
    approval is no further than `opinion_bound` from one's own), how many are heard, and a bit for each in the lowest grades."""
    views = ZERO
    voices = ZERO
    heard = NO
    low = NO
    tie = first_tie
    for other, word in ((partner_0, word_0), (partner_1, word_1), (partner_2, word_2), (partner_3, word_3)):
        alive = lives(slot, other, word, kept, tie)
        view = opinion_of(word)
        voice = voice_of(word) * f32(alive) * f32(i32(abs(view - opinion) <= opinion_bound))
        views = views + voice * view
        voices = voices + voice
        heard = heard + alive
        low = low | ((alive & i32(grade_of(word) < low_grades)) << tie)
        tie = tie + YES
    heard = heard if voices > ZERO else NO
    return views / (voices if voices > ZERO else ONE), heard, low


def friends_gap(slot: u64, published: np.ndarray, kept: i32, partner_0: u32, partner_1: u32, partner_2: u32, partner_3: u32, partner_4: u32,
                partner_5: u32, partner_6: u32, partner_7: u32) -> i32:
    """The mean of the scores of all talking partners, less the base."""
    gaps = NO
    heard = NO
    tie = NO
    for other in (partner_0, partner_1, partner_2, partner_3, partner_4, partner_5, partner_6, partner_7):
        word = published[other]
        alive = lives(slot, other, word, kept, tie)
        gaps = gaps + alive * gap_of(word)
        heard = heard + alive
        tie = tie + YES
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
