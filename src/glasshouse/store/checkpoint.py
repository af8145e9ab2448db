"""Checkpoints: what a run that is broken off goes on from. A zip of a note in JSON and of arrays of numbers, each an Arrow file; no code is in it."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

FORMAT = "glasshouse checkpoint"
LAYOUT = 1  # raised when the arrays mean something else
FOLDER = "checkpoints"  # in NAME.partial
ENDING = ".checkpoint"
DIGIT = "[0-9]"
NOTE = "note.json"
STORED = 2  # checkpoints that are kept: should the last one be damaged, there is the one before it
PACKED = "zstd"  # most of a society is noughts
DAMAGED = (
    OSError, ValueError, TypeError, KeyError, AttributeError, EOFError, MemoryError, NotImplementedError, RuntimeError, zipfile.BadZipFile,
    pl.exceptions.PolarsError, pl.exceptions.PanicException,
)  # fmt: skip
"""What a file that is cut short or changed may bring on. The zip holds a sum of each part, against which it is checked as it is read."""
Arrays = Mapping[str, np.ndarray]


class Stored(Mapping[str, np.ndarray]):
    """The arrays of a checkpoint, each read when it is looked up. What is damaged raises one of DAMAGED."""

    def __init__(self, path: Path, shapes: Mapping[str, Any]):
        self.path, self.shapes = path, shapes

    def __getitem__(self, name: str) -> np.ndarray:
        dtype, shape = self.shapes[name]
        with zipfile.ZipFile(self.path) as archive:
            array = pl.read_ipc(io.BytesIO(archive.read(name)))[""].to_numpy()
        if array.dtype.str != dtype:
            raise ValueError
        return array.reshape(shape)

    def __iter__(self) -> Iterator[str]:
        return iter(self.shapes)

    def __len__(self) -> int:
        return len(self.shapes)


@dataclass(frozen=True)
class Checkpoint:
    """One that is whole. note: the day it is of, and what it belongs to; arrays: as they were given."""

    note: dict[str, Any]
    arrays: Stored


def keep(partial: Path, day: int, note: Mapping[str, Any], arrays: Arrays) -> Path:
    """Write a checkpoint beside the earlier ones, of which the last stays; whole or not at all.

    Args:
        partial: the folder of a run that is not finished.
        day: days that are over.
        note: plain data: what the arrays belong to.
        arrays: numbers, by name.

    Raises:
        OSError: the disk refused. The earlier ones are all there.
    """
    folder = partial / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{day:06}{ENDING}"
    fresh = path.with_suffix(".part")
    try:
        with open(fresh, "wb") as file:
            _write(file, {"format": FORMAT, "layout": LAYOUT, "day": day, **note}, arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    _sync(folder)
    earlier = [each for each in files(partial) if day_of(each) <= day]
    for old in set(files(partial)) - set(earlier[-STORED:]):  # one of a later day was found damaged
        old.unlink()
    return path


def _write(file: Any, note: Mapping[str, Any], arrays: Arrays) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(NOTE, json.dumps({**note, "arrays": {name: [array.dtype.str, array.shape] for name, array in arrays.items()}}))
        for name, array in arrays.items():
            packed = io.BytesIO()
            pl.DataFrame({"": np.ascontiguousarray(array).reshape(-1)}).write_ipc(packed, compression=PACKED)
            archive.writestr(name, packed.getbuffer())


def files(partial: Path) -> list[Path]:
    """The checkpoints of a run that is not finished, the earliest first."""
    return sorted((partial / FOLDER).glob(f"{DIGIT * 6}{ENDING}"))


def day_of(path: Path) -> int:
    """How many days were over when a checkpoint was written."""
    return int(path.stem)


def clear(partial: Path) -> None:
    """Throw away what a run that is finished has no more use for."""
    shutil.rmtree(partial / FOLDER, ignore_errors=True)


def note_of(path: Path) -> dict[str, Any] | None:
    """What a checkpoint says of itself; None if it is damaged or none of ours."""
    try:
        with zipfile.ZipFile(path) as archive:
            note = json.loads(archive.read(NOTE))
    except DAMAGED:
        return None
    return note if isinstance(note, dict) and note.get("format") == FORMAT else None


def read(path: Path) -> Checkpoint | None:
    """A checkpoint; None if any part of it is damaged."""
    note = note_of(path)
    try:
        with zipfile.ZipFile(path) as archive:
            whole = note is not None and archive.testzip() is None and {NOTE, *note["arrays"]} == set(archive.namelist())
    except DAMAGED:
        return None
    return Checkpoint(note, Stored(path, note["arrays"])) if whole else None


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
