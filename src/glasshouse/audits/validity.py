"""validity: does the score measure what people did, or who they are?"""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasshouse.audits.asking import Audit, Counted, Found, Lazy
from glasshouse.audits.lives import at_the_end
from glasshouse.store import Run

PREDICTORS = {
    "conduct": ("bad", "good"),
    "income": ("fifth",),
    "residence": ("residence", "registered"),
    "age": ("age",),
    "platform use": ("platform",),
}
"""Groups of predictors -> the columns of each: words as they are, numbers in tenths of the people."""
PLATFORMS = ("commerce", "payments", "social", "browsing")
"""Channels of which platforms keep the records."""
BINS, TENTHS, YEAR = 10, 10, 365


def condense(run: Lazy) -> dict[str, pl.DataFrame]:
    """Of those who have a score at the end: products of the predictors, places in the order of score and of conduct, sums by grade."""
    twins = _lived(run, next(iter(run.regimes)))
    made = [_of_regime(run, regime, twins) for regime in run.regimes]
    return {name: pl.concat([tables[name] for tables in made], how="diagonal_relaxed") for name in made[0]}


def _of_regime(run: Lazy, regime: str, twins: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The three tables of one regime."""
    people = scored(run, regime, twins)
    people = people.with_columns(order=_place(people["score"]), did=_place(people["good"] - people["bad"]), twin_did=_place(people["twin"]))
    same = (pl.col("grade") == pl.col("clean_grade")).sum()
    grades = people.group_by("part", "weight", "grade", maintain_order=True).agg(pl.col("bad", "good", "score").sum(), people=pl.len(), same=same)
    tables = {"products": products(people), "places": people.select("part", "weight", "order", "did", "twin_did"), "grades": grades}
    return {name: table.with_columns(regime=pl.lit(regime)) for name, table in tables.items()}


def _lived(run: Lazy, regime: str) -> pl.DataFrame:
    """What each did over the run: `bad` and `good`, conduct in tenths of gravity, and `platform`, acts where platforms keep the records."""
    rows = run.frames["citizens"]
    columns = set(rows.collect_schema())
    use = pl.sum_horizontal(pl.lit(0), *(f"acts.{channel}" for channel in PLATFORMS if f"acts.{channel}" in columns))
    did = {name: _tenths(f"conduct_{name}").sum() for name in ("bad", "good") if f"conduct_{name}" in columns}
    return rows.filter(pl.col("regime") == regime).group_by("citizen").agg(**did, platform=use.sum()).collect(engine="streaming")


def _tenths(name: str) -> pl.Expr:
    return (pl.col(name) * TENTHS).round().cast(pl.Int64)


def scored(run: Lazy, regime: str, twins: pl.DataFrame) -> pl.DataFrame:
    """Those who live at the end and have a score: the score, the groups, and what was done over the run, here and by the twin.

    Args:
        twins: what `_lived` gives of the first regime.

    Returns:
        A row a citizen: `part`, `citizen`, `weight`, `score` in tenths of a point, grades, groups; `bad`, `good` and `platform` as of `_lived`;
        `twin`, the good less the bad under the first regime.
    """
    groups = ("age", "residence", "registered", "fifth", "grade", "clean_grade")
    kinds = dict.fromkeys(("score", "bad", "good", "platform", "twin", "age"), pl.Int64) | dict.fromkeys(groups[1:], pl.String)
    nobody = pl.DataFrame(schema={"part": pl.UInt8, "citizen": pl.Int64, "weight": pl.Float64} | kinds)
    if not {"score", *groups} <= set(run.frames["citizens"].collect_schema()):
        return nobody
    people = at_the_end(run, regime).filter(pl.col("score").is_not_null()).select("part", "citizen", "weight", *groups, score=_tenths("score")).collect()
    if not people.height:
        return nobody
    people = people.join(_lived(run, regime), on="citizen").join(twins.select("citizen", twin=pl.col("good") - pl.col("bad")), on="citizen")
    return people.sort("citizen")


def _place(numbers: pl.Series) -> pl.Series:
    """The place of each in the order, 0 the lowest; those alike share one."""
    return numbers.rank("dense").cast(pl.Int64) - 1


def products(people: pl.DataFrame) -> pl.DataFrame:
    """Sums of products of every two of: a 1 for the category one is in, of each predictor; 1; and the score. A row a part and pair."""
    owners: list[str] = []
    codes = []
    for name, columns in PREDICTORS.items():
        for column in columns:
            code = _categories(people[column])
            codes.append(code + len(owners))
            owners += [name] * (int(code.max()) + 1 if len(code) else 0)
    owners += ["1", "score"]
    size = len(owners)
    score = people["score"].to_numpy()
    score = score - (round(score.mean()) if len(score) else 0)  # so that little is lost where squares are taken from each other
    rows = [
        pl.DataFrame(
            schema={"part": pl.UInt8, "weight": pl.Float64, "row": pl.Int64, "column": pl.Int64, "of": pl.String, "value": pl.Float64}
        )
    ]
    for (part, weight), these in people.select("part", "weight").with_row_index("at").group_by("part", "weight", maintain_order=True):
        at = these["at"].to_numpy()
        x = np.zeros((len(at), size))
        for code in codes:
            x[np.arange(len(at)), code[at]] = 1
        x[:, -2], x[:, -1] = 1, score[at]
        made = {
            "row": np.repeat(np.arange(size), size),
            "column": np.tile(np.arange(size), size),
            "of": np.repeat(owners, size),
            "value": (x.T @ x).ravel(),
        }
        rows.append(pl.DataFrame(made).with_columns(part=pl.lit(part, pl.UInt8), weight=pl.lit(weight)))
    return pl.concat(rows, how="diagonal")


def _categories(values: pl.Series) -> NDArray:
    """The category of each, from 0 on: of words the word, of numbers the tenth of the people, as far as they differ."""
    if values.dtype == pl.String:
        words = values.fill_null("unknown")
        return words.cast(pl.Enum(words.unique().sort())).to_physical().cast(pl.Int64).to_numpy()
    numbers = values.to_numpy()
    cuts = np.unique(np.quantile(numbers, np.arange(1, BINS) / BINS, method="inverted_cdf")) if len(numbers) else numbers
    return np.unique(np.searchsorted(cuts, numbers), return_inverse=True)[1]


def of(run: Run, regime: str) -> Found:
    """Shares of the variance of the score, its order beside that of conduct, and what people did in each grade."""
    products, places, grades = (run.table(name).filter(pl.col("regime") == regime) for name in ("products", "places", "grades"))
    if not places.height:
        return {}
    found: dict[str, Counted] = {}
    shares = explained(*_matrix(products))
    found |= {f"explained by {name}": Counted(number, places.height) for name, number in shares.items()}
    for label, column in (("conduct", "did"), ("conduct of the twin", "twin_did")):
        number = rank_correlation(*(places[name].to_numpy() for name in ("order", column, "weight")))
        found[f"rank correlation with {label}"] = Counted(number, places.height)
    return found | _by_grade(grades, run.summary["run"]["days"] / YEAR)


def _matrix(products: pl.DataFrame) -> tuple[NDArray, list[str]]:
    """The products of all parts together as a matrix, and what each of its rows is of."""
    sums = products.group_by("row", "column", "of", maintain_order=True).agg((pl.col("value") * pl.col("weight")).sum()).sort("row", "column")
    owners = sums.filter(pl.col("column") == 0)["of"].to_list()
    return sums["value"].to_numpy().reshape(len(owners), len(owners)), owners


def explained(sums: NDArray, owners: list[str]) -> dict[str, float | None]:
    """How much of the variance of the score goes with each group of predictors: the exact Shapley shares of R squared, and their sum.

    Args:
        sums: sums of products of predictors, 1 and the score, in this order: (k, k).
        owners: the group of each predictor, then `1` and `score`.

    Example:
        >>> x = np.array([[1, 0, 1, 1.0], [0, 1, 1, 2.0], [1, 0, 1, 1.0], [0, 1, 1, 2.0]])
        >>> found = explained(x.T @ x, ["conduct", "conduct", "1", "score"])
        >>> round(found["conduct"], 12), round(found["age"], 12)
        (1.0, 0.0)
    """
    mean = sums[-2] / sums[-2, -2]
    covariance = sums / sums[-2, -2] - np.outer(mean, mean)
    names, variance = [*PREDICTORS], covariance[-1, -1]
    if not variance > 0:
        return dict.fromkeys((*names, "all of these"))
    of_name = {name: [at for at, owner in enumerate(owners) if owner == name] for name in names}
    fit: dict[frozenset[str], float] = {}
    for size in range(len(names) + 1):
        for some in combinations(names, size):
            at = [k for name in some for k in of_name[name]]
            fit[frozenset(some)] = _r_squared(covariance, at) if at else 0.0
    n = len(names)
    weight = [
        factorial(size) * factorial(n - size - 1) / factorial(n) for size in range(n)
    ]  # of how many orders a set of that size comes first
    shares = {name: sum(weight[len(some)] * (fit[some | {name}] - fit[some]) for some in fit if name not in some) for name in names}
    return shares | {"all of these": fit[frozenset(names)]}


def _r_squared(covariance: NDArray, at: list[int]) -> float:
    """How much of the variance of the last goes with some others; those that say the same count once."""
    with_score = covariance[at, -1]
    return float(with_score @ np.linalg.lstsq(covariance[np.ix_(at, at)], with_score, rcond=1e-10)[0] / covariance[-1, -1])


def rank_correlation(first: NDArray, other: NDArray, weight: NDArray) -> float | None:
    """Spearman's rank correlation of two orders, weighted; those alike have the mean of their ranks. None where one does not vary.

    Args:
        first, other: places in an order, whole numbers from 0 on.

    Example:
        >>> rank_correlation(np.array([0, 1, 2]), np.array([0, 2, 1]), np.ones(3))
        0.5
    """
    a, b = (_ranks(places, weight) for places in (first, other))
    spread = float((weight * a * a).sum()) * float((weight * b * b).sum())
    return float((weight * a * b).sum()) / spread**0.5 if spread > 0 else None


def _ranks(places: NDArray, weight: NDArray) -> NDArray:
    """Mean ranks less their mean."""
    at = np.bincount(places, weight)
    return (np.cumsum(at) - at / 2)[places] - weight.sum() / 2


def _by_grade(grades: pl.DataFrame, years: float) -> dict[str, Counted]:
    """What those in each grade did a year, and how many of them the clean account has there too; the grade of the lowest scores first."""
    sums = ("bad", "good", "score", "same", "people")
    each = grades.group_by("grade", maintain_order=True).agg(((pl.col(name) * pl.col("weight")).sum() for name in sums), seen=pl.col("people").sum())
    found: dict[str, Counted] = {}
    for row in each.sort(pl.col("score") / pl.col("people"), "grade").iter_rows(named=True):
        a_year = row["people"] * years * TENTHS
        numbers = {
            "bad acts a year": row["bad"] / a_year,
            "good deeds a year": row["good"] / a_year,
            "same by the clean account": row["same"] / row["people"],
        }
        found |= {f"{what}: grade {row['grade']}": Counted(number, row["seen"]) for what, number in numbers.items()}
    return found


VALIDITY = Audit(
    name="validity",
    question="Does the score measure what people did, or who they are?",
    definition="Of those with a score at the end. explained: exact Shapley shares of R squared of the score on conduct over the run (good deeds, "
    "bad acts), fifth of income, residence and registration, age, and use of platforms, each in categories or in tenths; rank correlation: "
    "Spearman's, of the score with good deeds less bad acts over the run, of the citizen and of the twin under the first regime; and of each "
    "grade what those in it did a year, and the share whom the clean account puts there too.",
    unit={"explained": "share of variance", "rank": "correlation", "same": "share of people", "": "gravity a year"},
    direction={
        "explained": "higher: more of what the score tells apart goes with it",
        "rank": "higher: the score orders people more as their conduct does",
        "bad": "higher: those in the grade did more harm",
        "good": "higher: those in the grade did more good",
        "same": "higher: more of those in the grade are there by what they did",
    },
    reads={
        "citizens": (
            "year",
            "weight",
            "living",
            "score",
            "grade",
            "clean_grade",
            "age",
            "residence",
            "registered",
            "fifth",
            "conduct_bad",
            "conduct_good",
        )
        + tuple(f"acts.{channel}" for channel in PLATFORMS)
    },
    of=of,
    condense=condense,
)
