"""Glasshouse: a laboratory for social scoring on invented people.

    import glasshouse as gh
    run = gh.simulate(gh.load("essay"), citizens=20_000, days=800, seed=4)
    run.daily, run.summary, run.folder

The public names are those of `__all__`. Each part is loaded when it is first used, so that the command starts at once.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from . import regimes, scenarios
    from .audits import audit
    from .commands.comparing import compare
    from .commands.simulate import resume, simulate
    from .commands.sweeping import sweep
    from .scenarios import check, load
    from .store import open_run

__all__ = ["__version__", "audit", "check", "compare", "load", "open_run", "regimes", "resume", "scenarios", "simulate", "sweep"]

_WHERE = {  # public name -> the module that has it, and its name there (None: the module itself)
    "load": (".scenarios", "load"),
    "check": (".scenarios", "check"),
    "compare": (".commands.comparing", "compare"),
    "audit": (".audits", "audit"),
    "simulate": (".commands.simulate", "simulate"),
    "resume": (".commands.simulate", "resume"),
    "sweep": (".commands.sweeping", "sweep"),
    "open_run": (".store", "open_run"),
    "regimes": (".regimes", None),
    "scenarios": (".scenarios", None),
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    where, what = _WHERE[name]
    module = importlib.import_module(where, __name__)
    return module if what is None else getattr(module, what)


def __dir__() -> list[str]:
    return sorted([*globals(), *_WHERE])
