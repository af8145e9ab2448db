"""Twins: the same citizens with the same luck differ only where a rule on which the regimes differ gave something else."""

import numpy as np
import pytest
from tests.science.helpers import APART, BEGINS, CALM, FOR_EVER, everywhere, question, ran, regime, same, seen

from glasshouse.day import FALSE, TIES
from glasshouse.day.names import TIE_NUMBERS
from glasshouse.engine.luck import key_of
from glasshouse.experiments.days import Society
from glasshouse.experiments.lots import receivers
from glasshouse.experiments.world import LOT
from glasshouse.rules.tie import end, partner

SIZE = dict(citizens=4000, days=200)
ACT = "speeds"
OFTEN = {"acts.speeds.seen": 0.2}


# ---- the empty regime


@pytest.fixture(scope="module")
def empty():
    """No score beside a score without consequences of which nobody hears, and beside one of which people do hear."""
    quiet = regime("essay", "quiet", consequences=None, awareness__start=0)
    heard = regime("essay", "heard", consequences=None, awareness__start=0.5)
    return ran(question("none", quiet, heard, citizens=5000, days=400, set=CALM))


def test_a_score_without_consequences_of_which_nobody_knows_changes_no_life(empty):
    """Against no score at all, not one bit of what is kept of a citizen's life differs."""
    assert same(empty, empty, "none", "quiet", ("life",)) == []


def test_a_score_without_consequences_of_which_nobody_knows_changes_no_measure_of_life(empty):
    """What is done, paid, tried and suffered is the same on every day, and at every year's end."""
    rows = empty.society.engine.model.measure_rows()
    scored = {m for m in rows if m in ("own", "sent", "received", "false", "points", "graded", "frequent_records", "activity") or m.startswith("appeals")}
    false = np.array(empty.society.kinds.classes) == FALSE  # no acts: what only the regime's office does
    none, quiet = (empty.kept.daily[:, empty.number(r)].copy() for r in ("none", "quiet"))
    for day in (none, quiet):
        day[:, rows["acts"] : rows["acts"] + len(false)][:, false] = 0
    order = sorted(rows, key=rows.get)
    for name, after in zip(order, [*order[1:], None], strict=True):
        if name not in scored:
            assert np.array_equal(none[:, rows[name] : rows.get(after)], quiet[:, rows[name] : rows.get(after)]), name
    for _, columns in empty.kept.years:
        none, quiet = columns[empty.number("none")], columns[empty.number("quiet")]
        assert [n for n in none if n != "covered" and not np.array_equal(none[n], quiet[n])] == []


def test_a_score_of_which_people_know_does_change_lives(empty):
    """The test above can fail: awareness alone moves habits, speech and money."""
    assert {"aware", "habit", "expression", "withdrawal", "wealth"} <= set(same(empty, empty, "none", "heard", ("life",)))


def test_the_empty_regime_does_keep_a_score(empty):
    """It is not empty because nothing is recorded."""
    assert np.ptp(empty.state("on_file", "quiet")) > 100


# ---- two rules, nothing passed on


def differing(society, a: int, b: int) -> np.ndarray:
    """Which citizens' states differ under two regimes: (citizens,) bool."""
    out = np.zeros(society.state.citizens, bool)
    for f in society.engine.model.fields:
        x, y = (society.state.row(f.name, r) if f.kind else None for r in (a, b))
        if x is not None and y is not None:
            out |= (x != y).any(0) if f.many else x != y
    return out


def touched(society, day: int, act: str) -> np.ndarray:
    """Whom the points of an act reached today under either regime, by the day's logs: (citizens,) bool.

    The scored who did it (the clean account has it even if nobody saw), or on whom it was recorded by mistake.
    """
    out = np.zeros(society.state.citizens, bool)
    number, classes, false_as = society.kinds.number(act), np.array(society.kinds.classes), society.rule["kind_false_as"][0]
    for r in (0, 1):
        rows = society.stepper.log("happened", r)
        kind = np.where(classes[rows[:, 1]] == FALSE, false_as[rows[:, 1]], rows[:, 1])
        out[rows[kind == number, 0]] = True
        rows = society.stepper.log("received", r)
        out[rows[rows[:, 1] == number, 0]] = True
    return out & (day >= BEGINS) & (day - society.state.columns["birth"] >= society.rule["scored_from_days"][0])


@pytest.fixture(scope="module")
def apart():
    """Two regimes that differ in the points of one act, with nothing that passes from one citizen to another."""
    alone = {**everywhere("watch", misdirected=0), "kin": None, "contest": None, **FOR_EVER, "consequences__private_school_ban": None}
    pair = [regime("essay", "mild", points__speeds=-5, **alone), regime("essay", "harsh", points__speeds=-60, **alone)]
    notes = []

    def each(society, day):
        notes.append((differing(society, 0, 1), touched(society, day, ACT)))

    run = ran(question(*pair, panel=SIZE["citizens"], set={**APART, **OFTEN}, **SIZE), each=each)
    return run, np.array([n[0] for n in notes]), np.array([n[1] for n in notes])


def test_nothing_differs_before_the_regimes_begin(apart):
    """The rules on which twins differ do nothing before their first day, so neither do the twins."""
    _, different, _ = apart
    assert not different[:BEGINS].any()
    assert different[BEGINS:].any()


def test_those_who_differ_are_those_directly_touched(apart):
    """Without spill-over, ties and mix-ups the citizens whose states differ are exactly those whom the act touched, day by day."""
    run, different, records = apart
    so_far = np.logical_or.accumulate(records)
    assert np.array_equal(different, so_far)
    assert 200 < different[-1].sum() < run.covered("mild").sum() / 2


def test_the_untouched_live_the_very_same_life(apart):
    """For those whom the act never touched, score, grade, money, speech and habits are the same to the last bit."""
    run, different, _ = apart
    untouched = ~different[-1]
    for name in ("on_file", "grade", "mask", "wealth", "debt", "expression", "opinion", "habit", "kept"):
        assert np.array_equal(run.state(name, "mild")[untouched], run.state(name, "harsh")[untouched]), name
    assert (run.state("grade", "harsh") < run.state("grade", "mild")).sum() > 10
    assert (run.state("habit", "harsh") != run.state("habit", "mild")).sum() > 10


# ---- two rules, everything passed on


def neighbours(society, of: np.ndarray, day: int) -> np.ndarray:
    """All who may read something of these citizens: household, ties, and those on whom their records are pinned: (citizens,) bool."""
    n = society.state.citizens
    out = of.copy()
    homes = society.people.household
    out |= (np.bincount(homes, of)[homes] > 0) & True
    for table in society.tables_of_ties:
        out[table[of]] = True
    block, odd, _ = LOT
    turn = np.uint64((key_of(society.scenario.seed, "watch.misdirected") + day * 0x9E3779B97F4A7C15) % block)
    out[receivers(np.flatnonzero(of), np.uint64(n), society.band, np.uint64(block), np.uint64(odd), turn)] = True
    return out


def tie_tables(society) -> list[np.ndarray]:
    """Who stands at the other end of each talking tie today, oneself where there is none: arrays (citizens,)."""
    n, p, station = society.state.citizens, society.people, society.state.columns["station"]
    chance, alike, levels = (society.world[f"tie_{name}"] for name in ("chance", "alike", "levels"))

    def other(slot: int, tie: int) -> int:
        there = end(np.uint64(slot), np.uint64(n), *society.world["tie_ends"][tie, : len(TIE_NUMBERS)])
        own = (np.uint64(slot), np.int32(p.place[slot]), np.int32(p.size[slot]), np.int32(station[slot]), station)
        return int(partner(*own, *there, chance[tie], alike[tie], levels, np.uint32(0)))

    return [np.array([other(slot, tie) for slot in range(n)], np.int64) for tie in range(TIES)]


@pytest.fixture(scope="module")
def joined():
    """The same two rules with kin, ties, mix-ups, contests and all consequences on."""
    pair = [regime("essay", "mild", points__speeds=-5), regime("essay", "harsh", points__speeds=-60)]
    notes, tables = [], []

    def each(society, day):
        if not day or not np.array_equal(society.ages, tables[0]):
            tables[:] = society.ages, tie_tables(society)
        society.tables_of_ties = tables[1]
        now = differing(society, 0, 1)
        before = notes[-1][0] if notes else np.zeros_like(now)
        near = neighbours(society, before, day)
        hit = touched(society, day, ACT)
        pinned = neighbours(society, before | hit, day)
        notes.append((now, now & ~(near | hit | pinned), (near | hit | pinned).mean()))

    run = ran(question(*pair, panel=SIZE["citizens"], set=OFTEN, **SIZE), each=each)
    return run, np.array([n[0] for n in notes]), np.array([n[1] for n in notes]), np.array([n[2] for n in notes])


def test_a_difference_comes_from_yesterday_from_a_rule_or_from_somebody_near(joined):
    """Day by day nobody comes to differ who neither differed yesterday, nor had a record of the act, nor could read one who differed."""
    _, different, unexplained, reach = joined
    assert not different[:BEGINS].any()
    assert np.argwhere(unexplained).tolist() == []
    assert (reach[BEGINS : BEGINS + 28] < 0.5).all()


def test_differences_do_spread_when_something_is_passed_on(joined, apart):
    """Kin, ties and mix-ups carry the difference to citizens without a record of the act."""
    assert joined[1][-1].sum() > 1.5 * apart[1][-1].sum()


def test_ties_are_mutual():
    """There are as many tables as places for talking ties, and each tie leads back."""
    tables = tie_tables(Society(question("none", citizens=300, days=1), threads=1))
    assert len(tables) == TIES
    assert all(np.array_equal(table[table], np.arange(300)) for table in tables)


def test_twins_share_their_luck():
    """What people do before they respond is the same under every regime: acts do not depend on who watches."""
    calm = ran(question("none", regime("essay", awareness__start=0, consequences=None), regime("essay", "blind", awareness__start=0, consequences=None, **everywhere(
        "watch", coverage=0)), set={**CALM, **seen(0.5)}, citizens=3000, days=90))
    first, last = calm.row("acts"), calm.row("acts", len(calm.society.kinds.names))
    acts = calm.kept.daily[:, :, first:last][:, :, calm.acts]
    assert np.array_equal(acts[:, 0], acts[:, 1])
    assert np.array_equal(acts[:, 0], acts[:, 2])
