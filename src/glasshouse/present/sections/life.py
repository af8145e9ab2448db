"""What became of life: income, speech and the rest, beside the same people with no score."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from .. import figures, palette, words
from ..blocks import Figure, Key, Row, Section, Table, Words
from ..data import BASELINE, DAYS_A_YEAR, FULL, Data
from ..tables import behind, table

PARTIAL = (
    "A refused seat, job or loan goes to nobody else and prices do not move, so these figures leave out what others would gain or pay."
)


@dataclass(frozen=True)
class Line:
    """One measure of life over time.

    measures: its names in the tables, the first that a run has is taken; column: its name in the table of people. scale: what a daily sum a
    person is multiplied by. percent: whether it is a share.
    """

    measures: tuple[str, ...]
    column: str
    title: str
    unit: str
    scale: float
    percent: bool
    write: Callable[[Any], str]
    change: Callable[[Any], str]
    note: str = ""


def _in_yuan(number: float | None) -> str:
    return f"{words.whole(number)}{words.SPACE}yuan"


def _change_yuan(number: float | None) -> str:
    return words.signed(None if number is None else round(number, 1), "yuan")


INCOME = Line(
    ("income", "pay:employers:households:wages"),
    "income",
    "Income",
    "yuan a person and year",
    DAYS_A_YEAR / 100.0,
    False,
    _in_yuan,
    _change_yuan,
    PARTIAL,
)
SPEECH = Line(
    ("expression_sum",),
    "expression",
    "Speech: how much of what people would say is said",
    "share",
    1.0 / FULL,
    True,
    words.share,
    words.points,
)
OTHERS = (
    Line(("public_sum",), "public_opinion", "Approval as said aloud", "share", 1.0 / FULL, True, words.share, words.points),
    Line(("opinion_sum",), "opinion", "Approval in private", "share", 1.0 / FULL, True, words.share, words.points),
    Line(("trips",), "", "Journeys", "journeys a person and year", DAYS_A_YEAR, False, words.decimal, words.signed),
    Line(("wealth_sum",), "wealth", "Savings", "yuan a person", 1.0 / 100.0, False, _in_yuan, _change_yuan, PARTIAL),
)
NUMBERS: dict[str, tuple[str, Callable[[Any], str], Callable[[Any], str]]] = {
    "income_mean": ("Income, a person and year", _in_yuan, _change_yuan),
    "income_gini": ("Inequality of income (Gini)", lambda n: words.decimal(n, 4), words.gini),
    "wealth_mean": ("Savings, a person", _in_yuan, _change_yuan),
    "wealth_gini": ("Inequality of savings (Gini)", lambda n: words.decimal(n, 4), words.gini),
    "debt_mean": ("Debt, a person", _in_yuan, _change_yuan),
    "trips": ("Journeys", words.whole, words.signed),
    "defaults": ("Loans not paid back", words.whole, words.signed),
    "expression_mean": ("Of what people would say is said", words.share, words.points),
    "opinion_mean": ("Approval in private", words.share, words.points),
    "public_opinion_mean": ("Approval as said aloud", words.share, words.points),
    "aware": ("Know of the score", words.share, words.points),
    "opinion_effective_number": ("Different opinions heard in public (effective number)", words.decimal, words.signed),
    "jobless": ("Without work", words.decimal, words.signed),
    "private_pupils": ("Children in private schools", words.decimal, words.signed),
    "trips_a_year": ("Journeys, a person and year", words.decimal, words.signed),
    "flown": ("Flights", words.whole, words.signed),
    "nights": ("Nights in star hotels", words.whole, words.signed),
    "loans": ("Loans taken", words.whole, words.signed),
    "rentals": ("Things rented", words.whole, words.signed),
    "expelled": ("Children who had to leave a private school", words.whole, words.signed),
    "appeals_filed": ("Objections filed", words.whole, words.signed),
    "appeals_upheld": ("Objections upheld", words.whole, words.signed),
    "conduct_bad_mean": ("Bad conduct, a person and year", words.decimal, words.signed),
    "conduct_good_mean": ("Good conduct, a person and year", words.decimal, words.signed),
}


def life(data: Data) -> Section:
    """Lines a regime, the differences, who bears them, and all numbers of life side by side."""
    blocks: list[Any] = []
    if not data.twin:
        blocks.append(
            Words(
                f"This run has no regime “{BASELINE}”, so nobody without a score stands beside these people: differences are "
                f"{words.NOT_MEASURED}."
            )
        )
    since = _since(data)
    for line in (INCOME, SPEECH):
        made = [figure for figure in (_levels(data, line, since), _gaps(data, line, since)) if figure]
        made += [figure for regime in data.scored if (figure := _by_fifth(data, line, regime))]
        if made:
            blocks.append(Row(tuple(made), _legend(data), line.title))
        else:
            blocks.append(Words(f"{line.title} over time: {words.NOT_MEASURED} in this run."))
    others = [figure for line in OTHERS if (figure := _gaps(data, line, since, line.title))]
    if others:
        blocks.append(Row(tuple(others), _legend(data), "Other differences from the same people with no score"))
    blocks.append(_numbers(data))
    return Section("life", "Life, beside the same people with no score", blocks)


def _since(data: Data) -> figures.Start:
    """The month in which scoring begins, where it is the same for all regimes and not the first."""
    begun = {month for regime in data.scored if (month := data.begins(regime))}
    if len(begun) != 1 or begun == {data.start[:7]}:
        return None
    month = begun.pop()
    months = data.monthly(data.scored[0], "people")
    return f"{month}-01", sum(each < month for each in months) > len(months) / 2


def _legend(data: Data) -> tuple[Key, ...]:
    looks = palette.regimes(list(data.regimes), BASELINE)
    return tuple(Key(words.capital(data.regime(name)), colour, "line", dash) for name, (colour, dash) in looks.items())


def _months(data: Data, regime: str, line: Line) -> dict[str, float]:
    people = data.monthly(regime, "people")
    return {month: total * line.scale / people[month] for month, total in data.monthly(regime, *line.measures).items() if people.get(month)}


def _levels(data: Data, line: Line, since: figures.Start) -> Figure | None:
    found = {regime: months for regime in data.regimes if (months := _months(data, regime, line))}
    return _figure(data, line, found, since, "Level", line.write) if found else None


def _gaps(data: Data, line: Line, since: figures.Start, title: str = "Difference from no score") -> Figure | None:
    base = _months(data, data.twin, line) if data.twin else {}
    found = {
        regime: {month: value - base[month] for month, value in months.items() if month in base}
        for regime in data.scored
        if (months := _months(data, regime, line))
    }
    found = {regime: months for regime, months in found.items() if months}
    return _figure(data, line, found, since, title, line.change, gap=True) if found else None


def _figure(
    data: Data,
    line: Line,
    found: dict[str, dict[str, float]],
    since: figures.Start,
    title: str,
    write: Callable[[Any], str],
    gap: bool = False,
) -> Figure:
    looks = palette.regimes(list(data.regimes), BASELINE)
    named = {regime: words.capital(data.regime(regime)) for regime in found}
    months = sorted({month for each in found.values() for month in each})
    shown = months[:: max(1, len(months) // 12)]
    colours = [looks[regime] for regime in found]
    spec = (
        figures.differences(list(named.values()), colours, since)
        if gap
        else figures.lines(list(named.values()), colours, since, line.percent)
    )
    size = 100.0 if gap and line.percent else 1.0  # a difference of shares is drawn in percentage points
    rows = [
        {
            "date": f"{month}-01",
            "name": named[regime],
            "value": round(size * value, 6),
            "say": f"{named[regime]}, {words.month(month)}: {write(value)}",
        }
        for regime, each in found.items()
        for month, value in each.items()
    ]
    unit = ("percentage points" if gap else "share") if line.percent else line.unit
    ends = [f"{write(each[months[-1]])} under “{data.regime(regime)}”" for regime, each in found.items() if months[-1] in each]
    return Figure(
        title=title,
        unit=f"{words.capital(unit)}, mean of each month",
        spec=spec,
        rows=rows,
        summary=f"{line.title.split(':')[0]} in {words.month(months[-1])}{', beside no score' if gap else ''}: {words.listed(ends)}.",
        note=line.note,
        table=behind(
            f"{line.title}: {title[0].lower()}{title[1:]}",
            ["Month", *(f"#{named[regime]}" for regime in found)],
            [[words.month(month), *(write(found[regime].get(month)) for regime in found)] for month in shown],
        ),
    )


def _by_fifth(data: Data, line: Line, regime: str) -> Figure | None:
    """The mean difference in each fifth of income, among people as they are at the end of the last year."""
    if not data.twin or data.last_year is None or not {"fifth", "weight", line.column} <= data.people_columns:
        return None
    mean = (pl.col(line.column) * pl.col("weight")).sum() / pl.col("weight").sum()
    found = [
        dict(data.people_of(name, ["fifth", "weight", line.column]).group_by(pl.col("fifth").cast(pl.String)).agg(mean).iter_rows())
        for name in (regime, data.twin)
    ]
    gaps = {
        group: found[0][group] - found[1][group]
        for group in sorted(found[0], key=lambda name: words.rank("income", name))
        if group in found[1]
    }
    if not gaps:
        return None
    rows = [
        {
            "group": words.group("income", group),
            "value": round(gap * (100.0 if line.percent else 1.0), 6),
            "say": f"{words.group('income', group)}: {line.change(gap)}",
        }
        for group, gap in gaps.items()
    ]
    least, most = min(gaps, key=gaps.__getitem__), max(gaps, key=gaps.__getitem__)
    return Figure(
        title=f"Difference by income, “{data.regime(regime)}”",
        unit=f"{'Percentage points' if line.percent else words.capital(line.unit)}, at the end of {data.last_year}",
        spec=figures.group_differences([row["group"] for row in rows], palette.regimes(list(data.regimes), BASELINE)[regime][0]),
        rows=rows,
        summary=f"From {line.change(gaps[least])} in the {words.group('income', least)} to {line.change(gaps[most])} in the "
        f"{words.group('income', most)}.",
        note=line.note,
        table=behind(
            f"{line.title}: difference from no score by income",
            ["Group", "#Difference"],
            [[row["group"], line.change(gaps[group])] for group, row in zip(gaps, rows, strict=True)],
        ),
    )


def _numbers(data: Data) -> Table:
    """Every number of life in the summary, and its difference from the baseline."""
    lives = {regime: numbers.get("life") or {} for regime, numbers in data.regimes.items()}
    keys = [key for key in NUMBERS if any(key in each for each in lives.values())]
    keys += sorted({key for each in lives.values() for key in each} - set(keys))
    twin = lives.get(data.twin or "", {})
    rows = []
    for key in keys:
        title, write, change = NUMBERS.get(key, (words.capital(words.plain(key)), words.decimal, words.signed))
        row = [title]
        for regime, each in lives.items():
            value, other = each.get(key), twin.get(key)
            row.append(words.NOT_MEASURED if value is None else write(value))
            if data.twin and regime != data.twin:
                row.append(words.NOT_MEASURED if value is None or other is None else change(value - other))
        rows.append(row)
    titles = [
        title
        for regime in lives
        for title in ([f"#{words.capital(data.regime(regime))}"] + (["#Difference"] if data.twin and regime != data.twin else []))
    ]
    return table("All numbers of life, side by side", ["Number", *titles], rows, note=PARTIAL)
