"""From what the days counted to the tables of a run."""

from datetime import date, timedelta

import numpy as np
import polars as pl

from glasshouse.day import ATTEMPTS, BANDS, CAUSES, CHANNELS, FALSE, FIFTHS, LOAN_BANDS, MEASURES, OF_KIND, PAYMENTS, SUMS, SURVEY
from glasshouse.experiments.days import Kept, Society
from glasshouse.experiments.followed import NEWS
from glasshouse.experiments.lives import living
from glasshouse.experiments.neighbours import COUNTS
from glasshouse.regimes.compile import YEAR, bit_of, consequences, kinds_of
from glasshouse.regimes.schema import at

EDUCATION = ("none or other", "illiterate", "primary", "junior secondary", "senior secondary", "college")
AGES = ("0-17", "18-34", "35-59", "60+")
RESIDENCE = ("country", "town")
INCOME = ("lowest fifth", "second fifth", "middle fifth", "fourth fifth", "highest fifth")
SEX = ("male", "female")
WORK = ("none", "jobless", "ordinary", "prestige")
LABEL = ("0", "1")
REGISTERED = ("here", "elsewhere")
GROUPINGS = {"age": AGES, "residence": RESIDENCE, "income": INCOME, "sex": SEX, "label": LABEL}
SHAPE = (BANDS, 2, FIFTHS, 2, 2)
FEN = 100
ORDER = {"spells": ("regime", "citizen", "start", "consequence"), "panel": ("regime", "citizen", "day", "event")}
"""How rows are sorted; those that this does not tell apart stay as they stand. The table of citizens is made year by year and regime by regime."""


def measure_names(society: Society, r: int) -> list[tuple[int, str]]:
    """The rows of measures that mean something under a regime, with the names they have in the tables."""
    rows = society.engine.model.measure_rows()
    kinds, regime = society.kinds, society.regimes[society.names[r]]
    scored = regime.watches
    used = consequences(regime, society.regimes)
    out = []
    for k, name in enumerate(kinds.names):
        if kinds.classes[k] == FALSE:
            continue
        label = "attempt" if name in ATTEMPTS else "acts"
        out.append((rows["acts"] + k, f"{label}:{name}"))
        if scored and label == "acts":
            out += [(rows[m] + k, f"{'false_record' if m == 'false' else m}:{name}") for m in ("own", "sent", "received", "false", "points")]
    if regime.kind == "points":
        out += [(rows["graded"] + g, f"grade:{grade.id}") for g, grade in enumerate(regime.grades)]
        out += [(rows["activity"] + c, f"activity:{channel}") for c, channel in enumerate(CHANNELS)]
    for name in used:
        out += [(rows[m] + bit_of(name, society.scenario.catalogue), f"{m}:{name}") for m in ("attempts", "refused", "fen")]
    of = kinds_of(regime)
    out += [(rows[m], m) for m, size in MEASURES.items() if size == 1 and m not in PAYMENTS and (scored or not m.startswith("appeals"))
            and (regime.lists or m not in ("entered", "complied")) and (m not in OF_KIND or OF_KIND[m] in of)]
    out += [(rows[m] + b, f"{m}:{band}") for m in ("loans_sound", "loans_failed") for b, band in band_names(society, r)]
    return out + [(rows[m], f"pay:{a}:{b}:{m[4:]}") for m, (a, b) in PAYMENTS.items()]


def band_names(society: Society, r: int) -> list[tuple[int, str]]:
    """The places at which a bank counts what became of its loans, with the names they have in the tables; none under any other regime."""
    if r not in society.banks:
        return []
    rule = {name: int(society.rule[name][r]) for name in ("score_low", "band_points", "last_band")}
    bands = [(b, f"from_{rule['score_low'] + b * rule['band_points']}".replace("-", "minus_")) for b in range(rule["last_band"] + 1)]
    return [*bands, (LOAN_BANDS, "refused")]


def daily(society: Society, kept: Kept, force: dict[int, dict[str, np.ndarray]]) -> pl.DataFrame:
    """One row a day, regime and measure: sums over everybody."""
    days = kept.daily.shape[0]
    dates = pl.Series("date", [society.start + timedelta(days=d) for d in range(days)])
    parts = []
    for r, regime in enumerate(society.names):
        columns = {"people": kept.sums[:, r, SUMS.index("living_sum")]}
        rename = {f"times_{c}": f"frequent_acts:{c}" for c in CHANNELS} | {f"seen_{c}": f"frequent_records:{c}" for c in CHANNELS} | {
            "covered_sum": "covered", "aware_sum": "aware", "public_view_sum": "public_sum", "private_sum": "private_pupils", "jobless_sum": "jobless",
            **{f"{n}_sum": f"survey:{n}" for n in SURVEY}}
        columns |= {rename.get(name, name): kept.sums[:, r, i] for i, name in enumerate(SUMS) if name != "living_sum" and _matters(society, r, name)}
        columns |= {name: kept.daily[:, r, row] for row, name in measure_names(society, r)}
        columns |= force[r]
        names = list(columns)
        parts.append(pl.DataFrame({
            "day": np.tile(np.arange(days, dtype=np.int32), len(names)),
            "regime": pl.Series([regime]).new_from_index(0, days * len(names)),
            "measure": pl.Series(names).gather(np.repeat(np.arange(len(names)), days)),
            "value": np.concatenate([np.asarray(columns[n], np.int64) for n in names])}))
    whole = pl.concat(parts)
    return whole.with_columns(date=dates.gather(whole["day"])).select("day", "date", "regime", "measure", "value")


def _matters(society: Society, r: int, name: str) -> bool:
    regime = society.regimes[society.names[r]]
    if not society.counted(r)[1][SUMS.index(name)]:
        return False
    scored = regime.watches and (regime.kind == "points" or not name.startswith(("score", "lawful", "blamed")))
    return scored or not (name.startswith(("score", "seen_")) or name == "covered_sum" and regime.help is None)


def groups(society: Society, kept: Kept, force: dict[int, np.ndarray]) -> pl.DataFrame:
    """One row a month, regime, grouping, group and measure: sums over the month. `people` counts person-days."""
    months = len(kept.months)
    parts = []
    for r, regime in enumerate(society.names):
        names = measure_names(society, r)
        cells = kept.monthly[:, r, [row for row, _ in names]].reshape(months, len(names), *SHAPE)
        extra = force[r].reshape(months, -1, *SHAPE)
        labels = [name for _, name in names] + ["people", *in_force_names(society, r)]
        cells = np.concatenate([cells, extra], 1)
        for axis, (grouping, groups_) in enumerate(GROUPINGS.items()):
            table = cells.sum(axis=tuple(2 + a for a in range(5) if a != axis))  # months, measures, groups
            m, k, g = (x.ravel() for x in np.indices(table.shape))
            parts.append(pl.DataFrame({
                "month": pl.Series(kept.months).gather(m), "regime": pl.Series([regime]).new_from_index(0, m.size),
                "grouping": pl.Series([grouping]).new_from_index(0, m.size), "group": pl.Series(list(groups_)).gather(g),
                "measure": pl.Series(labels).gather(k), "value": table.ravel()}))
    return pl.concat(parts)


def in_force_names(society: Society, r: int) -> list[str]:
    """The names of the day counts of consequences."""
    used = consequences(society.regimes[society.names[r]], society.regimes)
    return [f"{what}:{name}" for name in used for what in ("in_force", "clean", "false", "missed")]


class InForce:
    """Days in force, from the log of changes: which bits were on for whom, from which day to which.

    rows: (changes,) citizen, from day, to day, mask, clean mask, cause, act, in order of citizen and day.
    """

    def __init__(self, society: Society, kept: Kept, r: int):
        rows = np.concatenate(kept.changes[r]) if kept.changes[r] else np.zeros((0, 6), np.int32)
        order = np.lexsort((rows[:, 0], rows[:, 1]))
        self.start, self.slot, self.mask, self.clean, self.cause, self.act = (rows[order, i].astype(np.int64) for i in range(6))
        self.days = kept.daily.shape[0]
        end = np.full(len(rows), self.days, np.int64)
        if len(rows):
            same = self.slot[1:] == self.slot[:-1]
            end[:-1][same] = self.start[1:][same]
        self.end = end
        used = consequences(society.regimes[society.names[r]], society.regimes)
        self.bits = {name: bit_of(name, society.scenario.catalogue) for name in used}
        self.penalty = {n for n in used if society.scenario.catalogue.consequences[n].kind == "penalty"}

    def on(self, name: str, what: str) -> np.ndarray:
        """Which rows have a consequence in force, in the clean account, falsely, or missed."""
        bit = np.int64(1 << self.bits[name])
        real, clean = (self.mask & bit) > 0, (self.clean & bit) > 0
        return {"in_force": real, "clean": clean, "false": real & ~clean, "missed": clean & ~real}[what]

    def by_day(self, name: str, what: str) -> np.ndarray:
        """How many had it, day by day: (days,) int64."""
        on = self.on(name, what)
        delta = np.bincount(self.start[on], minlength=self.days + 1) - np.bincount(self.end[on], minlength=self.days + 1)
        return np.cumsum(delta[: self.days])

    def days_between(self, first: int, last: int) -> np.ndarray:
        """How many days of each row fall into first..last-1."""
        return np.clip(np.minimum(self.end, last) - np.maximum(self.start, first), 0, None)


def month_edges(society: Society, kept: Kept) -> list[tuple[int, int]]:
    """The first day and the day after the last of each month of the run."""
    days, edges, first = kept.daily.shape[0], [], 0
    for d in range(1, days + 1):
        if d == days or (society.start + timedelta(days=d)).day == 1:
            edges.append((first, d))
            first = d
    return edges


def cells_at(society: Society, day: int) -> np.ndarray:
    """The cell of every citizen as counted in the month that holds this day: (citizens,) uint8."""
    c, w = society.state.columns, society.world
    age = day - c["birth"]
    band = (age >= w["adult_days"]).view(np.uint8) + (age >= w["middle_days"]) + (age >= w["old_days"])
    return (((band * np.uint8(2) + c["urban"]) * np.uint8(FIFTHS) + c["quintile"]) * np.uint8(2) + c["sex"]) * np.uint8(2) + c["group"]


def force_by_cell(society: Society, kept: Kept, forces: list[InForce]) -> dict[int, np.ndarray]:
    """Person-days and days in force by month and cell: (months, 1 + names, cells) a regime."""
    cells = int(np.prod(SHAPE))
    edges = month_edges(society, kept)
    out = {r: np.zeros((len(edges), 1 + len(in_force_names(society, r)), cells), np.int64) for r in range(len(society.names))}
    for m, (first, last) in enumerate(edges):
        cell = cells_at(society, first)
        people = np.bincount(cell[living(society.state.columns, first)], minlength=cells) * (last - first)
        for r, force in enumerate(forces):
            out[r][m, 0] = people
            span = force.days_between(first, last)
            live = span > 0
            at, weight = cell[force.slot[live]], span[live]
            k = 1
            for name in force.bits:
                for what in ("in_force", "clean", "false", "missed"):
                    on = force.on(name, what)[live]
                    out[r][m, k] = np.bincount(at[on], weight[on], cells).astype(np.int64)
                    k += 1
    return out


def spells(society: Society, kept: Kept, forces: list[InForce]) -> pl.DataFrame:
    """One row a spell of a consequence: from when to when, why, and how many of its days were false."""
    names = np.array(["", *society.kinds.names], object)
    parts = []
    for r, force in enumerate(forces):
        for name in force.bits:
            on = force.on(name, "in_force")
            index = np.flatnonzero(on)
            if not len(index):
                continue
            slot, start, end = force.slot[index], force.start[index], force.end[index]
            begins = np.ones(len(index), bool)
            begins[1:] = (slot[1:] != slot[:-1]) | (start[1:] != end[:-1])
            spell = np.cumsum(begins) - 1
            first = np.flatnonzero(begins)
            last = np.append(first[1:], len(index)) - 1
            false = force.on(name, "false")[index]
            false_days = np.bincount(spell, np.where(false, end - start, 0), len(first)).astype(np.int32)
            cause = np.zeros(len(first), np.int64)
            rows = np.flatnonzero(false)[::-1] if name in force.penalty else []
            cause[spell[rows]] = force.cause[index[rows]]  # backwards: what stays is the cause of the first false days
            act = force.act[index[first]] if name in force.penalty else np.zeros(len(first), np.int64)
            finish = pl.Series(end[last].astype(np.int32))
            parts.append(pl.DataFrame({
                "regime": pl.Series([society.names[r]]).new_from_index(0, len(first)), "citizen": slot[first],
                "consequence": pl.Series([name]).new_from_index(0, len(first)), "start": start[first].astype(np.int32),
                "end": finish.set(finish == force.days, None), "cause": pl.Series(list(CAUSES)).gather(cause),
                "act": pl.Series(names[act].tolist(), dtype=pl.String).replace("", None), "false_days": false_days}))
    if not parts:
        return pl.DataFrame(schema={"regime": pl.String, "citizen": pl.Int64, "consequence": pl.String, "start": pl.Int32, "end": pl.Int32, "cause": pl.String,
                                    "act": pl.String, "false_days": pl.Int32})
    return pl.concat(parts).sort(*ORDER["spells"])


def citizens(society: Society, kept: Kept, forces: list[InForce]) -> pl.DataFrame:
    """One row a citizen who lived in the year, regime and year-end; above a million citizens of some of them only (`lots.drawn`)."""
    parts, day = [], 0
    starts = [max(0, (date(year, 1, 1) - society.start).days) for year, _ in kept.years]
    for (year, columns), first in zip(kept.years, starts, strict=True):
        last = min(kept.daily.shape[0], (date(year + 1, 1, 1) - society.start).days)
        day = last - 1
        here = np.flatnonzero(seen(society, first, last)[society.state.kept])
        for r, regime in enumerate(society.names):
            parts.append(_year(society, forces[r], columns[r], regime, r, year, day, first, last, here))
    return pl.concat(parts, how="diagonal")


def _year(society, force, columns, regime, r, year, day, first, last, here) -> pl.DataFrame:
    """One regime's rows of the citizens table at one year-end. here: their places among those who will be in the table."""
    who, told = society.state.kept[here], {name: column[here] for name, column in society.told.items()}
    col = {name: column[..., here] for name, column in columns.items()}
    c = {f.name: society.state.columns[f.name][who] for f in society.engine.model.fields if not f.kind}
    spec = society.regimes[regime]
    n, seats = len(here), society.state.seat(force.slot - society.state.first)
    alive = living(c, month_of(society, day))
    say = lambda words, index: pl.Series(list(words)).gather(index.astype(np.int64))  # noqa: E731
    out = {"year": np.full(n, year, np.int32), "regime": pl.Series([regime]).new_from_index(0, n), "citizen": society.state.first + who,
           "household": society.homes_before + told["household"].astype(np.int64), "weight": np.full(n, 1 / society.in_table), "age": ((day - c["birth"]) / YEAR).astype(np.int32),
           "sex": say(SEX, c["sex"]), "residence": say(RESIDENCE, c["urban"]), "education": say(EDUCATION, told["education"]), "fifth": say(INCOME, c["quintile"]),
           "label": say(LABEL, c["group"]), "registered": say(REGISTERED, told["elsewhere"]), "living": alive,
           "work": say(WORK, col["job"]), "private_school": col["private"] > 0}
    if spec.kind == "points":
        ids = [g.id for g in spec.grades]
        covered, score = col["covered"], society.scores(r, col, day)
        hide = pl.Series(~covered)
        out["score"] = pl.Series(score.astype(np.int32)).set(hide, None)
        out["grade"] = say(ids, col["grade"]).set(hide, None)
        out["clean_grade"] = say(ids, col["clean_grade"]).set(hide, None)
        for name in ("profile", "kin", "stale"):
            out[f"{name}_points"] = col[name].astype(np.int32)
        out["lawful_lost"], out["unlawful_lost"] = col["lawful_lost"].astype(np.int32), col["unlawful_lost"].astype(np.int32)
    out |= {"income": np.where(alive, yearly_income(society, col, who), 0.0), "wealth": col["wealth"] / FEN, "debt": col["debt"] / FEN, "arrears": col["arrears"].astype(np.int32)}
    out |= {name: col[field] / 65535 for name, field in (("expression", "expression"), ("opinion", "opinion"), ("public_opinion", "public_view"), ("trust", "trust"))}
    out |= {name: col[name] for name in COUNTS if name in col}
    out |= {"aware": col["aware"] > 0, "conduct_bad": col["conduct_bad"] / 10, "conduct_good": col["conduct_good"] / 10}
    for k, channel in enumerate(society.kinds.known):
        often = col["year_times"][k] if k < len(CHANNELS) else 0
        out[f"acts.{channel}"] = (col["year_acts"][k] + often).astype(np.int32)
        if spec.watches:
            out |= {f"records.{channel}": col["year_records"][k], f"received.{channel}": col["year_received"][k], **({f"points.{channel}": col["year_points"][k]} if spec.kind == "points" else {})}
    if spec.help is not None:
        out |= {f"help.{name}": col[f"year_{name}"].astype(np.int32) for name in ("requests", "due", "helped", "wronged")}
    span = force.days_between(first, last)
    for name, bit in force.bits.items():
        for what, label in (("in_force", "days"), ("false", "false_days"), ("missed", "missed_days")):
            on = force.on(name, what)
            out[f"{label}.{name}"] = np.bincount(seats[on], span[on], 1 + len(society.state.kept))[1 + here].astype(np.int32)
        out |= {f"attempts.{name}": col["my_attempts"][bit], f"refused.{name}": col["my_refused"][bit], f"fen.{name}": col["my_fen"][bit]}
    return pl.DataFrame(out)


def month_of(society: Society, day: int) -> int:
    """The first day of the month that holds a day, or the first day of the run."""
    return max(0, day + 1 - (society.start + timedelta(days=day)).day)


def seen(society: Society, first: int, last: int) -> np.ndarray:
    """Who lived in some month of a year, first..last-1: (citizens,) bool."""
    c, days = society.state.columns, range(first, last)
    turns = {month_of(society, day) for day in days}
    return np.any([living(c, day) for day in sorted(turns)], axis=0)


def yearly_income(society: Society, col: dict[str, np.ndarray], who=slice(None)) -> np.ndarray:
    """Income in yuan a year at the rate of today, with today's job, of everybody or of some slots: (those,) float64."""
    w, c = society.world, society.state.columns
    level = np.array([1.0, float(w["job_benefit"]), 1.0, 1.0 + float(w["job_premium"])])
    then = np.where(col["job"] > 0, level[c["first_job"][who]], 1.0)
    return c["income"][who] * level[col["job"]] / then * 365 / FEN


def flows(society: Society, kept: Kept, forces: list[InForce]) -> pl.DataFrame:
    """From the channel and act that cost points to the domain of life where the penalty fell, by fifth of income."""
    parts = []
    rows = society.engine.model.measure_rows()
    cat = society.scenario.catalogue
    fifth = society.state.columns["quintile"]
    for r, regime in enumerate(society.names):
        if not society.regimes[regime].watches:
            continue
        lost = kept.monthly[:, r, rows["points"] : rows["points"] + len(society.kinds.names)].sum(0).reshape(-1, *SHAPE).sum(axis=(1, 2, 4, 5))
        for k, act in enumerate(society.kinds.names):
            if act not in cat.acts:
                continue
            for f, group in enumerate(INCOME):
                if lost[k, f] < 0:
                    parts.append((regime, cat.acts[act].channel, act, None, group, int(-lost[k, f]), 0, 0))
        force = forces[r]
        for name in force.penalty:
            index = np.flatnonzero(force.on(name, "in_force"))
            begins = np.ones(len(index), bool)
            begins[1:] = (force.slot[index[1:]] != force.slot[index[:-1]]) | (force.start[index[1:]] != force.end[index[:-1]])
            key = force.act[index] * FIFTHS + fifth[force.slot[index]]
            size = (len(society.kinds.names) + 1) * FIFTHS
            count = np.bincount(key[begins], minlength=size)
            days = np.bincount(key, (force.end - force.start)[index], size)
            for place in np.flatnonzero(days):
                act = society.kinds.names[place // FIFTHS - 1] if place >= FIFTHS else None
                channel = cat.acts[act].channel if act in cat.acts else None
                parts.append((regime, channel, act, cat.consequences[name].domain, INCOME[place % FIFTHS], 0, int(count[place]), int(days[place])))
    schema = {"regime": pl.String, "channel": pl.String, "act": pl.String, "domain": pl.String, "group": pl.String, "points_lost": pl.Int64, "spells": pl.Int64,
              "days": pl.Int64}
    frame = pl.DataFrame(parts, schema=schema, orient="row")
    keys = ["regime", "channel", "act", "domain", "group"]
    return frame.group_by(keys, maintain_order=True).sum().sort(keys, nulls_last=True)


def _news(regime: str, grades: list[str | None], force: InForce, name: str, day: int, rows: np.ndarray) -> list[tuple]:
    """The rows of the panel that tell of a new grade, or of what was refused or granted: one each time. grades: ids, the last that of none."""
    if name == "graded":
        return [(regime, slot, day, "grade", None, grades[now], 0, 0, grades[before]) for slot, now, before in rows.tolist()]
    known, out = {bit: each for each, bit in force.bits.items()}, []
    for slot, bit, times in rows.tolist():
        if bit in known:
            out += [(regime, slot, day, "refused" if known[bit] in force.penalty else "granted", None, known[bit], 0, 0, None)] * times
    return out


def panel(society: Society, kept: Kept, forces: list[InForce]) -> pl.DataFrame:
    """Every event of the followed citizens, under every regime."""
    names = society.kinds.names
    followed = society.state.first + np.flatnonzero(society.state.columns["followed"])
    out = []
    for r, regime in enumerate(society.names):
        told, force = society.regimes[regime].points, forces[r]
        grades = [*(grade.id for grade in society.regimes[regime].grades), None]
        fates = {(day, int(s)): int(o) for name, day, rows in kept.panel[r] if name == "watched" for s, _, o in rows[:, :3]}
        moved = {(name, day, int(s)): int(p) for name, day, rows in kept.panel[r] if name.startswith("moved") for s, p in rows[:, :2]}
        for name, day, rows in kept.panel[r]:
            out += _news(regime, grades, force, name, day, rows) if name in NEWS else []
            for slot, kind in rows[:, :2].tolist() if not name.startswith("moved") and name not in NEWS else ():
                act, rule = names[kind], int(at(told.get(names[kind]), society.start + timedelta(days=day)))
                if name == "happened" and society.kinds.classes[kind] != FALSE:
                    event = "attempt" if act in ATTEMPTS else "act"
                    outcome = ("missed", "recorded", "pinned on somebody else")[fates[day, slot]] if (day, slot) in fates and event == "act" else None
                    points = (moved.get(("moved_own", day, slot), 0), rule) if outcome == "recorded" else (0, 0)
                    out.append((regime, slot, day, event, act, outcome, *points, None))
                elif name == "invented":
                    out.append((regime, slot, day, "false_record", act, None, moved.get(("moved_made_up", day, slot), 0), rule, None))
                elif name == "received":
                    out.append((regime, slot, day, "received_record", act, "another's", moved.get(("moved_got", day, slot), 0), rule, None))
        mine = np.flatnonzero(np.isin(force.slot, followed))
        for i in mine.tolist():
            before = force.mask[i - 1] if i and force.slot[i - 1] == force.slot[i] else 0
            for name, bit in force.bits.items():
                was, now = before >> bit & 1, force.mask[i] >> bit & 1
                if was != now:
                    out.append((regime, int(force.slot[i]), int(force.start[i]), "begins" if now else "ends", None, name, 0, 0, CAUSES[force.cause[i]]))
    schema = {"regime": pl.String, "citizen": pl.Int64, "day": pl.Int32, "event": pl.String, "act": pl.String, "outcome": pl.String, "points": pl.Int32, "rule_points": pl.Int32, "note": pl.String}
    return pl.DataFrame(out, schema=schema, orient="row").sort(*ORDER["panel"], nulls_last=True, maintain_order=True)
