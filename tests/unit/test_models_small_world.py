"""Small worlds: runs against graphs of the same ties searched in numpy, and against graphs that numpy draws."""

from itertools import combinations

import numpy as np
import pytest

from glasshouse.engine.luck import key_of, words
from glasshouse.model import simulate
from glasshouse.models.small_world import ARMS, MODEL, ROWS, end, rings


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_as_expected(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance, rel=0)


ASKED = {"citizens": 70, "days": 30, "seed": 5, "half": 2, "arms": {name: ARMS[name] for name in ("away 0", "away 0.1", "away 1")}}


def test_compiled_and_uncompiled_give_the_same_bits():
    asked = ASKED | {"days": 3}
    assert simulate(MODEL, **asked).digest == simulate(MODEL, **asked, reference=True).digest


# ---- the oracles


def ends(citizens: int, half: int, away: float, seed: int) -> list[list[int]]:
    """Whom each is tied to, asked of everybody; twice where two ties lead to the same."""
    far, ways, *_ = words(np.uint64(0), np.uint32(0), np.uint32(1), np.uint64(key_of(seed, "small worlds.ties")))
    numbers = np.uint64(half), far, ways, np.float32(away)
    asked = [[int(end(np.uint64(s), np.uint64(citizens), np.uint64(k), *numbers)) for k in range(3 * half)] for s in range(citizens)]
    return [[other for other in others if other != slot] for slot, others in enumerate(asked)]


def ties(citizens: int, half: int, away: float, seed: int) -> np.ndarray:
    """Who is tied to whom: (citizens, citizens) bool."""
    tied = np.zeros((citizens, citizens), bool)
    for slot, others in enumerate(ends(citizens, half, away, seed)):
        tied[slot, others] = True
    return tied


def drawn(citizens: int, half: int, away: float, seed: int) -> np.ndarray:
    """A graph of the same recipe, with the luck and the shuffles of numpy."""
    luck, slots, tied = np.random.default_rng(seed), np.arange(citizens), np.zeros((citizens, citizens), bool)
    for step in range(1, half + 1):
        tied[slots, np.where(luck.random(citizens) < away, luck.permutation(citizens), (slots + step) % citizens)] = True
    np.fill_diagonal(tied, False)
    return tied | tied.T


def searched(tied: np.ndarray, sources: np.ndarray) -> tuple[float, float]:
    """Clustering, the mean of each one's own; and the mean distance from some to all others."""
    lines = tied.astype(np.float32)
    many = lines.sum(1)
    clustering = ((lines @ lines * lines).sum(1) / np.maximum(many * (many - 1), 1)).mean()
    reached, steps = np.eye(len(tied), dtype=bool)[:, sources], 0
    while not reached.all():
        steps += (~reached).sum()
        wider = reached | (lines @ reached > 0)
        assert (wider != reached).any(), "nobody is cut off"
        reached = wider
    return clustering, steps / len(sources) / (len(tied) - 1)


def test_a_run_measures_its_own_ties_as_a_search_does():
    run = simulate(MODEL, **ASKED)
    for arm, away in enumerate((0, 0.1, 1)):
        tied = ties(70, 2, away, 5)
        assert run.totals["missing"][-1, arm] == 0
        steps = 1 + run.totals["missing"][:, arm].sum() / (64 * 69)
        assert steps == pytest.approx(searched(tied, np.arange(64))[1], abs=1e-12)
        for slot, others in enumerate(ends(70, 2, away, 5)):
            pairs = [tied[a, b] for a, b in combinations(others, 2) if a != b]
            assert run.state["clustering"][arm, slot] == pytest.approx(np.mean(pairs), abs=1e-12)


@pytest.mark.parametrize("arm", [2, 3, 4])
def test_the_rings_are_as_those_that_numpy_draws(arm):
    away, sources = list(ARMS.values())[arm]["away"], np.arange(0, 1000, 16)
    others = np.array([searched(drawn(1000, 5, away, seed), sources) for seed in range(8)])
    for mine, theirs in zip(rings(), others.T, strict=True):
        error = np.hypot(mine[:, arm].std(ddof=1) / np.sqrt(20), theirs.std(ddof=1) / np.sqrt(8))
        assert mine[:, arm].mean() == pytest.approx(theirs.mean(), abs=4 * error)


# ---- directions and boundaries


@pytest.mark.parametrize("away", [0, 0.1, 1])
def test_ties_are_mutual_and_as_many_as_numpy_draws(away):
    mine, theirs = (np.array([make(200, 3, away, seed).sum() for seed in range(1, 9)]) for make in (ties, drawn))
    tied = ties(200, 3, away, 1)
    assert (tied == tied.T).all()
    assert tied.sum(1).max() <= 12
    assert mine.max() <= 2 * 3 * 200
    assert mine.mean() == pytest.approx(theirs.mean(), abs=4 * np.hypot(mine.std(ddof=1), theirs.std(ddof=1)) / np.sqrt(8))


def test_more_ties_that_lead_away_bring_all_nearer_and_part_friends_of_friends():
    clustering, distance = (measured.mean(0) for measured in rings())
    assert (np.diff(clustering) < 0).all()
    assert (np.diff(distance) < 0).all()
    assert distance[2] < distance[0] / 4
    assert clustering[2] > 0.9 * clustering[0], "near everybody, and still among friends"
