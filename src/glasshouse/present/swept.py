"""What a sweep says: for each value of each number that was varied, what the regimes did beside the first, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from glasshouse.audits.paired import Mean, mean_of
from glasshouse.present import words

Row = dict[str, Any]
SHOWN = ("penalties.citizen_days", "wrong.false_penalty_share", "life.income_mean", "life.income_gini", "life.expression_mean")
"""The measures of the small table, where none were chosen; all that are kept stand in the rows."""
MOST = 12
"""A number with more values than these is told in quarters of its range."""
EFFECTS = {
    "key": pl.String, "value": pl.String, "regime": pl.String, "measure": pl.String, "runs": pl.Int64, "seeds": pl.Int64, "first_mean": pl.Float64,
    "mean": pl.Float64, "mean_low": pl.Float64, "mean_high": pl.Float64, "difference": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "kind": pl.String,
}  # fmt: skip


def effects(frame: pl.LazyFrame, design: Row, regimes: Sequence[str], measures: Sequence[str]) -> list[Row]:
    """A row a number that was varied, value of it, regime and measure: the mean over all runs with that value, and that of the difference.

    The difference is from the first regime in the same run; there is none where a sweep has one regime alone. The runs of one seed count as
    one, since they share their luck: from 10 seeds on there is a 95 % interval, with fewer the range of what was seen; with one seed
    the range over runs.

    Args:
        frame: the table of a sweep.
        design: its design, as its file says it.
        regimes: those of the sweep; the others are set beside the first.
        measures: which.

    Returns:
        The rows, with the columns of EFFECTS.
    """
    rows = frame.filter(pl.col("regime").is_not_null()).select("run", "seed", "regime", *design["keys"], *measures).collect()
    first = rows.filter(pl.col("regime") == regimes[0]).select("run", *(pl.col(of).alias(f"first {of}") for of in measures))
    paired = rows.join(first, on="run", how="left", maintain_order="left")
    if len(regimes) > 1:
        paired = paired.filter(pl.col("regime") != regimes[0])
    found = []
    for key in design["keys"] or [None]:
        labels = _labels(key, design)
        for name in regimes[1:] or regimes:
            of_name = paired.filter(pl.col("regime") == name)
            for at, (label, wanted) in enumerate(labels):
                here = of_name if wanted is None else of_name.filter(wanted)
                for measure in measures:
                    found.append({"key": key, "value": label, "regime": name, "measure": measure} | _told(here, measure, len(regimes) > 1))
    return found


def _told(rows: pl.DataFrame, measure: str, beside: bool) -> Row:
    """The means of a measure, and of its difference from the first regime."""
    numbers = rows.select("seed", own=measure, first=f"first {measure}").with_columns(gap=pl.col("own") - pl.col("first"))
    own, first, gap = (_mean(numbers, of) for of in ("own", "first", "gap"))
    found = {"runs": len(rows), "seeds": own.seeds, "mean": own.mean, "mean_low": own.low, "mean_high": own.high, "kind": own.kind}
    if beside:
        found |= {"first_mean": first.mean, "difference": gap.mean, "low": gap.low, "high": gap.high, "kind": gap.kind or own.kind,
                  "seeds": gap.seeds or own.seeds}  # fmt: skip
    return dict.fromkeys(list(EFFECTS)[4:]) | found


def _mean(rows: pl.DataFrame, of: str) -> Mean:
    """The mean of a number a seed; where there is one seed, the mean of all runs with the range over them."""
    had = rows.select("seed", of).drop_nulls()
    by_seed = had.group_by("seed", maintain_order=True).agg(pl.col(of).mean()).sort("seed")[of].to_list()
    if len(by_seed) != 1:
        return mean_of(by_seed)
    return replace(mean_of(by_seed), low=had[of].min(), high=had[of].max())  # type: ignore[arg-type]


def _labels(key: str | None, design: Row) -> list[tuple[str, pl.Expr | None]]:
    """What a number took, as words, and which rows are meant: each value, or quarters of its range where there are many."""
    if key is None:
        return [("all runs", None)]
    place = design["keys"].index(key)
    had = [setting[place] for setting in design["settings"]]
    numbers = sorted({each for each in had if each is not None}, key=lambda each: (isinstance(each, str), each))
    own = [(words_of(None), pl.col(key).is_null())] if None in had else []
    if len(numbers) <= MOST or isinstance(numbers[0], str):
        return own + [(words_of(each), pl.col(key) == each) for each in numbers]
    low, high = numbers[0], numbers[-1]
    cuts = [low + (high - low) * quarter / 4 for quarter in range(5)]
    told = [f"{words_of(a)} to {words_of(b)}" for a, b in zip(cuts, cuts[1:], strict=False)]
    return own + [(each, (pl.col(key) >= a) & ((pl.col(key) < b) | (b == high) & (pl.col(key) == b)))
                  for each, a, b in zip(told, cuts, cuts[1:], strict=False)]  # fmt: skip


def words_of(point: Any) -> str:
    """A value as words.

    Example:
        >>> words_of(0.25), words_of(None), words_of("2019-01-01")
        ('0.25', 'as the scenario says', '2019-01-01')
    """
    return "as the scenario says" if point is None else point if isinstance(point, str) else f"{point:.6g}"


def head(plan: Row) -> str:
    """What a sweep was, in a line."""
    design, names = plan["design"], plan["regimes"]
    beside = f"{words.listed(names[1:])} beside {names[0]}" if len(names) > 1 else names[0]
    seeds, settings = len(design["seeds"]), len(design["settings"])
    many = f"{settings:,} setting{'s' if settings > 1 else ''} with {'up to ' if plan['until'] else ''}{seeds:,} seed{'s' if seeds > 1 else ''}"
    return f"{beside}: {plan['citizens']:,} citizens, {plan['days']:,} days; {many}"
