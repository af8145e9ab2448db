"""Delayed impact, against a bank that tries twenty thousand shares of a table that is made up, and the bits."""

import math

import numpy as np
import pytest

from glasshouse.model import simulate
from glasshouse.models import credit_tables, delayed_impact
from glasshouse.models.delayed_impact import ARMS, CHANCES, FIGURES, HALF, MODEL, POLICIES, ROWS, SCORES, UP_TO, moved

SHARES, PI, FIRST = np.diff(UP_TO, prepend=0), np.array(CHANCES), 0.12066905
MOVES = np.clip(np.array(SCORES) + 75 * PI - 150 * (1 - PI), 300, 850) - np.array(SCORES)
MADE_UP = [row for row in ROWS if "made up" in row.name]


def lent(weights: np.ndarray, reach: float) -> np.ndarray:
    """Which part of each score has a loan, the best first, when so much of the weight is reached."""
    above = np.append(np.cumsum(weights[::-1])[::-1][1:], 0)
    return np.clip((reach * weights.sum() - above) / weights, 0, 1)


def loans_of(policy: int, loss: float) -> np.ndarray:
    """groups x scores: the part that has a loan."""
    if policy == 0:
        return (loss / (1 + loss) <= PI).astype(float)
    weights = SHARES if policy == 1 else SHARES * PI
    brings = SHARES * (PI - (1 - PI) * loss) * np.array([[FIRST], [1 - FIRST]])
    plans = [np.array([lent(group, reach) for group in weights]) for reach in np.linspace(0, 1, 20_001)]
    return max(plans, key=lambda plan: (plan * brings).sum())


@pytest.mark.parametrize("arm", ARMS)
def test_the_rows_expect_what_the_best_of_twenty_thousand_shares_gives_and_allow_more_than_the_lots(arm):
    loans = loans_of(ARMS[arm].get("policy", 0), ARMS[arm]["loss"])
    assert FIGURES[arm][0] == pytest.approx((loans * SHARES * MOVES).sum(1)[0], abs=0.01)
    by_lot = (SHARES * loans * (1 - loans) * MOVES**2)[0].sum() / HALF
    assert 4 * by_lot**0.5 < 0.35


@pytest.mark.parametrize("row", MADE_UP, ids=lambda row: row.name)
def test_the_rows_of_the_table_that_is_made_up(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance)


def test_the_same_share_does_harm_where_the_same_share_of_the_sound_does_good():
    profit, share, sound = (moved("made up")[list(ARMS).index(f"{policy}, loss 4"), 0] for policy in POLICIES)
    assert share < 0 < sound < profit
    assert moved("made up")[list(ARMS).index("to all"), 0] < share


def test_without_a_folder_there_are_no_data_for_the_published_figures(monkeypatch):
    monkeypatch.delenv("GLASSHOUSE_CREDIT", raising=False)
    moved.cache_clear()
    assert all(math.isnan(row.measure()) for row in ROWS if "published" in row.name)


def test_tables_in_a_folder_are_read_as_they_are_published(tmp_path, monkeypatch):
    """A place in the order of scores becomes a score; of those who fail the table says how many, the model wants the others."""
    head = "Score,Non- Hispanic white,Black,Hispanic,Asian\n"
    (tmp_path / "transrisk_cdf_by_race_ssa.csv").write_text(head + "0,1,10,9,9\n2.1,40,70,9,9\n100,100,100,9,9\n")
    (tmp_path / "transrisk_performance_by_race_ssa.csv").write_text(head + "0,90,95,9,9\n2.1,50,60,9,9\n100,1,2,9,9\n")
    monkeypatch.setenv("GLASSHOUSE_CREDIT", str(tmp_path))
    found = credit_tables.published()
    assert found["scores"] == pytest.approx([300, 350, 850])
    assert found["up_to"] == pytest.approx(np.array([[0.1, 0.7, 1], [0.01, 0.4, 1]]))
    assert found["chances"] == pytest.approx(np.array([[0.05, 0.4, 0.98], [0.1, 0.5, 0.99]]))
    moved.cache_clear()
    given = next(row for row in ROWS if row.name == "most profit, loss 4, published table: group 1").measure()
    assert given == pytest.approx(0.3 * (850 - 850))  # the best only, who can rise no more
    to_all = next(row for row in ROWS if row.name == "to all, published table: group 1").measure()
    assert to_all == pytest.approx(0.6 * (300 - 350), abs=0.01)  # some lose more than there is, and the worst have nothing to lose
    moved.cache_clear()


def test_a_score_stays_between_the_lowest_and_the_highest_and_without_a_loan_as_it_is():
    at, none = np.float64(300), np.int32(0)
    chances = np.array([[0.0, 1.0]])
    for place, loan, expected in ((0, 1, 300), (1, 1, 375), (1, 0, 300)):
        after = delayed_impact.moves(at, none, np.int32(place), np.int32(loan), chances, np.float64(75), np.float64(150))
        assert after == expected


def test_people_have_the_scores_of_the_table_to_the_last_one():
    run = simulate(MODEL, citizens=200, days=1)
    for group in (0, 1):
        assert (np.bincount(run.state["place"][0][run.state["group"][0] == group]) / 100) == pytest.approx(SHARES[group])


def test_whoever_brings_just_no_loss_has_a_loan():
    run = simulate(MODEL, citizens=200, days=1, loss=3.0)  # a chance of 3/4 brings nothing, and the table has it
    assert run.totals["loans"][0, 0] == 40 + 94


def test_loans_are_counted_and_nobody_without_one_moves():
    run = simulate(MODEL, citizens=2000, days=1, arms=ARMS)
    moves = run.state["score"] != np.array(SCORES)[run.state["place"]]
    assert moves.sum(1).tolist() == run.totals["loans"][0].tolist()
    assert run.totals["loans"][0, list(ARMS).index("to all")] == 2000


def test_compiled_and_uncompiled_give_the_same_bits():
    asked = {"citizens": 60, "days": 1, "arms": ARMS}
    assert simulate(MODEL, **asked).digest == simulate(MODEL, **asked, reference=True).digest
