"""Regimes: what a rule-maker wrote, read from the TOML files of the folder `data`."""

from glasshouse.regimes.describe import describe
from glasshouse.regimes.loader import list_regimes, load_regime
from glasshouse.regimes.schema import Regime, at

__all__ = ["Regime", "at", "describe", "list_regimes", "load_regime"]
