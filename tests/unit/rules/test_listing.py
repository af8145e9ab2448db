"""listing: being on a list for a term, and off it by another record."""

from itertools import product

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, WORDS, call, cases, given, lucks, masks, scheme, yes_words

from glasshouse.rules import listing

days = st.integers(0, 3650)
numbers = st.integers(1, 4)  # of a list; its bit is 2 to the number
lists_bits = st.sets(numbers).map(lambda found: sum(1 << n for n in found))
NONE, RECORD, STALE = 0, 1, 2


def on_lists(bits: int) -> set[int]:
    """The numbers of the lists in a mask, which holds no other bit."""
    assert 0 <= bits < 32
    return {n for n in range(5) if bits >> n & 1}


# ---- the lawyers' cases


def lived(happens: list) -> tuple[dict, dict, set]:
    """What records do to a citizen on no list: from and until by list, and the lists whose deletions were overlooked."""
    lists, overdue = scheme("listing")["list"], 0
    since, until = dict.fromkeys(lists, 0), dict.fromkeys(lists, 0)
    number = {name: n for n, name in enumerate(lists, 1)}
    for what, on, day, *more in happens:
        of = lists[on]
        if what == "entry":
            since[on], until[on], overdue = call(listing.enters, day, more[0], of["term"], since[on], until[on], overdue, number[on])
        elif what == "exit":
            luck, overlooked = round(more[0] * WORDS), round(of["overlooked"] * WORDS)
            until[on], overdue = call(listing.leaves, luck, overlooked, day + of["exit_after"], until[on], overdue, number[on])
        else:
            until[on] = call(listing.struck, day, until[on])
    assert not overdue & 1  # there is no list of number 0
    return since, until, {name for name, n in number.items() if overdue >> n & 1}


@pytest.mark.parametrize("case", cases("listing"))
def test_a_lawyers_case(case):
    told, expect = case["given"], case["expect"]
    on = told["list"]
    since, until, overdue = lived([(what, on, *rest) for what, *rest in told["happens"]])
    assert call(listing.on_list, told["on"], since[on], until[on]) == expect["on_list"]
    assert (since[on], until[on]) == (expect.get("from", 0), expect.get("until", 0))
    assert overdue == ({on} if expect.get("overdue", False) else set())


@pytest.mark.parametrize("case", cases("listing", "overlooks"))
def test_which_lists_have_an_overlooked_deletion(case):
    since, until, overdue = lived(case["given"]["happens"])
    assert overdue == set(case["expect"]["overdue"])
    assert {name for name in since if call(listing.on_list, case["given"]["on"], since[name], until[name])} == set(case["expect"]["on"])


@pytest.mark.parametrize("case", cases("listing", "bears"))
def test_what_a_list_brings(case):
    told, holds = case["given"], scheme("listing")["holds"]
    names = [*dict.fromkeys(name for held in holds.values() for name in held), "slow_internet"]
    bits = {name: 1 << i for i, name in enumerate(names)}
    lists = {f"holds_{n}": sum(bits[c] for c in held) for n, held in enumerate(holds.values(), 1)}
    terms = {f"from_{n}": 100 for n in range(1, 5)} | {f"until_{n}": 200 if name in told["on"] else 0 for n, name in enumerate(holds, 1)}
    empty = {"holds_3": 0, "holds_4": 0, "until_3": 0, "until_4": 0}
    mine = sum(bits[c] for c in told.get("by_grade", []))
    found = call(listing.listed, bits=mine, covered=told.get("covered", True), day=150, **empty | lists | terms)
    assert {name for name, bit in bits.items() if found & bit} == set(case["expect"])


# ---- on and off


@given(day=days, since=days, until=days)
def test_one_is_on_a_list_from_its_first_day_to_the_day_before_the_end(day, since, until):
    assert call(listing.on_list, day, since, until) == (day in range(since, until))


@pytest.mark.parametrize("term", [1, 2, 30, 730])
@pytest.mark.parametrize("wait", [0, 1, 21])
def test_a_term_of_so_many_days_is_exactly_so_many_days(term, wait):
    """Closed form: whenever the entry takes effect."""
    since, until, _ = call(listing.enters, 100, 100 + wait, term, 0, 0, 0, 1)
    on = [day for day in range(90, 1000) if call(listing.on_list, day, since, until)]
    assert on == list(range(100 + wait, 100 + wait + term))


@given(day=days, wait=st.integers(0, 40), term=st.integers(1, 3650), since=days, until=days)
def test_an_entry_never_shortens_a_stay_nor_begins_one_later(day, wait, term, since, until):
    """Which way: more records mean no fewer days, and the new term is served in any case."""
    after, end, _ = call(listing.enters, day, day + wait, term, since, until, 0, 1)
    assert end >= max(day + wait + term, until if until > day else 0)
    assert after <= day + wait
    for probe in (day, day + wait, day + wait + term - 1, until - 1):
        if probe >= day and (call(listing.on_list, probe, since, until) or probe in range(day + wait, day + wait + term)):
            assert call(listing.on_list, probe, after, end)


@pytest.mark.parametrize(
    ("day", "takes_effect", "listed", "after"),
    [
        (100, 110, (0, 0), (110, 140)),
        (100, 110, (50, 100), (110, 140)),  # over since today: a new stay
        (100, 110, (50, 101), (50, 140)),  # on the last day: the stay goes on
        (100, 110, (50, 140), (50, 140)),
        (100, 110, (50, 141), (50, 141)),  # the earlier entry lasts longer
        (100, 110, (120, 150), (110, 150)),  # an earlier entry that is published later
        (100, 100, (100, 130), (100, 130)),  # twice on one day is once
    ],
)
def test_an_entry_by_hand(day, takes_effect, listed, after):
    assert call(listing.enters, day, takes_effect, 30, *listed, 0, 1) == (*after, 0)


@given(entries=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), max_size=10))
def test_entries_at_once_cover_exactly_the_days_of_their_terms(entries):
    """Slow reference: the days on the list are those of all the terms together, none more and none less."""
    now, since, until, should, was = 0, 0, 0, set(), set()
    for later, term in entries:
        now += later
        was |= {d for d in range(max(0, now - later), now) if call(listing.on_list, d, since, until)}
        since, until, _ = (int(x) for x in call(listing.enters, now, now, term, since, until, 0, 1))
        should |= set(range(now, now + term))
    was |= {d for d in range(now, now + 50) if call(listing.on_list, d, since, until)}
    assert was == should


@pytest.mark.parametrize("overlooked", [0, 1, 987654321, LAST])
def test_a_deletion_is_overlooked_with_exactly_its_chance(overlooked):
    assert yes_words(lambda luck: call(listing.leaves, luck, overlooked, 103, 830, 0, 1)[1]) == overlooked
    assert yes_words(lambda luck: call(listing.leaves, luck, overlooked, 103, 103, 0, 1)[1]) == 0  # nothing is left to delete


@given(luck=lucks, overlooked=lucks, takes_effect=days, until=days, overdue=lists_bits, number=numbers)
def test_a_deletion_ends_a_stay_sooner_or_is_overlooked_and_never_prolongs_one(luck, overlooked, takes_effect, until, overdue, number):
    """An overlooked one is remembered of this list; what is remembered of the others stays."""
    end, now_overdue = call(listing.leaves, luck, overlooked, takes_effect, until, overdue, number)
    too_late = until <= takes_effect
    missed = not too_late and luck < overlooked
    assert end == (until if missed else min(until, takes_effect))
    assert on_lists(now_overdue) == on_lists(overdue) | ({number} if missed else set())


@given(day=days, wait=st.integers(0, 40), until=days, overdue=lists_bits, number=numbers)
def test_only_a_new_stay_begins_without_the_overlooked_deletion_of_the_last_one(day, wait, until, overdue, number):
    """One that goes on keeps it, and so do the other lists in any case."""
    after = call(listing.enters, day, day + wait, 30, 0, until, overdue, number)[2]
    assert on_lists(after) == on_lists(overdue) - (set() if until > day else {number})


@pytest.mark.parametrize("number", range(1, 5))
@pytest.mark.parametrize(("until", "kept"), [(99, False), (100, False), (101, True)])
def test_an_overlooked_deletion_by_hand(number, until, kept):
    """All four lists have one: the stay of this list is over, or has a day left."""
    every, mine = 0b11110, 1 << number
    assert call(listing.enters, 100, 110, 30, 50, until, every, number)[2] == (every if kept else every - mine)
    assert call(listing.enters, 100, 110, 30, 50, until, every - mine, number)[2] == every - mine
    assert call(listing.leaves, 4, 5, 103, 830, every - mine, number) == (830, every)
    assert call(listing.leaves, 4, 5, 103, 830, every, number) == (830, every)
    assert call(listing.leaves, 5, 5, 103, 830, every, number) == (103, every)  # deleted this time: it was overlooked before


@pytest.mark.parametrize(("until", "end"), [(102, 102), (103, 103), (104, 103), (830, 103), (0, 0)])
def test_a_stay_that_ends_by_the_day_of_the_deletion_is_left_as_it_is(until, end):
    assert call(listing.leaves, 5, 5, 103, until, 0, 1) == (end, 0)


@given(day=days, until=days, since=days)
def test_who_is_struck_off_is_on_the_list_no_more(day, until, since):
    end = call(listing.struck, day, until)
    assert end == min(day, until)
    assert not any(call(listing.on_list, day + later, since, end) for later in (0, 1, 400))


# ---- what the lists bring

LISTS = [f"{end}_{n}" for n in range(1, 5) for end in ("from", "until")]


@given(
    bits=masks,
    covered=st.integers(0, 1),
    day=st.integers(0, 20),
    ends=st.lists(st.integers(0, 20), min_size=8, max_size=8),
    holds=st.lists(masks, min_size=4, max_size=4),
)
def test_the_lists_one_is_on_add_what_they_hold_and_take_nothing(bits, covered, day, ends, holds):
    """Slow reference: list by list."""
    expected = bits
    for (since, until), held in zip(zip(ends[::2], ends[1::2], strict=True), holds, strict=True):
        if covered and since <= day < until:
            expected |= held
    assert call(listing.listed, bits, covered, day, *ends, *holds) == expected


@pytest.mark.parametrize("on", list(product((0, 1), repeat=4)))
def test_each_list_brings_its_own_and_no_other(on):
    """Conservation: sixteen ways to be on four lists give sixteen sums."""
    terms = {f"from_{n}": 10 for n in range(1, 5)} | {f"until_{n}": 20 if there else 10 for n, there in enumerate(on, 1)}
    held = {f"holds_{n}": 1 << n for n in range(1, 5)}
    assert call(listing.listed, bits=1, covered=1, day=15, **terms, **held) == 1 + sum(there << n for n, there in enumerate(on, 1))
    assert call(listing.listed, bits=1, covered=0, day=15, **terms, **held) == 1
    assert call(listing.listed, bits=1, covered=1, day=20, **terms, **held) == 1


# ---- why a penalty of a list is false

PENALTIES = 0b0111


@pytest.mark.parametrize(
    ("bits", "clean", "overdue", "before", "cause"),
    [
        (0b0010, 0b0000, 0, NONE, RECORD),
        (0b0010, 0b0000, 1 << 1, NONE, STALE),
        (0b0010, 0b0000, 1 << 4, NONE, STALE),
        (0b0010, 0b0010, 0, NONE, NONE),  # right
        (0b0010, 0b0010, 2, NONE, NONE),
        (0b0000, 0b0010, 2, NONE, NONE),  # missed
        (0b1000, 0b0000, 2, NONE, NONE),  # a reward
        (0b0011, 0b0001, 0, NONE, RECORD),  # one of two
        (0b0010, 0b0000, 2, 5, 5),  # a score has named the cause
        (0b0010, 0b0000, 0, 3, 3),
    ],
)
def test_a_false_penalty_of_a_list_comes_of_a_wrong_record_or_of_a_deletion_that_was_overlooked(bits, clean, overdue, before, cause):
    assert call(listing.cause, bits, clean, PENALTIES, overdue, before) == cause


@given(bits=masks, clean=masks, penalties=masks, overdue=lists_bits, before=st.integers(0, 5))
def test_a_cause_that_was_found_stays_and_nothing_right_gets_one(bits, clean, penalties, overdue, before):
    found = call(listing.cause, bits, clean, penalties, overdue, before)
    false = bits & penalties & ~clean
    assert found == (before if before or not false else STALE if overdue else RECORD)


# ---- an oversight counts while the stay that it left lasts


@given(overdue=lists_bits, day=st.integers(0, 100), froms=st.lists(st.integers(0, 100), min_size=4, max_size=4), stays=st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_an_oversight_is_still_one_only_while_its_list_runs(overdue, day, froms, stays):
    days = [d for start, stay in zip(froms, stays, strict=True) for d in (start, start + stay)]
    on = sum(2 << n for n in range(4) if froms[n] <= day < froms[n] + stays[n])
    assert call(listing.still_overdue, overdue, day, *days) == overdue & on


@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize(("day", "on"), [(9, False), (10, True), (19, True), (20, False)])
def test_each_list_has_a_bit_of_its_own(number, day, on):
    days = [d for n in range(1, 5) for d in ((10, 20) if n == number else (0, 0))]
    assert call(listing.still_overdue, 0b11110, day, *days) == (1 << number if on else 0)
