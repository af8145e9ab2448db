"""What is read off a finished run to be held against a published figure: small functions of its stored tables, in a table by name.

Each takes the run, the day that a row is about (None: the end of the run) and what the row gives under `with`, and returns a number in the
row's unit, or None where there is no case. The last 365 days of a run are its year.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from glasshouse.experiments.summary import gini
from glasshouse.store import Run

Day = date | None
Measure = Callable[..., float | None]
YEAR = 365
PERCENT = 100.0
LEVELS = {"none or other": 0, "illiterate": 0, "primary": 6, "junior secondary": 9, "senior secondary": 12, "college": 16}
"""Years of schooling for a level: a convention."""
BAN = "flight_ticket_ban"
"""The consequence that stands for being on the courts' list: it is in force as long as the entry is."""
ENTERS = ("ignores_judgment", "resists_enforcement")
TERM = 730
"""Days of the shortest term on the courts' list: a stay that ends sooner ended because the debtor complied, or by an objection."""


# ---- sums over days


def _regime(run: Run, regime: str | None) -> str:
    return regime or run.daily["regime"][0]


def _last(run: Run) -> date:
    return run.daily["date"].max()


def total(run: Run, of: Sequence[str], regime: str | None = None, since: Day = None, until: Day = None) -> int:
    """Some measures of the daily table added up, over the year before the end unless days are given."""
    until = until or _last(run)
    since = since or until - timedelta(days=YEAR - 1)
    rows = run.daily.filter(
        pl.col("regime") == _regime(run, regime), pl.col("measure").is_in(list(of)), pl.col("date").is_between(since, until)
    )
    return int(rows["value"].sum())


def on(run: Run, of: str, day: Day = None, regime: str | None = None) -> int:
    """One measure on one day."""
    return total(run, [of], regime, day or _last(run), day or _last(run))


def people(run: Run) -> int:
    """How many citizens there are."""
    return on(run, "people")


def adults(run: Run, day: Day = None) -> float:
    """How many citizens are 18 and over, from the table of citizens, or by month from the table of groups."""
    if "citizens" in run.table_names:
        return float(_end(run).filter(pl.col("age") >= 18)["weight"].sum())
    rows = run.groups.filter(pl.col("regime") == _regime(run, None), pl.col("grouping") == "age", pl.col("measure") == "people")
    month = f"{day or _last(run):%Y-%m}"
    rows = rows.filter(pl.col("month") == month)
    whole = rows["value"].sum()
    return people(run) * rows.filter(pl.col("group") != "0-17")["value"].sum() / whole


def _share(part: float, whole: float, times: float = PERCENT) -> float | None:
    return times * part / whole if whole else None


# ---- people at the end of the run


def _end(run: Run, regime: str | None = None) -> pl.DataFrame:
    """The table of citizens at the last year's end, under one regime: those who live."""
    table = run.citizens.filter(pl.col("living")) if "living" in run.citizens.columns else run.citizens
    return table.filter(pl.col("year") == table["year"].max(), pl.col("regime") == (regime or table["regime"][0]))


def _where(run: Run, of: pl.Expr, among: pl.Expr | None = None, regime: str | None = None) -> float | None:
    table = _end(run, regime)
    table = table if among is None else table.filter(among)
    return _share(table.filter(of)["weight"].sum(), table["weight"].sum())


def drawn(run: Run, day: Day, margin: str, category: str) -> float | None:
    """What was drawn of a published total."""
    rows = run.margins.filter(pl.col("margin") == margin, pl.col("category") == category)
    return float(rows["drawn"][0]) if rows.height else None


def ages(run: Run, day: Day, low: int, high: int) -> float | None:
    """Share of residents of an age, both ends counted."""
    return _where(run, pl.col("age").is_between(low, high))


def mean_age(run: Run, day: Day) -> float | None:
    """Mean age, in completed years."""
    return float(_end(run)["age"].mean())


def men(run: Run, day: Day) -> float | None:
    """Share of residents who are men."""
    return _where(run, pl.col("sex") == "male")


def illiterate(run: Run, day: Day) -> float | None:
    """Share of those of 15 and over who cannot read."""
    return _where(run, pl.col("education") == "illiterate", pl.col("age") >= 15)


def _schooling() -> pl.Expr:
    return pl.col("education").replace_strict(LEVELS, return_dtype=pl.Float64)


def schooling_years(run: Run, day: Day) -> float | None:
    """Mean years of schooling of those of 15 and over."""
    return float(_end(run).filter(pl.col("age") >= 15).select(_schooling().mean()).item())


def schooling_return(run: Run, day: Day) -> float | None:
    """By how many per cent income a head rises with a year of schooling, at 25 to 59: the slope of its logarithm."""
    table = _end(run).filter(pl.col("age").is_between(25, 59)).select(x=_schooling(), y=pl.col("income").log())
    slope = table.select(pl.cov("x", "y") / pl.col("x").var()).item()
    return PERCENT * (float(np.exp(slope)) - 1)


def income_gini(run: Run, day: Day) -> float | None:
    """Gini coefficient of income a head."""
    return gini(_end(run)["income"].to_numpy())


def income_median(run: Run, day: Day) -> float | None:
    """Median income a head, yuan a year."""
    return float(_end(run)["income"].median())


def _homes(run: Run, town_only: bool = True) -> pl.DataFrame:
    """A row a household: members, worth, debt, assets."""
    table = _end(run)
    table = table.filter(pl.col("residence") == "town") if town_only else table
    made = table.group_by("household", maintain_order=True).agg(
        pl.len().alias("members"), pl.col("wealth").sum().alias("worth"), pl.col("debt").sum()
    )
    return made.with_columns(assets=pl.col("worth") + pl.col("debt"))


def household_mean(run: Run, day: Day) -> float | None:
    """Members of a household."""
    return float(_homes(run, town_only=False)["members"].mean())


def worth_mean_over_median(run: Run, day: Day) -> float | None:
    """Mean over median net worth of urban households."""
    worth = _homes(run)["worth"]
    return float(worth.mean() / worth.median()) if worth.median() else None


def assets_top(run: Run, day: Day, share: float) -> float | None:
    """Share of assets owned by the richest households of towns."""
    assets = _homes(run)["assets"].sort(descending=True)
    return _share(assets.head(round(share * len(assets))).sum(), assets.sum())


def debt_of_top(run: Run, day: Day, share: float) -> float | None:
    """Share of debt owed by the households of towns with the most assets."""
    homes = _homes(run).sort("assets", descending=True)
    return _share(homes["debt"].head(round(share * homes.height)).sum(), homes["debt"].sum())


def indebted_households(run: Run, day: Day) -> float | None:
    """Share of households with debt."""
    homes = _homes(run, town_only=False)
    return _share(homes.filter(pl.col("debt") > 0).height, homes.height)


# ---- a year of days


def _users(run: Run, of: str) -> float:
    """How many use the internet, or a service on it; or all, or those of 18 and over."""
    if of == "adults":
        return adults(run)
    share = 1.0 if of == "all" else (drawn(run, None, "internet use", "all") or 0) / PERCENT
    share *= 1.0 if of in ("all", "internet") else (drawn(run, None, "services", of) or 0) / PERCENT
    return people(run) * share


def frequent(run: Run, day: Day, channel: str, of: str, every: int) -> float | None:
    """A frequent act, a user and so many days."""
    return _share(total(run, [f"frequent_acts:{channel}"]), _users(run, of) * YEAR, every)


def daily_a_year(run: Run, day: Day, of: list[str], less: Sequence[str] = (), times: float = 1) -> float | None:
    """Some measures, a head and year."""
    return _share(total(run, of) - total(run, less), people(run), times)


def red_light(run: Run, day: Day, crossings: float) -> float | None:
    """Share of crossings made on red, at so many crossings a day."""
    return _share(total(run, ["frequent_acts:civic"]), adults(run) * YEAR * crossings)


def turnover(run: Run, day: Day) -> float | None:
    """Those who leave a job or lose it in a year, of those in work."""
    grown = float(_end(run).filter(pl.col("age") >= 15)["weight"].sum())
    working = grown * (drawn(run, None, "in work", "aged 15 and over") or 0) / PERCENT
    return _share(total(run, ["attempt:moves_job", "attempt:loses_job"]), working)


def unemployed(run: Run, day: Day, low: int, high: int, residence: str) -> float | None:
    """Share of the labour force without work, of an age and residence."""
    among = pl.col("age").is_between(low, high) & (pl.col("residence") == residence) & (pl.col("work") != "none")
    return _where(run, pl.col("work") == "jobless", among)


def saving(run: Run, day: Day) -> float | None:
    """What households do not spend of their wages: on shops, transport, schools and what is bought outside."""
    spent = [
        name
        for name in run.daily["measure"].unique()
        if name.startswith("pay:households:") and name.split(":")[2] not in ("banks", "state")
    ]
    income = total(run, ["pay:employers:households:wages"])
    return _share(income - total(run, sorted(spent)), income)


def private_pupils(run: Run, day: Day) -> float | None:
    """Share of those of 6 to 17 who are in a private school."""
    return _share(on(run, "private_pupils"), float(_end(run).filter(pl.col("age").is_between(6, 17))["weight"].sum()))


def silent(run: Run, day: Day, of: str) -> float | None:
    """Share of users who say nothing on the network in a year."""
    table, users = _end(run), _users(run, of)
    nothing = float(table.filter(pl.col("acts.social") == 0)["weight"].sum())
    return _share(nothing - (people(run) - users), users)


def top_share(run: Run, day: Day, of: str, share: float) -> float | None:
    """Share of what is said on the network by the users who say most."""
    said = _end(run)["acts.social"].sort(descending=True)
    most = round(share * _users(run, of) * len(said) / people(run))
    return _share(said.head(most).sum(), said.sum())


# ---- followed citizens


def _followed(run: Run, from_age: int) -> list[int]:
    """The followed citizens of an age; whoever had no event at all in the whole run is not among them."""
    old = _end(run).filter(pl.col("age") >= from_age).select("citizen")
    return run.panel.select("citizen").unique().join(old, on="citizen", how="semi")["citizen"].sort().to_list()


def _counts(run: Run, act: str, days: int, from_age: int) -> list[int]:
    """How often each followed citizen did an act in the last days: whoever did it most first."""
    who = _followed(run, from_age)
    last = (_last(run) - run.daily["date"].min()).days
    did = run.panel.filter(pl.col("event") == "act", pl.col("act") == act, pl.col("day") > last - days, pl.col("citizen").is_in(who))
    counts = did.group_by("citizen").len()["len"].to_list()
    return sorted(counts, reverse=True) + [0] * (len(who) - len(counts))


def panel_share(run: Run, day: Day, act: str, days: int, from_age: int, of: str = "all") -> float | None:
    """Share of the followed who did an act in the last days, of those of an age, or of the users among them."""
    counts = _counts(run, act, days, from_age)
    return _share(sum(count > 0 for count in counts), len(counts) * _users(run, of) / people(run))


def panel_top(run: Run, day: Day, act: str, share: float) -> float | None:
    """Share of the year's acts by those who do it most, of the followed who do it at all."""
    counts = [count for count in _counts(run, act, YEAR, 18) if count]
    return _share(sum(counts[: round(share * len(counts))]), sum(counts))


def panel_top_of_all(run: Run, day: Day, act: str, share: float) -> float | None:
    """The same of all the followed who are grown up."""
    counts = _counts(run, act, YEAR, 18)
    return _share(sum(counts[: round(share * len(counts))]), sum(counts))


# ---- the courts' list


def _recorded(run: Run, acts: Sequence[str], since: Day, until: Day, regime: str | None = None) -> int:
    """Records of some acts under a regime: own, another's, invented."""
    return total(run, [f"{what}:{act}" for act in acts for what in ("own", "received", "false_record")], regime, since, until)


def _begin(run: Run) -> date:
    return run.daily["date"].min()


def entries(run: Run, day: Day, millions: float, persons: float, since: str | None = None) -> float | None:
    """Entries on the list so far, or since a day: in millions of the country, firms put in by the share of natural persons."""
    first = date.fromisoformat(since) if since else _begin(run)
    return _share(_recorded(run, ENTERS, first, day), adults(run, day) * persons, millions)


def blocked(run: Run, day: Day, ban: str, millions: float) -> float | None:
    """Attempts refused by a ban so far, in millions of the country."""
    return _share(total(run, [f"refused:{ban}"], None, _begin(run), day), adults(run, day), millions)


def blocked_an_entry(run: Run, day: Day, ban: str, persons: float) -> float | None:
    """Attempts refused by a ban for each entry so far, entries of firms among them."""
    return _share(total(run, [f"refused:{ban}"], None, _begin(run), day), _recorded(run, ENTERS, _begin(run), day) / persons, 1)


def blocked_share(run: Run, day: Day, ban: str, of: str, since: str) -> float | None:
    """Attempts refused by a ban since a day, of all such attempts."""
    first = date.fromisoformat(since)
    return _share(total(run, [f"refused:{ban}"], None, first, day), total(run, [of], None, first, day))


def _stays(run: Run) -> pl.DataFrame:
    """A row a stay on the list: citizen, first day, day on which it ended."""
    return run.spells.filter(pl.col("consequence") == BAN)


def _number(run: Run, day: Day) -> int:
    return ((day or _last(run)) - _begin(run)).days


def complied(run: Run, day: Day) -> float | None:
    """Stays that ended before their term, of all entries so far."""
    stays = _stays(run).filter(pl.col("end") <= _number(run, day))
    early = stays.filter(pl.col("end") - pl.col("start") < TERM).height
    return _share(early, _recorded(run, ENTERS, _begin(run), day))


def churn(run: Run, day: Day, since: str) -> float | None:
    """Stays that ended since a day, for each that began."""
    first, last = _number(run, date.fromisoformat(since)), _number(run, day)
    stays = _stays(run)
    return _share(
        stays.filter(pl.col("end").is_between(first, last)).height, stays.filter(pl.col("start").is_between(first, last)).height, 1
    )


def left(run: Run, day: Day, millions: float, since: str) -> float | None:
    """Stays on the list that ended since a day, in millions of the country."""
    first, last = _number(run, date.fromisoformat(since)), _number(run, day)
    return _share(_stays(run).filter(pl.col("end").is_between(first, last)).height, adults(run, day), millions)


def stock(run: Run, day: Day, millions: float) -> float | None:
    """Natural persons on the list on a day, in millions of the country."""
    return _share(on(run, f"in_force:{BAN}", day), adults(run, day), millions)


def persons_ever(run: Run, day: Day, millions: float) -> float | None:
    """Natural persons who were ever on the list, in millions of the country."""
    return _share(_stays(run).filter(pl.col("start") <= _number(run, day))["citizen"].n_unique(), adults(run, day), millions)


def ratio_of_sexes(run: Run, day: Day, of: str) -> float | None:
    """Men for each woman in a measure of the table of groups, so far."""
    rows = run.groups.filter(pl.col("regime") == _regime(run, None), pl.col("grouping") == "sex", pl.col("measure") == of)
    rows = rows.filter(pl.col("month") <= f"{day or _last(run):%Y-%m}")
    by = dict(rows.group_by("group").agg(pl.col("value").sum()).iter_rows())
    return _share(by.get("male", 0), by.get("female", 0), 1)


# ---- scores, flags, appeals


def covered(run: Run, day: Day, regime: str, of: str) -> float | None:
    """Share of people who are scored."""
    return _share(on(run, "covered", day, regime), _users(run, of))


def scores(run: Run, day: Day, regime: str, low: int, high: int) -> float | None:
    """Share of those scored whose score lies between two, both counted."""
    return _where(run, pl.col("score").is_between(low, high), pl.col("score").is_not_null(), regime)


def mean_score(run: Run, day: Day, regime: str) -> float | None:
    """Mean score of those scored."""
    return _end(run, regime)["score"].mean()


def aware(run: Run, day: Day, regime: str) -> float | None:
    """Share of adults who know of a score."""
    return _where(run, pl.col("aware"), pl.col("age") >= 18, regime)


def approval(run: Run, day: Day, regime: str, of: str) -> float | None:
    """Mean approval of adults, held (`opinion`) or said (`public_opinion`), in per cent."""
    return PERCENT * float(_end(run, regime).filter(pl.col("age") >= 18)[of].mean())


def approval_gap(run: Run, day: Day, regime: str) -> float | None:
    """Approval said less approval held, in points."""
    return (approval(run, day, regime, "public_opinion") or 0) - (approval(run, day, regime, "opinion") or 0)


def fall(run: Run, day: Day, regime: str, act: str) -> float | None:
    """By how many per cent an act falls under a regime, beside the same people without it."""
    without = total(run, [act], "none")
    return _share(without - total(run, [act], regime), without)


def worse_than_due(run: Run, day: Day, regime: str) -> float | None:
    """Share of those scored who stand in a lower grade than the clean account would put them in."""
    ids = [grade["id"] for grade in tomllib.loads(run.scenario_toml)["regime"][regime]["grades"]]
    order = {name: at for at, name in enumerate(ids)}
    place = lambda column: pl.col(column).replace_strict(order, default=None, return_dtype=pl.Int64)  # noqa: E731
    return _where(run, place("grade") < place("clean_grade"), pl.col("grade").is_not_null(), regime)


def wrongly_recorded(run: Run, day: Day, regime: str, channel: str) -> float | None:
    """Share of those scored of whom a record of the last two years is another's or of nobody's act."""
    table = run.citizens.filter(pl.col("regime") == regime)
    two = table.filter(pl.col("year") > table["year"].max() - 2)
    by = two.group_by("citizen").agg(pl.col(f"received.{channel}").sum().alias("wrong"), pl.col("weight").last(), pl.col("score").last())
    by = by.filter(pl.col("score").is_not_null())
    return _share(by.filter(pl.col("wrong") > 0)["weight"].sum(), by["weight"].sum())


def flags_right(run: Run, day: Day, regime: str, penalty: str) -> float | None:
    """Share of penalty days that the clean account would have brought too."""
    since = _begin(run)
    force, false = (total(run, [f"{what}:{penalty}"], regime, since) for what in ("in_force", "false"))
    return _share(force - false, force)


def _costly(run: Run, regime: str) -> int:
    """Records that cost points or put somebody on a list, over the whole run."""
    made = run.daily.filter(pl.col("regime") == regime, pl.col("measure").str.starts_with("points:"))
    lost = made.group_by("measure").agg(pl.col("value").sum()).filter(pl.col("value") < 0)["measure"]
    acts = [name.removeprefix("points:") for name in lost.sort()]
    return _recorded(run, acts, _begin(run), None, regime)


def appealed(run: Run, day: Day, regime: str) -> float | None:
    """Share of records that cost points against which somebody appealed."""
    return _share(total(run, ["appeals_filed"], regime, _begin(run)), _costly(run, regime))


def upheld(run: Run, day: Day, regime: str) -> float | None:
    """Share of appeals that were upheld."""
    return _share(total(run, ["appeals_upheld"], regime, _begin(run)), total(run, ["appeals_filed"], regime, _begin(run)))


def restored(run: Run, day: Day, regime: str) -> float | None:
    """Share of records that cost points which an appeal undid."""
    return _share(total(run, ["appeals_upheld"], regime, _begin(run)), _costly(run, regime))


MEASURES: dict[str, Measure] = {
    made.__name__: made
    for made in (
        drawn,
        ages,
        mean_age,
        men,
        illiterate,
        schooling_years,
        schooling_return,
        income_gini,
        income_median,
        household_mean,
        worth_mean_over_median,
        assets_top,
        debt_of_top,
        indebted_households,
        frequent,
        daily_a_year,
        red_light,
        turnover,
        unemployed,
        saving,
        private_pupils,
        silent,
        top_share,
        panel_share,
        panel_top,
        panel_top_of_all,
        entries,
        blocked,
        blocked_an_entry,
        blocked_share,
        complied,
        churn,
        left,
        stock,
        persons_ever,
        ratio_of_sexes,
        covered,
        scores,
        mean_score,
        aware,
        approval,
        approval_gap,
        fall,
        worse_than_due,
        wrongly_recorded,
        flags_right,
        appealed,
        upheld,
        restored,
    )
}
"""Every measure by its name."""
