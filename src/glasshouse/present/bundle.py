"""The script that draws the charts: Vega, Vega-Lite and vega-embed in one text, kept in the user's cache: making it takes seconds."""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from .figures import VEGA_LITE


@cache
def bundle() -> str:
    """The script as text, from the cache where it stands there whole.

    Example:
        >>> "vegaEmbed" in bundle()
        True
    """
    import vl_convert

    file = cache_folder() / f"vega-{VEGA_LITE}-{vl_convert.__version__}.js"
    return _kept(file) or _keep(file, vl_convert.javascript_bundle(vl_version=VEGA_LITE))


def cache_folder() -> Path:
    """Where this user's programs keep what can be made again."""
    base = os.environ.get("XDG_CACHE_HOME") or ""
    return (Path(base) if os.path.isabs(base) else Path(os.path.expanduser("~")) / ".cache") / "glasshouse"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _kept(file: Path) -> str | None:
    """The script, if the file is whole: its first line is the hash of the rest."""
    try:
        digest, _, text = file.read_text(encoding="utf-8").partition("\n")
    except (OSError, UnicodeDecodeError):
        return None
    return text if digest == f"// {_digest(text)}" else None


def _keep(file: Path, text: str) -> str:
    """Write it beside its place and move it there, so that nobody reads half of it. A cache that cannot be written is no fault."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(f"// {_digest(text)}\n{text}")
        Path(name).replace(file)
    except OSError:
        pass
    return text
