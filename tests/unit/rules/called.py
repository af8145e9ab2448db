"""Calls a rule as the engine does: each argument in the type that the signature names, and the answer in the type it promises.

A rule of another type uncompiled (a float64 where float32 is promised) would give other bits compiled: `call` refuses it.
"""

import inspect
import tomllib
import typing
from collections.abc import Callable
from functools import cache
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

WORDS = 1 << 32  # words of luck there are
LAST = WORDS - 1  # the highest of them; as a chance it is the nearest to certainty
CASES = Path(__file__).parent / "cases"

lucks = st.integers(0, LAST)
shares = st.integers(0, 65535).map(lambda n: n / 65535)  # 0..1, as the state keeps them
masks = st.integers(0, 0xFFFFFF)  # a bit a consequence


def given(*arguments, **named):
    """Hypothesis's `given` with half as many examples as the profile has: the rules are small, and there are many."""
    fewer = hypothesis.settings(max_examples=hypothesis.settings.default.max_examples // 2)
    return lambda test: fewer(hypothesis.given(*arguments, **named)(test))


@cache
def _signature(rule: Callable) -> tuple[dict[str, type], tuple[type, ...] | type]:
    found = inspect.signature(rule)
    promised = found.return_annotation
    several = typing.get_origin(promised) is tuple
    return {n: p.annotation for n, p in found.parameters.items()}, typing.get_args(promised) if several else promised


def call(rule: Callable, *values, **named):
    """The rule's answer to plain numbers and arrays, which must be of the promised type."""
    types, promised = _signature(rule)
    given = dict(zip(types, values, strict=False)) | named
    assert set(given) == set(types), f"{rule.__name__} takes {list(types)}"
    answer = rule(**{n: given[n] if types[n] is np.ndarray else types[n](given[n]) for n in types})
    if isinstance(promised, tuple):
        assert [type(a) for a in answer] == list(promised), f"{rule.__name__} gives {[type(a) for a in answer]}"
    else:
        assert isinstance(answer, (bool, np.bool_) if promised is bool else promised), f"{rule.__name__} gives {type(answer)}"
    return answer


def yes_words(says: Callable[[int], int]) -> int:
    """How many of the 2**32 words of luck say yes, for a rule that says yes to the lowest: its chance, exactly."""
    low, high = 0, WORDS
    while low < high:
        middle = (low + high) // 2
        if says(middle):
            low = middle + 1
        else:
            high = middle
    return low


def chance(says: Callable[[int], int]) -> float:
    """The same as a share, 0..1."""
    return yes_words(says) / WORDS


def unstirred(word: int) -> int:
    """The word of lasting luck that `maths.mixed` turns into this one: its steps undone, the last first."""
    word ^= word >> 16
    word = word * pow(0xC2B2AE35, -1, WORDS) % WORDS
    word ^= word >> 13 ^ word >> 26
    word = word * pow(0x85EBCA6B, -1, WORDS) % WORDS
    return word ^ word >> 16


def uints(*values) -> np.ndarray:
    """A table of uint32."""
    return np.array(values, np.uint32)


def ints(*values) -> np.ndarray:
    """A table of int32."""
    return np.array(values, np.int32)


def cases(stage: str, table: str = "case") -> list:
    """The cases of a stage's TOML file, one parameter each, named as in the file."""
    return [pytest.param(case, id=case["name"]) for case in scheme(stage)[table]]


def scheme(stage: str) -> dict:
    """The whole file of a stage's cases."""
    return tomllib.loads((CASES / f"{stage}.toml").read_text(encoding="utf-8"))
