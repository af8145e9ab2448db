"""Writes docs/registry.md: when does a public registry help, against what people think of each other themselves?

    .venv/bin/python tools/registry.py > docs/registry.md     10,000 citizens, five years, some thirty regimes side by side: a minute or two
    .venv/bin/python tools/registry.py 2000 > /dev/null       fewer, for a look

The page is made from the figures that it shows: a test reads them back and asks that the page is what this prints of them.
"""

import copy
import re
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

from glasshouse.catalogue.files import parse
from glasshouse.day import SUMS
from glasshouse.experiments.days import Kept, Society
from glasshouse.models.norms import NORMS
from glasshouse.models.private_images import EIGHT, PUBLISHED
from glasshouse.regimes.loader import regime_text
from glasshouse.scenarios import Scenario, load
from glasshouse.scenarios.resolve import checked, ordered

PAGE = Path(__file__).resolve().parents[1] / "docs" / "registry.md"
CITIZENS, START, DAYS, LAST, SEED = 10_000, "2020-01-01", 1827, 366, 1
ERRORS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3)
SHOWN = {"L6": "Stern judging (L6)", "L3": "Simple standing (L3)"}
LAGS, MISSED = (1, 7, 30, 90), (0.0, 0.3, 0.6, 0.9)
EXACT = {"help.asks": 1, "registry.missed": 0, "registry.lag": 1, "registry.group_ratio": 1}
USUAL = {"registry.false": 0.05, **EXACT}
GROUPS = {"label 0": ("group", 0), "label 1": ("group", 1), "lowest fifth": ("quintile", 0), "highest fifth": ("quintile", 4), "country": ("urban", 0), "town": ("urban", 1)}
Figures = dict[tuple, float]


def regime(base: str, name: str, norm: str, changes: dict[str, float]) -> dict:
    """A shipped regime's data under another norm, with other numbers; those of sections that it has not are left out."""
    data = copy.deepcopy(regime_text(base).data)
    approves, helps = NORMS[norm]
    data |= {"id": name, "help": data["help"] | {"norm": data["help"]["norm"] | {"title": norm, "approves": list(approves), "helps": list(helps)}}}
    for key, value in changes.items():
        section, number = key.split(".")
        if section in data:
            data[section] = data[section] | {number: data[section][number] | {"value": value}}
    return data


def arms() -> dict[tuple, dict]:
    """Every regime that is run, by what it stands for on the page."""
    found: dict[tuple, dict] = {}
    for norm in SHOWN:
        for error in ERRORS:
            found["registry", norm, error] = regime("registry", "", norm, EXACT | {"registry.false": error})
            found["opinions", norm, error] = regime("opinions", "", norm, EXACT | {"opinions.mistaken": error})
        for part, values in (("lag", LAGS), ("missed", MISSED)):
            for value in values:
                found[part, norm, value] = regime("registry", "", norm, USUAL | {f"registry.{part}": value})
        for name in ("registry", "opinions"):
            found["shipped", norm, name] = regime(name, "", norm, {})
    return {key: data | {"id": f"arm_{i}"} for i, (key, data) in enumerate(found.items())}


def carried_out(made: dict[tuple, dict], citizens: int = CITIZENS, days: int = DAYS) -> tuple[Society, Kept]:
    """All of them over the same people with the same luck."""
    raw = {**load("essay").raw, "citizens": citizens, "days": days, "start": START, "seed": SEED, "panel": 0}
    raw = ordered(raw | {"regimes": [data["id"] for data in made.values()], "regime": {data["id"]: data for data in made.values()}})
    whole, found = checked(raw, parse("", ""))
    for fault in found[:1]:
        raise fault
    society = Society(Scenario(raw, whole))
    kept = society.run(cells=False, years=1)
    society.stepper.close()
    return society, kept


def figures(citizens: int = CITIZENS) -> Figures:
    """What the page shows: shares of requests of the last year, by arm and figure."""
    made = arms()
    society, kept = carried_out(made, citizens)
    out: Figures = {}
    for key, data in made.items():
        r = society.names.index(data["id"])
        total = {name: int(kept.sums[-LAST:, r, i].sum()) for i, name in enumerate(SUMS)}
        out[*key, "granted"] = total["help_granted"] / total["help_asked"]
        out[*key, "wronged"] = total["help_wronged"] / max(1, total["help_due"])
        out[*key, "spared"] = total["help_spared"] / max(1, total["help_asked"] - total["help_due"])
        if total["opinions_pairs"]:
            out[*key, "agree"] = total["opinions_alike"] / total["opinions_pairs"]
        if key[0] == "shipped":
            columns = kept.years[-1][1][r]
            for name, (field, value) in GROUPS.items():
                here = society.state.columns[field] == value
                out[*key, name] = int(columns["year_wronged"][here].sum()) / max(1, int(columns["year_due"][here].sum()))
    return {key: round(value, 3) for key, value in out.items()}


def in_public(norm: str, error: float) -> float:
    """Granted help in a population without end where all read one register that errs so often (Ohtsuki and Iwasa): B1."""
    approves, helps = (np.array(table, float) for table in NORMS[norm])
    good = 1.0
    for _ in range(10_000):
        weights = np.outer([1 - good, good], [1 - good, good]).ravel()
        right = float(weights @ (helps * approves[1::2] + (1 - helps) * approves[::2]))
        good = (1 - error) * right + error * (1 - right)
    weights = np.outer([1 - good, good], [1 - good, good]).ravel()
    return float(weights @ helps)


def in_private(norm: str, error: float) -> str:
    """Granted help among fifty who each keep an image of all (Hilbe and others): B2, where it was published."""
    return f"{PUBLISHED[error][EIGHT.index(norm)]:.3f}" if error in PUBLISHED else "-"


def even(found: Figures, norm: str, mistaken: float) -> str:
    """The error of a registry that grants as much as eyes that err so often, between two errors of the table."""
    aim = found["opinions", norm, mistaken, "granted"]
    granted = [found["registry", norm, error, "granted"] for error in ERRORS]
    for (low, high), (more, less) in zip(pairwise(ERRORS), pairwise(granted), strict=True):
        if more >= aim > less:
            return f"{low + (high - low) * (more - aim) / (more - less):.3f}"
    return f"above {ERRORS[-1]:g}" if aim <= granted[-1] else "none"


def table(head: str, rows: list[list[str]]) -> str:
    """A table of the page: the first column to the left."""
    columns = head.split(" | ")
    lines = ["| " + " | ".join(columns) + " |", "| --- |" + " ---: |" * (len(columns) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def of_norm(found: Figures, norm: str) -> str:
    """The table of one norm."""
    f = lambda *key: f"{found[key]:.3f}"  # noqa: E731
    rows = [
        [f"{e:g}", f("registry", norm, e, "granted"), f"{in_public(norm, e):.3f}", f("opinions", norm, e, "granted"), in_private(norm, e), f("registry", norm, e, "wronged"),
         f("opinions", norm, e, "wronged"), f("opinions", norm, e, "agree"), even(found, norm, e)]
        for e in ERRORS
    ]  # fmt: skip
    head = "error | registry | B1 | opinions | B2 | wronged, registry | wronged, opinions | agreement | as good"
    return f"### {SHOWN[norm]}\n\n{table(head, rows)}"


def of_part(found: Figures, part: str, values: tuple, unit: str) -> str:
    """What another weakness of a registry takes."""
    rows = [[f"{value:g}", *(f"{found[part, norm, value, 'granted']:.3f}" for norm in SHOWN)] for value in values]
    return table(f"{unit} | {' | '.join(SHOWN.values())}", rows)


def of_groups(found: Figures) -> str:
    """Who is refused wrongly, under the two regimes as they ship."""
    rows = []
    for norm in SHOWN:
        for name in ("registry", "opinions"):
            at = ("shipped", norm, name)
            first = [f"{found[*at, 'granted']:.3f}", f"{found[*at, 'wronged']:.3f}", f"{found[*at, 'spared']:.3f}"]
            rows.append([f"{name}, {norm}", *first, *(f"{found[*at, group]:.3f}" for group in GROUPS)])
    return table(f"regime, norm | granted | wronged | spared | {' | '.join(GROUPS)}", rows)


def answer(found: Figures) -> str:
    """When it helps, in a sentence a norm, from the figures."""
    lines = []
    for norm, title in SHOWN.items():
        exact, some, most = (even(found, norm, error) for error in (ERRORS[1], 0.05, ERRORS[-1]))
        lines.append(f"- **{title}**: the error up to which a registry grants more than opinions do is {exact} where eyes err in {ERRORS[1]:g} of cases, "
                     f"{some} where they err in 0.05, {most} where they err in {ERRORS[-1]:g}.")  # fmt: skip
    return "\n".join(lines)


def page(found: Figures) -> str:
    """The page."""
    return f"""# When does a registry help?

Whom should one help? Those who deserve it, says every norm of the *leading eight*, and who deserves it is judged by whom they helped. Two regimes of the day keep these names. Under `registry` whoever is asked
for help looks the asker up in one public record. Under `opinions` everybody goes by an own opinion of the asker, from what was seen over one's own ties. People, luck, requests and norm are the same; the difference is who
keeps the names. In the literature the one is model B1 (Ohtsuki and Iwasa 2004, [leading_eight](models/leading_eight.md)), the other B2 (Hilbe and others 2018, [private_images](models/private_images.md)).

```sh
glasshouse compare registry opinions --citizens 10000 --days 1826
```

## How it works

Once a week a citizen talks over four of sixteen places for ties. One of the four is drawn by lot, and whoever is there may ask for help (`help.asks`). The one who is asked helps or refuses, by two names and a table of the norm
(`helps`); a second table (`approves`) says what she is called for it.

- **Registry.** The answer enters the book, unless it is missed (`registry.missed`); now and then the contrary is entered (`false`, for the label group `group_ratio` times as often). What the one who is asked can look up is the record as it was last issued, once in
  `lag` days; the book judges by what is in the book.
- **Opinions.** One has an opinion of each tie, and of oneself: a bit each. Talking to somebody who was asked for help in the last seven days, one hears of the answer, at times mistakenly (`opinions.mistaken`), and judges her
  by one's own opinions of both. Of an asker whom one does not know one thinks as of another of one's ties, drawn by lot; over the tie over which she was asked it was oneself who asked.

Beside both, the norm is told of every answer as it was. Help is **due** where it would be granted by these names. Refused though due is *wronged*, granted though not due is *spared*. Nothing else hangs on help: it moves no money, no opinion, no tie.

## The answer

Share of requests granted in the fifth year, {CITIZENS:,} citizens, seed {SEED}, `help.asks` 1, `missed` 0, `lag` 1, `group_ratio` 1. *error* is `registry.false` in the columns of the registry and `opinions.mistaken` in those of opinions; *B1* the limit of many people with a public record of that error,
*B2* fifty people of whom nine in ten see each act; *agreement* how often two who talk with somebody in a week think the same of her; *as good* the error of a registry that would grant as much as these opinions.

{of_norm(found, "L6")}
{of_norm(found, "L3")}
{answer(found)}

So a registry repairs what private opinion breaks, where the norm needs agreement. Stern judging blames help for the bad as it blames refusal of the good, so two who disagree about a third
soon disagree about each other: opinions end near a toss of a coin at any error above none, as symmetry says (B2: one half; here a little above, because who asks always agrees with herself about herself). Any record that is right more often than not is better. Simple standing forgives: refusing is blamed only where the other
was good. There opinions lose little, and the registry helps only while it errs less often than the table says; one that errs more often harms. Both directions are those of B1 and B2. Under simple standing the level is lower than that of B2, because most askers
are strangers to those who judge, where in B2 everybody has an image of everybody.

## What else a registry must be

At `false` 0.05. A record that is issued late is believed when it is wrong already: who helps by an old page is judged by today's book, and under stern judging is blamed for it. Answers that are missed take nothing by themselves: a false entry stands
for longer, but so does a right one.

{of_part(found, "lag", LAGS, "days between issues")}
{of_part(found, "missed", MISSED, "share missed")}
## Who is refused wrongly

The regimes as they ship (`missed` 0.3, `false` 0.05 and half as much again for the label group, `lag` 30, `mistaken` 0.05), under either norm: shares of all requests granted, of those due that were refused, of those not due that were granted; then of those due that were refused, by group
of the one who asked.

{of_groups(found)}
The registry's false entries fall on the label group, and so do its refusals; opinions know no label. That is put in (`group_ratio`), and how large it is in any real register is not known.
"""


def numbers(line: str) -> list[str]:
    """The cells of a row of a table after the first."""
    return [cell.strip() for cell in line.strip().strip("|").split("|")][1:]


def read_back(text: str) -> Figures:
    """The figures that a page shows."""
    out: Figures = {}
    for norm, title in SHOWN.items():
        part = text.partition(f"### {title}\n")[2]
        rows = re.findall(r"^\| [0-9].*$", part, re.M)[: len(ERRORS)]
        for error, row in zip(ERRORS, rows, strict=True):
            granted, _, mine, _, wrong, wronged, agree, _ = numbers(row)
            out |= {("registry", norm, error, "granted"): float(granted), ("opinions", norm, error, "granted"): float(mine), ("registry", norm, error, "wronged"): float(wrong),
                    ("opinions", norm, error, "wronged"): float(wronged), ("opinions", norm, error, "agree"): float(agree)}  # fmt: skip
    for part, values, unit in (("lag", LAGS, "days between issues"), ("missed", MISSED, "share missed")):
        rows = re.findall(r"^\| [0-9].*$", text.partition(f"| {unit} |")[2], re.M)[: len(values)]
        for value, row in zip(values, rows, strict=True):
            out |= {(part, norm, value, "granted"): float(cell) for norm, cell in zip(SHOWN, numbers(row), strict=True)}
    for name, norm, row in re.findall(r"^\| (registry|opinions), (L\d) \|(.*)$", text, re.M):
        cells = numbers("x |" + row)
        out |= {("shipped", norm, name, what): float(cell) for what, cell in zip(("granted", "wronged", "spared", *GROUPS), cells, strict=True)}
    return out


if __name__ == "__main__":
    print(page(figures(int(sys.argv[1]) if len(sys.argv) > 1 else CITIZENS)), end="")
