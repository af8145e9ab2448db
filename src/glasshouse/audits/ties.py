"""ties: who loses the people they talk with, whether grades keep to themselves, and how far people trust."""

from __future__ import annotations

import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found
from glasshouse.audits.counting import GROUP_COLUMNS, at_the_end, by_group, grades_of, ratio, told
from glasshouse.store import Run


def of(run: Run, regime: str) -> Found:
    """Ties lost, ties inside a grade beside what chance gives, and trust, at the last year's end."""
    people = at_the_end(run.citizens, regime)
    if "ties" not in people.columns:  # a run of before ties were kept
        return {}
    lost = pl.col("ties") - pl.col("ties_kept")
    grades = grades_of(run, regime) if "ties_graded" in people.columns else []
    found: dict[str, Counted] = {}
    for what, part, whole in (("ties lost", lost, pl.col("ties")), ("ties", pl.col("ties_kept"), pl.lit(1)), ("trust", pl.col("trust"), pl.lit(1))):
        found |= told(what, by_group(people, part, whole))
        for grade in grades:
            found[f"{what}: grade {grade}"] = ratio(people.filter(grade=grade).select("weight", part=part.cast(pl.Float64), whole=whole.cast(pl.Float64)))
    return found | (_segregation(people) if grades else {})


def _segregation(people: pl.DataFrame) -> dict[str, Counted]:
    """How many ties stay inside a grade, how many would by chance, and how much of what chance leaves that is."""
    ties = people.filter(pl.col("ties_graded") > 0)
    ends = ties.group_by("grade", maintain_order=True).agg((pl.col("ties_graded") * pl.col("weight")).sum().alias("ends"))["ends"]
    whole = ends.sum()
    inside = (ties["ties_own_grade"] * ties["weight"]).sum() / whole if whole else None
    chance = float(((ends / whole) ** 2).sum()) if whole else None
    left = (inside - chance) / (1 - chance) if inside is not None and chance is not None and chance < 1 else None
    numbers = {"inside a grade: ties": inside, "inside a grade: by chance": chance, "inside a grade: assortativity": left}
    return {name: Counted(number, ties.height) for name, number in numbers.items()}


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
)
