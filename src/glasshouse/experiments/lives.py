"""The turn of a month: who is born, who has died, who inherits, and what the tables say of the age that people have reached.

Births and deaths were drawn with the society and are the same under every regime; they take effect on the first day of a month, as
coming of age does. What is handed from the dead to the living of their household cannot be done by a rule, which sees one citizen.
"""

import numpy as np
from numba import njit

from glasshouse.day import FLAGS
from glasshouse.society.columns import EMPLOYED, HOLDS, ONLINE, habits
from glasshouse.society.lives import alive as alive_on
from glasshouse.society.lives import band_of
from glasshouse.society.luck import FLAGS as HABITS
from glasshouse.society.luck import GROWN as GROWS
from glasshouse.society.luck import four
from glasshouse.society.plan import Plan

OLD = 60
CLEARED = ("job", "private", "arrears", "judged", "favoured", "aware", "habit", "gaming", "withdrawal", "home_mask", "appeal_day",
           "lent_band", "bought")  # fmt: skip
"""What ends with a life, and has not begun before it."""
SAID = {1: "pays", 2: "shops", 4: "talks", 8: "searches", ONLINE: "internet", HOLDS: "drives", EMPLOYED: "works"}
BITS = np.array([[bit, 1 << FLAGS.index(name)] for bit, name in SAID.items()] + [[EMPLOYED, 1 << FLAGS.index("jobless")]], np.int64)


@njit(cache=True, nogil=True)
def grow(keys, internet, service, licence, work, seed, bits, adult_days, day, before, first, birth, sex, urban, fixed):
    """Gives whoever has reached another age band since the day before what the tables say of it, by the luck that was always theirs.

    Only adults drive and work, and nobody works from 60 on. first: the slot of the first citizen.
    """
    mine = np.int64(0)
    for row in range(len(bits)):
        mine |= bits[row, 1]
    for slot in range(len(birth)):
        if birth[slot] > day:
            continue
        age = day - birth[slot]
        then = before - birth[slot]
        band = band_of(age)
        if then >= 0 and band == band_of(then) and (age < adult_days) == (then < adult_days):
            continue
        does = habits(keys[HABITS], internet, service, licence, work, seed, first + slot, band, urban[slot], sex[slot])
        if age < adult_days:
            does &= ~HOLDS
        if age < adult_days or band * 5 >= OLD:
            does &= ~EMPLOYED
        flags = np.int64(fixed[slot]) & ~mine
        for row in range(len(bits)):
            if does & bits[row, 0] > 0:
                flags |= bits[row, 1]
        fixed[slot] = flags


@njit(cache=True, nogil=True)
def homes(day, birth, death, place, size, adult_days, school_days, parent, members, fixed):
    """How many live in each household today, and which of them are adults with a pupil at home."""
    slot = 0
    while slot < len(birth):
        places = np.int64(size[slot])
        alive = 0
        pupils = 0
        for here in range(slot, slot + places):
            if birth[here] <= day and day < death[here]:
                alive += 1
                age = day - birth[here]
                pupils += school_days <= age and age < adult_days
        for here in range(slot, slot + places):
            members[here] = alive
            fixed[here] = fixed[here] & ~parent | (parent if pupils > 0 else np.uint32(0))
        slot += places


@njit(cache=True, nogil=True)
def estates(dead, now, adult, place, size, wealth, debt):
    """Settles what the dead leave: debts first, as far as the savings go; the rest to the adults of the household, else to its children.

    dead: int64 (deaths,), slots. now, adult: bool (n,), who lives, and who is grown. wealth, debt: columns, changed.

    Returns:
        int64 (deaths, 5), fen: debts paid to banks, left to nobody and so to the state, made up by banks where savings were below nothing,
        inherited at home, debts written off.
    """
    out = np.zeros((len(dead), 5), np.int64)
    for row in range(len(dead)):
        slot = dead[row]
        first = slot - place[slot]
        owed = np.int64(debt[slot])
        paid = min(owed, max(wealth[slot], 0))
        left = wealth[slot] - paid
        heirs = 0
        grown = 0
        for here in range(first, first + size[slot]):
            heirs += now[here]
            grown += now[here] and adult[here]
        count = grown if grown > 0 else heirs
        out[row, 0], out[row, 4] = paid, owed - paid
        out[row, 2] = -min(left, 0)
        out[row, 3 if count > 0 else 1] = max(left, 0)
        given = np.int64(0)
        for here in range(first, first + size[slot]):
            if now[here] and (adult[here] or grown == 0):
                # What does not divide goes to the first ones, a fen each.
                share = max(left, 0) // count + (given < max(left, 0) % count)
                wealth[here] += share
                given += 1
        wealth[slot], debt[slot] = 0, 0
    return out


@njit(cache=True, nogil=True)
def graduates(key, seed, chance, first, sex, urban):
    """Who will have been to college, of those who grow up: bool (n,), as often as adults of that sex and residence have."""
    out = np.zeros(len(sex), np.bool_)
    for slot in range(len(sex)):
        out[slot] = four(key, seed, first + slot, np.int64(0))[0] < chance[sex[slot], urban[slot]]
    return out


def grown_up(plan: Plan, seed: int, columns: dict[str, np.ndarray], adult_days: int, day: int, before: int, first: int = 0) -> None:
    """Brings the flags that go with age bands to a day; before: the day on which they were last right; first: the slot of the first citizen."""
    habits_of = (plan.internet, plan.service, plan.drives, plan.works)
    who = (columns["birth"], columns["sex"], columns["urban"])
    grow(plan.keys, *habits_of, np.uint64(seed), BITS, adult_days, day, before, first, *who, columns["fixed"])


def will_graduate(plan: Plan, seed: int, columns: dict[str, np.ndarray], first: int = 0) -> np.ndarray:
    """Who will have been to college, of those who are not grown yet: (citizens,) bool. first: the slot of the first."""
    return graduates(plan.keys[GROWS], np.uint64(seed), plan.graduate, first, columns["sex"], columns["urban"])


@njit(cache=True, nogil=True)
def alike(day, birth, death, sex):
    """Who may be taken for whom: int8 (n,), sex and tens of years of age of those who live; -1 of the others."""
    out = np.empty(len(birth), np.int8)
    for slot in range(len(birth)):
        tens = min(max(-np.int64(birth[slot]) // 3652, 0), 10)
        out[slot] = sex[slot] << 4 | tens if birth[slot] <= day and day < death[slot] else -1
    return out


def living(columns: dict[str, np.ndarray], day: int) -> np.ndarray:
    """Who lives on a day: (citizens,) bool."""
    return alive_on(columns["birth"], columns["death"], day)


def turn(society, day: int, before: int) -> None:
    """Brings a society from the month that began on the day `before` to the one that begins on `day`.

    Args:
        society: experiments.days.Society.
        day, before: days of the run; equal on its first day.
    """
    state, world = society.state, society.world
    c = state.columns
    now, then = living(c, day), living(c, before)
    fresh, dead = np.flatnonzero(now & ~then), np.flatnonzero(then & ~now)
    ages = (np.int64(world["adult_days"]), np.int64(world["school_days"]))
    if day > before:
        grown_up(society.plan, society.scenario.seed, c, ages[0], day, before, state.first)
    homes(day, c["birth"], c["death"], c["place"], c["size"], *ages, np.uint32(world["parent"]), c["members"], c["fixed"])
    adult = day - c["birth"] >= ages[0]
    rows = society.engine.model.measure_rows()
    for r in range(state.regimes):
        fen = estates(dead, now, adult, c["place"], c["size"], state.row("wealth", r), state.row("debt", r))
        for k, name in enumerate(("pay_estate_debts", "pay_estates", "pay_shortfalls", "inherited", "written_off")):
            society.stepper.count(rows[name], r, c["cell"][dead], fen[:, k])
        society.stepper.count(rows["births"], r, c["cell"][fresh], 1)
        society.stepper.count(rows["deaths"], r, c["cell"][dead], 1)
        for name in CLEARED:
            if state.row(name, r) is not None:
                state.row(name, r)[dead] = state.row(name, r)[fresh] = 0
        for name, value in society.begins.items():
            state.row(name, r)[fresh] = value[fresh] if isinstance(value, np.ndarray) else value
