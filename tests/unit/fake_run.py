"""A small invented run with the tables of a real one, in which every total agrees with every other. It needs no engine."""

from __future__ import annotations

import copy
import functools
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl

START = date(2019, 1, 1)
GRADES = ("D", "C", "B", "A", "AA", "AAA")
CUTS = np.array([600, 850, 960, 1030, 1050])
PENALTIES = {"flight_ban": ("D",), "slow_internet": ("D", "C"), "hotel_ban": ("D",)}
REWARDS = {"loan_access": ("AA", "AAA"), "trip_discount": ("AAA",)}
CHANNELS = ("commerce", "payments", "social", "browsing", "location", "civic")
ACTS = {"repays_late": "payments", "posts_criticism": "social", "speeds": "civic", "volunteers": "civic"}
CAUSES = ("record", "stale", "kin", "inference", "several")
GROUPS = {
    "age": ["0-17", "18-39", "40-59", "60+"],
    "residence": ["rural", "urban"],
    "sex": ["male", "female"],
    "label": ["0", "1"],
    "income": ["low", "lower_middle", "middle", "upper_middle", "high"],
}
SCENARIO = """
id = "essay"
[consequences.flight_ban]
title = "boarding is refused"
[consequences.slow_internet]
title = "a slow line"
[consequences.hotel_ban]
title = "star hotels refuse"
[consequences.loan_access]
title = "loans are easier"
[consequences.trip_discount]
title = "trips cost less"
[acts.repays_late]
title = "pays a loan instalment late"
[acts.posts_criticism]
title = "posts criticism of the authorities"
[acts.speeds]
title = "drives too fast"
[acts.volunteers]
title = "volunteers"
good = true
"""


class Society:
    """The citizens, and month by month what befalls each under one regime."""

    def __init__(self, n: int, days: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.n, self.days = n, days
        self.age = rng.integers(0, 90, n)
        self.group = {
            "age": np.digitize(self.age, [18, 40, 60]),
            "residence": (rng.random(n) < 0.64).astype(int),
            "sex": rng.integers(0, 2, n),
            "label": (rng.random(n) < 0.09).astype(int),
            "income": rng.integers(0, 5, n),
        }
        self.daily_income = (np.array([20, 40, 70, 110, 220])[self.group["income"]] * 100 * rng.lognormal(0, 0.2, n)).astype(np.int64)
        self.badness, self.goodness = rng.gamma(0.6, 1.5, n), rng.gamma(0.8, 1.0, n)
        self.noise = rng.normal(0, 30, n)
        self.view = rng.beta(6, 3, n)
        dates = [START + timedelta(d) for d in range(days)]
        self.dates, self.months = dates, sorted({f"{d:%Y-%m}" for d in dates})
        self.month_of = np.array([self.months.index(f"{d:%Y-%m}") for d in dates])
        self.lengths = np.bincount(self.month_of)

    def month(self, regime: str, month: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Measure -> a number a citizen for each day of the month ("stock") or for the whole month ("flow:" before its name)."""
        n, first = self.n, next((i for i, m in enumerate(self.months) if m >= "2020-01"), len(self.months))
        on = regime not in ("none", "lottery") and month >= first
        lot = regime == "lottery" and month >= first
        told = regime != "none" and month >= first
        adult = self.age >= 18
        effect = 0.02 * min(month - first + 1, 12) if told else 0.0
        bad, good = rng.poisson(self.badness * (1 - effect)), rng.poisson(self.goodness * (1 + effect))
        out: dict[str, np.ndarray] = {"people": np.ones(n, int), "covered": (adult & on).astype(int), "flow:bad": bad, "flow:good": good}
        clean = (1000 + 25 * self.goodness - 110 * self.badness * min(month - first + 1, 12) / 12).astype(int)
        out["score"] = np.clip(clean + self.noise * on, 0, 1300).astype(int)
        grade, clean_grade = np.digitize(out["score"], CUTS), np.digitize(clean, CUTS)
        out["grade_number"], out["clean_number"] = np.where(on & adult, grade, -1), np.where(on & adult, clean_grade, -1)
        for at, name in enumerate(GRADES if regime not in ("none", "lottery") else ()):
            out[f"grade:{name}"] = (out["grade_number"] == at).astype(int)
        for which, given in (("penalty", PENALTIES), ("reward", REWARDS)):
            for name, grades in given.items() if regime != "none" else ():
                wanted = [GRADES.index(g) for g in grades]
                force = np.isin(out["grade_number"], wanted) if not lot else adult & (rng.random(n) < 0.05)
                pure = np.isin(out["clean_number"], wanted)
                out[f"in_force:{name}"], out[f"clean:{name}"] = force.astype(int), pure.astype(int)
                out[f"false:{name}"], out[f"missed:{name}"] = (force & ~pure).astype(int), (~force & pure).astype(int)
                tries = rng.poisson(0.4, n) * force
                out[f"flow:attempts:{name}"], out[f"flow:refused:{name}"] = tries, rng.binomial(tries, 0.9)
                out[f"flow:fen:{name}"] = out[f"flow:refused:{name}"] * (85_000 if which == "penalty" else 12_000)
        lost = sum((out.get(f"flow:fen:{p}", 0) for p in PENALTIES), np.zeros(n, int))
        out["flow:income"] = np.maximum(self.daily_income * self.lengths[month] - lost, 0)
        out["expression_sum"] = (65535 * np.clip(1 - 2 * effect * adult - 0.1 * self.view, 0, 1)).astype(int)
        out["opinion_sum"] = (65535 * self.view).astype(int)
        out["public_sum"] = (65535 * np.clip(self.view + effect, 0, 1)).astype(int)
        out["flow:trips"], out["aware"] = rng.poisson(0.25, n), (adult & (rng.random(n) < 3 * effect)).astype(int)
        for at, (act, _channel) in enumerate(ACTS.items()):
            done = good if act == "volunteers" else rng.binomial(bad, 0.3)
            own = rng.binomial(done, 0.8) * on
            out |= {f"flow:acts:{act}": done, f"flow:own:{act}": own, f"flow:sent:{act}": rng.binomial(done - own, 0.1) * on}
            out |= {f"flow:received:{act}": out[f"flow:sent:{act}"], f"flow:false_record:{act}": rng.poisson(0.004, n) * on}
            out[f"flow:points:{act}"] = (own + out[f"flow:received:{act}"]) * (10 if act == "volunteers" else -20 - 5 * at)
        return out


def fake_run(n: int = 800, days: int = 500, regimes: tuple[str, ...] = ("none", "essay"), seed: int = 1, **texts: str) -> SimpleNamespace:
    """A run of `n` people over `days` days; `texts` may replace the scenario's title, summary or question.

    Changing what it holds changes no other run.
    """
    made = _made(n, days, regimes, seed)
    run = SimpleNamespace(**vars(made) | {name: copy.deepcopy(getattr(made, name)) for name in ("summary", "what", "how", "ranges")})
    run.what["texts"]["scenario"] |= texts
    return run


@functools.cache
def _made(n: int, days: int, regimes: tuple[str, ...], seed: int) -> SimpleNamespace:
    society = Society(n, days, seed)
    daily: list[pl.DataFrame] = []
    groups: list[dict[str, Any]] = []
    citizens: list[pl.DataFrame] = []
    summary: dict[str, Any] = {}
    for regime in regimes:
        rng = np.random.default_rng([seed, 7])  # the same luck for each regime
        months = [society.month(regime, month, rng) for month in range(len(society.months))]
        daily.append(_daily(society, regime, months))
        groups += [row for at, month in enumerate(months) for row in _groups(society, regime, at, month)]
        years = sorted({m[:4] for m in society.months})
        citizens += [_citizens(society, regime, year, months) for year in years]
        summary[regime] = _summary(society, regime, months)
    run = {
        "id": "essay",
        "scenario": "essay",
        "citizens": n,
        "days": days,
        "seed": seed,
        "start": "2019-01-01",
        "version": "0.1.0",
        "digest": "0f" * 32,
    }
    title = {
        "title": "The system of the essay",
        "summary": "An invented society lives three years.",
        "question": "What would it do to people?",
    }
    claim = {"text": "Everybody has one score.", "verdict": "not", "source": "Daum, Getting Rongcheng Right."}
    worded = {r: {"title": f"Regime {r}", "summary": f"What {r} is.", "claims": [claim] if r == "essay" else []} for r in regimes}
    return SimpleNamespace(
        folder=None,
        summary={"run": run, "regimes": summary, "timing": {"report_s": 1.0}, "folder": "/nowhere"},
        what={"texts": {"scenario": title, "regimes": worded}},
        how={},
        scenario_toml=SCENARIO,
        daily=pl.concat(daily),
        groups=pl.DataFrame(groups, schema_overrides={"value": pl.Int64}),
        citizens=pl.concat(citizens, how="diagonal"),
        margins=_margins(),
        ledger=_ledger(),
        ranges=_ranges(),
        flows=pl.DataFrame(schema={"regime": pl.String, "channel": pl.String, "act": pl.String, "points_lost": pl.Int64}),
        spells=pl.DataFrame(schema={"regime": pl.String, "citizen": pl.Int64}),
        panel=pl.DataFrame(schema={"regime": pl.String}),
    )


def _daily(society: Society, regime: str, months: list[dict[str, np.ndarray]]) -> pl.DataFrame:
    names, values, days = [], [], []
    for day in range(society.days):
        month = society.month_of[day]
        length, first = int(society.lengths[month]), int(np.flatnonzero(society.month_of == month)[0])
        for name, each in months[month].items():
            if name in ("score", "grade_number", "clean_number", "flow:bad", "flow:good"):
                continue
            total = int(each.sum())
            if name.startswith("flow:"):  # the month's total, spread over its days
                total = total // length + (day - first < total % length)
            names.append(name.removeprefix("flow:"))
            values.append(total)
            days.append(day)
    frame = pl.DataFrame({"day": pl.Series(days, dtype=pl.Int32), "regime": [regime] * len(days), "measure": names, "value": values})
    return frame.with_columns(date=pl.lit(START) + pl.duration(days=pl.col("day")))


def _groups(society: Society, regime: str, month: int, values: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    rows = []
    length = int(society.lengths[month])
    for grouping, labels in GROUPS.items():
        for name, each in values.items():
            if name in ("score", "grade_number", "clean_number", "flow:bad", "flow:good"):
                continue
            sums = np.bincount(society.group[grouping], each, minlength=len(labels)) * (1 if name.startswith("flow:") else length)
            rows += [
                {
                    "month": society.months[month],
                    "regime": regime,
                    "grouping": grouping,
                    "group": label,
                    "measure": name.removeprefix("flow:"),
                    "value": int(total),
                }
                for label, total in zip(labels, sums, strict=True)
            ]
    return rows


def _citizens(society: Society, regime: str, year: str, months: list[dict[str, np.ndarray]]) -> pl.DataFrame:
    inside = [values for name, values in zip(society.months, months, strict=True) if name.startswith(year)]
    last, n = inside[-1], society.n
    names = np.array([*GRADES, None], dtype=object)
    columns: dict[str, Any] = {
        "year": [int(year)] * n,
        "regime": [regime] * n,
        "citizen": np.arange(n),
        "household": np.arange(n) // 3,
        "weight": np.ones(n),
        "age": society.age,
        **{
            name: [GROUPS[name if name != "fifth" else "income"][g] for g in society.group[name if name != "fifth" else "income"]]
            for name in ("sex", "residence", "fifth", "label")
        },
        "score": pl.Series(np.where(last["grade_number"] >= 0, last["score"], -1), dtype=pl.Int64).replace(-1, None),
        "grade": pl.Series(list(names[last["grade_number"]]), dtype=pl.String),
        "clean_grade": pl.Series(list(names[last["clean_number"]]), dtype=pl.String),
        "conduct_bad": sum(v["flow:bad"] for v in inside),
        "conduct_good": sum(v["flow:good"] for v in inside),
        "income": sum(v["flow:income"] for v in inside) / 100,
        "expression": last["expression_sum"] / 65535,
        "aware": last["aware"],
    }
    return pl.DataFrame(columns)


def _summary(society: Society, regime: str, months: list[dict[str, np.ndarray]]) -> dict[str, Any]:
    def total(name: str) -> int:
        if f"flow:{name}" in months[0]:
            return int(sum(m[f"flow:{name}"].sum() for m in months))
        return int(sum(m[name].sum() * length for m, length in zip(months, society.lengths, strict=True))) if name in months[0] else 0

    def consequence(name: str, done: str) -> dict[str, int]:
        ever = np.any([m[f"in_force:{name}"] for m in months], axis=0) if regime != "none" else np.zeros(1)
        return {
            "citizens_ever": int(ever.sum()),
            "citizen_days": total(f"in_force:{name}"),
            "attempts": total(f"attempts:{name}"),
            done: total(f"refused:{name}"),
            "fen": total(f"fen:{name}"),
        }

    last, people = months[-1], society.n
    covered, force = int(last["covered"].sum()), sum(total(f"in_force:{p}") for p in PENALTIES)
    due = sum(total(f"clean:{p}") for p in PENALTIES)
    graded = regime not in ("none", "lottery") and covered > 0
    income = sum(m["flow:income"].sum() for m in months) / people / society.days * 365 / 100
    channels = {c: [a for a, channel in ACTS.items() if channel == c] for c in CHANNELS}
    return {
        "digest": "ab" * 32,
        "covered": covered,
        "score": {"mean": float(last["score"].mean()), "sd": float(last["score"].std()), "quantiles": {"p05": 700, "p50": 990, "p95": 1080}}
        if graded
        else None,
        "grades": {g: float(last[f"grade:{g}"].sum() / covered) for g in GRADES} if graded else {},
        "penalties": {p: consequence(p, "refused") for p in PENALTIES} if regime != "none" else {},
        "rewards": {r: consequence(r, "granted") for r in REWARDS} if regime != "none" else {},
        "channels": {
            c: {
                "acts": sum(total(f"acts:{a}") for a in acts),
                "records": sum(total(f"own:{a}") + total(f"received:{a}") + total(f"false_record:{a}") for a in acts),
                "missed": sum(total(f"acts:{a}") - total(f"own:{a}") - total(f"sent:{a}") for a in acts),
                "false": sum(total(f"false_record:{a}") for a in acts),
                "misattributed": sum(total(f"sent:{a}") for a in acts),
            }
            for c, acts in channels.items()
        }
        if graded
        else {},
        "life": {
            "income_mean": income,
            "income_gini": 0.41,
            "wealth_mean": 80_000.0,
            "wealth_gini": 0.6,
            "debt_mean": 9_000.0,
            "trips": total("trips"),
            "expression_mean": float(last["expression_sum"].mean() / 65535),
            "opinion_mean": float(last["opinion_sum"].mean() / 65535),
            "public_opinion_mean": float(last["public_sum"].mean() / 65535),
            "opinion_effective_number": 8.25,
            "aware": float(last["aware"].mean()),
            "defaults": 17 if regime == "none" else 16,
            "jobless": 0.05,
        },
        "wrong": {
            "false_penalty_share": sum(total(f"false:{p}") for p in PENALTIES) / force if force else None,
            "missed_share": sum(total(f"missed:{p}") for p in PENALTIES) / due if due else None,
            "by_cause": dict(zip(CAUSES, (0.5, 0.1, 0.1, 0.25, 0.05), strict=True))
            if force and regime != "lottery"
            else dict.fromkeys(CAUSES),
            "lawful_share": 0.31 if force else None,
            "disproportion": 1.7 if force else None,
        },
    }


def _margins() -> pl.DataFrame:
    row = {
        "margin": "age and sex",
        "category": "0-4, male",
        "unit": "% of residents",
        "published": 2.9,
        "drawn": 3.1,
        "z": 1.4,
        "source": "Census yearbook 2020.",
        "status": "assumed",
        "year": 2020,
        "recalled": True,
    }
    other = row | {
        "margin": "residence",
        "category": "urban",
        "published": 63.89,
        "drawn": 63.5,
        "z": -0.4,
        "status": "measured",
        "recalled": False,
    }
    empty = row | {"margin": "services", "category": "shops", "drawn": None, "z": None, "status": "derived", "recalled": False}
    return pl.DataFrame([row, other, empty])


def _ledger() -> pl.DataFrame:
    row = {
        "key": "responses.chilling.size",
        "unit": "share",
        "value": 0.2,
        "range_low": 0.0,
        "range_high": 0.5,
        "status": "assumed",
        "source": "No figure was found.",
        "recalled": False,
        "about": "Share of what one would say that those who know leave unsaid.",
    }
    seen = row | {"key": "watch.social.false", "about": "False records a year.", "value": 0.01, "range_high": 0.1}
    cut = row | {
        "key": "regime.essay.grades.D.from",
        "unit": "points",
        "value": 599.0,
        "range_low": 500.0,
        "range_high": 650.0,
        "source": "Rongcheng.",
        "recalled": True,
        "about": "Where grade D ends.",
    }
    law = row | {
        "key": "life.air.fare",
        "unit": "yuan",
        "value": 850.0,
        "range_low": None,
        "range_high": None,
        "status": "measured",
        "source": "Industry report.",
    }
    return pl.DataFrame([row, seen, cut, law])


def _ranges() -> dict[str, list[dict[str, Any]]]:
    moves = [
        ("watch.social.false", 0.0, 0.1, 0.02, 0.21),
        ("responses.chilling.size", 0.0, 0.5, 0.08, 0.11),
        ("regime.essay.grades.D.from", 500, 650, 0.07, 0.12),
    ]
    rows = [
        {"key": k, "low_value": a, "high_value": b, "at_low": x, "at_high": y, "base": 0.09, "unit": "share"} for k, a, b, x, y in moves
    ]
    return {"essay.wrong.false_penalty_share": rows}
