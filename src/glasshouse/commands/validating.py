"""`glasshouse validate`: the society held against the record, as a table, JSON, or a folder with a page."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from ..errors import BadInput, nearest
from . import memory
from .request import whole
from .terminal import Column, give_kept, is_terminal, note, table

if TYPE_CHECKING:
    from ..validate.runs import Size
    from ..validate.table import Validation
    from ..validate.targets import RunSpec, Targets
    from .progress import Progress

MOST = 64  # runs at a time
PARTS = 20
NUMBERS, PAGE, TEXT = "validation.json", "validation.html", "validation.md"


def run(
    rows: Sequence[str],
    drop: Sequence[str],
    citizens: str | None,
    seeds: str | None,
    days: str | None,
    threads: str | None,
    out: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Validate as asked and print what was found; returns the exit code: whether no row differs."""
    from ..validate.kept import keep_table
    from ..validate.runs import Size
    from ..validate.table import validate
    from ..validate.targets import load_targets
    from .progress import progress

    size = Size(whole("--citizens", citizens, least=1), whole("--seeds", seeds, least=1) or Size.seeds, whole("--days", days, least=1))
    targets = load_targets()
    asked = [targets.row(name) for name in rows] or list(targets.rows)
    dropped = [_fitted_row(targets, name) for name in drop]
    workers = _workers(targets, [spec for name, spec in targets.runs.items() if any(row.run == name for row in asked)], size, threads)
    folder = None if out is None else _folder(out)
    with progress(quiet) as moved:
        found = validate(targets, asked, size, dropped, _teller(moved, is_terminal(error=True)), workers)
    if not (rows or dropped or size.days):
        keep_table(found.as_dict())
    if folder is not None:
        _keep(found, folder)
    return give_kept(found, out, as_json, quiet, parts, lambda: note(f"kept    {out}", quiet or out is None))


def without(options: dict[str, Any]) -> None:
    """Refuses options that say nothing to the models, each of which has its own size."""
    for name, given in options.items():
        if given:
            raise BadInput(f"{name} does not go with --models: each model has its own size")


def _fitted_row(targets: Targets, name: str) -> str:
    """The id of a row that something is fitted to; another one cannot be dropped from a fit."""
    from ..catalogue.faults import among

    used = [row for fit in targets.fit.values() for row in fit.rows]
    if targets.row(name).id not in used:
        raise BadInput(f"nothing is fitted to the row `{name}`: --drop takes {among(sorted(used))}", hint=nearest(name, used))
    return name


def _workers(targets: Targets, runs: Sequence[RunSpec], size: Size, threads: str | None) -> int:
    """How many runs at a time: as many as there are cores, and as fit into memory."""
    from ..experiments.cores import workers_for
    from ..validate.runs import scenario_of

    most = whole("--threads", threads, least=1) or workers_for(MOST)
    for spec in runs:
        asked = scenario_of(targets, spec, size.of(spec), 1, size.days)
        most = min(most, memory.check_memory(asked, spec.years if "citizens" in spec.tables else 0))
    return most


def _teller(moved: Progress, on_terminal: bool) -> Callable[[int, int, str | None], None]:
    """What a validation calls as it goes on: a bar on a terminal, else a line each time that another twentieth is done."""
    began, said = time.monotonic(), [""]

    def tell(done: int, total: int, word: str | None) -> None:
        if on_terminal or not total:
            moved(done, total, 0.0, word)
            return
        part = f"{done * PARTS // total * 100 // PARTS} %"
        if part != said[0]:
            said[0] = part
            moved(done, total, 0.0, f"{part} after {(time.monotonic() - began) / 60:.0f} minutes: {word}")

    return tell


def _folder(out: str) -> Path:
    """The folder to write into: new, empty, or of an earlier validation."""
    folder = Path(out)
    if folder.is_file():
        raise BadInput("is a file, not a folder", file=folder)
    if folder.is_dir() and (odd := sorted(path.name for path in folder.iterdir() if path.name not in (NUMBERS, PAGE, TEXT))):
        raise BadInput(f"holds something else than a validation (`{odd[0]}`)", file=folder)
    return folder


def _keep(found: Validation, folder: Path) -> None:
    from ..present.validation import page
    from ..store.write import as_json
    from ..validate.page import markdown

    numbers = found.as_dict()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ((NUMBERS, as_json(numbers)), (PAGE, page(numbers)), (TEXT, markdown(numbers))):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def parts(found: Validation) -> list[RenderableType]:
    """A validation as it is shown."""
    return parts_of(found.as_dict())


def parts_of(numbers: dict[str, Any]) -> list[RenderableType]:
    """The numbers of a validation as they are shown: a table a group, then what it comes to."""
    from ..present.validation import beside, counted, number

    told: list[RenderableType] = []
    columns = [
        Column("target", "target"),
        Column("published", "published", number=True),
        Column("known", "known"),
        Column("simulated", "simulated", number=True),
        Column("interval", "interval", number=True),
        Column("basis", "basis"),
        Column("verdict", "verdict"),
    ]
    for group in numbers["groups"]:
        rows = [row for row in numbers["rows"] if row["group"] == group["id"]]
        if rows:
            told += [
                "",
                Text(group["title"], style="bold"),
                table(columns, [{**cells(row), "interval": _span(row, number)} for row in rows]),
            ]
    for series in numbers["series"]:
        off = [
            f"{way['name']} off by {way['off']:.0%} ({way['numbers']} numbers, {way['points']} points)"
            for way in series["ways"]
            if way["off"] is not None
        ]
        told += ["", f"{series['series']} after the fit: {'; '.join(off)}; nearest: {series['nearest']}"]
    for switch, sides, lines in beside(numbers):
        columns = [Column(str(at), title, number=at > 0) for at, title in enumerate(("outcome", *sides))]
        shown = [{str(at): cell for at, cell in enumerate(line)} for line in lines]
        told += ["", Text(f"{switch}, both ways", style="bold"), table(columns, shown)]
    return [*told[1:], "", *counted(numbers), numbers["says"]]


def cells(row: dict[str, Any]) -> dict[str, str]:
    """What the tables of the society and of the models show alike of a row."""
    from ..present.validation import number

    return {
        "target": row["target"],
        "published": "" if row["published"] is None else number(row["published"]),
        "known": "remembered" if row["status"] == "memory" else row["status"],
        "simulated": "" if row["simulated"] is None else number(row["simulated"]),
        "basis": row["basis"] or "",
        "verdict": row["verdict"],
    }


def _span(row: dict[str, Any], number: Any) -> str:
    return "" if row["interval"] is None or row["seeds"] < 2 else f"{number(row['interval'][0])} to {number(row['interval'][1])}"
