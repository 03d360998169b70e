"""Charts that several pages draw: lines over days, bars, points.

Belongs here: pure functions from a frame to an Altair chart; colours are the theme's, so both
themes and every kind of colour vision are served in one place (.streamlit/config.toml). Does not
belong here: how numbers are written (forms.py), a caption or which rows (views/), a chart of one
page (a module of its own).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import polars as pl

from app.charts.forms import FORMS, axis_of, axis_of_days, legend_of, scaled, tooltips
from kpop_assets.contracts.rules import TIERS

HEIGHT = 320
_BREAKS: Final = "break-paths-show-path-domains"
# Okabe and Ito.
GOLD, BLUE, GREEN, GREY = "#E69F00", "#0072B2", "#009E73", "#999999"
BAD_COLOUR = "#D55E00"
# From the top; the last tier is grey.
TIER_COLOURS = (*(GOLD, BLUE, GREEN, "#CC79A7", "#56B4E9", "#F0E442")[: len(TIERS) - 1], GREY)


def lines(
    frame: pl.DataFrame,
    x: str,
    y: str,
    titles: Mapping[str, str],
    *,
    series: str | None = None,
    form: str = "compact",
    zero: bool = True,
    points: bool = False,
) -> alt.Chart:
    """One line, or one for each value of `series`; it breaks where `y` is null.

    Args:
        frame: rows in any order.
        x: a date or a number.
        y: the number to draw.
        titles: name of each column for axes, legend and tooltip.
        series: column that tells lines apart.
        form: how `y` is written, one of `FORMS`.
        zero: whether the axis begins at zero.
        points: whether each row is marked; a line of one row, or one that breaks, is always.
    """
    drawn = scaled(frame, y, form)
    encoding = {
        "x": axis_x(drawn, x, titles),
        "y": alt.Y(
            f"{y}:Q",
            title=titles[y],
            axis=axis_of(form),
            scale=alt.Scale(zero=zero),
        ),
        "tooltip": tooltips(drawn, [x, *([series] if series else []), y], titles, form),
    }
    if series:
        encoding["color"] = colour_by(drawn, series, titles)
    marked = True if points else _marks(drawn, x, y)
    chart = alt.Chart(drawn).mark_line(
        point=marked, strokeWidth=2, interpolate="linear", invalid=_BREAKS
    )
    return chart.encode(**encoding).properties(height=HEIGHT)


def bars(
    frame: pl.DataFrame,
    x: str,
    y: str,
    titles: Mapping[str, str],
    *,
    series: str | None = None,
    form: str = "compact",
) -> alt.Chart:
    """A bar for each row; `series` stacks them in colours. Dates and texts keep their order."""
    drawn = scaled(frame, y, form)
    encoding = {
        "x": axis_x(drawn, x, titles),
        "y": alt.Y(f"{y}:Q", title=titles[y], axis=axis_of(form)),
        "tooltip": tooltips(drawn, [x, *([series] if series else []), y], titles, form),
    }
    if series:
        encoding["color"] = colour_by(drawn, series, titles)
    # An empty group has no name to be read.
    bar = alt.Chart(drawn).mark_bar(aria=not frame.is_empty())
    return bar.encode(**encoding).properties(height=HEIGHT)


def steps(frame: pl.DataFrame, x: str, tier: str, titles: Mapping[str, str]) -> alt.Chart:
    """A tier over days: 1 on top; the line breaks where the tier is null."""
    scale = alt.Scale(domain=[TIERS[-1] + 0.3, TIERS[0] - 0.3])
    axis = alt.Axis(values=list(TIERS), format="d")
    encoding = {
        "x": axis_x(frame, x, titles),
        "y": alt.Y(f"{tier}:Q", title=titles[tier], scale=scale, axis=axis),
        "tooltip": tooltips(frame, [x, tier], titles, "count"),
    }
    marked = _marks(frame, x, tier)
    chart = alt.Chart(frame).mark_line(
        interpolate="step-after", strokeWidth=3, point=marked, invalid=_BREAKS
    )
    return chart.encode(**encoding).properties(height=HEIGHT // 2)


def _marks(frame: pl.DataFrame, x: str, y: str) -> bool | alt.OverlayMarkDef:
    """Marks for what a line alone would not show: a single day, or one between two gaps."""
    if frame.get_column(x).n_unique() == 1:
        return True
    return alt.OverlayMarkDef(size=24) if frame.get_column(y).null_count() else False


def axis_x(frame: pl.DataFrame, x: str, titles: Mapping[str, str]) -> alt.X:
    """An axis by the type of its column: dates, numbers, or texts in the frame's order."""
    kind = frame.schema[x]
    if kind == pl.Date:
        return alt.X(f"{x}:T", title=None, axis=axis_of_days(frame.get_column(x)))
    if kind.is_numeric():
        return alt.X(f"{x}:Q", title=titles[x])
    return alt.X(f"{x}:N", title=titles[x], sort=None, axis=alt.Axis(labelAngle=0))


def colour_by(frame: pl.DataFrame, column: str, titles: Mapping[str, str]) -> alt.Color:
    """Colours by the values of a column; the legend below, in the frame's order."""
    order: Sequence[Any] = frame.get_column(column).unique(maintain_order=True).to_list()
    if column == "tier":
        return alt.Color(
            "tier:N", title=titles[column], scale=tier_scale(), legend=legend_of(order)
        )
    return alt.Color(f"{column}:N", title=titles[column], sort=order, legend=legend_of(order))


def tier_scale() -> alt.Scale:
    """The colour of each tier."""
    return alt.Scale(domain=list(TIERS), range=list(TIER_COLOURS))


def tier_bars(frame: pl.DataFrame, titles: Mapping[str, str]) -> alt.Chart:
    """A bar for the probability of each tier: columns tier and probability."""
    x = alt.X("probability:Q", title=titles["probability"], scale=alt.Scale(domain=[0, 1]))
    scale = tier_scale()
    encoding = {
        "x": x.axis(**FORMS["share"].axis),
        "y": alt.Y("tier:O", title=titles["tier"]),
        "color": alt.Color("tier:O", scale=scale, legend=None),
        "tooltip": tooltips(frame, ["tier", "probability"], titles, "share"),
    }
    return alt.Chart(frame).mark_bar().encode(**encoding).properties(height=HEIGHT // 2)
