"""Colours that stay apart for colour-blind eyes, on white, on dark and in grey print; none of them says good or bad."""

from __future__ import annotations

BLUE, ORANGE, GREEN, VERMILION, SKY, PINK, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#8A8F94"
"""Okabe and Ito's set, with a middle grey."""
_REGIMES = (BLUE, VERMILION, GREEN, PINK, ORANGE, SKY)
_DASHES = ("", "7,3", "2,3", "9,3,2,3", "4,4", "1,2")
# From brown over grey to blue: two hues that colour-blind eyes tell apart, the ends darker than the middle.
_SCALE = ("#9C4A08", "#D98326", "#EBC07E", "#B4BAC0", "#8DBBDD", "#4A8FC7", "#1F5F9E", "#153F6B")


def regimes(names: list[str], baseline: str) -> dict[str, tuple[str, str]]:
    """Regime -> (colour, dashes); the baseline is grey and dashed.

    Example:
        >>> regimes(["none", "essay"], "none")
        {'none': ('#8A8F94', '5,4'), 'essay': ('#0072B2', '')}
    """
    others = [name for name in names if name != baseline]
    chosen = {name: (_REGIMES[at % len(_REGIMES)], _DASHES[at % len(_DASHES)]) for at, name in enumerate(others)}
    return {name: (GREY, "5,4") if name == baseline else chosen[name] for name in names}


def scale(count: int) -> list[str]:
    """That many colours in order, from brown to blue.

    Example:
        >>> scale(2), len(set(scale(6)))
        (['#D98326', '#1F5F9E'], 6)
    """
    places = {
        1: (6,),
        2: (1, 6),
        3: (1, 3, 6),
        4: (0, 1, 4, 6),
        5: (0, 1, 3, 5, 6),
        6: (0, 1, 3, 4, 5, 6),
        7: (0, 1, 2, 3, 4, 5, 6),
    }.get(count, range(8))
    colours = [_SCALE[place] for place in places]
    return (colours * (count // len(colours) + 1))[:count]
