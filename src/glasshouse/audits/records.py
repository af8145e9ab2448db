"""records: what the records of each channel leave out, and what they say that was not so."""

from __future__ import annotations

from glasshouse.audits.asking import Audit, Found
from glasshouse.audits.counting import scenario_of, share, sums_of
from glasshouse.store import Run

MEASURES = ("acts", "own", "sent", "received", "false_record", "frequent_acts", "frequent_records")
"""Beginnings of measures of `daily` that end with an act, or with a channel where things are frequent."""


def of(run: Run, regime: str) -> Found:
    """Of each channel and of all: acts and frequent things without a record, and records that are false or pinned on somebody else."""
    counts = _counts(run, regime)
    every = {measure: sum(count[measure] for count in counts.values()) for measure in MEASURES}
    if not any(every[measure] for measure in ("own", "received", "false_record", "frequent_records")):
        return {}  # nobody watches
    found: dict[str, float | None] = {}
    for channel, n in {"all channels": every, **counts}.items():
        records = n["own"] + n["received"] + n["false_record"]
        found |= {
            f"missed: {channel}": share(n["acts"] - n["own"] - n["sent"], n["acts"]),
            f"missed of what is frequent: {channel}": share(n["frequent_acts"] - n["frequent_records"], n["frequent_acts"]),
            f"false: {channel}": share(n["false_record"], records),
            f"of somebody else: {channel}": share(n["received"], records),
        }
    return found


def _counts(run: Run, regime: str) -> dict[str, dict[str, int]]:
    """Each measure summed over the run, by channel."""
    channels = {act: block["channel"] for act, block in scenario_of(run).get("acts", {}).items()}
    counts: dict[str, dict[str, int]] = {}
    for name, value in sums_of(run.daily, regime).items():
        measure, _, what = name.partition(":")
        channel = what if measure.startswith("frequent") else channels.get(what)
        if measure in MEASURES and channel is not None:
            counts.setdefault(channel, dict.fromkeys(MEASURES, 0))[measure] += value
    return dict(sorted(counts.items()))


RECORDS = Audit(
    name="records",
    question="What do the records of each channel leave out, and what do they say that was not so?",
    definition="missed: acts that left no record, over all acts, and what is done nearly every day apart from them; false: records of acts "
    "that nobody did, over all records of acts; of somebody else: records pinned on another citizen, over the same; all days of the run.",
    unit={"missed": "share of acts", "": "share of records"},
    direction={
        "missed": "higher: more of what people do leaves no record",
        "false": "higher: more records say what nobody did",
        "": "higher: more records stand with somebody who did not do it",
    },
    reads={"daily": ("measure", "value")},
    of=of,
)
