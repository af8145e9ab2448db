"""Schelling on a ring: runs against a closed form, and against one pair after another in plain Python."""

import numpy as np
import pytest

from glasshouse.model import simulate
from glasshouse.models.schelling import MODEL, ROWS, settled


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_is_as_expected(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance, rel=0)


@pytest.mark.parametrize("near", [1, 3])
def test_compiled_and_uncompiled_give_the_same_bits(near):
    asked = {"citizens": 41, "days": 6, "seed": 3, "arms": {"half": {"near": near}, "most": {"near": near, "wanted": 0.7}}}
    run = simulate(MODEL, **asked)
    assert run.digest == simulate(MODEL, **asked, reference=True).digest
    assert run.totals["moves"].sum() > 0


# ---- the oracles


def moves_of_a_stretch(most: int) -> list[float]:
    """Of 0, 1, 2, ... lone ones side by side, how many move: who moves first contents both neighbours, and two stretches are left."""
    found = [0.0, 1.0]
    for many in range(2, most):
        found.append(1 + 2 / many * sum(found[: many - 1]))
    return found


def test_what_is_expected_in_the_end_is_what_stretches_of_lone_ones_leave():
    """Of m lone ones side by side there are 2**-(m + 3) a place, and each who moves takes two borders away."""
    left = 0.5 - 2 * sum(2.0 ** -(many + 3) * moves for many, moves in enumerate(moves_of_a_stretch(60)))
    assert left == pytest.approx(1 / (2 * np.e), abs=1e-12)
    assert ROWS[1].expected == pytest.approx(left, abs=5e-6)


def one_after_another(places: int, seed: int) -> float:
    """Borders a place, when two unlike lone ones drawn at random change places, until one kind has none."""
    luck = np.random.default_rng(seed)
    kind = luck.integers(0, 2, places)
    while True:
        lone = (kind != np.roll(kind, 1)) & (kind != np.roll(kind, -1))
        first, second = (np.flatnonzero(lone & (kind == one)) for one in (0, 1))
        if not len(first) or not len(second):
            return float((kind != np.roll(kind, 1)).mean())
        kind[luck.choice(first)], kind[luck.choice(second)] = 1, 0


def test_pairs_at_once_leave_what_pairs_one_after_another_leave():
    """Both leave a few borders more than the closed form, the fewer the longer the ring."""
    alone = np.array([one_after_another(2000, seed) for seed in range(12)])
    together = np.array([simulate(MODEL, citizens=2000, days=1500, seed=seed).totals["borders"][-1, 0] / 2000 for seed in range(1, 13)])
    error = 4 * np.hypot(alone.std(ddof=1), together.std(ddof=1)) / np.sqrt(12)
    assert together.mean() == pytest.approx(alone.mean(), abs=error)
    assert error < 0.02


# ---- directions and boundaries


def test_in_the_end_no_two_unlike_are_discontent_but_for_a_few():
    first, last = (settled().totals["restless"][day, 0] for day in (0, -1))
    assert last < first / 100


def test_nobody_moves_who_wants_nothing_nor_where_all_are_alike():
    run = simulate(MODEL, citizens=500, days=20, arms={"wants nothing": {"wanted": 0}, "all alike": {"ones": 0, "wanted": 1}})
    assert (run.totals["moves"] == 0).all()


def test_who_looks_further_lives_among_more_of_the_same_and_the_length_of_the_ring_does_not_matter():
    runs = {near: 5000 / simulate(MODEL, citizens=5000, days=600, near=near).totals["borders"][-1, 0] for near in (1, 2, 4)}
    assert 4 < runs[1] < runs[2] < runs[4]
    longer = 20_000 / simulate(MODEL, citizens=20_000, days=600, near=4).totals["borders"][-1, 0]
    assert longer == pytest.approx(runs[4], rel=0.15)
