"""The people of a community: drawn residence by residence, then put into its households. Compiled."""

from __future__ import annotations

import numpy as np

from glasshouse.society.compiled import ZERO, compiled
from glasshouse.society.households import COMMUNITY
from glasshouse.society.luck import AGAIN, CHILD, MATCH, PERSON, four
from glasshouse.society.matching import match, years


@compiled
def draw_person(cut, guide, split, band_days, urban, which, where):
    """Age in days, sex and schooling from two words."""
    at = guide[urban, which >> 24]
    while which >= cut[urban, at]:
        at += 1
    band = at // 12
    sex = at // 6 % 2
    edu = at % 6
    inside = split[urban, sex, band, edu, 0] + ((where * split[urban, sex, band, edu, 1]) >> 32)
    return band_days[band, 0] + ((inside * band_days[band, 1]) >> 30), sex, edu


@compiled
def draw_pool(keys, cut, guide, split, band_days, seed, first, people, households, urban, days, sex, edu, luck, child_luck):
    """Draw the people of one residence in one community; where too few are adults to head the households, children are drawn again."""
    adults = 0
    for person in range(people):
        which, where, other, _ = four(keys[PERSON], seed, first + person, ZERO)
        if which >= cut[urban, 227]:
            # The open band: the smaller of two draws, so that ages thin out towards the end.
            where = min(where, other)
        days[person], sex[person], edu[person] = draw_person(cut, guide, split, band_days, urban, which, where)
        adults += years(days[person]) >= 18
        luck[person, 0], luck[person, 1], luck[person, 2], luck[person, 3] = four(keys[MATCH], seed, first + person, ZERO)
        if years(days[person]) < 18:
            child_luck[person] = four(keys[CHILD], seed, first + person, ZERO)[0]
    person = ZERO
    # Only in societies of a few citizens: in a full community there are twice as many adults as households.
    while adults < households:
        again = ZERO
        while years(days[person]) < 18:
            which, where, _, _ = four(keys[AGAIN], seed, first + person, again)
            days[person], sex[person], edu[person] = draw_person(cut, guide, split, band_days, urban, which, where)
            again += 1
        adults += again > 0
        person += 1


@compiled
def draw_people(
    keys, cut, guide, split, band_days, married, alone, birth, chance, couple, pull, seed, begin, end, size, place, urban,
    place_luck, counts, people_days, people_sex, people_edu
):  # fmt: skip
    """Second step: people of communities begin..end-1, residence by residence, put into the households; fills the last three, int64."""
    days = np.empty(COMMUNITY, np.int64)
    sex = np.empty(COMMUNITY, np.int64)
    edu = np.empty(COMMUNITY, np.int64)
    order = np.empty(COMMUNITY, np.int64)
    luck = np.empty((COMMUNITY, 4), np.int64)
    child_luck = np.zeros(COMMUNITY, np.int64)
    for community in range(begin, end):
        first = community * COMMUNITY
        at = first - begin * COMMUNITY
        high = at
        ends = ZERO
        for residence in (1, 0):
            low = high
            begins = ends
            while high < at + counts[community - begin] and urban[high] == residence:
                ends += size[high]
                high += 1
            people = ends - begins
            if people == 0:
                continue
            draw_pool(
                keys, cut, guide, split, band_days, seed, first + begins, people, high - low, residence, days, sex, edu, luck,
                child_luck
            )  # fmt: skip
            match(
                days[:people], sex, edu, luck, child_luck, place_luck[low:high], size[low:high], place[low:high], begins, married,
                alone, birth, chance, couple, pull, order
            )  # fmt: skip
            for seat in range(people):
                person = at + begins + seat
                people_days[person] = days[order[seat]]
                people_sex[person] = sex[order[seat]]
                people_edu[person] = edu[order[seat]]
