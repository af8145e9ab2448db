"""How a society is knit: degree, clustering, distance, and who is tied to whom, measured on samples of its ties."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from glasshouse.society.ties import Net, _away, _known, _level, _seat, _seated, _unlike

ADULT = 18
BAND = 5
"""Years of an age band."""
LAYERS = ("book", "talking", "core")
STRETCH = 65_536
"""Citizens whose ties are gathered at a time."""


def figures(net: Net, sample: int = 1000, seed: int = 0, egos: int = 60) -> dict[str, float]:
    """What can be measured of a net without walking through all of it.

    Args:
        net: of a drawn society.
        sample: citizens who are asked whom they know.
        seed: of the sample.
        egos: citizens of about a hundred acquaintances (and as many of eight to fourteen who talk) whose circle is looked at for clustering.

    Returns:
        By name; every figure is described in docs/ties.md.
    """
    luck = np.random.default_rng(seed)
    living = np.flatnonzero(net.alive)
    asked = np.sort(luck.choice(living, min(sample, len(living)), replace=False))
    out: dict[str, float] = {}
    for layer in LAYERS:
        ends = [net.outside(int(slot), layer)[0] for slot in asked]
        degree = np.array([len(net.home(int(slot))) + len(there) for slot, there in zip(asked, ends, strict=True)])
        out[f"{layer}.mean"] = float(degree.mean())
        out[f"{layer}.median_of_mean"] = float(np.median(degree) / degree.mean())
        out[f"{layer}.tenth"], out[f"{layer}.ninetieth"] = (float(q) for q in np.percentile(degree, (10, 90)))
        out |= {f"{layer}.{name}": value for name, value in alikeness(net, asked, ends).items()}
    order = luck.permutation(living)
    out["book.clustering"] = clustering(net, "book", order, egos, 80, 120)
    out["talking.clustering"] = clustering(net, "talking", order, egos, 8, 14)
    return out | class_split(net, asked)


def ranks(net: Net) -> NDArray[np.float64]:
    """The rank of each income among those who live, 0..1; equal incomes in order of slots; -1 for the others."""
    out = np.full(len(net.alive), -1.0)
    living = np.flatnonzero(net.alive)
    out[living[np.argsort(net.people.income[living], kind="stable")]] = np.arange(len(living)) / len(living)
    return out


def slope(x: NDArray, y: NDArray) -> float:
    """The slope of y on x, by least squares."""
    dx = x - x.mean()
    return float(dx @ (y - y.mean()) / max(float(dx @ dx), 1e-12))


def correlation(x: NDArray, y: NDArray) -> float:
    """The correlation of x and y, 0 where one of them does not vary."""
    return float(np.corrcoef(x, y)[0, 1]) if x.std() > 0 and y.std() > 0 else 0.0


def alikeness(net: Net, asked: NDArray, ends: list[NDArray]) -> dict[str, float]:
    """How alike the ends of ties are: by age with the household, by income and residence outside it."""
    people, age, rank = net.people, net.people.age(), ranks(net)
    a, b = np.repeat(asked, [len(there) for there in ends]), np.concatenate(ends)
    homes = [net.home(int(slot)) for slot in asked]
    both_a, both_b = np.concatenate([a, np.repeat(asked, [len(h) for h in homes])]), np.concatenate([b, *homes])
    grown = (age[both_a] >= ADULT) & (age[both_b] >= ADULT)
    high = rank >= 0.5
    return {
        "age": correlation(age[both_a], age[both_b]),
        "age_adults": correlation(age[both_a][grown], age[both_b][grown]),
        "same_band": float((age[both_a] // BAND == age[both_b] // BAND).mean()),
        "rank_slope": slope(rank[a], rank[b]),
        "high_of_low": float(high[b][~high[a]].mean()),
        "high_of_high": float(high[b][high[a]].mean()),
        "same_residence": float((people.urban[a] == people.urban[b]).mean()),
    }


def clustering(net: Net, layer: str, order: NDArray, egos: int, low: int, high: int) -> float:
    """The share of pairs of one's ties that are tied themselves, on average over the first citizens in order with low to high ties."""
    found: list[float] = []
    for slot in order:
        circle = net.layer(int(slot), layer)
        if low <= len(circle) <= high:
            inside = sum(len(np.intersect1d(circle, net.layer(int(other), layer))) for other in circle)
            found.append(inside / (len(circle) * (len(circle) - 1)))
            if len(found) == egos:
                break
    return float(np.mean(found)) if found else float("nan")


@njit(nogil=True)
def _split(asked, high, alive, place, size, station, span, run, keys, first, step, salt, chance, alike, levels, out):
    """For each citizen asked: the share of the upper half among whom she would meet in her groups, and among whom she would be tied to."""
    for i in range(len(asked)):
        slot = asked[i]
        u, n = np.uint64(slot), np.uint64(len(alive))
        mine = _level(u, levels)
        met, ties, ties_high = 0.0, 0.0, 0.0
        for g in range(len(span)):
            seat = _seat(u, n, span[g], run[g], keys[g, 0], keys[g, 1], keys[g, 2], keys[g, 3])
            here, here_high, chosen, chosen_high = 0.0, 0.0, 0.0, 0.0
            for k in range(first[g], first[g + 1]):
                other = _seated(np.uint32(seat ^ step[k]), u, n, span[g], run[g], keys[g, 4], keys[g, 5], keys[g, 2], keys[g, 3])
                if not alive[other] or not _away(u, other, place[slot], size[slot]):
                    continue
                near = np.float64(chance[mine + _level(np.uint64(other), levels), k])
                like = near * np.float64(alike[g, _unlike(np.uint32(station[slot]), np.uint32(station[other]))])
                here += near
                chosen += like
                if high[other]:
                    here_high += near
                    chosen_high += like
            if here > 0.0:
                met += chosen * here_high / here
            ties += chosen
            ties_high += chosen_high
        out[i, 0] = met / max(ties, 1e-300)
        out[i, 1] = ties_high / max(ties, 1e-300)


def class_split(net: Net, asked: NDArray) -> dict[str, float]:
    """The gap between the halves by income in whom they know, and how much of it is whom they meet: the address book outside the household.

    Met: the share of the upper half among the members of one's groups, each as likely to be known as the closeness and the sociability of
    both make it, and groups weighted by one's ties in them. What is left is choice inside the groups.
    """
    high = ranks(net) >= 0.5
    out = np.zeros((len(asked), 2))
    _split(asked, high, *net.arguments(), out)
    gap = [float(out[high[asked], i].mean() - out[~high[asked], i].mean()) for i in (0, 1)]
    return {"class.met_gap": gap[0], "class.tie_gap": gap[1], "class.exposure_share": gap[0] / gap[1] if gap[1] else float("nan")}


@njit(nogil=True)
def _gather(begin, end, home, alive, place, size, station, span, run, keys, first, step, salt, chance, alike, levels, wanted, count, there):
    """Fills how many ties each of some citizens has, and where they lead, one citizen after the other; returns how many there are in all."""
    found, number = np.empty(len(step), np.int64), np.empty(len(step), np.int64)
    total = 0
    for slot in range(begin, end):
        if not alive[slot]:
            continue
        ties = _known(slot, alive, place, size, station, span, run, keys, first, step, salt, chance, alike, levels, wanted, found, number)
        before = total
        if total + ties + size[slot] > len(there):
            return -1
        for i in range(ties):
            there[total] = found[i]
            total += 1
        if home:
            for other in range(slot - place[slot], slot - place[slot] + size[slot]):
                if other != slot and alive[other]:
                    there[total] = other
                    total += 1
        count[slot] = total - before
    return total


def all_ties(net: Net, layer: str, without: tuple[str, ...] = ()) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """All ties of a layer: where those of each citizen begin, int64, (n + 1,), and whom they lead to, int32.

    Args:
        net: of a drawn society.
        layer: "book", "talking" or "core".
        without: names of groups whose ties are left out; "household" for that.
    """
    wanted = net.wanted(layer)
    for number, group in enumerate(net.recipe.groups):
        if group.name in without:
            wanted[net.made.order[number]] = False
    count, parts, room = np.zeros(len(net.people), np.int64), [], np.empty(STRETCH * 64, np.int32)
    for begin in range(0, len(net.people), STRETCH):
        stretch = (begin, min(begin + STRETCH, len(net.people)), "household" not in without, *net.arguments(), wanted, count)
        while (total := _gather(*stretch, room)) < 0:
            room = np.empty(2 * len(room), np.int32)
        parts.append(room[:total].copy())
    return np.concatenate([[0], np.cumsum(count)]), np.concatenate(parts)


@njit(nogil=True)
def _walk(source, begins, there, distance):
    """Fills how many ties lie between a citizen and everybody else; -1 where there is no way."""
    queue = np.empty(len(distance), np.int32)
    queue[0] = source
    distance[source] = 0
    begin, end = 0, 1
    while begin < end:
        slot = queue[begin]
        begin += 1
        for i in range(begins[slot], begins[slot + 1]):
            other = there[i]
            if distance[other] < 0:
                distance[other] = distance[slot] + 1
                queue[end] = other
                end += 1


def distances(ties: tuple[NDArray[np.int64], NDArray[np.int32]], source: int) -> NDArray[np.int32]:
    """How many ties lie between one citizen and each other one, -1 where there is no way: int32, (n,).

    Args:
        ties: from `all_ties`.
        source: a slot.
    """
    out = np.full(len(ties[0]) - 1, -1, np.int32)
    _walk(source, *ties, out)
    return out


def reach(net: Net, layer: str, sources: NDArray, without: tuple[str, ...] = ()) -> tuple[float, float]:
    """The mean distance from some citizens to all whom they reach, and the largest share of the society that any of them reaches."""
    ties = all_ties(net, layer, without)
    means, shares = [], []
    for source in sources:
        there = distances(ties, int(source))
        if (there > 0).any():
            means.append(float(there[there > 0].mean()))
        shares.append(float((there >= 0).sum() / net.alive.sum()))
    return float(np.mean(means)) if means else float("nan"), max(shares)
