"""What every test shares: which tests run, the browser, and a table of the time each file took."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict

import pytest
from hypothesis import settings

# The same examples every time, so that a failure is never a matter of luck.
# `--hypothesis-profile=search` looks for new ones.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=2000)
settings.load_profile("steady")
# Wherever tests run, what commands print is as wide as it is in a pipe.
os.environ.pop("COLUMNS", None)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests marked `long` unless `-m` speaks of them."""
    if "long" in (config.option.markexpr or ""):
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("long")]


class TimePerFile:
    """Adds up the time of each file. A plugin of its own, because a conftest hears only of the tests beside it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.tests: dict[str, int] = defaultdict(int)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add each phase's time to its file; a shared fixture counts where it was first made."""
        file = report.nodeid.split("::")[0]
        self.seconds[file] += report.duration
        self.tests[file] += report.when == "call"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the time that each file took, the slowest first."""
        if not self.seconds:
            return
        terminalreporter.section("time per file")
        for file, seconds in sorted(self.seconds.items(), key=lambda pair: -pair[1]):
            terminalreporter.write_line(f"{seconds:8.2f} s {self.tests[file]:5d} tests  {file}")
        total, tests = sum(self.seconds.values()), sum(self.tests.values())
        terminalreporter.write_line(f"{total:8.2f} s {tests:5d} tests  in {len(self.seconds)} files")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(TimePerFile(), "time-per-file")


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium (a Selenium driver) that opens files; `browser.get_log("browser")` gives its console."""
    from selenium import webdriver

    binary = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    driver = shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.fail("chromium or chromedriver is missing: tools/browser.sh installs them or says how", pytrace=False)
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    # No sandbox and no shared memory: containers and root have neither.
    for switch in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-gpu", "window-size=1280,900"):
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    window = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=driver))
    window.set_page_load_timeout(60)
    yield window
    window.quit()


@pytest.fixture
def call(capsys, tmp_path, monkeypatch):
    """Run a command line in an empty folder; gives exit code, standard output and standard error."""
    from glasshouse.cli import app
    from glasshouse.commands.entry import run_command

    monkeypatch.chdir(tmp_path)

    def called(*words):
        code = run_command(app, list(words))
        told = capsys.readouterr()
        return code, told.out, told.err

    return called
