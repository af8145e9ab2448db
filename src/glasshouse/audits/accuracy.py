"""accuracy: of the days under a penalty, how many the rule itself would not have brought; of those it calls for, how many never came."""

from __future__ import annotations

import polars as pl

from glasshouse.audits.asking import Audit, Found
from glasshouse.store import Run


def of(run: Run, regime: str) -> Found:
    """False and missed days as shares, of all penalties together and of each."""
    rows = run.citizens.filter(pl.col("regime") == regime)
    penalties = [*run.summary["regimes"][regime]["penalties"]]
    days = {(what, name): _sum(rows, f"{what}.{name}") for what in ("days", "false_days", "missed_days") for name in penalties}
    found: Found = {}
    for label, names in (("all penalties", penalties), *((name, [name]) for name in penalties)):
        stood, false, missed = (sum(days[what, name] for name in names) for what in ("days", "false_days", "missed_days"))
        due = stood - false + missed
        found |= {f"false: {label}": false / stood if stood else None, f"missed: {label}": missed / due if due else None}
    return found


def _sum(rows: pl.DataFrame, column: str) -> float:
    """A column of the citizens, weighted: each row stands for as many as its weight."""
    return float((rows[column] * rows["weight"]).sum()) if column in rows.columns else 0.0


ACCURACY = Audit(
    name="accuracy",
    question="Of the days under a penalty, how many would the rule itself not have brought; of those it calls for, how many never came?",
    definition="false: days in force that the clean account would not bring, over all days in force; "
    "missed: days that only the clean account would bring, over all days that it would.",
    unit="share of penalty days",
    direction="higher: the penalties stand less for what people did",
    reads={"citizens": ("weight", "days.*", "false_days.*", "missed_days.*")},
    of=of,
)
