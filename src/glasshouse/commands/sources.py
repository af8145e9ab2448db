"""Where numbers come from: the ledger, number by number, and the citations, source by source."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from ..errors import BadInput, nearest
from .shown import status
from .terminal import Column, cell, is_terminal, note, records, table

STATUSES = {
    "law": "Rule text that was read", "measured": "Counted or studied", "derived": "Worked out from published figures",
    "reported": "Second hand", "assumed": "Assumed, with a range", "documented": "Claims that are documented",
    "partly": "Claims that are partly documented", "not": "Claims that are not documented",
}  # fmt: skip
Rows = list[dict[str, Any]]


def ledger_rows(name: str) -> Rows:
    """The ledger of a run folder, or of a scenario by name or file."""
    if _is_folder(name):
        return _of_run(name)
    from ..scenarios import list_scenarios, load

    _known(name, list_scenarios(), "a scenario", "a run folder")
    return load(name).ledger()


def cited_rows(name: str, as_regime: bool) -> Rows:
    """Every number of a regime or scenario (by name or file) or of a run folder, a regime's claims, and a society's tables."""
    from ..regimes import list_regimes
    from ..scenarios import list_scenarios, load

    if _is_folder(name):
        return _of_run(name) + _of_tables(_society_of(name))
    if not as_regime and (name in list_scenarios() or (Path(name).is_file() and _is_scenario(name))):
        scenario = load(name)
        return scenario.ledger() + _of_tables(scenario.society)
    _known(name, list_regimes() if as_regime else [*list_regimes(), *list_scenarios()], "a regime", "a scenario", "a run folder")
    return _of_regime(name)


def cited(name: str, as_regime: bool) -> Rows:
    """The sources of a regime, scenario or run, each once; where a name is of two things, a note says which is meant."""
    from ..regimes import list_regimes
    from ..scenarios import list_scenarios

    if not as_regime and not _is_folder(name) and name in list_regimes() and name in list_scenarios():
        note(f"the sources of the scenario `{name}`; those of the regime alone: glasshouse cite {name} --regime")
    return by_source(cited_rows(name, as_regime))


def _of_run(folder: str) -> Rows:
    from ..store import open_run

    rows = open_run(folder).ledger.to_dicts()
    for row in rows:
        low, high = row.pop("range_low", None), row.pop("range_high", None)
        row["range"] = None if low is None else [low, high]
        row["value"] = _as_written(row["value"])
    return rows


def _society_of(folder: str) -> str:
    """The society of a run folder, by name."""
    from ..catalogue.files import parse
    from ..scenarios.society import named
    from ..store import open_run

    return str(named(parse(open_run(folder).scenario_toml, f"{folder}/scenario.toml").data.get("society"))["id"])


def _of_tables(society: str) -> Rows:
    """The published tables that a society is drawn from: a row for each source of each table."""
    from ..society import load_tables

    rows: Rows = []
    for published in load_tables(society).tables.values():
        for label in published.labels:
            said = published.cite(label)
            source = said["source"] if published.kind == "seed" else f"{said['source']} Year {said['year']}."
            row = {"key": f"society.{published.name}", "status": said["status"], "source": source, "recalled": said["recalled"]}
            rows += [] if row in rows else [row]
    return rows


def _as_written(text: str) -> Any:
    """A number (or numbers by date) out of the ledger's text; a date stays text."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def _of_regime(name: str) -> Rows:
    from ..regimes import load_regime
    from ..scenarios import list_scenarios, load

    regime = load_regime(name)
    beside = [regime.beside] if regime.beside else []
    rows = load(list_scenarios()[0]).with_(regimes=[*beside, name]).ledger()
    own = f"regime.{regime.id}."
    numbered = enumerate(regime.claims, 1)
    claims = [{"key": f"{own}claims.{number}", "status": claim.verdict, "source": claim.source} for number, claim in numbered]
    return [row for row in rows if row["key"].startswith(own)] + claims


def by_source(rows: Rows) -> Rows:
    """The sources, each once, with the keys of the numbers that rest on it; by how well it is known."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        entry = {"status": row["status"], "source": row["source"], "recalled": False, "keys": []}
        entry = found.setdefault((row["status"], row["source"]), entry)
        entry["recalled"] |= bool(row.get("recalled"))
        entry["keys"].append(row["key"])
    order = list(STATUSES)
    return sorted(found.values(), key=lambda entry: order.index(entry["status"]))


def ledger_parts(rows: Rows) -> list[RenderableType]:
    """The ledger: a table for a pipe, else each number with its source below."""
    if not is_terminal():
        return [table([Column(key, key) for key in ("key", "value", "unit", "range", "status", "recalled", "source")], rows)]
    return records((f"{row['key']} = {cell(row['value'])} {row['unit']}", f"{status(row)}: {row['source']}") for row in rows)


def cited_parts(sources: Rows) -> list[RenderableType]:
    """The sources as text, under a heading for how each is known."""
    parts: list[RenderableType] = []
    for name, title in STATUSES.items():
        entries = [entry for entry in sources if entry["status"] == name]
        if entries:
            heads = [(entry["source"] + (" (remembered only)" if entry["recalled"] else ""), ", ".join(entry["keys"])) for entry in entries]
            parts += ["", Text(f"{title} ({len(entries)})", style="bold underline"), *records(heads, head="", body="dim")]
    return parts[1:]


def _is_folder(name: str) -> bool:
    return Path(name).is_dir() or name.endswith(".partial")


def _is_scenario(name: str) -> bool:
    from ..catalogue.files import read
    from ..scenarios.check import kind_of_file

    return kind_of_file(read(name).data) == "scenario"


def _known(name: str, names: list[str], *kinds: str) -> None:
    if name in names or Path(name).is_file():
        return
    told = " nor ".join(kinds)
    raise BadInput(f"`{name}` is neither {told}", hint=nearest(name, names))
