"""Households of a community: sizes that fill its tiles, then residence and income, like beside like. Compiled."""

from __future__ import annotations

import numpy as np

from glasshouse.society.compiled import ZERO, compiled, shell_sort
from glasshouse.society.luck import HOUSEHOLD, PLACE, SIZE, four

COMMUNITY = 4096
TILE = 1024
_FIFTH = 1 << 32


@compiled
def household_sizes(key, cut, seed, first, slots, size, start):
    """Cut a community into households that fill each tile exactly; returns how many. size, start: int64, at least (slots,)."""
    made = ZERO
    at = ZERO
    while at < slots:
        left = min(TILE - at % TILE, slots - at)
        word = four(key, seed, first + at, ZERO)[0]
        members = 1
        while word >= cut[left, members - 1]:
            members += 1
        size[made] = members
        start[made] = at
        made += 1
        at += members
    return made


@compiled
def household_traits(key, urban_cut, quintile_cut, edge, top, noise_weight, seed, first, households, urban, quintile, income):
    """Draw residence, fifth and income (fen a head and day) of each household, in their order: towns first, then by noisy income."""
    keys = np.empty(households, np.int64)
    fifth = np.empty(households, np.int64)
    within = np.empty(households, np.int64)
    for household in range(households):
        where, which, how, noise = four(key, seed, first + household, ZERO)
        rural = 0 if where < urban_cut[0] else 1
        rank = 0
        while which >= quintile_cut[1 - rural, rank]:
            rank += 1
        fifth[household] = rank
        within[household] = how
        order = (rank * _FIFTH + how) * (1024 - noise_weight) + 5 * noise * noise_weight
        keys[household] = (rural << 60) | ((order >> 1) << 13) | household
    shell_sort(keys, households)
    for place in range(households):
        household = keys[place] & 8191
        urban[place] = 1 - (keys[place] >> 60)
        quintile[place] = fifth[household]
        income[place] = head_income(edge, top, fifth[household], within[household])


@compiled
def head_income(edge, top, fifth, word):
    """Income, fen a head and day, at a rank inside a fifth (word: 0 .. 2^32 - 1)."""
    if fifth == 4:
        return top[word >> 20]
    low = edge[fifth]
    return (low + (((edge[fifth + 1] - low) * word) >> 32) + 512) >> 10


@compiled
def draw_households(
    keys, size_cut, urban_cut, quintile_cut, edge, top, noise_weight, seed, begin, end, citizens, size, start, urban, quintile,
    income, place_luck, counts
):  # fmt: skip
    """First step: households of communities begin..end-1, with residence and income.

    size, start, urban, quintile, income: int64, and place_luck: int64 (.., 4), room for these communities, filled from each one's
        first slot on.
    counts: int64 (communities,), households in each, filled.
    """
    for community in range(begin, end):
        first = community * COMMUNITY
        at = first - begin * COMMUNITY
        households = household_sizes(keys[SIZE], size_cut, seed, first, min(COMMUNITY, citizens - first), size[at:], start[at:])
        household_traits(
            keys[HOUSEHOLD], urban_cut, quintile_cut, edge, top, noise_weight, seed, first, households, urban[at:], quintile[at:],
            income[at:]
        )  # fmt: skip
        counts[community] = households
        for household in range(at, at + households):
            place_luck[household, 0], place_luck[household, 1], place_luck[household, 2], place_luck[household, 3] = four(
                keys[PLACE], seed, first + start[household], ZERO
            )
