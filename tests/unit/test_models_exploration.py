"""Exploration and return: runs against the exact chain of places known, and against another simulation."""

import numpy as np
import pytest

from glasshouse.model import simulate
from glasshouse.models.exploration import MODEL, ROWS


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_as_expected(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance, rel=0)


def test_compiled_and_uncompiled_give_the_same_bits():
    asked = {"citizens": 30, "days": 40, "seed": 3, "arms": {"usual": {}, "bold": {"explores": 0.9}}}
    assert simulate(MODEL, **asked).digest == simulate(MODEL, **asked, reference=True).digest


# ---- the oracles


def known(moves: int) -> tuple[float, float]:
    """Mean and standard deviation of the places known: with s of them one finds another with chance 0.6 x s**-0.21."""
    s = np.arange(1, moves + 2)
    finds, share = 0.6 * s**-0.21, np.zeros(moves + 1)
    share[0] = 1
    for _ in range(moves):
        share = share * (1 - finds) + np.concatenate([[0], (share * finds)[:-1]])
    mean = share @ s
    return mean, np.sqrt(share @ s**2 - mean**2)


def among(moves: int, people: int) -> np.ndarray:
    """The share of each one's top place: places are drawn by weight, as they are visited."""
    luck = np.random.default_rng(17)
    visits, places, everybody = np.zeros((people, moves + 1)), np.ones(people, int), np.arange(people)
    visits[:, 0] = 1
    for _ in range(moves):
        weights = visits[:, : places.max()].cumsum(1)
        back = (weights < luck.random((people, 1)) * weights[:, -1:]).sum(1)
        new = luck.random(people) < 0.6 * places**-0.21
        visits[everybody, np.where(new, places, back)] += 1
        places += new
    return visits.max(1) / (moves + 1)


@pytest.mark.parametrize(("row", "moves", "published"), [(ROWS[0], 100, 34.5), (ROWS[1], 1000, 231.4)])
def test_what_is_expected_of_places_is_the_exact_mean_and_near_the_published_formula(row, moves, published):
    mean, deviation = known(moves)
    assert row.expected == pytest.approx(mean, abs=0.005)
    assert row.tolerance == pytest.approx(4 * deviation / np.sqrt(4000), rel=0.02)
    assert (1.21 * 0.6 * moves) ** (1 / 1.21) == pytest.approx(published, abs=0.05)
    assert published == pytest.approx(mean, rel=0.02)


@pytest.mark.parametrize(("row", "moves", "people"), [(ROWS[2], 100, 4000), (ROWS[3], 1000, 400)])
def test_what_is_expected_of_the_top_place_is_what_numpy_finds(row, moves, people):
    share = among(moves, people)
    assert row.expected == pytest.approx(share.mean(), abs=4 * share.std() / np.sqrt(people))


# ---- directions and boundaries


def test_who_never_explores_stays_and_who_always_does_never_returns_while_there_is_room():
    run = simulate(MODEL, citizens=5, days=1010, arms={"never": {"explores": 0}, "always": {"explores": 1, "slows": 0}})
    assert run.state["places"].tolist() == [[1] * 5, [1001] * 5]
    assert run.state["most"][0].tolist() == [1011] * 5
    assert (run.state["visits"].sum(1) == 1011).all()
    assert run.state["visits"][1].min() == 1


def test_places_are_numbered_as_they_are_found_and_every_kept_move_is_a_visit():
    state = simulate(MODEL, citizens=200, days=300).state
    history, visits = state["history"][0], state["visits"][0]
    for citizen in range(200):
        there = history[:301, citizen]
        assert np.array_equal(np.bincount(there, minlength=1001), visits[:, citizen])
        assert visits[: state["places"][0, citizen], citizen].min() >= 1
        assert state["most"][0, citizen] == visits[:, citizen].max()
    assert (np.diff(np.maximum.accumulate(history[:301], 0), axis=0) <= 1).all()


def test_who_tires_of_new_places_sooner_knows_fewer():
    places = simulate(MODEL, citizens=500, days=200, arms={f"{s}": {"slows": s} for s in (0.0, 0.21, 0.6)}).state["places"].mean(1)
    assert places[0] > places[1] > places[2]
