"""One message for every kind of bad input: the file, the line, the key, what is wrong, the nearest right thing."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse import errors
from glasshouse.errors import BadInput, GlasshouseError, nearest


@pytest.mark.parametrize(
    ("given_parts", "told"),
    [
        ({}, "wrong"),
        ({"file": "a.toml"}, "a.toml: wrong"),
        ({"file": Path("b") / "a.toml"}, "b/a.toml: wrong"),
        ({"file": "a.toml", "place": 7}, "a.toml:7: wrong"),
        ({"file": "a.toml", "place": "row 7"}, "a.toml:row 7: wrong"),
        ({"key": "x.y"}, "key `x.y`: wrong"),
        ({"hint": "z"}, "wrong; did you mean `z`?"),
        (
            {"file": "a.toml", "place": 7, "key": "x.y", "hint": "z"},
            "a.toml:7: key `x.y`: wrong; did you mean `z`?",
        ),
    ],
)
def test_message_names_what_is_known_and_nothing_else(given_parts, told):
    assert str(BadInput("wrong", **given_parts)) == told


def test_line_zero_and_an_empty_key_are_not_taken_for_absent():
    assert str(BadInput("wrong", file="a.toml", place=0, key="")) == "a.toml:0: key ``: wrong"


def test_parts_can_be_read_back_and_survive_a_trip_between_processes():
    error = BadInput("wrong", file="a.toml", place=7, key="x.y", hint="z")
    again = pickle.loads(pickle.dumps(error))
    assert (again.message, again.file, again.place, again.key, again.hint) == ("wrong", "a.toml", 7, "x.y", "z")
    assert str(again) == str(error)


def test_bad_input_is_a_glasshouse_error_and_ends_the_command_with_two():
    assert issubclass(BadInput, GlasshouseError)
    assert BadInput("wrong").exit_code == errors.BAD_INPUT == GlasshouseError("wrong").exit_code


def test_exit_codes_are_the_documented_ones():
    codes = (errors.DONE, errors.CHECK_SAYS_NO, errors.BAD_INPUT, errors.INTERRUPTED, errors.BROKEN_PIPE)
    assert codes == (0, 1, 2, 130, 141)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("rongchen", "rongcheng"),
        ("esay", "essay"),
        ("ESSAY", "essay"),
        ("flight-ban", "flight_ban"),
        ("flight_bann", "flight_ban"),
        ("weather", None),
        ("", None),
    ],
)
def test_nearest_finds_the_likely_word_and_only_that(word, meant):
    assert nearest(word, ["none", "essay", "rongcheng", "flight_ban", "flight_ticket_ban"]) == meant


def test_nearest_of_nothing_is_nothing():
    assert nearest("essay", []) is None


def test_nearest_reads_a_generator_once():
    assert nearest("esay", (word for word in ("none", "essay"))) == "essay"


@given(st.lists(st.text("abc_-", min_size=1, max_size=6), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_nearest_knows_an_exact_word_whatever_the_order(words, random):
    word = words[0]
    first = nearest(word, words)
    random.shuffle(words)
    assert first == nearest(word, words)
    assert first.replace("-", "_") == word.replace("-", "_")
