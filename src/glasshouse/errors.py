"""What goes wrong, in one message that a person can act on, and the exit codes of the command."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path

DONE = 0
"""Exit code: the command did what was asked."""
CHECK_SAYS_NO = 1
"""Exit code: the command did what was asked, and a check found fault with the result."""
BAD_INPUT = 2
"""Exit code: what was asked for cannot be done as written."""
INTERRUPTED = 130
"""Exit code: stopped by Ctrl-C (128 + SIGINT)."""
BROKEN_PIPE = 141
"""Exit code: the reader of the output went away (128 + SIGPIPE)."""


class GlasshouseError(Exception):
    """Something that Glasshouse reports in one message, without a traceback.

    The command prints it on standard error and ends with `exit_code`. An error is never "done", so never 0 or 1.
    """

    exit_code: int = BAD_INPUT


class BadInput(GlasshouseError):
    """The input, of whatever kind, is not usable as it stands.

    Args:
        message: what is wrong, in plain words, without a closing full stop.
        file: the file it stands in, or None where it came from the command line or from Python.
        place: where in the file: a line number from 1 on, or words such as "row 12". It needs a file to stand beside.
        key: the dotted path of the key, such as "coverage.from_age.value".
        hint: the nearest right thing, offered as "did you mean `hint`?".

    Example:
        >>> str(BadInput("no such regime", file="my.toml", place=3, key="regimes.main", hint="rongcheng"))
        'my.toml:3: key `regimes.main`: no such regime; did you mean `rongcheng`?'
        >>> str(BadInput("citizens must be at least 1"))
        'citizens must be at least 1'
    """

    def __init__(
        self,
        message: str,
        file: str | Path | None = None,
        place: int | str | None = None,
        key: str | None = None,
        hint: str | None = None,
    ) -> None:
        self.message = message
        self.file = file
        self.place = place
        self.key = key
        self.hint = hint
        # All five are kept as arguments, so that the error survives a trip between processes.
        super().__init__(message, file, place, key, hint)

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.place) if part is not None)
        parts = [where] if where else []
        if self.key is not None:
            parts.append(f"key `{self.key}`")
        parts.append(self.message)
        told = ": ".join(parts)
        return told if self.hint is None else f"{told}; did you mean `{self.hint}`?"


def must_name(given: object, takes: str) -> None:
    """Refuse whatever is neither text nor a path, where only these can name what is meant.

    Args:
        given: what a caller handed over.
        takes: what could be handed over, as a sentence without its end.

    Raises:
        BadInput: with that sentence, and the type of what was given.

    Example:
        >>> must_name("essay", "load takes a name")
        >>> must_name(7, "load takes a name")
        Traceback (most recent call last):
        glasshouse.errors.BadInput: load takes a name, not a value of type int
    """
    if not isinstance(given, str | os.PathLike):
        raise BadInput(f"{takes}, not a value of type {type(given).__name__}")


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate spelt most like the word, or None where none comes close.

    Args:
        word: what was written.
        candidates: what could have been meant, in any order; the answer does not depend on the order.

    Returns:
        One of the candidates, as spelt there; upper and lower case, `-` and `_` count as the same.

    Example:
        >>> nearest("rongchen", ["essay", "none", "rongcheng"])
        'rongcheng'
        >>> nearest("weather", ["essay", "none"]) is None
        True
    """
    spelt = {_folded(candidate): candidate for candidate in sorted(candidates, reverse=True)}
    close = difflib.get_close_matches(_folded(word), sorted(spelt), n=1, cutoff=0.6)
    return spelt[close[0]] if close else None


def _folded(word: str) -> str:
    return word.casefold().replace("-", "_")
