"""live, respond and publish: what people try, what the consequences in force do to them, and what they do about it."""

from ..engine.model import Pick, Step, arguments
from ..rules import gather, live, measure, publish, respond
from .names import ATTEMPTS, SPEAKING, SPENDING, SURVEY
from .pieces import CUTS, met, standing_at, stood, together


def lived() -> list:
    """live: attempts, one rule each, and what the consequences in force do to them."""

    def at(name, rule, writes, **bind):
        if "mask" in arguments(rule):
            bind["mask"] = "life_bits"
        return Step(rule, name, writes, bind=bind)

    air = {f"{a}_air_{b}": f"{c}_air_{b}" for a, c in (("bars", "bits"), ("checks", "checks")) for b in ("ticket", "boarding")}
    cheap, queue = {"eases_fare": "bits_fare"}, {"eases_queue": "bits_queue"}
    attempts = [
        Step(measure.one, "tried", ("+acts@kind",)),
        at(
            "flies",
            live.flies,
            ("flown", "by_rail|+by_rail", "no_ticket", "no_boarding", "air_paid", "ticket_extra", "boarding_extra", "air_saved"),
            **cheap,
            **air,
        ),
        at("flies", live.pays, ("wealth", "+pay_transport"), amount="air_paid"),
        at("flies", measure.trips, ("travelled|+trips",)),
        at("flies", measure.same, ("+flown",), amount="flown"),
        at("flies", live.passes_first, ("let_through",), **queue),
        at("flies", measure.both, ("air_first",), a="let_through", b="travelled"),
        at("flies", measure.positive, ("air_cheaper",), amount="air_saved"),
        met("flies", "air_ticket", "no_ticket", "ticket_extra"),
        met("flies", "air_boarding", "no_boarding", "boarding_extra"),
        met("flies", "fare", "air_cheaper", "air_saved"),
        met("flies", "queue", "air_first"),
        at(
            "takes_train",
            live.takes_fast_train,
            ("gone|+trips", "rail_asked", "no_seat", "told"),
            bars_rail_seat="bits_rail_seat",
            luck_choice="luck_seat",
        ),
        at("takes_train", live.takes_train, ("rail_paid", "rail_saved"), **cheap),
        at("takes_train", live.pays, ("wealth", "+pay_transport"), amount="rail_paid"),
        at("takes_train", live.passes_first, ("let_on",), **queue),
        at("takes_train", measure.both, ("rail_first",), a="let_on", b="gone"),
        at("takes_train", measure.positive, ("rail_cheaper",), amount="rail_saved"),
        met("takes_train", "rail_seat", "no_seat", tried="rail_asked"),
        met("takes_train", "fare", "rail_cheaper", "rail_saved"),
        met("takes_train", "queue", "rail_first"),
        at("books_hotel", live.books_hotel, ("stayed|+nights", "no_hotel", "hotel_paid", "hotel_extra"), bars_hotel="bits_hotel"),
        at("books_hotel", live.pays, ("wealth", "+pay_hotels"), amount="hotel_paid"),
        met("books_hotel", "hotel", "no_hotel", "hotel_extra"),
        at(
            "applies_for_loan",
            live.applies_for_loan,
            ("granted_loan|+loans", "lent|+pay_lent", "terms", "no_loan"),
            eases_loan="bits_loan_terms",
            checks_loan="checks_loan_terms",
            bars_loan="bits_loan_refusal",
            luck_refusal="luck_loan",
        ),
        at("applies_for_loan", live.borrows, ("wealth", "debt", "favoured", "borrowed_on")),
        at("applies_for_loan", measure.both, ("eased_loan",), a="granted_loan", b="terms"),
        met("applies_for_loan", "loan_terms", "eased_loan"),
        met("applies_for_loan", "loan_refusal", "no_loan"),
        at(
            "rents_with_deposit",
            live.rents_with_deposit,
            ("rented|+rentals", "waived", "waived_fen", "rent_paid"),
            eases_deposit="bits_deposit",
        ),
        at("rents_with_deposit", live.pays, ("wealth", "+pay_rentals"), amount="rent_paid"),
        met("rents_with_deposit", "deposit", "waived", "waived_fen"),
        *(
            step
            for name, wants in (("moves_job", 2), ("finds_job", 1))
            for step in (
                at(name, live.new_job_on, ("job_on",), wants=wants),
                at(
                    name,
                    live.takes_job,
                    (f"new_job_{wants}", f"bid_{wants}", f"no_job_{wants}"),
                    wants=wants,
                    bars_prestige_job="bits_prestige_job",
                    flags="risk",
                ),
                at(name, measure.same, ("job",), amount=f"new_job_{wants}"),
                met(name, "prestige_job", f"no_job_{wants}", tried=f"bid_{wants}"),
            )
        ),
        at("loses_job", live.new_job_on, ("job_on",), wants=2),
        at("loses_job", live.loses_job, ("job",)),
        at("seeks_school_place", gather.household, ("others_bits", "")),
        at("seeks_school_place", live.either, ("home_bits",), own="life_bits", household="others_bits"),
        at(
            "seeks_school_place",
            live.seeks_school,
            ("private", "school_tried|+school_tried", "no_school"),
            household_mask="home_bits",
            bars_private_school="bits_private_school",
            turn=standing_at("private_school")["turn"],
            size="members",
        ),
        met("seeks_school_place", "private_school", "no_school", tried="school_tried", mask="home_bits"),
        at("leaves_school", measure.nothing, ("private",)),
    ]
    for name, thing in zip(ATTEMPTS[-len(SPENDING) :], SPENDING, strict=True):
        attempts += [
            at(
                name,
                live.buys,
                (f"bought_{thing}|+bought_{thing}", f"tried_{thing}", f"no_{thing}", f"{thing}_paid"),
                bars=f"bits_{thing}",
                checks=f"checks_{thing}",
                price=f"{thing}_price",
            ),
            at(name, live.pays, ("wealth", "+pay_purchases"), amount=f"{thing}_paid"),
            met(name, thing, f"no_{thing}", tried=f"tried_{thing}"),
        ]
    return [
        Step(live.either, "tile", ("life_bits",), "sanction", {"own": "bits", "household": "home_mask"}),
        *(
            Step(live.acting, "tile", (name,), "sanction", {"mask": "life_bits", **standing_at(mechanism)})
            for name, mechanism in (("turned_down", "reach"), ("closed", "account"), ("named", "naming"))
        ),
        Pick("tried", "is_attempt", "done"),
        *(Pick(name, ("kind", i), "tried") for i, name in enumerate(ATTEMPTS)),
        *together(attempts, "life", "sanction"),
    ]


def eased() -> list:
    """A day of easier movement: outings under it, and those that it eased."""
    return [
        Step(measure.any_of, "tile", ("eased_on",), "sanction", {"bits": "life_mask", "wanted": "bits_movement"}),
        Pick("eased_list", "eased_on", "tile", "sanction"),
        Step(live.eased_times, "eased_list", ("eased_times",), "sanction", {"times": "times_4"}),
        met("eased_list", "movement", "eased_times", tried="times_4", mask="life_mask"),
    ]


def week() -> list:
    """Once a week, by blocks: money, school, and what people do about the score."""
    cuts = {c: c for c in CUTS}
    return [
        Step(measure.any_of, "week", ("penalised",), "sanction", {"wanted": "penalties"}),
        Step(measure.any_of, "week", ("rewarded",), "sanction", {"wanted": "rewards"}),
        *(
            Step(live.acting, "week", (name,), "sanction", {"mask": "life_bits", **standing_at(mechanism)})
            for name, mechanism in (("slow_now", "line_speed"), ("unaided", "assistance"), ("rebated", "rebate"))
        ),
        Step(measure.blamed, "week", ("=lawful_sum", "=blamed_sum"), "points", only="penalised"),
        Step(
            live.pay,
            "week",
            ("week_income|+pay_wages", "line_cost", "aid_cost"),
            bind={"slowed": "slow_now", "days": "week_days", "flags": "risk"},
        ),
        Step(live.rebate, "week", ("rebate_paid",), "sanction"),
        Step(live.receives, "week", ("wealth", "+pay_rebates"), "sanction", {"amount": "rebate_paid"}),
        Step(live.repay, "week", ("repaid|+pay_repaid",)),
        Step(live.interest, "week", ("interest_paid|+pay_interest",)),
        Step(live.spend, "week", ("spent|+pay_living",), bind={"week": "week_income", "flags": "risk"}),
        Step(live.settle, "week", ("wealth", "debt"), bind={"week": "week_income", "interest": "interest_paid"}),
        Step(live.behind, "week", ("arrears", "given_up|+written_off", "&debt")),
        Step(live.shamed, "week", ("arrears",), "sanction", {"mask": "life_bits", "bits": "bits_naming", "checks": "checks_naming", "knows": "aware"}),
        Step(gather.household, "week", ("others_week", ""), "sanction"),
        Step(live.reaching, "week", ("home_mask",), "sanction", {"household": "others_week", "flags": "risk"}),
        Step(live.either, "week", ("week_home",), "sanction", {"own": "bits", "household": "home_mask"}),
        Step(
            live.keeps_school,
            "week",
            ("private|+private_weeks", "expelled|+expelled"),
            bind={
                "household_mask": "week_home",
                "bars_private_school": "bits_private_school",
                "flags": "risk",
                "turn": standing_at("private_school")["turn"],
            },
        ),
        Step(live.school_week, "week", ("school_paid",)),
        Step(live.pays, "week", ("wealth", "+pay_schools"), bind={"amount": "school_paid"}),
        Step(gather.words, "week", tuple(f"word_{i}" for i in range(SPEAKING))),
        Step(gather.friends, "week", ("friends_view", "friends_heard", "friends_low")),
        Step(respond.aware, "week", ("aware",), bind={"knows": "aware", "mask": "bits", "start_day": "known_from"}),
        Step(respond.distance, "week", ("distance",), "points", cuts),
        Step(respond.nearness, "week", ("near",), "points"),
        Step(respond.up_to_cut, "week", ("up",), "points", cuts),
        Step(respond.fell_lately, "week", ("fell_lately",), "points"),
        Step(respond.novelty, "week", ("novelty|fresh",), "watch", {"level": "novelty"}),
        Step(respond.gaming, "week", ("gaming",), "points", {"knows": "aware"}),
        Step(respond.habit, "week", ("habit",), bind={"level": "habit", "knows": "aware"}),
        Step(respond.expression, "week", ("expression",), bind={"level": "expression", "knows": "aware", "exposed": "penalised"}),
        Step(respond.withdrawal, "week", ("withdrawal",), bind={"level": "withdrawal", "knows": "aware", "exposed": "penalised"}),
        Step(respond.ties, "week", ("kept",), bind={"knows": "aware"}),
        Step(respond.opinion, "week", ("opinion",), bind={"level": "opinion"}),
        Step(respond.said, "week", ("public_view",)),
        Step(respond.trust, "week", ("trust",), "points", {"level": "trust", "knows": "aware"}),
        Step(respond.answers, "week", tuple(f"={name}_sum" for name in SURVEY)),
        *stood("line_speed", "slow_now", "line_cost"),
        *stood("assistance", "unaided", "aid_cost"),
        *stood("rebate", "rebated", "rebate_paid"),
        *stood("reach", "turned_down"),
        *stood("account", "closed"),
        *stood("naming", "named"),
    ]


def published() -> list:
    """publish, and the day's sums."""
    return [
        Step(respond.voice, "tile", ("voice",), bind={"removed": "closed"}),
        Step(publish.publish, "tile", ("word",), bind={"grade": "grade_now", "mask": "bits", "flags": "risk"}),
        *(Step(measure.as_is, "tile", (f"={name}_sum",), bind={"amount": name}) for name in ("wealth", "debt")),
        *(
            Step(measure.in_steps, "tile", (f"={name}_sum",), bind={"share": name, "steps": "share_steps", "flags": "risk"})
            for name in ("expression", "opinion", "public_view")
        ),
        Step(measure.of_living, "tile", ("=aware_sum",), bind={"amount": "aware", "flags": "risk"}),
        Step(measure.of_living, "tile", ("=living_sum",), bind={"amount": 1, "flags": "risk"}),
        Step(measure.same, "tile", ("=private_sum",), bind={"amount": "private"}),
        Step(measure.same_number, "tile", ("=jobless_sum",), bind={"a": "job", "b": 1}),
    ]
