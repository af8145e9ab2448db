"""How often a 95 % interval over ten seeds holds what is true: where nothing differs, and where an effect is known from thirty times the seeds.

A pool of seeds is carried out once, each under two lucks: the same people, and every draw of every day anew. Comparisons of ten seeds are
dealt out of it, so that no seed is in two of one round.
"""

from functools import cache

import numpy as np
import pytest

from glasshouse.audits import AUDITS, paired
from glasshouse.audits.asking import numbers_of
from glasshouse.audits.paired import INTERVAL, mean_of
from glasshouse.experiments.apart import together
from glasshouse.experiments.compare import _head, level
from glasshouse.experiments.cores import workers_for
from glasshouse.experiments.days import Society
from glasshouse.experiments.frames import InForce
from glasshouse.experiments.simulate import tables_of
from glasshouse.experiments.summary import regime_summary
from glasshouse.present.headlines import HEADLINES
from glasshouse.scenarios import load
from glasshouse.store import Run

SEEDS, OF, ROUNDS = 320, 10, 7
"""Seeds of the pool, seeds of a comparison, and times that the pool is dealt out: 224 comparisons."""
QUESTION = {"citizens": 2000, "days": 150, "start": "2019-12-15", "regimes": ["none", "essay"]}
AUDITED = {
    "accuracy": ("false: all penalties", "missed: all penalties", "had done it: all penalties"),
    "aims": ("aim: unlawful acts", "cost: penalty days"),
    "chilling": ("expression: everybody", "said above held: everybody", "silent by 10 points: everybody"),
    "due-process": ("person-years without cause: all penalties", "ever without cause, of those penalised"),
    "effects": ("less wealth", "ever under a penalty"),
    "inequality": ("income: Gini", "savings: Gini", "days until free: all penalties"),
    "leakage": ("another context: all channels",),
    "outsider": ("approval, asked directly: bias", "income, penalised against others matched: bias"),
    "proportionality": ("weight a point of gravity", "light acts: share of days"),
    "records": ("missed: all channels",),
    "ties": ("ties lost: everybody", "trust: everybody"),
    "validity": ("explained by conduct", "rank correlation with conduct"),
}
"""Numbers that are looked at beside the headlines of a comparison, by audit."""
LEAST, MOST = 0.91, 0.98
OFTEN = 0.5
"""Measures are looked at of which so many of the comparisons give an interval."""


def one(job, at) -> dict[tuple[str, str], float | None]:
    """Every measure of one seed under one luck: (regime, measure) -> number."""
    seed, anew = job
    scenario = load("essay").with_(seed=seed, **QUESTION)
    society = Society(scenario, threads=1)
    if anew:
        society.draw_anew([block.name for block in society.engine.model.luck])
    kept = society.run(lambda *_: at("living the days"))
    forces = [InForce(society, kept, r) for r in range(len(society.names))]
    summaries = {name: regime_summary(society, kept, r, forces[r], "") for r, name in enumerate(society.names)}
    tables = tables_of(society, kept, forces, {table for name in AUDITED for table in AUDITS[name].columns})
    run = Run(None, {"run": _head(scenario), "regimes": summaries}, scenario.resolved_toml(), {}, {}, tables)
    found = {(name, line.id): level(line, summary) for name, summary in summaries.items() for line in HEADLINES}
    for audit, wanted in AUDITED.items():
        for name, numbers in numbers_of(AUDITS[audit], run, society.names).items():
            found |= {(name, f"{audit}, {of}"): numbers[of].number for of in wanted if of in numbers}
    return found


@cache
def pool() -> dict[bool, list[dict[tuple[str, str], float | None]]]:
    """Of every seed the measures under its own luck (False), and under another (True)."""
    jobs = [(seed, anew) for seed in range(1, SEEDS + 1) for anew in (False, True)]
    done = together(one, jobs, workers_for(len(jobs)))
    assert not any(each.failed for each in done), next(each.why for each in done if each.failed)
    return {anew: [each.result for (_, other), each in zip(jobs, done, strict=True) if other == anew] for anew in (False, True)}


def covered(differences: np.ndarray, truth: float) -> tuple[float, float]:
    """Of the comparisons of ten seeds that give an interval the share whose interval holds the truth, and how many of all give one."""
    rng, hits, given, dealt_out = np.random.default_rng(5), 0, 0, 0
    for _ in range(ROUNDS):
        dealt = rng.permutation(differences)
        for at in range(0, len(dealt) - OF + 1, OF):
            found = mean_of(dealt[at : at + OF].tolist())
            given += found.kind == INTERVAL
            hits += found.kind == INTERVAL and found.low <= truth <= found.high
            dealt_out += 1
    return hits / max(1, given), given / dealt_out


def differences(of: str) -> dict[str, tuple[np.ndarray, float]]:
    """Of each measure the difference of every seed that has one, and what is true of it.

    Args:
        of: `nothing`, the same rule under two lucks, where nothing differs; `rule`, the rule beside none under one luck, whose effect is
            the mean over the whole pool.
    """
    lucks, found = pool(), {}
    for regime, measure in lucks[False][0]:
        pairs = zip(lucks[False], lucks[True], strict=True) if of == "nothing" else ((a, a) for a in lucks[False])
        before = regime if of == "nothing" else "none"
        if of == "rule" and regime == "none":
            continue
        both = [(a.get((before, measure)), b.get((regime, measure))) for a, b in pairs]
        gaps = np.array([b - a for a, b in both if a is not None and b is not None])
        if len(gaps) >= SEEDS / 2 and np.ptp(gaps) > 0:
            found[f"{regime}: {measure}"] = (gaps, 0.0 if of == "nothing" else float(gaps.mean()))
    return found


@pytest.mark.long
@pytest.mark.parametrize("of", ["nothing", "rule"])
def test_intervals_hold_the_truth_as_often_as_they_say(of):
    """A number of which most seeds say the same has a range, and no interval to be held to."""
    found = {name: covered(*known) for name, known in differences(of).items()}
    shares = {name: share for name, (share, given) in found.items() if given >= OFTEN}
    print(f"\n{of}: {len(shares)} measures, covered {min(shares.values()):.3f} to {max(shares.values()):.3f}, mean {np.mean([*shares.values()]):.3f}")
    print(f"without intervals: {[name for name in found if name not in shares]}")
    assert len(shares) > 20
    assert {name: share for name, share in shares.items() if not LEAST <= share <= MOST} == {}


def test_an_interval_that_is_too_narrow_or_beside_the_truth_is_noticed(monkeypatch):
    """Of draws from one bell curve the intervals hold the middle as often as they say; half as wide, or half a deviation beside, they do not."""
    draws = np.random.default_rng(1).normal(3.0, 1.0, SEEDS)
    assert LEAST <= covered(draws, 3.0)[0] <= MOST
    assert covered(draws, 3.5)[0] < LEAST
    monkeypatch.setattr(paired.special, "stdtrit", lambda freedom, tail: 1.1)
    assert covered(draws, 3.0)[0] < LEAST


def test_what_most_seeds_do_not_see_is_given_no_interval():
    """Something that happens in one seed of twelve: ten seeds say too little of it to tell a mean."""
    rare = np.where(np.arange(SEEDS) % 12 == 0, -5.0, 0.0)
    assert covered(rare, rare.mean())[1] < 0.05
