"""The society: invented people drawn from published aggregate tables and a seed."""

from __future__ import annotations

from glasshouse.society.margins import margins
from glasshouse.society.people import People, build, stream
from glasshouse.society.tables import Tables, folder_of, load_tables
from glasshouse.society.world import world

__all__ = ["People", "Tables", "build", "folder_of", "load_tables", "margins", "stream", "world"]
