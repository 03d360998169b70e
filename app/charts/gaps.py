"""Stretches of days without new data, marked behind any chart over days.

Belongs here: the mark and its entry in the legend. Does not belong here: which days those are
(queries/gaps.py), or what is drawn over them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import altair as alt
import polars as pl

from app.charts.common import GREY

_HALF = dt.timedelta(hours=12)


def mark_gaps(chart: Any, gaps: pl.DataFrame, label: str) -> Any:
    """The chart over a grey band for each gap; as it is where there is none.

    Args:
        chart: over days, on an axis `ingest_date:T`.
        gaps: gap_from and gap_to, first and last day of each.
        label: what the legend calls them.
    """
    if gaps.is_empty():
        return chart
    bands = gaps.select(
        (pl.col("gap_from").cast(pl.Datetime) - _HALF).alias("band_from"),
        (pl.col("gap_to").cast(pl.Datetime) + _HALF).alias("band_to"),
        pl.lit(label).alias("gap"),
    )
    shown = (
        alt.Chart(bands)
        .mark_rect(opacity=0.25)
        .encode(
            x=alt.X("band_from:T"),
            x2="band_to:T",
            fill=alt.Fill(
                "gap:N",
                scale=alt.Scale(domain=[label], range=[GREY]),
                # Above: beside long titles of videos it would leave a phone.
                legend=alt.Legend(orient="top", title=None),
            ),
        )
    )
    return alt.layer(shown, chart).resolve_scale(fill="independent")
