"""respond: what people who know or fear the score do about it. Levels are shares, 0..1; steps are weekly."""

from .maths import NO, ONE, YES, ZERO, bits_set, clip, f32, i32, mixed, normal, u32, unit


def aware(knows: i32, running: i32, day: i32, start_day: i32, luck_hear: u32, mask: u32, week_days: i32, awareness_start: f32,
          awareness_spread: f32, awareness_taught: f32) -> i32:
    """Has the citizen heard of the score? Some on its first days; then word spreads; and a consequence teaches."""
    if knows != NO or running == NO:
        return knows
    chance = awareness_start if day - start_day < week_days else awareness_spread
    if mask != u32(0):
        chance = chance + awareness_taught
    return YES if unit(luck_hear) < chance else NO


def nearness(distance: i32, compliance_near: f32) -> f32:
    """How much a cut is felt: 1 on it, 0 from `compliance_near` points away."""
    return clip(ONE - f32(distance) / compliance_near, ZERO, ONE)


def distance(score: i32, cut_1: i32, cut_2: i32, cut_3: i32, cut_4: i32, cut_5: i32, cut_6: i32, cut_7: i32) -> i32:
    """Points to the nearest cut, below or above."""
    return min(abs(score - cut_1), abs(score - cut_2), abs(score - cut_3), abs(score - cut_4), abs(score - cut_5),
               abs(score - cut_6), abs(score - cut_7))


def fell_lately(day: i32, fell_on: i32, week_days: i32) -> i32:
    """Has the citizen fallen to a lower grade within the week?"""
    return YES if day - fell_on < week_days else NO


def novelty(level: f32, running: i32, day: i32, start_day: i32, week_days: i32, fell_lately: i32, compliance_fade: f32) -> f32:
    """How fresh the rule is felt: full at first, then fading week by week; a fall of one's own brings it back."""
    if running != NO and (fell_lately != NO or day - start_day < week_days):
        return ONE
    return level * (ONE - compliance_fade)


def habit(level: f32, knows: i32, felt: f32, near: f32, fresh: f32, compliance_base: f32, compliance_speed: f32) -> f32:
    """Compliance drifts to what certainty and nearness of a cut call for, as long as the rule is fresh."""
    aim = f32(knows) * felt * fresh * (compliance_base + (ONE - compliance_base) * near)
    return level + compliance_speed * (aim - level)


def expression(level: f32, knows: i32, felt: f32, watched: i32, exposed: i32, chilling_size: f32, chilling_exposed: f32, chilling_speed: f32) -> f32:
    """Share of what one would say that one says: less if one knows that speech is watched, less again under a penalty."""
    loss = f32(knows * watched) * felt * (chilling_size + f32(exposed) * chilling_exposed)
    return level + chilling_speed * (ONE - loss - level)


def withdrawal(level: f32, knows: i32, felt: f32, exposed: i32, withdrawal_size: f32, withdrawal_exposed: f32, withdrawal_speed: f32) -> f32:
    """Share of life moved to cash and off the line."""
    aim = f32(knows) * felt * (withdrawal_size + f32(exposed) * withdrawal_exposed)
    return level + withdrawal_speed * (aim - level)


def gaming(knows: i32, up: i32, compliance_near: f32, gaming_size: f32) -> f32:
    """Chance, when the occasion comes, of buying a good deed: only for those who know, and only just below a cut."""
    return f32(knows) * gaming_size if up > NO and f32(up) < compliance_near else ZERO


def up_to_cut(score: i32, cut_1: i32, cut_2: i32, cut_3: i32, cut_4: i32, cut_5: i32, cut_6: i32, cut_7: i32) -> i32:
    """Points to the next cut above; 0 above the highest."""
    up = cut_7 - score if cut_7 > score else NO
    up = cut_6 - score if cut_6 > score else up
    up = cut_5 - score if cut_5 > score else up
    up = cut_4 - score if cut_4 > score else up
    up = cut_3 - score if cut_3 > score else up
    up = cut_2 - score if cut_2 > score else up
    return cut_1 - score if cut_1 > score else up


def ties(kept: i32, tie_slots: i32, knows: i32, friends_low: i32, luck_drop: u32, luck_renew: u32, drop_chance: u32,
         renew_chance: u32) -> i32:
    """Talking ties kept: those who know drop a friend in the lowest grades now and then, and a dropped tie may come back.

    kept, friends_low, tie_slots: a bit a tie; those of the core are not among tie_slots, and are never dropped. The lowest low friend
    goes first, the lowest dropped tie comes back first.
    """
    low = kept & friends_low & tie_slots
    gone = tie_slots & ~kept
    drops = knows != NO and low != NO and luck_drop < drop_chance
    renews = gone != NO and luck_renew < renew_chance
    after = kept | (gone & -gone) if renews else kept
    return kept & ~(low & -low) if drops else after


def trust(level: f32, knows: i32, running: i32, grade: i32, covered: i32, low_grades: i32, trust_sign: i32, trust_start: f32, trust_size: f32,
          trust_low: f32, trust_speed: f32) -> f32:
    """Trust in others, where each sees the other's score: it falls or rises, as the switch says, towards a new level.

    Those in the lowest grades lose `trust_low` times as much, and gain as many times less.
    """
    low = covered != NO and grade < low_grades
    loss = trust_size * trust_low if low else trust_size
    gain = trust_size / trust_low if low else trust_size
    aim = trust_start
    if knows != NO and running != NO and trust_sign < NO:
        aim = clip(trust_start * (ONE - loss), ZERO, ONE)
    if knows != NO and running != NO and trust_sign > NO:
        aim = trust_start + gain * (ONE - trust_start)
    return level + trust_speed * (aim - level)


def opinion(level: f32, own_view: f32, friends_view: f32, friends_heard: i32, penalised: i32, rewarded: i32, luck_mood: u32,
            opinion_pull: f32, opinion_anchor: f32, opinion_noise: f32, opinion_hurt: f32, opinion_gain: f32) -> f32:
    """Private approval of how things are run: pulled by what friends say aloud and by one's own view, moved by what
    happens to oneself."""
    heard = opinion_pull * (friends_view - level) if friends_heard != NO else ZERO
    lived = opinion_gain * f32(rewarded) - opinion_hurt * f32(penalised)
    return clip(level + heard + opinion_anchor * (own_view - level) + opinion_noise * normal(luck_mood) + lived, ZERO, ONE)


def said(opinion: f32, expression: f32, falsify_size: f32) -> f32:
    """Approval as said aloud: the silenced move part of the way to full approval."""
    return opinion + (ONE - expression) * falsify_size * (ONE - opinion)


def answers(risk: u32, adult: u32, opinion: f32, expression: f32, trust: f32, tested: u32, survey_hidden: f32,
            survey_items: u32) -> tuple[i32, i32, i32, i32, i32, i32, i32]:
    """How a citizen answers this week's survey: whether she is asked, as adults are; whether she truly approves; whether she
    says so when asked directly; whether she is in the control half of a list experiment; to how much of the list she says
    yes in that half, or in the other; and whether she says that most people can be trusted.

    Asked directly, some of those who do not approve say that they do, the more the less they dare to say. A list names harmless
    things (`survey_items`, a bit each), and to the other half the question as well; only the number is told, so the truth is.
    Halves, harmless things and where one draws the line are lasting luck.
    """
    if (risk & adult) == u32(0):
        return NO, NO, NO, NO, NO, NO, NO
    own = mixed(tested ^ adult)
    things = mixed(own)
    line = unit(own)
    hides = ONE - (ONE - survey_hidden) * expression
    truth = YES if line < opinion else NO
    direct = YES if line < opinion + hides * (ONE - opinion) else NO
    control = i32(things & u32(1))
    count = bits_set((things >> u32(1)) & survey_items)
    trusts = YES if unit(mixed(things)) < trust else NO
    return YES, truth, direct, control, count * control, (count + truth) * (YES - control), trusts


def voice(expression: f32, turned_down: i32, removed: i32, reach_loss: f32) -> f32:
    """How loudly one is heard: less if one falls silent or the platform turns one down, not at all without an account."""
    return expression * (ONE - reach_loss * f32(turned_down)) * (ONE - f32(removed))
