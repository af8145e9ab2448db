"""The shape that the society needs each table to have: columns after the label, and the labels in order."""

from __future__ import annotations

AGES = tuple(f"{low}-{low + 4}" for low in range(0, 95, 5)) + ("95+",)
"""Twenty five-year age bands; the last is open."""
SCHOOLING = ("none_or_other", "illiterate_15_plus", "primary", "junior", "senior", "college")
"""Levels of schooling, 0 to 5."""
RESIDENCES = ("urban", "rural")
QUINTILES = ("low", "lower_middle", "middle", "upper_middle", "high")
SURVIVAL = ("0", "1-4", *AGES[1:])
"""Age bands of mortality: the first year apart; the last is open."""
SIZES = ("1", "2", "3", "4", "5", "6", "7+")

SHAPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "age_sex": (("million", "men_per_100_women"), AGES),
    "residence": (("percent",), RESIDENCES),
    "education": (("per_100000",), SCHOOLING),
    "household_size": (("percent",), SIZES),
    "income": (("yuan",), QUINTILES),
    "internet": (("percent",), ("all", "rural")),
    "platforms": (("percent",), ("pays", "shops", "talks", "searches")),
    "licence": (("percent",), ("adults",)),
    "work": (("percent",), ("aged_15_plus",)),
    "group": (("percent",), ("minority",)),
    "registration": (("percent",), ("elsewhere",)),
    "housing": (("percent",), ("rents", "has_debt")),
    "balance": (("times",), ("debt", "net_worth")),
    "fertility": (("births",), ("15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49")),
    "mortality": (("men", "women"), SURVIVAL),
    "schooling_by_age": (SCHOOLING, AGES),
    "gradients_by_age": (
        (
            "urban_odds",
            "married_men",
            "married_women",
            "internet",
            "licence_men",
            "licence_women",
            "work_men",
            "work_women",
            "alone",
        ),
        AGES,
    ),
    "schooling_odds": (("urban_odds", "older_women_odds"), SCHOOLING),
}

VALUES = (
    "household.eight_of_seven_up",
    "household.husband_older",
    "household.spouse_spread",
    "household.two_children",
    "household.three_children",
    "household.lone_head",
    "household.larger_than_family",
    "household.lone_parent",
    "order.noise",
    "income.lowest",
    "income.highest",
    "income.urban_over_rural",
    "income.schooling_pull",
    "income.size_pull",
    "lives.mortality",
    "registration.urban_odds",
    "registration.renter_odds",
    "group.urban_odds",
    "group.quintile_odds",
    "platforms.young_old_odds",
    "housing.rural_renters",
    "debt.rural",
    "debt.rural_multiple",
    "debt.shape",
    "wealth.rural_multiple",
    "wealth.renter",
    "wealth.shape",
)
"""Paths of the values that the society needs beside the tables."""
