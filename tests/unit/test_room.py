"""What a run is said to take is what its declaration says and what its state then holds."""

import numpy as np
import pytest

from glasshouse.experiments.days import Society
from glasshouse.experiments.room import DRAWN, MOST_ROWS, declared, largest, needed
from glasshouse.scenarios import load


def asked(**what):
    return load("essay").with_(**{"citizens": 1500, "days": 40, **what})


SETS = (["none"], ["essay"], ["judgment-defaulters"], ["none", "rongcheng"], ["essay", "lottery"], ["opinions", "registry"], ["bank", "threshold-gamed"])


@pytest.mark.parametrize("names", SETS, ids="+".join)
def test_what_is_declared_is_what_the_state_holds(names):
    society = Society(asked(regimes=names))
    state, stepper = society.state, society.stepper
    each, tallies = declared(society.scenario)
    columns = sum(state.columns[f.name].nbytes for f in state.model.fields if not f.tally)
    words = stepper.published.nbytes + stepper.publishing.nbytes + sum(kept.nbytes for kept in stepper.seen.values())
    assert each == (columns + words) / state.citizens
    assert tallies == sum(state.columns[f.name].nbytes for f in state.model.fields if f.tally) / (1 + len(state.kept))
    assert sum(np.dtype(column.dtype).itemsize for _, column in society.people.columns()) == DRAWN
    stepper.close()


def test_more_citizens_regimes_and_years_take_more():
    one, two = asked(regimes=["none"]), asked(regimes=["none", "essay"])
    assert needed(one) < needed(one, citizens=10_000) < needed(two, citizens=10_000) < needed(two.with_(days=700), citizens=10_000)
    assert needed(two, kept=0) < needed(two, kept=1) < needed(two, kept=2)


def test_whom_no_table_shows_takes_no_tallies():
    each, tallies = declared(asked())
    step = needed(asked(), citizens=MOST_ROWS + 1_000_000) - needed(asked(), citizens=MOST_ROWS)
    assert each < step / 1e6 < needed(asked(), citizens=MOST_ROWS) / MOST_ROWS - tallies


@pytest.mark.parametrize("free", [10**9, 7 * 10**9, 10**12])
def test_the_largest_that_fits_is_found(free):
    most = largest(free, asked())
    assert needed(asked(), citizens=most) <= free < needed(asked(), citizens=round(most * 1.11))
    assert str(most)[2:].strip("0") == ""


def test_where_not_even_the_program_fits_nobody_does():
    assert largest(100_000_000, asked()) == 0
