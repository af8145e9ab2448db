"""What each column of each table is. docs/schema.md is made from this, and a test holds real runs against it."""

from __future__ import annotations

import re
from dataclasses import dataclass

PLACES = {  # a word in capitals in a name stands for one of these
    "ACT": "an act of the catalogue", "CHANNEL": "a channel", "CONSEQUENCE": "a penalty or a reward", "GRADE": "a grade of the regime",
    "ATTEMPT": "something tried or met with (catalogue/attempts.toml)", "FROM": "a sector that pays", "TO": "a sector that is paid",
    "WHAT": "what for", "BAND": "a band of score in which a bank counts its loans, by its lowest score; `refused`: whom its cut refused",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column: its name (capitals stand for ids), its type in the file, its unit, and what it says.

    Types: `text`, `whole` (a whole number of any width), `number` (a whole number or a float), `flag` (true or false), `date`.
    """

    name: str
    kind: str
    unit: str
    about: str
    may_be_empty: bool = False


@dataclass(frozen=True)
class Measure:
    """One kind of number in the column `measure` of daily and groups, with its unit."""

    name: str
    unit: str
    about: str


def _(name: str, kind: str, unit: str, about: str, may_be_empty: bool = False) -> Column:
    return Column(name, kind, unit, about, may_be_empty)


ABOUT = {
    "daily": "One row a day, regime and measure: sums over everybody, whole numbers.",
    "groups": "One row a month, regime, grouping, group and measure: sums over the days of the month.",
    "citizens": "One row a citizen who lived in the year, regime and year's end: everybody up to a million citizens, above that whole households drawn by lot, "
                "with `weight` to scale by. Sums are over that year.",
    "spells": "One row a spell of a citizen under a consequence, for the citizens of the table before.",
    "panel": "Every event in the lives of the few hundred followed citizens.",
    "flows": "From the channel and act where points were lost, or a stay on a list began, to the domain of life where it was felt: "
             "sums over everybody.",
    "margins": "The society of the run beside each published figure that it was drawn from.",
    "ledger": "Every parameter of the run.",
}  # fmt: skip

REGIME = _("regime", "text", "", "Name of the regime.")
COLUMNS: dict[str, tuple[Column, ...]] = {
    "daily": (
        _("day", "whole", "days", "Day, counted from 0 on the first day."),
        _("date", "date", "", "The same as a date."),
        REGIME,
        _("measure", "text", "", "What is counted: see the measures below."),
        _("value", "whole", "of the measure", "The sum over everybody on that day."),
    ),
    "groups": (
        _("month", "text", "", "Month, such as 2019-01."),
        REGIME,
        _("grouping", "text", "", "How people are grouped: age, residence, income, sex, label."),
        _("group", "text", "", "The group."),
        _("measure", "text", "", "What is counted: see the measures below; `people` counts person-days."),
        _("value", "whole", "of the measure", "The sum over the group and the days of the month."),
    ),
    "citizens": (
        _("year", "whole", "", "Calendar year at whose end, or at the end of the run, the row was taken."),
        REGIME,
        _("citizen", "whole", "", "Number of the citizen."),
        _("household", "whole", "", "Number of the household."),
        _("weight", "number", "citizens", "How many citizens the row stands for: 1 where everybody is in the table."),
        _("age", "whole", "years", "Age, or for one who died what it would be."),
        _("sex", "text", "", "female or male."),
        _("residence", "text", "", "urban or rural."),
        _("education", "text", "", "Highest school finished.", True),
        _("fifth", "text", "", "Fifth of households by income per head, at the start."),
        _("label", "text", "", "A label (0 or 1) that only watching and measuring receive."),
        _("registered", "text", "", "Where the household is registered (hukou): here or elsewhere."),
        _("living", "flag", "", "Whether the citizen still lived in the last month; one who died has rows up to the year of death."),
        _("work", "text", "", "Work at that time: none, jobless, ordinary, prestige."),
        _("private_school", "flag", "", "Whether the citizen is in a private school."),
        _("score", "number", "points", "Score; empty for those not covered.", True),
        _("grade", "text", "", "Grade; empty for those not covered.", True),
        _("clean_grade", "text", "", "Grade by the clean account.", True),
        _("profile_points", "whole", "points", "Points of the score from what the regime guesses.", True),
        _("kin_points", "whole", "points", "Points of the score from household and ties.", True),
        _("stale_points", "whole", "points", "Points of the score from records kept past their time.", True),
        _("lawful_lost", "whole", "points", "Points on file, lost by acts that no law forbids.", True),
        _("unlawful_lost", "whole", "points", "Points on file, lost by the others.", True),
        _("income", "number", "yuan a year", "Income."),
        _("wealth", "number", "yuan", "Savings."),
        _("debt", "number", "yuan", "Debt."),
        _("arrears", "whole", "weeks", "Weeks since payments on it stopped, 0 while they go on."),
        _("expression", "number", "0 to 1", "How freely the citizen speaks."),
        _("opinion", "number", "0 to 1", "Approval that the citizen holds."),
        _("public_opinion", "number", "0 to 1", "Approval that the citizen shows."),
        _("trust", "number", "0 to 1", "Trust in others."),
        _("ties", "whole", "ties", "Talking ties at that time, to people who live, kept or not; without the household."),
        _("ties_kept", "whole", "ties", "Of these, those that both ends keep."),
        _("ties_graded", "whole", "ties", "Of those kept, those between two who both have a grade; empty where there are no grades.", True),
        _("ties_own_grade", "whole", "ties", "Of these, those with somebody in the citizen's own grade.", True),
        _("aware", "flag", "", "Whether the citizen knows of the score."),
        _("conduct_bad", "number", "gravity", "Gravity of the bad acts done."),
        _("conduct_good", "number", "gravity", "Worth of the good deeds done."),
        _("acts.CHANNEL", "whole", "acts", "Acts done."),
        _("records.CHANNEL", "whole", "records", "Records of the citizen's own acts.", True),
        _("received.CHANNEL", "whole", "records", "Records of others' acts pinned on the citizen, and of acts that nobody did.", True),
        _("points.CHANNEL", "whole", "points", "Points that the records moved the score by.", True),
        _("help.requests", "whole", "requests", "Requests for help made under a registry or opinions; empty, as the next three, elsewhere.", True),
        _("help.due", "whole", "requests", "Of these, those that the norm grants by names without any error.", True),
        _("help.helped", "whole", "requests", "Requests granted.", True),
        _("help.wronged", "whole", "requests", "Refused though due.", True),
        _("days.CONSEQUENCE", "whole", "days", "Days under it; empty, as the next five, where the regime has no such thing.", True),
        _("false_days.CONSEQUENCE", "whole", "days", "Of these, days on which the clean account would not have brought it.", True),
        _("missed_days.CONSEQUENCE", "whole", "days", "Days on which only the clean account would have.", True),
        _("attempts.CONSEQUENCE", "whole", "attempts", "Attempts that it touched.", True),
        _("refused.CONSEQUENCE", "whole", "attempts", "Attempts refused by a penalty, or granted by a reward.", True),
        _("fen.CONSEQUENCE", "whole", "fen", "What it cost, or brought.", True),
    ),
    "spells": (
        REGIME,
        _("citizen", "whole", "", "Number of the citizen."),
        _("consequence", "text", "", "The penalty or reward."),
        _("start", "whole", "days", "First day."),
        _("end", "whole", "days", "Day on which it ended; empty while it still runs.", True),
        _("cause", "text", "", "Why it was false: none (it was not), record, stale, kin, inference, several."),
        _("act", "text", "", "Act of the last record that cost points, or put the citizen on a list, before it began.", True),
        _("false_days", "whole", "days", "Days of it that were false."),
    ),
    "panel": (
        REGIME,
        _("citizen", "whole", "", "Number of the citizen."),
        _("day", "whole", "days", "Day."),
        _("event", "text", "", "What happened: act, attempt, false_record, received_record, grade, refused, granted, begins, ends."),
        _("act", "text", "", "The act or attempt.", True),
        _("outcome", "text", "", "What became of an act (missed, recorded, pinned on somebody else), which consequence, or the new grade (empty: none any more).", True),
        _("points", "whole", "points", "Points that the record moved the account by, after warnings, caps and ceilings."),
        _("rule_points", "whole", "points", "Points that the rule gives for such a record on that day, before these."),
        _("note", "text", "", "Why a consequence was false: record, stale, kin, inference, several; none where it was not; the grade before a new one.", True),
    ),
    "flows": (
        REGIME,
        _("channel", "text", "", "Channel; empty where no act stands behind the spell.", True),
        _("act", "text", "", "Act that cost the points, or the last that did so, or put the citizen on a list, before the spell.", True),
        _("domain", "text", "", "Domain of life where the penalty fell; empty in the rows that count points.", True),
        _("group", "text", "", "Fifth of households by income per head."),
        _("points_lost", "whole", "points", "Points lost."),
        _("spells", "whole", "spells", "Spells that began with it."),
        _("days", "whole", "days", "Days of these spells."),
    ),
    "margins": (
        _("margin", "text", "", "The published table."),
        _("category", "text", "", "Its row."),
        _("published", "number", "as in `unit`", "The published figure."),
        _("drawn", "number", "as in `unit`", "The same in the society of the run."),
        _("z", "number", "standard errors", "Their distance in standard errors of the draw.", True),
        _("unit", "text", "", "Unit."),
        _("source", "text", "", "Where it was published."),
        _("status", "text", "", "How it is known."),
        _("year", "whole", "", "Year that it is of.", True),
        _("recalled", "flag", "", "Whether it is only remembered, not read."),
    ),
    "ledger": (
        _("key", "text", "", "Path, as --set takes it."),
        _("unit", "text", "", "Unit."),
        _("value", "text", "as in `unit`", "The number used, or the date, written out."),
        _("range_low", "number", "as in `unit`", "Lowest plausible value, where it was assumed.", True),
        _("range_high", "number", "as in `unit`", "Highest plausible value.", True),
        _("status", "text", "", "law, measured, derived, reported or assumed."),
        _("source", "text", "", "Where it comes from."),
        _("recalled", "flag", "", "Whether it is only remembered, not read."),
        _("about", "text", "", "What it is."),
        _("used_by", "text", "", "The rules of the day that read it, or `setting up the run`; empty where that was not looked at.", True),
        _("fixed_by", "text", "", "Which published experiments fix it, each with the product of powers that it fixes; empty where it was not moved.", True),
        _("not_apart", "text", "", "The numbers that no published experiment tells apart from it.", True),
    ),
}

MEASURES = (
    Measure("people", "citizens", "Citizens who live; in groups, person-days."),
    Measure("births", "citizens", "Citizens who were born since the month before, counted on the first day of a month."),
    Measure("deaths", "citizens", "Citizens who died since."),
    Measure("inherited", "fen", "Savings that passed from the dead to their households."),
    Measure("written_off", "fen", "Debt that banks gave up: of borrowers in arrears with whom they settled, and of the dead whose savings did not cover it."),
    Measure("covered", "citizens", "Citizens who are scored or may be listed."),
    Measure("score_sum", "points", "Scores, added up."),
    Measure("score_square_sum", "points squared", "Squares of the scores, added up."),
    Measure("grade:GRADE", "citizens", "Citizens in the grade."),
    Measure("in_force:CONSEQUENCE", "citizens", "Citizens under it; in groups, person-days, as in the next three."),
    Measure("clean:CONSEQUENCE", "citizens", "Citizens who would be by the clean account."),
    Measure("false:CONSEQUENCE", "citizens", "Citizens under it only by the account."),
    Measure("missed:CONSEQUENCE", "citizens", "Citizens under it only by the clean account."),
    Measure("attempts:CONSEQUENCE", "attempts", "Attempts that it touched."),
    Measure("refused:CONSEQUENCE", "attempts", "Attempts refused by a penalty, or granted by a reward."),
    Measure("fen:CONSEQUENCE", "fen", "What it cost, or brought."),
    Measure("help_asked", "requests", "Requests for help, under a registry or opinions."),
    Measure("help_due", "requests", "Of these, those that the norm grants by names without any error."),
    Measure("help_granted", "requests", "Requests granted."),
    Measure("help_wronged", "requests", "Requests refused though due."),
    Measure("help_spared", "requests", "Requests granted though not due."),
    Measure("registry_missed", "answers", "Answers to requests that did not reach the registry."),
    Measure("registry_false", "entries", "Entries of the contrary of the right standing."),
    Measure("opinions_pairs", "pairs", "Pairs of those with whom a citizen talks in a week, asked of each once a week, each pair counted twice."),
    Measure("opinions_alike", "pairs", "Of these, pairs who think the same of the citizen."),
    Measure("blamed_sum", "1/1000 penalties", "Penalties in force on those who have points lost on file, asked of each once a week."),
    Measure("lawful_sum", "1/1000 penalties", "Of these the part that answers to points lost for acts that no law forbids."),
    Measure("acts:ACT", "acts", "Acts done."),
    Measure("own:ACT", "records", "Records on the one who did it."),
    Measure("sent:ACT", "records", "Records misdirected to somebody else."),
    Measure("received:ACT", "records", "Misdirected records received, a day later."),
    Measure("false_record:ACT", "records", "Records of acts that nobody did."),
    Measure("points:ACT", "points", "Points that its records moved scores by."),
    Measure("activity:CHANNEL", "points", "Points given at the month's end for frequent records."),
    Measure("frequent_acts:CHANNEL", "acts", "Frequent acts done."),
    Measure("frequent_records:CHANNEL", "records", "Records of frequent acts."),
    Measure("attempt:ATTEMPT", "attempts", "Things tried or met with, whatever came of them."),
    Measure("trips", "trips", "Trips made by air and rail."),
    Measure("flown", "trips", "Trips made by air."),
    Measure("by_rail", "trips", "Trips made by rail because a flight was refused."),
    Measure("nights", "nights", "Nights in hotels."),
    Measure("loans", "loans", "Loans given."),
    Measure("loans_sound:BAND", "loans", "Loans of a bank on which payments had not stopped when their term was over, by the score at which "
            "they were granted."),
    Measure("loans_failed:BAND", "loans", "The same on which payments had stopped, as found on the first of a month. Those of `refused` were "
            "never lent: they are applications that the cut refused, and what became of other debts of these people."),
    Measure("qualified", "citizens", "Where points are bought: citizens who truly qualify for the grade that is gamed, asked of each once a week."),
    Measure("passed_unqualified", "citizens", "Those in it who do not, asked of each once a week."),
    Measure("burden", "fen", "Social burden: what it would cost those who truly qualify to buy what they are short of, bought or not, asked of each "
            "once a week."),
    Measure("burden_days", "1/100 days", "The same in days of their income a head."),
    Measure("points_bought", "points", "Points bought to pass the cut."),
    Measure("aid_paid", "fen", "What the office paid of their price."),
    Measure("rentals", "rentals", "Things rented with a deposit."),
    Measure("bought_home", "homes", "Homes bought or fitted out."),
    Measure("bought_car", "cars", "Cars bought."),
    Measure("bought_holiday", "holidays", "Holidays taken."),
    Measure("bought_insurance", "insurances", "Dear insurances bought."),
    Measure("bought_office", "offices", "Better offices or flats to work in rented."),
    Measure("defaults", "loans", "Loans on which payment stopped."),
    Measure("school_tried", "pupils", "Pupils for whom a private school was tried."),
    Measure("expelled", "pupils", "Pupils who had to leave a private school."),
    Measure("private_weeks", "weeks", "Weeks of school paid for at private schools."),
    Measure("private_pupils", "pupils", "Pupils in private schools."),
    Measure("jobless", "citizens", "Citizens without work."),
    Measure("wealth_sum", "fen", "Savings, added up."),
    Measure("debt_sum", "fen", "Debt, added up."),
    Measure("expression_sum", "1/65535", "Expression, added up."),
    Measure("opinion_sum", "1/65535", "Approval held, added up."),
    Measure("public_sum", "1/65535", "Approval shown, added up."),
    Measure("survey:asked", "adults", "Adults asked in the survey: a seventh of all each day."),
    Measure("survey:approve_truly", "adults", "Of these, those who approve; nobody could know it."),
    Measure("survey:approve_directly", "adults", "Those who say so when asked directly."),
    Measure("survey:list_control", "adults", "Those in the control half of the list experiment; the others are in the treated half."),
    Measure("survey:list_control_items", "items", "Items of the list that the control half says yes to."),
    Measure("survey:list_treated_items", "items", "Items that the treated half says yes to, approval among them. The mean of the treated less that of the control is the share that approve."),
    Measure("survey:trusting", "adults", "Those who say that most people can be trusted."),
    Measure("aware", "citizens", "Citizens who know of the score."),
    Measure("appeals_filed", "appeals", "Objections filed."),
    Measure("entered", "entries", "Entries on lists: each a case of its own, so not what a listed debtor does against the judgment that is listed."),
    Measure("complied", "stays", "Stays on lists that end before their time because the judgment was fulfilled."),
    Measure("appeals_upheld", "appeals", "Objections upheld."),
    Measure("pay:FROM:TO:WHAT", "fen", "Paid from one sector to another."),
)


def matches(pattern: str, name: str) -> bool:
    """Whether a column or measure of a run is the one described.

    Example:
        >>> matches("acts.CHANNEL", "acts.social"), matches("acts.CHANNEL", "acts"), matches("day", "day")
        (True, False, True)
    """
    parts = re.split(f"({'|'.join(PLACES)})", pattern)
    built = "".join("[A-Za-z][A-Za-z0-9_]*" if part in PLACES else re.escape(part) for part in parts)
    return re.fullmatch(built, name) is not None
