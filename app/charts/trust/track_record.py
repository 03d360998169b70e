"""Whether forecasts kept their word.

Belongs here: calibration, and hits by week. Does not belong here: the sums behind them
(queries/trust/tier_record.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts import common
from app.charts.common import BLUE, GREY, HEIGHT
from app.charts.forms import INK, axis_of, tooltips

# Columns of a calibration: the chance, how often it came, and the forecasts that came and all.
RISE_CALIBRATION = ("p_rise_mean", "rise_rate", "rise_count", "can_rise_count")
VIRAL_CALIBRATION = ("p_viral_mean", "viral_rate", "viral_count", "checked_count")


def calibration(
    bins: pl.DataFrame,
    titles: Mapping[str, str],
    columns: tuple[str, str, str, str] = RISE_CALIBRATION,
) -> alt.LayerChart | alt.FacetChart:
    """Share that came over the mean chance, the number of forecasts beside each point."""
    chance, rate, _, count = columns
    scale = alt.Scale(domain=[0, 1.05], nice=False)
    axis = axis_of("share", values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    x = alt.X(chance, type="quantitative", title=titles[chance], scale=scale, axis=axis)
    y = alt.Y(rate, type="quantitative", title=titles[rate], scale=scale, axis=axis)
    base = alt.Chart(bins).encode(x=x, y=y)
    size = alt.Scale(range=[50, 500], type="sqrt")
    points = base.mark_circle(opacity=0.85, color=BLUE).encode(
        size=alt.Size(count, type="quantitative", scale=size, legend=None),
        tooltip=tooltips(bins, list(columns), titles, "share"),
    )
    text = alt.Text(count, type="quantitative", format=",")
    counts = base.mark_text(dy=-16, color=INK).encode(text=text)
    ends = pl.DataFrame({chance: [0.0, 1.0], rate: [0.0, 1.0]})
    same = alt.Chart(ends).mark_line(strokeDash=[4, 3], color=GREY).encode(x=x, y=y)
    return alt.layer(same, points, counts).properties(height=HEIGHT)


def by_week(rows: pl.DataFrame, titles: Mapping[str, str]) -> alt.Chart:
    """Lines over weeks: week_start, series, came; a label at each Monday."""
    mondays = [
        alt.DateTime(year=day.year, month=day.month, date=day.day)
        for day in rows.get_column("week_start").unique().sort()
    ]
    axis = alt.Axis(format="%Y-%m-%d", values=mondays, labelOverlap=True)
    x = alt.X("week_start:T", title=titles["week_start"], axis=axis)
    chart = common.lines(
        rows, "week_start", "came", titles, series="series", form="share", zero=False, points=True
    )
    return chart.encode(x=x)
