"""What a report reads of a run: small sums over its stored tables, never rows a person."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import polars as pl

from . import words

BASELINE = "none"
"""The regime that the others are set beside: the same people with the same luck, and no score."""
DAYS_A_YEAR = 365.0
FULL = 65535.0
"""Shares are summed in steps of 1/65535."""


class Data:
    """One run, read for the page. Sums are made once; `run` needs the attributes that store.Run has."""

    def __init__(self, run: Any) -> None:
        self.run = run
        self.what: dict[str, Any] = run.summary["run"]
        self.regimes: dict[str, dict[str, Any]] = {
            name: numbers | {"life": self._life(name, numbers)} for name, numbers in run.summary["regimes"].items()
        }
        self.texts: dict[str, Any] = (run.what or {}).get("texts") or {}
        self.scored: list[str] = [name for name in self.regimes if name != BASELINE]
        self.twin: str | None = BASELINE if BASELINE in self.regimes else None
        self.people: int = self.what.get("living", self.what["citizens"])
        self._sums: dict[str, dict[Any, int]] = {}
        self.start: str = str(self.what.get("start") or "")

    def _life(self, regime: str, numbers: dict[str, Any]) -> dict[str, Any]:
        """The summary's numbers of life, and mean conduct in the last year, which the table of people holds."""
        found = dict(numbers.get("life") or {})
        wanted = [name for name in ("conduct_bad", "conduct_good") if name in self.people_columns and f"{name}_mean" not in found]
        if self.last_year is None or not wanted:
            return found
        people = self.people_of(regime, [*wanted, "weight"])
        means = people.select((pl.col(name) * pl.col("weight")).sum() / pl.col("weight").sum() for name in wanted)
        return found | {f"{name}_mean": value for name, value in zip(wanted, means.row(0), strict=True) if people.height}

    # ---- names

    @cached_property
    def _scenario(self) -> dict[str, Any]:
        return tomllib.loads(self.run.scenario_toml or "")

    @cached_property
    def scenario_text(self) -> dict[str, Any]:
        """The scenario's title, summary and question, from the texts handed in or from the stored scenario."""
        return {key: self._scenario.get(key) or "" for key in ("title", "summary", "question")} | dict(self.texts.get("scenario") or {})

    def regime_text(self, regime: str) -> dict[str, Any]:
        """A regime's title, summary and claims; the id stands in for a title."""
        stored = self._scenario.get("regime", {}).get(regime, {})
        known = {key: stored[key] for key in ("title", "summary", "claims") if key in stored}
        return (
            {"title": words.plain(regime), "summary": "", "claims": []} | known | dict((self.texts.get("regimes") or {}).get(regime) or {})
        )

    def regime(self, regime: str) -> str:
        """What a regime is called on the page."""
        return "no score" if regime == BASELINE else self.regime_text(regime)["title"]

    def title(self, part: str, name: str) -> str:
        """The title of a consequence or an act as the stored scenario has it, else its id in words."""
        for table in (part, "frequent") if part == "acts" else (part,):
            entry = self._scenario.get(table, {}).get(name)
            if isinstance(entry, dict) and entry.get("title"):
                return words.capital(str(entry["title"]))
        return words.capital(words.plain(name))

    # ---- sums over days

    @cached_property
    def _daily(self) -> pl.DataFrame:
        """Sums by regime, measure and month."""
        month = (
            pl.col("date").cast(pl.String).str.slice(0, 7)
            if self._date_is_text
            else pl.col("date").dt.truncate("1mo").cast(pl.String).str.slice(0, 7)
        )
        return (
            self.run.daily.lazy()
            .with_columns(month=month)
            .group_by("regime", "measure", "month")
            .agg(pl.col("value").sum())
            .with_columns(pl.col("regime", "measure").cast(pl.String))
            .collect()
        )

    @cached_property
    def _date_is_text(self) -> bool:
        return self.run.daily.lazy().collect_schema()["date"] in (pl.String, pl.Categorical)

    @cached_property
    def _totals(self) -> dict[tuple[str, str], int]:
        sums = self._daily.group_by("regime", "measure").agg(pl.col("value").sum())
        return {(regime, measure): value for regime, measure, value in sums.iter_rows()}

    def total(self, regime: str, measure: str) -> int | None:
        """A measure's sum over all days, or None where the run has no such measure."""
        return self._totals.get((regime, measure))

    def measures(self, regime: str, prefix: str) -> list[str]:
        """What follows `prefix:` among a regime's measures, in order of the letters."""
        return sorted({m.split(":", 1)[1] for r, m in self._totals if r == regime and m.startswith(f"{prefix}:")})

    def monthly(self, regime: str, *measures: str) -> dict[str, int]:
        """Month -> the sum in it of the first of the measures that the run has."""
        measure = next((one for one in measures if (regime, one) in self._totals), measures[0])
        rows = self._daily.filter((pl.col("regime") == regime) & (pl.col("measure") == measure)).sort("month")
        return dict(rows.select("month", "value").iter_rows())

    def begins(self, regime: str) -> str | None:
        """The first month in which a regime covers anybody, or has anything in force; None where it never does."""
        kinds = ["covered", *(f"in_force:{name}" for name in self.measures(regime, "in_force"))]
        return min((month for kind in kinds for month, total in self.monthly(regime, kind).items() if total > 0), default=None)

    def days(self, regime: str, measures: Sequence[str], every: int = 7) -> pl.DataFrame:
        """Columns date, measure, value on every seventh day and the last."""
        wanted = pl.col("day").mod(every).eq(0) | pl.col("day").eq(self.what["days"] - 1)
        return (
            self.run.daily.lazy()
            .filter(wanted & (pl.col("regime").cast(pl.String) == regime) & pl.col("measure").cast(pl.String).is_in(list(measures)))
            .select(pl.col("date").cast(pl.String), pl.col("measure").cast(pl.String), "value")
            .sort("date", maintain_order=True)
            .collect()
        )

    # ---- sums over groups

    @cached_property
    def _groups(self) -> pl.DataFrame:
        named = pl.col("regime", "grouping", "group", "measure", "month").cast(pl.String)
        return self.run.groups.lazy().with_columns(named).collect()

    @cached_property
    def last_month(self) -> str | None:
        """The last month that the tables by group hold."""
        return self._groups["month"].max() if len(self._groups) else None  # type: ignore[return-value]

    def _sums_since(self, month: str) -> dict[tuple[str, str, str, str], int]:
        """Sums over the months from one on, by regime, grouping, measure and group."""
        if month not in self._sums:
            sums = (
                self._groups.filter(pl.col("month") >= month).group_by("regime", "grouping", "measure", "group").agg(pl.col("value").sum())
            )
            self._sums[month] = {tuple(key): value for *key, value in sums.iter_rows()}
        return self._sums[month]

    @cached_property
    def _group_names(self) -> dict[str, list[str]]:
        names: dict[str, set[str]] = {}
        for grouping, group in self._groups.select("grouping", "group").unique().iter_rows():
            names.setdefault(grouping, set()).add(group)
        return {grouping: sorted(found, key=lambda name: words.rank(grouping, name)) for grouping, found in names.items()}

    def groupings(self) -> list[str]:
        """The ways people are grouped, those that everybody has first."""
        known = [name for name in words.GROUPINGS if name in self._group_names]
        return known + sorted(set(self._group_names) - set(known))

    def groups(self, grouping: str) -> list[str]:
        """The groups of one kind, young before old, poor before rich."""
        return self._group_names.get(grouping, [])

    def by_group(self, regime: str, grouping: str, measure: str, since: str = "") -> dict[str, int] | None:
        """Group -> a measure's sum over the months from `since` on, or None where the run has no such measure by group."""
        sums = self._sums_since(since)
        found = {group: sums[key] for group in self.groups(grouping) if (key := (regime, grouping, measure, group)) in sums}
        return found or None

    # ---- people

    @cached_property
    def last_year(self) -> int | None:
        """The last year that has rows of people."""
        return self.run.citizens.lazy().select(pl.col("year").max()).collect().item()

    @cached_property
    def people_columns(self) -> set[str]:
        """The columns of the table of people."""
        return set(self.run.citizens.lazy().collect_schema().names())

    def people_of(self, regime: str, columns: Sequence[str]) -> pl.DataFrame:
        """Some columns of the table of people, of those alive at the end of the last year; for sums only, no row of it reaches the page."""
        alive = pl.col("living") if "living" in self.people_columns else pl.lit(True)
        return (
            self.run.citizens.lazy()
            .filter(pl.col("year").eq_missing(self.last_year) & (pl.col("regime").cast(pl.String) == regime) & alive)
            .select(columns)
            .collect()
        )

    @cached_property
    def grades(self) -> dict[str, list[str]]:
        """Regime -> its grades, the lowest first, as the summary has them."""
        return {regime: list(numbers.get("grades") or {}) for regime, numbers in self.regimes.items()}

    # ---- evidence

    @cached_property
    def ledger(self) -> list[dict[str, Any]]:
        """Every number that the run rests on, in order of its key."""
        return sorted(self.run.ledger.lazy().collect().iter_rows(named=True), key=lambda row: row["key"])

    @cached_property
    def ranges(self) -> dict[str, list[dict[str, Any]]]:
        """Headline -> how assumed numbers move it; empty where nobody worked it out."""
        held = getattr(self.run, "ranges", None)
        if held is None and getattr(self.run, "folder", None) is not None:
            file = self.run.folder / "ranges.json"
            held = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
        return held or {}
