"""docs/validation.md: a validation as Markdown, in the form that `glasshouse validate --out FOLDER` leaves as validation.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from glasshouse.present.validation import BASES, NAMES, beside, both_ways, counted, number

Found = dict[str, Any]
HEAD = """# The society beside the record

This page is written by `glasshouse validate --out FOLDER` (its validation.md); a test holds its form against a small run.
Each row is a published figure, with where it was read and how well it is known, beside what the model says. A row *agrees* when
the mean over seeds is no further from the figure than the tolerance and two standard errors. The tolerances stand, with their reasons, in
`src/glasshouse/society/data/china-2019/targets/`, and were written before the first comparison. Rows that differ stay.
"""
COLUMNS = ("Row", "What", "Published", "Known", "Simulated", "Interval", "Basis", "Verdict")


def markdown(found: Found) -> str:
    """The page.

    Args:
        found: what `glasshouse validate --json` prints.
    """
    sizes = sorted(set(found["citizens"].values()))
    ran = f"{' and '.join(f'{size:,}' for size in sizes)} citizens, {found['seeds']} seeds"
    ran += f", at most {found['days']} days a run" if found["days"] else ""
    parts = [HEAD, f"Run with {ran}, version {found['version']}.", "", *counted(found), "", found["says"], ""]
    parts += [
        "| basis | rows | meaning |",
        "|---|---|---|",
        *(f"| {name} | {found['basis'][name]} | {said} |" for name, said in BASES.items()),
        "",
    ]
    for group in found["groups"]:
        rows = [row for row in found["rows"] if row["group"] == group["id"]]
        if rows:
            parts += [f"## {group['title']}", "", group["about"], "", *_grid(COLUMNS, [_cells(row) for row in rows]), ""]
    parts += _series(found) + _both_ways(found) + _fits(found)
    whys = dict.fromkeys(row["why"] for row in found["rows"] if row["verdict"] == "differs" and row["why"])
    if whys:
        failed = lambda why: [row["target"] for row in found["rows"] if row["verdict"] == "differs" and row["why"] == why]  # noqa: E731
        told = [(", ".join(f"`{target}`" for target in failed(why)), why) for why in whys]
        parts += ["## What the failures say", "", "Rows that differ and of which it is known why.", "", *_grid(("Rows", "Why"), told), ""]
    missing = [row for row in found["rows"] if row["verdict"] == "no data" and row["why"]]
    if missing:
        parts += ["## What there are no data for", "", *_grid(("Row", "Why"), [(row["target"], row["why"]) for row in missing]), ""]
    return "\n".join(parts).rstrip() + "\n"


def _grid(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    escape = lambda cell: cell.replace("|", "\\|").replace("\n", " ")  # noqa: E731
    return [f"| {' | '.join(titles)} |", f"|{'---|' * len(titles)}", *(f"| {' | '.join(map(escape, row))} |" for row in rows)]


def _cells(row: Found) -> tuple[str, ...]:
    span = "" if row["interval"] is None or row["seeds"] < 2 else f"{number(row['interval'][0])} to {number(row['interval'][1])}"
    known = "remembered" if row["status"] == "memory" else row["status"]
    about = f"{row['about']} {row['unit']}. *{row['source']}*"
    return (
        f"`{row['target']}`",
        about,
        number(row["published"]),
        known,
        number(row["simulated"]),
        span,
        row["basis"] or "",
        row["verdict"],
    )


def _series(found: Found) -> list[str]:
    if not found["series"]:
        return []
    rows = []
    for series in found["series"]:
        for way in series["ways"]:
            off = "no case" if way["off"] is None else f"{way['off']:.0%}"
            nearest = "nearest" if way["name"] == series["nearest"] else ""
            rows.append((series["series"], NAMES[way["name"]], str(way["numbers"]), str(way["points"]), off, nearest))
    return [
        "## Predicted and published",
        "",
        "Every way was given the same points; `off by` is the mean distance from the later ones, as a share of them.",
        "",
        *_grid(("Series", "Way", "Numbers fitted", "To points", "Off by", ""), rows),
        "",
    ]


def _both_ways(found: Found) -> list[str]:
    parts = [part for switch, sides, lines in beside(found) for part in (*_grid((f"`{switch}`", *sides), lines), "")]
    return ["## What studies disagree on, both ways", "", both_ways(found), "", *parts] if parts else []


def _fits(found: Found) -> list[str]:
    parts: list[str] = []
    for fit in found["fits"]:
        parts += [
            f"## What was fitted: `{fit['run']}`",
            "",
            f"{fit['numbers']} numbers to {len(fit['points'])} points, none later than {fit['until']}.",
            "",
        ]
        rows = [
            (
                f"`{key}`",
                number(fit["shipped"][key]),
                number(value),
                "; ".join(f"{number(at)}: {misfit:.3g}" for at, misfit in fit["profile"].get(key, [])),
                ", ".join(f"`{path}`" for path in fit["together"].get(key, [])) or "none found",
            )
            for key, value in fit["values"].items()
        ]
        parts += [*_grid(("Number", "As it ships", "Fitted", "Misfit along its profile", "Cannot be told apart from"), rows), ""]
    return parts
