"""The beginning of a regime of one's own: a copy of another's file, comments and all, under a new name."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

from glasshouse.catalogue.files import parse
from glasshouse.errors import BadInput
from glasshouse.regimes.files import is_path, list_regimes, written
from glasshouse.regimes.loader import load_regime
from glasshouse.regimes.schema import RegimeId

ID = re.compile(get_args(RegimeId)[1].pattern)


def copied(name: str, base: str = "exampleland", out: Path | None = None) -> Path:
    """Copy a regime's file under a new id and title; nothing that stands there is ever overwritten.

    Args:
        name: the new id.
        base: the regime to copy: a shipped name or the path of a file.
        out: the file to write, or a folder for it; by default NAME.toml in the current folder.

    Returns:
        The file.

    Raises:
        BadInput: the name cannot be an id or is taken, there is no such regime, or the file cannot be written there.
    """
    _check_name(name)
    load_regime(base)  # which refuses what has a fault
    file = _target(name, out)
    text = _renamed(name, base, file)
    try:
        with open(file, "x", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
    except FileExistsError:
        raise BadInput("is there already, and is not overwritten; name another file with --out", file=file) from None
    except OSError as error:
        raise BadInput(f"cannot be written: {(error.strerror or str(error)).lower()}", file=file) from None
    return file


def _check_name(name: str) -> None:
    if not ID.fullmatch(name):
        meant = re.sub(r"[^a-z0-9-]+", "_", name.removesuffix(".toml").casefold()).strip("_-")
        hint = meant if ID.fullmatch(meant) else None
        raise BadInput(f"`{name}` is no id: letters, digits, _ and - only, beginning with a small letter", hint=hint)
    if name in list_regimes():
        raise BadInput(f"there is a regime `{name}` already", hint=f"my-{name}")


def _target(name: str, out: Path | None) -> Path:
    file = Path(f"{name}.toml") if out is None else out / f"{name}.toml" if out.is_dir() else out
    if file.suffix != ".toml":
        raise BadInput("a regime's file ends in .toml", file=file, hint=f"{file}.toml")
    if not file.parent.is_dir():
        raise BadInput("there is no such folder", file=file.parent)
    return file


def _renamed(name: str, base: str, file: Path) -> str:
    """The text of a regime's file with another id and title."""
    source = written(base)
    extends = source.data.get("extends")
    if isinstance(extends, str) and is_path(extends) and file.resolve().parent != Path(source.name).resolve().parent:
        beside = Path(source.name).parent / file.name
        raise BadInput(f"extends `{extends}`, which a copy in another folder would not find", file=source.name, hint=f"--out {beside}")
    title = f"The rule of {re.sub('[-_]', ' ', name)}"
    lines = source.text.split("\n")
    for key, value in (("id", name), ("title", title)):
        at = source.line((key,))
        assert at is not None  # a regime without them has a fault
        lines[at - 1] = f"{key} = {json.dumps(value)}"
    text = "\n".join(lines)
    if parse(text, source.name).data != {**source.data, "id": name, "title": title}:
        raise BadInput("cannot be copied: its id and its title must stand on a line each", file=source.name)
    return text
