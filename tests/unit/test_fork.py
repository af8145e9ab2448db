"""A reform on a day: the same numbers until then, others from then on, and nothing else; what cannot be reformed is told."""

from datetime import date

import polars as pl
import pytest

import glasshouse as gh
from glasshouse.commands import comparing
from glasshouse.errors import BadInput
from glasshouse.scenarios import load, paths
from glasshouse.scenarios.fork import forked
from glasshouse.scenarios.loader import made_from

ON = date(2020, 7, 1)
KEY = "regime.exampleland.score.expiry"
NEW = "exampleland-from-2020-07-01"


def asked(**more):
    """A question of one regime."""
    return load("essay").with_(regimes=["exampleland"], **{"citizens": 300, "days": 300, "start": "2020-01-01", **more})


def test_the_other_future_differs_in_one_number_from_one_day_on():
    before = asked()
    after = forked(before, ON, {KEY: 3})
    assert [*after.regimes] == ["exampleland", NEW]
    other = f"regime.{NEW}.score.expiry"
    assert [after.at(other, day) for day in ("2020-01-01", "2020-06-30", "2020-07-01", "2020-12-31")] == [before.at(KEY), before.at(KEY), 3, 3]
    same = {key: value for key, value in after.values.items() if not key.startswith(f"regime.{NEW}.")}
    assert same == before.values, "the rule itself, people and prices stay"
    for key, value in after.values.items():
        if key.startswith(f"regime.{NEW}.") and key != other:
            assert value == before.values[key.replace(NEW, "exampleland")]


def test_a_number_that_has_dates_keeps_those_before_the_reform_and_loses_those_after():
    dated = asked()
    numbers = {"2020-01-01": 24, "2020-03-01": 12, "2020-09-01": 6}
    dated = made_from(paths.dated(dated.raw, KEY, numbers))
    after = forked(dated, ON, {KEY: 3})
    assert after.values[f"regime.{NEW}.score.expiry"].value == {"2020-01-01": 24, "2020-03-01": 12, "2020-07-01": 3}


def test_the_scenario_is_written_and_read_back_the_same(tmp_path):
    after = forked(asked(), ON, {KEY: 3})
    (tmp_path / "two.toml").write_text(after.resolved_toml())
    assert load(tmp_path / "two.toml") == after


@pytest.mark.parametrize(
    ("on", "then", "told"),
    [
        (date(2020, 1, 1), {KEY: 3}, "key `fork`: must be a day of the run after its first, 2020-01-01 to 2020-10-26, not 2020-01-01"),
        (date(2020, 10, 27), {KEY: 3}, "not 2020-10-27"),
        (ON, {}, "key `then`: needs the numbers"),
        (ON, {"life.air.fare": 900}, "key `life.air.fare`: is no number of a regime"),
        (ON, {"regime.exampleland.score.expiri": 3}, "did you mean `regime.exampleland.score.expiry`"),
        (ON, {"regime.exampleland.coverage.start": "2020-08-01"}, "is a day of coverage, which a reform cannot move"),
        (ON, {KEY: "soon"}, "must be a number, not `soon`"),
        (ON, {KEY: -4}, "makes no sense here"),
    ],
)
def test_what_cannot_be_reformed_is_told(on, then, told):
    with pytest.raises(BadInput) as fault:
        forked(asked(), on, then)
    assert told in str(fault.value)


def test_one_without_the_other_is_refused():
    with pytest.raises(BadInput, match="key `then`: a reform needs both"):
        gh.compare(["exampleland"], fork="2020-07-01")
    with pytest.raises(BadInput, match="key `fork`: a reform needs both"):
        gh.compare(["exampleland"], then={KEY: 3})


@pytest.mark.slow
def test_until_the_day_the_two_are_the_same_to_the_last_bit_and_then_they_are_not():
    run = gh.simulate(forked(asked(citizens=1500), ON, {"regime.exampleland.points.speeds": -90}))
    days = {name: run.daily.filter(pl.col("regime") == name).drop("regime") for name in run.summary["regimes"]}
    until = [frame.filter(pl.col("date") < ON) for frame in days.values()]
    since = [frame.filter(pl.col("date") >= ON) for frame in days.values()]
    assert until[0].height > 0
    assert until[0].equals(until[1])
    assert not since[0].equals(since[1])
    first = since[0].join(since[1], on=["day", "measure"], suffix="_reformed").filter(pl.col("value") != pl.col("value_reformed"))
    assert first["day"].min() >= (ON - date(2020, 1, 1)).days


@pytest.mark.slow
def test_a_reform_is_compared_with_the_rule_as_it_was():
    found = gh.compare(["exampleland"], fork="2020-07-01", then={KEY: 3}, seeds=2, citizens=300, days=250, start="2020-01-01")
    assert found.regimes == ["exampleland", NEW]
    line = comparing._line(found, ["exampleland"], start="2020-01-01", set=None, fork=ON, then={KEY: 3}, direct_only=False, redraw=False, audits=None)
    assert line == ("glasshouse compare exampleland --seeds 2 --citizens 300 --days 250 --seed 1 --start 2020-01-01 --fork 2020-07-01 "
                    "--then regime.exampleland.score.expiry=3")  # fmt: skip
