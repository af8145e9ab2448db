"""What a run folder is: the names of its files, how one is known, and where a new one may go."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..errors import BadInput
from ..outside import from_json, text_of
from . import checkpoint
from .failures import as_bad_input

FORMAT = "glasshouse run"
LAYOUT = 1  # raised when an older reader would misread the folder

TABLES = ("daily", "groups", "citizens", "spells", "panel", "flows", "margins", "ledger")
MANIFEST, SUMMARY, SCENARIO = "manifest.json", "summary.json", "scenario.toml"
MODEL = "model.json"  # of a run of a model, which is a folder of another kind
RANGES = "ranges.json"
ADDED = ("report.html", RANGES, "audit.json")  # made from the finished tables
KNOWN = {MANIFEST, SUMMARY, SCENARIO, *ADDED, *(f"{table}.parquet" for table in TABLES)}
WRITING = ".writing"  # stands, and is locked, in a folder that is not finished
WHOLE = "whole"  # in such a folder: what gets its name when all of it is there
PLAIN = re.compile(r"\w[\w.-]{0,199}", re.ASCII)  # a name that cannot lead anywhere else
ID = "{id}"  # in a folder's name: the id of the run, which only the finished run has
LITTLE = 1 << 20  # bytes: no run fits into less


def partial_of(folder: Path) -> Path:
    """The name under which a folder is written before it is complete."""
    return folder.with_name(folder.name + ".partial")


def target(folder: str | Path, run_id: str | None = None) -> Path:
    """The folder meant: with the run's id in the place of `{id}`, and behind a link, so that the link stays."""
    if run_id and not PLAIN.fullmatch(run_id):
        raise BadInput(f"the id of the run ({run_id!r:.60}) is no name for a folder", file=folder)
    folder = Path(str(folder).replace(ID, run_id)) if run_id else Path(folder)
    return folder.resolve() if folder.is_symlink() else folder


def read_json(path: Path) -> Any:
    """The content of a JSON file of a run folder; a missing or damaged one is named in one message."""
    try:
        return from_json(text_of(inside(path)))
    except FileNotFoundError:
        raise BadInput(f"the run lacks its {path.name}", file=path.parent) from None
    except (OSError, ValueError) as error:
        raise BadInput(f"the {path.name} is damaged ({error})", file=path.parent) from None


def inside(path: Path) -> Path:
    """A file of a run folder, to be read: one that lies in it, and not what a link in it leads to.

    Raises:
        BadInput: it is a link, or no ordinary file.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise BadInput(f"the {path.name} is no ordinary file of the run", file=path.parent)
    return path


def is_run(folder: Path) -> bool:
    """Whether a finished run of Glasshouse lies here."""
    return says_format(folder / MANIFEST, FORMAT)


def says_format(path: Path, wanted: str) -> bool:
    """Whether a JSON file is there, whole, and says that what lies beside it is of a format."""
    try:
        found = read_json(path)
    except BadInput:
        return False
    return isinstance(found, dict) and found.get("format") == wanted


@dataclass(frozen=True)
class Holds:
    """What a folder is for: what it is called, the names of its files, and what tells whether one is there. Final."""

    what: str
    files: Set[str]
    is_whole: Callable[[Path], bool]


RUN = Holds("run", KNOWN, is_run)


def check_target(folder: str | Path, holds: Holds = RUN) -> Path:
    """Say whether a run may be written here; nothing on the disk changes.

    Args:
        folder: a folder that is new, empty, or holds an earlier run and nothing else. `{id}` in its name stands for the run's id.
        holds: what is to be written there, by default a run.

    Returns:
        The folder.

    Raises:
        BadInput: a file stands in the way, the folder holds something else, cannot be written, or the disk is full.

    Example:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as place:
        ...     check_target(place).name == Path(place).name
        True
    """
    folder = check_place(folder, holds)
    _check_partial(partial_of(folder))
    return folder


def check_place(folder: str | Path, holds: Holds = RUN) -> Path:
    """The same, whatever lies in NAME.partial."""
    folder = target(folder)
    if folder.name.endswith(".partial"):
        raise BadInput("a name that ends in .partial is kept for runs that are being written", file=folder)
    _check_ground(folder)
    if folder.is_dir():
        _check_content(folder, holds)
    return folder


def _check_ground(folder: Path) -> None:
    """The folder, or the nearest one above it, must be a folder with room that can be written."""
    ground = next(place for place in (folder, *folder.absolute().parents) if place.exists() or place.is_symlink())
    if not ground.is_dir():
        raise BadInput("a file stands where the run's folder should be", file=ground)
    # A folder is put in place by renaming, which its parent must allow.
    for place in {ground, ground.parent} if ground == folder else {ground}:
        if not os.access(place, os.W_OK | os.X_OK):
            raise BadInput("this folder cannot be written", file=place)
    total, _, free = shutil.disk_usage(ground)
    if total == 0:
        raise BadInput("nothing can be kept in this folder", file=ground)
    if free < LITTLE:
        raise as_bad_input(OSError(errno.ENOSPC, ""), folder)


def _check_content(folder: Path, holds: Holds) -> None:
    found = sorted(path.name for path in folder.iterdir())
    if not found:
        return
    foreign = [name for name in found if name not in holds.files] or ([] if holds.is_whole(folder) else found)
    if foreign:
        more = "" if len(foreign) <= 3 else f" and {len(foreign) - 3} more"
        what = ", ".join(foreign[:3]) + more
        raise BadInput(f"the folder holds something else than an earlier {holds.what} ({what}); name a new folder", file=folder)


def _check_partial(partial: Path) -> None:
    if not partial.exists():
        return
    marker = partial / WRITING
    if not partial.is_dir() or (not marker.exists() and any(partial.iterdir())):
        raise BadInput("something else stands where the run is to be written", file=partial)
    if marker.exists():
        with lock(marker, partial):
            pass
    _check_broken_off(partial)


def _check_broken_off(partial: Path) -> None:
    if found := checkpoint.files(partial):
        done = f"a run that was broken off lies here, {checkpoint.day_of(found[-1]):,} days of it done"
        raise BadInput(f"{done}; `{go_on(partial)}` goes on with it; to begin anew, delete this folder", file=partial)


def go_on(partial: Path) -> str:
    """The command that goes on with a run that was broken off."""
    return f"glasshouse resume {shlex.quote(str(partial.with_suffix('')))}"


@contextmanager
def partial_folder(folder: Path, holds: Holds = RUN, resumed: bool = False) -> Iterator[Path]:
    """A folder NAME.partial, locked while it is written, and gone afterwards unless a run can go on from what lies in it.

    Args:
        folder: the folder that is to come of it.
        holds: what is to be written there.
        resumed: whether a run goes on from what lies there; else nothing does.
    """
    partial = partial_of(folder)
    if not resumed:
        check_target(folder, holds)
    made = [place for place in folder.parents if not place.exists()]
    partial.mkdir(parents=True, exist_ok=True)
    try:
        with lock(partial / WRITING, partial):
            if not resumed:
                _check_broken_off(partial)  # again: it may have been another's until now
            try:
                yield partial
                checkpoint.clear(partial)
            finally:
                shutil.rmtree(partial / WHOLE if checkpoint.files(partial) else partial, ignore_errors=True)
    finally:
        for place in made if not folder.exists() else ():
            _remove_if_empty(place)


def whole_in(partial: Path) -> Path:
    """A new folder inside NAME.partial, for what is to get the name NAME."""
    whole = partial / WHOLE
    shutil.rmtree(whole, ignore_errors=True)
    whole.mkdir()
    return whole


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:
            raise


@contextmanager
def lock(marker: Path, partial: Path) -> Iterator[None]:
    """One process alone writes into a NAME.partial: whoever holds the file in it that says so."""
    with open(marker, "a", encoding="utf-8") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not os.path.samestat(os.fstat(held.fileno()), os.stat(marker)):
                raise BlockingIOError  # whoever had it has just taken it away
        except (BlockingIOError, FileNotFoundError):
            raise BadInput("another run is being written here at this moment", file=partial) from None
        yield
