"""The ledger: every number that the run rests on, the assumed ones with their ranges."""

from __future__ import annotations

from collections import Counter
from typing import Any

from .. import words
from ..blocks import Section, Table, Words, heading
from ..data import Data
from ..tables import table

PARTS = {
    "society": "Who the people are, beside the published tables",
    "acts": "What people do now and then",
    "frequent": "What people do nearly every day",
    "attempts": "What people want or meet",
    "families": "How acts are spread and change",
    "consequences": "How heavily penalties and rewards weigh",
    "life": "Prices and ordinary life",
    "responses": "How people respond to a score",
}
SOCIETY = {
    "household": "Households",
    "order": "Neighbours",
    "income": "Income",
    "group": "The label",
    "lives": "Births and deaths",
    "registration": "Registration",
    "platforms": "Services",
    "work": "Work",
    "housing": "Homes",
    "debt": "Debt",
    "wealth": "Net worth",
    "ties": "Ties",
}
ROW = dict[str, Any]


def ledger(data: Data) -> Section:
    """Every assumed number with its range, by what it is about, and how all others are known."""
    if not data.ledger:
        return Section("ledger", "The numbers behind it", [Words("This run holds no ledger.")])
    assumed = [row for row in data.ledger if row["status"] == "assumed"]
    other = [row for row in data.ledger if row["status"] != "assumed"]
    blocks: list[Any] = [_statuses(data), heading(f"Assumed numbers ({words.whole(len(assumed))})")]
    if not assumed:
        blocks.append(Words("No number of this run is assumed."))
    parts: dict[str, list[ROW]] = {}
    for row in assumed:
        parts.setdefault(_part(data, row["key"]), []).append(row)
    blocks += [_table(data, f"{part}: {words.whole(len(rows))} assumed", rows) for part, rows in parts.items()]
    if other:
        blocks += [
            heading(f"All other numbers ({words.whole(len(other))})"),
            _table(data, f"Known in some way: {words.whole(len(other))}", other),
        ]
    fixed = [row for row in data.ledger if row.get("fixed_by")]
    if fixed:
        blocks += [heading("What published experiments fix of them"), _fixed(fixed)]
    return Section("ledger", "The numbers behind it", blocks)


def how_known(row: ROW) -> str:
    """The status of a number, and in words whether it is only remembered."""
    return f"{row['status']}, remembered only" if row.get("recalled") else row["status"]


def _statuses(data: Data) -> Table:
    counts = Counter(row["status"] for row in data.ledger)
    remembered = Counter(row["status"] for row in data.ledger if row.get("recalled"))
    order = [status for status in words.STATUSES if counts[status]] + sorted(set(counts) - set(words.STATUSES))
    rows = [[status, words.whole(counts[status]), words.whole(remembered[status]), words.STATUSES.get(status, "")] for status in order]
    return table("How the numbers are known", ["Status", "#Numbers", "#Remembered only", "What it means"], rows)


def _part(data: Data, key: str) -> str:
    first, _, rest = key.partition(".")
    if first == "regime":
        return f"The rules “{data.regime(rest.split('.')[0])}”"
    return PARTS.get(first, words.capital(words.plain(first)))


def _subject(data: Data, key: str) -> str:
    """What a number belongs to, where the sentence about it does not say: the act, the penalty, the channel, the side of life."""
    pieces = key.split(".")
    if pieces[0] in ("acts", "frequent", "attempts", "families", "consequences") and len(pieces) > 2:
        return data.title(pieces[0], pieces[1])
    if pieces[0] == "society" and len(pieces) > 2:
        group = f" in the group {words.plain(pieces[3])}" if pieces[1:3] == ["ties", "groups"] else ""
        return SOCIETY.get(pieces[1], "") + group
    if pieces[0] == "regime" and len(pieces) > 3:
        place, name = pieces[2], pieces[3]
        known = {
            "points": lambda: data.title("acts", name),
            "consequences": lambda: data.title("consequences", name),
            "grades": lambda: f"Grade {name}",
        }
        if place in known:
            return known[place]()
        return (words.CHANNELS.get(name) or data.title("channels", name)) if place in ("watch", "activity") else ""
    return ""


def _table(data: Data, caption: str, found: list[ROW]) -> Table:
    rows = []
    for row in found:
        subject, about = _subject(data, row["key"]), row["about"] or words.plain(row["key"])
        rows.append(
            [
                f"{subject}: {about}" if subject else about,
                words.number_in(row["value"]),
                _range(row),
                row["unit"],
                how_known(row),
                row.get("used_by") or "",
                row["source"],
            ]
        )
        rows[-1][0] += f"\n{row['key']}"
    titles = ["What it is", "#Value", "#Range", "Unit", "How it is known", "Used by", "Source, or why it is assumed"]
    return table(caption, titles, rows, fold=f"Show: {caption[0].lower()}{caption[1:]}")


def _fixed(found: list[ROW]) -> Table:
    rows = [[row["about"] + f"\n{row['key']}", row["fixed_by"], row["not_apart"] or ""] for row in found]
    titles = ["What it is", "Fixed by, and in which product", "No experiment tells it apart from"]
    return table(f"Moved in the published experiments: {words.whole(len(rows))}", titles, rows)


def _range(row: ROW) -> str:
    low, high = row.get("range_low"), row.get("range_high")
    return "none given" if low is None or high is None else f"{words.decimal(low)} to {words.decimal(high)}"
