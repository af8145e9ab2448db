"""What is kept of a citizen."""

from ..engine.model import Field
from .names import CELLS, CHANNELS, CONSEQUENCES, GRADES, LISTS, MONTHS


def fields(channels: int = len(CHANNELS)) -> tuple[Field, ...]:
    """What is kept. kind "" is the citizen's own, the same under every regime; channels: how many there are, with those of one's own."""
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
        Field("envelope", "u4", "2**-30 a day", "How often anything seldom might happen at most.", ""),
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
        Field("conduct_bad", "i4", "tenths", "Gravity of the year's bad acts.", tally=True),
        Field("conduct_good", "i4", "tenths", "Worth of the year's good acts.", tally=True),
        Field("week_acts", "u8", "6 x 10 bits", "Frequent acts since the last weekly step, by channel."),
        Field("month_acts", "u2", "times", "Frequent acts of the weeks that ended this month, by channel.", many=6),
        Field("year_acts", "i4", "acts", "Seldom acts this year, by channel.", many=channels, tally=True),
        Field("year_times", "i4", "times", "Frequent acts this year, by channel.", many=6, tally=True),
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
        Field(
            "fell", "u1", "", "The last fall: 8 x the grade it began from, plus the grade it ended in.", "points", high=GRADES * GRADES - 1
        ),
        Field("clean_grade", "u1", "", "Grade of the clean account.", "points", high=GRADES - 1),
        Field("clean_fell_on", "i2", "day", "Its last fall.", "points"),
        Field("clean_fell", "u1", "", "The same of it.", "points", high=GRADES * GRADES - 1),
        Field("erred", "u1", "4 bits", "Kinds of error that moved the account since it was last the clean one.", "points", high=15),
        Field("year_points", "i4", "points", "Points of this year's records, by channel.", "points", many=channels, tally=True),
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
        Field(
            "month_file",
            "u4",
            "2 counts",
            "Frequent acts of the weeks that ended this month, recorded and covered, by channel.",
            "watch",
            many=6,
        ),
        Field("year_records", "i4", "records", "Records this year, by channel.", "watch", many=channels, tally=True),
        Field(
            "year_received",
            "i4",
            "records",
            "Records of others pinned on this citizen this year, by channel.",
            "watch",
            many=channels,
            tally=True,
        ),
    ]
    listed = [
        Field("listed_from", "i2", "day", "Day from which the citizen is on each list (place 0 is not used).", "list", many=LISTS + 1),
        Field("listed_until", "i2", "day", "The day after the last.", "list", many=LISTS + 1),
        Field("clean_from", "i2", "day", "The same of the clean account.", "list", many=LISTS + 1),
        Field("clean_until", "i2", "day", "The same of the clean account.", "list", many=LISTS + 1),
        Field(
            "due_from",
            "i2",
            "day",
            "Day from which the citizen should be on each list, had no deletion been overlooked.",
            "list",
            many=LISTS + 1,
        ),
        Field("due_until", "i2", "day", "The day after the last.", "list", many=LISTS + 1),
        Field("other_from", "i2", "day", "The first day on the contested list if the open objection is answered the other way.", "list"),
        Field("other_until", "i2", "day", "The day after the last.", "list"),
        Field("other_due_from", "i2", "day", "The same of the days on which the citizen should be on it.", "list"),
        Field("other_due_until", "i2", "day", "The day after the last.", "list"),
    ]
    sanctions = [
        Field(
            "home_mask",
            "u4",
            "24 bits",
            "Consequences in force on others of the household that reach this citizen, once a week.",
            "sanction",
        ),
        Field("mask", "u4", "24 bits", "Consequences in force.", "sanction"),
        Field("clean_mask", "u4", "24 bits", "Consequences that the clean account would bring.", "sanction"),
        Field(
            "cause", "u1", "", "Why a penalty is false: 0 it is not, 1 record, 2 stale, 3 kin, 4 inference, 5 several.", "sanction", high=5
        ),
        Field("my_attempts", "i4", "times", "Attempts this year under each consequence.", "sanction", many=CONSEQUENCES, tally=True),
        Field("my_refused", "i4", "times", "Refused (or granted) of them.", "sanction", many=CONSEQUENCES, tally=True),
        Field("my_fen", "i8", "fen", "What it cost.", "sanction", many=CONSEQUENCES, tally=True),
    ]
    banked = [
        Field("lent_band", "u1", "", "What a bank has under watch: the band of score of a loan, plus 1; one more for a refusal.", "bank"),
        Field("lent_on", "i2", "day", "Since when.", "bank"),
    ]
    gamed = [
        Field("bought", "i2", "points", "Points bought last.", "game"),
        Field("bought_on", "i2", "day", "When.", "game"),
    ]
    return (*own, *life, *watched, *points, *listed, *sanctions, *banked, *names_of_help(), *gamed)


def names_of_help() -> tuple[Field, ...]:
    """What is kept where people ask each other for help: what the norm, a register and each other think of them."""
    return (
        Field("unworthy", "u1", "", "1 if the norm, told of every answer as it was, thinks ill of one.", "help", high=1, seen=True),
        Field("year_requests", "i2", "times", "Requests for help made this year.", "help", tally=True),
        Field("year_due", "i2", "times", "Of these, those that the norm, without any error, grants.", "help", tally=True),
        Field("year_helped", "i2", "times", "Requests granted.", "help", tally=True),
        Field("year_wronged", "i2", "times", "Refused though due.", "help", tally=True),
        Field("booked", "u1", "", "1 in bad standing in the book of the register.", "registry", high=1, seen=True),
        Field("page", "u1", "", "The same in the public record as it was last issued.", "registry", high=1, seen=True),
        Field("doubts", "u4", "17 bits", "Ties of whom one thinks ill, and oneself.", "opinions", high=131071, seen=True),
        Field("met", "u2", "16 bits", "Ties over which one talked when it was last their turn.", "opinions", high=65535),
        Field("answer", "i4", "", "The last answer: 32 x (day + 1), 2 x the place of the tie, and 1 for help.", "opinions", seen=True),
    )
