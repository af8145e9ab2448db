"""Where records come from, how many are missed, false or somebody else's, and which acts moved scores most."""

from __future__ import annotations

from typing import Any

from .. import figures, palette, words
from ..blocks import Figure, Key, Row, Section, Table, Words, heading
from ..data import Data
from ..tables import behind, table

MOST = 12
ON_FILE = {
    "right": ("the doer's own", palette.BLUE),
    "misattributed": ("somebody else's", palette.ORANGE),
    "false": ("never happened", palette.VERMILION),
}


def channels(data: Data) -> Section:
    """Counts a channel, what share of acts and of records is wrong, and the acts that count."""
    blocks: list[Any] = []
    watching = [regime for regime in data.scored if _watches(data, regime)]
    for regime in watching:
        if len(watching) > 1:
            blocks.append(heading(data.regime(regime)))
        found = data.regimes[regime]["channels"]
        blocks.append(_table(data, regime, found))
        blocks.append(
            Row(
                (_on_file(data, regime, found), _missed(data, regime, found)), title=f"What “{data.regime(regime)}” knows and does not know"
            )
        )
        acts = _acts(data, regime)
        if acts:
            blocks.append(acts)
    if not watching:
        blocks.append(Words("No regime of this run watches anybody."))
    return Section("channels", "What is watched, and how well", blocks)


def _watches(data: Data, regime: str) -> bool:
    """Whether a regime has records, or would have them from some day on: a lot has none."""
    found = data.regimes[regime].get("channels") or {}
    return bool(found) and (bool(data.grades[regime]) or any(counts.get("records") for counts in found.values()))


def name(data: Data, channel: str) -> str:
    """What a channel is called on the page."""
    return words.CHANNELS.get(channel) or data.title("channels", channel)


def _table(data: Data, regime: str, found: dict[str, dict[str, int]]) -> Table:
    keys = ("acts", "records", "missed", "false", "misattributed")
    rows = [[name(data, channel), *(words.whole(counts.get(key)) for key in keys)] for channel, counts in found.items()]
    return table(
        f"Acts and records of “{data.regime(regime)}”",
        ["Channel", "#Acts done", "#Records on file", "#Acts missed", "#False records", "#Records on the wrong person"],
        rows,
        note="An act is missed if no record of it reaches the regime. A false record is of an act that nobody did. "
        "Everybody's acts over the whole run count, also before scoring begins and of people who are not scored.",
    )


def _on_file(data: Data, regime: str, found: dict[str, dict[str, int]]) -> Figure:
    rows: list[dict[str, Any]] = []
    table_rows = []
    for channel, counts in found.items():
        total, label = counts.get("records") or 0, name(data, channel)
        wrong = {key: counts.get(key) or 0 for key in ("misattributed", "false")}
        parts = {"right": total - sum(wrong.values()), **wrong}
        if not total:
            rows.append({"label": label, "kind": "none", "say": f"{words.NO_CASE}: no record"})
        rows += [
            {
                "label": label,
                "name": ON_FILE[key][0],
                "at": at,
                "share": round(max(part, 0) / total, 5),
                "say": f"{label}, {ON_FILE[key][0]}: {words.whole(part)}, {words.share(part / total)}",
            }
            for at, (key, part) in enumerate(parts.items())
            if total
        ]
        table_rows.append([label, *(words.share(part / total if total else None) for part in parts.values())])
    return Figure(
        title="Whose acts the records tell of",
        unit="Share of the records on file",
        spec=figures.titled_shares(
            [name(data, channel) for channel in found], [each for each, _ in ON_FILE.values()], [colour for _, colour in ON_FILE.values()]
        ),
        rows=rows,
        legend=tuple(Key(each, colour) for each, colour in ON_FILE.values()),
        summary=_worst(data, found, "records", ("misattributed", "false"), "of the records are wrong"),
        table=behind(
            "Records by whose act they tell of", ["Channel", *(f"#{words.capital(each)}" for each, _ in ON_FILE.values())], table_rows
        ),
    )


def _missed(data: Data, regime: str, found: dict[str, dict[str, int]]) -> Figure:
    parts = {channel: (counts.get("missed") or 0) / counts["acts"] if counts.get("acts") else None for channel, counts in found.items()}
    rows = [
        {"label": name(data, channel), "value": round(part, 5), "say": f"{name(data, channel)}: {words.share(part)}"}
        for channel, part in parts.items()
        if part is not None
    ]
    return Figure(
        title="How much of what happens is never recorded",
        unit="Share of acts missed; channels without an act are left out",
        spec=figures.titled_bars([row["label"] for row in rows], palette.GREY),
        rows=rows,
        summary=_worst(data, found, "acts", ("missed",), "of the acts are missed"),
        table=behind("Acts missed", ["Channel", "#Share missed"], [[name(data, channel), words.share(part)] for channel, part in parts.items()]),
    )


def _worst(data: Data, found: dict[str, dict[str, int]], of: str, parts: tuple[str, ...], what: str) -> str:
    shares = {channel: sum(counts.get(part) or 0 for part in parts) / counts[of] for channel, counts in found.items() if counts.get(of)}
    if not shares:
        return f"No channel had any {of}: {words.NO_CASE}."
    worst, best = max(shares, key=shares.__getitem__), min(shares, key=shares.__getitem__)
    ends = f"{words.share(shares[worst])} {what} in “{name(data, worst)}”"
    return (
        f"{words.capital(ends)}, the most, and {words.share(shares[best])} in “{name(data, best)}”, the least."
        if worst != best
        else f"{words.capital(ends)}."
    )


def _acts(data: Data, regime: str) -> Table | None:
    """The acts that moved scores most, either way."""
    moved = {act: total for act in data.measures(regime, "points") if (total := data.total(regime, f"points:{act}"))}
    if not moved:
        return None
    order = sorted(moved, key=lambda act: (-abs(moved[act]), act))[:MOST]
    rows = [
        [
            data.title("acts", act),
            words.signed(moved[act]),
            *(words.whole(data.total(regime, f"{kind}:{act}")) for kind in ("acts", "own", "received", "false_record")),
        ]
        for act in order
    ]
    return table(
        f"The acts that moved the score of “{data.regime(regime)}” most",
        ["Act", "#Points, all people", "#Times done", "#On the doer's file", "#On somebody else's", "#Never happened"],
        rows,
        note=f"The {len(order)} acts that moved it furthest, up or down, of {len(moved)} that carry points."
        if len(order) < len(moved)
        else "",
    )
