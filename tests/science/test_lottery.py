"""The lot: the same penalties and rewards, as many days of each, handed out among the same people without looking."""

from collections import Counter

import numpy as np
import pytest
from tests.science.helpers import BEGINS, question, ran, regime

SIZE = dict(citizens=5000, days=400)
PARTIAL = dict(citizens=4500, days=120)
"""A community that is not full."""


@pytest.fixture(scope="module", params=[SIZE, PARTIAL], ids=["full", "partial"])
def run(request):
    """The essay's regime and a lot beside it."""
    return ran(question("essay", "lottery", **request.param))


def test_as_many_days_of_each_as_beside_a_day_later(run):
    """Per consequence: as many people are under it by lot on a day as were under it the day before beside, exactly, but for the lots of the dead of the night."""
    essay, lot = run.force("essay"), run.force("lottery")
    assert set(essay.bits) == set(lot.bits)
    some = 0
    for name in essay.bits:
        beside, drawn = essay.by_day(name, "in_force"), lot.by_day(name, "in_force")
        lost = beside[:-1] - drawn[1:]
        assert ((lost >= 0) & (lost <= run.daily("lottery", "deaths")[1:])).all(), name
        assert (lost > 0).sum() < 0.02 * len(lost)
        assert drawn[: BEGINS + 1].sum() == 0
        some += drawn.sum()
    assert some > 1000


def test_the_lot_falls_on_the_covered_alone(run):
    """Nobody whom the regime beside does not cover is ever drawn; of those who have died since nothing can be said here."""
    ever = np.zeros(run.society.state.citizens, bool)
    ever[np.unique(run.force("lottery").slot)] = True
    last = run.covered("essay")
    alive = run.living(len(run.kept.daily) - 1)
    assert not (ever & alive & ~last).any()
    assert run.daily("lottery", "deaths").sum() > 0
    assert (run.state("mask", "lottery")[~last] == 0).all()


def test_the_lot_is_blind_to_conduct(run):
    """Those under a penalty by lot behave on average as everybody does, those under it by score do not: points on file, in standard errors."""
    covered = run.covered("essay")
    file = run.state("on_file", "essay").astype(float)[covered]
    z = {}
    for name in ("essay", "lottery"):
        under = (run.state("mask", name)[covered] & np.uint32(int(run.society.rule["penalties"][run.number("essay")]))) > 0
        assert under.sum() > 20
        z[name] = (file[under].mean() - file.mean()) / (file.std() / np.sqrt(under.sum()))
    assert z["essay"] < -8
    assert abs(z["lottery"]) < 4


def test_each_drawn_mask_is_somebodys_of_the_same_community(run):
    """Community by community the masks drawn are those borne beside the day before, each once."""
    first, later = [], []

    def each(society, day):
        first.append(society.state.row("mask", society.names.index("essay")).copy())
        later.append(society.state.row("mask", society.names.index("lottery")).copy())

    size = run.society.state.citizens
    deaths = ran(question("essay", "lottery", citizens=size, days=80), each=each).daily("lottery", "deaths")
    for day in range(BEGINS, 79):
        for a in range(0, size, 4096):
            block = slice(a, min(size, a + 4096))
            borne, drawn = (Counter(masks[block][masks[block] != 0].tolist()) for masks in (first[day], later[day + 1]))
            assert drawn <= borne
            assert (borne - drawn).total() <= deaths[day + 1]


def test_the_clean_account_of_the_lot_is_that_of_the_regime_beside():
    """What would be deserved is the same under the lot, a day later at most: so its false days show what punishing at random does."""
    run = ran(question("essay", "lottery", citizens=3000, days=200))
    for name in run.force("essay").bits:
        beside, lot = (run.force(n).by_day(name, "clean") for n in ("essay", "lottery"))
        assert np.array_equal(lot, beside) or np.array_equal(lot[1:], beside[:-1])


def test_a_lot_beside_nothing_is_a_fault():
    """A lot without the regime that it copies is refused."""
    with pytest.raises(AssertionError, match="lots"):
        question(regime("lottery"), citizens=100, days=10)
