"""Whether forecasts kept their word.

Belongs here: calibration, and hits by week. Does not belong here: the sums behind them
(queries/next_viral.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts import common
from app.charts.common import BLUE, GREY, HEIGHT
from app.charts.forms import INK, axis_of, tooltips


def calibration(bins: pl.DataFrame, titles: Mapping[str, str]) -> alt.LayerChart | alt.FacetChart:
    """Share that rose over mean P(rise), the number of forecasts beside each point."""
    scale = alt.Scale(domain=[0, 1.05], nice=False)
    axis = axis_of("share", values=[0, 0.2, 0.4, 0.6, 0.8, 1])
    base = alt.Chart(bins).encode(
        x=alt.X("p_rise_mean:Q", title=titles["p_rise_mean"], scale=scale, axis=axis),
        y=alt.Y("rise_rate:Q", title=titles["rise_rate"], scale=scale, axis=axis),
    )
    columns = ["p_rise_mean", "rise_rate", "rise_count", "can_rise_count"]
    points = base.mark_circle(opacity=0.85, color=BLUE).encode(
        size=alt.Size(
            "can_rise_count:Q", scale=alt.Scale(range=[50, 500], type="sqrt"), legend=None
        ),
        tooltip=tooltips(bins, columns, titles, "share"),
    )
    counts = base.mark_text(dy=-16, color=INK).encode(text=alt.Text("can_rise_count:Q", format=","))
    ends = pl.DataFrame({"p_rise_mean": [0.0, 1.0], "rise_rate": [0.0, 1.0]})
    diagonal = alt.Chart(ends).mark_line(strokeDash=[4, 3], color=GREY)
    same = diagonal.encode(x="p_rise_mean:Q", y="rise_rate:Q")
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
