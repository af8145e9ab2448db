"""What passes between citizens who are held apart, each shard with whole communities of its own: this, by name, and nothing else.

Within a community of 4,096 slots everything stays at home: households, estates, records pinned on somebody alike, lots.
"""

from glasshouse.society.households import COMMUNITY

CROSSES = {
    "homes": "at the start: how many households each shard has, so that their numbers run on",
    "incomes": "at the start: people and incomes by fifth, from which rates by fifth are worked out",
    "followed": "at the start: the lots of those who might be followed, of whom the first few are",
    "whole": "at the start: what rules look up of anybody and no day changes, a byte a citizen (station)",
    "words": "each day: what everybody published, 8 bytes a citizen and regime",
    "totals": "each day: the daily totals, which a rule may read tomorrow",
    "keep": "each day: whether a shard wishes that all keep a checkpoint of it",
    "seen": "each day: the fields that others may see, where people ask each other for help",
    "answers": "each day: who was answered, and how, where people ask each other for help",
    "loans": "each day: what the day counted, from which a bank learns how its loans ended",
    "cases": "once: how many could be in the sample that a model is fitted on, and of how many there is a record",
    "sample": "once: features and record of those who are in it, at most 100,000",
    "table": "once: the model, fitted by the first shard",
    "ends": "at the end of each year: of everybody station, life, the ties kept and the grade, 2 bytes and 3 more a regime",
    "judged": "each month: how many have which number of points from a model, by which its cut is set",
}


class Meeting:
    """Where shards meet: each hands in what it has under a name of CROSSES, and takes home what all have, in order of slots.

    This one is of a society in one piece. part, parts: which of how many.
    """

    part, parts = 0, 1

    def __call__(self, **mine) -> dict[str, list]:
        if unknown := set(mine) - set(CROSSES):
            raise KeyError(f"{sorted(unknown)} is not declared to pass between shards")
        return self.exchange(mine)

    def exchange(self, mine: dict) -> dict[str, list]:
        """What all hand in, by name: this shard's alone where there is no other."""
        return {name: [what] for name, what in mine.items()}

    def stretch(self, citizens: int, part: int | None = None) -> tuple[int, int]:
        """The communities of a shard, by default one's own: from the first to before the last.

        Example:
            >>> Meeting().stretch(10_000)
            (0, 3)
        """
        communities, part = -(-citizens // COMMUNITY), self.part if part is None else part
        return communities * part // self.parts, communities * (part + 1) // self.parts

    def slots(self, citizens: int, part: int | None = None) -> slice:
        """The slots of a shard, by default one's own.

        Example:
            >>> Meeting().slots(10_000)
            slice(0, 10000, None)
        """
        begin, end = self.stretch(citizens, part)
        return slice(begin * COMMUNITY, min(end * COMMUNITY, citizens))
