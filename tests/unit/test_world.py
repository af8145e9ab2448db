"""What the catalogue's numbers become before a run: spreads over people, rhythms over the year."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from glasshouse.catalogue import catalogue
from glasshouse.day import FAMILIES
from glasshouse.errors import BadInput
from glasshouse.experiments import world
from glasshouse.experiments.world import BY_DAY, incomes_of, rates_of, set_day, spread, world_arrays
from glasshouse.regimes.kinds import kinds_of_catalogue
from glasshouse.scenarios import load
from glasshouse.society import build, load_tables


@given(st.floats(0.05, 50), st.floats(0, 0.6), st.floats(0, 0.3), st.floats(0, 0.9))
def test_a_spread_has_a_mean_of_one_and_never_falls(shape, none, few, few_acts):
    made = spread(shape, none, few, few_acts)
    assert made.mean() == pytest.approx(1, abs=1e-9)
    assert (np.diff(made) >= 0).all()
    assert (made[: round(none * 256)] == 0).all()


@pytest.mark.parametrize("shape", [0.3, 1.0, 4.0])
def test_the_parts_of_a_gamma_are_those_of_a_sample(shape):
    sample = np.sort(stats.gamma(shape, scale=1 / shape).rvs(256_000, random_state=1)).reshape(256, -1).mean(1)
    assert np.abs(spread(shape) - sample)[:-3].max() < 0.05


def test_the_few_do_their_share_and_the_silent_nothing():
    made = spread(100_000.0, none=0.25, few=0.25, few_acts=0.6)
    assert [round(float(part.sum()) / 256, 2) for part in np.split(made, 4)] == [0, 0.2, 0.2, 0.6]
    assert (made[192:] == made[192]).all()


def test_nobody_left_to_spread_is_refused():
    with pytest.raises(BadInput, match="nobody is left"):
        spread(1.0, none=0.8, few=0.2)


def test_what_has_no_rhythm_is_even_and_what_has_one_keeps_its_yearly_mean():
    assert [part.tolist() for part in rates_of(None, "2020-01-01")] == [[1.0] * 7, [1.0] * 12]
    for name, rhythm in catalogue().rhythms.items():
        week, year = rates_of(rhythm, "2020-01-01")
        assert week.mean() == pytest.approx(1), name
        days = [date(2019, 1, 1) + timedelta(days=d) for d in range(4 * 365 + 1)]
        assert np.mean([week[d.weekday()] * year[d.month - 1] for d in days]) == pytest.approx(1, abs=2e-3), name
        assert week[5] / week[0] == pytest.approx(float(rhythm.saturday.value) / float(rhythm.monday.value))
        assert year[1] / year[3] == pytest.approx(float(rhythm.february.value) / float(rhythm.april.value))


@pytest.fixture(scope="module")
def arrays():
    scenario = load("essay").with_(citizens=1000)
    return world_arrays(scenario.catalogue, kinds_of_catalogue(scenario.catalogue), incomes_of(build(load_tables("china-2019"), 1000, 1)), "2019-03-06"), scenario.catalogue


def test_each_day_has_its_rates_and_no_day_is_above_the_months_envelope(arrays):
    made, _ = arrays
    assert made["kind_season"].tolist() == made["kind_by_day"][2, 2].tolist(), "6 March 2019 is a Wednesday"
    assert (made["kind_by_day"] <= made["kind_most_by_month"][:, None] * (1 + 1e-12)).all()
    set_day(made, made, 10, 6, False)
    assert made["kind_season"].tolist() == made["kind_by_day"][10, 6].tolist()
    assert made["daily_rate"].tolist() == made["daily_rate_by_day"][10, 6].tolist()
    assert made["kind_most"].tolist() == made["kind_most_by_month"][2].tolist(), "the envelope changes with the month alone"
    set_day(made, made, 10, 6, True)
    assert made["line_rate"].tolist() == made["line_rate_by_month"][10].tolist()
    assert set(BY_DAY) <= set(made)


def test_an_act_of_its_own_spread_has_a_table_of_its_own_and_the_place_of_its_family(arrays):
    made, known = arrays
    kinds = kinds_of_catalogue(known)
    place = {int(kind): at for at, kind in enumerate(made["line_kind"])}
    k, other = (place[kinds.number(name)] for name in ("volunteers", "gives_blood"))
    assert made["line_family"][[k, other]].tolist() == [FAMILIES.index("civic")] * 2
    table = made["inclination"][made["line_table"][k]]
    assert made["line_table"][k] > len(FAMILIES)
    assert (table[: round(0.53 * 256)] == 0).all()
    assert table[round(0.53 * 256) + 20] > 0
    assert made["line_table"][other] == FAMILIES.index("civic")
    assert made["inclination"].shape[0] == len(FAMILIES) + 1 + len(set(made["line_table"][made["line_table"] > len(FAMILIES)].tolist()))


def test_every_kind_is_on_the_line_once_and_the_commonest_come_first(arrays):
    made, known = arrays
    assert sorted(made["line_kind"].tolist()) == list(range(len(kinds_of_catalogue(known).names)))
    common = made["line_rate_by_month"].mean((0, 2))
    assert (np.diff(common) <= 0).all()


def test_a_share_of_occasions_is_at_most_all_of_them(arrays):
    made, known = arrays
    crossing = known.frequent["crosses_on_red"]
    share = made["daily_spread"][5] * float(crossing.rate.value)
    assert share.max() <= 1
    assert share.mean() == pytest.approx(0.1854)
    assert share.var() == pytest.approx(0.1854**2 / float(crossing.skew.value), rel=0.03)
    still = load("essay").with_(set={"frequent.crosses_on_red.rate": 0}).catalogue.frequent["crosses_on_red"]
    assert np.isfinite(world._habits(still, lambda value, absent=0.0: absent if value is None else float(value.value))).all()
