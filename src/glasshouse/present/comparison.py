"""The page of a comparison: regimes as columns, audits as rows, each cell a number with its interval, and what is not known at the same height.

The same numbers give the same bytes. Which number stands for an audit is a rule: the first that it gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import figures, palette, words
from .blocks import Bar, Cell, Figure, Key, Line, Matrix, Section, Table, Words
from .data import BASELINE
from .headlines import HEADLINES, Headline, difference
from .report import written
from .tables import behind, table

Found = Mapping[str, Any]
Row = Mapping[str, Any]
Ranges = Mapping[str, Sequence[Mapping[str, Any]]]
DRAWN = 12
"""So many numbers of an audit are drawn at most; the table has all."""
HEADLINE = {line.id: line for line in HEADLINES}
READER = "Which of two numbers is better is for the reader to say."


def page(found: Found, titles: Mapping[str, str], ledger: Sequence[Row], ranges: Ranges, repeat: str) -> str:
    """The page as HTML, which opens without a network and asks nothing of one.

    Args:
        found: what `glasshouse compare --json` prints.
        titles: what each regime is called.
        ledger: every number that the runs rest on: rows with key, about, unit, status.
        ranges: "REGIME.HEADLINE" -> how far assumed numbers move it, as in `ranges.json` of a run.
        repeat: the command line that gives the same comparison again.
    """
    called = {name: "no score" if name == BASELINE else titles.get(name, name) for name in found["regimes"]}
    sections = [
        _question(found, called),
        _found(found, called),
        _unknown(called, ledger, ranges),
        *(_audit(found, called, name) for name in _names(found)),
        _headlines(found, called),
        _how(found, repeat),
    ]
    return written("comparison", words.capital(f"{words.listed([*called.values()][1:])}, beside {called[found['first']]}"), found, sections)


def _names(found: Found) -> list[str]:
    return list(dict.fromkeys(row["audit"] for row in found["audits"]))


def _rows(found: Found, audit: str) -> list[Row]:
    return [row for row in found["audits"] if row["audit"] == audit]


def _question(found: Found, called: Mapping[str, str]) -> Section:
    seeds = [row["runs"] for row in found["audits"]] + [row["seeds"] for row in found["differences"]]
    many = max(seeds, default=0)
    told = (
        f"The same {found['citizens']:,} invented people live {found['days']:,} days from {found['start']} under each of: "
        f"{words.listed([*called.values()])}. Their luck is the same under each, so what differs comes from the rules. "
        f"This was repeated with {many} {'society' if many == 1 else 'societies'} drawn anew."
    )
    says = (words.SAYS.replace("'", "’"), READER, *(f"{words.capital(note)}." for note in found["notes"]))
    return Section("question", "What is compared", [Words(told), *map(Words, says)])


def _found(found: Found, called: Mapping[str, str]) -> Section:
    """A line an audit, of the first number that it gives."""
    lines = []
    for audit in _names(found):
        rows = _rows(found, audit)
        rows = [row for row in rows if row["of"] == rows[0]["of"]]
        bars = _bars(rows)
        by = {row["regime"]: Cell(_value(row), _interval(row), bar, _gap(row, "difference"), bool(row["small"])) for row, bar in zip(rows, bars, strict=True)}
        cells = tuple(by.get(name, Cell(words.NO_CASE)) for name in called)
        lines.append(Line(words.capital(audit.replace("-", " ")), rows[0]["of"], rows[0]["direction"], f"#audit-{audit}", cells))
    if not lines:
        return Section("found", "What was found", [Words("No audit was asked of these runs; the headline numbers stand below.")])
    note = (
        "In each cell: the mean over the societies, its interval, and below, in grey, the difference from the same people under "
        f"“{called[found['first']]}”. The bar spans the interval, on one scale a line. Few people: fewer than 30 stand behind the number."
    )
    return Section("found", "What was found", [Matrix("What was found, by audit and regime", tuple(map(words.capital, called.values())), tuple(lines), note)])


def _unknown(called: Mapping[str, str], ledger: Sequence[Row], ranges: Ranges) -> Section:
    """How many numbers are only assumed, and the headlines that hang on them most."""
    counts = {status: sum(row["status"] == status for row in ledger) for status in words.STATUSES}
    told = "; ".join(f"{counts[status]:,} {meaning} ({status})" for status, meaning in words.STATUSES.items() if counts[status])
    blocks: list[Any] = [Words(f"These runs rest on {len(ledger):,} numbers: {told}.")]
    about = {row["key"]: row.get("about") or words.plain(row["key"]) for row in ledger}
    rows = []
    for name, moved in ranges.items():
        regime, _, measure = name.partition(".")
        line = HEADLINE.get(measure)
        if line is None or regime not in called:
            continue
        for move in moved:
            ends = [move[end] for end in ("at_low", "base", "at_high")]
            if None not in ends and len(set(ends)) > 1:
                swing = f"{words.number_in(move['low_value'])} to {words.number_in(move['high_value'])}"
                said = [line.write(end) for end in ends]
                rows.append([f"{line.name}, {called[regime]}\n{move['key']}", about.get(move["key"], ""), swing, f"{said[0]} to {said[2]}", said[1]])
    if rows:
        blocks.append(
            table(
                "What the headline numbers hang on: one assumed number at a time, at both ends of its range, in smaller runs",
                ["Headline", "Assumed number", "#Its range", "#The headline then", "#As assumed"],
                rows,
            )
        )
    else:
        blocks.append(Words("How far the assumed numbers move what is found was not worked out for these regimes."))
    blocks.append(Words("No interval on this page covers this: intervals are of luck and of who was drawn, not of what was assumed.", quiet=True))
    return Section("unknown", "What is not known", blocks)


def _audit(found: Found, called: Mapping[str, str], audit: str) -> Section:
    """One audit: its definition, and of each kind of number a figure and all of them; folded those that stand behind."""
    every, name = _rows(found, audit), words.capital(audit.replace("-", " "))
    rows = [row for row in every if row["front"]] or every
    kinds = [*dict.fromkeys((row["unit"], row["direction"]) for row in rows)]
    blocks: list[Any] = [Words(rows[0]["definition"])]
    for unit, direction in kinds:
        alike = [row for row in rows if (row["unit"], row["direction"]) == (unit, direction)]
        caption = f"{name}: all numbers" if len(kinds) == 1 else f"{name}: {alike[0]['of'].partition(':')[0]}, {unit}"
        blocks += [Words(f"{words.capital(direction)}.", quiet=True), _numbers(found, called, audit, alike, caption)]
    more = [row for row in every if row not in rows] if len(rows) < len(every) else []
    if more:
        blocks.append(table(f"{name}: the other numbers", *_cells(found, called, more), fold=f"{len(more):,} more {'number' if len(more) == 1 else 'numbers'}"))
    return Section(f"audit-{audit}", name, blocks)


def _numbers(found: Found, called: Mapping[str, str], audit: str, rows: list[Row], caption: str) -> Figure | Table:
    """The numbers of one kind: a figure with the table behind it, or the table alone where nothing can be drawn."""
    titles, cells = _cells(found, called, rows)
    return _figure(called, audit, rows, caption, titles, cells) or table(caption, titles, cells)


def _cells(found: Found, called: Mapping[str, str], rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    """The heads of a table of numbers, and its rows."""
    units = {row["unit"] for row in rows}
    titles = ["Regime", "Of", f"#{words.capital(units.pop()) if len(units) == 1 else 'Number'}", "#Interval",
              f"#Difference from {called[found['first']]}", "#Its interval", "#Without twins", "#People"]  # fmt: skip
    cells = [
        [
            words.capital(called.get(row["regime"], row["regime"])), row["of"] + (f"\n{row['between']}" if row["between"] else ""),
            _value(row), _interval(row), _gap(row, "difference"), _span(_gap(row, "difference_low"), _gap(row, "difference_high")),
            _times(row["unpaired"]),
            "not counted" if row["people"] is None else f"{row['people']:,}{' (few)' if row['small'] else ''}",
        ]
        for row in rows
    ]  # fmt: skip
    return titles, cells


def _times(unpaired: float | None) -> str:
    """How many times the runs the same precision would have cost without twins."""
    return "" if unpaired is None else f"{words.decimal(unpaired)} times the runs"


def _figure(called: Mapping[str, str], audit: str, rows: list[Row], caption: str, titles: list[str], cells: list[list[str]]) -> Figure | None:
    """A dot a regime for each thing asked about, with its interval, and the table behind it."""
    shown = list(dict.fromkeys(row["of"] for row in rows if row["value"] is not None))[:DRAWN]
    if not shown:
        return None
    looks = palette.regimes(list(called), BASELINE)
    points = [
        {
            "label": row["of"], "name": words.capital(called[row["regime"]]), "value": row["value"],
            "low": row["value"] if row["low"] is None else row["low"], "high": row["value"] if row["high"] is None else row["high"],
            "say": f"{row['of']}, {called[row['regime']]}: {_value(row)} ({_interval(row)})",
        }
        for row in rows
        if row["of"] in shown and row["value"] is not None and row["regime"] in called
    ]  # fmt: skip
    names = [words.capital(each) for each in called.values()]
    first = [f"{_value(row)} under “{called[row['regime']]}”" for row in rows if row["of"] == shown[0] and row["regime"] in called]
    more = "" if len(shown) == len({row["of"] for row in rows}) else f" The first {len(shown)} are drawn; the table has all."
    return Figure(
        title=words.capital(shown[0] if len(shown) == 1 else f"{audit.replace('-', ' ')}, number by number"),
        unit=words.capital(rows[0]["unit"]),
        spec=figures.titled_intervals(shown, names, [looks[name][0] for name in called]),
        rows=points,
        summary=f"{words.capital(shown[0])}: {words.listed(first)}.{more}",
        legend=tuple(Key(name, looks[regime][0], "dot") for name, regime in zip(names, called, strict=True)),
        table=behind(caption, titles, cells),
    )


def _headlines(found: Found, called: Mapping[str, str]) -> Section:
    """The headline numbers of the report, each regime beside the first."""
    tables: list[Table] = []
    for name in [*called][1:]:
        rows = []
        for row in found["differences"]:
            line = HEADLINE[row["measure"]]
            if row["regime"] == name and (row["mean"] is not None or row["first_mean"] is not None):
                levels = [words.NO_CASE if row[key] is None else line.write(row[key]) for key in ("first_mean", "mean")]
                gaps = [words.NO_CASE if row[key] is None else _apart(line, row[key]) for key in ("difference", "low", "high")]
                rows.append([line.name, *levels, gaps[0], _span(*gaps[1:]), _times(row["unpaired"])])
        levels = [f"#{words.capital(called[each])}" for each in (found["first"], name)]
        titles = ["Headline", *levels, "#Difference", "#Its interval", "#Without twins"]
        tables.append(table(f"{words.capital(called[name])} beside {called[found['first']]}", titles, rows))
    return Section("headlines", "The headline numbers", tables)


def _how(found: Found, repeat: str) -> Section:
    saved = sorted(row["unpaired"] for row in found["differences"] if row["unpaired"] is not None)
    told = [
        "Twins: each person lives under each regime with the same luck, and differences are taken person by person and society by society. "
        "A difference is total: what a rule does to a person directly, and through others.",
    ]
    if saved:
        middle = words.decimal(saved[len(saved) // 2])
        told.append(
            f"Without twins the same precision would have cost {middle} times the runs, in the median of the headline numbers; "
            "the tables say it of each number."
        )
    told.append("Intervals are of 95 % (Student’s t over societies) from ten societies on; with fewer stands the range of what was seen.")
    failed = [f"The run of seed {row['seed']} failed, {row['stage']}: {row['message']}." for row in found["failed"]]
    return Section("how", "How it was done", [*map(Words, told), *map(Words, failed), Words(repeat, kind="code")])


def _apart(line: Headline, gap: float) -> str:
    return difference(line, _rounded(gap))


def _share(row: Row) -> bool:
    return str(row["unit"]).startswith("share")


def _write(row: Row, number: float | None) -> str:
    return words.NO_CASE if number is None else words.share(number) if _share(row) else words.decimal(number)


def _value(row: Row) -> str:
    return _write(row, row["value"])


def _interval(row: Row) -> str:
    return "" if row["value"] is None else "no interval" if row["low"] is None else _span(_write(row, row["low"]), _write(row, row["high"]))


def _gap(row: Row, key: str) -> str:
    if row[key] is None:
        return ""
    return words.points(row[key]) if _share(row) else words.signed(_rounded(row[key]))


def _rounded(number: float) -> float:
    """So small a difference that it is only the arithmetic's is none."""
    return 0.0 if abs(number) < 1e-12 else number


def _span(low: str, high: str) -> str:
    return f"{low} to {high}" if low or high else ""


def _bars(rows: Sequence[Row]) -> list[Bar | None]:
    """Where the numbers and their intervals stand on one line of 0 to 100."""
    ends = [row[key] for row in rows for key in ("value", "low", "high") if row[key] is not None]
    low, high = (min(ends), max(ends)) if ends else (0.0, 0.0)
    low = min(0.0, low)
    at = lambda number: 100 * (number - low) / ((high - low) or 1.0)  # noqa: E731
    return [
        None if row["value"] is None else Bar(*(at(row["value"] if row[key] is None else row[key]) for key in ("low", "high", "value"))) for row in rows
    ]
