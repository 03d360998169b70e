"""Medians of slots of time with the number of videos behind each.

Belongs here: the bars of the release timing page. Does not belong here: the medians.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import BLUE, GREY, HEIGHT, axis_x
from app.charts.forms import INK, axis_of, legend_of, tooltips

ENOUGH_COLOUR, FEW_COLOUR = BLUE, GREY


def slot_bars(
    frame: pl.DataFrame, slot: str, titles: Mapping[str, str], legend: tuple[str, str]
) -> alt.LayerChart:
    """A bar for each slot with its count on top, grey where too few videos are behind it.

    Args:
        frame: `slot`, relative_median, relative_count, is_enough, views_first_7d_median.
        slot: column with the name of each slot, in its order.
        titles: name of each column.
        legend: what blue and grey mean.
    """
    enough, few = legend
    count = pl.col("relative_count")
    drawn = frame.with_columns(
        pl.when("is_enough").then(pl.lit(enough)).otherwise(pl.lit(few)).alias("legend"),
        # Narrow slots have room for four signs.
        pl.when(count < 1000)
        .then(count.cast(pl.String))
        .otherwise((count / 1000).round(1).cast(pl.String) + "k")
        .alias("count_text"),
    )
    top = max(1.0, *drawn.get_column("relative_median").drop_nulls())
    shown = [slot, "relative_median", "relative_count", "views_first_7d_median"]
    colours = alt.Scale(domain=[enough, few], range=[ENOUGH_COLOUR, FEW_COLOUR])
    base = alt.Chart(drawn).encode(
        x=axis_x(drawn, slot, titles), tooltip=tooltips(drawn, shown, titles, "times")
    )
    bars = base.mark_bar().encode(
        # Room above the highest bar for the counts.
        y=alt.Y(
            "relative_median:Q",
            title=titles["relative_median"],
            axis=axis_of("times", tickCount=5, grid=False),
            scale=alt.Scale(domain=[0, top * 1.15], nice=False),
        ),
        color=alt.Color("legend:N", scale=colours, legend=legend_of(legend)),
    )
    counts = base.mark_text(fontSize=10, color=INK).encode(text="count_text:N", y=alt.value(8))
    usual = alt.Chart(drawn).mark_rule(color=FEW_COLOUR, strokeDash=[4, 4]).encode(y=alt.datum(1))
    return (bars + usual + counts).properties(height=HEIGHT)
