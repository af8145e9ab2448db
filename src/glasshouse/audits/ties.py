"""ties: who loses the people they talk with, whether grades keep to themselves, and how far people trust."""

from __future__ import annotations

import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found, Lazy
from glasshouse.audits.counting import GROUP_COLUMNS, Sums, by_group, grades_of, ratio, sums_by, told
from glasshouse.audits.lives import STEPS, at_the_end, cells, steps
from glasshouse.store import Run

TOLD = {"ties lost": ("lost", "ties", "with ties", 1), "ties": ("kept", "people", None, 1), "trust": ("trust", "people", None, STEPS)}
"""What is told of each group: the sum, over which, of how many people, and in what steps."""


def condense(run: Lazy) -> dict[str, pl.DataFrame]:
    """Sums of ties and of trust, over those who live at the end and are alike; no table of a run of before ties were kept."""
    columns = set(run.frames["citizens"].collect_schema())
    if "ties" not in columns:
        return {}
    ties, kept = (pl.col(name).cast(pl.Int64) for name in ("ties", "ties_kept"))
    sums = {"lost": ties - kept, "ties": ties, "with ties": ties != 0, "kept": kept, "trust": steps(pl.col("trust")), "people": pl.lit(1)}
    grade = ()
    if "ties_graded" in columns:
        graded, own = (pl.col(name).cast(pl.Int64) for name in ("ties_graded", "ties_own_grade"))
        sums |= {"graded": graded, "own grade": pl.when(graded > 0).then(own), "with graded": graded > 0}
        grade = ("grade",)
    return {"cells": pl.concat(cells(at_the_end(run, regime), *grade, **sums).with_columns(regime=pl.lit(regime)) for regime in run.regimes)}


def of(run: Run, regime: str) -> Found:
    """Ties lost, ties inside a grade beside what chance gives, and trust, at the last year's end."""
    if "cells" not in run.tables:
        return {}
    people = run.table("cells").filter(regime=regime)
    groups, grades = by_group(people), grades_of(run, regime) if "graded" in people.columns else []
    by_grade = sums_by(people, "grade") if grades else {}
    found: dict[str, Counted] = {}
    for what, how in TOLD.items():
        found |= told(what, {group: ratio(sums, *how) for group, sums in groups.items()})
        found |= {f"{what}: grade {grade}": ratio(by_grade.get(grade, {}), *how) for grade in grades}
    return found | (_segregation(by_grade) if grades else {})


def _segregation(by_grade: dict[str | None, Sums]) -> dict[str, Counted]:
    """How many ties stay inside a grade, how many would by chance, and how much of what chance leaves that is."""
    ends = [sums["graded"][0] for sums in by_grade.values()]
    whole, people = sum(ends), sum(sums["with graded"][1] for sums in by_grade.values())
    inside = sum(sums["own grade"][0] for sums in by_grade.values()) / whole if whole else None
    chance = sum((end / whole) ** 2 for end in ends) if whole else None
    left = (inside - chance) / (1 - chance) if inside is not None and chance is not None and chance < 1 else None
    numbers = {"inside a grade: ties": inside, "inside a grade: by chance": chance, "inside a grade: assortativity": left}
    return {name: Counted(number, people) for name, number in numbers.items()}


TIES = Audit(
    name="ties",
    question="Who loses the people they talk with, do grades keep to themselves, and do people trust each other?",
    definition="At the last year's end, of those who live. ties: talking ties, outside the household, that both ends keep, in the mean. lost: of the talking ties that there "
    "are, the share that one of the two does not keep. inside a grade: of the ties kept between two who have a grade, the share between two of one grade; by chance: "
    "the sum of the squared shares of grades among the ends of these ties; assortativity: the excess of the one over the other, over the largest that it could be. "
    "trust: its mean.",
    unit={"ties lost": "share of ties", "ties": "ties", "inside a grade: assortativity": "-1 to 1", "inside": "share of ties", "trust": "0 to 1"},
    direction={
        "ties lost": "higher: more ties are dropped",
        "ties": "higher: people talk with more others",
        "inside a grade: by chance": "higher: there are fewer grades, or most people are in one of them",
        "inside": "higher: people keep to those of their own grade",
        "trust": "higher: people trust others more",
    },
    reads={"citizens": (*GROUP_COLUMNS, "grade", "ties", "ties_kept", "ties_graded", "ties_own_grade", "trust")},
    of=of,
    condense=condense,
)
