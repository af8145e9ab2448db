"""From kernels to PTX, by numba-cuda and NVVM. No product and sum are contracted into one: the bits are those of a CPU."""

import subprocess
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from numba import types
from numba.cuda.compiler import compile_cuda
from numba.cuda.cudadrv import nvvm
from numba.cuda.dispatcher import CUDADispatcher

from .build import linked
from .native import column, table  # noqa: F401  (kernels take them from here)

STRICT = {"opt": 3, "fma": 0, "ftz": 0, "prec_div": 1, "prec_sqrt": 1}
OLDEST = (7, 5)  # compute capability that rules and kernels are typed for; what they become is said by `ptx`
_made: dict = {}


class Rule(CUDADispatcher):
    """A rule, to be laid into kernels. Numba's own asks the card in this machine what it can, but there may be none."""

    def compile_device(self, args, return_type=None):
        """The rule for arguments of these types."""
        if args not in self.overloads:
            made = compile_cuda(self.py_func, return_type, args, forceinline=True, nvvm_options=STRICT, cc=OLDEST)
            made.target_context.insert_user_function(made.entry_point, made.fndesc, [made.library])
            self.overloads[args] = made
        return self.overloads[args]


def compiled(rule) -> Rule:
    """The rule, compiled to be laid into kernels."""
    return linked(rule, partial(Rule, targetoptions={"device": True, "forceinline": True}), _made)


def ptx(kernel, capability: int = 90) -> str:
    """The PTX of a kernel for cards of a compute capability, ten times its number: 90 is 9.0."""
    from numba.cuda.compiler import kernel_fixup  # of numba-cuda alone

    made = compile_cuda(kernel, types.void, (types.int64,), nvvm_options=STRICT, cc=OLDEST)
    library, name = made.library, made.fndesc.llvm_func_name
    library._entry_name = name
    kernel_fixup(library.get_function(name), False)
    return nvvm.compile_ir(library.llvm_strs, arch=f"compute_{capability}", **STRICT).decode().strip("\x00").replace(name, kernel.__name__)


def assembled(text: str, capability: int) -> bytes:
    """Machine code for cards of a compute capability from PTX, by the assembler that comes with NVVM."""
    tools = Path(next(iter(find_spec("nvidia.cuda_nvcc").submodule_search_locations)))
    with TemporaryDirectory() as place:
        given, made = Path(place) / "kernel.ptx", Path(place) / "kernel.cubin"
        given.write_text(text)
        subprocess.run([tools / "bin" / "ptxas", f"--gpu-name=sm_{capability}", "--fmad=false", f"--output-file={made}", given], check=True)
        return made.read_bytes()
