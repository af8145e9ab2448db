"""Points that people buy to pass a cut that they know. Only regimes with a game have any of this."""

from ..engine.model import Step
from ..rules import game, live, measure


def bought_points() -> list:
    """What was bought and still counts is added to what counts beside the file, before the score is."""
    return [
        Step(game.held, "tile", ("held_points",), "game"),
        Step(game.counted, "tile", ("waits",), "game"),
    ]


def games() -> list:
    """Once a week: how far one is short of the cut, what passing costs, who buys; who qualifies, and what the cut costs them."""
    return [
        Step(game.short_of, "week", ("short",), "game"),
        Step(game.price_of, "week", ("own_price", "aid_price"), "game"),
        Step(game.qualifies, "week", ("qualified_now|+qualified",), "game"),
        Step(game.passes_unqualified, "week", ("+passed_unqualified",), "game"),
        Step(game.bears, "week", ("+burden", "+burden_days"), "game", only="qualified_now"),
        Step(game.buys, "week", ("buys_points",), "game", {"knows": "aware"}),
        Step(live.pays, "week", ("wealth", "+pay_deeds"), "game", {"amount": "own_price"}, "buys_points"),
        Step(measure.same, "week", ("bought|+points_bought",), "game", {"amount": "short"}, "buys_points"),
        Step(measure.same, "week", ("bought_on",), "game", {"amount": "day"}, "buys_points"),
        Step(measure.same, "week", ("+aid_paid",), "game", {"amount": "aid_price"}, "buys_points"),
    ]
