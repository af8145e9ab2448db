"""The report in a real browser: every chart draws, nothing is asked of a network, and it fits a desk and a phone."""

import json
import time

import pytest
from tests.unit.fake_run import fake_run

from glasshouse.present import write_report

pytestmark = pytest.mark.browser
WIDTHS = (360, 390, 1280, 1920)
MARKS = ".mark-rect path, .mark-area path, .mark-line path, .mark-symbol path, .mark-rule line, .mark-text text"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A report of three regimes, as a file."""
    return write_report(fake_run(regimes=("none", "essay", "lottery")), tmp_path_factory.mktemp("report") / "report.html")


def load(browser, page, width: int, theme: str = "light", script: bool = True) -> None:
    """Open the page at a width and theme and wait until it says that every chart is drawn."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500}
    )
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
    browser.get_log("browser")
    browser.get(page.as_uri())
    until = time.monotonic() + 30
    while script and not browser.execute_script("return document.documentElement.dataset.drawn"):
        assert time.monotonic() < until, "the charts were not drawn within 30 seconds"
        time.sleep(0.05)


def shape(browser) -> list[dict]:
    """For each chart: its id, how many marks it has, its box, the box of its place, and how far its text reaches."""
    return browser.execute_script(
        """
        return [...document.querySelectorAll('.chart')].map((place) => {
          const svg = place.querySelector('svg'), box = place.getBoundingClientRect(), drawn = svg ? svg.getBoundingClientRect() : {};
          const texts = svg ? [...svg.querySelectorAll('text')].filter((t) => t.textContent).map((t) => t.getBoundingClientRect()) : [];
          return {
            id: place.id, marks: svg ? svg.querySelectorAll(arguments[0]).length : 0,
            left: box.left, right: box.right, width: box.width, height: drawn.height || 0,
            text_left: Math.min(...texts.map((t) => t.left)), text_right: Math.max(...texts.map((t) => t.right)), texts: texts.length,
          };
        });
        """,
        MARKS,
    )


@pytest.mark.parametrize("width", WIDTHS)
def test_every_chart_draws_inside_its_place(browser, page, width):
    load(browser, page, width)
    charts = shape(browser)
    assert len(charts) >= 30
    for chart in charts:
        assert chart["marks"] >= 2, chart
        assert chart["texts"] >= 2, chart
        assert chart["height"] > 60, chart
        assert chart["width"] > 200, chart
        assert chart["text_left"] >= chart["left"] - 1, chart
        assert chart["text_right"] <= chart["right"] + 1, chart
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    assert browser.get_log("browser") == []  # no error, no warning, nothing that the page's own policy forbids


def test_nothing_is_asked_of_a_network(browser, page):
    load(browser, page, 1280)
    asked = browser.execute_script("return performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert [name for name in asked if not name.startswith("data:")] == []


@pytest.mark.parametrize("width", [390, 1280])
def test_labels_of_an_axis_do_not_overlap(browser, page, width):
    load(browser, page, width)
    clashes = browser.execute_script(
        """
        const clash = [];
        for (const axis of document.querySelectorAll('.chart .role-axis-label')) {
          const shown = [...axis.querySelectorAll('text')].filter((t) => t.textContent && t.getAttribute('opacity') !== '0');
          const boxes = shown.map((t) => [t.textContent, t.getBoundingClientRect()]);
          for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
            const [a, b] = [boxes[i][1], boxes[j][1]];
            const across = a.left < b.right - 1 && b.left < a.right - 1;
            if (across && a.top < b.bottom - 1 && b.top < a.bottom - 1) clash.push([boxes[i][0], boxes[j][0]]);
          }
        }
        return clash;
        """
    )
    assert clashes == []


def test_no_label_is_cut_short(browser, page):
    for width in (360, 1280):
        load(browser, page, width)
        cut = browser.execute_script(
            "return [...document.querySelectorAll('.chart svg text')].map((t) => t.textContent).filter((t) => t.includes('…'))"
        )
        assert cut == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_lines_stand_out_from_the_paper(browser, page, theme):
    load(browser, page, 1280, theme)
    colours = browser.execute_script(
        """
        const of = (query, key) => getComputedStyle(document.querySelector(query))[key];
        return {paper: of('body', 'backgroundColor'), ink: of('body', 'color'), quiet: of('.unit', 'color'),
                axis: of('.chart .role-axis text', 'fill'), label: of('.chart .mark-text text', 'fill'), link: of('nav a', 'color')};
        """
    )
    paper = luminance(colours.pop("paper"))
    assert (paper > 0.5) == (theme == "light")
    for name, colour in colours.items():
        low, high = sorted((luminance(colour), paper))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (name, colour)


def luminance(colour: str) -> float:
    """Relative luminance (WCAG) of a CSS colour such as "rgb(0, 0, 0)"."""
    parts = [int(float(part)) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_page_is_readable_without_scripts(browser, page):
    load(browser, page, 390, script=False)
    tree = json.dumps(browser.execute_cdp_cmd("Accessibility.getFullAXTree", {}))
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert "scripts are switched off" in tree
    assert "Every headline, side by side" in tree


def test_a_screen_reader_hears_a_title_and_a_summary_for_each_chart(browser, page):
    load(browser, page, 1280)
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    images = [node for node in nodes if node.get("role", {}).get("value") in ("img", "image") and node.get("name", {}).get("value")]
    named = [node for node in images if node.get("description", {}).get("value")]
    assert len(named) >= 30


def test_print_leaves_out_what_is_folded_behind_charts(browser, page):
    load(browser, page, 1280)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = "return [...document.querySelectorAll('details.fold')].map((one) => [one.classList.contains('behind'), one.checkVisibility()])"
    folds = browser.execute_script(shown)
    browser.execute_script("document.querySelector('details.behind').open = true")
    opened = browser.execute_script(shown)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert all(visible is not behind for behind, visible in folds)
    assert sum(behind and visible for behind, visible in opened) == 1


def test_a_chart_says_its_numbers_when_pointed_at(browser, page):
    from selenium.webdriver import ActionChains

    load(browser, page, 1280)
    bar = browser.find_element("css selector", ".chart .mark-rect path")
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", bar)
    ActionChains(browser).move_to_element(bar).perform()
    tip = browser.find_element("id", "vg-tooltip-element")
    assert "%" in tip.text
    assert "[object" not in tip.text


def test_nothing_in_a_strangers_texts_runs(browser, tmp_path):
    """Markup in title, summary, question, names of regimes, claims and sources is shown as it was written."""
    hostile = "</script><script>window.seized = 1</script><img src=x onerror='window.seized = 2'><svg onload='window.seized = 3'>{{ 7 * 7 }}"
    run = fake_run(title=hostile, summary=hostile, question=hostile)
    for text in run.what["texts"]["regimes"].values():
        text |= {"title": hostile, "summary": hostile, "claims": [{"text": hostile, "verdict": "wrong", "source": f"javascript:{hostile}"}]}
    load(browser, write_report(run, tmp_path / "report.html"), 1280)
    assert browser.execute_script("return window.seized ?? null") is None
    assert "<img src=x onerror=" in browser.execute_script("return document.body.innerText")
    links = browser.execute_script("return [...document.querySelectorAll('[href]')].map((one) => one.getAttribute('href'))")
    assert links and not [link for link in links if link.strip().startswith("javascript:")]
