"""Each response, switched off by the number that its file names and on again, moves the outcome that its file names, in the direction named."""

import numpy as np
import pytest
from tests.science.helpers import BEGINS, CALM, grades, measures, question, ran, regime, same, z_of

from glasshouse.catalogue import catalogue

pytestmark = pytest.mark.slow
SURE = 4.0
KNOWN = {"regime.essay.awareness.start": 1}
SIZE = dict(citizens=4000, days=250)
CUTS = regime("essay", grades=grades(960, 985, 1005), consequences=measures("hotel_ban", "flight_ban", of=("g0", "g1")))
STRONG = {"responses.compliance.speed": 0.5, "responses.compliance.near": 150, "responses.gaming.size": 0.6, "responses.ties.drop": 0.05, "responses.opinion.pull": 0.1,
          "responses.trust.sign": -1, "responses.trust.speed": 0.5, "responses.awareness.spread": 0.05, "acts.speeds.rate": 20, "acts.speeds.seen": 0.3,
          "acts.helps_neighbour.rate": 20}  # fmt: skip
"""A society in which each response shows within months."""


def column(name: str):
    return lambda run: run.state(name, "essay").astype(float)


def answered(run, question_: str) -> np.ndarray:
    """The share of those asked who say so, week by week: (weeks,)."""
    weeks = lambda name: run.sums("essay", f"{name}_sum")[: 7 * (SIZE["days"] // 7)].reshape(-1, 7).sum(1)  # noqa: E731
    return weeks(question_) / weeks("asked")


OUTCOMES = {
    "aware": column("aware"), "conduct_bad": lambda run: run.tallied("conduct_bad", "essay"), "expression": column("expression"), "public_view": column("public_view"),
    "withdrawal": column("withdrawal"), "bought_deeds": lambda run: run.daily("essay", "pay_deeds"), "speeding": lambda run: run.daily("essay", "acts", "speeds"),
    "ties_kept": lambda run: np.bitwise_count(run.state("kept", "essay")).astype(float), "trust": column("trust"),
    "spread_of_opinion": lambda run: (column("opinion")(run) - column("opinion")(run).mean()) ** 2,
    "approval_asked_directly": lambda run: answered(run, "approve_directly"),
}  # fmt: skip
"""Where each outcome that a response's file names is measured: by citizen, by day or by week."""
RESPONSES = {name: getattr(catalogue().responses, name) for name in type(catalogue().responses).model_fields}


@pytest.fixture(scope="module")
def on():
    return ran(question(CUTS, set={**STRONG, "regime.essay.awareness.start": 0.6}, **SIZE))


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_switched_off_lets_its_outcome_be(on, name):
    """On against off: more than 4 paired standard errors, in the direction that the file names."""
    response = RESPONSES[name]
    off = ran(question(CUTS, set={**STRONG, "regime.essay.awareness.start": 0.6, f"responses.{name}.{response.off}": 0}, **SIZE))
    z = z_of(OUTCOMES[response.outcome](off), OUTCOMES[response.outcome](on))
    assert z > SURE if response.direction == "up" else z < -SURE, z


# ---- a fine


def test_a_fine_teaches_its_payer_only_and_for_as_long_as_stated():
    """With every act of speeding fined, the second is as much rarer as the size says, until it no longer holds; nobody else changes."""
    often = {"acts.speeds.rate": 6, "acts.speeds.seen": 1, "families.traffic.skew": 500, "families.traffic.hardship": 0, **CALM}
    size, holds = 0.5, 0.25
    off = ran(question("none", citizens=4000, days=300, set={**often, "responses.caught.size": 0}))
    on = ran(question("none", citizens=4000, days=300, set={**often, "responses.caught.size": size, "responses.caught.holds": holds}))
    drivers = np.any([fixed >> np.uint32(1) & np.uint32(1) > 0 for fixed in off.society.fixed.values()], axis=0)  # ever
    assert np.array_equal(on.state("caught_on", "none")[~drivers], off.state("caught_on", "none")[~drivers])
    # in a steady state the rate x of the careful time: r (1 - c size), c the share of time within `holds` of the last
    done = on.daily("none", "acts", "speeds")[150:].sum() / off.daily("none", "acts", "speeds")[150:].sum()
    rate, span = 6.0 / 365, round(holds * 365)
    careful = rate * (1 - size)
    free = 1 / rate  # days from the end of one careful time to the next fine
    length = (np.exp(careful * span) - 1) / careful  # mean length of a careful time that each new fine begins again
    exact = (free * rate + length * careful) / (free + length) / rate
    assert done == pytest.approx(exact, abs=0.03)


def test_without_any_fine_what_it_would_teach_is_nothing():
    """With no fine, or none that is seen, the size changes not one bit."""
    for nothing in ({"acts.speeds.seen": 0}, {"acts.speeds.fine": 0}):
        runs = [ran(question("none", citizens=1000, days=100, set={"acts.speeds.rate": 20, **nothing, "responses.caught.size": size})) for size in (0.2, 0.8)]
        assert same(*runs, "none", "none") == []


# ---- trust


@pytest.mark.parametrize(("sign", "direction"), [(-1, "down"), (0, "none"), (1, "up")])
def test_a_visible_score_moves_trust_as_the_switch_says(sign, direction):
    """Trust, what people say of it, and help for neighbours fall, stay or rise; those in the lowest grades fare worse."""
    settings = {**STRONG, **KNOWN, "responses.compliance.speed": 0}
    still, run = (ran(question(CUTS, set={**settings, "responses.trust.sign": s}, **SIZE)) for s in (0, sign))
    outcomes = [column("trust"), lambda r: answered(r, "trusting"), lambda r: r.daily("essay", "acts", "helps_neighbour")]
    zs = [z_of(outcome(still), outcome(run)) for outcome in outcomes]
    if direction == "none":
        assert zs == [0, 0, 0]
        return
    assert min(zs) > SURE if direction == "up" else max(zs) < -SURE, zs
    covered, low = run.covered("essay"), run.state("grade", "essay") < 2
    trust = run.state("trust", "essay") / 65535
    assert trust[covered & low].mean() < trust[covered & ~low].mean() - 0.01


def test_without_a_score_trust_stays_as_it_is():
    run = ran(question("none", citizens=1000, days=60, set={"responses.trust.sign": -1}))
    assert set(run.state("trust", "none").tolist()) == {round(0.6 * 65535)}


# ---- opinion: averaged, stubborn, or heard only nearby


@pytest.fixture(scope="module")
def updated():
    """Three years of views under no score, by each way of updating, with strong friends and little noise."""
    base = {"responses.opinion.pull": 0.1, "responses.opinion.noise": 0.001, "responses.opinion.bound": 0.1, "responses.opinion.anchor": 0.03}
    return {n: ran(question("none", citizens=4000, days=700, set={**base, "responses.opinion.updating": n})) for n in (0, 1, 2)}


def test_averaging_ends_in_agreement_a_lasting_view_does_not(updated):
    """DeGroot: views draw together to a small part of their spread; with one's own view as an anchor much of it stays."""
    begin = updated[0].state("own_view").std()
    spread = {n: run.state("opinion", "none").std() / begin for n, run in updated.items()}
    assert spread[0] < 0.35
    assert spread[1] > 1.5 * spread[0]
    assert spread[2] > spread[1], "who hears only near views keeps more of the spread"


def test_an_anchor_ties_views_to_their_beginning(updated):
    """How far today's views still follow the lasting ones: much more with an anchor."""
    own = updated[0].state("own_view").astype(float)
    like = {n: np.corrcoef(own, run.state("opinion", "none"))[0, 1] for n, run in updated.items()}
    assert like[1] > 0.8 > like[0] + 0.1


def test_without_friends_the_ways_of_hearing_them_are_one():
    """With no pull, bounded and unbounded hearing are the same to the last bit."""
    runs = [ran(question("none", citizens=1000, days=60, set={"responses.opinion.pull": 0, "responses.opinion.updating": n})) for n in (1, 2)]
    assert same(*runs, "none", "none") == []


# ---- what people say when they are asked


@pytest.fixture(scope="module")
def surveyed():
    return ran(question("none", citizens=40_000, days=70))


def test_a_list_experiment_finds_the_truth_and_a_direct_question_does_not(surveyed):
    """The two halves' difference is the share that approve, within 4 standard errors; asked directly 24.5 to 26.5 points more say so, within 2."""
    total = {n: surveyed.sums("none", f"{n}_sum").sum() for n in ("asked", "approve_truly", "approve_directly", "list_control", "list_control_items", "list_treated_items")}
    truth, direct = total["approve_truly"] / total["asked"], total["approve_directly"] / total["asked"]
    listed = total["list_treated_items"] / (total["asked"] - total["list_control"]) - total["list_control_items"] / total["list_control"]
    people = total["asked"] / 10  # each is asked ten times, with the same lasting luck
    assert listed == pytest.approx(truth, abs=4 * np.sqrt((0.75 + 0.25) / (people / 2) + 0.75 / (people / 2)))
    assert 0.5 < truth < 0.7
    assert direct > 0.88
    assert 0.245 - 0.02 < direct - truth < 0.265 + 0.02


def test_every_adult_is_asked_once_a_week(surveyed):
    first = max(surveyed.society.fixed)
    adults = surveyed.living(first) & (first - surveyed.state("birth") >= 6574)
    assert surveyed.sums("none", "asked_sum")[-7:].sum() == pytest.approx(adults.sum(), abs=20)


def test_who_dares_less_hides_more():
    """Chilled speech makes the direct answer rise; the truth does not follow, where friends pass nothing on."""
    quiet = {"responses.opinion.pull": 0, "responses.chilling.speed": 0.5, **KNOWN, "responses.survey.hidden": 0.5, **{f"responses.opinion.{x}": 0 for x in ("hurt", "gain")}}
    free, chilled = (ran(question("essay", set={**quiet, "responses.chilling.size": size, "responses.chilling.exposed": 0}, **SIZE)) for size in (0, 0.3))
    late = slice(BEGINS // 7 + 8, None)
    assert np.array_equal(answered(free, "approve_truly"), answered(chilled, "approve_truly"))
    assert z_of(answered(free, "approve_directly")[late], answered(chilled, "approve_directly")[late]) > SURE


def test_the_survey_moves_nobody():
    """What is asked changes not one bit of a life."""
    runs = [ran(question("essay", citizens=1000, days=60, set={"responses.survey.hidden": h, "responses.survey.items": i})) for h, i in ((0.5, 2), (0.9, 6))]
    assert same(*runs, "essay", "essay", kinds=("", "life", "watch", "points", "sanction")) == []
