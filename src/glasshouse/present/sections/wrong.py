"""How often it was wrong, against the same rule applied to people's own acts as they happened."""

from __future__ import annotations

from typing import Any

from .. import figures, palette, words
from ..blocks import Figure, Key, Section, Table, Words, heading
from ..data import Data
from ..tables import behind, table

PARTS = {
    "right": ("right", palette.BLUE),
    "false": ("false: in force without cause", palette.VERMILION),
    "missed": ("missed: called for and not in force", palette.GREY),
}


def wrong(data: Data) -> Section:
    """Right, false and missed days, what false days come from, and the lawful share."""
    blocks: list[Any] = [
        Words(
            "The yardstick is a second account, kept beside the real one: the same rule, applied to each person's own acts as "
            "they happened, with nothing overlooked, invented, pinned on "
            "somebody else, guessed or inherited from family and friends. A day is false if a penalty or reward is in force "
            "and would not be in that account, and missed if it is the other way "
            "round. Where nothing was in force there is no case, which is not the same as no error. A rule can be applied "
            "without error and still be absurd: the share that rests on lawful acts "
            "is counted apart."
        )
    ]
    if data.scored:
        blocks.append(_totals(data))
    for regime in data.scored:
        if len(data.scored) > 1:
            blocks.append(heading(data.regime(regime)))
        blocks += _regime(data, regime)
    return Section("wrong", "How often it was wrong", blocks)


def _regime(data: Data, regime: str) -> list[Any]:
    blocks: list[Any] = []
    for part, what in (("penalties", "penalty"), ("rewards", "reward")):
        names = list(data.regimes[regime].get(part) or {})
        figure = _days(data, regime, names, what) if names else None
        if figure:
            blocks.append(figure)
    blocks.append(_causes(data, regime))
    return blocks


def _totals(data: Data) -> Table:
    """The shares over all penalties, a column a regime."""
    held = [data.regimes[regime].get("wrong") or {} for regime in data.scored]
    even = [words.NO_CASE if each.get("disproportion") is None else words.decimal(each["disproportion"]) for each in held]
    lines = {
        "false_penalty_share": ("False penalty days", "of all penalty days in force"),
        "missed_share": ("Missed penalty days", "of all penalty days that the yardstick calls for"),
        "lawful_share": ("Penalty days for lawful acts", "of all penalty days in force, by the points behind them"),
    }
    rows = [[title, meaning, *(words.share(each.get(key)) for each in held)] for key, (title, meaning) in lines.items()]
    rows.append(["Disproportion", "weight of the penalties over the gravity of the acts; both weights are judgements in the ledger", *even])
    return table(
        "Wrong and lawful, over all penalties",
        ["Number", "What it means", *(f"#{words.capital(data.regime(regime))}" for regime in data.scored)],
        rows,
    )


def _days(data: Data, regime: str, names: list[str], what: str) -> Figure | None:
    force = {name: data.total(regime, f"in_force:{name}") for name in names}
    false, missed = ({name: data.total(regime, f"{kind}:{name}") for name in names} for kind in ("false", "missed"))
    if all(found is None for found in (*false.values(), *missed.values())):
        return None
    rows: list[dict[str, Any]] = []
    table_rows = []
    labels = {name: data.title("consequences", name) for name in names}
    for name in names:
        on, lie, gap = force[name] or 0, false[name] or 0, missed[name] or 0
        total = on + gap
        parts = {"right": on - lie, "false": lie, "missed": gap}
        if total == 0:
            rows.append({"label": labels[name], "kind": "none", "say": f"{words.NO_CASE}: never in force, never called for"})
        rows += [
            {
                "label": labels[name],
                "name": PARTS[key][0],
                "at": at,
                "share": round(days / total, 5),
                "say": f"{labels[name]}, {PARTS[key][0]}: {words.whole(days)} days, {words.share(days / total)}",
            }
            for at, (key, days) in enumerate(parts.items())
            if total
        ]
        due = on - lie + gap
        table_rows.append(
            [
                labels[name],
                words.whole(on),
                words.whole(lie),
                words.share(lie / on if on else None),
                words.whole(gap),
                words.share(gap / due if due else None),
            ]
        )
    return Figure(
        title=f"Which {what} days of “{data.regime(regime)}” were right, false or missed",
        unit="Share of the days in force or called for",
        spec=figures.titled_shares(list(labels.values()), [name for name, _ in PARTS.values()], [colour for _, colour in PARTS.values()]),
        rows=rows,
        legend=tuple(Key(name, colour) for name, colour in PARTS.values()),
        summary=_said(names, labels, force, false, what),
        table=behind(
            f"Right, false and missed {what} days",
            [words.capital(what), "#In force", "#False", "#of those in force", "#Missed", "#of those called for"],
            table_rows,
        ),
    )


def _said(names: list[str], labels: dict[str, str], force: dict[str, int | None], false: dict[str, int | None], what: str) -> str:
    known = [name for name in names if force[name]]
    if not known:
        return f"No {what} was in force on any day: {words.NO_CASE}."
    worst = max(known, key=lambda name: (false[name] or 0) / (force[name] or 1))
    return (
        f"Of the {what} days in force, the false share is highest in “{labels[worst]}”: "
        f"{words.share((false[worst] or 0) / (force[worst] or 1))}."
    )


def _causes(data: Data, regime: str) -> Any:
    numbers = data.regimes[regime].get("wrong") or {}
    causes: dict[str, float | None] = numbers.get("by_cause") or {}
    known = {name: number for name, number in causes.items() if number is not None}
    total = sum(known.values())
    if not total:
        why = "had no false penalty day" if not numbers.get("false_penalty_share") else "has no records that could be wrong"
        return Words(f"What false penalty days come from: {words.NO_CASE}, because “{data.regime(regime)}” {why}.")
    worded = {name: words.capital(words.CAUSES.get(name, words.plain(name))) for name in causes}
    shares = {name: (number / total if number is not None else None) for name, number in causes.items()}
    rows = [
        {"label": worded[name], "value": round(part, 5), "say": f"{worded[name]}: {words.share(part)}"}
        for name, part in shares.items()
        if part is not None
    ]
    most = max(known, key=known.__getitem__)
    return Figure(
        title="What false penalty days come from",
        unit=f"Share of the false penalty days of “{data.regime(regime)}”; the one cause whose correction alone would lift the penalty",
        spec=figures.titled_bars([row["label"] for row in rows], palette.VERMILION),
        rows=rows,
        summary=f"The largest part, {words.share(shares[most])}, comes from {words.CAUSES.get(most, words.plain(most))}.",
        table=behind(
            "False penalty days by cause",
            ["Cause", "#Share of false days"],
            [[worded[name], words.share(part)] for name, part in shares.items()],
        ),
    )
