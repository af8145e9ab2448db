"""Rules of one's own: a scalar function in a Python file takes the place of a shipped rule, and is compiled in like it.

    [rules]
    "contest.files" = "my_rules.py"     # the function `files` of this file in place of the shipped rule

    [numbers.bother]                    # and a number that it may name as an argument, as any other of the run

Faults are told as the file's and its line's. What a function may use is what its arguments name, as for any rule.
"""

import ast
import inspect
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType

from glasshouse.day import rule_name
from glasshouse.engine.build import module_at, own_copy, own_name
from glasshouse.engine.model import Model, Step, arguments
from glasshouse.engine.state import Stopped
from glasshouse.errors import BadInput, nearest
from glasshouse.model.faults import compiler_said, plain, reason
from glasshouse.model.faults import nowhere as looked_nowhere

Rules = dict[str, Callable]


def load(given: Mapping, model: Model, numbers: Iterable[str] = ()) -> Rules:
    """The functions of one's own rules, checked.

    Args:
        given: rule name -> OwnRule, as a scenario has it.
        model: the day that they are to be part of.
        numbers: the names of the scenario's own numbers, which these rules may read.

    Raises:
        BadInput: no such rule, no such function, or one that could not take its place, with file and line; or a number of a name that
            the day has already.
    """
    taken = next((name for name in numbers if name in known_to(model)), None)
    if taken is not None:
        raise BadInput("is the name of something that the day has already: give yours another", key=f"numbers.{taken}")
    steps = {rule_name(item.rule): item for item in model.chain if isinstance(item, Step)}
    return {name: _one(name, own.file, own.text, steps, known_to(model) | {*numbers}) for name, own in given.items()}


def not_compiled(error: Exception, given: Mapping) -> BadInput:
    """What the compiler had against a rule of one's own, in one sentence, with its line."""
    names = {f"{own_name(own.text.encode())}.py": own.file for own in given.values()}
    return compiler_said(error, names) or BadInput(f"cannot be compiled: {reason(error)}", next(iter(names.values())))


def nowhere(error: Stopped, given: Mapping) -> BadInput:
    """What to say of a rule of one's own that looked at a place that is not there, with the line where it begins."""
    return looked_nowhere(error, next(own.file for own in given.values() if own_name(own.text.encode()) == error.rule.__module__))


def known_to(model: Model) -> set[str]:
    """Every name that a rule of the day may have as an argument, whatever step it stands in."""
    return (
        {f.name for f in model.fields}
        | {p.name for p in model.params}
        | {w for block in model.luck for w in block.words}
        | {*model.values, *model.clock, "slot", "citizens", "published"}
    )


def _one(name: str, file: str, text: str, steps: Mapping[str, Step], known: set[str]) -> Callable:
    if name not in steps:
        raise BadInput("there is no such rule", key=f"rules.{name}", hint=nearest(name, steps))
    tree = _parsed(text, file)
    written = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name.split(".")[1]), None)
    if written is None:
        there = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
        raise BadInput(f"has no function `{name.split('.')[1]}`", file, key=f"rules.{name}", hint=nearest(name.split(".")[1], there))
    plain(written, file)
    function = _loaded(text, file, written)
    _fits(function, steps[name], known, file, written.lineno)
    return function


def _parsed(text: str, file: str) -> ast.Module:
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise BadInput(f"is not Python: {error.msg}", file, error.lineno) from None


def _loaded(text: str, file: str, written: ast.FunctionDef) -> FunctionType:
    path = own_copy(text.encode())
    try:
        function = getattr(module_at(path.stem, path), written.name)
    except Exception as error:  # noqa: BLE001 - whatever the user's file raises while it is read is the user's to know
        raise BadInput(f"cannot be read: {type(error).__name__}: {error}", file) from None
    if not isinstance(function, FunctionType):
        raise BadInput(f"`{written.name}` is no plain function", file, written.lineno)
    return function


def _fits(function: FunctionType, step: Step, known: set[str], file: str, line: int) -> None:
    """Whether a function can stand where a shipped rule stands: typed, with arguments that the day knows, and as many results."""
    known = known | set(arguments(step.rule))
    signature = inspect.signature(function)
    for argument, parameter in signature.parameters.items():
        if argument not in known:
            raise BadInput(f"the day knows no `{argument}`", file, line, hint=nearest(argument, known))
        if parameter.annotation is inspect.Parameter.empty:
            raise BadInput(f"the argument `{argument}` has no type", file, line)
    wanted, given = (_results(s) for s in (inspect.signature(step.rule), signature))
    if wanted != given:
        raise BadInput(f"gives {' and '.join(given) or 'nothing typed'}, where the shipped rule gives {' and '.join(wanted)}", file, line)


def _results(signature: inspect.Signature) -> list[str]:
    returned = signature.return_annotation
    return [
        getattr(kind, "__name__", str(kind)) for kind in getattr(returned, "__args__", (returned,)) if kind is not inspect.Signature.empty
    ]
