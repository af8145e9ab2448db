"""The table of models: every figure that a model on the shelf is held to, measured."""

import importlib
import math
import pkgutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from types import ModuleType

import glasshouse.models
from glasshouse.models.rows import Row

SAYS = (
    "Each figure comes from a run of the model; the expected one was published, or worked out apart from it. "
    "Agreement says that the engine does what the papers say, not that the papers are right."
)


@dataclass(frozen=True)
class Measured:
    """One figure of a model as it was measured. verdict: agrees, differs or no data."""

    model: str
    target: str
    published: float
    tolerance: float
    simulated: float | None
    basis: str
    status: str
    source: str
    verdict: str


@dataclass(frozen=True)
class Table:
    """What the models gave. Final."""

    rows: tuple[Measured, ...]
    seconds: float

    @property
    def failed(self) -> bool:
        """Whether a row differs."""
        return any(row.verdict == "differs" for row in self.rows)

    def as_dict(self) -> dict:
        """The table as JSON has it."""
        rows = [{**asdict(row), "interval": None, "fitted": False} for row in self.rows]
        return {"rows": rows, "seconds": round(self.seconds, 1), "says": SAYS}


def modules() -> dict[str, ModuleType]:
    """The files of the models that have figures to be held to, by name."""
    names = [info.name for info in pkgutil.iter_modules(glasshouse.models.__path__)]
    found = {name: importlib.import_module(f"glasshouse.models.{name}") for name in names}
    return {name: module for name, module in found.items() if hasattr(module, "ROWS")}


def shelf() -> dict[str, tuple[str, tuple[Row, ...]]]:
    """What each model on the shelf asks, and the figures that it is held to, by the name of its file."""
    return {name: (module.__doc__.strip().split("\n\n")[0].replace("\n", " "), module.ROWS) for name, module in modules().items()}


def measure(names: Sequence[str], said: Callable[[str], None] = lambda model: None) -> Table:
    """Measures the figures of some models.

    Args:
        names: of their files.
        said: called with the name of each model before it is run.
    """
    began, everything = time.perf_counter(), shelf()
    rows = []
    for name in names:
        said(name)
        rows += [_measured(name, row) for row in everything[name][1]]
    return Table(tuple(rows), time.perf_counter() - began)


def _measured(model: str, row: Row) -> Measured:
    got = float(row.measure())
    there = not math.isnan(got)
    verdict = "no data" if not there else "agrees" if abs(got - row.expected) <= row.tolerance else "differs"
    return Measured(model, row.name, row.expected, row.tolerance, got if there else None, row.kind, row.status, row.source, verdict)


def counted(rows: Iterable[Measured]) -> str:
    """How many figures agree, differ and have no data."""
    rows = list(rows)
    parts = [f"{sum(row.verdict == verdict for row in rows)} {verdict}" for verdict in ("agrees", "differs", "no data")]
    return f"{len(rows)} figures: {', '.join(parts)}".replace("agrees", "agree").replace("differs", "differ")
