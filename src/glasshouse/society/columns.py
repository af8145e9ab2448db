"""What citizens are, use, have and owe, written into the columns of the society. Compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.society.compiled import ZERO, compiled
from glasshouse.society.households import COMMUNITY
from glasshouse.society.luck import FLAGS, HOME, MULTIPLE, four
from glasshouse.society.matching import years

BYTES = (
    "sex", "urban", "education", "quintile", "place", "size", "internet", "pays", "shops", "talks", "searches", "drives", "works",
    "group", "renter", "parent",
)  # fmt: skip
"""Rows of the array of bytes, uint8 (16, n)."""
WORDS = ("birth", "income", "household", "debt")
"""Rows of the array of words, int32 (4, n)."""
(
    _SEX, _URBAN, _EDUCATION, _QUINTILE, _SEAT, _MEMBERS, _INTERNET, _PAYS, _SHOPS, _TALKS, _SEARCHES, _DRIVES, _WORKS,
    _GROUP, _RENTER, _PARENT,
) = range(len(BYTES))  # fmt: skip
_BIRTH, _INCOME, _NUMBER, _DEBT = range(len(WORDS))


class Columns(NamedTuple):
    """All that is drawn, for n citizens: bytes, uint8 (16, n); words, int32 (4, n); wealth, int64 (n,), fen."""

    bytes: NDArray[np.uint8]
    words: NDArray[np.int32]
    wealth: NDArray[np.int64]


@compiled
def write_people(keys, internet, service, licence, work, seed, first, slots, days, sex, edu, bytes_, words):
    """Third step: what citizens first..first+slots-1 are, use, hold and do, by residence (already written), age, sex and schooling."""
    for at in range(slots):
        slot = first + at
        age = years(days[at])
        band = min(age // 5, 19)
        town = bytes_[_URBAN, slot]
        uses, which, drives, works = four(keys[FLAGS], seed, slot, ZERO)
        online = uses < internet[town, band]
        services = 0
        if online:
            while which >= service[band, services]:
                services += 1
        words[_BIRTH, slot] = -days[at]
        bytes_[_SEX, slot] = sex[at]
        bytes_[_EDUCATION, slot] = edu[at]
        bytes_[_INTERNET, slot] = online
        bytes_[_PAYS, slot] = services & 1
        bytes_[_SHOPS, slot] = services >> 1 & 1
        bytes_[_TALKS, slot] = services >> 2 & 1
        bytes_[_SEARCHES, slot] = services >> 3 & 1
        bytes_[_DRIVES, slot] = age >= 18 and drives < licence[sex[at], band]
        bytes_[_WORKS, slot] = age >= 18 and works < work[sex[at], band]


@compiled
def write_homes(
    keys, renter_cut, debtor_cut, group_cut, riches, debts, seed, begin, end, size, start, urban, quintile, income, days, counts,
    bytes_, words, wealth
):  # fmt: skip
    """Third step: what the members of a household share, and what they have and owe: wealth and debt are split evenly over its adults.

    Household numbers count from 0 in each community.
    """
    for community in range(begin, end):
        first = community * COMMUNITY
        base = first - begin * COMMUNITY
        for household in range(counts[community]):
            at = base + household
            slot = first + start[at]
            town = urban[at]
            rents, owes, label, _ = four(keys[HOME], seed, slot, ZERO)
            rich, deep, _, _ = four(keys[MULTIPLE], seed, slot, ZERO)
            renter = np.int64(rents < renter_cut[town])
            year = income[at] * size[at] * 365
            owns = (year * riches[town, renter, rich >> 22]) >> 16
            debt = (year * debts[town, deep >> 22]) >> 16 if owes < debtor_cut[town] else 0
            adults = 0
            pupils = 0
            for member in range(size[at]):
                age = years(days[base + start[at] + member])
                adults += age >= 18
                pupils += 6 <= age and age < 18
            for member in range(size[at]):
                adult = years(days[base + start[at] + member]) >= 18
                here = slot + member
                words[_INCOME, here] = income[at]
                words[_NUMBER, here] = household
                words[_DEBT, here] = min(debt // adults, 2147483647) if adult else 0
                wealth[here] = owns // adults if adult else 0
                bytes_[_URBAN, here] = town
                bytes_[_QUINTILE, here] = quintile[at]
                bytes_[_SEAT, here] = member
                bytes_[_MEMBERS, here] = size[at]
                bytes_[_GROUP, here] = label < group_cut[town, quintile[at]]
                bytes_[_RENTER, here] = renter
                bytes_[_PARENT, here] = adult and pupils > 0


@compiled
def number_households(household, before, begin, end):
    """Turn numbers inside a community into numbers inside the society; before: int64, households of all earlier communities."""
    for community in range(begin, end):
        for slot in range(community * COMMUNITY, min((community + 1) * COMMUNITY, len(household))):
            household[slot] += before[community]
