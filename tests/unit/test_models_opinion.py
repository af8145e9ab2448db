"""DeGroot, Friedkin-Johnsen and Hegselmann-Krause: runs against the figures worked out here in another way."""

import numpy as np
import pytest

from glasshouse.model import simulate
from glasshouse.models import degroot, friedkin_johnsen, hegselmann_krause

MODELS = (degroot, friedkin_johnsen, hegselmann_krause)


@pytest.mark.parametrize("row", [row for model in MODELS for row in model.ROWS], ids=lambda row: row.name)
def test_a_row_is_as_published(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance, rel=0)


@pytest.mark.parametrize("module", MODELS, ids=lambda m: m.MODEL.name)
def test_compiled_and_uncompiled_give_the_same_bits(module):
    citizens = 40 if module is hegselmann_krause else 3
    arms = module.ARMS | ({"drawn": {"drawn": 1}} if module is hegselmann_krause else {})
    asked = {"citizens": citizens, "days": 4, "seed": 3, "arms": arms}
    assert simulate(module.MODEL, **asked).digest == simulate(module.MODEL, **asked, reference=True).digest


# ---- the oracles


def test_what_is_expected_of_degroot_is_what_its_matrix_says():
    weights = np.array(degroot.MODEL.number("weights").value)
    values, vectors = np.linalg.eig(weights.T)
    order = np.argsort(-values.real)
    influence = vectors[:, order[0]].real / vectors[:, order[0]].real.sum()
    expected = (influence @ degroot.MODEL.number("said_first").value, influence[0], influence[1], values.real[order[1]])
    assert [row.expected for row in degroot.ROWS] == pytest.approx(expected, abs=1e-12)


def test_what_is_expected_of_friedkin_and_johnsen_is_the_solution_of_their_equation():
    said, openness, weights = (np.array(friedkin_johnsen.MODEL.number(n).value) for n in ("said_first", "openness", "weights"))
    solved = np.linalg.solve(np.eye(3) - openness[:, None] * weights, (1 - openness) * said)
    assert [row.expected for row in friedkin_johnsen.ROWS] == pytest.approx(solved, abs=1e-12)


def in_numpy(opinion: np.ndarray, confidence: float, days: int) -> np.ndarray:
    for _ in range(days):
        near = np.abs(opinion[:, None] - opinion) <= confidence + 1e-12
        opinion = near @ opinion / near.sum(1)
    return opinion


@pytest.mark.parametrize("width", [0.05, 0.15, 0.18, 0.25])
def test_what_is_expected_of_hegselmann_and_krause_is_what_numpy_finds(width):
    """Whole matrices in numpy, summed in another order."""
    found = in_numpy((np.arange(1000) + 0.5) / 1000, width, 20)
    assert hegselmann_krause.camps(found) == hegselmann_krause.CAMPS[width]
    mine = hegselmann_krause.grid().state["opinion"][list(hegselmann_krause.CAMPS).index(width)]
    assert np.abs(found - mine).max() < 1e-9
    assert hegselmann_krause.camps(mine) == hegselmann_krause.CAMPS[width], "all sizes, not the lowest and the middle only"


# ---- directions and boundaries


def test_who_is_all_open_agrees_and_who_is_all_closed_never_moves():
    published, open_, closed = friedkin_johnsen.settled().state["opinion"]
    assert np.ptp(open_) < 1e-12 < 0.1 < np.ptp(published) < 1
    assert closed.tolist() == [0.0, 0.5, 1.0]


def test_without_confidence_nobody_moves_and_with_all_of_it_all_agree_at_once():
    run = simulate(hegselmann_krause.MODEL, citizens=50, days=1, drawn=1, arms={"none": {"confidence": 0}, "all": {"confidence": 1}})
    none, all_ = run.state["opinion"]
    assert len(set(none.tolist())) == 50
    assert run.totals["moved"].tolist() == [[0, 50]]
    assert np.ptp(all_) == 0
    assert all_[0] == pytest.approx(none.mean(), abs=1e-12)


def test_drawn_opinions_are_of_luck_and_the_evenly_spaced_are_not():
    asked = {"citizens": 50, "days": 1, "confidence": 0}
    first = [simulate(hegselmann_krause.MODEL, **asked, seed=seed, drawn=drawn).digest for drawn in (0, 1) for seed in (1, 2)]
    assert first[0] == first[1]
    assert len(set(first)) == 3
