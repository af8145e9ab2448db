"""The files of regimes: the shipped ones by name, others by path."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from glasshouse.catalogue.files import Text, read
from glasshouse.errors import BadInput, nearest

HERE = Path(__file__).parent / "data"


def list_regimes() -> list[str]:
    """The names of the shipped regimes, in order of the alphabet.

    Example:
        >>> "essay" in list_regimes()
        True
    """
    return sorted(path.stem for path in HERE.glob("*.toml"))


def is_path(name: str) -> bool:
    """Whether a name is meant as a path.

    Example:
        >>> is_path("essay"), is_path("my/essay.toml")
        (False, True)
    """
    return "/" in name or "\\" in name or name.endswith(".toml")


def path_of(name: str, beside: Path | None = None) -> Path:
    """The file that a name means.

    Args:
        name: a shipped name, or the path of a TOML file (with a slash or ending in .toml).
        beside: the folder that a relative path starts from; by default the current one.

    Raises:
        BadInput: there is no shipped regime of this name.
    """
    if is_path(name):
        return Path(name) if beside is None else beside / name
    if name not in list_regimes():
        raise BadInput(f"there is no regime `{name}`", hint=nearest(name, list_regimes()))
    return HERE / f"{name}.toml"


def written(name: str, beside: Path | None = None) -> Text:
    """What a regime's file itself says, unchecked, and without what it takes over from another.

    Raises:
        BadInput: there is no such regime, or its file is not TOML.
    """
    path = path_of(name, beside)
    return read(path, str(path)) if is_path(name) else _shipped(name)


@cache
def _shipped(name: str) -> Text:
    return read(HERE / f"{name}.toml", f"{name}.toml")
