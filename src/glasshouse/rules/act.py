"""act: what a citizen does today, from traits, circumstances and habit. No regime is handed in."""

import numpy as np

from .maths import (
    ALL_BITS,
    COUNT_BITS,
    COUNT_MASK,
    EIGHT,
    FIVE,
    FOUR,
    NINE,
    NO,
    ONCE,
    ONCE_BITS,
    ONE,
    QUARTER_BITS,
    SEVEN,
    SIX,
    THREE,
    TWO,
    YES,
    ZERO,
    by_256ths,
    byte_of,
    f32,
    high_unit,
    i32,
    i64,
    u32,
    u64,
    unit,
)


def circumstances(fixed: u32, birth: i32, death: i32, day: i32, adult_days: i32, school_days: i32, adult: u32, pupil: u32, grown: u32, living: u32) -> u32:
    """Which populations at risk a citizen belongs to: none before birth and from the day of death on; else those that are fixed,
    and those that come and go with age.

    grown: the populations that only adults belong to, `adult` among them.
    """
    if day < birth or day >= death:
        return u32(0)
    age = day - birth
    if age >= adult_days:
        return (fixed & ~pupil) | adult | living
    if age >= school_days:
        return (fixed & ~grown) | pupil | living
    return (fixed & ~(grown | pupil)) | living


def might(risk: u32, need: u32, rate: u32, inclination: u32) -> u64:
    """The largest chance of one kind of event for one citizen, in 2**-32 a day; 0 outside the population at risk."""
    return by_256ths(rate, inclination) if (risk & need) == need else u64(0)


def envelope(risk: u32, quintile: i32, propensity: u64, line_need: np.ndarray, line_rate: np.ndarray, line_family: np.ndarray,
             line_table: np.ndarray, inclination: np.ndarray) -> u32:
    """How often a day, in 2**-30, anything seldom might happen to this citizen: the sum over the line of all kinds; at most four times.

    line_rate: (kinds, fifths) uint32, the largest rate of each kind; inclination: (tables, 256) uint32, in 1/256: a
    table a family, and one for each act that is spread otherwise over the same people.
    """
    total = u64(0)
    for k in range(len(line_need)):
        mine = inclination[line_table[k], byte_of(propensity, line_family[k])]
        total = total + might(risk, line_need[k], line_rate[k, quintile], mine)
    return u32(min(total >> QUARTER_BITS, ALL_BITS))


def something(luck_event: u32, envelope: u32) -> i32:
    """Might anything seldom happen to this citizen today? One draw for the whole catalogue; nothing happens twice a day."""
    return YES if u64(luck_event) >> QUARTER_BITS < u64(envelope) else NO


def which(luck_event: u32, envelope: u32, risk: u32, quintile: i32, propensity: u64, line_kind: np.ndarray, line_need: np.ndarray, line_rate: np.ndarray,
          line_family: np.ndarray, line_table: np.ndarray, inclination: np.ndarray) -> i32:
    """Which kind of event it might be: the same draw, placed on the line on which all chances lie end to end, the commonest first.

    Of one to whom something might happen more than once a day each kind happens as much more seldom.
    """
    place = u64(luck_event) if envelope <= ONCE else (u64(luck_event) * u64(envelope)) >> ONCE_BITS
    reached = u64(0)
    for k in range(len(line_need)):
        mine = inclination[line_table[k], byte_of(propensity, line_family[k])]
        reached = reached + might(risk, line_need[k], line_rate[k, quintile], mine)
        if place < reached:
            return line_kind[k]
    return line_kind[len(line_need) - 1]


def happens(luck_accept: u32, habit: f32, expression: f32, withdrawal: f32, gaming: f32, wealth: i64, income: i32,
            debt: i32, judged: i32, trust: f32, day: i32, caught_on: i32, kind_season: f32, kind_habit: f32, kind_expression: f32, kind_withdrawal: f32, kind_hardship: f32,
            kind_bought: i32, kind_owes: i32, kind_taught: i32, kind_trusting: i32, kind_share: f32, short_days: i32, kind_most: f32,
            caught_size: f32, caught_holds: i32, trust_start: f32) -> i32:
    """Does what might happen happen? Habit, silence, withdrawal, want of money, a fine paid lately and trust thin or thicken
    each kind.

    `kind_season` is today's factor for this kind, `kind_share` the share of the catalogue's largest rate that is left
    (1 for acts; for false records what the regime's own rate of them is), `kind_most` the envelope over the plain rate.
    """
    short = ONE if wealth < i64(income) * i64(short_days) else ZERO
    chance = kind_season * kind_share * (ONE - kind_habit * habit) * (ONE - kind_expression * (ONE - expression))
    chance = chance * (ONE - kind_withdrawal * withdrawal) * (ONE + kind_hardship * short)
    if kind_taught != NO and day - caught_on < caught_holds:
        chance = chance * (ONE - caught_size)
    if kind_trusting != NO:
        chance = chance * trust / trust_start
    if kind_bought != NO:
        chance = gaming * kind_most
    if (kind_owes == YES and debt <= NO) or (kind_owes == TWO and judged == NO):
        return NO
    return YES if unit(luck_accept) * kind_most < chance else NO


def plight(day: i32, birth: i32, sex: i32, risk: u32, job: i32, job_on: i32, wealth: i64, income: i32, debt: i32, arrears: i32,
           middle_days: i32, old_days: i32, trades: u32, new_days: i32, short_days: i32, heavy_days: i32) -> u32:
    """What is true today of a citizen of that which makes some things likelier, a bit each, in the order of day.PLIGHTS."""
    facts = i32(sex == NO)
    facts = facts | i32(day - birth >= middle_days and day - birth < old_days) << YES
    facts = facts | i32(job >= TWO) << TWO
    facts = facts | i32(job >= TWO and (risk & trades) != u32(0)) << THREE
    facts = facts | i32(job == YES) << FOUR
    facts = facts | i32(day - job_on < new_days) << FIVE
    facts = facts | i32(wealth < i64(income) * i64(short_days)) << SIX
    facts = facts | i32(i64(debt) > i64(income) * i64(heavy_days)) << SEVEN
    facts = facts | i32(arrears != NO) << EIGHT
    return u32(facts | i32(day - birth < middle_days) << NINE)


def share_left(kind_share: f32) -> f32:
    """The share that is left of the catalogue's largest rate of a kind."""
    return kind_share


def apt(kind: i32, kind_share: f32, kind_likelier: np.ndarray, facts: u32) -> f32:
    """The share left of the catalogue's largest rate, times how much likelier this kind is for one of whom these facts are true.

    kind_likelier: (kinds, facts) float32, 1 where a fact makes no difference.
    """
    share = kind_share
    for fact in range(kind_likelier.shape[1]):
        if (facts >> u32(fact)) & u32(1) != u32(0):
            share = share * kind_likelier[kind, fact]
    return share


def judgment(judged: i32, kind_judgment: i32) -> i32:
    """Does an unfulfilled judgment stand against this citizen? Some acts bring one (1), some fulfil it (2), some end it otherwise (3)."""
    return YES if kind_judgment == YES else (judged if kind_judgment == NO else NO)


def busy(activity: u64, flags: u32, channel: i32, daily_need: u32, daily_rate: f32, daily_spread: np.ndarray) -> f32:
    """How often a day a citizen does the frequent thing of a channel, before any response: a habit."""
    mine = daily_rate * daily_spread[byte_of(activity, channel)]
    return mine if (flags & daily_need) == daily_need else ZERO


def times(luck_times: u32, plain: f32, expression: f32, withdrawal: f32, slowed: i32, eased: i32, removed: i32, daily_expression: f32,
          daily_withdrawal: f32, daily_line: f32, daily_ease: f32, daily_removed: f32, most_times: i32) -> i32:
    """How many times today: the habit after silence, withdrawal, a slow line, eased movement, a closed account, rounded
    by luck to a whole number, and never more than the week's counts can hold."""
    rate = plain * (ONE - daily_expression * (ONE - expression)) * (ONE - daily_withdrawal * withdrawal)
    rate = rate * (ONE - daily_line * f32(slowed)) * (ONE + daily_ease * f32(eased)) * (ONE - daily_removed * f32(removed))
    return min(i32(rate + high_unit(luck_times)), most_times)


def six_counts(a: i32, b: i32, c: i32, d: i32, e: i32, f: i32) -> u64:
    """Six counts below 1,024 in one word, ten bits each: words that hold counts add up as the counts do."""
    word = u64(f)
    word = (word << COUNT_BITS) | u64(e)
    word = (word << COUNT_BITS) | u64(d)
    word = (word << COUNT_BITS) | u64(c)
    word = (word << COUNT_BITS) | u64(b)
    return (word << COUNT_BITS) | u64(a)


def count_of(counts: u64, which: i32) -> i32:
    """One of the six counts in a word."""
    return i32((counts >> (u64(which) * COUNT_BITS)) & COUNT_MASK)
