"""Who meets whom: functions for steps, of luck and slots alone."""

from glasshouse.rules.maths import GOLDEN, THREE, TWO, i32, minus, mixed, plus, product, share_of, u32, u64
from glasshouse.rules.tie import seat, seated

_ONE = u32(1)
_TWO = u32(TWO)
_THREE = u32(THREE)
_APART = u32(GOLDEN)


def anyone(slot: u64, citizens: u64, luck_who: u32) -> u32:
    """Somebody else, each with the same chance (to one part in 2**32 over the number of citizens)."""
    there = share_of(u32(citizens - u64(1)), luck_who)
    return u32(there + _ONE if u64(there) >= slot else there)


def one_of(luck_who: u32, many: u32) -> u32:
    """A place below `many`, each with the same chance."""
    return share_of(many, luck_who)


def is_the_one(slot: u64, many: u64, luck_who: u32) -> i32:
    """Whether one is the one among so many neighbours whom luck takes, by a word that they share: `Luck(..., of="many")`."""
    return i32(slot % many == u64(one_of(luck_who, u32(many))))


def other_of(place: u32, luck_who: u32, many: u32) -> u32:
    """Another place below `many` than a given one, each with the same chance."""
    there = share_of(u32(many - _ONE), luck_who)
    return u32(there + _ONE if there >= place else there)


def matched(slot: u64, citizens: u64, luck_a: u32, luck_b: u32, luck_c: u32, luck_d: u32) -> u32:
    """The other one of a pair, when all are paired anew by luck that all share; oneself for the one whom an odd number leaves over.

    The luck must be the same for everybody: `Luck(..., of="citizens")`.
    """
    span = _bits(citizens)
    odd, more = luck_a | _ONE, luck_b | _ONE
    mine = seat(slot, citizens, span, u32(0), odd, more, luck_c, luck_d)
    return seated(u32(mine ^ _ONE), slot, citizens, span, u32(0), inverse(odd), inverse(more), luck_c, luck_d)


def word_of(slot: u64, luck: u32, which: u32) -> u32:
    """A lasting word of luck of a citizen's, one of many by number, which anybody can work out from the slot.

    luck: shared by all, lasting, of the model's: `Luck(..., lasting=True, of="citizens")`.
    """
    return mixed(plus(mixed(plus(u32(slot), luck)), product(which, _APART)))


def sent(slot: u64, citizens: u64, luck: u32, which: u32) -> u32:
    """The slot to which a shuffle of all takes one, one of many shuffles by number. luck: as of `word_of`.

    It is two shuffles, since after one of them neighbours still often lie as far apart as other neighbours do.
    """
    return _there(u64(_there(slot, citizens, luck, which + which)), citizens, luck, which + which + _ONE)


def sender(slot: u64, citizens: u64, luck: u32, which: u32) -> u32:
    """The slot that the same shuffle takes here."""
    return _back(u64(_back(slot, citizens, luck, which + which + _ONE)), citizens, luck, which + which)


def inverse(odd: u32) -> u32:
    """By what an odd number must be multiplied to give 1, modulo 2**32: Newton's steps, each doubling the bits that are right."""
    found = odd
    for _ in range(4):
        found = product(found, minus(_TWO, product(odd, found)))
    return found


def _there(slot: u64, citizens: u64, luck: u32, which: u32) -> u32:
    odd, more, turn, by = _shuffle(luck, which)
    return seat(slot, citizens, _bits(citizens), u32(0), odd, more, turn, by)


def _back(slot: u64, citizens: u64, luck: u32, which: u32) -> u32:
    odd, more, turn, by = _shuffle(luck, which)
    return seated(u32(slot), slot, citizens, _bits(citizens), u32(0), inverse(odd), inverse(more), turn, by)


def _shuffle(luck: u32, which: u32) -> tuple[u32, u32, u32, u32]:
    at = u64(which)
    return word_of(at, luck, u32(0)) | _ONE, word_of(at, luck, _ONE) | _ONE, word_of(at, luck, _TWO), word_of(at, luck, _THREE)


def _bits(count: u64) -> u32:
    bits = u32(0)
    while (u64(1) << u64(bits)) < count:
        bits = u32(bits + _ONE)
    return bits
