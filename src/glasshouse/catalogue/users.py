"""Which rules of the day read a number of the ledger, as tools/users.py found by moving a few numbers of each kind (users.toml)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("users.toml")
HOST = "setting up the run"
"""Whoever reads what no rule is handed: the draw of the people, the fit of a model, the dates of entries and deletions."""
DATES = (".coverage.start", ".coverage.end")
"""Days are not moved as numbers are; these say on which days a regime runs."""
OPEN = {"acts", "frequent", "attempts", "families", "rhythms", "consequences", "points", "activity", "dimensions", "grades", "lists", "entry", "watch"}
"""Parts of a path after which a name of the catalogue or of a regime stands."""


def pattern(key: str) -> str:
    """A path with every name of a catalogue entry, regime, grade or list as a star.

    Example:
        >>> pattern("acts.speeds.rate"), pattern("regime.essay.points.speeds"), pattern("life.air.fare")
        ('acts.*.rate', 'regime.*.points.*', 'life.air.fare')
    """
    parts = key.split(".")
    start = 2 if parts[0] == "regime" else 0
    starred = [part if at < start or parts[at - 1] not in OPEN or at == 0 else "*" for at, part in enumerate(parts)]
    return ".".join(["regime", "*", *starred[2:]] if start else starred)


@cache
def kept() -> dict[str, list[str]]:
    """Pattern -> rules, as kept."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))["users"]


def users(key: str) -> list[str]:
    """The rules that read a number, such as "live.flies"; HOST where none does; empty for a kind that was not, or cannot be, looked at.

    Example:
        >>> users("life.air.fare"), users("society.order.noise"), users("life.no.such")
        (['live.flies'], ['setting up the run'], [])
        >>> users("regime.essay.coverage.start")
        ['setting up the run']
    """
    return kept().get(pattern(key), [HOST] if key.endswith(DATES) else [])
