"""What a scenario says of its society: whose tables it is drawn from, and the numbers beside them that no table gives."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from glasshouse.catalogue.files import read
from glasshouse.catalogue.schema import Block, Share
from glasshouse.errors import BadInput, nearest
from glasshouse.values import Value, Words, within

HERE = Path(__file__).parents[1] / "society" / "data"
USUAL = "china-2019"
NUMBERS = "parameters"
"""The file, beside a society's tables, that holds its numbers."""

# Beyond these bounds a number means nothing, or the whole numbers in which money is drawn would overflow.
Times = within(0, 3)
Tail = within(0, 0.9)
Percent = within(0, 100)


class Household(Block):
    eight_of_seven_up: Share
    husband_older: within(-20, 20)
    spouse_spread: within(0, 20)
    two_children: Share
    three_children: Share
    lone_head: Share
    larger_than_family: Share
    lone_parent: Share


class Order(Block):
    noise: Share


class Income(Block):
    lowest: within(10, 10_000_000)
    highest: within(10, 10_000_000)
    urban_over_rural: within(1, 10)
    schooling_pull: Share
    size_pull: Share


class Lives(Block):
    mortality: within(0.1, 10)


class Registration(Block):
    urban_odds: within(0.01, 100)
    renter_odds: within(0.01, 100)


class Group(Block):
    urban_odds: within(0.01, 100)
    quintile_odds: within(0.1, 10)


class Platforms(Block):
    young_old_odds: within(0, 10)


class Housing(Block):
    rural_renters: Percent


class Debt(Block):
    rural: Percent
    rural_multiple: Times
    shape: Tail


class Wealth(Block):
    rural_multiple: Times
    renter: Times
    shape: Tail


class Society(Block):
    """A society: its tables by name, and every number that its people are drawn with beside them."""

    id: Words
    household: Household
    order: Order
    income: Income
    lives: Lives
    registration: Registration
    group: Group
    platforms: Platforms
    housing: Housing
    debt: Debt
    wealth: Wealth


def list_societies() -> list[str]:
    """The names of the shipped societies."""
    return sorted(path.name for path in HERE.iterdir() if path.is_dir() and not path.name.startswith(("_", ".")))


@cache
def numbers(name: str) -> dict[str, Any]:
    """The numbers of a shipped society as nested dicts. Not to be changed: copy what you change."""
    return read(HERE / name / f"{NUMBERS}.toml", f"{NUMBERS}.toml").data


def named(given: Any) -> Mapping[str, Any]:
    """What a file says of its society, as a table: a bare name is short for all that ships under it.

    Example:
        >>> named("china-2019"), named({"order": {}})
        ({'id': 'china-2019'}, {'id': 'china-2019', 'order': {}})
    """
    return {"id": USUAL, **given} if isinstance(given, Mapping) else {"id": given}


def is_path(name: str) -> bool:
    """Whether a society is named by the folder of its tables."""
    return "/" in name or "\\" in name


def shipped(given: Mapping[str, Any], folder: Path | None = None) -> dict[str, Any]:
    """The society that a file names, with its numbers; where there is none of that name, with those of the usual one.

    Args:
        given: what `named` returns; an id that is a path names a folder of tables of one's own, and becomes a whole path.
        folder: the folder that a path starts from; None for the current one.
    """
    name = given["id"]
    if isinstance(name, str) and is_path(name):
        own = Path(folder or ".", name).resolve()
        right = fault_of(str(own)) is None  # else the fault is told where everything is checked
        return {**(read(own / f"{NUMBERS}.toml").data if right else numbers(USUAL)), "id": str(own)}
    return {"id": name, **numbers(name if name in list_societies() else USUAL)}


def fault_of(name: str) -> BadInput | None:
    """Why there is no society of a name, or what is wrong with its tables; shipped ones are held by tests."""
    if name in list_societies():
        return None
    if not is_path(name):
        return BadInput(f"there is no society `{name}`", hint=nearest(name, list_societies()))
    from glasshouse.society import load_tables

    try:
        load_tables(name)
    except BadInput as fault:
        return fault
    return None


def contradictions(society: Society, values: Mapping[str, Value]) -> list[BadInput]:
    """What keeps the people of a society from being drawn: numbers that the published totals rule out.

    Args:
        society: whose tables are used.
        values: the numbers of a scenario by path.

    Returns:
        At most one fault, with its key; none where the numbers are those that ship, which a test draws.
    """
    if society.id in list_societies() and society == Society.model_validate(shipped({"id": society.id})):
        return []
    from glasshouse.society import load_tables
    from glasshouse.society.plan import make_plan

    try:
        make_plan(load_tables(society.id).with_values(values))
    except BadInput as fault:
        return [BadInput(fault.message, key=fault.key or "society")]
    return []
