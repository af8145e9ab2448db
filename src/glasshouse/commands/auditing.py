"""`glasshouse audit`: questions asked of stored runs, what was found for reading, and the file that keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from rich.console import RenderableType
from rich.measure import Measurement
from rich.text import Text

from .._version import __version__
from ..errors import BadInput
from ..present import words
from ..store.folder import says_format
from .terminal import ENDLESS, Column, give, records, screen, table

if TYPE_CHECKING:
    from ..scenarios import Scenario
    from ..store import Run

NAME, FORMAT = "audit.json", "glasshouse audit"
WANT = ("short", "indebted", "arrears", "jobless")  # what makes acts likelier for those without money
Row = dict[str, Any]


def run(folders: Sequence[str], names: Sequence[str], out: str | None, cuts: bool, whole: bool, as_json: bool, quiet: bool) -> None:
    """Ask audits of stored runs, keep what they found and print it; before that, carry out the runs with a link cut, if they are asked for.

    It is kept in `out`, or in the folder of the run where there is one alone. whole: whether an audit of very many numbers prints all.
    """
    from ..audits import AUDITS, audit
    from ..audits.asking import chosen
    from ..store import add_file, open_run
    from ..store.write import as_json as written
    from ..store.write import write_whole

    chosen(names or None, AUDITS)  # which refuses an unknown name before a table is read
    runs = [open_run(folder) for folder in folders]
    if out is not None:
        _check_free(Path(out))
    for each in runs if cuts else ():
        run_cuts(each, quiet)
    rows = audit(runs, names or None).to_dicts()
    ids = [each.summary["run"]["id"] for each in runs]
    found = {"format": FORMAT, "version": __version__, "says": words.SAYS, "runs": ids, "rows": rows}
    if out is not None:
        write_whole(Path(out), written(found))
    elif len(runs) == 1:
        add_file(runs[0], NAME, written(found))
    give(found, as_json, lambda found: parts(found, whole))


def run_cuts(run: Run, quiet: bool) -> None:
    """Carry out a stored run again with each link of the trap cut, beside it; those that are there already stay."""
    from ..audits.traps import cut_folder
    from ..scenarios import load
    from ..store.folder import SCENARIO, is_run
    from .progress import progress
    from .simulate import simulate

    scenario = load(cast(Path, run.folder) / SCENARIO)
    for cut, numbers in cut_numbers(scenario).items():
        folder = cast(Path, cut_folder(run, cut))
        if not is_run(folder):
            with progress(quiet) as moved:
                simulate(scenario, set=numbers, out=folder, report=False, progress=moved)


def cut_numbers(scenario: Scenario) -> dict[str, dict[str, int]]:
    """The numbers that cut each link: what stands for no effect, by key.

    Raises:
        BadInput: a penalty says nothing of how strictly it is enforced, so that nothing can be set.
    """
    keys = {row["key"] for row in scenario.keys()}
    kinds = scenario.catalogue.consequences
    penalties = [f"regime.{name}.consequences.{each}.enforcement" for name, rule in scenario.regimes.items()
                 for each in rule.consequences if kinds[each].kind == "penalty"]  # fmt: skip
    for key in penalties:
        if key not in keys:
            raise BadInput("is not said, so the link from penalties to money cannot be cut: say 1, which is the same", key=key)
    want = {key: 0 for key in keys if fnmatchcase(key, "families.*.hardship")}
    want |= {key: 1 for fact in WANT for key in keys if fnmatchcase(key, f"acts.*.likelier.{fact}")}
    refusals = dict.fromkeys(penalties, 0)
    return {"refusals": refusals, "want": want, "both": refusals | want}


def _check_free(file: Path) -> None:
    """Refuse a place where nothing can be written, and a file that is no earlier answer."""
    if file.is_dir():
        raise BadInput("--out names a file, and this is a folder", file=file)
    if not file.parent.is_dir():
        raise BadInput("there is no such folder", file=file.parent)
    if file.exists() and not says_format(file, FORMAT):
        raise BadInput("this file is no answer of an audit, and --out would replace it; name a new one", file=file)


def parts(found: dict[str, Any], whole: bool = False) -> list[RenderableType]:
    """What audits found, for reading."""
    return [Text(words.listed(found["runs"]), style="bold"), *answers(found["rows"], whole), "", words.SAYS]


def answers(rows: list[Row], whole: bool = False) -> list[RenderableType]:
    """Each audit with its definition, and a table or, on a narrow screen, a few lines a number; whole: also those that stand behind."""
    told: list[RenderableType] = []
    for name in dict.fromkeys(row["audit"] for row in rows):
        mine = [row for row in rows if row["audit"] == name]
        shown = [row for row in mine if whole or row["front"]]
        told += ["", Text(name, style="bold"), mine[0]["definition"]]
        for unit, direction in dict.fromkeys((row["unit"], row["direction"]) for row in shown):
            alike = [row for row in shown if (row["unit"], row["direction"]) == (unit, direction)]
            told += ["", Text(f"{unit}; {direction}", style="dim"), *_numbers(alike)]
        if len(shown) < len(mine):
            told += ["", f"{len(mine) - len(shown):,} more numbers: --all prints them, --json has them."]
    return told


def _numbers(rows: list[Row]) -> list[RenderableType]:
    """The numbers of one audit."""
    kinds = [*dict.fromkeys(row["kind"] for row in rows if row["kind"])]
    span = kinds[0] if len(kinds) == 1 else "interval"
    cells = [_cells(row, several=len(kinds) > 1) for row in rows]
    columns = [Column("regime", "regime"), Column("of", ""), Column("value", "value", number=True), Column("span", span, number=True),
               Column("gap", "difference", number=True), Column("gap_span", span, number=True), Column("between", ""),
               Column("few", "")]  # fmt: skip
    columns = [column for column in columns if column.key not in ("span", "gap_span", "between") or any(cell[column.key] for cell in cells)]
    drawn = table(columns, cells)
    console = screen()
    if Measurement.get(console, console.options.update(max_width=ENDLESS), drawn).maximum <= console.width:
        return [drawn]
    after = lambda comma, text: f"{comma} {text}" if text else ""  # noqa: E731
    beside = lambda each: f"; difference {each['gap']}" + after(",", each["gap_span"]) if each["gap"] else ""  # noqa: E731
    rest = lambda each: beside(each) + after(";", each["between"]) + after(";", each["few"])  # noqa: E731
    lines = [(f"{each['regime']}, {each['of']}", each["value"] + after(",", each["span"]) + rest(each)) for each in cells]
    return records(lines, head="")


def _cells(row: Row, several: bool) -> Row:
    def span(low: float | None, high: float | None) -> str:
        return "" if low is None or high is None else f"{number(low)} to {number(high)}" + (f" ({row['kind']})" if several else "")

    return {
        "regime": row["regime"], "of": row["of"], "value": words.NO_CASE if row["value"] is None else number(row["value"]),
        "span": span(row["low"], row["high"]), "gap": "" if row["difference"] is None else signed(row["difference"]),
        "gap_span": span(row["difference_low"], row["difference_high"]), "few": f"few people: {row['people']}" if row["small"] else "",
        "between": row["between"] or "",
    }  # fmt: skip


def number(value: float) -> str:
    """A number as a table shows it."""
    return words.decimal(value).replace(words.SPACE, " ")


def signed(value: float) -> str:
    """A difference, with its sign."""
    return f"+{number(value)}" if value > 0 else number(value)
