"""`glasshouse regimes diff` and `new`: what two rules have different, and the beginning of one's own."""

from __future__ import annotations

import shlex
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from .terminal import records

Rows = list[dict[str, Any]]
SCENARIO = "essay"  # over whose society a new regime is tried


def differences(a: str, b: str) -> Rows:
    """What changes from one regime to another, in rows.

    Args:
        a, b: shipped names or paths of files.

    Raises:
        BadInput: one of them is not there, or has a fault.
    """
    from ..regimes import load_regime
    from ..regimes.loader import regime_text
    from ..regimes.told import told

    for name in (a, b):
        load_regime(name)  # which refuses what has a fault
    return told(regime_text(a).data, regime_text(b).data)


def difference_parts(a: str, b: str, rows: Rows) -> list[RenderableType]:
    """The same for reading: a heading for each part, a line for each change."""
    from ..regimes.told import heading

    if not rows:
        return [f"{a} and {b} say the same"]
    count = f"{len(rows)} change{'s' if len(rows) > 1 else ''}"
    parts: list[RenderableType] = [Text(f"{a} -> {b}: {count}", style="bold")]
    for title, group in groupby(rows, key=lambda row: heading(row["part"])):
        parts += ["", *records([(title, "\n".join(row["says"] for row in group))])]
    return parts


def new(name: str, base: str, out: str | None) -> list[str]:
    """Write a regime of one's own, copied from another; returns the file and the next two commands, a line each."""
    from ..regimes import load_regime
    from ..regimes.template import copied

    file = copied(name, base, None if out is None else Path(out))
    path = str(file)
    beside = load_regime(path).beside
    names = ["none", *([beside] if beside else []), path]
    run = ["glasshouse", "run", SCENARIO, *(word for each in names for word in ("--regime", each))]
    return [path, f"check it  {shlex.join(['glasshouse', 'check', path])}", f"run it    {shlex.join(run)}"]
