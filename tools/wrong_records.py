"""Writes docs/records.md: how often each shipped regime's records are wrong, missed or on the wrong person, and how that is known.

    .venv/bin/python tools/wrong_records.py > docs/records.md

A test holds the page against what this prints.
"""

from glasshouse.regimes.loader import list_regimes, load_regime
from glasshouse.values import Value, shown

PARTS = {"coverage": "reaches the file", "false": "false, a person and year", "misdirected": "on somebody else", "group_ratio": "label group against the others"}
REDRESS = {
    "contest.file": "objects, of those who know", "contest.upheld_wrong": "a wrong record is struck", "contest.upheld_right": "a right record is struck",
    "contest.find_stale": "a stale entry is found, a month", "score.stale": "kept past its time", "lists.overlooked": "deletion overlooked",
}  # fmt: skip
HEAD = """# Wrong records

How often a record is missed, made up, or pinned on somebody else, in each regime that ships; and how an error is undone. This page is written by
`tools/wrong_records.py` from the regimes' files, where each number has its source. A number is *known* where somebody counted it, or where it is
reckoned from such a count (measured, derived, reported, law). Otherwise it is *assumed*, with the range in brackets, even where its source names a figure of another place.
"""
TAIL = """## What was counted somewhere

| count | where | used in |
|---|---|---|
| 26 % of people found a material error in a credit file; 5.2 % moved to a better class of risk when it was struck | United States, FTC 2012, 1,001 people | `fico` is set by it; elsewhere it stands beside an assumption |
| over 10 % of camera tickets wrong, 58 % at the worst camera; 0.25 % had been claimed | Baltimore 2012 | beside an assumption: a share of tickets is no rate per person |
| 22 to 50 % of appeals against removals upheld, under 3 % of removals appealed | YouTube, Facebook, Reddit 2019 and 2020 | the four platforms |
| 8 % of credit files with stale entries | Germany, Stiftung Warentest 2010, second hand | beside an assumption |
| about 80 % of those who dispute get some change | United States, FTC 2012 | `fico`; elsewhere beside an assumption |

For records of offices, courts and payments in China no rate of wrong entries was found, nor one for the same name.

## What is not modelled

- **False matches by sex or origin.** Face recognition matches women falsely 2 to 5 times as often as men (NIST 2019), but no shipped regime is known to make records by a face alone, no count of its matches was found, and
  the ratio without a base is no rate. `watch.CHANNEL.group_ratio` is how often one group is *recorded*, for the same acts, and moves no false record; it is 1 but where a source gives a reason.
- **Deletions that come back.** About 1 % did within the years of the FTC's follow-up (121 people: one or two cases). Too few to be a rate, and too rare to move anything here: it would need a second state for each list and month.
- **Disputes that are dropped.** Of those still sure of an error after the first answer 45 % went on and half gave up (the same 121). One objection is one case here and its answer is the last; the chance that a wrong record is struck is therefore what the whole way
  through the instances gives, and those who give up stand among those who were not heard.
- **Errors that go together.** Each record errs by luck of its own; in truth one bad camera made most of the mistakes of its street.
"""


def known(value: Value | None, absent: str = "") -> str:
    """A number, how it is known, and the range of one that is assumed."""
    if value is None:
        return absent
    steps = value.value if isinstance(value.value, dict) else {"": value.value}
    figure = " to ".join(dict.fromkeys(shown(float(v)) for v in steps.values() if v is not None))
    span = f" ({shown(value.range[0])} to {shown(value.range[1])})" if value.range and value.status == "assumed" else ""
    return f"{figure}{span}, {'assumed' if value.status == 'assumed' else '*known*'}"


def at(regime, path: str) -> Value | None:
    """A value of a regime's redress, None where it has no such thing."""
    part, name = path.split(".")
    if part == "lists":
        return next((mine.overlooked for mine in (regime.lists or {}).values() if mine.overlooked is not None), None)
    return getattr(getattr(regime, part, None), name, None)


def grid(titles: list[str], rows: list[list[str]]) -> list[str]:
    """A table in Markdown."""
    return [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|", *(f"| {' | '.join(row)} |" for row in rows), ""]


def page() -> str:
    """The whole page."""
    regimes = {name: load_regime(name) for name in list_regimes()}
    records = [
        [f"`{name}`", channel, *(known(getattr(watch, part), "1") for part in PARTS)]
        for name, regime in regimes.items()
        for channel, watch in (regime.watch or {}).items()
    ]
    redress = [[f"`{name}`", *(known(at(regime, path), "none") for path in REDRESS)] for name, regime in regimes.items() if regime.watch]
    return "\n".join([
        HEAD,
        "## Records\n", *grid(["regime", "channel", *PARTS.values()], records),
        "## Redress\n", *grid(["regime", *REDRESS.values()], redress),
        TAIL.rstrip(),
    ]) + "\n"  # fmt: skip


if __name__ == "__main__":
    print(page(), end="")
