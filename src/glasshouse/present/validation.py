"""The page of a validation: published against simulated, group by group, what is evidence, and what was predicted.

The same numbers give the same bytes.
"""

from __future__ import annotations

from typing import Any

from . import figures, palette, words
from .blocks import Figure, Key, Section, Table, Words, heading
from .report import written
from .tables import behind, table

COLOURS = {"agrees": palette.BLUE, "differs": palette.VERMILION, "not comparable": palette.GREY}
WAYS = {"published": (palette.GREY, ""), "model": (palette.BLUE, ""), "line": (palette.ORANGE, "7,3"), "logistic": (palette.GREEN, "2,3")}
NAMES = {"published": "published", "model": "the model", "line": "a line through the last year", "logistic": "a logistic"}
BASES = {
    "input": "put in: the figure, or one it follows from, is a number of the run",
    "fitted": "fitted: a number was chosen to meet it",
    "free": "free: neither; only these are evidence",
}
Found = dict[str, Any]


def page(found: Found) -> str:
    """The page of a validation as HTML, which opens without a network.

    Args:
        found: what `glasshouse validate --json` prints.
    """
    sections = [
        _summary(found),
        *(_group(found, group) for group in found["groups"] if _rows(found, group["id"])),
        *_predicted(found),
        *_both_ways(found),
        *_fits(found),
        _repeat(found),
    ]
    return written("validation", "The society beside the record", found, sections)


def number(value: float | None) -> str:
    """A figure as the page writes it: four digits that count, or words where there is none.

    Example:
        >>> number(0.087079), number(85836), number(None)
        ('0.08708', '85,836', 'none')
    """
    if value is None:
        return "none"
    return words.whole(round(value)) if abs(value) >= 10_000 else f"{value:.4g}".replace("-", words.MINUS)


def beside(found: Found) -> list[tuple[str, list[str], list[list[str]]]]:
    """The switches, both ways: of each its path, what its settings stand for, and for each outcome its name and what each setting gives.

    Args:
        found: what `glasshouse validate --json` prints.
    """
    told, all_rows = [], found.get("switches", [])  # a table that was kept by an earlier version has none
    for switch in dict.fromkeys(row["switch"] for row in all_rows):
        rows = [row for row in all_rows if row["switch"] == switch]
        sides = list(dict.fromkeys((row["setting"], row["stands_for"]) for row in rows))
        cells = {(row["outcome"], row["setting"]): _with_interval(row) for row in rows}
        lines = [[outcome, *(cells[outcome, setting] for setting, _ in sides)] for outcome in dict.fromkeys(row["outcome"] for row in rows)]
        told.append((switch, [f"{number(setting)}: {stands_for}" for setting, stands_for in sides], lines))
    return told


def both_ways(found: Found) -> str:
    """What the tables of the switches are of."""
    row = found["switches"][0]
    seeds = "1 seed" if row["seeds"] == 1 else f"{row['seeds']} seeds"
    return (
        f"The same {words.whole(row['citizens'])} people with the same luck under the rules of the essay, once with each setting, over {seeds}; "
        "no mean of the settings is taken, and none of them is judged."
    )


def _with_interval(row: Found) -> str:
    low, high = row["interval"]
    return number(row["simulated"]) + (f" ({number(low)} to {number(high)})" if row["seeds"] > 1 else "")


def counted(found: Found) -> list[str]:
    """What the rows come to, as sentences."""
    v, b, e = found["verdicts"], found["basis"], found["evidence"]
    told = [
        f"{len(found['rows'])} rows: {v['agrees']} agree, {v['differs']} differ, {v['not comparable']} are not comparable, "
        f"for {v['no data']} there are no data."
    ]
    if any(b[name] for name in BASES):
        told.append(
            f"{b['input']} rows with a measure were put in, {b['fitted']} fitted, {b['free']} are free; "
            f"{b['remembered']} more are only remembered."
        )
        evidence = sum(e.values())
        told.append(f"Evidence: of the rows that are free, judged and read, {e.get('agrees', 0)} agree and {e.get('differs', 0)} differ.")
        told.append(_looked_for(found))
        if evidence < found["least_free"] < len(found["rows"]):
            told.append(f"That is fewer than {found['least_free']}.")
    return told


def _looked_for(found: Found) -> str:
    """Of how many rows of each group it was asked what they rest on, and how many of them are evidence."""
    parts = []
    for group in found["groups"]:
        rows = [row for row in _rows(found, group["id"]) if row["basis"]]
        if rows:
            parts.append(f"{sum(map(is_evidence, rows))} of {len(rows)} in “{group['title']}”")
    return f"Looked for in every row with a measure and a figure: {words.listed(parts)}."


def is_evidence(row: Found) -> bool:
    """Whether a row says something about the model: free, judged, and read rather than remembered."""
    return row["basis"] == "free" and row["verdict"] in ("agrees", "differs") and row["status"] != "memory"


def _rows(found: Found, group: str) -> list[Found]:
    return [row for row in found["rows"] if row["group"] == group]


def _summary(found: Found) -> Section:
    size = sorted(set(found["citizens"].values()))
    seeds = "1 seed" if found["seeds"] == 1 else f"{found['seeds']} seeds"
    run = f"Run with {words.listed([words.whole(each) for each in size])} citizens, {seeds}"
    run += f", at most {found['days']} days." if found["days"] else "."
    agree = (
        "A row agrees when the mean over seeds is within the tolerance and two standard errors. "
        "Tolerances stand in the targets file with their reasons."
    )
    kinds = table(
        "What a row rests on",
        ["Basis", "#Rows", "What it means"],
        [[name, str(found["basis"][name]), said] for name, said in BASES.items()],
    )
    judged = [row for row in found["rows"] if is_evidence(row)]
    blocks: list[Any] = [*map(Words, counted(found)), Words(f"{run} {agree}"), Words(found["says"]), kinds]
    if judged:
        blocks += [heading("The rows that are evidence"), _table("Free, judged and read", judged)]
    return Section("summary", "What it comes to", blocks)


def _group(found: Found, group: Found) -> Section:
    rows = _rows(found, group["id"])
    shown = [
        row
        for row in rows
        if row["verdict"] in COLOURS and row["simulated"] and row["published"] and row["simulated"] / row["published"] > 0
    ]
    blocks: list[Any] = [Words(group["about"])]
    if shown:
        blocks.append(_figure(group["title"], shown))
    blocks.append(_table(f"{group['title']}: {len(rows)} rows", rows))
    return Section(group["id"], group["title"], blocks)


def _figure(title: str, rows: list[Found]) -> Figure:
    labels = [_label(row) for row in rows]
    drawn = []
    for row, label in zip(rows, labels, strict=True):
        low, high = row["interval"] or (row["simulated"], row["simulated"])
        ratio = [value / row["published"] for value in (row["simulated"], low, high)]
        ratio = [ratio[0], *(end if end > 0 else ratio[0] for end in ratio[1:])]
        room = (row["tolerance"] or 0.0) / abs(row["published"])
        may = (1 - room if room < 1 else min(ratio), 1 + room)
        say = f"{row['about']} Published {number(row['published'])}, simulated {number(row['simulated'])} {row['unit']}: {row['verdict']}"
        drawn.append(
            {
                "label": label,
                "name": row["verdict"],
                **{key: float(f"{v:.4g}") for key, v in zip(("value", "low", "high", "from", "to"), (*ratio, *may), strict=True)},
                "say": say,
            }
        )
    counts = {name: sum(row["verdict"] == name for row in rows) for name in COLOURS}
    told = words.listed([f"{count} {name}" for name, count in counts.items() if count])
    return Figure(
        title=f"{title}: simulated over published",
        unit="ratio; 1 is even; wide bands are tolerances, lines are intervals over seeds",
        spec=figures.ratios(labels, list(COLOURS), list(COLOURS.values())),
        rows=drawn,
        summary=f"Of {len(rows)} rows with both figures: {told}.",
        table=behind(
            "Ratios",
            ["Row", "#Simulated over published", "Verdict"],
            [[each["label"], number(each["value"]), each["name"]] for each in drawn],
        ),
        legend=tuple(Key(name, colour, "dot") for name, colour in COLOURS.items() if counts[name]),
    )


def _label(row: Found) -> str:
    return f"{row['target']}: {number(row['simulated'])}, published {number(row['published'])}"


def _table(caption: str, rows: list[Found]) -> Table:
    cells = []
    for row in rows:
        span = "" if row["interval"] is None or row["seeds"] < 2 else f"{number(row['interval'][0])} to {number(row['interval'][1])}"
        known = f"{row['status']}{', remembered only' if row['status'] == 'memory' else ''}"
        tolerance = "" if row["tolerance"] is None else f"{number(row['tolerance'])}: {row['reason']}"
        cells.append(
            [
                f"{row['about']}\n{row['target']}",
                number(row["published"]),
                number(row["simulated"]),
                span,
                row["unit"],
                row["verdict"],
                row["basis"] or "",
                tolerance,
                f"{row['source']} ({known})",
                row["why"],
            ]
        )
    titles = ["What", "#Published", "#Simulated", "#Interval", "Unit", "Verdict", "Basis", "Tolerance and why", "Source", "Remark"]
    return table(caption, titles, cells, fold=f"Show {len(rows)} rows with tolerances and sources")


def _predicted(found: Found) -> list[Section]:
    if not found["series"]:
        return []
    rows = {row["target"]: row for row in found["rows"]}
    blocks: list[Any] = [
        Words(
            "Each way of predicting was given the same points, none later than the last day of the fit. What was published later is "
            "held against it."
        )
    ]
    for series in found["series"]:
        if any(name not in rows for name in (*series["fitted"], *series["later"])):
            continue
        blocks += [_series_figure(series, rows), _series_table(series)]
    return [Section("predicted", "Predicted and published", blocks)] if len(blocks) > 1 else []


def _series_figure(series: Found, rows: dict[str, Found]) -> Figure:
    points = [(rows[name]["date"], "published", rows[name]["published"]) for name in (*series["fitted"], *series["later"])]
    points += [(rows[name]["date"], "model", rows[name]["simulated"]) for name in series["fitted"]]
    points += [(rows[name]["date"], way["name"], way["predicted"][name]) for way in series["ways"] for name in series["later"]]
    drawn = [
        {"date": day, "name": name, "value": float(f"{value:.4g}"), "say": f"{day}, {NAMES[name]}: {number(value)} {series['unit']}"}
        for day, name, value in points
        if value is not None
    ]
    off = [f"{NAMES[way['name']]} is off by {way['off']:.0%}" for way in series["ways"] if way["off"] is not None]
    return Figure(
        title=f"{words.capital(series['series'])}: what was predicted and what was published",
        unit=f"{series['unit']}, added up since the list began",
        spec=figures.lines(list(WAYS), list(WAYS.values())),
        rows=sorted(drawn, key=lambda row: (list(WAYS).index(row["name"]), row["date"])),
        summary=f"In the mean of the later points {words.listed(off)}. Nearest: {NAMES.get(series['nearest'] or '', 'none')}.",
        table=behind("Points", ["Day", "Way", "#Value"], [[row["date"], NAMES[row["name"]], number(row["value"])] for row in drawn]),
        legend=tuple(Key(NAMES[name], colour, "line", dash) for name, (colour, dash) in WAYS.items()),
    )


def _series_table(series: Found) -> Table:
    rows = []
    for way in series["ways"]:
        profile = "; ".join(f"ceiling {number(at)}: {misfit:.2g}" for at, misfit in way["profile"]) or "none: its points fix it" * (
            way["name"] == "line"
        )
        rows.append(
            [
                NAMES[way["name"]],
                str(way["numbers"]),
                str(way["points"]),
                "no case" if way["off"] is None else f"{way['off']:.0%}",
                profile or "see below",
            ]
        )
    return table(
        f"{words.capital(series['series'])}: numbers fitted, points, and how far off",
        ["Way", "#Numbers fitted", "#To points", "#Off by", "Misfit along its profile"],
        rows,
    )


def _both_ways(found: Found) -> list[Section]:
    blocks = [table(f"{switch}, both ways", ["Outcome", *sides], lines) for switch, sides, lines in beside(found)]
    return [Section("switches", "What studies disagree on, both ways", [Words(both_ways(found)), *blocks])] if blocks else []


def _fits(found: Found) -> list[Section]:
    if not found["fits"]:
        return []
    blocks: list[Any] = []
    for fit in found["fits"]:
        points = f"{fit['numbers']} numbers were fitted to {len(fit['points'])} points, none later than {fit['until']}"
        blocks.append(Words(f"The run `{fit['run']}`: {points}. Misfit {fit['misfit']:.3g}."))
        rows = [
            [
                key,
                number(fit["shipped"][key]),
                number(value),
                "; ".join(f"{number(at)}: {m:.3g}" for at, m in fit["profile"].get(key, [])),
                words.listed(fit["together"].get(key, [])) or "none found",
            ]
            for key, value in fit["values"].items()
        ]
        titles = ["Number", "#As it ships", "#Fitted", "Misfit along its profile", "Cannot be told apart from (only the product is known)"]
        blocks.append(table("What was fitted", titles, rows))
        blocks.append(
            table(
                "Fitted points", ["Row", "#Published", "#Simulated"], [[row, number(a), number(b)] for row, (a, b) in fit["points"].items()]
            )
        )
    return [Section("fitted", "What was fitted, and how well the points fix it", blocks)]


def _repeat(found: Found) -> Section:
    command = f"glasshouse validate --seeds {found['seeds']}"
    command += f" --citizens {found['asked']}" if found["asked"] else ""
    command += f" --days {found['days']}" if found["days"] else ""
    command += "".join(f" --drop {row}" for row in found["dropped"])
    return Section(
        "repeat", "How to repeat it", [Words("With the same version this command gives the same numbers:"), Words(command, kind="code")]
    )
