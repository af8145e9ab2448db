"""Numbers of runs that were finished are kept, so that a validation that was broken off goes on where it was; and the last whole table.

Each is a small file in the cache folder, named by a digest of whatever it depends on: the code and data of the model, the scenario in
full with its seed, what is done to the tables, and the rows. Another digest, another file: nothing kept is ever out of date.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from glasshouse.experiments.code import digest
from glasshouse.experiments.engines import in_cache

if TYPE_CHECKING:
    from glasshouse.validate.runs import Job

FOLDER = "validation"
Numbers = dict[str, float | None]


@functools.cache
def code() -> str:
    """A digest of the code and data of the model and of the measures."""
    here = Path(__file__).parent
    return digest([*(here / name for name in ("runs.py", "sampled.py")), *(here / "measures").glob("*.py")])


def name_of(job: Job) -> str:
    """The name under which the numbers of a run are kept."""
    rows = [(row.id, row.measure, sorted(row.with_.items()), str(row.date)) for row in job.rows]
    said = (code(), job.scenario.resolved_toml(), job.spec.model_dump_json(), repr(job.change), repr(rows))
    return hashlib.sha256("\x00".join(said).encode()).hexdigest()[:32]


def numbers_of(job: Job, make: Callable[[], Numbers]) -> Numbers:
    """The numbers of a run: those kept, or else those that it makes, which are kept then.

    Args:
        job: the run.
        make: carries it out.
    """
    path = in_cache(FOLDER) / f"{name_of(job)}.json"
    found = _read(path)
    if found is None:
        found = make()
        _write(path, found)
    return found


def keep_table(table: dict[str, Any]) -> None:
    """Keeps a table of all rows, so that it can be shown again, unless one over more seeds or citizens is kept.

    Args:
        table: as `Validation.as_dict` gives it.
    """
    earlier = kept_table()
    if earlier is None or _size(table) >= _size(earlier):
        _write(_table(), table)


def kept_table() -> dict[str, Any] | None:
    """The table of all rows that was kept by the same code over the same published figures; None if there is none."""
    return _read(_table())


def _size(table: dict[str, Any]) -> int:
    return table["seeds"] * sum(table["citizens"].values())


def _table() -> Path:
    files = [path for path in Path(__file__).parent.rglob("*") if path.suffix in (".py", ".toml")]
    return in_cache(FOLDER) / f"table-{digest(files)[:32]}.json"


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _write(path: Path, found: Any) -> None:
    beside = path.with_suffix(f".{os.getpid()}")
    beside.write_text(json.dumps(found), encoding="utf-8")
    beside.replace(path)  # whole or not at all
