"""What comes from outside, read so that nothing in it can do more than be wrong: text that ends, TOML and JSON of bounded depth."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MOST_BYTES = 32 << 20  # of a text; the longest that Glasshouse writes has a fiftieth of it
MOST_DEPTH = 40  # tables in tables; what Glasshouse writes is eight deep


class Unreadable(ValueError):
    """A text that is not what it should be, or too much of it; says why."""


def text_of(path: Path) -> str:
    """The text of a file.

    Raises:
        OSError: it cannot be read.
        UnicodeDecodeError: it is not UTF-8.
        Unreadable: it has no end that could be known, or is too long.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise Unreadable("is no ordinary file")
    with open(path, "rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Unreadable(f"is longer than {MOST_BYTES >> 20} MB")
    return content.decode("utf-8")


def toml(text: str) -> dict[str, Any]:
    """A TOML text as data.

    Raises:
        tomllib.TOMLDecodeError: it is not TOML; with the place.
        Unreadable: it is nested too deeply, or a number in it is too long.

    Example:
        >>> toml("a = 1")
        {'a': 1}
        >>> toml("a = " + "[" * 9999)
        Traceback (most recent call last):
        glasshouse.outside.Unreadable: nested too deeply
    """
    return _bounded(tomllib.loads, text)  # type: ignore[no-any-return]


def from_json(text: str) -> Any:
    """A JSON text as data.

    Raises:
        json.JSONDecodeError: it is not JSON; with the place.
        Unreadable: it is nested too deeply, or a number in it is too long.
    """
    return _bounded(json.loads, text)


def _bounded(read: Any, text: str) -> Any:
    try:
        data = read(text)
    except (tomllib.TOMLDecodeError, json.JSONDecodeError):
        raise
    except RecursionError:
        raise Unreadable("nested too deeply") from None
    except ValueError:  # Python refuses whole numbers of thousands of digits
        raise Unreadable("a number in it is too long") from None
    layer, depth = [data], 0
    while layer := [part for whole in layer for part in _parts(whole)]:
        depth += 1
        if depth > MOST_DEPTH:
            raise Unreadable("nested too deeply")
    return data


def _parts(whole: Any) -> Iterable[Any]:
    """What stands inside a table or a list and may itself have something inside."""
    inside = whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()
    return [part for part in inside if isinstance(part, dict | list)]
