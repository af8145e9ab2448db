"""Lets the days pass: sets up a society under its regimes, steps it, and keeps what each day counted."""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np

from glasshouse.day import FIFTHS, LOAN_BANDS, MONTHS, OF_KIND, RINGS, SPEAKING, STAYS, SUMS, TIES
from glasshouse.engine.cuda import CudaStepper
from glasshouse.engine.luck import key_of
from glasshouse.engine.state import State, Stepper, Stopped
from glasshouse.experiments import lives
from glasshouse.experiments.banks import Bank, learns_on
from glasshouse.experiments.engines import engine
from glasshouse.experiments.fitted import cut, fit, sample, values_of
from glasshouse.experiments.followed import Followed
from glasshouse.experiments.lots import drawn, receivers
from glasshouse.experiments.meeting import Meeting
from glasshouse.experiments.neighbours import ties_at
from glasshouse.experiments.own import nowhere
from glasshouse.experiments.room import MOST_ROWS, changes_of, months_of, names_of, places_of
from glasshouse.experiments.world import BY_DAY, LOT, incomes_of, set_day, settle, world_arrays
from glasshouse.regimes.compile import compile_regime, kinds_of
from glasshouse.regimes.dates import takes_effect, working_days_on
from glasshouse.regimes.kinds import Kinds, kinds_of_catalogue
from glasshouse.regimes.schema import at
from glasshouse.rules.word import COVERED_AT
from glasshouse.scenarios.society import plain
from glasshouse.society import People, build, load_tables
from glasshouse.society.plan import make_plan
from glasshouse.society.ties import make_ties, recipe_of, stations, talking_ages, talking_arrays

ASKERS = ("group", "quintile", "urban", "sex")  # by what those who ask for help are told apart
REQUESTS = ("requests", "due", "helped", "wronged")
PANEL = ("happened", "watched", "received", "invented", "moved_own", "moved_got", "moved_made_up")  # logs of those who are followed
EVERY_YEAR = 10_000  # more years than a run has


@dataclass
class Kept:
    """What the days of a run left. daily: (days, regimes, measures) int64; monthly: (months, regimes, measures, cells);
    changes: per regime rows of (day, slot, mask, clean mask, cause, act); panel: its rows; years: by year, the columns of those who will be
    in the table of citizens; done: days that are over."""

    daily: np.ndarray
    sums: np.ndarray
    monthly: np.ndarray
    months: list[str]
    changes: list[list[np.ndarray]]
    panel: list[list[tuple[str, int, np.ndarray]]]
    years: list[tuple[int, list[dict[str, np.ndarray]]]] = field(default_factory=list)
    done: int = 0


class Society:
    """A scenario set up to be stepped: people, state, arrays, luck.

    meet: where it meets the others, if it is one of several shards that hold whole communities each. device: "cpu" or "cuda".
    most: citizens whom the table of citizens may have; of nobody else are tallies kept.
    """

    def __init__(self, scenario, threads: int | None = None, say=lambda note: None, meet: Meeting | None = None, device: str = "cpu", most: int = MOST_ROWS):
        self.take_up(scenario, say, device)
        self.meet = meet or Meeting()
        self.people = self.draw()
        self.homes_before = sum(self.meet(homes=self.people.households)["homes"][: self.meet.part])
        of = [kinds_of(self.regimes[r]) for r in self.names]
        self.in_table = min(1.0, most / scenario.citizens)
        """The share of citizens who will be in the table of citizens."""
        slots, shown = self.meet.slots(scenario.citizens), drawn(self.people.household, self.homes_before, self.in_table)
        self.state = State(self.engine.model, len(self.people), of, slots.start, scenario.citizens, shown, places_of(scenario))
        self.told = {name: getattr(self.people, name)[shown] for name in ("household", "education", "elsewhere")}
        """What the table says of them that no rule reads."""
        self.plan, self.month_began = make_plan(self.tables), 0
        self.begins = settle(self.state, self.people, self.plan, scenario.catalogue, scenario.seed, scenario.panel, self.first, self.meet)
        recipe = recipe_of(scenario.whole.society.ties.id, plain(scenario.whole.society.ties))
        self.ties = make_ties(recipe, scenario.seed, scenario.citizens)
        self.ages = talking_ages(self.ties, 0)
        self.state.columns["station"][:] = stations(self.people.birth, self.people.quintile, recipe)
        alive = self.people.living()
        earners = SimpleNamespace(quintile=self.people.quintile[alive], income=self.people.income[alive])
        incomes = sum(self.meet(incomes=incomes_of(earners))["incomes"])
        made = world_arrays(scenario.catalogue, self.kinds, incomes, self.first) | talking_arrays(self.ties)
        made |= {name: float(number.at(self.first) or 0) for name, number in scenario.whole.numbers.items()}
        self.by_day = {name: made.pop(name) for name in BY_DAY}
        self.world = self._typed(made, "world")
        self.rule: dict[str, np.ndarray] = {}
        for r in range(len(self.names)):
            self.compile(r, 0)
        beside = [self.names.index(self.regimes[n].beside) if self.regimes[n].kind == "lot" else r for r, n in enumerate(self.names)]
        make = Stepper if device == "cpu" else CudaStepper
        self.stepper = make(self.engine, self.state, scenario.seed, self.world, self.rule, beside, threads)
        self._hand_over("whole", self.stepper.whole)
        self.followed = Followed(self)
        self.wishes = self.agreed = False
        """Whether this shard wishes that all keep a checkpoint, and whether any wished it today."""
        self.pinned: list[np.ndarray] = [np.zeros(0, np.int64) for _ in self.names]
        self.asked = np.zeros((len(self.names), len(REQUESTS), 2, FIFTHS, 2, 2), np.int64)
        """By regime, what became of requests for help, by ASKERS."""
        self.models: dict[int, dict] = {}
        self.banks = {r: Bank(LOAN_BANDS + 1) for r, n in enumerate(self.names) if self.regimes[n].bank is not None}
        self.lot_key = key_of(scenario.seed, "watch.misdirected")
        self.hears: dict[int, int] = {}

    def take_up(self, scenario, say=lambda note: None, device: str = "cpu"):
        """Takes up what a scenario says, and the compiled day."""
        self.scenario, self.start = scenario, scenario.start
        self.engine = engine(say, scenario.whole, scenario.regimes.values(), device)
        self.regimes = dict(scenario.regimes)
        self.names = names_of(scenario)
        self.first = str(self.start)
        self.kinds: Kinds = kinds_of_catalogue(scenario.catalogue, self.first)
        self.tables = load_tables(scenario.society).with_values(scenario.values)
        self.changes, self.months = changes_of(scenario), months_of(scenario)

    def hear(self, regime: str, of: str):
        """Lets everybody under one regime hear and see of others what these say and bear under another: what it does to each alone."""
        self.hears[self.names.index(regime)] = self.names.index(of)

    def draw_anew(self, luck: Iterable[str]):
        """Draws some luck anew, by its names: other draws of the same chances, where all else stays."""
        for i, block in enumerate(self.engine.model.luck):
            if block.name in luck:
                self.stepper.keys[i] = key_of(self.scenario.seed, f"{block.name}, drawn anew")

    def draw(self) -> People:
        """The people of this run, from its tables and its seed."""
        begin, end = self.meet.stretch(self.scenario.citizens)
        return build(self.tables, self.scenario.citizens, self.scenario.seed, begin=begin, end=end)

    def _hand_over(self, what: str, read: dict[str, np.ndarray]):
        """Puts into what citizens read of others the columns that other shards hold. read: by name, the last axis everybody."""
        if self.meet.parts > 1 and any(array.size for array in read.values()):
            held = self.meet(**{what: {name: self.state.columns[name.partition("_")[2]] for name in read}})[what]
            for part, columns in enumerate(held):
                for name, column in columns.items() if part != self.meet.part else ():
                    if column.size:
                        read[name][..., self.meet.slots(self.state.everybody, part)] = column

    def share(self):
        """When a day is over: takes in what others published, and brings the daily totals to those of everybody."""
        if self.meet.parts > 1:
            all_ = self.meet(words=self.stepper.publishing, totals=self.state.yesterday, keep=self.wishes)
            for part, words in enumerate(all_["words"]):
                if part != self.meet.part:
                    self.stepper.published[:, self.meet.slots(self.state.everybody, part)] = words
            self.state.yesterday[:] = sum(all_["totals"])
            self.agreed = any(all_["keep"])

    def _typed(self, arrays: dict, scope: str) -> dict[str, np.ndarray]:
        """The arrays in the dtypes that the model declares."""
        kinds = {p.name: p.dtype for p in self.engine.model.params if (p.scope == "world") == (scope == "world")}
        missing = set(kinds) - set(arrays)
        if missing:
            raise KeyError(f"no value for {sorted(missing)}")
        return {n: np.array(a, kinds.get(n, "f4"), order="C") for n, a in arrays.items()}

    def compile(self, r: int, day: int):
        """Brings one regime's arrays to what its file says on a day of the run."""
        got = self._typed(compile_regime(self.regimes[self.names[r]], self.regimes, self.scenario.catalogue, self.kinds, self.start, day), "regime")
        for name, value in got.items():
            if name not in self.rule:
                self.rule[name] = np.zeros((len(self.names), *value.shape), value.dtype)
            table = self.rule[name]
            if value.shape[:1] and value.shape[0] > table.shape[1]:  # tables of least terms differ in length
                table = self.rule[name] = np.concatenate([table, np.repeat(table[:, -1:], value.shape[0] - table.shape[1], 1)], 1)
            if value.shape[:1] and value.shape[0] < table.shape[1]:
                value = np.concatenate([value, np.repeat(value[-1:], table.shape[1] - value.shape[0], 0)])
            table[r] = value

    def begin(self, day: int, month: int):
        """Sets what a day changes in the arrays: who lives, season, who is running, what expires, records pinned yesterday."""
        today = self.start + timedelta(days=day)
        if day == 0 or today.day == 1:
            self.turn(day)
        set_day(self.world, self.by_day, today.month - 1, today.weekday(), day == 0 or today.day == 1)
        self._replace_ties(day)
        for r in range(len(self.names)):
            if day in self.changes[r]:
                self.compile(r, day)
            self.rule["running"][r] = self.rule["start_day"][r] <= day < self.rule["end_day"][r]
            memory = int(self.rule["memory"][r])
            self._dates(r, today, day)
            self._model(r, day, month)
            self._bank(r, today, day)
            self.rule["months"][r], self.rule["bucket"][r] = self.months[r], month % self.months[r]
            expires = memory < MONTHS and month > memory
            self.rule["expiring"][r] = (month - memory - 1) % self.months[r] if expires else self.state.many["ring"] - 1

    def turn(self, day: int):
        """Brings the citizens to the month that begins on a day: who lives, who inherits, who has reached another age."""
        lives.turn(self, day, self.month_began)
        self.month_began = day
        self._sort()

    def _sort(self):
        """Notes who may be taken for whom: the living of one sex and ten years of age; -1 for all others."""
        c = self.state.columns
        self.band = lives.alike(self.month_began, c["birth"], c["death"], c["sex"])

    def catch_up(self, day: int):
        """Brings all that follows from the scenario's files alone to where it stands at the end of a day: rules, seasons, ties, the month."""
        today = self.start + timedelta(days=day)
        for earlier in range(day + 1):
            for r in range(len(self.names)):
                if earlier in self.changes[r]:
                    self.compile(r, earlier)
        set_day(self.world, self.by_day, today.month - 1, today.weekday(), True)
        self.ages = talking_ages(self.ties, day)
        for name, array in talking_arrays(self.ties, day).items():
            self.world[name][...] = array
        self.month_began = max(0, day + 1 - today.day)
        self._sort()

    def living(self) -> np.ndarray:
        """Who lives in the month that runs: (citizens,) bool."""
        return lives.living(self.state.columns, self.month_began)

    def _replace_ties(self, day: int):
        """Passes the places of talking ties whose time is up to somebody else of the same group; a new tie begins kept."""
        ages = talking_ages(self.ties, day)
        new = np.flatnonzero(ages != self.ages)
        if len(new):
            self.ages = ages
            for name, array in talking_arrays(self.ties, day).items():
                self.world[name][...] = array
            for r in range(len(self.names)):
                self.state.row("kept", r)[:] |= np.uint16((1 << new).sum())
                self._strangers(r, new)

    def _strangers(self, r: int, places: np.ndarray):
        """Of a new tie one thinks no ill, and what was done over the old one is no longer told."""
        doubts, met, answer = (self.state.row(name, r) for name in ("doubts", "met", "answer"))
        if doubts is not None:
            gone = int((1 << places).sum())
            doubts &= np.uint32(~gone & 0xFFFFFFFF)
            met &= np.uint16(~gone & 0xFFFF)
            answer[np.isin(answer >> 1 & TIES - 1, places)] = 0

    def answered(self):
        """Counts for those who asked for help what became of it."""
        for r in range(len(self.names)):
            if self.regimes[self.names[r]].help is not None:
                rows = np.concatenate(self.meet(answers=self.stepper.log("answers", r)[:, 1:4])["answers"])
                asking, gave, due = rows[(rows[:, 0] >= self.state.held.start) & (rows[:, 0] < self.state.held.stop)].T
                asking = asking - self.state.first
                like = tuple(self.state.columns[name][asking] for name in ASKERS)
                for k, (name, times) in enumerate(zip(REQUESTS, (1, due, gave, due & ~gave & 1), strict=True)):
                    self.state.tally(f"year_{name}", r, asking, times)
                    np.add.at(self.asked[r, k], like, times)

    def _model(self, r: int, day: int, month: int):
        """Fits a regime's risk model when its months of training are over, and sets its cut anew when everybody was judged again."""
        spec = self.regimes[self.names[r]].model
        if spec is None or day < self.rule["start_day"][r]:
            return
        made, c = self.models.setdefault(r, {"began": month, "table": None, "cut": None}), self.state.columns
        today = self.start + timedelta(days=day)
        if made["table"] is None and month - made["began"] >= at(spec.training, today):
            covered, caught = np.flatnonzero(self.covered(r)), self.state.row("on_file", r)[self.covered(r)] < 0
            of = np.sum(self.meet(cases=(len(covered), int(caught.sum())))["cases"], 0)
            chosen = sample(covered + self.state.first, caught, None if spec.balance is None else float(at(spec.balance, today)), tuple(of.tolist()))
            columns = {n: c[n] for n in ("birth", "sex", "urban", "quintile", "risk", "income", "size")} | {
                n: self.state.row(n, r) for n in ("job", "arrears", "job_on", "wealth")}
            mine = values_of(columns, self.world, day)[:, covered[chosen]], caught[chosen]
            values, caught = (np.concatenate(parts, -1) for parts in zip(*self.meet(sample=mine)["sample"], strict=True))
            table = fit(spec.features, values, caught, f"regime.{self.names[r]}.model") if self.meet.part == 0 else None
            made |= {"table": self.meet(table=table)["table"][0], "on": len(caught), "cases": int(caught.sum())}
        if made["table"] is None:
            return
        self.rule["risk_table"][r] = made["table"]
        if today.day == 2 or made["cut"] is None:  # everybody was judged anew yesterday
            mine = np.unique(self.state.row("dims", r)[self.covered(r)].astype(np.int64), return_counts=True)
            judged, times = (np.concatenate(parts) for parts in zip(*self.meet(judged=mine)["judged"], strict=True))
            made["cut"] = cut(judged, float(at(spec.share, today)), times) if judged.any() else None
        if made["cut"] is not None:
            self.rule["cut_1"][r] = made["cut"] + int(self.rule["score_base"][r])

    def _bank(self, r: int, today: date, day: int):
        """Sets the cut of a bank anew, if this is the day for it, and holds it where the bank has learnt to set it."""
        if r not in self.banks or day <= self.rule["start_day"][r]:
            return
        bank, spec = self.banks[r], self.regimes[self.names[r]].bank
        if learns_on(spec, today):
            cut, low, last = (int(self.rule[name][r]) for name in ("cut_1", "score_low", "last_band"))
            bank.learn(spec, today, day, cut if bank.cut is None else bank.cut, low, last + 1)
        if bank.cut is not None:
            self.rule["cut_1"][r] = bank.cut

    def count_loans(self, today: np.ndarray):
        """Tells the banks that learn which of their loans ended. today: (regimes, measures), what a day counted."""
        rows = self.engine.model.measure_rows()
        ended = {r: [today[r, rows[name] : rows[name] + bank.places] for name in ("loans_sound", "loans_failed")] for r, bank in self.banks.items()}
        for each in self.meet(loans=ended)["loans"] if ended else ():
            for r, (sound, failed) in each.items():
                self.banks[r].sound += sound
                self.banks[r].failed += failed

    def _dates(self, r: int, today: date, day: int):
        """The days on which today's entries and deletions of lists take effect, and a pardon if one falls on this day."""
        regime = self.regimes[self.names[r]]
        for number, rule in enumerate(regime.lists.values(), 1):
            self.rule["list_starts"][r, number] = day + (takes_effect(rule, today, int(self.rule["notice_days"][r])) - today).days
            if rule.exit:
                self.rule["exits_on"][r, number] = day + (working_days_on(today, int(at(rule.delay, today))) - today).days
        if regime.remedies and any(pardon.on == today for pardon in regime.remedies.amnesty):
            self.pardon(r, day)

    def pardon(self, r: int, day: int):
        """Strikes all that tells against anybody under one regime, in its account and in the clean one."""
        for sum_, ring in (("on_file", "ring"), ("clean_points", "clean_ring")):
            months, whole = self.state.row(ring, r), self.state.row(sum_, r)
            if months is not None and self.rule["decay_share"][r] > 0:  # what has faded has no month of its own: what is left of the whole counts
                months[:], whole[:] = 0, np.maximum(whole, 0)
                months[0] = whole
            elif months is not None:
                np.maximum(months, 0, out=months)
                whole[:] = months.astype(np.int64).sum(0)
        for name in ("lawful_lost", "lawful_ring", "unlawful_lost", "unlawful_ring"):
            if self.state.row(name, r) is not None:
                self.state.row(name, r)[:] = 0
        if self.state.row("stale", r) is not None:
            np.maximum(self.state.row("stale", r), 0, out=self.state.row("stale", r))
        if self.state.row("appeal_day", r) is not None:
            self.state.row("appeal_day", r)[:] = 0  # nothing is left to object to
        for name in ("listed_until", "due_until", "clean_until"):
            if self.state.row(name, r) is not None:
                np.minimum(self.state.row(name, r), day, out=self.state.row(name, r))

    def clock(self, day: int, month: int) -> dict[str, int]:
        """The whole numbers of a day: a quarter of the ties talk each week, in turn."""
        first, after, tomorrow = ((day + days) // 7 * SPEAKING % TIES for days in (0, 7, 1))
        return {"day": day, "month_number": month, "first_tie": first, "after_tie": after, "next_tie": tomorrow}

    def pin(self, day: int):
        """Hands today's misdirected records to those on whom they are pinned tomorrow."""
        block, odd, _ = LOT
        turn = np.uint64((self.lot_key + day * 0x9E3779B97F4A7C15) % block)
        for r in range(len(self.names)):
            received = self.state.row("received", r)
            if received is None:
                continue
            received[self.pinned[r]] = 0
            sent = self.stepper.log("sent", r)
            to = receivers(sent[:, 0].astype(np.int64), np.uint64(self.state.everybody), self.band, np.uint64(block), np.uint64(odd), turn, self.state.first)
            to -= self.state.first
            received[to] = sent[:, 1] + 1
            self.pinned[r] = to

    def blank(self, cells: bool = True) -> Kept:
        """What is kept of a run before its first day."""
        m, days, regimes = self.engine.model, self.scenario.days, len(self.names)
        daily = np.zeros((days, regimes, m.width()), np.int64)
        sums = np.zeros((days, regimes, len(SUMS)), np.int64)
        monthly = np.zeros((self.month_of(days - 1) + 1 if cells else 0, regimes, m.width(), m.cells), np.int64)
        return Kept(daily, sums, monthly, [], [[] for _ in self.names], [[] for _ in self.names])

    def month_of(self, day: int) -> int:
        """The number of the month in which a day lies, 0 that of the first day."""
        today = self.start + timedelta(days=day)
        return (today.year - self.start.year) * 12 + today.month - self.start.month

    def run(
        self, progress=lambda done, days, rate, note: None, cells: bool = True, years: int = EVERY_YEAR, kept: Kept | None = None, after=lambda kept: None
    ) -> Kept:
        """Every day of the scenario that is not over yet.

        Args:
            progress: called from time to time.
            cells: whether the sums by month and cell are kept, which the tables of groups and flows are made of.
            years: at the ends of how many years, the last ones, the citizens are kept.
            kept: what the days that are over left, where the society was brought there by snapshots.give.
            after: called with what is kept at the end of each day.
        """
        kept = kept or self.blank(cells)
        days, first, began = self.scenario.days, kept.done, time.perf_counter()
        for day in range(first, days):
            self._live(kept, day, years)
            kept.done = day + 1
            after(kept)
            if day % 8 == 7 or kept.done == days:
                steps = (kept.done - first) * self.state.everybody * len(self.names)
                progress(kept.done, days, steps / (time.perf_counter() - began), None)
        return kept

    def _live(self, kept: Kept, day: int, years: int):
        """One day, and what is kept of it."""
        today, month, last = self.start + timedelta(days=day), self.month_of(day), day == self.scenario.days - 1
        self.begin(day, month)
        for r, of in self.hears.items():
            self.stepper.published[r] = self.stepper.published[of]
        self._hand_over("seen", self.stepper.seen)
        try:
            kept.daily[day], kept.sums[day] = self.stepper.day(self.clock(day, month), day == 0 or today.day == 1)
        except Stopped as error:
            raise nowhere(error, self.scenario.whole.rules) from None
        self.share()
        self.count_loans(kept.daily[day])
        self.pin(day)
        self.answered()
        self._note(kept, day)
        tomorrow = today + timedelta(days=1)
        if tomorrow.day == 1 or last:
            kept.months.append(f"{today:%Y-%m}")
            found = self.stepper.cells()
            if len(kept.monthly):
                kept.monthly[month] = found
        if (tomorrow.month, tomorrow.day) == (1, 1) or last:
            if today.year > (self.start + timedelta(days=self.scenario.days - 1)).year - years:
                kept.years.append((today.year, self.yearly(day)))
            if not last:
                self._begin_year()

    def _note(self, kept: Kept, day: int):
        """Keeps today's changes of consequences and the followed citizens' events."""
        for r in range(len(self.names)):
            rows = self.stepper.log("changes", r)
            if len(rows):
                kept.changes[r].append(np.column_stack([np.full(len(rows), day, np.int32), rows]))
            for name in PANEL:
                found = self.stepper.log(name, r)
                if len(found):
                    kept.panel[r].append((name, day, found))
            kept.panel[r] += [(name, day, found) for name, found in self.followed.news(self, r).items()]

    def yearly(self, day: int) -> list[dict[str, np.ndarray]]:
        """What of each regime's columns is kept at the end of a year, as they are now, of those who will be in the table of citizens."""
        return [self.shown(r) | ties for r, ties in enumerate(ties_at(self, day))]

    def shown(self, r: int) -> dict[str, np.ndarray]:
        """Copies of those columns of one regime that the table of citizens is made from, of those who will be in it."""
        fields = [f for f in self.engine.model.fields if f.kind and f.name not in RINGS]
        rows = {f.name: (f.tally, self.state.row(f.name, r)) for f in fields}
        mine = {name: row.copy() if tally else row[..., self.state.kept] for name, (tally, row) in rows.items() if row is not None}
        return mine | {"covered": self.covered(r, self.state.kept)}

    def _begin_year(self):
        """Lets the year's tallies begin anew."""
        for f in self.engine.model.fields:
            if f.kind and f.name.startswith(("year_", "my_", "conduct_")):
                self.state.columns[f.name][:] = 0
        self.followed.look(self)

    def covered(self, r: int, who=slice(None)) -> np.ndarray:
        """Who of everybody, or of some slots, was scored or could be listed under one regime on the last day, by the words of that day: bool."""
        return (self.stepper.published[r, self.state.held][who] >> COVERED_AT & np.uint64(1)) > 0

    def scores(self, r: int, col: dict[str, np.ndarray], day: int) -> np.ndarray:
        """Everybody's score under one regime, from its columns at the end of a day: (citizens,) int64."""
        rule = {name: table[r] for name, table in self.rule.items()}
        whole = {name: col[name].astype(np.int64) for name in ("on_file", "stale", "kin", "profile", "dims")}
        waits = np.where((rule["appeal_suspends"] != 0) & (col["appeal_day"] > day), -col["appeal_points"].astype(np.int64), 0)
        if col.get("bought_on") is not None:
            bought_on = col["bought_on"].astype(np.int64)
            waits = waits + np.where((bought_on < day) & (day - bought_on <= rule["game_days"]), col["bought"].astype(np.int64), 0)
        made = rule["file_counts"] * (whole["on_file"] + whole["stale"]) + whole["kin"] + whole["profile"] + whole["dims"] + waits
        return np.clip(rule["score_base"] + made, rule["score_low"], rule["score_high"])

    def digest(self, r: int, kept: Kept) -> str:
        """A hash of all that one regime needs tomorrow, tallies apart, and of all its daily measures.

        Of fields with a place for each month or list, only those places count that the regime has, so that it is the same beside others.
        """
        h = hashlib.sha256()
        places = dict.fromkeys(RINGS, self.months[r]) | dict.fromkeys(STAYS, 1 + len(self.regimes[self.names[r]].lists))
        for f in self.engine.model.fields:
            column = self.state.columns[f.name] if not f.kind else self.state.row(f.name, r)
            if column is not None and not f.tally:
                h.update(f.name.encode())
                for place in np.atleast_2d(column[: places[f.name]] if f.name in places else column):
                    h.update(np.ascontiguousarray(place))
        measures, sums = self.counted(r)
        h.update(np.ascontiguousarray(kept.daily[:, r][:, measures]).tobytes())
        h.update(np.ascontiguousarray(kept.sums[:, r][:, sums]).tobytes())
        return h.hexdigest()

    def counted(self, r: int) -> tuple[np.ndarray, np.ndarray]:
        """Which rows of measures and which sums mean something under a regime: all but those of kinds that it is not of. Both bool."""
        m, of = self.engine.model, kinds_of(self.regimes[self.names[r]])
        has = lambda name: name not in OF_KIND or OF_KIND[name] in of  # noqa: E731
        return np.repeat([has(name) for name in m.measures], list(m.measures.values())), np.array([has(name) for name in m.sums])
