"""Models as users write them: the fast engine against the slow reference, arms with the same luck, and faults told of the user's lines."""

import importlib
import os
import sys
from dataclasses import replace

import numpy as np
import pytest

from glasshouse.errors import BadInput
from glasshouse.model import At, Field, Luck, Model, Number, Pick, Step, f32, i32, i64, places, simulate, u32, u64, unit
from glasshouse.model.pairs import anyone, inverse, matched, one_of, other_of, sender, sent, word_of
from glasshouse.models.degroot import MODEL as DEGROOT
from glasshouse.models.leading_eight import MODEL as LEADING

TEN = i32(10)


def draws(luck_a: u32) -> i32:
    """A purse between nothing and nine."""
    return i32(unit(luck_a) * f32(TEN))


def meets(slot: u64, citizens: u64, luck_a: u32, luck_b: u32, luck_c: u32, luck_d: u32) -> u32:
    """Everybody is paired anew every day."""
    return matched(slot, citizens, luck_a, luck_b, luck_c, luck_d)


def pays(purse: i32, theirs: i32, most: i32) -> i32:
    """The richer of two pays the poorer, by at most so much."""
    gap = (theirs - purse) // i32(1 + 1)
    return purse + max(-most, min(most, gap + i32(gap < 0 and (theirs - purse) % i32(1 + 1) != 0)))


def is_poor(purse: i32) -> i32:
    """Has one next to nothing?"""
    return i32(purse < i32(1))


def counts(poor: i32) -> i32:
    """One, for each who is counted."""
    return poor


MARKET = Model(
    name="market", about="Do purses even out?", source="made for the tests",
    fields=(Field("purse", "i4", "coins", "What one has.", seen=True),),
    numbers=(Number("most", 2, "coins", "made", "Most that is paid at once.", dtype="i4"),),
    luck=(Luck("market.start", ("luck_a", "luck_2", "luck_3", "luck_4")),
          Luck("market.pairs", ("luck_a1", "luck_b1", "luck_c1", "luck_d1"), of="citizens")),
    start=(Step(draws, "tile", ("purse",)),),
    chain=(
        Step(meets, "tile", ("who",), shared=True, bind={f"luck_{x}": f"luck_{x}1" for x in "abcd"}),
        Step(pays, "tile", ("purse|=held",), bind={"theirs": At("their_purse", ("who",))}),
        Step(is_poor, "tile", ("poor",)),
        Pick("poor_ones", "poor", "tile"),
        Step(counts, "poor_ones", ("=poor_count",)),
    ),
    totals=("held", "poor_count"),
)  # fmt: skip

THREE = i64(3)
MANY = f32(10_000)


def says_first(luck_a: u32) -> i64:
    """What is said before the first day: nothing to ten thousand."""
    return i64(unit(luck_a) * MANY)


def echoes(heard: i64, citizens: u64, slot: u64, louder: i32) -> i64:
    """Says the mean of what all said yesterday, and every third one something more."""
    return heard // i64(citizens) + i64(louder) * i64(i64(slot) % THREE == 0)


ECHO = Model(
    name="echo", about="What comes back?", source="made for the tests", fields=(),
    numbers=(Number("louder", 3, "", "made", "More than was heard.", dtype="i4"),),
    luck=MARKET.luck[:1],
    start=(Step(says_first, "tile", ("=said",)),),
    chain=(
        Step(echoes, "tile", ("=said|=quiet",), bind={"heard": "yesterday_said"}),
        Step(echoes, "tile", ("=again",), bind={"heard": "yesterday_again"}),
    ),
    totals=("quiet", "said", "again"),
)  # fmt: skip


def same(a, b) -> bool:
    return a.digest == b.digest and all(np.array_equal(a.state[name], b.state[name]) for name in a.state)


@pytest.mark.parametrize("model", [MARKET, LEADING, ECHO], ids=lambda m: m.name)
def test_compiled_and_uncompiled_give_the_same_bits_on_any_number_of_cores(model):
    arms = {"a": {}, "b": {"market": {"most": 5}, "echo": {"louder": 70}}.get(model.name, {"error": 0.2})}
    asked = dict(citizens=2100, days=5, seed=3, arms=arms)
    fast = simulate(model, **asked)
    assert same(fast, simulate(model, **asked, threads=2))
    assert same(fast, simulate(model, **asked, reference=True))
    assert not same(fast, simulate(model, **asked | {"seed": 4}))


def test_coins_are_neither_made_nor_lost_and_purses_even_out():
    run = simulate(MARKET, citizens=3001, days=40)
    held = run.totals["held"][:, 0]
    assert (held == held[0]).all()
    assert held[0] == run.state["purse"].sum()
    assert run.state["purse"].std() < 1 < 2 < simulate(MARKET, citizens=3001, days=1, most=0).state["purse"].std()


def test_arms_live_with_the_same_luck_and_differ_only_by_their_numbers():
    run = simulate(LEADING, citizens=2000, days=10, arms={"once": {}, "again": {}, "other": {"error": 0.3}})
    assert np.array_equal(run.state["good"][0], run.state["good"][1])
    assert not np.array_equal(run.state["good"][0], run.state["good"][2])
    alone = simulate(LEADING, citizens=2000, days=10, error=0.3)
    assert np.array_equal(run.state["good"][2], alone.state["good"][0])


def test_a_number_that_is_the_same_in_all_arms_can_be_given_for_a_run():
    shared = changed(numbers=(replace(MARKET.number("most"), same=True),))
    given = simulate(shared, citizens=500, days=5, arms={"a": {}, "b": {}}, most=5)
    for purse in given.state["purse"]:
        assert np.array_equal(purse, simulate(MARKET, citizens=500, days=5, most=5).state["purse"][0])
    assert not np.array_equal(given.state["purse"][0], simulate(shared, citizens=500, days=5).state["purse"][0])


def test_others_are_read_as_they_stood_when_the_day_began():
    """With everybody's opinion read on the day itself, the third would hear what the first thinks now."""
    run = simulate(DEGROOT, citizens=3, days=1)
    assert run.state["opinion"][0].tolist() == [0.25, 0.5, 0.75]


def test_a_total_is_read_a_day_later_by_each_arm_its_own_and_first_as_the_start_left_it():
    citizens, arms = 3000, {"a": {}, "b": {"louder": 7}}
    run = simulate(ECHO, citizens=citizens, days=4, arms=arms)
    start = simulate(replace(ECHO, start=(), chain=ECHO.start), citizens=citizens, days=1).totals["said"][0, 0]
    assert 4800 < start / citizens < 5200
    for arm, louder in enumerate((3, 7)):
        said, again, heard_again = start, [], 0
        for day in range(4):
            said = citizens * (said // citizens) + louder * 1000
            heard_again = citizens * (heard_again // citizens) + louder * 1000
            again.append(heard_again)
            assert run.totals["said"][day, arm] == run.totals["quiet"][day, arm] == said
        assert run.totals["again"][:, arm].tolist() == again


def paid(day: i32) -> tuple[i32, i32]:
    """A coin into the first purse, and one into that of the day."""
    return i32(1), i32(1)


def test_places_of_a_field_are_named_by_number_or_by_what_a_step_gives():
    field = Field("purses", "i4", "coins", "Three purses.", many=3)
    model = changed(fields=(field,), chain=(Step(paid, "tile", ("&purses@0", "&purses@day")),), start=(), luck=(), totals=())
    run = simulate(model, citizens=2, days=3)
    assert run.state["purses"][0].tolist() == [[4, 4], [1, 1], [1, 1]]
    assert same(run, simulate(model, citizens=2, days=3, reference=True))


def counted(purse: i32, day: i32) -> tuple[i32, i32, i32]:
    """One for each, in two tables, and what one has."""
    return i32(1), i32(1), purse + day


def test_a_total_may_have_places_of_which_a_step_names_one():
    step = Step(counted, "tile", ("=by_purse@purse", "=by_day@2", "=held"))
    model = changed(chain=(step,), totals=("before", *places("by_purse", 10), *places("by_day", 3), "held"))
    arms = {"a": {}, "b": {}}
    run = simulate(model, citizens=3000, days=2, arms=arms)
    by_purse = np.array([run.totals[f"by_purse@{k}"] for k in range(10)])
    for arm in (0, 1):
        assert by_purse[:, 0, arm].tolist() == np.bincount(run.state["purse"][arm], minlength=10).tolist()
    assert min(by_purse[:, 0, 0]) > 200
    assert [run.totals[name][1].tolist() for name in ("before", "by_day@0", "by_day@1", "by_day@2")] == [[0, 0], [0, 0], [0, 0], [3000, 3000]]
    assert (run.totals["held"][0] == (by_purse[:, 0].T * range(10)).sum(1)).all()
    assert same(simulate(model, citizens=40, days=2, arms=arms), simulate(model, citizens=40, days=2, arms=arms, reference=True))
    assert simulate(model, citizens=3000, days=2, arms=arms, threads=2).digest == run.digest


@pytest.mark.parametrize("reference", [False, True])
def test_a_place_that_a_total_has_not_is_told(reference):
    model = changed(chain=(Step(counted, "tile", ("=by_purse@purse", "=held", "=held")),), totals=("held", *places("by_purse", 2)))
    with pytest.raises(BadInput, match="`counted` looks past the end of a table"):
        simulate(model, citizens=40, days=1, reference=reference)


@pytest.mark.parametrize(("was", "now"), [("return x + x", "return x"), ("MUCH = i32(3)", "MUCH = i32(9)")])
def test_what_was_changed_in_a_module_that_a_rule_calls_is_compiled_anew(was, now, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    helper = "from glasshouse.model import i32\nMUCH = i32(3)\ndef doubled(x: i32) -> i32:\n    return x + x\n"
    (tmp_path / "a_rule.py").write_text(
        "from a_helper import MUCH, doubled\nfrom glasshouse.model import i32\ndef pays(purse: i32) -> i32:\n    return doubled(purse + MUCH)\n"
    )
    found = []
    for text in (helper, helper.replace(was, now)):
        (tmp_path / "a_helper.py").write_text(text)
        for name in ("a_rule", "a_helper"):
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        rule = importlib.import_module("a_rule").pays
        found.append(simulate(faulty(Step(rule, "tile", ("purse",))), citizens=3, days=2, seed=2))
        assert same(found[-1], simulate(faulty(Step(rule, "tile", ("purse",))), citizens=3, days=2, seed=2, reference=True))
    assert not same(*found)


# ---- who meets whom


@pytest.mark.parametrize("citizens", [1, 2, 3, 8, 1000, 1001])
def test_all_are_paired_and_each_pair_knows_of_both(citizens):
    luck = [np.uint32(x) for x in (0x12345678, 0x9ABCDEF0, 0x0F1E2D3C, 0x55AA55AA)]
    there = [int(matched(np.uint64(s), np.uint64(citizens), *luck)) for s in range(citizens)]
    assert [there[other] for other in there] == list(range(citizens))
    assert sum(other == slot for slot, other in enumerate(there)) == citizens % 2


@pytest.mark.parametrize("odd", [1, 3, 2**31 + 1, 2**32 - 1, 0x9E3779B1])
def test_an_inverse_undoes(odd):
    assert odd * int(inverse(np.uint32(odd))) % 2**32 == 1


def test_somebody_else_is_never_oneself_and_each_is_met_alike():
    met = [[int(anyone(np.uint64(s), np.uint64(5), np.uint32(k * 2**32 // 400))) for k in range(400)] for s in range(5)]
    for slot, there in enumerate(met):
        assert np.bincount(there, minlength=5).tolist() == [0 if other == slot else 100 for other in range(5)]
    assert [int(one_of(np.uint32(k << 30), np.uint32(4))) for k in range(4)] == [0, 1, 2, 3]
    assert [int(other_of(np.uint32(1), np.uint32(k << 30), np.uint32(5))) for k in range(4)] == [0, 2, 3, 4]


@pytest.mark.parametrize("citizens", [1, 2, 3, 64, 1000])
def test_a_shuffle_takes_everybody_somewhere_and_can_be_undone(citizens):
    luck, all_of = np.uint32(0x12345678), np.uint64(citizens)
    for which in (np.uint32(0), np.uint32(1), np.uint32(2**31 - 1)):
        there = [int(sent(np.uint64(s), all_of, luck, which)) for s in range(citizens)]
        assert sorted(there) == list(range(citizens))
        assert [int(sender(np.uint64(s), all_of, luck, which)) for s in there] == list(range(citizens))
    if citizens == 1000:
        other = [int(sent(np.uint64(s), all_of, luck, np.uint32(3))) for s in range(citizens)]
        assert sum(a == b for a, b in zip(there, other, strict=True)) < 10, "another shuffle is another"
        assert np.bincount(np.diff(there) % citizens).max() < 12, "neighbours lie apart in all ways"


def test_words_of_citizens_are_even_and_each_is_another():
    words = np.array([[int(word_of(np.uint64(s), np.uint32(77), np.uint32(k))) for k in range(40)] for s in range(100)])
    assert len(np.unique(words)) == words.size
    assert words.mean() / 2**32 == pytest.approx(0.5, abs=4 / np.sqrt(12 * words.size))
    for one, other in ((words[1:], words[:-1]), (words[:, 1:], words[:, :-1])):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 4 / np.sqrt(one.size)


# ---- faults


def untyped(purse) -> i32:
    """Has no type."""
    return purse


def no_result(purse: i32):
    """Does not say what it gives."""
    return purse


def bare(purse: i32) -> i32:
    """Has a bare number."""
    return purse + 7


def sings(purse: i32) -> i32:
    """Uses what cannot be compiled."""
    return i32(len(str([purse]).encode().decode("rot13")))


def wishes(pursse: i32) -> i32:
    """Names what is not there."""
    return pursse


def changed(**what) -> Model:
    return Model(**{name: getattr(MARKET, name) for name in MARKET.__dataclass_fields__} | what)


def faulty(*steps) -> Model:
    return changed(chain=steps)


FAULTS = {
    "no type": (faulty(Step(untyped, "tile", ("purse",))), "`untyped` does not say of which type `purse` is"),
    "no result": (faulty(Step(no_result, "tile", ("purse",))), "`no_result` does not say of which type each result is"),
    "too many": (faulty(Step(pays, "tile", ("purse", "=held"), bind={"theirs": "purse"})), "`pays` gives 1 results, and 2 are written"),
    "bare": (faulty(Step(bare, "tile", ("purse",))), "the number 7 has no type"),
    "unknown": (faulty(Step(wishes, "tile", ("purse",))), "`wishes` names `pursse`, which the model 'market' does not declare and no step before it writes; did you mean `purse`?"),
    "writes nothing kept": (faulty(Step(counts, "tile", ("pursse",), bind={"poor": "purse"})), "`counts` writes `pursse`, which is no field, and which no step reads; did you mean `purse`?"),
    "not its own": (faulty(Step(counts, "tile", ("most",), bind={"poor": "purse"})), "`counts` writes `most`, which is not its own to write"),
    "no total": (faulty(Step(counts, "tile", ("=helt",), bind={"poor": "purse"})), "`counts` adds to the total `helt`, which the model does not declare; did you mean `held`?"),
    "no places": (faulty(Step(counts, "tile", ("=held@purse",), bind={"poor": "purse"})), "`counts` adds to places of the total `held`, which the model does not declare: `*places(\"held\", how_many)`"),
    "no list": (faulty(Step(counts, "rich_ones", ("=held",), bind={"poor": "purse"})), "is over `rich_ones`, which no `Pick` before it makes"),
    "too early": (faulty(Step(counts, "tile", ("=held",)), Step(is_poor, "tile", ("poor",))), "`counts` names `poor`"),
    "no total to read": (faulty(Step(counts, "tile", ("=held",), bind={"poor": "yesterday_helt"})), "`counts` names `yesterday_helt`, which the model 'market' does not declare and no step before it writes; did you mean `yesterday_held`?"),
    "shared total": (faulty(Step(counts, "tile", ("purse",), bind={"poor": "yesterday_held"}, shared=True)), "`counts` is shared by all arms, and reads `yesterday_held`, which each arm has of its own"),
    "shared number": (faulty(Step(counts, "tile", ("purse",), bind={"poor": "most"}, shared=True)), "`counts` is shared by all arms, and reads `most`"),
    "not shown": (changed(fields=(Field("purse", "i4", "", "", seen=False),)), "others may read the field `purse` where it is declared with `seen=True`"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_of_the_users_function_and_line(name):
    model, message = FAULTS[name]
    with pytest.raises(BadInput) as fault:
        simulate(model, citizens=10, days=1)
    assert message in str(fault.value)
    if message.startswith("`"):
        function = message.split("`")[1]
        assert f"{__file__}:{globals()[function].__code__.co_firstlineno}" in str(fault.value)


def test_what_cannot_be_compiled_is_told_with_its_line():
    with pytest.raises(BadInput, match=r"test_model.py.*cannot be compiled") as fault:
        simulate(faulty(Step(sings, "tile", ("purse",))), citizens=10, days=1)
    assert f":{sings.__code__.co_firstlineno + 2}:" in str(fault.value)
    assert "numba" not in str(fault.value).lower()


def after(slot: u64) -> u64:
    """The next one, which the last citizen has not."""
    return slot + u64(1)


def before(slot: u64) -> i64:
    """The one before, which the first citizen has not."""
    return i64(slot) - i64(1)


def place_of(slot: u64) -> i32:
    """The place of a table to look at: the last citizen's is past its end."""
    return i32(slot // LAST)


def looks_up(them: np.ndarray, who: u64) -> i32:
    """Looks somebody up without being asked who there is."""
    return i32(them[who])


def cell(table: np.ndarray, at: i32) -> i32:
    """Looks a table up at a place of two numbers."""
    return i32(table[at, at])


def asks(purse: i32) -> i32:
    """What was looked up."""
    return purse


LAST = u64(1499)
PLACED = {
    "numbers": (*MARKET.numbers, Number("row", (4,), dtype="i4"), Number("square", ((4,),), dtype="i4")),
    "fields": (*MARKET.fields, Field("kept", "i4", "", "", many=1)),
}
AFTER, BEFORE, PLACE = Step(after, "tile", ("who",)), Step(before, "tile", ("who",)), Step(place_of, "tile", ("at",))


def looked(first: Step, index: str, name: str) -> Model:
    """A model in which a step names a place that another works out."""
    places = (index, index) if name == "square" else (index,)
    return changed(**PLACED, chain=(first, Step(asks, "tile", ("=held",), bind={"purse": At(name, places)})))


def handed(first: Step, rule, **bind) -> Model:
    """A model in which a function looks the place up itself."""
    return changed(**PLACED, chain=(first, Step(rule, "tile", ("=held",), bind=bind)))


NOWHERE = {
    "somebody past the last": (looked(AFTER, "who", "their_purse"), "asks", 1499),
    "somebody before the first": (looked(BEFORE, "who", "their_purse"), "asks", 0),
    "looked up in the function": (handed(AFTER, looks_up, them="their_purse"), "looks_up", 1499),
    "past a row of numbers": (looked(PLACE, "at", "row"), "asks", 1499),
    "past a square of numbers": (looked(PLACE, "at", "square"), "asks", 1499),
    "past a square in the function": (handed(PLACE, cell, table="square"), "cell", 1499),
    "past a row in the function": (handed(AFTER, looks_up, them="row"), "looks_up", 0),
    "past the values of a field": (looked(PLACE, "at", "kept"), "asks", 1499),
    "written past the values of a field": (
        changed(**PLACED, chain=(PLACE, Step(asks, "tile", ("kept@at",)), Step(asks, "tile", ("=held",)))), "asks", 1499),
    "added past the values of a field": (
        changed(**PLACED, chain=(PLACE, Step(asks, "tile", ("&kept@at",)), Step(asks, "tile", ("=held",)))), "asks", 1499),
}  # fmt: skip


@pytest.mark.parametrize("how", [{}, {"threads": 2}, {"reference": True}], ids=["compiled", "two cores", "reference"])
@pytest.mark.parametrize("what", NOWHERE)
def test_whoever_looks_at_a_place_that_is_not_there_is_told_and_sees_nothing(what, how):
    model, function, slot = NOWHERE[what]
    with pytest.raises(BadInput) as fault:
        simulate(model, citizens=1500, days=2, **how)
    assert f"`{function}` looks past the end of a table or beyond the last citizen: at citizen {slot} on day 0" in str(fault.value)
    assert f"{__file__}:{globals()[function].__code__.co_firstlineno}" in str(fault.value)


def test_a_place_that_is_written_as_a_number_is_looked_at_before_anything_runs():
    for step in (Step(asks, "tile", ("=held",), bind={"purse": At("row", (1,))}), Step(asks, "tile", ("kept@1",))):
        with pytest.raises(BadInput, match=r"`asks` names the place 1 of `(row|kept)`, which has 1, from 0"):
            simulate(changed(**PLACED, chain=(step,)), citizens=10, days=1)


def test_a_field_of_several_values_cannot_be_seen_by_others():
    with pytest.raises(BadInput, match="the field `kept` has 2 values a citizen, and only a field of one can be seen by others"):
        simulate(changed(fields=(*MARKET.fields, Field("kept", "i4", "", "", many=2, seen=True))), citizens=10, days=1)


TABLED = changed(numbers=(*MARKET.numbers, Number("rows", (1, 2, 3), dtype="i4")))


@pytest.mark.parametrize(
    ("asked", "message"),
    [({"citizens": 100, "model": changed(numbers=(*MARKET.numbers, Number("rows", tuple(range(60)), dtype="i4")))},
      "the number `rows` has 60 rows for 100 citizens: a table says what groups are like, and people are drawn from it by luck"),
     ({"citizens": 10_000, "model": changed(numbers=(*MARKET.numbers, Number("rows", tuple(range(1001)), dtype="i4")))}, "has 1001 rows for 10000 citizens"),
     ({"citizens": 0}, "citizens must be at least 1, and is 0"), ({"days": 0}, "days must be at least 1"), ({"mst": 1}, "has no number `mst`; did you mean `most`?"),
     ({"arms": {"a": {"mots": 1}}}, "arm `a`: the model 'market' has no number `mots`"),
     ({"citizens": 100, "model": TABLED, "rows": tuple(range(60))}, "the number `rows` has 60 rows for 100 citizens"),
     ({"citizens": 100, "model": TABLED, "arms": {"a": {"rows": tuple(range(60))}}}, "the number `rows` has 60 rows for 100 citizens"),
     ({"model": TABLED, "rows": 7}, "the number `rows` has 0 dimensions, and in the model 1"),
     ({"model": TABLED, "arms": {"a": {"rows": (1, 2)}, "b": {}}}, "the number `rows` is as large in all arms, and not of the sizes [(2,), (3,)]"),
     ({"most": "much"}, "the number `most` is 'much', and would be a number or a table of numbers")],
)  # fmt: skip
def test_what_is_asked_is_checked(asked, message):
    with pytest.raises(BadInput) as fault:
        simulate(**{"model": MARKET, "citizens": 10, "days": 1} | asked)
    assert message in str(fault.value)
