"""How much memory a run takes: told from the declaration of the state, before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import timedelta

import numpy as np

from glasshouse.day import CHANNELS, RINGS, STAYS, fields
from glasshouse.engine.model import Field
from glasshouse.regimes.compile import bit_of, change_days, consequences, kinds_of, remembered
from glasshouse.scenarios import Scenario

MOST_ROWS = 1_000_000
"""Citizens whom the table of citizens has at most, and of whom tallies are kept."""
WORD = 8
"""Bytes of a public word, of which there are two, today's and tomorrow's."""

DRAWN = 45
"""Bytes of a citizen as drawn, let go before the first day."""
# Beside what is declared, measured by benchmarks/memory.py: its table says how far the sum lies above what runs took.
BASE = 420_000_000  # bytes: the program, its libraries and compiled rules
BESIDE = 12  # bytes a citizen: who may be taken for whom, and what is worked out of everybody when a run ends
NEWS = 60  # bytes a citizen and regime that watches: those who change on one day, and what is worked out of them
CHANGES = 40  # bytes a citizen, year and regime that penalises or rewards: from when to when it did
ROW = 1200  # bytes a row of the table of citizens, one a citizen, regime and year, while tables are made


def names_of(scenario: Scenario) -> list[str]:
    """The regimes in the order in which a run steps them: a lot comes after what it stands beside."""
    return sorted(scenario.regimes, key=lambda name: scenario.regimes[name].kind == "lot")


def changes_of(scenario: Scenario) -> list[set[int]]:
    """The days of a run on which a number of each regime, or of the one that a lot stands beside, changes."""
    found = []
    for name in names_of(scenario):
        regime = scenario.regimes[name]
        heads = [f"regime.{name}."] + [f"regime.{regime.beside}."] * (regime.kind == "lot")
        values = {key: value for key, value in scenario.values.items() if key.startswith(tuple(heads))}
        found.append(change_days(values, scenario.start, scenario.days))
    return found


def months_of(scenario: Scenario) -> list[int]:
    """How many months of points each regime tells apart."""
    moves = [[scenario.start + timedelta(days=day) for day in (0, *days)] for days in changes_of(scenario)]
    return [remembered(scenario.regimes[name], days) for name, days in zip(names_of(scenario), moves, strict=True)]


def places_of(scenario: Scenario) -> dict[str, int]:
    """How many places the regimes of a run need of fields that have one for each month, list or consequence, and one more."""
    regimes = dict(scenario.regimes)
    bits = [bit_of(name, scenario.catalogue) for regime in regimes.values() for name in consequences(regime, regimes)]
    return {
        **dict.fromkeys(RINGS, 1 + max(months_of(scenario))),
        **dict.fromkeys(STAYS, 1 + max(len(regime.lists) for regime in regimes.values())),
        **dict.fromkeys(("my_attempts", "my_refused", "my_fen"), 1 + max(bits, default=0)),
    }


def sizes(scenario: Scenario) -> Iterator[tuple[Field, int, int]]:
    """Each field with the bytes that it takes of a citizen, and for how many regimes: 1 for the citizen's own."""
    places = places_of(scenario)
    of = [kinds_of(regime) for regime in scenario.regimes.values()]
    for field in fields(len(CHANNELS) + len(scenario.whole.channels)):
        many = places.get(field.name, field.many) if field.many else 1
        yield field, many * np.dtype(field.stored).itemsize, sum(field.kind in kinds for kinds in of) if field.kind else 1


def declared(scenario: Scenario) -> tuple[int, int]:
    """Bytes that a citizen takes in the state with its public words, and bytes of one whose tallies are kept.

    Args:
        scenario: what is asked.

    Example:
        >>> from glasshouse.scenarios import load
        >>> declared(load("essay").with_(regimes=["none"]))
        (146, 56)
    """
    each, kept = 2 * WORD * len(scenario.regimes), 0
    for field, size, regimes in sizes(scenario):
        if field.tally:
            kept += size * regimes
        else:
            each += size * (1 + field.seen) * regimes
    return each, kept


def needed(scenario: Scenario, kept: int | None = None, citizens: int | None = None) -> int:
    """Bytes that a run will take at most, roughly.

    Args:
        scenario: what is asked.
        kept: years at whose ends the citizens are kept; all of them if left out.
        citizens: how many, if not as many as the scenario says.

    Example:
        >>> from glasshouse.scenarios import load
        >>> needed(load("essay"), citizens=100_000) < needed(load("essay"), citizens=200_000) < 4e9
        True
    """
    citizens = scenario.citizens if citizens is None else citizens
    regimes, years = scenario.regimes.values(), scenario.days / 365
    ends = math.ceil(years) if kept is None else kept
    each, tallies = declared(scenario)
    once = each + DRAWN + BESIDE + sum(NEWS for regime in regimes if regime.watches)
    lived = years * sum(CHANGES for regime in regimes if "sanction" in kinds_of(regime))
    shown = min(citizens, MOST_ROWS) if ends else 0
    return round(BASE + citizens * (once + lived) + shown * (tallies + (each + tallies + ROW * len(regimes)) * ends))


def largest(free: int, scenario: Scenario, kept: int | None = None) -> int:
    """The largest number of citizens, to two figures, whose run takes at most so many bytes.

    Args:
        free: bytes.
        scenario, kept: as in `needed`.

    Example:
        >>> from glasshouse.scenarios import load
        >>> largest(8_000_000_000, load("essay")) > 10 * largest(800_000_000, load("essay"))
        True
    """
    low, high = 0, 1 << 40
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if needed(scenario, kept, middle) <= free else (low, middle)
    digits = max(0, len(str(low)) - 2)
    return low // 10**digits * 10**digits
