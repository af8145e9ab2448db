"""score, grade, contest and sanction: what the account comes to, and what follows from it."""

import numpy as np

from ..engine.model import At, Log, Pick, Step
from ..rules import contest, gather, grade, listing, live, measure, sanction, score
from .filing import ASIDE, both_stays, stay
from .gaming import bought_points
from .names import CHANNELS, FAMILIES, GRADES, LISTS, SPEAKING


def looked_through() -> list:
    """Once a month somebody may find deletions of lists that were overlooked, also in what a contested entry's answer may bring back."""
    steps = []
    for which, due, place in (*(("listed", "due", n) for n in range(1, LISTS + 1)), ("other", "other_due", None)):
        (read, write), (should, _) = stay(which, place), stay(due, place)
        steps.append(Step(listing.found, "month", write, "list", read | {f"due_{end}": at for end, at in should.items()}))
    return steps


def month() -> list:
    """Once a month: what has expired leaves, activity earns or costs, the profile and the kin are weighed anew."""
    steps = [
        Step(score.expire, "month", ("on_file", "stale", "ring@expiring"), "points", {"expiring": At("ring", ("expiring",))}),
        Step(
            score.forget,
            "month",
            ("clean_points", "clean_ring@expiring"),
            "points",
            {"sum_": "clean_points", "expiring": At("clean_ring", ("expiring",))},
        ),
        Step(
            score.forget,
            "month",
            ("lawful_lost", "lawful_ring@expiring"),
            "points",
            {"sum_": "lawful_lost", "expiring": At("lawful_ring", ("expiring",))},
        ),
        Step(
            score.forget,
            "month",
            ("unlawful_lost", "unlawful_ring@expiring"),
            "points",
            {"sum_": "unlawful_lost", "expiring": At("unlawful_ring", ("expiring",))},
        ),
        Step(score.found, "month", ("stale",), "points"),
        *looked_through(),
        *(
            Step(contest.fades, "month", (stake,), "points", {"at_stake": stake, "sum_": sum_}, "appeal_day")
            for stake, sum_ in (("appeal_points", "on_file"), ("appeal_lawful", "lawful_lost"), ("appeal_unlawful", "unlawful_lost"))
        ),
        *(
            Step(score.decay, "month", (f"&{sum_}|&{ring}@bucket",), "points", {"sum_": sum_})
            for sum_, ring in (
                ("on_file", "ring"),
                ("clean_points", "clean_ring"),
                ("lawful_lost", "lawful_ring"),
                ("unlawful_lost", "unlawful_ring"),
            )
        ),
        Step(score.known, "month", ("known",), "points", {f"file_{c}": At("month_file", (c,)) for c in range(5)}),
    ]
    for i, family in enumerate(("credit", "order", "speech")):
        steps.append(
            Step(
                score.guess,
                "month",
                (f"guess_{i}",),
                "points",
                {
                    "luck_guess": f"luck_guess_{i}",
                    "family": FAMILIES.index(family),
                    "accuracy": At("trait_accuracy", (i,)),
                    "weight": At("trait_weight", (i,)),
                },
            )
        )
    steps += [
        Step(score.profile, "month", ("profile",), "points"),
        Step(gather.household, "month", ("", "household_gap"), "points"),
        Step(gather.friends_gap, "month", ("month_gap",), "points", {f"partner_{i}": f"month_partner_{i}" for i in range(2 * SPEAKING)}),
        Step(score.kin, "month", ("kin",), "points", {"friends_gap": "month_gap"}),
        Step(score.grown, "month", ("age_days",), "points"),
        Step(score.since, "month", ("since_loan",), "points"),
        Step(score.settled, "month", ("settled",), "points"),
        Step(score.known_due, "month", ("due_trace",), "points", {f"file_{c}": At("month_file", (c,)) for c in range(5)}),
        Step(score.dimensions, "month", ("dims",), "points", {"filed": "on_file", "trace": "known", "friends_gap": "month_gap"}),
        Step(score.dimensions, "month", ("clean_dims",), "points", {"filed": "clean_points", "trace": "due_trace", "friends_gap": 0}),
        Step(score.risk, "month", ("dims",), "points", only="models"),
        Step(score.deserved, "month", ("clean_dims",), "points", only="models"),
    ]
    early, points, late, life = [], [], [], []
    for c in range(len(CHANNELS)):
        activity = {n: At(n, (c,)) for n in ("activity_per", "activity_points", "activity_cap")}
        early.append(
            Step(
                score.recorded_times,
                "month",
                (f"seen_{c}|+frequent_records@{c}|&year_records@{c}",),
                "watch",
                {"month_file": At("month_file", (c,))},
            )
        )
        points += [
            Step(score.due_times, "month", (f"due_{c}",), "points", {"month_file": At("month_file", (c,))}),
            Step(score.activity, "month", (f"earned_{c}",), "points", {"times": f"seen_{c}", **activity}),
            Step(
                score.entry,
                "month",
                (
                    f"&on_file|&ring@bucket|&year_points@{c}|+activity@{c}",
                    "&lawful_lost|&lawful_ring@bucket",
                    "&unlawful_lost|&unlawful_ring@bucket",
                ),
                "points",
                {"points": f"earned_{c}", "lawful": At("daily_lawful", (c,))},
            ),
            Step(score.activity, "month", ("&clean_points|&clean_ring@bucket",), "points", {"times": f"due_{c}", **activity}),
        ]
        late.append(Step(measure.nothing, "month", (f"month_file@{c}",), "watch"))
        life += [
            Step(measure.same, "month", (f"+frequent_acts@{c}|&year_times@{c}",), bind={"amount": At("month_acts", (c,))}),
            Step(measure.weighed, "month", ("&conduct_bad",), bind={"times": At("month_acts", (c,)), "gravity": At("daily_gravity", (c,))}),
            Step(measure.nothing, "month", (f"month_acts@{c}",)),
        ]
    life.append(Step(live.working_life, "month", ("job",), bind={"flags": "risk", "works": "working"}))
    return [*steps, *early, *points, *late, *life]


def judged() -> list:
    """contest, score, grade and sanction, beside each the clean account."""
    clean = {"on_file": "clean_points", "stale": 0, "kin": 0, "profile": 0, "dims": "clean_dims", "waits": 0}
    holds = {f"holds_{g}": At("holds", (g,)) for g in range(GRADES)}
    steps = [
        Step(contest.due, "tile", ("answered",), "watch"),
        Pick("answers", "answered", "tile", "watch"),
        Step(contest.upheld, "answers", ("granted", "+appeals_upheld", "appeal_day"), "watch"),
        Step(listing.turns, "answers", ("turns",), "list"),
        Step(measure.minus, "answers", ("judged_list",), "list", {"amount": "appeal_points"}, ["list_alone", "turns"]),
        Step(
            listing.turned,
            "answers",
            (*both_stays("judged_list")[1], *ASIDE),
            "list",
            both_stays("judged_list")[0],
            ["list_alone", "turns"],
        ),
        Step(contest.waits, "tile", ("waits",), "points"),
        *bought_points(),
        Step(
            contest.correct,
            "answers",
            (
                "appeal_place",
                "&on_file|&ring@appeal_place",
                "&lawful_lost|&lawful_ring@appeal_place",
                "&unlawful_lost|&unlawful_ring@appeal_place",
            ),
            "points",
            only="granted",
        ),
        Step(score.total, "tile", ("score",), "points"),
        Step(measure.of_covered, "tile", ("=score_sum", "=score_square_sum"), "points", {"amount": "score"}),
        Step(grade.grade, "tile", ("grade_now",), "points"),
        Step(sanction.fall, "tile", ("fell_on", "fell"), "points", {"grade": "grade_now", "grade_before": "grade"}),
        Step(measure.same, "tile", ("grade",), "points", {"amount": "grade_now"}),
        Step(sanction.held, "tile", ("bits|graded_bits",), "points", {"grade": "grade_now"} | holds),
        Step(sanction.lately, "tile", ("falling",), "points"),
        Pick("fallen", "falling", "tile", "points"),
        Step(sanction.in_force, "fallen", ("bits|graded_bits",), "points"),
        Step(listing.listed, "tile", ("bits",), "list", lists("listed")),
        Step(score.total, "tile", ("clean_score",), "points", clean),
        Step(grade.grade, "tile", ("clean_now",), "points", {"score": "clean_score"}),
        Step(
            sanction.fall,
            "tile",
            ("clean_fell_on", "clean_fell"),
            "points",
            {"grade": "clean_now", "grade_before": "clean_grade", "fell_on": "clean_fell_on", "fell": "clean_fell"},
        ),
        Step(measure.same, "tile", ("clean_grade",), "points", {"amount": "clean_now"}),
        Step(sanction.held, "tile", ("clean_bits|clean_graded",), "points", {"grade": "clean_now"} | holds),
        Step(sanction.lately, "tile", ("clean_lately",), "points", {"fell_on": "clean_fell_on"}),
        Pick("clean_fallen", "clean_lately", "tile", "points"),
        Step(
            sanction.in_force,
            "clean_fallen",
            ("clean_bits|clean_graded",),
            "points",
            {"bits": "clean_bits", "fell_on": "clean_fell_on", "fell": "clean_fell", "mask": "clean_mask"},
        ),
        Step(listing.listed, "tile", ("clean_bits",), "list", lists("clean") | {"bits": "clean_bits"}),
        Step(sanction.erring, "tile", ("erred",), "points"),
        Step(measure.same, "tile", ("+graded@grade_now",), "points", {"amount": "covered"}),
        Step(score.gap, "tile", ("gap",), "points"),
        Step(measure.same, "tile", ("=covered_sum",), "watch", {"amount": "covered"}),
        Step(gather.drawn, "tile", ("bits",), "lot", {"flags": "risk"}),
        Step(live.either, "tile", ("clean_bits",), "lot", {"own": "beside_clean_mask", "household": np.uint32(0)}),
        Step(measure.to_check, "tile", ("check",), "sanction"),
        Pick("checked", "check", "tile", "sanction"),
        Step(measure.nothing, "checked", ("cause_now",), "sanction"),
    ]
    steps += [
        Step(score.of_two, "checked", ("dims_by_record",), "points", {"first": "clean_dims", "second": "dims", "which": "models"}),
        Step(score.of_two, "checked", ("dims_by_guess",), "points", {"first": "dims", "second": "clean_dims", "which": "models"}),
    ]
    parts = {
        "record": {"on_file": "clean_points", "dims": "dims_by_record"},
        "stale": {"stale": 0},
        "kin": {"kin": 0},
        "profile": {"profile": 0, "dims": "dims_by_guess"},
    }
    steps += [Step(sanction.would_hold, "checked", (f"if_{part}",), "points", changed) for part, changed in parts.items()]
    steps += [
        Step(
            sanction.cause,
            "checked",
            ("cause_now",),
            "points",
            {"mask": "graded_bits", "clean_mask": "clean_graded", "held": At("holds", ("grade_now",)), "cause_before": "cause"},
        ),
        Step(listing.listed, "checked", ("due_bits",), "list", lists("due") | {"bits": np.uint32(0)}),
        Step(listing.cause, "checked", ("cause_now",), "list"),
        Step(measure.differs, "checked", ("different",), "sanction", {"cause": "cause_now", "cause_before": "cause"}),
        Pick("changed", "different", "checked", "sanction"),
        Step(sanction.renew, "changed", ("mask", "clean_mask", "cause"), "sanction", {"cause": "cause_now"}),
        Step(measure.nothing, "changed", ("act_now",), "sanction"),
        Step(measure.same, "changed", ("act_now",), "watch", {"amount": "last_act"}),
        Log("changes", ("slot", "bits", "clean_bits", "cause_now", "act_now"), "changed", "sanction"),
    ]
    return steps


def lists(which: str) -> dict:
    """The days of each list of one account, and what the lists hold."""
    return {f"{end}_{n}": At(f"{which}_{end}", (n,)) for n in range(1, LISTS + 1) for end in ("from", "until")} | {
        f"holds_{n}": At("list_holds", (n,)) for n in range(1, LISTS + 1)
    }
