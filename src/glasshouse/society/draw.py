"""Drawing a society community by community: 4,096 slots in four tiles; no household leaves its tile."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasshouse.society.columns import Columns, write
from glasshouse.society.crowd import draw_people
from glasshouse.society.households import COMMUNITY, MOST_BORN, draw_households, living_places
from glasshouse.society.lives import draw_lives
from glasshouse.society.plan import Plan


def draw(
    plan: Plan, seed: int, begin: int, end: int, citizens: int, columns: Columns, counts: NDArray[np.int64], origin: int = 0
) -> None:
    """Draw communities begin..end-1 of a society of `citizens` into its columns.

    counts: int64 (communities,), households in each, filled; household numbers count from 0 in each community until `number_households`.
    origin: the community whose first slot is the first of the columns and of counts.
    """
    luck = np.uint64(seed)
    parts = end - begin
    slots = min(end * COMMUNITY, citizens) - begin * COMMUNITY
    living = np.full(parts, living_places(COMMUNITY, plan.newcomers), dtype=np.int64)
    living[-1] = living_places(slots - (parts - 1) * COMMUNITY, plan.newcomers)
    size, place, start, places, births, urban, quintile, income, days, sex, edu, deaths = np.zeros((12, slots + 1), dtype=np.int64)
    born = np.zeros((slots + 1, MOST_BORN), dtype=np.int64)
    place_luck = np.zeros((slots, 4), dtype=np.int64)
    found = np.zeros(parts, dtype=np.int64)
    draw_households(
        plan.keys, plan.size, plan.urban, plan.quintile, plan.edge, plan.top, plan.weight, luck, begin, end, living, size,
        place, urban, quintile, income, place_luck, found
    )  # fmt: skip
    draw_people(
        plan.keys, plan.person, plan.guide, plan.split, plan.band, plan.married, plan.alone, plan.birth, plan.chance, plan.couple,
        plan.weight[1], luck, begin, end, size, place, urban, place_luck, found, days, sex, edu
    )  # fmt: skip
    draw_lives(
        plan.keys, plan.survival, plan.fertility, luck, begin, end, citizens, living, size, found, urban, quintile, income, days, sex,
        deaths, born, births, start, places
    )  # fmt: skip
    write(
        plan.keys, (plan.renter, plan.debtor, plan.elsewhere), plan.group, plan.boys, plan.wealth, plan.debt, plan.survival,
        plan.internet, plan.service, plan.drives, plan.works, luck, begin, end, origin, found, size, start, place, urban, quintile,
        income, days, sex, edu, deaths, born, births, places, columns.bytes, columns.words, columns.wealth
    )  # fmt: skip
    counts[begin - origin : end - origin] = found
