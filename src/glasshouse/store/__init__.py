"""Run folders: everything a run leaves, written whole or not at all, and read back as one object."""

from .folder import check_target
from .run import Run, as_left, changed_files, open_run
from .write import add_file, add_time, write

__all__ = ["Run", "add_file", "add_time", "as_left", "changed_files", "check_target", "open_run", "write"]
