"""Numba's CUDA simulator in place of a card: the same kernels, interpreted thread by thread, on the host's memory."""

import numpy as np
from numba.cuda.simulator.kernel import FakeCUDAKernel

from .build import load_module


class _At:
    """Memory at an address, as NumPy is told of it."""

    def __init__(self, address: int, shape: tuple[int, ...], dtype):
        self.__array_interface__ = {"data": (int(address), False), "shape": shape, "typestr": np.dtype(dtype).str, "version": 3}


def column(address: int, count: int, dtype) -> np.ndarray:
    """The array of `count` values that begins at an address."""
    return np.asarray(_At(address, (int(count),), dtype))


def table(address: int, rows: int, columns: int, dtype) -> np.ndarray:
    """The table of `rows` x `columns` values that begins at an address."""
    return np.asarray(_At(address, (int(rows), int(columns)), dtype))


def compiled(rule):
    """The rule as it is written: the simulator interprets it."""
    return rule


class Simulator:
    """Few threads in few blocks. Final."""

    run_by = "simulator"
    zeros, room, copy = staticmethod(np.zeros), staticmethod(np.zeros), staticmethod(np.copyto)

    def __init__(self, blocks: int = 2, threads: int = 3):
        self.grid = blocks, threads

    def load(self, path, names: list[str]) -> list:
        """The kernels of these names of a generated module."""
        module = load_module(path)
        return [FakeCUDAKernel(getattr(module, name), device=False) for name in names]

    def launch(self, kernel, desk: int):
        """Runs a kernel on the desk at an address."""
        kernel[self.grid](desk)

    def holds(self, array: np.ndarray) -> bool:
        """Whether the card sees an array: here all memory is one."""
        return True

    def wait(self):
        """Until all kernels are through, as they are."""
