"""One NVIDIA GPU: memory that host and card both see, kernels loaded and launched, by CUDA's driver."""

import ctypes
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from glasshouse.errors import BadInput

from .build import load_module
from .shelf import keep

THREADS = 128  # of a block
BLOCKS = 16  # for each multiprocessor: more than run at once, so that none waits long for the last
NEEDED = ("numba_cuda", "cuda.bindings", "nvidia.cuda_nvcc")


def none_found(why: str) -> BadInput:
    """What is said where there is no card to use."""
    return BadInput(
        f"no CUDA device was found: {why}; --device cuda needs an NVIDIA GPU with its driver, and the packages of glasshouse[cuda]; "
        "--device cpu gives the same results"
    )


def asked(answer: tuple):
    """What the driver answered, if it did what it was asked."""
    error, *rest = answer
    if error.value:
        raise BadInput(f"the CUDA driver says {error.name}")
    return rest[0] if rest else None


class _Held:
    """Memory that host and card both see, let go with the last array on it."""

    def __init__(self, driver, shape: tuple[int, ...], dtype, clean: bool):
        size = int(np.prod(shape)) * np.dtype(dtype).itemsize
        self.free, self.at = driver.cuMemFree, asked(driver.cuMemAllocManaged(size, driver.CUmemAttach_flags.CU_MEM_ATTACH_GLOBAL.value))
        if clean:
            asked(driver.cuMemsetD8(self.at, 0, size))
        self.__array_interface__ = {"data": (int(self.at), False), "shape": shape, "typestr": np.dtype(dtype).str, "version": 3}

    def __del__(self):
        self.free(self.at)


class Card:
    """The first GPU of this machine. Final. Raises BadInput where there is none."""

    run_by = "ptx"

    def __init__(self, say=lambda note: None):
        missing = [name for name in NEEDED if find_spec(name.partition(".")[0]) is None or find_spec(name) is None]
        if missing:
            raise none_found(f"{missing[0]} is not installed")
        from cuda.bindings import driver

        try:
            asked(driver.cuInit(0))
            self.number = asked(driver.cuDeviceGet(0))
        except BadInput as error:
            raise none_found(error.message) from None
        except RuntimeError:  # the bindings did not find the driver's library
            raise none_found("the NVIDIA driver is not installed") from None
        asked(driver.cuCtxSetCurrent(asked(driver.cuDevicePrimaryCtxRetain(self.number))))
        self.driver, self.say, self._modules = driver, say, []
        of = driver.CUdevice_attribute
        self.capability = 10 * self._attribute(of.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR)
        self.capability += self._attribute(of.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR)
        self.blocks = BLOCKS * self._attribute(of.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT)

    def _attribute(self, which) -> int:
        return asked(self.driver.cuDeviceGetAttribute(which, self.number))

    def room(self, shape, dtype) -> np.ndarray:
        """An array that host and card both see, with whatever lies there."""
        return self._array(shape, dtype, False)

    def zeros(self, shape, dtype) -> np.ndarray:
        """The same, all 0."""
        return self._array(shape, dtype, True)

    def _array(self, shape, dtype, clean: bool) -> np.ndarray:
        shape = tuple(int(size) for size in (shape if isinstance(shape, tuple) else (shape,)))
        return np.asarray(_Held(self.driver, shape, dtype, clean)) if np.prod(shape) else np.zeros(shape, dtype)

    def holds(self, array: np.ndarray) -> bool:
        """Whether the card sees an array."""
        return isinstance(array.base, _Held) or not array.size

    def copy(self, to: np.ndarray, there: np.ndarray):
        """One array becomes another, on the card."""
        asked(self.driver.cuMemcpyDtoD(to.ctypes.data, there.ctypes.data, there.nbytes))

    def load(self, path: Path, names: list[str]) -> list:
        """The kernels of these names of a generated module: compiled for this card, or taken from the cache."""
        codes = [path.with_suffix(f".{name}.sm_{self.capability}") for name in names]
        if not all(code.exists() for code in codes):
            self._compile(load_module(path), dict(zip(names, codes, strict=True)))
        self._modules += [asked(self.driver.cuModuleLoadData(code.read_bytes())) for code in codes]
        return [asked(self.driver.cuModuleGetFunction(m, n.encode())) for m, n in zip(self._modules[-len(names) :], names, strict=True)]

    def _compile(self, module, codes: dict[str, Path]):
        """Compiles those kernels of a module for this card that are not in the cache."""
        from .ptx import assembled, ptx

        self.say("compiling the rules for this GPU, once: some minutes")
        for name, code in codes.items():
            if not code.exists():
                keep(code.name, assembled(ptx(getattr(module, name), self.capability), self.capability))

    def launch(self, kernel, desk: int):
        """Sends a kernel on its way, on the desk at an address; kernels run one after another."""
        handed = ((desk,), (ctypes.c_int64,))
        asked(self.driver.cuLaunchKernel(kernel, self.blocks, 1, 1, THREADS, 1, 1, 0, 0, handed, 0))

    def wait(self):
        """Until all kernels are through."""
        asked(self.driver.cuCtxSynchronize())
