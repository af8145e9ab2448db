"""Numbers, names and gaps in plain words: the one place that decides how a figure is written."""

from __future__ import annotations

import math
import re
from datetime import date, timedelta
from typing import Any

NO_CASE = "no case"
"""Written where a share has nothing to be a share of; it is never 0."""
NOT_MEASURED = "not measured"
"""Written where the run holds no such number."""
NOT_SCORED = "not scored"
"""Written where a regime gives no score."""
SAYS = "Every number here is the model's effect, not a country's: what these rules and assumptions do to invented people."
"""What stands under the numbers of an audit and of a comparison, wherever they are told."""
SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"

CHANNELS = {
    "commerce": "Online shopping",
    "payments": "Mobile payment",
    "social": "Social media",
    "browsing": "Browsing and searches",
    "location": "The phone's position",
    "civic": "Courts, taxes, traffic and other public business",
}
GROUPINGS = {"age": "age", "residence": "residence", "income": "household income", "sex": "sex", "label": "label"}
FIFTHS = ("poorest fifth", "second fifth", "middle fifth", "fourth fifth", "richest fifth")
_INCOMES = {  # the names in the tables of a run, and those of the published totals
    "lowest fifth": 0, "second fifth": 1, "middle fifth": 2, "fourth fifth": 3, "highest fifth": 4,
    "low": 0, "lower_middle": 1, "middle": 2, "upper_middle": 3, "high": 4,
}  # fmt: skip
GROUPS = {
    "residence": {"urban": "town", "rural": "country", "1": "town", "0": "country"},
    "sex": {"male": "men", "female": "women", "0": "men", "1": "women"},
    "income": {name: FIFTHS[at] for name, at in _INCOMES.items()},
    "label": {"0": "label 0", "1": "label 1"},
}
STATUSES = {
    "law": "rule text that was read",
    "measured": "counted or studied by somebody",
    "derived": "worked out from published figures",
    "reported": "second hand",
    "assumed": "nobody has measured it, or no source was found",
}
VERDICTS = {"documented": "documented", "partly": "partly documented", "not": "not documented"}
CAUSES = {
    "record": "wrong or misdirected records",
    "stale": "records kept too long",
    "kin": "points of family and friends",
    "inference": "what was only inferred",
    "several": "several of these together",
}


def capital(text: str) -> str:
    """The text with its first letter large.

    Example:
        >>> capital("a slow line")
        'A slow line'
    """
    return text[:1].upper() + text[1:]


def plain(name: str) -> str:
    """An identifier as words, for what has no title.

    Example:
        >>> plain("flight_ban")
        'flight ban'
    """
    return name.replace("_", " ").strip()


def group(grouping: str, name: str) -> str:
    """The name of a group of people in words.

    Example:
        >>> group("income", "low"), group("age", "18-39"), group("income", "4")
        ('poorest fifth', '18–39', 'richest fifth')
    """
    known = GROUPS.get(grouping, {})
    if name in known:
        return known[name]
    if grouping == "income" and re.fullmatch(r"[0-4]", name):
        return FIFTHS[int(name)]
    return re.sub(r"(?<=\d)-(?=\d)", "\N{EN DASH}", plain(name))


def rank(grouping: str, name: str) -> tuple[float, str]:
    """Where a group stands among its kind: young before old, poor before rich.

    Example:
        >>> sorted(["60+", "0-17", "18-39"], key=lambda name: rank("age", name))
        ['0-17', '18-39', '60+']
    """
    if grouping == "income" and name in _INCOMES:
        return _INCOMES[name], name
    first = re.search(r"\d+", name)
    if first is None:
        return float("inf"), name
    return float(first[0]) - (0.5 if re.match(r"(under|below|<)", name) else 0.0), name


def whole(number: float | None) -> str:
    """A count with its thousands set apart.

    Example:
        >>> whole(1234567), whole(None)
        ('1,234,567', 'not measured')
    """
    return NOT_MEASURED if number is None else _minus(f"{round(number):,}")


def decimal(number: float | None, digits: int | None = None) -> str:
    """A number with as many decimals as a reader needs: about three figures.

    Example:
        >>> decimal(0.12345), decimal(12.345), decimal(4321.2), decimal(0.000002)
        ('0.123', '12.3', '4,321', '0.000002')
    """
    if number is None or number != number:
        return NOT_MEASURED
    if digits is None:
        if number == 0 or (float(number).is_integer() and abs(number) < 1e15):
            return whole(number)
        size = abs(number)
        if size < 0.0005:
            return _minus(f"{number:.{1 - math.floor(math.log10(size))}f}".rstrip("0"))
        digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 1 else 3
    return _minus(f"{number:,.{digits}f}")


def share(part: float | None, missing: str = NO_CASE) -> str:
    """A share of 0..1 in per cent; None is a share of nothing.

    Example:
        >>> share(0.1234), share(0.00004), share(None), share(0)
        ('12.3\\xa0%', 'under 0.01\\xa0%', 'no case', '0\\xa0%')
    """
    if part is None or part != part:
        return missing
    percent = 100.0 * part
    if percent == 0:
        return f"0{SPACE}%"
    if abs(percent) < 0.01:
        return f"{'under' if percent > 0 else 'above'} {_minus('' if percent > 0 else '-')}0.01{SPACE}%"
    return _minus(f"{percent:.{2 if abs(percent) < 1 else 1}f}{SPACE}%")


def points(difference: float | None) -> str:
    """A difference of two shares, in percentage points with its sign.

    Example:
        >>> points(-0.0123), points(0.0), points(None)
        ('−1.23\\xa0points', 'no difference', 'not measured')
    """
    percent = None if difference is None else 100.0 * difference
    return _signed(percent, f"{SPACE}points", digits=None if percent is None or abs(percent) < 0.01 else 1 if abs(percent) >= 10 else 2)


def yuan(fen: float | None) -> str:
    """A sum of money given in fen.

    Example:
        >>> yuan(123456789), yuan(-250), yuan(12_345_678_900)
        ('1.23\\xa0million yuan', '−2.50\\xa0yuan', '123\\xa0million yuan')
    """
    if fen is None:
        return NOT_MEASURED
    amount = fen / 100.0
    for size, name in ((1e9, f"{SPACE}billion"), (1e6, f"{SPACE}million")):
        if abs(amount) >= size:
            return f"{decimal(amount / size)}{name} yuan"
    return f"{decimal(amount, 2 if abs(amount) < 100 and amount else 0)}{SPACE}yuan"


def signed(difference: float | None, unit: str = "") -> str:
    """A difference with its sign; none at all is said in words.

    Example:
        >>> signed(12.0, "yuan"), signed(-0.5), signed(0)
        ('+12\\xa0yuan', '−0.500', 'no difference')
    """
    return _signed(difference, f"{SPACE}{unit}" if unit else "")


def gini(difference: float | None) -> str:
    """A difference of two Gini coefficients, to four decimals.

    Example:
        >>> gini(-0.00123), gini(0.00001), gini(0.0)
        ('−0.0012', 'under 0.0001 either way', 'no difference')
    """
    if difference and abs(difference) < 0.00005:
        return "under 0.0001 either way"
    return _signed(difference, "", digits=4)


def day(start: str, number: int) -> str:
    """The date of a day of the run, in words.

    Example:
        >>> day("2019-01-01", 365)
        '1 January 2020'
    """
    then = date.fromisoformat(start) + timedelta(number)
    return f"{then.day} {then:%B %Y}"


def month(text: str) -> str:
    """A month in words.

    Example:
        >>> month("2020-01")
        'January 2020'
    """
    return f"{date.fromisoformat(text[:7] + '-01'):%B %Y}"


def listed(parts: list[str]) -> str:
    """Several things in one sentence.

    Example:
        >>> listed(["a"]), listed(["a", "b", "c"])
        ('a', 'a, b and c')
    """
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def number_in(value: Any) -> str:
    """Whatever a table holds for a value: a number, also one written as text, a date, a dated value, or nothing."""
    if isinstance(value, dict):
        return "; ".join(f"{decimal(number)} from {since}" for since, number in value.items())
    if value is None:
        return NOT_MEASURED
    try:
        return decimal(float(value))
    except ValueError:
        return str(value)


def _signed(difference: float | None, unit: str, digits: int | None = None) -> str:
    if difference is None or difference != difference:
        return NOT_MEASURED
    if difference == 0:
        return "no difference"
    text = decimal(difference, digits)
    return f"{text if text.startswith(MINUS) else '+' + text}{unit}"


def _minus(text: str) -> str:
    return text.replace("-", MINUS)
