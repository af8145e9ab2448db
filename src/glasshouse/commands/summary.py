"""What a run found, on one screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from .progress import rate
from .terminal import ENDLESS, Column, screen, table

GAP = 4  # columns between two tables side by side
SENTENCE = 50  # columns in which the sentences beside a table read well
LIFE = {  # of the summary's `life`: how it is called here, and how it is written
    "income_mean": ("income, yuan a year", "{:,.0f}"),
    "income_gini": ("income, Gini", "{:.3f}"),
    "wealth_mean": ("savings, yuan", "{:,.0f}"),
    "wealth_gini": ("savings, Gini", "{:.3f}"),
    "debt_mean": ("debt, yuan", "{:,.0f}"),
    "trips_a_year": ("trips a head and year", "{:.2f}"),
    "expression_mean": ("expression, 0 to 1", "{:.3f}"),
    "opinion_mean": ("approval, own", "{:.3f}"),
    "public_opinion_mean": ("approval, shown", "{:.3f}"),
    "opinion_effective_number": ("opinions, effective number", "{:.2f}"),
    "aware": ("know of the score", "share"),
    "jobless": ("jobless", "share"),
    "defaults": ("defaults", "count"),
    "private_pupils": ("pupils in private schools", "count"),
}
HELP = {  # of its `help`, where a regime says whom to help
    "granted_share": ("requests for help granted", "share"),
    "granted_of_due": ("where help was due", "share"),
    "granted_of_undue": ("where it was not", "share"),
    "agreement": ("agreement about a person", "share"),
}
NONE = "–"


def summary(found: dict[str, Any]) -> list[RenderableType]:
    """The tables on the screen after a run, from its summary as --json prints it."""
    parts: list[RenderableType] = [_head(found["run"], found["regimes"]), ""]
    life = [_life(found["regimes"])]
    scored = {name: regime for name, regime in found["regimes"].items() if regime.get("penalties") or regime.get("grades")}
    for number, (name, regime) in enumerate(scored.items()):
        first = [*life, Text(), *_judged(name, regime)] if number == 0 else _judged(name, regime)
        parts += [*_beside(first, _acted(name, regime)), ""]
    if not scored:
        parts += [*life, ""]
    return parts


def _beside(left: list[RenderableType], right: list[RenderableType]) -> list[RenderableType]:
    """Two columns where a person's terminal is wide enough for every table, else one below the other."""
    console = screen()
    widths = [max((Measurement.get(console, console.options, part).maximum for part in side if isinstance(part, Table)), default=0)
              for side in (left, right)]  # fmt: skip
    if not sum(widths) + GAP <= console.width < ENDLESS:
        return [*left, "", *right]
    widths[0] = max(widths[0], min(SENTENCE, console.width - GAP - widths[1]))
    grid = Table.grid(padding=(0, GAP, 0, 0), pad_edge=False)
    for width in widths:
        grid.add_column(width=width)
    grid.add_row(Group(*left), Group(*right))
    return [grid]


def _head(run: dict[str, Any], regimes: dict[str, Any]) -> Text:
    text = Text(run["scenario"], style="bold")
    asked = f": {run['citizens']:,} citizens, {run['days']:,} days from {run.get('start', '?')}, seed {run['seed']}"
    return text.append(f"{asked}; under {', '.join(regimes)}", style="not bold")


def _life(regimes: dict[str, Any]) -> Table:
    rows = [
        {"what": what, **{name: _written(regime.get(part, {}).get(key), form) for name, regime in regimes.items()}}
        for part, lines in (("life", LIFE), ("help", HELP))
        for key, (what, form) in lines.items()
        if any(regime.get(part, {}).get(key) is not None for regime in regimes.values())
    ]
    columns = [Column("what", "Life under"), *(Column(name, name, number=True) for name in regimes)]
    return table(columns, rows)


def _judged(name: str, regime: dict[str, Any]) -> list[RenderableType]:
    """Who was covered, the score, the grades, and how often it was wrong."""
    score, grades, wrong = regime.get("score"), regime.get("grades") or {}, regime.get("wrong") or {}
    parts: list[RenderableType] = [Text(f"{name} covers {regime.get('covered', 0):,} people", style="bold")]
    if score:
        parts.append(Text(f"score {score['mean']:,.0f} in the mean{_spread(score)}"))
    if grades:
        columns = [Column(grade, grade, number=True) for grade in grades]
        parts += [table([Column("what", "grade"), *columns], [{"what": "share", **{grade: share(part) for grade, part in grades.items()}}])]
    parts += [Text(), *_wrong(wrong)] if wrong else []
    parts += [Text(), *_bank(regime["bank"])] if "bank" in regime else []
    return parts


def _bank(bank: dict[str, Any]) -> list[RenderableType]:
    """Where a bank lends from, and what became of its loans and of those whom its cut refused."""
    moved = f"at first from {bank['first_cut']:,}" if bank["cuts"] else "as at first"
    kinds = {"loans that it granted": list(bank["bands"].values()), "applications that its cut refused": [bank["refused"]]}
    rows = []
    for what, counts in kinds.items():
        sound, failed = (sum(each[end] for each in counts) for end in ("sound", "failed"))
        rows.append({"what": what, "ended": short(sound + failed), "failed": share(failed / (sound + failed) if sound + failed else None)})
    columns = [Column("what", f"Lends from {bank['last_cut']:,} points, {moved}"), Column("ended", "ended", number=True)]
    return [table([*columns, Column("failed", "not paid", number=True)], rows)]


def _spread(score: dict[str, Any]) -> str:
    places = score.get("quantiles") or {}
    if "p05" in places and "p95" in places:
        return f"; 90 % from {places['p05']:,.0f} to {places['p95']:,.0f}"
    return f" (sd {score['sd']:,.0f})" if score.get("sd") is not None else ""


def _wrong(wrong: dict[str, Any]) -> list[RenderableType]:
    causes = {cause: part for cause, part in (wrong.get("by_cause") or {}).items() if part}
    total = sum(causes.values())
    split = ", ".join(f"{cause} {share(part / total)}" for cause, part in sorted(causes.items(), key=lambda pair: -pair[1]))
    rows = [
        {"what": "penalty days that are false", "share": share(wrong.get("false_penalty_share"))},
        {"what": "penalty days due but missed", "share": share(wrong.get("missed_share"))},
        {"what": "penalty days, for lawful acts", "share": share(wrong.get("lawful_share"))},
        {"what": "disproportion", "share": _written(wrong.get("disproportion"), "{:,.2f}")},
    ]
    told: list[RenderableType] = [table([Column("what", "Wrong"), Column("share", "", number=True)], rows)]
    return [*told, Text(f"false by cause: {split}", style="dim")] if split else told


def _acted(name: str, regime: dict[str, Any]) -> list[RenderableType]:
    """Penalties, rewards and channels."""
    parts: list[RenderableType] = []
    for kind, done in (("penalties", "refused"), ("rewards", "granted")):
        entries = regime.get(kind) or {}
        titles = {"citizens_ever": "people", "citizen_days": "days", "attempts": "attempts", done: done, "fen": "yuan"}
        rows = [{"id": key, **_counts(entry)} for key, entry in entries.items()]
        known = [Column(key, title, number=True) for key, title in titles.items() if any(key in row for row in rows)]
        parts += [table([Column("id", f"{kind.capitalize()} of {name}"), *known], rows), Text()] if entries else []
    channels = regime.get("channels") or {}
    keys = ("acts", "records", "missed", "false", "misattributed")
    columns = [Column("id", f"Channels of {name}"), *(Column(key, key, number=True) for key in keys)]
    rows = [{"id": key, **_counts(entry)} for key, entry in channels.items()]
    return [*parts, table(columns, rows)] if channels else parts[:-1]


def _counts(entry: dict[str, Any]) -> dict[str, str]:
    return {key: short(number / 100 if key == "fen" and number is not None else number) for key, number in entry.items()}


def foot(found: dict[str, Any], folder: Path | None, repeat: str) -> list[str]:
    """The last lines: the time taken, where everything is, and the command line that repeats the run."""
    timing = found.get("timing") or {}
    lines = []
    if timing.get("simulate_s") is not None:
        speed = f", {rate(timing['citizen_days_per_s'])}" if timing.get("citizen_days_per_s") else ""
        lines.append(f"time    {timing['simulate_s']:.1f} s to simulate{speed}")
    if folder is not None:
        page = folder / "report.html"
        lines.append(f"report  {page}" if page.exists() else f"tables  {folder}")
    return [*lines, f"repeat  {repeat}"]


def _written(value: Any, form: str) -> str:
    if value is None:
        return NONE
    if form == "count":
        return short(value) if abs(value) >= 100 else f"{value:.3g}"
    return share(value) if form == "share" else form.format(value)


def share(part: float | None) -> str:
    """A share in per cent; a share of nothing is a dash.

    Example:
        >>> share(0.0312), share(None), share(0.00002), share(0)
        ('3.1 %', '–', '<0.1 %', '0 %')
    """
    if part is None:
        return NONE
    percent = 100 * part
    return "0 %" if percent == 0 else "<0.1 %" if 0 < percent < 0.05 else f"{percent:.1f} %"


def short(number: float | None) -> str:
    """A count in at most six signs.

    Example:
        >>> short(12345), short(1234567), short(45_600_000), short(7.8e9), short(None)
        ('12,345', '1.23 M', '45.6 M', '7.80 bn', '–')
    """
    if number is None:
        return NONE
    for size, name in ((1e9, "bn"), (1e6, "M")):
        if abs(number) >= size:
            value = number / size
            return f"{value:.{max(0, 3 - len(str(int(abs(value)))))}f} {name}"
    return f"{number:,.0f}"
