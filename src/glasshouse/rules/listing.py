"""listing: being on a list, which is no score: a record of an act puts a citizen on it for a term, another takes her off."""

from .maths import FOUR, NO, THREE, TWO, YES, i32, u32


def enters(day: i32, takes_effect: i32, term: i32, listed_from: i32, listed_until: i32, overdue: i32, list_number: i32) -> tuple[i32, i32, i32]:
    """A record puts a citizen on a list: from the day on which the entry takes effect, for a term; one who is on it already
    stays on, until the later of the two days. Returns from, until, and the lists whose deletions were overlooked, a bit each:
    a new stay has none."""
    until = takes_effect + term
    if listed_until > day:
        return min(listed_from, takes_effect), max(listed_until, until), overdue
    return takes_effect, until, overdue & ~(YES << list_number)


def leaves(luck_overlooked: u32, overlooked: u32, takes_effect: i32, listed_until: i32, overdue: i32, list_number: i32) -> tuple[i32, i32]:
    """A record takes a citizen off a list within some days, unless it is overlooked. Returns until, and the lists whose
    deletions were overlooked, a bit each."""
    if listed_until <= takes_effect:
        return listed_until, overdue
    if luck_overlooked < overlooked:
        return listed_until, overdue | (YES << list_number)
    return takes_effect, overdue


def struck(day: i32, listed_until: i32) -> i32:
    """An entry is struck today: the day until which it stands."""
    return min(day, listed_until)


def on_list(day: i32, listed_from: i32, listed_until: i32) -> i32:
    """Is one on a list today?"""
    return YES if listed_from <= day and day < listed_until else NO


def listed(bits: u32, covered: i32, day: i32, from_1: i32, until_1: i32, from_2: i32, until_2: i32, from_3: i32, until_3: i32, from_4: i32,
           until_4: i32, holds_1: u32, holds_2: u32, holds_3: u32, holds_4: u32) -> u32:
    """The consequences in force, with those of the lists that one is on (at most four lists a regime)."""
    if covered == NO:
        return bits
    more = holds_1 if on_list(day, from_1, until_1) != NO else u32(0)
    more = more | (holds_2 if on_list(day, from_2, until_2) != NO else u32(0))
    more = more | (holds_3 if on_list(day, from_3, until_3) != NO else u32(0))
    return bits | more | (holds_4 if on_list(day, from_4, until_4) != NO else u32(0))


def still_overdue(overdue: i32, day: i32, from_1: i32, until_1: i32, from_2: i32, until_2: i32, from_3: i32, until_3: i32, from_4: i32,
                  until_4: i32) -> i32:
    """The lists whose deletion was overlooked and that one is still on, a bit each."""
    on = on_list(day, from_1, until_1) << YES
    on = on | on_list(day, from_2, until_2) << TWO
    on = on | on_list(day, from_3, until_3) << THREE
    return overdue & (on | on_list(day, from_4, until_4) << FOUR)


def cause(bits: u32, clean_bits: u32, penalties: u32, overdue: i32, cause_now: i32) -> i32:
    """Why a penalty of a list is false: a wrong record (1), or an entry that should have been deleted (2)."""
    if cause_now != NO or (bits & ~clean_bits & penalties) == u32(0):
        return cause_now
    return TWO if overdue != NO else YES
