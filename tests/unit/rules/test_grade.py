"""grade: a score becomes a class."""

import inspect
from bisect import bisect_right

import pytest
from hypothesis import strategies as st
from tests.unit.rules.called import call, cases, given, scheme

from glasshouse.rules.grade import grade

NEVER = 1 << 28  # a cut that a scheme does not use
CUTS = [f"cut_{i}" for i in range(1, 8)]
ladders = st.lists(st.integers(-2000, 2000), min_size=7, max_size=7).map(sorted)


def graded(score: int, cuts: list[int]) -> int:
    return call(grade, score, **dict(zip(CUTS, [*cuts, *[NEVER] * 7][:7], strict=True)))


@pytest.mark.parametrize("case", cases("grade"))
def test_a_lawyers_case(case):
    of = scheme("grade")["scheme"]
    cuts = [of["begins_at"][name] for name in of["grades"][1:]]
    assert of["grades"][graded(case["given"]["score"], cuts)] == case["expect"]["grade"]


@given(score=st.integers(-3000, 3000), cuts=ladders)
def test_a_grade_is_the_number_of_cuts_reached(score, cuts):
    assert graded(score, cuts) == bisect_right(cuts, score)


@pytest.mark.parametrize("place", range(7))
def test_each_cut_counts_from_the_point_on_which_it_stands(place):
    cuts = [10 * i for i in range(7)]
    assert graded(10 * place, cuts) == place + 1
    assert graded(10 * place - 1, cuts) == place


@given(score=st.integers(-3000, 3000), more=st.integers(0, 500), cuts=ladders)
def test_more_points_never_bring_a_lower_grade(score, more, cuts):
    assert graded(score + more, cuts) >= graded(score, cuts)


def test_every_score_has_one_grade():
    """Conservation: the grades' widths add up to the scale."""
    cuts = [600, 850, 960, 1030, 1050]
    width = [0] * 8
    for score in range(1301):
        width[graded(score, cuts)] += 1
    assert width == [600, 250, 110, 70, 20, 251, 0, 0]


def test_nothing_but_the_score_and_the_cuts_is_handed_in():
    assert list(inspect.signature(grade).parameters) == ["score", *CUTS]
