"""The kinds of event of a run, in the order in which their chances lie on the line: attempts, acts, false records."""

from dataclasses import dataclass

from glasshouse.catalogue.schema import Catalogue
from glasshouse.day import ACT, ATTEMPT, ATTEMPTS, FALSE, FAMILIES, MOST_KINDS
from glasshouse.errors import BadInput


@dataclass(frozen=True)
class Kinds:
    """Everything about the kinds that is the same for all regimes. Final.

    known: the names of the channels, to which `channels` has a number each; the first are those where something is done every day. classes: ATTEMPT, ACT or FALSE. seen: chance that the ordinary world records one. recorded: records a year, per person at
    risk, of bad acts (0 of good ones and of those of judged people alone).
    """

    names: tuple[str, ...]
    known: tuple[str, ...]
    classes: tuple[int, ...]
    channels: tuple[int, ...]
    families: tuple[int, ...]
    seen: tuple[float, ...]
    recorded: tuple[float, ...]
    FALSE = FALSE

    def number(self, name: str) -> int:
        """The number of a kind."""
        return self.names.index(name)

    def of_channel(self, channel: str) -> list[int]:
        """The acts of a channel."""
        c = self.known.index(channel)
        return [k for k in range(len(self.names)) if self.classes[k] == ACT and self.channels[k] == c]

    def said_falsely(self, channel: str, among: set[str]) -> int:
        """The act that a false record of a channel says: what is most recorded there against somebody, of those named if it can be."""
        acts = self.of_channel(channel)
        return max([k for k in acts if self.names[k] in among] or acts, key=lambda k: (self.recorded[k], -k))


def kinds_of_catalogue(catalogue: Catalogue, day=None) -> Kinds:
    """The kinds that a catalogue makes."""
    acts = sorted(catalogue.acts.items(), key=lambda item: FAMILIES.index(item[1].family))  # of one family together, else as in the file
    known = catalogue.channel_names
    names = (*ATTEMPTS, *(n for n, _ in acts), *(f"false_{c}" for c in known))
    if len(names) > MOST_KINDS:
        raise BadInput(
            f"{len(acts)} acts are more than the {MOST_KINDS - len(ATTEMPTS) - len(known)} that a run can tell apart", key="acts"
        )
    day = day or "2019-01-01"
    first = len(ATTEMPTS)
    seen = [0.0] * first + [float(a.seen.at(day) or 0) for _, a in acts] + [0.0] * len(known)
    few = lambda a: a.good or a.judged  # noqa: E731 - what only the judged can do is not what is said falsely of anybody
    recorded = (
        [0.0] * first
        + [0.0 if few(a) else float(a.rate.at(day) or 0) * float(a.seen.at(day) or 0) for _, a in acts]
        + [0.0] * len(known)
    )
    return Kinds(
        names,
        known,
        (ATTEMPT,) * first + (ACT,) * len(acts) + (FALSE,) * len(known),
        (0,) * first + tuple(known.index(a.channel) for _, a in acts) + tuple(range(len(known))),
        (FAMILIES.index("daily"),) * first + tuple(FAMILIES.index(a.family) for _, a in acts) + (len(FAMILIES),) * len(known),
        tuple(seen),
        tuple(recorded),
    )
