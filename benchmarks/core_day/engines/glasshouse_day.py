"""The core day in Glasshouse: model.py, on the engine that `simulate` runs it on, stepped in stretches of days."""

import numpy as np
from benchmarks.core_day.model import MODEL

from glasshouse.engine.build import Engine
from glasshouse.engine.state import State, Stepper


class Run:
    """A run that is stepped in stretches."""

    def __init__(self, citizens: int, threads: int):
        self.state, self.day = State(MODEL.part(MODEL.chain), citizens, [{"life"}]), 0
        world, own = MODEL.given({"": {}})
        first = Stepper(Engine(MODEL.part(MODEL.start), checked=True), self.state, 1, world, own, [0], threads)
        first.days(0, 1)
        first.close()
        del first  # and with it what others saw on the day on which everybody was born
        self.stepper = Stepper(Engine(MODEL.part(MODEL.chain), checked=True), self.state, 1, world, own, [0], threads)

    def days(self, count: int) -> np.ndarray:
        """Steps some days."""
        found = self.stepper.days(self.day, count)
        self.day += count
        return found[-1, 0]

    def columns(self) -> dict[str, np.ndarray]:
        """The state as it stands."""
        return {name: column[0] for name, column in self.state.columns.items()}
