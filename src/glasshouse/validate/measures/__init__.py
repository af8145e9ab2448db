"""What is read off a finished run to be held against a published figure: small functions of its stored tables, in a table by name.

Each takes the run, the day that a row is about (None: the end of the run) and what the row gives under `with`, and returns a number in the
row's unit, or None where there is no case. The last 365 days of a run are its year.
"""

from __future__ import annotations

from glasshouse.validate.measures import counts, courts, followed, homes, scores, ties, who, year
from glasshouse.validate.measures.counts import Measure

MEASURES: dict[str, Measure] = {
    made.__name__: made for part in (counts, who, homes, year, followed, courts, scores, ties) for made in part.MEASURES
}
"""Every measure by its name."""
