"""Holding a society against the record: what was published, what a run says, and how far apart they are."""

from __future__ import annotations

from glasshouse.validate.targets import Row, Targets, load_targets

__all__ = ["Row", "Targets", "load_targets"]
