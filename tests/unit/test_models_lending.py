"""Lending that is not static: the first day and the loans to everybody worked out here, the bank's share by trying all."""

import numpy as np
import pytest

from glasshouse.model import simulate
from glasshouse.models.equal_opportunity import reached, sound
from glasshouse.models.lending import ARMS, CHANCES, FIGURES, MODEL, OF_BOTH, ROWS, TOWNS, UP_TO, run_of

PI = np.array(CHANCES)
START = np.diff(UP_TO, prepend=0) / 100  # groups x scores
HALF = np.uint64(100)


def scores_of(counts) -> np.ndarray:
    return np.concatenate([np.repeat(np.arange(7), group) for group in counts]).astype(np.uint8)


def lent_at(counts, share: float) -> np.ndarray:
    """How many of a group have a loan at each score when so large a share of the sound have one, the best first."""
    would = counts * PI
    above = np.append(np.cumsum(would[::-1])[::-1][1:], 0)
    return counts * np.clip((share * would.sum() - above) / np.where(would > 0, would, 1), 0, 1)


def profit_at(counts, share: float) -> float:
    return sum((lent_at(group, share) * (2 * PI - 1)).sum() for group in np.asarray(counts))


@pytest.mark.parametrize("seed", range(6))
def test_the_bank_reaches_the_share_that_pays_most_of_all_shares(seed):
    counts = np.random.default_rng(seed).multinomial(100, np.random.default_rng(seed).dirichlet([0.7] * 7), 2)
    found = float(reached(scores_of(counts), np.uint64(0), HALF, PI))
    best = max(profit_at(counts, share) for share in np.linspace(0, 1, 5001))
    assert profit_at(counts, found) >= best - 1e-9
    assert float(sound(scores_of(counts), HALF, HALF, np.int32(3), PI)) == pytest.approx((counts[1] * PI)[3:].sum())


def test_nobody_who_would_cost_the_bank_has_a_loan_and_all_have_one_where_all_pay():
    poor, rich = np.array([[100, 0, 0, 0, 0, 0, 0]] * 2), np.array([[0, 0, 0, 0, 0, 0, 100]] * 2)
    assert reached(scores_of(poor), np.uint64(0), HALF, PI) == 0
    assert reached(scores_of(rich), np.uint64(0), HALF, PI) == pytest.approx(1)


def test_the_rows_expect_what_the_tables_give():
    would = START * PI
    share = float(reached(scores_of((START * 100).round().astype(int)), np.uint64(0), HALF, PI))
    served = np.array([lent_at(group, share) for group in START])
    assert list(FIGURES["equal, scores stay", "loans"][0:4:2]) == pytest.approx(list(10_000 * served.sum(1)), abs=0.01)
    assert list(FIGURES["equal, scores stay", "of the sound, with a loan"][0:4:2]) == pytest.approx([share] * 2, abs=1e-5)
    assert (served[1] / START[1].clip(1e-9))[2] == pytest.approx(0.7274, abs=5e-5)
    above = list(would[:, 3:].sum(1) / would.sum(1))
    assert list(FIGURES["profit, scores stay", "of the sound, with a loan"][0:4:2]) == pytest.approx(above, abs=1e-5)
    assert OF_BOTH["equal, scores stay", "profit a day"][0] == pytest.approx((served * (2 * PI - 1)).sum() / 2, abs=1e-5)
    rest = np.cumprod([1, *(PI[:-1] / (1 - PI[1:]))])  # as many rise from a score as fall to it
    rest /= rest.sum()
    assert OF_BOTH["all", "with the lowest score"][0] == pytest.approx(rest[0], abs=1e-5)
    assert OF_BOTH["all", "chance of repaying"][0] == pytest.approx((rest * PI).sum(), abs=1e-5)


@pytest.mark.parametrize("row", [row for row in ROWS if not row.name.startswith("all")], ids=lambda row: row.name)
def test_the_rows(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance)


def test_what_the_rows_may_be_off_by_is_four_standard_errors():
    """Of two means over thirty towns where the expected figure is one itself."""
    for (arm, what), of in FIGURES.items():
        allowed = 4 * run_of(arm)[what].std(0, ddof=1) * (((1 if "stay" in arm else 2) / TOWNS) ** 0.5)
        assert list(of[1:4:2]) == pytest.approx(list(allowed), rel=0.6), (arm, what)


def test_equal_opportunity_lends_more_to_the_second_group_and_leaves_it_further_behind():
    profit, equal = run_of("profit"), run_of("equal")
    assert equal["loans"][:, 1].mean() > profit["loans"][:, 1].mean()
    apart = [-np.diff(left["chance of repaying"].mean(0))[0] for left in (profit, equal)]
    assert apart[1] > apart[0] > 0
    assert (equal["chance of repaying"].mean(0) < (START * PI).sum(1)).all()
    assert equal["profit a day"].mean() > profit["profit a day"].mean()


def test_the_first_scores_are_those_of_the_tables_and_stay_where_loans_move_none():
    for arm in ("equal, scores stay", "profit, scores stay"):
        assert np.allclose(run_of(arm)["chance of repaying"], (START * PI).sum(1), atol=1e-12)


def test_who_is_sound_with_just_the_least_chance_has_no_loan():
    run = simulate(MODEL, citizens=2000, days=3000, least=CHANCES[4], move=0)
    assert {score for score in range(7) if run.state["loans"][0][run.state["score"][0] == score].any()} == {5}


def test_one_loan_a_town_and_day_moves_one_score_by_one():
    before, after = (simulate(MODEL, citizens=1000, days=days, arms={"all": ARMS["all"]}).state for days in (7, 8))
    assert (after["loans"] - before["loans"]).reshape(5, 200).sum(1).tolist() == [1] * 5
    moved = after["score"].astype(int) - before["score"]
    up = after["repaid"] - before["repaid"]
    assert ((moved == 1) <= (up == 1)).all()
    assert np.abs(moved).sum() <= 5


def test_compiled_and_uncompiled_give_the_same_bits():
    asked = {"citizens": 40, "days": 12, "many": 20, "arms": ARMS, "up_to": ((1, 2, 3, 5, 7, 10, 10), (2, 3, 5, 8, 9, 10, 10))}
    assert simulate(MODEL, **asked).digest == simulate(MODEL, **asked, reference=True).digest
