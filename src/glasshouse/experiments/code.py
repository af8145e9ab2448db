"""What the numbers of a run come from: a digest of the code and data of the model. Another digest, and nothing that was kept is taken up."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import polars as pl

ROOT = Path(__file__).parents[1]
MODEL = ("rules", "engine", "day", "regimes", "society", "catalogue", "scenarios", "experiments", "store")
"""The folders of the package that the numbers of a run come from."""


def digest(more: Iterable[Path] = ()) -> str:
    """A digest of the code and data of the model, and of more files of the package."""
    files = [path for name in MODEL for path in (ROOT / name).rglob("*") if path.suffix in (".py", ".toml") and path.parent.name != "targets"]
    found = hashlib.sha256(f"{np.__version__} {pl.__version__}".encode())
    for path in sorted([*files, *more]):
        found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


@functools.cache
def of_model() -> str:
    """A digest of the code and data of the model, as they were when it was first asked for."""
    return digest()
