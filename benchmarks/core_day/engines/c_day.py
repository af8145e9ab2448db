"""The core day in C: core_day.c, built by whichever compiler is asked for, with the luck and the seed of Glasshouse."""

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from benchmarks.core_day.engines.start import FIELDS

from glasshouse.engine.luck import key_of

SOURCE = Path(__file__).parents[1] / "core_day.c"
STRICT = ["-std=c11", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fopenmp", "-shared", "-fPIC"]
TYPES = dict(zip(FIELDS, ["f4"] * 7 + ["u1"] * 3 + ["i2"], strict=True))
SIZES = {"f4": 4, "u1": 1, "i2": 2}


def compilers() -> dict[str, list[str]]:
    """The compilers that are at hand, with what each needs besides: none of it changes a value."""
    found = {}
    if shutil.which("gcc"):
        found["gcc"] = ["gcc", "-fno-trapping-math", "-mprefer-vector-width=512"]
    if shutil.which("clang"):
        found["clang"] = ["clang"]
    elif find_spec("ziglang") and (threads := Path(sys.prefix, "lib", "libiomp5.so")).exists():
        found["clang"] = [sys.executable, "-m", "ziglang", "cc", str(threads), f"-Wl,-rpath,{threads.parent}"]
    return found


def built(name: str) -> ctypes.CDLL:
    """The library, built once a machine and source."""
    line = compilers()[name]
    mark = hashlib.sha256(SOURCE.read_bytes() + repr([line, STRICT]).encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir(), f"core_day_{mark}.so")
    if not path.exists():
        split = 4 if "ziglang" in line else 1
        part = path.with_suffix(f".{os.getpid()}")
        subprocess.run([*line[:split], *STRICT, *line[split:], str(SOURCE), "-o", str(part), "-lm"], check=True, stderr=subprocess.DEVNULL)
        part.replace(path)
    return ctypes.CDLL(str(path))


class State(ctypes.Structure):
    """Addresses of the columns, as core_day.c has them."""

    _fields_ = [(name, ctypes.c_void_p) for name in FIELDS]


class Run:
    """A run that is stepped in stretches."""

    compiler = "gcc"

    def __init__(self, citizens: int, threads: int):
        self.library, self.citizens, self.threads, self.day = built(self.compiler), citizens, threads, 0
        self.kept = {name: np.zeros(citizens, dtype) for name, dtype in TYPES.items()}
        self.state = State(*[column.ctypes.data for column in self.kept.values()])
        self.words = [np.zeros(citizens, np.uint32) for _ in range(2)]
        born = self.keys("born", "born too")
        self.library.born(ctypes.c_int64(citizens), self.at(born), ctypes.byref(self.state), self.at(self.words[0]))
        self.luck, self.totals = self.keys("first", "second", "third"), np.zeros(322, np.int64)

    @staticmethod
    def keys(*names: str) -> np.ndarray:
        """The keys of some luck."""
        return np.array([key_of(1, f"core day.{name}") for name in names], np.uint64)

    @staticmethod
    def at(array: np.ndarray) -> ctypes.c_void_p:
        """Where an array lies."""
        return ctypes.c_void_p(array.ctypes.data)

    def days(self, count: int) -> np.ndarray:
        """Steps some days."""
        for _ in range(count):
            words = [self.at(word) for word in self.words]
            given = ctypes.c_int64(self.citizens), ctypes.c_uint32(self.day), self.at(self.luck), ctypes.byref(self.state)
            self.library.day(*given, *words, self.at(self.totals), ctypes.c_int(self.threads))
            self.words.reverse()
            self.day += 1
        return self.totals.copy()

    def columns(self) -> dict[str, np.ndarray]:
        """The state as it stands."""
        return {**self.kept, "word": self.words[0]}


class Clang(Run):
    """The same, built by clang."""

    compiler = "clang"
