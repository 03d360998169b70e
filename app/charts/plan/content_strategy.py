"""How much each lever makes of an outcome, with its interval.

Belongs here: the intervals of the content strategy page. Does not belong here: the effects.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import BLUE, GREY
from app.charts.forms import tooltips

# What lies beyond is drawn at the edge.
LOWEST, HIGHEST = 1 / 8, 8.0


def effect_intervals(frame: pl.DataFrame, titles: Mapping[str, str]) -> alt.LayerChart:
    """A point for each lever with its interval; blue where 1 lies outside.

    Args:
        frame: feature_name, effect_ratio, effect_low, effect_high (not null), act_count.
        titles: name of each column.
    """
    names = ("effect_ratio", "effect_low", "effect_high")
    ends = [pl.col(name).clip(LOWEST, HIGHEST).alias(f"drawn_{name}") for name in names]
    drawn = frame.with_columns(ends)
    shown = ["feature_name", *names, "act_count"]
    differs = alt.condition(
        (alt.datum.effect_low > 1) | (alt.datum.effect_high < 1), alt.value(BLUE), alt.value(GREY)
    )
    scale = alt.Scale(type="log", domain=[LOWEST, HIGHEST], nice=False)
    axis = alt.Axis(
        values=[1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8],
        labelExpr="datum.value < 1 ? '× 1/' + round(1 / datum.value) : '× ' + datum.value",
        grid=False,
    )
    base = alt.Chart(drawn).encode(
        y=alt.Y("feature_name:N", title=None, sort=None, axis=alt.Axis(labelLimit=260)),
        tooltip=tooltips(drawn, shown, titles, "times"),
        color=differs,
    )
    intervals = base.mark_rule(aria=False, strokeWidth=3, opacity=0.6).encode(
        x=alt.X("drawn_effect_low:Q", title=titles["effect_ratio"], scale=scale, axis=axis),
        x2="drawn_effect_high:Q",
    )
    medians = base.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("drawn_effect_ratio:Q", title=titles["effect_ratio"], scale=scale, axis=axis)
    )
    usual = (
        alt.Chart(drawn).mark_rule(aria=False, color=GREY, strokeDash=[4, 4]).encode(x=alt.datum(1))
    )
    return (usual + intervals + medians).properties(height=60 + 36 * frame.height)
