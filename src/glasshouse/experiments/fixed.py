"""What the published experiments fix of the numbers of a run, as experiments/jacobian.py found by moving each (data/fixed.toml).

An experiment fixes one product of powers of the numbers that its effect answers to. Numbers that move all experiments alike are known
as a product only.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from glasshouse.catalogue.users import users

FILE = Path(__file__).parent / "data" / "fixed.toml"
ANSWERS = 0.05
"""An elasticity below this is taken for none, as one whose seeds differ in sign is."""
ALIKE = 0.99
"""Numbers whose columns make an angle of this cosine or more move the experiments alike."""
Elasticity = tuple[float, float, float]
"""By how many per cent an effect grows where a number grows by one: the mean over seeds, the lowest and the highest."""


@dataclass(frozen=True)
class Answers:
    """How the effects answer to the numbers.

    Fields:
        experiments, numbers: the names of rows and columns.
        elasticity: by experiment and number.
    """

    experiments: tuple[str, ...]
    numbers: tuple[str, ...]
    elasticity: dict[tuple[str, str], Elasticity]

    def powers(self, experiment: str) -> dict[str, float]:
        """The numbers that an experiment answers to, each with its power, the strongest first."""
        found = {n: told(self.elasticity[experiment, n]) for n in self.numbers}
        return {n: found[n] for n in sorted(found, key=lambda n: -abs(found[n])) if found[n]}

    def matrix(self) -> np.ndarray:
        """The elasticities that are told from nothing, 0 elsewhere: (experiments, numbers)."""
        return np.array([[self.powers(e).get(n, 0.0) for n in self.numbers] for e in self.experiments])

    @property
    def rank(self) -> int:
        """In how many directions the experiments together fix the numbers."""
        return int(np.linalg.matrix_rank(self.matrix(), tol=ANSWERS))

    def alike(self) -> list[tuple[str, ...]]:
        """Groups of numbers that no experiment tells apart: their columns are parallel, so that only a product is known."""
        columns = {n: c for n, c in zip(self.numbers, self.matrix().T, strict=True) if c.any()}
        groups: list[list[str]] = []
        for name, column in columns.items():
            home = next((g for g in groups if abs(cosine(columns[g[0]], column)) >= ALIKE), None)
            groups.append([name]) if home is None else home.append(name)
        return [tuple(g) for g in groups if len(g) > 1]


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    """The cosine of the angle between two vectors.

    >>> cosine(np.array([1.0, 0.0]), np.array([-2.0, 0.0]))
    -1.0
    """
    return float(a @ b / math.sqrt((a @ a) * (b @ b)))


def told(found: Elasticity) -> float:
    """An elasticity, or 0 where it is small or the seeds do not agree on its sign.

    >>> told((0.3, 0.2, 0.4)), told((0.3, -0.1, 0.4)), told((0.04, 0.03, 0.05))
    (0.3, 0.0, 0.0)
    """
    mean, low, high = found
    return mean if abs(mean) >= ANSWERS and low * high > 0 else 0.0


def product(found: Answers, experiment: str, mark: str = "") -> str:
    """What one experiment fixes, in words: the numbers that it answers to, each with its power.

    Args:
        mark: what stands before and after each number.
    """
    return " x ".join(f"{mark}{n}{mark}^{power:.2f}" for n, power in found.powers(experiment).items()).replace("^-", "^−")


@cache
def kept() -> Answers:
    """The answers as they are kept; none before they were first written."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))["experiments"] if FILE.exists() else {}
    numbers = tuple(dict.fromkeys(n for found in data.values() for n in found["answers"]))
    return Answers(tuple(data), numbers, {(e, n): tuple(data[e]["answers"][n]) for e in data for n in numbers})


def fixed_by(key: str) -> str | None:
    """Which experiments fix a number, each with the product that it fixes; None where the number was not moved.

    Example:
        >>> fixed_by("responses.caught.size").split("^")[0]
        'dusek_traxler: responses.caught.size'
        >>> fixed_by("responses.compliance.near")
        'none of penney, homonoff, bu_liao, dusek_traxler'
        >>> fixed_by("life.air.fare")
    """
    found = kept()
    if key not in found.numbers:
        return None
    by = [f"{e}: {product(found, e)}" for e in found.experiments if key in found.powers(e)]
    return "; ".join(by) or f"none of {', '.join(found.experiments)}"


def not_apart(key: str) -> str | None:
    """The numbers that no experiment tells apart from one, so that only a product with them is known; None where there are none.

    Example:
        >>> not_apart("responses.chilling.size").split(", ")[0]
        'families.curiosity.expression'
        >>> not_apart("responses.caught.size")
    """
    groups = kept().alike() if key in kept().numbers else []
    return ", ".join(n for group in groups if key in group for n in group if n != key) or None


def about(key: str) -> dict[str, str | None]:
    """What a ledger says beside a number: the rules that read it, which experiments fix it, and what they cannot tell it apart from.

    Example:
        >>> about("life.air.fare")
        {'used_by': 'live.flies', 'fixed_by': None, 'not_apart': None}
    """
    return {"used_by": ", ".join(users(key)) or None, "fixed_by": fixed_by(key), "not_apart": not_apart(key)}
