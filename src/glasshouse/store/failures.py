"""What the disk refuses, in one message."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from ..errors import BadInput

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def as_bad_input(error: OSError, folder: Path) -> BadInput:
    """The message for a write that failed.

    Args:
        error: what the system said.
        folder: where the run was to be written.

    Example:
        >>> str(as_bad_input(OSError(errno.ENOSPC, "No space left on device"), Path("runs/a")))
        'runs/a: the disk is full, so the run was not kept; free some space or choose another disk with --out'
    """
    if error.errno in FULL:
        return BadInput("the disk is full, so the run was not kept; free some space or choose another disk with --out", file=folder)
    why = os.strerror(error.errno).lower() if error.errno else str(error)
    return BadInput(f"the run cannot be written here ({why})", file=folder)
