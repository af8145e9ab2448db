"""The social credit day: what is kept of a citizen, and the chain of steps that is one day.

    gather -> act -> watch -> score -> grade -> contest -> sanction -> live -> respond -> publish   (then: measure)

Whoever reads this file knows what a day is. It is written as any model is: fields, parameters, luck, and steps that
name pure functions in rules/. The rules say how; this file says who, when and in which order.
"""

from dataclasses import replace

import numpy as np

from .engine.model import At, Field, Log, Luck, Model, Param, Pick, Step, arguments
from .rules import act, contest, gather, grade, listing, live, measure, publish, respond, sanction, score, watch

CHANNELS = ("commerce", "payments", "social", "browsing", "location", "civic")
FAMILIES = ("market", "civic", "traffic", "curiosity", "speech", "credit", "order", "daily")  # the commonest first: found sooner
ATTEMPTS = ("flies", "takes_train", "books_hotel", "applies_for_loan", "rents_with_deposit", "moves_job", "finds_job",
            "loses_job", "seeks_school_place", "leaves_school", "buys_home", "buys_car", "takes_holiday", "buys_insurance", "rents_office")
STANDING = ("line_speed", "movement", "account", "reach", "private_school", "assistance", "rebate", "naming")  # mechanisms that act without being met
DIMENSIONS = ("file", "trace", "means", "owed", "age", "new", "settled", "ties")  # what a score of dimensions is made of
FEATURES = ("age", "sex", "residence", "income", "renter", "parent", "graduate", "online", "drives", "job", "arrears", "new_job", "short", "household")  # what a fitted model may see
FEATURE_VALUES = 5  # the most values of a feature
PLIGHTS = ("man", "middle_aged", "in_work", "trades", "jobless", "new_job", "short", "indebted", "arrears", "young")  # what makes some things likelier
LISTS = 4  # lists a regime can keep
SPENDING = ("home", "car", "holiday", "insurance", "office")  # what a ban on spending may forbid
MECHANISMS = ("air_ticket", "air_boarding", "private_school", "line_speed", "prestige_job", "hotel", "reach", "account",
              "loan_terms", "deposit", "fare", "queue", "movement", "rail_seat", *SPENDING, "loan_refusal", "assistance", "rebate", "naming")
TRAITS = ("reliability", "order", "loyalty")
SURVEY = ("asked", "approve_truly", "approve_directly", "list_control", "list_control_items", "list_treated_items", "trusting")  # what a week's survey counts
CAUSES = ("none", "record", "stale", "kin", "inference", "several")
SECTORS = ("households", "employers", "banks", "shops", "transport", "schools", "state", "outside")
KINDS = ("life", "watch", "points", "list", "sanction", "lot")  # every regime lives; who watches may score, list or both; all but none sanction
ATTEMPT, ACT, FALSE = 0, 1, 2  # classes of kinds of event
MOST_KINDS = 80
CONSEQUENCES = 24  # bits of a mask
GRADES = 8
TIES = 16  # places for talking ties
SPEAKING = 4  # of these, in one week
MONTHS = 25  # buckets of the memory: at most 24 months and the one running; one more stays empty, for what never expires
CELLS = 160  # age band 4 x residence 2 x fifth 5 x sex 2 x label 2
BANDS, FIFTHS = 4, 5

FLAGS = ("adult", "drives", "works", "jobless", "borrows", "internet", "pays", "shops", "talks", "searches", "urban",
         "parent", "pupil", "renter", "graduate", "assisted", "living", "trades")
GROWN = ("adult", "borrows", "parent", "graduate", "assisted", "trades")  # populations that begin with the day on which one is grown


def fields() -> tuple[Field, ...]:
    """What is kept. kind "" is the citizen's own, the same under every regime."""
    own = [
        Field("birth", "i4", "days", "Day of birth, counted from the first day of the run.", ""),
        Field("death", "i4", "days", "First day on which the citizen lives no more.", ""),
        Field("sex", "u1", "", "0 male, 1 female.", "", high=1),
        Field("urban", "u1", "", "1 in a town.", "", high=1),
        Field("quintile", "u1", "", "Fifth of households by income per head, 0 lowest.", "", high=4),
        Field("group", "u1", "", "A label that only watch and measure receive.", "", high=1),
        Field("income", "i4", "fen a day", "Income per head of the household at the start.", ""),
        Field("first_job", "u1", "", "Job with which working life begins, or began: 1 jobless, 2 ordinary, 3 prestige.", "", high=3),
        Field("place", "u1", "", "Place in the household, 0 first.", ""),
        Field("size", "u1", "", "Places in the household, with those not yet born.", "", low=1),
        Field("members", "u1", "", "Persons who live in the household this month.", ""),
        Field("fixed", "u4", "flags", "Populations at risk, but for what comes and goes with age inside a month.", ""),
        Field("risk", "u4", "flags", "Populations at risk this month.", ""),
        Field("propensity", "u8", "8 x 8 bits", "Inclination to each family of acts, as a place in its distribution.", ""),
        Field("activity", "u8", "8 x 8 bits", "Inclination to each frequent act.", ""),
        Field("envelope", "u4", "2**-32 a day", "Largest chance that anything seldom happens.", ""),
        Field("cell", "u1", "", "Cell of the tables.", "", high=CELLS - 1),
        Field("aim", "i8", "fen", "Savings one aims to hold as an adult: what an adult of the household has at the start.", ""),
        Field("credit", "i4", "fen", "Debt that one lives with as an adult: up to it one borrows.", ""),
        Field("own_view", "share", "approval", "The citizen's own view.", ""),
        Field("tested", "u4", "luck", "Lasting luck of enforcement: whether a standing measure reaches this citizen.", ""),
        Field("station", "u1", "", "Fifth of income at the start, times 32, and step of age: by what like chooses like.", "", high=159),
        Field("followed", "u1", "", "1 for the few whose every event is kept.", "", high=1),
    ]
    life = [
        Field("wealth", "i8", "fen", "Savings."),
        Field("debt", "i4", "fen", "Debt."),
        Field("favoured", "u1", "", "1 while the last loan was on favoured terms.", high=1),
        Field("arrears", "u1", "weeks", "Weeks since payments stopped, 0 while they go on.", high=255),
        Field("job", "u1", "", "Job now: 0 outside the labour force, else as first_job.", high=3),
        Field("job_on", "i2", "day", "Day of the last change of work."),
        Field("told", "u1", "", "1 while the citizen knows from a refusal that fast trains are barred.", high=1),
        Field("judged", "u1", "", "1 while a judgment against the citizen is not fulfilled.", high=1),
        Field("borrowed_on", "i2", "day", "Day of the last loan."),
        Field("private", "u1", "", "1 while in a private school.", high=1),
        Field("kept", "u2", "16 bits", "Talking ties that this end keeps.", high=65535),
        Field("opinion", "share", "approval", "Private approval."),
        Field("public_view", "share", "approval", "Approval as said aloud."),
        Field("expression", "share", "share", "Share of what one would say that one says."),
        Field("withdrawal", "share", "share", "Share of life moved to cash and off the line."),
        Field("habit", "share", "share", "Compliance, 1 full."),
        Field("gaming", "share", "share", "Chance of buying a good deed when the occasion comes."),
        Field("trust", "share", "share", "Trust in others."),
        Field("caught_on", "i2", "day", "Day of the last fine that taught something."),
        Field("aware", "u1", "", "1 when the citizen knows of the score.", high=1),
        Field("conduct_bad", "i4", "tenths", "Gravity of the year's bad acts."),
        Field("conduct_good", "i4", "tenths", "Worth of the year's good acts."),
        Field("week_acts", "u8", "6 x 10 bits", "Frequent acts since the last weekly step, by channel."),
        Field("month_acts", "u2", "times", "Frequent acts of the weeks that ended this month, by channel.", many=6),
        Field("year_acts", "i4", "acts", "Seldom acts this year, by channel.", many=6),
        Field("year_times", "i4", "times", "Frequent acts this year, by channel.", many=6),
    ]
    points = [
        Field("on_file", "i4", "points", "Points in memory, as recorded.", "points"),
        Field("ring", "i2", "points", "The same by month of entry.", "points", many=MONTHS + 1),
        Field("clean_points", "i4", "points", "Points of the clean account.", "points"),
        Field("clean_ring", "i2", "points", "The same by month.", "points", many=MONTHS + 1),
        Field("lawful_lost", "i4", "points", "Points on file lost for conduct that no law forbids.", "points"),
        Field("lawful_ring", "i2", "points", "The same by month.", "points", many=MONTHS + 1),
        Field("unlawful_lost", "i4", "points", "Points on file lost for unlawful conduct.", "points"),
        Field("unlawful_ring", "i2", "points", "The same by month.", "points", many=MONTHS + 1),
        Field("stale", "i2", "points", "Points that should have expired.", "points"),
        Field("kin", "i2", "points", "Points from household and ties.", "points"),
        Field("profile", "i2", "points", "Points from what is inferred.", "points"),
        Field("dims", "i2", "points", "Points of the dimensions.", "points"),
        Field("clean_dims", "i2", "points", "The same of the clean account.", "points"),
        Field("year_warned", "u1", "warnings", "Warnings this year in place of points.", "points"),
        Field("year_clean_warned", "u1", "warnings", "The same of the clean account.", "points"),
        Field("year_gained", "i2", "points", "Points gained this year.", "points"),
        Field("year_clean_gained", "i2", "points", "The same of the clean account.", "points"),
        Field("grade", "u1", "", "Grade, 0 lowest.", "points", high=GRADES - 1),
        Field("fell_on", "i2", "day", "Day of the last fall.", "points"),
        Field("fell", "u1", "", "The last fall: 8 x the grade it began from, plus the grade it ended in.", "points", high=GRADES * GRADES - 1),
        Field("clean_grade", "u1", "", "Grade of the clean account.", "points", high=GRADES - 1),
        Field("clean_fell_on", "i2", "day", "Its last fall.", "points"),
        Field("clean_fell", "u1", "", "The same of it.", "points", high=GRADES * GRADES - 1),
        Field("erred", "u1", "4 bits", "Kinds of error that moved the account since it was last the clean one.", "points", high=15),
        Field("year_points", "i4", "points", "Points of this year's records, by channel.", "points", many=6),
        Field("appeal_lawful", "i2", "points", "Loss at stake for lawful conduct.", "points"),
        Field("appeal_unlawful", "i2", "points", "Loss at stake for unlawful conduct.", "points"),
    ]
    watched = [
        Field("last_act", "u1", "", "Act of the last record that cost points or put the citizen on a list, plus 1.", "watch"),
        Field("novelty", "share", "share", "How fresh the rule is felt.", "watch"),
        Field("received", "u1", "", "Act of a record pinned on this citizen today, plus 1.", "watch"),
        Field("appeal_day", "i2", "day", "Day of the answer to an open objection; 0 none.", "watch"),
        Field("appeal_points", "i2", "points", "Points at stake; of a list, less its number.", "watch"),
        Field("appeal_true", "u1", "", "1 if the contested record is true.", "watch", high=1),
        Field("appeal_month", "i2", "month", "Month of the contested record.", "watch"),
        Field("was_covered", "u1", "", "1 if the last weekly step found the citizen covered.", "watch", high=1),
        Field("month_file", "u4", "2 counts", "Frequent acts of the weeks that ended this month, recorded and covered, by channel.", "watch", many=6),
        Field("year_records", "i4", "records", "Records this year, by channel.", "watch", many=6),
        Field("year_received", "i4", "records", "Records of others pinned on this citizen this year, by channel.", "watch", many=6),
    ]
    listed = [
        Field("listed_from", "i2", "day", "Day from which the citizen is on each list (place 0 is not used).", "list", many=LISTS + 1),
        Field("listed_until", "i2", "day", "The day after the last.", "list", many=LISTS + 1),
        Field("clean_from", "i2", "day", "The same of the clean account.", "list", many=LISTS + 1),
        Field("clean_until", "i2", "day", "The same of the clean account.", "list", many=LISTS + 1),
        Field("due_from", "i2", "day", "Day from which the citizen should be on each list, had no deletion been overlooked.", "list", many=LISTS + 1),
        Field("due_until", "i2", "day", "The day after the last.", "list", many=LISTS + 1),
        Field("other_from", "i2", "day", "The first day on the contested list if the open objection is answered the other way.", "list"),
        Field("other_until", "i2", "day", "The day after the last.", "list"),
        Field("other_due_from", "i2", "day", "The same of the days on which the citizen should be on it.", "list"),
        Field("other_due_until", "i2", "day", "The day after the last.", "list"),
    ]
    sanctions = [
        Field("home_mask", "u4", "24 bits", "Consequences in force on others of the household that reach this citizen, once a week.", "sanction"),
        Field("mask", "u4", "24 bits", "Consequences in force.", "sanction"),
        Field("clean_mask", "u4", "24 bits", "Consequences that the clean account would bring.", "sanction"),
        Field("cause", "u1", "", "Why a penalty is false: 0 it is not, 1 record, 2 stale, 3 kin, 4 inference, 5 several.", "sanction", high=5),
        Field("my_attempts", "i4", "times", "Attempts this year under each consequence.", "sanction", many=CONSEQUENCES),
        Field("my_refused", "i4", "times", "Refused (or granted) of them.", "sanction", many=CONSEQUENCES),
        Field("my_fen", "i8", "fen", "What it cost.", "sanction", many=CONSEQUENCES),
    ]
    return (*own, *life, *watched, *points, *listed, *sanctions)


def params() -> tuple[Param, ...]:
    """What rules may name besides state: the world's numbers, and each regime's."""
    world = {
        "i4": "adult_days school_days middle_days old_days fifths short_days air_fare rail_fare hotel_night hotel_plain court_claim "
              "loan_settled heavy_days new_days most_household deposit_goods deposit_fee school_fee school_fee_week week_days low_grades tie_slots widest_gap full_trace most_grades thousand "
              "year_days rebate_week worst most_times caught_holds trust_sign naming_small " + " ".join(f"{s}_price" for s in SPENDING),
        "u4": "adult pupil grown living working graduate borrows renter parent online drives trades drop_chance renew_chance survey_items",
        "f4": "caught_size trust_start trust_size trust_low trust_speed survey_hidden opinion_bound naming_settle "
              "fare_discount air_refund air_to_rail hotel_plain_share loan_approval loan_favoured_approval "
              "loan_arrears_approval job_prestige school_afford job_premium job_benefit line_online line_loss saving_speed least loan_weekly loan_rate_week "
              "loan_favoured_week loan_drawn loan_cure loan_loss court_lapse awareness_spread awareness_taught compliance_base compliance_near compliance_speed compliance_fade "
              "chilling_size chilling_exposed chilling_speed withdrawal_size withdrawal_exposed withdrawal_speed gaming_size opinion_pull opinion_anchor "
              "opinion_noise opinion_hurt opinion_gain falsify_size reach_loss share_steps rail_share rail_slow rail_again",
    }
    tables = [
        Param("kind_need", "u4", dims=1), Param("kind_rate", "u4", dims=2), Param("kind_family", "i4", dims=1), Param("kind_table", "i4", dims=1), Param("inclination", "u4", dims=2),
        Param("trait_z", "f4", dims=1), Param("tie_span", "u8", dims=1), Param("tie_run", "u8", dims=1), Param("tie_step", "u8", dims=1),
        Param("tie_salt", "u4", dims=1), Param("tie_keys", "u8", dims=2), Param("tie_chance", "u4", dims=2), Param("tie_alike", "u4", dims=2), Param("tie_levels", "i4", dims=1),
        *(Param(n, d, by=("kind",), dims=1) for n, d in dict(
            kind_season="f4", kind_habit="f4", kind_expression="f4", kind_withdrawal="f4", kind_hardship="f4", kind_most="f4", kind_bought="i4", kind_owes="i4",
            kind_class="i4", kind_channel="i4", kind_gravity="i4", kind_good="i4", kind_fine="i4", kind_ordinary="u4", kind_judgment="i4", kind_taught="i4", kind_trusting="i4", kind_stops="i4",
            kind_varies="i4").items()),
        Param("kind_likelier", "f4", dims=2),
        Param("kind_lawful", "i4", dims=1), Param("kind_cost", "i4", dims=1),
        *(Param(n, d, dims=1) for n, d in dict(daily_need="u4", daily_gravity="i4", daily_lawful="i4", daily_rate="f4", daily_expression="f4", daily_withdrawal="f4", daily_line="f4",
                                               daily_ease="f4", daily_removed="f4").items()),
        Param("daily_spread", "f4", dims=2), Param("lot_block", "u8"), Param("lot_odd", "u8"), Param("lot_turn", "u8"),
    ]
    regime = {
        "i4": "scored_from_days start_day known_from end_day running watched score_base score_low score_high cut_1 cut_2 cut_3 cut_4 cut_5 cut_6 cut_7 memory appeal_delay expiring "
              "file_counts warnings gain_cap notice_days fall_runs appeal_suspends list_alone models",
        "u4": "stale_chance find_chance file_chance upheld_wrong upheld_right penalties rewards coverage_need coverage_bar uptake reaches settled_flags "
              + " ".join(f"bits_{m} checks_{m}" for m in MECHANISMS),
        "f4": "kin_household kin_ties awareness_start felt decay_share " + " ".join(f"{d}_weight {d}_full" for d in DIMENSIONS),
    }
    ruled = [
        Param("kind_share", "f4", "regime", ("kind",), 1), Param("kind_seen", "u4", "regime", ("kind", "group"), 2),
        Param("kind_strays", "u4", "regime", ("kind",), 1), Param("kind_false_as", "i4", "regime", ("kind",), 1), Param("kind_points", "i4", "regime", (), 1), Param("kind_clean", "i4", "regime", (), 1),
        Param("risk_table", "i4", "regime", (), 2), Param("kind_most_score", "i4", "regime", (), 1), Param("kind_enters", "i4", "regime", ("kind",), 1), Param("kind_exits", "i4", "regime", ("kind",), 1),
        Param("kind_term", "i4", "regime", (), 1), Param("list_starts", "i4", "regime", (), 1), Param("exits_on", "i4", "regime", (), 1),
        Param("overlooked", "u4", "regime", (), 1), Param("list_holds", "u4", "regime", (), 1),
        Param("daily_seen", "f4", "regime", (), 2), Param("activity_per", "i4", "regime", (), 1), Param("activity_points", "i4", "regime", (), 1),
        Param("activity_cap", "i4", "regime", (), 1), Param("trait_weight", "f4", "regime", (), 1), Param("trait_accuracy", "f4", "regime", (), 1),
        Param("holds", "u4", "regime", (), 1), Param("outlasts", "u4", "regime", (), 1), Param("lasts", "u4", "regime", (), 1),
    ]
    return (*(Param(n, d) for d, names in world.items() for n in names.split()), *tables,
            *(Param(n, d, "regime") for d, names in regime.items() for n in names.split()), *ruled)


LUCK = (
    Luck("day.seldom", ("luck_event", "luck_appeal", "luck_times_0", "luck_times_1")),
    Luck("day.frequent", ("luck_times_2", "luck_times_3", "luck_times_4", "luck_times_5")),
    Luck("event.watch", ("luck_accept", "luck_seen", "luck_sent", "luck_file"), "maybe"),
    Luck("event.live", ("luck_check", "luck_board", "luck_choice", "luck_favour"), "tries"),
    Luck("event.more", ("luck_queue", "luck_seat", "luck_loan", "luck_again"), "tries"),
    Luck("event.received", ("luck_file_got", "luck_got_1", "luck_got_2", "luck_got_3"), "got"),
    Luck("week.respond", ("luck_hear", "luck_drop", "luck_renew", "luck_mood"), "week"),
    Luck("week.live", ("luck_cure", "luck_filed_4", "luck_filed_5", "luck_lapse"), "week"),
    Luck("week.naming", ("luck_shame", "luck_named_1", "luck_named_2", "luck_named_3"), "week"),
    Luck("week.watch", ("luck_filed_0", "luck_filed_1", "luck_filed_2", "luck_filed_3"), "week"),
    Luck("month.score", ("luck_stale", "luck_found", "luck_month_1", "luck_month_2"), "month"),
    Luck("ever.profile", ("luck_guess_0", "luck_guess_1", "luck_guess_2", "luck_guess_3"), "month", lasting=True),
)

CUTS = tuple(f"cut_{i}" for i in range(1, GRADES))


def together(steps: list, *kinds: str) -> list:
    """The steps of each kind of regime one after another, in the order given: fewer and longer loops to compile."""
    return [step for kind in kinds for step in steps if step.kind == kind]


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
        steps.append(Step(act.busy, "tile", (f"plain_{c}",), shared=True, bind={
            "flags": "risk", "channel": c, "daily_need": At("daily_need", (c,)), "daily_rate": At("daily_rate", (c,)),
            "daily_spread": At("daily_spread", (c,))}))
    some = range(SPEAKING)  # a quarter of the ties talk each week, in turn; those of this week and the next leak once a month
    steps.append(Step(gather.partners, "week", tuple(f"partner_{i}" for i in some), shared=True))
    for first, since in enumerate(("first_tie", "after_tie")):
        names = tuple(f"month_partner_{SPEAKING * first + i}" for i in some)
        steps.append(Step(gather.partners, "month", names, shared=True, bind={"first_tie": since}))
    return steps


def on_file(over: str, kind, only: list, truth: int, file_luck: str) -> list:
    """A record enters the file: its points, who contests it. kind: the value that holds the act."""
    tag = f"{over}_{truth}"
    worth = {"points": At("kind_points", (kind,)), "score": f"standing_{tag}", "most": At("kind_most_score", (kind,)), "warned": "year_warned", "gained": "year_gained"}
    points, lawful = f"worth_{tag}", {"lawful": At("kind_lawful", (kind,))}
    return [
        Step(score.parts, over, (f"standing_{tag}",), "points", {"waits": 0}, only),  # the score as it stands, unbounded: a ceiling pulls it down from there
        Step(contest.later, over, ("&appeal_points", "&appeal_lawful", "&appeal_unlawful"), "points", worth | lawful, [*only, "appeal_day"]),
        Step(score.worth, over, (points, "year_warned", "year_gained"), "points", worth, only),
        Step(score.entry, over, (f"&on_file|&ring@bucket|&year_points@channel_{tag}|+points@{kind}", "&lawful_lost|&lawful_ring@bucket",
                                 "&unlawful_lost|&unlawful_ring@bucket"), "points", {"points": points} | lawful, only),
        Step(score.note, over, ("last_act",), "points", {"points": points, "act": kind}, only),
        Log(f"moved_{over}", ("slot", points), over, "points", [*only, "followed"]),
        *contested(over, f"points_{tag}", points, only, truth, file_luck, "points"),
        Step(score.entry, over, ("", "appeal_lawful", "appeal_unlawful"), "points", {"points": points} | lawful, [*only, f"files_points_{tag}"]),
    ]


def stay(which: str, place: str | int | None = None) -> tuple[dict, tuple[str, str]]:
    """A stay on a list as a rule reads it, and where it is written: of one of the lists, or without a place the one laid aside."""
    names = (f"{which}_from", f"{which}_until")
    read = dict(zip(("since", "until"), names if place is None else [At(name, (place,)) for name in names], strict=True))
    return read, names if place is None else tuple(f"{name}@{place}" for name in names)


def both_stays(place: str) -> tuple[dict, tuple[str, ...]]:
    """A list's stay that stands and the one that should, as a rule reads them, and where they are written."""
    (stands, to), (due, due_to) = stay("listed", place), stay("due", place)
    return stands | {f"due_{end}": at for end, at in due.items()}, (*to, *due_to)


ASIDE = ("other_from", "other_until", "other_due_from", "other_due_until")


def on_list(over: str, kind, only: list, truth: int, file_luck: str) -> list:
    """A record puts a citizen on a list, or takes her off one; where the regime only lists, she may contest it."""
    tag = f"{over}_{truth}"
    place, gone, files = f"enters_{tag}", f"exits_{tag}", f"files_list_{tag}"
    entered, left = [*only, place], [*only, gone]
    alone = [*entered, "list_alone"]
    entry = {"takes_effect": At("list_starts", (place,)), "term": At("kind_term", (kind,))}
    exit_ = {"luck_overlooked": file_luck, "takes_effect": At("exits_on", (gone,))}
    overlooked, never = {"overlooked": At("overlooked", (gone,))}, {"overlooked": np.uint32(0)}
    stands, to = both_stays(place)
    steps = [
        Step(measure.same, over, (place,), "list", {"amount": At("kind_enters", (kind,))}, only),
        Step(score.note, over, ("last_act",), "list", {"points": -1, "act": kind}, entered),
        Step(listing.concerns, over, (f"open_{tag}",), "list", {"list_number": place}, alone),
        Step(measure.minus, over, (f"stake_{tag}",), "list", {"amount": place}, alone),
        *contested(over, f"list_{tag}", f"stake_{tag}", alone, truth, file_luck, "list"),
        Step(listing.aside, over, ASIDE, "list", stands, [*alone, files]),
    ]
    for which, where, who in (("listed", place, entered), ("due", place, entered), ("other", None, [*alone, f"open_{tag}"]), ("other_due", None, [*alone, f"open_{tag}"])):
        read, write = stay(which, where)
        steps.append(Step(listing.enters, over, write, "list", entry | read, who))
    steps += [
        Step(listing.turned, over, (*to, *ASIDE), "list", stands, [*alone, files, "appeal_suspends"]),
        Step(measure.same, over, (gone,), "list", {"amount": At("kind_exits", (kind,))}, only),
        Step(listing.concerns, over, (f"ends_{tag}",), "list", {"list_number": gone}, [*left, "list_alone"]),
    ]
    aside = [*left, "list_alone", f"ends_{tag}"]
    for which, where, who, oversight in (("listed", gone, left, overlooked), ("due", gone, left, never), ("other", None, aside, overlooked), ("other_due", None, aside, never)):
        read, write = stay(which, where)
        steps.append(Step(listing.leaves, over, write[1:], "list", exit_ | oversight | {"until": read["until"]}, who))
    return steps


def contested(over: str, tag: str, points: str, only: list, truth: int, file_luck: str, of: str) -> list:
    """Who objects to a record, and the case that is opened."""
    return [
        Step(contest.files, over, (f"files_{tag}",), of, {"points": points, "open_until": "appeal_day", "luck_file": file_luck}, only),
        Step(contest.opens, over, ("appeal_day", "appeal_points", "appeal_true", "appeal_month", "+appeals_filed"), of,
             {"points": points, "truth": truth}, [*only, f"files_{tag}"]),
    ]


def filed(over: str, kind, only: list, truth: int, file_luck: str) -> list:
    """What a record does under a regime that keeps a file, a list, or both."""
    return [*on_file(over, kind, only, truth, file_luck), *on_list(over, kind, only, truth, file_luck)]


def clean_entries() -> list:
    """The clean account, from the citizen's own acts as they happened."""
    worth = {"points": At("kind_clean", ("kind",)), "score": "clean_standing", "most": At("kind_most_score", ("kind",)), "warned": "year_clean_warned", "gained": "year_clean_gained"}
    (read, write), (left, off) = stay("clean", "clean_enters"), stay("clean", "clean_exits")
    entry = {"takes_effect": At("list_starts", ("clean_enters",)), "term": At("kind_term", ("kind",))}
    exit_ = {"luck_overlooked": "luck_file", "overlooked": np.uint32(0), "takes_effect": At("exits_on", ("clean_exits",))}
    return [
        Step(score.parts, "acted", ("clean_standing",), "points",
             {"on_file": "clean_points", "stale": 0, "kin": 0, "profile": 0, "dims": "clean_dims", "waits": 0}, "covered"),
        Step(score.worth, "acted", ("clean_worth", "year_clean_warned", "year_clean_gained"), "points", worth, "covered"),
        Step(score.entry, "acted", ("&clean_points|&clean_ring@bucket", "", ""), "points", {"points": "clean_worth", "lawful": 0}, "covered"),
        Step(measure.same, "acted", ("clean_enters",), "list", {"amount": "kind_enters"}, "covered"),
        Step(listing.enters, "acted", write, "list", entry | read, ["covered", "clean_enters"]),
        Step(measure.same, "acted", ("clean_exits",), "list", {"amount": "kind_exits"}, "covered"),
        Step(listing.leaves, "acted", off[1:], "list", exit_ | {"until": left["until"]}, ["covered", "clean_exits"]),
    ]


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


def standing_at(mechanism: str) -> dict:
    """What a measure that stands all the time is asked by: its bits, its strictness, and a luck of its own."""
    return {"bits": f"bits_{mechanism}", "checks": f"checks_{mechanism}", "turn": np.uint32(4 * STANDING.index(mechanism))}


def frequent() -> list:
    """act and watch, for what people do every day: counts only, by channel."""
    steps = [Step(live.either, "tile", ("life_mask",), "sanction", {"own": "mask", "household": "home_mask"})]
    steps += [Step(live.acting, "tile", (name,), "sanction", {"mask": "life_mask", **standing_at(mechanism)}) for name, mechanism in (
        ("slowed", "line_speed"), ("eased", "movement"), ("removed", "account"))]
    for c, channel in enumerate(CHANNELS):
        steps += [
            Step(act.times, "tile", (f"times_{c}",), bind={"plain": f"plain_{c}", "luck_times": f"luck_times_{c}", **{
                n: At(n, (c,)) for n in ("daily_expression", "daily_withdrawal", "daily_line", "daily_ease", "daily_removed")}}),
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
            Step(watch.recorded, "week", (f"=seen_{channel}", f"&month_file@{c}"), "watch",
                 {"times": f"week_times_{c}", "luck_filed": f"luck_filed_{c}", "daily_seen_0": At("daily_seen", (c, 0)), "daily_seen_1": At("daily_seen", (c, 1))}),
        ]
    steps += [Step(measure.nothing, "week", ("week_acts",)), Step(measure.same, "week", ("was_covered",), "watch", {"amount": "covered"})]
    return together(steps, "life", "watch")


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
        Step(score.forget, "month", ("clean_points", "clean_ring@expiring"), "points", {"sum_": "clean_points", "expiring": At("clean_ring", ("expiring",))}),
        Step(score.forget, "month", ("lawful_lost", "lawful_ring@expiring"), "points", {"sum_": "lawful_lost", "expiring": At("lawful_ring", ("expiring",))}),
        Step(score.forget, "month", ("unlawful_lost", "unlawful_ring@expiring"), "points", {"sum_": "unlawful_lost", "expiring": At("unlawful_ring", ("expiring",))}),
        Step(score.found, "month", ("stale",), "points"),
        *looked_through(),
        *(Step(contest.fades, "month", (stake,), "points", {"at_stake": stake, "sum_": sum_}, "appeal_day") for stake, sum_ in (
            ("appeal_points", "on_file"), ("appeal_lawful", "lawful_lost"), ("appeal_unlawful", "unlawful_lost"))),
        *(Step(score.decay, "month", (f"&{sum_}|&{ring}@bucket",), "points", {"sum_": sum_}) for sum_, ring in (
            ("on_file", "ring"), ("clean_points", "clean_ring"), ("lawful_lost", "lawful_ring"), ("unlawful_lost", "unlawful_ring"))),
        Step(score.known, "month", ("known",), "points", {f"file_{c}": At("month_file", (c,)) for c in range(5)}),
    ]
    for i, family in enumerate(("credit", "order", "speech")):
        steps.append(Step(score.guess, "month", (f"guess_{i}",), "points", {
            "luck_guess": f"luck_guess_{i}", "family": FAMILIES.index(family), "accuracy": At("trait_accuracy", (i,)), "weight": At("trait_weight", (i,))}))
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
        early.append(Step(score.recorded_times, "month", (f"seen_{c}|+frequent_records@{c}|&year_records@{c}",), "watch", {"month_file": At("month_file", (c,))}))
        points += [
            Step(score.due_times, "month", (f"due_{c}",), "points", {"month_file": At("month_file", (c,))}),
            Step(score.activity, "month", (f"earned_{c}",), "points", {"times": f"seen_{c}", **activity}),
            Step(score.entry, "month", (f"&on_file|&ring@bucket|&year_points@{c}|+activity@{c}", "&lawful_lost|&lawful_ring@bucket",
                                        "&unlawful_lost|&unlawful_ring@bucket"), "points", {"points": f"earned_{c}", "lawful": At("daily_lawful", (c,))}),
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
        Step(listing.turned, "answers", (*both_stays("judged_list")[1], *ASIDE), "list", both_stays("judged_list")[0], ["list_alone", "turns"]),
        Step(contest.waits, "tile", ("waits",), "points"),
        Step(contest.correct, "answers", ("appeal_place", "&on_file|&ring@appeal_place", "&lawful_lost|&lawful_ring@appeal_place",
                                          "&unlawful_lost|&unlawful_ring@appeal_place"), "points", {"months": MONTHS}, "granted"),
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
        Step(sanction.fall, "tile", ("clean_fell_on", "clean_fell"), "points",
             {"grade": "clean_now", "grade_before": "clean_grade", "fell_on": "clean_fell_on", "fell": "clean_fell"}),
        Step(measure.same, "tile", ("clean_grade",), "points", {"amount": "clean_now"}),
        Step(sanction.held, "tile", ("clean_bits|clean_graded",), "points", {"grade": "clean_now"} | holds),
        Step(sanction.lately, "tile", ("clean_lately",), "points", {"fell_on": "clean_fell_on"}),
        Pick("clean_fallen", "clean_lately", "tile", "points"),
        Step(sanction.in_force, "clean_fallen", ("clean_bits|clean_graded",), "points",
             {"bits": "clean_bits", "fell_on": "clean_fell_on", "fell": "clean_fell", "mask": "clean_mask"}),
        Step(listing.listed, "tile", ("clean_bits",), "list", lists("clean") | {"bits": "clean_bits"}),
        Step(sanction.erring, "tile", ("erred",), "points"),
        Step(measure.same, "tile", ("+graded@grade_now",), "points", {"amount": "covered"}),
        Step(score.gap, "tile", ("gap",), "points"),
        Step(measure.same, "tile", ("=covered_sum",), "watch", {"amount": "covered"}),
        Step(gather.drawn, "tile", ("bits",), "lot", {"flags": "risk"}),
        Step(measure.same, "tile", ("clean_bits",), "lot", {"amount": "beside_clean_mask"}),
        Step(measure.to_check, "tile", ("check",), "sanction"),
        Pick("checked", "check", "tile", "sanction"),
        Step(measure.nothing, "checked", ("cause_now",), "sanction"),
    ]
    steps += [Step(score.of_two, "checked", ("dims_by_record",), "points", {"first": "clean_dims", "second": "dims", "which": "models"}),
              Step(score.of_two, "checked", ("dims_by_guess",), "points", {"first": "dims", "second": "clean_dims", "which": "models"})]
    parts = {"record": {"on_file": "clean_points", "dims": "dims_by_record"}, "stale": {"stale": 0}, "kin": {"kin": 0},
             "profile": {"profile": 0, "dims": "dims_by_guess"}}
    steps += [Step(sanction.would_hold, "checked", (f"if_{part}",), "points", changed) for part, changed in parts.items()]
    steps += [
        Step(sanction.cause, "checked", ("cause_now",), "points",
             {"mask": "graded_bits", "clean_mask": "clean_graded", "held": At("holds", ("grade_now",)), "cause_before": "cause"}),
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
        f"holds_{n}": At("list_holds", (n,)) for n in range(1, LISTS + 1)}


def met(over: str, mechanism: str, stopped, fen=0, tried=1, mask="life_bits", only=None) -> Step:
    """An attempt under the consequences that bear on it: tried, stopped (or favoured), fen; kept by consequence."""
    which = f"which_{mechanism}_{over}"
    kept = (which, f"+attempts@{which}|&my_attempts@{which}", f"+refused@{which}|&my_refused@{which}", f"+fen@{which}|&my_fen@{which}")
    bind = {"mask": mask, "bits": f"bits_{mechanism}", "tried": tried, "stopped": stopped, "fen": fen}
    return Step(measure.attempt, over, kept, "sanction", bind, only)


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
        at("flies", live.flies, ("flown", "by_rail|+by_rail", "no_ticket", "no_boarding", "air_paid", "ticket_extra", "boarding_extra", "air_saved"), **cheap, **air),
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
        at("takes_train", live.takes_fast_train, ("gone|+trips", "rail_asked", "no_seat", "told"), bars_rail_seat="bits_rail_seat", luck_choice="luck_seat"),
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
        at("applies_for_loan", live.applies_for_loan, ("granted_loan|+loans", "lent|+pay_lent", "terms", "no_loan"), eases_loan="bits_loan_terms",
           checks_loan="checks_loan_terms", bars_loan="bits_loan_refusal", luck_refusal="luck_loan"),
        at("applies_for_loan", live.borrows, ("wealth", "debt", "favoured", "borrowed_on")),
        at("applies_for_loan", measure.both, ("eased_loan",), a="granted_loan", b="terms"),
        met("applies_for_loan", "loan_terms", "eased_loan"),
        met("applies_for_loan", "loan_refusal", "no_loan"),
        at("rents_with_deposit", live.rents_with_deposit, ("rented|+rentals", "waived", "waived_fen", "rent_paid"), eases_deposit="bits_deposit"),
        at("rents_with_deposit", live.pays, ("wealth", "+pay_rentals"), amount="rent_paid"),
        met("rents_with_deposit", "deposit", "waived", "waived_fen"),
        *(step for name, wants in (("moves_job", 2), ("finds_job", 1)) for step in (
            at(name, live.new_job_on, ("job_on",), wants=wants),
            at(name, live.takes_job, (f"new_job_{wants}", f"bid_{wants}", f"no_job_{wants}"), wants=wants, bars_prestige_job="bits_prestige_job", flags="risk"),
            at(name, measure.same, ("job",), amount=f"new_job_{wants}"),
            met(name, "prestige_job", f"no_job_{wants}", tried=f"bid_{wants}"))),
        at("loses_job", live.new_job_on, ("job_on",), wants=2),
        at("loses_job", live.loses_job, ("job",)),
        at("seeks_school_place", gather.household, ("others_bits", "")),
        at("seeks_school_place", live.either, ("home_bits",), own="life_bits", household="others_bits"),
        at("seeks_school_place", live.seeks_school, ("private", "school_tried|+school_tried", "no_school"), household_mask="home_bits",
           bars_private_school="bits_private_school", turn=standing_at("private_school")["turn"], size="members"),
        met("seeks_school_place", "private_school", "no_school", tried="school_tried", mask="home_bits"),
        at("leaves_school", measure.nothing, ("private",)),
    ]
    for name, thing in zip(ATTEMPTS[-len(SPENDING):], SPENDING, strict=True):
        attempts += [
            at(name, live.buys, (f"bought_{thing}|+bought_{thing}", f"tried_{thing}", f"no_{thing}", f"{thing}_paid"), bars=f"bits_{thing}", checks=f"checks_{thing}",
               price=f"{thing}_price"),
            at(name, live.pays, ("wealth", "+pay_purchases"), amount=f"{thing}_paid"),
            met(name, thing, f"no_{thing}", tried=f"tried_{thing}"),
        ]
    return [
        Step(live.either, "tile", ("life_bits",), "sanction", {"own": "bits", "household": "home_mask"}),
        *(Step(live.acting, "tile", (name,), "sanction", {"mask": "life_bits", **standing_at(mechanism)}) for name, mechanism in (
            ("turned_down", "reach"), ("closed", "account"), ("named", "naming"))),
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
        *(Step(live.acting, "week", (name,), "sanction", {"mask": "life_bits", **standing_at(mechanism)}) for name, mechanism in (
            ("slow_now", "line_speed"), ("unaided", "assistance"), ("rebated", "rebate"))),
        Step(measure.blamed, "week", ("=lawful_sum", "=blamed_sum"), "points", only="penalised"),
        Step(live.pay, "week", ("week_income|+pay_wages", "line_cost", "aid_cost"), bind={"slowed": "slow_now", "days": "week_days", "flags": "risk"}),
        Step(live.rebate, "week", ("rebate_paid",), "sanction"),
        Step(live.receives, "week", ("wealth", "+pay_rebates"), "sanction", {"amount": "rebate_paid"}),
        Step(live.repay, "week", ("repaid|+pay_repaid",)),
        Step(live.interest, "week", ("interest_paid|+pay_interest",)),
        Step(live.spend, "week", ("spent|+pay_living",), bind={"week": "week_income", "flags": "risk"}),
        Step(live.settle, "week", ("wealth", "debt"), bind={"week": "week_income", "interest": "interest_paid"}),
        Step(live.behind, "week", ("arrears", "given_up|+written_off", "&debt")),
        Step(live.lapses, "week", ("judged",)),
        Step(live.shamed, "week", ("arrears",), "sanction"),
        Step(gather.household, "week", ("others_week", ""), "sanction"),
        Step(live.reaching, "week", ("home_mask",), "sanction", {"household": "others_week", "flags": "risk"}),
        Step(live.either, "week", ("week_home",), "sanction", {"own": "bits", "household": "home_mask"}),
        Step(live.keeps_school, "week", ("private|+private_weeks", "expelled|+expelled"), bind={
            "household_mask": "week_home", "bars_private_school": "bits_private_school", "flags": "risk", "turn": standing_at("private_school")["turn"]}),
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


def stood(mechanism: str, acts: str, fen=0) -> list:
    """A week under a consequence that stands all the time: tried once, stopped where it acts, fen lost."""
    return [
        Step(measure.any_of, "week", (f"{acts}_on",), "sanction", {"bits": "life_bits", "wanted": f"bits_{mechanism}"}),
        met("week", mechanism, acts, fen, only=f"{acts}_on"),
    ]


def published() -> list:
    """publish, and the day's sums."""
    return [
        Step(respond.voice, "tile", ("voice",), bind={"removed": "closed"}),
        Step(publish.publish, "tile", ("word",), bind={"grade": "grade_now", "mask": "bits", "flags": "risk"}),
        *(Step(measure.as_is, "tile", (f"={name}_sum",), bind={"amount": name}) for name in ("wealth", "debt")),
        *(Step(measure.in_steps, "tile", (f"={name}_sum",), bind={"share": name, "steps": "share_steps", "flags": "risk"}) for name in ("expression", "opinion", "public_view")),
        Step(measure.of_living, "tile", ("=aware_sum",), bind={"amount": "aware", "flags": "risk"}),
        Step(measure.of_living, "tile", ("=living_sum",), bind={"amount": 1, "flags": "risk"}),
        Step(measure.same, "tile", ("=private_sum",), bind={"amount": "private"}),
        Step(measure.same_number, "tile", ("=jobless_sum",), bind={"a": "job", "b": 1}),
    ]


def values(chain) -> dict[str, str]:
    """What a day computes and forgets: whole numbers, but for the few named here."""
    f4 = {"plain_", "rate_", "guess_", "known", "due_trace", "near", "voice", "friends_view", "fresh", "apt"}
    u4 = {"facts", "partner_", "month_partner_", "bits", "clean_bits", "graded_bits", "clean_graded", "due_bits", "life_bits", "life_mask", "if_", "home_bits", "others_bits", "others_week", "week_home"}
    kept = {f.name for f in fields()}
    found: dict[str, str] = {}
    for item in chain:
        for name in (n for target in getattr(item, "writes", ()) for n in target.split("|")):
            if name and name[0] not in "+&=" and "@" not in name and name not in kept and name != "word":
                short = name.rstrip("0123456789")
                found[name] = "f4" if short in f4 else "u8" if short == "word_" else "u4" if {name, short} & u4 or name.startswith("if_") else "i4"
    return found


EACH = CONSEQUENCES
MEASURES = {"acts": MOST_KINDS, "own": MOST_KINDS, "sent": MOST_KINDS, "received": MOST_KINDS, "false": MOST_KINDS, "points": MOST_KINDS,
            "graded": GRADES, "attempts": EACH, "refused": EACH, "fen": EACH, "frequent_acts": 6, "frequent_records": 6, "activity": 6,
            **{n: 1 for n in ("trips", "flown", "by_rail", "nights", "loans", "rentals", "school_tried", "expelled", "private_weeks", "defaults", "written_off", "appeals_filed",
                              "appeals_upheld", "pay_fines", "pay_deeds", "pay_transport", "pay_hotels", "pay_lent", "pay_rentals", "pay_wages",
                              "pay_repaid", "pay_interest", "pay_living", "pay_schools", "pay_purchases", "pay_rebates", "pay_estate_debts", "pay_estates",
                              "pay_shortfalls", "pay_claims", "inherited", "written_off", "births", "deaths", *(f"bought_{s}" for s in SPENDING))}}
SUMS = ("score_sum", "score_square_sum", "wealth_sum", "debt_sum", "expression_sum", "opinion_sum", "public_view_sum", "aware_sum", "private_sum",
        *(f"{n}_sum" for n in SURVEY), "jobless_sum", "living_sum", "covered_sum", "lawful_sum", "blamed_sum", *(f"times_{c}" for c in CHANNELS), *(f"seen_{c}" for c in CHANNELS))
# who pays whom: measure -> (from, to)
PAYMENTS = {"pay_fines": ("households", "state"), "pay_deeds": ("households", "outside"), "pay_transport": ("households", "transport"),
            "pay_hotels": ("households", "shops"), "pay_lent": ("banks", "households"), "pay_rentals": ("households", "shops"),
            "pay_wages": ("employers", "households"), "pay_repaid": ("households", "banks"), "pay_interest": ("households", "banks"),
            "pay_living": ("households", "shops"), "pay_schools": ("households", "schools"), "pay_purchases": ("households", "shops"),
            "pay_rebates": ("state", "households"), "pay_estate_debts": ("households", "banks"), "pay_estates": ("households", "state"),
            "pay_shortfalls": ("banks", "households"), "pay_claims": ("households", "outside")}
CLOCK = ("day", "month_number", "bucket", "first_tie", "after_tie", "next_tie")


def rule_name(rule) -> str:
    """The name of a rule: its file and function, such as `score.total`."""
    return f"{rule.__module__.rsplit('.', 1)[-1]}.{rule.__name__}"


def model(own: dict | None = None) -> Model:
    """The declaration of the social credit day; own: functions by the name of the rule whose place they take."""
    chain = tuple(shared_steps() + [Step(score.covered, "tile", ("covered",), "watch")] + month() + frequent() + weekly_counts() + acts() + judged() + lived() + week() + published())
    if own:
        chain = tuple(replace(item, rule=own.get(rule_name(item.rule), item.rule)) if isinstance(item, Step) else item for item in chain)
    return Model("social credit day", fields(), params(), LUCK, values(chain), CLOCK, chain, MEASURES, SUMS, KINDS, CELLS)
