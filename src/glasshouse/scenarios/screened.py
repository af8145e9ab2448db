"""Which numbers were found to move each headline of a scenario most (experiments/data/movers.toml, written by tools/movers.py)."""

from __future__ import annotations

import tomllib
from pathlib import Path

from glasshouse.scenarios.loader import Scenario

MOVERS = Path(__file__).parents[1] / "experiments" / "data" / "movers.toml"


def movers(scenario: Scenario) -> dict[str, list[str]]:
    """For each headline of the scenario's regimes the numbers that move it most; empty for a scenario that has not been screened."""
    kept = tomllib.loads(MOVERS.read_text(encoding="utf-8")).get(scenario.id, {}) if MOVERS.exists() else {}
    return {name: keys for name, keys in kept.items() if name.split(".")[0] in scenario.regimes}
