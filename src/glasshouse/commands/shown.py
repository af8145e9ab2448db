"""Regimes, scenarios, their keys and sources, as rows and as text."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from rich.text import Text

from ..errors import BadInput, nearest
from .terminal import Column, cell, is_terminal, records, screen, table

Rows = list[dict[str, Any]]
VERDICTS = {"documented": "documented", "partly": "partly documented", "not": "not documented"}


def regime_rows() -> Rows:
    """Each shipped regime's id, kind, title and summary."""
    from ..regimes import list_regimes
    from ..regimes.loader import regime_text

    return [{key: regime_text(name).data.get(key) for key in ("id", "kind", "title", "summary")} for name in list_regimes()]


def scenario_rows() -> Rows:
    """Each shipped scenario's id, title, question, regimes and sizes."""
    from ..scenarios import list_scenarios
    from ..scenarios.loader import scenario_text

    keys = ("id", "title", "question", "start", "days", "citizens", "regimes")
    return [{key: scenario_text(name)[0].data.get(key) for key in keys} for name in list_scenarios()]


def regime_object(name: str) -> dict[str, Any]:
    """A regime as one object: whom it covers, what it watches and brings, what it counts, and what is claimed of it."""
    from ..regimes import describe, load_regime
    from ..regimes.files import written

    regime = load_regime(name)
    return {
        **describe(regime), "extends": written(name).data.get("extends"), "beside": regime.beside,
        "points": {act: points.value for act, points in regime.points.items()},
        "consequences": {name: list(measure.grades) for name, measure in regime.consequences.items()},
    }  # fmt: skip


def regime_list(rows: Rows) -> list[RenderableType]:
    """The regimes for reading."""
    return records((f"{row['id']}: {row['title']}", row["summary"]) for row in rows)


def regime_parts(found: dict[str, Any]) -> list[RenderableType]:
    """A regime for reading."""
    cover = found["coverage"]
    ends = f" until {cover['end']}" if cover and cover["end"] else ""
    brings = ", ".join(found["penalties"] + found["rewards"]) if not found["grades"] else ""
    facts = [
        ("covers", f"from age {cell(cover['from_age'])}, from {cover['start']} on{ends}" if cover else "nobody"),
        ("extends", found["extends"]),
        ("beside", found["beside"]),
        ("channels", ", ".join(found["channels"])),
        ("brings", brings),
    ]
    parts = [Text(f"{found['id']}: {found['title']}", style="bold"), Text(found["summary"]), "", *facts_table(facts)]
    if found["grades"]:
        held = {grade["id"]: [name for name, grades in found["consequences"].items() if grade["id"] in grades] for grade in found["grades"]}
        rows = [{**grade, "brings": ", ".join(held[grade["id"]])} for grade in found["grades"]]
        columns = [Column("id", "grade"), Column("from", "from", number=True), Column("title", "title"), Column("brings", "brings")]
        parts += ["", table(columns, rows)]
    if found["points"]:
        rows = [{"act": act, "points": points} for act, points in found["points"].items()]
        parts += ["", table([Column("act", "record of"), Column("points", "points", number=True)], rows)]
    if found["claims"]:
        heads = [(f"{VERDICTS[claim['verdict']]}: {claim['text']}", claim["source"]) for claim in found["claims"]]
        parts += ["", Text("What is claimed, and whether it is documented", style="dim"), *records(heads)]
    return parts


def facts_table(facts: list[tuple[str, Any]]) -> list[RenderableType]:
    """Short facts under each other; those that are empty are left out."""
    rows = [{"what": what, "is": told} for what, told in facts if told]
    return [table([Column("what", "", style="dim"), Column("is", "")], rows)]


def scenario_list(rows: Rows) -> list[RenderableType]:
    """The scenarios for reading."""
    return records((f"{row['id']}: {row['title']}", f"{row['question']} {_size(row)}") for row in rows)


def scenario_object(name: str) -> dict[str, Any]:
    """A scenario as one object: what it asks, and over whom."""
    from ..scenarios import load

    scenario = load(name)
    return {
        "id": scenario.id, "title": scenario.title, "summary": scenario.summary, "question": scenario.question,
        "society": scenario.society, "start": scenario.start.isoformat(), "days": scenario.days, "citizens": scenario.citizens,
        "seed": scenario.seed, "panel": scenario.panel, "regimes": list(scenario.regimes),
    }  # fmt: skip


def _size(found: dict[str, Any]) -> str:
    return f"({found['citizens']:,} citizens, {found['days']:,} days from {found['start']}; regimes {', '.join(found['regimes'])})"


def scenario_parts(found: dict[str, Any]) -> list[RenderableType]:
    """A scenario for reading."""
    facts = [
        ("society", found["society"]),
        ("size", f"{found['citizens']:,} citizens, {found['days']:,} days from {found['start']}, seed {found['seed']}"),
        ("regimes", ", ".join(found["regimes"])),
        ("followed", f"{found['panel']} citizens"),
    ]
    head = Text(f"{found['id']}: {found['title']}", style="bold")
    return [head, Text(found["summary"]), "", Text(found["question"]), "", *facts_table(facts)]


def key_rows(name: str, part: str | None, regimes: list[str] | None) -> Rows:
    """What --set can change in a scenario, or those keys of it that contain a text."""
    from ..scenarios import load

    rows = load(name).with_(regimes=regimes).keys()
    found = [row for row in rows if part is None or part in row["key"]]
    if not found:
        words = {word for row in rows for word in row["key"].split(".")}
        raise BadInput(f"no key of `{name}` contains `{part}`", hint=nearest(str(part), words))
    return found


def key_parts(rows: Rows) -> list[RenderableType]:
    """What can be set: a table where it fits, else two lines a key."""
    if not is_terminal() or screen().width >= 150:
        columns = [Column("key", "key"), Column("value", "value", number=True), Column("unit", "unit"), Column("range", "range"),
                   Column("status", "status", style="dim"), Column("about", "about", style="dim")]  # fmt: skip
        return [table(columns, rows)]
    return records((f"{row['key']} = {cell(row['value'])} {row['unit']}", f"{row['about']} ({status(row)})") for row in rows)


def status(row: dict[str, Any]) -> str:
    """How a number is known, with its range where it has one."""
    told = row.get("status") or "chosen for the run"
    told += ", remembered only" if row.get("recalled") else ""
    return f"{told}, {cell(row['range'])}" if row.get("range") else told
