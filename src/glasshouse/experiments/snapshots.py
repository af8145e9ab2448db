"""A society between two days, as plain arrays: taken at the end of a day, given back to one drawn anew from the same scenario.

Only what days have brought about is in a snapshot. People, rules, ties and seasons follow from the scenario and its seed, and are worked out again.
"""

from __future__ import annotations

import numpy as np

from glasshouse.experiments.days import PANEL, Kept, Society

Arrays = dict[str, np.ndarray]
NO_CUT = -(1 << 62)
"""Stands for a cut that was not set yet."""


class Unfit(ValueError):
    """A snapshot that is none of this society."""


def take(society: Society, kept: Kept) -> Arrays:
    """Everything from which the remaining days of a run follow.

    Args:
        society: at the end of a day.
        kept: what its days left so far.

    Returns:
        Arrays of numbers by name. Many are the society's own: write or copy them before the next day.
    """
    state, stepper = society.state, society.stepper
    out = {f"column.{name}": column for name, column in state.columns.items()}
    out |= {"yesterday": state.yesterday, "published": stepper.published, "counted": stepper.counted()}
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
    state, left = society.state, dict(found)
    kept = _to_kept(society, left, cells)
    society.catch_up(kept.done - 1)
    for f in state.model.fields:
        column = _take(left, f"column.{f.name}", like=state.columns[f.name])
        if f.high and column.size and column.max() > f.high:
            raise Unfit(f"`{f.name}` is larger than it can be")
        state.columns[f.name][...] = column
    state.yesterday[:] = _take(left, "yesterday", like=state.yesterday)
    society.stepper.go_on(_take(left, "published", like=society.stepper.published), _take(left, "counted", like=society.stepper.counted()))
    for r in range(state.regimes):
        society.pinned[r] = _slots(_take(left, f"pinned.{r}", like=society.pinned[r][:0], rows=True), state.citizens)
    for r, bank in society.banks.items():
        bank.sound[:], bank.failed[:] = (_take(left, f"bank.{r}.{name}", like=bank.sound) for name in ("sound", "failed"))
        bank.cut = _take_number(left, f"bank.{r}.cut")
        bank.cuts = [(int(day), int(cut)) for day, cut in _take(left, f"bank.{r}.cuts", like=np.zeros((0, 2), np.int64), rows=True)]
    for r in range(state.regimes):
        if f"model.{r}.began" in left:
            society.models[r] = _to_model(society, left, r)
    if left:
        raise Unfit(f"there is no place for `{min(left)}`")
    return kept


def _to_model(society: Society, left: Arrays, r: int) -> dict:
    made = {"began": _take_number(left, f"model.{r}.began"), "cut": _take_number(left, f"model.{r}.cut"), "table": None}
    if f"model.{r}.table" in left:
        like = society.rule["risk_table"][r].astype(np.int64)
        made |= {"table": _take(left, f"model.{r}.table", like), "on": _take_number(left, f"model.{r}.on"), "cases": _take_number(left, f"model.{r}.cases")}
    return made


def _of_kept(kept: Kept) -> Arrays:
    """What the days left so far; of the tables by day and by month only the part that is filled."""
    out = {"done": _number(kept.done), "daily": kept.daily[: kept.done], "sums": kept.sums[: kept.done], "monthly": kept.monthly[: len(kept.months)]}
    for r in range(kept.daily.shape[1]):
        out[f"changes.{r}"] = np.concatenate(kept.changes[r]) if kept.changes[r] else np.zeros((0, 6), np.int32)
        for name in PANEL:
            rows = [np.insert(rows, 0, day, axis=1) for what, day, rows in kept.panel[r] if what == name]
            out |= {f"panel.{r}.{name}": np.concatenate(rows)} if rows else {}
    for year, regimes in kept.years:
        out |= {f"year.{year}.{r}.{name}": column for r, columns in enumerate(regimes) for name, column in columns.items()}
    return out


def _to_kept(society: Society, left: Arrays, cells: bool) -> Kept:
    kept, regimes = society.blank(cells), len(society.names)
    kept.done = _take_number(left, "done") or 0
    if not 1 <= kept.done <= society.scenario.days:
        raise Unfit("it is of a day that this run does not have")
    whole = society.month_of(kept.done) if kept.done < society.scenario.days else society.month_of(kept.done - 1) + 1
    for table, size, name in ((kept.daily, kept.done, "daily"), (kept.sums, kept.done, "sums"), (kept.monthly, min(whole, len(kept.monthly)), "monthly")):
        table[:size] = _take(left, name, like=table[:size])
    first = society.start.year * 12 + society.start.month - 1
    kept.months = [f"{month // 12}-{month % 12 + 1:02}" for month in range(first, first + whole)]
    kept.changes = [[_take(left, f"changes.{r}", like=np.zeros((0, 6), np.int32), rows=True)] for r in range(regimes)]
    kept.panel = [_to_panel(left, r) for r in range(regimes)]
    columns = [society.yearly(r) for r in range(regimes)]
    for year in sorted({name.split(".")[1] for name in left if name.startswith("year.")}):
        kept.years.append((int(year), [{n: _take(left, f"year.{year}.{r}.{n}", like=c) for n, c in columns[r].items()} for r in range(regimes)]))
    return kept


def _to_panel(left: Arrays, r: int) -> list[tuple[str, int, np.ndarray]]:
    """The panel's rows, day by day and within a day log by log, as they were noted."""
    found = []
    for name in PANEL:
        if f"panel.{r}.{name}" in left:
            rows = left.pop(f"panel.{r}.{name}")
            if rows.ndim != 2 or rows.dtype != np.int32:
                raise Unfit(f"the rows of `{name}` are none")
            days, at = np.unique(rows[:, 0], return_index=True)
            found += [(name, int(day), part[:, 1:]) for day, part in zip(days, np.split(rows, at[1:]), strict=True)]
    return sorted(found, key=lambda part: (part[1], PANEL.index(part[0])))


def _take(left: Arrays, name: str, like: np.ndarray, rows: bool = False) -> np.ndarray:
    """One array, of the type and shape of another one, or with as many rows as it likes."""
    column = left.pop(name, None)
    fits = column is not None and column.dtype == like.dtype and column.shape[rows:] == like.shape[rows:] and column.ndim == like.ndim
    if not fits:
        raise Unfit(f"`{name}` is missing or of another shape")
    return column


def _number(value: int | None) -> np.ndarray:
    return np.array([NO_CUT if value is None else value], np.int64)


def _take_number(left: Arrays, name: str) -> int | None:
    value = int(_take(left, name, like=np.zeros(1, np.int64))[0])
    return None if value == NO_CUT else value


def _slots(column: np.ndarray, citizens: int) -> np.ndarray:
    if len(column) and not 0 <= column.min() <= column.max() < citizens:
        raise Unfit("it names citizens who are not there")
    return column
