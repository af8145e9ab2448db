"""The report: one self-contained page made from a run's stored tables. The same run gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .blocks import Figure, Fold, Row, Section
from .bundle import bundle
from .data import Data
from .figures import CONFIG
from .lives import lives
from .sections import asked, channels, conduct, consequences, evidence, grades, ledger, life, wrong
from .tables import BEHIND

SECTIONS: tuple[Callable[[Data], Section], ...] = (
    asked.asked,
    asked.headline,
    grades.grades,
    consequences.consequences,
    wrong.wrong,
    conduct.conduct,
    life.life,
    lives,
    channels.channels,
    evidence.claims,
    evidence.margins,
    ledger.ledger,
    evidence.limits,
    evidence.sources,
    evidence.repeat,
)
"""The page, in order."""


def report(run: Any) -> str:
    """The whole page of a run as HTML, which opens without a network and asks nothing of one.

    Args:
        run: a store.Run, or anything with its attributes: summary, what, scenario_toml, daily, groups, citizens, margins, ledger, and
            ranges if they were worked out (headline "REGIME.ID" of `headlines` -> list of {key, low_value, high_value, at_low, at_high,
            base}). what["texts"] holds the titles, summaries and claims to print. Only sums of its tables reach the page, and the lives of the
            few whom stated rules choose among those who are followed (panel, spells).

    Returns:
        The HTML; nothing in it depends on the time, the machine or the folder.
    """
    data = Data(run)
    return written("report", data.scenario_text["title"] or data.what["id"], data.what, [make(data) for make in SECTIONS])


def written(template: str, title: str, what: Mapping[str, Any], sections: list[Section]) -> str:
    """A page of some sections as HTML, with its charts and the script that draws them.

    Args:
        template: the name of its template.
        title: its heading.
        what: what its first lines tell of.
        sections: its parts, in order.
    """
    script = Markup(f"{_safe_script(bundle())}\n{_file('draw.js')}")
    return (
        _environment()
        .get_template(f"{template}.html.jinja")
        .render(
            title=title,
            what=what,
            sections=sections,
            charts=_charts(sections),
            config=_json(CONFIG),
            style=Markup(_file("style.css")),
            script=script,
            allowed=_hash(script),
        )
    )


def write_report(run: Any, path: Path | str) -> Path:
    """Write the page of a run to a file.

    Args:
        run: as for `report`.
        path: the file to write; one that stands there is replaced.

    Returns:
        The path.

    Raises:
        OSError: the file cannot be written.
    """
    path = Path(path)
    path.write_text(report(run), encoding="utf-8", newline="\n")
    return path


def figures_of(sections: list[Section]) -> list[Figure]:
    """All figures of some sections, in the order of the page."""
    return [figure for section in sections for block in section.blocks for figure in _within(block)]


def _within(block: Any) -> list[Figure]:
    """The figures of a block: itself, those side by side in it, or those folded in it."""
    parts = block.figures if isinstance(block, Row) else block.blocks if isinstance(block, Fold) else ()
    return [block] if isinstance(block, Figure) else [figure for part in parts for figure in _within(part)]


def _charts(sections: list[Section]) -> dict[int, tuple[str, Markup]]:
    """Identity of each figure -> (its id on the page, its spec and rows as text for a script of data)."""
    return {
        id(figure): (f"chart-{at}", _json({"spec": figure.spec | {"description": figure.summary}, "rows": figure.rows}))
        for at, figure in enumerate(figures_of(sections), 1)
    }


def _json(value: Any) -> Markup:
    """JSON that cannot end the script it stands in: the characters that HTML reads are written as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _safe_script(text: str) -> str:
    """The bundle with every `</` that could end its script written so that it cannot."""
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _hash(script: str) -> str:
    """The hash by which the page's policy lets this one script run and no other."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("glasshouse.present", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(identity=id, behind=BEHIND)
    return environment


@cache
def _file(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")
