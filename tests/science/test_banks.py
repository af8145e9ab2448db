"""Banks that learn, in the day itself: who is never tried stays refused (B7), a cut learnt from the granted comes to rest above (B9)."""

import numpy as np
import pytest
from tests.science.helpers import number, question, ran, regime, same

from glasshouse.day import LOAN_BANDS

BORROWING = {"attempts.applies_for_loan.rate": 6}
"""So that a small society teaches a bank within months."""
SIZE = {"citizens": 6000, "days": 760, "start": "2019-12-01", "set": BORROWING}
FAIR = 620
"""Where lending begins to pay: found below by a bank that lets everybody try."""


def banker(base: str, name: str, cut: float, **changes) -> dict:
    """A shipped bank that learns each month, from loans of a quarter: a quarter of the gain and of the defaults of a year."""
    data = regime(base, name, coverage__start="2020-01-01", bank__term=91, **changes)
    data["grades"][1]["from"] = number(cut)
    if "gain" in data["bank"]:
        data["bank"] |= {"learns": "each month", "gain": number(0.012), "least": number(20)}
    return data


STRICT, LAX = 740, 460
BANKS = {
    "strict": ("bank", STRICT, {}), "lax": ("bank", LAX, {}), "strict-retrains": ("bank-retrains", STRICT, {}), "lax-retrains": ("bank-retrains", LAX, {}),
    "strict-explores": ("bank-explores", STRICT, {"bank__explore": 0.2}), "everybody-tries": ("bank-explores", STRICT, {"bank__explore": 1}),
}  # fmt: skip


@pytest.fixture(scope="module")
def run():
    return ran(question("none", *(banker(base, name, cut, **changes) for name, (base, cut, changes) in BANKS.items()), **SIZE))


def last_cut(run, name: str) -> int:
    """The score from which a bank lends in the end."""
    return int(run.society.rule["cut_1"][run.number(name)])


def cuts(run, name: str) -> list[int]:
    """The scores to which a bank moved its cut, in order."""
    return [cut for _, cut in run.society.banks[run.number(name)].cuts]


def counted(run, name: str, measure: str) -> np.ndarray:
    """Loans of a bank by the place at which it counts them."""
    return np.array([run.daily(name, measure, place).sum() for place in range(LOAN_BANDS + 1)])


def test_a_bank_that_never_learns_keeps_its_cut(run):
    assert [last_cut(run, name) for name in ("strict", "lax")] == [STRICT, LAX]
    assert cuts(run, "strict") == cuts(run, "lax") == []
    assert counted(run, "lax", "loans_failed").sum() > 300


def test_who_is_refused_by_mistake_stays_refused_unless_a_few_may_try(run):
    """B7: below its cut the strict bank has no loan, so it learns nothing; the one that lets a fifth try finds that most of them pay."""
    assert counted(run, "strict-retrains", "loans_sound")[: (STRICT - 300) // 40].sum() == 0
    assert all(cut > STRICT for cut in cuts(run, "strict-retrains"))
    assert last_cut(run, "strict-retrains") >= STRICT
    assert last_cut(run, "strict-explores") <= FAIR + 40
    assert last_cut(run, "everybody-tries") <= FAIR + 40
    excluded = {name: counted(run, name, "loans_sound")[LOAN_BANDS] for name in ("strict-retrains", "strict-explores")}
    assert excluded["strict-explores"] < excluded["strict-retrains"] / 2, "refused, though they went on paying"


def test_a_bank_that_lends_too_freely_learns_it_from_its_own_loans(run):
    """B9: from below the same bank rises to where lending pays; from above it stays. So it rests where it began, or higher."""
    moved = cuts(run, "lax-retrains")
    assert min(moved) > LAX
    assert last_cut(run, "lax-retrains") > LAX + 80
    assert last_cut(run, "strict-retrains") - last_cut(run, "strict-explores") >= 80, "two beliefs, both fed by their own loans alone"


def profit(run, name: str) -> float:
    """What a bank made by its own reckoning, in loans."""
    sound, failed = (counted(run, name, f"loans_{end}")[:LOAN_BANDS].sum() for end in ("sound", "failed"))
    return 0.012 * sound - 0.45 * failed


def test_learning_pays_the_bank_that_lent_too_freely(run):
    assert profit(run, "lax-retrains") > profit(run, "lax")


def test_all_that_is_under_watch_is_counted_or_still_there():
    """Conservation: what came under watch is sound, failed, ended by a death, passed from a refusal to a loan, or runs on."""
    kept = {"came": 0, "passed": 0, "dead": 0}
    seen: list[np.ndarray] = []

    def each(society, day):
        band, since = (society.state.row(name, 0).astype(int) for name in ("lent_band", "lent_on"))
        if seen:
            old_band = seen.pop()
            fresh = (since == day) & (band > 0)
            kept["came"] += int(fresh.sum())
            kept["dead"] = int((~society.living() & (band > 0)).sum())
            today = society.start.fromordinal(society.start.toordinal() + day)
            still = fresh & (old_band > 0)
            ended_and_back = still & (today.day == 1)
            kept["passed"] += int((still & ~ended_and_back).sum())
            assert (old_band[still & ~ended_and_back] == LOAN_BANDS + 1).all(), "only a refusal gives way to a loan"
        seen.append(band)

    run = ran(question(banker("bank-explores", "bank", 660, bank__explore=0.3), citizens=3000, days=400, start="2019-12-01", set=BORROWING), each=each)
    ended = sum(counted(run, "bank", f"loans_{end}").sum() for end in ("sound", "failed"))
    band, died = run.state("lent_band", "bank"), run.society.people.death <= 399
    left = int((band > 0).sum())
    assert kept["dead"] == 0, "the dead owe nothing that could be watched"
    gone = kept["came"] - kept["passed"] - ended - left
    assert 0 <= gone <= died.sum(), "what is in none of these was ended by a death"
    assert ended > 500
    assert left > 100


def test_a_bank_that_never_learns_and_lets_nobody_try_is_a_cut_like_any_other():
    """Boundary: without its section the same regime leads the same lives, to the last bit; so does one that lets none of a hundred try."""
    plain = regime("bank", "plain", bank=None)
    none_tries = regime("bank", "none-tries", bank__explore=0)
    run = ran(question(regime("bank", "banked"), plain, none_tries, citizens=2000, days=400, set=BORROWING))
    assert same(run, run, "banked", "plain") == same(run, run, "banked", "none-tries") == []
    assert run.state("lent_band", "plain") is None


def test_threads_change_nothing():
    asked = question(banker("bank-explores", "bank", 740, bank__explore=0.3), citizens=4000, days=400, set=BORROWING)
    one, three = (ran(asked, threads=threads) for threads in (1, 3))
    assert cuts(one, "bank") == cuts(three, "bank") != []
    assert one.digest("bank") == three.digest("bank")
