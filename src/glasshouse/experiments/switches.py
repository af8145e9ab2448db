"""Switches on which studies disagree, each setting beside the others: the same people with the same luck, and no mean of the settings.

    python -m glasshouse.experiments.switches          the table of docs/experiments.md: some minutes
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from glasshouse.audits.paired import Mean, mean_of
from glasshouse.experiments.simulate import simulate
from glasshouse.scenarios import load
from glasshouse.store import Run

REGIME = "essay"
"""A score that others see, under which friends talk and some are punished."""
DAYS, YEAR = 730, 365


@dataclass(frozen=True)
class Switch:
    """A number of which each setting is one side of a disagreement.

    Fields:
        key: its path.
        settings: each value and what it stands for.
        outcomes: what is measured of each setting's run, by name: each a number.
    """

    key: str
    settings: dict[int, str]
    outcomes: dict[str, Callable[[Run], float]]


@dataclass(frozen=True)
class Row:
    """One setting of a switch and one outcome under it."""

    switch: str
    setting: int
    stands_for: str
    outcome: str
    simulated: Mean


def on_the_last_day(column: str, of: Callable[[pl.Expr], pl.Expr]) -> Callable[[Run], float]:
    """A number of one column of those who live on the last day."""
    last = pl.col("living") & (pl.col("year") == pl.col("year").max())
    return lambda run: float(run.citizens.filter(last).select(of(pl.col(column))).item())


def in_the_last_year(run: Run, measure: str) -> int:
    """A measure of the daily table, added up over the last 365 days."""
    late = (pl.col("day") >= run.summary["run"]["days"] - YEAR) & (pl.col("measure") == measure)
    return int(run.daily.filter(late)["value"].sum())


def a_head(measure: str) -> Callable[[Run], float]:
    """How often something is done in a year, by a person who lives."""
    return lambda run: YEAR * in_the_last_year(run, measure) / in_the_last_year(run, "people")


def saying_so(answer: str) -> Callable[[Run], float]:
    """The share of those asked who say so."""
    return lambda run: in_the_last_year(run, f"survey:{answer}") / in_the_last_year(run, "survey:asked")


SWITCHES = (
    Switch(
        "responses.trust.sign",
        {-1: "visible scores lower trust (Genevsky 2025)", 0: "they do nothing to it", 1: "they raise it (Wu, Sesame scores)"},
        {
            "trust in others, 0 to 1": on_the_last_day("trust", pl.Expr.mean),
            "say that most people can be trusted": saying_so("trusting"),
            "help for neighbours, times a head and year": a_head("acts:helps_neighbour"),
        },
    ),
    Switch(
        "responses.opinion.updating",
        {0: "averaging (DeGroot)", 1: "with a pull back to one's own view (Friedkin and Johnsen)", 2: "the same, hearing only near views (bounded confidence)"},
        {
            "spread of private approval": on_the_last_day("opinion", pl.Expr.std),
            "mean private approval": on_the_last_day("opinion", pl.Expr.mean),
            "approve, asked directly": saying_so("approve_directly"),
        },
    ),
)  # fmt: skip
"""The switches that the catalogue of responses calls so."""


def switches(
    citizens: int = 10_000,
    seeds: Iterable[int] = range(1, 11),
    days: int = DAYS,
    share: Callable[[Callable[[Any], Any], Sequence[Any]], list[Any]] = lambda work, jobs: [work(job) for job in jobs],
) -> list[Row]:
    """Runs every setting of every switch, everything else as it ships.

    Args:
        citizens: people of each run.
        seeds: one run a setting each.
        days: how long; at least a year.
        share: what a function gives for each of some jobs, in their order; one after the other by default.

    Returns:
        A row a switch, setting and outcome: the mean over seeds with its 95 % interval (with fewer than ten seeds, the range).
    """
    seeds = tuple(seeds)
    sides = [(switch, setting) for switch in SWITCHES for setting in switch.settings]

    def outcomes(job: tuple[Switch, int, int]) -> dict[str, float]:
        switch, setting, seed = job
        run = simulate(load(REGIME).with_(regimes=[REGIME], citizens=citizens, days=days, seed=seed, set={switch.key: setting}), threads=1)
        return {name: of(run) for name, of in switch.outcomes.items()}

    found = iter(share(outcomes, [(*side, seed) for side in sides for seed in seeds]))
    rows = []
    for switch, setting in sides:
        runs = [next(found) for _ in seeds]
        rows += [Row(switch.key, setting, switch.settings[setting], name, mean_of([run[name] for run in runs])) for name in switch.outcomes]
    return rows


def table(rows: Iterable[Row]) -> str:
    """Rows as the table of docs/experiments.md."""
    lines = ["| switch | setting | outcome | simulated |", "|---|---|---|---|"]
    for row in rows:
        found = row.simulated
        lines.append(f"| `{row.switch}` | {row.setting}: {row.stands_for} | {row.outcome} | {found.mean:.4f} ({found.low:.4f} to {found.high:.4f}) |".replace(" -1:", " −1:"))
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m glasshouse.experiments.switches", description="Each setting of the switches beside the others.")
    parser.add_argument("--citizens", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, default=10)
    asked = parser.parse_args(argv)
    print(table(switches(asked.citizens, range(1, asked.seeds + 1))))


if __name__ == "__main__":
    main()
