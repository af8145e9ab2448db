"""A regime in short, as plain data: what `glasshouse regimes show` prints and the report tells."""

from __future__ import annotations

from typing import Any

from glasshouse.catalogue import Catalogue, catalogue
from glasshouse.regimes.loader import load_regime
from glasshouse.regimes.schema import Regime


def describe(regime: Regime, known: Catalogue | None = None, beside: Regime | None = None) -> dict[str, Any]:
    """A regime in short, ready to be printed as JSON.

    Args:
        regime: the regime.
        known: the catalogue that its consequences are from; by default the shipped one.
        beside: the regime that a lot draws for, whose consequences are then told; by default the shipped one of that name.

    Returns:
        `id`, `title`, `summary`, `kind`, `channels`, `penalties`, `rewards`, `grades`, `coverage`, `claims`.

    Example:
        >>> describe(load_regime("platform"))["penalties"]
        ['reach_reduction', 'account_removal']
    """
    known = catalogue() if known is None else known
    if regime.kind == "lot" and regime.beside and beside is None:
        beside = load_regime(regime.beside)
    handed = (beside or regime).consequences
    cover, age = regime.coverage, (beside or regime).coverage and (beside or regime).coverage.from_age
    return {
        "id": regime.id,
        "title": regime.title,
        "summary": regime.summary,
        "kind": regime.kind,
        "channels": regime.channels,
        "penalties": [name for name in handed if known.consequences[name].kind == "penalty"],
        "rewards": [name for name in handed if known.consequences[name].kind == "reward"],
        "grades": [{"id": grade.id, "title": grade.title, "from": grade.cut and grade.cut.value} for grade in regime.grades],
        "coverage": cover
        and {
            "from_age": age.value if age else 0,
            "start": cover.start.isoformat(),
            "end": cover.end and cover.end.isoformat(),
            "start_source": cover.start_source,
        },
        "claims": [claim.model_dump() for claim in regime.claims],
    }
