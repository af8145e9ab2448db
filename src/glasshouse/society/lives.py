"""Lives drawn before the first day: who is born in the ten years after it and to whom, and who dies when. Compiled.

No regime changes any of it. Births come to the households of their mothers, in proportion to the published rates by age, as many in each
community as the rates give in all; deaths follow the published chances by age and sex.
"""

from __future__ import annotations

import numpy as np

from glasshouse.society.compiled import ZERO, compiled
from glasshouse.society.households import COMMUNITY, EMPTY, MOST_BORN, TILE
from glasshouse.society.luck import BIRTH, DEATH, four

HORIZON = 3653
"""Days for which lives are drawn: ten years, the longest that a run may last."""
NEVER = np.int64(36_525)
"""The day of birth of a place that stays empty, and of death of one who outlives every run: a hundred years on."""


def alive(birth, death, day: int):
    """Who lives on a day: from the day of birth on, and before that of death. birth, death: days, numbers or arrays of them."""
    return (birth <= day) & (day < death)


@compiled
def year_begins(year):
    """Age in days at which a year of life begins."""
    return (year * 1461 + 3) // 4


@compiled
def band_of(days):
    """The age band, 0..19, of an age in days."""
    return min(4 * days // 7305, 19)


@compiled
def reached(curve, age):
    """A curve given at whole years of age (int64), read between them at an age in days."""
    year = 4 * age // 1461
    first = year_begins(year)
    return curve[year] + (curve[year + 1] - curve[year]) * (age - first) // (year_begins(year + 1) - first)


@compiled
def death_day(survival, born, word):
    """The day of death of one who lives on the first day or is born later; NEVER if it lies beyond ten years of life from then.

    Args:
        survival: int64 (years,), survivors of 2^31 at whole years of age. born: day of birth. word: luck, below 2^32.
    """
    age = max(-born, 0)
    left = (reached(survival, age) * word) >> 32
    year = 4 * age // 1461
    last = year + 11
    while survival[year + 1] > left:
        year += 1
        if year > last:
            return NEVER
    first = year_begins(year)
    into = (survival[year] - left) * (year_begins(year + 1) - first) // (survival[year] - survival[year + 1])
    return max(born + first + into, max(born, 0) + 1)


@compiled
def births_wanted(slots, living):
    """How many are born in a community in ten years: the places that its living leave, less a few at the edges of tiles."""
    edges = (slots - 1) // TILE
    left = slots - living
    return left - 4 * edges if left >= 92 * edges else left - EMPTY * edges


@compiled
def draw_births(luck_word, curve, wanted, size, households, days, sex, deaths, born, births):
    """Give births to the women of a community: each has them at the ages at which her share of all expected births is passed.

    Args:
        luck_word: below 2^32. curve: int64 (years,), births to a woman before each whole year of age, in 1/2^24.
        wanted: how many. size: int64 (households,), living members, one household after another in days, sex and deaths.
        born: int64 (households, MOST_BORN), filled with days of birth. births: int64 (households,), filled with their number.
    """
    people = ZERO
    total = ZERO
    for household in range(households):
        births[household] = 0
        for _ in range(size[household]):
            if sex[people] == 1:
                total += reached(curve, days[people] + HORIZON) - reached(curve, days[people])
            people += 1
    if total == 0 or wanted == 0:
        return
    shift = ((luck_word >> 8) * total) >> 24
    made = ZERO
    passed = ZERO
    person = ZERO
    point = shift // wanted
    for household in range(households):
        for _ in range(size[household]):
            if sex[person] == 1:
                before = reached(curve, days[person])
                year = 4 * days[person] // 1461
                share = reached(curve, days[person] + HORIZON) - before
                while made < wanted and point < passed + share:
                    target = before + point - passed
                    while curve[year + 1] <= target:
                        year += 1
                    first = year_begins(year)
                    into = (target - curve[year]) * (year_begins(year + 1) - first) // (curve[year + 1] - curve[year])
                    day = max(first + into - days[person], 1)
                    if day < deaths[person] and births[household] < MOST_BORN:
                        born[household, births[household]] = day
                        births[household] += 1
                    made += 1
                    point = (made * total + shift) // wanted
                passed += share
            person += 1


@compiled
def lay(slots, living, size, households, births, start, places):
    """Lay households out one after another so that none crosses a tile: what is left of a tile stays empty, beside its last household.

    start, places: int64 (households + 1,), filled: the first slot in the community, and slots with births and empty ones. Returns 1 where
    slots of a tile that no household has begun are left over: a home where nobody lives, laid out last; else 0.
    """
    spare = slots - living
    for household in range(households):
        spare -= births[household]
    at = ZERO
    last = households - 1
    for household in range(households):
        room = TILE - at % TILE
        if size[household] + births[household] > room:
            places[household - 1] += room
            at += room
            spare -= room
            while spare < 0:
                # More stays empty than is spare: the last births of the community do not happen.
                while births[last] == 0:
                    last -= 1
                births[last] -= 1
                spare += 1
        start[household] = at
        places[household] = size[household] + births[household]
        at += places[household]
    room = min((TILE - at % TILE) % TILE, slots - at)
    places[households - 1] += room
    start[households] = at + room
    places[households] = slots - at - room
    return np.int64(places[households] > 0)


@compiled
def draw_lives(
    keys, survival, fertility, seed, begin, end, citizens, living, size, counts, urban, quintile, income, days, sex, deaths, born, births,
    start, places
):  # fmt: skip
    """Third step: deaths of the living of communities begin..end-1, births to them, and the slot of each household.

    living: int64 (communities,), places taken on the first day. size, days, sex: int64, as drawn, from each community's first place on.
    Fills deaths (days), born (days), births, start and places, int64; a home where nobody lives is counted with the households.
    """
    for community in range(begin, end):
        first = community * COMMUNITY
        at = first - begin * COMMUNITY
        slots = min(COMMUNITY, citizens - first)
        people = living[community - begin]
        for place in range(at, at + people):
            word = four(keys[DEATH], seed, first + place - at, ZERO)[0]
            deaths[place] = death_day(survival[sex[place]], -days[place], word)
        homes = counts[community - begin]
        draw_births(
            four(keys[BIRTH], seed, first, ZERO)[0], fertility, births_wanted(slots, people), size[at:], homes, days[at:], sex[at:],
            deaths[at:], born[at:], births[at:]
        )  # fmt: skip
        if lay(slots, people, size[at:], homes, births[at:], start[at:], places[at:]) > 0:
            home = at + homes
            size[home], births[home] = ZERO, ZERO
            urban[home], quintile[home], income[home] = urban[home - 1], quintile[home - 1], income[home - 1]
            counts[community - begin] += 1
