"""aims: what a regime was for (fewer breaches, debts paid, fewer defaults, more good acts), beside what it cost those under it."""

from __future__ import annotations

from dataclasses import dataclass

from glasshouse.audits.asking import Audit, Found, minus
from glasshouse.audits.counting import scenario_of, share, sums_of
from glasshouse.store import Run

YEAR, FEN, THOUSAND = 365, 100, 1000
GAINS = {
    "fewer unlawful acts": ("unlawful acts", -1), "less gravity of bad acts": ("gravity of bad acts", -1), "fewer defaults": ("defaults", -1),
    "more judgments fulfilled": ("judgments fulfilled", 1), "more good acts": ("good acts", 1),
}  # fmt: skip
"""What a regime may gain: of which number, and whether more or less of it is the gain."""
COSTS = {"penalty days": ("penalty days", 1), "yuan": ("yuan lost under penalties", THOUSAND)}
"""What it may cost: of which number, and how many of them one is told a gain for."""


@dataclass(frozen=True)
class Deeds:
    """Which acts are of which kind, by the measures of `daily` that count them. Final."""

    good: frozenset[str]
    bought: frozenset[str]
    unlawful: frozenset[str]
    lawful: frozenset[str]
    daily: frozenset[str]
    fulfil: frozenset[str]
    gravity: dict[str, float]


def of(run: Run, regime: str) -> Found:
    """Counts a citizen and year, shares, and what was gained for each penalty day and each thousand yuan more than under the first regime."""
    deeds, first = _deeds(run), next(iter(run.summary["regimes"]))
    found = _counts(run, regime, deeds)
    if regime == first:
        return found
    before = _counts(run, first, deeds)
    for cost, (name, lot) in COSTS.items():
        more = minus(found[f"cost: {name}"], before[f"cost: {name}"])
        for gain, (counted, sign) in GAINS.items():
            change = minus(found[f"aim: {counted}"], before[f"aim: {counted}"])
            told = f"gain a thousand {cost}: {gain}"
            found[told] = THOUSAND * sign * change / more if change is not None and more is not None and more > 0 else None
    return found


def _counts(run: Run, regime: str, deeds: Deeds) -> dict[str, float | None]:
    """The numbers of one regime alone."""
    sums = sums_of(run.daily, regime)
    years = sums.get("people", 0) / YEAR

    def total(names: frozenset[str]) -> int:
        return sum(sums.get(name, 0) for name in names)

    def a_year(number: float) -> float | None:
        return share(number, years)

    has = run.summary["regimes"][regime]
    under = {part: {what: total(frozenset(f"{what}:{name}" for name in has[part])) for what in ("in_force", "fen")} for part in ("penalties", "rewards")}
    loans, entered = sums.get("loans", 0), sums.get("entered", 0)
    return {
        "aim: unlawful acts": a_year(total(deeds.unlawful)),
        "aim: acts against no law that count as bad": a_year(total(deeds.lawful)),
        "aim: unlawful things done nearly every day": a_year(total(deeds.daily)),
        "aim: gravity of bad acts": a_year(sum(sums.get(name, 0) * gravity for name, gravity in deeds.gravity.items())),
        "aim: good acts": a_year(total(deeds.good)),
        "aim: bought deeds": a_year(total(deeds.bought)),
        "aim: judgments fulfilled": a_year(total(deeds.fulfil)),
        "aim: yuan repaid": a_year(sums.get("pay:households:banks:repaid", 0) / FEN),
        "aim: defaults": a_year(sums.get("defaults", 0)),
        "share: defaults of loans given": share(sums.get("defaults", 0), loans),
        "share: stays ended by payment of entries on lists": share(sums.get("complied", 0), entered),
        "cost: penalty days": a_year(under["penalties"]["in_force"]),
        "cost: yuan lost under penalties": a_year(under["penalties"]["fen"] / FEN),
        "cost: reward days": a_year(under["rewards"]["in_force"]),
        "cost: yuan brought by rewards": a_year(under["rewards"]["fen"] / FEN),
        "cost: yuan paid for bought deeds": a_year(sums.get("pay:households:outside:deeds", 0) / FEN),
    }


def _deeds(run: Run) -> Deeds:
    """The acts of a scenario by kind; what is done nearly every day counts where it has a gravity."""
    scenario = scenario_of(run)
    acts = {f"acts:{name}": act for name, act in scenario.get("acts", {}).items()}
    daily = {f"frequent_acts:{each['channel']}": each for each in scenario.get("frequent", {}).values() if "gravity" in each}
    bad = {name: act for name, act in (acts | daily).items() if not act.get("good") and not act.get("bought") and act["gravity"]["value"] > 0}
    return Deeds(
        good=frozenset(name for name, act in acts.items() if act.get("good") and not act.get("bought")),
        bought=frozenset(name for name, act in acts.items() if act.get("bought")),
        unlawful=frozenset(name for name, act in bad.items() if name in acts and not act["lawful"]),
        lawful=frozenset(name for name, act in bad.items() if name in acts and act["lawful"]),
        daily=frozenset(name for name, act in bad.items() if name in daily and not act["lawful"]),
        fulfil=frozenset(name for name, act in acts.items() if act.get("judgment") == "fulfils"),
        gravity={name: act["gravity"]["value"] for name, act in bad.items()},
    )


AIMS = Audit(
    name="aims",
    question="What was the regime for: fewer breaches, debts paid, fewer defaults, more good acts; and what did that cost those under it?",
    definition="aim, cost: true counts of the whole run, a citizen and year of 365 days lived, whether anybody recorded them or not; acts against no law count as bad where "
    "the catalogue gives them a gravity, deeds that are bought for the score are apart from good acts. share: of all in the run. gain: how far a count is from that under the first regime, for "
    "a thousand of the penalty days, or of the yuan lost under penalties, that the regime costs beyond the first; no case where it costs no more.",
    unit={
        "aim: gravity": "gravity a citizen and year", "aim: yuan": "yuan a citizen and year", "aim": "times a citizen and year", "share": "share",
        "cost: yuan": "yuan a citizen and year", "cost": "days a citizen and year", "gain a thousand penalty days": "for 1,000 penalty days", "gain": "for 1,000 yuan",
    },
    direction={
        "aim": "higher: it is done more", "share: defaults": "higher: payments stop on more of the loans",
        "share": "higher: more of the stays on lists end because the debt is paid", "cost": "higher: more falls on people, or comes to them", "gain": "higher: more is gained for the same cost",
    },
    reads={"daily": ("measure", "value")},
    of=of,
)  # fmt: skip
