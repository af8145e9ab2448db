"""Scenarios: questions to be run, read from the TOML files of the folder `data` or from a user's own."""

from glasshouse.regimes import list_regimes
from glasshouse.scenarios.check import check
from glasshouse.scenarios.loader import Scenario, list_scenarios, load

__all__ = ["Scenario", "check", "list_regimes", "list_scenarios", "load"]
