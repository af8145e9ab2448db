"""article-5: which measured facts speak to the two limbs of Article 5(1)(c) of the EU's AI Act. A screen, not legal advice."""

from __future__ import annotations

from glasshouse.audits import leakage, proportionality
from glasshouse.audits.asking import Audit, Found
from glasshouse.audits.counting import share, sums_of
from glasshouse.store import Run

YEAR = 365
LIMB_I = {
    "felt in another context": "another context: all channels",
    "felt in another context, near ones apart": "another context, near ones apart: all channels",
    "of which the context is not known": "context not known: no act or a channel of one's own",
}
"""What the limb is told of -> the number of the audit `leakage`."""
LAWFUL = "lawful acts: share of days"
DISPROPORTIONATE = {
    "days for light acts": "light acts: share of days",
    "records of light acts": "light acts: share of records",
    "pairs of acts of which the lighter brings more days": "the lighter act brings more days",
    "weight a point of gravity": "weight a point of gravity",
    "weight a point of gravity, at least": "weight a point of gravity, at least",
    "weight a point of gravity, at most": "weight a point of gravity, at most",
}
"""Likewise, of the audit `proportionality`."""


def of(run: Run, regime: str) -> Found:
    """Whom the score covers and what follows from it; then the facts that speak to each limb."""
    penalties = [*run.summary["regimes"][regime]["penalties"]]
    sums = sums_of(run.daily, regime)
    days, false = (sum(sums.get(f"{what}:{name}", 0) for name in penalties) for what in ("in_force", "false"))
    covered = sums.get("covered", 0)
    found: dict[str, float | None] = {"scope: share of people covered": share(covered, sums.get("people", 0))}
    if not penalties:
        return found
    context, harm = leakage.of(run, regime), proportionality.of(run, regime)
    found["scope: penalty days for each person covered and year"] = share(days * YEAR, covered)
    found |= {f"limb i: days {what}": context[name] if context else None for what, name in LIMB_I.items()}
    found["limb ii, unjustified: days that the rule itself would not bring"] = share(false, days)
    found["limb ii, unjustified: days for acts that no law forbids"] = harm[LAWFUL]
    return found | {f"limb ii, disproportionate: {what}": harm[name] for what, name in DISPROPORTIONATE.items()}


ARTICLE_5 = Audit(
    name="article-5",
    question="Which measured facts speak to the two limbs of Article 5(1)(c) of Regulation (EU) 2024/1689: treatment in unrelated contexts, and treatment that is unjustified or disproportionate?",
    definition="A screen, not legal advice: no number here says that a rule is forbidden or allowed, and whether a rule is one of an AI system is not asked. scope: person-days covered by a score or list over all; "
    "penalty days for each year so covered. limb i: of the penalty days, the share felt in a domain of life that the channel of the record is not plainly about (near ones apart: nor arguably), as the audit leakage has "
    "it. limb ii, unjustified: the share of penalty days that the same rule would not bring if records were right, in time and one's own; of those behind which an act stands, the share for acts that no law forbids. limb ii, "
    "disproportionate: as the audit proportionality has it, light acts being of a gravity below 2 of 10.",
    unit={
        "scope: share": "share", "scope": "days a person and year", "limb ii, disproportionate: weight": "weighted days a point of gravity",
        "limb ii, disproportionate: pairs": "share of pairs", "limb ii, disproportionate: records": "share of records", "": "share of penalty days",
    },
    direction={
        "scope": "higher: more people, or more of their days, are in question", "limb i:": "higher: more treatment is away from where the data came from, or cannot be traced to it",
        "limb ii, unjustified": "higher: more treatment has no ground in the rule, or none in any law", "limb ii, disproportionate: records": "higher: more of what is recorded is light",
        "": "higher: treatment follows the gravity of acts less, or is heavier for it",
    },
    reads={"flows": ("channel", "act", "domain", "points_lost", "days"), "daily": ("measure", "value"), "spells": ("consequence", "start", "end", "act")},
    of=of,
)  # fmt: skip
