"""Runs a model: the same people, with the same luck, in every arm."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba.core.errors import NumbaError

from glasshouse.engine.build import Engine
from glasshouse.engine.cuda import CudaEngine, CudaStepper
from glasshouse.engine.cuda import device as card
from glasshouse.engine.reference import ReferenceStepper
from glasshouse.engine.state import State, Stepper, Stopped
from glasshouse.model.faults import check, compiler_fault, nowhere
from glasshouse.model.write import Model

AT_ONCE = 20_000_000  # citizen-days between which a run can be interrupted
_engines: dict[tuple, tuple[Model, Engine | CudaEngine]] = {}


@dataclass(frozen=True, eq=False)
class Run:
    """What a run left. Final.

    Attributes:
        model: what was run. citizens, days, seed: with how many, how long, with which luck.
        arms: names of the arms, and which numbers each has in place of the model's.
        totals: name -> int64 (days, arms).
        state: field -> (arms, citizens) or (arms, many, citizens), as stored on the last day; a share is a uint16 of 65,535 steps.
        digest: a hash of all of it.
    """

    model: Model
    citizens: int
    days: int
    seed: int
    arms: dict[str, dict[str, object]]
    totals: dict[str, np.ndarray]
    state: dict[str, np.ndarray]
    digest: str

    def save(self, folder: str | Path) -> Path:
        """Keeps the run in a folder: model.json, totals.parquet, state.parquet; whole or not at all, and the same run the same bytes.

        Args:
            folder: one that is new, empty, or of an earlier run of a model. `{id}` in its name stands for the run's id.

        Raises:
            BadInput: the folder holds something else, cannot be written, or the disk is full.

        Example:
            >>> from tempfile import TemporaryDirectory
            >>> from glasshouse.models.degroot import MODEL
            >>> with TemporaryDirectory() as place:
            ...     sorted(file.name for file in simulate(MODEL, citizens=3, days=60).save(place + "/{id}").iterdir())
            ['model.json', 'state.parquet', 'totals.parquet']
        """
        from glasshouse.model.saved import save  # with Polars, which a run alone does without

        return save(self, folder)


def simulate(
    model: Model,
    citizens: int,
    days: int,
    seed: int = 1,
    arms: Mapping[str, Mapping[str, object]] | None = None,
    threads: int | None = 1,
    reference: bool = False,
    device: str = "cpu",
    **numbers: object,
) -> Run:
    """Runs a model for some days.

    Args:
        model: as it is written.
        citizens, days: how many and how long.
        seed: of all luck.
        arms: name -> numbers that differ there; the same people live through each with the same luck. None: one arm.
        threads: cores to use; the results do not depend on it.
        reference: run the rules as they are written, uncompiled, citizen by citizen: slow, and open to a debugger.
        device: "cpu", or "cuda" for the first NVIDIA GPU: the same run. There it is not noticed if a function looks past the end of a
            table, so run a model on the CPU first.
        numbers: other values than the model's, in all arms.

    Raises:
        BadInput: what is wrong with the model, with the file and line of the function.

    Example:
        >>> from glasshouse.models.degroot import MODEL
        >>> run = simulate(MODEL, citizens=3, days=60)
        >>> [round(float(x), 6) for x in run.state["opinion"][0]]
        [0.5, 0.5, 0.5]
    """
    check(model, citizens, days, arms or {}, numbers)
    wanted = {name: {**numbers, **arm} for name, arm in (arms or {model.name: {}}).items()}
    state = State(model.part(model.chain), citizens, [{"life"}] * len(wanted))
    for part, length in ((model.start, 1), (model.chain, days)):
        if part:
            stepper = _stepper(model, part, state, seed, wanted, threads, reference, device)
            some = max(1, AT_ONCE // (citizens * len(wanted)))
            try:
                sums = np.concatenate([stepper.days(day, min(some, length - day)) for day in range(0, length, some)])
            except Stopped as error:
                raise nowhere(error) from None
            finally:
                stepper.close()
    totals = {name: sums[:, :, i] for i, name in enumerate(model.totals)}
    return Run(model, citizens, days, seed, wanted, totals, dict(state.columns), _digest(state, sums, wanted))


def _stepper(model: Model, part: tuple, state: State, seed: int, arms: Mapping, threads: int | None, reference: bool, device: str):
    """The fast engine on a device, or the slow reference, over the same state."""
    declared = model.part(part)
    world, rule = model.given(arms)
    alone = list(range(len(arms)))
    if reference:
        return ReferenceStepper(declared, state, seed, world, rule, alone)
    key = (id(model), part is model.start, device)
    if key not in _engines:
        try:
            made = Engine(declared, checked=True) if device == "cpu" else CudaEngine(declared, card())
            made.program()
            _engines[key] = (model, made)  # with the model, so that its number is not given to another
        except NumbaError as error:
            raise compiler_fault(error, model) from None
    return (Stepper if device == "cpu" else CudaStepper)(_engines[key][1], state, seed, world, rule, alone, threads)


def _digest(state: State, sums: np.ndarray, arms: Mapping) -> str:
    h = hashlib.sha256(repr(arms).encode())
    for name, column in state.columns.items():
        h.update(name.encode())
        h.update(np.ascontiguousarray(column).tobytes())
    h.update(np.ascontiguousarray(sums).tobytes())
    return h.hexdigest()
