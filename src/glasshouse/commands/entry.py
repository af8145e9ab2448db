"""From the words on the command line to an exit code: every way in which a command can end, in one place."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Any

import typer
from typer.core import TyperGroup

from ..errors import BAD_INPUT, BROKEN_PIPE, DONE, INTERRUPTED, BadInput, GlasshouseError, nearest

BROKEN = 70  # a fault of the program itself (EX_SOFTWARE): 1 would say that a check said no
UsageError = typer.BadParameter.__base__  # Typer shows no other name for it


class Group(TyperGroup):
    """A group of commands that answers an unknown one with the nearest."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            names = self.list_commands(ctx)
            hint = nearest(args[0], names)
            more = "" if hint else f" (there are {', '.join(names)})"
            raise BadInput(f"`{ctx.command_path}` has no command `{args[0]}`{more}", hint=hint)
        return super().resolve_command(ctx, args)


def run_command(app: typer.Typer, args: Sequence[str] | None = None) -> int:
    """Carry out one command line and return its exit code; whatever goes wrong is told on standard error.

    Args:
        app: the commands.
        args: the words after the program's name; by default those it was called with.
    """
    args = list(sys.argv[1:] if args is None else args)
    try:
        _tolerate_narrow_encodings()
        code = _invoke(app, args)
        _flush()
        return code
    except BrokenPipeError:
        _let_go()
        return BROKEN_PIPE
    except KeyboardInterrupt as stop:
        return _tell(str(stop) or "stopped; nothing half-written remains", INTERRUPTED, args)
    except GlasshouseError as error:
        return _tell(error, error.exit_code, args)
    except MemoryError:
        return _tell("not enough memory; a run with fewer --citizens needs less", BAD_INPUT, args)
    except OSError as error:
        if error.filename is None and error.errno is None:
            raise
        return _tell(BadInput((error.strerror or str(error)).lower(), file=error.filename), BAD_INPUT, args)
    except RuntimeError as error:
        if "can't start new thread" not in str(error):
            return _fault(args)
        return _tell("no more threads can be started: there is too little memory, or a limit on processes", BAD_INPUT, args)
    except Exception:  # noqa: BLE001 - nothing stands above: a fault of ours is shown whole, and its code is not that of a check
        return _fault(args)


def _fault(args: list[str]) -> int:
    traceback.print_exc()
    return _tell("this is a fault in Glasshouse, not in what you asked", BROKEN, args)


def _invoke(app: typer.Typer, args: list[str]) -> int:
    command = typer.main.get_command(app)
    if os.environ.get("_GLASSHOUSE_COMPLETE"):
        return command.main(args, prog_name="glasshouse")  # type: ignore[no-any-return]
    try:
        with command.make_context("glasshouse", list(args)) as context:
            return command.invoke(context) or DONE
    except typer.Exit as end:
        return end.exit_code
    except typer.Abort:
        raise KeyboardInterrupt from None
    except UsageError as error:  # type: ignore[misc]
        if type(error).__name__ == "NoArgsIsHelpError":
            print(error.message, file=sys.stderr)
            return BAD_INPUT
        raise in_our_words(error) from None


def in_our_words(error: Any) -> BadInput:
    """What Typer found wrong with a command line, as bad input that names the nearest right thing."""
    context, kind = error.ctx, type(error).__name__
    called = context.command_path if context else "glasshouse"
    parameter = getattr(error, "param", None)
    name = _name(parameter) if parameter is not None else getattr(error, "option_name", "")
    if kind == "NoSuchOption":
        parameters = context.command.get_params(context) if context else []
        options = [option for each in parameters for option in (*each.opts, *each.secondary_opts) if option.startswith("--")]
        hint = nearest(name, options) or next((option for option in options if option.startswith(name)), None)
        return BadInput(f"`{called}` has no option `{name}`", hint=hint)
    if kind == "MissingParameter":
        return BadInput(f"`{called}` needs {name}: see `{called} --help`")
    if kind == "BadOptionUsage":
        needs = "needs a value" if "requires" in error.message else "takes no value"
        return BadInput(f"the option `{name}` {needs}")
    told = error.message.rstrip(".")
    told = told[:1].lower() + told[1:]
    return BadInput(f"`{called}`: {name + ': ' if name else ''}{told}; see `{called} --help`")


def _name(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar or parameter.name.upper()).strip("[].")
    return max(parameter.opts, key=len)


def _tell(error: object, code: int, args: list[str]) -> int:
    """Say what went wrong: a line for people, or with --json an object for programs."""
    if "--json" in args:
        parts = {key: getattr(error, key, None) for key in ("file", "place", "key", "hint")}
        told = {"error": str(error), **{key: str(part) for key, part in parts.items() if part is not None}, "exit_code": code}
        text = json.dumps(told, ensure_ascii=False)
    else:
        text = f"{_red('error:' if code == BAD_INPUT else 'glasshouse:')} {error}"
    try:
        if sys.stderr is not None:  # None where the caller closed it
            print(text, file=sys.stderr, flush=True)
    except OSError:  # nobody reads it, or the disk behind it is full
        _let_go()
    return code


def _red(text: str) -> str:
    plain = sys.stderr is None or not sys.stderr.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return text if plain else f"\x1b[1;31m{text}\x1b[0m"


def _tolerate_narrow_encodings() -> None:
    """An old terminal shows `?` for a sign that it does not have, rather than a fault."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def _let_go() -> None:
    """Point the outputs nowhere, so that the interpreter's last flush finds no broken pipe."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number in (1, 2):
        try:
            os.dup2(nowhere, number)
        except OSError:
            continue
