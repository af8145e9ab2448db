"""What the repository as a whole must be: free to copy, the same everywhere, and installed from hashes alone."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from glasshouse._version import __version__

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

# Spelt in parts, so that this file does not find itself.
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:work|root)" + "/")
HOSTS = ("pypi" + ".org", "files.python" + "hosted", "debian" + ".org", "npm" + "js")
REGISTRY_HOST = re.compile(r"\b(?:" + "|".join(map(re.escape, HOSTS)) + r")\b")



def text_files() -> list[Path]:
    """Every file that is tracked, or would be by `git add`."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    names = filter(None, listed.stdout.decode().split("\0"))
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def found(pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern stands in the repository's text, as file:line: line."""
    hits = []
    for file in text_files():
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or the like: not text
        hits += [
            f"{file.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
            for number, line in enumerate(text.splitlines(), 1)
            if pattern.search(line)
        ]
    return hits


def pins(lock: Path) -> list[tuple[Requirement, int]]:
    """Each requirement of a lock file with the number of its hashes."""
    entries = re.split(r"^(?=[A-Za-z0-9])", lock.read_text(), flags=re.MULTILINE)
    return [
        (Requirement(entry.split("\\")[0].strip()), len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", entry)))
        for entry in entries
        if entry and entry[0].isalnum()
    ]


def versions(lock: Path) -> dict[str, set[Version]]:
    """The pinned versions of each package; there may be one a Python version."""
    chosen: dict[str, set[Version]] = {}
    for requirement, _ in pins(lock):
        chosen.setdefault(canonicalize_name(requirement.name), set()).add(Version(str(requirement.specifier)[2:]))
    return chosen


def test_no_file_names_a_path_of_somebodys_machine():
    assert found(MACHINE_PATH) == []


def test_no_file_names_a_package_registry():
    assert found(REGISTRY_HOST) == []


@pytest.mark.parametrize(
    ("pattern", "text", "is_found"),
    [
        (MACHINE_PATH, "open('/wor" + "k/main/x')", True),
        (MACHINE_PATH, "see /roo" + "t/x", True),
        (MACHINE_PATH, "https://example.gov/wor" + "k/2019", False),
        (MACHINE_PATH, "framework/x and ../wor" + "k/x", False),
        (REGISTRY_HOST, "https://pypi.o" + "rg/simple", True),
        (REGISTRY_HOST, "deb.debian.o" + "rg", True),
        (REGISTRY_HOST, "registry.npm" + "js.org", True),
        (REGISTRY_HOST, "numpy and stats.gov.cn", False),
    ],
)
def test_the_patterns_see_what_they_should(pattern, text, is_found):
    assert bool(pattern.search(text)) is is_found


def test_the_licence_is_apache_2_in_full():
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert PROJECT["license"] == "Apache-2.0"


def test_the_citation_names_this_version():
    citation = (ROOT / "CITATION.cff").read_text()
    assert re.search(r"^version: (.+)$", citation, re.MULTILINE)[1] == __version__
    assert re.search(r"^license: (.+)$", citation, re.MULTILINE)[1] == PROJECT["license"]


def test_the_changelog_says_which_results_changed():
    assert "### Results change" in (ROOT / "CHANGELOG.md").read_text()


def test_the_lock_files_are_the_known_ones():
    assert [lock.name for lock in LOCKS] == [
        "requirements-audits.lock",
        "requirements-build.lock",
        "requirements-cluster.lock",
        "requirements-cuda.lock",
        "requirements-knowledge.lock",
        "requirements-risk.lock",
        "requirements-test.lock",
        "requirements-uv.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_each_locked_requirement_is_pinned_and_hashed(lock):
    entries = pins(lock)
    assert entries
    for requirement, hashes in entries:
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), f"{requirement} is not one exact version"
        assert hashes >= 1, f"{requirement} has no hash"


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_file_names_an_address(lock):
    text = lock.read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(--index-url|--extra-index-url|--find-links|-i|-f)\b", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", PROJECT["dependencies"]),
        ("requirements-cluster.lock", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["cluster"]),
        ("requirements-cuda.lock", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["cuda"]),
        ("requirements-knowledge.lock", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["knowledge"]),
        ("requirements-risk.lock", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["risk"]),
        ("requirements-test.lock", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]),
    ],
)
def test_the_lock_serves_what_pyproject_asks_for(lock, wanted):
    chosen = versions(ROOT / lock)
    for requirement in map(Requirement, wanted):
        pinned = chosen.get(canonicalize_name(requirement.name), set())
        assert pinned, f"{requirement} is not in {lock}: run `make lock`"
        assert all(requirement.specifier.contains(version) for version in pinned), f"{requirement}: {lock} has {pinned}"


def test_tests_run_on_the_very_versions_of_a_run():
    with_tests = versions(ROOT / "requirements-test.lock")
    for name, chosen in versions(ROOT / "requirements.lock").items():
        assert with_tests[name] == chosen


@pytest.mark.parametrize("script", [".ci/run", "tools/setup.sh", "tools/browser.sh", "tools/warm.sh", "tools/lock.sh"])
def test_scripts_can_be_executed_and_read_as_bash(script):
    file = ROOT / script
    assert os.access(file, os.X_OK)
    subprocess.run(["bash", "-n", file], check=True)


def test_ci_runs_the_tests():
    assert re.search(r"\bmake test\b", (ROOT / ".ci" / "run").read_text())


@pytest.mark.parametrize("target", ["run", "test", "quick", "long", "lint", "clean", "lock"])
def test_the_makefile_has_each_command(target):
    planned = subprocess.run(["make", "--dry-run", target], cwd=ROOT, capture_output=True, text=True)
    assert planned.returncode == 0, planned.stderr
    assert planned.stdout.strip()
