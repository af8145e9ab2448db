"""Sources as BibTeX. A source here is a sentence, not a record of author and title: it stands in `note`, and nothing is made up."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Any

from ..scenarios.paths import SET

Rows = list[dict[str, Any]]
ESCAPED = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", **{sign: f"\\{sign}" for sign in "&%$#_"},
}  # fmt: skip
"""What TeX would read as a command. Braces by name: BibTeX counts them even where they are escaped."""


def bibtex(sources: Rows) -> str:
    """Sources as a BibTeX file: one entry for each text, whatever rests on it.

    Args:
        sources: rows of source, recalled and rests, as `sources.by_source` gives them.
    """
    found: dict[str, dict[str, Any]] = {}
    for row in sources:
        entry = found.setdefault(row["source"], {"recalled": False, "rests": {}})
        entry["recalled"] |= row["recalled"]
        for what, number in row["rests"].items():
            entry["rests"][what] = entry["rests"].get(what, 0) + number
    chosen = found.pop(SET, None)
    parts = [_entry(source, **entry) for source, entry in found.items()]
    if chosen is not None:
        parts.append(f"% {counted(chosen['rests'])} set on the command line: no source\n")
    return "\n".join(parts).rstrip("\n")


def _entry(source: str, recalled: bool, rests: dict[str, int]) -> str:
    told = counted(rests) + ("; remembered only" if recalled else "")
    return f"% {told}\n@misc{{{key_of(source)},\n  note = {{{escaped(source)}}},\n}}\n"


def key_of(source: str) -> str:
    """The key of a source: a word and a year of its text where it has them, and a hash; the same for the same text.

    Example:
        >>> key_of("Supreme People's Court, 2015, art. 3")
        'supreme2015-1124c338'
    """
    plain = unicodedata.normalize("NFKD", source).encode("ascii", "ignore").decode().lower()
    word, year = re.search(r"[a-z]{3,}", plain), re.search(r"\b(?:1[89]|20)\d\d\b", plain)
    name = (word[0] if word else "source") + (year[0] if year else "")
    return f"{name}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"


def escaped(text: str) -> str:
    """A text on one line that TeX prints as it stands.

    Example:
        >>> print(escaped("AT&T, 5 % {sic}"))
        AT\\&T, 5 \\% \\textbraceleft{}sic\\textbraceright{}
    """
    return "".join(ESCAPED.get(sign, sign) for sign in " ".join(text.split()))


def counted(rests: dict[str, int]) -> str:
    """What rests on a source, in words.

    Example:
        >>> counted({"value": 3, "claim": 1})
        '3 values, 1 claim'
    """
    return ", ".join(f"{number} {what}{'s' if number > 1 else ''}" for what, number in rests.items())
