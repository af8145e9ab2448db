"""Wealth by chance alone, in Mesa: the model of `glasshouse.models.wealth`."""

import mesa


class Person(mesa.Agent):
    """Somebody with three kinds of wealth."""

    def __init__(self, model):
        super().__init__(model)
        self.log_wealth = 0.0
        self.coins = 1
        self.pooled = 1.0

    def grow(self):
        """Each day everybody gains or loses in proportion: the logarithm moves by a step of luck."""
        self.log_wealth += self.random.gauss(0, self.model.gain)

    def deal(self, other):
        """One word of luck decides who hands the other a coin, if there is one, and how what both pool is split."""
        share = self.random.random()
        giver, taker = (self, other) if share < 0.5 else (other, self)
        if giver.coins >= 1:
            giver.coins -= 1
            taker.coins += 1
        both = self.pooled + other.pooled
        self.pooled = share * both
        other.pooled = both - self.pooled


class Wealth(mesa.Model):
    """How unequal do people become by chance alone, in three ways?"""

    def __init__(self, citizens, gain=0.1, rng=None):
        super().__init__(rng=rng)
        self.gain = gain
        Person.create_agents(self, citizens)

    def step(self):
        """A day: all gain or lose, and all are paired anew."""
        self.agents.do("grow")
        people = self.agents.shuffle().to_list()
        for one, other in zip(people[::2], people[1::2], strict=False):
            one.deal(other)
