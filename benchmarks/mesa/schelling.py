"""Schelling on a ring, in Mesa: the model of `glasshouse.models.schelling`."""

import mesa
import networkx as nx
from mesa.discrete_space import Cell, CellAgent, Network

TURN = 100


class Place(Cell):
    """A home, whose turn to be left comes by luck."""

    turn = 0.0


class Resident(CellAgent):
    """Somebody of one of two kinds, content where enough of those around are alike."""

    def __init__(self, model, cell, kind):
        super().__init__(model)
        self.cell = cell
        self.kind = kind
        self.discontent = self.ready = False

    def look(self):
        """Are fewer than the share wanted like oneself, of those around and oneself?"""
        around = self.cell.get_neighborhood(self.model.near, include_center=True)
        self.discontent = sum(other.kind == self.kind for other in around.agents) < self.model.wanted * len(around)

    def get_ready(self):
        """Is one discontent, and of those around nobody whose turn comes before?"""
        around = self.cell.get_neighborhood(self.model.near)
        self.ready = self.discontent and not any(other.discontent and other.cell.turn < self.cell.turn for other in around.agents)

    def change_places(self, other):
        """Two go and live where the other lived."""
        here, there = self.cell, other.cell
        self.cell = None
        other.cell = here
        self.cell = there


class Schelling(mesa.Model):
    """How far apart do two kinds of people move who want half of those around to be like them?"""

    def __init__(self, citizens, near=1, wanted=0.5, ones=0.5, rng=None):
        super().__init__(rng=rng)
        self.near, self.wanted, self.moves = near, wanted, 0
        self.ring = Network(nx.cycle_graph(citizens), capacity=1, random=self.random, cell_klass=Place, layout=None)
        for cell in self.ring.all_cells:
            Resident(self, cell, int(self.random.random() < ones))
        reporters = {"borders": Schelling.borders, "restless": Schelling.restless}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)

    def borders(self):
        """Places next to which one of the other kind lives."""
        kinds = [cell.agents[0].kind for cell in self.ring.all_cells]
        return sum(kind != after for kind, after in zip(kinds, kinds[1:] + kinds[:1], strict=True))

    def restless(self):
        """Those who are discontent."""
        return sum(self.agents.get("discontent"))

    def step(self):
        """A day: all are paired, and two unlike, both ready, change places."""
        if (self.steps - 1) % TURN == 0:
            for cell in self.ring.all_cells:
                cell.turn = self.random.random()
        self.agents.do("look").do("get_ready")
        self.datacollector.collect(self)
        people = self.agents.shuffle().to_list()
        for one, other in zip(people[::2], people[1::2], strict=False):
            if one.kind != other.kind and one.ready and other.ready:
                one.change_places(other)
                self.moves += 2
