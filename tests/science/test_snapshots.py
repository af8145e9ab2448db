"""A run that is taken up from a snapshot is the run that was never stopped: every kind of regime, at days on which something turns."""

import numpy as np
import pytest
from tests.science.helpers import number, people, question, regime

from glasshouse.experiments import snapshots
from glasshouse.experiments.days import Kept, Society
from glasshouse.experiments.frames import InForce
from glasshouse.experiments.simulate import tables_of

pytestmark = pytest.mark.slow

CITIZENS, DAYS = 2000, 410
STOPS = (31, 95, 274, 398)
"""Days that are over: a year's and a month's end, some day, the day before a dated change, the second day of a year."""
PINNED = "with a record pinned on somebody for tomorrow"
OFTEN = {
    "attempts.applies_for_loan.rate": 6, "life.assistance.share": 0.8, "acts.draws_aid_wrongly.seen": 0.8, "acts.misreports_change.seen": 0.8,
}  # fmt: skip
"""So that banks and models learn in a small society."""


def scenario():
    """All that is carried from day to day: accounts, lists, a lot, banks that learn, fitted models, standing, points bought, ties that end."""
    bank = regime("bank-retrains", coverage__start="2020-01-01", bank__term=30)
    bank["bank"] |= {"learns": "each month", "gain": number(0.012), "least": number(2)}
    bank["grades"][1]["from"] = number(460)
    dated = regime("essay", "dated")
    dated["score"]["base"] |= {"value": {"2019-12-01": 1000, "2020-09-01": 960}}
    risk = regime("welfare-risk", coverage__start="2020-01-01", model__training=4)
    names = ("none", "essay", "lottery", "judgment-defaulters", "rongcheng", "threshold-gamed", "registry", "opinions", "platform")
    return question(*names, bank, dated, risk, citizens=CITIZENS, days=DAYS, panel=50, set=OFTEN)


def society() -> Society:
    drawn = people(CITIZENS)
    return type("Drawn", (Society,), {"draw": lambda self: drawn})(scenario(), threads=1)


@pytest.fixture(scope="module")
def whole():
    """A run that was never stopped, and copies of the snapshots that were taken on its way."""
    made, taken = society(), {}

    def after(kept: Kept) -> None:
        pinned = PINNED not in taken and kept.done > STOPS[1] and any(map(len, made.pinned))
        if kept.done in STOPS or pinned:
            taken[PINNED if pinned else kept.done] = {name: array.copy() for name, array in snapshots.take(made, kept).items()}

    kept = made.run(after=after)
    return made, kept, taken


def left(made: Society, kept: Kept) -> dict[str, np.ndarray]:
    """All that a run left: what a snapshot would hold at its end."""
    return snapshots.take(made, kept)


def test_there_is_something_of_everything(whole):
    made, kept, taken = whole
    assert any(days and max(days) == STOPS[2] + 1 for days in made.changes)
    assert all(bank.cuts and bank.sound.any() for bank in made.banks.values())
    assert made.banks
    assert all(model["table"].any() and model["cut"] is not None for model in made.models.values())
    assert made.models
    assert made.ages.any()
    assert {name for part in kept.panel for name, _, _ in part} > {"happened", "watched"}
    assert len(kept.years) == 3
    assert taken.keys() == {*STOPS, PINNED}


@pytest.mark.parametrize("stop", [*STOPS, PINNED])
def test_a_run_that_is_taken_up_is_the_run_that_never_stopped(whole, stop):
    """The same state, words, counts, logs and year's ends to the last bit; and the same tables."""
    made, kept, taken = whole
    again = society()
    found = again.run(kept=snapshots.give(again, taken[stop]))
    ours, theirs = left(made, kept), left(again, found)
    assert list(ours) == list(theirs)
    assert [name for name in ours if not np.array_equal(ours[name], theirs[name])] == []
    assert [name for name, column in made.state.columns.items() if not np.array_equal(column, again.state.columns[name])] == []
    assert [again.digest(r, found) for r in range(len(again.names))] == [made.digest(r, kept) for r in range(len(made.names))]
    assert [name for name, table in made.rule.items() if not np.array_equal(table, again.rule[name])] == []
    assert [name for name, table in made.world.items() if not np.array_equal(table, again.world[name])] == []
    if stop == STOPS[2]:
        of = [tables_of(a, b, [InForce(a, b, r) for r in range(len(a.names))]) for a, b in ((made, kept), (again, found))]
        assert [name for name in of[0] if not of[0][name].equals(of[1][name])] == []


def test_a_snapshot_of_another_society_is_refused(whole):
    """Nothing is missing, nothing is too many, all of the shape it should have, and no number that would lead the engine astray."""
    taken = whole[2][STOPS[2]]
    spoilt = {
        "column.grade": taken["column.grade"] | 0xFF,
        "column.wealth": taken["column.wealth"][:, :-1],
        "column.debt": taken["column.debt"].astype(np.float64),
        "pinned.1": np.array([CITIZENS]),
        "done": np.array([DAYS + 1]),
        "another": np.zeros(1),
        "column.birth": whole[0].state.columns["birth"],
        "published": None,
    }
    for name, array in spoilt.items():
        found = {n: a for n, a in (taken | {name: array}).items() if a is not None}
        with pytest.raises(snapshots.Unfit):
            snapshots.give(society(), found)
