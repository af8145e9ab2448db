"""The sources of what was used: each once, with how much rests on it; and as BibTeX that says no more than the source says."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glasshouse.commands.bibtex import ESCAPED, bibtex, escaped, key_of
from glasshouse.commands.sources import by_source, cited_rows
from glasshouse.regimes import list_regimes, load_regime
from glasshouse.scenarios import load

ENTRY = re.compile(r"% (.+)\n@misc\{([a-z]+(?:\d{4})?-[0-9a-f]{8}),\n  note = \{(.*)\},\n\}")


def plain(text):
    """What TeX would print."""
    for sign, written in sorted(ESCAPED.items(), key=lambda pair: -len(pair[1])):
        text = text.replace(written, "\0" if sign == "\\" else sign)
    return text.replace("\0", "\\")


def balanced(text):
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    return depth == 0


def entries(out):
    """The entries of a BibTeX file as (what rests on it, key, source); nothing else stands in the file."""
    found = ENTRY.findall(out)
    assert len(found) == out.count("@misc")
    assert balanced(out)
    return [(rests, key, plain(note)) for rests, key, note in found]


@pytest.mark.parametrize("name", list_regimes())
def test_every_source_of_a_regime_is_an_entry_once(call, name):
    code, out, err = call("cite", name, "--regime", "--bibtex")
    rows = cited_rows(name, True)
    found = entries(out)
    assert (code, err) == (0, "")
    assert [source for _, _, source in found] == list(dict.fromkeys(row["source"] for row in by_source(rows)))
    assert len({key for _, key, _ in found}) == len(found), "no two have one key"
    assert sum(int(number) for rests, _, _ in found for number in re.findall(r"(\d+) (?:value|claim|table)", rests)) == len(rows)


def test_nothing_rests_on_a_regime_of_nothing(call):
    assert all("claim" in rests for rests, _, _ in entries(call("cite", "none", "--bibtex")[1]))


def test_a_scenario_has_its_tables_too(call):
    rows = json.loads(call("cite", "essay", "--json")[1])
    values = sum(row["rests"].get("value", 0) for row in rows)
    assert values == len(load("essay").ledger())
    assert sum(row["rests"].get("table", 0) for row in rows) > 5
    out = call("cite", "essay")[1]
    assert re.search(r"^    \d+ values: ", out, re.MULTILINE)
    assert re.search(r"^    1 table: society\.", out, re.MULTILINE)
    assert len(entries(call("cite", "essay", "--bibtex")[1])) == len({row["source"] for row in rows})


def test_what_has_a_source_and_no_number_is_cited_too(call, tmp_path):
    more = ('\n[straight.drives_drunk]\ngrade = "red"\nstatus = "law"\nsource = "Straight."\n'
            '\n[[remedies.amnesty]]\non = "2021-01-01"\nstatus = "law"\nsource = "Pardon."\n')  # fmt: skip
    head = 'id = "mine"\ntitle = "Mine"\nsummary = "M."\nextends = "exampleland"\n'
    (tmp_path / "mine.toml").write_text(head + more)
    keys = {row["source"]: row["keys"] for row in json.loads(call("cite", "mine.toml", "--json")[1])}
    assert keys["Straight."] == ["regime.mine.straight.drives_drunk"]
    assert keys["Pardon."] == ["regime.mine.remedies.amnesty.2021-01-01"]
    assert any("exampleland" in source.lower() for source in keys), "what is taken over is cited as well"
    question = tmp_path / "ask.toml"
    question.write_text('id = "ask"\ntitle = "A"\nsummary = "S."\nquestion = "Q?"\nstart = 2020-01-01\ndays = 30\ncitizens = 10\n'
                        'regimes = ["none", "mine.toml"]\n')  # fmt: skip
    assert {"Straight.", "Pardon."} <= {row["source"] for row in json.loads(call("cite", "ask.toml", "--json")[1])}


def test_what_was_set_is_no_source(tmp_path, call):
    asked = load("essay").with_(set={"life.air.fare": 900})
    (tmp_path / "set.toml").write_text(asked.resolved_toml())
    out = call("cite", "set.toml", "--bibtex")[1]
    assert out.rstrip().endswith("% 1 value set on the command line: no source")
    assert "note = {set on" not in out


def test_remembered_figures_say_so(call):
    rows = by_source(cited_rows("essay", True))
    remembered = {row["source"] for row in rows if row["recalled"]}
    assert remembered
    found = entries(call("cite", "essay", "--regime", "--bibtex")[1])
    assert {source for rests, _, source in found if rests.endswith("; remembered only")} == remembered


@given(st.text(alphabet=st.sampled_from("ab {}\\&%$#_~^@é中"), min_size=1, max_size=30))
def test_any_text_comes_back_from_its_note(text):
    clean = " ".join(text.split())
    assert plain(escaped(text)) == clean
    assert balanced(escaped(text))
    assert all(sign not in re.sub(r"\\.", "", escaped(text)) for sign in "&%$#_")


@given(st.text(min_size=1), st.text(min_size=1))
def test_keys_are_the_same_for_the_same_text_and_no_other(one, other):
    assert re.fullmatch(r"[a-z]+(\d{4})?-[0-9a-f]{8}", key_of(one))
    assert (key_of(one) == key_of(other)) == (one == other)


def test_a_source_known_in_two_ways_is_one_entry():
    rows = [{"key": "a", "status": status, "source": "One.", "recalled": False} for status in ("law", "assumed")]
    assert bibtex(by_source(rows)) == f"% 2 values\n@misc{{{key_of('One.')},\n  note = {{One.}},\n}}"


def test_two_forms_at_once_are_refused(call):
    code, out, err = call("cite", "none", "--bibtex", "--json")
    assert (code, out) == (2, "")
    assert "give one of them" in json.loads(err)["error"]
    assert list(Path().iterdir()) == []


def test_every_value_of_a_regime_is_under_its_source():
    rows = by_source(cited_rows("exampleland", True))
    by_key = {key: row["source"] for row in rows for key in row["keys"]}
    assert by_key["regime.exampleland.points.speeds"] == load_regime("exampleland").points["speeds"].source
