"""inequality: of income and savings, of the grades from year to year, of the time until a penalty ends, and of what children have by their parents' grade."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasshouse.audits.asking import Audit, Counted, Found
from glasshouse.audits.counting import at_the_end, grades_of, half_life, share
from glasshouse.store import Run

TOPS = {"highest tenth": 0.1, "highest hundredth": 0.01}
CIRCUMSTANCES = ("fifth", "residence", "sex", "label")
"""What somebody starts with: the groups between which inequality is one of opportunity."""
ADULT, SCHOOL = 18, 6


def of(run: Run, regime: str) -> Found:
    """Money at the last year's end, grades from each year's end to the next, the length of penalties, and children by their parents' grade."""
    rows = run.citizens.filter(pl.col("regime") == regime)
    people = at_the_end(rows, regime)
    found: dict[str, Counted | float | None] = {}
    for what, column in (("income", "income"), ("savings", "wealth")):
        found |= {f"{what}: {name}": number for name, number in money(people, column).items()}
    spells = run.spells.filter((pl.col("regime") == regime) & pl.col("consequence").is_in([*run.summary["regimes"][regime]["penalties"]]))
    found |= _ends(spells, run.summary["run"]["days"])
    grades = grades_of(run, regime)
    if grades and "grade" in rows.columns:
        rows = rows.with_columns(rank=pl.col("grade").replace_strict(grades, [*range(len(grades))], default=None, return_dtype=pl.Int8))
        found |= _moves(rows, grades)
        found |= _children(rows, grades)
    return found


def money(people: pl.DataFrame, column: str) -> dict[str, Counted]:
    """Gini, Theil, shares of the highest, and how much of the Theil index lies between circumstances; amounts below 0 count as 0.

    Example:
        >>> people = pl.DataFrame({"x": [0.0, 0.0, 0.0, 1.0], "weight": 1.0, "fifth": ["lowest fifth"] * 3 + ["highest fifth"], "residence": "town",
        ...                        "sex": "male", "label": "0"})
        >>> found = money(people, "x")
        >>> found["Gini"].number, round(found["Theil"].number, 4), found["between circumstances"].number
        (0.75, 1.3863, 1.0)
    """
    names = ("Gini", "Theil", *TOPS, "between circumstances")
    amount, weight = np.maximum(people[column].to_numpy(), 0.0), people["weight"].to_numpy()
    if not amount.any():
        return dict.fromkeys(names, Counted(None, len(amount)))
    order = np.argsort(amount, kind="stable")
    amount, weight = amount[order], weight[order]
    held, standing = np.cumsum(amount * weight), np.cumsum(weight)
    of_people, of_money = standing / standing[-1], held / held[-1]
    gini = 1 - float(np.diff(of_people, prepend=0.0) @ (of_money + np.concatenate([[0.0], of_money[:-1]])))
    tops = [1 - float(np.interp(1 - top, np.append(0.0, of_people), np.append(0.0, of_money))) for top in TOPS.values()]
    theil = _theil(amount, weight)
    groups = people.group_by(CIRCUMSTANCES, maintain_order=True).agg(
        money=(pl.col(column).clip(lower_bound=0) * pl.col("weight")).sum(), weight=pl.col("weight").sum()
    )
    between = _theil((groups["money"] / groups["weight"]).to_numpy(), groups["weight"].to_numpy())
    numbers = (gini, theil, *tops, between / theil if theil > 0 else None)
    return {name: Counted(number, len(amount)) for name, number in zip(names, numbers, strict=True)}


def _theil(amount: NDArray, weight: NDArray) -> float:
    """The mean of x ln x, x the amount over the mean; what holds nothing adds nothing."""
    share = amount / np.average(amount, weights=weight)
    return float(np.average(share * np.log(np.where(share > 0, share, 1.0)), weights=weight))


def _ends(spells: pl.DataFrame, days: int) -> Found:
    """After how many days half of the penalties have ended, of all and of each."""
    lengths = spells.select("consequence", "citizen", length=pl.col("end").fill_null(days) - pl.col("start"), ended=pl.col("end").is_not_null())
    parts = {"all penalties": lengths} | {str(key[0]): part for key, part in sorted(lengths.partition_by("consequence", as_dict=True).items())}
    return {f"days until free: {name}": Counted(half_life(part["length"], part["ended"]), part["citizen"].n_unique()) for name, part in parts.items() if part.height}


def _pairs(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Those graded at a year's end and at the next, with both ranks."""
    graded = rows.filter(pl.col("rank").is_not_null())
    years = sorted(graded["year"].unique())
    for before, after in zip(years, years[1:], strict=False):
        then = graded.filter(pl.col("year") == before).select("citizen", "weight", before="rank")
        yield then.join(graded.filter(pl.col("year") == after).select("citizen", after="rank", year="year"), on="citizen")


def _moves(rows: pl.DataFrame, grades: list[str]) -> Found:
    """From each grade to each until the next year's end, and how many of those who fell are back a year later."""
    pairs = [*_pairs(rows)]
    if not pairs:
        return {}
    moved = pl.concat(pairs)
    sums = {(a, b): weight for a, b, weight in moved.group_by("before", "after", maintain_order=True).agg(pl.col("weight").sum()).rows()}
    people = dict(moved.group_by("before", maintain_order=True).len().rows())
    found: dict[str, Counted | float | None] = {"grade kept": Counted(share(sum(w for (a, b), w in sums.items() if a == b), sum(sums.values())), moved.height)}
    for a, name in enumerate(grades):
        all_of = sum(w for (before, _), w in sums.items() if before == a)
        found |= {f"grade from {name} to {to}": Counted(share(sums.get((a, b), 0.0), all_of), people.get(a, 0)) for b, to in enumerate(grades)}
    if len(pairs) > 1:
        later = [fell.filter(pl.col("after") < pl.col("before")).join(then.select("citizen", later="after"), on="citizen") for fell, then in zip(pairs, pairs[1:], strict=False)]
        fallen = pl.concat(later)
        back = fallen.filter(pl.col("later") >= pl.col("before"))["weight"].sum()
        found["grade regained a year after a fall"] = Counted(share(back, fallen["weight"].sum()), fallen.height)
    return found


def _children(rows: pl.DataFrame, grades: list[str]) -> Found:
    """Children in private schools by the lowest grade among the adults of the household, and whether those who grew up follow it."""
    graded = rows.filter((pl.col("age") >= ADULT) & pl.col("living") & pl.col("rank").is_not_null())
    homes = graded.group_by("year", "household", maintain_order=True).agg(home=pl.col("rank").min())
    first, last = graded["year"].min(), rows["year"].max()
    found: dict[str, Counted | float | None] = {}
    if "private_school" in rows.columns:
        pupils = rows.filter((pl.col("year") == last) & pl.col("living") & pl.col("age").is_between(SCHOOL, ADULT - 1)).join(homes, on=("year", "household"))
        pay = {home: (share, many) for home, share, many in pupils.group_by("home", maintain_order=True).agg(_mean("private_school"), pl.len()).rows()}
        found |= {f"children in private schools: parents in {name}": Counted(*pay.get(home, (None, 0))) for home, name in enumerate(grades)}
    if first is not None and first < last:
        young = rows.filter((pl.col("year") == first) & (pl.col("age") < ADULT)).join(homes, on=("year", "household")).select("citizen", "home")
        grown = young.join(graded.filter(pl.col("year") == last).select("citizen", "weight", "rank"), on="citizen")
        found["grown up: slope of their grade on their parents'"] = Counted(slope(grown), grown.height)
    return found


def slope(grown: pl.DataFrame) -> float | None:
    """Grades by which `rank` is higher for each by which `home` is; None where all homes are alike.

    Example:
        >>> slope(pl.DataFrame({"home": [0, 2], "rank": [1, 2], "weight": [1.0, 1.0]}))
        0.5
    """
    if not grown.height:
        return None
    home, rank, weight = (grown[name].to_numpy().astype(np.float64) for name in ("home", "rank", "weight"))
    apart = home - np.average(home, weights=weight)
    spread = float(weight @ apart**2)
    return float(weight @ (apart * rank)) / spread if spread > 0 else None


def _mean(column: str) -> pl.Expr:
    return (pl.col(column).cast(pl.Float64) * pl.col("weight")).sum() / pl.col("weight").sum()


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
)  # fmt: skip
