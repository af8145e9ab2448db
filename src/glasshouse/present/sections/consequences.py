"""Each penalty and each reward: people, days, attempts, refusals or grants, money, and whom they met."""

from __future__ import annotations

from typing import Any

from .. import figures, palette, words
from ..blocks import Figure, Key, Row, Section, Table, Words
from ..data import DAYS_A_YEAR, Data
from ..tables import behind, table

KINDS = {
    "penalties": ("Penalties", "refused", "Refused", "Cost to them", "Penalty"),
    "rewards": ("Rewards", "granted", "Granted", "Saved or brought", "Reward"),
}
SHOWN = ("income", "age", "residence")


def consequences(data: Data) -> Section:
    """A table and figures by group for penalties and for rewards of each regime."""
    blocks: list[Any] = []
    for part in KINDS if data.scored else ():
        blocks.append(_table(data, part))
        for regime in data.scored:
            blocks += _by_group(data, regime, part)
    if not blocks:
        blocks.append(Words("No regime of this run has penalties or rewards."))
    return Section("consequences", "Penalties and rewards", blocks)


def _table(data: Data, part: str) -> Table | Words:
    """All regimes in one table, so that the same line can be compared."""
    title, done, done_title, money, one = KINDS[part]
    held = {regime: data.regimes[regime].get(part) or {} for regime in data.scored}
    names = list(dict.fromkeys(name for entries in held.values() for name in entries))
    if not names:
        return Words(f"No regime of this run has {part}.")
    several = len(data.scored) > 1
    rows = [
        [
            data.title("consequences", name),
            *([words.capital(data.regime(regime))] if several else []),
            f"{words.whole(entry['citizens_ever'])} ({words.share(entry['citizens_ever'] / data.people)})",
            words.whole(entry["citizen_days"]),
            words.whole(tried := _tried(data, regime, name, entry)),
            _of(entry.get(done), tried),
            words.yuan(entry.get("fen")),
        ]
        for name in names
        for regime, entries in held.items()
        if (entry := entries.get(name))
    ]
    return table(
        f"{title} over the whole run",
        [
            one,
            *(["Rules"] if several else []),
            "#People it ever met",
            "#Days in force",
            "#Attempts under it",
            f"#{done_title}",
            f"#{money}",
        ],
        rows,
        note="People are counted once for each line, however often it met them. An attempt is one try at what the line is about, made by "
        "somebody it is in force for; where two lines bar the same thing, the first one met counts the refusal. "
        + (
            "A cost below 0 is money that could not be spent."
            if part == "penalties"
            else "Below 0, more was spent than saved. Not everything that a reward gives is money."
        ),
    )


def _tried(data: Data, regime: str, name: str, entry: dict[str, Any]) -> int | None:
    """Attempts as the summary has them; for rewards it has none, and the days are added up."""
    return entry["attempts"] if "attempts" in entry else data.total(regime, f"attempts:{name}")


def _of(done: int | None, attempts: int | None) -> str:
    """A count with its share of the attempts, which is no case where nobody tried."""
    if done is None:
        return words.NOT_MEASURED
    if attempts is None:
        return words.whole(done)
    return f"{words.whole(done)} ({words.share(done / attempts if attempts else None)})"


def _by_group(data: Data, regime: str, part: str) -> list[Any]:
    entries = data.regimes[regime].get(part) or {}
    if not entries:
        return []
    groupings = [grouping for grouping in SHOWN if grouping in data.groupings()]
    made = [figure for grouping in groupings if (figure := _dots(data, regime, part, list(entries), grouping))]
    if not made:
        return [Words(f"Whom the {part} met is {words.NOT_MEASURED} in this run: its tables by group hold none of them.")]
    return [Row(tuple(made), title=f"Whom the {part} of “{data.regime(regime)}” met")]


def _dots(data: Data, regime: str, part: str, names: list[str], grouping: str) -> Figure | None:
    groups = data.groups(grouping)
    since = data.begins(regime) or ""
    people = data.by_group(regime, grouping, "people", since)
    days = {name: data.by_group(regime, grouping, f"in_force:{name}", since) for name in names}
    if not people or not any(days.values()):
        return None
    labels = {name: data.title("consequences", name) for name in names}
    worded = {group: words.group(grouping, group) for group in groups if people.get(group)}
    a_year = {
        name: {group: (days[name] or {}).get(group, 0) / people[group] * DAYS_A_YEAR for group in worded} for name in names if days[name]
    }
    rows = [
        {
            "label": labels[name],
            "name": worded[group],
            "value": round(value, 4),
            "say": f"{labels[name]}; {worded[group]}: {words.decimal(value)} days a person and year",
        }
        for name, each in a_year.items()
        for group, value in each.items()
    ]
    colours = palette.scale(len(worded))
    return Figure(
        title=f"By {words.GROUPINGS[grouping]}",
        unit="Days in force, a person and year since scoring began; everybody counted",
        spec=figures.titled_dots([labels[name] for name in a_year], list(worded.values()), colours),
        rows=rows,
        legend=tuple(Key(worded[group], colour, "dot") for group, colour in zip(worded, colours, strict=True)),
        summary=_said(labels, worded, a_year),
        table=_numbers(data, regime, part, names, grouping, worded, labels),
    )


def _said(labels: dict[str, str], worded: dict[str, str], a_year: dict[str, dict[str, float]]) -> str:
    """The line with the widest gap between groups, in a sentence."""
    name = max(a_year, key=lambda one: max(a_year[one].values()) - min(a_year[one].values()))
    each = a_year[name]
    least, most = min(each, key=each.__getitem__), max(each, key=each.__getitem__)
    if each[most] == 0:
        return "None of them was in force for anybody."
    return (
        f"The widest gap is in “{labels[name]}”: {words.decimal(each[most])} days a person and year ({worded[most]}) "
        f"against {words.decimal(each[least])} ({worded[least]})."
    )


def _numbers(data: Data, regime: str, part: str, names: list[str], grouping: str, worded: dict[str, str], labels: dict[str, str]) -> Table:
    _, _, done_title, money, title = KINDS[part]
    held = {
        measure: {name: data.by_group(regime, grouping, f"{measure}:{name}") for name in names}
        for measure in ("in_force", "attempts", "refused", "fen")
    }

    def cell(measure: str, name: str, group: str, write: Any = words.whole) -> str:
        found = held[measure][name]
        return words.NOT_MEASURED if found is None else write(found.get(group, 0))

    rows = [
        [
            labels[name],
            worded[group],
            cell("in_force", name, group),
            cell("attempts", name, group),
            cell("refused", name, group),
            cell("fen", name, group, words.yuan),
        ]
        for name in names
        for group in worded
    ]
    return behind(
        f"By {words.GROUPINGS[grouping]}, over the whole run", [title, "Group", "#Days", "#Attempts", f"#{done_title}", f"#{money}"], rows
    )
