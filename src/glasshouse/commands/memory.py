"""Whether a run fits into memory, asked before it starts."""

from __future__ import annotations

import resource
from pathlib import Path

from ..errors import BadInput

# Measured at 2,000 to 500,000 citizens, 10 to 1,096 days and 2 regimes (0.27 to 2.1 GB); the sum is up to a third above it.
BASE = 300_000_000  # bytes: the program, its libraries and compiled rules
PERSON = 150  # bytes a citizen, once
LIFE = 600  # bytes a citizen and regime: state, memory of records, clean account
YEAR = 500  # bytes a citizen, regime and year: what is kept at each year's end
ROW = 1300  # bytes a row of the table of citizens, one a citizen, regime and year, while the table is made
MOST_ROWS = 1_000_000  # citizens that the table holds
SET_ASIDE = 1_400_000_000  # bytes: addresses that libraries and threads take and never fill; they count where addresses are limited
KEEP = 0.9  # of what is free: the rest of the machine lives too


def needed(citizens: int, regimes: int, days: int, kept: int | None = None) -> int:
    """Bytes that a run will take, roughly.

    Args:
        citizens: people in the society.
        regimes: regimes side by side.
        days: length of the run.
        kept: years at whose ends the citizens are kept; all of them if left out.

    Example:
        >>> needed(100_000, 2, 1096) < 2e9
        True
    """
    years = -(-days // 365) if kept is None else kept
    rows = min(citizens, MOST_ROWS) * regimes * years
    return BASE + citizens * (PERSON + (LIFE + YEAR * years) * regimes) + rows * ROW


def available(proc: Path = Path("/proc/meminfo"), groups: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Bytes that may be taken now: what the system calls available, less where a container or a limit allows less; None if unknown."""
    found = []
    try:
        for line in proc.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                found.append(int(line.split()[1]) * 1024)
    except OSError:
        return None
    for most, now in (("memory.max", "memory.current"), ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes")):
        try:
            limit, used = (groups / most).read_text().strip(), (groups / now).read_text().strip()
        except OSError:
            continue
        if limit.isdigit():
            found.append(max(0, int(limit) - int(used)))
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most != resource.RLIM_INFINITY:  # ulimit -v
        found.append(max(0, most - SET_ASIDE - _addressed(proc.parent / "self" / "statm")))
    return min(found, default=None)


def _addressed(statm: Path) -> int:
    """Bytes that this process has addresses for; 0 where that cannot be read."""
    try:
        return int(statm.read_text().split()[0]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0


def check_memory(citizens: int, regimes: int, days: int, kept: int | None = None) -> None:
    """Refuse a run that will not fit into memory.

    Raises:
        BadInput: with the largest number of citizens that fits.
    """
    free = available()
    if free is None or needed(citizens, regimes, days, kept) <= free * KEEP:
        return
    most = largest(int(free * KEEP), regimes, days, kept)
    size = _size(needed(citizens, regimes, days, kept))
    told = f"{citizens:,} citizens under {regimes} regime{'s' if regimes > 1 else ''} need about {size}"
    fits = f"at most {most:,} citizens fit" if most else "no run fits"
    raise BadInput(f"{told} of memory, and {_size(free)} are free: {fits}", key="citizens", hint=str(most) if most else None)


def largest(free: int, regimes: int, days: int, kept: int | None = None) -> int:
    """The largest number of citizens, to two figures, whose run takes at most so many bytes.

    Example:
        >>> largest(8_000_000_000, 2, 365)
        2100000
    """
    low, high = 0, 1 << 40
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if needed(middle, regimes, days, kept) <= free else (low, middle)
    digits = max(0, len(str(low)) - 2)
    return low // 10**digits * 10**digits


def _size(number: float) -> str:
    """Bytes as a person would say them.

    Example:
        >>> _size(3e8), _size(8.04e9), _size(5.4e12), _size(1e30)
        ('300 MB', '8.0 GB', '5,400 GB', 'over a million GB')
    """
    if number >= 1e15:
        return "over a million GB"
    return f"{number / 1e9:,.0f} GB" if number >= 1e11 else f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"
