"""One invented life of a stored run, told under a rule and beside it under another."""

from __future__ import annotations

from typing import Any

from rich.console import RenderableType
from rich.text import Text

from ..errors import BadInput, nearest
from .terminal import give


def tell(folder: str, who: str | None, regime: str | None, beside: str | None, as_json: bool) -> None:
    """Print the life of a followed citizen, by number or by the rule that chooses one."""
    from ..present import lives, words
    from ..present.data import BASELINE, Data
    from ..store import open_run

    data = Data(open_run(folder))
    if not data.run.panel.height:
        raise BadInput("nobody is followed in this run: `panel` says how many are", file=folder)
    mine = regime or (data.scored[0] if data.scored else BASELINE)
    if mine not in data.regimes:
        raise BadInput(f"the run has no regime `{mine}`", hint=nearest(mine, data.regimes))
    citizen = _citizen(data, who or "median", mine)
    names = [mine, *([beside] if beside else [data.twin] if data.twin not in (None, mine) else [])]
    told = [lives.told(data, citizen, name) for name in names]
    found = {"citizen": citizen, "who": told[0].who, "lives": [row for life in told for row in lives.as_rows(life)]}

    def parts(found: dict[str, Any]) -> list[RenderableType]:
        shown: list[RenderableType] = [Text(f"{found['who']}. Nobody here exists.", style="bold")]
        for life in told:
            shown += ["", Text(f"Under {words.capital(data.regime(life.regime))} ({life.regime})", style="bold")]
            shown += [each.text.replace(words.SPACE, " ") for each in life.sentences]
        return shown

    give(found, as_json, parts)


def _citizen(data: Any, who: str, regime: str) -> int:
    """A citizen's number, as it stands or by the rule that chooses one."""
    from ..present import lives

    plain = who.replace(",", "").replace("_", "")
    if plain.isascii() and plain.isdigit() and len(plain) < 19:
        return int(plain)
    if who not in lives.PICKS:
        raise BadInput(f"`{who}` is neither a citizen's number nor one of {', '.join(lives.PICKS)}", hint=nearest(who, lives.PICKS))
    found = lives.PICKS[who].pick(data, regime)
    if found is None:
        raise BadInput(f"under `{regime}` {lives.PICKS[who].nobody}")
    return found
