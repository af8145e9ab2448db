"""effects: how what a rule does is spread over people, each beside her own twin under the first regime."""

from __future__ import annotations

import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found
from glasshouse.audits.counting import at_the_end, share
from glasshouse.store import Run

OUTCOMES = {"income": 0.5, "wealth": 0.5, "expression": 0.005}
"""Outcome of the table of citizens -> the least difference that counts as one, in its unit: half a yuan, half a percentage point."""
FEW = 0.01
"""The share of people who are called the most affected."""


def of(run: Run, regime: str) -> Found:
    """Shares who have less and who have more of each outcome, how much the most affected lose, and who is ever under a penalty."""
    first = next(iter(run.summary["regimes"]))
    if regime == first:
        return {}
    mine, twins = (at_the_end(run.citizens, name) for name in (regime, first))
    pairs = mine.join(twins.select("citizen", *OUTCOMES), on="citizen", suffix="_twin")
    people = pairs.height
    found: Found = {}
    for name, least in OUTCOMES.items():
        gap = (pairs[name] - pairs[f"{name}_twin"]).alias("gap")
        weight = pairs["weight"]
        found |= {f"less {name}": Counted(_share(gap < -least, weight), people), f"more {name}": Counted(_share(gap > least, weight), people)}
        found |= {f"{end} {name}, of all that {what}": Counted(_of_most(gap * sign, weight), people) for end, what, sign in _ENDS}
    return found | _penalised(run, regime)


_ENDS = (("the most affected hundredth’s lost", "is lost", -1), ("the most favoured hundredth’s gained", "is gained", 1))


def _share(which: pl.Series, weight: pl.Series) -> float | None:
    return share(float(weight.filter(which).sum()), float(weight.sum()))


def _of_most(gain: pl.Series, weight: pl.Series) -> float | None:
    """Of everything gained, the part that the hundredth of people with the largest gains have."""
    table = pl.DataFrame({"gain": gain, "weight": weight}).sort("gain", descending=True, maintain_order=True)
    gained = (table["gain"].clip(0) * table["weight"]).sum()
    before = table["weight"].cum_sum() - table["weight"]
    room = (FEW * table["weight"].sum() - before).clip(0)
    taken = pl.DataFrame({"room": room, "weight": table["weight"]}).min_horizontal()
    return share(float((table["gain"].clip(0) * taken).sum()), float(gained))


def _penalised(run: Run, regime: str) -> Found:
    """Who was ever under a penalty, and how few bear half of all days."""
    names = [f"days.{name}" for name in run.summary["regimes"][regime]["penalties"] if f"days.{name}" in run.citizens.columns]
    if not names:
        return {}
    rows = run.citizens.filter(pl.col("regime") == regime).select("citizen", "weight", days=pl.sum_horizontal(names))
    each = rows.group_by("citizen", maintain_order=True).agg(pl.col("days").sum(), pl.col("weight").last()).sort("days", "citizen", descending=[True, False])
    whole, days = float(each["weight"].sum()), each["days"] * each["weight"]
    half = (days.cum_sum() < days.sum() / 2).sum() + 1 if days.sum() else 0
    return {
        "ever under a penalty": Counted(_share(each["days"] > 0, each["weight"]), each.height),
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
    twins=True,
)
