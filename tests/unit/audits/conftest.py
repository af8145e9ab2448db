"""One small run that the tests of all audits share, and a way to make a run by hand."""

from __future__ import annotations

import polars as pl
import pytest

import glasshouse as gh
from glasshouse.store import Run


@pytest.fixture(scope="session")
def essay() -> Run:
    """The essay's system beside none: 2,000 citizens, 400 days, in memory."""
    return gh.simulate("essay", citizens=2000, days=400)


@pytest.fixture(scope="session")
def erring() -> Run:
    """The same with a lower score for all, one record in five on somebody else, nearly everybody who objects, and ties soon dropped."""
    numbers = {"regime.essay.score.base": 900, "regime.essay.contest.file": 0.9, "responses.ties.drop": 0.3}
    watch = {f"regime.essay.watch.{channel}.misdirected": 0.2 for channel in ("commerce", "payments", "social", "browsing", "location", "civic")}
    return gh.simulate("essay", citizens=2000, days=400, set=numbers | watch)


@pytest.fixture
def by_hand():
    """A run of tables made by hand."""

    def made(tables: dict[str, pl.DataFrame], regimes: dict[str, dict] | None = None, toml: str = "", citizens: int = 4, seed: int = 1) -> Run:
        """Regimes by name, each with its penalties; without any two of one rule, `first` and `second`."""
        regimes = {"first": {"penalties": {}}, "second": {"penalties": {}}} if regimes is None else regimes
        head = {"scenario": "made", "citizens": citizens, "days": 400, "start": "2020-01-01", "seed": seed}
        return Run(None, {"run": head, "regimes": {name: {"rewards": {}} | has for name, has in regimes.items()}}, toml, {}, {}, tables)

    return made


@pytest.fixture
def people():
    """Citizens by hand under several regimes: what is not said of them is the same of all."""

    def made(under: dict[str, list[dict]], **same: object) -> pl.DataFrame:
        """Each regime's rows, of which each is a dict of what is said."""
        plain = {"year": 2020, "living": True, "weight": 1.0, "age": 40, "sex": "male", "residence": "town", "fifth": "lowest fifth", "label": "0"} | same
        rows = [plain | {"regime": regime, "citizen": number} | row for regime, rows in under.items() for number, row in enumerate(rows)]
        return pl.DataFrame(rows, infer_schema_length=None)

    return made


@pytest.fixture
def asked():
    """The numbers of one audit under one regime, by what each is of."""

    def numbers(run: Run | list[Run], audit, regime: str, column: str = "value") -> dict[str, float | None]:
        table = gh.audit(run, [audit]).filter(regime=regime)
        return dict(zip(table["of"], table[column], strict=True))

    return numbers
