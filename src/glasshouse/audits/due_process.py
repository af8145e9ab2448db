"""due-process: how long penalties stood without cause, who was told, who objected with what answer, and which wrongs nobody found."""

from __future__ import annotations

import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found, Lazy
from glasshouse.audits.counting import half_life, listed, share, sums_of
from glasshouse.store import Run

YEAR = 365.2425
CAUSES = ("record", "stale", "kin", "inference", "several")


def condense(run: Lazy) -> dict[str, pl.DataFrame]:
    """Sums of days as they are; under each rule the years in which somebody was under a penalty, the spells that ever were without cause, and how
    many people had any."""
    made = {"daily": run.frames["daily"].collect()}
    columns = set(run.frames["citizens"].collect_schema())
    for regime, has in run.regimes.items():
        names = [f"{what}.{name}" for name in has["penalties"] for what in ("days", "false_days") if f"{what}.{name}" in columns]
        rows = run.frames["citizens"].filter((pl.col("regime") == regime) & pl.any_horizontal(pl.lit(False), *(pl.col(name) > 0 for name in names)))
        made[f"years under {regime}"] = rows.select("citizen", "weight", "aware", *names).collect()
        spells = run.frames["spells"].filter((pl.col("regime") == regime) & pl.col("consequence").is_in([*has["penalties"]]))
        made[f"wrongs under {regime}"] = spells.filter(pl.col("false_days") > 0).select("citizen", "end", "cause", "false_days").collect()
        made[f"penalised under {regime}"] = spells.select(people=pl.col("citizen").n_unique()).collect()
    return made


def of(run: Run, regime: str) -> Found:
    """Days without cause, notice, objections, relief, and wrongs that were never found."""
    penalties = [*run.summary["regimes"][regime]["penalties"]]
    if not penalties:
        return {}
    years, wrongs, penalised = (run.table(f"{name} under {regime}") for name in ("years", "wrongs", "penalised"))
    found = _wrongful(years, penalties) | _causes(wrongs, penalised.item())
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


def _causes(wrong: pl.DataFrame, penalised: int) -> Found:
    """Of spells with days without cause: who bore them, why, and how long until half were over; penalised: how many people had a penalty."""
    whole, people = wrong["false_days"].sum(), wrong["citizen"].n_unique()
    found: dict[str, Counted | float | None] = {"ever without cause, of those penalised": Counted(share(people, penalised), people)}
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
    condense=condense,
)
