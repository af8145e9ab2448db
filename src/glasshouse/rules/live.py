"""live: what the consequences do to trips, schools, jobs, lines, loans, deposits. Money is in fen, whole numbers."""

from .maths import NO, ONE, THREE, TWO, YES, ZERO, f32, i32, i64, turned, u32, unit

OUTSIDE = NO  # states of `job`: not in the labour force,
JOBLESS = YES  # without work,
ORDINARY = TWO  # in an ordinary job,
PRESTIGE = THREE  # in a prestige job


def barred(mask: u32, bars: u32, luck_check: u32, checks: u32) -> i32:
    """Is one stopped? Only under a consequence that bars this, and only if somebody checks (chance in 2**-32)."""
    return YES if (mask & bars) != u32(0) and luck_check < checks else NO


def acting(mask: u32, bits: u32, tested: u32, checks: u32, turn: u32) -> i32:
    """Does a measure that stands all the time act on a citizen? Only where it reaches, by lasting luck.

    turn: by how many bits the citizen's one word of lasting luck is turned, so that each measure has its own.
    """
    return YES if (mask & bits) != u32(0) and turned(tested, turn) < checks else NO


def rebate(rebated: i32, rebate_week: i32) -> i32:
    """A week's rebate on heating, water or fees."""
    return rebate_week if rebated != NO else NO


def either(own: u32, household: u32, reaches: u32) -> u32:
    """The consequences that bear on one's life: one's own, and those of the household that reach its members."""
    return own | (household & reaches)


def reaching(household: u32, reaches: u32, flags: u32, living: u32) -> u32:
    """The consequences in force on others of the household that reach a citizen, who must live for it."""
    return household & reaches if (flags & living) != u32(0) else u32(0)


def eased_times(times: i32, eased: i32) -> i32:
    """How many of today's outings were under easier movement."""
    return times if eased != NO else NO


def fare_of(fare: i32, cheaper: i32, discount: f32) -> i32:
    """The fare to pay: less with a discount."""
    return i32(f32(fare) * (ONE - discount)) if cheaper != NO else fare


def flies(mask: u32, luck_check: u32, luck_board: u32, luck_choice: u32, luck_favour: u32, bars_air_ticket: u32, checks_air_ticket: u32,
          bars_air_boarding: u32, checks_air_boarding: u32, eases_fare: u32, checks_fare: u32, air_fare: i32, rail_fare: i32,
          fare_discount: f32, air_refund: f32, air_to_rail: f32) -> tuple[i32, i32, i32, i32, i32, i32, i32, i32]:
    """A journey by air: the ticket may be refused, or the gate; some of the refused go by train, the others stay.

    Returns flown, gone by rail instead, refused a ticket, refused boarding, fen paid, what the refusal of the ticket and
    that of boarding cost beyond the plain fare, and what a discount saved.
    """
    cheaper = barred(mask, eases_fare, luck_favour, checks_fare)
    fare = fare_of(air_fare, cheaper, fare_discount)
    no_ticket = barred(mask, bars_air_ticket, luck_check, checks_air_ticket)
    no_boarding = NO if no_ticket != NO else barred(mask, bars_air_boarding, luck_board, checks_air_boarding)
    if no_ticket == NO and no_boarding == NO:
        return YES, NO, NO, NO, fare, NO, NO, air_fare - fare
    lost = fare - i32(f32(fare) * air_refund) if no_boarding != NO else NO
    if unit(luck_choice) < air_to_rail:
        train = fare_of(rail_fare, cheaper, fare_discount)
        extra = lost + rail_fare - air_fare
        return NO, YES, no_ticket, no_boarding, lost + train, no_ticket * extra, no_boarding * extra, rail_fare - train
    return NO, NO, no_ticket, no_boarding, lost, NO, lost, NO


def takes_fast_train(mask: u32, told: i32, luck_check: u32, luck_choice: u32, luck_again: u32, bars_rail_seat: u32, checks_rail_seat: u32, rail_share: f32,
                     rail_slow: f32, rail_again: f32) -> tuple[i32, i32, i32, i32]:
    """A journey by rail: some ask for a fast train or a better class, which may be refused; of the refused some go by slow train.
    Who was refused before in the same spell mostly asks at once for a seat that stays allowed.

    Returns gone by rail, asked for a better seat, refused it, and whether one has been told by a refusal.
    """
    knows = YES if told != NO and (mask & bars_rail_seat) != u32(0) else NO
    if unit(luck_choice) >= rail_share or (knows != NO and unit(luck_again) >= rail_again):
        return YES, NO, NO, knows
    if barred(mask, bars_rail_seat, luck_check, checks_rail_seat) == NO:
        return YES, YES, NO, knows
    return (YES if unit(luck_choice) < rail_share * rail_slow else NO), YES, YES, YES


def buys(mask: u32, bars: u32, checks: u32, luck_check: u32, wealth: i64, price: i32) -> tuple[i32, i32, i32, i32]:
    """Something dear that a ban on spending may forbid: a home, a car, a holiday, an insurance, an office.

    Returns bought, tried, refused, fen paid. Who cannot pay does not try.
    """
    if wealth < i64(price):
        return NO, NO, NO, NO
    if barred(mask, bars, luck_check, checks) != NO:
        return NO, YES, YES, NO
    return YES, YES, NO, price


def takes_train(mask: u32, gone: i32, luck_favour: u32, rail_fare: i32, eases_fare: u32, checks_fare: u32, fare_discount: f32) -> tuple[i32, i32]:
    """A journey by rail: fen paid, and fen below the plain fare; nothing for one who stays at home."""
    if gone == NO:
        return NO, NO
    fare = fare_of(rail_fare, barred(mask, eases_fare, luck_favour, checks_fare), fare_discount)
    return fare, rail_fare - fare


def passes_first(mask: u32, luck_queue: u32, eases_queue: u32, checks_queue: u32) -> i32:
    """Is a traveller let through before the others, at the gate or the barrier?"""
    return barred(mask, eases_queue, luck_queue, checks_queue)


def books_hotel(mask: u32, luck_check: u32, luck_choice: u32, bars_hotel: u32, checks_hotel: u32, hotel_night: i32,
                hotel_plain: i32, hotel_plain_share: f32) -> tuple[i32, i32, i32, i32]:
    """A night away: a refused guest goes to a plain guest house or stays away.

    Returns nights, refused, fen paid, and for a refused guest who stayed what it cost beyond the night booked.
    """
    if barred(mask, bars_hotel, luck_check, checks_hotel) == NO:
        return YES, NO, hotel_night, NO
    if unit(luck_choice) < hotel_plain_share:
        return YES, YES, hotel_plain, hotel_plain - hotel_night
    return NO, YES, NO, NO


def applies_for_loan(mask: u32, luck_choice: u32, luck_check: u32, luck_refusal: u32, debt: i32, credit: i32, arrears: i32,
                     eases_loan: u32, checks_loan: u32, bars_loan: u32, checks_loan_refusal: u32, loan_drawn: f32, loan_approval: f32,
                     loan_favoured_approval: f32, loan_arrears_approval: f32) -> tuple[i32, i32, i32, i32]:
    """A loan application: granted or not, fen lent, whether on favoured terms, and whether a ban refused it.

    What is lent is a share of the room between what one owes and the debt that one lives with (`credit`).
    """
    if barred(mask, bars_loan, luck_refusal, checks_loan_refusal) != NO:
        return NO, NO, NO, YES
    favoured = barred(mask, eases_loan, luck_check, checks_loan)
    chance = loan_favoured_approval if favoured != NO else loan_approval
    chance = loan_arrears_approval if arrears != NO else chance
    if unit(luck_choice) >= chance:
        return NO, NO, favoured, NO
    room = credit - debt if credit > debt else NO
    return YES, i32(f32(room) * loan_drawn), favoured, NO


def rents_with_deposit(mask: u32, luck_check: u32, wealth: i64, eases_deposit: u32, checks_deposit: u32, deposit_goods: i32,
                       deposit_fee: i32) -> tuple[i32, i32, i32, i32]:
    """A rental against a deposit: without the cash there is none, unless it is waived. Returns rented, waived, waived fen, fen paid."""
    if barred(mask, eases_deposit, luck_check, checks_deposit) != NO:
        return YES, YES, deposit_goods, deposit_fee
    if wealth < i64(deposit_goods):
        return NO, NO, NO, NO
    return YES, NO, NO, deposit_fee


def takes_job(job: i32, wants: i32, luck_choice: u32, luck_check: u32, flags: u32, graduate: u32, mask: u32,
              bars_prestige_job: u32, checks_prestige_job: u32, job_prestige: f32) -> tuple[i32, i32, i32]:
    """An opening: some of those for graduates are prestige jobs, which may be refused. Returns job, bid for one, refused.

    `wants` is the least state of `job` from which this is a step: 1 finding work, 2 changing it.
    """
    if job < wants or (wants == YES and job != JOBLESS):
        return job, NO, NO
    if (flags & graduate) == u32(0) or unit(luck_choice) >= job_prestige:
        return ORDINARY, NO, NO
    if barred(mask, bars_prestige_job, luck_check, checks_prestige_job) != NO:
        return ORDINARY, YES, YES
    return PRESTIGE, YES, NO


def working_life(job: i32, first_job: i32, flags: u32, works: u32) -> i32:
    """Once a month: who is of working age and works begins with the first job, who no more is (too old, or dead) leaves work."""
    if (flags & works) == u32(0):
        return OUTSIDE
    return first_job if job == OUTSIDE else job


def new_job_on(job: i32, wants: i32, day: i32, job_on: i32) -> i32:
    """The day of the last change of work, where work found (wants 1), or changed or lost (wants 2), is a step from the job one has."""
    if job < wants or (wants == YES and job != JOBLESS):
        return job_on
    return day


def loses_job(job: i32) -> i32:
    """Work ends."""
    return JOBLESS if job >= ORDINARY else job


def seeks_school(private: i32, household_mask: u32, tested: u32, bars_private_school: u32, checks_private_school: u32, turn: u32,
                 income: i32, size: i32, school_fee: i32, school_afford: f32) -> tuple[i32, i32, i32]:
    """A place in a private school: for those who can pay, unless an adult at home is under a ban and the school looks.
    Returns private, tried, refused."""
    if private != NO or f32(school_fee) > school_afford * f32(income) * f32(size):
        return private, NO, NO
    if acting(household_mask, bars_private_school, tested, checks_private_school, turn) != NO:
        return NO, YES, YES
    return YES, YES, NO


def keeps_school(private: i32, flags: u32, pupil: u32, household_mask: u32, tested: u32, bars_private_school: u32, checks_private_school: u32,
                 turn: u32) -> tuple[i32, i32]:
    """A pupil leaves the private school when an adult at home comes under a ban and the school looks. Returns private, expelled."""
    if private == NO or (flags & pupil) == u32(0):
        return NO, NO
    if acting(household_mask, bars_private_school, tested, checks_private_school, turn) != NO:
        return NO, YES
    return YES, NO


def pay(income: i32, job: i32, first_job: i32, slowed: i32, unaided: i32, job_premium: f32, job_benefit: f32, line_online: f32, line_loss: f32,
        days: i32, flags: u32, living: u32) -> tuple[i32, i32, i32]:
    """A week's income in fen: the starting income a head of the household, moved for those who work by what the job is now and was
    at first, by a slow line, and by assistance refused to one without work. Nothing is paid to one who does not live.

    Returns the income, what the slow line cost of it, and what the refused assistance did.
    """
    if (flags & living) == u32(0):
        return NO, NO, NO
    if job == OUTSIDE:
        return i32(income * days), NO, NO
    now = job_benefit if job == JOBLESS else (ONE + job_premium if job == PRESTIGE else ONE)
    then = job_benefit if first_job == JOBLESS else (ONE + job_premium if first_job == PRESTIGE else ONE)
    full = f32(income) * f32(days) * (now / then)
    if job >= ORDINARY and slowed != NO:
        lost = full * line_online * line_loss
        return i32(full - lost), i32(lost), NO
    if job == JOBLESS and unaided != NO:
        return NO, NO, i32(full)
    return i32(full), NO, NO


def spend(week: i32, repaid: i32, interest_paid: i32, wealth: i64, aim: i64, saving_speed: f32, least: f32, flags: u32, adult: u32) -> i32:
    """A week's living: what comes in less what is owed, and a share of the gap between the savings and what one aims to
    hold, which is nothing before one is grown; never below a least share of income."""
    gap = f32(wealth - aim) if (flags & adult) != u32(0) else f32(wealth)
    wish = f32(week - repaid - interest_paid) + saving_speed * gap
    floor = f32(week) * least
    return i32(floor if wish < floor else wish)


def repay(debt: i32, arrears: i32, loan_weekly: f32) -> i32:
    """This week's repayment: a fixed share of the debt, nothing while in arrears."""
    if arrears != NO or debt <= NO:
        return NO
    share = i32(f32(debt) * loan_weekly)
    return share if share > NO else debt


def interest(debt: i32, favoured: i32, arrears: i32, loan_rate_week: f32, loan_favoured_week: f32) -> i32:
    """This week's interest in fen, at the plain or the favoured rate; unpaid while in arrears."""
    if arrears != NO:
        return NO
    return i32(f32(debt) * (loan_favoured_week if favoured != NO else loan_rate_week))


def stops(arrears: i32, debt: i32) -> tuple[i32, i32]:
    """Payments on a debt stop. Returns the weeks of arrears, of which this is the first, and whether they begin with it."""
    if arrears != NO or debt <= NO:
        return arrears, NO
    return YES, YES


def behind(luck_cure: u32, arrears: i32, debt: i32, wealth: i64, income: i32, loan_cure: f32, loan_settled: i32, loan_loss: f32,
           short_days: i32) -> tuple[i32, i32, i32]:
    """A week in arrears: a borrower with money in hand may start again; in the end bank and borrower settle, and the bank gives up
    a share of the debt. Returns the weeks of arrears, what is given up, and the debt's change by it."""
    if arrears == NO or debt <= NO:
        return NO, NO, NO
    short = wealth < i64(income) * i64(short_days)
    if not short and unit(luck_cure) < loan_cure:
        return NO, NO, NO
    if arrears >= loan_settled:
        lost = i32(f32(debt) * loan_loss)
        return NO, lost, -lost
    return arrears + YES, NO, NO


def fulfils(kind_judgment: i32, judged: i32, arrears: i32, debt: i32, wealth: i64, income: i32, court_claim: i32) -> tuple[i64, i32, i32, i32, i32]:
    """A judgment is fulfilled: the loan on which payments had stopped is paid back, or else another's claim, as far as the money goes.

    Returns what is left in the purse, the debt's change, the weeks of arrears, fen paid to the bank, fen paid to others.
    """
    if kind_judgment != TWO or judged == NO or wealth <= i64(NO):
        return wealth, NO, arrears, NO, NO
    if arrears != NO and debt > NO:
        paid = i32(min(i64(debt), wealth))
        return wealth - i64(paid), -paid, NO, paid, NO
    claim = i32(min(i64(court_claim) * i64(income), wealth))
    return wealth - i64(claim), NO, arrears, NO, claim


def shamed(named: i32, mask: u32, bits: u32, knows: i32, checks: u32, arrears: i32, debt: i32, luck_shame: u32, naming_small: i32,
           naming_settle: f32) -> i32:
    """Does one in arrears with a small debt begin to pay again for shame? Now and then, where the name is published; where it may be,
    and one knows of it, as much less often as names are published more seldom. Returns arrears."""
    threatened = knows != NO and (mask & bits) != u32(0)
    sure = ONE if named != NO else unit(checks) if threatened else ZERO
    if debt > naming_small or unit(luck_shame) >= naming_settle * sure:
        return arrears
    return NO


def pays(wealth: i64, amount: i32) -> tuple[i64, i32]:
    """Money leaves the purse. Returns what is left, and the payment."""
    return wealth - i64(amount), amount


def receives(wealth: i64, amount: i32) -> tuple[i64, i32]:
    """Money comes into the purse. Returns what is there, and the payment."""
    return wealth + i64(amount), amount


def borrows(wealth: i64, debt: i32, lent: i32, granted_loan: i32, favoured: i32, terms: i32, day: i32, borrowed_on: i32) -> tuple[i64, i32, i32, i32]:
    """A granted loan: money in, debt up, on these terms, from this day."""
    if granted_loan == NO:
        return wealth, debt, favoured, borrowed_on
    return wealth + i64(lent), debt + lent, terms, day


def settle(wealth: i64, debt: i32, week: i32, spent: i32, repaid: i32, interest: i32) -> tuple[i64, i32]:
    """The week's accounts: income in; living, repayment and interest out."""
    return wealth + i64(week) - i64(spent) - i64(repaid) - i64(interest), debt - repaid


def school_week(private: i32, school_fee_week: i32) -> i32:
    """A week's school fee."""
    return school_fee_week if private != NO else NO
