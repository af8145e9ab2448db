"""Tables to Parquet and back. The same table leaves the same bytes: fixed options, no times, whatever the number of threads."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import polars as pl

from ..errors import BadInput

ROWS = 1 << 17  # rows a group: fixed, since it shows in the bytes
LEVEL = 3
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
    try:
        names = None if wanted is None else [name for name in pl.read_parquet_schema(path) if wanted(name)]
        # Not mapped into memory, so that a run may be replaced while its tables are still in use.
        return pl.read_parquet(path, columns=names, memory_map=False)
    except FileNotFoundError:
        raise BadInput(f"the run lacks its {path.name}", file=path.parent) from None
    except (pl.exceptions.PolarsError, OSError) as error:
        raise BadInput(f"the {path.name} is damaged ({error})", file=path.parent) from None
