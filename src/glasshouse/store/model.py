"""The folder of a run of a model: what was run, and two tables. Whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from ..errors import BadInput, nearest
from . import parquet
from .failures import as_bad_input
from .folder import MODEL, Holds, check_target, partial_folder, read_json, says_format, target, whole_in
from .write import as_json, finite, put_in_place, sync, write_file

FORMAT = "glasshouse run of a model"
SCHEMA = 1  # raised when an older reader would misread the folder
TOTALS, STATE = "totals.parquet", "state.parquet"


def is_model_run(folder: Path) -> bool:
    """Whether a finished run of a model lies here."""
    return says_format(folder / MODEL, FORMAT)


MODEL_RUN = Holds("run of a model", frozenset({MODEL, TOTALS, STATE}), is_model_run)


def check_model_target(folder: str | Path) -> Path:
    """Say whether a run of a model may be written here; nothing on the disk changes.

    Raises:
        BadInput: a file stands in the way, the folder holds something else, cannot be written, or the disk is full.
    """
    return check_target(folder, MODEL_RUN)


def write_model_run(folder: str | Path, told: dict[str, Any], totals: pl.DataFrame, state: pl.DataFrame) -> Path:
    """Keep a run of a model; an earlier one in the same folder is replaced. The same run leaves the same bytes.

    Args:
        folder: a folder that is new, empty, or of an earlier run of a model. `{id}` in its name stands for the run's id.
        told: what was run, as plain data; `id` among it.
        totals: a row a day and arm. state: a row a citizen and arm.

    Returns:
        The folder.

    Raises:
        BadInput: the folder holds something else, cannot be written, or the disk is full.
    """
    folder = target(folder, told["id"])
    try:
        with partial_folder(folder, MODEL_RUN) as partial:
            whole = whole_in(partial)
            files = {}
            for name, frame in ((STATE, state), (TOTALS, totals)):
                parquet.write(parquet.plain(frame), whole / name)
                files[name] = sync(whole / name)
            write_file(whole / MODEL, as_json(finite({"format": FORMAT, "schema": SCHEMA, **told, "files": files})))
            sync(whole)
            put_in_place(whole, folder)
    except OSError as error:
        raise as_bad_input(error, folder, what="run") from error
    return folder


def read_model_run(folder: str | Path) -> dict[str, Any]:
    """What a stored run of a model says of itself; its tables are Parquet, which any library reads.

    Raises:
        BadInput: there is no such folder, or it holds something else.
    """
    folder = Path(folder)
    if not folder.is_dir():
        beside = [str(path) for path in folder.parent.iterdir() if is_model_run(path)] if folder.parent.is_dir() else []
        raise BadInput("there is no such folder", file=folder, hint=nearest(str(folder), beside))
    if not is_model_run(folder):
        raise BadInput(f"this is no run of a model (there is no {MODEL} of one)", file=folder)
    found = read_json(folder / MODEL)
    if found.get("schema", 0) > SCHEMA:
        raise BadInput("this run was written by a newer version of Glasshouse", file=folder)
    return found
