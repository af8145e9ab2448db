"""A model in a file of the user's: read as `python file.py` reads it, and faults told of the file's lines."""

import sys
import traceback
from collections.abc import Set
from pathlib import Path
from types import ModuleType

from glasshouse.engine.build import module_at, own_copy, own_name
from glasshouse.errors import BadInput, nearest
from glasshouse.model.write import Model


def load(file: str | Path) -> ModuleType:
    """The module of a file that says `MODEL = Model(...)`; the code in it is run, and may import what lies beside it.

    Args:
        file: a Python file.

    Raises:
        BadInput: there is no such file, it cannot be run, or it has no `MODEL`; with the line where there is one.
    """
    path = Path(file)
    try:
        text = path.read_bytes()
    except OSError as error:
        beside = [str(each) for each in path.parent.glob("*.py")] if path.parent.is_dir() else []
        raise BadInput(f"cannot be read ({(error.strerror or str(error)).lower()})", path, hint=nearest(str(path), beside)) from None
    module = _run(path.resolve(), text)
    made = sorted(name for name, thing in vars(module).items() if isinstance(thing, Model))
    if not isinstance(getattr(module, "MODEL", None), Model):
        told = "`MODEL` is no `Model`" if hasattr(module, "MODEL") else "has no `MODEL`, such as `MODEL = Model(...)`"
        raise BadInput(told, path, hint=f"MODEL = {made[0]}" if made else None)
    return module


def fault_in(error: Exception, files: Set[str]) -> BadInput | None:
    """What was raised in one of some files, with its line; None if it was raised elsewhere."""
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files]
    return BadInput(f"{type(error).__name__}: {error}".removesuffix(": "), lines[-1].filename, lines[-1].lineno) if lines else None


def _run(path: Path, text: bytes) -> ModuleType:
    own_copy(text)
    if str(path.parent) not in sys.path:
        sys.path.insert(0, str(path.parent))
    try:
        return module_at(own_name(text), path)
    except SyntaxError as error:
        raise BadInput(f"is not Python: {error.msg}", error.filename or path, error.lineno) from None
    except Exception as error:  # noqa: BLE001 - whatever the user's file raises while it is run is the user's to know
        raise (fault_in(error, {str(path)}) or BadInput(f"{type(error).__name__}: {error}", path)) from None
