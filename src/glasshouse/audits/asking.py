"""What an audit is, and how it is asked of finished runs: a number each, with an interval, from their stored tables alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import polars as pl
from scipy import special

from glasshouse.audits.paired import LEAST, Mean, mean_of, unpaired
from glasshouse.errors import BadInput, nearest
from glasshouse.society.households import COMMUNITY
from glasshouse.store import Run

SPLIT = ("citizens", "spells", "panel")
"""Tables with a citizen in each row: what reads no others can be asked of some communities alone."""
PARTS = 20
"""Into so many parts a society is divided at most, whole communities each."""
SMALL = 30
"""A number that rests on fewer people is flagged."""
SOCIETY = "95 % interval of this society, not the model"
TABLE = {
    "audit": pl.String, "regime": pl.String, "of": pl.String, "value": pl.Float64, "low": pl.Float64, "high": pl.Float64,
    "difference": pl.Float64, "difference_low": pl.Float64, "difference_high": pl.Float64, "kind": pl.String, "runs": pl.Int64,
    "people": pl.Int64, "small": pl.Boolean, "between": pl.String, "unpaired": pl.Float64, "front": pl.Boolean, "unit": pl.String,
    "direction": pl.String, "definition": pl.String,
}  # fmt: skip


@dataclass(frozen=True)
class Counted:
    """A number and how many people it rests on, so that small groups are flagged. Final.

    between: of how far groups are apart, which two these are.
    """

    number: float | None
    people: int
    between: str | None = None


Found = Mapping[str, float | Counted | None]
"""What a number is of -> the number; None where there is no case."""


@dataclass(frozen=True)
class Lazy:
    """A run before its tables are read: the frames by name, the names of the penalties and rewards of each regime, and the scenario. Final."""

    frames: dict[str, pl.LazyFrame]
    regimes: dict[str, dict[str, dict[str, None]]]
    scenario_toml: str = ""


@dataclass(frozen=True)
class Audit:
    """A question asked of a finished run, from its stored tables alone.

    Fields:
        name: what it is asked for by.
        question: what it answers, as a question.
        definition: how the number is worked out, in a sentence.
        unit: the unit of the number; of numbers of several kinds, the unit by how the name begins of what the number is of.
        direction: what a larger number means, or likewise by how the name begins; judgement is the reader's.
        reads: the tables it reads, and of each which columns (a star stands for any end: `days.*`); it is handed no others. Names of
            tables alone stand for all of their columns.
        of: from a run and a regime to numbers, by what each is of. Of the run's summary it sees which penalties and rewards each regime
            has, and no number. It may read the rows of other regimes: they are the same people with the same luck.
        worst: beginnings of names among which the largest number is looked for, of each: in runs with odd seeds it is chosen among those
            that rest on enough people, in those with even seeds it is measured, so that the choice does not flatter it; its row is `worst`
            and the chosen name.
        condense: makes small tables of those that it reads, once for all regimes, and `of` is handed these. It is given a run whose tables
            are not read yet (Polars' LazyFrame), each with a column `part` beside its own; what it gives must have columns `regime`
            and `part`, for the interval of one run leaves out a part after another. For sums over a million citizens.
        twins: whether it looks at how differences are spread over single citizens. Such figures hang on the two having the same luck:
            `compare` asks them again with the luck of responses drawn anew under one of the two.
        front: whether a number of this name is told first; the others are folded away where a person reads, but for the worst of each
            beginning. By default all of them are.
    """

    name: str
    question: str
    definition: str
    unit: str | Mapping[str, str]
    direction: str | Mapping[str, str]
    reads: Mapping[str, tuple[str, ...]] | tuple[str, ...]
    of: Callable[[Run, str], Found] = field(repr=False)
    worst: tuple[str, ...] = ()
    condense: Callable[[Lazy], dict[str, pl.DataFrame]] | None = field(default=None, repr=False)
    twins: bool = False
    front: Callable[[str], bool] = field(default=lambda of: True, repr=False)

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """The tables it reads, and of each which columns."""
        return dict(self.reads) if isinstance(self.reads, Mapping) else dict.fromkeys(self.reads, ("*",))


Numbers = dict[str, Counted]


def ask(audit: Audit, runs: list[Run], regimes: list[str]) -> list[dict[str, Any]]:
    """One audit's rows, as of TABLE: a row a regime and thing asked about, each beside the first regime."""
    if len(runs) > 1:
        return over_seeds(audit, [numbers_of(audit, run, regimes) for run in runs], [run.summary["run"].get("seed", 0) for run in runs])
    sight = _sight(audit, runs[0])
    whole, *parts = ({name: _asked(audit, part, name) for name in regimes} for part in chain([sight], _parts(audit, sight)))
    return _rows(audit, [whole], lambda numbers, each: _jackknife(numbers[0], each(parts)))


def numbers_of(audit: Audit, run: Run, regimes: list[str]) -> dict[str, Numbers]:
    """What an audit finds in one run, by regime."""
    sight = _sight(audit, run)
    return {name: _asked(audit, sight, name) for name in regimes}


def over_seeds(audit: Audit, whole: list[dict[str, Numbers]], seeds: list[int]) -> list[dict[str, Any]]:
    """The rows of an audit, as of TABLE, from what it found in several runs with a seed of its own each."""
    for prefix in audit.worst:
        whole = _with_worst(prefix, whole, seeds)
    return _rows(audit, whole, lambda numbers, each: mean_of([number for number in numbers if number is not None]))


def _rows(audit: Audit, whole: list[dict[str, Numbers]], mean: Callable[..., Mean]) -> list[dict[str, Any]]:
    """A row a regime and thing asked about, each beside the first regime. mean: of one number a run, and of how to read the same elsewhere."""
    first, rows = next(iter(whole[0])), []
    for name in whole[0]:
        for of in dict.fromkeys(of for found in whole for of in found[name]):
            level = lambda runs: [_number(found[name], of) for found in runs]  # noqa: B023, E731
            apart = lambda runs: [minus(_number(found[name], of), _number(found[first], of)) for found in runs]  # noqa: B023, E731
            one, gap = (mean(each(whole), each) for each in (level, apart))
            counted = [found[name][of] for found in whole if of in found[name]]
            people = min((each.people for each in counted if each.people >= 0), default=None)
            pairs = [each.between for each in counted if each.between is not None]
            beside = {"difference": gap.mean, "difference_low": gap.low, "difference_high": gap.high} if name != first else {}
            row = {"audit": audit.name, "regime": name, "of": of, "value": one.mean, "low": one.low, "high": one.high, "runs": one.seeds}
            row |= {"people": people, "small": None if people is None else people < SMALL, "front": audit.front(of)}
            row |= {"between": max(pairs, key=pairs.count, default=None)}
            row |= {"unpaired": None if name == first else _unpaired(whole, first, name, of)}
            told = {"unit": _words(audit, audit.unit, of), "direction": _words(audit, audit.direction, of), "definition": audit.definition}
            rows.append(dict.fromkeys(TABLE) | row | beside | {"kind": one.kind} | told)
    return _with_worst_in_front(audit, rows)


def _unpaired(whole: list[dict[str, Numbers]], first: str, name: str, of: str) -> float | None:
    """How many times the runs it would have taken without twins, from those that have the number under both regimes."""
    pairs = [(a, b) for found in whole if (a := _number(found[first], of)) is not None and (b := _number(found[name], of)) is not None]
    return unpaired([a for a, _ in pairs], [b for _, b in pairs])


def _with_worst_in_front(audit: Audit, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, of which the worst of each beginning stands in front: that which odd seeds chose, else the largest."""
    for regime in dict.fromkeys(row["regime"] for row in rows):
        mine = [row for row in rows if row["regime"] == regime]
        for prefix in audit.worst:
            chosen = [row for row in mine if row["of"].startswith(f"worst {prefix}")]
            firm = [row for row in mine if row["of"].startswith(prefix) and row["value"] is not None and not row["small"]]
            for row in chosen or sorted(firm, key=lambda row: -row["value"])[:1]:
                row["front"] = True
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


def _sight(audit: Audit, run: Run) -> Run:
    """What an audit is handed of a run: the columns it reads, with the numbers of the citizens, and the names of what each regime has."""
    parts = ("penalties", "rewards")
    has = {name: {part: dict.fromkeys(found.get(part, {})) for part in parts} for name, found in run.summary["regimes"].items()}
    wanted = {name: {*columns, "regime", "citizen"} for name, columns in audit.columns.items()}
    if audit.condense is None:
        tables = {name: run.part(name, columns) for name, columns in wanted.items()}
    else:
        part = (pl.col("citizen") // COMMUNITY % max(1, _many(run))).cast(pl.UInt8)
        frames = {name: run.lazy(name, columns) for name, columns in wanted.items()}
        split = {name: frame.with_columns(part=part) for name, frame in frames.items() if name in SPLIT}
        try:
            tables = audit.condense(Lazy(frames | split, has, run.scenario_toml))
        except (pl.exceptions.ComputeError, pl.exceptions.PanicException, OSError) as error:
            raise BadInput(f"a table is damaged ({error})", file=run.folder) from None
    return Run(None, {"run": run.summary["run"], "regimes": has}, run.scenario_toml, run.what, {}, tables)


def _asked(audit: Audit, run: Run, regime: str) -> Numbers:
    """The numbers of one regime, checked."""
    found = audit.of(run, regime)
    if not isinstance(found, dict) or not all(isinstance(of, str) for of in found):
        raise BadInput(f"must give a dict of numbers by what each is of, not {type(found).__name__}", key=f"audits.{audit.name}")
    counted = {of: each if isinstance(each, Counted) else Counted(each, -1) for of, each in found.items()}
    for of, each in counted.items():
        if each.number is not None and not (isinstance(each.number, int | float) and math.isfinite(each.number)):
            raise BadInput(f"must be a number, or None where there is no case, not {each.number!r}", key=f"audits.{audit.name}.{of}")
    return counted


def _number(found: Numbers, of: str) -> float | None:
    return found[of].number if of in found else None


def _words(audit: Audit, words: str | Mapping[str, str], of: str) -> str:
    """What is said of a number: the same of all, or by how the name begins of what it is of."""
    if isinstance(words, str):
        return words
    name = of.removeprefix("worst ")
    said = next((said for beginning, said in words.items() if name.startswith(beginning)), None)
    if said is None:
        raise BadInput("is given, but of no name that begins so is a unit or a direction told", key=f"audits.{audit.name}.{of}")
    return said


def _with_worst(prefix: str, whole: list[dict[str, Numbers]], seeds: list[int]) -> list[dict[str, Numbers]]:
    """The numbers with one more a regime: the largest of some, chosen in runs with odd seeds and told of those with even ones."""
    for name in whole[0]:
        names = dict.fromkeys(of for found in whole for of in found[name] if of.startswith(prefix))
        odd = [found[name] for found, seed in zip(whole, seeds, strict=True) if seed % 2]
        firm = [of for of in names if not any(of in found and 0 <= found[of].people < SMALL for found in odd)]
        means = {of: mean_of([n for found in odd if (n := _number(found, of)) is not None]).mean for of in firm}
        seen = {of: mean for of, mean in means.items() if mean is not None}
        if not seen or all(seed % 2 for seed in seeds):
            continue
        worst = max(seen, key=lambda of: seen[of])
        for found, seed in zip(whole, seeds, strict=True):
            if seed % 2 == 0 and worst in found[name]:
                found[name][f"worst {worst}"] = found[name][worst]
    return whole


def _parts(audit: Audit, sight: Run) -> Iterator[Run]:
    """The same run without each of its parts in turn, whole communities each; none where it cannot be split, or has too few of them."""
    many = _many(sight)
    if many < LEAST or not set(audit.columns) <= set(SPLIT):
        return
    part = pl.col("citizen") // COMMUNITY % many if audit.condense is None else pl.col("part")
    for without in range(many):
        tables = {name: frame.filter(part != without) for name, frame in sight.tables.items()}
        yield Run(None, sight.summary, sight.scenario_toml, sight.what, {}, tables)


def _many(run: Run) -> int:
    """Into how many parts its communities are put."""
    return min(-(-run.summary["run"]["citizens"] // COMMUNITY), PARTS)


def _jackknife(number: float | None, parts: list[float | None]) -> Mean:
    """A number of one run with 95 % confidence over its parts; without an interval where they are too few."""
    left = [part for part in parts if part is not None]
    if number is None or len(left) < LEAST:
        return Mean(number, None, None, None, int(number is not None))
    mean, n = math.fsum(left) / len(left), len(left)
    half = float(special.stdtrit(n - 1, 0.975)) * math.sqrt((n - 1) / n * math.fsum((part - mean) ** 2 for part in left))
    return Mean(number, number - half, number + half, SOCIETY, 1)


def minus(number: float | None, other: float | None) -> float | None:
    """One number less another; None where either is no case."""
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
