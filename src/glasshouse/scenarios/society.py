"""What a scenario says of its society: whose tables it is drawn from, and the numbers beside them that no table gives."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from glasshouse.catalogue.files import read
from glasshouse.catalogue.schema import Block, Id, Share
from glasshouse.errors import BadInput, nearest
from glasshouse.values import Value, Words, within

HERE = Path(__file__).parents[1] / "society" / "data"
USUAL = "china-2019"
NUMBERS = "parameters"
"""The file, beside a society's tables, that holds its numbers."""
TIES = "ties"
"""The folder, beside them, of the recipes by which citizens are tied to each other."""
MEASURED = "measured"
PLACES = 16
"""Talking ties that a citizen has places for."""

# Beyond these bounds a number means nothing, or the whole numbers in which money is drawn would overflow.
Times = within(0, 3)
Tail = within(0, 0.9)
Percent = within(0, 100)


Doublings = within(0, 31, whole=True)
Chance = within(0.000001, 1)
Places = within(0, PLACES, whole=True)


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


class TieGroup(Block):
    """One kind of group: whom it is made of, how its members come to know each other, and who of them talk."""

    title: Words
    span: Doublings | None = None
    members: Doublings
    together: Doublings
    many: within(1, 1000, whole=True) | None = None
    met: within(1, 100_000, whole=True) | None = None
    nearest: Chance
    farthest: Chance
    class_choice: within(0, 0.99)
    age_choice: within(0, 0.99)
    talking: Places
    core: Places

    @model_validator(mode="after")
    def _fits(self) -> TieGroup:
        if self.together.value >= min(self.members.value, self.span.value if self.span else self.members.value):
            raise PydanticCustomError("ties", "has no members but those who are kept together")
        if self.core.value > self.talking.value:
            raise PydanticCustomError("ties", "has more places in the core than talking ties")
        return self


class Ties(Block):
    """A recipe of ties between citizens: groups, and how like chooses like inside them."""

    id: Words
    title: Words
    spread: within(0, 10)
    child_years: within(0.5, 18)
    adult_years: within(1, 100)
    growing_up: within(0, 20)
    replaced: Share
    groups: Annotated[dict[Id, TieGroup], Field(min_length=1)]

    @model_validator(mode="after")
    def _has_room(self) -> Ties:
        talking = sum(int(group.talking.value) for group in self.groups.values())
        if talking > PLACES:
            raise PydanticCustomError("ties", f"has {talking} talking ties, and there are places for {PLACES}")
        return self


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
    ties: Ties


def list_societies() -> list[str]:
    """The names of the shipped societies."""
    return sorted(path.name for path in HERE.iterdir() if path.is_dir() and not path.name.startswith(("_", ".")))


def list_recipes(society: str = USUAL) -> list[str]:
    """The names of the recipes of ties that a shipped society has.

    Example:
        >>> list_recipes()
        ['measured', 'random']
    """
    return sorted(path.stem for path in _ties_of(society).glob("*.toml"))


def _ties_of(society: str) -> Path:
    """The folder of a society's recipes; where it has none, that of the usual one."""
    own = HERE / society / TIES
    return own if own.is_dir() else HERE / USUAL / TIES


@cache
def numbers(name: str) -> dict[str, Any]:
    """The numbers of a shipped society as nested dicts. Not to be changed: copy what you change."""
    return read(HERE / name / f"{NUMBERS}.toml", f"{NUMBERS}.toml").data


@cache
def recipe_numbers(society: str, recipe: str) -> dict[str, Any]:
    """A shipped recipe of ties as nested dicts. Not to be changed: copy what you change."""
    return read(_ties_of(society) / f"{recipe}.toml", f"{TIES}/{recipe}.toml").data


def named(given: Any) -> Mapping[str, Any]:
    """What a file says of its society, as a table: a bare name is short for all that ships under it, of the society and of its ties.

    Example:
        >>> named("china-2019"), named({"order": {}}), named({"ties": "random"})
        ({'id': 'china-2019'}, {'id': 'china-2019', 'order': {}}, {'id': 'china-2019', 'ties': {'id': 'random'}})
    """
    if not isinstance(given, Mapping):
        return {"id": given}
    ties = given.get("ties", {})
    return {"id": USUAL, **given, **({} if isinstance(ties, Mapping) else {"ties": {"id": ties}})}


def is_path(name: str) -> bool:
    """Whether a society is named by the folder of its tables."""
    return "/" in name or "\\" in name


def shipped(given: Mapping[str, Any], folder: Path | None = None) -> dict[str, Any]:
    """The society that a file names, with its numbers and its ties; where there is none of that name, with those of the usual one.

    Args:
        given: what `named` returns; an id that is a path names a folder of tables of one's own, and becomes a whole path.
        folder: the folder that a path starts from; None for the current one.
    """
    name = given["id"]
    if isinstance(name, str) and is_path(name):
        own = Path(folder or ".", name).resolve()
        right = fault_of(str(own)) is None  # else the fault is told where everything is checked
        return {**(read(own / f"{NUMBERS}.toml").data if right else numbers(USUAL)), "id": str(own), "ties": _recipe(str(own), given.get("ties"))}
    known = name if name in list_societies() else USUAL
    return {"id": name, **numbers(known), "ties": _recipe(known, given.get("ties"))}


def _recipe(society: str, given: Any) -> dict[str, Any]:
    """The recipe of ties that a file names, with its numbers; where there is none of that name, with those of the usual one."""
    name = given.get("id", MEASURED) if isinstance(given, Mapping) else MEASURED
    return {"id": name, **recipe_numbers(society, name if name in list_recipes(society) else MEASURED)}


def plain(block: Block) -> dict[str, Any]:
    """The numbers of a block as nested dicts, without where they come from."""
    out: dict[str, Any] = {}
    for name in type(block).model_fields:
        part = getattr(block, name)
        if isinstance(part, Value):
            out[name] = part.value
        elif isinstance(part, dict):
            out[name] = {key: plain(inner) for key, inner in part.items()}
    return out


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
    usual = {"id": society.id, "ties": {"id": society.ties.id}}
    if society.id in list_societies() and society == Society.model_validate(shipped(usual)):
        return []
    from glasshouse.society import load_tables
    from glasshouse.society.plan import make_plan

    try:
        make_plan(load_tables(society.id).with_values(values))
    except BadInput as fault:
        return [BadInput(fault.message, key=fault.key or "society")]
    return []
