"""The Value block: one number with its meaning, unit, source, status and range. Every TOML file of the package uses it."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

Status = Literal["law", "measured", "derived", "reported", "assumed"]
Words = Annotated[str, StringConstraints(strict=True, min_length=1)]
Number = int | float


class Value(BaseModel):
    """One number, with what a reader needs in order to judge it.

    Fields:
        about: one sentence on what the number is.
        unit: its unit, in words ("years", "share", "a year, per person at risk").
        status: how it is known: law, measured, derived (arithmetic on published figures), reported (second hand) or assumed.
        source: where it comes from, or why it had to be assumed.
        range: the lowest and the highest plausible value; required where assumed.
        recalled: true where a figure is only remembered, not read.
        value: a number; or a number for each day from which it holds, before the first of which there is none.

    Raises:
        pydantic.ValidationError: a key is unknown or missing, an assumed value has no range, a number stands outside the range.

    Example:
        >>> cut = Value(about="Fare.", unit="yuan", status="assumed", source="Guess.", range=[500, 900],
        ...             value={"2020-01-01": 850, "2021-01-01": 600})
        >>> cut.at("2019-12-31") is None, cut.at(date(2020, 1, 1)), cut.at("2024-05-01")
        (True, 850, 600)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: Words
    unit: Words
    status: Status
    source: Words
    range: Annotated[tuple[Number, Number] | None, "low, high"] = None
    recalled: bool = False
    value: Any

    # The order matters: a validator sees the fields above its own.
    @field_validator("range", mode="before")
    @classmethod
    def _range_is_two_numbers(cls, range_: Any) -> Any:
        if range_ is None:
            return None
        if not isinstance(range_, list | tuple) or len(range_) != 2 or not all(is_number(end) for end in range_):
            raise PydanticCustomError("range", "must be two numbers, [low, high]")
        if range_[0] > range_[1]:
            raise PydanticCustomError("range", f"runs backwards: {shown(range_[0])} is above {shown(range_[1])}")
        return tuple(range_)

    @field_validator("value", mode="before")
    @classmethod
    def _value_is_a_number_or_dated(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, dict):
            value = _in_order(value)
        elif not is_number(value):
            raise PydanticCustomError("number", f"must be a number, not {kind_of(value)}")
        limits = info.data.get("range")
        for number in numbers_of(value) if limits else ():
            if not limits[0] <= number <= limits[1]:
                raise PydanticCustomError("outside", f"{shown(number)} is outside its range, {shown(limits[0])} to {shown(limits[1])}")
        return value

    def model_post_init(self, context: Any) -> None:
        if self.status == "assumed" and self.range is None:
            raise PydanticCustomError("no_range", "is missing: an assumed value needs [low, high]")

    def at(self, day: date | str) -> Number | None:
        """The number in force on a day (a date, or text such as "2020-01-01"); None before the first date it has.

        Example:
            >>> Value(about="a", unit="share", status="law", source="s", value=0.5).at("2020-01-01")
            0.5
        """
        if not isinstance(self.value, dict):
            return self.value
        now = day if isinstance(day, str) else day.isoformat()
        past = [number for since, number in self.value.items() if since <= now]
        return past[-1] if past else None

    @property
    def dated(self) -> bool:
        """Whether the number changes with the date."""
        return isinstance(self.value, dict)

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Every number that it takes, in order of date."""
        return numbers_of(self.value)


def within(low: float, high: float, whole: bool = False) -> Any:
    """A Value whose numbers cannot mean anything outside two bounds, as a type for a schema.

    Args:
        low: the lowest number that makes sense, in the value's unit.
        high: the highest.
        whole: whether only whole numbers make sense.

    Returns:
        A type; numbers outside give an error that names the bounds.
    """
    return Annotated[Value, AfterValidator(_bounds(low, high, whole))]


def _bounds(low: float, high: float, whole: bool) -> Callable[[Value], Value]:
    def checked(value: Value) -> Value:
        for number in value.numbers:
            if not low <= number <= high:
                raise PydanticCustomError("bounds", f"{shown(number)} makes no sense here: {shown(low)} to {shown(high)} is possible")
            if whole and number != int(number):
                raise PydanticCustomError("bounds", f"must be a whole number, not {shown(number)}")
        return value

    return checked


def is_number(value: Any) -> bool:
    """Whether it is a finite number; true and false are not numbers.

    Example:
        >>> is_number(3), is_number(True), is_number(float("nan"))
        (True, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def numbers_of(value: Any) -> tuple[Number, ...]:
    """The numbers of a plain or dated value, in order of date."""
    return tuple(value.values()) if isinstance(value, dict) else (value,)


def shown(number: float) -> str:
    """A number as a person would write it.

    Example:
        >>> shown(1.0), shown(0.000015), shown(250000)
        ('1', '1.5e-05', '250000')
    """
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else repr(number)


def kind_of(value: Any) -> str:
    """What sort of thing stands in a TOML file where something else was wanted, in words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'the text "{value}"'
    if isinstance(value, int | float):
        return f"the number {value}" if math.isfinite(value) else f"{value}, which has no end"
    return "a list" if isinstance(value, list) else "a block" if isinstance(value, dict) else "a date"


def _in_order(value: dict[Any, Any]) -> dict[str, Number]:
    """A dated value sorted by date, checked."""
    if not value:
        raise PydanticCustomError("number", "has no date and no number")
    for since, number in value.items():
        try:
            plain = date.fromisoformat(since).isoformat() == since
        except (TypeError, ValueError):
            plain = False
        if not plain:
            raise PydanticCustomError("number", f'is dated by "{since}", which is not a day such as "2020-01-01"')
        if not is_number(number):
            raise PydanticCustomError("number", f'must be a number from "{since}" on, not {kind_of(number)}')
    return dict(sorted(value.items()))
