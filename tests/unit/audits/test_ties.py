"""ties on people made by hand: what is lost and by whom, grades that keep to themselves wholly, not at all and in part, and a run."""

import polars as pl
import pytest

from glasshouse.audits.ties import TIES

TOML = "".join(f'[regime.{name}]\ngrades = [{{id = "low"}}, {{id = "high"}}]\n' for name in ("first", "second", "again"))
PLAIN = {"grade": "low", "ties": 4, "ties_kept": 4, "ties_graded": 4, "ties_own_grade": 2, "trust": 0.5}


def society(by_hand, people, asked, rows, before=None):
    """The numbers of the second regime, of which the first has other rows or the same."""
    table = people({"first": rows if before is None else before, "second": rows})
    return asked(by_hand({"citizens": table}, None, TOML), TIES, "second")


def test_ties_lost_are_what_a_hand_counts(by_hand, people, asked):
    """Four of nine ties are gone, weighted; all of those of the low, and one tie of a child without a grade stays."""
    rows = [PLAIN | {"ties_kept": 0, "ties_graded": 0, "ties_own_grade": 0, "residence": "country", "trust": 0.1},
            PLAIN | {"grade": "high", "weight": 2.0, "ties": 2, "ties_kept": 2, "ties_graded": 1, "ties_own_grade": 1},
            PLAIN | {"grade": None, "age": 9, "ties": 1, "ties_kept": 1, "ties_graded": 0, "ties_own_grade": 0}]  # fmt: skip
    found = society(by_hand, people, asked, rows)
    assert found["ties lost: everybody"] == pytest.approx(4 / 9)
    assert [found[f"ties lost: {who}"] for who in ("country", "town", "age 0-17", "grade low", "grade high", "female")] == [1, 0, 0, 1, 0, None]
    assert found["ties: everybody"] == pytest.approx(5 / 4)
    assert found["trust: everybody"] == pytest.approx((0.1 + 2 * 0.5 + 0.5) / 4)
    assert found["trust: grade high"] == 0.5


@pytest.mark.parametrize(("own", "inside", "assortativity"), [((4, 4), 1.0, 1.0), ((0, 0), 0.0, -1.0), ((2, 2), 0.5, 0.0), ((3, 3), 0.75, 0.5)])
def test_two_grades_of_one_size_by_the_formula(by_hand, people, asked, own, inside, assortativity):
    """Half of the ends are low: by chance half of the ties stay inside."""
    found = society(by_hand, people, asked, [PLAIN | {"ties_own_grade": own[0]}, PLAIN | {"grade": "high", "ties_own_grade": own[1]}])
    assert [found[f"inside a grade: {what}"] for what in ("ties", "by chance", "assortativity")] == pytest.approx([inside, 0.5, assortativity])


def test_chance_counts_ends_of_ties_and_weights(by_hand, people, asked):
    """The low hold 12 of 16 ends: by chance (3/4) ** 2 + (1/4) ** 2 stay inside."""
    found = society(by_hand, people, asked, [PLAIN | {"weight": 3.0, "ties_own_grade": 3}, PLAIN | {"grade": "high", "ties_own_grade": 1}])
    assert found["inside a grade: by chance"] == pytest.approx(0.625)
    assert found["inside a grade: assortativity"] == pytest.approx((10 / 16 - 0.625) / 0.375)


def test_nobody_graded_one_grade_alone_and_an_older_run_are_no_case(by_hand, people, asked):
    alone = society(by_hand, people, asked, [PLAIN | {"ties_own_grade": 4}])
    assert (alone["inside a grade: ties"], alone["inside a grade: assortativity"]) == (1, None)
    nobody = society(by_hand, people, asked, [PLAIN | {"grade": None, "ties_graded": 0, "ties_own_grade": 0}])
    assert (nobody["inside a grade: ties"], nobody["ties lost: grade low"], nobody["ties lost: everybody"]) == (None, None, 0)
    table = people({"first": [PLAIN]})
    plain = asked(by_hand({"citizens": table.drop("grade", "ties_graded", "ties_own_grade")}, {"first": {"penalties": {}}}, TOML), TIES, "first")
    assert "inside a grade: ties" not in plain
    assert asked(by_hand({"citizens": table.drop("ties")}, {"first": {"penalties": {}}}, TOML), TIES, "first") == {}


def test_a_planted_drop_is_found_and_the_same_rule_differs_by_nothing(by_hand, people, asked):
    dropped = [PLAIN | {"ties_kept": 3, "ties_graded": 3}] * 2
    regimes = {name: {"penalties": {}} for name in ("first", "second", "again")}
    run = by_hand({"citizens": people({"first": [PLAIN] * 2, "second": dropped, "again": [PLAIN] * 2})}, regimes, TOML)
    assert asked(run, TIES, "second", "difference")["ties lost: grade low"] == pytest.approx(0.25)
    assert {number for number in asked(run, TIES, "again", "difference").values() if number is not None} == {0}


def test_of_a_run_ties_are_mutual_and_only_those_who_know_drop_them(erring, asked):
    last = erring.citizens.filter(year=2020, living=True)
    plain, scored = last.filter(regime="none"), last.filter(regime="essay")
    assert (plain["ties"] == plain["ties_kept"]).all()
    assert plain["ties"].to_list() == scored["ties"].to_list()
    assert scored["ties_own_grade"].sum() % 2 == 0  # each tie inside a grade has two ends there
    by_grade = scored.filter(pl.col("grade").is_not_null()).group_by("grade").agg(pl.col("ties_graded").sum(), pl.col("ties_own_grade").sum())
    assert (by_grade["ties_own_grade"] % 2 == 0).all()
    assert (scored.filter(pl.col("grade").is_null())["ties_graded"] == 0).all()
    found = asked(erring, TIES, "essay")
    assert 0 < found["ties lost: everybody"] < found["ties lost: grade C"]
    assert found["trust: everybody"] == pytest.approx(scored["trust"].mean())
    assert asked(erring, TIES, "none")["ties lost: everybody"] == 0
