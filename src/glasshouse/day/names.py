"""The words of the social credit day: channels, populations, mechanisms, how many places there are, and what is counted."""

CHANNELS = ("commerce", "payments", "social", "browsing", "location", "civic")
FAMILIES = ("market", "civic", "traffic", "curiosity", "speech", "credit", "order", "daily")  # the commonest first: found sooner
ATTEMPTS = (
    "flies",
    "takes_train",
    "books_hotel",
    "applies_for_loan",
    "rents_with_deposit",
    "moves_job",
    "finds_job",
    "loses_job",
    "seeks_school_place",
    "leaves_school",
    "buys_home",
    "buys_car",
    "takes_holiday",
    "buys_insurance",
    "rents_office",
)
STANDING = (
    "line_speed",
    "movement",
    "account",
    "reach",
    "private_school",
    "assistance",
    "rebate",
    "naming",
)  # mechanisms that act without being met
DIMENSIONS = ("file", "trace", "means", "owed", "age", "new", "settled", "ties")  # what a score of dimensions is made of
FEATURES = (
    "age",
    "sex",
    "residence",
    "income",
    "renter",
    "parent",
    "graduate",
    "online",
    "drives",
    "job",
    "arrears",
    "new_job",
    "short",
    "household",
)  # what a fitted model may see
FEATURE_VALUES = 5  # the most values of a feature
PLIGHTS = (
    "man",
    "middle_aged",
    "in_work",
    "trades",
    "jobless",
    "new_job",
    "short",
    "indebted",
    "arrears",
    "young",
)  # what makes some things likelier
LISTS = 4  # lists a regime can keep
RINGS = ("ring", "clean_ring", "lawful_ring", "unlawful_ring")  # fields with a place for each month of the memory
STAYS = ("listed_from", "listed_until", "clean_from", "clean_until", "due_from", "due_until")  # and for each list
SPENDING = ("home", "car", "holiday", "insurance", "office")  # what a ban on spending may forbid
MECHANISMS = (
    "air_ticket",
    "air_boarding",
    "private_school",
    "line_speed",
    "prestige_job",
    "hotel",
    "reach",
    "account",
    "loan_terms",
    "deposit",
    "fare",
    "queue",
    "movement",
    "rail_seat",
    *SPENDING,
    "loan_refusal",
    "assistance",
    "rebate",
    "naming",
)
TRAITS = ("reliability", "order", "loyalty")
SURVEY = (
    "asked",
    "approve_truly",
    "approve_directly",
    "list_control",
    "list_control_items",
    "list_treated_items",
    "trusting",
)  # what a week's survey counts
CAUSES = ("none", "record", "stale", "kin", "inference", "several")
SECTORS = ("households", "employers", "banks", "shops", "transport", "schools", "state", "outside")
KINDS = (
    "life",
    "watch",
    "points",
    "list",
    "sanction",
    "lot",
    "bank",
    "help",
    "registry",
    "opinions",
    "game",
)  # every regime lives; who watches may score, list or both; all but none, registry and opinions sanction; a bank learns, a game sells points
ATTEMPT, ACT, FALSE = 0, 1, 2  # classes of kinds of event
MOST_KINDS = 80
CONSEQUENCES = 24  # bits of a mask
GRADES = 8
TIES = 16  # places for talking ties
SPEAKING = 4  # of these, in one week
TIE_NUMBERS = ("span", "run", "step", "salt", "odd", "more", "turn", "by", "odd_back", "more_back")  # that lead to the other end of a tie
MONTHS = 25  # buckets of the memory: at most 24 months and the one running; one more stays empty, for what never expires
LOAN_BANDS = 16  # bands of score in which a bank counts its loans; one place more is for those whom it refused
CELLS = 160  # age band 4 x residence 2 x fifth 5 x sex 2 x label 2
BANDS, FIFTHS = 4, 5

FLAGS = (
    "adult",
    "drives",
    "works",
    "jobless",
    "borrows",
    "internet",
    "pays",
    "shops",
    "talks",
    "searches",
    "urban",
    "parent",
    "pupil",
    "renter",
    "graduate",
    "assisted",
    "living",
    "trades",
)
GROWN = ("adult", "borrows", "parent", "graduate", "assisted", "trades")  # populations that begin with the day on which one is grown
GAME = ("qualified", "passed_unqualified", "burden", "burden_days", "points_bought", "aid_paid")  # what is counted where points are bought
EACH = CONSEQUENCES
MEASURES = {
    "acts": MOST_KINDS,
    "own": MOST_KINDS,
    "sent": MOST_KINDS,
    "received": MOST_KINDS,
    "false": MOST_KINDS,
    "points": MOST_KINDS,
    "graded": GRADES,
    "attempts": EACH,
    "refused": EACH,
    "fen": EACH,
    "frequent_acts": 6,
    "frequent_records": 6,
    "activity": 6,
    **dict.fromkeys(
        (
            *(
                "trips flown by_rail nights loans rentals school_tried expelled private_weeks defaults written_off "
                "appeals_filed appeals_upheld entered complied pay_fines pay_deeds pay_transport pay_hotels pay_lent pay_rentals pay_wages "
                "pay_repaid pay_interest pay_living pay_schools pay_purchases pay_rebates pay_estate_debts pay_estates "
                "pay_shortfalls pay_claims inherited births deaths"
            ).split(),
            *(f"bought_{s}" for s in SPENDING),
        ),
        1,
    ),
    **dict.fromkeys(("loans_sound", "loans_failed"), LOAN_BANDS + 1),
    **dict.fromkeys(GAME, 1),
}
HELP = ("help_asked", "help_due", "help_granted", "help_wronged", "help_spared")  # what becomes of requests
REGISTRY = ("registry_missed", "registry_false")
OPINIONS = ("opinions_alike", "opinions_pairs")
OF_KIND = {
    **dict.fromkeys(("loans_sound", "loans_failed"), "bank"),
    **dict.fromkeys(HELP, "help"),
    **dict.fromkeys(REGISTRY, "registry"),
    **dict.fromkeys(OPINIONS, "opinions"),
    **dict.fromkeys(GAME, "game"),
}  # measures and sums of one kind of regime: nothing to the digest of the others
SUMS = (
    "score_sum",
    "score_square_sum",
    "wealth_sum",
    "debt_sum",
    "expression_sum",
    "opinion_sum",
    "public_view_sum",
    "aware_sum",
    "private_sum",
    *(f"{n}_sum" for n in SURVEY),
    "jobless_sum",
    "living_sum",
    "covered_sum",
    "lawful_sum",
    "blamed_sum",
    *(f"times_{c}" for c in CHANNELS),
    *(f"seen_{c}" for c in CHANNELS),
    *HELP,
    *REGISTRY,
    *OPINIONS,
)
# who pays whom: measure -> (from, to)
PAYMENTS = {
    "pay_fines": ("households", "state"),
    "pay_deeds": ("households", "outside"),
    "pay_transport": ("households", "transport"),
    "pay_hotels": ("households", "shops"),
    "pay_lent": ("banks", "households"),
    "pay_rentals": ("households", "shops"),
    "pay_wages": ("employers", "households"),
    "pay_repaid": ("households", "banks"),
    "pay_interest": ("households", "banks"),
    "pay_living": ("households", "shops"),
    "pay_schools": ("households", "schools"),
    "pay_purchases": ("households", "shops"),
    "pay_rebates": ("state", "households"),
    "pay_estate_debts": ("households", "banks"),
    "pay_estates": ("households", "state"),
    "pay_shortfalls": ("banks", "households"),
    "pay_claims": ("households", "outside"),
}
CLOCK = ("day", "month_number", "first_tie", "after_tie", "next_tie")
