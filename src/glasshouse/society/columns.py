"""What citizens are, use, have and owe, written into the columns of the society. Compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.society.compiled import ZERO, compiled
from glasshouse.society.households import COMMUNITY
from glasshouse.society.lives import NEVER, band_of, death_day
from glasshouse.society.luck import FLAGS, HOME, MULTIPLE, PERSON, four
from glasshouse.society.matching import years

BYTES = (
    "sex", "urban", "education", "quintile", "place", "size", "internet", "pays", "shops", "talks", "searches", "drives", "works",
    "group", "renter", "parent", "elsewhere",
)  # fmt: skip
"""Rows of the array of bytes, uint8 (17, n)."""
WORDS = ("birth", "death", "income", "household", "debt")
"""Rows of the array of words, int32 (5, n)."""
(
    _SEX, _URBAN, _EDUCATION, _QUINTILE, _SEAT, _MEMBERS, _INTERNET, _PAYS, _SHOPS, _TALKS, _SEARCHES, _DRIVES, _WORKS,
    _GROUP, _RENTER, _PARENT, _ELSEWHERE,
) = range(len(BYTES))  # fmt: skip
_BIRTH, _DEATH, _INCOME, _NUMBER, _DEBT = range(len(WORDS))
ONLINE, HOLDS, EMPLOYED = 16, 32, 64
"""Bits of `habits`, after those of the four services."""


class Columns(NamedTuple):
    """All that is drawn, for n citizens: bytes, uint8 (17, n); words, int32 (5, n); wealth, int64 (n,), fen."""

    bytes: NDArray[np.uint8]
    words: NDArray[np.int32]
    wealth: NDArray[np.int64]


@compiled
def habits(key, internet, service, licence, work, seed, slot, band, town, sex):
    """What the tables say of a citizen's age band, by lasting luck: 1 pays, 2 shops, 4 talks, 8 searches, 16 uses the internet, 32 may
    drive, 64 is in work (the last two for adults only, which is not looked at here)."""
    uses, which, drives, works = four(key, seed, slot, ZERO)
    does = ZERO
    if uses < internet[town, band]:
        while which >= service[band, does]:
            does += 1
        does |= ONLINE
    if drives < licence[sex, band]:
        does |= HOLDS
    if works < work[sex, band]:
        does |= EMPLOYED
    return does


@compiled
def write_person(keys, internet, service, licence, work, seed, slot, here, days, sex, edu, town, bytes_):
    """What a citizen is, uses, holds and does on the first day; nothing is used, held or done by one who is not born yet."""
    age = years(days)
    bytes_[_SEX, here] = sex
    bytes_[_EDUCATION, here] = edu
    does = habits(keys[FLAGS], internet, service, licence, work, seed, slot, band_of(days), town, sex) if days > 0 else ZERO
    bytes_[_PAYS, here] = does & 1
    bytes_[_SHOPS, here] = does >> 1 & 1
    bytes_[_TALKS, here] = does >> 2 & 1
    bytes_[_SEARCHES, here] = does >> 3 & 1
    bytes_[_INTERNET, here] = does & ONLINE > 0
    bytes_[_DRIVES, here] = age >= 18 and does & HOLDS > 0
    bytes_[_WORKS, here] = age >= 18 and does & EMPLOYED > 0


@compiled
def write_community(
    keys, cuts, groups, boys, riches, debts, survival, internet, service, licence, work, seed, first, households, size, start, place,
    urban, quintile, income, days, sex, edu, deaths, born, births, places, bytes_, words, wealth
):  # fmt: skip
    """Fourth step: everything about the citizens of one community, household by household; wealth and debt are split evenly over adults.

    cuts: renter (2,), debtor (2,), elsewhere (2, 2). Household numbers count from 0 in each community.
    """
    renter_cut, debtor_cut, elsewhere_cut = cuts
    for household in range(households):
        slot = first + start[household]
        town = urban[household]
        rents, owes, label, away = four(keys[HOME], seed, slot, ZERO)
        rich, deep, _, _ = four(keys[MULTIPLE], seed, slot, ZERO)
        renter = np.int64(rents < renter_cut[town])
        year = income[household] * size[household] * 365
        owns = (year * riches[town, renter, rich >> 22]) >> 16
        debt = (year * debts[town, deep >> 22]) >> 16 if owes < debtor_cut[town] else 0
        adults = 0
        pupils = 0
        for member in range(size[household]):
            age = years(days[place[household] + member])
            adults += age >= 18
            pupils += 6 <= age and age < 18
        for member in range(places[household]):
            here = start[household] + member
            adult = False
            if member < size[household]:
                person = place[household] + member
                write_person(
                    keys, internet, service, licence, work, seed, slot + member, here, days[person], sex[person], edu[person], town, bytes_
                )  # fmt: skip
                adult = years(days[person]) >= 18
                words[_BIRTH, here] = -days[person]
                words[_DEATH, here] = deaths[person]
            else:
                word, later, _, _ = four(keys[PERSON], seed, slot + member, np.int64(1))
                girl = np.int64(word >= boys)
                day = born[household, member - size[household]] if member < size[household] + births[household] else NEVER
                write_person(keys, internet, service, licence, work, seed, slot + member, here, -day, girl, ZERO, town, bytes_)
                words[_BIRTH, here] = day
                words[_DEATH, here] = NEVER if day == NEVER else death_day(survival[girl], day, later)
            words[_INCOME, here] = income[household]
            words[_NUMBER, here] = household
            words[_DEBT, here] = min(debt // adults, 2147483647) if adult else 0
            wealth[here] = owns // adults if adult else 0
            bytes_[_URBAN, here] = town
            bytes_[_QUINTILE, here] = quintile[household]
            bytes_[_SEAT, here] = member
            bytes_[_MEMBERS, here] = places[household]
            bytes_[_GROUP, here] = label < groups[town, quintile[household]]
            bytes_[_ELSEWHERE, here] = away < elsewhere_cut[town, renter]
            bytes_[_RENTER, here] = renter
            bytes_[_PARENT, here] = adult and pupils > 0


@compiled
def write(
    keys, cuts, groups, boys, riches, debts, survival, internet, service, licence, work, seed, begin, end, origin, counts, size, start,
    place, urban, quintile, income, days, sex, edu, deaths, born, births, places, bytes_, words, wealth
):  # fmt: skip
    """Fourth step for communities begin..end-1, into columns whose first slot is that of the community `origin`."""
    for community in range(begin, end):
        at = (community - begin) * COMMUNITY
        shift = (community - origin) * COMMUNITY
        to = min(shift + COMMUNITY, len(wealth))
        write_community(
            keys, cuts, groups, boys, riches, debts, survival, internet, service, licence, work, seed, community * COMMUNITY,
            counts[community - begin], size[at:], start[at:], place[at:], urban[at:], quintile[at:], income[at:], days[at:], sex[at:],
            edu[at:], deaths[at:], born[at:], births[at:], places[at:], bytes_[:, shift:to], words[:, shift:to], wealth[shift:to]
        )  # fmt: skip


@compiled
def number_households(household, before, begin, end):
    """Turn numbers inside a community into numbers inside the society; before: int64, households of all earlier communities."""
    for community in range(begin, end):
        for slot in range(community * COMMUNITY, min((community + 1) * COMMUNITY, len(household))):
            household[slot] += before[community]
