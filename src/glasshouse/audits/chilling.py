"""chilling: how freely people speak, how far what they say is from what they hold, how many opinions are left, and who falls silent."""

from __future__ import annotations

import numpy as np
import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found, Lazy
from glasshouse.audits.counting import GROUP_COLUMNS, by_group, ratio, told
from glasshouse.audits.lives import STEPS, at_the_end, cells, steps
from glasshouse.store import Run

BINS = 20
KEPT = 65535
"""Approval is kept in so many steps, and counted in BINS of them, as in the summary."""
FALLS = {"5 points": 0.05, "10 points": 0.1, "25 points": 0.25}
"""Falls of expression that are counted, in hundredths of all that one would say."""
MEANS = ("expression", "said above held", "said apart from held")


def condense(run: Lazy) -> dict[str, pl.DataFrame]:
    """Of those who live at the end: sums of people who are alike, and how many are of which opinions."""
    first = at_the_end(run, next(iter(run.regimes))).select("citizen", twin="expression")
    apart, fall = pl.col("public_opinion") - pl.col("opinion"), pl.col("twin") - pl.col("expression")
    means = dict(zip(MEANS, map(steps, (pl.col("expression"), apart, apart.abs())), strict=True))
    silent = {f"silent by {name}": fall >= least for name, least in FALLS.items()}
    sums, opinions = [], []
    for regime in run.regimes:
        people = at_the_end(run, regime).join(first, on="citizen", how="left")
        sums.append(cells(people, **means, **silent, people=pl.lit(1), twins=pl.col("twin").is_not_null()).with_columns(regime=pl.lit(regime)))
        bins = {name: _bin(pl.col(column)) for name, column in (("said", "public_opinion"), ("held", "opinion"))}
        keys = ("part", "weight", *bins)
        alike = people.with_columns(**bins).group_by(keys).agg(people=pl.len().cast(pl.Int64)).sort(keys).collect(engine="streaming")
        opinions.append(alike.with_columns(regime=pl.lit(regime)))
    return {"cells": pl.concat(sums), "opinions": pl.concat(opinions)}


def _bin(approval: pl.Expr) -> pl.Expr:
    """In which of BINS equal parts of what can be said or held somebody is."""
    return ((approval * KEPT).round().cast(pl.Int64) * BINS // KEPT).clip(upper_bound=BINS - 1)


def of(run: Run, regime: str) -> Found:
    """Speech, opinions and falls of expression at the last year's end, of everybody and by group."""
    groups = by_group(run.table("cells").filter(regime=regime))
    found: dict[str, Counted] = {}
    for what in MEANS:
        found |= told(what, {group: ratio(sums, what, "people", steps=STEPS) for group, sums in groups.items()})
    opinions = run.table("opinions").filter(regime=regime)
    found |= {f"opinions {what}": _effective(opinions, what) for what in ("said", "held")}
    for what in (f"silent by {name}" for name in FALLS):
        found |= told(what, {group: ratio(sums, what, "twins") for group, sums in groups.items()})
    return found


def _effective(opinions: pl.DataFrame, what: str) -> Counted:
    """How many equally common opinions there would be as much variety of: the inverse Simpson index over the bins."""
    share = np.bincount(opinions[what].to_numpy(), (opinions["people"] * opinions["weight"]).to_numpy(), BINS)
    return Counted(float(share.sum() ** 2 / (share**2).sum()) if share.any() else None, int(opinions["people"].sum()))


CHILLING = Audit(
    name="chilling",
    question="Who speaks less freely, how far is what people say from what they hold, and how many opinions are left?",
    definition="At the last year's end, of those who live. expression: its mean. said above held: approval shown less approval held, in the mean; said apart from "
    "held: the same without its sign. opinions: the inverse Simpson index over 20 equal bins of approval. silent by so many points: the share whose expression "
    "is lower by that many hundredths or more than that of the same person under the first regime.",
    unit={"silent": "share of people", "opinions": "opinions", "": "0 to 1"},
    direction={
        "expression": "higher: people say more of what they would say unobserved",
        "said above": "higher: people show more approval than they hold",
        "said apart": "higher: what people say is further from what they hold",
        "opinions": "higher: opinions are more varied",
        "silent": "higher: more people say less than they would under the first regime",
    },
    reads={"citizens": (*GROUP_COLUMNS, "expression", "opinion", "public_opinion")},
    of=of,
    condense=condense,
)
