"""The front: what a candidate gives against what it costs, and the best to be had at each cost.

Belongs here: the scatter with its step line. Does not belong here: which candidate is on the
front (queries/model_choice.py).
"""

from __future__ import annotations

from collections.abc import Mapping

import altair as alt
import polars as pl

from app.charts.common import BLUE, GOLD, GREY, HEIGHT
from app.charts.forms import axis_of, tooltips

CHOSEN, ON_FRONT, DOMINATED = GOLD, BLUE, GREY
STATES = ("chosen", "on_front", "dominated")


def front_scatter(
    frame: pl.DataFrame, cost: str, gain: str, titles: Mapping[str, str], names: Mapping[str, str]
) -> alt.LayerChart:
    """A point for each candidate, and the front as steps.

    Args:
        frame: candidate, state (one of `STATES`), is_baseline, front_reason, cost and gain.
        cost: column of which less is better.
        gain: column of which more is better, 0-1.
        titles: name of each column.
        names: word for each of `STATES`, for `baseline` and for `model`.
    """
    is_wide = frame.get_column(cost).min() > 0 and frame.schema[cost].is_float()  # type: ignore[operator]
    x = alt.X(
        f"{cost}:Q",
        title=titles[cost],
        scale=alt.Scale(type="log", nice=False, padding=24)
        if is_wide
        else alt.Scale(zero=False, nice=False, padding=24),
        axis=axis_of("number", labelOverlap=True),
    )
    y = alt.Y(
        f"{gain}:Q",
        title=titles[gain],
        scale=alt.Scale(zero=False, padding=12),
        axis=axis_of("share"),
    )
    # What is drawn last lies on top.
    rank = pl.col("state").replace_strict({state: i for i, state in enumerate(STATES)})
    named = frame.sort(rank, descending=True).with_columns(
        pl.col("state").replace_strict(dict(names)),
        pl.when("is_baseline")
        .then(pl.lit(names["baseline"]))
        .otherwise(pl.lit(names["model"]))
        .alias("is_baseline"),
    )
    shown = ["candidate", gain, cost, "front_reason"]
    points = (
        alt.Chart(named)
        .mark_point(filled=True, size=90, opacity=0.85)
        .encode(
            x=x,
            y=y,
            color=_colours(names),
            shape=_shapes(names),
            tooltip=tooltips(named, shown, titles, "share"),
        )
    )
    line = (
        alt.Chart(step_front(frame, cost, gain))
        .mark_line(interpolate="step-after", strokeWidth=2, color=ON_FRONT, opacity=0.9)
        .encode(x=x, y=y)
    )
    return alt.LayerChart(layer=[line, points]).properties(height=HEIGHT)


def step_front(frame: pl.DataFrame, cost: str, gain: str) -> pl.DataFrame:
    """The best gain of the front for each cost, up to the dearest candidate."""
    front = frame.filter(pl.col("state") != "dominated").select(cost, gain).sort(cost, gain)
    best = (
        front.group_by(cost, maintain_order=True)
        .agg(pl.col(gain).max())
        .with_columns(pl.col(gain).cum_max())
    )
    end = frame.select(pl.col(cost).max(), pl.lit(best.get_column(gain).max()).alias(gain))
    return pl.concat([best, end.cast(best.schema)]).unique(maintain_order=True)


def _colours(names: Mapping[str, str]) -> alt.Color:
    return alt.Color(
        "state:N",
        scale=alt.Scale(
            domain=[names[state] for state in STATES], range=[CHOSEN, ON_FRONT, DOMINATED]
        ),
        legend=alt.Legend(orient="bottom", title=None),
    )


def _shapes(names: Mapping[str, str]) -> alt.Shape:
    return alt.Shape(
        "is_baseline:N",
        scale=alt.Scale(domain=[names["model"], names["baseline"]], range=["circle", "diamond"]),
        legend=alt.Legend(orient="top", title=None, symbolFillColor=DOMINATED),
    )
