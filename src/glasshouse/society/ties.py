"""Ties between citizens: computed from the slot by a recipe of groups, never stored. Three layers: address book, talking, core.

The address book holds everybody whom one knows: the household, and those of one's groups (kin, class or workplace, block, town, anywhere)
whom one came to know. The talking layer is the household and those in one of sixteen places, the closest of each group; the core is the
household and the closest of these. Ties arise inside groups only; inside a group like chooses like. So what groups do to who knows whom
(exposure) and what choice does (bias) are apart by construction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import special

from glasshouse.rules import maths
from glasshouse.rules import tie as rules
from glasshouse.society.compiled import compiled as on_disk
from glasshouse.society.people import People, build
from glasshouse.society.tables import Tables

PLACES = 16
"""Talking ties that a citizen has places for, one bit each."""
TALK = 4
"""Talking ties of one week."""
TURNS = (5, 9)
"""Which place is replaced when: the turn of a place is 5 times its number, and 9, counted round."""
WORD = 2**32
HALF_LEVELS = 12
LEVELS = 2 * HALF_LEVELS + 1
"""Levels of sociability: every quarter of a standard deviation, three to either side."""
QUARTER = 0.25
MOST_STEPS = int(rules.LAST_STEP)
YEAR = 365.2425
GROWN = 18
FIFTHS = 5
_GOLDEN = 0x9E3779B1


@dataclass(frozen=True)
class Group:
    """One kind of group: whom it is made of, how its members come to know each other, and who of them talk.

    Attributes:
        name: such as "kin".
        span: slots from which the members come, a power of two; None for the whole society.
        members: of a group, a power of two.
        together: neighbouring slots that are in the same group, a power of two.
        many: of these groups that one belongs to. met: how many of the others of each one may come to know at all; None for all.
        nearest, farthest: chance to know the closest and the most distant of them, 0..1, for two of middling sociability and alike.
        class_choice: share of ties that are not made for each fifth of income apart.
        age_choice: share that are not made for each step of age apart.
        talking: places among the talking ties. core: how many of these belong to the core.
    """

    name: str
    span: int | None
    members: int
    together: int
    many: int
    met: int | None
    nearest: float
    farthest: float
    class_choice: float
    age_choice: float
    talking: int
    core: int


@dataclass(frozen=True)
class Recipe:
    """How a society is tied.

    Attributes:
        name: such as "measured".
        groups: in order.
        spread: standard deviation of the logarithm of sociability.
        child_years, adult_years: years to one step of age, below 18 and from 18 on. growing_up: steps between a child and an adult.
        replaced: share of talking ties outside the core that are replaced a year.
    """

    name: str
    groups: tuple[Group, ...]
    spread: float
    child_years: float
    adult_years: float
    growing_up: float
    replaced: float


class Ties(NamedTuple):
    """A recipe and a seed as whole numbers. k candidates: every pair (group, step); g groups, each as often as one belongs to it.

    Attributes:
        kind: int64 (g,), which group of the recipe each is.
        span, run: uint32 (g,), bits of the span and of the slots kept together. keys: uint32 (g, 6), as `tie.end` takes them.
        first: int64 (g + 1,), where the candidates of each group begin.
        step: uint32 (k,). salt: uint32 (k,). chance: uint32 (49, k), by the sum of two levels, in 2**-32. alike: uint32 (g, 160), likewise.
        levels: int32 (256,), sociability by byte.
        order: the candidates of each group of the recipe, the closest first.
        talking: int64 (16,), the candidate in each place, -1 where there is none. core: bool (16,).
        lasts: years that a talking tie lasts; 0 for ever.
    """

    kind: NDArray[np.int64]
    span: NDArray[np.uint32]
    run: NDArray[np.uint32]
    keys: NDArray[np.uint32]
    first: NDArray[np.int64]
    step: NDArray[np.uint32]
    salt: NDArray[np.uint32]
    chance: NDArray[np.uint32]
    alike: NDArray[np.uint32]
    levels: NDArray[np.int32]
    order: tuple[NDArray[np.int64], ...]
    talking: NDArray[np.int64]
    core: NDArray[np.bool_]
    lasts: float


def key(seed: int, purpose: str) -> int:
    """A 64-bit key of a purpose under a seed, by its name: adding a group moves nobody else's ties."""
    return int.from_bytes(hashlib.blake2b(f"{seed}\x00ties.{purpose}".encode(), digest_size=8).digest(), "little")


def bits(count: int) -> int:
    """The exponent of a power of two."""
    return int(count).bit_length() - 1


def whole(shares: NDArray[np.float64]) -> NDArray[np.uint32]:
    """Chances as whole numbers in 2**-32, at most 1 less one step."""
    return np.clip(np.round(shares * WORD), 0, WORD - 1).astype(np.uint32)


def steps_of(group: Group) -> NDArray[np.uint64]:
    """The steps to those whom a member may know, the closest first: uint64.

    Those who talk come first, in order; the rest is spread over the group, so that two acquaintances of one need not know each other
    where a group is larger than anybody's acquaintance.
    """
    near = np.arange(group.together, min(group.together + group.talking, group.members), dtype=np.uint64)
    every = np.arange(1, group.members, dtype=np.uint64) * np.uint64(_GOLDEN) % np.uint64(group.members)
    rest = every[(every >= group.together) & ~np.isin(every, near)]
    return np.concatenate([near, rest])[: group.met]


def chances(group: Group, count: int, spread: float) -> NDArray[np.uint32]:
    """The chance to know each of `count` others, by the sum of two levels of sociability: (49, count), in 2**-32.

    It falls by a power of the distance, from the nearest to the farthest; the sociable know people further out, so their luck counts the
    more, the more distant the other is. Distance is counted in numbers of talking ties, so that these are about equally close.
    """
    distance = 1 + (np.arange(count) + 0.25) / max(1, group.talking)
    share = np.log(distance) / np.log(1 + count / max(1, group.talking))
    fall = group.nearest * (max(group.farthest, 1e-9) / max(group.nearest, 1e-9)) ** share
    sociable = np.exp(spread * QUARTER * np.arange(-2 * HALF_LEVELS, 2 * HALF_LEVELS + 1)[:, None] * share)
    return whole(fall * sociable)


def stations(birth: NDArray[np.int32], fifth: NDArray[np.uint8], recipe: Recipe) -> NDArray[np.uint8]:
    """By what like chooses like: the fifth of income times 32, plus the step of age on the first day; uint8, (n,)."""
    years = np.maximum(-birth.astype(np.float64), 0) / YEAR
    grown = GROWN / recipe.child_years + recipe.growing_up + (years - GROWN) / recipe.adult_years
    step = np.minimum(np.where(years < GROWN, years / recipe.child_years, grown), MOST_STEPS).astype(np.uint8)
    return fifth.astype(np.uint8) * np.uint8(MOST_STEPS + 1) + step


def make_ties(recipe: Recipe, seed: int, citizens: int) -> Ties:
    """Everything that the ties of a society are computed from.

    Args:
        recipe: groups and numbers.
        seed: of the run.
        citizens: of the society; what is made of the whole of it needs a span that holds them.

    Example:
        >>> kin = Group("kin", 256, 32, 4, 1, None, 1.0, 0.3, 0.0, 0.0, 4, 1)
        >>> made = make_ties(Recipe("small", (kin,), 1.0, 3, 15, 6, 0.1), seed=1, citizens=5000)
        >>> len(made.step), int((made.talking >= 0).sum()), int(made.core.sum())
        (28, 4, 1)
    """
    kind, keys, steps, salts, chance, order = [], [], [], [], [], []
    made = 0
    for number, group in enumerate(recipe.groups):
        part = steps_of(group)
        falling = chances(group, group.many * len(part), recipe.spread)
        order.append(made + np.arange(group.many * len(part)).reshape(group.many, -1).T.ravel())
        for which in range(group.many):
            name = f"{group.name}.{which}"
            odd, more = (key(seed, f"{name}.{factor}") % WORD | 1 for factor in ("odd", "more"))
            turn, by = key(seed, f"{name}.turn") % WORD, WORD // 4 + key(seed, f"{name}.by") % (WORD // 8)
            keys.append((odd, more, turn, by, pow(odd, -1, WORD), pow(more, -1, WORD)))
            salts += [key(seed, f"{name}.{i}") % WORD for i in range(len(part))]
            chance.append(falling[:, which :: group.many])
            kind.append(number)
            steps.append(part)
        made += group.many * len(part)
    of = [recipe.groups[n] for n in kind]
    apart = (np.arange(FIFTHS)[:, None], np.arange(MOST_STEPS + 1)[None, :])
    talking, core = places(recipe, order)
    return Ties(
        kind=np.array(kind),
        span=np.array([(citizens - 1).bit_length() if g.span is None else bits(g.span) for g in of], np.uint32),
        run=np.array([bits(g.together) for g in of], np.uint32),
        keys=np.array(keys, np.uint32),
        first=np.cumsum([0, *map(len, steps)]),
        step=np.concatenate(steps).astype(np.uint32),
        salt=np.array(salts, np.uint32),
        chance=np.ascontiguousarray(np.hstack(chance)),
        alike=np.vstack([whole((1 - g.class_choice) ** apart[0] * (1 - g.age_choice) ** apart[1]).reshape(1, -1) for g in of]),
        levels=np.clip(np.round(special.ndtri((np.arange(256) + 0.5) / 256) / QUARTER) + HALF_LEVELS, 0, LEVELS - 1).astype(np.int32),
        order=tuple(order),
        talking=talking,
        core=core,
        lasts=1 / recipe.replaced if recipe.replaced else 0.0,
    )


def places(recipe: Recipe, order: list[NDArray]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The candidate in each of the sixteen places, -1 where there is none, and whether it is of the core; each week has ties of many groups."""
    talking, core = np.full(PLACES, -1), np.zeros(PLACES, bool)
    talks = sorted(((i + 0.5) / g.talking, n, i) for n, g in enumerate(recipe.groups) for i in range(min(g.talking, len(order[n]))))
    for place, (_, n, i) in enumerate(talks[:PLACES]):
        talking[place], core[place] = order[n][i], i < recipe.groups[n].core
    return talking, core


def talking_ages(made: Ties, day: int) -> NDArray[np.int64]:
    """How often the tie in each of the sixteen places has been replaced by a day of the run: the places take turns, the core keeps its ties."""
    if not made.lasts:
        return np.zeros(PLACES, np.int64)
    turn = (np.arange(PLACES) * TURNS[0] + TURNS[1]) % PLACES
    ages = np.floor(day / YEAR / made.lasts + (PLACES - turn - 0.5) / PLACES).astype(np.int64)
    return np.where(made.core, 0, ages)


def talking_now(made: Ties, day: int) -> NDArray[np.int64]:
    """The candidate in each of the sixteen places on a day of the run, -1 where there is none.

    A place passes to the next candidate of its group, as many further on as the group has places.
    """
    out = made.talking.copy()
    for order in made.order:
        at = np.flatnonzero(np.isin(order, made.talking))
        for place in np.flatnonzero(np.isin(made.talking, order)):
            begun = int(np.flatnonzero(order == made.talking[place])[0])
            out[place] = order[(begun + talking_ages(made, day)[place] * len(at)) % len(order)]
    return out


def by_fours(rows: NDArray) -> NDArray[np.uint32]:
    """From rows by place, those of four places from each on in one row, counted round."""
    return np.stack([np.roll(rows, -first, 0)[:TALK].ravel() for first in range(PLACES)]).astype(np.uint32)


def talking_arrays(made: Ties, day: int = 0) -> dict[str, NDArray]:
    """What the rules of the day read of the sixteen talking ties on a day of the run.

    Tables by the place of the first of four ties: tie_ends, uint32 (16, 4 x 10), the numbers that lead to the other end; tie_chance and
    tie_alike, uint32 (16, 4 x 49) and (16, 4 x 160).
    """
    none = made.talking < 0
    now, begun = np.where(none, 0, talking_now(made, day)), np.where(none, 0, made.talking)
    group = np.searchsorted(made.first, now, side="right") - 1
    ends = np.column_stack([made.span[group], made.run[group], np.where(none, 0, made.step[now]), made.salt[now], made.keys[group]])
    return {
        "tie_ends": by_fours(ends),
        "tie_chance": by_fours(made.chance[:, begun].T),
        "tie_alike": by_fours(made.alike[group]),
        "tie_levels": made.levels,
        "tie_slots": np.array(sum(1 << int(place) for place in np.flatnonzero(~none & ~made.core))),
    }


# ---- the layers as functions, for whoever asks; a day reads the talking layer by `gather.partners`


def compiled(rule: FunctionType):
    """A rule compiled, with the rules that it calls."""
    if rule not in _compiled:
        names = dict(rule.__globals__)
        for name in rule.__code__.co_names:
            if isinstance(names.get(name), FunctionType):
                names[name] = compiled(names[name])
        _compiled[rule] = njit(error_model="numpy", nogil=True)(FunctionType(rule.__code__, names, rule.__name__, rule.__defaults__))
    return _compiled[rule]


_compiled: dict = {}
_seat, _seated, _level, _luck, _unlike, _tied, _away, _end, _partner = (
    compiled(rule)
    for rule in (rules.seat, rules.seated, rules.sociability, rules.luck_of_tie, rules.unlike, rules.tied, rules.away, rules.end, rules.partner)
)


def kept_on_disk(function):
    """Compiled once and kept, like the society; what the rules of ties say is part of its machine code too."""
    dispatcher = on_disk(function)
    index = dispatcher._cache._cache_file
    sources = b"".join(Path(str(file)).read_bytes() for file in (rules.__file__, maths.__file__))
    index._source_stamp = (*index._source_stamp, hashlib.sha256(sources).hexdigest())
    return dispatcher


@kept_on_disk
def _ends(slots, place, size, station, ends, chance, alike, levels, found):
    """Fills in who stands at the other end of each talking tie, by the rules that a day computes it by."""
    citizens = np.uint64(len(station))
    for i in range(len(slots)):
        slot = np.uint64(slots[i])
        for p in range(len(ends)):
            e = ends[p]
            other, luck = _end(slot, citizens, e[0], e[1], e[2], e[3], e[4], e[5], e[6], e[7], e[8], e[9])
            found[i, p] = _partner(
                slot, place[i], size[i], station[slots[i]], station, other, luck, chance[p], alike[p], levels, np.uint32(0)
            )


def talking_ends(made: Ties, day: int, slots: NDArray, place: NDArray, size: NDArray, station: NDArray) -> NDArray[np.int32]:
    """Who stands at the other end of the sixteen talking ties of some citizens on a day of the run: int32 (slots, 16), kept or not.

    A citizen's own slot stands where there is no tie. Whoever is not born yet or lives no more is among them.

    Args:
        made: the ties of the society.
        slots: int64, whose ties. place, size: in the household, of these. station: uint8 (n,), of everybody.
    """
    arrays = talking_arrays(made, day)
    found = np.empty((len(slots), PLACES), np.int32)
    tables = (np.ascontiguousarray(arrays[name]) for name in ("tie_ends", "tie_chance", "tie_alike", "tie_levels"))
    _ends(slots.astype(np.int64), place.astype(np.int32), size.astype(np.int32), station, *tables, found)
    return found


@njit(nogil=True)
def _known(slot, alive, place, size, station, span, run, keys, first, step, salt, chance, alike, levels, wanted, found, number):
    """Fills the slots that one knows outside the household, and the number of the candidate that each is; returns how many."""
    count = 0
    u, n = np.uint64(slot), np.uint64(len(alive))
    mine = _level(u, levels)
    for g in range(len(span)):
        seat = _seat(u, n, span[g], run[g], keys[g, 0], keys[g, 1], keys[g, 2], keys[g, 3])
        most = chance[mine + LEVELS - 1]
        for k in range(first[g], first[g + 1]):
            if not wanted[k]:
                continue
            luck = _luck(seat, step[k], u, span[g], salt[k])
            if luck >= most[k]:
                continue
            other = _seated(np.uint32(seat ^ step[k]), u, n, span[g], run[g], keys[g, 4], keys[g, 5], keys[g, 2], keys[g, 3])
            if not alive[other] or not _away(u, other, place[slot], size[slot]):
                continue
            like = alike[g, _unlike(np.uint32(station[slot]), np.uint32(station[other]))]
            if _tied(luck, chance[mine + _level(np.uint64(other), levels), k], like):
                found[count] = other
                number[count] = k
                count += 1
    return count


@dataclass(frozen=True, eq=False)
class Net:
    """The ties of a drawn society on its first day, looked up citizen by citizen: those between two who live.

    Example:
        >>> from glasshouse.society import load_tables
        >>> kin = Group("kin", 256, 32, 4, 1, None, 1.0, 0.3, 0.0, 0.0, 4, 1)
        >>> net = net_of(load_tables(), 5000, Recipe("small", (kin,), 1.0, 3, 15, 6, 0.1), seed=1)
        >>> there = net.talking(100)
        >>> all(100 in net.talking(int(other)) for other in there)
        True
    """

    people: People
    recipe: Recipe
    made: Ties
    station: NDArray[np.uint8]
    alive: NDArray[np.bool_]

    def arguments(self) -> tuple:
        """What the compiled functions take, in their order."""
        p, t = self.people, self.made
        return (self.alive, p.place, p.size, self.station, t.span, t.run, t.keys, t.first, t.step, t.salt, t.chance, t.alike, t.levels)

    def wanted(self, layer: str) -> NDArray[np.bool_]:
        """Which candidates a layer is made of: "book", "talking" or "core"."""
        if layer == "book":
            return np.ones(len(self.made.step), bool)
        out = np.zeros(len(self.made.step), bool)
        chosen = self.made.talking >= 0
        out[self.made.talking[chosen if layer == "talking" else chosen & self.made.core]] = True
        return out

    def outside(self, slot: int, layer: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The slots that one is tied to outside the household, and the group of each; nobody twice."""
        room = np.empty((2, len(self.made.step)), np.int64)
        count = _known(slot, *self.arguments(), self.wanted(layer), room[0], room[1]) if self.alive[slot] else 0
        slots, at = np.unique(room[0, :count], return_index=True)
        return slots, self.made.kind[np.searchsorted(self.made.first, room[1, at], side="right") - 1]

    def home(self, slot: int) -> NDArray[np.int64]:
        """The others of the household."""
        first = slot - int(self.people.place[slot])
        every = np.arange(first, first + int(self.people.size[slot]))
        return every[(every != slot) & self.alive[every] & self.alive[slot]]

    def layer(self, slot: int, layer: str) -> NDArray[np.int64]:
        """Everybody of a layer, the household first: int64."""
        return np.concatenate([self.home(slot), self.outside(slot, layer)[0]])

    def address_book(self, slot: int) -> NDArray[np.int64]:
        """Everybody whom a citizen knows."""
        return self.layer(slot, "book")

    def talking(self, slot: int) -> NDArray[np.int64]:
        """Everybody with whom a citizen talks."""
        return self.layer(slot, "talking")

    def core(self, slot: int) -> NDArray[np.int64]:
        """Everybody who is close to a citizen."""
        return self.layer(slot, "core")


def net_of(tables: Tables, citizens: int, recipe: Recipe, seed: int) -> Net:
    """A society drawn from its tables, with its ties by a recipe."""
    people = build(tables, citizens, seed)
    return Net(people, recipe, make_ties(recipe, seed, citizens), stations(people.birth, people.quintile, recipe), people.living())


def recipe_of(name: str, numbers: Mapping) -> Recipe:
    """A recipe from nested plain numbers, as a file has them: sizes are powers of two there, and no group is larger than its span."""
    groups = tuple(
        Group(
            name=group,
            span=None if "span" not in part else 1 << int(part["span"]),
            members=1 << int(min(part["members"], part.get("span", part["members"]))),
            together=1 << int(part["together"]),
            many=int(part.get("many", 1)),
            met=None if "met" not in part else int(part["met"]),
            **{n: float(part[n]) for n in ("nearest", "farthest", "class_choice", "age_choice")},
            **{n: int(part[n]) for n in ("talking", "core")},
        )
        for group, part in numbers["groups"].items()
    )
    return Recipe(name, groups, *(float(numbers[n]) for n in ("spread", "child_years", "adult_years", "growing_up", "replaced")))
