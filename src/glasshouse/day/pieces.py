"""Pieces of which the steps of a day are put together again and again."""

import numpy as np

from ..engine.model import Step
from ..rules import measure
from .names import GRADES, STANDING

CUTS = tuple(f"cut_{i}" for i in range(1, GRADES))


def together(steps: list, *kinds: str) -> list:
    """The steps of each kind of regime one after another, in the order given: fewer and longer loops to compile."""
    return [step for kind in kinds for step in steps if step.kind == kind]


def standing_at(mechanism: str) -> dict:
    """What a measure that stands all the time is asked by: its bits, its strictness, and a luck of its own."""
    return {"bits": f"bits_{mechanism}", "checks": f"checks_{mechanism}", "turn": np.uint32(4 * STANDING.index(mechanism))}


def met(over: str, mechanism: str, stopped, fen=0, tried=1, mask="life_bits", only=None) -> Step:
    """An attempt under the consequences that bear on it: tried, stopped (or favoured), fen; kept by consequence."""
    which = f"which_{mechanism}_{over}"
    kept = (which, f"+attempts@{which}|&my_attempts@{which}", f"+refused@{which}|&my_refused@{which}", f"+fen@{which}|&my_fen@{which}")
    bind = {"mask": mask, "bits": f"bits_{mechanism}", "tried": tried, "stopped": stopped, "fen": fen}
    return Step(measure.attempt, over, kept, "sanction", bind, only)


def stood(mechanism: str, acts: str, fen=0) -> list:
    """A week under a consequence that stands all the time: tried once, stopped where it acts, fen lost."""
    return [
        Step(measure.any_of, "week", (f"{acts}_on",), "sanction", {"bits": "life_bits", "wanted": f"bits_{mechanism}"}),
        met("week", mechanism, acts, fen, only=f"{acts}_on"),
    ]
