"""Tables to Parquet and back. The same table leaves the same bytes: fixed options, no times, whatever the number of threads."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from ..errors import BadInput
from .folder import inside

ROWS = 1 << 17  # rows a group: fixed, since it shows in the bytes
LEVEL = 3
WIDTHS = {pl.Int8: 1, pl.UInt8: 1, pl.Boolean: 1, pl.Int16: 2, pl.UInt16: 2, pl.Int32: 4, pl.UInt32: 4, pl.Float32: 4, pl.Date: 4, pl.Int64: 8,
          pl.UInt64: 8, pl.Float64: 8}  # bytes a value; text has a place of 16  # fmt: skip
SYSTEM_SAID = re.compile(r"\(os error (\d+)\)")


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """The table as it is stored: categories as text, in one piece.

    Example:
        >>> frame = pl.DataFrame({"regime": ["essay"]}, schema={"regime": pl.Categorical})
        >>> plain(frame).schema["regime"]
        String
    """
    categories = [name for name, kind in frame.schema.items() if kind in (pl.Categorical, pl.Enum)]
    return frame.with_columns(pl.col(categories).cast(pl.String)).rechunk()


def write(frame: pl.DataFrame, path: Path) -> None:
    """Write a table that `plain` returned.

    Raises:
        OSError: the disk refused, with the system's number for why.
    """
    try:
        frame.write_parquet(path, compression="zstd", compression_level=LEVEL, statistics=True, row_group_size=ROWS)
    except pl.exceptions.PolarsError as error:
        # The writer tells of a full disk in words alone.
        said = SYSTEM_SAID.search(str(error))
        if said is None:
            raise
        raise OSError(int(said[1]), str(error), str(path)) from error


def read(path: Path, wanted: Callable[[str], bool] | None = None) -> pl.DataFrame:
    """Read a table of a run.

    Args:
        path: its file.
        wanted: says of a column's name whether it is read; all of them by default.

    Raises:
        BadInput: the file is missing or is no Parquet file.
    """
    with _told(path):
        # Not mapped into memory, so that a run may be replaced while its tables are still in use.
        return pl.read_parquet(path, columns=_columns(path, wanted), memory_map=False)


def scan(path: Path, wanted: Callable[[str], bool] | None = None) -> pl.LazyFrame:
    """The same, read piece by piece when something is asked of it.

    Raises:
        BadInput: the file is missing or is no Parquet file.
    """
    with _told(path):
        return pl.scan_parquet(path).select(_columns(path, wanted))


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """One message for a file that is missing or damaged."""
    try:
        yield
    except FileNotFoundError:
        raise BadInput(f"the run lacks its {path.name}", file=path.parent) from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise BadInput(f"the {path.name} is damaged ({error})", file=path.parent) from None


def _columns(path: Path, wanted: Callable[[str], bool] | None) -> list[str]:
    """The columns that are wanted of a file that lies in its place and is not larger than memory."""
    inside(path)
    kinds = pl.read_parquet_schema(path)
    names = [name for name in kinds if wanted is None or wanted(name)]
    _check_room(path, pl.scan_parquet(path).select(pl.len()).collect().item(), [kinds[name] for name in names])
    return names


def _check_room(path: Path, rows: int, kinds: list[pl.DataType]) -> None:
    """A small file may say that it holds more than any memory: what it says is asked before it is read."""
    needed = rows * sum(WIDTHS.get(kind, 16) for kind in kinds)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if needed > memory:
        raise BadInput(f"the {path.name} says that it holds {rows:,} rows: {needed / 1e9:.1f} GB, more than this machine's memory", file=path.parent)
