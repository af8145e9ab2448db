"""Who lives with whom: people drawn one by one are put into households of given sizes.

Nobody is redrawn, so the numbers of people by age, sex and schooling stay exactly those drawn. The order: couples of similar age;
children to mothers 18 to 45
years older; families to households at least as large; couples without children to the rest; grandparents and grown children to the free
places. Every household gets an adult before anything else is given out, so no child lives without one.

All functions here are compiled and work on one pool: the people of one residence in one community, p of them, h households.
"""

from __future__ import annotations

import numpy as np

from glasshouse.society.compiled import ZERO, compiled, shell_sort
from glasshouse.society.seating import (
    AGES,
    by_schooling,
    couples_to_households,
    families_to_households,
    guests,
    nearest,
    pop,
    push,
    singles,
)

_TOLERANCE = 548
"""Days by which the two of a couple may differ from the gap drawn for them: one and a half years."""


@compiled
def years(days):
    """Age in whole years of a number of days."""
    return 4 * days // 1461


@compiled
def couples(days, sex, luck, married, gap, spread, most, spouse):
    """Pair men and women whose ages fit, at most `most` couples; spouse: int64 (p,), -1 for those without.

    luck: int64 (p, 4); the first two words are used. married: int64 (2, 20) thresholds.
    """
    people = len(days)
    men = np.empty(people, np.int64)
    women = np.empty(people, np.int64)
    found_men = ZERO
    found_women = ZERO
    for person in range(people):
        spouse[person] = -1
        age = years(days[person])
        if age < 18 or luck[person, 0] >= married[sex[person], min(age // 5, 19)]:
            continue
        if sex[person] == 0:
            men[found_men] = (days[person] << 13) | person
            found_men += 1
        else:
            # Two halves of one word give a triangular deviation from the mean gap.
            noise = ((luck[person, 1] & 65535) + (luck[person, 1] >> 16) - 65535) * spread // 65535
            women[found_women] = ((days[person] + gap + noise + 8192) << 13) | person
            found_women += 1
    shell_sort(men, found_men)
    shell_sort(women, found_women)
    man = 0
    woman = 0
    made = 0
    while man < found_men and woman < found_women and made < most:
        apart = (men[man] >> 13) - ((women[woman] >> 13) - 8192)
        if apart < -_TOLERANCE:
            man += 1
        elif apart > _TOLERANCE:
            woman += 1
        else:
            he = men[man] & 8191
            she = women[woman] & 8191
            spouse[he] = she
            spouse[she] = he
            made += 1
            man += 1
            woman += 1
    return made


@compiled
def children_to_parents(age, sex, luck, child_luck, spouse, birth, chance, first_child, next_child, children, loose):
    """Give each child a parent 18 to 45 years older who has room; returns how many found none (listed in `loose`).

    first_child, next_child: int64 (p,), linked lists by parent (wife, or lone adult). children: int64 (p,), how many.
    """
    people = len(age)
    head = np.full(AGES, -1, np.int64)
    following = np.full(people, -1, np.int64)
    room = np.zeros(people, np.int64)
    found = 0
    for person in range(people):
        first_child[person] = -1
        children[person] = 0
        if age[person] < 18 or age[person] > 62:
            continue
        if spouse[person] >= 0 and sex[person] == 1:
            word = luck[person, 2]
            room[person] = 3 if word < chance[1] else 2 if word < chance[1] + chance[0] else 1
            push(head, following, age[person], person)
        elif spouse[person] < 0 and 25 <= age[person] <= 50 and luck[person, 2] < chance[4]:
            room[person] = 1
            push(head, following, age[person], person)
    for person in range(people):
        if age[person] >= 18:
            continue
        born_at = 18
        while born_at < 45 and child_luck[person] >= birth[born_at - 18]:
            born_at += 1
        at = nearest(head, age[person] + born_at, age[person] + 18, age[person] + 45)
        if at < 0:
            loose[found] = person
            found += 1
            continue
        parent = head[at]
        next_child[person] = first_child[parent]
        first_child[parent] = person
        children[parent] += 1
        room[parent] -= 1
        if room[parent] == 0:
            pop(head, following, at)
    return found


@compiled
def match(days, sex, edu, luck, child_luck, place_luck, size, place, begins, married, alone, birth, chance, couple, pull, out):
    """Put p people into h households whose sizes add up to p; at least h of the people must be adults.

    Args:
        days: int64 (p,), age in days. sex, edu: int64, at least (p,): 0..1, 0..5. luck: int64 (p, 4), child_luck: int64 (p,), words
            below 2^32.
        place_luck: int64 (h, 4), words below 2^32. size, place: int64 (h,), members, and first place of each household; `begins` is
            the pool's first place.
        married, alone, birth, chance, couple: from the plan. pull: 0..1024, how closely income follows schooling.
        out: int64, at least (p,), filled with the person in each place: household after household, the first an adult, then that
            adult's spouse.
    """
    people = len(days)
    households = len(size)
    age = np.empty(people, np.int64)
    adults = 0
    for person in range(people):
        age[person] = years(days[person])
        if age[person] >= 18:
            adults += 1
    start = np.empty(households, np.int64)
    stack = np.empty((9, households), np.int64)
    waiting = np.zeros(9, np.int64)
    filled = np.zeros(households, np.int64)
    for household in range(households):
        start[household] = place[household] - begins
        stack[size[household], waiting[size[household]]] = household
        waiting[size[household]] += 1
    spouse = np.empty(people, np.int64)
    first_child = np.empty(people, np.int64)
    next_child = np.full(people, -1, np.int64)
    children = np.empty(people, np.int64)
    loose = np.empty(people, np.int64)
    seated = np.zeros(people, np.int64)
    who = np.full(people, -1, np.int64)
    couples(days, sex, luck, married, couple[0], couple[1], adults - households, spouse)
    lost = children_to_parents(age, sex, luck, child_luck, spouse, birth, chance, first_child, next_child, children, loose)
    lost = families_to_households(
        luck, spouse, chance, first_child, next_child, children, loose, lost, stack, waiting, who, start, filled, seated
    )
    couples_to_households(age, sex, spouse, seated, chance, place_luck, stack, waiting, who, start, filled)
    guests(age, sex, spouse, seated, loose, lost, size, who, start, filled)
    singles(age, seated, place_luck, alone, size, who, start, filled)
    by_schooling(edu, luck, pull, size, who, start, out)
