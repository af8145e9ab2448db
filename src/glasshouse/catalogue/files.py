"""Reading and writing the package's TOML files: what they say, and on which line each key stands."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from glasshouse.errors import BadInput
from glasshouse.outside import Unreadable, text_of, toml

Place = tuple[str | int, ...]
"""A place in a file: table names, keys, and numbers (from 0) inside an array of tables."""

BARE = re.compile(r"[A-Za-z0-9_-]+")
KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*""")
PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"]*"|'[^']*'""")
STRING_OR_COMMENT = re.compile(r'"""|\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*')


@dataclass(frozen=True)
class Text:
    """A TOML file: its name, its text, and what the text says.

    Fields:
        name: how the file is called in messages.
        text: its content.
        data: the same as nested dicts; dates are kept as text, "2020-01-01".
    """

    name: str
    text: str = field(repr=False)
    data: dict[str, Any] = field(repr=False)

    @cached_property
    def lines(self) -> dict[Place, int]:
        """The line, from 1 on, on which each table and key begins."""
        return lines_of(self.text)

    def line(self, place: Place) -> int | None:
        """The line of a place, or of the nearest table around it; None where even that is not in the file."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return None

    def where(self, place: Place) -> tuple[str, int | None]:
        """The file in which a place stands, and its line there."""
        return self.name, self.line(place)


def read(path: str | Path, name: str | None = None) -> Text:
    """Read a TOML file.

    Args:
        path: the file.
        name: how to call it in messages; by default as the path was given.

    Raises:
        BadInput: there is no such file, it is not text, or it is not TOML.
    """
    name = str(path) if name is None else name
    try:
        text = text_of(Path(path))
    except FileNotFoundError:
        raise BadInput("there is no such file", file=name) from None
    except IsADirectoryError:
        raise BadInput("is a folder, not a file", file=name) from None
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", file=name) from None
    except UnicodeDecodeError:
        raise BadInput("is not text in UTF-8", file=name) from None
    except Unreadable as error:
        raise BadInput(str(error), file=name) from None
    except ValueError:
        raise BadInput("is no path", file=name.replace("\0", "?")) from None
    return parse(text, name)


def parse(text: str, name: str) -> Text:
    """The same for a text that is already at hand."""
    try:
        return Text(name, text, _plain(toml(text)))
    except tomllib.TOMLDecodeError as error:
        told = re.fullmatch(r"(?s)(.*) \(at (?:line (\d+), column \d+|end of document)\)", str(error))
        what, line = (told[1], told[2]) if told else (str(error), None)
        what = re.sub(r"\(('[^']*'(?:, )?)+,?\)", lambda key: f"`{'.'.join(PART.findall(key[0])).replace(chr(39), '')}`", what)
        place = int(line) if line else text.count("\n") + 1
        if what == "Cannot overwrite a value":
            what = _taken(text.split("\n")[:place]) or what
        raise BadInput(f"is not TOML: {what[:1].lower()}{what[1:]}", file=name, place=place) from None
    except Unreadable as error:
        raise BadInput(f"is not TOML: {error}", file=name) from None


def _taken(lines: list[str]) -> str | None:
    """Why the last line cannot begin a table: part of its name was given a value further up. None where that is not the reason."""
    head = lines[-1].strip()
    if not head.startswith("["):
        return None
    known, name = lines_of("\n".join(lines[:-1])), _parts(head.strip("[]"))
    for length in range(len(name), 0, -1):
        at = known.get(name[:length])
        if at is not None and not lines[at - 1].lstrip().startswith("["):
            return f"`{'.'.join(map(str, name[:length]))}` cannot be a table, because line {at} gives it a value"
    return None


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _plain(part) if isinstance(part, dict | list | date) else part for key, part in data.items()}
    if isinstance(data, list):
        return [_plain(part) for part in data]
    return data.isoformat() if isinstance(data, date) else data


def lines_of(text: str) -> dict[Place, int]:
    """The line on which each table and key of a TOML text begins.

    Example:
        >>> lines_of('[a.b]\\nc = 1\\n[[d]]\\ne = 2\\n')[("d", 0, "e")]
        4
    """
    lines: dict[Place, int] = {}
    counts: dict[Place, int] = {}
    table: Place = ()
    for number, line in _statements(text):
        head = line.strip()
        if head.startswith("[["):
            name = _resolve(_parts(head[2 : head.rfind("]]")]), counts)
            counts[name] = counts.get(name, -1) + 1
            table = (*name, counts[name])
        elif head.startswith("["):
            table = _resolve(_parts(head[1 : head.rfind("]")]), counts)
        else:
            key = KEY.match(line)
            if key:
                place = (*table, *_parts(key[1]))
                _note(lines, place, number)
                _inside(lines, place, line[key.end() :].lstrip("= \t"), number)
            continue
        _note(lines, table, number)
    return lines


def _note(lines: dict[Place, int], place: Place, number: int) -> None:
    for length in range(1, len(place) + 1):
        lines.setdefault(place[:length], number)


def _inside(lines: dict[Place, int], place: Place, rest: str, number: int) -> None:
    """The keys of an inline table, `{ a = 1, b = 2 }`, all on its line."""
    if rest.startswith("{"):
        for key in re.finditer(r"""[{,]\s*([A-Za-z0-9_-]+|"[^"]*")\s*=""", rest):
            _note(lines, (*place, *_parts(key[1])), number)


def _parts(dotted: str) -> Place:
    return tuple(part.strip("\"'") for part in PART.findall(dotted))


def _resolve(name: Place, counts: Mapping[Place, int]) -> Place:
    """A table's name with the number of the array's entry it belongs to put in."""
    place: Place = ()
    for part in name[:-1]:
        place = (*place, part)
        if place in counts:
            place = (*place, counts[place])
    return (*place, *name[-1:])


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """The lines that begin a table or a key, less their comments: none inside a string or list that runs over several lines."""
    closing, depth = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        starts = not closing and depth == 0
        rest, code, plain = line, "", ""
        if closing:
            _, found, rest = line.partition(closing)
            if not found:
                continue
            closing = ""
        while True:
            token = STRING_OR_COMMENT.search(rest)
            before = rest[: token.start()] if token else rest
            code, plain = code + before, plain + before
            if token is None or token[0].startswith("#"):
                break
            plain += token[0]
            rest = rest[token.end() :]
            if token[0] in ('"""', "'''"):
                _, found, after = rest.partition(token[0])
                if not found:
                    closing = token[0]
                    break
                rest = after
        if starts and code.strip():
            yield number, plain
        if not (starts and code.lstrip().startswith("[")):
            depth += code.count("[") - code.count("]")


def write(data: Mapping[str, Any]) -> str:
    """Nested dicts as TOML: the same text for the same data; plain keys first, then tables, in their order.

    Example:
        >>> print(write({"a": {"c": {"d": 0.5}}, "b": "x", "e": [{"f": 1}]}), end="")
        b = "x"
        <BLANKLINE>
        [a.c]
        d = 0.5
        <BLANKLINE>
        [[e]]
        f = 1
    """
    lines: list[str] = []
    _table(data, (), lines)
    return "\n".join(lines).strip("\n") + "\n"


def _table(data: Mapping[str, Any], name: tuple[str, ...], lines: list[str]) -> None:
    for key, part in data.items():
        if not _is_table(part):
            lines.append(f"{_key(key)} = {_scalar(part)}")
    for key, part in data.items():
        if isinstance(part, Mapping):
            inner = (*name, key)
            if not part or any(not _is_table(x) for x in part.values()):
                lines += ["", f"[{'.'.join(map(_key, inner))}]"]
            _table(part, inner, lines)
        elif _is_table(part):
            for entry in part:
                lines += ["", f"[[{'.'.join(map(_key, (*name, key)))}]]"]
                _table(entry, (*name, key), lines)


def _is_table(part: Any) -> bool:
    return isinstance(part, Mapping) or (isinstance(part, list) and bool(part) and all(isinstance(x, Mapping) for x in part))


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _scalar(key)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_scalar, value)) + "]"
    return repr(value)
