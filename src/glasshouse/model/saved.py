"""What is kept of a run of a model: a description in plain data, and two tables."""

from __future__ import annotations

import hashlib
import inspect
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from glasshouse._version import __version__
from glasshouse.engine.build import reads
from glasshouse.engine.model import FIXED, Step
from glasshouse.engine.shelf import CONSTANT, reached
from glasshouse.model.write import Model, Number, steps_of
from glasshouse.store.model import write_model_run

if TYPE_CHECKING:
    from glasshouse.model.run import Run


def save(run: Run, folder: str | Path) -> Path:
    """Keeps a run in a folder; `Run.save` has the words."""
    return write_model_run(folder, told(run), totals(run), state(run))


def told(run: Run) -> dict[str, Any]:
    """What was run, and what came of it, as plain data: the same for the same run."""
    model = run.model
    return {
        "id": f"{re.sub(r'[^a-z0-9]+', '-', model.name.casefold()).strip('-') or 'model'}-{run.seed}-{run.digest[:8]}",
        "version": __version__,
        "name": model.name,
        "about": model.about,
        "source": model.source,
        "citizens": run.citizens,
        "days": run.days,
        "seed": run.seed,
        "arms": {str(arm): {name: _plain(value) for name, value in given.items()} for arm, given in run.arms.items()},
        "numbers": ledger(model),
        "fields": [{"name": f.name, "dtype": f.dtype, "unit": f.unit, "about": f.about, "many": f.many} for f in model.fields],
        "totals": [{"name": name, "arm": str(arm), **_days(column)} for name, table in run.totals.items()
                   for arm, column in zip(run.arms, table.T, strict=True)],
        "state": [{"field": f.name, "arm": str(arm), **_spread(values)} for f in model.fields
                  for arm, values in zip(run.arms, _seen(run, f.name), strict=True)],
        "code": code_of(model),
        "digest": run.digest,
    }  # fmt: skip


def ledger(model: Model) -> list[dict[str, Any]]:
    """Every number of a model, with the functions that use it, and the luck that so many share."""
    users = {number.name: [f"the luck {block.name}" for block in model.luck if block.of == number.name] for number in model.numbers}
    for step in steps_of(model):
        for name in sorted(reads(step) & users.keys()):
            users[name].append(step.rule.__name__)
    return [_row(number, list(dict.fromkeys(users[number.name]))) for number in model.numbers]


def _row(number: Number, users: list[str]) -> dict[str, Any]:
    return {
        "key": number.name,
        "value": _plain(number.value),
        "unit": number.unit,
        "range": None if number.low is None or number.high is None else [number.low, number.high],
        "status": number.status,
        "used_by": ", ".join(users) or None,
        "source": number.source,
    }


def code_of(model: Model) -> str:
    """A digest of what a model does, whatever its numbers: fields, luck, chain, and the functions with all that they call and name."""
    chain = [replace(item, rule=item.rule.__name__) if isinstance(item, Step) else item for item in (*model.start, *model.chain)]
    found = hashlib.sha256(repr((model.fields, model.luck, model.totals, chain)).encode())
    for rule in reached(step.rule for step in steps_of(model)):
        found.update(inspect.getsource(rule).encode())
        named = {name: rule.__globals__.get(name) for name in rule.__code__.co_names}
        found.update(repr({name: value for name, value in named.items() if isinstance(value, CONSTANT)}).encode())
    return found.hexdigest()


def totals(run: Run) -> pl.DataFrame:
    """A row a day and arm: the day, from 0, the arm, and each total."""
    arms = [str(arm) for arm in run.arms]
    columns = {"day": np.repeat(np.arange(run.days, dtype=np.uint32), len(arms)), "arm": arms * run.days}
    return pl.DataFrame({**columns, **{name: table.ravel() for name, table in run.totals.items()}})


def state(run: Run) -> pl.DataFrame:
    """A row a citizen and arm: the arm, the slot, and each field on the last day; a share is 0 to 1, a field of many is a list."""
    arms = [str(arm) for arm in run.arms]
    columns: dict[str, Any] = {"arm": [arm for arm in arms for _ in range(run.citizens)],
                               "slot": np.tile(np.arange(run.citizens, dtype=np.uint64), len(arms))}  # fmt: skip
    for field in run.model.fields:
        values = _seen(run, field.name)  # arms x citizens, or arms x many x citizens
        columns[field.name] = values.ravel() if values.ndim == 2 else np.ascontiguousarray(values.swapaxes(1, 2)).reshape(-1, field.many)
    return pl.DataFrame(columns)


def _seen(run: Run, name: str) -> np.ndarray:
    """A field on the last day, a share as 0 to 1."""
    shares = next(f.dtype for f in run.model.fields if f.name == name) == "share"
    return run.state[name] / np.float64(FIXED) if shares else run.state[name]


def _days(column: np.ndarray) -> dict[str, Any]:
    return {"first": int(column[0]), "last": int(column[-1]), "mean": float(column.mean())}


def _spread(values: np.ndarray) -> dict[str, Any]:
    """Mean, least and most; None where it is no number, as in a model that runs away."""
    found = {"mean": values.mean(dtype=float), "least": values.min(), "most": values.max()}
    return {name: value.item() if np.isfinite(value) else None for name, value in found.items()}


def _plain(value: object) -> Any:
    """A number or a table as JSON has it."""
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value
