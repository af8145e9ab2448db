"""The values beside the tables: numbers that no published table gives, each with a source, a status and a range."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from glasshouse.errors import BadInput, nearest
from glasshouse.outside import Unreadable, text_of, toml
from glasshouse.society.shapes import VALUES
from glasshouse.values import Value


def read_values(path: Path) -> dict[str, Value]:
    """Read the file of values of a society.

    Args:
        path: a TOML file of blocks such as `[order.noise]`, each a Value.

    Returns:
        One Value for every path that the society needs, in its order.

    Raises:
        BadInput: a block is unknown, missing, or not a Value.
    """
    text, data = read_toml(path)
    blocks = dict(_walk(data, "", path))
    for place in blocks:
        if place not in VALUES:
            raise BadInput("unknown value", file=path, place=line_of(text, place), key=place, hint=nearest(place, VALUES))
    for place in VALUES:
        if place not in blocks:
            raise BadInput("is missing", file=path, key=place)
    return {place: _value(blocks[place], place, path, text) for place in VALUES}


def _walk(data: dict[str, Any], above: str, path: Path) -> list[tuple[str, dict[str, Any]]]:
    found = []
    for key, block in data.items():
        place = f"{above}.{key}" if above else key
        if not isinstance(block, dict):
            raise BadInput("is not a block", file=path, key=place)
        leaf = "value" in block or not any(isinstance(part, dict) for part in block.values())
        found += [(place, block)] if leaf else _walk(block, place, path)
    return found


def _value(block: dict[str, Any], place: str, path: Path, text: str) -> Value:
    try:
        value = Value(**block)
    except ValidationError as error:
        first = error.errors()[0]
        where = first["loc"] or (("range",) if first["type"] == "no_range" else ())
        key = ".".join([place, *(str(part) for part in where)])
        raise BadInput(
            first["msg"].removeprefix("Value error, "),
            file=path,
            place=line_of(text, place),
            key=key,
            hint=nearest(str(where[-1]), Value.model_fields) if first["type"] == "extra_forbidden" else None,
        ) from None
    if value.dated:
        raise BadInput("must be one number: a society is drawn once", file=path, place=line_of(text, place), key=f"{place}.value")
    return value


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """A TOML file as text and as data; a broken file is bad input with its line."""
    try:
        text = text_of(Path(path))
        return text, toml(text)
    except FileNotFoundError:
        raise BadInput("there is no such file", file=path) from None
    except UnicodeDecodeError as error:
        raise BadInput("is not text in UTF-8", file=path) from error
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+)", str(error))
        raise BadInput(f"is not TOML: {error}", file=path, place=int(at[1]) if at else None) from None
    except Unreadable as error:
        raise BadInput(str(error), file=path) from None
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", file=path) from None


def line_of(text: str, word: str) -> int | None:
    """The first line, from 1 on, that has a word as a key, a block or a quoted label; None where none does."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(rf'\s*\[?[\w.]*"?{re.escape(word)}"?\s*[=\].]', line) or f'"{word}"' in line:
            return number
    return None
