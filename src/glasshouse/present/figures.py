"""Charts as Vega-Lite specs, made with Altair. They hold no data and no theme: the page adds rows, its style sheet colours text and lines.

Every chart takes the width of its place, so that it fits a phone. Long names stand above their bars, never beside them.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Sequence
from typing import Any

import altair as alt

VEGA_LITE = alt.SCHEMA_VERSION.lstrip("v").rsplit(".", 1)[0]
"""The version of Vega-Lite that the specs are written in, such as "6.4"."""

CONFIG: dict[str, Any] = {
    "aria": False,
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "padding": {"left": 2, "right": 14, "top": 6, "bottom": 2},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridOpacity": 0.6,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
        "titlePadding": 8,
        "labelLimit": 150,
    },
    "axisY": {"titleAngle": 0, "titleAlign": "left", "titleAnchor": "start", "titleY": -10, "titleX": 0},
    "legend": {"disable": True},
    "text": {"fontSize": 12},
    "line": {"strokeWidth": 2.2},
    "bar": {"discreteBandSize": 20},
    "rule": {"strokeWidth": 1.5, "color": "#8A8F94"},
}
"""Look that all charts share; colours of text and lines are in style.css, for light, dark and print.

A screen reader hears a chart's title and summary, not its marks: hence no aria here.
"""

TALL = 260
_ROWS = alt.NamedData("rows")
Look = tuple[str, str]
"""The colour and the dashes of a line."""
Start = tuple[str, bool] | None
"""The day on which scoring begins, "2020-01-01", and whether it is late in the run, so that its word stands before it."""


def _once(make: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """Make a chart once for the same words and colours: a page has many alike, and Altair takes tens of milliseconds for each."""
    made = functools.lru_cache(maxsize=256)(make)

    @functools.wraps(make)
    def copied(*given: Any) -> dict[str, Any]:
        return copy.deepcopy(made(*(tuple(part) if isinstance(part, list) else part for part in given)))

    return copied


@_once
def areas(names: Sequence[str], colours: Sequence[str]) -> dict[str, Any]:
    """Shares over time, stacked to 100 %. Rows: date, name, at (place in the stack), share, say."""
    chart = (
        alt.Chart(_ROWS)
        .mark_area(strokeWidth=0.6, stroke="#ffffff")
        .encode(
            x=_time(),
            y=alt.Y("share:Q", stack="zero", scale=alt.Scale(domain=[0, 1], nice=False), axis=_axis(percent=True)),
            color=_colour("name", names, colours),
            order=alt.Order("at:Q"),
            tooltip=alt.Tooltip("say:N"),
        )
    )
    return _spec(chart)


@_once
def lines(names: Sequence[str], looks: Sequence[Look], since: Start = None, percent: bool = False) -> dict[str, Any]:
    """One line a name over time. Rows: date, name, value, say. looks: (colour, dashes) of each name."""
    dashes = [[float(part) for part in dash.split(",")] if dash else [1, 0] for _, dash in looks]
    chart = (
        alt.Chart(_ROWS)
        .mark_line(clip=True)
        .encode(
            x=_time(),
            y=alt.Y("value:Q", scale=alt.Scale(zero=True), axis=_axis(percent)),
            color=_colour("name", names, [colour for colour, _ in looks]),
            strokeDash=alt.StrokeDash("name:N", scale=alt.Scale(domain=list(names), range=dashes), legend=None),
            detail=alt.Detail("name:N"),
        )
    )
    touch = alt.Chart(_ROWS).mark_point(size=60, opacity=0, filled=True).encode(x=_time(), y="value:Q", tooltip=alt.Tooltip("say:N"))
    return _spec(_marked(chart + touch, since))


@_once
def differences(names: Sequence[str], looks: Sequence[Look], since: Start = None) -> dict[str, Any]:
    """As lines, around a line at no difference."""
    spec = lines(names, looks, since)
    spec["layer"].insert(0, {"mark": {"type": "rule", "strokeWidth": 1}, "encoding": {"y": {"datum": 0}}})
    return spec


@_once
def shares(groups: Sequence[str], names: Sequence[str], colours: Sequence[str]) -> dict[str, Any]:
    """One bar a group, stacked to 100 %. Rows: group, name, at, share, say."""
    chart = (
        alt.Chart(_ROWS)
        .mark_bar(strokeWidth=1, stroke="#ffffff")
        .encode(
            y=alt.Y("group:N", sort=list(groups), title=None, axis=alt.Axis(grid=False)),
            x=alt.X("share:Q", stack="zero", scale=alt.Scale(domain=[0, 1], nice=False), axis=_axis(percent=True, across=True)),
            color=_colour("name", names, colours),
            order=alt.Order("at:Q"),
            tooltip=alt.Tooltip("say:N"),
        )
    )
    return _spec(chart, 30 * len(groups))


@_once
def titled_shares(labels: Sequence[str], names: Sequence[str], colours: Sequence[str]) -> dict[str, Any]:
    """As shares, with a long label above each bar.

    Rows: label, name, at, share, say; and rows of kind "none" with the word in `say` where there is no case.
    """
    base = alt.Chart(_ROWS)
    y = alt.Y("label:N", sort=list(labels), axis=None)
    x = alt.X("share:Q", stack="zero", scale=alt.Scale(domain=[0, 1], nice=False), axis=_axis(percent=True, across=True))
    bars = (
        base.transform_filter("datum.kind !== 'none'")
        .mark_bar(size=16, yOffset=9, strokeWidth=1, stroke="#ffffff")
        .encode(y=y, x=x, color=_colour("name", names, colours), order=alt.Order("at:Q"), tooltip=alt.Tooltip("say:N"))
    )
    gaps = (
        base.transform_filter("datum.kind === 'none'")
        .mark_text(align="left", dy=10, fontStyle="italic")
        .encode(y=y, x=alt.value(0), text="say:N")
    )
    return _spec(_labels(y) + bars + gaps, 46 * len(labels))


@_once
def titled_bars(labels: Sequence[str], colour: str) -> dict[str, Any]:
    """One bar a long label, which stands above it, from nought. Rows: label, value (a share), say."""
    y = alt.Y("label:N", sort=list(labels), axis=None)
    bars = (
        alt.Chart(_ROWS)
        .mark_bar(size=14, yOffset=8, color=colour)
        .encode(y=y, x=alt.X("value:Q", axis=_axis(percent=True, across=True)), tooltip=alt.Tooltip("say:N"))
    )
    return _spec(_labels(y) + bars, 42 * len(labels))


@_once
def titled_dots(labels: Sequence[str], names: Sequence[str], colours: Sequence[str]) -> dict[str, Any]:
    """For each long label a dot a group on one line. Rows: label, name, value, say."""
    base = alt.Chart(_ROWS)
    y = alt.Y("label:N", sort=list(labels), axis=None)
    reach = base.mark_rule(yOffset=9, strokeWidth=3, opacity=0.5).encode(y=y, x="min(value):Q", x2="max(value):Q")
    dots = base.mark_point(size=110, filled=True, opacity=1, yOffset=9, stroke="#ffffff", strokeWidth=1).encode(
        y=y,
        x=alt.X("value:Q", scale=alt.Scale(zero=True, nice=True), axis=_axis(across=True)),
        color=_colour("name", names, colours),
        tooltip=alt.Tooltip("say:N"),
    )
    return _spec(_labels(y) + reach + dots, 46 * len(labels))


@_once
def titled_intervals(labels: Sequence[str], names: Sequence[str], colours: Sequence[str]) -> dict[str, Any]:
    """For each long label a dot a name with its interval, one below the other, from nought. Rows: label, name, value, low, high, say."""
    base = alt.Chart(_ROWS)
    y = alt.Y("label:N", sort=list(labels), axis=None, scale=alt.Scale(paddingInner=0))
    apart = alt.YOffset("name:N", sort=list(names), scale=alt.Scale(range=[0, 12 * len(names)]))
    colour = _colour("name", names, colours)
    reach = base.mark_rule(strokeWidth=3, opacity=0.5).encode(y=y, yOffset=apart, x="low:Q", x2="high:Q", color=colour)
    dots = base.mark_point(size=70, filled=True, opacity=1, stroke="#ffffff", strokeWidth=1).encode(
        y=y, yOffset=apart, x=alt.X("value:Q", scale=alt.Scale(zero=True, nice=True), axis=_axis(across=True)), color=colour, tooltip=alt.Tooltip("say:N")
    )
    return _spec(_labels(y) + reach + dots, (26 + 12 * len(names)) * len(labels))


@_once
def spans(labels: Sequence[str], names: Sequence[str], colours: Sequence[str]) -> dict[str, Any]:
    """For each long label a bar a stretch of time. Rows: label, name, start, end, say."""
    y = alt.Y("label:N", sort=list(labels), axis=None)
    time = _time()
    time.shorthand = "start:T"
    bars = (
        alt.Chart(_ROWS)
        .mark_bar(size=12, yOffset=9, stroke="#ffffff", strokeWidth=0.5)
        .encode(y=y, x=time, x2="end:T", color=_colour("name", names, colours), tooltip=alt.Tooltip("say:N"))
    )
    return _spec(_labels(y) + bars, 42 * len(labels))


RATIOS = [1, 0.5, 2, 0.2, 5, 0.1, 10, 0.7, 1.5, 0.05, 20, 0.02, 50, 0.01, 100, 0.9, 1.1, 0.8, 1.2, 0.6, 3, 0.3]
"""Where an axis of ratios is marked: what comes first stays where there is no room for all."""


@_once
def ratios(labels: Sequence[str], names: Sequence[str], colours: Sequence[str]) -> dict[str, Any]:
    """For each long label a dot on a line of ratios, its interval, how far it may be from 1, a rule at 1.

    Rows: label, name, value, low, high, from, to (all above 0), say.
    """
    base = alt.Chart(_ROWS)
    y = alt.Y("label:N", sort=list(labels), axis=None)
    scale = alt.Scale(type="log", nice=False)
    axis = alt.Axis(format=",.3~g", title=None, labelOverlap="greedy", values=RATIOS, orient="top")
    may = base.mark_rule(yOffset=9, strokeWidth=13, opacity=0.18).encode(y=y, x=alt.X("from:Q", scale=scale, axis=axis), x2="to:Q")
    even = base.mark_rule(strokeDash=[4, 3]).encode(x=alt.datum(1))
    reach = base.mark_rule(yOffset=9, strokeWidth=3, opacity=0.5).encode(y=y, x=alt.X("low:Q", scale=scale, axis=axis), x2="high:Q")
    dots = base.mark_point(size=90, filled=True, opacity=1, yOffset=9, stroke="#ffffff", strokeWidth=1).encode(
        y=y, x=alt.X("value:Q", scale=scale, axis=axis), color=_colour("name", names, colours), tooltip=alt.Tooltip("say:N")
    )
    return _spec(_labels(y) + may + even + reach + dots, 40 * len(labels))


@_once
def group_differences(groups: Sequence[str], colour: str) -> dict[str, Any]:
    """One bar a group, left or right of no difference. Rows: group, value, say."""
    chart = (
        alt.Chart(_ROWS)
        .mark_bar(color=colour)
        .encode(
            y=alt.Y("group:N", sort=list(groups), title=None, axis=alt.Axis(grid=False)),
            x=alt.X("value:Q", axis=_axis(across=True)),
            tooltip=alt.Tooltip("say:N"),
        )
    )
    nought = alt.Chart(_ROWS).mark_rule().encode(x=alt.datum(0))
    return _spec(chart + nought, 30 * len(groups))


@_once
def bands(places: Sequence[str], colour: str, x_title: str, y_title: str) -> dict[str, Any]:
    """For each place the spread of a score: most people (thin), half of them (thick), the one in the middle (white line).

    Rows: place, p05 .. p95, say.
    """
    base = alt.Chart(_ROWS).encode(
        x=alt.X("place:N", sort=list(places), axis=alt.Axis(title=x_title, labelAngle=0, grid=False)), tooltip=alt.Tooltip("say:N")
    )
    scale = alt.Scale(zero=False, nice=True)
    most = base.mark_rule(strokeWidth=3, color=colour, opacity=0.55).encode(
        y=alt.Y("p05:Q", scale=scale, axis=_axis(title=y_title, tickMinStep=1)), y2="p95:Q"
    )
    half = base.mark_bar(size=16, color=colour).encode(y=alt.Y("p25:Q", scale=scale), y2="p75:Q")
    middle = base.mark_tick(size=22, thickness=3, color="#ffffff", opacity=1).encode(y=alt.Y("p50:Q", scale=scale))
    return _spec(most + half + middle)


def _time() -> alt.X:
    formats = {"year": "%b %Y", "quarter": "%b %Y", "month": "%b %Y", "week": "%-d %b %Y", "date": "%-d %b %Y", "day": "%-d %b %Y"}
    count = alt.ExprRef("max(2, floor(width / 110))")
    ticks = alt.Axis(title=None, format=formats, tickCount=count, grid=False, labelOverlap=True, labelFlush=True)
    return alt.X("date:T", scale=alt.Scale(type="utc"), axis=ticks)


def _axis(percent: bool = False, title: str | None = None, across: bool = False, **more: Any) -> alt.Axis:
    count = alt.ExprRef("max(3, floor(width / 90))") if across else 5
    return alt.Axis(format=".3~%" if percent else ",.6~g", title=title, labelOverlap=True, tickCount=count, **more)


def _colour(field: str, names: Sequence[str], colours: Sequence[str]) -> alt.Color:
    return alt.Color(f"{field}:N", scale=alt.Scale(domain=list(names), range=list(colours)), legend=None)


def _labels(y: alt.Y) -> alt.Chart:
    """The long names, each once, above what they name."""
    return (
        alt.Chart(_ROWS)
        .transform_aggregate(groupby=["label"])
        .mark_text(align="left", dy=-11, limit=0)
        .encode(y=y, x=alt.value(0), text="label:N")
    )


def _marked(chart: alt.Chart | alt.LayerChart, since: Start) -> alt.Chart | alt.LayerChart:
    """A line and a word on the day when scoring begins."""
    if since is None:
        return chart
    year, month, day = map(int, since[0].split("-"))
    side, shift = ("right", 1) if since[1] else ("left", -1)
    at = alt.XDatum(alt.DateTime(year=year, month=month, date=day, utc=True), type="temporal")
    one = alt.Chart(_ROWS).transform_sample(1)
    rule = one.mark_rule(strokeDash=[4, 3], strokeWidth=1).encode(x=at)
    word = one.mark_text(align=side, baseline="bottom", dx=shift, dy=-2, text="scoring begins", fontSize=11).encode(x=at, y=alt.value(0))
    return chart + rule + word


def _spec(chart: alt.Chart | alt.LayerChart, height: int = TALL) -> dict[str, Any]:
    """The chart as a dict; height of the drawn field in pixels. Checking it against the schema takes long: a test does that."""
    fit = alt.AutoSizeParams(type="fit-x", contains="padding")
    spec = chart.properties(width="container", height=height, autosize=fit).to_dict(validate=False)
    for key in ("$schema", "config", "data", "datasets"):
        spec.pop(key, None)
    for layer in spec.get("layer", []):
        layer.pop("data", None)
    return spec
