"""What was asked on the command line, read and checked before anything is run."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ..errors import BadInput

if TYPE_CHECKING:
    from ..scenarios import Scenario


@dataclass(frozen=True)
class Request:
    """One `glasshouse run` as it was typed: text, or None for what was left out."""

    scenario: str
    citizens: str | None = None
    days: str | None = None
    seed: str | None = None
    start: str | None = None
    regimes: Sequence[str] = ()
    set: Sequence[str] = field(default=())
    threads: str | None = None
    device: str = "cpu"
    checkpoint: str | None = None
    cluster: str | None = None
    shards: str | None = None

    def resolved(self) -> Scenario:
        """The scenario with everything that was asked for.

        Raises:
            BadInput: no such scenario, regime or key (with the nearest), or a number that makes no sense.
        """
        from ..scenarios import load

        return load(self.scenario).with_(
            citizens=whole("--citizens", self.citizens, least=1),
            days=whole("--days", self.days, least=1),
            seed=whole("--seed", self.seed, least=0),
            start=day("--start", self.start),
            regimes=list(self.regimes) or None,
            set=settings(self.set) or None,
        )

    def repeat(self, scenario: Scenario) -> str:
        """The command line that gives the same run again, whatever the scenario's own sizes are by then."""
        given = [("--citizens", str(scenario.citizens)), ("--days", str(scenario.days)), ("--seed", str(scenario.seed))]
        given += [("--start", self.start)] if self.start else []
        given += [("--regime", name) for name in self.regimes] + [("--set", pair) for pair in self.set]
        return shlex.join(["glasshouse", "run", self.scenario, *(word for pair in given for word in pair)])


def whole(option: str, text: str | None, least: int) -> int | None:
    """A whole number from the command line; 100_000 and 100,000 are read too.

    Example:
        >>> whole("--citizens", "100_000", least=1), whole("--citizens", None, least=1)
        (100000, None)
    """
    if text is None:
        return None
    plain = text.replace("_", "").replace(",", "").strip()
    digits = plain.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 30:
        raise BadInput(f"{option} must be a whole number, not `{text}`", hint=_as_whole(plain))
    if int(plain) < least:
        raise BadInput(f"{option} must be at least {least}, not {int(plain)}")
    return int(plain)


def _as_whole(text: str) -> str | None:
    """What may have been meant by 1e5, 20k or 10.0."""
    factor = {"k": 1e3, "m": 1e6}.get(text[-1:].casefold())
    try:
        number = float(text[:-1] if factor else text) * (factor or 1)
    except ValueError:
        return None
    return str(int(number)) if 0 < number < 1e15 and number == int(number) else None


def day(option: str, text: str | None) -> date | None:
    """A day from the command line, written 2019-01-01."""
    if text is None:
        return None
    told = f"{option} must be a day such as 2019-01-01, not `{text}`"
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(told) from None
    if found.isoformat() != text.strip():  # 20190101, 2019-W01-1
        raise BadInput(told, hint=found.isoformat())
    return found


def settings(given: Sequence[str], option: str = "--set", listed: str = "glasshouse scenarios keys") -> dict[str, str]:
    """The pairs of --set KEY=VALUE, or of another option that is written so; listed: the command that lists the keys.

    Example:
        >>> settings(["life.air.fare=900", "responses.chilling.size = 0.2"])
        {'life.air.fare': '900', 'responses.chilling.size': '0.2'}
    """
    found: dict[str, str] = {}
    for text in given:
        key, equals, value = (part.strip() for part in text.partition("="))
        if not (key and equals and value):
            raise BadInput(f"{option} must be KEY=VALUE, not `{text}` (`{listed}` lists the keys)")
        if found.get(key, value) != value:
            raise BadInput(f"{option} gives two values, {found[key]} and {value}", key=key)
        found[key] = value
    return found
