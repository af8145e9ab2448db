"""live: the hand-computed traveller, renter, buyer, household, worker and borrower of cases/live.toml, to the fen."""

import pytest
from tests.unit.rules.called import LAST, WORDS, call, cases, scheme

from glasshouse.day import SPENDING
from glasshouse.rules import live

NAMES = (
    "flight_ticket_ban",
    "flight_ban",
    "hotel_ban",
    "private_school_ban",
    "slow_internet",
    "trip_discount",
    "travel_priority",
    "rental_access",
    "loan_access",
    "rail_ban",
    "home_purchase_ban",
    "car_purchase_ban",
    "holiday_ban",
    "insurance_ban",
    "office_rental_ban",
    "loan_refusal",
    "assistance_refusal",
    "heating_rebate",
)
FORBIDS = {  # what one may want, and the ban that forbids it
    "home": "home_purchase_ban",
    "car": "car_purchase_ban",
    "holiday": "holiday_ban",
    "insurance": "insurance_ban",
    "office": "office_rental_ban",
}
BIT = {name: 1 << i for i, name in enumerate(NAMES)}
COSTS = ("ticket_ban_cost", "flight_ban_cost", "hotel_ban_cost", "saved")


def fen(yuan: float) -> int:
    return round(yuan * 100)


def word(share: float) -> int:
    """A share as a word of luck, or as a chance."""
    return min(LAST, round(share * WORDS))


def mask(told: dict) -> int:
    return sum(BIT[name] for name in told["under"])


def journey(told: dict, p: dict) -> dict:
    luck = {kind: word(share) for kind, share in told["luck"].items()}
    discount = {"eases_fare": BIT["trip_discount"], "checks_fare": word(p["discount_granted"]), "fare_discount": p["discount"]}
    if told["goes"] == "by train":
        gone, asked, refused, _ = call(
            live.takes_fast_train,
            mask(told),
            told.get("knows", False),
            luck["check"],
            luck["seat"],
            luck.get("again", 0),
            BIT["rail_ban"],
            word(p["seat_checked"]),
            p["fast_seat_asked"],
            p["slow_train_instead"],
            p["asked_again"],
        )
        assert refused <= asked
        pays, saved = call(live.takes_train, mask(told), gone, luck["favour"], fen(p["rail_fare"]), **discount)
        return {"by": "train" * gone, "refused": "seat" * refused, "pays": pays, "saved": saved}
    if told["goes"] == "through the gate":
        return {"first": bool(call(live.passes_first, mask(told), luck["queue"], BIT["travel_priority"], word(p["queue_passed"])))}
    if told["goes"] == "to a hotel":
        nights, refused, pays, cost = call(
            live.books_hotel,
            mask(told),
            luck["check"],
            luck["choice"],
            BIT["hotel_ban"],
            word(p["hotel_checked"]),
            fen(p["hotel_night"]),
            fen(p["guest_house_night"]),
            p["guest_house_instead"],
        )
        return {"nights": nights, "refused": bool(refused), "pays": pays, "hotel_ban_cost": cost}
    flown, train, no_ticket, no_boarding, pays, ticket_ban_cost, flight_ban_cost, saved = call(
        live.flies,
        mask(told),
        luck["check"],
        luck["gate"],
        luck["choice"],
        luck["favour"],
        bars_air_ticket=BIT["flight_ticket_ban"],
        checks_air_ticket=word(p["ticket_checked"]),
        bars_air_boarding=BIT["flight_ban"],
        checks_air_boarding=word(p["boarding_checked"]),
        air_fare=fen(p["air_fare"]),
        rail_fare=fen(p["rail_fare"]),
        air_refund=p["refund_at_the_gate"],
        air_to_rail=p["train_instead"],
        **discount,
    )
    assert flown + train + no_ticket + no_boarding in (1, 2)
    return {
        "by": "air" * flown + "train" * train,
        "refused": "ticket" * no_ticket + "boarding" * no_boarding,
        "pays": pays,
        "ticket_ban_cost": ticket_ban_cost,
        "flight_ban_cost": flight_ban_cost,
        "saved": saved,
    }


def in_fen(told: dict, money: set[str]) -> dict:
    return {k: fen(v) if k in money else v for k, v in told.items()}


def in_full(told: dict, named: dict, money: set[str]) -> dict:
    """What a case expects, in fen; of what can be named and is not there is nothing."""
    return dict.fromkeys(named, 0) | in_fen(told, money)


@pytest.mark.parametrize("case", cases("live", "traveller"))
def test_a_traveller(case):
    found = journey(case["given"], scheme("live")["prices"])
    assert found == in_full(case["expect"], found, {"pays", *COSTS})


@pytest.mark.parametrize("case", cases("live", "renter"))
def test_somebody_who_rents(case):
    told, rental = case["given"], scheme("live")["rental"]
    rents, waived, not_put_down, pays = call(
        live.rents_with_deposit,
        mask(told),
        word(told["luck"]),
        fen(told["savings"]),
        BIT["rental_access"],
        word(rental["waiver_granted"]),
        fen(rental["deposit"]),
        fen(rental["fee"]),
    )
    found = {"rents": bool(rents), "waived": bool(waived), "not_put_down": not_put_down, "pays": pays}
    assert found == in_full(case["expect"], found, {"not_put_down", "pays"})


@pytest.mark.parametrize("case", cases("live", "worker"))
def test_somebody_on_a_slow_line_or_without_work(case):
    told, line = case["given"], scheme("live")["line"]
    slowed, unaided, rebated = (
        call(live.acting, mask(told), BIT[under], word(told["luck"]), word(line[how_often]), 0)
        for under, how_often in (
            ("slow_internet", "slowed"),
            ("assistance_refusal", "assistance_refused"),
            ("heating_rebate", "rebate_granted"),
        )
    )
    first = live.ORDINARY if told["works"] else live.OUTSIDE
    job = live.loses_job(first) if told.get("lost_work") else first
    pay, line_cost, aid_cost = call(
        live.pay, fen(told["income"]), job, first, slowed, unaided, 0.5, line["assistance"], line["earned_over_it"], line["lost"], 7, 1, 1
    )
    rebate = call(live.rebate, rebated, fen(line["rebate_a_week"]))
    assert call(live.receives, 0, rebate) == (rebate, rebate)
    found = {"slowed": bool(slowed), "unaided": bool(unaided), "pay": pay, "line_cost": line_cost, "aid_cost": aid_cost, "rebate": rebate}
    assert found == in_full(case["expect"], found, {"pay", "line_cost", "aid_cost", "rebate"})


@pytest.mark.parametrize("case", cases("live", "buyer"))
def test_somebody_who_wants_something_dear(case):
    told, shop = case["given"], scheme("live")["purchase"]
    buys, tried, refused, pays = call(
        live.buys,
        mask(told),
        BIT[FORBIDS[told["wants"]]],
        word(shop["checked"]),
        word(told["luck"]),
        fen(told["savings"]),
        fen(shop["price"][told["wants"]]),
    )
    found = {"buys": bool(buys), "tried": bool(tried), "refused": bool(refused), "pays": pays}
    assert found == in_fen(case["expect"], {"pays"})


def test_every_thing_dear_is_wanted_and_forbidden_in_some_case():
    told = [case.values[0]["given"] for case in cases("live", "buyer")]
    assert {g["wants"] for g in told} == {g["wants"] for g in told if FORBIDS[g["wants"]] in g["under"]} == set(FORBIDS) == set(SPENDING)


@pytest.mark.parametrize("case", cases("live", "member"))
def test_a_member_of_a_household(case):
    own, others, reaches = (sum(BIT[c] for c in names) for names in (*case["given"].values(), scheme("live")["home"]["reaches"]))
    bears = call(live.either, own, others, reaches)
    assert {c for c, bit in BIT.items() if bears & bit} == set(case["expect"])


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
        0,
        fen(told["income"]),
        told["size"],
        fen(school["fee_a_day"]),
        school["may_take"],
    )
    found = {"tried": bool(tried), "refused": bool(refused), "private": bool(private)}
    found["pays_a_week"] = call(live.school_week, private, fen(school["fee_a_week"]))
    if before:
        stays, expelled = call(
            live.keeps_school, private, 0b10, 0b10, mask(told), word(told["luck"]), BIT["private_school_ban"], word(school["checked"]), 0
        )
        assert stays + expelled == 1
        found["expelled"] = bool(expelled)
    assert found == in_fen(case["expect"], {"pays_a_week"})


@pytest.mark.parametrize("case", cases("live", "borrower"))
def test_a_borrower(case):
    told, bank = case["given"], scheme("live")["bank"]
    income, arrears, debt, wealth = fen(told["income"]), told.get("arrears", False), fen(told.get("debt", 0)), fen(told["savings"])
    granted, lent, terms, refused = call(
        live.applies_for_loan,
        mask(told),
        word(told["luck"]),
        0,
        word(told.get("looks", 0)),
        debt,
        fen(told.get("lives_with", 0)),
        arrears,
        BIT["loan_access"],
        word(bank["favour_checked"]),
        BIT["loan_refusal"],
        word(bank["refusal_checked"]),
        bank["fills"],
        bank["approval"],
        bank["approval_favoured"],
        bank["approval_in_arrears"],
    )
    wealth, debt, favoured, borrowed_on = call(live.borrows, wealth, debt, lent, granted, 0, terms, 50, -9000)
    assert (favoured, borrowed_on) == ((terms, 50) if granted else (0, -9000))
    week, *_ = call(live.pay, income, live.ORDINARY, live.ORDINARY, 0, 0, 0.5, 0.3, 0.0, 0.0, 7, 1, 1)
    repaid = call(live.repay, debt, arrears, 1 / bank["weeks"])
    interest = call(live.interest, debt, favoured, arrears, bank["rate"] * 7 / 365, bank["rate_favoured"] * 7 / 365)
    living = call(live.spend, week, repaid, interest, wealth, fen(told["aims_at"]), bank["saving_speed"], bank["least"], 1, 1)
    wealth, debt = call(live.settle, wealth, debt, week, living, repaid, interest)
    found = {
        "granted": bool(granted),
        "favoured": bool(terms),
        "refused": bool(refused),
        "lent": lent,
        "income": week,
        "repaid": repaid,
        "interest": interest,
        "living": living,
        "savings": wealth,
        "debt": debt,
    }
    assert found == in_fen({"refused": False} | case["expect"], set(case["expect"]) - {"granted", "favoured", "refused"})
