"""What an audit is, and how it is asked of finished runs: a number each, with an interval, from their stored tables alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from scipy import special

from glasshouse.audits.paired import LEAST, Mean, mean_of
from glasshouse.errors import BadInput, nearest
from glasshouse.society.households import COMMUNITY
from glasshouse.store import Run

Found = dict[str, float | None]
"""What a number is of -> the number; None where there is no case."""
SPLIT = ("citizens", "spells", "panel")
"""Tables with a citizen in each row: what reads no others can be asked of some communities alone."""
SOCIETY = "95 % interval of this society, not the model"
TABLE = {
    "audit": pl.String, "regime": pl.String, "of": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "difference": pl.Float64, "difference_low": pl.Float64, "difference_high": pl.Float64, "kind": pl.String, "runs": pl.Int64,
    "unit": pl.String, "direction": pl.String, "definition": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Audit:
    """A question asked of a finished run, from its stored tables alone.

    Fields:
        name: what it is asked for by.
        question: what it answers, as a question.
        definition: how the number is worked out, in a sentence.
        unit: the unit of the number.
        direction: what a larger number means; judgement is the reader's.
        reads: the tables it reads; it is handed no others.
        of: from a run and a regime to numbers, by what each is of. Of the run's summary it sees which penalties and rewards each regime
            has, and no number. It may read the rows of other regimes: they are the same people with the same luck.
    """

    name: str
    question: str
    definition: str
    unit: str
    direction: str
    reads: tuple[str, ...]
    of: Callable[[Run, str], Found] = field(repr=False)


def ask(audit: Audit, runs: list[Run], regimes: list[str]) -> list[dict[str, Any]]:
    """One audit's rows, as of TABLE: a row a regime and thing asked about, each beside the first regime."""
    whole = [{name: _asked(audit, _sight(audit, run), name) for name in regimes} for run in runs]
    alone = len(runs) == 1
    parts = _parts(audit, runs[0], regimes) if alone else []
    told = {"unit": audit.unit, "direction": audit.direction, "definition": audit.definition}
    rows = []
    for name in regimes:
        for of in dict.fromkeys(of for found in whole for of in found[name]):
            own = [found[name].get(of) for found in whole]
            gaps = [_minus(found[name].get(of), found[regimes[0]].get(of)) for found in whole]
            if alone:
                one = _jackknife(own[0], [part[name].get(of) for part in parts])
                gap = _jackknife(gaps[0], [_minus(part[name].get(of), part[regimes[0]].get(of)) for part in parts])
            else:
                one, gap = (mean_of([x for x in numbers if x is not None]) for numbers in (own, gaps))
            beside = {"difference": gap.mean, "difference_low": gap.low, "difference_high": gap.high} if name != regimes[0] else {}
            row = {"audit": audit.name, "regime": name, "of": of, "value": one.mean, "low": one.low, "high": one.high, "runs": one.seeds}
            rows.append(dict.fromkeys(TABLE) | row | beside | {"kind": one.kind} | told)
    return rows


def same_question(runs: list[Run]) -> list[str]:
    """The regimes of some runs, in order.

    Raises:
        BadInput: there is no run, or they are not of one question with a seed of its own each.
    """
    if not runs:
        raise BadInput("needs a run", key="runs")
    heads = [run.summary["run"] for run in runs]
    asked = [
        {key: head.get(key) for key in ("scenario", "citizens", "days", "start")} | {"regimes": [*run.summary["regimes"]]}
        for head, run in zip(heads, runs, strict=True)
    ]
    for other in asked[1:]:
        for key, first in asked[0].items():
            if other[key] != first:
                raise BadInput(f"must be of one question: {key} is {first} in the first and {other[key]} in another", key="runs")
    seeds = [head.get("seed") for head in heads]
    twice = next((seed for seed in seeds if seeds.count(seed) > 1), None)
    if twice is not None:
        raise BadInput(f"has the seed {twice} twice: a run counted twice makes the interval too narrow", key="runs")
    return asked[0]["regimes"]


def _sight(audit: Audit, run: Run, without: int | None = None) -> Run:
    """What an audit is handed of a run: the tables it reads, if asked without one community, and the names of what each regime has."""
    tables = {name: run.table(name) for name in audit.reads}
    if without is not None:
        tables = {name: frame.filter(pl.col("citizen") // COMMUNITY != without) for name, frame in tables.items()}
    parts = ("penalties", "rewards")
    has = {name: {part: dict.fromkeys(found.get(part, {})) for part in parts} for name, found in run.summary["regimes"].items()}
    return Run(None, {"run": run.summary["run"], "regimes": has}, run.scenario_toml, run.what, {}, tables)


def _asked(audit: Audit, run: Run, regime: str) -> Found:
    """The numbers of one regime, checked."""
    found = audit.of(run, regime)
    if not isinstance(found, dict) or not all(isinstance(of, str) for of in found):
        raise BadInput(f"must give a dict of numbers by what each is of, not {type(found).__name__}", key=f"audits.{audit.name}")
    for of, number in found.items():
        if number is not None and not (isinstance(number, int | float) and math.isfinite(number)):
            raise BadInput(f"must be a number, or None where there is no case, not {number!r}", key=f"audits.{audit.name}.{of}")
    return found


def _parts(audit: Audit, run: Run, regimes: list[str]) -> list[dict[str, Found]]:
    """The same asked of a run without each of its communities in turn; nothing where it cannot be split, or has too few of them."""
    many = -(-run.summary["run"]["citizens"] // COMMUNITY)
    if many < LEAST or not set(audit.reads) <= set(SPLIT):
        return []
    sights = (_sight(audit, run, without) for without in range(many))
    return [{name: _asked(audit, sight, name) for name in regimes} for sight in sights]


def _jackknife(number: float | None, parts: list[float | None]) -> Mean:
    """A number of one run with 95 % confidence over its communities; without an interval where they are too few."""
    left = [part for part in parts if part is not None]
    if number is None or len(left) < LEAST:
        return Mean(number, None, None, None, int(number is not None))
    mean, n = math.fsum(left) / len(left), len(left)
    half = float(special.stdtrit(n - 1, 0.975)) * math.sqrt((n - 1) / n * math.fsum((part - mean) ** 2 for part in left))
    return Mean(number, number - half, number + half, SOCIETY, 1)


def _minus(number: float | None, other: float | None) -> float | None:
    return None if number is None or other is None else number - other


def chosen(audits: Iterable[str | Audit] | None, shipped: dict[str, Audit]) -> list[Audit]:
    """The audits that were asked for, by name or as they are; all shipped ones where none were.

    Raises:
        BadInput: there is no such audit.
    """
    found = []
    for each in shipped if audits is None else audits:
        if isinstance(each, str) and each not in shipped:
            raise BadInput(f"there is no audit `{each}`", hint=nearest(each, shipped))
        if not isinstance(each, str | Audit):
            raise BadInput(f"must be the name of an audit or an Audit, not a value of type {type(each).__name__}", key="audits")
        found.append(shipped[each] if isinstance(each, str) else each)
    return found
