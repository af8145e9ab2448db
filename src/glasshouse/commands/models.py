"""`glasshouse models`: the shelf, what a model is made of, and running one, of the shelf or in a file of one's own."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from ..errors import BadInput, GlasshouseError, nearest
from .progress import rate
from .request import settings, whole
from .shown import facts_table
from .terminal import Column, cell, note, records, show, show_json, table

if TYPE_CHECKING:
    from types import ModuleType

    from ..model import Model

WHERE = "runs/{id}"  # the store puts in the run's id: NAME-SEED-DIGEST
Rows = list[dict[str, Any]]


def names() -> list[str]:
    """The models of the shelf."""
    from ..models.shelf import modules

    return list(modules())


def rows() -> Rows:
    """Each model of the shelf: its name, question and source."""
    from ..models.shelf import modules

    there = {name: module.MODEL for name, module in modules().items()}
    return [{"id": name, "title": each.name, "question": each.about, "source": each.source} for name, each in there.items()]


def listed(found: Rows) -> list[RenderableType]:
    """The shelf for reading."""
    return records((f"{row['id']}: {row['question']}", row["source"]) for row in found)


def module_of(name: str) -> ModuleType:
    """The module of a model of the shelf, or of a user's file.

    Raises:
        BadInput: there is neither, or the file holds no model.
    """
    from ..model.files import load
    from ..models.shelf import modules

    there = modules()
    if name in there:
        return there[name]
    if is_file(name):
        return load(name)
    beside = f"{name}.py" if Path(f"{name}.py").is_file() else None
    raise BadInput(f"there is no model `{name}` (`glasshouse models list` has them)", hint=beside or nearest(name, there))


def is_file(name: str) -> bool:
    """Whether a model's name is that of a Python file."""
    return name.endswith(".py")


def ledger_rows(name: str) -> Rows:
    """The numbers of a model, or of a run of one by its folder: those of an arm of its own with the arm before the name."""
    from ..model.saved import ledger
    from ..store.model import read_model_run

    if not Path(name).is_dir():
        return ledger(module_of(name).MODEL)
    found = read_model_run(name)
    return [row for number in found["numbers"] for row in _as_run(number, found["arms"])]


def _as_run(number: dict[str, Any], arms: dict[str, dict[str, Any]]) -> Rows:
    """A number of a run: a row where it is the same in all arms, else a row an arm; changed for the run, or as the model has it."""
    values = {f"{arm}: {number['key']}": given.get(number["key"], number["value"]) for arm, given in arms.items()}
    first, *others = values.values()
    named = values if any(other != first for other in others) else {number["key"]: first}
    told = f"Chosen for the run; in the model {cell(number['value'])} ({number['status']}): {number['source']}"
    chosen = {"status": "chosen", "source": told}
    return [{**number, "key": key, "value": value, **(chosen if value != number["value"] else {})} for key, value in named.items()]


def ledger_parts(found: Rows) -> list[RenderableType]:
    """The numbers of a model for reading: a table for a pipe, else each with its source below."""
    from .sources import ledger_parts as parts_of

    return parts_of([{**row, "value": str(row["value"]) if isinstance(row["value"], list) else row["value"]} for row in found])


def shown(name: str) -> dict[str, Any]:
    """A model as one object: what it asks, its size, fields, numbers, totals, and the arms that its file names."""
    from ..model.saved import ledger

    module = module_of(name)
    model: Model = module.MODEL
    return {
        "id": name, "title": model.name, "question": model.about, "source": model.source, "citizens": model.size[0], "days": model.size[1],
        "fields": [{"name": f.name, "unit": f.unit, "about": f.about} for f in model.fields], "numbers": ledger(model),
        "totals": list(model.totals), "arms": list(_arms_of(module)),
    }  # fmt: skip


def shown_parts(found: dict[str, Any]) -> list[RenderableType]:
    """A model for reading."""
    facts = [("size", f"{_size(found['citizens'], found['days'])}, if nothing is said"),
             ("totals", ", ".join(found["totals"])), ("arms", "; ".join(found["arms"])),
             ("numbers", ", ".join(row["key"] for row in found["numbers"]) + f" (glasshouse ledger {found['id']} has them)")]  # fmt: skip
    columns = [Column("name", "field"), Column("unit", "unit"), Column("about", "about")]
    return [Text(found["title"], style="bold"), found["question"], Text(found["source"], style="dim"), "", *facts_table(facts), "",
            table(columns, found["fields"])]  # fmt: skip


def run(
    name: str,
    citizens: str | None,
    days: str | None,
    seed: str | None,
    set: Sequence[str],
    arms: Sequence[str],
    threads: str | None,
    reference: bool,
    out: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Runs a model as asked, keeps the run, and prints what came of it."""
    from ..model import simulate
    from ..model.files import fault_in
    from ..model.write import steps_of
    from ..store.model import check_model_target, read_model_run

    module = module_of(name)
    model: Model = module.MODEL
    size = (whole("--citizens", citizens, least=1) or model.size[0], whole("--days", days, least=1) or model.size[1])
    first = whole("--seed", seed, least=0)
    luck = 1 if first is None else first
    numbers, wanted = _numbers("--set", set), dict(_arm(text, module) for text in arms)
    if len(wanted) < len(arms):
        raise BadInput("--arm gives two arms of the same name")
    cores = whole("--threads", threads, least=1) or 1
    check_model_target(out or WHERE)
    note(f"running {model.name}: {_size(*size)}, seed {luck}" + (", uncompiled" if reference else ""), quiet)
    began = time.perf_counter()
    try:
        done = simulate(model, *size, seed=luck, arms=wanted or None, threads=cores, reference=reference, **numbers)
    except GlasshouseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a function of the model raises uncompiled is its writer's to know
        raise (fault_in(error, {step.rule.__code__.co_filename for step in steps_of(model)}) or error) from None
    took = time.perf_counter() - began
    folder = done.save(out or WHERE)
    found = {**read_model_run(folder), "folder": str(folder)}
    if as_json:
        show_json(found)
    elif quiet:
        print(folder)
    else:
        show(*parts(found))
        given = [("--citizens", str(size[0])), ("--days", str(size[1])), ("--seed", str(luck))]
        given += [("--set", pair) for pair in set] + [("--arm", arm) for arm in arms]
        print(f"time    {took:.1f} s with compiling, {rate(size[0] * size[1] * len(done.arms) / took)}")
        print(f"kept    {folder}")
        print(f"digest  {done.digest}")
        print(f"repeat  {shlex.join(['glasshouse', 'models', 'run', name, *(word for pair in given for word in pair)])}")


def parts(found: dict[str, Any]) -> list[RenderableType]:
    """What a run of a model left, for reading: its totals and its fields by arm."""
    from ..present.validation import number

    told: list[RenderableType] = [Text(found["name"], style="bold"), found["about"], Text(found["source"], style="dim"), ""]
    told.append(f"{_size(found['citizens'], found['days'])}, seed {found['seed']}")
    arm = [Column("arm", "arm")] if len(found["arms"]) > 1 else []
    days, spread = {"first": "first day", "last": "last day", "mean": "mean of days"}, {"mean": "mean", "least": "least", "most": "most"}
    for title, part, first, columns in (("Totals, over all citizens", "totals", Column("name", "total"), days),
                                        ("Fields, on the last day", "state", Column("field", "field"), spread)):  # fmt: skip
        if found[part]:
            cells = [{**row, **{key: number(row[key]) for key in columns}} for row in found[part]]
            every = [first, *arm, *(Column(key, title, number=True) for key, title in columns.items())]
            told += ["", Text(title, style="bold"), table(every, cells)]
    return [*told, ""]


def _size(citizens: int, days: int) -> str:
    return f"{citizens:,} citizen{'s' * (citizens != 1)}, {days:,} day{'s' * (days != 1)}"


def _arm(text: str, module: ModuleType) -> tuple[str, dict[str, Any]]:
    """An arm as it is asked for: `NAME: KEY=VALUE KEY=VALUE`, or the name alone of one in the `ARMS` of the model's file."""
    name, colon, given = (part.strip() for part in text.partition(":"))
    if colon:
        try:
            words = shlex.split(given)
        except ValueError:
            words = given.split()
        return name, _numbers(f"--arm {name}:", words)
    named = _arms_of(module)
    if name not in named:
        raise BadInput(f"the file of the model names no arm `{name}`; one of your own is NAME: KEY=VALUE", hint=nearest(name, named))
    return name, named[name]


def _arms_of(module: ModuleType) -> dict[str, dict[str, Any]]:
    """The arms that a model's file names, by name."""
    return {name if isinstance(name, str) else ", ".join(map(str, name)): given for name, given in getattr(module, "ARMS", {}).items()}


def _numbers(option: str, given: Sequence[str]) -> dict[str, Any]:
    """Numbers and tables as they are typed, KEY=VALUE."""
    found = {}
    for key, text in settings(given, option, "glasshouse ledger MODEL").items():
        try:
            found[key] = json.loads(text)
        except ValueError:
            raise BadInput(f"{option} `{key}` must be a number, or a table such as [[0.5, 0.5], [0, 1]], not `{text}`") from None
    return found
