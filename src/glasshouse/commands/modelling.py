"""`glasshouse validate --models`: the published models, run through the public words, beside what was published."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from ..errors import BadInput, nearest
from .terminal import Column, give_kept, note, table
from .validating import cells

if TYPE_CHECKING:
    from ..models.shelf import Table

COLUMNS = [
    Column("target", "figure"),
    Column("published", "expected", number=True),
    Column("known", "known"),
    Column("simulated", "got", number=True),
    Column("tolerance", "tolerance", number=True),
    Column("basis", "kind"),
    Column("verdict", "verdict"),
]


def run(names: Sequence[str], as_json: bool, quiet: bool) -> int:
    """Runs the models asked for, or all; returns the exit code: whether no figure differs."""
    from ..models.shelf import measure, shelf

    there = shelf()
    for name in names:
        if name not in there:
            raise BadInput(f"there is no model `{name}`", hint=nearest(name, there))
    found = measure(names or list(there), lambda name: note(f"running {name}", quiet))
    return give_kept(found, None, as_json, quiet, parts, lambda: note(f"took    {found.seconds:.0f} s", quiet))


def parts(found: "Table") -> list[RenderableType]:
    """The table as it is shown: one a model, then what it comes to."""
    from ..models.shelf import SAYS, counted, shelf
    from ..present.validation import number

    told: list[RenderableType] = []
    measured = found.as_dict()["rows"]
    for name, (asks, _) in shelf().items():
        rows = [row for row in measured if row["model"] == name]
        if rows:
            shown = [{**cells(row), "tolerance": number(row["tolerance"])} for row in rows]
            told += ["", Text(name, style="bold"), asks, table(COLUMNS, shown)]
    return [*told[1:], "", counted(found.rows), SAYS]
