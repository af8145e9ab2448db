"""The mutation tool itself: it plants what docs/mutation.md says, and its list of equivalents is up to date."""

import ast
import tomllib
from pathlib import Path

from tools import mutations

ROOT = Path(__file__).resolve().parents[3]
TOY = '''
"""A toy."""
STEP = f32(0.5)


def rule(a: i32, b: i32, table: np.ndarray) -> tuple[i32, i32]:
    """Its words are left alone: 1 < 2."""
    x = a
    if a < b and b != NO:
        x = table[b] * b
    return x, min(a, b)
'''


def test_the_faults_are_those_that_the_page_names():
    found = [(m.function, m.before, m.after) for m in mutations.mutants("toy", TOY)]
    assert len(found) == len(set(found))
    both = "if a < b and b != NO:"
    line = "x = table[b] * b"
    assert set(found) == {
        ("(constants)", "STEP = f32(0.5)", "STEP = f32(0.505)"),
        ("rule", "x = a", "x = b"),
        *(
            ("rule", both, f"if {other}:")
            for other in (
                "a <= b and b != NO",
                "a >= b and b != NO",
                "a < b and b == NO",
                "a < b and b != YES",
                "a < b or b != NO",
                "a < b",
                "b != NO",
                "b < b and b != NO",
                "a < a and b != NO",
                "a < b and a != NO",
                "not (a < b and b != NO)",
            )
        ),
        *(("rule", line, other) for other in ("pass", "x = table[b] / b", "x = table[0] * b", "x = table[a] * b", "x = table[b] * a")),
        *(
            ("rule", "return (x, min(a, b))", f"return {other}")
            for other in (
                "(min(a, b), x)",
                "(i32(0), min(a, b))",
                "(x, i32(0))",
                "(x, min(b))",
                "(x, min(a))",
                "(x, min(b, b))",
                "(x, min(a, a))",
            )
        ),
    }


def test_every_fault_can_be_read_and_differs_from_the_rule():
    whole = {line.strip() for line in TOY.splitlines()}
    for mutant in mutations.mutants("toy", TOY):
        compile(mutant.source, "toy", "exec")
        assert not {line.strip() for line in mutant.source.splitlines()} <= whole
        assert mutant.name == f"toy.{mutant.function}: {mutant.before}  ->  {mutant.after}"


def test_every_equivalent_that_is_listed_is_a_fault_that_is_planted_and_has_a_reason():
    rows = tomllib.loads((ROOT / "tools/equivalent_mutants.toml").read_text(encoding="utf-8"))["equivalent"]
    planted = set()
    for module, function in {tuple(row["rule"].split(".")) for row in rows}:
        tree = ast.parse((ROOT / f"src/glasshouse/rules/{module}.py").read_text(encoding="utf-8"))
        tree.body = [item for item in tree.body if getattr(item, "name", "(constants)") == function]
        planted |= {(f"{module}.{function}", m.before, m.after) for m in mutations.mutants(module, ast.unparse(tree))}
    assert [row for row in rows if (row["rule"], row["before"], row["after"]) not in planted] == []
    assert all(len(row["reason"]) > 20 for row in rows)
