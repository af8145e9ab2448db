"""Households of a community: sizes that fill its tiles, then residence and income, like beside like. Compiled."""

from __future__ import annotations

import numpy as np

from glasshouse.society.compiled import ZERO, compiled, shell_sort
from glasshouse.society.luck import HOUSEHOLD, PLACE, SIZE, four

COMMUNITY = 4096
TILE = 1024
MOST_BORN = 3
"""Births that a household has places for."""
EMPTY = 11
"""The most slots that may stay empty at the end of a tile: a household of eight with three births just does not fit."""
_FIFTH = 1 << 32


@compiled
def living_places(slots, newcomers):
    """How many live on the first day in a community: its slots, less those for who is born in ten years, less a few at the edges of tiles.

    newcomers: births in ten years to a resident, in 1/2^32.
    """
    edges = (slots - 1) // TILE
    whole = (1 << 32) + newcomers
    return min(max((((slots - 4 * edges) << 32) + whole // 2) // whole, 1), slots - EMPTY * edges)


@compiled
def household_sizes(key, cut, seed, first, people, size):
    """Cut the living of a community into households; returns how many. size: int64, at least (people,)."""
    made = ZERO
    at = ZERO
    run = len(cut) - 1
    while at < people:
        left = min(run - at % run, people - at)
        word = four(key, seed, first + at, ZERO)[0]
        members = 1
        while word >= cut[left, members - 1]:
            members += 1
        size[made] = members
        made += 1
        at += members
    return made


@compiled
def poorer_larger(key, pull, seed, first, urban, size):
    """Within each residence, move larger households to places of lower income, as closely as `pull` (0..1024) says; sizes stay the same.

    urban, size: int64 (households,), in order of residence and rising income.
    """
    households = len(size)
    keys = np.empty(households, np.int64)
    low = 0
    while low < households:
        high = low
        waiting = np.zeros(9, np.int64)
        while high < households and urban[high] == urban[low]:
            waiting[size[high]] += 1
            high += 1
        for household in range(low, high):
            noise = four(key, seed, first + household, np.int64(1))[0] >> 12
            rank = ((household - low) << 20) // (high - low)
            keys[household - low] = ((rank * pull + noise * (1024 - pull)) << 13) | household
        shell_sort(keys, high - low)
        members = 8
        for rank in range(high - low):
            while waiting[members] == 0:
                members -= 1
            size[keys[rank] & 8191] = members
            waiting[members] -= 1
        low = high


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
    keys, size_cut, urban_cut, quintile_cut, edge, top, weight, seed, begin, end, living, size, place, urban, quintile, income,
    place_luck, counts
):  # fmt: skip
    """First step: households of communities begin..end-1, with residence and income.

    living: int64 (communities,), how many live in each on the first day. weight: order noise, schooling pull, size pull, in 1/1024.
    size, place, urban, quintile, income: int64, and place_luck: int64 (.., 4), room for these communities, filled from each one's
        first slot on; place: the first member among the living of the community.
    counts: int64 (communities,), households in each, filled.
    """
    for community in range(begin, end):
        first = community * COMMUNITY
        at = first - begin * COMMUNITY
        households = household_sizes(keys[SIZE], size_cut, seed, first, living[community - begin], size[at:])
        household_traits(
            keys[HOUSEHOLD], urban_cut, quintile_cut, edge, top, weight[0], seed, first, households, urban[at:], quintile[at:],
            income[at:]
        )  # fmt: skip
        counts[community - begin] = households
        poorer_larger(keys[SIZE], weight[2], seed, first, urban[at : at + households], size[at : at + households])
        members = ZERO
        for household in range(at, at + households):
            place[household] = members
            members += size[household]
            place_luck[household, 0], place_luck[household, 1], place_luck[household, 2], place_luck[household, 3] = four(
                keys[PLACE], seed, first + place[household], ZERO
            )
