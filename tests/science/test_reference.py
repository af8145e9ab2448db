"""The fast engine gives the bits of the slow reference: over whole days, and rule by rule on arguments drawn at random."""

import copy
import dataclasses
import functools
import importlib.util
import inspect
import itertools
import sys
from collections import Counter

import numpy as np
import pytest
from tests.science.helpers import everywhere, grades, measures, number, question, regime

from glasshouse.day import CHANNELS, DIMENSIONS, FEATURES, SPENDING, model
from glasshouse.engine import reference
from glasshouse.engine.build import Engine
from glasshouse.engine.luck import words
from glasshouse.engine.model import At, Log, Step, arguments
from glasshouse.engine.reference import SMALL, ReferenceStepper
from glasshouse.engine.shelf import cache_folder, fingerprint
from glasshouse.experiments import days
from glasshouse.experiments.days import Society
from glasshouse.scenarios import load

REGIMES = ["none", "essay", "lottery", "platform", "registry", "opinions"]
ESSAY = "regime.essay."
# Everything happens more often, and the grades lie close together: in two months each step of the chain is entered.
LIVELY = {
    **{f"attempts.{name}.rate": rate for name, rate in {
        "flies": 8, "takes_train": 12, "books_hotel": 8, "applies_for_loan": 8, "rents_with_deposit": 8, "moves_job": 6, "finds_job": 8,
        "loses_job": 4, "seeks_school_place": 20, "leaves_school": 6, "buys_home": 6, "buys_car": 6, "takes_holiday": 6, "buys_insurance": 6, "rents_office": 6}.items()},
    **{f"life.spending.{s}": 500 for s in SPENDING},
    **{f"acts.{name}.rate": rate for name, rate in {
        "ignores_judgment": 0.1, "fulfils_judgment": 10, "drives_drunk": 2, "posts_criticism": 8, "spreads_rumour": 3, "insults_online": 5, "volunteers": 10,
        "buys_good_deed": 12, "speeds": 20, "stops_paying": 3, "returns_goods": 20, "buys_games": 20, "plays_all_night": 10}.items()},
    "acts.speeds.seen": 1, "families.speech.none": 0, "families.speech.skew": 1, "life.loan.settled": 3, "acts.enforcement_ends.rate": 5,
    **{f"{ESSAY}watch.{c}.{key}": value for c in CHANNELS for key, value in (("false", 0.45), ("misdirected", 0.4), ("group_ratio", 1.3))},
    "regime.platform.watch.social.false": 0.45, "regime.platform.watch.social.misdirected": 0.3,
    "acts.posts_criticism.seen": 0.9, "regime.platform.points.posts_criticism": -2, "regime.platform.watch.social.coverage": 1.0,
    f"{ESSAY}contest.file": 0.8, f"{ESSAY}contest.delay": 7, f"{ESSAY}contest.upheld_right": 0.5, "regime.platform.contest.file": 0.8,
    f"{ESSAY}score.expiry": 1, "regime.platform.score.expiry": 1, f"{ESSAY}score.stale": 0.3, f"{ESSAY}contest.find_stale": 0.3,
    **{f"{ESSAY}grades.{grade}.from": cut for grade, cut in (("AAA", 1010), ("AA", 1002), ("A", 990), ("B", 970), ("C", 930))},
    **{f"regime.registry.registry.{key}": value for key, value in (("missed", 0.3), ("false", 0.3), ("group_ratio", 1.5), ("lag", 3))},
    "regime.opinions.opinions.mistaken": 0.3, **{f"regime.{name}.help.asks": 1 for name in ("registry", "opinions")},
    "life.school.fee": 2000, "responses.ties.drop": 0.3, "responses.ties.renew": 0.3, "responses.awareness.spread": 0.1,
}  # fmt: skip


def counted(chain: tuple, calls: Counter) -> tuple:
    """The chain with rules that count how often each step calls its own."""

    def one(number: int, item):
        if not isinstance(item, Step):
            return item

        @functools.wraps(item.rule)
        def rule(*given):
            calls[number] += 1
            return item.rule(*given)

        return dataclasses.replace(item, rule=rule)

    return tuple(one(number, item) for number, item in enumerate(chain))


class Both:
    """A stepper that runs the fast engine and the slow reference side by side, and stops at the first bit that differs."""

    def __init__(self, society: Society, calls: Counter):
        self.fast, m = society.stepper, society.engine.model
        self.logged = [i.name for i in m.chain if isinstance(i, Log)]
        state = copy.copy(society.state)
        state.columns = {name: column.copy() for name, column in state.columns.items()}
        slow = dataclasses.replace(m, chain=counted(m.chain, calls))
        self.slow = ReferenceStepper(slow, state, society.scenario.seed, society.world, society.rule, self.fast.beside.tolist())
        self.close, self.lay, self.log, self.threads, self.days = self.fast.close, self.fast.lay, self.fast.log, self.fast.threads, 0
        self.seen, self.apart = self.fast.seen, False

    @property
    def published(self) -> np.ndarray:
        """The words of the last day."""
        return self.fast.published

    def day(self, clock: dict, monthly: bool):
        for name, column in self.fast.state.columns.items():  # what the host changed since yesterday, when all was equal
            self.slow.state.columns[name][...] = column
        fast, slow = self.fast.day(clock, monthly), self.slow.day(clock, monthly)
        columns = self.fast.state.columns
        found = [name for name in columns if columns[name].tobytes() != self.slow.state.columns[name].tobytes()]
        found += [f"+{self.measure(row)}" for row in np.unique(np.nonzero(self.fast.acc.sum(0) != self.slow.acc)[1])]
        found += [f"+{self.measure(row)} of a day" for row in np.unique(np.nonzero(fast[0] != slow[0])[1])]
        found += [f"={self.fast.model.sums[i]}" for i in np.unique(np.nonzero(fast[1] != slow[1])[1])]
        found += ["published"] if self.fast.published.tobytes() != self.slow.published.tobytes() else []
        for name, regime in itertools.product(self.logged, range(self.fast.state.regimes)):
            if not np.array_equal(self.fast.log(name, regime), self.slow.log(name, regime)):
                found.append(f"log {name} of regime {regime}")
        assert found == [], f"on day {clock['day']} the fast engine and the reference differ"
        self.days += 1
        return fast

    def count(self, row: int, regime: int, cells, amounts) -> None:
        self.fast.count(row, regime, cells, amounts)
        self.slow.count(row, regime, cells, amounts)

    def cells(self) -> np.ndarray:
        """The measures by cell, taken from both."""
        fast, slow = self.fast.cells(), self.slow.cells()
        assert np.array_equal(fast, slow)
        return fast

    def measure(self, row: int) -> str:
        return [name for name, first in self.fast.model.measure_rows().items() if first <= row][-1]


def keeper() -> dict:
    """The essay's regime with everything else that a regime can say: lists, dimensions, ceilings, warnings, notice, a fading file."""
    entry = lambda *acts: {a: number(20) for a in acts}  # noqa: E731
    lists = {"defaulters": {"title": "defaulters", "entry": entry("ignores_judgment", "insults_online"), "exit": ["fulfils_judgment", "volunteers", "parks_badly"],
                            "delay": number(3), "overlooked": number(0.3)},
             "travel": {"title": "travel", "entry": entry("drives_drunk"), "published": "first working day of the month"}}  # fmt: skip
    dimensions = {name: {"weight": number(0.125), "full": number(1 if name == "owed" else 40)} for name in DIMENSIONS}
    dimensions["settled"]["of"] = ["works", "urban", "drives"]
    brought = measures("hotel_ban", "loan_refusal", "rail_ban", "home_purchase_ban", "car_purchase_ban", "holiday_ban", "insurance_ban", "office_rental_ban",
                       "assistance_refusal", "heating_rebate", "name_publication", of=("g0", "g1"), tail=9, enforcement=0.7)  # fmt: skip
    for name in brought:
        brought[name]["lists"] = ["defaulters"] if name != "rail_ban" else ["travel"]
        brought[name]["household"] = True
    return regime("essay", "keeper", lists=lists, dimensions=dimensions, straight={"drives_drunk": {"grade": "g0", "status": "assumed", "source": "a test"}},
                  grades=grades(1100, 1150, 1200), consequences=brought, remedies={"warnings": number(1), "notice": number(4)}, contest__suspends=True,
                  contest__file=0.8, contest__delay=7, score__expiry=None, score__stale=None, score__decay=0.1, score__gains=3, coverage__uptake=0.8,
                  coverage__who=["internet"], awareness__felt=0.7, **everywhere("watch", false=0.45, misdirected=0.4, group_ratio=1.3))  # fmt: skip


def listing() -> dict:
    """A regime that keeps a list and no score; cases are open for long, so that other records come in meanwhile."""
    whole = keeper()
    parts = ("lists", "coverage", "watch")
    contest = {**whole["contest"], "delay": number(30), "file": number(1)}
    defaulters = whole["lists"]["defaulters"]
    defaulters["entry"] = {act: number(90) for act in ("ignores_judgment", "returns_goods", "buys_games", "insults_online")}
    defaulters["exit"] = ["fulfils_judgment", "volunteers", "cancels_orders", "plays_all_night", "parks_badly", "returns_rental_late"]
    whole["coverage"] = {k: v for k, v in whole["coverage"].items() if k not in ("who", "uptake")}
    brought = {name: {k: v for k, v in rule.items() if k not in ("grades", "tail")} for name, rule in whole["consequences"].items()}
    return {"id": "listing", "title": "a list", "summary": "A list alone.", "kind": "list", "consequences": brought, "remedies": {"notice": number(4)},
            "awareness": {"start": number(1)}, "contest": contest, **{p: whole[p] for p in parts}}  # fmt: skip


def modelled() -> dict:
    """A regime whose score is a fitted model."""
    parts = {k: v for k, v in keeper().items() if k in ("coverage", "awareness", "watch", "contest")}
    model_ = {"target": "insults_online", "features": list(FEATURES), "training": number(0), "share": number(0.3), "balance": number(0.5)}
    brought = measures("hotel_ban", of=("g0",))
    return {"id": "modelled", "title": "a model", "summary": "A model alone.", "kind": "points", "score": {"base": number(0)}, "model": model_,
            "grades": [{"id": "g0", "title": "flagged"}, {"id": "g1", "title": "passed"}], "consequences": brought, **parts}


def banker() -> dict:
    """A bank that learns each month, from loans of thirty days."""
    terms = {"learns": "each month", "explore": number(0.3), "band": number(100), "term": number(30), "gain": number(0.05), "loss": number(0.4), "least": number(1)}
    return regime("bank-explores", "banker", bank=terms, **everywhere("watch", ["payments"], false=0.45, misdirected=0.4))


def gamer() -> dict:
    """A threshold that people buy their way over, for a month."""
    terms = {"grade": "favoured", "visible": number(0.9), "price": number(2), "most": number(10), "lasts": number(21), "worth": number(5), "aid": number(0.5),
             "aid_below": number(60)}  # fmt: skip
    return regime("threshold-aided", "gamer", game=terms)


def lively(**changed):
    """The essay's scenario in which everything happens often, with five more regimes that say all that a regime can."""
    short = dict(changed)
    more = short.pop("set", {})
    pair = (keeper(), listing(), modelled(), banker(), gamer())
    asked = question(*REGIMES, *pair, citizens=short["citizens"], days=short["days"], start=short["start"], seed=short["seed"], panel=40)
    begin = more.get("regime.essay.coverage.start")
    return asked.with_(set=more | ({f"regime.{r['id']}.coverage.start": begin for r in pair} if begin else {}))


def side_by_side(calls: Counter, **changed) -> Both:
    """A run of the essay's scenario with both engines."""
    society = Society(lively(**changed), threads=1)
    society.stepper = Both(society, calls)
    society.run()
    society.stepper.close()
    return society.stepper


@pytest.fixture(scope="module")
def stepped() -> tuple[Counter, list[int]]:
    """How often each step was entered, in two runs: a long one of few, a short one of more than a block of citizens."""
    calls = Counter()
    february = {f"regime.{name}.coverage.start": "2020-02-01" for name in ("essay", "platform", "registry", "opinions")}
    lively = side_by_side(calls, citizens=140, days=63, start="2020-01-30", seed=6, set={**LIVELY, **february})
    across = side_by_side(calls, citizens=262, days=9, start="2019-12-27", seed=4, set=LIVELY)
    return calls, [lively.days, across.days]


@pytest.mark.slow
def test_whole_days_are_equal_bit_for_bit(stepped):
    assert stepped[1] == [63, 9], "each day is compared as it passes"


@pytest.mark.slow
def test_every_step_of_the_chain_was_entered(stepped):
    chain = model().chain
    never = [(i.rule.__name__, i.over, i.kind, i.writes, i.only) for n, i in enumerate(chain) if isinstance(i, Step) and not stepped[0][n]]
    assert never == [], "make these things happen more often in LIVELY"


@pytest.mark.long
def test_whole_days_are_equal_over_two_tiles():
    assert side_by_side(Counter(), citizens=1100, days=45, start="2019-12-10", seed=5, set=LIVELY).days == 45


@pytest.mark.long
def test_no_rule_of_the_day_looks_past_the_end_of_a_table_or_of_the_citizens(monkeypatch):
    """With every place looked at before it is read, the days are the same, and nothing stops."""
    short = {"citizens": 1500, "days": 63, "start": "2020-01-30", "seed": 6, "set": LIVELY}
    plain = Society(lively(**short), threads=1)
    looked_at = Engine(model(), checked=True)
    monkeypatch.setattr(days, "engine", lambda *given: looked_at)
    checked = Society(lively(**short), threads=1)
    assert len(looked_at.guarded) > 20
    assert np.array_equal(plain.run().daily, checked.run().daily)
    for society in (plain, checked):
        society.stepper.close()


def test_a_difference_is_seen(monkeypatch):
    """With one bit of luck turned in the reference, the comparison stops on the first day."""
    society = Society(load("essay").with_(citizens=30, days=3), threads=1)
    both = society.stepper = Both(society, Counter())
    monkeypatch.setattr(reference, "words", lambda *given: tuple(word ^ np.uint32(1 << 31) for word in words(*given)))
    with pytest.raises(AssertionError, match="on day 0 the fast engine and the reference differ"):
        society.run()
    both.close()


# ---- rule by rule

SOCIETY = 1000  # citizens in the published words that rules read
LOOPS = ("envelope", "which", "apt", "friends", "household", "drawn")  # rules that walk through a table: fewer draws
# Arguments whose plain type says too little: places in tables, days that meet, and what must fit together.
SPANS = {"slot": (8, SOCIETY - 8), "place": (0, 6), "size": (1, 7), "most_household": (5, 6), "kind": (0, 60), "grade": (0, 8), "month_number": (0, 121), "months": (1, 26),
         "first_tie": (0, 13), "next_tie": (0, 16), **{f"partner_{i}": (0, SOCIETY) for i in range(8)}, "birth": (-36500, 3650), "times": (0, 1024), "which": (0, 6),
         "span": (3, 10), "run": (0, 4), "step": (0, 600), "other": (0, SOCIETY), "slowed": (0, 2), "eased": (0, 2), "removed": (0, 2), "turned_down": (0, 2),
         "mine": (0, 2), "theirs": (0, 2), "gave": (0, 2), "due": (0, 2), "ill": (0, 2), "blamed": (0, 2), "tie": (0, 16), "whom": (0, 17), "alive": (0, 2),
         **{f"alive_{i}": (0, 2) for i in range(4)}, "answer": (0, 26_000), "lag": (1, 9)}  # fmt: skip
DAYS = {"day": (0, 800), "appeal_day": (0, 800), "fell_on": (-400, 1)}  # half of the draws within ten days of the first
SHARES = ("known", "accuracy")  # a correlation


class Draws:
    """Draws what rules may be handed: parameters near those of the shipped regimes, the rest by type and name."""

    def __init__(self, society: Society, count: int, seed: int):
        self.society, self.count, self.rng = society, count, np.random.default_rng(seed)
        m = society.engine.model
        self.model, self.fields, self.params = m, {f.name: f for f in m.fields}, {p.name: p for p in m.params}
        self.luck = {word for block in m.luck for word in block.words}

    def dtype(self, name) -> str:
        """The type in which the engine hands over a name; "table" for all of a table."""
        if isinstance(name, At):
            p = self.params.get(name.name)
            return self.dtype(name.name) if p is None else p.dtype if len(name.index) == p.dims else "table"
        if isinstance(name, np.uint32):
            return "u4"
        if isinstance(name, int) or name in self.model.clock:
            return "i4"
        if name in ("slot", "citizens"):
            return "u8"
        if name in ("published", "beside") or name.startswith("whole_"):
            return "table"
        name = name.removeprefix("beside_").removeprefix("their_")
        if name in self.fields:
            dtype = self.fields[name].dtype
            return "f4" if dtype == "share" else "i4" if dtype in SMALL else dtype
        if name in self.luck or name in self.model.values:
            return "u4" if name in self.luck else self.model.values[name]
        return "table" if self.params[name].dims and not self.params[name].by else self.params[name].dtype

    def draw(self, argument: str, name):
        """One argument: (count,) numbers of its type, or a table."""
        dtype = self.dtype(name)
        if argument in SHARES:
            return self.rng.random(self.count).astype(dtype)
        if argument in SPANS:
            return self.rng.integers(*SPANS[argument], self.count).astype(dtype)
        if argument in DAYS:
            drawn = self.rng.integers(*DAYS[argument], self.count)
            return np.where(self.rng.random(self.count) < 0.5, drawn, np.fmod(drawn, 10)).astype(dtype)
        if name == "citizens":
            return np.full(self.count, SOCIETY, np.uint64)
        if dtype == "table" and name in ("published", "beside"):
            return self.rng.integers(0, 2**63, SOCIETY, np.uint64) * np.uint64(2) + self.rng.integers(0, 2, SOCIETY, np.uint64)
        if dtype == "table" and isinstance(name, str) and name.startswith("whole_"):
            field = self.fields[name.removeprefix("whole_")]
            return self.rng.integers(field.low, field.high + 1, SOCIETY).astype(field.dtype)
        if isinstance(name, int | np.uint32):
            return np.full(self.count, name, dtype)
        base = name.name if isinstance(name, At) else name
        if base in self.params:
            found = self.param(base, dtype)
            return found[tuple(0 if at in self.model.clock else at for at in name.index)] if dtype == "table" and isinstance(name, At) else found
        field = self.fields.get(base.removeprefix("beside_").removeprefix("their_"))
        if field is not None and field.high:
            return self.rng.integers(field.low, field.high + 1, self.count).astype(dtype)
        if field is not None and field.dtype == "share":
            return self.rng.integers(0, 65536, self.count).astype(np.int32).astype(np.float32) * np.float32(1 / 65535)
        return self.plain(dtype, name in self.luck)

    def param(self, name: str, dtype: str):
        """A parameter: whole tables as they are, numbers as they are or near."""
        p = self.params[name]
        table = self.society.world[name] if p.scope == "world" else self.society.rule[name]
        if dtype == "table":
            return table if p.scope == "world" else table[self.society.names.index("registry" if name.startswith("norm_") else "essay")]
        found = self.rng.choice(table.ravel(), self.count)
        if dtype == "f4":
            return (found * self.rng.uniform(0.5, 1.5, self.count)).astype("f4")
        if dtype == "i4":
            half = np.abs(found) // 2
            return (found + self.rng.integers(-half, half + 1)).astype("i4")
        return np.where(self.rng.random(self.count) < 0.5, found, self.plain(dtype, False)).astype(dtype) if dtype == "u4" else found

    def plain(self, dtype: str, luck: bool):
        """Numbers of a type: shares and some beyond, small and large whole numbers, few and many bits."""
        rng, n = self.rng, self.count
        if dtype == "f4":
            return rng.choice([rng.random(n), rng.normal(0, 10, n), rng.integers(0, 2, n)]).astype("f4")
        if dtype[0] == "i":
            large = np.trunc(rng.choice([-1, 1], n) * 2.0 ** rng.uniform(0, 17 if dtype == "i4" else 36, n))
            return np.where(rng.random(n) < 0.5, rng.integers(-1, 4, n), large).astype(dtype)
        bits = rng.integers(0, 2**32 if dtype == "u4" else 2**64, (3, n), dtype)
        few, many = bits[0] & bits[1] & bits[2], bits[0] | bits[1] | bits[2]
        return bits[0] if luck else np.choose(rng.integers(0, 4, n), [bits[0], few, many, np.zeros_like(few)])


def uses() -> dict[tuple, list[Step]]:
    """The steps of the day by rule and by the types that they hand it: each of these is compiled on its own."""
    draws = Draws.__new__(Draws)
    m = model()
    draws.model, draws.fields, draws.params = m, {f.name: f for f in m.fields}, {p.name: p for p in m.params}
    draws.luck = {word for block in m.luck for word in block.words}
    found: dict[tuple, list[Step]] = {}
    for step in m.chain:
        if isinstance(step, Step):
            types = tuple(draws.dtype(step.bind.get(a, a)) for a in arguments(step.rule))
            found.setdefault((step.rule, types), []).append(step)
    return found


USES = uses()


def promised(rule) -> tuple[type, ...]:
    """The types of a rule's results."""
    returned = inspect.signature(rule).return_annotation
    return getattr(returned, "__args__", (returned,))


@functools.cache
def compiled_loops():
    """Every rule of the day in a loop over arrays, compiled as the engine compiles it; kept on disk like the engine's parts."""
    text = ["import importlib", "from numba import njit", "from glasshouse.engine.build import compiled"]
    for number, (rule, types) in enumerate(USES):
        handed = [f"a{i}" if t == "table" else f"a{i}[i]" for i, t in enumerate(types)]
        outs = [f"o{i}" for i in range(len(promised(rule)))]
        names = ", ".join(["n", *(f"a{i}" for i in range(len(types))), *outs])
        text += [f"rule_{number} = compiled(importlib.import_module({rule.__module__!r}).{rule.__name__})", "", "",
                 '@njit(cache=True, error_model="numpy")', f"def loop_{number}({names}):", "    for i in range(n):",
                 f"        {', '.join(f'{o}[i]' for o in outs)} = rule_{number}({', '.join(handed)})", "", ""]  # fmt: skip
    whole = "\n".join(text)
    path = cache_folder() / f"rules_{fingerprint(whole, [rule for rule, _ in USES])}.py"
    if not path.exists():
        path.write_text(whole)
    spec = importlib.util.spec_from_file_location(f"glasshouse_generated.{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def society() -> Society:
    made = Society(lively(citizens=500, days=1, start="2020-01-01", seed=1, set=LIVELY), threads=1)
    made.rule["risk_table"][:] = np.arange(made.rule["risk_table"][0].size).reshape(made.rule["risk_table"][0].shape) % 7 - 3  # as if a model had been fitted
    return made


def compare(society: Society, number: int, count: int):
    """One rule on random arguments, compiled and as it is written."""
    rule, types = list(USES)[number]
    rng = np.random.default_rng(number)
    draws = Draws(society, count // 20 if rule.__name__ in LOOPS else count, number)
    steps = USES[rule, types]
    handed = []
    for argument in arguments(rule):
        several = [draws.draw(argument, step.bind.get(argument, argument)) for step in steps[:8]]
        table = draws.dtype(steps[0].bind.get(argument, argument)) == "table"
        handed.append(several[0] if table else np.choose(rng.integers(0, len(several), draws.count), several))
    outs = [np.zeros(draws.count, t) for t in promised(rule)]
    getattr(compiled_loops(), f"loop_{number}")(draws.count, *handed, *outs)
    rows = zip(*(itertools.repeat(a) if t == "table" else a for a, t in zip(handed, types, strict=True)), strict=False)
    with np.errstate(over="ignore", under="ignore", divide="ignore", invalid="raise"):
        plain = [rule(*row) for row in rows] if types else [rule()] * draws.count
    columns = list(zip(*plain, strict=True)) if len(outs) > 1 else [plain]
    for fast, column in zip(outs, columns, strict=True):
        slow = np.array([fast.dtype.type(x) for x in column], fast.dtype)
        differ = np.nonzero(fast.view(f"u{fast.itemsize}") != slow.view(f"u{slow.itemsize}"))[0]
        at = differ[:3]
        seen = [{a: h[i] for a, h, t in zip(arguments(rule), handed, types, strict=True) if t != "table"} for i in at]
        assert len(differ) == 0, f"{len(differ)} of {draws.count} differ: {seen}, compiled {fast[at]}, as written {slow[at]}"
    return outs


NAMES = [f"{rule.__module__.rsplit('.', 1)[-1]}.{rule.__name__}" for rule, _ in USES]


@pytest.mark.parametrize("number", range(len(USES)), ids=NAMES)
def test_a_compiled_rule_gives_the_bits_of_the_rule_as_written(society, number):
    compare(society, number, 3000)


@pytest.mark.long
def test_a_hundred_thousand_arguments_of_every_rule_give_equal_bits(society):
    for number in range(len(USES)):
        compare(society, number, 100_000)


def test_the_draws_reach_both_sides_of_most_rules(society):
    """Random arguments prove little if a rule gives the same answer to all of them."""
    dull = []
    for number, (rule, types) in enumerate(USES):
        if types and all(all(len(np.unique(out)) == 1 for out in compare(society, number, count)) for count in (3000, 30_000)):
            dull.append(rule.__name__)
    assert dull == []


def test_no_step_hands_a_rule_a_fraction_for_a_whole_number_or_the_reverse():
    """float32 with an int32 would be reckoned in float64; a number of the promised kind may be narrower."""
    found = []
    for (rule, types), steps in USES.items():
        for (name, parameter), dtype in zip(inspect.signature(rule).parameters.items(), types, strict=True):
            wanted = "table" if parameter.annotation is np.ndarray else np.dtype(parameter.annotation).str
            if (dtype == "table") != (wanted == "table") or ("f" in dtype) != ("f" in wanted):
                found.append((rule.__name__, name, dtype, steps[0].writes))
    assert found == []
