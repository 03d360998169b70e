"""Counts by name, as bars below each other.

Belongs here: that chart. Does not belong here: what is counted.
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import BLUE
from app.charts.forms import axis_of, tooltips

# The room is that of the axis: with less, a single bar has no height.
_ROW, _ROOM = 30, 90


def draw_counts(frame: pl.DataFrame, name: str, count: str, titles: Mapping[str, str]) -> alt.Chart:
    """A bar for each row, in the order of the rows.

    Args:
        frame: the rows.
        name: column of what a bar is called.
        count: column of how long it is.
        titles: name of each column.
    """
    axis = alt.Axis(labelLimit=320, labelOverlap=False)
    return (
        alt.Chart(frame)
        .mark_bar(color=BLUE)
        .encode(
            y=alt.Y(f"{name}:N", title=None, sort=None, axis=axis),
            x=alt.X(f"{count}:Q", title=titles[count], axis=axis_of("count")),
            tooltip=tooltips(frame, [name, count], titles, "count"),
        )
        .properties(height=_ROOM + _ROW * frame.height)
    )
