"""The leading eight in private, against the same rules written apart with other luck, and the compiled run against the uncompiled."""

import numpy as np
import pytest

from glasshouse.model import simulate
from glasshouse.models.norms import NORMS
from glasshouse.models.private_images import ARMS, EIGHT, MODEL, PUBLISHED, ROWS, helped

MANY = 20


def apart(norm: str, error: float, seen: float, communities: int, days: int) -> np.ndarray:
    """Whether one helped: (days, communities), by tables of who thinks what of whom."""
    approves, helps = (np.array(table) for table in NORMS[norm])
    luck, each = np.random.default_rng(11), np.arange(communities)
    good = np.ones((communities, MANY, MANY), int)
    out = np.zeros((days, communities), int)
    for day in range(days):
        donor = luck.integers(MANY, size=communities)
        recipient = (donor + luck.integers(1, MANY, size=communities)) % MANY
        out[day] = helps[2 * good[each, donor, donor] + good[each, donor, recipient]]
        there = luck.random((communities, MANY)) < seen
        there[each, donor] = there[each, recipient] = True
        taken = out[day][:, None] ^ (luck.random((communities, MANY)) < error)
        anew = approves[2 * (2 * good[each, :, donor] + good[each, :, recipient]) + taken]
        good[each, :, donor] = np.where(there, anew, good[each, :, donor])
    return out


@pytest.mark.parametrize("norm", ["L1", "L2", "L5", "L6", "L7"])
def test_help_is_as_frequent_as_by_the_same_rules_written_apart(norm):
    communities, days, before = 300, 1500, 500
    oracle = apart(norm, 0.05, 0.9, communities, days)[before:].mean(0)
    arms = {norm: ARMS[norm, 0.05]}
    run = simulate(MODEL, citizens=MANY * communities, days=days, arms=arms, many=MANY)
    share = run.totals["helped"][before:].mean() / communities
    assert share == pytest.approx(oracle.mean(), abs=4 * (2 / communities) ** 0.5 * oracle.std())


def test_the_rows_at_the_published_length():
    for row in ROWS:
        assert row.measure() == pytest.approx(row.expected, abs=row.tolerance), row.name
    assert set(helped()) == set(ARMS)
    for error in PUBLISHED:
        assert helped()["L8", error] == 0
        assert helped()["L6", error] == pytest.approx(0.5, abs=0.002)


def test_one_who_sees_all_and_mistakes_nothing_helps_always():
    for asked in ({"error": 0.0}, {"error": 0.0, "seen": 0.0}):
        run = simulate(MODEL, citizens=200, days=500, arms={norm: ARMS[norm, 0.05] | {"error": 0.0} for norm in EIGHT}, **asked)
        assert (run.totals["helped"] == 4).all()


def test_nobody_but_the_two_who_meet_learns_where_nobody_else_sees():
    run = simulate(MODEL, citizens=500, days=1, error=1.0, seen=0.0)
    lost = np.array([50 - bin(int(images) & 2**50 - 1).count("1") for images in run.state["images"][0]])
    assert lost.reshape(10, 50).sum(1).tolist() == [2] * 10
    assert lost.max() == 1


def test_what_others_see_matters():
    arms = {seen: {} for seen in ("all", "few")}
    often = simulate(MODEL, citizens=5000, days=4000, arms=arms, seen=1.0).totals["helped"][2000:].mean()
    seldom = simulate(MODEL, citizens=5000, days=4000, arms=arms, seen=0.3).totals["helped"][2000:].mean()
    assert often > seldom + 5


def test_compiled_and_uncompiled_give_the_same_bits():
    asked = {"citizens": 60, "days": 30, "arms": {norm: ARMS[norm, 0.05] for norm in ("L1", "L8")}, "many": 20, "error": 0.3, "seen": 0.5}
    assert simulate(MODEL, **asked).digest == simulate(MODEL, **asked, reference=True).digest
