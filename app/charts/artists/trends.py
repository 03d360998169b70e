"""Trend against its change.

Belongs here: the scatter of the growth tab and its bounds. Does not belong here: classes
(insights/trend.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import BAD_COLOUR, BLUE, GOLD, GREEN, GREY, HEIGHT
from app.charts.forms import legend_of, tooltips
from kpop_assets.contracts import rules

# A pace of four times or a quarter of the month's; who lies beyond is named, not drawn.
BOUND = math.log(4)
CLASS_COLOURS = {
    "surging": BLUE,
    "growing": GREEN,
    "steady": GREY,
    "cooling": GOLD,
    "shrinking": BAD_COLOUR,
}
CLASS_SHAPES = {
    "surging": "triangle-up",
    "growing": "diamond",
    "steady": "circle",
    "cooling": "square",
    "shrinking": "triangle-down",
}
_RATIO = (
    "(datum.value < -0.01 ? '× 1/' + round(exp(-datum.value)) : '× ' + round(exp(datum.value)))"
)


def within_bounds(trends: pl.DataFrame) -> pl.Series:
    """Which rows of known trend the chart has room for; an unknown change counts as none."""
    inside = pl.col("trend").abs() <= BOUND
    return trends.select(inside & (pl.col("trend_change").fill_null(0).abs() <= BOUND)).to_series()


def trend_scatter(
    frame: pl.DataFrame, titles: Mapping[str, str], class_names: Mapping[str, str]
) -> alt.LayerChart | alt.FacetChart:
    """A point for each artist: the trend, and how it changed in a week.

    Args:
        frame: artist, tier, total_engagement, growth rates, trend_class, trend_ratio, trend,
            trend_change; rows of `within_bounds`.
        titles: name of each column.
        class_names: what each class is called.
    """
    shown = frame.with_columns(
        pl.col("trend_class").replace_strict(class_names).alias("trend_class"),
        pl.col("trend_change").fill_null(0),
        # The percent of the tooltip is written of parts of 1.
        pl.col("growth_rate_7d", "growth_rate_30d") / 100,
    )
    names = [class_names[key] for key in CLASS_COLOURS]
    growth = tooltips(shown, ["growth_rate_7d", "growth_rate_30d"], titles, "growth")
    tips = tooltips(shown, ["artist", "trend_class", "trend_ratio"], titles, "times")
    points = (
        alt.Chart(shown)
        .mark_point(filled=True, size=80, opacity=0.85)
        .encode(
            x=_axis(alt.X, "trend", titles["trend"]),
            y=_axis(alt.Y, "trend_change", titles["trend_change"]),
            color=alt.Color(
                "trend_class:N",
                scale=alt.Scale(domain=names, range=list(CLASS_COLOURS.values())),
                legend=legend_of(names),
            ),
            shape=alt.Shape(
                "trend_class:N",
                scale=alt.Scale(domain=names, range=list(CLASS_SHAPES.values())),
                legend=legend_of(names),
            ),
            tooltip=[*tips, *growth],
        )
    )
    edge, change = rules.TREND_EDGE, rules.TREND_CHANGE_EDGE
    across = _rules(pl.DataFrame({"x": [-edge, edge]})).encode(x="x:Q")
    along = _rules(pl.DataFrame({"y": [-change, change]})).encode(y="y:Q")
    return alt.layer(across, along, points).properties(height=int(HEIGHT * 1.3))


def _rules(ends: pl.DataFrame) -> alt.Chart:
    return alt.Chart(ends).mark_rule(aria=False, strokeDash=[4, 3], color=GREY)


def _axis(channel: type, column: str, title: str) -> alt.X | alt.Y:
    return channel(
        f"{column}:Q",
        title=title,
        scale=alt.Scale(domain=[-BOUND, BOUND], nice=False),
        axis=alt.Axis(
            values=[sign * math.log(times) for times in (4, 2) for sign in (-1, 1)] + [0.0],
            labelExpr=_RATIO,
            grid=False,
        ),
    )
