"""Published experiments on invented people: what is measured of the two arms, and what the files say."""

import math
import tomllib
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from glasshouse.audits.paired import mean_of
from glasshouse.catalogue import catalogue
from glasshouse.errors import BadInput
from glasshouse.experiments import fixed, trials
from glasshouse.experiments.trials import (
    HERE,
    TRIALS,
    acts_of,
    change,
    people_who_did,
    table,
    times_after_the_first,
    times_done,
    trial,
    who_is_behind,
)
from glasshouse.scenarios import check, load


class Told:
    """A run of which only the panel, the days and the length are asked."""

    def __init__(self, days=1000, done=(), counted=()):
        self.panel = pl.DataFrame([(c, d, "act", a) for c, d, a in done], schema={"citizen": pl.Int64, "day": pl.Int32, "event": pl.String, "act": pl.String}, orient="row")
        self.daily = pl.DataFrame(list(counted), schema={"day": pl.Int32, "measure": pl.String, "value": pl.Int64}, orient="row")
        self.summary = {"run": {"days": days}}


@pytest.mark.parametrize(("control", "treated", "by"), [(20, 16, -0.2), (20, 20, 0), (20, 30, 0.5), (4, 0, -1)])
def test_a_change_is_told_beside_the_control(control, treated, by):
    assert change(control, treated) == pytest.approx(by)


def test_times_are_counted_from_the_first_day_to_the_day_before_the_last():
    control = Told(counted=[(9, "acts:a", 100), (10, "acts:a", 4), (19, "acts:a", 6), (20, "acts:a", 100), (15, "acts:b", 50)])
    treated = Told(counted=[(9, "acts:a", 100), (10, "acts:a", 3), (19, "acts:a", 5), (20, "acts:a", 100)])
    assert times_done("a", 10, 20)(control, treated) == pytest.approx(-0.2)


def test_people_are_counted_once():
    control = Told(done=[(1, 10, "a"), (1, 11, "a"), (2, 19, "a"), (3, 20, "a"), (4, 9, "a"), (5, 15, "b")])
    treated = Told(done=[(1, 10, "a"), (1, 12, "a")])
    assert people_who_did("a", 10, 20)(control, treated) == pytest.approx(-0.5)
    assert acts_of(control, "b").rows() == [(5, 15)]


def test_what_comes_after_the_first_counts_for_so_many_days_and_only_where_the_run_leaves_them():
    control = Told(days=100, done=[(1, 10, "a"), (1, 11, "a"), (1, 40, "a"), (1, 41, "a"), (2, 69, "a"), (2, 99, "a"), (3, 70, "a"), (3, 71, "a")])
    treated = Told(days=100, done=[(1, 10, "a"), (1, 40, "a"), (1, 41, "a"), (2, 69, "a"), (3, 70, "a"), (3, 71, "a")])
    # of citizens 1 and 2 (3 began too late): three later acts in 30 days in the one arm, one in the other
    assert times_after_the_first("a", 30)(control, treated) == pytest.approx((1 / 2 - 3 / 2) / (3 / 2))


@pytest.mark.parametrize(("small", "by"), [(True, -0.5), (False, 0)])
def test_the_small_debts_in_arrears_are_those_of_the_last_year_of_the_living(small, by):
    def told(*arrears):
        rows = [(2020, True, debt, weeks) for debt, weeks in zip((100, 17_000, 16_999, 17_001, 90_000), arrears, strict=True)]
        rows += [(2019, True, 100, 9), (2020, False, 100, 9), (2020, True, 0, 0)]
        run = Told()
        run.citizens = pl.DataFrame(rows, schema=["year", "living", "debt", "arrears"], orient="row")
        return run

    assert who_is_behind(small)(told(1, 3, 0, 5, 0), told(0, 3, 0, 5, 0)) == pytest.approx(by)


@pytest.mark.parametrize("name", TRIALS)
def test_each_experiment_has_a_scenario_and_its_published_figure_lies_among_its_readings(name):
    found = TRIALS[name]
    assert check(HERE / f"{name}.toml") == []
    assert found.low <= found.published <= found.high < 0
    scenario = load(HERE / f"{name}.toml")
    assert scenario.days > 100
    assert found.control.keys() == found.treated.keys()
    assert scenario.with_(set=found.control) != scenario.with_(set=found.treated)


def test_points_of_the_study_on_naming_fit_its_villages_and_per_cents_do_not():
    """With n borrowers a village 1 - (1 - p)^n have somebody late: 79.5 % at p = 0.152 gives n; after it 60.9 % (points) or 64.7 % (per cent)."""
    n = 0
    while 1 - (1 - 0.152) ** n < 0.795:
        n += 0.01
    points, percent = (1 - (1 - p) ** n for p in (0.152 - 0.056, 0.152 * (1 - 0.056)))
    assert abs(points - 0.609) < 0.02
    assert abs(percent - 0.647) > 0.1


def test_an_unknown_experiment_is_refused_with_the_nearest():
    with pytest.raises(BadInput, match="did you mean `bu_liao`"):
        trial("bu_lia")


def test_the_table_has_a_row_an_experiment(monkeypatch):
    monkeypatch.setattr(trials, "simulate", lambda scenario: Told(counted=[(100, "acts:searches_sensitive", 100 if scenario.at("regime.rule.awareness.start") == 0 else 80)]))
    rows = table([trial("penney", 500, (1, 2))]).splitlines()
    assert len(rows) == 3
    assert rows[2] == "| penney | −20.0 % (−25.0 % to −5.0 % by other readings) | −20.0 % (−20.0 % to −20.0 %) | range, 2 seeds of 500 |"


# ---- what the experiments fix, and the switches that are shown side by side


def fake(elasticity):
    """A trial whose effect is a product of powers of the numbers set, with a little that differs by seed."""
    from glasshouse.experiments import jacobian

    plain = load("essay")

    def done(name, citizens, seeds, numbers=None):
        size = math.prod((new / float(plain.at(n))) ** elasticity[name].get(n, 0.0) for n, new in (numbers or {}).items())
        return trials.Result(TRIALS[name], 100, tuple(-0.2 * size * (1 + 0.001 * seed) for seed in seeds), mean_of([0.0]))

    return jacobian, done


def test_powers_rank_and_numbers_that_are_alike_are_read_off(monkeypatch):
    powers = {"penney": {"responses.chilling.size": 0.9, "families.curiosity.expression": 0.9, "responses.compliance.base": 0.2},
              "homonoff": {"responses.compliance.base": 0.6, "families.credit.habit": 1.0}, "bu_liao": {}, "dusek_traxler": {"responses.caught.size": 1.0}}  # fmt: skip
    jacobian, done = fake(powers)
    monkeypatch.setattr(jacobian, "trial", done)
    found = jacobian.answers()
    assert found.matrix() == pytest.approx(np.array([[powers[e].get(n, 0.0) for n in found.numbers] for e in found.experiments]))
    assert found.rank == 3
    assert found.alike() == [("responses.chilling.size", "families.curiosity.expression")]
    assert fixed.product(found, "homonoff", "`") == "`families.credit.habit`^1.00 x `responses.compliance.base`^0.60"
    assert fixed.product(found, "bu_liao") == ""
    assert "Rank 3 of 13 numbers" in jacobian.tables(found)


def test_the_page_has_what_is_kept_for_the_ledger():
    from glasshouse.experiments.jacobian import tables

    page = Path(__file__).parents[2] / "docs" / "experiments.md"
    assert tables(fixed.kept()) in page.read_text(), "python -m glasshouse.experiments.jacobian --write prints it"


def test_what_is_written_for_the_ledger_is_what_it_reads(monkeypatch, tmp_path):
    """What was found, through the file: who fixes a number and in which product, who was moved in vain, who was not moved."""
    powers = {"penney": {"responses.chilling.size": 0.9, "families.curiosity.expression": 0.9}, "homonoff": {"responses.chilling.size": -0.3}, "bu_liao": {},
              "dusek_traxler": {"responses.caught.size": 1.0, "responses.caught.holds": 0.5}}  # fmt: skip
    jacobian, done = fake(powers)
    monkeypatch.setattr(jacobian, "trial", done)
    monkeypatch.setattr(jacobian, "digest", lambda name: f"of {name}")
    for module in (jacobian, fixed):
        monkeypatch.setattr(module, "FILE", tmp_path / "fixed.toml")
    fixed.kept.cache_clear()
    assert (fixed.fixed_by("responses.caught.size"), fixed.not_apart("responses.caught.size")) == (None, None)  # before it was first written
    jacobian.main(["--citizens", "100", "--seeds", "2", "--write"])
    fixed.kept.cache_clear()
    try:
        assert fixed.kept().matrix() == pytest.approx(jacobian.answers().matrix(), abs=1e-4)
        assert fixed.fixed_by("responses.chilling.size") == (
            "penney: responses.chilling.size^0.90 x families.curiosity.expression^0.90; homonoff: responses.chilling.size^−0.30"
        )
        assert (fixed.not_apart("responses.chilling.size"), fixed.not_apart("responses.caught.size")) == (None, "responses.caught.holds")
        assert fixed.fixed_by("life.loan.cure") == "none of penney, homonoff, bu_liao, dusek_traxler"
        assert fixed.fixed_by("life.air.fare") is None
        written = tomllib.loads((tmp_path / "fixed.toml").read_text())["experiments"]
        assert {name: (part["citizens"], part["seeds"], part["digest"]) for name, part in written.items()} == {name: (100, 2, f"of {name}") for name in TRIALS}
    finally:
        fixed.kept.cache_clear()


@pytest.mark.parametrize(("slopes", "is_told"), [((0.3, 0.4), True), ((0.3, -0.1), False), ((0.04, 0.04), False), ((-0.2, -0.3), True)])
def test_an_elasticity_that_is_small_or_of_no_one_sign_is_none(slopes, is_told):
    assert bool(fixed.told((sum(slopes) / 2, min(slopes), max(slopes)))) == is_told


def test_the_settings_of_a_switch_stand_side_by_side_and_have_no_mean(monkeypatch):
    """A row a setting and outcome, each setting run for itself; the settings are those of the catalogue."""
    from glasshouse.experiments import switches

    asked = []

    def ran(scenario, threads):
        sign = int(scenario.at("responses.trust.sign"))
        asked.append(sign)
        run = Told(days=730, counted=[(d, m, v) for d in (100, 700) for m, v in (("people", 10), ("survey:asked", 10), ("survey:trusting", 6 + sign), ("acts:helps_neighbour", 3),
                                      ("survey:approve_directly", 9))])  # fmt: skip
        run.citizens = pl.DataFrame([(2020, True, 0.6 + sign / 10, 0.5), (2020, True, 0.6 + sign / 10, 0.7), (2019, True, 0, 0), (2020, False, 0, 0)],
                                    schema=["year", "living", "trust", "opinion"], orient="row")  # fmt: skip
        return run

    monkeypatch.setattr(switches, "simulate", ran)
    rows = switches.switches(citizens=100, seeds=(1, 2))
    trust = {row.setting: row.simulated.mean for row in rows if row.outcome.startswith("trust in others")}
    assert trust == pytest.approx({-1: 0.5, 0: 0.6, 1: 0.7})
    assert {row.setting: row.simulated.mean for row in rows if row.outcome.startswith("say that")} == pytest.approx({-1: 0.5, 0: 0.6, 1: 0.7})
    assert [row.simulated.mean for row in rows if row.outcome.startswith("help")] == pytest.approx([109.5] * 3)
    assert asked[:6] == [-1, -1, 0, 0, 1, 1]
    assert len(switches.table(rows).splitlines()) == 2 + len(rows) == 2 + 6 * 3
    for switch in switches.SWITCHES:
        part, name = switch.key.split(".")[1:]
        low, high = getattr(getattr(catalogue().responses, part), name).range
        assert list(switch.settings) == list(range(int(low), int(high) + 1))
