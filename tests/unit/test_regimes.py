"""Regimes: the shipped ones say what they must, and a regime gives its parts as plain attributes."""

import json
from datetime import date

import pytest

from glasshouse.catalogue import catalogue
from glasshouse.errors import BadInput
from glasshouse.regimes import at, describe, list_regimes, load_regime
from glasshouse.regimes.schema import TRAIT_FAMILY

FIRST = "2020-01-01"
SHIPPED = (
    "bank bank-explores bank-retrains charter charter-list city-points essay exampleland fico judgment-defaulters lottery none opinions platform platform-facebook-2019 platform-reddit-2019 "
    "platform-youtube-2019q4 platform-youtube-2020q2 registry rongcheng suining-2010 threshold threshold-aided threshold-gamed travel-bans-2018 welfare-dwp welfare-midas welfare-risk "
    "welfare-robodebt zhima zhima-b"
)
CHANNELS = ["commerce", "payments", "social", "browsing", "location", "civic"]
PENALTIES = {"flight_ban", "flight_ticket_ban", "private_school_ban", "slow_internet", "prestige_job_bar", "hotel_ban"}
NOT_OF_THE_ESSAY = {"fulfils_judgment", "enforcement_ends", "resists_enforcement", "disturbs_flight", "draws_aid_wrongly", "misreports_change", "stops_paying", "runs_illegal_stall", "bribes_official", "abuses_at_home",
                    "quarrels_with_neighbour", "acts_heroically", "wins_award"}  # of courts, airlines, welfare, counties
REWARDS = {"loan_access", "rental_access", "trip_discount", "travel_priority", "movement_ease"}


def test_these_ship():
    assert list_regimes() == SHIPPED.split()
    kinds = {name: load_regime(name).kind for name in list_regimes()}
    others = {"none": "none", "lottery": "lot", "judgment-defaulters": "list", "charter-list": "list", "travel-bans-2018": "list", "registry": "registry", "opinions": "opinions"}
    assert kinds == dict.fromkeys(SHIPPED.split(), "points") | others
    assert [name for name in list_regimes() if load_regime(name).model] == [name for name in list_regimes() if name.startswith("welfare-")]
    assert {name for name in list_regimes() if load_regime(name).dimensions} == {"fico", "zhima", "zhima-b", "bank", "bank-explores", "bank-retrains"}
    assert [name for name in list_regimes() if load_regime(name).bank] == ["bank", "bank-explores", "bank-retrains"]
    assert all(load_regime(name).id == name and load_regime(name).summary for name in list_regimes())


def test_the_essay_has_every_line_of_the_essay():
    essay = load_regime("essay")
    told = describe(essay)
    assert told["channels"] == CHANNELS == list(essay.watch) == list(essay.activity)
    assert (set(told["penalties"]), set(told["rewards"])) == (PENALTIES, REWARDS)
    assert [grade.id for grade in essay.grades] == ["D", "C", "B", "A", "AA", "AAA"]
    assert set(essay.points) == set(catalogue().acts) - NOT_OF_THE_ESSAY
    assert set(essay.profile) == set(TRAIT_FAMILY)
    assert (essay.coverage.start, essay.coverage.end, at(essay.coverage.from_age, FIRST)) == (date(2020, 1, 1), None, 18)
    assert essay.coverage.from_age.range == (0, 18)
    assert 0 < at(essay.kin.household, FIRST) < 1 > at(essay.kin.ties, FIRST) > 0
    assert essay.contest is not None


def test_the_essay_says_of_each_claim_whether_it_is_so():
    claims = load_regime("essay").claims
    verdicts = {claim.text: claim.verdict for claim in claims}
    assert {claim.verdict for claim in claims} == {"documented", "partly", "not"}
    assert all(claim.source.endswith((".", ".)", "`.")) for claim in claims)
    expected = {"one score": "not", "compulsory": "not", "internet is slow": "not", "private schools": "partly", "may not fly": "partly",
                "phone moves": "not", "without a deposit": "documented", "West": "partly"}  # fmt: skip
    for word, verdict in expected.items():
        (found,) = (v for text, v in verdicts.items() if word in text)
        assert (word, found) == (word, verdict)
    assert len(claims) >= 6 + len(PENALTIES) - 1 + len(REWARDS)  # the two flight bans are one line of the essay


def test_good_deeds_never_cost_and_bad_ones_never_pay():
    for name in list_regimes():
        for act, points in load_regime(name).points.items():
            sign = 1 if catalogue().acts[act].good else -1
            assert all(number * sign > 0 for number in points.numbers), (name, act)
            if points.range:
                assert min(end * sign for end in points.range) >= 0, (name, act)


def test_grades_of_the_essay_begin_where_rongchengs_are_remembered_to():
    essay = load_regime("essay")
    assert [at(grade.cut, FIRST, None) for grade in essay.grades] == [None, 600, 850, 960, 1030, 1050]
    assert all(grade.cut.recalled and grade.cut.status == "assumed" for grade in essay.grades[1:])
    for lower, upper in zip(essay.grades[1:], essay.grades[2:], strict=False):
        assert lower.cut.range[1] < upper.cut.range[1], "the ranges leave the order be"
    assert (at(essay.score.base, FIRST), at(essay.score.low, FIRST), at(essay.score.high, FIRST)) == (1000, 0, 1300)


def test_the_lot_is_drawn_beside_the_essay_among_the_same_people():
    lot, essay = load_regime("lottery"), load_regime("essay")
    assert (lot.kind, lot.beside) == ("lot", "essay")
    assert (lot.coverage.start, lot.coverage.from_age) == (essay.coverage.start, None)
    assert describe(lot)["coverage"]["from_age"] == at(essay.coverage.from_age, FIRST)
    assert at(lot.awareness.start, FIRST) == at(essay.awareness.start, FIRST)
    assert (lot.points, lot.grades, lot.consequences, lot.watch, lot.score, lot.contest) == ({}, (), {}, {}, None, None)
    assert describe(lot)["penalties"] == describe(essay)["penalties"]


def test_under_none_there_is_nothing():
    none = load_regime("none")
    assert (none.coverage, none.awareness, none.score, none.contest) == (None, None, None, None)
    assert (none.points, none.grades, none.consequences, none.watch, none.channels) == ({}, (), {}, {}, [])
    assert at(none.kin.household, FIRST) == 0
    assert describe(none)["coverage"] is None


def test_the_platform_removes_for_what_is_posted_and_errs_as_published():
    platform = load_regime("platform")
    assert platform.channels == ["social"]
    assert list(platform.consequences) == ["reach_reduction", "account_removal"]
    acts, watch = catalogue().acts, platform.watch["social"]
    earned, astray = 0.12, 0.0002  # strikes a person and year in a run, as the file says; tests/law/test_platform.py counts them
    shares = [(false + astray) / (false + astray + earned) for false in (watch.false.range[0], at(watch.false, FIRST), watch.false.range[1])]
    assert shares == pytest.approx([0.004, 0.05, 0.2], rel=0.06)
    talks = 0.67  # share of those of 13 and more who use messaging, near enough
    unhindered = sum(at(acts[n].rate, FIRST) * at(acts[n].seen, FIRST) for n in platform.points) * at(watch.coverage, FIRST) * talks
    assert 0.5 * unhindered < earned < unhindered, "who is struck is closed, or falls silent"


def test_exampleland_has_a_reform_and_an_end():
    there = load_regime("exampleland")
    parking = there.points["parks_badly"]
    assert [at(parking, day) for day in ("2019-12-31", "2020-01-01", "2020-12-31", "2021-01-01")] == [0, -10, -10, -5]
    assert there.coverage.end == date(2022, 7, 1)
    assert all("invented" in value.source for value in there.points.values())


def test_a_part_that_is_not_there_counts_as_nothing():
    assert (at(None, FIRST), at(None, FIRST, 7)) == (0, 7)
    parking = load_regime("exampleland").points["parks_badly"]
    assert at(parking, "2019-01-01", 3) == 3


def test_a_misspelt_regime_gets_the_nearest():
    with pytest.raises(BadInput) as caught:
        load_regime("lotery")
    assert str(caught.value) == "there is no regime `lotery`; did you mean `lottery`?"


def test_what_is_described_can_be_printed():
    for name in list_regimes():
        told = describe(load_regime(name))
        assert json.loads(json.dumps(told)) == told
        assert list(told) == ["id", "title", "summary", "kind", "channels", "penalties", "rewards", "grades", "coverage", "claims"]


def test_a_regime_of_ones_own_is_read_from_its_path(tmp_path):
    from glasshouse.regimes.loader import HERE

    (tmp_path / "mine.toml").write_text((HERE / "exampleland.toml").read_text().replace('id = "exampleland"', 'id = "mine"'))
    mine = load_regime("mine.toml", tmp_path)
    assert (mine.id, mine.points) == ("mine", load_regime("exampleland").points)
    assert load_regime(str(tmp_path / "mine.toml")) == mine
