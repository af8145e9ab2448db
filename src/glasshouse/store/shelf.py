"""What lies on the disk: the folders that Glasshouse wrote, finished or not, and taking them away. No other folder is touched."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ..errors import BadInput
from ..outside import Unreadable, text_of, toml
from . import checkpoint, sweep
from .comparison import COMPARISON, NUMBERS
from .folder import MANIFEST, MODEL, RUN, SCENARIO, SUMMARY, WHOLE, WRITING, Holds, lock, read_json
from .model import MODEL_RUN

FINISHED, RESUMABLE, UNFINISHED, BUSY = "finished", "resumable", "unfinished", "being written"
KINDS: dict[str, tuple[Holds, str]] = {"run": (RUN, MANIFEST), "sweep": (sweep.SWEEP, sweep.PLAN), "comparison": (COMPARISON, NUMBERS), "model": (MODEL_RUN, MODEL)}
"""Kinds of folders, with what they hold and the file that is written last."""
IN_PARTIAL = {WRITING, WHOLE, checkpoint.FOLDER, SCENARIO, sweep.PLAN, sweep.PARTS, sweep.RUNS}
DEPTH = 2
"""Folders in folders are looked through so far."""


@dataclass(frozen=True)
class Kept:
    """A folder that Glasshouse wrote. Final; None where it does not say.

    Fields:
        folder: where it lies.
        kind: run, sweep, comparison or model.
        state: finished, resumable (it can be gone on with), unfinished (it cannot) or being written.
        scenario: what was run: the id of a scenario or model.
        regimes: under which regimes, or arms.
        citizens, days, seed: its sizes and its (first) seed.
        bytes: how large its files are together.
        when: the last change of what tells that it is there.
    """

    folder: Path
    kind: str
    state: str
    scenario: str | None
    regimes: tuple[str, ...]
    citizens: int | None
    days: int | None
    seed: int | None
    bytes: int
    when: datetime


def kept(folders: Iterable[Path]) -> list[Kept]:
    """What Glasshouse wrote in some folders, or is there by name.

    Args:
        folders: each is one that Glasshouse wrote, or is looked through two folders deep. Links are not followed.

    Raises:
        BadInput: there is no such folder.
    """
    found: dict[Path, Kept] = {}
    for folder in folders:
        if not folder.is_dir():
            raise BadInput("there is no such folder", file=folder)
        found |= {each.folder: each for each in _within(folder, DEPTH)}
    return sorted(found.values(), key=lambda each: str(each.folder))


def _within(folder: Path, depth: int) -> Iterator[Kept]:
    if (one := told(folder)) is not None:
        yield one
    elif depth > 0:
        for path in sorted(folder.iterdir()):
            if path.is_dir() and not path.is_symlink() and not path.name.startswith("."):
                yield from _within(path, depth - 1)


def told(folder: Path) -> Kept | None:
    """What a folder says of itself; None where Glasshouse did not write it."""
    if folder.is_symlink():
        return None
    if folder.suffix == ".partial":
        return _partial(folder)
    for kind, (holds, last) in KINDS.items():
        if holds.is_whole(folder):
            return Kept(folder, kind, FINISHED, **_sizes(folder, kind), **_disk(folder, folder / last))
    return None


def _partial(folder: Path) -> Kept | None:
    if not (folder / WRITING).is_file():
        return None
    kind = "sweep" if sweep.is_sweep(folder) else "run"
    going = bool(sweep.parts(folder, sweep.TABLE)) if kind == "sweep" else bool(checkpoint.files(folder))
    state = BUSY if is_busy(folder) else RESUMABLE if going else UNFINISHED
    return Kept(folder, kind, state, **_sizes(folder, kind if kind == "sweep" else ""), **_disk(folder, folder / WRITING))


def is_busy(partial: Path) -> bool:
    """Whether a process writes into a NAME.partial at this moment."""
    try:
        with lock(partial / WRITING, partial):
            return False
    except (BadInput, OSError):
        return True


def _sizes(folder: Path, kind: str) -> dict[str, Any]:
    """What was run, from the file that says it; a damaged one says nothing."""
    try:
        if kind == "run":
            summary = read_json(folder / SUMMARY)
            said = {**summary["run"], "regimes": list(summary["regimes"])}
        elif kind == "sweep":
            said = read_json(folder / sweep.PLAN)
            said["seed"] = said["design"]["seeds"][0]
        elif kind in ("comparison", "model"):
            said = read_json(folder / KINDS[kind][1])
        else:
            said = toml(text_of(folder / SCENARIO))
    except (BadInput, OSError, ValueError, Unreadable, KeyError, TypeError, IndexError):
        said = {}
    said = said if isinstance(said, dict) else {}
    number = lambda key: said[key] if isinstance(said.get(key), int) else None  # noqa: E731
    names = next((list(said[key]) for key in ("regimes", "arms") if isinstance(said.get(key), list | dict)), [])
    name = next((said[key] for key in ("scenario", "model", "id") if isinstance(said.get(key), str)), None)
    return {"scenario": name, "regimes": tuple(map(str, names)), "citizens": number("citizens"), "days": number("days"), "seed": number("seed")}


def _disk(folder: Path, last: Path) -> dict[str, Any]:
    size = sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
    return {"bytes": size, "when": datetime.fromtimestamp(last.stat().st_mtime).replace(microsecond=0)}


def foreign(one: Kept) -> list[str]:
    """What lies in a folder that Glasshouse did not write there."""
    known = IN_PARTIAL if one.state != FINISHED else KINDS[one.kind][0].files
    return sorted(path.name for path in one.folder.iterdir() if path.name not in known)


def remove(one: Kept) -> None:
    """Takes a folder off the disk.

    Raises:
        BadInput: it is another's by now, a process writes there, it holds something of somebody's own, or the disk refuses.
    """
    now = told(one.folder)
    if now is None or now.kind != one.kind:
        raise BadInput("is no folder of Glasshouse any more, and was let be", file=one.folder)
    if odd := foreign(now):
        raise BadInput(f"holds something of your own too ({', '.join(odd[:3])}), and was let be", file=one.folder)
    if now.state == FINISHED:
        shutil.rmtree(one.folder)
        return
    with lock(one.folder / WRITING, one.folder):
        shutil.rmtree(one.folder)
