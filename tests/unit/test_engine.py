"""The generated engine on a model small enough to be worked out by hand, and what its compiled code is made of."""

import dataclasses
import hashlib
import re
from pathlib import Path

import llvmlite.binding as llvm
import numpy as np
import pytest

from glasshouse import day
from glasshouse.engine import build, shelf
from glasshouse.engine.build import Engine, Writer
from glasshouse.engine.kernels import Kernels
from glasshouse.engine.luck import key_of, words
from glasshouse.engine.model import BLOCK, TILE, At, Field, Log, Luck, Model, Param, Pick, Step
from glasshouse.engine.reference import ReferenceStepper
from glasshouse.engine.state import State, Stepper, rows_of
from glasshouse.rules.maths import NO, ONE, YES, f32, i32, u32, u64

CITIZENS, DAYS, SEED = 2 * TILE + 300, 9, 7
CHANCE = 1 << 30  # a quarter, in 2**-32
MONTHLY = (0, 4)  # the days on which the monthly steps run
KINDS = [{"life"}, {"life", "extra"}]


# ---- the rules of the village: every citizen counts

def counts(count: i32, step: i32) -> i32:
    """A count goes on by today's step."""
    return count + step


def halves(level: f32, half: f32) -> f32:
    """A level goes half of the way to 1."""
    return level + (ONE - level) * half


def amount(big: i32) -> i32:
    """A number, as it is."""
    return big


def is_odd(slot: u64) -> i32:
    """Does the slot have an odd number?"""
    return i32(slot & u64(1))


def is_third(slot: u64) -> i32:
    """Is it every third citizen's slot?"""
    return i32(slot % u64(3) == u64(0))


def lucky(luck_a: u32, threshold: u32) -> i32:
    """Is the luck below a threshold?"""
    return YES if luck_a < threshold else NO


def at_place(corner: i32, row: np.ndarray, whole: np.ndarray, priced: i32) -> i32:
    """Adds up what a table says in several ways of asking."""
    return corner + row[0] + whole[1, 1] + priced


def says(slot: u64, day: i32, count: i32) -> u64:
    """What a citizen tells the others: the day, and a number of its own."""
    return u64(day) << u64(32) | u64(slot + u64(count))


def hears(slot: u64, citizens: u64, published: np.ndarray, beside: np.ndarray) -> i32:
    """What the next citizen said yesterday here, and this one in the regime beside."""
    return i32(published[(slot + u64(1)) % citizens] & u64(0xFFFF)) + i32(beside[slot] & u64(0xFFFF))


def once() -> i32:
    """One."""
    return YES


def two(luck_b: u32) -> tuple[u32, i32]:
    """A word of luck, and one."""
    return luck_b, YES


def adds(sum_: i32, more: i32) -> i32:
    """A sum."""
    return sum_ + more


FIELDS = (
    Field("cell", "u1", "", "Cell of the tables.", ""),
    Field("count", "i4", "", "Sum of the steps."),
    Field("level", "share", "", "A level."),
    Field("ring", "i2", "", "Sums by day.", many=4),
    Field("weeks", "u1", "", "Weekly steps so far."),
    Field("ever", "u4", "", "Lasting luck, as seen last month."),
    Field("heard", "i4", "", "What was heard."),
    Field("gifts", "i4", "", "Sum of what only one kind of regime gives."),
    Field("other", "i4", "", "The count of the regime beside."),
    Field("given", "i4", "", "Today's gift.", "extra"),
    Field("spare", "i2", "", "Days of those with an odd number, in the third of some places.", many=4),
    Field("noted", "i2", "", "Wins by kind.", many=3, tally=True),
    Field("days", "u1", "", "Days.", "extra", tally=True),
)
PARAMS = (Param("step", "i4", "regime"), Param("half", "f4"), Param("big", "i4"), Param("threshold", "u4"), Param("corner", "i4", dims=2),
          Param("square", "i4", dims=2), Param("price", "i4", by=("kind",), dims=1))  # fmt: skip
LUCK = (Luck("toy.each", ("luck_a", "luck_b", "luck_c", "luck_d"), "odds"),
        Luck("toy.ever", ("luck_ever", "luck_2", "luck_3", "luck_4"), "month", lasting=True))  # fmt: skip
CHAIN = (
    Step(is_odd, "tile", ("odd",), shared=True),
    Pick("odds", "odd", "tile", shared=True),
    Step(lucky, "odds", ("win",), shared=True),
    Step(counts, "tile", ("count|=total",)),
    Step(halves, "tile", ("level",)),
    Step(amount, "tile", ("&ring@bucket",)),
    Pick("winners", "win", "odds"),
    Step(once, "winners", ("kind|+wins",)),
    Step(at_place, "winners", ("sum_",), bind={
        "corner": At("corner", (1, 0)), "row": At("corner", (0,)), "whole": "square", "priced": "price"}),
    Step(two, "winners", ("", "+by_kind@kind"), only=[("kind", 1), "sum_"]),
    Log("first", ("slot", "sum_"), "winners"),
    Log("second", ("slot", "luck_a", "day"), "winners", only=("kind", 1)),
    Step(is_third, "tile", ("third",)),
    Step(counts, "week", ("weeks",), bind={"count": "weeks", "step": "third"}),
    Step(amount, "month", ("ever",), bind={"big": "luck_ever"}),
    Step(once, "tile", ("gift|given",), "extra"),
    Step(counts, "tile", ("gifts",), bind={"count": "gifts", "step": "gift"}),
    Step(amount, "tile", ("other",), bind={"big": "beside_count"}),
    Step(hears, "tile", ("heard",)),
    Step(says, "tile", ("word",)),
    Step(counts, "tile", ("spare@2",), bind={"count": At("spare", (2,)), "step": "odd"}),
    Step(once, "winners", ("&noted@kind",)),
    Step(once, "tile", ("&days",), "extra"),
)  # fmt: skip
VALUES = dict.fromkeys(("odd", "third", "win", "kind", "sum_", "gift"), "i4")
VILLAGE = Model("village", FIELDS, PARAMS, LUCK, VALUES, ("day", "bucket"), CHAIN,
                {"wins": 1, "by_kind": 3}, ("total",), ("life", "extra"), 2)  # fmt: skip


class Village:
    """The village lived by one stepper for a few days; keeps what each day gave."""

    def __init__(self, make, model: Model = VILLAGE, citizens: int = CITIZENS, days: int = DAYS, kept=None, many=None):
        self.state = State(model, citizens, KINDS, kept=kept, many=many)
        self.state.columns["cell"][:] = np.arange(citizens) % 2
        self.world = {"half": np.array(0.5, "f4"), "big": np.array(20000, "i4"), "threshold": np.array(CHANCE, "u4"),
                      "corner": np.array([[1, 2, 3], [10, 20, 30]], "i4"), "square": np.array([[1, 2], [3, 20]], "i4"),
                      "price": np.array([0, 100, 200], "i4")}  # fmt: skip
        self.rule = {"step": np.array([1, 2], "i4")}
        self.stepper = make(model, self.state, SEED, self.world, self.rule, [0, 0])
        self.acc, self.sums, self.logs, self.words = [], [], [], []
        for day_ in range(days):
            if day_ == 5:
                self.rule["step"] = np.array([1, 10], "i4")  # from its sixth day on the second regime steps by ten
                self.stepper.lay()
            rows, sums = self.stepper.day({"day": day_, "bucket": day_ % 4}, day_ in MONTHLY)
            self.acc.append(self.stepper.cells())
            assert np.array_equal(self.acc[-1].sum(-1), rows)
            self.sums.append(sums.copy())
            self.logs.append([[self.stepper.log(name, r) for name in ("first", "second")] for r in range(2)])
            self.words.append(self.stepper.published.copy())
        self.stepper.close()

    def digest(self) -> str:
        h = hashlib.sha256()
        for part in (*self.state.columns.values(), *self.acc, *self.sums, *self.words, *(b for d in self.logs for r in d for b in r)):
            h.update(np.ascontiguousarray(part).tobytes())
        return h.hexdigest()


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(VILLAGE)


@pytest.fixture(scope="module")
def village(engine) -> Village:
    return Village(with_threads(engine, 1))


def with_threads(engine: Engine, threads: int):
    return lambda model, *rest: Stepper(engine, *rest, threads)


def luck(day_: int, name: str = "toy.each", lasting: int = 0) -> np.ndarray:
    """The first word of luck of everybody, straight from the generator of luck."""
    with np.errstate(over="ignore"):
        return words(np.arange(CITIZENS, dtype=np.uint64), np.uint32(day_), np.uint32(lasting), np.uint64(key_of(SEED, name)))[0]


def winners(day_: int) -> np.ndarray:
    """The slots that win on a day: odd ones with luck below the threshold."""
    slots = np.arange(CITIZENS)
    return slots[(slots % 2 == 1) & (luck(day_) < CHANCE)]


# ---- closed forms

def test_a_count_follows_its_parameter_from_the_day_it_changes(village):
    count = village.state.columns["count"]
    assert (count[0] == DAYS).all()
    assert (count[1] == 2 * 5 + 10 * (DAYS - 5)).all()
    assert [s[:, 0].tolist() for s in village.sums] == [
        [CITIZENS * (d + 1), CITIZENS * (2 * (d + 1) if d < 5 else 10 + 10 * (d - 4))] for d in range(DAYS)]  # fmt: skip


def test_a_share_is_kept_to_half_a_step_a_day(village):
    level = village.state.columns["level"].astype(int)
    assert (level == level[0, 0]).all()
    assert abs(level[0, 0] - 65535 * (1 - 0.5**DAYS)) <= 1


def test_small_whole_numbers_wrap_as_their_type_says(village):
    times = np.array([sum(d % 4 == bucket for d in range(DAYS)) for bucket in range(4)])
    wrapped = (times * 20000).astype(np.int16)
    assert (wrapped < 0).any()
    assert (village.state.columns["ring"] == wrapped[None, :, None]).all()


def test_a_list_holds_those_it_should_in_order_of_slot(village):
    for d in range(DAYS):
        for r in range(2):
            first, second = village.logs[d][r]
            assert first[:, 0].tolist() == winners(d).tolist()
            assert first[:, 1].tolist() == [10 + 1 + 20 + 100] * len(first)
            assert second[:, 0].tolist() == winners(d).tolist()
            assert second[:, 1].view("u4").tolist() == luck(d)[winners(d)].tolist()
            assert (second[:, 2] == d).all()


def test_wins_are_counted_by_cell(village):
    for d in range(DAYS):
        assert village.acc[d][0].tolist() == [[0, len(winners(d))], [0, 0], [0, len(winners(d))], [0, 0]]
    total = sum(len(winners(d)) for d in range(DAYS))
    people = DAYS * CITIZENS // 2
    assert abs(total - people / 4) < 5 * (people * 3 / 16) ** 0.5


def test_a_weekly_step_runs_once_in_seven_days_by_blocks(village):
    weeks = [sum((slot // BLOCK + d) % 7 == 0 for d in range(DAYS)) for slot in range(CITIZENS)]
    thirds = np.arange(CITIZENS) % 3 == 0
    assert (village.state.columns["weeks"] == np.array(weeks) * thirds).all()
    assert {1, 2} == set(weeks)


def test_lasting_luck_is_the_same_every_month(village):
    assert (village.state.columns["ever"] == luck(0, "toy.ever", lasting=1)).all()


def test_a_value_that_a_regime_does_not_write_is_nothing_there(village):
    assert (village.state.columns["gifts"] == np.array([[0], [DAYS]])).all()
    assert village.state.columns["given"].shape == (1, CITIZENS)
    assert (village.state.columns["given"] == 1).all()


def test_the_regime_beside_is_seen_as_it_is_today(village):
    """It stands earlier in the order, so it has had its day."""
    assert (village.state.columns["other"] == village.state.columns["count"][0]).all()


def test_others_are_heard_a_day_late(village):
    told = [[np.arange(CITIZENS) + step * min(d + 1, 5) + later * max(0, d - 4) for step, later in ((1, 1), (2, 10))] for d in range(DAYS)]
    for r in range(2):
        assert (village.words[-1][r] == (np.uint64(DAYS - 1) << np.uint64(32)) + told[-1][r].astype("u8")).all()
        heard = np.roll(told[-2][r], -1) + told[-2][0]
        assert (village.state.columns["heard"][r] == heard).all()


# ---- what is kept of some only

def test_tallies_count_for_each_what_happened(village):
    wins = np.sum([np.isin(np.arange(CITIZENS), winners(d)) for d in range(DAYS)], axis=0)
    for r in range(2):
        assert (village.state.row("noted", r) == np.array([0 * wins, wins, 0 * wins])).all()
    assert village.state.row("days", 0) is None
    assert (village.state.row("days", 1) == DAYS).all()


SOME = {"nobody": [], "the first": [0], "the last": [CITIZENS - 1], "every seventh": range(3, CITIZENS, 7), "a word of them": range(64, 128),
        "all but one": [s for s in range(CITIZENS) if s != 1000]}  # fmt: skip


@pytest.mark.parametrize("name", SOME)
def test_tallies_of_some_are_those_of_all_and_nothing_else_changes(engine, village, name):
    who = np.array(SOME[name], np.int64)
    for make in (with_threads(engine, 2), ReferenceStepper) if len(who) in (0, 64) else (with_threads(engine, 2),):
        some = Village(make, kept=who)
        for f in FIELDS:
            for r in range(2):
                column, whole = some.state.row(f.name, r) if f.kind else some.state.columns[f.name], village.state.columns[f.name]
                whole = village.state.row(f.name, r) if f.kind else whole
                assert (column is None) == (whole is None)
                assert column is None or np.array_equal(column, whole[..., who] if f.tally else whole), f.name
        assert all(map(np.array_equal, some.acc, village.acc))


def test_tallies_can_be_added_to_from_outside(engine):
    some = Village(with_threads(engine, 1), days=1, kept=np.array([5, 9, 70]))
    before = some.state.row("days", 1).copy()
    some.state.tally("days", 1, np.array([70, 6, 5, 5]), np.array([1, 2, 3, 4]))
    assert (some.state.row("days", 1) - before).tolist() == [7, 0, 1]


def test_a_place_that_a_run_has_no_need_of_is_the_first(engine, village):
    odd = np.arange(CITIZENS) % 2
    assert (village.state.columns["spare"] == np.array([0 * odd, 0 * odd, DAYS * odd, 0 * odd])).all()
    for make in (with_threads(engine, 1), ReferenceStepper):
        fewer = Village(make, many={"spare": 2})
        assert fewer.state.columns["spare"].shape == (2, 2, CITIZENS)
        assert (fewer.state.columns["spare"] == np.array([DAYS * odd, 0 * odd])).all()
        assert (fewer.state.columns["heard"] == village.state.columns["heard"]).all()


# ---- sharing out the work changes nothing

def test_two_threads_leave_the_same_bytes_as_one(engine, village):
    two_threads = Village(with_threads(engine, 2))
    assert two_threads.stepper.threads == 2
    assert two_threads.digest() == village.digest()


def test_more_threads_than_tiles_are_not_started(engine):
    assert Village(with_threads(engine, 64), days=1).stepper.threads == 3


def test_the_reference_leaves_the_same_bytes(village):
    assert Village(ReferenceStepper).digest() == village.digest()


@pytest.mark.parametrize("citizens", [1, BLOCK, TILE, TILE + 1])
def test_the_reference_agrees_for_awkward_numbers_of_citizens(engine, citizens):
    few = Village(with_threads(engine, 1), citizens=citizens, days=3)
    assert Village(ReferenceStepper, citizens=citizens, days=3).digest() == few.digest()


# ---- what is written and what is refused

def changed(step: Step | Pick | Log, number: int) -> Model:
    """The village with one item of its chain replaced."""
    return dataclasses.replace(VILLAGE, chain=tuple(step if i == number else item for i, item in enumerate(CHAIN)))


def missing(nobody_declares_this: i32) -> i32:
    """Asks for what is not there."""
    return nobody_declares_this


def write(model: Model):
    return Writer(model).source_text()


def interpret(model: Model, citizens: int = 40):
    """One day by the reference, with a parameter more, which is below zero."""
    model = dataclasses.replace(model, params=(*model.params, Param("below", "i4")))

    def make(m, state, seed, world, *rest):
        return ReferenceStepper(m, state, seed, world | {"below": np.array(-1, "i4")}, *rest)

    return Village(make, model, citizens, days=1)


@pytest.mark.parametrize("make", [write, interpret])
def test_a_name_that_is_not_declared_is_named(make):
    with pytest.raises(KeyError, match="'nobody_declares_this' is no field, value, luck, parameter or time that the model 'village'"):
        make(changed(Step(missing, "tile", ("odd",)), 0))
    with pytest.raises(KeyError, match="'wind' is no field"):
        make(changed(Step(once, "tile", ("odd",), only="wind"), 0))
    with pytest.raises(KeyError, match="'wind' is no field"):
        make(changed(Log("first", ("wind",), "winners"), 10))


@pytest.mark.parametrize("make", [write, interpret])
def test_no_step_may_read_a_tally(make):
    with pytest.raises(KeyError, match="'days' is a tally"):
        make(changed(Step(counts, "tile", ("gifts",), "extra", bind={"count": "days", "step": "gift"}), 17))


REFUSED = {
    "a value of a list, read over everybody": (
        4, Step(halves, "tile", ("level",), bind={"half": "sum_"}), ValueError,
        "'sum_' belongs to the list 'odds', and is read over 'tile'"),
    "a value that nobody has written": (
        7, Step(once, "winners", ("kind",), only=("win", 0)), KeyError, "no step has written 'kind' for citizen"),
    "a field that a regime does not have": (
        17, Step(counts, "tile", ("gifts",), bind={"count": "given", "step": "gift"}), KeyError, "given"),
    "a place before the first": (
        8, Step(amount, "winners", ("sum_",), bind={"big": At("price", ("below",))}), IndexError, "place"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_the_reference_refuses_what_the_engine_would_take_from_elsewhere(what):
    number, item, error, says_ = REFUSED[what]
    with pytest.raises(error, match=says_):
        interpret(changed(item, number))


def test_the_reference_refuses_a_parameter_of_another_type():
    with pytest.raises(TypeError, match="half is float32, but the model declares f8"):
        interpret(dataclasses.replace(VILLAGE, params=(PARAMS[0], Param("half", "f8"), *PARAMS[2:])))


def test_the_same_model_is_written_the_same_way_twice():
    assert Writer(VILLAGE).source_text() == Writer(VILLAGE).source_text()
    assert Writer(day.model()).source_text() == Writer(day.model()).source_text()


def test_the_generated_source_reads_like_the_declaration():
    text = Writer(VILLAGE).source_text()
    loop = ["for j in range(n):", "    o0 = r_test_engine_counts(f_count[j], p_step)", "    f_count[j] = i4(o0)", "    s_total += i8(o0)"]
    assert "\n".join("    " + line for line in loop) in text
    assert text.startswith("\"\"\"Generated from the model 'village'. Do not edit.\"\"\"")


def test_the_page_about_the_engine_quotes_what_is_generated_today():
    page = (Path(__file__).resolve().parents[2] / "docs" / "engine.md").read_text()
    quoted = re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    assert len(quoted) == 3
    text = Writer(day.model()).source_text() + Kernels(day.model(), "ptx").source_text()
    assert [block for block in quoted if block not in text] == []
    declared = re.findall(r"^    (Step\(.*)$", page, re.MULTILINE)
    assert len(declared) == 1
    assert declared[0] in (Path(day.__file__).parent / "judging.py").read_text()
    assert f"at most {build.LOOPS_TOGETHER} loops long" in page
    assert f"blocks of {BLOCK} citizens" in page


# ---- what is compiled, and when

@pytest.fixture
def empty(tmp_path, monkeypatch):
    """A cache in which nothing lies."""
    monkeypatch.setenv("GLASSHOUSE_CACHE", str(tmp_path))
    monkeypatch.setattr(shelf, "_addresses", {})
    return tmp_path


def test_only_what_the_regimes_need_is_compiled(empty):
    village, told = Engine(VILLAGE), []
    program = village.program(rows_of(VILLAGE, [{"life"}]), told.append)
    needed = [part for part in village.parts if part.kind < 0]  # of no kind, or of all but one
    assert 0 < len(program) == len(needed) < len(village.parts)
    assert {path.stem for path in empty.glob("*.o")} == {f"part_{part.key}" for part in needed}
    assert told == [f"compiling {len(needed)} parts of the day for this machine, once"]
    village.program(say=told.append)
    assert len(told) == 2 and f" {len(village.parts) - len(needed)} parts" in told[1]
    village.program(say=told.append)
    assert len(told) == 2


def test_a_changed_rule_compiles_only_the_parts_that_use_it(monkeypatch):
    before = Engine(VILLAGE).parts
    monkeypatch.setattr(halves, "__code__", (lambda level, half: level + (ONE - level) * half * half).__code__)
    shelf.meaning.cache_clear()
    after = Engine(VILLAGE).parts
    shelf.meaning.cache_clear()
    changed = {part.name for part, other in zip(before, after, strict=True) if part.key != other.key}
    assert changed == {part.name for part in before if " r_test_engine_halves(" in part.text} != set()


def test_a_rule_means_what_it_names_and_not_where_it_stands():
    text = "def rule(a):\n    return a + STEP\n"

    def made(step, before=""):
        names = {"STEP": step}
        exec(before + text, names)
        return shelf.meaning(names["rule"])

    assert made(1) == made(1, "\n\n# moved\n") != made(2)
    assert made(np.array([1, 2])) != made(np.array([1, 3]))
    assert made(np.float32(1)) != made(1)


def test_what_a_helper_leaves_undone_is_compiled_here(empty, monkeypatch):
    monkeypatch.setattr(build.sys, "executable", "/bin/false")
    monkeypatch.setattr(build, "FEW_PARTS", 1)
    monkeypatch.setattr(build.os, "cpu_count", lambda: 2)
    village = Engine(VILLAGE)
    assert len(village.program()) == len(village.parts)


# ---- what the compiler made of it

def ir_of(engine: Engine) -> list[str]:
    """The LLVM code of each part, optimised."""
    engine.program()
    return [str(llvm.parse_bitcode((shelf.cache_folder() / f"part_{part.key}.bc").read_bytes())) for part in engine.parts]


def parts_with(engine: Engine, call: str) -> list[int]:
    """The numbers of the parts whose source calls a rule."""
    texts = engine.path.read_text().split("\ndef part_")[1:]
    return [i for i, text in enumerate(texts) if f" {call}(" in text]


def test_a_plain_loop_became_vector_code(engine):
    """Several citizens at a time: counts as whole numbers, levels as float32."""
    code = ir_of(engine)
    for rule, kind in (("r_test_engine_counts", "i32"), ("r_test_engine_halves", "float")):
        assert any(re.search(rf"add <\d+ x {kind}>", code[p]) for p in parts_with(engine, rule)), rule


def test_the_long_loops_of_the_social_credit_day_are_vector_code():
    made = Engine(day.model())
    code = ir_of(made)
    for rule in ("words", "r_act_times", "r_score_total", "r_respond_opinion", "r_publish_publish"):
        assert any(re.search(r"<\d+ x (?:float|i32|i64)>", code[p]) for p in parts_with(made, rule)), rule


def test_the_social_credit_day_has_no_float64():
    """float32 that meets an int32, or an unsigned number a signed one, would become float64: slower, and other bits."""
    sums = re.compile(r"\b(?:fpext|fptrunc|f(?:add|sub|mul|div) (?:\w+ )*(?:<\d+ x )?double|sqrt\.\w*f64)\b")
    made = Engine(day.model())
    found = {part: [line.strip() for line in code.splitlines() if sums.search(line)][:3] for part, code in enumerate(ir_of(made))}
    assert {part: lines for part, lines in found.items() if lines} == {}
