"""proportionality on a society of three acts and two penalties, prices whose ends a hand works out, and the summary of a run."""

import polars as pl
import pytest

from glasshouse.audits.proportionality import PRICES, PROPORTIONALITY
from glasshouse.catalogue.schema import MECHANISMS

NUMBERS = {  # value, low, high
    "acts.jaywalks.gravity": (1, 0.5, 2), "acts.steals.gravity": (8, 6, 10), "acts.lies.gravity": (3, 1, 7), "consequences.ban.weight": (2, 1, 4),
    "consequences.inn.weight": (1, 0.5, 3), "life.rail.fare": (200, 100, 300), "life.air.fare": (800, 600, 900), "life.air.refund": (0.5, 0, 1),
    "life.hotel.plain": (150, 100, 200), "life.hotel.night": (350, 300, 400),
}  # fmt: skip
PLAIN = """
[acts.jaywalks]
lawful = false
[acts.steals]
lawful = false
[acts.lies]
lawful = true
[consequences.ban]
mechanism = "air_boarding"
[consequences.inn]
mechanism = "hotel"
[consequences.named]
mechanism = "naming"
"""


def toml(**changed) -> str:
    """The scenario by hand: a block for each number."""
    numbers = NUMBERS | {"consequences.named.weight": (0, 0, 1)} | {name.replace("__", "."): value for name, value in changed.items()}
    block = '[{}]\nabout = "a"\nunit = "u"\nstatus = "assumed"\nsource = "s"\nvalue = {}\nrange = [{}, {}]\n'
    return PLAIN + "".join(block.format(path, *number) for path, number in numbers.items())


DAILY = {"own:jaywalks": 8, "received:jaywalks": 1, "false_record:jaywalks": 1, "points:jaywalks": -50, "own:steals": 5, "points:steals": -50, "own:lies": 4,
         "points:lies": -4, "own:helps": 9, "points:helps": 9, "fen:ban": 10 * 40_000 - 4 * 60_000, "refused:ban": 10, "fen:inn": -3 * 20_000, "refused:inn": 6}  # fmt: skip
SPELLS = [("jaywalks", "ban", 0, 300), ("jaywalks", "ban", 300, None), ("steals", "ban", 0, 20), ("steals", "inn", 10, 40), (None, "inn", 0, 50)]


def society(by_hand, regimes=("first", "second"), spells=SPELLS, daily=DAILY, penalties=("ban", "inn"), **changed):
    """The regimes named, all alike."""
    rows = [(regime, n, name, start, end, act) for regime in regimes for n, (act, name, start, end) in enumerate(spells)]
    table = pl.DataFrame(rows, schema={"regime": pl.String, "citizen": pl.Int64, "consequence": pl.String, "start": pl.Int32, "end": pl.Int32, "act": pl.String}, orient="row")
    days = pl.DataFrame([(regime, m, v) for regime in regimes for m, v in daily.items()], schema=["regime", "measure", "value"], orient="row")
    return by_hand({"spells": table, "daily": days}, {regime: {"penalties": dict.fromkeys(penalties)} for regime in regimes}, toml(**changed))


def test_days_and_refusals_are_counted_first(by_hand, asked):
    found = asked(society(by_hand), PROPORTIONALITY, "second")
    assert [found[of] for of in ("days: ban", "days: inn", "refused: ban", "refused: inn")] == [420, 80, 10, 6]
    assert found["days a record: jaywalks"] == pytest.approx(400 / 10)
    assert found["days a record: steals"] == pytest.approx(50 / 5)
    assert found["days a record: lies"] == 0
    assert found["days a point of gravity: jaywalks"] == pytest.approx(40)
    assert found["days a point of gravity: steals"] == pytest.approx(10 / 8)
    assert "days a record: helps" not in found


def test_weights_are_carried_to_the_ends_of_their_ranges(by_hand, asked):
    found = asked(society(by_hand), PROPORTIONALITY, "second")
    assert found["weight a point of gravity"] == pytest.approx((420 * 2 + 80) / (10 + 40 + 12))
    assert found["weight a point of gravity, at least"] == pytest.approx((420 + 40) / (20 + 50 + 28))
    assert found["weight a point of gravity, at most"] == pytest.approx((420 * 4 + 240) / (5 + 30 + 4))


def test_gravity_orders_penalties_where_its_ranges_tell_acts_apart(by_hand, asked):
    """Only jaywalking and theft are told apart: the lighter brings more. Lies may be as light as the one or as grave as the other."""
    found = asked(society(by_hand), PROPORTIONALITY, "second")
    assert found["the lighter act brings more days"] == 1
    assert found["light acts: share of days"] == pytest.approx(400 / 450)
    assert found["light acts: share of records"] == pytest.approx(10 / 19)
    assert (found["lawful acts: share of days"], found["lawful acts: share of records"]) == (0, pytest.approx(4 / 19))
    assert asked(society(by_hand, acts__jaywalks__gravity=(1, 0.5, 7)), PROPORTIONALITY, "second")["the lighter act brings more days"] is None


def test_yuan_come_with_what_their_prices_allow_and_meeting_ranges_are_ties(by_hand, asked):
    """Ten turned away at the gate lose half of 800; four of them go by rail, 600 cheaper. Three nights at a plain inn are 200 cheaper each."""
    found = asked(society(by_hand), PROPORTIONALITY, "second")
    assert found["yuan: ban"] == pytest.approx(10 * 400 - 4 * 600)
    corners = [10 * air * (1 - refund) + 4 * (rail - air) for air in (600, 900) for refund in (0, 1) for rail in (100, 300)]
    assert [found["yuan at least: ban"], found["yuan at most: ban"]] == pytest.approx([min(corners), max(corners)])
    assert [found["yuan: inn"], found["yuan at least: inn"], found["yuan at most: inn"]] == pytest.approx([-600, -900, -300])
    assert (found["rank by yuan: ban"], found["rank by yuan: inn"]) == (1, 1)
    sure = asked(society(by_hand, life__air__refund=(0.5, 0.5, 0.5), life__air__fare=(800, 800, 800)), PROPORTIONALITY, "second")
    assert (sure["rank by yuan: ban"], sure["rank by yuan: inn"]) == (1, 2)


def test_of_what_has_no_price_no_money_is_counted(by_hand, asked):
    found = asked(society(by_hand, penalties=("named", "ban"), spells=[("lies", "named", 0, 9)]), PROPORTIONALITY, "second")
    assert (found["days: named"], found["yuan: named"], found["yuan at most: named"]) == (9, None, None)
    assert "rank by yuan: named" not in found
    assert found["days: ban"] == 0


def test_nobody_penalised_and_nothing_recorded_are_no_case(by_hand, asked):
    assert asked(society(by_hand, penalties=()), PROPORTIONALITY, "second") == {}
    found = asked(society(by_hand, spells=[], daily={"points:steals": 0}), PROPORTIONALITY, "second")
    assert (found["days: ban"], found["weight a point of gravity"], found["light acts: share of days"], found["the lighter act brings more days"]) == (0, None, None, None)


def test_longer_bans_for_a_light_act_are_found_and_the_same_rule_differs_by_nothing(by_hand, asked):
    plain = society(by_hand, ("first", "second", "again"))
    longer = pl.when((pl.col("regime") == "second") & (pl.col("act") == "jaywalks") & (pl.col("start") == 0)).then(pl.col("end") + 100).otherwise(pl.col("end"))
    plain.tables["spells"] = plain.spells.with_columns(end=longer)
    assert asked(plain, PROPORTIONALITY, "second", "difference")["days a record: jaywalks"] == pytest.approx(10)
    assert {number for number in asked(plain, PROPORTIONALITY, "again", "difference").values() if number is not None} == {0}


def test_every_price_belongs_to_a_penalty_that_there_is():
    assert set(PRICES) <= set(MECHANISMS["penalty"])


def test_of_a_run_it_says_what_the_summary_says(erring, asked):
    found, said = asked(erring, PROPORTIONALITY, "essay"), erring.summary["regimes"]["essay"]
    assert found["weight a point of gravity"] == pytest.approx(said["wrong"]["disproportion"])
    for name, penalty in said["penalties"].items():
        assert (found[f"days: {name}"], found[f"refused: {name}"]) == (penalty["citizen_days"], penalty["refused"])
        if found[f"yuan: {name}"] is None:
            assert penalty["fen"] == 0  # nothing that costs money is left without a price
        else:
            assert found[f"yuan: {name}"] == pytest.approx(penalty["fen"] / 100)
            assert found[f"yuan at least: {name}"] <= found[f"yuan: {name}"] + 1e-6 <= found[f"yuan at most: {name}"] + 2e-6
    assert asked(erring, PROPORTIONALITY, "none") == {}
