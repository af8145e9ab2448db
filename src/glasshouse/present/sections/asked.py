"""What was asked, and the headline numbers."""

from __future__ import annotations

from typing import Any

from .. import words
from ..blocks import Card, Cards, Fold, Section, Table, Words, heading
from ..cards import cards
from ..data import BASELINE, Data
from ..headlines import HEADLINES, Headline
from ..tables import table


def asked(data: Data) -> Section:
    """The question in plain words, who is compared, and on whom."""
    text = data.scenario_text
    what = data.what
    last = what["days"] - 1
    about = [words.day(data.start, 0), words.day(data.start, last)] if data.start else []
    blocks: list[Any] = [Words(part) for part in (text["question"], text["summary"]) if part]
    blocks.append(
        Words(
            f"{words.capital(words.whole(data.people))} of {words.whole(what['citizens'])} invented people live on the last of"
            f" {words.whole(what['days'])} days"
            + (f", from {about[0]} to {about[1]}" if about else "")
            + (
                f", under {_number(len(data.regimes))} sets of rules side by side: the same people, with the same luck."
                if len(data.regimes) > 1
                else "."
            )
            + (" The others have died, or are born later." if data.people < what["citizens"] else "")
        )
    )
    rows = []
    for name in data.regimes:
        said = data.regime_text(name)
        title = said["title"] if name != BASELINE else f"{words.capital(data.regime(name))} ({name})"
        rows.append([title, said["summary"] or words.NOT_MEASURED, _scored(data, name)])
    blocks.append(table("The rules that were compared", ["Rules", "In plain words", "#Scored at the end"], rows))
    return Section("asked", "What was asked", blocks)


def headline(data: Data) -> Section:
    """The headline numbers of each regime, and beside them, as large, what is not known."""
    blocks: list[Any] = []
    if not data.scored:
        blocks.append(
            Words("This run holds no regime that scores or sanctions anybody, so there is nothing to report but the society itself.")
        )
    for regime in data.scored:
        blocks.append(Words(_lead(data, regime)))
    if len(data.scored) > 1:
        blocks += [_side_by_side(data), heading(data.regime(data.scored[0]))]
    for regime in data.scored:
        found = cards(data, regime)
        blocks += (
            found
            if regime == data.scored[0]
            else [Fold(f"Show the headline numbers of “{data.regime(regime)}” with what moves them", found)]
        )
    blocks.append(_unknown(data))
    blocks.append(
        Words(
            "Differences are between the same people with the same luck, so within this run they are exact. Another seed is "
            "another luck and would give other numbers. "
            "A range says how far a number moves when one assumed number at a time goes to either end of what is plausible; it "
            "was worked out on a smaller society.",
            quiet=True,
        )
    )
    return Section("headlines", "The headline numbers", blocks)


def _side_by_side(data: Data) -> Table:
    """Every headline, a column a regime, each with its range where one was worked out."""
    found = [{card.id.removeprefix(f"{regime}."): card for group in cards(data, regime) for card in group.cards} for regime in data.scored]
    rows = []
    for line in HEADLINES:
        cells = [each.get(line.id) for each in found]
        if any(cells):
            rows.append([line.name, *(_cell(data, regime, line, cell) for regime, cell in zip(data.scored, cells, strict=True))])
    return table(
        "Every headline, side by side",
        ["Number", *(f"#{words.capital(data.regime(regime))}" for regime in data.scored)],
        rows,
        note="Numbers of life are differences from the same people with no score." if data.twin else "",
    )


def _cell(data: Data, regime: str, line: Headline, card: Card | None) -> str:
    if card is not None:
        return f"{card.value} ({card.range})" if card.range else card.value
    part = line.id.split(".")[0]
    return f"no {part}" if data.regimes[regime].get(part) == {} else words.NOT_MEASURED


def _lead(data: Data, regime: str) -> str:
    numbers = data.regimes[regime]
    count = covered(data, regime)
    if not count:
        days = {part: sum(entry["citizen_days"] for entry in (numbers.get(part) or {}).values()) for part in ("penalties", "rewards")}
        if not any(days.values()):
            return f"Under “{data.regime(regime)}” nobody was scored at the end of the run."
        told = f"“{data.regime(regime)}” gave nobody a score at the end."
        came = [f"{words.whole(total)} days of {part}" for part, total in days.items() if total]
        return f"{told} It handed out {words.listed(came)}, over all people."
    said = f"At the end {words.whole(count)} people ({words.share(count / data.people)} of all) came under “{data.regime(regime)}”."
    grades = numbers.get("grades") or {}
    if grades:
        order = data.grades[regime]
        said += (
            f" Of these {words.share(grades[order[0]])} were in the lowest grade ({order[0]}) and "
            f"{words.share(grades[order[-1]])} in the highest ({order[-1]})."
        )
    else:
        said += " These rules give no score and no grades."
    aware = (numbers.get("life") or {}).get("aware")
    return said + (f" {words.share(aware)} of all people knew of it." if aware is not None else "")


def covered(data: Data, regime: str) -> int | None:
    """How many people a regime covers at the end, from a count or a share."""
    number = data.regimes[regime].get("covered")
    return round(number * data.people) if isinstance(number, float) and number <= 1 else number


def _scored(data: Data, regime: str) -> str:
    count = covered(data, regime)
    return "nobody" if not count else f"{words.whole(count)} ({words.share(count / data.people)})"


def _unknown(data: Data) -> Cards:
    """What the run cannot say, in the same size as what it says."""
    assumed = [row for row in data.ledger if row["status"] == "assumed"]
    recalled = [row for row in data.ledger if row.get("recalled")]
    total = len(data.ledger)
    found = [
        Card(
            "unknown.assumed",
            f"{words.whole(len(assumed))} of {words.whole(total)}",
            "numbers behind this run are assumed",
            "nobody has measured them, or no source was found; each stands in the ledger with its range",
        ),
        Card(
            "unknown.recalled",
            words.whole(len(recalled)),
            "number is only remembered" if len(recalled) == 1 else "numbers are only remembered",
            "no page was read that carries them; the tables say so in words",
        ),
        Card("unknown.seeds", "1 seed", "one luck was tried", "how much is luck shows only over several seeds"),
        Card("unknown.country", "no country", "is described by these figures", "they are the model's effect on invented people"),
    ]
    return Cards("What is not known", tuple(found))


def _number(count: int) -> str:
    return {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}.get(count, words.whole(count))
