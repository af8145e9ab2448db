"""Whether a simulated figure agrees with a published one: the arithmetic of a row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from glasshouse.audits.paired import mean_of, variance
from glasshouse.validate.targets import REMEMBERED, Row

AGREES, DIFFERS, NOT_COMPARABLE, NO_DATA = "agrees", "differs", "not comparable", "no data"
VERDICTS = (AGREES, DIFFERS, NOT_COMPARABLE, NO_DATA)
INPUT, FITTED, FREE = "input", "fitted", "free"
BASES = (INPUT, FITTED, FREE)
ERRORS = 2.0
"""Standard errors that a mean over seeds may be off beside the tolerance."""
SLACK = 1e-9
"""A share of the tolerance by which rounding in the last bit may not turn a verdict."""


@dataclass(frozen=True)
class Judged:
    """A row with what was simulated for it.

    Attributes:
        row: the target.
        simulated: the mean over seeds; None where no run had a case. interval: 95 % from ten seeds on, else the range of what was seen.
        error: standard error of the mean; 0 with one seed, which says nothing.
        seeds: how many runs had a case.
        verdict: one of VERDICTS. why: in words, where the numbers do not say it.
        basis: one of BASES, or None where nothing was judged or it was not looked for.
    """

    row: Row
    simulated: float | None
    interval: tuple[float, float] | None
    error: float
    seeds: int
    verdict: str
    why: str = ""
    basis: str | None = None

    @property
    def remembered(self) -> bool:
        """Whether the published figure is only remembered."""
        return self.row.status == REMEMBERED

    @property
    def counts(self) -> bool:
        """Whether the row is evidence: judged, free, and read rather than remembered."""
        return self.basis == FREE and self.verdict in (AGREES, DIFFERS) and not self.remembered


def verdict(simulated: float, published: float, tolerance: float, error: float) -> str:
    """`agrees` when the two are no further apart than the tolerance and two standard errors.

    Args:
        simulated: mean over seeds, in the row's unit, as the next three.
        published: the figure.
        tolerance: from the targets file.
        error: standard error of the mean.

    Example:
        >>> verdict(11.0, 10.0, 0.5, 0.25), verdict(11.01, 10.0, 0.5, 0.25)
        ('agrees', 'differs')
    """
    room = tolerance + ERRORS * error
    return AGREES if abs(simulated - published) <= room * (1 + SLACK) else DIFFERS


def judge(row: Row, numbers: Sequence[float | None], country: str) -> Judged:
    """A row with its verdict.

    Args:
        row: the target.
        numbers: one a seed; None where a run had no case.
        country: of whom the society is drawn.
    """
    known = [number for number in numbers if number is not None]
    mean = mean_of(known)
    error = math.sqrt(variance(known) / len(known)) if known else 0.0
    interval = None if mean.low is None or mean.high is None else (mean.low, mean.high)

    def said(what: str, why: str = "") -> Judged:
        return Judged(row, mean.mean, interval, error, len(known), what, why)

    if row.published is None:
        return said(NO_DATA, row.missing or "")
    if row.country != country:
        return said(NOT_COMPARABLE, f"published of {row.country}; the society is drawn of {country}")
    if mean.mean is None:
        return said(NO_DATA, row.missing or "no run had a case: too few people or days")
    found = verdict(mean.mean, float(row.published), float(row.tolerance or 0), error)
    chance = found == AGREES and verdict(mean.mean, float(row.published), float(row.tolerance or 0), 0.0) == DIFFERS
    return said(found, "only within its standard errors: a larger run could tell" if chance else "")
