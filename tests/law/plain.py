"""The same cases put to the rules as they are written: the plain functions of glasshouse.rules, one citizen, day by day."""

from datetime import date, timedelta

import numpy as np
from tests.law import means
from tests.law.runner import Case, Seen, batches, scenario_of, tested

from glasshouse.day import CHANNELS, GRADES, GROWN, LISTS, MONTHS
from glasshouse.experiments.world import LONG_AGO
from glasshouse.regimes.compile import bit_of, chance, change_days, compile_regime, flags
from glasshouse.regimes.dates import takes_effect, working_days_on
from glasshouse.regimes.kinds import kinds_of_catalogue
from glasshouse.regimes.schema import at
from glasshouse.rules import act, contest, grade, listing, sanction, score
from glasshouse.rules.maths import i32, u32
from glasshouse.scenarios import Scenario

WORST, BEST = u32(2**32 - 1), u32(0)
"""Luck with which nothing that has a chance below 1 comes about, and with which all that has one above 0 does."""


class File:
    """What a regime keeps of one citizen, and its rule of the day."""

    def __init__(self, scenario: Scenario, regime: str, case: Case):
        self.regime, self.scenario, self.case = scenario.regimes[regime], scenario, case
        self.kinds = kinds_of_catalogue(scenario.catalogue, str(scenario.start))
        self.changes = {0} | change_days({k: v for k, v in scenario.values.items() if k.startswith(f"regime.{regime}.")}, scenario.start, scenario.days)
        uptake = self.regime.coverage.uptake
        self.luck = 0 if uptake is None else tested(chance(float(at(uptake, scenario.start, 1))), case.joins)
        self.on_file = self.stale = self.warned = self.gained = self.grade = self.fell = self.mask = self.dims = 0
        self.fell_on = LONG_AGO
        self.ring, self.month_file = np.zeros(MONTHS + 1, np.int32), np.zeros(len(CHANNELS), np.int32)
        self.stays = {which: np.zeros((LISTS + 1, 2), np.int32) for which in ("listed", "due")}  # first day, and the day after the last
        self.aside = {which: np.zeros(2, np.int32) for which in ("listed", "due")}
        self.appeal_day = self.appeal_points = self.appeal_true = self.appeal_month = 0

    def day(self, n: int, month: int) -> Seen:
        """One day of the rule."""
        today = self.scenario.start + timedelta(days=n)
        if n in self.changes:
            self.rule = compile_regime(self.regime, self.scenario.regimes, self.scenario.catalogue, self.kinds, self.scenario.start, n)
        self.r = lambda *names: [self.rule[name][()] if self.rule[name].ndim == 0 else self.rule[name] for name in names]
        if self.regime.remedies and any(pardon.on == today for pardon in self.regime.remedies.amnesty):
            self.pardon(n)
        if n == 0 or today.day == 1:
            self.risk = self.circumstances(n)
        covered = score.covered(n, (self.case.born - self.scenario.start).days, *self.r("scored_from_days", "start_day", "end_day"), self.risk,
                                *(u32(x) for x in self.r("coverage_need", "coverage_bar")), u32(self.luck), u32(self.rule["uptake"]))
        if n == 0 or today.day == 1:
            self.month(n, month, int(covered))
        if covered and today in self.case.records:
            self.record(n, today, month, self.kinds.number(self.case.records[today]))
        found = self.judge(n, month, int(covered))
        for on, what, times in self.case.often:
            if on == today and covered:
                self.month_file[CHANNELS.index(self.scenario.catalogue.frequent[what].channel)] += times
        if (today + timedelta(days=1)).year != today.year:
            self.warned = self.gained = 0
        return found

    def circumstances(self, n: int) -> np.uint32:
        """The populations that she belongs to this month."""
        return u32(act.circumstances(u32(flags(self.case.is_)), (self.case.born - self.scenario.start).days, 36_525, n, 6574, 2191, u32(flags(["adult"])),
                                     u32(flags(["pupil"])), u32(flags(GROWN)), u32(flags(["living"]))))

    def month(self, n: int, month: int, covered: int):
        """What the first day of a month takes off the file, and what last month's frequent acts bring."""
        memory = int(self.rule["memory"])
        place = (month - memory - 1) % MONTHS if memory < MONTHS and month > memory else MONTHS
        self.on_file, self.stale, self.ring[place] = score.expire(WORST, self.ring[place], self.on_file, self.stale, u32(self.rule["stale_chance"]))
        if self.appeal_day:
            self.appeal_points = int(contest.fades(i32(self.appeal_points), i32(self.on_file), np.float32(self.rule["decay_share"])))
        self.enter(score.decay(i32(self.on_file), np.float32(self.rule["decay_share"])), month)
        self.look()
        self.dims = means.dimensions(self, n, covered, round(at(self.scenario.catalogue.life.trace.full, self.scenario.start)))
        for c in range(len(CHANNELS)):
            per, points, cap = (int(self.rule[f"activity_{name}"][c]) for name in ("per", "points", "cap"))
            self.enter(score.activity(int(self.month_file[c]), per, points, cap), month)
        self.month_file[:] = 0

    def pardon(self, n: int):
        """All that tells against her is struck, by month of entry, or as a whole where points fade; nothing is left to object to."""
        if self.rule["decay_share"] > 0:
            self.ring[:] = 0
            self.ring[0] = max(self.on_file, 0)
        self.ring = np.maximum(self.ring, 0)
        self.on_file, self.stale, self.appeal_day = int(self.ring.sum()), max(self.stale, 0), 0
        for stays in self.stays.values():
            stays[:, 1] = np.minimum(stays[:, 1], n)

    def look(self):
        """Once a month somebody looks for deletions that were overlooked: at the best of luck, where there is any chance that one does."""
        for stands, due in (*zip(self.stays["listed"], self.stays["due"], strict=True), self.aside.values()):
            stands[:] = listing.found(BEST, u32(self.rule["find_chance"]), *stands, *due)

    def enter(self, points: int, month: int):
        """Points enter the file."""
        self.on_file += int(points)
        self.ring[month % MONTHS] += int(points)

    def record(self, n: int, today: date, month: int, kind: int):
        """A record reaches the file."""
        standing = score.parts(*self.r("score_base", "file_counts"), self.on_file, self.stale, 0, 0, self.dims, 0)
        points, place = 0, int(self.rule["kind_enters"][kind])
        lawful = int(self.scenario.catalogue.acts[self.kinds.names[kind]].lawful)
        if self.regime.kind == "points":
            worth = (self.rule["kind_points"][kind], standing, self.rule["kind_most_score"][kind], self.warned, *self.r("warnings"), self.gained, *self.r("gain_cap"))
            if self.appeal_day:
                self.appeal_points += int(contest.later(*worth, lawful, *self.r("file_counts"), self.appeal_points)[0])
            points, self.warned, self.gained = score.worth(*worth)
            self.enter(score.entry(points, lawful)[0], month)
        files = contest.files(u32(0), int(bool(self.case.objects)), -place if self.rule["list_alone"] else points, self.appeal_day, u32(self.rule["file_chance"]))
        if place:
            rule = list(self.regime.lists.values())[place - 1]
            effect = n + (takes_effect(rule, today, int(self.rule["notice_days"])) - today).days
            about = self.rule["list_alone"] and listing.concerns(self.appeal_day, self.appeal_points, place)
            for which, stays in self.stays.items():
                if files and self.rule["list_alone"]:
                    self.aside[which] = stays[place].copy()
                for stay in (stays[place], *([self.aside[which]] if about else [])):
                    stay[:] = listing.enters(n, effect, self.rule["kind_term"][kind], *stay)
        if files:
            stake = -place if self.rule["list_alone"] else points
            self.appeal_day, self.appeal_points, self.appeal_true, self.appeal_month, _ = contest.opens(stake, 0, n, month, *self.r("appeal_delay"))
            if self.rule["list_alone"] and self.rule["appeal_suspends"]:
                self.turn()
        place = int(self.rule["kind_exits"][kind])
        if place:
            rule = list(self.regime.lists.values())[place - 1]
            effect = n + (working_days_on(today, int(at(rule.delay, today))) - today).days
            about = self.rule["list_alone"] and listing.concerns(self.appeal_day, self.appeal_points, place)
            for which, stays in self.stays.items():
                overlooked = u32(self.rule["overlooked"][place] if which == "listed" else 0)
                for stay in (stays[place], *([self.aside[which]] if about else [])):
                    stay[1] = listing.leaves(BEST, overlooked, effect, stay[1])

    def turn(self):
        """The contested list's stays change places with those laid aside."""
        place = -self.appeal_points
        flat = listing.turned(*(x for where in (lambda which: self.stays[which][place], lambda which: self.aside[which]) for which in self.stays for x in where(which)))
        self.stays["listed"][place], self.stays["due"][place], self.aside["listed"], self.aside["due"] = (np.array(flat[i : i + 2], np.int32) for i in (0, 2, 4, 6))

    def judge(self, n: int, month: int, covered: int) -> Seen:
        """Answers an objection, and says how she stands at the end of the day."""
        if contest.due(self.appeal_day, n):
            granted, _, self.appeal_day = contest.upheld(BEST, self.appeal_true, *(u32(x) for x in self.r("upheld_wrong", "upheld_right")))
            if self.rule["list_alone"] and listing.turns(granted, *self.r("appeal_suspends")):
                self.turn()
            elif granted and not self.rule["list_alone"]:
                place, back, _, _ = contest.correct(self.appeal_points, 0, 0, self.appeal_month, month, *self.r("memory"), MONTHS)
                self.on_file, self.ring[place] = self.on_file + back, self.ring[place] + back
        waits = contest.waits(self.appeal_day, n, self.appeal_points, *self.r("appeal_suspends"), self.appeal_month, month, *self.r("memory"))
        total = score.total(*self.r("score_base", "file_counts"), self.on_file, self.stale, 0, 0, self.dims, waits, *self.r("score_low", "score_high"))
        scored, bits = self.regime.kind == "points", u32(0)
        if scored:
            now = grade.grade(total, *self.r(*(f"cut_{i}" for i in range(1, GRADES))))
            self.fell_on, self.fell = sanction.fall(now, self.grade, n, self.fell_on, self.fell, GRADES)
            self.grade = int(now)
            holds, outlasts, lasts = (self.rule[name].astype(np.uint32) for name in ("holds", "outlasts", "lasts"))
            bits = sanction.held(covered, self.grade, *holds)
            if sanction.lately(covered, n, self.fell_on, *self.r("fall_runs")):
                bits = sanction.in_force(bits, n, self.fell_on, self.fell, u32(self.mask), u32(self.rule["penalties"]), *self.r("notice_days"), outlasts, lasts)
        pairs = self.stays["listed"][1:].ravel()
        self.mask = int(listing.listed(u32(bits), covered, n, *pairs, *(u32(x) for x in self.rule["list_holds"][1:])))
        return Seen(
            bool(covered), int(total) if scored else None, self.regime.grades[self.grade].id if scored else None,
            frozenset(name for name in self.regime.consequences if self.mask >> bit_of(name, self.scenario.catalogue) & 1),
            frozenset(name for number, name in enumerate(self.regime.lists, 1) if listing.on_list(n, *self.stays["listed"][number])))


def rules_say(cases: list[Case]) -> dict[str, dict[date, Seen]]:
    """What the rules find in each case, by its name and the days asked about."""
    return {case.name: one(case, scenario_of(batch)) for batch in batches(cases) for case in batch}


def one(case: Case, scenario: Scenario) -> dict[date, Seen]:
    """One case. A lot falls on the only citizen there is: she draws what she herself bore under the regime beside it a day before."""
    regime = scenario.regimes[case.regime]
    if regime.kind == "none":
        return {e["on"]: Seen(False, None, None, frozenset()) for e in case.expect}
    file, month, found = File(scenario, regime.beside or case.regime, case), 0, {}
    before = Seen(False, None, None, frozenset())
    for n in range((case.last - scenario.start).days + 1):
        today = scenario.start + timedelta(days=n)
        month += bool(n) and today.day == 1
        found[today] = file.day(n, month)
        if regime.kind == "lot":
            found[today], before = Seen(found[today].covered, None, None, before.in_force), found[today]
    return {e["on"]: found[e["on"]] for e in case.expect}
