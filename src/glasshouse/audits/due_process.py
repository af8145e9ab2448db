"""due-process: how long penalties stood without cause, who was told, who objected with what answer, and which wrongs nobody found."""

from __future__ import annotations

import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found
from glasshouse.audits.counting import half_life, listed, share, sums_of
from glasshouse.store import Run

YEAR = 365.2425
CAUSES = ("record", "stale", "kin", "inference", "several")


def of(run: Run, regime: str) -> Found:
    """Days without cause, notice, objections, relief, and wrongs that were never found."""
    penalties = [*run.summary["regimes"][regime]["penalties"]]
    if not penalties:
        return {}
    citizens = run.citizens.filter(pl.col("regime") == regime)
    spells = run.spells.filter((pl.col("regime") == regime) & pl.col("consequence").is_in(penalties))
    found = _wrongful(citizens, penalties) | _causes(spells, run.summary["run"]["days"])
    return found | _objections(sums_of(run.daily, regime), listed(run, regime))


def _wrongful(citizens: pl.DataFrame, penalties: list[str]) -> Found:
    """Years of people under each penalty without cause, and how much of all penalties, and of these, fell on those who did not know of the score."""
    found: dict[str, Counted | float | None] = {}
    has = [name for name in penalties if f"false_days.{name}" in citizens.columns]
    total = {what: pl.sum_horizontal([pl.lit(0), *(pl.col(f"{what}.{name}") for name in has)]) for what in ("days", "false_days")}
    for label, days in (("all penalties", total["false_days"]), *((name, pl.col(f"false_days.{name}")) for name in has)):
        mine = citizens.select("citizen", "weight", days=days).filter(pl.col("days") > 0)
        found[f"person-years without cause: {label}"] = Counted((mine["days"] * mine["weight"]).sum() / YEAR, mine["citizen"].n_unique())
    for what, label in (("days", "penalties"), ("false_days", "penalties without cause")):
        mine = citizens.select("citizen", "aware", borne=total[what] * pl.col("weight")).filter(pl.col("borne") > 0)
        unknown = mine.filter(~pl.col("aware"))["borne"].sum()
        found[f"without knowing of the score: {label}"] = Counted(unknown / mine["borne"].sum() if mine.height else None, mine["citizen"].n_unique())
    return found


def _causes(spells: pl.DataFrame, days: int) -> Found:
    """Of spells with days without cause: who bore them, why, and how long until half were over."""
    wrong = spells.filter(pl.col("false_days") > 0)
    whole, people = wrong["false_days"].sum(), wrong["citizen"].n_unique()
    found: dict[str, Counted | float | None] = {"ever without cause, of those penalised": Counted(people / spells["citizen"].n_unique() if spells.height else None, people)}
    for cause in CAUSES:
        mine = wrong.filter(pl.col("cause") == cause)
        found[f"cause: {cause}"] = Counted(mine["false_days"].sum() / whole if whole else None, mine["citizen"].n_unique())
    for label, mine in (("all causes", wrong), *((cause, wrong.filter(pl.col("cause") == cause)) for cause in CAUSES)):
        found[f"days without cause until it ends: {label}"] = Counted(half_life(mine["false_days"], mine["end"].is_not_null()), mine["citizen"].n_unique())
    return found


def _objections(sums: dict[str, int], entered: set[str]) -> Found:
    """What people objected to, and how many wrong records nobody struck at least: even if every objection upheld was about one."""
    filed, upheld = (sums.get(f"appeals_{what}", 0) for what in ("filed", "upheld"))
    against = entered | {measure.removeprefix("points:") for measure, number in sums.items() if measure.startswith("points:") and number < 0}
    wrong = sum(sums.get(f"{what}:{act}", 0) for what in ("received", "false_record") for act in against)
    found: Found = {"objections": float(filed), "objections upheld": float(upheld), "wrong records": float(wrong)}
    return found | {
        "upheld of all objections": share(upheld, filed),
        "wrong records never struck, at least": max(0.0, 1 - upheld / wrong) if wrong else None,
    }


DUE_PROCESS = Audit(
    name="due-process",
    question="How long did penalties stand without cause, were people told, did objecting help, and which wrongs did nobody find?",
    definition="person-years without cause: days under penalties that the clean account would not bring, in years. without knowing: of penalty days, those of the years at "
    "whose end the person did not know of the score. cause: of the days without cause, by the one thing whose correction would have lifted the penalty, as its "
    "first such day has it. until it ends: the days without cause until half of the spells that have any are over, those that still run taken into account (Kaplan "
    "and Meier). objections: filed, and upheld. wrong records: of others' acts and of acts that nobody did, where such an act costs points or puts people on a list; never "
    "struck, at least: their share that would be left if every objection upheld had been about one of them.",
    unit={"person-years": "person-years", "days": "days", "objections": "objections", "wrong records never": "share", "wrong records": "records", "": "share"},
    direction={
        "person-years": "higher: more is borne without cause",
        "without knowing": "higher: more is borne by those whom nobody told",
        "ever": "higher: more of the penalised are penalised without cause",
        "cause": "higher: more of it is for this",
        "days without": "higher: wrongs last longer",
        "objections upheld": "higher: more objections are upheld",
        "objections": "higher: more people object",
        "upheld": "higher: objecting helps more",
        "wrong records never": "higher: more of what is wrong stays on file",
        "wrong records": "higher: more of what is on file is wrong",
    },
    reads={
        "citizens": ("weight", "aware", "days.*", "false_days.*"),
        "spells": ("consequence", "end", "cause", "false_days"),
        "daily": ("measure", "value"),
    },
    of=of,
)
