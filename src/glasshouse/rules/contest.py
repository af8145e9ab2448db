"""contest: a citizen who knows of a bad record may object; the office answers after a while.

What is at stake is what the account would be richer by if the contested record had never come in, and no more: whatever the
other records, the fading of points and the ceilings have made of it meanwhile.
"""

from .maths import NO, YES, f32, i32, u32
from .score import decay, entry, worth


def files(luck_file: u32, aware: i32, points: i32, open_until: i32, file_chance: u32) -> i32:
    """Does the citizen contest a record? Only one that costs points, only if aware, and one case at a time."""
    if aware == NO or points >= NO or open_until > NO:
        return NO
    return YES if luck_file < file_chance else NO


def waits(appeal_day: i32, day: i32, appeal_points: i32, appeal_suspends: i32, appeal_month: i32, month_number: i32, memory: i32) -> i32:
    """Points given back for the time being, while an objection waits for its answer, where the rule says so and they are still on file."""
    if appeal_suspends == NO or appeal_day <= day or month_number - appeal_month > memory:
        return NO
    return -appeal_points


def due(appeal_day: i32, day: i32) -> i32:
    """Is the answer given today?"""
    return YES if appeal_day == day and appeal_day > NO else NO


def opens(points: i32, truth: i32, day: i32, month_number: i32, appeal_delay: i32) -> tuple[i32, i32, i32, i32, i32]:
    """Opens a case: the day of the answer, the points at stake, whether the record is true, its month; counts one."""
    return day + appeal_delay, points, truth, month_number, YES


def later(points: i32, score: i32, most: i32, warned: i32, warnings: i32, gained: i32, gain_cap: i32, lawful: i32, file_counts: i32,
          appeal_points: i32) -> tuple[i32, i32, i32]:
    """What a later record changes in what is at stake: what it is worth, less what it would be worth without the contested one.

    They differ where the record pulls down to a ceiling of its own, below which the contested one may have brought the score
    already. Returns the points, and the loss in them for lawful and for unlawful conduct.
    """
    now, _, _ = worth(points, score, most, warned, warnings, gained, gain_cap)
    without, _, _ = worth(points, score - file_counts * appeal_points, most, warned, warnings, gained, gain_cap)
    mine, mine_lawful, mine_unlawful = entry(now, lawful)
    other, other_lawful, other_unlawful = entry(without, lawful)
    return mine - other, mine_lawful - other_lawful, mine_unlawful - other_unlawful


def fades(at_stake: i32, sum_: i32, decay_share: f32) -> i32:
    """What is left at stake of a sum when a month takes its share off the sum: the sum less what it would be without the contested
    record, which fades by itself."""
    return at_stake + decay(sum_, decay_share) - decay(sum_ - at_stake, decay_share)


def upheld(luck_appeal: u32, appeal_true: i32, upheld_wrong: u32, upheld_right: u32) -> tuple[i32, i32, i32]:
    """Is the objection upheld? More often against a record that is wrong than against one that is right. The case closes."""
    chance = upheld_right if appeal_true != NO else upheld_wrong
    granted = YES if luck_appeal < chance else NO
    return granted, granted, NO


def correct(appeal_points: i32, appeal_lawful: i32, appeal_unlawful: i32, appeal_month: i32, month_number: i32, memory: i32,
            months: i32) -> tuple[i32, i32, i32, i32]:
    """Strikes the record: its place in the memory, and what is at stake off the file and off the loss for lawful and for unlawful
    conduct, unless the record has expired meanwhile."""
    place = appeal_month % months
    if month_number - appeal_month > memory:
        return place, NO, NO, NO
    return place, -appeal_points, -appeal_lawful, -appeal_unlawful
