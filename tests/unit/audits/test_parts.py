"""Audits that make small tables first: what they find without a part of the society is what they find in a society that never had it."""

from dataclasses import replace

import polars as pl
import pytest

from glasshouse.audits import AUDITS, asking
from glasshouse.store import Run

OF_A_COMMUNITY = 100
CONDENSING = [name for name, audit in AUDITS.items() if audit.condense is not None and set(audit.columns) <= set(asking.SPLIT)]


@pytest.fixture
def small_communities(monkeypatch):
    monkeypatch.setattr(asking, "COMMUNITY", OF_A_COMMUNITY)


def without(run: Run, part: int, many: int) -> Run:
    """The run without the people of one part, as if they had never been."""
    stays = pl.col("citizen") // OF_A_COMMUNITY % many != part
    return replace(run, tables={name: run.table(name).filter(stays) if name in asking.SPLIT else run.table(name) for name in run.table_names})


def numbers(found: dict) -> dict:
    return {of: (each.number, each.people) for of, each in found.items()}


@pytest.mark.parametrize("name", [name for name in CONDENSING if name != "validity"])
def test_a_part_left_out_is_a_society_that_never_had_it(essay, small_communities, name):
    """validity is apart: its tenths are those of everybody, whoever is left out."""
    audit, regimes = AUDITS[name], [*essay.summary["regimes"]]
    sight = asking._sight(audit, essay)
    parts = [*asking._parts(audit, sight)]
    assert len(parts) == asking._many(essay) == 20
    for at in (0, 7, 19):
        other = asking.numbers_of(audit, without(essay, at, 20), regimes)
        for regime in regimes:
            left, alone = (numbers(each) for each in (asking._asked(audit, parts[at], regime), other[regime]))
            assert left.keys() == alone.keys()
            for of, (number, people) in alone.items():
                assert left[of] == (pytest.approx(number, rel=1e-9, abs=1e-12, nan_ok=False) if number is not None else None, people), of


@pytest.mark.parametrize("name", CONDENSING)
def test_parts_differ_and_their_interval_has_a_width(essay, small_communities, name):
    rows = asking.ask(AUDITS[name], [essay], [*essay.summary["regimes"]])
    wide = [row for row in rows if row["low"] is not None and row["high"] > row["low"]]
    assert len(wide) > len([row for row in rows if row["value"] is not None]) / 4
