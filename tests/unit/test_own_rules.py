"""A rule of one's own takes the place of a shipped one; what cannot is told as a fault of the file and its line."""

from pathlib import Path

import pytest

from glasshouse.cli import app
from glasshouse.commands.entry import run_command
from glasshouse.day import model
from glasshouse.errors import BadInput
from glasshouse.experiments.days import Society
from glasshouse.experiments.own import load as own_rules
from glasshouse.rules import contest
from glasshouse.scenarios import check, load
from glasshouse.scenarios.schema import OwnRule

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "own-rule"
HEAD = "from glasshouse.rules.maths import NO, YES, i32, u32\n\n\n"
GOOD = (
    HEAD
    + "def files(luck_file: u32, aware: i32, points: i32, open_until: i32, file_chance: u32) -> i32:\n"
    + "    return YES if luck_file < file_chance else NO\n"
)


def taken(text: str, name: str = "contest.files"):
    return own_rules({name: OwnRule(file="mine.py", text=text)}, model())


def test_a_function_takes_the_place_of_a_rule_and_of_no_other():
    own = taken(GOOD)
    mine, shipped = model(own).chain, model().chain
    changed = {a.rule for a, b in zip(mine, shipped, strict=True) if getattr(a, "rule", None) is not getattr(b, "rule", None)}
    assert changed == {own["contest.files"]}
    assert contest.files in {getattr(item, "rule", None) for item in shipped}


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        (GOOD, "contest.file", "key `rules.contest.file`: there is no such rule; did you mean `contest.files`?"),
        (
            GOOD.replace("def files", "def fils"),
            "contest.files",
            "mine.py: key `rules.contest.files`: has no function `files`; did you mean `fils`?",
        ),
        (
            GOOD.replace("YES if", "2 if"),
            "contest.files",
            "mine.py:5: the number 2 has no type: write it above the function, such as `MUCH = f32(2)`",
        ),
        (GOOD.replace("aware: i32", "awre: i32"), "contest.files", "mine.py:4: the day knows no `awre`; did you mean `aware`?"),
        (GOOD.replace("aware: i32", "aware"), "contest.files", "mine.py:4: the argument `aware` has no type"),
        (GOOD.replace("-> i32", "-> u32"), "contest.files", "mine.py:4: gives uint32, where the shipped rule gives int32"),
        (GOOD.replace("return", "retrun"), "contest.files", "mine.py:5: is not Python: invalid syntax"),
        (
            "import nothing_of_that_name\n" + GOOD,
            "contest.files",
            "mine.py: cannot be read: ModuleNotFoundError: No module named 'nothing_of_that_name'",
        ),
        (HEAD + "files = 1\n", "contest.files", "mine.py: key `rules.contest.files`: has no function `files`"),
    ],
)
def test_what_cannot_take_a_rules_place_is_told_with_its_line(text, name, said):
    with pytest.raises(BadInput) as caught:
        taken(text, name)
    assert str(caught.value) == said


def test_a_missing_file_is_a_fault_of_the_scenario(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text((EXAMPLE / "scenario.toml").read_text())
    (fault,) = check(path)
    assert "`my_rules.py` cannot be read" in str(fault)


def test_the_scenario_of_a_run_holds_the_text_of_the_rule(tmp_path):
    whole = load(EXAMPLE / "scenario.toml")
    path = tmp_path / "resolved.toml"
    path.write_text(whole.resolved_toml())
    assert load(path) == whole
    assert whole.whole.rules["contest.files"].text == (EXAMPLE / "my_rules.py").read_text()


@pytest.mark.slow
def test_a_rule_that_looks_past_the_end_of_a_table_is_told_with_its_line_and_sees_nothing(tmp_path):
    """Rules of one's own are checked at every place; the shipped ones are not, and a test has looked at them all."""
    (tmp_path / "scenario.toml").write_text((EXAMPLE / "scenario.toml").read_text())
    peeks = GOOD.replace("aware: i32", "tie_chance: np.ndarray").replace("luck_file < file_chance", "tie_chance[luck_file, 0] > 0")
    (tmp_path / "my_rules.py").write_text("import numpy as np\n" + peeks)
    society = Society(load(tmp_path / "scenario.toml").with_(citizens=1500, days=160), threads=1)
    with pytest.raises(BadInput, match=r"my_rules.py:5: `files` looks past the end of a table or beyond the last citizen: at citizen \d+ on day"):
        society.run()
    society.stepper.close()


@pytest.mark.slow
def test_the_example_runs_and_fewer_people_object():
    """Compiled in: with the example's rule objections to small losses are no longer made, and before the regime begins nothing differs."""
    small = {"citizens": 1500, "days": 160}
    own, shipped = (
        Society(s.with_(**small), threads=1) for s in (load(EXAMPLE / "scenario.toml"), load("essay").with_(start="2019-10-01"))
    )
    filed = []
    for society in (own, shipped):
        kept = society.run()
        row = society.engine.model.measure_rows()["appeals_filed"]
        filed.append(kept.daily[:, society.names.index("essay"), row])
        society.stepper.close()
    assert 0 < filed[0].sum() < 0.7 * filed[1].sum()
    assert filed[0][:92].sum() == filed[1][:92].sum() == 0


BOTHER = """
[numbers.bother]
about = "Points from which somebody objects."
unit = "points"
status = "assumed"
source = "Made for this test."
range = [0, 50]
value = 10
"""
READS = GOOD.replace("file_chance: u32)", "file_chance: u32, bother: f32)").replace("i32, u32", "f32, i32, u32")


def with_number(folder: Path, text: str, block: str = BOTHER) -> Path:
    """A scenario with a rule and a number of its own."""
    (folder / "mine.py").write_text(text)
    path = folder / "mine.toml"
    path.write_text((EXAMPLE / "scenario.toml").read_text().replace("my_rules.py", "mine.py") + block)
    return path


def test_a_number_of_ones_own_is_in_the_ledger_can_be_set_and_comes_back(tmp_path):
    path = with_number(tmp_path, READS)
    assert check(path) == []
    question = load(path)
    assert question.at("numbers.bother") == 10
    assert question.users("numbers.bother") == ["contest.files"]
    assert "numbers.bother" in {row["key"] for row in question.ledger()}
    (tmp_path / "resolved.toml").write_text(question.with_(set={"numbers.bother": 20}).resolved_toml())
    assert load(tmp_path / "resolved.toml").at("numbers.bother") == 20
    names = {p.name for p in model(own_rules(question.whole.rules, model(), ["bother"]), ("bother",)).params}
    assert names == {p.name for p in model().params} | {"bother"}


def test_a_number_that_nothing_reads_or_whose_name_is_taken_is_refused(tmp_path):
    (fault,) = check(with_number(tmp_path, GOOD))
    assert str(fault).endswith("mine.toml:16: key `numbers.bother`: is an argument of no rule of your own: nothing would read it")
    with pytest.raises(BadInput, match=r"key `numbers.file_chance`: is the name of something that the day has already"):
        own_rules({"contest.files": OwnRule(file="mine.py", text=GOOD)}, model(), ["file_chance"])


def test_the_command_looks_at_the_rules_too(tmp_path, capsys):
    path = with_number(tmp_path, READS.replace("aware: i32", "awre: i32"))
    assert run_command(app, ["check", str(path)]) == 2
    assert "mine.py:4: the day knows no `awre`; did you mean `aware`?" in capsys.readouterr().err
    assert run_command(app, ["check", str(with_number(tmp_path, READS))]) == 0
