"""Regimes over the same people, seed after seed, from Python (`gh.compare(["essay", "platform"])`) and from the command line."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import BadInput
from . import memory, reporting
from .request import day, settings, whole
from .terminal import give_kept, is_terminal

if TYPE_CHECKING:
    from ..audits import Audit
    from ..experiments.compare import Comparison
    from ..scenarios import Scenario
    from .progress import Progress

SCENARIO = "essay"  # whose society, prices and responses the regimes are compared over
FIRST = "none"  # what the others are set beside, unless it stands elsewhere among them
CITIZENS, SEEDS = 20_000, 10
TWINS = ("effects",)  # the audits of single twins, which `redraw` asks where none is named


def compare(
    regimes: Iterable[str],
    *,
    seeds: int = SEEDS,
    citizens: int | None = None,
    days: int | None = None,
    seed: int | None = None,
    start: date | str | None = None,
    set: Mapping[str, Any] | None = None,
    threads: int | None = None,
    fork: date | str | None = None,
    then: Mapping[str, Any] | None = None,
    direct_only: bool = False,
    redraw: bool = False,
    audits: Iterable[str | Audit] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compare regimes over the same people with the same luck, for several seeds: the mean difference from the first, and how sure it is.

    Args:
        regimes: names of regimes or paths of their files. `none` is put first where it is not among them; the first is what the
            others are set beside.
        seeds: how many seeds; from 10 on there are 95 % intervals, with fewer the range of what was seen.
        citizens: how many people; by default 20,000.
        days: how many days; by default those of the scenario `essay`, as with the next two.
        seed: the first seed; the others follow it.
        start: the first day.
        set: numbers to change, by key.
        threads: how many runs at a time; by default a processor core each. The results do not depend on it.
        fork: a day on which rules are reformed: beside each regime that `then` names stands the same one with other numbers from that
            day on. Until then the two are the same to the last bit. No `none` is put first.
        then: the numbers from that day on, by key.
        direct_only: whether beside each regime stands the same one where everybody hears and sees of others what these say and bear under
            the first: what the rule does to each directly. The rest of its effect comes through others.
        redraw: whether audits of single twins (`effects`) are asked again with the luck of responses drawn anew under all regimes but
            the first: such figures hang on the two having the same luck.
        audits: what is asked of each run besides, by name or as they are (see `glasshouse.audit`); by default all that ship where a
            folder is named, else `effects` where `redraw` asks for it, and none otherwise.
        out: a folder for comparison.json, comparison.parquet, comparison.html and the report of the first seed; by default nothing is written.
        progress: called with runs done, runs in all, 0.0, and a word on what is done now.

    Returns:
        The comparison: `.table` (a row a regime and measure), `.runs` (a row a seed, regime and measure), `.failed`.

    Raises:
        BadInput: an unknown name or key, a number that makes no sense, too little memory, or a folder that holds something else.
    """
    from ..scenarios.fork import copied
    from ..store.comparison import check_comparison_target

    for key, number in (("seeds", seeds), ("threads", threads)):
        if number is not None and (not isinstance(number, int) or isinstance(number, bool) or number < 1):
            raise BadInput(f"must be a whole number of at least 1, not {number!r}", key=key)
    names = regimes if isinstance(regimes, str) or not isinstance(regimes, Iterable) else list(regimes)
    scenario = _question(names, citizens, days, seed, start, set, fork, then)
    direct = [f"{name}-direct" for name in [*scenario.regimes][1:]] if direct_only else []
    for name in direct:
        scenario = copied(scenario, name.removesuffix("-direct"), name, "to each alone")
    scenario.with_(seed=scenario.seed + seeds - 1)  # which refuses a last seed that is too large
    workers = _workers(scenario, seeds, threads)
    if out is not None:
        out = check_comparison_target(out)
    from ..experiments.compare import Asked, carry_out

    asked = _asked(audits, out, redraw)
    tell = progress or (lambda done, total, rate, note: None)
    found = carry_out(scenario, seeds, workers, lambda done, total, word: tell(done, total, 0.0, word), _text, Asked(asked, direct, redraw))
    if out is not None:
        repeat = _line(found, names, start=start, set=set, fork=fork, then=then, direct_only=direct_only, redraw=redraw, audits=audits)
        _keep(found, out, workers, tell, repeat)
    return found


def _asked(audits: Iterable[str | Audit] | None, out: Any, redraw: bool) -> list[Audit]:
    """The audits that were named; where none was, all that ship if a folder keeps what they find, else those that `redraw` asks again."""
    from ..audits import AUDITS
    from ..audits.asking import chosen

    asked = chosen((None if out is not None else TWINS if redraw else ()) if audits is None else audits, AUDITS)
    if redraw and not any(audit.twins for audit in asked):
        raise BadInput(f"asks audits of single twins again, and none of those named is one: name `{TWINS[0]}` too, or none", key="redraw")
    return asked


def _question(
    names: Any, citizens: Any, days: Any, seed: Any, start: Any, set: Any, fork: Any = None, then: Any = None
) -> Scenario:
    """The scenario to be run for each seed, checked."""
    from ..scenarios import load
    from ..scenarios.fork import forked
    from ..scenarios.society import contradictions

    if isinstance(names, list):
        names = [*([] if FIRST in names or fork else [FIRST]), *names]
        if len(names) < 2 and not fork:
            raise BadInput(f"needs a regime to set beside `{FIRST}`", key="regimes")
    many = CITIZENS if citizens is None else citizens
    scenario = load(SCENARIO).with_(regimes=names, citizens=many, days=days, seed=seed, start=start, set=set)
    if (fork is None) != (then is None):
        raise BadInput("a reform needs both: `fork`, its first day, and `then`, the numbers from that day on", key="fork" if fork is None else "then")
    if fork is not None:
        scenario = forked(scenario, day("--fork", fork) if isinstance(fork, str) else fork, then)
    for fault in contradictions(scenario.whole.society, scenario.values):
        raise fault
    return scenario


def _workers(scenario: Scenario, seeds: int, threads: int | None) -> int:
    """How many runs at a time: as many as there are cores, and as fit into memory."""
    from ..experiments.cores import workers_for

    fit = memory.check_memory(scenario)
    return min(threads or workers_for(seeds), seeds, fit)


def _keep(found: Comparison, out: Path, threads: int, tell: Any, repeat: str) -> None:
    """Write the folder, with the page of the comparison, and the report of the first seed that could be run."""
    from ..experiments.ranges import ranges
    from ..experiments.simulate import simulate
    from ..present import comparison
    from ..store.comparison import write_comparison

    pages, total, numbers = {}, len(found.seeds), found.as_dict()
    asked = found.scenario.with_(seed=next(iter(found.levels), found.scenario.seed))
    if found.levels:
        tell(total, total, 0.0, f"drawing the report of seed {asked.seed}")
        run = simulate(asked, threads=threads)
        tell(total, total, 0.0, "working out how far the headlines hang on assumed numbers")
        titles = {name: told["title"] for name, told in run.what["texts"]["regimes"].items()}
        spans = ranges(asked, reporting.headlines())
        page = comparison.page(numbers, titles, run.ledger.to_dicts(), spans, repeat)
        pages = {"report.html": reporting.page_of(run), "comparison.html": page}
    write_comparison(out, numbers, found.runs, asked.resolved_toml(), pages)


def _text(found: Comparison) -> str:
    from .compared import text

    return text(found)


def run(
    regimes: list[str], seeds: str | None, citizens: str | None, days: str | None, seed: str | None, start: str | None, set_: list[str] | None,
    threads: str | None, fork: str | None, then: list[str] | None, direct_only: bool, redraw: bool, audits: list[str] | None, out: str | None,
    as_json: bool, quiet: bool,
) -> int:  # fmt: skip
    """Carry out what was asked and print what was found; returns the exit code: whether every run came to its end."""
    from .auditing import answers
    from .compared import parts
    from .progress import progress

    given = {
        "citizens": whole("--citizens", citizens, least=1), "days": whole("--days", days, least=1),
        "seed": whole("--seed", seed, least=0), "start": day("--start", start), "set": settings(set_ or ()) or None,
        "threads": whole("--threads", threads, least=1), "fork": day("--fork", fork), "then": settings(then or (), "--then") or None,
        "direct_only": direct_only, "redraw": redraw,
    }  # fmt: skip
    many = whole("--seeds", seeds, least=1) or SEEDS
    with progress(quiet) as moved:
        tell = moved if quiet or not is_terminal(error=True) else lambda done, total, rate, word=None: moved(
            done, total, rate, word or f"{done} of {total} seeds")  # fmt: skip
        found = compare(regimes, seeds=many, audits=audits or None, out=out, progress=tell, **given)
    asked = {key: given[key] for key in ("start", "set", "fork", "then", "direct_only", "redraw")}
    repeat = _line(found, regimes, audits=audits, **asked)
    shown = parts if out else lambda found: [*parts(found), *answers(found.audits.to_dicts())]
    return give_kept(found, out, as_json, quiet, shown, lambda: None if quiet else _foot(out, repeat))


def _line(found: Comparison, regimes: Iterable[str], *, start: Any, set: Any, fork: Any, then: Any, direct_only: bool, redraw: bool, audits: Any) -> str:
    """The command line that gives a comparison again."""
    scenario = found.scenario
    given = [("--seeds", len(found.seeds)), ("--citizens", scenario.citizens), ("--days", scenario.days), ("--seed", scenario.seed)]
    given += [("--start", start)] if start else []
    given += [("--set", f"{key}={new}") for key, new in (set or {}).items()]
    given += [("--fork", fork)] if fork else []
    given += [("--then", f"{key}={new}") for key, new in (then or {}).items()]
    given += [("--audit", getattr(each, "name", each)) for each in audits or ()]
    words = [str(word) for pair in given for word in pair] + ["--direct-only"] * direct_only + ["--redraw"] * redraw
    return shlex.join(["glasshouse", "compare", *regimes, *words])


def _foot(out: str | None, repeat: str) -> None:
    """The last lines: where it is kept, and the command line that repeats it."""
    if out:
        print(f"kept    {out}")
    print(f"repeat  {repeat}")
