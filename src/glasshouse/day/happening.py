"""act and watch: who is at risk, what happens, what it weighs, what is recorded, on whom."""

import numpy as np

from ..engine.model import At, Log, Pick, Step
from ..rules import act, live, measure, score, tie, watch
from .filing import clean_entries, filed
from .living import eased
from .names import ACT, ATTEMPTS, CHANNELS, FALSE, SPEAKING, TIE_NUMBERS
from .pieces import standing_at, together


def shared_steps() -> list:
    """What is the same under every regime: who is at risk, and what might happen today."""
    steps = [
        Step(act.circumstances, "month", ("risk",), shared=True),
        Step(measure.cell, "month", ("cell",), shared=True),
        Step(act.envelope, "month", ("envelope",), shared=True),
        Step(act.something, "tile", ("hit",), shared=True),
        Pick("maybe", "hit", "tile", shared=True),
        Step(act.which, "maybe", ("kind",), shared=True),
        Step(measure.below, "maybe", ("is_attempt",), shared=True, bind={"number": "kind", "limit": len(ATTEMPTS)}),
        Pick("tries", "is_attempt", "maybe", shared=True),
    ]
    for c, _ in enumerate(CHANNELS):
        steps.append(
            Step(
                act.busy,
                "tile",
                (f"plain_{c}",),
                shared=True,
                bind={
                    "flags": "risk",
                    "channel": c,
                    "daily_need": At("daily_need", (c,)),
                    "daily_rate": At("daily_rate", (c,)),
                    "daily_spread": At("daily_spread", (c,)),
                },
            )
        )
    # a quarter of the ties talk each week, in turn; those of this week and the next leak once a month
    return [
        *steps,
        *partners("week", "partner", 0, "first_tie"),
        *partners("month", "month_partner", 0, "first_tie"),
        *partners("month", "month_partner", SPEAKING, "after_tie"),
    ]


def partners(over: str, name: str, first: int, since: str) -> list:
    """Those with whom one talks in four ties from one on: who might stand at the other end, then whether the two know each other."""
    steps = []
    for i in range(SPEAKING):
        other, luck = f"{over}_end_{i}", f"{over}_tie_{i}"
        numbers = {n: At("tie_ends", (since, len(TIE_NUMBERS) * i + k)) for k, n in enumerate(TIE_NUMBERS)}
        known = {"other": other, "luck": luck, "spoken": np.uint32(i), **{n: At(n, (since,)) for n in ("tie_chance", "tie_alike")}}
        steps += [
            Step(tie.end, over, (other, luck), shared=True, bind=numbers),
            Step(tie.partner, over, (f"{name}_{first + i}",), shared=True, bind=known),
        ]
    return steps


def acts() -> list:
    """act and watch, for seldom things: what happens, what it weighs, what is recorded, on whom."""
    steps = [
        Step(act.share_left, "maybe", ("apt",)),
        Pick("swayed", "kind_varies", "maybe"),
        Step(act.plight, "swayed", ("facts",)),
        Step(act.apt, "swayed", ("apt",)),
        Step(act.happens, "maybe", ("happened",), bind={"kind_share": "apt"}),
        Pick("done", "happened", "maybe"),
        Step(measure.same_number, "done", ("is_act",), bind={"a": "kind_class", "b": ACT}),
        Pick("acted", "is_act", "done"),
        Step(measure.one, "acted", ("+acts@kind|&year_acts@kind_channel",)),
        Step(measure.same, "acted", ("&conduct_good",), bind={"amount": "kind_gravity"}, only=("kind_good", 1)),
        Step(measure.same, "acted", ("&conduct_bad",), bind={"amount": "kind_gravity"}, only=("kind_good", 0)),
        Step(watch.fined, "acted", ("fine",), bind={"ordinary_seen": "kind_ordinary", "fine": "kind_fine"}),
        Step(live.pays, "acted", ("wealth", "+pay_fines"), bind={"amount": "fine"}, only="fine"),
        Step(measure.same, "acted", ("caught_on",), bind={"amount": "day"}, only=["fine", "kind_taught"]),
        Step(live.stops, "acted", ("arrears", "+defaults"), only="kind_stops"),
        Step(live.fulfils, "acted", ("wealth", "&debt", "arrears", "+pay_repaid", "+pay_claims"), only="kind_judgment"),
        Step(act.judgment, "acted", ("judged",), only="kind_judgment"),
        Step(live.pays, "acted", ("wealth", "+pay_deeds"), bind={"amount": At("kind_cost", ("kind",))}, only="kind_bought"),
        Log("happened", ("slot", "kind"), "done", "life", "followed"),
        Step(watch.outcome, "acted", ("outcome",), "watch", {"seen": "kind_seen", "strays": "kind_strays"}),
        Log("watched", ("slot", "kind", "outcome"), "acted", "watch", "followed"),
        Step(measure.same_number, "acted", ("is_sent",), "watch", {"a": "outcome", "b": 2}),
        Step(measure.same_number, "acted", ("is_own",), "watch", {"a": "outcome", "b": 1}),
        *clean_entries(),
        Pick("sent", "is_sent", "acted", "watch"),
        Step(measure.one, "sent", ("+sent@kind",), "watch"),
        Log("sent", ("slot", "kind"), "sent", "watch"),
        Pick("own", "is_own", "acted", "watch"),
        Step(measure.one, "own", ("+own@kind|&year_records@kind_channel",), "watch"),
        Step(score.channel, "own", ("channel_own_1",), "watch", {"channel": "kind_channel"}),
        *filed("own", "kind", [], 1, "luck_file"),
        # records that no act stands behind
        Step(watch.invented, "done", ("is_false",), "watch", {"false_class": FALSE}),
        Pick("made_up", "is_false", "done", "watch"),
        Step(score.channel, "made_up", ("kind_false",), "watch", {"channel": "kind_false_as"}),
        Step(measure.one, "made_up", ("+acts@kind|+false@kind_false|&year_records@kind_channel",), "watch"),
        Step(score.channel, "made_up", ("channel_made_up_0",), "watch", {"channel": "kind_channel"}),
        Log("invented", ("slot", "kind_false"), "made_up", "watch", "followed"),
        *filed("made_up", "kind_false", [], 0, "luck_file"),
        # records of somebody else, published yesterday
        Pick("got", "received", "tile", "watch"),
        Step(score.received_kind, "got", ("kind_got",), "watch"),
        Step(score.channel, "got", ("channel_got_0",), "watch", {"channel": At("kind_channel", ("kind_got",))}),
        Step(measure.one, "got", ("+received@kind_got|&year_received@channel_got_0|&year_records@channel_got_0",), "watch"),
        Log("received", ("slot", "kind_got"), "got", "watch", ["followed", "covered"]),
        *filed("got", "kind_got", ["covered"], 0, "luck_file_got"),
    ]
    return steps


def frequent() -> list:
    """act and watch, for what people do every day: counts only, by channel."""
    steps = [Step(live.either, "tile", ("life_mask",), "sanction", {"own": "mask", "household": "home_mask"})]
    steps += [
        Step(live.acting, "tile", (name,), "sanction", {"mask": "life_mask", **standing_at(mechanism)})
        for name, mechanism in (("slowed", "line_speed"), ("eased", "movement"), ("removed", "account"))
    ]
    for c, channel in enumerate(CHANNELS):
        steps += [
            Step(
                act.times,
                "tile",
                (f"times_{c}",),
                bind={
                    "plain": f"plain_{c}",
                    "luck_times": f"luck_times_{c}",
                    **{n: At(n, (c,)) for n in ("daily_expression", "daily_withdrawal", "daily_line", "daily_ease", "daily_removed")},
                },
            ),
            Step(measure.same, "tile", (f"=times_{channel}",), bind={"amount": f"times_{c}"}),
        ]
    steps += [
        Step(act.six_counts, "tile", ("&week_acts",), bind={name: f"times_{c}" for c, name in enumerate("abcdef")}),
    ]
    return together(steps, "sanction", "life", "watch") + eased()


def weekly_counts() -> list:
    """Once a week, by blocks: the week's frequent acts are counted, and those that are seen enter the file of those whom the
    rule covered when the week began and when it ended."""
    steps = []
    for c, channel in enumerate(CHANNELS):
        steps += [
            Step(act.count_of, "week", (f"week_times_{c}|&month_acts@{c}",), bind={"counts": "week_acts", "which": c}),
            Step(
                watch.recorded,
                "week",
                (f"=seen_{channel}", f"&month_file@{c}"),
                "watch",
                {
                    "times": f"week_times_{c}",
                    "luck_filed": f"luck_filed_{c}",
                    "daily_seen_0": At("daily_seen", (c, 0)),
                    "daily_seen_1": At("daily_seen", (c, 1)),
                },
            ),
        ]
    steps += [Step(measure.nothing, "week", ("week_acts",)), Step(measure.same, "week", ("was_covered",), "watch", {"amount": "covered"})]
    return together(steps, "life", "watch")
