"""What each owes at the start, as if loans had been taken and paid back for long."""

import numpy as np

NEVER = 1e-3  # loans a year, and years, below which a share would be one of nothing


def held(debt: np.ndarray, household: np.ndarray, adult: np.ndarray, years: np.ndarray, loans: np.ndarray, drawn: float, repaid: float,
         luck: np.ndarray) -> np.ndarray:  # fmt: skip
    """Fen that each owes, what a household owes being what it was: (n,) float64.

    Who comes of age owes nothing. Loans come at `loans` a year, so after some years a share exp(-loans x years) has had none; what all
    owe on the mean has come to a share 1 - exp(-(loans x drawn + repaid) x years) of what one lives with, and those who have borrowed owe it all.
    Where nobody has borrowed yet, all adults of the household owe alike.

    Args:
        debt: (n,) fen, each adult's even part of what the household owes. household: (n,) its number.
        adult: (n,) bool, who is grown up. years: (n,) since then.
        loans: (n,) loans granted a year. drawn, repaid: shares of the room that a loan fills, and of debt paid back in a year.
        luck: (n,) 0 up to 1, one draw each.

    Example:
        >>> two = np.ones(2)
        >>> held(50 * two, 0 * two.astype(int), two > 0, np.array([30.0, 0.1]), two, 0.5, 0.1, 0.5 * two).round(1)
        array([100.,   0.])
    """
    loans, years = np.maximum(loans, NEVER), np.maximum(years, NEVER)
    borrowed = -np.expm1(-loans * years)
    part = np.where(adult & (luck < borrowed), -np.expm1(-(loans * drawn + repaid) * years) / borrowed, 0.0)
    of_home = lambda what: np.bincount(household, what, int(household[-1]) + 1)[household]  # noqa: E731
    part = np.where(of_home(part) > 0, part, adult)
    return of_home(np.where(adult, debt, 0)) * part / np.maximum(of_home(part), NEVER)
