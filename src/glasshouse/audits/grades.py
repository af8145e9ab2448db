"""How people move between the grades of a rule, and what children have by the lowest grade at home: a part of the audit `inequality`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from glasshouse.audits.asking import Counted, Found, Lazy
from glasshouse.audits.counting import grades_of, share
from glasshouse.store import Run

ADULT, SCHOOL = 18, 6
ROWS = ("part", "citizen", "year", "weight", "household", "age", "living")


def condense_grades(run: Lazy) -> dict[str, pl.DataFrame]:
    """How many people moved from each grade to each and came back, were at which school, and grew up into which grade; by part and weight."""
    columns = set(run.frames["citizens"].collect_schema())
    made: dict[str, list[pl.DataFrame]] = {}
    for regime in run.regimes if "grade" in columns else ():
        grades = grades_of(run, regime)
        if grades:
            rank = pl.col("grade").replace_strict(grades, [*range(len(grades))], default=None, return_dtype=pl.Int8)
            rows = run.frames["citizens"].filter(pl.col("regime") == regime)
            rows = rows.select(*ROWS, *({"private_school"} & columns), rank=rank).collect()
            for name, table in (_moves(rows) | _children(rows)).items():
                made.setdefault(name, []).append(table.with_columns(regime=pl.lit(regime)))
    return {name: pl.concat(tables) for name, tables in made.items()}


def _many(rows: pl.DataFrame, *keys: str, **sums: pl.Expr) -> pl.DataFrame:
    """How many people are alike in some columns."""
    keys = ("part", "weight", *keys)
    return rows.group_by(keys, maintain_order=True).agg(people=pl.len().cast(pl.Int64), **sums).sort(keys)


def _pairs(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Those graded at a year's end and at the next, with both ranks."""
    graded = rows.filter(pl.col("rank").is_not_null())
    years = sorted(graded["year"].unique())
    for before, after in zip(years, years[1:], strict=False):
        then = graded.filter(pl.col("year") == before).select("part", "citizen", "weight", before="rank")
        yield then.join(graded.filter(pl.col("year") == after).select("citizen", after="rank", year="year"), on="citizen")


def _moves(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """From each grade to each until the next year's end; and where those who fell are a year later."""
    keys = {"part": pl.UInt8, "citizen": pl.Int64, "weight": pl.Float64, "before": pl.Int8}
    pairs = [*_pairs(rows)]
    empty = pl.DataFrame(schema=keys | {"after": pl.Int8, "year": rows.schema["year"]})
    later = [
        fell.filter(pl.col("after") < pl.col("before")).join(then.select("citizen", later="after"), on="citizen")
        for fell, then in zip(pairs, pairs[1:], strict=False)
    ]
    fallen = pl.concat(later) if later else empty.with_columns(later=pl.lit(None, pl.Int8))
    return {"moves": _many(pl.concat(pairs or [empty]), "year", "before", "after"), "falls": _many(fallen, "before", "later")}


def _children(rows: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Pupils by the lowest grade among the adults of the household, and those who grew up by that and their own."""
    graded = rows.filter((pl.col("age") >= ADULT) & pl.col("living") & pl.col("rank").is_not_null())
    homes = graded.group_by("year", "household", maintain_order=True).agg(home=pl.col("rank").min())
    last = rows["year"].max()
    first = last if graded["year"].min() is None else graded["year"].min()
    made = {}
    if "private_school" in rows.columns:
        pupils = rows.filter((pl.col("year") == last) & pl.col("living") & pl.col("age").is_between(SCHOOL, ADULT - 1))
        made["pupils"] = _many(pupils.join(homes, on=("year", "household")), "home", private=pl.col("private_school").cast(pl.Int64).sum())
    young = rows.filter((pl.col("year") == first) & (pl.col("age") < ADULT)).join(homes, on=("year", "household")).select("citizen", "home")
    adults = graded.filter((pl.col("year") == last) & (pl.col("year") > first)).select("part", "citizen", "weight", "rank")
    return made | {"grown": _many(young.join(adults, on="citizen"), "home", "rank")}


def told_of_grades(run: Run, regime: str, grades: list[str]) -> Found:
    """From each grade to each, how many of those who fell are back a year later, and children by the lowest grade at home.

    Args:
        grades: those of the regime, the lowest first.
    """
    moves, falls, pupils, grown = (_of(run, name, regime) for name in ("moves", "falls", "pupils", "grown"))
    found: dict[str, Counted | float | None] = {}
    if moves is not None and moves.height:
        found |= _told_of_moves(moves, falls, grades)
    if pupils is not None:
        paid = pl.col("private") * pl.col("weight")
        sums = pupils.group_by("home", maintain_order=True).agg(paid.sum(), (pl.col("people") * pl.col("weight")).sum().alias("weight"), pl.col("people").sum())
        pay = {home: (share(private, weight), people) for home, private, weight, people in sums.rows()}
        found |= {f"children in private schools: parents in {name}": Counted(*pay.get(home, (None, 0))) for home, name in enumerate(grades)}
    if moves is not None and moves.height and grown is not None:
        found["grown up: slope of their grade on their parents'"] = Counted(slope(grown), int(grown["people"].sum()))
    return found


def _of(run: Run, name: str, regime: str) -> pl.DataFrame | None:
    return run.table(name).filter(pl.col("regime") == regime) if name in run.tables else None


def _told_of_moves(moves: pl.DataFrame, falls: pl.DataFrame | None, grades: list[str]) -> dict[str, Counted | float | None]:
    many = pl.col("people") * pl.col("weight")
    sums = {(a, b): weight for a, b, weight in moves.group_by("before", "after", maintain_order=True).agg(many.sum()).rows()}
    people = dict(moves.group_by("before", maintain_order=True).agg(pl.col("people").sum()).rows())
    kept = sum(weight for (a, b), weight in sums.items() if a == b)
    found: dict[str, Counted | float | None] = {"grade kept": Counted(share(kept, sum(sums.values())), sum(people.values()))}
    for a, name in enumerate(grades):
        all_of = sum(weight for (before, _), weight in sums.items() if before == a)
        found |= {f"grade from {name} to {to}": Counted(share(sums.get((a, b), 0.0), all_of), people.get(a, 0)) for b, to in enumerate(grades)}
    if falls is not None and moves["year"].n_unique() > 1:
        back = falls.filter(pl.col("later") >= pl.col("before")).select(many.sum()).item()
        found["grade regained a year after a fall"] = Counted(share(back, falls.select(many.sum()).item()), int(falls["people"].sum()))
    return found


def slope(grown: pl.DataFrame) -> float | None:
    """Grades by which `rank` is higher for each by which `home` is; None where all homes are alike.

    Example:
        >>> slope(pl.DataFrame({"home": [0, 2], "rank": [1, 2], "weight": [1.0, 1.0], "people": [5, 1]}))
        0.5
    """
    if not grown.height:
        return None
    home, rank = (grown[name].to_numpy().astype(np.float64) for name in ("home", "rank"))
    weight = (grown["people"] * grown["weight"]).to_numpy()
    apart = home - np.average(home, weights=weight)
    spread = float(weight @ apart**2)
    return float(weight @ (apart * rank)) / spread if spread > 0 else None
