"""docs/schema.md, made from the summary's JSON schema and the columns: `python -m glasshouse.store.page > docs/schema.md`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .columns import ABOUT, COLUMNS, MEASURES, PLACES, Column
from .comparison import COLUMNS as OF_COMPARISON

FILE = Path(__file__).with_name("summary.schema.json")

INTRO = """# What a run leaves

This page is made by `python -m glasshouse.store.page` from the descriptions in the code, and a test holds real runs against it.

A run is a folder. It is written as `NAME.partial` and gets its name when it is complete, so a folder without that ending is always whole.

| file | what it is |
|---|---|
| `scenario.toml` | the scenario in full, every number that was used; `glasshouse run FOLDER/scenario.toml` repeats the run |
| `manifest.json` | `what`: what the run is, the same for the same run; `files`: size and hash of each file; `how`: times and machine |
| `summary.json` | the summary below, without `folder` |
| `daily.parquet` and seven more | the tables below |
| `report.html` | the report, one file that opens offline |
| `ranges.json` | the headlines with their ranges, where they were worked out |
| `audit.json` | what audits of this run alone found, as `glasshouse audit FOLDER --json` prints it, where they were asked |

The same run leaves the same bytes in every file, but for `how` in the manifest and `timing` in the summary.
In Python, `run = glasshouse.open_run(FOLDER)`; then `run.summary`, and `run.daily` and the other tables as Polars frames.

## A run that is broken off

As long as a run goes on, `NAME.partial` is locked, and holds its last two checkpoints: one is written every ten minutes, or every so many days with
`glasshouse run --checkpoint DAYS`, and so that all of them together take no more than a thirtieth of the time. Each is written beside the earlier one, brought to the
disk, and only then given its name. Ctrl-C lets the day end, keeps one more, and says how to go on; pressed twice, it ends at once.

- `glasshouse resume NAME`, or in Python `glasshouse.resume(NAME)`, goes on after the last checkpoint. The run has the same digest, and the same bytes in every table, as
  one that was never stopped; how many cores it had before or has now does not matter. If the last checkpoint is damaged, the one before it is used, and that is said.
- A new run does not begin where one waits. To throw that one away, delete `NAME.partial`. A run that was stopped before its first checkpoint leaves nothing.
- A run under `runs/{id}` waits as SCENARIO-SEED-HASH, with the hash of its scenario, and gets its id in the end.
- A full disk at a checkpoint is said, and the run goes on with the earlier ones; a full disk at the end loses no day: free some space, and resume.

| in `NAME.partial` | what it is |
|---|---|
| `scenario.toml` | as above; rules of one's own are in it, and are code as in any scenario |
| `checkpoints/DAYS.checkpoint` | a zip, each part with its sum: `note.json`, and for each array an [Arrow](https://arrow.apache.org) file with one column. Numbers alone, no code. |
| `whole/` | the finished run, while it is written |

A checkpoint holds what days have changed and what they left for the tables. The citizens are not in it: they are drawn again from the scenario and its seed. It goes on only under
the scenario and the code that made it (`note.json` has a digest of each), so nothing is ever mixed. Comparisons, validations, runs of models and runs on a GPU have none; a validation
keeps the numbers of each run that it has finished.
"""
CODES = """
## Exit codes of the command

| code | meaning |
|---|---|
| 0 | done |
| 1 | done, and a check of the result says no, or a run of a comparison or sweep failed |
| 2 | bad input of whatever kind: an unknown command, key or name; a file that is missing or has a fault; too little memory; a full disk |
| 70 | a fault in Glasshouse itself |
| 130 | interrupted; nothing half-written remains, and a run that can be gone on with says how |
| 141 | whoever read the output went away |

Messages go to standard error. With `--json` an error is one object on one line there:
`error`, `exit_code`, and where known `file`, `place`, `key`, `hint`.
"""


COMPARISON = """
## What a comparison leaves

`glasshouse compare --out FOLDER` leaves `comparison.json`, `comparison.parquet`, `comparison.html`, and of the first seed that
could be run `scenario.toml` and `report.html`. The same question leaves the same bytes.
`comparison.json` holds what `--json` prints, and `format`, by which such a folder is known.

| key | meaning |
|---|---|
| `schema` | 1; it grows when a program that reads the older form would misread the newer |
| `version`, `scenario`, `society`, `citizens`, `days`, `start`, `set` | what was asked, as in a run |
| `seed`, `seeds` | the first seed, and all of them |
| `scenario_hash` | hash of the scenario in full, with the first seed |
| `regimes`, `first` | the regimes in order, and the one that the others are set beside |
| `says`, `notes` | what a reader should know before the numbers |
| `differences` | a row a regime and measure: `regime`, `measure`, `name`; `first_mean` and `mean`, the means over \
seeds; `mean_low` to `mean_high` of the latter; `difference`, the mean over twins, `low` to `high`; `kind`, `95 % interval` or \
`range`; `seeds`, how many it is from; `unpaired`, how many times the runs it would have taken without twins; null where there is \
no case |
| `audits` | a row an audit, regime and thing asked about, as `glasshouse.audit` gives them over several runs; none where no audit was asked |
| `failed` | a row a seed whose run failed: `seed`, `stage`, `message` |

### comparison.parquet

One row a seed, regime and measure; a seed whose run failed has one row.

| column | type | unit | meaning |
|---|---|---|---|
"""


def page() -> str:
    """The whole page as Markdown."""
    parts = [INTRO, "## The summary: `glasshouse run --json`", "", f"Its JSON schema ships with the package, `store/{FILE.name}`.", ""]
    parts += ["| key | type | meaning |", "|---|---|---|"]
    parts += [f"| `{path}` | {_type(part)} | {part['description']} |" for path, part in fields(schema())]
    parts += ["", "## The tables", "", "In the names of columns and measures a word in capitals stands for an id: "]
    parts[-1] += "; ".join(f"`{place}` {what}" for place, what in PLACES.items()) + "."
    for name, columns in COLUMNS.items():
        parts += ["", f"### {name}.parquet", "", ABOUT[name], "", "| column | type | unit | meaning |", "|---|---|---|---|"]
        parts += [_column(each) for each in columns]
    parts += ["", "### Measures of daily and groups", "", "Money is in fen, a hundredth of a yuan.", ""]
    parts += ["| measure | unit | meaning |", "|---|---|---|", *(f"| `{m.name}` | {m.unit} | {m.about} |" for m in MEASURES)]
    return "\n".join(parts) + "\n" + COMPARISON + "\n".join(_column(each) for each in OF_COMPARISON) + "\n" + CODES


def _column(c: Column) -> str:
    return f"| `{c.name}` | {c.kind}{' or empty' if c.may_be_empty else ''} | {c.unit} | {c.about} |"


def schema() -> dict[str, Any]:
    """The JSON schema of the summary."""
    return json.loads(FILE.read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def fields(part: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every key of the summary by its dotted path, with its schema."""
    if path:
        yield path, part
    for key, inner in part.get("properties", {}).items():
        yield from fields(inner, f"{path}.{key}".lstrip("."))
    if isinstance(part.get("additionalProperties"), dict):
        yield from fields(part["additionalProperties"], f"{path}.{part['x-key']}")


def _type(part: dict[str, Any]) -> str:
    if "const" in part:
        return f"{part['const']}"
    kinds = part["type"] if isinstance(part["type"], list) else [part["type"]]
    low, high = part.get("minimum"), part.get("maximum")
    span = f", {low} to {high}" if high is not None else ", 0 or more" if low == 0 else ""
    return " or ".join("whole number" if kind == "integer" else "text" if kind == "string" else kind for kind in kinds) + span


if __name__ == "__main__":
    print(page(), end="")
