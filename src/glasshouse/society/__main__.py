"""Draws a small society and forgets it: `python -m glasshouse.society` leaves on disk, compiled, all that draws one."""

from glasshouse.society import build, load_tables

build(load_tables(), citizens=1000, seed=1)
