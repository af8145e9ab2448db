"""Asking for help, for regimes that say whom to help: by one public register, or by what each thinks of those whom one knows."""

from ..engine.model import At, Log, Pick, Step
from ..rules import gather, measure, score, standing, watch
from ..rules.maths import ONESELF
from .names import HELP, SPEAKING

REQUESTS = tuple(f"={name}" for name in HELP)


def helped() -> list:
    """Once a week, by blocks, after one has talked: who asks whom, who helps, and what is thought of it."""
    return [
        Step(score.covered, "tile", ("covered",), "help"),
        Step(measure.same, "tile", ("=covered_sum",), "help", {"amount": "covered"}),
        Step(measure.nothing, "tile", ("talks",), "help"),
        Step(measure.same, "week", ("talks",), "help", {"amount": "covered"}),
        Pick("talking", "talks", "tile", "help"),
        *watched(),
        Step(gather.asker, "talking", ("asker", "ask_tie", "request"), "help"),
        Pick("requests", "request", "talking", "help"),
        Step(measure.same, "requests", ("name_own",), "registry", {"amount": "page"}),
        Step(measure.same, "requests", ("name_asking",), "registry", {"amount": At("their_page", ("asker",))}),
        Step(standing.thinks_ill, "requests", ("name_own",), "opinions", {"whom": int(ONESELF)}),
        Step(standing.thinks_ill, "requests", ("name_asking",), "opinions", {"whom": "ask_tie"}),
        Step(standing.helps, "requests", ("gave",), "help", {"mine": "name_own", "theirs": "name_asking"}),
        Step(standing.helps, "requests", ("due",), "help", {"mine": "unworthy", "theirs": At("their_unworthy", ("asker",))}),
        Step(standing.counted, "requests", REQUESTS, "help"),
        Log("answers", ("slot", "asker", "gave", "due"), "requests", "help"),
        Step(standing.blamed, "requests", ("unworthy",), "help", {"mine": "unworthy", "theirs": At("their_unworthy", ("asker",))}),
        Step(standing.blamed, "requests", ("blame",), "registry", {"mine": "booked", "theirs": At("their_booked", ("asker",))}),
        Step(watch.entered, "requests", ("booked", "=registry_missed", "=registry_false"), "registry", {"blamed": "blame"}),
        Step(standing.issued, "tile", ("page",), "registry"),
        Step(standing.blamed, "requests", ("blame",), "opinions", {"mine": "name_own", "theirs": "name_asking"}),
        Step(standing.changed, "requests", ("doubts",), "opinions", {"whom": int(ONESELF), "ill": "blame"}),
        Step(standing.told, "requests", ("answer",), "opinions", {"tie": "ask_tie"}),
    ]


def watched() -> list:
    """What one hears of those with whom one talks this week, and thinks of it; and how far they agree about oneself."""
    ties = range(SPEAKING)
    return [
        Pick("watching", "talks", "talking", "help"),
        *(Step(gather.tied_now, "watching", (f"alive_{i}",), "opinions", over_tie(i)) for i in ties),
        *(Step(standing.knows, "watching", ("met",), "opinions", {"spoken": i, "alive": f"alive_{i}"}) for i in ties),
        Step(
            standing.alike,
            "watching",
            ("=opinions_alike", "=opinions_pairs"),
            "opinions",
            {f"theirs_{i}": At("their_doubts", (f"partner_{i}",)) for i in ties},
        ),
        *(
            Step(
                standing.witnessed,
                "watching",
                ("doubts",),
                "opinions",
                {
                    "answer": At("their_answer", (f"partner_{i}",)),
                    "spoken": i,
                    "luck_eye": f"luck_eye_{i}",
                    "luck_like": f"luck_like_{i}",
                },
            )
            for i in ties
        ),
    ]


def over_tie(i: int) -> dict:
    """What is asked of one of the four ties of a week."""
    return {"other": f"partner_{i}", "word": f"word_{i}", "spoken": i}
