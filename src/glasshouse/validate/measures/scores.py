"""Scores, flags, appeals, and what people think."""

from __future__ import annotations

import tomllib

import polars as pl

from glasshouse.store import Run
from glasshouse.validate.measures.counts import (
    Day,
    Measure,
    at_end,
    begin,
    on,
    recorded,
    share_of,
    total,
    users,
    where,
)


def covered(run: Run, day: Day, regime: str, of: str) -> float | None:
    """Share of people who are scored."""
    return share_of(on(run, "covered", day, regime), users(run, of))


def scores(run: Run, day: Day, regime: str, low: int, high: int) -> float | None:
    """Share of those scored whose score lies between two, both counted."""
    return where(run, pl.col("score").is_between(low, high), pl.col("score").is_not_null(), regime)


def mean_score(run: Run, day: Day, regime: str) -> float | None:
    """Mean score of those scored."""
    return at_end(run, regime)["score"].mean()


def aware(run: Run, day: Day, regime: str) -> float | None:
    """Share of adults who know of a score."""
    return where(run, pl.col("aware"), pl.col("age") >= 18, regime)


def approval(run: Run, day: Day, regime: str, how: str) -> float | None:
    """Share of adults who approve of how things are run, asked in a survey: `directly`, or by a list experiment (`by_list`)."""
    of = lambda name: total(run, [f"survey:{name}"], regime)  # noqa: E731
    if how == "directly":
        return share_of(of("approve_directly"), of("asked"))
    control = share_of(of("list_control_items"), of("list_control"))
    treated = share_of(of("list_treated_items"), of("asked") - of("list_control"))
    return None if control is None or treated is None else treated - control


def approval_gap(run: Run, day: Day, regime: str) -> float | None:
    """Approval by direct answers less that by a list experiment, in points."""
    said, listed = (approval(run, day, regime, how) for how in ("directly", "by_list"))
    return None if said is None or listed is None else said - listed


def fall(run: Run, day: Day, regime: str, act: str) -> float | None:
    """By how many per cent an act falls under a regime, beside the same people without it."""
    without = total(run, [act], "none")
    return share_of(without - total(run, [act], regime), without)


def worse_than_due(run: Run, day: Day, regime: str) -> float | None:
    """Share of those scored who stand in a lower grade than the clean account would put them in."""
    ids = [grade["id"] for grade in tomllib.loads(run.scenario_toml)["regime"][regime]["grades"]]
    order = {name: at for at, name in enumerate(ids)}
    place = lambda column: pl.col(column).replace_strict(order, default=None, return_dtype=pl.Int64)  # noqa: E731
    return where(run, place("grade") < place("clean_grade"), pl.col("grade").is_not_null(), regime)


def wrongly_recorded(run: Run, day: Day, regime: str, channel: str) -> float | None:
    """Share of those scored of whom a record of the last two years is another's or of nobody's act."""
    table = run.citizens.filter(pl.col("regime") == regime)
    two = table.filter(pl.col("year") > table["year"].max() - 2)
    by = two.group_by("citizen").agg(pl.col(f"received.{channel}").sum().alias("wrong"), pl.col("weight").last(), pl.col("score").last())
    by = by.filter(pl.col("score").is_not_null())
    return share_of(by.filter(pl.col("wrong") > 0)["weight"].sum(), by["weight"].sum())


def flags_right(run: Run, day: Day, regime: str, penalty: str) -> float | None:
    """Share of penalty days that the clean account would have brought too."""
    since = begin(run)
    force, false = (total(run, [f"{what}:{penalty}"], regime, since) for what in ("in_force", "false"))
    return share_of(force - false, force)


def _costly(run: Run, regime: str) -> int:
    """Records that cost points or put somebody on a list, over the whole run."""
    made = run.daily.filter(pl.col("regime") == regime, pl.col("measure").str.starts_with("points:"))
    lost = made.group_by("measure").agg(pl.col("value").sum()).filter(pl.col("value") < 0)["measure"]
    acts = [name.removeprefix("points:") for name in lost.sort()]
    return recorded(run, acts, begin(run), None, regime)


def appealed(run: Run, day: Day, regime: str) -> float | None:
    """Share of records that cost points against which somebody appealed."""
    return share_of(total(run, ["appeals_filed"], regime, begin(run)), _costly(run, regime))


def upheld(run: Run, day: Day, regime: str) -> float | None:
    """Share of appeals that were upheld."""
    return share_of(total(run, ["appeals_upheld"], regime, begin(run)), total(run, ["appeals_filed"], regime, begin(run)))


def restored(run: Run, day: Day, regime: str) -> float | None:
    """Share of records that cost points which an appeal undid."""
    return share_of(total(run, ["appeals_upheld"], regime, begin(run)), _costly(run, regime))


MEASURES: tuple[Measure, ...] = (
    covered,
    scores,
    mean_score,
    aware,
    approval,
    approval_gap,
    fall,
    worse_than_due,
    wrongly_recorded,
    flags_right,
    appealed,
    upheld,
    restored,
)
