"""What a bank that learns keeps of the loans that it grants, and what became of them. Other regimes have none of this."""

from ..engine.model import Step
from ..rules import bank, measure
from .names import LOAN_BANDS


def loans_lent() -> list:
    """What each application puts under watch: a loan with the band of its score, or a refusal by the cut."""
    return [
        Step(bank.band, "applies_for_loan", ("loan_band",), "bank"),
        Step(bank.watches, "applies_for_loan", ("lent_band", "lent_on"), "bank", {"refused": LOAN_BANDS}),
    ]


def loans_ended() -> list:
    """Once a month: loans whose term is over, and those on which payments have stopped, are counted by band and leave the watch."""
    steps = [Step(bank.ends, "month", ("loan_end",), "bank"), Step(bank.place, "month", ("loan_place",), "bank", only="loan_end")]
    for end, count in ((1, "loans_sound"), (2, "loans_failed")):
        steps.append(Step(measure.one, "month", (f"+{count}@loan_place",), "bank", only=("loan_end", end)))
    return [*steps, Step(measure.nothing, "month", ("lent_band",), "bank", only="loan_end")]
