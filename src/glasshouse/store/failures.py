"""What the disk refuses, in one message."""

from __future__ import annotations

import errno
import os
import shlex
from pathlib import Path

from ..errors import BadInput

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def as_bad_input(error: OSError, folder: Path, added: str = "", what: str = "run") -> BadInput:
    """The message for a write that failed.

    Args:
        error: what the system said.
        folder: where it was to be written.
        added: a file that was to be added to a run that is kept already; empty where it is the run itself that was lost.
        what: what was to be written there.

    Example:
        >>> full = OSError(errno.ENOSPC, "No space left on device")
        >>> str(as_bad_input(full, Path("runs/a")))
        'runs/a: the disk is full, so the run was not kept; free some space or choose another disk with --out'
        >>> str(as_bad_input(full, Path("runs/a"), "report.html"))
        'runs/a: the disk is full, so report.html was not kept, but the run is; free some space, then: glasshouse report runs/a'
    """
    if error.errno in FULL:
        if added:
            then = f", then: glasshouse report {shlex.quote(str(folder))}" if added == "report.html" else ""
            return BadInput(f"the disk is full, so {added} was not kept, but the run is; free some space{then}", file=folder)
        return BadInput(f"the disk is full, so the {what} was not kept; free some space or choose another disk with --out", file=folder)
    why = os.strerror(error.errno).lower() if error.errno else str(error)
    return BadInput(f"{added or f'the {what}'} cannot be written here ({why})", file=folder)
