"""Writes docs/models/NAME.md: what a model asks, its rules as they stand, its figures beside the published ones, and its speed here.

    .venv/bin/python tools/models.py degroot --citizens 3 --days 100000

A test holds the page against what this writes, all but the speed.
"""

import argparse
import importlib
import inspect
import math
import time
from pathlib import Path

from glasshouse.engine.shelf import reached
from glasshouse.model import simulate
from glasshouse.model.write import steps_of

PAGES = Path(__file__).resolve().parents[1] / "docs" / "models"


def page(name: str, speed: str) -> str:
    """The whole page of the model in models/NAME.py."""
    module = importlib.import_module(f"glasshouse.models.{name}")
    rules = {rule for rule in reached(step.rule for step in steps_of(module.MODEL)) if rule.__module__ == module.__name__}
    own = [inspect.getsource(rule).rstrip() for rule in sorted(rules, key=lambda rule: rule.__code__.co_firstlineno)]
    lines = len(inspect.getsource(module).splitlines())
    rows = [f"| {row.name} | {row.expected:.6g} | {_run(row)} | {_off(row)} | {row.status}: {row.source} |" for row in module.ROWS]
    return "\n".join(
        [
            f"# {module.MODEL.name}",
            "",
            inspect.getdoc(module),
            "",
            f"{module.MODEL.source} The whole model is `src/glasshouse/models/{name}.py`, {lines} lines with its figures.",
            "",
            "## Rules",
            "",
            "```python",
            "\n\n\n".join(own),
            "```",
            "",
            "## Figures",
            "",
            "| | expected | run | may be off by | status of what is expected |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "Exact figures are finite and deterministic. Of those that are drawn the run may be off by four standard errors.",
            "",
            speed,
            "",
        ]
    )


def _run(row) -> str:
    figure = row.measure()
    return "no data" if math.isnan(figure) else f"{figure:.6g}"


def _off(row) -> str:
    return f"{row.tolerance:.2g}, {row.kind}"


def speed_of(name: str, citizens: int, days: int) -> str:
    """How fast the model runs here, compiled before it is timed."""
    model = importlib.import_module(f"glasshouse.models.{name}").MODEL
    simulate(model, citizens, 1)
    started = time.perf_counter()
    simulate(model, citizens, days)
    million = citizens * days / (time.perf_counter() - started) / 1e6
    return f"Speed: {million:.2g} million citizen-days a second with {citizens:,} citizens on one core."


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name")
    parser.add_argument("--citizens", type=int, required=True)
    parser.add_argument("--days", type=int, required=True)
    asked = parser.parse_args()
    PAGES.mkdir(exist_ok=True)
    (PAGES / f"{asked.name}.md").write_text(page(asked.name, speed_of(asked.name, asked.citizens, asked.days)))
