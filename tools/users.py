"""Finds which rules read each kind of number and writes catalogue/users.toml, which the ledger shows.

    .venv/bin/python tools/users.py

A number reaches the rules through the arrays that a run hands them: whoever reads an array that moves with the number uses it.
What moves no array is read when a run is set up.
"""

from collections.abc import Iterable

import numpy as np

from glasshouse.day import model
from glasshouse.engine.model import At, Step, arguments
from glasshouse.errors import BadInput
from glasshouse.catalogue.users import FILE, HOST, pattern
from glasshouse.experiments.world import incomes_of, world_arrays
from glasshouse.regimes import list_regimes
from glasshouse.regimes.compile import compile_regime
from glasshouse.regimes.kinds import kinds_of_catalogue
from glasshouse.scenarios import Scenario, load
from glasshouse.society import People, build, load_tables

A_KIND, CITIZENS = 3, 500


def readers() -> dict[str, set[str]]:
    """Parameter of the model -> the rules that are handed it."""
    found: dict[str, set[str]] = {}
    for step in model().chain:
        if not isinstance(step, Step):
            continue
        rule = f"{step.rule.__module__.rsplit('.', 1)[-1]}.{step.rule.__name__}"
        for name in arguments(step.rule):
            given = step.bind.get(name, name)
            for each in (given.name, *(part for part in given.index if isinstance(part, str))) if isinstance(given, At) else (given,):
                if isinstance(each, str):
                    found.setdefault(each, set()).add(rule)
    return found


def arrays(scenario: Scenario, people: People) -> dict[str, np.ndarray]:
    """Every array that the rules of a run receive, by parameter; those of a regime with its name before."""
    first = str(scenario.start)
    kinds = kinds_of_catalogue(scenario.catalogue, first)
    found = dict(world_arrays(scenario.catalogue, kinds, incomes_of(people), first))
    for name, regime in scenario.regimes.items():
        made = compile_regime(regime, scenario.regimes, scenario.catalogue, kinds, scenario.start, scenario.days - 1)
        found |= {f"{name}.{key}": value for key, value in made.items()}
    return found


def moved(scenario: Scenario, people: People, before: dict[str, np.ndarray], key: str) -> set[str] | None:
    """The parameters that move with a number, its range up or down; None where the rest of the file lets it have no other value."""
    value = scenario.values[key]
    now, allowed = float(value.numbers[-1]), False
    for other in (*(value.range or ()), now * 2, now / 2, now + 1, now - 1):
        if other == now:
            continue
        try:
            after = arrays(scenario.with_(set={key: int(other) if other == int(other) else other}), people)
        except BadInput:
            continue
        allowed = True
        changed = {name for name in before if name in after and not _same(before[name], after[name])}
        if changed:
            return {name.rsplit(".", 1)[-1] for name in changed}
    return set() if allowed else None


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return np.shape(one) == np.shape(other) and bool(np.array_equal(one, other))


def look(scenarios: Iterable[Scenario], patterns: set[str] | None = None) -> dict[str, list[str]]:
    """Pattern -> the rules that read such numbers, found by moving up to three of each kind."""
    reads, found = readers(), {}
    for scenario in scenarios:
        people = build(load_tables(scenario.society).with_values(scenario.values), CITIZENS, 1)
        before = arrays(scenario, people)
        kinds: dict[str, list[str]] = {}
        for key in scenario.values:
            if patterns is None or pattern(key) in patterns:
                kinds.setdefault(pattern(key), []).append(key)
        for kind, keys in kinds.items():
            chosen = [keys[at * len(keys) // A_KIND] for at in range(min(A_KIND, len(keys)))] if len(keys) > A_KIND else keys
            parameters = [one for key in dict.fromkeys(chosen) if (one := moved(scenario, people, before, key)) is not None]
            if parameters:
                found.setdefault(kind, set()).update(*(reads.get(each, set()) for one in parameters for each in one))
    return {kind: sorted(rules) or [HOST] for kind, rules in sorted(found.items())}


def main() -> None:
    """Looks at every shipped regime, a few at a time: a minute or two."""
    names = [name for name in list_regimes() if name not in ("none", "lottery")]
    asked = [load("essay").with_(start="2019-01-01", days=1000, set={"responses.opinion.updating": 2})]  # the way that reads the most
    asked += [load("essay").with_(regimes=["none", *names[at : at + 4]], start="2019-01-01", days=1000) for at in range(0, len(names), 4)]
    found: dict[str, set[str]] = {}
    for scenario in asked:
        wanted = {kind for kind in _kinds(scenario) if kind not in found or found[kind] == {HOST} or kind.startswith("regime.")}
        for kind, rules in look([scenario], wanted).items():
            found[kind] = (found.get(kind, set()) | set(rules)) - ({HOST} if set(rules) | found.get(kind, set()) != {HOST} else set())
    lines = [
        "# Which rules of the day read each kind of number, found by tools/users.py: a few of each kind moved, one at a time.",
        "",
        "[users]",
    ]
    lines += [f'"{kind}" = [{", ".join(f"{chr(34)}{rule}{chr(34)}" for rule in sorted(rules))}]' for kind, rules in sorted(found.items())]
    FILE.write_text("\n".join(lines) + "\n")


def _kinds(scenario: Scenario) -> set[str]:
    return {pattern(key) for key in scenario.values}


if __name__ == "__main__":
    main()
