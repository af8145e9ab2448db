"""`glasshouse runs`: what Glasshouse has written on this disk, and taking it away."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.console import RenderableType

from ..errors import CHECK_SAYS_NO, DONE, BadInput, nearest
from .terminal import Column, give, note, show, show_json, table

if TYPE_CHECKING:
    from ..store.shelf import Kept

Row = dict[str, Any]
USUAL = "runs"
KEYS = ("folder", "kind", "state", "scenario", "regimes", "citizens", "days", "seed", "bytes", "when")
SAID = re.compile(r"\s*(\w+)\s*(<=|>=|!=|=|<|>)\s*(.+?)\s*")
BY: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
SHAPE = "`KEY=VALUE`, or with !=, <, <=, > or >=, such as `citizens>=20000`"


def row_of(one: Kept) -> Row:
    """A folder as plain data."""
    return {**asdict(one), "folder": str(one.folder), "regimes": list(one.regimes), "when": one.when.isoformat(sep=" ")}


def condition(said: str) -> Callable[[Row], bool]:
    """What `--where` asks of a folder.

    Raises:
        BadInput: it is not written so, or there is no such key.

    Example:
        >>> condition("citizens >= 20_000")({"citizens": 30_000}), condition("regimes=essay")({"regimes": ["none", "essay"]})
        (True, True)
        >>> condition("when<2026-02")({"when": "2026-01-31 10:00:00"}), condition("seed=1")({"seed": None})
        (True, False)
    """
    found = SAID.fullmatch(said)
    if found is None:
        raise BadInput(f"must be written as {SHAPE}, not `{said}`", key="where")
    key, by, wanted = found.groups()
    if key not in KEYS:
        raise BadInput(f"a folder says nothing of this: it says {', '.join(KEYS)}", key=key, hint=nearest(key, KEYS))
    number = wanted.replace("_", "").replace(",", "")

    def holds(row: Row) -> bool:
        has = row[key]
        if has is None:
            return False
        if isinstance(has, list):
            return (wanted in has) == (by == "=")
        if isinstance(has, int):
            if not number.isdigit():
                raise BadInput(f"must be a whole number, not `{wanted}`", key=key)
            return BY[by](has, int(number))
        return BY[by](has, wanted)

    if key == "regimes" and by not in ("=", "!="):
        raise BadInput("can be asked with = or != alone", key=key)
    return holds


def run(folders: Sequence[str], where: Sequence[str], clean: bool, yes: bool, as_json: bool) -> int:
    """List what is there or take it away; returns the exit code."""
    from ..store.shelf import kept

    asked = [condition(each) for each in where]
    places = [Path(each) for each in folders] or ([Path(USUAL)] if Path(USUAL).is_dir() else [])
    found = [one for one in kept(places) if all(holds(row_of(one)) for holds in asked)]
    if clean:
        return _clean(_to_go(found, {*places}, bool(asked)), yes, as_json)
    give([row_of(one) for one in found], as_json, lambda rows: listed(rows, folders))
    return DONE


def listed(rows: list[Row], folders: Sequence[str]) -> list[RenderableType]:
    """The folders for reading."""
    if not rows:
        return [f"nothing of Glasshouse lies in {', '.join(folders) or USUAL}"]
    columns = [Column(key, key, number=key in ("citizens", "days", "seed", "bytes")) for key in KEYS]
    total = sum(row["bytes"] for row in rows)
    cells = [{**row, "bytes": size(row["bytes"]), "when": row["when"][:16]} for row in rows]
    going = [row for row in rows if row["state"] == "resumable"]
    told: list[RenderableType] = [table(columns, cells), "", f"{len(rows):,} folders, {size(total)}"]
    return told + [go_on(row) for row in going]


def go_on(row: Row) -> str:
    """The command that goes on with an unfinished folder."""
    command = "glasshouse sweep --resume" if row["kind"] == "sweep" else "glasshouse resume"
    return f"to go on: {command} {row['folder'].removesuffix('.partial')}"


def size(count: int) -> str:
    """Bytes in words.

    Example:
        >>> size(900), size(1_540_000), size(25_000_000_000)
        ('1 kB', '1.5 MB', '25.0 GB')
    """
    if count < 1e6:
        return f"{max(1, round(count / 1e3))} kB"
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def _to_go(found: list[Kept], named: set[Path], asked: bool) -> list[Kept]:
    """What is to be taken away: folders that are named, those that were asked for, else those that are not finished. None that is being written."""
    from ..store.shelf import BUSY, FINISHED

    return [one for one in found if one.state != BUSY and (asked or one.folder in named or one.state != FINISHED)]


def _clean(going: list[Kept], yes: bool, as_json: bool) -> int:
    from ..store.shelf import remove

    if not going:
        show_json({"removed": [], "let_be": []}) if as_json else print("nothing is to be removed")
        return DONE
    if not yes:
        show(*listed([row_of(one) for one in going], []))
        if not typer.confirm(f"remove these {len(going):,}?", err=True):
            print("nothing was removed")
            return DONE
    gone, let_be = [], []
    for one in going:
        try:
            remove(one)
            gone.append(one)
        except (BadInput, OSError) as error:
            let_be.append(one)
            note(str(error))
    freed = sum(one.bytes for one in gone)
    if as_json:
        show_json({"removed": [str(one.folder) for one in gone], "let_be": [str(one.folder) for one in let_be], "bytes": freed})
    else:
        for one in gone:
            print(f"removed {one.folder}")
        print(f"{len(gone):,} removed, {size(freed)}")
    return CHECK_SAYS_NO if let_be else DONE
