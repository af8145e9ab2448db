"""What a scenario file may say: a question, a society, regimes, a horizon and a seed; and whatever it changes in the catalogue."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StrictBool

from glasshouse.catalogue.schema import Act, Attempt, Block, Catalogue, Consequence, Family, Frequent, Id, Life, OwnChannel, Responses, Rhythm
from glasshouse.regimes.schema import Day, Regime
from glasshouse.scenarios.society import Society
from glasshouse.values import Value, Words

Whole = Annotated[int, Field(strict=True)]
LONGEST = 3653
"""Days in ten years: lives are drawn for as long, and households do not split or merge within a run, so no horizon is longer."""
YEARS = (1900, 2100)
"""The first and the last year in which a run may begin."""
MOST_SEED = 2**63 - 1
SETTINGS: dict[str, tuple[str, str]] = {
    "start": ("date", "First day of the run."),
    "days": ("days", "How many days the run lasts."),
    "citizens": ("citizens", "How many citizens the society has."),
    "seed": ("number", "The seed of all luck: the same seed gives the same run."),
    "panel": ("citizens", "How many citizens are followed one by one."),
}
SECTIONS = ("families", "rhythms", "acts", "frequent", "attempts", "consequences", "life", "responses")
"""The parts of the catalogue, as tables of a scenario."""


class OwnRule(Block):
    """A rule of one's own in place of a shipped one: the Python file it was read from, and its text."""

    file: Words
    text: Words


class Resolved(Block):
    """A scenario with everything in it: what the run folder keeps as scenario.toml."""

    id: Id
    title: Words
    summary: Words
    question: Words
    society: Society
    start: Day
    days: Annotated[Whole, Field(ge=1)]
    citizens: Annotated[Whole, Field(ge=1)]
    seed: Annotated[Whole, Field(ge=0, le=MOST_SEED)]
    panel: Annotated[Whole, Field(ge=0, le=10_000)]
    regimes: Annotated[tuple[Words, ...], Field(min_length=1)]
    rules: dict[str, OwnRule] = Field(default_factory=dict)
    numbers: dict[Id, Value] = Field(default_factory=dict)
    channels: dict[Id, OwnChannel] = Field(default_factory=dict)
    resolved: StrictBool = True
    overrides: dict[str, Any] = Field(default_factory=dict)
    families: dict[Id, Family]
    rhythms: dict[Id, Rhythm]
    acts: dict[Id, Act]
    frequent: dict[Id, Frequent]
    attempts: dict[Id, Attempt]
    consequences: dict[Id, Consequence]
    life: Life
    responses: Responses
    regime: dict[str, Regime]

    @property
    def catalogue(self) -> Catalogue:
        """Its acts, attempts, consequences, prices, responses and channels of its own, as one."""
        return Catalogue.model_construct(**{part: getattr(self, part) for part in (*SECTIONS, "channels")})
