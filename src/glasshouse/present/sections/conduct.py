"""The score against true conduct: does it tell who did what?"""

from __future__ import annotations

from typing import Any

import polars as pl

from .. import figures, palette, words
from ..blocks import Figure, Row, Section, Words, heading
from ..data import Data
from ..tables import behind

GROUPS = 10
FEWEST = 50
_QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)


def conduct(data: Data) -> Section:
    """Bands of the score over ten groups by conduct, in this run and among the same people without the score."""
    blocks: list[Any] = [
        Words(
            "True conduct is what people did, whether or not anybody saw it: the worth of good acts less the gravity of bad "
            "ones, over the last year. "
            "People respond to a score, so it is shown twice: as they behaved under it, and as the same people behaved with no score."
        )
    ]
    graded = [regime for regime in data.scored if data.regimes[regime].get("score")]
    for regime in graded:
        if len(graded) > 1:
            blocks.append(heading(data.regime(regime)))
        blocks += _regime(data, regime)
    others = [f"“{data.regime(regime)}”" for regime in data.scored if regime not in graded]
    if graded and others:
        blocks.append(Words(f"No score given by {words.listed(others)}."))
    if not graded:
        blocks.append(Words("No regime of this run gives a score."))
    return Section("conduct", "Score against true conduct", blocks)


def _regime(data: Data, regime: str) -> list[Any]:
    needed = ["citizen", "score", "conduct_bad", "conduct_good"]
    if data.last_year is None or not set(needed) <= data.people_columns:
        return [Words(f"Score against conduct is {words.NOT_MEASURED} in this run: it holds no rows of people.")]
    net = (pl.col("conduct_good") - pl.col("conduct_bad")).cast(pl.Float64)
    mine = data.people_of(regime, needed).filter(pl.col("score").is_not_null()).select("citizen", "score", net=net)
    if len(mine) < FEWEST:
        return [Words(f"Fewer than {FEWEST} people had a score at the end of {data.last_year}: {words.NO_CASE}.")]
    made = [_bands(data, regime, mine, "Conduct in this run", "under the score")]
    if data.twin:
        twin = data.people_of(data.twin, ["citizen", "conduct_bad", "conduct_good"]).select("citizen", net=net)
        made.append(
            _bands(
                data,
                regime,
                mine.select("citizen", "score").join(twin, on="citizen"),
                "Conduct of the same people with no score",
                "with no score",
            )
        )
    shown = [figure for figure in made if figure]
    if not shown:
        return [Words(f"Everybody behaved alike, or had the same score: {words.NO_CASE}.")]
    return [Row(tuple(shown), title=f"The score of “{data.regime(regime)}” against what people did in {data.last_year}")]


def _bands(data: Data, regime: str, people: pl.DataFrame, title: str, when: str) -> Figure | None:
    """One panel: for each tenth by conduct, where the scores of its people lie. None where there are not two tenths."""
    edges = sorted({people["net"].quantile(at / GROUPS, "nearest") for at in range(1, GROUPS)})
    cut = people.with_columns(place=pl.sum_horizontal((pl.col("net") > edge).cast(pl.Int32) for edge in edges))
    quantiles = [pl.col("score").quantile(q, "nearest").alias(f"p{round(100 * q):02d}") for q in _QUANTILES]
    groups = cut.group_by("place").agg(pl.len().alias("people"), pl.col("net").mean().alias("mean"), *quantiles).sort("place")
    if len(groups) < 2:
        return None
    correlation = people.select(pl.corr("score", "net", method="spearman")).item()
    correlation = None if correlation is None or correlation != correlation else correlation
    rows = [
        {
            "place": str(at),
            **{key: row[key] for key in ("p05", "p25", "p50", "p75", "p95")},
            "say": f"group {at}, {words.whole(row['people'])} people: half of them between {words.whole(row['p25'])} and "
            f"{words.whole(row['p75'])}, the middle one {words.whole(row['p50'])}",
        }
        for at, row in enumerate(groups.iter_rows(named=True), 1)
    ]
    table_rows = [
        [
            str(at),
            words.whole(row["people"]),
            words.decimal(row["mean"]),
            *(words.whole(row[key]) for key in ("p05", "p25", "p50", "p75", "p95")),
        ]
        for at, row in enumerate(groups.iter_rows(named=True), 1)
    ]
    note = "" if len(rows) == GROUPS else "There are fewer than ten groups because many people behaved exactly alike."
    places = [row["place"] for row in rows]
    return Figure(
        title=title,
        unit="Points; thin line 90 % of a group, thick bar half of it, white line the middle",
        spec=figures.bands(places, palette.BLUE, f"groups of people by conduct: 1 worst, {places[-1]} best", "score"),
        rows=rows,
        note=note,
        summary=_said(correlation, groups, when),
        table=behind(
            f"Score by conduct {when}",
            ["Group", "#People", "#Mean conduct", "#5 % below", "#25 % below", "#Middle", "#75 % below", "#95 % below"],
            table_rows,
        ),
    )


def _said(correlation: float | None, groups: pl.DataFrame, when: str) -> str:
    if correlation is None:
        return f"Rank correlation of score and conduct {when}: {words.NO_CASE}."
    first, last = groups["p50"][0], groups["p50"][-1]
    return (
        f"Rank correlation of score and conduct {when}: {words.decimal(correlation, 2)} (1 would be a perfect order, 0 none). "
        f"The middle score is {words.whole(first)} in the worst-behaved group and {words.whole(last)} in the best."
    )
