"""A risk model fitted inside a run, on what a regime recorded of the synthetic society, and turned into whole numbers.

It stays in the run: a table of points by feature and value. Nothing applies it to anybody outside.
"""

import warnings

import numpy as np

from glasshouse.day import FEATURE_VALUES, FEATURES, FLAGS
from glasshouse.errors import BadInput

MOST = 100_000  # citizens that a model is fitted on
POINTS = 100  # points for each unit of log odds
HASH = 0x9E3779B97F4A7C15


def values_of(column: dict[str, np.ndarray], world: dict[str, np.ndarray], day: int) -> np.ndarray:
    """The value of each feature for each citizen, as the rule `score.risk` has them: (features, n) int64."""
    age = day - column["birth"]
    band = (age >= world["adult_days"]).astype(np.int64) + (age >= world["middle_days"]) + (age >= world["old_days"])
    flag = lambda name: (column["risk"] >> FLAGS.index(name) & 1).astype(np.int64)  # noqa: E731
    rows = {
        "age": band,
        "sex": column["sex"],
        "residence": column["urban"],
        "income": column["quintile"],
        "renter": flag("renter"),
        "parent": flag("parent"),
        "graduate": flag("graduate"),
        "online": flag("internet"),
        "drives": flag("drives"),
        "job": column["job"],
        "arrears": (column["arrears"] > 0).astype(np.int64),
        "new_job": (day - column["job_on"].astype(np.int64) < world["new_days"]).astype(np.int64),
        "short": (column["wealth"] < column["income"].astype(np.int64) * int(world["short_days"])).astype(np.int64),
        "household": np.minimum(column["size"], FEATURE_VALUES).astype(np.int64) - 1,
    }
    return np.array([rows[name] for name in FEATURES], np.int64)


def sample(slots: np.ndarray, caught: np.ndarray, balance: float | None, of: tuple[int, int] | None = None) -> np.ndarray:
    """Which of the slots a model is fitted on: (n,) bool, by a hash of the slot, with the wished share of cases among them.

    of: how many there are in all, and how many cases, where the slots are not all of them.
    """
    many, cases = (len(slots), int(caught.sum())) if of is None else of
    with np.errstate(over="ignore"):
        luck = (slots.astype(np.uint64) * np.uint64(HASH) >> np.uint64(40)).astype(np.float64) / 2**24
    keep = np.full(len(slots), min(1.0, MOST / max(1, many)))
    if balance is not None and 0 < balance < 1 and cases:
        others = cases * (1 - balance) / balance
        keep = np.where(caught, keep, np.minimum(keep, others / max(1, many - cases)))
    return luck < keep


def fit(features: tuple[str, ...], values: np.ndarray, caught: np.ndarray, key: str) -> np.ndarray:
    """Points of risk by feature and value, fitted by logistic regression: (features, values) int64; 0 for what it may not see.

    Args:
        features: the features it may see.
        values: (features, n), as `values_of` gives them.
        caught: (n,) bool, whom the regime has a record of.
        key: the path of the model, for messages.
    """
    try:
        from sklearn.linear_model import LogisticRegression
        from threadpoolctl import threadpool_limits
    except ImportError:
        raise BadInput("a fitted model needs scikit-learn: pip install 'glasshouse[risk]'", key=key) from None
    table = np.zeros((len(FEATURES), FEATURE_VALUES), np.int64)
    if caught.all() or not caught.any():
        return table  # nothing to tell apart
    rows = [(f, v) for f, name in enumerate(FEATURES) if name in features for v in range(FEATURE_VALUES) if (values[f] == v).any()]
    inputs = np.array([values[f] == v for f, v in rows], np.float64).T
    with threadpool_limits(1), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(C=1.0, max_iter=500, tol=1e-8).fit(inputs, caught)
    for (f, v), weight in zip(rows, model.coef_[0], strict=True):
        table[f, v] = round(float(weight) * POINTS)
    return table


def cut(scores: np.ndarray, share: float, times: np.ndarray | None = None) -> int:
    """The score below which the wished share stands, or less where many have the same: an integer between two scores.

    times: how many have each score; one each if not said.
    """
    if not len(scores) or share <= 0:
        return -(1 << 28)
    order = np.argsort(scores, kind="stable")
    upto = np.cumsum(np.ones(len(scores), np.int64) if times is None else times[order])
    return int(scores[order][np.searchsorted(upto, min(upto[-1] - 1, int(share * upto[-1])), side="right")])
