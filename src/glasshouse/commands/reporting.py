"""The report of a run, drawn from its tables and put into its folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..store import Run

NAME = "report.html"


def draw_again(folder: str) -> Path:
    """Draw a stored run's report anew; returns the file."""
    from ..store import open_run

    return draw(open_run(folder))


def draw(run: Run) -> Path:
    """Draw a run's report and keep it in the run's folder; returns the file."""
    from ..store import add_file

    return add_file(run, NAME, page_of(run))


def page_of(run: Run) -> str:
    """The report of a run, as one HTML file."""
    from ..present import report

    return report(run)
