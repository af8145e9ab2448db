"""What is printed, and where: results on standard output, everything else on standard error; plain text when piped."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from ..errors import CHECK_SAYS_NO, DONE

ENDLESS = 2000  # columns of a "terminal" that is a file or a pipe: a row stays on one line


class OwnConsole(Console):
    """A console that lets the command end the broken pipe, not the library."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def screen(error: bool = False) -> Console:
    """The console for results, or for everything else."""
    stream = sys.stderr if error else sys.stdout
    wide = not (stream and stream.isatty()) and "COLUMNS" not in os.environ
    return OwnConsole(file=stream, width=ENDLESS if wide else None, highlight=False, emoji=False, soft_wrap=False)


def is_terminal(error: bool = False) -> bool:
    """Whether a person looks at the output as it comes."""
    stream = sys.stderr if error else sys.stdout
    return bool(stream and stream.isatty())


def show_json(content: Any) -> None:
    """Print one JSON value on standard output and nothing else."""
    print(json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=str))


def give(content: Any, as_json: bool, parts: Callable[[Any], Iterable[RenderableType]]) -> None:
    """Print a result: as JSON, or for reading by way of `parts`."""
    if as_json:
        show_json(content)
    else:
        show(*parts(content))


def give_kept(
    found: Any,
    out: str | None,
    as_json: bool,
    quiet: bool,
    parts: Callable[[Any], Iterable[RenderableType]],
    foot: Callable[[], None],
) -> int:
    """Prints what was found and may have been kept in a folder: JSON, the folder alone, or for a person, with a last line.

    Returns the exit code: whether something failed.
    """
    if as_json:
        show_json({**found.as_dict(), "folder": out})
    elif quiet and out:
        print(out)
    else:
        show(*parts(found))
        foot()
    return CHECK_SAYS_NO if found.failed else DONE


def show(*parts: RenderableType) -> None:
    """Print results; lines end where their text ends."""
    console = screen()
    with console.capture() as caught:
        for part in parts:
            console.print(Text(part) if isinstance(part, str) else part)  # a [ in it is no markup
    _print(caught.get())


def written(*parts: RenderableType) -> str:
    """The same as text, wide enough for every line."""
    console = OwnConsole(file=io.StringIO(), width=ENDLESS, highlight=False, emoji=False, soft_wrap=False)
    with console.capture() as caught:
        for part in parts:
            console.print(Text(part) if isinstance(part, str) else part)
    return "\n".join(line.rstrip() for line in caught.get().splitlines())


def _print(text: str) -> None:
    if not is_terminal():
        text = "".join(line.rstrip() + "\n" for line in text.splitlines())
    print(text, end="")  # which says nothing where the caller closed the output


def note(text: str, quiet: bool = False) -> None:
    """Say something beside the results."""
    if not quiet and sys.stderr is not None:  # None where the caller closed it
        print(text, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Column:
    """One column of a table: the key of its values, its title, whether it holds numbers, and its style."""

    key: str
    title: str
    number: bool = False
    style: str = ""


def table(columns: Sequence[Column], rows: Iterable[dict[str, Any]], title: str | None = None) -> Table:
    """Rows as a plain table without rules, numbers to the right."""
    drawn = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title=title, title_justify="left", title_style="bold",
                  header_style="dim", show_header=any(column.title for column in columns))  # fmt: skip
    for column in columns:
        drawn.add_column(Text(column.title), justify="right" if column.number else "left", style=column.style, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell(row.get(column.key))) for column in columns))
    return drawn


def cell(value: Any) -> str:
    """A value as a cell shows it: nothing for None, dates in a dated value one after the other.

    Example:
        >>> cell(None), cell([0.1, 1]), cell({"2020-01-01": 3}), cell(100000)
        ('', '0.1 to 1', '3 from 2020-01-01', '100,000')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and abs(value) >= 10_000:
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"
    if isinstance(value, dict):
        return ", ".join(f"{cell(number)} from {day}" for day, number in value.items())
    if isinstance(value, list | tuple):
        numbers = len(value) == 2 and all(isinstance(part, int | float) for part in value)
        return (" to " if numbers else ", ").join(cell(part) for part in value)
    return str(value)


def records(rows: Iterable[tuple[str, str]], head: str = "bold", body: str = "") -> list[RenderableType]:
    """Entries of a heading and what is said of it, for what is too wide for a table: the text is set in below."""
    from rich.padding import Padding

    parts: list[RenderableType] = []
    for title, text in rows:
        parts.append(Text(title, style=head))
        if text:
            parts.append(Padding(Text(text, style=body), (0, 0, 0, 4), expand=False))
    return parts
