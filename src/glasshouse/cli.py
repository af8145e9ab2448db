"""The command `glasshouse`. Results go to standard output, everything else to standard error."""

from __future__ import annotations

from typing import Annotated, Optional

import typer

from ._version import __version__
from .commands.entry import Group, run_command
from .errors import BAD_INPUT, DONE

ABOUT = "A laboratory for social scoring on invented people: real rules, synthetic societies, measured effects."
app = typer.Typer(name="glasshouse", cls=Group, help=ABOUT, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
scenarios = typer.Typer(cls=Group, help="Questions that can be run.", no_args_is_help=True, rich_markup_mode=None)
regimes = typer.Typer(cls=Group, help="Scoring systems, as their makers wrote them.", no_args_is_help=True, rich_markup_mode=None)
models = typer.Typer(cls=Group, help="Other people's models, and those of one's own.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(scenarios, name="scenarios")
app.add_typer(regimes, name="regimes")
app.add_typer(models, name="models")

Text = Optional[str]  # noqa: UP045 - read by Typer at run time
Texts = Optional[list[str]]  # noqa: UP045
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output and nothing else there.")]
A_MODEL = "A shipped model (`glasshouse models list`), or a Python file of your own that says MODEL = Model(...)."
Cluster = Annotated[Text, typer.Option(metavar="ADDRESS", help="Deal the people out over a Ray cluster: HOST:PORT, or local.")]
Shards = Annotated[Text, typer.Option(metavar="N", help="Into how many shards; by default one a machine.")]
Start = Annotated[Text, typer.Option(metavar="DATE", help="The first day, such as 2019-01-01.")]
Measures = Annotated[Texts, typer.Option(metavar="NAME", help="Keep this headline of each run; repeat. By default all.")]
Until = Annotated[Text, typer.Option(metavar="TEXT", help="Seeds until an interval is narrow: 'gini.difference ci<0.002'.")]
Keep = Annotated[bool, typer.Option("--keep", help="Keep the folder of each run too.")]
Jobs = Annotated[Text, typer.Option(metavar="N", help="How many runs at a time; the results do not depend on it.")]
OnCluster = Annotated[Text, typer.Option(metavar="ADDRESS", help="Carry the runs out on a Ray cluster: HOST:PORT, or local.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, no messages; print only where the run is.")]


def main() -> int:
    """Carry out the command line that the program was called with; returns the exit code."""
    return run_command(app)


def _version(asked: bool) -> None:
    if asked:
        print(f"glasshouse {__version__}")
        raise typer.Exit


@app.callback()
def glasshouse(
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.", is_eager=True, callback=_version)] = False,
) -> None:
    """A laboratory for social scoring on invented people: real rules, synthetic societies, measured effects."""
    del version  # its callback has seen to it


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="A shipped scenario (`glasshouse scenarios list`) or a TOML file.")],
    citizens: Annotated[Text, typer.Option(metavar="N", help="How many citizens.")] = None,
    days: Annotated[Text, typer.Option(metavar="D", help="How many days, at most 3653.")] = None,
    seed: Annotated[Text, typer.Option(metavar="S", help="The seed of all luck.")] = None,
    regime: Annotated[Texts, typer.Option(metavar="ID", help="A regime or its file; repeat for several.")] = None,
    start: Annotated[Text, typer.Option(metavar="DATE", help="The first day, such as 2019-01-01.")] = None,
    set_: Annotated[Texts, typer.Option("--set", metavar="KEY=VALUE", help="Change a number; repeat for several.")] = None,
    threads: Annotated[Text, typer.Option(metavar="T", help="Processor cores to use; the results do not depend on it.")] = None,
    checkpoint: Annotated[Text, typer.Option(metavar="DAYS", help="Days between checkpoints; one every ten minutes if left out.")] = None,
    device: Annotated[str, typer.Option(metavar="cpu|cuda", help="cuda is one NVIDIA GPU; the results do not depend on it.")] = "cpu",
    cluster: Cluster = None, shards: Shards = None,  # fmt: skip
    out: Annotated[Text, typer.Option(metavar="DIR", help="Where to keep the run; by default runs/ID-SEED-DIGEST.")] = None,
    report: Annotated[bool, typer.Option("--report/--no-report", help="Write report.html.")] = True,
    json: Json = False, quiet: Quiet = False,  # fmt: skip
) -> None:
    """Carry out a scenario and keep what happened."""
    from .commands import request, running
    asked = request.Request(scenario, citizens, days, seed, start, tuple(regime or ()), tuple(set_ or ()), threads, device, checkpoint, cluster, shards)
    running.run(asked, out=out, report=report, as_json=json, quiet=quiet)


@app.command()
def resume(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run that was broken off.")],
    threads: Annotated[Text, typer.Option(metavar="T", help="Processor cores to use; the results do not depend on it.")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Go on with a run from its last checkpoint."""
    from .commands import running

    running.resume(run, threads=threads, as_json=json, quiet=quiet)


@scenarios.command("list")
def scenarios_list(json: Json = False) -> None:
    """List the shipped scenarios."""
    from .commands import shown
    from .commands.terminal import give

    give(shown.scenario_rows(), json, shown.scenario_list)


@scenarios.command("show")
def scenarios_show(scenario: Annotated[str, typer.Argument(metavar="ID", help="A scenario or its file.")], json: Json = False) -> None:
    """Show what a scenario asks."""
    from .commands import shown
    from .commands.terminal import give

    give(shown.scenario_object(scenario), json, shown.scenario_parts)


@scenarios.command("keys")
def scenarios_keys(
    scenario: Annotated[str, typer.Argument(metavar="ID", help="A scenario or its file.")],
    part: Annotated[Text, typer.Argument(metavar="[PART]", help="Only keys that contain this.")] = None,
    regime: Annotated[Texts, typer.Option(metavar="ID", help="With the keys of this regime.")] = None,
    json: Json = False,
) -> None:
    """List every number that --set can change, with unit and range."""
    from .commands import shown
    from .commands.terminal import give

    give(shown.key_rows(scenario, part, regime), json, shown.key_parts)


@regimes.command("list")
def regimes_list(json: Json = False) -> None:
    """List the shipped regimes."""
    from .commands import shown
    from .commands.terminal import give

    give(shown.regime_rows(), json, shown.regime_list)


@regimes.command("show")
def regimes_show(regime: Annotated[str, typer.Argument(metavar="ID", help="A regime or its file.")], json: Json = False) -> None:
    """Show a regime: whom it covers, what it watches and brings, and what is claimed of it."""
    from .commands import shown
    from .commands.terminal import give

    give(shown.regime_object(regime), json, shown.regime_parts)


@regimes.command("diff")
def regimes_diff(
    a: Annotated[str, typer.Argument(metavar="A", help="A regime or its file.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another.")],
    json: Json = False,
) -> None:
    """Say what changes from one regime to another: numbers, dates, what comes and what goes."""
    from .commands import changing
    from .commands.terminal import give

    give(changing.differences(a, b), json, lambda rows: changing.difference_parts(a, b, rows))


@regimes.command("new")
def regimes_new(
    name: Annotated[str, typer.Argument(metavar="ID", help="The id of the new regime.")],
    base: Annotated[str, typer.Option("--from", metavar="ID", help="The regime to copy: its id or its file.")] = "exampleland",
    out: Annotated[Text, typer.Option(metavar="PATH", help="The file to write, or its folder; by default ./ID.toml.")] = None,
) -> None:
    """Begin a regime of one's own: copy another's file, comments and all, under a new id."""
    from .commands import changing

    for line in changing.new(name, base, out):
        print(line)


@models.command("list")
def models_list(json: Json = False) -> None:
    """List the shipped models: what they ask, and whose they are."""
    from .commands import models
    from .commands.terminal import give

    give(models.rows(), json, models.listed)


@models.command("show")
def models_show(model: Annotated[str, typer.Argument(metavar="MODEL", help=A_MODEL)], json: Json = False) -> None:
    """Show a model: what it asks, what is kept of a citizen, and the arms that its file names."""
    from .commands import models
    from .commands.terminal import give

    give(models.shown(model), json, models.shown_parts)


@models.command("run")
def models_run(
    model: Annotated[str, typer.Argument(metavar="MODEL", help=A_MODEL)],
    citizens: Annotated[Text, typer.Option(metavar="N", help="How many citizens; the model says, if left out.")] = None,
    days: Annotated[Text, typer.Option(metavar="D", help="How many days; the model says, if left out.")] = None,
    seed: Annotated[Text, typer.Option(metavar="S", help="The seed of all luck, 1 if left out.")] = None,
    set_: Annotated[Texts, typer.Option("--set", metavar="NAME=VALUE", help="Another number, in all arms; repeat for several.")] = None,
    arm: Annotated[Texts, typer.Option(metavar="ARM", help="'NAME: NUMBER=VALUE ...', or one that the file names; repeatable.")] = None,
    threads: Annotated[Text, typer.Option(metavar="T", help="Processor cores, 1 if left out; the results do not depend on it.")] = None,
    reference: Annotated[bool, typer.Option("--reference", help="Run the functions uncompiled: slow, for a debugger.")] = False,
    out: Annotated[Text, typer.Option(metavar="DIR", help="Where to keep the run; by default runs/NAME-SEED-DIGEST.")] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run a model and keep what it left: every day's totals, and the last day's state."""
    from .commands import models

    models.run(model, citizens, days, seed, set_ or (), arm or (), threads, reference, out, json, quiet)


@app.command()
def compare(
    regimes: Annotated[list[str], typer.Argument(metavar="REGIME", help="Regimes or files; `none` comes first if it is not named.")],
    seeds: Annotated[Text, typer.Option(metavar="N", help="How many seeds, 10 if left out; fewer give no intervals.")] = None,
    citizens: Annotated[Text, typer.Option(metavar="N", help="How many citizens, 20000 if left out.")] = None,
    days: Annotated[Text, typer.Option(metavar="D", help="How many days, at most 3653.")] = None,
    seed: Annotated[Text, typer.Option(metavar="S", help="The first seed.")] = None,
    start: Annotated[Text, typer.Option(metavar="DATE", help="The first day, such as 2019-01-01.")] = None,
    set_: Annotated[Texts, typer.Option("--set", metavar="KEY=VALUE", help="Change a number; repeat for several.")] = None,
    threads: Annotated[Text, typer.Option(metavar="T", help="How many runs at a time; the results do not depend on it.")] = None,
    fork: Annotated[Text, typer.Option(metavar="DATE", help="A reform on this day: each rule beside itself, changed from then on.")] = None,
    then: Annotated[Texts, typer.Option(metavar="KEY=VALUE", help="What the reform changes; repeat for several.")] = None,
    direct_only: Annotated[bool, typer.Option("--direct-only", help="Beside each rule, what it does to each alone.")] = False,
    redraw: Annotated[bool, typer.Option("--redraw", help="Audits of single twins again, with other luck of responses.")] = False,
    audit: Annotated[Texts, typer.Option(metavar="NAME", help="Ask this audit; repeat for several. With --out all of them.")] = None,
    out: Annotated[Text, typer.Option(metavar="DIR", help="Keep the numbers, and the page that compares, here.")] = None,
    json: Json = False, quiet: Quiet = False,
) -> int:  # fmt: skip
    """Compare regimes over the same people, seed after seed."""
    from .commands import comparing
    return comparing.run(regimes, seeds, citizens, days, seed, start, set_, threads, fork, then, direct_only, redraw, audit, out, json, quiet)


@app.command()
def sweep(
    scenario: Annotated[Text, typer.Argument(metavar="SCENARIO", help="A shipped scenario or a TOML file.")] = None,
    vary: Annotated[Texts, typer.Option(metavar="KEY=VALUES", help="0:0.5:11, 1..20 or a,b,c; repeat for all combinations.")] = None,
    design: Annotated[Text, typer.Option(metavar="FILE", help="A design: grid, list, Latin hypercube or Sobol sequence.")] = None,
    citizens: Annotated[Text, typer.Option(metavar="N", help="How many citizens.")] = None,
    days: Annotated[Text, typer.Option(metavar="D", help="How many days, at most 3653.")] = None,
    regime: Annotated[Texts, typer.Option(metavar="ID", help="A regime or its file; repeat for several.")] = None,
    start: Annotated[Text, typer.Option(metavar="DATE", help="The first day, such as 2019-01-01.")] = None,
    set_: Annotated[Texts, typer.Option("--set", metavar="KEY=VALUE", help="Change a number in all runs; repeat for several.")] = None,
    measure: Measures = None, audit: Annotated[Texts, typer.Option(metavar="NAME", help="Ask this audit of each run; repeat for several.")] = None,
    until: Until = None, keep: Keep = False, jobs: Jobs = None, cluster: OnCluster = None,
    resume: Annotated[Text, typer.Option(metavar="DIR", help="Go on with this sweep.")] = None,
    out: Annotated[Text, typer.Option(metavar="DIR", help="Where to keep it; by default runs/SCENARIO-sweep-DIGEST.")] = None,
    json: Json = False, quiet: Quiet = False,  # fmt: skip
) -> int:
    """Carry out many runs that differ by a design."""
    from .commands import sweeping
    asked = {"scenario": scenario, "vary": vary, "design": design, "citizens": citizens, "days": days, "regimes": regime, "start": start, "set": set_,
             "measures": measure, "audits": audit, "until": until, "keep": keep, "jobs": jobs, "cluster": cluster, "resume": resume, "out": out}  # fmt: skip
    return sweeping.run(asked, json, quiet)


@app.command()
def sensitivity(
    question: Annotated[str, typer.Argument(metavar="RUN|SCENARIO", help="The folder of a run, a scenario, or its file.")],
    measure: Annotated[Texts, typer.Option(metavar="NAME", help="A finding: this headline, as a difference; repeat for several.")] = None,
    audit: Annotated[Texts, typer.Option(metavar="NAME", help="Findings: the numbers of this audit; repeat for several.")] = None,
    key: Annotated[Texts, typer.Option(metavar="PART", help="Only assumed numbers whose key holds this; repeat for several.")] = None,
    regime: Annotated[Texts, typer.Option(metavar="ID", help="A regime or its file; repeat for several.")] = None,
    citizens: Annotated[Text, typer.Option(metavar="N", help="How many citizens; few and half a year, if no size is said.")] = None,
    days: Annotated[Text, typer.Option(metavar="D", help="How many days, at most 3653.")] = None, start: Start = None,
    seeds: Annotated[Text, typer.Option(metavar="N", help="Seeds of each point, whose mean counts; 1 if left out.")] = None,
    trajectories: Annotated[Text, typer.Option(metavar="N", help="Of the screen of all numbers, 10 if left out.")] = None,
    numbers: Annotated[Text, typer.Option(metavar="N", help="The weightiest of each finding, 3 if left out, get Sobol indices; 0 for none.")] = None,
    points: Annotated[Text, typer.Option(metavar="N", help="Of the Sobol sequence, 64 if left out; a power of two.")] = None,
    jobs: Jobs = None, out: Annotated[Text, typer.Option(metavar="DIR", help="Where to keep the sweeps.")] = None,
    json: Json = False, quiet: Quiet = False,  # fmt: skip
) -> int:
    """Find the assumed numbers on which a finding hangs."""
    from .commands import sensing as by
    return by.run(question, measure or (), audit or (), regime or (), key or (), (citizens, days, start), seeds, trajectories, numbers, points, jobs, out, json, quiet)


@app.command()
def audit(
    runs: Annotated[list[str], typer.Argument(metavar="RUN", help="The folder of a run; several of one question, each with its own seed.")],
    audit: Annotated[Texts, typer.Option("--audit", metavar="NAME", help="Only this audit; repeat for several.")] = None,
    out: Annotated[Text, typer.Option(metavar="FILE", help="Keep the numbers here; by default in audit.json of a run that is alone.")] = None,
    run_cuts: Annotated[bool, typer.Option("--run-cuts", help="First carry out the runs that `traps` sets beside: a link cut in each.")] = False,
    all_: Annotated[bool, typer.Option("--all", help="Print every number, also of an audit that gives very many.")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Ask stored runs what the rules did to people."""
    from .commands import auditing

    auditing.run(runs, audit or (), out, run_cuts, all_, json, quiet)


@app.command()
def validate(
    row: Annotated[Texts, typer.Option("--row", metavar="ID", help="Only this row; repeat for several.")] = None,
    drop: Annotated[Texts, typer.Option("--drop", metavar="ID", help="Fit without this row; repeat for several.")] = None,
    citizens: Annotated[Text, typer.Option(metavar="N", help="How many citizens; 1,000,000 if left out, 2,000,000 for the courts.")] = None,
    seeds: Annotated[Text, typer.Option(metavar="N", help="How many seeds, 10 if left out.")] = None,
    days: Annotated[Text, typer.Option(metavar="D", help="At most so many days a run.")] = None,
    threads: Annotated[Text, typer.Option(metavar="T", help="How many runs at a time; the results do not depend on it.")] = None,
    out: Annotated[Text, typer.Option(metavar="DIR", help="Keep the numbers and the page here.")] = None,
    models: Annotated[bool, typer.Option("--models", help="The published models, under the rows last made; --row names a model.")] = False,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Hold the society against what was published, row by row."""
    from .commands import modelling, validating

    if models:
        validating.without({"--drop": drop, "--citizens": citizens, "--seeds": seeds, "--days": days, "--threads": threads, "--out": out})
        return modelling.run(row or (), json, quiet)

    return validating.run(row or (), drop or (), citizens, seeds, days, threads, out, json, quiet)


@app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A scenario, a regime, or a file of the catalogue.")],
    json: Json = False,
) -> int:
    """Find every fault of a file."""
    from .commands import checking

    return BAD_INPUT if checking.check(file, json) else DONE


@app.command()
def warm(quiet: Quiet = False) -> None:
    """Compile the rules for this machine ahead of the first run."""
    from .commands import running

    running.warm(quiet)


@app.command()
def report(run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")]) -> None:
    """Draw the report of a stored run again."""
    from .commands import reporting

    print(reporting.draw_again(run))


@app.command()
def life(
    run: Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")],
    citizen: Annotated[Text, typer.Argument(metavar="[CITIZEN]", help="A number, or: median, wronged, gainer, debtor.")] = None,
    regime: Annotated[Text, typer.Option(metavar="ID", help="Under which regime; the first that scores, if left out.")] = None,
    beside: Annotated[Text, typer.Option(metavar="ID", help="Beside the same life under this one; no score, if left out.")] = None,
    json: Json = False,
) -> None:
    """Tell one invented person's years, with the rule and without."""
    from .commands import life as telling

    telling.tell(run, citizen, regime, beside, json)


@app.command()
def runs(
    folders: Annotated[Texts, typer.Argument(metavar="[FOLDER]...", help="Where to look, or folders by name; runs/ if left out.")] = None,
    where: Annotated[Texts, typer.Option(metavar="KEY=VALUE", help="Only these, also with !=, <, <=, >, >=; repeat for several.")] = None,
    clean: Annotated[bool, typer.Option("--clean", help="Remove the unfinished, or those named or asked for; says what, and asks.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Remove without asking.")] = False,
    json: Json = False,
) -> int:
    """List runs and sweeps on disk, or remove them."""
    from .commands import runs as shelf

    return shelf.run(folders or (), where or (), clean, yes, json)


@app.command()
def ledger(
    name: Annotated[str, typer.Argument(metavar="RUN|SCENARIO|MODEL", help="A run folder, a scenario, a model, or its file.")],
    json: Json = False,
) -> None:
    """List every number a run uses, with its source."""
    from .commands import sources

    sources.ledger(name, json)


@app.command()
def cite(
    name: Annotated[str, typer.Argument(metavar="RUN|REGIME|SCENARIO", help="Whose sources.")],
    regime: Annotated[bool, typer.Option("--regime", help="The regime of this name, where a scenario has the same.")] = False,
    bibtex: Annotated[bool, typer.Option("--bibtex", help="As BibTeX, an entry for each source.")] = False,
    json: Json = False,
) -> None:
    """List the sources used, and how much rests on each."""
    from .commands import sources

    sources.cite(name, regime, bibtex, json)
