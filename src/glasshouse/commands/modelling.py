"""`glasshouse validate --models`: the published models, run through the public words, beside what was published.

Above them stand the society's rows, as `glasshouse validate` last left them: to make them takes an hour, the models a minute or two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text

from ..errors import BadInput, nearest
from .terminal import Column, give_kept, note, table
from .validating import cells, parts_of

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
NONE_KEPT = "The society's rows are not at hand: `glasshouse validate` makes them, in an hour or so, and keeps them for this table."


@dataclass(frozen=True)
class Both:
    """The models' table, under the society's where that was asked for."""

    models: "Table"
    society: dict[str, Any] | None
    alone: bool

    @property
    def failed(self) -> bool:
        """Whether a figure of a model differs; the society's were judged when they were made."""
        return self.models.failed

    def as_dict(self) -> dict[str, Any]:
        """The models' table as JSON has it, with the society's beside it."""
        return {**self.models.as_dict(), "society": self.society}


def run(names: Sequence[str], as_json: bool, quiet: bool) -> int:
    """Runs the models asked for, or all, which stand under the society's rows; returns the exit code: whether no figure differs."""
    from ..models.shelf import measure, shelf
    from ..validate.kept import kept_table

    there = shelf()
    for name in names:
        if name not in there:
            raise BadInput(f"there is no model `{name}`", hint=nearest(name, there))
    found = measure(names or list(there), lambda name: note(f"running {name}", quiet))
    both = Both(found, None if names else kept_table(), bool(names))
    return give_kept(both, None, as_json, quiet, parts, lambda: note(f"took    {found.seconds:.0f} s", quiet))


def parts(both: Both) -> list[RenderableType]:
    """The tables as they are shown: the society's, then one a model, and what they come to."""
    if both.alone:
        return _models(both.models)
    if both.society is None:
        return [NONE_KEPT, "", *_models(both.models)]
    seeds = both.society["seeds"]
    head = f"The society, as `glasshouse validate` last left it, with {seeds} seed{'s' * (seeds != 1)}"
    return [Text(head, style="bold"), "", *parts_of(both.society), "", Text("The models", style="bold"), "", *_models(both.models)]


def _models(found: "Table") -> list[RenderableType]:
    """A table a model, then what they come to."""
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
