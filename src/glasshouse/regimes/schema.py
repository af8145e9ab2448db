"""What a regime file may say: who is covered, what moves the score, the grades, what they bring, and the remedies."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError

from glasshouse.catalogue.schema import Block, Channel, Flag, Id, Share
from glasshouse.values import Number, Status, Value, Words, kind_of, within

Trait = Literal["reliability", "order", "loyalty"]
TRAIT_FAMILY: dict[str, str] = {"reliability": "credit", "order": "order", "loyalty": "speech"}
"""The family of acts that each guessed trait is about."""
MOST_GRADES = 8
MOST_LISTS = 4
FALSE_MOST = 0.5
"""The most false records a covered person-year of one channel that can be drawn."""
Feature = Literal["age", "sex", "residence", "income", "renter", "parent", "graduate", "online", "drives", "job", "arrears", "new_job", "short", "household"]
DimensionId = Literal["file", "trace", "means", "owed", "age", "new", "settled", "ties"]

Points = within(-1000, 1000, whole=True)
Score = within(-1_000_000, 1_000_000, whole=True)
GradeId = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
RegimeId = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*(-[a-z0-9_]+)*$")]


def _day(given: Any) -> date:
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise PydanticCustomError("day", f'must be a day such as "2020-01-01", not {kind_of(given)}') from None


Day = Annotated[date, BeforeValidator(_day)]


class Claim(Block):
    """Something that is said of the system, and whether the record bears it out."""

    text: Words
    verdict: Literal["documented", "partly", "not"]
    source: Words


class Coverage(Block):
    """Who is scored, and between which days: from `start` on, until the day before `end`; from the age `from_age` on, or all.

    who, but_not: the people it is for, and those it leaves out, by their flags; uptake: the share who join, where joining is free.
    """

    from_age: within(0, 120) | None = None
    who: tuple[Flag, ...] = ()
    but_not: tuple[Flag, ...] = ()
    uptake: Share | None = None
    start: Day
    end: Day | None = None
    start_status: Status
    start_source: Words


class Awareness(Block):
    """How many know of it on its first day, or on that of the run if it is later; how much of what it threatens they believe."""

    start: Share
    felt: Share | None = None


class Scale(Block):
    """The score: where everybody begins, its ends where it has any, and how long what moved it stays on file.

    expiry: months that points stay, 0 for no memory, for ever if it is left out. decay: the share that fades in a month.
    gains: the most points that good deeds can add in a year.
    """

    base: Score
    low: Score | None = None
    high: Score | None = None
    expiry: within(0, 24, whole=True) | None = None
    stale: Share | None = None
    decay: Share | None = None
    gains: within(0, 10_000, whole=True) | None = None


class Activity(Block):
    """Points for a month's frequent records of a channel: `points` for each `per` of them, at most `cap` in size."""

    points: Points
    per: within(1, 10_000, whole=True)
    cap: within(0, 1000, whole=True)


class Guess(Block):
    """A trait that the regime guesses: its weight in points a standard deviation, and how well the guess fits the truth."""

    weight: Points
    accuracy: Share


class Kin(Block):
    """Shares of how far household and talking partners stand from the base that are added to one's own score."""

    household: Share | None = None
    ties: Share | None = None


class Grade(Block):
    """A class of scores: `cut` (`from` in the file) is its lowest score; the lowest grade has none."""

    id: GradeId
    title: Words
    cut: Score | None = Field(default=None, alias="from")


class Straight(Block):
    """An act whose record moves the grade by itself: straight down to `grade`, whatever its points."""

    grade: GradeId
    status: Status
    source: Words


class Dimension(Block):
    """One of the dimensions that a score is made of: its weight as a share of the whole, and what fills its scale."""

    weight: Share
    full: within(0.001, 1_000_000)
    of: tuple[Flag, ...] = ()


class Fitted(Block):
    """A risk model that is fitted inside the run, on what the regime recorded in the months before it begins to flag.

    target: the act it is to find. features: what it may see of a citizen. training: months of records first; share: of those
    covered, how many it flags; balance: the share of cases among those it is fitted on, as they are if left out.
    """

    target: Id
    features: Annotated[tuple[Feature, ...], Field(min_length=1)]
    training: within(0, 24, whole=True)
    share: Share
    balance: Share | None = None


class Bank(Block):
    """A bank that lends from a cut on, the one of the second grade, and may set it anew from what became of the loans that it granted.

    learns: when it does, on the first day of each month or year. explore: the share of applications below the cut that it treats as if
    they were above it; none if left out. band: points of score whose loans it counts together, from the lowest score on. term: days
    after which a loan counts as sound on which payments have not stopped. Of one that learns also gain, loss: what a loan brings that
    goes well, and costs that does not, as a share of it; least: loans of a band that must have ended before it believes what it saw.
    """

    learns: Literal["never", "each month", "each year"]
    explore: Share | None = None
    band: within(1, 1000, whole=True)
    term: within(30, 1460, whole=True)
    gain: within(0.0001, 1) | None = None
    loss: within(0.0001, 1) | None = None
    least: within(1, 100_000, whole=True) | None = None


class Game(Block):
    """A cut that people know and game: those near it may buy the points that they are short of.

    grade: the one whose cut it is. visible: the share of those who know of the rule who see their own score. price: of a point, in
    yuan. most: points that one can be short of and buy. lasts: days for which what was bought counts. worth: what being above the cut
    is worth for that time, in days of income a head. aid: the share of the price that the office pays for those whose income a head lies
    below `aid_below`, in yuan a day.
    """

    grade: GradeId
    visible: Share
    price: within(0.01, 100_000)
    most: within(1, 1000, whole=True)
    lasts: within(7, 3650, whole=True)
    worth: within(0, 3650)
    aid: Share | None = None
    aid_below: within(0, 1_000_000) | None = None


class Listing(Block):
    """A list that a record puts a citizen on, for so many days, and that other records take her off.

    entry: the days on the list, by act. exit: the acts that end it; delay: working days until the deletion.
    published: when an entry is published: at once, or on the first working day of the next month. objection: working days
    from then until it takes effect, in which one may object; none, if left out.
    """

    title: Words
    entry: Annotated[dict[str, within(1, 3650, whole=True)], Field(min_length=1)]
    exit: tuple[str, ...] = ()
    delay: within(0, 60, whole=True) | None = None
    overlooked: Share | None = None
    objection: within(0, 60, whole=True) | None = None
    published: Literal["at once", "first working day of the month"] = "at once"


class Measure(Block):
    """A penalty or reward of the catalogue as this regime uses it: the grades or lists that bring it, how long, how strictly.

    tail: days that it outlasts a fall, none if left out. enforcement: always, if left out. household: whether it reaches the
    others of the household; as the catalogue says, if left out.
    """

    grades: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    tail: within(0, 3650, whole=True) | None = None
    enforcement: Share | None = None
    household: StrictBool | None = None


class Watch(Block):
    """What reaches the regime from a channel: its share, false records, mix-ups, and the ratio between two groups."""

    coverage: Share
    false: within(0, 100)
    misdirected: Share
    group_ratio: within(0.01, 100)


Bit = Literal[0, 1]
Eight = tuple[Bit, Bit, Bit, Bit, Bit, Bit, Bit, Bit]
Four = tuple[Bit, Bit, Bit, Bit]


class Norm(Block):
    """Whom to help, and what is thought of it: two tables of 0 and 1, by what the one asked and the one who asks are called.

    helps: whether one helps, for bad bad, bad good, good bad, good good (the one asked first). approves: whether the one asked is
    called good afterwards, likewise, each for a refusal and for help.
    """

    title: Words
    approves: Eight
    helps: Four
    status: Status
    source: Words


class Help(Block):
    """Asking each other for help: how often, and the norm of whom to help."""

    asks: Share
    norm: Norm


class Registry(Block):
    """One public record of who deserves help: answers that do not reach it, entries of the contrary, and days from one issue to the next.

    group_ratio: false entries of the one label group over those of the other.
    """

    missed: Share
    false: Share
    group_ratio: within(0.01, 100)
    lag: within(1, 365, whole=True)


class Opinions(Block):
    """What each thinks of those whom one knows: how often one takes an answer for the contrary."""

    mistaken: Share


class Pardon(Block):
    """A day on which all that tells against anybody is struck."""

    on: Day
    status: Status
    source: Words


class Contest(Block):
    """Objections: how often made, how long they take, how often upheld, whether the record waits for the answer, and how soon
    what should have left a file or a list is noticed (find_stale: its chance in a month).

    One that is upheld strikes its own record and no other. Under a score it is about points; about an entry where there are only lists.
    """

    file: Share
    delay: within(0, 3650, whole=True)
    upheld_wrong: Share
    upheld_right: Share
    suspends: StrictBool = False
    find_stale: Share | None = None


class Remedies(Block):
    """What softens a rule: costly records a year that bring only a warning (of a score); days of notice before a new penalty of a grade
    begins, or an entry on a list takes effect; days of pardon."""

    warnings: within(0, 20, whole=True) | None = None
    notice: within(0, 365, whole=True) | None = None
    amnesty: tuple[Pardon, ...] = ()


class Regime(Block):
    """A rule-maker's whole rule.

    A section that the file leaves out is None, an empty dict or an empty tuple; a Value inside one is read with `at`.
    `extends` and `remove` stand in files alone (see extend.py): a regime that was read is whole and has neither.
    """

    id: RegimeId
    title: Words
    summary: Words
    kind: Literal["points", "list", "lot", "none", "registry", "opinions"]
    extends: Words | None = None
    remove: tuple[Words, ...] = ()
    beside: Words | None = None
    claims: tuple[Claim, ...] = ()
    coverage: Coverage | None = None
    awareness: Awareness | None = None
    score: Scale | None = None
    points: dict[str, Points] = Field(default_factory=dict)
    activity: dict[Channel, Activity] = Field(default_factory=dict)
    straight: dict[str, Straight] = Field(default_factory=dict)
    dimensions: dict[DimensionId, Dimension] = Field(default_factory=dict)
    model: Fitted | None = None
    bank: Bank | None = None
    game: Game | None = None
    lists: Annotated[dict[Id, Listing], Field(max_length=MOST_LISTS)] = Field(default_factory=dict)
    profile: dict[Trait, Guess] = Field(default_factory=dict)
    kin: Kin = Kin()
    grades: Annotated[tuple[Grade, ...], Field(max_length=MOST_GRADES)] = ()
    consequences: dict[str, Measure] = Field(default_factory=dict)
    watch: dict[Id, Watch] = Field(default_factory=dict)
    contest: Contest | None = None
    remedies: Remedies | None = None
    help: Help | None = None
    registry: Registry | None = None
    opinions: Opinions | None = None

    @property
    def watches(self) -> bool:
        """Whether it keeps a file of anybody: a score or a list."""
        return self.kind in ("points", "list")

    @property
    def channels(self) -> list[str]:
        """The channels it watches, in the file's order."""
        return list(self.watch)


def at(value: Value | None, day: date | str, absent: Number = 0) -> Number:
    """The number of a value on a day; where there is no such value, or none yet, `absent`.

    Example:
        >>> at(None, "2020-01-01")
        0
    """
    now = None if value is None else value.at(day)
    return absent if now is None else now
