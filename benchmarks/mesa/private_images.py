"""The leading eight in private, in Mesa: the model of `glasshouse.models.private_images`."""

import mesa

from glasshouse.models.norms import NORMS


class Member(mesa.Agent):
    """Somebody with an own image of everybody in the community."""

    def meet_all(self):
        """Everybody thinks well of everybody."""
        self.good = dict.fromkeys(self.model.agents, 1)

    def names(self, donor, recipient):
        """What one thinks of two people, as a row of a norm's tables."""
        return 2 * self.good[donor] + self.good[recipient]

    def gives(self, recipient):
        """Whether one helps, by one's own images of both."""
        return self.model.helps[self.names(self, recipient)]

    def judge(self, donor, recipient, gave):
        """Who sees what is done, and may take it for the contrary, thinks of the donor anew; the two always see it."""
        if self in (donor, recipient) or self.random.random() < self.model.seen:
            taken = 1 - gave if self.random.random() < self.model.error else gave
            self.good[donor] = self.model.approves[2 * self.names(donor, recipient) + taken]


class PrivateImages(mesa.Model):
    """What becomes of help when each keeps an own, at times mistaken, image of everybody?"""

    def __init__(self, citizens=50, seen=0.9, error=0.05, norm="L1", rng=None):
        super().__init__(rng=rng)
        self.seen, self.error = seen, error
        self.approves, self.helps = NORMS[norm]
        self.helped = 0
        Member.create_agents(self, citizens)
        self.agents.do("meet_all")
        self.everybody = self.agents.to_list()
        self.datacollector = mesa.DataCollector(model_reporters={"helped": "helped"})

    def step(self):
        """A day: one may help another, and those who see it judge."""
        donor, recipient = self.random.sample(self.everybody, 2)
        self.helped = donor.gives(recipient)
        self.agents.do("judge", donor, recipient, self.helped)
        self.datacollector.collect(self)
