"""A second reader: what a regime's file says of a citizen's record, worked out anew with nothing of the package. If it agrees
with the engine, the file suffices to know the law. Of the catalogue it reads only what is a penalty and what a reward, and
to which channel a daily act belongs. Scores made of dimensions, of guesses and of relatives are not read here.
"""

import copy
import tomllib
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from itertools import product
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "src" / "glasshouse"

day_of = lambda given: date.fromisoformat(str(given))  # noqa: E731


def law(name):
    """A regime's file, on top of what it extends."""
    own = tomllib.loads((PACKAGE / "regimes" / "data" / f"{name}.toml").read_text())
    assert "remove" not in own, "what is taken out of another law is not read here"
    return over(law(own["extends"]), own) if "extends" in own else own


def over(base, own):
    """Tables are put together; numbers and lists are replaced whole."""
    if not isinstance(base, dict) or not isinstance(own, dict) or "value" in own or "value" in base:
        return own
    return base | {key: over(base[key], part) if key in base else part for key, part in own.items()}


def catalogue(part, key):
    """One word about each entry of a part of the catalogue."""
    return {name: what[key] for name, what in tomllib.loads((PACKAGE / "catalogue" / f"{part}.toml").read_text())[part].items()}


def number(block, today, absent=0):
    """The number of a block on a day: the latest of those dated until then."""
    if block is None or not isinstance(block["value"], dict):
        return absent if block is None else block["value"]
    past = [day for day in block["value"] if date.fromisoformat(day) <= today]
    return block["value"][max(past)] if past else absent


def birthday(born, years):
    return date(born.year + years, born.month, 1) + timedelta(days=born.day - 1)  # of 29 February: 1 March


def working_days(day, count):
    """So many working days after a day."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


class Reader:
    """One citizen under one regime. entries: [month, points] of what is on file; lists: [from, day after the last] by name; due: the
    same if no deletion were overlooked; case: while an objection is open, the day of its answer and the file without the record."""
    def __init__(self, name, case, start):
        self.law, self.start, self.who = law(name), start, case.get("citizen", {"age": 40})
        self.born = day_of(self.who["born"]) if "born" in self.who else birthday(start, -self.who.get("age", 40)) - timedelta(days=180)
        self.records = {day_of(record["on"]): record["act"] for record in case.get("records", ())}
        self.often = [(day_of(given["on"]), given["act"], given["times"]) for given in case.get("often", ())]
        self.kinds, self.channels = catalogue("consequences", "kind"), catalogue("frequent", "channel")
        self.ids, self.cuts = zip(*((grade["id"], grade.get("from")) for grade in self.law.get("grades", [{"id": None}])), strict=True)
        self.scores, self.entries, self.lists, self.due = self.law["kind"] == "points", [], {}, {}
        self.times, self.warned, self.gained = defaultdict(int), defaultdict(int), defaultdict(int)
        self.case, self.grade, self.fall, self.in_force = None, None, None, set()

    def part(self, *way, absent=None):
        """A part of the law, or what holds where it is silent."""
        found = self.law
        for key in way:
            found = found.get(key, {})
        return found or absent

    def now(self, *way, absent=0):
        return number(self.part(*way), self.today, absent)

    def day(self):
        for file in self.files():
            file.today = self.today
            if self.today.day == 1 or self.today == self.start:
                file.first_of_month()
        if any(day_of(pardon["on"]) == self.today for pardon in self.part("remedies", "amnesty", absent=())):
            self.entries, self.case = [entry for entry in self.entries if entry[1] > 0], None
            self.lists, self.due = ({name: [since, min(end, self.today)] for name, (since, end) in lists.items()} for lists in (self.lists, self.due))
        covered = self.covered()
        if covered and self.today in self.records:
            without, tells = copy.deepcopy(self), [file.filed(self.records[self.today]) for file in self.files()]
            if tells[0] and self.case is None and self.who.get("objects") and self.part("contest"):
                self.case = (self.today + timedelta(days=max(1, self.now("contest", "delay"))), without)
        for file, (on, act, times) in product(self.files(), self.often):
            file.times[self.channels[act]] += times if covered and on == self.today else 0
        if self.case and self.case[0] == self.today:
            file, self.case = self.case[1], None
            if self.who["objects"] == "upheld":
                self.entries, self.lists, self.due = file.entries, file.lists, file.due
        file, score = self.files()[-1] if self.part("contest", "suspends") else self, None
        listed = {name for name, (since, end) in file.lists.items() if since <= self.today < end}
        if self.scores:
            score = max(self.now("score", "base") + file.on_file(), self.now("score", "low", absent=-1e9))
            score = min(score, self.now("score", "high", absent=1e9))
            self.rank(score)
        self.in_force = self.consequences(listed) if covered else set()
        return {"covered": covered, "score": score, "grade": self.grade, "in_force": set(self.in_force), "listed": listed}

    def files(self):
        """Her file, and while an objection is open the one that she would have without the contested record."""
        return [self, self.case[1]] if self.case else [self]

    def covered(self):
        cover = self.law["coverage"]
        between = day_of(cover["start"]) <= self.today < day_of(cover.get("end", date.max))
        meant = set(cover.get("who", ())) <= self.groups and not set(cover.get("but_not", ())) & self.groups
        joins = "uptake" not in cover or self.who.get("joins", True)
        return between and meant and joins and self.today >= birthday(self.born, self.now("coverage", "from_age"))

    def first_of_month(self):
        """Who she is this month; what has expired, what fades, and what last month's daily acts bring."""
        self.groups = {*self.who.get("is", ()), *(["adult"] if self.today >= birthday(self.born, 18) else [])}
        stays = self.now("score", "expiry", absent=None)
        self.entries = [entry for entry in self.entries if stays is None or 12 * self.today.year + self.today.month - entry[0] <= stays]
        self.enter(-int(Fraction(str(self.now("score", "decay"))) * self.on_file()))
        for channel in self.times if stays != 0 else ():
            per, points, cap = (self.now("activity", channel, part, absent=1) for part in ("per", "points", "cap"))
            self.enter(min(max(self.times[channel] // per * points, -cap), cap) if self.part("activity", channel) else 0)
        self.times.clear()
        self.lists = copy.deepcopy(self.due) if self.who.get("looked_up") and self.now("contest", "find_stale") else self.lists

    def on_file(self):
        return sum(points for _, points in self.entries)

    def enter(self, points):
        self.entries += [[12 * self.today.year + self.today.month, points]]

    def filed(self, act):
        """What a record does: points by the table, a fall straight to a grade, an entry on a list or off it. Does it tell against her?"""
        points, tells = 0, False
        if self.scores and self.now("score", "expiry", absent=1) != 0:
            points, year = self.now("points", act), self.today.year
            standing, ceiling = self.now("score", "base") + self.on_file(), self.ceiling(act)
            if points > 0:
                points = min(points, max(0, self.now("score", "gains", absent=10**9) - self.gained[year]))
                self.gained[year] += points
            elif points < 0 or standing > ceiling:
                points = min(points, ceiling - standing)
                if self.warned[year] < self.now("remedies", "warnings"):
                    points, self.warned[year] = 0, self.warned[year] + 1
            self.enter(points)
        for name, rule in self.part("lists", absent={}).items():
            if act in rule["entry"]:
                eve = date(self.today.year + self.today.month // 12, self.today.month % 12 + 1, 1) - timedelta(days=1)  # of the next month
                published = self.today if rule.get("published", "at once") == "at once" else working_days(eve, 1)
                begins = working_days(published, number(rule.get("objection"), self.today)) + timedelta(days=self.now("remedies", "notice"))
                new, tells = begins + timedelta(days=number(rule["entry"][act], self.today)), not self.scores
                for lists in (self.lists, self.due):
                    since, end = lists.get(name, (begins, begins))
                    lists[name] = [min(since, begins), max(end, new)] if end > self.today else [begins, new]
            overlooked = self.who.get("overlooked") and rule.get("overlooked")
            for lists in (self.due, *([] if overlooked else [self.lists])) if act in rule.get("exit", ()) and name in self.due else ():
                lists[name][1] = min(lists[name][1], working_days(self.today, number(rule.get("delay"), self.today)))
        return tells or points < 0

    def ceiling(self, act):
        """The highest score that an act leaves: below the grade that comes after the one it leads to."""
        straight = self.part("straight", act)
        return number(self.cuts[self.ids.index(straight["grade"]) + 1], self.today) - 1 if straight else float("inf")

    def rank(self, score):
        """Her grade, and the day and kind of her last fall."""
        grade = self.ids[sum(score >= number(cut, self.today) for cut in self.cuts[1:])]
        if self.grade is not None and self.ids.index(grade) < self.ids.index(self.grade):
            self.fall = (self.today, self.grade, grade)
        self.grade = grade

    def consequences(self, listed):
        """What is in force: by grade, by the last fall while its term runs, unless notice of it is still running; and by list."""
        found = set()
        for name, rule in self.part("consequences", absent={}).items():
            grades, penalty = rule.get("grades", ()), self.kinds[name] == "penalty"
            holds, since = self.grade in grades, (self.today - self.fall[0]).days if self.fall else None
            if self.fall and since < number(rule.get("tail"), self.today):
                holds = holds or self.fall[2 if penalty else 1] in grades
            waits = penalty and self.fall and since < self.now("remedies", "notice") and name not in self.in_force
            if (holds and not waits) or listed & set(rule.get("lists", ())):
                found.add(name)
        return found


def read(name, case, start, days):
    """How the citizen of a case (a table of a case file) stands at the end of some days."""
    reader, found, reader.today = Reader(name, case, start), {}, start
    while reader.today <= max(days):
        found[reader.today] = reader.day()
        reader.today += timedelta(days=1)
    return {day: found[day] for day in days}
