"""Grades over time, and who is in which grade."""

from __future__ import annotations

from typing import Any

import polars as pl

from .. import figures, palette, words
from ..blocks import Figure, Key, Row, Section, Words, heading
from ..data import Data
from ..tables import behind

FEW = 0.05
"""Below this share graded a group is left out: those of 17 who turn 18 within the month say nothing of children."""


def grades(data: Data) -> Section:
    """Both for each regime that grades."""
    blocks: list[Any] = []
    graded = [regime for regime in data.scored if data.grades[regime]]
    for regime in graded:
        if len(graded) > 1:
            blocks.append(heading(data.regime(regime)))
        blocks.append(over_time(data, regime) or Words("Nobody was graded on any day of this run."))
        blocks += who(data, regime)
    others = [f"“{data.regime(regime)}”" for regime in data.scored if regime not in graded]
    if graded and others:
        blocks.append(Words(f"No grades given by {words.listed(others)}."))
    if not graded:
        blocks.append(Words("No regime of this run gives grades."))
    return Section("grades", "Grades", blocks)


def _legend(data: Data, regime: str) -> tuple[Key, ...]:
    names = data.grades[regime]
    return tuple(Key(name, colour) for name, colour in zip(names, palette.scale(len(names)), strict=True))


def over_time(data: Data, regime: str) -> Figure | None:
    """The share of those graded in each grade, week by week."""
    names = data.grades[regime]
    every = max(7, -(-data.what["days"] // 160))
    counts = data.days(regime, [f"grade:{name}" for name in names], every)
    counts = (
        counts.with_columns(name=pl.col("measure").str.slice(6))
        .with_columns(total=pl.col("value").sum().over("date"))
        .filter(pl.col("total") > 0)
    )
    if counts.is_empty():
        return None
    rows = [
        {
            "date": date,
            "name": name,
            "at": names.index(name),
            "share": round(value / total, 5),
            "say": f"{date}, grade {name}: {words.share(value / total)}",
        }
        for date, name, value, total in counts.sort("date", maintain_order=True).select("date", "name", "value", "total").iter_rows()
    ]
    found = {(row["date"], row["name"]): row["share"] for row in rows}
    dates = sorted({row["date"] for row in rows})
    shown = dates[:: max(1, len(dates) // 12)]
    shown += [dates[-1]] if shown[-1] != dates[-1] else []
    begun = data.begins(regime)
    return Figure(
        title=f"How those graded were spread over the grades of “{data.regime(regime)}”",
        unit="Share of the people graded, every week",
        spec=figures.areas(names, palette.scale(len(names))),
        rows=rows,
        legend=_legend(data, regime),
        summary=_said(names, found, dates),
        note=f"Scoring begins in {words.month(begun)}; before that nobody has a grade." if begun and begun != data.start[:7] else "",
        table=behind(
            "Share of those graded in each grade",
            ["Date", *(f"#{name}" for name in names)],
            [[date, *(words.share(found.get((date, name), 0.0)) for name in names)] for date in shown],
        ),
    )


def _said(names: list[str], found: dict[tuple[str, str], float], dates: list[str]) -> str:
    last = {name: found.get((dates[-1], name), 0.0) for name in names}
    first = {name: found.get((dates[0], name), 0.0) for name in names}
    most = max(names, key=last.__getitem__)
    parts = (
        [f"On the last day most of those graded ({words.share(last[most])}) were in grade {most}."]
        if last[most] > 0.5
        else [f"On the last day the largest grade was {most} with {words.share(last[most])}."]
    )
    for name, what in ((names[0], "lowest"), (names[-1], "highest")):
        parts.append(
            f"The {what} grade ({name}) held {words.share(first[name])} on the first day shown and {words.share(last[name])} on the last."
        )
    return " ".join(parts)


def who(data: Data, regime: str) -> list[Any]:
    """Bars of 100 % for each way of grouping people."""
    made = [figure for grouping in data.groupings() if (figure := _who(data, regime, grouping))]
    if not made:
        return [Words(f"Who is in which grade is {words.NOT_MEASURED} in this run: its tables by group hold no grades.")]
    return [Row(tuple(made), _legend(data, regime), f"Who is in which grade under “{data.regime(regime)}”")]


def _who(data: Data, regime: str, grouping: str) -> Figure | None:
    names = data.grades[regime]
    counts = {name: data.by_group(regime, grouping, f"grade:{name}", data.last_month) or {} for name in names}
    people = data.by_group(regime, grouping, "people", data.last_month) or {}
    totals = {group: sum(each.get(group, 0) for each in counts.values()) for group in data.groups(grouping)}
    groups = [group for group, total in totals.items() if total > FEW * people.get(group, 0)]
    if not groups:
        return None
    shares = {group: {name: counts[name].get(group, 0) / totals[group] for name in names} for group in groups}
    worded = {group: words.group(grouping, group) for group in groups}
    rows = [
        {
            "group": worded[group],
            "name": name,
            "at": at,
            "share": round(shares[group][name], 5),
            "say": f"{worded[group]}, grade {name}: {words.share(shares[group][name])}",
        }
        for group in groups
        for at, name in enumerate(names)
    ]
    left_out = [words.group(grouping, group) for group in data.groups(grouping) if group not in groups]
    low = sorted(groups, key=lambda group: shares[group][names[0]])
    summary = (
        f"The lowest grade ({names[0]}) holds from {words.share(shares[low[0]][names[0]])} ({worded[low[0]]}) to "
        f"{words.share(shares[low[-1]][names[0]])} ({worded[low[-1]]})."
        if shares[low[-1]][names[0]] > 0
        else f"Nobody is in the lowest grade ({names[0]})."
    )
    return Figure(
        title=f"By {words.GROUPINGS.get(grouping, words.plain(grouping))}",
        unit=f"Share of days of those graded, in {words.month(data.last_month)}",
        spec=figures.shares(list(worded.values()), names, palette.scale(len(names))),
        rows=rows,
        summary=summary,
        note=f"Nobody, or hardly anybody, is graded among: {words.listed(left_out)}."
        if left_out
        else ("A mark that the rules never see." if grouping == "label" else ""),
        table=behind(
            f"Share in each grade by {words.GROUPINGS.get(grouping, grouping)}",
            ["Group", *(f"#{name}" for name in names)],
            [[worded[group], *(words.share(shares[group][name]) for name in names)] for group in groups],
        ),
    )
