"""The core day in Mesa: a citizen is an object, ties are references, luck is Python's and NumPy's."""

from bisect import bisect_right
from math import sqrt

import mesa
import numpy as np
from benchmarks.core_day.engines import start

OFTEN, WEIGHT, SPREAD, BIAS, FACTOR, CUTS, DUE, TERM = (
    table.tolist() for table in (start.OFTEN, start.WEIGHT, start.SPREAD, start.BIAS, start.FACTOR, start.CUTS, start.DUE, start.TERM)
)


class Citizen(mesa.Agent):
    """Somebody who is scored."""

    def __init__(self, model, **state):
        super().__init__(model)
        self.__dict__ |= state
        self.publish()

    def publish(self):
        """What others hear tomorrow."""
        self.said, self.thought = self.score, self.opinion

    def step(self):
        """A day."""
        luck, gauss, disp = self.model.rng, self.random.gauss, self.disp
        rate, evidence = FACTOR[self.tier] * (0.5 + disp), 0.0
        for c in range(5):
            mean = OFTEN[c] * rate
            kept, turned = luck.poisson(mean * 0.97), luck.poisson(mean * 0.03)
            quality = (kept - turned) * (disp - 0.5 + BIAS[c][self.group])
            evidence += WEIGHT[c] * (quality + sqrt(kept + turned) * SPREAD[c] * gauss(0, 1))
        heard, views = sum(other.said for other in self.ties) / 8, sum(other.thought for other in self.ties) / 8
        score = self.score + 1.2 * evidence + 0.01 * (650 - self.score) + 0.02 * (heard - self.score)
        self.score = score = min(max(score, 0.0), 1300.0)
        self.tier = tier = bisect_right(CUTS, score)
        due = DUE[tier]
        if due & ~self.flags:
            self.days, self.flags = TERM[tier], self.flags | due
        else:
            self.days = max(self.days - 1, 0)
            if self.days == 0:
                self.flags = due
        penalties, rewards = (self.flags & 31).bit_count(), (self.flags >> 5).bit_count()
        income = self.income * (1 + 0.01 * gauss(0, 1) - 0.002 * penalties + 0.0005 * rewards) + 0.001 * (50 - self.income)
        self.income = max(income, 0.0)
        self.wealth = max(self.wealth * 0.9995 + 0.02 * self.income - 0.4 - 0.1 * penalties, 0.0)
        self.mobility += 0.1 * ((0.2 if self.flags & 2 else 1.0) - self.mobility)
        self.stress += 0.05 * (0.25 * penalties - self.stress)
        opinion = self.opinion + 0.1 * (views - self.opinion) + 0.05 * (self.random.random() - 0.5)
        opinion += 0.05 * (1 - opinion) if tier <= 1 else 0.0
        self.opinion = min(max(opinion, 0.0), 1.0)
        self.disp = disp + 0.001 * (score / 1300 - disp)


class CoreDay(mesa.Model):
    """How fast is a day of scores, grades, penalties, money and opinion?"""

    def __init__(self, citizens, rng=1):
        super().__init__(rng=rng)
        first = {name: column.tolist() for name, column in start.drawn(citizens).items()}
        people = [Citizen(self, **dict(zip(first, row, strict=True))) for row in zip(*first.values(), strict=True)]
        for one, ties in zip(people, start.neighbours(citizens).tolist(), strict=True):
            one.ties = [people[other] for other in ties]

    def step(self):
        """A day: all live it by what was published yesterday, and publish."""
        self.agents.do("step")
        self.agents.do("publish")
        names = ["score", "wealth", "tier", "group", "flags"]
        score, wealth, tier, group, flags = np.array(self.agents.get(names)).T
        self.totals = start.totals(score, wealth, tier.astype(int), group.astype(int), flags.astype(int))


class Run:
    """A run that is stepped in stretches. Mesa uses one core."""

    def __init__(self, citizens: int, threads: int):
        self.model = CoreDay(citizens)

    def days(self, count: int) -> np.ndarray:
        """Steps some days."""
        for _ in range(count):
            self.model.step()
        return self.model.totals
