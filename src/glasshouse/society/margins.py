"""Every published number that the society uses, beside what was drawn: the table that a report prints.

z = (drawn - published) / standard error of the draw. Three kinds of draw, three standard errors:
- households are drawn one by one: shares of households are binomial over households, means and ratios are taken over them;
- what a household shares (residence, label) is published for persons: the household is the cluster, the error that of a ratio of totals;
- persons are drawn one by one, given residence: binomial inside each residence, plus what the drawn share of townspeople adds. Who then
  shares a home with whom moves no such number, so households are no cluster here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from glasshouse.society.people import People
from glasshouse.society.shapes import AGES, QUINTILES, SCHOOLING, SIZES
from glasshouse.society.shares import (
    DAYS_A_YEAR,
    age_sex_shares,
    schooling_shares,
    urban_share,
)
from glasshouse.society.tables import Tables

Row = dict[str, Any]


def margins(people: People, tables: Tables) -> list[Row]:
    """Compare those of a society who live on the first day with every published total that they were drawn from.

    Args:
        people: from `build`.
        tables: the tables that it was built from.

    Returns:
        One dict a number: margin, category, unit, published, drawn, error (standard error of the draw), z (None where the draw has no
            spread, or nobody is
        in the class), source, status, year, recalled.

    Example:
        >>> from glasshouse.society import build, load_tables
        >>> tables = load_tables()
        >>> rows = margins(build(tables, 20_000, seed=1), tables)
        >>> rows[0]["margin"], rows[0]["category"], abs(rows[0]["z"]) < 5
        ('age and sex', '0-4, male', True)
    """
    view = _View(people.on(0))
    return [
        *_age_sex(view, tables),
        *_residence(view, tables),
        *_schooling(view, tables),
        *_sizes(view, tables),
        *_incomes(view, tables),
        *_platforms(view, tables),
        *_rates(view, tables),
        *_homes(view, tables),
    ]


class _View:
    """Counts that several rows need, each made in one pass."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.citizens = len(people)
        self.age = people.age()
        self.town = people.urban == 1
        self.heads = np.flatnonzero(people.place == 0)
        self.members = people.size[self.heads].astype(np.float64)
        share = float(np.mean(self.town))
        off = (self.town[self.heads] - share) * self.members
        self.town_share, self.town_variance = share, float(off @ off) / self.citizens**2

    def of_persons(self, has: NDArray[np.bool_], among: NDArray[np.bool_] | None = None) -> tuple[float, float]:
        """A share among persons (in percent) and its standard error: persons are drawn given residence."""
        among = np.ones(self.citizens, dtype=bool) if among is None else among
        weight = float(np.count_nonzero(among)) / self.citizens
        if weight == 0:
            return float("nan"), 0.0
        drawn = float(np.count_nonzero(has & among)) / self.citizens / weight
        variance, means = 0.0, []
        for share, inside in ((self.town_share, self.town), (1.0 - self.town_share, ~self.town)):
            here = max(int(np.count_nonzero(inside)), 1)
            both = np.count_nonzero(has & among & inside) / here
            base = np.count_nonzero(among & inside) / here
            # The residual of a ratio: (has - drawn) for those among, 0 for the others.
            mean = both - drawn * base
            variance += share * (both * (1.0 - 2.0 * drawn) + drawn * drawn * base - mean * mean) / self.citizens
            means.append(mean)
        variance += (means[0] - means[1]) ** 2 * self.town_variance
        return 100.0 * drawn, 100.0 * max(variance, 0.0) ** 0.5 / weight

    def of_clusters(self, has: NDArray[np.bool_]) -> tuple[float, float]:
        """A share of persons (in percent) of what whole households have, and its standard error: the household is the cluster."""
        drawn = float(has[self.heads] @ self.members) / self.citizens
        off = (has[self.heads] - drawn) * self.members
        return 100.0 * drawn, 100.0 * float(off @ off) ** 0.5 / self.citizens

    def of_households(self, has: NDArray[np.bool_], among: NDArray[np.bool_] | None = None) -> tuple[float, float]:
        """A share among households (in percent) and its binomial standard error."""
        has = has[self.heads] if among is None else has[self.heads][among[self.heads]]
        if len(has) == 0:
            return float("nan"), 0.0
        share = float(np.mean(has))
        return 100.0 * share, 100.0 * (share * (1.0 - share) / len(has)) ** 0.5


def _row(margin: str, category: str, unit: str, published: float, drawn: tuple[float, float], said: dict[str, Any]) -> Row:
    value, error = float(drawn[0]), float(drawn[1])
    return {
        "margin": margin,
        "category": category,
        "unit": unit,
        "published": published,
        "drawn": None if np.isnan(value) else value,
        "error": error,
        "z": (value - published) / error if error > 0 else None,
        "source": said["source"],
        "status": said["status"],
        "year": said["year"],
        "recalled": bool(said["recalled"]),
    }


def _age_sex(view: _View, tables: Tables) -> list[Row]:
    shares, table, people = age_sex_shares(tables), tables["age_sex"], view.people
    cell = np.minimum(view.age // 5, 19) * 2 + people.sex
    return [
        _row(
            "age and sex",
            f"{label}, {('male', 'female')[sex]}",
            "% of residents",
            100.0 * float(shares[band, sex]),
            view.of_persons(cell == 2 * band + sex),
            table.cite(label),
        )
        for band, label in enumerate(AGES)
        for sex in (0, 1)
    ]


def _residence(view: _View, tables: Tables) -> list[Row]:
    share, table = 100.0 * urban_share(tables), tables["residence"]
    return [
        _row("residence", "urban", "% of residents", share, view.of_clusters(view.town), table.cite("urban")),
        _row("residence", "rural", "% of residents", 100.0 - share, view.of_clusters(~view.town), table.cite("rural")),
    ]


def _schooling(view: _View, tables: Tables) -> list[Row]:
    shares, table = schooling_shares(tables), tables["education"]
    return [
        _row(
            "education",
            label,
            "% of residents",
            100.0 * float(shares[level]),
            view.of_persons(view.people.education == level),
            table.cite(label),
        )
        for level, label in enumerate(SCHOOLING)
    ]


def _sizes(view: _View, tables: Tables) -> list[Row]:
    table = tables["household_size"]
    shares = table.column("percent")
    size = np.minimum(view.people.size, len(SIZES))
    return [
        _row(
            "household size",
            label,
            "% of households",
            100.0 * float(shares[at] / shares.sum()),
            view.of_households(size == at + 1),
            table.cite(label),
        )
        for at, label in enumerate(SIZES)
    ]


def _incomes(view: _View, tables: Tables) -> list[Row]:
    table, people = tables["income"], view.people
    fifth = people.quintile[view.heads]
    yuan = people.income[view.heads] * (DAYS_A_YEAR / 100.0)
    rows = []
    for at, label in enumerate(QUINTILES):
        said = table.cite(label)
        # A fifth is a fifth by definition: no table is cited for it but that of the means.
        rows.append(_row("households by income fifth", label, "% of households", 20.0, view.of_households(people.quintile == at), said))
    for at, label in enumerate(QUINTILES):
        rows.append(_row("mean income in each fifth", label, table.unit, table.at(label), _mean(yuan[fifth == at]), table.cite(label)))
    value = tables.values["income.urban_over_rural"]
    said = {"source": value.source, "status": value.status, "year": None, "recalled": value.recalled}
    town = view.town[view.heads]
    (urban, urban_error), (rural, rural_error) = _mean(yuan[town]), _mean(yuan[~town])
    ratio = urban / rural
    error = ratio * ((urban_error / urban) ** 2 + (rural_error / rural) ** 2) ** 0.5
    rows.append(_row("urban over rural mean income", "all", "ratio", float(value.value), (ratio, error), said))
    return rows


def _platforms(view: _View, tables: Tables) -> list[Row]:
    people, online = view.people, view.people.internet == 1
    internet, platforms = tables["internet"], tables["platforms"]
    rows = [
        _row("internet use", "all", internet.unit, internet.at("all"), view.of_persons(online), internet.cite("all")),
        _row(
            "internet use",
            "rural",
            "% of rural residents",
            internet.at("rural"),
            view.of_persons(online, ~view.town),
            internet.cite("rural"),
        ),
    ]
    for service in platforms.labels:
        drawn = view.of_persons(getattr(people, service) == 1, online)
        rows.append(_row("services", service, platforms.unit, platforms.at(service), drawn, platforms.cite(service)))
    return rows


def _rates(view: _View, tables: Tables) -> list[Row]:
    people = view.people
    licence, work, group, registration = tables["licence"], tables["work"], tables["group"], tables["registration"]
    return [
        _row(
            "driving licence",
            "adults",
            licence.unit,
            licence.at("adults"),
            view.of_persons(people.drives == 1, view.age >= 18),
            licence.cite("adults"),
        ),
        _row(
            "in work",
            "aged 15 and over",
            work.unit,
            work.at("aged_15_plus"),
            view.of_persons(people.works == 1, view.age >= 15),
            work.cite("aged_15_plus"),
        ),
        _row("group", "minority", group.unit, group.at("minority"), view.of_clusters(people.group == 1), group.cite("minority")),
        _row(
            "registration",
            "elsewhere",
            registration.unit,
            registration.at("elsewhere"),
            view.of_clusters(people.elsewhere == 1),
            registration.cite("elsewhere"),
        ),
    ]


def _homes(view: _View, tables: Tables) -> list[Row]:
    people, housing = view.people, tables["housing"]
    owes = np.zeros(view.citizens, dtype=bool)
    owes[view.heads] = people.debt[view.heads] > 0
    balance = tables["balance"]
    town = view.town[view.heads]
    year = (people.income[view.heads] * view.members)[town] * DAYS_A_YEAR
    debt = np.bincount(people.household, weights=people.debt)[people.household[view.heads]][town]
    worth = np.bincount(people.household, weights=people.wealth)[people.household[view.heads]][town]
    return [
        _row(
            "urban households",
            "rents",
            housing.unit,
            housing.at("rents"),
            view.of_households(people.renter == 1, view.town),
            housing.cite("rents"),
        ),
        _row(
            "urban households",
            "has debt",
            housing.unit,
            housing.at("has_debt"),
            view.of_households(owes, view.town),
            housing.cite("has_debt"),
        ),
        _row("urban households", "debt over income", balance.unit, balance.at("debt"), _ratio(debt, year), balance.cite("debt")),
        _row(
            "urban households",
            "net worth over income",
            balance.unit,
            balance.at("net_worth"),
            _ratio(worth, year),
            balance.cite("net_worth"),
        ),
    ]


def _mean(values: NDArray[np.float64]) -> tuple[float, float]:
    if len(values) == 0:
        return float("nan"), 0.0
    return float(np.mean(values)), float(np.std(values) / len(values) ** 0.5)


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> tuple[float, float]:
    """A ratio of totals over households, and its standard error."""
    total = float(below.sum())
    if total == 0:
        return float("nan"), 0.0
    ratio = float(above.sum()) / total
    off = above - ratio * below
    return ratio, float(off @ off) ** 0.5 / total
