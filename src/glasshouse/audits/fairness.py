"""fairness: whom penalties, false penalties and missed rewards fall on, by group and by every two groupings crossed."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from glasshouse.audits.asking import SMALL, Audit, Counted, Found, Lazy
from glasshouse.audits.counting import AGE, share
from glasshouse.audits.lives import by_citizen, known
from glasshouse.store import Run

FIXED = ("fifth", "residence", "sex", "education", "label", "registered")
GROUPINGS = ("fifth", "residence", "age", *FIXED[2:])
SPEAK = ("sex", "residence", "fifth")
"""Groupings whose groups are named by a word of their own; others are named after the grouping too."""
CROSS = " × "
ALL = [CROSS.join(some) for many in (1, 2) for some in combinations(GROUPINGS, many)]
"""Every grouping, and every two crossed."""
CASES = ("due", "penalised", "reward_due", "rewarded")
PENALTY = ("penalty", "false penalty", "missed penalty", "due of those penalised", "due of those spared")
RATES = (*PENALTY, "missed reward")
MAIN = ("penalty", "false penalty", "missed reward")
"""Rates of which there are gaps, ratios, and numbers of groups crossed."""
ODDS, CALIBRATION = ("false penalty", "missed penalty"), ("due of those penalised", "due of those spared")
ABSENT = "left out: it needs Fairlearn, pip install 'glasshouse[audits]'"


def condense(run: Lazy) -> dict[str, pl.DataFrame]:
    """What each rate counts in each group, by part of the society; no table where Fairlearn is not installed."""
    try:
        from fairlearn.metrics import MetricFrame
    except ImportError:
        return {}
    kinds = {"grouping": pl.String, "group": pl.String, "rate": pl.String, "hits": pl.Int64, "whole": pl.Int64}
    rows = [pl.DataFrame(schema={"regime": pl.String, "part": pl.UInt8, "weight": pl.Float64} | kinds)]
    for regime, has in run.regimes.items():
        if not any(has.values()):
            continue
        cells = _cells(run, regime)
        parts = cells.select("part", "weight").unique().sort("part", "weight")
        counts = [pl.col("people").filter(part=part, weight=weight).sum() for part, weight in parts.iter_rows()]
        cells = cells.group_by("grouping", "group", *CASES, maintain_order=True).agg(people=pl.concat_list(counts)).sort("grouping", "group", *CASES)
        column = {name: cells[name].to_numpy() for name in cells.columns}
        others = {name: column[name] for name in ("reward_due", "rewarded", "people")}
        frame = MetricFrame(
            metrics=tally,
            y_true=column["due"],
            y_pred=column["penalised"],
            sensitive_features={"group": column["group"]},
            sample_params=others,
        )
        grouping = dict(cells.select("group", "grouping").iter_rows())
        groups, counts = [*frame.by_group.index], np.stack([*frame.by_group])  # (groups, 2, rates, parts)
        hits, whole = counts[:, 0], counts[:, 1]
        places = [index.ravel() for index in np.indices(hits.shape)]
        names = {"grouping": [grouping[group] for group in groups], "group": groups, "rate": RATES}
        told = {name: pl.Series(words).gather(place) for (name, words), place in zip(names.items(), (places[0], *places[:2]), strict=True)}
        of_part = {name: parts[name].gather(places[2]) for name in parts.columns}
        rows.append(pl.DataFrame({"regime": regime, **of_part, **told, "hits": hits.ravel(), "whole": whole.ravel()}))
    return {"tallies": pl.concat(rows)}


def _cells(run: Lazy, regime: str) -> pl.DataFrame:
    """How many people of each group are of each case: whether a penalty, or a reward, was ever due, and whether one ever came."""
    penalties, rewards = (known(run, regime, kind) for kind in ("penalties", "rewards"))
    of_case = zip(CASES, ("due", "days") * 2, (penalties, penalties, rewards, rewards), strict=True)
    ever = {case: pl.any_horizontal(pl.lit(False), *(pl.col(f"{what}.{name}") > 0 for name in names)) for case, what, names in of_case}
    people = by_citizen(run, regime, penalties + rewards, FIXED, age=pl.col("age").max()).with_columns(**ever)
    cells = people.group_by("part", "weight", AGE.alias("age"), *FIXED, *CASES, maintain_order=True).agg(people=pl.len().cast(pl.Int64))
    cells = cells.with_columns(_name(grouping) for grouping in GROUPINGS)
    rows = []
    for grouping in ALL:
        group = pl.concat_str(grouping.split(CROSS), separator=CROSS)
        counts = cells.group_by("part", "weight", *CASES, group=group, maintain_order=True).agg(pl.col("people").sum())
        rows.append(counts.with_columns(grouping=pl.lit(grouping)))
    return pl.concat(rows)


def _name(grouping: str) -> pl.Expr:
    """What a group is called: "lowest fifth", "age 18-34"."""
    said = pl.col(grouping).cast(pl.String)
    return said if grouping in SPEAK else pl.format(f"{grouping} {{}}", said).alias(grouping)


def tally(due: NDArray, penalised: NDArray, reward_due: NDArray, rewarded: NDArray, people: NDArray) -> NDArray:
    """What each rate of RATES counts, and what it is a share of: (2, rates, parts).

    Args:
        due, penalised, reward_due, rewarded: (cells,) bool, the cases.
        people: (cells, parts), how many there are of each.

    Example:
        >>> yes, no = np.array([True, False]), np.array([True, True])
        >>> tally(yes, no, yes, yes, np.array([[1], [3]]))[:, RATES.index("false penalty"), 0]  # all 3 whose acts call for none
        array([3, 3])
    """
    everyone = np.ones(len(due), bool)
    cases = (
        (penalised, everyone),
        (penalised & ~due, ~due),
        (due & ~penalised, due),
        (due & penalised, penalised),
        (due & ~penalised, ~penalised),
        (reward_due & ~rewarded, reward_due),
    )
    return np.array([[people[each[at]].sum(0) for each in cases] for at in (0, 1)])


def of(run: Run, regime: str) -> Found:
    """Rates of every group, how far groups are apart, and how far each is from all others."""
    has = run.summary["regimes"][regime]
    rates = [rate for rate in RATES if has["penalties" if rate in PENALTY else "rewards"]]
    if "tallies" not in run.tables:
        return {ABSENT: None}
    tallies = run.table("tallies").filter(regime=regime)
    if not rates or not tallies.height:
        return {}
    groupings, by_group = _counts(tallies)
    everybody = np.sum([by_group[group] for group in groupings["sex"]], axis=0)
    apart: dict[str, Counted | float | None] = {}
    found = {f"{rate}: everybody": _rate(everybody[:, RATES.index(rate)]) for rate in rates}
    for grouping, groups in groupings.items():
        counts = [by_group[group] for group in groups]
        for at, rate in ((RATES.index(rate), rate) for rate in rates):
            if rate in MAIN or CROSS not in grouping:
                found |= {f"{rate}: {group}": _rate(by_group[group][:, at]) for group in groups}
            if rate in MAIN:
                found |= {f"excess of {rate}: {group}": _excess(by_group[group][:, at], everybody[:, at]) for group in groups}
                names = (f"gap in {rate}: {grouping}", f"ratio of {rate}: {grouping}")
                apart |= zip(names, _apart(groups, [each[:, at] for each in counts]), strict=True)
        if has["penalties"]:
            for name, both in (("equalised odds", ODDS), ("calibration", CALIBRATION)):
                apart[f"{name}, gap: {grouping}"] = _larger(both, groups, counts)
    if has["penalties"]:
        apart["identity, off by at most"] = identity(np.array([*by_group.values()]))
    return apart | found


def _counts(tallies: pl.DataFrame) -> tuple[dict[str, list[str]], dict[str, NDArray]]:
    """The groups of each grouping, and of each group the hits and the whole of each rate, weighted, and the whole in people: (3, rates)."""
    rows = tallies.with_columns(pl.col("rate").cast(pl.Enum(RATES)), pl.col("grouping").cast(pl.Enum(ALL)))
    rows = rows.sort("grouping", "group", "part", "weight", "rate")
    groups = rows.select("grouping", "group").unique(maintain_order=True)
    groupings: dict[str, list[str]] = {}
    for grouping, group in groups.iter_rows():
        groupings.setdefault(grouping, []).append(group)
    hits, whole, weight = (rows[name].to_numpy().reshape(groups.height, -1, len(RATES)) for name in ("hits", "whole", "weight"))
    sums = np.stack([(hits * weight).sum(1), (whole * weight).sum(1), whole.sum(1)], axis=1)
    return groupings, dict(zip(groups["group"], sums, strict=True))


def _rate(counts: NDArray) -> Counted:
    part, whole, people = counts
    return Counted(share(float(part), float(whole)), int(people))


def _excess(group: NDArray, everybody: NDArray) -> Counted:
    """The rate of a group less that of all who are not in it."""
    own, others = _rate(group), _rate(everybody - group)
    return Counted(None if own.number is None or others.number is None else own.number - others.number, min(own.people, others.people))


def _apart(groups: list[str], counts: list[NDArray]) -> tuple[Counted, Counted]:
    """The highest rate of some groups less the lowest, and the lowest over the highest; groups of few people are left out."""
    rates = {group: rate for group, rate in zip(groups, map(_rate, counts), strict=True) if rate.people >= SMALL}
    people = min((each.people for each in rates.values()), default=0)
    if len(rates) < 2:
        return Counted(None, people), Counted(None, people)
    high, low = (pick(rates, key=lambda group: rates[group].number) for pick in (max, min))
    most, least, between = rates[high].number, rates[low].number, f"{high} above {low}" if rates[high].number != rates[low].number else None
    return Counted(most - least, people, between), Counted(least / most if most else None, people, between)


def _larger(rates: tuple[str, str], groups: list[str], counts: list[NDArray]) -> Counted:
    """The larger gap of two rates."""
    gaps = [gap for rate in rates if (gap := _apart(groups, [each[:, RATES.index(rate)] for each in counts])[0]).number is not None]
    return max(gaps, key=lambda gap: gap.number, default=Counted(None, 0))


def identity(groups: NDArray) -> float | None:
    """By how much false penalties differ at most from what follows from the other rates, over groups that have all of them.

    Of false penalties f, missed penalties m, of those penalised the share v who were due one, and of all the share p who were:
    f = p / (1 - p) x (1 - v) / v x (1 - m). So where p differs between groups, f, m and v cannot all be the same, unless the rule never errs.

    Args:
        groups: (groups, 3, rates), as `tally` gives them.
    """
    part, whole = groups[:, 0], groups[:, 1]
    at = {rate: RATES.index(rate) for rate in PENALTY}
    full = (whole[:, [at[rate] for rate in PENALTY[:4]]] > 0).all(1) & (part[:, at["due of those penalised"]] > 0)
    if not full.any():
        return None
    rate = {name: part[full, k] / whole[full, k] for name, k in at.items() if name != "due of those spared"}
    p = whole[full, at["missed penalty"]] / whole[full, at["penalty"]]
    v = rate["due of those penalised"]
    return float(np.abs(rate["false penalty"] - p / (1 - p) * (1 - v) / v * (1 - rate["missed penalty"])).max())


FAIRNESS = Audit(
    name="fairness",
    question="Whom do penalties, false penalties and missed rewards fall on?",
    definition="Of people over the whole run, by the clean account, which is the rule applied to what each did. penalty: those ever under one, of "
    "all; false penalty: the same, of those whose own acts never called for one; missed penalty: those never under one, of those whose acts "
    "did; due: those whose acts did, of the penalised and of the spared; missed reward: those who never had one, of those whose acts called "
    "for it. gap: highest less lowest group, of those of 30 people or more, ratio: lowest over highest; excess: the group less all others; "
    "equalised odds: the larger gap of false and missed penalties; calibration: the larger gap of due of the penalised and of the spared; "
    "identity: false penalties against what the other rates imply.",
    unit={"ratio": "ratio", "": "share of people"},
    direction={
        "penalty": "higher: more of the group are penalised",
        "false": "higher: more of those in the group who did nothing for it are penalised",
        "missed penalty": "higher: more of those in the group who did something for it are spared",
        "missed reward": "higher: more of those in the group who earned a reward get none",
        "due of those penalised": "higher: more of the penalised in the group did something for it",
        "due of those spared": "higher: more of the spared in the group did something for it",
        "gap": "higher: the groups are further apart",
        "ratio": "higher: the groups are closer, 1 is alike",
        "excess": "higher: the group has more of it than all others together",
        "equalised": "higher: errors fall more on one group than on another",
        "calibration": "higher: a penalty, or none, says more of one group than of another",
        "identity": "higher: the rates contradict each other; nothing but rounding can",
        "left out": "higher: nothing, it is no number",
    },
    reads={"citizens": ("weight", "age", *FIXED, "days.*", "false_days.*", "missed_days.*")},
    of=of,
    worst=tuple(f"{what} {rate}: " for what in ("gap in", "excess of") for rate in MAIN) + ("equalised odds, gap: ", "calibration, gap: "),
    condense=condense,
    front=lambda of: of.endswith(": everybody") or of.startswith(("worst ", "identity", "left out")),
)
