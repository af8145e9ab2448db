"""The day as it is run: made once a process, and compiled as far as regimes need it."""

from collections.abc import Iterable
from pathlib import Path

from numba.core.errors import NumbaError

from glasshouse.day import CHANNELS, model
from glasshouse.engine.build import Engine
from glasshouse.engine.cuda import CudaEngine
from glasshouse.engine.cuda import device as card
from glasshouse.engine.shelf import cache_folder
from glasshouse.engine.state import rows_of
from glasshouse.errors import BadInput
from glasshouse.experiments.ahead import society_ahead
from glasshouse.experiments.own import load as own_rules
from glasshouse.experiments.own import not_compiled
from glasshouse.regimes.compile import kinds_of
from glasshouse.regimes.schema import Regime
from glasshouse.scenarios.schema import Resolved

_engines: dict[tuple, Engine | CudaEngine] = {}


def engine(
    say=lambda note: None, whole: Resolved | None = None, regimes: Iterable[Regime] | None = None, device: str = "cpu"
) -> Engine | CudaEngine:
    """The day, made once a process, and compiled as far as regimes need it.

    Args:
        say: told before a wait begins.
        whole: a scenario that may have rules, numbers and channels of its own.
        regimes: those that will run; None for all that there can be.
        device: "cpu" or "cuda".
    """
    own, numbers, channels = (whole.rules, tuple(sorted(whole.numbers)), len(CHANNELS) + len(whole.channels)) if whole else ({}, (), len(CHANNELS))
    if own and device != "cpu":
        raise BadInput("rules of your own are run on the CPU, where every place that they look up is looked at first; --device cpu")
    key = (device, numbers, channels, *sorted((name, rule.text) for name, rule in own.items()))
    if key not in _engines:
        made = model(own_rules(own, model(), numbers), numbers, channels)
        _engines[key] = Engine(made) if device == "cpu" else CudaEngine(made, card(say))
    made = _engines[key]
    try:
        with society_ahead(say):
            made.program(None if regimes is None else rows_of(made.model, [kinds_of(regime) for regime in regimes]), say)
    except NumbaError as error:
        if not own:
            raise
        raise not_compiled(error, own) from None
    return made


def in_cache(name: str) -> Path:
    """A folder of this name where compiled rules are kept too, made if it is not there."""
    folder = cache_folder() / name
    folder.mkdir(exist_ok=True)
    return folder
