"""A corpus of bad files. Each says at its top what must be found wrong with it, word for word, all of it and in order."""

import tomllib
from pathlib import Path

import pytest

from glasshouse.errors import BadInput
from glasshouse.regimes import load_regime
from glasshouse.scenarios import check, load
from glasshouse.scenarios.check import kind_of_file

BAD = Path(__file__).resolve().parents[1] / "data" / "bad"
FILES = sorted(BAD.glob("*.toml"))
EXPECT = "# expect: "


def expected(path):
    return [line.removeprefix(EXPECT) for line in path.read_text().splitlines() if line.startswith(EXPECT)]


def told(faults):
    return [str(fault).replace(f"{BAD}/", "") for fault in faults]


def test_there_are_enough_of_them():
    assert len(FILES) >= 120
    assert len([path for path in FILES if path.stem.startswith("regime_")]) >= 70


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_everything_wrong_is_said(path):
    assert expected(path), "a bad file says at its top what is wrong with it"
    assert told(check(path)) == expected(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_line_told_is_a_line_of_the_file_that_has_the_key(path):
    for fault in check(path):
        if fault.place is None or fault.key is None:
            continue
        lines = Path(fault.file).read_text().splitlines()
        parts = fault.key.replace('"', "").split(".")
        said = lines[fault.place - 1]
        assert any(part in said for part in parts) or said == "[[grades]]" or said.startswith("remove = "), "or takes it out"


def kind_of(path):
    try:
        return kind_of_file(tomllib.loads(path.read_text()))
    except tomllib.TOMLDecodeError:
        return "scenario"


@pytest.mark.parametrize("path", [path for path in FILES if kind_of(path) in ("scenario", "regime")], ids=lambda path: path.stem)
def test_loading_names_the_first_and_counts_the_rest(path):
    first, *more = expected(path)
    with pytest.raises(BadInput) as caught:
        load(path) if kind_of(path) == "scenario" else load_regime(str(path))
    (said,) = told([caught.value])
    if more:
        assert f" (the first of {len(more) + 1} faults)" in said
        said = said.replace(f" (the first of {len(more) + 1} faults)", "")
    assert said == first


def test_what_is_no_file_at_all(tmp_path):
    assert [str(f) for f in check(tmp_path / "no.toml")] == [f"{tmp_path}/no.toml: there is no such file"]
    assert [str(f) for f in check(tmp_path)] == [f"{tmp_path}: is a folder, not a file"]
    (tmp_path / "a.toml").write_bytes(b'id = "\xff"\n')
    assert [str(f) for f in check(tmp_path / "a.toml")] == [f"{tmp_path}/a.toml: is not text in UTF-8"]
    (tmp_path / "b.toml").write_text("a = " + "[" * 5000)
    (only,) = check(tmp_path / "b.toml")
    assert "is not TOML" in str(only)
