"""measure: counts and sums. It may see the group; it returns measures and never state."""

from .maths import HALF, NO, YES, bits_set, f32, first_bit, i32, i64, u32


def one() -> i32:
    """Counts one."""
    return YES


def nothing() -> i32:
    """Starts a count anew."""
    return NO


def cell(day: i32, birth: i32, urban: i32, quintile: i32, sex: i32, group: i32, adult_days: i32, middle_days: i32,
         old_days: i32, fifths: i32) -> i32:
    """The cell of the tables a citizen is counted in: age band, residence, fifth of income, sex, label."""
    age = day - birth
    band = i32(age >= adult_days) + i32(age >= middle_days) + i32(age >= old_days)
    two = YES + YES
    return (((band * two + urban) * fifths + quintile) * two + sex) * two + group


def weighed(times: i32, gravity: i32) -> i32:
    """True conduct: what was done so many times, by its gravity."""
    return times * gravity


def both(a: i32, b: i32) -> i32:
    """Do both hold?"""
    return YES if a != NO and b != NO else NO


def minus(amount: i32) -> i32:
    """A whole number with the other sign."""
    return -amount


def positive(amount: i32) -> i32:
    """Is there any?"""
    return YES if amount > NO else NO


def below(number: i32, limit: i32) -> i32:
    """Is a number below a limit?"""
    return YES if number < limit else NO


def same_number(a: i32, b: i32) -> i32:
    """Are two numbers equal?"""
    return YES if a == b else NO


def attempt(mask: u32, bits: u32, tried: i32, stopped: i32, fen: i32) -> tuple[i32, i32, i32, i32]:
    """An attempt under the consequences that bear on it: the number of the first in force, tried, stopped (or favoured), and
    what it cost in fen; nothing where none is in force."""
    met = mask & bits
    if met == u32(0):
        return NO, NO, NO, NO
    return first_bit(met), tried, stopped, fen


def same(amount: i32) -> i32:
    """A whole number, kept or counted as it is."""
    return amount


def as_is(amount: i64) -> i64:
    """A whole amount, to be summed."""
    return amount


def in_steps(share: f32, steps: f32, flags: u32, living: u32) -> i32:
    """A share as a whole number of its smallest steps, so that sums are exact; nothing of one who does not live."""
    return i32(share * steps + HALF) if (flags & living) != u32(0) else NO


def of_living(amount: i32, flags: u32, living: u32) -> i32:
    """A whole number of one who lives; nothing of the others."""
    return amount if (flags & living) != u32(0) else NO


def of_covered(amount: i32, covered: i32) -> tuple[i32, i64]:
    """A whole number and its square, for the mean and spread over those who are covered; nothing of the others."""
    mine = amount if covered != NO else NO
    return mine, i64(mine) * i64(mine)


def trips(flown: i32, by_rail: i32) -> i32:
    """Journeys made, by air or instead by rail."""
    return flown + by_rail


def to_check(bits: u32, mask: u32, clean_bits: u32, clean_mask: u32, penalties: u32, cause: i32) -> i32:
    """Must this citizen's consequences be looked at today? If they changed, or if a penalty is in force without cause."""
    if bits != mask or clean_bits != clean_mask or cause != NO:
        return YES
    return YES if (bits & ~clean_bits & penalties) != u32(0) else NO


def differs(bits: u32, mask: u32, clean_bits: u32, clean_mask: u32, cause: i32, cause_before: i32) -> i32:
    """Did anything change that the tables must know?"""
    return YES if bits != mask or clean_bits != clean_mask or cause != cause_before else NO


def any_of(bits: u32, wanted: u32) -> i32:
    """Is any of the wanted consequences in force?"""
    return YES if (bits & wanted) != u32(0) else NO


def blamed(bits: u32, penalties: u32, lawful_lost: i32, unlawful_lost: i32, thousand: i32) -> tuple[i32, i32]:
    """The penalties in force by what the points on file were lost for, in thousandths of a penalty: those for conduct that
    no law forbids, and all. One who has lost no points counts in neither."""
    lost = lawful_lost + unlawful_lost
    if lost <= NO:
        return NO, NO
    count = bits_set(bits & penalties) * thousand
    return i32(i64(count) * i64(lawful_lost) // i64(lost)), count
