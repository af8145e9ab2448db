"""The Value block: what it refuses, what it says on a day, and that it never changes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from glasshouse.values import Value, is_number, kind_of, shown, within

PLAIN = {"about": "A number.", "unit": "points", "status": "law", "source": "A law.", "value": 5}


def value(**changed):
    return Value(**{**PLAIN, **changed})


def fault(**changed):
    with pytest.raises(ValidationError) as caught:
        value(**changed)
    (only,) = caught.value.errors()
    return only["loc"], only["msg"]


def test_a_plain_value_holds_on_every_day():
    assert [value().at(day) for day in ("1900-01-01", date(2020, 2, 29), "2999-12-31")] == [5, 5, 5]


def test_a_dated_value_holds_from_its_day_on():
    dated = value(value={"2021-01-01": -2, "2020-01-01": -5})
    assert [dated.at(day) for day in ("2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01")] == [None, -5, -5, -2]
    assert (dated.dated, dated.numbers) == (True, (-5, -2))
    assert (value().dated, value().numbers) == (False, (5,))


DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@given(st.dictionaries(DAYS, st.integers(-9, 9), min_size=1, max_size=6), DAYS)
def test_at_is_the_number_of_the_last_date_reached(steps, day):
    dated = value(value={since.isoformat(): number for since, number in steps.items()})
    past = [since for since in steps if since <= day]
    assert dated.at(day) == dated.at(day.isoformat()) == (steps[max(past)] if past else None)


@pytest.mark.parametrize("missing", ["about", "unit", "status", "source", "value"])
def test_nothing_may_be_missing(missing):
    with pytest.raises(ValidationError) as caught:
        Value(**{key: part for key, part in PLAIN.items() if key != missing})
    assert [(f["loc"], f["type"]) for f in caught.value.errors()] == [((missing,), "missing")]


@pytest.mark.parametrize(
    ("changed", "loc", "message"),
    [
        ({"status": "assumed"}, (), "is missing: an assumed value needs [low, high]"),
        ({"range": [6, 9]}, ("value",), "5 is outside its range, 6 to 9"),
        ({"range": [0, 4.5]}, ("value",), "5 is outside its range, 0 to 4.5"),
        ({"range": [9, 6]}, ("range",), "runs backwards: 9 is above 6"),
        ({"range": [1]}, ("range",), "must be two numbers, [low, high]"),
        ({"range": [True, 9]}, ("range",), "must be two numbers, [low, high]"),
        ({"value": "5"}, ("value",), 'must be a number, not the text "5"'),
        ({"value": True}, ("value",), "must be a number, not true"),
        ({"value": float("nan")}, ("value",), "must be a number, not nan, which has no end"),
        ({"value": [5]}, ("value",), "must be a number, not a list"),
        ({"value": {}}, ("value",), "has no date and no number"),
        ({"value": {"20200101": 1}}, ("value",), 'is dated by "20200101", which is not a day such as "2020-01-01"'),
        ({"value": {"2020-01-01": False}}, ("value",), 'must be a number from "2020-01-01" on, not false'),
        ({"value": {"2020-01-01": 1, "2021-01-01": 8}, "range": [0, 7]}, ("value",), "8 is outside its range, 0 to 7"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(changed, loc, message):
    assert fault(**changed) == (loc, message)


def test_the_ends_of_a_range_belong_to_it():
    assert value(status="assumed", range=[5, 5]).range == (5, 5)


@pytest.mark.parametrize("changed", [{"status": "guessed"}, {"sources": "A law."}, {"source": ""}, {"unit": 3}, {"recalled": "maybe"}])
def test_unknown_and_empty_parts_are_refused(changed):
    with pytest.raises(ValidationError):
        value(**changed)


def test_a_value_cannot_be_changed():
    with pytest.raises(ValidationError):
        value().unit = "days"


def test_bounds_belong_to_what_they_bound():
    class Holder(BaseModel):
        share: within(0, 1)
        points: within(-10, 10, whole=True) | None = None

    assert Holder(share=value(value=1)).share.at("2020-01-01") == 1
    assert Holder(share=value(value=0), points=value(value=-10)).points.value == -10
    for bad, message in (
        ({"share": value(value=1.01)}, "1.01 makes no sense here: 0 to 1 is possible"),
        ({"share": value(value={"2020-01-01": 0, "2021-01-01": -1})}, "-1 makes no sense here: 0 to 1 is possible"),
        ({"share": value(value=0), "points": value(value=2.5)}, "must be a whole number, not 2.5"),
        ({"share": value(value=0), "points": value(value=11)}, "11 makes no sense here: -10 to 10 is possible"),
    ):
        with pytest.raises(ValidationError) as caught:
            Holder(**bad)
        assert caught.value.errors()[0]["msg"] == message


def test_numbers_and_kinds_are_told_as_a_person_would():
    assert [shown(x) for x in (0.0, -3.0, 0.25, 1e20, 7)] == ["0", "-3", "0.25", "1e+20", "7"]
    told = [kind_of(x) for x in (True, False, "a", 3, 2.5, [], {}, date(2020, 1, 1))]
    assert told == ["true", "false", 'the text "a"', "the number 3", "the number 2.5", "a list", "a block", "a date"]
    assert [is_number(x) for x in (0, 1.5, True, "1", None, float("inf"))] == [True, True, False, False, False, False]
