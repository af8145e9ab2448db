"""What a catalogue file may say: acts and how often they happen, attempts, consequences, life and responses."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from glasshouse.values import Words, within

Channel = Literal["commerce", "payments", "social", "browsing", "location", "civic"]
Domain = Literal["travel", "school", "work", "connection", "credit", "housing", "speech", "standing"]
Flag = Literal["adult", "drives", "works", "jobless", "borrows", "internet", "pays", "shops", "talks", "searches", "urban",
               "parent", "pupil", "renter", "graduate", "assisted", "trades"]  # fmt: skip
Hindrance = Literal["air_ticket", "air_boarding", "private_school", "line_speed", "prestige_job", "hotel", "reach", "account", "rail_seat", "home", "car",
                     "holiday", "insurance", "office", "loan_refusal", "assistance", "naming"]  # fmt: skip
Favour = Literal["loan_terms", "deposit", "fare", "queue", "movement", "rebate"]
Mechanism = Literal[Hindrance, Favour]
MECHANISMS: dict[str, tuple[str, ...]] = {"penalty": get_args(Hindrance), "reward": get_args(Favour)}
"""Through what a penalty, and through what a reward, can act."""
FAMILIES = ("traffic", "order", "credit", "market", "civic", "speech", "curiosity", "daily")
FREQUENT = {"commerce": "orders", "payments": "pays_by_phone", "social": "posts", "browsing": "searches_web", "location": "outings",
            "civic": "crosses_on_red"}  # fmt: skip
"""The one frequent thing of each channel."""
ATTEMPTS = ("flies", "takes_train", "books_hotel", "applies_for_loan", "rents_with_deposit", "moves_job", "finds_job", "loses_job",
            "seeks_school_place", "leaves_school", "buys_home", "buys_car", "takes_holiday", "buys_insurance", "rents_office")  # fmt: skip
Id = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]*$")]

Share = within(0, 1)
Rate = within(0, 100)  # a year: what is seldom is drawn once a day, everything together
Weight = within(0, 10)
Yuan = within(0, 10_000_000)
Factor = within(0, 10)
Shape = within(0.02, 1000)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
SPREAD = ("skew", "none", "few", "few_acts")
"""How unequally people do something."""
Times = within(0, 100)


class Block(BaseModel):
    """A table of a file: nothing in it that is not declared, and nothing changes once it is read."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rhythm(Block):
    """How often things are done by the day of the week and by the month; only the proportions count."""

    title: Words
    monday: Factor
    tuesday: Factor
    wednesday: Factor
    thursday: Factor
    friday: Factor
    saturday: Factor
    sunday: Factor
    january: Factor
    february: Factor
    march: Factor
    april: Factor
    may: Factor
    june: Factor
    july: Factor
    august: Factor
    september: Factor
    october: Factor
    november: Factor
    december: Factor


class OwnChannel(Block):
    """A channel of one's own beside the six: where acts that name it become data. Nothing is done there every day."""

    title: Words


class Family(Block):
    """Acts that the same people do: how unequally they are spread, and what the responses do to them.

    `none` is the share of people who never do any, `few` that of people of a lasting group apart, who do `few_acts` of them
    all; `skew` spreads the others.
    """

    title: Words
    skew: Shape
    none: Share | None = None
    few: Share | None = None
    few_acts: Share | None = None
    habit: within(-1, 1)
    expression: Share
    withdrawal: Share
    hardship: Share


class Likelier(Block):
    """How many times as likely something is for one of whom this is true; what is left out makes no difference."""

    man: Times | None = None
    middle_aged: Times | None = None
    in_work: Times | None = None
    trades: Times | None = None
    jobless: Times | None = None
    new_job: Times | None = None
    short: Times | None = None
    indebted: Times | None = None
    arrears: Times | None = None
    young: Times | None = None


class Act(Block):
    """Something a citizen does now and then that a system could record.

    `lawful` says that no public law forbids it (a broken contract is between its parties); `owes` that only somebody in debt
    can do it, `judged` that only somebody against whom a judgment stands; `judgment` that it brings, fulfils or ends one; `bought`
    that only those do it who game the score; `taught` that a fine for it makes its payer careful for a while
    (responses.caught); `trusting` that it is done the more, the more one trusts others (responses.trust); `stops` that payments on
    a debt stop with it. `rate` is that of those of whom nothing under `likelier` is true. An act with a
    `skew` of its own, or a share who do `none`, is spread over people so, and not as its family is: the same people come
    first. `rhythm` names one of the rhythms.
    """

    title: Words
    channel: Id
    family: Words
    at_risk: tuple[Flag, ...]
    lawful: StrictBool
    good: StrictBool = False
    bought: StrictBool = False
    owes: StrictBool = False
    judged: StrictBool = False
    judgment: Literal["brings", "fulfils", "ends"] | None = None
    taught: StrictBool = False
    trusting: StrictBool = False
    rhythm: Words | None = None
    stops: StrictBool = False
    rate: Rate
    skew: Shape | None = None
    none: Share | None = None
    seen: Share
    gravity: Weight | None = None
    fine: Yuan | None = None
    likelier: Likelier = Likelier()


class Frequent(Block):
    """Something done nearly every day, or many times a day.

    Where there are `occasions`, the rate is the share of them on which it is done; else it is times a day.
    """

    title: Words
    channel: Channel
    at_risk: tuple[Flag, ...]
    lawful: StrictBool
    rhythm: Words | None = None
    occasions: within(0, 200) | None = None
    rate: within(0, 200)
    skew: Shape
    none: Share | None = None
    seen: Share
    gravity: Weight | None = None
    expression: Share
    withdrawal: Share
    line: Share
    ease: within(0, 5)
    removed: Share


class Attempt(Block):
    """Something a citizen wants, or that happens to her, where a consequence may step in."""

    title: Words
    domain: Domain
    at_risk: tuple[Flag, ...]
    rhythm: Words | None = None
    rate: Rate
    elasticity: within(-5, 5)
    likelier: Likelier = Likelier()


class Consequence(Block):
    """A penalty or a reward: where in life it acts, through what (MECHANISMS), and on what outcome it must show."""

    title: Words
    kind: Literal["penalty", "reward"]
    domain: Domain
    mechanism: Mechanism
    reaches_household: StrictBool
    outcome: Words
    direction: Literal["up", "down"]
    weight: Weight


class Air(Block):
    fare: Yuan
    refund: Share
    to_rail: Share
    detour_hours: within(0, 72)


class Rail(Block):
    fare: Yuan
    fast: Share
    slow: Share
    again: Share


class Spending(Block):
    home: Yuan
    car: Yuan
    holiday: Yuan
    insurance: Yuan
    office: Yuan


class Rebate(Block):
    year: Yuan


class Assistance(Block):
    share: Share


class Naming(Block):
    small: Yuan
    settle: Share


class Fare(Block):
    discount: Share


class Queue(Block):
    hours: within(0, 24)


class Hotel(Block):
    night: Yuan
    plain: Yuan
    plain_share: Share


class Loan(Block):
    drawn: Share
    rate: Share
    favoured_rate: Share
    approval: Share
    favoured_approval: Share
    arrears_approval: Share
    weeks: within(1, 1560)
    heavy: within(0, 100)
    cure: Share
    settled: within(1, 250, whole=True)
    loss: Share


class Court(Block):
    claim: within(0, 3650)


class Business(Block):
    share: Share


class Deposit(Block):
    goods: Yuan
    fee: Yuan


class School(Block):
    fee: Yuan
    afford: Share


class Job(Block):
    prestige: Share
    premium: within(0, 10)
    new: within(0, 520)
    benefit: within(0.01, 1)  # pay is worked out from it for those who begin without work


class Line(Block):
    online: Share
    loss: Share


class Reach(Block):
    loss: Share


class Saving(Block):
    speed: Share
    least: Share


class Money(Block):
    short: within(0, 520)
    liquid: within(0.01, 1)


class Trace(Block):
    full: within(1, 100_000, whole=True)


class Life(Block):
    """What things cost and how life goes on where a consequence steps in, under every regime."""

    air: Air
    rail: Rail
    spending: Spending
    rebate: Rebate
    assistance: Assistance
    naming: Naming
    fare: Fare
    queue: Queue
    hotel: Hotel
    loan: Loan
    court: Court
    business: Business
    deposit: Deposit
    school: School
    job: Job
    line: Line
    reach: Reach
    saving: Saving
    money: Money
    trace: Trace


class Response(Block):
    """What people do about a score: the outcome that it moves, which way, and the number that switches it off at 0."""

    outcome: Words
    direction: Literal["up", "down"]
    off: Words


class Awareness(Response):
    spread: Share
    taught: Share


class Compliance(Response):
    base: Share
    near: within(1, 10_000)
    speed: Share
    fade: Share


class Caught(Response):
    size: Share
    holds: within(0, 20)


class Chilling(Response):
    size: Share
    exposed: Share
    speed: Share


class Falsify(Response):
    size: Share


class Withdrawal(Response):
    size: Share
    exposed: Share
    speed: Share


class Gaming(Response):
    size: Share
    price: Yuan


class Ties(Response):
    drop: Share
    renew: Share
    low: within(1, 8, whole=True)


class Trust(Response):
    sign: within(-1, 1, whole=True)
    size: Share
    low: within(1, 10)
    speed: Share
    start: within(0.01, 1)  # what it moves is done in proportion to it


class Opinion(Response):
    updating: within(0, 2, whole=True)
    pull: Share
    anchor: Share
    bound: Share
    noise: Share
    hurt: Share
    gain: Share
    start_mean: Share
    start_sd: Share


class Survey(Response):
    hidden: Share
    items: within(1, 8, whole=True)


class Responses(Block):
    """What those who know of the score do about it, what a fine teaches, and how people answer when they are asked."""

    awareness: Awareness
    compliance: Compliance
    caught: Caught
    chilling: Chilling
    falsify: Falsify
    withdrawal: Withdrawal
    gaming: Gaming
    ties: Ties
    trust: Trust
    opinion: Opinion
    survey: Survey


class Catalogue(Block):
    """Everything that happens in a society whatever the regime: one dict of entries by id for each file."""

    families: dict[Id, Family]
    rhythms: dict[Id, Rhythm]
    acts: dict[Id, Act]
    frequent: dict[Id, Frequent]
    attempts: dict[Id, Attempt]
    consequences: dict[Id, Consequence]
    life: Life
    responses: Responses
    channels: dict[Id, OwnChannel] = Field(default_factory=dict)

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Every channel: the six, then those of one's own."""
        return (*FREQUENT, *self.channels)
