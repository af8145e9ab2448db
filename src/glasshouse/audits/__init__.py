"""Audits: questions asked of finished runs, from their stored tables alone. Each is a file here, or of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from glasshouse.audits.accuracy import ACCURACY
from glasshouse.audits.aims import AIMS
from glasshouse.audits.article_5 import ARTICLE_5
from glasshouse.audits.asking import TABLE, Audit, Counted, Lazy, ask, chosen, same_question
from glasshouse.audits.chilling import CHILLING
from glasshouse.audits.due_process import DUE_PROCESS
from glasshouse.audits.effects import EFFECTS
from glasshouse.audits.fairness import FAIRNESS
from glasshouse.audits.inequality import INEQUALITY
from glasshouse.audits.leakage import LEAKAGE
from glasshouse.audits.outsider import OUTSIDER
from glasshouse.audits.proportionality import PROPORTIONALITY
from glasshouse.audits.records import RECORDS
from glasshouse.audits.ties import TIES
from glasshouse.audits.traps import TRAPS, with_cuts
from glasshouse.audits.validity import VALIDITY
from glasshouse.store import Run

__all__ = ["AUDITS", "Audit", "Counted", "Lazy", "audit"]

AUDITS: dict[str, Audit] = {
    each.name: each
    for each in (
        ACCURACY, AIMS, ARTICLE_5, CHILLING, DUE_PROCESS, EFFECTS, FAIRNESS, INEQUALITY, LEAKAGE, OUTSIDER, PROPORTIONALITY, RECORDS, TIES, TRAPS,
        VALIDITY,
    )
}  # fmt: skip
"""The audits that ship, by name."""
AT_A_TIME = 2
"""So many are asked side by side; what each finds does not depend on it."""


def audit(runs: Run | Iterable[Run], audits: Iterable[str | Audit] | None = None) -> pl.DataFrame:
    """Ask audits of a finished run, or of several of the same question with a seed of its own each.

    Args:
        runs: what `simulate` or `open_run` returned. From 10 runs on there are 95 % intervals over seeds, with fewer the range of what was
            seen; of one run alone an interval over its communities, where it has 10 or more of them.
        audits: names of shipped audits, or audits of one's own; by default all that ship.

    Returns:
        A row an audit, regime and thing asked about: the number, its interval and of which kind it is, the difference from the first regime
        with its own (twins, seed by seed), how many people it rests on and whether they are few, the unit, what a larger number means,
        and the definition.

    Raises:
        BadInput: there is no such audit, the runs are not of one question, or an audit gives no numbers.
    """
    runs = [runs] if isinstance(runs, Run) else list(runs)
    regimes = same_question(runs)
    cut = [with_cuts(run) for run in runs] if TRAPS in (asked := chosen(audits, AUDITS)) else []
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        answers = threads.map(lambda each: ask(each, cut if each is TRAPS else runs, regimes), asked)
        return pl.DataFrame([row for rows in answers for row in rows], schema=TABLE, orient="row")
