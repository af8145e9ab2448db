"""Writes docs/ties.md: how a society is knit, beside what was published.

    .venv/bin/python tools/ties.py > docs/ties.md          measures a million citizens: about three minutes of one processor
    .venv/bin/python tools/ties.py 65536 > /dev/null       fewer, for a look

The page is made from the figures that it shows: a test reads them back and asks that the page is what this prints of them.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from glasshouse.scenarios.society import USUAL, Ties, list_recipes, plain, recipe_numbers
from glasshouse.society import load_tables
from glasshouse.society.knit import figures, reach
from glasshouse.society.ties import Net, Recipe, net_of, recipe_of

PAGE = Path(__file__).resolve().parents[1] / "docs" / "ties.md"
CITIZENS, SAMPLE, EGOS, SOURCES, SEED = 1_000_000, 12_000, 200, 32, 1


@dataclass(frozen=True)
class Row:
    """One figure of the page: its name, its key, what was published, and between what it should lie (None: shown only)."""

    label: str
    key: str
    published: str
    low: float | None = None
    high: float | None = None


TABLES = {
    "Degree": (
        Row("address book, mean", "book.mean", "191 (Facebook, May 2011); target 190, 15 % either way", 161.5, 218.5),
        Row("address book, median over mean", "book.median_of_mean", "0.52 (99 over 191, likewise)"),
        Row("address book, lowest and highest tenth: from", "book.tenth", "not found"),
        Row("address book, lowest and highest tenth: to", "book.ninetieth", "not found"),
        Row("talking, mean", "talking.mean", "14.4 (MSN Messenger, Jun 2006); target 10 to 15", 10, 15),
        Row("core, mean", "core.mean", "target 3 to 5 (USA 2.1 to 2.9, Tianjin 1986 6.3: remembered)", 3, 5),
    ),
    "Clustering": (
        Row("address book, at 80 to 120 acquaintances", "book.clustering", "0.14 at a hundred (Facebook, second hand); target 0.10 to 0.20", 0.10, 0.20),
        Row("talking, at 8 to 14", "talking.clustering", "0.14 (MSN, remembered)"),
    ),
    "Distance": (
        Row("address book, mean", "book.distance", "4.74 among 721 million (Facebook); target 4 to 5.5 among a million", 4, 5.5),
        Row("address book, share reached", "book.reached", "0.9991 (Facebook); target above 0.99", 0.99, 1),
        Row("talking, mean", "talking.distance", "6.6 among 180 million (MSN)"),
        Row("talking, share reached", "talking.reached", "target above 0.99", 0.99, 1),
        Row("talking, reached without household and kin", "talking.without_strong", "all stay together without strong ties (mobile calls, Onnela 2007)"),
        Row("talking, reached without town and anywhere", "talking.without_weak", "falls apart without weak ties (likewise)"),
    ),
    "Age": (
        Row("talking, correlation of ages", "talking.age", "0.30 (contacts of a day, Mistry et al. 2021, for China)"),
        Row("the same, adults only", "talking.age_adults", "0.13 (likewise)"),
        Row("talking, both in one band of five years", "talking.same_band", "0.18 (likewise)"),
        Row("core, correlation of ages", "core.age", "not found"),
    ),
    "Class, outside the household": (
        Row("address book, rank of the other on one's own, slope", "book.rank_slope", "0.44 (Chetty et al. 2022, United States, remembered)"),
        Row("address book, upper half among those known to the lower", "book.high_of_low", "0.388 (likewise)"),
        Row("address book, upper half among those known to the upper", "book.high_of_high", "0.706 (likewise)"),
        Row("gap between the halves", "class.tie_gap", "0.318 (difference of the two)"),
        Row("of it, gap in whom one meets in one's groups", "class.met_gap", "half of it (likewise, seen)"),
        Row("share of the gap that is exposure", "class.exposure_share", "0.5 (likewise, seen)"),
        Row("talking, slope", "talking.rank_slope", "not found"),
    ),
    "Residence, outside the household": (
        Row("address book, both in town or both in the country", "book.same_residence", "not found"),
        Row("talking, the same", "talking.same_residence", "not found"),
    ),
}


def recipe(name: str) -> Recipe:
    """A shipped recipe."""
    return recipe_of(name, plain(Ties.model_validate({"id": name, **recipe_numbers(USUAL, name)})))


def measured(net: Net, sources: int = SOURCES) -> dict[str, float]:
    """Every figure of the page for one net."""
    out = figures(net, SAMPLE, SEED, EGOS)
    starts = np.random.default_rng(SEED).choice(np.flatnonzero(net.alive), sources, replace=False)
    for layer in ("book", "talking"):
        out[f"{layer}.distance"], out[f"{layer}.reached"] = reach(net, layer, starts)
    weak = [group.name for group in net.recipe.groups if group.name in ("town", "anywhere")]
    out["talking.without_strong"] = reach(net, "talking", starts, ("household", "kin"))[1]
    out["talking.without_weak"] = reach(net, "talking", starts, tuple(weak))[1] if weak else float("nan")
    return out


def shown(value: float) -> str:
    """A figure as the page has it."""
    if np.isnan(value):
        return "-"
    return f"{value:.1f}" if abs(value) >= 2 else f"{value:.3f}"


def verdict(row: Row, text: str) -> str:
    """Whether a figure lies where it should."""
    if row.low is None or row.high is None:
        return ""
    return "yes" if row.low <= float(text) <= row.high else "no"


def tables(found: dict[str, dict[str, str]]) -> str:
    """The tables of the page from figures as text, by recipe and key."""
    lines = []
    for title, rows in TABLES.items():
        lines += [f"### {title}", "", "| | published | `measured` | within the target | `random` |", "| --- | --- | ---: | --- | ---: |"]
        for row in rows:
            here, null = found["measured"][row.key], found["random"][row.key]
            lines.append(f"| {row.label} | {row.published} | {here} | {verdict(row, here)} | {null} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def read_back(page: str) -> dict[str, dict[str, str]]:
    """The figures that a page shows, by recipe and key."""
    cells = {}
    for line in page.splitlines():
        parts = [part.strip() for part in line.strip("|").split("|")]
        if line.startswith("| ") and len(parts) == 5 and re.fullmatch(r"-|-?[\d.]+", parts[2]):
            cells[parts[0], parts[1]] = (parts[2], parts[4])
    keys = {row.key: cells[row.label, row.published] for rows in TABLES.values() for row in rows}
    return {"measured": {k: v[0] for k, v in keys.items()}, "random": {k: v[1] for k, v in keys.items()}}


def page(found: dict[str, dict[str, str]], citizens: int = CITIZENS) -> str:
    """The whole page."""
    return TEXT.replace("TABLES", tables(found)).replace("CITIZENS", f"{citizens:,}").replace("RECIPES", ", ".join(f"`{n}`" for n in list_recipes()))


TEXT = """# Ties

Who knows whom is not stored. It is computed from the slot number, by a *recipe* of groups that a scenario names:

```toml
society.ties = "random"                          # the usual one is "measured"

[society]                                        # or: one number of a recipe changed
id = "china-2019"

[society.ties.groups.kin.talking]
about = "Places among the sixteen talking ties."
unit = "ties"
status = "assumed"
source = "A trial."
range = [2, 5]
value = 3
```

The recipes are RECIPES. Each is a file in the society's folder (`society/data/china-2019/ties/`); each number has unit, source, status and
range, can be set by its path (`glasshouse run --set society.ties.groups.work.age_choice=0.4`) and stands in the ledger of a run.

## How it works

**Groups.** Ties arise in groups only. The members of a group come from a *span* of neighbouring slots: 256 (about ninety homes), 1,024 (a tile), 16,384 (four
communities), or the whole society. Slots are laid out by the society: homes together, and in each community of 4,096 towns first, then by income with noise. So the
narrower the span, the more alike in residence and income are those whom one meets there. The slots of a span are shuffled by a keyed permutation; stretches of the
shuffled places are the groups. A household belongs to the same kin, because runs of four slots are shuffled together. The household itself is a group too.

**Steps.** Within a group of 2^k members each pair has a step: the two shuffled places differ by it in binary (exclusive or). The same step leads there and back, so every
tie is mutual, and a tie dropped at one end is dropped. The last span may be incomplete: its places fall into parts, the largest power of two that fits, then the largest that
fits into the rest, and so on, each shuffled in itself. Before that all move on by a share of the group's own, and both is done twice, so that who was in another part may
come into one's own. A step to a place that nobody has is no tie, nor is one to somebody who is not born yet or lives no more.

**Chance.** Each pair of a group may know each other. The chance falls by a power of the distance, from `nearest` to `farthest`; distance is the order of the steps.
Sociability is a number that the slot stands for (lognormal); it counts the more, the more distant the other is, so that the sociable know people further out.
One word of luck belongs to the pair, whichever end asks.

**Choice.** Of what would be a tie, `class_choice` is not made for each fifth of income apart, and `age_choice` for each step of age: three years of childhood,
twenty-five of adult life, and fourteen steps in between (numbers of the recipe, too). So who is known falls apart into whom groups let one meet (exposure) and whom one chooses among them (bias).

**Layers.** The *address book* is the household and everybody known. The *talking* layer is the household and sixteen places for the closest of each group, where a tie
exists. The *core* is the household and the places that the recipe calls core. Each layer holds the next.

## What a day reads

Every week a citizen's opinion is pulled by those in four of the sixteen places, in turn: a talking tie is talked to every fourth week. Points that leak from friends are
weighed once a month from eight of them. A tie lives while both ends keep it. Those who know of a score may drop somebody in the lowest grades (`responses.ties`), but not
of the core. Each year a tenth of the places outside the core pass to another member of the same group (`replaced`: 48 % of personal ties last seven years); a new
tie begins kept. The household is read by rules of its own. Address book and core are functions (`glasshouse.society.ties.net_of`); no rule reads them.

## Measured

CITIZENS citizens of the society `china-2019`, seed 1; degree and likeness from 12,000 citizens, clustering from 200, distance from 32 to all. Where a range was
written down as a target beforehand, the page says whether the figure lies in it. Beside it the recipe `random`, a null: as many ties, without groups and without choice.

TABLES

Every number of `measured` was fitted to these targets or assumed, so agreement is no evidence for anything but that the recipe can be that way. What falls short:

- contacts by age are less alike than measured: children do not have classes of their own, since slots are not laid out by age. Age is chosen inside a
  mixed group, which costs ties; more of it would leave fewer to talk to;
- circles of a hundred are tighter than those measured, and looser circles would leave fewer to talk to: talking and clustering lie near the ends of their ranges;
- the slope of ranks is below the remembered one;
- of ten who talk, seven or eight are outside the household, less than the ten and more that were counted on one messenger, where the household counts little;
- distance is measured at the size shown, and grows with the logarithm of the number of citizens; no figure was found for a million;
- ages, and so the steps of age, are those of the first day; those who are not born yet count as newborn;
- a society of some thousands has fewer acquaintances, since there are fewer to meet, and so has the last incomplete span of a larger one;
- nothing is known here of China's address books, of who talks with whom on its messengers, or of class among friends there: the targets are American or world-wide.
"""


def main() -> None:
    """Measures both recipes and prints the page."""
    citizens = int(sys.argv[1]) if len(sys.argv) > 1 else CITIZENS
    found = {name: measured(net_of(load_tables(), citizens, recipe(name), SEED)) for name in ("measured", "random")}
    print(page({name: {k: shown(v) for k, v in f.items()} for name, f in found.items()}, citizens), end="")


if __name__ == "__main__":
    main()
