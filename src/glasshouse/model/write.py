"""What whoever writes a model declares, and how it becomes what the engine runs."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from glasshouse.engine import model as engine
from glasshouse.engine.build import reads
from glasshouse.engine.model import Field, Luck, Param, Step, values_of

STATUSES = ("seen", "derived", "remembered", "assumed", "made")


@dataclass(frozen=True)
class Number:
    """A number, or a table of numbers, that steps may name, with what a ledger says of it. Final.

    Args:
        name: as rules name it.
        value: a number or a table of one or two dimensions.
        unit: such as "a day"; "" for a pure number.
        status: seen, derived, remembered, assumed, or made (of the model's own making).
        source: where it was read.
        low, high: the range of an assumed one.
        dtype: "f4", "f8", "i4", "u4", "i8" or "u8".
        same: it cannot differ between the arms of a run.

    Example:
        >>> Number("error", 0.01, "chance", "assumed", "No figure was found.", 0, 0.5).array().dtype
        dtype('float32')
    """

    name: str
    value: object
    unit: str = ""
    status: str = "assumed"
    source: str = ""
    low: float | None = None
    high: float | None = None
    dtype: str = "f4"
    same: bool = False

    def array(self, value: object = None) -> np.ndarray:
        """The value, or another in its place, as the engine has it."""
        return np.array(self.value if value is None else value, self.dtype)


def places(name: str, many: int) -> tuple[str, ...]:
    """The names of a daily total's places, from 0: a step that writes "=name@place" adds to one of them.

    Example:
        >>> places("by_age", 3)
        ('by_age@0', 'by_age@1', 'by_age@2')
    """
    return tuple(f"{name}@{place}" for place in range(many))


@dataclass(frozen=True)
class Model:
    """A whole model as it is written. Final.

    Args:
        name: such as "leading eight".
        about: the question, in a sentence.
        source: the paper.
        fields: what is kept of a citizen; all begin at 0.
        numbers: what steps may name besides.
        luck: named words of luck.
        start: steps that draw the starting state, from luck and numbers.
        chain: the steps of a day, in order.
        totals: names of daily totals, which steps write as "=name", and of their `places`; a step may read what one came to the day
            before as `yesterday_` and its name, a whole number (i64). On the first day it is what the steps of the start left.
        size: with how many citizens, and for how many days, `glasshouse models run` runs it where nothing is said.
    """

    name: str
    about: str
    source: str
    fields: tuple[Field, ...]
    numbers: tuple[Number, ...]
    luck: tuple[Luck, ...]
    start: tuple
    chain: tuple
    totals: tuple[str, ...] = ()
    size: tuple[int, int] = (10_000, 100)

    def number(self, name: str) -> Number:
        """The number of a name."""
        return next(n for n in self.numbers if n.name == name)

    def part(self, chain: tuple) -> engine.Model:
        """The declaration, for the engine, of some steps of the model: those of the start, or those of a day."""
        named = set().union(*(reads(item) for item in chain))
        luck = tuple(block for block in self.luck if named & set(block.words))
        params = tuple(Param(n.name, n.dtype, "world" if n.same else "regime", (), np.ndim(n.value)) for n in self.numbers)
        values = values_of(chain, {f.name for f in self.fields})
        return engine.Model(self.name, self.fields, params, luck, values, ("day",), tuple(chain), {}, self.totals, ("life",), 1)

    def given(self, arms: Mapping[str, Mapping[str, object]]) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
        """The numbers of a run as arrays: those that are the same in all arms, and those that have a row an arm."""
        anywhere = next(iter(arms.values()))
        world = {n.name: n.array(anywhere.get(n.name)) for n in self.numbers if n.same}
        rule = {n.name: np.array([n.array(arm.get(n.name)) for arm in arms.values()], n.dtype) for n in self.numbers if not n.same}
        return world, rule


def steps_of(model: Model) -> list[Step]:
    """All steps of a model, those of the start first."""
    return [item for item in (*model.start, *model.chain) if isinstance(item, Step)]
