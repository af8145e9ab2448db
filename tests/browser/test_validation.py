"""The page of a validation in a real browser: every chart draws, at a desk and on a phone, and nothing is asked of a network."""

import pytest
from tests.browser.test_report import load, shape
from tests.unit.fake_validation import fake_validation

from glasshouse.present.validation import page as page_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of made-up numbers, as a file."""
    path = tmp_path_factory.mktemp("validation") / "validation.html"
    path.write_text(page_of(fake_validation().as_dict()), encoding="utf-8")
    return path


@pytest.mark.parametrize("width", [412, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_chart_draws_inside_its_place(browser, page, width, theme):
    load(browser, page, width, theme)
    charts = shape(browser)
    assert len(charts) == 9
    for chart in charts:
        assert chart["marks"] >= 2, chart
        assert chart["text_left"] >= chart["left"] - 1, chart
        assert chart["text_right"] <= chart["right"] + 1, chart
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.get_log("browser") == []
    asked = browser.execute_script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in asked if not name.startswith("data:")] == []
