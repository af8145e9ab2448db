"""Rows of the table of models: a figure of a run beside the one that was published or worked out."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure of a model. Final.

    Args:
        name: such as "help among L1".
        expected: the published figure. tolerance: how far off still agrees; of a sampled one four standard errors.
        kind: "exact" (finite and deterministic) or "sampled".
        status: seen, remembered, computed or derived. source: where.
        measure: runs the model and reads the figure from what the run left; not a number where data that it needs were not given.
    """

    name: str
    expected: float
    tolerance: float
    kind: str
    status: str
    source: str
    measure: Callable[[], float]
