"""chilling: how freely people speak, how far what they say is from what they hold, how many opinions are left, and who falls silent."""

from __future__ import annotations

import numpy as np
import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found
from glasshouse.audits.counting import GROUP_COLUMNS, at_the_end, by_group, told
from glasshouse.store import Run

BINS = 20
STEPS = 65535
"""Approval is kept in so many steps, and counted in BINS of them, as in the summary."""
FALLS = {"5 points": 0.05, "10 points": 0.1, "25 points": 0.25}
"""Falls of expression that are counted, in hundredths of all that one would say."""


def of(run: Run, regime: str) -> Found:
    """Speech, opinions and falls of expression at the last year's end, of everybody and by group."""
    first = next(iter(run.summary["regimes"]))
    people = at_the_end(run.citizens, regime)
    twins = at_the_end(run.citizens, first).select("citizen", twin="expression")
    people = people.join(twins, on="citizen", how="left")
    said, held = pl.col("public_opinion"), pl.col("opinion")
    found: dict[str, Counted] = told("expression", by_group(people, pl.col("expression")))
    found |= told("said above held", by_group(people, said - held))
    found |= told("said apart from held", by_group(people, (said - held).abs()))
    found |= {f"opinions {what}": _effective(people, column) for what, column in (("said", "public_opinion"), ("held", "opinion"))}
    for name, least in FALLS.items():
        found |= told(f"silent by {name}", by_group(people, pl.col("twin") - pl.col("expression") >= least))
    return found


def _effective(people: pl.DataFrame, column: str) -> Counted:
    """How many equally common opinions there would be as much variety of: the inverse Simpson index over the bins."""
    steps = np.round(people[column].to_numpy() * STEPS).astype(np.int64)
    share = np.bincount(np.minimum(steps * BINS // STEPS, BINS - 1), people["weight"].to_numpy(), BINS)
    return Counted(float(share.sum() ** 2 / (share**2).sum()) if share.any() else None, people.height)


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
)
