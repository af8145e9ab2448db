"""How a run shows itself at a prompt and in a notebook."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

HEADLINES = {  # what it is called here -> where it stands in a regime's summary, and how it is written
    "mean score": (("score", "mean"), "{:,.0f}"),
    "penalty days": (("penalties",), "{:,}"),
    "of them wrong": (("wrong", "false_penalty_share"), "{:.1%}"),
    "mean income, yuan a year": (("life", "income_mean"), "{:,.0f}"),
    "mean expression": (("life", "expression_mean"), "{:.3f}"),
}


def as_text(summary: dict[str, Any], folder: Path | None) -> str:
    """A run in a few lines of text."""
    lines = [
        f"Run of {_asked(summary['run'])}",
        f"  regimes  {', '.join(summary['regimes'])}",
        f"  digest   {summary['run'].get('digest', '-')[:16]}",
        f"  folder   {_place(folder)}",
        "  tables   .daily .groups .citizens .spells .panel .flows .margins .ledger; numbers: .summary",
    ]
    return "\n".join(lines)


def as_html(summary: dict[str, Any], folder: Path | None) -> str:
    """A run as a small table for a notebook; everything in it is escaped."""
    regimes = summary["regimes"]
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in regimes)
    rows = "".join(_row(title, [_headline(regime, *where) for regime in regimes.values()]) for title, where in HEADLINES.items())
    return (
        f"<div><strong>Run of {escape(_asked(summary['run']))}</strong>"
        f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table>"
        f"<small>{escape(_place(folder))}</small></div>"
    )


def _asked(run: dict[str, Any]) -> str:
    return f"{run['scenario']}: {run['citizens']:,} citizens, {run['days']:,} days from {run.get('start', '?')}, seed {run['seed']}"


def _row(title: str, cells: list[str]) -> str:
    return f"<tr><th scope='row'>{escape(title)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _place(folder: Path | None) -> str:
    return "kept in memory" if folder is None else str(folder)


def _headline(regime: dict[str, Any], path: tuple[str, ...], form: str) -> str:
    value: Any = regime
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, dict):  # by consequence: days are added up
        value = sum(entry.get("citizen_days", 0) for entry in value.values()) if value else None
    return "–" if value is None else form.format(value)
