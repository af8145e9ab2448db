"""What rules may name besides state: numbers and tables of the world and of each regime, and words of luck."""

from ..engine.model import Luck, Param
from .names import DIMENSIONS, MECHANISMS, SPENDING


def params() -> tuple[Param, ...]:
    """What rules may name besides state: the world's numbers, and each regime's."""
    world = {
        "i4": "adult_days school_days middle_days old_days fifths short_days air_fare rail_fare hotel_night hotel_plain "
        "court_claim "
        "loan_settled heavy_days new_days most_household deposit_goods deposit_fee school_fee school_fee_week week_days "
        "low_grades tie_slots widest_gap full_trace most_grades thousand "
        "year_days rebate_week worst most_times caught_holds trust_sign naming_small " + " ".join(f"{s}_price" for s in SPENDING),
        "u4": "adult pupil grown living working graduate borrows renter parent online drives trades drop_chance renew_chance survey_items",
        "f4": "caught_size trust_start trust_size trust_low trust_speed survey_hidden opinion_bound naming_settle "
        "fare_discount air_refund air_to_rail hotel_plain_share loan_approval loan_favoured_approval "
        "loan_arrears_approval job_prestige school_afford job_premium job_benefit line_online line_loss saving_speed "
        "least loan_weekly loan_rate_week "
        "loan_favoured_week loan_drawn loan_cure loan_loss awareness_spread awareness_taught "
        "compliance_base compliance_near compliance_speed compliance_fade "
        "chilling_size chilling_exposed chilling_speed withdrawal_size withdrawal_exposed withdrawal_speed gaming_size "
        "opinion_pull opinion_anchor "
        "opinion_noise opinion_hurt opinion_gain falsify_size reach_loss share_steps rail_share rail_slow rail_again",
    }
    tables = [
        Param("line_kind", "i4", dims=1),
        Param("line_need", "u4", dims=1),
        Param("line_rate", "u4", dims=2),
        Param("line_family", "u4", dims=1),
        Param("line_table", "u4", dims=1),
        Param("inclination", "u4", dims=2),
        Param("trait_z", "f4", dims=1),
        Param("tie_ends", "u4", dims=2),
        Param("tie_chance", "u4", dims=2),
        Param("tie_alike", "u4", dims=2),
        Param("tie_levels", "i4", dims=1),
        *(
            Param(n, d, by=("kind",), dims=1)
            for n, d in {
                "kind_season": "f4",
                "kind_habit": "f4",
                "kind_expression": "f4",
                "kind_withdrawal": "f4",
                "kind_hardship": "f4",
                "kind_most": "f4",
                "kind_bought": "i4",
                "kind_owes": "i4",
                "kind_class": "i4",
                "kind_channel": "i4",
                "kind_gravity": "i4",
                "kind_good": "i4",
                "kind_fine": "i4",
                "kind_ordinary": "u4",
                "kind_judgment": "i4",
                "kind_taught": "i4",
                "kind_trusting": "i4",
                "kind_stops": "i4",
                "kind_varies": "i4",
            }.items()
        ),
        Param("kind_likelier", "f4", dims=2),
        Param("kind_lawful", "i4", dims=1),
        Param("kind_cost", "i4", dims=1),
        *(
            Param(n, d, dims=1)
            for n, d in {
                "daily_need": "u4",
                "daily_gravity": "i4",
                "daily_lawful": "i4",
                "daily_rate": "f4",
                "daily_expression": "f4",
                "daily_withdrawal": "f4",
                "daily_line": "f4",
                "daily_ease": "f4",
                "daily_removed": "f4",
            }.items()
        ),
        Param("daily_spread", "f4", dims=2),
        Param("lot_block", "u8"),
        Param("lot_odd", "u8"),
        Param("lot_turn", "u8"),
    ]
    regime = {
        "i4": "scored_from_days start_day known_from end_day running watched score_base score_low score_high cut_1 cut_2 "
        "cut_3 cut_4 cut_5 cut_6 cut_7 memory months bucket appeal_delay expiring "
        "file_counts warnings gain_cap notice_days fall_runs appeal_suspends list_alone models loan_term band_points last_band lag "
        "game_cut point_price most_bought game_days aided_below",
        "u4": "stale_chance find_chance file_chance upheld_wrong upheld_right penalties rewards coverage_need coverage_bar "
        "uptake reaches settled_flags asks missed false_0 false_1 mistaken visible " + " ".join(f"bits_{m} checks_{m}" for m in MECHANISMS),
        "f4": "kin_household kin_ties awareness_start felt decay_share game_worth aided " + " ".join(f"{d}_weight {d}_full" for d in DIMENSIONS),
    }
    ruled = [
        Param("kind_share", "f4", "regime", ("kind",), 1),
        Param("kind_seen", "u4", "regime", ("kind", "group"), 2),
        Param("kind_strays", "u4", "regime", ("kind",), 1),
        Param("kind_false_as", "i4", "regime", ("kind",), 1),
        Param("kind_points", "i4", "regime", (), 1),
        Param("kind_clean", "i4", "regime", (), 1),
        Param("risk_table", "i4", "regime", (), 2),
        Param("kind_most_score", "i4", "regime", (), 1),
        Param("kind_enters", "i4", "regime", ("kind",), 1),
        Param("kind_exits", "i4", "regime", ("kind",), 1),
        Param("kind_term", "i4", "regime", (), 1),
        Param("list_starts", "i4", "regime", (), 1),
        Param("exits_on", "i4", "regime", (), 1),
        Param("overlooked", "u4", "regime", (), 1),
        Param("list_holds", "u4", "regime", (), 1),
        Param("daily_seen", "f4", "regime", (), 2),
        Param("activity_per", "i4", "regime", (), 1),
        Param("activity_points", "i4", "regime", (), 1),
        Param("activity_cap", "i4", "regime", (), 1),
        Param("trait_weight", "f4", "regime", (), 1),
        Param("trait_accuracy", "f4", "regime", (), 1),
        Param("holds", "u4", "regime", (), 1),
        Param("outlasts", "u4", "regime", (), 1),
        Param("lasts", "u4", "regime", (), 1),
        Param("norm_approves", "i4", "regime", (), 1),
        Param("norm_helps", "i4", "regime", (), 1),
    ]
    return (
        *(Param(n, d) for d, names in world.items() for n in names.split()),
        *tables,
        *(Param(n, d, "regime") for d, names in regime.items() for n in names.split()),
        *ruled,
    )


LUCK = (
    Luck("day.seldom", ("luck_event", "luck_appeal", "luck_times_0", "luck_times_1")),
    Luck("day.frequent", ("luck_times_2", "luck_times_3", "luck_times_4", "luck_times_5")),
    Luck("event.watch", ("luck_accept", "luck_seen", "luck_sent", "luck_file"), "maybe"),
    Luck("event.live", ("luck_check", "luck_board", "luck_choice", "luck_favour"), "tries"),
    Luck("event.more", ("luck_queue", "luck_seat", "luck_loan", "luck_again"), "tries"),
    Luck("event.received", ("luck_file_got", "luck_got_1", "luck_got_2", "luck_got_3"), "got"),
    Luck("week.respond", ("luck_hear", "luck_drop", "luck_renew", "luck_mood"), "week"),
    Luck("week.live", ("luck_cure", "luck_filed_4", "luck_filed_5", "luck_week_1"), "week"),
    Luck("week.naming", ("luck_shame", "luck_named_1", "luck_named_2", "luck_named_3"), "week"),
    Luck("week.watch", ("luck_filed_0", "luck_filed_1", "luck_filed_2", "luck_filed_3"), "week"),
    Luck("month.score", ("luck_stale", "luck_found", "luck_month_1", "luck_month_2"), "month"),
    Luck("help.ask", ("luck_who", "luck_asks", "luck_missed", "luck_false"), "talking"),
    Luck("help.eyes", ("luck_eye_0", "luck_eye_1", "luck_eye_2", "luck_eye_3"), "watching"),
    Luck("help.strangers", ("luck_like_0", "luck_like_1", "luck_like_2", "luck_like_3"), "watching"),
    Luck("ever.profile", ("luck_guess_0", "luck_guess_1", "luck_guess_2", "luck_guess_3"), "month", lasting=True),
)
