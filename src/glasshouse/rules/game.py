"""game: points that people buy to pass a cut that they know, what these cost, and who bears it. Money is in fen, whole numbers."""

from .maths import HUNDRED, NO, YES, f32, i32, i64, mixed, u32


def held(bought: i32, bought_on: i32, day: i32, game_days: i32) -> i32:
    """Points that were bought and count today: from the day after, for as long as they last."""
    return bought if bought_on < day and day - bought_on <= game_days else NO


def counted(waits: i32, held_points: i32) -> i32:
    """What counts in the score beside the file: what is lent while an objection waits, and what was bought."""
    return waits + held_points


def short_of(covered: i32, score: i32, held_points: i32, game_cut: i32) -> i32:
    """Points from one's own score, without what was bought, up to the cut; 0 from the cut on."""
    return max(game_cut - (score - held_points), NO) if covered != NO else NO


def price_of(short: i32, income: i32, point_price: i32, aided_below: i32, aided: f32) -> tuple[i32, i32]:
    """What the points that one is short of cost oneself, and what the office pays of them for those with little income."""
    whole = short * point_price
    helped = i32(f32(whole) * aided) if income < aided_below else NO
    return whole - helped, helped


def buys(knows: i32, tested: u32, visible: u32, short: i32, held_points: i32, most_bought: i32, own_price: i32, income: i32, wealth: i64,
         game_worth: f32) -> i32:
    """Does one buy the points up to the cut? Who knows of the rule, sees her score, is near enough, can pay, and for whom it is worth it.

    Whether one sees one's score is lasting luck; what was bought is bought anew when it has ended.
    """
    near = short > NO and short <= most_bought and held_points == NO
    sees = knows != NO and mixed(mixed(tested)) < visible
    return YES if near and sees and wealth >= i64(own_price) and f32(own_price) <= game_worth * f32(income) else NO


def qualifies(covered: i32, clean_score: i32, game_cut: i32) -> i32:
    """Does one truly qualify, by one's own acts as they happened?"""
    return YES if covered != NO and clean_score >= game_cut else NO


def passes_unqualified(covered: i32, clean_score: i32, score: i32, game_cut: i32) -> i32:
    """Is one above the cut who does not qualify?"""
    return YES if covered != NO and clean_score < game_cut and score >= game_cut else NO


def bears(own_price: i32, income: i32) -> tuple[i32, i32]:
    """What the cut costs one who qualifies and is short of it, bought or not: in fen, and in hundredths of a day of income."""
    return own_price, i32(i64(own_price) * HUNDRED // i64(max(income, YES)))
