"""Blindness: the label reaches watch and measure alone, and sex reaches only mix-ups among likes; grading sees neither."""

import dataclasses

import numpy as np
import pytest
from tests.science.helpers import CALM, everywhere, number, people, question, ran, regime, same

from glasshouse.day import CHANNELS
from glasshouse.experiments import lives, world
from glasshouse.scenarios import load

SIZE = dict(citizens=5000, days=400)
RATIO = 0.5
SEEN_BY_LABEL = ("group", "cell")
"""The label itself, and the cell of the tables that it is counted in."""


def shuffled(name: str, seed: int = 7):
    """The same people with one of their traits dealt out anew."""
    folk = people(SIZE["citizens"])
    return dataclasses.replace(folk, **{name: np.random.default_rng(seed).permutation(getattr(folk, name))})


def equal(name: str = "essay") -> dict:
    """The essay's regime, watching both labels alike."""
    return regime("essay", name, **everywhere("watch", group_ratio=1))


def uneven() -> dict:
    """The same, with half the coverage of label 1."""
    return regime("essay", "uneven", **everywhere("watch", group_ratio=RATIO))


@pytest.fixture(scope="module")
def plain():
    return ran(question(equal(), uneven(), **SIZE))


@pytest.fixture(scope="module")
def dealt_anew():
    return ran(question(equal(), uneven(), **SIZE), folk=shuffled("group"))


def test_the_label_changes_no_state_when_watch_is_equal(plain, dealt_anew):
    """Whoever bears the label, every life, score, grade and consequence stays the same to the last bit."""
    assert 500 < (plain.state("group") != dealt_anew.state("group")).sum()
    assert same(plain, dealt_anew, "essay", "essay", but=SEEN_BY_LABEL) == []
    r = plain.number("essay")
    assert np.array_equal(plain.kept.daily[:, r], dealt_anew.kept.daily[:, r])
    assert np.array_equal(plain.kept.sums[:, r], dealt_anew.kept.sums[:, r])


def test_the_label_changes_state_when_watch_is_not_equal(plain, dealt_anew):
    """The test above can fail: with uneven watch the label decides who gets records and so who falls."""
    changed = same(plain, dealt_anew, "uneven", "uneven", but=SEEN_BY_LABEL)
    assert {"on_file", "grade", "mask"} <= set(changed)


@pytest.fixture(scope="module")
def calm():
    """Both regimes when nobody knows of them and nothing follows, so that all do the same under both."""
    still = [{**r, "consequences": {}, "awareness": {"start": number(0)}} for r in (equal(), uneven())]
    return ran(question(*still, set=CALM, **SIZE))


def counts(run, name: str, kind: str) -> np.ndarray:
    """Records of acts of label 0 and of label 1: (2,)."""
    if kind == "frequent":
        return sum(run.by_label(name, "frequent_records", c) for c in CHANNELS)
    return sum(run.by_label(name, m, k) for k in run.acts for m in ("own", "sent"))


@pytest.mark.parametrize("kind", ["seldom", "frequent"])
def test_uneven_watch_sees_its_stated_share(calm, kind):
    """Of the same acts, those of label 1 are recorded `group_ratio` times as often, within 4 standard errors; those of label 0 the same."""
    alike, halved = counts(calm, "essay", kind), counts(calm, "uneven", kind)
    assert halved[0] == alike[0] > 1000
    share = halved[1] / alike[1]
    assert abs(share - RATIO) < 4 * np.sqrt(RATIO * (1 - RATIO) / alike[1])


def test_those_watched_less_lose_less(calm):
    """The direction of uneven watch: label 1, half watched, loses about half as many points to its acts; label 0 as many as when watched alike."""
    lost = {name: sum(np.minimum(0, calm.by_label(name, "points", k)) for k in calm.acts) for name in ("essay", "uneven")}
    assert 0.35 < lost["uneven"][1] / lost["essay"][1] < 0.65
    assert abs(lost["uneven"][0] / lost["essay"][0] - 1) < 0.02  # not exactly: some of what is pinned on it was done by label 1


def alike() -> dict[str, float]:
    """Settings under which nothing is likelier for a man than for a woman."""
    kinds = load("essay").catalogue
    return {f"{part}.{name}.likelier.man": 1 for part in ("acts", "attempts") for name, what in getattr(kinds, part).items() if what.likelier.man is not None}


def test_sex_changes_no_state_without_mix_ups(monkeypatch):
    """Same records, same grade: sex is read where records are pinned on somebody alike, where people reach the age at which women and men
    drive, work and graduate as the tables say, and where acts.toml says that something is likelier for a man; the last two are left out
    here, and it is read nowhere else."""
    monkeypatch.setattr(lives, "grown_up", lambda *given: None)
    monkeypatch.setattr(world, "will_graduate", lambda plan, seed, columns, first: np.zeros(len(columns["sex"]), bool))
    exact = regime("essay", **everywhere("watch", misdirected=0))
    a, b = (ran(question(exact, citizens=5000, days=200, set=alike()), folk=folk) for folk in (None, shuffled("sex")))
    assert same(a, b, "essay", "essay", but=("sex", "cell")) == []
    assert np.array_equal(a.kept.daily, b.kept.daily)
    mixed = [ran(question("essay", citizens=5000, days=200, set=alike()), folk=folk) for folk in (None, shuffled("sex"))]
    assert "on_file" in same(*mixed, "essay", "essay")


def test_scores_and_grades_have_no_argument_for_group_sex_or_age():
    """Grading cannot read what nobody hands it: the rules of score, grade and sanction name no group, sex or residence.

    A score of dimensions is made of means and of years, and a fitted model of the traits that its file names: they enter by
    three rules, which give nothing where there are none.
    """
    from glasshouse.day import model
    from glasshouse.engine.model import Step, arguments
    from glasshouse.rules import grade, sanction, score

    for step in model().chain:
        if isinstance(step, Step) and step.rule.__module__ in {m.__name__ for m in (grade, sanction, score)}:
            if step.rule is score.risk:
                assert step.only == "models"
                continue
            read = {step.bind.get(a, a) for a in arguments(step.rule)}
            assert not read & {"group", "sex", "urban", "quintile", "cell"}, step.rule.__name__
            if step.rule is not score.dimensions:
                assert not read & {"income", "wealth", "debt"}, step.rule.__name__
            if step.rule not in (score.covered, score.grown):
                assert "birth" not in read, step.rule.__name__
