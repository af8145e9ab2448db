"""The headline numbers: what a regime gave, what it took, how right it was, and what became of life beside the same people without it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from . import words
from .data import BASELINE

Number = float | int | None
Regime = dict[str, Any]


@dataclass(frozen=True)
class Headline:
    """One headline of a regime.

    id: its place in the summary of the regime. of: reads it there. write: writes it. name: what it is called in a table.
    label: what it counts, in words that follow the number. against: whether it is set beside the
    baseline, and then the headline is the difference. relative: whether a small run tells only how far it moves, not how large it is.
    """

    id: str
    group: str
    name: str
    label: str
    of: Callable[[Regime], Number]
    write: Callable[[Any], str]
    against: Callable[[Any], str] | None = None
    relative: bool = False


def _at(*path: str) -> Callable[[Regime], Number]:
    def read(regime: Regime) -> Number:
        found: Any = regime
        for key in path:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    return read


def _sum(part: str, key: str) -> Callable[[Regime], Number]:
    def read(regime: Regime) -> Number:
        found = [entry[key] for entry in (regime.get(part) or {}).values() if entry.get(key) is not None]
        return sum(found) if found else None

    return read


def _mean_yuan(difference: float | None) -> str:
    return words.signed(None if difference is None else round(difference), "yuan")


GAVE, TOOK, RIGHT, HELP = "What it gave", "What it took", "How right it was", "Whom it helped"
LIFE = "Life, beside the same people with no score"
_Y = f"{words.SPACE}yuan"
HEADLINES: tuple[Headline, ...] = (
    Headline(
        "rewards.citizen_days",
        GAVE,
        "Days under a reward",
        "days under a reward, summed over people and rewards",
        _sum("rewards", "citizen_days"),
        words.whole,
        relative=True,
    ),
    Headline(
        "rewards.granted",
        GAVE,
        "Rewards granted",
        "times a reward made something possible, easier or cheaper",
        _sum("rewards", "granted"),
        words.whole,
        relative=True,
    ),
    Headline(
        "rewards.fen",
        GAVE,
        "Money gained through rewards",
        "saved or brought by rewards",
        _sum("rewards", "fen"),
        words.yuan,
        relative=True,
    ),
    Headline(
        "penalties.citizen_days",
        TOOK,
        "Days under a penalty",
        "days under a penalty, summed over people and penalties",
        _sum("penalties", "citizen_days"),
        words.whole,
        relative=True,
    ),
    Headline(
        "penalties.refused", TOOK, "Refusals", "times something was refused", _sum("penalties", "refused"), words.whole, relative=True
    ),
    Headline(
        "penalties.fen",
        TOOK,
        "Money lost through penalties",
        "what penalties cost those under them, less what they could not spend",
        _sum("penalties", "fen"),
        words.yuan,
        relative=True,
    ),
    Headline(
        "wrong.false_penalty_share",
        RIGHT,
        "False penalty days",
        "of penalty days would not be there if every record were true and complete",
        _at("wrong", "false_penalty_share"),
        words.share,
    ),
    Headline(
        "wrong.missed_share",
        RIGHT,
        "Missed penalty days",
        "of the penalty days that the rule itself calls for did not happen",
        _at("wrong", "missed_share"),
        words.share,
    ),
    Headline(
        "wrong.lawful_share",
        RIGHT,
        "Penalty days for lawful acts",
        "of penalty days rest on acts that no law forbids",
        _at("wrong", "lawful_share"),
        words.share,
    ),
    Headline(
        "wrong.disproportion",
        RIGHT,
        "Disproportion",
        "weight of the penalties over the gravity of the acts; 1 is even",
        _at("wrong", "disproportion"),
        lambda n: words.decimal(n) if n is not None else words.NO_CASE,
    ),
    Headline(
        "help.granted_share",
        HELP,
        "Requests for help granted",
        "of all requests for help were granted",
        _at("help", "granted_share"),
        words.share,
    ),
    Headline(
        "help.granted_of_due",
        HELP,
        "Granted where help was due",
        "of the requests that the norm grants, told of every answer as it was",
        _at("help", "granted_of_due"),
        words.share,
    ),
    Headline(
        "help.granted_of_undue",
        HELP,
        "Granted where it was not",
        "of the requests that the norm refuses, told of every answer as it was",
        _at("help", "granted_of_undue"),
        words.share,
    ),
    Headline(
        "help.agreement",
        HELP,
        "Agreement about a person",
        "of two who both talk with somebody in a week think the same of her",
        _at("help", "agreement"),
        words.share,
    ),
    Headline(
        "life.income_mean",
        LIFE,
        "Income, a person and year",
        "income a person and year",
        _at("life", "income_mean"),
        lambda n: f"{words.whole(n)}{_Y}",
        _mean_yuan,
    ),
    Headline(
        "life.income_gini",
        LIFE,
        "Inequality of income (Gini)",
        "inequality of income (Gini, 0 even to 1)",
        _at("life", "income_gini"),
        lambda n: words.decimal(n, 4),
        words.gini,
    ),
    Headline(
        "life.conduct_bad_mean",
        LIFE,
        "Bad conduct, a person and year",
        "bad conduct a person and year, weighted by gravity",
        _at("life", "conduct_bad_mean"),
        words.decimal,
        words.signed,
    ),
    Headline(
        "life.conduct_good_mean",
        LIFE,
        "Good conduct, a person and year",
        "good conduct a person and year, weighted by worth",
        _at("life", "conduct_good_mean"),
        words.decimal,
        words.signed,
    ),
    Headline("life.defaults", LIFE, "Loans not paid back", "loans not paid back", _at("life", "defaults"), words.whole, words.signed),
    Headline(
        "life.expression_mean",
        LIFE,
        "Speech: the share that is said",
        "of what people would say, the share that is said",
        _at("life", "expression_mean"),
        words.share,
        words.points,
    ),
    Headline(
        "life.public_opinion_mean",
        LIFE,
        "Approval as said aloud",
        "approval as said aloud",
        _at("life", "public_opinion_mean"),
        words.share,
        words.points,
    ),
    Headline(
        "life.opinion_mean", LIFE, "Approval in private", "approval in private", _at("life", "opinion_mean"), words.share, words.points
    ),
    Headline(
        "life.opinion_effective_number",
        LIFE,
        "Different opinions in public",
        "different opinions heard in public (effective number, at most 20)",
        _at("life", "opinion_effective_number"),
        words.decimal,
        words.signed,
    ),
)
"""All headlines, in the order of the page."""


def headlines(summary: dict[str, Any]) -> dict[str, Number]:
    """Every headline number of a summary, as "REGIME.ID"; a difference from the baseline where the headline is one.

    This is what ranges are ranges of.

    Args:
        summary: a run's summary (the JSON contract), with a baseline `none` where differences are wanted.

    Returns:
        A number each, in the summary's units (shares 0..1, money in fen or yuan as there), or None where there is no case or no baseline.

    Example:
        >>> essay = {"life": {"defaults": 4}, "wrong": {"missed_share": 0.5}}
        >>> found = headlines({"regimes": {"none": {"life": {"defaults": 5}}, "essay": essay}})
        >>> found["essay.life.defaults"], found["essay.wrong.missed_share"], found["essay.penalties.refused"]
        (-1, 0.5, None)
    """
    regimes = summary["regimes"]
    return {
        f"{name}.{line.id}": value_of(line, regimes[name], regimes.get(BASELINE))
        for name in regimes
        if name != BASELINE
        for line in HEADLINES
    }


def value_of(line: Headline, regime: Regime, twin: Regime | None) -> Number:
    """One headline's number: where it is set beside the baseline, the difference."""
    mine = line.of(regime)
    if line.against is None or mine is None:
        return mine
    other = line.of(twin) if twin else None
    return None if other is None else mine - other


def difference(line: Headline, gap: float) -> str:
    """A difference of two values of a headline, with its sign."""
    if line.id == "life.income_mean":
        return words.signed(gap, "yuan")  # the mean of many seeds is known to less than a yuan
    if line.against is not None:
        return line.against(gap)
    if line.write is words.share:
        return words.points(gap)
    if gap == 0:
        return words.signed(0)
    return f"{'+' if gap > 0 else words.MINUS}{line.write(abs(gap))}"
