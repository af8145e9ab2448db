"""What a record does: points on a file, a place on a list, the clean account, and who objects."""

import numpy as np

from ..engine.model import At, Log, Step
from ..rules import contest, listing, measure, score


def on_file(over: str, kind, only: list, truth: int, file_luck: str) -> list:
    """A record enters the file: its points, who contests it. kind: the value that holds the act."""
    tag = f"{over}_{truth}"
    worth = {
        "points": At("kind_points", (kind,)),
        "score": f"standing_{tag}",
        "most": At("kind_most_score", (kind,)),
        "warned": "year_warned",
        "gained": "year_gained",
    }
    points, lawful = f"worth_{tag}", {"lawful": At("kind_lawful", (kind,))}
    return [
        Step(
            score.parts, over, (f"standing_{tag}",), "points", {"waits": 0}, only
        ),  # the score as it stands, unbounded: a ceiling pulls it down from there
        Step(
            contest.later, over, ("&appeal_points", "&appeal_lawful", "&appeal_unlawful"), "points", worth | lawful, [*only, "appeal_day"]
        ),
        Step(score.worth, over, (points, "year_warned", "year_gained"), "points", worth, only),
        Step(
            score.entry,
            over,
            (
                f"&on_file|&ring@bucket|&year_points@channel_{tag}|+points@{kind}",
                "&lawful_lost|&lawful_ring@bucket",
                "&unlawful_lost|&unlawful_ring@bucket",
            ),
            "points",
            {"points": points} | lawful,
            only,
        ),
        Step(score.note, over, ("last_act",), "points", {"points": points, "act": kind}, only),
        Log(f"moved_{over}", ("slot", points), over, "points", [*only, "followed"]),
        *contested(over, f"points_{tag}", points, only, truth, file_luck, "points"),
        Step(
            score.entry,
            over,
            ("", "appeal_lawful", "appeal_unlawful"),
            "points",
            {"points": points} | lawful,
            [*only, f"files_points_{tag}"],
        ),
    ]


def stay(which: str, place: str | int | None = None) -> tuple[dict, tuple[str, str]]:
    """A stay on a list as a rule reads it, and where it is written: of one of the lists, or without a place the one laid aside."""
    names = (f"{which}_from", f"{which}_until")
    read = dict(zip(("since", "until"), names if place is None else [At(name, (place,)) for name in names], strict=True))
    return read, names if place is None else tuple(f"{name}@{place}" for name in names)


def both_stays(place: str) -> tuple[dict, tuple[str, ...]]:
    """A list's stay that stands and the one that should, as a rule reads them, and where they are written."""
    (stands, to), (due, due_to) = stay("listed", place), stay("due", place)
    return stands | {f"due_{end}": at for end, at in due.items()}, (*to, *due_to)


ASIDE = ("other_from", "other_until", "other_due_from", "other_due_until")


def on_list(over: str, kind, only: list, truth: int, file_luck: str) -> list:
    """A record puts a citizen on a list, or takes her off one; where the regime only lists, she may contest it."""
    tag = f"{over}_{truth}"
    place, gone, files = f"enters_{tag}", f"exits_{tag}", f"files_list_{tag}"
    entered, left = [*only, place], [*only, gone]
    alone = [*entered, "list_alone"]
    entry = {"takes_effect": At("list_starts", (place,)), "term": At("kind_term", (kind,))}
    exit_ = {"luck_overlooked": file_luck, "takes_effect": At("exits_on", (gone,))}
    overlooked, never = {"overlooked": At("overlooked", (gone,))}, {"overlooked": np.uint32(0)}
    stands, to = both_stays(place)
    steps = [
        Step(measure.same, over, (place,), "list", {"amount": At("kind_enters", (kind,))}, only),
        Step(listing.new_entry, over, ("+entered",), "list", {"kind_owes": At("kind_owes", (kind,)), "until": stands["until"]}, entered),
        Step(score.note, over, ("last_act",), "list", {"points": -1, "act": kind}, entered),
        Step(listing.concerns, over, (f"open_{tag}",), "list", {"list_number": place}, alone),
        Step(measure.minus, over, (f"stake_{tag}",), "list", {"amount": place}, alone),
        *contested(over, f"list_{tag}", f"stake_{tag}", alone, truth, file_luck, "list"),
        Step(listing.aside, over, ASIDE, "list", stands, [*alone, files]),
    ]
    for which, where, who in (
        ("listed", place, entered),
        ("due", place, entered),
        ("other", None, [*alone, f"open_{tag}"]),
        ("other_due", None, [*alone, f"open_{tag}"]),
    ):
        read, write = stay(which, where)
        steps.append(Step(listing.enters, over, write, "list", entry | read, who))
    steps += [
        Step(listing.turned, over, (*to, *ASIDE), "list", stands, [*alone, files, "appeal_suspends"]),
        Step(measure.same, over, (gone,), "list", {"amount": At("kind_exits", (kind,))}, only),
        Step(
            listing.complies,
            over,
            ("+complied",),
            "list",
            {
                "kind_judgment": At("kind_judgment", (kind,)),
                "takes_effect": At("exits_on", (gone,)),
                "until": stay("listed", gone)[0]["until"],
            },
            left,
        ),
        Step(listing.concerns, over, (f"ends_{tag}",), "list", {"list_number": gone}, [*left, "list_alone"]),
    ]
    aside = [*left, "list_alone", f"ends_{tag}"]
    for which, where, who, oversight in (
        ("listed", gone, left, overlooked),
        ("due", gone, left, never),
        ("other", None, aside, overlooked),
        ("other_due", None, aside, never),
    ):
        read, write = stay(which, where)
        steps.append(Step(listing.leaves, over, write[1:], "list", exit_ | oversight | {"until": read["until"]}, who))
    return steps


def contested(over: str, tag: str, points: str, only: list, truth: int, file_luck: str, of: str) -> list:
    """Who objects to a record, and the case that is opened."""
    return [
        Step(contest.files, over, (f"files_{tag}",), of, {"points": points, "open_until": "appeal_day", "luck_file": file_luck}, only),
        Step(
            contest.opens,
            over,
            ("appeal_day", "appeal_points", "appeal_true", "appeal_month", "+appeals_filed"),
            of,
            {"points": points, "truth": truth},
            [*only, f"files_{tag}"],
        ),
    ]


def filed(over: str, kind, only: list, truth: int, file_luck: str) -> list:
    """What a record does under a regime that keeps a file, a list, or both."""
    return [*on_file(over, kind, only, truth, file_luck), *on_list(over, kind, only, truth, file_luck)]


def clean_entries() -> list:
    """The clean account, from the citizen's own acts as they happened."""
    worth = {
        "points": At("kind_clean", ("kind",)),
        "score": "clean_standing",
        "most": At("kind_most_score", ("kind",)),
        "warned": "year_clean_warned",
        "gained": "year_clean_gained",
    }
    (read, write), (left, off) = stay("clean", "clean_enters"), stay("clean", "clean_exits")
    entry = {"takes_effect": At("list_starts", ("clean_enters",)), "term": At("kind_term", ("kind",))}
    exit_ = {"luck_overlooked": "luck_file", "overlooked": np.uint32(0), "takes_effect": At("exits_on", ("clean_exits",))}
    return [
        Step(
            score.parts,
            "acted",
            ("clean_standing",),
            "points",
            {"on_file": "clean_points", "stale": 0, "kin": 0, "profile": 0, "dims": "clean_dims", "waits": 0},
            "covered",
        ),
        Step(score.worth, "acted", ("clean_worth", "year_clean_warned", "year_clean_gained"), "points", worth, "covered"),
        Step(
            score.entry, "acted", ("&clean_points|&clean_ring@bucket", "", ""), "points", {"points": "clean_worth", "lawful": 0}, "covered"
        ),
        Step(measure.same, "acted", ("clean_enters",), "list", {"amount": "kind_enters"}, "covered"),
        Step(listing.enters, "acted", write, "list", entry | read, ["covered", "clean_enters"]),
        Step(measure.same, "acted", ("clean_exits",), "list", {"amount": "kind_exits"}, "covered"),
        Step(listing.leaves, "acted", off[1:], "list", exit_ | {"until": left["until"]}, ["covered", "clean_exits"]),
    ]
