"""Seating families, couples and single people in households of given sizes. Compiled; one pool at a time (see matching.py)."""

from __future__ import annotations

import numpy as np

from glasshouse.society.compiled import ZERO, compiled, shell_sort

AGES = 128
_MIDDLE = 43
"""Age from which the head of a household rather has grown children than parents at home."""
_LATE = 58
"""Age from which either is as likely."""
_GENERATION = np.int64(16)
ADULT = np.int64(18)
OLDEST = np.int64(AGES - 1)


@compiled
def push(head, following, age, person):
    following[person] = head[age]
    head[age] = person


@compiled
def nearest(head, target, low, high):
    """The age nearest to the target, within low..high, at which somebody waits; -1 where nobody does."""
    low = max(low, 0)
    high = min(high, AGES - 1)
    target = min(max(target, low), high)
    for away in range(high - low + 1):
        if target + away <= high and head[target + away] >= 0:
            return target + away
        if target - away >= low and head[target - away] >= 0:
            return target - away
    return -1


@compiled
def pop(head, following, age):
    person = head[age]
    head[age] = following[person]
    return person


@compiled
def _seat(who, start, filled, household, person):
    who[start[household] + filled[household]] = person
    filled[household] += 1


@compiled
def _take(stack, waiting, size):
    waiting[size] -= 1
    return stack[size, waiting[size]]


@compiled
def _larger(waiting, family, word):
    """A size above the family's, in proportion to the households still waiting (word: 0 .. 2^30 - 1); 0 where there is none."""
    total = 0
    for size in range(family + 1, 9):
        total += waiting[size]
    if total == 0:
        return 0
    at = (word * total) >> 30
    for size in range(family + 1, 9):
        if at < waiting[size]:
            return size
        at -= waiting[size]
    return 0


@compiled
def families_to_households(
    luck, spouse, chance, first_child, next_child, children, loose, found, stack, waiting, who, start, filled, seated
):
    """Seat every family with children, largest first, in a household of its size or larger; returns how many children are loose now."""
    people = len(spouse)
    for family in range(5, 1, -1):
        for parent in range(people):
            core = 2 if spouse[parent] >= 0 else 1
            while children[parent] > 0 and core + children[parent] == family:
                size = 0
                if luck[parent, 3] < chance[3]:
                    size = _larger(waiting, family, (luck[parent, 3] << 30) // chance[3])
                if size == 0 and waiting[family] > 0:
                    size = family
                if size == 0:
                    size = _larger(waiting, family, ZERO)
                if size == 0:
                    # No household is large enough any more: the last child is seated later, wherever there is a place.
                    child = first_child[parent]
                    first_child[parent] = next_child[child]
                    children[parent] -= 1
                    loose[found] = child
                    found += 1
                    break
                household = _take(stack, waiting, size)
                if core == 2:
                    _seat(who, start, filled, household, spouse[parent])
                    seated[spouse[parent]] = 1
                _seat(who, start, filled, household, parent)
                seated[parent] = 1
                child = first_child[parent]
                while child >= 0:
                    _seat(who, start, filled, household, child)
                    seated[child] = 1
                    child = next_child[child]
                children[parent] = 0
    return found


@compiled
def couples_to_households(age, sex, spouse, seated, chance, place_luck, stack, waiting, who, start, filled):
    """Seat couples without children at home: first households of three and more (parents of grown children), then of two."""
    people = len(age)
    head = np.full(AGES, -1, np.int64)
    following = np.full(people, -1, np.int64)
    for person in range(people):
        if spouse[person] >= 0 and sex[person] == 1 and seated[person] == 0:
            push(head, following, age[person], person)
    for size in range(8, 1, -1):
        left = 0
        for at in range(waiting[size]):
            household = stack[size, at]
            word = place_luck[household, 0]
            target = 44 + ((place_luck[household, 1] * 20) >> 32)
            if size == 2:
                target = 22 + ((place_luck[household, 1] * 56) >> 32)
            found = -1
            if word >= chance[2]:
                found = nearest(head, target, ADULT, OLDEST)
            if found < 0:
                stack[size, left] = household
                left += 1
                continue
            wife = pop(head, following, found)
            _seat(who, start, filled, household, spouse[wife])
            _seat(who, start, filled, household, wife)
            seated[wife] = 1
            seated[spouse[wife]] = 1
        waiting[size] = left


@compiled
def _fits(older, younger):
    return 18 <= older - younger <= 45


@compiled
def guests(age, sex, spouse, seated, loose, lost, size, who, start, filled):
    """Seat loose children, then couples that found no household of their own, beside a core of a fitting age where there is one."""
    people = len(age)
    households = len(size)
    open_ = np.empty(households, np.int64)
    found = 0
    for household in range(households):
        reserved = 1 if filled[household] == 0 else 0
        if size[household] - filled[household] - reserved > 0:
            open_[found] = household
            found += 1
    for at_child in range(lost):
        child = loose[at_child]
        best = -1
        for at in range(found):
            household = open_[at]
            if filled[household] == 0 or who[start[household]] < 0:
                continue
            second = who[start[household] + min(1, filled[household] - 1)]
            if _fits(age[who[start[household]]], age[child]) or _fits(age[second], age[child]):
                best = at
                break
        if best < 0:
            best = 0
            # Keep a household with a head before one that still waits for it.
            for at in range(found):
                if filled[open_[at]] > 0:
                    best = at
                    break
        household = open_[best]
        if filled[household] == 0:
            # The first place is kept for the adult who will head it.
            filled[household] = 1
            who[start[household]] = -1
        _seat(who, start, filled, household, child)
        seated[child] = 1
        if filled[household] == size[household]:
            found -= 1
            open_[best] = open_[found]
    for wife in range(people):
        if spouse[wife] < 0 or sex[wife] == 0 or seated[wife] == 1 or age[wife] < 45:
            continue
        for at in range(found):
            household = open_[at]
            if filled[household] == 0 or size[household] - filled[household] < 2 or who[start[household]] < 0:
                continue
            if _fits(age[wife], age[who[start[household]]]):
                _seat(who, start, filled, household, spouse[wife])
                _seat(who, start, filled, household, wife)
                seated[wife] = 1
                seated[spouse[wife]] = 1
                if filled[household] == size[household]:
                    found -= 1
                    open_[at] = open_[found]
                break


@compiled
def singles(age, seated, place_luck, alone, size, who, start, filled):
    """Seat everybody who is left, all adults: people who live alone, heads of households without one, then relatives of the core."""
    people = len(age)
    head = np.full(AGES, -1, np.int64)
    following = np.full(people, -1, np.int64)
    for person in range(people):
        if seated[person] == 0:
            push(head, following, age[person], person)
    for household in range(len(size)):
        if size[household] > 1:
            continue
        band = 3
        while band < 19 and place_luck[household, 0] >= alone[band]:
            band += 1
        at = nearest(head, 5 * band + ((place_luck[household, 1] * 5) >> 32), ADULT, OLDEST)
        _seat(who, start, filled, household, pop(head, following, at))
    for household in range(len(size)):
        if filled[household] > 0 and who[start[household]] >= 0:
            continue
        target = 35 + ((place_luck[household, 2] * 40) >> 32)
        low = ADULT
        if filled[household] > 0:
            target = age[who[start[household] + 1]] + 28
            low = min(target - 10, 60)
        at = nearest(head, target, low, OLDEST)
        if at < 0:
            at = nearest(head, target, ADULT, OLDEST)
        person = pop(head, following, at)
        who[start[household]] = person
        filled[household] = max(filled[household], 1)
    # Parents of the young first, then grown children of the others, or their parents; whoever is left then has to go somewhere.
    for turn in range(3):
        for household in range(len(size)):
            core = age[who[start[household]]]
            if size[household] == 1 or (turn == 0 and core >= _MIDDLE):
                continue
            word = place_luck[household, 3]
            while filled[household] < size[household]:
                apart = 23 + (word & 7)
                elder_first = core < _MIDDLE or (core >= _LATE and (word & 8) > 0)
                word = word >> 4
                at = -1
                if turn < 2 and elder_first:
                    at = nearest(head, core + apart, core + _GENERATION, OLDEST)
                if turn == 1 and at < 0:
                    at = nearest(head, core - apart, ADULT, core - _GENERATION)
                if turn == 1 and at < 0:
                    at = nearest(head, core + apart, core + _GENERATION, OLDEST)
                if turn == 2:
                    at = nearest(head, core + apart if elder_first else core - apart, ADULT, OLDEST)
                if at < 0:
                    break
                _seat(who, start, filled, household, pop(head, following, at))


@compiled
def by_schooling(edu, noise, pull, size, who, start, out):
    """Within each size, give the households with the better schooled heads the places of higher income, as closely as `pull` says.

    pull: 0..1024. noise: int64 (p, 4), the second word is used (that of a husband or of a lone head is still unused). Households
        stand in order of rising income.
    """
    households = len(size)
    keys = np.empty(households, np.int64)
    places = np.empty(households, np.int64)
    for wanted in range(1, 9):
        found = ZERO
        for household in range(households):
            if size[household] != wanted:
                continue
            first = who[start[household]]
            second = who[start[household] + 1] if wanted > 1 else first
            if edu[second] == 0:
                second = first
            score = (edu[first] + edu[second]) * 104857 * pull + (1024 - pull) * (noise[first, 1] >> 12)
            keys[found] = (score << 13) | found
            places[found] = household
            found += 1
        shell_sort(keys, found)
        for rank in range(found):
            source = places[keys[rank] & 8191]
            target = places[rank]
            for member in range(wanted):
                out[start[target] + member] = who[start[source] + member]
