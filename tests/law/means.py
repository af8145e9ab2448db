"""What a case says of a citizen's means: savings, debt and the last loan.

They stand still while a case goes on, so that it can be worked out by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from glasshouse.day import DIMENSIONS
from glasshouse.experiments.world import LONG_AGO
from glasshouse.rules import score
from glasshouse.rules.maths import i32, i64, two_counts, u32

if TYPE_CHECKING:
    from tests.law.plain import File
    from tests.law.runner import Court

KEYS = {"wealth_years", "debt_years", "loan_days", "arrears"}
INCOME = 10_000
"""Fen a day: everybody in a case earns 100 yuan."""
YEAR = 365


@dataclass(frozen=True)
class Means:
    """Savings and debt in fen; the day of the last loan, counted from the first of the run; whether payments have stopped."""

    wealth: int = 0
    debt: int = 0
    borrowed_on: int = LONG_AGO
    arrears: bool = False


def read_means(who: dict[str, Any]) -> Means:
    """The means of a citizen of a case file: `wealth_years`, `debt_years` (of income), `loan_days` (since the last loan), `arrears`."""
    years = [round(who.get(key, 0.0) * YEAR * INCOME) for key in ("wealth_years", "debt_years")]
    return Means(*years, -who["loan_days"] if "loan_days" in who else LONG_AGO, who.get("arrears", False))


def hold(court: Court):
    """Gives the citizens of the cases their means, anew each day."""
    for slot, case in enumerate(court.cases):
        court.state.columns["income"][slot] = INCOME
        for name in ("wealth", "debt", "borrowed_on", "arrears"):
            court.state.row(name, court.file)[slot] = getattr(case.means, name)


def dimensions(file: File, n: int, covered: int, full_trace: int) -> int:
    """The points of a score of dimensions on the first day of a month, by the rule as written; friends have no score."""
    means, rule = file.case.means, file.rule
    counts = [u32(two_counts(i32(times), i32(times))) for times in file.month_file[:5]]
    trace, age = score.known(*counts, i32(full_trace)), score.grown(n, (file.case.born - file.scenario.start).days, 6574)
    scale = [np.float32(rule[f"{name}_{part}"]) for name in DIMENSIONS for part in ("weight", "full")]
    return int(
        score.dimensions(
            covered,
            i32(file.on_file),
            trace,
            i64(means.wealth),
            i32(means.debt),
            i32(INCOME),
            int(means.arrears),
            i32(age),
            score.since(n, means.borrowed_on),
            score.settled(file.risk, u32(rule["settled_flags"])),
            0,
            YEAR,
            *scale,
        )
    )
