"""The whole-run invariants take minutes: `make long` runs them. That equal runs leave equal bytes is asked every time."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
ALWAYS = {"test_same_bytes.py"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents and item.path.name not in ALWAYS:
            item.add_marker(pytest.mark.long)
