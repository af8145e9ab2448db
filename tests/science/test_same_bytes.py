"""The same seed gives the same bytes, whoever computes them and whatever runs beside."""

import numpy as np
import pytest
from tests.science.helpers import question, ran, same

from glasshouse.engine import state

pytestmark = pytest.mark.slow

SIZE = dict(citizens=5000, days=400)


@pytest.fixture(scope="module")
def alone():
    """The essay's regime by itself, on one thread."""
    return ran(question("essay", **SIZE))


@pytest.fixture(scope="module")
def beside():
    """The same beside all other kinds of regime, on two threads."""
    return ran(question("none", "essay", "platform", "lottery", "exampleland", **SIZE), threads=2)


@pytest.mark.parametrize("threads", [2, 3, 64])
def test_any_number_of_threads_gives_the_bytes_of_one(alone, threads):
    """Final state, daily measures, sums and the log of changes do not depend on who stepped which tile."""
    again = ran(question("essay", **SIZE), threads)
    assert again.digest("essay") == alone.digest("essay")
    assert same(alone, again, "essay", "essay") == []
    assert all(map(np.array_equal, alone.kept.changes[0], again.kept.changes[0]))


def test_a_regime_alone_is_the_regime_beside_others(alone, beside):
    """The digest of a regime does not depend on which others ran."""
    assert beside.digest("essay") == alone.digest("essay")
    for name in ("none", "platform", "exampleland"):
        assert ran(question(name, **SIZE)).digest(name) == beside.digest(name)


def test_a_lot_alone_with_the_regime_it_copies_is_the_lot_beside_others(beside):
    """A lot needs the regime it copies, and nothing else; in whichever order they are named."""
    assert ran(question("lottery", "essay", **SIZE)).digest("lottery") == beside.digest("lottery")


def test_a_name_is_not_part_of_a_regime(alone):
    """The same rules under another name give the same lives."""
    from tests.science.helpers import regime

    renamed = ran(question("none", regime("essay", "another_name"), **SIZE))
    assert renamed.digest("another_name") == alone.digest("essay")


def test_another_seed_is_another_society(alone):
    """Seeds matter: neither the lives nor the digest are those of seed 1."""
    other = ran(question("essay", seed=2, **SIZE))
    assert other.digest("essay") != alone.digest("essay")
    assert not np.array_equal(other.state("wealth", "essay"), alone.state("wealth", "essay"))


def test_more_followed_citizens_change_nothing_but_who_is_followed(alone):
    """The panel is a note of what happens and no part of it."""
    followed = ran(question("essay", panel=500, **SIZE))
    assert same(alone, followed, "essay", "essay") == ["followed"]
    assert followed.state("followed").sum() == 500
    assert np.array_equal(followed.kept.daily, alone.kept.daily)


def test_the_first_days_do_not_know_how_long_the_run_will_be(alone):
    """A shorter run is the beginning of a longer one."""
    short = ran(question("essay", citizens=SIZE["citizens"], days=200))
    assert np.array_equal(short.kept.daily, alone.kept.daily[:200])
    assert np.array_equal(short.kept.sums, alone.kept.sums[:200])


@pytest.mark.parametrize("tile", [512, 2048, 4096])
def test_the_size_of_a_tile_changes_no_byte(monkeypatch, tile):
    """Weekly blocks come round in every tile, however many of them it holds."""
    scenario = question("none", "essay", citizens=5000, days=60)
    usual = ran(scenario).digest("essay")
    monkeypatch.setattr(state, "TILE", tile)
    assert ran(scenario).digest("essay") == usual
