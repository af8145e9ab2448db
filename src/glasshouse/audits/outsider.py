"""outsider: what studies would find from what they can see of a regime, each beside the truth of the same run."""

from __future__ import annotations

import numpy as np
import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found, Lazy, minus
from glasshouse.audits.counting import RECORDS, mean, on_first_day, scenario_of, share, sums_of
from glasshouse.store import Run
from glasshouse.values import Value

CELL = ("fifth", "residence", "sex", "age")
"""Those who are compared are alike in these, age by bands."""
BANDS = (35, 60)
GROWN = 18
"""From what age people are grown up where no rule says whom it covers."""
BOTH = 2
Pair = tuple[float | Counted | None, float | None]
"""What a study finds, and what is true."""


def condense(run: Lazy) -> dict[str, pl.DataFrame]:
    """Sums of days and flows as they are; under each rule the people who are compared, and how many penalties there were and were ever false."""
    made = {name: run.frames[name].collect() for name in ("daily", "flows")}
    for regime, has in run.regimes.items():
        if has["penalties"]:
            spells = run.frames["spells"].filter((pl.col("regime") == regime) & pl.col("consequence").is_in([*has["penalties"]]))
            counts = spells.select(spells=pl.len(), false=(pl.col("false_days") > 0).sum()).collect()
            made |= {f"people under {regime}": _people(run, regime, [*has["penalties"]]), f"penalties under {regime}": counts}
    return made


def of(run: Run, regime: str) -> Found:
    """Of each way of finding out: the estimate, the truth, and how far the one is from the other."""
    sums = sums_of(run.daily, regime)
    found = {**_approval(run.daily, regime, sums, next(iter(run.summary["regimes"])))}
    if run.summary["regimes"][regime]["penalties"]:
        found |= {"error of penalties, objections upheld a penalty": _error(run, regime, sums)}
        found |= {"acts, before and after in the records": _acts(run, regime), **_incomes(run, regime)}
    told: dict[str, float | Counted | None] = {}
    for way, (estimate, truth) in found.items():
        number = estimate.number if isinstance(estimate, Counted) else estimate
        told |= {f"{way}: estimate": estimate, f"{way}: truth": truth, f"{way}: bias": minus(number, truth)}
    return told


# ---- approval: what people say, and what they hold

def _approval(daily: pl.DataFrame, regime: str, sums: dict[str, int], first: str) -> dict[str, Pair]:
    asked, control = sums.get("survey:asked", 0), sums.get("survey:list_control", 0)
    treated = asked - control
    truth = share(sums.get("survey:approve_truly", 0), asked)
    listed = sums["survey:list_treated_items"] / treated - sums["survey:list_control_items"] / control if treated and control else None
    found: dict[str, Pair] = {
        "approval, asked directly": (share(sums.get("survey:approve_directly", 0), asked), truth),
        "approval, list experiment": (listed, truth),
    }
    start = _first_day(daily, regime, ("covered",))
    if start:
        early, late = (sums_of(daily.filter(when), regime) for when in (pl.col("day") < start, pl.col("day") >= start))
        twin = sums_of(daily.filter(pl.col("day") >= start), first)
        said = [share(part.get("survey:approve_directly", 0), part.get("survey:asked", 0)) for part in (early, late)]
        held = [share(part.get("survey:approve_truly", 0), part.get("survey:asked", 0)) for part in (twin, late)]
        found["approval gained, asked directly before and after"] = (_less(*said), _less(*held))
    return found


# ---- error: objections upheld, and penalties that were false

def _error(run: Run, regime: str, sums: dict[str, int]) -> Pair:
    begun = int(run.flows.filter(pl.col("regime") == regime)["spells"].sum())
    spells, false = run.table(f"penalties under {regime}").row(0)
    return share(sums.get("appeals_upheld", 0), begun), share(false, spells)


# ---- effect on what is done: the later half of the days with records against the earlier, and the twins

def _acts(run: Run, regime: str) -> Pair:
    """Bad acts on record a day and citizen, later over earlier, less 1; truly, in the later days, over those of the twins, less 1."""
    bad, first = _bad_acts(run), next(iter(run.summary["regimes"]))
    records = [f"{beginning}:{act}" for beginning in RECORDS for act in bad]
    start = _first_day(run.daily, regime, records)
    if start is None:
        return None, None
    middle = (start + int(run.daily["day"].max()) + 1) // BOTH  # type: ignore[call-overload]
    days = {"early": pl.col("day").is_between(start, middle - 1), "late": pl.col("day") >= middle}
    sums = {(name, when): sums_of(run.daily.filter(days[when]), name) for name, when in ((regime, "early"), (regime, "late"), (first, "late"))}

    def a_day(names: list[str], regime: str, when: str) -> float | None:
        part = sums[regime, when]
        return share(sum(part.get(name, 0) for name in names), part.get("people", 0))

    seen = [a_day(records, regime, when) for when in ("early", "late")]
    done = [a_day([f"acts:{act}" for act in bad], name, "late") for name in (first, regime)]
    return _change(*seen), _change(*done)


def _bad_acts(run: Run) -> tuple[str, ...]:
    acts = scenario_of(run).get("acts", {})
    return tuple(name for name, act in acts.items() if not act.get("good") and act.get("gravity", {}).get("value", 0) > 0)


# ---- effect on income: before and after, punished beside others, and on either side of a cut

def _people(run: Lazy, regime: str, penalties: list[str]) -> pl.DataFrame:
    """Those of the last year who live and are covered, or where nobody has a score the grown-up: with the twin's income and that of the first year."""
    rows = run.frames["citizens"]
    columns = set(rows.collect_schema())
    days = [f"days.{name}" for name in penalties if f"days.{name}" in columns]
    first, last = rows.select(first=pl.col("year").min(), last=pl.col("year").max()).collect().row(0)
    band = sum((pl.col("age") >= edge).cast(pl.Int8) for edge in BANDS)
    low = pl.sum_horizontal(*days) > 0 if days else pl.lit(False)
    people = rows.filter((pl.col("regime") == regime) & (pl.col("year") == last) & pl.col("living"))
    people = people.select("citizen", "weight", "score", "income", "fifth", "residence", "sex", grown=pl.col("age") >= GROWN, age=band, low=low).collect()
    people = people.filter(pl.col("score").is_not_null() if people["score"].count() else pl.col("grown")).drop("grown")

    def income(regime: str, year: int, name: str) -> pl.DataFrame:
        return rows.filter((pl.col("regime") == regime) & (pl.col("year") == year)).select("citizen", pl.col("income").alias(name)).collect()

    twin, before = income(next(iter(run.regimes)), last, "twin"), income(regime, first, "before")
    return people.join(twin, on="citizen", how="left").join(before if first != last else before.clear(), on="citizen", how="left")


def _incomes(run: Run, regime: str) -> dict[str, Pair]:
    people = run.table(f"people under {regime}")
    low, others = people.filter("low"), people.filter(~pl.col("low"))
    hit = _effect(low)
    both = people.drop_nulls("before")
    found: dict[str, Pair] = {
        "income, before and after": (_less(_mean(both, "before"), _mean(both, "income")), _effect(people)),
        "income, penalised against others": (Counted(_less(_mean(others, "income"), _mean(low, "income")), low.height), hit),
        "income, penalised against others matched": (_matched(low, others), hit),
    }
    cut = _cut(run, regime)
    if cut is not None:
        found["income, either side of the cut"] = _at_the_cut(people, cut)
    return found


def _matched(low: pl.DataFrame, others: pl.DataFrame) -> Counted:
    """The mean over the penalised of their income less that of others who are alike."""
    cells = others.group_by(CELL, maintain_order=True).agg(alike=(pl.col("income") * pl.col("weight")).sum() / pl.col("weight").sum())
    pairs = low.join(cells, on=CELL).with_columns(gap=pl.col("income") - pl.col("alike"))
    return Counted(_mean(pairs, "gap"), pairs.height)


def _at_the_cut(people: pl.DataFrame, cut: float) -> Pair:
    """The step in income at the cut, by straight lines on both sides, the near counting more; the truth is of those just below."""
    score = people["score"].cast(pl.Float64)
    if score.count() < BOTH or not (width := float(score.std() or 0)):  # type: ignore[arg-type]
        return None, None
    near = people.with_columns(off=score - cut).filter(pl.col("off").abs() < width)
    near = near.with_columns(weight=pl.col("weight") * (1 - pl.col("off").abs() / width))
    below, above = near.filter(pl.col("off") < 0), near.filter(pl.col("off") >= 0)
    return Counted(_less(_line(above), _line(below)), min(below.height, above.height)), _effect(below)


def _line(side: pl.DataFrame) -> float | None:
    """Where a straight line through the incomes of one side meets the cut; None where no line is fixed."""
    off, income, weight = (side[column].to_numpy() for column in ("off", "income", "weight"))
    if len(np.unique(off[weight > 0])) < BOTH:
        return None
    middle = np.average(off, weights=weight)
    slope = np.average((off - middle) * income, weights=weight) / np.average((off - middle) ** 2, weights=weight)
    return float(np.average(income, weights=weight) - slope * middle)


def _cut(run: Run, regime: str) -> float | None:
    """The lowest score of the lowest grade without a penalty; None where grades bring none."""
    scenario = scenario_of(run)
    rule, kinds = scenario.get("regime", {}).get(regime, {}), scenario.get("consequences", {})
    hit = {grade for name, each in rule.get("consequences", {}).items() if kinds.get(name, {}).get("kind") == "penalty" for grade in each.get("grades", ())}
    spared = [grade for grade in rule.get("grades", ()) if grade["id"] not in hit and "from" in grade]
    if not hit or not spared:
        return None
    return on_first_day(Value(**spared[0]["from"]), run)


# ---- arithmetic

def _first_day(daily: pl.DataFrame, regime: str, measures: tuple[str, ...] | list[str]) -> int | None:
    """The first day on which any of some measures is more than 0."""
    return daily.filter((pl.col("regime") == regime) & pl.col("measure").is_in(measures) & (pl.col("value") > 0))["day"].min()  # type: ignore[return-value]


def _mean(people: pl.DataFrame, column: str) -> float | None:
    return mean(people, pl.col(column))


def _effect(people: pl.DataFrame) -> float | None:
    """What the rule did to the income of some people: theirs less that of their twins."""
    both = people.drop_nulls("twin")
    return _less(_mean(both, "twin"), _mean(both, "income"))


def _less(before: float | None, after: float | None) -> float | None:
    return minus(after, before)


def _change(before: float | None, after: float | None) -> float | None:
    return after / before - 1 if before and after is not None else None


OUTSIDER = Audit(
    name="outsider",
    question="What would studies find that see records, grades, published counts and answers only, and how far is that from what is true?",
    definition="Each way has its estimate, the truth of the same run and the bias, estimate less truth. Truths are those of twins (the same people with the same luck under the first regime) and of what "
    "people do and hold. approval: all answers of the run; gained: days of the rule less the days before, truly less the twins of the same days. error: objections upheld over penalties begun; truly the share "
    "of penalties that were false on a day. acts: bad acts on record a day and citizen, in the later half of the days with records over the earlier, less 1; truly acts done in the later half over those of twins, "
    "less 1. income: at the last year's end, of those covered: less that of the first year's end; the penalised less others; the same with others of equal fifth of income, residence, sex and age band; "
    "the step at the lowest score without a penalty, by weighted straight lines within a standard deviation of the scores on both sides, whose truth is of those just below.",
    unit={"income": "yuan a year", "": "share"},
    direction={
        "approval": "higher: more people approve; of a bias, that more is found than there is", "error": "higher: more penalties are wrong; of a bias, that more is found than there is",
        "acts": "higher: the rule leads to more bad acts; of a bias, that it seems to do so more than it does",
        "income": "higher: the rule leaves people more; of a bias, that it seems to do so more than it does",
    },
    reads={
        "citizens": ("year", "weight", "living", "score", "income", "age", "fifth", "residence", "sex", "days.*"), "daily": ("day", "measure", "value"),
        "spells": ("consequence", "false_days"), "flows": ("spells",),
    },
    of=of,
    condense=condense,
)  # fmt: skip
