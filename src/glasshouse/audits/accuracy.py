"""accuracy: what the penalties of a rule say of what people did: in days and in people."""

from __future__ import annotations

import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found, Lazy
from glasshouse.audits.counting import share
from glasshouse.audits.lives import DAYS, by_citizen, known
from glasshouse.store import Run

ALL = "all penalties"
COUNTS = ("days", "false_days", "missed_days", "under", "due", "both")


def condense(run: Lazy) -> dict[str, pl.DataFrame]:
    """Counts of each penalty, and of all of them, a row a regime and part of the society."""
    keys = {"regime": pl.String, "part": pl.UInt8, "of": pl.String, "weight": pl.Float64}
    rows = [pl.DataFrame(schema=keys | dict.fromkeys(COUNTS, pl.Int64))]
    for regime in run.regimes:
        names = known(run, regime, "penalties")
        if not names:
            continue
        people = by_citizen(run, regime, names)
        for label, some in ({ALL: names} | {name: [name] for name in names}).items():
            days = {what: pl.sum_horizontal(f"{what}.{name}" for name in some).sum() for what in DAYS}
            under, due = (pl.any_horizontal(pl.col(f"{what}.{name}") > 0 for name in some) for what in ("days", "due"))
            counts = people.group_by("part", "weight", maintain_order=True).agg(**days, under=under.sum(), due=due.sum(), both=(under & due).sum())
            rows.append(counts.with_columns(regime=pl.lit(regime), of=pl.lit(label)))
    return {"counts": pl.concat(rows, how="diagonal_relaxed")}


def of(run: Run, regime: str) -> Found:
    """Shares of days and of people, of all penalties together and of each."""
    found: dict[str, Counted] = {}
    penalties = [*run.summary["regimes"][regime]["penalties"]]
    for label in (ALL, *penalties) if penalties else ():
        rows = run.table("counts").filter((pl.col("regime") == regime) & (pl.col("of") == label))
        n = {count: float((rows[count] * rows["weight"]).sum()) for count in COUNTS}
        under, due = (int(rows[count].sum()) for count in ("under", "due"))
        found |= {
            f"false: {label}": Counted(share(n["false_days"], n["days"]), under),
            f"missed: {label}": Counted(share(n["missed_days"], n["days"] - n["false_days"] + n["missed_days"]), due),
            f"had done it: {label}": Counted(share(n["both"], n["under"]), under),
            f"never penalised: {label}": Counted(share(n["due"] - n["both"], n["due"]), due),
        }
    return found


ACCURACY = Audit(
    name="accuracy",
    question="Of those penalised, how many had done what the rule says; and of those who had, how many were never penalised?",
    definition="By the clean account, which is the rule applied to what each did. false: days in force that it would not bring, over all days "
    "in force; missed: days that only it would bring, over all that it would; had done it: of those ever under the penalty, those on whom it "
    "would ever have brought it; never penalised: of these latter, those never under it.",
    unit={"false": "share of penalty days", "missed": "share of penalty days due", "": "share of people"},
    direction={
        "false": "higher: the penalties stand less for what people did",
        "missed": "higher: what people did brings fewer of the days that it should",
        "had": "higher: more of those penalised had done what the rule says",
        "never": "higher: more of those who had done it go free",
    },
    reads={"citizens": ("weight", "days.*", "false_days.*", "missed_days.*")},
    of=of,
    condense=condense,
)
