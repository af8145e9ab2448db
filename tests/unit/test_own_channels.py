"""A channel of one's own stands behind the six, so that nothing of a run without it moves; what cannot be one is told."""

import pytest
from tests.contracts.test_docs import DOCS, files_of

from glasshouse.day import CHANNELS, fields, model
from glasshouse.regimes.compile import compile_regime
from glasshouse.regimes.kinds import kinds_of_catalogue
from glasshouse.scenarios import check, load


@pytest.fixture
def written(tmp_path):
    """The file of the page, to be changed."""
    (text,) = files_of(DOCS / "how-to-add-a-channel.md").values()
    path = tmp_path / "joined.toml"

    def write(old: str = "", new: str = ""):
        assert old in text
        path.write_text(text.replace(old, new) if old else text)
        return path

    return write


def test_it_stands_behind_the_six_with_its_acts_and_its_false_records(written):
    question = load(written())
    kinds = kinds_of_catalogue(question.catalogue)
    assert kinds.known == (*CHANNELS, "health")
    assert kinds.names[-1] == "false_health"
    assert [kinds.names[k] for k in kinds.of_channel("health")] == ["misses_checkup"]
    rule = compile_regime(question.regimes["joined"], question.regimes, question.catalogue, kinds, question.start)
    assert rule["kind_seen"][kinds.number("misses_checkup")].min() > 0
    assert rule["kind_false_as"][kinds.number("false_health")] == kinds.number("misses_checkup")
    assert rule["daily_seen"].shape == (len(CHANNELS), 2), "nothing is done there every day"
    (written().parent / "again.toml").write_text(question.resolved_toml())
    assert load(written().parent / "again.toml") == question


def test_a_day_with_seven_has_the_same_steps_and_more_places_for_what_a_year_counts():
    six, seven = ({f.name: f.many for f in fields(n)} for n in (6, 7))
    assert {name for name in six if six[name] != seven[name]} == {"year_acts", "year_points", "year_records", "year_received"}
    assert fields() == fields(len(CHANNELS))
    assert [type(item) for item in model(channels=7).chain] == [type(item) for item in model().chain]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("channels.health", "channels.civic", "key `channels.civic`: is one of the channels that every run has: give yours another name"),
        ('channel = "health"', 'channel = "civic"', "key `channels.health`: no act comes from this channel: nothing would be seen there"),
        ("watch.health.", "watch.heath.", "key `regime.joined.watch.heath`: there is no channel `heath`; did you mean `health`?"),
        ('channel = "health"', 'channel = "heath"', "acts.misses_checkup.channel`: there is no channel `heath`; did you mean `health`?"),
    ],
)
def test_what_cannot_be_a_channel_is_told(written, old, new, said):
    assert any(said in str(fault) for fault in check(written(old, new)))
