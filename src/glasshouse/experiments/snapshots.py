"""A society between two days, as plain arrays: taken at the end of a day, given back to one drawn anew from the same scenario.

Only what days have brought about is in a snapshot. People, rules, ties and seasons follow from the scenario and its seed, and are worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from glasshouse.engine.model import Field, Model, Step
from glasshouse.experiments.days import PANEL, Kept, Society
from glasshouse.experiments.followed import NEWS
from glasshouse.experiments.neighbours import counts_of
from glasshouse.store.checkpoint import DAMAGED

Arrays = Mapping[str, np.ndarray]
TURNED = ("fixed", "members")
"""Of a citizen's own, what the turn of a month changes (experiments/lives.py)."""
EVENTS = (*PANEL, *NEWS)
"""What is kept of the followed, in the order in which it is noted."""
NO_CUT = -(1 << 62)
"""Stands for a cut that was not set yet."""


class Unfit(ValueError):
    """A snapshot that is none of this society."""


class _Left:
    """What of a snapshot has not been taken yet. Arrays are looked up one at a time: those of a stored one are read only then."""

    def __init__(self, found: Arrays):
        self.found, self.names = found, set(found)

    def take(self, name: str, like: np.ndarray, rows: bool = False) -> np.ndarray:
        """One array, of the type and shape of another one, or with as many rows as it likes."""
        self.names.discard(name)
        try:
            column = self.found[name]
        except DAMAGED:
            raise Unfit(f"`{name}` is missing or damaged") from None
        if column.dtype != like.dtype or column.shape[rows:] != like.shape[rows:] or column.ndim != like.ndim:
            raise Unfit(f"`{name}` is of another shape")
        return column

    def number(self, name: str) -> int | None:
        """One number; None where it stands for nothing."""
        value = int(self.take(name, like=np.zeros(1, np.int64))[0])
        return None if value == NO_CUT else value


def carried(model: Model) -> list[Field]:
    """The fields that days change. What a citizen is drawn with is drawn again: a snapshot brings no people along."""
    written = {target for item in model.chain if isinstance(item, Step) for whole in item.writes for target in whole.split("|")}
    return [f for f in model.fields if f.kind or f.name in written or f.name in TURNED]


def take(society: Society, kept: Kept) -> dict[str, np.ndarray]:
    """Everything from which the remaining days of a run follow.

    Args:
        society: at the end of a day.
        kept: what its days left so far.

    Returns:
        Arrays of numbers by name. Many are the society's own: write or copy them before the next day.
    """
    state, stepper = society.state, society.stepper
    out = {f"column.{f.name}": state.columns[f.name] for f in carried(state.model)}
    out |= {"yesterday": state.yesterday, "published": stepper.published, "asked": society.asked, "counted": stepper.counted()}
    for r in range(state.regimes):
        out[f"pinned.{r}"] = society.pinned[r]
    for r, bank in society.banks.items():
        out |= {f"bank.{r}.sound": bank.sound, f"bank.{r}.failed": bank.failed, f"bank.{r}.cut": _number(bank.cut)}
        out[f"bank.{r}.cuts"] = np.array(bank.cuts, np.int64).reshape(-1, 2)
    for r, made in society.models.items():
        out |= {f"model.{r}.began": _number(made["began"]), f"model.{r}.cut": _number(made["cut"])}
        if made["table"] is not None:
            out |= {f"model.{r}.table": made["table"], f"model.{r}.on": _number(made["on"]), f"model.{r}.cases": _number(made["cases"])}
    return out | _of_kept(kept)


def give(society: Society, found: Arrays, cells: bool = True) -> Kept:
    """Brings a society that was just set up to where another one of the same scenario stood when a snapshot was taken.

    Args:
        society: no day of which has been stepped.
        found: what `take` returned.
        cells: as in `Society.run`.

    Returns:
        What the days that are over left: `Society.run` goes on with it.

    Raises:
        Unfit: the arrays are not those of such a society.
    """
    state, left = society.state, _Left(found)
    kept = _to_kept(society, left, cells)
    society.catch_up(kept.done - 1)
    for f in carried(state.model):
        column = left.take(f"column.{f.name}", like=state.columns[f.name])
        if f.high and column.size and column.max() > f.high:
            raise Unfit(f"`{f.name}` is larger than it can be")
        state.columns[f.name][...] = column
    society.asked[:] = left.take("asked", like=society.asked)
    state.yesterday[:] = left.take("yesterday", like=state.yesterday)
    society.stepper.go_on(left.take("published", like=society.stepper.published), left.take("counted", like=society.stepper.counted()))
    for r in range(state.regimes):
        society.pinned[r] = _slots(left.take(f"pinned.{r}", like=society.pinned[r][:0], rows=True), state.citizens)
    for r, bank in society.banks.items():
        bank.sound[:], bank.failed[:] = (left.take(f"bank.{r}.{name}", like=bank.sound) for name in ("sound", "failed"))
        bank.cut = left.number(f"bank.{r}.cut")
        bank.cuts = [(int(day), int(cut)) for day, cut in left.take(f"bank.{r}.cuts", like=np.zeros((0, 2), np.int64), rows=True)]
    for r in range(state.regimes):
        if f"model.{r}.began" in left.names:
            society.models[r] = _to_model(society, left, r)
    if left.names:
        raise Unfit(f"there is no place for `{min(left.names)}`")
    society.followed.look(society)
    return kept


def _to_model(society: Society, left: _Left, r: int) -> dict:
    made = {"began": left.number(f"model.{r}.began"), "cut": left.number(f"model.{r}.cut"), "table": None}
    if f"model.{r}.table" in left.names:
        like = society.rule["risk_table"][r].astype(np.int64)
        made |= {"table": left.take(f"model.{r}.table", like), "on": left.number(f"model.{r}.on"), "cases": left.number(f"model.{r}.cases")}
    return made


def _of_kept(kept: Kept) -> dict[str, np.ndarray]:
    """What the days left so far; of the tables by day and by month only the part that is filled."""
    out = {"done": _number(kept.done), "daily": kept.daily[: kept.done], "sums": kept.sums[: kept.done], "monthly": kept.monthly[: len(kept.months)]}
    for r in range(kept.daily.shape[1]):
        out[f"changes.{r}"] = np.concatenate(kept.changes[r]) if kept.changes[r] else np.zeros((0, 6), np.int32)
        for name in EVENTS:
            rows = [np.insert(rows, 0, day, axis=1) for what, day, rows in kept.panel[r] if what == name]
            out |= {f"panel.{r}.{name}": np.concatenate(rows)} if rows else {}
    for year, regimes in kept.years:
        out |= {f"year.{year}.{r}.{name}": column for r, columns in enumerate(regimes) for name, column in columns.items()}
    return out


def _to_kept(society: Society, left: _Left, cells: bool) -> Kept:
    kept, regimes = society.blank(cells), len(society.names)
    kept.done = left.number("done") or 0
    if not 1 <= kept.done <= society.scenario.days:
        raise Unfit("it is of a day that this run does not have")
    whole = society.month_of(kept.done) if kept.done < society.scenario.days else society.month_of(kept.done - 1) + 1
    for table, size, name in ((kept.daily, kept.done, "daily"), (kept.sums, kept.done, "sums"), (kept.monthly, min(whole, len(kept.monthly)), "monthly")):
        table[:size] = left.take(name, like=table[:size])
    first = society.start.year * 12 + society.start.month - 1
    kept.months = [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, first + whole)]
    kept.changes = [[left.take(f"changes.{r}", like=np.zeros((0, 6), np.int32), rows=True)] for r in range(regimes)]
    wide = {log.name: len(log.columns) for log in society.engine.logs} | NEWS
    kept.panel = [_to_panel(left, r, wide) for r in range(regimes)]
    columns = [society.shown(r) | dict.fromkeys(counts_of(society, r), np.zeros(len(society.state.kept), np.uint8)) for r in range(regimes)]
    for year in sorted({name.split(".")[1] for name in left.names if name.startswith("year.")}):
        kept.years.append((int(year), [{n: left.take(f"year.{year}.{r}.{n}", like=c) for n, c in columns[r].items()} for r in range(regimes)]))
    return kept


def _to_panel(left: _Left, r: int, wide: dict[str, int]) -> list[tuple[str, int, np.ndarray]]:
    """The panel's rows, day by day and within a day log by log, as they were noted."""
    found = []
    for name in EVENTS:
        if f"panel.{r}.{name}" in left.names:
            rows = left.take(f"panel.{r}.{name}", like=np.zeros((0, wide[name] + 1), np.int32), rows=True)
            days, at = np.unique(rows[:, 0], return_index=True)
            found += [(name, int(day), part[:, 1:]) for day, part in zip(days, np.split(rows, at[1:]), strict=True)]
    return sorted(found, key=lambda part: (part[1], EVENTS.index(part[0])))


def _number(value: int | None) -> np.ndarray:
    return np.array([NO_CUT if value is None else value], np.int64)


def _slots(column: np.ndarray, citizens: int) -> np.ndarray:
    if len(column) and not 0 <= column.min() <= column.max() < citizens:
        raise Unfit("it names citizens who are not there")
    return column
