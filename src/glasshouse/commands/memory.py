"""Whether a run fits into memory, asked before it starts."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import BadInput

if TYPE_CHECKING:
    from ..scenarios import Scenario

SET_ASIDE = 1_400_000_000  # bytes: addresses that libraries and threads take and never fill; they count where addresses are limited
UNKNOWN = 1 << 30  # runs side by side where nobody knows what is free
KEEP = 0.9  # of what is free: the rest of the machine lives too


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


def check_memory(scenario: Scenario, kept: int | None = None) -> int:
    """Refuse a run that will not fit into memory.

    Args:
        scenario: what is asked.
        kept: years at whose ends the citizens are kept; all of them if left out.

    Returns:
        How many such runs fit side by side.

    Raises:
        BadInput: with the largest number of citizens that fits.
    """
    from ..experiments.room import largest, needed

    free, size = available(), needed(scenario, kept)
    if free is None:
        return UNKNOWN
    fit = int(free * KEEP) // size
    if fit:
        return fit
    most, regimes = largest(int(free * KEEP), scenario, kept), len(scenario.regimes)
    told = f"{scenario.citizens:,} citizens under {regimes} regime{'s' if regimes > 1 else ''} need about {_size(size)}"
    fits = f"at most {most:,} citizens fit" if most else "no run fits"
    raise BadInput(f"{told} of memory, and {_size(free)} are free: {fits}", key="citizens", hint=str(most) if most else None)


def _size(number: float) -> str:
    """Bytes as a person would say them.

    Example:
        >>> _size(3e8), _size(8.04e9), _size(5.4e12), _size(1e30)
        ('300 MB', '8.0 GB', '5,400 GB', 'over a million GB')
    """
    if number >= 1e15:
        return "over a million GB"
    return f"{number / 1e9:,.0f} GB" if number >= 1e11 else f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"
