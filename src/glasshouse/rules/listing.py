"""listing: being on a list, which is no score: a record of an act puts a citizen on it for a term, another takes her off.

A stay is two days: from the first, until the one after the last. Each list has two, the one that stands and the one that should,
which differ while a deletion is overlooked. While an objection is open, both are kept once more as they would be if it were
answered the other way: with the contested entry or without it.
"""

from .maths import NO, TWO, YES, i32, u32


def enters(day: i32, takes_effect: i32, term: i32, since: i32, until: i32) -> tuple[i32, i32]:
    """A record puts a citizen on a list: from the day on which the entry takes effect, for a term; one who is on it already
    stays on, until the later of the two days. Returns from, until."""
    end = takes_effect + term
    if until > day:
        return min(since, takes_effect), max(until, end)
    return takes_effect, end


def leaves(luck_overlooked: u32, overlooked: u32, takes_effect: i32, until: i32) -> i32:
    """A record takes a citizen off a list within some days, unless that is overlooked: the day until which the stay lasts."""
    return until if luck_overlooked < overlooked else min(until, takes_effect)


def new_entry(day: i32, kind_owes: i32, until: i32) -> i32:
    """Is this entry a case of its own? What only one with a judgment does (2) is none while the entry of that judgment stands."""
    return NO if kind_owes == TWO and until > day else YES


def complies(kind_judgment: i32, takes_effect: i32, until: i32) -> i32:
    """Does a stay end before its time because the judgment was fulfilled (2), and not because the court gave it up?"""
    return YES if kind_judgment == TWO and takes_effect < until else NO


def found(luck_found: u32, find_chance: u32, since: i32, until: i32, due_since: i32, due_until: i32) -> tuple[i32, i32]:
    """Once a month somebody may look whether an entry should have been deleted: then the stay is what it should be."""
    return (due_since, due_until) if luck_found < find_chance else (since, until)


def concerns(appeal_day: i32, appeal_points: i32, list_number: i32) -> i32:
    """Is an objection to an entry on this list open?"""
    return YES if appeal_day > NO and appeal_points == -list_number else NO


def aside(since: i32, until: i32, due_since: i32, due_until: i32) -> tuple[i32, i32, i32, i32]:
    """Lays a list's two stays aside before the contested entry changes them: what remains of them without it."""
    return since, until, due_since, due_until


def turned(since: i32, until: i32, due_since: i32, due_until: i32, other_from: i32, other_until: i32, other_due_from: i32,
           other_due_until: i32) -> tuple[i32, i32, i32, i32, i32, i32, i32, i32]:
    """What stands and what was laid aside change places: a contested entry is taken out, or put back."""
    return other_from, other_until, other_due_from, other_due_until, since, until, due_since, due_until


def turns(granted: i32, appeal_suspends: i32) -> i32:
    """Does the answer change the stay that stands? One that is upheld does, unless the entry was out of it while the case was open;
    then one that is refused puts it back."""
    return YES if (granted != NO) != (appeal_suspends != NO) else NO


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


def cause(bits: u32, clean_bits: u32, penalties: u32, due_bits: u32, cause_now: i32) -> i32:
    """Why a penalty of a list is false: a wrong record (1), or entries that should have been deleted, without which it would be gone (2).

    due_bits: what the lists would hold if no deletion had been overlooked.
    """
    false = bits & ~clean_bits & penalties
    if cause_now != NO or false == u32(0):
        return cause_now
    return TWO if (false & due_bits) == u32(0) else YES
