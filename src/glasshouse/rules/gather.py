"""gather: the only code that reads what others published yesterday. It hands the other stages plain values.

Ties are not stored: a tie is a permutation of the slots inside a block, so each has an inverse and every tie is mutual.
"""

import numpy as np

from .maths import NO, ONE, YES, ZERO, f32, i32, u32, u64
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


def friends(slot: u64, citizens: u64, published: np.ndarray, kept: i32, low_grades: i32, first_tie: i32, last_tie: i32, tie_block: np.ndarray,
            tie_odd: np.ndarray, tie_turn: np.ndarray) -> tuple[f32, i32, i32, i32]:
    """What the talking partners of a week let one see: mean approval said aloud (weighted by voice), how many are heard,
    a bit for each in the lowest grades, and the mean of their scores less the base.

    Tie 2k leads forward along permutation k, tie 2k + 1 back; a tie lives while both ends keep their bit.
    """
    views = ZERO
    voices = ZERO
    gaps = NO
    heard = NO
    low = NO
    for tie in range(first_tie, last_tie):
        back = tie ^ 1
        p = partner(slot, citizens, tie_block[tie], tie_odd[tie], tie_turn[tie])
        word = published[p]
        alive = i32((kept >> tie) & (ties_of(word) >> back) & i32(p != slot))
        voice = voice_of(word) * f32(alive)
        views = views + voice * opinion_of(word)
        voices = voices + voice
        gaps = gaps + alive * gap_of(word)
        heard = heard + alive
        low = low | ((alive & i32(grade_of(word) < low_grades)) << tie)
    if voices <= ZERO:
        return ZERO, NO, low, (gaps // heard if heard > NO else NO)
    return views / voices, heard, low, gaps // heard


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


def drawn(slot: u64, citizens: u64, beside: np.ndarray, lot_block: u64, lot_odd: u64, lot_turn: u64) -> u32:
    """The consequences that fall on a citizen by lot: those that somebody else of the community bore yesterday.

    A permutation among the citizens whom the other regime covers, so exactly as many are borne as there.
    """
    if covered_of(beside[slot]) == NO:
        return u32(0)
    p = partner(slot, citizens, lot_block, lot_odd, lot_turn)
    while covered_of(beside[p]) == NO:
        p = partner(p, citizens, lot_block, lot_odd, lot_turn)
    return mask_of(beside[p])
