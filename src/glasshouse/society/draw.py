"""Drawing a society community by community: 4,096 slots in four tiles; no household leaves its tile."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasshouse.society.columns import Columns, write_homes, write_people
from glasshouse.society.crowd import draw_people
from glasshouse.society.households import COMMUNITY, draw_households
from glasshouse.society.plan import Plan


def draw(plan: Plan, seed: int, begin: int, end: int, citizens: int, columns: Columns, counts: NDArray[np.int64]) -> None:
    """Draw communities begin..end-1 of a society of `citizens` into its columns.

    counts: int64 (communities,), households in each, filled; household numbers count from 0 in each community until `number_households`.
    """
    luck = np.uint64(seed)
    first = begin * COMMUNITY
    slots = min(end * COMMUNITY, citizens) - first
    size, start, urban, quintile, income, days, sex, edu = np.zeros((8, slots), dtype=np.int64)
    place_luck = np.zeros((slots, 4), dtype=np.int64)
    draw_households(
        plan.keys, plan.size, plan.urban, plan.quintile, plan.edge, plan.top, plan.weight[0], luck, begin, end, citizens, size,
        start, urban, quintile, income, place_luck, counts
    )  # fmt: skip
    draw_people(
        plan.keys, plan.person, plan.guide, plan.split, plan.band, plan.married, plan.alone, plan.birth, plan.chance, plan.couple,
        plan.weight[1], luck, begin, end, size, start, urban, place_luck, counts, days, sex, edu
    )  # fmt: skip
    write_homes(
        plan.keys, plan.renter, plan.debtor, plan.group, plan.wealth, plan.debt, luck, begin, end, size, start, urban, quintile,
        income, days, counts, columns.bytes, columns.words, columns.wealth
    )  # fmt: skip
    write_people(
        plan.keys, plan.internet, plan.service, plan.drives, plan.works, luck, first, slots, days, sex, edu,
        columns.bytes, columns.words
    )  # fmt: skip
