"""One population in several shards is the population in one piece: the same digests, tables and summary, and nothing undeclared crosses."""

import numpy as np
import pytest
from tests.science.helpers import question

from glasshouse.errors import BadInput
from glasshouse.experiments.meeting import CROSSES, Meeting
from glasshouse.experiments.shards import Threads
from glasshouse.experiments.simulate import simulate
from glasshouse.society import build, load_tables
from glasshouse.society.people import joined
from glasshouse.store import parquet

pytestmark = pytest.mark.slow

REGIMES = ("lottery", "essay", "judgment-defaulters", "bank-retrains", "opinions", "registry", "welfare-risk")
SIZE = dict(citizens=17_000, days=34, start="2020-01-01", panel=40)  # five communities, the last of them not full


def asked(regimes=REGIMES, **more):
    """A question in which everything that may cross does: the risk model is fitted when the first month is over."""
    return question(*regimes, **SIZE | more, set={"regime.welfare-risk.model.training": 1} if "welfare-risk" in regimes else {})


@pytest.fixture(scope="module")
def alone():
    """The run in one piece."""
    return simulate(asked(), threads=1)


def stated(summary: dict) -> dict:
    """A summary without how long it took."""
    return {name: part for name, part in summary.items() if name != "timing"}


@pytest.mark.parametrize("parts", [1, 2, 5])
def test_shards_leave_what_one_piece_leaves(alone, parts, tmp_path):
    """Digest, summary, and every byte of every table."""
    scenario = asked()
    crew = Threads(scenario, parts)
    run = simulate(scenario, crew=crew)
    assert run.summary["run"]["digest"] == alone.summary["run"]["digest"]
    assert stated(run.summary) == stated(alone.summary)
    for name, table in alone.tables.items():
        for of, rows in (("one", table), ("many", run.tables[name])):
            parquet.write(rows, tmp_path / of)
        assert (tmp_path / "one").read_bytes() == (tmp_path / "many").read_bytes(), name
    assert set(crew.table.crossed) == (set(CROSSES) if parts > 1 else set(CROSSES) - {"whole", "words", "totals", "seen", "keep"})
    for shard in crew.shards:
        held = shard.society.state.citizens
        assert sum(s.society.state.citizens for s in crew.shards) == SIZE["citizens"]
        state = shard.society.state
        assert all(state.columns[f.name].shape[-1] in (0, 1 + len(state.kept) if f.tally else held) for f in state.model.fields)


def test_shards_go_back_to_the_last_day_of_which_all_have_a_checkpoint(alone, tmp_path):
    """Days 18 and 27 are kept last, as the first shard wishes; one shard loses the later; from the earlier, digest and summary are the same."""
    scenario = asked()
    for lost in (False, True):
        crew = Threads(scenario, 2)
        for part, shard in enumerate(crew.shards):
            shard.place, shard.wishes = tmp_path / str(part), lambda done, part=part: part == 0 and (done + 1) % 9 == 0
        if not lost:
            crew.run()
            assert crew.ask("days") == [[18, 27], [18, 27]]
            next(tmp_path.glob("1/checkpoints/*27*")).write_bytes(b"cut short")
            continue
        assert crew.ask("days") == [[18, 27], [18]]
        crew.ask("go_back", 18)
        assert [shard.kept.done for shard in crew.shards] == [18, 18]
        run = simulate(scenario, crew=crew)
    assert run.summary["run"]["digest"] == alone.summary["run"]["digest"]
    assert stated(run.summary) == stated(alone.summary)
    assert all(run.tables[name].equals(table) for name, table in alone.tables.items())


def test_where_the_disk_refuses_shards_go_on_without_checkpoints(tmp_path):
    (tmp_path / "file").touch()
    scenario = asked(("none",), days=4)
    crew = Threads(scenario, 2)
    for shard in crew.shards:
        shard.place, shard.wishes = tmp_path / "file" / "0", lambda done: True
    assert simulate(scenario, crew=crew).summary["run"]["digest"] == simulate(scenario, threads=1).summary["run"]["digest"]
    assert crew.ask("days") == [[], []]


def test_everybody_has_what_all_published():
    """When a day is over every shard holds the words of everybody, and its own columns only."""
    crew = Threads(asked(("essay",), days=3), 2)
    crew.run()
    one, two = (shard.society.stepper.published for shard in crew.shards)
    assert np.array_equal(one, two)
    assert crew.table.crossed["words"] == 3 * 8 * SIZE["citizens"]


@pytest.mark.parametrize("name", ["words", "seen", "answers"])
def test_what_crosses_is_needed(name, monkeypatch):
    """If shards do not hear of each other what is declared to cross, they live on, and otherwise."""
    scenario = asked(("opinions",), days=16)
    told = stated(simulate(scenario, crew=Threads(scenario, 2)).summary)
    crew = Threads(scenario, 2)
    place = type(crew.shards[0].society.meet)
    hears = place.exchange

    def deaf(self, mine):
        found = hears(self, mine)
        if name in mine:
            own = mine[name]
            nothing = {n: np.zeros_like(c) for n, c in own.items()} if isinstance(own, dict) else np.zeros_like(own[:0] if name == "answers" else own)
            found[name] = [own if part == self.part else self.of_size(nothing, part) for part in range(self.parts)]
        return found

    def of_size(self, nothing, part):
        at = self.slots(scenario.citizens, part)
        fit = lambda array: array if name == "answers" else np.zeros((*array.shape[:-1], at.stop - at.start), array.dtype)  # noqa: E731
        return {n: fit(c) if c.size else c for n, c in nothing.items()} if isinstance(nothing, dict) else fit(nothing)

    monkeypatch.setattr(place, "exchange", deaf)
    monkeypatch.setattr(place, "of_size", of_size, raising=False)
    assert stated(simulate(scenario, crew=crew).summary) != told


def test_nothing_undeclared_crosses():
    with pytest.raises(KeyError, match="wealth"):
        Meeting()(wealth=np.zeros(3))


def test_an_error_in_one_shard_is_the_error_of_all(monkeypatch):
    """Nobody waits for a shard that has failed, and its own error is told."""
    crew = Threads(asked(("essay",), days=3), 2)
    monkeypatch.setattr(crew.shards[1].society, "pin", lambda day: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        crew.run()


@pytest.mark.parametrize(("citizens", "parts"), [(17_000, 6), (100, 2), (17_000, 0)])
def test_a_shard_has_a_community(citizens, parts):
    with pytest.raises(BadInput, match=f"1 to {-(-citizens // 4096)} shards"):
        Threads(question("none", citizens=citizens, days=1), parts)


def test_stretches_of_people_are_the_people():
    """Drawn apart and joined, with households that run on."""
    tables = load_tables("china-2019")
    parts = [build(tables, 10_000, 3, begin=begin, end=end) for begin, end in ((0, 1), (1, 3))]
    assert joined(parts).digest() == build(tables, 10_000, 3).digest()
