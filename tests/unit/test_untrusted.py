"""Files of strangers: whatever stands in them, it is read, or refused in one message; nothing in them leads out of their folder."""

import json
import os
import re
import shutil
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from glasshouse import society, store
from glasshouse.catalogue.files import parse
from glasshouse.commands import reporting
from glasshouse.errors import BadInput
from glasshouse.outside import MOST_BYTES, Unreadable, from_json, text_of, toml
from glasshouse.regimes import load_regime
from glasshouse.scenarios import check, load
from glasshouse.store import parquet

from tests.unit.test_store import write

SHIPPED = Path(society.__file__).parents[1]
TABLES = sorted((SHIPPED / "society" / "data" / "exampleland").glob("*.toml"))
TEXTS = [SHIPPED / "scenarios" / "data" / "essay.toml", SHIPPED / "regimes" / "data" / "exampleland.toml", SHIPPED / "catalogue" / "responses.toml"]
ODD = ["1e400", "nan", "-inf", "-1", "0", "9" * 30, "9" * 5000, '""', r'"\u202e\u0000"', '"../../etc/passwd"', '"/etc/passwd"', '"{id}"', "[]", "{}",
       "[" * 60 + "]" * 60, "0001-01-01", "true", "07:32:00", "1979-05-27T07:32:00Z", '[1, "a", {}]', "{ value = 1 }", "[nan]", '"<script>"']  # fmt: skip
LINE = re.compile(r"^(\s*[\w\"'.-]+\s*=\s*)(.+)$")
steady = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
few = settings(steady, max_examples=6)


@st.composite
def changed(draw, files) -> tuple[str, bytes]:
    """A shipped file with something in it changed, renamed, taken out, doubled, cut off or flipped: its name and bytes."""
    path = draw(st.sampled_from(files))
    lines = path.read_text().split("\n")
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        values = [number for number, line in enumerate(lines) if LINE.match(line)]
        how = draw(st.sampled_from(["value", "value", "value", "key", "block", "out", "twice", "cut", "bit"]))
        if how == "value" and values:
            at = draw(st.sampled_from(values))
            lines[at] = LINE.match(lines[at])[1] + draw(st.sampled_from(ODD))
        elif how == "key" and values:
            at = draw(st.sampled_from(values))
            lines[at] = draw(st.sampled_from(["x", "id", "value", '""', "a.b.c", r'"\u0000"'])) + " = " + LINE.match(lines[at])[2]
        elif how == "block":
            lines.insert(at, draw(st.sampled_from(["[a]", "[[row]]", '["../x"]', "[" + ".".join("a" * 500) + "]", "[table.about]"])))
        elif how == "out":
            lines[at : at + 1] = [] if len(lines) > 1 else lines
        elif how == "twice":
            lines.insert(at, lines[at])
        elif how == "cut":
            lines = lines[: at + 1]
        elif how == "bit":
            text = "\n".join(lines).encode()
            place, bit = draw(st.integers(0, len(text) - 1)), draw(st.integers(0, 7))
            return path.name, text[:place] + bytes([text[place] ^ 1 << bit]) + text[place + 1 :]
    return path.name, "\n".join(lines).encode()


def told(read, *given) -> BadInput | None:
    """What is wrong, in one message; None where nothing is. Any other error fails the test."""
    try:
        read(*given)
    except BadInput as fault:
        assert "Traceback" not in str(fault)
        return fault
    return None


# ---- text

def test_text_is_bounded(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "long").write_bytes(b" " * (MOST_BYTES + 1))
    for name in ("pipe", "long"):
        with pytest.raises(Unreadable):
            text_of(tmp_path / name)
        assert told(load, tmp_path / name).file == str(tmp_path / name)
    assert "is no ordinary file" in str(told(load, Path("/dev/zero")))


@pytest.mark.parametrize("bad", ["a = " + "[" * 5000, "[" + ".".join("a" * 3000) + "]", "a = " + "9" * 5000])
def test_toml_too_deep_or_with_endless_numbers(bad):
    with pytest.raises(Unreadable):
        toml(bad)
    assert told(parse, bad, "a.toml").file == "a.toml"


@pytest.mark.parametrize("bad", ["[" * 100_000, "[" * 90 + "]" * 90, "9" * 5000])
def test_json_too_deep_or_with_endless_numbers(bad):
    with pytest.raises(ValueError):
        from_json(bad)


# ---- a society's tables, scenarios, regimes, the catalogue

@steady
@given(changed(TABLES))
def test_tables_of_a_society(tmp_path, given):
    name, content = given
    folder = tmp_path / "land"
    shutil.copytree(TABLES[0].parent, folder, dirs_exist_ok=True)
    (folder / name).write_bytes(content)
    fault = told(society.load_tables, folder)
    assert fault is None or fault.file is not None


@pytest.mark.parametrize(("old", "new", "key"), [
    ("unit = ", "unit = []#", "table.unit"), ("population = ", "population = 1" + "0" * 400 + "#", "table.population"),
    ("year = ", "year = 99999#", "table.year"), ("[table]", "row = 1\n[table]", "row"), ("[table]", "[row]\nurban = 1\n[table]", 'row."urban"'),
])  # fmt: skip
def test_a_table_says_each_thing_as_it_should(tmp_path, old, new, key):
    folder = shutil.copytree(TABLES[0].parent, tmp_path / "land")
    text = (folder / "residence.toml").read_text()
    (folder / "residence.toml").write_text(text.replace(old, new, 1))
    fault = told(society.load_tables, folder)
    assert (fault.key, Path(fault.file).name) == (key, "residence.toml")


@few
@given(changed(TEXTS))
def test_scenarios_regimes_and_the_catalogue(tmp_path, given):
    path = tmp_path / given[0]
    path.write_bytes(given[1])
    for fault in check(path):
        assert fault.file is not None
    if given[0] != "responses.toml":
        told(load if given[0] == "essay.toml" else load_regime, str(path))


# ---- the folder of a run

@pytest.fixture
def run(tmp_path):
    return write(tmp_path / "run").folder


def whole(folder):
    """Reads all of a run."""
    run = store.open_run(folder)
    store.run.changed_files(run)
    for name in run.table_names:
        run.table(name)
    return repr(run)


JSON = st.recursive(st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(max_size=5), lambda part: st.lists(part, max_size=3), max_leaves=4)


@steady
@given(st.sampled_from(["manifest.json", "summary.json"]), st.data())
def test_json_of_a_run(run, name, data):
    path = run / name
    kept = path.read_text()
    found = json.loads(kept)
    part = found
    while isinstance(part, dict) and part:
        key = data.draw(st.sampled_from(sorted(part)))
        if not isinstance(part[key], dict) or data.draw(st.booleans()):
            part[key] = data.draw(JSON)
            break
        part = part[key]
    path.write_text(json.dumps(found))
    told(whole if name == "manifest.json" else store.open_run, run)
    told(reporting.draw_again, run)
    path.write_text(kept)


@steady
@given(st.integers(0, 10_000), st.integers(0, 7), st.booleans())
def test_tables_of_a_run(run, place, bit, cut):
    path = run / "citizens.parquet"
    kept = path.read_bytes()
    place %= len(kept)
    path.write_bytes(kept[:place] if cut else kept[:place] + bytes([kept[place] ^ 1 << bit]) + kept[place + 1 :])
    told(whole, run)
    path.write_bytes(kept)


def test_a_run_whose_files_fit_and_say_nonsense_has_no_report(run):
    fault = told(reporting.draw_again, run)
    assert "not as Glasshouse leaves them" in str(fault) and fault.file == run


@pytest.mark.parametrize("name", ["../daily.parquet", "/etc/passwd", "x.parquet", "a\0b"])
def test_a_manifest_names_only_files_of_a_run(run, name):
    path = run / "manifest.json"
    found = json.loads(path.read_text())
    found["files"][name] = {"sha256": "00", "bytes": 1}
    path.write_text(json.dumps(found))
    assert "is no file of a run" in str(told(store.open_run, run))


@pytest.mark.parametrize("name", ["manifest.json", "summary.json", "scenario.toml", "citizens.parquet"])
def test_no_link_in_a_run_is_followed(run, tmp_path, name):
    elsewhere = tmp_path / "elsewhere"
    (run / name).rename(elsewhere)
    (run / name).symlink_to(elsewhere)
    assert "no ordinary file" in str(told(whole, run))


def test_a_file_that_is_added_is_not_written_through_a_link(run, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    for name in (".report.html.partial", "report.html"):
        (run / name).symlink_to(precious)
    store.add_file(store.open_run(run), "report.html", "<p>")
    assert precious.read_text() == "mine"
    assert (run / "report.html").read_text() == "<p>" and not (run / "report.html").is_symlink()


@pytest.mark.parametrize("odd", ["../../elsewhere", "/elsewhere", "..", ".hidden", "a/b", "a\0b", "a" * 300])
def test_the_id_of_a_run_leads_nowhere(tmp_path, odd):
    made = write(None)
    made.summary["run"]["id"] = odd
    assert "no name for a folder" in str(told(made.save, tmp_path / "runs" / "{id}"))
    assert list(tmp_path.iterdir()) == []


def test_a_table_larger_than_memory_is_not_read(run, monkeypatch):
    pl.DataFrame({"a": pl.int_range(100_000, eager=True), "b": ["x"] * 100_000}).write_parquet(run / "citizens.parquet")
    monkeypatch.setattr(parquet.os, "sysconf", lambda name: {"SC_PHYS_PAGES": 500, "SC_PAGE_SIZE": 4096}[name])
    assert "says that it holds 100,000 rows: 0.0 GB" in str(told(whole, run))
    monkeypatch.setattr(parquet.os, "sysconf", lambda name: {"SC_PHYS_PAGES": 600, "SC_PAGE_SIZE": 4096}[name])
    assert told(whole, run) is None
