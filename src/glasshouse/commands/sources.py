"""Where numbers come from: the ledger, number by number, and the citations, source by source."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from ..errors import BadInput, nearest
from .bibtex import bibtex, counted
from .shown import status
from .terminal import Column, cell, give, is_terminal, note, records, table

STATUSES = {
    "law": "Rule text that was read", "measured": "Counted or studied", "derived": "Worked out from published figures",
    "reported": "Second hand", "assumed": "Assumed, with a range", "documented": "Claims that are documented",
    "partly": "Claims that are partly documented", "not": "Claims that are not documented",
}  # fmt: skip
Rows = list[dict[str, Any]]


def cite(name: str, as_regime: bool, as_bibtex: bool, as_json: bool) -> None:
    """Print the sources of a regime, scenario or run: for reading, as BibTeX, or as JSON."""
    if as_bibtex and as_json:
        raise BadInput("--bibtex and --json ask for two forms at once: give one of them")
    found = cited(name, as_regime)
    if as_bibtex:
        print(bibtex(found))
    else:
        give(found, as_json, cited_parts)


def ledger(name: str, as_json: bool) -> None:
    """Print the ledger of a run, a scenario or a model, by name, file or folder: for reading, or as JSON."""
    from ..scenarios import list_scenarios
    from ..store.model import is_model_run
    from . import models

    if is_model_run(Path(name)) or models.is_file(name):
        give(models.ledger_rows(name), as_json, models.ledger_parts)
    elif _is_folder(name) or Path(name).is_file() or name in list_scenarios():
        give(ledger_rows(name), as_json, ledger_parts)
    else:
        _known(name, [*list_scenarios(), *models.names()], "a scenario", "a model", "a run folder")
        give(models.ledger_rows(name), as_json, models.ledger_parts)


def ledger_rows(name: str) -> Rows:
    """The ledger of a run folder, or of a scenario by name or file, with who reads each number and what experiments fix of it."""
    from ..experiments.fixed import about
    from ..scenarios import load

    if _is_folder(name):
        rows = _of_run(name)
    else:
        asked = load(name)
        rows = [{**row, "used_by": ", ".join(asked.users(row["key"])) or None} for row in asked.ledger()]
    return [{**row, **{what: row.get(what) or told for what, told in about(row["key"]).items()}} for row in rows]


def cited_rows(name: str, as_regime: bool) -> Rows:
    """Every number of a regime or scenario (by name or file) or of a run folder, a regime's claims, and a society's tables."""
    from ..regimes import list_regimes
    from ..scenarios import list_scenarios, load
    from ..scenarios.society import named

    if _is_folder(name):
        data = _scenario_of(name)
        return _of_run(name) + _of_words(data.get("regime", {})) + _of_tables(str(named(data.get("society"))["id"]))
    if not as_regime and (name in list_scenarios() or (Path(name).is_file() and _is_scenario(name))):
        scenario = load(name)
        return scenario.ledger() + _of_words(scenario.raw["regime"]) + _of_tables(scenario.society)
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
    from ..store import as_left, open_run

    with as_left(folder):
        rows = open_run(folder).ledger.to_dicts()
        for row in rows:
            low, high = row.pop("range_low", None), row.pop("range_high", None)
            row["range"] = None if low is None else [low, high]
            row["value"] = _as_written(row["value"])
    return rows


def _scenario_of(folder: str) -> dict[str, Any]:
    """The scenario of a run folder, as nested dicts."""
    from ..catalogue.files import parse
    from ..store import open_run

    return parse(open_run(folder).scenario_toml, f"{folder}/scenario.toml").data


def _of_words(regimes: dict[str, Any]) -> Rows:
    """What regimes say with a source but without a number: acts that move the grade by themselves, and days of pardon."""
    rows: Rows = []
    for name, regime in regimes.items():
        parts = {f"straight.{act}": rule for act, rule in regime.get("straight", {}).items()}
        parts |= {f"remedies.amnesty.{pardon['on']}": pardon for pardon in regime.get("remedies", {}).get("amnesty", [])}
        rows += [{"key": f"regime.{name}.{key}", "status": part["status"], "source": part["source"]} for key, part in parts.items()]
    return rows


def _of_tables(society: str) -> Rows:
    """The published tables that a society is drawn from: a row for each source of each table."""
    from ..society import load_tables

    rows: Rows = []
    for published in load_tables(society).tables.values():
        for label in published.labels:
            said = published.cite(label)
            source = said["source"] if published.kind == "seed" else f"{said['source']} Year {said['year']}."
            row = {"key": f"society.{published.name}", "status": said["status"], "source": source, "recalled": said["recalled"],
                   "what": "table"}  # fmt: skip
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
    asked = load(list_scenarios()[0]).with_(regimes=[*beside, name])
    rows = asked.ledger() + _of_words(asked.raw["regime"])
    own = f"regime.{regime.id}."
    claims = [{"key": f"{own}claims.{number}", "status": claim.verdict, "source": claim.source, "what": "claim"}
              for number, claim in enumerate(regime.claims, 1)]  # fmt: skip
    return [row for row in rows if row["key"].startswith(own)] + claims


def by_source(rows: Rows) -> Rows:
    """The sources, each once, with what rests on it (how many values, claims and tables, and their keys); by how well it is known."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        entry = {"status": row["status"], "source": row["source"], "recalled": False, "rests": {}, "keys": []}
        entry = found.setdefault((row["status"], row["source"]), entry)
        entry["recalled"] |= bool(row.get("recalled"))
        what = row.get("what", "value")
        entry["rests"][what] = entry["rests"].get(what, 0) + 1
        entry["keys"].append(row["key"])
    order = list(STATUSES)
    return sorted(found.values(), key=lambda entry: order.index(entry["status"]))


def ledger_parts(rows: Rows) -> list[RenderableType]:
    """The ledger: a table for a pipe, else each number with its source below."""
    if not is_terminal():
        keys = ("key", "value", "unit", "range", "status", "recalled", "used_by", "fixed_by", "not_apart", "source")
        return [table([Column(key, key) for key in keys], rows)]
    return records((f"{row['key']} = {cell(row['value'])} {row['unit']}", f"{status(row)}: {row['source']}{_beside(row)}") for row in rows)


def _beside(row: dict[str, Any]) -> str:
    """Who reads a number, which experiments fix it, and what they cannot tell it apart from."""
    told = {"used_by": "Used by", "fixed_by": "Fixed by", "not_apart": "No experiment tells it apart from"}
    return "".join(f" {words} {row[key]}." for key, words in told.items() if row.get(key))


def cited_parts(sources: Rows) -> list[RenderableType]:
    """The sources as text, under a heading for how each is known."""
    parts: list[RenderableType] = []
    for name, title in STATUSES.items():
        entries = [entry for entry in sources if entry["status"] == name]
        if entries:
            heads = [(entry["source"] + (" (remembered only)" if entry["recalled"] else ""),
                      f"{counted(entry['rests'])}: {', '.join(entry['keys'])}") for entry in entries]  # fmt: skip
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
