"""What a first run compiles beside the day: the functions that draw a society, by a process of their own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from glasshouse.engine.shelf import cache_folder, keep
from glasshouse.society.compiled import sources_digest


@contextmanager
def society_ahead(say=lambda note: None) -> Iterator[None]:
    """Has what draws a society compiled in the meantime, unless it was before; at the end it is done. say: told before a wait begins."""
    done = f"society_{sources_digest()[:16]}"
    if (cache_folder() / done).exists():
        yield
        return
    say("compiling what draws a society for this machine, once")
    helper = subprocess.Popen([sys.executable, "-m", "glasshouse.society"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
        if helper.wait() == 0:
            keep(done, b"")
    finally:
        helper.kill()
        helper.wait()
