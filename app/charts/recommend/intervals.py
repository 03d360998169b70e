"""Figures of recommenders with their intervals, one below the other.

Belongs here: that chart. Does not belong here: an interval's computation (kpop_assets/recommend/).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import polars as pl

from app.charts.common import BLUE, GOLD, GREEN, GREY
from app.charts.forms import axis_of, legend_of, tooltips

_ROW, _ROOM = 22, 60
_COLOURS = (BLUE, GOLD, GREEN, GREY)


def draw_intervals(
    frame: pl.DataFrame, titles: Mapping[str, str], names: Mapping[str, str]
) -> alt.LayerChart:
    """A point for each recommender and part, with its interval.

    Args:
        frame: recommender, ndcg_10, ndcg_10_low, ndcg_10_high, listener_count, part; in the order
            in which recommenders stand below each other.
        titles: name of each column.
        names: what the legend calls each value of `part`, in its order.
    """
    order = list(names.values())
    drawn = frame.with_columns(pl.col("part").replace(dict(names)))
    is_beside = drawn.get_column("recommender").is_duplicated().any()
    rows = drawn.get_column("recommender").n_unique() * (len(order) if is_beside else 1)
    shown = ["recommender", "part", "ndcg_10", "ndcg_10_low", "ndcg_10_high", "listener_count"]
    encoding: dict[str, Any] = {
        "y": alt.Y(
            "recommender:N",
            title=None,
            sort=None,
            axis=alt.Axis(labelLimit=170, labelOverlap=False),
        ),
        "color": alt.Color(
            "part:N",
            title=None,
            scale=alt.Scale(domain=order, range=list(_COLOURS[: len(order)])),
            legend=legend_of(order),
        ),
        "tooltip": tooltips(drawn, shown, {**titles, "part": titles["listener_group"]}, "precise"),
    }
    if is_beside:
        encoding["yOffset"] = alt.YOffset("part:N", sort=order)
    base = alt.Chart(drawn).encode(**encoding)
    x = alt.X("ndcg_10_low:Q", title=titles["ndcg_10"], axis=axis_of("precise"))
    lines = base.mark_rule(strokeWidth=3, opacity=0.6, aria=False).encode(x=x, x2="ndcg_10_high:Q")
    points = base.mark_point(filled=True, size=60, opacity=1).encode(x="ndcg_10:Q")
    return (lines + points).properties(height=_ROOM + _ROW * rows)
