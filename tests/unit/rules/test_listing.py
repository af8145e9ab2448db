"""listing: being on a list for a term, and off it by another record."""

from itertools import product

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, WORDS, call, cases, given, lucks, masks, scheme, yes_words

from glasshouse.rules import listing

days = st.integers(0, 3650)
stays = st.tuples(days, days)
NONE, RECORD, STALE = 0, 1, 2


# ---- the lawyers' cases


def lived(happens: list) -> dict[str, list]:
    """What records do to a citizen on no list: by list, the stay that stands and the one that should."""
    lists = scheme("listing")["list"]
    found = {name: [(0, 0), (0, 0)] for name in lists}
    case, aside = None, [(0, 0), (0, 0)]  # the list of the entry that is contested, and its stays without that entry

    for what, on, day, *more in happens:
        of = lists[on]
        if what in ("entry", "contested"):
            before = found[on]
            enter = lambda stay, day=day, more=more, of=of: call(listing.enters, day, more[0], of["term"], *stay)  # noqa: E731
            found[on] = [enter(stay) for stay in before]
            if what == "contested":
                case, aside = on, before
            elif case == on:
                aside = [enter(stay) for stay in aside]
        elif what == "exit":
            luck, overlooked = round(more[0] * WORDS), round(of["overlooked"] * WORDS)
            leave = lambda stays, day=day, of=of, luck=luck, overlooked=overlooked: [  # noqa: E731
                (since, call(listing.leaves, luck, chance, day + of["exit_after"], until)) for (since, until), chance in zip(stays, (overlooked, 0), strict=True)]
            found[on], aside = leave(found[on]), leave(aside) if case == on else aside
        elif what == "found":
            found[on][0] = call(listing.found, 0, 1, *found[on][0], *found[on][1])
        else:
            found[on] = aside
    return found


def overdue(stays: list, day: int) -> bool:
    """Whether one is on a list on a day only because a deletion was overlooked."""
    stands, due = (call(listing.on_list, day, *stay) for stay in stays)
    return bool(stands) and not due


@pytest.mark.parametrize("case", cases("listing"))
def test_a_lawyers_case(case):
    told, expect = case["given"], case["expect"]
    on = told["list"]
    stays = lived([(what, on, *rest) for what, *rest in told["happens"]])[on]
    assert call(listing.on_list, told["on"], *stays[0]) == expect["on_list"]
    assert stays[0] == (expect.get("from", 0), expect.get("until", 0))
    assert overdue(stays, told["on"]) == expect.get("overdue", False)


@pytest.mark.parametrize("case", cases("listing", "overlooks"))
def test_which_lists_have_an_overlooked_deletion(case):
    stays, day = lived(case["given"]["happens"]), case["given"]["on"]
    assert {name for name in stays if overdue(stays[name], day)} == set(case["expect"]["overdue"])
    assert {name for name in stays if call(listing.on_list, day, *stays[name][0])} == set(case["expect"]["on"])


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


# ---- cases and compliance


@pytest.mark.parametrize(
    ("kind_owes", "until", "new"),
    [(0, 50, 1), (0, 200, 1), (2, 50, 1), (2, 100, 1), (2, 101, 0), (1, 200, 1)],
    ids=["a judgment", "another while listed", "resists, not listed", "resists on the day after the last", "resists while listed", "a debt is no judgment"],
)
def test_an_entry_is_a_case_of_its_own_unless_its_judgment_is_listed(kind_owes, until, new):
    assert call(listing.new_entry, 100, kind_owes, until) == new


@pytest.mark.parametrize(
    ("kind_judgment", "until", "counts"),
    [(2, 200, 1), (2, 104, 1), (2, 103, 0), (3, 200, 0), (0, 200, 0)],
    ids=["fulfilled", "a day before the term ends", "when it had ended", "given up by the court", "another exit"],
)
def test_who_fulfils_while_listed_complies(kind_judgment, until, counts):
    assert call(listing.complies, kind_judgment, 103, until) == counts


# ---- on and off


@given(day=days, since=days, until=days)
def test_one_is_on_a_list_from_its_first_day_to_the_day_before_the_end(day, since, until):
    assert call(listing.on_list, day, since, until) == (day in range(since, until))


@pytest.mark.parametrize("term", [1, 2, 30, 730])
@pytest.mark.parametrize("wait", [0, 1, 21])
def test_a_term_of_so_many_days_is_exactly_so_many_days(term, wait):
    """Closed form: whenever the entry takes effect."""
    since, until = call(listing.enters, 100, 100 + wait, term, 0, 0)
    on = [day for day in range(90, 1000) if call(listing.on_list, day, since, until)]
    assert on == list(range(100 + wait, 100 + wait + term))


@given(day=days, wait=st.integers(0, 40), term=st.integers(1, 3650), since=days, until=days)
def test_an_entry_never_shortens_a_stay_nor_begins_one_later(day, wait, term, since, until):
    """Which way: more records mean no fewer days, and the new term is served in any case."""
    after, end = call(listing.enters, day, day + wait, term, since, until)
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
    assert call(listing.enters, day, takes_effect, 30, *listed) == after


@given(entries=st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), max_size=10))
def test_entries_at_once_cover_exactly_the_days_of_their_terms(entries):
    """Slow reference: the days on the list are those of all the terms together, none more and none less."""
    now, since, until, should, was = 0, 0, 0, set(), set()
    for later, term in entries:
        now += later
        was |= {d for d in range(max(0, now - later), now) if call(listing.on_list, d, since, until)}
        since, until = (int(x) for x in call(listing.enters, now, now, term, since, until))
        should |= set(range(now, now + term))
    was |= {d for d in range(now, now + 50) if call(listing.on_list, d, since, until)}
    assert was == should


@pytest.mark.parametrize("overlooked", [0, 1, 987654321, LAST])
def test_a_deletion_is_overlooked_with_exactly_its_chance(overlooked):
    assert yes_words(lambda luck: call(listing.leaves, luck, overlooked, 103, 830) == 830) == overlooked
    assert call(listing.leaves, 0, overlooked, 103, 103) == call(listing.leaves, LAST, overlooked, 103, 103) == 103  # nothing is left to delete


@given(luck=lucks, overlooked=lucks, takes_effect=days, until=days)
def test_a_deletion_ends_a_stay_sooner_or_is_overlooked_and_never_prolongs_one(luck, overlooked, takes_effect, until):
    assert call(listing.leaves, luck, overlooked, takes_effect, until) == (until if luck < overlooked else min(until, takes_effect))


@pytest.mark.parametrize(("until", "end"), [(102, 102), (103, 103), (104, 103), (830, 103), (0, 0)])
def test_a_stay_that_ends_by_the_day_of_the_deletion_is_left_as_it_is(until, end):
    assert call(listing.leaves, 5, 5, 103, until) == end


@pytest.mark.parametrize("chance", [0, 1, 987654321, LAST])
def test_an_overlooked_deletion_is_found_with_exactly_its_chance(chance):
    assert yes_words(lambda luck: call(listing.found, luck, chance, 100, 830, 100, 303) == (100, 303)) == chance
    assert call(listing.found, LAST, chance, 100, 830, 100, 303) == (100, 830)


@given(luck=lucks, chance=lucks, stay=stays, due=stays)
def test_who_looks_makes_the_stay_what_it_should_be_and_who_does_not_leaves_it(luck, chance, stay, due):
    assert call(listing.found, luck, chance, *stay, *due) == (due if luck < chance else stay)
    assert call(listing.found, luck, chance, *stay, *stay) == stay  # where nothing was overlooked, nothing changes


# ---- objections: the contested entry alone


@pytest.mark.parametrize(
    ("appeal_day", "stake", "number", "open_"), [(0, -2, 2, 0), (1, -2, 2, 1), (300, -2, 2, 1), (300, -2, 1, 0), (300, -2, 3, 0), (300, 2, 2, 0), (300, 0, 1, 0)]
)
def test_a_case_concerns_the_list_of_its_entry_while_it_is_open(appeal_day, stake, number, open_):
    assert call(listing.concerns, appeal_day, stake, number) == open_


@given(stay=stays, due=stays, other=stays, other_due=stays)
def test_stays_laid_aside_change_places_and_back(stay, due, other, other_due):
    assert call(listing.aside, *stay, *due) == (*stay, *due)
    turned = call(listing.turned, *stay, *due, *other, *other_due)
    assert turned == (*other, *other_due, *stay, *due)
    assert call(listing.turned, *turned) == (*stay, *due, *other, *other_due)


@pytest.mark.parametrize(("granted", "suspends", "turns"), [(1, 0, 1), (0, 0, 0), (1, 1, 0), (0, 1, 1), (1, 2, 0), (2, 1, 0), (0, 2, 1), (2, 0, 1)])
def test_an_answer_turns_the_stay_only_against_what_stood_meanwhile(granted, suspends, turns):
    assert call(listing.turns, granted, suspends) == turns


@given(
    happens=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.integers(1, 200), st.booleans()), min_size=1, max_size=6),
    contested=st.integers(0, 5),
    suspends=st.booleans(),
    granted=st.booleans(),
)
def test_an_answer_strikes_the_contested_entry_and_no_other(happens, contested, suspends, granted):
    """Slow reference: the records again, without the contested one where the objection was upheld, with it where it was refused."""
    contested, now = contested % len(happens), 0
    stay = aside = with_it = without = (0, 0)
    for number, (later, wait, span, exits) in enumerate(happens):
        now += later
        change = (lambda s: (s[0], call(listing.leaves, 0, 0, now + wait, s[1]))) if exits and number != contested else (  # noqa: E731
            lambda s: tuple(int(x) for x in call(listing.enters, now, now + wait, span, *s)))
        before, open_ = stay, number > contested
        stay, aside = change(stay), change(aside) if open_ else aside
        with_it, without = change(with_it), without if number == contested else change(without)
        if number == contested:
            aside = before
            if suspends:
                stay, aside = aside, stay
    if call(listing.turns, granted, suspends):
        stay = aside
    assert stay == (without if granted else with_it)


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
    ("bits", "clean", "due", "before", "cause"),
    [
        (0b0010, 0b0000, 0b0010, NONE, RECORD),
        (0b0010, 0b0000, 0b0000, NONE, STALE),
        (0b0010, 0b0000, 0b0001, NONE, STALE),  # the entries that stand bring something else
        (0b0010, 0b0010, 0b0010, NONE, NONE),  # right
        (0b0010, 0b0010, 0b0000, NONE, NONE),
        (0b0000, 0b0010, 0b0000, NONE, NONE),  # missed
        (0b1000, 0b0000, 0b0000, NONE, NONE),  # a reward
        (0b0011, 0b0001, 0b0011, NONE, RECORD),  # one of two
        (0b0011, 0b0001, 0b0001, NONE, STALE),  # the other would stand: it is right
        (0b0011, 0b0000, 0b0001, NONE, RECORD),  # not all would be gone
        (0b0010, 0b0000, 0b0000, 5, 5),  # a score has named the cause
        (0b0010, 0b0000, 0b0010, 3, 3),
    ],
)
def test_a_false_penalty_of_a_list_comes_of_a_wrong_record_or_of_a_deletion_that_was_overlooked(bits, clean, due, before, cause):
    assert call(listing.cause, bits, clean, PENALTIES, due, before) == cause


@given(bits=masks, clean=masks, penalties=masks, due=masks, before=st.integers(0, 5))
def test_a_cause_that_was_found_stays_and_nothing_right_gets_one(bits, clean, penalties, due, before):
    found = call(listing.cause, bits, clean, penalties, due, before)
    false = bits & penalties & ~clean
    assert found == (before if before or not false else RECORD if false & due else STALE)
