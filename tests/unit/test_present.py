"""The report: what it says, what it does with gaps and hostile words, and that it is the same twice."""

import json
import re
from html.parser import HTMLParser

import altair as alt
import polars as pl
import pytest
from tests.unit.fake_run import fake_run

from glasshouse import present
from glasshouse.present import bundle, figures, palette, words
from glasshouse.present.data import Data
from glasshouse.present.headlines import HEADLINES, headlines
from glasshouse.present.report import SECTIONS, figures_of, report
from glasshouse.scenarios import load

VOID = {"meta", "link", "br"}


@pytest.fixture(scope="module")
def run():
    return fake_run()


@pytest.fixture(scope="module")
def page(run):
    return report(run)


class Reader(HTMLParser):
    """Collects text by the id of the nearest section, attributes, and whether every element is closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.cards: dict[str, list[str]] = {}
        self.card = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.card = dict(attrs).get("data-headline") or self.card
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if data.strip() and self.open and self.open[-1] not in ("script", "style"):
            self.text.append(data.strip())
            if self.open[-1] == "p":
                self.cards.setdefault(self.card, []).append(data.strip())

    @property
    def words(self) -> str:
        return " ".join(self.text).replace(words.SPACE, " ")


def spoken(run) -> str:
    return Reader(report(run)).words


def tables(html: str) -> dict[str, list[list[str]]]:
    """Caption -> rows of cells, for every table of a page."""
    found = {}
    html = re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    for block in re.findall(r"<table.*?</table>", html, re.DOTALL):
        caption = re.search(r"<caption>(.*?)</caption>", block, re.DOTALL)[1]
        rows = re.findall(r"<tr role=\"row\">(.*?)</tr>", block.split("<tbody", 1)[1], re.DOTALL)
        found[caption] = [
            [re.sub(r"<.*?>", "", cell).replace(words.SPACE, " ").strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
            for row in rows
        ]
    return found


# ---- the page as a file


def test_every_element_is_closed_and_every_id_is_given_once(page):
    reader = Reader(page)
    assert reader.open == []
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    pointed = [
        name
        for _, attrs in reader.tags
        for key in ("aria-labelledby", "aria-describedby", "data-for")
        for name in (attrs.get(key) or "").split()
    ]
    assert set(pointed) <= set(ids)
    anchors = [attrs["href"][1:] for tag, attrs in reader.tags if tag == "a"]
    assert set(anchors) <= set(ids)


def test_the_page_asks_nothing_of_a_network(page):
    reader = Reader(page)
    addresses = [attrs[key] for _, attrs in reader.tags for key in ("src", "href", "action", "srcset") if key in attrs]
    assert all(address.startswith(("#", "data:")) for address in addresses)
    policy = next(attrs["content"] for _, attrs in reader.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe-eval" not in policy
    assert "url(" not in (page.split("<style>")[1].split("</style>")[0])


def test_the_sections_come_in_the_order_of_the_design(page):
    found = re.findall(r'<section id="(\w+)"', page)
    assert found == [
        "asked",
        "headlines",
        "grades",
        "consequences",
        "wrong",
        "conduct",
        "life",
        "lives",
        "channels",
        "claims",
        "margins",
        "ledger",
        "limits",
        "sources",
        "repeat",
    ]


def test_the_same_run_gives_the_same_bytes(page):
    assert report(fake_run()) == page


def test_times_and_folders_leave_no_trace(run):
    again = fake_run()
    again.summary["timing"] = {"report_s": 99.0}
    again.summary["folder"] = "elsewhere"
    assert report(again) == report(run)
    assert "nowhere" not in report(run)


def test_no_row_of_a_person_reaches_the_page():
    small, large = fake_run(n=600), fake_run(n=2400)
    sizes = [sum(len(figure.rows) for figure in figures_of([make(Data(run)) for make in SECTIONS])) for run in (small, large)]
    assert abs(sizes[0] - sizes[1]) <= 40  # bins, not people: more people do not make more rows


def test_a_page_is_written_where_it_is_asked(run, page, tmp_path):
    assert present.write_report(run, tmp_path / "report.html").read_text(encoding="utf-8") == page


def test_who_does_not_live_on_the_last_day_is_told_apart():
    """Of so many places some are of the dead and of those not yet born; where all live, nothing is said of others."""
    run = fake_run(n=60, days=500)
    everybody = spoken(run)
    assert "60 of 60 invented people live on the last of 500 days" in everybody
    assert "The others have died" not in everybody
    run.summary["run"]["living"] = 55
    some = spoken(run)
    assert "55 of 60 invented people live on the last of 500 days" in some
    assert "The others have died, or are born later." in some


# ---- hostile words


HOSTILE = "<script>alert(1)</script> & \"quoted\" 'so' </script><!--"


def test_words_from_files_are_shown_and_never_run(run):
    hostile = fake_run(title=HOSTILE, summary=HOSTILE, question=HOSTILE)
    for regime in hostile.what["texts"]["regimes"].values():
        regime.update(title=HOSTILE, summary=HOSTILE, claims=[{"text": HOSTILE, "verdict": HOSTILE, "source": HOSTILE}])
    hostile.ledger = hostile.ledger.with_columns(about=pl.lit(HOSTILE), source=pl.lit(HOSTILE), unit=pl.lit(HOSTILE))
    hostile.margins = hostile.margins.with_columns(category=pl.lit(HOSTILE), source=pl.lit(HOSTILE))
    hostile.scenario_toml = ""
    html = report(hostile)
    reader = Reader(html)
    assert reader.open == []
    scripts = [attrs for tag, attrs in reader.tags if tag == "script"]
    assert [attrs["type"] for attrs in scripts].count("module") == 1
    assert all(attrs["type"] in ("module", "application/json") for attrs in scripts)
    assert len(scripts) == len([attrs for tag, attrs in Reader(report(run)).tags if tag == "script"])
    assert "<script>alert" not in html
    assert HOSTILE in reader.words  # shown as it was written


def test_specs_cannot_end_the_script_they_stand_in(run):
    hostile = fake_run(title="x")
    hostile.what["texts"]["regimes"]["essay"]["title"] = HOSTILE
    html = report(hostile)
    for text in re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL):
        assert "<" not in text
        json.loads(text)


# ---- numbers


def test_every_headline_is_the_summarys(run, page):
    cards = Reader(page).cards
    essay, none = run.summary["regimes"]["essay"], run.summary["regimes"]["none"]

    def shown(name: str) -> str:
        return cards[f"essay.{name}"][0]

    for part, keys in (("penalties", ("citizen_days", "refused", "fen")), ("rewards", ("citizen_days", "granted", "fen"))):
        for key in keys:
            total = sum(entry[key] for entry in essay[part].values())
            assert shown(f"{part}.{key}") == (words.yuan(total) if key == "fen" else f"{total:,}")
    for key in ("false_penalty_share", "missed_share", "lawful_share"):
        assert shown(f"wrong.{key}") == words.share(essay["wrong"][key])
    for key, write in (
        ("income_mean", words.whole),
        ("expression_mean", words.share),
        ("public_opinion_mean", words.share),
        ("defaults", words.whole),
    ):
        beside = cards[f"essay.life.{key}"][2]
        assert beside.startswith(write(essay["life"][key]))
        assert write(none["life"][key]) in beside
    assert shown("life.income_mean") == words.signed(round(essay["life"]["income_mean"] - none["life"]["income_mean"]), "yuan")
    listed = {name for name in cards if name.startswith("essay.")}
    assert listed == {f"essay.{line.id}" for line in HEADLINES if not line.id.startswith("help.")}, "the essay says nothing of whom to help"


def test_conduct_is_the_mean_of_the_table_of_people(run, page):
    year = run.citizens.filter(pl.col("year") == pl.col("year").max()).group_by("regime").agg(pl.col("conduct_bad").mean())
    means = dict(year.iter_rows())
    card = Reader(page).cards["essay.life.conduct_bad_mean"]
    assert card[0] == words.signed(means["essay"] - means["none"])
    assert card[2] == f"{words.decimal(means['essay'])}; without a score {words.decimal(means['none'])}"


def test_headlines_are_offered_as_numbers(run):
    found = headlines(run.summary)
    essay, none = (run.summary["regimes"][name] for name in ("essay", "none"))
    assert found["essay.wrong.false_penalty_share"] == essay["wrong"]["false_penalty_share"]
    assert found["essay.life.income_mean"] == essay["life"]["income_mean"] - none["life"]["income_mean"]
    assert not any(name.startswith("none.") for name in found)


def test_a_headline_shows_how_far_assumed_numbers_move_it(page):
    """Around the number of the run itself, 43.8 %: small runs around 9 % went down by 7 and up by 12 points."""
    said = Reader(page).words
    assert "43.8 % of penalty days would not be there if every record were true and complete Range: 36.8 % to 55.8 %" in said
    assert "Share of what one would say that those who know leave unsaid." in said
    assert "from 0 to 0.500 share" in said
    assert "42.8 % to 45.8 %" in said
    assert "Range: not worked out" in said  # of the others


def test_a_range_of_a_sum_is_told_as_a_change(run):
    moved = fake_run()
    moved.ranges = {
        "essay.penalties.refused": [{"key": "k", "low_value": 0, "high_value": 1, "at_low": 50, "at_high": 130, "base": 100, "unit": ""}]
    }
    assert f"Range: {words.MINUS}50 % to +30 %" in spoken(moved)


def test_the_tables_of_penalties_hold_the_summary(run, page):
    rows = tables(page)["Penalties over the whole run"]
    for (name, entry), row in zip(run.summary["regimes"]["essay"]["penalties"].items(), rows, strict=True):
        assert row[0] == Data(run).title("consequences", name)
        assert row[1].startswith(f"{entry['citizens_ever']:,} (")
        assert row[2:4] == [f"{entry['citizen_days']:,}", f"{entry['attempts']:,}"]
        assert row[4].startswith(f"{entry['refused']:,} (")
        assert row[5] == words.yuan(entry["fen"]).replace(words.SPACE, " ")


def test_shares_of_a_group_make_a_whole(run):
    for figure in figures_of([make(Data(run)) for make in SECTIONS]):
        sums: dict[str, float] = {}
        for row in figure.rows:
            if "share" in row:
                place = row.get("group") or row.get("label") or row["date"]
                sums[place] = sums.get(place, 0.0) + row["share"]
        assert all(total == pytest.approx(1.0, abs=1e-3) for total in sums.values()), figure.title


def test_grades_by_group_agree_with_the_tables(run):
    data = Data(run)
    residence = {
        g: sum(data.by_group("essay", "residence", f"grade:{name}", data.last_month).get(g, 0) for name in data.grades["essay"])
        for g in ("urban", "rural")
    }
    last = run.groups.filter(
        (pl.col("month") == "2020-05")
        & (pl.col("regime") == "essay")
        & (pl.col("grouping") == "residence")
        & (pl.col("measure") == "covered")
    )
    assert residence == dict(last.select("group", "value").iter_rows())


# ---- what is not there


def test_no_case_is_never_nought():
    run = fake_run()
    run.summary["regimes"]["essay"]["wrong"] = {
        "false_penalty_share": None,
        "missed_share": None,
        "by_cause": dict.fromkeys(("record", "stale"), None),
        "lawful_share": None,
        "disproportion": None,
    }
    html = report(run)
    assert Reader(html).cards["essay.wrong.false_penalty_share"][0] == "no case"
    assert all(row[2] == "no case" for row in tables(html)["Wrong and lawful, over all penalties"])
    assert "What false penalty days come from: no case" in Reader(html).words


def test_a_penalty_that_nobody_met_has_no_share():
    run = fake_run()
    run.summary["regimes"]["essay"]["penalties"]["hotel_ban"] = {
        "citizens_ever": 0,
        "citizen_days": 0,
        "attempts": 0,
        "refused": 0,
        "fen": 0,
    }
    run.daily = run.daily.with_columns(value=pl.when(pl.col("measure").str.ends_with(":hotel_ban")).then(0).otherwise(pl.col("value")))
    html = report(run)
    assert tables(html)["Penalties over the whole run"][2] == ["Star hotels refuse", "0 (0 %)", "0", "0", "0 (no case)", "0 yuan"]
    assert "no case: never in force, never called for" in html


def test_counts_of_causes_are_turned_into_shares():
    run = fake_run()
    run.summary["regimes"]["essay"]["wrong"]["by_cause"] = {"record": 30, "kin": 10, "stale": None}
    rows = tables(report(run))["False penalty days by cause"]
    assert [row[1] for row in rows] == ["75.0 %", "25.0 %", "no case"]


def test_a_run_without_a_baseline_says_so():
    run = fake_run(regimes=("essay",))
    said = spoken(run)
    assert "this run has nobody without a score to set it beside" in said
    assert "differences are not measured" in said
    assert all(number is None for name, number in headlines(run.summary).items() if ".life." in name)


def test_a_run_of_nothing_but_the_baseline_says_so():
    said = spoken(fake_run(regimes=("none",)))
    for told in (
        "nothing to report but the society itself",
        "No regime of this run gives grades.",
        "No regime of this run has penalties",
        "gives a score",
        "watches anybody",
    ):
        assert told in said


def test_a_lottery_has_columns_but_no_grades():
    html = report(fake_run(regimes=("none", "essay", "lottery")))
    found = tables(html)
    assert all(len(row) == 4 for row in found["Wrong and lawful, over all penalties"])
    assert {row[1] for row in found["Penalties over the whole run"]} == {"Regime essay", "Regime lottery"}
    said = Reader(html).words
    assert "No grades given by “Regime lottery”." in said
    assert "“Regime lottery” gave nobody a score at the end. It handed out " in said
    assert "no case, because “Regime lottery” has no records that could be wrong" in said


def test_a_regime_without_rewards_has_none_rather_than_nought():
    run = fake_run(regimes=("none", "essay", "lottery"))
    run.summary["regimes"]["lottery"]["rewards"] = {}
    rows = {row[0]: row[1:] for row in tables(report(run))["Every headline, side by side"]}
    assert rows["Rewards granted"][1] == "no rewards"
    assert (
        rows["Days under a reward"][0] == f"{sum(entry['citizen_days'] for entry in run.summary['regimes']['essay']['rewards'].values()):,}"
    )


def test_a_run_before_scoring_begins_has_no_grades_and_no_error():
    said = spoken(fake_run(days=120))
    assert "nobody was scored at the end of the run" in said
    assert "No regime of this run gives grades." in said


def test_empty_tables_are_told_in_words():
    run = fake_run(n=60, days=500)
    run.groups = run.groups.clear()
    run.citizens = run.citizens.clear()
    run.margins = run.margins.clear()
    run.ledger = run.ledger.clear()
    run.ranges = None
    said = spoken(run)
    for told in ("Who is in which grade is not measured", "holds no rows of people", "no table of published totals", "holds no ledger"):
        assert told in said


def test_numbers_only_remembered_are_marked_in_words(page):
    found = tables(page)
    assert found["Published and drawn"][0][6] == "assumed, remembered only"
    assert found["Published and drawn"][2][3:6] == ["not measured", "% of residents", "no case"]
    assert found["The rules “Regime essay”: 1 assumed"][0][4] == "assumed, remembered only"
    row = found["How people respond to a score: 1 assumed"][0]
    assert row[0].endswith("leave unsaid. responses.chilling.size")
    assert row[1:5] == ["0.200", "0 to 0.500", "share", "assumed"]
    assert "3 of 4" in Reader(page).words


def test_what_experiments_fix_of_the_numbers_is_told_of_those_that_were_moved():
    run = fake_run(n=60, days=500)
    assert not any("experiments" in name for name in tables(report(run)))
    told = {"responses.chilling.size": "penney: responses.chilling.size^0.90", "life.air.fare": "none of penney"}
    by = pl.col("key").replace_strict(told, default=None, return_dtype=pl.String)
    run.ledger = run.ledger.with_columns(fixed_by=by, not_apart=pl.lit(None, pl.String))
    found = tables(report(run))["Moved in the published experiments: 2"]
    assert [row[1:] for row in found] == [["none of penney", ""], ["penney: responses.chilling.size^0.90", ""]]
    assert found[1][0].endswith("leave unsaid. responses.chilling.size")


def test_the_numbers_that_people_are_drawn_with_are_told_by_the_side_of_life_they_are_of():
    run = fake_run(n=60, days=500)
    drawn_with = [row for row in load("essay").ledger() if row["key"].startswith("society.")]
    spans = [dict(zip(("range_low", "range_high"), row["range"] or (None, None), strict=True)) for row in drawn_with]
    rows = [{**row, "value": str(row["value"]), **span} for row, span in zip(drawn_with, spans, strict=True)]
    run.ledger = pl.DataFrame([{key: row[key] for key in run.ledger.columns} for row in rows])
    assumed, told = [row for row in rows if row["status"] == "assumed"], tables(report(run))
    found = told[f"Who the people are, beside the published tables: {len(assumed)} assumed"]
    assert len(found) == len(assumed) > 20
    known = told[f"Known in some way: {len(rows) - len(assumed)}"]
    replaced = next(row for row in known if row[0].endswith("society.ties.replaced"))
    assert replaced[0].startswith("Ties: Share of talking ties")
    assert replaced[1:5] == ["0.100", "none given", "a year", "derived"]
    core = next(row for row in found if row[0].endswith("society.ties.groups.town.core"))
    assert core[0].startswith("Ties in the group town: Places of these")
    assert core[1:4] == ["0", "0 to 1", "ties"]
    row = next(row for row in found if row[0].endswith("society.debt.rural"))
    assert row[:5] == ["Debt: Share of rural households with debt. society.debt.rural", "30", "10 to 50", "%", "assumed"]
    remembered = next(row for row in found if row[0].endswith("society.income.urban_over_rural"))
    assert remembered[0].startswith("Income: ")
    assert remembered[4] == "assumed, remembered only"
    assert all(re.match(r"[A-Z][a-z ]+: [A-Z]", row[0]) for row in found), "each says what side of life it is of"


def test_claims_keep_their_verdicts(page):
    rows = tables(page)["What is claimed of “Regime essay”: 1 not documented"]
    assert rows == [["Everybody has one score.", "not documented", "Daum, Getting Rongcheng Right."]]


def test_titles_come_from_the_stored_scenario_else_from_the_id():
    run = fake_run()
    assert Data(run).title("consequences", "hotel_ban") == "Star hotels refuse"
    run.scenario_toml = ""
    assert Data(run).title("consequences", "hotel_ban") == "Hotel ban"


def test_the_command_repeats_the_run():
    run = fake_run()
    run.what["set"] = {"responses.chilling.size": 0.3}
    command = re.search(r"<pre[^>]*><code>(.*?)</code>", report(run), re.DOTALL)[1].replace("\\\n", "").split()
    assert command == (
        "glasshouse run essay --citizens 800 --days 500 --seed 1 --start 2019-01-01 --regime none --regime essay "
        "--set responses.chilling.size=0.3".split()
    )


def test_the_limits_are_told(page):
    said = Reader(page).words
    for told in (
        "goes to nobody else",
        "People are born and die as the tables say, whatever happens to them",
        "The people are invented",
        "the model's effect, not a country's",
    ):
        assert told in said


# ---- charts


def test_every_chart_keeps_to_the_schema_and_speaks(run):
    made = figures_of([make(Data(run)) for make in SECTIONS])
    assert len(made) >= 20
    for figure in made:
        alt.Chart.from_dict(
            figure.spec | {"data": {"values": figure.rows}}, validate=True
        ) if "layer" not in figure.spec else alt.LayerChart.from_dict(figure.spec | {"data": {"values": figure.rows}}, validate=True)
        assert figure.rows
        assert figure.unit
        assert figure.summary.endswith(".")
        assert figure.table.rows
        assert figure.spec["width"] == "container"


def test_colours_are_apart_and_dashes_too():
    looks = palette.regimes(["none", "a", "b", "c"], "none")
    assert len(set(looks.values())) == 4
    for count in range(1, 9):
        assert len(set(palette.scale(count))) == count
    assert len(palette.scale(11)) == 11


def test_the_version_of_the_charts_is_the_bundles():
    import vl_convert

    assert figures.VEGA_LITE in vl_convert.get_vegalite_versions()


# ---- the script


def test_the_script_is_made_once_and_a_damaged_copy_is_made_anew(tmp_path, monkeypatch):
    import vl_convert

    calls = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda **_: calls.append(1) or "window.vegaEmbed = 1;")
    make = bundle.bundle.__wrapped__
    assert make() == make() == "window.vegaEmbed = 1;"
    assert len(calls) == 1
    (kept,) = (tmp_path / "glasshouse").iterdir()
    kept.write_text(kept.read_text() + "more")
    assert make() == "window.vegaEmbed = 1;"
    assert len(calls) == 2


def test_a_cache_that_cannot_be_written_is_no_fault(tmp_path, monkeypatch):
    import vl_convert

    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(vl_convert, "javascript_bundle", lambda **_: "x")
    assert bundle.bundle.__wrapped__() == "x"


def test_the_script_cannot_end_its_element(page):
    script = page.rsplit('<script type="module">', 1)[1]
    assert script.count("</script") == 1


# ---- words


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (words.share(None), "no case"),
        (words.share(0.0), "0 %"),
        (words.share(1.0), "100.0 %"),
        (words.share(0.999999), "100.0 %"),
        (words.share(0.00001), "under 0.01 %"),
        (words.whole(None), "not measured"),
        (words.whole(-1234), "−1,234"),
        (words.yuan(None), "not measured"),
        (words.yuan(0), "0 yuan"),
        (words.yuan(150), "1.50 yuan"),
        (words.decimal(float("nan")), "not measured"),
        (words.decimal(-0.0), "0"),
        (words.points(0.0), "no difference"),
        (words.points(0.25), "+25.0 points"),
        (words.points(-0.00001), "−0.001 points"),
        (words.signed(0.0), "no difference"),
        (words.signed(None), "not measured"),
        (words.number_in({"2020-01-01": 3}), "3 from 2020-01-01"),
        (words.number_in(None), "not measured"),
        (words.number_in("2020-01-01"), "2020-01-01"),
        (words.listed([]), ""),
    ],
)
def test_numbers_in_words(made, said):
    assert made.replace(words.SPACE, " ") == said
