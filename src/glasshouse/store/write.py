"""Writing a run: into a folder inside NAME.partial, onto the disk, and only then under its own name."""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import polars as pl

from ..errors import BadInput, GlasshouseError, nearest
from . import parquet
from .failures import as_bad_input
from .folder import ADDED, FORMAT, LAYOUT, MANIFEST, SCENARIO, SUMMARY, TABLES, check_place, partial_folder, read_json, target, whole_in
from .run import Run

SCHEMA = 1  # of the summary: docs/schema.md
Finish = Callable[[Run], Mapping[str, str | bytes]]


def write(
    folder: str | Path | None,
    scenario_toml: str,
    what: dict[str, Any],
    how: dict[str, Any],
    summary: dict[str, Any],
    tables: Mapping[str, pl.DataFrame],
    finish: Finish | None = None,
    partial: Path | None = None,
) -> Run:
    """Keep a finished run, whole or not at all.

    Args:
        folder: a folder that is new, empty, or of an earlier run, which is replaced; None keeps the run in memory.
            `{id}` in its name stands for the run's id.
        scenario_toml: the scenario in full.
        what: what the run is: versions, seed, hashes; the same for the same run.
        how: how it was carried out: times, machine; it may differ each time.
        summary: the numbers of the run (docs/schema.md), whole numbers, floats, text, lists and None.
        tables: the tables by name.
        finish: called with the run when its tables are written and before its folder has its name; returns further files
            (`report.html`, `ranges.json`, `audit.json`) by name, and may set values in `run.summary["timing"]`.
            Not called without a folder.
        partial: NAME.partial, where the run has kept its checkpoints so far; by default one is made.

    Returns:
        The run, in its folder.

    Raises:
        BadInput: the folder holds something else, cannot be written, or the disk is full.
        GlasshouseError: a table has an unknown name, or a number of the summary is not finite.
    """
    for name in tables:
        if name not in TABLES:
            raise BadInput("there is no table of this name in a run", key=name, hint=nearest(name, TABLES))
    frames = {name: parquet.plain(tables[name]) for name in TABLES if name in tables}
    summary = finite({"schema": SCHEMA, **summary, "folder": None})
    if folder is None:
        return Run(None, summary, scenario_toml, finite(what), finite(how), frames)
    folder = target(folder, summary["run"].get("id"))
    run = Run(folder, summary | {"folder": str(folder)}, scenario_toml, finite(what), finite(how), frames, {})
    try:
        with nullcontext(partial) if partial else partial_folder(folder) as place:
            whole = whole_in(place)
            files = _write_files(run, whole, finish)
            sync(whole)
            check_place(folder)  # again: the days may have been long
            put_in_place(whole, folder)
    except OSError as error:
        raise as_bad_input(error, folder) from error
    # Without the frames: whoever needs a table again reads it, and the memory is free.
    return Run(folder, run.summary, scenario_toml, run.what, run.how, {}, files)


def add_file(run: Run, name: str, content: str | bytes) -> Path:
    """Add a file made from a run's tables to its folder, or replace it.

    Args:
        run: a run in a folder.
        name: `report.html`, `ranges.json` or `audit.json`.
        content: what it holds.

    Returns:
        The file.

    Raises:
        BadInput: the run is kept in memory, the name is another one, the folder cannot be written, or the disk is full.
    """
    if run.folder is None:
        raise BadInput("the run is kept in memory and has no folder: save it first, run.save(folder)")
    if name not in ADDED:
        raise BadInput("no file of this name is added to a run", file=run.folder, key=name, hint=nearest(name, ADDED))
    try:
        manifest = read_json(run.folder / MANIFEST)
        manifest["files"][name] = run.files[name] = write_whole(run.folder / name, content)
        manifest["files"] = dict(sorted(manifest["files"].items()))
        write_whole(run.folder / MANIFEST, as_json(manifest))
        sync(run.folder)
    except OSError as error:
        raise as_bad_input(error, run.folder, name) from error
    return run.folder / name


def add_time(run: Run, name: str, seconds: float) -> None:
    """Note how long a step after the run took, in `timing` of its summary.

    Raises:
        BadInput: the folder cannot be written, or the disk is full.
    """
    run.summary.setdefault("timing", {})[name] = seconds
    if run.folder is not None:
        try:
            write_whole(run.folder / SUMMARY, as_json(_without_folder(run.summary)))
        except OSError as error:
            raise as_bad_input(error, run.folder, SUMMARY) from error


def _without_folder(summary: dict[str, Any]) -> dict[str, Any]:
    """The summary as it is stored: where a run lies is no part of it, the folder is put in when the summary is read."""
    return {key: value for key, value in finite(summary).items() if key != "folder"}


def _write_files(run: Run, whole: Path, finish: Finish | None) -> dict[str, dict[str, Any]]:
    """Everything of the run, the manifest last; returns size and hash of each file that never changes."""
    files = {SCENARIO: write_file(whole / SCENARIO, run.scenario_toml)}
    for name, frame in run.tables.items():
        path = whole / f"{name}.parquet"
        parquet.write(frame, path)
        files[path.name] = sync(path)
    for name, content in (finish(run) if finish else {}).items():
        if name not in ADDED:
            raise GlasshouseError(f"no file `{name}` is added to a run")
        files[name] = write_file(whole / name, content)
    files = dict(sorted(files.items()))
    write_file(whole / SUMMARY, as_json(_without_folder(run.summary)))
    write_file(whole / MANIFEST, as_json({"format": FORMAT, "layout": LAYOUT, "what": run.what, "files": files, "how": run.how}))
    return files


def put_in_place(whole: Path, folder: Path) -> None:
    """Give the complete folder its name; what stood there comes back if that fails."""
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent, ignore_cleanup_errors=True) as aside:
        earlier = Path(aside) / "earlier"
        if folder.exists():
            os.rename(folder, earlier)
        try:
            os.rename(whole, folder)
        except BaseException:
            if earlier.exists():
                os.rename(earlier, folder)
            raise
    sync(folder.parent)


def write_file(path: Path, content: str | bytes) -> dict[str, Any]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return sync(path)


def write_whole(path: Path, content: str | bytes) -> dict[str, Any]:
    """Replace one file so that a reader finds the old one or the new one, never half of either."""
    fresh = path.with_name(f".{path.name}.partial")
    fresh.unlink(missing_ok=True)  # a link that somebody laid there would be written through
    try:
        noted = write_file(fresh, content)
        os.replace(fresh, path)
    finally:
        fresh.unlink(missing_ok=True)
    return noted


def sync(path: Path) -> dict[str, Any]:
    """Have the disk keep a file or folder; returns a file's size and hash."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
        if path.is_dir():
            return {}
        with open(handle, "rb", closefd=False) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return {"bytes": os.fstat(handle).st_size, "sha256": digest}
    finally:
        os.close(handle)


def as_json(content: Any) -> str:
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def finite(content: Any, place: str = "") -> Any:
    """A copy in plain Python; a number that is none is refused by name, since null means an empty denominator."""
    if isinstance(content, Mapping):
        return {str(key): finite(value, f"{place}.{key}".lstrip(".")) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [finite(value, f"{place}[{number}]") for number, value in enumerate(content)]
    if hasattr(content, "item"):  # a NumPy scalar
        content = content.item()
    if isinstance(content, float) and not math.isfinite(content):
        raise GlasshouseError(f"the summary's `{place}` is {content}, which is no number")
    return content
