"""One GPU: the days of a model by its kernels (kernels.py), with the bits of the CPU.

All arrays lie in memory that the host and the card both see, so what the host sets between two days it sets as ever. Where
NUMBA_ENABLE_CUDASIM=1 stands in the environment, Numba's simulator takes the place of the card: slow, and on any machine.
"""

import numpy as np
from numba.core import config

from .build import concerns
from .kernels import Kernels
from .model import Log, Model
from .native import BESIDE, BESIDE_ROWS, COUNT, MONTHLY, OFFSET, REGIME, ROWS, SHARED
from .shelf import fingerprint, keep
from .state import Stepper, sum_cells

WAVE = 1 << 22  # citizens who pass through the parts of a day together: the room for what passes between parts is theirs


def device(say=lambda note: None):
    """The card, or the simulator where it is asked for.

    Raises:
        BadInput: there is no card, or what is needed to use one is not installed.
    """
    if config.ENABLE_CUDASIM:
        from .simulator import Simulator

        return Simulator()
    from .card import Card

    return Card(say)


class CudaEngine:
    """A model as kernels, run in order over each wave of citizens. Final."""

    def __init__(self, model: Model, on):
        self.device = on
        writer = Kernels(model, on.run_by)
        text = writer.source_text()
        self.path = keep(f"kernels_{fingerprint(text, writer.rules.values())}.py", text.encode())
        loaded = self.device.load(self.path, [name for name, *_ in writer.program])
        self.kernels = [(kernel, *when) for kernel, (_, *when) in zip(loaded, writer.program, strict=True)]
        self.model, self.things, self.scratch, self.guarded = model, writer.things, writer.scratch(), []
        self.logs = [i for i in model.chain if isinstance(i, Log)]

    def program(self, rows=None, say=lambda note: None) -> list[tuple]:
        """All kernels, as the stepper reads them; those of kinds that no regime is of are passed over there."""
        return self.kernels


class CudaStepper(Stepper):
    """Runs days as `Stepper` does, on a card. `threads` is not asked: the card has its own."""

    slot_in_log = 1

    def __init__(self, engine: CudaEngine, state, seed: int, world: dict, rule: dict, beside: list[int], threads: int | None = None):
        self.device = engine.device
        self.zeros, self.room, self.copy = self.device.zeros, self.device.room, self.device.copy
        self.span = min(WAVE, state.citizens)
        super().__init__(engine, state, seed, world, rule, beside, 1)

    def lay(self):
        """Lays out the desk; what the card does not see yet moves to where it does."""
        for arrays in (self.world, self.rule, self.state.columns):
            arrays |= {name: self._moved(array) for name, array in arrays.items()}
        self.state.yesterday, self.state.seats = self._moved(self.state.yesterday), self._moved(self.state.seats)
        super().lay()
        self.firsts = range(0, self.state.citizens, self.span)
        self.table = self.zeros((len(self.firsts), self.state.regimes + 1, len(self.desks[0])), np.int64)

    def _moved(self, array: np.ndarray) -> np.ndarray:
        """An array where the card sees it."""
        if self.device.holds(array):
            return array
        moved = self.zeros(array.shape, array.dtype)
        moved[...] = array
        return moved

    def pass_over(self, day: int, monthly: bool):
        """Takes all citizens through the kernels of a day, wave after wave, and sums the measures."""
        self._fill()
        for wave in self.table:
            for regime, desk in enumerate(wave, -1):
                for kernel, scope, gate, kind in self.program:
                    if (scope == SHARED) == (regime < 0) and (monthly or gate != MONTHLY) and concerns(kind, self.state.rows[:, regime]):
                        self.device.launch(kernel, desk.ctypes.data)
        self.device.wait()
        sum_cells(self.acc[0], self.rows[0])

    def _fill(self):
        """Writes a desk for each wave and regime, first that of the steps which all regimes share."""
        kinds, table = len(self.model.kinds), self.table
        table[:] = self.desks[0]
        for desks, first in zip(table, self.firsts, strict=True):
            desks[:, COUNT], desks[:, OFFSET] = min(self.span, self.state.citizens - first), first
        for regime, beside in enumerate(self.beside):
            desks, rows = table[:, regime + 1], np.maximum(self.state.rows, 0)
            desks[:, REGIME], desks[:, BESIDE] = regime, beside
            desks[:, ROWS : ROWS + kinds], desks[:, BESIDE_ROWS : BESIDE_ROWS + kinds] = rows[:, regime], rows[:, beside]

    def days(self, first: int, count: int) -> np.ndarray:
        """Steps everybody several days of a model whose only clock is the day. Returns the sums: (days, regimes, sums)."""
        return np.array([self.day({"day": first + d}, False)[1] for d in range(count)])

    def log(self, name: str, regime: int) -> np.ndarray:
        """The rows that a log wrote today, in order of slot: (rows, columns) int32."""
        i = next(k for k, log in enumerate(self.engine.logs) if log.name == name)
        rows = self.logs[0, i, regime, : self.logged[0, i, regime], : 1 + len(self.engine.logs[i].columns)]
        return rows[np.argsort(rows[:, 0]), 1:]
