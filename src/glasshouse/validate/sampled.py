"""What a run is asked beside its own tables: whom some of its citizens know, who is on the internet and who drives, and the effect of a
published experiment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from glasshouse.experiments.simulate import simulate
from glasshouse.experiments.trials import TRIALS
from glasshouse.experiments.world import flag
from glasshouse.scenarios.society import plain
from glasshouse.society.ties import Net, recipe_of

if TYPE_CHECKING:
    from glasshouse.experiments.days import Society
    from glasshouse.scenarios import Scenario

SAMPLE = 4000
DAYS = 365.25


def ties(society: Society) -> pl.DataFrame:
    """A row for each of some citizens on the first day: age, and how many are at home, talked to, close, known, and soon passed on.

    The layers are counted outside the household; `passing` is how many talking ties pass to somebody else in a year, in the mean.
    """
    asked = society.scenario.whole.society.ties
    recipe = recipe_of(asked.id, plain(asked))
    alive = society.living()
    net = Net(society.people, recipe, society.ties, society.state.columns["station"], alive)
    who = np.flatnonzero(alive)
    rows = []
    for slot in who[:: max(1, len(who) // SAMPLE)].tolist():
        talking, core, book = (len(net.outside(slot, layer)[0]) for layer in ("talking", "core", "book"))
        passing = recipe.replaced * (talking - core)
        rows.append((slot, int(-society.people.birth[slot] / DAYS), len(net.home(slot)), talking, core, book, passing))
    return pl.DataFrame(rows, schema=["citizen", "age", "home", "talking", "core", "book", "passing"], orient="row")


def traits(society: Society) -> pl.DataFrame:
    """A row for each who lives at the end of a run: whether she uses the internet, and whether she drives."""
    risk = society.state.columns["risk"]
    has = {name: risk & np.uint32(flag(name)) != 0 for name in ("living", "internet", "drives")}
    who = np.flatnonzero(has["living"])
    return pl.DataFrame({"citizen": who, "internet": has["internet"][who], "drives": has["drives"][who]})


def trial(name: str, scenario: Scenario) -> pl.DataFrame:
    """The effect of a published experiment, from two runs of a scenario that differ in what its arms set."""
    found = TRIALS[name]
    arms = [simulate(scenario.with_(set=arm), threads=1) for arm in (found.control, found.treated)]
    return pl.DataFrame({"effect": [found.outcome(*arms)]})
