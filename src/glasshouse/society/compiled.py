"""How the functions of the society are compiled, and a sort that they share."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit

_SOURCES = ("compiled.py", "luck.py", "seating.py", "matching.py", "households.py", "crowd.py", "lives.py", "columns.py")


def sources_digest() -> str:
    """A hash of the source files whose text is inside the machine code of the society."""
    folder = Path(__file__).parent
    return hashlib.sha256(b"\0".join((folder / name).read_bytes() for name in _SOURCES)).hexdigest()


_DIGEST = sources_digest()


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile on first use, keep on disk, run free of the interpreter's lock, strict IEEE; whole numbers only, never divided by zero.

    Numba's own cache notices a change only in the file of the outermost function; here a change in any of the files does.
    """
    dispatcher = njit(cache=True, nogil=True, error_model="numpy")(function)
    index = dispatcher._cache._cache_file
    index._source_stamp = (index._source_stamp, _DIGEST)
    return dispatcher


ZERO = np.int64(0)
"""A zero that is not a literal: where a count starts from a bare 0, Numba compiles what it is handed to twice."""

_GAPS = (1750, 701, 301, 132, 57, 23, 10, 4, 1)


@compiled
def shell_sort(keys, count):
    """Sort the first `count` of an int64 array, ascending, in place; its own code, so that no library's order of equal keys matters."""
    for gap in _GAPS:
        for at in range(gap, count):
            key = keys[at]
            to = at
            while to >= gap and keys[to - gap] > key:
                keys[to] = keys[to - gap]
                to -= gap
            keys[to] = key
