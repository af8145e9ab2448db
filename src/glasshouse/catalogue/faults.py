"""What is wrong with a TOML file: every fault at once, each with its line, its key and the nearest right thing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from glasshouse.catalogue.files import BARE, Place, Text
from glasshouse.errors import BadInput, nearest
from glasshouse.values import Value, kind_of

TYPES = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "dict_type": "a block",
    "list_type": "a list",
    "tuple_type": "a list",
}
"""What Pydantic wanted, by the name of its error, in words."""


def problems(error: ValidationError, model: Any, source: Text, under: Place = ()) -> list[BadInput]:
    """Every fault that a schema found, as bad input with file, line, key and the nearest right thing.

    Args:
        error: what Pydantic raised.
        model: the schema it raised it for (a model, or a type such as dict[str, Model]).
        source: the file that was read.
        under: where in the file the data given to the schema stood.

    Returns:
        One BadInput a fault, in order of lines.
    """
    return in_order([_problem(fault, model, source, under) for fault in error.errors(include_url=False)])


def in_order(found: list[BadInput]) -> list[BadInput]:
    """Faults in the order of the lines they stand on."""
    return sorted(found, key=lambda fault: fault.place if isinstance(fault.place, int) else 0)


def _problem(fault: Any, model: Any, source: Text, under: Place) -> BadInput:
    # Pydantic marks a fault of a key, not of what stands under it, with one more part.
    is_key = fault["loc"][-1:] == ("[key]",)
    place, kind = fault["loc"][: -1 if is_key else None], fault["type"]
    if kind == "bounds":
        place = (*place, "value")
    elif kind == "no_range":
        place = (*place, "range")
    hint = None
    if kind == "extra_forbidden":
        hint = nearest(str(place[-1]), keys_of(schema_at(model, place[:-1])))
    elif kind == "literal_error" and isinstance(fault["input"], str):
        wanted = get_args(schema_at(model, place[:-1]))[0] if is_key else schema_at(model, place)
        hint = nearest(fault["input"], map(str, get_args(_bare(wanted))))
    whole = (*under, *place)
    message = "unknown key" if is_key and kind == "literal_error" else _message(fault, schema_at(model, place))
    return BadInput(message, *source.where(whole), dotted(whole, source.data), hint)


def _message(fault: Any, wanted: Any) -> str:
    kind, given = fault["type"], fault["input"]
    if kind == "extra_forbidden":
        return "unknown key"
    if kind == "missing":
        return "is missing"
    if kind == "literal_error":
        return f"must be {fault['ctx']['expected'].replace(chr(39), '`')}, not {kind_of(given)}"
    if kind in ("model_type", "model_attributes_type"):
        if wanted is Value:
            return f"must be a block with about, unit, status, source and value, not {kind_of(given)}"
        return f"must be a block, not {kind_of(given)}"
    if kind in TYPES:
        return f"must be {TYPES[kind]}, not {kind_of(given)}"
    if kind == "string_pattern_mismatch":
        signs = "digits, _ and -" if "(-" in fault["ctx"]["pattern"] else "digits and _"
        return f"{given!r} is no id: letters, {signs} only, beginning with a small letter"
    if kind == "string_too_short":
        return "is empty"
    if kind == "too_short":
        return f"needs at least {fault['ctx']['min_length']} of them, not {fault['ctx']['actual_length']}"
    if kind == "too_long":
        return f"has room for {fault['ctx']['max_length']}, not {len(given)}"
    if kind in ("greater_than_equal", "less_than_equal"):
        return f"must be {fault['ctx'].get('ge', fault['ctx'].get('le'))} or {'more' if 'ge' in fault['ctx'] else 'less'}, not {given}"
    return fault["msg"].removeprefix("Value error, ")


def dotted(place: Place, data: Any = None) -> str:
    """A place as a key: entries of an array of tables by their id where they have one, else counted from 1.

    Example:
        >>> dotted(("grades", 0, "from"), {"grades": [{"id": "D"}]})
        'grades.D.from'
    """
    names: list[str] = []
    for part in place:
        inner = _inner(data, part)
        if isinstance(part, int):
            named = inner.get("id") if isinstance(inner, dict) else None
            names.append(named if isinstance(named, str) and named else str(part + 1))
        else:
            names.append(part if BARE.fullmatch(part) else f'"{part}"')
        data = inner
    return ".".join(names)


def _inner(data: Any, part: str | int) -> Any:
    if isinstance(data, dict):
        return data.get(part)
    return data[part] if isinstance(data, list) and isinstance(part, int) and part < len(data) else None


def schema_at(model: Any, place: Place) -> Any:
    """The type that a schema wants at a place, with unions and annotations taken off; None where it wants nothing."""
    for part in place:
        model = _bare(model)
        if isinstance(model, type) and issubclass(model, BaseModel):
            fields = {f.alias or name: f.annotation for name, f in model.model_fields.items()}
            model = fields.get(str(part))
        elif get_origin(model) is dict:
            model = get_args(model)[1]
        elif get_origin(model) in (list, tuple):
            model = get_args(model)[0]
        else:
            return None
    return _bare(model)


def keys_of(model: Any) -> list[str]:
    """The keys that a schema knows."""
    known = isinstance(model, type) and issubclass(model, BaseModel)
    return [f.alias or name for name, f in model.model_fields.items()] if known else []


def _bare(model: Any) -> Any:
    while True:
        if hasattr(model, "__metadata__"):
            model = get_args(model)[0]
            continue
        parts = [part for part in get_args(model) if part is not type(None)]
        if type(None) in get_args(model) and len(parts) == 1:
            model = parts[0]
            continue
        return model


def validated(model: Any, data: Any, source: Text, under: Place = ()) -> tuple[Any, list[BadInput]]:
    """Data held against a schema: the result and no faults, or None and every fault."""
    try:
        if isinstance(model, type) and issubclass(model, BaseModel):
            return model.model_validate(data), []
        return _adapter(model).validate_python(data), []
    except ValidationError as error:
        return None, problems(error, model, source, under)


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(model: Any) -> TypeAdapter[Any]:
    key = repr(model)
    if key not in _ADAPTERS:
        _ADAPTERS[key] = TypeAdapter(model)
    return _ADAPTERS[key]


def among(names: Sequence[str]) -> str:
    """Names to choose from, as a message lists them.

    Example:
        >>> among(["a", "b", "c"])
        '`a`, `b` or `c`'
    """
    *most, last = (f"`{name}`" for name in names)
    return f"{', '.join(most)} or {last}" if most else last


def refuse(found: list[BadInput]) -> None:
    """Raise the first of several faults, saying how many there are; nothing where there is none."""
    if not found:
        return
    first = found[0]
    more = f" (the first of {len(found)} faults)" if len(found) > 1 else ""
    raise BadInput(first.message + more, first.file, first.place, first.key, first.hint)
