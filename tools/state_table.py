"""Writes docs/state.md: what is kept of a citizen, from the fields that day/fields.py declares.

    .venv/bin/python tools/state_table.py > docs/state.md

A test holds the page against what this prints, so that the page cannot fall behind.
"""

import sys
from datetime import date

import numpy as np

from glasshouse.catalogue import catalogue
from glasshouse.day import RINGS, STAYS, fields, model
from glasshouse.engine.model import FIXED, Field
from glasshouse.regimes.compile import bit_of, consequences, kinds_of, remembered
from glasshouse.regimes.loader import list_regimes, load_regime

HEADINGS = {
    "": ("The citizen's own", "One column each, shared by all regimes of a run: no regime changes them."),
    "life": ("Life", "One column a regime, also under `none`: how the citizen lives."),
    "watch": ("Watch", "Only for regimes that keep a file of anybody: a score, lists, or both."),
    "points": ("Points", "Only for regimes that keep a score."),
    "list": ("List", "Only for regimes that keep lists."),
    "sanction": ("Sanction", "Only for regimes that penalise or reward, by score or by lot."),
    "lot": ("Lot", "Only for regimes that draw lots."),
    "game": ("Game", "Only for regimes under which points are bought to pass a cut."),
    "bank": ("Bank", "Only for banks that count what became of their loans."),
    "help": ("Help", "Only for regimes that say whom to help."),
    "registry": ("Registry", "Only for those that keep a public record for it."),
    "opinions": ("Opinions", "Only for those that leave it to what people think of each other."),
}
WORD = 8  # bytes of a public word: today's and tomorrow's
NAMED = ("needed tomorrow", "clean account", "memory of expiry", "tallies")
DAY = date(2020, 1, 1)  # on which the regimes are asked for their memories


def stored(field: Field) -> str:
    """How one value is kept: a NumPy dtype, and how many of them."""
    one = f"share (uint16, in 1/{FIXED})" if field.dtype == "share" else str(np.dtype(field.dtype))
    return f"{field.many} x {one}" if field.many else one


def size(field: Field) -> int:
    """Bytes a citizen."""
    return np.dtype(field.stored).itemsize * max(1, field.many)


def sort(field: Field) -> str:
    """What a field is kept for: one of NAMED."""
    if field.tally:
        return "tallies"
    return "memory of expiry" if field.name in RINGS else "clean account" if "clean_" in field.name else "needed tomorrow"


def under(name: str) -> dict[str, int]:
    """Bytes a citizen under a regime alone, the citizen's own not counted, by what they are kept for."""
    regimes = {each: load_regime(each) for each in list_regimes()}
    regime = regimes[name]
    bits = [bit_of(each, catalogue()) for each in consequences(regime, regimes)]
    places = dict.fromkeys(RINGS, 1 + remembered(regime, [DAY])) | dict.fromkeys(STAYS, 1 + len(regime.lists))
    places |= dict.fromkeys(("my_attempts", "my_refused", "my_fen"), 1 + max(bits, default=0))
    found = dict.fromkeys(NAMED, 0) | {"needed tomorrow": 2 * WORD}
    for field in fields():
        if field.kind in kinds_of(regime):
            found[sort(field)] += size(field) // max(1, field.many) * places.get(field.name, max(1, field.many))
    return found


def span(field: Field) -> str:
    """The values it may hold, where the declaration says so."""
    if field.dtype == "share":
        return "0 to 1"
    return f"{field.low} to {field.high}" if field.high else f"from {field.low}" if field.low else ""


def of_kind(kind: str) -> list[Field]:
    """The fields of one kind of regime, or the citizen's own."""
    return [field for field in fields() if field.kind == kind]


def table(rows: list[tuple], right: tuple[int, ...] = ()) -> list[str]:
    """The lines of a table; the first row is its head."""
    head, *body = [[str(cell) for cell in row] for row in rows]
    rule = ["---:" if i in right else "---" for i in range(len(head))]
    return ["| " + " | ".join(row) + " |" for row in (head, rule, *body)]


def section(kind: str) -> list[str]:
    """One kind: its fields, one a row."""
    title, about = HEADINGS[kind]
    chosen = of_kind(kind)
    if not chosen:
        return ["", f"## {title}", "", f"{about} It has no field of its own."]
    head = ("name", "stored as", "bytes", "unit", "range", "what it is")
    rows = [(f"`{f.name}`", stored(f), size(f), f.unit.replace("*", "\\*"), span(f), f.about) for f in chosen]
    return ["", f"## {title}", "", f"{about} {sum(map(size, chosen))} bytes a citizen.", "", *table([head, *rows], (2,))]


def page() -> str:
    """The whole page."""
    kinds = ("", *model().kinds)
    unknown = {f.kind for f in fields()} - set(kinds) | set(kinds) - set(HEADINGS)
    if unknown:
        raise SystemExit(f"tools/state_table.py has no heading for {sorted(unknown)}")
    sums = {kind: sum(map(size, of_kind(kind))) for kind in kinds}
    regimes = [("regime", "kinds", *NAMED)]
    for name in list_regimes():
        of = [kind for kind in model().kinds if kind in kinds_of(load_regime(name))]
        regimes.append((f"`{name}`", ", ".join(of), *under(name).values()))
    lines = [
        "# What is kept of a citizen",
        "",
        "Made by `tools/state_table.py` from the fields that `src/glasshouse/day/fields.py` declares; do not edit by hand.",
        "",
        "A citizen is a slot number. There is no field for a name, a number of any register, a place on a map, a face or a device.",
        "A run keeps the citizen's own fields once, and for each of its regimes the fields of the kinds that the regime is of;",
        f"and for each regime two public words of {WORD} bytes, today's and tomorrow's, which are all that others may read.",
        "",
        *table([("kind", "fields", "bytes a citizen"), *((HEADINGS[k][0], len(of_kind(k)), sums[k]) for k in kinds)], (1, 2)),
        "",
        f"So a citizen takes {sums['']} bytes once, and under each regime, run alone, as many as this table says, by what they are kept for:",
        "what the day after needs (public words counted), the clean account beside it, what is told apart by month so that it can expire,",
        "and tallies, which no rule reads. A run keeps as many months and lists as its regimes have, and tallies only of those who will be in",
        "the table of citizens: of a million at most.",
        "",
        *table(regimes, (2, 3, 4, 5)),
    ]
    for kind in kinds:
        lines += section(kind)
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
