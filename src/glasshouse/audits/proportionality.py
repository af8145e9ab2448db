"""proportionality: what penalties do, in counts and days first and in yuan second, against the gravity of what was recorded."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product
from typing import NamedTuple

import polars as pl

from glasshouse.audits.asking import Audit, Found
from glasshouse.audits.counting import RECORDS, listed, number_of, scenario_of, share, sums_of
from glasshouse.store import Run

FEN = 100
LIGHT = 2.0
"""Acts of a gravity below this, of 10, are light."""
WEIGHTS = {"weight a point of gravity": (0, 0), "weight a point of gravity, at least": (1, 2), "weight a point of gravity, at most": (2, 1)}
"""What is told of the weight of penalties -> which weights and which gravities: 0 as assumed, 1 the least, 2 the most."""


class Price(NamedTuple):
    """What one refusal costs, in yuan: by the numbers of the scenario that stand at these paths.

    a_case: what each case costs that the run counted. a_refusal: what each refusal costs besides.
    """

    paths: tuple[str, ...]
    a_case: Callable[..., float]
    a_refusal: Callable[..., float] = lambda *prices: 0.0


PRICES = {
    "air_ticket": Price(("life.rail.fare", "life.air.fare"), lambda rail, air: rail - air),
    "air_boarding": Price(("life.rail.fare", "life.air.fare", "life.air.refund"), lambda rail, air, _: rail - air, lambda _, air, refund: air * (1 - refund)),
    "hotel": Price(("life.hotel.plain", "life.hotel.night"), lambda plain, night: plain - night),
    "line_speed": Price(("life.line.online", "life.line.loss"), lambda online, loss: online * loss),
    "assistance": Price((), lambda: 1.0),
}
"""How the yuan of a penalty hang on assumed prices, by what it acts through. Of what is not here no money is counted."""


def of(run: Run, regime: str) -> Found:
    """Days, refusals and yuan of each penalty; days for each record of each act; whether the graver acts bring the longer penalties."""
    penalties = [*run.summary["regimes"][regime]["penalties"]]
    if not penalties:
        return {}
    sums = sums_of(run.daily, regime)
    spells = run.spells.filter((pl.col("regime") == regime) & pl.col("consequence").is_in(penalties))
    lengths = spells.select("act", "consequence", days=pl.col("end").fill_null(run.summary["run"]["days"]) - pl.col("start"))
    days = {(act, name): number for act, name, number in lengths.group_by("act", "consequence", maintain_order=True).agg(pl.col("days").sum()).rows()}
    acts = _acts(run, regime, days, sums)
    return {name: acts[name] for name in WEIGHTS} | _penalties(run, penalties, days, sums) | acts


def _penalties(run: Run, penalties: list[str], days: dict[tuple[str | None, str], int], sums: dict[str, int]) -> Found:
    """What each penalty did, and which cost more, as far as the range of prices tells."""
    found: Found = {f"days: {name}": float(sum(n for (_, penalty), n in days.items() if penalty == name)) for name in penalties}
    found |= {f"refused: {name}": float(sums.get(f"refused:{name}", 0)) for name in penalties}
    yuan = {name: yuan_of(run, name, sums.get(f"fen:{name}", 0) / FEN, sums.get(f"refused:{name}", 0)) for name in penalties}
    priced = {name: amounts for name, amounts in yuan.items() if amounts is not None}
    for place, kind in enumerate(("yuan", "yuan at least", "yuan at most")):
        found |= {f"{kind}: {name}": None if amounts is None else amounts[place] for name, amounts in yuan.items()}
    found |= {f"rank by yuan: {name}": 1.0 + sum(other[1] > mine[2] for other in priced.values()) for name, mine in priced.items()}
    return found


def yuan_of(run: Run, penalty: str, yuan: float, refused: float) -> tuple[float, float, float] | None:
    """What a penalty cost, and at the lowest and the highest with its prices anywhere in their ranges; None where no money is counted.

    Args:
        penalty: its name. yuan: what it cost at the prices of the run. refused: how often it refused something.
    """
    mechanism = scenario_of(run)["consequences"][penalty]["mechanism"]
    if mechanism not in PRICES:
        return None
    price = PRICES[mechanism]
    numbers = [number_of(run, path) for path in price.paths]
    usual = [value for value, _, _ in numbers]
    cases = (yuan - refused * price.a_refusal(*usual)) / price.a_case(*usual) if price.a_case(*usual) else 0.0
    ends = [cases * price.a_case(*corner) + refused * price.a_refusal(*corner) for corner in product(*((low, high) for _, low, high in numbers))]
    return yuan, min(ends), max(ends)


def _acts(run: Run, regime: str, days: dict[tuple[str | None, str], int], sums: dict[str, int]) -> Found:
    """Days behind each act that tells against people, for each record and each point of gravity."""
    catalogue = scenario_of(run)
    entered = listed(run, regime)
    known = [act for act, has in catalogue["acts"].items() if "gravity" in has and (act in entered or sums.get(f"points:{act}", 0) < 0)]
    records = {act: sum(sums.get(f"{what}:{act}", 0) for what in RECORDS) for act in known}
    gravity = {act: number_of(run, f"acts.{act}.gravity") for act in known}
    behind: dict[str, int] = {}
    for (act, _), number in days.items():
        if act is not None:
            behind[act] = behind.get(act, 0) + number
    rate = {act: behind.get(act, 0) / records[act] for act in known if records[act]}
    found: Found = {f"days a record: {act}": number for act, number in rate.items()}
    found |= {f"days a point of gravity: {act}": number / gravity[act][0] for act, number in rate.items() if gravity[act][0]}
    found |= _weights(run, days, {act: records[act] for act in known}, gravity)
    light = [act for act in known if gravity[act][0] < LIGHT]
    lawful = [act for act in known if catalogue["acts"][act]["lawful"]]
    for what, whole, number in (("days", sum(behind.values()), behind), ("records", sum(records.values()), records)):
        for kind, acts in (("light", light), ("lawful", lawful)):
            found[f"{kind} acts: share of {what}"] = share(sum(number.get(act, 0) for act in acts), whole)
    apart = [(a, b) if gravity[a][2] < gravity[b][1] else (b, a) for a, b in combinations(rate, 2) if gravity[a][2] < gravity[b][1] or gravity[b][2] < gravity[a][1]]
    found["the lighter act brings more days"] = share(sum(rate[light] > rate[grave] for light, grave in apart), len(apart))
    return found


def _weights(run: Run, days: dict[tuple[str | None, str], int], records: dict[str, int], gravity: dict[str, tuple[float, float, float]]) -> Found:
    """The weight of all penalty days for each point of gravity recorded, and with all weights at the ends of their ranges."""
    weight = {name: number_of(run, f"consequences.{name}.weight") for _, name in days}
    harm = [sum(number * weight[name][end] for (_, name), number in days.items()) for end in range(3)]
    whole = [sum(number * gravity[act][end] for act, number in records.items()) for end in range(3)]
    return {name: share(harm[weights], whole[gravities]) for name, (weights, gravities) in WEIGHTS.items()}


PROPORTIONALITY = Audit(
    name="proportionality",
    question="What do penalties do, is it in proportion to the gravity of what was recorded, and which light acts bring heavy penalties?",
    definition="days and refused: days under a penalty, and attempts that it refused. yuan: what it cost, with the least and the most that its prices allow inside "
    "their ranges; rank: 1 and one more for each penalty that cost more at any prices, so that those whose ranges meet are tied; of a penalty without a price no "
    "money is counted. a record: penalty days behind which an act stands (the last that cost points, or put somebody on a list, before), for each of its records; "
    "a point of gravity: the same for each of these. weight: penalty days, each by its weight, over the gravity of all records that cost points or put somebody "
    "on a list; least and most with all weights at the ends of their ranges. light acts: those of a gravity below 2 of 10; lawful ones: those that no law forbids. "
    "the lighter act: of pairs of acts whose ranges of gravity do not meet, the share in which the lighter brings more days a record.",
    unit={"days: ": "days", "refused": "attempts", "yuan": "yuan", "rank": "rank", "days a record": "days a record", "days a point": "days a record and point of gravity",
          "weight": "weighted days a point of gravity", "light": "share", "lawful": "share", "the lighter": "share of pairs"},
    direction={
        "days: ": "higher: more days under it",
        "refused": "higher: more is refused",
        "yuan": "higher: it costs those under it more",
        "rank": "higher: more penalties surely cost more than this",
        "days a": "higher: longer penalties for the act",
        "weight": "higher: heavier penalties for what was recorded",
        "light": "higher: more of it is for light acts",
        "lawful": "higher: more of it is for lawful acts",
        "the lighter": "higher: gravity orders penalties less",
    },
    reads={"daily": ("measure", "value"), "spells": ("consequence", "start", "end", "act")},
    of=of,
    worst=("days a point of gravity",),
)  # fmt: skip
