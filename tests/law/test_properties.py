"""What must be true of any such law: a higher cut is no easier, a penalty that is gone falls on nobody, no memory means no score."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.science.helpers import CALM, Ran, question, ran, regime, same

from glasshouse.day import GRADES
from glasshouse.regimes import list_regimes, load_regime
from glasshouse.regimes.schema import at
from glasshouse.rules.grade import grade
from glasshouse.rules.maths import i32, u32
from glasshouse.rules.sanction import fall, in_force
from glasshouse.rules.sanction import held as held_by_grade

pytestmark = pytest.mark.slow
LAWS = {name: load_regime(name) for name in list_regimes()}
POINTS = [name for name, law in LAWS.items() if law.points and not law.dimensions and not name.startswith("platform-")]
"""The scores made of points; of the platforms, which differ in their numbers alone, one."""
NOBODY_KNOWS = {**CALM, **{f"responses.{name}": 0 for name in ("opinion.hurt", "opinion.gain")}}
BUSY = {"acts.speeds.seen": 0.5, "acts.drives_drunk.seen": 0.5, "acts.volunteers.seen": 0.9, "acts.misses_utility_bill.rate": 2,
        "acts.gives_blood.rate": 1, "acts.repays_late.seen": 0.6, "acts.spreads_rumour.seen": 0.6, "acts.insults_online.seen": 0.5}
"""Records enough for a small society."""
SIZE = {"citizens": 600, "days": 200, "start": "2019-12-01"}


def calmly(*laws, **changes: float) -> Ran:
    """A run in which nobody knows of the regimes, so that nobody answers them."""
    names = [law["id"] for law in laws]
    unaware = {f"regime.{name}.awareness.start": 0 for name in names}
    return ran(question(*laws, **SIZE, set={**NOBODY_KNOWS, **BUSY, **unaware, **changes}))


def scores(run: Ran, name: str) -> np.ndarray:
    """Everybody's score at the end."""
    r = run.number(name)
    columns = {f.name: run.society.state.row(f.name, r) for f in run.society.engine.model.fields if f.kind}
    return run.society.scores(r, columns, SIZE["days"] - 1)


@given(st.data())
def test_a_raised_cut_is_reached_by_no_more_scores(data):
    """Of any scores and cuts: whoever reaches a grade whose cut was raised reached it before, and the other grades are as they were."""
    cuts = sorted(data.draw(st.sets(st.integers(-50, 50), min_size=2, max_size=GRADES - 1)))
    cuts += [10_000] * (GRADES - 1 - len(cuts))
    number = data.draw(st.integers(0, GRADES - 2))
    top = cuts[number + 1] if number < GRADES - 2 else 20_000
    raised = [*cuts]
    raised[number] = data.draw(st.integers(cuts[number], max(cuts[number], top - 1)))
    for score in data.draw(st.lists(st.integers(-60, 60), min_size=1, max_size=20)):
        before, after = (int(grade(i32(score), *(i32(cut) for cut in those))) for those in (cuts, raised))
        assert (after >= number + 1) <= (before >= number + 1)
        assert [after >= k for k in range(GRADES) if k != number + 1] == [before >= k for k in range(GRADES) if k != number + 1]


@pytest.mark.parametrize("name", POINTS)
def test_raising_a_cut_raises_nobody_over_it(name):
    """In a run: on no day do more citizens stand at or above a cut that was raised, each cut of the law in turn."""
    law, more = LAWS[name], {}
    for number, step in enumerate(law.grades[1:], 1):
        above = law.grades[number + 1].cut.numbers[0] if number + 1 < len(law.grades) else step.cut.numbers[0] + 2
        more[number] = min(step.cut.numbers[0] + 3, above - 1)
    laws = [regime(name), *(regime(name, f"raised_{number}") for number in more)]
    run = calmly(*laws, **{f"regime.raised_{number}.grades.{law.grades[number].id}.from": cut for number, cut in more.items()})
    for number in more:
        before, after = (sum(run.daily(which, "graded", k) for k in range(number, len(law.grades))) for which in (name, f"raised_{number}"))
        assert (after <= before).all(), law.grades[number].id


@given(st.data())
def test_without_a_penalty_the_rest_is_in_force_as_before(data):
    """Whatever happens to a grade, with whatever terms and notice: taking a penalty out takes out its bit and nothing else."""
    grades, bits, days = 4, 5, 40
    holds = np.array(data.draw(st.lists(st.integers(0, 2**bits - 1), min_size=grades, max_size=grades)), np.uint32)
    tails = data.draw(st.lists(st.integers(0, 20), min_size=bits, max_size=bits))
    gone, notice = u32(1 << data.draw(st.integers(0, bits - 1))), data.draw(st.integers(0, 10))
    penalties = u32(data.draw(st.integers(0, 2**bits - 1))) | gone
    path = data.draw(st.lists(st.integers(0, grades - 1), min_size=days, max_size=days))
    found = []
    for held in (holds, holds & ~gone):
        outlasts = ((held[None, :] & penalties) | (held[:, None] & ~penalties)).ravel()
        lasts = np.array([sum(1 << b for b in range(bits) if age < tails[b]) for age in range(max(tails) + 2)], np.uint32)
        mask, before, fell_on, fell, masks = u32(0), path[0], i32(-1000), i32(0), []
        for day, now in enumerate(path):
            fell_on, fell = fall(i32(now), i32(before), i32(day), fell_on, fell, i32(grades))
            of_grade = held_by_grade(i32(1), i32(now), *held, *[u32(0)] * (GRADES - grades))
            mask, before = in_force(of_grade, i32(day), fell_on, fell, mask, penalties, i32(notice), outlasts, lasts), now
            masks.append(u32(mask))
        found.append(np.array(masks))
    assert np.array_equal(found[0] & ~gone, found[1])


@pytest.mark.parametrize("name", [n for n in POINTS if LAWS[n].consequences])
def test_removing_a_penalty_never_adds_a_day_of_it(name):
    """In a run without it, it is in force for nobody, on no day, and refuses nothing; with it, for somebody. So with rewards."""
    law = LAWS[name]
    low = {f"grades.{g.id}.from": at(law.score.base, SIZE["start"]) - len(law.grades) + 1 + n for n, g in enumerate(law.grades[1:], 1)}
    without = {c: regime(name, f"without_{n}", **{f"consequences__{c}": None}) for n, c in enumerate(law.consequences)}
    laws = [regime(name), *without.values()]
    run = calmly(*laws, **{f"regime.{data['id']}.{key}": new for data in laws for key, new in low.items()})
    there = run.force(name)
    for c, data in without.items():
        assert not (run.force(data["id"]).mask & (1 << there.bits[c])).any(), c
        assert run.daily(data["id"], "attempts", c).sum() == run.daily(data["id"], "refused", c).sum() == 0, c
    assert all(there.on(c, "in_force").any() for c in law.consequences)


@pytest.mark.parametrize("name", POINTS)
def test_without_a_memory_everybody_keeps_the_score_of_the_start(name):
    """expiry 0: nothing is filed, so the score stays the base on each day and nobody ever falls; with a memory some do."""
    calm = {"profile": None, "kin": None, "score__stale": None, "score__decay": None}
    run = calmly(regime(name, **calm), regime(name, "forgets", **calm, score__expiry=0))
    base = at(LAWS[name].score.base, SIZE["start"])
    assert (scores(run, "forgets") == base).all()
    covered = run.sums("forgets", "covered_sum")
    assert np.array_equal(run.sums("forgets", "score_sum"), base * covered)
    assert np.array_equal(run.sums("forgets", "score_square_sum"), base * base * covered)
    assert (scores(run, name) != base).any()


@pytest.mark.parametrize("name", [n for n in POINTS if not LAWS[n].straight and not LAWS[n].dimensions])
def test_a_heavier_price_raises_nobody(name):
    """Every price of a bad act higher by one point: at the end nobody stands higher, and somebody lower."""
    prices = {act: min(value.numbers) for act, value in LAWS[name].points.items() if max(value.numbers) < 0}
    heavier = regime(name, "heavier", **{f"points__{act}": price - 1 for act, price in prices.items()})
    plain = regime(name, **{f"points__{act}": price for act, price in prices.items()})
    run = calmly(plain, heavier)
    assert (scores(run, "heavier") <= scores(run, name)).all()
    assert (scores(run, "heavier") < scores(run, name)).any()


@pytest.mark.parametrize("name", ["suining-2010", "rongcheng", "city-points"])
def test_an_old_law_runs_from_the_first_day(name):
    """It began before the run: scores and sanctions are, to the bit, those of a law which begins with it; but it is not felt as fresh."""
    old, new = regime(name), regime(name, "new")
    new["coverage"] = {**new["coverage"], "start": SIZE["start"]}
    run = calmly(old, new)
    assert same(run, run, name, "new", but=("novelty",)) == []
    assert run.sums(name, "covered_sum")[0] > 0
    assert (run.state("novelty", name) <= run.state("novelty", "new")).all()
    assert (run.state("novelty", name) < run.state("novelty", "new")).any()


def test_who_joins_a_little_law_joins_a_larger_one():
    """Those whom a voluntary score reaches at 1.5 % it reaches at 15 % too; the shares are those of the file, within 4 standard errors."""
    laws = [regime("city-points", f"share_{n}", coverage__uptake=share) for n, share in enumerate((0.015, 0.125, 0.15))]
    run = calmly(*laws)
    joined = [run.society.covered(run.number(law["id"])) for law in laws]
    adults = run.covered("share_0").sum()
    assert not (joined[0] & ~joined[1]).any()
    assert not (joined[1] & ~joined[2]).any()
    for who, share in zip(joined, (0.015, 0.125, 0.15), strict=True):
        assert abs(who.sum() - share * adults) < 4 * np.sqrt(share * (1 - share) * adults)


@settings(max_examples=5)
@given(st.integers(40, 160))
def test_a_reform_changes_nothing_before_its_day(day):
    """A line with a date: the two laws are one until then, and two afterwards."""
    on = str(np.datetime64(SIZE["start"]) + day)
    old = regime("exampleland")
    new = regime("exampleland", "reformed")
    new["points"]["speeds"] = {**new["points"]["speeds"], "value": {"2020-01-01": -10, on: -90}}
    run = calmly(old, new)
    differs = run.sums("exampleland", "score_sum") != run.sums("reformed", "score_sum")
    assert not differs[:day].any()
    assert differs[day:].any()
