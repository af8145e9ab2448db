"""One invented life, told: what she did, what was recorded of it and what was not true, what came of it, beside the same life under another rule.

Every sentence carries the rows of the stored tables that it rests on. Whom a report tells of is chosen by stated rules, never by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import polars as pl

from ..errors import BadInput, nearest
from . import figures, palette, words
from .blocks import Figure, Fold, Key, Section, Words, heading
from .data import BASELINE, Data
from .tables import behind

MOST = 40
"""So many sentences of one regime stand on a page; the command has all."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a life.

    Fields:
        day: the day that it is of, counted from the first.
        text: what is told.
        table: the stored table that it rests on.
        row: what names the row there: column -> value.
    """

    day: int
    text: str
    table: str
    row: dict[str, Any]


@dataclass(frozen=True)
class Life:
    """One citizen's years under one regime. who: what she is when it begins; spells: (consequence, first day, day after the last, whether false)."""

    citizen: int
    regime: str
    who: str
    sentences: list[Sentence]
    spells: list[tuple[str, int, int, bool]]


def _followed(data: Data) -> pl.DataFrame:
    """The rows of the last year of the followed citizens who live then."""
    followed = data.run.panel.select("citizen").unique()
    rows = data.run.citizens.filter(pl.col("year") == pl.col("year").max(), pl.col("living"))
    return rows.join(followed, on="citizen", how="semi").sort("citizen")


def _days(data: Data, regime: str, kind: str) -> pl.DataFrame:
    """Of each followed citizen the days under penalties, over all years; kind: days or false_days."""
    held = data.regimes[regime].get("penalties") or {}
    names = [f"{kind}.{name}" for name in held if f"{kind}.{name}" in data.people_columns]
    rows = data.run.citizens.filter(pl.col("regime") == regime).join(_followed(data).select("citizen").unique(), on="citizen", how="semi")
    days = pl.sum_horizontal(names) if names else pl.lit(0)
    return rows.group_by("citizen").agg(days=days.sum()).sort("citizen")


def _median(data: Data, regime: str) -> int | None:
    rows = _days(data, regime, "days").sort("days", "citizen")
    return int(rows["citizen"][(rows.height - 1) // 2]) if rows.height else None


def _wronged(data: Data, regime: str) -> int | None:
    rows = _days(data, regime, "false_days").sort("days", "citizen", descending=[True, False])
    return int(rows["citizen"][0]) if rows.height and rows["days"][0] > 0 else None


def _gainer(data: Data, regime: str) -> int | None:
    if data.twin is None:
        return None
    rows = _followed(data)
    mine, twin = (rows.filter(pl.col("regime") == name).select("citizen", "wealth") for name in (regime, data.twin))
    pairs = mine.join(twin, on="citizen", suffix="_twin").with_columns(gain=pl.col("wealth") - pl.col("wealth_twin"))
    pairs = pairs.sort("gain", "citizen", descending=[True, False])
    return int(pairs["citizen"][0]) if pairs.height and pairs["gain"][0] > 0 else None


def _debtor(data: Data, regime: str) -> int | None:
    rows = _followed(data).filter(pl.col("regime") == regime, pl.col("debt") > 0).sort("debt", "citizen")
    return int(rows["citizen"][(rows.height - 1) // 2]) if rows.height else None


class Pick(NamedTuple):
    """Whom a report tells of: the rule in words, the rule, and what is so where it finds nobody."""

    rule: str
    pick: Callable[[Data, str], int | None]
    nobody: str


PICKS = {
    "median": Pick("the one in the middle of all followed, by days under penalties", _median, "nobody who is followed lives at the end"),
    "wronged": Pick("the most wronged: most days under penalties that the rule itself would not have brought", _wronged,
                    "nobody who is followed was wronged: no penalty stood that the rule itself would not have brought"),
    "gainer": Pick("the greatest gainer: savings furthest above those without the score", _gainer,
                   "nobody who is followed has more savings than without the score, or the run has nobody without one"),
    "debtor": Pick("an ordinary debtor: the debt in the middle of all who owe", _debtor, "nobody who is followed owes anything at the end"),
}  # fmt: skip
"""Whom a report tells of, by name."""


def told(data: Data, citizen: int, regime: str) -> Life:
    """A followed citizen's years under a regime.

    Args:
        data: the run.
        citizen: the citizen's number; one who is followed.
        regime: one of the run.

    Raises:
        BadInput: the regime is none of the run's, or the citizen is not followed.
    """
    if regime not in data.regimes:
        raise BadInput(f"the run has no regime `{regime}`", hint=nearest(regime, data.regimes))
    rows = data.run.panel.filter(pl.col("citizen") == citizen, pl.col("regime") == regime)
    years = data.run.citizens.filter(pl.col("citizen") == citizen, pl.col("regime") == regime).sort("year")
    if not years.height or not data.run.panel.filter(pl.col("citizen") == citizen).height:
        known = data.run.panel["citizen"].unique().sort().to_list()
        near = min(known, key=lambda one: (abs(one - citizen), one), default=None)
        raise BadInput(f"citizen {citizen} is not one of the {len(known)} who are followed", hint=None if near is None else str(near))
    man = years["sex"][0] == "male"
    sentences = [each for row in _once(rows.iter_rows(named=True)) if (each := _event(data, row, man))]
    sentences += [_year(data, row) for row in years.iter_rows(named=True)]
    sentences.sort(key=lambda each: (each.day, each.table != "panel"))
    spells = data.run.spells.filter(pl.col("citizen") == citizen, pl.col("regime") == regime)
    held = [(r["consequence"], r["start"], r["end"] or data.what["days"], r["false_days"] > 0) for r in spells.iter_rows(named=True)]
    return Life(citizen, regime, _who(years.row(0, named=True)), sentences, held)


def _once(rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Events without those that repeat: of what is refused or granted, the first time since the consequence began."""
    told: set[str] = set()
    for row in rows:
        if row["event"] in ("begins", "ends"):
            told.discard(row["outcome"])
        if row["event"] in ("refused", "granted"):
            if row["outcome"] in told:
                continue
            told.add(row["outcome"])
        yield row


def _who(row: dict[str, Any]) -> str:
    sex = {"male": "a man", "female": "a woman"}[row["sex"]] if row["age"] >= 18 else {"male": "a boy", "female": "a girl"}[row["sex"]]
    place = "in a town" if row["residence"] in ("town", "urban") else "in the country"
    work = {"none": "outside the labour force", "jobless": "without work", "ordinary": "in ordinary work", "prestige": "in a prestige job"}
    home = f"of a household in the {row['fifth']} of incomes"
    return f"Citizen {row['citizen']:,}, {sex} of {row['age']} {place}, {home}, {work.get(row['work'], row['work'])}"


def _event(data: Data, row: dict[str, Any], man: bool) -> Sentence | None:
    """The sentence of one event; none for an act that nothing was kept of and nothing followed from."""
    when = words.day(data.start, row["day"])
    said = _SAID.get(row["event"])
    text = said(data, row, "he" if man else "she", "him" if man else "her") if said else None
    named = {key: row[key] for key in ("regime", "citizen", "day", "event", "act", "outcome")}
    return Sentence(row["day"], f"{when}: {text}.", "panel", named) if text else None


def _act(data: Data, row: dict[str, Any], she: str, her: str) -> str | None:
    does = f"{she} {_lower(data.title('acts', row['act']))}"
    if row["outcome"] == "recorded":
        return f"{does}; it is recorded{_points(row)}"
    if row["outcome"] == "pinned on somebody else":
        return f"{does}; the record of it goes to somebody else"
    if row["outcome"] == "missed" and row["rule_points"]:
        return f"{does}; nobody records it"
    return None


def _false(data: Data, row: dict[str, Any], she: str, her: str) -> str:
    return f"a record says that {she} {_lower(data.title('acts', row['act']))}, and {she} does not{_points(row)}"


def _received(data: Data, row: dict[str, Any], she: str, her: str) -> str:
    return f"the record of somebody else, who {_lower(data.title('acts', row['act']))}, is put down to {her}{_points(row)}"


def _begins(data: Data, row: dict[str, Any], she: str, her: str) -> str:
    false = "" if row["note"] in (None, "none") else f"; the rule itself would not have brought it ({words.CAUSES.get(row['note'], row['note'])})"
    return f"it begins: {_lower(data.title('consequences', row['outcome']))}{false}"


def _ends(data: Data, row: dict[str, Any], she: str, her: str) -> str:
    return f"it ends: {_lower(data.title('consequences', row['outcome']))}"


def _grade(data: Data, row: dict[str, Any], she: str, her: str) -> str:
    if row["outcome"] is None:
        return f"{she} is graded no more"
    return f"{she} is graded {row['outcome']}" + (f", and was {row['note']}" if row["note"] else "")


def _refused(data: Data, row: dict[str, Any], she: str, her: str) -> str:
    return f"{she} is {row['event']} for the first time since it began: {_lower(data.title('consequences', row['outcome']))}"


_SAID = {"act": _act, "grade": _grade, "refused": _refused, "granted": _refused, "false_record": _false, "received_record": _received, "begins": _begins, "ends": _ends}


def _points(row: dict[str, Any]) -> str:
    if not row["points"]:
        return " and moves no points" if row["rule_points"] else ""
    return f", {words.signed(float(row['points'])).removesuffix('.0')} {'point' if abs(row['points']) == 1 else 'points'}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _year(data: Data, row: dict[str, Any]) -> Sentence:
    """How things stand at a year's end: grade, money, work, and what was refused in the year."""
    last = date.fromisoformat(data.start) + timedelta(days=data.what["days"] - 1)
    end = min(date(row["year"], 12, 31), last)
    parts, she = [], "he" if row["sex"] == "male" else "she"
    if row.get("grade"):
        clean = "" if row["grade"] == row["clean_grade"] else f" (by what {she} did it would be {row['clean_grade']})"
        parts.append(f"grade {row['grade']}{clean}")
    parts.append(f"income {words.whole(row['income'])} yuan a year, savings {words.whole(row['wealth'])} yuan, debt {words.whole(row['debt'])} yuan")
    penalties = data.regimes[row["regime"]].get("penalties") or {}
    for name in (column.partition(".")[2] for column in row if column.startswith("refused.") and row[column]):
        times, done = row[f"refused.{name}"], "refused" if name in penalties else "granted"
        parts.append(f"in this year {done} {times:,} {'time' if times == 1 else 'times'}: {_lower(data.title('consequences', name))}")
    day = (end - date.fromisoformat(data.start)).days
    alive = "" if row["living"] else f" {words.capital(she)} has died."
    return Sentence(day, f"{words.day(data.start, day)}: {'; '.join(parts)}.{alive}", "citizens", {key: row[key] for key in ("year", "regime", "citizen")})


def lives(data: Data) -> Section:
    """The section of a report: whom the rules choose, under each regime, beside the same life without the score."""
    blocks: list[Any] = [
        Words(
            "Nobody here exists. Whom the page tells of is chosen by these rules among those who are followed, and by nobody’s hand; each sentence rests "
            "on a row of the stored tables."
        )
    ]
    panel = getattr(data.run, "panel", None)
    for regime in data.scored if panel is not None and panel.height else ():
        if len(data.scored) > 1:
            blocks.append(heading(data.regime(regime)))
        for name, (rule, pick, nobody) in PICKS.items():
            citizen = pick(data, regime)
            if citizen is None:
                blocks.append(Words(f"{words.capital(rule)}: {nobody}.", quiet=True))
            else:
                blocks.append(Fold(f"{words.capital(rule)}", _page(data, name, citizen, regime)))
    if len(blocks) == 1:
        blocks.append(Words("Nobody is followed in this run, or there is no score to tell of."))
    return Section("lives", "Some lives, told", blocks)


def _page(data: Data, name: str, citizen: int, regime: str) -> list[Any]:
    beside = [regime] if data.twin is None else [regime, data.twin]
    both = [told(data, citizen, each) for each in beside]
    blocks: list[Any] = [Words(f"{both[0].who}.")]
    figure = timeline(data, both)
    blocks += [figure] if figure else []
    for life in both:
        shown = [each.text for each in life.sentences][:MOST]
        more = len(life.sentences) - len(shown)
        blocks.append(Words(f"Under “{data.regime(life.regime)}”:", tuple(shown)))
        if more:
            blocks.append(Words(f"… and {more} more: glasshouse life RUN {citizen} --regime {life.regime}", quiet=True))
    return blocks


def timeline(data: Data, lives_: list[Life]) -> Figure | None:
    """What was in force from when to when, under each regime; none where nothing ever was."""
    looks = palette.regimes(list(data.regimes), BASELINE)
    rows = [
        {
            "label": data.title("consequences", consequence), "name": words.capital(data.regime(life.regime)),
            "start": str(_date(data, start)), "end": str(_date(data, end)),
            "say": f"{data.title('consequences', consequence)}, {words.day(data.start, start)} to {words.day(data.start, end - 1)}{', false' if false else ''}",
        }
        for life in lives_
        for consequence, start, end, false in life.spells
    ]  # fmt: skip
    if not rows:
        return None
    names = [words.capital(data.regime(life.regime)) for life in lives_]
    labels = list(dict.fromkeys(row["label"] for row in rows))
    cells = [[row["label"], row["name"], row["start"], row["end"], "yes" if row["say"].endswith("false") else "no"] for row in rows]
    return Figure(
        title="What was in force, and when",
        unit="from its first day to its last",
        spec=figures.spans(labels, names, [looks[life.regime][0] for life in lives_]),
        rows=rows,
        summary=f"{len(rows)} {'time' if len(rows) == 1 else 'times'} something began: {words.listed([_lower(label) for label in labels])}.",
        legend=tuple(Key(name, looks[life.regime][0]) for name, life in zip(names, lives_, strict=True)),
        table=behind("What was in force", ["What", "Under", "From", "Until", "False"], cells),
    )


def _date(data: Data, day: int) -> date:
    return date.fromisoformat(data.start) + timedelta(days=day)


def as_rows(life: Life) -> list[dict[str, Any]]:
    """A life as plain data: each sentence with the row that it rests on."""
    return [{"regime": life.regime, "day": each.day, "text": each.text, "table": each.table, "row": each.row} for each in life.sentences]
