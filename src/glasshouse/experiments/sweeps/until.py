"""How many seeds are enough: until the interval of a number is narrow. Decided in the order of the seeds, whoever is done first."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from glasshouse.audits.paired import LEAST, mean_of
from glasshouse.errors import BadInput, nearest
from glasshouse.present.headlines import HEADLINES

Levels = Mapping[str, Mapping[str, float | None]]
"""Regime -> measure -> its value in one run."""
IDS = tuple(line.id for line in HEADLINES)
SHAPE = '"gini.difference ci<0.002": a measure, `.difference` for that from the first regime, and how wide the interval may be'
_SAID = re.compile(r"\s*([\w.-]+?)(\.difference)?\s+ci\s*<\s*(\S+)\s*")


def measure_named(said: str) -> str:
    """The headline that is meant: its id, or how the id ends.

    Raises:
        BadInput: none or several are meant.

    Example:
        >>> measure_named("gini"), measure_named("wrong.missed_share")
        ('life.income_gini', 'wrong.missed_share')
    """
    if said in IDS:
        return said
    meant = [name for name in IDS if name.endswith((f".{said}", f"_{said}"))]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise BadInput(f"may be {' or '.join(f'`{name}`' for name in meant)}", key=said)
    ends = {end: name for name in IDS for end in (name.rsplit("_", 1)[1] if "_" in name else name, name.split(".", 1)[1])}
    near = nearest(said, IDS) or ends.get(nearest(said, ends) or "")
    raise BadInput("there is no such measure", key=said, hint=near)


@dataclass(frozen=True)
class Until:
    """More seeds until the 95 % interval of a measure is narrower than `width`, from its low to its high end, under each regime asked.

    Fields:
        said: as it was written.
        measure: a headline.
        regimes: under which.
        first: the regime from which the difference is taken, run by run; None for the measure itself.
        width: how wide the interval may be.
    """

    said: str
    measure: str
    regimes: tuple[str, ...]
    first: str | None
    width: float

    def of(self, levels: Levels) -> tuple[float | None, ...]:
        """What one run says: a number a regime, None where there is no case."""
        found = [levels[name][self.measure] for name in self.regimes]
        beside = 0.0 if self.first is None else levels[self.first][self.measure]
        return tuple(None if number is None or beside is None else number - beside for number in found)

    def enough(self, runs: Sequence[tuple[float | None, ...]]) -> bool:
        """Whether these runs, one a seed, make every interval narrow enough, from 10 numbers on. runs: empty where one failed."""
        for place in range(len(self.regimes)):
            mean = mean_of([run[place] for run in runs if run and run[place] is not None])  # type: ignore[misc]
            if mean.seeds < LEAST or mean.high - mean.low >= self.width:  # type: ignore[operator]
                return False
        return True


def until(said: str, regimes: Sequence[str]) -> Until:
    """What `--until` asks for.

    Args:
        said: such as "gini.difference ci<0.002", or "essay.gini ci<0.01" for one regime and the number itself.
        regimes: those of the scenario; a difference is from the first.

    Raises:
        BadInput: it is not written so, or there is no such measure.

    Example:
        >>> until("gini.difference ci<0.002", ["none", "essay"]).regimes
        ('essay',)
    """
    found = _SAID.fullmatch(said)
    width = _number(found[3]) if found else None
    if found is None or width is None:
        raise BadInput(f"must be written as {SHAPE}, not `{said}`", key="until")
    named, beside = found[1], bool(found[2])
    one = next((name for name in regimes if named.startswith(f"{name}.")), None)
    measure = measure_named(named.removeprefix(f"{one}.") if one else named)
    meant = [one] if one else list(regimes)[1:] if beside else list(regimes)
    if beside and (not meant or meant == [regimes[0]]):
        raise BadInput(f"needs a regime beside `{regimes[0]}`, from which the difference is taken", key="until")
    return Until(said, measure, tuple(meant), regimes[0] if beside else None, width)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if number > 0 and math.isfinite(number) else None
