"""From tables to shares: the people raked from the published margins, and every rate raked over the people that it is a rate of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glasshouse.errors import BadInput
from glasshouse.society.powers import bounded_pareto, log_logistic, power
from glasshouse.society.raking import binary, margin_of, rake
from glasshouse.society.tables import Tables

BANDS = 20
ADULT = 18
TOP_CELLS = 4096
MULTIPLE_CELLS = 1024
DAYS_A_YEAR = 365
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def urban_share(tables: Tables) -> float:
    """Share of residents in towns, 0..1."""
    shares = tables["residence"].column("percent")
    return float(shares[0] / np.cumsum(shares)[-1])


def age_sex_shares(tables: Tables) -> Floats:
    """Share of residents by age band and sex, float64, (20, 2), sum 1."""
    millions, men = tables["age_sex"].column("million"), tables["age_sex"].column("men_per_100_women")
    shares = np.stack([millions * men / (100.0 + men), millions * 100.0 / (100.0 + men)], axis=1)
    return shares / margin_of(shares, ())


def schooling_shares(tables: Tables) -> Floats:
    """Share of residents by level of schooling, float64, (6,), sum 1."""
    shares = tables["education"].column("per_100000")
    return shares / np.cumsum(shares)[-1]


def person_shares(tables: Tables) -> Floats:
    """Share of residents by age, sex, residence (0 rural, 1 urban) and schooling, raked, float64, (20, 2, 2, 6), sum 1."""
    by_age = tables["gradients_by_age"].column("urban_odds")
    odds, older = tables["schooling_odds"].column("urban_odds"), tables["schooling_odds"].column("older_women_odds")
    guess = np.ones((BANDS, 2, 2, 6)) * tables["schooling_by_age"].cells[:, None, None, :]
    guess[10:, 1] *= older
    guess[:, :, 1] *= by_age[:, None, None] * odds
    guess[:3, :, 1] /= odds  # children's level says their age, not where they live
    urban = urban_share(tables)
    margins = [((0, 1), age_sex_shares(tables)), ((2,), np.array([1.0 - urban, urban])), ((3,), schooling_shares(tables))]
    return rake(guess, margins, names=["age_sex", "residence", "education"])


def size_shares(tables: Tables) -> Floats:
    """Share of households by size 1..8, float64, (8,), sum 1: the published open class is split in two."""
    shares = tables["household_size"].column("percent")
    shares = shares / np.cumsum(shares)[-1]
    eight = tables.number("household.eight_of_seven_up")
    return np.append(shares[:6], [shares[6] * (1.0 - eight), shares[6] * eight])


def quintile_shares(tables: Tables) -> Floats:
    """Share of households by residence (0 rural, 1 urban) and income fifth, float64, (2, 5), sum 1.

    Each fifth holds a fifth of all households; the odds of a town grow by the same factor from fifth to fifth, and the factor gives the
    ratio of urban to rural mean income.
    """
    urban, means, wanted = urban_share(tables), tables["income"].column("yuan"), tables.number("income.urban_over_rural")

    def shares(factor: float) -> Floats:
        guess = np.ones((2, 5))
        for fifth in range(1, 5):
            guess[1, fifth] = guess[1, fifth - 1] * factor
        return rake(guess, [((0,), np.array([1.0 - urban, urban])), ((1,), np.full(5, 0.2))], names=["residence", "quintiles"])

    def ratio(have: Floats) -> float:
        rural_mean, urban_mean = (float(np.cumsum(row * means)[-1] / np.cumsum(row)[-1]) for row in have)
        return urban_mean / rural_mean

    low, high = 1.0, 12.0
    below, above = ratio(shares(low)) - wanted, ratio(shares(high)) - wanted
    if below > 1e-9 or above < 0.0:
        raise BadInput(
            f"with these fifths the urban mean can be 1 to {above + wanted:.2f} times the rural one, not {wanted:g}",
            key="society.income.urban_over_rural",
        )
    # False position with the Illinois step: the ratio grows with the factor.
    for _ in range(60):
        middle = (low * above - high * below) / (above - below)
        off = ratio(shares(middle)) - wanted
        if abs(off) < 1e-9:
            return shares(middle)
        if off < 0.0:
            low, below, above = middle, off, above / 2.0
        else:
            high, above, below = middle, off, below / 2.0
    return shares((low + high) / 2.0)


def income_edges(tables: Tables) -> tuple[Floats, Floats]:
    """Where the fifths meet, and the incomes of the highest.

    Incomes are uniform inside the lower four fifths, so each mean and lower edge give the upper edge; the highest fifth is a bounded Pareto
    tail. The official Gini is not an input.

    Returns:
        edges, float64, (6,), and quantiles of the highest fifth, float64, (4096,): yuan a head and year.
    """
    means = tables["income"].column("yuan")
    edges = [tables.number("income.lowest")]
    for mean in means[:4]:
        edges.append(2.0 * float(mean) - edges[-1])
        if edges[-1] <= edges[-2]:
            raise BadInput(
                f"the fifths of income overlap: an upper edge of {edges[-1]:.0f} yuan lies below {edges[-2]:.0f}",
                key="society.income.lowest",
            )
    highest = tables.number("income.highest")
    try:
        top = bounded_pareto(edges[4], highest, float(means[4]), TOP_CELLS)
    except (ValueError, ZeroDivisionError):
        raise BadInput(
            f"the highest fifth begins at {edges[4]:.0f} yuan and has a mean of {means[4]:.0f}; no tail up to {highest:.0f} has that",
            key="society.income.highest",
        ) from None
    return np.array([*edges, highest]), top


def band_days() -> Ints:
    """First age in days, and number of days, of each age band, int64, (20, 2); the last band ends at 105 years."""
    starts = [(5 * band * 1461 + 3) // 4 for band in range(BANDS)] + [(105 * 1461 + 3) // 4]
    # A newborn is at least a day old, so that every birth day is negative.
    starts[0] = 1
    return np.array([[starts[band], starts[band + 1] - starts[band]] for band in range(BANDS)], dtype=np.int64)


def adult_share() -> float:
    """Share of the band 15-19 that is 18 or older, 0..1: ages are uniform inside a band."""
    first, days = band_days()[3]
    return float((first + days - (ADULT * 1461 + 3) // 4) / days)


def internet_chances(tables: Tables, people: Floats) -> Floats:
    """Chance to use the internet by residence and age band, float64, (2, 20): published totals, assumed shape over ages."""
    weights = margin_of(people, (0, 2)).T
    everybody, rural = tables["internet"].at("all") / 100.0, tables["internet"].at("rural") / 100.0
    in_country = 1.0 - urban_share(tables)
    yes = np.array([in_country * rural, everybody - in_country * rural])
    guess = np.tile(tables["gradients_by_age"].column("internet") / 100.0, (2, 1))
    return binary(guess, weights, [((0,), yes)], "internet")


def service_shares(tables: Tables, people: Floats) -> Floats:
    """Share of internet users by age band and services (searches, talks, shops, pays), float64, (20, 2, 2, 2, 2); who shops pays."""
    users = margin_of(people, (0, 2)).T * internet_chances(tables, people)
    by_age = margin_of(users, (1,)) / margin_of(users, ())
    share = {name: tables["platforms"].at(name) / 100.0 for name in ("pays", "shops", "talks", "searches")}
    guess = np.ones((BANDS, 2, 2, 2, 2)) * by_age[:, None, None, None, None]
    odds = tables.number("platforms.young_old_odds")
    for axis, name in ((1, "searches"), (2, "talks"), (3, "shops"), (4, "pays")):
        shape = [2 if at == axis else 1 for at in range(5)]
        guess = guess * np.array([1.0 - share[name], share[name]]).reshape(shape)
    for band in (0, 1, 2, 14, 15, 16, 17, 18, 19):
        guess[band, ..., 1] *= odds
    guess[..., 1, 0] = 0.0
    margins = [((0,), by_age)]
    margins += [
        ((axis,), np.array([1.0 - share[name], share[name]])) for axis, name in ((1, "searches"), (2, "talks"), (3, "shops"), (4, "pays"))
    ]
    return rake(guess, margins, names=["users by age", "searches", "talks", "shops", "pays"])


def adult_weights(people: Floats) -> Floats:
    """Share of residents who are 18 or older, by sex and age band, float64, (2, 20)."""
    weights = margin_of(people, (0, 1)).T.copy()
    weights[:, :3] = 0.0
    weights[:, 3] *= adult_share()
    return weights


def licence_chances(tables: Tables, people: Floats) -> Floats:
    """Chance that an adult holds a licence, by sex and age band, float64, (2, 20)."""
    weights = adult_weights(people)
    yes = margin_of(weights, ()) * (tables["licence"].at("adults") / 100.0)
    return binary(by_sex(tables, "licence") / 100.0, weights, [((), yes)], "licence")


def work_chances(tables: Tables, people: Floats) -> Floats:
    """Chance that an adult is in work, by sex and age band, float64, (2, 20)."""
    aged_15 = margin_of(people[3:], ())
    yes = aged_15 * (tables["work"].at("aged_15_plus") / 100.0)
    return binary(by_sex(tables, "work") / 100.0, adult_weights(people), [((), yes)], "work")


def group_chances(tables: Tables, quintiles: Floats) -> Floats:
    """Chance that a household has the label, by residence and income fifth, float64, (2, 5)."""
    share = tables["group"].at("minority") / 100.0
    odds = np.full((2, 5), share / (1.0 - share))
    odds[1] *= tables.number("group.urban_odds")
    for fifth in range(1, 5):
        odds[:, fifth] = odds[:, fifth - 1] * tables.number("group.quintile_odds")
    return binary(odds / (1.0 + odds), quintiles, [((), np.array(share))], "group")


def by_sex(tables: Tables, what: str) -> Floats:
    gradients = tables["gradients_by_age"]
    return np.stack([gradients.column(f"{what}_men"), gradients.column(f"{what}_women")])


def birth_ages(tables: Tables) -> Floats:
    ages = np.arange(18, 46)
    return tables["fertility"].column("births")[(ages - 15) // 5]


OLDEST = 130
"""Years of age up to which curves over a life are kept."""


def survivors(tables: Tables) -> Ints:
    """Survivors of 2^31 at whole years of age, by sex, int64, (2, 131): the table's chances, spread evenly over the years of a band.

    The value `lives.mortality` multiplies the force of mortality, so that the chance to survive a year is taken to that power.
    """
    table, force = tables["mortality"], tables.number("lives.mortality")
    years = np.array([1] + [4] + [5] * (BANDS - 1))
    out = np.empty((2, OLDEST + 1))
    for sex in (0, 1):
        stay = 1.0 - table.cells[:, sex] / 100_000.0
        if (stay <= 0.0).any() or (stay > 1.0).any():
            raise BadInput("nobody would survive, or more than all: chances of dying lie between 0 and 100,000", key="society.mortality")
        yearly = np.concatenate([np.full(n, _root(float(p), int(n))) for p, n in zip(stay, years, strict=True)])
        yearly = np.concatenate([yearly, np.full(OLDEST - len(yearly), yearly[-1])])
        out[sex] = np.concatenate([[1.0], np.cumprod(power(yearly, force))])
    return np.rint(out * 2.0**31).astype(np.int64)


def _root(share: float, years: int) -> float:
    """The yearly chance that a chance over some years comes from."""
    return float(power(np.array(share), 1.0 / years))


def births_so_far(tables: Tables) -> Ints:
    """Births to a woman before each whole year of age, int64, (131,), in 1/2^24: the yearly rates of her age bands, added up."""
    rates = np.zeros(OLDEST)
    rates[15:50] = np.repeat(tables["fertility"].column("births") / 1000.0, 5)
    return np.concatenate([[0], np.rint(np.cumsum(rates) * 2.0**24)]).astype(np.int64)


def newcomers(tables: Tables, people: Floats) -> float:
    """Births in ten years to a resident of the first day."""
    women, curve = margin_of(people, (0, 1))[:, 1], births_so_far(tables) / 2.0**24
    at = np.minimum(np.arange(5 * BANDS), OLDEST - 12)
    # The middle of each year of age, to the middle of that ten years on.
    ten = (curve[at + 10] + curve[at + 11] - curve[at] - curve[at + 1]) / 2.0
    return float(np.cumsum(women * ten.reshape(BANDS, 5).mean(axis=1))[-1])


def boys_share(tables: Tables) -> float:
    """Share of boys among the youngest."""
    men = tables["age_sex"].column("men_per_100_women")[0]
    return float(men / (100.0 + men))


def graduate_chances(tables: Tables, people: Floats) -> Floats:
    """Share of adults with college by sex and residence (0 rural, 1 urban), float64, (2, 2): what those who grow up will have."""
    grown = margin_of(people[4:], (1, 2, 3))
    return grown[..., 5] / np.cumsum(grown, axis=-1)[..., -1]


def elsewhere_chances(tables: Tables) -> Floats:
    """Chance that a household is registered elsewhere, by residence and renter, float64, (2, 2)."""
    share = tables["registration"].at("elsewhere") / 100.0
    urban, rents = urban_share(tables), renter_shares(tables)
    weights = np.array([1.0 - urban, urban])[:, None] * np.stack([1.0 - rents, rents], axis=1)
    odds = np.full((2, 2), share / (1.0 - share))
    odds[1] *= tables.number("registration.urban_odds")
    odds[:, 1] *= tables.number("registration.renter_odds")
    return binary(odds / (1.0 + odds), weights, [((), np.array(share))], "registration")


def renter_shares(tables: Tables) -> Floats:
    """Share of households that rent, by residence, float64, (2,)."""
    return np.array([tables.number("housing.rural_renters"), tables["housing"].at("rents")]) / 100.0


def wealth_multiples(tables: Tables) -> Ints:
    spread = log_logistic(tables.number("wealth.shape"), MULTIPLE_CELLS)
    worth, renter = tables["balance"].at("net_worth"), tables.number("wealth.renter")
    rents = tables["housing"].at("rents") / 100.0
    owner = worth / (1.0 - rents + rents * renter)
    rural = tables.number("wealth.rural_multiple")
    means = np.array([[owner * rural, owner * renter * rural], [owner, owner * renter]])
    return np.rint(means[..., None] * spread * 65536.0).astype(np.int64)


def debt_multiples(tables: Tables) -> Ints:
    spread = log_logistic(tables.number("debt.shape"), MULTIPLE_CELLS)
    urban = tables["balance"].at("debt") / (tables["housing"].at("has_debt") / 100.0)
    means = np.array([urban * tables.number("debt.rural_multiple"), urban])
    return np.rint(means[:, None] * spread * 65536.0).astype(np.int64)
