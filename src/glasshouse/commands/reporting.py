"""The report of a run, drawn from its tables and put into its folder."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..store import Run

NAME = "report.html"


def draw_again(folder: str) -> Path:
    """Draw a stored run's report anew; returns the file."""
    from ..store import as_left, open_run

    with as_left(folder):
        return draw(open_run(folder))


def draw(run: Run) -> Path:
    """Draw a run's report, keep it in the run's folder and note how long that took; returns the file."""
    from ..store import add_file, add_time

    start = time.perf_counter()
    file = add_file(run, NAME, page_of(run))
    add_time(run, "report_s", time.perf_counter() - start)
    return file


def headlines() -> Callable[[dict[str, Any]], dict[str, float | None]]:
    """What finds the headline numbers of a report in a run's summary."""
    from ..present import headlines

    return headlines


def page_of(run: Run) -> str:
    """The report of a run, as one HTML file."""
    from ..present import report

    return report(run)
