"""contest: a citizen who knows of a bad record may object; the office answers after a while."""

from .maths import NO, TWO, YES, f32, i32, u32


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


def opens(points: i32, truth: i32, lawful: i32, day: i32, month_number: i32, appeal_delay: i32) -> tuple[i32, i32, i32, i32, i32]:
    """Opens a case: the day of the answer, the points at stake, what it is about, its month; counts one.

    What it is about: 1 if the record is true, and 2 more if it is of conduct that no law forbids.
    """
    return day + appeal_delay, points, truth + TWO * i32(lawful != NO), month_number, YES


def upheld(luck_appeal: u32, appeal_about: i32, upheld_wrong: u32, upheld_right: u32) -> tuple[i32, i32, i32]:
    """Is the objection upheld? More often against a record that is wrong than against one that is right. The case closes."""
    chance = upheld_right if (appeal_about & YES) != NO else upheld_wrong
    granted = YES if luck_appeal < chance else NO
    return granted, granted, NO


def correct(appeal_points: i32, appeal_about: i32, appeal_month: i32, month_number: i32, memory: i32, decay_share: f32, months: i32) -> tuple[i32, i32, i32, i32]:
    """Strikes the record: its place in the memory, the points given back, as far as they have not expired or faded meanwhile,
    and the same off the loss for lawful and for unlawful conduct."""
    place = appeal_month % months
    if month_number - appeal_month > memory:
        return place, NO, NO, NO
    left = appeal_points
    for _ in range(appeal_month, month_number):
        left = left - i32(f32(left) * decay_share)
    if (appeal_about & TWO) != NO:
        return place, -left, left, NO
    return place, -left, NO, left
