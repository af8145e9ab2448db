"""The citizens of a run: invented people, drawn from published totals and a seed, as columns of numbers."""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import BadInput
from glasshouse.society.columns import BYTES, WORDS, Columns, number_households
from glasshouse.society.draw import draw
from glasshouse.society.households import COMMUNITY
from glasshouse.society.lives import alive as alive_on
from glasshouse.society.plan import make_plan
from glasshouse.society.tables import Tables

MOST_CITIZENS = 2_000_000_000
CHUNK = 16
BYTES_A_CITIZEN = len(BYTES) + 4 * len(WORDS) + 8
"""Memory that a society takes, and nothing of that order beside it: 45 bytes a citizen."""


@dataclass(frozen=True)
class People:
    """Citizens 0..n-1, one array a trait, each of shape (n,) and read-only: all who live on the first day or are born in ten years from it.

    A household is a run of neighbouring slots and never crosses a multiple of 1,024 (a tile); 4,096 slots are a community, whose households
    stand towns first, then by rising income with some noise. The first of a household is an adult, and the second that adult's spouse if
    there is one; after those who live on the first day come those who are born later, and at the end of a tile places that stay empty.
    Where nothing else is said, a trait is that of the first day, and 0 for one who is not born yet.

    Attributes:
        sex: uint8, 0 male, 1 female.
        birth: int32, day of birth, counted from the scenario's first day (0): -38,354..3,652, or 36,525 for a place that stays empty.
        death: int32, the first day on which the citizen lives no more, above 0; 36,525 for one who outlives every run.
        urban: uint8, 1 lives in a town.
        education: uint8, 0 none or other, 1 illiterate (15+), 2 primary, 3 junior, 4 senior, 5 college; students count at their level.
        quintile: uint8, 0..4, the household's fifth of households ranked by income a head.
        income: int32, disposable income of the household a head, fen a day, above 0.
        household: int32, 0.., numbers in order of slots.
        place: uint8, 0..size-1, place inside the household.
        size: uint8, 1.., places of the household: up to 8 living on the first day, up to 3 births, and places that stay empty.
        internet: uint8, 1 uses the internet.
        pays, shops, talks, searches: uint8, 1 pays by phone, shops online, uses a messenger, searches; only internet users, and who
            shops pays.
        drives: uint8, 1 holds a driving licence (adults).
        works: uint8, 1 is in work (adults).
        group: uint8, a label, the same in a household; only watch and measure may receive it.
        wealth: int64, fen, net worth at the start, the household's split evenly over its adults; at least 0.
        debt: int32, fen, debt at the start, likewise; 0..2^31-1. Net worth is after this debt.
        renter: uint8, 1 the household rents its home.
        parent: uint8, 1 an adult in a household with a child of 6 to 17.
        elsewhere: uint8, 1 the household is registered elsewhere (hukou).
    """

    sex: NDArray[np.uint8]
    birth: NDArray[np.int32]
    death: NDArray[np.int32]
    urban: NDArray[np.uint8]
    education: NDArray[np.uint8]
    quintile: NDArray[np.uint8]
    income: NDArray[np.int32]
    household: NDArray[np.int32]
    place: NDArray[np.uint8]
    size: NDArray[np.uint8]
    internet: NDArray[np.uint8]
    pays: NDArray[np.uint8]
    shops: NDArray[np.uint8]
    talks: NDArray[np.uint8]
    searches: NDArray[np.uint8]
    drives: NDArray[np.uint8]
    works: NDArray[np.uint8]
    group: NDArray[np.uint8]
    wealth: NDArray[np.int64]
    debt: NDArray[np.int32]
    renter: NDArray[np.uint8]
    parent: NDArray[np.uint8]
    elsewhere: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.sex)

    def __repr__(self) -> str:
        return f"People({len(self):,} citizens, {np.count_nonzero(self.living()):,} living, in {self.households:,} households)"

    @property
    def households(self) -> int:
        """How many households there are."""
        return int(self.household[-1]) - int(self.household[0]) + 1

    def living(self, day: int = 0) -> NDArray[np.bool_]:
        """Who lives on a day of the scenario, bool, (n,)."""
        return alive_on(self.birth, self.death, day)

    def on(self, day: int = 0) -> People:
        """Those who live on a day and nobody else; `size` is then how many of the household live, and `place` counts them.

        Example:
            >>> from glasshouse.society import load_tables
            >>> people = build(load_tables(), citizens=5000, seed=1)
            >>> bool((people.on(0).birth < 0).all()), len(people.on(0)) < len(people)
            (True, True)
        """
        alive = self.living(day)
        here = {name: column[alive] for name, column in self.columns()}
        home = here["household"]
        first = np.flatnonzero(np.diff(home, prepend=home[:1] - 1))
        count = np.diff(np.append(first, len(home)))
        here["size"] = np.repeat(count, count).astype(np.uint8)
        here["place"] = (np.arange(len(home)) - np.repeat(first, count)).astype(np.uint8)
        return replace(self, **here)

    def age(self, day: int = 0) -> NDArray[np.int32]:
        """Age in whole years on a day of the scenario, int32, (n,); below 0 for who is not born yet."""
        return 4 * (day - self.birth) // 1461

    def columns(self) -> Iterator[tuple[str, NDArray]]:
        """Each trait's name and array, in the order above."""
        return ((part.name, getattr(self, part.name)) for part in fields(self))

    def digest(self) -> str:
        """A hash of every trait of every citizen: the same for the same tables, seed and number on any machine."""
        made = hashlib.sha256()
        for name, array in self.columns():
            made.update(f"{name}:{array.dtype.newbyteorder('<').str}:{len(array)}".encode())
            made.update(memoryview(np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))).cast("B"))
        return made.hexdigest()


def build(tables: Tables, citizens: int, seed: int, threads: int | None = None, begin: int = 0, end: int | None = None) -> People:
    """Draw a society of invented people that has the published totals.

    Args:
        tables: from `load_tables`.
        citizens: how many, 1 or more.
        seed: 0 .. 2^64 - 1; the same seed gives the same people.
        threads: how many at once; all processors if None. It changes nothing in the result.
        begin, end: the communities wanted, of 4,096 slots each; all of them if not said.

    Returns:
        The citizens; numbers of households count from `begin` on. Those of full communities (4,096 slots) are the same whatever `citizens` is.

    Raises:
        BadInput: a number of citizens or a seed out of range, more citizens than memory, or tables that contradict each other.

    Example:
        >>> from glasshouse.society import load_tables
        >>> people = build(load_tables(), citizens=5000, seed=1)
        >>> len(people), sorted({int(fifth) for fifth in people.quintile})
        (5000, [0, 1, 2, 3, 4])
    """
    citizens, seed = checked(citizens, seed)
    plan = make_plan(tables)
    communities = -(-citizens // COMMUNITY)
    end = communities if end is None else min(end, communities)
    columns = room(min(end * COMMUNITY, citizens) - begin * COMMUNITY)
    counts = np.zeros(end - begin, dtype=np.int64)
    ranges = [(first, min(first + CHUNK, end)) for first in range(begin, end, CHUNK)]
    numbers = columns.words[WORDS.index("household")]
    with ThreadPoolExecutor(max_workers=max(1, threads or os.cpu_count() or 1)) as pool:
        list(pool.map(lambda part: draw(plan, seed, *part, citizens, columns, counts, begin), ranges))
        before = np.cumsum(counts) - counts
        list(pool.map(lambda part: number_households(numbers, before, part[0] - begin, part[1] - begin), ranges))
    return people_of(columns)


def stream(
    tables: Tables, citizens: int, seed: int, begin: int = 0, end: int | None = None, threads: int | None = None
) -> Iterator[tuple[int, People]]:
    """Draw a society of any size a few communities at a time, so that it need not fit in memory.

    Args:
        tables, citizens, seed, threads: as for `build`.
        begin, end: the communities wanted, of 4,096 slots each; all of them if not said.

    Yields:
        The first slot of a stretch of communities, and its citizens, in order of slots; they are those that `build` draws, but for the
        numbers of households, which count from the beginning of `begin`.

    Raises:
        BadInput: as for `build`.

    Example:
        >>> from glasshouse.society import load_tables
        >>> [(first, len(people)) for first, people in stream(load_tables(), 1_400_000_000, seed=1, begin=341_796)]
        [(1399996416, 3584)]
    """
    citizens, seed = checked(citizens, seed)
    plan = make_plan(tables)
    last = -(-citizens // COMMUNITY)
    end = last if end is None else min(end, last)
    workers = max(1, threads or os.cpu_count() or 1)

    def stretch(first: int) -> tuple[int, Columns, NDArray[np.int64]]:
        to = min(first + CHUNK, end)
        columns = room(min(to * COMMUNITY, citizens) - first * COMMUNITY)
        counts = np.zeros(to - first, dtype=np.int64)
        draw(plan, seed, first, to, citizens, columns, counts, first)
        return first, columns, counts

    homes = 0
    with ThreadPoolExecutor(max_workers=workers) as pool:
        waiting: deque[Future] = deque()
        starts = iter(range(begin, end, CHUNK))
        for first in islice(starts, 2 * workers):
            waiting.append(pool.submit(stretch, first))
        while waiting:
            at, columns, counts = waiting.popleft().result()
            for first in islice(starts, 1):
                waiting.append(pool.submit(stretch, first))
            before = homes + np.cumsum(counts) - counts
            number_households(columns.words[WORDS.index("household")], before, 0, len(counts))
            homes += int(counts.sum())
            yield at * COMMUNITY, people_of(columns)


def checked(citizens: int, seed: int) -> tuple[int, int]:
    """A number of citizens and a seed that can be used."""
    if isinstance(citizens, bool) or not isinstance(citizens, (int, np.integer)) or not 1 <= citizens <= MOST_CITIZENS:
        raise BadInput(f"citizens must be a whole number from 1 to {MOST_CITIZENS:,}, not {citizens!r}")
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**64:
        raise BadInput(f"the seed must be a whole number from 0 to 2^64 - 1, not {seed!r}")
    return int(citizens), int(seed)


def room(citizens: int) -> Columns:
    """Columns for so many citizens, not filled yet."""
    try:
        return Columns(np.empty((len(BYTES), citizens), np.uint8), np.empty((len(WORDS), citizens), np.int32), np.empty(citizens, np.int64))
    except MemoryError:
        needed = citizens * BYTES_A_CITIZEN / 2**30
        raise BadInput(f"{citizens:,} citizens do not fit in memory: they alone need {needed:.1f} GiB") from None


def joined(parts: list[People]) -> People:
    """One society out of stretches of it that were drawn apart, in order; numbers of households run on."""
    before = np.cumsum([0, *(part.households for part in parts)])
    rows = {name: np.concatenate([getattr(part, name) for part in parts]) for name, _ in parts[0].columns()}
    homes = [part.household + np.int32(count) for part, count in zip(parts, before, strict=False)]
    return People(**rows | {"household": np.concatenate(homes)})


def people_of(columns: Columns) -> People:
    """Filled columns as citizens."""
    for array in columns:
        array.flags.writeable = False
    rows = {**dict(zip(BYTES, columns.bytes, strict=True)), **dict(zip(WORDS, columns.words, strict=True))}
    return People(wealth=columns.wealth, **rows)
