"""live: the hand-computed traveller, household and borrower of cases/live.toml, to the fen."""

import pytest
from tests.unit.rules.called import LAST, WORDS, call, cases, scheme

from glasshouse.rules import live

NAMES = ("flight_ticket_ban", "flight_ban", "hotel_ban", "trip_discount", "private_school_ban", "loan_access")
BIT = {name: 1 << i for i, name in enumerate(NAMES)}


def fen(yuan: float) -> int:
    return round(yuan * 100)


def word(share: float) -> int:
    """A share as a word of luck, or as a chance."""
    return min(LAST, round(share * WORDS))


def mask(told: dict) -> int:
    return sum(BIT[name] for name in told["under"])


def journey(told: dict, p: dict) -> dict:
    luck = told.get("luck", {})
    if told["goes"] == "by train":
        pays, saves = call(live.takes_train, mask(told), fen(p["rail_fare"]), BIT["trip_discount"], p["discount"])
        return {"pays": pays, "saves": saves}
    if told["goes"] == "to a hotel":
        nights, refused, pays = call(
            live.books_hotel,
            mask(told),
            word(luck["check"]),
            word(luck["choice"]),
            BIT["hotel_ban"],
            word(p["hotel_checked"]),
            fen(p["hotel_night"]),
            fen(p["guest_house_night"]),
            p["guest_house_instead"],
        )
        return {"nights": nights, "refused": bool(refused), "pays": pays}
    flown, train, no_ticket, no_boarding, pays, beyond = call(
        live.flies,
        mask(told),
        word(luck["check"]),
        word(luck["gate"]),
        word(luck["choice"]),
        BIT["flight_ticket_ban"],
        word(p["ticket_checked"]),
        BIT["flight_ban"],
        word(p["boarding_checked"]),
        BIT["trip_discount"],
        fen(p["air_fare"]),
        fen(p["rail_fare"]),
        p["discount"],
        p["refund_at_the_gate"],
        p["train_instead"],
    )
    assert flown + train + no_ticket + no_boarding in (1, 2)
    return {
        "by": "air" * flown + "train" * train,
        "refused": "ticket" * no_ticket + "boarding" * no_boarding,
        "pays": pays,
        "beyond_plain_fare": beyond,
    }


def in_fen(told: dict, money: set[str]) -> dict:
    return {k: fen(v) if k in money else v for k, v in told.items()}


@pytest.mark.parametrize("case", cases("live", "traveller"))
def test_a_traveller(case):
    assert journey(case["given"], scheme("live")["prices"]) == in_fen(case["expect"], {"pays", "saves", "beyond_plain_fare"})


@pytest.mark.parametrize("case", cases("live", "household"))
def test_a_household_with_a_pupil(case):
    told, school = case["given"], scheme("live")["school"]
    before = told.get("private", False)
    private, tried, refused = call(
        live.seeks_school,
        before,
        mask(told),
        word(told["luck"]),
        BIT["private_school_ban"],
        word(school["checked"]),
        fen(told["income"]),
        told["size"],
        fen(school["fee_a_day"]),
        school["may_take"],
    )
    found = {"tried": bool(tried), "refused": bool(refused), "private": bool(private)}
    found["pays_a_week"] = call(live.school_week, private, fen(school["fee_a_week"]))
    if before:
        stays, expelled = call(live.keeps_school, private, 0b10, 0b10, mask(told), BIT["private_school_ban"])
        assert stays + expelled == 1
        found["expelled"] = bool(expelled)
    assert found == in_fen(case["expect"], {"pays_a_week"})


@pytest.mark.parametrize("case", cases("live", "borrower"))
def test_a_borrower(case):
    told, bank = case["given"], scheme("live")["bank"]
    income, arrears, debt, wealth = fen(told["income"]), told.get("arrears", False), fen(told.get("debt", 0)), fen(told["savings"])
    granted, lent, terms = call(
        live.applies_for_loan,
        mask(told),
        word(told["luck"]),
        0,
        income,
        arrears,
        BIT["loan_access"],
        word(bank["favour_checked"]),
        bank["days_of_income"],
        bank["approval"],
        bank["approval_favoured"],
        bank["approval_in_arrears"],
    )
    wealth, debt, favoured = call(live.borrows, wealth, debt, lent, granted, 0, terms)
    assert favoured == (terms if granted else 0)
    week, _ = call(live.pay, income, live.ORDINARY, live.ORDINARY, 0, 0, 0, 0.5, 0.3, 0.0, 0.0, 7)
    repaid = call(live.repay, debt, arrears, 1 / bank["weeks"])
    interest = call(live.interest, debt, favoured, arrears, bank["rate"] * 7 / 365, bank["rate_favoured"] * 7 / 365)
    living = call(live.spend, week, repaid, interest, wealth, fen(told["aims_at"]), bank["saving_speed"], bank["least"])
    wealth, debt = call(live.settle, wealth, debt, week, living, repaid, interest)
    found = {
        "granted": bool(granted),
        "favoured": bool(terms),
        "lent": lent,
        "income": week,
        "repaid": repaid,
        "interest": interest,
        "living": living,
        "savings": wealth,
        "debt": debt,
    }
    assert found == in_fen(case["expect"], set(case["expect"]) - {"granted", "favoured"})
