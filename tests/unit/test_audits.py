"""Audits give what a hand gives: on tables whose answer is known, over seeds and over communities; and what cannot be right is told."""

import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy import stats

from glasshouse.audits import AUDITS, Audit, Counted, audit
from glasshouse.audits.asking import SOCIETY
from glasshouse.audits.paired import mean_of
from glasshouse.errors import BadInput
from glasshouse.society.households import COMMUNITY
from glasshouse.store import Run


def made(citizens: pl.DataFrame, seed: int = 1, many: int = 4, penalties=("ban", "slow")) -> Run:
    """A run of two regimes: one with penalties, and the same once more."""
    regimes = {name: {"penalties": {p: {"fen": 1} for p in penalties}, "rewards": {}} for name in ("first", "second")}
    head = {"scenario": "made", "citizens": many, "days": 10, "start": "2020-01-01", "seed": seed}
    rows = pl.concat([citizens.with_columns(regime=pl.lit(name)) for name in regimes])
    return Run(None, {"run": head, "regimes": regimes}, "", {}, {}, {"citizens": rows})


def mean_age(run: Run, regime: str) -> dict:
    ages = run.citizens.filter(regime=regime)["age"]
    return {"everybody": ages.mean()}


AGE = Audit("age", "How old are they?", "The mean age.", "years", "higher: older", ("citizens",), mean_age)


def test_over_seeds_the_interval_is_that_of_their_numbers_and_the_difference_that_of_twins():
    rng = np.random.default_rng(3)
    runs, own, gaps = [], [], []
    for seed in range(12):
        run = made(pl.DataFrame({"citizen": [0, 1], "age": rng.normal(40, 5, 2)}), seed)
        older = run.citizens.with_columns(age=pl.col("age") + pl.when(pl.col("regime") == "second").then(1 + seed / 10).otherwise(0))
        run.tables["citizens"] = older
        own.append(older.filter(regime="second")["age"].mean())
        gaps.append(1 + seed / 10)
        runs.append(run)
    first, second = audit(runs, [AGE]).rows(named=True)
    wanted, gap = mean_of(own), mean_of(gaps)
    assert (second["value"], second["low"], second["high"], second["kind"], second["runs"]) == (wanted.mean, wanted.low, wanted.high, wanted.kind, 12)
    assert [second[f"difference{x}"] for x in ("", "_low", "_high")] == pytest.approx([gap.mean, gap.low, gap.high])
    assert first["difference"] is None
    assert (second["unit"], second["direction"], second["definition"]) == ("years", "higher: older", "The mean age.")


def test_of_one_run_the_interval_is_over_its_communities():
    """For a mean over communities of one size the jackknife is the textbook interval of their means."""
    communities, rng = 12, np.random.default_rng(1)
    means = rng.normal(40, 3, communities)
    citizen = np.array([c * COMMUNITY + i for c in range(communities) for i in range(2)])
    run = made(pl.DataFrame({"citizen": citizen, "age": np.repeat(means, 2)}), many=communities * COMMUNITY)
    row = audit(run, [AGE]).row(0, named=True)
    half = stats.t.ppf(0.975, communities - 1) * means.std(ddof=1) / math.sqrt(communities)
    assert [row["low"], row["value"], row["high"]] == pytest.approx([means.mean() - half, means.mean(), means.mean() + half])
    assert row["kind"] == SOCIETY
    few = made(pl.DataFrame({"citizen": [0, 1], "age": [30.0, 40.0]}), many=2)
    row = audit(few, [AGE]).row(0, named=True)
    assert (row["value"], row["low"], row["kind"]) == (35.0, None, None)


def test_the_same_rule_twice_differs_by_nothing():
    runs = [made(pl.DataFrame({"citizen": [0, 1], "age": [20.0 + seed, 50.0]}), seed) for seed in range(10)]
    row = audit(runs, [AGE]).filter(regime="second").row(0, named=True)
    assert [row["difference"], row["difference_low"], row["difference_high"]] == [0, 0, 0]


def test_an_audit_sees_what_it_named_and_no_number_of_the_summary():
    seen = []

    def of(run: Run, regime: str) -> dict:
        seen.append((run.table_names, run.summary["regimes"]["first"]["penalties"]))
        return {"x": 1.0}

    audit(made(pl.DataFrame({"citizen": [0], "age": [1.0]})), [replace(AGE, of=of)])
    assert set(map(str, seen)) == {str((("citizens",), {"ban": None, "slow": None}))}


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda run: audit([], [AGE]), "key `runs`: needs a run"),
        (lambda run: audit(run, ["acuracy"]), "there is no audit `acuracy`; did you mean `accuracy`?"),
        (lambda run: audit(run, [3]), "key `audits`: must be the name of an audit or an Audit, not a value of type int"),
        (lambda run: audit([run, run], [AGE]), "key `runs`: has the seed 1 twice: a run counted twice makes the interval too narrow"),
        (
            lambda run: audit([run, made(run.citizens.drop("regime"), 2, many=9)], [AGE]),
            "key `runs`: must be of one question: citizens is 4 in the first and 9 in another",
        ),
        (lambda run: audit(run, [replace(AGE, reads=("spells",))]), "the run has no table `spells`"),
        (lambda run: audit(run, [replace(AGE, of=lambda run, regime: 3)]), "key `audits.age`: must give a dict of numbers by what each is of, not int"),
        (
            lambda run: audit(run, [replace(AGE, of=lambda run, regime: {"all": math.nan})]),
            "key `audits.age.all`: must be a number, or None where there is no case, not nan",
        ),
    ],
)
def test_what_cannot_be_right_is_told(ask, said):
    with pytest.raises(BadInput) as caught:
        ask(made(pl.DataFrame({"citizen": [0], "age": [1.0]})))
    assert str(caught.value) == said


def test_every_shipped_audit_says_what_it_is():
    for name, each in AUDITS.items():
        assert each.name == name
        assert each.question.endswith("?")
        assert each.definition.endswith(".")
        units, directions = ([*words.values()] if isinstance(words, dict) else [words] for words in (each.unit, each.direction))
        assert all(units)
        assert all(direction.startswith("higher: ") for direction in directions)
        assert each.reads


def test_numbers_of_several_kinds_say_their_own_unit_and_direction_by_how_their_names_begin():
    two = replace(AGE, unit={"share": "share", "": "years"}, direction={"": "higher: more"}, of=lambda run, regime: {"share: old": 0.5, "mean": 40.0})
    run = made(pl.DataFrame({"citizen": [0]}))
    assert audit(run, [two]).filter(regime="first")["unit"].to_list() == ["share", "years"]
    with pytest.raises(BadInput) as caught:
        audit(run, [replace(two, unit={"share": "share"})])
    assert str(caught.value) == "key `audits.age.mean`: is given, but of no name that begins so is a unit or a direction told"


def test_a_number_of_few_people_is_flagged_by_the_fewest_over_all_runs():
    def of(run: Run, regime: str) -> dict:
        return {"few": Counted(1.0, 29 + run.summary["run"]["seed"]), "many": Counted(2.0, 1000), "not said": 3.0}

    table = audit([made(pl.DataFrame({"citizen": [0]}), seed) for seed in (0, 1)], [replace(AGE, of=of)]).filter(regime="first")
    assert {row["of"]: (row["people"], row["small"]) for row in table.rows(named=True)} == {
        "few": (29, True), "many": (1000, False), "not said": (None, None)}  # fmt: skip


def test_the_worst_is_chosen_on_odd_seeds_and_told_of_even_ones():
    """Of two alike, one is larger in the odd seeds by chance: what is told of it is what the others say."""
    numbers = {1: (9.0, 1.0), 3: (7.0, 2.0), 2: (1.0, 5.0), 4: (2.0, 6.0)}

    def of(run: Run, regime: str) -> dict:
        a, b = numbers[run.summary["run"]["seed"]]
        return {"gap: a": a, "gap: b": b, "other": 99.0}

    runs = [made(pl.DataFrame({"citizen": [0]}), seed) for seed in numbers]
    table = audit(runs, [replace(AGE, of=of, worst=("gap: ",))]).filter(regime="first")
    assert [(row["of"], row["value"], row["runs"]) for row in table.rows(named=True)] == [
        ("gap: a", 4.75, 4), ("gap: b", 3.5, 4), ("other", 99.0, 4), ("worst gap: a", 1.5, 2)]  # fmt: skip
    assert "worst gap: a" not in audit(runs[:2], [replace(AGE, of=of, worst=("gap: ",))])["of"].to_list()


def test_an_audit_that_names_columns_is_handed_no_others():
    seen = []

    def of(run: Run, regime: str) -> dict:
        seen.append(run.citizens.columns)
        return {}

    table = pl.DataFrame({"citizen": [0], "days.ban": [1], "days.slow": [2], "income": [3.0], "weight": [1.0]})
    audit(made(table), [replace(AGE, of=of, reads={"citizens": ("days.*", "weight")})])
    assert seen[0] == ["citizen", "days.ban", "days.slow", "weight", "regime"]


def test_numbers_of_several_kinds_have_a_unit_and_a_direction_each():
    """The first beginning that fits counts, also for the row of the worst."""
    several = replace(AGE, of=lambda run, regime: {"days: ban": 3.0, "people": 2.0}, unit={"days": "days", "": "people"}, worst=("days",))
    table = audit([made(pl.DataFrame({"citizen": [0]}), seed) for seed in (1, 2)], [several]).filter(regime="first")
    assert dict(zip(table["of"], table["unit"], strict=True)) == {"days: ban": "days", "people": "people", "worst days: ban": "days"}
    with pytest.raises(BadInput) as caught:
        audit(made(pl.DataFrame({"citizen": [0]})), [replace(several, unit={"days": "days"})])
    assert str(caught.value) == "key `audits.age.people`: is given, but of no name that begins so is a unit or a direction told"


def summed(run) -> dict:
    """The sum of ages and the number of people, a row a regime and part."""
    people = run.frames["citizens"].group_by("regime", "part").agg(years=pl.col("age").sum(), people=pl.len())
    return {"sums": people.collect()}


def mean_of_sums(run: Run, regime: str) -> dict:
    sums = run.table("sums").filter(regime=regime).select("years", "people").sum().row(0)
    return {"everybody": sums[0] / sums[1]}


CONDENSED = replace(AGE, reads={"citizens": ("age",)}, of=mean_of_sums, condense=summed)


def test_an_audit_that_condenses_gives_the_same_number_and_interval(tmp_path):
    """Sums by part say what the whole table says, from memory and from a folder; only what was named is read."""
    communities, rng = 12, np.random.default_rng(1)
    citizen = np.array([c * COMMUNITY + i for c in range(communities) for i in range(3)])
    run = made(pl.DataFrame({"citizen": citizen, "age": rng.integers(0, 90, len(citizen)), "wealth": 1.0}), many=communities * COMMUNITY)
    plain, condensed = audit(run, [AGE]), audit(run, [CONDENSED])
    for column in ("value", "low", "high", "difference", "difference_high"):
        assert condensed[column].to_list() == pytest.approx(plain[column].to_list())
    assert condensed["kind"].to_list() == [SOCIETY] * 2
    path = tmp_path / "citizens.parquet"
    run.citizens.write_parquet(path)
    stored = Run(tmp_path, run.summary, "", {}, {}, {}, {path.name: {}})
    assert audit(stored, [CONDENSED]).equals(condensed)
    columns = []
    audit(stored, [replace(CONDENSED, condense=lambda run: columns.append(run.frames["citizens"].collect_schema().names()) or summed(run))])
    assert columns == [["citizen", "age", "regime", "part"]]


def test_a_damaged_table_is_told_where_it_is_condensed(tmp_path):
    path = tmp_path / "citizens.parquet"
    made(pl.DataFrame({"citizen": range(5000), "age": np.random.default_rng(1).integers(0, 90, 5000)})).citizens.write_parquet(path)
    whole = path.read_bytes()
    path.write_bytes(whole[:8] + bytes(len(whole) - 2000) + whole[-1992:])
    run = made(pl.DataFrame({"citizen": [0], "age": [1]}))
    with pytest.raises(BadInput, match="is damaged"):
        audit(Run(tmp_path, run.summary, "", {}, {}, {}, {path.name: {}}), [CONDENSED])
    path.write_bytes(b"")
    with pytest.raises(BadInput, match=r"citizens.parquet is damaged"):
        audit(Run(tmp_path, run.summary, "", {}, {}, {}, {path.name: {}}), [CONDENSED])


def test_the_worst_is_not_looked_for_among_few(tmp_path):
    """A group of 29 in one odd run is passed over for the next largest."""
    few = {1: 29, 2: 100}

    def of(run: Run, regime: str) -> dict:
        return {"gap: few": Counted(9.0, few[run.summary["run"]["seed"]]), "gap: many": Counted(1.0, 30), "other: x": Counted(5.0, 99)}

    runs = [made(pl.DataFrame({"citizen": [0]}), seed) for seed in few]
    table = audit(runs, [replace(AGE, of=of, worst=("gap: ", "other: "))]).filter(regime="first")
    assert [of for of in table["of"] if of.startswith("worst")] == ["worst gap: many", "worst other: x"]


def test_of_an_audit_of_many_numbers_some_stand_in_front_and_the_worst_of_each_beginning():
    """In one run the largest that is not of few; over seeds the row that was chosen on odd ones."""
    of = lambda run, regime: {"all": 0.0, "gap: a": 1.0, "gap: b": 2.0, "gap: c": Counted(9.0, 3), "rest": 5.0}  # noqa: E731
    many = replace(AGE, of=of, worst=("gap: ",), front=lambda of: of == "all" or of.startswith("worst"))
    runs = [made(pl.DataFrame({"citizen": [0]}), seed) for seed in (1, 2)]
    assert audit(runs[0], [many]).filter("front", regime="first")["of"].to_list() == ["all", "gap: b"]
    assert audit(runs, [many]).filter("front", regime="first")["of"].to_list() == ["all", "worst gap: b"]
    assert audit(runs, [replace(AGE, of=lambda run, regime: {"x": 1.0})])["front"].all()


def test_how_many_runs_without_twins_would_have_cost_and_between_whom_stand_in_the_row():
    """Over seeds 1, 2, 3 and 2, 3, 4.5 the factor is 31; the two groups are those of most runs."""
    levels = {1: (1.0, 2.0), 2: (2.0, 3.0), 3: (3.0, 4.5)}

    def of(run: Run, regime: str) -> dict:
        seed = run.summary["run"]["seed"]
        return {"x": Counted(levels[seed][regime == "second"], 99, "a above b" if seed == 1 else "c above d")}

    first, second = audit([made(pl.DataFrame({"citizen": [0]}), seed) for seed in levels], [replace(AGE, of=of)]).rows(named=True)
    assert (first["unpaired"], first["between"]) == (None, "c above d")
    assert second["unpaired"] == pytest.approx(31.0)
    assert audit(made(pl.DataFrame({"citizen": [0]})), [replace(AGE, of=of)])["unpaired"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [([0.0] * 5 + [1.0, 2.0, 3.0, 4.0, 5.0], "95 % interval"), ([0.0] * 6 + [1.0, 2.0, 3.0, 4.0], "range"), ([0.0] * 10, "range")],
)
def test_where_most_seeds_say_the_same_number_the_range_stands_in_place_of_an_interval(numbers, kind):
    """Half of them alike leave an interval, more do not: the few others are too few to know how far they go."""
    found = mean_of(numbers)
    assert found.kind == kind
    if kind == "range":
        assert (found.low, found.mean, found.high) == (0.0, sum(numbers) / 10, max(numbers))
