"""The leading eight in private: what becomes of help when each keeps an own, at times mistaken, image of everybody?

The same norms hold up help where all see one register, mistakes and all (leading_eight.py).
"""

from functools import cache, partial

import numpy as np

from glasshouse.model import At, Field, Luck, Model, Number, Step, f32, i32, simulate, u32, u64, unit
from glasshouse.model.pairs import one_of, other_of
from glasshouse.models.norms import NORMS
from glasshouse.models.rows import Row

ALL = u64(2**64 - 1)
ONE = u64(1)
TWO = i32(2)


def begins() -> u64:
    """Everybody thinks well of everybody: a bit for each place of the community."""
    return ALL


def meet(slot: u64, many: u64, luck_donor: u32, luck_recipient: u32) -> tuple[u64, u64, u32]:
    """The places of the two who meet in one's community, and the slot of the one who may help."""
    donor = one_of(luck_donor, u32(many))
    recipient = other_of(donor, luck_recipient, u32(many))
    return u64(donor), u64(recipient), u32(slot - slot % many + u64(donor))


def is_there(slot: u64, many: u64, donor: u64, recipient: u64, luck_there: u32, seen: f32) -> i32:
    """Whether one sees what is done; the two always do."""
    own = slot % many
    return i32(own == donor or own == recipient or unit(luck_there) < seen)


def opinion(images: u64, place: u64) -> i32:
    """Of somebody, by the images that are kept: 1 if good."""
    return i32((images >> place) & ONE)


def gives(slot: u64, giver: u32, donors: u64, donor: u64, recipient: u64, helps: np.ndarray) -> tuple[i32, i32]:
    """Whether the donor helps, by the donor's own images of both; counted once, where one is the donor."""
    gave = i32(helps[TWO * opinion(donors, donor) + opinion(donors, recipient)])
    return gave, gave * i32(slot == u64(giver))


def judges(images: u64, donor: u64, recipient: u64, gave: i32, there: i32, luck_error: u32, error: f32, approves: np.ndarray) -> u64:
    """The images with that of the donor anew, by one's own images of both and by what one takes the act for."""
    names = TWO * opinion(images, donor) + opinion(images, recipient)
    taken = i32(gave == 0) if unit(luck_error) < error else gave
    good = u64(approves[names * TWO + taken])
    return (images & ~(ONE << donor)) | (good << donor) if there != 0 else images


MODEL = Model(
    name="leading eight in private",
    about="What becomes of help when each keeps an own, at times mistaken, image of everybody?",
    source="Hilbe, Schmid, Tkadlec, Chatterjee & Nowak 2018, PNAS 115:12241.",
    fields=(Field("images", "u8", "", "A bit for each place of the community: 1 for those whom one thinks good.", seen=True),),
    numbers=(
        Number("many", 50, "people", "seen", "In a community, at most 64; one pair meets a day.", dtype="u8", same=True),
        Number("seen", 0.9, "chance", "seen", "Another one sees what is done.", same=True),
        Number("error", 0.05, "chance", "seen", "One takes what is done for the contrary."),
        Number("approves", NORMS["L1"][0], "", "seen", "Whom one thinks good, by donor, recipient and act.", dtype="i4"),
        Number("helps", NORMS["L1"][1], "", "seen", "Whether one helps, by donor and recipient.", dtype="i4"),
    ),
    luck=(
        Luck("private images.pair", ("luck_donor", "luck_recipient", "luck_3", "luck_4"), of="many"),
        Luck("private images.eyes", ("luck_there", "luck_error", "luck_7", "luck_8")),
    ),
    start=(Step(begins, "tile", ("images",)),),
    chain=(
        Step(meet, "tile", ("donor", "recipient", "giver"), shared=True),
        Step(is_there, "tile", ("there",), shared=True),
        Step(gives, "tile", ("gave", "=helped"), bind={"donors": At("their_images", ("giver",))}),
        Step(judges, "tile", ("images",)),
    ),
    totals=("helped",),
    size=(200, 100_000),
)
EIGHT = list(NORMS)[:8]
ARMS = {(norm, error): {"approves": NORMS[norm][0], "helps": NORMS[norm][1], "error": error} for error in (0.05, 0.01) for norm in EIGHT}
COMMUNITIES, DAYS, BEFORE = 4, 600_000, 100_000


@cache
def helped() -> dict[tuple, float]:
    """Share of meetings in which one helped, once the beginning is forgotten."""
    run = simulate(MODEL, citizens=50 * COMMUNITIES, days=DAYS, arms=ARMS)
    return dict(zip(ARMS, run.totals["helped"][BEFORE:].mean(0) / COMMUNITIES, strict=True))


SPEC, STERN = ("computed", "the published rules, written apart"), ("computed", "by symmetry, at any error")
PUBLISHED = {
    0.05: (0.903, 0.66, 0.901, 0.886, 0.691, 0.5, 0.876, 0.0),
    0.01: (0.977, 0.753, 0.977, 0.976, 0.79, 0.5, 0.976, 0.0),
}
ROWS = tuple(
    Row(
        f"{norm}, error {error}: helped",
        share,
        0.006,
        "sampled",
        *(STERN if norm == "L6" else SPEC),
        partial(lambda arm: helped()[arm], (norm, error)),
    )
    for error, shares in PUBLISHED.items()
    for norm, share in zip(EIGHT, shares, strict=True)
)
