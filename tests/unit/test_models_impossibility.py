"""Impossibility: the identity of a confusion matrix on runs, and the same bits uncompiled."""

import numpy as np
import pytest

from glasshouse.model import simulate
from glasshouse.models.impossibility import CITIZENS, MODEL, ROWS, accused, gaming_tables, implied, off, tables


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_each_row_agrees(row):
    assert row.measure() == pytest.approx(row.expected, abs=row.tolerance)


@pytest.mark.parametrize(("row", "frequent"), [(ROWS[0], 0.51), (ROWS[1], 0.39)])
def test_rows_are_expected_from_the_identity_within_four_standard_errors(row, frequent):
    wrong = frequent / (1 - frequent) * 0.4 / 0.6 * 0.65
    assert row.expected == pytest.approx(wrong, abs=5e-5)
    assert row.tolerance == pytest.approx(4 * np.sqrt(wrong * (1 - wrong) / (CITIZENS / 2 * (1 - frequent))), abs=5e-5)


def test_a_flag_means_the_same_and_misses_as_many_in_both_groups_so_that_only_wrong_accusations_differ():
    for table in tables():
        assert table[1, 1] / table[1].sum() == pytest.approx(0.6, abs=4 * np.sqrt(0.24 / table[1].sum()))
        assert table[0, 1] / table[:, 1].sum() == pytest.approx(0.35, abs=4 * np.sqrt(0.2275 / table[:, 1].sum()))
    first, second = tables()
    assert first.sum() + second.sum() == CITIZENS
    assert accused(first) - accused(second) > 0.16
    alike = tables(frequent=(0.4, 0.4))
    assert accused(alike[0]) == pytest.approx(accused(alike[1]), abs=0.005)


def test_the_identity_is_told_from_what_is_near_it():
    assert len(gaming_tables()) == 30
    table = np.array([[50, 7], [11, 32]])
    assert implied(table) == pytest.approx(11 / 61, abs=1e-12)
    assert off([table]) < 1e-12 < abs(accused(table.T) - implied(table))


def test_compiled_and_uncompiled_give_the_same_bits():
    asked = {"citizens": 1500, "days": 2, "arms": {"a": {}, "b": {"frequent": (0.2, 0.3), "means": 0.7}}}
    fast = simulate(MODEL, **asked)
    assert fast.digest == simulate(MODEL, **asked, reference=True).digest == simulate(MODEL, **asked, threads=2).digest
