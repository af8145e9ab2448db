"""Shards in processes of their own, on a Ray cluster of this machine: the digest is that of one piece, also when one of them is killed."""

import os
import signal
import sys

import pytest
from tests.science.helpers import question

from glasshouse.errors import BadInput
from glasshouse.experiments.cluster import Cluster, started
from glasshouse.experiments.engines import in_cache
from glasshouse.experiments.simulate import simulate

SIZE = dict(citizens=9000, days=12, panel=5)


@pytest.fixture
def ray():
    """Ray, where it is installed; whatever a test leaves running is ended."""
    ray = pytest.importorskip("ray")
    yield ray
    ray.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize(("every", "back"), [(3, [6]), (None, [])])
def test_a_killed_shard_goes_on_from_its_checkpoint_and_the_digest_holds(ray, every, back):
    """One of three processes gets SIGKILL after day 8; digest and tables are those of one piece, from a checkpoint or without any."""
    scenario = question("essay", "judgment-defaulters", start="2020-01-01", **SIZE)
    alone = simulate(scenario, threads=1)
    with Cluster(scenario, "local", parts=3, threads=1, every=every) as crew:
        before, struck = crew.processes(), []

        def strikes(done, days, rate, note):
            if done >= 8 and not struck:
                struck.append(done)
                os.kill(before[1], signal.SIGKILL)

        run = simulate(scenario, crew=crew, progress=strikes)
        after = crew.processes()
        assert crew.losses == 1
        assert crew.gone_back == back
        assert [a == b for a, b in zip(before, after, strict=True)] == [True, False, True]
    assert run.summary["run"]["digest"] == alone.summary["run"]["digest"]
    assert all(run.tables[name].equals(table) for name, table in alone.tables.items())
    assert not ray.is_initialized()
    assert not [*in_cache("shards").glob(f"{crew.name}*")], "checkpoints are gone with the run"


@pytest.mark.slow
def test_an_address_at_which_nobody_answers(ray):
    with pytest.raises(BadInput, match=r"no Ray cluster at 127.0.0.1:9"):
        started("127.0.0.1:9")


def test_without_ray_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(BadInput, match=r"pip install 'glasshouse\[cluster\]'"):
        started("local")
