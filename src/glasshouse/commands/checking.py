"""`glasshouse check`: every fault of a file."""

from __future__ import annotations

from typing import Any

from ..errors import BadInput
from .terminal import note, show, show_json


def check(file: str, as_json: bool) -> int:
    """Print what is wrong with a file; returns how many faults there are."""
    from ..scenarios import check as find

    faults = find(file) or _of_rules(file)
    if as_json:
        show_json([as_row(fault) for fault in faults])
    elif not faults:
        show(f"{file}: no fault found")
        for line in _doctor(file):
            note(line)
    for fault in [] if as_json else faults:
        note(str(fault))
    if len(faults) > 1 and not as_json:
        note(f"{len(faults)} faults")
    return len(faults)


def _of_rules(file: str) -> list[BadInput]:
    """What is wrong with the rules of one's own of a scenario that is right otherwise: the first fault, as a run would tell it."""
    from ..catalogue.files import read
    from ..scenarios import load
    from ..scenarios.check import kind_of_file

    whole = load(file).whole if kind_of_file(read(file).data) == "scenario" else None
    if whole is None or not whole.rules:
        return []
    from ..day import model
    from ..experiments import own

    try:
        own.load(whole.rules, model(), whole.numbers)
    except BadInput as fault:
        return [fault]
    return []


def _doctor(file: str) -> list[str]:
    """What to know before a scenario is run; nothing for files that are none."""
    from ..catalogue.files import read
    from ..scenarios import load
    from ..scenarios.check import kind_of_file
    from .doctor import before

    return before(load(file)) if kind_of_file(read(file).data) == "scenario" else []


def as_row(fault: Any) -> dict[str, Any]:
    """A fault as a row."""
    return {"file": str(fault.file), "line": fault.place, "key": fault.key, "message": fault.message, "hint": fault.hint}
