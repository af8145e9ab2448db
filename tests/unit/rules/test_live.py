"""live: what consequences do to trips, schools, jobs, lines, loans, deposits. The hand-computed people are in test_live_cases.py."""

import numpy as np
import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, call, chance, given, lucks, masks, shares, yes_words

from glasshouse.day import STANDING
from glasshouse.rules import live
from glasshouse.rules.maths import turned

OUTSIDE, JOBLESS, ORDINARY, PRESTIGE = live.OUTSIDE, live.JOBLESS, live.ORDINARY, live.PRESTIGE
fens = st.integers(0, 1_000_000)
purses = st.integers(-(10**12), 10**12)


# ---- what stands in the way


@given(mask=masks, bars=masks, luck=lucks, checks=lucks)
def test_one_is_stopped_under_a_consequence_that_bars_if_somebody_checks(mask, bars, luck, checks):
    assert call(live.barred, mask, bars, luck, checks) == (mask & bars != 0 and luck < checks)


@pytest.mark.parametrize("checks", [0, 1, 3 << 30, LAST])
def test_checks_happen_with_exactly_their_chance(checks):
    assert yes_words(lambda luck: call(live.barred, 6, 2, luck, checks)) == checks
    assert yes_words(lambda luck: call(live.barred, 5, 2, luck, checks)) == 0
    assert yes_words(lambda luck: call(live.passes_first, 6, luck, 2, checks)) == checks
    assert yes_words(lambda luck: call(live.passes_first, 5, luck, 2, checks)) == 0


# ---- measures that stand all the time

TURNS = [
    4 * place for place in range(len(STANDING))
]  # as the day has it: each measure with the word of lasting luck turned by four bits more


@given(mask=masks, bits=masks, tested=lucks, checks=lucks, turn=st.integers(0, 31))
def test_a_standing_measure_acts_on_those_under_it_whom_it_reaches(mask, bits, tested, checks, turn):
    luck = int(call(turned, tested, turn))
    assert call(live.acting, mask, bits, tested, checks, turn) == (mask & bits != 0 and luck < checks)


@pytest.mark.parametrize("checks", [0, 1, 3 << 30, LAST])
@pytest.mark.parametrize("turn", TURNS)
def test_a_standing_measure_reaches_exactly_its_share_of_all_luck(checks, turn):
    """Turning loses no word, so the words that are reached are as many as without it."""
    assert yes_words(lambda luck: call(live.acting, 6, 2, call(turned, luck, (32 - turn) % 32), checks, turn)) == checks
    assert yes_words(lambda luck: call(live.acting, 5, 2, call(turned, luck, (32 - turn) % 32), checks, turn)) == 0


@pytest.mark.parametrize("share", [0.3, 0.8])
@pytest.mark.parametrize(("one", "other"), [(a, b) for a in TURNS for b in TURNS if a < b])
def test_whom_one_standing_measure_reaches_says_little_of_whom_another_does(one, other, share):
    """Without the turn the same people would be reached by every measure, and the share under both would be that under one."""
    words = np.random.default_rng(7).integers(0, 1 << 32, 4000)
    checks = round(share * 2**32)
    both = np.array([[call(live.acting, 1, 1, w, checks, turn) for turn in (one, other)] for w in words], float)
    assert both.mean(0) == pytest.approx(share, abs=0.03)
    assert both.prod(1).mean() == pytest.approx(share**2, abs=0.03)


@given(times=st.integers(0, 1000), eased=st.integers(0, 2))
def test_outings_are_eased_all_or_none(times, eased):
    assert call(live.eased_times, times, eased) == (times if eased else 0)


@pytest.mark.parametrize(("times", "eased", "counted"), [(3, 1, 3), (3, 0, 0), (0, 1, 0), (1, 1, 1)])
def test_the_outings_of_a_day_are_eased_where_the_measure_acts(times, eased, counted):
    assert call(live.eased_times, times, eased) == counted


# ---- journeys


@given(fare=fens, cheaper=st.integers(0, 2), discount=shares)
def test_a_discount_lowers_the_fare_and_nothing_else_does(fare, cheaper, discount):
    paid = call(live.fare_of, fare, cheaper, discount)
    if cheaper:
        assert paid == pytest.approx(fare * (1 - discount), abs=1 + fare * 1e-6)
        assert paid <= fare
    else:
        assert paid == fare


AIR, GATE, EASE = 1, 2, 4
JOURNEY = {
    "luck_favour": 0,
    "bars_air_ticket": AIR,
    "checks_air_ticket": 1 << 31,
    "bars_air_boarding": GATE,
    "checks_air_boarding": 1 << 30,
    "eases_fare": EASE,
    "checks_fare": 3 << 30,
    "fare_discount": 0.25,
}


@given(st.integers(0, 7), lucks, lucks, lucks, lucks, fens, fens, shares, shares)
def test_a_journey_ends_in_one_way_and_the_fen_add_up(mask, check, board, choice, favour, air_fare, rail_fare, refund, to_rail):
    told = {"air_fare": air_fare, "rail_fare": rail_fare, "air_refund": refund, "air_to_rail": to_rail}
    answer = call(live.flies, mask, check, board, choice, **JOURNEY | told | {"luck_favour": favour})
    flown, train, no_ticket, no_boarding, paid, by_ticket, by_boarding, saved = (int(x) for x in answer)
    cheaper = mask & EASE != 0 and favour < 3 << 30
    fare, ticket = (int(call(live.fare_of, f, cheaper, 0.25)) for f in (air_fare, rail_fare))
    lost = fare - int(np.float32(fare) * np.float32(refund))
    assert flown + no_ticket + no_boarding == 1
    assert train + flown <= 1
    assert no_ticket == (mask & AIR != 0 and check < 1 << 31)
    assert no_boarding == (not no_ticket and mask & GATE != 0 and board < 1 << 30)
    assert paid == flown * fare + no_boarding * lost + train * ticket
    assert 0 <= lost <= fare
    # what each refusal cost beyond the plain fare, and what the discount saved of the fare of the journey made
    assert by_ticket == no_ticket * train * (rail_fare - air_fare)
    assert by_boarding == no_boarding * (lost + train * (rail_fare - air_fare))
    assert saved == flown * (air_fare - fare) + train * (rail_fare - ticket) >= 0
    plain = air_fare if flown or train else 0
    assert paid == plain + by_ticket + by_boarding - saved


@pytest.mark.parametrize("mask", [0, AIR, GATE, AIR | GATE])
def test_what_a_ban_cost_is_counted_for_the_ban_that_bit_and_a_discount_for_none(mask):
    """With the discount in force and without, the same ban costs the same: the discount is counted beside it."""
    told = JOURNEY | {"air_fare": 850, "rail_fare": 150, "air_refund": 1.0, "air_to_rail": 1.0}
    plain, eased = (call(live.flies, mask | more, 0, 0, 0, **told) for more in (0, EASE))
    assert plain[5:] == {0: (0, 0, 0), AIR: (-700, 0, 0), GATE: (0, -700, 0), AIR | GATE: (-700, 0, 0)}[mask]
    assert (eased[5:7], eased[7]) == (plain[5:7], 38 if mask else 213)  # a quarter of the fare, and the fen that was cut off


@pytest.mark.parametrize("checks", [0, 1, 987654321, LAST])
def test_a_discount_is_given_with_exactly_its_chance(checks):
    told = JOURNEY | {"air_fare": 850, "rail_fare": 150, "air_refund": 0.5, "air_to_rail": 1.0, "checks_fare": checks}
    for mask, saved in ((EASE, 213), (EASE | AIR, 38)):
        assert yes_words(lambda w, mask=mask: int(call(live.flies, mask, 0, 0, 0, **told | {"luck_favour": w})[7]) > 0) == checks
        assert call(live.flies, mask, 0, 0, 0, **told | {"luck_favour": 0})[7] == (saved if checks else 0)
    assert yes_words(lambda w: int(call(live.takes_train, EASE, 1, w, 150, EASE, checks, 0.25)[1]) > 0) == checks


@pytest.mark.parametrize("to_rail", [0.0, 0.25, 0.6, 1.0])
def test_the_refused_go_by_train_with_their_chance(to_rail):
    share = chance(
        lambda luck: call(live.flies, AIR, 0, 0, luck, air_fare=850, rail_fare=150, air_refund=0.5, air_to_rail=to_rail, **JOURNEY)[1]
    )
    assert share == pytest.approx(to_rail, abs=2e-7)


def on_cell(cell: int) -> tuple[float, int]:
    """A chance that lies exactly on the middle of a cell of luck, and how many words lie below that cell."""
    return (cell + 0.5) / 2**23, cell * 512


def test_luck_exactly_at_a_chance_is_too_much_in_every_choice():
    at, words = on_cell(4_000_001)
    journey = JOURNEY | {"air_fare": 850, "rail_fare": 150, "air_refund": 0.5, "air_to_rail": at}
    assert yes_words(lambda w: call(live.flies, AIR, 0, 0, w, **journey)[1]) == words
    assert yes_words(lambda w: call(live.books_hotel, 1, 0, w, 1, LAST, 300, 100, at)[0]) == words
    loan = LOAN | {"mask": 0, "luck_check": 0, "luck_refusal": 0, "debt": 0, "credit": 100, "arrears": 0, "loan_approval": at}
    assert yes_words(lambda w: call(live.applies_for_loan, luck_choice=w, **loan)[0]) == words
    assert yes_words(lambda w: call(live.takes_job, 2, 2, w, 0, 1, 1, 0, 1, LAST, at)[1]) == words
    assert yes_words(lambda w: call(live.behind, w, 1, 100, SHORT, 1000, at, 26, 0.5, 28)[0] == 0) == words
    assert yes_words(lambda w: 1 - call(live.shamed, 1, NAMES, NAMES, 0, 0, 1, 0, w, 0, at)) == words


@given(mask=masks, favour=lucks, fare=fens)
def test_a_train_ticket_and_what_it_saves_make_the_plain_fare(mask, favour, fare):
    paid, saved = call(live.takes_train, mask, 1, favour, fare, EASE, 1 << 31, 0.25)
    cheaper = mask & EASE != 0 and favour < 1 << 31
    assert paid + saved == fare
    assert (saved > 0) <= cheaper
    assert paid == call(live.fare_of, fare, cheaper, 0.25)
    assert call(live.takes_train, mask, 0, favour, fare, EASE, 1 << 31, 0.25) == (0, 0)  # who stays at home pays and saves nothing


# ---- fast trains

SEAT = 1 << 20
FAST = {"told": 0, "luck_again": 0, "bars_rail_seat": SEAT, "checks_rail_seat": 3 << 30, "rail_share": 0.5, "rail_slow": 0.75, "rail_again": 0.25}


@given(mask=masks, check=lucks, choice=lucks, share=shares, slow=shares)
def test_a_rail_journey_is_made_unless_a_better_seat_was_asked_for_and_refused(mask, check, choice, share, slow):
    given = FAST | {"mask": mask, "luck_check": check, "luck_choice": choice, "rail_share": share, "rail_slow": slow}
    gone, asked, refused, told = (int(x) for x in call(live.takes_fast_train, **given))
    assert told == refused
    luck = ((choice >> 9) + 0.5) / 2**23
    assert refused == (asked and mask & SEAT != 0 and check < 3 << 30)
    assert gone or refused  # conservation: nobody stays at home but one who was refused
    if abs(luck - share) > 1e-6 and abs(luck - share * slow) > 1e-6:
        assert asked == (luck < share)
        assert gone == (not refused or luck < share * slow)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.6, 1.0])
@pytest.mark.parametrize("slow", [0.0, 0.5, 1.0])
def test_better_seats_are_asked_for_and_slow_trains_taken_with_their_chances(share, slow):
    """Closed form: under a ban that is always noticed 1 - share x (1 - slow) of the journeys are made."""
    barred = {"mask": SEAT, "luck_check": 0} | FAST | {"rail_share": share, "rail_slow": slow}
    for free in (barred, barred | {"mask": SEAT - 1}):
        assert chance(lambda luck, free=free: call(live.takes_fast_train, luck_choice=luck, **free)[1]) == pytest.approx(share, abs=2e-7)
    asked = yes_words(lambda luck: call(live.takes_fast_train, luck_choice=luck, **barred)[1])
    by_slow = yes_words(lambda luck: luck < asked and int(call(live.takes_fast_train, luck_choice=luck, **barred)[0]))
    assert (by_slow + 2**32 - asked) / 2**32 == pytest.approx(1 - share * (1 - slow), abs=4e-7)


def test_luck_exactly_at_a_chance_asks_for_no_better_seat_and_takes_no_slow_train():
    at, words = on_cell(4_000_001)
    free, barred = {"mask": 0, "luck_check": 0}, {"mask": SEAT, "luck_check": 0}
    assert yes_words(lambda w: call(live.takes_fast_train, luck_choice=w, **free | FAST | {"rail_share": at})[1]) == words
    assert (
        yes_words(
            lambda w: w < 1 << 31 and call(live.takes_fast_train, luck_choice=w, **barred | FAST | {"rail_share": 1.0, "rail_slow": at})[0]
        )
        == words
    )


@pytest.mark.parametrize("checks", [0, 1, 987654321, LAST])
def test_a_better_seat_is_refused_with_exactly_the_chance_of_a_look(checks):
    asks = FAST | {"checks_rail_seat": checks, "luck_choice": 0}
    assert yes_words(lambda luck: call(live.takes_fast_train, mask=SEAT, luck_check=luck, **asks)[2]) == checks
    assert yes_words(lambda luck: call(live.takes_fast_train, mask=SEAT - 1, luck_check=luck, **asks)[2]) == 0


@pytest.mark.parametrize("again", [0.0, 0.25, 1.0])
@pytest.mark.parametrize(("told", "mask", "knows"), [(0, SEAT, 0), (1, SEAT, 1), (1, SEAT - 1, 0), (0, 0, 0), (1, 2 * SEAT, 0)])
def test_who_was_refused_asks_again_with_its_chance_as_long_as_the_ban_lasts(told, mask, knows, again):
    ask = FAST | {"told": told, "mask": mask, "luck_check": LAST, "luck_choice": 0, "rail_again": again}
    says = lambda luck: call(live.takes_fast_train, **ask | {"luck_again": luck})  # noqa: E731
    assert chance(lambda luck: says(luck)[1]) == pytest.approx(again if knows else 1, abs=3e-10 if again == 1 else 2e-7)
    assert {(int(g), int(r), int(t)) for g, _, r, t in map(says, (0, 1 << 31, LAST))} == {(1, 0, knows)}  # all go, none is refused; the ban is not forgotten


def test_luck_exactly_at_the_chance_asks_for_no_seat_again():
    at, words = on_cell(4_000_001)
    ask = FAST | {"told": 1, "mask": SEAT, "luck_check": 0, "luck_choice": 0, "rail_again": at}
    assert yes_words(lambda luck: call(live.takes_fast_train, **ask | {"luck_again": luck})[2]) == words


# ---- something dear


@given(mask=masks, bars=masks, checks=lucks, luck=lucks, wealth=purses, price=fens)
def test_something_dear_is_bought_tried_in_vain_or_not_thought_of(mask, bars, checks, luck, wealth, price):
    bought, tried, refused, paid = (int(x) for x in call(live.buys, mask, bars, checks, luck, wealth, price))
    assert tried == (wealth >= price)
    assert refused == (tried and mask & bars != 0 and luck < checks)
    assert bought + refused == tried  # conservation: whoever tries buys or is refused
    assert paid == bought * price
    assert not bought or wealth - paid >= 0


@pytest.mark.parametrize(
    ("wealth", "mask", "luck", "answer"),
    [
        (500_000, 0, 0, (1, 1, 0, 500_000)),
        (499_999, 0, 0, (0, 0, 0, 0)),
        (499_999, 2, 0, (0, 0, 0, 0)),  # who cannot pay is not refused
        (500_000, 2, 776, (0, 1, 1, 0)),
        (500_000, 2, 777, (1, 1, 0, 500_000)),  # nobody looks
        (500_000, 5, 0, (1, 1, 0, 500_000)),  # another ban
        (5 * 10**9, 2, 777, (1, 1, 0, 500_000)),  # beyond 32 bits
        (-5 * 10**9, 0, 0, (0, 0, 0, 0)),
    ],
)
def test_a_dear_thing_by_hand(wealth, mask, luck, answer):
    assert call(live.buys, mask, 2, 777, luck, wealth, 500_000) == answer


@pytest.mark.parametrize("checks", [0, 1, 987654321, LAST])
def test_a_ban_on_spending_bites_with_exactly_its_chance(checks):
    assert yes_words(lambda luck: call(live.buys, 2, 2, checks, luck, 100, 100)[2]) == checks


@given(mask=masks, luck=lucks, eases=masks, checks=lucks)
def test_who_may_pass_first_does_if_somebody_lets_one(mask, luck, eases, checks):
    assert call(live.passes_first, mask, luck, eases, checks) == (mask & eases != 0 and luck < checks)


@given(st.integers(0, 1), lucks, lucks, fens, fens)
def test_a_night_away_has_one_price_or_none(mask, check, choice, night, plain):
    nights, refused, paid, extra = call(live.books_hotel, mask, check, choice, 1, 1 << 31, night, plain, 0.7)
    assert refused == (mask and check < 1 << 31)
    assert paid == (0 if not nights else plain if refused else night)
    assert nights or refused
    assert paid == nights * night + extra  # what a refusal cost beyond the night booked: less than nothing where the other is cheaper
    assert refused or extra == 0


@pytest.mark.parametrize("checks", [0, 1, 987654321, LAST])
def test_a_guest_is_refused_with_exactly_the_chance_of_a_look_whatever_is_found_instead(checks):
    for choice in (0, LAST):
        assert yes_words(lambda luck, choice=choice: call(live.books_hotel, 1, luck, choice, 1, checks, 300, 100, 0.5)[1]) == checks
        assert yes_words(lambda luck, choice=choice: call(live.books_hotel, 2, luck, choice, 1, checks, 300, 100, 0.5)[1]) == 0


@pytest.mark.parametrize("share", [0.0, 0.7, 1.0])
def test_a_refused_guest_finds_a_plain_guest_house_with_its_chance(share):
    assert chance(lambda luck: call(live.books_hotel, 1, 0, luck, 1, LAST, 35459, 15000, share)[0]) == pytest.approx(share, abs=2e-7)


# ---- loans and deposits

LOAN = {
    "eases_loan": 8,
    "checks_loan": 1 << 31,
    "bars_loan": 16,
    "checks_loan_refusal": 1 << 30,
    "loan_drawn": 0.5,
    "loan_approval": 0.79,
    "loan_favoured_approval": 0.95,
    "loan_arrears_approval": 0.4,
}


@pytest.mark.parametrize(
    ("mask", "check", "arrears", "approval"),
    [(0, 0, 0, 0.79), (8, 0, 0, 0.95), (8, 1 << 31, 0, 0.79), (8, (1 << 31) - 1, 0, 0.95), (4, 0, 0, 0.79), (0, 0, 1, 0.4), (8, 0, 1, 0.4)],
)
def test_a_loan_is_granted_with_the_chance_of_ones_standing(mask, check, arrears, approval):
    asked = LOAN | {"mask": mask, "luck_check": check, "luck_refusal": 0, "debt": 0, "credit": 100, "arrears": arrears}
    assert chance(lambda luck: call(live.applies_for_loan, luck_choice=luck, **asked)[0]) == pytest.approx(approval, abs=2e-7)


@given(st.integers(0, 31), lucks, lucks, lucks, st.integers(-5, 1 << 22), st.integers(0, 1 << 22), st.integers(0, 1))
def test_a_granted_loan_fills_half_of_the_room_and_a_refused_one_is_nothing(mask, choice, check, refusal, debt, credit, arrears):
    asked = LOAN | {"mask": mask, "luck_choice": choice, "luck_check": check, "luck_refusal": refusal, "debt": debt, "credit": credit, "arrears": arrears}
    granted, lent, favoured, refused = call(live.applies_for_loan, **asked)
    assert lent == granted * (max(0, credit - debt) // 2)
    assert refused == (mask & 16 != 0 and refusal < 1 << 30)
    assert favoured == (not refused and mask & 8 != 0 and check < 1 << 31)
    if refused:  # a ban comes before all terms: whatever the bank would have said
        assert (granted, lent, favoured) == (0, 0, 0)
    else:
        free = asked | {"mask": mask & 15}
        assert call(live.applies_for_loan, **free) == (granted, lent, favoured, 0)


@pytest.mark.parametrize("checks", [0, 1, 987654321, LAST])
def test_a_loan_is_refused_with_exactly_the_chance_that_the_bank_looks(checks):
    asked = LOAN | {"checks_loan_refusal": checks, "luck_choice": 0, "luck_check": 0, "debt": 0, "credit": 100, "arrears": 0}
    assert yes_words(lambda luck: call(live.applies_for_loan, mask=16, luck_refusal=luck, **asked)[3]) == checks
    assert yes_words(lambda luck: call(live.applies_for_loan, mask=16, luck_refusal=luck, **asked)[0] == 0) == checks
    assert yes_words(lambda luck: call(live.applies_for_loan, mask=15, luck_refusal=luck, **asked)[3]) == 0


@given(
    wealth=purses,
    debt=fens,
    lent=fens,
    granted=st.integers(0, 1),
    favoured=st.integers(0, 1),
    terms=st.integers(0, 1),
    day=st.integers(0, 3650),
    before=st.integers(-(1 << 14), 3650),
)
def test_what_is_lent_is_owed_from_the_day_of_the_loan(wealth, debt, lent, granted, favoured, terms, day, before):
    after = call(live.borrows, wealth, debt, lent, granted, favoured, terms, day, before)
    assert after == ((wealth + lent, debt + lent, terms, day) if granted else (wealth, debt, favoured, before))
    assert int(after[0]) - int(after[1]) == wealth - debt  # conservation: a loan makes nobody richer


@pytest.mark.parametrize(
    ("mask", "luck", "wealth", "answer"),
    [
        (0, 0, 9900, (1, 0, 0, 200)),
        (0, 0, 9899, (0, 0, 0, 0)),
        (0, 0, -5, (0, 0, 0, 0)),
        (2, 0, 0, (1, 1, 9900, 200)),
        (2, 0, 50000, (1, 1, 9900, 200)),
        (1, 0, 9899, (0, 0, 0, 0)),
        (3, 0, 0, (1, 1, 9900, 200)),
        (2, 776, 0, (1, 1, 9900, 200)),
        (2, 777, 9899, (0, 0, 0, 0)),
        (2, 777, 9900, (1, 0, 0, 200)),
    ],
    ids=[
        "just the deposit",
        "a fen short",
        "in debt",
        "waived",
        "waived though rich",
        "another consequence",
        "one of two",
        "just granted",
        "not granted, and a fen short",
        "not granted, and the deposit paid",
    ],
)
def test_a_rental_needs_the_deposit_in_cash_unless_it_is_waived(mask, luck, wealth, answer):
    assert call(live.rents_with_deposit, mask, luck, wealth, 2, 777, 9900, 200) == answer


@pytest.mark.parametrize("checks", [0, 1, 987654321, LAST])
def test_a_deposit_is_waived_with_exactly_its_chance(checks):
    assert yes_words(lambda luck: call(live.rents_with_deposit, 2, luck, 0, 2, checks, 9900, 200)[1]) == checks


@given(st.integers(0, 3), lucks, purses, fens, fens)
def test_who_rents_pays_the_fee_and_what_is_waived_is_the_deposit(mask, luck, wealth, goods, fee):
    rented, waived, fen, paid = call(live.rents_with_deposit, mask, luck, wealth, 2, 1 << 31, goods, fee)
    assert waived == (mask & 2 != 0 and luck < 1 << 31)
    assert rented == (waived or wealth >= goods)
    assert (fen, paid) == (waived * goods, rented * fee)


# ---- work

BAR, GRADUATE = 4, 16


@pytest.mark.parametrize(
    ("job", "wants", "flags", "mask", "answer"),
    [
        (OUTSIDE, 1, GRADUATE, 0, (OUTSIDE, 0, 0)),
        (OUTSIDE, 2, GRADUATE, 0, (OUTSIDE, 0, 0)),
        (JOBLESS, 1, GRADUATE, 0, (PRESTIGE, 1, 0)),
        (JOBLESS, 1, GRADUATE, BAR, (ORDINARY, 1, 1)),
        (JOBLESS, 1, 0, 0, (ORDINARY, 0, 0)),
        (JOBLESS, 1, 0, BAR, (ORDINARY, 0, 0)),  # who bids for no prestige job is not refused one
        (JOBLESS, 2, GRADUATE, 0, (JOBLESS, 0, 0)),
        (ORDINARY, 1, GRADUATE, 0, (ORDINARY, 0, 0)),
        (ORDINARY, 2, GRADUATE, 0, (PRESTIGE, 1, 0)),
        (ORDINARY, 2, GRADUATE, BAR, (ORDINARY, 1, 1)),
        (PRESTIGE, 1, GRADUATE, BAR, (PRESTIGE, 0, 0)),
        (PRESTIGE, 2, GRADUATE, 0, (PRESTIGE, 1, 0)),
        (PRESTIGE, 2, GRADUATE, BAR, (ORDINARY, 1, 1)),
        (PRESTIGE, 2, 0, 0, (ORDINARY, 0, 0)),
    ],
)
def test_an_opening_is_for_those_for_whom_it_is_a_step(job, wants, flags, mask, answer):
    assert call(live.takes_job, job, wants, 0, 0, flags, GRADUATE, mask, BAR, LAST, 0.15) == answer


@pytest.mark.parametrize("share", [0.0, 0.15, 1.0])
def test_some_openings_for_graduates_are_prestige_jobs(share):
    assert chance(
        lambda luck: call(live.takes_job, JOBLESS, 1, luck, 0, GRADUATE, GRADUATE, 0, BAR, LAST, share)[0] == PRESTIGE
    ) == pytest.approx(share, abs=2e-7)
    assert yes_words(lambda luck: call(live.takes_job, JOBLESS, 1, 0, luck, GRADUATE, GRADUATE, BAR, BAR, 777, 0.5)[2]) == 777


def test_work_ends_for_those_who_have_it():
    assert [call(live.loses_job, job) for job in (OUTSIDE, JOBLESS, ORDINARY, PRESTIGE)] == [OUTSIDE, JOBLESS, JOBLESS, JOBLESS]
    assert (live.OUTSIDE, live.JOBLESS, live.ORDINARY, live.PRESTIGE) == (0, 1, 2, 3)


PAY = {"slowed": 0, "unaided": 0, "job_premium": 0.5, "job_benefit": 0.25, "line_online": 0.5, "line_loss": 0.5, "days": 7,
       "flags": 0b0110, "living": 0b0010}  # fmt: skip
FACTOR = {OUTSIDE: 1, JOBLESS: 0.25, ORDINARY: 1, PRESTIGE: 1.5}


@pytest.mark.parametrize("first", [OUTSIDE, JOBLESS, ORDINARY, PRESTIGE])
@pytest.mark.parametrize("now", [OUTSIDE, JOBLESS, ORDINARY, PRESTIGE])
def test_pay_moves_from_what_the_job_was_to_what_it_is(first, now):
    week, lost, refused = call(live.pay, 12_000, now, first, **PAY)
    assert week == int(84_000 * FACTOR[now] / FACTOR[first] if now else 84_000)  # who has no job has her part of what the household has
    assert (lost, refused) == (0, 0)


@pytest.mark.parametrize("flags", [0, 0b0100, 0b1101])
@pytest.mark.parametrize("job", [OUTSIDE, JOBLESS, ORDINARY, PRESTIGE])
def test_nothing_is_paid_to_one_who_does_not_live(flags, job):
    assert call(live.pay, 12_000, job, ORDINARY, **PAY | {"flags": flags, "slowed": 1, "unaided": 1}) == (0, 0, 0)


@pytest.mark.parametrize(
    ("job", "first", "works", "after"),
    [
        (OUTSIDE, ORDINARY, True, ORDINARY),
        (OUTSIDE, JOBLESS, True, JOBLESS),
        (OUTSIDE, PRESTIGE, True, PRESTIGE),
        (JOBLESS, PRESTIGE, True, JOBLESS),
        (ORDINARY, PRESTIGE, True, ORDINARY),
        (PRESTIGE, JOBLESS, True, PRESTIGE),
        (OUTSIDE, ORDINARY, False, OUTSIDE),
        (JOBLESS, ORDINARY, False, OUTSIDE),
        (ORDINARY, ORDINARY, False, OUTSIDE),
        (PRESTIGE, JOBLESS, False, OUTSIDE),
    ],
)
@pytest.mark.parametrize("others", [0, 0b1011])
def test_working_life_begins_with_the_first_job_and_ends_outside(job, first, works, after, others):
    assert call(live.working_life, job, first, others | (0b0100 if works else 0), 0b0100) == after


@given(household=masks, reaches=masks, others=st.integers(0, 15))
def test_what_others_of_the_household_bear_reaches_the_living(household, reaches, others):
    assert call(live.reaching, household, reaches, others | 0b0010, 0b0010) == household & reaches
    assert call(live.reaching, household, reaches, others & ~0b0010, 0b0010) == 0


@pytest.mark.parametrize(
    ("changes", "week", "lost"),
    [
        ({"slowed": 1}, 63_000, 21_000),
        ({"slowed": 0}, 84_000, 0),
        ({"slowed": 1, "line_online": 0.25}, 73_500, 10_500),
        ({"slowed": 1, "line_loss": 0.25}, 73_500, 10_500),
        ({"slowed": 1, "line_loss": 0.0}, 84_000, 0),
        ({"slowed": 1, "days": 1}, 9_000, 3_000),
    ],
)
@pytest.mark.parametrize(("job", "works"), [(OUTSIDE, False), (JOBLESS, False), (ORDINARY, True), (PRESTIGE, True)])
def test_a_slow_line_costs_those_who_work(changes, week, lost, job, works):
    plain, *_ = call(live.pay, 12_000, job, job, **PAY | changes | {"slowed": 0})
    assert call(live.pay, 12_000, job, job, **PAY | changes) == ((week, lost, 0) if works else (plain, 0, 0))


@pytest.mark.parametrize(
    ("now", "first", "lost"), [(JOBLESS, ORDINARY, 0), (ORDINARY, JOBLESS, 84_000), (OUTSIDE, PRESTIGE, 0), (ORDINARY, OUTSIDE, 21_000)]
)
def test_the_line_is_needed_for_the_job_one_has_and_not_for_the_one_one_had(now, first, lost):
    assert call(live.pay, 12_000, now, first, **PAY | {"slowed": 1})[1] == lost


@pytest.mark.parametrize("slowed", [0, 1])
@pytest.mark.parametrize("first", [OUTSIDE, JOBLESS, ORDINARY, PRESTIGE])
@pytest.mark.parametrize(("job", "jobless"), [(OUTSIDE, False), (JOBLESS, True), (ORDINARY, False), (PRESTIGE, False)])
def test_assistance_is_refused_to_those_without_work_and_costs_them_the_week(job, jobless, first, slowed):
    plain, line, _ = call(live.pay, 12_000, job, first, **PAY | {"slowed": slowed})
    week, lost, refused = call(live.pay, 12_000, job, first, **PAY | {"slowed": slowed, "unaided": 1})
    assert (week, lost, refused) == ((0, 0, plain) if jobless else (plain, line, 0))
    assert week + refused == plain  # conservation: what is refused is what would have come


@given(st.integers(1, 100_000), st.integers(0, 3), st.integers(0, 3), st.integers(0, 1), st.integers(0, 1), shares, shares)
def test_a_week_and_what_was_lost_of_it_make_the_full_week(income, job, first, slowed, unaided, online, loss):
    given = PAY | {"line_online": online, "line_loss": loss}
    full, *_ = call(live.pay, income, job, first, **given)
    week, line, aid = (int(x) for x in call(live.pay, income, job, first, **given | {"slowed": slowed, "unaided": unaided}))
    assert abs(week + line + aid - int(full)) <= 1 + full * 1e-6  # a fen may be cut off of each
    assert min(week, line, aid) >= 0
    assert (line > 0) <= (slowed and job >= ORDINARY)
    assert (aid > 0) <= (unaided and job == JOBLESS)


def test_a_rebate_is_a_weeks_share_for_those_whom_it_reaches():
    assert [call(live.rebate, rebated, 577) for rebated in (0, 1, 2)] == [0, 577, 577]


@given(own=masks, household=masks, reaches=masks)
def test_what_bears_on_a_life_is_ones_own_and_what_reaches_from_the_household(own, household, reaches):
    """Slow reference: consequence by consequence."""
    bears = int(call(live.either, own, household, reaches))
    for bit in (1 << i for i in range(24)):
        assert bool(bears & bit) == bool(own & bit or (household & bit and reaches & bit))


@pytest.mark.parametrize(
    ("own", "household", "reaches", "bears"),
    [(0b001, 0b110, 0, 0b001), (0b001, 0b110, 0b100, 0b101), (0b001, 0b001, 0, 0b001), (0, 0b110, 0b001, 0), (0b001, 0, 0b111, 0b001)],
    ids=["nothing reaches", "one of two does", "both are under it", "what reaches is not in force", "nobody at home is under any"],
)
def test_a_household_by_hand(own, household, reaches, bears):
    assert call(live.either, own, household, reaches) == bears


# ---- school

SCHOOL = {"bars_private_school": 4, "checks_private_school": 1 << 31, "turn": 0, "school_fee": 13_698, "school_afford": 0.5}


@given(st.integers(0, 1), st.integers(0, 7), lucks, st.integers(0, 31), st.integers(1, 30_000), st.integers(1, 6))
def test_a_place_is_sought_by_those_who_can_pay(private, mask, tested, turn, income, size):
    got, tried, refused = call(live.seeks_school, private, mask, tested, income=income, size=size, **SCHOOL | {"turn": turn})
    assert tried == (not private and income * size >= 2 * 13_698)
    assert refused == (tried and mask & 4 != 0 and call(turned, tested, turn) < 1 << 31)
    assert got == (private or (tried and not refused))


@pytest.mark.parametrize("checks", [0, 1, 987654321, LAST])
@pytest.mark.parametrize("bit", [1, 4, 32])
def test_a_place_is_refused_with_exactly_the_chance_that_the_school_looks(checks, bit):
    asked = SCHOOL | {"private": 0, "bars_private_school": bit, "checks_private_school": checks, "income": 13_698, "size": 2}
    assert yes_words(lambda luck: call(live.seeks_school, household_mask=bit, tested=luck, **asked)[2]) == checks
    assert yes_words(lambda luck: call(live.seeks_school, household_mask=63 - bit, tested=luck, **asked)[2]) == 0


@given(tested=lucks, turn=st.integers(0, 31), mask=masks, checks=lucks)
def test_the_school_that_refuses_a_place_is_the_one_that_would_expel(tested, turn, mask, checks):
    """By the same lasting luck: a household that the school does not look at gets the place and keeps it."""
    asked = SCHOOL | {"turn": turn, "checks_private_school": checks}
    refused = call(live.seeks_school, 0, mask, tested, income=13_698, size=2, **asked)[2]
    expelled = call(live.keeps_school, 1, 2, 2, mask, tested, asked["bars_private_school"], checks, turn)[1]
    assert refused == expelled


@pytest.mark.parametrize(
    ("private", "flags", "mask", "answer"),
    [
        (0, 2, 0, (0, 0)),
        (0, 2, 4, (0, 0)),
        (1, 2, 0, (1, 0)),
        (1, 2, 4, (0, 1)),
        (1, 2, 7, (0, 1)),
        (1, 2, 3, (1, 0)),
        (1, 1, 0, (0, 0)),
        (1, 1, 4, (0, 0)),
        (1, 3, 4, (0, 1)),
    ],
)
def test_a_pupil_stays_until_a_ban_and_nobody_else_is_expelled(private, flags, mask, answer):
    assert call(live.keeps_school, private, flags, 2, mask, 0, 4, 1, 0) == answer
    unseen = (private and flags & 2 != 0, 0)  # where the school does not look, a ban is as none
    assert call(live.keeps_school, private, flags, 2, mask, 1, 4, 1, 0) == unseen


@given(flags=st.integers(0, 3), private=st.integers(0, 1), mask=masks, tested=lucks, checks=lucks, turn=st.integers(0, 31))
def test_a_pupil_of_a_private_school_stays_or_is_expelled(flags, private, mask, tested, checks, turn):
    stays, expelled = call(live.keeps_school, private, flags, 2, mask, tested, 4, checks, turn)
    there = private and flags & 2 != 0
    assert stays + expelled == there
    assert expelled == (there and call(live.acting, mask, 4, tested, checks, turn))


def test_school_is_paid_by_those_who_go_there():
    assert [call(live.school_week, private, 96_153) for private in (0, 1)] == [0, 96_153]


# ---- the week's money


@given(week=fens, repaid=st.integers(0, 50_000), interest=st.integers(0, 50_000), wealth=fens, aim=fens, speed=shares, least=shares)
def test_living_is_what_is_left_and_a_share_of_the_gap_but_never_below_the_least(week, repaid, interest, wealth, aim, speed, least):
    wish = week - repaid - interest + speed * (wealth - aim)
    spent = call(live.spend, week, repaid, interest, wealth, aim, speed, least, 0b11, 0b10)
    assert spent == pytest.approx(max(least * week, wish), abs=1.5)
    assert spent >= int(np.float32(week) * np.float32(least))


def test_the_least_is_exactly_the_floor():
    assert call(live.spend, 1000, 0, 0, 0, 0, 0.0, 1.0, 1, 1) == 1000
    assert call(live.spend, 1000, 501, 0, 0, 0, 0.0, 0.5, 1, 1) == 500
    assert call(live.spend, 1000, 499, 0, 0, 0, 0.0, 0.5, 1, 1) == 501
    assert call(live.spend, 1000, 100, 50, 5000, 2000, 0.5, 0.5, 1, 1) == 2350


@pytest.mark.parametrize(("flags", "spent"), [(0b10, 500), (0b11, 500), (0b00, 1200), (0b01, 1200)])
def test_nobody_saves_before_being_grown(flags, spent):
    """An adult who aims at 5,000 and has 400 saves half of the week; a child spends it, and half of what it has."""
    assert call(live.spend, 1000, 0, 0, 400, 5000, 0.5, 0.5, flags, 0b10) == spent


@pytest.mark.parametrize(
    ("debt", "arrears", "repaid"),
    [(0, 0, 0), (-5, 0, 0), (1, 0, 1), (99, 0, 99), (100, 0, 1), (199, 0, 1), (200, 0, 2), (720_000, 0, 7200), (720_000, 1, 0), (1, 1, 0)],
)
def test_a_hundredth_of_a_debt_is_repaid_a_week_and_crumbs_at_once(debt, arrears, repaid):
    assert call(live.repay, debt, arrears, 0.01) == repaid


@given(debt=st.integers(0, 2_000_000), weekly=shares)
def test_nobody_repays_more_than_is_owed(debt, weekly):
    repaid = call(live.repay, debt, 0, weekly)
    assert 0 <= repaid <= debt
    assert (repaid > 0) == (debt > 0)


@pytest.mark.parametrize(("favoured", "arrears", "due"), [(0, 0, 2000), (1, 0, 1000), (0, 1, 0), (1, 1, 0)])
def test_interest_runs_at_the_agreed_rate_and_stops_in_arrears(favoured, arrears, due):
    assert call(live.interest, 100_000, favoured, arrears, 0.02, 0.01) == due
    assert call(live.interest, 0, favoured, arrears, 0.02, 0.01) == 0


SHORT = 4 * 7 * 1000  # what one must have on 1,000 fen a day so as not to be short of money


@pytest.mark.parametrize(
    ("arrears", "debt", "after"),
    [(0, 1, (1, 1)), (0, 0, (0, 0)), (0, -1, (0, 0)), (1, 1, (1, 0)), (7, 1, (7, 0)), (7, 0, (7, 0))],
    ids=["a debtor", "nobody's debtor", "overpaid", "stopped already", "long ago", "paid since"],
)
def test_payments_stop_once_and_only_where_there_is_a_debt(arrears, debt, after):
    assert call(live.stops, arrears, debt) == after


BEHIND = {"loan_cure": 0.25, "loan_settled": 26, "loan_loss": 0.5, "short_days": 28, "income": 1000}


@pytest.mark.parametrize(
    ("arrears", "wealth", "debt", "cured", "after"),
    [
        (0, SHORT, 9, 1.0, (0, 0, 0)),  # who pays is not behind
        (5, SHORT, 0, 1.0, (0, 0, 0)),  # nor who owes nothing any more
        (5, SHORT, -9, 1.0, (0, 0, 0)),
        (1, SHORT, 9, 0.25, (2, 0, 0)),
        (1, SHORT - 1, 9, 0.0, (2, 0, 0)),  # out of money there is no starting again
        (25, SHORT, 9, 0.25, (26, 0, 0)),
        (26, SHORT, 9, 0.25, (0, 4, -4)),  # in the end half is given up; the odd fen is owed on
        (26, SHORT - 1, 9, 0.0, (0, 4, -4)),
        (27, SHORT - 1, 9, 0.0, (0, 4, -4)),
        (26, SHORT, 1, 0.25, (0, 0, 0)),
    ],
)
def test_who_is_behind_starts_again_waits_or_settles(arrears, wealth, debt, cured, after):
    given = BEHIND | {"arrears": arrears, "wealth": wealth, "debt": debt}
    assert chance(lambda luck: call(live.behind, luck, **given)[0] == 0 and call(live.behind, luck, **given)[1] == 0) == pytest.approx(
        1.0 if after == (0, 0, 0) else cured, abs=3e-10 if after == (0, 0, 0) else 2e-7
    )
    assert call(live.behind, LAST, **given) == after


@given(arrears=st.integers(0, 40), wealth=purses, debt=st.integers(0, 2_000_000), luck=lucks, loss=shares)
def test_what_the_bank_gives_up_is_what_the_borrower_owes_less(arrears, wealth, debt, luck, loss):
    """Conservation, and nobody's debt is given up before its time."""
    weeks, lost, change = (int(x) for x in call(live.behind, luck, arrears, debt, wealth, **BEHIND | {"loan_loss": loss}))
    assert lost == -change
    assert 0 <= lost <= debt
    assert lost == 0 or (arrears >= 26 and weeks == 0)


def test_a_great_income_is_weighed_beyond_32_bits():
    rich = BEHIND | {"arrears": 1, "income": 2 * 10**8, "debt": 1, "loan_cure": 1.0}
    assert call(live.behind, 0, wealth=28 * 2 * 10**8 - 1, **rich) == (2, 0, 0)
    assert call(live.behind, 0, wealth=28 * 2 * 10**8, **rich) == (0, 0, 0)


CLAIM = {"income": 100, "court_claim": 90}


@pytest.mark.parametrize(
    ("act", "judged", "arrears", "debt", "wealth", "answer"),
    [
        (0, 1, 3, 500, 1000, (1000, 0, 3, 0, 0)),  # another act
        (1, 1, 3, 500, 1000, (1000, 0, 3, 0, 0)),  # one that brings a judgment
        (2, 0, 3, 500, 1000, (1000, 0, 3, 0, 0)),  # no judgment stands
        (2, 1, 3, 500, 0, (0, 0, 3, 0, 0)),  # there is no money
        (2, 1, 3, 500, -7, (-7, 0, 3, 0, 0)),
        (2, 1, 3, 500, 1000, (500, -500, 0, 500, 0)),
        (2, 1, 3, 500, 499, (0, -499, 0, 499, 0)),  # as far as the money goes
        (2, 1, 3, 500, 1, (0, -1, 0, 1, 0)),
        (2, 1, 3, 0, 20_000, (11_000, 0, 3, 0, 9000)),  # no debt: another's claim of 90 days
        (2, 1, 0, 500, 20_000, (11_000, 0, 0, 0, 9000)),  # the loan is being paid: another's claim
        (2, 1, 0, 500, 8_999, (0, 0, 0, 0, 8_999)),
    ],
)
def test_who_fulfils_a_judgment_pays_the_loan_or_the_claim_as_far_as_the_money_goes(act, judged, arrears, debt, wealth, answer):
    assert call(live.fulfils, act, judged, arrears, debt, wealth, **CLAIM) == answer


@given(act=st.integers(0, 2), judged=st.integers(0, 1), arrears=st.integers(0, 30), debt=st.integers(0, 2_000_000), wealth=purses)
def test_what_is_paid_on_a_judgment_leaves_the_purse_and_the_debt(act, judged, arrears, debt, wealth):
    left, change, _, bank, others = (int(x) for x in call(live.fulfils, act, judged, arrears, debt, wealth, **CLAIM))
    assert left + bank + others == wealth
    assert change == -bank
    assert min(bank, others) == 0
    assert left >= min(0, wealth)


def test_a_claim_on_a_great_income_is_weighed_beyond_32_bits():
    assert call(live.fulfils, 2, 1, 0, 0, 10**9, 2 * 10**8, 90) == (0, 0, 0, 0, 10**9)


@pytest.mark.parametrize(
    ("job", "wants", "after"),
    [(OUTSIDE, 1, 7), (JOBLESS, 1, 50), (ORDINARY, 1, 7), (PRESTIGE, 1, 7), (OUTSIDE, 2, 7), (JOBLESS, 2, 7), (ORDINARY, 2, 50), (PRESTIGE, 2, 50)],
)
def test_work_is_new_from_the_day_it_is_found_changed_or_lost(job, wants, after):
    assert call(live.new_job_on, job, wants, 50, 7) == after


@given(wealth=purses, amount=fens)
def test_what_leaves_the_purse_is_what_is_paid(wealth, amount):
    left, paid = call(live.pays, wealth, amount)
    assert (left + int(paid), paid) == (wealth, amount)


@given(wealth=purses, amount=fens)
def test_what_comes_into_the_purse_is_what_is_received(wealth, amount):
    there, received = call(live.receives, wealth, amount)
    assert (there - int(received), received) == (wealth, amount)
    assert call(live.pays, there, amount) == (wealth, amount)  # what came and went leaves all as it was


@given(wealth=purses, debt=fens, week=fens, spent=fens, repaid=fens, interest=fens)
def test_a_weeks_accounts_add_up_to_the_fen(wealth, debt, week, spent, repaid, interest):
    after, owed = call(live.settle, wealth, debt, week, spent, repaid, interest)
    assert after == wealth + week - spent - repaid - interest
    assert owed == debt - repaid


# ---- names that are published


NAMES = 4
"""The bit of a consequence that publishes names."""


@pytest.mark.parametrize("settle", [0, 1 / 512, 0.25, 1])
def test_the_named_settle_a_small_debt_with_exactly_the_chance_of_a_week(settle):
    assert chance(lambda luck: 1 - call(live.shamed, 1, NAMES, NAMES, 0, 0, 1, 500, luck, 500, settle)) == pytest.approx(settle, abs=2e-7)


@pytest.mark.parametrize("published", [0, 0.25, 0.5])
def test_the_threat_moves_as_much_less_as_names_are_published_less(published):
    checks = int(published * 2**32)
    assert chance(lambda luck: 1 - call(live.shamed, 0, NAMES, NAMES, 1, checks, 1, 500, luck, 500, 0.25)) == pytest.approx(0.25 * published, abs=2e-7)


@given(named=st.integers(0, 1), mask=masks, knows=st.integers(0, 1), arrears=st.integers(0, 200), debt=fens, luck=lucks, small=fens, settle=shares)
def test_only_those_who_may_be_named_and_owe_little_begin_to_pay_again_and_nobody_stops(named, mask, knows, arrears, debt, luck, small, settle):
    after = call(live.shamed, named, mask, NAMES, knows, LAST, arrears, debt, luck, small, settle)
    assert after in (0, arrears)
    if debt > small or not (named or (knows and mask & NAMES)):
        assert after == arrears


@pytest.mark.parametrize(("debt", "after"), [(0, 0), (499, 0), (500, 0), (501, 9)])
def test_a_debt_on_the_line_is_small(debt, after):
    shamed = lambda named, mask, knows, luck: call(live.shamed, named, mask, NAMES, knows, LAST, 9, debt, luck, 500, 0.5)  # noqa: E731
    assert shamed(1, NAMES, 0, 0) == shamed(0, NAMES, 1, 0) == after
    assert shamed(0, NAMES, 0, 0) == shamed(0, 3, 1, 0) == shamed(1, NAMES, 1, LAST) == 9
