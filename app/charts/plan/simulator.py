"""Tier probabilities of two sets of inputs side by side.

Belongs here: the paired bars. Does not belong here: forecasting (views/plan/simulator.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import BLUE, GREY, HEIGHT
from app.charts.forms import axis_of, legend_of, tooltips

CHANGED, UNCHANGED = BLUE, GREY


def paired_bars(frame: pl.DataFrame, titles: Mapping[str, str]) -> alt.Chart:
    """Two bars for each tier: columns tier, p_start and p_changed, 0-1."""
    pair = ["p_start", "p_changed"]
    names = [titles[name] for name in pair]
    long = (
        frame.rename({name: titles[name] for name in pair})
        .unpivot(names, index="tier", variable_name="case", value_name="probability")
        .sort("tier")
    )
    words = {**titles, "case": ""}
    scale = alt.Scale(domain=names, range=[UNCHANGED, CHANGED])
    encoding = {
        "x": alt.X("tier:O", title=titles["tier"], axis=alt.Axis(labelAngle=0)),
        "xOffset": alt.XOffset("case:N", sort=names),
        "y": alt.Y(
            "probability:Q",
            title=titles["probability"],
            axis=axis_of("share"),
            scale=alt.Scale(domain=[0, 1]),
        ),
        "color": alt.Color("case:N", scale=scale, legend=legend_of(names)),
        "tooltip": tooltips(long, ["tier", "case", "probability"], words, "share"),
    }
    return alt.Chart(long).mark_bar().encode(**encoding).properties(height=HEIGHT)
