"""The social credit day: what is kept of a citizen, and the chain of steps that is one day.

    gather -> act -> watch -> score -> grade -> contest -> sanction -> live -> respond -> publish   (then: measure)

Whoever reads this folder knows what a day is. It is written as any model is: fields (fields.py), numbers and luck
(numbers.py), words (names.py), and steps that name pure functions in rules/. The rules say how; the steps say who, when
and in which order: happening.py has act and watch, filing.py what a record does, judging.py the score and what follows
from it, living.py what people try and answer, lending.py what a bank that learns keeps of its
loans, helping.py who helps whom, gaming.py points that are bought, pieces.py what is put together again and again. `model` joins
them.
"""

from dataclasses import replace

from ..engine.model import Model, Param, Step, values_of
from ..rules import score
from .fields import fields
from .gaming import games
from .happening import acts, frequent, shared_steps, weekly_counts
from .helping import helped
from .judging import judged, month
from .lending import loans_ended, loans_lent
from .living import lived, published, week
from .names import (
    ACT,
    ATTEMPT,
    ATTEMPTS,
    BANDS,
    CAUSES,
    CELLS,
    CHANNELS,
    CLOCK,
    CONSEQUENCES,
    DIMENSIONS,
    FALSE,
    FAMILIES,
    FEATURE_VALUES,
    FEATURES,
    FIFTHS,
    FLAGS,
    GAME,
    GRADES,
    GROWN,
    KINDS,
    LISTS,
    LOAN_BANDS,
    MEASURES,
    MECHANISMS,
    MONTHS,
    MOST_KINDS,
    OF_KIND,
    PAYMENTS,
    PLIGHTS,
    RINGS,
    SECTORS,
    SPEAKING,
    SPENDING,
    STANDING,
    STAYS,
    SUMS,
    SURVEY,
    TIES,
    TRAITS,
)
from .numbers import LUCK, params

__all__ = [
    "ACT",
    "ATTEMPT",
    "ATTEMPTS",
    "BANDS",
    "CAUSES",
    "CELLS",
    "CHANNELS",
    "CLOCK",
    "CONSEQUENCES",
    "DIMENSIONS",
    "FALSE",
    "FAMILIES",
    "FEATURES",
    "FEATURE_VALUES",
    "FIFTHS",
    "FLAGS",
    "GAME",
    "GRADES",
    "GROWN",
    "KINDS",
    "LISTS",
    "LOAN_BANDS",
    "LUCK",
    "MEASURES",
    "MECHANISMS",
    "MONTHS",
    "MOST_KINDS",
    "OF_KIND",
    "PAYMENTS",
    "PLIGHTS",
    "RINGS",
    "SECTORS",
    "SPEAKING",
    "SPENDING",
    "STANDING",
    "STAYS",
    "SUMS",
    "SURVEY",
    "TIES",
    "TRAITS",
    "fields",
    "model",
    "params",
    "rule_name",
]


def rule_name(rule) -> str:
    """The name of a rule: its file and function, such as `score.total`."""
    return f"{rule.__module__.rsplit('.', 1)[-1]}.{rule.__name__}"


def model(own: dict | None = None, numbers: tuple[str, ...] = (), channels: int = len(CHANNELS)) -> Model:
    """The declaration of the social credit day.

    Args:
        own: functions by the name of the rule whose place they take.
        numbers: names of numbers that these may read besides those of the day.
        channels: how many channels there are, with those of one's own.
    """
    chain = tuple(
        shared_steps()
        + [Step(score.covered, "tile", ("covered",), "watch")]
        + month()
        + loans_ended()
        + frequent()
        + weekly_counts()
        + acts()
        + judged()
        + lived()
        + loans_lent()
        + week()
        + helped()
        + games()
        + published()
    )
    if own:
        chain = tuple(replace(item, rule=own.get(rule_name(item.rule), item.rule)) if isinstance(item, Step) else item for item in chain)
    kept = fields(channels)
    values = values_of(chain, {*(f.name for f in kept), "word"})
    known = (*params(), *(Param(name, "f4") for name in numbers))
    return Model("social credit day", kept, known, LUCK, values, CLOCK, chain, MEASURES, SUMS, KINDS, CELLS)
