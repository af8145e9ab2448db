"""How far a run is, on a terminal: the day, and citizen-days a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from .terminal import is_terminal, note, screen


class Progress(Protocol):
    """What a run calls from time to time: days done, days in all, citizen-days a second, and a word on what it does now."""

    def __call__(self, done_days: int, total_days: int, citizen_days_per_s: float, note: str | None = None) -> None: ...


@contextmanager
def progress(quiet: bool) -> Iterator[Progress]:
    """A progress bar on standard error where that is a terminal; else only what the run says, a line each."""
    if quiet:
        yield lambda done_days, total_days, citizen_days_per_s, note=None: None
    elif is_terminal(error=True):
        with _bar() as bar:
            yield bar
    else:
        yield _Lines()


class _Lines:
    """Without a terminal: each new word once."""

    def __init__(self) -> None:
        self.said: str | None = None

    def __call__(self, done_days: int, total_days: int, citizen_days_per_s: float, note: str | None = None) -> None:
        if note and note != self.said:
            self.said = note
            _say(note)


_say = note


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    words, speed = TextColumn("{task.description}"), TextColumn("{task.fields[rate]}")
    # Short enough for 80 columns and the ^C that a terminal shows: a full line would wrap and leave its remains.
    columns = (words, BarColumn(bar_width=18), speed, TimeRemainingColumn(compact=True))
    with Bar(*columns, console=screen(error=True), transient=True) as bar:
        task = bar.add_task("getting ready", total=None, rate="")

        def moved(done_days: int, total_days: int, citizen_days_per_s: float, note: str | None = None) -> None:
            known: dict[str, Any] = {"total": total_days or None, "completed": done_days}
            told = note or f"day {done_days:,} of {total_days:,}"
            bar.update(task, description=told, rate=rate(citizen_days_per_s) if citizen_days_per_s else "", **known)

        yield moved


def rate(citizen_days_per_s: float) -> str:
    """A speed in words.

    Example:
        >>> rate(64_200_000)
        '64.2 million citizen-days/s'
        >>> rate(812.4)
        '812 citizen-days/s'
    """
    if citizen_days_per_s >= 1e6:
        return f"{citizen_days_per_s / 1e6:.1f} million citizen-days/s"
    return f"{citizen_days_per_s:,.0f} citizen-days/s"
