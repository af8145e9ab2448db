"""A sweep for reading: each number that was varied against the headline numbers, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from rich.console import RenderableType
from rich.text import Text

from .._version import __version__
from ..audits.paired import INTERVAL, RANGE
from ..experiments.compare import SAYS
from ..present import swept, words
from ..present.headlines import HEADLINES, difference
from .terminal import Column, records, table, written

if TYPE_CHECKING:
    from ..experiments.sweeps.sweep import Sweep

Row = dict[str, Any]
LINES = {line.id: line for line in HEADLINES}
FEW = 5
"""Failed runs that are told of one by one."""


def text(found: Sweep) -> str:
    """A sweep as lines of text."""
    return written(*parts(found))


def as_dict(found: Sweep) -> Row:
    """A sweep as plain data: what `--json` prints."""
    return {
        "schema": 1, "version": __version__, **{key: part for key, part in found.plan.items() if key not in ("layout", "version", "code")},
        "says": SAYS, "runs": found.done, "failed": _failed(found).to_dicts(), "effects": effects(found), "folder": str(found.folder),
    }  # fmt: skip


def effects(found: Sweep) -> list[Row]:
    """What the sweep says of every measure that it keeps."""
    return swept.effects(found.frame, found.plan["design"], found.regimes, found.plan["measures"])


def _failed(found: Sweep) -> pl.DataFrame:
    return found.frame.filter(pl.col("regime").is_null()).select("run", *found.plan["design"]["keys"], "seed", "stage", "message").collect()


def parts(found: Sweep) -> list[RenderableType]:
    """A sweep as it is shown."""
    plan = found.plan
    told: list[RenderableType] = [Text(swept.head(plan), style="bold")]
    if not found.finished:
        told.append(f"{found.done:,} of {found.total:,} runs are done")
    shown = [of for of in swept.SHOWN if of in plan["measures"]] if len(plan["measures"]) > len(swept.SHOWN) else list(plan["measures"])
    rows = swept.effects(found.frame, plan["design"], found.regimes, shown)
    for key in dict.fromkeys(row["key"] for row in rows):
        for name in dict.fromkeys(row["regime"] for row in rows):
            told += ["", _table([row for row in rows if row["key"] == key and row["regime"] == name], key or "", name, shown, found.regimes)]
    kinds = {row["kind"] for row in rows if row["kind"]}
    told += ["", SAYS, _sure(kinds)]
    failed = _failed(found)
    if len(failed):
        lines = [(f"run {row['run']}, seed {row['seed']} failed, {row['stage']}", row["message"]) for row in failed.head(FEW).to_dicts()]
        more = [f"and {len(failed) - FEW:,} more: rows of the table without a regime"] if len(failed) > FEW else []
        told += ["", *records(lines), *more]
    return told


def _table(rows: list[Row], key: str, name: str, shown: list[str], regimes: list[str]) -> RenderableType:
    title = f"{name}, difference from {regimes[0]} (the number itself where {regimes[0]} has no case)" if len(regimes) > 1 else name
    columns = [Column("value", key), Column("runs", "runs", number=True), *(Column(of, LINES[of].name) for of in shown)]
    cells: dict[str, Row] = {}
    some = any(row["kind"] == INTERVAL for row in rows)
    for row in rows:
        cell = cells.setdefault(row["value"], {"value": row["value"], "runs": f"{row['runs']:,}"})
        cell[row["measure"]] = _cell(row, some)
    return table(columns, cells.values(), title)


def _cell(row: Row, some: bool) -> str:
    """A difference with its ends; where the first regime has no case, the number itself. some: whether there are intervals in the table."""
    line = LINES[row["measure"]]
    if row["difference"] is not None:
        said = [difference(line, row[of]) for of in ("difference", "low", "high")]
    elif row["mean"] is not None:
        said = [line.write(row[of]) for of in ("mean", "mean_low", "mean_high")]
    else:
        return words.NO_CASE
    mean, *ends = (each.replace(words.SPACE, " ") for each in said)
    few = f" (range of {row['seeds']})" if some and row["kind"] == RANGE else ""
    low, high = ("0" if each == words.signed(0) else each for each in ends)
    return mean if ends == [mean, mean] else f"{mean} [{low}; {high}]{few}"


def _sure(kinds: set[str]) -> str:
    if not kinds:
        return "No run came to its end."
    if INTERVAL in kinds:
        return "In brackets the 95 % interval over seeds, of runs paired on the same people and luck."
    return "In brackets the range of what was seen: fewer than 10 seeds say anything, or most say the same."
