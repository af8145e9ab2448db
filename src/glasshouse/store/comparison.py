"""The folder of a comparison: its numbers for programs, its table, the page that compares, and the report of its first seed. Whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from . import parquet
from .columns import Column
from .failures import as_bad_input
from .folder import SCENARIO, Holds, check_target, partial_folder, says_format, target, whole_in
from .write import as_json, finite, put_in_place, sync, write_file

FORMAT = "glasshouse comparison"
NUMBERS, TABLE = "comparison.json", "comparison.parquet"
PAGES = ("comparison.html", "report.html")
COLUMNS = (
    Column("seed", "whole", "", "Seed of the run."),
    Column("regime", "text", "", "Name of the regime; empty where the run failed.", True),
    Column("measure", "text", "", "What is measured: a headline of the report, by its place in the summary of a regime; of `rewards` and "
                                  "`penalties` it is the sum over all of them.", True),
    Column("value", "number", "", "Its value in this run, in the unit of the summary; empty where there is no case.", True),
    Column("failed", "text", "", "What the run was about when it failed, and why; empty where it did not.", True),
)  # fmt: skip
"""The columns of comparison.parquet."""


def is_comparison(folder: Path) -> bool:
    """Whether a finished comparison lies here."""
    return says_format(folder / NUMBERS, FORMAT)


COMPARISON = Holds("comparison", frozenset({NUMBERS, TABLE, *PAGES, SCENARIO}), is_comparison)


def check_comparison_target(folder: str | Path) -> Path:
    """Say whether a comparison may be written here; nothing on the disk changes.

    Raises:
        BadInput: a file stands in the way, the folder holds something else, cannot be written, or the disk is full.
    """
    return check_target(folder, COMPARISON)


def write_comparison(folder: str | Path, numbers: dict[str, Any], runs: pl.DataFrame, scenario_toml: str, pages: dict[str, str]) -> Path:
    """Keep a comparison, whole or not at all; an earlier one in the same folder is replaced.

    Args:
        folder: a folder that is new, empty, or of an earlier comparison.
        numbers: everything as plain data.
        runs: a row a seed, regime and measure.
        scenario_toml: the scenario in full, with the seed that the report is of.
        pages: the page that compares and the report of the first seed, by name; none where no seed could be run.

    Returns:
        The folder.

    Raises:
        BadInput: the folder holds something else, cannot be written, or the disk is full.
    """
    folder = target(folder)
    try:
        with partial_folder(folder, COMPARISON) as partial:
            whole = whole_in(partial)
            parquet.write(parquet.plain(runs), whole / TABLE)
            sync(whole / TABLE)
            write_file(whole / SCENARIO, scenario_toml)
            for name, text in pages.items():
                write_file(whole / name, text)
            write_file(whole / NUMBERS, as_json(finite({"format": FORMAT, **numbers})))
            sync(whole)
            put_in_place(whole, folder)
    except OSError as error:
        raise as_bad_input(error, folder, what="comparison") from error
    return folder
