"""Published experiments carried out on invented people: the effect as printed, and the one that the model gives.

Each is a scenario in data/trials/ and two arms, which differ in one number; the people and their luck are the same in both.

    python -m glasshouse.experiments.trials                      the table of docs/experiments.md: some minutes
    python -m glasshouse.experiments.trials penney --seeds 3     one of them
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from glasshouse.audits.paired import Mean, mean_of
from glasshouse.catalogue import catalogue
from glasshouse.errors import BadInput, nearest
from glasshouse.experiments.simulate import simulate
from glasshouse.scenarios import load
from glasshouse.store import Run

HERE = Path(__file__).parent / "data" / "trials"
TOLD = {"responses.awareness.spread": 0, "responses.awareness.taught": 0}
"""Who is told knows, and nobody else comes to know."""
KNOWN = {**TOLD, "regime.rule.awareness.start": 1}
"""Everybody knows from the first day."""
BEGINS = 31  # the day on which the one arm is told


@dataclass(frozen=True)
class Trial:
    """One published experiment.

    Fields:
        id: its short name, and that of its scenario.
        source: the study.
        says: the published effect, in words.
        published: the same as a relative change of the outcome, -1 or more; low and high: where two readings are possible.
        control, treated: the numbers that the arms set.
        outcome: what is measured of both arms' runs: the relative change.
        fixes: what of the parameters the figure fixes; cannot: what it cannot tell apart.
        beside: another outcome of the same runs, in words and as a relative change; the study printed no figure of it.
    """

    id: str
    source: str
    says: str
    published: float
    low: float
    high: float
    control: dict[str, float]
    treated: dict[str, float]
    outcome: Callable[[Run, Run], float]
    fixes: str
    cannot: str
    beside: tuple[str, Callable[[Run, Run], float]] | None = None


@dataclass(frozen=True)
class Result:
    """What a trial gave: each seed's relative change, and their mean with its 95 % interval (from ten seeds on; else the range)."""

    trial: Trial
    citizens: int
    effects: tuple[float, ...]
    mean: Mean
    beside: Mean | None = None


def acts_of(run: Run, act: str) -> pl.DataFrame:
    """Every time that a followed citizen did an act, from the run's panel: citizen and day."""
    return run.panel.filter((pl.col("event") == "act") & (pl.col("act") == act)).select("citizen", "day")


def change(control: float, treated: float) -> float:
    """The relative change of an outcome.

    >>> change(20.0, 16.0)
    -0.2
    """
    return (treated - control) / control


def times_done(act: str, first: int, last: int) -> Callable[[Run, Run], float]:
    """The change in how often an act is done between two days."""

    def outcome(control: Run, treated: Run) -> float:
        days = (pl.col("day") >= first) & (pl.col("day") < last) & (pl.col("measure") == f"acts:{act}")
        return change(*(float(run.daily.filter(days)["value"].sum()) for run in (control, treated)))

    return outcome


def people_who_did(act: str, first: int, last: int) -> Callable[[Run, Run], float]:
    """The change in how many of the followed do an act at least once between two days."""

    def outcome(control: Run, treated: Run) -> float:
        days = (pl.col("day") >= first) & (pl.col("day") < last)
        return change(*(float(acts_of(run, act).filter(days)["citizen"].n_unique()) for run in (control, treated)))

    return outcome


def times_after_the_first(act: str, days: int) -> Callable[[Run, Run], float]:
    """The change in how often an act is done within so many days of the first time, by those whose run leaves as many."""

    def outcome(control: Run, treated: Run) -> float:
        done = []
        for run in (control, treated):
            rows = acts_of(run, act)
            first = rows.group_by("citizen").agg(first=pl.col("day").min()).filter(pl.col("first") < run.summary["run"]["days"] - days)
            later = rows.join(first, on="citizen").filter((pl.col("day") > pl.col("first")) & (pl.col("day") <= pl.col("first") + days))
            done.append(len(later) / len(first))
        return change(*done)

    return outcome


def who_is_behind(small: bool) -> Callable[[Run, Run], float]:
    """The change in the share of debtors who are in arrears on the last day, of those with a small debt (life.naming.small) or a larger one."""

    def outcome(control: Run, treated: Run) -> float:
        line = float(catalogue().life.naming.small.value)
        owing = pl.col("living") & (pl.col("debt") > 0) & ((pl.col("debt") <= line) == small) & (pl.col("year") == pl.col("year").max())
        return change(*(float(run.citizens.filter(owing).select((pl.col("arrears") > 0).mean()).item()) for run in (control, treated)))

    return outcome


TRIALS = {
    trial.id: trial
    for trial in (
        Trial(
            "penney",
            "Penney 2016 (press on it; the abstract gives the sign and that it lasts)",
            "reading of sensitive articles -20 % once it was known to be watched",
            -0.20, -0.25, -0.05,  # searching for sensitive terms fell by some 5 % (Tucker), PEN's writers avoided topics in 16 to 25 % of cases
            {**TOLD, "regime.rule.awareness.start": 0},
            {**TOLD, "regime.rule.awareness.start": 1},
            times_done("searches_sensitive", BEGINS + 30, BEGINS + 150),
            "responses.chilling.size x families.curiosity.expression",
            "the two apart; compliance.base x families.curiosity.habit adds a few points that fade",
        ),
        Trial(
            "homonoff",
            "Homonoff, O'Brien & Sussman 2019 (NBER digest, over 400,000 borrowers)",
            "4 % fewer (0.7 points) had an account 30 or more days past due within a year",
            -0.04, -0.06, -0.02,
            {**TOLD, "regime.rule.awareness.start": 0},
            {**TOLD, "regime.rule.awareness.start": 1},
            people_who_did("repays_late", BEGINS, BEGINS + 365),
            "responses.compliance.base x families.credit.habit x how fresh a rule is over a year (speed, fade)",
            "the three apart; who read the message from who looked (32 against 24 %)",
        ),
        Trial(
            "bu_liao",
            "Bu & Liao (abstract, villages in China)",
            "the share who are late fell by 5.6 from 15.2 % once the names of the late were to be posted",
            -0.056 / 0.152, -0.40, -0.056,  # the abstract does not say points or per cent
            {**KNOWN, "regime.rule.consequences.name_publication.enforcement": 0},
            {**KNOWN, "regime.rule.consequences.name_publication.enforcement": 1},
            who_is_behind(small=True),
            "life.naming.settle beside the weeks until a debt is settled anyhow (life.loan.settled)",
            "the threat from the fact: here whoever is late once is named",
            ("debts above the line", who_is_behind(small=False)),
        ),
        Trial(
            "dusek_traxler",
            "Dusek & Traxler 2022 (abstract, over a million cars)",
            "the rate of speeding fell by a third after a ticket, that of new offences by 70 %",
            -1 / 3, -0.7, -1 / 3,
            {"acts.speeds.seen": 0},
            {"acts.speeds.seen": 1},
            times_after_the_first("speeds", 180),
            "responses.caught.size",
            "a lasting effect from one that ends after the two years observed",
        ),
    )
}  # fmt: skip
"""The published experiments that a response is set by."""


def trial(name: str, citizens: int | None = None, seeds: Iterable[int] = range(1, 11), numbers: dict[str, float] | None = None) -> Result:
    """Carries out a published experiment on invented people.

    Args:
        name: penney, homonoff, bu_liao or dusek_traxler.
        citizens: how many people, by default as its scenario says; where they are followed one by one, no more than its panel of them.
        seeds: one pair of runs each.
        numbers: parameters to set in both arms, by path, to see what the effect hangs on.

    Returns:
        The relative change of the outcome: each seed's, and their mean with its interval.

    Raises:
        BadInput: there is no such experiment.

    Example:
        >>> trial("penny", seeds=(1, 2))
        Traceback (most recent call last):
        glasshouse.errors.BadInput: there is no experiment `penny`; did you mean `penney`?
    """
    if name not in TRIALS:
        raise BadInput(f"there is no experiment `{name}`", hint=nearest(name, TRIALS))
    found = TRIALS[name]
    asked = load(HERE / f"{name}.toml")
    size = citizens or asked.citizens
    scenario = asked.with_(citizens=size, panel=min(size, asked.panel))
    arms = [{**(numbers or {}), **one} for one in (found.control, found.treated)]
    effects, beside = [], []
    for seed in seeds:
        pair = [simulate(scenario.with_(seed=seed, set=one)) for one in arms]
        effects.append(found.outcome(*pair))
        beside += [found.beside[1](*pair)] if found.beside else []
    return Result(found, size, tuple(effects), mean_of(effects), mean_of(beside) if beside else None)


def table(results: Iterable[Result]) -> str:
    """Results as the table of docs/experiments.md."""
    percent = lambda x: f"{100 * x:.1f} %".replace("-", "−")  # noqa: E731
    lines = ["| experiment | published | simulated | |", "|---|---|---|---|"]
    for r in results:
        seeds = f"{r.mean.kind}, {r.mean.seeds} seeds of {r.citizens:,}"
        reading = "" if r.trial.low == r.trial.high else f" ({percent(r.trial.low)} to {percent(r.trial.high)} by other readings)"
        lines.append(f"| {r.trial.id} | {percent(r.trial.published)}{reading} | {percent(r.mean.mean)} ({percent(r.mean.low)} to {percent(r.mean.high)}) | {seeds} |")
        if r.trial.beside and r.beside:
            lines.append(f"| {r.trial.id}, {r.trial.beside[0]} | | {percent(r.beside.mean)} ({percent(r.beside.low)} to {percent(r.beside.high)}) | {seeds} |")
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m glasshouse.experiments.trials", description="Published experiments on invented people.")
    parser.add_argument("names", nargs="*", default=[*TRIALS], help="which; all of them by default")
    parser.add_argument("--citizens", type=int, help="people of each run; as the scenarios say by default")
    parser.add_argument("--seeds", type=int, default=10, help="pairs of runs of each")
    asked = parser.parse_args(argv)
    print(table(trial(name, asked.citizens, range(1, asked.seeds + 1)) for name in asked.names))


if __name__ == "__main__":
    main()
