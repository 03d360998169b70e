"""Medians of slots of time, each with its interval and the number of releases behind it.

Belongs here: the intervals of the release timing page. Does not belong here: the medians.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import BLUE, GREY, HEIGHT
from app.charts.forms import INK, tooltips

# What lies beyond is drawn at the edge: an interval of few releases has ends of any size.
LOWEST, HIGHEST = 1 / 8, 8.0
_WEEKDAYS = 7
_ENDS = ("relative_low", "relative_high")


def slot_intervals(frame: pl.DataFrame, slot: str, titles: Mapping[str, str]) -> alt.LayerChart:
    """A point for each slot that has enough releases, with its interval; blue where 1 lies outside.

    Args:
        frame: `slot`, relative_median, relative_low, relative_high (null where there are too
            few releases), release_count.
        slot: column with the name of each slot, in its order.
        titles: name of each column.
    """
    ends = [pl.col(name).clip(LOWEST, HIGHEST).alias(f"drawn_{name}") for name in _ENDS]
    drawn = frame.with_columns(
        *ends, (pl.col("relative_median").clip(LOWEST, HIGHEST)).alias("drawn_median")
    )
    shown = [slot, "relative_median", *_ENDS, "release_count"]
    base = alt.Chart(drawn).encode(
        # In their order, though some layers have not every slot.
        x=alt.X(
            f"{slot}:N",
            title=titles[slot],
            sort=frame.get_column(slot).to_list(),
            axis=alt.Axis(labelAngle=0, labelOverlap=frame.height > _WEEKDAYS),
        ),
        tooltip=tooltips(drawn, shown, titles, "times"),
    )
    differs = alt.condition(
        (alt.datum.relative_low > 1) | (alt.datum.relative_high < 1),
        alt.value(BLUE),
        alt.value(GREY),
    )
    scale = alt.Scale(type="log", domain=[LOWEST, HIGHEST], nice=False)
    axis = alt.Axis(
        values=[1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8],
        labelExpr="datum.value < 1 ? '× 1/' + round(1 / datum.value) : '× ' + datum.value",
        grid=False,
    )
    title = titles["relative_median"]
    intervals = base.mark_rule(aria=False, strokeWidth=3, opacity=0.6).encode(
        y=alt.Y("drawn_relative_low:Q", title=title, scale=scale, axis=axis),
        y2="drawn_relative_high:Q",
        color=differs,
    )
    # An empty group has no name to be read.
    is_known = frame.get_column("relative_median").count() > 0
    medians = base.mark_point(filled=True, size=70, opacity=1, aria=is_known).encode(
        y=alt.Y("drawn_median:Q", title=title, scale=scale, axis=axis), color=differs
    )
    counts = base.mark_text(fontSize=10, color=INK).encode(text="release_count:Q", y=alt.value(8))
    usual = (
        alt.Chart(drawn).mark_rule(aria=False, color=GREY, strokeDash=[4, 4]).encode(y=alt.datum(1))
    )
    return (usual + intervals + medians + counts).properties(height=HEIGHT)
