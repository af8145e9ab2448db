"""game: who buys the points up to a cut, at what price, for how long they count, and who bears what."""

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import LAST, call, given, lucks

from glasshouse.rules import game

BUYER = dict(knows=1, tested=7, visible=LAST, short=5, held_points=0, most_bought=10, own_price=5000, income=10_000, wealth=10**6, game_worth=1.0)


@pytest.mark.parametrize(("changed", "buys"), [
    ({}, 1), ({"knows": 0}, 0), ({"visible": 0}, 0), ({"short": 0}, 0), ({"short": 11}, 0), ({"short": 10}, 1), ({"held_points": 1}, 0),
    ({"wealth": 4999}, 0), ({"wealth": 5000}, 1), ({"own_price": 10_000}, 1), ({"own_price": 10_001}, 0), ({"income": 4999}, 0),
])  # fmt: skip
def test_who_buys(changed, buys):
    assert call(game.buys, **BUYER | changed) == buys


@pytest.mark.parametrize(("day", "held"), [(100, 0), (101, 6), (130, 6), (131, 0)])
def test_what_is_bought_counts_from_the_next_day_and_for_its_term(day, held):
    assert call(game.held, 6, 100, day, 30) == held
    assert call(game.counted, 4, held) == 4 + held


def test_the_price_is_of_the_points_that_one_is_short_of_and_the_office_pays_its_share():
    """Worked by hand: 5 points at 20 yuan, half of it paid below 50 yuan a day."""
    assert call(game.price_of, 5, 4999, 2000, 5000, 0.5) == (5000, 5000)
    assert call(game.price_of, 5, 5000, 2000, 5000, 0.5) == (10_000, 0)
    assert call(game.price_of, 0, 100, 2000, 5000, 0.5) == (0, 0)
    assert call(game.bears, 5000, 2000) == (5000, 250), "two days and a half of 20 yuan"
    assert call(game.bears, 5000, 0) == (5000, 500_000)


@given(st.integers(0, 40), st.integers(1, 100_000), st.integers(0, 10_000), lucks)
def test_what_oneself_and_the_office_pay_is_the_price(short, income, price, luck):
    own, office = call(game.price_of, short, income, price, 5000, (luck >> 8) / (1 << 24))
    assert own + office == short * price
    assert min(own, office) >= 0


@pytest.mark.parametrize(("covered", "score", "held", "short"), [(1, 100, 0, 5), (1, 105, 0, 0), (1, 105, 5, 5), (1, 120, 5, 0), (0, 100, 0, 0)])
def test_how_far_one_is_from_the_cut_by_oneself(covered, score, held, short):
    assert call(game.short_of, covered, score, held, 105) == short


@pytest.mark.parametrize(("covered", "clean", "score", "qualifies", "passes"), [(1, 105, 90, 1, 0), (1, 104, 105, 0, 1), (1, 104, 104, 0, 0), (1, 105, 105, 1, 0), (0, 110, 110, 0, 0), (0, 100, 110, 0, 0)])
def test_who_qualifies_and_who_passes_without(covered, clean, score, qualifies, passes):
    assert call(game.qualifies, covered, clean, 105) == qualifies
    assert call(game.passes_unqualified, covered, clean, score, 105) == passes
