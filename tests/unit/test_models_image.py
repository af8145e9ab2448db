"""The image game: beside its closed forms, at the edges, and the same bits uncompiled."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

from glasshouse.model import simulate
from glasshouse.models import bundling, image_game
from glasshouse.models.image_game import CITIZENS, MODEL, NORMAL, acting


@pytest.mark.parametrize("row", [*image_game.ROWS, *bundling.ROWS], ids=lambda row: row.name)
def test_each_row_agrees(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance)


@pytest.mark.parametrize(("publicity", "cost"), [(0.0, 0.5), (0.3, 0.9), (0.8, 0.7), (0.1, 0.2)])
def test_evenly_spread_wills_do_good_from_cost_less_half_the_publicity(publicity, cost):
    assert acting(publicity, cost) == pytest.approx(1 - cost + publicity / 2, abs=1.1 / CITIZENS)


def bar_and_error(publicity: float, cost: float) -> tuple[float, float]:
    """From which will one does good when wills are normal, and the standard error of the share who do, by its influence function."""
    above, below = lambda v: norm.pdf(v) / norm.sf(v), lambda v: -norm.pdf(v) / norm.cdf(v)  # means of both sides
    bar = brentq(lambda v: v - cost + publicity * (above(v) - below(v)), -5, 5)
    share, high, low = norm.sf(bar), above(bar), below(bar)
    steep = high * (high - bar) - low * (low - bar)  # of the gap between the means, by the bar

    def moves(x: float) -> float:
        gap = (x - high) / share if x > bar else -(x - low) / (1 - share)
        return (x > bar) - share + norm.pdf(bar) * publicity * gap / (1 + publicity * steep)

    parts = [quad(lambda x: moves(x) ** 2 * norm.pdf(x), *ends)[0] for ends in ((-8, bar), (bar, 8))]
    return bar, float(np.sqrt(sum(parts) / CITIZENS))


@pytest.mark.parametrize(("publicity", "cost"), [(0.0, 0.5), (0.2, 0.5), (0.4, 0.5), (0.4, 1.0)])
def test_normal_rows_are_expected_where_will_and_image_make_up_for_the_cost(publicity, cost):
    bar, error = bar_and_error(publicity, cost)
    row = next(r for r in image_game.ROWS if r.name == f"doing good, publicity {publicity}, cost {cost}, normal")
    assert row.expected == pytest.approx(norm.sf(bar), abs=6e-5)
    assert row.tolerance == pytest.approx(4 * error, abs=6e-5)


def test_publicity_brings_out_good_deeds_up_to_everybody():
    shares = [acting(p, 0.7) for p in (0, 0.3, 0.6, 0.9, 1.2, 1.4, 1.8)]
    assert all(a < b for a, b in pairwise(shares[:-1]))
    assert shares[-2:] == [1, 1]
    assert acting(0.0, 1.5) == 0


@pytest.mark.parametrize("model", [MODEL, NORMAL, bundling.MODEL], ids=lambda model: model.name)
def test_compiled_and_uncompiled_give_the_same_bits(model):
    other = {"bundling": 0.7, "guilt": 0.1, "strong": 0.1} if model is bundling.MODEL else {"cost": 1.0}
    asked = {"citizens": 1200, "days": 4, "arms": {"a": {}, "b": {"publicity": 0.9, **other}}}
    fast = simulate(model, **asked)
    assert fast.digest == simulate(model, **asked, reference=True).digest == simulate(model, **asked, threads=2).digest


# ---- bundling


def fixed(share: float, bundling: float, strong: float = 0.0, guilt: float = 0.0, most_zeal: float = 0.4) -> dict[str, float]:
    """Where the bundled game comes to rest, of infinitely many: thresholds of will in closed form, zeal and worth on a fine grid."""
    zeal, cost, publicity = most_zeal, 0.7, 0.8
    zeals, worths = ((np.arange(many) + 0.5) / many for many in (400, 401))
    dissent = np.maximum(0, zeal * zeals[:, None] - guilt * worths[None, :]).ravel() if guilt else zeal * zeals
    by_grade, known, graded = (1 - strong) * bundling, 0.5, 0.5
    for _ in range(60):
        bar = cost - publicity * (1 - by_grade) * known
        silent = dissent <= publicity * by_grade * graded
        least = bar - publicity * by_grade * graded
        loyal, others = (np.clip(x, 0, 1) for x in (least, np.where(silent, least + dissent, bar)))
        done = [(1 - share) * part(loyal) + share * part(others).mean() for part in (lambda x: 1 - x, lambda x: (1 - x * x) / 2)]
        fine = [(1 - share) * part(loyal) + share * (part(others) * silent).mean() for part in (lambda x: 1 - x, lambda x: (1 - x * x) / 2)]
        known, graded = (will / many - (0.5 - will) / (1 - many) for many, will in (done, fine))
    dissents = 1 - float(np.where(dissent <= 0, 1, np.where(silent, 1 - others, 0)).mean())
    return {"good": done[0], "dissent": dissents, "image": known, "kept": 1 - guilt * dissents}


@pytest.mark.parametrize(("name", "expected", "error", "what", "numbers"), bundling.FIGURES)
def test_rows_of_the_bundled_game_are_expected_where_it_comes_to_rest(name, expected, error, what, numbers):
    assert expected == pytest.approx(fixed(**{"share": 0.2, "bundling": 0.0} | numbers)[what], abs=6e-4)


def test_without_bundling_guilt_silences_those_whose_friend_is_worth_more_than_dissent():
    """Zeal up to 0.4 and worth up to 1, each alike: of dissidents 1 - guilt / 0.8 dissent; friends drop the share `guilt` of them."""
    for guilt in (0.2, 0.4):
        assert fixed(0.2, 0.0, guilt=guilt)["dissent"] == pytest.approx(1 - guilt / 0.8, abs=2e-3)
    assert bundling.after("dissent", guilt=0.0) == bundling.after("kept", guilt=0.0) == 1


def test_bundling_lowers_dissent_and_the_image_of_good_deeds_the_less_the_more_people_know_one():
    effects = [1 - bundling.after("dissent", share=0.2, bundling=1.0, strong=strong) for strong in (0.0, 0.5, 0.9, 1.0)]
    assert all(a > b for a, b in pairwise(effects))
    assert effects[-1] == 0
    assert bundling.after("image", share=0.2, bundling=1.0) < bundling.after("image", share=0.2, bundling=0.0)


def test_the_best_weight_falls_with_the_share_of_dissidents_if_each_ones_silence_counts_and_does_not_if_all_dissent_counts():
    """The claim hangs on what the state wants: with good deeds less all dissent, it bundles however many dissent."""

    def wanted(share: float, weight: float) -> float:
        rest = fixed(share, weight)
        return rest["good"] - bundling.SILENCE * rest["dissent"]

    def all_dissent(share: float, weight: float) -> float:
        rest = fixed(share, weight)
        return rest["good"] - share * rest["dissent"]

    shares = (0.05, 0.2, 0.4, 0.6)
    best = [[max(bundling.WEIGHTS, key=lambda weight: want(share, weight)) for share in shares] for want in (wanted, all_dissent)]
    assert best[0] == [row.expected for row in bundling.ROWS[-4:]] == [1, 1, 0, 0]
    assert best[1] == [1, 1, 1, 1]
