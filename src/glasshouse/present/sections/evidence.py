"""What the run rests on: claims, published totals, limits, sources, and how to repeat it."""

from __future__ import annotations

import shlex
from collections import Counter
from typing import Any

from .. import words
from ..blocks import Section, Words, heading
from ..data import Data
from ..tables import table
from .ledger import how_known

WIDE = 3.0
LIMITS = (
    "The people are invented. They were drawn from published totals and a seed; nobody in them is anybody.",
    "Every figure is the model's effect, not a country's. The rules are as cited, or assumed and marked so.",
    "Partial equilibrium: a refused seat, job or loan goes to nobody else, and prices do not move. Gains of others and costs "
    "to firms are left out.",
    "People are born and die as the tables say, whatever happens to them; households neither split nor merge, and nobody moves house.",
    "The people respond by the rules in the ledger: they comply, keep silent, withdraw, buy cheap good deeds, drop ties, "
    "contest. Most of those sizes have never been measured.",
    "Firms, of which most real rules speak, markets and a pandemic are not in the model.",
    "A grade, a share or a difference has the luck of one seed in it.",
)


def claims(data: Data) -> Section:
    """What is said of each regime, and how far anybody has documented it."""
    blocks: list[Any] = []
    for regime in data.regimes:
        said = data.regime_text(regime).get("claims") or []
        if not said:
            continue
        rows = [
            [claim["text"], words.VERDICTS.get(claim["verdict"], claim["verdict"]), claim.get("source") or "no source given"]
            for claim in said
        ]
        counts = Counter(claim["verdict"] for claim in said)
        summary = words.listed([f"{counts[verdict]} {worded}" for verdict, worded in words.VERDICTS.items() if counts[verdict]])
        blocks.append(table(f"What is claimed of “{data.regime(regime)}”: {summary}", ["Claim", "Documented?", "Source"], rows))
    if blocks:
        blocks.insert(0, Words("The run carries out what is claimed, whether or not it is true. This table says which is which."))
    else:
        blocks.append(Words("The regimes of this run make no claims about the world."))
    return Section("claims", "What the rules claim, and what is documented", blocks)


def margins(data: Data) -> Section:
    """Published totals beside what was drawn."""
    found = list(data.run.margins.lazy().collect().iter_rows(named=True))
    if not found:
        return Section("margins", "Published totals and the invented society", [Words("This run holds no table of published totals.")])
    wide = [row for row in found if row["z"] is not None and abs(row["z"]) > WIDE]
    untold = sum(row["z"] is None for row in found)
    rows = [
        [
            row["margin"],
            words.group(_grouping(row["margin"]), row["category"]),
            words.decimal(row["published"]),
            words.decimal(row["drawn"]),
            row["unit"],
            words.NO_CASE if row["z"] is None else words.decimal(row["z"], 1),
            how_known(row),
            _source(row),
        ]
        for row in found
    ]
    told = f"{words.whole(len(found))} published totals were used. " + (
        f"{words.whole(len(wide))} of them differ from what was drawn by more than {words.decimal(WIDE)} standard errors."
        if wide
        else f"None differs from what was drawn by more than {words.decimal(WIDE)} standard errors."
    )
    told += f" For {words.whole(untold)} there is no case for z (no spread, or nobody in the class)." if untold else ""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        kinds.setdefault(row["margin"], []).append(row)
    short = [
        [margin, words.whole(len(each)), _widest(each), ", ".join(sorted({how_known(row) for row in each}))]
        for margin, each in kinds.items()
    ]
    return Section(
        "margins",
        "Published totals and the invented society",
        [
            Words(told + " z is the difference in standard errors of the draw: two thirds of them should lie between −1 and 1."),
            table("Totals used", ["Total", "#Classes", "#Widest z", "How it is known"], short),
            table(
                "Published and drawn",
                ["Total", "Class", "#Published", "#Drawn", "Unit", "#z", "How it is known", "Source"],
                rows,
                fold=f"Show all {words.whole(len(found))} published totals",
            ),
        ],
    )


def _widest(rows: list[dict[str, Any]]) -> str:
    known = [row["z"] for row in rows if row["z"] is not None]
    return words.decimal(max(known, key=abs), 1) if known else words.NO_CASE


def _grouping(margin: str) -> str:
    return "income" if "income" in margin else ""


def _source(row: dict[str, Any]) -> str:
    return f"{row['source']} ({row['year']})" if row.get("year") else str(row["source"])


def limits(data: Data) -> Section:
    """What these figures cannot say."""
    return Section("limits", "Limits", [Words("", LIMITS)])


def sources(data: Data) -> Section:
    """Every source named by a number, a published total or a claim, once."""
    used: dict[str, Counter[str]] = {}
    rests = [(row["source"], f"{row['status']} number") for row in data.ledger]
    rests += [(row["source"], "published total") for row in data.run.margins.lazy().collect().iter_rows(named=True)]
    rests += [
        (claim["source"], "claim")
        for regime in data.regimes
        for claim in data.regime_text(regime).get("claims") or []
        if claim.get("source")
    ]
    for source, what in rests:
        used.setdefault(source, Counter())[what] += 1
    rows = [[source, ", ".join(_times(count, what) for what, count in sorted(counts.items()))] for source, counts in sorted(used.items())]
    if not rows:
        return Section("sources", "Sources", [Words("This run names no sources.")])
    return Section(
        "sources",
        "Sources",
        [
            Words(
                f"{words.whole(len(rows))} different notes say where numbers, published totals and claims come from, or why a "
                "number had to be assumed. “Remembered” beside a number in the ledger means that no page with it was read."
            ),
            table("Sources, and what rests on each", ["Source", "What rests on it"], rows, fold="Show every source"),
        ],
    )


def _times(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def repeat(data: Data) -> Section:
    """The command that gives the same run again."""
    what = data.what
    name = str(what.get("scenario") or what["id"])
    lines = [["glasshouse", "run", name], *(["--" + key, str(what[key])] for key in ("citizens", "days", "seed"))]
    lines += [["--start", data.start]] if data.start else []
    lines += [["--regime", regime] for regime in data.regimes]
    changed = data.run.what.get("set") or data.run.what.get("overrides") or {}
    lines += [["--set", f"{key}={value}"] for key, value in sorted(changed.items())]
    exact = "glasshouse run scenario.toml"
    return Section(
        "repeat",
        "How to repeat this run",
        [
            Words(
                "With the same version, this command gives the same people, the same luck and the same numbers, on any machine "
                "and with any number of threads:"
            ),
            Words(" \\\n    ".join(map(shlex.join, lines)), kind="code"),
            Words(
                "The folder of this run holds scenario.toml, with every number written out. From inside that folder, this "
                "gives the same run even if the shipped files have changed since:"
            ),
            Words(exact, kind="code"),
            heading("What it must come to"),
            table(
                "Marks of this run",
                ["What", "Is"],
                [
                    ["Version", str(what.get("version"))],
                    ["Digest of the run", str(what.get("digest"))],
                    *([f"Digest of “{data.regime(regime)}”", str(numbers.get("digest"))] for regime, numbers in data.regimes.items()),
                ],
            ),
        ],
    )
