"""A comparison for reading: for each regime the headline numbers, how far from the first, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.measure import Measurement
from rich.text import Text

from ..audits.paired import INTERVAL, LEAST, RANGE
from ..present import words
from ..present.headlines import HEADLINES, difference
from .terminal import ENDLESS, Column, records, screen, table, written

if TYPE_CHECKING:
    from ..experiments.compare import Comparison

Row = dict[str, Any]
LINES = {line.id: line for line in HEADLINES}


def text(found: Comparison) -> str:
    """A comparison as lines of text."""
    return written(*parts(found, wide=True))


def parts(found: Comparison, wide: bool = False) -> list[RenderableType]:
    """A comparison as it is shown: tables, or two lines a measure on a screen that is too narrow for them."""
    rows = found.differences
    told: list[RenderableType] = [Text(_head(found), style="bold")]
    for name in found.regimes[1:] if found.levels else []:
        told += ["", *_regime(found.regimes[0], name, [row for row in rows if row["regime"] == name], wide)]
    if found.levels:
        told += ["", words.SAYS, pairing(rows, len(found.levels))]
    told += [f"{each[:1].upper()}{each[1:]}." for each in found.notes]
    if found.failed:
        failed = [(f"seed {row['seed']} failed, {row['stage']}", row["message"]) for row in found.failed]
        told += ["", *records(failed)]
    return told


def _head(found: Comparison) -> str:
    asked, seeds = found.scenario, found.seeds
    which = f"seed {seeds[0]}" if len(seeds) == 1 else f"{len(seeds)} seeds, {seeds[0]} to {seeds[-1]}"
    size = f"{asked.citizens:,} citizens, {asked.days:,} days from {asked.start.isoformat()}"
    return f"{words.listed(found.regimes[1:])} beside {found.regimes[0]}: {size}; {which}"


def _regime(first: str, name: str, rows: list[Row], wide: bool) -> list[RenderableType]:
    """One regime beside the first."""
    shown = [row for row in rows if row["mean"] is not None or row["first_mean"] is not None]
    kinds = {row["kind"] for row in shown if row["kind"]}
    span = INTERVAL if INTERVAL in kinds else RANGE
    cells = [_cells(row, span) for row in shown]
    titles = {"first": first, "own": name, "gap": "difference", "span": span, "unpaired": "unpaired"}
    columns = [Column("name", name), *(Column(key, title, number=True) for key, title in titles.items())]
    drawn = table(columns, cells)
    console = screen()
    if wide or Measurement.get(console, console.options.update(max_width=ENDLESS), drawn).maximum <= console.width:
        return [drawn]
    lines = [(f"{cell['name']}: {cell['first']} -> {cell['own']}",
              f"{cell['gap']}; {span} {cell['span']}" + (f"; unpaired {cell['unpaired']}" if cell["unpaired"] else ""))
             for cell in cells]  # fmt: skip
    return [Text(f"{name} ({first} -> {name})", style="bold"), *records(lines, head="")]


def _cells(row: Row, span: str) -> Row:
    line = LINES[row["measure"]]
    beside = row["difference"] is not None
    low, high = (row["low"], row["high"]) if beside else (row["mean_low"], row["mean_high"])
    write = (lambda number: difference(line, number)) if beside else line.write
    few = "" if row["kind"] == span else f" (range of {row['seeds']})"  # where only some seeds have a case
    return {
        "name": line.name, "first": _plain(line.write(row["first_mean"])) if row["first_mean"] is not None else words.NO_CASE,
        "own": _plain(line.write(row["mean"])) if row["mean"] is not None else words.NO_CASE,
        "gap": _plain(difference(line, row["difference"])) if beside else words.NO_CASE,
        "span": "" if low is None else f"{_end(write(low))} to {_end(write(high))}{few}",
        "unpaired": "" if row["unpaired"] is None else f"{_plain(words.decimal(row['unpaired']))} x",
    }  # fmt: skip


def _end(said: str) -> str:
    return "0" if said == words.signed(0) else _plain(said)


def _plain(said: str) -> str:
    return said.replace(words.SPACE, " ")


def pairing(rows: list[Row], seeds: int) -> str:
    """What it would have cost to know as much without twins."""
    known = sorted(row["unpaired"] for row in rows if row["unpaired"] is not None)
    if not known:
        return "What unpaired runs would have cost for the same precision cannot be said from these runs."
    middle = known[len(known) // 2]
    span = f" (from {_plain(words.decimal(known[0]))} to {_plain(words.decimal(known[-1]))})" if len(known) > 1 else ""
    times = _plain(words.decimal(middle))
    about = "about " if seeds < LEAST else ""
    return f"Without twins the same precision would have cost {about}{times} times the runs in the median of these measures{span}."
