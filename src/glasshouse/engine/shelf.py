"""Machine code on disk, part by part, each under a hash of all that it was made from.

So a changed rule compiles only the parts that use it, and a part that no regime of a run needs is never compiled.
"""

import functools
import hashlib
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import CodeType, FunctionType

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np
from numba.core.registry import cpu_target

CONSTANT = (int, float, tuple, np.generic)
MADE_BY = ("build.py", "native.py", "luck.py", "shelf.py", "translate.py", "kernels.py", "ptx.py", "seats.py")  # the files that shape machine code
_addresses: dict[str, int] = {}


def cache_folder() -> Path:
    """Where generated source and machine code are kept: $GLASSHOUSE_CACHE, else the user's cache folder."""
    base = os.environ.get("GLASSHOUSE_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "glasshouse"
    )
    folder = Path(base)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def keep(name: str, content: bytes) -> Path:
    """Writes a file of the cache folder, unless it is there; whoever looks for it finds all of it or nothing."""
    path = cache_folder() / name
    if not path.exists():
        part = path.with_name(f"{name}.{os.getpid()}")
        part.write_bytes(content)
        part.replace(path)
    return path


# ---- what a part is made from


def reached(rules: Iterable) -> list:
    """Functions, and all that they call, and so on."""
    found = list(dict.fromkeys(rules))
    for rule in found:
        called = (rule.__globals__.get(name) for name in rule.__code__.co_names)
        found += dict.fromkeys(f for f in called if isinstance(f, FunctionType) and f not in found)
    return found


@functools.cache
def meaning(rule) -> bytes:
    """A hash of what a function does: its bytecode and all that it names, wherever it stands in its file."""
    h = hashlib.sha256()
    for each in reached([rule]):
        named = {name: each.__globals__[name] for name in each.__code__.co_names if name in each.__globals__}
        cells = [cell.cell_contents for cell in each.__closure__ or ()]
        h.update(repr((each.__name__, _code(each.__code__), _value(each.__defaults__), [_value(v) for v in cells])).encode())
        h.update(repr([(name, _value(value)) for name, value in sorted(named.items())]).encode())
    return h.digest()


def _code(code: CodeType) -> tuple:
    """What a code object says, without where it stands."""
    constants = [_code(c) if isinstance(c, CodeType) else repr(c) for c in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, code.co_argcount, constants


def _value(value) -> str:
    """What a name in a rule stands for; functions are looked at by themselves."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()}"
    return repr(value) if isinstance(value, (*CONSTANT, str, type(None))) else str(getattr(value, "__name__", type(value)))


@functools.cache
def _engine() -> bytes:
    """A hash of the engine, of the versions that it is compiled with, and of this processor."""
    here = Path(__file__).parent
    versions = numba.__version__, llvmlite.__version__, np.__version__, sys.version
    processor = cpu_target.target_context.codegen().magic_tuple()
    return hashlib.sha256(b"".join((here / name).read_bytes() for name in MADE_BY) + repr((versions, processor)).encode()).digest()


def fingerprint(text: str, rules: Iterable) -> str:
    """A hash of all that machine code depends on: its source, what the rules in it do, the engine, versions and processor."""
    return hashlib.sha256(_engine() + text.encode() + b"".join(meaning(rule) for rule in rules)).hexdigest()[:16]


# ---- machine code


@functools.cache
def _linker():
    """What places machine code in the memory of this process."""
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), llvm.Target.from_default_triple().create_target_machine())


def kept(key: str) -> bool:
    """Whether the machine code of this key is on disk."""
    return key in _addresses or (cache_folder() / f"part_{key}.o").exists()


def symbol(key: str) -> str:
    """The name at which machine code begins."""
    return f"glasshouse_{key}"


def store(key: str, code: bytes, readable: bytes):
    """Puts machine code on disk, and beside it the LLVM bitcode that it was made from, to look at."""
    keep(f"part_{key}.bc", readable)
    keep(f"part_{key}.o", code)


def address(key: str) -> int:
    """Where the machine code of this key begins, brought into memory once a process."""
    if key not in _addresses:
        _linker().add_object_file(llvm.ObjectFileRef.from_data((cache_folder() / f"part_{key}.o").read_bytes()))
        _addresses[key] = _linker().get_function_address(symbol(key))
    return _addresses[key]
