"""A validation with made-up numbers for every target, for tests of what is shown; no run is carried out."""

import random

from glasshouse.audits.paired import mean_of
from glasshouse.experiments import switches as switched
from glasshouse.validate import load_targets
from glasshouse.validate.fit import Fitted
from glasshouse.validate.naive import predict
from glasshouse.validate.runs import Size
from glasshouse.validate.table import Validation
from glasshouse.validate.verdict import BASES, judge


def fake_validation(seeds: int = 3) -> Validation:
    """Numbers within half of each figure, the same each time."""
    targets, draw = load_targets(), random.Random(1)
    judged = []
    for at, row in enumerate(targets.rows):
        around = (row.published or 1.0) * draw.uniform(0.5, 1.5)
        numbers = [around * draw.uniform(0.9, 1.1) for _ in range(seeds)] if row.measure else []
        each = judge(row, numbers, targets.country)
        judged.append(each if not numbers else type(each)(**{**each.__dict__, "basis": BASES[at % 3]}))
    simulated = {each.row.id: each.simulated for each in judged}
    name, fit = next(iter(targets.fit.items()))
    shipped = dict.fromkeys(fit.numbers, 0.1)
    done = Fitted(
        name,
        fit.until.isoformat(),
        shipped,
        dict.fromkeys(shipped, 0.05),
        dict.fromkeys(fit.rows, (1.0, 1.1)),
        0.02,
        {key: [(0.025, 0.3), (0.05, 0.02), (0.1, 0.8)] for key in shipped},
        {key: ["acts.speeds.seen"] for key in shipped},
    )
    series = tuple(predict(targets, each, fit.until, simulated, fit.rows, len(shipped)) for each in targets.naive)
    switches = tuple(
        switched.Row(switch.key, setting, stands_for, outcome, mean_of([setting + draw.uniform(1.4, 1.6) for _ in range(seeds)]))
        for switch in switched.SWITCHES
        for setting, stands_for in switch.settings.items()
        for outcome in switch.outcomes
    )
    return Validation(targets, Size(5000, seeds), tuple(judged), {name: done}, series, {}, switches=switches)
