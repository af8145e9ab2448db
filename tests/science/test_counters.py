"""Counters: what is done, recorded, pinned, scored, put in force and paid adds up, to the last unit."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from tests.science.helpers import BEGINS, FOR_EVER, grades, question, ran, regime

from glasshouse.day import CAUSES, CHANNELS, FALSE, PAYMENTS, SECTORS
from glasshouse.experiments.days import Society
from glasshouse.experiments.simulate import simulate

SIZE = dict(citizens=4000, days=430)
MISTAKES = {f"watch__{c}__misdirected": 0.2 for c in CHANNELS} | {f"watch__{c}__false": 0.3 for c in CHANNELS}


def scenario():
    """The essay's regime with many mistakes, covering everybody, beside none, a lot and a platform."""
    essay = regime("essay", coverage__from_age=0, contest__file=0.5, score__expiry=3, score__stale=0.3, contest__find_stale=0.1, **MISTAKES)
    return question("none", essay, "platform", "lottery", panel=200, **SIZE)


@pytest.fixture(scope="module")
def run():
    """The run, and what each day left in the columns of the essay's regime."""
    notes = {"received": [], "on_file": [], "ring": [], "mask": []}

    def each(society, day):
        r = society.names.index("essay")
        notes["received"].append(np.bincount(society.state.row("received", r), minlength=1 + len(society.kinds.names)))
        notes["on_file"].append(int(society.state.row("on_file", r).astype(np.int64).sum()))
        notes["mask"].append(np.array([(society.state.row("mask", r) >> np.uint32(b) & 1).sum() for b in range(16)]))

    done = ran(scenario(), each=each)
    done.notes = notes
    return done


@pytest.fixture(scope="module")
def tables():
    """The tables of the same run."""
    return simulate(scenario(), threads=1)


# ---- acts and records


def test_each_act_is_seen_or_missed(run):
    """Per act and day: recorded on the doer or pinned on another is never more than was done, and some is missed."""
    for k in run.acts:
        acts, own, sent = (run.daily("essay", m, k) for m in ("acts", "own", "sent"))
        assert ((own >= 0) & (sent >= 0) & (own + sent <= acts)).all()
        assert (own + sent)[:BEGINS].sum() == 0
    total = {m: sum(run.daily("essay", m, k).sum() for k in run.acts) for m in ("acts", "own", "sent", "received", "false")}
    assert 0 < total["sent"] < total["own"] < total["acts"]
    assert total["false"] > 100


def test_what_is_pinned_on_others_today_is_received_tomorrow_exactly(run):
    """Per act and day: records sent astray are received the next day, no more and no fewer."""
    for k in run.acts:
        assert np.array_equal(run.daily("essay", "received", k)[1:], run.daily("essay", "sent", k)[:-1]), run.society.kinds.names[k]
        assert run.daily("essay", "received", k)[0] == 0


def test_at_most_one_astray_record_a_citizen_and_day(run):
    """Those on whom something is pinned are as many as the records pinned: nobody gets two."""
    pinned = np.array(run.notes["received"])  # (days, act + 1), as handed over for tomorrow
    for k in run.acts:
        assert np.array_equal(pinned[:, k + 1], run.daily("essay", "sent", k))


def test_false_records_are_drawn_and_filed_alike(run):
    """Per channel and day: false records on file are those that were drawn for the scored (here everybody, from the first day on)."""
    kinds = run.society.kinds
    for c, channel in enumerate(CHANNELS):
        drawn, filed = run.daily("essay", "acts", f"false_{channel}"), run.daily("essay", "false", int(run.society.rule["kind_false_as"][run.number("essay")][kinds.number(f"false_{channel}")]))
        assert np.array_equal(drawn[BEGINS:], filed[BEGINS:])
        assert filed[:BEGINS].sum() == 0 < filed.sum()


def test_a_citizens_records_are_those_that_the_days_counted(run):
    """Per channel: own, others' and false records by citizen sum to the daily measures; frequent ones up to the month that still runs."""
    kinds = run.society.kinds
    records, received = run.tallied("year_records", "essay"), run.tallied("year_received", "essay")
    for c, channel in enumerate(CHANNELS):
        acts = kinds.of_channel(channel)
        of = {m: sum(int(run.daily("essay", m, k).sum()) for k in acts) for m in ("own", "received", "false")}
        frequent = int(run.daily("essay", "frequent_records", channel).sum())
        assert records[c].sum() == sum(of.values()) + frequent
        assert received[c].sum() == of["received"]


def test_frequent_acts_are_seen_or_missed(run):
    """Per channel: up to each day no more is recorded than was done, and nothing before the first day. Records of a month are
    those of its days; acts of a month are those of the weeks that ended in it, so that the last week may be missing."""
    first = [d for d in range(SIZE["days"]) if (run.society.start + timedelta(days=d)).day == 1]
    for c in CHANNELS:
        done, seen = run.sums("essay", f"times_{c}"), run.sums("essay", f"seen_{c}")
        assert (seen.cumsum() <= done.cumsum()).all()
        assert seen[:BEGINS].sum() == 0 < seen.sum()
        counted = run.daily("essay", "frequent_acts", c).cumsum()
        for a, b in zip(first, first[1:]):
            assert done[: b - 6].sum() <= counted[b] <= done[:b].sum()
            assert run.daily("essay", "frequent_records", c)[b] == seen[a:b].sum()


# ---- points


def test_points_are_records_times_what_the_rule_gives(run):
    """Per act and day, with everybody covered: points = the rule's points x (own + others' + false records)."""
    worth = run.society.rule["kind_points"][run.number("essay")]
    for k in run.acts:
        records = sum(run.daily("essay", m, k) for m in ("own", "received", "false"))
        assert np.array_equal(run.daily("essay", "points", k), worth[k] * records), run.society.kinds.names[k]


@pytest.mark.parametrize("sum_", ["on_file", "clean_points", "lawful_lost", "unlawful_lost"])
@pytest.mark.parametrize("name", ["essay", "platform"])
def test_every_point_on_file_has_its_month(run, name, sum_):
    """For every citizen the points of an account are the sum over the months they were entered in: none is lost, none is made."""
    ring = {"on_file": "ring", "clean_points": "clean_ring", "lawful_lost": "lawful_ring", "unlawful_lost": "unlawful_ring"}[sum_]
    assert np.array_equal(run.state(sum_, name), run.state(ring, name).astype(np.int64).sum(0))
    assert run.state(sum_, name).any()


def test_points_entered_are_points_on_file_when_nothing_leaves():
    """Without expiry and objections, points of records and of activity sum to the change of the file, day by day."""
    files = []
    keep = regime("essay", **FOR_EVER, contest=None)
    run = ran(question(keep, citizens=3000, days=300), each=lambda s, day: files.append(int(s.state.row("on_file", 0).astype(np.int64).sum())))
    entered = sum(run.daily("essay", "points", k) for k in run.acts) + sum(run.daily("essay", "activity", c) for c in CHANNELS)
    assert np.array_equal(np.diff(files, prepend=0), entered)
    assert np.array_equal(run.tallied("year_points", "essay").sum(0), run.state("on_file", "essay"))


def test_losses_split_into_lawful_and_unlawful(run):
    """What a file lost is what lawful and what unlawful conduct cost; each act costs on one side only."""
    keep = regime("essay", **FOR_EVER, contest=None, activity=None)
    run = ran(question(keep, citizens=3000, days=300))
    catalogue = run.society.scenario.catalogue
    for side, lawful in (("lawful_lost", True), ("unlawful_lost", False)):
        lost = -sum(np.minimum(0, run.daily("essay", "points", k)).sum() for k in run.acts if catalogue.acts[run.society.kinds.names[k]].lawful is lawful)
        assert run.state(side, "essay").astype(np.int64).sum() == lost > 0


def test_the_sum_of_scores_is_over_the_scored(run):
    """Per day: scores are summed over those covered, so that sum over people is a mean; before the first day there are none."""
    essay = regime("essay", contest=None)
    sums = []

    def each(society, day):
        score = sum(society.state.row(f, 0).astype(np.int64) for f in ("on_file", "stale", "kin", "profile")) + society.rule["score_base"][0]
        score = np.clip(score, society.rule["score_low"][0], society.rule["score_high"][0])
        covered = (day >= BEGINS) & (day - society.state.columns["birth"] >= society.rule["scored_from_days"][0]) & society.living()
        sums.append((int(score[covered].sum()), int((score[covered] ** 2).sum())))

    adults = ran(question(essay, citizens=2000, days=60), each=each)
    assert np.array_equal(adults.sums("essay", "score_sum"), [s for s, _ in sums])
    assert np.array_equal(adults.sums("essay", "score_square_sum"), [s for _, s in sums])


# ---- grades and consequences


def test_everybody_covered_has_one_grade(run):
    """Per day: people by grade sum to the people covered; nobody is covered before the first day."""
    rows = run.society.engine.model.measure_rows()["graded"]
    for name in ("essay", "platform"):
        graded = run.kept.daily[:, run.number(name), rows : rows + 8].sum(1)
        covered = run.sums(name, "covered_sum")
        assert np.array_equal(graded, covered)
        assert covered[BEGINS - 1] == 0 < covered[BEGINS]
        assert np.array_equal(covered[BEGINS:], [run.covered(name, d).sum() for d in range(BEGINS, SIZE["days"])])


def test_the_log_of_changes_is_the_mask(run):
    """Per consequence and day: people under it by the log of changes are those whose bit is set at the day's end."""
    force = run.force("essay")
    masks = np.array(run.notes["mask"])
    for name, bit in force.bits.items():
        assert np.array_equal(force.by_day(name, "in_force"), masks[:, bit]), name
    assert masks.sum() > 1000


def test_the_clean_mask_is_logged_too(run):
    """On the last day the log's clean, false and missed counts are those of the columns."""
    for regime_name in ("essay", "platform", "lottery"):
        force = run.force(regime_name)
        mask, clean = run.state("mask", regime_name), run.state("clean_mask", regime_name)
        for name, bit in force.bits.items():
            real, due = (mask >> np.uint32(bit) & 1) > 0, (clean >> np.uint32(bit) & 1) > 0
            expected = {"in_force": real, "clean": due, "false": real & ~due, "missed": due & ~real}
            assert {w: int(force.by_day(name, w)[-1]) for w in expected} == {w: int(x.sum()) for w, x in expected.items()}


def daily_of(tables, name: str, measure: str) -> np.ndarray:
    return tables.daily.filter((pl.col("regime") == name) & (pl.col("measure") == measure)).sort("day")["value"].to_numpy()


@pytest.mark.parametrize("name", ["essay", "platform", "lottery"])
def test_consequence_days_agree_in_every_table(tables, name):
    """Per consequence: days in force by day = over spells = over citizens and years = by month and group; false and missed days likewise."""
    spells, citizens, groups = (t.filter(pl.col("regime") == name) for t in (tables.spells, tables.citizens, tables.groups))
    summary = tables.summary["regimes"][name]
    found = 0
    for kind in ("penalties", "rewards"):
        for consequence, block in summary[kind].items():
            by_day = int(daily_of(tables, name, f"in_force:{consequence}").sum())
            mine = spells.filter(pl.col("consequence") == consequence)
            by_spell = int((mine["end"].fill_null(SIZE["days"]) - mine["start"]).sum())
            by_citizen = int(citizens[f"days.{consequence}"].sum())
            assert by_day == by_spell == by_citizen == block["citizen_days"]
            assert block["citizens_ever"] == mine["citizen"].n_unique()
            for what in ("false", "missed"):
                assert int(daily_of(tables, name, f"{what}:{consequence}").sum()) == int(citizens[f"{what}_days.{consequence}"].sum())
            for grouping in ("age", "residence", "income", "sex", "label"):
                in_groups = groups.filter((pl.col("grouping") == grouping) & (pl.col("measure") == f"in_force:{consequence}"))
                assert int(in_groups["value"].sum()) == by_day
            assert int(mine["false_days"].sum()) == int(daily_of(tables, name, f"false:{consequence}").sum())
            found += by_day
    assert found > 1000


def test_daily_measures_agree_with_groups_and_summary(tables):
    """Sums over days = sums over months and groups for every measure that both tables have; channels in the summary add up."""
    both = tables.groups.filter(pl.col("grouping") == "income").group_by("regime", "measure").agg(pl.col("value").sum())
    days = tables.daily.group_by("regime", "measure").agg(pl.col("value").sum().alias("daily"))
    joined = both.join(days, on=["regime", "measure"]).filter(pl.col("measure") != "people")
    assert joined.height > 300
    assert joined.filter(pl.col("value") != pl.col("daily")).height == 0
    for name, block in tables.summary["regimes"].items():
        for channel, c in block["channels"].items():
            if name in ("essay", "platform"):
                seen = c["acts"] - c["missed"]
                assert 0 <= c["missed"] <= c["acts"], (name, channel)
                assert c["records"] == seen - sent_in(tables, name, channel) + c["misattributed"] + c["false"]


def sent_in(tables, name: str, channel: str) -> int:
    acts = tables.scenario_acts if hasattr(tables, "scenario_acts") else [a for a, what in scenario().catalogue.acts.items() if what.channel == channel]
    return int(sum(daily_of(tables, name, f"sent:{a}").sum() for a in acts))


@pytest.mark.parametrize("name", ["essay", "platform", "lottery"])
def test_attempts_and_refusals_agree_in_every_table(tables, name):
    """Per consequence: attempts, refusals and fen by day = over citizens = in the summary; no more refused than tried."""
    citizens = tables.citizens.filter(pl.col("regime") == name)
    for kind, word in (("penalties", "refused"), ("rewards", "granted")):
        for consequence, block in tables.summary["regimes"][name][kind].items():
            for what, key in (("attempts", "attempts"), ("refused", word), ("fen", "fen")):
                by_day = int(daily_of(tables, name, f"{what}:{consequence}").sum())
                assert by_day == int(citizens[f"{what}.{consequence}"].sum()) == block[key]
            assert 0 <= block[word] <= block["attempts"]


def test_causes_are_given_to_false_penalty_days_and_to_no_others(tables):
    """A spell of a penalty has a cause exactly when some of its days are false; by_cause sums to 1."""
    essay = tables.spells.filter(pl.col("regime") == "essay")
    penalties = set(tables.summary["regimes"]["essay"]["penalties"])
    mine = essay.filter(pl.col("consequence").is_in(penalties))
    assert set(mine["cause"].unique()) <= set(CAUSES)
    assert mine.filter((pl.col("false_days") > 0) & (pl.col("cause") == "none")).height == 0
    assert mine.filter((pl.col("false_days") == 0) & (pl.col("cause") != "none")).height == 0
    shares = tables.summary["regimes"]["essay"]["wrong"]["by_cause"]
    assert sum(shares.values()) == pytest.approx(1)


@pytest.mark.parametrize("from_age", [0, 18])
def test_nobody_is_on_the_panel_for_records_before_being_scored(from_age):
    """Among the events of those followed, records of whatever kind befall only the scored, and only from the first day on."""
    essay = regime("essay", coverage__from_age=from_age, **MISTAKES)
    made = simulate(question(essay, citizens=1000, days=90, panel=1000), threads=1)
    births = ran(question(essay, citizens=1000, days=1)).state("birth")
    records = made.panel.filter(pl.col("event").is_in(["false_record", "received_record"]) | pl.col("outcome").is_in(["recorded", "pinned on somebody else"]))
    assert records.height > 50
    days, citizens = records["day"].to_numpy(), records["citizen"].to_numpy()
    assert (days >= BEGINS).all()
    assert (days - births[citizens] >= round(from_age * 365.2425)).all()


def test_the_panel_says_by_how_much_each_record_moved_the_account():
    """Added up over a citizen's events, the points are those of her file, to the point; what the rule gives is another number where
    a warning, the year's cap or a ceiling stood between, and the same elsewhere."""
    often = {"acts.drives_drunk.rate": 8, "acts.drives_drunk.seen": 0.6, "acts.volunteers.rate": 20, "acts.fights.rate": 2, "acts.fights.seen": 0.5}
    law = regime("rongcheng", activity=None, remedies__warnings=1, score__gains=7, points__volunteers=5)
    made = simulate(question(law, citizens=1500, days=90, panel=1500, set=often), threads=1)
    file = made.citizens.select("citizen", total=pl.sum_horizontal(pl.selectors.starts_with("points."))).group_by("citizen").agg(pl.col("total").sum())
    events = made.panel.group_by("citizen").agg(pl.col("points").sum())
    both = file.join(events, "citizen", how="left").with_columns(pl.col("points").fill_null(0))
    assert (both["total"] == both["points"]).all()
    assert made.panel.filter(pl.col("points") != 0).height > 300
    fights, deeds, drunk = (made.panel.filter((pl.col("act") == act) & ((pl.col("points") != 0) | (pl.col("rule_points") != 0))) for act in ("fights", "volunteers", "drives_drunk"))
    assert set(fights["rule_points"]) == {-10}
    assert set(fights["points"]) == {0, -10}  # 0: the first of the year, a warning
    assert set(deeds["rule_points"]) == {5}
    assert {5, 2, 0} <= set(deeds["points"]) < set(range(6))  # all of it, what is left below the cap, nothing
    assert set(drunk["rule_points"]) == {0}
    once = drunk.sort("day").group_by("citizen", maintain_order=True).first()
    assert max(once["points"]) < -100  # straight down, from wherever she stood; a second time only by what was gained since
    assert max(drunk["points"]) <= 0
    assert (made.panel.filter(pl.col("event").is_in(["begins", "ends", "attempt"]))["points"] == 0).all()


def test_people_days_are_people_times_days(tables, run):
    """Person-days in every grouping are the living, added up over the days."""
    people = tables.groups.filter(pl.col("measure") == "people").group_by("regime", "grouping").agg(pl.col("value").sum())
    lived = int(sum(run.living(day).sum() for day in range(SIZE["days"])))
    assert set(people["value"]) == {lived} == {int(daily_of(tables, name, "people").sum()) for name in ("none", "essay")}
    assert 0.9 < lived / (SIZE["citizens"] * SIZE["days"]) < 0.95


# ---- money


def many_payments():
    """A scenario in which everything that can be paid is: many judgments that are fulfilled, rebates from the middle grades on, and enough
    deaths for one who was overdrawn."""
    city = regime("rongcheng", consequences__heating_rebate__grades=["A", "AA", "AAA"])
    judged = {"acts.ignores_judgment.rate": 0.05, "acts.fulfils_judgment.rate": 5}
    return question("none", city, citizens=20_000, days=SIZE["days"], set=judged)


@pytest.fixture(scope="module")
def paying():
    """The run of it."""
    return ran(many_payments())


def payments(run, name: str) -> np.ndarray:
    """Who paid whom: (days, from, to) fen."""
    flows = np.zeros((SIZE["days"], len(SECTORS), len(SECTORS)), np.int64)
    for measure, (a, b) in PAYMENTS.items():
        flows[:, SECTORS.index(a), SECTORS.index(b)] += run.daily(name, measure)
    return flows


def begins(asked) -> dict:
    """What each regime's people have and owe before the first day, as whole sums of fen."""
    society = Society(asked, threads=1)
    out = {n: {what: int(society.state.row(what, r).astype(np.int64).sum()) for what in ("wealth", "debt")} for r, n in enumerate(society.names)}
    society.stepper.close()
    return out


@pytest.mark.parametrize(("which", "asked"), [("run", scenario), ("paying", many_payments)])
def test_money_is_neither_made_nor_lost(request, which, asked):
    """Day by day what households receive less what they pay is the change of their wealth, and what is lent less what is repaid,
    paid from estates and written off that of debt, to the fen."""
    run, home = request.getfixturevalue(which), SECTORS.index("households")
    for name, had in begins(asked()).items():
        flows = payments(run, name)
        wealth = np.concatenate([[had["wealth"]], run.sums(name, "wealth_sum")])
        assert np.array_equal(np.diff(wealth), flows[:, :, home].sum(1) - flows[:, home, :].sum(1)), name
        debt = np.concatenate([[had["debt"]], run.sums(name, "debt_sum")])
        gone = run.daily(name, "pay_repaid") + run.daily(name, "pay_estate_debts") + run.daily(name, "written_off")
        assert np.array_equal(np.diff(debt), run.daily(name, "pay_lent") - gone), name
        assert run.daily(name, "deaths").sum() > 10
        assert run.daily(name, "inherited").sum() > 0
        assert (flows >= 0).all()


def test_every_kind_of_payment_that_is_declared_occurs(paying):
    """So that the sums above are of all of them; but for what only a score brings, each occurs without one too."""
    made = lambda name: {measure for measure in PAYMENTS if paying.daily(name, measure).sum() > 0}  # noqa: E731
    assert made("rongcheng") == set(PAYMENTS)
    assert made("none") == set(PAYMENTS) - {"pay_rebates", "pay_deeds"}


def test_all_payments_have_a_household_on_one_side(run):
    """The matrix closes: every payment is between households and another sector, never within one."""
    flows = payments(run, "essay").sum(0)
    home = SECTORS.index("households")
    assert np.trace(flows) == 0
    others = [s for s in range(len(SECTORS)) if s != home]
    assert flows[np.ix_(others, others)].sum() == 0
    assert all(flows[home, SECTORS.index(s)] > 0 for s in ("banks", "shops", "transport", "schools", "state", "outside"))


def test_trips_and_fares_agree(run):
    """Under none every journey is made and paid in full: transport money = flights x air fare + train trips x rail fare."""
    flown, trips, w = run.daily("none", "flown"), run.daily("none", "trips"), run.society.world
    assert np.array_equal(run.daily("none", "pay_transport"), flown * int(w["air_fare"]) + (trips - flown) * int(w["rail_fare"]))
    assert np.array_equal(trips, run.daily("none", "acts", "flies") + run.daily("none", "acts", "takes_train"))
    assert np.array_equal(run.daily("none", "pay_hotels"), run.daily("none", "nights") * int(w["hotel_night"]))


def test_false_kinds_are_not_acts(run):
    """False records are counted apart: no act is put down to anybody for them."""
    kinds = run.society.kinds
    years = run.tallied("year_acts", "essay").sum(1)
    for c, channel in enumerate(CHANNELS):
        assert years[c] == sum(run.daily("essay", "acts", k).sum() for k in kinds.of_channel(channel))
    assert sum(1 for c in kinds.classes if c == FALSE) == len(CHANNELS)
    assert grades(1)[0]["id"] == "g0"
