"""What is wrong with a model, told of the user's function and line, before anything is compiled or run."""

import ast
import builtins
import dis
import inspect
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from glasshouse.engine.build import reads
from glasshouse.engine.model import At, Pick, Step, returns
from glasshouse.engine.shelf import reached
from glasshouse.engine.state import Stopped
from glasshouse.errors import BadInput, nearest
from glasshouse.model.write import Model, Number, steps_of

MOST_ROWS = 1000
"""Rows of the longest table."""
HANDFUL = 12
"""So few may be given one by one, as in an example worked out by hand."""
ALWAYS = {"slot", "citizens", "day"}


def check(model: Model, citizens: int, days: int, arms: Mapping[str, Mapping], numbers: Mapping) -> None:
    """Whether a model can be run as asked.

    Raises:
        BadInput: the first thing that is wrong, with file and line where it is a function's.
    """
    for name, count in (("citizens", citizens), ("days", days)):
        if count < 1:
            raise BadInput(f"{name} must be at least 1, and is {count}")
    for number in model.numbers:
        _is_aggregate(number.name, number.array(), citizens)
    known = {n.name for n in model.numbers}
    for where, given in (("", numbers), *((f"arm `{arm}`: ", given) for arm, given in arms.items())):
        for name in given:
            if name not in known:
                raise BadInput(f"{where}the model {model.name!r} has no number `{name}`", hint=nearest(name, known))
            if where and model.number(name).same:
                raise BadInput(f"{where}the number `{name}` is the same in all arms")
            _fits(where, model.number(name), given[name], citizens)
    for number in model.numbers:
        shapes = {np.shape(arm.get(number.name, numbers.get(number.name, number.value))) for arm in arms.values()}
        if len(shapes) > 1:
            raise BadInput(f"the number `{number.name}` is as large in all arms, and not of the sizes {sorted(shapes)}")
    for field in model.fields:
        if field.seen and field.many:
            raise BadInput(f"the field `{field.name}` has {field.many} values a citizen, and only a field of one can be seen by others")
    for item in steps_of(model):
        _written_well(item)
    for rule in reached(step.rule for step in steps_of(model)):
        _names_things(rule)
    for chain in (model.start, model.chain):
        _names(model, chain)


def fault_of(rule, what: str, hint: str | None = None) -> BadInput:
    """A fault of a function, with its file and line."""
    code = rule.__code__
    return BadInput(f"`{rule.__name__}` {what}", code.co_filename, code.co_firstlineno, hint=hint)


def nowhere(error: Stopped, file: str | None = None) -> BadInput:
    """What to say when a function looked at a place that is not there. file: as the user names it."""
    code = error.rule.__code__
    return BadInput(
        f"`{error.rule.__name__}` looks past the end of a table or beyond the last citizen: at citizen {error.slot} on day {error.day}",
        file or code.co_filename,
        code.co_firstlineno,
    )


def plain(written: ast.AST, file: str, first: int = 1) -> None:
    """Refuses bare numbers in a function: beside a float32 they give other bits compiled than interpreted."""
    for node in ast.walk(written):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value not in (0, 1):
            typed = f"f32({node.value!r})"
            raise BadInput(
                f"the number {node.value!r} has no type: write it above the function, such as `MUCH = {typed}`",
                file,
                node.lineno + first - 1,
            )


def compiler_fault(error: Exception, model: Model) -> BadInput:
    """What the compiler had against a function of a model, in one sentence, with its line."""
    files = [Path(step.rule.__code__.co_filename) for step in steps_of(model)]
    said = compiler_said(error, {file.name: str(file) for file in files})
    return said or BadInput(f"the model {model.name!r} cannot be compiled: {reason(error)}")


def compiler_said(error: Exception, files: Mapping[str, str]) -> BadInput | None:
    """What the compiler had against a function of one of some files, with its line; None if it names none. files: as it names them -> as the user does."""
    for name, file in files.items():
        found = re.search(rf'{re.escape(name)}"?,? ?(?:line |\()(\d+)', str(error))
        if found:
            return BadInput(f"cannot be compiled: {reason(error)}", file, int(found[1]))
    return None


def reason(error: Exception) -> str:
    """The first sentence of what the compiler says."""
    lines = (line.strip() for line in str(error).splitlines())
    return next((line for line in lines if line and not line.startswith(("Failed in", "\x1b"))), "the compiler gives no reason")


def _fits(where: str, number: Number, value: object, citizens: int) -> None:
    """Another value than the model's is of its kind: one number, or a table of as many dimensions."""
    try:
        found = number.array(value)
    except (TypeError, ValueError):
        raise BadInput(f"{where}the number `{number.name}` is {value!r}, and would be a number or a table of numbers") from None
    if found.ndim != np.ndim(number.value):
        raise BadInput(f"{where}the number `{number.name}` has {found.ndim} dimensions, and in the model {np.ndim(number.value)}")
    _is_aggregate(number.name, found, citizens)


def _is_aggregate(name: str, value: np.ndarray, citizens: int) -> None:
    """A table is of groups, never of people: it has few places, and but for a handful fewer than half as many rows as citizens."""
    rows = max(value.shape, default=0)
    if rows > MOST_ROWS or (rows > HANDFUL and 2 * rows > citizens):
        raise BadInput(
            f"the number `{name}` has {rows} rows for {citizens} citizens: a table says what groups are like, "
            "and people are drawn from it by luck"
        )


def _written_well(step: Step) -> None:
    """A function says the type of everything, gives as much as is written, and has no bare numbers."""
    rule = step.rule
    for name, parameter in inspect.signature(rule).parameters.items():
        if parameter.annotation is inspect.Parameter.empty:
            raise fault_of(rule, f"does not say of which type `{name}` is")
    try:
        given = returns(rule)
    except TypeError:
        raise fault_of(rule, "does not say of which type each result is, such as `-> i32` or `-> tuple[i32, f32]`") from None
    if len(given) != len(step.writes):
        raise fault_of(rule, f"gives {len(given)} results, and {len(step.writes)} are written: {', '.join(step.writes)}")
    lines, first = inspect.getsourcelines(rule)
    body = ast.parse(textwrap.dedent("".join(lines))).body[0]
    plain(ast.Module(body.body, []), rule.__code__.co_filename, first)


def _names_things(rule) -> None:
    """What a function names, and is not handed, stands in its file."""
    for part in dis.get_instructions(rule):
        if part.opname == "LOAD_GLOBAL" and part.argval not in rule.__globals__ and not hasattr(builtins, part.argval):
            there = {*rule.__globals__, *rule.__code__.co_varnames}
            told = f"`{rule.__name__}` names `{part.argval}`, which it is not handed, and which its file does not define"
            raise BadInput(told, rule.__code__.co_filename, part.positions.lineno, hint=nearest(part.argval, there))


def _names(model: Model, chain: tuple) -> None:
    """Everything that a step names is there when it runs, and everything that it writes is kept or read."""
    fields, totals = {f.name: f for f in model.fields}, set(model.totals)
    kept = set(fields) | {n.name for n in model.numbers} | {w for block in model.luck for w in block.words} | ALWAYS
    kept |= {f"their_{f.name}" for f in model.fields if f.seen} | {f"yesterday_{name}" for name in totals}
    own = kept - ALWAYS - {n.name for n in model.numbers if n.same} - {w for block in model.luck for w in block.words}  # of each arm
    read = set().union(*(reads(item) for item in chain)) if chain else set()
    made: set[str] = set()
    lists = {"tile", "week"}
    for item in chain:
        if item.over not in lists:
            raise BadInput(
                f"a step of the model {model.name!r} is over `{item.over}`, which no `Pick` before it makes", hint=nearest(item.over, lists)
            )
        if isinstance(item, Pick):
            lists.add(item.name)
        rule = item.rule if isinstance(item, Step) else None
        if rule:
            _places(model, item)
        for name in sorted(reads(item)):
            if name not in kept | made:
                raise _unknown(model, rule, name, kept | made, read)
            if rule and item.shared and name in own:
                raise fault_of(rule, f"is shared by all arms, and reads `{name}`, which each arm has of its own")
        for target in (part for whole in getattr(item, "writes", ()) for part in whole.split("|") if part):
            _may_write(rule, target, fields, totals, kept, read)
            if target[0] not in "=&+":
                made.add(target.partition("@")[0])


def _places(model: Model, step: Step) -> None:
    """Places that are written as numbers are there: of a field with `many`, and of a table."""
    sizes = {f.name: (f.many,) for f in model.fields} | {n.name: np.shape(n.value) for n in model.numbers}
    places = [(at.name, at.index) for at in step.bind.values() if isinstance(at, At)]
    places += [
        (target.lstrip("&").partition("@")[0], (int(target.partition("@")[2]),))
        for whole in step.writes
        for target in whole.split("|")
        if target.partition("@")[2].isdigit()
    ]
    for name, index in places:
        for place, size in zip(index, sizes.get(name, ()), strict=False):
            if not isinstance(place, str) and not 0 <= place < size:
                raise fault_of(step.rule, f"names the place {place} of `{name}`, which has {size}, from 0")


def _may_write(rule, target: str, fields: Mapping, totals: set[str], kept: set[str], read: set[str]) -> None:
    """A result goes into a field, to a later step, or is added to a total or a field; kept: all that is declared."""
    name, at, _ = target.lstrip("=&").partition("@")
    if target[0] == "=" and at and f"{name}@0" not in totals:
        raise fault_of(rule, f"adds to places of the total `{name}`, which the model does not declare: `*places(\"{name}\", how_many)`")
    if target[0] == "=" and not at and name not in totals:
        raise fault_of(rule, f"adds to the total `{name}`, which the model does not declare", nearest(name, totals))
    if target[0] in "&+" and name not in fields:
        raise fault_of(rule, f"adds to `{name}`, which is no field", nearest(name, fields))
    if target[0] in "=&+" or name in fields:
        return
    if name in kept:
        raise fault_of(rule, f"writes `{name}`, which is not its own to write")
    if name not in read:
        raise fault_of(rule, f"writes `{name}`, which is no field, and which no step reads", nearest(name, set(fields) | read))


def _unknown(model: Model, rule, name: str, known: set[str], read: set[str]) -> BadInput:
    what = f"names `{name}`, which the model {model.name!r} does not declare and no step before it writes"
    if name.startswith("their_") and name[6:] in {f.name for f in model.fields}:
        what = f"names `{name}`: others may read the field `{name[6:]}` where it is declared with `seen=True`"
    return fault_of(rule, what, nearest(name, known)) if rule else BadInput(f"a `Pick` {what}", hint=nearest(name, known))
