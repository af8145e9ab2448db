"""inequality: of income and savings, of the grades from year to year, of the time until a penalty ends, and of what children have by their parents' grade."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found, Lazy
from glasshouse.audits.counting import GROUPS, grades_of, half_life
from glasshouse.audits.grades import condense_grades, told_of_grades
from glasshouse.audits.lives import at_the_end
from glasshouse.store import Run

TOPS = {"highest tenth": 0.1, "highest hundredth": 0.01}
CIRCUMSTANCES = ("fifth", "residence", "sex", "label")
"""What somebody starts with: the groups between which inequality is one of opportunity."""
MONEY = {"income": "income", "savings": "wealth"}
"""What is told -> the column that it is in."""


def condense(run: Lazy) -> dict[str, pl.DataFrame]:
    """The money of those who live at the end, in order; how many spells were how long; moves between grades, and children by grades at home."""
    made = _lengths(run) | condense_grades(run)
    for regime in run.regimes:
        people = at_the_end(run, regime).select("part", "weight", *MONEY.values(), group=_circumstances()).collect()
        for what, column in MONEY.items():
            made |= {f"{name} of {what} under {regime}": table for name, table in amounts(people, column).items()}
    return made


def _circumstances() -> pl.Expr:
    """A number for what somebody starts with, the same of those who are alike in CIRCUMSTANCES."""
    number: pl.Expr = pl.lit(0, pl.Int64)
    for name in CIRCUMSTANCES:
        groups = GROUPS[name]
        number = number * (len(groups) + 1) + pl.col(name).replace_strict(groups, [*range(len(groups))], default=len(groups), return_dtype=pl.Int64)
    return number


def amounts(people: pl.DataFrame, column: str) -> dict[str, pl.DataFrame]:
    """What each has, the least first, amounts below 0 counted as 0; and sums over those of one part and of the same circumstances.

    Args:
        people: `part`, `weight`, `group` (a whole number for the circumstances), and the column.

    Returns:
        order: `part`, `weight`, and weighted `money`. sums: `part`, `group`, `weight`, and weighted `money` and `spread`, the sum of x ln x.
    """
    rows = people.select("part", "weight", "group", amount=pl.col(column).cast(pl.Float64).clip(lower_bound=0)).sort("amount", maintain_order=True)
    part, weight, group, amount = (rows[name].to_numpy() for name in ("part", "weight", "group", "amount"))
    many = int(group.max(initial=0)) + 1
    place = part.astype(np.int64) * many + group
    spread = amount * np.log(np.where(amount > 0, amount, 1.0))
    sums = {name: np.bincount(place, each * weight) for name, each in (("weight", np.ones(len(place))), ("money", amount), ("spread", spread))}
    places = pl.DataFrame({"place": np.arange(len(sums["weight"])), **sums}).filter(pl.col("weight") > 0)
    order = rows.select("part", "weight", money=pl.col("amount") * pl.col("weight"))
    return {"order": order, "sums": places.with_columns(part=(pl.col("place") // many).cast(pl.UInt8), group=pl.col("place") % many)}


def _lengths(run: Lazy) -> dict[str, pl.DataFrame]:
    """How many penalties were how long, or began when if they still run; and how many people had them, of each and of all (no name)."""
    rule = [(pl.col("regime") == regime) & pl.col("consequence").is_in([*has["penalties"]]) for regime, has in run.regimes.items()]
    spells = run.frames["spells"].filter(pl.any_horizontal(rule))
    keys = ("regime", "part", "consequence")
    span = {"length": pl.col("end") - pl.col("start"), "since": pl.when(pl.col("end").is_null()).then("start")}
    lengths = spells.group_by(*keys, **span).agg(spells=pl.len()).sort(*keys, *span).collect(engine="streaming")
    each = spells.group_by(keys).agg(people=pl.col("citizen").n_unique()).collect()
    every = spells.group_by("regime", "part").agg(people=pl.col("citizen").n_unique()).collect()
    return {"lengths": lengths, "penalised": pl.concat([each, every], how="diagonal").sort(keys)}


def of(run: Run, regime: str) -> Found:
    """Money at the last year's end, grades from each year's end to the next, the length of penalties, and children by their parents' grade."""
    found: dict[str, Counted | float | None] = {}
    for what in MONEY:
        tables = (run.table(f"{name} of {what} under {regime}") for name in ("order", "sums"))
        found |= {f"{what}: {name}": number for name, number in money(*tables).items()}
    lengths, people = (run.table(name).filter(pl.col("regime") == regime) for name in ("lengths", "penalised"))
    found |= _ends(lengths, people, run.summary["run"]["days"])
    grades = grades_of(run, regime)
    return found | told_of_grades(run, regime, grades) if grades else found


def money(order: pl.DataFrame, sums: pl.DataFrame) -> dict[str, Counted]:
    """Gini, Theil, shares of the highest, and how much of the Theil index lies between circumstances.

    Args:
        order, sums: as of `amounts`.

    Example:
        >>> people = pl.DataFrame({"part": 0, "weight": 1.0, "group": [0, 0, 0, 1], "x": [0.0, 0.0, 0.0, 1.0]})
        >>> found = money(**amounts(people, "x"))
        >>> found["Gini"].number, round(found["Theil"].number, 4), round(found["between circumstances"].number, 12)
        (0.75, 1.3863, 1.0)
    """
    names = ("Gini", "Theil", *TOPS, "between circumstances")
    weight, money = (order[name].to_numpy() for name in ("weight", "money"))
    whole, people = (float(sums[name].sum()) for name in ("money", "weight"))
    if not whole:
        return dict.fromkeys(names, Counted(None, len(money)))
    standing, held = np.cumsum(weight), np.cumsum(money)
    gini = 1 - float((2 * (weight @ held) - weight @ money) / (standing[-1] * held[-1]))
    below = [(1 - top) * standing[-1] for top in TOPS.values()]
    tops = [1 - float(np.interp(at, standing, held, left=at / standing[0] * held[0]) / held[-1]) for at in below]
    groups = sums.group_by("group", maintain_order=True).agg(pl.col("weight", "money").sum()).filter(pl.col("money") > 0)
    theil = float(sums["spread"].sum()) / whole - math.log(whole / people)
    between = sum(held / whole * math.log(held / whole * people / there) for _, there, held in groups.rows())
    numbers = (gini, theil, *tops, between / theil if theil > 0 else None)
    return {name: Counted(number, len(money)) for name, number in zip(names, numbers, strict=True)}


def _ends(lengths: pl.DataFrame, people: pl.DataFrame, days: int) -> Found:
    """After how many days half of the penalties have ended, of all and of each."""
    lengths = lengths.with_columns(days=pl.col("length").fill_null(days - pl.col("since")), ended=pl.col("length").is_not_null())
    had = dict(people.group_by("consequence", maintain_order=True).agg(pl.col("people").sum()).iter_rows())
    parts = {None: lengths} | {key[0]: part for key, part in sorted(lengths.partition_by("consequence", as_dict=True).items())}
    return {
        f"days until free: {'all penalties' if name is None else name}": Counted(half_life(part["days"], part["ended"], part["spells"]), had[name])
        for name, part in parts.items()
        if part.height
    }


INEQUALITY = Audit(
    name="inequality",
    question="How unequal are income, savings and opportunity, do people move between grades, and do children follow their parents?",
    definition="At the last year's end, of those who live; amounts below 0 count as 0. Gini; Theil; the share that the highest hold; between circumstances: the part "
    "of the Theil index that lies between people told apart by fifth of income at the start, residence, sex and label. grade from A to B: of those in A at a year's "
    "end, the share in B at the next. regained: of those lower at a year's end than the year before, the share who are back a year later. days until free: after "
    "how many days half of the penalties have ended, those that still run taken into account (Kaplan and Meier). parents: the adult with the lowest grade in the household. "
    "grown up: grades by which those who came of age since the first year's end with grades stand higher for each grade by which their parents stood higher then.",
    unit={"days": "days", "grown up": "grades", "income: Theil": "index, from 0", "savings: Theil": "index, from 0", "income: Gini": "index, 0 to 1",
          "savings: Gini": "index, 0 to 1", "": "share"},
    direction={
        "income: between": "higher: more of the inequality is due to where people start",
        "savings: between": "higher: more of the inequality is due to where people start",
        "income": "higher: more unequal",
        "savings": "higher: more unequal",
        "days": "higher: penalties last longer",
        "grade kept": "higher: grades are more lasting",
        "grade from": "higher: more of them go there",
        "grade regained": "higher: a fall is sooner made good",
        "children": "higher: more of them are in private schools",
        "grown up": "higher: children follow their parents more closely",
    },
    reads={
        "citizens": ("year", "weight", "household", "age", "living", "income", "wealth", "grade", "private_school", *CIRCUMSTANCES),
        "spells": ("consequence", "start", "end"),
    },
    of=of,
    condense=condense,
)  # fmt: skip
