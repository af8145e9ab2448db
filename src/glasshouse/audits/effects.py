"""effects: how what a rule does is spread over people, each beside her own twin under the first regime."""

from __future__ import annotations

import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found, Lazy
from glasshouse.audits.counting import share
from glasshouse.audits.lives import at_the_end, known
from glasshouse.store import Run

OUTCOMES = {"income": 0.5, "wealth": 0.5, "expression": 0.005}
"""Outcome of the table of citizens -> the least difference that counts as one, in its unit: half a yuan, half a percentage point."""
FEW = 0.01
"""The share of people who are called the most affected."""
ENDS = (("the most affected hundredth’s lost", "is lost", -1), ("the most favoured hundredth’s gained", "is gained", 1))


def condense(run: Lazy) -> dict[str, pl.DataFrame]:
    """By part: how many differ from their twins and how much is lost and gained; those of the largest gaps; and days under penalties."""
    first, *others = run.regimes
    made: dict[str, pl.DataFrame] = {}
    twins = at_the_end(run, first).select("citizen", *OUTCOMES)
    for regime in others:
        pairs = at_the_end(run, regime).select("part", "citizen", "weight", *OUTCOMES).join(twins, on="citizen", suffix="_twin")
        pairs = pairs.select("part", "citizen", "weight", *(pl.col(name) - pl.col(f"{name}_twin") for name in OUTCOMES)).sort("citizen").collect()
        made |= {f"counts under {regime}": _counts(pairs), f"days under {regime}": _days(run, regime)}
        made |= {f"{what} under {regime}": table for what, table in _most(pairs).items()}
    return made


def _counts(pairs: pl.DataFrame) -> pl.DataFrame:
    """How many there are, how many have less and how many have more of each outcome, by part and weight."""
    less = {f"less {name}": (pl.col(name) < -least).sum() for name, least in OUTCOMES.items()}
    more = {f"more {name}": (pl.col(name) > least).sum() for name, least in OUTCOMES.items()}
    return pairs.group_by("part", "weight", maintain_order=True).agg(people=pl.len(), **less, **more)


def _most(pairs: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Of each outcome and end those of the largest gaps, in order, more than are looked at whichever part is left out; and one row a part
    for the rest, with all that they lose or gain."""
    made = {}
    room = FEW * pairs["weight"].sum() + float(pairs.group_by("part").agg(pl.col("weight").sum())["weight"].max() or 0)
    for name in OUTCOMES:
        for label, _, sign in ENDS:
            gains = pairs.select("part", "weight", gain=pl.col(name) * sign).filter(pl.col("gain") > 0).sort("gain", descending=True, maintain_order=True)
            top = gains["weight"].cum_sum() - gains["weight"] < room
            rest = gains.filter(~top).group_by("part", maintain_order=True).agg(gain=(pl.col("gain") * pl.col("weight")).sum()).sort("part")
            made[f"{label} {name}"] = pl.concat([gains.filter(top), rest], how="diagonal")
    return made


def _days(run: Lazy, regime: str) -> pl.DataFrame:
    """How many people were how many days under penalties, by part and weight."""
    names = [f"days.{name}" for name in known(run, regime, "penalties", ("days",))]
    rows = run.frames["citizens"].filter(pl.col("regime") == regime).select("part", "citizen", "weight", days=pl.sum_horizontal(pl.lit(0), *names))
    each = rows.group_by("part", "citizen").agg(pl.col("days").sum(), pl.col("weight").last()) if names else rows.clear()
    keys = ("part", "weight", "days")
    return each.group_by(keys).agg(people=pl.len()).sort(keys).collect()


def of(run: Run, regime: str) -> Found:
    """Shares who have less and who have more of each outcome, how much the most affected lose, and who is ever under a penalty."""
    if regime == next(iter(run.summary["regimes"])):
        return {}
    counts, days = (run.table(f"{name} under {regime}") for name in ("counts", "days"))
    people, weight = int(counts["people"].sum()), float((counts["people"] * counts["weight"]).sum())
    found: Found = {}
    for name in OUTCOMES:
        for what in (f"less {name}", f"more {name}"):
            found[what] = Counted(share(float((counts[what] * counts["weight"]).sum()), weight), people)
        for label, what, _ in ENDS:
            number = _of_most(run.table(f"{label} {name} under {regime}"), weight)
            found[f"{label} {name}, of all that {what}"] = Counted(number, people)
    return found | _penalised(days)


def _of_most(gains: pl.DataFrame, weight: float) -> float | None:
    """Of everything gained, the part that the hundredth of people with the largest gains have.

    Args:
        gains: `gain` of each with the `weight` of each, the largest first; and of the rest, without a weight, what they gain together.
        weight: of all people together.
    """
    top, rest = gains.filter(pl.col("weight").is_not_null()), gains.filter(pl.col("weight").is_null())
    gained = float((top["gain"] * top["weight"]).sum()) + float(rest["gain"].sum())
    room = (FEW * weight - (top["weight"].cum_sum() - top["weight"])).clip(0)
    taken = pl.DataFrame({"room": room, "weight": top["weight"]}).min_horizontal() if top.height else top["weight"]
    return share(float((top["gain"] * taken).sum()), gained)


def _penalised(days: pl.DataFrame) -> Found:
    """Who was ever under a penalty, and how few bear half of all days."""
    if not days.height:
        return {}
    each = days.sort("days", "weight", descending=True).select(pl.exclude("people").repeat_by("people").explode())
    whole, borne = float(each["weight"].sum()), each["days"] * each["weight"]
    half = (borne.cum_sum() < borne.sum() / 2).sum() + 1 if borne.sum() else 0
    return {
        "ever under a penalty": Counted(share(float(each["weight"].filter(each["days"] > 0).sum()), whole), each.height),
        "bear half of all penalty days": Counted(float(each["weight"].head(half).sum()) / whole if half else None, each.height),
    }


EFFECTS = Audit(
    name="effects",
    question="How is what a rule does spread over people: how many have less, how many more, and how much falls on the few who are most affected?",
    definition="Each citizen who lives at the end of the last year beside her own twin under the first regime: the share with less and with more by "
    "at least half a yuan or half a percentage point; of all that is lost, or gained, the part of the hundredth of people most affected; the share ever "
    "under a penalty, and the smallest share of people who bear half of all penalty days.",
    unit="share",
    direction="higher: more people, or more of it on few",
    reads={"citizens": ("year", "living", "weight", *OUTCOMES, "days.*")},
    of=of,
    condense=condense,
    twins=True,
)
