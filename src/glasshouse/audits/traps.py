"""traps: a penalty costs money, want of money brings breaches, breaches bring penalties. How much of the penalties is this loop?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from glasshouse.audits.asking import Audit, Counted, Found
from glasshouse.audits.counting import mean, share
from glasshouse.errors import BadInput
from glasshouse.store import Run, open_run
from glasshouse.store.folder import is_run

CUTS = {"refusals": "penalties that refuse nothing", "want": "want of money that moves no act", "both": "both"}
"""The links that are cut, each in a run of its own, and what is then so."""
SAME = ("scenario", "citizens", "days", "start", "seed")
"""What a run with a cut link has in common with the one that it is set beside."""


@dataclass(frozen=True, eq=False, repr=False)
class Beside(Run):
    """A run with those in which a link is cut: their rows stand in its tables under names of their own. Final."""

    cuts: dict[str, Run] = field(default_factory=dict)

    def part(self, name: str, columns: Iterable[str]) -> pl.DataFrame:
        """Some columns of one table, as of a run, and of those beside it."""
        wanted = [*columns]
        parts = {cut: run.part(name, wanted).with_columns(regime=pl.col("regime") + _mark(cut)) for cut, run in self.cuts.items()}
        return pl.concat([super().part(name, wanted), *parts.values()], how="diagonal_relaxed")


def cut_folder(run: Run, cut: str) -> Path | None:
    """Where the run with a cut link lies: beside the run itself; None for a run in memory."""
    return None if run.folder is None else run.folder.with_name(f"{run.folder.name}-without-{cut}")


def with_cuts(run: Run) -> Run:
    """A run, and beside it those in which a link is cut, where all of them are there.

    Raises:
        BadInput: one of them is of another question.
    """
    folders = {cut: cut_folder(run, cut) for cut in CUTS}
    if not all(folder is not None and is_run(folder) for folder in folders.values()):
        return run
    cuts = {cut: open_run(folder) for cut, folder in folders.items() if folder is not None}
    for other in cuts.values():
        for key in SAME:
            if other.summary["run"].get(key) != run.summary["run"].get(key):
                raise BadInput(f"this run stands for {run.folder} with a link cut, and is of another question: its {key} differs", file=other.folder)
    return Beside(run.folder, run.summary, run.scenario_toml, run.what, run.how, run.tables, run.files, cuts)


def of(run: Run, regime: str) -> Found:
    """What of the links is seen in the run alone, and what of the penalties vanishes with each."""
    penalties = [*run.summary["regimes"][regime]["penalties"]]
    if not penalties:
        return {}
    spells = run.spells.filter(pl.col("consequence").is_in(penalties))
    found: dict[str, float | Counted | None] = {"again: of penalties begun": _again(spells.filter(pl.col("regime") == regime)), **_links(run, regime, penalties)}
    names = [regime, *(regime + _mark(cut) for cut in CUTS)]
    days = _days(run.daily.filter(pl.col("regime").is_in(names)), penalties)
    if set(days) < set(names):
        return found
    begun = dict(spells.group_by("regime", maintain_order=True).len().iter_rows())
    for what, count in (("days", days), ("penalties", begun)):
        whole, refusals, want, both = (count.get(name, 0) for name in names)
        found[f"gone without refusals: of {what}"] = 1 - refusals / whole if whole else None
        found[f"gone without want: of {what}"] = 1 - want / whole if whole else None
        found[f"loop: of {what}"] = (whole - refusals - (want - both)) / whole if whole else None
    return found


def _again(spells: pl.DataFrame) -> Counted:
    """The share of penalties that began after the end of an earlier one of the same citizen."""
    ended = spells.group_by("citizen", maintain_order=True).agg(first_end=pl.col("end").min())
    begun = spells.join(ended, on="citizen", how="left")
    again = int((begun["start"] >= begun["first_end"]).sum())
    return Counted(share(again, spells.height), spells["citizen"].n_unique())


def _links(run: Run, regime: str, penalties: list[str]) -> dict[str, Counted]:
    """Savings and bad acts in the last year of those ever penalised, less those of their twins: weighted means."""
    first = next(iter(run.summary["regimes"]))
    days = pl.sum_horizontal(f"days.{name}" for name in penalties)
    last = run.citizens["year"].max()
    mine = run.citizens.filter((pl.col("regime") == regime) & pl.col("living"))
    hit = mine.group_by("citizen", maintain_order=True).agg(hit=days.sum() > 0).filter("hit").select("citizen")
    twin = run.citizens.filter((pl.col("regime") == first) & (pl.col("year") == last)).select("citizen", money="wealth", acts="conduct_bad")
    both = mine.filter(pl.col("year") == last).join(hit, on="citizen", how="semi").join(twin, on="citizen")
    gaps = {"money: savings of those ever penalised": ("wealth", "money"), "acts: gravity of those ever penalised": ("conduct_bad", "acts")}
    return {name: Counted(mean(both, pl.col(own) - pl.col(other)), both.height) for name, (own, other) in gaps.items()}


def _days(daily: pl.DataFrame, penalties: list[str]) -> dict[str, int]:
    """Penalty days of everybody, by regime."""
    days = pl.col("value").filter(pl.col("measure").is_in([f"in_force:{name}" for name in penalties]))
    return dict(daily.group_by("regime", maintain_order=True).agg(days.sum()).iter_rows())


def _mark(cut: str) -> str:
    return f" without {cut}"


TRAPS = Audit(
    name="traps",
    question="A penalty costs money, want of money brings breaches, breaches bring penalties: how many of the penalties does this loop explain?",
    definition="again: of the penalties begun, those of somebody for whom an earlier one had ended. money, acts: in the last year, savings and the gravity of bad acts of those ever penalised less those of their twins under the first regime. "
    "gone: the share that is gone in a run in which a link is cut, all else with the same luck: without refusals penalties stand, and refuse nothing and cost nothing; without want being short of money, in debt, in arrears or out of work makes no act more "
    "frequent, of anybody. loop: what is gone without refusals, less what is gone without them where want moves no act anyhow. If every penalty day leads to g further ones by way of money, g is this share. The three runs are carried out by "
    "glasshouse audit --run-cuts and stored beside the run; without them there is no gone and no loop.",
    unit={"money": "yuan", "acts": "gravity a year", "": "share"},
    direction={
        "again": "higher: more penalties fall on those who had one before", "money": "higher: the penalised have more than without the rule", "acts": "higher: the penalised do more that is bad than without the rule",
        "gone": "higher: more penalties need this link", "loop": "higher: more penalties come of earlier ones by way of money",
    },
    reads={"citizens": ("year", "weight", "living", "wealth", "conduct_bad", "days.*"), "spells": ("consequence", "start", "end"), "daily": ("measure", "value")},
    of=of,
)  # fmt: skip
