"""From tables to thresholds: everything that drawing a society needs, as whole numbers, computed once on the host.

The order of work: rake the people (age, sex, residence, schooling), give residence its income fifths, give each fifth its incomes, then
rake each rate (internet, services, licence, work, group) over the people that it is a rate of.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import BadInput
from glasshouse.society import luck
from glasshouse.society.households import COMMUNITY, TILE, living_places
from glasshouse.society.shares import (
    BANDS,
    DAYS_A_YEAR,
    Floats,
    Ints,
    band_days,
    birth_ages,
    births_so_far,
    boys_share,
    by_sex,
    debt_multiples,
    elsewhere_chances,
    graduate_chances,
    group_chances,
    income_edges,
    internet_chances,
    licence_chances,
    newcomers,
    person_shares,
    quintile_shares,
    renter_shares,
    service_shares,
    size_shares,
    survivors,
    urban_share,
    wealth_multiples,
    work_chances,
)
from glasshouse.society.sizes import size_cuts
from glasshouse.society.tables import Tables


class Plan(NamedTuple):
    """Thresholds and tables for drawing; chances are whole numbers in 1/2^32, residence is 0 rural, 1 urban, sex 0 male, 1 female.

    Attributes:
        keys: uint64, (13,), one a purpose.
        size: (places + 1, 8), cumulative, by places left in a run of households, a quarter of a community's living.
        newcomers: births in ten years to a resident, in 1/2^32.
        urban: (1,), share of townspeople.
        quintile: (2, 5), cumulative, by residence.
        edge: (5,), lower edges of the fifths, in 1/1024 fen a day.
        top: (4096,), incomes of the highest fifth, fen a day.
        person: (2, 240), cumulative over (age, sex, schooling), by residence.
        guide: (2, 257), where in `person` to start looking, by the first eight bits of the draw.
        split: (2, 2, 20, 6, 2), start and width of a level inside its age band, in 1/2^30.
        band: (20, 2), first age in days, and days.
        married: (2, 20), by sex and age band.
        alone: (20,), cumulative, age bands of those who live alone.
        birth: (28,), cumulative, mother's age 18..45.
        internet: (2, 20), by residence and age band.
        service: (20, 16), cumulative over 1 pays, 2 shops, 4 talks, 8 searches, by age band.
        drives, works: (2, 20), by sex and age band.
        group: (2, 5), by residence and fifth.
        renter, debtor: (2,), by residence.
        elsewhere: (2, 2), registered elsewhere, by residence and renter.
        survival: (2, 131), survivors of 2^31 at whole years of age, by sex.
        fertility: (131,), births before whole years of age, in 1/2^24.
        boys: share of boys at birth.
        graduate: (2, 2), by sex and residence, for those who grow up.
        wealth: (2, 2, 1024), by residence and renter, times a year's income, in 1/65536.
        debt: (2, 1024), by residence, likewise.
        chance: (5,), two children, three children, lone head, larger than the family, lone parent.
        weight: (3,), order noise, schooling pull and size pull, in 1/1024.
        couple: (2,), gap and spread, days.
    """

    keys: NDArray[np.uint64]
    size: Ints
    newcomers: int
    urban: Ints
    quintile: Ints
    edge: Ints
    top: Ints
    person: Ints
    guide: Ints
    split: Ints
    band: Ints
    married: Ints
    alone: Ints
    birth: Ints
    internet: Ints
    service: Ints
    drives: Ints
    works: Ints
    group: Ints
    renter: Ints
    debtor: Ints
    elsewhere: Ints
    survival: Ints
    fertility: Ints
    boys: int
    graduate: Ints
    wealth: Ints
    debt: Ints
    chance: Ints
    weight: Ints
    couple: Ints


@lru_cache(maxsize=8)
def make_plan(tables: Tables) -> Plan:
    """Turn a society's tables into the thresholds that draw it.

    Args:
        tables: from `load_tables`.

    Returns:
        The plan; the same bits on every machine.

    Raises:
        BadInput: the tables contradict each other (margins that cannot all be met, edges of incomes out of order).
    """
    people = person_shares(tables)
    quintiles = quintile_shares(tables)
    edges, top = income_edges(tables)
    band = band_days()
    value = tables.number
    fresh = round(newcomers(tables, people) * 2**32)
    return Plan(
        keys=luck.keys(),
        size=size_cuts(size_shares(tables), -(-int(living_places(COMMUNITY, fresh)) * TILE // COMMUNITY)),
        newcomers=fresh,
        urban=cuts(np.array([urban_share(tables)])),
        quintile=cumulative(quintiles),
        edge=np.array([round(edge * 100.0 / DAYS_A_YEAR * 1024.0) for edge in edges[:5]], dtype=np.int64),
        top=np.rint(top * (100.0 / DAYS_A_YEAR)).astype(np.int64),
        person=cumulative(np.transpose(people, (2, 0, 1, 3)).reshape(2, -1)),
        guide=_guides(cumulative(np.transpose(people, (2, 0, 1, 3)).reshape(2, -1))),
        split=_splits(people),
        band=band,
        married=cuts(by_sex(tables, "married") / 100.0),
        alone=cumulative(tables["gradients_by_age"].column("alone")[None, :])[0],
        birth=cumulative(birth_ages(tables)[None, :])[0],
        internet=cuts(internet_chances(tables, people)),
        service=cumulative(service_shares(tables, people).reshape(BANDS, 16)),
        drives=cuts(licence_chances(tables, people)),
        works=cuts(work_chances(tables, people)),
        group=cuts(group_chances(tables, quintiles)),
        renter=cuts(renter_shares(tables)),
        debtor=cuts(np.array([value("debt.rural"), tables["housing"].at("has_debt")]) / 100.0),
        elsewhere=cuts(elsewhere_chances(tables)),
        survival=survivors(tables),
        fertility=births_so_far(tables),
        boys=int(cuts(np.array(boys_share(tables)))),
        graduate=cuts(graduate_chances(tables, people)),
        wealth=wealth_multiples(tables),
        debt=debt_multiples(tables),
        chance=cuts(
            np.array(
                [
                    value(f"household.{name}")
                    for name in ("two_children", "three_children", "lone_head", "larger_than_family", "lone_parent")
                ]
            )
        ),
        weight=np.array(
            [round(value(f"{name}") * 1024) for name in ("order.noise", "income.schooling_pull", "income.size_pull")], dtype=np.int64
        ),
        couple=np.array([round(value(f"household.{name}") * 365.25) for name in ("husband_older", "spouse_spread")], dtype=np.int64),
    )


def cuts(chances: Floats) -> Ints:
    """Chances in 0..1 as thresholds for a 32-bit draw: the event happens if the draw is below. Any shape.

    Example:
        >>> cuts(np.array([0.0, 0.5, 1.0])).tolist()
        [0, 2147483648, 4294967296]
    """
    if (chances < 0).any() or (chances > 1).any() or not np.isfinite(chances).all():
        raise BadInput("a chance lies outside 0 to 1")
    return np.rint(chances * 2.0**32).astype(np.int64)


def cumulative(shares: Floats) -> Ints:
    """Shares along the last axis as cumulative thresholds that end at 2^32; rows need not sum to 1.

    Example:
        >>> cumulative(np.array([[1.0, 3.0]])).tolist()
        [[1073741824, 4294967296]]
    """
    running = np.cumsum(shares, axis=-1)
    out = np.rint(running / running[..., -1:] * 2.0**32).astype(np.int64)
    # Trailing cells without people must not catch the last draw: all of them share the final threshold.
    out[..., -1] = 1 << 32
    return out


def _guides(cut: Ints) -> Ints:
    steps = np.arange(257, dtype=np.int64) << 24
    return np.stack([np.searchsorted(row, steps, side="right") for row in cut]).astype(np.int64)


def _splits(people: Floats) -> Ints:
    """Start and width, inside a band, of the ages of each level: below 20 years the lower levels are the younger ones."""
    split = np.zeros((2, 2, BANDS, 6, 2), dtype=np.int64)
    split[..., 1] = 1 << 30
    for band in (1, 2, 3):
        shares = np.transpose(people[band], (1, 0, 2))
        running = np.cumsum(shares, axis=-1)
        ends = np.rint(running / running[..., -1:] * 2.0**30).astype(np.int64)
        split[:, :, band, :, 0] = np.concatenate([np.zeros((2, 2, 1), dtype=np.int64), ends[..., :-1]], axis=-1)
        split[:, :, band, :, 1] = ends - split[:, :, band, :, 0]
    return split
