"""A design: in which numbers the runs of a sweep differ, and with which seeds. Written as words of --vary, or as a TOML file."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from glasshouse.catalogue.files import Text, read
from glasshouse.errors import BadInput, nearest
from glasshouse.scenarios import Scenario

Point = int | float | str
"""A number, or a day as text."""
Values = dict[str, list[Point]]
SEED, SEEDS, LIST, GRID, POINTS, BETWEEN, RANGE = "seed", "seeds", "list", "grid", "points", "between", "range"
SAMPLES = ("latin_hypercube", "sobol")
MOST = 1_000_000
"""Runs of a sweep at most."""
SHAPE = "0:0.5:11 (eleven from 0 to 0.5), 1..20 (whole numbers), or a,b,c"
_SPAN, _LINE = re.compile(r"(\d+)\.\.(\d+)"), re.compile(r"([^:,]+):([^:,]+):(\d+)")


@dataclass(frozen=True)
class Design:
    """The runs of a sweep: each setting with each seed. Final.

    Fields:
        keys: the paths of the numbers that are varied, in order.
        settings: for each setting a number a key; None where the scenario's own is left.
        seeds: of each setting.
    """

    keys: tuple[str, ...]
    settings: tuple[tuple[Point | None, ...], ...]
    seeds: tuple[int, ...]

    @property
    def total(self) -> int:
        """How many runs there are."""
        return len(self.settings) * len(self.seeds)

    def changes(self, number: int) -> dict[str, Point]:
        """What a run sets, by path. number: of the run, from 0 on; the seeds of a setting follow each other."""
        setting = self.settings[number // len(self.seeds)]
        return {key: point for key, point in zip(self.keys, setting, strict=True) if point is not None}

    def seed(self, number: int) -> int:
        """The seed of a run."""
        return self.seeds[number % len(self.seeds)]

    def as_dict(self) -> dict[str, Any]:
        """The design as plain data."""
        return {"keys": list(self.keys), "settings": [list(setting) for setting in self.settings], "seeds": list(self.seeds)}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Design:
        """The design that `as_dict` wrote."""
        return cls(tuple(found["keys"]), tuple(tuple(setting) for setting in found["settings"]), tuple(found["seeds"]))


def designed(scenario: Scenario, vary: Mapping[str, Any], file: str | Path | None = None) -> Design:
    """The runs that are asked for, with every key checked.

    The settings are the product of the list, the grid and the sample of the file, and of what `vary` says; the last varies fastest.

    Args:
        scenario: whose numbers are varied.
        vary: by key what its number takes, as text or a list; the key `seed` says the seeds.
        file: a TOML file with more of it: [grid], [[list]], [latin_hypercube] or [sobol], and seeds.

    Raises:
        BadInput: the first fault, with the nearest right key.
    """
    given = dict(vary)
    if file is None:
        seeds, blocks = None, []
    else:
        seeds, blocks = _from_file(scenario, read(file))
    seeds = given.pop(SEED, seeds)
    grid = {key: points(key, wanted) for key, wanted in given.items()}
    blocks += [_grid(grid)] if grid else []
    keys = [key for names, _ in blocks for key in names]
    _check_keys(scenario, keys)
    found = tuple(tuple(itertools.chain(*parts)) for parts in _product([settings for _, settings in blocks]))
    design = Design(tuple(keys), found, _seeds(scenario.seed if seeds is None else seeds))
    if not keys and len(design.seeds) == 1:
        raise BadInput("nothing is varied: name a number, or more seeds than one", key="vary", hint="seed=1..10")
    check_many(design.total)
    return design


Block = tuple[tuple[str, ...], list[tuple[Point | None, ...]]]
"""Keys, and settings of them."""


def points(key: str, wanted: Any) -> list[Point]:
    """The values of one number.

    Args:
        key: its path, for messages.
        wanted: text as on the command line, or numbers.

    Example:
        >>> points("x", "0:0.3:4"), points("x", "1..4"), points("x", "0.5,2"), points("x", [1, 2.5])
        ([0.0, 0.1, 0.2, 0.3], [1, 2, 3, 4], [0.5, 2], [1, 2.5])
        >>> points("start", "2019-01-01,2020-01-01")
        ['2019-01-01', '2020-01-01']
    """
    if isinstance(wanted, str):
        found = _spelt(key, wanted.replace(" ", ""))
    else:
        found = list(wanted) if isinstance(wanted, Sequence) else [wanted]
    for each in found:
        if isinstance(each, bool) or not isinstance(each, Point) or (isinstance(each, float) and not math.isfinite(each)):
            raise BadInput(f"must be numbers, not {each!r}", key=key)
    if not found:
        raise BadInput("takes no value", key=key)
    twice = [each for each, times in Counter(found).items() if times > 1]
    if twice:
        raise BadInput(f"takes {twice[0]} twice", key=key)
    return found


def _spelt(key: str, text: str) -> list[Point]:
    if span := _SPAN.fullmatch(text):
        low, high = int(span[1]), int(span[2])
        check_many(high - low + 1)
        return list(range(low, high + 1))
    if line := _LINE.fullmatch(text):
        return _spread(key, line[1], line[2], int(line[3]))
    if ":" in text or ".." in text:
        raise BadInput(f"must be written as {SHAPE}, not `{text}`", key=key)
    return [_point(each) for each in text.split(",") if each]


def _spread(key: str, low: str, high: str, count: int) -> list[Point]:
    """So many numbers from one to another, exact as decimals are."""
    try:
        first, last = Fraction(low), Fraction(high)
    except (ValueError, ZeroDivisionError):
        raise BadInput(f"must go from a number to a number, not from `{low}` to `{high}`", key=key) from None
    if count < 2 or first == last:
        raise BadInput(f"must be two numbers or more between two ends, not `{low}:{high}:{count}`", key=key)
    check_many(count)
    exact = [first + (last - first) * step / (count - 1) for step in range(count)]
    whole = all(each.denominator == 1 for each in exact)
    return [int(each) if whole else float(each) for each in exact]


def _point(text: str) -> Point:
    for kind in (int, float):
        try:
            return kind(text.replace("_", ""))
        except ValueError:
            continue
    return text


def _seeds(wanted: Any) -> tuple[int, ...]:
    found = points(SEED, wanted)
    for each in found:
        if not isinstance(each, int) or each < 0:
            raise BadInput(f"must be whole numbers of at least 0, not {each!r}", key=SEED)
    return tuple(found)  # type: ignore[arg-type]


def _grid(axes: Values) -> Block:
    check_many(math.prod(len(axis) for axis in axes.values()))
    return tuple(axes), list(itertools.product(*axes.values()))


def _product(blocks: list[list[tuple[Point | None, ...]]]) -> Iterable[tuple[tuple[Point | None, ...], ...]]:
    check_many(math.prod(len(block) for block in blocks))
    return itertools.product(*blocks)


def check_many(runs: int) -> None:
    """Refuses more runs than a sweep may have."""
    if runs > MOST:
        raise BadInput(f"these are {runs:,} runs or more, and a sweep has at most {MOST:,}", key="vary")


def _check_keys(scenario: Scenario, keys: list[str]) -> None:
    known = [row["key"] for row in scenario.keys()]
    for number, key in enumerate(keys):
        if key == SEED:
            raise BadInput("the seeds are one list for all settings: `seeds` of the file, or --vary seed=1..20", key=key)
        if key not in known:
            raise BadInput("there is no such key", key=key, hint=nearest(key, [*known]))
        if key in keys[:number]:
            raise BadInput("is varied twice", key=key)


def _from_file(scenario: Scenario, source: Text) -> tuple[Any, list[Block]]:
    """The seeds and the blocks that a design file holds."""
    data, known = source.data, (SEEDS, GRID, LIST, *SAMPLES)
    for name in data:
        if name not in known:
            raise BadInput(f"a design has {', '.join(known)}", source.name, source.line((name,)), name, nearest(name, known))
    blocks: list[Block] = []
    if LIST in data:
        blocks.append(_listed(source, data[LIST]))
    if GRID in data:
        blocks.append(_grid({key: points(key, wanted) for key, wanted in _flat(source, GRID, data[GRID]).items()}))
    blocks += [sampled(scenario, source, name) for name in SAMPLES if name in data]
    for keys, _ in blocks:
        _check_keys(scenario, list(keys))
    return data.get(SEEDS), blocks


def _listed(source: Text, entries: Any) -> Block:
    if not isinstance(entries, list) or not entries:
        raise BadInput("must be tables, each headed [[list]]", source.name, source.line((LIST,)), LIST)
    flat = [_flat(source, LIST, entry) for entry in entries]
    keys = tuple(dict.fromkeys(key for entry in flat for key in entry))
    for entry in flat:
        for key, each in entry.items():
            points(key, each if isinstance(each, str) else [each])
    return keys, [tuple(entry.get(key) for key in keys) for entry in flat]


def _flat(source: Text, place: str, part: Any, path: str = "") -> dict[str, Any]:
    """Nested tables as dotted keys: "a.b" = 1 and a.b = 1 are the same."""
    if not isinstance(part, Mapping):
        raise BadInput("must be a table of keys", source.name, source.line((place,)), place)
    found: dict[str, Any] = {}
    for key, inner in part.items():
        name = f"{path}{key}"
        found |= _flat(source, place, inner, f"{name}.") if isinstance(inner, Mapping) else {name: inner}
    return found


def sampled(scenario: Scenario, source: Text, name: str) -> Block:
    """A Latin hypercube, or the beginning of a Sobol sequence, over ranges of numbers; drawn with a seed of its own."""
    from scipy.stats import qmc

    part = source.data[name]
    odd = [key for key in part if key not in (POINTS, SEED, BETWEEN)] if isinstance(part, Mapping) else [name]
    if odd or not isinstance(part.get(BETWEEN), Mapping):
        told = f"must have {POINTS}, {SEED} and the table [{name}.{BETWEEN}]"
        raise BadInput(told, source.name, source.line((name,)), ".".join(dict.fromkeys((name, *odd))))
    count, seed = (_whole(source, name, key, part.get(key, 1)) for key in (POINTS, SEED))
    check_many(count)
    if name == "sobol" and count & (count - 1):
        better = str(2 ** round(math.log2(count)))
        raise BadInput("must be a power of two, for a Sobol sequence covers its ranges evenly only then", source.name,
                       source.line((name, POINTS)), f"{name}.{POINTS}", better)  # fmt: skip
    wanted = _flat(source, name, part[BETWEEN])
    _check_keys(scenario, list(wanted))
    ends = {key: _ends(scenario, source, (name, BETWEEN, key), each) for key, each in wanted.items()}
    maker = qmc.Sobol(len(ends), seed=seed) if name == "sobol" else qmc.LatinHypercube(len(ends), seed=seed)
    whole = [_is_whole(scenario, key, low) for key, (low, _) in ends.items()]
    rows = [tuple(_between(*span, share, w) for span, share, w in zip(ends.values(), row, whole, strict=True)) for row in maker.random(count).tolist()]
    return tuple(ends), rows


def _whole(source: Text, name: str, key: str, number: Any) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise BadInput(f"must be a whole number of at least 1, not {number!r}", source.name, source.line((name, key)), f"{name}.{key}")
    return number


def _ends(scenario: Scenario, source: Text, place: tuple[str, ...], given: Any) -> tuple[float, float]:
    """The ends between which a number is drawn: two numbers, or those of its range in the ledger."""
    key = place[-1]
    if given == RANGE and key in scenario.values:
        given = scenario.values[key].range
    numbers = list(given) if isinstance(given, Sequence) and not isinstance(given, str) else []
    if len(numbers) != 2 or not all(isinstance(end, int | float) and not isinstance(end, bool) for end in numbers) or not numbers[0] < numbers[1]:
        raise BadInput(f'must be two numbers, low and high, or "{RANGE}" where the ledger has one', source.name, source.line(place), key)
    return numbers[0], numbers[1]


def _is_whole(scenario: Scenario, key: str, low: float) -> bool:
    """Whether a number takes whole values alone."""
    if not isinstance(scenario.at(key), int) or low != int(low):
        return False
    try:
        scenario.with_(set={key: low + 0.5})
    except BadInput:
        return True
    return False


def _between(low: float, high: float, share: float, whole: bool) -> Point:
    return min(int(high), int(low) + int(share * (int(high) - int(low) + 1))) if whole else low + share * (high - low)
