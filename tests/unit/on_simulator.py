"""Numba's CUDA simulator where a card is asked for, as the tests of kernels want it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from numba.core import config

from glasshouse.engine import cuda


@contextmanager
def simulator(monkeypatch: pytest.MonkeyPatch, wave: int) -> Iterator[None]:
    """Where a card is asked for, the simulator; a wave is small, so that there are several."""
    monkeypatch.setattr(config, "ENABLE_CUDASIM", 1)
    monkeypatch.setattr(cuda, "WAVE", wave)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "overflow encountered", RuntimeWarning)  # whole numbers wrap, as compiled
        yield
