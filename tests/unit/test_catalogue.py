"""The catalogue: what ships is complete, sourced and used; TOML is written and read back, and every key has its line."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from glasshouse import catalogue as package
from glasshouse import day
from glasshouse.catalogue import catalogue, shipped
from glasshouse.catalogue.files import lines_of, parse, read, write
from glasshouse.catalogue.schema import ATTEMPTS, FAMILIES, FREQUENT, MECHANISMS, Catalogue, Responses
from glasshouse.errors import BadInput
from glasshouse.regimes import list_regimes, load_regime
from glasshouse.scenarios import check, load
from glasshouse.values import Value

SOURCE = Path(package.__file__).parents[1]
FILES = sorted(
    [*(path for path in SOURCE.glob("catalogue/*.toml") if path.name != "users.toml"), *SOURCE.glob("regimes/data/*.toml"), *SOURCE.glob("scenarios/data/*.toml")],
    key=lambda path: path.relative_to(SOURCE),
)
BY_CHANNEL = {
    "commerce": "returns_goods posts_fake_review buys_games cancels_orders buys_for_family",
    "payments": "repays_late stops_paying misses_utility_bill returns_rental_late gambles_online donates",
    "social": "posts_criticism spreads_rumour insults_online praises_authorities shares_petition",
    "browsing": "opens_blocked_page searches_sensitive plays_all_night takes_online_course",
    "location": "parks_badly visits_petition_office stays_unregistered dodges_fare smokes_on_train attends_protest disturbs_flight",
    "civic": "speeds drives_drunk fights ignores_judgment evades_tax petitions litters lets_dog_foul steals_or_defrauds volunteers "
    "gives_blood reports_wrongdoing helps_neighbour visits_parents buys_good_deed fulfils_judgment enforcement_ends resists_enforcement draws_aid_wrongly "
    "misreports_change "
    "runs_illegal_stall bribes_official abuses_at_home quarrels_with_neighbour acts_heroically wins_award",
}
GOOD = (
    "buys_for_family donates praises_authorities takes_online_course volunteers gives_blood reports_wrongdoing helps_neighbour "
    "visits_parents buys_good_deed fulfils_judgment acts_heroically wins_award"
)
# Rough shares of the population that a flag covers, to add rates up; the society's own tables are tested elsewhere.
SHARES = {"adult": 0.79, "drives": 0.31, "works": 0.55, "jobless": 0.03, "borrows": 0.3, "internet": 0.63, "pays": 0.53, "shops": 0.5,
          "talks": 0.6, "searches": 0.5, "urban": 0.62, "parent": 0.25, "pupil": 0.15, "renter": 0.15, "assisted": 0.02}  # fmt: skip
JUDGED = 0.03  # share of adults against whom a judgment stands, in the long run: 0.005 new ones a year, of which 0.15 are fulfilled in each

EVERYTHING = load("essay").with_(regimes=list_regimes()).values
"""Every shipped value, of the catalogue and of all regimes, by path."""


def at_risk(entry):
    return min((SHARES[flag] for flag in entry.at_risk), default=1.0) * (JUDGED if getattr(entry, "judged", False) else 1.0)


def number(value):
    return value.at("2020-01-01")


def test_the_acts_are_these_and_stand_in_their_channels():
    acts = catalogue().acts
    assert {name: act.channel for name, act in acts.items()} == {n: c for c, names in BY_CHANNEL.items() for n in names.split()}
    assert len(acts) == 53
    assert {name for name, act in acts.items() if act.good} == set(GOOD.split())
    assert [name for name, act in acts.items() if act.bought] == ["buys_good_deed"]
    assert [name for name, act in acts.items() if act.owes] == ["repays_late", "stops_paying"]
    assert [name for name, act in acts.items() if act.stops] == ["stops_paying"]
    assert {name: act.judgment for name, act in acts.items() if act.judgment} == {
        "ignores_judgment": "brings",
        "fulfils_judgment": "fulfils",
        "enforcement_ends": "ends",
    }
    assert {name for name, act in acts.items() if act.judged} == {"fulfils_judgment", "enforcement_ends", "resists_enforcement"}
    assert not [name for name, act in acts.items() if act.fine and act.lawful], "no fine without a law"


def test_the_other_ids_are_those_the_day_knows():
    known = catalogue()
    assert tuple(known.families) == FAMILIES
    assert tuple(known.attempts) == ATTEMPTS
    assert {entry.channel: name for name, entry in known.frequent.items()} == FREQUENT
    assert {c.mechanism for c in known.consequences.values()} == set(
        "air_ticket air_boarding private_school line_speed prestige_job hotel reach account loan_terms deposit fare queue movement "
        "rail_seat home car holiday insurance office loan_refusal assistance rebate naming".split()
    )
    assert (len(known.attempts), len(known.consequences)) == (15, 25)


def test_each_mechanism_is_for_penalties_or_for_rewards_and_the_day_knows_it():
    assert sorted([*MECHANISMS["penalty"], *MECHANISMS["reward"]]) == sorted(day.MECHANISMS)
    assert list(MECHANISMS) == ["penalty", "reward"]
    for consequence in catalogue().consequences.values():
        assert consequence.mechanism in MECHANISMS[consequence.kind]


def test_every_family_has_an_act_and_every_act_a_family():
    known = catalogue()
    assert {act.family for act in known.acts.values()} | {"daily"} == set(known.families)


def test_every_id_is_used_by_a_regime():
    known, regimes = catalogue(), [load_regime(name) for name in list_regimes()]
    used = [{*regime.points, *regime.straight} for regime in regimes]
    used += [{*listing.entry, *listing.exit} for regime in regimes for listing in regime.lists.values()]
    used += [{regime.model.target} for regime in regimes if regime.model]
    assert set().union(*used) == set(known.acts)
    assert {c for regime in regimes for c in regime.consequences} == set(known.consequences)
    assert {c for regime in regimes for c in regime.activity} == set(FREQUENT)


@pytest.mark.parametrize("key", sorted(EVERYTHING))
def test_every_shipped_value_says_what_it_is_and_where_it_is_from(key):
    value = EVERYTHING[key]
    assert value.about.endswith("."), "a sentence"
    assert value.source.endswith((".", ".)")), "a sentence"
    assert not re.search(r"\b(FACTS|ACTS|LIFE|TODO|issue)\b", value.source), "a source is public, not a note of ours"
    if value.status == "assumed":
        assert value.range is not None
        assert value.range[0] < value.range[1], "an assumed number can be moved"
    if value.range is not None:
        assert all(value.range[0] <= number <= value.range[1] for number in value.numbers)
    if value.recalled:
        assert value.status == "assumed", "what is only remembered is assumed"


def test_events_of_a_person_and_year_are_few_enough_for_the_day():
    known = catalogue()
    total = sum(number(e.rate) * at_risk(e) for part in (known.acts, known.attempts) for e in part.values())
    assert 10 < total < 35


@pytest.mark.parametrize(
    ("name", "published"),
    [("speeds", 0.017), ("drives_drunk", 0.0034), ("steals_or_defrauds", 0.00034)],
)
def test_behaviour_times_detection_is_the_published_record(name, published):
    act = catalogue().acts[name]
    assert number(act.rate) * number(act.seen) == pytest.approx(published, rel=0.02)


def test_red_lights_on_foot_are_recorded_as_rarely_as_published():
    crossing = catalogue().frequent["crosses_on_red"]
    assert number(crossing.rate) == 0.1854, "of crossings on red"
    done = 365 * number(crossing.occasions) * number(crossing.rate)
    assert done * SHARES["adult"] * number(crossing.seen) == pytest.approx(0.004, rel=0.02)


def test_what_is_spread_in_its_own_way_and_what_has_a_rhythm():
    known = catalogue()
    assert {n for n, a in known.acts.items() if a.skew is not None or a.none is not None} == {"volunteers", "drives_drunk", "stops_paying", "misreports_change", "enforcement_ends"}
    assert {n for n, f in known.families.items() if f.few is not None} == {"credit"}
    assert {n for n, f in {**known.families, **known.frequent}.items() if f.none is not None} == {"speech", "posts"}
    assert [n for n, a in known.acts.items() if a.taught] == ["speeds"]
    assert [n for n, a in known.acts.items() if a.trusting] == ["helps_neighbour"]
    named = {e.rhythm for part in (known.acts, known.frequent, known.attempts) for e in part.values() if e.rhythm}
    assert named == set(known.rhythms), "a rhythm that nothing has would be dead"


def test_giving_in_a_month_is_the_published_share_with_the_spread_of_good_deeds():
    """31 % gave in the past month: of a gamma-Poisson, 1 - (1 + mean / shape)**-shape."""
    known = catalogue()
    month, shape = number(known.acts["donates"].rate) / 12, number(known.families["civic"].skew)
    assert 1 - (1 + month / shape) ** -shape == pytest.approx(0.31, abs=0.005)


@pytest.mark.parametrize("name", Responses.model_fields)
def test_each_response_names_a_number_that_switches_it_off(name):
    response = getattr(catalogue().responses, name)
    assert isinstance(getattr(response, response.off), Value)


def test_trips_orders_and_payments_are_the_published_ones():
    known = catalogue()
    assert number(known.attempts["takes_train"].rate) == 2.55
    assert number(known.frequent["orders"].rate) * 365 == pytest.approx(144, rel=0.01)
    assert number(known.frequent["pays_by_phone"].rate) == 3.1


def test_losing_and_finding_work_balance_at_the_published_rate_without_work():
    loses, finds = (number(catalogue().attempts[name].rate) for name in ("loses_job", "finds_job"))
    assert loses / (loses + finds) == pytest.approx(0.05, abs=0.005)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_shipped_file_has_a_fault(path):
    assert [str(fault) for fault in check(path)] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_every_key_of_a_shipped_file_is_found_on_its_line(path):
    source = read(path)
    lines = source.text.split("\n")
    for place in places(source.data):
        line = lines[source.lines[place] - 1]
        assert re.search(rf'(^|[\[."]){re.escape(str([p for p in place if isinstance(p, str)][-1]))}([\]." =]|$)', line), (place, line)


def places(data, above=()):
    entries = data.items() if isinstance(data, dict) else enumerate(data)
    for key, part in entries:
        yield (*above, key)
        if isinstance(part, dict) or (isinstance(part, list) and part and isinstance(part[0], dict)):
            yield from places(part, (*above, key))


def test_nothing_shipped_can_be_changed():
    with pytest.raises(ValidationError):
        catalogue().acts["speeds"].rate = None
    with pytest.raises(ValidationError):
        catalogue().life = None


def test_lines_are_found_past_comments_strings_and_lists():
    text = "\n".join(
        [
            "# a = 1",
            "a = [1, # one",
            '  "[b]", 2,',
            "]",
            "c.'d e' = '''",
            "[not.a.table]",
            "f = 1'''",
            "[ g . h ]  # [x]",
            'i = "# no [comment" # yes',
            "[[j]]",
            "k = { l = 1, m = 2 }",
            "[j.n]",
            "o = 1",
            "[[j]]",
            "[j.n]",
            "o = 2",
        ]
    )
    assert parse(text, "x.toml").data["j"][1]["n"]["o"] == 2
    lines = lines_of(text)
    wanted = {("a",): 2, ("c", "d e"): 5, ("g", "h"): 8, ("g", "h", "i"): 9, ("j", 0): 10, ("j", 0, "k"): 11, ("j", 0, "k", "m"): 11,
              ("j", 0, "n", "o"): 13, ("j", 1): 14, ("j", 1, "n"): 15, ("j", 1, "n", "o"): 16}  # fmt: skip
    assert {place: lines.get(place) for place in wanted} == wanted
    assert not [place for place in lines if {"b", "f", "not", "x"} & set(place)]


KEYS = st.one_of(st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), st.text(min_size=1, max_size=5).filter(lambda k: "\r" not in k))
SINGLE = st.one_of(
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12),
)
DATA = st.recursive(
    st.one_of(SINGLE, st.lists(SINGLE, max_size=3)),
    lambda part: st.one_of(
        st.dictionaries(KEYS, part, max_size=4), st.lists(st.dictionaries(KEYS, part, max_size=3), min_size=1, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, DATA, max_size=5))
def test_what_is_written_is_read_back(data):
    text = write(data)
    assert parse(text, "x.toml").data == data
    assert write(parse(text, "x.toml").data) == text


@given(st.text(st.sampled_from("ab=.[]{}\"'#\n 1,\\"), max_size=40))
def test_any_text_is_data_or_bad_input(text):
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        with pytest.raises(BadInput, match="is not TOML"):
            parse(text, "x.toml")
    else:
        assert all(1 <= line <= text.count("\n") + 1 for line in parse(text, "x.toml").lines.values())


def test_every_schema_key_is_in_a_shipped_file_but_for_channels_of_ones_own():
    assert set(Catalogue.model_fields) == set(shipped()) | {"channels"}
