"""traps: of a loop that is written down the audit finds the gain; without the runs with a cut link it says what is seen, and no more."""

import polars as pl
import pytest

import glasshouse as gh
from glasshouse.audits.traps import CUTS, TRAPS, cut_folder, with_cuts
from glasshouse.commands.auditing import cut_numbers
from glasshouse.errors import BadInput

HAS = {"none": {"penalties": {}}, "rule": {"penalties": {"ban": {}}}, "again": {"penalties": {"ban": {}}}}
FIRST, GAIN, POOR = 64, 0.25, 16
"""Penalty days that come of other things; further days that each brings by way of money; days that want brings by itself."""


def tables(days: float, spells: list[tuple[int, int | None]], savings=0.0, acts=0.0) -> dict[str, pl.DataFrame]:
    """Two citizens, of whom the second stands for three; the first alone is ever penalised."""
    rows = []
    for regime in HAS:
        hit = regime != "none"
        for year in (2020, 2021):
            rows += [
                {"regime": regime, "citizen": 0, "year": year, "weight": 1.0, "living": True, "wealth": 500.0 + savings * hit, "conduct_bad": 4.0 + acts * hit,
                 "days.ban": days / 2 if hit else None},
                {"regime": regime, "citizen": 1, "year": year, "weight": 3.0, "living": True, "wealth": 900.0, "conduct_bad": 1.0, "days.ban": 0.0 if hit else None},
            ]  # fmt: skip
    begun = [{"regime": regime, "citizen": 0, "consequence": "ban", "start": start, "end": end} for regime in ("rule", "again") for start, end in spells]
    schema = {"regime": pl.String, "citizen": pl.Int64, "consequence": pl.String, "start": pl.Int64, "end": pl.Int64}
    daily = [{"regime": regime, "measure": name, "value": value} for regime in HAS for name, value in (("people", 99.0), ("in_force:ban", days if regime != "none" else 0.0))]
    return {"daily": pl.DataFrame(daily), "citizens": pl.DataFrame(rows, schema_overrides={"days.ban": pl.Float64}), "spells": pl.DataFrame(begun, schema=schema)}


@pytest.fixture
def kept(by_hand, tmp_path):
    """A run in a folder, and beside it those with a link cut: days and penalties of each."""

    def made(whole, refusals, want, both, many=2, **of_cuts):
        run = by_hand(tables(whole[0], whole[1], -80.0, 1.5), HAS).save(tmp_path / "run")
        for cut, (days, spells) in zip(CUTS, (refusals, want, both), strict=True):
            by_hand(tables(days, spells), HAS, **of_cuts).save(cut_folder(run, cut))
        return gh.open_run(tmp_path / "run")

    return made


def once(number: int) -> list[tuple[int, int]]:
    return [(10 * n, 10 * n + 5) for n in range(number)]


def test_the_gain_of_a_geometric_loop_is_found(kept, asked):
    """Each day brings a quarter of a day: days are first / (1 - gain), and want by itself brings some in every run where it counts."""
    whole = (FIRST + POOR) / (1 - GAIN)
    found = asked(kept((whole, once(8)), (FIRST + POOR, once(6)), (FIRST, once(4)), (FIRST, once(4))), TRAPS, "rule")
    assert found["loop: of days"] == pytest.approx(GAIN)
    assert found["gone without refusals: of days"] == pytest.approx(GAIN)
    assert found["gone without want: of days"] == pytest.approx(1 - FIRST / whole)
    assert found["loop: of penalties"] == pytest.approx(2 / 8)
    assert found["gone without want: of penalties"] == pytest.approx(4 / 8)


def test_what_refusals_do_otherwise_is_no_loop(kept, asked):
    """Refusals that bring penalties where want moves no act bring them by another way."""
    found = asked(kept((100, once(9)), (80, once(9)), (100, once(9)), (80, once(9))), TRAPS, "rule")
    assert found["gone without refusals: of days"] == pytest.approx(0.2)
    assert found["loop: of days"] == pytest.approx(0)
    assert found["gone without want: of days"] == 0


def test_a_loop_that_damps_has_the_other_sign(kept, asked):
    assert asked(kept((80, once(4)), (100, once(5)), (80, once(4)), (80, once(4))), TRAPS, "rule")["loop: of days"] == pytest.approx(-0.25)


def test_links_and_returns_are_seen_in_the_run_alone(by_hand, asked):
    run = by_hand(tables(20, [(0, 10), (5, 12), (10, 30), (40, None)], savings=-80.0, acts=1.5), HAS)
    assert asked(run, TRAPS, "rule") == {"again: of penalties begun": 0.5, "money: savings of those ever penalised": -80.0, "acts: gravity of those ever penalised": 1.5}
    assert asked(run, TRAPS, "none") == {}
    assert asked(run, TRAPS, "rule") == asked(run, TRAPS, "again")


def test_nobody_penalised_is_no_case_and_all_gone_is_all(kept, asked):
    nobody = asked(kept((0, []), (0, []), (0, []), (0, [])), TRAPS, "rule")
    assert set(nobody.values()) == {None}
    assert len(nobody) == 9
    assert asked(kept((50, once(2)), (0, []), (0, []), (0, [])), TRAPS, "rule")["gone without refusals: of penalties"] == 1


def test_runs_of_another_question_are_refused(kept):
    run = kept((50, once(2)), (0, []), (0, []), (0, []), seed=7)
    with pytest.raises(BadInput) as caught:
        with_cuts(run)
    assert str(caught.value).endswith("with a link cut, and is of another question: its seed differs")


def test_the_numbers_that_cut_a_link_are_those_of_every_penalty_and_every_want():
    essay = gh.load("essay")
    cuts = cut_numbers(essay)
    assert list(cuts) == list(CUTS)
    penalties = {f"regime.essay.consequences.{name}.enforcement" for name, has in essay.regimes["essay"].consequences.items() if essay.catalogue.consequences[name].kind == "penalty"}
    assert len(penalties) == 6
    assert cuts["refusals"] == dict.fromkeys(penalties, 0)
    assert cuts["want"]["families.credit.hardship"] == 0
    assert cuts["want"]["acts.stops_paying.likelier.arrears"] == 1
    assert not any("young" in key or "attempts" in key for key in cuts["want"])
    assert cuts["both"] == cuts["refusals"] | cuts["want"]
    essay.with_(set=cuts["both"])


def test_of_a_run_the_spells_are_those_of_its_summary(essay, asked):
    found = asked(essay, TRAPS, "essay")
    assert 0 <= found["again: of penalties begun"] < 1
    assert asked(essay, TRAPS, "essay", "people")["money: savings of those ever penalised"] > 0
